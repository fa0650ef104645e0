"""The JSON Schema of the plan file: what it accepts, what it rejects, and what it cannot see.

`tests/plans/good` and `tests/plans/bad` are examples; the first line of a bad one says whether a schema can see its
one mistake (those without such a line are no TOML, or have several). TOML dates reach a schema as ISO strings, as
editors pass them.
"""

from __future__ import annotations

import json
from datetime import date, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import tomli
from jsonschema import Draft7Validator, FormatChecker

import cdsplan.plan

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS = Path(__file__).parent
GOOD = sorted((TESTS / "plans" / "good").glob("*.toml"))
MARKS = (b"# schema: rejects\n", b"# schema: cannot see\n")
BAD = sorted(path for path in (TESTS / "plans" / "bad").glob("*.toml") if path.read_bytes().startswith(MARKS))
SCHEMA: dict[str, Any] = json.loads(
    Path(cdsplan.plan.__file__).with_name("plan.schema.json").read_text(encoding="utf-8")
)
VALIDATOR = Draft7Validator(SCHEMA, format_checker=FormatChecker(["date"]))


def as_json(value: object) -> object:
    """Turn a TOML value into what an editor hands to a schema: dates and times become ISO strings."""
    if isinstance(value, dict):
        return {key: as_json(part) for key, part in value.items()}
    if isinstance(value, list):
        return [as_json(part) for part in value]
    return value.isoformat() if isinstance(value, date | time) else value


def read(path: Path) -> object:
    """Read a plan file for the schema."""
    return as_json(tomli.loads(path.read_text(encoding="utf-8")))


def places(document: object) -> set[tuple[str | int, ...]]:
    """Say where in a document the schema finds fault."""
    return {tuple(error.absolute_path) for error in VALIDATOR.iter_errors(document)}


def name(path: Path) -> str:
    """Name a test case after its file."""
    return path.stem


def with_plan(**values: object) -> dict[str, object]:
    """Make a plan with these values in its `[plan]`, and one task."""
    plan = {"id": "p", "title": "P", "start": "2026-01-05", "timezone": "UTC"}
    return {
        "plan": plan | {key.replace("_", "-"): value for key, value in values.items()},
        "tasks": {"a": {"title": "A"}},
    }


def with_task(**values: object) -> dict[str, object]:
    """Make a plan of one task with these values."""
    return with_plan() | {"tasks": {"a": {"title": "A"} | {key.replace("_", "-"): v for key, v in values.items()}}}


def with_calendar(**values: object) -> dict[str, object]:
    """Make a plan with these values in its calendar."""
    return with_plan() | {"calendar": values}


def test_the_schema_is_a_schema() -> None:
    """The file itself keeps draft-07."""
    Draft7Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"


@pytest.mark.parametrize("path", GOOD, ids=name)
def test_a_good_plan_passes(path: Path) -> None:
    """The schema finds no fault with a good example."""
    assert places(read(path)) == set()


def test_the_real_plan_passes() -> None:
    """The schema finds no fault with the Nghệ An plan."""
    assert places(read(TESTS.parent / "plans" / "nghean.toml")) == set()


@pytest.mark.parametrize("path", BAD, ids=name)
def test_a_bad_plan_fails_where_a_schema_can_see_it(path: Path) -> None:
    """A bad example is rejected or passed as its first line says, and for one mistake only."""
    mark = path.read_text(encoding="utf-8").splitlines()[0]
    found = places(read(path))
    if mark == "# schema: cannot see":
        assert found == set()
    else:
        assert mark == "# schema: rejects"
        assert len(found) == (6 if path.stem == "twelve-mistakes" else 1)


def test_every_visible_mistake_of_the_twelve_is_found_at_its_place() -> None:
    """Six of the twelve mistakes are a schema's business."""
    assert places(read(TESTS / "plans" / "bad" / "twelve-mistakes.toml")) == {
        ("plan",),
        ("plan", "language"),
        ("agencies", "so-tttt"),
        ("tasks", "bao-cao", "duration"),
        ("tasks", "du-thao", "not-before"),
        ("tasks", "du-thao", "percent"),
    }


