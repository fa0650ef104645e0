"""The schedule of a plan: the dates and floats of each task, asked for by task position.

Days are shown inclusively: the first and the last working day of a task, in its own calendar. Floats are in working
days of that calendar; work that is done or cancelled has none.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from itertools import compress
from operator import eq, itemgetter
from typing import TYPE_CHECKING, TypeVar

from cdsplan.plan.model import (
    ESTIMATES,
    INFERRED_LINKS,
    NO_FACTS,
    NOTHING_GUESSED,
    Basis,
    DeadlineKind,
    Reading,
    Task,
)
from cdsplan.progress import NO_RECORDS, NOTHING_KNOWN, Phase, progress
from cdsplan.schedule.cpm import compute, early_finishes
from cdsplan.schedule.forecast import forecast_network
from cdsplan.schedule.links import pick
from cdsplan.schedule.network import with_more_work
from cdsplan.schedule.planned import planned_network
from cdsplan.schedule.tables import FREE, NEVER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cdsplan.plan.model import Plan
    from cdsplan.progress import Progress, Record
    from cdsplan.schedule.cpm import Dates
    from cdsplan.schedule.network import Network
    from cdsplan.workdays import Workdays

Item = TypeVar("Item")

FEW = 100
ALONE = [(at,) for at in range(FEW)]
FACTS = itemgetter(Task._fields.index("facts"))
FIRST_DAY, LAST_DAY = date.min.toordinal(), date.max.toordinal()


class Schedule:
    """A network and, once asked for, its dates. `tasks` and `position` translate between tasks and positions.

    `known` is what is known of each task's progress, empty for the planned network, which has no `as_of` either.
    `records` are what a journal tells, by the item's name. The days on which work really began and ended need be no
    working days.
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
        self._order, self._rank = network.links.order, network.links.rank
        self.known = known
        self.as_of = as_of
        self.records = records

    @cached_property
    def started(self) -> dict[int, date]:
        """The days on which work really began, of open and of done work."""
        known, order = self.known, self._order
        begun = [order[number] for number in (*self.network.started, *self.network.done)]
        return {j: day for j in begun if (day := known[j].started) is not None}

    @cached_property
    def done(self) -> dict[int, date]:
        """The days on which work was really done."""
        known, order = self.known, self._order
        return {j: day for j in map(order.__getitem__, self.network.done) if (day := known[j].done) is not None}

    @cached_property
    def settled(self) -> frozenset[int]:
        """What is done or cancelled."""
        settled = self.network.settled
        return settled if isinstance(self._order, range) else frozenset(map(self._order.__getitem__, settled))

    @cached_property
    def position(self) -> dict[str, int]:
        """Positions by task id."""
        return dict(zip(self.plan.tasks, range(len(self.tasks)), strict=True))

    @cached_property
    def computed(self) -> Dates:
        """The dates of the network, by the numbers that tasks have in it."""
        return compute(self.network)

    @cached_property
    def _days(self) -> dict[Workdays, Days]:
        """Dates of working days, of each calendar."""
        return {calendar: Days(calendar) for calendar in set(self.network.calendars)}

    def forecast(self, as_of: date, records: Mapping[str, Record] = NO_RECORDS) -> Schedule:
        """Put what is known as of a day into this planned network: the plan's own facts, and the journal's records."""
        known = [NOTHING_KNOWN] * len(self.tasks)
        for at, facts in enumerate(map(FACTS, self.tasks)):
            if facts is not NO_FACTS:
                known[at] = progress(facts, as_of)
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
                        cap[self._rank[j]] = self._cap(j, in_force)
            network = network._replace(cap=cap)
        numbered = known if isinstance(self._order, range) else pick(known, self._order)
        return Schedule(self.plan, forecast_network(self.plan, network, numbered, as_of), known, as_of, records)

    def _cap(self, j: int, due: Reading | None) -> int:
        """Give the boundary after the last good day of a deadline."""
        if due is None or due.last is None:
            return NEVER
        return self.calendar(j).index(due.last.toordinal() + 1)

    @property
    def several_calendars(self) -> bool:
        """Whether tasks have several calendars, or some lag runs in another one than theirs."""
        across, calendars = self.network.across, self.network.calendars
        if across is None:
            return False
        return len(set(calendars)) > 1 or across.lags.count(None) < len(across.lags)

    def calendar(self, j: int) -> Workdays:
        """Give the calendar on which a task runs."""
        return self.network.calendars[self._rank[j]]

    def day(self, j: int, index: int) -> date:
        """Give the working day of a task's calendar that has an index."""
        return self._days[self.calendar(j)][index]

    def span(self, j: int) -> tuple[int, int]:
        """Give the boundaries of a task, at which it starts and finishes at the earliest."""
        number, early = self._rank[j], self.computed.early
        return early[number], early[len(self.tasks) + number]

    def bound_start(self, j: int) -> int:
        """Give the boundary that links bind: the early start, or of work that has begun where what is left starts."""
        number = self._rank[j]
        return self.computed.work_start.get(number, self.computed.early[number])

    def rest_starts(self, j: int) -> date | None:
        """Give the day on which what is left of work starts that has begun; None: it has not."""
        start = self.computed.work_start.get(self._rank[j])
        return None if start is None else self.day(j, start)

    def work(self, j: int) -> int:
        """Give the days of its calendar that a task takes, or what is left of them."""
        return self.network.work[self._rank[j]]

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
        early, count, order, days = self.computed.early, len(self.tasks), self._order, self._days
        calendars = self.network.calendars
        finishes = [
            days[calendar][finish - 1] if finish != start else self._last(order[number], 0)
            for number, (calendar, start, finish) in enumerate(zip(calendars, early, early[count:], strict=False))
        ]
        finishes = self._by_position(finishes)
        for j, done in self.done.items():
            finishes[j] = done
        return finishes

    def _by_position(self, items: list[Item]) -> list[Item]:
        """Put the items of tasks that have numbers to the positions of these."""
        return items if isinstance(self._rank, range) else pick(items, self._rank)

    def late_start(self, j: int) -> date:
        """First working day that still keeps every deadline and the project's finish."""
        return self._first(j, self._slip(j))

    def late_finish(self, j: int) -> date:
        """Last working day that still keeps every deadline and the project's finish."""
        return self._last(j, self._slip(j))

    def _slip(self, j: int) -> int:
        return self.computed.total_float[self._rank[j]]

    def total_float(self, j: int) -> int | None:
        """Working days that j can slip before the project's finish or a deadline breaks; negative = already broken."""
        return None if j in self.settled else self._slip(j)

    def free_float(self, j: int) -> int | None:
        """Working days that j can slip without moving any successor or the project's finish."""
        return None if j in self.settled else self.computed.free_float[self._rank[j]]

    def moves_another(self, j: int, days: int) -> bool:
        """Say whether so many days more work in j would move the finish of another task."""
        j, now = self._rank[j], self.computed.early[len(self.tasks) :]
        then = early_finishes(with_more_work(self.network, j, days))
        return now[:j] != then[:j] or now[j + 1 :] != then[j + 1 :]

    def deadline_float(self, j: int) -> int | None:
        """Working days that j can slip before some deadline downstream breaks; None when there is none."""
        days = self.computed.deadline_float[self._rank[j]]
        return None if days >= FREE or j in self.settled else days

    def deadline_floats(self) -> list[int | None]:
        """Give what `deadline_float` gives, for every task."""
        floats = [None if days >= FREE else days for days in self.computed.deadline_float]
        for number in self.network.settled:
            floats[number] = None
        return self._by_position(floats)

    def binding_deadline(self, j: int) -> int | None:
        """The task whose deadline breaks first when j slips."""
        return None if self.deadline_float(j) is None else self._order[self.computed.deadline_task[self._rank[j]]]

    def binding_deadlines(self) -> list[int | None]:
        """Give what `binding_deadline` gives, for every task."""
        order = self._order
        binding = [
            None if days >= FREE else order[task]
            for days, task in zip(self.computed.deadline_float, self.computed.deadline_task, strict=True)
        ]
        for number in self.network.settled:
            binding[number] = None
        return self._by_position(binding)

    def critical(self, j: int) -> bool:
        """Whether j is open and has no float left."""
        return self._slip(j) <= 0 and j not in self.settled

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
        start, asked, links = self.bound_start(j), self.computed.asked, self.network.links
        return tuple(at for at, k in enumerate(links.into(self._rank[j])) if asked[k] == start)

    def driving_links(self) -> list[tuple[int, ...]]:
        """Give what `driving` gives, for every task. Few answers differ, so that tasks share them."""
        links, dates = self.network.links, self.computed
        starts = dates.early[: len(self.tasks)]
        for number, start in dates.work_start.items():
            starts[number] = start
        targets, first = links.targets, links.first
        found: list[tuple[int, ...]] = [()] * len(starts)
        binds = map(eq, dates.asked, map(starts.__getitem__, targets))
        for k, number in compress(enumerate(targets), binds):
            at = k - first[number]
            found[number] += ALONE[at] if at < FEW else (at,)
        return self._by_position(found)

    def held(self, j: int) -> bool:
        """Whether j would be finished by now: it is open, and only the data date puts its finish where it is."""
        return self.span(j)[1] > self.bound_start(j) + self.work(j)

    def finishes_on_the_data_date(self, j: int) -> bool:
        """Whether the data date is what j finishes on, as no open work does before."""
        return self.span(j)[1] == self.network.floor[self._rank[j]]

    def finish(self) -> date:
        """Last working day of the whole plan; its start where no task stands in the network."""
        return max((self.early_finish(j) for j in self.last_tasks()), default=self.plan.start)

    def last_tasks(self) -> tuple[int, ...]:
        """Positions of the tasks that finish last."""
        calendars, ends, finish = self.network.calendars, self.computed.early[len(self.tasks) :], self.computed.finish
        limits = {calendar: calendar.index(finish) for calendar in set(calendars)}
        last = [number for number, calendar in enumerate(calendars) if ends[number] == limits[calendar]]
        if len(limits) > 1:
            # Days off of one calendar may be worked in another: who ends before them is last only where a morning ends
            # all.
            mornings = self.computed.mornings
            if not any(number in mornings and calendars[number].ordinal(ends[number]) == finish for number in last):
                last = [
                    number
                    for number in last
                    if number not in mornings and calendars[number].ordinal(ends[number] - 1) + 1 == finish
                ]
        return tuple(sorted(map(self._order.__getitem__, last)))

    def length(self, j: int) -> int:
        """Days of its calendar from the early start of j to its early finish."""
        start, finish = self.span(j)
        return finish - start

    def _first(self, j: int, slip: int) -> date:
        start, finish = self.span(j)
        return self.day(j, start + slip) if start != finish else self._point(j, slip)

    def _last(self, j: int, slip: int) -> date:
        start, finish = self.span(j)
        return self.day(j, finish + slip - 1) if start != finish else self._point(j, slip)

    def _point(self, j: int, slip: int) -> date:
        """Show a 0d point: on the day before its boundary, or the day after when a start binds it (ties: the later)."""
        boundary = self.span(j)[0] + slip
        in_the_morning = not slip and self._rank[j] in self.computed.mornings
        return self.day(j, boundary if in_the_morning else boundary - 1)

    def rests_on(self) -> list[int]:
        """Tell for each task what its early dates rest on: NOTHING_GUESSED, INFERRED_LINKS only, or ESTIMATES."""
        result = [ESTIMATES if task.estimated else NOTHING_GUESSED for task in self.tasks]
        for j in self.settled:
            result[j] = NOTHING_GUESSED  # what has happened rests on nothing
        tasks, inferred = self.tasks, Basis.INFERRED
        if ESTIMATES not in result and not any(link.basis is inferred for task in tasks for link in task.links):
            return result  # where nobody estimated or inferred anything, nothing rests on it
        links, dates = self.network.links, self.computed
        sources, order, asked, early, begun = links.sources, links.order, dates.asked, dates.early, dates.work_start
        for number, j in enumerate(order):
            if result[j] == ESTIMATES or not tasks[j].links:
                continue
            start, rests = begun.get(number, early[number]), NOTHING_GUESSED
            for k, link in zip(links.into(number), tasks[j].links, strict=True):
                if asked[k] == start:
                    upstream = result[order[sources[k]]]
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
