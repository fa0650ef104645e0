"""Where the command line looks for a plan, and in which language it answers."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
from school import PLAN, VIETNAMESE, at_school, standard_input

if TYPE_CHECKING:
    from collections.abc import Iterator

    from invoke import Cli


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """Run where the plan of the school is."""
    yield from at_school(capsys, monkeypatch, tmp_path)


# --------------------------------------------------------------------------------------- Where it looks for the plan


def test_the_plan_is_looked_for_upwards(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a sub-folder the nearest parent's plan is found, and shown by its path."""
    deep = tmp_path / "a" / "b"
    (deep / "plans").mkdir(parents=True)  # a folder of plans that holds none does not count
    monkeypatch.chdir(deep)

    assert cli("status", "--as-of", "2026-01-12").out.startswith("Open the school (school)")
    assert f"{tmp_path / 'plan.toml'}:13:7: error CDS201" in cli("check", "--as-of", "2026-01-12").out


def test_a_folder_of_plans_is_a_portfolio(cli: Cli, tmp_path: Path) -> None:
    """plans/*.toml in the order of names, journals aside; plan.toml comes before them."""
    folder = tmp_path / "plans"
    folder.mkdir()
    (folder / "b.toml").write_text(PLAN.replace('id = "school"', 'id = "b"'), "utf-8")
    (folder / "a.toml").write_text(PLAN.replace('id = "school"', 'id = "a"'), "utf-8")
    (folder / "a.journal.toml").write_text("", "utf-8")
    assert cli("status", "--as-of", "2026-01-12").out.startswith("Open the school (school)")
    (tmp_path / "plan.toml").unlink()

    assert cli("status", "--as-of", "2026-01-12").out.startswith("Open the school (a)\nOpen the school (b)\nAs of")


def test_no_plan_says_what_to_do(cli: Cli) -> None:
    """Exit 2, and how to name or begin one."""
    Path("plan.toml").unlink()

    ran = cli("status")

    assert (ran.code, ran.out) == (2, "")
    assert "there is no plan here: name one with -p FILE, or begin one with: cdsplan init plan.toml" in ran.err


