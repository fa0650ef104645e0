"""Rows of texts side by side, as a rich table without lines has them, but each different text drawn once.

rich measures every cell of a table twice and draws each in a padding of its own, half a millisecond a row; a status of
200 rows has few different standings, days and owners.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.measure import Measurement
from rich.segment import Segment
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.text import Text

    Line = list[Segment]

GAP = 2
"""Columns of a terminal between two columns of a table."""


class Column(NamedTuple):
    """How a column is drawn: folded into at least and at most so many columns of a terminal, or never wrapped."""

    wraps: bool = True
    least: int | None = None
    most: int | None = None


class Rows:
    """Rows below one another, for rich to draw. Cells that are the same object are drawn once."""

    def __init__(self, columns: Sequence[Column], rows: Iterable[tuple[Text, ...]]) -> None:
        """Hold the texts; each row has one for every column."""
        self._columns = columns
        self._rows = tuple(rows)
        self._gaps = [GAP] * (len(columns) - 1) + [0]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw row by row, as high as the highest cell of each."""
        widths = self._widths(console, options)
        blanks = [Segment(" " * width) for width in widths]
        known: list[dict[int, list[Line]]] = [{} for _ in widths]
        end = Segment.line()
        for row in self._rows:
            drawn = [
                known[at].get(id(text))
                or known[at].setdefault(id(text), self._lines(console, options, at, text, width))
                for at, (text, width) in enumerate(zip(row, widths, strict=True))
            ]
            for line in range(max(1, *map(len, drawn))):
                for lines, blank in zip(drawn, blanks, strict=True):
                    if line < len(lines):
                        yield from lines[line]
                    else:
                        yield blank
                yield end

    def _lines(self, console: Console, options: ConsoleOptions, at: int, text: Text, width: int) -> list[Line]:
        """Draw one text into the width of a column."""
        gap, wraps = self._gaps[at], self._columns[at].wraps
        room = options.update(
            width=width - gap, justify="left", no_wrap=not wraps, overflow="fold" if wraps else "ellipsis", height=None
        )
        lines = console.render_lines(text, room)
        return [[*line, Segment(" " * gap)] for line in lines] if gap else lines

    def _widths(self, console: Console, options: ConsoleOptions) -> list[int]:
        """Let rich share the width out: to a table of one row, whose cells are as wide as the widest of each column."""
        table = Table(box=None, show_header=False, padding=0)
        gauges = []
        for column, texts, gap in zip(self._columns, zip(*self._rows, strict=True), self._gaps, strict=True):
            least, most = (None if bound is None else bound + gap for bound in (column.least, column.most))
            table.add_column(no_wrap=not column.wraps, min_width=least, max_width=most)
            widths = [text.__rich_measure__(console, options) for text in {id(text): text for text in texts}.values()]
            gauges.append(
                _Gauge(max(width.minimum for width in widths) + gap, max(width.maximum for width in widths) + gap)
            )
        table.add_row(*gauges)
        for _ in console.render(table, options):
            pass
        return [gauge.width for gauge in gauges]


class _Gauge:
    """Stands for the widest cell of a column, and learns how wide the column becomes."""

    def __init__(self, least: int, most: int) -> None:
        self._wanted = Measurement(least, most)
        self.width = 0

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """Say how wide the widest cell would be."""
        del console, options
        return self._wanted

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Learn the width; there is nothing to draw."""
        del console
        self.width = options.max_width
        return ()
