"""What would move if a task were otherwise."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invoke import NGHEAN, ROOT, Cli, in_process
from test_data import documented

from cdsplan.plan.deadlines import DeadlineReader
from cdsplan.plan.model import Duration, DurationUnit
from cdsplan.plan.reader import read
from cdsplan.progress import Phase
from cdsplan.whatif import Change, Impossible, Outcome, what_if

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Golden

    from cdsplan.plan.model import Plan, Reading

# From Monday 2 March 2026, without holidays: prep 2–6, build 9–20, paint 9–11, open on 23 March. open may slip by one
# working day (its deadline is the 24th), and so may all before it; paint has seven more, until build is done.
PLAN = """\
[plan]
id = "hall"
title = "Open the hall"
start = 2026-03-02
timezone = "UTC"
[agencies]
office = { name = "Office" }
town = { name = "Town" }
art = { name = "Art" }
science = { name = "Science" }
[tasks.prep]
title = "Prepare"
owner = "office"
duration = "5d"
[tasks.build]
title = "Build"
owner = "town"
duration = "10d"
after = ["prep"]
due = 2026-03-25
milestone = true
[tasks.paint]
title = "Paint"
each = ["art", "science"]
duration = "3d"
after = ["prep"]
[tasks.open]
title = "Open"
owner = "office"
duration = "1d"
after = ["build", "paint"]
due = 2026-03-24
milestone = true
[tasks.alone]
title = "Alone"
owner = "science"
duration = "~1d"
"""
START = date(2026, 3, 2)
UNDER_WAY = PLAN.replace('duration = "5d"', 'duration = "5d"\ndone = 2026-03-06').replace(
    'duration = "10d"', 'duration = "10d"\nstarted = 2026-03-09'
)


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """Run in a folder where `plan.toml` is the plan above."""
    (tmp_path / "plan.toml").write_text(PLAN, "utf-8")
    with in_process(capsys, monkeypatch, tmp_path) as made:
        yield made


def hall(more: str = "") -> Plan:
    """Read the plan above, with more tasks."""
    return read((PLAN + more).encode(), "plan.toml")


def moves(outcome: Outcome) -> list[tuple[str, int, int]]:
    """Give (task, day in March before, after) of what moves."""
    return [(effect.after.task.id, effect.finishes[0].day, effect.finishes[1].day) for effect in outcome.moved]


def under_way() -> Plan:
    """Read the plan above with prep done as planned, and build begun."""
    return read(UNDER_WAY.encode(), "plan.toml")


def turns(outcome: Outcome) -> list[tuple[str, bool]]:
    """Give (task, whether newly missed) of the deadlines that turn."""
    return [(effect.after.task.id, effect.missed) for effect in outcome.turned]


# ------------------------------------------------------------------------------------------------------ What moves


def test_longer_work_moves_what_follows() -> None:
    """Two days more: build on Tuesday 24 March, in time; open on the 25th, a day after its deadline."""
    outcome = what_if(hall(), Change("build", add_days=2), START)

    assert moves(outcome) == [("build", 20, 24), ("open", 23, 25)]
    assert [effect.days for effect in outcome.moved] == [4, 2]
    assert turns(outcome) == [("open", True)]
    assert (outcome.turned[0].before.at_risk_days, outcome.turned[0].after.at_risk_days) == (None, 1)
    assert outcome.agencies == ("office", "town")
    assert outcome.finishes == (date(2026, 3, 23), date(2026, 3, 25))
    assert [item.deadline_float for item in outcome.changed] == [1, -1]
    assert outcome.free_float == 0


def test_work_off_the_path_moves_alone() -> None:
    """Paint until Tuesday the 17th: nothing else moves, three more days are left before open would."""
    outcome = what_if(hall(), Change("paint", duration=Duration(7)), START)

    assert moves(outcome) == [("paint", 11, 17)]
    assert (outcome.turned, outcome.free_float) == ((), 3)
    assert outcome.agencies == ("art", "science")
    assert outcome.finishes == (date(2026, 3, 23), date(2026, 3, 23))


def test_a_day_in_the_future_is_the_day_of_judgement() -> None:
    """Prep done on Wednesday the 4th: judged as of then; build ends on the 18th, open on the 19th, milestones first."""
    outcome = what_if(hall(), Change("prep", done=date(2026, 3, 4)), START)

    assert (outcome.before.as_of, outcome.after.as_of) == (date(2026, 3, 4), date(2026, 3, 4))
    assert moves(outcome) == [("build", 20, 18), ("open", 23, 19), ("prep", 6, 4), ("paint", 11, 9)]
    assert outcome.agencies == ("office", "town", "art", "science")
    assert outcome.free_float is None


def test_a_day_in_the_past_is_judged_as_of_today() -> None:
    """Prep done on Tuesday the 3rd, told on Monday the 9th, when it was still expected: judged as of the 9th."""
    outcome = what_if(hall(), Change("prep", done=date(2026, 3, 3)), date(2026, 3, 9))

    assert outcome.after.as_of == date(2026, 3, 9)
    assert ("prep", 9, 3) in moves(outcome)
    assert not outcome.changed.after.open


def due(words: str) -> Reading:
    """Read deadline words."""
    plan = hall()
    return DeadlineReader(plan.policy, plan.workdays).words(words)


def test_another_deadline_moves_no_date() -> None:
    """Due on the 18th, build, done on the 20th, would be two days late."""
    outcome = what_if(hall(), Change("build", due=due("before 18/3/2026")), START)

    assert (outcome.moved, outcome.agencies) == ((), ())
    assert turns(outcome) == [("build", True)]
    assert (outcome.turned[0].after.at_risk_days, outcome.changed.after.deadline_float) == (2, -2)


def test_a_later_deadline_is_no_longer_missed() -> None:
    """As of the 26th build, under way, is overdue by a day; with a deadline on the 31st it is not."""
    outcome = what_if(under_way(), Change("build", due=due("31/3/2026")), date(2026, 3, 26))

    assert turns(outcome) == [("build", False)]
    assert [item.days for item in outcome.turned[0]] == [1, -5]


def test_a_deadline_counted_from_what_is_done_may_turn() -> None:
    """Three working days after prep, done on the 4th, is Monday the 9th; the minutes take until the 16th."""
    minutes = (
        '[tasks.minutes]\ntitle = "M"\nduration = "8d"\nafter = "prep"\ndue = { after = "prep", working-days = 3 }\n'
    )

    outcome = what_if(hall(minutes), Change("prep", done=date(2026, 3, 4)), START)

    assert turns(outcome) == [("minutes", True)]
    assert [item.at_risk_days for item in outcome.turned[0]] == [None, 7]


def test_done_late_is_missed_as_overdue_is() -> None:
    """Build, expected on the day of judgement, done on the 26th, a day late: it was overdue as of then anyway."""
    told_before = what_if(under_way(), Change("build", done=date(2026, 3, 26)), date(2026, 3, 20))
    told_after = what_if(under_way(), Change("build", done=date(2026, 3, 26)), date(2026, 3, 27))

    assert (told_before.after.as_of, told_before.moved, told_before.turned) == (date(2026, 3, 26), (), ())
    assert moves(told_after)[0] == ("build", 27, 26)
    assert turns(told_after) == []


def test_a_deadline_may_turn_for_what_is_done() -> None:
    """Done on the 20th, build was in time for the 25th, and would have been late for the 18th."""
    plan = read(PLAN.replace('duration = "10d"', "done = 2026-03-20").encode(), "plan.toml")

    assert turns(what_if(plan, Change("build", due=due("18/3/2026")), date(2026, 3, 20))) == [("build", True)]


def test_cancelled_work_does_not_move() -> None:
    """What passes the logic on only has no forecast of its own; what is cancelled may still be said to be done."""
    plan = read(PLAN.replace('owner = "office"\nduration = "1d"', "cancelled = 2026-03-01").encode(), "plan.toml")

    assert moves(what_if(plan, Change("build", add_days=2), START)) == [("build", 20, 24)]
    assert what_if(plan, Change("open", add_days=2), START).moved == ()
    assert what_if(plan, Change("open", done=START), START).changed.after.phase is Phase.DONE


@pytest.mark.parametrize(
    ("change", "day", "held"),
    [
        (Change("prep", add_days=2), date(2026, 3, 16), True),
        (Change("prep", duration=Duration(7)), date(2026, 3, 16), True),
        (Change("prep", due=due("31/3/2026")), date(2026, 3, 16), False),
        (Change("prep", add_days=2), START, False),
        (Change("prep", add_days=2, done=START), START, False),
    ],
)
def test_what_is_open_cannot_be_expected_earlier(change: Change, day: date, held: bool) -> None:  # noqa: FBT001 - a value
    """On the 16th prep is a week late, and expected that day whether it takes five days or seven."""
    outcome = what_if(hall(), change, day)

    assert outcome.held is held
    assert not (held and outcome.moved)


# -------------------------------------------------------------------------------------------------- Other lengths

SIX_DAYS = """\
[calendars.six]
workweek = ["mon", "tue", "wed", "thu", "fri", "sat"]
[tasks.weeks]
title = "W"
duration = "~2w"
[tasks.saturdays]
title = "S"
duration = "1w"
calendar = "six"
[tasks.elapsed]
title = "E"
duration = "10ed"
[tasks.begun]
title = "B"
started = 2026-03-05
"""


@pytest.mark.parametrize(
    ("change", "length"),
    [
        (Change("weeks", add_days=1), 11),
        (Change("saturdays", add_days=1), 7),
        (Change("saturdays", add_days=-6), 0),
        (Change("elapsed", duration=Duration(1, DurationUnit.WEEKS), add_days=2), 7),
    ],
)
def test_days_that_are_added_are_those_of_the_task_s_calendar(change: Change, length: int) -> None:
    """Two weeks and a day are 11 working days; in a week of six one week and a day are 7, and all may be taken away."""
    assert what_if(hall(SIX_DAYS), change, START).changed.after.task.duration == Duration(length)


def test_a_length_that_is_given_says_itself_whether_it_is_an_estimate() -> None:
    """“~” belongs to the new length; days that are added leave it as it was."""
    plan = hall(SIX_DAYS)

    def estimated(change: Change) -> bool:
        return what_if(plan, change, START).changed.after.task.estimated

    assert not estimated(Change("weeks", duration=Duration(3)))
    assert estimated(Change("prep", duration=Duration(3), estimated=True))
    assert estimated(Change("weeks", add_days=1))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change("saturdays", add_days=-7), "“saturdays” takes 6 working days: it cannot be shortened more"),
        (
            Change("elapsed", add_days=1),
            "“elapsed” takes calendar days: give its new length as a whole, with --duration",
        ),
        (Change("begun", done=date(2026, 3, 4)), "“begun” was started on 5 Mar 2026, thus not done before"),
    ],
)
def test_what_cannot_be_is_refused(change: Change, words: str) -> None:
    """The reason is said."""
    with pytest.raises(Impossible) as problem:
        what_if(hall(SIX_DAYS), change, START)

    assert str(problem.value) == words


@given(st.integers(1, 60), st.integers(1, 100), st.integers(-60, 39))
def test_what_is_left_grows_by_what_is_added(work: int, percent: int, days: int) -> None:
    """Of begun work what is left moves its end by just the working days that are added, until nothing is left."""
    days = max(days, -work)
    task = f'[tasks.t]\ntitle = "T"\nduration = "{work}d"\nstarted = 2026-03-02\npercent = {percent}\n'
    plan = hall(task)
    left = -(-work * (100 - percent) // 100)

    changed = what_if(plan, Change("t", add_days=days), START).changed

    index = plan.workdays.index
    before, after = (index(day.toordinal()) for day in changed.finishes)
    assert after - before == max(days, -left)


# --------------------------------------------------------------------------------------------------- As it is shown


def test_an_outcome_is_said_in_words(cli: Cli) -> None:
    """The whole answer, as worked by hand above."""
    ran = cli("whatif", "build", "--add-days", "2", "--as-of", "2026-03-02", "--format", "plain")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == dedent("""\
        Build ◆
          Task              build
          What if           it takes 12 working days instead of 10 working days
          As of             2 Mar 2026
          Outcome           2 tasks move, 2 of them milestones
          To spare          1 working day too late for the deadline of “open”; now 1 working day to spare
          End of the plan   23 Mar 2026 → 25 Mar 2026, 2 days later
          Agencies touched  2 agencies: Office, Town

        What moves
           Task   Title  Now          Then         Days  Deadline     Status then
        ◆  build  Build  20 Mar 2026  24 Mar 2026  +4    25 Mar 2026  on track, 23 days left
        ◆  open   Open   23 Mar 2026  25 Mar 2026  +2    24 Mar 2026  may be 1 day late
        The forecast finish now and then, and the calendar days between.

        Deadlines that turn
                      Task  Deadline     Now                     Then
        newly missed  open  24 Mar 2026  on track, 22 days left  may be 1 day late
        """)


@pytest.mark.parametrize("columns", [80, 100])
def test_the_real_plan_reads_well(cli: Cli, golden: Golden, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """A table fits; on the 5th of October, ten days more for the draft put the end past its deadline by a day."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", str(columns))

    ran = cli("whatif", "du-thao-nghi-quyet", "--add-days", "10", "-p", NGHEAN, "--as-of", "05/10/2021", "--lang", "en")

    assert max(map(len, ran.out.splitlines())) <= columns
    golden(ran.out, f"whatif.{columns}.en.txt")


