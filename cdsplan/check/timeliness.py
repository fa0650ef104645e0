"""CDS2xx as of a day: what is late, what soon will be, and what was not recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdsplan import daysoff, wording
from cdsplan.check.model import Finding
from cdsplan.journal.ahead import ahead
from cdsplan.messages import msg, nmsg
from cdsplan.plan.model import FROM_FINISH
from cdsplan.progress import Phase
from cdsplan.status import Timeliness
from cdsplan.summary import may_be_late

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cdsplan.check.model import Scope
    from cdsplan.messages import Message
    from cdsplan.plan.model import Reading
    from cdsplan.problems import Problem
    from cdsplan.status import Item


def milestones_overdue(scope: Scope) -> Iterable[Finding]:
    """CDS201: a milestone is open, and past the last good day in force."""
    return _overdue(scope, "CDS201", milestone=True)


def tasks_overdue(scope: Scope) -> Iterable[Finding]:
    """CDS202: so is a task that is no milestone."""
    return _overdue(scope, "CDS202", milestone=False)


def _overdue(scope: Scope, rule: str, *, milestone: bool) -> Iterator[Finding]:
    overdue = Timeliness.OVERDUE
    for item in scope.items:
        if item.timeliness is overdue and item.task.milestone is milestone and item.due is not None:
            late = nmsg(
                "“{task}” is {n} day overdue: it was due on {last}",
                "“{task}” is {n} days overdue: it was due on {last}",
                item.days or 0,
                task=item.name,
                last=item.due.last,
            )
            members = tuple(member.responsible for member in item.members if member.timeliness is overdue)
            yield Finding(
                rule=rule,
                message=_with_deliveries(_with_decision(late, item, item.due), item),
                plan=item.plan,
                at=_deadline(item),
                task=item.task.id,
                weight=item.days or 0,
                responsible=members or item.owner,
                occurrence=item.occurrence,
            )


def fan_outs_incomplete(scope: Scope) -> Iterator[Finding]:
    """CDS203: a member of a fan-out is past its last good day."""
    overdue = Timeliness.OVERDUE
    for item in scope.items:
        for member in item.members:
            if member.timeliness is overdue and member.due is not None:
                late = nmsg(
                    "“{agency}” is {n} day late with {part} of “{task}”, due on {last}",
                    "“{agency}” is {n} days late with {part} of “{task}”, due on {last}",
                    member.days or 0,
                    agency=member.responsible,
                    part=msg("the part of “{agency}”", agency=member.agency) if member.taken_over else msg("its part"),
                    task=item.name,
                    last=member.due.last,
                )
                yield Finding(
                    rule="CDS203",
                    message=_with_decision(late, item, member.due, member.agency),
                    plan=item.plan,
                    at=_deadline(item),
                    task=item.task.id,
                    agency=member.responsible,
                    about=member.agency if member.taken_over else "",
                    weight=member.days or 0,
                    responsible=(member.responsible,),
                    occurrence=item.occurrence,
                )


def due_today(scope: Scope) -> Iterator[Finding]:
    """CDS204: the day is the last good one."""
    today = Timeliness.DUE_TODAY
    for item in scope.items:
        if item.timeliness is today:
            message = msg("“{task}” is due today, {day}", task=item.name, day=scope.as_of)
            yield _coming("CDS204", item, message)


def due_soon(scope: Scope) -> Iterator[Finding]:
    """CDS205: the last good day is near."""
    soon = Timeliness.DUE_SOON
    for item in scope.items:
        if item.timeliness is soon and item.due is not None:
            message = nmsg(
                "“{task}” is due in {n} day, on {last}",
                "“{task}” is due in {n} days, on {last}",
                -(item.days or 0),
                task=item.name,
                last=item.due.last,
            )
            yield _coming("CDS205", item, message)


def _coming(rule: str, item: Item, message: Message) -> Finding:
    return Finding(
        rule=rule,
        message=_with_deliveries(_with_decision(message, item, item.due), item),
        plan=item.plan,
        at=_deadline(item),
        task=item.task.id,
        weight=item.days or 0,
        responsible=tuple(member.responsible for member in item.members if member.open) or item.owner,
        occurrence=item.occurrence,
    )


def _deadline(item: Item) -> tuple[str, str, str]:
    """Give where the deadline of an item stands."""
    return ("tasks", item.task.id, "due" if item.occurrence is None else "repeat")


def _with_decision(message: Message, item: Item, due: Reading | None, agency: str | None = None) -> Message:
    """Say of a deadline that was moved from which day, and by which document, for all or for one member."""
    decision = item.record.decision(due, agency) if item.record is not None else None
    if decision is None:
        return message
    before = item.baseline.last if item.baseline is not None else None
    moved: list[Message | str] = [msg("moved") if before is None else msg("moved from {day}", day=before)]
    if decision.document is not None:
        moved.append(decision.document)
    return msg("{late} ({moved})", late=message, moved=tuple(moved))


def _with_deliveries(message: Message, item: Item) -> Message:
    """Say of a fan-out how many have delivered, and once any have, who has not."""
    if not item.members:
        return message
    received = wording.delivered(item)
    if not item.delivered:
        return msg("{late}; {received}", late=message, received=received)
    agencies = tuple(dict.fromkeys(member.responsible for member in item.members if member.open))
    names, rest = agencies[:MOST_NAMED], len(agencies) - MOST_NAMED
    missing = (
        msg("missing: {agencies} and {rest}", agencies=names, rest=nmsg("{n} other", "{n} others", rest))
        if rest > 0
        else msg("missing: {agencies}", agencies=names)
    )
    return msg("{late}; {received}; {missing}", late=message, received=received, missing=missing)


MOST_NAMED = 5
"""Agencies that a message names."""


def at_risk(scope: Scope) -> Iterator[Finding]:
    """CDS206: open and in time, but the forecast finishes after the last good day."""
    for item in scope.items:
        if may_be_late(item):
            yield Finding(
                rule="CDS206",
                message=msg(
                    "“{task}” {risk}: the forecast is {finish}",
                    task=item.task.id,
                    risk=wording.at_risk(item),
                    finish=item.forecast_finish,
                ),
                plan=item.plan,
                at=("tasks", item.task.id, "due"),
                task=item.task.id,
                weight=item.at_risk_days or 0,
                responsible=item.missing or item.owner,
            )


def negative_float(scope: Scope) -> Iterator[Finding]:
    """CDS207: by the forecast, too late for the deadline of another task."""
    for item in scope.items:
        slip, whose = item.deadline_float, item.deadline_task
        if slip is not None and slip < 0 and whose is not None and whose != item.task.id:
            yield Finding(
                rule="CDS207",
                message=nmsg(
                    "“{task}” stands {n} working day too late for the deadline of “{other}”",
                    "“{task}” stands {n} working days too late for the deadline of “{other}”",
                    -slip,
                    task=item.task.id,
                    other=whose,
                ),
                plan=item.plan,
                at=("tasks", item.task.id),
                key=True,
                task=item.task.id,
                weight=-slip,
                responsible=item.missing or item.owner,
            )


def projected_calendar(scope: Scope) -> Iterator[Finding]:
    """CDS211: the first deadline in each year whose days off are not announced yet."""
    if scope.plan.calendar.holidays != daysoff.VIETNAM:
        return
    left = set(daysoff.projected_years())
    for item in scope.items:
        last = item.due.last if item.due is not None else None
        if last is not None and last.year in left and item.open:
            left.discard(last.year)
            yield Finding(
                rule="CDS211",
                message=msg(
                    "“{task}” is due {last}: the days off of {year} are not announced yet, so it may move",
                    task=item.name,
                    last=last,
                    year=last.year,
                ),
                plan=item.plan,
                at=_deadline(item),
                task=item.task.id,
                about=str(last.year),
            )


def not_recorded(scope: Scope) -> Iterator[Finding]:
    """CDS214: a task is done, and one that had to be done (or started) before it is not."""
    known, position = scope.forecast.known, scope.forecast.position
    done, not_started = Phase.DONE, Phase.NOT_STARTED
    for item in scope.items:
        if item.phase is not done:
            continue
        for at, link in enumerate(item.task.links):
            before = known[position[link.predecessor]]
            if before.open if link.type in FROM_FINISH else before.phase is not_started:
                yield Finding(
                    rule="CDS214",
                    message=msg(
                        "“{task}” is done, and “{predecessor}”, which comes before it, is not recorded",
                        task=item.task.id,
                        predecessor=link.predecessor,
                    ),
                    plan=item.plan,
                    at=("tasks", item.task.id, "after", at),
                    task=item.task.id,
                    about=link.predecessor,
                    responsible=scope.plan.tasks[link.predecessor].owner,
                )


def entries_of_nothing(scope: Scope) -> Iterator[Finding]:
    """CDS215: entries of the journal that name a task or an agency which the plan no longer has."""
    if not scope.whole:
        return
    for entry, problem in scope.journal.vanished.items():
        yield Finding(
            rule="CDS215", message=problem.message, plan=scope.plan, at=(), about=entry, hint=problem.hint,
            place=problem.place,
        )  # fmt: skip


def entries_ahead(scope: Scope) -> Iterator[Finding]:
    """CDS218: entries of the journal of days that have not come."""
    if not scope.whole:
        return
    yield from _about_entries("CDS218", scope, ahead(scope.journal, scope.as_of, scope.today))


def done_before_start(scope: Scope) -> Iterator[Finding]:
    """CDS219: entries of the journal that tell of a delivery on a day before its own start."""
    if not scope.whole or not scope.journal.entries:
        return
    from cdsplan.journal.order import disordered  # noqa: PLC0415 - only a plan with a journal pays for it

    yield from _about_entries("CDS219", scope, disordered(scope.plan, scope.journal, scope.as_of))


def _about_entries(rule: str, scope: Scope, problems: Mapping[str, Problem]) -> Iterator[Finding]:
    """Make findings of problems with entries of the journal."""
    for entry, problem in problems.items():
        yield Finding(
            rule=rule, message=problem.message, plan=scope.plan, at=(), about=entry, hint=problem.hint,
            place=problem.place,
        )  # fmt: skip
