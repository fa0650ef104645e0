"""Feeds as files: which there are and in whose language, and bytes that real parsers read."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from agencies import FAN_OUT, HEAD, SECOND, SUPPORT, made
from parsers import PARSERS, with_ical_js
from subscribers import A_DAY

from cdsplan.feeds import Choice, Role, feeds
from cdsplan.i18n import Language, language
from cdsplan.plan.reader import read
from cdsplan.schedule import forecast
from cdsplan.status import judge
from cdsplan.views.ical import render

ROOT = Path(__file__).resolve().parent.parent

EXAMPLES = [*sorted((ROOT / "tests" / "plans" / "good").glob("*.toml")), ROOT / "plans" / "nghean.toml"]


# ------------------------------------------------------------------------------- Which there are, and in whose language


def test_several_plans_make_one_feed_per_agency() -> None:
    """An agency in both is named alone; in one, with that plan; the feed of all has every plan."""
    second = SECOND + '[tasks.a]\ntitle = "A"\nowner = ["lead", "one"]\ndue = 2021-09-06\n'
    found = made(SUPPORT, second, as_of="2021-09-10")

    assert {agency: (feed.name, feed.description) for agency, feed in found.items()} == {
        None: ("Plan, Second", "Every deadline of the plan: Plan, Second"),
        "lead": ("Lead", "Deadlines of Lead in the plan: Plan, Second"),
        "one": ("Agency one – Second", "Deadlines of Agency one in the plan: Second"),
    }
    assert [event.uid for event in found["lead"].events] == ["a@p", "a@q", "_overdue.lead@p"]
    assert [event.uid for event in found["one"].events] == ["a@q", "_overdue.uno@q"]
    # a@q is overdue since 7/9, six days after its own plan's start and fifteen after the first one's.
    assert [event.sequence for event in found["lead"].events] == [0, 6 * A_DAY, 15 * A_DAY]


def test_each_plan_speaks_its_own_language() -> None:
    """Unless one is asked for."""
    codes: list[str] = []

    def speak(code: str) -> Language:
        codes.append(code)
        return language(code)

    vietnamese = SECOND.replace("[agencies]", 'language = "vi"\n[agencies]') + '[tasks.a]\ntitle = "A"\n'
    status = judge(
        [forecast(read(text.encode(), "plan.toml"), date(2021, 9, 1)) for text in (SUPPORT, vietnamese)],
        date(2021, 9, 1),
    )
    feeds(status, speak)
    feeds(status, speak, choice=Choice(code="en"))

    assert codes == ["en", "vi", "en", "en"]


def test_english_uses_the_english_names_of_a_vietnamese_plan() -> None:
    """Titles and agencies that have one; the others stay as they are."""
    plan = """
        [plan]
        id = "p"
        title = "Kế hoạch"
        title-en = "The plan in English"
        short = "KH"
        start = 2021-08-23
        timezone = "Asia/Ho_Chi_Minh"
        language = "vi"
        [agencies]
        so = { name = "Sở", short = "S", name-en = "Department" }
        ban = { name = "Ban" }
        [tasks.a]
        title = "Việc A"
        title-en = "Task A"
        short = "A"
        owner = ["so", "ban"]
        due = 2021-09-30
        [tasks.b]
        title = "Việc B"
        short = "B"
        owner = "so"
        due = 2021-09-30
        """
    feed = made(plan, as_of="2021-09-01", code="en")["so"]

    assert feed.name == "Department – The plan in English"
    assert [event.title for event in feed.events] == ["Task A [a]", "B [b]"]
    assert "Lead: Department, Ban" in feed.events[0].description
    assert feed.events[1].description.startswith("Việc B\n")


def test_files_are_named_by_agency_id() -> None:
    """An agency called “all” does not take the place of the feed of everybody."""
    plan = HEAD + '[tasks.a]\ntitle = "A"\nowner = ["all", "one"]\ndue = 2021-09-30\n'

    assert [feed.file for feed in made(plan, as_of="2021-09-01").values()] == ["all.ics", "one.ics", "all_.ics"]


def test_an_agency_keeps_its_color() -> None:
    """A CSS3 name that follows from its id alone."""
    alone = made(SUPPORT, as_of="2021-09-01")["lead"].color
    assert alone == made(FAN_OUT, as_of="2021-09-01")["lead"].color
    assert alone.isalpha()
    assert alone.islower()


# ------------------------------------------------------------------------------ What parsers read, and the law of bytes


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("as_of", ["2021-10-05", "2025-03-10", "2026-03-14"])
def test_uids_are_unique_in_every_feed_and_no_feed_is_empty(path: Path, as_of: str) -> None:
    """Also with every role served."""
    for feed in made(path.read_text("utf-8"), as_of=as_of, roles=frozenset(Role)).values():
        uids = [event.uid for event in feed.events]
        assert uids
        assert len(set(uids)) == len(uids)
        assert all(event.stamp.utcoffset() == timedelta() and event.sequence >= 0 for event in feed.events)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_four_parsers_read_the_same_events(path: Path, tmp_path: Path) -> None:
    """Icalendar, vobject, ics and ical.js find every event with its title and days."""
    wanted, files = [], []
    for feed in made(path.read_text("utf-8"), as_of="2025-03-10").values():
        data = render(feed)
        events = [(event.uid, event.title, event.first, event.last) for event in feed.events]
        for parse in PARSERS:
            assert sorted(parse(data)) == sorted(events), parse.__name__
        wanted.append(events)
        files.append(tmp_path / feed.file)
        files[-1].write_bytes(data)

    assert with_ical_js(files) == wanted


@pytest.mark.parametrize(
    "payload",
    [
        "END:VEVENT",
        "BEGIN:VEVENT SUMMARY:x",
        "a;b,c:d",
        "\\n \\; \\\\",
        'he said "no"',
        "{title} %s {0}",
        "Ủy ban nhân dân 👩🏽🇻🇳",
        "^n'",
    ],
)
def test_no_text_of_a_plan_becomes_a_property(payload: str) -> None:
    """Whatever stands in a plan, its feeds have as many lines as with harmless words."""

    def written(words: str, long_words: str) -> list[bytes]:
        text, long_text = (json.dumps(value, ensure_ascii=False) for value in (words, long_words))
        plan = f"""
            [plan]
            id = "p"
            title = {text}
            short = {text}
            start = 2021-08-23
            timezone = "Asia/Ho_Chi_Minh"
            [agencies]
            lead = {{ name = {text}, short = {text} }}
            [tasks.a]
            title = {text}
            short = {text}
            number = "1"
            section = {text}
            owner = "lead"
            due = {{ words = {text}, date = 2021-09-30 }}
            deliverable = {text}
            quote = {long_text}
            tags = [{text}]
            remind = [1]
            """
        return [render(feed).replace(b"\r\n ", b"") for feed in made(plan, as_of="2021-10-05").values()]

    harmless, hostile = written("words", "words"), written(payload, f"{payload}\nEND:VEVENT\n\t{payload}")

    assert [feed.count(b"\n") for feed in hostile] == [feed.count(b"\n") for feed in harmless]
    for feed in hostile:
        for parse in PARSERS:
            assert len(parse(feed)) == 2, parse.__name__


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_feed_keeps_the_law_of_bytes(path: Path) -> None:
    """Line by line: ends, lengths, characters, and what must and must not be there."""
    choice = Choice(roles=frozenset(Role), remind_events=True)
    as_of = date(2021, 10, 5)
    status = judge([forecast(read(path.read_bytes(), path.name), as_of)], as_of)
    for feed in feeds(status, language, choice=choice):
        data = render(feed)
        assert data.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")  # so no byte order mark
        assert data.endswith(b"\r\nEND:VCALENDAR\r\n")
        lines = data.split(b"\r\n")[:-1]
        assert all(len(line) <= 75 and line.strip() for line in lines)
        assert all(line.decode() for line in lines), "no character is split"
        text = data.decode()
        assert unicodedata.is_normalized("NFC", text.replace("\r\n ", ""))
        assert {character for character in text if not character.isprintable()} == {"\r", "\n"}
        assert text.count("\r") == text.count("\n") == len(lines)
        unfolded = text.replace("\r\n ", "").split("\r\n")
        head = unfolded[: unfolded.index("BEGIN:VEVENT")]
        assert not [line for line in head if line.startswith(("METHOD", "UID"))]
        properties = Counter(line.partition(":")[0].partition(";")[0] for line in unfolded[len(head) :])
        events = properties["SUMMARY"]
        assert events == len(feed.events)
        for name in ("UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "STATUS"):
            assert properties[name] == events, name
        assert text.count("TRANSP:TRANSPARENT\r\n") == text.count("X-MICROSOFT-CDO-BUSYSTATUS:FREE\r\n") == events
        assert properties["DESCRIPTION"] == events + text.count("BEGIN:VALARM\r\n")
        names = {line.partition(":")[2] for line in head if line.startswith(("NAME:", "X-WR-CALNAME:"))}
        assert len(names) == 1
