"""Who gets what, on which day, in which words: every expected value worked by hand."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parsers import PARSERS, with_ical_js
from subscribers import A_DAY

from cdsplan.feeds import SERVED, Choice, Event, EventKind, Feed, Reminder, Role, State, feeds
from cdsplan.feeds.state import Published, PublishedFeed
from cdsplan.i18n import Language, language
from cdsplan.plan.reader import read
from cdsplan.progress import Phase
from cdsplan.schedule import forecast
from cdsplan.status import Timeliness, judge
from cdsplan.views.ical import render

ROOT = Path(__file__).resolve().parent.parent

HEAD = """
[plan]
id = "p"
title = "The plan"
short = "Plan"
start = 2021-08-23
timezone = "Asia/Ho_Chi_Minh"
[agencies]
lead = { name = "The lead agency", short = "Lead" }
one = { name = "Agency one", formerly = ["uno", "eins"] }
two = { name = "Agency two" }
three = { name = "Agency three" }
all = { name = "Agency called all" }
"""


def made(*plans: str, as_of: str, code: str | None = None, roles: frozenset[Role] = SERVED) -> dict[str | None, Feed]:
    """Give the feeds of plans by agency."""
    forecasts = [forecast(read(dedent(plan).encode(), "plan.toml"), date.fromisoformat(as_of)) for plan in plans]
    found = feeds(
        judge(forecasts, date.fromisoformat(as_of)),
        language,
        choice=Choice(code=code, roles=roles),
    )
    return {feed.agency: feed for feed in found}


def only(feed: Feed, kind: EventKind = EventKind.ITEM) -> Event:
    """Give the one event of a kind."""
    (event,) = [event for event in feed.events if event.kind is kind]
    return event


FAN_OUT = (
    HEAD
    + """
[tasks.survey]
title = "Survey the present state"
short = "Survey"
number = "I.1"
section = "Part 1"
owner = "lead"
each = ["one", "two"]
recipient = "two"
support = ["three"]
consult = ["three"]
due = "trước ngày 30/9/2021"
deliverable = "A report"
quote = "Each reports."
url = "https://example.org/1"
tags = ["ict", "Part 1"]
milestone = true
formerly = ["old-survey", "older"]
"""
)


def test_every_agency_of_a_fan_out_gets_one_event() -> None:
    """Leader and recipient get the task, a mere member its own delivery, the consulted the task; support no more."""
    found = made(FAN_OUT, as_of="2021-09-01")

    assert {agency: [event.uid for event in feed.events] for agency, feed in found.items()} == {
        None: ["old-survey@p"],
        "lead": ["old-survey@p"],
        "one": ["old-survey.uno@p"],
        "two": ["old-survey@p"],
        "three": ["old-survey@p"],
    }
    assert only(found["one"], EventKind.DELIVERY).title == "Survey [survey]"


def test_a_description_has_one_line_per_thing() -> None:
    """The recipient, a member too, reads its roles, the deadline and its reading, who is missing, and the source."""
    event = only(made(FAN_OUT, as_of="2021-09-01")["two"])

    assert event.description.split("\n") == [
        "Survey the present state",
        "Role: recipient, delivers its own part",
        (
            "Deadline: “trước ngày 30/9/2021” → 30 Sep 2021: before a day is read as up to and including that day, "
            '30 Sep 2021 ([reading] before = "inclusive")'
        ),
        "Lead: Lead",
        "Recipient: Agency two",
        "Support: Agency three",
        "Consulted: Agency three",
        "Received: 0/2",
        "Own part: Not yet delivered",
        "Not yet delivered: Agency one, Agency two",
        "Deliverable: A report",
        "Source: “Each reports.”",
        "https://example.org/1",
        "Plan: Plan · No. I.1",
    ]
    assert event.categories == ("Plan", "Part 1", "milestone", "ict")
    assert event.url == "https://example.org/1"


def test_the_feed_of_everybody_names_no_role() -> None:
    """Nobody in particular reads it."""
    description = only(made(FAN_OUT, as_of="2021-09-01")[None]).description

    assert "Role:" not in description
    assert "Own part:" not in description


def test_a_delivery_speaks_of_itself_alone() -> None:
    """It counts no other members."""
    description = only(made(FAN_OUT, as_of="2021-09-01")["one"], EventKind.DELIVERY).description

    assert "Role: delivers its own part" in description
    assert "Received" not in description


def test_whoever_collects_a_finished_fan_out_sees_its_own_part_done() -> None:
    """`done` closes every member; the part of the recipient says since when."""
    description = only(made(FAN_OUT + "done = 2021-09-20\n", as_of="2021-09-20")["two"]).description

    assert "Done: 20 Sep 2021" in description
    assert "Received: 2/2" in description
    assert "Own part: Done 20 Sep 2021" in description
    assert "Not yet delivered" not in description


def test_whoever_collects_a_cancelled_fan_out_sees_its_own_part_cancelled() -> None:
    """Nothing is expected any more."""
    description = only(made(FAN_OUT + "cancelled = 2021-09-20\n", as_of="2021-09-20")["two"]).description

    assert "Cancelled: 20 Sep 2021" in description
    assert "Received: 0/0" in description
    assert "Own part: Cancelled" in description


def test_a_fan_out_counts_what_has_come_in() -> None:
    """One of two delivered on 6/9, the 14th day: the recipient sees that, the member itself is done, the other not."""
    status = judge(
        [forecast(read(FAN_OUT.encode(), "plan.toml"), date(2021, 10, 5))],
        date(2021, 10, 5),
    )
    (item,) = status.items
    one, two = item.members
    one = one._replace(phase=Phase.DONE, timeliness=Timeliness.DONE_ON_TIME, done_on=date(2021, 9, 6))
    for late in (False, True):
        timeliness = Timeliness.OVERDUE if late else Timeliness.ON_TRACK
        members = (one, two._replace(timeliness=timeliness))
        partly = status._replace(items=(item._replace(timeliness=timeliness, members=members),))
        found = {feed.agency: feed for feed in feeds(partly, language)}

        recipient = only(found["two"])
        assert "Received: 1/2\nOwn part: Not yet delivered\nNot yet delivered: Agency two" in recipient.description
        assert recipient.sequence == A_DAY * (39 if late else 14)  # overdue since 1/10
        delivery = only(found["one"], EventKind.DELIVERY)
        assert (delivery.title, delivery.sequence) == ("Done – Survey [survey]", 14 * A_DAY)
        assert [event.kind for event in found["one"].events] == [EventKind.DELIVERY]


SUPPORT = (
    HEAD
    + """
