"""Problems as frames: where, what, the source line with a caret under the span, and what to do.

plans/nghean.toml:12:9: error CDS107: there is no agency “so-ttt”
   |
12 | owner = "so-ttt"
   |         ^^^^^^^^
   = hint: did you mean “so-tttt”?
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from cdsplan.messages import msg, nmsg
from cdsplan.problems import SEVERITIES, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdsplan.check import Finding, Verdict
    from cdsplan.i18n import Language
    from cdsplan.problems import Place, Problem

MOST_FRAMES = 100
"""More than anyone mends in one go; the rest is counted."""

WIDEST_LINE = 160
"""A longer source line is cut around its span."""

BEFORE_SPAN = 40


def frames(problems: Sequence[Problem], language: Language) -> str:
    """Write the problems, one frame each, and count them."""
    shown = [frame(problem, language) for problem in problems[:MOST_FRAMES]]
    if len(problems) > MOST_FRAMES:
        rest = len(problems) - MOST_FRAMES
        shown.append(language(nmsg("… and {n} more problem", "… and {n} more problems", rest)))
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    warnings = len(problems) - errors
    counted = [language(nmsg("{n} error", "{n} errors", errors))] if errors else []
    counted += [language(nmsg("{n} warning", "{n} warnings", warnings))] if warnings else []
    return "\n".join([*shown, ", ".join(counted)])


MOST_PER_RULE = 10
"""Findings of one rule that fail nothing, before the rest is counted: a large plan has hundreds of rolled deadlines."""


def verdict_text(verdict: Verdict, language: Language) -> list[str]:
    """Write the frames of a verdict, worst first: what fails it, then the first findings of each other rule."""
    failing = [finding for finding in verdict.findings if finding.fails]
    written = [frame(finding.problem(), language) for finding in failing[:MOST_FRAMES]]
    rest = len(failing) - MOST_FRAMES
    if rest > 0:
        written.append(language(nmsg("… and {n} more finding", "… and {n} more findings", rest)))
    by_rule: dict[tuple[Severity, str], list[Finding]] = {}
    for finding in verdict.findings:
        if not finding.fails:
            by_rule.setdefault((finding.severity, finding.rule), []).append(finding)
    for (_, rule), found in by_rule.items():
        written += (frame(finding.problem(), language) for finding in found[:MOST_PER_RULE])
        rest = len(found) - MOST_PER_RULE
        if rest > 0:
            written.append(language(nmsg("… and {n} more of {rule}", "… and {n} more of {rule}", rest, rule=rule)))
    return written


def frame(problem: Problem, language: Language) -> str:
    """Write one problem."""
    what = f"{language(SEVERITIES[problem.severity])} {problem.code}: {language(problem.message)}"
    place = problem.place
    lines = [what] if place is None else [f"{place.file}:{place.line}:{place.column}: {what}", *_excerpt(place)]
    if problem.hint is not None:
        margin = " " * (len(str(place.line)) if place else 2)
        lines.append(f"{margin} = {language(msg('hint: {words}', words=problem.hint))}")
    return "\n".join(lines)


def _excerpt(place: Place) -> list[str]:
    """Show the source line with carets under the span, a long line cut around it."""
    source, column, end = place.source.expandtabs(1), place.column, place.end_column
    if len(source) > WIDEST_LINE:
        cut = max(0, column - 1 - BEFORE_SPAN)
        lead, trail = ("…" if cut else ""), ("…" if cut + WIDEST_LINE < len(source) else "")
        source = lead + source[cut : cut + WIDEST_LINE] + trail
        column, end = column - cut + len(lead), min(end - cut + len(lead), len(source) + 1)
    number = str(place.line)
    margin = " " * len(number)
    before = " " * _cells(source[: column - 1])
    carets = "^" * max(1, _cells(source[column - 1 : end - 1]))
    return [f"{margin} |", f"{number} | {source}", f"{margin} | {before}{carets}"]


def _cells(text: str) -> int:
    """Columns that a text takes on a terminal."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )
