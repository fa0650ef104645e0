"""Running the command line inside the test process, as its users would."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cdsplan.cli.main import run
from cdsplan.cli.words import speak

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

ROOT = Path(__file__).resolve().parent.parent
NGHEAN = "plans/nghean.toml"

QUIET = ("CDSPLAN_PLAN", "CDSPLAN_AS_OF", "CDSPLAN_LANG", "NO_COLOR", "FORCE_COLOR", "TERM", "PYTHONIOENCODING")
"""What the environment may say to the program; tests begin without."""


@dataclass(frozen=True)
class Ran:
    """What a run came to."""

    code: int
    out: str
    err: str


class Cli:
    """Runs command lines in this process: `cli("status", "plan.toml")`."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str) -> Ran:
        """Run one command line; give its exit code and both streams."""
        self._capsys.readouterr()
        code = run(arguments)
        streams = self._capsys.readouterr()
        return Ran(code, streams.out, streams.err)


@contextmanager
def in_process(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, folder: Path, columns: int = 100
) -> Iterator[Cli]:
    """Run in `folder`, so many columns wide, with nothing else in the environment; English again afterwards."""
    for name in QUIET:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.chdir(folder)
    yield Cli(capsys)
    speak("en")
