"""A Gantt chart as text: its signs say everything, and on a terminal colours say it too.

Both forms are made of the same pieces, so that they show the same. What does not fit is not folded: only titles that
are drawn, and the legend, take several lines.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from cdsplan import gantt
from cdsplan.gantt import MARGIN, Heading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType

    from cdsplan.gantt import Chart, Row

STYLES = {
    gantt.CRITICAL: "red",
    gantt.IS_CRITICAL: "red",
    gantt.OPEN: "blue",
    gantt.DONE: "green",
    gantt.IS_DONE: "green",
    gantt.MILESTONE: "bold",
    gantt.POINT: "bold",
    gantt.POINT_AT_DEADLINE: "bold magenta",
    gantt.DEADLINE: "bold magenta",
    gantt.DEADLINE_IN_WORK: "bold magenta",
    gantt.TODAY: "cyan",
    gantt.DAY_OFF: "dim",
    gantt.IS_CANCELLED: "dim",
}
"""Colours of the 16 that a terminal's own theme defines, by sign."""

GAP = "   "
"""Between two entries of the legend."""


def chart_text(chart: Chart, width: int) -> str:
    """Write a chart without colour; its legend takes lines of so many columns."""
    lines = [*chart.titles, ""]
    if not chart.rows:
        return "\n".join([*lines, chart.nothing])
    lines += [_before(chart) + line for line in chart.header]
    lines += ["".join(_pieces(row, chart.label_width)) for row in chart.rows]
    lines += ["", *(GAP.join(map(" ".join, entries)) for entries in _legend_lines(chart.legend, width))]
    return "\n".join(line.rstrip() for line in lines)


def chart_drawing(chart: Chart, width: int) -> RenderableType:
    """Draw a chart; its legend takes lines of so many columns."""
    from rich.console import Group  # noqa: PLC0415 - plain text does not pay for rich
    from rich.text import Text  # noqa: PLC0415

    def one_line(*pieces: tuple[str, str]) -> Text:
        return Text.assemble(*pieces, no_wrap=True, overflow="ignore")

    parts: list[RenderableType] = [Text(title, style="" if at else "bold") for at, title in enumerate(chart.titles)]
    parts.append(Text())
    if not chart.rows:
        return Group(*parts, Text(chart.nothing))
    parts += [one_line((_before(chart), ""), *_coloured(line)) for line in chart.header]
    for row in chart.rows:
        mark, words, cells = _pieces(row, chart.label_width)
        style = "bold" if isinstance(row, Heading) else ""
        parts.append(one_line(*_coloured(mark), (words, style), *_coloured(cells)))
    parts.append(Text())
    for entries in _legend_lines(chart.legend, width):
        pieces: list[tuple[str, str]] = []
        for at, (signs, words) in enumerate(entries):
            pieces += [(GAP if at else "", ""), *_coloured(signs), (f" {words}", "")]
        parts.append(one_line(*pieces))
    return Group(*parts)


def _before(chart: Chart) -> str:
    """Give the blanks before the columns."""
    return " " * (chart.label_width + MARGIN)


def _pieces(row: Row | Heading, label_width: int) -> tuple[str, str, str]:
    """Give a line's mark, its words, and the signs of the columns that the words leave free."""
    if not isinstance(row, Heading):
        return row.mark, f" {row.label:<{label_width}} {row.estimated} ", row.cells
    before = label_width + MARGIN
    words = row.words.ljust(before - 1) + " "
    return "", words, row.cells[len(words) - before :]


def _coloured(signs: str) -> Iterator[tuple[str, str]]:
    """Part signs by their style."""
    for style, alike in groupby(signs, lambda sign: STYLES.get(sign, "")):
        yield "".join(alike), style


def _legend_lines(legend: Iterable[tuple[str, str]], width: int) -> Iterator[list[tuple[str, str]]]:
    """Put as many entries of the legend on a line as have room."""
    line: list[tuple[str, str]] = []
    for entry in legend:
        if line and len(GAP.join(map(" ".join, [*line, entry]))) > width:
            yield line
            line = []
        line.append(entry)
    yield line
