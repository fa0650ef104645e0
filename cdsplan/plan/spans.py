"""Where each key and value of a TOML text stands: path → offsets, built only when something must be shown.

The text is trusted: the parser has accepted it, so nothing is checked here a second time. Offsets are characters from
the start of the text, [start, end). A path is made of keys and array indexes. `scan` also walks the sound beginning of
a text that does not parse, for those who explain why it does not. Nothing recurses; the work is linear in the text.
"""

from __future__ import annotations

import re
from typing import NamedTuple

Path = tuple[str | int, ...]

_GAP = re.compile(r"(?:[\x00-\x20\x7f,]++|#[^\n]*+)*+")  # between entries: space, line ends, commas, comments
_KEY = re.compile(r"""[A-Za-z0-9_-]++|"(?:[^"\\\n]++|\\.)*+"|'[^'\n]*+'""")
_SPACE = re.compile(r"[ \t]*+")
_DOT = re.compile(r"[ \t]*+\.[ \t]*+")
_EQUALS = re.compile(r"[ \t]*+=[ \t]*+")
_HEADING_END = re.compile(r"[ \t]*+\]{0,2}")
_SCALAR = (
    r'''"""(?:[^"\\]++|\\.|"(?!""))*+"{3,5}'''
    r"""|'''(?:[^']++|'(?!''))*+'{3,5}"""
    r'''|(?!""")"(?:[^"\\\n]++|\\.)*+"'''
    r"""|(?!''')'[^'\n]*+'"""
    r"""|[^\s,\[\]{}"'#]++(?:\x20\d[^\s,\]}#]*+)?+"""  # number, truth value, date; a time may follow after a space
)
_VALUE = re.compile(_SCALAR, re.DOTALL)
_PAIR = re.compile(rf"([A-Za-z0-9_-]++)[ \t]*+=[ \t]*+({_SCALAR})", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2})|(.))")
_ESCAPED = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}


class Spans(NamedTuple):
    """Offsets of a key and of its value. An element of an array has no key: its value stands for it."""

    key_start: int
    key_end: int
    value_start: int
    value_end: int


class Scan(NamedTuple):
    """What was met: each path's first place, the last entry, where the walk stopped, and brackets still open there."""

    spans: dict[Path, Spans]
    last: tuple[Path, Spans]
    stop: int
    open: tuple[int, ...]


class _Open(NamedTuple):
    """An array or inline table not yet closed."""

    path: Path
    key_start: int
    key_end: int
    start: int


def index(text: str) -> dict[Path, Spans]:
    """Map every path of `text` to its place.

    A table's place is its own heading, else the first key that passes through it; its value span is its key span. The
    i-th `[[a]]` stands at (…, "a", i).
    """
    return scan(text).spans


def scan(text: str) -> Scan:
    """Walk `text` to its end, or to the first thing that is no TOML; of a path written twice the first place counts."""
    walk = _Walk(text)
    walk.run()
    return Scan(walk.spans, walk.last, walk.stop, tuple(container.start for container in walk.nest))


