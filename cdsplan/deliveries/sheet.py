"""A sheet as its bytes have it: rows of cells that know their places. Nothing is understood here but its headings.

Comma-, semicolon- or tab-separated text with one line of headings, as spreadsheets write it: UTF-8 with or without a
byte order mark, or UTF-16 (“Unicode text”); any line ends. Of the separators the one counts by which the first line has
the most headings that are known. Cells may stand in double quotes, and then hold separators, line breaks and doubled
quotes. Spaces (no-break ones too) and line breaks within a cell become single spaces. Rows that are wholly empty are
left out, and so is a first line `sep=;`.

- CDS101: no text, or too large; CDS102: a quoted cell that does not end; CDS103: characters that do not show;
- CDS105, CDS108: a column is missing, or stands there twice; CDS106: a row with more cells than headings.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from cdsplan.deliveries.columns import Column, column_of, holds, recommended, yields
from cdsplan.messages import msg
from cdsplan.plan import characters
from cdsplan.plan.source import Source, refusal
from cdsplan.problems import PlanError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cdsplan.messages import Message

SEPARATORS = ("\t", ";", ",")

SAVE_AS = msg(
    "in Excel: File, Save As, “CSV UTF-8 (Comma delimited)”; in LibreOffice: Save As, “Text CSV”, character set UTF-8"
)

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
"""What workbooks begin with: .xlsx and .ods; .xls."""


class Cell(NamedTuple):
    """The text of a cell, and the characters [start, end) of the file that it was written with."""

    text: str
    start: int
    end: int


Row = tuple[Cell, ...]


class Sheet(NamedTuple):
    """Rows under headings. `columns` says at which place of a row what stands; `unused` are the other headings."""

    source: Source
    columns: Mapping[Column, int]
    unused: tuple[str, ...]
    rows: tuple[Row, ...]

    def cell(self, row: Row, column: Column) -> Cell:
        """Give a cell of a row; an empty one at the end of the row where it has none."""
        at = self.columns.get(column, len(row))
        return row[at] if at < len(row) else Cell("", row[-1].end, row[-1].end)


def read_sheet(data: bytes, file: str, *, max_bytes: int, needed: Iterable[Column]) -> Sheet:
    """Read a sheet that must have the columns `needed`. `file` is its name for people.

    Raises:
        PlanError: with everything that is wrong with its form.
    """
    source = Source(file, _text(data, file, max_bytes))
    if problems := characters.of_text(source):
        raise PlanError(problems)
    start = len(found[0]) if (found := re.match(r"\s*sep=[,;\t]\n", source.text)) else 0
    start += len(source.text[start:]) - len(source.text[start:].lstrip("\n"))
    if start == len(source.text):
        raise refusal(file, msg("the sheet is empty"), msg("its first line names the columns"))
    separator = max(SEPARATORS, key=lambda each: _suits(source, each, start))
    rows = _rows(source, separator, start)
    header = next(rows)
    columns, unused = _columns(source, header, tuple(needed), start)
    filled = tuple(row for row in rows if any(cell.text for cell in row))
    problems = tuple(
        _too_long(source, row, len(header), separator)
        for row in filled
        if any(cell.text for cell in row[len(header) :])
    )
    if problems:
        raise PlanError(problems[:MOST_PROBLEMS])
    return Sheet(source, columns, unused, filled)


MOST_PROBLEMS = 1000
"""Problems of one sheet that are told at once."""


def _text(data: bytes, file: str, max_bytes: int) -> str:
    """Decode a sheet: NFC, line ends LF, no-break spaces as spaces."""
    if len(data) > max_bytes:
        large = msg("the file has more than {most} bytes, which is as much as is read", most=max_bytes)
        raise refusal(file, large, msg("the option --max-size (in MiB) lifts this limit"))
    if data.startswith((ZIP, OLE)):
        raise refusal(file, msg("this is a workbook, not a text file"), SAVE_AS)
    encoding = "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif data[:1] and data[1:2] == b"\0":
        encoding = "utf-16-le"
    elif data[:1] == b"\0":
        encoding = "utf-16-be"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8-sig":
            raise refusal(file, msg("the file begins as UTF-16 and does not go on so"), SAVE_AS) from None
        message = msg("the file is not UTF-8: byte 0x{byte} cannot be read", byte=f"{data[error.start]:02X}")
        raise refusal(file, message, SAVE_AS, data, error.start) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ").replace("\u202f", " ")
    return unicodedata.normalize("NFC", text)


def _suits(source: Source, separator: str, start: int) -> tuple[int, int]:
    """Say how well a separator suits the first line: known headings, then cells."""
    try:
        header = next(_rows(source, separator, start))
    except PlanError:
        return -1, 0
    return len({column_of(cell.text) for cell in header} - {None}), len(header)


def _rows(source: Source, separator: str, at: int) -> Iterator[Row]:
    """Part a text into rows, from a place on."""
    text, end = source.text, len(source.text)
    cell = re.compile(
        rf'[ ]*"([^"]*+(?:""[^"]*+)*+)"[ ]*(?=[{separator}\n]|\Z)' + rf'|((?![ ]*")[^{separator}\n]*+)',
    )
    row: list[Cell] = []
    while True:
        found = cell.match(text, at)
        if found is None:
            message = msg("this cell begins with a quotation mark and does not end with one")
            hint = msg('close it before the next separator; a quotation mark inside is written twice: ""')
            stop = text.find("\n", at)
            place = source.place_at(at, end if stop < 0 else stop)
            raise PlanError((Problem(code="CDS102", message=message, hint=hint, place=place),))
        words = found[2] if found[1] is None else found[1].replace('""', '"')
        row.append(Cell(" ".join(words.split()), *found.span()))
        at = found.end()
        if at < end and text[at] == separator:
            at += 1
            continue
        yield tuple(row)
        row = []
        at += 1
        if at >= end:
            return


def _columns(
    source: Source, header: Row, needed: tuple[Column, ...], start: int
) -> tuple[dict[Column, int], tuple[str, ...]]:
    """Say which column stands where, and which headings are not used."""
    columns: dict[Column, int] = {}
    unused: list[str] = []
    problems: list[Problem] = []
    own = {column_of(cell.text) for cell in header if not yields(cell.text)}
    for at, cell in enumerate(header):
        column = column_of(cell.text)
        if column is None or (yields(cell.text) and column in own):
            unused += [cell.text] if cell.text else []
        elif column in columns:
            first = header[columns[column]].text
            twice = msg("“{first}” and “{second}” both name {what}", first=first, second=cell.text, what=holds(column))
            hint = msg("take one of the two columns out, or give it another heading")
            place = source.place_at(cell.start, cell.end)
            problems.append(Problem(code="CDS108", message=twice, hint=hint, place=place))
        else:
            columns[column] = at
    for column in needed:
        if column not in columns:
            missing = msg("no column names {what}", what=holds(column))
            hint = _below(source, start) or msg(
                "give it one of these headings: {headings}",
                headings=tuple(f"“{heading}”" for heading in recommended(column)),
            )
            place = source.place_at(header[0].start, header[-1].end)
            problems.append(Problem(code="CDS105", message=missing, hint=hint, place=place))
    if problems:
        raise PlanError(tuple(problems))
    return columns, tuple(unused)


def _below(source: Source, start: int) -> Message | None:
    """Say where the headings stand if it is not in the first line: below a title, say."""
    lines = source.text[start:].split("\n", FIRST_LINES)[:FIRST_LINES]
    first, *others = (max(_headings(line, separator) for separator in SEPARATORS) for line in lines)
    at = max(range(len(others)), key=others.__getitem__, default=0)
    if not others or others[at] < ENOUGH or others[at] <= first:
        return None
    number = source.text.count("\n", 0, start) + at + 2
    return msg("the headings stand in line {number}: delete the rows above it", number=number)


FIRST_LINES, ENOUGH = 20, 2
"""Among how many lines headings are looked for, and how many known ones make a line of headings."""


def _headings(line: str, separator: str) -> int:
    """Count the known headings of a line; those in quotes with separators in them do not matter here."""
    return len({column_of(cell.strip(' "')) for cell in line.split(separator)} - {None})


def _too_long(source: Source, row: Row, most: int, separator: str) -> Problem:
    first = next(cell for cell in row[most:] if cell.text)
    return Problem(
        code="CDS106",
        message=msg("this row has more cells than there are headings ({most})", most=most),
        hint=msg("a text that holds the separator “{separator}” stands in double quotes", separator=separator)
        if separator != "\t"
        else msg("take the tab out"),
        place=source.place_at(first.start, first.end),
    )