FACTS = """\
[tasks.finished]
title = "F"
done = 2026-03-02
[tasks.dropped]
title = "D"
cancelled = 2026-03-02
"""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("build", "--due", "31/3/2026"), ["Outcome nothing moves: 1 working day to spare", "23 Mar 2026, as before"]),
        (
            ("build", "--due", "2026-03-31"),
            ["it is due “2026-03-31”, thus 31 Mar 2026 at the latest (now 25 Mar 2026)"],
        ),
        (("alone", "--due", "ongoing"), ["Outcome nothing moves\n", "it is due “ongoing” (now –)"]),
        (
            ("alone", "--due", "5/3/2026"),
            [
                "nothing moves: 3 working days to spare",
                "To spare 3 working days to spare before the deadline of “alone”",
            ],
        ),
        (("build", "--due", "before 18/3/2026"), ["Outcome nothing moves\n", "newly missed"]),
        (
            ("prep", "--add-days", "2", "--as-of", "16/3/2026"),
            ["nothing moves: it is expected on 16 Mar 2026 still, the earliest day for what is open"],
        ),
        (("finished", "--duration", "9d"), ["Outcome nothing moves: it is done"]),
        (("dropped", "--duration", "9d"), ["Outcome nothing moves: it is cancelled"]),
        (
            ("paint", "--duration", "7d"),
            [
                "Outcome only the task itself moves; another one would after 3 more working days",
                "To spare 4 working days to spare before the deadline of “open”; now 8 working days to spare",
                "Agencies touched 2 agencies: Art, Science",
            ],
        ),
        (("alone", "--duration", "60d"), ["Outcome only the task itself moves\n"]),  # it ends the plan; nobody waits
        (
            ("alone", "--done", "2026-03-05"),
            [
                "it is done on 5 Mar 2026",
                "As of 5 Mar 2026, when it would be done",
                "Outcome nothing moves: it is done",
            ],
        ),
        (
            ("alone", "--done", "2026-03-07"),
            ["Outcome only the task itself moves\n", "9 Mar 2026 7 Mar 2026 -2 – done\n"],
        ),
        (
            ("prep", "--add-days", "-2", "--due", "9/3/2026"),
            ["it takes 3 working days instead of 5 working days", "it is due", "4 days earlier", "4 tasks move, 2 of"],
        ),
        (("build", "--duration", "~3w", "--due", "30/4/2026"), ["it takes 3 working weeks instead of 10 working days"]),
    ],
)
def test_what_does_not_move_is_said_too(cli: Cli, arguments: tuple[str, ...], words: list[str]) -> None:
    """Each answer has its own clear words; the file stays as it is."""
    Path("plan.toml").write_text(PLAN + FACTS, "utf-8")

    ran = cli("whatif", "--as-of", "2026-03-02", *arguments, "--format", "plain")

    assert (ran.code, ran.err) == (0, "")
    lines = "\n".join(" ".join(line.split()) for line in ran.out.splitlines()) + "\n"
    for expected in words:
        assert expected in lines
    assert Path("plan.toml").read_text("utf-8") == PLAN + FACTS


