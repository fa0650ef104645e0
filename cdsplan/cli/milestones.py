"""`cdsplan milestones`: each milestone with its deadline, its forecast, and who acts next towards it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdsplan import wording
from cdsplan.cli.frame import Run, plan_command
from cdsplan.listing import Card
from cdsplan.messages import Message, msg, nmsg
from cdsplan.milestones import milestones
from cdsplan.summary import Attention, attention, may_be_late

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdsplan.i18n import Language
    from cdsplan.milestones import Milestone
    from cdsplan.status import Item

MOST_NAMED = 3
"""Agencies of a fan-out that are named where so few are missing, and else only counted."""


@plan_command(
    "milestones",
    msg(
        "Show every milestone: its deadline in the plan’s words, the forecast as of the day, the working days to "
        "spare, the chain of open tasks that drives it, and who acts next."
    ),
)
def command(run: Run) -> None:
    """Judge, follow the chains, list."""
    found = milestones(run.status)
    if run.format == "json":
        from cdsplan.views.data.schedules import milestones_document  # noqa: PLC0415 - each format loads its own view

        run.emit(milestones_document(run.status, found))
        return
    if run.format == "csv":
        from cdsplan.views.sheet import milestones_sheet  # noqa: PLC0415 - as above

        run.emit(milestones_sheet(found))
        return
    head = Card(heading="\n".join(_heads(run, found)))
    cards = [card(milestone, run.language, several=len(run.plans) > 1) for milestone in found]
    run.emit_cards(head, *cards)


def _heads(run: Run, found: tuple[Milestone, ...]) -> Iterator[str]:
    for plan in run.plans:
        yield wording.plan_title(plan, run.language)
    yield run.language(msg("As of {day}", day=run.as_of))
    if not found:
        yield run.language(msg("No task is marked as a milestone (milestone = true)."))


def card(milestone: Milestone, say: Language, *, several: bool) -> Card:
    """Put a milestone into words: what is asked, how it stands, who acts."""
    item = milestone.item
    name = f"{item.plan.id}:{item.name}" if several else item.name
    facts = ((say(label), tuple(map(say, lines))) for label, lines in _facts(milestone, say))
    return Card(
        heading=f"{wording.symbol(item, attention(item))} {wording.short_title(item.task, say, item.plan)} [{name}]",
        facts=tuple((label, lines) for label, lines in facts if lines),
    )


def _facts(milestone: Milestone, say: Language) -> Iterator[tuple[Message, list[Message | str]]]:
    item = milestone.item
    yield msg("Deadline"), [_deadline(item)]
    yield msg("Status"), list(_standing(item))
    if not item.open:
        yield msg("Done"), [] if item.done_on is None else [msg("{day}", day=item.done_on)]
        return
    if item.forecast_finish is not None:
        yield msg("Forecast"), [_forecast(milestone)]
    yield msg("Acts next"), [_acting(waited_for, say) for waited_for in milestone.next]
    yield msg("Driven by"), [" → ".join(milestone.chain)] if len(milestone.chain) > 1 else []


def _deadline(item: Item) -> Message:
    words, day = wording.words_in_force(item), wording.due_day(item)
    if words == "–":
        return msg("none")
    return msg("{words}", words=words) if day == "–" else msg("{words} ({day})", words=words, day=day)


def _standing(item: Item) -> Iterator[Message]:
    """Say how it stands, as status does; of one that is due soon also how late it may be."""
    pressing = attention(item)
    yield wording.standing(item, pressing)
    if may_be_late(item) and pressing is not Attention.AT_RISK:
        yield wording.at_risk(item)


def _forecast(milestone: Milestone) -> Message:
    """Say when it will be reached, how far it may slip, and whether that rests on guesses."""
    item = milestone.item
    day = wording.resting(msg("{day}", day=item.forecast_finish), item)
    if item.deadline_float is None:
        return day
    slip = wording.deadline_float(item.deadline_float)
    if milestone.deadline_of == item.task.id:
        return msg("{day}; {slip}", day=day, slip=slip)
    return msg("{day}; {slip} (deadline of “{task}”)", day=day, slip=slip, task=milestone.deadline_of)


def _acting(item: Item, say: Language) -> Message:
    """Name a task and who has to do it: its owners; of a fan-out those that have not delivered."""
    agencies = item.plan.agencies
    who = [wording.agency_name(agencies[owner], say, item.plan) for owner in item.owner]
    if len(item.missing) <= MOST_NAMED:
        who += [wording.deliverer(member, say, item.plan) for member in item.members if member.open]
    else:
        who.append(say(nmsg("{n} agency", "{n} agencies", len(item.missing))))
    named = tuple(dict.fromkeys(who)) or (msg("nobody named"),)
    return msg("{task}: {who}", task=item.name, who=named)
