"""Reasons: why a task stands where it does, step by step back to the start; and `why`, which says so."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from answers import dates_of
from hypothesis import given
from hypothesis import strategies as st
from invoke import NGHEAN, ROOT, Cli, in_process
from jsonschema import Draft7Validator
from mixed import DAYS, MixedPlan, mixed_plans
from oracle import Activity, Oracle, Project
from strategies import projects, scheduled

from cdsplan.cli.because import because
from cdsplan.plan.reader import read
from cdsplan.progress import Phase
from cdsplan.schedule import schedule
from cdsplan.schedule.links import FROM_START, TO_FINISH
from cdsplan.schedule.reasons import Cause, Reason, reason, reasons

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Golden

    from cdsplan.schedule import Schedule

SCHEMA = Draft7Validator(json.loads((ROOT / "cdsplan" / "views" / "data.schema.json").read_text("utf-8")))


def plan(tasks: str, *, calendar: str = "", silence: str = "on-plan", revised: str = "") -> Schedule:
    """Read a plan that starts on Monday 2 March 2026, without holidays unless the calendar has some."""
    head = f"""
[plan]
id = "example"
title = "Example"
start = 2026-03-02
timezone = "UTC"
{revised}
[reading]
silence = "{silence}"
{calendar}
"""
    return schedule(read(f"{head}{tasks}".encode(), "example.toml"))


def steps(planned: Schedule, task: str) -> list[tuple[str, Cause]]:
    """Name the tasks of a chain of reasons with their causes."""
    return [(planned.tasks[step.task].id, step.cause) for step in reasons(planned, planned.position[task])]


def words(planned: Schedule, task: str) -> list[str]:
    """Say a chain of reasons."""
    return [str(because(planned, step)) for step in reasons(planned, planned.position[task])]


# Laws


@given(projects())
def test_every_reason_binds_to_the_day(project: Project) -> None:
    """A link forbids one day less, by the naive method; a chain ends at the day that the task's own dates give."""
    oracle, planned = Oracle(project), scheduled(project)
    for j, task in enumerate(planned.tasks):
        step = reason(planned, j, None)
        driving = oracle.driving(task.id)
        assert (step.cause is Cause.LINK) == bool(driving)
        if step.link is not None:
            assert step.link in [task.links[at] for at in driving]
            assert {step.link.predecessor, *step.also} == {task.links[at].predecessor for at in driving}
        else:
            own = oracle.activities[task.id].not_before
            assert oracle.early[task.id] == oracle.bound(task.id)
            assert (step.cause is Cause.NOT_BEFORE) == (
                own is not None and own > project.start and oracle.morning(own) == oracle.early[task.id]
            )


@given(projects(dues=False), st.data())
def test_the_chain_alone_gives_the_same_date(project: Project, data: st.DataObject) -> None:
    """With nothing left of a plan but the tasks and links of the chain, its first task starts on the same day."""
    oracle, planned = Oracle(project), scheduled(project)
    asked = data.draw(st.sampled_from(list(oracle.early)))
    chain = reasons(planned, planned.position[asked])
    kept: list[Activity] = []
    for step in chain:
        task = planned.tasks[step.task]
        declared = oracle.activities[task.id]
        ties = tuple(tie for tie, link in zip(declared.ties, task.links, strict=True) if link is step.link)
        own = declared.not_before if step.cause is Cause.NOT_BEFORE else None
        kept.append(Activity(task.id, declared.length, ties, own))
    alone = Project(project.start, tuple(kept), project.workweek, project.closed, project.opened, project.vietnam)

    assert [step.link is None for step in chain] == [False] * (len(chain) - 1) + [True]
    assert len({step.task for step in chain}) == len(chain)
    assert Oracle(alone).early[asked] == oracle.early[asked]


