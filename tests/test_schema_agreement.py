"""The reader and the JSON Schema of the plan format agree, on the example plans and on random changes of them.

Whatever the schema rejects the reader rejects. Whatever the reader rejects the schema rejects, but for what a schema
cannot see (`unseen`): names that lead nowhere, rings, deadline words, keys that contradict each other, and texts
that stand for dates or dates for texts, because TOML's dates reach a schema as ISO strings.
"""

from __future__ import annotations

import copy
import json
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import tomli
import tomli_w
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator, FormatChecker
from test_schema import SCHEMA, as_json

from cdsplan.plan.reader import read
from cdsplan.problems import PlanError, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdsplan.problems import Problem

PLANS = Path(__file__).parent / "plans"
GOOD = sorted((PLANS / "good").glob("*.toml"))
MARKED = sorted(path for path in (PLANS / "bad").glob("*.toml") if path.read_bytes().startswith(b"# schema: "))


# In ECMAScript, the language of schemas, `$` is the end; in Python a line break may follow.
VALIDATOR = Draft7Validator(
    json.loads(json.dumps(SCHEMA).replace('$"', '\\\\Z"')), format_checker=FormatChecker(["date"])
)

UNSEEN_CODES = frozenset({"CDS107", "CDS110", "CDS111"})
SEEN_OF_OTHER_CODES = frozenset(
    {
        "the year {year} cannot be meant",
        "“{value}” stands here twice",
        "this is no deadline",
        "this is no count of days from an event",
        "there are {count} calendars; at most {most} are read",
    }
)
UNSEEN_OF_106 = frozenset(
    {
        "there is no time zone “{name}”",
        "no country or region has the code “{code}”",
        "the days off of “{code}” need the package “holidays”",
    }
)
NO_STRINGS = frozenset({"a whole number", "true or false", "a table", "a list in square brackets"})
STRINGS = frozenset({"text", "a date", "a date with a time of day", "a time of day"})


def unseen(problem: Problem) -> bool:
    """Say whether a schema cannot see a problem of the reader."""
    template, values = problem.message.template, problem.message.values
    if problem.code in UNSEEN_CODES or problem.severity is Severity.WARNING:
        return True
    if problem.code in {"CDS101", "CDS108", "CDS109", "CDS112"}:
        return template not in SEEN_OF_OTHER_CODES
    if template == "{wanted} is wanted here, not {given}":
        return str(values["wanted"]) not in NO_STRINGS and str(values["given"]) in STRINGS
    return template in UNSEEN_OF_106


def problems(document: dict[str, Any]) -> tuple[Problem, ...]:
    """Give what the reader finds wrong with a document."""
    try:
        read(tomli_w.dumps(document).encode(), "plan.toml")
    except PlanError as error:
        return error.problems
    return ()


def assert_agreement(document: dict[str, Any]) -> None:
    """Compare the reader's verdict with the schema's."""
    found = problems(document)
    seen = [str(problem.message) for problem in found if not unseen(problem)]
    errors = [
        f"{'.'.join(map(str, error.absolute_path))}: {error.message}"
        for error in VALIDATOR.iter_errors(as_json(document))
    ]
    if errors:
        assert found, errors
    else:
        assert seen == []


def document_of(path: Path) -> dict[str, Any]:
    """Read an example as TOML."""
    return tomli.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_both_accept_the_good_plans(path: Path) -> None:
    """A good example passes the reader as it passes the schema."""
    document = document_of(path)
    assert problems(document) == ()
    assert list(VALIDATOR.iter_errors(as_json(document))) == []


@pytest.mark.parametrize("path", MARKED, ids=lambda path: path.stem)
def test_both_reject_the_bad_plans(path: Path) -> None:
    """A bad example is rejected by both, or by the reader for what its first line says that no schema can see."""
    document = document_of(path)
    assert_agreement(document)
    assert VALIDATOR.is_valid(as_json(document)) == path.read_bytes().startswith(b"# schema: cannot see")


def test_a_message_is_told_apart_by_its_template() -> None:
    """The templates that this test knows by heart are still those of the reader."""
    code = "".join(path.read_text(encoding="utf-8") for path in Path("cdsplan/plan").glob("*.py"))
    assert [template for template in SEEN_OF_OTHER_CODES | UNSEEN_OF_106 if f'"{template}"' not in code] == []


