"""From a journal to what is known as of a day: the plan's own facts first, then every entry that counts by then.

An entry counts from the end of the day `on`, however late it was written down, so a look back shows what had happened
by then as far as it is known now. Entries that were undone, or that name what the plan no longer has, count nowhere.

What a report does, to a task or to one member of a fan-out; the latest word holds:

- started, progress: the work is in progress, unless it is done or cancelled; a percentage counts from its own day;
- done: the first delivery is the one that is judged; a later one (a supplement) only brings its document;
- reopened: the delivery, or the cancellation, no longer stands: it is as far as it was told to be before;
- cancelled: it need not be done. A whole fan-out may be cancelled; what its members delivered stays.
"""

from __future__ import annotations

from bisect import insort
from operator import attrgetter
from typing import TYPE_CHECKING

from cdsplan.journal.model import Kind
from cdsplan.journal.undoing import undone
from cdsplan.progress import NOTHING_WRITTEN, Extension, Phase, Progress, Record, of_members, progress

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence
    from datetime import date, datetime

    from cdsplan.journal.model import Entry, Journal
    from cdsplan.plan.model import Plan, Task


def replay(plan: Plan, journal: Journal, as_of: date) -> dict[str, Record]:
    """Say what is known at the end of a day of every item that the journal tells of, by the item's name."""
    told: dict[str, list[Entry]] = {}
    written: dict[str, dict[str | None, datetime]] = {}
    lost, voided, void, note = journal.vanished, journal.undone, Kind.VOID, Kind.NOTE
    whom: dict[str, tuple[str, str | None]] = {}  # by entry, for the voids: the item and the agency
    voids = [entry for entry in journal.entries if entry.kind is void]
    for entry in journal.entries:
        if entry.on > as_of:
            break
        name, agency = entry.id, entry.agency
        if entry.kind is void or name in lost:
            continue
        item = entry.task if entry.occurrence is None else entry.item
        entries = told.get(item)
        if entries is None:
            entries, written[item] = told.setdefault(item, []), {}
        if entry.kind is not note:
            _note(written[item], agency, entry.at)
        if voids:
            whom[name] = (item, agency)
        if name not in voided:
            entries.append(entry)
    for entry in sorted(voids, key=lambda entry: entry.at):
        about = whom.get(entry.of or "")
        if about is not None:
            item, agency = whom[entry.id] = about
            _note(written[item], agency, entry.at)
    tasks = plan.all_tasks
    return {
        item: record(tasks[item.partition("@")[0]], entries, as_of, written[item]) for item, entries in told.items()
    }


def _note(written: dict[str | None, datetime], agency: str | None, at: datetime) -> None:
    """Note when an entry about an agency was written down, where it is the newest so far."""
    known = written.get(agency)
    written[agency] = at if known is None else max(known, at)


def told(journal: Journal, as_of: date, tasks: Container[str] | None = None) -> dict[str, list[Entry]]:
    """Give the entries that count by the end of a day, in the order in which they take effect, by the item's name.

    Of some `tasks`, or of all.
    """
    undone_, lost, void = journal.undone, journal.vanished, Kind.VOID
    found: dict[str, list[Entry]] = {}
    entries = journal.entries if tasks is None else [entry for entry in journal.entries if entry.task in tasks]
    for entry in entries:
        if entry.on > as_of:
            break
        name = entry.id
        if name not in undone_ and name not in lost and entry.kind is not void:
            item = entry.task if entry.occurrence is None else entry.item
            mine = found.get(item)
            if mine is None:
                mine = found[item] = []
            mine.append(entry)
    return found


def done_on(plan: Plan, told: Mapping[str, Iterable[Entry]], as_of: date) -> Callable[[str], date | None]:
    """Say of each task, by its id, on which day it was done; None: it is not done, or nobody wrote down when."""
    return lambda task: record(plan.tasks[task], told.get(task, ()), as_of).progress.done


FEW = 100
"""Entries that are put into their places one by one: sorting ten thousand for one of them takes longer."""

