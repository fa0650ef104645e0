"""`cdsplan check`: a verdict for CI."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from cdsplan.check import check
from cdsplan.check.conclusion import DaySource, conclusion
from cdsplan.cli.answers import FORMATS, AnswerFile, Answers
from cdsplan.cli.frame import Run, option, plan_command
from cdsplan.cli.names import AgencyName
from cdsplan.cli.rule_words import RuleWords
from cdsplan.messages import msg
from cdsplan.plan.model import Gate
from cdsplan.problems import PlanError
from cdsplan.rulebook.fail_on import fail_on_words
from cdsplan.rulebook.selectors import ignorable, selectors
from cdsplan.summary import of_agencies

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdsplan.cli.answers import Answer
    from cdsplan.status import Item

    Words = tuple[tuple[str, ...], ...]

FINDINGS = 1
MOST_DAYS = 365


@plan_command(
    "check",
    msg(
        "Fail (exit 1) when a milestone is overdue as of the day; say as of when and what was judged. For CI: exit 2 "
        "means that the plan does not read. Rules are explained by: cdsplan rule."
    ),
    formats=FORMATS,
    output=False,
)
@option(
    "--fail-on",
    multiple=True,
    type=RuleWords(fail_on_words),
    metavar="WHAT",
    help=msg("Fail on milestone (the default), task or at-risk, each of which includes the one before; or on rules."),
)
@option(
    "--select",
    multiple=True,
    type=RuleWords(selectors),
    metavar="RULES",
    help=msg("Look for these rules instead: ids, how ids begin (CDS3), ALL, DEFAULT; parted by commas."),
)
@option("--ignore", multiple=True, type=RuleWords(ignorable), metavar="RULES", help=msg("Do not look for these rules."))
@option(
    "--warn",
    type=click.IntRange(0, MOST_DAYS),
    metavar="DAYS",
    help=msg("Tell what is due within so many calendar days (7 unless the plan says otherwise)."),
)
@option(
    "--grace",
    type=click.IntRange(0, MOST_DAYS),
    metavar="DAYS",
    help=msg("Report, but do not fail on, what is so many calendar days late at most."),
)
@option("--exit-zero", is_flag=True, help=msg("Exit with 0 even when the check fails."))
@option(
    "--agency",
    "agencies",
    multiple=True,
    type=AgencyName(),
    help=msg("Only tasks in which this agency or @group has a role."),
)
@option(
    "-o",
    "--output",
    "files",
    multiple=True,
    type=AnswerFile(),
    metavar="[FORMAT=]FILE",
    help=msg("Write the answer into a file; with a format, a further answer. May be given more than once."),
)
def command(  # noqa: PLR0913 - every option has its name
    run: Run, *, fail_on: Words, select: Words, ignore: Words, warn: int | None, grace: int | None, exit_zero: bool,
    agencies: tuple[str, ...], files: tuple[Answer, ...],
) -> int:  # fmt: skip
    """Judge, find, show."""
    answers = Answers(run, files)
    asked = Gate(select=_flat(select) or None, ignore=_flat(ignore), fail_on=_flat(fail_on) or None, grace=grace)
    try:
        if warn is not None:
            run.plans = tuple(plan._replace(warn=warn) for plan in run.plans)
        status = run.status
    except PlanError as error:
        try:
            answers.of_problems(error.problems)
        except PlanError as unwritten:
            raise PlanError((*error.problems, *unwritten.problems)) from None
        raise
    wanted = run.find_agencies(agencies)
    items: Sequence[Item] = of_agencies(status.items, wanted) if wanted else status.items
    today = date.max if all(journal is None for journal in run.journals) else run.today
    verdict = check(status, items, asked, wanted, run.journals, today)
    source = DAY_SOURCES.get(run.day_source, DaySource.CLOCK)
    answers.of_verdict(verdict, conclusion(verdict, source, exit_zero=exit_zero), source)
    return FINDINGS if verdict.failed and not exit_zero else 0


DAY_SOURCES: dict[ParameterSource | None, DaySource] = {
    ParameterSource.COMMANDLINE: DaySource.OPTION,
    ParameterSource.ENVIRONMENT: DaySource.ENVIRONMENT,
}


def _flat(given: Words) -> tuple[str, ...]:
    return tuple(word for words in given for word in words)
