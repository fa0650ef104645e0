"""`cdsplan log [TASK]`: what was recorded, as it happened."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, assert_never

import click

from cdsplan import wording
from cdsplan.cli.clock import Day
from cdsplan.cli.frame import Run, option, plan_command
from cdsplan.cli.names import AgencyName, TaskName
from cdsplan.history import history
from cdsplan.journal.model import Kind
from cdsplan.listing import Column, Listing
from cdsplan.messages import Clauses, Message, msg, nmsg
from cdsplan.succession import takeover

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdsplan.history import Event
    from cdsplan.i18n import Language

WIDE = 120
"""Columns of terminal from which on it is shown when, and by whom, an entry was written down."""

ROOM_FOR_IDS = 60
"""Those from which on the ids of entries are shown."""


@plan_command(
    "log",
    msg(
        "Show what was recorded, of TASK or of all, in the order in which it happened: deliveries with their "
        "documents, moved deadlines, what was taken back. The ids are those that undo --entry takes."
    ),
    files=False,
)
@click.argument("task", required=False, type=TaskName())
@option("--agency", "agencies", multiple=True, type=AgencyName(), help=msg("Only what is about this agency or @group."))
@option("--since", type=Day(), metavar="DATE", help=msg("Only what happened on this day or later."))
def command(run: Run, *, task: str | None, agencies: tuple[str, ...], since: date | None) -> None:
    """Read, list."""
    plan, wanted, occurrence = (None, None, None) if task is None else run.find_item(task)
    journals = [
        (each, journal)
        for each, journal in zip(run.plans, run.journals, strict=True)
        if journal is not None and (plan is None or each is plan)
    ]
    listed = partial(
        history, journals, task=wanted and wanted.id, occurrence=occurrence, agencies=run.find_agencies(agencies)
    )
    events = listed(run.as_of, since=since)
    if run.format == "json":
        from cdsplan.views.data.journals import log_document  # noqa: PLC0415 - each format loads its own view

        run.emit(log_document(run.plans, events, run.as_of))
    elif run.format == "csv":
        from cdsplan.views.sheet import log_sheet  # noqa: PLC0415

        run.emit(log_sheet(events))
    else:
        made = listing(events, run, since)
        if later := len(listed(date.max, since=run.as_of + timedelta(days=1))):
            words = nmsg("{n} entry of a later day is not listed.", "{n} entries of later days are not listed.", later)
            made = made._replace(notes=(*made.notes, run.language(words)))
        run.emit_listings(made)


def listing(events: tuple[Event, ...], run: Run, since: date | None = None) -> Listing:
    """List events, of `since` or later; those that count nowhere say so."""
    say = run.language
    titles = [wording.plan_title(plan, say) for plan in run.plans]
    titles.append(say(msg("Recorded up to {day}", day=run.as_of)))
    if not events:
        nothing = msg("Nothing is recorded.") if since is None else msg("Nothing is recorded from {day} on.", day=since)
        return Listing((*titles, say(nothing)), (), ())
    several = len(run.plans) > 1
    return Listing(
        titles=tuple(titles),
        columns=(
            Column(say(msg("Day"))),
            Column(say(msg("Task")), wraps=True),
            Column(say(msg("What happened")), wraps=True),
            Column(say(msg("Written down")), wraps=True, wide=WIDE),
            Column(say(msg("Entry")), wide=ROOM_FOR_IDS),
        ),
        rows=tuple(
            (
                say.date(event.entry.on),
                f"{event.plan.id}:{event.about.item}" if several else event.about.item,
                say(what(event, run)),
                say(_written(event)),
                event.entry.id,
            )
            for event in events
        ),
        notes=(say(nmsg("{n} entry", "{n} entries", len(events))),),
    )


def what(event: Event, run: Run) -> Message:
    """Say what an entry tells, and whether it counts."""
    return msg("{parts}", parts=Clauses(_told(event, run)))


def _told(event: Event, run: Run) -> Iterator[Message | str]:
    entry, agency = event.entry, event.about.agency
    if event.undone:
        yield msg("TAKEN BACK")
    if event.lost:
        yield msg("COUNTS NOWHERE (no longer in the plan)")
    if agency is None:
        yield _happened(event)
    else:
        yield msg("{who}: {what}", who=_who(event, agency, run.language), what=_happened(event))
    if entry.document is not None:
        yield entry.document
    if entry.reason is not None:
        yield msg("reason: {words}", words=entry.reason)


def _who(event: Event, agency: str, language: Language) -> str:
    """Name whom an entry is about; of what an agency left when it ceased, who had taken it over by that day."""
    plan = event.plan
    if agency not in plan.agencies:
        return agency
    taken = takeover(plan.agencies, agency, event.about.on)
    return wording.answering(agency, taken, language, plan)


def _happened(event: Event) -> Message:
    entry = event.entry
    match entry.kind:
        case Kind.VOID:
            return msg("{id} is taken back", id=entry.of)
        case Kind.STARTED:
            return msg("started")
        case Kind.PROGRESS:
            return msg("progress {percent}%", percent=entry.percent)
        case Kind.DONE:
            return msg("done")
        case Kind.REOPENED:
            return msg("reopened")
        case Kind.EXTENDED:
            before, after = wording.last_day(event.before), wording.last_day(entry.due)
            if event.task is not None:
                before = wording.last_day_of(event.task, event.before)
            return msg("deadline moved {before} → {after}", before=before, after=after)
        case Kind.CANCELLED:
            return msg("cancelled")
        case Kind.NOTE:
            return msg("note: {words}", words=entry.note)
        case _:
            assert_never(entry.kind)


def _written(event: Event) -> Message:
    entry = event.entry
    time = f"{entry.at:%H:%M}"
    if entry.by is None:
        return msg("{day}, {time}", day=entry.at.date(), time=time)
    return msg("{day}, {time}, {who}", day=entry.at.date(), time=time, who=entry.by)
