"""The schedule of a plan: the dates and floats of each task, asked for by task position.

Days are shown inclusively: the first and the last working day of a task, in its own calendar. Floats are in working
days of that calendar; work that is done or cancelled has none.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from itertools import compress
from operator import eq
from typing import TYPE_CHECKING

from cdsplan.plan.model import (
    ESTIMATES,
    INFERRED_LINKS,
    NO_FACTS,
    NOTHING_GUESSED,
    Basis,
    DeadlineKind,
    Reading,
)
from cdsplan.progress import NO_RECORDS, NOTHING_KNOWN, Phase, progress
from cdsplan.schedule.cpm import FREE, compute
from cdsplan.schedule.crossing import NEVER
from cdsplan.schedule.forecast import forecast_network
from cdsplan.schedule.network import planned_network

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cdsplan.plan.model import Plan
    from cdsplan.progress import Progress, Record
    from cdsplan.schedule.cpm import Dates
    from cdsplan.schedule.network import Network
    from cdsplan.workdays import Workdays

FIRST_DAY, LAST_DAY = date.min.toordinal(), date.max.toordinal()


class Schedule:
    """A network and, once asked for, its dates. `tasks` and `position` translate between tasks and positions.

    `known` is what is known of each task's progress; `started` and `done` hold the days on which work really began and
    ended, which need be no working days. All are empty for the planned network, which has no `as_of` either. `records`
    are what a journal tells, by the item's name.
    """

    def __init__(
        self,
        plan: Plan,
        network: Network,
        known: Sequence[Progress] = (),
        as_of: date | None = None,
        records: Mapping[str, Record] = NO_RECORDS,
    ) -> None:
        """Hold a network; nothing is computed yet."""
        self.plan = plan
        self.tasks = tuple(plan.tasks.values())
        self.network = network
        self.known = known
        self.as_of = as_of
        self.records = records
        self.started: dict[int, date] = {}
        self.done: dict[int, date] = {}
        for j in (*network.started, *network.done):
            state = known[j]
            if state.started is not None:
                self.started[j] = state.started
            if state.done is not None:
                self.done[j] = state.done

    @cached_property
    def position(self) -> dict[str, int]:
        """Positions by task id."""
        return dict(zip(self.plan.tasks, range(len(self.tasks)), strict=True))

    @cached_property
    def dates(self) -> Dates:
        """The dates of the network."""
        return compute(self.network)

    @cached_property
    def days(self) -> list[Days]:
        """Dates by index, of each task's calendar."""
        days = {calendar: Days(calendar) for calendar in set(self.network.calendars)}
        return [days[calendar] for calendar in self.network.calendars]

    def forecast(self, as_of: date, records: Mapping[str, Record] = NO_RECORDS) -> Schedule:
        """Put what is known as of a day into this planned network: the plan's own facts, and the journal's records."""
        known = [NOTHING_KNOWN if task.facts is NO_FACTS else progress(task.facts, as_of) for task in self.tasks]
        network = self.network
        if records:
            cap, not_started = network.cap.copy(), Phase.NOT_STARTED
            for item, record in records.items():
                j = self.position.get(item)
                if j is not None:
                    # What has not begun waits as though nothing had been told, 0 percent or not.
                    known[j] = NOTHING_KNOWN if record.progress.phase is not_started else record.progress
                    if record.extensions:
                        due = self.tasks[j].due
                        in_force = record.first_due(due if isinstance(due, Reading) else None, as_of)
                        cap[j] = self._cap(j, in_force)
            network = network._replace(cap=cap)
        forecast = forecast_network(self.plan, self.tasks, network, known, as_of)
        return Schedule(self.plan, forecast, known, as_of, records)

    def _cap(self, j: int, due: Reading | None) -> int:
        """Give the boundary after the last good day of a deadline."""
        if due is None or due.last is None:
            return NEVER
        return self.network.calendars[j].index(due.last.toordinal() + 1)

    def early_start(self, j: int) -> date:
        """First working day when everything goes as early as it can; of work that has started the day it really did."""
        if j in self.started:
            return self.started[j]
        if j in self.done and not self.length(j):
            return self.done[j]
        return self._first(j, 0)

    def early_finish(self, j: int) -> date:
        """Last working day when everything goes as early as it can; of done work the day it was really done."""
        return self.done[j] if j in self.done else self._last(j, 0)

    def early_finishes(self) -> list[date]:
        """Give what `early_finish` gives, for every task."""
        early, count = self.dates.early, len(self.tasks)
        finishes = [
            days[finish - 1] if finish != start else self._last(j, 0)
            for j, (days, start, finish) in enumerate(zip(self.days, early, early[count:], strict=False))
        ]
        for j, done in self.done.items():
            finishes[j] = done
        return finishes

    def late_start(self, j: int) -> date:
        """First working day that still keeps every deadline and the project's finish."""
        return self._first(j, self.dates.total_float[j])

    def late_finish(self, j: int) -> date:
        """Last working day that still keeps every deadline and the project's finish."""
        return self._last(j, self.dates.total_float[j])

    def total_float(self, j: int) -> int | None:
        """Working days that j can slip before the project's finish or a deadline breaks; negative = already broken."""
        return None if j in self.network.settled else self.dates.total_float[j]

    def free_float(self, j: int) -> int | None:
        """Working days that j can slip without moving any successor or the project's finish."""
        return None if j in self.network.settled else self.dates.free_float[j]

    def deadline_float(self, j: int) -> int | None:
        """Working days that j can slip before some deadline downstream breaks; None when there is none."""
        return None if self.binding_deadline(j) is None else self.dates.deadline_float[j]

    def deadline_floats(self) -> list[int | None]:
        """Give what `deadline_float` gives, for every task."""
        floats = [
            None if task == FREE else days
            for days, task in zip(self.dates.deadline_float, self.dates.deadline_task, strict=True)
        ]
        for j in self.network.settled:
            floats[j] = None
        return floats

    def binding_deadline(self, j: int) -> int | None:
        """The task whose deadline breaks first when j slips."""
        task = self.dates.deadline_task[j]
        return None if task == FREE or j in self.network.settled else task

    def critical(self, j: int) -> bool:
        """Whether j is open and has no float left."""
        return self.dates.total_float[j] <= 0 and j not in self.network.settled

    def ongoing(self, j: int) -> bool:
        """Whether j is ongoing work of no stated length, and nothing rests on the length that the network gives it.

        Nobody waits for such work and it is not critical: its finish and its floats are those of the plan's default
        duration, and nobody's word. What is known to be done or cancelled is ongoing no more.
        """
        task = self.tasks[j]
        return (
            task.estimated
            and isinstance(task.due, Reading)
            and task.due.kind is DeadlineKind.ONGOING
            and (not self.known or self.known[j].open)
            and task.id not in self._awaited
            and not self.critical(j)
        )

    @cached_property
    def _awaited(self) -> frozenset[str]:
        return frozenset(link.predecessor for task in self.tasks for link in task.links)

    def driving(self, j: int) -> tuple[int, ...]:
        """Positions in `task.links` of the links that put j where it is: those without slack."""
        start = self.dates.work_start.get(j, self.dates.early[j])
        asked = self.dates.asked
        return tuple(at for at, k in enumerate(self.network.into(j)) if asked[k] == start)

    def driving_links(self) -> list[tuple[int, ...]]:
        """Give what `driving` gives, for every task. Few answers differ, so that tasks share them."""
        network, dates = self.network, self.dates
        starts = dates.early[: len(network.work)]
        for j, start in dates.work_start.items():
            starts[j] = start
        targets, first = network.targets, network.first
        alone = [(at,) for at in range(max(map(len, self.plan.waits_for), default=0))]
        found: list[tuple[int, ...]] = [()] * len(starts)
        binds = map(eq, dates.asked, map(starts.__getitem__, targets))
        for k in compress(range(len(targets)), binds):
            j = targets[k]
            found[j] += alone[k - first[j]]
        return found

    def held(self, j: int) -> bool:
        """Whether j would be finished by now: it is open, and only the data date puts its finish where it is."""
        start = self.dates.work_start.get(j, self.dates.early[j])
        return self.dates.early[len(self.tasks) + j] > start + self.network.work[j]

    def finish(self) -> date:
        """Last working day of the whole plan; its start where no task stands in the network."""
        return max((self.early_finish(j) for j in self.last_tasks()), default=self.plan.start)

    def last_tasks(self) -> tuple[int, ...]:
        """Positions of the tasks that finish last."""
        calendars, ends, finish = self.network.calendars, self.dates.early[len(self.tasks) :], self.dates.finish
        limits = {calendar: calendar.index(finish) for calendar in set(calendars)}
        last = tuple(j for j, calendar in enumerate(calendars) if ends[j] == limits[calendar])
        if len(limits) == 1:
            return last
        # Days off of one calendar may be worked in another: who ends before them is last only where a morning ends all.
        mornings = self.dates.mornings
        if any(j in mornings and calendars[j].ordinal(ends[j]) == finish for j in last):
            return last
        return tuple(j for j in last if j not in mornings and calendars[j].ordinal(ends[j] - 1) + 1 == finish)

    def length(self, j: int) -> int:
        """Days of its calendar from the early start of j to its early finish."""
        return self.dates.early[len(self.tasks) + j] - self.dates.early[j]

    def _first(self, j: int, slip: int) -> date:
        start = self.dates.early[j]
        return self.days[j][start + slip] if self.length(j) else self._point(j, slip)

    def _last(self, j: int, slip: int) -> date:
        finish = self.dates.early[len(self.tasks) + j]
        return self.days[j][finish + slip - 1] if self.length(j) else self._point(j, slip)

    def _point(self, j: int, slip: int) -> date:
        """Show a 0d point: on the day before its boundary, or the day after when a start binds it (ties: the later)."""
        boundary = self.dates.early[j] + slip
        return self.days[j][boundary if not slip and j in self.dates.mornings else boundary - 1]

    def rests_on(self) -> list[int]:
        """Tell for each task what its early dates rest on: NOTHING_GUESSED, INFERRED_LINKS only, or ESTIMATES."""
        result = [ESTIMATES if task.estimated else NOTHING_GUESSED for task in self.tasks]
        for j in self.network.settled:
            result[j] = NOTHING_GUESSED  # what has happened rests on nothing
        tasks, inferred = self.tasks, Basis.INFERRED
        if ESTIMATES not in result and not any(link.basis is inferred for task in tasks for link in task.links):
            return result  # where nobody estimated or inferred anything, nothing rests on it
        network, dates = self.network, self.dates
        sources, asked = network.sources, dates.asked
        for j in network.order:
            if result[j] == ESTIMATES or not tasks[j].links:
                continue
            start, rests = dates.work_start.get(j, dates.early[j]), NOTHING_GUESSED
            for k, link in zip(network.into(j), tasks[j].links, strict=True):
                if asked[k] == start:
                    upstream = result[sources[k]]
                    if upstream > rests:
                        rests = upstream
                    elif link.basis is inferred and not rests:
                        rests = INFERRED_LINKS
            result[j] = rests
        return result


def schedule(plan: Plan) -> Schedule:
    """Give the planned network of a plan: no facts, baseline deadlines."""
    return Schedule(plan, planned_network(plan))


def forecast(plan: Plan, as_of: date, records: Mapping[str, Record] = NO_RECORDS) -> Schedule:
    """Give the forecast of a plan as of a day: what is known, and what is open from there on."""
    return schedule(plan).forecast(as_of, records)


class Days(dict[int, date]):
    """Dates of working days by their index, each looked up once.

    Outside the years 1 to 9999, which dates cannot say, the nearest date that there is.
    """

    def __init__(self, workdays: Workdays) -> None:
        self._ordinal = workdays.ordinal

    def __missing__(self, index: int) -> date:
        day = self[index] = date.fromordinal(min(max(self._ordinal(index), FIRST_DAY), LAST_DAY))
        return day
