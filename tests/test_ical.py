"""The bytes of a feed: read back by other parsers, and line by line where the law is about bytes."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from parsers import PARSERS, with_icalendar

from cdsplan.feeds import Event, EventKind, Feed, Reminder
from cdsplan.views.ical import ContentWriter, content, escape, fold, render

EVENT = Event(
    uid="khao-sat@nghean",
    kind=EventKind.ITEM,
    first=date(2021, 9, 30),
    last=date(2021, 9, 30),
    timezone="Asia/Ho_Chi_Minh",
    title="Khảo sát hiện trạng CNTT [khao-sat]",
    description="Vai trò: chủ trì\nThời hạn: “trước ngày 30/9/2021”",
    stamp=datetime(2021, 8, 22, 17, tzinfo=UTC),
    sequence=0,
)
FEED = Feed(
    agency="so-tttt",
    key="so-tttt",
    name="Sở TT&TT – NQ CĐS Nghệ An",
    description="Thời hạn của Sở TT&TT",
    color="teal",
    events=(EVENT,),
)

PAYLOADS = (
    "a\nb",
    "a\r\nBEGIN:VEVENT\r\nUID:x\r\nEND:VEVENT",
    "BEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT",
    "END:VCALENDAR",
    "a;b,c:d",
    "\\n \\N \\; \\, \\\\ \\",
    'he said "no"; DTSTART="x"',
    "a\tb",
    "a\u2028b\u2029c\x85d\re",
    "Ủy ban nhân dân tỉnh Nghệ An giao các sở, ngành, đơn vị, địa phương khảo sát hiện trạng; " * 20,
    "👩🏽‍💻🇻🇳" * 40,
    "e\u0301\u0323" * 60,  # marks that do not compose
    "^n^^^'",
    "X-WR-CALNAME:x\n ATTACH:http://x",
    "{n} {title} %s",
)


def feed(*events: Event) -> Feed:
    """Give a feed of these events."""
    return replace(FEED, events=events)


def lines(data: bytes) -> list[str]:
    """Give the unfolded lines of a feed."""
    return data.decode().replace("\r\n ", "").split("\r\n")[:-1]


def test_a_feed_is_written_as_worked_by_hand() -> None:
    """An event of one day ends on the next, blocks no time, and the calendar has names, colour and refresh, no UID."""
    assert lines(render(FEED)) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//cdsplan//cdsplan//EN",
        "CALSCALE:GREGORIAN",
        "NAME:Sở TT&TT – NQ CĐS Nghệ An",
        "X-WR-CALNAME:Sở TT&TT – NQ CĐS Nghệ An",
        "X-WR-CALDESC:Thời hạn của Sở TT&TT",
        "COLOR:teal",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
        "BEGIN:VEVENT",
        "UID:khao-sat@nghean",
        "DTSTAMP:20210822T170000Z",
        "LAST-MODIFIED:20210822T170000Z",
        "SEQUENCE:0",
        "DTSTART;VALUE=DATE:20210930",
        "DTEND;VALUE=DATE:20211001",
        "SUMMARY:Khảo sát hiện trạng CNTT [khao-sat]",
        "DESCRIPTION:Vai trò: chủ trì\\nThời hạn: “trước ngày 30/9/2021”",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


def test_a_cancelled_event_says_so() -> None:
    """STATUS is CANCELLED."""
    assert "STATUS:CANCELLED" in lines(render(feed(replace(EVENT, cancelled=True))))


def test_categories_and_address_are_written() -> None:
    """Commas part categories and are escaped inside them; an address is written as it is."""
    written = lines(render(feed(replace(EVENT, categories=("A, b", "mốc"), url="https://example.org/a?b=1,2;3"))))

    assert "CATEGORIES:A\\, b,mốc" in written
    assert "URL:https://example.org/a?b=1,2;3" in written


@pytest.mark.parametrize(
    ("days", "trigger"),
    [(0, "PT9H"), (1, "-PT15H"), (2, "-P1DT15H"), (7, "-P6DT15H")],
)
def test_an_alarm_of_an_all_day_event_rings_at_nine(days: int, trigger: str) -> None:
    """Counted from midnight of the event's day: 09:00 so many days before."""
    written = lines(render(feed(replace(EVENT, reminders=(Reminder(days=days, words="Còn: a, b"),)))))

    at = written.index("BEGIN:VALARM")
    assert written[at : at + 5] == [
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "DESCRIPTION:Còn: a\\, b",
        f"TRIGGER:{trigger}",
        "END:VALARM",
    ]


