"""What is wrong with an input, as values: a code, a place, words, a way out.

Every problem of an input is collected before any is reported; `PlanError` carries them all to the edge, once. Lines and
columns count from 1, columns in characters (not bytes).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from cdsplan.messages import msg

if TYPE_CHECKING:
    from cdsplan.messages import Message


class Severity(StrEnum):
    """How much something matters, worst first: it stops or fails, it should be looked at, it is good to know."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


SEVERITIES = {Severity.ERROR: msg("error"), Severity.WARNING: msg("warning"), Severity.NOTE: msg("note")}
"""How each is called."""


class Place(NamedTuple):
    """Where in a file: the line, the columns [column, end_column) of the span, and the whole source line to show."""

    file: str
    line: int
    column: int
    end_column: int
    source: str


class Problem(NamedTuple):
    """One thing that is wrong. `code` is a rule id such as CDS104; `hint` says what to do about it."""

    code: str
    message: Message
    place: Place | None = None
    hint: Message | None = None
    severity: Severity = Severity.ERROR


class PlanError(Exception):
    """An input cannot be used; `problems` holds everything that is wrong with it, in file order."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Carry `problems` to the edge."""
        super().__init__("; ".join(str(problem.message) for problem in problems))
        self.problems = problems
