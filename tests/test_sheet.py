"""Sheets: one header, one row a thing, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import re
from importlib import import_module
from io import StringIO
from typing import TYPE_CHECKING

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invoke import NGHEAN, ROOT, Cli, in_process

from cdsplan.cli.main import COMMANDS
from cdsplan.views.sheet import BYTE_ORDER_MARK, RUNS, sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Cli]:
    """Run where the real plan is."""
    with in_process(capsys, monkeypatch, ROOT) as made:
        yield made


def rows(text: str) -> list[dict[str, str]]:
    """Read a sheet back as a spreadsheet does."""
    assert text.startswith(BYTE_ORDER_MARK)
    assert text.count(BYTE_ORDER_MARK) == 1
    return list(csv.DictReader(StringIO(text.removeprefix(BYTE_ORDER_MARK), newline="")))


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (-5, "-5"),
        (("a", "b"), "a b"),
        ((), ""),
        ("-5", "'-5"),
        ("=1+1", "'=1+1"),
        ("+84", "'+84"),
        ("@so-nganh", "'@so-nganh"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        (("=cmd", "b"), "'=cmd b"),
        ("a=1", "a=1"),
        ("'x", "'x"),
        ('a,"b"\nc', 'a,"b"\nc'),
    ],
)
def test_cells_say_what_they_hold(value: object, cell: str) -> None:
    """Numbers stay numbers; texts that a spreadsheet would run get an apostrophe; None is empty."""
    (row,) = rows(sheet(("x",), [(value,)]))

    assert row["x"] == cell


@given(st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_no_text_begins_like_a_formula(cells: list[tuple[str, str]]) -> None:
    """Whatever the texts are, none comes back as a formula, and what was defused is otherwise as it was."""
    text = sheet(("a", "b"), cells)
    read = list(csv.reader(StringIO(text.removeprefix(BYTE_ORDER_MARK), newline="")))[1:]

    assert [[cell.removeprefix("'") for cell in row] for row in read] == [
        [cell.removeprefix("'") for cell in row] for row in cells
    ]
    assert not any(cell.startswith(RUNS) for row in read for cell in row)


def test_lines_end_as_spreadsheets_want() -> None:
    """CR LF, after the last row too, and a byte order mark, so that spreadsheets know UTF-8."""
    assert sheet(("a", "b"), [("ă", 1)]) == "\ufeffa,b\r\nă,1\r\n"


def test_the_status_of_the_real_plan_as_a_sheet(cli: Cli) -> None:
    """One row per task, with the deadline's words and its last day."""
    found = rows(cli("status", NGHEAN, "--as-of", "2021-10-05", "--format", "csv").out)

    assert len(found) == 14
    survey = found[1]
    assert (survey["plan"], survey["id"], survey["milestone"]) == ("nghean-nq-cds", "khao-sat", "true")
    assert (survey["timeliness"], survey["days"]) == ("overdue", "5")
    assert (survey["due_words"], survey["due_last"]) == ("trước ngày 30/9/2021", "2021-09-30")
    assert (survey["delivered"], survey["expected"], survey["recipient"]) == ("0", "41", "so-tttt")
    assert survey["missing"].split()[:2] == ["vp-ubnd", "thanh-tra"]
    report = found[2]
    assert (report["days"], report["due_words"], report["delivered"], report["expected"]) == ("", "", "", "")


def test_the_milestones_of_the_real_plan_as_a_sheet(cli: Cli) -> None:
    """A row is that of the status, and who acts: for the draft of 15 November all who owe the survey, as nobody has it.

    By the forecast it misses its own deadline by the one working day from Monday, the 15th, to Tuesday.
    """
    found = rows(cli("milestones", NGHEAN, "--as-of", "05/10/2021", "--format", "csv").out)
    status = {row["id"]: row for row in rows(cli("status", NGHEAN, "--as-of", "05/10/2021", "--format", "csv").out)}

    draft = found[1]
    assert [row["id"] for row in found] == [name for name, row in status.items() if row["milestone"] == "true"]
    assert all(row.items() >= status[row["id"]].items() for row in found)
    assert (draft["deadline_float"], draft["deadline_of"], draft["at_risk_days"]) == ("-1", "du-thao-nghi-quyet", "1")
    assert draft["chain"] == "khao-sat bao-cao-tong-hop du-thao-nghi-quyet"
    assert (draft["next"], draft["next_agencies"]) == ("khao-sat", found[0]["missing"])


