"""A Code Quality report of GitLab, which shows findings in merge requests beside the lines they stand on.

The form is that of https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format. GitLab tells new
findings from old ones by their fingerprints, so each is there once and stays what it is when lines move.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cdsplan.problems import Severity

if TYPE_CHECKING:
    from cdsplan.check.report import Annotation, Report
    from cdsplan.i18n import Language

SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.NOTE: "info"}

NO_FILE = "."
"""The path of what has no place: GitLab wants one."""


def code_quality(report: Report, language: Language) -> str:
    """Write the report."""
    return json.dumps([_issue(annotation, language) for annotation in report.annotations], ensure_ascii=False, indent=1)


def _issue(annotation: Annotation, language: Language) -> dict[str, Any]:
    problem, place = annotation.problem, annotation.problem.place
    return {
        "description": f"{problem.code}: {language(problem.message)}",
        "check_name": problem.code,
        "fingerprint": annotation.fingerprint,
        "severity": SEVERITIES[problem.severity],
        "location": {"path": annotation.path or NO_FILE, "lines": {"begin": 1 if place is None else place.line}},
    }
