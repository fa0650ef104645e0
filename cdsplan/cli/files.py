"""Writing files so that every reader sees the old content or the new, whole.

Data goes to a new file beside the target, reaches the disk, and takes the target's name; of several files, none takes
its name before all have reached the disk. What is already there to the byte is left untouched, with its times. A
symbolic link at the target is refused, never followed. Every failure is an OSError that names the target, and leaves
nothing behind.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from cdsplan.cli.words import say
from cdsplan.messages import msg

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
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


def try_whole(path: Path) -> None:
    """Find out whether `write_whole` could write a file at `path`; nothing is left of that.

    Raises:
        OSError: it could not.
    """
    try:
        _write_beside(path, b"", _before(path), ".tmp").unlink()
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def write_folder(
    folder: Path,
    files: Mapping[str, bytes],
    *,
    former: Collection[str] = (),
    wrote: Callable[[], object] = lambda: None,
) -> tuple[str, ...]:
    """Write files into a folder and its subfolders, made if need be; give the names of those that changed.

    Names are relative, parted by "/". All new content reaches the disk before the first file takes its name; then they
    take them in the order given. So a failure changes nothing, and whoever is killed leaves every file whole, the first
    ones new. Then those of the `former` files that are not among them are removed. All other files stay. `wrote` is
    called after each file.

    Raises:
        ValueError: a name is no plain one, or two are one on some file systems; nothing has been written.
        OSError: a file cannot be written.
    """
    if len({name.casefold() for name in files}) < len(files) or not all(map(_is_plain_path, files)):
        raise ValueError(f"these cannot be the names of files: {', '.join(files)}")
    staged: dict[Path, Path] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            path = folder / name
            _make_folders(folder, name)
            beside = _stage(path, data, ".new")
            if beside is not None:
                staged[path] = beside
            wrote()
        for path, beside in staged.items():
            _name(beside, path)
    except BaseException:
        for beside in staged.values():
            beside.unlink(missing_ok=True)
        raise
    ended = {folder / name for name in former if name not in files}
    for path in ended:
        path.unlink(missing_ok=True)
    for parent in {path.parent for path in (*staged, *ended)}:
        keep_names(parent)
    return tuple(path.relative_to(folder).as_posix() for path in staged)


def _is_plain_path(name: str) -> bool:
    return all(map(is_plain, name.split("/")))


def _make_folders(folder: Path, name: str) -> None:
    """Make the folders of a relative name; a link in place of one is refused, as it may lead anywhere."""
    for part in name.split("/")[:-1]:
        folder /= part
        if folder.is_symlink():
            raise OSError(errno.ELOOP, say(msg("it is a symbolic link, which is not followed")), str(folder))
        folder.mkdir(exist_ok=True)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep everyone else who wants to be alone in this folder waiting, and sweep up after one who was killed.

    Raises:
        OSError: there can be no such folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if DIRECTORY is None:  # nor does such a system lock one
        yield
        return
    from fcntl import LOCK_EX, flock  # noqa: PLC0415 - POSIX only

    descriptor = os.open(folder, os.O_RDONLY | DIRECTORY)
    try:
        flock(descriptor, LOCK_EX)
        for left in folder.rglob(".cdsplan-*.new"):
            left.unlink()
        yield
    finally:
        os.close(descriptor)  # which unlocks it


def is_plain(name: str) -> bool:
    """Whether a name means a file of the folder it is looked up in, on every system."""
    return (
        name.isprintable()
        and name.strip(" .") == name != ""
        and not set('/\\:*?"<>|').intersection(name)
        and name.partition(".")[0].rstrip().casefold() not in DEVICES
    )


def _replace(path: Path, data: bytes) -> bool:
    beside = _stage(path, data, ".tmp")
    if beside is None:
        return False
    try:
        _name(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return True


def _name(beside: Path, path: Path) -> None:
    """Let a file that has reached the disk take its name."""
    try:
        beside.replace(path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _stage(path: Path, data: bytes, suffix: str) -> Path | None:
    """Write a new file beside the one that it shall replace; None when that has this content already."""
    try:
        before = _before(path)
        if before is not None and _holds(path, data):
            return None
        return _write_beside(path, data, before, suffix)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _before(path: Path) -> os.stat_result | None:
    """Give what the system knows of the file at `path`; None when there is nothing yet."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    if stat.S_ISLNK(found.st_mode):
        raise OSError(errno.ELOOP, say(msg("it is a symbolic link, which is not followed")))
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, say(msg("something that is no file has this name")))
    return found


def _holds(path: Path, data: bytes) -> bool:
    """Whether the file has this content; one that may not be read counts as another."""
    try:
        with open(os.open(path, os.O_RDONLY | BINARY | NO_FOLLOW), "rb") as file:  # noqa: PTH123 - of a descriptor
            return file.read(len(data) + 1) == data
    except PermissionError:
        return False


def _write_beside(path: Path, data: bytes, before: os.stat_result | None, suffix: str) -> Path:
    """Write a new file in the same folder, which shall replace the one from before, if any."""
    mode = None if before is None else stat.S_IMODE(before.st_mode)
    beside = path.with_name(f".cdsplan-{os.urandom(8).hex()}{suffix}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY | NO_FOLLOW
    new = os.open(beside, flags, 0o666 if mode is None else mode & 0o666)
    try:
        with open(new, "wb") as file:  # noqa: PTH123 - of a descriptor
            file.write(data)
            file.flush()
            os.fsync(new)
        if before is not None and mode is not None:
            beside.chmod(mode)  # those who could read it still can, and nobody else
            _date_after(beside, before)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return beside


def _date_after(path: Path, before: os.stat_result) -> None:
    """Date a file a second after the one that it replaces, where it is not later by itself.

    Web servers make the tag of a file from its size and the second it was changed: of two versions of one second and
    size, subscribers who have the first would never get the other.
    """
    second = int(before.st_mtime)
    if int(path.stat().st_mtime) <= second:
        os.utime(path, (second + 1, second + 1))


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


def require_file(descriptor: int) -> None:
    """Refuse what is open and no file.

    Raises:
        OSError: it is something else.
    """
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, say(msg("something that is no file has this name")))
