"""Lists and cards in words, which a table and plain text share: columns with rows, and labelled lines of one thing."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Column(NamedTuple):
    """A column's heading, and whether its cells are numbers (set to the right) or may wrap.

    `wide` columns are drawn only from that many columns of terminal on: a drawing must fit, plain text need not.
    A `note` says below what the column means, where it is shown.
    """

    heading: str
    number: bool = False
    wraps: bool = False
    wide: int = 0
    note: str = ""


class Tone(StrEnum):
    """How a row is meant, which a terminal may colour; its words and signs say the same."""

    GOOD = "good"
    BAD = "bad"
    CHANGED = "changed"


class Listing(NamedTuple):
    """Rows under columns. `marked` rows stand out (they are critical, or worked Saturdays); `notes` follow below.

    `tones` are those of the rows, in their order; a listing may do without any.
    """

    titles: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    marked: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()
    tones: tuple[Tone | None, ...] = ()


class Card(NamedTuple):
    """What is known of one thing: a heading, and labels with one or more lines each."""

    heading: str
    facts: tuple[tuple[str, tuple[str, ...]], ...] = ()
