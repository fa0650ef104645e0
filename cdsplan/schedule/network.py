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

from cdsplan.schedule.crossing import course_of
from cdsplan.schedule.tables import NEVER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cdsplan.schedule.crossing import Across, Way, Ways
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

    Where links cross calendars, `across` says how, and from what their distances are counted; None: one calendar counts
    all, from boundary to boundary.
    """

    calendars: Sequence[Workdays]
    work: list[int]
    links: Links
    distances: list[int]
    across: Across | None
    laid: Ways
    earliest: list[int]
    cap: list[int]
    started: Mapping[int, int]
    floor: list[int]
    done: frozenset[int]
    done_on_days_off: frozenset[int]
    settled: frozenset[int]

    def changeable(self) -> Network:
        """Copy the lists that change with the length of work."""
        across = None if self.across is None else self.across.changeable()
        return self._replace(work=self.work.copy(), distances=self.distances.copy(), across=across)

    def lengthen(self, j: int, days: int) -> None:
        """Give a task so many days more work (negative: less); links to its finish are counted from there."""
        self.work[j] += days
        distances, links, across = self.distances, self.links, self.across
        for k in links.into(j):
            if links.binds_finish(k) and distances[k] != NO_BOUND:
                if across is None:
                    distances[k] -= days
                else:
                    ends = self.ends(k, across.counts)
                    distances[k] = across.lay(k, links.link(k), links.kinds[k], ends, self.work[j])

    def drop(self, links: Sequence[int]) -> None:
        """Let links bind nothing; they keep their numbers."""
        distances, across = self.distances, self.across
        for k in links:
            distances[k] = NO_BOUND
        if across is not None:
            for k in links:
                across.lags[k] = None
            across.apart.difference_update(links)

    def way(self, k: int) -> tuple[Way, int] | None:
        """Give the way of a link and its distance from boundary to boundary; None: it crosses no calendars."""
        across = self.across
        if across is None or (across.lags[k] is None and k not in across.apart):
            return None
        links = self.links
        course, distance = course_of(
            links.link(k), links.kinds[k], self.ends(k, across.counts), self.work[links.targets[k]]
        )
        boundary = (across.began if links.leaves_start(k) else across.ended).get(links.sources[k])
        return self.laid[course] if boundary is None else self.laid.fixed(self.laid[course], boundary), distance

    def ends(self, k: int, counts: Sequence[Workdays]) -> tuple[Workdays, Workdays, Workdays]:
        """Give the calendars of the source and of the target of a link, and the one in which its lag is counted."""
        i, j = self.links.sources[k], self.links.targets[k]
        return self.calendars[i], self.calendars[j], counts[j]


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
