"""The network of a plan in plain lists, ready for the passes.

Time is counted in working days of each task's own calendar: boundary k is the instant at which the working day with
index k begins (`Workdays.index`), so a task of d days that starts at boundary s finishes at boundary s + d. Every task
has two points, its start and its finish. With fixed work each of the four link types is then a least distance from a
point of the predecessor to the start of the successor:

    FS  start(j) >= finish(i) + lag
    SS  start(j) >= start(i) + lag
    FF  start(j) >= finish(i) + lag - work(j)
    SF  start(j) >= start(i) + lag - work(j)

What one calendar cannot count is a `crossing`. With n tasks the start of task j is point j, its finish point j - n:
counted from the end, where a list of all points has the finishes, and a list of tasks the task itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cdsplan.plan.model import NO_LAG, DurationUnit, LinkType, Reading
from cdsplan.schedule.crossing import NEVER, Course, Ways
from cdsplan.workdays import EVERY_DAY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from cdsplan.plan.model import Duration, Link, Plan, Task
    from cdsplan.schedule.crossing import Crossing
    from cdsplan.workdays import Workdays

FROM_START = (LinkType.SS, LinkType.SF)  # tuples: before Python 3.12 a member is slow to hash
TO_FINISH = (LinkType.FF, LinkType.SF)


class Network(NamedTuple):
    """Tasks by their position in the plan, all lists parallel.

    `calendars` and `work` are each task's own; `links[j]` holds (point, distance) for each link of j in declared order,
    `crossings[j]` all links of j where one of them crosses calendars (then `links[j]` is empty). `earliest` is the
    plan's start or a later `not-before`, `cap` the boundary after the last good day of a task's deadline, NEVER without
    one. Facts: `started` maps open tasks that have started to that boundary, `floor` is the least finish of open work,
    `done` are the tasks that were done on a known day, of which `done_on_days_off` is work between whose ends lies no
    working day; `settled` are all that are done or cancelled.
    """

    order: tuple[int, ...]
    calendars: Sequence[Workdays]
    work: list[int]
    links: list[Sequence[tuple[int, int]]]
    crossings: dict[int, list[Crossing]]
    ways: Ways
    earliest: list[int]
    cap: list[int]
    started: Mapping[int, int]
    floor: list[int]
    done: frozenset[int]
    done_on_days_off: frozenset[int]
    settled: frozenset[int]


def planned_network(plan: Plan) -> Network:
    """Build the network as declared: baseline deadlines, no facts."""
    tasks = tuple(plan.tasks.values())
    calendars = task_calendars(plan, tasks)
    start = plan.start.toordinal()
    boundaries = {
        calendar: (calendar.index(start), Boundaries(calendar, 0), Boundaries(calendar, 1))
        for calendar in set(calendars)
    }
    days = DurationUnit.DAYS  # looking up a member costs more than all else that happens to a task here
    work: list[int] = []
    earliest: list[int] = []
    cap: list[int] = []
    for task, calendar in zip(tasks, calendars, strict=True):
        amount, unit = task.duration
        not_before, due = task.not_before, task.due
        first, begins, ends = boundaries[calendar]
        work.append(amount if unit is days else days_of(task.duration, calendar))
        earliest.append(first if not_before is None else max(first, begins[not_before]))
        cap.append(NEVER if due is None or type(due) is not Reading or due.last is None else ends[due.last])
    ways = Ways()
    links, crossings = _constraints(plan, tasks, calendars, work, ways)
    return Network(
        order=plan.order,
        calendars=calendars,
        work=work,
        links=links,
        crossings=crossings,
        ways=ways,
        earliest=earliest,
        cap=cap,
        started={},
        floor=[-NEVER] * len(tasks),
        done=frozenset(),
        done_on_days_off=frozenset(),
        settled=frozenset(),
    )


def without_work(network: Network, tasks: Sequence[Task], j: int) -> Network:
    """Give the same network with one task as a point; links to its finish are counted from there.

    In a forecast the point, like every open one, stands at the data date or later; of work that has begun nothing is
    left, and as all open work it finishes on the data date or later.
    """
    work, links, crossings = network.work.copy(), network.links, network.crossings
    earliest, floor = network.earliest, network.floor
    saved, work[j] = work[j], 0
    if j in crossings:
        crossings = crossings | {j: shorter_crossings(crossings[j], tasks[j], saved, network.ways, ends=False)}
    elif links[j]:
        links = links.copy()
        links[j] = shorter(links[j], tasks[j], saved)
    if floor[j] != -NEVER and j not in network.started:
        earliest, floor = earliest.copy(), floor.copy()
        earliest[j] = max(earliest[j], floor[j] - 1)
        floor[j] = -NEVER
    return network._replace(work=work, links=links, crossings=crossings, earliest=earliest, floor=floor)


def with_more_work(network: Network, tasks: Sequence[Task], j: int, days: int) -> Network:
    """Give the same network with so many days more work in one task; links to its finish are counted from there."""
    work, links, crossings = network.work.copy(), network.links, network.crossings
    work[j] += days
    if j in crossings:
        crossings = crossings | {j: shorter_crossings(crossings[j], tasks[j], -days, network.ways, ends=work[j] > 0)}
    elif links[j]:
        links = links.copy()
        links[j] = shorter(links[j], tasks[j], -days)
    return network._replace(work=work, links=links, crossings=crossings)


def shorter(links: Sequence[tuple[int, int]], task: Task, saved: int) -> Sequence[tuple[int, int]]:
    """Count the links of a task that bind its finish from work that is so many days shorter."""
    return [
        (point, distance + saved if link.type in TO_FINISH else distance)
        for (point, distance), link in zip(links, task.links, strict=True)
    ]


def shorter_crossings(crossings: list[Crossing], task: Task, saved: int, ways: Ways, *, ends: bool) -> list[Crossing]:
    """Count what binds the finish from work that is so many days shorter; `ends` says whether any of it is left."""
    return [
        (point, distance + saved, ways.for_work(way, ends=ends)) if link.type in TO_FINISH else (point, distance, way)
        for (point, distance, way), link in zip(crossings, task.links, strict=True)
    ]


def task_calendars(plan: Plan, tasks: Sequence[Task]) -> list[Workdays]:
    """Give the calendar on which each task runs: its own; elapsed work knows no days off."""
    plans, days = plan.workdays, DurationUnit.DAYS
    if not plan.calendars:
        return [plans if task.duration.unit is days or task.duration.unit in WORKING else EVERY_DAY for task in tasks]
    own = OwnCalendars(plan)
    return [own.of(task) if task.duration.unit in WORKING else EVERY_DAY for task in tasks]


class OwnCalendars:
    """Which calendar a task has: its own, else its sole owner's, else the plan's."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan.workdays
        self._named = plan.named_workdays
        self._of_agency = {
            agency.id: plan.named_workdays[agency.calendar] for agency in plan.agencies.values() if agency.calendar
        }

    def of(self, task: Task) -> Workdays:
        """Give the calendar of a task; also where its work is elapsed, as lags are counted in it all the same."""
        if task.calendar is not None:
            return self._named[task.calendar]
        return self._of_agency.get(task.owner[0], self._plan) if len(task.owner) == 1 else self._plan


