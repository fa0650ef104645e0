"""What each rule finds, and what it leaves alone; where a finding stands, and who could mend it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from cdsplan.check import Verdict, check
from cdsplan.journal.reader import read as read_journal
from cdsplan.journal.replay import replay
from cdsplan.plan.model import Gate
from cdsplan.plan.reader import read
from cdsplan.problems import Severity
from cdsplan.schedule import forecast
from cdsplan.status import judge
from cdsplan.summary import of_agencies

if TYPE_CHECKING:
    from cdsplan.check import Finding

HEAD = """\
[plan]
id = "p"
title = "P"
start = 2026-01-05
timezone = "UTC"
[agencies]
one = { name = "One" }
two = { name = "Two" }
[tasks]
"""


def task(name: str, keys: str = "", owner: str = '"one"') -> str:
    """Declare a task in one line."""
    return f'{name} = {{ title = "T", owner = {owner}{", " if keys else ""}{keys} }}\n'


def verdict(text: str, rule: str, as_of: str, *, agency: str | None = None) -> Verdict:
    """Look for one rule in a plan, or in what an agency has to do with."""
    day = date.fromisoformat(as_of)
    status = judge([forecast(read(text.encode(), "plan.toml"), day)], day)
    items = status.items if agency is None else of_agencies(status.items, (agency,))
    return check(status, items, Gate(select=(rule,)))


def journaled(rule: str, text: str, as_of: str, *entries: str, rules: tuple[str, ...] = ()) -> list[str]:
    """Look for one rule in a plan with a journal, whose entries are given by their keys but `at`; give the messages."""
    plan, day = read(text.encode(), "plan.toml"), date.fromisoformat(as_of)
    lines = "".join(f"e{n} = {{ at = 2026-01-05T08:00:{n:02}+00:00, {keys} }}\n" for n, keys in enumerate(entries))
    journal = read_journal(lines.encode(), "plan.journal.toml", plan, max_bytes=9999)
    assert not journal.vanished
    status = judge([forecast(plan, day, replay(plan, journal, day))], day)
    made = check(status, status.items, Gate(select=(rule, *rules)), (), [journal])
    return [str(finding.words()) for finding in made.findings if finding.rule == rule]


def found(rule: str, *tasks: str, as_of: str = "2026-01-12", head: str = HEAD, agency: str | None = None) -> list[str]:
    """Say what a rule finds: the task, what the caret is under, the message."""
    return [said(finding) for finding in verdict(head + "".join(tasks), rule, as_of, agency=agency).findings]


def said(finding: Finding) -> str:
    """Write a finding in one line."""
    place = finding.problem().place
    assert place is not None
    return f"{finding.task}: {place.source[place.column - 1 : place.end_column - 1]}: {finding.message}"


# ---------------------------------------------------------------------------------------------------------- Timeliness

FAN_OUT = 'a = { title = "A", each = ["one", "two"], due = 2026-01-09 }\n'


def test_cds203_names_everybody_who_is_missing() -> None:
    """One finding for each agency that is late with its part; it alone could mend it."""
    late = verdict(HEAD + FAN_OUT + task("b", "due = 2026-01-09"), "CDS203", "2026-01-12").findings

    assert [(finding.task, finding.agency, finding.responsible, finding.weight) for finding in late] == [
        ("a", "one", ("one",), 3),
        ("a", "two", ("two",), 3),
    ]
    assert str(late[0].message) == "“one” is 3 days late with its part of “a”, due on 9 Jan 2026"
    assert found("CDS203", FAN_OUT, as_of="2026-01-09") == []


@pytest.mark.parametrize(
    ("as_of", "today", "soon"),
    [
        ("2026-01-12", [], []),
        ("2026-01-13", [], ["a: 2026-01-20: “a” is due in 7 days, on 20 Jan 2026"]),
        ("2026-01-19", [], ["a: 2026-01-20: “a” is due in 1 day, on 20 Jan 2026"]),
        ("2026-01-20", ["a: 2026-01-20: “a” is due today, 20 Jan 2026"], []),
        ("2026-01-21", [], []),
    ],
)
def test_cds204_and_cds205_tell_what_comes(as_of: str, today: list[str], soon: list[str]) -> None:
    """On the last good day, and within the seven calendar days before it; what is done is left alone."""
    tasks = task("a", "due = 2026-01-20"), task("b", "due = 2026-01-20, done = 2026-01-08")

    assert found("CDS204", *tasks, as_of=as_of) == today
    assert found("CDS205", *tasks, as_of=as_of) == soon


def test_what_comes_says_how_much_was_delivered() -> None:
    """A fan-out that is due shows how many are missing, and the missing ones could mend it."""
    (finding,) = verdict(HEAD + FAN_OUT, "CDS204", "2026-01-09").findings

    assert str(finding.message) == "“a” is due today, 9 Jan 2026; received 0/2"
    assert finding.responsible == ("one", "two")


EXTENDED = 'on = 2026-01-08, kind = "extended", task = "a", due = "2026-01-13"'


@pytest.mark.parametrize("rule", ["CDS201", "CDS202"])
@pytest.mark.parametrize(
    ("keys", "more", "words"),
    [
        ("due = 2026-01-09", ', document = "45/UBND"', " (moved from 9 Jan 2026, 45/UBND)"),
        ("due = 2026-01-09", "", " (moved from 9 Jan 2026)"),
        ('due = "ongoing"', ', document = "45/UBND"', " (moved, 45/UBND)"),
        ("tags = []", "", " (moved)"),
    ],
)
def test_cds201_and_cds202_say_that_a_deadline_was_moved(rule: str, keys: str, more: str, words: str) -> None:
    """It is judged by the day in force; which day the plan itself has, and who moved it, stands beside it."""
    mile = "milestone = true, " if rule == "CDS201" else ""
    text = HEAD + task("a", mile + keys) + task("b", mile + "due = 2026-06-30")
    assert journaled(rule, text, "2026-01-13", EXTENDED + more) == []
    assert journaled(rule, text, "2026-01-15", EXTENDED + more) == [
        f"“a” is 2 days overdue: it was due on 13 Jan 2026{words}"
    ]


def test_what_was_decided_twice_is_told_once() -> None:
    """The newest decision is in force; one that was undone is not."""
    later = 'on = 2026-01-09, kind = "extended", task = "a", due = "2026-01-14", document = "46/UBND"'
    text = HEAD + task("a", "due = 2026-01-09")
    overdue = "“a” is 1 day overdue: it was due on {} Jan 2026 (moved from 9 Jan 2026{})"
    assert journaled("CDS202", text, "2026-01-15", EXTENDED, later) == [overdue.format(14, ", 46/UBND")]
    undone = 'on = 2026-01-10, kind = "void", of = "e1"'
    assert journaled("CDS202", text, "2026-01-14", EXTENDED, later, undone) == [overdue.format(13, "")]


def test_cds203_gives_each_member_its_own_day() -> None:
    """One has until the 13th, by a decision of its own; two has not."""
    own = EXTENDED + ', agency = "one", document = "45/UBND"'
    two = "“two” is {} days late with its part of “a”, due on 9 Jan 2026"
    assert journaled("CDS203", HEAD + FAN_OUT, "2026-01-12", own) == [two.format(3)]
    assert journaled("CDS203", HEAD + FAN_OUT, "2026-01-15", own) == [
        two.format(6),
        "“one” is 2 days late with its part of “a”, due on 13 Jan 2026 (moved from 9 Jan 2026, 45/UBND)",
    ]
    delivered = 'on = 2026-01-12, kind = "done", task = "a", agency = "two"'
    assert journaled("CDS203", HEAD + FAN_OUT, "2026-01-12", own, delivered) == []


def test_cds204_and_cds205_know_the_day_in_force() -> None:
    """What was given more time is not due on the old day, and soon on the new one."""
    text = HEAD + task("a", "due = 2026-01-09")
    assert journaled("CDS204", text, "2026-01-09", EXTENDED) == []
    assert journaled("CDS205", text, "2026-01-09", EXTENDED) == [
        "“a” is due in 4 days, on 13 Jan 2026 (moved from 9 Jan 2026)"
    ]
    assert journaled("CDS204", text, "2026-01-13", EXTENDED) == [
        "“a” is due today, 13 Jan 2026 (moved from 9 Jan 2026)"
    ]


MANY = "".join(f'm{n} = {{ name = "M{n}" }}\n' for n in range(1, 9))


@pytest.mark.parametrize(
    ("delivering", "said"),
    [
        (0, "received 0/8"),
        (1, "received 1/8; missing: m2, m3, m4, m5, m6 and 2 others"),
        (3, "received 3/8; missing: m4, m5, m6, m7, m8"),
        (7, "received 7/8; missing: m8"),
    ],
)
def test_who_is_missing_is_named_once_any_have_delivered(delivering: int, said: str) -> None:
    """Before that, everybody is; beyond five they are counted."""
    members = ", ".join(f'"m{n}"' for n in range(1, 9))
    text = HEAD.replace("[tasks]", MANY + "[tasks]") + f'a = {{ title = "A", each = [{members}], due = 2026-01-09 }}\n'
    entries = (f'on = 2026-01-08, kind = "done", task = "a", agency = "m{n}"' for n in range(1, delivering + 1))
    assert journaled("CDS202", text, "2026-01-10", *entries) == [
        f"“a” is 1 day overdue: it was due on 9 Jan 2026; {said}"
    ]


def test_cds206_and_cds207_measure_by_the_day_in_force() -> None:
    """Ten days of work end on 16 January; b after it on the 19th, a working day after the 16th that it was due on."""
    text = HEAD + task("a", 'duration = "10d"') + task("b", 'duration = "1d", after = "a", due = 2026-01-16')
    extended = 'on = 2026-01-05, kind = "extended", task = "b", due = "2026-01-19"'
    risk, stands = "“b” may be 3 days late: the forecast is 19 Jan 2026", "“a” stands 1 working day too late for"
    assert journaled("CDS206", text, "2026-01-05") == [risk]
    assert journaled("CDS207", text, "2026-01-05") == [f"{stands} the deadline of “b”"]
    for rule in ("CDS206", "CDS207"):
        assert journaled(rule, text, "2026-01-05", extended) == []


def test_cds214_and_the_journal() -> None:
    """B is reported done before a; once a is reported too, nothing is missing."""
    text = HEAD + task("a") + task("b", 'after = "a"')
    done = tuple(f'on = 2026-01-06, kind = "done", task = "{name}"' for name in ("b", "a"))
    assert journaled("CDS214", text, "2026-01-07", done[0]) == [
        "“b” is done, and “a”, which comes before it, is not recorded"
    ]
    assert journaled("CDS214", text, "2026-01-07", *done) == []


def test_cds211_301_and_311_look_at_what_was_decided() -> None:
    """A decision into a projected year, one that gives a deadline at all, and one that a milestone can reach."""
    far = EXTENDED.replace("2026-01-13", "2031-01-14")
    text = HEAD.replace("[agencies]", '[calendar]\nholidays = "VN"\n[agencies]') + task("a", "due = 2026-01-09")
    assert journaled("CDS211", text, "2026-01-06") == []
    assert len(journaled("CDS211", text, "2026-01-08", far)) == 1
    assert journaled("CDS301", HEAD + task("a"), "2026-01-08", EXTENDED) == []
    for keys in ('duration = "7d", due = 2026-01-09', 'duration = "7d"'):
        text = HEAD + task("a", f"milestone = true, {keys}")
        assert len(journaled("CDS311", text, "2026-01-07", EXTENDED)) == ("due" in keys)  # not decided yet
        assert journaled("CDS311", text, "2026-01-08", EXTENDED) == []
        assert journaled("CDS311", text, "2026-01-08", EXTENDED.replace("01-13", "01-12")) == [
            "“a” is planned to finish on 13 Jan 2026, after its deadline 12 Jan 2026"
        ]


WAIVED = '[[waiver]]\nrule = "CDS203"\ntask = "a"\nagency = "one"\nuntil = 2026-02-27\nreason = "R"\n'


def test_waivers_and_the_journal() -> None:
    """One has more time than two: its waiver, given in advance, can still help after the day of two, not after all."""
    text = HEAD.replace("[tasks]", WAIVED + "[tasks]") + FAN_OUT
    own, waived = EXTENDED + ', agency = "one"', "; waived until 27 Feb 2026"
    assert journaled("CDS217", text, "2026-01-12", own, rules=("CDS203",)) == []
    assert journaled("CDS203", text, "2026-01-15", own) == [
        "“two” is 6 days late with its part of “a”, due on 9 Jan 2026",
        f"“one” is 2 days late with its part of “a”, due on 13 Jan 2026 (moved from 9 Jan 2026){waived}",
    ]
    delivered = 'on = 2026-01-12, kind = "done", task = "a", agency = "one"'
    assert journaled("CDS217", text, "2026-01-15", own, delivered, rules=("CDS203",)) == [
        "the waiver of CDS203 for “a”, “one” excuses nothing"
    ]


def test_cds207_names_what_stands_in_the_way_of_another_deadline() -> None:
    """Ten days of work from 12 January end on 23 January; b, a day after, is due on 21 January: three days too late."""
    tasks = (
        task("a", 'duration = "10d", not-before = 2026-01-12'),
        task("b", 'after = "a", due = 2026-01-21'),
        task("c", 'after = "b"'),
    )

    assert found("CDS207", *tasks, as_of="2026-01-05") == [
        "a: a: “a” stands 3 working days too late for the deadline of “b”"
    ]
    assert found("CDS206", *tasks, as_of="2026-01-05") == [
        "b: 2026-01-21: “b” may be 5 days late (rests on estimates): the forecast is 26 Jan 2026"
    ]


@pytest.mark.parametrize(
    ("link", "before", "message"),
    [
        ("a", "", "“b” is done, and “a”, which comes before it, is not recorded"),
        ("a FF", "started = 2026-01-06", "“b” is done, and “a”, which comes before it, is not recorded"),
        ("a SS", "", "“b” is done, and “a”, which comes before it, is not recorded"),
        ("a SS", "started = 2026-01-06", None),
        ("a SF", "percent = 10", None),
        ("a", "done = 2026-01-06", None),
        ("a", "cancelled = 2026-01-06", None),
        ("a", "done = 2026-01-20", "“b” is done, and “a”, which comes before it, is not recorded"),
    ],
)
def test_cds214_tells_what_was_not_recorded(link: str, before: str, message: str | None) -> None:
    """What a done task waited for must have happened: its finish, or for SS and SF its start."""
    tasks = task("a", before), task("b", f'after = ["{link}"], done = 2026-01-09'), task("c", 'after = "a"')

    assert found("CDS214", *tasks) == ([f'b: "{link}": {message}'] if message else [])


VIETNAM = HEAD.replace("[agencies]", '[calendar]\nholidays = "VN"\n[agencies]')


def test_cds211_is_said_once_a_year() -> None:
    """The first open deadline in each year that is not announced yet; of other calendars nothing is said."""
    tasks = (
        task("a", "due = 2026-06-30"),
        task("b", "due = 2030-06-30, done = 2026-01-06"),
        task("c", "due = 2030-06-30"),
        task("d", "due = 2030-07-30"),
        task("e", "due = 2031-06-30"),
        task("f", 'due = "ongoing"'),
    )

    assert found("CDS211", *tasks, head=VIETNAM) == [
        "c: 2030-06-30: “c” is due 30 Jun 2030: the days off of 2030 are not announced yet, so it may move",
        "e: 2031-06-30: “e” is due 30 Jun 2031: the days off of 2031 are not announced yet, so it may move",
    ]
    assert found("CDS211", *tasks) == []


def test_rules_of_the_file_look_at_an_agency_s_tasks_only() -> None:
    """A check of one agency does not tell it of the slips of others."""
    tasks = task("a", "due = 2025-06-30"), task("b", "due = 2025-06-30", owner='"two"')

    assert len(found("CDS212", *tasks)) == 2
    assert found("CDS212", *tasks, agency="two") == [
        "b: 2025-06-30: “b” is due 30 Jun 2025, before the plan starts on 5 Jan 2026"
    ]


# ------------------------------------------------------------------------------------------------------------- Quality


@pytest.mark.parametrize(
    ("rule", "keys", "message"),
    [
        ("CDS301", "", "a: a: “a” has no deadline"),
        ("CDS301", "due = { none = true }", None),
        ("CDS301", 'due = "ongoing"', None),
        ("CDS301", "due = 2026-06-30", None),
        ("CDS301", "done = 2026-01-06", None),
        ("CDS303", "", "a: a: “a” has no duration; 1 working day is counted"),
        ("CDS303", 'duration = "~10d"', None),
        ("CDS303", 'duration = "10d"', None),
        ("CDS303", "cancelled = 2026-01-06", None),
        ("CDS310", 'duration = "44d"', None),
        ("CDS310", 'duration = "45d"', 'a: "45d": “a” takes 45 working days'),
        ("CDS310", 'duration = "9w"', 'a: "9w": “a” takes 9 working weeks'),
        ("CDS310", 'duration = "61ed"', None),
        ("CDS310", 'duration = "62ed"', 'a: "62ed": “a” takes 62 calendar days'),
        ("CDS310", 'duration = "60d", done = 2026-01-06', None),
    ],
)
def test_what_a_task_lacks(rule: str, keys: str, message: str | None) -> None:
    """Deadline, duration, a size that can be followed; what is done or cancelled is past mending."""
    assert found(rule, task("a", keys)) == ([message] if message else [])


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ('a = { title = "T" }\n', ["a: a: nobody is responsible for “a”"]),
        ('a = { title = "T", support = "one" }\n', ["a: a: nobody is responsible for “a”"]),
        ('a = { title = "T", owner = "one" }\n', []),
        ('a = { title = "T", each = ["one"] }\n', []),
        ('a = { title = "T", done = 2026-01-06 }\n', []),
    ],
)
def test_cds302_wants_somebody(declared: str, message: list[str]) -> None:
    """A lead or members; whoever supports does not answer for it."""
    assert found("CDS302", declared) == message


@pytest.mark.parametrize(
    ("length", "more", "finds"),
    [(40, "", False), (41, "", True), (41, ', short = "S"', False), (41, ", done = 2026-01-06", False)],
)
def test_cds304_wants_a_short_title(length: int, more: str, finds: bool) -> None:  # noqa: FBT001
    """Forty characters fit, of whatever script; a short title helps."""
    title = "ạ" * length
    declared = f'a = {{ title = "{title}", owner = "one"{more} }}\n'

    assert found("CDS304", declared) == ([f'a: "{title}": the title of “a” has {length} characters'] if finds else [])


@pytest.mark.parametrize(
    ("links", "keys", "start", "finish"),
    [
        ("", "", False, False),
        ('["a"]', "", False, False),
        ('["a SS"]', "", False, True),
        ('["a FF"]', "", True, False),
        ('["a SF"]', "", True, True),
        ('["a FF"]', "not-before = 2026-01-12", False, False),
        ('["a FF", "c"]', "", False, False),
        ('["a SS", "a FF"]', "", False, False),
        ('["a SF"]', "done = 2026-01-07", False, True),
    ],
)
def test_cds305_and_cds306_find_loose_ends(links: str, keys: str, start: bool, finish: bool) -> None:  # noqa: FBT001
    """A start that no FS or SS decides, a finish for which no FS or FF waits; without links there is no end at all."""
    parts = [part for part in (f"after = {links}" if links else "", keys) if part]
    tasks = task("a"), task("b", ", ".join(parts)), task("c")

    assert found("CDS305", *tasks) == ([f"b: {links}: no link decides when “b” starts"] if start else [])
    assert found("CDS306", *tasks) == (["a: a: no link waits for “a” to finish"] if finish else [])


@pytest.mark.parametrize(
    ("lag", "lead", "long"),
    [
        ("FS", None, None),
        ("FS-1d", "1 working day", None),
        ("SS-2ew", "2 calendar weeks", None),
        ("FS+20d", None, None),
        ("FS+21d", None, "21 working days"),
        ("FS+4w", None, None),
        ("FS+5w", None, "5 working weeks"),
        ("FS+28ed", None, None),
        ("FS+29ed", None, "29 calendar days"),
        ("FS+4ew", None, None),
        ("FF+5ew", None, "5 calendar weeks"),
    ],
)
def test_cds307_and_cds308_look_at_lags(lag: str, lead: str | None, long: str | None) -> None:
    """No lead at all, and no more than four weeks of waiting, in whatever unit."""
    tasks = task("a"), task("b", f'after = ["a {lag}"]'), task("c", f'after = ["a {lag}"], done = 2026-01-06')

    assert found("CDS307", *tasks) == ([f'b: "a {lag}": “b” is linked to “a” with a lead of {lead}'] if lead else [])
    assert found("CDS308", *tasks) == ([f'b: "a {lag}": “b” waits {long} after “a”'] if long else [])


def test_cds309_finds_what_hangs_loose() -> None:
    """Beside 46 days of work a task of one day has 45 days of total float, one of two days 44; done work has none."""
    tasks = task("a", 'duration = "46d"'), task("b"), task("c", 'duration = "2d"'), task("d", "done = 2026-01-05")

    assert found("CDS309", *tasks, as_of="2026-01-05") == ["b: b: “b” has 45 working days of total float"]


@pytest.mark.parametrize(
    ("keys", "finish"),
    [
        ('duration = "5d", due = 2026-01-08', "9 Jan 2026"),
        ('duration = "5d", due = 2026-01-09', None),
        ('duration = "5d", due = 2026-01-08, done = 2026-01-06', None),
        ('duration = "5d"', None),
        ('duration = "5d", due = "ongoing"', None),
        ('duration = "5d", due = { before = "z", days = 1 }', None),
    ],
)
def test_cds311_finds_promises_that_the_plan_breaks(keys: str, finish: str | None) -> None:
    """Five days from 5 January end on 9 January, whatever is known by now."""
    tasks = task("m", f"milestone = true, {keys}"), task("z")

    assert found("CDS311", *tasks, as_of="2026-01-12") == (
        [f"m: 2026-01-08: “m” is planned to finish on {finish}, after its deadline 8 Jan 2026"] if finish else []
    )


def test_cds311_looks_at_milestones_only() -> None:
    """Without an open dated milestone nothing is scheduled for it."""
    assert found("CDS311", task("a", 'duration = "5d", due = 2026-01-08'), as_of="2026-01-05") == []


@pytest.mark.parametrize(
    ("keys", "finds"),
    [
        ("milestone = true, due = 2026-06-30", False),
        ("milestone = true, due = 2026-06-30, done = 2026-01-06", False),
        ("milestone = true, due = 2026-06-30, cancelled = 2026-01-06", True),
        ("milestone = true", True),
        ("due = 2026-06-30", True),
    ],
)
def test_cds312_wants_a_milestone_with_a_day(keys: str, finds: bool) -> None:  # noqa: FBT001
    """One that could be missed, or could have been; of one agency's part nothing is said."""
    assert bool(found("CDS312", task("a", keys))) is finds
    assert found("CDS312", task("a", keys), task("b", owner='"two"'), agency="two") == []


