"""`cdsplan schedule`: the computed dates and floats of every task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdsplan import wording
from cdsplan.cli.basis import basis_option, keep_links, with_notes
from cdsplan.cli.frame import Run, plan_command
from cdsplan.listing import Column, Listing
from cdsplan.messages import msg
from cdsplan.plan.model import Basis
from cdsplan.wording import short_title

if TYPE_CHECKING:
    from datetime import date

    from cdsplan.i18n import Language
    from cdsplan.schedule import Schedule


@plan_command(
    "schedule",
    msg(
        "Show when every task can start and finish at the earliest and at the latest, and its floats in working days: "
        "total (before the end of the plan or a deadline moves), free (before any successor moves), deadline (before "
        "a deadline breaks). Critical tasks are marked."
    ),
)
@basis_option
def command(run: Run, *, basis: str) -> None:
    """Schedule, list."""
    notes = keep_links(run, Basis(basis))
    if run.format == "json":
        from cdsplan.views.data.schedules import schedule_document  # noqa: PLC0415 - each format loads its own view

        run.emit(schedule_document(run.schedules, run.forecasts, Basis(basis)))
        return
    if run.format == "csv":
        from cdsplan.views.sheet import schedule_sheet  # noqa: PLC0415

        run.emit(schedule_sheet(run.schedules, run.forecasts))
        return
    said = tuple(note for plan in run.plans for note in notes[plan.id])
    run.emit_listings(with_notes(listing(run.schedules, run.forecasts, run.as_of, run.language), said))


CRITICAL = "●"
UNTOLD = "–"


def listing(schedules: tuple[Schedule, ...], forecasts: tuple[Schedule, ...], as_of: date, say: Language) -> Listing:
    """List every task in declared order."""
    several = len(schedules) > 1
    rows: list[tuple[str, ...]] = []
    marked: list[int] = []
    ongoing = False
    for schedule, forecast in zip(schedules, forecasts, strict=True):
        for j, task in enumerate(schedule.tasks):
            if schedule.critical(j):
                marked.append(len(rows))
            name = f"{schedule.plan.id}:{task.id}" if several else task.id
            title = short_title(task, say, schedule.plan)
            if schedule.ongoing(j):
                ongoing = True
                finish = UNTOLD if forecast.ongoing(j) else say.date(forecast.early_finish(j))
                first = say.date(schedule.early_start(j))
                rest = (say(msg("ongoing")), first, *[UNTOLD] * 3, finish, *[UNTOLD] * 3)
                rows.append(("", name, title, *rest))
                continue
            slip = schedule.deadline_float(j)
            rows.append(
                (
                    CRITICAL if schedule.critical(j) else "",
                    name,
                    title,
                    f"{'~' if task.estimated else ''}{task.duration}",
                    *(say.date(day) for day in (schedule.early_start(j), schedule.early_finish(j))),
                    *(say.date(day) for day in (schedule.late_start(j), schedule.late_finish(j))),
                    say.date(forecast.early_finish(j)),
                    str(schedule.total_float(j)),
                    str(schedule.free_float(j)),
                    UNTOLD if slip is None else str(slip),
                )
            )
    finishes = tuple(
        say(msg("“{plan}” finishes on {day} when all goes as planned.", plan=schedule.plan.id, day=schedule.finish()))
        if schedule.tasks
        else say(wording.no_network(schedule.plan))
        for schedule in schedules
    )
    estimates = any(task.estimated for schedule in schedules for task in schedule.tasks)
    return Listing(
        titles=(),
        columns=(
            Column(heading=""),
            Column(heading=say(msg("Task"))),
            Column(heading=say(msg("Title")), wraps=True, wide=140),
            Column(heading=say(msg("Length")), number=True, wide=90),
            Column(heading=say(msg("Early start"))),
            Column(heading=say(msg("Early finish"))),
            Column(heading=say(msg("Late start")), wide=122),
            Column(heading=say(msg("Late finish")), wide=122),
            Column(heading=say(msg("Forecast"))),
            Column(heading=say(msg("Total float")), number=True),
            Column(heading=say(msg("Free float")), number=True, wide=96),
            Column(heading=say(msg("To deadline")), number=True),
        ),
        rows=tuple(rows),
        marked=frozenset(marked),
        notes=(
            *finishes,
            say(msg("Forecast: the finish as of {day}, by what is known then; all else is as planned.", day=as_of)),
            say(msg("Floats in working days: total, free, and to the nearest deadline that would break.")),
            *((say(msg("{mark} critical: no float left.", mark=CRITICAL)),) if marked else ()),
            *((say(msg("Ongoing work has no length: its finish and floats are not told.")),) if ongoing else ()),
            *((say(msg("~ marks an estimated duration.")),) if estimates else ()),
        ),
    )
