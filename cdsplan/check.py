"""The verdict on a status: findings, each from one rule, and whether any of them fails the check.

A rule is a function in a tuple that looks at a status and yields findings. To add one, write the function, put it into
`RULES`, and test it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from cdsplan import wording
from cdsplan.messages import Message, msg, nmsg
from cdsplan.plan import rules
from cdsplan.problems import Place, Problem, Severity
from cdsplan.status import Timeliness
from cdsplan.summary import judged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cdsplan.plan.model import Plan
    from cdsplan.status import Item, Status
    from cdsplan.summary import Judged


class FailOn(StrEnum):
    """What a check fails on; each includes the one before it."""

    MILESTONE = "milestone"
    TASK = "task"
    AT_RISK = "at-risk"


class Finding(NamedTuple):
    """One thing that a rule found. `item` is None for findings on a whole plan; errors are what fails the check."""

    rule: str
    severity: Severity
    message: Message
    plan: Plan
    item: Item | None = None
    hint: Message | None = None

    def problem(self) -> Problem:
        """Give the finding with its place: the deadline of its task, or the plan's head."""
        return Problem(
            code=self.rule, message=self.message, hint=self.hint, place=self._place(), severity=self.severity
        )

    def _place(self) -> Place:
        if self.item is None:
            return self.plan.source.place(("plan", "id"))
        return self.plan.source.place(("tasks", self.item.task.id, "due"))


class Note(NamedTuple):
    """What people should know of a plan's file, whatever the day. Its place is found when it is shown."""

    plan: Plan
    finding: rules.Finding

    @property
    def code(self) -> str:
        """The rule that found it."""
        return self.finding.code

    @property
    def severity(self) -> Severity:
        """How much it matters."""
        return self.finding.severity

    def problem(self) -> Problem:
        """Give the note with its place."""
        return rules.placed(self.finding, self.plan.source)


class Verdict(NamedTuple):
    """What a check judged and found, worst first, and what the plans' files should tell, rule by rule."""

    judged: Judged
    findings: tuple[Finding, ...]
    notes: tuple[Note, ...]

    @property
    def failed(self) -> bool:
        """Whether anything was found that the check fails on."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)


def overdue(status: Status, items: Sequence[Item]) -> Iterator[Finding]:
    """CDS201, CDS202: open, and past the last good day in force."""
    del status
    overdue_ = Timeliness.OVERDUE
    for item in items:
        if item.timeliness is overdue_ and item.due is not None:
            late = nmsg(
                "“{task}” is {n} day overdue: it was due on {last}",
                "“{task}” is {n} days overdue: it was due on {last}",
                item.days or 0,
                task=item.task.id,
                last=item.due.last,
            )
            if item.members:
                late = msg("{late}; {received}", late=late, received=wording.delivered(item))
            yield Finding(
                rule="CDS201" if item.task.milestone else "CDS202",
                severity=Severity.ERROR,
                message=late,
                plan=item.plan,
                item=item,
            )


def at_risk(status: Status, items: Sequence[Item]) -> Iterator[Finding]:
    """CDS206: open and in time, but the forecast finishes after the last good day."""
    del status
    for item in items:
        if item.at_risk_days and item.timeliness is not Timeliness.OVERDUE:
            yield Finding(
                rule="CDS206",
                severity=Severity.ERROR,
                message=msg(
                    "“{task}” {risk}: the forecast is {finish}",
                    task=item.task.id,
                    risk=wording.at_risk(item),
                    finish=item.forecast_finish,
                ),
                plan=item.plan,
                item=item,
            )


def no_dated_milestone(status: Status, items: Sequence[Item]) -> Iterator[Finding]:
    """CDS312: a plan in which no milestone has a day gives a check nothing to judge."""
    if len(items) < len(status.items):
        return  # of some agencies only: the plan may have milestones all the same
    for plan in status.plans:
        if not judged([item for item in items if item.plan is plan]).milestones:
            yield Finding(
                rule="CDS312",
                severity=Severity.WARNING,
                message=msg("no milestone of “{plan}” has a deadline that could be missed", plan=plan.id),
                hint=msg("write milestone = true at the tasks that must not slip; --fail-on task judges every task"),
                plan=plan,
            )


RULES = (overdue, at_risk, no_dated_milestone)

FAILS = {
    "CDS201": frozenset(FailOn),
    "CDS202": frozenset({FailOn.TASK, FailOn.AT_RISK}),
    "CDS206": frozenset({FailOn.AT_RISK}),
    "CDS312": frozenset[FailOn](),
}
"""For each rule, the settings of --fail-on under which it fails the check; under others it only warns."""


def check(status: Status, items: Sequence[Item], fail_on: FailOn) -> Verdict:
    """Apply every rule to the items, and say of the plans what their files should tell."""
    found = (finding for rule in RULES for finding in rule(status, items))
    return Verdict(
        judged=judged(items),
        findings=tuple(_graded(found, fail_on)),
        notes=tuple(Note(plan, finding) for plan in status.plans for finding in rules.warnings(plan)),
    )


def _graded(findings: Iterable[Finding], fail_on: FailOn) -> Iterator[Finding]:
    """Let only what the check fails on be an error; worst first."""
    graded = [
        finding if fail_on in FAILS[finding.rule] else finding._replace(severity=Severity.WARNING)
        for finding in findings
    ]
    return iter(sorted(graded, key=lambda finding: finding.severity is not Severity.ERROR))
