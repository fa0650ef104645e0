"""`cdsplan check`: a verdict for CI."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cdsplan.check import FailOn, Verdict, check
from cdsplan.cli.frame import Run, option, plan_command
from cdsplan.cli.names import AgencyName
from cdsplan.messages import Message, msg, nmsg
from cdsplan.summary import of_agencies

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdsplan.status import Item

FINDINGS = 1


@plan_command(
    "check",
    msg(
        "Fail (exit 1) when a milestone is overdue as of the day; say as of when and what was judged. For CI: exit 2 "
        "means that the plan does not read."
    ),
)
@option(
    "--fail-on",
    type=click.Choice([str(choice) for choice in FailOn]),
    default=str(FailOn.MILESTONE),
    show_default=True,
    help=msg("Fail on overdue milestones; on any overdue task; or also on tasks at risk."),
)
@option(
    "--agency",
    "agencies",
    multiple=True,
    type=AgencyName(),
    help=msg("Only tasks in which this agency or @group has a role."),
)
def command(run: Run, *, fail_on: str, agencies: tuple[str, ...]) -> int:
    """Judge, find, show."""
    wanted = run.find_agencies(agencies)
    items: Sequence[Item] = of_agencies(run.status.items, wanted) if wanted else run.status.items
    verdict = check(run.status, items, FailOn(fail_on))
    if run.format == "json":
        from cdsplan.views.data import check_document  # noqa: PLC0415 - each format loads its own view

        run.emit(check_document(run.status, verdict, run.language))
    elif run.format == "csv":
        from cdsplan.views.sheet import check_sheet  # noqa: PLC0415

        run.emit(check_sheet(verdict, run.language))
    else:
        from cdsplan.views.frames import verdict_text  # noqa: PLC0415

        parts = verdict_text(verdict, run.language)
        run.emit("\n".join([*parts, *(run.language(line) for line in conclusion(run, verdict, FailOn(fail_on)))]))
    return FINDINGS if verdict.failed else 0


def conclusion(run: Run, verdict: Verdict, fail_on: FailOn) -> list[Message]:
    """Say the verdict, as of when, and what was judged and what was not."""
    milestones = nmsg("{n} milestone", "{n} milestones", verdict.judged.milestones)
    tasks = nmsg("{n} other dated task", "{n} other dated tasks", verdict.judged.tasks)
    if fail_on is FailOn.MILESTONE:
        scope = msg("judged: {milestones}; not judged: {tasks}", milestones=milestones, tasks=tasks)
    else:
        scope = msg("judged: {milestones} and {tasks}", milestones=milestones, tasks=tasks)
    given = msg("the day was given") if run.day_given else msg("today by the clock")
    as_of = msg("As of {day} ({given}); {scope}.", day=run.as_of, given=given, scope=scope)
    return [as_of, msg("Failed.") if verdict.failed else msg("Passed.")]
