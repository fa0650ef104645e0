"""Links that one calendar cannot count: between tasks of two calendars, or with a lag that runs in another one.

Inside one calendar a link is a distance between two indexes. Across calendars its ends meet on the axis of day
boundaries: the predecessor's end of the link has a place there, the lag is counted from that place, and the successor
takes what its own calendar has at or after it. A start takes the first working day that begins at or after its bound, a
finish the first working day that ends at or after it.

An end stands on one of the two sides of the days off around it. A start is the morning of its day, a
finish the evening of its day, and a point (0d) whichever of them put it there. A lag ends with its last day, a lead
begins with its first. What is bound to finish no earlier than a morning may do so on the last working day before it: no
work of its own lies between. So two equal calendars give what one gives.

A lag in days of the successor's own calendar is a distance there, counted from the first day that its calendar has at
or after the predecessor's end; as inside one calendar, it has no sides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cdsplan.plan.model import NO_LAG
from cdsplan.schedule.calendars import WORKING, days_of
from cdsplan.schedule.links import BINDS_FINISH
from cdsplan.schedule.tables import Lookup, Numbers, Ruler
from cdsplan.workdays import EVERY_DAY, Workdays

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cdsplan.plan.model import Link
    from cdsplan.schedule.tables import Table


class Calendars(NamedTuple):
    """The calendars of a link: those of its source and of its target, and the one in which its lag is counted."""

    source: Workdays
    target: Workdays
    counts: Workdays


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
    def of(cls, link: Link, kind: int, calendars: Calendars, work: int) -> Terms:
        """Read a link, of a kind as in `Links`, to so much work."""
        distance, lag = -work if kind & BINDS_FINISH else 0, link.lag
        if lag is NO_LAG or not lag.amount:
            return cls(distance, 0, None, sides=True)
        calendar = calendars.counts if lag.unit in WORKING else EVERY_DAY
        days = days_of(lag, calendar)
        if calendar is calendars.target:
            return cls(distance + days, 0, None, sides=False)
        return cls(distance, days, calendar, sides=True)

    def cross(self, calendars: Calendars) -> bool:
        """Say whether one calendar does not count all of it."""
        return self.calendar is not None or calendars.source is not calendars.target


class Way(NamedTuple):
    """How a link runs from one side of its source's days off to one side of its target's.

    The source's end is a boundary. The working day on which it stands is the one before, in the evening of which it
    lies (`out` = 1), or the one after, of which it is the morning (0). From that day on the axis, `leave`[index], it is
    `lag` days to the boundary from which the target's calendar counts `distance` days to the start that is bound. The
    other way, a boundary leads `back` to the first index that is too late.
    """

    distance: int
    lag: int
    out: int
    leave: Mapping[int, int]
    back: Mapping[int, int]


class Itself(dict[int, int]):
    """Every day is its own."""

    def __missing__(self, day: int) -> int:
        return day


ITSELF = Itself()


class Rulers(dict[Workdays, Ruler]):
    """The rulers of a network, and the ways between them."""

    def __init__(self) -> None:
        self._numbers = Numbers()
        self._after_lags: dict[tuple[Workdays | None, bool, int, Workdays], tuple[Lookup[int], Lookup[int]]] = {}

    def __missing__(self, calendar: Workdays) -> Ruler:
        ruler = self[calendar] = Ruler(calendar, self._numbers)
        return ruler

    def way(self, calendars: Calendars, terms: Terms, *, morning: bool, to_evening: bool, known: bool) -> Way:
        """Lay the way of a link. An end that is `known` has no index, as its day is off; the day itself is asked."""
        source, out = self[calendars.source], 0 if morning else 1
        leave: Mapping[int, int] = ITSELF if known else source.day
        back: Mapping[int, int] = ITSELF if known else source.index
        into, lag = 1 if to_evening else 0, terms.lag
        if terms.calendar is not None and terms.calendar is not EVERY_DAY:
            key = None if known else calendars.source, morning, lag, terms.calendar
            if key not in self._after_lags:
                self._after_lags[key] = _after_lag(leave, back, self[terms.calendar], lag, out)
            (leave, back), lag = self._after_lags[key], 0
        return Way(terms.distance + into, lag + out - into, out, leave, back)


def _after_lag(
    leave: Mapping[int, int], back: Mapping[int, int], calendar: Ruler, lag: int, out: int
) -> tuple[Lookup[int], Lookup[int]]:
    """Leave later by so many days of a calendar, and go back so much further; `out` is that of the way."""
    index, day = calendar.index, calendar.day
    if lag > 0:
        return (
            Lookup(lambda k: day[index[leave[k] + out] + lag - 1] + 1 - out),
            Lookup(lambda boundary: back[day[index[boundary - 1 + out] - lag] + 1 - out]),
        )
    return (
        Lookup(lambda k: day[index[leave[k] + out] + lag] - out),
        Lookup(lambda boundary: back[day[index[boundary + out] - 1 - lag] + 1 - out]),
    )


class Across(NamedTuple):
    """The ways of links by their numbers in the network, and by task the days and the indexes of its calendar.

    `lags`, `outs`, `leave` and `back` are those of `Way`; a lag of None: one calendar counts the link. A source without
    time has a side only once a pass has decided it; its links leave by the side of their kind here.
    """

    lags: list[int | None]
    outs: list[int]
    leave: list[Mapping[int, int]]
    back: list[Mapping[int, int]]
    days: list[Table]
    indexes: list[Table]

    def changeable(self) -> Across:
        """Copy what changes with the length of work."""
        return self._replace(
            lags=self.lags.copy(), outs=self.outs.copy(), leave=self.leave.copy(), back=self.back.copy()
        )

    def put(self, k: int, way: Way) -> int:
        """Let a link take another way, and give its distance."""
        distance, self.lags[k], self.outs[k], self.leave[k], self.back[k] = way
        return distance
