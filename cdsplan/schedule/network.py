"""The network of a plan in plain lists, ready for the passes.

Time is counted in working days of each task's own calendar: boundary k is the instant at which the working day with
index k begins (`Workdays.index`), so a task of d days that starts at boundary s finishes at boundary s + d. Every task
has two points, its start and its finish. With fixed work each of the four link types is then a least distance from a
point of the predecessor to the start of the successor:

    FS  start(j) >= finish(i) + lag
    SS  start(j) >= start(i) + lag
    FF  start(j) >= finish(i) + lag - work(j)
    SF  start(j) >= start(i) + lag - work(j)

What one calendar cannot count takes a way over the boundaries of days (see `crossing`). With n tasks the start of task
j is point j, its finish point n + j. Lists are never asked from the end: Python takes a slower way to such an element.
"""

from __future__ import annotations

from itertools import accumulate, chain
from operator import eq
from typing import TYPE_CHECKING, NamedTuple

from cdsplan.plan.model import NO_LAG, DurationUnit, LinkType, Reading
from cdsplan.schedule.crossing import NEVER, NO_BOUND, Course, Lookup, Ways
from cdsplan.workdays import EVERY_DAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from cdsplan.plan.model import Duration, Link, Plan, Task
    from cdsplan.schedule.crossing import Way
    from cdsplan.workdays import Workdays

FROM_START = (LinkType.SS, LinkType.SF)  # tuples: before Python 3.12 a member is slow to hash
TO_FINISH = (LinkType.FF, LinkType.SF)


class Network(NamedTuple):
    """Tasks by their position in the plan, links by numbers of their own; lists of either are parallel.

    `calendars` and `work` are each task's own. The links into task j, as declared, have the numbers from `first[j]` up
    to `beyond[j]`, and all of them come before any link out of it. Each binds the start of its target by a point of its
    source, a distance from there, and, where it crosses calendars, a way (`ways` is empty where none does). `earliest`
    is the plan's start or a later `not-before`, `cap` the boundary after the last good day of a task's deadline, NEVER
    without one. Facts: `started` maps open tasks that have started to that boundary, `floor` is the least finish of
    open work, `done` are the tasks that were done on a known day, of which `done_on_days_off` is work between whose
    ends lies no working day; `settled` are all that are done or cancelled.
    """

    order: tuple[int, ...]
    calendars: Sequence[Workdays]
    work: list[int]
    first: list[int]
    beyond: list[int]
    sources: list[int]
    points: list[int]
    targets: list[int]
    distances: list[int]
    ways: list[Way | None]
    laid: Ways
    earliest: list[int]
    cap: list[int]
    started: Mapping[int, int]
    floor: list[int]
    done: frozenset[int]
    done_on_days_off: frozenset[int]
    settled: frozenset[int]

    def into(self, j: int) -> range:
        """Give the numbers of the links into a task, in declared order."""
        return range(self.first[j], self.beyond[j])

    def changeable(self) -> Network:
        """Copy the lists that change with the length of work."""
        return self._replace(work=self.work.copy(), distances=self.distances.copy(), ways=self.ways.copy())

    def lengthen(self, task: Task, j: int, days: int) -> None:
        """Give a task so many days more work (negative: less); links to its finish are counted from there."""
        self.work[j] += days
        for k, link in enumerate(task.links, self.first[j]):
            if link.type in TO_FINISH:
                self.distances[k] -= days
                way = self.ways[k] if self.ways else None
                if way is not None:
                    self.ways[k] = self.laid.for_work(way, ends=self.work[j] > 0)

    def drop(self, links: Iterable[int]) -> None:
        """Let links bind nothing; they keep their numbers."""
        distances, ways = self.distances, self.ways
        for k in links:
            distances[k] = NO_BOUND
            if ways:
                ways[k] = None


