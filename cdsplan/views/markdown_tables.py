"""Listings and cards in Markdown, for a comment in a code review: the same words as the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdsplan.markup import escaped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdsplan.listing import Card, Listing


def listing_markdown(listing: Listing) -> str:
    """Write a listing: a heading, paragraphs, a table, and its notes; where there is no heading, the notes alone."""
    head, *more = listing.titles or ("",)
    blocks = [f"### {escaped(head)}", *map(escaped, more)] if head else []
    if listing.columns:
        heads = [column.heading for column in listing.columns]
        rules = ["--:" if column.number else "---" for column in listing.columns]
        rows = (map(escaped, row) for row in listing.rows)
        blocks.append("\n".join(_row(cells) for cells in ([*map(escaped, heads)], rules, *map(list, rows))))
    notes = (column.note for column in listing.columns if column.note)
    blocks += [escaped(note) for note in (*notes, *listing.notes)]
    return "\n\n".join(blocks)


def card_markdown(card: Card) -> str:
    """Write a card: its heading, and what is known as a list."""
    lines = [f"- **{escaped(label)}**: {'<br>'.join(map(escaped, facts))}" for label, facts in card.facts]
    return "\n".join([f"### {escaped(card.heading)}", "", *lines])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
