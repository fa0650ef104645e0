"""Where answers go, in which colours and encodings, and how the program ends: its exit codes, and what it loads."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from datetime import date
from importlib import import_module
from pathlib import Path
from runpy import run_module
from typing import TYPE_CHECKING, NoReturn

import click
import pytest
from invoke import NGHEAN, QUIET, ROOT, Cli
from school import PLAN, at_school, standard_input, started

from cdsplan import __version__
from cdsplan.__main__ import Postponed
from cdsplan.cli.clock import Day
from cdsplan.cli.main import run

if TYPE_CHECKING:
    from collections.abc import Iterator


ESCAPE = "\x1b"


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """Run where the plan of the school is."""
    yield from at_school(capsys, monkeypatch, tmp_path)


# ------------------------------------------------------------------------------------------------ Output and colour


def test_an_answer_goes_into_a_file_whole(cli: Cli, tmp_path: Path) -> None:
    """-o writes what would have been shown, and nothing to standard output; the file is replaced."""
    shown = cli("status", "--as-of", "2026-01-12").out
    target = tmp_path / "answer.txt"
    target.write_text("old", "utf-8")

    ran = cli("status", "--as-of", "2026-01-12", "-o", "answer.txt")

    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert target.read_text("utf-8") == shown
    assert cli("status", "--as-of", "2026-01-12", "--format", "json", "--output", "answer.txt").code == 0
    assert target.read_text("utf-8").endswith("}\n")


@pytest.mark.parametrize("command", [("status", "-o"), ("schema", "-o"), ("init",)])
def test_an_answer_that_cannot_be_written_is_exit_2(cli: Cli, tmp_path: Path, command: tuple[str, ...]) -> None:
    """A place that cannot be written to is told; nothing is left behind."""
    (tmp_path / "file").write_text("", "utf-8")

    ran = cli(*command, "file/answer.toml")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error CDS101: file/answer.toml: cannot be written (")
    assert {path.name for path in tmp_path.iterdir()} == {"plan.toml", "file"}


@pytest.mark.parametrize("form", ["table", "json"])
def test_an_answer_never_overwrites_the_plan(cli: Cli, tmp_path: Path, form: str) -> None:
    """-o where -p was meant leaves the plan as it is."""
    ran = cli("status", "--as-of", "2026-01-12", "--format", form, "-o", "../" + tmp_path.name + "/plan.toml")

    assert ran.code == 2
    assert "is there already: name another file" in ran.err
    assert (tmp_path / "plan.toml").read_text("utf-8") == PLAN


def test_an_answer_on_standard_input_goes_into_any_file(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """What came through a pipe is no file that could be overwritten."""
    monkeypatch.setattr(sys, "stdin", standard_input(PLAN.replace('"school"', '"x"').encode()))
    Path("answer.txt").write_text("", "utf-8")

    assert cli("status", "-p", "-", "-o", "answer.txt", "--as-of", "2026-01-12").code == 0


@pytest.mark.parametrize(
    ("color", "terminal", "environment", "colored"),
    [
        ("auto", False, {}, False),
        ("auto", False, {"FORCE_COLOR": "1"}, False),
        ("auto", True, {}, True),
        ("auto", True, {"NO_COLOR": "1"}, False),
        ("auto", True, {"NO_COLOR": ""}, True),
        ("auto", True, {"TERM": "dumb"}, False),
        ("always", False, {}, True),
        ("always", False, {"NO_COLOR": "1"}, True),
        ("never", True, {}, False),
        ("never", True, {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_is_for_terminals_unless_somebody_says_otherwise(
    cli: Cli,
    monkeypatch: pytest.MonkeyPatch,
    color: str,
    terminal: bool,  # noqa: FBT001
    environment: dict[str, str],
    colored: bool,  # noqa: FBT001
) -> None:
    """By itself it colours on a terminal, obeys NO_COLOR and dumb terminals; always and never mean what they say."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)

    ran = cli("status", "--as-of", "2026-01-12", "--color", color)

    assert (ESCAPE in ran.out) == colored


def test_colour_never_says_anything_alone(cli: Cli) -> None:
    """Without its escapes the coloured answer is the plain one."""
    for command in (("status", "--all"), ("schedule",), ("critical",), ("show", "clean"), ("calendar", "2026")):
        colored = cli(*command, "--as-of", "2026-01-12", "--color", "always").out
        lines = [line.rstrip() for line in click.unstyle(colored).splitlines()]
        assert lines == cli(*command, "--as-of", "2026-01-12", "--color", "never").out.splitlines()


