"""Texts parsed part by part: whatever they hold, they mean what tomli says, and are refused as tomli refuses them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from cdsplan.plan import parsing
from cdsplan.plan.parsing import parse

if TYPE_CHECKING:
    from collections.abc import Iterable

HEADINGS = [
    "[tasks.a]", "[tasks.b]", "[tasks.c-1]", "[tasks.a]  # again", "[tasks.a.sub]", "[tasks.B]", '[tasks."a"]',
    "[tasks]", "[[tasks.d]]", " [tasks.e]", "[ tasks.f ]", "[agencies.a]", "[[waiver]]", "[tasks.", "[tasks.g]]",
]  # fmt: skip
LINES = [
    'title = "Khảo sát # hiện trạng"', 'title = ""', 'owner = "one"', 'each = ["one", "@two"]', "each = []",
    'tags = [""]', "due = 2021-09-30", "due = 2021-02-30", "duration = 3", "percent = 007", "percent = 0",
    "milestone = true", "milestone = false # yes", 'note = "a \\" b"', 'note = "open', "note = 'raw'",
    "due = 2021-09-30T10:00:00", "",
    "# a comment", '   # and "another', 'due = { words = "x", date = 2021-09-30 }', 'quote = """', '"""',
    "contents = [", '  "first",', '  ["x"],', "]", "a.b = 1", "1 = 2", "tasks = 1", "tasks.z.title = 1", 'x = "y" "z"',
    "n = -1", "n = 1_000", "f = 1.5", "k=1", "no value =", 'title = "x"    ',
]  # fmt: skip


def outcome(read: object, text: str) -> str:
    """Give what becomes of a text: everything that it says, in its order and with its types, or why it is refused."""
    try:
        return repr(read(text))  # type: ignore[operator]
    except ValueError as error:
        return f"{type(error).__name__}: {error}"


@given(
    head=st.lists(st.sampled_from([*LINES, "[plan]", "[tasks]"]), max_size=3),
    tables=st.lists(st.tuples(st.sampled_from(HEADINGS), st.lists(st.sampled_from(LINES), max_size=4)), max_size=6),
    end=st.sampled_from(["", "\n"]),
    part=st.sampled_from([0, 30, 100]),
)
def test_parts_say_what_the_whole_text_says(
    head: list[str], tables: list[tuple[str, list[str]]], end: str, part: int
) -> None:
    """Also where texts and lists hold headings, tables come twice, or a line is no TOML."""
    lines: Iterable[str] = [*head, *(line for heading, said in tables for line in (heading, *said))]
    text = "\n".join(lines) + end
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parsing, "PART", part)
        assert outcome(parse, text) == outcome(tomli.loads, text)


PLAIN = """
[plan]
id = "p"
[tasks.a]
title = "Khảo sát" # of all
due = 2021-09-30
each = ["one", "@two"]

[tasks.b]
title = ""
percent = 40
milestone = true
tags = []
"""


def test_plain_tables_do_not_go_through_the_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    """It reads the head; where a table says more, the part in which that stands."""
    parsed: list[str] = []
    loads = tomli.loads

    def told(text: str) -> dict[str, Any]:
        parsed.append(text)
        return loads(text)

    monkeypatch.setattr(tomli, "loads", told)
    monkeypatch.setattr(parsing, "PART", 0)
    more = '[tasks.c]\ntitle = "a \\\\ b"\n'
    assert parse(PLAIN + more) == loads(PLAIN + more)
    assert parsed == ['\n[plan]\nid = "p"\n', more]


@pytest.mark.parametrize(
    "more",
    [
        '[tasks.a]\ntitle = "a second time"\n',
        '[tasks.c]\ntitle = "x"\ntitle = "y"\n',
        "[tasks.c]\ndue = 2021-02-30\n",
        '[tasks.c]\nquote = """\n[tasks.d]\ntitle = "in a text"\n"""\n',
        "[tasks.c]\nx = [\n[tasks.d]\n]\n",
        "[tasks]\n[tasks]\n",
        '[tasks.a.sub]\ntitle = "below the first"\n',
        '[agencies.one]\nname = "One"\n',
    ],
)
def test_what_parts_cannot_tell_the_whole_text_does(more: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What depends on another part, or is no TOML, is read at once."""
    monkeypatch.setattr(parsing, "PART", 0)
    assert outcome(parse, PLAIN + more) == outcome(tomli.loads, PLAIN + more)
