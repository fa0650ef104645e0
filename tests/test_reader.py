"""From bytes to a plan: every key of the format at its place in the model, and what is wrong with a whole plan."""

from __future__ import annotations

import unicodedata
from datetime import date, time
from typing import TYPE_CHECKING

import pytest

from cdsplan.plan.model import (
    NO_DETAILS,
    NO_FACTS,
    Agency,
    Before,
    CalendarSpec,
    Counted,
    CountUnit,
    DayOff,
    DeadlineKind,
    Details,
    Duration,
    DurationUnit,
    Facts,
    Link,
    Policy,
    Reading,
    Rule,
    Silence,
    Task,
)
from cdsplan.plan.reader import MOST_PER_RULE, read
from cdsplan.plan.source import LARGE, Source
from cdsplan.plan.spans import index
from cdsplan.problems import PlanError, Severity

if TYPE_CHECKING:
    from cdsplan.plan.model import Plan

HEAD = '[plan]\nid = "p"\ntitle = "P"\nstart = 2026-01-05\ntimezone = "UTC"\n'
AGENCIES = "[agencies]\n" + "".join(f'{agency} = {{ name = "{agency.upper()}" }}\n' for agency in "abcd")
TASK = '[tasks.x]\ntitle = "X"\n'


def plan_of(text: str) -> Plan:
    """Read a plan that has no mistakes."""
    return read(text.encode(), "plan.toml")


def task_of(keys: str, before: str = "") -> Task:
    """Read the task `x` with these keys, in a plan with the agencies a to d and a task `y`."""
    return plan_of(f'{HEAD}{before}{AGENCIES}{TASK}{keys}\n[tasks.y]\ntitle = "Y"\n').tasks["x"]


def faults(text: str) -> list[str]:
    """Say what is wrong with a plan, one line each: line, code, message; hint."""
    with pytest.raises(PlanError) as refused:
        read(text.encode(), "plan.toml")
    assert all(problem.place and problem.hint for problem in refused.value.problems)
    return [
        f"{problem.place.line if problem.place else ''} {problem.code} {problem.message}; {problem.hint}"
        for problem in refused.value.problems
    ]


def task_faults(keys: str, before: str = "") -> list[str]:
    """Say what is wrong with the task `x`; its keys begin in line 1."""
    first = f"{HEAD}{before}{AGENCIES}{TASK}".count("\n")
    found = faults(f'{HEAD}{before}{AGENCIES}{TASK}{keys}\n[tasks.y]\ntitle = "Y"\n')
    return [f"{int(line) - first} {rest}" for line, _, rest in (fault.partition(" ") for fault in found)]


def test_the_least_that_is_a_plan() -> None:
    """Everything that may be left out has its default."""
    plan = plan_of(HEAD + TASK)
    assert (plan.id, plan.title, plan.start, plan.timezone) == ("p", "P", date(2026, 1, 5), "UTC")
    assert (plan.language, plan.short, plan.title_en, plan.issuer) == ("en", None, None, None)
    assert (plan.revised, plan.citation, plan.warn, plan.label) == (None, None, 7, "P")
    assert plan.policy == Policy(Before.INCLUSIVE, DayOff.SAME_DAY, Silence.ON_PLAN)
    assert plan.calendar == CalendarSpec("none", (0, 1, 2, 3, 4), (), ())
    assert (plan.agencies, plan.groups, plan.calendars, plan.named_workdays) == ({}, {}, {}, {})
    assert plan.tasks == {"x": Task("x", "X", duration=Duration(1), estimated=True)}
    assert list(plan.order) == [0]
    assert plan.source.file == "plan.toml"


def test_the_head_of_a_plan() -> None:
    """Each key of [plan] and [check] has its place; the issuer is one of the agencies."""
    text = (
        '[plan]\nid = "p"\ntitle = " P "\nshort = "S"\ntitle-en = "E"\nstart = 2026-01-05\ntimezone = "Europe/Paris"\n'
        'language = "vi"\nissuer = "a"\nrevised = 2026-02-01\ndefault-duration = "~2w"\nsource = "one\\ntwo"\n'
        "[check]\nwarn = 14\n"
    )
    plan = plan_of(text + AGENCIES + TASK)
    assert (plan.title, plan.short, plan.title_en, plan.label) == ("P", "S", "E", "S")
    assert (plan.timezone, plan.language, plan.issuer) == ("Europe/Paris", "vi", "a")
    assert (plan.revised, plan.citation, plan.warn) == (date(2026, 2, 1), "one\ntwo", 14)
    assert plan.tasks["x"].duration == Duration(2, DurationUnit.WEEKS)


