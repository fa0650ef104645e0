"""What `show` tells of the deliveries of a fan-out: who, when, with which document; who is missing, who is excused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from invoke import NGHEAN, ROOT, Cli, in_process

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Golden

SMALL = """\
[plan]
id = "small"
title = "Small"
start = 2026-01-05
timezone = "UTC"
[agencies]
one = { name = "One" }
two = { name = "Two" }
[tasks.survey]
title = "Survey"
each = ["one", "two"]
due = 2026-01-09
"""


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """Run at 80 columns, in a folder with the real plan and the sheet of its survey."""
    for name in (NGHEAN, "docs/examples/khao-sat.csv"):
        (tmp_path / name.rpartition("/")[2]).write_bytes((ROOT / name).read_bytes())
    (tmp_path / "small.toml").write_text(SMALL, "utf-8")
    with in_process(capsys, monkeypatch, tmp_path, columns=80) as made:
        yield made


def told(cli: Cli, *arguments: str) -> str:
    """Report or show something of the small plan on 12 January."""
    command, *rest = arguments
    ran = cli(command, "survey", *rest, "-p", "small.toml", "--as-of", "2026-01-12")
    assert ran.code == 0, ran.err
    return ran.out


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_newest_of_many_deliveries_are_listed(cli: Cli, golden: Golden, language: str) -> None:
    """Of 39 of 41 eleven lines and the number of the others; one late, one excused, one missing; all of it in JSON."""
    here = ("-p", "nghean.toml", "--as-of", "15/10/2021", "--lang", language)
    assert cli("record", "khao-sat", "khao-sat.csv", *here).code == 0
    excused = ("--agency", "ky-son", "--document", "457/UBND-TT")
    assert cli("cancel", "khao-sat", *excused, *here).code == 0

    shown = cli("show", "khao-sat", *here).out

    assert max(map(len, shown.splitlines())) <= 80
    golden(shown, f"show-deliveries.{language}.txt")
    members = json.loads(cli("show", "khao-sat", *here, "--format", "json").out)["item"]["members"]
    assert len(members) == 41
    assert sum(each["done_on"] is not None and each["document"] is not None for each in members) == 39
    assert [each["agency"] for each in members if each["phase"] == "cancelled"] == ["ky-son"]


def test_each_delivery_says_what_is_known_of_it(cli: Cli) -> None:
    """The newest first; a day late; a document where there is one."""
    told(cli, "done", "--agency", "two", "--on", "2026-01-08", "--document", "7/BC")
    told(cli, "done", "--agency", "one", "--on", "2026-01-10")

    lines = [line.strip() for line in told(cli, "show", "--format", "plain").splitlines()]

    (at,) = (at for at, line in enumerate(lines) if line.startswith("Delivered "))
    assert lines[at].removeprefix("Delivered").strip() == "One: 10 Jan 2026; done 1 day late"
    assert lines[at + 1] == "Two: 8 Jan 2026; 7/BC"


def test_nothing_delivered_is_not_listed(cli: Cli) -> None:
    """Neither before anything came, nor where the plan file says of all at once that they are done."""
    assert "Delivered" not in told(cli, "show")
    told(cli, "note", "They are slow")
    assert "Delivered" not in told(cli, "show")


def test_a_deadline_moved_for_some_is_quoted_once(cli: Cli) -> None:
    """The words in force for the task are those of the plan until everybody has more time."""
    told(cli, "extend", "--agency", "two", "--due", "2026-01-16", "--on", "2026-01-09")
    assert "in the plan" not in told(cli, "show")
    told(cli, "extend", "--agency", "one", "--due", "2026-01-15", "--on", "2026-01-09")
    assert "in the plan: “2026-01-09”" in told(cli, "show")