@pytest.mark.parametrize(
    ("deadline", "days", "trigger"),
    [
        (time(20), 1, "-P1DT11H"),  # 09:00 of the day before is 35 hours earlier
        (time(17, 30), 0, "-PT8H30M"),
        (time(9), 2, "-P2D"),
        (time(9), 0, "PT0S"),
        (time(7), 0, "PT0S"),  # 09:00 would be too late
    ],
)
def test_an_alarm_of_a_timed_event_rings_at_nine_and_not_after_it(deadline: time, days: int, trigger: str) -> None:
    """Counted from the event's own hour."""
    event = replace(EVENT, time=deadline, reminders=(Reminder(days=days, words="x"),))

    assert f"TRIGGER:{trigger}" in lines(render(feed(event)))


NEW_YORK = replace(EVENT, timezone="America/New_York")


@pytest.mark.parametrize(
    ("day", "deadline", "days", "trigger"),
    [
        # Clocks go forward on 8 March 2026 at 02:00: 09:00 is 14:00 UTC before, 13:00 UTC after.
        (date(2026, 3, 8), time(8), 1, ";VALUE=DATE-TIME:20260307T140000Z"),
        (date(2026, 3, 10), time(20), 7, ";VALUE=DATE-TIME:20260303T140000Z"),
        (date(2026, 3, 8), time(17), 0, ":-PT8H"),  # both after the change
        (date(2026, 3, 9), time(17), 1, ":-P1DT8H"),
        (date(2026, 3, 7), time(17), 1, ":-P1DT8H"),  # both before
        (date(2026, 3, 8), time(1, 30), 0, ":PT0S"),  # 09:00 would be too late
        # They go back on 1 November 2026.
        (date(2026, 11, 2), time(17), 7, ";VALUE=DATE-TIME:20261026T130000Z"),
        (date(2026, 11, 1), time(0, 30), 1, ":-PT15H30M"),  # the change comes after both
    ],
)
def test_an_alarm_rings_at_nine_also_when_the_clocks_are_changed(
    day: date, deadline: time, days: int, trigger: str
) -> None:
    """Where the hours between alarm and deadline are not those of the clock, its instant is written."""
    event = replace(NEW_YORK, first=day, last=day, time=deadline, reminders=(Reminder(days=days, words="x"),))

    data = render(feed(event))

    assert f"TRIGGER{trigger}" in lines(data)
    (seen,) = icalendar.Calendar.from_ical(data).walk("VEVENT")
    assert isinstance(seen, icalendar.Event)
    (alarm,) = seen.alarms.times
    assert isinstance(alarm.trigger, datetime)
    rings = alarm.trigger.astimezone(ZoneInfo("America/New_York"))
    assert (rings.date(), rings.time()) == (day - timedelta(days=days), min(time(9), deadline) if not days else time(9))
    for parse in PARSERS:
        assert len(parse(data)) == 1


def test_a_timed_deadline_is_an_instant_with_its_zone_once() -> None:
    """Two timed events share one time zone of +07:00, which a feed without them does not have."""
    timed = replace(EVENT, time=time(20), uid="a@p")
    data = render(feed(timed, replace(timed, uid="b@p")))

    assert lines(data).count("DTSTART;TZID=Asia/Ho_Chi_Minh:20210930T200000") == 2
    assert b"DTEND" not in data
    assert data.count(b"BEGIN:VTIMEZONE") == 1
    assert data.count(b"TZOFFSETTO:+0700\r\n") == 1
    (first, _) = icalendar.Calendar.from_ical(data).walk("VEVENT")
    assert first.decoded("dtstart").astimezone(UTC) == datetime(2021, 9, 30, 13, tzinfo=UTC)
    assert b"VTIMEZONE" not in render(FEED)


def test_a_timed_deadline_elsewhere_has_the_rules_of_its_zone() -> None:
    """Berlin at 20:00 is 18:00 UTC in summer and 19:00 in winter."""
    summer = replace(EVENT, time=time(20), timezone="Europe/Berlin", first=date(2026, 7, 1), uid="a@p")
    winter = replace(summer, first=date(2026, 12, 1), uid="b@p")

    events = icalendar.Calendar.from_ical(render(feed(summer, winter))).walk("VEVENT")

    assert [event.decoded("dtstart").astimezone(UTC).hour for event in events] == [18, 19]


def test_a_timed_deadline_in_utc_needs_no_zone() -> None:
    """It is written with a Z."""
    data = render(feed(replace(EVENT, time=time(20), timezone="UTC")))

    assert "DTSTART:20210930T200000Z" in lines(data)
    assert b"VTIMEZONE" not in data


def test_text_is_escaped_as_rfc_5545_says() -> None:
    """Backslash, semicolon, comma and line end; nothing else."""
    assert escape('a\\b;c,d\ne:"f"\tg') == 'a\\\\b\\;c\\,d\\ne:"f" g'


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=300))
def test_escaped_text_comes_back(text: str) -> None:
    """Icalendar reads what was written, but for separators that only some parsers know as line ends."""
    written = render(feed(replace(EVENT, title=f"x{text}x")))

    (event,) = icalendar.Calendar.from_ical(written).walk("VEVENT")
    assert str(event["summary"]) == f"x{text}x".replace("\u2028", "\n").replace("\u2029", "\n")


