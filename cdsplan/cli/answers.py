"""The answers of one check: one to standard output or a file, and any number of others into files of their own."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from cdsplan.cli.frame import cannot_write, write_answer
from cdsplan.cli.output import defuse, put_out, tell
from cdsplan.cli.repository import repository_path
from cdsplan.cli.words import say, spoken
from cdsplan.messages import msg

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
        """Part the two; what stands before “=” is a format only if there is one of that name, or nearly (a slip)."""
        from difflib import get_close_matches  # noqa: PLC0415 - only -o needs it

        form, equals, file = value.partition("=")
        if equals and form not in FORMATS and get_close_matches(form, FORMATS, n=1, cutoff=0.75):
            hint = say(msg("for a file of that name write ./{file}", file=value))
            words = say(msg("there is no format “{format}”, only {formats}", format=form, formats=FORMATS))
            self.fail(f"{words}; {hint}", param, ctx)
        if not equals or form not in FORMATS:
            return Answer(None, value)
        if not file:
            self.fail(say(msg("name the file: {format}=FILE", format=form)), param, ctx)
        return Answer(form, file)


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
        """Write what keeps a plan from being read where services look; people are told by whoever raised it."""
        from cdsplan.check.report import unread  # noqa: PLC0415 - only a plan that does not read needs it

        found = unread(problems, repository_path)
        texts: list[tuple[Answer, str]] = []
        for answer in self._wanted:
            if answer.format in VIEWS:
                texts.append((answer, VIEWS[answer.format](found, spoken())))
            elif answer.format in {"json", "jsonl"} and (answer.format == "jsonl" or answer is not self._wanted[0]):
                from cdsplan.views.data.frame import problems_document  # noqa: PLC0415 - each format loads its own view

                texts.append((answer, problems_document(problems, spoken())))
        self._write(texts)
        if self._for_github:
            _summarize(_markdown(found, spoken()))

    @property
    def _for_github(self) -> bool:
        return any(answer.format == "github" for answer in self._wanted)

    @staticmethod
    def _write(texts: Sequence[tuple[Answer, str]]) -> None:
        for answer, text in texts:
            if answer.file is not None:
                write_answer(answer.file, text)
        for answer, text in texts:
            if answer.file is None:
                put_out((text,))


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
"""The forms that services read, each of which also tells of a plan that does not read."""


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
