"""The status of every item as of one day: what is overdue, what comes next, what is at risk, who is missing.

Two axes, as Vietnamese practice has them: phase (how far the work is) and timeliness (how it stands to its deadline).
`days` counts calendar days: late > 0, left < 0, 0 on the last good day. Nothing here reads the clock.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from cdsplan.plan.deadlines import DeadlineReader
from cdsplan.plan.model import Counted, LinkType, Reading
from cdsplan.progress import Phase

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from cdsplan.plan.model import Plan, Task
    from cdsplan.schedule import Schedule


class Timeliness(StrEnum):
    """How an item stands to its last good day in force. In order of attention."""

    OVERDUE = "overdue"
    DUE_TODAY = "due-today"
    DUE_SOON = "due-soon"
    ON_TRACK = "on-track"
    UNDETERMINED = "undetermined"
    NO_DEADLINE = "no-deadline"
    DONE_LATE = "done-late"
    DONE_ON_TIME = "done-on-time"


OPEN = frozenset({Phase.NOT_STARTED, Phase.IN_PROGRESS})


class Member(NamedTuple):
    """One agency's own delivery of a fan-out."""

    agency: str
    phase: Phase
    timeliness: Timeliness | None
    days: int | None
    due: Reading | None
    done_on: date | None


class Item(NamedTuple):
    """One task judged as of a day.

    `due` is the deadline in force (None: none, or counted from an event that has not happened; then `tentative` is the
    day that the forecast gives). `timeliness` is None for a cancelled item. `at_risk_days` counts calendar days from
    the last good day to the forecast finish. `estimated` says that the forecast rests on an estimated duration or an
    inferred link. `deadline_float` is how many working days it may slip before a deadline breaks, `deadline_task` whose
    deadline that is. `blocked_by` names the open predecessors that it waits for. `members` is empty but for a fan-out.
    """

    plan: Plan
    task: Task
    phase: Phase
    timeliness: Timeliness | None
    days: int | None
    due: Reading | None
    done_on: date | None
    forecast_finish: date
    at_risk_days: int | None
    estimated: bool
    deadline_float: int | None
    blocked_by: tuple[str, ...]
    members: tuple[Member, ...] = ()
    tentative: Reading | None = None
    deadline_task: str | None = None

    @property
    def open(self) -> bool:
        """Whether work remains."""
        return self.phase in OPEN

    @property
    def missing(self) -> tuple[str, ...]:
        """Agencies that have not delivered."""
        return tuple([member.agency for member in self.members if member.phase in OPEN])

    @property
    def delivered(self) -> int:
        """How many members have delivered."""
        return [member.phase for member in self.members].count(Phase.DONE)

    @property
    def expected(self) -> int:
        """How many members must deliver: a cancelled one leaves the count."""
        return len(self.members) - [member.phase for member in self.members].count(Phase.CANCELLED)