@given(st.text(st.sampled_from("abc ạ\u0301\u0323\u20dd\ufe0f👩\u200d💻漢"), max_size=400))
def test_folding_keeps_characters_and_accents_whole(text: str) -> None:
    """No line has more than 75 octets; none cuts a character, none begins with a mark but after marks alone."""
    line = f"SUMMARY:{text}"
    folded = fold(line)

    assert folded.endswith(b"\r\n")
    first, *more = folded[:-2].split(b"\r\n")
    assert all(len(piece) <= 75 for piece in (first, *more))
    assert all(piece.startswith(b" ") for piece in more)
    pieces = [first.decode(), *(piece[1:].decode() for piece in more)]
    assert "".join(pieces) == line
    for before, after in pairwise(pieces):
        if unicodedata.category(after[0]).startswith("M"):
            assert all(unicodedata.category(character).startswith("M") for character in before[1:])


def test_lines_are_as_long_as_they_may_be() -> None:
    """75 octets stay one line; the 76th goes to the next, whose space counts."""
    assert fold("x" * 75) == b"x" * 75 + b"\r\n"
    assert fold("x" * 150) == b"x" * 75 + b"\r\n " + b"x" * 74 + b"\r\n x\r\n"


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("a" + "\u0301" * 60, ["a" + "\u0301" * 37, "\u0301" * 23]),  # 1 + 37 × 2 = 75 octets
        # The cut before b keeps its marks with it; then 1 + 36 × 2 octets fit into 74, and a half of one more.
        ("ab" + "\u0301" * 60, ["a", "b" + "\u0301" * 36, "\u0301" * 24]),
    ],
)
def test_a_run_of_marks_longer_than_a_line_is_cut_between_them(text: str, pieces: list[str]) -> None:
    """There is no better place, but a character stays whole."""
    assert fold(text) == "\r\n ".join(pieces).encode() + b"\r\n"


def shape(data: bytes) -> list[list[str]]:
    """Give the property names of every component, as icalendar reads them."""
    return [sorted(component.keys()) for component in icalendar.Calendar.from_ical(data).walk()]


def with_payload(payload: str) -> Feed:
    """Put a payload into every text of a feed; an address keeps no spaces."""
    event = replace(
        EVENT,
        title=payload,
        description=payload,
        categories=(payload,),
        url=f"https://example.org/{payload}",
        reminders=(Reminder(days=1, words=payload),),
    )
    return replace(FEED, name=payload, description=payload, events=(event,))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_becomes_a_property(payload: str) -> None:
    """Whatever a text holds, the feed has the components and properties of harmless text, for every parser."""
    data = render(with_payload(payload))

    assert shape(data) == shape(render(with_payload("harmless")))
    assert len(lines(data)) == len(lines(render(with_payload("harmless"))))
    assert len(data.decode().splitlines()) == data.count(b"\r\n"), "nothing but CRLF ends a line"
    for parse in PARSERS:
        assert [uid for uid, *_ in parse(data)] == [EVENT.uid]


def test_no_text_becomes_a_property_without_assertions_either() -> None:
    """The same holds under `python -O`, which drops the assertions that a library might rely on."""
    program = (
        "import sys; sys.path[:0] = ['tests', '.']\n"
        "import icalendar\n"
        "from test_ical import PAYLOADS, render, shape, with_payload\n"
        "wanted = shape(render(with_payload('harmless')))\n"
        "wrong = [payload for payload in PAYLOADS if shape(render(with_payload(payload))) != wanted]\n"
        "print(len(PAYLOADS), wrong)\n"
    )
    told = subprocess.run([sys.executable, "-O", "-c", program], check=True, capture_output=True, encoding="utf-8")

    assert told.stdout == f"{len(PAYLOADS)} []\n"


def test_an_event_that_feeds_share_is_written_once() -> None:
    """The content made for one feed serves the next."""
    write = ContentWriter()

    assert write(EVENT) is write(EVENT)
    assert write(replace(EVENT, title="Khác")) != write(EVENT)
    assert render(FEED, map(write, FEED.events)) == render(FEED)
    assert with_icalendar(render(FEED)) == [(EVENT.uid, EVENT.title, EVENT.first, EVENT.last)]


def test_the_content_of_an_event_is_all_but_its_numbers() -> None:
    """Another name, stamp or SEQUENCE leaves it; every other line is its own."""
    assert content(EVENT) == content(replace(EVENT, uid="x@y", stamp=datetime(2022, 1, 1, tzinfo=UTC), sequence=7))
    assert content(EVENT) in render(FEED)
    assert content(replace(EVENT, reminders=(Reminder(days=1, words="Còn"),))) != content(EVENT)
