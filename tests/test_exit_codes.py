"""The exit codes of design and README: 0 on track, 1 findings, 2 wrong input or usage, 3 a defect, 130 interrupted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from invoke import Cli, in_process

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEAD = """\
[plan]
id = "p"
title = "P"
start = 2026-01-05
timezone = "UTC"
[agencies]
one = { name = "One" }
[tasks.mile]
title = "Milestone"
owner = "one"
milestone = true
due = 2026-01-09
[tasks.task]
title = "Task"
owner = "one"
due = 2026-01-08
"""
BEFORE, AFTER = ("--as-of", "2026-01-07"), ("--as-of", "2026-01-12")


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """Run where `plan.toml` has a milestone due on 9 January, and `broken.toml` is no plan."""
    (tmp_path / "plan.toml").write_text(HEAD, "utf-8")
    (tmp_path / "broken.toml").write_text("[plan", "utf-8")
    with in_process(capsys, monkeypatch, tmp_path) as made:
        yield made


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        # 0: on track, or nothing that the command fails on
        (("check", *BEFORE), 0),
        (("check", "--as-of", "2026-01-09"), 0),  # a task is overdue, and only milestones fail
        (("check", *AFTER, "--exit-zero"), 0),
        (("check", *AFTER, "--grace", "3"), 0),
        (("check", *AFTER, "--ignore", "CDS201"), 0),
        (("check", *AFTER, "--select", "CDS1"), 0),
        (("check", *AFTER, "--fail-on", "CDS312"), 0),
        (("status", *AFTER), 0),  # what is overdue is an answer, not a failure
        (("rule", "CDS201"), 0),
        (("--help",), 0),
        # 1: findings
        (("check", *AFTER), 1),
        (("check", "--as-of", "2026-01-09", "--fail-on", "task"), 1),
        (("check", *AFTER, "--format", "json"), 1),
        (("check", *AFTER, "-o", "verdict.txt"), 1),
        # 2: the plan or the usage is wrong, whatever was chosen
        (("check", "broken.toml", *AFTER), 2),
        (("check", "broken.toml", *AFTER, "--exit-zero"), 2),
        (("check", "broken.toml", "plan.toml", *BEFORE), 2),
        (("check", "none.toml", *AFTER), 2),
        (("check", "--ignore", "CDS102", *AFTER), 2),
        (("check", "--as-of", "31/2/2026"), 2),
        (("check", *AFTER, "-o", "none/verdict.txt"), 2),
        (("check", "--no-such-option"), 2),
        (("no-such-command",), 2),
    ],
)
def test_the_exit_code_says_what_happened(cli: Cli, arguments: tuple[str, ...], code: int) -> None:
    """Whoever runs it in CI can rely on the number alone; no traceback ever stands for one."""
    ran = cli(*arguments)

    assert ran.code == code
    assert "Traceback" not in ran.err


def test_a_defect_is_neither_a_finding_nor_wrong_input(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """3, one line, and how to report it."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError("by design")

    monkeypatch.setattr("cdsplan.cli.check.check", fail)

    ran = cli("check", *AFTER)

    assert (ran.code, ran.out) == (3, "")
    assert "ZeroDivisionError: by design. Please report it" in ran.err
    assert len(ran.err.splitlines()) == 1


# A shell that starts the tests in the background has its children ignore interrupts.
WAITING = """\
import signal
from cdsplan.__main__ import main
signal.signal(signal.SIGINT, signal.default_int_handler)
print(1, flush=True)
main()
"""


@pytest.mark.skipif(os.name == "nt", reason="an interrupt is sent as POSIX has it")
def test_an_interrupt_is_130(tmp_path: Path) -> None:
    """Ctrl-C while it waits for a plan on standard input leaves with 130 and without a word (click ends the line)."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CDSPLAN_")}
    waiting = subprocess.Popen(
        [sys.executable, "-c", WAITING, "check", "-p", "-"],
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": os.pathsep.join(sys.path), "CDSPLAN_LANG": "en"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert waiting.stdout is not None
    assert waiting.stdin is not None
    waiting.stdout.readline()
    # Half a plan: it is being read from now on at the latest when the pipe takes no more.
    waiting.stdin.write(b"#" * (1 << 20))
    waiting.send_signal(signal.SIGINT)
    _, err = waiting.communicate()

    assert (waiting.returncode, err.strip()) == (130, b"")
