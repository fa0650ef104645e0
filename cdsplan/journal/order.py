"""Deliveries that are told to be of a day before their own start: a slip in one of the two days, most often.

By the order in which entries take effect the delivery comes first, and what is told of the work after it changes
nothing: the delivery counts, and the start is lost. What a plan's file says of both is refused there (CDS112).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdsplan.journal.model import Kind
from cdsplan.journal.places import places
from cdsplan.journal.replay import told
from cdsplan.messages import msg
from cdsplan.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from cdsplan.journal.model import Entry, Journal
    from cdsplan.messages import Message
    from cdsplan.plan.model import Plan, Task
    from cdsplan.problems import Place

DONE_WORK = 100
"""Percent of work that may be reported after the delivery."""


def done_before_start(task: Task, entries: Iterable[Entry]) -> Iterator[tuple[Entry, Message]]:
    """Give the deliveries of an item that lie before its start, or before work on it was reported, each with words.

    The entries are those of the item that count, in the order in which they take effect.
    """
    members, begun = task.members, task.facts.started
    done: dict[str | None, Entry] = {}
    called_off = False  # a whole fan-out
    for entry in entries:
        agency = entry.agency if entry.agency in members else None
        whole = bool(members) and agency is None
        match entry.kind:
            case Kind.DONE:
                first = done.setdefault(agency, entry)
                if first is entry and begun is not None and entry.on < begun:
                    yield entry, msg("done on {done}, before it was started on {started}", done=entry.on, started=begun)
            case Kind.REOPENED | Kind.CANCELLED if whole:
                if entry.kind is Kind.REOPENED and not called_off:
                    done.clear()
                called_off = entry.kind is Kind.CANCELLED
            case Kind.REOPENED | Kind.CANCELLED:
                done.pop(agency, None)
            case Kind.STARTED | Kind.PROGRESS if agency in done and done[agency].on < entry.on:
                words = _before(done[agency], entry)
                if words is not None:
                    yield done[agency], words
            case _:
                pass


def _before(delivery: Entry, report: Entry) -> Message | None:
    """Say that work was reported after a delivery; that all of it is done may be told later."""
    if report.kind is Kind.STARTED:
        return msg("done on {done}, before it was started on {started}", done=delivery.on, started=report.on)
    if report.percent == DONE_WORK:
        return None
    return msg(
        "done on {done}, before {percent}% of it were done on {day}",
        done=delivery.on, percent=report.percent, day=report.on,
    )  # fmt: skip


def disordered(plan: Plan, journal: Journal, as_of: date) -> dict[str, Problem]:
    """Name the deliveries that lie before their own start, by their ids and in the order of the file."""
    tasks = plan.all_tasks
    found: dict[str, Message] = {}
    for item, entries in told(journal, as_of).items():
        task = tasks[item.partition("@")[0]]
        for entry, words in done_before_start(task, entries):
            what = f"{item} ({plan.agencies[entry.agency].label})" if entry.agency in task.members else item
            found.setdefault(entry.id, msg("“{what}” is {words}", what=what, words=words))
    if not found:
        return {}
    at = places(journal.source, dict.fromkeys(found, "on"))
    return {name: _problem(name, found[name], at[name]) for name in journal.written if name in found}


def _problem(name: str, message: Message, place: Place | None) -> Problem:
    hint = msg(
        "one of the two days is wrong: mend its line, or take this entry back: cdsplan undo --entry {id}", id=name
    )
    return Problem(code="CDS219", message=message, hint=hint, place=place, severity=Severity.WARNING)