# Values of every type, at the limits of the format and just beyond them.
TEXTS = (
    *("", " ", "x", "vp", " vp", "vp ", "@cac-so", "@@x", "VP", "a b", "so_nv", "x-", "-x", "x" * 64),
    *("x" * 65, "con", "khảo-sát"),
    *("x FS", "x SS+5d", "x FF−2d", "x +5d", "x FS5d", "x  FS", "x fs", "x FS+5d ", "I.1", "II.4.đ", "Mục 1"),
    *("5d", "~5d", " 5d", "+5d", "-5d", "−5d", "--5d", "10000d", "5", "5D", "2ew", "5 d", "~", "d"),
    *("vi", "en", "fr", "mon", "Mon", "strict", "same-day", "FS", "stated", "none", "VN", "vn"),
    *("FR", "FR-57", "VNM", "VIETNAM", "ZZ-1"),
    *("UTC", "Europe/London", "Europe", "../UTC", "30/9/2026", "trước ngày 30/9/2026", "2026-01-05", "2026-02-30"),
    *("1989-12-31", "2026-01-05T08:00", "08:00", "quý V/2026", "https://a", "https://", "HTTP://a"),
    *("https://a b", "ftp://a", " https://a"),
    *("https://a\u00a0b", "a\tb", "a\nb", "a\r", "\u200b", "a\u200db", "a\ufeff", "a\u2028b", "a\u202eb"),
    *("\uffff", "a\u00a0", "\u3000"),
    *("x" * 20, "x" * 21, "x" * 60, "x" * 61, "x" * 200, "x" * 201, "x" * 300, "x" * 301, "x" * 5000, "x" * 5001),
)  # fmt: skip
NUMBERS = (-1, 0, 1, 7, 90, 91, 100, 101, 365, 366, 1200, 1201, 9999, 10_000, 10**20, 0.5, float("inf"), float("nan"))
DAYS = (date(1989, 12, 31), date(1990, 1, 1), date(2026, 1, 5), date(2199, 12, 31), date(2200, 1, 1))
MOMENTS = (datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 5, 8).replace(tzinfo=None), time(8))  # noqa: DTZ001 - TOML has such moments
TABLES: tuple[dict[str, Any], ...] = (
    *({}, {"title": "x"}, {"name": "x"}, {"task": "x"}, {"task": "x", "type": "SS", "lag": "-2d"}, {"task": " x"}),
    *({"none": True}, {"none": False}, {"words": "x"}),
    *({"words": "x", "date": date(2026, 1, 5)}, {"words": "x", "none": True}),
    *({"after": "x", "days": 1}, {"after": date(2026, 1, 5), "days": 1}, {"before": "x", "months": 1}, {"days": 1}),
    *({"after": "x", "before": "x", "days": 1}, {"after": "x", "days": 1, "months": 1}, {"after": "x", "words": "x"}),
    *({"from": date(2026, 1, 5)}, {"from": date(2026, 1, 5), "to": date(2026, 1, 4)}, {"to": date(2026, 1, 5)}),
)  # fmt: skip
SCALARS = st.sampled_from((*TEXTS, *NUMBERS, *DAYS, *MOMENTS, True, False)) | st.text(max_size=10)
ANY_TABLE = st.sampled_from(TABLES).map(copy.deepcopy)
VALUES = SCALARS | ANY_TABLE | st.lists(SCALARS | ANY_TABLE, max_size=3)


def keys(node: object) -> Iterator[str]:
    """Give every key of the format."""
    if isinstance(node, dict):
        yield from node.get("properties", ())
        for part in node.values():
            yield from keys(part)
    elif isinstance(node, list):
        for part in node:
            yield from keys(part)


KEYS = st.sampled_from((*sorted(set(keys(SCHEMA))), "repeat", "until", "titel", "Title", "a_b", "")) | st.text(
    max_size=5
)


def containers(node: object) -> Iterator[Any]:
    """Give every table and list of a document, the outer ones first."""
    if isinstance(node, dict | list):
        yield node
        for part in node.values() if isinstance(node, dict) else node:
            yield from containers(part)


@st.composite
def changed(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a good plan with one to three things changed in it."""
    document: dict[str, Any] = copy.deepcopy(draw(st.sampled_from(DOCUMENTS)))
    for _ in range(draw(st.integers(1, 3))):
        container = draw(st.sampled_from(list(containers(document))))
        places: list[Any] = list(container) if isinstance(container, dict) else list(range(len(container)))
        change = draw(st.sampled_from(("drop", "replace", "add", "rename", "repeat")))
        if change == "add" or not places:
            if isinstance(container, dict):
                container[draw(KEYS)] = draw(VALUES)
            else:
                container.append(draw(VALUES))
            continue
        place = draw(st.sampled_from(places))
        value = container[place]
        if change != "replace":
            del container[place]
        if change == "replace":
            container[place] = draw(VALUES)
        elif change == "rename" and isinstance(container, dict):
            container[draw(KEYS)] = value
        elif change == "repeat" and isinstance(container, list):
            container += [value, value]
    return document


TABLES_OF_A_PLAN: dict[tuple[str | int, ...], dict[str, Any]] = {
    ("plan",): SCHEMA["properties"]["plan"],
    ("reading",): SCHEMA["properties"]["reading"],
    ("check",): SCHEMA["properties"]["check"],
    ("calendar",): SCHEMA["definitions"]["calendar"],
    ("calendars", "c"): SCHEMA["definitions"]["calendar"],
    ("agencies", "vp"): SCHEMA["definitions"]["agency"],
    ("tasks", "x"): SCHEMA["definitions"]["task"],
    ("tasks", "x", "after", 0): SCHEMA["definitions"]["link"],
}
PLACES = [(path, key) for path, node in TABLES_OF_A_PLAN.items() for key in node["properties"]]


def small_plan() -> dict[str, Any]:
    """Make a plan that has every table of the format, and little in it."""
    return {
        "plan": {"id": "p", "title": "P", "start": date(2026, 1, 5), "timezone": "UTC"},
        "reading": {},
        "check": {},
        "calendar": {},
        "calendars": {"c": {}},
        "agencies": {"vp": {"name": "Văn phòng"}},
        "groups": {"cac-so": ["vp"]},
        "tasks": {"x": {"title": "X", "after": [{"task": "y"}]}, "y": {"title": "Y"}},
    }


def with_value(path: tuple[str | int, ...], key: str, value: object) -> dict[str, Any]:
    """Put one value into the small plan."""
    document = small_plan()
    table: Any = document
    for step in path:
        table = table[step]
    table[key] = value
    return document


@given(st.sampled_from(PLACES), VALUES)
def test_they_agree_on_every_value_of_every_key(place: tuple[tuple[str | int, ...], str], value: object) -> None:
    """Whatever stands at a key of the format, reader and schema judge it alike."""
    assert_agreement(with_value(*place, value))


DOCUMENTS = [document_of(path) for path in GOOD]


@given(changed())
def test_reader_and_schema_agree(document: dict[str, Any]) -> None:
    """Whatever is changed in a plan, reader and schema judge it alike."""
    assert_agreement(document)
