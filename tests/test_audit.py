"""The DCMA 14-point assessment: every metric worked by hand, and its verdict on either side of the threshold."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from invoke import NGHEAN, ROOT, Cli, in_process
from mixed import DAYS, MixedPlan, mixed_plans
from test_data import documented

from cdsplan.audit import DELAY, MEASURES, Audit, Judgement, Kind, Metric, audit
from cdsplan.journal.reader import read as read_journal
from cdsplan.journal.replay import replay
from cdsplan.plan.reader import read
from cdsplan.schedule import schedule
from cdsplan.status import judge

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Golden

    from cdsplan.schedule import Schedule

# From Monday 2 March 2026, without holidays.
HEAD = '[plan]\nid = "hall"\ntitle = "Open the hall"\nstart = 2026-03-02\ntimezone = "UTC"\n'
START = date(2026, 3, 2)


def audited(planned: Schedule, as_of: date) -> Audit:
    """Assess a schedule as of a day."""
    forecast = planned.forecast(as_of)
    return audit(planned, forecast, judge((forecast,), as_of).items, as_of)


def metric(number: int, tasks: str, as_of: date = START, head: str = HEAD) -> Metric:
    """Apply one metric to a plan; `tasks` are its tables, one task a line as inline tables."""
    return audited(schedule(read(f"{head}{tasks}".encode(), "plan.toml")), as_of).metrics[number - 1]


def reported(number: int, tasks: str, as_of: date, *entries: str, head: str = HEAD) -> Metric:
    """Apply one metric to a plan with a journal; entries are given by their keys but `at`."""
    planned = schedule(read(f"{head}{tasks}".encode(), "plan.toml"))
    lines = "".join(f"e{n} = {{ at = 2026-03-02T08:00:{n:02}+00:00, {keys} }}\n" for n, keys in enumerate(entries))
    journal = read_journal(lines.encode(), "plan.journal.toml", planned.plan, max_bytes=9999)
    assert not journal.vanished
    forecast = planned.forecast(as_of, replay(planned.plan, journal, as_of))
    return audit(planned, forecast, judge((forecast,), as_of).items, as_of).metrics[number - 1]


def behind(found: Metric) -> list[str]:
    """Name the tasks behind a metric; a link as predecessor>task."""
    return [each.task if each.link is None else f"{each.link.predecessor}>{each.task}" for each in found.found.behind]


def days(found: Metric) -> list[int | None]:
    """Give what the metric measures of the tasks behind it."""
    return [each.days for each in found.found.behind]


def counts(found: Metric) -> tuple[int, int]:
    """Give count and population."""
    return found.found.amount, found.found.population


def chain(length: int, *, lag: str = "") -> str:
    """Declare so many tasks of 2 days, each after the one before."""
    lines = ['t1 = { title = "T", duration = "2d" }']
    lines += [f't{n} = {{ title = "T", duration = "2d", after = "t{n - 1}{lag}" }}' for n in range(2, length + 1)]
    return "[tasks]\n" + "\n".join(lines) + "\n"


# ------------------------------------------------------------------------------------------------- The population


def test_what_counts() -> None:
    """Points and cancelled tasks do not count; what is done counts, but is not incomplete; links are between open ones.

    Of the five links below, only b→d joins two incomplete tasks that take time.
    """
    made = audited(
        schedule(
            read(
                f"""{HEAD}
