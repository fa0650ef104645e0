"""The days of a calendar against the axis of day boundaries, in lists that grow as they are asked.

The axis is counted in days from the origin that all calendars of a network share; boundary b is the instant at which
day b begins.
"""

from __future__ import annotations

from datetime import date
from itertools import accumulate, compress
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from cdsplan.workdays import Workdays

NEVER = 1 << 60
"""A boundary later than any."""
FREE = NEVER >> 1
"""A deadline float of so much or more is none: no deadline binds."""

Key = TypeVar("Key")


class Lookup(dict[Key, int]):
    """Answers of a calendar, each worked out once: the days of a plan are few, and its links ask for them often."""

    def __init__(self, answer: Callable[[Key], int]) -> None:
        self._answer = answer

    def __missing__(self, key: Key) -> int:
        found = self[key] = self._answer(key)
        return found


FARTHEST = 1 << 15
"""Days on the axis that are in lists at the most. What lies beyond, or before, is worked out each time."""
AHEAD = 1 << 12
"""Days beyond its end that do not make a list go on: one that lies so far away is alone."""
SPAN = 512
"""Lists and tables are filled for so many days at a time."""


class Ruler:
    """A calendar against the axis, either way.

    `day[k]` is the boundary at which the working day with index k begins; `index[b]` the index of the first working day
    that begins at or after boundary b. The rest follows: the day before k ends at day[k - 1] + 1; what ends at or after
    boundary b has the index index[b - 1] + 1, what begins at or before it index[b + 1] - 1.

    Whoever asks the lists knows that his number lies in them: to Python a negative one counts from the end. `day_of`
    and `index_of` answer for any number, `index_from` for an ordinal; where lists do not reach, they work it out, and
    the lists go on for a span. Not for several threads at once.
    """

    __slots__ = ("_calendar", "_numbers", "_origin", "day", "index")

    def __init__(self, calendar: Workdays, numbers: list[int]) -> None:
        """Begin without days. All of a network share `numbers`, so that the caches hold each number once."""
        self._calendar = calendar
        self._numbers = numbers
        self._origin = calendar.origin
        self.day: list[int] = []
        self.index: list[int] = []

    def day_of(self, k: int) -> int:
        """Give the day of a working day."""
        if 0 <= k < len(self.day):
            return self.day[k]
        self._go_on(k - len(self.day))
        return self._calendar.ordinal(k) - self._origin

    def index_of(self, boundary: int) -> int:
        """Give the index of the first working day from a boundary on."""
        if 0 <= boundary < len(self.index):
            return self.index[boundary]
        self._go_on(boundary - len(self.index))
        return self._calendar.index(self._origin + boundary)

    def index_from(self, ordinal: int) -> int:
        """Give the index of the first working day from a day on, which is given as an ordinal."""
        at = ordinal - self._origin
        try:
            return self.index[at if at >= 0 else NEVER]
        except IndexError:
            return self.index_of(at)

    def _go_on(self, missing: int) -> None:
        """Put the next days into the lists, unless what was asked, so many beyond them, lies too far away."""
        begin, numbers, calendar = len(self.index), self._numbers, self._calendar
        if begin >= FARTHEST or not 0 <= missing < AHEAD:
            return
        end = begin + SPAN
        numbers += range(len(numbers), end)
        worked = calendar.worked(self._origin + begin, SPAN)
        first = calendar.index(self._origin + begin)
        self.index += map(numbers.__getitem__, accumulate(worked[:-1], initial=first))
        self.day += compress(numbers[begin:end], worked)


class After(dict[date, int]):
    """The boundary after a day, by its date, as an index of a calendar, worked out SPAN days at a time."""

    def __init__(self, calendar: Workdays) -> None:
        self._calendar = calendar

    def __missing__(self, day: date) -> int:
        first = max(day.toordinal() // SPAN * SPAN, date.min.toordinal())
        days = range(first, min(first + SPAN, date.max.toordinal() + 1))
        worked = self._calendar.worked(first + 1, len(days) - 1)
        after = accumulate(worked, initial=self._calendar.index(first + 1))
        self.update(zip(map(date.fromordinal, days), after, strict=True))
        return self[day]
