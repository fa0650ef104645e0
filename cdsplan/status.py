"""The status of every item as of one day: what is overdue, what comes next, what is at risk, who is missing.

Two axes, as Vietnamese practice has them: phase (how far the work is) and timeliness (how it stands to its deadline).
`days` counts calendar days: late > 0, left < 0, 0 on the last good day. Nothing here reads the clock.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, cast

from cdsplan.messages import msg
from cdsplan.plan.deadlines import count_from
from cdsplan.plan.fields import LAST_YEAR
from cdsplan.plan.model import FROM_FINISH, NOTHING_GUESSED, Counted, LinkType, Reading
from cdsplan.problems import PlanError, Problem
from cdsplan.progress import NO_RECORDS, NOTHING_KNOWN, Phase
from cdsplan.succession import ceased, takeover

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cdsplan.plan.model import Agency, Plan, Task
    from cdsplan.plan.occurrences import Occurrence
    from cdsplan.progress import Extension, Record
    from cdsplan.schedule import Schedule
    from cdsplan.succession import Takeover


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
    """One agency's own delivery of a fan-out. `document` is what it was delivered with.

    `agency` is the declared one; `taken_over` says who has taken its share over, where it ceased before it delivered.
    """

    agency: str
    phase: Phase
    timeliness: Timeliness | None
    days: int | None
    due: Reading | None
    done_on: date | None
    document: str | None = None
    taken_over: Takeover | None = None

    @property
    def open(self) -> bool:
        """Whether it is still to come."""
        return self.phase in OPEN

    @property
    def excused(self) -> bool:
        """Whether it need not come any more, though the others' do."""
        return self.phase is Phase.CANCELLED

    @property
    def responsible(self) -> str:
        """Who answers for the delivery."""
        return self.agency if self.taken_over is None else self.taken_over.by


NOTHING_TAKEN_OVER: Mapping[str, Takeover] = MappingProxyType({})


class Item(NamedTuple):
    """One task, or one occurrence of a recurring task, judged as of a day.

    `due` is the deadline in force (None: none, or counted from an event that has not happened; then `tentative` is the
    day that the forecast gives). `timeliness` is None for a cancelled item. `forecast_finish` is None for open work
    that goes on without end (`Schedule.ongoing`). `at_risk_days` counts calendar days from the last good day to the
    forecast finish. `estimated` says what guesses the forecast rests on, as `Schedule.rests_on` does: 0 is none.
    `deadline_float` is how many working days it may slip before a deadline breaks, `deadline_task` whose deadline that
    is. `blocked_by` names the open predecessors that it waits for. `members` is empty but for a fan-out, which is
    overdue as soon as one member is, and done late when one was. `record` is what the journal tells of it: with
    extensions, `due` is the deadline in force (of the open members the first; when all have delivered, that of the
    one who was most late, else who delivered last) and `baseline` the plan's own.

    `occurrence` is the nominal day of an occurrence, which covers the days from `since`; it stands outside the network,
    so it has no forecast, float or risk. `taken_over` says, by the declared agency, who has taken over the part of one
    that ceased (of members their own deliveries say it).
    """

    plan: Plan
    task: Task
    phase: Phase
    timeliness: Timeliness | None
    days: int | None
    due: Reading | None
    done_on: date | None
    forecast_finish: date | None
    at_risk_days: int | None
    estimated: int
    deadline_float: int | None
    blocked_by: tuple[str, ...]
    members: tuple[Member, ...] = ()
    tentative: Reading | None = None
    deadline_task: str | None = None
    record: Record | None = None
    baseline: Reading | None = None
    occurrence: date | None = None
    since: date | None = None
    taken_over: Mapping[str, Takeover] = NOTHING_TAKEN_OVER

    @property
    def name(self) -> str:
        """What people call it: the task's id, or TASK@YYYY-MM-DD."""
        return self.task.id if self.occurrence is None else f"{self.task.id}@{self.occurrence.isoformat()}"

    @property
    def owner(self) -> tuple[str, ...]:
        """Who leads now: the declared owners, or who has taken over from them."""
        return self._now(self.task.owner) if self.taken_over else self.task.owner

    @property
    def support(self) -> tuple[str, ...]:
        """Who coordinates now."""
        return self._now(self.task.support)

    @property
    def consult(self) -> tuple[str, ...]:
        """Who is consulted now."""
        return self._now(self.task.consult)

    @property
    def recipient(self) -> str | None:
        """Who collects now."""
        declared = self.task.recipient
        return declared if declared is None else self._now((declared,))[0]

    def _now(self, declared: tuple[str, ...]) -> tuple[str, ...]:
        taken = self.taken_over
        if not taken:
            return declared
        return tuple(dict.fromkeys(taken[agency].by if agency in taken else agency for agency in declared))

    @property
    def document(self) -> str | None:
        """What it was delivered with, as the journal tells; of a fan-out its members' deliveries say it."""
        return None if self.record is None else self.record.progress.document

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
    """All items of one or more plans as of a day.

    Plan by plan: the tasks of the network in declared order, then the occurrences of each recurring task by their days.
    """

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
    items: list[Item] = []
    for forecast in forecasts:
        judged = [*_judge_plan(forecast, as_of), *_judge_recurring(forecast.plan, forecast.records, as_of)]
        gone = ceased(forecast.plan, as_of)
        items += _passed_on(judged, gone, as_of) if gone else judged
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
    without_deadline = Timeliness.NO_DEADLINE
    for j, item in enumerate(items):
        if item.timeliness is without_deadline and item.due is not None and forecast.ongoing(j):
            items[j] = item._replace(forecast_finish=None)
    return items