@given(mixed_plans(facts=True), DAYS)
def test_every_reason_of_a_forecast_binds(drawn: MixedPlan, as_of: date) -> None:
    """Each cause is true of its task: the bound of a link or a day is its start, or that of what is left of it."""
    forecast = drawn.schedule(as_of=as_of)
    early, links, count = dates_of(forecast).early, forecast.network.links, len(forecast.tasks)
    for asked in range(count):
        chain = reasons(forecast, asked)
        assert [step.link is None for step in chain] == [False] * (len(chain) - 1) + [True]
        for before, step in zip((None, *chain), chain, strict=False):
            j = step.task
            start = dates_of(forecast).work_start.get(j, early[j])
            index = forecast.calendar(j).index
            match step.cause:
                case Cause.LINK:
                    at = forecast.tasks[j].links.index(step.link)
                    assert forecast.computed.asked[links.into(links.rank[j])[at]] == start
                case Cause.NOT_BEFORE:
                    assert index(forecast.tasks[j].not_before.toordinal()) == early[j]  # type: ignore[union-attr]
                case Cause.PLAN_START:
                    assert index(forecast.plan.start.toordinal()) == early[j]
                case Cause.DATA_DATE:
                    assert index(as_of.toordinal()) == (early[count + j] - 1 if step.held else early[j])
                case Cause.STARTED:
                    assert forecast.known[j].phase is Phase.IN_PROGRESS
                case Cause.DONE:
                    assert forecast.known[j].phase is Phase.DONE
            if before is not None and before.link is not None and step.held and before.link.type not in FROM_START:
                assert step.cause is Cause.DATA_DATE


@given(mixed_plans(facts=True), DAYS)
def test_days_off_are_days_off(drawn: MixedPlan, as_of: date) -> None:
    """Between a link's two days, one by one, lie so many days that the task's calendar does not work.

    An elapsed lag runs over days off without waiting for them, so links with one are left out.
    """
    forecast = drawn.schedule(as_of=as_of)
    for j in range(len(forecast.tasks)):
        step = reason(forecast, j, None)
        if step.link is None or step.link.lag.unit in {"ed", "ew"} or forecast.known[j].phase is Phase.IN_PROGRESS:
            continue
        i = forecast.position[step.link.predecessor]
        first = forecast.early_start(i) if step.link.type in FROM_START else forecast.early_finish(i)
        last = forecast.early_finish(j) if step.link.type in TO_FINISH else forecast.early_start(j)
        between = range(first.toordinal() + 1, last.toordinal())
        assert step.days_off == sum(not forecast.calendar(j).is_working(day) for day in between)


# Causes, by hand


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("a", "starts once “a” is finished (FS, stated)"),
        ("a FS+2d", "starts 2 working days after “a” is finished (FS+2d, stated); 2 days off between"),
        ("a FS-1d", "starts 1 working day before “a” is finished (FS−1d, stated)"),
        ("a SS", "starts together with “a” (SS, stated)"),
        ("a SS+1d", "starts 1 working day after “a” starts (SS+1d, stated)"),
        ("a SS-1d", "starts 1 working day before “a” starts (SS−1d, stated)"),
        ("a FF", "finishes together with “a” (FF, stated)"),
        ("a FF+1ed", "finishes 1 calendar day after “a” is finished (FF+1ed, stated)"),
        ("a FF-1d", "finishes 1 working day before “a” is finished (FF−1d, stated)"),
        ("a SF", "finishes when “a” starts (SF, stated)"),
        ("a SF+1d", "finishes 1 working day after “a” starts (SF+1d, stated)"),
        ("a SF-1d", "finishes 1 working day before “a” starts (SF−1d, stated)"),
    ],
)
def test_each_link_says_which_ends_it_ties(link: str, said: str) -> None:
    """A takes Tuesday to Thursday, 3 to 5 March; b takes a day, none where its finish is bound. Every link binds it."""
    length = 1 if " SS" in link or "FS" in link or link == "a" else 0
    planned = plan(f"""
[tasks]
a = {{ title = "A", duration = "3d", not-before = 2026-03-03 }}
b = {{ title = "B", duration = "{length}d", after = "{link}" }}
""")

    assert words(planned, "b") == [said, "may not start before 3 Mar 2026"]


