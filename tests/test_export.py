"""`cdsplan export DIR` as people run it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from parsers import PARSERS

from cdsplan.cli.main import run
from cdsplan.cli.words import speak

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent

PLAN = """
[plan]
id = "p"
title = "Kế hoạch"
title-en = "The plan"
start = 2021-08-23
timezone = "Asia/Ho_Chi_Minh"
language = "vi"
[agencies]
lead = { name = "Sở" }
two = { name = "Ban" }
[tasks.a]
title = "Việc A"
title-en = "Task A"
owner = "lead"
recipient = "two"
due = 2021-09-30
"""


@pytest.fixture(autouse=True)
def english_again(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let nothing outside choose the language, and leave the program speaking English."""
    monkeypatch.delenv("CDSPLAN_LANG", raising=False)
    yield
    speak("en")


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """Give a plan file."""
    path = tmp_path / "plan.toml"
    path.write_text(PLAN, "utf-8")
    return path


def export(plan: Path, folder: Path, *more: str) -> int:
    """Run the command as of 5/10/2021."""
    return run(["export", str(folder), "-p", str(plan), "--as-of", "2021-10-05", *more])


def contents(folder: Path) -> dict[str, bytes]:
    """Read every file of a folder."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_export_writes_a_feed_per_agency_and_one_of_all(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says what it wrote; the same again writes nothing; another day changes what it must."""
    folder = tmp_path / "feeds"

    assert export(plan, folder, "--lang", "en") == 0
    first = contents(folder)
    assert list(first) == ["all.ics", "lead.ics", "two.ics"]
    for parse in PARSERS:
        # Overdue since 1/10; on Tuesday 5/10 the banner stands on 4/10 to 8/10.
        events = sorted((uid, title, str(begin), str(end)) for uid, title, begin, end in parse(first["lead.ics"]))
        assert events == [
            ("_overdue.lead@p", "OVERDUE, 1 task: Task A", "2021-10-04", "2021-10-08"),
            ("a@p", "OVERDUE – Task A [a]", "2021-09-30", "2021-09-30"),
        ]

    assert export(plan, folder, "--lang", "en") == 0
    assert contents(folder) == first
    assert export(plan, folder, "--lang", "en", "--as-of", "2021-09-30") == 0
    said = [line.removeprefix(str(folder)) for line in capsys.readouterr().out.splitlines()]
    assert said == [
        ": 3 feeds with 6 events, as of 5 Oct 2021; files written: 3, unchanged: 0",
        ": 3 feeds with 6 events, as of 5 Oct 2021; files written: 0, unchanged: 3",
        ": 3 feeds with 3 events, as of 30 Sep 2021; files written: 3, unchanged: 0",
    ]


def test_subscribers_get_the_plans_language_whatever_the_environment_says(
    plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CDSPLAN_LANG is for the reader of the terminal; --lang is for the feeds."""
    monkeypatch.setenv("CDSPLAN_LANG", "en")

    export(plan, tmp_path / "vi")
    export(plan, tmp_path / "en", "--lang", "en")

    assert "Việc A" in contents(tmp_path / "vi")["lead.ics"].decode()
    assert "Việc A" not in contents(tmp_path / "en")["lead.ics"].decode()


def test_export_of_the_same_plan_elsewhere_is_the_same_to_the_byte(plan: Path, tmp_path: Path) -> None:
    """Another folder, another file name, another run."""
    copy = tmp_path / "copy.toml"
    copy.write_bytes(plan.read_bytes())

    export(plan, tmp_path / "one")
    export(copy, tmp_path / "two")

    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_a_wrong_plan_writes_nothing(plan: Path, tmp_path: Path) -> None:
    """Exit 2; not even the folder is made."""
    plan.write_text(PLAN.replace('owner = "lead"', 'owner = "leed"'), "utf-8")

    assert export(plan, tmp_path / "feeds") == 2
    assert not (tmp_path / "feeds").exists()


def test_a_file_where_the_folder_should_be_is_a_usage_error(plan: Path, tmp_path: Path) -> None:
    """It stays as it is."""
    (tmp_path / "feeds").write_text("mine", "utf-8")

    assert export(plan, tmp_path / "feeds") == 2
    assert (tmp_path / "feeds").read_text("utf-8") == "mine"


@pytest.mark.skipif(os.name != "posix", reason="symbolic links need rights on Windows")
def test_a_symbolic_link_in_place_of_a_feed_is_refused_by_name(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing outside the folder is written; the error names the file."""
    folder = tmp_path / "feeds"
    folder.mkdir()
    (tmp_path / "outside").write_text("mine", "utf-8")
    (folder / "lead.ics").symlink_to(tmp_path / "outside")

    assert export(plan, folder, "--lang", "en") == 2

    assert (tmp_path / "outside").read_text("utf-8") == "mine"
    told = capsys.readouterr().err
    assert f"{folder / 'lead.ics'}: cannot be written (it is a symbolic link, which is not followed)" in told


def test_a_folder_that_cannot_be_made_is_named(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its parent is a file."""
    assert export(plan, plan / "feeds", "--lang", "en") == 2

    assert f"{plan / 'feeds'}: cannot be written" in capsys.readouterr().err


def test_the_real_plan_has_a_feed_for_everyone_who_has_to_do_with_it(tmp_path: Path) -> None:
    """All 20 departments and 21 districts, the six bodies that decide or are consulted, and the one of all."""
    export(ROOT / "plans" / "nghean.toml", tmp_path / "feeds")

    feeds = contents(tmp_path / "feeds")
    assert len(feeds) == 20 + 21 + 6 + 1
    for body in ("bo-tttt", "ubnd-tinh", "bcs-ubnd", "tt-tinh-uy", "btv-tinh-uy", "bch-db-tinh"):
        assert f"{body}.ics" in feeds
    (member,) = (item for item in PARSERS[0](feeds["so-yt.ics"]) if not item[0].startswith("_"))
    assert member[0] == "khao-sat.so-yt@nghean-nq-cds"
