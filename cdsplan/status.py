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
    from cdsplan.progress import Extension, Record
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
    """One agency's own delivery of a fan-out. `document` is what it was delivered with."""

    agency: str
    phase: Phase
    timeliness: Timeliness | None
    days: int | None
    due: Reading | None
    done_on: date | None
    document: str | None = None


class Item(NamedTuple):
    """One task judged as of a day.

    `due` is the deadline in force (None: none, or counted from an event that has not happened; then `tentative` is the
    day that the forecast gives). `timeliness` is None for a cancelled item. `at_risk_days` counts calendar days from
    the last good day to the forecast finish. `estimated` says what guesses the forecast rests on, as
    `Schedule.rests_on` does: 0 is none. `deadline_float` is how many working days it may slip before a deadline breaks,
    `deadline_task` whose deadline that is. `blocked_by` names the open predecessors that it waits for. `members` is
    empty but for a fan-out, which is overdue as soon as one member is, and done late when one was. `record` is what the
    journal tells of it: with extensions, `due` is the deadline in force (of the open members the first) and `baseline`
    the plan's own.
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
    estimated: int
    deadline_float: int | None
    blocked_by: tuple[str, ...]
    members: tuple[Member, ...] = ()
    tentative: Reading | None = None
    deadline_task: str | None = None
    record: Record | None = None
    baseline: Reading | None = None

    @property
    def extensions(self) -> tuple[Extension, ...]:
        """How the deadline was moved, in the order in which that was decided."""
        return () if self.record is None else self.record.extensions

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
    items = _by_the_plan(forecast, as_of)
    for name, record in forecast.records.items():  # apart, so that tasks of which no journal tells pay for none
        j = forecast.position.get(name)
        if j is not None:
            items[j] = _by_record(items[j], record, as_of)
    return items


def _by_the_plan(forecast: Schedule, as_of: date) -> list[Item]:
    """Judge every item by the plan's own deadlines; the members of a fan-out stand as the whole does."""
    plan = forecast.plan
    # Looked up once: before Python 3.12, naming a member of an enumeration costs more than a step of this loop.
    not_started, finished, cancelled = Phase.NOT_STARTED, Phase.DONE, Phase.CANCELLED
    phases = [state.phase for state in forecast.known]
    is_open = [phase is not finished and phase is not cancelled for phase in phases]
    any_cancelled = cancelled in phases
    tasks, binding = forecast.tasks, forecast.dates.deadline_task
    floats, finishes, estimated = forecast.deadline_floats(), forecast.early_finishes(), forecast.rests_on()
    standing: dict[int, tuple[Timeliness, int | None]] = {}  # of open items, by their deadline: plans repeat them
    items: list[Item] = []
    for task, before, state, open_, finish, rests, slip, binds in zip(
        tasks, plan.waits_for, forecast.known, is_open, finishes, estimated, floats, binding, strict=True
    ):
        phase, due, tentative, done_on, at_risk_days, deadline_task = state.phase, task.due, None, None, None, None
        blocked_by: tuple[str, ...] = ()
        timeliness: Timeliness | None = None
        days: int | None = None
        counted = type(due) is Counted
        if type(due) is Counted:
            due, tentative = _count_from_event(due, forecast)
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
                blocked_by = (
                    _waits_behind_cancelled(task, forecast, is_open)
                    if any_cancelled
                    else _waits_for(task, before, is_open)
                )
        elif phase is finished:
            done_on = state.done
            if due is None and tentative is not None:
                timeliness = Timeliness.UNDETERMINED
            else:
                timeliness, days = timeliness_of(phase, due, done_on, as_of, plan.warn)
        members = (
            tuple([Member(agency, phase, timeliness, days, due, done_on) for agency in task.members])
            if task.members
            else ()
        )
        # `Item(…)` does the same, but hands seventeen fields through a function of Python first.
        items.append(tuple.__new__(Item, (
            plan, task, phase, timeliness, days, due, done_on, finish, at_risk_days, rests,
            slip if open_ else None, blocked_by, members, tentative, deadline_task, None, None,
        )))  # fmt: skip
    return items