def test_work_whose_finish_is_bound_says_that_it_finishes() -> None:
    """B (2 days) must end with a, on Friday the 6th: it starts on Thursday, and what binds it is its finish."""
    planned = plan("""
[tasks]
a = { title = "A", duration = "5d" }
b = { title = "B", duration = "2d", after = "a FF" }
c = { title = "C", duration = "1d", after = "b SS" }
""")
    assert words(planned, "c") == [
        "starts together with “b” (SS, stated)",
        "finishes together with “a” (FF, stated)",
        "the plan starts on 2 Mar 2026",
    ]


def test_of_several_links_the_task_declared_first_is_followed() -> None:
    """C waits for x, b and a, of which the last two bind: a is followed, as in `critical`, and b is named."""
    planned = plan("""
[tasks]
a = { title = "A", duration = "2d" }
b = { title = "B", duration = "2d" }
x = { title = "X", duration = "1d" }
c = { title = "C", duration = "1d", after = ["x", "b", "a", "a FF+1d"] }
""")
    first, second = reasons(planned, 3)
    assert (first.link and first.link.predecessor, first.also, second.task) == ("a", ("b",), 0)
    assert words(planned, "c")[0] == "starts once “a” is finished (FS, stated); equally bound by b"


def test_many_tasks_that_bind_equally_are_not_all_named() -> None:
    """Of eight predecessors one is followed, five are named, and dots stand for two."""
    eight = "\n".join(f't{k} = {{ title = "T", duration = "1d" }}' for k in range(8))
    names = ", ".join(f'"t{k}"' for k in range(8))
    planned = plan(f'[tasks]\n{eight}\nend = {{ title = "E", duration = "1d", after = [{names}] }}')
    assert words(planned, "end")[0] == (
        "starts once “t0” is finished (FS, stated); equally bound by t1, t2, t3, t4, t5, …"
    )


def test_not_before_binds_only_where_it_is_later() -> None:
    """A's `not-before` lies before the start of the plan, b's binds, c's is earlier than the end of b."""
    planned = plan("""
[tasks]
a = { title = "A", duration = "1d", not-before = 2026-02-02 }
b = { title = "B", duration = "1d", after = "a", not-before = 2026-03-05 }
c = { title = "C", duration = "1d", after = "b", not-before = 2026-03-04 }
""")
    assert steps(planned, "c") == [("c", Cause.LINK), ("b", Cause.NOT_BEFORE)]
    assert steps(planned, "a") == [("a", Cause.PLAN_START)]


def test_a_start_on_days_off_counts_them() -> None:
    """`not-before` on Saturday the 14th moves to Monday: two days off. A start on a closed Monday counts that day."""
    planned = plan(
        """
[tasks]
a = { title = "A", duration = "1d" }
b = { title = "B", duration = "1d", not-before = 2026-03-14 }
""",
        calendar="[calendar]\nclosed = [2026-03-02]",
    )
    assert words(planned, "a") == ["the plan starts on 2 Mar 2026; 1 day off between"]
    assert words(planned, "b") == ["may not start before 14 Mar 2026; 2 days off between"]


TET = """
[tasks]
a = { title = "A", duration = "5d", not-before = 2027-02-01 }
fs = { title = "B", duration = "1d", after = "a" }
lag = { title = "C", duration = "1d", after = "a FS+1d" }
elapsed = { title = "D", duration = "1d", after = "a FS+3ed" }
point = { title = "E", duration = "0d", after = "a" }
ss = { title = "F", duration = "1d", after = "a SS+5d" }
ff = { title = "G", duration = "1d", after = "a FF+1d" }
sf = { title = "H", duration = "1d", after = "a SF+6d" }
lead = { title = "I", duration = "1d", after = "a FS-1d" }
"""