[tasks.a]
title = "A"
owner = "lead"
support = ["one"]
due = 2021-09-30
"""
)


def test_support_has_a_feed_only_by_choice() -> None:
    """The roles that are served decide."""
    assert list(made(SUPPORT, as_of="2021-09-01")) == [None, "lead"]
    chosen = made(SUPPORT, as_of="2021-09-01", roles=SERVED | {Role.SUPPORT})
    assert list(chosen) == [None, "lead", "one"]
    assert "Role: support" in only(chosen["one"]).description


def test_agencies_with_the_same_roles_share_one_event() -> None:
    """So it is written once."""
    found = made(HEAD + '[tasks.a]\ntitle = "A"\nowner = ["one", "two"]\ndue = 2021-09-30\n', as_of="2021-09-01")

    assert found["one"].events[0] is found["two"].events[0]


def blocked(facts: str = "") -> str:
    """Give a plan of two tasks, one after the other, with facts of the first."""
    return f"""{HEAD}
[tasks.first]
title = "First"
owner = "lead"
due = 2021-09-10
{facts}
[tasks.second]
title = "Second"
owner = "lead"
after = ["first"]
due = 2021-09-30
"""


def test_an_event_names_who_is_waited_for() -> None:
    """Open predecessors, with their ids."""
    _, second = made(blocked(), as_of="2021-09-01")["lead"].events

    assert "Waiting for: First [first]" in second.description


def utc(text: str) -> datetime:
    """Read an instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("as_of", "facts", "titles", "stamps", "sequences"),
    [
        # Nothing yet: both stand as on the plan's start, 23/8 00:00 in Vietnam.
        ("2021-09-10", "", ["First [first]", "Second [second]"], ["2021-08-22T17:00", "2021-08-22T17:00"], [0, 0]),
        # 11/9: the first is overdue since that day, 19 days after 23/8. The second has not changed.
        (
            "2021-09-20",
            "",
            ["OVERDUE – First [first]", "Second [second]"],
            ["2021-09-10T17:00", "2021-08-22T17:00"],
            [19 * A_DAY, 0],
        ),
        # Started on 30/8, the 7th day: the first changed, and the second, which names it, may have.
        (
            "2021-09-01",
            "started = 2021-08-30",
            ["First [first]", "Second [second]"],
            ["2021-08-29T17:00", "2021-08-29T17:00"],
            [7 * A_DAY, 7 * A_DAY],
        ),
        # Done on 14/9, late: the 22nd day, and later on it than when it was overdue.
        (
            "2021-09-20",
            "done = 2021-09-14",
            ["Done – First [first]", "Second [second]"],
            ["2021-09-13T17:00:01", "2021-09-13T17:00"],
            [22 * A_DAY + 1, 22 * A_DAY],
        ),
        # On 13/9 nobody knows that yet.
        (
            "2021-09-13",
            "done = 2021-09-14",
            ["OVERDUE – First [first]", "Second [second]"],
            ["2021-09-10T17:00", "2021-08-22T17:00"],
            [19 * A_DAY, 0],
        ),
    ],
)
def test_stamps_and_sequences_grow_with_the_facts(
    as_of: str, facts: str, titles: list[str], stamps: list[str], sequences: list[int]
) -> None:
    """The newest of plan start, facts shown, and the day after the last good day while overdue."""
    events = made(blocked(facts), as_of=as_of)["lead"].events[:2]

    assert [event.title for event in events] == titles
    assert [event.stamp for event in events] == [utc(stamp) for stamp in stamps]
    assert [event.sequence for event in events] == sequences


