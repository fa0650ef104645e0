"""Which plan files a command works on, and reading them.

`-p/--plan` (or the files a command names), else `CDSPLAN_PLAN`, else `plan.toml` or the `plans/*.toml` (journals aside)
of this folder or of the nearest parent that has one.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from cdsplan.cli.words import say, speak_as_planned
from cdsplan.i18n import LANGUAGES
from cdsplan.messages import msg
from cdsplan.plan.reader import read
from cdsplan.plan.source import MAX_BYTES, PEEKED_BYTES, peek_language
from cdsplan.problems import PlanError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cdsplan.messages import Message
    from cdsplan.plan.model import Plan

JOURNAL = ".journal.toml"
STANDARD_INPUT = "-"


def discover() -> list[str]:
    """Find the plan of the current folder (as a path from here), or of the nearest parent that has one."""
    here = os.getcwd()
    folder, shown = here, ""
    while True:
        if os.path.isfile(os.path.join(folder, "plan.toml")):
            return [os.path.join(shown, "plan.toml")]
        with suppress(OSError):
            names = sorted(os.listdir(os.path.join(folder, "plans")))
            found = [name for name in names if name.endswith(".toml") and not name.endswith(JOURNAL)]
            if found:
                return [os.path.join(shown, "plans", name) for name in found]
        parent = os.path.dirname(folder)
        if parent == folder:
            return []
        folder = shown = parent


def chosen_files(named: Sequence[str]) -> list[str]:
    """Choose the plan files of a run; none at all is a usage error that says what to do."""
    if named:
        return list(named)
    from_environment = os.environ.get("CDSPLAN_PLAN")
    if from_environment:
        return from_environment.split(os.pathsep)
    found = discover()
    if not found:
        raise click.UsageError(
            say(msg("there is no plan here: name one with -p FILE, or begin one with: cdsplan init plan.toml"))
        )
    return found


def language_of(named: Sequence[str]) -> str | None:
    """Look for the first plan's language, one of LANGUAGES, without reading the plan; None where that fails."""
    try:
        files = chosen_files(named)
    except click.UsageError:
        return None
    try:
        if files[0] == STANDARD_INPUT:
            peek: Callable[[], bytes] = sys.stdin.buffer.peek  # type: ignore[union-attr] # a pipe's buffer has it
            language = peek_language(peek())
        elif os.path.isfile(files[0]):
            with open(files[0], "rb") as file:
                language = peek_language(file.read(PEEKED_BYTES))
        else:  # what is read from a pipe is gone
            return None
    except OSError:
        return None
    return language if language in LANGUAGES else None


def read_plans(files: Iterable[str], *, max_bytes: int = MAX_BYTES) -> tuple[Plan, ...]:
    """Read every plan; the problems of all of them are raised together. From then on the first one's language holds.

    Raises:
        PlanError: when any of them cannot be read.
    """
    plans: list[Plan] = []
    problems: list[Problem] = []
    for path in files:
        try:
            plans.append(read(plan_bytes(path, max_bytes), shown(path), max_bytes=max_bytes))
        except PlanError as error:
            problems += error.problems
    seen: dict[str, str] = {}
    for plan in plans:
        if plan.id in seen:
            problems.append(
                Problem(
                    code="CDS108",
                    message=msg("two plans have the id “{id}”: {first} has it too", id=plan.id, first=seen[plan.id]),
                    hint=msg("an id names one plan for good: give one of them another"),
                    place=plan.source.place(("plan", "id")),
                )
            )
        seen[plan.id] = plan.source.file
    if problems:
        raise PlanError(tuple(problems))
    speak_as_planned(plans[0].language)
    return tuple(plans)


def plan_bytes(path: str, max_bytes: int) -> bytes:
    """Read a file's bytes, no more than one beyond the limit (so that what is too large shows without being read)."""
    try:
        if path == STANDARD_INPUT:
            return sys.stdin.buffer.read(max_bytes + 1)
        with open(path, "rb") as file:
            return file.read(max_bytes + 1)
    except OSError as error:
        raise PlanError((Problem(code="CDS101", message=why_unreadable(shown(path), error)),)) from None


def shown(path: str) -> str:
    """Make a path safe to show: a file's name may hold whatever a terminal acts upon."""
    if path.isprintable():
        return path
    from cdsplan.plan.characters import visible  # noqa: PLC0415 - hardly any file has such a name

    return visible(path)


def why_unreadable(path: str, error: OSError) -> Message:
    """Say why a file could not be read."""
    match error:
        case FileNotFoundError():
            return msg("{file}: there is no such file", file=path)
        case IsADirectoryError():
            return msg("{file}: this is a folder, not a file", file=path)
        case PermissionError():
            return msg("{file}: this file may not be read", file=path)
        case _:
            from cdsplan.cli.reasons import reason  # noqa: PLC0415 - only failures need it

            return msg("{file}: this file cannot be read ({reason})", file=path, reason=reason(error))
