"""The index of places: reading a value again from its place gives the value."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

import pytest
import tomli
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from cdsplan.plan.spans import Spans, index, scan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdsplan.plan.spans import Path

BASIC = """
# a comment with "quotes" and [brackets]
top = 1
"quoted key" = 'literal \\ no escape # no comment'
"esc\\u0041ped \\"key\\"" = "a \\"b\\" \\\\ # not a comment" # a comment
'single' . dotted . "x" = 1979-05-27 07:32:00
empty = ""
none = \'\'
inf = -inf
hex = 0xDEAD_beef
flag = true#comment

[a.b]
x.y.z = 1.5e3
x.y.w = 07:32:00
[ a . "c d" ]
[a]
after = [ "p", { task = "q", type = "FF", quote = "a, ]} b" }, ]
"""
NESTED = """
list = [
  # a comment with ] and "
  [1, 2, [3, []], {}], # another
  { x = [ { y = { z = "}" } } ], "k.k" = 1, d.e = 2, d.f = [ ] },
  2021-09-30,
  \'\'\'lit ' '' eral\'\'\'\'\',
]
table = {
  a = 1, # TOML 1.1
  b.c = { d = "x",
  },
}
"""
TEXTS = '''
a = """"quoted""""
b = """
line \\
   joined ""\\""" and "" two"""
