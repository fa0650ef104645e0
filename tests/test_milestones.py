"""Milestones: which chain drives each, and who acts next; and `milestones`, which says so."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from invoke import NGHEAN, ROOT, Cli, in_process
from jsonschema import Draft7Validator
from mixed import DAYS, MixedPlan, mixed_plans

from cdsplan.milestones import Milestone, milestones
from cdsplan.plan.reader import read
from cdsplan.progress import Phase
from cdsplan.schedule import forecast
from cdsplan.status import judge

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Golden

SCHEMA = Draft7Validator(json.loads((ROOT / "cdsplan" / "views" / "data.schema.json").read_text("utf-8")))

HEAD = """
[plan]
id = "school"
title = "Open the school"
start = 2026-03-02
timezone = "UTC"
[agencies]
head = { name = "The head teacher", short = "Head" }
town = { name = "The town" }
a = { name = "School A" }
b = { name = "School B" }
c = { name = "School C" }
d = { name = "School D" }
[tasks]
"""


def found(tasks: str, as_of: str = "2026-03-03") -> dict[str, Milestone]:
    """Find the milestones of a plan that starts on Monday 2 March 2026, by id."""
    day = date.fromisoformat(as_of)
    status = judge([forecast(read(f"{HEAD}{tasks}".encode(), "plan.toml"), day)], day)
    return {milestone.item.task.id: milestone for milestone in milestones(status)}


def acting(milestone: Milestone) -> list[str]:
    """Name the tasks that come next."""
    return [item.task.id for item in milestone.next]


# Laws


@given(mixed_plans(facts=True), DAYS)
def test_somebody_can_always_act(drawn: MixedPlan, as_of: date) -> None:
    """An open milestone has a chain that ends in it and a task that comes next; all are open; a settled one has none.

    What comes next waits for no open task, and what has not begun on no chain waits for nothing.
    """
    marked = drawn._replace(tasks=tuple(t._replace(lines=(*t.lines, "milestone = true")) for t in drawn.tasks))
    expected = marked.schedule(as_of=as_of)
    status = judge([expected], as_of)
    by_id = {item.task.id: item for item in status.items}
    for milestone in milestones(status):
        if not milestone.item.open:
            assert (milestone.chain, milestone.next) == ((), ())
            continue
        assert milestone.chain[-1] == milestone.item.task.id
        assert all(by_id[task].open for task in milestone.chain)
        assert milestone.next
        assert all(item.open and not item.blocked_by for item in milestone.next)


# By hand


def test_who_acts_next_stands_at_the_head_of_the_chain() -> None:
    """A is done; b and c tie and drive d, which the milestone ends; e has float and is not named."""
    milestone = found("""
a = { title = "A", duration = "1d", done = 2026-03-02 }
b = { title = "B", duration = "3d", after = "a" }
c = { title = "C", duration = "3d", after = "a" }
e = { title = "E", duration = "1d", after = "a" }
d = { title = "D", duration = "1d", after = ["b", "c", "e"] }
m = { title = "M", duration = "0d", after = "d", milestone = true }
""")["m"]
    assert milestone.chain == ("b", "d", "m")
    assert acting(milestone) == ["b", "c"]


def test_where_a_day_holds_the_chain_its_predecessors_act() -> None:
    """B is held until the 20th by its own `not-before`; a must be done by then, and z before a: z acts.

    A day alone may hold it: x has no predecessor and acts itself, when its day comes.
    """
    all_found = found("""
z = { title = "Z", duration = "1d" }
a = { title = "A", duration = "1d", after = "z" }
b = { title = "B", duration = "1d", after = "a", not-before = 2026-03-20 }
m = { title = "M", duration = "0d", after = "b", milestone = true }
x = { title = "X", duration = "1d", not-before = 2026-03-20, milestone = true }
""")
    assert (all_found["m"].chain, acting(all_found["m"])) == (("b", "m"), ["z"])
    assert (all_found["x"].chain, acting(all_found["x"])) == (("x",), ["x"])


def test_cancelled_work_is_passed_by() -> None:
    """B and y are cancelled: what they waited for acts, the milestone does not, and they are on no chain."""
    milestone = found("""
