"""Listings on a terminal: columns share its width, and no line runs past the edge."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invoke import Cli, in_process
from rich.console import Console

from cdsplan.listing import Column, Listing
from cdsplan.views.tables import full_width, listing_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """Run at 80 columns in an empty folder."""
    with in_process(capsys, monkeypatch, tmp_path, columns=80) as made:
        yield made


def drawn(listing: Listing, width: int) -> list[str]:
    """Draw a listing into so many columns; give its lines without the blanks at their ends."""
    out = StringIO()
    Console(file=out, width=width, color_system=None).print(listing_table(listing, width), soft_wrap=False)
    return [line.rstrip() for line in out.getvalue().split("\n")]


WORDS = st.lists(st.text("abcđ", min_size=1, max_size=12), max_size=6).map(" ".join)


@st.composite
def listings(draw: st.DrawFn) -> Listing:
    """Make a listing of columns that wrap, numbers, and others."""
    kinds = draw(st.lists(st.sampled_from(("wraps", "number", "whole")), min_size=1, max_size=6))
    columns = tuple(
        Column(heading=draw(WORDS), wraps=kind == "wraps", number=kind == "number", wide=draw(st.sampled_from((0, 60))))
        for kind in kinds
    )
    number = st.integers(-999, 9999).map(str)
    rows = st.tuples(*(number if kind == "number" else WORDS for kind in kinds))
    return Listing(titles=(), columns=columns, rows=tuple(draw(st.lists(rows, max_size=5))))


@given(listings(), st.integers(20, 140))
def test_a_listing_with_room_for_it_stays_within_the_terminal(listing: Listing, width: int) -> None:
    """Wherever nothing need be hidden or cut, the longest line fits, and every word of every cell is there."""
    if full_width(listing) > width:
        return

    lines = drawn(listing, width)

    assert max(map(len, lines)) <= width
    assert sorted(" ".join(lines).split()) == sorted(
        word
        for text in (*(column.heading for column in listing.columns), *(cell for row in listing.rows for cell in row))
        for word in text.split()
    )


def test_the_widest_columns_give_way_and_use_the_room() -> None:
    """Of 15 columns 13 are for words: the short column keeps its 4, the long one has the other 9."""
    long = "aaa bbb ccc ddd"
    listing = Listing(
        titles=(),
        columns=(Column(heading="A", wraps=True), Column(heading="B", wraps=True)),
        rows=(("aa b", long), ("c", long)),
    )

    assert drawn(listing, 15)[1:3] == ["aa b  aaa bbb", "      ccc ddd"]


def test_no_column_becomes_narrower_than_its_longest_word() -> None:
    """Of 20 columns 18 are for words: rich would part them 9 to 9, and then draw the first with its word of 12."""
    listing = Listing(
        titles=(),
        columns=(Column(heading="A", wraps=True), Column(heading="B", wraps=True)),
        rows=(("abcdefghijkl mn", "op qr st uv wx"),),
    )

    assert drawn(listing, 20)[1:4] == ["abcdefghijkl  op qr", "mn            st uv", "              wx"]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("year", range(2019, 2031))
def test_every_year_of_the_calendar_fits_80_columns(cli: Cli, year: int, language: str) -> None:
    """Whatever its sources are called."""
    ran = cli("calendar", str(year), "--lang", language)

    assert ran.code == 0
    assert max(map(len, ran.out.split("\n"))) <= 80
