"""The plan of a school, in a folder of its own, and ways to run the program there."""

from __future__ import annotations

import os
import subprocess
import sys
from io import BufferedReader, BytesIO, TextIOWrapper
from typing import TYPE_CHECKING

from invoke import QUIET, ROOT, Cli, in_process

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest


PLAN = """\
[plan]
id = "school"
title = "Open the school"
start = 2026-01-05
timezone = "UTC"
[agencies]
head = { name = "The head teacher", short = "Head" }
town = { name = "The town" }
[tasks.clean]
title = "Clean the rooms"
owner = "town"
duration = "5d"
due = 2026-01-09
milestone = true
[tasks.open]
title = "Open the doors"
owner = "head"
duration = "~1d"
after = ["clean"]
due = 2026-01-20
"""
VIETNAMESE = PLAN.replace('timezone = "UTC"', 'timezone = "UTC"\nlanguage = "vi"')


def at_school(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[Cli]:
    """Run in a folder where `plan.toml` is the plan above."""
    (folder / "plan.toml").write_text(PLAN, "utf-8")
    with in_process(capsys, monkeypatch, folder) as made:
        yield made


def started(
    *arguments: str, folder: Path, given: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Start the program as a process of its own."""
    inherited = {name: value for name, value in os.environ.items() if name not in {*QUIET, "COLUMNS"}}
    return subprocess.run(
        [sys.executable, "-m", "cdsplan", *arguments],
        cwd=folder,
        env=inherited | {"PYTHONPATH": str(ROOT)} | environment,
        input=given,
        capture_output=True,
        check=False,
        timeout=60,
    )


def standard_input(data: bytes) -> TextIOWrapper:
    """Make a stand-in for standard input."""
    return TextIOWrapper(BufferedReader(BytesIO(data)), "utf-8")
