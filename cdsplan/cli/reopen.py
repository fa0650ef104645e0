"""`cdsplan reopen TASK`: what was done or cancelled is open again."""

from __future__ import annotations

from cdsplan.cli.frame import option
from cdsplan.cli.reporting import Reporting, report_command, text_of
from cdsplan.journal.model import Kind
from cdsplan.messages import msg


@report_command(
    "reopen",
    msg(
        "Record that TASK, or what the agencies named delivered, is not done after all; or that what was cancelled "
        "must be done."
    ),
)
@option("--reason", metavar="WORDS", help=msg("Why."))
def command(reporting: Reporting, *, reason: str | None) -> None:
    """Report, record, say what it changed."""
    reporting.record(Kind.REOPENED, reason=text_of(reason, "--reason"))
