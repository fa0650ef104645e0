"""The passes of the critical path method where calendars are crossed (see `crossing`).

Points are on days: a start in the morning of its day, a finish in the evening. So each link that runs as most do is
counted from the day of its point on the axis, `lag` days on, to the boundary from which its target's calendar counts.
"""

from __future__ import annotations

from itertools import compress
from typing import TYPE_CHECKING, NamedTuple

from cdsplan.schedule.links import LEAVES_START
from cdsplan.schedule.tables import NEVER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cdsplan.schedule.cpm import Early, Floats
    from cdsplan.schedule.crossing import Across, Way
    from cdsplan.schedule.network import Network
    from cdsplan.schedule.sides import Sides


class Courses(NamedTuple):
    """How the links of a network run in one pair of passes, by their numbers: see `Across`.

    `reads` are the days of the source, by index; of what has been the day on which it was, worked or not.
    `apart` has the number of a link that takes one of the `ways`, else None. Those of tasks without time, whose sides
    are decided as the pass goes, are among them. Links that are `still` leave what has been: it cannot slip.
    """

    distances: list[int]
    lags: list[int | None]
    reads: list[Mapping[int, int]]
    apart: list[int | None]
    still: list[bool]
    ways: dict[int, Way]


def courses_of(
    network: Network, across: Across, sides: Sides, leaves: list[list[int]], from_been: Iterable[int]
) -> Courses:
    """Part the links that run as most do from those that take ways."""
    links, count = network.links, len(network.links.sources)
    reads: list[Mapping[int, int]] = [across.days[i] for i in links.sources]
    courses = Courses(network.distances.copy(), across.lags.copy(), reads, [None] * count, [False] * count, {})
    for k in from_been:
        courses.still[k] = True
    began, ended, lags, kinds = across.began, across.ended, courses.lags, links.kinds
    if began or ended:
        known = {*began, *ended}
        for k, i in compress(enumerate(links.sources), map(known.__contains__, links.sources)):
            starts = kinds[k] & LEAVES_START
            boundary = began.get(i) if starts else ended.get(i)
            if boundary is not None and lags[k] is not None:
                courses.reads[k] = {leaves[k][i]: boundary if starts else boundary - 1}
                courses.still[k] = True
    leaving = compress(range(count), map(sides.untimed.__contains__, links.sources))
    held = [k for j in sides.untimed if network.cap[j] != NEVER for k in links.into(j)]
    for k in (*across.apart, *leaving, *held):
        crossing = network.way(k)
        if crossing is not None:
            courses.ways[k], courses.distances[k] = crossing
            courses.apart[k], courses.lags[k] = k, None
    return courses


def forward_across(network: Network, across: Across, early: Early, courses: Courses) -> None:
    """Follow the links; of a task without time its side must be known before one leaves."""
    starts, finishes, sides, work, links = early.starts, early.finishes, early.sides, network.work, network.links
    indexes, ask = across.indexes, early.asked.append
    distances, lags, reads, aparts, _, ways = courses
    columns = early.leaves, links.sources, links.targets, distances, lags, reads, aparts
    for leave, i, j, distance, lag, days, apart in zip(*columns, strict=True):
        if lag is not None:
            bound = indexes[j][days[leave[i]] + lag] + distance
        elif apart is None:
            bound = leave[i] + distance
        else:
            bound = sides.way_of(apart, ways[apart]).forward(sides.boundary(apart)) + distance
        ask(bound)
        if bound > starts[j]:
            starts[j] = bound
            bound += work[j] - 1
            if bound > finishes[j]:
                finishes[j] = bound


def backward_across(network: Network, across: Across, early: Early, courses: Courses, floats: Floats) -> None:
    """Pass floats on. What has been cannot slip, and what hangs on it binds nobody."""
    total, free, deadline, binding = floats
    starts, links, days, indexes = early.starts, network.links, across.days, across.indexes
    distances, lags, _, aparts, stills, ways = courses
    columns = early.leaves, links.sources, links.targets, distances, lags, aparts, stills
    for leave, i, j, distance, lag, apart, still in zip(*[reversed(column) for column in columns], strict=True):
        if still:
            continue
        value, left, left_to_deadline = starts[j] - distance, total[j], deadline[j]
        if lag is not None:
            reach, allow, beyond = days[j], indexes[i], leave[i] + 1
            back = 1 - lag
            slack = allow[reach[value] + back] - beyond
            slip = slip_to_deadline = allow[reach[value + left] + back] - beyond
            if left_to_deadline != left:
                slip_to_deadline = NEVER
                if binding[j] >= 0:
                    slip_to_deadline = allow[reach[value + left_to_deadline] + back] - beyond
        elif apart is None:
            slack = value - leave[i]
            slip, slip_to_deadline = slack + left, slack + left_to_deadline
        else:
            slack, slip, slip_to_deadline = _slips(network, early, apart, ways[apart], value, floats)
        if slack < free[i]:
            free[i] = slack
        if slip < total[i]:
            total[i] = slip
        if slip_to_deadline < deadline[i]:
            deadline[i], binding[i] = slip_to_deadline, binding[j]


def _slips(network: Network, early: Early, k: int, way: Way, value: int, floats: Floats) -> tuple[int, int, int]:
    """Give the slack of a way, and how far its source may slip for the total and for the deadline float of its target.

    A point that its own deadline holds must be reached on a day, not on the morning after the days off that follow.
    """
    j = network.links.targets[k]
    total, deadline, binding = floats.total[j], floats.deadline[j], floats.binding[j]
    now, way = early.sides.boundary(k), early.sides.way_of(k, way)
    for_total = for_deadline = way
    if j in early.sides.untimed and network.cap[j] != NEVER:
        on_a_day = network.laid.on_a_day(way)
        if total == network.cap[j] - early.starts[j]:
            for_total = on_a_day
        if binding == j:
            for_deadline = on_a_day
    return (
        way.backward(value) - now,
        for_total.backward(value + total) - now,
        for_deadline.backward(value + deadline) - now if binding >= 0 else NEVER,
    )
