"""What must hold across a whole plan: cycles and former ids stop it, the rest is said to whoever asks."""

from __future__ import annotations

from datetime import date

import pytest

from cdsplan.plan.reader import read
from cdsplan.plan.rules import placed, waits_for, warnings
from cdsplan.problems import PlanError, Problem, Severity

HEAD = '[plan]\nid = "p"\ntitle = "P"\nstart = 2026-01-05\ntimezone = "UTC"\n'
IN_RING = "take this link out, or another of the ring: nothing could ever start"
LINK = "look at both deadlines, or at the link between them"


def plan_of(*tasks: str, head: str = "") -> bytes:
    """Declare tasks in one line each, the first in line 7: `x = { due = … }`."""
    return f"{HEAD}{head}[tasks]\n{chr(10).join(tasks)}\n".encode()


def task(name: str, keys: str = "") -> str:
    """Declare a task."""
    return f'{name} = {{ title = "T"{", " if keys else ""}{keys} }}'


def shown(problem: Problem) -> str:
    """Write a problem in one line: line, what the caret is under, code, message; hint."""
    place = problem.place
    assert place is not None
    under = place.source[place.column - 1 : place.end_column - 1]
    return f"{place.line} {under} {problem.code} {problem.message}; {problem.hint}"


def errors(data: bytes) -> list[str]:
    """Say what stops a plan."""
    with pytest.raises(PlanError) as refused:
        read(data, "plan.toml")
    return [shown(problem) for problem in refused.value.problems if problem.severity is Severity.ERROR]


def warned(data: bytes) -> list[str]:
    """Say what is questionable in a plan that can be read."""
    plan = read(data, "plan.toml")
    found = [placed(finding, plan.source) for finding in warnings(plan)]
    assert all(problem.severity is Severity.WARNING for problem in found)
    return [shown(problem) for problem in found]


def test_a_cycle_is_named_whole() -> None:
    """Who needs whom stands there with lines, from the first declared task; the caret is under its link."""
    data = plan_of(
        task("a", 'after = ["x", "b SS+1d"]'),
        task("b", 'after = [{ task = "c" }]'),
        task("c", 'after = "a"'),
        task("x"),
        task("y", 'after = "c"'),
    )
    assert errors(data) == [
        (
            '7 "b SS+1d" CDS111 these tasks wait for each other:'
            f" “a” (line 7) needs “b” (line 8) needs “c” (line 9) needs “a” (line 7); {IN_RING}"
        )
    ]


def test_every_cycle_is_told() -> None:
    """Two rings and a task that waits for itself are three problems; what waits for them is none."""
    data = plan_of(
        task("a", 'after = "b"'),
        task("b", 'after = "a"'),
        task("c", 'after = ["a", "c FF"]'),
        task("d", 'after = ["f"]'),
        task("e", 'after = ["d"]'),
        task("f", 'after = ["e"]'),
    )
    assert errors(data) == [
        f'7 "b" CDS111 these tasks wait for each other: “a” (line 7) needs “b” (line 8) needs “a” (line 7); {IN_RING}',
        '9 "c FF" CDS111 “c” waits for itself; take this link out: it could never start',
        (
            '10 "f" CDS111 these tasks wait for each other:'
            f" “d” (line 10) needs “f” (line 12) needs “e” (line 11) needs “d” (line 10); {IN_RING}"
        ),
    ]


def test_a_former_id_leads_to_one_task() -> None:
    """A former id may neither be in use nor belong to two; one that a task repeats harms nobody."""
    data = plan_of(
        task("a", 'formerly = ["b", "old", "own", "own"]'),
        task("b", 'formerly = ["older"]'),
        task("c", 'formerly = ["older", "old", "c"]'),
    )
    assert errors(data) == [
        '7 "b" CDS108 “b” is the id of a present task; a former id leads to one task',
        '9 "older" CDS108 “older” is a former id of “b” too; a former id leads to one task',
        '9 "old" CDS108 “old” is a former id of “a” too; a former id leads to one task',
        '9 "c" CDS108 “c” is the id of a present task; a former id leads to one task',
    ]


@pytest.mark.parametrize(
    ("after", "due", "expected"),
    [
        ('"a"', "2026-03-09", "before “a”, which it waits for and which is due 10 Mar 2026"),
        ('"a"', "2026-03-10", None),
        ('"a FF"', "2026-03-09", "before “a”, which it waits for and which is due 10 Mar 2026"),
        ('"a SS"', "2026-03-09", None),  # it waits for the start only
        ('"a SF"', "2026-03-09", None),
        ('"between"', "2026-03-09", "before “a”, which it waits for and which is due 10 Mar 2026"),
        ('"between"', "2026-03-10", None),
        ('["a", "later"]', "2026-03-09", "before “later”, which it waits for and which is due 20 Mar 2026"),
        ('["later", "a"]', "2026-03-19", "before “later”, which it waits for and which is due 20 Mar 2026"),
        ('["sooner", "a"]', "2026-03-10", None),
        ('"after-later"', "2026-03-19", None),  # whose own deadline lies before that of “later”, and is told there
        ('"free"', "2026-01-05", None),
        ('"ongoing"', "2026-01-05", None),
        ('"counted"', "2026-01-05", None),
    ],
)
def test_a_successor_is_not_due_first(after: str, due: str, expected: str | None) -> None:
    """A deadline before that of a task whose finish it waits for, near or through others, is questionable."""
    data = plan_of(
        task("a", "due = 2026-03-10"),
        task("later", "due = 2026-03-20"),
        task("sooner", "due = 2026-02-10"),
        task("between", 'after = "a"'),
        task("after-later", 'after = "later", due = 2026-03-19'),
        task("free"),
        task("ongoing", 'due = "ongoing"'),
        task("counted", 'due = { after = "later", days = 3 }'),
        task("z", f"after = {after}, due = {due}"),
    )
    shown_due = f"{int(due[-2:])} {'Jan' if due[5:7] == '01' else 'Mar'} 2026"
    always = [
        (
            "11 2026-03-19 CDS208 “after-later” is due 19 Mar 2026, before “later”, which it waits for and which is "
            f"due 20 Mar 2026; {LINK}"
        )
    ]
    found = [f"15 {due} CDS208 “z” is due {shown_due}, {expected}; {LINK}"] if expected else []
    assert warned(data) == always + found


