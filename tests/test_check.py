"""The verdict for CI: what fails it under which setting, what it says it judged, and where findings stand."""

from __future__ import annotations

from datetime import date
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from invoke import NGHEAN, ROOT, Cli, in_process

from cdsplan.check import Verdict, check
from cdsplan.plan.model import Gate
from cdsplan.plan.reader import read
from cdsplan.problems import Severity
from cdsplan.schedule import forecast
from cdsplan.status import judge
from cdsplan.summary import Judged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Golden

HEAD = """\
[plan]
id = "p"
title = "The plan"
start = 2021-08-23
timezone = "Asia/Ho_Chi_Minh"
[agencies]
one = { name = "Agency one" }
two = { name = "Agency two" }
"""

# As of 1 October: a milestone and a task are overdue, another milestone is in time, one task is at risk.
TASKS = """\
[tasks.task]
title = "Overdue task"
owner = "two"
due = 2021-09-29
[tasks.mile]
title = "Overdue milestone"
owner = "one"
milestone = true
due = 2021-09-30
[tasks.next]
title = "Milestone in time"
owner = "one"
milestone = true
due = 2021-12-31
[tasks.risk]
title = "Task at risk"
owner = "one"
due = 2021-11-30
duration = "~100d"
[tasks.free]
title = "Task without a deadline"
owner = "one"
"""


def verdict(*plans: str, as_of: str = "2021-10-01", fail_on: str = "milestone") -> Verdict:
    """Check everything of some plans."""
    found = [forecast(read(dedent(plan).encode(), "plan.toml"), date.fromisoformat(as_of)) for plan in plans]
    status = judge(found, date.fromisoformat(as_of))
    return check(status, status.items, Gate(fail_on=(fail_on,)))


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """Run where `plan.toml` is the plan above."""
    (tmp_path / "plan.toml").write_text(HEAD + TASKS, "utf-8")
    with in_process(capsys, monkeypatch, tmp_path) as made:
        yield made


@pytest.mark.parametrize(
    ("fail_on", "errors", "warnings"),
    [
        ("milestone", ["CDS201"], ["CDS202", "CDS206"]),
        ("task", ["CDS201", "CDS202"], ["CDS206"]),
        ("at-risk", ["CDS201", "CDS202", "CDS206"], []),
    ],
)
def test_each_setting_fails_on_more(fail_on: str, errors: list[str], warnings: list[str]) -> None:
    """Milestones always fail, tasks and risks when asked for; what does not fail warns; errors stand first."""
    found = verdict(HEAD + TASKS, fail_on=fail_on)

    assert [(each.rule, str(each.severity)) for each in found.findings] == [
        *((rule, "error") for rule in errors),
        *((rule, "warning") for rule in warnings),
    ]
    assert found.failed


@pytest.mark.parametrize(
    ("keep", "fail_on", "failed"),
    [
        (("mile",), "milestone", True),
        (("task", "next"), "milestone", False),
        (("task", "next"), "task", True),
        (("risk", "next"), "task", False),
        (("risk", "next"), "at-risk", True),
        (("next", "free"), "at-risk", False),
    ],
)
def test_the_verdict_depends_on_the_setting(keep: tuple[str, ...], fail_on: str, failed: bool) -> None:  # noqa: FBT001
    """An overdue task passes by default, a task at risk passes unless that is asked for."""
    tasks = "".join(f"[tasks.{table}" for table in TASKS.split("[tasks.")[1:] if table.partition("]")[0] in keep)

    assert verdict(HEAD + tasks, fail_on=fail_on).failed is failed


def test_findings_say_what_is_wrong_in_words() -> None:
    """The task, by how much, and the day; a forecast says what it rests on."""
    found = [str(each.message) for each in verdict(HEAD + TASKS).findings]

    assert found == [
        "“mile” is 1 day overdue: it was due on 30 Sep 2021",
        "“task” is 2 days overdue: it was due on 29 Sep 2021",
        "“risk” may be 38 days late (rests on estimates): the forecast is 7 Jan 2022",
    ]


def test_an_overdue_task_is_not_also_at_risk() -> None:
    """One finding for one trouble: what is overdue is no longer at risk."""
    tasks = '[tasks.a]\ntitle = "A"\nowner = "one"\nmilestone = true\ndue = 2021-09-01\nduration = "100d"\n'

    assert [each.rule for each in verdict(HEAD + tasks, fail_on="at-risk").findings] == ["CDS201"]


