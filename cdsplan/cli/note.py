"""`cdsplan note TASK WORDS`: words that belong to a task's history and change nothing else."""

from __future__ import annotations

import click

from cdsplan.cli.reporting import Reporting, report_command, text_of
from cdsplan.journal.model import LONGEST_NOTE, Kind
from cdsplan.messages import msg


@report_command("note", msg("Record WORDS in the history of TASK: an obstacle, an agreement, a telephone call."))
@click.argument("words")
def command(reporting: Reporting, *, words: str) -> None:
    """Report, record, say what it changed."""
    reporting.record(Kind.NOTE, note=text_of(words, "WORDS", LONGEST_NOTE))
