"""`cdsplan done TASK`: who delivered what, when, on which document."""

from __future__ import annotations

from cdsplan.cli.frame import option
from cdsplan.cli.reporting import Reporting, report_command
from cdsplan.journal.model import Kind
from cdsplan.messages import msg


@report_command(
    "done",
    msg(
        "Record that TASK is done, or that agencies have delivered their parts of it, and on which document. With "
        "--group or --all-agencies: those of them who have not delivered yet."
    ),
    owing=True,
)
@option("--again", is_flag=True, help=msg("Record a further delivery (a supplement); the first one is judged."))
def command(reporting: Reporting, *, again: bool) -> None:
    """Report, record, say what it changed."""
    reporting.record(Kind.DONE, again=again)
