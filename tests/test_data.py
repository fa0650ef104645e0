"""JSON documents: each is valid against the published schema, and says what the status says."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from invoke import NGHEAN, ROOT, Cli, in_process
from jsonschema import Draft7Validator

import cdsplan.views
from cdsplan.plan.model import Rule
from cdsplan.plan.reader import read
from cdsplan.schedule import forecast
from cdsplan.status import judge
from cdsplan.views.data.items import ITEMS_AT_ONCE, status_document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cdsplan.plan.model import Reading
    from cdsplan.status import Item

SCHEMA: dict[str, Any] = json.loads((ROOT / "cdsplan" / "views" / "data.schema.json").read_text("utf-8"))
GOOD = [*sorted((ROOT / "tests" / "plans" / "good").glob("*.toml")), ROOT / NGHEAN]


def closed(schema: Any) -> Any:  # noqa: ANN401 - JSON holds anything
    """Give a schema that takes no keys but those it names: what the program writes must all be described."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: closed(part) for key, part in schema.items()}
    if "properties" in schema:
        inherited = [SCHEMA["definitions"][part["$ref"].rpartition("/")[2]] for part in schema.get("allOf", ())]
        result["properties"] = {key: part for base in inherited for key, part in closed(base)["properties"].items()} | (
            result["properties"]
        )
        result["additionalProperties"] = False
        result.pop("allOf", None)
    return result


OPEN = Draft7Validator(SCHEMA)
CLOSED = Draft7Validator(closed(SCHEMA))


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """Run in an empty folder."""
    with in_process(capsys, monkeypatch, tmp_path) as made:
        yield made


def documented(text: str) -> dict[str, Any]:
    """Parse a document; fail unless the schema describes all of it."""
    document: dict[str, Any] = json.loads(text)
    OPEN.validate(document)
    CLOSED.validate(document)
    assert next(iter(document)) == "version"
    return document


def test_the_schema_is_a_schema() -> None:
    """It is valid draft-07."""
    Draft7Validator.check_schema(SCHEMA)


def test_the_schema_notices_what_is_wrong(cli: Cli) -> None:
    """A missing key, a wrong type and, closed, an unknown key are all noticed; an unknown key alone is an addition."""
    document = json.loads(cli("status", str(ROOT / NGHEAN), "--as-of", "2021-10-05", "--format", "json").out)
    item = document["items"][0]

    for wrong in ({"days": "5"}, {"timeliness": "late"}, {"done_on": "05/10/2021"}):
        assert not OPEN.is_valid(document | {"items": [item | wrong]})
    assert not OPEN.is_valid({key: value for key, value in document.items() if key != "items"})
    assert OPEN.is_valid(document | {"items": [item | {"new": 1}]})
    assert not CLOSED.is_valid(document | {"items": [item | {"new": 1}]})


@pytest.mark.parametrize("plan", GOOD, ids=lambda path: path.stem)
@pytest.mark.parametrize("command", ["export", "publish"])
def test_what_was_published_is_described_by_the_schema(cli: Cli, plan: Path, command: str) -> None:
    """Also of every good plan."""
    ran = cli(command, "feeds", "-p", str(plan), "--as-of", "2026-06-30", "--format", "json")

    assert (ran.code, ran.err) == (0, "")
    document = documented(ran.out)
    assert document["folder"] == "feeds"
    assert document["feeds"] > 0
    assert document["changed"] >= document["feeds"]
    assert document["unchanged"] == 0


@pytest.mark.parametrize("plan", GOOD, ids=lambda path: path.stem)
@pytest.mark.parametrize("command", ["status", "check", "schedule", "critical", "calendar"])
def test_every_answer_is_described_by_the_schema(cli: Cli, plan: Path, command: str) -> None:
    """Every command on every good plan writes one document, which the schema describes whole."""
    named = ["-p", str(plan)]

    ran = cli(command, *named, "--as-of", "2026-06-30", "--format", "json")

    assert ran.code in ({0, 1} if command == "check" else {0})
    assert ran.err == ""
    documented(ran.out)


