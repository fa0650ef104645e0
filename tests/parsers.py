"""The parsers that the feed tests read every feed with: five libraries that share no code with the writer.

Each gives (uid, title, first day, last day) of every event, the last day included.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import warnings
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import icalendar
import pytest
import vobject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ICAL_JS = Path(__file__).parent / "ical_js"
LIBICAL = Path(__file__).parent / "libical" / "events.py"

Seen = tuple[str, str, date, date]


def _last(first: date, end: date | None) -> date:
    """Give the last day of an event that ends before `end`; a moment (no end) ends on its day."""
    if isinstance(first, datetime):
        return first.date()
    assert end is not None
    return end - timedelta(days=1)


def _day(when: date) -> date:
    return when.date() if isinstance(when, datetime) else when


def with_icalendar(data: bytes) -> list[Seen]:
    """Read with icalendar."""
    found: list[Seen] = []
    for event in icalendar.Calendar.from_ical(data).walk("VEVENT"):
        first = event.decoded("dtstart")
        end = event.decoded("dtend") if "dtend" in event else None
        found.append((str(event["uid"]), str(event["summary"]), _day(first), _last(first, end)))
    return found


def with_vobject(data: bytes) -> list[Seen]:
    """Read with vobject."""
    found: list[Seen] = []
    for event in vobject.readOne(data.decode()).vevent_list:
        first = event.dtstart.value
        end = event.dtend.value if hasattr(event, "dtend") else None
        found.append((event.uid.value, event.summary.value, _day(first), _last(first, end)))
    return found


def with_ics(data: bytes) -> list[Seen]:
    """Read with ics, whose events are a set in no order."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its parser warns of its own grammar
        import ics  # noqa: PLC0415 - inside the guard

        calendar: Any = ics.Calendar(data.decode())
    found: list[Seen] = []
    for event in calendar.events:
        begin, end = event.begin.date(), event.end.date()
        found.append((event.uid, event.name, begin, end - timedelta(days=1) if event.all_day else end))
    return found


def with_ical_js(files: Iterable[Path]) -> list[list[Seen]]:
    """Read files with ical.js, in one run of node."""
    node = shutil.which("node")
    if node is None or not (ICAL_JS / "node_modules" / "ical.js").is_dir():
        pytest.skip("ical.js needs node, and `npm ci` in tests/ical_js")
    told = subprocess.run(
        [node, ICAL_JS / "events.mjs", *files], check=True, capture_output=True, encoding="utf-8", timeout=120
    )
    return _told(told.stdout)


def with_libical(files: Iterable[Path]) -> list[list[Seen]]:
    """Read files with libical, in one run of the system's Python, for which Debian packages its bindings."""
    python = "/usr/bin/python3"
    if not Path(python).exists() or subprocess.run([python, LIBICAL, *()], check=False, capture_output=True).returncode:
        pytest.skip("libical needs Debian's python3-gi and gir1.2-ical-3.0: tools/install-test-programs.sh")
    told = subprocess.run(
        [python, LIBICAL, *files],
        check=True,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        env={"LC_ALL": "C.UTF-8"},
    )
    return _told(told.stdout)


def _told(output: str) -> list[list[Seen]]:
    """Read what another program tells of the events of each file."""
    return [
        [
            (event["uid"], event["title"], date.fromisoformat(event["first"]), date.fromisoformat(event["last"]))
            for event in events
        ]
        for events in json.loads(output)
    ]


PARSERS: tuple[Callable[[bytes], list[Seen]], ...] = (with_icalendar, with_vobject, with_ics)
