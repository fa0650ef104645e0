"""Links that one calendar cannot count: between tasks of two calendars, or with a lag that runs in another one.

Inside one calendar a link is a distance between two indexes. Across calendars its ends meet on the common axis of day
boundaries (ordinal b = the instant at which day b begins): the predecessor's end of the link is turned into a boundary,
the lag is counted from there, and the successor takes what its own calendar has at or after it. A start takes the first
working day that begins at or after its bound, a finish the first working day that ends at or after it.

An end stands on one of the two sides of the days off around it. A start is the morning of its day, a finish the evening
of its day, and a point (0d) whichever of them put it there. A lag ends with its last day, a lead begins with its first.
What is bound to finish no earlier than a morning may do so on the last working day before it: no work of its own lies
between. So two equal calendars give what one gives.

A lag in days of the successor's own calendar is a distance there, counted from the first day that its calendar has at
or after the predecessor's end; as inside one calendar, it has no sides.
"""

from __future__ import annotations

from itertools import accumulate, compress
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from cdsplan.workdays import EVERY_DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from cdsplan.workdays import Workdays

NEVER = 1 << 60
"""A boundary later than any."""
NO_BOUND = -2 * NEVER
"""The distance of a link that binds nothing."""

Key = TypeVar("Key")


class Lookup(dict[Key, int]):
    """Answers of a calendar, each worked out once: the days of a plan are few, and its links ask for them often."""

    def __init__(self, answer: Callable[[Key], int]) -> None:
        self._answer = answer

    def __missing__(self, key: Key) -> int:
        found = self[key] = self._answer(key)
        return found


class Constant(dict[int, int]):
    """The same answer to every question."""

    def __init__(self, answer: int) -> None:
        self._answer = answer

    def __missing__(self, _key: int) -> int:
        return self._answer


SLIPPED = Constant(NEVER)
"""What has been cannot slip: whatever it is asked to allow, it does."""

SPAN = 256


class Table(dict[int, int]):
    """Answers of a calendar to whole numbers, worked out SPAN at a time: what is asked lies close together."""

    def __init__(self, answers: Callable[[int], Iterable[int]]) -> None:
        self._answers = answers

    def __missing__(self, key: int) -> int:
        first = key - key % SPAN
        self.update(zip(range(first, first + SPAN), self._answers(first), strict=True))
        return self[key]


class Ruler:
    """A calendar against the axis of boundaries; either table turns one kind of number into the other.

    `morning` gives the boundary at which the working day with an index begins, `start` the index of the first working
    day that begins at or after a boundary. The rest follows: the day before k ends at morning[k - 1] + 1; what ends at
    or after boundary b has the index start[b - 1] + 1, what begins at or before it start[b + 1] - 1.
    """

    __slots__ = ("morning", "start")

    def __init__(self, calendar: Workdays) -> None:
        def ordinals(first: int) -> Iterable[int]:
            begin, end = calendar.ordinal(first), calendar.ordinal(first + SPAN - 1) + 1
            return compress(range(begin, end), calendar.worked(begin, end - begin))

        def indexes(first: int) -> Iterable[int]:
            return accumulate(calendar.worked(first, SPAN - 1), initial=calendar.index(first))

        self.morning = Table(ordinals)
        self.start = Table(indexes)


class Course(NamedTuple):
    """How a link runs from one calendar to another; many links run alike.

    `morning` is the side on which the predecessor's end stands. `work_ends` says that it is the finish of work that is
    bound, and not a start or a point. `lag` is in days of `lag_calendar`; None: no lag, or one that is a distance in
    the calendar of the successor (`target`), where `sides` is False. `fixed` is the boundary at which the predecessor's
    end is known to have been, worked or not.
    """

    source: Workdays
    target: Workdays
    morning: bool
    work_ends: bool
    lag: int = 0
    lag_calendar: Workdays | None = None
    sides: bool = True
    fixed: int | None = None

    @property
    def is_evening(self) -> bool:
        """Whether the bound is the end of a day: that of the predecessor, or the last of a lag."""
        return self.lag > 0 or not self.morning


