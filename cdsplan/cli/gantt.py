"""`cdsplan gantt`: when each task runs, drawn in lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cdsplan.cli.clock import Day
from cdsplan.cli.frame import MOST_ROWS, Run, option, plan_command
from cdsplan.cli.names import AgencyName
from cdsplan.cli.words import say
from cdsplan.gantt import Window, gantt
from cdsplan.messages import msg
from cdsplan.summary import of_agencies

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from cdsplan.status import Item


@plan_command(
    "gantt",
    msg(
        "Draw when each task runs by the forecast (with --planned: by the plan alone), with milestones, deadlines, and "
        "what is done or critical. The chart is as wide as the terminal."
    ),
    formats=("table", "plain"),
)
@option("--planned", is_flag=True, help=msg("As planned: no facts, and the deadlines as the plan declares them."))
@option("--from", "first", type=Day(), metavar="DATE", help=msg("Draw from this day on."))
@option("--to", "last", type=Day(), metavar="DATE", help=msg("Draw up to this day."))
@option("--section", "sections", multiple=True, metavar="NAME", help=msg("Only tasks of this section."))
@option(
    "--agency",
    "agencies",
    multiple=True,
    type=AgencyName(),
    help=msg("Only tasks in which this agency or @group has a role."),
)
def command(
    run: Run,
    *,
    planned: bool,
    first: date | None,
    last: date | None,
    sections: tuple[str, ...],
    agencies: tuple[str, ...],
) -> None:
    """Read, schedule, choose, lay out."""
    if first is not None and last is not None and last < first:
        raise click.UsageError(say(msg("--to {last} lies before --from {first}", first=first, last=last)))
    items: Sequence[Item] = run.status.items
    if sections:
        items = _of_sections(items, sections)
    wanted = run.find_agencies(agencies)
    if wanted:
        items = of_agencies(items, wanted)
    schedules = run.schedules if planned else run.forecasts
    chart = gantt(schedules, items, run.as_of, run.language, run.width, window=Window(first, last), agencies=wanted)
    if run.format == "plain" or len(chart.rows) > MOST_ROWS:
        from cdsplan.views.chart import chart_text  # noqa: PLC0415 - each format loads its own view

        run.emit(chart_text(chart, run.width))
        return
    from cdsplan.views.chart import chart_drawing  # noqa: PLC0415

    run.emit(run.draw(chart_drawing(chart, run.width)))


def _of_sections(items: Sequence[Item], names: Sequence[str]) -> list[Item]:
    """Keep the items of the sections that a person named, with or without diacritics and whatever the case."""
    from cdsplan.names import fold  # noqa: PLC0415 - only a named section needs it

    folded = {section: fold(section) for section in dict.fromkeys(item.task.section for item in items) if section}
    wanted = {fold(name) for name in names}
    for name in names:
        if fold(name) not in folded.values():
            message = say(msg("there is no section “{name}”", name=name))
            known = say(msg("there are: {sections}", sections=tuple(f"“{section}”" for section in folded)))
            raise click.UsageError(f"{message}; {known}" if folded else message)
    return [item for item in items if item.task.section and folded[item.task.section] in wanted]
