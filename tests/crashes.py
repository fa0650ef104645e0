"""Writers that are killed, starved and set against each other; `python tests/crashes.py kill 1000` for long.

A program of its own, because it forks, kills its children and lowers its own limits. Each experiment prints one line of
JSON: what it came to. `tests/test_never_lose_an_entry.py` runs each for a short while.
"""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import sys
import tempfile
import time
from contextlib import suppress
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from cdsplan.cli import appending
from cdsplan.cli.appending import add, put_aside
from cdsplan.cli.journals import journal_file, read_journal
from cdsplan.journal.model import Kind
from cdsplan.journal.recording import Report, entries
from cdsplan.plan.reader import read
from cdsplan.problems import PlanError

if TYPE_CHECKING:
    from collections.abc import Callable

    from cdsplan.journal.model import Entry, Journal
    from cdsplan.plan.model import Plan

PLAN = b"""
[plan]
id = "survey"
title = "Survey"
start = 2021-08-23
timezone = "Asia/Ho_Chi_Minh"
[tasks.survey]
title = "The survey"
"""
TODAY = date(2021, 10, 5)
AT = datetime(2021, 10, 5, 9, 0, tzinfo=timezone(timedelta(hours=7)))

ROUNDS_PER_JOURNAL = 25
LONGEST_LIFE = 0.03
"""Seconds after which a writer is killed at the latest: it makes some twenty entries in that time."""

LIMIT = 1 << 30


def a_plan() -> tuple[Plan, str]:
    """Make a plan in a new folder; give it and the name of its file."""
    file = Path(tempfile.mkdtemp()) / "plan.toml"
    file.write_bytes(PLAN)
    return read(PLAN, str(file)), str(file)


def note(plan: Plan, words: str) -> Callable[[Journal], tuple[Entry, ...]]:
    """Decide to add one note."""
    report = Report(kind=Kind.NOTE, task="survey", on=TODAY, note=words)
    return lambda journal: entries(plan, journal, report, TODAY, AT, os.urandom)


def ids(plan: Plan, file: str) -> set[str]:
    """Name the entries of the journal."""
    journal = read_journal(plan, file, max_bytes=LIMIT)
    return set() if journal is None else {entry.id for entry in journal.entries}


def content(file: str) -> bytes:
    """Give the bytes of the journal; none where there is no file."""
    path = Path(journal_file(file) or "")
    return path.read_bytes() if path.exists() else b""


# ------------------------------------------------------------------------------------------------------------- kill


def kill(rounds: int) -> dict[str, int]:
    """Kill a writer at a random moment, or in the middle of a line, again and again.

    After each kill everything that was acknowledged is there, in the order in which it was, and the journal reads, or
    reads once its torn end has been put aside.
    """
    chance = random.Random()  # noqa: S311 - the moments differ from run to run; the counts below are held in any case
    told: set[str] = set()
    lost = torn = unreadable = 0
    plan, file = a_plan()
    acknowledged: list[str] = []
    for at in range(rounds):
        if at % ROUNDS_PER_JOURNAL == 0:
            plan, file = a_plan()
            acknowledged = []
        before = content(file)
        acknowledged += _killed(plan, file, chance, in_a_line=at % 2 == 1)
        told |= set(acknowledged)
        after = content(file)
        lost += not after.startswith(before)
        try:
            ids(plan, file)
        except PlanError as error:
            torn += 1
            unreadable += [problem.code for problem in error.problems] != ["CDS114"]
            aside = put_aside(file)
            unreadable += aside is None or content(file) + aside[1] != after
        known = ids(plan, file)
        lost += len([name for name in acknowledged if name not in known])
    return {"rounds": rounds, "acknowledged": len(told), "lost": lost, "torn": torn, "unreadable": unreadable}


def _killed(plan: Plan, file: str, chance: random.Random, *, in_a_line: bool) -> list[str]:
    """Let a child add entries until it is killed; give the ids that it acknowledged."""
    reading, writing = os.pipe()
    bytes_left = chance.randint(1, 1500) if in_a_line else None
    life = chance.uniform(0, LONGEST_LIFE)
    child = os.fork()
    if not child:
        os.close(reading)
        _write_until_killed(plan, file, writing, bytes_left)
    os.close(writing)
    if not in_a_line:
        os.read(reading, 1)  # it has begun
        time.sleep(life)
        os.kill(child, signal.SIGKILL)
    with open(reading, "rb") as pipe:  # noqa: PTH123 - of a descriptor
        lines = pipe.read().decode().split("\n")
    os.waitpid(child, 0)
    return [line for line in lines[:-1] if line]  # what follows the last line end was never said


