"""Which entries are undone: a `void` undoes one entry, and undoing a `void` brings back what it undid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdsplan.journal.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cdsplan.journal.model import Entry


def undone(voids: Iterable[Entry]) -> tuple[frozenset[str], tuple[str, ...]]:
    """Give the ids of the entries that are undone, and of voids that undo themselves by some way round.

    A void counts unless another that counts undoes it; so they are settled from the last of each chain on.
    """
    by_id = {entry.id: entry for entry in voids}
    above = dict.fromkeys(by_id, 0)  # voids of a void that are not settled yet
    for entry in by_id.values():
        if entry.of in above:
            above[entry.of] += 1
    found: set[str] = set()
    ready = [entry for entry in by_id.values() if not above[entry.id]]
    while ready:
        entry = ready.pop()
        del above[entry.id]
        target = entry.of or ""
        if entry.id not in found:
            found.add(target)
        if target in above:
            above[target] -= 1
            if not above[target]:
                ready.append(by_id[target])
    return frozenset(found), tuple(above)


def undone_by(entry: Entry, by_id: Mapping[str, Entry]) -> Entry:
    """Give what a void undoes in the end; any other entry itself."""
    while entry.kind is Kind.VOID:
        entry = by_id[entry.of or ""]
    return entry