@pytest.mark.parametrize(
    ("keys", "policy"),
    [
        ("", Policy(Before.INCLUSIVE, DayOff.SAME_DAY, Silence.ON_PLAN)),
        ('before = "strict"', Policy(Before.STRICT, DayOff.SAME_DAY, Silence.ON_PLAN)),
        ('before = "inclusive"', Policy()),
        ('day-off = "next-working-day"', Policy(Before.INCLUSIVE, DayOff.NEXT_WORKING_DAY, Silence.ON_PLAN)),
        ('day-off = "same-day"', Policy()),
        ('silence = "no-progress"', Policy(Before.INCLUSIVE, DayOff.SAME_DAY, Silence.NO_PROGRESS)),
        ('silence = "on-plan"', Policy()),
    ],
)
def test_how_words_become_dates(keys: str, policy: Policy) -> None:
    """Each policy of [reading] may be chosen by itself."""
    assert plan_of(f"{HEAD}[reading]\n{keys}\n{TASK}").policy == policy


def test_policies_reach_the_deadlines() -> None:
    """“before” and “day-off” change what the same words mean: 27 September 2026 is a Sunday."""
    due = 'due = "trước ngày 27/9/2026"\n[tasks.z]\ntitle = "Z"\ndue = 2026-09-27\n'
    lasts = {}
    for before in Before:
        for day_off in DayOff:
            reading = f'[reading]\nbefore = "{before}"\nday-off = "{day_off}"\n'
            tasks = plan_of(f"{HEAD}{reading}{TASK}{due}").tasks.values()
            lasts[before, day_off] = [
                task.due.last.day for task in tasks if isinstance(task.due, Reading) and task.due.last
            ]
    assert lasts == {
        (Before.INCLUSIVE, DayOff.SAME_DAY): [27, 27],
        (Before.INCLUSIVE, DayOff.NEXT_WORKING_DAY): [27, 28],
        (Before.STRICT, DayOff.SAME_DAY): [26, 27],
        (Before.STRICT, DayOff.NEXT_WORKING_DAY): [26, 28],
    }


def test_an_agency() -> None:
    """Each key of an agency has its place, in declared order."""
    text = """
[calendars.c]
[agencies.b]
name = "B"
[agencies.a]
name = "A, in full"
short = "A"
name-en = "The A"
ceased = 2026-03-01
successor = "b"
formerly = ["a-1", "a-2"]
contact = "Room 1"
calendar = "c"
"""
    agencies = plan_of(HEAD + text + TASK).agencies
    assert list(agencies.values()) == [
        Agency("b", "B"),
        Agency("a", "A, in full", "A", "The A", date(2026, 3, 1), "b", ("a-1", "a-2"), "Room 1", "c"),
    ]
    assert [agency.label for agency in agencies.values()] == ["B", "A"]


def test_named_calendars() -> None:
    """A named calendar inherits key by key, and has a table of its own."""
    text = '[calendar]\nopen = [2026-01-10]\nworkweek = ["mon"]\n[calendars.c]\nworkweek = ["tue"]\n[calendars.d]\n'
    plan = plan_of(HEAD + text + TASK)
    opened = (date(2026, 1, 10),)
    assert plan.calendar == CalendarSpec(workweek=(0,), open=opened)
    assert plan.calendars == {
        "c": CalendarSpec(workweek=(1,), open=opened),
        "d": CalendarSpec(workweek=(0,), open=opened),
    }
    tuesday, saturday = date(2026, 1, 6).toordinal(), opened[0].toordinal()
    tables = {"": plan.workdays, **plan.named_workdays}
    assert {name: (days.is_working(tuesday), days.is_working(saturday)) for name, days in tables.items()} == {
        "": (False, True),
        "c": (True, True),
        "d": (False, True),
    }


def test_groups_within_groups() -> None:
    """Groups are expanded in the order written, each agency once, whatever the order of declaration."""
    groups = '[groups]\nall = ["d", "@some", "b", "@none"]\nsome = ["b", "@few", "a"]\nfew = ["c", "b"]\nnone = []\n'
    assert plan_of(HEAD + AGENCIES + groups + TASK).groups == {
        "all": ("d", "b", "c", "a"),
        "some": ("b", "c", "a"),
        "few": ("c", "b"),
        "none": (),
    }


