"""Feeds of a plan with its journal: words and numbers follow what is reported, and numbers only grow."""

from __future__ import annotations

from datetime import UTC, date, datetime
from textwrap import dedent
from typing import TYPE_CHECKING

from subscribers import A_DAY

from cdsplan.feeds import Choice, feeds
from cdsplan.i18n import language
from cdsplan.journal.reader import read as read_journal
from cdsplan.journal.replay import replay
from cdsplan.plan.reader import read
from cdsplan.schedule import forecast
from cdsplan.status import judge

if TYPE_CHECKING:
    from cdsplan.feeds import Event

PLAN = """
[plan]
id = "p"
title = "The plan"
start = 2021-09-01
timezone = "Asia/Ho_Chi_Minh"
[agencies]
office = { name = "Office" }
one = { name = "Agency one" }
two = { name = "Agency two" }
[tasks.survey]
title = "Survey"
each = ["one", "two"]
recipient = "office"
due = 2021-09-30
[tasks.report]
title = "Report"
owner = "office"
after = "survey"
due = 2021-10-29
"""
# Written down at noon in Hanoi, 05:00 UTC, one after the other.
DELIVERY = (
    "a = { at = 2021-09-28T12:00:00+07:00, on = 2021-09-27, "
    'task = "survey", agency = "one", kind = "done", document = "7/BC" }\n'
)
EXTENSION = (
    "b = { at = 2021-09-29T12:00:00+07:00, on = 2021-09-29, "
    'task = "survey", kind = "extended", due = 2021-10-15, document = "12/UBND" }\n'
)
NOTE = 'n = { at = 2021-09-29T13:00:00+07:00, on = 2021-09-29, task = "survey", kind = "note", note = "rang" }\n'
UNDONE = 'c = { at = 2021-09-30T12:00:00+07:00, on = 2021-09-30, kind = "void", of = "a" }\n'
OFF = 'd = { at = 2021-09-30T13:00:00+07:00, on = 2021-09-30, task = "survey", agency = "two", kind = "cancelled" }\n'


def events(journal: str, as_of: str) -> dict[str, Event]:
    """Give the events of all feeds by UID, as of a day; those of the agencies' own feeds win."""
    plan, day = read(dedent(PLAN).encode(), "plan.toml"), date.fromisoformat(as_of)
    known = replay(plan, read_journal(journal.encode(), "j", plan, max_bytes=9999), day)
    found = feeds(judge([forecast(plan, day, known)], day), language, choice=Choice())
    return {event.uid: event for feed in found for event in feed.events}


def noon(day: int) -> datetime:
    """Give the noon of a day of September in Hanoi."""
    return datetime(2021, 9, day, 5, tzinfo=UTC)