def test_successors_that_are_due_first_are_told_in_declared_order() -> None:
    """Also where a file declares what waits before what it waits for."""
    data = plan_of(
        task("z", 'after = "y", due = 2026-03-09'),
        task("y", 'after = "x", due = 2026-03-10'),
        task("x", "due = 2026-03-11"),
    )
    assert [line.split()[3] for line in warned(data)] == ["“z”", "“y”"]


def test_a_count_is_neither_before_nor_after() -> None:
    """A counted deadline has no day yet that could be compared."""
    data = plan_of(task("a", "due = 2026-03-10"), task("z", 'after = "a", due = { before = "a", days = 3 }'))
    assert warned(data) == []


ROLL = '[reading]\nday-off = "next-working-day"\n[calendar]\nholidays = "VN"\n'


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        ('"30/4/2026"', "“x” is due on 30 Apr 2026, a day off: the deadline is read as 4 May 2026"),
        ("2026-01-17", "“x” is due on 17 Jan 2026, a day off: the deadline is read as 19 Jan 2026"),
        ("2026-01-10", None),  # a Saturday that is worked
        ('"trước ngày 30/4/2026"', None),
        ('"tháng 1/2026"', None),  # ends on a Saturday, and does not move
        ("2026-04-29", None),
        ('{ after = "z", days = 1 }', None),
        ("{ none = true }", None),
    ],
)
def test_a_deadline_that_moves_is_said(due: str, expected: str | None) -> None:
    """Only a named day moves off a day off, and where it went is told."""
    data = plan_of(task("x", f"due = {due}"), task("z"), head=ROLL)
    hint = '[reading] day-off = "same-day" would keep the day'
    assert warned(data) == ([f"11 {due} CDS209 {expected}; {hint}"] if expected else [])


def test_a_deadline_before_the_plan_starts_is_said() -> None:
    """The first day of a plan is early enough; the day before it is a slip, most likely of the year."""
    data = plan_of(task("a", "due = 2026-01-05"), task("b", 'due = "04/01/2026"'), task("c", 'due = "ongoing"'))
    assert warned(data) == [
        '8 "04/01/2026" CDS212 “b” is due 4 Jan 2026, before the plan starts on 5 Jan 2026; is the year right?'
    ]


def test_a_fact_far_before_the_plan_is_doubted() -> None:
    """366 days before the start is work done early, 367 a slip; 5/1/2026 less 366 days is 4/1/2025."""
    facts = ("done = 2025-01-04", "started = 2025-01-03", "cancelled = 2024-06-01")
    data = plan_of(*map(task, "abc", facts))
    why = "more than a year before the plan starts on 5 Jan 2026; is the year right?"
    assert warned(data) == [
        f"8 2025-01-03 CDS213 “started” of “b” is 3 Jan 2025, {why}",
        f"9 2024-06-01 CDS213 “cancelled” of “c” is 1 Jun 2024, {why}",
    ]


def test_a_fact_far_after_the_plan_is_doubted() -> None:
    """366 days after the last deadline is late work, 367 a slip; a plan without deadlines ends where it starts."""
    facts = (task("a", 'due = "ongoing", started = 2027-03-02'), task("b", "started = 2026-02-01, done = 2027-03-03"))
    why = "more than a year after the last day that the plan names"
    assert warned(plan_of(*facts, task("c", "due = 2026-03-01"))) == [
        f"8 2027-03-03 CDS213 “done” of “b” is 3 Mar 2027, {why}, 1 Mar 2026; is the year right?"
    ]
    assert warned(plan_of(task("a", "done = 2027-01-06"))) == []
    assert warned(plan_of(task("a", "done = 2027-01-07"))) == [
        f"7 2027-01-07 CDS213 “done” of “a” is 7 Jan 2027, {why}, 5 Jan 2026; is the year right?"
    ]


def test_days_off_that_nobody_knows_are_said_once() -> None:
    """The shipped table ends in 2035; without holidays nothing is missing."""
    tasks = (task("a", 'due = "31/12/2035"'), task("b", 'due = "năm 2036"'), task("c", 'due = "năm 2037"'))
    assert warned(plan_of(*tasks, head='[calendar]\nholidays = "VN"\n')) == [
        (
            '10 "năm 2036" CDS210 public holidays are not known for 2036: only weekends count as days off;'
            " list the days off yourself under [calendar] closed"
        )
    ]
    assert warned(plan_of(*tasks)) == []


def test_positions_of_predecessors() -> None:
    """Links become positions in declared order, whatever their type."""
    plan = read(plan_of(task("a", 'after = ["c SS", "b"]'), task("b"), task("c", 'after = "b"')), "plan.toml")
    assert [list(before) for before in waits_for(plan.tasks)] == [[2, 1], [], [1]]
    assert plan.order == [1, 2, 0]
    assert plan.start == date(2026, 1, 5)
