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

Most such links run alike, and two tables of days are all that they need (`Across`). The rest, those of points without
time and lags in a third calendar, take a `Way`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cdsplan.plan.model import NO_LAG
from cdsplan.schedule.calendars import WORKING, days_of
from cdsplan.schedule.links import BINDS_FINISH, LEAVES_START
from cdsplan.schedule.tables import SLIPPED, Constant, Lookup, Numbers, Ruler
from cdsplan.workdays import EVERY_DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cdsplan.plan.model import Link
    from cdsplan.schedule.tables import Table
    from cdsplan.workdays import Workdays


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
    says the same of what is bound. `lag` is in days of the axis, with the ends of days counted in. `other_side` and
    `on_a_day` are kept by `Ways`.
    """

    __slots__ = ("back", "course", "enter", "exit", "into", "lag", "leave", "on_a_day", "other_side", "out")

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
        self.on_a_day: Way | None = None
        self.other_side: Way | None = None
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
        self._numbers = Numbers()

    def __missing__(self, course: Course) -> Way:
        way = self[course] = self._lay(course)
        return way

    def other_side(self, way: Way) -> Way:
        """Give the same way from the other side of the days off."""
        if way.other_side is None:
            course = way.course
            way.other_side = self[course._replace(morning=not course.morning)]
        return way.other_side

    def on_a_day(self, way: Way) -> Way:
        """Give the way by which a point is reached on a day of its own, not on the morning after the days off."""
        if way.on_a_day is None:
            way.on_a_day = self[way.course._replace(work_ends=True)]
        return way.on_a_day

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
            ruler = self._rulers[calendar] = Ruler(calendar, self._numbers)
        return ruler

    def _lay(self, course: Course) -> Way:
        source, target = self.ruler(course.source), self.ruler(course.target)
        leave: Mapping[int, int] = source.day
        back: Mapping[int, int] = source.index
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
        return Way(course, lag, leave, target.index, target.day, back)


def _after_lag(calendar: Ruler, lag: int) -> tuple[Callable[[int], int], Callable[[int], int]]:
    """Give the boundary so many days of a calendar after another one, and the latest that leads no further."""
    index, day = calendar.index, calendar.day
    if lag > 0:
        return (
            lambda boundary: day[index[boundary] + lag - 1] + 1,
            lambda boundary: day[index[boundary] - lag],
        )
    return (
        lambda boundary: day[index[boundary] + lag],
        lambda boundary: day[index[boundary + 1] - 1 - lag],
    )


class Across(NamedTuple):
    """How links run where calendars differ; tasks and links by their numbers in the network.

    A point stands on a working day, a start in the morning of it and a finish in the evening. From that day on the axis
    (`days`, by task and index) a link runs `lags` days to the boundary from which its target's calendar (`indexes`, by
    task and boundary) begins to count the link's distance. A lag of None says that the link
    stays within one calendar, where its distance is counted from the index of the day; or that it stands `apart` and
    takes a way of its own.

    `counts` is the calendar in which lags into a task are counted: its own, also where its work is elapsed. `began` and
    `ended` are the boundaries of starts and finishes that are known to have been, worked or not.
    """

    counts: Sequence[Workdays]
    days: list[Table]
    indexes: list[Table]
    lags: list[int | None]
    apart: set[int]
    began: Mapping[int, int]
    ended: Mapping[int, int]

    def changeable(self) -> Across:
        """Copy what changes with the length of work."""
        return self._replace(lags=self.lags.copy(), apart=self.apart.copy())

    def lay(self, k: int, link: Link, kind: int, ends: tuple[Workdays, Workdays, Workdays], work: int) -> int:
        """Lay a link (of a kind as in `Links`) to so much work, and give its distance; `ends` are as in `course_of`."""
        (morning, work_ends, lag, calendar, sides), distance = _terms(link, kind, ends, work)
        out = 0 if morning else 1  # as in `Way`: 1 where a point is the end of a day
        self.lags[k] = None
        if calendar is None and ends[0] is ends[1]:
            return distance + out
        if calendar is not None and calendar is not EVERY_DAY:
            self.apart.add(k)
            return distance
        into = 1 if work_ends and sides and (lag > 0 or out) else 0
        self.lags[k] = lag + out - into
        return distance + into


def course_of(link: Link, kind: int, ends: tuple[Workdays, Workdays, Workdays], work: int) -> tuple[Course, int]:
    """Give the course of a link (of a kind as in `Links`) to so much work, and its distance from boundary to boundary.

    `ends` are the calendars of its source, of its target, and that in which lags are counted.
    """
    terms, distance = _terms(link, kind, ends, work)
    return Course(ends[0], ends[1], *terms), distance


def _terms(
    link: Link, kind: int, ends: tuple[Workdays, Workdays, Workdays], work: int
) -> tuple[tuple[bool, bool, int, Workdays | None, bool], int]:
    """Give what a course says besides its calendars, from `morning` to `sides`, and the distance."""
    morning, distance, work_ends = kind & LEAVES_START != 0, 0, False
    if kind & BINDS_FINISH:
        distance, work_ends = -work, work > 0
    lag = link.lag
    if lag is NO_LAG or not lag.amount:
        return (morning, work_ends, 0, None, True), distance
    calendar = ends[2] if lag.unit in WORKING else EVERY_DAY
    days = days_of(lag, calendar)
    if calendar is ends[1]:
        return (morning, work_ends, 0, None, False), distance + days
    return (morning, work_ends, days, calendar, True), distance