class Status(NamedTuple):
    """All items of one or more plans as of a day, in declared order."""

    as_of: date
    forecasts: tuple[Schedule, ...]
    items: tuple[Item, ...]

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The plans judged."""
        return tuple(forecast.plan for forecast in self.forecasts)


def judge(forecasts: Iterable[Schedule], as_of: date) -> Status:
    """Judge every item of the forecasts as of the end of their day."""
    forecasts = tuple(forecasts)
    items = [item for forecast in forecasts for item in _judge_plan(forecast, as_of)]
    return Status(as_of=as_of, forecasts=forecasts, items=tuple(items))


def timeliness_of(
    phase: Phase, due: Reading | None, done_on: date | None, as_of: date, warn: int
) -> tuple[Timeliness, int | None]:
    """Give the timeliness of an item that is not cancelled, and its days (None where no day is judged)."""
    last = due.last if due is not None else None
    if last is None:
        return Timeliness.NO_DEADLINE, None
    if phase is Phase.DONE:
        if done_on is None:
            return Timeliness.NO_DEADLINE, None
        days = (done_on - last).days
        return (Timeliness.DONE_LATE if days > 0 else Timeliness.DONE_ON_TIME), days
    days = (as_of - last).days
    if days > 0:
        return Timeliness.OVERDUE, days
    if not days:
        return Timeliness.DUE_TODAY, 0
    return (Timeliness.DUE_SOON if days >= -warn else Timeliness.ON_TRACK), days


def _judge_plan(forecast: Schedule, as_of: date) -> list[Item]:
    plan = forecast.plan
    # Looked up once: before Python 3.12, naming a member of an enumeration costs more than a step of this loop.
    not_started, finished, cancelled = Phase.NOT_STARTED, Phase.DONE, Phase.CANCELLED
    phases = [state.phase for state in forecast.known]
    is_open = [phase is not finished and phase is not cancelled for phase in phases]
    tasks, binding = forecast.tasks, forecast.dates.deadline_task
    floats, finishes, estimated = forecast.deadline_floats(), forecast.early_finishes(), forecast.estimated()
    standing: dict[int, tuple[Timeliness, int | None]] = {}  # of open items, by their deadline: plans repeat them
    items: list[Item] = []
    for task, before, phase, open_, finish, rests, slip, binds in zip(
        tasks, plan.waits_for, phases, is_open, finishes, estimated, floats, binding, strict=True
    ):
        due, tentative, done_on, at_risk_days, deadline_task = task.due, None, None, None, None
        blocked_by: tuple[str, ...] = ()
        timeliness: Timeliness | None = None
        days: int | None = None
        counted = type(due) is Counted
        if type(due) is Counted:
            due, tentative = _count_from_event(due, forecast, phases)
        if open_:
            if counted and due is None:
                timeliness = Timeliness.UNDETERMINED
            else:
                known = standing.get(id(due))
                if known is None:
                    known = standing[id(due)] = timeliness_of(phase, due, None, as_of, plan.warn)
                timeliness, days = known
            if due is not None and due.last is not None and finish > due.last:
                at_risk_days = (finish - due.last).days
            if slip is not None:
                deadline_task = tasks[binds].id
            if before and phase is not_started:
                blocked_by = _waits_for(task, before, is_open)
        elif phase is finished:
            done_on = task.facts.done
            if due is None and tentative is not None:
                timeliness = Timeliness.UNDETERMINED
            else:
                timeliness, days = timeliness_of(phase, due, done_on, as_of, plan.warn)
        members = (
            tuple([Member(agency, phase, timeliness, days, due, done_on) for agency in task.members])
            if task.members
            else ()
        )
        # `Item(…)` does the same, but hands fifteen fields through a function of Python first.
        items.append(tuple.__new__(Item, (
            plan, task, phase, timeliness, days, due, done_on, finish,
            at_risk_days, rests, slip if open_ else None, blocked_by, members, tentative, deadline_task,
        )))  # fmt: skip
    return items


def _count_from_event(
    counted: Counted, forecast: Schedule, phases: list[Phase]
) -> tuple[Reading | None, Reading | None]:
    """Give the deadline in force, or the tentative one where the event has not happened."""
    event = forecast.position[counted.event]
    if phases[event] is Phase.DONE:
        happened = forecast.tasks[event].facts.done
        return (None if happened is None else _count(counted, happened, forecast.plan)), None
    expected = forecast.early_finish(event)
    return None, _count(counted, expected, forecast.plan) if expected.year <= LAST_YEAR else None


LAST_YEAR = 2199
"""A forecast beyond is no day to tell anyone."""


def _count(counted: Counted, event: date, plan: Plan) -> Reading:
    reader = DeadlineReader(plan.policy, plan.workdays)
    return reader.counted(counted.amount, counted.unit, event, before=counted.before, words=str(counted))


def _waits_for(task: Task, before: Sequence[int], is_open: list[bool]) -> tuple[str, ...]:
    """Open predecessors that must finish before the task can start."""
    return tuple([
        link.predecessor
        for i, link in zip(before, task.links, strict=True)
        if is_open[i] and link.type is _FINISH_START
    ])  # fmt: skip


_FINISH_START = LinkType.FS
