"""Writing files so that every reader sees the old content or the new, whole.

Data goes to a new file beside the target, reaches the disk, and takes the target's name. What is already there to the
byte is left untouched, with its times. A symbolic link at the target is refused, never followed. Every failure is an
OSError that names the target, and leaves nothing behind.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

from cdsplan.cli.words import say
from cdsplan.messages import msg

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# What a platform does not have asks for nothing. O_BINARY keeps Windows from rewriting line ends.
NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
BINARY = getattr(os, "O_BINARY", 0)
DIRECTORY: int | None = getattr(os, "O_DIRECTORY", None)

DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})


def write_whole(path: Path, data: bytes) -> bool:
    """Give the file at `path` this content; say whether that changed anything.

    Raises:
        OSError: it cannot be written, or something other than a file has its name.
    """
    if not _replace(path, data):
        return False
    keep_names(path.parent)
    return True


def write_folder(folder: Path, files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Write files into a folder, made if need be, each whole or not at all; give the names of those that changed.

    Files that are there under other names stay.

    Raises:
        ValueError: a name is no plain file name, or two are one on some file systems; nothing has been written.
        OSError: a file cannot be written; those before it have been.
    """
    if len({name.casefold() for name in files}) < len(files) or not all(map(is_plain, files)):
        raise ValueError(f"these cannot be the names of files: {', '.join(files)}")
    folder.mkdir(parents=True, exist_ok=True)
    changed = tuple(name for name, data in files.items() if _replace(folder / name, data))
    if changed:
        keep_names(folder)
    return changed


def is_plain(name: str) -> bool:
    """Whether a name means a file of the folder it is looked up in, on every system."""
    return (
        name.isprintable()
        and name.strip(" .") == name != ""
        and not set('/\\:*?"<>|').intersection(name)
        and name.partition(".")[0].rstrip().casefold() not in DEVICES
    )


def _replace(path: Path, data: bytes) -> bool:
    try:
        mode = _mode(path)
        if mode is not None and _holds(path, data):
            return False
        _write_beside(path, data, mode)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    return True


def _mode(path: Path) -> int | None:
    """Give the permissions of the file at `path`; None when there is nothing yet."""
    try:
        found = path.lstat().st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISLNK(found):
        raise OSError(errno.ELOOP, say(msg("it is a symbolic link, which is not followed")))
    if not stat.S_ISREG(found):
        raise OSError(errno.EINVAL, say(msg("something that is no file has this name")))
    return stat.S_IMODE(found)


def _holds(path: Path, data: bytes) -> bool:
    """Whether the file has this content; one that may not be read counts as another."""
    try:
        with open(os.open(path, os.O_RDONLY | BINARY | NO_FOLLOW), "rb") as file:  # noqa: PTH123 - of a descriptor
            return file.read(len(data) + 1) == data
    except PermissionError:
        return False


def _write_beside(path: Path, data: bytes, mode: int | None) -> None:
    """Write a new file in the same folder, and give it the name."""
    beside = path.with_name(f".cdsplan-{os.urandom(8).hex()}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY | NO_FOLLOW
    new = os.open(beside, flags, 0o666 if mode is None else mode & 0o666)
    try:
        with open(new, "wb") as file:  # noqa: PTH123 - of a descriptor
            file.write(data)
            file.flush()
            os.fsync(new)
        if mode is not None:
            beside.chmod(mode)  # those who could read it still can, and nobody else
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def keep_names(folder: Path | str) -> None:
    """Have a folder's new names reach the disk, where the system lets one ask for that."""
    if DIRECTORY is None:
        return
    with suppress(OSError):  # some file systems refuse; the files themselves are safe
        descriptor = os.open(folder, os.O_RDONLY | DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
