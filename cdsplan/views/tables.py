"""Tables for a terminal, drawn with rich: words, a symbol and a colour for every standing, never colour alone.

Every text is a rich `Text`, so that nothing in a title is taken for markup.
"""

from __future__ import annotations

from operator import ge
from typing import TYPE_CHECKING

from rich.console import Group
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from cdsplan.listing import Tone
from cdsplan.messages import msg
from cdsplan.status import Timeliness

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
    from rich.segment import Segment

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

NARROWER = 50
"""Below so many, the deadline stands under the standing."""


def status_table(report: Report, language: Language, width: int) -> RenderableType:
    """Draw a status report into so many columns."""
    parts: list[RenderableType] = [Text(title, style="bold") for title in report.titles]
    parts += [Text(report.as_of), *map(Text, report.only)]
    for section in report.sections:
        parts += [Text(), _heading(section), _rows(section, width)]
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
    for at, most in zip(shown, _most_widths(listing, least, shown, width), strict=True):
        column = listing.columns[at]
        table.add_column(
            Text(column.heading),
            justify="right" if column.number else "left",
            no_wrap=not column.wraps and not column.number,
            min_width=least[at],
            max_width=most,
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


def _most_widths(listing: Listing, least: list[int], shown: list[int], width: int) -> list[int | None]:
    """Limit columns where rich would draw past the edge: it narrows the widest, and then widens those to their least.

    The widest of those that wrap give way, none below its least width. None: rich may decide.
    """
    columns = [listing.columns[at] for at in shown]
    lowest = [least[at] for at in shown]
    whole = [
        max(low, *(len(line) for text in (column.heading, *(row[at] for row in listing.rows))
                   for line in text.split("\n")))
        for at, column, low in zip(shown, columns, lowest, strict=True)
    ]  # fmt: skip
    room = width - GAP * (len(shown) - 1)
    giving = [column.wraps or column.number for column in columns]
    unaided = _narrowed(whole, [0] * len(shown), giving, room)
    if unaided is not None and all(map(ge, unaided, lowest)):
        return [None] * len(shown)
    return [*(_narrowed(whole, lowest, giving, room) or lowest)]


def _narrowed(whole: list[int], lowest: list[int], giving: list[bool], room: int) -> list[int] | None:
    """Narrow the widest of the columns that give way until all fit; None where they cannot."""
    for most in range(max(whole, default=0), 0, -1):
        widths = [
            max(low, min(full, most)) if gives else full for low, full, gives in zip(lowest, whole, giving, strict=True)
        ]
        if sum(widths) <= room:
            return widths
    return None


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


class Cell:
    """A text in a table without padding, with a gap to its right: measured and drawn once, however many rows have it.

    rich measures a cell twice and draws each in a padding of its own, half a millisecond a row.
    """

    def __init__(self, text: Text, gap: int) -> None:
        """Hold a text; all tables that have it give its column the same width and options."""
        self._text = text
        self._gap = gap
        self._measured: Measurement | None = None
        self._drawn: list[Segment] | None = None

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """Give the width of the longest word and of the longest line, with the gap."""
        if self._measured is None:
            least, most = self._text.__rich_measure__(console, options)
            self._measured = Measurement(least + self._gap, most + self._gap)
        return self._measured

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw it; rich fills the lines up to the width of the column."""
        if self._drawn is None:
            self._drawn = [*console.render(self._text, options.update_width(options.max_width - self._gap))]
        return self._drawn


def _rows(section: Section, width: int) -> Table:
    narrow, narrower = width < NARROW, width < NARROWER
    table = Table(box=None, show_header=False, padding=0, pad_edge=False, expand=False)
    table.add_column(no_wrap=True)
    table.add_column(min_width=12 + GAP, max_width=24 + GAP, overflow="fold")
    if not narrower:
        table.add_column(no_wrap=True)
    table.add_column(min_width=16 if narrow else 16 + GAP, overflow="fold")
    if not narrow:
        table.add_column(max_width=28, overflow="fold")
    made: dict[tuple[str, str, str], Cell] = {}  # what many rows have in common, by its column

    def common(column: str, words: str, style: str = "", gap: int = GAP) -> Cell:
        key = (column, words, style)
        return made.get(key) or made.setdefault(key, Cell(Text(words, style=style), gap))

    for row in section.rows:
        style = STYLES[row.timeliness]
        table.add_row(
            common("symbol", f"  {row.symbol}", style),
            common("standing", f"{row.standing}\n{row.due}" if narrower else row.standing, style),
            *(() if narrower else (common("due", row.due),)),
            Cell(_title(row, narrow=narrow), 0 if narrow else GAP),
            *(() if narrow else (common("who", row.who, gap=0),)),
        )
    return table


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
"""Columns that the name of an agency has at least; where the counts have no room beside it, they are said in words."""


def _agencies(tallies: tuple[Tally, ...], language: Language, width: int) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, title=None, header_style="bold")
    kinds = list(dict.fromkeys((kind, words) for tally in tallies for kind, words, _ in tally.parts))
    order = [*map(str, Timeliness), "cancelled"]
    kinds.sort(key=lambda kind: order.index(kind[0]))
    widths = _heading_widths([words for _, words in kinds], width)
    if AGENCY + sum(GAP + most for most in widths) > width:
        table.show_header = False
        for _ in ("who", "counts"):
            table.add_column(overflow="fold")
        for tally in tallies:
            table.add_row(Text(tally.who), Text(", ".join(f"{count} {words}" for _, words, count in tally.parts)))
        return table
    table.add_column(Text(language(msg("Agency"))), min_width=AGENCY, overflow="fold")
    for (_, words), most in zip(kinds, widths, strict=True):
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
