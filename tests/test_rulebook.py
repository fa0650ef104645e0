"""The book of rules: complete, true in its examples, and the only source of ids."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from invoke import ROOT, Cli, in_process

import cdsplan.plan
from cdsplan.check import FINDERS
from cdsplan.check.example import FILE, JOURNAL, found_in_example
from cdsplan.check.file_rules import FILE_RULES
from cdsplan.check.verdict import LOOKED_FOR
from cdsplan.plan import rules as plan_rules
from cdsplan.problems import Severity
from cdsplan.rulebook import RULES, Rule
from cdsplan.rulebook.fail_on import RULES_OF, FailOn, fail_on_words
from cdsplan.rulebook.selectors import DEFAULT_RULES, choose, ignorable, matching, selectors, waivable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SOURCES = sorted((ROOT / "cdsplan").rglob("*.py"))


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """Run in an empty folder."""
    with in_process(capsys, monkeypatch, tmp_path) as made:
        yield made


def test_every_code_of_the_sources_is_in_the_book() -> None:
    """Whatever the program can print as a rule has a page."""
    named = {code for path in SOURCES for code in re.findall(r'"(CDS\d{3})"', path.read_text("utf-8"))}

    assert named <= RULES.keys()


def test_ids_and_names_are_there_once_and_in_order() -> None:
    """An id is never used for another rule, and a name leads to one."""
    assert list(RULES) == sorted(RULES)
    names = [rule.name for rule in RULES.values()]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[a-z]+(-[a-z]+)*", name) for name in names)


def test_every_rule_of_a_check_has_its_finder() -> None:
    """CDS2xx and CDS3xx are looked for by a check; CDS1xx by the reader."""
    assert {rule.id for rule in RULES.values() if rule.ignorable} == LOOKED_FOR
    assert set(FILE_RULES.values()) == set(plan_rules.WARNINGS)
    assert not FINDERS.keys() & FILE_RULES.keys()
    assert all(rule.default and rule.severity is Severity.ERROR for rule in RULES.values() if not rule.ignorable)


@pytest.mark.parametrize("rule", [rule for rule in RULES.values() if rule.example], ids=lambda rule: rule.id)
def test_an_example_breaks_its_rule(rule: Rule) -> None:
    """The plan of a page is really found fault with, at a place of its own text."""
    found, example = found_in_example(rule), rule.example

    assert example is not None
    assert len(found) == (2 if rule.id == "CDS203" else 1)
    for problem in found:
        assert problem.code == rule.id
        assert problem.severity is rule.severity or rule.id == "CDS201"
        assert problem.place is not None
        assert problem.place.file == (JOURNAL if example.journal else FILE)
        assert problem.place.source in (example.journal or example.plan)


def test_what_no_plan_can_show_has_no_example() -> None:
    """That is the command line, sheets of deliveries, and what publishing keeps."""
    unshown = [rule.id for rule in RULES.values() if rule.example is None]
    assert unshown == ["CDS100", "CDS116", *(rule for rule in RULES if rule.startswith("CDS4"))]
    assert found_in_example(RULES["CDS100"]) == ()


# ------------------------------------------------------------------------------------------------------------ Choosing


@pytest.mark.parametrize(
    ("select", "ignore", "chosen"),
    [
        (("CDS201",), (), {"CDS201"}),
        (("CDS31",), (), {"CDS310", "CDS311", "CDS312", "CDS313", "CDS314"}),
        (("CDS31",), ("CDS312",), {"CDS310", "CDS311", "CDS313", "CDS314"}),
        (("CDS312",), ("CDS31",), {"CDS312"}),
        (("CDS312",), ("CDS312",), set()),
        (("CDS21",), ("CDS2",), {rule for rule in RULES if rule.startswith("CDS21")}),
        (("CDS31",), ("ALL",), {"CDS310", "CDS311", "CDS312", "CDS313", "CDS314"}),
        (("ALL",), ("CDS",), set()),
        (("DEFAULT", "CDS301"), ("CDS2", "CDS1"), {"CDS301", "CDS302", "CDS312", "CDS314"}),
        (("DEFAULT",), ("ALL",), set()),
        ((), (), set()),
    ],
)
def test_the_closer_word_wins(select: tuple[str, ...], ignore: tuple[str, ...], chosen: set[str]) -> None:
    """A longer beginning of ids counts more than a shorter one; where both are alike, leaving out wins."""
    assert choose((), select, ignore) == chosen


def test_leaving_out_takes_from_what_was_there() -> None:
    """Without a choice of its own, a place can only leave rules out."""
    assert choose({"CDS201", "CDS302"}, None, ("CDS3",)) == {"CDS201"}
    assert choose(DEFAULT_RULES, None) == DEFAULT_RULES
    assert choose(DEFAULT_RULES, None, ("ALL",)) == set()


def test_words_for_rules() -> None:
    """ALL, DEFAULT, ids and how they begin; what cannot be left out has no word for that."""
    words = selectors()
    assert {"ALL", "DEFAULT", "CDS", "CDS1", "CDS20", "CDS314"} <= set(words)
    assert not {"CDS4", "CDS29", "CDS213x", ""} & set(words)
    assert all(matching((word,)) for word in words)
    assert not [word for word in ignorable() if word.startswith("CDS1")]
    assert matching(("DEFAULT",)) == DEFAULT_RULES
    assert not {"CDS216", "CDS217", "CDS101"} & set(waivable())
    assert set(fail_on_words()) == {*map(str, FailOn), *ignorable()}


def test_each_name_fails_on_all_that_the_one_before_fails_on() -> None:
    """milestone, task, at-risk: each is stricter."""
    ruled = [RULES_OF[name] for name in FailOn]
    assert ruled[0] < ruled[1] < ruled[2]


def test_the_schema_knows_the_same_words() -> None:
    """Editors offer what the reader takes; after a new rule, tests/test_rulebook.py says what the schema lacks."""
    path = ROOT / "cdsplan" / "plan" / "plan.schema.json"
    definitions = json.loads(path.read_text("utf-8"))["definitions"]

    assert definitions["selector"]["enum"] == list(selectors())
    assert definitions["ignorable"]["enum"] == list(ignorable())
    assert definitions["fail-on"]["enum"] == list(fail_on_words())
    assert definitions["waiver"]["properties"]["rule"]["enum"] == list(waivable())
    assert cdsplan.plan.__file__ is not None


# ----------------------------------------------------------------------------------------------------- cdsplan rule


def test_rules_are_listed(cli: Cli) -> None:
    """Every rule is a row: id, name, severity, whether it is looked for, what it finds."""
    rows = cli("rule", "--format", "plain").out.splitlines()

    assert [row.split()[0] for row in rows[1:-1]] == list(RULES)
    assert rows[0].split()[:3] == ["Rule", "Name", "Severity"]
    assert "CDS203  fan-out-incomplete" in "\n".join(rows)
    assert rows[-1] == "cdsplan rule ID explains one of them."
    assert cli("rule").code == 0


@pytest.mark.parametrize("name", ["CDS201", "cds201", "milestone-overdue"])
@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_rule_is_explained(cli: Cli, name: str, language: str) -> None:
    """By its id or its name: what, why, how to mend it, the plan of the example and what is really printed of it."""
    ran = cli("rule", name, "--lang", language)
    (problem,) = found_in_example(RULES["CDS201"])

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("CDS201 milestone-overdue (")
    example = RULES["CDS201"].example
    assert example is not None
    for line in example.plan.splitlines():
        assert f"  {line}".rstrip() in ran.out
    assert problem.place is not None
    assert f"  plan.toml:{problem.place.line}:{problem.place.column}: " in ran.out


def test_a_rule_without_an_example_is_explained(cli: Cli) -> None:
    """Nothing is promised that is not there."""
    told = cli("rule", "CDS100").out

    assert "Example" not in told
    assert "Always looked for; exit code 2." in told
    assert cli("rule", "CDS100", "--format", "markdown").out.startswith("## CDS100 usage\n")


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("CDS101", "Always looked for; exit code 2."),
        ("CDS204", "Looked for by default; --ignore CDS204 leaves it out."),
        ("CDS301", "Looked for when asked for: --select CDS301."),
    ],
)
def test_a_page_says_when_the_rule_is_looked_for(cli: Cli, rule: str, words: str) -> None:
    """Nobody wonders why nothing was found."""
    assert words in cli("rule", rule).out


def test_rules_are_data_too(cli: Cli) -> None:
    """JSON has the words in the reader's language, the example, and what it comes to."""
    everything = json.loads(cli("rule", "--format", "json").out)["rules"]
    (one,) = json.loads(cli("rule", "CDS312", "--format", "json", "--lang", "vi").out)["rules"]

    assert [rule["id"] for rule in everything] == list(RULES)
    assert one["summary"] == "Không mốc nào của kế hoạch có thời hạn."
    assert [finding["rule"] for finding in one["example"]["findings"]] == ["CDS312"]


@pytest.mark.parametrize(("code", "name"), [("en", "rules.md"), ("vi", "rules.vi.md")])
def test_the_page_of_all_rules_is_up_to_date(cli: Cli, code: str, name: str, request: pytest.FixtureRequest) -> None:
    """docs/rules.md is what the program writes: `make golden` writes it anew."""
    path = ROOT / "docs" / name
    told = cli("rule", "--format", "markdown", "--lang", code).out
    if request.config.getoption("--golden-update"):
        path.write_text(told, "utf-8", newline="\n")

    assert path.read_text("utf-8") == told


def test_nothing_of_rule_is_about_plans(cli: Cli) -> None:
    """The command needs no plan and has no options of plans."""
    help_ = cli("rule", "--help").out

    assert "--plan" not in help_
    assert "--as-of" not in help_