def test_a_file_is_coloured_only_on_request(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes into a file is not for the terminal that it was asked from."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    for color, colored in (("auto", False), ("always", True)):
        assert cli("status", "--as-of", "2026-01-12", "-o", "x.txt", "--color", color).code == 0
        assert (ESCAPE in (tmp_path / "x.txt").read_text("utf-8")) == colored


@pytest.mark.parametrize("columns", ["", "0", "-5", "wide", "²"])
def test_nonsense_widths_are_ignored(cli: Cli, monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    """COLUMNS that is no width means 100."""
    expected = cli("schedule").out
    monkeypatch.setenv("COLUMNS", columns)

    assert cli("schedule").out == expected


def test_a_terminal_gives_the_width(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal its own width counts."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr("cdsplan.cli.frame.click_width", lambda: 60)

    assert max(map(len, cli("status", "--as-of", "2026-01-12", "--color", "never").out.splitlines())) <= 60


# -------------------------------------------------------------------------------------------------- Failures and ends


def test_a_broken_plan_is_exit_2_with_every_problem_placed(cli: Cli) -> None:
    """Each problem stands with its frame on standard error."""
    Path("plan.toml").write_text(
        PLAN.replace('owner = "town"', 'owner = "twon"').replace("2026-01-20", "soon"), "utf-8"
    )

    ran = cli("status")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith("\n1 error\n")


def broken(*_: object) -> NoReturn:
    """Fail as only a defect does."""
    raise RuntimeError("first line\nsecond line")


def test_a_defect_is_exit_3_and_one_line(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody foresaw says where to report it, without a traceback; --debug shows that too."""
    monkeypatch.setattr("cdsplan.schedule.schedule", broken)

    ran, debugged = cli("status"), cli("status", "--debug")

    assert (ran.code, ran.out) == (3, "")
    assert ran.err == (
        f"cdsplan {__version__} has a defect: RuntimeError: first line. "
        "Please report it with the command and, if you may, the plan; --debug shows more.\n"
    )
    assert debugged.code == 3
    assert "Traceback (most recent call last):" in debugged.err
    assert debugged.err.endswith(ran.err)


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, click.exceptions.Abort])
def test_an_interruption_is_exit_130(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, interruption: type[BaseException]
) -> None:
    """Ctrl-C ends quietly."""

    def interrupt(*_: object) -> NoReturn:
        raise interruption

    monkeypatch.setattr("cdsplan.schedule.schedule", interrupt)

    ran = cli("status")

    assert (ran.code, ran.out, ran.err.strip()) == (130, "", "")


def test_a_failing_check_stays_failing_when_nobody_reads_on(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader who goes away (| head) is no reason to pass, and none to fail."""
    dropped: list[object] = []

    def gone(*_: object, **__: object) -> NoReturn:
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(click, "echo", gone)
    monkeypatch.setattr("cdsplan.cli.output.drop_output", lambda: dropped.append(1))

    assert cli("check", "--as-of", "2026-01-12").code == 1
    assert cli("check", "--as-of", "2026-01-05").code == 0
    assert len(dropped) == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has it")
@pytest.mark.parametrize(
    "command", ["status", "status --format json", "check", "schema", "--help", "status --help", "--version"]
)
def test_an_answer_that_does_not_fit_on_the_disk_is_exit_2(tmp_path: Path, command: str) -> None:
    """It is no defect of the program, and no finding of a check."""
    (tmp_path / "plan.toml").write_text(PLAN, "utf-8")
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "cdsplan", *command.split()],
            cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, check=False,
            env=os.environ | {"PYTHONPATH": str(ROOT), "CDSPLAN_LANG": "vi"},
        )  # fmt: skip

    assert ran.returncode == 2
    assert ran.stderr.decode() == "lỗi CDS101: không ghi được kết quả ra đầu ra chuẩn (đĩa đã đầy)\n1 lỗi\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has it")
@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("check --select CDS999", "there is no rule"),
        ("check bad.toml", "bad.toml:1:2: error CDS104"),
        ("status -p nofile", "error CDS101: nofile: there is no such file"),
        ("status --as-of x", "Invalid value for '--as-of'"),
    ],
)
def test_problems_that_do_not_fit_on_the_disk_are_exit_2(tmp_path: Path, command: str, words: str) -> None:
    """Exit 1 would mean findings; standard error has the problems, and says what could not be written."""
    (tmp_path / "plan.toml").write_text(PLAN, "utf-8")
    (tmp_path / "bad.toml").write_text("[plann]\n", "utf-8")
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "cdsplan", *command.split(), "--format", "json"],
            cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, check=False, env=os.environ | {"PYTHONPATH": str(ROOT)},
        )  # fmt: skip

    told = ran.stderr.decode()
    assert ran.returncode == 2
    assert words in told
    assert "error CDS101: standard output cannot be written (No space left on device)" in told
    assert "Traceback" not in told


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has it")
@pytest.mark.parametrize(
    ("command", "code", "talk"),
    [
        ("critical", 0, "Not shown for want of room"),
        ("check --as-of 2026-01-05 --format csv", 0, "As of 5 Jan 2026"),
        ("status -p nowhere.toml", 2, "there is no such file"),
        ("status --nope", 2, "No such option"),
        ("status --format json --nope", 2, "No such option"),
        ("", 2, "Usage:"),
    ],
)
def test_talk_that_nobody_hears_changes_no_exit_code(tmp_path: Path, command: str, code: int, talk: str) -> None:
    """With standard error full the answer and the exit code are those that it has with somebody listening."""
    (tmp_path / "plan.toml").write_text(PLAN, "utf-8")
    heard = started(*command.split(), folder=tmp_path, COLUMNS="100")
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "cdsplan", *command.split()],
            cwd=tmp_path, stdout=subprocess.PIPE, stderr=full, check=False,
            env=os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "100"},
        )  # fmt: skip

    assert talk in heard.stderr.decode()
    assert (ran.returncode, ran.stdout) == (heard.returncode, heard.stdout)
    assert ran.returncode == code