@pytest.mark.parametrize(
    "document",
    [
        with_plan(id="a" * 64),
        with_plan(title="A" * 300),
        with_plan(title_en="A" * 300),
        with_plan(short="A" * 60),
        with_plan(source="A" * 5000),
        with_plan(source="one\n\ttwo"),
        with_plan(start="1990-01-01"),
        with_plan(start="2199-12-31"),
        with_plan(default_duration="9999ew"),
        with_plan(timezone="America/Argentina/ComodRivadavia"),
        with_plan() | {"agencies": {"a": {"name": "A" * 200}}},
        with_plan() | {"groups": {"a": []}},
        with_plan() | {"groups": {"a": ["b", "@c"]}},
        with_plan() | {"check": {"warn": 0}},
        with_plan() | {"check": {"warn": 365}},
        *[with_calendar(holidays=code) for code in ("none", "VN", "SG", "US-CA", "GB-ENG", "FR-IDF", "PT-20")],
        with_calendar(workweek=["sun", "sat"]),
        with_calendar(closed=["2026-02-28", {"from": "2026-03-01"}, {"from": "2026-03-01", "to": "2026-03-02"}]),
        with_task(number="1" * 20),
        with_task(section="A" * 200),
        with_task(owner="b"),
        with_task(owner=["b", "@c"]),
        with_task(support="@b"),
        with_task(each="@b"),
        *[with_task(duration=length) for length in ("0d", "20d", "~20d", "4w", "~10ed", "2ew", "9999d")],
        *[with_task(after=link) for link in ("b", ["b"], ["b FS"], ["b SS+5d"], ["b FF-2ew"], ["b SF+0d"], ["II.4.a"])],
        *[with_task(after=[{"task": "b", "lag": lag}]) for lag in ("5d", "+5d", "-5d", "0d", "9999ew")],
        with_task(percent=0),
        with_task(percent=100),
        with_task(remind=[0, 90]),
        with_task(done=True),
        with_task(done="2026-01-05"),
        with_task(url="http://example.org/" + "a" * (2000 - len("http://example.org/"))),
        with_task(due="2026-09-30"),
        with_task(due="A" * 200),
        with_task(due="2025 - 2026"),
        with_task(due="2026-01-01 - 2026-03-31"),
        with_task(due={"after": "b", "working-days": 9999}),
        with_task(due={"after": "2026-01-05", "months": 1200}),
        with_task(due={"before": "I.1", "days": 1}),
        with_task(due={"words": "Theo tiến độ của Bộ", "date": "2026-06-30"}),
        with_task(due={"none": True}),
        with_task(due={"words": "Khi có hướng dẫn", "none": True}),
    ],
)
def test_the_last_value_inside_a_limit_passes(document: object) -> None:
    """What just fits is accepted."""
    assert places(document) == set()


