"""`cdsplan diff OLD NEW`: what changed between two versions of a plan, and what that moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cdsplan.changes import conclusion, listings
from cdsplan.cli.frame import Run, option, plan_command
from cdsplan.cli.revisions import content, lacking, pairs
from cdsplan.difference import FailOn, Version, compare
from cdsplan.messages import msg
from cdsplan.plan.reader import read
from cdsplan.problems import PlanError, Problem

if TYPE_CHECKING:
    from cdsplan.cli.revisions import Pair
    from cdsplan.plan.model import Plan

FINDINGS = 1


@plan_command(
    "diff",
    msg(
        "Show what changed between two versions of a plan: deadlines, milestones, tasks, who does them, links, and "
        "what that does to the critical path and to each milestone. OLD and NEW are files, or revisions of git: "
        "“HEAD~5 HEAD”, “HEAD~5..”, “main...HEAD”; OLD alone is compared with the files as they are. Exit 1 only with "
        "--fail-on."
    ),
    formats=("table", "plain", "json", "markdown"),
    files=False,
)
@click.argument("old")
@click.argument("new", required=False)
@option(
    "--fail-on",
    multiple=True,
    type=click.Choice([str(choice) for choice in FailOn]),
    help=msg(
        "Exit 1 when the deadline of a milestone was moved in the plan file, or a milestone was removed. May be given "
        "more than once."
    ),
)
def command(run: Run, *, old: str, new: str | None, fail_on: tuple[str, ...]) -> int:
    """Find the versions, read, judge, compare, show."""
    compared = pairs(old, new, run.files)
    plans = _read(compared, run.max_bytes)
    run.plans = tuple(plan for both in plans for plan in reversed(both) if plan is not None)
    run.has_plan = True
    differences = [compare(_version(run, before), _version(run, now)) for before, now in plans]
    failures = tuple(
        failure for each in map(FailOn, fail_on) for made in differences for failure in made.failures(each)
    )
    if run.format == "json":
        from cdsplan.views.data import differences_document  # noqa: PLC0415 - each format loads its own view

        run.emit(differences_document(differences, run.as_of, failed=bool(failures)))
    else:
        shown = [
            listing
            for made, pair in zip(differences, compared, strict=True)
            for listing in listings(made, run.as_of, (pair.old.shown, pair.new.shown), run.language)
        ]
        run.emit_listings(*shown, *conclusion(failures, run.language, asked=bool(fail_on)))
    return FINDINGS if failures else 0


def _read(compared: list[Pair], max_bytes: int) -> list[tuple[Plan | None, Plan | None]]:
    """Read both versions of every plan; the problems of all of them are raised together."""
    plans: list[tuple[Plan | None, Plan | None]] = []
    problems: list[Problem] = []
    for pair in compared:
        both: list[Plan | None] = []
        for edition in (pair.old, pair.new):
            try:
                data = content(edition, max_bytes)
                if data is None and not pair.may_lack:
                    raise lacking(edition)
                both.append(None if data is None else read(data, edition.shown, max_bytes=max_bytes))
            except PlanError as error:
                problems += error.problems
                both.append(None)
        plans.append((both[0], both[1]))
    if problems:
        raise PlanError(tuple(problems))
    return plans


def _version(run: Run, plan: Plan | None) -> Version | None:
    """Schedule and judge one version as of the day."""
    if plan is None:
        return None
    from cdsplan.schedule import schedule  # noqa: PLC0415 - not before the plans are read
    from cdsplan.status import judge  # noqa: PLC0415 - as above

    planned = schedule(plan)
    forecast = planned.forecast(run.as_of)
    return Version(planned, forecast, judge((forecast,), run.as_of).items)
