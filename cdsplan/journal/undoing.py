"""Which entries are undone: a `void` undoes one entry, and undoing a `void` brings back what it undid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdsplan.journal.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def undone_in_the_end(entries: Iterable[Entry]) -> dict[str, Entry]:
    """Give what each void undoes, by the void's id; of a void that undoes voids what the last of these undoes."""
    by_id = {entry.id: entry for entry in entries}
    found: dict[str, Entry] = {}
    for void in [entry for entry in by_id.values() if entry.kind is Kind.VOID]:
        target, way = void, []
        while target.kind is Kind.VOID and target.id not in found:
            way.append(target.id)
            target = by_id[target.of or ""]
        found |= dict.fromkeys(way, found.get(target.id, target))
    return found
