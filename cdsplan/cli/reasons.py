"""Why the system refused to read or write, in the language of the run: its own words are English everywhere."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from cdsplan.messages import msg

if TYPE_CHECKING:
    from cdsplan.messages import Message

REASONS = {
    errno.EACCES: msg("Permission denied"),
    errno.EADDRINUSE: msg("Address already in use"),
    errno.EBADF: msg("Bad file descriptor"),
    errno.EDQUOT: msg("Disk quota exceeded"),
    errno.EFBIG: msg("File too large"),
    errno.EISDIR: msg("Is a directory"),
    errno.ELOOP: msg("Too many levels of symbolic links"),
    errno.ENAMETOOLONG: msg("File name too long"),
    errno.ENOENT: msg("No such file or directory"),
    errno.ENOSPC: msg("No space left on device"),
    errno.ENOTDIR: msg("Not a directory"),
    errno.EPERM: msg("Operation not permitted"),
    errno.EROFS: msg("Read-only file system"),
}
"""What people meet, in the system's words; any other error is told as the system tells it."""


def reason(error: OSError) -> Message | str:
    """Say why."""
    words = error.strerror or str(error)
    known = REASONS.get(error.errno or 0)
    return known if known is not None and known.template == words else words
