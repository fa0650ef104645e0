"""Sheets of deliveries as spreadsheets write them: any separator and encoding, headings in two languages, places."""

from __future__ import annotations

import codecs
import csv
import unicodedata
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsplan.deliveries.columns import HEADINGS, Column, column_of, holds, recommended
from cdsplan.deliveries.sheet import MOST_PROBLEMS, SEPARATORS, Sheet, read_sheet
from cdsplan.problems import PlanError

HEADER = ("Cơ quan", "Ngày gửi", "Số, ký hiệu")
COLUMNS = (Column.AGENCY, Column.ON, Column.DOCUMENT)


def sheet(data: bytes | str, *needed: Column, max_bytes: int = 100_000) -> Sheet:
    """Read a sheet."""
    return read_sheet(data.encode() if isinstance(data, str) else data, "a.csv", max_bytes=max_bytes, needed=needed)


def texts(found: Sheet) -> list[list[str]]:
    """Give agency, day and document of every row."""
    return [[found.cell(row, column).text for column in COLUMNS] for row in found.rows]


def refused(data: bytes | str, *needed: Column) -> list[tuple[str, int, int, str]]:
    """Give code, line, column and words of every problem of a sheet."""
    with pytest.raises(PlanError) as caught:
        sheet(data, *needed)
    places = [(problem, problem.place) for problem in caught.value.problems]
    return [(problem.code, place.line, place.column, str(problem.message)) for problem, place in places if place]


# --------------------------------------------------------------------------------------------------------- Headings


@pytest.mark.parametrize("column", Column)
def test_every_usual_heading_is_known(column: Column) -> None:
    """As it stands, in capitals, without diacritics, decomposed, with remarks: it names its column and no other."""
    for heading in (heading for language in HEADINGS[column] for heading in language):
        bare = "".join(c for c in unicodedata.normalize("NFD", heading) if not unicodedata.combining(c))
        for written in (
            heading,
            heading.upper(),
            heading.title(),
            bare.replace("đ", "d"),
            unicodedata.normalize("NFD", heading),
            f"  {heading} (*) ",
            heading.replace(" ", "\n"),
            heading.replace(" ", "_"),
        ):
            assert column_of(written) is column, written


def test_other_headings_name_nothing() -> None:
    """A running number, a remark, an empty heading, part of a known one."""
    assert [column_of(heading) for heading in ("STT", "Số TT", "Ghi chú", "", "*", "cơ", "ngày sinh")] == [None] * 7


def test_what_a_column_holds_has_a_name_and_recommended_headings() -> None:
    """The words of messages: each column has its own, and recommends headings that are known."""
    assert len({str(holds(column)) for column in Column}) == len(Column)
    assert {column_of(heading) for column in Column for heading in recommended(column)} == set(Column)


# ------------------------------------------------------------------------------------------------ Rows, as one writes

WORDS = st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp")), max_size=12)
CELLS = st.one_of(WORDS, st.sampled_from(['a "b" c', "a;b,c\td", "a\nb", '"', "", " ", "\xa0", "Sở Y tế"]))


@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=6),
    separator=st.sampled_from(SEPARATORS),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
    marked=st.booleans(),
)
def test_what_a_spreadsheet_writes_is_read_back(
    rows: list[tuple[str, str, str]], separator: str, end: str, encoding: str, *, marked: bool
) -> None:
    """Python's csv module is the other spreadsheet: every cell comes back, but for its spaces; empty rows do not."""
    out = StringIO()
    if end == "\r":  # then it would quote no \n
        writer = csv.writer(out, delimiter=separator, lineterminator=end, quoting=csv.QUOTE_ALL)
    else:
        writer = csv.writer(out, delimiter=separator, lineterminator=end)
    writer.writerow(HEADER)
    writer.writerows(rows)
    text = out.getvalue()
    marks = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
    # Without a mark UTF-16 is told by its zeros, so the first letter is one that has them.
    data = (marks.get(encoding, b"") if marked else b"") + (text if marked else text.replace("Cơ", "Co")).encode(
        encoding
    )

    found = sheet(data, *COLUMNS)

    clean = [[" ".join(unicodedata.normalize("NFC", cell).split()) for cell in row] for row in rows]
    assert texts(found) == [row for row in clean if any(row)]
    assert found.unused == ()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_told_by_its_zeros_where_no_mark_stands(encoding: str) -> None:
    """As some programs write it, least significant byte first or last."""
    assert texts(sheet("agency\tngày\nSở Y tế\t1/9/2021\n".encode(encoding))) == [["Sở Y tế", "1/9/2021", ""]]


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=5))
def test_a_cell_knows_where_it_stands(rows: list[list[str]]) -> None:
    """The characters of its place are those that it was written with."""
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerows([HEADER, *rows])
    found = sheet(out.getvalue())

    for row in found.rows:
        for cell in row:
            (written,) = next(csv.reader(StringIO(found.source.text[cell.start : cell.end], newline="")), [""])
            assert " ".join(written.split()) == cell.text


def test_the_separator_is_the_one_that_finds_the_headings() -> None:
    """A comma within a heading, or more of another sign, does not mislead."""
    assert texts(sheet("Cơ quan, đơn vị;Ngày gửi;Số, ký hiệu\nA, B;1/9/2021;5, 6\n")) == [["A, B", "1/9/2021", "5, 6"]]
    assert texts(sheet("agency,date,document\na;b;c;d,1/9/2021,\n")) == [["a;b;c;d", "1/9/2021", ""]]
    assert texts(sheet("Agency\nSở Y tế, Sở Tài chính\n".replace(", ", " và "))) == [
        ["Sở Y tế và Sở Tài chính", "", ""]
    ]


