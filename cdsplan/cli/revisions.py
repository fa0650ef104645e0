"""Versions of plan files to compare: files as they stand on disk, and as they stood in a git revision.

git is asked as a program of its own, for the bytes of a file and nothing else; it runs where the plan lies, whatever
repository a hook that calls us works for. A revision that begins with a hyphen is refused: git would take it for an
option.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple, cast

import click

from cdsplan.cli.plans import JOURNAL, chosen_files, discover, plan_bytes, shown
from cdsplan.cli.words import say
from cdsplan.messages import msg
from cdsplan.problems import PlanError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cdsplan.messages import Message

HEAD = "HEAD"
HERE = Path()

OF_ANOTHER = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"})
"""What git tells its hooks of the repository that they run for."""


class Edition(NamedTuple):
    """A plan file as it stands on disk (`revision` None), or as it stood in a revision.

    `rooted` paths are counted from the top of the repository (as in `REV:plans/a.toml`), others from here.
    """

    path: str
    revision: str | None = None
    rooted: bool = False

    @property
    def shown(self) -> str:
        """The name for people."""
        return shown(self.path if self.revision is None else f"{self.revision}:{self.path}")

    @property
    def journal(self) -> Edition:
        """The journal beside it, if there is any."""
        return self._replace(path=f"{self.path.removesuffix('.toml')}{JOURNAL}")


class Pair(NamedTuple):
    """The two versions of one plan; where `may_lack`, one side need not have it."""

    old: Edition
    new: Edition
    may_lack: bool = False


def pairs(old: str, new: str | None, named: Sequence[str]) -> list[Pair]:
    """Understand what is to be compared: two files, a revision and a file, or revisions (`A..B`, `A...B`, `A B`).

    A revision alone is compared with the files as they are. Of revisions it is the plans in `named`; without any, those
    that are found here, and beside them in the revisions.

    Raises:
        PlanError: a revision is not known, or there is no git repository.
        click.UsageError: the arguments fit nothing.
    """
    if new is None and ".." in old and not _is_file(old):
        old, new = _range(old)
    before, after = _edition(old), None if new is None else _edition(new)
    if named and (before or after):
        raise click.UsageError(say(msg("a file is named already: leave out -p, or give revisions only")))
    if before is None and after is None:
        return [Pair(Edition(path, old), Edition(path, new), may_lack) for path, may_lack in _plans(named, old, new)]
    if new is None:
        raise click.UsageError(
            say(msg("name two versions: two files, or revisions of git such as HEAD~5 HEAD or HEAD~5.."))
        )
    if before is None:
        before = cast("Edition", after)._replace(revision=old)  # the same file in the revision
    return [Pair(before, after or before._replace(revision=new))]


def content(edition: Edition, max_bytes: int) -> bytes | None:
    """Read a version, no more than one byte beyond the limit; None where there is no such file.

    Raises:
        PlanError: a file cannot be read; or there is no git, no repository or no such revision.
    """
    if edition.revision is None:
        return plan_bytes(edition.path, max_bytes) if _is_file(edition.path) else None
    folder, name = _where(edition)
    commit = _commit(edition.revision, folder)
    with _git(folder, "cat-file", "blob", f"{commit}:{name}") as process:
        stream = cast("IO[bytes]", process.stdout)
        data = stream.read(max_bytes + 1)
        stream.close()  # git is stopped by that where there is more
    return data if process.returncode == 0 or len(data) > max_bytes else None


def lacking(edition: Edition) -> PlanError:
    """Say that there is no such file."""
    if edition.revision is None:
        return _problem(msg("{file}: there is no such file", file=edition.shown))
    return _problem(msg("{file}: that revision has no such file", file=edition.shown))


def _is_file(words: str) -> bool:
    """Whether words name a file; what is too long to be a name is none."""
    try:
        return Path(words).is_file()
    except OSError:
        return False


def _edition(words: str) -> Edition | None:
    """Take words for a file, or for REV:PATH; None for a bare revision."""
    if _is_file(words):
        return Edition(words)
    revision, colon, path = words.partition(":")
    if colon and revision and path:
        return Edition(path, revision, rooted=not path.startswith(("./", "../")))
    if words.endswith(".toml"):
        raise lacking(Edition(words))
    return None


def _range(words: str) -> tuple[str, str]:
    """Take `A..B` apart, as git does: an empty end is HEAD, `A...B` begins where B left A."""
    dots = "..." if "..." in words else ".."
    first, _, last = words.partition(dots)
    first, last = first or HEAD, last or HEAD
    if dots == "..":
        return first, last
    base = _answer(HERE, "merge-base", *(_commit(revision, HERE) for revision in (first, last)))
    if base is None:
        raise _problem(msg("{first} and {last} have no common history", first=first, last=last), _shallow(HERE))
    return base[:SHORT], last


SHORT = 12
"""Digits of a commit's name, as people are shown it."""


