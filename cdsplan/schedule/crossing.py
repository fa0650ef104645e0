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

from typing import TYPE_CHECKING, NamedTuple

from cdsplan.workdays import EVERY_DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cdsplan.workdays import Workdays

NEVER = 1 << 60
"""A boundary later than any."""
NO_BOUND = -2 * NEVER
"""The distance of a link that binds nothing."""


class Lookup(dict[int, int]):
    """Answers of a calendar, each worked out once: the days of a plan are few, and its links ask for them often."""

    def __init__(self, answer: Callable[[int], int]) -> None:
        self._answer = answer

    def __missing__(self, key: int) -> int:
        found = self[key] = self._answer(key)
        return found


class Constant(dict[int, int]):
    """The same answer to every question."""

    def __init__(self, answer: int) -> None:
        self._answer = answer

    def __missing__(self, _key: int) -> int:
        return self._answer


class Ruler:
    """A calendar against the axis of boundaries; each of the five turns one kind of number into the other.

    `morning` and `evening` give the boundary at which the working day with an index begins, or at which the one before
    it ends. `start` gives the index of the first working day that begins at or after a boundary, `finish` the index
    after the first working day that ends at or after it, `before` that of the last that begins at or before it.
    The latest boundary that gives a start is its morning, that which gives a finish is its evening; the latest evening
    up to a boundary has the index `start`, the latest morning `before`.
    """

    __slots__ = ("before", "evening", "finish", "morning", "start")

    def __init__(self, calendar: Workdays) -> None:
        index, day = calendar.index, calendar.ordinal
        self.morning = Lookup(day)
        self.evening = Lookup(lambda k: day(k - 1) + 1)
        self.start = Lookup(index)
        self.finish = Lookup(lambda boundary: index(boundary - 1) + 1)
        self.before = Lookup(lambda boundary: index(boundary + 1) - 1)


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
    """A course in look-ups. Forward `enter[leave[value] + lag]`, backward `back[exit[value] - lag]`.

    Forward gives the least value of what is bound when the predecessor's point stands at `value`; backward the latest
    value of the predecessor's point that allows what is bound at `value`.
    """

    __slots__ = ("back", "course", "enter", "exit", "lag", "leave")

    def __init__(
        self,
        course: Course | None,
        lag: int,
        leave: Mapping[int, int],
        enter: Mapping[int, int],
        exit: Mapping[int, int],  # noqa: A002 - its opposite is enter
        back: Mapping[int, int],
    ) -> None:
        self.course = course
        self.lag = lag
        self.leave = leave
        self.enter = enter
        self.exit = exit
        self.back = back


Crossing = tuple[int, int, Way]
"""One link into a task: the predecessor's point, the distance, and the way to what is bound (see `network`)."""

NOTHING = Way(None, 0, Constant(0), Constant(0), Constant(0), Constant(NEVER))
"""The way of a link that binds nothing."""


class Ways(dict[Course, Way]):
    """The ways of a network, each laid once."""

    def __init__(self) -> None:
        self._rulers: dict[Workdays, Ruler] = {}
        self._direct: dict[tuple[Workdays, Workdays, bool, bool], Way] = {}

    def __missing__(self, course: Course) -> Way:
        way = self[course] = self._lay(course)
        return way

    def direct(self, source: Workdays, target: Workdays, *, morning: bool, work_ends: bool) -> Way:
        """Give the way of a link without a lag; most have none, and a course costs more than all else about a link."""
        key = source, target, morning, work_ends
        way = self._direct.get(key)
        if way is None:
            way = self._direct[key] = self[Course(source, target, morning, work_ends)]
        return way

    def other_side(self, way: Way) -> Way:
        """Give the same way from the other side of the days off."""
        course = way.course
        return way if course is None else self[course._replace(morning=not course.morning)]

    def on_a_day(self, way: Way) -> Way:
        """Give the way by which a point is reached on a day of its own, not on the morning after the days off."""
        course = way.course
        return way if course is None else self[course._replace(work_ends=True)]

    def for_work(self, way: Way, *, ends: bool) -> Way:
        """Give the same way to the finish of a task that has (`ends`) or has no work."""
        course = way.course
        return way if course is None or course.work_ends is ends else self[course._replace(work_ends=ends)]

    def fixed(self, way: Way, boundary: int) -> Way:
        """Give the same way from a boundary at which the predecessor's end is known to have been, worked or not.

        A way within one calendar stays as it is: it counts from working days.
        """
        course = way.course
        if course is None or (course.source is course.target and not course.lag_calendar):
            return way
        return self[course._replace(fixed=boundary)]

    def ruler(self, calendar: Workdays) -> Ruler:
        """Give the ruler of a calendar."""
        ruler = self._rulers.get(calendar)
        if ruler is None:
            ruler = self._rulers[calendar] = Ruler(calendar)
        return ruler

    def _lay(self, course: Course) -> Way:
        source, target = self.ruler(course.source), self.ruler(course.target)
        leave: Mapping[int, int]
        back: Mapping[int, int]
        leave, back = (source.morning, source.before) if course.morning else (source.evening, source.start)
        enter, leave_again = target.start, target.morning
        if course.work_ends and course.sides and course.is_evening:
            enter, leave_again = target.finish, target.evening
        if course.fixed is not None:
            leave, back = Constant(course.fixed), Constant(NEVER)
        lag, calendar = course.lag, course.lag_calendar
        if lag and calendar is not None and calendar is not EVERY_DAY:
            ahead, behind = _after_lag(self.ruler(calendar), lag)
            begin, end = leave, back
            leave, back = Lookup(lambda value: ahead(begin[value])), Lookup(lambda boundary: end[behind(boundary)])
            lag = 0
        return Way(course, lag, leave, enter, leave_again, back)


def _after_lag(calendar: Ruler, lag: int) -> tuple[Callable[[int], int], Callable[[int], int]]:
    """Give the boundary so many days of a calendar after another one, and the latest that leads no further."""
    if lag > 0:
        return (
            lambda boundary: calendar.evening[calendar.start[boundary] + lag],
            lambda boundary: calendar.morning[calendar.start[boundary] - lag],
        )
    return (
        lambda boundary: calendar.morning[calendar.start[boundary] + lag],
        lambda boundary: calendar.morning[calendar.before[boundary] - lag],
    )
