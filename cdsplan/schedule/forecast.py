"""The network of the forecast: what has happened stays as it happened, what is open goes on from the data date.

Done work keeps its days and waits for nothing; cancelled work has no length and passes the logic through. Of open work
nothing finishes before the data date (`as_of`, the end of that day). The rest depends on what silence means:

- on plan (the default): what nobody reports on runs as the logic has it, also before the data date. Work that has
  started goes on whatever its predecessors do; only links to its finish still bind it. A reported percentage counts
  from its report: the plan's `revised` day, else the data date.
- no progress: what nobody reports has not happened. Remaining work starts at the data date at the earliest, and after
  its open predecessors, also where it has started ("retained logic").

Remaining work is `ceil(work x (100 - percent) / 100)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdsplan.plan.model import Silence
from cdsplan.progress import NOTHING_KNOWN, Phase, Progress
from cdsplan.schedule.network import NEVER, TO_FINISH, Network, shorter

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
        self.today = as_of.toordinal()
        self.reported = (plan.revised or as_of).toordinal()
        self.strict = plan.policy.silence is Silence.NO_PROGRESS
        self.work = planned.work.copy()
        self.links = planned.links.copy()
        self.crossings = planned.crossings.copy()
        self.earliest = planned.earliest.copy()
        self.cap = planned.cap.copy()
        self.started: dict[int, int] = {}
        self.settled: set[int] = set()
        self.undated: set[int] = set()
        self.start = plan.start.toordinal()
        # The least finish of open work, and the least start of work that must wait for the data date.
        now = {calendar: calendar.index(self.today) for calendar in set(planned.calendars)}
        self.now = [now[calendar] for calendar in planned.calendars]
        self.floor = [boundary + 1 for boundary in self.now]

    def build(self, known: Sequence[Progress]) -> Network:
        """Change every task by what is known of it."""
        strict, work = self.strict, self.work
        for j, state in enumerate(known):
            if state is not NOTHING_KNOWN:
                self._set(j, state)
            elif strict:
                self.earliest[j] = max(self.earliest[j], self.now[j])
            if not work[j] and state.open:
                self.earliest[j] = max(self.earliest[j], self.now[j])
                self.floor[j] = -NEVER
        if self.undated:
            self._forget()
        return self.planned._replace(
            work=self.work,
            links=self.links,
            crossings=self.crossings,
            earliest=self.earliest,
            cap=self.cap,
            started=self.started,
            floor=self.floor,
            settled=frozenset(self.settled),
        )

    def _set(self, j: int, state: Progress) -> None:
        match state.phase:
            case Phase.DONE:
                self._settle(j, state)
            case Phase.CANCELLED:
                self.settled.add(j)
                self.floor[j] = -NEVER
                self.cap[j] = NEVER
                self._shorten(j, 0)
            case _:
                self._go_on(j, state)

    def _settle(self, j: int, state: Progress) -> None:
        """Let done work stand on its own days; on an unknown day it stands nowhere and drives nothing."""
        calendar = self.planned.calendars[j]
        self.settled.add(j)
        self.floor[j] = -NEVER
        self.links[j] = []
        self.crossings.pop(j, None)
        if state.done is None:
            self.undated.add(j)
            self.work[j] = 0
            self.earliest[j] = calendar.index(self.start)
            return
        finish = calendar.index(state.done.toordinal() + 1)
        start = finish - self.work[j] if state.started is None else calendar.index(state.started.toordinal())
        self.earliest[j] = min(start, finish)
        self.work[j] = finish - self.earliest[j]

    def _forget(self) -> None:
        """Drop the links from work that was done on an unknown day; what is dropped keeps its place in the list."""
        count = len(self.tasks)
        for j, links in enumerate(self.links):
            if any(point % count in self.undated for point, _ in links):
                self.links[j] = [
                    (point, -NEVER if point % count in self.undated else distance) for point, distance in links
                ]
        for j, crossings in self.crossings.items():
            self.crossings[j] = [
                crossing._replace(elapsed=True, lag=-LONG_AGO) if crossing.point % count in self.undated else crossing
                for crossing in crossings
            ]

    def _go_on(self, j: int, state: Progress) -> None:
        """Let open work that has begun go on."""
        calendar = self.planned.calendars[j]
        remaining = -(-self.planned.work[j] * (100 - (state.percent or 0)) // 100)
        begun = calendar.index(state.started.toordinal()) if state.started is not None else None
        if self.strict:
            self.earliest[j] = max(self.earliest[j], self.now[j]) if begun is None else self.now[j]
        elif state.percent is not None:
            before = state.started.toordinal() - 1 if state.started is not None else 0
            self.earliest[j] = calendar.index(max(self.reported, before) + 1)
        elif begun is not None:
            self.earliest[j] = begun
        self._shorten(j, remaining)
        if not self.strict:
            self._keep_finish_links(j)
        if begun is not None and begun < self.earliest[j]:
            self.started[j] = begun
        elif begun is None:
            self.started[j] = min(self.planned.earliest[j], self.earliest[j])

    def _shorten(self, j: int, work: int) -> None:
        """Leave so much work; links that bind the finish are counted from there."""
        saved = self.work[j] - work
        self.work[j] = work
        if not saved:
            return
        if j in self.crossings:
            self.crossings[j] = [crossing._replace(length=work) for crossing in self.crossings[j]]
        elif self.links[j]:
            self.links[j] = shorter(self.links[j], self.tasks[j], saved)

    def _keep_finish_links(self, j: int) -> None:
        """Drop the links that bind the start of work that has begun; what is dropped keeps its place in the list."""
        if j in self.crossings:
            self.crossings[j] = [
                crossing if crossing.to_finish else crossing._replace(elapsed=True, lag=-LONG_AGO)
                for crossing in self.crossings[j]
            ]
        elif self.links[j]:
            self.links[j] = [
                (point, distance if link.type in TO_FINISH else -NEVER)
                for (point, distance), link in zip(self.links[j], self.tasks[j].links, strict=True)
            ]


LONG_AGO = 1 << 40
"""Elapsed days back that take a bound before everything."""