GROUPS = '[groups]\nall = ["@two", "c", "d"]\ntwo = ["a", "b"]\n'


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('"a"', ("a",)),
        ('["a"]', ("a",)),
        ('"@two"', ("a", "b")),
        ('["@two"]', ("a", "b")),
        ('["c", "@two", "a", "c"]', ("c", "a", "b")),
        ("[]", ()),
    ],
)
@pytest.mark.parametrize("role", ["owner", "support", "consult"])
def test_roles(role: str, written: str, read: tuple[str, ...]) -> None:
    """A role is one agency, one group, or a list of them; who is named twice counts once."""
    assert getattr(task_of(f"{role} = {written}", GROUPS), role) == read


@pytest.mark.parametrize(
    ("keys", "members", "each"),
    [
        ('each = "@all"', ("a", "b", "c", "d"), ("@all",)),
        ('each = ["@two", "d", "b"]', ("a", "b", "d"), ("@two", "d", "b")),
        ('each = ["@all"]\nexcept = ["@two"]', ("c", "d"), ("@all",)),
        ('except = "c"\neach = ["@all"]', ("a", "b", "d"), ("@all",)),
        ('each = ["@all"]\nexcept = []', ("a", "b", "c", "d"), ("@all",)),
        ('each = ["a"]\nexcept = ["d"]\nowner = "c"', ("a",), ("a",)),
    ],
)
def test_fan_outs(keys: str, members: tuple[str, ...], each: tuple[str, ...]) -> None:
    """Every member must deliver, but for those left out; the words of the plan are kept."""
    task = task_of(keys, GROUPS)
    assert (task.members, task.details.each) == (members, each)


def test_a_task() -> None:
    """Each key of a task has its place."""
    task = task_of("""
short = "S"
number = "I.1"
section = "Part"
milestone = true
owner = ["a"]
recipient = "b"
assigned-by = "c"
due = "quý II/2026"
duration = "3w"
after = ["y SS+1d"]
not-before = 2026-02-02
calendar = "k"
started = 2026-02-03
percent = 40
title-en = "E"
deliverable = "D"
contents = ["1", "2"]
constraints = ["3"]
quote = "Q"
note = "N"
url = "https://example.org"
tags = ["t"]
remind = [7, 0]
formerly = ["old"]
""", "[calendars.k]\n")  # fmt: skip
    due = Reading(
        "quý II/2026", DeadlineKind.PERIOD, (Rule.PERIOD_END,), date(2026, 4, 1), date(2026, 6, 30), date(2026, 6, 30)
    )
    assert task == Task(
        id="x", title="X", short="S", number="I.1", section="Part", milestone=True, owner=("a",), recipient="b",
        assigned_by="c", due=due, duration=Duration(3, DurationUnit.WEEKS), estimated=False,
        links=(Link("y", task.links[0].type, Duration(1)),), not_before=date(2026, 2, 2), calendar="k",
        facts=Facts(started=date(2026, 2, 3), percent=40),
        details=Details(
            title_en="E", deliverable="D", contents=("1", "2"), constraints=("3",), quote="Q", note="N",
            url="https://example.org", tags=("t",), remind=(7, 0), formerly=("old",),
        ),
    )  # fmt: skip
    assert task.links[0].type == "SS"


def test_a_task_of_a_title_says_no_more() -> None:
    """Without facts and details a task shares the empty ones."""
    task = task_of("")
    assert task.facts is NO_FACTS
    assert task.details is NO_DETAILS
    assert task.due is None


@pytest.mark.parametrize(
    ("default", "declared", "duration", "estimated"),
    [
        ("", "", Duration(1), True),
        ('default-duration = "5d"\n', "", Duration(5), True),
        ('default-duration = "5d"\n', 'duration = "2w"', Duration(2, DurationUnit.WEEKS), False),
        ('default-duration = "5d"\n', 'duration = "~2w"', Duration(2, DurationUnit.WEEKS), True),
        ("", 'duration = "0d"', Duration(0), False),
    ],
)
def test_what_nobody_stated_is_an_estimate(default: str, declared: str, duration: Duration, estimated: bool) -> None:  # noqa: FBT001 - a column of the table
    """A declared length is firm unless marked “~”; a default never is."""
    task = plan_of(f"{HEAD}{default}{TASK}{declared}\n").tasks["x"]
    assert (task.duration, task.estimated) == (duration, estimated)


