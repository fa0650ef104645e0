"""The days of a calendar against the axis of day boundaries, in tables that are filled as they are asked.

Ordinal b on the axis is the instant at which day b begins. A boundary of a calendar has the index of the working day
that begins there (`Workdays.index`).
"""

from __future__ import annotations

from datetime import date
from itertools import accumulate, chain, compress, islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cdsplan.workdays import Workdays

NEVER = 1 << 60
"""A boundary later than any."""
FREE = -1
"""In place of the task whose deadline binds, where none does."""

Key = TypeVar("Key")


class Lookup(dict[Key, int]):
    """Answers of a calendar, each worked out once: the days of a plan are few, and its links ask for them often."""

    def __init__(self, answer: Callable[[Key], int]) -> None:
        self._answer = answer

    def __missing__(self, key: Key) -> int:
        found = self[key] = self._answer(key)
        return found


SPAN = 256


class Numbers(dict[int, list[int]]):
    """Whole numbers, SPAN at a time, each as one object.

    The tables of many calendars hold much the same numbers; where they share them, far more fits into the caches.
    """

    def __missing__(self, first: int) -> list[int]:
        numbers = self[first] = list(range(first, first + SPAN))
        return numbers

    def between(self, first: int, end: int) -> list[int]:
        """Give the numbers from one to before another."""
        begin = first - first % SPAN
        blocks = chain.from_iterable(map(self.__getitem__, range(begin, end, SPAN)))
        return list(islice(blocks, first - begin, end - begin))


class Table(dict[int, int]):
    """Answers of a calendar to whole numbers, worked out SPAN at a time: what is asked lies close together."""

    def __init__(self, answers: Callable[[int], Iterable[int]], numbers: Numbers) -> None:
        self._answers = answers
        self._numbers = numbers

    def __missing__(self, key: int) -> int:
        first = key - key % SPAN
        self.update(zip(self._numbers[first], self._answers(first), strict=True))
        return self[key]


class Boundaries(dict[date, int]):
    """The boundary after a day, by its date, worked out SPAN days at a time."""

    def __init__(self, index: Table) -> None:
        self._index = index

    def __missing__(self, day: date) -> int:
        first = max(day.toordinal() // SPAN * SPAN, date.min.toordinal())
        days = range(first, min(first + SPAN, date.max.toordinal() + 1))
        self.update(
            zip(map(date.fromordinal, days), map(self._index.__getitem__, range(first + 1, days.stop + 1)), strict=True)
        )
        return self[day]


class Ruler:
    """A calendar against the axis, either way.

    `day` gives the working day with an index, as an ordinal: the boundary at which it begins. `index` gives the index
    of the first working day that begins at or after a boundary. The rest follows: the day before k ends at
    day[k - 1] + 1; what ends at or after boundary b has the index index[b - 1] + 1, what begins at or before it
    index[b + 1] - 1. `after` is the boundary after a date, index[ordinal + 1].
    """

    __slots__ = ("after", "day", "index")

    def __init__(self, calendar: Workdays, numbers: Numbers) -> None:
        def ordinals(first: int) -> Iterable[int]:
            begin, end = calendar.ordinal(first), calendar.ordinal(first + SPAN - 1) + 1
            return compress(numbers.between(begin, end), calendar.worked(begin, end - begin))

        def indexes(first: int) -> Iterable[int]:
            index = calendar.index(first)
            shared = numbers.between(index, index + SPAN)
            return map(shared.__getitem__, accumulate(calendar.worked(first, SPAN - 1), initial=0))

        self.day = Table(ordinals, numbers)
        self.index = Table(indexes, numbers)
        self.after = Boundaries(self.index)