WORKING = (DurationUnit.DAYS, DurationUnit.WEEKS)


def days_of(length: Duration, calendar: Workdays) -> int:
    """Express a length in days of a calendar; elapsed ones in calendar days."""
    amount, unit = length
    return amount * (DAYS_IN.get(unit) or calendar.days_per_week)


DAYS_IN = {DurationUnit.DAYS: 1, DurationUnit.ELAPSED_DAYS: 1, DurationUnit.ELAPSED_WEEKS: 7}
"""Days in each unit; a working week has as many as the calendar says."""


class Boundaries(dict["date", int]):
    """Boundaries of a calendar so many days after a date begins, each looked up once: plans repeat their dates."""

    def __init__(self, calendar: Workdays, days: int) -> None:
        self._index, self._days = calendar.index, days

    def __missing__(self, day: date) -> int:
        boundary = self[day] = self._index(day.toordinal() + self._days)
        return boundary


def _constraints(
    plan: Plan, tasks: Sequence[Task], calendars: Sequence[Workdays], work: list[int], ways: Ways
) -> tuple[list[Sequence[tuple[int, int]]], dict[int, list[Crossing]]]:
    """Turn every link into a distance, or into a crossing."""
    count = len(tasks)
    links: list[Sequence[tuple[int, int]]] = []
    crossings: dict[int, list[Crossing]] = {}
    own = OwnCalendars(plan)
    days, finish_start, start_start, start_finish = DurationUnit.DAYS, LinkType.FS, LinkType.SS, LinkType.SF
    for j, before in enumerate(plan.waits_for):
        if not before:
            links.append(())
            continue
        task, calendar = tasks[j], calendars[j]
        declared = task.links
        mine: list[tuple[int, int]] = []
        for i, (_, kind, lag, _, _) in zip(before, declared, strict=True):
            if calendars[i] is not calendar:
                break
            if lag is NO_LAG:
                distance = 0
            elif lag.unit is days and calendar is not EVERY_DAY:
                distance = lag.amount
            elif lag.unit in WORKING and calendar is not EVERY_DAY:
                distance = days_of(lag, calendar)
            else:
                break
            if kind is finish_start:  # the most frequent first
                mine.append((i - count, distance))
            elif kind is start_start:
                mine.append((i, distance))
            else:
                mine.append((i if kind is start_finish else i - count, distance - work[j]))
        else:
            links.append(mine)
            continue
        links.append(())
        counts = calendar if task.duration.unit in WORKING else own.of(task)
        crossings[j] = [
            _crossing(i, j, each, calendars, counts, work, ways) for i, each in zip(before, declared, strict=True)
        ]
    return links, crossings


def _crossing(
    i: int, j: int, link: Link, calendars: Sequence[Workdays], counts: Workdays, work: list[int], ways: Ways
) -> Crossing:
    """Lay a link to j; `counts` is the calendar in which j counts its lags."""
    _, kind, lag, _, _ = link
    morning, to_finish, source, target = kind in FROM_START, kind in TO_FINISH, calendars[i], calendars[j]
    point, distance, ends = i, 0, False
    if not morning:
        point -= len(work)
    if to_finish:
        distance, ends = -work[j], work[j] > 0
    if not lag.amount:
        return point, distance, ways.direct(source, target, morning=morning, work_ends=ends)
    lag_calendar = counts if lag.unit in WORKING else EVERY_DAY
    days = days_of(lag, lag_calendar)
    if lag_calendar is target:
        return point, distance + days, ways[Course(source, target, morning, ends, sides=False)]
    return point, distance, ways[Course(source, target, morning, ends, days, lag_calendar)]
