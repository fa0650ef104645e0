"""`cdsplan why TASK`: the chain of reasons for a task's dates, back to the start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cdsplan import wording
from cdsplan.cli.because import because
from cdsplan.cli.frame import Run, option, plan_command
from cdsplan.cli.names import TaskName
from cdsplan.listing import Column, Listing
from cdsplan.messages import msg
from cdsplan.schedule.reasons import reasons

if TYPE_CHECKING:
    from cdsplan.i18n import Language
    from cdsplan.messages import Message
    from cdsplan.schedule import Schedule
    from cdsplan.schedule.reasons import Reason


@plan_command(
    "why",
    msg(
        "Say why a task is planned when it is: what it waits for, why that is when it is, and so on back to the start. "
        "With --forecast, by what is known as of the day."
    ),
    formats=("table", "plain", "json"),
    files=False,
)
@click.argument("task", type=TaskName())
@option("--forecast", "expected", is_flag=True, help=msg("By what is known as of the day, instead of as planned."))
def command(run: Run, *, task: str, expected: bool) -> None:
    """Follow the reasons back, list."""
    plan, wanted = run.find_task(task)
    schedules = run.forecasts if expected else run.schedules
    schedule = next(schedule for schedule in schedules if schedule.plan is plan)
    chain = reasons(schedule, schedule.position[wanted.id])
    if run.format == "json":
        from cdsplan.views.data.schedules import reasons_document  # noqa: PLC0415 - each format loads its own view

        run.emit(reasons_document(schedule, chain))
        return
    run.emit_listings(listing(schedule, chain, run.language))


def listing(schedule: Schedule, chain: list[Reason], say: Language) -> Listing:
    """List the tasks of the chain, the one asked for first, each with its reason."""
    rows = tuple(
        (
            schedule.tasks[reason.task].id,
            wording.short_title(schedule.tasks[reason.task], say, schedule.plan),
            say.date(schedule.early_start(reason.task)),
            say.date(schedule.early_finish(reason.task)),
            say(because(schedule, reason)),
        )
        for reason in chain
    )
    return Listing(
        titles=(
            wording.plan_title(schedule.plan, say),
            say(_asked(schedule, chain[0].task, say)),
        ),
        columns=(
            Column(heading=say(msg("Task"))),
            Column(heading=say(msg("Title")), wraps=True, wide=120),
            Column(heading=say(msg("Start"))),
            Column(heading=say(msg("Finish"))),
            Column(heading=say(msg("Because")), wraps=True),
        ),
        rows=rows,
    )


def _asked(schedule: Schedule, j: int, say: Language) -> Message:
    """Say what is asked: why these dates?"""
    title = wording.short_title(schedule.tasks[j], say, schedule.plan)
    first, last = schedule.early_start(j), schedule.early_finish(j)
    dates = msg("{day}", day=first) if first == last else msg("{first} to {last}", first=first, last=last)
    if schedule.as_of is None:
        return msg("Why “{title}” is planned for {dates}", title=title, dates=dates)
    return msg(
        "Why “{title}” stands at {dates}, by what is known on {day}", title=title, dates=dates, day=schedule.as_of
    )
