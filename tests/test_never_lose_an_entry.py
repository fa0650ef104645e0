"""What was acknowledged is in the journal, whatever happens: kills, two writers, full disks, merges, odd files."""

from __future__ import annotations

import errno
import json
import os
import random
import re
import subprocess
import sys
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from invoke import Cli, in_process

from cdsplan.cli.appending import add, put_aside
from cdsplan.journal.model import Entry, Kind
from cdsplan.journal.reader import read as read_journal
from cdsplan.journal.recording import Report, entries, undoing
from cdsplan.journal.replay import with_entries
from cdsplan.journal.writing import line
from cdsplan.plan.reader import read
from cdsplan.problems import PlanError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cdsplan.journal.model import Journal
    from cdsplan.plan.model import Plan

HERE = Path(__file__).resolve().parent
posix = pytest.mark.skipif(os.name != "posix", reason="forks, kills and limits as POSIX has them")

PLAN = b"""
[plan]
id = "survey"
title = "Survey"
start = 2021-08-23
timezone = "Asia/Ho_Chi_Minh"
[agencies]
a = { name = "Agency A" }
b = { name = "Agency B" }
c = { name = "Agency C" }
[tasks.survey]
title = "The survey"
each = ["a", "b", "c"]
due = 2021-09-30
"""
TODAY = date(2021, 10, 5)
AT = datetime(2021, 10, 5, 9, 0, tzinfo=timezone(timedelta(hours=7)))
FIRST = b'first = { at = 2021-10-01T09:00:00+07:00, on = 2021-10-01, task = "survey", agency = "a", kind = "done" }'
LIMIT = 1 << 30


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """Run in a folder that holds the plan."""
    (tmp_path / "plan.toml").write_bytes(PLAN)
    with in_process(capsys, monkeypatch, tmp_path) as made:
        yield made


@pytest.fixture
def plan() -> Plan:
    """Read the plan."""
    return read(PLAN, "plan.toml")


def note(plan: Plan, words: str = "words") -> Callable[[Journal], tuple[Entry, ...]]:
    """Decide to add one note."""
    report = Report(kind=Kind.NOTE, task="survey", on=TODAY, note=words)
    return lambda journal: entries(plan, journal, report, TODAY, AT, os.urandom)


def experiment(folder: Path, name: str, size: int) -> dict[str, Any]:
    """Run one experiment of tests/crashes.py."""
    ran = subprocess.run(
        [sys.executable, HERE / "crashes.py", name, str(size)],
        env=os.environ | {"TMPDIR": str(folder), "PYTHONPATH": str(HERE.parent)},
        capture_output=True,
        check=True,
    )
    came_to: dict[str, Any] = json.loads(ran.stdout)
    return came_to


# ---------------------------------------------------------------------------------------------------- Whole or not


@posix
def test_a_killed_writer_loses_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    """200 kills (CDSPLAN_CRASHES: another number), half of them within a line: every acknowledged entry is there."""
    rounds = int(os.environ.get("CDSPLAN_CRASHES", "200"))

    came_to = experiment(tmp_path, "kill", rounds)

    assert came_to["rounds"] == rounds
    assert (came_to["lost"], came_to["unreadable"]) == (0, 0)
    assert came_to["acknowledged"] > rounds // 2
    assert came_to["torn"] > rounds // 4  # kills within a line did tear it, and the repair made it read


@posix
def test_two_writers_at_once_keep_each_other_s_entries(tmp_path: Path) -> None:
    """Two programs that add 200 entries each at the same time leave 400."""
    assert experiment(tmp_path, "writers", 200) == {"failed": 0, "kept": 400, "different": 400}


@posix
def test_a_limit_on_the_file_s_size_leaves_the_old_content_whole(tmp_path: Path) -> None:
    """Cut off at every byte of the line, the entry is refused and nothing has changed; with room, it is added."""
    came_to = experiment(tmp_path, "limit", 200)

    assert came_to["changed"] == 0
    assert came_to["refused"] + came_to["added"] == 200
    assert came_to["refused"] == 132  # the line is 132 bytes long with its end


@posix
def test_a_full_disk_leaves_the_old_content_whole(tmp_path: Path) -> None:
    """On a disk of 64 KB entries are added until it is full; all that were acknowledged are there, and none is torn."""
    came_to = experiment(tmp_path, "disk", 64)

    if "skipped" in came_to:
        pytest.skip(came_to["skipped"])
    assert came_to["entries"] > 50
    assert came_to == {"changed": False, "entries": came_to["entries"], "lost": 0}