def test_the_environment_may_name_plans(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CDSPLAN_PLAN goes before the folder, -p before both; several are separated as paths are."""
    for name in ("one", "two"):
        Path(f"{name}.toml").write_text(PLAN.replace('id = "school"', f'id = "{name}"'), "utf-8")
    monkeypatch.setenv("CDSPLAN_PLAN", os.pathsep.join([str(tmp_path / "one.toml"), "two.toml"]))
    monkeypatch.setenv("CDSPLAN_AS_OF", "2026-01-12")

    assert cli("status").out.startswith("Open the school (one)\nOpen the school (two)\nAs of 12 Jan 2026")
    assert cli("status", "-p", "plan.toml").out.startswith("Open the school (school)\nAs of")


def test_equal_plan_ids_are_refused(cli: Cli) -> None:
    """An id names one plan for good."""
    Path("copy.toml").write_text(PLAN, "utf-8")

    ran = cli("status", "plan.toml", "copy.toml")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("copy.toml:2:6: error CDS108: two plans have the id “school”: plan.toml has it too\n")


def test_the_problems_of_all_plans_are_told_together(cli: Cli) -> None:
    """Two broken plans and a missing one: all of it in one run."""
    Path("one.toml").write_text(PLAN + "x = 1\n", "utf-8")

    ran = cli("status", "one.toml", "missing.toml", "plan.toml")

    assert ran.code == 2
    assert "one.toml:21:1: error CDS104: unknown key “x”" in ran.err
    assert "missing.toml: there is no such file" in ran.err
    assert ran.err.endswith("2 errors\n")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(13, "no"), "x.toml: this file may not be read"),
        (OSError(5, "Input/output error"), "x.toml: this file cannot be read (Input/output error)"),
    ],
)
def test_files_that_cannot_be_read(cli: Cli, monkeypatch: pytest.MonkeyPatch, error: OSError, words: str) -> None:
    """Each reason has its words; exit 2."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise error

    monkeypatch.setattr("builtins.open", refuse)

    ran = cli("status", "x.toml")

    assert ran.code == 2
    assert words in ran.err


@pytest.mark.parametrize("arguments", [("-p", "plan.toml"), ("plan.toml",), ()])
def test_a_plan_that_may_not_be_read_is_told_the_same_however_it_is_named(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    """It is no wrong usage, and the file is named. The system's answers are given, as root may read every file."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise PermissionError(13, "Permission denied")

    assert cli("status").code == 0  # loads what the next run needs
    monkeypatch.setattr("builtins.open", refuse)
    monkeypatch.setattr("os.access", lambda *_: False)

    ran = cli("status", *arguments)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "error CDS101: plan.toml: this file may not be read\n1 error\n"


def test_a_folder_is_no_plan(cli: Cli, tmp_path: Path) -> None:
    """A folder named as a plan is told so."""
    (tmp_path / "folder").mkdir()

    assert "folder: this is a folder, not a file" in cli("status", "-p", "folder").err


def test_large_plans_need_leave(cli: Cli) -> None:
    """More than --max-size MiB is refused without being read; more may be allowed."""
    Path("large.toml").write_text(PLAN + "# " + "x" * 1_100_000 + "\n", "utf-8")

    refused = cli("status", "large.toml", "--max-size", "1", "--as-of", "2026-01-05")

    assert refused.code == 2
    assert "--max-size" in refused.err
    assert cli("status", "large.toml", "--max-size", "2", "--as-of", "2026-01-05").code == 0


def test_a_plan_comes_through_standard_input(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """`-p -` reads it, in its own language, and calls it "-"."""
    vietnamese = PLAN.replace('timezone = "UTC"', 'timezone = "UTC"\nlanguage = "vi"')
    monkeypatch.setattr(sys, "stdin", standard_input(vietnamese.encode()))

    ran = cli("check", "-p", "-", "--as-of", "2026-01-12")

    assert ran.code == 1
    assert ran.out.startswith("-:14:7: ")
    assert "12/01/2026" in ran.out


# -------------------------------------------------------------------------------------------------------- Language


@pytest.mark.parametrize(
    ("arguments", "environment", "spoken"),
    [
        (("plan.toml",), {}, "en"),
        (("vi.toml",), {}, "vi"),
        (("-p", "vi"), {}, "vi"),
        (("-pvi.toml",), {}, "vi"),
        (("--plan=vi.toml",), {}, "vi"),
        (("--plan", "vi.toml"), {}, "vi"),
        (("plan.toml", "-o", "vi.toml"), {}, "en"),
        (("vi.toml", "--lang", "en"), {}, "en"),
        (("vi.toml", "--lang=en"), {"CDSPLAN_LANG": "vi"}, "en"),
        (("plan.toml",), {"CDSPLAN_LANG": "vi"}, "vi"),
        (("vi.toml",), {"CDSPLAN_LANG": "en"}, "en"),
        (("vi.toml",), {"CDSPLAN_LANG": "fr"}, "vi"),
        (("vi.toml", "--lang"), {}, "vi"),
        (("missing.toml",), {}, "en"),
    ],
)
def test_the_language_is_the_reader_s_else_the_plan_s(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], environment: dict[str, str], spoken: str
) -> None:
    """--lang, else CDSPLAN_LANG, else the plan's own, else English; usage errors speak it too."""
    Path("vi.toml").write_text(VIETNAMESE, "utf-8")
    Path("vi").write_text(VIETNAMESE, "utf-8")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    ran = cli("status", *arguments, "--as-of", "nonsense")

    assert ran.code == 2
    assert ("is no day" in ran.err) == (spoken == "en")


def test_a_plan_in_a_language_that_is_not_spoken_is_told_so(cli: Cli) -> None:
    """In English, as any other mistake."""
    Path("french.toml").write_text(PLAN.replace('timezone = "UTC"', 'timezone = "UTC"\nlanguage = "fr"'), "utf-8")
    ran = cli("status", "-p", "french.toml")
    assert ran.code == 2
    assert "error CDS106: “fr” is not known here" in ran.err


@pytest.mark.skipif(os.name == "nt", reason="a pipe with a name")
def test_a_plan_is_read_from_a_pipe_whole(cli: Cli) -> None:
    """As from `-p <(make-plan)`: nothing of it is used up before it is read."""
    os.mkfifo("pipe.toml")
    writer = threading.Thread(target=lambda: Path("pipe.toml").write_text(PLAN, "utf-8"))
    writer.start()
    ran = cli("status", "-p", "pipe.toml")
    writer.join()
    assert (ran.code, ran.err) == (0, "")


def test_a_plan_that_does_not_parse_still_speaks_its_language(cli: Cli) -> None:
    """The language is found even where the file is broken."""
    Path("broken.toml").write_text('[plan]\nlanguage = "vi"\nid = \n', "utf-8")

    ran = cli("status", "broken.toml")

    assert ran.code == 2
    assert "error" not in ran.err