a = { title = "A", duration = "3d" }
b = { title = "B", duration = "3d", after = "a", cancelled = 2026-03-03 }
y = { title = "Y", duration = "3d", after = ["a", "b"], cancelled = 2026-03-03 }
m = { title = "M", duration = "1d", after = ["b", "y"], milestone = true }
""")["m"]
    assert (milestone.chain, acting(milestone)) == (("a", "m"), ["a"])


def test_what_may_begin_beside_its_predecessor_acts_too() -> None:
    """B starts with a, which has begun: both act. C must start after d starts, which has not begun: d acts alone.

    F must finish with e: both act. A point that finishes with e, or when d starts, waits for it.
    """
    all_found = found("""
a = { title = "A", duration = "5d", started = 2026-03-02 }
b = { title = "B", duration = "9d", after = ["a SS+2d"], milestone = true }
d = { title = "D", duration = "5d", not-before = 2026-03-09 }
c = { title = "C", duration = "9d", after = ["d SS"], milestone = true }
e = { title = "E", duration = "9d" }
f = { title = "F", duration = "1d", after = ["e FF"], milestone = true }
p = { title = "P", duration = "0d", after = ["e FF"], milestone = true }
q = { title = "Q", duration = "0d", after = ["d SF"], milestone = true }
""")
    assert {name: acting(milestone) for name, milestone in all_found.items()} == {
        "b": ["a", "b"],
        "c": ["d"],
        "f": ["e", "f"],
        "p": ["e"],
        "q": ["d"],
    }


def test_a_milestone_that_is_done_or_cancelled_waits_for_nobody() -> None:
    """Neither has a chain, or anybody who acts."""
    all_found = found("""
a = { title = "A", duration = "3d" }
done = { title = "D", after = "a", duration = "0d", milestone = true, done = 2026-03-03 }
gone = { title = "G", after = "a", duration = "0d", milestone = true, cancelled = 2026-03-03 }
""")
    assert [(m.item.phase, m.chain, m.next) for m in all_found.values()] == [
        (Phase.DONE, (), ()),
        (Phase.CANCELLED, (), ()),
    ]


def test_the_deadline_that_breaks_first_is_named() -> None:
    """M is due on the 31st, but what follows it on the 5th: that deadline breaks first. N has none."""
    all_found = found("""
m = { title = "M", duration = "1d", milestone = true, due = 2026-03-31 }
after = { title = "A", duration = "1d", after = "m", due = 2026-03-05 }
n = { title = "N", duration = "1d", milestone = true }
""")
    assert (all_found["m"].deadline_of, all_found["n"].deadline_of) == ("after", None)


# The command


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """Run in an empty folder."""
    with in_process(capsys, monkeypatch, tmp_path) as made:
        yield made


@pytest.mark.parametrize(("columns", "code"), [(80, "en"), (100, "en"), (80, "vi")])
def test_the_milestones_of_the_real_plan_read_well(
    cli: Cli, golden: Golden, monkeypatch: pytest.MonkeyPatch, columns: int, code: str
) -> None:
    """All five, with the survey overdue, narrow and wide, in both languages."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", str(columns))
    ran = cli("milestones", NGHEAN, "--as-of", "05/10/2021", "--lang", code)
    golden(ran.out, f"milestones.{columns}.{code}.txt")


ALL_KINDS = """
survey = { title = "Survey", duration = "~2d", each = ["a", "b", "c"], milestone = true, due = 2026-03-02 }
forms = { title = "Forms", duration = "2d", each = ["a", "b", "c", "d"], owner = ["head", "town"] }
rules = { title = "Rules", duration = "1d", after = ["survey", "forms"] }
open = { title = "Open", duration = "1d", owner = "town", after = "rules", milestone = true }
fair = { title = "Fair", duration = "1d", milestone = true, due = { after = "open", days = 11 } }
feast = { title = "Feast", duration = "1d", milestone = true, due = 2026-03-20 }
thanks = { title = "Thanks", duration = "1d", after = "feast", due = 2026-03-05 }
start = { title = "Start", duration = "0d", milestone = true, due = 2026-03-02, done = 2026-03-02 }
first = { title = "First", duration = "0d", milestone = true, done = true }
parade = { title = "Parade", duration = "1d", milestone = true, cancelled = 2026-03-02 }
"""


