"""Working-day arithmetic against a calendar that is walked day by day."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from hypothesis import assume, given
from hypothesis import strategies as st

from cdsplan.workdays import Workdays

MONDAY_TO_FRIDAY = (0, 1, 2, 3, 4)
SPAN = 60  # exceptions lie in so many days


class Declared(NamedTuple):
    """A calendar as declared, the first of the days among which its exceptions lie, and where it begins to count."""

    workweek: tuple[int, ...]
    off: frozenset[int]
    on: frozenset[int]
    first: int
    origin: int

    def table(self) -> Workdays:
        """Make what is tested."""
        return Workdays(self.workweek, self.off, self.on, origin=self.origin)

    def worked(self, day: int) -> bool:
        """Say from the declaration alone whether a day is worked; 1 January of year 1 was a Monday."""
        return day in self.on or ((day - 1) % 7 in self.workweek and day not in self.off)

    def walk(self, day: int, step: int) -> int:
        """Find the nearest working day from `day` on, day by day."""
        while not self.worked(day):
            day += step
        return day


@st.composite
def calendars(draw: st.DrawFn, first_days: st.SearchStrategy[int]) -> Declared:
    """Draw any workweek, with days off and on close together, so that they meet and overlap."""
    first = draw(first_days)
    days = st.frozensets(st.integers(first, first + SPAN), max_size=40)
    workweek = draw(st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True))
    origin = draw(st.just(1) | st.integers(first - 30, first + SPAN + 30))
    return Declared(tuple(workweek), draw(days), draw(days), first, origin)


NEAR = calendars(st.just(1))
ANYWHERE = calendars(st.integers(1, 5_000_000))  # some 13,000 years
OFFSETS = st.integers(-30, SPAN + 30)


def day(text: str) -> int:
    """Give the ordinal of an ISO date."""
    return date.fromisoformat(text).toordinal()


# September 2021: 2 (a Thursday) and 3 are off; Saturday 11 is worked.
SEPTEMBER = Workdays(MONDAY_TO_FRIDAY, {day("2021-09-02"), day("2021-09-03")}, {day("2021-09-11")})


def test_count_of_a_month_with_days_off_and_a_worked_saturday() -> None:
    """September 2021 has 22 weekdays; two are off and a Saturday is worked."""
    assert SEPTEMBER.count(day("2021-09-01"), day("2021-09-30")) == 21


def test_count_includes_both_ends() -> None:
    """A span of one day counts that day, and one of a day off counts none."""
    assert SEPTEMBER.count(day("2021-09-01"), day("2021-09-01")) == 1
    assert SEPTEMBER.count(day("2021-09-02"), day("2021-09-05")) == 0


def test_count_of_an_empty_span_is_nothing() -> None:
    """A span that ends before it begins has no working days, never a negative number of them."""
    assert SEPTEMBER.count(day("2021-09-30"), day("2021-09-01")) == 0


def test_adding_does_not_count_the_day_itself() -> None:
    """Three working days after Tuesday 31/8/2021 are 1, 6 and 7/9 (Điều 147 BLDS)."""
    assert SEPTEMBER.add(day("2021-08-31"), 3) == day("2021-09-07")


def test_adding_from_a_day_off_begins_on_the_next_working_day() -> None:
    """The first working day after Friday 3/9/2021, a day off, is Monday 6/9."""
    assert SEPTEMBER.add(day("2021-09-03"), 1) == day("2021-09-06")


def test_adding_counts_a_worked_saturday() -> None:
    """Two working days after Thursday 9/9/2021 end on Saturday 11/9, three on Monday 13/9."""
    assert SEPTEMBER.add(day("2021-09-09"), 2) == day("2021-09-11")
    assert SEPTEMBER.add(day("2021-09-09"), 3) == day("2021-09-13")


def test_subtracting_counts_backwards() -> None:
    """Two working days before Monday 6/9/2021 are 1/9 and 31/8, and from Sunday 5/9 the same."""
    assert SEPTEMBER.add(day("2021-09-06"), -2) == day("2021-08-31")
    assert SEPTEMBER.add(day("2021-09-05"), -2) == day("2021-08-31")


def test_adding_nothing_gives_the_day_back() -> None:
    """No working day after a day off is that day off: nothing was asked to move."""
    assert SEPTEMBER.add(day("2021-09-02"), 0) == day("2021-09-02")


def test_opening_a_day_wins_over_closing_it() -> None:
    """A day in both collections is worked, on a weekday and on a weekend."""
    friday, saturday = day("2021-09-10"), day("2021-09-11")
    both = Workdays(MONDAY_TO_FRIDAY, {friday, saturday}, {friday, saturday})
    assert both.is_working(friday)
    assert both.is_working(saturday)


def test_days_per_week_are_those_of_the_workweek() -> None:
    """A working week has as many days as the workweek names, whatever is off."""
    assert SEPTEMBER.days_per_week == 5
    assert Workdays((5,)).days_per_week == 1


def test_a_calendar_without_known_span_covers_every_day() -> None:
    """With no days off to be known, nothing is beyond the table."""
    assert Workdays(MONDAY_TO_FRIDAY).covers(1)
    assert Workdays(MONDAY_TO_FRIDAY).covers(9_000_000)


def test_the_known_span_includes_both_ends() -> None:
    """The first and the last known day are covered, their neighbours are not."""
    table = Workdays(MONDAY_TO_FRIDAY, known=(100, 200))
    assert [table.covers(at) for at in (99, 100, 200, 201)] == [False, True, True, False]


def test_weekdays_agree_with_the_calendar() -> None:
    """Every day of 400 years, after which weekdays repeat, has the weekday that `date` gives it."""
    table = Workdays(MONDAY_TO_FRIDAY)
    first = day("2000-01-01")
    for ordinal in range(first, first + 146_097):
        assert table.is_working(ordinal) is (date.fromordinal(ordinal).weekday() in MONDAY_TO_FRIDAY)


def test_index_counts_from_the_first_day_of_year_1() -> None:
    """Boundary 1 has index 0, a week later five days have been worked, and a week earlier five were still to come."""
    table = Workdays(MONDAY_TO_FRIDAY)
    assert [table.index(1), table.index(8), table.index(-6)] == [0, 5, -5]


def test_far_beyond_the_last_date_weeks_go_on() -> None:
    """After a million weeks five million days have been worked, less the day that was off."""
    table = Workdays(MONDAY_TO_FRIDAY, {day("2021-09-02")})
    assert table.index(7_000_001) == 4_999_999
    assert table.ordinal(4_999_999) == 7_000_001  # a Monday


@given(NEAR, st.integers(1, SPAN + 30))
def test_index_is_the_number_of_working_days_before(declared: Declared, ordinal: int) -> None:
    """The index of a boundary is the number of working days from the origin to it, one by one; negative before that."""
    after = sum(declared.worked(at) for at in range(declared.origin, ordinal))
    assert declared.table().index(ordinal) == after - sum(declared.worked(at) for at in range(ordinal, declared.origin))


@given(ANYWHERE, OFFSETS)
def test_a_day_is_working_as_declared_and_adds_itself_to_the_index(declared: Declared, offset: int) -> None:
    """A day is worked as declared; the index grows by one over a working day, else by none."""
    table, ordinal = declared.table(), declared.first + offset
    assert table.is_working(ordinal) is declared.worked(ordinal)
    assert table.index(ordinal + 1) - table.index(ordinal) == declared.worked(ordinal)


@given(ANYWHERE, st.integers(-30, SPAN + 30))
def test_every_index_has_its_working_day(declared: Declared, offset: int) -> None:
    """`ordinal` undoes `index`: it gives the working day before which k others lie."""
    table = declared.table()
    k = table.index(declared.first) + offset
    assert declared.worked(table.ordinal(k))
    assert table.index(table.ordinal(k)) == k


@given(ANYWHERE, OFFSETS)
def test_the_next_working_day_is_that_found_by_walking(declared: Declared, offset: int) -> None:
    """It is the nearest one, the day itself when it is worked."""
    table, ordinal = declared.table(), declared.first + offset
    assert table.next_working(ordinal) == declared.walk(ordinal, 1)


@given(ANYWHERE, OFFSETS, OFFSETS)
def test_count_is_that_found_by_walking(declared: Declared, offset: int, other: int) -> None:
    """A span has as many working days as one counts in it."""
    first, last = declared.first + offset, declared.first + other
    expected = sum(declared.worked(at) for at in range(first, last + 1))
    assert declared.table().count(first, last) == expected


@given(ANYWHERE, OFFSETS, st.integers(-40, 40))
def test_adding_is_stepping_from_working_day_to_working_day(declared: Declared, offset: int, n: int) -> None:
    """The n-th working day after (before) a day is reached by n steps to the next (previous) one."""
    assume(n)
    step = 1 if n > 0 else -1
    at = declared.first + offset
    for _ in range(abs(n)):
        at = declared.walk(at + step, step)
    assert declared.table().add(declared.first + offset, n) == at


@given(ANYWHERE, OFFSETS, st.integers(0, 40))
def test_days_are_worked_as_declared(declared: Declared, offset: int, days: int) -> None:
    """Of every day of a span it is said whether it is worked."""
    first = declared.first + offset
    expected = [declared.worked(day) for day in range(first, first + days)]
    assert declared.table().worked(first, days) == expected
