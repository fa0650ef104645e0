"""From a status to a verdict: look for what is chosen, excuse what is waived, let fail what was asked for."""

from __future__ import annotations

from datetime import date
from itertools import zip_longest
from typing import TYPE_CHECKING

from cdsplan.check import file_rules, quality, timeliness, waivers
from cdsplan.check.model import LATE, Finding, Scope, Verdict
from cdsplan.check.terms import terms
from cdsplan.journal.model import NO_JOURNAL
from cdsplan.plan.model import Gate
from cdsplan.problems import Severity
from cdsplan.rulebook import RULES
from cdsplan.summary import Judged, judged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cdsplan.check.model import Finder
    from cdsplan.check.terms import Terms
    from cdsplan.journal.model import Journal
    from cdsplan.status import Item, Status

FINDERS: dict[str, Finder] = {
    "CDS201": timeliness.milestones_overdue,
    "CDS202": timeliness.tasks_overdue,
    "CDS203": timeliness.fan_outs_incomplete,
    "CDS204": timeliness.due_today,
    "CDS205": timeliness.due_soon,
    "CDS206": timeliness.at_risk,
    "CDS207": timeliness.negative_float,
    "CDS211": timeliness.projected_calendar,
    "CDS214": timeliness.not_recorded,
    "CDS215": timeliness.entries_of_nothing,
    "CDS216": waivers.expired,
    "CDS218": timeliness.entries_ahead,
    "CDS219": timeliness.done_before_start,
    "CDS301": quality.no_deadline,
    "CDS302": quality.no_owner,
    "CDS303": quality.no_duration,
    "CDS304": quality.long_title,
    "CDS305": quality.dangling_start,
    "CDS306": quality.dangling_finish,
    "CDS307": quality.leads,
    "CDS308": quality.long_lags,
    "CDS309": quality.high_float,
    "CDS310": quality.long_task,
    "CDS311": quality.unreachable_milestone,
    "CDS312": quality.no_dated_milestone,
    "CDS313": quality.inferred_critical_link,
    "CDS314": quality.agency_ceased,
}
"""What finds the findings of each rule, but for those of `file_rules` and CDS217, for which waivers must be applied."""

LOOKED_FOR = frozenset({*FINDERS, *file_rules.FILE_RULES, "CDS217"})
"""Every rule that a check can look for."""

WORST_FIRST = {severity: at for at, severity in enumerate(Severity)}
NOBODY = Gate()


def check(
    status: Status,
    items: Sequence[Item],
    asked: Gate = NOBODY,
    agencies: tuple[str, ...] = (),
    journals: Sequence[Journal | None] = (),
    today: date = date.max,
) -> Verdict:
    """Judge items of a status by each plan's own terms, and above them by what was `asked` for.

    `agencies` are those to which the items were limited; `journals` those of the plans, in their order. `today` is the
    clock's day, where it is known. Findings stand worst first: by severity, rule and weight.
    """
    whole = len(items) == len(status.items)
    findings: list[Finding] = []
    by_plan = []
    milestones = tasks = 0
    for forecast, journal in zip_longest(status.forecasts, journals):
        plan = forecast.plan
        mine = items if len(status.forecasts) == 1 else [item for item in items if item.plan is plan]
        chosen = terms(plan.gate, asked)
        chosen = chosen._replace(rules=chosen.rules & LOOKED_FOR)
        scope = Scope(plan, forecast, mine, whole, status.as_of, journal or NO_JOURNAL, today)
        findings += _findings(scope, chosen)
        by_plan.append((plan, chosen))
        dated = judged(mine)
        milestones += dated.milestones if "CDS201" in chosen.rules else 0
        tasks += dated.tasks if "CDS202" in chosen.rules else 0
    findings.sort(key=lambda finding: (WORST_FIRST[finding.severity], finding.rule, -finding.weight))
    return Verdict(
        as_of=status.as_of,
        judged=Judged(milestones=milestones, tasks=tasks),
        findings=tuple(findings),
        terms=tuple(by_plan),
        agencies=agencies,
    )


def _findings(scope: Scope, chosen: Terms) -> Iterator[Finding]:
    found = [finding for rule, find in FINDERS.items() if rule in chosen.rules for finding in find(scope)]
    found += file_rules.find(scope, chosen.rules)
    if scope.plan.gate.waivers:
        found, used = waivers.excuse(scope, found)
        if "CDS217" in chosen.rules:
            found += waivers.unused(scope, used, chosen.rules)
    severities = {rule: _milder(RULES[rule].severity) for rule in chosen.rules}
    for finding in found:
        if finding.waiver is not None:
            yield finding._replace(severity=Severity.NOTE)
        elif finding.rule not in chosen.fails:
            severity = severities[finding.rule]
            yield finding if severity is finding.severity else finding._replace(severity=severity)
        elif finding.rule in LATE and finding.weight <= chosen.grace:
            yield finding._replace(severity=severities[finding.rule], graced=True)
        else:
            yield finding._replace(severity=Severity.ERROR, fails=True)


def _milder(severity: Severity) -> Severity:
    """Give the severity of a finding that does not fail: only what fails is an error."""
    return Severity.WARNING if severity is Severity.ERROR else severity
