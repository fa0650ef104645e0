"""Every example in the documents is true: what a ```console block shows is what the program prints.

The conventions (also in CONTRIBUTING.md): a line `$ COMMAND` is run by the shell, in a copy of plans/ and
docs/examples/ that all blocks of one document share; the lines below it are its whole output, both streams, at 100
columns and without colour; a line `...` stands for any lines. A command must succeed, unless `$ echo $?` comes next and
shows another exit code. Blocks that are not to be run are marked ```sh.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Golden

ROOT = Path(__file__).resolve().parent.parent
READMES = [ROOT / "README.md", ROOT / "README.vi.md"]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
DOCUMENTS = [*READMES, *(path for path in sorted(ROOT.glob("docs/**/*.md")) if BLOCK.search(path.read_text("utf-8")))]
# Where the program stands that is installed with the Python that runs the tests.
SCRIPTS = str(Path(sys.executable).parent)
LAST_EXIT_CODE = "echo $?"


@dataclass
class Example:
    """One command of a document and the output that it shows there, each line ended."""

    command: str
    shown: str

    def admits(self, printed: str) -> bool:
        """Whether the document is right about what was printed; blanks at line ends do not count."""
        pattern = "".join(
            r"(?:.*\n)*?" if line == "...\n" else re.escape(line) for line in self.shown.splitlines(keepends=True)
        )
        return re.fullmatch(pattern, printed) is not None


def examples(block: str) -> list[Example]:
    """Take a block apart into its commands."""
    found: list[Example] = []
    for line in block.splitlines(keepends=True):
        if line.startswith("$ "):
            found.append(Example(line.removeprefix("$ ").rstrip(), ""))
        else:
            assert found, f"a console block begins with a command, not with {line!r}"
            found[-1].shown += line
    return found


def run(command: str, folder: Path) -> tuple[int, str]:
    """Run a line as a reader would who has installed the program: its exit code and everything it printed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CDSPLAN_")}
    environment |= {
        "PATH": os.pathsep.join([SCRIPTS, os.environ["PATH"]]),
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "PYTHONIOENCODING": "utf-8",
    }
    ran = subprocess.run(  # noqa: S602 - the examples are lines for a shell
        command,
        shell=True,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=60,
        check=False,
    )
    return ran.returncode, re.sub(r"[ \t]+$", "", ran.stdout.decode(), flags=re.MULTILINE)


def retold(block: str, folder: Path) -> str:
    """Run the commands of a block; give the block as it should be. One that is right comes back as it was."""
    told = []
    code = 0
    steps = examples(block)
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        if step.command == LAST_EXIT_CODE:
            printed = f"{code}\n"
        else:
            code, printed = run(step.command, folder)
        told.append(f"$ {step.command}\n{step.shown if step.admits(printed) else printed}")
        if code and step.command != LAST_EXIT_CODE and (following is None or following.command != LAST_EXIT_CODE):
            told.append(f"$ {LAST_EXIT_CODE}\n{code}\n")
    return "".join(told)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder such as a reader has who cloned the repository."""
    assert shutil.which("cdsplan", path=SCRIPTS), "the package is not installed here: make test installs it"
    shutil.copytree(ROOT / "plans", tmp_path / "plans")
    shutil.copytree(ROOT / "docs" / "examples", tmp_path / "docs" / "examples")
    return tmp_path


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
def test_each_readme_shows_examples(path: Path) -> None:
    """Both READMEs have examples to run."""
    assert BLOCK.search(path.read_text("utf-8"))


@pytest.mark.skipif(os.name == "nt", reason="the examples are written for a POSIX shell")
@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_examples_are_true(path: Path, folder: Path, golden: Golden) -> None:
    """What a document shows is what the program prints, command by command."""
    text = path.read_text("utf-8")
    blocks = [(match[1], retold(match[1], folder)) for match in BLOCK.finditer(text)]
    if golden.update:
        told = iter(blocks)
        path.write_text(BLOCK.sub(lambda _: f"```console\n{next(told)[1]}```", text), "utf-8", newline="\n")
        return
    assert [shown for shown, _ in blocks] == [printed for _, printed in blocks]


def test_a_wrong_output_is_noticed(tmp_path: Path) -> None:
    """A block that shows something else than is printed is given back as it should be."""
    assert retold("$ echo one\ntwo\n", tmp_path) == "$ echo one\none\n"


def test_dots_stand_for_any_lines(tmp_path: Path) -> None:
    """A line of three dots stands for none, one or more lines, and for nothing within a line."""
    printed = "$ printf 'a\\nb\\nc\\n'\n"
    for shown in ("...\n", "a\n...\nc\n", "a\nb\nc\n...\n"):
        assert retold(printed + shown, tmp_path) == printed + shown
    assert retold(f"{printed}a\n...\nx\n", tmp_path) == f"{printed}a\nb\nc\n"


def test_a_failing_command_shows_its_exit_code(tmp_path: Path) -> None:
    """A command that fails must be followed by `$ echo $?` and the right code."""
    assert retold("$ exit 1\n", tmp_path) == "$ exit 1\n$ echo $?\n1\n"
    assert retold("$ exit 2\n$ echo $?\n2\n", tmp_path) == "$ exit 2\n$ echo $?\n2\n"
    assert retold("$ exit 2\n$ echo $?\n1\n", tmp_path) == "$ exit 2\n$ echo $?\n2\n"