[tasks]
a = {{ title = "A", duration = "2d", done = 2026-03-03 }}
b = {{ title = "B", duration = "2d", after = "a" }}
c = {{ title = "C", duration = "2d", cancelled = 2026-03-03, after = "b" }}
d = {{ title = "D", duration = "2d", after = ["b", "c"] }}
e = {{ title = "E", duration = "0d", after = "d" }}
""".encode(),
                "plan.toml",
            )
        ),
        date(2026, 3, 4),
    )
    assert (made.counted, made.incomplete, made.links) == (3, 2, 1)
    assert made.as_of == date(2026, 3, 4)


REPORTED = """[tasks]
a = { title = "A", duration = "5d", owner = "one", due = 2026-03-06 }
b = { title = "B", duration = "5d", after = "a" }
c = { title = "C", duration = "5d", after = "a", due = 2026-03-09 }
d = { title = "D", duration = "50d", after = "b FS+1d" }
e = { title = "E", duration = "5d", after = "d", due = 2026-05-29, milestone = true }
"""
WITH_ONE = HEAD + '[agencies]\none = { name = "One" }\n'
TOLD = (
    'on = 2026-03-02, task = "a", kind = "started"',
    'on = 2026-03-06, task = "a", kind = "done"',
    'on = 2026-03-09, task = "b", kind = "started"',
    'on = 2026-03-10, task = "c", kind = "cancelled"',
)
NOT_COUNTED = """
p = { title = "P", duration = "0d" }
q = { title = "Q", duration = "0d", due = 2026-03-04 }
r = { title = "R", duration = "0d", due = 2026-03-03 }
s = { title = "S", due = "ongoing" }
w = { title = "W", duration = "60d", milestone = true, repeat = "weekly by Friday" }
x = { title = "X", repeat = "daily", duration = "0d" }
"""
TOLD_OF_THEM = (
    'on = 2026-03-09, task = "r", kind = "done"',
    'on = 2026-03-09, task = "w@2026-03-06", kind = "done"',
    'on = 2026-03-09, task = "w@2026-03-13", kind = "started"',
    'on = 2026-03-09, task = "w@2026-03-20", kind = "cancelled"',
    'on = 2026-03-02, task = "x@2026-03-02", kind = "done"',
)


@pytest.mark.parametrize(
    ("number", "amount", "population", "found"),
    [
        (1, 1, 3, ["e"]),
        (2, 0, 2, []),
        (3, 1, 2, ["b>d"]),
        (4, 2, 2, []),
        (5, 0, 3, []),
        (6, 0, 3, []),
        (7, 3, 3, ["b", "d", "e"]),
        (8, 1, 3, ["d"]),
        (9, 0, 3, []),
        (10, 3, 3, ["b", "d", "e"]),
        (11, 0, 1, []),
        (12, 0, 3, []),
        (13, 56, 57, ["e"]),
        (14, 1, 1, []),
    ],
)
def test_the_population_of_each_metric(number: int, amount: int, population: int, found: list[str]) -> None:
    """What the journal tells of tasks counts; points, ongoing work and what comes again change nothing of it.

    On Friday 13 March a is done in time, b under way to that evening, c cancelled. d follows after the 16th and takes
    50 days to Monday 25 May, e the next five to 1 June, one more than its deadline leaves: float -1. From the data date
    to 1 June there are 57 working days.
    """
    day = date(2026, 3, 13)
    bare = reported(number, REPORTED, day, *TOLD, head=WITH_ONE)

    assert (counts(bare), behind(bare)) == ((amount, population), found)
    assert reported(number, REPORTED + NOT_COUNTED, day, *TOLD, *TOLD_OF_THEM, head=WITH_ONE) == bare


def test_a_plan_of_what_comes_again_has_nothing_to_assess() -> None:
    """No metric applies, and none falls over it."""
    plan = read(f'{HEAD}[tasks]\nw = {{ title = "W", repeat = "weekly by Friday" }}\n'.encode(), "plan.toml")

    made = audited(schedule(plan), date(2026, 3, 20))

    assert (made.counted, made.incomplete, made.links) == (0, 0, 0)
    assert {each.judgement for each in made.metrics} == {Judgement.NOT_APPLICABLE}


def test_nothing_left_is_not_applicable() -> None:
    """When all is done there is nothing to measure, but for what has passed."""
    done = '[tasks]\na = { title = "A", duration = "2d", done = 2026-03-03 }\n'
    verdicts = [metric(number, done, date(2026, 3, 4)).judgement for number in range(1, 15)]
    assert verdicts == [Judgement.NOT_APPLICABLE] * 10 + [Judgement.PASS] + [Judgement.NOT_APPLICABLE] * 2 + [
        Judgement.PASS
    ]
    assert metric(1, done, date(2026, 3, 4)).value is None


# ------------------------------------------------------------------------------------- The fourteen, in their order


def test_1_logic() -> None:
    """A chain has two loose ends: of 40 tasks that is 5 % and passes, of 39 it fails; a lone task is loose once."""
    assert (metric(1, chain(40)).value, metric(1, chain(40)).judgement) == (Fraction(1, 20), Judgement.PASS)
    long = metric(1, chain(39))
    assert (counts(long), behind(long), long.judgement) == ((2, 39), ["t1", "t39"], Judgement.FAIL)
    alone = metric(1, '[tasks]\na = { title = "A" }\n')
    assert (counts(alone), behind(alone)) == ((1, 1), ["a"])


def test_1_logic_knows_links_to_what_is_done_and_to_points() -> None:
    """B follows what is done and precedes a point: neither end is loose."""
    found = metric(
        1,
        """
