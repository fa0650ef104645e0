"""The network of the forecast: what has happened stays as it happened, what is open goes on from the data date.

Done work keeps its days and waits for nothing; done on an unknown day it drives nothing either. Cancelled work has no
length, no `not-before` and no deadline of its own: it only passes the logic through. Of open work nothing finishes
before the data date (`as_of`), and what has started has started: links bound what is left of it, and from its start
on no slip is possible. The rest depends on what silence means:

- on plan (the default): what nobody reports on runs as the logic has it, also before the data date. Work that has
  started goes on whatever its predecessors do; only links to its finish still bind it.
- no progress: what nobody reports has not happened. Remaining work starts at the data date at the earliest, and after
  its open predecessors, also where it has started ("retained logic").

Remaining work is `ceil(work x (100 - percent) / 100)` from the day after the report, which is the journal's, else the
plan's `revised` day, at the latest the data date. Where a percentage is reported and no start, the work is taken to
have started as planned, at the latest on the day of the report. A point (0d) has no progress and no start of its own:
it lies ahead until it is done.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from cdsplan.plan.model import Silence
from cdsplan.progress import NOTHING_KNOWN, Phase, Progress
from cdsplan.schedule.cpm import forward
from cdsplan.schedule.crossing import NEVER, NO_BOUND, NOTHING
from cdsplan.schedule.network import TO_FINISH, Boundaries, Network, shorter, shorter_crossings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from cdsplan.plan.model import Plan, Task


def forecast_network(
    plan: Plan, tasks: Sequence[Task], planned: Network, known: Sequence[Progress], as_of: date
) -> Network:
    """Put what is known into the planned network."""
    return _Forecast(plan, tasks, planned, as_of).build(known)


class _Forecast:
    """The planned network on its way to the forecast: lists that are changed task by task."""

    def __init__(self, plan: Plan, tasks: Sequence[Task], planned: Network, as_of: date) -> None:
        self.tasks = tasks
        self.planned = planned
        self.reported = min(plan.revised or as_of, as_of)
        self.start = plan.start
        self.strict = plan.policy.silence is Silence.NO_PROGRESS
        self.work = planned.work.copy()
        self.links = planned.links.copy()
        self.crossings = planned.crossings.copy()
        self.earliest = planned.earliest.copy()
        self.cap = planned.cap.copy()
        self.started: dict[int, int] = {}
        self.done: set[int] = set()
        self.unknown: set[int] = set()  # done on an unknown day
        self.on_days_off: set[int] = set()
        self.cancelled: set[int] = set()
        # By calendar: the boundaries at which a day begins, and those after it.
        self.begins = {calendar: Boundaries(calendar, 0) for calendar in set(planned.calendars)}
        self.ends = {calendar: Boundaries(calendar, 1) for calendar in self.begins}
        # The least finish of open work, and the least start of work that must wait for the data date.
        now = {calendar: begins[as_of] for calendar, begins in self.begins.items()}
        self.now = [now[calendar] for calendar in planned.calendars]
        self.floor = [boundary + 1 for boundary in self.now]

    def build(self, known: Sequence[Progress]) -> Network:
        """Change every task by what is known of it."""
        planned, strict = self.planned, self.strict
        work, earliest, now = planned.work, self.earliest, self.now
        finished, cancelled = Phase.DONE, Phase.CANCELLED
        for j, state in enumerate(known):
            if state is NOTHING_KNOWN:
                if strict and earliest[j] < now[j]:
                    earliest[j] = now[j]
                if not work[j]:
                    self._put_ahead(j)
            elif state.phase is finished:
                self._settle(j, state)
            elif state.phase is cancelled:
                self._pass_through(j)
            elif work[j]:
                self._go_on(j, state)
            else:
                self._put_ahead(j)
        if self.unknown:
            self._let_go()
        if self.crossings:
            self._fix(known)
        return planned._replace(
            work=self.work,
            links=self.links,
            crossings=self.crossings,
            earliest=earliest,
            cap=self.cap,
            started=self.started,
            floor=self.floor,
            done=frozenset(self.done),
            done_on_days_off=frozenset(self.on_days_off),
            settled=frozenset(self.done | self.unknown | self.cancelled),
        )

    def _put_ahead(self, j: int) -> None:
        """Let an open point lie ahead."""
        self.earliest[j] = max(self.earliest[j], self.now[j])
        self.floor[j] = -NEVER

    def _pass_through(self, j: int) -> None:
        """Let cancelled work pass the logic through."""
        self.cancelled.add(j)
        self.floor[j] = -NEVER
        self.cap[j] = NEVER
        self.earliest[j] = self.begins[self.planned.calendars[j]][self.start]
        self._shorten(j, 0)

    def _settle(self, j: int, state: Progress) -> None:
        """Let done work stand on its own days; on an unknown day it stands somewhere before the data date."""
        calendar, started, done = self.planned.calendars[j], state.started, state.done
        self.floor[j] = -NEVER
        self.links[j] = ()
        if self.crossings:
            self.crossings.pop(j, None)
        if done is None:
            self.unknown.add(j)
            begun = min(self.earliest[j], self.now[j]) if started is None else self.begins[calendar][started]
            self.earliest[j], self.work[j] = begun, 0
            return
        self.done.add(j)
        finish, length = self.ends[calendar][done], self.work[j]
        begun = finish - length
        if started is not None and length:
            begun = min(self.begins[calendar][started], finish)
        self.earliest[j], self.work[j] = begun, finish - begun
        if length and begun == finish:
            self.on_days_off.add(j)

    def _go_on(self, j: int, state: Progress) -> None:
        """Let open work that has begun go on."""
        calendar, percent = self.planned.calendars[j], state.percent
        begun = None if state.started is None else self.begins[calendar][state.started]
        earliest = -NEVER if percent is None else self.ends[calendar][state.reported or self.reported]
        if self.strict:
            earliest = max(earliest, self.now[j])
            if begun is None:  # who has begun no longer waits for the day before which nothing could
                earliest = max(earliest, self.earliest[j])
        elif begun is not None:
            earliest = max(earliest, begun)
        self.earliest[j] = earliest
        if percent:
            self._shorten(j, -(-self.planned.work[j] * (100 - percent) // 100))
        if not self.strict:
            self._keep_finish_links(j)
        if begun is None:
            begun = min(self.planned_starts[j], self.begins[calendar][state.reported or self.reported])
        self.started[j] = begun

    @cached_property
    def planned_starts(self) -> list[int]:
        """The early starts of the planned network, and its early finishes after them."""
        return forward(self.planned).early

    def _shorten(self, j: int, work: int) -> None:
        """Leave so much work; links that bind the finish are counted from there."""
        saved = self.work[j] - work
        self.work[j] = work
        if not saved:
            return
        if j in self.crossings:
            self.crossings[j] = shorter_crossings(
                self.crossings[j], self.tasks[j], saved, self.planned.ways, ends=work > 0
            )
        elif self.links[j]:
            self.links[j] = shorter(self.links[j], self.tasks[j], saved)

    def _keep_finish_links(self, j: int) -> None:
        """Drop the links that bind the start of work that has begun; what is dropped keeps its place in the list."""
        links = self.tasks[j].links
        if j in self.crossings:
            self.crossings[j] = [
                crossing if link.type in TO_FINISH else (crossing[0], NO_BOUND, NOTHING)
                for crossing, link in zip(self.crossings[j], links, strict=True)
            ]
        elif self.links[j]:
            self.links[j] = [
                (point, distance if link.type in TO_FINISH else NO_BOUND)
                for (point, distance), link in zip(self.links[j], links, strict=True)
            ]

    def _let_go(self) -> None:
        """Drop the links from work that was done nobody knows when."""
        points = self.unknown | {j - len(self.work) for j in self.unknown}
        for j, links in enumerate(self.links):
            if any(point in points for point, _ in links):
                self.links[j] = [(point, NO_BOUND if point in points else distance) for point, distance in links]
        for j, crossings in self.crossings.items():
            if any(point in points for point, _, _ in crossings):
                self.crossings[j] = [
                    (point, NO_BOUND, NOTHING) if point in points else (point, distance, way)
                    for point, distance, way in crossings
                ]

    def _fix(self, known: Sequence[Progress]) -> None:
        """Let links to other calendars, and elapsed lags, start from the day that is known, worked or not."""
        count, ways = len(self.work), self.planned.ways
        boundary: dict[int, int] = {}  # of each point that is known
        for i in self.done | self.started.keys():
            started, done = known[i].started, known[i].done
            if done is not None:
                boundary[i - count] = done.toordinal() + 1
                if not self.planned.work[i]:  # its start is its finish
                    boundary[i] = boundary[i - count]
            if started is not None and self.planned.work[i]:
                boundary[i] = started.toordinal()
        for j, crossings in self.crossings.items():
            if any(point in boundary for point, _, _ in crossings):
                self.crossings[j] = [
                    (point, distance, ways.fixed(way, boundary[point]) if point in boundary else way)
                    for point, distance, way in crossings
                ]