def test_a_delivery_shows_its_day_and_its_document() -> None:
    """It is the agency’s own event that tells; stamped when it was written down, at noon on the 28th."""
    own = events(DELIVERY, "2021-09-28")["survey.one@p"]
    assert own.title == "Done – Survey [survey]"
    assert "Done: 27 Sep 2021 (7/BC)" in own.description.splitlines()
    assert (own.stamp, own.sequence) == (noon(28), 27 * A_DAY + A_DAY // 2)


def test_what_the_others_deliver_changes_nothing_of_ones_own() -> None:
    """Twenty deliveries a day would else be twenty changes a day for everyone."""
    before, after = events("", "2021-09-28"), events(DELIVERY, "2021-09-28")
    assert after["survey.two@p"] == before["survey.two@p"]
    assert after["survey@p"] != before["survey@p"]


def test_a_moved_deadline_moves_the_event_and_says_from_where() -> None:
    """The plan's own deadline stays on record beside the one in force, with the document."""
    moved = events(DELIVERY + EXTENSION, "2021-09-29")
    assert moved["survey.two@p"].last == date(2021, 10, 15)
    assert "deadline moved 30 Sep 2021 → 15 Oct 2021 (12/UBND)" in moved["survey.two@p"].description.splitlines()
    assert (moved["survey.two@p"].stamp, moved["survey.two@p"].sequence) == (noon(29), 28 * A_DAY + A_DAY // 2)
    assert moved["survey.one@p"].last == date(2021, 9, 30)  # delivered before the decision


def test_a_deadline_moved_for_one_is_told_to_that_one_and_to_whoever_collects() -> None:
    """The other members' own events keep their day, and say nothing of it."""
    own = EXTENSION.replace('kind = "extended"', 'agency = "two", kind = "extended"')
    moved = events(own, "2021-09-29")
    assert moved["survey.two@p"].last == date(2021, 10, 15)
    assert "deadline moved 30 Sep 2021 → 15 Oct 2021" in moved["survey.two@p"].description
    assert "deadline moved" in moved["survey@p"].description
    assert "deadline moved" not in moved["survey.one@p"].description
    assert moved["survey.one@p"] == events("", "2021-09-29")["survey.one@p"]


def test_whoever_collects_sees_the_day_by_which_the_last_delivery_was_judged() -> None:
    """The deadline of the one that had more time stays the day of the whole when that one, too, has delivered."""
    own = EXTENSION.replace('kind = "extended"', 'agency = "two", kind = "extended"')
    last = DELIVERY.replace("a = { at = 2021-09-28", "e = { at = 2021-10-10").replace("2021-09-27", "2021-10-10")
    waiting = events(DELIVERY + own, "2021-10-09")["survey@p"]
    delivered = events(DELIVERY + own + last.replace('"one"', '"two"'), "2021-10-10")["survey@p"]
    assert (waiting.last, delivered.last) == (date(2021, 10, 15), date(2021, 10, 15))
    assert delivered.title == "Done – Survey [survey]"
    assert (delivered.stamp, delivered.sequence) > (waiting.stamp, waiting.sequence)


def decided(day: int, due: str, document: str, agency: str = "") -> str:
    """Write an extension that was decided on a day of September."""
    whom = f'agency = "{agency}", ' if agency else ""
    return (
        f"x{day} = {{ at = 2021-09-{day}T12:00:00+07:00, on = 2021-09-{day}, "
        f'task = "survey", {whom}kind = "extended", due = {due}, document = "{document}" }}\n'
    )


def moves(journal: str, uid: str) -> list[str]:
    """Give what an event says as of the end of September of how its deadline was moved."""
    lines = events(journal, "2021-09-30")[uid].description.splitlines()
    return [line.removeprefix("deadline moved ") for line in lines if line.startswith("deadline moved ")]


def test_an_agency_is_told_of_the_decisions_that_bind_it() -> None:
    """Not of one for all that gives less than it was granted, nor of one that came after its delivery."""
    granted = decided(20, "2021-11-01", "CV 1", "two") + decided(21, "2021-10-15", "CV 2")
    assert moves(granted, "survey.two@p") == ["30 Sep 2021 → 1 Nov 2021 (CV 1; only for Agency two)"]
    assert moves(granted, "survey.one@p") == ["30 Sep 2021 → 15 Oct 2021 (CV 2)"]
    assert moves(granted, "survey@p") == [
        "30 Sep 2021 → 1 Nov 2021 (CV 1; only for Agency two)",
        "30 Sep 2021 → 15 Oct 2021 (CV 2)",
    ]
    assert moves(DELIVERY + EXTENSION, "survey.one@p") == []


def test_a_decision_for_all_takes_an_agency_back_to_what_it_was_granted() -> None:
    """Its own list says from which day to which, and so does the list of whoever collects."""
    steps = (
        decided(20, "2021-10-04", "CV 1", "two") + decided(21, "2021-10-13", "CV 2")
        + decided(22, "2021-10-01", "CV 3") + decided(23, "2021-10-05", "CV 4", "two")
    )  # fmt: skip
    first, last = (
        "30 Sep 2021 → 4 Oct 2021 (CV 1; only for Agency two)",
        "4 Oct 2021 → 5 Oct 2021 (CV 4; only for Agency two)",
    )
    assert moves(steps, "survey.two@p") == [
        first, "4 Oct 2021 → 13 Oct 2021 (CV 2)", "13 Oct 2021 → 4 Oct 2021 (CV 3)", last,
    ]  # fmt: skip
    assert moves(steps, "survey@p") == [
        first, "30 Sep 2021 → 13 Oct 2021 (CV 2)", "13 Oct 2021 → 1 Oct 2021 (CV 3)", last,
    ]  # fmt: skip


def test_an_undone_delivery_is_a_change_once_more() -> None:
    """The numbers go on upwards, though what is shown is as before; a note is no change."""
    steps = ["", DELIVERY, DELIVERY + EXTENSION, DELIVERY + EXTENSION + NOTE, DELIVERY + EXTENSION + NOTE + UNDONE]
    days = ["2021-09-27", "2021-09-28", "2021-09-29", "2021-09-29", "2021-09-30"]
    life = [events(journal, day) for journal, day in zip(steps, days, strict=True)]
    for uid in ("survey@p", "survey.one@p", "report@p"):
        numbers = [(step[uid].sequence, step[uid].stamp) for step in life]
        assert numbers[2] == numbers[3]
        assert numbers == sorted(numbers)
        assert len(set(numbers)) == 4
    assert life[-1]["survey.one@p"].title == "Survey [survey]"


def test_a_cancelled_delivery_is_told_with_its_day_for_four_weeks() -> None:
    """Then it is dropped from its feed."""
    off = events(OFF, "2021-10-28")["survey.two@p"]
    assert off.cancelled
    assert "Cancelled: 30 Sep 2021" in off.description.splitlines()
    assert "survey.two@p" not in events(OFF, "2021-10-29")
