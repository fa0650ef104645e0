"""Read feeds with libical (through its GObject bindings), and tell their events as JSON.

    python3 events.py FILE...

It runs under the system's Python, for which Debian packages the bindings: it imports nothing of this project.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import gi

gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib  # noqa: E402 - its version must be said before


def day(when: Any) -> str:  # noqa: ANN401 - the bindings have no types
    """Give the day of a time."""
    return f"{when.get_year():04}-{when.get_month():02}-{when.get_day():02}"


def last_day(first: Any, end: Any) -> str:  # noqa: ANN401 - as above
    """Give the last day of an event: a date's end is the day after it."""
    if not first.is_date():
        return day(first)
    before = end.clone()
    before.adjust(-1, 0, 0, 0)
    return day(before)


def events(data: str) -> list[dict[str, str]]:
    """Give every event of a calendar; whatever libical could not read is an error."""
    calendar = ICalGLib.Component.new_from_string(data)
    if calendar is None or calendar.count_errors():
        raise SystemExit("libical cannot read it")
    found = []
    event = calendar.get_first_component(ICalGLib.ComponentKind.VEVENT_COMPONENT)
    while event is not None:
        first = event.get_dtstart()
        found.append(
            {
                "uid": event.get_uid(),
                "title": event.get_summary(),
                "first": day(first),
                "last": last_day(first, event.get_dtend()),
            }
        )
        event = calendar.get_next_component(ICalGLib.ComponentKind.VEVENT_COMPONENT)
    return found


sys.stdout.write(json.dumps([events(Path(file).read_bytes().decode()) for file in sys.argv[1:]]))