@pytest.mark.parametrize(
    ("keys", "facts"),
    [
        ("started = 2026-01-06", Facts(started=date(2026, 1, 6))),
        ("percent = 0", Facts(percent=0)),
        ("percent = 100", Facts(percent=100)),
        ("done = 2026-01-06", Facts(done=date(2026, 1, 6))),
        ("done = true", Facts(done_unknown=True)),
        ("cancelled = 2026-01-06", Facts(cancelled=date(2026, 1, 6))),
        ("started = 2026-01-06\ndone = 2026-01-06", Facts(started=date(2026, 1, 6), done=date(2026, 1, 6))),
        ("started = 2026-01-06\ndone = true", Facts(started=date(2026, 1, 6), done_unknown=True)),
        (
            "started = 2026-01-06\npercent = 10\ncancelled = 2026-01-05",
            Facts(started=date(2026, 1, 6), percent=10, cancelled=date(2026, 1, 5)),
        ),
    ],
)
def test_facts(keys: str, facts: Facts) -> None:
    """What has happened may stand in the plan itself."""
    assert task_of(keys).facts == facts


@pytest.mark.parametrize(
    ("written", "due"),
    [
        (
            "2026-09-30",
            Reading("2026-09-30", DeadlineKind.DAY, (Rule.NAMED_DAY,), None, date(2026, 9, 30), date(2026, 9, 30)),
        ),
        (
            '"trước 20h00 ngày 30/9/2026"',
            Reading(
                "trước 20h00 ngày 30/9/2026", DeadlineKind.BEFORE, (Rule.BEFORE_TIME,), None, date(2026, 9, 30),
                date(2026, 9, 30), time(20),
            ),
        ),
        ('{ after = "y", working-days = 10 }', Counted("y", 10, CountUnit.WORKING_DAYS)),
        ('{ before = "y", days = 3 }', Counted("y", 3, CountUnit.DAYS, before=True)),
        ('{ months = 1, after = "y" }', Counted("y", 1, CountUnit.MONTHS)),
        (
            "{ after = 2026-01-05, working-days = 5 }",  # a Monday; 6, 7, 8, 9 and 12 January
            Reading(
                "5 working-days after 2026-01-05", DeadlineKind.COUNTED, (Rule.COUNTED_AFTER,), None,
                date(2026, 1, 12), date(2026, 1, 12), counted=Counted(date(2026, 1, 5), 5, CountUnit.WORKING_DAYS),
            ),
        ),
        (
            "{ before = 2026-03-31, months = 1 }",
            Reading(
                "1 months before 2026-03-31", DeadlineKind.COUNTED, (Rule.COUNTED_BEFORE,), None, date(2026, 2, 28),
                date(2026, 2, 28), counted=Counted(date(2026, 3, 31), 1, CountUnit.MONTHS, before=True),
            ),
        ),
        (
            '{ words = "Theo Bộ", date = 2026-06-30 }',
            Reading("Theo Bộ", DeadlineKind.DECLARED, (Rule.DECLARED,), None, date(2026, 6, 30), date(2026, 6, 30)),
        ),
        ("{ none = true }", Reading("", DeadlineKind.NONE, (Rule.DECLARED_NONE,))),
        ('{ words = "Khi có", none = true }', Reading("Khi có", DeadlineKind.NONE, (Rule.DECLARED_NONE,))),
    ],
)  # fmt: skip
def test_deadlines(written: str, due: Reading | Counted) -> None:
    """A deadline is a date, words, a count from an event, or the author's own reading."""
    assert task_of(f"due = {written}").due == due