def test_cds313_finds_assumed_links_on_the_longest_path() -> None:
    """Links that nobody stated count only where they decide the end, between tasks that are open."""
    inferred = 'after = [{{ task = "{0}", basis = "inferred" }}]'
    tasks = (
        task("a", 'duration = "5d"'),
        task("b", f'duration = "5d", {inferred.format("a")}'),
        task("c", f'duration = "5d", {inferred.format("b")}'),
        task("d", f"{inferred.format('a')}"),
        task("e", 'after = ["c"]'),
    )
    link = '{{ task = "{0}", basis = "inferred" }}'

    assert found("CDS313", *tasks, as_of="2026-01-05") == [
        f"b: {link.format('a')}: the end of the plan rests on an inferred link: “b” after “a”",
        f"c: {link.format('b')}: the end of the plan rests on an inferred link: “c” after “b”",
    ]
    assert found("CDS313", *tasks, as_of="2026-01-05", agency="two") == []
    done = tasks[0].replace('"5d"', '"5d", done = 2026-01-09'), tasks[1].replace('"5d"', '"5d", done = 2026-01-16')
    assert [line[:1] for line in found("CDS313", *done, *tasks[2:], as_of="2026-01-19")] == ["c"]


@pytest.mark.parametrize(
    ("ceased", "keys", "tasks"),
    [
        ("ceased = 2026-03-01", "due = 2026-06-30", None),  # the forecast is in January
        ("ceased = 2026-03-01", "not-before = 2026-02-27, duration = '3d'", "1 open task: a"),
        ("ceased = 2026-01-10", "due = 2026-06-30", "1 open task: a"),
        ("ceased = 2026-01-10", "done = 2026-01-06", None),
        ('ceased = 2026-01-10, successor = "two"', "", None),
        ("", "", None),
    ],
)
def test_cds314_finds_work_that_nobody_takes_over(ceased: str, keys: str, tasks: str | None) -> None:
    """Open work that is not finished before its agency ceases, where no successor is named."""
    head = HEAD.replace('name = "One"', f'name = "One"{", " if ceased else ""}{ceased}')
    day = "1 Mar 2026" if "03-01" in ceased else "10 Jan 2026"
    message = f"“one” ceases on {day}, names no successor and has {tasks}"

    assert found("CDS314", task("a", keys), head=head) == ([f"None: {ceased[-10:]}: {message}"] if tasks else [])


