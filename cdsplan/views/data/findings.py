"""Findings, rules and assessments as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cdsplan.views.data.frame import document, plan_data, problem_data

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cdsplan import rulebook
    from cdsplan.audit import Audit, Metric
    from cdsplan.check import Finding, Verdict
    from cdsplan.check.conclusion import DaySource
    from cdsplan.i18n import Language
    from cdsplan.problems import Problem


def check_document(verdict: Verdict, source: DaySource, language: Language) -> str:
    """Write a verdict."""
    return document(
        **verdict_data(verdict, source), findings=[finding_data(each, language) for each in verdict.findings]
    )


def check_lines(verdict: Verdict, source: DaySource, language: Language) -> Iterator[str]:
    """Write a verdict as lines of JSON: the verdict, then each finding."""
    yield document(**verdict_data(verdict, source)) + "\n"
    for finding in verdict.findings:
        yield json.dumps(finding_data(finding, language), ensure_ascii=False) + "\n"


def verdict_data(verdict: Verdict, source: DaySource) -> dict[str, Any]:
    """Say what was judged, by which rules, and whether it failed."""
    rules = {rule for _, terms in verdict.terms for rule in terms.rules}
    fails = {rule for _, terms in verdict.terms for rule in terms.fails}
    return {
        "as_of": verdict.as_of.isoformat(),
        "as_of_from": source,
        "judged": {"milestones": verdict.judged.milestones, "tasks": verdict.judged.tasks},
        "agencies": verdict.agencies or None,
        "rules": sorted(rules),
        "fails_on": sorted(fails & rules),
        "failed": verdict.failed,
    }


def finding_data(finding: Finding, language: Language) -> dict[str, Any]:
    """Give one finding as data."""
    return {
        **problem_data(finding.problem(), language),
        "plan": finding.plan.id,
        "task": finding.task,
        "occurrence": finding.occurrence and finding.occurrence.isoformat(),
        "agency": finding.agency,
        "fails": finding.fails,
        "waived_until": finding.waiver and finding.waiver.until.isoformat(),
    }


def rules_document(rules: Iterable[tuple[rulebook.Rule, Sequence[Problem]]], language: Language) -> str:
    """Write rules, each with what its example prints."""
    return document(
        rules=[
            {
                "id": rule.id,
                "name": rule.name,
                "severity": rule.severity,
                "default": rule.default,
                "ignorable": rule.ignorable,
                "summary": language(rule.summary),
                "why": language(rule.why),
                "mend": language(rule.mend),
                "example": rule.example
                and {
                    "as_of": rule.example.as_of,
                    "plan": rule.example.plan,
                    "journal": rule.example.journal or None,
                    "findings": [problem_data(problem, language) for problem in problems],
                },
            }
            for rule, problems in rules
        ]
    )


def audit_document(audits: Iterable[Audit], number: int | None, language: Language) -> str:
    """Write assessments, of all metrics or of one."""
    return document(
        plans=[
            {
                **plan_data(made.plan),
                "as_of": made.as_of.isoformat(),
                "tasks": made.counted,
                "incomplete": made.incomplete,
                "links": made.links,
                "metrics": [
                    _metric_data(metric, language)
                    for metric in made.metrics
                    if number is None or metric.number == number
                ],
            }
            for made in audits
        ]
    )


def _metric_data(metric: Metric, language: Language) -> dict[str, Any]:
    measure, found, threshold = metric.measure, metric.found, metric.threshold
    return {
        "number": metric.number,
        "id": measure.id,
        "title": language(measure.title),
        "formula": language(measure.formula),
        "kind": measure.kind,
        "count": found.amount,
        "population": found.population,
        "value": None if metric.value is None else float(metric.value),
        "threshold": threshold and {"bound": threshold.bound, "value": float(threshold.value)},
        "verdict": metric.judgement,
        "note": None if found.note is None else language(found.note),
        "behind": [
            {
                "id": behind.task,
                "days": behind.days,
                "predecessor": behind.link and behind.link.predecessor,
                "type": behind.link and behind.link.type,
                "lag": behind.link and str(behind.link.lag),
            }
            for behind in found.behind
        ],
    }