def test_revised_moves_every_stamp() -> None:
    """People changed the file on 1/9, the 9th day."""
    plan = blocked().replace("[agencies]", "revised = 2021-09-01\n[agencies]")

    events = made(plan, as_of="2021-09-05")["lead"].events

    assert {(event.stamp, event.sequence) for event in events} == {(utc("2021-08-31T17:00"), 9 * A_DAY)}


def test_a_plan_elsewhere_stamps_by_its_own_midnight() -> None:
    """London's summer is an hour ahead of UTC."""
    plan = SUPPORT.replace("Asia/Ho_Chi_Minh", "Europe/London")

    assert only(made(plan, as_of="2021-09-01")["lead"]).stamp == utc("2021-08-22T23:00")


def test_an_overdue_member_is_stamped_like_the_task() -> None:
    """1/10 is the 39th day after 23/8; the facts of a task date its deliveries too."""
    late = made(FAN_OUT, as_of="2021-10-05")["one"]
    started = made(FAN_OUT + "started = 2021-08-24\n", as_of="2021-09-01")["one"]

    assert only(late, EventKind.DELIVERY).title == "OVERDUE – Survey [survey]"
    assert only(late, EventKind.DELIVERY).sequence == 39 * A_DAY
    assert only(started, EventKind.DELIVERY).sequence == A_DAY


CANCELLED = (
    HEAD
    + """
[tasks.a]
title = "A"
owner = "lead"
due = 2021-09-30
cancelled = 2021-09-06
remind = [7]
"""
)


def test_a_cancelled_item_stays_for_four_weeks() -> None:
    """6/9 and 28 days are 4/10; on 5/10 it is gone, and the feed says that there is nothing."""
    on_the_day = only(made(CANCELLED, as_of="2021-09-06")["lead"])
    assert (on_the_day.title, on_the_day.cancelled, on_the_day.reminders) == ("CANCELLED – A [a]", True, ())
    assert on_the_day.sequence == 14 * A_DAY
    assert only(made(CANCELLED, as_of="2021-10-04")["lead"]) == on_the_day

    after = made(CANCELLED, as_of="2021-10-05")
    assert [event.kind for event in after["lead"].events] == [EventKind.NOTICE]
    assert [event.kind for event in after[None].events] == [EventKind.NOTICE]


def test_a_done_item_stays_and_rings_no_more() -> None:
    """Open, it reminds seven days and one day before, and on the day."""
    plan = HEAD + '[tasks.a]\ntitle = "A"\nowner = "lead"\ndue = 2021-09-30\nremind = [7, 1, 0]\n'

    assert only(made(plan, as_of="2021-09-01")["lead"]).reminders == (
        Reminder(days=7, words="7 days left: A [a]"),
        Reminder(days=1, words="1 day left: A [a]"),
        Reminder(days=0, words="Due today: A [a]"),
    )
    done = only(made(plan + "done = 2021-09-01\n", as_of="2022-09-01")["lead"])
    assert (done.title, done.reminders) == ("Done – A [a]", ())


@pytest.mark.parametrize(
    "deadline",
    [
        "",
        'due = "thường xuyên"',
        'due = "2021 và những năm tiếp theo"',
        "due = { none = true }",
        'due = { after = "b", working-days = 3 }',  # b has not happened: a tentative day is not published
        "done = true",
    ],
)
def test_what_has_no_day_is_no_event(deadline: str) -> None:
    """Its agency still has a valid feed: one event says so, on the day of the plan's start."""
    plan = HEAD + f'[tasks.a]\ntitle = "A"\nowner = "lead"\n{deadline}\n[tasks.b]\ntitle = "B"\nowner = "lead"\n'

    (notice,) = made(plan, as_of="2021-09-01")["lead"].events

    assert notice == Event(
        uid="_nothing.lead@p",
        kind=EventKind.NOTICE,
        first=date(2021, 8, 23),
        last=date(2021, 8, 23),
        timezone="Asia/Ho_Chi_Minh",
        title="No task with a deadline: Plan",
        description="No task with a deadline: Plan",
        stamp=utc("2021-08-22T17:00"),
        sequence=0,
    )
    assert made(plan, as_of="2021-09-01")[None].events[0].uid == "_nothing@p"


def test_a_counted_deadline_is_published_once_its_event_has_happened() -> None:
    """Three working days after Wednesday 1/9 are Monday 6/9; the predecessor's day is no link's, and needs none."""
    plan = HEAD + (
        '[tasks.a]\ntitle = "A"\nowner = "lead"\ndue = { after = "b", working-days = 3 }\n'
        '[tasks.b]\ntitle = "B"\nowner = "lead"\ndone = 2021-09-01\n'
    )

    assert only(made(plan, as_of="2021-09-02")["lead"]).last == date(2021, 9, 6)


