"""Markdown for a comment in a code review: the same words as the tables.

Nothing in a plan's words is taken for markup. What GitHub or GitLab would make a mention or a reference of (@name, #12,
!12, ~label) is parted by an empty comment, because both look for these after the escapes are gone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cdsplan.listing import Card, Listing

MARKUP = re.compile(r"[\\`*_{}\[\]()<>#|~&^$]|!(?=\[)|:(?=\S)|(?<=www)\.|^[-+=]|(?<=^\d)[.)]", re.IGNORECASE)
REFERENCE = re.compile(r"(\\?[@#!~&%$])(?=[\w\"'])")


def escaped(text: str) -> str:
    """Give a text that reads the same when it is taken for Markdown; it stays on one line."""
    line = " ".join(text.split())
    return REFERENCE.sub(r"\1<!-- -->", MARKUP.sub(r"\\\g<0>", line))


def listing_markdown(listing: Listing) -> str:
    """Write a listing: a heading, a table, and its notes as paragraphs; marked rows are bold."""
    first, *titles = (*listing.titles, "")
    blocks = [f"### {escaped(first)}"] if first else []
    blocks += [escaped(title) for title in titles if title]
    heads = [escaped(column.heading) or " " for column in listing.columns]
    rules = ["--:" if column.number else "---" for column in listing.columns]
    rows = [
        [_bold(escaped(cell)) if at in listing.marked else escaped(cell) for cell in row]
        for at, row in enumerate(listing.rows)
    ]
    if heads:
        blocks.append("\n".join(_row(cells) for cells in (heads, rules, *rows)))
    notes = (column.note for column in listing.columns if column.note)
    blocks += [escaped(note) for note in (*notes, *listing.notes)]
    return "\n\n".join(blocks)


def card_markdown(card: Card) -> str:
    """Write a card: its heading, and what is known as a list."""
    lines = [f"### {escaped(card.heading)}", ""]
    for label, facts in card.facts:
        lines.append(f"- **{escaped(label)}**: {'<br>'.join(map(escaped, facts))}")
    return "\n".join(lines)


def _bold(text: str) -> str:
    return f"**{text}**" if text else text


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
