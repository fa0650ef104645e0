"""`cdsplan cancel TASK`: a task, or an agency's part of it, need not be done."""

from __future__ import annotations

from cdsplan.cli.frame import option
from cdsplan.cli.reporting import Reporting, report_command, text_of
from cdsplan.journal.model import Kind
from cdsplan.messages import msg


@report_command(
    "cancel",
    msg(
        "Record that TASK need not be done any more, or that the agencies named need not deliver. What was delivered "
        "stays."
    ),
)
@option("--reason", metavar="WORDS", help=msg("Why."))
def command(reporting: Reporting, *, reason: str | None) -> None:
    """Report, record, say what it changed."""
    reporting.record(Kind.CANCELLED, reason=text_of(reason, "--reason"))
