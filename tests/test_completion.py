"""Shell completion: commands, options, choices, and the ids of the plan at hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from invoke import Cli, Ran, in_process

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAN = """\
[plan]
id = "{id}"
title = "The plan"
start = 2026-01-05
timezone = "UTC"
[agencies]
so-yt = {{ name = "Sở Y tế", short = "Sở YT" }}
so-tc = {{ name = "Sở Tài chính" }}
ubnd = {{ name = "UBND tỉnh" }}
[groups]
so-nganh = ["so-yt", "so-tc"]
[tasks.{id}-survey]
title = "Survey the present state"
short = "Survey"
[tasks.{id}-report]
title = "Report"
"""


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """Run where `plan.toml` is plan a and `other.toml` plan b."""
    (tmp_path / "plan.toml").write_text(PLAN.format(id="a"), "utf-8")
    (tmp_path / "other.toml").write_text(PLAN.format(id="b"), "utf-8")
    with in_process(capsys, monkeypatch, tmp_path) as made:
        yield made


def complete(cli: Cli, monkeypatch: pytest.MonkeyPatch, line: str) -> list[tuple[str, str]]:
    """Ask as bash does for what may follow a line; the last word is the one being typed."""
    words = line.split(" ")
    with monkeypatch.context() as shell:
        shell.setenv("_CDSPLAN_COMPLETE", "zsh_complete")
        shell.setenv("COMP_WORDS", line)
        shell.setenv("COMP_CWORD", str(len(words) - 1))
        ran = cli()
    assert (ran.code, ran.err) == (0, "")
    told = ran.out.strip().splitlines()
    return [(value, help_) for _, value, help_ in zip(*[iter(told)] * 3, strict=True)]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("cdsplan sch", ["schedule", "schema"]),
        ("cdsplan status --ag", ["--agency"]),
        ("cdsplan status --format ", ["table", "plain", "json", "csv"]),
        ("cdsplan check --fail-on a", ["at-risk", "ALL"]),
        ("cdsplan check --select CDS201,cds314", ["CDS201,CDS314"]),
        ("cdsplan rule cds31", ["CDS310", "CDS311", "CDS312", "CDS313", "CDS314"]),
        ("cdsplan show ", ["a-survey", "a-report"]),
        ("cdsplan show a-s", ["a-survey"]),
        ("cdsplan show z", []),
        ("cdsplan critical --to a-r", ["a-report"]),
        ("cdsplan show -p other.toml b", ["b-survey", "b-report"]),
        ("cdsplan status --agency so", ["so-yt", "so-tc"]),
        ("cdsplan status --agency @", ["@so-nganh"]),
        ("cdsplan check other.toml --agency u", ["ubnd"]),
        ("cdsplan show -p missing.toml ", []),
    ],
)
def test_what_may_follow_is_offered(cli: Cli, monkeypatch: pytest.MonkeyPatch, line: str, offered: list[str]) -> None:
    """Commands, options, choices, and the ids of the plan that the line names, else of the one here."""
    assert [value for value, _ in complete(cli, monkeypatch, line)] == offered


def test_offers_say_what_they_stand_for(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Short titles and names stand beside the ids, where the shell can show them."""
    assert complete(cli, monkeypatch, "cdsplan show a-s") == [("a-survey", "Survey")]
    assert complete(cli, monkeypatch, "cdsplan show a-r") == [("a-report", "Report")]
    assert complete(cli, monkeypatch, "cdsplan status --agency so-y") == [("so-yt", "Sở YT")]


def test_a_wrong_line_is_not_commented_on(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """While somebody types, a command that does not exist is no error yet."""
    assert complete(cli, monkeypatch, "cdsplan nope x") == []


def test_without_a_plan_nothing_is_offered_and_nothing_said(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without a plan, or with a broken one, is no reason to disturb the line that is being typed."""
    Path("plan.toml").write_text("[plan", "utf-8")
    assert complete(cli, monkeypatch, "cdsplan show ") == []
    Path("plan.toml").unlink()
    assert complete(cli, monkeypatch, "cdsplan show ") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_get_their_script(cli: Cli, monkeypatch: pytest.MonkeyPatch, shell: str) -> None:
    """`_CDSPLAN_COMPLETE=SHELL_source cdsplan` prints what the shell is to load."""
    monkeypatch.setenv("_CDSPLAN_COMPLETE", f"{shell}_source")
    monkeypatch.setattr("click.shell_completion.BashComplete._check_version", lambda *_: None)

    ran = cli()

    assert ran.code == 0
    assert "_CDSPLAN_COMPLETE" in ran.out


def test_an_unknown_shell_fails(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shell that click does not know is no success."""
    monkeypatch.setenv("_CDSPLAN_COMPLETE", "csh_source")

    assert cli() == Ran(1, "", "")


def test_occurrences_are_offered_once_their_task_is_named(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the @ only the id; then the next one, and the last ones before it, newest first."""
    with (tmp_path / "plan.toml").open("a", encoding="utf-8") as file:
        file.write('[tasks.weekly]\ntitle = "Weekly"\nrepeat = "every Monday"\n')
    monkeypatch.setattr("cdsplan.cli.clock.today", lambda _plans: date(2026, 1, 20))

    def offered(word: str) -> list[str]:
        return [value for value, _ in complete(cli, monkeypatch, f"cdsplan show {word}")]

    assert offered("wee") == ["weekly"]
    days = ("2026-01-26", "2026-01-19", "2026-01-12", "2026-01-05")
    assert offered("weekly@") == [f"weekly@{day}" for day in days]
    assert offered("weekly@2026-01-1") == ["weekly@2026-01-19", "weekly@2026-01-12"]


def test_occurrences_are_offered_as_of_the_day_of_the_line(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--as-of goes before CDSPLAN_AS_OF, and that before the clock; a day that is none counts for nothing."""
    with (tmp_path / "plan.toml").open("a", encoding="utf-8") as file:
        file.write('[tasks.weekly]\ntitle = "Weekly"\nrepeat = "every Monday"\n')
    monkeypatch.setattr("cdsplan.cli.clock.today", lambda _plans: date(2026, 1, 20))

    def newest(options: str = "") -> str:
        return complete(cli, monkeypatch, f"cdsplan show {options}weekly@")[0][0]

    assert newest("--as-of 10/02/2026 ") == "weekly@2026-02-16"
    assert newest("--as-of never ") == "weekly@2026-01-26"
    monkeypatch.setenv("CDSPLAN_AS_OF", "2026-03-03")
    assert newest() == "weekly@2026-03-09"
    assert newest("--as-of 10/02/2026 ") == "weekly@2026-02-16"
