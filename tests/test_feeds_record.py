"""The record of what was published: read back as it was written, or refused with a place; never half believed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsplan.feeds.record import read_state, write_state
from cdsplan.feeds.state import NOTHING_PUBLISHED, Published, PublishedFeed, State
from cdsplan.i18n import language
from cdsplan.plan.reader import RESERVED_NAMES
from cdsplan.problems import PlanError
from cdsplan.views.frames import frames

STATE = State(
    ("p", "q"),
    {
        "all": PublishedFeed(
            "Kế hoạch",
            "Mọi thời hạn",
            {
                "khao-sat@p": Published(
                    39,
                    datetime(2021, 9, 30, 17, tzinfo=UTC),
                    "0123456789abcdef0123456789abcdef",
                    'Khảo sát "hiện trạng" [khao-sat]',
                    date(2021, 9, 30),
                ),
                "hop@2021-10-05.so-yt@p": Published(
                    2, datetime(2021, 9, 30, 17, 0, 1, tzinfo=UTC), "0" * 32, "Họp", date(2021, 10, 5), time(20)
                ),
                "bo@p": Published(
                    3, datetime(2021, 10, 1, tzinfo=UTC), "f" * 32, "Bỏ", date(2021, 12, 1), None, date(2021, 10, 1)
                ),
                "_overdue@p": Published(42, datetime(2021, 10, 3, 17, tzinfo=UTC), "a" * 32),
                "cu_7@p": Published(7, datetime(2021, 9, 1, tzinfo=UTC)),
            },
        ),
        "all_": PublishedFeed("Sở", "Thời hạn", {}, ("so", "all")),
    },
)

WRITTEN = """\
{"format": "cdsplan-feeds", "version": 1, "plans": ["p", "q"], "feeds": {
"all": {"name": "Kế hoạch", "description": "Mọi thời hạn", "events": {
"khao-sat@p": {"sequence": 39, "stamp": "2021-09-30T17:00:00Z", "content": "0123456789abcdef0123456789abcdef", \
"name": "Khảo sát \\"hiện trạng\\" [khao-sat]", "day": "2021-09-30"},
"hop@2021-10-05.so-yt@p": {"sequence": 2, "stamp": "2021-09-30T17:00:01Z", \
"content": "00000000000000000000000000000000", "name": "Họp", "day": "2021-10-05", "time": "20:00"},
"bo@p": {"sequence": 3, "stamp": "2021-10-01T00:00:00Z", "content": "ffffffffffffffffffffffffffffffff", \
"name": "Bỏ", "day": "2021-12-01", "cancelled": "2021-10-01"},
"_overdue@p": {"sequence": 42, "stamp": "2021-10-03T17:00:00Z", "content": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
"cu_7@p": {"sequence": 7, "stamp": "2021-09-01T00:00:00Z"}
}},
"all_": {"name": "Sở", "description": "Thời hạn", "ids": ["so", "all"], "events": {

}}
}}
"""


def refusals(text: str | bytes, plans: tuple[str, ...] = ("p",)) -> list[tuple[str, int, int, str]]:
    """Say why a record is refused: codes, places and words."""
    with pytest.raises(PlanError) as caught:
        read_state(text if isinstance(text, bytes) else text.encode(), "feeds.json", plans)
    assert all(problem.hint for problem in caught.value.problems)
    assert frames(caught.value.problems, language("vi"))
    return [
        (problem.code, problem.place.line, problem.place.column, str(problem.message))
        for problem in caught.value.problems
        if problem.place
    ]


def test_a_record_is_written_as_worked_by_hand() -> None:
    """One event a line, in the order of the feed, and plain JSON."""
    assert write_state(STATE).decode() == WRITTEN
    assert json.loads(WRITTEN)["feeds"]["all"]["events"]["khao-sat@p"]["sequence"] == 39


def test_a_record_is_read_back() -> None:
    """Also by an editor's byte order mark, also with keys that a later version added, also for one of its plans."""
    assert read_state(WRITTEN.encode(), "feeds.json", ["p"]) == STATE
    assert read_state(b"\xef\xbb\xbf" + WRITTEN.encode(), "feeds.json", ["q", "r"]) == STATE
    more = WRITTEN.replace('"sequence": 7', '"later": [1], "sequence": 7').replace(
        '"version"', '"later": {}, "version"'
    )
    assert read_state(more.encode(), "feeds.json", ["p"]) == STATE
    empty = State(("p",), {})
    assert read_state(write_state(empty), "feeds.json", ["p"]) == empty
    assert NOTHING_PUBLISHED.events("all") == {}


IDS = st.from_regex(r"[a-z0-9][a-z0-9-]{0,9}", fullmatch=True)
WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30).filter(str.isprintable)
DAYS = st.dates(date(1990, 1, 1), date(2199, 12, 31))
STAMPS = st.datetimes(datetime(1990, 1, 1), datetime(2199, 12, 31), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda stamp: stamp.replace(microsecond=0)
)
ITEMS = st.builds(
    Published,
    sequence=st.integers(0, 2**31 - 2),
    stamp=STAMPS,
    content=st.none() | st.from_regex("[0-9a-f]{32}", fullmatch=True),
    name=WORDS,
    day=DAYS,
    time=st.none() | st.times().map(lambda found: found.replace(second=0, microsecond=0)),
    cancelled=st.none() | DAYS,
)
AGENCIES = IDS.filter(lambda found: found not in RESERVED_NAMES)
FEEDS = st.builds(
    PublishedFeed,
    name=WORDS,
    description=WORDS,
    events=st.dictionaries(st.builds("{}.{}@{}".format, IDS, IDS, IDS), ITEMS, max_size=4),
    ids=st.lists(AGENCIES, max_size=3).map(tuple),
)
STATES = st.builds(
    State, plans=st.lists(IDS, min_size=1, max_size=3).map(tuple), feeds=st.dictionaries(AGENCIES, FEEDS, max_size=3)
)