@pytest.mark.parametrize(
    ("task", "start", "days"),
    [
        ("fs", 23, 9),
        ("lag", 24, 9),
        ("elapsed", 23, 6),
        ("point", 13, 0),
        ("ss", 23, 9),
        ("ff", 23, 9),
        ("sf", 23, 9),
        ("lead", 13, 0),
    ],
)
def test_days_off_over_tet(task: str, start: int, days: int) -> None:
    """A works from Monday 9 to Friday 13 February 2026; Tết closes the 16th to the 20th, with weekends nine days.

    One working day of lag is the 23rd. Three elapsed days are the 14th to the 16th: six days off remain. `SS+5d` lets
    five working days pass after Monday the 9th; `FF+1d` and `SF+6d` must end on the 23rd.
    """
    tasks = TET.replace("2027-02-01", "2026-02-09")
    head = '[plan]\nid = "t"\ntitle = "T"\nstart = 2026-02-02\ntimezone = "UTC"\n[calendar]\nholidays = "VN"\n'
    planned = schedule(read(f"{head}{tasks}".encode(), "t.toml"))
    j = planned.position[task]

    assert planned.early_start(j) == date(2026, 2, start)
    assert reasons(planned, j)[0].days_off == days


# Facts, by hand. The plan starts on Monday 2 March 2026.


def test_a_chain_ends_at_done_work() -> None:
    """A was done on the 4th, so b starts on the 5th, whatever a waited for; c was done nobody knows when."""
    forecast = plan("""
[tasks]
z = { title = "Z", duration = "9d" }
a = { title = "A", duration = "1d", after = "z", done = 2026-03-04 }
b = { title = "B", duration = "1d", after = "a" }
c = { title = "C", duration = "1d", done = true }
""").forecast(date(2026, 3, 4))
    assert forecast.early_start(2) == date(2026, 3, 5)
    assert words(forecast, "b") == ["starts once “a” is finished (FS, stated)", "done on 4 Mar 2026"]
    assert words(forecast, "c") == ["done, on a day not noted"]


def test_work_done_on_an_unknown_day_drives_nothing() -> None:
    """C was done, so d does not wait for it, not even for its lag or its `not-before`, and e only for b.

    The plan ends with e, on Friday the 6th: a `not-before` of what is done does not move it.
    """
    forecast = plan("""
[calendars.all]
workweek = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
[tasks]
b = { title = "B", duration = "4d" }
c = { title = "C", duration = "1d", not-before = 2026-03-20, done = true }
d = { title = "D", duration = "1d", after = "c FS+5d" }
e = { title = "E", duration = "1d", calendar = "all", after = ["c FS+9d", "b"] }
""").forecast(date(2026, 3, 2))
    assert forecast.early_start(2) == date(2026, 3, 2)
    assert steps(forecast, "d") == [("d", Cause.PLAN_START)]
    assert steps(forecast, "e") == [("e", Cause.LINK), ("b", Cause.PLAN_START)]
    assert forecast.finish() == date(2026, 3, 6)


def test_cancelled_work_passes_the_reason_on() -> None:
    """B is cancelled: c waits for what b would have waited for, and its line says that b takes no time."""
    forecast = plan("""
[tasks]
a = { title = "A", duration = "3d" }
b = { title = "B", duration = "5d", after = "a", cancelled = 2026-03-03 }
c = { title = "C", duration = "1d", after = "b" }
d = { title = "D", duration = "1d", cancelled = 2026-03-03 }
""").forecast(date(2026, 3, 3))
    assert words(forecast, "c") == [
        "starts once “b” is finished (FS, stated)",
        "cancelled, takes no time; starts once “a” is finished (FS, stated)",
        "the plan starts on 2 Mar 2026",
    ]
    assert words(forecast, "d") == ["cancelled, takes no time; the plan starts on 2 Mar 2026"]