def commands(name: str, found: click.Command) -> Iterator[tuple[str, click.Command]]:
    """Give a command, or those of a group, with what it is called."""
    if isinstance(found, click.Group):
        for sub, command in found.commands.items():
            yield from commands(f"{name} {sub}", command)
    else:
        yield name, found


def test_the_documents_say_which_commands_write_json_and_sheets() -> None:
    """Both READMEs and docs/json.md name the very commands that have --format csv, and those that lack json."""
    formats: dict[str, Sequence[str]] = {}
    for top in COMMANDS:
        for name, command in commands(top, import_module(f"cdsplan.cli.{top}").command):
            given = [option.type for option in command.params if option.name == "format_"]
            formats[name] = given[0].choices if given and isinstance(given[0], click.Choice) else ()
    sheets = {name for name, choices in formats.items() if "csv" in choices}
    without = {name for name, choices in formats.items() if "json" not in choices}

    for document in ("README.md", "README.vi.md", "docs/json.md"):
        text = " ".join((ROOT / document).read_text("utf-8").split())
        told = re.search(r"`--format csv` (?:on|có ở|makes) ((?:`[a-z]+`(?:, | and | và )?)+)", text)
        assert told is not None, document
        assert set(re.findall(r"`([a-z]+)`", told[1])) == sheets, document
    told = re.search(r"every command but ((?:`[a-z]+`(?:, | and )?)+)", (ROOT / "docs/json.md").read_text("utf-8"))
    assert told is not None
    assert set(re.findall(r"`([a-z]+)`", told[1])) == without


def test_the_schedule_of_the_real_plan_as_a_sheet(cli: Cli) -> None:
    """Dates, floats, and which predecessors drive."""
    found = {row["id"]: row for row in rows(cli("schedule", NGHEAN, "--format", "csv").out)}

    # 20 working days from Monday 23 August, with the two days off at the National Day, end on 21 September.
    survey = found["khao-sat"]
    assert (survey["early_start"], survey["early_finish"], survey["duration"]) == ("2021-08-23", "2021-09-21", "20d")
    assert (survey["estimated"], survey["critical"], survey["driving"]) == ("true", "true", "ban-hanh-ke-hoach")
    assert found["gop-y"]["driving"] == "du-thao-nghi-quyet du-thao-ke-hoach"
    assert (found["hoi-thao"]["critical"], found["hoi-thao"]["on_longest_path"]) == ("false", "false")


def test_the_chains_of_the_real_plan_as_a_sheet(cli: Cli) -> None:
    """Each chain is numbered, one row per task."""
    found = rows(cli("critical", NGHEAN, "--format", "csv").out)

    assert [row["path"] for row in found] == ["1"] * 11 + ["2"] * 11
    assert [row["id"] for row in found if row["path"] == "2"][3] == "du-thao-ke-hoach"


def test_the_chains_of_a_portfolio_make_one_sheet(cli: Cli) -> None:
    """Two plans, one header."""
    found = rows(cli("critical", NGHEAN, "tests/plans/good/school.toml", "--format", "csv").out)

    assert len({row["plan"] for row in found}) == 2


def test_a_calendar_as_a_sheet(cli: Cli) -> None:
    """Days off with their source, worked days marked."""
    found = {row["date"]: row for row in rows(cli("calendar", "2022", "-p", NGHEAN, "--format", "csv").out)}

    new_year = found["2022-01-03"]
    assert (new_year["kind"], new_year["working"], new_year["status"]) == ("in_lieu", "false", "official")