def _by_the_plan(forecast: Schedule, as_of: date) -> list[Item]:
    """Judge every item by the plan's own deadlines; the members of a fan-out stand as the whole does."""
    plan = forecast.plan
    # Looked up once: before Python 3.12, naming a member of an enumeration costs more than a step of this loop.
    not_started, finished, cancelled = Phase.NOT_STARTED, Phase.DONE, Phase.CANCELLED
    phases = [state.phase for state in forecast.known]
    is_open = [phase is not finished and phase is not cancelled for phase in phases]
    any_cancelled = cancelled in phases
    tasks, binding = forecast.tasks, forecast.binding_deadlines()
    floats, finishes, estimated = forecast.deadline_floats(), forecast.early_finishes(), forecast.rests_on()
    standing: dict[int, tuple[Timeliness, int | None]] = {}  # of open items, by their deadline: plans repeat them
    items: list[Item] = []
    for task, before, state, phase, open_, finish, rests, slip, binds in zip(
        tasks, plan.waits_for, forecast.known, phases, is_open, finishes, estimated, floats, binding, strict=True
    ):
        due, tentative, done_on, at_risk_days, deadline_task = task.due, None, None, None, None
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
            if binds is not None:
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
        # `Item(…)` does the same, but hands twenty fields through a function of Python first.
        items.append(tuple.__new__(Item, (
            plan, task, phase, timeliness, days, due, done_on, finish, at_risk_days, rests,
            slip if open_ else None, blocked_by, members, tentative, deadline_task, None, None,
            None, None, NOTHING_TAKEN_OVER,
        )))  # fmt: skip
    return items


