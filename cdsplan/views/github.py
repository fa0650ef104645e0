"""Workflow commands of GitHub Actions: an annotation for each finding, worst first, within what a step may have.

GitHub shows ten annotations of each kind from one step and drops the others; what is beyond goes into plain lines of
the log. Messages and properties are escaped as its runner undoes it (actions/toolkit, command.ts).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from cdsplan.problems import Severity

if TYPE_CHECKING:
    from cdsplan.check.report import Annotation, Report
    from cdsplan.i18n import Language

MOST_PER_KIND = 10

COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def workflow_commands(report: Report, language: Language) -> tuple[list[str], list[str]]:
    """Give the commands, and the plain lines that follow them."""
    counts: Counter[Severity] = Counter()
    commands, rest = [], []
    for annotation in report.annotations:
        severity = annotation.problem.severity
        counts[severity] += 1
        if counts[severity] <= MOST_PER_KIND:
            commands.append(_command(annotation, language))
        else:
            rest.append(annotation.line(language))
    return commands, [*rest, *map(language, report.conclusion)]


def _command(annotation: Annotation, language: Language) -> str:
    problem, place = annotation.problem, annotation.problem.place
    properties: dict[str, str | int] = {}
    if place is not None:
        properties = {"file": annotation.path or place.file, "line": place.line}
        properties |= {"col": place.column, "endColumn": place.end_column}
    what = annotation.item or annotation.agency or annotation.plan
    properties["title"] = f"{problem.code} {what}" if what else problem.code
    words = language(problem.message)
    if problem.hint is not None:
        words = f"{words}\n{language(problem.hint)}"
    listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{COMMANDS[problem.severity]} {listed}::{_data(words)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