def test_a_task_for_which_nobody_waits_moves_alone(cli: Cli) -> None:
    """Neither the only task of a plan, nor one that others wait to see begun only, moves another one."""
    Path("plan.toml").write_text(PLAN.partition("[tasks")[0] + '[tasks.a]\ntitle = "A"\nduration = "5d"\n', "utf-8")
    ask = ("whatif", "a", "--add-days", "3", "--as-of", "2026-03-02", "--format", "plain")
    assert re.search("^ +Outcome +only the task itself moves$", cli(*ask).out, re.MULTILINE)

    with Path("plan.toml").open("a", encoding="utf-8") as plan:
        plan.write('[tasks.b]\ntitle = "B"\nduration = "2d"\nafter = ["a SS"]\n')
    assert re.search("^ +Outcome +only the task itself moves$", cli(*ask).out, re.MULTILINE)


def test_what_is_no_longer_missed_is_said(cli: Cli) -> None:
    """As of the 26th a deadline on the 31st takes build, under way, out of what is overdue."""
    Path("plan.toml").write_text(UNDER_WAY, "utf-8")

    out = cli("whatif", "build", "--due", "31/3/2026", "--as-of", "2026-03-26", "--format", "plain").out

    assert out.splitlines()[-1].split("  ") == [
        "no longer missed",
        "build",
        "31 Mar 2026",
        "overdue 1 day",
        "due soon, 5 days left",
    ]


