"""What the example of a rule comes to: the plan is really read and judged, so a page never shows what is not so."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cdsplan.check.verdict import check
from cdsplan.journal.reader import read as read_journal
from cdsplan.journal.replay import replay
from cdsplan.plan.model import Gate
from cdsplan.plan.reader import read
from cdsplan.plan.source import MAX_BYTES
from cdsplan.problems import PlanError
from cdsplan.rulebook.selectors import ALL
from cdsplan.schedule import forecast
from cdsplan.status import judge

if TYPE_CHECKING:
    from cdsplan.problems import Problem
    from cdsplan.rulebook import Rule

FILE = "plan.toml"
"""The name of the example's plan in what it prints."""

JOURNAL = "plan.journal.toml"
"""The name of its journal."""


def found_in_example(rule: Rule) -> tuple[Problem, ...]:
    """Give what the rule finds in its own example: nothing without one."""
    if rule.example is None:
        return ()
    as_of = date.fromisoformat(rule.example.as_of)
    try:
        plan = read(rule.example.plan.encode(), FILE)
        journal = read_journal(rule.example.journal.encode(), JOURNAL, plan, max_bytes=MAX_BYTES)
    except PlanError as error:
        return tuple(problem for problem in error.problems if problem.code == rule.id)
    status = judge([forecast(plan, as_of, replay(plan, journal, as_of))], as_of)
    verdict = check(status, status.items, Gate(select=(ALL,)), journals=(journal,))
    return tuple(finding.problem() for finding in verdict.findings if finding.rule == rule.id)