COUNT = (
    'write one event and one number: { after = "survey", working-days = 10 };'
    " “before” instead of “after” will do, and “days” or “months”"
)
EXCEPT = "“except” leaves agencies out of a fan-out: add “each”, or take “except” out"
NOBODY = "1 CDS112 nobody is left to deliver this; look at “each” and “except”"
OWN_WORDS = 'write { words = "…", date = 2025-06-30 }, or { words = "…", none = true } without a deadline'


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        *[
            (f"due = {{ {keys} }}", [f"1 CDS112 this is no count of days from an event; {COUNT}"])
            for keys in (
                'after = "y"',
                "days = 3",
                'after = "y", before = "y", days = 3',
                'after = "y", days = 3, months = 1',
                'after = "y", days = 3, words = "z"',
                'before = "y", none = true',
            )
        ],
        *[
            (f"due = {{ {keys} }}", [f"1 CDS112 this is no deadline; {OWN_WORDS}"])
            for keys in ("", 'words = "z"', "date = 2026-01-05", "none = true, date = 2026-01-05")
        ],
        (
            'due = { after = "z", days = 0, none = false, on = 1 }',
            [
                "1 CDS107 there is no task “z”; every task is declared under its own heading: [tasks.ID]",
                "1 CDS106 this number is too small; a number from 1 to 9999 fits here",
                ("1 CDS106 “none” is true, or not there at all;"
                " leave “due” out altogether, or write { none = true } to say that there is no deadline"),
                "1 CDS104 unknown key “on”; did you mean “none”?",
            ],
        ),
        (
            'due = "31/9/2026"',
            ["1 CDS109 September 2026 has 30 days; look it up in the source document"],
        ),
        (
            "due = 2200-01-01",
            ["1 CDS109 the year 2200 cannot be meant; years from 1990 to 2199 are read"],
        ),
        ("done = false", ["1 CDS106 “done” is a date, or true; leave the line out while the work is open"]),
        (
            "done = true\ndue = 2026-09-30\ncancelled = 2026-09-30",
            [
                ("1 CDS112 a task with a deadline needs the day on which it was done;"
                " write done = 2021-09-28; true is for work without a deadline, done on an unknown day"),
                "3 CDS112 a task is done or cancelled, not both; keep one of them",
            ],
        ),
        (
            "started = 2026-01-07\ndone = 2026-01-06",
            ["2 CDS112 done on 6 Jan 2026, before it was started on 7 Jan 2026; look at “started” and “done”"],
        ),
        (
            'except = ["a"]',
            [f"1 CDS112 “except” needs “each”; {EXCEPT}"],
        ),
        ('each = "@two"\nexcept = ["a", "b"]', [NOBODY]),
        ('each = ["zz"]\nexcept = "a"', ["1 CDS107 there is no agency “zz”; declare it: [agencies.zz] with its name"]),
        ('owner = "two"', ['1 CDS107 there is no agency “two”; it is a group: write "@two"']),
        ('owner = "@a"', ['1 CDS107 there is no group “@a”; it is an agency: write "a"']),
        ('owner = "@tow"', ["1 CDS107 there is no group “@tow”; did you mean “two”?"]),
        ('owner = ["a", "@zz"]', ['1 CDS107 there is no group “@zz”; declare it below [groups]: zz = ["…"]']),
        ('recipient = "@two"', ["1 CDS107 there is no agency “@two”; declare it: [agencies.@two] with its name"]),
        ('calendar = "k"', ["1 CDS107 there is no calendar “k”; declare it: [calendars.k]"]),
        ("repeat = 20", ["1 CDS106 text in quotes is wanted here, not a number; put it in straight quotes"]),
        (
            'repeat = "monthly by 20"\nuntil = "2026"',
            [
                "2 CDS106 a date is wanted here, not text; write year, month and day, without quotes: 2021-09-30",
            ],
        ),
        (
            'repeat = "quarterly"\nstarted = 2026-01-05\ndue = 2026-03-31',
            [
                ("2 CDS112 “started” does not say of which occurrence; take it out and record the occurrence: "
                "cdsplan done TASK@2026-03-20; “until” ends the rule"),
                ("3 CDS112 a task that comes again stands outside the network and has no “due”; "
                "take “due” out: “repeat” gives every occurrence its own deadline"),
            ],
        ),
        ("deadline = 1", ["1 CDS104 unknown key “deadline”; did you mean “due”?"]),
        (
            '[tasks.x.2]\ntitle = "X"',
            [
                ("1 CDS104 unknown key “2”;"
                " TOML reads [tasks.x.2] as “2” inside “x”; an id has no dots: [tasks.x-2]")
            ],
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_task(keys: str, expected: list[str]) -> None:
    """Each mistake has its line, its words and its way out, and is told once."""
    assert task_faults(keys, GROUPS) == expected


def test_an_id_with_a_dot_is_told_once() -> None:
    """Of [tasks.1.2] without [tasks.1] nobody is told that “1” has no title; of an empty table they are."""
    assert [fault.split("; ")[0] for fault in faults(f'{HEAD}[tasks.1.2]\ntitle = "X"\n')] == [
        "6 CDS104 unknown key “2”"
    ]
    assert faults(f"{HEAD}[tasks.1]\n") == ["6 CDS105 the key “title” is missing; add it: title = …"]


ID = "an id has small letters a–z without marks, digits and hyphens, 64 at most, such as"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "",
            [
                '1 CDS105 the plan has no tasks; declare one: [tasks.survey] with title = "…"',
                "1 CDS105 the table [plan] is missing; it needs: id, title, start, timezone",
            ],
        ),
        (
            f"[plan]\n{TASK}",
            [
                "1 CDS105 the key “id” is missing; add it: id = …",
                "1 CDS105 the key “title” is missing; add it: title = …",
                "1 CDS105 the key “start” is missing; add it: start = …",
                "1 CDS105 the key “timezone” is missing; add it: timezone = …",
            ],
        ),
        (
            'plan = 5\ntasks = "x"\nagencies = []\nreading = 1\n',
            [
                "1 CDS106 a table is wanted here, not a number; write it as a heading with single brackets: [plan]",
                "2 CDS106 a table is wanted here, not text; give each its own heading: [tasks.ID]",
                "3 CDS106 a table is wanted here, not a list; give each its own heading: [agencies.ID]",
                "4 CDS106 a table is wanted here, not a number; write it as a heading with single brackets: [reading]",
            ],
        ),
        (
            f'{HEAD}[task.x]\ntitle = "X"\n[zzz]\n',
            [
                "6 CDS104 unknown table [task]; did you mean “tasks”?",
                ("8 CDS104 unknown table [zzz]; known tables: [plan], [reading], [calendar], [calendars], [agencies],"
                " [groups], [tasks], [check], [waiver]"),
            ],
        ),
        (
            f'{HEAD}{TASK}[[waiver]]\nrule = "CDS201"\ntask = 1\nagency = "a"\nuntil = "x"\n',
            [
                "8 CDS105 the key “reason” is missing; add it: reason = …",
                "10 CDS106 a task’s id in quotes is wanted here, not a number; put it in straight quotes",
                "11 CDS107 there is no agency “a”; declare it: [agencies.a] with its name",
                ("12 CDS106 a date is wanted here, not text;"
                " write year, month and day, without quotes: 2021-09-30"),
            ],
        ),
        (
            f'{HEAD}{TASK}[check]\ngrace = 366\nfail-on = "tasks"\nselect = []\nignore = ["CDS1"]\nwarn = 3\nwarm = 3',
            [
                "9 CDS106 this number is too large; a number from 0 to 365 fits here",
                "10 CDS106 there is no rule “tasks”; did you mean “task”?",
                "11 CDS106 this list is empty; name at least one",
                ("12 CDS106 “CDS1” has no place here: what keeps a plan from being read always counts; take it out"),
                "14 CDS104 unknown key “warm”; did you mean “warn”?",
            ],
        ),
        (
            f'{HEAD}issuer = "b"\n[agencies.a]\nname = "A"\n{TASK}',
            ["6 CDS107 there is no agency “b”; declare it: [agencies.b] with its name"],
        ),
        (
            f'{HEAD.replace("UTC", "Asia")}{TASK}',
            [
                ("5 CDS106 there is no time zone “Asia”;"
                ' write area and city, such as "Asia/Ho_Chi_Minh" or "Europe/Paris"')
            ],
        ),
        (
            f'{HEAD}[agencies.A]\nname = "A"\n[agencies.b]\n[agencies.com1]\nname = "C"\n{TASK}owner = ["A", "b"]\n',
            [
                f"6 CDS106 “A” is no id; {ID} “a”",
                "8 CDS105 the key “name” is missing; add it: name = …",
                "9 CDS106 Windows keeps the name “com1” for itself; choose another id: it names the agency’s feed",
            ],
        ),
        (
            f'{HEAD}[agencies.a]\nname = "A"\nformerly = ["b", "c"]\n[agencies.b]\nname = ""\nformerly = ["c"]\n{TASK}',
            [
                "8 CDS108 “b” names another agency; a former id leads to one agency",
                "10 CDS106 this text is empty; write it, or leave the whole line out",
                "11 CDS108 “c” names another agency; a former id leads to one agency",
            ],
        ),
        (
            f'{HEAD}{AGENCIES}[groups]\ng = "a"\nh = ["zz", "a", 5]\n"ô" = []\n{TASK}each = ["@h"]\n',
            [
                ("12 CDS106 a list in square brackets is wanted here, not text;"
                " write square brackets around it, even around a single one"),
                "13 CDS107 there is no agency “zz”; declare it: [agencies.zz] with its name",
                ("13 CDS106 an agency’s id or “@group” in quotes is wanted here, not a number;"
                ' write an id or a list of them: "finance", ["finance", "@departments"]'),
                f"14 CDS106 “ô” is no id; {ID} “o”",
            ],
        ),
        (
            f'{HEAD}[calendar]\nholidays = "ZZ"\n[calendars.c]\n[calendars.d]\nholidays = "QQ"\n[calendars.E]\n{TASK}',
            [
                "7 CDS106 no country or region has the code “ZZ”; use “none”, “VN”, or a code such as “FR” or “DE-BY”",
                "10 CDS106 no country or region has the code “QQ”; use “none”, “VN”, or a code such as “FR” or “DE-BY”",
                f"11 CDS106 “E” is no id; {ID} “e”",
            ],
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_plan(text: str, expected: list[str]) -> None:
    """The whole of a plan is looked at in one run, whatever is wrong with its parts."""
    assert faults(text) == expected


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        (
            'g = ["a", "@g"]',
            ["12 CDS111 the group “@g” contains itself; take this name out of the list"],
        ),
        (
            'z = ["@y", "a"]\ny = ["a", "@x"]\nx = ["@z"]',
            ["12 CDS111 these groups contain each other: @z, @y, @x, @z; take this name out of the list"],
        ),
        # The ring is found whatever other groups its members contain, and before it or behind it.
        (
            'b = ["@a-1", "@z"]\nz = ["@b"]\na-1 = ["a"]\nc = ["@z", "@c"]',
            [
                "12 CDS111 these groups contain each other: @b, @z, @b; take this name out of the list",
                "15 CDS111 the group “@c” contains itself; take this name out of the list",
            ],
        ),
    ],
)
def test_groups_in_a_ring(groups: str, expected: list[str]) -> None:
    """No group contains itself by any way round; each ring is told once, and nothing else."""
    assert faults(f'{HEAD}{AGENCIES}[groups]\n{groups}\n{TASK}each = "@{groups[0]}"\n') == expected