def _by_record(item: Item, record: Record, as_of: date) -> Item:
    """Judge an item again by what the journal moved: its deadline, and its members, each on its own."""
    phase, baseline, finish = item.phase, item.due, item.forecast_finish
    timeliness, days, at_risk_days, tentative = item.timeliness, item.days, item.at_risk_days, item.tentative
    due, members = _in_force(record, baseline, as_of, item.plan.warn)
    decisive = _decisive(members) if phase is Phase.DONE else None
    if decisive is not None:
        due, timeliness, days, tentative = decisive.due, decisive.timeliness, decisive.days, None
    elif due is not baseline:
        at_risk_days, tentative = None, None
        if due is None and item.open and isinstance(item.task.due, Counted):
            timeliness, days = Timeliness.UNDETERMINED, None
        elif phase is not Phase.CANCELLED:
            timeliness, days = timeliness_of(phase, due, item.done_on, as_of, item.plan.warn)
        last = due.last if item.open and due is not None else None
        if last is not None and finish is not None and finish > last:
            at_risk_days = (finish - last).days
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
    dues = record.dues(baseline, {agency: state.done or as_of for agency, state in record.members.items()})
    for agency, state in record.members.items():
        due = dues[agency]
        timeliness: Timeliness | None = None
        days: int | None = None
        if state.phase is not Phase.CANCELLED:
            timeliness, days = timeliness_of(state.phase, due, state.done, as_of, warn)
        members.append(Member(agency, state.phase, timeliness, days, due, state.done, state.document))
    whole = record.progress
    due = record.first_due(baseline, as_of) if whole.open else record.due(baseline, whole.done or as_of)
    return due, tuple(members)


def _decisive(members: Iterable[Member]) -> Member | None:
    """Give the member by whom a fan-out that is done is judged: who was most late, else who delivered last.

    None where there is none, or where nobody was late but of one who delivered that cannot be said.
    """
    delivered = [member for member in members if member.phase is Phase.DONE]
    late = [member for member in delivered if member.timeliness is Timeliness.DONE_LATE]
    if late:
        return max(late, key=lambda member: member.days or 0)
    if any(member.due is None or member.due.last is not None for member in delivered if member.days is None):
        return None
    return max(
        delivered,
        key=lambda member: (member.days is not None, member.done_on or date.min, member.days or 0),
        default=None,
    )


MOST_DELIVERIES = 500_000
"""Occurrences of a plan, each as often as it has members."""


def _judge_recurring(plan: Plan, records: Mapping[str, Record], as_of: date) -> Iterator[Item]:
    """Judge the occurrences of every recurring task that are told of on a day, and those that the journal knows."""
    if not plan.recurring:
        return
    from cdsplan.plan.occurrences import occurrences, on_day  # noqa: PLC0415 - few plans have recurring tasks

    told: dict[str, list[date]] = {}
    for name in records:
        id_, at, nominal = name.partition("@")
        if at:
            told.setdefault(id_, []).append(date.fromisoformat(nominal))
    left = MOST_DELIVERIES
    for task in plan.recurring.values():
        last: date | None = None
        for occurrence in occurrences(task, plan, as_of):
            left -= len(task.members) or 1
            if left < 0:
                raise PlanError((_too_often(plan, task, as_of),))
            last = occurrence.day
            yield _judge_occurrence(plan, task, occurrence, records, as_of)
        for day in sorted(told.get(task.id, ())):
            known = on_day(task, plan, day) if last is None or day > last else None
            if known is not None:
                yield _judge_occurrence(plan, task, known, records, as_of)


def _too_often(plan: Plan, task: Task, as_of: date) -> Problem:
    return Problem(
        code="CDS101",
        message=msg(
            "by {day} the tasks of this plan that come again have come too often to be told one by one", day=as_of
        ),
        hint=msg("let this one begin later (not-before), end (until), or come less often"),
        place=plan.source.place(("tasks", task.id, "repeat")),
    )


def first_occurrences(plan: Plan, as_of: date) -> Iterator[Item]:
    """Give one item for each recurring task, its first occurrence, whatever the journal tells of it."""
    if not plan.recurring:
        return
    from cdsplan.plan.occurrences import around  # noqa: PLC0415 - few plans have recurring tasks

    for task in plan.recurring.values():
        yield judge_occurrence(plan, task, around(task, plan.start, date.min)[0], as_of)


def judge_occurrence(plan: Plan, task: Task, day: date, as_of: date) -> Item:
    """Judge one occurrence that the journal does not know, however far ahead; `day` is one of its rule."""
    from cdsplan.plan.occurrences import on_day  # noqa: PLC0415 - few plans have recurring tasks

    item = _judge_occurrence(plan, task, cast("Occurrence", on_day(task, plan, day)), NO_RECORDS, as_of)
    return next(_passed_on((item,), ceased(plan, as_of), as_of))


