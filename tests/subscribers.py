"""Everyone who has subscribed from the beginning, and the law that lets their calendars follow.

What a subscriber sees of an event is every property that icalendar reads but SEQUENCE, DTSTAMP and LAST-MODIFIED. For
each UID of each feed, over its whole life: these three never fall, and they grow whenever what is seen changes, or the
event comes back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import icalendar

if TYPE_CHECKING:
    from collections.abc import Mapping

A_DAY = 86_400
"""What a day adds to a computed SEQUENCE: its seconds."""

NUMBERS = ("SEQUENCE", "DTSTAMP", "LAST-MODIFIED")


class Seen(NamedTuple):
    """An event as a subscriber gets it: what is shown, and what orders its versions."""

    content: bytes
    sequence: int
    stamp: str
    modified: str
    title: str
    status: str

    @property
    def numbers(self) -> tuple[int, str, str]:
        """What must grow."""
        return self.sequence, self.stamp, self.modified


def seen(data: bytes) -> dict[str, Seen]:
    """Read a feed with icalendar, by UID."""
    found = {}
    for event in icalendar.Calendar.from_ical(data).walk("VEVENT"):
        sequence, stamp, modified = (event.pop(name) for name in NUMBERS)
        uid = str(event["uid"])
        assert uid not in found
        found[uid] = Seen(
            event.to_ical(),
            int(sequence),
            stamp.to_ical().decode(),
            modified.to_ical().decode(),
            str(event["summary"]),
            str(event["status"]),
        )
    return found


class Subscribers:
    """Holds the law against all that they ever got."""

    def __init__(self) -> None:
        self.ever: dict[tuple[str, str], Seen] = {}
        self.last: dict[str, dict[str, Seen]] = {}

    def get(self, files: Mapping[str, bytes], *, exact: bool = True, returns_count: bool = True) -> None:
        """Fetch every feed.

        `exact`: what has not changed keeps its numbers; otherwise they may grow. `returns_count`: coming back is a
        change.
        """
        got = {name: seen(data) for name, data in files.items()}
        for name, events in got.items():
            for uid, now in events.items():
                before = self.ever.get((name, uid))
                if before is not None:
                    back = returns_count and uid not in self.last.get(name, {})
                    _hold(f"{name} {uid}", before, now, changed=back or now.content != before.content, exact=exact)
                self.ever[name, uid] = now
        self.last = got


def _hold(which: str, before: Seen, now: Seen, *, changed: bool, exact: bool) -> None:
    assert now.stamp == now.modified
    if changed:
        assert now.sequence > before.sequence, which
        assert now.stamp > before.stamp, which
    elif exact:
        assert now.numbers == before.numbers, which
    else:
        assert now.sequence >= before.sequence, which
        assert now.stamp >= before.stamp, which
