"""`cdsplan diff OLD NEW`: what changed between two versions of a plan and of its journal, and what that moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import click

from cdsplan.changes import conclusion, listings
from cdsplan.cli.frame import Run, option, plan_command
from cdsplan.cli.journals import known
from cdsplan.cli.revisions import content, journal, lacking, pairs
from cdsplan.cli.words import speak_as_planned
from cdsplan.difference import FailOn, Version, compare
from cdsplan.messages import msg
from cdsplan.plan.reader import read
from cdsplan.problems import PlanError, Problem

if TYPE_CHECKING:
    from cdsplan.cli.revisions import Edition, Pair
    from cdsplan.journal.model import Journal
    from cdsplan.plan.model import Plan

FINDINGS = 1


@plan_command(
    "diff",
    msg(
        "Show what changed between two versions of a plan: deadlines, milestones, tasks, who does them, links, and "
        "what was reported, and what that does to the critical path and to each milestone. OLD and NEW are files, or "
        "revisions of git: “HEAD~5 HEAD”, “HEAD~5..”, “main...HEAD”; OLD alone is compared with the files as they are. "
        "Each version is judged with the journal beside it. Exit 1 only with --fail-on."
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
        "Exit 1 when the deadline of a milestone was moved in the plan file and no document in the journal allows it, "
        "or when a milestone was removed. May be given more than once."
    ),
)
def command(run: Run, *, old: str, new: str | None, fail_on: tuple[str, ...]) -> int:
    """Find the versions, read, judge, compare, show."""
    compared = pairs(old, new, run.files)
    plans = _read(compared, run)
    run.plans = tuple(each.plan for both in plans for each in reversed(both) if each is not None)
    run.has_plan = True
    if run.plans:  # else neither revision has what lies here now
        speak_as_planned(run.plans[0].language)
    differences = [compare(_version(run, before), _version(run, now)) for before, now in plans]
    failures = tuple(
        failure for each in map(FailOn, fail_on) for made in differences for failure in made.failures(each)
    )
    if run.format == "json":
        from cdsplan.views.data.differences import differences_document  # noqa: PLC0415 - each format loads its own view

        run.emit(differences_document(differences, run.as_of, failed=bool(failures)))
    else:
        shown = [
            listing
            for made, pair in zip(differences, compared, strict=True)
            for listing in listings(made, run.as_of, (pair.old.shown, pair.new.shown), run.language)
        ]
        run.emit_listings(*shown, *conclusion(failures, run.language, asked=bool(fail_on)))
    return FINDINGS if failures else 0


class _Text(NamedTuple):
    """One version as read."""

    plan: Plan
    journal: Journal | None


def _read(compared: list[Pair], run: Run) -> list[tuple[_Text | None, _Text | None]]:
    """Read both versions of every plan, with their journals; the problems of all of them are raised together."""
    versions: list[tuple[_Text | None, _Text | None]] = []
    problems: list[Problem] = []
    for pair in compared:
        both: list[_Text | None] = []
        for edition in (pair.old, pair.new):
            try:
                both.append(_text(edition, run, may_lack=pair.may_lack))
            except PlanError as error:
                problems += error.problems
                both.append(None)
        versions.append((both[0], both[1]))
    if problems:
        raise PlanError(tuple(problems))
    return versions


def _text(edition: Edition, run: Run, *, may_lack: bool) -> _Text | None:
    """Read one version, if it is there."""
    data = content(edition, run.max_bytes)
    if data is None:
        if not may_lack:
            raise lacking(edition)
        return None
    plan = read(data, edition.shown, max_bytes=run.max_bytes)
    return _Text(plan, journal(edition, plan, max_bytes=run.journal_bytes))


def _version(run: Run, text: _Text | None) -> Version | None:
    """Schedule and judge one version as of the day."""
    if text is None:
        return None
    from cdsplan.schedule import schedule  # noqa: PLC0415 - not before the plans are read
    from cdsplan.status import first_occurrences, judge  # noqa: PLC0415 - as above

    planned = schedule(text.plan)
    forecast = planned.forecast(run.as_of, known(text.plan, text.journal, run.as_of))
    items = judge((forecast,), run.as_of).items
    network = [item for item in items if item.occurrence is None]
    occurrences = [item for item in items if item.occurrence is not None]
    return Version(planned, forecast, [*network, *first_occurrences(text.plan, run.as_of)], occurrences)
