"""The bytes of a feed: RFC 5545 as the calendars in use read it (docs/decisions/feed-bytes.md says what and why).

CRLF; lines of at most 75 octets, folded neither inside a character nor before a combining mark; UTF-8 without a BOM;
no METHOD, no UID on the calendar, no "now": the same feed is the same bytes. All-day events end on the day after their
last day, as RFC 5545 counts. A timed deadline is an instant (DTSTART alone), never floating.

The lines are written here, which costs a tenth of what icalendar takes for an event; icalendar makes the time zones
that have rules of their own, and in the tests reads everything back.
"""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from cdsplan.feeds.items import FIXED_ZONES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cdsplan.feeds import Event, Feed, Reminder

MAX_OCTETS = 75  # of a line, its end not counted
COMBINING = 0xCC  # first UTF-8 byte of U+0300; below it there are no combining marks
ONE_DAY = timedelta(days=1)
RINGS_AT = time(9)


def render(feed: Feed, contents: Iterable[bytes] | None = None) -> bytes:
    """Write a feed. `contents` is what `content` gives for each of its events, where that has been made before."""
    if contents is None:
        contents = map(content, feed.events)
    blocks = [_block(event, written) for event, written in zip(feed.events, contents, strict=True)]
    return b"".join((_write(_head_lines(feed)), *blocks, b"END:VCALENDAR\r\n"))


def content(event: Event) -> bytes:
    """Write what subscribers see of an event: all of it but its UID, SEQUENCE and stamps."""
    return _write(_content_lines(event))


class ContentWriter:
    """Writes the content of events; that of an event which many feeds share, once."""

    def __init__(self) -> None:
        self._written: dict[int, tuple[Event, bytes]] = {}  # by identity, so each must live on

    def __call__(self, event: Event) -> bytes:
        """Write the content of an event."""
        known = self._written.get(id(event))
        if known is None:
            known = self._written[id(event)] = event, content(event)
        return known[1]


def _block(event: Event, written: bytes) -> bytes:
    """Put an event together from what identifies and numbers it, and its content."""
    stamp = f"{event.stamp:%Y%m%dT%H%M%SZ}"
    numbers = f"DTSTAMP:{stamp}\r\nLAST-MODIFIED:{stamp}\r\nSEQUENCE:{event.sequence}\r\n"
    return b"".join((b"BEGIN:VEVENT\r\n", fold(f"UID:{event.uid}"), numbers.encode(), written, b"END:VEVENT\r\n"))


def _write(lines: Iterable[str]) -> bytes:
    return b"".join([fold(line) for line in lines])


def _head_lines(feed: Feed) -> Iterator[str]:
    """Give everything up to the first event."""
    name, description = escape(_one_line(feed.name)), escape(_one_line(feed.description))
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield "PRODID:-//cdsplan//cdsplan//EN"
    yield "CALSCALE:GREGORIAN"
    yield f"NAME:{name}"
    yield f"X-WR-CALNAME:{name}"
    yield f"X-WR-CALDESC:{description}"
    yield f"COLOR:{feed.color}"
    yield "REFRESH-INTERVAL;VALUE=DURATION:PT6H"
    yield "X-PUBLISHED-TTL:PT6H"
    yield from _zone_lines(feed.events)


def _zone_lines(events: Iterable[Event]) -> Iterator[str]:
    """Give the time zones of timed events."""
    years: dict[str, set[int]] = {}
    for event in events:
        if event.time is not None and event.timezone != "UTC":
            years.setdefault(event.timezone, set()).add(event.first.year)
    for name, of_events in years.items():
        if name == "Asia/Ho_Chi_Minh":
            yield from HO_CHI_MINH
        else:
            from icalendar import Timezone  # noqa: PLC0415 - 45 ms that only zones with rules of their own need

            first, last = date(min(of_events) - 1, 1, 1), date(max(of_events) + 1, 12, 31)
            zone = Timezone.from_tzid(name, first_date=first, last_date=last)
            yield from [str(line) for line in zone.content_lines() if line]


HO_CHI_MINH = (  # which has kept +07:00 since 1975
    "BEGIN:VTIMEZONE",
    "TZID:Asia/Ho_Chi_Minh",
    "BEGIN:STANDARD",
    "DTSTART:19750613T000000",
    "TZOFFSETFROM:+0700",
    "TZOFFSETTO:+0700",
    "TZNAME:+07",
    "END:STANDARD",
    "END:VTIMEZONE",
)