[tasks]
a = { title = "A", duration = "1d", done = 2026-03-02 }
b = { title = "B", duration = "1d", after = "a" }
c = { title = "C", duration = "0d", after = "b" }
""",
        date(2026, 3, 3),
    )
    assert (counts(found), found.judgement) == ((0, 1), Judgement.PASS)


def test_2_leads() -> None:
    """One negative lag is one too many."""
    found = metric(2, chain(2) + 't3 = { title = "T", duration = "5d", after = "t2 FS-1d" }\n')
    assert (counts(found), behind(found), found.value, found.judgement) == (
        (1, 2),
        ["t2>t3"],
        Fraction(1),
        Judgement.FAIL,
    )
    assert metric(2, chain(3, lag=" FS+1d")).judgement is Judgement.PASS


def test_3_lags() -> None:
    """One lag among 20 links is 5 % and passes; among 19 it fails. Lags in calendar days count too."""
    last = 't{} = {{ title = "T", duration = "2d", after = "t{} FS+1ed" }}\n'
    passing, failing = metric(3, chain(20) + last.format(21, 20)), metric(3, chain(19) + last.format(20, 19))
    assert (counts(passing), passing.judgement) == ((1, 20), Judgement.PASS)
    assert (counts(failing), behind(failing), failing.judgement) == ((1, 19), ["t19>t20"], Judgement.FAIL)
    assert metric(3, chain(3, lag=" FS-1d")).found.amount == 0


def test_4_link_types() -> None:
    """9 of 10 links are FS: that passes; 8 of 9 do not. Behind it are the others."""
    other = 't{} = {{ title = "T", duration = "2d", after = "t{} SS" }}\n'
    passing, failing = metric(4, chain(10) + other.format(11, 10)), metric(4, chain(9) + other.format(10, 9))
    assert (counts(passing), passing.judgement) == ((9, 10), Judgement.PASS)
    assert (counts(failing), behind(failing), failing.judgement) == ((8, 9), ["t9>t10"], Judgement.FAIL)


def test_5_hard_constraints() -> None:
    """Neither a deadline nor not-before is one: with both, logic still moves the task."""
    found = metric(5, '[tasks]\na = { title = "A", duration = "5d", not-before = 2026-03-09, due = 2026-03-10 }\n')
    assert (counts(found), found.judgement) == ((0, 1), Judgement.PASS)
    assert found.found.note is not None


def test_6_high_float() -> None:
    """Beside 46 days of work, 2 days have 44 to spare, which is not high; 1 day has 45."""
    tasks = '[tasks]\na = { title = "A", duration = "46d" }\nb = { title = "B", duration = "2d" }\n'
    assert metric(6, tasks).judgement is Judgement.PASS
    found = metric(6, tasks.replace('"2d"', '"1d"'))
    assert (counts(found), behind(found), days(found), found.judgement) == ((1, 2), ["b"], [45], Judgement.FAIL)


def test_6_high_float_in_working_days_of_the_plan() -> None:
    """Beside 46 working days (9 weeks and a day), a calendar day on Monday has 63 of its own days, 45 working ones."""
    found = metric(6, '[tasks]\na = { title = "A", duration = "46d" }\nb = { title = "B", duration = "1ed" }\n')
    assert (behind(found), days(found)) == (["b"], [45])


def test_7_negative_float() -> None:
    """A and b need 4 days, until Thursday; b was due on Tuesday: both are 2 days short. c is free."""
    found = metric(
        7,
        """
[tasks]
a = { title = "A", duration = "2d" }
b = { title = "B", duration = "2d", after = "a", due = 2026-03-03 }
c = { title = "C", duration = "1d" }
""",
    )
    assert (counts(found), behind(found), days(found), found.judgement) == (
        (2, 3),
        ["a", "b"],
        [-2, -2],
        Judgement.FAIL,
    )


def test_8_high_duration() -> None:
    """44 days are not high, 45 are; what is reported as done leaves the count, and weeks are five days."""
    tasks = '[tasks]\na = { title = "A", duration = "44d" }\nb = { title = "B", duration = "9w" FACT }\n'
    found = metric(8, tasks.replace("FACT", ""))
    assert (counts(found), behind(found), days(found), found.judgement) == ((1, 2), ["b"], [45], Judgement.FAIL)
    assert metric(8, tasks.replace("FACT", ", started = 2026-03-02, percent = 10"), date(2026, 3, 6)).judgement is (
        Judgement.PASS
    )


def test_8_high_duration_of_elapsed_work() -> None:
    """63 calendar days from a Monday are 45 working days."""
    found = metric(8, '[tasks]\na = { title = "A", duration = "63ed" }\n')
    assert (behind(found), days(found)) == (["a"], [45])


def test_9_invalid_dates() -> None:
    """On Thursday, a (expected on Monday, nothing recorded) is wrong; b was started, c begins on Thursday.

    Of d somebody reported progress: it has begun, on whichever day.
    """
    found = metric(
        9,
        """
[tasks]
a = { title = "A", duration = "5d" }
b = { title = "B", duration = "5d", started = 2026-03-02 }
c = { title = "C", duration = "5d", not-before = 2026-03-05 }
d = { title = "D", duration = "5d", percent = 10 }
""",
        date(2026, 3, 5),
    )
    assert (counts(found), behind(found), days(found), found.judgement) == ((1, 4), ["a"], [3], Judgement.FAIL)


def test_9_what_is_recorded_for_later_is_not_known_yet() -> None:
    """A start dated after the data date is as if nobody had recorded it: on Tuesday, a is expected since Monday."""
    found = metric(9, '[tasks]\na = { title = "A", duration = "5d", started = 2026-03-04 }\n', date(2026, 3, 3))
    assert behind(found) == ["a"]


def test_9_nothing_is_invalid_where_silence_means_no_progress() -> None:
    """Where what nobody reports has not happened, all that is open is expected from the data date on."""
    head = HEAD + '[reading]\nsilence = "no-progress"\n'
    assert metric(9, chain(3), date(2026, 3, 12), head).judgement is Judgement.PASS


def test_10_no_owner() -> None:
    """Tasks that nobody leads or delivers are only told: 1 of 3, without a verdict."""
    found = metric(
        10,
        """
