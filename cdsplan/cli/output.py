"""The standard streams: their encoding, readers who leave early, full disks, and lines that a CI log would obey.

Answers go to standard output by `put_out`; whatever is said beside them, by `tell` to standard error.
"""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING, Any

import click

from cdsplan.messages import msg
from cdsplan.problems import PlanError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

# GitHub obeys lines that begin with "::", blanks aside; it and Azure also obey "##[" and "##vso[" anywhere.
COMMAND = re.compile(r"^\s*:(?=:)|#(?=#(?:vso)?\[)", re.MULTILINE)


def attach() -> None:
    """Give a program that was started with closed streams (`>&-`) others: an answer is refused, talk leads nowhere."""
    for name, mode in (("stdout", os.O_RDONLY), ("stderr", os.O_WRONLY)):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, mode)  # the system refuses what is written to a file that is open to be read
            setattr(sys, name, open(nowhere, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - open until the end


def prepare(stream: TextIO) -> None:
    """Make a stream take every text.

    A pipe gets UTF-8, as its legacy encoding cannot hold Vietnamese; a terminal “?” for what it cannot show.
    """
    reconfigure: Any = getattr(stream, "reconfigure", None)
    if reconfigure is None:
        return
    if stream.isatty():
        reconfigure(errors="replace")
    else:
        reconfigure(encoding="utf-8", errors="backslashreplace")


def defuse(text: str) -> str:
    """Part the signs that make a CI log take words of a plan for a command: `::error::` becomes `: :error::`."""
    return COMMAND.sub(r"\g<0> ", text)


def put_out(parts: Iterable[str]) -> None:
    """Write to standard output, ending the line. A reader who went away (| head) has seen enough: that is no error.

    Raises:
        PlanError: not everything could be written, as on a full disk.
    """
    last = ""
    try:
        for part in parts:
            click.echo(part, nl=False, color=True)
            last = part
        if not last.endswith("\n"):
            click.echo(color=True)
    except BrokenPipeError:
        drop_output()
    except OSError as error:
        drop_output()
        from cdsplan.cli.reasons import reason  # noqa: PLC0415 - only failures need it

        message = msg("standard output cannot be written ({reason})", reason=reason(error))
        raise PlanError((Problem(code="CDS101", message=message),)) from None


def tell(text: str) -> None:
    """Write to standard error, ending the line. A CI log obeys what stands there as it does any output.

    Where it cannot be written nobody listens, which changes no answer.
    """
    try:
        click.echo(defuse(text.removesuffix("\n")), err=True)
    except OSError:
        _drop(sys.stderr)


def drop_output() -> None:
    """Send what is still to be written nowhere, so that the flush at exit is silent too."""
    _drop(sys.stdout)


def _drop(stream: TextIO) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
