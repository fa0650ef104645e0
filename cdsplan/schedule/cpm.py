"""The critical path method: early and late dates, floats, and the deadline behind each task.

Forward, every task starts as soon as its links and its own bound allow and runs without a break. Backward, every task
must finish by the project's finish, by its own deadline's cap and by what its successors need; a cap that the forward
pass overruns gives negative float and moves no date. A second backward quantity, seeded by deadlines alone, says how
far a task may slip before some deadline downstream breaks, and which one.

Source: Kelley & Walker (1959), extended to precedence networks (Fondahl 1961; IBM PMS 1964); deadline caps as in
Microsoft Project's "Deadline". Boundaries and floats are in days of each task's calendar (see `network`).
"""

from __future__ import annotations

from itertools import compress
from operator import add, sub
from typing import TYPE_CHECKING, NamedTuple

from cdsplan.schedule.crossing import NEVER

if TYPE_CHECKING:
    from cdsplan.schedule.crossing import Way
    from cdsplan.schedule.network import Network
    from cdsplan.workdays import Workdays

FREE = -1  # no deadline downstream


class Early(NamedTuple):
    """What the forward pass gives of n tasks: 2n boundaries, the starts, then the finishes.

    `asked` is the start that each link asks for, by its number. `work_start` differs from the early start only where
    work that has begun goes on later (it is what links bound). `instants` are the points of tasks that take no time,
    `mornings` those of them that stand in the morning of a day.
    """

    early: list[int]
    asked: list[int]
    work_start: dict[int, int]
    instants: set[int]
    mornings: set[int]


class Dates(NamedTuple):
    """What both passes give: that of `Early`, and floats in days of each task.

    `total_float` keeps every deadline and the project's finish; `deadline_float` the deadlines only, of which that of
    `deadline_task` binds (its position; FREE: there is none, and the float means nothing); `free_float` moves no other
    task. `finish` is the boundary (an ordinal) after the last day of all.
    """

    early: list[int]
    asked: list[int]
    work_start: dict[int, int]
    instants: set[int]
    mornings: set[int]
    total_float: list[int]
    free_float: list[int]
    deadline_float: list[int]
    deadline_task: list[int]
    finish: int


def compute(network: Network) -> Dates:
    """Run both passes. A network without tasks is over before everything."""
    if not network.work:
        return Dates([], [], {}, set(), set(), [], [], [], [], 0)
    return _backward(network, forward(network))


def forward(network: Network) -> Early:
    """Put every task as early as it can be."""
    work, started, on_days_off = network.work, network.started, network.done_on_days_off
    starts = network.earliest.copy()
    finishes = list(map(add, starts, work))
    floor = network.floor
    if floor.count(-NEVER) < len(floor):
        finishes = [least if least > end else end for end, least in zip(finishes, floor, strict=True)]
    points = starts + finishes
    for j, start in started.items():
        points[j] = start
    untimed = [j for j in network.order if not work[j] and j not in started and j not in on_days_off]
    early = Early(points, [], {}, {*untimed, *(j + len(work) for j in untimed)}, set())
    undecided = set(untimed)
    if network.ways:
        _forward_across(network, starts, early, undecided)
    else:
        _forward_within(network, starts, early)
    for j in untimed:
        if j in undecided:
            _decide(j, network, early)
    for j in started:
        early.work_start[j] = starts[j]
    return early


def _forward_within(network: Network, starts: list[int], early: Early) -> None:
    """Follow the links within one calendar; links bind `starts`, and leave from the points of `early`."""
    work, started, points, ask = network.work, network.started, early.early, early.asked.append
    count = len(work)
    for point, j, distance in zip(network.points, network.targets, network.distances, strict=True):
        bound = points[point] + distance
        ask(bound)
        if bound > starts[j]:
            starts[j] = bound
            if j not in started:
                points[j] = bound
            bound += work[j]
            finish = j + count
            if bound > points[finish]:
                points[finish] = bound


def _forward_across(network: Network, starts: list[int], early: Early, undecided: set[int]) -> None:
    """Follow the links where some cross calendars: of a task without time its side must be known before one leaves."""
    work, started = network.work, network.started
    points, asked, _, instants, mornings = early
    count = len(work)
    columns = network.points, network.targets, network.distances, network.ways
    for point, j, distance, way in zip(*columns, strict=True):
        if point in instants:
            if point % count in undecided:
                undecided.remove(point % count)
                _decide(point % count, network, early)
            if way is not None and (point in mornings) != (point < count):
                way = network.laid.other_side(way)  # noqa: PLW2901 - the other side of the same way
        if way is None:
            bound = points[point] + distance
        else:  # as `Way.forward` does; to call it would cost as much again
            bound = way.enter[way.leave[points[point] - way.out] + way.lag] + way.into + distance
        asked.append(bound)
        if bound > starts[j]:
            starts[j] = bound
            if j not in started:
                points[j] = bound
            bound += work[j]
            finish = j + count
            if bound > points[finish]:
                points[finish] = bound


def _decide(j: int, network: Network, early: Early) -> None:
    """Put a task without time on its side of the days off; done work stands in the evening."""
    if j not in network.done and _stands_in_the_morning(j, network, early):
        early.mornings.update((j, j + len(network.work)))


