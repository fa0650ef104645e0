"""`cdsplan record [TASK] FILE`: many deliveries at once, from a sheet; all of them are recorded, or none."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from cdsplan.cli.clock import Day, now
from cdsplan.cli.frame import Run, option, plan_command
from cdsplan.cli.names import TaskName
from cdsplan.cli.plans import plan_bytes, shown
from cdsplan.cli.reporting import FORMATS, confirm, confirmation, put, text_of
from cdsplan.cli.words import say
from cdsplan.messages import Clauses, msg, nmsg

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from cdsplan.deliveries.recorded import Recorded
    from cdsplan.deliveries.sheet import Row, Sheet
    from cdsplan.journal.model import Entry, Journal
    from cdsplan.messages import Message
    from cdsplan.names import Named
    from cdsplan.plan.model import Plan

LONG = 2000
"""Rows from which on a progress bar is worth its while."""


@plan_command(
    "record",
    msg(
        "Record the deliveries of a sheet (CSV or tab-separated text; - is standard input), all of them or none. Its "
        "first line names the columns, in Vietnamese or English: agency, day, document; and the task, unless TASK is "
        "given. Rows that are recorded already add nothing."
    ),
    formats=FORMATS,
    files=False,
)
@click.argument("named", nargs=-1, required=True, metavar="[TASK] FILE", type=TaskName())
@option("--on", type=Day(), metavar="DATE", help=msg("The day of the rows that name none."))
@option("--again", is_flag=True, help=msg("Record a further delivery (a supplement); the first one is judged."))
@option("--by", envvar="CDSPLAN_BY", metavar="NAME", help=msg("Who records it."))
@option("--dry-run", is_flag=True, help=msg("Say what would change, and write nothing."))
def command(run: Run, *, named: tuple[str, ...], on: date | None, again: bool, by: str | None, dry_run: bool) -> None:
    """Read the sheet, record, say what it changed."""
    from cdsplan.deliveries.columns import Column  # noqa: PLC0415 - the help needs none of it
    from cdsplan.deliveries.recorded import Given, Recorded, record_sheet  # noqa: PLC0415 - as above
    from cdsplan.journal.recording import Recorder  # noqa: PLC0415 - as above

    plan, item, file = _meant(run, named)
    given = Given(item=item, on=on, by=text_of(by, "--by"), again=again)
    sheet = _sheet(file, run.max_bytes, item, on)
    if item is not None and not {Column.TASK, Column.OCCURRENCE} & sheet.columns.keys():
        run.find_occurrence(named[0])
    recorded = Recorded((), 0)

    def decide(journal: Journal) -> tuple[Entry, ...]:
        nonlocal recorded
        recorder = Recorder(plan, journal, run.as_of, now(plan), os.urandom)
        with_bar = watched(sheet.rows)
        recorded = record_sheet(sheet, with_bar, plan, journal, recorder, given, run.as_of)
        return recorded.entries

    added, found, journal = put(run, plan, decide, dry_run=dry_run)
    if run.format == "json":
        from cdsplan.views.data.journals import recorded_document  # noqa: PLC0415 - each format loads its own view

        counts = {"recorded": len(added), "known": recorded.known, "repeated": recorded.repeated}
        rows = {**counts, "unused_columns": sheet.unused}
        answer = recorded_document(plan, added, found, run.language, dry_run=dry_run, rows=rows)
    else:
        counted = map(run.language, _counted(sheet, recorded, dry_run=dry_run))
        answer = "\n".join([*confirmation(run, added, found, journal, dry_run=dry_run), *counted])
    confirm(run, answer, () if dry_run else added)


def _meant(run: Run, named: tuple[str, ...]) -> tuple[Plan, Named | None, str]:
    """Take the arguments apart: the task or its occurrence, if one is named, and the file."""
    *tasks, file = named
    if len(tasks) > 1:
        raise click.UsageError(say(msg("name one task at most, then one file: cdsplan record [TASK] FILE")))
    if tasks:
        item = run.find_item(tasks[0])
        return item.plan, item, file
    if len(run.plans) > 1:
        raise click.UsageError(say(msg("there are several plans here: name one with -p FILE")))
    return run.plans[0], None, file


def _sheet(file: str, max_bytes: int, item: Named | None, on: date | None) -> Sheet:
    from cdsplan.deliveries.columns import Column  # noqa: PLC0415 - as above
    from cdsplan.deliveries.sheet import read_sheet  # noqa: PLC0415

    needed = [Column.TASK] if item is None else []
    needed += [Column.AGENCY] if item is not None and item.task.members else []
    needed += [Column.ON] if on is None else []
    return read_sheet(plan_bytes(file, max_bytes), shown(file), max_bytes=max_bytes, needed=needed)


def watched(rows: tuple[Row, ...]) -> Iterable[Row]:
    """Give rows one by one; many of them with a progress bar on the terminal, which goes away at the end."""
    if len(rows) < LONG or not sys.stderr.isatty():
        return rows
    from rich.console import Console  # noqa: PLC0415 - only long sheets pay for rich
    from rich.progress import track  # noqa: PLC0415

    return track(rows, say(msg("Rows")), console=Console(stderr=True), transient=True)


def _counted(sheet: Sheet, recorded: Recorded, *, dry_run: bool) -> Iterator[Message]:
    """Count the rows, and name the columns that were not used."""
    new = len(sheet.rows) - recorded.known - recorded.repeated
    if dry_run:
        rows = nmsg(
            "{n} row would be recorded; nothing was written (--dry-run)",
            "{n} rows would be recorded; nothing was written (--dry-run)",
            new,
        )
    else:
        rows = nmsg("{n} row recorded", "{n} rows recorded", new)
    said: list[Message] = [rows]
    if recorded.known:
        said.append(nmsg("{n} was recorded already", "{n} were recorded already", recorded.known))
    if recorded.repeated:
        said.append(nmsg("{n} repeats a row above it", "{n} repeat rows above them", recorded.repeated))
    yield msg("{rows}.", rows=Clauses(said))
    if sheet.unused:
        yield msg("Columns that were not used: {columns}", columns=sheet.unused)
