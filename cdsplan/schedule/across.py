"""The passes of the critical path method where calendars are crossed.

Each link is counted from the working day on which its source's end stands, so many days on, to the boundary from which
its target's calendar counts (see `crossing.Way`). Days are looked up in lists; where these do not reach, the way itself
answers, more slowly. A list takes a negative number from its end, so indexes must be NEAR or more, from where no lag
leads below 0; NEVER lies in no list.
"""

from __future__ import annotations

from itertools import chain, compress
from typing import TYPE_CHECKING, NamedTuple

from cdsplan.plan.model import NO_LAG
from cdsplan.schedule.crossing import NEAR, Way
from cdsplan.schedule.tables import FREE, NEVER

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from cdsplan.schedule.cpm import Early, Floats
    from cdsplan.schedule.crossing import Across
    from cdsplan.schedule.links import Links
    from cdsplan.schedule.network import Network
    from cdsplan.schedule.sides import Sides
    from cdsplan.schedule.tables import Ruler


class Courses(NamedTuple):
    """How the links of a network run in one pair of passes, by their numbers.

    `across` and `distances` say what is known of their ways. `untimed` has the number of a link that leaves a task
    without time, whose way is laid as the pass goes; else None. `back` says by which ways floats are passed on where
    lists do not tell (see `_slips`), () where none are, as what has been cannot slip; else None. `held` are the links
    into tasks without time that have a deadline of their own.
    """

    across: Across
    distances: list[int]
    untimed: list[int | None]
    back: list[tuple[Way, ...] | None]
    held: list[int]

    def put(self, k: int, way: Way) -> None:
        """Let a link take another way."""
        self.distances[k] = self.across.put(k, way)


def courses_of(
    network: Network, across: Across, sides: Sides, ends: list[list[int]], from_been: Iterable[int]
) -> Courses:
    """Give every link the way that is known before the passes. What was done on days off asks for a start at once."""
    links, cap, lags = network.links, network.cap, across.lags
    courses = Courses(
        across=across.changeable(),
        distances=network.distances.copy(),
        untimed=[None] * len(lags),
        back=[None] * len(lags),
        held=[k for j in sides.untimed if cap[j] != NEVER for k in links.into(j) if lags[k] is not None],
    )
    for k in chain(from_been, _leaving(links, network.done)):
        courses.back[k] = ()
    for k in _leaving(links, sides.untimed | network.began.keys() | network.ended.keys()):
        if lags[k] is None:
            continue
        i, boundary = links.sources[k], network.on_days_off(k)
        if boundary is not None:
            into = across.into[k]
            if not links.kinds[k] and links.link(k).lag is NO_LAG:  # as most are
                bound = into.index_from(boundary)
            else:  # done points stand in the evening
                way = network.way(k, morning=links.leaves_start(k) and i not in sides.untimed)
                bound = way.bound(network.rulers.every_day.index(boundary), into)
            courses.across.lags[k], courses.distances[k] = None, bound - ends[k][i]
        elif i in sides.untimed:
            courses.across.lags[k], courses.untimed[k] = None, k
    return courses


def _leaving(links: Links, few: Collection[int]) -> Iterable[int]:
    """Give the links that leave one of a few tasks."""
    if not few:
        return ()
    among = [False] * len(links.first)
    for i in few:
        among[i] = True
    return compress(range(len(links.sources)), map(among.__getitem__, links.sources))


def forward_across(network: Network, early: Early, courses: Courses) -> None:
    """Follow the links; of a task without time its side must be known before one leaves."""
    starts, finishes, sides, work, links = early.starts, early.finishes, early.sides, network.work, network.links
    across, ask = courses.across, early.asked.append
    columns = (
        *(early.ends, links.sources, links.targets, courses.distances),
        *(across.lags, across.leave, across.into, courses.untimed),
    )
    for end, i, j, distance, lag, leave, into, untimed in zip(*columns, strict=True):
        if untimed is not None:
            distance, lag, leave = sides.way(untimed)  # noqa: PLW2901 - now it is known
            courses.put(untimed, Way(distance, lag, leave))
        if lag is None:
            bound = end[i] + distance
        else:
            at = end[i] - leave.out
            try:
                bound = into.index[leave.day[at if at >= NEAR else NEVER] + lag] + distance
            except IndexError:
                way, k = Way(distance, lag, leave), len(early.asked)
                if courses.back[k] is None:
                    courses.back[k] = way, way
                bound = way.bound(end[i], into)
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
    for k in courses.held:
        if courses.back[k] != () and (lag := across.lags[k]) is not None:  # what can slip has a way by now
            courses.back[k] = Way(courses.distances[k], lag, across.leave[k]), early.sides.way(k, on_a_day=True)
    columns = (
        *(early.ends, links.sources, links.targets, courses.distances),
        *(across.lags, across.leave, across.into, courses.back),
    )
    reverse = [reversed(column) for column in columns]
    for end, i, j, distance, lag, leave, into, ways in zip(*reverse, strict=True):
        if ways is not None:
            if not ways:
                continue
            slack, slip, slip_to_deadline = _slips(network, early, floats, j, into, end[i], ways)
        else:
            value, left, left_to_deadline = starts[j] - distance, total[j], deadline[j]
            if lag is None:
                slack = value - end[i]
                slip, slip_to_deadline = slack + left, slack + left_to_deadline
            else:
                reach, back = into.day, leave.index
                before, beyond = 1 - lag, end[i] + 1 - leave.out
                latest = value + left
                try:
                    slack = back[reach[value] + before] - beyond
                    slip = slip_to_deadline = back[reach[latest if latest >= NEAR else NEVER] + before] - beyond
                    if left_to_deadline != left:
                        slip_to_deadline = NEVER
                        if left_to_deadline < FREE:  # no less than the total float, so it lies no further back
                            slip_to_deadline = back[reach[value + left_to_deadline] + before] - beyond
                except IndexError:
                    way = Way(distance, lag, leave)
                    slack, slip, slip_to_deadline = _slips(network, early, floats, j, into, end[i], (way, way))
        if slack < free[i]:
            free[i] = slack
        if slip < total[i]:
            total[i] = slip
        if slip_to_deadline < deadline[i]:
            deadline[i], binding[i] = slip_to_deadline, binding[j]


def _slips(
    network: Network, early: Early, floats: Floats, j: int, into: Ruler, end: int, ways: tuple[Way, ...]
) -> tuple[int, int, int]:
    """Give the slack of a link to a task, and how far its source's end may slip for each of the task's floats.

    A point that its own deadline holds is reached by another way than one that its links hold.
    """
    way, to_deadline = ways
    start, cap = early.starts[j], network.cap[j]
    total, deadline = floats.total[j], floats.deadline[j]
    by_total = to_deadline if total == cap - start else way
    by_deadline = to_deadline if floats.binding[j] == j else way
    return (
        way.slip(end, into, start),
        by_total.slip(end, into, start + total),
        by_deadline.slip(end, into, start + deadline) if deadline < FREE else NEVER,
    )