@pytest.mark.parametrize(
    "document",
    [
        with_plan(id="A"),
        with_plan() | {"tasks": {}},
        with_plan(title_en="A" * 301),
        with_plan(short="A" * 61),
        with_plan(source="A" * 5001),
        with_plan(source="a\rb"),
        with_plan(title="a\tb"),
        with_plan(title="a\u0085b"),
        with_plan(title="a\u2066b"),
        with_plan(start="1989-12-31"),
        with_plan(start="2200-01-01"),
        with_plan(start="2026-02-30"),
        with_plan(start="20260105"),
        with_plan(default_duration="d"),
        with_plan(timezone=""),
        with_plan() | {"agencies": {"a": {"name": "A" * 201}}},
        with_plan() | {"agencies": {"lpt9": {"name": "A"}}},
        with_plan() | {"groups": {"a": ["@@b"]}},
        with_plan() | {"check": {"warn": -1}},
        with_plan() | {"check": {"warn": 1.5}},
        *[with_calendar(holidays=code) for code in ("None", "vn", "VNM", "US-", "US-CALIF", "")],
        with_calendar(open=["2026-03-01", "2026-03-01"]),
        with_task(number="1" * 21),
        with_task(section="A" * 201),
        with_task(owner=5),
        with_task(recipient="@b"),
        *[with_task(duration=length) for length in ("20", "-5d", "+5d", "1.5d", "10000d", "5 d", "5D", "~", "5m")],
        *[
            with_task(after=[link])
            for link in ("b +5d", "b FS5d", "b fs", "b FS +5d", "b  FS", "b FS+~5d", "B FS+5x", "")
        ],
        *[with_task(after=[{"task": "b", "lag": lag}]) for lag in ("~5d", "--5d", "5", "10000d")],
        with_task(percent=-1),
        with_task(remind=[-1]),
        with_task(done="true"),
        with_task(done=1),
        with_task(url="http://example.org/" + "a" * (2001 - len("http://example.org/"))),
        with_task(url="https://example.org/a b"),
        with_task(due="A" * 201),
        with_task(due="2026-13-01"),
        with_task(due="2200-01-01"),
        with_task(due={"after": "b", "working-days": 10000}),
        with_task(due={"after": "b", "months": 1201}),
        with_task(due={"date": "2026-06-30"}),
        with_task(due={"words": "Theo tiến độ của Bộ", "date": "2026-06-30", "none": True}),
    ],
)
def test_the_first_value_beyond_a_limit_fails(document: object) -> None:
    """What just does not fit is rejected, once."""
    assert len(places(document)) == 1


def objects(node: object, pointer: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:
    """Give every object schema with the pointer to it."""
    if isinstance(node, dict):
        if node.get("type") == "object":
            yield pointer, node
        for key, part in node.items():
            yield from objects(part, f"{pointer}/{key}")
    elif isinstance(node, list):
        for at, part in enumerate(node):
            yield from objects(part, f"{pointer}/{at}")


def used(value: object, schema: dict[str, Any], pointer: str = "#") -> Iterator[tuple[str, str]]:
    """Give each key that a valid value uses, with the pointer to the object schema that declares it."""
    if "$ref" in schema:
        pointer = schema["$ref"]
        schema = SCHEMA["definitions"][pointer.removeprefix("#/definitions/")]
    for at, option in enumerate(schema.get("anyOf", ())):
        if VALIDATOR.evolve(schema=option | {"definitions": SCHEMA["definitions"]}).is_valid(value):
            yield from used(value, option, f"{pointer}/anyOf/{at}")
    if isinstance(value, list) and "items" in schema:
        for part in value:
            yield from used(part, schema["items"], f"{pointer}/items")
    if not isinstance(value, dict):
        return
    for key, part in value.items():
        if key in schema.get("properties", {}):
            yield pointer, key
            yield from used(part, schema["properties"][key], f"{pointer}/properties/{key}")
        for pattern, entry in schema.get("patternProperties", {}).items():
            yield from used(part, entry, f"{pointer}/patternProperties/{pattern}")


def test_the_good_plans_use_every_key_of_the_format() -> None:
    """Together the good examples leave no key of the schema unused."""
    declared = {(pointer, key) for pointer, node in objects(SCHEMA) for key in node.get("properties", ())}
    assert declared - {pair for path in GOOD for pair in used(read(path), SCHEMA)} == set()


def test_every_object_is_closed() -> None:
    """No table of the format lets an unknown key through."""
    assert [pointer for pointer, node in objects(SCHEMA) if node.get("additionalProperties") is not False] == []


def test_every_key_has_a_hint_of_one_line() -> None:
    """Editors have something to show for each key, also behind a reference."""
    silent = []
    for pointer, node in objects(SCHEMA):
        for key, value in node.get("properties", {}).items():
            reference = value.get("$ref", "").removeprefix("#/definitions/")
            hint = (SCHEMA["definitions"][reference] if reference else value).get("description", "")
            if not (hint.endswith(".") and "\n" not in hint):
                silent.append((pointer, key))
    assert silent == []
