"""Listings and cards in Markdown, for a comment in a code review: the same words as the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdsplan.markup import cell, escaped
from cdsplan.messages import nmsg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdsplan.i18n import Language
    from cdsplan.listing import Card, Listing

MOST_ROWS = 100
"""More than anyone reads in a comment; several such tables stay within what GitHub takes (64 KiB)."""


def listing_markdown(listing: Listing, language: Language) -> str:
    """Write a listing: a heading, paragraphs, a table, and its notes; where there is no heading, the notes alone."""
    head, *more = listing.titles or ("",)
    blocks = [f"### {escaped(head)}", *map(escaped, more)] if head else []
    if listing.columns:
        heads = [column.heading for column in listing.columns]
        rules = ["--:" if column.number else "---" for column in listing.columns]
        rows = (list(map(cell, row)) for row in listing.rows[:MOST_ROWS])
        blocks.append("\n".join(map(_row, (list(map(cell, heads)), rules, *rows))))
        if rest := listing.rows[MOST_ROWS:]:
            blocks.append(language(nmsg("… and {n} more row", "… and {n} more rows", len(rest))))
    notes = (column.note for column in listing.columns if column.note)
    blocks += [escaped(note) for note in (*notes, *listing.notes)]
    return "\n\n".join(blocks)


def card_markdown(card: Card) -> str:
    """Write a card: its heading, and what is known as a list."""
    lines = [f"- **{escaped(label)}**: {'<br>'.join(map(escaped, facts))}" for label, facts in card.facts]
    return "\n".join([f"### {escaped(card.heading)}", "", *lines])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