[agencies]
x = { name = "X" }
[tasks]
a = { title = "A", owner = "x" }
b = { title = "B", each = ["x"] }
c = { title = "C", support = ["x"] }
""",
    )
    assert (counts(found), behind(found), found.value, found.judgement) == (
        (1, 3),
        ["c"],
        Fraction(1, 3),
        Judgement.STATED,
    )


MISSED = """
[tasks]
late = { title = "L", duration = "1d", done = 2026-03-05, due = 2026-03-04 }
open = { title = "O", duration = "1d", due = 2026-03-05 }
kept = { title = "K", duration = "1d", done = 2026-03-04, due = 2026-03-04 }
someday = { title = "S", duration = "1d", done = true }
today = { title = "T", duration = "1d", due = 2026-03-06 }
gone = { title = "G", duration = "1d", due = 2026-03-04, cancelled = 2026-03-03 }
"""


def test_11_missed_tasks() -> None:
    """On Friday 6 March four baseline finishes have passed; two were missed. What is due today is still in time.

    someday has no deadline: its baseline is its planned finish, 2 March. It is done, on a day that nobody wrote down.
    """
    found = metric(11, MISSED, date(2026, 3, 6))
    assert (counts(found), behind(found), days(found), found.judgement) == (
        (2, 4),
        ["late", "open"],
        [1, 1],
        Judgement.FAIL,
    )
    assert counts(metric(11, MISSED, date(2026, 3, 7))) == (3, 5)


def test_ongoing_work_is_never_missed() -> None:
    """It has no end to be missed, and no length to be judged; a length that somebody stated counts."""
    tasks = """
[tasks]
a = { title = "A", due = "ongoing" }
b = { title = "B", due = "ongoing", duration = "2d" }
"""
    assert behind(metric(11, tasks, date(2026, 3, 20))) == ["b"]
    assert behind(metric(9, tasks, date(2026, 3, 20))) == ["b"]
    assert counts(metric(14, tasks, date(2026, 3, 20))) == (0, 1)


def test_11_missed_tasks_on_either_side_of_the_threshold() -> None:
    """1 of 20 missed passes, 1 of 19 does not."""
    done = "".join(f't{n} = {{ title = "T", done = 2026-03-02 }}\n' for n in range(19))
    passing = metric(11, f'[tasks]\na = {{ title = "A" }}\n{done}', date(2026, 3, 3))
    assert (counts(passing), passing.judgement) == ((1, 20), Judgement.PASS)
    failing = metric(11, f'[tasks]\na = {{ title = "A" }}\n{done.partition("t18")[0]}', date(2026, 3, 3))
    assert (counts(failing), failing.judgement) == ((1, 19), Judgement.FAIL)


def test_11_a_counted_deadline_counts_from_its_event() -> None:
    """B is due 2 working days after a was done on Monday: by Wednesday. On Thursday it has passed."""
    tasks = """
[tasks]
a = { title = "A", duration = "1d", done = 2026-03-02 }
b = { title = "B", duration = "5d", due = { after = "a", working-days = 2 } }
"""
    assert behind(metric(11, tasks, date(2026, 3, 4))) == []
    assert behind(metric(11, tasks, date(2026, 3, 5))) == ["b"]


def test_12_critical_path() -> None:
    """In a chain of FS links, every task moves the end by 600 days."""
    found = metric(12, chain(4))
    assert (counts(found), found.value, found.judgement) == ((0, 4), Fraction(600), Judgement.PASS)


def test_12_a_finish_that_nobody_waits_for_fails() -> None:
    """B starts with a and ends 8 days after it: of a 600 days' delay the end feels 592."""
    found = metric(
        12, '[tasks]\na = { title = "A", duration = "2d" }\nb = { title = "B", duration = "10d", after = "a SS" }\n'
    )
    assert (counts(found), behind(found), days(found), found.value, found.judgement) == (
        (1, 2),
        ["a"],
        [592],
        Fraction(592),
        Judgement.FAIL,
    )


def test_12_a_start_that_nothing_holds_fails() -> None:
    """B finishes with a, after 10 days, and could begin 8 days earlier: made longer, it begins earlier first."""
    found = metric(
        12, '[tasks]\na = { title = "A", duration = "10d" }\nb = { title = "B", duration = "2d", after = "a FF" }\n'
    )
    assert (behind(found), days(found)) == (["b"], [592])


def test_12_what_the_data_date_holds_is_delayed_from_there() -> None:
    """A should have been done on Tuesday; on Friday it is expected that day, and is delayed from that day on."""
    assert metric(12, chain(2), date(2026, 3, 6)).value == 600


def test_12_tries_open_work_only() -> None:
    """What is done, points and what drives nothing are not tried."""
    found = metric(
        12,
        """
[tasks]
a = { title = "A", duration = "2d", done = 2026-03-03 }
b = { title = "B", duration = "5d", after = "a" }
c = { title = "C", duration = "0d", after = "b" }
d = { title = "D", duration = "1d" }
""",
        date(2026, 3, 4),
    )
    assert counts(found) == (0, 1)


def test_12_calendars_that_differ_are_forgiven_their_days_off() -> None:
    """Delayed by 600 calendar days, a moves the end, which falls on working days only, by a day or so more or less."""
    found = metric(
        12, '[tasks]\na = { title = "A", duration = "2ed" }\nb = { title = "B", duration = "2d", after = "a" }\n'
    )
    assert found.threshold is not None
    assert found.threshold.value == 570
    assert found.judgement is Judgement.PASS


def test_13_cpli_as_dcma_works_it() -> None:
    """A path of 250 days, 10 days too long: 240 / 250 = 0.96.

    250 working days from Monday 2 March 2026 are 50 weeks, to Friday 12 February 2027; two weeks before is 29 January.
    """
    found = metric(13, '[tasks]\na = { title = "A", duration = "250d", due = 2027-01-29, milestone = true }\n')
    assert (counts(found), days(found), found.value, found.judgement) == (
        (240, 250),
        [-10],
        Fraction(96, 100),
        Judgement.PASS,
    )


