"""`cdsplan undo`: take the last entry of the journal back, or another one; it stays on record."""

from __future__ import annotations

import os

import click

from cdsplan.cli.clock import now
from cdsplan.cli.frame import Run, option, plan_command
from cdsplan.cli.reporting import FORMATS, record
from cdsplan.cli.words import say
from cdsplan.messages import msg


@plan_command(
    "undo",
    msg(
        "Take back the entry that was recorded last, or the one that --entry names (cdsplan log shows their ids). "
        "It stays in the journal and counts nowhere; undoing the undo brings it back."
    ),
    formats=FORMATS,
)
@option("--entry", metavar="ID", help=msg("The entry to take back."))
@option("--by", envvar="CDSPLAN_BY", metavar="NAME", help=msg("Who records it."))
@option("--dry-run", is_flag=True, help=msg("Say what would change, and write nothing."))
def command(run: Run, *, entry: str | None, by: str | None, dry_run: bool) -> None:
    """Find, undo, say what it changed."""
    from cdsplan.journal.recording import undoing  # noqa: PLC0415 - the help needs no recording

    if len(run.plans) > 1:
        raise click.UsageError(say(msg("there are several plans here: name one with -p FILE")))
    plan = run.plans[0]
    record(run, plan, lambda journal: (undoing(journal, entry, run.as_of, now(plan), os.urandom, by),), dry_run=dry_run)