def _content_lines(event: Event) -> Iterator[str]:
    yield from _when(event)
    yield f"SUMMARY:{escape(event.title)}"
    yield f"DESCRIPTION:{escape(event.description)}"
    if event.categories:
        yield f"CATEGORIES:{','.join([escape(category) for category in event.categories])}"
    if event.url:
        yield f"URL:{''.join(event.url.split())}"
    yield f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"
    yield "X-MICROSOFT-CDO-BUSYSTATUS:FREE"
    for reminder in event.reminders:
        yield "BEGIN:VALARM"
        yield "ACTION:DISPLAY"
        yield f"DESCRIPTION:{escape(reminder.words)}"
        yield _trigger(reminder, event)
        yield "END:VALARM"


def _when(event: Event) -> Iterator[str]:
    if event.time is None:
        yield f"DTSTART;VALUE=DATE:{_date(event.first)}"
        yield f"DTEND;VALUE=DATE:{_date(event.last + ONE_DAY)}"
    elif event.timezone == "UTC":
        yield f"DTSTART:{_date(event.first)}T{event.time:%H%M%S}Z"
    else:
        yield f"DTSTART;TZID={event.timezone}:{_date(event.first)}T{event.time:%H%M%S}"


def _date(day: date) -> str:
    return day.isoformat().replace("-", "")


def _trigger(reminder: Reminder, event: Event) -> str:
    """Write when an alarm rings: at 09:00, but not after a deadline earlier on that day.

    It is told from the event's start, on which an all-day event has midnight. The hours of a duration are exact (RFC
    5545, 3.3.6), so where the clocks are changed in between, the instant is told instead.
    """
    starts = datetime.combine(event.first, event.time or time())
    rings = datetime.combine(event.first - timedelta(days=reminder.days), RINGS_AT)
    if event.time is not None:
        rings = min(rings, starts)
        if event.timezone not in FIXED_ZONES:
            from zoneinfo import ZoneInfo  # noqa: PLC0415 - 3 ms that few plans need

            zone = ZoneInfo(event.timezone)
            instant = rings.replace(tzinfo=zone)
            if instant.utcoffset() != starts.replace(tzinfo=zone).utcoffset():
                return f"TRIGGER;VALUE=DATE-TIME:{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f"TRIGGER:{_duration(rings - starts)}"


def _duration(length: timedelta) -> str:
    sign, length = ("-", -length) if length < timedelta() else ("", length)
    hours, minutes = divmod(length.seconds // 60, 60)
    days = f"{length.days}D" if length.days else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    if clock:
        return f"{sign}P{days}T{clock}"
    return f"{sign}P{days}" if days else "PT0S"


def escape(text: str) -> str:
    r"""Write text as a property's value: `\ ; ,` and line ends escaped, tabs as spaces."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return _end_lines(text).replace("\n", "\\n").replace("\t", " ")


def _end_lines(text: str) -> str:
    """Turn whatever some parser takes for the end of a line into LF."""
    for end in ("\r\n", "\r", "\x85", "\u2028", "\u2029"):
        text = text.replace(end, "\n")
    return text


def _one_line(text: str) -> str:
    return _end_lines(text).replace("\n", " ").replace("\t", " ")


def fold(line: str) -> bytes:
    """Write a content line: cut where it is longer than 75 octets, each further piece after a space."""
    octets = line.encode()
    length = len(octets)
    if length <= MAX_OCTETS:
        return octets + b"\r\n"
    pieces = []
    start, room = 0, MAX_OCTETS
    while length - start > room:
        end = _cut(octets, start, start + room)
        pieces.append(octets[start:end])
        start, room = end, MAX_OCTETS - 1  # the space counts
    pieces.append(octets[start:])
    return b"\r\n ".join(pieces) + b"\r\n"


def _cut(octets: bytes, start: int, end: int) -> int:
    """Find where to cut, at most at `end`: not inside a character, and not before a combining mark if that can be."""
    for at in range(end, start, -1):
        if octets[at] < COMBINING:
            if octets[at] & 0xC0 != 0x80:  # noqa: PLR2004 - 10xxxxxx continues a character
                return at
        elif not unicodedata.category(octets[at : at + 4].decode(errors="ignore")[0]).startswith("M"):
            return at
    while octets[end] & 0xC0 == 0x80:  # noqa: PLR2004
        end -= 1
    return end
