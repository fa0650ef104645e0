"""A network in plain lists, ready for the passes.

Time is counted in working days of each task's own calendar: boundary k is the instant at which the working day with
index k begins (`Workdays.index`), so a task of d days that starts at boundary s finishes at boundary s + d. With fixed
work each of the four link types is then a least distance from a point of the predecessor (see `links`) to the start of
the successor:

    FS  start(j) >= finish(i) + lag
    SS  start(j) >= start(i) + lag
    FF  start(j) >= finish(i) + lag - work(j)
    SF  start(j) >= start(i) + lag - work(j)

Where one calendar cannot count a link, it runs over the days of the common axis (see `crossing`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cdsplan.schedule.calendars import WORKING
from cdsplan.schedule.crossing import NEAR, Terms, Way
from cdsplan.schedule.tables import NEVER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cdsplan.schedule.crossing import Across, Rulers, Side
    from cdsplan.schedule.links import Links
    from cdsplan.workdays import Workdays

NO_BOUND = -2 * NEVER
"""The distance of a link that binds nothing."""


class Network(NamedTuple):
    """Tasks and links by the numbers that they have in the network (see `links`); lists of either are parallel.

    `calendars` and `work` are each task's own. Each link binds the start of its target by a point of its source and a
    distance from there. `earliest` is the plan's start or a later `not-before`, `cap` the boundary after the last good
    day of a task's deadline, NEVER without one.

    Facts: `started` maps open tasks that have started to that boundary, `floor` is the least finish of open work,
    `done` are the tasks that were done on a known day, of which `done_on_days_off` is work between whose ends lies no
    working day; `settled` are all that are done or cancelled.

    Where links cross calendars, `across` says how, and distances are as in `Way`; None: one calendar counts all, from
    boundary to boundary. Lags into a task are counted in that of the calendars which `counts` names, its own also where
    its work is elapsed. `began` and `ended` are the boundaries, as ordinals, of work that began or ended on days off.
    """

    calendars: Sequence[Workdays]
    work: list[int]
    links: Links
    distances: list[int]
    across: Across | None
    rulers: Rulers
    counts: Sequence[Workdays]
    earliest: list[int]
    cap: list[int]
    started: Mapping[int, int]
    floor: list[int]
    done: frozenset[int]
    done_on_days_off: frozenset[int]
    settled: frozenset[int]
    began: Mapping[int, int]
    ended: Mapping[int, int]

    def changeable(self) -> Network:
        """Copy the lists that change with the length of work."""
        across = None if self.across is None else self.across.changeable()
        return self._replace(work=self.work.copy(), distances=self.distances.copy(), across=across)

    def lengthen(self, j: int, days: int) -> None:
        """Give a task so many days more work (negative: less); links to its finish are counted from there."""
        distances, links, across, before = self.distances, self.links, self.across, self.work[j]
        self.work[j] = after = before + days
        for k in links.into(j):
            if links.binds_finish(k) and distances[k] != NO_BOUND:
                if across is None or across.lags[k] is None or (before and after):
                    distances[k] -= days
                else:  # what takes no time has no evening to reach
                    distances[k] = across.put(k, self.way(k, morning=links.leaves_start(k)))

    def drop(self, links: Sequence[int]) -> None:
        """Let links bind nothing; they keep their numbers."""
        distances, across = self.distances, self.across
        for k in links:
            distances[k] = NO_BOUND
        if across is not None:
            for k in links:
                across.lags[k] = None

    def on_days_off(self, k: int) -> int | None:
        """Give the boundary, as an ordinal, at which the source of a link is known to end on days off; else None."""
        links = self.links
        return (self.began if links.leaves_start(k) else self.ended).get(links.sources[k])

    def terms(self, k: int) -> Terms:
        """Give what a link asks for."""
        j, lag = self.links.targets[k], self.links.link(k).lag
        distance = -self.work[j] if self.links.binds_finish(k) else 0
        counts = self.counts[j] if lag.unit in WORKING else self.rulers.every_day
        return Terms.of(distance, lag, counts, self.calendars[j])

    def way(self, k: int, *, morning: bool, on_a_day: bool = False) -> Way:
        """Lay the way of a link that leaves the morning after days off, or the evening before them.

        `on_a_day`: a point is reached on a day of its own, not on the morning after the days off. An end that is known
        to lie on days off is one of the calendar in which every day is worked.
        """
        links, rulers = self.links, self.rulers
        distance, lag, calendar, sides = self.terms(k)
        known, out = self.on_days_off(k) is not None, 0 if morning else 1
        source = rulers.every_day if known else self.calendars[links.sources[k]]
        ends_work = on_a_day or (links.binds_finish(k) and self.work[links.targets[k]] > 0)
        into = 1 if ends_work and sides and (lag > 0 or not morning) else 0
        if calendar is not None and (calendar is not rulers.every_day or abs(lag) >= NEAR):
            leave: Side = rulers.after_lag(source, out, lag, calendar)
            lag = 0
        else:
            leave = rulers.side(source, out)
        return Way(distance + into, lag + out - into, leave)


def without_work(network: Network, j: int) -> Network:
    """Give the same network with one task as a point; links to its finish are counted from there.

    In a forecast the point, like every open one, stands at the data date or later; of work that has begun nothing is
    left, and as all open work it finishes on the data date or later.
    """
    changed = with_more_work(network, j, -network.work[j])
    if network.floor[j] == -NEVER or j in network.started:
        return changed
    earliest, floor = network.earliest.copy(), network.floor.copy()
    earliest[j] = max(earliest[j], floor[j] - 1)
    floor[j] = -NEVER
    return changed._replace(earliest=earliest, floor=floor)


def with_more_work(network: Network, j: int, days: int) -> Network:
    """Give the same network with so many days more work in one task; links to its finish are counted from there."""
    changed = network.changeable()
    changed.lengthen(j, days)
    return changed
