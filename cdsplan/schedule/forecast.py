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
plan's `revised` day, at the latest the data date. Where progress is reported and no start, the work is taken to have
started as planned, at the latest on the day of the report. Where neither a start nor a percentage is told (some members
of a fan-out have delivered; work was done and is open again), or some members have not begun, nobody says that the rest
has begun: it waits for its predecessors as unreported work does. A point (0d) has no progress and no start of its own:
it lies ahead until it is done.
"""

from __future__ import annotations

from functools import cached_property
from itertools import compress
from operator import not_
from typing import TYPE_CHECKING

from cdsplan.plan.model import Silence
from cdsplan.progress import NOTHING_KNOWN, Phase, Progress
from cdsplan.schedule.cpm import forward
from cdsplan.schedule.crossing import NEVER
from cdsplan.schedule.network import TO_FINISH, Network

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
        self.network = planned.changeable()
        self.earliest = planned.earliest.copy()
        self.cap = planned.cap.copy()
        self.started: dict[int, int] = {}
        self.done: set[int] = set()
        self.unknown: set[int] = set()  # done on an unknown day
        self.on_days_off: set[int] = set()
        self.cancelled: set[int] = set()
        self.index = {calendar: planned.laid.ruler(calendar).start for calendar in set(planned.calendars)}
        # The least finish of open work, and the least start of work that must wait for the data date.
        now = {calendar: index[as_of.toordinal()] for calendar, index in self.index.items()}
        self.now = list(map(now.__getitem__, planned.calendars))
        floor = {calendar: boundary + 1 for calendar, boundary in now.items()}
        self.floor = list(map(floor.__getitem__, planned.calendars))

    def build(self, known: Sequence[Progress]) -> Network:
        """Change every task by what is known of it."""
        planned, earliest, now = self.planned, self.earliest, self.now
        if self.strict:
            for j, state in enumerate(known):
                if state is NOTHING_KNOWN and earliest[j] < now[j]:
                    earliest[j] = now[j]
        for j in compress(range(len(known)), map(not_, planned.work)):
            if known[j].open:
                self._put_ahead(j)
        finished, cancelled = Phase.DONE, Phase.CANCELLED
        for j, state in enumerate(known):
            if state is NOTHING_KNOWN:
                continue
            if state.phase is finished:
                self._settle(j, state)
            elif state.phase is cancelled:
                self._pass_through(j)
            elif planned.work[j]:
                self._go_on(j, state)
        if self.unknown:
            self._let_go()
        if self.network.ways:
            self._fix(known)
        return self.network._replace(
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
        self.earliest[j] = self.index[self.planned.calendars[j]][self.start.toordinal()]
        self._leave(j, 0)

    def _settle(self, j: int, state: Progress) -> None:
        """Let done work stand on its own days; on an unknown day it stands somewhere before the data date."""
        index, started, done = self.index[self.planned.calendars[j]], state.started, state.done
        self.floor[j] = -NEVER
        self.network.drop(self.network.into(j))
        if done is None:
            self.unknown.add(j)
            begun = min(self.earliest[j], self.now[j]) if started is None else index[started.toordinal()]
            self.earliest[j], self.network.work[j] = begun, 0
            return
        self.done.add(j)
        finish, length = index[done.toordinal() + 1], self.network.work[j]
        begun = finish - length
        if started is not None and length:
            begun = min(index[started.toordinal()], finish)
        self.earliest[j], self.network.work[j] = begun, finish - begun
        if length and begun == finish:
            self.on_days_off.add(j)

    def _go_on(self, j: int, state: Progress) -> None:
        """Let open work that has begun go on."""
        index, percent = self.index[self.planned.calendars[j]], state.percent
        begun = None if state.started is None else index[state.started.toordinal()]
        waits = state.waits or (begun is None and percent is None)
        earliest = -NEVER if percent is None else index[(state.reported or self.reported).toordinal() + 1]
        if self.strict:
            earliest = max(earliest, self.now[j])
            if begun is None:  # who has begun no longer waits for the day before which nothing could
                earliest = max(earliest, self.earliest[j])
        else:
            if waits:
                earliest = max(earliest, self.earliest[j])
            if begun is not None:
                earliest = max(earliest, begun)
        self.earliest[j] = earliest
        if percent:
            self._leave(j, -(-self.planned.work[j] * (100 - percent) // 100))
        if not self.strict and not waits:
            self._keep_finish_links(j)
        if begun is None:
            begun = min(self.planned_starts[j], index[(state.reported or self.reported).toordinal()])
        self.started[j] = begun

    @cached_property
    def planned_starts(self) -> list[int]:
        """The early starts of the planned network, and its early finishes after them."""
        return forward(self.planned).early

    def _leave(self, j: int, work: int) -> None:
        """Leave so much work."""
        days = work - self.network.work[j]
        if days:
            self.network.lengthen(self.tasks[j], j, days)

    def _keep_finish_links(self, j: int) -> None:
        """Drop the links that bind the start of work that has begun."""
        links = enumerate(self.tasks[j].links, self.network.first[j])
        self.network.drop([k for k, link in links if link.type not in TO_FINISH])

    def _let_go(self) -> None:
        """Drop the links from work that was done nobody knows when."""
        self.network.drop([k for k, i in enumerate(self.network.sources) if i in self.unknown])

    def _fix(self, known: Sequence[Progress]) -> None:
        """Let links to other calendars, and elapsed lags, start from the day that is known, worked or not."""
        network, count = self.network, len(self.tasks)
        boundary: dict[int, int] = {}  # of each point that is known
        for i in self.done | self.started.keys():
            started, done = known[i].started, known[i].done
            if done is not None:
                boundary[i + count] = done.toordinal() + 1
                if not self.planned.work[i]:  # its start is its finish
                    boundary[i] = boundary[i + count]
            if started is not None and self.planned.work[i]:
                boundary[i] = started.toordinal()
        for k in compress(range(len(network.points)), map(boundary.__contains__, network.points)):
            way = network.ways[k]
            if way is not None:
                network.ways[k] = network.laid.fixed(way, boundary[network.points[k]])