def _by_record(item: Item, record: Record, as_of: date) -> Item:
    """Judge an item again by what the journal moved: its deadline, and its members, each on its own."""
    phase, baseline, finish = item.phase, item.due, item.forecast_finish
    timeliness, days, at_risk_days, tentative = item.timeliness, item.days, item.at_risk_days, item.tentative
    due, members = _in_force(record, baseline, as_of, item.plan.warn)
    if due is not baseline:
        at_risk_days, tentative = None, None
        if due is None and item.open and isinstance(item.task.due, Counted):
            timeliness, days = Timeliness.UNDETERMINED, None
        elif phase is not Phase.CANCELLED:
            timeliness, days = timeliness_of(phase, due, item.done_on, as_of, item.plan.warn)
        if item.open and due is not None and due.last is not None and finish > due.last:
            at_risk_days = (finish - due.last).days
    if members:
        timeliness, days = _worst(members, timeliness, days)
    return Item(
        item.plan, item.task, phase, timeliness, days, due, item.done_on, finish, at_risk_days, item.estimated,
        item.deadline_float, item.blocked_by, members, tentative, item.deadline_task, record,
        baseline if record.extensions else None,
    )  # fmt: skip


def _in_force(
    record: Record, baseline: Reading | None, as_of: date, warn: int
) -> tuple[Reading | None, tuple[Member, ...]]:
    """Give the deadline in force of an item that the journal tells of, and its members, each judged on its own."""
    members = []
    for agency, state in record.members.items():
        due = record.due(baseline, state.done or as_of, agency)
        timeliness: Timeliness | None = None
        days: int | None = None
        if state.phase is not Phase.CANCELLED:
            timeliness, days = timeliness_of(state.phase, due, state.done, as_of, warn)
        members.append(Member(agency, state.phase, timeliness, days, due, state.done, state.document))
    whole = record.progress
    due = record.first_due(baseline, as_of) if whole.open else record.due(baseline, whole.done or as_of)
    return due, tuple(members)


def _worst(
    members: tuple[Member, ...], timeliness: Timeliness | None, days: int | None
) -> tuple[Timeliness | None, int | None]:
    """Let a fan-out stand as its worst member does: overdue while one is, and done late when one was."""
    for kind in (Timeliness.OVERDUE, Timeliness.DONE_LATE):
        late = [member.days or 0 for member in members if member.timeliness is kind]
        if late and timeliness is not None and (kind is Timeliness.OVERDUE or timeliness is Timeliness.DONE_ON_TIME):
            return kind, max(late)
    return timeliness, days


def _count_from_event(counted: Counted, forecast: Schedule) -> tuple[Reading | None, Reading | None]:
    """Give the deadline in force, or the tentative one where the event has not happened."""
    event = forecast.position[counted.event]
    if forecast.known[event].phase is Phase.DONE:
        happened = forecast.known[event].done
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


def _waits_behind_cancelled(task: Task, forecast: Schedule, is_open: list[bool]) -> tuple[str, ...]:
    """Give the same where some tasks are cancelled: these pass on whatever finish they waited for themselves."""
    position, known = forecast.position, forecast.known
    found: dict[str, None] = {}
    looked: set[int] = set()
    behind = [link.predecessor for link in reversed(task.links) if link.type is LinkType.FS]
    while behind:
        predecessor = behind.pop()
        i = position[predecessor]
        if i in looked:
            continue
        looked.add(i)
        if is_open[i]:
            found[predecessor] = None
        elif known[i].phase is Phase.CANCELLED:
            behind += [link.predecessor for link in reversed(forecast.tasks[i].links) if link.type in FINISHES]
    return tuple(found)


FINISHES = (LinkType.FS, LinkType.FF)
"""Links that a task without time, as a cancelled one is, passes on: what hangs on it hangs on that finish."""

_FINISH_START = LinkType.FS
