"""Keeping what is served current: read again when a file has changed or the day has turned, and never otherwise.

At each request the files are looked at (`stat`), which costs microseconds. Where that tells of a change, the bytes are
compared, and only other bytes are read as a plan. A file that changed twice within the grain of its time stamp would be
missed, so one that was changed just now is compared again until it is older than that. While one thread reads, the
others serve what there is; while the plan is broken, or anything else fails, everybody gets the last good state.
"""

from __future__ import annotations

from hashlib import blake2b
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime
    from pathlib import Path

GRAIN_NS = 2 * 10**9
"""What the time stamps of file systems may be behind, in nanoseconds: FAT counts in steps of two seconds."""

RETRY_SECONDS = 5.0
"""After a failure the same files are tried again no sooner: what failed may be the disk, not the plan."""

UNREADABLE = b"\1"
"""Stands for the content of what cannot be read: no file that can be made anything of has it."""

Made = TypeVar("Made")


class Seen(NamedTuple):
    """What tells that a file has not changed, unread: its latest time stamp, in nanoseconds, and the rest."""

    changed: int
    size: int
    inode: int
    device: int


class Failure(NamedTuple):
    """What keeps the served state from being current, and since when (UTC)."""

    error: Exception
    since: datetime


class Live(Generic[Made]):
    """A value that is made of files and of the day, and made anew when these change."""

    def __init__(
        self,
        make: Callable[[], tuple[Made, date]],
        *,
        files: Callable[[], Sequence[Path]],
        day: Callable[[], date],
        clock: Callable[[], datetime],
        tell: Callable[[Exception | None], None],
        instead: Made | None = None,
    ) -> None:
        """Make it a first time.

        `make` gives the value and the day that it is of: `day` may have told of another time zone than that of the
        plan that has been read since. `files` is asked at each look, as links may lead elsewhere by then; what is not
        there counts as empty. `clock` gives the present instant in UTC; `tell` is told of each failure, once, and with
        None that all is well again. `instead` is what to begin with when it cannot be made: without it, the failure is
        raised.
        """
        self._make, self._files, self._day, self._clock, self._tell = make, files, day, clock, tell
        self._lock = Lock()
        self._seen: object = None  # of the files as they were when last compared; None: compare in any case
        self._content = b""
        self._made_on: date | None = None  # the day that it was last made of, or tried to be
        self._tried = monotonic()
        self.failure: Failure | None = None
        self.since = clock()
        self._compare()
        try:
            self._value, self._made_on = make()
        except Exception as error:
            if instead is None:
                raise
            self._value, self._made_on = instead, day()
            self._fail(error)

    def current(self) -> Made:
        """Give the value: current, or the last good one."""
        if self._may_have_changed() and self._lock.acquire(blocking=False):
            try:
                self._refresh()
            finally:
                self._lock.release()
        return self._value

    def _may_have_changed(self) -> bool:
        if self._seen is None or self._day() != self._made_on or self._look() != self._seen:
            return True
        return self._to_be_retried()

    def _to_be_retried(self) -> bool:
        return self.failure is not None and monotonic() - self._tried >= RETRY_SECONDS

    def _refresh(self) -> None:
        """Make the value anew where that is due."""
        day, content = self._day(), self._content
        self._compare()
        if (day, self._content) == (self._made_on, content) and not self._to_be_retried():
            return
        self._tried = monotonic()
        try:
            self._value, self._made_on = self._make()
        except Exception as error:  # noqa: BLE001 - whatever it is, subscribers keep the last good state
            self._made_on = day
            self._fail(error)
        else:
            self.since = self._clock()
            if self.failure is not None:
                self.failure = None
                self._tell(None)

    def _fail(self, error: Exception) -> None:
        """Keep in mind that it failed, and tell it where that is news."""
        news = self.failure is None or str(self.failure.error) != str(error)
        since = self._clock() if self.failure is None else self.failure.since
        self.failure = Failure(error, since)
        if news:
            self._tell(error)

    def _compare(self) -> None:
        """Take in what the files are now: their time stamps where these can be trusted, and their bytes."""
        files, now = self._files(), self._clock()
        seen = tuple(map(_stat, files))
        digest = blake2b(digest_size=16)
        for file in files:
            digest.update(b"\0" + _bytes(file))
        newest = max((entry.changed for entry in seen if entry is not None), default=0)
        settled = newest + GRAIN_NS < int(now.timestamp()) * 10**9
        self._seen = seen if settled else None
        self._content = digest.digest()

    def _look(self) -> tuple[Seen | None, ...]:
        return tuple(map(_stat, self._files()))


def _stat(file: Path) -> Seen | None:
    try:
        found = file.stat()
    except OSError:
        return None
    # A time stamp of the content may be set, to what it was before; that of the setting may not.
    return Seen(max(found.st_mtime_ns, found.st_ctime_ns), found.st_size, found.st_ino, found.st_dev)


def _bytes(file: Path) -> bytes:
    """Read a file for comparing; what is there and cannot be read is neither like nothing nor like any content."""
    try:
        if file.is_file():  # of a pipe one would wait for whoever writes into it
            return file.read_bytes()
        return UNREADABLE if file.exists() else b""
    except OSError:
        return UNREADABLE