@pytest.mark.skipif(os.name == "nt", reason="a shell of its own")
@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("--help", 0),
        ("--version", 0),
        ("status --as-of 2026-01-12", 0),
        ("status --as-of 2026-01-12 -o x.txt", 0),
        ("check --as-of 2026-01-12", 1),
        ("check --as-of 2026-01-12 -o x.txt", 1),
        ("status -p nowhere.toml", 2),
    ],
)
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_closed_standard_output_takes_no_answer(tmp_path: Path, command: str, code: int, closed: str) -> None:
    """An answer that is lost is exit 2, whatever it was; standard error is only talk, and -o writes elsewhere."""
    (tmp_path / "plan.toml").write_text(PLAN, "utf-8")
    ran = subprocess.run(
        ["/bin/sh", "-c", f"'{sys.executable}' -m cdsplan {command} {closed}"],
        cwd=tmp_path, capture_output=True, check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT), "CDSPLAN_LANG": "vi"},
    )  # fmt: skip

    lost = ">&-" in closed.split() and "-o" not in command.split()
    assert ran.returncode == (2 if lost else code)
    assert b"Traceback" not in ran.stderr
    if lost and code != 2 and closed == ">&-":
        assert ran.stderr.decode().startswith("lỗi CDS101: không ghi được kết quả ra đầu ra chuẩn (đã bị đóng)")


@pytest.mark.skipif(os.name == "nt", reason="pipes end otherwise on Windows")
@pytest.mark.parametrize(
    ("command", "code"),
    [("--help", 0), ("status --as-of 2026-01-12", 0), ("check --as-of 2026-01-12", 1), ("schema", 0)],
)
def test_a_closed_pipe_is_silent(tmp_path: Path, command: str, code: int) -> None:
    """With its reader gone the program ends with its own exit code and no word."""
    (tmp_path / "plan.toml").write_text(PLAN, "utf-8")
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        ran = subprocess.run(
            [sys.executable, "-m", "cdsplan", *command.split()],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )

    assert (ran.returncode, ran.stderr) == (code, b"")


@pytest.mark.parametrize("encoding", ["cp1258", "ascii", "latin-1"])
def test_pipes_get_utf_8_whatever_the_locale(encoding: str) -> None:
    """Vietnamese comes through a pipe whole, where the environment names an encoding that cannot hold it."""
    ran = started("status", NGHEAN, "--as-of", "2021-10-05", "--lang", "vi", folder=ROOT, PYTHONIOENCODING=encoding)

    assert (ran.returncode, ran.stderr) == (0, b"")
    assert "Khảo sát hiện trạng CNTT" in ran.stdout.decode("utf-8")


def test_the_program_starts_as_a_module(tmp_path: Path) -> None:
    """`python -m cdsplan` has the exit codes of the table, and reads a plan through a pipe."""
    ran = started("check", "-p", "-", "--as-of", "2026-01-12", folder=tmp_path, given=PLAN.encode())

    assert (ran.returncode, ran.stderr) == (1, b"")
    assert b"CDS201" in ran.stdout
    assert started("status", "--as-of", "2026-01-12", "--format", "json", folder=tmp_path).returncode == 2


@pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals on Windows")
@pytest.mark.parametrize("encoding", ["latin-1", "utf-8"])
def test_a_terminal_shows_what_it_can(encoding: str) -> None:
    """On a terminal with a narrow encoding letters become question marks, never a defect; colour is on."""
    import pty  # noqa: PLC0415 - POSIX only

    ours, theirs = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if name not in QUIET}
    with os.fdopen(theirs, "wb") as terminal:
        process = subprocess.Popen(
            [sys.executable, "-m", "cdsplan", "status", NGHEAN, "--as-of", "2021-10-05", "--lang", "vi"],
            cwd=ROOT,
            env=environment | {"PYTHONIOENCODING": encoding, "TERM": "xterm"},
            stdout=terminal,
        )
    shown = b""
    try:
        while part := os.read(ours, 65536):
            shown += part
    except OSError:  # Linux says so when the last writer has gone
        pass
    os.close(ours)

    assert process.wait(60) == 0
    assert b"\x1b[" in shown
    assert ("Khảo sát".encode() in shown) == (encoding == "utf-8")
    assert (b"Kh?o s\xe1t" in shown) == (encoding == "latin-1")