def test_13_cpli_begins_on_the_data_date() -> None:
    """50 days later there are 200 left: 190 / 200 = 0.95 still passes; 10 days on it fails.

    The work was started on its day and goes on; before the plan begins, the path begins with it.
    """
    task = '[tasks]\na = { title = "A", duration = "250d", started = 2026-03-02, due = 2027-01-29, milestone = true }\n'
    passing, failing = metric(13, task, date(2026, 5, 11)), metric(13, task, date(2026, 5, 25))
    assert (counts(passing), passing.judgement) == ((190, 200), Judgement.PASS)
    assert (counts(failing), failing.judgement) == ((180, 190), Judgement.FAIL)
    assert counts(metric(13, task, date(2026, 2, 2))) == (240, 250)


def test_13_the_required_finish_is_the_last_open_milestone() -> None:
    """Of two milestones the later counts, though a task is due later still; once it is done, the earlier one does.

    Without milestones it is the last deadline; without any deadline there is nothing to measure.
    """
    tasks = """
[tasks]
a = { title = "A", duration = "5d", due = 2026-03-06, milestone = true }
b = { title = "B", duration = "10d", due = 2026-03-20, milestone = true }
c = { title = "C", duration = "20d", due = 2026-03-31 }
d = { title = "D", duration = "20d" }
"""
    found = metric(13, tasks)
    assert (behind(found), counts(found)) == (["b"], (15, 10))
    assert behind(metric(13, tasks.replace("10d", "1d").replace("due = 2026-03-20", "done = 2026-03-02"))) == ["a"]
    assert behind(metric(13, tasks.replace(", milestone = true", ""))) == ["c"]
    nothing = metric(13, chain(2))
    assert (nothing.judgement, str(nothing.found.note)) == (Judgement.NOT_APPLICABLE, "No open task has a deadline.")


def test_14_bei_as_dcma_works_it() -> None:
    """80 tasks should be done, 68 are: 0.85, below 0.95. Behind it are the other 12."""
    tasks = "".join(f't{n} = {{ title = "T"{", done = 2026-03-02" if n < 68 else ""} }}\n' for n in range(80))
    found = metric(14, f"[tasks]\n{tasks}", date(2026, 3, 3))
    assert (counts(found), found.value, found.judgement) == ((68, 80), Fraction(85, 100), Judgement.FAIL)
    assert behind(found) == [f"t{n}" for n in range(68, 80)]


def test_14_bei_counts_what_is_done_early() -> None:
    """On Tuesday one task should be done, and is; another is, that is due on Friday: 2 / 1."""
    found = metric(
        14,
        """
[tasks]
a = { title = "A", duration = "1d", done = 2026-03-02 }
b = { title = "B", duration = "1d", done = 2026-03-02, due = 2026-03-06 }
c = { title = "C", duration = "9d" }
""",
        date(2026, 3, 3),
    )
    assert (counts(found), found.value, found.judgement) == ((2, 1), Fraction(2), Judgement.PASS)


# ----------------------------------------------------------------------------------------------------- The journal

CHAIN = """
[agencies]
x = { name = "X" }
[tasks]
a = { title = "A", duration = "2d" }
b = { title = "B", duration = "2d", after = "a" }
c = { title = "C", duration = "2d", after = "b FS+1d" }
d = { title = "D", duration = "2d", after = "c FS-1d" }
"""


def test_what_the_journal_ends_is_not_incomplete() -> None:
    """A is done and d is cancelled by the journal, so that b and c remain, and the link between them.

    Metric 1 alone still knows the link from a, and the one from c to d; the chain to the end has two tasks left to try.
    """
    entries = 'on = 2026-03-03, task = "a", kind = "done"', 'on = 2026-03-03, task = "d", kind = "cancelled"'
    day = date(2026, 3, 4)
    for number, silent, told in (
        (1, (2, 4), (0, 2)),
        (2, (1, 3), (0, 1)),
        (3, (1, 3), (1, 1)),
        (4, (3, 3), (1, 1)),
        (5, (0, 4), (0, 2)),
        (6, (0, 4), (0, 2)),
        (10, (4, 4), (2, 2)),
        (12, (0, 4), (0, 2)),
    ):
        assert (counts(metric(number, CHAIN, day)), counts(reported(number, CHAIN, day, *entries))) == (silent, told)


def test_7_the_deadline_in_force_gives_float() -> None:
    """A ends on Friday, a day after its own deadline; the decision of Monday gives it until Tuesday."""
    tasks = '[tasks]\na = { title = "A", duration = "5d", due = 2026-03-05 }\n'
    extended = 'on = 2026-03-02, task = "a", kind = "extended", due = "2026-03-10", document = "1/QD"'
    before, after = reported(7, tasks, START), reported(7, tasks, START, extended)
    assert (counts(before), days(before), before.judgement) == ((1, 1), [-1], Judgement.FAIL)
    assert (counts(after), after.judgement) == ((0, 1), Judgement.PASS)
    shorter = reported(7, tasks, START, extended.replace("03-10", "03-04"))
    assert days(shorter) == [-2]