class Way:
    """A course in look-ups: forward the least value of what is bound, backward the latest that allows it.

    `out` is 1 where the predecessor's point is the end of a day and so stands one day before its value, else 0; `into`
    says the same of what is bound. `lag` is in days of the axis, with the ends of days counted in.
    """

    __slots__ = ("back", "course", "enter", "exit", "into", "lag", "leave", "out")

    def __init__(
        self,
        course: Course,
        lag: int,
        leave: Mapping[int, int],
        enter: Mapping[int, int],
        exit: Mapping[int, int],  # noqa: A002 - its opposite is enter
        back: Mapping[int, int],
    ) -> None:
        self.course = course
        self.out = 0 if course.morning else 1
        self.into = 1 if course.work_ends and course.sides and course.is_evening else 0
        self.lag = lag + self.out - self.into
        self.leave = leave
        self.enter = enter
        self.exit = exit
        self.back = back

    def forward(self, value: int) -> int:
        """Give the least value of what is bound when the predecessor's point stands at `value`."""
        return self.enter[self.leave[value - self.out] + self.lag] + self.into

    def backward(self, value: int) -> int:
        """Give the latest value of the predecessor's point that allows what is bound at `value`."""
        return self.back[self.exit[value - self.into] - self.lag + 1] - 1 + self.out


class Ways(dict[Course, Way]):
    """The ways of a network, each laid once."""

    def __init__(self) -> None:
        self._rulers: dict[Workdays, Ruler] = {}
        self._plain: dict[tuple[Workdays, Workdays], list[Way | None]] = {}

    def __missing__(self, course: Course) -> Way:
        way = self[course] = self._lay(course)
        return way

    def plain(self, source: Workdays, target: Workdays, *, morning: bool, work_ends: bool, sides: bool) -> Way:
        """Give the way of a link without a lag but in days of `target`: to ask by a course costs more than the rest."""
        ways = self._plain.get((source, target))
        if ways is None:
            ways = self._plain[source, target] = [None] * 8
        at = morning + 2 * work_ends + 4 * sides
        way = ways[at]
        if way is None:
            way = ways[at] = self._lay(Course(source, target, morning, work_ends, 0, None, sides))
        return way

    def other_side(self, way: Way) -> Way:
        """Give the same way from the other side of the days off."""
        course = way.course
        return self[course._replace(morning=not course.morning)]

    def on_a_day(self, way: Way) -> Way:
        """Give the way by which a point is reached on a day of its own, not on the morning after the days off."""
        course = way.course
        return self[course._replace(work_ends=True)]

    def for_work(self, way: Way, *, ends: bool) -> Way:
        """Give the same way to the finish of a task that has (`ends`) or has no work."""
        course = way.course
        return way if course.work_ends is ends else self[course._replace(work_ends=ends)]

    def fixed(self, way: Way, boundary: int) -> Way:
        """Give the same way from a boundary at which the predecessor's end is known to have been, worked or not.

        A way within one calendar stays as it is: it counts from working days.
        """
        course = way.course
        if course.source is course.target and not course.lag_calendar:
            return way
        if course.lag_calendar is not None and course.lag_calendar is not EVERY_DAY:
            return self[course._replace(fixed=boundary)]
        # One for each fact, and hardly asked for again: to look for it would cost as much as to lay it.
        known = Course(*course[:-1], boundary)
        return Way(known, course.lag, Constant(boundary - way.out), way.enter, way.exit, SLIPPED)

    def ruler(self, calendar: Workdays) -> Ruler:
        """Give the ruler of a calendar."""
        ruler = self._rulers.get(calendar)
        if ruler is None:
            ruler = self._rulers[calendar] = Ruler(calendar)
        return ruler

    def _lay(self, course: Course) -> Way:
        source, target = self.ruler(course.source), self.ruler(course.target)
        leave: Mapping[int, int] = source.morning
        back: Mapping[int, int] = source.start
        out = 0 if course.morning else 1
        if course.fixed is not None:
            leave, back = Constant(course.fixed - out), SLIPPED
        lag, calendar = course.lag, course.lag_calendar
        if lag and calendar is not None and calendar is not EVERY_DAY:
            ahead, behind = _after_lag(self.ruler(calendar), lag)
            begin, end = leave, back
            leave = Lookup(lambda day: ahead(begin[day] + out) - out)
            back = Lookup(lambda boundary: end[behind(boundary - 1 + out) + 1 - out])
            lag = 0
        return Way(course, lag, leave, target.start, target.morning, back)


def _after_lag(calendar: Ruler, lag: int) -> tuple[Callable[[int], int], Callable[[int], int]]:
    """Give the boundary so many days of a calendar after another one, and the latest that leads no further."""
    start, morning = calendar.start, calendar.morning
    if lag > 0:
        return (
            lambda boundary: morning[start[boundary] + lag - 1] + 1,
            lambda boundary: morning[start[boundary] - lag],
        )
    return (
        lambda boundary: morning[start[boundary] + lag],
        lambda boundary: morning[start[boundary + 1] - 1 - lag],
    )
