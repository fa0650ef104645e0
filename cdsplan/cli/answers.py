"""The answers of one check: one to standard output or a file, and any number of others into files of their own."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from cdsplan.cli.frame import cannot_write, deliver
from cdsplan.cli.output import defuse, tell
from cdsplan.cli.repository import repository_path
from cdsplan.cli.words import say, spoken
from cdsplan.messages import msg
from cdsplan.problems import PlanError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cdsplan.check import Verdict
    from cdsplan.check.conclusion import DaySource
    from cdsplan.check.report import Report
    from cdsplan.cli.frame import Run
    from cdsplan.i18n import Language
    from cdsplan.messages import Message
    from cdsplan.problems import Problem

    Parameter = click.ParamType[Any]
else:
    Parameter = click.ParamType  # not generic at run time before click 8.5

FORMATS = ("text", "concise", "json", "jsonl", "github", "gitlab", "junit", "sarif", "markdown", "csv")
SAY_NOTHING_ELSE = frozenset({"gitlab", "csv"})
"""Formats that have no room for as of when, and what was judged."""

SUMMARY = "GITHUB_STEP_SUMMARY"


class Answer(NamedTuple):
    """A form, and the file that it goes into: None is standard output. Without a form it is that of --format."""

    format: str | None
    file: str | None


class AnswerFile(Parameter):
    """FORMAT=FILE, or a file alone."""

    name = "file"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Answer:
        """Part the two; what looks like a format must be one, lest a report goes where nobody looks for it."""
        form, file = parted(value)
        if form is not None and form not in FORMATS:
            hint = say(msg("for a file of that name write ./{file}", file=value))
            words = say(msg("there is no format “{format}”, only {formats}", format=form, formats=FORMATS))
            self.fail(f"{words}; {hint}", param, ctx)
        if form is not None and not file:
            self.fail(say(msg("name the file: {format}=FILE", format=form)), param, ctx)
        return Answer(form, file)


def parted(value: str) -> Answer:
    """Part FORMAT=FILE, in capitals or not; what looks like a format, or nearly is one, counts as one.

    It is made of letters and hyphens, so every other beginning (./a=b, report_1=b) is that of a file's name.
    """
    from difflib import get_close_matches  # noqa: PLC0415 - only -o needs it

    form, equals, file = value.partition("=")
    form = form.lower()
    is_format = form.replace("-", "").isalpha() or get_close_matches(form, FORMATS, n=1, cutoff=0.75)
    return Answer(form, file) if equals and is_format else Answer(None, value)


class Answers:
    """Writes a verdict, or the problems of a plan that does not read, in every form that was asked for."""

    def __init__(self, run: Run, files: Sequence[Answer]) -> None:
        """Take --format for the answer without a file or without a form of its own."""
        bare = [answer for answer in files if answer.format is None]
        if len(bare) > 1:
            raise click.UsageError(say(msg("of several files each needs its format: FORMAT=FILE")))
        named = [os.path.realpath(answer.file) for answer in files if answer.file]
        if len(set(named)) < len(named):
            raise click.UsageError(say(msg("two answers cannot go into one file")))
        first = Answer(run.format, bare[0].file if bare else None)
        self._wanted = [first, *(answer for answer in files if answer.format is not None)]

    def of_verdict(self, verdict: Verdict, conclusion: Sequence[Message], source: DaySource) -> None:
        """Write a verdict: first every text is made, then one after the other is written."""
        forms = _Forms(verdict, conclusion, source, spoken())
        self._write([(answer, forms.text(answer.format or "")) for answer in self._wanted])
        if self._for_github:
            _summarize(forms.made("markdown"))
        if self._wanted[0].format in SAY_NOTHING_ELSE:
            for line in conclusion:
                tell(say(line))

    def of_problems(self, problems: Sequence[Problem]) -> None:
        """Write what keeps a plan from being read in every form.

        Whoever raised it tells people, and writes the answer of --format json, as of every command.
        """
        from cdsplan.check.report import unread  # noqa: PLC0415 - only a plan that does not read needs it

        found = unread(problems, repository_path)
        first, *others = self._wanted
        wanted = others if first.format == "json" or first == Answer("text", None) else self._wanted
        self._write([(answer, _unread_text(answer.format or "", problems, found, spoken())) for answer in wanted])
        if self._for_github:
            _summarize(_markdown(found, spoken()))

    @property
    def _for_github(self) -> bool:
        return any(answer.format == "github" for answer in self._wanted)

    @staticmethod
    def _write(texts: Sequence[tuple[Answer, str]]) -> None:
        """Write all that can be written, what goes to standard output last."""
        unwritten: list[Problem] = []
        for answer, text in sorted(texts, key=lambda each: each[0].file is None):
            try:
                deliver((text,), answer.file)
            except PlanError as error:
                unwritten += error.problems
        if unwritten:
            raise PlanError(tuple(unwritten))


class _Forms:
    """The texts of one verdict; what several of them need is made once."""

    def __init__(self, verdict: Verdict, conclusion: Sequence[Message], source: DaySource, language: Language) -> None:
        self._verdict = verdict
        self._conclusion = conclusion
        self._source = source
        self._language = language

    @cached_property
    def _report(self) -> Report:
        from cdsplan.check.report import report  # noqa: PLC0415 - not every form needs all findings placed

        return report(self._verdict, self._conclusion, repository_path)

    def made(self, form: str) -> str:
        """Write a report for a service."""
        return VIEWS[form](self._report, self._language)

    def text(self, form: str) -> str:
        """Write any form."""
        match form:
            case "text":
                from cdsplan.check.conclusion import explained  # noqa: PLC0415 - each format loads its own view
                from cdsplan.views.frames import verdict_text  # noqa: PLC0415

                help_ = map(self._language, explained(self._verdict))
                return defuse("\n".join([*verdict_text(self._verdict, self._language), *help_, *self._said()]))
            case "json":
                from cdsplan.views.data.findings import check_document  # noqa: PLC0415

                return check_document(self._verdict, self._source, self._language)
            case "jsonl":
                from cdsplan.views.data.findings import check_lines  # noqa: PLC0415

                return "".join(check_lines(self._verdict, self._source, self._language))
            case "csv":
                from cdsplan.views.sheet import check_sheet  # noqa: PLC0415

                return check_sheet(self._verdict, self._language)
            case _:
                return self.made(form)

    def _said(self) -> list[str]:
        return [self._language(line) for line in self._conclusion]


def _unread_text(form: str, problems: Sequence[Problem], found: Report, language: Language) -> str:
    """Write what keeps a plan from being read, in any form."""
    match form:
        case "text":
            from cdsplan.views.frames import frames  # noqa: PLC0415 - each format loads its own view

            return defuse(frames(problems, language))
        case "json" | "jsonl":
            from cdsplan.views.data.frame import problems_document  # noqa: PLC0415

            return problems_document(problems, language)
        case "csv":
            from cdsplan.views.sheet import problems_sheet  # noqa: PLC0415

            return problems_sheet(problems, language)
        case _:
            return VIEWS[form](found, language)


def _concise(found: Report, language: Language) -> str:
    lines = [annotation.line(language) for annotation in found.annotations]
    return defuse("\n".join([*lines, *map(language, found.conclusion)]))


def _github(found: Report, language: Language) -> str:
    from cdsplan.views.github import workflow_commands  # noqa: PLC0415 - each format loads its own view

    commands, rest = workflow_commands(found, language)
    return "\n".join([*commands, *map(defuse, rest)])


def _gitlab(found: Report, language: Language) -> str:
    from cdsplan.views.gitlab import code_quality  # noqa: PLC0415

    return code_quality(found, language)


def _junit(found: Report, language: Language) -> str:
    from cdsplan.views.junit import junit  # noqa: PLC0415

    return junit(found, language)


def _sarif(found: Report, language: Language) -> str:
    from cdsplan.views.sarif import sarif  # noqa: PLC0415

    return sarif(found, language)


def _markdown(found: Report, language: Language) -> str:
    from cdsplan.views.markdown import markdown  # noqa: PLC0415

    return markdown(found, language)


VIEWS: dict[str, Callable[[Report, Language], str]] = {
    "concise": _concise,
    "github": _github,
    "gitlab": _gitlab,
    "junit": _junit,
    "sarif": _sarif,
    "markdown": _markdown,
}
"""The forms that are made of a report, be it a verdict or what keeps a plan from being read."""


def _summarize(text: str) -> None:
    """Append to the summary of a step of GitHub Actions, where there is one."""
    file = os.environ.get(SUMMARY)
    if not file:
        return
    from pathlib import Path  # noqa: PLC0415 - only GitHub needs it

    path = Path(file)
    try:
        with path.open("a", encoding="utf-8") as summary:
            summary.write(f"{text}\n\n")
    except OSError as error:
        raise cannot_write(path, error) from None
