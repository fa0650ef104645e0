"""`cdsplan status`: what needs attention, and how everything stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cdsplan.cli.frame import MOST_ROWS, Run, option, plan_command
from cdsplan.cli.journals import journal_file, uncounted, without_plan
from cdsplan.cli.names import AgencyName
from cdsplan.cli.plans import chosen_files, shown
from cdsplan.messages import msg, nmsg
from cdsplan.summary import Grouping, of_agencies

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cdsplan.messages import Message
    from cdsplan.status import Item


@plan_command(
    "status",
    msg(
        "Show what needs attention: overdue, due today, due soon, at risk; then how many tasks stand how, in all and "
        "per agency."
    ),
)
@option("--all", "everything", is_flag=True, help=msg("Show every task."))
@option(
    "--agency",
    "agencies",
    multiple=True,
    type=AgencyName(),
    help=msg("Only tasks in which this agency or @group has a role."),
)
@option("--by", type=click.Choice([str(grouping) for grouping in Grouping]), help=msg("Show every task, grouped."))
def command(run: Run, *, everything: bool, agencies: tuple[str, ...], by: str | None) -> None:
    """Read, judge, lay out."""
    wanted = run.find_agencies(agencies)
    items: Sequence[Item] = of_agencies(run.status.items, wanted) if wanted else run.status.items
    if run.format == "json":
        from cdsplan.views.data.items import status_document  # noqa: PLC0415 - each format loads its own view

        run.emit_parts(status_document(run.status, items))
        return
    if run.format == "csv":
        from cdsplan.views.sheet import status_sheet  # noqa: PLC0415

        run.emit(status_sheet(items))
        return
    from cdsplan.report import report  # noqa: PLC0415

    grouping = None if by is None else Grouping(by)
    laid_out = report(
        run.status, items, run.language, everything=everything, by=grouping, agencies=wanted,
        notes=tuple(_of_journals(run)),
    )  # fmt: skip
    if run.format == "plain" or sum(len(section.rows) for section in laid_out.sections) > MOST_ROWS:
        from cdsplan.views.plain import status_text  # noqa: PLC0415

        run.emit(status_text(laid_out, run.language))
        return
    from cdsplan.views.tables import status_table  # noqa: PLC0415

    run.emit(run.draw(status_table(laid_out, run.language, run.width)))


def _of_journals(run: Run) -> Iterator[Message]:
    """Say what journals tell in vain."""
    if lost := uncounted(run.journals, run.as_of):
        yield nmsg(
            "{n} entry of the journal does not count; see why: cdsplan journal check",
            "{n} entries of the journal do not count; see why: cdsplan journal check",
            lost,
        )
    for file, journal in zip(chosen_files(run.files), run.journals, strict=True):
        if journal is None and journal_file(file) is not None:
            for orphan in without_plan(file):
                yield msg(
                    "{file} has no plan beside it and does not count; was the plan renamed? See: cdsplan journal check",
                    file=shown(orphan),
                )