def test_successors_in_a_ring() -> None:
    """Agencies do not succeed each other for ever; each ring is told once, at its first agency."""
    agencies = "".join(
        f'[agencies.{agency}]\nname = "A"\nsuccessor = "{heir}"\n'
        for agency, heir in (("d", "c"), ("c", "b"), ("b", "c"), ("a", "a"))
    )
    assert faults(f"{HEAD}{agencies}{TASK}") == [
        "11 CDS111 these agencies succeed each other: c, b, c; the last one has no successor",
        "17 CDS111 “a” is named as its own successor; the last one has no successor",
    ]


def test_there_are_calendars_enough() -> None:
    """A hundred calendars are read, no more."""
    calendars = "".join(f"[calendars.c{at}]\n" for at in range(100))
    assert len(plan_of(HEAD + calendars + TASK).calendars) == 100
    assert faults(f"{HEAD}{calendars}[calendars.x]\n{TASK}") == [
        "6 CDS101 there are 101 calendars; at most 100 are read; let agencies and tasks share calendars"
    ]


def test_problems_come_in_the_order_of_the_file() -> None:
    """Whatever is looked at first, lines and columns order what is told."""
    text = '[tasks.x]\ntitle = 1\nafter = ["z", "y"]\n[agencies.a]\n[plan]\nid = "p"\ntitle = ""\ntimezone = "UTC"\n'
    assert [fault.split(" ")[0] for fault in faults(text)] == ["2", "3", "3", "4", "5", "7"]


