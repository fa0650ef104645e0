"""Markdown: what a plan's words are taken for by a real parser, and what tables and cards come out as."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from cdsplan.i18n import language
from cdsplan.listing import Card, Column, Listing
from cdsplan.markup import MOST_LETTERS, cell, escaped
from cdsplan.views.markdown_tables import MOST_ROWS, card_markdown, listing_markdown

if TYPE_CHECKING:
    from collections.abc import Iterator

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])

TAG = re.compile(
    r"<!-- -->|</?(?:p|h3|table|thead|tbody|tr|th|td|ul|li|strong|br)(?: style=\"text-align:right\")? ?/?>|\n"
)


def shown(markdown: str) -> str:
    """Give what a reader sees of one line; fail where anything was taken for markup."""
    html = PARSER.render(markdown)
    text = TAG.sub("", html)
    assert "<" not in text, html
    return unescape(text)


HOSTILE = (
    "# heading", "1. list", "12) list", "- list", "+ list", "* list", "> quote", "---", "===", "```", "~~~", "    code",
    "*x* **x** _x_ __x__ ~~x~~ `x`", "[x](https://example.org)", "![x](y.png)", "<https://example.org>", "[x]: y",
    "<script>alert(1)</script>", "<!-- x -->", "&amp; &lt; &#42;", "a | b", r"\| \\ \*", "$x$ $`x`$", "^[note]",
    "{+ x +} {- x -} [~x]", "x <br> y", "https://example.org www.example.org", "+1 -1 =1",
)  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_words_are_taken_as_they_stand(words: str) -> None:
    """Headings, lists, links, code, HTML and entities are none: a reader sees the words."""
    for around in ("{}", "### {}", "- {}", "| a | b |\n| --- | --- |\n| {} | x |"):
        seen = shown(around.replace("{}", escaped(words)))
        assert " ".join(words.split()) in seen


@given(st.text("#*_~`[]()<>!&|\\$:@%+-=.1a w\"'", max_size=30))
def test_no_text_is_markup(words: str) -> None:
    """Whatever signs meet, a reader sees them as they were written."""
    meant = " ".join(words.split())
    assert shown(f"| h |\n| --- |\n| {escaped(words)} |") == f"h{meant}"
    assert shown(escaped(words)) == meant


@pytest.mark.parametrize("words", ["@all", "see #12", "!34", "~bug", '%"v 1"', "$56", "&7", "a@b.org"])
def test_nothing_is_a_reference(words: str) -> None:
    """What GitHub and GitLab look for in the text is parted, though nobody sees it."""
    assert re.search(r"[@#!~%$&]<!-- -->[\w\"]", escaped(words))
    assert shown(escaped(words)) == words


def test_addresses_are_no_links() -> None:
    """Neither with a scheme nor with www."""
    assert escaped("https://example.org WWW.example.org") == r"https\://example.org WWW\.example.org"


def listing(*rows: tuple[str, str], titles: tuple[str, ...] = (), notes: tuple[str, ...] = ()) -> Listing:
    """Make a listing of a text and a number."""
    return Listing(
        titles=titles,
        columns=(Column("Task", note="Where."), Column("Days", number=True)) if rows else (),
        rows=rows,
        notes=notes,
    )


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (
            listing(("a|b", "1"), titles=("One", "two"), notes=("End.",)),
            "### One\n\ntwo\n\n| Task | Days |\n| --- | --: |\n| a\\|b | 1 |\n\nWhere.\n\nEnd.",
        ),
        (listing(titles=("One",), notes=("Nothing.",)), "### One\n\nNothing."),
        (listing(notes=("Failed.",)), "Failed."),
    ],
)
def test_listings(made: Listing, text: str) -> None:
    """A heading, a table that a parser knows as one, and notes; each only where there is something."""
    assert listing_markdown(made, language("en")) == text
    assert ("<table>" in PARSER.render(text)) is bool(made.rows)


def test_long_listings_and_cells_are_cut() -> None:
    """A comment has its limit: rows beyond it are counted, and a cell ends in dots. Escapes do not count."""
    text = listing_markdown(listing(*[("a", str(n)) for n in range(MOST_ROWS + 1)]), language("en"))
    assert text.count("| a |") == MOST_ROWS
    assert "\n\n… and 1 more row\n\n" in text
    assert cell("x" * MOST_LETTERS) == "x" * MOST_LETTERS
    assert cell("*" * (MOST_LETTERS + 1)) == r"\*" * (MOST_LETTERS - 1) + "…"


def test_a_cell_of_a_comment_is_cut_at_400_letters() -> None:
    """Of 200 words “việc ” (1,000 letters) 79 whole ones stay, and four letters of the next, before the dots."""
    row = listing_markdown(listing(("việc " * 200, "1")), language("en")).splitlines()[2]

    assert row == "| " + "việc " * 79 + "việc… | 1 |"
    assert len(row) == len("| ") + 400 + len(" | 1 |")


def test_cards() -> None:
    """A heading and a list; several lines of one fact stay one item."""
    text = card_markdown(Card("One *", (("Value", ("1",)), ("Behind", ("a", "b")))))
    assert text == "### One \\*\n\n- **Value**: 1\n- **Behind**: a<br>b"
    items = list(_items(PARSER.render(text)))
    assert len(items) == 2


def _items(html: str) -> Iterator[str]:
    yield from re.findall(r"<li>(.*?)</li>", html, re.DOTALL)
