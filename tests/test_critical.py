"""`critical`: the chains to the end or to a task, with drag, near-critical tasks, and facts."""

from __future__ import annotations

import json
from itertools import pairwise
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invoke import NGHEAN, ROOT, Cli, in_process
from jsonschema import Draft7Validator
from mixed import DAYS, MixedPlan, mixed_plans
from oracle import Oracle, Project
from strategies import projects, scheduled

from cdsplan.cli.critical import WorkingDays
from cdsplan.plan.model import LinkType
from cdsplan.schedule.paths import driving_paths, near_critical

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from conftest import Golden

SCHEMA = Draft7Validator(json.loads((ROOT / "cdsplan" / "views" / "data.schema.json").read_text("utf-8")))

HEAD = """\
[plan]
id = "school"
title = "Open the school"
start = 2026-03-02
timezone = "UTC"
"""


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """Run in an empty folder."""
    with in_process(capsys, monkeypatch, tmp_path) as made:
        yield made


@pytest.fixture
def critical(cli: Cli, tmp_path: Path) -> Asked:
    """Ask for the chains of a plan that starts on Monday 2 March 2026."""
    return Asked(cli, tmp_path)


class Asked:
    """Writes a plan and asks for its chains, in plain text."""

    def __init__(self, cli: Cli, folder: Path) -> None:
        self.cli = cli
        self.folder = folder

    def __call__(self, tasks: str, *arguments: str) -> str:
        """Give what is printed."""
        (self.folder / "plan.toml").write_text(f"{HEAD}{tasks}", "utf-8")
        ran = self.cli("critical", "--as-of", "2026-03-10", "--format", "plain", *arguments)
        assert (ran.code, ran.err) == (0, "")
        return ran.out


# Laws


@given(projects(), st.integers(-5, 10))
def test_near_critical_tasks_are_those_with_little_float(project: Project, most: int) -> None:
    """They are the tasks off the chains whose float the naive method finds as small; the tightest stand first."""
    planned = scheduled(project)
    rows = Oracle(project).rows()
    close = near_critical(planned, driving_paths(planned), most)
    assert {planned.tasks[j].id: days for j, days in close.items()} == {
        name: row.total_float for name, row in rows.items() if row.total_float <= most and not row.on_longest_path
    }
    assert list(close.values()) == sorted(close.values())


@given(mixed_plans(facts=True), DAYS)
def test_every_chain_of_a_forecast_drives(drawn: MixedPlan, as_of: date) -> None:
    """Each step is a driving link; no chain enters work that is done or goes through a finish held by the data date."""
    forecast = drawn.schedule(as_of=as_of)
    paths = driving_paths(forecast, limit=1000)
    for chain in paths.chains:
        for i, j in pairwise(chain):
            links = [forecast.tasks[j].links[at] for at in forecast.driving(j)]
            assert forecast.tasks[i].id in {link.predecessor for link in links}
        for h, i, j in zip(chain, chain[1:], chain[2:], strict=False):
            assert forecast.tasks[h].id in {link.predecessor for link in forecast.tasks[i].links}
            kinds = {
                forecast.tasks[j].links[at].type
                for at in forecast.driving(j)
                if forecast.tasks[j].links[at].predecessor == forecast.tasks[i].id
            }
            if kinds <= {LinkType.FS, LinkType.FF} and forecast.held(i):
                # Reached by its finish alone here; then another chain goes on from its start.
                assert any(
                    forecast.tasks[k].links[at].type in {LinkType.SS, LinkType.SF}
                    for k in paths.members
                    for at in forecast.driving(k)
                    if forecast.tasks[k].links[at].predecessor == forecast.tasks[i].id
                )
        if len(chain) > 1:
            assert not forecast.held(chain[-1])


# By hand


def test_the_chain_is_shown_link_by_link(critical: Asked) -> None:
    """A (~2 days) and B (3 days) tie; then C (1 day). The costs have a day to spare to their deadline.

    Without a or b nothing is gained, as the other takes as long; without c a day is.
    """
    out = critical("""
[tasks]
a = { title = "Survey", duration = "~3d", due = 2026-03-05 }
b = { title = "Costs", duration = "3d" }
c = { title = "Report", duration = "1d", after = ["a", { task = "b", basis = "inferred" }] }
""")
    assert out == dedent("""\
        Open the school
        To c: finishes on 5 Mar 2026, after 4 working days
        2 chains tie; they part in: a, b
        #  Task             Title   Link           Length  Start       Finish      Total float  Drag  To deadline
        1  a                Survey                 ~3d     2 Mar 2026  4 Mar 2026  0            0     1
           c                Report  FS             1d      5 Mar 2026  5 Mar 2026  0            1     –
        2  b                Costs                  3d      2 Mar 2026  4 Mar 2026  0            0     –
           … as in chain 1          FS (inferred)
        Drag: working days by which the end comes earlier when the task takes no time.
        To deadline: working days to spare before a deadline breaks.
        ~ marks an estimated duration.
        """)