def planned_network(plan: Plan) -> Network:
    """Build the network as declared: baseline deadlines, no facts."""
    tasks = tuple(plan.tasks.values())
    laid = Ways()
    after: dict[Workdays, Lookup[date]] = {}
    calendars: list[Workdays] = []
    work: list[int] = []
    earliest: list[int] = []
    cap: list[int] = []
    for at in range(0, len(tasks), BLOCK):
        some = tasks[at : at + BLOCK]
        lengths = [task.duration for task in some]
        own = _calendars(plan, some, lengths)
        calendars += own
        work += _work(lengths, own)
        earliest += _earliest(plan, some, own, laid)
        cap += _caps(some, own, laid, after)
    waits_for, ordered = plan.waits_for, tasks
    is_declared_order = all(map(eq, plan.order, range(len(tasks))))
    if not is_declared_order:
        waits_for, ordered = [waits_for[j] for j in plan.order], tuple([tasks[j] for j in plan.order])
    first = list(accumulate(map(len, waits_for), initial=0))
    beyond = first[1:]
    first.pop()
    before = list(chain.from_iterable(waits_for))
    targets = [j for j, links in zip(plan.order, waits_for, strict=True) for _ in links]
    links = [link for task in ordered for link in task.links]
    if not is_declared_order:
        first, beyond = _by_task(plan.order, first), _by_task(plan.order, beyond)
    points, distances, ways = _bounds(plan, tasks, calendars, work, _Links(links, before, targets), laid)
    return Network(
        order=plan.order,
        calendars=calendars,
        work=work,
        first=first,
        beyond=beyond,
        sources=before,
        points=points,
        targets=targets,
        distances=distances,
        ways=ways,
        laid=laid,
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
    changed = with_more_work(network, tasks, j, -network.work[j])
    if network.floor[j] == -NEVER or j in network.started:
        return changed
    earliest, floor = network.earliest.copy(), network.floor.copy()
    earliest[j] = max(earliest[j], floor[j] - 1)
    floor[j] = -NEVER
    return changed._replace(earliest=earliest, floor=floor)


def with_more_work(network: Network, tasks: Sequence[Task], j: int, days: int) -> Network:
    """Give the same network with so many days more work in one task; links to its finish are counted from there."""
    changed = network.changeable()
    changed.lengthen(tasks[j], j, days)
    return changed


def _in_days(lengths: Sequence[Duration]) -> bool:
    """Whether all are in working days, as most are: `count` knows a thing by itself, and needs no step of ours."""
    return [length.unit for length in lengths].count(DurationUnit.DAYS) == len(lengths)


def _work(lengths: Sequence[Duration], calendars: Sequence[Workdays]) -> list[int]:
    """Give lengths in days of their calendars."""
    if _in_days(lengths):
        return [length.amount for length in lengths]
    return [days_of(length, calendar) for length, calendar in zip(lengths, calendars, strict=True)]


def _earliest(plan: Plan, tasks: Sequence[Task], calendars: Sequence[Workdays], laid: Ways) -> list[int]:
    """Give the plan's start, or a later `not-before`."""
    start = plan.start.toordinal()
    starts = {calendar: laid.ruler(calendar).start[start] for calendar in set(calendars)}
    earliest = list(map(starts.__getitem__, calendars))
    for j, day in enumerate([task.not_before for task in tasks]):
        if day is not None:
            earliest[j] = max(earliest[j], laid.ruler(calendars[j]).start[day.toordinal()])
    return earliest


def _caps(
    tasks: Sequence[Task], calendars: Sequence[Workdays], laid: Ways, after: dict[Workdays, Lookup[date]]
) -> list[int]:
    """Give the boundary after the last good day of each deadline.

    `after` keeps what is found for a day where one calendar is asked; of several, each is asked for few days twice.
    """
    dues = [task.due for task in tasks]
    start = {calendar: laid.ruler(calendar).start for calendar in set(calendars)}
    if len(start) == 1:
        calendar = calendars[0]
        boundaries = after.setdefault(calendar, _after(start[calendar]))
        return [boundaries[last] if type(due) is Reading and (last := due.last) is not None else NEVER for due in dues]
    return [
        start[calendar][last.toordinal() + 1] if type(due) is Reading and (last := due.last) is not None else NEVER
        for calendar, due in zip(calendars, dues, strict=True)
    ]


def _after(start: Mapping[int, int]) -> Lookup[date]:
    """Give the boundary after a day."""
    return Lookup(lambda day: start[day.toordinal() + 1])


BLOCK = 1000
"""So many tasks are looked at again and again before the next: they fit into the caches, all of a large plan do not."""


def task_calendars(plan: Plan, tasks: Sequence[Task]) -> list[Workdays]:
    """Give the calendar on which each task runs: its own; elapsed work knows no days off."""
    return _calendars(plan, tasks, [task.duration for task in tasks])


def _calendars(plan: Plan, tasks: Sequence[Task], lengths: Sequence[Duration]) -> list[Workdays]:
    if not plan.calendars:
        if _in_days(lengths):
            return [plan.workdays] * len(tasks)
        return [plan.workdays if length.unit in WORKING else EVERY_DAY for length in lengths]
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


def _by_task(order: Sequence[int], ordered: Sequence[int]) -> list[int]:
    """Put numbers that are in the order of the network by their tasks."""
    numbers = [0] * len(order)
    for j, number in zip(order, ordered, strict=True):
        numbers[j] = number
    return numbers


class _Links(NamedTuple):
    """Links by their numbers: as declared, and the positions of their two tasks."""

    declared: list[Link]
    before: list[int]
    targets: list[int]


def _bounds(
    plan: Plan,
    tasks: Sequence[Task],
    calendars: Sequence[Workdays],
    work: list[int],
    links: _Links,
    laid: Ways,
) -> tuple[list[int], list[int], list[Way | None]]:
    """Give the point, the distance and the way of every link, by their numbers."""
    declared, before, targets = links
    count, one_calendar = len(tasks), len(set(calendars)) <= 1
    points = [i + count for i in before]  # most links are FS without a lag, and done with that
    distances = [0] * len(declared)
    crossing: dict[int, Way] = {}
    own = OwnCalendars(plan)
    days = DurationUnit.DAYS
    finish_start, finish_finish, start_start = LinkType.FS, LinkType.FF, LinkType.SS
    for k, link in enumerate(declared):
        kind, lag = link.type, link.lag
        if lag is not NO_LAG or not one_calendar:
            i, j = before[k], targets[k]
            calendar = calendars[j]
            if calendars[i] is not calendar or (
                lag is not NO_LAG and (lag.unit not in WORKING or calendar is EVERY_DAY)
            ):
                counts = calendar if tasks[j].duration.unit in WORKING else own.of(tasks[j])
                distances[k], crossing[k] = _crossing(link, calendars[i], calendar, counts, work[j], laid)
                if kind in FROM_START:
                    points[k] = i
                continue
            distances[k] = lag.amount if lag.unit is days else days_of(lag, calendar)
        if kind is not finish_start:
            if kind is not finish_finish:
                points[k] = before[k]
            if kind is not start_start:
                distances[k] -= work[targets[k]]
    return points, distances, list(map(crossing.get, range(len(points)))) if crossing else []


def _crossing(
    link: Link, source: Workdays, target: Workdays, counts: Workdays, work: int, laid: Ways
) -> tuple[int, Way]:
    """Lay a link to so much work: its distance and its way; `counts` is the calendar in which lags are counted."""
    kind, lag = link.type, link.lag
    morning, distance, ends = kind in FROM_START, 0, False
    if kind in TO_FINISH:
        distance, ends = -work, work > 0
    if lag is NO_LAG or not lag.amount:
        return distance, laid.plain(source, target, morning=morning, work_ends=ends, sides=True)
    lag_calendar = counts if lag.unit in WORKING else EVERY_DAY
    days = days_of(lag, lag_calendar)
    if lag_calendar is target:
        return distance + days, laid.plain(source, target, morning=morning, work_ends=ends, sides=False)
    return distance, laid[Course(source, target, morning, ends, days, lag_calendar)]
