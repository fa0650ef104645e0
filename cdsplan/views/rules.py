"""Pages about rules: what each finds, why, how to mend it, and an example with what it prints."""

from __future__ import annotations

from datetime import date
from textwrap import fill, indent
from typing import TYPE_CHECKING, NamedTuple

from cdsplan.listing import Column, Listing
from cdsplan.messages import Message, msg
from cdsplan.problems import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cdsplan.i18n import Language
    from cdsplan.rulebook import Rule

WIDEST = 100
"""Columns of running text: longer lines are hard to read."""


class Page(NamedTuple):
    """A rule, and the frames that its example prints."""

    rule: Rule
    frames: tuple[str, ...] = ()


def rules_listing(rules: Iterable[Rule], language: Language) -> Listing:
    """List rules; those that are looked for unasked stand out."""
    listed = tuple(rules)
    heads = (msg("Rule"), msg("Name"), msg("Severity"), msg("Looked for"), msg("What it finds"))
    return Listing(
        titles=(),
        columns=tuple(Column(heading=language(head), wraps=at == len(heads) - 1) for at, head in enumerate(heads)),
        rows=tuple(
            (
                rule.id,
                rule.name,
                language(SEVERITIES[rule.severity]),
                language(_short_when(rule)),
                language(rule.summary),
            )
            for rule in listed
        ),
        notes=(language(msg("cdsplan rule ID explains one of them.")),),
    )


def _short_when(rule: Rule) -> Message:
    if not rule.ignorable:
        return msg("always")
    return msg("by default") if rule.default else msg("when asked for")


def _when(rule: Rule) -> Message:
    if not rule.ignorable:
        return msg("Always looked for; exit code 2.")
    if rule.default:
        return msg("Looked for by default; --ignore {id} leaves it out.", id=rule.id)
    return msg("Looked for when asked for: --select {id}.", id=rule.id)


def page_text(page: Page, language: Language, width: int) -> str:
    """Write a page for a terminal."""
    rule, width = page.rule, min(width, WIDEST)

    def paragraph(words: Message) -> str:
        return indent(fill(language(words), width - 2, break_long_words=False, break_on_hyphens=False), "  ")

    parts = [
        f"{rule.id} {rule.name} ({language(SEVERITIES[rule.severity])})",
        paragraph(rule.summary),
        paragraph(_when(rule)),
        "",
        language(msg("Why")),
        paragraph(rule.why),
        "",
        language(msg("How to mend it")),
        paragraph(rule.mend),
    ]
    if rule.example is not None:
        parts += ["", language(_example_heading(rule.example.as_of)), indent(rule.example.plan.rstrip(), "  ")]
        if rule.example.journal:
            parts += ["", language(JOURNAL), indent(rule.example.journal.rstrip(), "  ")]
        parts += ["", language(msg("It prints")), *(indent(frame, "  ") for frame in page.frames)]
    return "\n".join(parts)


JOURNAL = msg("Its journal")


def _example_heading(as_of: str) -> Message:
    return msg("Example, as of {day}", day=date.fromisoformat(as_of))


def pages_markdown(pages: Sequence[Page], language: Language) -> str:
    """Write all pages as one document in Markdown."""
    lines = [f"# {language(msg('Rules'))}", "", language(INTRODUCTION), ""]
    heads = (msg("Rule"), msg("Name"), msg("Severity"), msg("Looked for"), msg("What it finds"))
    lines += [f"| {' | '.join(map(language, heads))} |", "| --- | --- | --- | --- | --- |"]
    for rule in (page.rule for page in pages):
        cells = (
            f"[{rule.id}](#{rule.id.lower()}-{rule.name})",
            rule.name,
            language(SEVERITIES[rule.severity]),
            language(_short_when(rule)),
            language(rule.summary).replace("|", "\\|"),
        )
        lines.append(f"| {' | '.join(cells)} |")
    for page in pages:
        lines += ["", page_markdown(page, language)]
    return "\n".join(lines) + "\n"


INTRODUCTION = msg(
    "What `cdsplan check` looks for. `CDS1xx` keeps a plan from being read at all and always counts (exit code 2); "
    "`CDS2xx` is timeliness, `CDS3xx` how well the plan is made, `CDS4xx` what publishing keeps. Rules are chosen by "
    "`--select` and `--ignore`, or in the plan's table `[check]`. This page is written by `cdsplan rule --format "
    "markdown`."
)


def page_markdown(page: Page, language: Language) -> str:
    """Write a page in Markdown."""
    rule = page.rule
    lines = [
        f"## {rule.id} {rule.name}",
        "",
        f"{language(rule.summary)} ({language(SEVERITIES[rule.severity])})",
        "",
        f"**{language(msg('Why'))}.** {language(rule.why)}",
        "",
        f"**{language(msg('How to mend it'))}.** {language(rule.mend)}",
        "",
        language(_when(rule)),
    ]
    if rule.example is not None:
        lines += ["", f"{language(_example_heading(rule.example.as_of))}:", "", "```toml"]
        lines += [rule.example.plan.rstrip(), "```"]
        if rule.example.journal:
            lines += ["", f"{language(JOURNAL)}:", "", "```toml", rule.example.journal.rstrip(), "```"]
        lines += ["", "```text", *page.frames, "```"]
    return "\n".join(lines)
