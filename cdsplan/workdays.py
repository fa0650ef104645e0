"""Working-day arithmetic of one calendar, by table look-up.

Days are proleptic ordinals (`date.toordinal()`: 1 is Monday, 1 January of year 1). A *boundary* b is the instant at
which day b begins, so day b lies between the boundaries b and b + 1. *Index space* counts working days: the working day
with index k is the k-th after the calendar's origin, counted from 0; what lies before it has negative indexes.

Weeks repeat for ever, so regular days need only arithmetic; the few days that break the rule stand in a sorted list
with running sums, found by bisection. Every answer is exact for any ordinal, also far beyond the year 9999, and costs
the same everywhere.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

DAYS_OF_WEEK = 7
NEVER = 1 << 62  # a day after every day


class Workdays:
    """Which days are worked, and how many lie between two of them.

    `workweek` holds the weekdays that are worked, Monday = 0; it must not be empty (the plan reader refuses that:
    open days alone would be a calendar that ends, on which work can never finish). `off` are days not worked whatever
    their weekday, `on` days worked whatever their weekday; `on` wins. `known` is the first and the last day for which
    days off come from a source; None means that nothing is missing anywhere. `origin` is the boundary from which index
    space counts.
    """

    __slots__ = (
        "_before",
        "_days",
        "_exceptions",
        "_first",
        "_indexes",
        "_regular",
        "_surplus",
        "_weekdays",
        "days_per_week",
        "known",
        "origin",
    )

    def __init__(
        self,
        workweek: tuple[int, ...],
        off: Collection[int] = (),
        on: Collection[int] = (),
        known: tuple[int, int] | None = None,
        origin: int = 1,
    ) -> None:
        weekdays = sorted(set(workweek))
        regular = [weekday in weekdays for weekday in range(DAYS_OF_WEEK)]
        self.days_per_week = len(weekdays)
        self.known = known
        self.origin = origin
        self._weekdays = weekdays
        self._regular = regular
        self._before = [sum(regular[:weekday]) for weekday in range(DAYS_OF_WEEK)]  # worked weekdays earlier in a week

        opened = {day for day in on if not regular[(day - 1) % DAYS_OF_WEEK]}
        closed = {day for day in off if regular[(day - 1) % DAYS_OF_WEEK]}.difference(on)
        self._exceptions = opened | closed
        self._days = sorted(self._exceptions)
        # _surplus[j]: how many more days than regular are worked up to and including the j-th exception (from 1);
        # _indexes[j]: the index of the first working day after the exception _days[j].
        surplus = 0
        self._surplus = [0]
        self._indexes = []
        before, per_week = self._before, self.days_per_week
        for day in self._days:
            surplus += 1 if day in opened else -1
            self._surplus.append(surplus)
            weeks, weekday = divmod(day, DAYS_OF_WEEK)
            self._indexes.append(weeks * per_week + before[weekday] + surplus)
        self._days.append(NEVER)
        self._first = 0  # the working days between boundary 1 and the origin
        self._first = self.index(origin)

    def is_working(self, ordinal: int) -> bool:
        """Say whether this day is worked."""
        return self._regular[(ordinal - 1) % DAYS_OF_WEEK] is not (ordinal in self._exceptions)

    def worked(self, first: int, days: int) -> list[bool]:
        """Say of so many days, from `first` on, which are worked."""
        worked = (self._regular[(first - 1) % DAYS_OF_WEEK :] + self._regular * (days // DAYS_OF_WEEK + 1))[:days]
        for exception in self._days[bisect_left(self._days, first) : bisect_left(self._days, first + days)]:
            worked[exception - first] = not worked[exception - first]
        return worked

    def index(self, ordinal: int) -> int:
        """Count the working days from the origin to boundary `ordinal`: the index of the first one from that day on."""
        weeks, weekday = divmod(ordinal - 1, DAYS_OF_WEEK)
        regular = weeks * self.days_per_week + self._before[weekday]
        return regular + self._surplus[bisect_left(self._days, ordinal)] - self._first

    def ordinal(self, k: int) -> int:
        """Find the working day with index `k`."""
        k += self._first
        passed = bisect_right(self._indexes, k)  # exceptions that lie before the day looked for
        weeks, nth = divmod(k - self._surplus[passed], self.days_per_week)
        regular = weeks * DAYS_OF_WEEK + self._weekdays[nth] + 1
        exception = self._days[passed]  # when the regular day lies beyond it, this is an opened day, and the one
        return min(exception, regular)

    def next_working(self, ordinal: int) -> int:
        """Find the first working day from `ordinal` on (itself when it is one)."""
        return self.ordinal(self.index(ordinal))

    def count(self, first: int, last: int) -> int:
        """Count the working days from `first` to `last`, both included; an empty span has none."""
        return self.index(last + 1) - self.index(first) if first <= last else 0

    def add(self, ordinal: int, n: int) -> int:
        """Find the n-th working day after `ordinal`, that day not counted (Điều 147 BLDS 2015).

        A negative `n` counts backwards, that day not counted either; 0 gives `ordinal` back, worked or not.
        """
        if n > 0:
            return self.ordinal(self.index(ordinal + 1) + n - 1)
        if n < 0:
            return self.ordinal(self.index(ordinal) + n)
        return ordinal

    def covers(self, ordinal: int) -> bool:
        """Say whether the days off around this day are known from a source, not just its weekday."""
        return self.known is None or self.known[0] <= ordinal <= self.known[1]