c = \'\'\'
'' it's \'\'\'
d = """"""
e = \'\'\'\'\'\'
f = """\\\\"""
g = ["""x""", \'\'\'y\'\'\', 'z']
'''
TABLES = """
[[waiver]]
task = "a"
[[waiver.part]]
n = 1
[[waiver.part]]
n = 2
[waiver.part.inner]
deep = 3
[[waiver]]
task = "b"
[[waiver.part]]
n = 4
[other.x.y]
v = 5
[other]
w = 6
[other.x]
u = 7
[[tasks.a.after]]
task = "z"
[[ 'tasks' . "a" . after ]]
task = "y"
"""


def leaves(value: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """Every value that holds no other, with its path."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from leaves(inner, (*path, key))
    if not isinstance(value, (dict, list)):
        yield path, value


def every_path(value: object, path: Path = ()) -> Iterator[Path]:
    """Every path but the root's."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from every_path(inner, (*path, key))


def assert_reads_again(text: str) -> None:
    """Each leaf, parsed again from its value's place, is the value; each key, from its key's place, is the key."""
    document = tomli.loads(text)
    spans = index(text)
    assert set(spans) == set(every_path(document))
    for path, value in leaves(document):
        place = spans[path]
        again = tomli.loads("x = " + text[place.value_start : place.value_end])["x"]
        assert repr(again) == repr(value), path
        assert text[place.value_end - 1] not in " \t\r\n"
    for path, place in spans.items():
        key = text[place.key_start : place.key_end]
        if isinstance(path[-1], str):
            assert tomli.loads(key + " = 1") == {path[-1]: 1}


@pytest.mark.parametrize("text", [BASIC, NESTED, TEXTS, TABLES])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_hand_written_documents_read_again(text: str, ends: str) -> None:
    """Every value of a nasty document is read again from its place, whatever the line ends."""
    assert_reads_again(text.replace("\n", ends))


def test_a_document_without_a_last_line_end_reads_again() -> None:
    """A value may end with the text, and a text may be empty."""
    assert_reads_again("a = 1")
    assert_reads_again("[a]")
    assert_reads_again("a = {b = [1]} # end")
    assert index("") == {}


def test_a_heading_has_a_place() -> None:
    """A table stands at its own heading, not at the longer one that passed through it before."""
    text = "[a.b]\n[a]\n[[c.d]]\n[[c.d]]\n"
    assert index(text) == {
        ("a", "b"): Spans(3, 4, 3, 4),
        ("a",): Spans(7, 8, 7, 8),
        ("c",): Spans(12, 13, 12, 13),
        ("c", "d"): Spans(14, 15, 14, 15),
        ("c", "d", 0): Spans(14, 15, 14, 15),
        ("c", "d", 1): Spans(22, 23, 22, 23),
    }


def test_keys_and_values_have_places() -> None:
    """Dotted keys, inline tables and elements stand where they are written."""
    text = "a.b = { c = [1, [2]] }"
    assert index(text) == {
        ("a",): Spans(0, 1, 0, 1),
        ("a", "b"): Spans(2, 3, 6, 22),
        ("a", "b", "c"): Spans(8, 9, 12, 20),
        ("a", "b", "c", 0): Spans(13, 14, 13, 14),
        ("a", "b", "c", 1): Spans(16, 19, 16, 19),
        ("a", "b", "c", 1, 0): Spans(17, 18, 17, 18),
    }


@pytest.mark.parametrize(
    ("text", "stop", "still_open"),
    [
        ("a = 1\nb = ", 10, ()),
        ("a = [1, { b =", 13, (4, 8)),
        ("a = [1, { đ = 2", 10, (4, 8)),
        ("a = 1\n[“b”]", 6, ()),
        ("a = 1\n= 2", 6, ()),
        ('a = 1\nb = "c', 10, ()),
        ("a = [1,\n'b", 8, (4,)),
    ],
)
def test_a_walk_stops_where_it_is_no_toml(text: str, stop: int, still_open: tuple[int, ...]) -> None:
    """The sound beginning is walked; the stop and the brackets open there are told."""
    walked = scan(text)
    assert walked.stop == stop
    assert walked.open == still_open
    assert set(walked.spans) >= ({("a",)} if not still_open else set())


def test_of_a_path_written_twice_the_first_counts() -> None:
    """The first place stays in the index; the last entry is told beside it."""
    walked = scan("a = 1\na = 2")
    assert walked.spans == {("a",): Spans(0, 1, 4, 5)}
    assert walked.last == (("a",), Spans(6, 7, 10, 11))


def test_deep_nesting_needs_no_recursion() -> None:
    """Ten thousand open brackets are walked without a RecursionError."""
    walked = scan("a = " + "[" * 10_000)
    assert len(walked.open) == 10_000


def test_ten_thousand_tasks_are_indexed_whole() -> None:
    """A large plan loses no path."""
    text = "".join(f'[tasks.t{n}]\ntitle = "Nhiệm vụ {n}"\nafter = ["t{n - 1}"]\n' for n in range(10_000))
    spans = index(text)
    assert len(spans) == 1 + 4 * 10_000
    place = spans["tasks", "t9999", "after", 0]
    assert text[place.value_start : place.value_end] == '"t9998"'


NO_SURROGATES = st.characters(exclude_categories=["Cs"])
KEYS = st.text(st.sampled_from("abz09-_"), min_size=1, max_size=4) | st.text(NO_SURROGATES, max_size=4)
SCALARS = (
    st.text(NO_SURROGATES, max_size=8)
    | st.integers(-(2**63), 2**63 - 1)
    | st.booleans()
    | st.floats(allow_nan=False)
    | st.dates(date(1, 1, 1))
    | st.datetimes(datetime(1, 1, 1))  # noqa: DTZ001 - a local date-time is what TOML calls it
    | st.times(time(0, 0))
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)
DOCUMENTS = st.dictionaries(KEYS, VALUES, max_size=4)


@given(DOCUMENTS, st.booleans())
def test_documents_of_a_plain_writer_read_again(document: dict[str, Any], multiline: bool) -> None:  # noqa: FBT001 - drawn
    """Whatever tomli-w writes is read again from its places."""
    assert_reads_again(tomli_w.dumps(document, multiline_strings=multiline))


class Layout:
    """Writes a document in ways that tomli-w never chooses, by the draws of one example."""

    def __init__(self, data: st.DataObject) -> None:
        self.data = data

    def one_of(self, *choices: str) -> str:
        """Choose a spelling."""
        return self.data.draw(st.sampled_from(choices))

    def key(self, key: str) -> str:
        """Spell a key bare, in quotes, or with escapes."""
        spellings = ['"' + "".join(f"\\U{ord(char):08x}" for char in key) + '"', self.basic(key)]
        if re.fullmatch("[A-Za-z0-9_-]+", key):
            spellings.append(key)
        if "'" not in key and key.isprintable():
            spellings.append(f"'{key}'")
        return self.one_of(*spellings)

    def basic(self, text: str) -> str:
        """Spell a text in double quotes; only what must be is escaped."""
        shown = (f"\\u{ord(char):04x}" if char in '"\\' or not " " <= char != "\x7f" else char for char in text)
        return '"' + "".join(shown) + '"'

    def text(self, text: str) -> str:
        """Spell a text in one of the four ways."""
        spellings = [
            self.basic(text),
            '""' + self.basic(text) + '""',
            '"""\n\\\n  ' + self.basic("x" + text)[2:] + '""',
        ]
        if "'" not in text and text.isprintable():
            spellings += [f"'{text}'", f"'''{text}'''", f"'''\n{text}'''"]
        chosen = self.one_of(*spellings)
        return self.basic(text) if chosen.startswith('"""\n') and text[:1] in ("", " ", "\t", "\n") else chosen

    def gap(self) -> str:
        """What may stand between the parts of a list or inline table."""
        return self.one_of("", " ", "\n", " # ], } \" ' \n\t", "\r\n  ")

    def value(self, value: object) -> str:
        """Spell a value."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            parts = [self.gap() + self.value(item) + self.gap() for item in value]
            return "[" + ",".join(parts) + self.comma(parts) + self.gap() + "]"
        if isinstance(value, dict):
            parts = [self.gap() + pair + self.gap() for pair in self.pairs(value)]
            return "{" + ",".join(parts) + self.comma(parts) + self.gap() + "}"
        return tomli_w.dumps({"x": value})[4:].strip()

    def comma(self, parts: list[str]) -> str:
        """A trailing comma needs something before it."""
        return self.one_of("", ",") if parts else ""

    def pairs(self, table: dict[str, Any], prefix: str = "") -> Iterator[str]:
        """Write the entries of a table, some tables by dotted keys."""
        for key, value in table.items():
            name = prefix + self.key(key)
            if isinstance(value, dict) and value and self.data.draw(st.booleans()):
                yield from self.pairs(value, name + self.one_of(".", " . ", "\t."))
            else:
                yield name + self.one_of("=", " = ", "\t=  ") + self.value(value)

    def document(self, document: dict[str, Any]) -> str:
        """Write a whole document: entries first, then tables under headings."""
        ends = self.one_of("\n", "\r\n", '  # [x] = "\n', "\n\n\t")
        headed = {key for key, value in document.items() if isinstance(value, dict) and self.data.draw(st.booleans())}
        plain = {key: value for key, value in document.items() if key not in headed}
        text = "".join(pair + ends for pair in self.pairs(plain))
        for key, table in document.items():
            if key in headed:
                text += f"[{self.one_of('', ' ')}{self.key(key)}{self.one_of('', chr(9))}]" + ends
                text += "".join(pair + ends for pair in self.pairs(table))
        return text


@settings(max_examples=200)
@given(DOCUMENTS, st.data())
def test_documents_of_every_layout_read_again(document: dict[str, Any], data: st.DataObject) -> None:
    """Dotted and quoted keys, inline tables over several lines, comments and CRLF do not move a place."""
    text = Layout(data).document(document)
    assert_reads_again(text)