def test_of_many_agencies_the_first_are_named(cli: Cli) -> None:
    """Six names, the others counted."""
    names = [f"a{n}" for n in range(8)]
    agencies = "".join(f'{name} = {{ name = "{name.upper()}" }}\n' for name in names)
    text = PLAN.replace("[tasks.prep]", agencies + "[tasks.prep]").replace('["art", "science"]', str(names))
    Path("plan.toml").write_text(text, "utf-8")

    ask = ("whatif", "paint", "--add-days", "1", "--as-of", "2026-03-02", "--format", "plain", "--lang")

    assert "  8 agencies: A0, A1, A2, A3, A4, A5 and 2 others\n" in cli(*ask, "en").out
    assert "  8 cơ quan: A0, A1, A2, A3, A4, A5 và 2 cơ quan khác\n" in cli(*ask, "vi").out


def test_hundreds_of_rows_are_plain_text(cli: Cli) -> None:
    """More than 200 rows are never drawn."""
    tasks = "".join(f'[tasks.t{n}]\ntitle = "T"\nafter = "prep"\n' for n in range(201))
    Path("plan.toml").write_text(PLAN + tasks, "utf-8")
    asked = ("whatif", "prep", "--add-days", "1", "--as-of", "2026-03-02")

    assert cli(*asked).out == cli(*asked, "--format", "plain").out


