"""One writer at a time: an advisory lock on an open file, given back when the file is closed or the program ends."""

from __future__ import annotations

import errno
import os
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from cdsplan.cli.files import BINARY, NO_FOLLOW, require_file
from cdsplan.cli.words import say
from cdsplan.messages import msg

if TYPE_CHECKING:
    from collections.abc import Iterator

PAUSE = 0.005
"""Seconds between two tries."""

PATIENCE = 30.0
"""Seconds to wait for somebody else."""

if sys.platform == "win32":
    import msvcrt

    def _try(descriptor: int) -> None:
        os.lseek(descriptor, 1 << 30, os.SEEK_SET)  # far behind the content, which stays readable
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _try(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def locked(path: str) -> Iterator[tuple[int, bool]]:
    """Open a file, made if need be, for one at a time; give its descriptor, and whether it is new.

    Raises:
        OSError: somebody else kept it, the file system has no locks, or this can be no file.
    """
    while True:
        new = not os.path.exists(path)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | BINARY | NO_FOLLOW, 0o666)
        try:
            require_file(descriptor)
            lock(descriptor)
            if not _still_there(descriptor, path):  # taken away, or replaced, while we waited
                continue
            yield descriptor, new
            return
        finally:
            os.close(descriptor)  # which gives the lock back


@contextmanager
def alone_with(path: str) -> Iterator[None]:
    """Keep everyone else who wants to be alone with a file waiting, by a file beside it: it may itself be replaced.

    Raises:
        OSError: as `locked`.
    """
    beside = f"{path}.lock"
    with locked(beside):
        try:
            yield
        finally:
            with suppress(OSError):  # Windows removes nothing that is open
                os.unlink(beside)


def _still_there(descriptor: int, path: str) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except FileNotFoundError:
        return False


def lock(descriptor: int) -> None:
    """Wait for the lock of an open file, but not for ever.

    Raises:
        OSError: somebody else kept it, or the file system has no locks.
    """
    until = time.monotonic() + PATIENCE
    while True:
        try:
            _try(descriptor)
        except OSError as error:
            if error.errno not in {errno.EACCES, errno.EAGAIN, errno.EDEADLK}:
                raise
            if time.monotonic() >= until:
                raise OSError(errno.EAGAIN, say(msg("another program has been writing to it for too long"))) from None
            time.sleep(PAUSE)
        else:
            return