def test_the_module_leaves_with_the_exit_code(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `python -m cdsplan` runs ends the process with the code of the run."""
    del cli
    monkeypatch.setattr(sys, "argv", ["cdsplan", "check", "--as-of", "2026-01-12"])
    monkeypatch.setattr("gc.disable", lambda: None)
    monkeypatch.setattr("os._exit", sys.exit)
    monkeypatch.delitem(sys.modules, "cdsplan.__main__", raising=False)
    with pytest.raises(SystemExit) as left:
        run_module("cdsplan", run_name="__main__")

    assert left.value.code == 1


def test_a_postponed_module_is_loaded_when_something_is_asked_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Importing it gives the stand-in and loads nothing; the first thing asked for loads it for good."""
    stand_in = Postponed("colorsys")
    monkeypatch.setitem(sys.modules, "colorsys", stand_in)
    assert import_module("colorsys") is stand_in
    assert "hsv_to_rgb" not in vars(stand_in)
    assert stand_in.hsv_to_rgb(0.0, 0.0, 0.5) == (0.5, 0.5, 0.5)
    assert vars(stand_in)["hsv_to_rgb"] is import_module("colorsys").hsv_to_rgb
    with pytest.raises(AttributeError):
        _ = Postponed("colorsys").no_such_thing


@pytest.mark.parametrize(
    ("form", "view", "unused"),
    [
        ("plain", "cdsplan.views.plain", {"json"}),
        ("json", "cdsplan.views.data.items", {"cdsplan.wording", "cdsplan.report"}),
    ],
)
def test_status_loads_nothing_that_it_does_not_use(tmp_path: Path, form: str, view: str, unused: set[str]) -> None:
    """Neither rich nor icalendar nor a journal’s modules, and not inspect (what that imports itself would show)."""
    (tmp_path / "plan.toml").write_text(PLAN, "utf-8")
    command = [sys.executable, "-X", "importtime", "-m", "cdsplan", "status", "--format", form]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    loaded = {line.rpartition("|")[2].strip() for line in ran.stderr.splitlines()}
    assert view in loaded
    assert loaded & ({"rich", "icalendar", "dateutil", "ast", "tokenize", "cdsplan.journal"} | unused) == set()


def test_importing_the_module_runs_nothing(cli: Cli, capsys: pytest.CaptureFixture[str]) -> None:
    """Only its start as a program runs the program; installed scripts call its `main`."""
    del cli

    module = import_module("cdsplan.__main__")

    assert callable(module.main)
    assert capsys.readouterr() == ("", "")


def test_help_whose_reader_has_gone_is_no_failure(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Click leaves with 1 then, which would mean findings."""
    dropped: list[tuple[int, int]] = []

    def gone(*_: object, **__: object) -> NoReturn:
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(os, "dup2", lambda new, old: dropped.append((new, old)))
    with monkeypatch.context() as closed:
        closed.setattr(sys.stdout, "write", gone)
        closed.setattr(sys.stdout, "fileno", lambda: 1)
        code = run(["--help"])

    assert code == 0
    assert [old for _, old in dropped] == [1]
    os.close(dropped[0][0])
    del cli


def test_a_day_that_is_one_already_stays(cli: Cli) -> None:
    """What click hands on twice is understood once."""
    del cli
    assert Day().convert(date(2026, 1, 12), None, None) == date(2026, 1, 12)


def test_a_stream_without_an_encoding_is_left_alone(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stands in for standard output need not be a text file."""

    class Collected:
        """A stream that can only be written to."""

        def __init__(self) -> None:
            self.text = ""

        def write(self, text: str) -> int:
            self.text += text
            return len(text)

        def flush(self) -> None:
            pass

        def isatty(self) -> bool:
            return False

    del cli
    collected = Collected()
    monkeypatch.setattr(sys, "stdout", collected)

    assert run(["status", "--as-of", "2026-01-12"]) == 0
    assert collected.text.startswith("Open the school")


def test_written_files_can_be_read_by_those_who_should(cli: Cli, tmp_path: Path) -> None:
    """A new answer gets the permissions that the umask gives."""
    mask = os.umask(0o022)
    try:
        cli("status", "--as-of", "2026-01-12", "-o", "x.txt")
    finally:
        os.umask(mask)

    assert os.name == "nt" or stat.S_IMODE((tmp_path / "x.txt").stat().st_mode) == 0o644