def _plans(named: Sequence[str], *revisions: str | None) -> Iterator[tuple[str, bool]]:
    """Give the plan files to compare, and whether a version may lack each: only those that nobody named."""
    if named or os.environ.get("CDSPLAN_PLAN"):
        yield from ((path, False) for path in chosen_files(named))
        return
    found = dict.fromkeys(discover())
    folders = dict.fromkeys(Path(path).parent for path in found) if found else (HERE, HERE / "plans")
    for folder in folders:
        for revision in filter(None, revisions):
            found.update(dict.fromkeys(_listed(folder, revision)))
    yield from ((path, True) for path in found or chosen_files(named))  # that says where there is none


def _listed(folder: Path, revision: str) -> list[str]:
    """Find the plans that a revision has in a folder: plan.toml, or in a folder `plans` whatever is no journal."""
    there = folder if folder.is_dir() else HERE
    inside = [] if folder.is_dir() else [f"{folder.as_posix()}/"]
    names = _answer(there, "ls-tree", "-z", "--name-only", _commit(revision, there), *inside) or ""
    many = folder.resolve().name == "plans"
    return [
        str(folder / name)
        for name in (entry.rpartition("/")[2] for entry in names.split("\0"))
        if name == "plan.toml" or (many and name.endswith(".toml") and not name.endswith(JOURNAL))
    ]


def _where(edition: Edition) -> tuple[Path, str]:
    """Give the folder to ask git in, and the name that the file has from there."""
    path = Path(edition.path)
    if edition.rooted:
        return HERE, path.as_posix()
    if path.parent.is_dir():
        return path.parent, f"./{path.name}"
    return HERE, f"./{path.as_posix()}"  # of a folder that is there no more


def _commit(revision: str, folder: Path) -> str:
    """Find the commit that a revision names, or say why there is none."""
    asked = ("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    found = None if revision.startswith("-") else _answer(folder, *asked)
    if found is not None:
        return found
    with _git(folder, "rev-parse", "--git-dir") as process:
        _, why = process.communicate()
    if process.returncode:
        here = shown(str(folder.resolve()))
        if another := OWNED_BY_ANOTHER.search(why):
            top = shown(os.fsdecode(another[1]))
            raise _problem(
                msg("{folder}: git does not read a repository that belongs to another user", folder=top),
                msg("if you trust it: git config --global --add safe.directory {folder}", folder=top),
            )
        raise _problem(msg("{folder}: this is no git repository", folder=here), NAME_TWO_FILES)
    raise _problem(msg("git knows no revision “{revision}”", revision=shown(revision)), _shallow(folder))


OWNED_BY_ANOTHER = re.compile(rb"dubious ownership in repository at '(.*?)'")
"""What git says of such a repository; containers of CI services often meet it."""

NAME_TWO_FILES = msg("name two files: cdsplan diff OLD.toml NEW.toml")


def _shallow(folder: Path) -> Message:
    """Say what to do about history that is missing."""
    if _answer(folder, "rev-parse", "--is-shallow-repository") == "true":
        return msg("this clone is shallow: fetch more history (fetch-depth: 0 on GitHub, GIT_DEPTH: 0 on GitLab)")
    return msg("a branch, a tag, a commit or HEAD~5 will do; git log shows them")


def _answer(folder: Path, *arguments: str) -> str | None:
    """Ask git something short; None when it says no."""
    with _git(folder, *arguments) as process:
        said, _ = process.communicate()
    return os.fsdecode(said).strip("\n") if process.returncode == 0 else None


def _git(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if name not in OF_ANOTHER} | {"LC_ALL": "C"}
    try:
        return subprocess.Popen(  # noqa: S603 - the program is git, and no argument is an option by accident
            ["git", *arguments],  # noqa: S607 - wherever git is installed
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    except FileNotFoundError:
        raise _problem(msg("git is not installed here, which knows the earlier versions"), NAME_TWO_FILES) from None


def _problem(message: Message, hint: Message | None = None) -> PlanError:
    return PlanError((Problem(code="CDS101", message=message, hint=hint),))