@pytest.mark.parametrize("room", range(0, 121, 10))
def test_a_disk_that_fills_up_within_a_line_is_told(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    """The command says so and that nothing was recorded, exit 2; what stood there stands there, and reads."""
    journal = tmp_path / "plan.journal.toml"
    journal.write_bytes(FIRST + b"\n")
    write, left = os.write, room

    def full(descriptor: int, data: bytes) -> int:
        nonlocal left
        if not left:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written = write(descriptor, data[:left])
        left -= written
        return written

    monkeypatch.setattr("cdsplan.cli.appending.os.write", full)

    ran = cli("done", "survey", "--agency", "b", "--as-of", "2021-10-05")

    assert (ran.code, ran.out) == (2, "")
    assert "plan.journal.toml: the disk is full, or the file may not grow" in ran.err
    assert "nothing was recorded" in ran.err
    assert journal.read_bytes() == FIRST + b"\n"


def test_an_entry_that_does_not_reach_the_disk_is_not_acknowledged(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the disk fails at last (fsync), the line is taken back and the failure told."""
    journal = tmp_path / "plan.journal.toml"
    journal.write_bytes(FIRST + b"\n")

    def fails(_descriptor: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr("cdsplan.cli.appending.os.fsync", fails)

    with pytest.raises(PlanError, match="cannot be written"):
        add(plan, str(tmp_path / "plan.toml"), note(plan), max_bytes=LIMIT)
    assert journal.read_bytes() == FIRST + b"\n"


def test_a_refused_report_leaves_no_new_file(cli: Cli, tmp_path: Path) -> None:
    """A first report that is refused does not begin a journal."""
    assert cli("done", "survey", "--agency", "a", "--on", "2021-10-06", "--as-of", "2021-10-05").code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["plan.toml"]


# ---------------------------------------------------------------------------------------------------------- Torn ends


@pytest.mark.parametrize("kept", [1, 10, 40, 80, len(FIRST) - 1])
@pytest.mark.parametrize("before", [b"", FIRST.replace(b"first", b"older") + b"\n"])
def test_a_torn_end_is_named_and_put_aside(cli: Cli, tmp_path: Path, before: bytes, kept: int) -> None:
    """Nothing is added to a torn journal; `journal repair` keeps the bytes beside it and tells how to record again."""
    journal, aside = tmp_path / "plan.journal.toml", tmp_path / "plan.journal.toml.torn"
    journal.write_bytes(before + FIRST[:kept])
    line_number = before.count(b"\n") + 1

    for command in (("status",), ("done", "survey", "--agency", "b"), ("log",)):
        refused = cli(*command, "--as-of", "2021-10-05")
        assert (refused.code, refused.out) == (2, "")
        assert f"plan.journal.toml:{line_number}:1: error CDS114: the last line is torn" in refused.err
        assert "put it aside with: cdsplan journal repair" in refused.err
    assert cli("journal", "repair", "-o", "none/answer.txt").code == 2
    assert journal.read_bytes() == before + FIRST[:kept]

    repaired = cli("journal", "repair")

    assert (repaired.code, repaired.err) == (0, "")
    assert f"of a torn line stand{'s' if kept == 1 else ''} in plan.journal.toml.torn now:\n" in repaired.out
    told = b'task = "survey"' in FIRST[:kept]
    assert ("  cdsplan done survey " in repaired.out, "it does not show what it was about" in repaired.out) == (
        told,
        not told,
    )
    assert journal.read_bytes() == before
    assert aside.read_bytes() == FIRST[:kept] + b"\n"
    assert cli("journal", "repair").out == "plan.journal.toml: nothing is torn\n"
    assert cli("done", "survey", "--agency", "b", "--as-of", "2021-10-05").code == 0


def test_a_repair_says_how_to_record_again(cli: Cli, tmp_path: Path) -> None:
    """What the torn line tells goes into the command; every torn end is kept, one below the other."""
    journal = tmp_path / "plan.journal.toml"
    for number in (1, 2):
        journal.write_bytes(FIRST[:-3])
        ran = cli("journal", "repair")
        stands = f"{len(FIRST) - 3} bytes of a torn line stand in plan.journal.toml.torn now:"
        assert ran.out.splitlines()[0] == f"plan.journal.toml: {stands}"
        assert ran.out.splitlines()[-1] == "  cdsplan done survey --agency a --on 2021-10-01 …"
        assert (tmp_path / "plan.journal.toml.torn").read_bytes() == (FIRST[:-3] + b"\n") * number


def test_zeros_at_the_end_are_torn_too(cli: Cli, tmp_path: Path) -> None:
    """Some file systems leave zeros where a write was cut off; they are shown as nothing and kept."""
    journal = tmp_path / "plan.journal.toml"
    journal.write_bytes(FIRST + b"\n" + b"\0" * 7)

    document = json.loads(cli("journal", "repair", "--format", "json").out)

    assert document == {
        "version": 1,
        "journals": [
            {
                "path": "plan.journal.toml",
                "torn": True,
                "kept_in": "plan.journal.toml.torn",
                "bytes": 7,
                "text": "",
            }
        ],
    }
    assert journal.read_bytes() == FIRST + b"\n"
    assert json.loads(cli("journal", "repair", "--format", "json").out)["journals"][0]["torn"] is False


def test_a_journal_with_other_mistakes_is_left_alone(cli: Cli, tmp_path: Path) -> None:
    """Its problems are shown with the torn end among them, exit 2, and not a byte is moved."""
    journal = tmp_path / "plan.journal.toml"
    journal.write_bytes(b"what is this\n" + FIRST[:40])

    ran = cli("journal", "repair")

    assert (ran.code, ran.out) == (2, "")
    assert "plan.journal.toml:1:" in ran.err
    assert "plan.journal.toml:2:1: error CDS114" in ran.err
    assert journal.read_bytes() == b"what is this\n" + FIRST[:40]
    assert not (tmp_path / "plan.journal.toml.torn").exists()


def test_without_a_journal_nothing_is_torn(cli: Cli, tmp_path: Path) -> None:
    """Neither check nor repair needs one, and neither makes one."""
    assert cli("journal", "repair").out == "plan.journal.toml: nothing is torn\n"
    assert cli("journal", "check").out == "plan.journal.toml: nothing is recorded yet\n"
    assert json.loads(cli("journal", "check", "--format", "json").out)["journals"][0]["entries"] is None
    assert [path.name for path in tmp_path.iterdir()] == ["plan.toml"]


def test_a_check_counts_and_names_what_counts_nowhere(cli: Cli, tmp_path: Path) -> None:
    """Entries, undone ones, and those whose task or agency the plan no longer has, each with its place."""
    gone = FIRST.replace(b"first", b"gone").replace(b'"a"', b'"z"')
    void = b'void = { at = 2021-10-02T09:00:00+07:00, on = 2021-10-02, kind = "void", of = "first" }'
    (tmp_path / "plan.journal.toml").write_bytes(b"\n".join((FIRST, gone, void, b"")))

    ran = cli("journal", "check")

    assert (ran.code, ran.err) == (0, "")
    assert "plan.journal.toml:2:" in ran.out
    assert ran.out.endswith(
        "plan.journal.toml: reads; 3 entries, 1 taken back, 1 counts nowhere (no longer in the plan)\n"
    )
    (tmp_path / "plan.journal.toml").write_bytes(FIRST + b"\n")
    assert cli("journal", "check").out == "plan.journal.toml: reads; 1 entry\n"
    (tmp_path / "plan.journal.toml").write_bytes(b"\n".join((FIRST, gone, void, b"")))
    checked = json.loads(cli("journal", "check", "--format", "json").out)["journals"]
    assert [(each["entries"], each["undone"], len(each["vanished"])) for each in checked] == [(3, 1, 1)]


def test_a_hint_for_the_plan_can_be_pasted(cli: Cli, tmp_path: Path) -> None:
    """What a warning about a renamed task offers is TOML as it stands."""
    (tmp_path / "plan.journal.toml").write_bytes(FIRST.replace(b'task = "survey"', b'task = "old"') + b"\n")
    warned = cli("journal", "check").out
    offered = re.search("at the task: (formerly = .*)", warned)
    assert offered is not None
    plan = tmp_path / "plan.toml"
    plan.write_text(f"{plan.read_text('utf-8').rstrip()}\n{offered[1]}\n", "utf-8")

    assert cli("journal", "check").out == "plan.journal.toml: reads; 1 entry\n"


# ----------------------------------------------------------------------------------------------------------- Odd files


@pytest.mark.parametrize(
    ("before", "end"),
    [
        (b"", b"\n"),
        (FIRST + b"\n", b"\n"),
        (FIRST + b"\r\n", b"\r\n"),
        (b"\xef\xbb\xbf" + FIRST + b"\n", b"\n"),
        (b"\xef\xbb\xbf" + FIRST + b"\r\n", b"\r\n"),
        (b"# by hand\r\n\r\n" + FIRST + b"\r\n", b"\r\n"),
    ],
)
def test_a_file_keeps_its_line_ends_and_its_byte_order_mark(
    plan: Plan, tmp_path: Path, before: bytes, end: bytes
) -> None:
    """What stood there stays to the byte, and the new line ends as the others do."""
    journal = tmp_path / "plan.journal.toml"
    journal.write_bytes(before)

    (made,) = add(plan, str(tmp_path / "plan.toml"), note(plan), max_bytes=LIMIT)

    assert journal.read_bytes() == before + line(made).encode() + end


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_last_line_without_an_end_gets_one(plan: Plan, tmp_path: Path, end: bytes) -> None:
    """Whoever edited by hand may have left it out; the new entry has a line of its own."""
    before = FIRST.replace(b"first", b"older") + end + FIRST
    journal = tmp_path / "plan.journal.toml"
    journal.write_bytes(before)

    (made,) = add(plan, str(tmp_path / "plan.toml"), note(plan), max_bytes=LIMIT)

    assert journal.read_bytes() == before + end + line(made).encode() + end


@posix
def test_a_symbolic_link_is_not_written_through(cli: Cli, tmp_path: Path) -> None:
    """The command says so; what the link points to does not change."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(FIRST + b"\n")
    (tmp_path / "plan.journal.toml").symlink_to(elsewhere)

    ran = cli("done", "survey", "--agency", "b", "--as-of", "2021-10-05")

    assert ran.code == 2
    assert "plan.journal.toml: it is a symbolic link, which is not followed; nothing was recorded" in ran.err
    assert elsewhere.read_bytes() == FIRST + b"\n"


@posix
def test_a_folder_in_its_place_is_told(cli: Cli, tmp_path: Path) -> None:
    """Something that is no file is not written to."""
    (tmp_path / "plan.journal.toml").mkdir()

    ran = cli("done", "survey", "--agency", "b", "--as-of", "2021-10-05")

    assert ran.code == 2
    assert "plan.journal.toml: cannot be written" in ran.err


@contextmanager
def somebody_else() -> Iterator[None]:
    """Be a user without special rights: root may write anywhere."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@posix
@pytest.mark.parametrize("what", ["folder", "file"])
def test_where_one_may_not_write_one_is_told(cli: Cli, tmp_path: Path, what: str) -> None:
    """A read-only folder or file is named, with what to know: nothing was recorded; exit 2, no traceback."""
    journal = tmp_path / "plan.journal.toml"
    asked = ("done", "survey", "--agency", "b", "--as-of", "2021-10-05", "-p", "plan.toml")
    assert cli(*asked, "--dry-run").code == 0  # loads what the next run needs, which another user may not read
    if what == "file":
        journal.write_bytes(FIRST + b"\n")
        journal.chmod(0o444)
    tmp_path.chmod(0o555)

    with somebody_else():
        ran = cli(*asked)

    assert (ran.code, ran.out) == (2, "")
    assert "plan.journal.toml: you may not write here (Permission denied); nothing was recorded" in ran.err
    assert journal.exists() is (what == "file")
    tmp_path.chmod(0o755)


@posix
def test_a_repair_that_cannot_be_written_moves_nothing(cli: Cli, tmp_path: Path) -> None:
    """The torn bytes stay where they are, and it is told why."""
    journal = tmp_path / "plan.journal.toml"
    journal.write_bytes(FIRST + b"\n" + FIRST[:30])
    (tmp_path / "plan.journal.toml.torn").mkdir()

    ran = cli("journal", "repair")

    assert (ran.code, ran.out) == (2, "")
    assert "plan.journal.toml: cannot be written (Is a directory)" in ran.err
    assert journal.read_bytes() == FIRST + b"\n" + FIRST[:30]


def test_only_what_is_torn_is_put_aside(tmp_path: Path) -> None:
    """A plan from standard input, one without a journal, and a whole journal have nothing torn."""
    (tmp_path / "plan.journal.toml").write_bytes(FIRST + b"\n")

    with pytest.raises(PlanError):
        put_aside("-")
    assert put_aside(str(tmp_path / "other.toml")) is None
    assert put_aside(str(tmp_path / "plan.toml")) is None
    assert [path.name for path in tmp_path.iterdir()] == ["plan.journal.toml"]


@posix
def test_a_writer_waits_for_another_and_not_for_ever(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While somebody else holds the lock it is tried again; after the time set it is told, and nothing is written."""
    import fcntl  # noqa: PLC0415 - POSIX only

    journal = tmp_path / "plan.journal.toml"
    journal.write_bytes(FIRST + b"\n")
    monkeypatch.setattr("cdsplan.cli.locking.PATIENCE", 0.02)

    with journal.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(PlanError, match="another program has been writing to it for too long"):
            add(plan, str(tmp_path / "plan.toml"), note(plan), max_bytes=LIMIT)
    assert journal.read_bytes() == FIRST + b"\n"
    add(plan, str(tmp_path / "plan.toml"), note(plan), max_bytes=LIMIT)


def test_a_lock_that_moves_the_position_in_the_file_hides_nothing(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the one on Windows does: what stands in the journal is seen, added to, and kept, also by a repair."""
    journal = tmp_path / "plan.journal.toml"
    journal.write_bytes(FIRST + b"\n")
    seen: list[str] = []

    def far_behind_the_content(descriptor: int) -> None:
        os.lseek(descriptor, 1 << 30, os.SEEK_SET)

    def decide(known: Journal) -> tuple[Entry, ...]:
        seen.extend(entry.id for entry in known.entries)
        return note(plan)(known)

    monkeypatch.setattr("cdsplan.cli.locking._try", far_behind_the_content)

    (made,) = add(plan, str(tmp_path / "plan.toml"), decide, max_bytes=LIMIT)

    whole = FIRST + b"\n" + line(made).encode() + b"\n"
    assert seen == ["first"]
    assert journal.read_bytes() == whole
    journal.write_bytes(whole + b"torn = {")
    assert put_aside(str(tmp_path / "plan.toml")) == (f"{journal}.torn", b"torn = {")
    assert journal.read_bytes() == whole


@posix
def test_a_file_system_without_locks_is_told(plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a lock two writers could mix their lines, so nothing is written, and no file begun."""

    def refuses(_descriptor: int, _operation: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("fcntl.flock", refuses)

    with pytest.raises(PlanError, match="No locks available"):
        add(plan, str(tmp_path / "plan.toml"), note(plan), max_bytes=LIMIT)


@posix
def test_a_journal_that_is_replaced_while_one_waits_is_opened_anew(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An editor, or git, gives the name to another file: the entry goes there, not into the one that is gone."""
    journal = tmp_path / "plan.journal.toml"
    journal.write_bytes(FIRST + b"\n")
    replaced = FIRST.replace(b"first", b"other") + b"\n"
    waited = 0

    def lock(_descriptor: int) -> None:
        nonlocal waited
        waited += 1
        if waited == 1:
            new = tmp_path / "new"
            new.write_bytes(replaced)
            new.replace(journal)
        elif waited == 2:
            journal.unlink()

    monkeypatch.setattr("cdsplan.cli.locking.lock", lock)

    (made,) = add(plan, str(tmp_path / "plan.toml"), note(plan), max_bytes=LIMIT)

    assert waited == 3
    assert journal.read_bytes() == line(made).encode() + b"\n"


@posix
def test_a_pipe_in_its_place_is_told(plan: Plan, tmp_path: Path) -> None:
    """Something that is no file is not written to, and not waited for."""
    os.mkfifo(tmp_path / "plan.journal.toml")

    with pytest.raises(PlanError, match="something that is no file has this name"):
        add(plan, str(tmp_path / "plan.toml"), note(plan), max_bytes=LIMIT)


# -------------------------------------------------------------------------------------------------------------- Merges

MERGES = 60
"""Merges of branches that have both added to a journal."""


class Branches:
    """One repository with many histories that have nothing in common; each is written by git's own fast import."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "-q", "-b", "none")

    def git(self, *arguments: str, data: bytes | None = None) -> int:
        """Run git; give its exit code."""
        names = {
            f"GIT_{who}_{what}": "tester@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "HOME": str(self.folder)}
        ran = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            input=data,
            env=os.environ | names | quiet,
            capture_output=True,
            check=False,
        )
        return ran.returncode

    def write(self, history: str, base: bytes | None, branches: dict[str, bytes]) -> None:
        """Make a history: a commit with the journal as it was, and on it one branch for each way it went on."""
        files = {".gitattributes": b"*.journal.toml merge=union\n"}
        stream = _commit(f"{history}-base", None, files | ({} if base is None else {"plan.journal.toml": base}))
        for name, content in branches.items():
            stream += _commit(f"{history}-{name}", f"{history}-base", {"plan.journal.toml": content})
        assert self.git("fast-import", "--quiet", data=stream) == 0

    def merged(self, history: str, names: list[str]) -> bytes:
        """Merge the branches, one after the other, into the first; give the journal."""
        assert self.git("checkout", "-q", "-f", f"{history}-{names[0]}") == 0
        for name in names[1:]:
            assert self.git("merge", "-q", "-m", "merge", f"{history}-{name}") == 0
        return (self.folder / "plan.journal.toml").read_bytes()


def _commit(branch: str, parent: str | None, files: dict[str, bytes]) -> bytes:
    lines = [f"commit refs/heads/{branch}", "committer t <t@example.org> 0 +0000", "data 1", "x"]
    lines += [] if parent is None else [f"from refs/heads/{parent}"]
    stream = ("\n".join(lines) + "\n").encode()
    for name, content in files.items():
        stream += f"M 100644 inline {name}\ndata {len(content)}\n".encode() + content + b"\n"
    return stream


class Office:
    """Somebody who records on a branch of their own: now and then of everything there is to record."""

    def __init__(self, plan: Plan, chance: random.Random, text: bytes) -> None:
        self.plan = plan
        self.chance = chance
        self.text = text
        self.journal = read_journal(text, "plan.journal.toml", plan, max_bytes=1 << 20)

    def record(self, number: int) -> None:
        """Add so many entries."""
        for _ in range(number):
            entry = self._entry()
            self.journal = with_entries(self.journal, (entry,))
            self.text += line(entry).encode() + b"\n"

    def _entry(self) -> Entry:
        at = AT + timedelta(seconds=self.chance.randrange(3))  # branches often record in the same second
        draw = self.chance.randbytes
        if self.chance.random() < 0.2 and any(
            entry.id not in self.journal.undone and entry.kind is not Kind.VOID for entry in self.journal.entries
        ):
            return undoing(self.journal, None, TODAY, at, draw, None)
        kind = self.chance.choice((Kind.DONE, Kind.NOTE, Kind.EXTENDED))
        agency = self.chance.choice("abc")
        report = Report(
            kind=kind,
            task="survey",
            on=TODAY - timedelta(days=self.chance.randrange(20)),
            agencies=(agency,),
            again=True,
            note=f"n{self.chance.random()}" if kind is Kind.NOTE else None,
            due=self.plan.tasks["survey"].due if kind is Kind.EXTENDED else None,  # type: ignore[arg-type] # it is dated
            document=self.chance.choice((None, "1/BC", 'số "2"')),
        )
        return entries(self.plan, self.journal, report, TODAY, at, draw)[0]


@pytest.mark.skipif(not any((Path(folder) / "git").exists() for folder in os.get_exec_path()), reason="needs git")
def test_branches_that_both_recorded_merge(plan: Plan, tmp_path: Path) -> None:
    """60 merges of 60, of two or three branches, also from an empty journal and from none: nothing is missing."""
    chance = random.Random(4)  # noqa: S311 - histories, not secrets
    branches = Branches(tmp_path)
    for at in range(MERGES):
        base = Office(plan, chance, b"")
        base.record((0, 0, 1, 7)[at % 4])
        names = ["ours", "theirs", "more"][: chance.choice((2, 2, 3))]
        offices = {name: Office(plan, chance, base.text) for name in names}
        for office in offices.values():
            office.record(chance.randint(1, 6))
        branches.write(
            f"h{at}", None if at % 4 == 0 else base.text, {name: office.text for name, office in offices.items()}
        )

        merged = branches.merged(f"h{at}", names)

        expected = {written.encode() for office in offices.values() for written in office.text.decode().splitlines()}
        assert set(merged.splitlines()) == expected
        journal = read_journal(merged, "plan.journal.toml", plan, max_bytes=1 << 20)
        assert {entry.id for entry in journal.entries} == {written.split(b" = ", 1)[0].decode() for written in expected}
        assert journal.undone == {target for office in offices.values() for target in office.journal.undone}
