"""Tables for a terminal, drawn with rich: words, a symbol and a colour for every standing, never colour alone.

Every text is a rich `Text`, so that nothing in a title is taken for markup.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.console import Group
from rich.measure import Measurement
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from cdsplan.listing import Tone
from cdsplan.messages import msg
from cdsplan.status import Timeliness

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from cdsplan.i18n import Language
    from cdsplan.listing import Card, Listing
    from cdsplan.report import Report, Row, Section, Tally

STYLES = {
    Timeliness.OVERDUE: "bold red",
    Timeliness.DUE_TODAY: "bold magenta",
    Timeliness.DUE_SOON: "magenta",
    Timeliness.ON_TRACK: "",
    Timeliness.UNDETERMINED: "",
    Timeliness.NO_DEADLINE: "dim",
    Timeliness.DONE_LATE: "green",
    Timeliness.DONE_ON_TIME: "green",
    None: "dim",
}
"""Colours of the 16 that a terminal's own theme defines, so that they are readable on light and dark alike."""

TONES = {Tone.GOOD: "green", Tone.BAD: "red", Tone.CHANGED: "magenta", None: ""}
"""Colours of rows, as above."""

MILESTONE = " ◆"

NARROW = 100
"""Below so many columns, who is responsible stands under the title."""


def status_table(report: Report, language: Language, width: int) -> RenderableType:
    """Draw a status report into so many columns."""
    parts: list[RenderableType] = [Text(title, style="bold") for title in report.titles]
    parts.append(Text(report.as_of))
    for section in report.sections:
        parts += [Text(), _heading(section), _rows(section, narrow=width < NARROW)]
    if not report.sections:
        parts += [Text(), Text(report.nothing)]
    parts += [Text(), _total(report.total, language)]
    if report.agencies:
        parts += [Text(), _agencies(report.agencies, language, width)]
    return Group(*parts)


def listing_table(listing: Listing, width: int) -> RenderableType:
    """Draw a listing into so many columns, without the columns for which there is no room; marked rows are bold."""
    table = Table(box=None, padding=(0, GAP, 0, 0), pad_edge=False, header_style="bold")
    least = _least_widths(listing)
    shown = _shown(listing, least, width)
    for at in shown:
        column = listing.columns[at]
        table.add_column(
            Text(column.heading),
            justify="right" if column.number else "left",
            no_wrap=not column.wraps and not column.number,
            min_width=least[at],
            overflow="fold",
        )
    for at, row in enumerate(listing.rows):
        tone = TONES[listing.tones[at]] if listing.tones else ""
        style = f"bold {tone}" if at in listing.marked else tone
        table.add_row(*(Text(row[cell]) for cell in shown), style=style.strip() or None)
    parts: list[RenderableType] = [Text(title, style="bold") for title in listing.titles]
    notes = [column.note for column in map(listing.columns.__getitem__, shown) if column.note]
    parts += [*([table] if listing.columns else []), *map(Text, (*notes, *listing.notes))]
    return Group(*parts)


def hidden_columns(listing: Listing, width: int) -> tuple[str, ...]:
    """Name the columns for which so many columns of a terminal have no room; without rows nothing is hidden."""
    if not listing.rows:
        return ()
    shown = _shown(listing, _least_widths(listing), width)
    return tuple(column.heading for at, column in enumerate(listing.columns) if at not in shown)


def full_width(listing: Listing) -> int:
    """Give the columns of a terminal from which on nothing of a listing is hidden."""
    together = _together(listing, _least_widths(listing), range(len(listing.columns)))
    return max(together, *(column.wide for column in listing.columns))


GAP = 2
"""Columns of a terminal between two columns of a table."""

LONG_WORD = 16
"""Longer words of a column that wraps are parted."""


def _least_widths(listing: Listing) -> list[int]:
    return [_least(listing, at) for at in range(len(listing.columns))]


def _least(listing: Listing, at: int) -> int:
    """Give the width below which words of a column would be cut."""
    column = listing.columns[at]
    heading = max(map(len, column.heading.split()), default=1)
    cells = (row[at] for row in listing.rows)
    if column.wraps:
        words = [min(len(word), LONG_WORD) for cell in cells for word in cell.split()]
    else:
        words = [len(cell) for cell in cells]
    return max(heading, *words, 1)


def _shown(listing: Listing, least: list[int], width: int) -> list[int]:
    """Choose the columns for which there is room, headings in one line: those wanted only when it is wide go first."""
    shown = [at for at, column in enumerate(listing.columns) if column.wide <= width]
    while _together(listing, least, shown) > width:
        last = max(shown, key=lambda at: listing.columns[at].wide)
        if not listing.columns[last].wide:
            break
        shown.remove(last)
    return shown