def test_an_overdue_fan_out_says_how_many_have_delivered() -> None:
    """The count of deliveries stands with the finding."""
    (finding,) = verdict(
        f'{HEAD}[tasks.a]\ntitle = "A"\neach = ["one", "two"]\nmilestone = true\ndue = 2021-09-01\n'
    ).findings

    assert str(finding.message) == "“a” is 30 days overdue: it was due on 1 Sep 2021; received 0/2"


def test_findings_stand_at_the_deadline() -> None:
    """A finding on a task is placed at its `due`."""
    finding = verdict(HEAD + TASKS).findings[0]
    place = finding.problem().place

    assert place is not None
    assert (place.file, place.line, place.column, place.source) == ("plan.toml", 17, 7, "due = 2021-09-30")


def test_a_plan_without_a_dated_milestone_warns_and_passes() -> None:
    """CDS312: nothing to judge is said, placed at the plan's id, and does not fail."""
    found = verdict(
        f'{HEAD}[tasks.a]\ntitle = "A"\nowner = "one"\nmilestone = true\n'
        '[tasks.b]\ntitle = "B"\nowner = "one"\ndue = 2021-09-01\n'
    )

    assert [(each.rule, each.severity) for each in found.findings] == [
        ("CDS202", Severity.WARNING),
        ("CDS312", Severity.WARNING),
    ]
    assert not found.failed
    assert found.judged == Judged(milestones=0, tasks=1)
    place = found.findings[1].problem().place
    assert place is not None
    assert (place.line, place.source) == (2, 'id = "p"')


def test_each_plan_of_a_portfolio_needs_a_dated_milestone() -> None:
    """One plan with a milestone does not speak for another without."""
    other = HEAD.replace('id = "p"', 'id = "q"') + '[tasks.a]\ntitle = "A"\n'

    found = verdict(HEAD + TASKS, other)

    assert [each.plan.id for each in found.findings if each.rule == "CDS312"] == ["q"]
    assert found.judged == Judged(milestones=2, tasks=2)


def test_what_the_plan_file_should_tell_fails_nothing() -> None:
    """A successor due before its predecessor is found whatever the day, and warns."""
    tasks = """\
[tasks.a]
title = "A"
milestone = true
due = 2021-12-31
[tasks.b]
title = "B"
due = 2021-12-30
after = ["a"]
"""
    found = verdict(HEAD + tasks)

    assert [(each.rule, each.task, each.severity) for each in found.findings if each.rule < "CDS3"] == [
        ("CDS208", "b", Severity.WARNING)
    ]
    assert not found.failed


def test_a_failing_check_shows_the_places_and_says_so(cli: Cli) -> None:
    """Exit 1; each finding with its frame; the day, who gave it, what was judged and what not."""
    ran = cli("check", "--as-of", "1/10/2021")

    assert (ran.code, ran.err) == (1, "")
    assert ran.out == dedent("""\
        plan.toml:17:7: error CDS201: “mile” is 1 day overdue: it was due on 30 Sep 2021
           |
        17 | due = 2021-09-30
           |       ^^^^^^^^^^
        plan.toml:12:7: warning CDS202: “task” is 2 days overdue: it was due on 29 Sep 2021
           |
        12 | due = 2021-09-29
           |       ^^^^^^^^^^
        plan.toml:26:7: warning CDS206: “risk” may be 38 days late (rests on estimates): the forecast is 7 Jan 2022
           |
        26 | due = 2021-11-30
           |       ^^^^^^^^^^
        Why it matters, and what to do: cdsplan rule CDS201 (also CDS202, CDS206)
        As of 1 Oct 2021 (given by --as-of). Judged: 2 milestones and 2 other dated tasks.
        Looked for: the usual rules; fails on: overdue milestones.
        Failed: 1 error, 2 warnings.
        """)


@pytest.mark.parametrize(
    ("fail_on", "words"),
    [
        ("task", "overdue milestones and tasks."),
        ("at-risk", "overdue milestones and tasks, tasks at risk."),
        ("milestone,CDS206", "overdue milestones, CDS206."),
    ],
)
def test_a_wider_check_says_what_it_fails_on(cli: Cli, fail_on: str, words: str) -> None:
    """Nobody has to guess on what a check would have failed."""
    ran = cli("check", "--as-of", "2021-10-01", "--fail-on", fail_on)

    assert ran.code == 1
    assert f"; fails on: {words}\n" in ran.out


def test_a_passing_check_says_so(cli: Cli) -> None:
    """Exit 0, and as of when, and what was judged."""
    ran = cli("check", "--as-of", "2021-09-29")

    assert ran.code == 0
    assert ran.out.endswith(
        "As of 29 Sep 2021 (given by --as-of). Judged: 2 milestones and 2 other dated tasks.\n"
        "Looked for: the usual rules; fails on: overdue milestones.\nPassed: 1 warning, 2 notes.\n"
    )