def test_a_link_that_is_not_stated_says_so(critical: Asked) -> None:
    """Implied and inferred links carry their standing; a stated one stands alone; two that tie stand side by side."""
    out = critical("""
[tasks]
a = { title = "A", duration = "2d" }
b = { title = "B", duration = "2d", after = [{ task = "a", basis = "implied" }] }
c = { title = "C", duration = "2d", after = [{ task = "b", basis = "inferred", lag = "1d" }] }
d = { title = "D", duration = "2d", after = ["c SS+2d", { task = "c", type = "FS", basis = "inferred" }] }
""")
    assert [line[3:].split("  ")[0] for line in out.splitlines()[3:7]] == ["a", "b", "c", "d"]
    for words in ("  FS (implied)  ", "  FS+1d (inferred)  ", "  SS+2d, FS (inferred)  "):
        assert words in out


def test_the_chain_to_a_task_has_no_drag(critical: Asked) -> None:
    """Drag is about the end of the plan: with --to there is neither the column nor its note."""
    out = critical(
        """
[tasks]
a = { title = "A", duration = "2d" }
b = { title = "B", duration = "2d" }
c = { title = "C", duration = "1d", after = ["a", "b"] }
d = { title = "D", duration = "9d", after = "c" }
""",
        "--to",
        "c",
    )
    assert out == dedent("""\
        Open the school
        To c: finishes on 4 Mar 2026, after 3 working days
        2 chains tie; they part in: a, b
        #  Task             Title  Link  Length  Start       Finish      Total float  To deadline
        1  a                A            2d      2 Mar 2026  3 Mar 2026  0            –
           c                C      FS    1d      4 Mar 2026  4 Mar 2026  0            –
        2  b                B            2d      2 Mar 2026  3 Mar 2026  0            –
           … as in chain 1         FS
        To deadline: working days to spare before a deadline breaks.
        """)


@pytest.mark.parametrize(
    ("tasks", "begins"),
    [
        ('a = { title = "A", duration = "9d" }', None),
        ('a = { title = "A", duration = "9d", not-before = 2026-03-02 }', None),
        (
            'a = { title = "A", duration = "1d", not-before = 2026-03-04 }',
            "The chain begins with “a”: may not start before 4 Mar 2026.",
        ),
        (
            'a = { title = "A", duration = "1d", not-before = 2026-03-07 }',
            "The chain begins with “a”: may not start before 7 Mar 2026; 2 days off between.",
        ),
    ],
)
def test_what_holds_the_chain_is_said(critical: Asked, tasks: str, begins: str | None) -> None:
    """Unless it is the start of the plan, the first line says why the chain cannot begin earlier."""
    said = [line for line in critical(f"[tasks]\n{tasks}\n").splitlines() if line.startswith("The chain begins")]
    assert said == ([] if begins is None else [begins])


FACTS = """
[tasks]
z = { title = "Z", duration = "1d", done = 2026-03-02 }
a = { title = "A", duration = "3d", after = "z" FACT }
b = { title = "B", duration = "2d", after = "a" }
c = { title = "C", duration = "1d", after = "a SS+1d" }
"""


@pytest.mark.parametrize(
    ("fact", "begins", "chain", "finish"),
    [
        ("", "still open on 10 Mar 2026, so it cannot finish earlier", ["a", "b"], "12 Mar"),
        (", done = 2026-03-09", "done on 9 Mar 2026", ["a", "b"], "11 Mar"),
        (
            ", started = 2026-03-09, percent = 40",
            "started on 9 Mar 2026, 40 % done; what is left begins on 11 Mar 2026",
            ["a", "b"],
            "16 Mar",
        ),
    ],
)
def test_facts_begin_a_chain(critical: Asked, fact: str, begins: str, chain: list[str], finish: str) -> None:
    """On 10 March, of a (3 days) before b (2 days): open and late, done on the 9th, 2 days left.

    Open work ends on the 10th at the earliest, b two days later. Two days left are the 11th and 12th, then b to the
    16th over the weekend.
    """
    out = critical(FACTS.replace("FACT", fact), "--forecast")
    lines = out.splitlines()
    assert lines[1] == "By what is known on 10 Mar 2026:"
    assert f"finishes on {finish} 2026" in lines[2]
    assert lines[3] == f"The chain begins with “a”: {begins}."
    heads = next(at for at, line in enumerate(lines) if line.startswith("#"))
    assert [line[3:].split()[0] for line in lines[heads + 1 : heads + 1 + len(chain)]] == chain


def test_a_chain_through_a_start_that_has_been_begins_there(critical: Asked) -> None:
    """A began on the 3rd and its rest waits for z: c follows a's start and ends last, so z drives nothing of it."""
    out = critical(
        """
[reading]
silence = "no-progress"
[tasks]
z = { title = "Z", duration = "2d" }
a = { title = "A", duration = "2d", after = "z", started = 2026-03-03 }
c = { title = "C", duration = "1d", after = "a SS+20d" }
""",
        "--forecast",
    )
    assert "The chain begins with “a”: started on 3 Mar 2026; what is left begins on 12 Mar 2026." in out
    assert [line[3:4] for line in out.splitlines()[5:7]] == ["a", "c"]


