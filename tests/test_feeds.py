"""Who gets which event, on which day and with which reminders, and in which words."""

from __future__ import annotations

from datetime import date, time

import pytest
from agencies import FAN_OUT, HEAD, SUPPORT, blocked, made, only, utc
from subscribers import A_DAY

from cdsplan.feeds import SERVED, Choice, Event, EventKind, Reminder, Role, feeds
from cdsplan.i18n import language
from cdsplan.plan.reader import read
from cdsplan.progress import Phase
from cdsplan.schedule import forecast
from cdsplan.status import Timeliness, judge

# ------------------------------------------------------------------------------- Who gets which event, and what it says


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


def test_a_member_with_a_lesser_role_keeps_its_own_delivery() -> None:
    """Being consulted too does not hide whether it has delivered."""
    plan = HEAD + '[tasks.a]\ntitle = "A"\neach = ["one"]\nconsult = ["one"]\ndue = 2021-09-30\n'

    event = only(made(plan, as_of="2021-09-01")["one"], EventKind.DELIVERY)

    assert "Role: delivers its own part, consulted" in event.description


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


def test_an_event_names_who_is_waited_for() -> None:
    """Open predecessors, with their ids."""
    _, second = made(blocked(), as_of="2021-09-01")["lead"].events

    assert "Waiting for: First [first]" in second.description


# ----------------------------------------------------------------------------------------------- On which day it stands


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


# ------------------------------------------------------------------------------------------------------------ Reminders


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