@given(STATES)
def test_every_state_is_read_back(state: State) -> None:
    """Whatever words items have."""
    assert read_state(write_state(state), "feeds.json", state.plans[:1]) == state


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", ("CDS401", 1, 1, "this is no JSON from here on")),
        ("<!DOCTYPE html>\n<title>404</title>", ("CDS401", 1, 1, "this is no JSON from here on")),
        (WRITTEN[:200], ("CDS401", 3, 41, "this is no JSON from here on")),
        ("[]", ("CDS401", 1, 1, "this is no record of published feeds")),
        ("{}", ("CDS401", 1, 1, "this is no record of published feeds")),
        ("[" * 100_000, ("CDS401", 1, 1, "this is no record of published feeds")),
        ("9" * 10_000, ("CDS401", 1, 1, "this is no record of published feeds")),
        (b'{\n"a": "\xff"}', ("CDS401", 2, 7, "this is no UTF-8 text")),
        (
            WRITTEN.replace('"version": 1', '"version": 2'),
            ("CDS401", 1, 29, "another version of cdsplan wrote this record of published feeds"),
        ),
        (
            WRITTEN.replace('["p", "q"]', '["x"]'),
            ("CDS402", 1, 43, "these feeds were published of other plans (x), not of p"),
        ),
    ],
)
def test_what_is_no_record_of_these_plans_is_refused(text: str | bytes, wanted: tuple[str, int, int, str]) -> None:
    """At the place where it shows."""
    assert refusals(text) == [wanted]