def test_8_what_is_left_by_the_journal() -> None:
    """Of 60 days half were done on the first: 30 are left."""
    tasks = '[tasks]\na = { title = "A", duration = "60d" }\n'
    assert days(reported(8, tasks, START)) == [60]
    half = reported(8, tasks, START, 'on = 2026-03-02, task = "a", kind = "progress", percent = 50')
    assert (counts(half), half.judgement) == ((0, 1), Judgement.PASS)


def test_9_whoever_reports_anything_has_begun() -> None:
    """On Thursday, of what should have begun on Monday: b was started, d has progressed, one member of e delivered.

    Nobody reports anything of a; what f reports was undone.
    """
    found = reported(
        9,
        """
[agencies]
x = { name = "X" }
y = { name = "Y" }
[tasks]
a = { title = "A", duration = "5d" }
b = { title = "B", duration = "5d" }
d = { title = "D", duration = "5d" }
e = { title = "E", duration = "5d", each = ["x", "y"] }
f = { title = "F", duration = "5d" }
""",
        date(2026, 3, 5),
        'on = 2026-03-03, task = "b", kind = "started"',
        'on = 2026-03-04, task = "d", kind = "progress", percent = 10',
        'on = 2026-03-04, task = "e", agency = "y", kind = "done"',
        'on = 2026-03-04, task = "f", kind = "started"',
        'on = 2026-03-04, kind = "void", of = "e3"',
    )
    assert (counts(found), behind(found), days(found)) == ((2, 5), ["a", "f"], [3, 3])


EXTENDED = """
[agencies]
x = { name = "X" }
y = { name = "Y" }
[tasks]
a = { title = "A", duration = "2d", due = 2026-03-04 }
b = { title = "B", duration = "2d", due = 2026-03-04 }
c = { title = "C", duration = "2d" }
d = { title = "D", duration = "1d", due = { after = "b", working-days = 1 } }
e = { title = "E", duration = "2d", each = ["x", "y"], due = 2026-03-05 }
f = { title = "F", duration = "2d", due = 2026-03-04 }
g = { title = "G", duration = "2d", due = { after = "c", working-days = 1 } }
"""
ENTRIES = (
    'on = 2026-03-06, task = "a", kind = "done"',
    'on = 2026-03-03, task = "b", kind = "done"',
    *(
        f'on = 2026-03-03, task = "{task}", kind = "extended", due = "2026-03-20", document = "1/QD"'
        for task in ("a", "c", "d", "g")
    ),
    'on = 2026-03-03, task = "e", agency = "y", kind = "extended", due = "2026-03-20"',
    'on = 2026-03-05, task = "e", agency = "x", kind = "done"',
    'on = 2026-03-04, task = "f", kind = "cancelled"',
)


def test_11_an_extension_does_not_change_the_baseline() -> None:
    """On Monday the 9th, all but b (done in time) and f (cancelled) have missed what the plan itself says.

    A was due on the 4th, and done on the 6th. C has no deadline in the plan, and was planned for the 3rd: 6 days. D was
    due a working day after b, on the 4th: 5. Of e, one member has not delivered, 4 days after the 5th. G counts from c,
    which is not done: planned for the 3rd.
    """
    found = reported(11, EXTENDED, date(2026, 3, 9), *ENTRIES)
    assert (counts(found), behind(found), days(found)) == ((5, 6), ["a", "c", "d", "e", "g"], [2, 6, 5, 4, 6])


def test_14_nor_what_is_due() -> None:
    """Of the same six that are due, a and b are done: 2 / 6."""
    found = reported(14, EXTENDED, date(2026, 3, 9), *ENTRIES)
    assert (counts(found), behind(found), found.value) == ((2, 6), ["c", "d", "e", "g"], Fraction(1, 3))


def test_13_the_required_finish_is_in_force() -> None:
    """15 days of work from Monday the 2nd end on Friday the 20th: 5 too late for the 13th, and in time for the 20th."""
    tasks = '[tasks]\na = { title = "A", duration = "15d", due = 2026-03-13, milestone = true }\n'
    assert reported(13, tasks, START).value == Fraction(10, 15)
    extended = 'on = 2026-03-02, task = "a", kind = "extended", due = "2026-03-20"'
    found = reported(13, tasks, START, extended)
    assert (counts(found), found.value, found.judgement) == ((15, 15), Fraction(1), Judgement.PASS)


# ------------------------------------------------------------------------------------------------------------ Laws


@given(mixed_plans(facts=True), DAYS)
def test_every_assessment_adds_up(drawn: MixedPlan, as_of: date) -> None:
    """Shares lie between 0 and 1, no task behind a metric is named twice, and a verdict follows from its value."""
    made = audited(drawn.schedule(), as_of)
    assert [found.number for found in made.metrics] == list(range(1, 15))
    assert 0 <= made.incomplete <= made.counted <= len(made.plan.tasks)
    for found in made.metrics:
        amount, population = counts(found)
        assert population >= 0
        assert (found.value is None) is (found.judgement is Judgement.NOT_APPLICABLE) is (population == 0)
        if found.measure.kind is Kind.SHARE:
            assert 0 <= amount <= population
        if found.threshold is not None and found.value is not None:
            assert found.threshold.passed(found.value) is (found.judgement is Judgement.PASS)
        if found.measure.id not in {"leads", "lags", "link-types"}:
            assert len(set(behind(found))) == len(behind(found))
        assert {each.task for each in found.found.behind} <= set(made.plan.tasks)


