"""JUnit XML, for services that show tests: one suite for each plan.

A case for every finding, and one for every rule that found nothing, so that a green report is not an empty one. What
fails the check has a failure, what is waived is skipped, what only warns passes and says so in its output; problems of
a plan that does not read are errors. The form is that of Jenkins's xunit plugin (junit-10.xsd), as pytest writes it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from cdsplan.rulebook import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cdsplan.check.report import Annotation, Report
    from cdsplan.i18n import Language

XML = '<?xml version="1.0" encoding="UTF-8"?>'


def junit(report: Report, language: Language) -> str:
    """Write the report."""
    lines = [XML, "<testsuites>"]
    if report.verdict is None:
        lines += _suite("cdsplan", report.annotations, (), report, language)
    else:
        for plan, terms in report.verdict.terms:
            found = [each for each in report.annotations if each.plan == plan.id]
            clean = terms.rules - {each.problem.code for each in found}
            lines += _suite(plan.id, found, sorted(clean), report, language)
    return "\n".join([*lines, "</testsuites>"])


def _suite(
    name: str, found: Sequence[Annotation], clean: Sequence[str], report: Report, language: Language
) -> Iterator[str]:
    counts = Counter(map(_outcome, found))
    attributes = " ".join(f'{kind}="{counts[outcome]}"' for kind, outcome in KINDS.items())
    yield f'  <testsuite name={quoteattr(name)} tests="{len(found) + len(clean)}" {attributes}>'
    if report.verdict is not None:
        day = report.verdict.as_of.isoformat()
        yield f'    <properties><property name="as_of" value="{day}"/></properties>'
    yield from (f"    {_case(annotation, name, language)}" for annotation in found)
    yield from (f"    {_start(name, f'{rule} {RULES[rule].name}')}/>" for rule in clean)
    said = escape("\n".join(map(language, report.conclusion)))
    yield f"    <system-out>{said}</system-out>"
    yield "  </testsuite>"


KINDS = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def _start(suite: str, name: str) -> str:
    return f"<testcase classname={quoteattr(suite)} name={quoteattr(name)}"


def _outcome(annotation: Annotation) -> str:
    """Give the element that says what became of a case."""
    if annotation.waiver is not None:
        return "skipped"
    if annotation.plan is None:
        return "error"
    return "failure" if annotation.fails else "system-out"


def _case(annotation: Annotation, suite: str, language: Language) -> str:
    problem, outcome = annotation.problem, _outcome(annotation)
    where = (annotation.path,) if annotation.plan is None else (annotation.item, annotation.agency, annotation.about)
    name = " ".join(part for part in (problem.code, *where) if part)
    attributes = ""
    if outcome != "system-out":
        attributes = f" type={quoteattr(problem.code)} message={quoteattr(language(problem.message))}"
    text = annotation.line(language) if annotation.waiver is None else annotation.waiver.reason
    return f"{_start(suite, name)}><{outcome}{attributes}>{escape(text)}</{outcome}></testcase>"
