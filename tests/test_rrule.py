"""Recurrence rules: the days that they give, against dateutil and by hand, and what is said of wrong ones."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Any

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from cdsplan.plan.fields import Rejected
from cdsplan.plan.rrule import Frequency, Recurrence, days, rule_of

ANCHOR, LAST = date(2021, 8, 23), date(2022, 8, 31)  # a Monday, a Wednesday


def found(rule: str, anchor: date = ANCHOR, last: date = LAST) -> list[str]:
    """Give the days of a rule."""
    return [day.isoformat() for day in days(rule_of(rule), anchor, last)]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=MONTHLY;BYMONTHDAY=20;COUNT=3", ["2021-09-20", "2021-10-20", "2021-11-20"]),
        # Months without a 31st are left out.
        ("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=4", ["2021-08-31", "2021-10-31", "2021-12-31", "2022-01-31"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", ["2021-08-31", "2021-09-30", "2021-10-31"]),
        ("FREQ=MONTHLY;COUNT=2", ["2021-08-23", "2021-09-23"]),
        ("FREQ=MONTHLY;BYDAY=-1FR;COUNT=2", ["2021-08-27", "2021-09-24"]),
        # The last working day of a month, as offices have it.
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3", ["2021-08-31", "2021-09-30", "2021-10-29"]),
        ("FREQ=WEEKLY;BYDAY=FR;COUNT=2", ["2021-08-27", "2021-09-03"]),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=2", ["2021-08-23", "2021-09-06"]),
        ("FREQ=DAILY;INTERVAL=10;COUNT=3", ["2021-08-23", "2021-09-02", "2021-09-12"]),
        ("FREQ=YEARLY;BYMONTH=6,12;BYMONTHDAY=14", ["2021-12-14", "2022-06-14"]),
        ("FREQ=YEARLY", ["2021-08-23", "2022-08-23"]),
        ("FREQ=YEARLY;BYDAY=1MO", ["2022-01-03"]),
        ("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", []),
    ],
)
def test_the_days_of_a_rule(rule: str, expected: list[str]) -> None:
    """Each day worked with a calendar."""
    assert found(rule) == expected


def test_both_bounds_are_inclusive() -> None:
    """The anchor is a day of the rule only where it fits, and so is the last day."""
    assert found("FREQ=WEEKLY;BYDAY=MO", ANCHOR, date(2021, 8, 30)) == ["2021-08-23", "2021-08-30"]
    assert found("FREQ=WEEKLY;BYDAY=TU", ANCHOR, date(2021, 8, 23)) == []


def test_weekdays_with_and_without_a_number_add_up() -> None:
    """RFC 5545 lists alternatives; dateutil, which wants both at once, finds none (so it is no oracle here)."""
    assert found("FREQ=MONTHLY;BYDAY=1MO,FR", date(2021, 9, 1), date(2021, 9, 12)) == [
        "2021-09-03",
        "2021-09-06",
        "2021-09-10",
    ]


def numbers(*values: int) -> st.SearchStrategy[tuple[int, ...]]:
    """Draw a few different numbers, or none."""
    return st.lists(st.sampled_from(values), max_size=3, unique=True).map(tuple)


@st.composite
def rules(draw: st.DrawFn) -> tuple[Recurrence, date]:
    """Draw a rule with an anchor; what dateutil is known to read otherwise is left out."""
    frequency = draw(st.sampled_from(list(Frequency)))
    counted = frequency in {"MONTHLY", "YEARLY"} and draw(st.booleans())
    parts: dict[str, Any] = {
        "interval": draw(st.sampled_from((1, 1, 2, 3, 5))),
        "times": draw(st.none() | st.integers(1, 12)),
        "months": draw(numbers(*range(1, 13))),
        "month_days": () if frequency == "WEEKLY" else draw(numbers(*range(1, 32), *range(-31, 0))),
        "weekdays": tuple(
            (draw(st.sampled_from((1, 2, -1, 5, -5) if counted else (0,))), day) for day in draw(numbers(*range(7)))
        ),
        "week_start": draw(st.sampled_from((0, 0, 6, 3))),
    }
    # dateutil begins the set of positions on the anchor, RFC 5545 with the whole week.
    if frequency != "WEEKLY" and (parts["months"] or parts["month_days"] or parts["weekdays"]):
        parts["positions"] = draw(numbers(1, 2, 3, -1, -2))
    return Recurrence(frequency, **parts), date(2020, 1, 1) + timedelta(draw(st.integers(0, 2000)))


@given(rules(), st.integers(0, 1500))
def test_dateutil_gives_the_same_days(drawn: tuple[Recurrence, date], length: int) -> None:
    """Of every rule that has a further day soon: dateutil would look for one to the end of time."""
    rule, anchor = drawn
    last = anchor + timedelta(length)
    mine = list(days(rule, anchor, last))
    soon = len(list(days(rule, anchor, last + timedelta(3000))))
    if soon == len(mine) and soon != rule.times:
        return
    theirs = rrulestr(str(rule), dtstart=datetime(anchor.year, anchor.month, anchor.day))  # noqa: DTZ001 - days only
    assert mine == list(takewhile(lambda day: day <= last, (moment.date() for moment in theirs)))


@given(rules())
def test_a_rule_reads_as_it_was_written(drawn: tuple[Recurrence, date]) -> None:
    """What `str` writes is the rule that is read back."""
    assert rule_of(str(drawn[0])) == drawn[0]


def test_small_letters_spaces_and_the_property_name_will_do() -> None:
    """As people paste rules from calendars."""
    assert rule_of(" rrule: freq=monthly ; BYMONTHDAY=20; ") == Recurrence(Frequency.MONTHLY, month_days=(20,))


@pytest.mark.parametrize(
    ("rule", "part", "message"),
    [
        ("FREQ=HOURLY", "FREQ=HOURLY", "“HOURLY” divides the day: occurrences go by days"),
        ("FREQ=DAILY;BYHOUR=9", "BYHOUR=9", "“BYHOUR” divides the day: occurrences go by days"),
        ("FREQ=DAILY;UNTIL=20261231T000000Z", "UNTIL=20261231T000000Z", "the last day of a rule has a key of its own"),
        ("DTSTART:20260101;FREQ=DAILY", "DTSTART:20260101", "“DTSTART:20260101” is no part of a rule"),
        ("FREQ=DAILY;TZID=UTC", "TZID=UTC", "“TZID” is no part of a rule"),
        ("FREQ=YEARLY;BYWEEKNO=3", "BYWEEKNO=3", "“BYWEEKNO” is not read"),
        ("FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY", "“FREQ” stands here twice"),
        ("FREQ=MONTHLY; BYDAYS=MO", "BYDAYS=MO", "“BYDAYS=MO” is no part of a rule"),
        ("FREQ=MONTHLY;BYDAY=", "BYDAY=", "“BYDAY=” is no part of a rule"),
        ("FREQ=MONTLY", "FREQ=MONTLY", "“MONTLY” is no frequency"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY=32", "“32” does not fit “BYMONTHDAY”"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY=0", "“0” does not fit “BYMONTHDAY”"),
        ("FREQ=MONTHLY;BYMONTH=0", "BYMONTH=0", "“0” does not fit “BYMONTH”"),
        ("FREQ=MONTHLY;INTERVAL=0", "INTERVAL=0", "“0” does not fit “INTERVAL”"),
        ("FREQ=MONTHLY;INTERVAL=1,2", "INTERVAL=1,2", "“1,2” does not fit “INTERVAL”"),
        ("FREQ=MONTHLY;COUNT=x;BYMONTHDAY=3", "COUNT=x", "“X” does not fit “COUNT”"),
        ("FREQ=MONTHLY;BYDAY=XX", "BYDAY=XX", "“XX” names no weekday"),
        ("FREQ=MONTHLY;BYDAY=54MO", "BYDAY=54MO", "“54MO” names no weekday"),
        ("FREQ=WEEKLY;BYDAY=1MO", "BYDAY=1MO", "“1MO” counts weekdays of a month"),
        ("FREQ=WEEKLY;BYMONTHDAY=3", "BYMONTHDAY=3", "weeks have no days of the month"),
        ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS=1", "there is nothing yet of which BYSETPOS could choose"),
        ("FREQ=WEEKLY;WKST=XX", "WKST=XX", "“XX” names no weekday"),
    ],
)
def test_what_is_wrong_with_a_rule(rule: str, part: str, message: str) -> None:
    """The part that is wrong is named by its place."""
    with pytest.raises(Rejected) as refused:
        rule_of(rule)
    (fault,) = refused.value.faults
    assert fault.part is not None
    start, length = fault.part
    assert (rule[start : start + length], str(fault.message)) == (part, message)


def test_everything_wrong_is_told_at_once() -> None:
    """Also that the frequency is missing, which has no place of its own."""
    with pytest.raises(Rejected) as refused:
        rule_of("BYDAY=XX;BYMONTH=13")
    assert [(str(fault.message), fault.part) for fault in refused.value.faults] == [
        ("the rule does not say how often: FREQ is missing", None),
        ("“13” does not fit “BYMONTH”", (9, 10)),
        ("“XX” names no weekday", (0, 8)),
    ]


def test_a_rule_that_fits_no_day_costs_no_more_than_any_other() -> None:
    """Nothing is looked at beyond the last day that was asked for: dateutil would go on to the year 9999."""
    looked: list[int] = []

    class Days(tuple[int, ...]):
        """The days of a month that a rule names, which notes when it is asked for."""

        __slots__ = ()

        def __contains__(self, value: object) -> bool:
            looked.append(1)
            return False

    rule = Recurrence(Frequency.DAILY, 2, month_days=Days((30,)), months=(2,))
    assert list(days(rule, date(2022, 2, 1), date(2022, 3, 31))) == []
    assert len(looked) == 2 * 14  # every other day of February, from both ends