def test_a_period_is_one_event_on_its_last_day() -> None:
    """A bar of a month would hide the deadline; its words stand in the description."""
    plan = HEAD + '[tasks.a]\ntitle = "A"\nowner = "lead"\ndue = "tháng 9/2021"\n'

    event = only(made(plan, as_of="2021-09-01")["lead"])

    assert (event.first, event.last) == (date(2021, 9, 30), date(2021, 9, 30))
    assert "“tháng 9/2021” → 30 Sep 2021" in event.description


def test_a_rolled_deadline_stands_on_the_day_it_rolled_to() -> None:
    """Saturday 25/9/2021 becomes Monday 27/9, and the description says why."""
    plan = HEAD.replace("[agencies]", '[reading]\nday-off = "next-working-day"\n[agencies]') + (
        '[tasks.a]\ntitle = "A"\nowner = "lead"\ndue = 2021-09-25\n'
    )

    event = only(made(plan, as_of="2021-09-01")["lead"])

    assert event.last == date(2021, 9, 27)
    assert "the day that the words name; 25 Sep 2021 is a day off" in event.description


def test_a_time_of_day_is_published() -> None:
    """The event is at that hour; the description shows it."""
    plan = HEAD + '[tasks.a]\ntitle = "A"\nowner = "lead"\ndue = "trước 20h00 ngày 25/9/2021"\n'

    event = only(made(plan, as_of="2021-09-01")["lead"])

    assert (event.first, event.time, event.timezone) == (date(2021, 9, 25), time(20), "Asia/Ho_Chi_Minh")
    assert "→ 20:00 25 Sep 2021" in event.description


def late(*days: str) -> str:
    """Give a plan of `lead` with a task due on each of the days, from 2020 on."""
    tasks = "".join(f'[tasks.t{n}]\ntitle = "T{n}"\nowner = "lead"\ndue = {day}\n' for n, day in enumerate(days, 1))
    return HEAD.replace("2021-08-23", "2020-01-01") + tasks


@pytest.mark.parametrize(
    ("due", "as_of", "first", "last"),
    [
        ("2021-09-30", "2021-10-01", "2021-10-01", "2021-10-01"),  # Thursday; on Friday only Friday is left
        ("2021-09-30", "2021-10-02", "2021-10-01", "2021-10-01"),  # on Saturday still that week's
        ("2021-09-30", "2021-10-03", "2021-10-01", "2021-10-01"),
        ("2021-09-30", "2021-10-04", "2021-10-04", "2021-10-08"),  # Monday
        ("2021-09-30", "2021-10-05", "2021-10-04", "2021-10-08"),
        ("2021-10-01", "2021-10-02", "2021-10-02", "2021-10-02"),  # Friday; overdue from Saturday: that day alone
        ("2021-10-01", "2021-10-03", "2021-10-02", "2021-10-02"),
        ("2021-10-02", "2021-10-03", "2021-10-03", "2021-10-03"),
        ("2021-10-03", "2021-10-04", "2021-10-04", "2021-10-08"),
        ("2020-12-25", "2020-12-31", "2020-12-28", "2021-01-01"),  # Thursday: Friday is New Year's Day
        ("2020-12-25", "2021-01-01", "2020-12-28", "2021-01-01"),
        ("2020-12-31", "2021-01-01", "2021-01-01", "2021-01-01"),
        ("2020-12-25", "2021-01-03", "2020-12-28", "2021-01-01"),
        ("2020-12-25", "2021-01-04", "2021-01-04", "2021-01-08"),
    ],
)
def test_the_banner_stands_on_the_days_of_this_week(due: str, as_of: str, first: str, last: str) -> None:
    """From Monday or the first overdue day to Friday."""
    banner = only(made(late(due), as_of=as_of)["lead"], EventKind.OVERDUE)

    assert (banner.first.isoformat(), banner.last.isoformat()) == (first, last)


def test_the_banner_names_the_oldest_and_lists_all() -> None:
    """Oldest first, declared order within a day; its first day is the oldest one's; one per feed."""
    found = made(late("2021-09-08", "2021-09-06", "2021-09-07", "2021-09-06", "2021-09-30"), as_of="2021-09-10")

    banner = only(found["lead"], EventKind.OVERDUE)
    assert banner.title == "OVERDUE, 4 tasks: T2; T4; T3; …"
    assert banner.description.split("\n") == [
        "6 Sep 2021: T2 [t2]",
        "6 Sep 2021: T4 [t4]",
        "7 Sep 2021: T3 [t3]",
        "8 Sep 2021: T1 [t1]",
    ]
    assert banner.first == date(2021, 9, 7)
    assert banner.uid == "_overdue.lead@p"
    # The newest of the feed is T1, overdue since 9/9: day 617 after 1/1/2020 (366 + 251).
    assert (banner.stamp, banner.sequence) == (utc("2021-09-08T17:00"), 617 * A_DAY)
    assert only(found[None], EventKind.OVERDUE).uid == "_overdue@p"


