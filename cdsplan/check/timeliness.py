"""CDS2xx as of a day: what is late, what soon will be, and what was not recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdsplan import daysoff, wording
from cdsplan.check.model import Finding
from cdsplan.messages import msg, nmsg
from cdsplan.plan.model import LinkType
from cdsplan.progress import Phase
from cdsplan.status import Timeliness

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cdsplan.check.model import Scope
    from cdsplan.messages import Message
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
                message=_with_deliveries(late, item),
                plan=item.plan,
                at=_deadline(item),
                task=item.task.id,
                about=_which(item),
                weight=item.days or 0,
                responsible=members or item.owner,
            )


def fan_outs_incomplete(scope: Scope) -> Iterator[Finding]:
    """CDS203: a member of a fan-out is past its last good day."""
    overdue = Timeliness.OVERDUE
    for item in scope.items:
        for member in item.members:
            if member.timeliness is overdue and member.due is not None:
                yield Finding(
                    rule="CDS203",
                    message=nmsg(
                        "“{agency}” is {n} day late with its part of “{task}”, due on {last}",
                        "“{agency}” is {n} days late with its part of “{task}”, due on {last}",
                        member.days or 0,
                        agency=member.responsible,
                        task=item.name,
                        last=member.due.last,
                    ),
                    plan=item.plan,
                    at=_deadline(item),
                    task=item.task.id,
                    agency=member.responsible,
                    about=" ".join(filter(None, (_which(item), member.agency if member.taken_over else ""))),
                    weight=member.days or 0,
                    responsible=(member.responsible,),
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
        message=_with_deliveries(message, item),
        plan=item.plan,
        at=_deadline(item),
        task=item.task.id,
        about=_which(item),
        weight=item.days or 0,
        responsible=tuple(member.responsible for member in item.members if member.open) or item.owner,
    )


def _deadline(item: Item) -> tuple[str, str, str]:
    """Give where the deadline of an item stands."""
    return ("tasks", item.task.id, "due" if item.occurrence is None else "repeat")


def _which(item: Item) -> str:
    """Tell the occurrences of one task apart."""
    return "" if item.occurrence is None else item.occurrence.isoformat()


def _with_deliveries(message: Message, item: Item) -> Message:
    if not item.members:
        return message
    return msg("{late}; {received}", late=message, received=wording.delivered(item))


def at_risk(scope: Scope) -> Iterator[Finding]:
    """CDS206: open and in time, but the forecast finishes after the last good day."""
    overdue = Timeliness.OVERDUE
    for item in scope.items:
        if item.at_risk_days and item.timeliness is not overdue:
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
                weight=item.at_risk_days,
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
                    "due {last}: the days off of {year} are not announced yet, so it may move",
                    last=last,
                    year=last.year,
                ),
                plan=item.plan,
                at=_deadline(item),
                task=item.task.id,
                about=str(last.year),
            )


FINISHES = frozenset({LinkType.FS, LinkType.FF})


def not_recorded(scope: Scope) -> Iterator[Finding]:
    """CDS214: a task is done, and one that had to be done (or started) before it is not."""
    known, position = scope.forecast.known, scope.forecast.position
    done, not_started = Phase.DONE, Phase.NOT_STARTED
    for item in scope.items:
        if item.phase is not done:
            continue
        for at, link in enumerate(item.task.links):
            before = known[position[link.predecessor]]
            if before.open if link.type in FINISHES else before.phase is not_started:
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