def test_work_that_should_be_done_ends_the_chain() -> None:
    """A (2 days) should have ended on the 3rd and is open on the 10th: b follows on the 11th because of that day.

    Of a itself, the start is explained and the finish too; c follows a's start, which is the start of the plan.
    """
    forecast = plan("""
[tasks]
z = { title = "Z", duration = "1d" }
a = { title = "A", duration = "2d", after = "z SS" }
b = { title = "B", duration = "1d", after = "a" }
c = { title = "C", duration = "9d", after = "a SS" }
""").forecast(date(2026, 3, 10))
    held = "still open on 10 Mar 2026, so it cannot finish earlier"
    assert words(forecast, "b") == ["starts once “a” is finished (FS, stated)", held]
    assert words(forecast, "a")[0] == f"starts together with “z” (SS, stated); {held}"
    assert words(forecast, "c")[1] == f"starts together with “z” (SS, stated); {held}"
    assert words(forecast, "c")[2] == f"the plan starts on 2 Mar 2026; {held}"


def test_silence_as_no_progress_begins_at_the_data_date() -> None:
    """Nothing is reported by Sunday the 8th: a begins on Monday, b after it; a point has not happened either.

    C may not start before the 12th, which is later; the point binds also where silence means on plan.
    """
    tasks = """
[tasks]
a = { title = "A", duration = "2d" }
b = { title = "B", duration = "1d", after = "a" }
c = { title = "C", duration = "1d", not-before = 2026-03-12 }
p = { title = "P", duration = "0d" }
"""
    strict = plan(tasks, silence="no-progress").forecast(date(2026, 3, 7))
    usual = plan(tasks).forecast(date(2026, 3, 7))
    late = "not begun by 7 Mar 2026, so it cannot start earlier; 2 days off between"
    assert words(strict, "b") == ["starts once “a” is finished (FS, stated)", late]
    assert words(strict, "c") == ["may not start before 12 Mar 2026"]
    assert words(strict, "p") == words(usual, "p") == [late]
    assert steps(usual, "b") == [("b", Cause.LINK), ("a", Cause.DATA_DATE)]


@pytest.mark.parametrize(
    ("facts", "silence", "said"),
    [
        ("started = 2026-03-03", "on-plan", ["started on 3 Mar 2026"]),
        (
            "started = 2026-03-03, percent = 40",
            "on-plan",
            ["started on 3 Mar 2026, 40 % done; what is left begins on 5 Mar 2026"],
        ),
        ("percent = 40", "on-plan", ["in progress, 40 % done; what is left begins on 5 Mar 2026"]),
        ("started = 2026-03-03, percent = 100", "on-plan", ["started on 3 Mar 2026, 100 % done"]),
        (
            "started = 2026-03-03",
            "no-progress",
            [
                "started on 3 Mar 2026; what is left starts once “z” is finished (FS, stated)",
                "the plan starts on 2 Mar 2026",
            ],
        ),
    ],
)
def test_work_in_progress_says_what_is_known(facts: str, silence: str, said: list[str]) -> None:
    """On 4 March a has begun before its predecessor z (9 days) ended: usually it goes on, strictly the rest waits."""
    forecast = plan(
        f"""
[tasks]
z = {{ title = "Z", duration = "9d", started = 2026-03-02 }}
a = {{ title = "A", duration = "5d", after = "z", {facts} }}
""",
        silence=silence,
    ).forecast(date(2026, 3, 4))
    if silence == "no-progress":
        said = [said[0], "started on 2 Mar 2026; what is left begins on 4 Mar 2026"]
    assert words(forecast, "a") == said


def test_what_follows_a_start_that_has_been_ends_there() -> None:
    """A began on the 3rd while its rest waits for z: b, which starts with a, stands where it does for that fact."""
    forecast = plan(
        """
[tasks]
z = { title = "Z", duration = "9d" }
a = { title = "A", duration = "5d", after = "z", started = 2026-03-03 }
b = { title = "B", duration = "1d", after = "a SS+10d" }
""",
        silence="no-progress",
    ).forecast(date(2026, 3, 4))
    assert forecast.early_start(2) == date(2026, 3, 17)
    assert steps(forecast, "b") == [("b", Cause.LINK), ("a", Cause.STARTED)]


