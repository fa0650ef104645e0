"""Feeds as the days pass: the stamps and sequences of their events, and the banner of what is overdue."""

from __future__ import annotations

from datetime import date

import pytest
from agencies import FAN_OUT, HEAD, SUPPORT, blocked, made, only, utc
from hypothesis import given
from hypothesis import strategies as st
from subscribers import A_DAY

from cdsplan.feeds import EventKind

# ------------------------------------------------------------------------------------------------- Stamps and sequences


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


# ---------------------------------------------------------------------------------------- The banner of what is overdue


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


def test_nothing_overdue_means_no_banner() -> None:
    """What is done late or cancelled is not overdue."""
    plan = late("2021-09-06", "2021-09-07").replace("due = 2021-09-06", "due = 2021-09-06\ndone = 2021-09-09")
    plan = plan.replace("due = 2021-09-07", "due = 2021-09-07\ncancelled = 2021-09-09")

    found = made(plan, as_of="2021-09-10")

    assert [event.kind for event in found["lead"].events] == [EventKind.ITEM, EventKind.ITEM]
