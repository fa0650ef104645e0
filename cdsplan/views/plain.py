"""Plain text: the same words as the tables, in aligned lines without colour, for pipes, mails and old terminals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdsplan.messages import msg

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cdsplan.i18n import Language
    from cdsplan.listing import Card, Listing
    from cdsplan.report import Report, Row, Tally


def status_text(report: Report, language: Language) -> str:
    """Write a status report."""
    lines = [*report.titles, report.as_of, *report.only]
    for section in report.sections:
        lines += ["", section.heading, *_rows(section.rows)]
    if not report.sections:
        lines += ["", report.nothing]
    lines += ["", f"{language(msg('Total'))} {report.total.total}: {_parts(report.total)}"]
    if report.agencies:
        cells = [(tally.who, _parts(tally)) for tally in report.agencies]
        lines += ["", language(msg("By agency")), *columns(cells)]
    return "\n".join(lines)


def listing_text(listing: Listing) -> str:
    """Write a listing."""
    heads = tuple(column.heading for column in listing.columns)
    notes = (column.note for column in listing.columns if column.note)
    rows = columns([heads, *listing.rows], indent="") if heads else ()
    return "\n".join([*listing.titles, *rows, *notes, *listing.notes])


def card_text(card: Card) -> str:
    """Write a card."""
    width = max((len(label) for label, _ in card.facts), default=0)
    lines = [card.heading]
    for label, facts in card.facts:
        for at, fact in enumerate(facts):
            lines.append(f"  {('' if at else label).ljust(width)}  {fact}")
    return "\n".join(lines)


def _rows(rows: Sequence[Row]) -> Iterable[str]:
    cells = [
        (row.symbol, row.standing, row.due, f"{row.title}{' ◆' if row.milestone else ''} [{row.name}]", row.who)
        for row in rows
    ]
    for row, line in zip(rows, columns(cells), strict=True):
        yield line
        for note in row.notes:
            yield f"       {note}"


def _parts(tally: Tally) -> str:
    return ", ".join(f"{count} {words}" for _, words, count in tally.parts)


def columns(rows: Sequence[Sequence[str]], *, indent: str = "  ") -> Iterable[str]:
    """Align cells of rows of equal length; the last column is left as it is."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)][:-1] if rows else []
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        yield indent + "  ".join([*cells, row[-1]]).rstrip()
