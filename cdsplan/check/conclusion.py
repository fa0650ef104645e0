"""The words at the end of every check: as of when, what was judged by which rules, what fails it, and the verdict."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from cdsplan import wording
from cdsplan.check.verdict import LOOKED_FOR
from cdsplan.messages import msg, nmsg
from cdsplan.problems import Severity
from cdsplan.rulebook.fail_on import FailOn
from cdsplan.rulebook.selectors import DEFAULT_RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cdsplan.check.model import Verdict
    from cdsplan.check.terms import Terms
    from cdsplan.messages import Message


class DaySource(StrEnum):
    """Who said as of when: the option, the environment, or the clock."""

    OPTION = "--as-of"
    ENVIRONMENT = "CDSPLAN_AS_OF"
    CLOCK = "clock"


def conclusion(verdict: Verdict, source: DaySource, *, exit_zero: bool = False) -> list[Message]:
    """Say what a green check would otherwise leave open, then the verdict."""
    lines = [
        msg("As of {day} ({source}). {judged}.", day=verdict.as_of, source=_source(source), judged=_judged(verdict))
    ]
    if verdict.agencies:
        lines.append(
            nmsg(
                "Only of {n} agency: {agencies}.",
                "Only of {n} agencies: {agencies}.",
                len(verdict.agencies),
                agencies=verdict.agencies,
            )
        )
        lines += _ceased(verdict)
    by_terms: dict[Terms, list[str]] = {}
    for plan, terms in verdict.terms:
        by_terms.setdefault(terms, []).append(plan.id)
    for terms, plans in by_terms.items():
        said = _terms(terms)
        lines.append(said if len(by_terms) == 1 else msg("{plans}: {terms}", plans=tuple(plans), terms=said))
    lines.append(_verdict(verdict))
    if exit_zero and verdict.failed:
        lines.append(msg("The exit code is 0, as --exit-zero asks."))
    return lines


def explained(verdict: Verdict) -> Iterator[Message]:
    """Say where it is told why a finding matters and what to do: of the worst rule first, unless all are waived."""
    first, *others = dict.fromkeys(finding.rule for finding in verdict.findings if finding.waiver is None) or (None,)
    if first is None:
        return
    if others:
        also = tuple(others)
        yield msg("Why it matters, and what to do: cdsplan rule {rule} (also {others})", rule=first, others=also)
    else:
        yield msg("Why it matters, and what to do: cdsplan rule {rule}", rule=first)


def _ceased(verdict: Verdict) -> Iterator[Message]:
    """Say which of the agencies have ceased: of those nothing is open."""
    for agency in verdict.agencies:
        plan = next(plan for plan, _ in verdict.terms if agency in plan.agencies)
        yield from wording.ceased(plan, agency, verdict.as_of, lambda name: f"“{name}”")


def _source(source: DaySource) -> Message:
    match source:
        case DaySource.OPTION:
            return msg("given by --as-of")
        case DaySource.ENVIRONMENT:
            return msg("given by CDSPLAN_AS_OF")
        case DaySource.CLOCK:
            return msg("today by the clock")
        case _:
            assert_never(source)


def _judged(verdict: Verdict) -> Message:
    if not any(terms.rules & JUDGING for _, terms in verdict.terms):
        return msg("No deadline was judged")
    return msg(
        "Judged: {milestones} and {tasks}",
        milestones=nmsg("{n} milestone", "{n} milestones", verdict.judged.milestones),
        tasks=nmsg("{n} other dated task", "{n} other dated tasks", verdict.judged.tasks),
    )


JUDGING = frozenset({"CDS201", "CDS202"})
"""The rules that look at every dated milestone, and at every other dated task."""


def _terms(terms: Terms) -> Message:
    if not terms.rules:
        return msg("It was only looked whether the plan and its journal can be read: they can.")
    usual = terms.rules == DEFAULT_RULES & LOOKED_FOR
    rules = msg("the usual rules") if usual else nmsg("{n} rule", "{n} rules", len(terms.rules))
    if not terms.fails:
        return msg("Looked for: {rules}; no finding of theirs fails it.", rules=rules)
    fails = msg("Looked for: {rules}; fails on: {what}", rules=rules, what=tuple(_failing(terms)))
    if terms.grace:
        return nmsg(
            "{fails}, from the day after {n} day of grace.",
            "{fails}, from the day after {n} days of grace.",
            terms.grace,
            fails=fails,
        )
    return msg("{fails}.", fails=fails)


def _failing(terms: Terms) -> Iterable[Message | str]:
    names = set(map(str, FailOn))
    for word in terms.fail_on:
        yield fails_on(FailOn(word)) if word in names else word


def fails_on(name: FailOn) -> Message:
    """Say what a name of --fail-on stands for."""
    match name:
        case FailOn.MILESTONE:
            return msg("overdue milestones")
        case FailOn.TASK:
            return msg("overdue milestones and tasks")
        case FailOn.AT_RISK:
            return msg("overdue milestones and tasks, tasks at risk")
        case _:
            assert_never(name)


def _verdict(verdict: Verdict) -> Message:
    found = tuple(counted([finding.severity for finding in verdict.findings if finding.waiver is None]))
    waived = sum(finding.waiver is not None for finding in verdict.findings)
    if waived:
        found = (*found, nmsg("{n} waived", "{n} waived", waived))
    if verdict.failed:
        return msg("Failed: {found}.", found=found)
    return msg("Passed: {found}.", found=found) if found else msg("Passed.")


def counted(severities: Iterable[Severity]) -> list[Message]:
    """Count by severity, worst first; what there is none of is not said."""
    counts = dict.fromkeys(Severity, 0)
    for severity in severities:
        counts[severity] += 1
    said = [
        nmsg("{n} error", "{n} errors", counts[Severity.ERROR]),
        nmsg("{n} warning", "{n} warnings", counts[Severity.WARNING]),
        nmsg("{n} note", "{n} notes", counts[Severity.NOTE]),
    ]
    return [words for words in said if words.number]
