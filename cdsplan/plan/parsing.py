"""From text to its tree, as tomli reads it; tables of tasks that are written plainly are read by a pattern.

tomli is the one parser: what a file means is what tomli says. Of a plan of 10,000 tasks it takes a third of the time,
though, and most lines of such a file say `key = "words"`, a day, a whole number, true, or a list of words. So the text
is parted before headings `[tasks.ID]`; a part in which every line is of these kinds is read by one pattern, in a third
of the time, any other part by tomli. Where the parts could depend on each other, or one of them is no TOML, tomli reads
the whole text: so it also tells what is wrong.

Parts are independent of each other when each says nothing but tables below `tasks`, every one in one part only. A
heading that stands within a text or a list leaves the part before it unclosed, which is no TOML.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import tomli

HEADING = "\n[tasks."
PART = 64 * 1024
"""Characters of a part, and the rest of its last table: what is made on the way fits into the processor's caches."""

_WORDS = r'"[^"\\\n]*"'
_LINE = re.compile(
    r"^(?:\[tasks\.([a-z0-9-]+)\]|([a-z-]+) = "
    rf'(?:"([^"\\\n]*)"|(\[(?:{_WORDS}(?:, {_WORDS})*)?\])|(\d{{4}}-\d\d-\d\d)|(0|[1-9]\d{{0,8}}|true|false)))?'
    r" *(?:#[^\n]*)?\n",
    re.MULTILINE | re.ASCII,
)
"""A heading, one key and its value, or nothing; then maybe a comment."""
_OTHER_HEADING = re.compile(r"^ *\[(?!tasks\.)", re.MULTILINE)


def parse(text: str) -> dict[str, Any]:
    """Parse a text in which every character shows, but for the line ends.

    Raises:
        tomli.TOMLDecodeError, ValueError, RecursionError, OverflowError: as `tomli.loads`.
    """
    start = text.find(HEADING) + 1
    tree = _in_parts(text, start) if start else None
    return tomli.loads(text) if tree is None else tree


def _in_parts(text: str, start: int) -> dict[str, Any] | None:
    """Parse a text part by part, from the first table of a task on; None where tomli must read it whole."""
    try:
        tree = tomli.loads(text[:start])
        if "tasks" in tree:
            return None
        tasks: dict[str, Any] = {}
        values: dict[str, Any] = {"true": True, "false": False}
        while start < len(text):
            end = text.find(HEADING, start + PART) + 1 or len(text)
            part = _plain(text, start, end, values)
            if part is None:
                part = _tables_of_tasks(text[start:end])
            if part is None or not tasks.keys().isdisjoint(part):
                return None
            tasks |= part
            start = end
    except (ValueError, RecursionError, OverflowError):
        return None
    tree["tasks"] = tasks
    return tree


def _plain(text: str, start: int, end: int, values: dict[str, Any]) -> dict[str, Any] | None:
    """Read the tables of a part by their lines; None where one of them says more. `values` are known days and numbers.

    Raises:
        ValueError: a day that does not exist.
    """
    lines = _LINE.findall(text, start, end)
    if len(lines) < text.count("\n", start, end) or not text.endswith("\n", start, end):
        return None
    tables: dict[str, dict[str, Any]] = {}
    table: dict[str, Any] = {}  # a part begins with a heading
    said = unsaid = 0
    for name, key, words, listed, day, other in lines:
        if words:
            table[key] = words
        elif listed:
            table[key] = listed[2:-2].split('", "') if listed != "[]" else []
        elif name:
            said += len(table)
            table = tables[name] = {}
        elif day:
            if day not in values:
                values[day] = date.fromisoformat(day)
            table[key] = values[day]
        elif other:
            if other not in values:
                values[other] = int(other)
            table[key] = values[other]
        elif key:
            table[key] = ""
        else:
            unsaid += 1
    twice = len(tables) + said + len(table) + unsaid < len(lines)  # a heading, or a key of a table
    return None if twice else tables


def _tables_of_tasks(part: str) -> dict[str, Any] | None:
    """Parse a part by tomli; None where it says more than tables of tasks."""
    if _OTHER_HEADING.search(part):
        return None
    tasks: dict[str, Any] = tomli.loads(part)["tasks"]
    return tasks