def test_the_clock_gives_the_day_when_nobody_does(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without --as-of it is today, and the check says that the clock said so."""
    monkeypatch.setattr("cdsplan.cli.frame.today", lambda _plans: date(2021, 10, 1))

    ran = cli("check")

    assert ran.code == 1
    assert "As of 1 Oct 2021 (today by the clock). " in ran.out


def test_the_environment_may_give_the_day(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check says when the day came from CDSPLAN_AS_OF, which the command line overrules."""
    monkeypatch.setenv("CDSPLAN_AS_OF", "2021-10-01")

    assert "As of 1 Oct 2021 (given by CDSPLAN_AS_OF). " in cli("check").out
    assert "As of 2 Oct 2021 (given by --as-of). " in cli("check", "--as-of", "2021-10-02").out


@pytest.mark.parametrize(("agency", "code"), [("one", 1), ("two", 0), ("Agency one", 1)])
def test_a_check_can_look_at_one_agency(cli: Cli, agency: str, code: int) -> None:
    """Only the tasks in which the agency has a role are judged."""
    assert cli("check", "--as-of", "2021-10-01", "--agency", agency).code == code


def test_a_check_writes_its_findings_as_a_sheet(cli: Cli) -> None:
    """CSV has one row per finding, and the exit code stays."""
    ran = cli("check", "--as-of", "2021-10-01", "--format", "csv")

    assert ran.code == 1
    assert ran.out.splitlines()[1] == (
        "CDS201,error,p,mile,“mile” is 1 day overdue: it was due on 30 Sep 2021,plan.toml,17,7,,true,,"
    )


def test_a_check_of_several_plans(cli: Cli, tmp_path: Path) -> None:
    """A portfolio is judged as one: it fails when any of its plans does."""
    other = HEAD.replace('id = "p"', 'id = "q"') + '[tasks.a]\ntitle = "A"\nmilestone = true\ndue = 2021-12-31\n'
    (tmp_path / "other.toml").write_text(other, "utf-8")

    alone, both = (
        cli("check", "--as-of", "2021-10-01", *files) for files in (["other.toml"], ["other.toml", "plan.toml"])
    )

    assert (alone.code, both.code) == (0, 1)
    assert "Judged: 3 milestones and 2 other dated tasks." in both.out


def test_many_notes_of_one_rule_are_counted(cli: Cli, tmp_path: Path) -> None:
    """Ten rolled deadlines are shown, the other two counted; the check passes."""
    plan = (
        HEAD
        + '[reading]\nday-off = "next-working-day"\n'
        + "".join(f'[tasks.t{n}]\ntitle = "T"\nmilestone = true\ndue = 2021-12-25\n' for n in range(12))
    )
    (tmp_path / "rolled.toml").write_text(plan, "utf-8")

    ran = cli("check", "--as-of", "2021-10-01", "rolled.toml")

    assert ran.code == 0
    assert ran.out.count("is due on 25 Dec 2021, a day off: the deadline is read as 27 Dec 2021") == 10
    assert "\n… and 2 more of CDS209\n" in ran.out


@pytest.mark.parametrize(
    ("before", "as_of", "code"),
    [
        ("inclusive", "2021-09-29", 0),
        ("inclusive", "2021-09-30", 0),
        ("inclusive", "2021-10-01", 1),
        ("strict", "2021-09-29", 0),
        ("strict", "2021-09-30", 1),
    ],
)
def test_the_real_plan_fails_the_day_after_its_deadline(
    cli: Cli, tmp_path: Path, before: str, as_of: str, code: int
) -> None:
    """Due “trước ngày 30/9/2021”, it passes on 30/9 and fails on 01/10; read strictly it fails on 30/9."""
    text = (ROOT / NGHEAN).read_text("utf-8")
    (tmp_path / "real.toml").write_text(text.replace('before = "inclusive"', f'before = "{before}"'), "utf-8")

    assert cli("check", "real.toml", "--as-of", as_of).code == code


@pytest.mark.parametrize("code", ["en", "vi"])
def test_the_check_of_the_real_plan_reads_well(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, golden: Golden, code: str
) -> None:
    """What CI shows on 5 October 2021."""
    with in_process(capsys, monkeypatch, ROOT) as cli:
        ran = cli("check", NGHEAN, "--as-of", "2021-10-05", "--lang", code)

    assert ran.code == 1
    golden(ran.out, f"check.{code}.txt")