def test_the_banner_says_the_name_of_a_recurring_task_once() -> None:
    """With how many of its occurrences are overdue; the description lists each by its own name."""
    plan = late("2021-09-07") + '[tasks.r]\ntitle = "R"\nowner = "lead"\nrepeat = "monthly by 6"\n'

    banner = only(made(plan.replace("2020-01-01", "2021-08-01"), as_of="2021-09-10")["lead"], EventKind.OVERDUE)

    assert banner.title == "OVERDUE, 3 tasks: R (2); T1"
    assert banner.description.split("\n") == [
        "6 Aug 2021: R [r@2021-08-06]",
        "6 Sep 2021: R [r@2021-09-06]",
        "7 Sep 2021: T1 [t1]",
    ]


def test_the_banner_tells_ones_own_part_from_one_that_was_taken_over() -> None:
    """Both are of one task, and both are overdue."""
    plan = CEASED + '[tasks.a]\ntitle = "A"\neach = ["two", "three"]\ndue = 2021-09-08\n'

    banner = only(made(plan, as_of="2021-09-10")["three"], EventKind.OVERDUE)

    assert banner.title == "OVERDUE, 2 tasks: A (2)"
    assert banner.description.split("\n") == [
        "8 Sep 2021: A [a] (taken over from Agency two)",
        "8 Sep 2021: A [a]",
    ]


def test_the_banner_is_newer_on_monday() -> None:
    """On 13/9, a Monday, its dates move, and its stamp with them: 366 + 255 days after 1/1/2020."""
    banner = only(made(late("2021-09-08"), as_of="2021-09-15")["lead"], EventKind.OVERDUE)

    assert banner.title == "OVERDUE, 1 task: T1"
    assert (banner.stamp, banner.sequence) == (utc("2021-09-12T17:00"), 621 * A_DAY)


def test_a_banner_in_the_first_week_of_a_plan_is_not_older_than_it() -> None:
    """The plan starts on a Thursday: Monday was before it."""
    plan = HEAD.replace("2021-08-23", "2021-08-26") + '[tasks.a]\ntitle = "A"\nowner = "lead"\ndue = 2021-08-25\n'

    banner = only(made(plan, as_of="2021-08-26")["lead"], EventKind.OVERDUE)

    assert (banner.stamp, banner.sequence) == (utc("2021-08-25T17:00"), 0)


@pytest.mark.parametrize(
    ("facts", "numbers"),
    [
        ("", ("2021-09-30T17:00", 39 * A_DAY)),  # overdue since 1/10, day 39
        ("done = 2021-09-30", ("2021-09-29T17:00", 38 * A_DAY)),
        ("done = 2021-10-01", ("2021-09-30T17:00:01", 39 * A_DAY + 1)),  # newer than overdue on the same day
        ("done = 2021-10-02", ("2021-10-01T17:00:01", 40 * A_DAY + 1)),
        ("cancelled = 2021-10-01", ("2021-09-30T17:00:01", 39 * A_DAY + 1)),
    ],
)
def test_what_ends_after_its_last_day_is_newer_than_when_it_was_overdue(facts: str, numbers: tuple[str, int]) -> None:
    """Also on the day on which it was; the banner of another overdue task follows."""
    plan = HEAD + (
        f'[tasks.a]\ntitle = "A"\nowner = "lead"\ndue = 2021-09-30\n{facts}\n'
        '[tasks.b]\ntitle = "B"\nowner = "lead"\ndue = 2021-09-28\n'
    )
    feed = made(plan, as_of="2021-10-02")["lead"]

    assert (feed.events[0].stamp, feed.events[0].sequence) == (utc(numbers[0]), numbers[1])
    banner = only(feed, EventKind.OVERDUE)
    assert (banner.stamp, banner.sequence) >= (feed.events[0].stamp, feed.events[0].sequence)
    # Overdue since 29/9, day 37, a Wednesday.
    assert banner.stamp == max(feed.events[0].stamp, utc("2021-09-28T17:00"))


def test_a_plan_of_a_lifetime_has_room_in_its_numbers() -> None:
    """SEQUENCE is below 2^31 = 2,147,483,648 in iCalendar: in seconds 68 years; it stops short of that."""
    plan = HEAD.replace("2021-08-23", "2000-01-01") + '[tasks.a]\ntitle = "A"\nowner = "lead"\ndue = DAY\n'

    early, late_ = (
        only(made(plan.replace("DAY", day), as_of="2090-01-01")["lead"]) for day in ("2049-12-31", "2079-12-31")
    )

    assert early.sequence == 18_263 * A_DAY  # overdue since 1/1/2050: 50 years, 13 of them leap years
    assert late_.sequence == 2_000_000_000


def test_nothing_overdue_means_no_banner() -> None:
    """What is done late or cancelled is not overdue."""
    plan = late("2021-09-06", "2021-09-07").replace("due = 2021-09-06", "due = 2021-09-06\ndone = 2021-09-09")
    plan = plan.replace("due = 2021-09-07", "due = 2021-09-07\ncancelled = 2021-09-09")

    found = made(plan, as_of="2021-09-10")

    assert [event.kind for event in found["lead"].events] == [EventKind.ITEM, EventKind.ITEM]


SECOND = (
    HEAD.replace('id = "p"', 'id = "q"')
    .replace('short = "Plan"', 'short = "Second"')
    .replace("2021-08-23", "2021-09-01")
)


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


