"""Where the values of entries stand in the file of a journal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cdsplan.plan.source import Source

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from cdsplan.problems import Place


def places(source: Source | None, keys: Mapping[str, str]) -> dict[str, Place | None]:
    """Find of each entry, by its id, the value of a key."""
    lines = {} if source is None else _lines(source.text, keys)
    return {name: _place(source, lines.get(name), name, key) for name, key in keys.items()}


_LINE_OF = re.compile(r"^[ \t]*[\"']?([a-z0-9-]+)[\"']?[ \t]*=.*", re.MULTILINE)


def _lines(text: str, names: Container[str]) -> dict[str, tuple[int, str]]:
    """Find the first line of each entry, with its number: all in one pass, as a wrong clock dates every entry ahead."""
    found: dict[str, tuple[int, str]] = {}
    number, counted = 1, 0
    for line in _LINE_OF.finditer(text):
        if line[1] in names and line[1] not in found:
            number += text.count("\n", counted, line.start())
            counted = line.start()
            found[line[1]] = number, line[0]
    return found


def _place(source: Source | None, line: tuple[int, str] | None, name: str, key: str) -> Place | None:
    """Find a value of an entry; None for one that is not in the file (yet), or whose id is written with escapes."""
    if source is None or line is None:
        return None
    number, text = line
    return Source(source.file, text).place((name, key))._replace(line=number)