# ------------------------------------------------------------------------------------------------------- The command


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Cli]:
    """Run at the top of the repository."""
    with in_process(capsys, monkeypatch, ROOT) as made:
        yield made


@pytest.mark.parametrize("code", ["en", "vi"])
@pytest.mark.parametrize("form", ["table", "plain", "markdown"])
def test_the_real_plan_reads_well(cli: Cli, golden: Golden, form: str, code: str) -> None:
    """Every form shows at 100 columns what was read and found good."""
    ran = cli("audit", "-p", NGHEAN, "--as-of", "05/10/2021", "--lang", code, "--format", form)
    assert (ran.code, ran.err) == (0, "")
    golden(ran.out, f"audit.{form}.{code}.txt")


@pytest.mark.parametrize("code", ["en", "vi"])
def test_a_narrow_terminal_reads_well(cli: Cli, golden: Golden, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """80 columns are enough, without the counts."""
    monkeypatch.setenv("COLUMNS", "80")
    ran = cli("audit", "-p", NGHEAN, "--as-of", "05/10/2021", "--lang", code)
    assert max(map(len, ran.out.splitlines())) <= 80
    golden(ran.out, f"audit.80.{code}.txt")


@pytest.mark.parametrize("number", range(1, 15))
def test_every_metric_can_be_told(cli: Cli, golden: Golden, number: int) -> None:
    """`--metric` shows the formula, the note, and every task behind it."""
    ran = cli("audit", "-p", NGHEAN, "--as-of", "01/6/2022", "--lang", "en", "--metric", str(number))
    assert (ran.code, ran.err) == (0, "")
    golden(ran.out, f"audit.metric-{number:02}.txt")


def test_the_command_knows_the_journal(cli: Cli, tmp_path: Path) -> None:
    """The journal beside the plan says what is done: of two that are due one is missing, of two incomplete one."""
    tasks = "".join(f'{name} = {{ title = "T", duration = "2d", due = 2026-03-04 }}\n' for name in "ab")
    (tmp_path / "plan.toml").write_text(f"{HEAD}[tasks]\n{tasks}", "utf-8")
    asked = ("audit", "-p", str(tmp_path / "plan.toml"), "--as-of", "2026-03-06", "--format", "json")
    found = []
    for text in (None, 'e = { at = 2026-03-03T08:00:00+00:00, on = 2026-03-03, task = "a", kind = "done" }\n'):
        if text is not None:
            (tmp_path / "plan.journal.toml").write_text(text, "utf-8")
        (plan,) = documented(cli(*asked).out)["plans"]
        values = {metric["id"]: metric["value"] for metric in plan["metrics"]}
        found.append((plan["incomplete"], values["missed"], values["bei"]))
    assert found == [(2, 1, 0), (1, 0.5, 0.5)]


def test_one_metric_in_other_forms(cli: Cli, tmp_path: Path) -> None:
    """Plain text and Markdown tell a metric too; links with their type and lag, lists line by line."""
    (tmp_path / "plan.toml").write_text(HEAD + chain(2, lag=" SS-1d"), "utf-8")
    asked = ("audit", "-p", str(tmp_path / "plan.toml"), "--as-of", "2026-03-02", "--metric", "2", "--format")
    assert cli(*asked, "plain").out == dedent("""\
        2 Leads – Open the hall
          As of      2 Mar 2026
          Verdict    ✗ fail
          Formula    links with a negative lag, of the links between incomplete tasks
          Value      1
          Threshold  ≤ 0
          Count      1/1
          Behind it  t1 → t2: SS−1d
        """)
    assert cli(*asked, "markdown").out.endswith("- **Behind it**: t1 → t2: SS−1d\n")
    assert cli(*asked[:-2], "15").code == 2


def test_an_extension_does_not_change_the_baseline(cli: Cli, tmp_path: Path) -> None:
    """A was due on 6 March; the journal extends it to the 13th. It missed its baseline; the path has five days more.

    On Monday the 9th, 5 days of work of which nothing is reported are expected that day: (1 + 4) / 1.
    """
    plan = tmp_path / "plan.toml"
    plan.write_text(
        f'{HEAD}[tasks]\na = {{ title = "A", duration = "5d", due = 2026-03-06, milestone = true }}\n', "utf-8"
    )
    (tmp_path / "plan.journal.toml").write_text(
        '20260305-090000-aaaa = { at = 2026-03-05T09:00:00+00:00, on = 2026-03-05, task = "a", kind = "extended", '
        'due = 2026-03-13, document = "1/UB" }\n',
        "utf-8",
    )
    document = documented(cli("audit", str(plan), "--as-of", "2026-03-09", "--format", "json").out)
    found = {metric["id"]: metric for metric in document["plans"][0]["metrics"]}
    assert (found["missed"]["count"], found["missed"]["behind"][0]["days"]) == (1, 3)
    assert (found["cpli"]["count"], found["cpli"]["population"]) == (5, 1)


def test_what_the_journal_reports_counts(cli: Cli, tmp_path: Path) -> None:
    """What the journal says is done is done, on its day."""
    plan = tmp_path / "plan.toml"
    plan.write_text(f'{HEAD}[tasks]\na = {{ title = "A", duration = "1d", due = 2026-03-06 }}\n', "utf-8")
    (tmp_path / "plan.journal.toml").write_text(
        '20260309-090000-aaaa = { at = 2026-03-09T09:00:00+00:00, on = 2026-03-07, task = "a", kind = "done" }\n',
        "utf-8",
    )
    document = documented(cli("audit", str(plan), "--as-of", "2026-03-09", "--format", "json").out)
    found = {metric["id"]: metric for metric in document["plans"][0]["metrics"]}
    assert (found["missed"]["count"], found["missed"]["behind"][0]["days"]) == (1, 1)
    assert (found["bei"]["count"], found["bei"]["population"]) == (1, 1)


@pytest.mark.parametrize(
    ("number", "tasks", "told"),
    [
        (8, '[tasks]\na = { title = "A", duration = "45d" }\n', "A [a]: 45 working days left to do"),
        (
            12,
            '[tasks]\na = { title = "A", duration = "2d" }\nb = { title = "B", duration = "9d", after = "a SS" }\n',
            "A [a]: the end moves by 593 working days",
        ),
    ],
)
def test_what_a_metric_measures_is_told(cli: Cli, tmp_path: Path, number: int, tasks: str, told: str) -> None:
    """Each task behind a metric comes with its days, in words."""
    plan = tmp_path / "plan.toml"
    plan.write_text(HEAD + tasks, "utf-8")
    ran = cli("audit", str(plan), "--as-of", "2026-03-02", "--metric", str(number), "--format", "plain")
    assert ran.out.rstrip().endswith(told)


def test_rounding_does_not_change_sides(cli: Cli, tmp_path: Path) -> None:
    """BEI 94/99 would round to 0.95, which passes: it shows as 0.94. Logic 6/119 would round to 5.0%: it shows as 5.1%.

    Of the 119, a chain of 115 has two loose ends, and four tasks stand alone.
    """
    tasks = "".join(f't{n} = {{ title = "T"{", done = 2026-03-02" if n < 94 else ""} }}\n' for n in range(99))
    lone = "".join(f'x{n} = {{ title = "X" }}\n' for n in range(4))
    plan = tmp_path / "plan.toml"
    for text, day, expected in (
        (f"{HEAD}[tasks]\n{tasks}", "2026-03-03", ["14", "BEI", "✗", "fail", "0.94", "≥", "0.95", "94/99"]),
        (f"{HEAD}{chain(115)}{lone}", "2026-03-02", ["1", "Logic", "✗", "fail", "5.1%", "≤", "5%", "6/119"]),
    ):
        plan.write_text(text, "utf-8")
        rows = map(str.split, cli("audit", str(plan), "--as-of", day, "--format", "plain").out.splitlines())
        assert expected in [row[: len(expected)] for row in rows]


def test_json_holds_everything(cli: Cli) -> None:
    """The document names every metric with its value, threshold and tasks; the schema describes all of it."""
    document = documented(cli("audit", "-p", NGHEAN, "--as-of", "05/10/2021", "--format", "json").out)
    (plan,) = document["plans"]
    assert {key: plan[key] for key in ("id", "as_of", "tasks", "incomplete", "links")} == {
        "id": "nghean-nq-cds",
        "as_of": "2021-10-05",
        "tasks": 13,
        "incomplete": 13,
        "links": 15,
    }
    logic = plan["metrics"][0]
    assert (logic["count"], logic["population"], logic["value"], logic["verdict"]) == (3, 13, 3 / 13, "fail")
    assert [task["id"] for task in logic["behind"]] == ["hoi-thao", "xin-y-kien-bo-tttt", "bao-cao-bch"]
    assert [found["number"] for found in plan["metrics"]] == list(range(1, 15))


@pytest.mark.parametrize("plan", sorted((ROOT / "tests" / "plans" / "good").glob("*.toml")), ids=lambda path: path.stem)
def test_every_good_plan_can_be_audited(cli: Cli, plan: Path) -> None:
    """Every good plan, whatever is in it, gives fourteen metrics that the schema describes, and a table."""
    document = documented(cli("audit", str(plan), "--as-of", "2026-06-30", "--format", "json").out)
    assert [len(each["metrics"]) for each in document["plans"]] == [14]
    assert cli("audit", str(plan), "--as-of", "2026-06-30").code == 0


def test_one_metric_of_several_plans(cli: Cli, tmp_path: Path) -> None:
    """A portfolio is assessed plan by plan: each by its own tasks."""
    for name, length in (("one", 2), ("two", 3)):
        (tmp_path / f"{name}.toml").write_text(HEAD.replace("hall", name) + chain(length), "utf-8")
    files = [str(tmp_path / "one.toml"), str(tmp_path / "two.toml")]
    document = json.loads(cli("audit", *files, "--as-of", "2026-03-02", "--metric", "1", "--format", "json").out)
    assert [[found["population"] for found in plan["metrics"]] for plan in document["plans"]] == [[2], [3]]


def test_the_formulas_name_their_limits() -> None:
    """What a formula says in words is what it compares with."""
    assert [str(measure.formula).count("44") for measure in MEASURES].count(1) == 2
    assert str(DELAY) in str(MEASURES[11].formula)
