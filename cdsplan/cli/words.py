"""The language that this run of the program speaks, chosen before anything is said.

`--lang`, else `CDSPLAN_LANG`, else the plan's own (looked for even in a plan that does not parse), else English. It is
found by a look at the bare arguments, because usage errors and help must speak it too; that look ends somewhere, so a
plan that has been read has the last word. The locale does not choose it: a plan has one language for all who read it,
and a command says the same on every machine.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cdsplan.i18n import LANGUAGES, Language, install_for_click, language

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cdsplan.messages import Message


class _Speaker:
    """Holds the language of this run: one process, one reader."""

    language: Language = language("en")
    asked_for = False


install_for_click(_Speaker.language)


def speak(code: str, *, asked_for: bool = False) -> None:
    """Speak a language from now on; one that the reader asked for no plan changes."""
    _Speaker.asked_for = asked_for
    if code != _Speaker.language.code:
        _Speaker.language = language(code)
        install_for_click(_Speaker.language)


def speak_as_planned(code: str) -> None:
    """Speak the language of a plan that has been read, unless the reader asked for one."""
    if not _Speaker.asked_for:
        speak(code)


def begin(arguments: Sequence[str], planned: Callable[[], str | None]) -> None:
    """Speak what the reader asks for, else what `planned` finds, else English."""
    asked_for = chosen_language(arguments)
    speak(asked_for or planned() or "en", asked_for=asked_for is not None)


def spoken() -> Language:
    """Give the language of this run."""
    return _Speaker.language


def say(words: str | Message) -> str:
    """Say something in the language of this run."""
    return _Speaker.language(words)


def chosen_language(arguments: Sequence[str]) -> str | None:
    """Find a language that the reader chose: on the command line, or in the environment."""
    for at, argument in enumerate(arguments):
        if argument == "--lang" and at + 1 < len(arguments):
            code = arguments[at + 1]
        elif argument.startswith("--lang="):
            code = argument.removeprefix("--lang=")
        else:
            continue
        if code in LANGUAGES:
            return code
    code = os.environ.get("CDSPLAN_LANG", "")
    return code if code in LANGUAGES else None
