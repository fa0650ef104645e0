"""Links that one calendar cannot count: between tasks of two calendars, or with a lag that runs in another one.

Inside one calendar a link is a distance between two indexes. Across calendars its ends meet on the axis of day
boundaries: the predecessor's end of the link has a place there, the lag is counted from that place, and the successor
takes what its own calendar has at or after it. A start takes the first working day that begins at or after its bound, a
finish the first working day that ends at or after it.

An end stands on one of the two sides of the days off around it. A start is the morning of its day, a finish the evening
of its day, and a point (0d) whichever of them put it there. A lag ends with its last day, a lead begins with its first.
What is bound to finish no earlier than a morning may do so on the last working day before it: no work of its own lies
between. So two equal calendars give what one gives.

A lag in days of the successor's own calendar is a distance there, counted from the first day that its calendar has at
or after the predecessor's end; as inside one calendar, it has no sides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cdsplan.schedule.calendars import days_of
from cdsplan.schedule.tables import FARTHEST, Lookup, Ruler
from cdsplan.workdays import DAYS_OF_WEEK, Workdays

if TYPE_CHECKING:
    from cdsplan.plan.model import Duration

NEAR = 64
"""Lags of fewer days are counted on lists, for ends with this index or a later one: so none leads below 0 there."""


class Terms(NamedTuple):
    """What a link asks for.

    `distance` is in days of its target, from the boundary that its target has at or after its source's end to the start
    that it binds. `lag` is in days of `calendar` and comes before that; None: there is none, or `distance` has it, and
    then knows no `sides`.
    """

    distance: int
    lag: int
    calendar: Workdays | None
    sides: bool

    @classmethod
    def of(cls, distance: int, lag: Duration, counts: Workdays, target: Workdays) -> Terms:
        """Add a lag in days of a calendar to what a link asks for without it."""
        if not lag.amount:
            return cls(distance, 0, None, sides=True)
        days = days_of(lag, counts)
        if counts is target:
            return cls(distance + days, 0, None, sides=False)
        return cls(distance, days, counts, sides=True)


class Side:
    """The mornings of a calendar's working days, or their evenings: where ends of work stand.

    An end is a boundary; the working day on which it stands has an index less by `out`. `day` and `index` answer as
    those of `Ruler` do.
    """

    __slots__ = ("_ruler", "day", "index", "out")

    day: list[int] | Lookup[int]
    index: list[int] | Lookup[int]

    def __init__(self, ruler: Ruler, out: int) -> None:
        """Take the evenings (`out` is 1) or the mornings (0)."""
        self._ruler = ruler
        self.out = out
        self.day, self.index = ruler.day, ruler.index

    def day_of(self, k: int) -> int:
        """Give the day from which a lag runs that leaves working day k."""
        return self._ruler.day_of(k)

    def index_of(self, boundary: int) -> int:
        """Give the index of the first working day at or beyond a boundary."""
        return self._ruler.index_of(boundary)


class AfterLag(Side):
    """The same, so many days of another calendar later."""

    __slots__ = ("_counts", "_lag")

    def __init__(self, ruler: Ruler, out: int, lag: int, counts: Ruler) -> None:
        """Take the evenings (`out` is 1) or the mornings (0) of one calendar, and a lag in days of another one."""
        super().__init__(ruler, out)
        self._lag, self._counts = lag, counts
        self.day, self.index = Lookup(self._near_day_of), Lookup(self.index_of)

    def _near_day_of(self, k: int) -> int:
        """Give the day where all lies in lists; raise IndexError as they do."""
        if NEAR <= k < FARTHEST and (day := self.day_of(k)) >= NEAR:
            return day
        raise IndexError(k)

    def day_of(self, k: int) -> int:
        """Give the day, the lag after working day k."""
        counts, lag, out = self._counts, self._lag, self.out
        first = counts.index_of(super().day_of(k) + out)
        return counts.day_of(first + lag - 1) + 1 - out if lag > 0 else counts.day_of(first + lag) - out

    def index_of(self, boundary: int) -> int:
        """Give the index of the first working day that the lag carries to a boundary or beyond it."""
        counts, lag, out = self._counts, self._lag, self.out
        last = counts.index_of(boundary - 1 + out) if lag > 0 else counts.index_of(boundary + out) - 1
        return super().index_of(counts.day_of(last - lag) + 1 - out)


class Way(NamedTuple):
    """How a link runs from one side of its source's days off to one side of its target's.

    The source's end is a boundary. The working day on which it stands is the one before, in the evening of which it
    lies, or the one after, of which it is the morning. From that day, which `leave` knows, it is `lag` days to the
    boundary from which the target's calendar counts `distance` days to the start that is bound.
    """

    distance: int
    lag: int
    leave: Side

    def bound(self, end: int, into: Ruler) -> int:
        """Give the start that is bound where the source ends."""
        return into.index_of(self.leave.day_of(end - self.leave.out) + self.lag) + self.distance

    def slip(self, end: int, into: Ruler, latest: int) -> int:
        """Give how far the source's end may slip where the target may start at `latest`."""
        reached = into.day_of(latest - self.distance) + 1 - self.lag
        return self.leave.index_of(reached) - 1 + self.leave.out - end


class Rulers(dict[Workdays, Ruler]):
    """The rulers of a network, and the sides of their working days, with lags or without."""

    def __init__(self, origin: int) -> None:
        """Begin at the origin of a plan's calendars; `every_day` is the one in which no day is off."""
        self.every_day = Workdays(tuple(range(DAYS_OF_WEEK)), origin=origin)
        self._numbers: list[int] = []
        self._sides: dict[tuple[Workdays, int], Side] = {}
        self._after_lags: dict[tuple[Workdays, int, int, Workdays], AfterLag] = {}

    def __missing__(self, calendar: Workdays) -> Ruler:
        ruler = self[calendar] = Ruler(calendar, self._numbers)
        return ruler

    def side(self, calendar: Workdays, out: int) -> Side:
        """Give the evenings (`out` is 1) or the mornings (0) of a calendar."""
        side = self._sides.get((calendar, out))
        if side is None:
            side = self._sides[calendar, out] = Side(self[calendar], out)
        return side

    def after_lag(self, calendar: Workdays, out: int, lag: int, counts: Workdays) -> AfterLag:
        """Give what lies so many days of a calendar after the evenings or the mornings of another one."""
        key = calendar, out, lag, counts
        side = self._after_lags.get(key)
        if side is None:
            side = self._after_lags[key] = AfterLag(self[calendar], out, lag, self[counts])
        return side


class Across(NamedTuple):
    """The ways of links, by their numbers in the network, and the rulers of their targets' calendars (`into`).

    `lags` and `leave` are those of `Way`; a lag of None: one calendar counts the link. A source without time has a side
    only once a pass has decided it; its links leave by the side of their kind here.
    """

    lags: list[int | None]
    leave: list[Side]
    into: list[Ruler]

    def changeable(self) -> Across:
        """Copy what changes with the length of work."""
        return self._replace(lags=self.lags.copy(), leave=self.leave.copy())

    def put(self, k: int, way: Way) -> int:
        """Let a link take another way, and give its distance."""
        distance, self.lags[k], self.leave[k] = way
        return distance