@pytest.mark.parametrize(
    ("old", "new", "key", "line"),
    [
        ('"plans": ["p", "q"]', '"plans": "p"', "plans", 1),
        ('"plans": ["p", "q"]', '"plans": ["P"]', "plans", 1),
        ('"plans": ["p", "q"]', '"plans": [1]', "plans", 1),
        ('"sequence": 39, ', "", "sequence", 3),
        ('"sequence": 39', '"sequence": -1', "sequence", 3),
        ('"sequence": 39', '"sequence": 39.0', "sequence", 3),
        ('"sequence": 39', '"sequence": true', "sequence", 3),
        ('"sequence": 39', '"sequence": 2147483647', "sequence", 3),  # where nothing is left to add
        ('"2021-09-30T17:00:00Z"', '"2021-09-30T17:00:00+07:00"', "stamp", 3),
        ('"2021-09-30T17:00:00Z"', '"2021-09-30"', "stamp", 3),
        ('"2021-09-30T17:00:00Z"', '"2021-09-30T17:00:00.5Z"', "stamp", 3),
        ('"2021-09-30T17:00:00Z"', '"9999-12-31T23:59:59Z"', "stamp", 3),
        ('"2021-09-30T17:00:00Z"', "1632960000", "stamp", 3),
        ('"0123456789abcdef0123456789abcdef"', '"0123"', "content", 3),
        ('"0123456789abcdef0123456789abcdef"', "null", "content", 3),
        ('[khao-sat]"', '[khao-sat]\\r\\nBEGIN:VEVENT"', "name", 3),
        ('[khao-sat]"', '[khao-sat]\\u2028"', "name", 3),
        ('"Họp"', '""', "name", 4),
        ('"Họp"', "7", "name", 4),
        ('"day": "2021-09-30"', '"day": "2021-W39-4"', "day", 3),
        ('"day": "2021-09-30"', '"day": "0001-01-01"', "day", 3),
        ('"day": "2021-09-30"', '"day": null', "day", 3),
        (', "day": "2021-09-30"', "", "khao-sat@p", 3),  # an item has a name and a day
        ('"time": "20:00"', '"time": "20:00:30"', "time", 4),
        ('"time": "20:00"', '"time": 20', "time", 4),
        ('"cancelled": "2021-10-01"', '"cancelled": "1/10/2021"', "cancelled", 5),
        ('{"sequence": 7, "stamp": "2021-09-01T00:00:00Z"}', "[]", "cu_7@p", 7),
        ('"cu_7@p"', '"cu 7@p"', "cu 7@p", 7),
        ('"cu_7@p"', '"cu_7"', "cu_7", 7),
        ('"all_"', '"../x"', "../x", 9),
        ('{"name": "Sở", "description": "Thời hạn", "ids": ["so", "all"], "events": {\n\n}}', "7", "all_", 9),
        ('"all_"', '"con"', "con", 9),  # no file can have this name
        ('["so", "all"]', '["so", "../all"]', "ids", 9),
        ('["so", "all"]', '["so", "lpt9"]', "ids", 9),
        ('["so", "all"]', "null", "ids", 9),
        ('"name": "Sở"', '"name": null', "name", 9),
        ('"description": "Thời hạn"', '"description": "a\\tb"', "description", 9),
        ('"events": {\n\n}', '"events": []', "events", 9),
    ],
)
def test_a_value_that_no_publishing_writes_is_refused(old: str, new: str, key: str, line: int) -> None:
    """Whatever would become part of a feed, or make its numbers fall; the message names the key and its line."""
    assert old in WRITTEN
    ((code, at, _, words),) = refusals(WRITTEN.replace(old, new, 1))

    assert (code, at) == ("CDS401", line)
    assert words == f"the value of “{key}” is missing, or not one that publish writes"


def test_a_name_of_an_event_cannot_add_a_line_to_a_feed() -> None:
    """UIDs are written as they are."""
    ((_, _, _, words),) = refusals(WRITTEN.replace('"cu_7@p"', '"cu\\r\\nX:y@p"'))
    assert "is missing, or not one that publish writes" in words


def test_a_key_that_is_written_with_escapes_is_still_told() -> None:
    """It is not found where it stands, but what is around it is."""
    assert refusals(WRITTEN.replace('"cu_7@p"', '"\\u0063u 7@p"')) == [
        ("CDS401", 2, 60, "the value of “cu 7@p” is missing, or not one that publish writes")
    ]


def test_a_ruined_record_is_shown_by_a_few_places() -> None:
    """Nobody mends it by hand."""
    events = {f"t{n}@p": Published(-1, datetime(2021, 9, 1, tzinfo=UTC)) for n in range(50)}
    assert len(refusals(write_state(State(("p",), {"all": PublishedFeed("A", "B", events)})))) == 5
    assert len(refusals(WRITTEN.replace('"feeds": {', '"feeds": 7, "other": {'))) == 1


@given(st.integers(0, len(WRITTEN) - 1), st.integers(0, 40), st.text(max_size=10))
def test_a_damaged_record_is_read_or_refused(at: int, length: int, text: str) -> None:
    """Nothing else happens, wherever it is cut and whatever is put there."""
    damaged = WRITTEN[:at] + text + WRITTEN[at + length :]
    try:
        state = read_state(damaged.encode(errors="replace"), "feeds.json", ["p", "q"])
    except PlanError as error:
        assert all(problem.place is not None for problem in error.problems)  # noqa: PT017 - or none is raised
    else:
        assert state.plans
        for feed in state.feeds.values():
            for event in feed.events.values():
                assert event.sequence + 1 < 2**31
                assert event.stamp + timedelta(seconds=1) > event.stamp