def test_an_outcome_is_a_document(cli: Cli) -> None:
    """As JSON it says what the words say, by the published schema."""
    data = documented(cli("whatif", "build", "--add-days", "2", "--as-of", "2026-03-02", "--format", "json").out)

    assert (data["as_of"], data["plan"]["id"], data["task"]) == ("2026-03-02", "hall", "build")
    assert data["change"] == {"duration": None, "estimated": None, "add_days": 2, "due": None, "done": None}
    assert data["finish"] == {"before": "2026-03-23", "after": "2026-03-25", "days": 2}
    assert (data["deadline_float"], data["free_float"]) == ({"before": 1, "after": -1}, 0)
    assert data["moved"] == [
        {"id": "build", "milestone": True, "before": "2026-03-20", "after": "2026-03-24", "days": 4},
        {"id": "open", "milestone": True, "before": "2026-03-23", "after": "2026-03-25", "days": 2},
    ]
    (turned,) = data["deadlines"]
    assert (turned["id"], turned["verdict"]) == ("open", "missed")
    assert (turned["before"]["timeliness"], turned["before"]["days"], turned["before"]["at_risk_days"]) == (
        "on-track",
        -22,
        None,
    )
    assert (turned["after"]["due"]["last"], turned["after"]["at_risk_days"]) == ("2026-03-24", 1)
    assert data["agencies"] == ["office", "town"]


