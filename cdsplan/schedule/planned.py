"""The network of a plan as declared: baseline deadlines, no facts."""

from __future__ import annotations

from itertools import chain, compress
from operator import is_
from typing import TYPE_CHECKING, Any

from cdsplan.plan.model import NO_LAG, DurationUnit, LinkType, Reading, Task
from cdsplan.schedule.calendars import WORKING, OwnCalendars, days_of
from cdsplan.schedule.crossing import Across, Rulers
from cdsplan.schedule.links import BINDS_FINISH, LEAVES_START, Links, pick
from cdsplan.schedule.network import Network
from cdsplan.schedule.tables import NEVER, After

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from cdsplan.plan.model import Counted, Link, Plan
    from cdsplan.schedule.tables import Ruler
    from cdsplan.workdays import Workdays

    Deadline = Reading | Counted | None

FIELDS = Task._fields[: Task._fields.index("facts")]
"""What a network is built of, and what comes before it."""
BLOCK = 1000
"""So many tasks are looked at again and again before the next: they fit into the caches, all of a large plan do not."""


def planned_network(plan: Plan) -> Network:
    """Build the network of a plan."""
    columns, tasks = _Columns(plan), tuple(plan.tasks.values())
    for at in range(0, len(tasks), BLOCK):
        columns.add(tasks[at : at + BLOCK])
    return columns.network()


IN_DAYS, IN_OTHER_UNITS = 1, 2


class _Columns:
    """The columns of a network, filled block by block."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.own = OwnCalendars(plan)
        self.known_rulers = Rulers(plan.workdays.origin)
        self.counts: list[Workdays] = []
        self.rulers: list[Ruler] = []
        self.after = After(plan.workdays)
        self.calendars: list[Workdays] = []
        self.work: list[int] = []
        self.earliest: list[int] = []
        self.cap: list[int] = []
        self.declared: list[Link] = []
        self.distances: list[int] = []
        self.kinds = bytearray()
        self.lagged = bytearray()
        self.crossed = False  # whether the plan's own calendar does not count all

    def add(self, tasks: Sequence[Task]) -> None:
        """Add the next tasks. Their fields are taken all at once, as the rest would be waiting for memory."""
        fields: dict[str, Sequence[Any]] = dict(zip(FIELDS, zip(*tasks, strict=True), strict=False))
        calendars = [self.plan.workdays] * len(tasks)
        if self.plan.calendars:
            calendars = self.own.of(fields["calendar"], fields["owner"])
        self.counts += calendars
        amounts, units = zip(*fields["duration"], strict=True)
        if units.count(DurationUnit.DAYS) == len(units):  # `count` knows a thing by itself, and takes no step of ours
            self.work += amounts
        else:
            calendars = [
                own if unit in WORKING else self.known_rulers.every_day
                for own, unit in zip(calendars, units, strict=True)
            ]
            self.work += map(days_of, fields["duration"], calendars)
        self.calendars += calendars
        one = calendars.count(self.plan.workdays) == len(calendars)
        self.crossed = self.crossed or not one
        if one:
            ruler = self.known_rulers[self.plan.workdays]
            self.rulers += [ruler] * len(tasks)
            self._count(fields["not_before"], fields["due"], ruler)
        else:
            rulers = list(map(self.known_rulers.__getitem__, calendars))
            self.rulers += rulers
            self._count_in_each(fields["not_before"], fields["due"], rulers)
        self._add_links(list(chain.from_iterable(fields["links"])))

    def _count(self, not_before: Sequence[date | None], dues: Sequence[Deadline], ruler: Ruler) -> None:
        """Give the plan's start, or a later `not-before`, and the boundary after the last good day of each deadline."""
        index_from, after = ruler.index_from, self.after
        start = index_from(self.plan.start.toordinal())
        self.earliest += [
            start if day is None or (begin := index_from(day.toordinal())) < start else begin for day in not_before
        ]
        self.cap += [after[day] if type(due) is Reading and (day := due.last) is not None else NEVER for due in dues]

    def _count_in_each(self, not_before: Sequence[date | None], dues: Sequence[Deadline], rulers: list[Ruler]) -> None:
        """Do the same where each task has a calendar of its own; few days of one calendar are asked for twice."""
        start = self.plan.start.toordinal()
        starts = {ruler: ruler.index_from(start) for ruler in set(rulers)}
        earliest = list(map(starts.__getitem__, rulers))
        for j, day in compress(enumerate(not_before), not_before):
            if day is not None:
                earliest[j] = max(earliest[j], rulers[j].index_from(day.toordinal()))
        self.earliest += earliest
        self.cap += [
            ruler.index_from(day.toordinal() + 1) if type(due) is Reading and (day := due.last) is not None else NEVER
            for ruler, due in zip(rulers, dues, strict=True)
        ]

    def _add_links(self, links: list[Link]) -> None:
        """Give links their distances within the plan's calendar; most are FS without a lag."""
        number, work, targets = len(self.declared), self.work, self.plan.waits_for.targets
        distances, kinds, lagged = [0] * len(links), bytearray(len(links)), bytearray(len(links))
        no_lag, days, per_week = NO_LAG, DurationUnit.DAYS, self.plan.workdays.days_per_week
        finish_start, finish_finish, start_start = LinkType.FS, LinkType.FF, LinkType.SS
        for k in [k for k, link in enumerate(links) if link.type is not finish_start or link.lag is not no_lag]:
            link = links[k]
            kind, lag = link.type, link.lag
            if lag is not no_lag:
                amount, unit = lag
                distances[k] = amount if unit is days else amount * per_week
                if amount:
                    lagged[k] = IN_DAYS if unit is days else IN_OTHER_UNITS
                self.crossed = self.crossed or (unit is not days and unit not in WORKING)
            if kind is not finish_start:
                if kind is not finish_finish:
                    kinds[k] = LEAVES_START
                if kind is not start_start:
                    kinds[k] |= BINDS_FINISH
                    distances[k] -= work[targets[number + k]]
        self.declared += links
        self.kinds += kinds
        self.lagged += lagged
        self.distances += distances

    def network(self) -> Network:
        """Give the network of all tasks that were added."""
        numbering, count = self.plan.numbering, len(self.work)
        order, places = numbering.order, numbering.declared
        if not isinstance(order, range):
            self.kinds = bytearray(pick(self.kinds, places))
            self.lagged = bytearray(pick(self.lagged, places))
            self.distances = pick(self.distances, places)
            self.work = pick(self.work, order)
            self.earliest = pick(self.earliest, order)
            self.cap = pick(self.cap, order)
            if self.crossed:
                self.calendars = pick(self.calendars, order)
                self.counts = pick(self.counts, order)
                self.rulers = pick(self.rulers, order)
        network = Network(
            calendars=self.calendars,
            work=self.work,
            links=Links(
                order=order,
                rank=numbering.rank,
                sources=numbering.sources,
                targets=numbering.targets,
                first=numbering.first,
                beyond=numbering.beyond,
                kinds=self.kinds,
                from_start=[k for k in compress(range(len(places)), self.kinds) if self.kinds[k] & LEAVES_START],
                declared=self.declared,
                places=places,
            ),
            distances=self.distances,
            across=None,
            rulers=self.known_rulers,
            counts=self.counts,
            earliest=self.earliest,
            cap=self.cap,
            started={},
            floor=[-NEVER] * count,
            done=frozenset(),
            done_on_days_off=frozenset(),
            settled=frozenset(),
            began={},
            ended={},
        )
        return _laid_across(network, self.rulers, self.lagged) if self.crossed else network


