"""An entry as its line: TOML on its own, the keys always in the same order, values written by tomli-w.

An id is the time of writing and four random characters: unique among the entries of one file because whoever writes
draws again when it is taken, and across branches because two people hardly write in the same second and draw alike.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import tomli_w

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from cdsplan.journal.model import Entry

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # without letters that are taken for others

ORDER = ("at", "on", "task", "agency", "kind", "percent", "due", "of", "document", "reason", "note", "by")


def line(entry: Entry) -> str:
    """Write an entry, without the line's end. A deadline is written in the words that it was given in."""
    told = entry._asdict() | {"task": entry.item, "kind": str(entry.kind), "due": entry.due and entry.due.words}
    values = [f"{key} = {value(told[key])}" for key in ORDER if told[key] not in {None, ""}]
    return f"{entry.id} = {{ {', '.join(values)} }}"


def value(plain: object) -> str:
    """Write one value as TOML."""
    if isinstance(plain, datetime):
        # With a T, as most people know it; parts of a second only where several entries were written in one.
        return plain.isoformat(timespec="milliseconds" if plain.microsecond else "seconds")
    return tomli_w.dumps({"v": plain}).removeprefix("v = ").rstrip("\n")


def new_id(at: datetime, taken: Container[str], draw: Callable[[int], bytes]) -> str:
    """Make the id of an entry written down at `at` that is not `taken`; `draw(n)` gives n random bytes."""
    while True:
        name = f"{at:%Y%m%d-%H%M%S}-{''.join(ALPHABET[byte % len(ALPHABET)] for byte in draw(4))}"
        if name not in taken:
            return name