def test_a_member_with_a_lesser_role_keeps_its_own_delivery() -> None:
    """Being consulted too does not hide whether it has delivered."""
    plan = HEAD + '[tasks.a]\ntitle = "A"\neach = ["one"]\nconsult = ["one"]\ndue = 2021-09-30\n'

    event = only(made(plan, as_of="2021-09-01")["one"], EventKind.DELIVERY)

    assert "Role: delivers its own part, consulted" in event.description


def test_done_on_an_unknown_day_says_done() -> None:
    """A finished predecessor without a day dates nothing."""
    plan = HEAD + (
        '[tasks.a]\ntitle = "A"\nowner = "lead"\ndone = true\n'
        '[tasks.b]\ntitle = "B"\nowner = "lead"\nafter = ["a"]\ndue = 2021-09-30\n'
    )

    event = only(made(plan, as_of="2021-09-01")["lead"])

    assert event.sequence == 0
    assert "Waiting for" not in event.description


def test_what_is_awaited_behind_a_cancelled_task_dates_an_event() -> None:
    """`c` waits for `a` through the cancelled `b`; when `a` is done on 6 September, the words of `c` change then."""
    plan = HEAD + (
        '[tasks.a]\ntitle = "A"\nowner = "one"\ndone = 2021-09-06\n'
        '[tasks.b]\ntitle = "B"\nowner = "one"\nafter = ["a"]\ncancelled = 2021-09-03\n'
        '[tasks.c]\ntitle = "C"\nowner = "lead"\nafter = ["b"]\ndue = 2021-09-30\n'
    )

    before, after = (only(made(plan, as_of=f"2021-09-{day}")["lead"]) for day in ("05", "06"))

    assert "Waiting for" in before.description
    assert "Waiting for" not in after.description
    assert after.sequence - before.sequence == 3 * A_DAY


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


CEASED = HEAD.replace(
    'two = { name = "Agency two" }', 'two = { name = "Agency two", ceased = 2021-09-10, successor = "three" }'
)
CEASED = CEASED.replace(
    'three = { name = "Agency three" }', 'three = { name = "Agency three", ceased = 2021-09-20, successor = "all" }'
)


def test_an_agency_that_has_ceased_is_named_with_its_successor() -> None:
    """From that day on, and along the chain of successors; the event keeps its UID in whoever's feed it is.

    10/9 is the 18th day, 20/9 the 28th: the words change then, and the numbers with them.
    """
    plan = CEASED + '[tasks.a]\ntitle = "A"\neach = ["one", "two"]\nrecipient = "lead"\ndue = 2021-09-30\n'

    for day, whose, name, sequence in (
        ("2021-09-09", "two", "Agency two", 0),
        ("2021-09-10", "three", "Agency three (taken over from Agency two)", 18 * A_DAY),
        ("2021-09-20", "all", "Agency called all (taken over from Agency two)", 28 * A_DAY),
    ):
        found = made(plan, as_of=day)
        event = only(found["lead"])
        assert f"Not yet delivered: Agency one, {name}" in event.description
        assert event.sequence == sequence
        assert only(found[whose], EventKind.DELIVERY).uid == "a.two@p"
        assert only(found["one"], EventKind.DELIVERY).sequence == 0  # it names no other member


def test_who_will_take_over_has_a_feed_before_that_day() -> None:
    """People subscribe in advance, along the chain; who takes over from nobody with a feed has none."""
    plan = CEASED + '[tasks.a]\ntitle = "A"\nowner = "two"\ndue = 2021-09-30\n'

    found = made(plan, as_of="2021-09-01")

    assert list(found) == [None, "two", "three", "all"]
    assert only(found["three"], EventKind.NOTICE).title == "No task with a deadline: Plan"
    assert list(made(plan.replace('"two"\ndue', '"one"\ndue'), as_of="2021-09-01")) == [None, "one"]


def test_closed_work_of_an_agency_that_has_ceased_stays_in_its_feed() -> None:
    """Which is described by the name of whoever has taken its place."""
    plan = CEASED + '[tasks.a]\ntitle = "A"\nowner = "two"\ndue = 2021-09-30\ndone = 2021-09-09\n'

    found = made(plan, as_of="2021-09-20")["two"]

    assert found.name == "Agency two – Plan"
    assert found.description == "Deadlines of Agency two (now Agency called all) in the plan: Plan"
    assert "Lead: Agency two (now Agency called all)" in only(found).description


def test_an_agency_that_has_ceased_without_a_successor_is_named_so() -> None:
    """Nobody has taken its place; as the last of a chain too."""
    plan = CEASED.replace(', successor = "all"', "") + (
        '[tasks.a]\ntitle = "A"\nowner = "three"\nsupport = ["two"]\ndue = 2021-09-30\n'
    )

    description = only(made(plan, as_of="2021-09-20")["three"]).description

    assert "Lead: Agency three (ceased)\nSupport: Agency three (ceased)" in description
    assert "Agency three: taken over from Agency two" in description