def _laid_across(network: Network, rulers: list[Ruler], lagged: bytearray) -> Network:
    """Lay every link across calendars. Most are laid by their ends alone: a start or a finish, and no lag."""
    links, known = network.links, network.rulers
    work, counts, calendars = network.work, network.counts, network.calendars
    sources, targets, kinds, number = links.sources, links.targets, links.kinds, range(len(links.sources))
    mornings, evenings = ({known[own]: known.side(own, out) for own in set(calendars)} for out in (0, 1))
    leaving, into = list(map(rulers.__getitem__, sources)), list(map(rulers.__getitem__, targets))
    across = Across(
        lags=[1] * len(sources),  # from the day of a finish to what follows
        leave=list(map(evenings.__getitem__, leaving)),
        into=into,
    )
    network = network._replace(across=across)
    lags, leave, distances = across.lags, across.leave, network.distances
    for k in compress(number, map(is_, leaving, into)):
        lags[k] = None
    for k in compress(number, kinds):
        if lags[k] is None:
            continue
        if kinds[k] & LEAVES_START:
            lags[k], leave[k] = 0, mornings[leaving[k]]
        elif not lagged[k] and work[targets[k]]:  # from day to day, as both end
            lags[k] = 0
            distances[k] += 1
    for k in compress(number, lagged):
        j = targets[k]
        if lagged[k] == IN_OTHER_UNITS or counts[j] is not calendars[j]:
            terms = network.terms(k)
            if terms.calendar is None and leaving[k] is into[k]:
                distances[k], lags[k] = terms.distance, None
            else:
                distances[k] = across.put(k, network.way(k, morning=links.leaves_start(k)))
    return network