def test_what_excel_puts_before_and_between_is_left_out() -> None:
    """A line `sep=;`, empty lines, rows of separators, rows that end early, columns without a heading."""
    found = sheet("sep=;\n\nSTT;Cơ quan;Ngày;;Ghi chú\n1;A\n;;;;\n\n2;B;1/9/2021;x;y\n")

    assert texts(found) == [["A", "", ""], ["B", "1/9/2021", ""]]
    assert found.unused == ("STT", "Ghi chú")
    assert [row[0].text for row in found.rows] == ["1", "2"]


def test_line_breaks_in_headings_and_cells_are_spaces() -> None:
    """As a wrapped heading is written; the places after it count its lines."""
    found = sheet('"Cơ quan,\nđơn vị";Ngày\n"UBND\nhuyện A";1/9\n')

    assert texts(found) == [["UBND huyện A", "1/9", ""]]
    place = found.source.place_at(found.rows[0][1].start, found.rows[0][1].end)
    assert (place.line, place.column, place.end_column) == (4, 10, 13)


# ----------------------------------------------------------------------------------------------------------- Refusals


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", ("CDS101", 1, 1, "the sheet is empty")),
        (b"\xef\xbb\xbf\r\n\r\n", ("CDS101", 1, 1, "the sheet is empty")),
        (b"sep=;\r\n", ("CDS101", 1, 1, "the sheet is empty")),
        (
            "Cơ quan\nSở".encode("cp1258", "replace"),
            ("CDS101", 1, 2, "the file is not UTF-8: byte 0xF5 cannot be read"),
        ),
        (b"agency\nS\xf4 Y\n", ("CDS101", 2, 2, "the file is not UTF-8: byte 0xF4 cannot be read")),
        (b"PK\x03\x04whatever", ("CDS101", 1, 1, "this is a workbook, not a text file")),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", ("CDS101", 1, 1, "this is a workbook, not a text file")),
        (b"\xff\xfea\0b", ("CDS101", 1, 1, "the file begins as UTF-16 and does not go on so")),
        (b"agency\n\x07", ("CDS103", 2, 1, "control character U+0007 is not allowed")),
        (
            "agency\nA\u202eB\n".encode(),
            ("CDS103", 2, 2, "character U+202E is not allowed: it turns the direction of writing"),
        ),
        (
            b'agency;date\n"A;1/9\nB;2/9\n',
            ("CDS102", 2, 1, "this cell begins with a quotation mark and does not end with one"),
        ),
        (
            b'agency,date\nA,"1" of 9\n',
            ("CDS102", 2, 3, "this cell begins with a quotation mark and does not end with one"),
        ),
        (
            b"agency,date\nA,1/9/2021,5/BC, 6/BC\n",
            ("CDS106", 2, 12, "this row has more cells than there are headings (2)"),
        ),
        (
            b"agency\tdate\nA\t1/9/2021\t5/BC\n",
            ("CDS106", 2, 12, "this row has more cells than there are headings (2)"),
        ),
        (b"agency,unit\n", ("CDS108", 1, 8, "“agency” and “unit” both name the agency")),
    ],
)
def test_what_is_no_sheet_is_told_with_its_place(data: bytes, problem: tuple[str, int, int, str]) -> None:
    """Empty, no text, a workbook, signs that do not show, quotes that do not close, cells without a heading."""
    assert refused(data) == [problem]


def test_missing_columns_are_all_told_with_headings_to_use() -> None:
    """Under the first line, each with what it may be called."""
    with pytest.raises(PlanError) as caught:
        sheet("STT;Tên\n1;A\n", Column.TASK, Column.ON)

    assert [str(problem.message) for problem in caught.value.problems] == [
        "no column names the task",
        "no column names the day",
    ]
    assert str(caught.value.problems[1].hint) == (
        "give it one of these headings: “ngày”, “ngày gửi”, “ngày nhận”, “ngày hoàn thành”, “date”, “on”"
    )
    place = caught.value.problems[0].place
    assert place is not None
    assert (place.line, place.column, place.end_column) == (1, 1, 8)


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_headings_below_a_title_are_found_and_said(separator: str) -> None:
    """The first line must name the columns: where they stand is said instead of what they may be called."""
    header = separator.join(("STT", "Cơ quan", '"Ngày gửi"'))
    with pytest.raises(PlanError) as caught:
        sheet(f"\nUBND TỈNH\nBẢNG THEO DÕI{separator * 2}\n{header}\n1{separator}A\n", Column.AGENCY, Column.ON)

    assert [str(problem.hint) for problem in caught.value.problems] == [
        "the headings stand in line 4: delete the rows above it"
    ] * 2


def test_a_large_file_is_not_read() -> None:
    """Beyond the limit it is refused with the option that lifts it."""
    with pytest.raises(PlanError) as caught:
        sheet("agency\n" + "a\n" * 50, max_bytes=100)

    assert "more than 100 bytes" in str(caught.value.problems[0].message)
    assert "--max-size" in str(caught.value.problems[0].hint)
    assert len(sheet("agency\n" + "a\n" * 46, max_bytes=100).rows) == 46


def test_rows_that_are_too_long_are_told_up_to_a_limit() -> None:
    """Every one of them, as long as a person could mend them."""
    assert len(refused("agency,date\n" + "a,b,c\n" * 5)) == 5
    assert len(refused("agency,date\n" + "a,b,c\n" * (MOST_PROBLEMS + 5))) == MOST_PROBLEMS