def test_a_forecast_that_rests_on_inferred_links_says_so(cli: Cli, tmp_path: Path) -> None:
    """No length is an estimate, but the source does not know that the opening waits for the rules (2 to 4 March)."""
    tasks = """
[tasks]
rules = { title = "Rules", duration = "3d" }
open = { title = "Open", duration = "0d", milestone = true, after = [{ task = "rules", basis = "inferred" }] }
"""
    head = '[plan]\nid = "school"\ntitle = "School"\nstart = 2026-03-02\ntimezone = "UTC"\n'
    (tmp_path / "plan.toml").write_text(head + tasks, "utf-8")

    out = cli("milestones", "--as-of", "2026-03-03", "--format", "plain").out

    assert "  Forecast   4 Mar 2026 (rests on inferred links)\n" in out


def test_every_kind_of_milestone_is_said(cli: Cli, tmp_path: Path) -> None:
    """Overdue, without deadline, undetermined, bound by another's deadline, done, done nobody knows when, cancelled.

    On Tuesday 3 March the survey (due on Monday) ends that day, one working day late. Forms and survey drive the rules
    on the 4th and the opening on the 5th; eleven days later is Monday the 16th. The feast (today) is followed by thanks
    on the 4th, one day before the deadline.
    """
    (tmp_path / "plan.toml").write_text(f"{HEAD}{ALL_KINDS}", "utf-8")

    out = cli("milestones", "--as-of", "2026-03-03", "--format", "plain").out

    assert (
        out
        == """\
Open the school
As of 3 Mar 2026

✗ Survey [survey]
  Deadline   2026-03-02 (2 Mar 2026)
  Status     overdue 1 day
  Forecast   3 Mar 2026 (rests on estimates); 1 working day too late for it
  Acts next  survey: School A, School B, School C

– Open [open]
  Deadline   none
  Status     no deadline
  Forecast   5 Mar 2026 (rests on estimates)
  Acts next  survey: School A, School B, School C
             forms: Head, The town, 4 agencies
  Driven by  survey → rules → open

? Fair [fair]
  Deadline   11 days after “open” (about 16 Mar 2026)
  Status     undetermined
  Forecast   3 Mar 2026
  Acts next  fair: nobody named

· Feast [feast]
  Deadline   2026-03-20 (20 Mar 2026)
  Status     on track, 17 days left
  Forecast   3 Mar 2026; 1 working day to spare (deadline of “thanks”)
  Acts next  feast: nobody named

✓ Start [start]
  Deadline  2026-03-02 (2 Mar 2026)
  Status    done on time
  Done      2 Mar 2026

– First [first]
  Deadline  none
  Status    done

∅ Parade [parade]
  Deadline  none
  Status    cancelled
"""
    )


def test_a_milestone_that_may_be_late_is_marked_and_worded_as_in_status(cli: Cli, tmp_path: Path) -> None:
    """Work from Monday, 2 March, for ten days ends on Friday, the 13th: too late for the 12th, and for the 9th.

    On the 3rd the 12th is more than a week off, the 9th is due soon: that comes first, the risk below.
    """
    tasks = """
far = { title = "Far", duration = "10d", milestone = true, due = 2026-03-12 }
near = { title = "Near", duration = "10d", milestone = true, due = 2026-03-09 }
"""
    (tmp_path / "plan.toml").write_text(f"{HEAD}{tasks}", "utf-8")

    listed = cli("milestones", "--as-of", "2026-03-03", "--format", "plain").out
    reported = cli("status", "--as-of", "2026-03-03", "--format", "plain").out

    assert "~ Far [far]\n" in listed
    assert "  Status     may be 1 day late\n" in listed
    assert "  ~  may be 1 day late" in reported
    assert "» Near [near]\n" in listed
    assert "  Status     due soon, 6 days left\n             may be 4 days late\n" in listed
    assert "  »  due soon, 6 days left" in reported