def test_cds314_names_a_few_of_many() -> None:
    """Members of a fan-out count too, each task once; of more than five the rest is left to the imagination."""
    head = HEAD.replace('name = "One"', 'name = "One", ceased = 2026-01-10')
    tasks = [f't{n} = {{ title = "T", owner = "one", each = ["one", "two"] }}\n' for n in range(6)]

    (line,) = found("CDS314", *tasks, head=head)

    assert line.endswith("has 6 open tasks: t0, t1, t2, t3, t4, …")


# --------------------------------------------------------------------------------------------------------- The verdict


def test_the_worst_stand_first() -> None:
    """By severity, by rule, and within a rule the longest late first."""
    day = date(2026, 1, 12)
    text = HEAD + "".join(
        (
            task("a", "due = 2026-01-08"),
            task("b", "due = 2026-01-06, milestone = true"),
            task("c", "due = 2026-01-07"),
            task("d", "due = 2026-01-05, milestone = true"),
            task("e", "due = 2026-01-12"),
        )
    )
    status = judge([forecast(read(text.encode(), "plan.toml"), day)], day)

    assert [(finding.task, str(finding.severity)) for finding in check(status, status.items).findings] == [
        ("d", "error"),
        ("b", "error"),
        ("c", "warning"),
        ("a", "warning"),
        ("e", "note"),
    ]


def test_what_fails_nothing_is_no_error() -> None:
    """An overdue milestone is a warning where something else was to fail, and a note is an error where it was."""
    text = HEAD + task("m", "due = 2026-01-06, milestone = true") + 'x = { title = "X" }\n'
    day = date(2026, 1, 12)
    status = judge([forecast(read(text.encode(), "plan.toml"), day)], day)

    found_ = check(status, status.items, Gate(fail_on=("CDS302",))).findings

    assert [(finding.rule, finding.severity, finding.fails) for finding in found_] == [
        ("CDS302", Severity.ERROR, True),
        ("CDS201", Severity.WARNING, False),
    ]
