"""The critical path method: early and late dates, floats, and the deadline behind each task.

Forward, every task starts as soon as its links and its own bound allow and runs without a break. Backward, every task
must finish by the project's finish, by its own deadline's cap and by what its successors need; a cap that the forward
pass overruns gives negative float and moves no date. A second backward quantity, seeded by deadlines alone, says how
far a task may slip before some deadline downstream breaks, and which one.

Source: Kelley & Walker (1959), extended to precedence networks (Fondahl 1961; IBM PMS 1964); deadline caps as in
Microsoft Project's "Deadline". Boundaries and floats are in days of each task's calendar (see `network`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cdsplan.schedule.crossing import NEVER

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from cdsplan.schedule.crossing import Way
    from cdsplan.schedule.network import Network
    from cdsplan.workdays import Workdays

FREE = -1  # no deadline downstream


class Early(NamedTuple):
    """What the forward pass gives of n tasks: 2n boundaries, the starts, then the finishes.

    `work_start` differs from the early start only where work that has begun goes on later (it is what links bound).
    `instants` are the points of tasks that take no time, `mornings` those of them that stand in the morning of a day.
    """

    early: list[int]
    work_start: dict[int, int]
    instants: AbstractSet[int]
    mornings: AbstractSet[int]


class Dates(NamedTuple):
    """What both passes give: that of `Early`, and floats in days of each task.

    `total_float` keeps every deadline and the project's finish; `deadline_float` the deadlines only, of which that of
    `deadline_task` binds (its position; FREE: there is none, and the float means nothing); `free_float` moves no other
    task. `finish` is the boundary (an ordinal) after the last day of all.
    """

    early: list[int]
    work_start: dict[int, int]
    instants: AbstractSet[int]
    mornings: AbstractSet[int]
    total_float: list[int]
    free_float: list[int]
    deadline_float: list[int]
    deadline_task: list[int]
    finish: int


def compute(network: Network) -> Dates:
    """Run both passes. A network without tasks is over before everything."""
    if not network.work:
        return Dates([], {}, frozenset(), frozenset(), [], [], [], [], 0)
    return _backward(network, forward(network))


def forward(network: Network) -> Early:
    """Put every task as early as it can be."""
    work, links, crossings = network.work, network.links, network.crossings
    started, floor = network.started, network.floor
    count = len(work)
    points = network.earliest + work  # the finishes are overwritten in order
    work_start: dict[int, int] = {}
    instants: set[int] = set()
    mornings: set[int] = set()
    early = Early(points, work_start, instants, mornings)
    for j in network.order:
        start = points[j]
        for point, distance in links[j]:
            bound = points[point] + distance
            if bound > start:
                start = bound
        if crossings and j in crossings:
            for point, distance, way in crossings[j]:
                if point in instants:
                    way = _actual_way(way, point, network, mornings)  # noqa: PLW2901 - the other side of the same way
                bound = way.enter[way.leave[points[point]] + way.lag] + distance
                if bound > start:
                    start = bound
        finish = start + work[j]
        if finish < floor[j]:
            finish = floor[j]
        points[count + j] = finish
        if started and j in started:
            work_start[j] = start
            start = started[j]
        points[j] = start
        if finish == start and j not in network.done_on_days_off:
            instants.update((j, j - count))
            if j not in network.done and _stands_in_the_morning(j, network, early):
                mornings.update((j, j - count))
    return early


def _stands_in_the_morning(j: int, network: Network, placed: Early) -> bool:
    """Whether what takes no time stands in the morning of its day.

    So it does where its own bound, a start, another point of the morning, or days off of its calendar put it there.
    """
    points, _, instants, mornings = placed
    start = points[j]
    if network.earliest[j] == start:
        return True
    for point, distance in network.links[j]:
        if points[point] + distance == start and (point in mornings if point in instants else point >= 0):
            return True
    for point, distance, planned_way in network.crossings.get(j, ()):
        way = _actual_way(planned_way, point, network, mornings) if point in instants else planned_way
        boundary = way.leave[points[point]] + way.lag
        if way.enter[boundary] + distance == start and (
            (point in mornings if point in instants else point >= 0)
            or network.ways.on_a_day(way).enter[boundary] + distance > start
        ):
            return True
    return False


def _actual_way(way: Way, point: int, network: Network, mornings: AbstractSet[int]) -> Way:
    """Give the way of a link that leaves from a task without time: its start and its finish are on one side."""
    return way if (point in mornings) == (point >= 0) else network.ways.other_side(way)


def bounds(j: int, network: Network, placed: Dates) -> list[int]:
    """Give for each link of j, in declared order, the start of j that it asks for."""
    points, instants = placed.early, placed.instants
    if j not in network.crossings:
        return [points[point] + distance for point, distance in network.links[j]]
    found: list[int] = []
    for point, distance, planned_way in network.crossings[j]:
        way = _actual_way(planned_way, point, network, placed.mornings) if point in instants else planned_way
        found.append(way.enter[way.leave[points[point]] + way.lag] + distance)
    return found


def _backward(network: Network, early: Early) -> Dates:
    """Floats, in one sweep from the end. A task slips as a whole, so its float is that of either of its points.

    A link leaves the predecessor the float of the successor and its own slack. In one calendar they add up; across
    calendars the slip is counted over in days. A start that has been cannot slip: what hangs on it binds nobody.
    """
    points, work_start, instants, mornings = early
    links, crossings, cap = network.links, network.crossings, network.cap
    finish, free = _finish(network, early)
    deadline = [own - end for own, end in zip(cap, points[len(cap) :], strict=True)]
    total = [own if own < left else left for own, left in zip(deadline, free, strict=True)]
    binding = [FREE if own == NEVER else j for j, own in enumerate(cap)]
    floats = Floats(total, free, deadline, binding)
    starts = points[: len(cap)]
    for j, start in work_start.items():
        starts[j] = start
    for j in reversed(network.order):
        if links[j]:
            start, total_float, deadline_float = starts[j], total[j], deadline[j]
            for point, distance in links[j]:
                if point >= 0 and point in work_start:
                    continue
                slack = start - distance - points[point]
                if slack < free[point]:
                    free[point] = slack
                if total_float + slack < total[point]:
                    total[point] = total_float + slack
                if deadline_float + slack < deadline[point]:
                    deadline[point], binding[point] = deadline_float + slack, binding[j]
        elif crossings and j in crossings:
            _cross_back(j, network, early, floats)
    return Dates(points, work_start, instants, mornings, total, free, deadline, binding, finish)


class Floats(NamedTuple):
    """What the backward pass collects, by task: see `Dates`."""

    total: list[int]
    free: list[int]
    deadline: list[int]
    binding: list[int]


def _cross_back(j: int, network: Network, early: Early, floats: Floats) -> None:
    """Pass the floats of j on over its links to other calendars.

    A point that its own deadline holds must be reached on a day, not on the morning after the days off that follow.
    """
    points, work_start, instants, mornings = early
    total, free, deadline, binding = floats
    start = work_start[j] if j in work_start else points[j]
    total_float, deadline_float, task = total[j], deadline[j], binding[j]
    due = j in instants and network.cap[j] != NEVER
    for point, distance, planned_way in network.crossings[j]:
        if point in work_start:
            continue
        way = _actual_way(planned_way, point, network, mornings) if point in instants else planned_way
        lag, leave, back, value, now = way.lag, way.exit, way.back, start - distance, points[point]
        slack = back[leave[value] - lag] - now
        slip = back[leave[value + total_float] - lag] - now if total_float else slack
        slip_to_deadline = slip if deadline_float == total_float else NEVER
        if task != FREE and deadline_float != total_float:
            slip_to_deadline = back[leave[value + deadline_float] - lag] - now
        if due:
            leave_on_a_day = network.ways.on_a_day(way).exit
            if total_float == network.cap[j] - start:
                slip = back[leave_on_a_day[value + total_float] - lag] - now
            if task == j:
                slip_to_deadline = back[leave_on_a_day[value + deadline_float] - lag] - now
        if slack < free[point]:
            free[point] = slack
        if slip < total[point]:
            total[point] = slip
        if slip_to_deadline < deadline[point]:
            deadline[point], binding[point] = slip_to_deadline, task


def last_boundary(network: Network) -> int:
    """Give the boundary after the last day of a network, as an ordinal, by a forward pass alone."""
    return _finish(network, forward(network))[0]


def _finish(network: Network, early: Early) -> tuple[int, list[int]]:
    """Give the boundary after the last day of all, as an ordinal, and how far each task ends before it."""
    calendars, ends = network.calendars, early.early[len(network.work) :]
    if calendars.count(calendars[0]) == len(calendars):
        last = max(ends)
        return calendars[0].ordinal(last - 1) + 1, [last - end for end in ends]
    latest: dict[Workdays, int] = {}
    for calendar, end in zip(calendars, ends, strict=True):
        if end > latest.get(calendar, -NEVER):
            latest[calendar] = end
    finish = max(calendar.ordinal(end - 1) + 1 for calendar, end in latest.items())
    for j in early.mornings:  # a point may stand in the morning, after days off in which another calendar works
        if j >= 0 and ends[j] == latest[calendars[j]]:
            finish = max(finish, calendars[j].ordinal(ends[j]))
    limits = {calendar: calendar.index(finish) for calendar in latest}
    return finish, [limits[calendar] - end for calendar, end in zip(calendars, ends, strict=True)]
