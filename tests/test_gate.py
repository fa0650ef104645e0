"""What a check looks for, fails on and forgives: the plan's table, the command line above it, grace and waivers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from invoke import NGHEAN, ROOT, Cli, in_process

from cdsplan.check import Terms, terms
from cdsplan.plan.model import Gate
from cdsplan.rulebook.selectors import DEFAULT_RULES, matching

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEAD = """\
[plan]
id = "p"
title = "P"
start = 2026-01-05
timezone = "UTC"
[agencies]
one = { name = "One" }
two = { name = "Two" }
"""

# As of 12 January: a milestone is three days late, a task one, another is due on the 16th, and one has nobody.
TASKS = """\
[tasks.mile]
title = "Milestone"
owner = "one"
milestone = true
due = 2026-01-09
[tasks.task]
title = "Task"
owner = "two"
due = 2026-01-11
[tasks.soon]
title = "Soon"
owner = "two"
due = 2026-01-16
[tasks.loose]
title = "Loose"
"""


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """Run in an empty folder."""
    with in_process(capsys, monkeypatch, tmp_path) as made:
        yield made


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """Give the place of the plan; tests write what follows its tasks."""
    return tmp_path / "plan.toml"


def judged(cli: Cli, *arguments: str, as_of: str = "2026-01-12") -> tuple[int, dict[str, Any]]:
    """Check the plan; give the exit code and the document."""
    ran = cli("check", "plan.toml", "--as-of", as_of, "--format", "json", *arguments)
    return ran.code, json.loads(ran.out)


def told(document: dict[str, Any]) -> list[str]:
    """Name the findings: rule, task, and whether they fail."""
    return [f"{each['rule']} {each['task']}{' fails' if each['fails'] else ''}" for each in document["findings"]]


# --------------------------------------------------------------------------------------------------------------- Terms


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        ((), Terms()),
        ((Gate(), Gate()), Terms()),
        ((Gate(grace=3),), Terms(grace=3)),
        ((Gate(grace=3), Gate()), Terms(grace=3)),
        ((Gate(grace=3), Gate(grace=0)), Terms(grace=0)),
        ((Gate(ignore=("CDS3",)),), Terms(rules=DEFAULT_RULES - matching(("CDS3",)))),
        ((Gate(select=("CDS3",)),), Terms(rules=matching(("CDS3",)), fails=frozenset())),
        ((Gate(select=("CDS3",)), Gate(select=("CDS201",))), Terms(rules=frozenset({"CDS201"}))),
        ((Gate(ignore=("CDS201",)), Gate(select=("CDS201",))), Terms(rules=frozenset({"CDS201"}))),
        ((Gate(select=("CDS201",)), Gate(ignore=("CDS201",))), Terms(rules=frozenset(), fails=frozenset())),
        (
            (Gate(fail_on=("task",)),),
            Terms(fails=frozenset({"CDS201", "CDS202"}), fail_on=("task",)),
        ),
        (
            (Gate(fail_on=("at-risk",)), Gate(fail_on=("milestone",))),
            Terms(),
        ),
        (
            (Gate(fail_on=("milestone", "CDS301")),),
            Terms(
                rules=DEFAULT_RULES | {"CDS301"},
                fails=frozenset({"CDS201", "CDS301"}),
                fail_on=("milestone", "CDS301"),
            ),
        ),
        (
            (Gate(fail_on=("CDS301",), select=("CDS201",)),),
            Terms(rules=frozenset({"CDS201"}), fails=frozenset(), fail_on=("CDS301",)),
        ),
        (
            (Gate(fail_on=("CDS30",), ignore=("CDS301",)),),
            Terms(
                rules=(DEFAULT_RULES | matching(("CDS30",))) - {"CDS301"},
                fails=matching(("CDS30",)) - {"CDS301"},
                fail_on=("CDS30",),
            ),
        ),
    ],
)
def test_each_choice_stands_above_the_one_before(choices: tuple[Gate, ...], expected: Terms) -> None:
    """`select` replaces, `ignore` takes away, `fail-on` replaces and brings the rules that it names by id."""
    assert terms(*choices) == expected


@pytest.mark.parametrize(
    ("table", "arguments", "code", "expected"),
    [
        ("", (), 1, ["CDS201 mile fails", "CDS202 task", "CDS205 soon", "CDS302 loose"]),
        ("warn = 3", (), 1, ["CDS201 mile fails", "CDS202 task", "CDS302 loose"]),
        ("warn = 3", ("--warn", "4"), 1, ["CDS201 mile fails", "CDS202 task", "CDS205 soon", "CDS302 loose"]),
        ("", ("--warn", "0"), 1, ["CDS201 mile fails", "CDS202 task", "CDS302 loose"]),
        ('fail-on = "task"', (), 1, ["CDS201 mile fails", "CDS202 task fails", "CDS205 soon", "CDS302 loose"]),
        ('fail-on = "task"', ("--fail-on", "milestone"), 1, ["CDS201 mile fails", "CDS202 task", "CDS205 soon",
                                                            "CDS302 loose"]),
        ('fail-on = ["CDS302"]', (), 1, ["CDS302 loose fails", "CDS201 mile", "CDS202 task", "CDS205 soon"]),
        ("grace = 3", (), 0, ["CDS201 mile", "CDS202 task", "CDS205 soon", "CDS302 loose"]),
        ("grace = 2", (), 1, ["CDS201 mile fails", "CDS202 task", "CDS205 soon", "CDS302 loose"]),
        ("grace = 3", ("--grace", "0"), 1, ["CDS201 mile fails", "CDS202 task", "CDS205 soon", "CDS302 loose"]),
        ("", ("--grace", "1", "--fail-on", "task"), 1, ["CDS201 mile fails", "CDS202 task", "CDS205 soon",
                                                         "CDS302 loose"]),
        ('ignore = ["CDS2"]', (), 0, ["CDS302 loose"]),
        ('ignore = ["CDS2"]', ("--select", "CDS201,CDS202"), 1, ["CDS201 mile fails", "CDS202 task"]),
        ('select = ["CDS201"]', (), 1, ["CDS201 mile fails"]),
        ('select = ["CDS201"]', ("--select", "cds302", "--select", "CDS301"), 0, ["CDS301 loose", "CDS302 loose"]),
        ('select = ["CDS2"]', ("--ignore", "CDS201"), 0, ["CDS202 task", "CDS205 soon"]),
        ("", ("--select", "CDS1"), 0, []),
        ("", ("--exit-zero",), 0, ["CDS201 mile fails", "CDS202 task", "CDS205 soon", "CDS302 loose"]),
        ("", ("--agency", "two"), 0, ["CDS202 task", "CDS205 soon"]),
    ],
)  # fmt: skip
def test_the_command_line_wins_over_the_plan_s_table(
    cli: Cli, plan: Path, table: str, arguments: tuple[str, ...], code: int, expected: list[str]
) -> None:
    """What is looked for, what fails, what is soon, what is forgiven: the plan may say, the command line has it."""
    plan.write_text(f"{HEAD}{TASKS}[check]\n{table}\n", "utf-8")

    ran, document = judged(cli, *arguments)

    assert (ran, told(document)) == (code, expected)


def test_a_check_tells_what_it_looked_for(cli: Cli, plan: Path) -> None:
    """As of when and on whose word, what was judged, by which rules, which of them fail it, for whom."""
    plan.write_text(HEAD + TASKS, "utf-8")

    document = judged(cli, "--select", "CDS202,CDS302", "--fail-on", "task", "--agency", "two")[1]

    assert {key: document[key] for key in list(document)[:-1]} == {
        "version": 1,
        "as_of": "2026-01-12",
        "as_of_from": "--as-of",
        "judged": {"milestones": 0, "tasks": 2},
        "agencies": ["two"],
        "rules": ["CDS202", "CDS302"],
        "fails_on": ["CDS202"],
        "failed": True,
    }


def test_whether_plan_and_journal_read_can_be_asked_alone(cli: Cli, plan: Path) -> None:
    """With --select CDS1 nothing that is late fails; a journal that is torn or wrong does, with the way to mend it."""
    plan.write_text(HEAD + TASKS, "utf-8")
    journal = plan.with_name("plan.journal.toml")
    good = 'e1 = { at = 2026-01-10T08:00:00+00:00, on = 2026-01-10, task = "task", kind = "started" }\n'
    asked = ("check", "plan.toml", "--as-of", "2026-01-12", "--select", "CDS1", "--lang", "en")

    for text in (None, "", good):
        if text is not None:
            journal.write_text(text, "utf-8")
        ran = cli(*asked)
        assert (ran.code, ran.out, ran.err) == (0, (
            "As of 12 Jan 2026 (given by --as-of). No deadline was judged.\n"
            "It was only looked whether the plan and its journal can be read: they can.\n"
            "Passed.\n"
        ), "")  # fmt: skip

    journal.write_text(good + good[:50].replace("e1", "e2"), "utf-8")
    torn = cli(*asked)
    assert (torn.code, torn.out) == (2, "")
    assert torn.err.startswith("plan.journal.toml:2:1: error CDS114: the last line is torn: ")
    assert "  = hint: put it aside with: cdsplan journal repair; then record again what it was about\n" in torn.err

    journal.write_text(good.replace("started", "begun") + good, "utf-8")
    wrong = cli(*asked, "--exit-zero", "--ignore", "ALL")
    assert (wrong.code, wrong.out) == (2, "")
    assert "plan.journal.toml:1:" in wrong.err


def test_the_words_tell_the_same(cli: Cli, plan: Path) -> None:
    """People read what was judged, for whom, what was forgiven, and why the exit code is 0 all the same."""
    plan.write_text(HEAD + TASKS, "utf-8")

    def last_lines(*arguments: str) -> list[str]:
        out = cli("check", "plan.toml", "--as-of", "2026-01-12", *arguments).out.splitlines()
        return out[next(at for at, line in enumerate(out) if line.startswith("As of")) :]

    assert last_lines("--agency", "one", "--grace", "2", "--exit-zero", "--select", "CDS201") == [
        "As of 12 Jan 2026 (given by --as-of). Judged: 1 milestone and 0 other dated tasks.",
        "Only of 1 agency: one.",
        "Looked for: 1 rule; fails on: overdue milestones, from the day after 2 days of grace.",
        "Failed: 1 error.",
        "The exit code is 0, as --exit-zero asks.",
    ]
    assert last_lines("--select", "CDS1") == [
        "As of 12 Jan 2026 (given by --as-of). No deadline was judged.",
        "It was only looked whether the plan and its journal can be read: they can.",
        "Passed.",
    ]
    assert "; within the days of grace" in cli("check", "plan.toml", "--as-of", "2026-01-12", "--grace", "3").out


def test_each_plan_of_a_portfolio_has_its_own_terms(cli: Cli, plan: Path) -> None:
    """One plan's table is not another's; the command line is for all."""
    plan.write_text(HEAD + TASKS + "[check]\ngrace = 9\n", "utf-8")
    plan.with_name("q.toml").write_text((HEAD + TASKS).replace('id = "p"', 'id = "q"'), "utf-8")
    arguments = ("check", "plan.toml", "q.toml", "--as-of", "2026-01-12")

    findings = json.loads(cli(*arguments, "--format", "json").out)["findings"]
    words = cli(*arguments).out

    assert [(each["plan"], each["rule"]) for each in findings if each["fails"]] == [("q", "CDS201")]
    assert "\np: Looked for: " in words
    assert ", from the day after 9 days of grace.\nq: Looked for: " in words
    assert "\np: Looked for: " not in cli(*arguments, "--grace", "0").out


# ------------------------------------------------------------------------------------------------------------- Waivers


def waiver(rule: str = "CDS201", until: str = "2026-01-31", **more: str) -> str:
    """Write a waiver."""
    keys = "".join(f'{key} = "{value}"\n' for key, value in more.items())
    return f'[[waiver]]\nrule = "{rule}"\nuntil = {until}\nreason = "r"\n{keys}'


@pytest.mark.parametrize(
    ("as_of", "code", "expected"),
    [
        ("2026-01-09", 0, ["CDS204 mile"]),  # not needed yet, and no finding
        ("2026-01-10", 0, ["CDS201 mile"]),
        ("2026-01-31", 0, ["CDS201 mile"]),
        ("2026-02-01", 1, ["CDS201 mile fails", "CDS216 mile"]),
    ],
)
def test_a_waiver_excuses_until_the_end_of_its_day(
    cli: Cli, plan: Path, as_of: str, code: int, expected: list[str]
) -> None:
    """What it waives is shown and fails nothing; from the next day on it fails, and the waiver is a finding too."""
    plan.write_text(HEAD + TASKS + waiver(task="mile"), "utf-8")

    ran = judged(cli, "--ignore", "CDS202,CDS205,CDS206,CDS302", as_of=as_of)

    assert (ran[0], told(ran[1])) == (code, expected)
    waived = ran[1]["findings"][0]["waived_until"]
    assert waived == ("2026-01-31" if expected == ["CDS201 mile"] else None)


def test_a_waived_finding_says_until_when_and_by_which_document(cli: Cli, plan: Path) -> None:
    """Whoever reads the log sees who has decided."""
    plan.write_text(HEAD + TASKS + waiver(task="mile", document="CV 15/UBND ngày 08/01/2026"), "utf-8")

    out = cli("check", "plan.toml", "--as-of", "2026-01-12").out

    assert (
        "note CDS201: “mile” is 3 days overdue: it was due on 9 Jan 2026; waived until 31 Jan 2026 "
        "(CV 15/UBND ngày 08/01/2026)\n" in out
    )
    assert out.endswith("\nPassed: 1 warning, 2 notes, 1 waived.\n")


ANY = ("--select", "CDS201,CDS202,CDS203,CDS206,CDS216,CDS217,CDS302,CDS312")


@pytest.mark.parametrize(
    ("waivers", "expected"),
    [
        (waiver("CDS202", task="task"), ["CDS201 mile fails", "CDS202 task waived", "CDS302 loose"]),
        (waiver("CDS202"), ["CDS201 mile fails", "CDS202 task waived", "CDS302 loose"]),
        (waiver("CDS202", agency="two"), ["CDS201 mile fails", "CDS202 task waived", "CDS302 loose"]),
        # of another task, another agency, or of what is not found: it excuses nothing
        (waiver("CDS202", agency="one"), ["CDS201 mile fails", "CDS202 task", "CDS217 None", "CDS302 loose"]),
        (waiver("CDS302", task="mile"), ["CDS201 mile fails", "CDS202 task", "CDS217 mile", "CDS302 loose"]),
        (waiver("CDS312"), ["CDS201 mile fails", "CDS202 task", "CDS217 None", "CDS302 loose"]),
        # nobody is responsible, so an agency's waiver does not fit
        (waiver("CDS302", agency="one"), ["CDS201 mile fails", "CDS202 task", "CDS217 None", "CDS302 loose"]),
        # given in advance, to be needed before it ends
        (waiver("CDS202", task="soon"), ["CDS201 mile fails", "CDS202 task", "CDS302 loose"]),
        (waiver("CDS202", "2026-01-16", task="soon"), ["CDS201 mile fails", "CDS202 task", "CDS217 soon",
                                                       "CDS302 loose"]),
        (waiver("CDS206", "2026-01-16", task="soon"), ["CDS201 mile fails", "CDS202 task", "CDS302 loose"]),
        (waiver("CDS206", task="loose"), ["CDS201 mile fails", "CDS202 task", "CDS217 loose", "CDS302 loose"]),
        # the longest of several counts, and the others excuse nothing
        (waiver("CDS202", task="task") + waiver("CDS202", "2026-02-28"),
         ["CDS201 mile fails", "CDS202 task waived", "CDS217 task", "CDS302 loose"]),
        # of rules that nobody looked for nothing is known
        (waiver("CDS301"), ["CDS201 mile fails", "CDS202 task", "CDS302 loose"]),
    ],
)  # fmt: skip
def test_a_waiver_excuses_what_it_names(cli: Cli, plan: Path, waivers: str, expected: list[str]) -> None:
    """Rule, and where given task and agency, must fit; a waiver that helps nobody is a finding."""
    plan.write_text(HEAD + TASKS + waivers, "utf-8")

    document = judged(cli, *ANY)[1]

    marked = [
        f"{words}{' waived' if each['waived_until'] else ''}"
        for words, each in zip(told(document), document["findings"], strict=True)
    ]
    assert sorted(marked) == expected


FAN_OUT = '[tasks.survey]\ntitle = "S"\neach = ["one", "two"]\nmilestone = true\ndue = 2026-01-09\n'


@pytest.mark.parametrize(
    ("waivers", "until", "unused"),
    [
        (waiver(agency="one"), None, 0),
        (waiver(agency="one") + waiver(until="2026-02-15", agency="two"), "2026-01-31", 0),
        (waiver(agency="one") + waiver(until="2026-02-15", task="survey"), "2026-02-15", 1),
        (waiver(until="2026-02-15", agency="one") + waiver(task="survey"), "2026-01-31", 0),
    ],
)
def test_an_agency_s_waiver_excuses_its_own_part(
    cli: Cli, plan: Path, waivers: str, until: str | None, unused: int
) -> None:
    """A fan-out is excused when every missing member is, until the first of them no longer is."""
    plan.write_text(HEAD + FAN_OUT + waivers, "utf-8")

    code, document = judged(cli)

    assert code == (1 if until is None else 0)
    assert [each["waived_until"] for each in document["findings"] if each["rule"] == "CDS201"] == [until]
    assert [each["rule"] for each in document["findings"]].count("CDS217") == unused


def test_the_part_of_an_agency_can_be_waived_alone(cli: Cli, plan: Path) -> None:
    """Of two agencies that are late with their parts one is excused."""
    plan.write_text(HEAD + FAN_OUT + waiver("CDS203", agency="one"), "utf-8")

    findings = judged(cli, "--select", "CDS203", "--fail-on", "CDS203")[1]["findings"]

    assert [(each["agency"], each["fails"], each["waived_until"]) for each in findings] == [
        ("two", True, None),
        ("one", False, "2026-01-31"),
    ]


REPORT = '[tasks.report]\ntitle = "R"\neach = ["one", "two"]\nmilestone = true\nrepeat = "weekly by Friday"\n'
"""As of Monday 19 January 2026, the reports of the 9th and the 16th are late; the next is due on the 23rd."""


@pytest.mark.parametrize(
    ("waivers", "waived", "unused"),
    [
        ("", [], []),
        (waiver(task="report"), ["2026-01-09", "2026-01-16"], []),
        (waiver(task="report@2026-01-09"), ["2026-01-09"], []),
        (waiver(task="report@2026-01-09", agency="one"), [], []),
        (waiver(task="report@2026-01-16") + waiver(task="report@2026-01-09"), ["2026-01-09", "2026-01-16"], []),
        # given in advance: for the 23rd it will be needed; on the last day of another it cannot be
        (waiver(task="report@2026-01-23"), [], []),
        (waiver(task="report@2026-01-30", until="2026-01-30"), [], ["2026-01-30"]),
        # of occurrences so far ahead that nothing tells of them yet
        (waiver(task="report@2027-01-01", until="2027-01-31"), [], []),
        (waiver(task="report@2027-01-01", until="2027-01-01"), [], ["2027-01-01"]),
        (waiver("CDS205", task="report@2027-01-01", until="2027-01-01"), [], []),
        (waiver("CDS302", task="report@2027-01-01", until="2027-01-31"), [], ["2027-01-01"]),
    ],
)
def test_a_waiver_may_be_for_one_occurrence(
    cli: Cli, plan: Path, waivers: str, waived: list[str], unused: list[str]
) -> None:
    """The waiver of a task that comes again excuses every time, that of an occurrence this one only."""
    plan.write_text(HEAD + REPORT + waivers, "utf-8")

    findings = judged(cli, "--select", "CDS201,CDS205,CDS217,CDS302", as_of="2026-01-19")[1]["findings"]

    late = [(each["occurrence"], each["waived_until"]) for each in findings if each["rule"] == "CDS201"]
    assert sorted(day for day, _ in late) == ["2026-01-09", "2026-01-16"]
    assert sorted(day for day, until in late if until) == waived
    assert [(each["task"], each["occurrence"]) for each in findings if each["rule"] == "CDS217"] == [
        ("report", day) for day in unused
    ]


def test_a_waiver_of_an_occurrence_is_named_by_it(cli: Cli, plan: Path) -> None:
    """Once it has run out, it is told by the name that people know."""
    plan.write_text(HEAD + REPORT + waiver(task="report@2026-01-09", until="2026-01-18"), "utf-8")

    ran = cli("check", "plan.toml", "--as-of", "2026-01-19", "--select", "CDS216", "--lang", "en")

    assert "warning CDS216: the waiver of CDS201 for “report@2026-01-09” ran out on 18 Jan 2026\n" in ran.out


def test_a_check_of_some_agencies_does_not_judge_waivers_of_others(cli: Cli, plan: Path) -> None:
    """Whether a waiver is needed shows only in the whole plan; one that ran out is said to those it was for."""
    waivers = waiver("CDS202", task="soon", until="2026-01-13") + waiver(until="2026-01-06", task="mile")
    plan.write_text(HEAD + TASKS + waivers, "utf-8")

    def codes(*arguments: str) -> list[str]:
        return [each["rule"] for each in judged(cli, *ANY, *arguments)[1]["findings"]]

    assert [code for code in codes() if code in {"CDS216", "CDS217"}] == ["CDS216", "CDS217"]
    assert "CDS216" in codes("--agency", "one")
    assert not {"CDS216", "CDS217"} & set(codes("--agency", "two"))


def test_findings_on_waivers_stand_at_the_waiver(cli: Cli, plan: Path) -> None:
    """The day that has passed, or the heading."""
    waivers = waiver("CDS202", task="mile", agency="one") + waiver(until="2026-01-06")
    plan.write_text(HEAD + TASKS + waivers, "utf-8")

    out = cli("check", "plan.toml", "--as-of", "2026-01-12", "--select", "CDS202,CDS216,CDS217").out

    assert "plan.toml:32:9: warning CDS216: the waiver of CDS201 ran out on 6 Jan 2026\n" in out
    assert "plan.toml:24:3: warning CDS217: the waiver of CDS202 for “mile”, “one” excuses nothing\n" in out


@pytest.mark.parametrize(
    ("as_of", "without", "with_waiver"),
    [
        ("30/9/2021", 0, 0),
        ("01/10/2021", 1, 0),
        ("15/11/2021", 1, 0),
        ("16/4/2022", 1, 1),  # by then other milestones are late
        ("01/6/2022", 1, 1),
    ],
)
def test_the_real_plan_with_and_without_a_waiver(
    cli: Cli, tmp_path: Path, as_of: str, without: int, with_waiver: int
) -> None:
    """A waiver of the survey until the end of the year keeps the gate open until something else is late."""
    text = (ROOT / NGHEAN).read_text("utf-8")
    (tmp_path / "real.toml").write_text(text, "utf-8")
    (tmp_path / "waived.toml").write_text(text + "\n" + waiver(task="khao-sat", until="2021-12-31"), "utf-8")

    assert cli("check", "real.toml", "--as-of", as_of).code == without
    assert cli("check", "waived.toml", "--as-of", as_of).code == with_waiver