class _Walk:
    """The walk through a text. Its steps return where they end, or -1 where the text is no TOML."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans: dict[Path, Spans] = {}
        self.last: tuple[Path, Spans] = ((), Spans(0, 0, 0, 0))
        self.nest: list[_Open] = []
        self.lengths: list[int] = []  # beside `nest`: elements so far of an array, -1 for an inline table
        self.stop = 0
        self.table: Path = ()
        self.passed: set[Path] = set()  # tables that only longer headings have named
        self.elements: dict[Path, int] = {}  # how many [[…]] each array of tables has so far

    def run(self) -> None:
        """Walk on while it is TOML; `stop` is then the end, or the key or value that is none."""
        text, spans, nest, lengths = self.text, self.spans, self.nest, self.lengths
        following = 0
        while following >= 0:
            gap = _GAP.match(text, following)
            self.stop = position = gap.end() if gap else following
            char = text[position : position + 1]
            if not char:
                break
            if nest and char in "]}":
                following = self._close(position)
            elif nest and lengths[-1] >= 0:
                lengths[-1] += 1
                following = self._value((*nest[-1].path, lengths[-1] - 1), position, position, position)
            elif char == "[":
                following = self._heading(position)
            elif pair := _PAIR.match(text, position):  # nearly every line: a bare key and a simple value
                self.last = ((*(nest[-1].path if nest else self.table), pair[1]), Spans(*pair.span(1), *pair.span(2)))
                spans.setdefault(*self.last)
                following = pair.end()
            else:
                following = self._entry(position)

    def _entry(self, position: int) -> int:
        """Any other key = value."""
        keys = _keys(self.text, position)
        equals = _EQUALS.match(self.text, keys[-1][2]) if keys else None
        if equals is None:
            return -1
        path = self.nest[-1].path if self.nest else self.table
        for key, start, end in keys[:-1]:
            path = (*path, key)
            self.spans.setdefault(path, Spans(start, end, start, end))
        key, start, end = keys[-1]
        return self._value((*path, key), start, end, equals.end())

    def _value(self, path: Path, key_start: int, key_end: int, position: int) -> int:
        """Take a value; an array or inline table is only opened. An element of an array stands for its own key."""
        if self.text.startswith(("[", "{"), position):
            self.nest.append(_Open(path, key_start, key_end, position))
            self.lengths.append(0 if self.text[position] == "[" else -1)
            return position + 1
        value = _VALUE.match(self.text, position)
        if value is None:
            self.stop = position
            return -1
        end = value.end()
        self.last = (path, Spans(key_start, end if key_start == position else key_end, position, end))
        self.spans.setdefault(*self.last)
        return end

    def _close(self, position: int) -> int:
        """End the innermost array or inline table."""
        self.lengths.pop()
        path, key_start, key_end, start = self.nest.pop()
        end = position + 1
        self.last = (path, Spans(key_start, end if key_start == start else key_end, start, end))
        self.spans.setdefault(*self.last)
        return end

    def _heading(self, position: int) -> int:
        """Enter the table of a heading, through the last element of each [[…]]."""
        double = self.text.startswith("[[", position)
        space = _SPACE.match(self.text, position + 1 + double)
        keys = _keys(self.text, space.end() if space else position)
        if not keys:
            return -1
        path: Path = ()
        for key, start, end in keys[:-1]:
            path = (*path, key)
            if path not in self.spans:
                self.spans[path] = Spans(start, end, start, end)
                self.passed.add(path)
            if path in self.elements:
                path = (*path, self.elements[path] - 1)
        key, start, end = keys[-1]
        path = (*path, key)
        place = Spans(start, end, start, end)
        if path in self.passed:
            self.passed.remove(path)
            self.spans[path] = place
        self.spans.setdefault(path, place)
        if double:
            count = self.elements.get(path, 0)
            self.elements[path] = count + 1
            path = (*path, count)
            self.spans[path] = place
        self.table = path
        self.last = (path, place)
        bracket = _HEADING_END.match(self.text, end)
        return bracket.end() if bracket else end


def unescape(match: re.Match[str]) -> str:
    """Give the character that a basic string's escape stands for; the groups are those of `_ESCAPE`."""
    digits = match[1] or match[2] or match[3]
    return chr(int(digits, 16)) if digits else _ESCAPED.get(match[4], match[4])


def _keys(text: str, position: int) -> list[tuple[str, int, int]]:
    """Read a dotted key: each part's name and offsets; empty when no key stands here."""
    keys = []
    while part := _KEY.match(text, position):
        raw = part[0]
        name = raw[1:-1] if raw[0] in "\"'" else raw
        keys.append((_ESCAPE.sub(unescape, name) if raw[0] == '"' else name, part.start(), part.end()))
        dot = _DOT.match(text, part.end())
        if dot is None:
            break
        position = dot.end()
    return keys
