"""The schedule of a plan: the dates and floats of each task, asked for by task position.

Days are shown inclusively: the first and the last working day of a task, in its own calendar. Floats are in working
days of that calendar; work that is done or cancelled has none.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from cdsplan.plan.model import NO_FACTS, Basis, DeadlineKind, Reading
from cdsplan.progress import NOTHING_KNOWN, progress
from cdsplan.schedule.cpm import FREE, bounds, compute
from cdsplan.schedule.forecast import forecast_network
from cdsplan.schedule.network import NEVER, planned_network

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdsplan.plan.model import Plan
    from cdsplan.progress import Progress
    from cdsplan.schedule.cpm import Dates
    from cdsplan.schedule.network import Network
    from cdsplan.workdays import Workdays

FIRST_DAY, LAST_DAY = date.min.toordinal(), date.max.toordinal()


class Schedule:
    """A network and, once asked for, its dates. `tasks` and `position` translate between tasks and positions.

    `known` is what is known of each task's progress; `actual` holds the days on which work was really done (first,
    last), which need be no working days. Both are empty for the planned network, which has no `as_of` either.
    """

    def __init__(
        self,
        plan: Plan,
        network: Network,
        known: Sequence[Progress] = (),
        as_of: date | None = None,
    ) -> None:
        """Hold a network; nothing is computed yet."""
        self.plan = plan
        self.tasks = tuple(plan.tasks.values())
        self.network = network
        self.known = known
        self.as_of = as_of
        self.actual: dict[int, tuple[date | None, date]] = {
            j: (state.started, state.done) for j, state in enumerate(known) if state.done is not None
        }

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

    def forecast(self, as_of: date) -> Schedule:
        """Put what is known as of a day into this planned network."""
        known = [NOTHING_KNOWN if task.facts is NO_FACTS else progress(task.facts, as_of) for task in self.tasks]
        network = forecast_network(self.plan, self.tasks, self.network, known, as_of)
        return Schedule(self.plan, network, known, as_of)

    def early_start(self, j: int) -> date:
        """First working day when everything goes as early as it can; of done work the day it really started."""
        if j in self.actual and (started := self.actual[j][0]) is not None:
            return started
        return self._first(self.dates.early, j)

    def early_finish(self, j: int) -> date:
        """Last working day when everything goes as early as it can; of done work the day it was really done."""
        return self.actual[j][1] if j in self.actual else self._last(self.dates.early, j)

    def early_finishes(self) -> list[date]:
        """Give what `early_finish` gives, for every task."""
        early, count = self.dates.early, len(self.tasks)
        finishes = [
            days[finish - 1] if finish != start else self._last(early, j)
            for j, (days, start, finish) in enumerate(zip(self.days, early, early[count:], strict=False))
        ]
        for j, (_, done) in self.actual.items():
            finishes[j] = done
        return finishes

    def late_start(self, j: int) -> date:
        """First working day that still keeps every deadline and the project's finish."""
        return self._first(self.dates.late, j)

    def late_finish(self, j: int) -> date:
        """Last working day that still keeps every deadline and the project's finish."""
        return self._last(self.dates.late, j)

    def total_float(self, j: int) -> int | None:
        """Working days that j can slip before the project's finish or a deadline breaks; negative = already broken."""
        return None if j in self.network.settled else self.dates.late[j] - self.dates.early[j]

    def free_float(self, j: int) -> int | None:
        """Working days that j can slip without moving any successor or the project's finish."""
        return None if j in self.network.settled else self.dates.free_float[j]

    def deadline_float(self, j: int) -> int | None:
        """Working days that j can slip before some deadline downstream breaks; None when there is none."""
        latest = self.dates.deadline[j]
        return None if latest == NEVER or j in self.network.settled else latest - self.dates.early[j]

    def deadline_floats(self) -> list[int | None]:
        """Give what `deadline_float` gives, for every task."""
        floats = [
            None if latest == NEVER else latest - start
            for start, latest in zip(self.dates.early, self.dates.deadline, strict=False)
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
        return self.dates.late[j] <= self.dates.early[j] and j not in self.network.settled

    def ongoing(self, j: int) -> bool:
        """Whether j is ongoing work of no stated length, and nothing rests on the length that the network gives it.

        Nobody waits for such work and it is not critical: its finish and its floats are those of the plan's default
        duration, and nobody's word.
        """
        task = self.tasks[j]
        return (
            task.estimated
            and isinstance(task.due, Reading)
            and task.due.kind is DeadlineKind.ONGOING
            and task.id not in self._awaited
            and not self.critical(j)
        )

    @cached_property
    def _awaited(self) -> frozenset[str]:
        return frozenset(link.predecessor for task in self.tasks for link in task.links)

    def driving(self, j: int) -> list[int]:
        """Positions in `task.links` of the links that put j where it is: those without slack."""
        start = self.dates.work_start.get(j, self.dates.early[j])
        found = bounds(j, self.network, self.dates.early, self.dates.at_day_start)
        return [at for at, (_, bound) in enumerate(found) if bound == start]

    def driving_links(self) -> list[list[int]]:
        """Give what `driving` gives, for every task."""
        early, links = self.dates.early, self.network.links
        starts = early[: len(links)]
        for j, start in self.dates.work_start.items():
            starts[j] = start
        found = [
            [at for at, (point, distance) in enumerate(mine) if early[point] + distance == start] if mine else []
            for start, mine in zip(starts, links, strict=True)
        ]
        for j in self.network.crossings:
            found[j] = self.driving(j)
        return found

    def held(self, j: int) -> bool:
        """Whether j would be finished by now: it is open, and only the data date puts its finish where it is."""
        start = self.dates.work_start.get(j, self.dates.early[j])
        return self.dates.early[len(self.tasks) + j] > start + self.network.work[j]

    def finish(self) -> date:
        """Last working day of the whole plan."""
        return max(self.early_finish(j) for j in self.last_tasks())

    def last_tasks(self) -> tuple[int, ...]:
        """Positions of the tasks that finish last."""
        count, finish = len(self.tasks), self.dates.finish
        limits = {calendar: calendar.index(finish) for calendar in set(self.network.calendars)}
        ends = self.dates.early[count:]
        return tuple(
            j
            for j, calendar in enumerate(self.network.calendars)
            if ends[j] == limits[calendar] and calendar.ordinal(ends[j] - 1) + 1 == finish
        )

    def length(self, j: int) -> int:
        """Days of its calendar from the early start of j to its early finish."""
        return self.dates.early[len(self.tasks) + j] - self.dates.early[j]

    def _first(self, points: list[int], j: int) -> date:
        return self.days[j][points[j]] if self.length(j) else self._point(points[j], j)

    def _last(self, points: list[int], j: int) -> date:
        return self.days[j][points[len(self.tasks) + j] - 1] if self.length(j) else self._point(points[j], j)

    def _point(self, boundary: int, j: int) -> date:
        """Show a 0d point: on the day before its boundary, or the day after when a start binds it (ties: the later)."""
        after = j in self.dates.at_day_start and boundary == self.dates.early[j]
        return self.days[j][boundary if after else boundary - 1]

    def estimated(self) -> list[bool]:
        """Tell for each task whether its early dates rest on an estimated duration or an inferred link."""
        result = [task.estimated for task in self.tasks]
        for j in self.network.settled:
            result[j] = False  # what has happened rests on nothing
        count, early, work_start = len(result), self.dates.early, self.dates.work_start
        tasks, links, crossings, inferred = self.tasks, self.network.links, self.network.crossings, Basis.INFERRED
        if True not in result and not any(link.basis is inferred for task in tasks for link in task.links):
            return result  # where nobody estimated or inferred anything, nothing rests on it
        for j in self.network.order:
            if result[j]:
                continue
            mine = links[j]
            if mine:  # asked link by link: a list of what drives each task would cost more than all the rest
                start = work_start[j] if j in work_start else early[j]
                for (point, distance), link in zip(mine, tasks[j].links, strict=True):
                    if early[point] + distance == start and (result[point % count] or link.basis is inferred):
                        result[j] = True
                        break
            elif j in crossings:
                before, declared = self.plan.waits_for[j], tasks[j].links
                result[j] = any(result[before[at]] or declared[at].basis is inferred for at in self.driving(j))
        return result


def schedule(plan: Plan) -> Schedule:
    """Give the planned network of a plan: no facts, baseline deadlines."""
    return Schedule(plan, planned_network(plan))


def forecast(plan: Plan, as_of: date) -> Schedule:
    """Give the forecast of a plan as of a day: its facts, and what is open from there on."""
    return schedule(plan).forecast(as_of)


class Days(dict[int, date]):
    """Dates of working days by their index, each looked up once.

    Outside the years 1 to 9999, which dates cannot say, the nearest date that there is.
    """

    def __init__(self, workdays: Workdays) -> None:
        self._ordinal = workdays.ordinal

    def __missing__(self, index: int) -> date:
        day = self[index] = date.fromordinal(min(max(self._ordinal(index), FIRST_DAY), LAST_DAY))
        return day
