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

from cdsplan.schedule.network import NEVER

if TYPE_CHECKING:
    from cdsplan.schedule.network import Network
    from cdsplan.workdays import Workdays

FREE = -1  # no deadline downstream


class Dates(NamedTuple):
    """Results of n tasks. `early` and `late` hold 2n boundaries: the starts, then the finishes.

    `work_start` differs from the early start only where work that has begun goes on later (it is what links bound).
    `late` keeps every deadline and the project's finish; `deadline` holds the latest starts that keep the deadlines
    only (NEVER without one), of which that of `deadline_task` binds (its position, or FREE). `at_day_start` are the 0d
    points that a start put where they are. `finish` is the boundary (an ordinal) after the last day of all.
    """

    early: list[int]
    work_start: dict[int, int]
    late: list[int]
    deadline: list[int]
    deadline_task: list[int]
    free_float: list[int]
    at_day_start: frozenset[int]
    finish: int


class Early(NamedTuple):
    """What the forward pass gives."""

    points: list[int]
    work_start: dict[int, int]
    at_day_start: frozenset[int]


def compute(network: Network) -> Dates:
    """Run both passes."""
    return _backward(network, forward(network))


def forward(network: Network) -> Early:
    """Put every task as early as it can be."""
    _, _, work, links, crossings, earliest, _, started, floor, _ = network
    count = len(work)
    points = earliest + work  # the finishes are overwritten in order
    at_day_start: set[int] = set()
    work_start: dict[int, int] = {}
    for j in network.order:
        start = points[j]
        for point, distance in links[j]:
            bound = points[point] + distance
            if bound > start:
                start = bound
        if crossings and j in crossings:
            for crossing in crossings[j]:
                point = crossing.point
                bound = crossing.forward(points[point], at_day_start=point % count in at_day_start)
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
        if finish == start and _stands_at_day_start(j, start, network, points, at_day_start):
            at_day_start.add(j)
    return Early(points, work_start, frozenset(at_day_start))


def _stands_at_day_start(j: int, start: int, network: Network, points: list[int], at_day_start: set[int]) -> bool:
    """Whether a 0d point stands at the beginning of a day: its own bound, or a driving start, put it there.

    A predecessor that is a point itself has no start apart from its finish: its own side of the day is passed on.
    """
    if network.earliest[j] == start:
        return True
    count = len(network.work)
    for point, bound in bounds(j, network, points, at_day_start):
        i = point % count
        if bound == start and (i in at_day_start if points[i] == points[count + i] else point < count):
            return True
    return False


def bounds(
    j: int, network: Network, points: list[int], at_day_start: frozenset[int] | set[int]
) -> list[tuple[int, int]]:
    """Give for each link of j, in declared order, the predecessor's point and the start of j that it asks for."""
    if j not in network.crossings:
        return [(point, points[point] + distance) for point, distance in network.links[j]]
    count = len(network.work)
    return [
        (
            crossing.point,
            crossing.forward(points[crossing.point], at_day_start=crossing.point % count in at_day_start),
        )
        for crossing in network.crossings[j]
    ]


def _backward(network: Network, early: Early) -> Dates:
    """Late dates, slack of outgoing links, and what the deadlines alone allow, in one sweep from the end."""
    _, _, work, links, crossings, _, cap, _, _, _ = network
    points, work_start, at_day_start = early
    count = len(work)
    finish, limit = _finish(network, points)
    late = [NEVER] * count + [min(latest, own) for own, latest in zip(cap, limit, strict=True)]
    deadline = [NEVER] * count + cap
    binding = [FREE] * count + [j if own != NEVER else FREE for j, own in enumerate(cap)]
    free = [latest - done for latest, done in zip(limit, points[count:], strict=True)]
    for j in reversed(network.order):
        at = count + j
        start = points[j]
        length = points[at] - start
        latest = late[at] - length
        if late[j] < latest:
            latest = late[j]
            late[at] = latest + length
        else:
            late[j] = latest
        latest_for_deadline, task = deadline[at] - length, binding[at]
        if deadline[j] < latest_for_deadline:
            latest_for_deadline, task = deadline[j], binding[j]
        if task != FREE:
            deadline[j], binding[j] = latest_for_deadline, task
        if work_start and j in work_start:  # links bound the work that is left, not the start that has been
            shift = work_start[j] - start
            start, latest, latest_for_deadline = start + shift, latest + shift, latest_for_deadline + shift
        for point, distance in links[j]:
            bound = latest - distance
            if bound < late[point]:
                late[point] = bound
            if task != FREE:
                bound = latest_for_deadline - distance
                if bound < deadline[point]:
                    deadline[point], binding[point] = bound, task
            slack = start - distance - points[point]
            i = point if point < count else point - count
            if slack < free[i]:
                free[i] = slack
        if crossings and j in crossings:
            for crossing in crossings[j]:
                point = crossing.point
                i = point % count
                side = i in at_day_start
                late[point] = min(late[point], crossing.backward(latest, at_day_start=side))
                free[i] = min(free[i], crossing.backward(start, at_day_start=side) - points[point])
                if task != FREE:
                    bound = crossing.backward(latest_for_deadline, at_day_start=side)
                    if bound < deadline[point]:
                        deadline[point], binding[point] = bound, task
    return Dates(
        early=points,
        work_start=work_start,
        late=late,
        deadline=deadline[:count],
        deadline_task=binding[:count],
        free_float=[max(0, days) for days in free],
        at_day_start=at_day_start,
        finish=finish,
    )


def last_boundary(network: Network) -> int:
    """Give the boundary after the last day of a network, as an ordinal, by a forward pass alone."""
    return _finish(network, forward(network).points)[0]


def _finish(network: Network, points: list[int]) -> tuple[int, list[int]]:
    """Give the boundary after the last day of all, as an ordinal, and as a boundary of each task's calendar."""
    count = len(network.work)
    calendars = set(network.calendars)
    if len(calendars) == 1:
        (calendar,) = calendars
        last = max(points[count:])
        return calendar.ordinal(last - 1) + 1, [last] * count
    latest: dict[Workdays, int] = {}
    for calendar, boundary in zip(network.calendars, points[count:], strict=True):
        latest[calendar] = max(latest.get(calendar, boundary), boundary)
    finish = max(calendar.ordinal(boundary - 1) + 1 for calendar, boundary in latest.items())
    limits = {calendar: calendar.index(finish) for calendar in calendars}
    return finish, [limits[calendar] for calendar in network.calendars]
