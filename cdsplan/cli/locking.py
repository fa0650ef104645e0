"""One writer at a time: an advisory lock on an open file, given back when the file is closed or the program ends."""

from __future__ import annotations

import errno
import sys
import time

from cdsplan.cli.words import say
from cdsplan.messages import msg

PAUSE = 0.005
"""Seconds between two tries."""

if sys.platform == "win32":
    import msvcrt
    import os

    def _try(descriptor: int) -> None:
        os.lseek(descriptor, 1 << 30, os.SEEK_SET)  # far behind the content, which stays readable
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _try(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def lock(descriptor: int, patience: float) -> None:
    """Wait for the lock of an open file, at most so many seconds.

    Raises:
        OSError: somebody else kept it, or the file system has no locks.
    """
    until = time.monotonic() + patience
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