def test_a_reminder_is_an_event_of_its_own_where_that_is_chosen() -> None:
    """So many days before, for each that sees the item, until it is over or overdue; the day itself has its event."""
    plan = HEAD + (
        '[tasks.a]\ntitle = "A"\nowner = "lead"\neach = ["one"]\nremind = [7, 1, 0]\n'
        'due = "trước 20h00 ngày 30/9/2021"\n'
    )

    def reminders(text: str, as_of: str) -> dict[str | None, list[tuple[str, str, str]]]:
        status = judge(
            [forecast(read(text.encode(), "plan.toml"), date.fromisoformat(as_of))], date.fromisoformat(as_of)
        )
        return {
            feed.agency: [
                (event.uid, event.first.isoformat(), event.title)
                for event in feed.events
                if event.kind is EventKind.REMINDER
            ]
            for feed in feeds(status, language, choice=Choice(remind_events=True))
        }

    whole = [("a_7@p", "2021-09-23", "7 days left: A [a]"), ("a_1@p", "2021-09-29", "1 day left: A [a]")]
    own = [("a.uno_7@p", "2021-09-23", "7 days left: A [a]"), ("a.uno_1@p", "2021-09-29", "1 day left: A [a]")]
    assert reminders(plan, "2021-09-30") == {None: whole, "lead": whole, "one": own}
    over = (("", "2021-10-01"), ("done = 2021-09-10", "2021-09-10"), ("cancelled = 2021-09-10", "2021-09-10"))
    for facts, day in over:
        assert reminders(plan + facts, day) == {None: [], "lead": [], "one": []}


PREVIOUS = PublishedFeed("A", "B", {})


def gone(uid: str, plan: str, as_of: str = "2021-09-10", **more: Any) -> list[Event]:  # noqa: ANN401 - as _replace
    """Give what the lead is told of an item due on 30/9 that its feed held yesterday."""
    held = Published(3, utc("2021-09-01T00:00"), "0" * 32, "A [a]", date(2021, 9, 30))._replace(**more)
    previous = State(("p",), {"lead": PREVIOUS._replace(events={uid: held})})
    status = judge([forecast(read(plan.encode(), "plan.toml"), date.fromisoformat(as_of))], date.fromisoformat(as_of))
    found = {feed.agency: feed for feed in feeds(status, language, previous=previous)}
    return [event for event in found["lead"].events if event.kind is EventKind.GONE]


OTHER = HEAD + '[tasks.other]\ntitle = "Other"\nowner = "lead"\ndue = 2021-12-31\n'


def test_what_the_plan_no_longer_has_is_cancelled_for_its_reader() -> None:
    """With the name and the day that it had; 10/9 is the 18th day."""
    (event,) = gone("a@p", OTHER)

    assert (event.uid, event.title, event.first, event.last) == ("a@p", "CANCELLED – A [a]", *[date(2021, 9, 30)] * 2)
    assert event.description == "It is no longer in the plan."
    assert (event.cancelled, event.time, event.reminders) == (True, None, ())
    assert (event.stamp, event.sequence) == (utc("2021-09-09T17:00"), 18 * A_DAY)
    (timed,) = gone("a@2021-09-30.uno@p", OTHER, time=time(20))
    assert timed.time == time(20)
    (before_start,) = gone("a@p", OTHER, as_of="2021-08-01")
    assert (before_start.stamp, before_start.sequence) == (utc("2021-08-22T17:00"), 0)


@pytest.mark.parametrize(
    "task",
    [
        'owner = "lead"',  # without a deadline now
        'owner = "one"\ndue = 2021-09-30',  # given to another
        'owner = "one"\ndue = 2021-09-30\nformerly = ["a"]',  # and under another id
    ],
)
@pytest.mark.parametrize("uid", ["a@p", "a.uno@p", "a@2021-09-30@p", "a@2021-09-30.uno@p"])
def test_what_the_plan_still_has_is_only_withdrawn(task: str, uid: str) -> None:
    """To say that it is cancelled would be a lie."""
    name = "b" if "formerly" in task else "a"
    (event,) = gone(uid, OTHER + f'[tasks.{name}]\ntitle = "A"\n{task}\n')

    assert event.title == "WITHDRAWN – A [a]"
    assert event.description == (
        "It is still in the plan, but no longer in this calendar: its deadline or its roles have changed."
    )


def test_what_went_to_a_successor_names_the_calendar_to_subscribe_to() -> None:
    """Unless it had gone before that."""
    plan = OTHER.replace(
        'name = "The lead agency", short = "Lead"', 'name = "Lead", ceased = 2021-09-10, successor = "one"'
    )
    plan += '[tasks.a]\ntitle = "A"\nowner = "lead"\ndue = 2021-09-30\n'

    (event,) = gone("a@p", plan)
    (earlier,) = gone("a@p", plan, as_of="2021-09-11", cancelled=date(2021, 9, 9))

    assert event.title == "WITHDRAWN – A [a]"
    assert event.description == "Agency one has taken over from Lead: subscribe to the calendar of Agency one."
    assert "its deadline or its roles have changed" in earlier.description
    (unled,) = gone(
        "a@p", plan.replace(', successor = "one"', "").replace('"lead"\ndue = 2021-09', '"two"\ndue = 2021-09')
    )
    assert "its deadline or its roles have changed" in unled.description


