"""Rows of a drawn table: the same picture as rich's own table, at every width."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table
from rich.text import Text

from cdsplan.cli.drawing import draw
from cdsplan.views.tables import GAP, Column, Rows

WORDS = st.lists(st.text("aâ  ễ家-\n", max_size=12), max_size=4).map(" ".join)
BOUND = st.none() | st.integers(1, 12)


@given(
    columns=st.lists(st.tuples(st.booleans(), BOUND, BOUND), min_size=1, max_size=4),
    words=st.lists(st.lists(WORDS, min_size=4, max_size=4), min_size=1, max_size=4),
    width=st.integers(1, 60),
    colored=st.booleans(),
)
def test_rows_are_drawn_as_a_table_of_rich_draws_them(
    columns: list[tuple[bool, int | None, int | None]], words: list[list[str]], width: int, *, colored: bool
) -> None:
    """Columns share the width out in the same way, and every line of every cell has its place."""
    table = Table(box=None, show_header=False, padding=(0, GAP, 0, 0), pad_edge=False)
    for wraps, least, most in columns:
        table.add_column(no_wrap=not wraps, overflow="fold" if wraps else "ellipsis", min_width=least, max_width=most)
    rows = [tuple(Text(cell, style="red") for cell in line[: len(columns)]) for line in words]
    rows.append(rows[0])  # the same texts again
    for row in rows:
        table.add_row(*row)
    made = Rows([Column(*column) for column in columns], rows)
    assert draw(made, colored=colored, width=width) == draw(table, colored=colored, width=width)
