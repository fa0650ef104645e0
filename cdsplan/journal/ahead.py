"""Entries of days that have not come: a slip of the year, most often, or a clock that was wrong.

An entry whose `on` has not come counts nowhere yet, so that what was reported looks as if it were missing. A look back
does not make an entry one of these: only what happened later than it was itself written down is, or what was written
down later than today.
"""

from __future__ import annotations

from datetime import date
from itertools import takewhile
from typing import TYPE_CHECKING

from cdsplan.journal.model import CLOCKS_DIFFER, Kind
from cdsplan.journal.places import places
from cdsplan.messages import msg
from cdsplan.problems import Problem, Severity

if TYPE_CHECKING:
    from cdsplan.journal.model import Entry, Journal
    from cdsplan.messages import Message
    from cdsplan.problems import Place


def not_come(journal: Journal, as_of: date) -> list[Entry]:
    """Give the entries of days after `as_of` that had not come when they were written down, either.

    What was undone or counts nowhere anyway is left out, and so is a `void`, which acts on every day.
    """
    later = takewhile(lambda entry: entry.on > as_of, reversed(journal.entries))
    return [
        entry
        for entry in later
        if entry.on > entry.at.date()
        and entry.kind is not Kind.VOID
        and entry.id not in journal.undone
        and entry.id not in journal.vanished
    ]


def written_ahead(journal: Journal, today: date) -> list[Entry]:
    """Give the entries that say that they were written down later than clocks and time zones let them differ."""
    latest = today if today > date.max - CLOCKS_DIFFER else today + CLOCKS_DIFFER
    return [entry for entry in journal.entries if entry.at.date() > latest and entry.id not in journal.undone]


def how_many(journal: Journal, as_of: date, today: date) -> int:
    """Count what `ahead` would name; nothing is looked for in the file."""
    return len({entry.id for entry in (*not_come(journal, as_of), *written_ahead(journal, today))})


def ahead(journal: Journal, as_of: date, today: date) -> dict[str, Problem]:
    """Name the entries of days that have not come, by their ids and in the order of the file.

    `today` is the clock's day, or `as_of` where that is later.
    """
    found: dict[str, tuple[str, Message]] = {
        entry.id: (
            "on",
            msg("“{item}”: {day} has not come, so this entry counts nowhere yet", item=entry.item, day=entry.on),
        )
        for entry in not_come(journal, as_of)
    }
    for entry in written_ahead(journal, today):
        said = msg("this entry says that it was written down on {day}, which has not come", day=entry.at.date())
        found.setdefault(entry.id, ("at", said))
    if not found:
        return {}
    at = places(journal.source, {name: key for name, (key, _) in found.items()})
    return {name: _problem(name, *found[name], at[name]) for name in journal.written if name in found}


def _problem(name: str, key: str, message: Message, place: Place | None) -> Problem:
    hint = msg("mend “{key}” in its line, or take it back: cdsplan undo --entry {id}", key=key, id=name)
    return Problem(code="CDS218", message=message, hint=hint, place=place, severity=Severity.WARNING)