@pytest.mark.parametrize("plan", GOOD, ids=lambda path: path.stem)
def test_every_task_shown_is_described_by_the_schema(cli: Cli, plan: Path) -> None:
    """`show` of every task of every good plan writes what the schema describes, and the item as `status` has it."""
    items = documented(cli("status", str(plan), "--as-of", "2026-06-30", "--format", "json").out)["items"]

    for item in items:
        shown = documented(cli("show", item["id"], "-p", str(plan), "--as-of", "2026-06-30", "--format", "json").out)
        assert shown["item"] == item


def test_lines_of_json_are_described_by_the_schema(cli: Cli) -> None:
    """The first line of `check --format jsonl` is the verdict, every other one a finding as JSON has it."""
    arguments = ["check", str(ROOT / NGHEAN), "--as-of", "2021-10-05", "--select", "ALL"]
    document = documented(cli(*arguments, "--format", "json").out)

    verdict, *findings = map(json.loads, cli(*arguments, "--format", "jsonl").out.splitlines())

    line = closed(SCHEMA)["definitions"]["check-line"]
    Draft7Validator(line | {"definitions": SCHEMA["definitions"]}).validate(verdict)
    assert findings == document.pop("findings")
    assert verdict == document


def test_rules_are_described_by_the_schema(cli: Cli) -> None:
    """`rule` writes what the schema describes, for all rules and for one."""
    assert (
        documented(cli("rule", "CDS201", "--format", "json").out)["rules"][0]
        in documented(cli("rule", "--format", "json").out)["rules"]
    )


def iso(day: date | None) -> str | None:
    """Write a day, or null."""
    return None if day is None else day.isoformat()


def reading(due: Reading | None) -> dict[str, Any] | None:
    """Say a deadline as docs/json.md has it."""
    if due is None:
        return None
    return {
        "words": due.words,
        "kind": due.kind.value,
        "first": iso(due.first),
        "named_last": iso(due.named_last),
        "last": iso(due.last),
        "time": due.time and due.time.isoformat("minutes"),
        "rule": due.rules[0].value,
        "rolled": Rule.ROLLED in due.rules,
    }


def expected(item: Item) -> dict[str, Any]:
    """Say an item as docs/json.md has it."""
    task = item.task
    members = [
        {
            "agency": member.agency,
            "responsible": member.responsible,
            "phase": member.phase.value,
            "timeliness": member.timeliness and member.timeliness.value,
            "days": member.days,
            "due": reading(member.due),
            "done_on": iso(member.done_on),
            "document": None,
        }
        for member in item.members
    ]
    return {
        "id": task.id if item.occurrence is None else f"{task.id}@{item.occurrence}",
        "plan": item.plan.id,
        "number": task.number,
        "title": task.title,
        "milestone": task.milestone,
        "owner": list(item.owner),
        "support": list(item.support),
        "consult": list(item.consult),
        "recipient": item.recipient,
        "section": task.section,
        "deliverable": task.details.deliverable,
        "phase": item.phase.value,
        "timeliness": item.timeliness and item.timeliness.value,
        "days": item.days,
        "due": reading(item.due),
        "tentative_due": reading(item.tentative),
        "baseline_due": reading(item.due),
        "extensions": [],
        "done_on": iso(item.done_on),
        "forecast_finish": iso(item.forecast_finish),
        "at_risk_days": item.at_risk_days,
        "estimated": bool(item.estimated),
        "deadline_float": item.deadline_float,
        "deadline_task": item.deadline_task,
        "blocked_by": list(item.blocked_by),
        "delivered": item.delivered if members else None,
        "expected": item.expected if members else None,
        "missing": list(item.missing) if members else None,
        "members": members or None,
        "task": task.id,
        "occurrence": iso(item.occurrence),
        "since": iso(item.since),
        "taken_over": [
            {"from": agency, "by": taken.by, "since": iso(taken.since)} for agency, taken in item.taken_over.items()
        ],
    }