def _write_until_killed(plan: Plan, file: str, said: int, bytes_left: int | None) -> None:
    """Add entries and acknowledge each; with `bytes_left` die when so many bytes have been written to the journal."""
    write = os.write
    if bytes_left is not None:
        left = bytes_left

        def dying(descriptor: int, data: bytes) -> int:
            nonlocal left
            written = write(descriptor, data[:left])
            left -= written
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)
            return written

        appending.os.write = dying  # type: ignore[attr-defined] # a write may take any part of what it is given
    write(said, b"\n")
    with suppress(BaseException):
        for number in range(1_000_000):
            (made,) = add(plan, file, note(plan, f"note {number}"), max_bytes=LIMIT)
            write(said, f"{made.id}\n".encode())
    os._exit(3)


# ---------------------------------------------------------------------------------------------------------- writers


def writers(number: int) -> dict[str, int]:
    """Let two programs add so many entries each at the same time."""
    plan, file = a_plan()
    children = []
    for who in ("a", "b"):
        child = os.fork()
        if not child:
            for at in range(number):
                add(plan, file, note(plan, f"{who}{at}"), max_bytes=LIMIT)
            os._exit(0)  # nothing of the parent's is to be tidied up here
        children.append(child)
    failed = sum(os.waitpid(child, 0)[1] != 0 for child in children)
    journal = read_journal(plan, file, max_bytes=LIMIT)
    notes = [] if journal is None else [entry.note for entry in journal.entries]
    return {"failed": failed, "kept": len(notes), "different": len(set(notes))}


# ------------------------------------------------------------------------------------------------------------ limit


def limit(most: int) -> dict[str, int]:
    """Let the journal grow no further than so many bytes, for every number of bytes that a line has."""
    plan, file = a_plan()
    add(plan, file, note(plan, "the first"), max_bytes=LIMIT)
    before = content(file)
    refused = changed = added = 0
    for room in range(most):
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + room, resource.RLIM_INFINITY))
        try:
            add(plan, file, note(plan, "the second"), max_bytes=LIMIT)
            added += 1
        except PlanError as error:
            refused += [problem.code for problem in error.problems] == ["CDS101"]
            changed += content(file) != before
        else:
            Path(journal_file(file) or "").write_bytes(before)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    return {"refused": refused, "changed": changed, "added": added}


# ------------------------------------------------------------------------------------------------------------- disk


def disk(kilobytes: int) -> dict[str, object]:
    """Fill a small disk; says why where this system lets nobody mount one."""
    folder = tempfile.mkdtemp()
    if os.system(f"mount -t tmpfs -o size={kilobytes}k tmpfs {folder} 2>/dev/null"):  # noqa: S605 - our own words
        return {"skipped": "this system lets the tests mount no file system"}
    try:
        file = Path(folder) / "plan.toml"
        file.write_bytes(PLAN)
        plan, acknowledged, whole, failures = read(PLAN, str(file)), set[str](), b"", 0
        while failures < 3:  # full is full
            before = content(str(file))
            try:
                acknowledged |= {made.id for made in add(plan, str(file), note(plan, "x" * 500), max_bytes=LIMIT)}
            except PlanError:
                failures += 1
                whole = content(str(file))
                if whole != before:
                    return {"changed": True}
        known = ids(plan, str(file))
        return {"changed": False, "entries": len(acknowledged), "lost": len(acknowledged - known)}
    finally:
        os.system(f"umount {folder}")  # noqa: S605 - as above


EXPERIMENTS: dict[str, Callable[[int], dict[str, int] | dict[str, object]]] = {
    "kill": kill,
    "writers": writers,
    "limit": limit,
    "disk": disk,
}

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as tempfile.tempdir:
        print(json.dumps(EXPERIMENTS[sys.argv[1]](int(sys.argv[2]))))  # noqa: T201 - its answer
