"""A journal as read: what was reported of a plan's tasks, when, by whom, on which document.

A journal is append-only and holds one line per entry. `on` is the day something happened, `at` the instant it was
written down; entries take effect by (`on`, `at`, `id`). A `Journal` that exists is valid: `cdsplan.journal.reader` has
checked it. An entry that names a task or an agency which the plan no longer has is kept, listed among `vanished`, and
counts nowhere.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from cdsplan.plan.model import Reading
    from cdsplan.plan.source import Source
    from cdsplan.problems import Problem


CLOCKS_DIFFER = timedelta(days=1)
"""What says that it was written down later than so long from now was not: no two clocks differ by so much."""

LONGEST_TEXT, LONGEST_NOTE = 300, 5000
"""Characters of a document, a reason or a name; and of a note."""


class Kind(StrEnum):
    """What an entry reports."""

    STARTED = "started"
    PROGRESS = "progress"  # `percent`
    DONE = "done"
    REOPENED = "reopened"  # after it was done or cancelled
    EXTENDED = "extended"  # `due`: điều chỉnh thời hạn, which may also shorten
    CANCELLED = "cancelled"
    NOTE = "note"  # `note`: words only
    VOID = "void"  # `of`: undoes that entry at every day


PER_MEMBER = frozenset({Kind.STARTED, Kind.PROGRESS, Kind.DONE})
"""What only members of a fan-out can report, each for itself."""


class Entry(NamedTuple):
    """One line of a journal.

    `task` is the present id of the task, whatever name the line has, and with `occurrence` (the nominal day) one
    occurrence of a recurring task. `agency` is the member of a fan-out whom it is about, or who reported. A `void` is
    about the task of the entry that it undoes.
    """

    id: str
    at: datetime
    on: date
    kind: Kind
    task: str
    occurrence: date | None = None
    agency: str | None = None
    percent: int | None = None
    due: Reading | None = None
    of: str | None = None
    document: str | None = None
    reason: str | None = None
    note: str | None = None
    by: str | None = None

    @property
    def item(self) -> str:
        """The item that it is about: the task's id, or TASK@YYYY-MM-DD."""
        return self.task if self.occurrence is None else f"{self.task}@{self.occurrence.isoformat()}"

    @property
    def turn(self) -> tuple[date, float, str]:
        """What entries take effect by; the instant as a number, which is compared ten times as quickly."""
        return self.on, self.at.timestamp(), self.id


class Journal(NamedTuple):
    """All entries in the order in which they take effect.

    `written` are their ids in the order in which they stand in the file. `undone` holds the ids of entries that a
    `void` undoes. `vanished` says, by their ids, which name what the plan no longer has: they are kept, and count
    nowhere. `source` is its text, in which places are found.
    """

    entries: tuple[Entry, ...] = ()
    written: tuple[str, ...] = ()
    undone: frozenset[str] = frozenset()
    vanished: Mapping[str, Problem] = MappingProxyType({})
    source: Source | None = None


NO_JOURNAL = Journal()
