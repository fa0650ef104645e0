"""A plan lives: whatever happens to it, calendars that subscribed on the first day can follow.

`subscribers.py` holds the law that it checks at every step.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from subscribers import A_DAY, Subscribers

from cdsplan.cli.publication import as_files, follow
from cdsplan.feeds import NOTHING_PUBLISHED, Choice, Role, feeds
from cdsplan.feeds.record import read_state, write_state
from cdsplan.i18n import language
from cdsplan.plan.reader import read
from cdsplan.schedule import forecast
from cdsplan.status import judge

if TYPE_CHECKING:
    from subscribers import Seen

    from cdsplan.feeds import State
    from cdsplan.status import Status

HEAD = """
[plan]
id = "p"
title = "Kế hoạch"
short = "KH"
start = 2021-08-23
timezone = "Asia/Ho_Chi_Minh"
language = "vi"
[agencies]
lead = { name = "Sở A" }
one = { name = "Sở Một" }
two = { name = "Sở Hai" }
"""
SURVEY = """
[tasks.khao-sat]
title = "Khảo sát"
owner = "lead"
each = ["one", "two"]
due = "trước ngày 30/9/2021"
remind = [7]
"""
DRAFT = """
[tasks.du-thao]
title = "Dự thảo"
owner = "lead"
after = ["khao-sat"]
due = 2021-12-31
"""


def status_of(plan: str, day: str) -> Status:
    """Judge a plan as of a day."""
    as_of = date.fromisoformat(day)
    return judge([forecast(read(plan.encode(), "plan.toml"), as_of)], as_of)


class Publisher:
    """Publishes as plans change, for subscribers who have been there from the beginning."""

    def __init__(self, choice: Choice | None = None, *, kept: bool = True) -> None:
        self.kept = kept
        self.choice = choice or Choice()
        self.state: State = NOTHING_PUBLISHED
        self.subscribers = Subscribers()
        self.plan = ""

    def publish(self, plan: str, day: str) -> dict[str, dict[str, Seen]]:
        """Publish, hold the law; give the events of each feed.

        Without kept state, an edit that `revised` dates renews all events, and what was away comes back as it was.
        """
        status = status_of(plan, day)
        if self.kept:
            made, contents, state = follow(status, self.choice, self.state)
            files = as_files(made, contents)
            self.state = read_state(write_state(state), "feeds.json", ["p"])
            assert self.state == state, "what is written is read back"
        else:
            files = as_files(feeds(status, language, choice=self.choice))
        self.subscribers.get(files, exact=self.kept or plan == self.plan, returns_count=self.kept)
        self.plan = plan
        return self.subscribers.last


def revised(plan: str, day: str) -> str:
    """Give the plan with the day of its last edit."""
    return plan.replace("[agencies]", f"revised = {day}\n[agencies]")


WHOLE = HEAD + SURVEY + DRAFT
LATER = WHOLE.replace("30/9/2021", "15/10/2021")
TITLED = LATER.replace('"Khảo sát"', '"Khảo sát hiện trạng"')
RENAMED = TITLED.replace("[tasks.khao-sat]", "[tasks.dieu-tra]").replace('["khao-sat"]', '["dieu-tra"]')
RENAMED = RENAMED.replace("remind = [7]", 'remind = [7]\nformerly = ["khao-sat"]')
REMOVED = HEAD + DRAFT.replace('after = ["khao-sat"]\n', "")
EXTENDED = RENAMED.replace('"trước ngày 15/10/2021"', '{ words = "30/10/2021, CV 123/UBND", date = 2021-10-30 }')

LIFE = (
    ("it begins", WHOLE, "2021-09-01"),
    ("a day passes", WHOLE, "2021-09-02"),
    ("its deadline moves", LATER, "2021-09-03"),
    ("its title is edited", TITLED, "2021-09-06"),
    ("a weekend passes", TITLED, "2021-09-13"),
    ("it is renamed", RENAMED, "2021-09-14"),
    ("it is removed", REMOVED, "2021-09-15"),
    ("a week passes", REMOVED, "2021-09-22"),
    ("it is restored", RENAMED, "2021-09-23"),
    ("it is removed again", REMOVED, "2021-09-24"),
    ("four weeks pass", REMOVED, "2021-10-22"),
    ("a day passes after these", REMOVED, "2021-10-23"),
    ("it is restored later", RENAMED, "2021-10-25"),
    ("it is extended", EXTENDED, "2021-10-26"),
    ("it has begun", EXTENDED.replace("remind", "started = 2021-10-26\nremind"), "2021-10-27"),
    ("it is done", EXTENDED.replace("remind", "done = 2021-10-28\nremind"), "2021-10-28"),
    ("it is undone", EXTENDED, "2021-10-29"),
    ("it falls overdue", EXTENDED, "2021-10-31"),
    ("weeks pass", EXTENDED, "2021-11-15"),
    ("it had been done in time", EXTENDED.replace("remind", "done = 2021-10-29\nremind"), "2021-11-16"),
    ("it is cancelled", EXTENDED.replace("remind", "cancelled = 2021-11-17\nremind"), "2021-11-17"),
    ("it is cancelled no more", EXTENDED, "2021-11-18"),
    ("it is cancelled, which is told late", EXTENDED.replace("remind", "cancelled = 2021-09-01\nremind"), "2021-12-01"),
    ("years pass", EXTENDED.replace("remind", "cancelled = 2021-09-01\nremind"), "2023-12-01"),
)


@pytest.mark.parametrize("choice", [Choice(), Choice(remind_events=True, roles=frozenset(Role)), Choice(horizon=2)])
@pytest.mark.parametrize("dated", [False, True], ids=["undated edits", "dated edits"])
def test_with_kept_state_numbers_change_exactly_when_an_event_does(choice: Choice, *, dated: bool) -> None:
    """Whether or not people date their edits in `revised`."""
    publisher = Publisher(choice)
    last, edited = WHOLE, "2021-08-23"
    for _, plan, day in LIFE:
        edited = edited if plan == last else day
        last = plan
        publisher.publish(revised(plan, edited) if dated else plan, day)


@pytest.mark.parametrize("choice", [Choice(), Choice(remind_events=True, roles=frozenset(Role)), Choice(horizon=2)])
def test_without_state_numbers_grow_with_dated_edits(choice: Choice) -> None:
    """Days that pass change the numbers exactly when an event changes; an edit with its day in `revised` renews all."""
    publisher = Publisher(choice, kept=False)
    last, edited = WHOLE, "2021-08-23"
    for _, plan, day in LIFE:
        edited = edited if plan == last else day
        last = plan
        publisher.publish(revised(plan, edited), day)


def test_the_life_as_its_lead_sees_it() -> None:
    """Title, status, SEQUENCE and time of the survey's event at every step, worked by hand.

    Computed numbers count the seconds from 23/8, where these give more; otherwise each change adds one, and one second
    to the stamp that was last, at first 22/8 17:00 UTC.
    """
    publisher = Publisher()
    told = []
    for step, plan, day in LIFE:
        event = publisher.publish(plan, day)["lead.ics"].get("khao-sat@p")
        told.append((step, event and (event.title, event.status, event.sequence, event.stamp)))

    begun, titled = "Khảo sát [khao-sat]", "Khảo sát hiện trạng [khao-sat]"
    renamed = "Khảo sát hiện trạng [dieu-tra]"
    assert told == [
        ("it begins", (begun, "CONFIRMED", 0, "20210822T170000Z")),
        ("a day passes", (begun, "CONFIRMED", 0, "20210822T170000Z")),
        ("its deadline moves", (begun, "CONFIRMED", 1, "20210822T170001Z")),
        ("its title is edited", (titled, "CONFIRMED", 2, "20210822T170002Z")),
        ("a weekend passes", (titled, "CONFIRMED", 2, "20210822T170002Z")),
        ("it is renamed", (renamed, "CONFIRMED", 3, "20210822T170003Z")),
        # Told on 15/9, day 23.
        ("it is removed", (f"ĐÃ HỦY – {renamed}", "CANCELLED", 23 * A_DAY, "20210914T170000Z")),
        ("a week passes", (f"ĐÃ HỦY – {renamed}", "CANCELLED", 23 * A_DAY, "20210914T170000Z")),
        ("it is restored", (renamed, "CONFIRMED", 23 * A_DAY + 1, "20210914T170001Z")),
        # 24/9 is day 32; four weeks later is 22/10.
        ("it is removed again", (f"ĐÃ HỦY – {renamed}", "CANCELLED", 32 * A_DAY, "20210923T170000Z")),
        ("four weeks pass", (f"ĐÃ HỦY – {renamed}", "CANCELLED", 32 * A_DAY, "20210923T170000Z")),
        ("a day passes after these", None),
        # It fell overdue on 16/10, day 54, while it was away.
        ("it is restored later", (f"QUÁ HẠN – {renamed}", "CONFIRMED", 54 * A_DAY, "20211015T170000Z")),
        ("it is extended", (renamed, "CONFIRMED", 54 * A_DAY + 1, "20211015T170001Z")),
        ("it has begun", (renamed, "CONFIRMED", 54 * A_DAY + 1, "20211015T170001Z")),  # which no calendar shows
        # 28/10 is day 66, two days before its last.
        ("it is done", (f"Hoàn thành – {renamed}", "CONFIRMED", 66 * A_DAY, "20211027T170000Z")),
        ("it is undone", (renamed, "CONFIRMED", 66 * A_DAY + 1, "20211027T170001Z")),
        # 31/10 is day 69.
        ("it falls overdue", (f"QUÁ HẠN – {renamed}", "CONFIRMED", 69 * A_DAY, "20211030T170000Z")),
        ("weeks pass", (f"QUÁ HẠN – {renamed}", "CONFIRMED", 69 * A_DAY, "20211030T170000Z")),
        ("it had been done in time", (f"Hoàn thành – {renamed}", "CONFIRMED", 69 * A_DAY + 1, "20211030T170001Z")),
        # 17/11 is day 86, after its last: one second later for that.
        ("it is cancelled", (f"ĐÃ HỦY – {renamed}", "CANCELLED", 86 * A_DAY + 1, "20211116T170001Z")),
        ("it is cancelled no more", (f"QUÁ HẠN – {renamed}", "CONFIRMED", 86 * A_DAY + 2, "20211116T170002Z")),
        # Long ago, but nobody had been told.
        (
            "it is cancelled, which is told late",
            (f"ĐÃ HỦY – {renamed}", "CANCELLED", 86 * A_DAY + 3, "20211116T170003Z"),
        ),
        ("years pass", None),
    ]


STATES = (WHOLE, LATER, TITLED, RENAMED, REMOVED, EXTENDED, *(plan for _, plan, _ in LIFE[14:]))


@given(
    st.lists(st.tuples(st.sampled_from(STATES), st.dates(date(2021, 8, 23), date(2022, 1, 31))), max_size=6),
    st.booleans(),
)
def test_any_life_can_be_followed(life: list[tuple[str, date]], remind_events: bool) -> None:  # noqa: FBT001 - hypothesis
    """Edits in any order, on any days, even back in time: the law holds for whoever keeps what was published."""
    publisher = Publisher(Choice(remind_events=remind_events))
    for plan, day in life:
        publisher.publish(plan, day.isoformat())
        before = dict(publisher.subscribers.ever)
        publisher.publish(plan, day.isoformat())
        assert publisher.subscribers.ever == before


def test_losing_the_state_loses_no_more_than_a_plan_alone_can_know() -> None:
    """Begun anew, numbers are those of the plan alone: an edit that nobody dated is lost, a dated one is not."""
    publisher = Publisher()
    publisher.publish(WHOLE, "2021-09-01")
    moved = publisher.publish(LATER, "2021-09-03")["lead.ics"]["khao-sat@p"]
    alone = Publisher().publish(LATER, "2021-09-03")["lead.ics"]["khao-sat@p"]
    dated = Publisher().publish(revised(LATER, "2021-09-03"), "2021-09-03")["lead.ics"]["khao-sat@p"]

    assert alone.numbers < moved.numbers < dated.numbers


def test_a_banner_that_comes_back_is_newer() -> None:
    """Overdue, done, overdue again on the same Monday: nothing is left of the banner but its numbers."""
    publisher = Publisher()
    late = "2021-10-04"
    first = publisher.publish(WHOLE, late)["lead.ics"]["_overdue.lead@p"]
    done = publisher.publish(WHOLE.replace("remind", "done = 2021-09-30\nremind"), late)["lead.ics"]
    assert "_overdue.lead@p" not in done
    second = publisher.publish(WHOLE, late)["lead.ics"]["_overdue.lead@p"]

    assert second.content == first.content
    assert second.sequence == first.sequence + 1


def test_four_weeks_are_counted_from_the_first_publishing_that_says_so() -> None:
    """On 28 days after it the removed item is still told of, on the 29th no more; the feed stays valid."""
    publisher = Publisher()
    publisher.publish(HEAD + SURVEY, "2021-09-01")
    empty = HEAD + '[tasks.x]\ntitle = "X"\nowner = "lead"\n'
    told = date(2021, 9, 10)
    for days, there in ((0, True), (28, True), (29, False), (400, False)):
        got = publisher.publish(empty, (told + timedelta(days=days)).isoformat())
        assert ("khao-sat@p" in got["lead.ics"]) is there
        # The members have nothing any more, but whoever subscribed still gets a calendar.
        assert ("khao-sat.one@p" in got["one.ics"]) is there
        assert ("_nothing.one@p" in got["one.ics"]) is not there
