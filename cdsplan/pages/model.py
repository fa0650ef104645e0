"""A page as a value: everything on it said in its language, nothing about how it looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from cdsplan.i18n import Language
    from cdsplan.status import Timeliness


class Entry(NamedTuple):
    """One item as its reader sees it: the whole task, or the reader's own delivery.

    `day` is the last good day in force, `due` the same in words (or what stands in its place); `lines` are what else
    is known, each a line; `name` is the task's id, with the plan's before it in a portfolio.
    """

    timeliness: Timeliness | None
    symbol: str
    standing: str
    day: date | None
    due: str
    title: str
    name: str
    milestone: bool
    who: str
    notes: tuple[str, ...]
    lines: tuple[str, ...]
    url: str | None


class Group(NamedTuple):
    """Entries under a heading. `key` names its kind, `size` counts all; `rest` says how many are not shown."""

    key: str
    heading: str
    size: int
    entries: tuple[Entry, ...]
    rest: str = ""


class Row(NamedTuple):
    """One agency in the table of all: its stem, its name, and how much of what it owes each group has."""

    stem: str
    name: str
    counts: tuple[int, ...]


class Page(NamedTuple):
    """One page: an agency's, or the one of everything (`agencies` is then the table of all, headed by `columns`)."""

    stem: str
    language: Language
    heading: str
    plans: tuple[str, ...]
    day: date
    as_of: str
    counts: tuple[tuple[str, str, int], ...]  # kind, words, how many
    counted: str  # of what there are so many
    groups: tuple[Group, ...]
    nothing: str  # what to say when there are no groups
    calendar: str  # the feed's name
    counted_by_agency: str = ""
    columns: tuple[str, ...] = ()
    agencies: tuple[Row, ...] = ()