def _judge_occurrence(
    plan: Plan, task: Task, occurrence: Occurrence, records: Mapping[str, Record], as_of: date
) -> Item:
    """Judge one occurrence: no network, so only its deadline and what was reported."""
    due, state = occurrence.due, NOTHING_KNOWN
    members: tuple[Member, ...] = ()
    record = records.get(f"{task.id}@{occurrence.day.isoformat()}") if records else None
    if record is not None:
        in_force, members = _in_force(record, due, as_of, plan.warn)
        state = record.progress
    else:
        in_force = due
    done_on = state.done if state.phase is Phase.DONE else None
    timeliness: Timeliness | None = None
    days: int | None = None
    decisive = _decisive(members) if state.phase is Phase.DONE else None
    if decisive is not None:
        in_force, timeliness, days = decisive.due, decisive.timeliness, decisive.days
    elif state.phase is not Phase.CANCELLED:
        timeliness, days = timeliness_of(state.phase, in_force, done_on, as_of, plan.warn)
    if task.members and not members:
        members = tuple(Member(agency, state.phase, timeliness, days, in_force, done_on) for agency in task.members)
    return Item(
        plan=plan, task=task, phase=state.phase, timeliness=timeliness, days=days, due=in_force, done_on=done_on,
        forecast_finish=None, at_risk_days=None, estimated=NOTHING_GUESSED, deadline_float=None, blocked_by=(),
        members=members, record=record, baseline=due if record is not None and record.extensions else None,
        occurrence=occurrence.day, since=occurrence.first,
    )  # fmt: skip


def _passed_on(items: Iterable[Item], gone: frozenset[str], as_of: date) -> Iterator[Item]:
    """Let the parts of agencies that ceased pass to their successors: of open work now, of closed work on its day."""
    for item in items:
        task, agencies, record = item.task, item.plan.agencies, item.record
        cancelled = task.facts.cancelled if record is None else record.progress.cancelled
        on = as_of if item.open else item.done_on if item.phase is Phase.DONE else cancelled
        parts = (*task.owner, *task.support, *task.consult, *((task.recipient,) if task.recipient else ()))
        if gone.isdisjoint(parts) and gone.isdisjoint(task.members):
            yield item
            continue
        taken = _takeovers(agencies, parts, on)
        members = []
        for member in item.members:
            on = as_of if member.phase in OPEN else member.done_on
            if member.phase is Phase.CANCELLED:
                on = cancelled if record is None else record.members[member.agency].cancelled
            own = takeover(agencies, member.agency, on) if on is not None else None
            members.append(member if own is None else member._replace(taken_over=own))
        if taken or any(member.taken_over for member in members):
            item = item._replace(taken_over=taken, members=tuple(members))  # noqa: PLW2901
        yield item


def _takeovers(agencies: Mapping[str, Agency], parts: Iterable[str], on: date | None) -> Mapping[str, Takeover]:
    if on is None:
        return NOTHING_TAKEN_OVER
    found = {agency: takeover(agencies, agency, on) for agency in parts}
    return {agency: taken for agency, taken in found.items() if taken is not None}


def _count_from_event(counted: Counted, forecast: Schedule) -> tuple[Reading | None, Reading | None]:
    """Give the deadline in force, or the tentative one where the event has not happened."""
    event = forecast.position[counted.task]
    if forecast.known[event].phase is Phase.DONE:
        happened = forecast.known[event].done
        return (None if happened is None else count_from(happened, counted, forecast.plan)), None
    expected = forecast.early_finish(event)
    told = expected.year <= LAST_YEAR  # a day beyond is none to tell anyone
    return None, count_from(expected, counted, forecast.plan) if told else None


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
            # It has no time of its own, so what hangs on it hangs on the finishes that it waited for.
            behind += [link.predecessor for link in reversed(forecast.tasks[i].links) if link.type in FROM_FINISH]
    return tuple(found)


_FINISH_START = LinkType.FS