def test_a_document_repeats_every_change(cli: Cli) -> None:
    """Each option comes back as it was understood; a deadline that turns may have had no day before."""
    minutes = (
        '[tasks.minutes]\ntitle = "M"\nduration = "8d"\nafter = "prep"\ndue = { after = "prep", working-days = 3 }\n'
    )
    Path("plan.toml").write_text(PLAN + minutes, "utf-8")
    options = ("--duration", "~2w", "--due", "5/3/2026", "--done", "4/3/2026", "--as-of", "2026-03-02")

    data = documented(cli("whatif", "prep", *options, "--format", "json").out)

    assert data["as_of"] == "2026-03-04"
    assert (data["change"]["duration"], data["change"]["estimated"], data["change"]["done"]) == (
        "2w",
        True,
        "2026-03-04",
    )
    assert data["change"]["due"]["last"] == "2026-03-05"
    (turned,) = data["deadlines"]
    assert (turned["id"], turned["before"]["due"], turned["after"]["due"]["last"]) == ("minutes", None, "2026-03-09")


def test_the_plan_of_the_task_is_asked(cli: Cli) -> None:
    """In a portfolio only the plan that has the task is changed and judged."""
    Path("other.toml").write_text(PLAN.replace('id = "hall"', 'id = "other"'), "utf-8")
    named = ("-p", "plan.toml", "-p", "other.toml", "--as-of", "2026-03-02", "--format", "json")

    data = documented(cli("whatif", "other:build", "--add-days", "2", *named).out)

    assert (data["plan"]["id"], len(data["moved"])) == ("other", 2)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "say what would be otherwise: --duration, --add-days, --due or --done"),
        (("--duration", "5"), '“5” is no duration; write days or weeks of work: "10d", "3w"; calendar days or weeks:'),
        (("--add-days", "x"), "'x' is not a valid integer"),
        (("--add-days", "-6"), "“prep” takes 5 working days: it cannot be shortened more"),
        (("--due", "30/9"), "the deadline does not give its year in full; write the year with four digits"),
        (("--due", "31/2/2026"), "2026"),
        (("--done", "soon"), "“soon” is no day; write 2021-10-05 or 05/10/2021"),
    ],
)
def test_wrong_usage_says_what_is_right(cli: Cli, arguments: tuple[str, ...], words: str) -> None:
    """Exit 2, nothing on standard output, the reason on standard error."""
    ran = cli("whatif", "prep", *arguments, "--as-of", "2026-03-02")

    assert (ran.code, ran.out) == (2, "")
    assert words in " ".join(ran.err.split())