def _together(listing: Listing, least: list[int], columns: Iterable[int]) -> int:
    """Give the width of columns side by side, headings in one line."""
    return sum(max(least[at], len(listing.columns[at].heading)) + GAP for at in columns) - GAP


def card_table(card: Card) -> RenderableType:
    """Draw a card."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(style="bold", max_width=22)
    table.add_column(overflow="fold")
    for label, lines in card.facts:
        table.add_row(Text(label), Text("\n".join(lines)))
    return Group(Text(card.heading, style="bold"), table)


def _heading(section: Section) -> Text:
    return Text(section.heading, style=f"{STYLES[section.urgent]} bold" if section.urgent else "bold")


class Column(NamedTuple):
    """How a column is drawn: folded into at least and at most so many columns of a terminal, or never wrapped."""

    wraps: bool = True
    least: int | None = None
    most: int | None = None


class Rows:
    """Rows below one another, for rich to draw as its own table without lines; the same object is drawn once.

    rich measures every cell of a table twice and draws each in a padding of its own, half a millisecond a row; a status
    of 200 rows has few different standings, days and owners.
    """

    def __init__(self, columns: Sequence[Column], rows: Iterable[tuple[Text, ...]]) -> None:
        """Hold the texts; each row has one for every column."""
        self._columns = columns
        self._rows = tuple(rows)
        self._gaps = [GAP] * (len(columns) - 1) + [0]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw row by row, as high as the highest cell of each."""
        widths = self._widths(console, options)
        blanks = [Segment(" " * width) for width in widths]
        known: list[dict[int, list[list[Segment]]]] = [{} for _ in widths]
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

    def _lines(self, console: Console, options: ConsoleOptions, at: int, text: Text, width: int) -> list[list[Segment]]:
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


def _rows(section: Section, *, narrow: bool) -> Rows:
    columns = [Column(wraps=False), Column(least=12, most=24), Column(wraps=False), Column(least=16)]
    if not narrow:
        columns.append(Column(most=28))
    made: dict[tuple[str, str], Text] = {}

    def common(words: str, style: str = "") -> Text:
        """Give a text that many rows have in common."""
        return made.get((words, style)) or made.setdefault((words, style), Text(words, style=style))

    def cells(row: Row) -> tuple[Text, ...]:
        style = STYLES[row.timeliness]
        standing = common(f"  {row.symbol}", style), common(row.standing, style), common(row.due)
        title = _title(row, narrow=narrow)
        return (*standing, title) if narrow else (*standing, title, common(row.who))

    return Rows(columns, map(cells, section.rows))


def _title(row: Row, *, narrow: bool) -> Text:
    title = Text(row.title)
    title.append(MILESTONE if row.milestone else "", style="bold")
    title.append(f" [{row.name}]", style="dim")
    if narrow:
        title.append(f"\n{row.who}")
    for note in row.notes:
        title.append(f"\n{note}", style="italic")
    return title


def _total(tally: Tally, language: Language) -> Text:
    text = Text(language(msg("Total")) + f" {tally.total}: ")
    for at, (kind, words, count) in enumerate(tally.parts):
        text.append(" · " if at else "")
        text.append(f"{count} {words}", style=_style_of(kind))
    return text


AGENCY = 16
"""Columns that the name of an agency has at least."""


def _agencies(tallies: tuple[Tally, ...], language: Language, width: int) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, title=None, header_style="bold")
    kinds = list(dict.fromkeys((kind, words) for tally in tallies for kind, words, _ in tally.parts))
    order = [*map(str, Timeliness), "cancelled"]
    kinds.sort(key=lambda kind: order.index(kind[0]))
    table.add_column(Text(language(msg("Agency"))), min_width=AGENCY, overflow="fold")
    for (_, words), most in zip(kinds, _heading_widths([words for _, words in kinds], width), strict=True):
        table.add_column(Text(words), justify="right", max_width=most, overflow="fold")
    for tally in tallies:
        counted = {kind: count for kind, _, count in tally.parts}
        cells = [Text(str(counted.get(kind, "")), style=_style_of(kind)) for kind, _ in kinds]
        table.add_row(Text(tally.who), *cells)
    return table


def _heading_widths(headings: list[str], width: int) -> list[int]:
    """Let headings stand in one line if there is room beside the agencies; else the longest take further lines."""
    words = [max(map(len, heading.split())) for heading in headings]
    room = width - AGENCY - GAP * len(headings)
    for most in range(max(map(len, headings), default=0), 0, -1):
        widths = [max(word, min(len(heading), most)) for word, heading in zip(words, headings, strict=True)]
        if sum(widths) <= room:
            return widths
    return words


def _style_of(kind: str) -> str:
    return STYLES[None if kind == "cancelled" else Timeliness(kind)]
