"""Adding to the journal beside a plan so that no entry is ever lost.

An entry is acknowledged when it is on the disk. Whoever writes takes the lock of the file, reads it again, checks what
it wants to add against it, adds its lines in one go at the end, and waits for the disk; when that fails, the file is
cut back to what it was. A writer that is killed leaves at most the beginning of a line, which the next reader names
(CDS114) and `cdsplan journal repair` puts aside. Nothing else ever changes what stands in a journal.
"""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from cdsplan.cli.files import BINARY, NO_FOLLOW, keep_names
from cdsplan.cli.journals import need_journal_file, read_journal
from cdsplan.cli.locking import locked
from cdsplan.cli.plans import shown
from cdsplan.journal.model import NO_JOURNAL
from cdsplan.journal.reader import read, torn_tail
from cdsplan.journal.writing import line
from cdsplan.messages import msg
from cdsplan.problems import PlanError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cdsplan.journal.model import Entry, Journal
    from cdsplan.messages import Message
    from cdsplan.plan.model import Plan

    Decide = Callable[[Journal], tuple[Entry, ...]]


def add(plan: Plan, plan_file: str, decide: Decide, *, max_bytes: int) -> tuple[Entry, ...]:
    """Add the entries that `decide` makes in the knowledge of everything that stands in the journal; give them.

    Raises:
        PlanError: the journal cannot be read or written, or `decide` refuses; nothing has been added.
    """
    path = need_journal_file(plan_file)
    try:
        with _locked(path) as descriptor:
            data = _content(descriptor)
            entries = decide(read(data, shown(path), plan, max_bytes=max_bytes))
            if entries:
                _append(descriptor, data, entries)
            return entries
    except OSError as error:
        raise PlanError((Problem(code="CDS101", message=why(path, error)),)) from None


def look(plan: Plan, plan_file: str, decide: Decide, *, max_bytes: int) -> tuple[Entry, ...]:
    """Give the entries that `add` would add, and write nothing.

    Raises:
        PlanError: the journal cannot be read, or `decide` refuses.
    """
    need_journal_file(plan_file)
    return decide(read_journal(plan, plan_file, max_bytes=max_bytes) or NO_JOURNAL)


def put_aside(plan_file: str) -> tuple[str, bytes] | None:
    """Move the torn beginning of a last line into the file `x.journal.toml.torn`, behind what it holds already.

    Gives the name of that file and the bytes; None when nothing is torn. The bytes reach the disk there before they
    are taken from the journal.

    Raises:
        PlanError: the plan comes from standard input.
        OSError: one of the two cannot be written.
    """
    path = need_journal_file(plan_file)
    if not os.path.exists(path):
        return None
    with _locked(path) as descriptor:
        data = _content(descriptor)
        start = torn_tail(data)
        if start is None:
            return None
        aside = f"{path}.torn"
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_APPEND | BINARY | NO_FOLLOW, 0o666), "wb") as kept:
            kept.write(data[start:] + b"\n")
            kept.flush()
            os.fsync(kept.fileno())
        keep_names(os.path.dirname(path) or ".")
        os.ftruncate(descriptor, start)
        os.fsync(descriptor)
        return aside, data[start:]


@contextmanager
def _locked(path: str) -> Iterator[int]:
    """Open the journal for one writer at a time; one that is new and stays empty is taken away again."""
    with locked(path) as (descriptor, new):
        try:
            yield descriptor
        finally:
            if new and not os.fstat(descriptor).st_size:
                with suppress(OSError):
                    os.unlink(path)
            elif new:
                keep_names(os.path.dirname(path) or ".")


def _content(descriptor: int) -> bytes:
    os.lseek(descriptor, 0, os.SEEK_SET)  # a lock may have moved it
    with open(descriptor, "rb", closefd=False) as file:
        return file.read()


def _append(descriptor: int, data: bytes, entries: Sequence[Entry]) -> None:
    """Write the lines behind what is there, all of them or none."""
    end = "\r\n" if b"\r\n" in data else "\n"
    lines = "".join(line(entry) + end for entry in entries).encode()
    if data and not data.endswith(b"\n"):
        lines = end.encode() + lines
    try:
        os.lseek(descriptor, len(data), os.SEEK_SET)
        while lines:
            lines = lines[os.write(descriptor, lines) :]
        os.fsync(descriptor)
    except BaseException:
        os.ftruncate(descriptor, len(data))
        raise


def why(path: str, error: OSError) -> Message:
    """Say why a journal could not be written."""
    from cdsplan.cli.reasons import reason  # noqa: PLC0415 - only failures need it

    match error.errno:
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            return msg(
                "{file}: the disk is full, or the file may not grow ({reason}); nothing was recorded",
                file=shown(path),
                reason=reason(error),
            )
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return msg(
                "{file}: you may not write here ({reason}); nothing was recorded",
                file=shown(path),
                reason=reason(error),
            )
        case errno.ELOOP:
            return msg("{file}: it is a symbolic link, which is not followed; nothing was recorded", file=shown(path))
        case _:
            return msg(
                "{file}: cannot be written ({reason}); nothing was recorded",
                file=shown(path),
                reason=reason(error),
            )