def test_a_thousand_problems_are_told() -> None:
    """A thousand and one problems are a thousand, and a word about the rest."""
    owners = "".join(f'[tasks.t{at}]\ntitle = "T"\nowner = "b"\n' for at in range(1000))
    told = faults(HEAD + owners)
    assert len(told) == 1000
    more = faults(HEAD + owners + '[tasks.last]\ntitle = "T"\nowner = "c"\n[tasks.x]\n')
    assert more[:1000] == told
    assert more[1000:] == [
        "3008 CDS101 there are more problems; the first 1000 that were found are listed; mend these first"
    ]


def test_warnings_beside_errors_do_not_bury_them() -> None:
    """Beside errors some warnings of each kind are told; without errors there is a plan."""
    tasks = "".join(f'[tasks.t{at}]\ntitle = "T"\ndue = 2025-01-{at:02}\n' for at in range(10, 30))
    with pytest.raises(PlanError) as refused:
        read(f"{HEAD}{tasks}[tasks.x]\n".encode(), "plan.toml")
    assert [problem.severity for problem in refused.value.problems] == [Severity.WARNING] * MOST_PER_RULE + [
        Severity.ERROR
    ]
    assert len(plan_of(HEAD + tasks).tasks) == 20


def test_a_task_is_not_believed_before_its_cycle_is_known() -> None:
    """Errors of the network stand beside the others."""
    text = f'{HEAD}[tasks.x]\ntitle = "X"\nafter = "y"\n[tasks.y]\ntitle = "Y"\nafter = ["x"]\nowner = "z"\n'
    assert [fault.split(";")[0] for fault in faults(text)] == [
        "8 CDS111 these tasks wait for each other: “x” (line 6) needs “y” (line 9) needs “x” (line 6)",
        "12 CDS107 there is no agency “z”",
    ]


