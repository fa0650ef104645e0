"""`cdsplan start TASK`: what has begun."""

from __future__ import annotations

from cdsplan.cli.reporting import Reporting, report_command
from cdsplan.journal.model import Kind
from cdsplan.messages import msg


@report_command(
    "start",
    msg(
        "Record that work on TASK has begun. In a fan-out each agency begins its own part. "
        "TASK is an id, a number or a name, with or without diacritics."
    ),
)
def command(reporting: Reporting) -> None:
    """Report, record, say what it changed."""
    reporting.record(Kind.STARTED)
