"""Feeds when agencies cease or are renamed, and what a feed says of an item that has gone from it."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from agencies import HEAD, SECOND, made, only, utc
from subscribers import A_DAY

from cdsplan.feeds import Event, EventKind, State, feeds
from cdsplan.feeds.state import Published, PublishedFeed
from cdsplan.i18n import language
from cdsplan.plan.reader import read
from cdsplan.schedule import forecast
from cdsplan.status import judge

CEASED = HEAD.replace(
    'two = { name = "Agency two" }', 'two = { name = "Agency two", ceased = 2021-09-10, successor = "three" }'
)
CEASED = CEASED.replace(
    'three = { name = "Agency three" }', 'three = { name = "Agency three", ceased = 2021-09-20, successor = "all" }'
)

PREVIOUS = PublishedFeed("A", "B", {})


# ----------------------------------------------------------------------------------- Agencies that cease or are renamed


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


def test_the_banner_tells_ones_own_part_from_one_that_was_taken_over() -> None:
    """Both are of one task, and both are overdue."""
    plan = CEASED + '[tasks.a]\ntitle = "A"\neach = ["two", "three"]\ndue = 2021-09-08\n'

    banner = only(made(plan, as_of="2021-09-10")["three"], EventKind.OVERDUE)

    assert banner.title == "OVERDUE, 2 tasks: A (2)"
    assert banner.description.split("\n") == [
        "8 Sep 2021: A [a] (taken over from Agency two)",
        "8 Sep 2021: A [a]",
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


# --------------------------------------------------------------------------------------------------------- What is gone


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