@pytest.mark.parametrize("plan", GOOD, ids=lambda path: path.stem)
@pytest.mark.parametrize("as_of", ["2021-10-05", "2025-03-20", "2026-06-30"])
def test_items_say_what_the_status_says(plan: Path, as_of: str) -> None:
    """Every fact of every item stands in the document, under its key, in the documented order."""
    status = judge(
        [forecast(read(plan.read_bytes(), "plan.toml"), date.fromisoformat(as_of))],
        date.fromisoformat(as_of),
    )

    document = json.loads("".join(status_document(status, status.items)))

    assert document["items"] == [expected(item) for item in status.items]
    assert [list(item) for item in document["items"]] == [list(expected(item)) for item in status.items]


def test_a_status_counts_and_names_its_plans(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real plan on 5 October 2021: one overdue, four in time, nine without a deadline."""
    monkeypatch.chdir(ROOT)

    document = documented(cli("status", "--as-of", "05/10/2021", "--format", "json", NGHEAN).out)

    assert document["as_of"] == "2021-10-05"
    assert [(plan["id"], plan["path"]) for plan in document["plans"]] == [("nghean-nq-cds", NGHEAN)]
    assert {kind: count for kind, count in document["counts"].items() if count} == {
        "overdue": 1,
        "on_track": 4,
        "no_deadline": 9,
    }
    survey = document["items"][1]
    assert (survey["id"], survey["days"], survey["delivered"], survey["expected"]) == ("khao-sat", 5, 0, 41)
    assert survey["due"] == {
        "words": "trước ngày 30/9/2021",
        "kind": "before",
        "first": None,
        "named_last": "2021-09-30",
        "last": "2021-09-30",
        "time": None,
        "rule": "before-inclusive",
        "rolled": False,
    }


def test_the_chains_of_the_real_plan(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both drafts tie: two chains of eleven tasks, which differ in the draft only."""
    monkeypatch.chdir(ROOT)

    document = documented(cli("critical", "--format", "json", NGHEAN).out)

    first, second = document["paths"]
    assert (document["target"], document["paths_count"], len(first), len(second)) == (None, 2, 11, 11)
    assert set(first) ^ set(second) == {"du-thao-nghi-quyet", "du-thao-ke-hoach"}


def test_what_has_happened_cannot_slip(cli: Cli, tmp_path: Path) -> None:
    """Done and cancelled work has neither late dates nor floats in the forecast; the plan knows no facts, and has."""
    plan = 'id = "p"\ntitle = "P"\nstart = 2026-03-02\ntimezone = "UTC"\n[tasks]\n'
    tasks = (
        'a = { title = "A", duration = "5d", done = 2026-03-04 }\n'
        'b = { title = "B", duration = "5d", after = "a", cancelled = 2026-03-04 }\n'
        'c = { title = "C", duration = "5d", after = "b" }\n'
    )
    (tmp_path / "plan.toml").write_text(f"[plan]\n{plan}{tasks}", "utf-8")
    rows = documented(cli("schedule", "--as-of", "2026-03-05", "--format", "json").out)["tasks"]
    slips = ("late_start", "late_finish", "total_float", "free_float")
    assert [[row["forecast"][key] for key in slips] for row in rows] == [
        [None] * 4,
        [None] * 4,
        ["2026-03-05", "2026-03-11", 0, 0],
    ]
    assert [row["planned"]["late_finish"] for row in rows] == ["2026-03-06", "2026-03-13", "2026-03-20"]


def test_a_large_plan_is_written_in_parts() -> None:
    """More items than one part holds come out as one list, in order."""
    tasks = "".join(f'[tasks.t{n}]\ntitle = "T"\n' for n in range(ITEMS_AT_ONCE + 1))
    plan = read(SMALL.format("p").partition("[tasks")[0].encode() + tasks.encode(), "plan.toml")
    status = judge([forecast(plan, date(2021, 10, 5))], date(2021, 10, 5))

    parts = list(status_document(status, status.items))

    assert len(parts) == 4
    assert [item["id"] for item in json.loads("".join(parts))["items"]] == list(plan.tasks)


SMALL = '[plan]\nid = "{0}"\ntitle = "P"\nstart = 2021-08-23\ntimezone = "UTC"\n[tasks.a]\ntitle = "A"\n'


def test_a_portfolio_is_one_document(cli: Cli, tmp_path: Path) -> None:
    """Several plans still make one object, also of `critical`, also in a file."""
    for name in ("one", "two"):
        (tmp_path / f"{name}.toml").write_text(SMALL.format(name), "utf-8")

    for command in ("status", "check", "schedule", "critical"):
        ran = cli(command, "one.toml", "two.toml", "--format", "json", "-o", "out.json")
        assert (ran.code, ran.out) == (0, "")
        document = documented((tmp_path / "out.json").read_text("utf-8"))
        if command == "critical":
            assert [chains["plan"]["id"] for chains in document["plans"]] == ["one", "two"]


def test_problems_are_a_document_too(cli: Cli, tmp_path: Path) -> None:
    """A plan that does not read gives exit 2 and every problem with its place; the words are told beside it."""
    (tmp_path / "plan.toml").write_text(SMALL.format("p") + 'owner = "nobody"\ndue = "soon"\n', "utf-8")

    ran = cli("status", "--format", "json")

    assert ran.code == 2
    assert ran.err == cli("status").err
    problems = documented(ran.out)["problems"]
    assert [(problem["rule"], problem["line"], problem["column"]) for problem in problems] == [
        ("CDS107", 8, 9),
        ("CDS110", 9, 7),
    ]


@pytest.mark.parametrize("arguments", [["--format", "json"], ["--format=json"]])
def test_wrong_usage_is_a_document_too(cli: Cli, arguments: list[str]) -> None:
    """Wrong usage is a problem without a place; the words go to standard error as well."""
    ran = cli("status", "--nope", *arguments)

    assert ran.code == 2
    (problem,) = documented(ran.out)["problems"]
    assert (problem["rule"], problem["file"], problem["line"]) == ("CDS100", None, None)
    assert "No such option" in problem["message"]
    assert problem["message"] in ran.err


def test_the_schema_ships_with_the_package() -> None:
    """It lies beside the module that writes the documents."""
    assert cdsplan.views.__file__ is not None
    assert (ROOT / "cdsplan" / "views" / "data.schema.json").samefile(
        cdsplan.views.__file__.replace("__init__.py", "data.schema.json")
    )


def test_what_is_recorded_and_listed_is_described(cli: Cli, tmp_path: Path) -> None:
    """Every command on journals writes what the schema knows, closed."""
    (tmp_path / "plan.toml").write_bytes((ROOT / NGHEAN).read_bytes())
    (tmp_path / "sheet.csv").write_text("STT;cơ quan;ngày\n1;so-yt;28/9/2021\n", "utf-8")
    for command in (
        ("record", "khao-sat", "sheet.csv"),
        ("done", "khao-sat", "--agency", "so-tc", "--document", "1/BC", "--by", "An"),
        ("progress", "gop-y", "40", "--agency", "so-tc"),
        ("note", "gop-y", "words"),
        ("extend", "khao-sat", "--due", "15/10/2021", "--document", "2/CV", "--reason", "why"),
        ("undo",),
        ("log",),
        ("missing",),
        ("trend",),
        ("trend", "--agency", "so-yt"),
        ("journal", "check"),
        ("journal", "repair"),
    ):
        ran = cli(*command, "--as-of", "2021-10-05", "--format", "json")
        assert (ran.code, ran.err) == (0, ""), command
        documented(ran.out)
    with (tmp_path / "plan.journal.toml").open("ab") as journal:
        journal.write(b"torn")
    documented(cli("journal", "repair", "--format", "json").out)
