"""Ongoing work (thường xuyên) of no stated length: data formats tell where it starts, and no finish."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import pytest
from invoke import Cli, in_process
from test_data import documented

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# From Monday 5 January 2026: `watch` runs on and on, of `train` somebody stated ten days, `guard` is waited for, of
# `help` the plan says that it is over. `move` ends on the 16th, `after` three days behind what is waited for.
PLAN = """\
[plan]
id = "o"
title = "O"
start = 2026-01-05
timezone = "UTC"
[agencies]
one = { name = "One", ceased = 2026-06-01 }
[tasks]
watch = { title = "Watch", owner = "one", due = "ongoing" }
train = { title = "Train", due = "ongoing", duration = "8d" }
guard = { title = "Guard", due = "ongoing" }
after = { title = "After", after = "guard", duration = "3d" }
help = { title = "Help", due = "ongoing", done = 2026-01-07 }
move = { title = "Move", due = 2026-01-30, duration = "10d" }
"""
AS_OF = ("--as-of", "2026-01-12")
UNTOLD = ("early_finish", "late_start", "late_finish", "total_float", "free_float")


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """Run in a folder with the plan."""
    (tmp_path / "plan.toml").write_text(PLAN, "utf-8")
    with in_process(capsys, monkeypatch, tmp_path) as made:
        yield made


def document(cli: Cli, *arguments: str) -> dict[str, Any]:
    """Give an answer in JSON, which the schema allows."""
    return documented(cli(*arguments, *AS_OF, "--format", "json").out)


def test_a_status_has_no_finish_for_it(cli: Cli) -> None:
    """`help` was done on a day; only `watch` has no end that anybody knows of."""
    items = document(cli, "status")["items"]
    assert {each["id"]: each["forecast_finish"] for each in items} == {
        "watch": None,
        "train": "2026-01-14",
        "guard": "2026-01-12",
        "after": "2026-01-15",
        "help": "2026-01-07",
        "move": "2026-01-16",
    }
    assert next(row["forecast_finish"] for row in rows(cli, "status")) == ""


def rows(cli: Cli, command: str) -> list[dict[str, str]]:
    """Give an answer in CSV, row by row."""
    return list(csv.DictReader(cli(command, *AS_OF, "--format", "csv").out.removeprefix("\ufeff").splitlines()))


def test_a_schedule_tells_its_start_only(cli: Cli) -> None:
    """As planned `help` goes on too; the forecast knows better."""
    tasks = {each["id"]: each for each in document(cli, "schedule")["tasks"]}
    assert [name for name, each in tasks.items() if each["ongoing"]] == ["watch", "help"]
    for name, each in tasks.items():
        assert (each["duration"] is None) is each["ongoing"]
        assert {each["planned"][key] is None for key in UNTOLD} == {each["ongoing"]}
        assert {each["forecast"][key] is None for key in UNTOLD} == {
            "watch": {True},
            "help": {False, True},  # floats of what is done are null, days are not
        }.get(name, {False})
    assert tasks["watch"]["planned"]["early_start"] == tasks["watch"]["forecast"]["early_start"] == "2026-01-05"
    assert tasks["help"]["forecast"]["early_finish"] == "2026-01-07"


def test_a_sheet_leaves_the_cells_empty(cli: Cli) -> None:
    """As JSON has null."""
    told = {each["id"]: each for each in rows(cli, "schedule")}
    assert [name for name, each in told.items() if each["ongoing"] == "true"] == ["watch", "help"]
    assert {told["watch"][key] for key in ("duration", *UNTOLD, "forecast_finish")} == {""}
    assert told["help"]["forecast_finish"] == "2026-01-07"
    assert all(told["train"][key] for key in ("duration", *UNTOLD, "forecast_finish"))


def test_a_table_tells_when_it_was_done(cli: Cli) -> None:
    """The forecast of what is done is its day."""
    lines = cli("schedule", *AS_OF, "--format", "plain").out.splitlines()
    (helped,) = (line.split() for line in lines if line.startswith("   help"))
    assert helped[helped.index("ongoing") :] == ["ongoing", "5", "Jan", "2026", *"–––", "7", "Jan", "2026", *"–––"]


@pytest.mark.parametrize(("task", "ongoing", "duration"), [("watch", True, None), ("train", False, "8d")])
def test_show_says_the_same(cli: Cli, task: str, ongoing: bool, duration: str | None) -> None:  # noqa: FBT001
    """Its duration is null as well."""
    shown = document(cli, "show", task)
    assert (shown["ongoing"], shown["duration"]) == (ongoing, duration)
    assert (shown["planned"]["early_finish"] is None) is ongoing
    assert (shown["forecast"]["early_finish"] is None) is ongoing


def test_it_moves_by_nothing(cli: Cli) -> None:
    """It has no finish that could; giving it a length moves no other task either."""
    said = cli("whatif", "watch", "--add-days", "1", *AS_OF, "--lang", "en")
    assert said.code == 0
    assert "nothing moves" in said.out
    assert document(cli, "whatif", "watch", "--duration", "3d")["moved"] == []
    assert [each["id"] for each in document(cli, "whatif", "move", "--add-days", "5")["moved"]] == ["move"]


def test_a_decision_on_a_day_gives_it_one(cli: Cli) -> None:
    """Once a decision names a last day, its forecast is told, and measured by that day."""
    decided = cli("extend", "watch", "--due", "2026-01-09", *AS_OF)
    assert decided.code == 0
    watch = document(cli, "status")["items"][0]
    assert (watch["forecast_finish"], watch["timeliness"], watch["days"]) == ("2026-01-12", "overdue", 3)


def test_its_agency_must_not_cease_without_a_successor(cli: Cli) -> None:
    """Work without end is open whenever its agency ceases."""
    found = document(cli, "check", "--select", "CDS314")["findings"]
    assert [(each["agency"], each["message"]) for each in found] == [
        ("one", "“one” ceases on 1 Jun 2026, names no successor and has 1 open task: watch")
    ]