def test_a_reason_by_a_link_has_one() -> None:
    """A reason that names no link cannot be said as one."""
    with pytest.raises(ValueError, match="a link"):
        because(plan('[tasks]\na = { title = "A" }'), Reason(0, Cause.LINK))


# The command


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Cli]:
    """Run beside the real plan."""
    with in_process(capsys, monkeypatch, ROOT) as made:
        yield made


@pytest.mark.parametrize(("columns", "code"), [(80, "en"), (100, "en"), (100, "vi")])
def test_the_reasons_of_the_real_plan_read_well(
    cli: Cli, golden: Golden, monkeypatch: pytest.MonkeyPatch, columns: int, code: str
) -> None:
    """The last report of the real plan, as planned, narrow and wide, in both languages."""
    monkeypatch.setenv("COLUMNS", str(columns))
    golden(cli("why", "bao-cao-bch", "-p", NGHEAN, "--lang", code).out, f"why.{columns}.{code}.txt")


def test_the_reasons_of_a_forecast_read_well(cli: Cli, golden: Golden) -> None:
    """With the survey overdue on 5 October 2021, everything waits for it."""
    ran = cli("why", "bao-cao-bch", "-p", NGHEAN, "--forecast", "--as-of", "05/10/2021", "--lang", "en")
    golden(ran.out, "why-forecast.en.txt")


def test_reasons_are_a_document(cli: Cli, tmp_path: Path) -> None:
    """Every key has its fact: B is held on the 10th, bound by a's start; a by the start of the plan."""
    Path(tmp_path / "plan.toml").write_text(
        '[plan]\nid = "p"\ntitle = "P"\nstart = 2026-03-02\ntimezone = "UTC"\n[tasks]\n'
        'a = { title = "A", duration = "9d" }\n'
        'b = { title = "B", duration = "1d", after = [{ task = "a", type = "SS", lag = "5d", basis = "implied" }] }\n',
        "utf-8",
    )
    asked = ("why", "b", "-p", str(tmp_path / "plan.toml"), "--as-of", "2026-03-10", "--format", "json")
    document = json.loads(cli(*asked, "--forecast").out)
    planned = json.loads(cli(*asked).out)

    for one in (document, planned):
        SCHEMA.validate(one)
    assert (document["as_of"], planned["as_of"], planned["reasons"][0]["phase"]) == ("2026-03-10", None, None)
    assert document["task"] == "b"
    assert document["reasons"] == [
        {
            "id": "b",
            "early_start": "2026-03-09",
            "early_finish": "2026-03-10",
            "phase": "not-started",
            "cause": "link",
            "predecessor": "a",
            "type": "SS",
            "lag": "5d",
            "basis": "implied",
            "also": [],
            "days_off": 2,
            "held": True,
        },
        {
            "id": "a",
            "early_start": "2026-03-02",
            "early_finish": "2026-03-12",
            "phase": "not-started",
            "cause": "plan-start",
            "predecessor": None,
            "type": None,
            "lag": None,
            "basis": None,
            "also": [],
            "days_off": 0,
            "held": False,
        },
    ]


def test_the_plan_of_the_task_is_asked(cli: Cli, tmp_path: Path) -> None:
    """Of several plans the one that has the task answers; a task of one day is planned for that day."""
    for name in ("one", "two"):
        text = f'[plan]\nid = "{name}"\ntitle = "Plan {name}"\nstart = 2026-03-02\ntimezone = "UTC"\n[tasks]\n'
        (tmp_path / f"{name}.toml").write_text(f'{text}{name}-a = {{ title = "A", duration = "1d" }}\n', "utf-8")

    out = cli(
        "why", "two-a", "-p", str(tmp_path / "one.toml"), "-p", str(tmp_path / "two.toml"), "--format", "plain"
    ).out

    assert out.splitlines() == [
        "Plan two",
        "Why “A” is planned for 2 Mar 2026",
        "Task   Title  Start       Finish      Because",
        "two-a  A      2 Mar 2026  2 Mar 2026  the plan starts on 2 Mar 2026",
    ]
