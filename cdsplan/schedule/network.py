"""The network of a plan in plain lists, ready for the passes.

Time is counted in working days of each task's own calendar: boundary k is the instant at which the working day with
index k begins (`Workdays.index`), so a task of d days that starts at boundary s finishes at boundary s + d. Every task
has two points, its start (number j) and its finish (number n + j, with n tasks). With fixed work each of the four link
types is then a least distance from a point of the predecessor to the start of the successor:

    FS  start(j) >= finish(i) + lag
    SS  start(j) >= start(i) + lag
    FF  start(j) >= finish(i) + lag - work(j)
    SF  start(j) >= start(i) + lag - work(j)

What one calendar cannot count is a `Crossing`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cdsplan.plan.model import NO_LAG, DurationUnit, LinkType, Reading
from cdsplan.schedule.crossing import Crossing
from cdsplan.workdays import EVERY_DAY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from cdsplan.plan.model import Duration, Link, Plan, Task
    from cdsplan.workdays import Workdays

NEVER = 1 << 60
"""A boundary later than any."""

FROM_START = frozenset({LinkType.SS, LinkType.SF})
TO_FINISH = frozenset({LinkType.FF, LinkType.SF})


class Network(NamedTuple):
    """Tasks by their position in the plan, all lists parallel.

    `calendars` and `work` are each task's own; `links[j]` holds (point, distance) for each link of j in declared order,
    `crossings[j]` all links of j where one of them crosses calendars (then `links[j]` is empty). `earliest` is the
    plan's start or a later `not-before`, `cap` the boundary after the last good day of a task's deadline, NEVER without
    one. Facts: `started` maps tasks that have started to that boundary, `floor` is the least finish of open work,
    `settled` are the tasks that are done.
    """

    order: tuple[int, ...]
    calendars: Sequence[Workdays]
    work: list[int]
    links: list[Sequence[tuple[int, int]]]
    crossings: dict[int, list[Crossing]]
    earliest: list[int]
    cap: list[int]
    started: Mapping[int, int]
    floor: list[int]
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
        length, not_before, due = task.duration, task.not_before, task.due
        first, begins, ends = boundaries[calendar]
        work.append(length.amount if length.unit is days else days_of(length, calendar))
        earliest.append(first if not_before is None else max(first, begins[not_before]))
        cap.append(NEVER if type(due) is not Reading or due.last is None else ends[due.last])
    links, crossings = _constraints(tasks, plan.waits_for, calendars, work)
    return Network(
        order=plan.order,
        calendars=calendars,
        work=work,
        links=links,
        crossings=crossings,
        earliest=earliest,
        cap=cap,
        started={},
        floor=[-NEVER] * len(tasks),
        settled=frozenset(),
    )


def without_work(network: Network, tasks: Sequence[Task], j: int) -> Network:
    """Give the same network with one task as a point; links to its finish are counted from there.

    In a forecast the point, like every open one, stands at the data date or later.
    """
    work, links, crossings = network.work.copy(), network.links, network.crossings
    earliest, floor = network.earliest, network.floor
    saved, work[j] = work[j], 0
    if j in crossings:
        crossings = crossings | {j: [crossing._replace(length=0) for crossing in crossings[j]]}
    elif links[j]:
        links = links.copy()
        links[j] = shorter(links[j], tasks[j], saved)
    if floor[j] != -NEVER:
        earliest, floor = earliest.copy(), floor.copy()
        earliest[j] = max(earliest[j], floor[j] - 1)
        floor[j] = -NEVER
    return network._replace(work=work, links=links, crossings=crossings, earliest=earliest, floor=floor)


def shorter(links: Sequence[tuple[int, int]], task: Task, saved: int) -> Sequence[tuple[int, int]]:
    """Count the links of a task that bind its finish from work that is so many days shorter."""
    return [
        (point, distance + saved if link.type in TO_FINISH else distance)
        for (point, distance), link in zip(links, task.links, strict=True)
    ]


def task_calendars(plan: Plan, tasks: Sequence[Task]) -> list[Workdays]:
    """Give each task's calendar: its own, else its sole owner's, else the plan's; elapsed work knows no days off."""
    own, days = plan.workdays, DurationUnit.DAYS
    if not plan.calendars:
        return [own if task.duration.unit is days else _of_unit(task.duration, own) for task in tasks]
    of_agency = {
        agency.id: plan.named_workdays[agency.calendar] for agency in plan.agencies.values() if agency.calendar
    }
    found: list[Workdays] = []
    for task in tasks:
        if task.duration.unit not in WORKING:
            found.append(EVERY_DAY)
        elif task.calendar is not None:
            found.append(plan.named_workdays[task.calendar])
        else:
            found.append(of_agency.get(task.owner[0], own) if len(task.owner) == 1 else own)
    return found


def _of_unit(length: Duration, own: Workdays) -> Workdays:
    return own if length.unit in WORKING else EVERY_DAY


WORKING = frozenset({DurationUnit.DAYS, DurationUnit.WEEKS})


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
    tasks: Sequence[Task], waits_for: Sequence[Sequence[int]], calendars: Sequence[Workdays], work: list[int]
) -> tuple[list[Sequence[tuple[int, int]]], dict[int, list[Crossing]]]:
    """Turn every link into a distance, or into a crossing."""
    count = len(tasks)
    links: list[Sequence[tuple[int, int]]] = []
    crossings: dict[int, list[Crossing]] = {}
    days, finish_start, start_start, start_finish = DurationUnit.DAYS, LinkType.FS, LinkType.SS, LinkType.SF
    for j, before in enumerate(waits_for):
        if not before:
            links.append(())
            continue
        declared = tasks[j].links
        calendar = calendars[j]
        mine: list[tuple[int, int]] = []
        links.append(mine)
        for i, (_, kind, lag, _, _) in zip(before, declared, strict=True):
            if calendars[i] is calendar and lag is NO_LAG and kind is finish_start:  # nearly every link
                mine.append((count + i, 0))
                continue
            if calendars[i] is not calendar or lag.unit not in WORKING:
                mine.clear()
                crossings[j] = [
                    _crossing(at, j, each, calendars, work) for at, each in zip(before, declared, strict=True)
                ]
                break
            distance = lag.amount if lag.unit is days else days_of(lag, calendar)
            if kind is finish_start:
                mine.append((count + i, distance))
            elif kind is start_start:
                mine.append((i, distance))
            else:
                mine.append((i if kind is start_finish else count + i, distance - work[j]))
    return links, crossings


def _crossing(i: int, j: int, link: Link, calendars: Sequence[Workdays], work: list[int]) -> Crossing:
    from_start = link.type in FROM_START
    return Crossing(
        point=i if from_start else len(calendars) + i,
        source=calendars[i],
        target=calendars[j],
        from_start=from_start,
        to_finish=link.type in TO_FINISH,
        lag=days_of(link.lag, calendars[j]),
        elapsed=link.lag.unit not in WORKING,
        length=work[j],
    )
