"""What was recorded, as it happened: every entry of the journals, undone ones and those that count nowhere too.

Events stand in the order in which entries take effect: by the day on which something happened, not by when it was
written down. A void stands on its own and names what it undoes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cdsplan.journal.replay import done_on, told
from cdsplan.journal.undoing import undone_in_the_end
from cdsplan.plan.deadlines import baseline
from cdsplan.progress import InForce
from cdsplan.succession import takeover

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import date

    from cdsplan.journal.model import Entry, Journal
    from cdsplan.plan.model import Plan, Reading, Task


class Event(NamedTuple):
    """One entry. `about` is the entry that it undoes (itself, when it is no void), and `task` its task.

    `undone`: it was taken back, and counts nowhere. `lost`: the plan no longer has what it names (`task` is None when
    that is the task), so it counts nowhere either. `before` is the deadline that an extension moved.
    """

    plan: Plan
    entry: Entry
    about: Entry
    task: Task | None
    undone: bool
    lost: bool
    before: Reading | None = None


def history(
    journals: Iterable[tuple[Plan, Journal]],
    as_of: date,
    *,
    task: str | None = None,
    occurrence: date | None = None,
    agencies: Collection[str] = (),
    since: date | None = None,
) -> tuple[Event, ...]:
    """Give the events up to the end of a day, from the beginning of the day `since` on.

    With `agencies`, those that are about one of them: entries that name it, and those about the whole of a task that it
    leads or must deliver; what ceased agencies left is also about whoever had taken it over by the day of the entry.
    With `task` (an id), those about it: all its occurrences, or one of them.
    """
    found = [event for plan, journal in journals for event in _events(plan, journal, as_of)]
    kept = [
        event
        for event in found
        if (since is None or event.entry.on >= since)
        and (task is None or event.about.task == task)
        and (occurrence is None or event.about.occurrence == occurrence)
        and (not agencies or _concerns(event, agencies))
    ]
    return tuple(sorted(kept, key=lambda event: event.entry.turn))


def _events(plan: Plan, journal: Journal, as_of: date) -> Iterator[Event]:
    done = done_on(plan, told(journal, as_of), as_of)
    undoing = undone_in_the_end(journal.entries)
    moved: dict[str, InForce] = {}
    tasks = plan.all_tasks
    for entry in journal.entries:
        if entry.on > as_of:
            break
        about = undoing.get(entry.id, entry)
        task = tasks.get(about.task)
        undone, lost, before = entry.id in journal.undone, about.id in journal.vanished, None
        if entry.due is not None and task is not None:
            in_force = moved.get(entry.item)
            if in_force is None:
                in_force = moved[entry.item] = InForce(baseline(plan, task, entry.occurrence, done))
            member = entry.agency if entry.agency in task.members else None
            before = in_force.of(member)
            if not undone and not lost:
                in_force.take(entry.due, member)
        yield Event(plan, entry, about, task, undone, lost, before)


def _concerns(event: Event, agencies: Collection[str]) -> bool:
    about, task, known = event.about, event.task, event.plan.agencies
    declared: Iterable[str] = (about.agency,) if about.agency else () if task is None else (*task.owner, *task.members)
    for agency in declared:
        taken = takeover(known, agency, about.on) if agency in known else None
        if agency in agencies or (taken is not None and taken.by in agencies):
            return True
    return False
