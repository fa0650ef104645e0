"""The passes of the critical path method where calendars are crossed.

Each link is counted from the working day on which its source's end stands, so many days on, to the boundary from which
its target's calendar counts (see `crossing.Way`).
"""

from __future__ import annotations

from itertools import compress
from typing import TYPE_CHECKING, NamedTuple

from cdsplan.schedule.tables import NEVER

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from cdsplan.schedule.cpm import Early, Floats
    from cdsplan.schedule.crossing import Across, Way
    from cdsplan.schedule.links import Links
    from cdsplan.schedule.network import Network
    from cdsplan.schedule.sides import Sides


class Courses(NamedTuple):
    """How the links of a network run in one pair of passes, by their numbers.

    `across` and `distances` say what is known of their ways. `untimed` has the number of a link that leaves a task
    without time, whose way is laid as the pass goes; else None. `held` are those into such a task with a deadline of
    its own. Links that are `still` leave what has been: it cannot slip.
    """

    across: Across
    distances: list[int]
    untimed: list[int | None]
    held: list[int]
    still: list[bool]

    def put(self, k: int, way: Way) -> None:
        """Let a link take another way."""
        self.distances[k] = self.across.put(k, way)


def courses_of(
    network: Network, across: Across, sides: Sides, ends: list[list[int]], from_been: Iterable[int]
) -> Courses:
    """Give every link the way that is known before the passes. Those of facts on days off leave from these days."""
    links, cap, crosses = network.links, network.cap, [lag is not None for lag in across.lags]
    courses = Courses(
        across=across.changeable(),
        distances=network.distances.copy(),
        untimed=[None] * len(crosses),
        held=[k for j in sides.untimed if cap[j] != NEVER for k in links.into(j) if crosses[k]],
        still=_leave(links, network.done),
    )
    for k in from_been:
        courses.still[k] = True
    for k in compress(range(len(crosses)), _leave(links, sides.untimed)):
        if crosses[k]:
            courses.across.lags[k], courses.untimed[k] = None, k
    for boundaries, from_start in ((network.began, True), (network.ended, False)):
        on = [boundaries.get(i, 0) for i in range(len(cap))] if boundaries else []
        for k in compress(range(len(crosses)), _leave(links, boundaries)):
            if crosses[k] and links.leaves_start(k) is from_start:
                point = links.sources[k] in sides.untimed  # done points stand in the evening
                courses.put(k, network.way(k, morning=from_start and not point))
                courses.untimed[k], ends[k] = None, on
    return courses


def _leave(links: Links, few: Collection[int]) -> list[bool]:
    """Say of each link whether it leaves one of a few tasks."""
    if not few:
        return [False] * len(links.sources)
    among = [False] * len(links.first)
    for i in few:
        among[i] = True
    return list(map(among.__getitem__, links.sources))


def forward_across(network: Network, early: Early, courses: Courses) -> None:
    """Follow the links; of a task without time its side must be known before one leaves."""
    starts, finishes, sides, work, links = early.starts, early.finishes, early.sides, network.work, network.links
    across, ask = courses.across, early.asked.append
    indexes = across.indexes
    columns = (
        *(early.ends, links.sources, links.targets, courses.distances),
        *(across.lags, across.outs, across.leave, courses.untimed),
    )
    for end, i, j, distance, lag, out, leave, untimed in zip(*columns, strict=True):
        if lag is not None:
            bound = indexes[j][leave[end[i] - out] + lag] + distance
        elif untimed is None:
            bound = end[i] + distance
        else:
            way = sides.way(untimed)
            courses.put(untimed, way)
            bound = indexes[j][way.leave[end[i] - way.out] + way.lag] + way.distance
        ask(bound)
        if bound > starts[j]:
            starts[j] = bound
            bound += work[j]
            if bound > finishes[j]:
                finishes[j] = bound


def backward_across(network: Network, early: Early, courses: Courses, floats: Floats) -> None:
    """Pass floats on. What has been cannot slip, and what hangs on it binds nobody."""
    total, free, deadline, binding = floats
    starts, links, across = early.starts, network.links, courses.across
    days = across.days
    holds: list[int | None] = [None] * len(courses.still)
    for k in courses.held:
        across.lags[k], holds[k] = None, k
    columns = (
        *(early.ends, links.sources, links.targets, courses.distances),
        *(across.lags, across.outs, across.back, holds, courses.still),
    )
    reverse = [reversed(column) for column in columns]
    for end, i, j, distance, lag, out, back, held, still in zip(*reverse, strict=True):
        if still:
            continue
        value, left, left_to_deadline = starts[j] - distance, total[j], deadline[j]
        if lag is not None:
            reach, beyond, before = days[j], end[i] + 1 - out, 1 - lag
            slack = back[reach[value] + before] - beyond
            slip = slip_to_deadline = back[reach[value + left] + before] - beyond
            if left_to_deadline != left:
                slip_to_deadline = NEVER
                if binding[j] >= 0:
                    slip_to_deadline = back[reach[value + left_to_deadline] + before] - beyond
        elif held is None:
            slack = value - end[i]
            slip, slip_to_deadline = slack + left, slack + left_to_deadline
        else:
            slack, slip, slip_to_deadline = _slips(network, across, early, held, floats)
        if slack < free[i]:
            free[i] = slack
        if slip < total[i]:
            total[i] = slip
        if slip_to_deadline < deadline[i]:
            deadline[i], binding[i] = slip_to_deadline, binding[j]


def _slips(network: Network, across: Across, early: Early, k: int, floats: Floats) -> tuple[int, int, int]:
    """Give the slack of a link to a point that its own deadline holds, and how far its source may slip for its floats.

    Such a point must be reached on a day, not on the morning after the days off that follow.
    """
    i, j = network.links.sources[k], network.links.targets[k]
    total, deadline, binding = floats.total[j], floats.deadline[j], floats.binding[j]
    start, reach, end = early.starts[j], across.days[j], early.ends[k][i]
    way, on_a_day = early.sides.way(k), early.sides.way(k, on_a_day=True)

    def slip(way: Way, value: int) -> int:
        return way.back[reach[value - way.distance] + 1 - way.lag] - 1 + way.out - end

    return (
        slip(way, start),
        slip(on_a_day if total == network.cap[j] - start else way, start + total),
        slip(on_a_day if binding == j else way, start + deadline) if binding >= 0 else NEVER,
    )
