"""A verdict in Markdown, for the summary of a job or a comment on a merge request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdsplan.markup import cell, escaped
from cdsplan.messages import msg, nmsg
from cdsplan.problems import SEVERITIES

if TYPE_CHECKING:
    from cdsplan.check.report import Annotation, Report
    from cdsplan.i18n import Language

MOST_ROWS = 100
"""More than anyone reads in a comment, and far below the limits of comments (64 KiB) and summaries (1 MiB)."""


def markdown(report: Report, language: Language) -> str:
    """Write the verdict, and a table of findings."""
    *basis, verdict = map(language, report.conclusion)
    lines = [f"### cdsplan: {escaped(verdict)}", ""]
    lines += [line for words in basis for line in (escaped(words), "")]
    shown = report.annotations[:MOST_ROWS]
    if shown:
        heads = (msg("Severity"), msg("Rule"), msg("Task"), msg("What"), msg("Where"))
        lines += [f"| {' | '.join(map(language, heads))} |", "| --- | --- | --- | --- | --- |"]
        lines += [_row(annotation, language) for annotation in shown]
    rest = len(report.annotations) - len(shown)
    if rest > 0:
        lines += ["", language(nmsg("… and {n} more finding", "… and {n} more findings", rest))]
    return "\n".join(lines)


def _row(annotation: Annotation, language: Language) -> str:
    problem, place = annotation.problem, annotation.problem.place
    where = "" if place is None else f"{annotation.path}:{place.line}"
    kind = language(SEVERITIES[problem.severity])
    cells = (kind, problem.code, annotation.item or annotation.agency or "", language(problem.message), where)
    return f"| {' | '.join(map(cell, cells))} |"
