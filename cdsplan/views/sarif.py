"""SARIF 2.1.0 (OASIS), which code scanning services and editors read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from cdsplan import __version__
from cdsplan.problems import Severity
from cdsplan.rulebook import RULES

if TYPE_CHECKING:
    from cdsplan.check.report import Annotation, Report
    from cdsplan.i18n import Language

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def sarif(report: Report, language: Language) -> str:
    """Write a log of one run; only the rules that found something are described."""
    found = list(dict.fromkeys(annotation.problem.code for annotation in report.annotations))
    index = {rule: at for at, rule in enumerate(found)}
    driver = {
        "name": "cdsplan",
        "semanticVersion": __version__,
        "rules": [_rule(rule, language) for rule in found],
    }
    run = {
        "tool": {"driver": driver},
        "language": language.code,
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the repository"}}},
        "invocations": [_invocation(report, language)],
        "results": [_result(annotation, index, language) for annotation in report.annotations],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1)


ROOT = "SRCROOT"


def _rule(code: str, language: Language) -> dict[str, Any]:
    rule = RULES[code]
    return {
        "id": code,
        "name": rule.name,
        "shortDescription": {"text": language(rule.summary)},
        "fullDescription": {"text": f"{language(rule.summary)} {language(rule.why)}"},
        "help": {"text": language(rule.mend)},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
    }


def _invocation(report: Report, language: Language) -> dict[str, Any]:
    notes = [{"message": {"text": language(words)}, "level": "note"} for words in report.conclusion]
    invocation: dict[str, Any] = {
        "executionSuccessful": report.verdict is not None,
        "toolExecutionNotifications": notes,
    }
    if report.verdict is not None:
        invocation["properties"] = {"as_of": report.verdict.as_of.isoformat(), "failed": report.failed}
    return invocation


def _result(annotation: Annotation, index: dict[str, int], language: Language) -> dict[str, Any]:
    problem, place = annotation.problem, annotation.problem.place
    words = language(problem.message)
    if problem.hint is not None:
        words = f"{words} ({language(problem.hint)})"
    result: dict[str, Any] = {
        "ruleId": problem.code,
        "ruleIndex": index[problem.code],
        "level": LEVELS[problem.severity],
        "message": {"text": words},
        "partialFingerprints": {"cdsplan/v1": annotation.fingerprint},
    }
    if place is not None:
        path = annotation.path or place.file
        region = {"startLine": place.line, "startColumn": place.column, "endColumn": place.end_column}
        artifact = (
            {"uri": quote(path), "uriBaseId": ROOT} if not path.startswith("/") else {"uri": f"file://{quote(path)}"}
        )
        result["locations"] = [{"physicalLocation": {"artifactLocation": artifact, "region": region}}]
    if annotation.waiver is not None:
        waiver = annotation.waiver
        document = f" ({waiver.document})" if waiver.document else ""
        result["suppressions"] = [
            {"kind": "inSource", "status": "accepted", "justification": f"{waiver.reason}{document}"}
        ]
    occurrence = annotation.occurrence and annotation.occurrence.isoformat()
    named = {
        "plan": annotation.plan, "task": annotation.task, "occurrence": occurrence, "agency": annotation.agency,
    }  # fmt: skip
    properties = {name: value for name, value in named.items() if value is not None}
    return result | ({"properties": properties} if properties else {})