def _stands_in_the_morning(j: int, network: Network, early: Early) -> bool:
    """Whether what takes no time stands in the morning of its day.

    So it does where its own bound, a start, another point of the morning, or days off of its calendar put it there.
    """
    points, asked, _, instants, mornings = early
    start = points[j]
    if network.earliest[j] == start:
        return True
    for k in network.into(j):
        if asked[k] != start:
            continue
        point = network.points[k]
        if point in mornings if point in instants else point < len(network.work):
            return True
        way = _way(k, network, early)
        if way is not None and network.laid.on_a_day(way).forward(points[point]) + network.distances[k] > start:
            return True
    return False


def _way(k: int, network: Network, placed: Early) -> Way | None:
    """Give the way of a link; from a task without time, whose start and finish are on one side, that from its side."""
    point, way = network.points[k], network.ways[k] if network.ways else None
    if way is None or point not in placed.instants or (point in placed.mornings) == (point < len(network.work)):
        return way
    return network.laid.other_side(way)


def _backward(network: Network, early: Early) -> Dates:
    """Floats, in one sweep from the end. A task slips as a whole, so its float is that of either of its points.

    A link leaves the predecessor the float of the successor and its own slack. In one calendar they add up; across
    calendars the slip is counted over in days. A start that has been cannot slip: what hangs on it binds nobody.
    """
    points, asked, work_start, instants, mornings = early
    cap = network.cap
    finish, free = _finish(network, early)
    deadline = list(map(sub, cap, points[len(cap) :]))
    total = [own if own < left else left for own, left in zip(deadline, free, strict=True)]
    binding = [FREE if own == NEVER else j for j, own in enumerate(cap)]
    floats = Floats(total, free, deadline, binding)
    starts = points[: len(cap)]
    for j, start in work_start.items():
        starts[j] = start
    if network.ways:
        _backward_across(network, early, starts, floats)
    else:
        _backward_within(network, early, starts, floats)
    return Dates(points, asked, work_start, instants, mornings, total, free, deadline, binding, finish)


class Floats(NamedTuple):
    """What the backward pass collects, by task: see `Dates`."""

    total: list[int]
    free: list[int]
    deadline: list[int]
    binding: list[int]


def _backward_within(network: Network, early: Early, starts: list[int], floats: Floats) -> None:
    """Pass floats on over links within one calendar."""
    total, free, deadline, binding = floats
    asked, been = early.asked, early.work_start
    if been:
        asked = asked.copy()
        for k in compress(range(len(asked)), map(been.__contains__, network.points)):
            asked[k] = -NEVER
    for i, j, bound in zip(reversed(network.sources), reversed(network.targets), reversed(asked), strict=True):
        slack = starts[j] - bound
        if slack < free[i]:
            free[i] = slack
        left = total[j] + slack
        if left < total[i]:
            total[i] = left
        task = binding[j]
        if task >= 0:
            left = deadline[j] + slack
            if left < deadline[i]:
                deadline[i] = left
                binding[i] = task


def _backward_across(network: Network, early: Early, starts: list[int], floats: Floats) -> None:
    """Pass floats on where some links cross calendars.

    A point that its own deadline holds must be reached on a day, not on the morning after the days off that follow.
    """
    points, _, work_start, instants, mornings = early
    total, free, deadline, binding = floats
    count = len(starts)
    columns = network.sources, network.points, network.targets, network.distances, network.ways
    for i, point, j, distance, planned_way in zip(*[reversed(column) for column in columns], strict=True):
        if point in work_start:
            continue
        value, now, way = starts[j] - distance, points[point], planned_way
        if way is None:
            slack = value - now
            if slack < free[i]:
                free[i] = slack
            slip, slip_to_deadline, task = slack + total[j], slack + deadline[j], binding[j]
        else:
            if point in instants and (point in mornings) != (point < count):
                way = network.laid.other_side(way)
            # As `Way.backward` does; to call it would cost as much again.
            back, into, offset = way.back, way.into, 1 - way.lag
            allowed, beyond = way.exit, way.out - 1 - now
            value -= into
            slack = back[allowed[value] + offset] + beyond
            if slack < free[i]:
                free[i] = slack
            total_float = total[j]
            on_own_day = j in instants and network.cap[j] != NEVER
            if total_float >= 0 and slack >= total[i] and slack >= deadline[i] and not on_own_day:
                continue  # a successor with float leaves no less than one without
            deadline_float, task = deadline[j], binding[j]
            slip = back[allowed[value + total_float] + offset] + beyond if total_float else slack
            slip_to_deadline = slip if deadline_float == total_float else NEVER
            if task != FREE and deadline_float != total_float:
                slip_to_deadline = back[allowed[value + deadline_float] + offset] + beyond
            if on_own_day:
                value += into
                on_a_day = network.laid.on_a_day(way)
                if total_float == network.cap[j] - starts[j]:
                    slip = on_a_day.backward(value + total_float) - now
                if task == j:
                    slip_to_deadline = on_a_day.backward(value + deadline_float) - now
        if slip < total[i]:
            total[i] = slip
        if slip_to_deadline < deadline[i]:
            deadline[i], binding[i] = slip_to_deadline, task


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
        if j < len(ends) and ends[j] == latest[calendars[j]]:
            finish = max(finish, calendars[j].ordinal(ends[j]))
    limits = {calendar: calendar.index(finish) for calendar in latest}
    return finish, [limits[calendar] - end for calendar, end in zip(calendars, ends, strict=True)]
