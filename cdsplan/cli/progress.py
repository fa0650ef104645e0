"""`cdsplan progress TASK 40`: how far the work is."""

from __future__ import annotations

import click

from cdsplan.cli.reporting import Reporting, report_command
from cdsplan.journal.model import Kind
from cdsplan.messages import msg


@report_command(
    "progress",
    msg("Record how many percent of TASK are done; what remains is counted from that day. 100 does not make it done."),
)
@click.argument("percent", type=click.IntRange(0, 100))
def command(reporting: Reporting, *, percent: int) -> None:
    """Report, record, say what it changed."""
    reporting.record(Kind.PROGRESS, percent=percent)
