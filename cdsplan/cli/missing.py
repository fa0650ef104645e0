"""`cdsplan missing [TASK]`: who has not delivered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cdsplan import wording
from cdsplan.cli.frame import Run, option, plan_command
from cdsplan.cli.names import AgencyName, TaskName
from cdsplan.cli.words import say
from cdsplan.listing import Column, Listing
from cdsplan.messages import msg, nmsg
from cdsplan.missing import begun, missing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cdsplan.i18n import Language
    from cdsplan.missing import Missing
    from cdsplan.status import Item


@plan_command(
    "missing",
    msg(
        "Show who has not delivered TASK, or without TASK every task that several agencies must each deliver. "
        "--format text gives full names to paste into a letter."
    ),
    formats=("table", "plain", "text", "json", "csv"),
    files=False,
)
@click.argument("task", required=False, type=TaskName())
@option("--agency", "agencies", multiple=True, type=AgencyName(), help=msg("Only what this agency or @group owes."))
def command(run: Run, *, task: str | None, agencies: tuple[str, ...]) -> None:
    """Judge, list."""
    wanted = run.find_agencies(agencies)
    found = missing(_asked_for(run, task), wanted)
    if run.format == "json":
        from cdsplan.views.data.journals import missing_document  # noqa: PLC0415 - each format loads its own view

        run.emit(missing_document(run.status, found))
    elif run.format == "csv":
        from cdsplan.views.sheet import missing_sheet  # noqa: PLC0415

        run.emit(missing_sheet(found))
    elif not found:
        nobody = msg("As of {day}, nobody is missing.", day=run.as_of)
        only = wording.looked_at(run.plans, wanted, run.as_of, run.language)
        run.emit("\n".join(map(run.language, (nobody, *only))))
    elif run.format == "text":
        from cdsplan.views.letter import missing_text  # noqa: PLC0415

        run.emit(missing_text(found, run.as_of, run.language))
    else:
        *before, last = (listing(each, run) for each in found)
        gone = tuple(map(run.language, wording.looked_at(run.plans, wanted, run.as_of, run.language)))[1:]
        run.emit_listings(*before, last._replace(notes=(*last.notes, *gone)))


def _asked_for(run: Run, name: str | None) -> Sequence[Item]:
    if name is None:
        return [item for item in run.status.items if begun(item, run.as_of)]
    _, task, occurrence = run.find_item(name)
    if not task.members:
        alone = msg("“{task}” is not delivered by several agencies; see: cdsplan show {task}", task=task.id)
        raise click.UsageError(say(alone))
    found = [item for item in run.status.items if item.task is task]
    if occurrence is not None:
        return run.occurrence(found, occurrence)
    return [item for item in found if begun(item, run.as_of)]


def listing(each: Missing, run: Run) -> Listing:
    """List who is missing from one fan-out."""
    item, language = each.item, run.language
    name = f"{item.plan.id}:{item.name}" if len(run.plans) > 1 else item.name
    received = msg(
        "As of {day}: {delivered}, {missing} missing",
        day=run.as_of,
        delivered=wording.delivered(item),
        missing=len(item.missing),
    )
    return Listing(
        titles=(
            f"{wording.title(item.task, language, item.plan)} [{name}]",
            language(msg("Deadline: {deadline}", deadline=wording.deadline_of_all(item, run.as_of))),
            language(received),
        ),
        columns=(
            Column(language(msg("Agency")), wraps=True),
            Column(language(msg("Deadline"))),
            Column(language(msg("Status")), wraps=True),
        ),
        rows=tuple(_rows(each, language)),
        notes=()
        if each.everybody
        else (language(nmsg("Only {n} of them is listed.", "Only {n} of them are listed.", len(each.members))),),
    )


def _rows(each: Missing, language: Language) -> Iterator[tuple[str, str, str]]:
    plan = each.item.plan
    for member in each.members:
        agency = wording.full_deliverer(member, language, plan)
        day = "–" if member.due is None or member.due.last is None else language.date(member.due.last)
        yield agency, day, f"{wording.SYMBOLS[member.timeliness]} {language(wording.timeliness(member))}"
