"""`cdsplan extend TASK --due WORDS --document WORDS`: a deadline is moved; the plan's own stays the baseline."""

from __future__ import annotations

from cdsplan.cli.finding import deadline_of
from cdsplan.cli.frame import option
from cdsplan.cli.reporting import Reporting, report_command, text_of
from cdsplan.journal.model import Kind
from cdsplan.messages import msg


@report_command(
    "extend",
    msg(
        "Record that the deadline of TASK was moved (điều chỉnh thời hạn), for all or for the agencies named, and by "
        "which document. The plan’s own deadline stays on record beside it."
    ),
)
@option("--due", required=True, metavar="WORDS", help=msg("The new deadline: a day, or any words that a plan may use."))
@option("--reason", metavar="WORDS", help=msg("Why it was moved."))
def command(reporting: Reporting, *, due: str, reason: str | None) -> None:
    """Report, record, say what it changed."""
    reporting.record(Kind.EXTENDED, due=deadline_of(reporting.plan, due), reason=text_of(reason, "--reason"))
