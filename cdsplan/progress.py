"""What is known of each item's progress as of a day: from the plan file's own facts, and from the journal.

A fact dated later than the day is not known yet, so looking at an earlier day shows what was known then.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from operator import itemgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from cdsplan.plan.model import Facts, Reading


class Phase(StrEnum):
    """How far the work is."""

    NOT_STARTED = "not-started"
    IN_PROGRESS = "in-progress"
    DONE = "done"
    CANCELLED = "cancelled"


class Progress(NamedTuple):
    """How far a task, or one member of a fan-out, is.

    `done` is None where nobody wrote down the day; `percent` is what has been reported, on the day `reported` (None:
    the plan file says it); without a percentage that is the first day by which work had begun. Work that is done or
    cancelled keeps its percentage, in case it is reopened. `waits`: of a fan-out in progress, some members that are
    open have not begun. `document` is what it was delivered with.
    """

    phase: Phase = Phase.NOT_STARTED
    started: date | None = None
    done: date | None = None
    percent: int | None = None
    reported: date | None = None
    cancelled: date | None = None
    waits: bool = False
    document: str | None = None

    @property
    def open(self) -> bool:
        """Whether work remains."""
        return self.phase is Phase.NOT_STARTED or self.phase is Phase.IN_PROGRESS


NOTHING_KNOWN = Progress()

# Looked up once: before Python 3.12 naming a member of an enumeration costs as much as all else that is done to a task.
_IN_PROGRESS, _DONE, _CANCELLED = Phase.IN_PROGRESS, Phase.DONE, Phase.CANCELLED


class Extension(NamedTuple):
    """A deadline that was moved, on the day and by the document that decided it; `agency`: for one member only."""

    on: date
    due: Reading
    document: str | None = None
    reason: str | None = None
    agency: str | None = None


class InForce:
    """The deadlines in force, for all and for each member, while decisions are taken in turn.

    The newest holds. What was granted to one member stands until that member is granted something else: a decision for
    all gives more time, but takes none of it.
    """

    __slots__ = ("_for_all", "_granted", "_newer")

    def __init__(self, baseline: Reading | None) -> None:
        self._for_all = baseline
        self._granted: dict[str, Reading] = {}
        self._newer: set[str] = set()  # who was granted something after the last decision for all

    def take(self, due: Reading, agency: str | None = None) -> None:
        """Put the next decision in force, for all or for one member."""
        if agency is None:
            self._for_all = due
            self._newer.clear()
        else:
            self._granted[agency] = due
            self._newer.add(agency)

    def of(self, agency: str | None = None) -> Reading | None:
        """Give the deadline in force for all, or for one member."""
        own = None if agency is None else self._granted.get(agency)
        if own is None or (agency not in self._newer and not _later(own, self._for_all)):
            return self._for_all
        return own


NOTHING_WRITTEN: Mapping[str | None, datetime] = MappingProxyType({})


class Record(NamedTuple):
    """What is known of one item of which a journal tells.

    `progress` is that of the whole; `members` those of a fan-out, every one of them. `extensions` are in the order in
    which they were decided. `written` says, for each agency that entries name and for None, when the newest of these
    was written down; what was undone counts, and so does the undoing, but no note.
    """

    progress: Progress
    members: Mapping[str, Progress] = MappingProxyType({})
    extensions: tuple[Extension, ...] = ()
    written: Mapping[str | None, datetime] = NOTHING_WRITTEN

    def due(self, baseline: Reading | None, as_of: date, agency: str | None = None) -> Reading | None:
        """Give the deadline in force at the end of a day, for all or for one member."""
        if not self.extensions:
            return baseline
        in_force = baseline
        for extension, due in self.decisions(baseline, agency):
            if extension.on > as_of:
                break
            in_force = due
        return in_force

    def dues(self, baseline: Reading | None, days: Mapping[str | None, date]) -> dict[str | None, Reading | None]:
        """Give the deadlines in force for members, and with None for all, each at the end of its own day."""
        found: dict[str | None, Reading | None] = dict.fromkeys(days, baseline)
        if not self.extensions:
            return found
        in_force, decided, at = InForce(baseline), self.extensions, 0
        for agency, day in sorted(days.items(), key=_DAY):
            while at < len(decided) and decided[at].on <= day:
                in_force.take(decided[at].due, decided[at].agency)
                at += 1
            found[agency] = in_force.of(agency)
        return found

    def decisions(self, baseline: Reading | None, agency: str | None = None) -> Iterator[tuple[Extension, Reading]]:
        """Give each decision that moved the deadline of all, or of one member, with what is in force from then on."""
        decided, in_force = InForce(baseline), baseline
        for extension in self.extensions:
            if extension.agency is None or extension.agency == agency:
                decided.take(extension.due, extension.agency)
                due = decided.of(agency)
                if due is not None and due is not in_force:
                    in_force = due
                    yield extension, due

    def decision(self, due: Reading | None, agency: str | None = None) -> Extension | None:
        """Find the extension that put a deadline in force, for all or for one member; None: it is the plan's own."""
        for extension in reversed(self.extensions):
            if extension.due is due and (agency is None or extension.agency in {None, agency}):
                return extension
        return None

    def first_due(self, baseline: Reading | None, as_of: date) -> Reading | None:
        """Give the deadline in force that comes first: of a fan-out that of the open members."""
        if all(extension.agency is None for extension in self.extensions):
            return self.due(baseline, as_of)
        open_ = self.dues(baseline, {agency: as_of for agency, state in self.members.items() if state.open})
        dated = [due for due in open_.values() if due is not None and due.last is not None]
        return min(dated, key=_last, default=None) if open_ else self.due(baseline, as_of)