NEAR = """
[tasks]
a = { title = "A", duration = "10d" }
late = { title = "Late", duration = "4d", due = 2026-03-03 }
b = { title = "B", duration = "8d" }
c = { title = "C", duration = "4d" }
"""


def test_near_critical_tasks_are_listed(critical: Asked) -> None:
    """A takes 10 days. Late has 2 and needs 4: float −2; b has 2; c has 6, which is more than 5."""
    for days in ("5", "5d"):
        out = critical(NEAR, "--near", days)
        assert out.partition("\n\n")[2] == dedent("""\
            Open the school
            Near-critical: total float of 5 working days at most
            Task  Title  Start       Finish      Total float
            late  Late   2 Mar 2026  5 Mar 2026  -2
            b     B      2 Mar 2026  11 Mar 2026  2
            """).replace("5 Mar 2026  -2", "5 Mar 2026   -2").replace("Finish      Total", "Finish       Total")


def test_nothing_is_near(critical: Asked) -> None:
    """Then it says so."""
    out = critical(
        '[tasks]\na = { title = "A", duration = "10d" }\nb = { title = "B", duration = "1d" }\n', "--near", "1d"
    )
    assert out.endswith("\nNo task off the chains has so little.\n")


@pytest.mark.parametrize("days", ["five", "-1", "5w", "5dd", "", "d", "12345", "٥"])
def test_nonsense_is_no_number_of_working_days(cli: Cli, tmp_path: Path, days: str) -> None:
    """Exit 2, with how to write it."""
    (tmp_path / "plan.toml").write_text(f"{HEAD}{NEAR}", "utf-8")
    ran = cli("critical", f"--near={days}")
    assert (ran.code, ran.out) == (2, "")
    assert f"“{days}” is no number of working days; write 5 or 5d" in ran.err


def test_the_tasks_in_which_many_chains_part_are_not_all_named(critical: Asked) -> None:
    """Twelve tasks tie: ten are named, and one chain is shown."""
    tasks = "\n".join(f't{k} = {{ title = "T", duration = "1d" }}' for k in range(12))
    out = critical(f"[tasks]\n{tasks}\n", "--paths", "1")
    assert "12 chains tie; they part in: t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, …" in out
    assert "the first is shown" in out


def test_the_end_of_done_work_has_no_floats(critical: Asked) -> None:
    """Where all is done the chain is what ended last, and there is nothing to spare."""
    out = critical('[tasks]\na = { title = "A", duration = "1d", done = 2026-03-06 }\n', "--forecast")
    assert out.splitlines()[5].split()[-3:] == ["–", "–", "–"]
    assert "To a: finishes on 6 Mar 2026" in out


def test_chains_are_a_document(cli: Cli, tmp_path: Path) -> None:
    """Planned and forecast, with and without --near and --to, all keys are described and say what the table says."""
    (tmp_path / "plan.toml").write_text(f"{HEAD}{NEAR}", "utf-8")

    def document(*arguments: str) -> dict[str, object]:
        found: dict[str, object] = json.loads(
            cli("critical", "--as-of", "2026-03-03", "--format", "json", *arguments).out
        )
        SCHEMA.validate(found)
        return found

    whole = document("--near", "5d")
    assert (whole["as_of"], whole["target"], whole["paths"], whole["drag"]) == (None, None, [["a"]], {"a": 2})
    assert whole["near"] == [{"id": "late", "total_float": -2}, {"id": "b", "total_float": 2}]
    expected = document("--forecast", "--to", "b")
    assert (expected["as_of"], expected["target"], expected["paths"]) == ("2026-03-03", "b", [["b"]])
    assert (expected["drag"], expected["near"]) == ({}, None)


@pytest.mark.parametrize("columns", [80, 100])
def test_the_forecast_of_the_real_plan_reads_well(
    cli: Cli, golden: Golden, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    """The chain as of 5 October 2021 begins with the survey that is overdue; what is near follows."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", str(columns))
    ran = cli("critical", NGHEAN, "--forecast", "--as-of", "05/10/2021", "--near", "60d", "--lang", "en")
    golden(ran.out, f"critical-forecast.{columns}.en.txt")


def test_chains_as_a_sheet(cli: Cli, tmp_path: Path) -> None:
    """One row per task of a chain, with plan and number of the chain, days as ISO dates, floats as numbers."""
    (tmp_path / "plan.toml").write_text(f"{HEAD}{NEAR}", "utf-8")
    assert cli("critical", "--to", "late", "--format", "csv").out.replace("\ufeff", "").splitlines() == [
        "plan,path,id,title,early_start,early_finish,total_float,deadline_float",
        "school,1,late,Late,2026-03-02,2026-03-05,-2,-2",
    ]


def test_a_number_of_days_that_is_one_already_stays() -> None:
    """Click converts what it has converted again."""
    assert WorkingDays().convert(5, None, None) == 5