turn = attrgetter("turn")


def in_turn(entries: Iterable[Entry], added: Sequence[Entry]) -> list[Entry]:
    """Put entries among others, which are in the order in which they take effect."""
    if len(added) > FEW:
        return sorted((*entries, *added), key=turn)
    together = list(entries)
    for entry in added:
        insort(together, entry, key=turn)
    return together


def with_entries(journal: Journal, added: Iterable[Entry]) -> Journal:
    """Give the journal as it is once entries have been added."""
    added = tuple(added)
    entries = in_turn(journal.entries, added)
    void = Kind.VOID
    voided, _ = undone(entry for entry in entries if entry.kind is void)
    written = (*journal.written, *(entry.id for entry in added))
    return journal._replace(entries=tuple(entries), written=written, undone=voided)


def record(
    task: Task, entries: Iterable[Entry], as_of: date, written: Mapping[str | None, datetime] = NOTHING_WRITTEN
) -> Record:
    """Put the entries of one item together, in the order in which they take effect."""
    begun = progress(task.facts, as_of)
    whole, members = begun, dict.fromkeys(task.members, begun)
    cancelled: date | None = None  # a whole fan-out
    extensions: list[Extension] = []
    for entry in entries:
        step = STEPS.get(entry.kind)
        if entry.due is not None:
            member = entry.agency if entry.agency in members else None
            extensions.append(Extension(entry.on, entry.due, entry.document, entry.reason, member))
        elif step is None:
            continue
        elif entry.agency in members:
            members[entry.agency] = step(members[entry.agency], entry)
        elif not members:
            whole = step(whole, entry)
        elif entry.kind is Kind.CANCELLED:
            cancelled = entry.on
        elif cancelled is not None:
            cancelled = None
        else:
            members = {agency: step(state, entry) for agency, state in members.items()}
    if members:
        whole = of_members(members)
        if cancelled is not None:
            whole = Progress(Phase.CANCELLED, whole.started, cancelled=cancelled)
            members = {agency: _called_off(state, cancelled) for agency, state in members.items()}
    return Record(whole, members, tuple(extensions), written)


def _called_off(state: Progress, day: date) -> Progress:
    return Progress(Phase.CANCELLED, state.started, cancelled=day) if state.open else state


def _start(state: Progress, entry: Entry) -> Progress:
    if state.phase is Phase.CANCELLED or (state.done is not None and entry.on > state.done):
        return state
    phase = state.phase if state.phase is Phase.DONE else Phase.IN_PROGRESS
    return state._replace(phase=phase, started=entry.on)


def _advance(state: Progress, entry: Entry) -> Progress:
    if not state.open:
        return state
    begun = entry.percent or state.started is not None
    phase = Phase.IN_PROGRESS if begun else Phase.NOT_STARTED
    return state._replace(phase=phase, percent=entry.percent, reported=entry.on)


def _finish(state: Progress, entry: Entry) -> Progress:
    if state.phase is Phase.DONE:
        return Progress(*state[:-1], entry.document) if entry.document else state
    return Progress(Phase.DONE, state.started, entry.on, state.percent, state.reported, document=entry.document)


def _reopen(state: Progress, entry: Entry) -> Progress:
    del entry
    if state.open:
        return state
    begun = state.phase is Phase.DONE or state.started is not None or state.percent
    reported = state.done if state.percent is None else state.reported
    return Progress(Phase.IN_PROGRESS if begun else Phase.NOT_STARTED, state.started, None, state.percent, reported)


def _cancel(state: Progress, entry: Entry) -> Progress:
    return Progress(Phase.CANCELLED, state.started, None, state.percent, state.reported, cancelled=entry.on)


STEPS: dict[Kind, Callable[[Progress, Entry], Progress]] = {
    Kind.STARTED: _start,
    Kind.PROGRESS: _advance,
    Kind.DONE: _finish,
    Kind.REOPENED: _reopen,
    Kind.CANCELLED: _cancel,
}
"""What an entry does to what was known before it. Notes and extensions do nothing to it."""
