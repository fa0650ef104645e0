"""The network of the forecast: what has happened stays as it happened, what is open goes on from the data date.

Done work keeps its days and waits for nothing; done on an unknown day it drives nothing either. Where nobody says when
it began, it took its length, or what of that lies after the plan's start where it ends there. Cancelled work has no
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
from itertools import chain, compress
from operator import not_
from typing import TYPE_CHECKING

from cdsplan.plan.model import Silence
from cdsplan.progress import NOTHING_KNOWN, Phase, Progress
from cdsplan.schedule.cpm import early_starts
from cdsplan.schedule.links import BINDS_FINISH
from cdsplan.schedule.tables import NEVER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from cdsplan.plan.model import Plan
    from cdsplan.schedule.network import Network
    from cdsplan.workdays import Workdays


def forecast_network(plan: Plan, planned: Network, known: Sequence[Progress], as_of: date) -> Network:
    """Put what is known into the planned network."""
    return _Forecast(plan, planned, as_of).build(known)


class _Forecast:
    """The planned network on its way to the forecast: lists that are changed task by task."""

    def __init__(self, plan: Plan, planned: Network, as_of: date) -> None:
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
        self.unbound: list[int] = []  # tasks that wait for nothing
        self.going: list[int] = []  # tasks of which links bind the finish only
        self.index = {calendar: planned.rulers[calendar].index_from for calendar in set(planned.calendars)}
        # The least start of work that must wait for the data date, and the least finish of open work.
        self.now = {calendar: index(as_of.toordinal()) for calendar, index in self.index.items()}
        self.floor = _by_calendar({calendar: now + 1 for calendar, now in self.now.items()}, planned.calendars)

    def build(self, known: Sequence[Progress]) -> Network:
        """Change every task by what is known of it."""
        planned, earliest = self.planned, self.earliest
        if self.strict:
            now = _by_calendar(self.now, planned.calendars)
            for j, state in enumerate(known):
                if state is NOTHING_KNOWN and earliest[j] < now[j]:
                    earliest[j] = now[j]
        for j in compress(range(len(known)), map(not_, planned.work)):
            if known[j].open:
                self._put_ahead(j)
        finished, cancelled = Phase.DONE, Phase.CANCELLED
        for j in [j for j, state in enumerate(known) if state is not NOTHING_KNOWN]:
            state = known[j]
            if state.phase is finished:
                self._settle(j, state)
            elif state.phase is cancelled:
                self._pass_through(j)
            elif planned.work[j]:
                self._go_on(j, state)
        self._drop_links()
        began, ended = ({}, {}) if self.network.across is None else self._on_days_off(known)
        return self.network._replace(
            earliest=earliest,
            cap=self.cap,
            started=self.started,
            floor=self.floor,
            done=frozenset(self.done),
            done_on_days_off=frozenset(self.on_days_off),
            settled=frozenset(self.done | self.unknown | self.cancelled),
            began=began,
            ended=ended,
        )

    def _put_ahead(self, j: int) -> None:
        """Let an open point lie ahead."""
        self.earliest[j] = max(self.earliest[j], self.now[self.planned.calendars[j]])
        self.floor[j] = -NEVER

    def _pass_through(self, j: int) -> None:
        """Let cancelled work pass the logic through."""
        self.cancelled.add(j)
        self.floor[j] = -NEVER
        self.cap[j] = NEVER
        self.earliest[j] = self.index[self.planned.calendars[j]](self.start.toordinal())
        self.network.lengthen(j, -self.network.work[j])

    def _settle(self, j: int, state: Progress) -> None:
        """Let done work stand on its own days; on an unknown day it stands somewhere before the data date."""
        calendar, work, started, done = self.planned.calendars[j], self.network.work, state.started, state.done
        index = self.index[calendar]
        self.floor[j] = -NEVER
        self.unbound.append(j)
        if done is None:
            self.unknown.add(j)
            begun = min(self.earliest[j], self.now[calendar]) if started is None else index(started.toordinal())
            self.earliest[j], work[j] = begun, 0
            return
        self.done.add(j)
        finish, length = index(done.toordinal() + 1), work[j]
        begun = finish - length
        if length:
            if started is not None:
                begun = min(index(started.toordinal()), finish)
            elif begun < (first := index(self.start.toordinal())) < finish:
                begun = first
            work[j] = finish - begun
        self.earliest[j] = begun
        if length and begun == finish:
            self.on_days_off.add(j)

    def _go_on(self, j: int, state: Progress) -> None:
        """Let open work that has begun go on."""
        calendar, percent = self.planned.calendars[j], state.percent
        index = self.index[calendar]
        begun = None if state.started is None else index(state.started.toordinal())
        waits = state.waits or (begun is None and percent is None)
        earliest = -NEVER if percent is None else index((state.reported or self.reported).toordinal() + 1)
        if self.strict:
            earliest = max(earliest, self.now[calendar])
            if begun is None:  # who has begun no longer waits for the day before which nothing could
                earliest = max(earliest, self.earliest[j])
        else:
            if waits:
                earliest = max(earliest, self.earliest[j])
            else:
                self.going.append(j)
            if begun is not None and begun > earliest:
                earliest = begun
        self.earliest[j] = earliest
        if percent:
            work = self.planned.work[j]
            self.network.lengthen(j, -(-work * (100 - percent) // 100) - work)
        if begun is None:
            begun = min(self.planned_starts[j], index((state.reported or self.reported).toordinal()))
        self.started[j] = begun

    @cached_property
    def planned_starts(self) -> list[int]:
        """The early starts of the planned network."""
        return early_starts(self.planned)

    def _drop_links(self) -> None:
        """Drop links into done work, to the start of work that has begun, and from what was done nobody knows when."""
        links = self.network.links
        first, beyond, kinds = links.first, links.beyond, links.kinds
        dropped = [k for j in self.unbound for k in range(first[j], beyond[j])]
        dropped += [k for j in self.going for k in range(first[j], beyond[j]) if not kinds[k] & BINDS_FINISH]
        if self.unknown:
            dropped += [k for k, i in enumerate(links.sources) if i in self.unknown]
        self.network.drop(dropped)

    def _on_days_off(self, known: Sequence[Progress]) -> tuple[dict[int, int], dict[int, int]]:
        """Give the boundaries, as ordinals, of work that began or ended on days off, for links to other calendars."""
        began: dict[int, int] = {}
        ended: dict[int, int] = {}
        calendars, work = self.planned.calendars, self.planned.work
        for i in self.done:
            day = known[i].done
            if day is not None and not calendars[i].is_working(ordinal := day.toordinal()):
                ended[i] = ordinal + 1
                if not work[i]:  # its start is its finish
                    began[i] = ordinal + 1
        for i in chain(self.done, self.started):
            day = known[i].started
            if day is not None and work[i] and not calendars[i].is_working(ordinal := day.toordinal()):
                began[i] = ordinal
        return began, ended


def _by_calendar(boundaries: Mapping[Workdays, int], calendars: Sequence[Workdays]) -> list[int]:
    """Give each task the boundary of its calendar."""
    if len(boundaries) == 1:
        return [*boundaries.values()] * len(calendars)
    return list(map(boundaries.__getitem__, calendars))