def test_a_plan_without_milestones_says_how_to_mark_one(cli: Cli, tmp_path: Path) -> None:
    """Nothing is listed, in words and as data."""
    (tmp_path / "plan.toml").write_text(f'{HEAD}a = {{ title = "A" }}\n', "utf-8")

    assert cli("milestones", "--as-of", "2026-03-03").out.splitlines() == [
        "Open the school",
        "As of 3 Mar 2026",
        "No task is marked as a milestone (milestone = true).",
    ]
    assert json.loads(cli("milestones", "--as-of", "2026-03-03", "--format", "json").out)["milestones"] == []


def test_a_deadline_without_a_day_is_said_in_its_words(cli: Cli, tmp_path: Path) -> None:
    """Work that goes on for ever has words and no day."""
    (tmp_path / "plan.toml").write_text(f'{HEAD}a = {{ title = "A", milestone = true, due = "ongoing" }}\n', "utf-8")
    assert "  Deadline   ongoing\n" in cli("milestones", "--as-of", "2026-03-03", "--format", "plain").out


def test_the_milestones_of_a_portfolio_name_their_plans(cli: Cli, tmp_path: Path) -> None:
    """Both titles stand first, and every milestone is PLAN:TASK; equal ids keep apart."""
    for name, facts in (("one", ""), ("two", ", done = 2026-03-02")):
        head = HEAD.replace('"school"', f'"{name}"').replace("Open the school", f"Plan {name}")
        (tmp_path / f"{name}.toml").write_text(
            f'{head}m = {{ title = "M", owner = "head", milestone = true{facts} }}\n', "utf-8"
        )

    ran = cli("milestones", "one.toml", "two.toml", "--as-of", "2026-03-03", "--format", "plain")

    lines = ran.out.splitlines()
    assert lines[:3] == ["Plan one", "Plan two", "As of 3 Mar 2026"]
    assert [line for line in lines if line.endswith("]")] == ["– M [one:m]", "– M [two:m]"]
    assert ran.out.count("Acts next") == 1


def test_milestones_are_a_document(cli: Cli, tmp_path: Path) -> None:
    """Every key has its fact."""
    (tmp_path / "plan.toml").write_text(f"{HEAD}{ALL_KINDS}", "utf-8")

    document = json.loads(cli("milestones", "--as-of", "2026-03-03", "--format", "json").out)
    items = json.loads(cli("status", "--as-of", "2026-03-03", "--format", "json").out)["items"]

    SCHEMA.validate(document)
    assert (document["as_of"], document["plans"][0]["id"]) == ("2026-03-03", "school")
    assert [found["item"] for found in document["milestones"]] == [item for item in items if item["milestone"]]
    opening = document["milestones"][1]
    assert (opening["item"]["id"], opening["deadline_of"]) == ("open", None)
    assert opening["chain"] == ["survey", "rules", "open"]
    assert opening["next"] == [
        {"id": "survey", "owner": [], "missing": ["a", "b", "c"], "forecast_finish": "2026-03-03"},
        {"id": "forms", "owner": ["head", "town"], "missing": ["a", "b", "c", "d"], "forecast_finish": "2026-03-03"},
    ]


def test_a_milestone_that_was_moved_has_the_words_of_the_decision(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its day was read from them, not from those of the plan."""
    (tmp_path / "plan.toml").write_text(
        '[plan]\nid = "hall"\ntitle = "Open the hall"\nstart = 2026-03-02\ntimezone = "UTC"\n[tasks]\n'
        'a = { title = "A", due = "March 2026", milestone = true }\nb = { title = "B", milestone = true }\n',
        "utf-8",
    )
    (tmp_path / "plan.journal.toml").write_text(
        '20260309-090000-aaaa = { at = 2026-03-09T09:00:00+00:00, on = 2026-03-09, task = "a", kind = "extended", '
        'due = "by 15 April 2026" }\n',
        "utf-8",
    )
    with in_process(capsys, monkeypatch, tmp_path) as cli:
        before, after = (
            [line.split(maxsplit=1)[1] for line in ran.out.splitlines() if line.startswith("Deadline")]
            for ran in (cli("milestones", "--as-of", day) for day in ("2026-03-08", "2026-03-10"))
        )
    assert before == ["March 2026 (31 Mar 2026)", "none"]
    assert after == ["by 15 April 2026 (15 Apr 2026)", "none"]