def test_what_is_still_there_in_another_way_is_not_told_to_be_gone() -> None:
    """Its own part instead of the whole, cancelled and told of long enough, of a banner or a reminder: nothing."""
    member = OTHER + '[tasks.a]\ntitle = "A"\neach = ["lead"]\ndue = 2021-09-30\n'
    assert gone("a@p", member) == []
    cancelled = OTHER + '[tasks.a]\ntitle = "A"\nowner = "lead"\ndue = 2021-09-30\ncancelled = 2021-08-25\n'
    assert gone("a@p", cancelled, as_of="2021-10-01", cancelled=date(2021, 8, 25)) == []
    assert gone("_overdue.lead@p", OTHER, name=None, day=None) == []


def test_what_is_gone_is_told_in_the_language_of_its_plan() -> None:
    """Of a portfolio each plan speaks its own; an item of a plan that is no longer there, the first one's."""
    vietnamese = (
        SECOND.replace("[agencies]", 'language = "vi"\n[agencies]') + '[tasks.x]\ntitle = "X"\nowner = "lead"\n'
    )
    held = Published(3, utc("2021-09-01T00:00"), "0" * 32, "A [a]", date(2021, 9, 30))
    previous = State(("p",), {"lead": PREVIOUS._replace(events={"a@p": held, "a@q": held, "a@r": held})})
    status = judge(
        [forecast(read(text.encode(), "plan.toml"), date(2021, 9, 10)) for text in (OTHER, vietnamese)],
        date(2021, 9, 10),
    )
    found = {feed.agency: feed for feed in feeds(status, language, previous=previous)}

    assert [event.title for event in found["lead"].events if event.kind is EventKind.GONE] == [
        "CANCELLED – A [a]",
        "ĐÃ HỦY – A [a]",
        "CANCELLED – A [a]",
    ]


def test_a_feed_goes_on_under_the_name_that_it_was_known_by() -> None:
    """The oldest id, or the one that it was published under; not one of another plan's agency, nor of a device."""
    renamed = HEAD.replace('["uno", "eins"]', '["uno", "eins", "two-old", "nul"]')
    plan = renamed + '[tasks.a]\ntitle = "A"\nowner = ["one", "two"]\ndue = 2021-09-30\n'
    found = made(plan, as_of="2021-09-01")
    assert (found["one"].key, found["two"].key, found[None].key) == ("uno", "two", "all")
    assert found["one"].files == ("one.ics", "uno.ics", "eins.ics", "two-old.ics")
    assert found["two"].files == ("two.ics",)

    status = judge([forecast(read(plan.encode(), "plan.toml"), date(2021, 9, 1))], date(2021, 9, 1))
    previous = State(("p",), {"eins": PREVIOUS, "left": PREVIOUS, "all_": PREVIOUS})
    again = {feed.agency: feed for feed in feeds(status, language, previous=previous)}
    assert again["one"].key == "eins"
    assert [feed.file for feed in again.values()] == ["all.ics", "one.ics", "two.ics", "left.ics", "all_.ics"]
    assert (again["left"].name, again["left"].description) == ("A", "B")
    assert again["all"].name == "Agency called all – Plan"

    other = SECOND.replace("\none =", "\nuno =").replace(', formerly = ["uno", "eins"]', "")
    both = made(plan, other + '[tasks.a]\ntitle = "A"\nowner = "uno"\ndue = 2021-09-30\n', as_of="2021-09-01")
    assert both["one"].files == ("one.ics", "eins.ics", "two-old.ics")
    assert both["uno"].files == ("uno.ics",)


EXAMPLES = [*sorted((ROOT / "tests" / "plans" / "good").glob("*.toml")), ROOT / "plans" / "nghean.toml"]


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


DAYS = st.dates(date(2021, 8, 23), date(2021, 12, 31))


@given(days=st.tuples(DAYS, DAYS), due=DAYS, started=st.none() | DAYS, ended=st.none() | DAYS)
def test_an_event_that_changes_with_the_days_is_newer(
    days: tuple[date, date], due: date, started: date | None, ended: date | None
) -> None:
    """Every event that is in the feeds of two days is the same to the byte, or has a higher stamp and SEQUENCE."""
    facts = f"due = {due}\n" + (f"done = {ended}\n" if ended else "")
    if started and (ended is None or started <= ended):
        facts += f"started = {started}\n"
    plan = blocked(facts).replace("due = 2021-09-10\n", "", 1)
    before, after = (
        {event.uid: event for event in made(plan, as_of=day.isoformat())["lead"].events} for day in sorted(days)
    )

    assert before.keys() & after.keys() >= {"first@p", "second@p"}
    for uid in before.keys() & after.keys():
        old, new = before[uid], after[uid]
        assert old == new or (new.stamp > old.stamp and new.sequence > old.sequence)