FULL = HEAD + AGENCIES + '[tasks.x]\ntitle = "Khảo sát"\nnote = """\nmột\nhai"""\ndue = "quý II/2026"\n'


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + FULL.encode(),
        FULL.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + FULL.replace("\n", "\r\n").encode(),
        unicodedata.normalize("NFD", FULL).encode(),
    ],
    ids=["BOM", "CRLF", "BOM and CRLF", "NFD"],
)
def test_how_a_file_was_saved_does_not_matter(data: bytes) -> None:
    """A byte order mark, Windows line ends and decomposed letters change nothing."""
    assert read(data, "plan.toml").tasks == plan_of(FULL).tasks


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (FULL.encode("utf-16"), "1:1 CDS101 the file is saved as UTF-16"),
        (FULL.encode("utf-16-be"), "1:1 CDS101 the file holds NUL bytes: it is not text"),
        (FULL.encode("cp1258", "replace"), "12:16 CDS101 the file is not UTF-8: byte 0xE1 cannot be read"),
        (FULL.encode() + b"\0", "17:1 CDS101 the file holds NUL bytes: it is not text"),
        (FULL.encode() + b"owner\x1b = 1", "17:6 CDS103 control character U+001B is not allowed"),
    ],
    ids=["UTF-16", "UTF-16 without a mark", "Windows-1258", "NUL", "ESC"],
)
def test_what_is_no_text_is_refused(data: bytes, expected: str) -> None:
    """Another encoding, or a file that is no text, is told by its first bad byte."""
    with pytest.raises(PlanError) as refused:
        read(data, "plan.toml")
    problem = refused.value.problems[0]
    assert problem.place is not None
    assert f"{problem.place.line}:{problem.place.column} {problem.code} {problem.message}" == expected
    assert problem.hint is not None


def test_the_size_limit_may_be_lifted() -> None:
    """A plan beyond the limit is refused, and read when the limit is lifted."""
    with pytest.raises(PlanError, match="the file has 86 bytes; at most 85 are read"):
        read((HEAD + TASK).encode(), "plan.toml", max_bytes=85)
    assert read((HEAD + TASK).encode(), "plan.toml", max_bytes=86).id == "p"


PADDING = "".join(f'[tasks.t{at}]\ntitle = "T"\nafter = "x"\n' for at in range(4000))


@pytest.mark.parametrize(
    "tasks",
    [
        TASK + 'due = 2026-02-01\nafter = [\n  "y",\n]\n[[tasks.x.after]]\ntask = "y"\n',
        TASK + '[agencies.a]\nname = "A"\n[tasks.y]\ntitle = "Y"\n',
        TASK + 'note = """\n[tasks.y]\n"""\n[tasks.y]\ntitle = "Y"\n',
        TASK + "note = '''\n[tasks.y]\n'''\n[tasks.y]\ntitle = \"Y\"\n",
        '[tasks]\nx.title = "X"\nx.due = 2026-02-01\ny = { title = "Y" }\n',
        '[tasks."x"]\ntitle = "X"\n[ tasks . y ]\ntitle = "Y"\n',
    ],
)
def test_places_in_a_large_plan_are_those_of_a_small_one(tasks: str) -> None:
    """Of a large plan only the tables that are asked for are indexed; every place is the same."""
    small, large = Source("plan.toml", HEAD + tasks), Source("plan.toml", HEAD + tasks + PADDING)
    assert len(small.text) < LARGE < len(large.text)
    paths = [path for path in index(small.text) if path[0] == "tasks" and len(path) > 1]
    paths += [("tasks", "x", "zzz"), ("tasks", "z"), ("tasks",), *index(small.text)]  # the last need the whole index
    assert [small.place(path, key=key) for path in paths for key in (False, True)] == [
        large.place(path, key=key) for path in paths for key in (False, True)
    ]