_DAY = itemgetter(1)


def _last(due: Reading) -> date:
    return due.last or date.max


def _later(one: Reading, other: Reading | None) -> bool:
    return other is not None and one.last is not None and other.last is not None and one.last > other.last


NO_RECORDS: Mapping[str, Record] = MappingProxyType({})


def progress(facts: Facts, as_of: date) -> Progress:
    """Say how far a task is as of the end of a day, by the plan file alone."""
    started, percent, done, done_unknown, cancelled = facts
    begun = started if started is not None and started <= as_of else None
    if begun is None and started is not None:
        percent = None  # of work that began later
    if cancelled is not None and cancelled <= as_of:
        return Progress(_CANCELLED, begun, None, percent, cancelled=cancelled)
    # `Progress(…)` does the same, but hands eight fields through a function of Python first.
    if done_unknown or (done is not None and done <= as_of):
        return tuple.__new__(Progress, (_DONE, begun, done, percent, None, None, False, None))
    if begun is not None or percent:
        return tuple.__new__(Progress, (_IN_PROGRESS, begun, None, percent, None, None, False, None))
    return NOTHING_KNOWN


def of_members(members: Mapping[str, Progress]) -> Progress:
    """Put the members of a fan-out together: done with the last of them; who is cancelled leaves the count.

    Work that members have begun or delivered is in progress. A first delivery tells when work ended, not when it began,
    and nothing of the work of others.
    """
    counted = [state for state in members.values() if state.phase is not Phase.CANCELLED]
    if not counted:
        days = [state.cancelled for state in members.values() if state.cancelled is not None]
        return Progress(Phase.CANCELLED, cancelled=max(days, default=None))
    starts = [state.started for state in counted if state.started is not None]
    started = min(starts, default=None)
    if all(state.phase is Phase.DONE for state in counted):
        ends = [state.done for state in counted if state.done is not None]
        return Progress(Phase.DONE, started, max(ends) if len(ends) == len(counted) else None)
    if all(state.phase is Phase.NOT_STARTED for state in counted):
        return NOTHING_KNOWN
    facts = (state.started or state.done or state.reported for state in counted)
    waits = any(state.open and state.started is None and not state.percent for state in counted)
    return Progress(Phase.IN_PROGRESS, started, reported=min(filter(None, facts), default=None), waits=waits)
