"""What comes again: the occurrences of a task, their deadlines, and how each stands as of a day, worked by hand.

Days off: 20/2/2021 is a Saturday, 20/3/2021 too, 20/6/2021 a Sunday; 1/9/2021 to 3/9/2021 were days off in Vietnam.
"""

from __future__ import annotations

from datetime import date
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from cdsplan.check import check
from cdsplan.journal.reader import read as read_journal
from cdsplan.journal.replay import replay
from cdsplan.milestones import milestones
from cdsplan.names import NoOccurrence, Unknown, find_item
from cdsplan.plan.model import NOTHING_GUESSED, Gate
from cdsplan.plan.occurrences import around, occurrences, on_day
from cdsplan.plan.reader import read
from cdsplan.problems import PlanError
from cdsplan.progress import Phase, Progress, Record
from cdsplan.schedule import forecast
from cdsplan.status import MOST_DELIVERIES, Item, Status, Timeliness, judge, judge_occurrence
from cdsplan.whatif import Change, what_if

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdsplan.plan.model import Plan

HEAD = """
[plan]
id = "p"
title = "The plan"
start = 2021-01-01
timezone = "Asia/Ho_Chi_Minh"
[calendar]
holidays = "VN"
[agencies]
one = { name = "Agency one" }
two = { name = "Agency two" }
"""

MONTHLY = """
[tasks.monthly]
title = "Monthly report"
number = "II.1"
owner = "one"
repeat = "ngày 20 hằng tháng"
"""


def plan_of(tasks: str, reading: str = "") -> Plan:
    """Read a small plan."""
    return read((dedent(HEAD) + reading + dedent(tasks)).encode(), "plan.toml")


def status_of(plan: Plan, as_of: str, *entries: str) -> Status:
    """Judge a plan and its journal; an entry is written without its id and instant."""
    lines = [
        f"20211231-{n:06}-aaaa = {{ at = 2021-12-31T08:00:{n:02}+07:00, {entry} }}" for n, entry in enumerate(entries)
    ]
    data = "".join(f"{line}\n" for line in lines).encode()
    journal = read_journal(data, "plan.journal.toml", plan, max_bytes=len(data))
    assert not journal.vanished
    day = date.fromisoformat(as_of)
    return judge([forecast(plan, day, replay(plan, journal, day))], day)


def items(plan: Plan, as_of: str, *entries: str) -> dict[str, Item]:
    """Give the items of a status by name."""
    return {item.name: item for item in status_of(plan, as_of, *entries).items}


def told(plan: Plan, as_of: str) -> list[str]:
    """Give the nominal days that are told of on a day."""
    (task,) = plan.recurring.values()
    return [occurrence.day.isoformat() for occurrence in occurrences(task, plan, date.fromisoformat(as_of))]


# Which occurrences


def test_all_that_have_been_and_three_months_ahead() -> None:
    """On 5/3/2021 those of January and February have been; 92 days ahead is 5/6/2021."""
    assert told(plan_of(MONTHLY), "2021-03-05") == [
        "2021-01-20",
        "2021-02-20",
        "2021-03-20",
        "2021-04-20",
        "2021-05-20",
    ]


@pytest.mark.parametrize(("as_of", "last"), [("2021-03-19", "2021-05-20"), ("2021-03-20", "2021-06-20")])
def test_the_horizon_includes_its_last_day(as_of: str, last: str) -> None:
    """20/6/2021 lies 92 days after 20/3/2021."""
    assert told(plan_of(MONTHLY), as_of)[-1] == last


def test_the_next_one_is_told_of_however_far_ahead() -> None:
    """A yearly report: the one of this year, and no further one."""
    plan = plan_of('[tasks.a]\ntitle = "A"\nrepeat = "trước ngày 15/12 hằng năm"\n')
    assert told(plan, "2021-01-01") == ["2021-12-15"]
    assert told(plan, "2021-12-15") == ["2021-12-15", "2022-12-15"]


def test_a_rule_runs_from_not_before_to_until() -> None:
    """Both inclusive; the first occurrence covers the days since the rule begins, the others since the one before."""
    plan = plan_of(MONTHLY + "not-before = 2021-02-20\nuntil = 2021-04-20\n")
    (task,) = plan.recurring.values()
    found = list(occurrences(task, plan, date(2021, 12, 31)))
    assert [(each.first.isoformat(), each.day.isoformat()) for each in found] == [
        ("2021-02-20", "2021-02-20"),
        ("2021-02-21", "2021-03-20"),
        ("2021-03-21", "2021-04-20"),
    ]
    assert on_day(task, plan, date(2021, 4, 20)) == found[2]
    assert on_day(task, plan, date(2021, 5, 20)) is None
    assert around(task, plan.start, date(2021, 6, 1)) == (date(2021, 4, 20),)
    assert around(task, plan.start, date(2021, 1, 1)) == (date(2021, 2, 20),)


def test_before_the_plan_begins_the_first_one_is_ahead() -> None:
    """Nobody looks back from a day before the plan: one occurrence, the first."""
    assert told(plan_of(MONTHLY), "2020-05-01") == ["2021-01-20"]


def test_a_task_that_happens_once_has_no_occurrences() -> None:
    """Neither told of, nor on any day."""
    plan = plan_of('[tasks.a]\ntitle = "A"\n')
    assert list(occurrences(plan.tasks["a"], plan, date(2021, 3, 5))) == []
    assert on_day(plan.tasks["a"], plan, date(2021, 3, 5)) is None


# Their deadlines


@pytest.mark.parametrize(
    ("repeat", "before", "day_off", "day", "named", "last"),
    [
        # A named day that is a Saturday moves to Monday, or stays; its name is the nominal day either way.
        ("ngày 20 hằng tháng", "inclusive", "next-working-day", "2021-02-20", "2021-02-20", "2021-02-22"),
        ("ngày 20 hằng tháng", "inclusive", "same-day", "2021-02-20", "2021-02-20", "2021-02-20"),
        ("FREQ=MONTHLY;BYMONTHDAY=20", "strict", "next-working-day", "2021-02-20", "2021-02-20", "2021-02-22"),
        # "trước ngày" never moves.
        ("hằng tháng trước ngày 20", "inclusive", "next-working-day", "2021-02-20", "2021-02-20", "2021-02-20"),
        ("hằng tháng trước ngày 20", "strict", "next-working-day", "2021-02-20", "2021-02-20", "2021-02-19"),
        # Nor do whole periods (28/2/2021 was a Sunday), nor points.
        ("hằng tháng", "inclusive", "next-working-day", "2021-02-28", "2021-02-28", "2021-02-28"),
        ("cuối tháng hằng tháng", "inclusive", "next-working-day", "2021-02-28", "2021-02-28", "2021-02-28"),
    ],
)
def test_how_an_occurrence_is_read(repeat: str, before: str, day_off: str, day: str, named: str, last: str) -> None:
    """As its words would be read if they named that day alone."""
    reading = f'[reading]\nbefore = "{before}"\nday-off = "{day_off}"\n'
    plan = plan_of(f'[tasks.a]\ntitle = "A"\nrepeat = "{repeat}"\n', reading)
    found = on_day(plan.recurring["a"], plan, date.fromisoformat(day))
    assert found is not None
    assert found.due.words == repeat
    assert (str(found.due.named_last), str(found.due.last)) == (named, last)


@pytest.mark.parametrize(
    ("repeat", "day", "first"),
    [
        ("hằng tháng", "2021-02-28", "2021-02-01"),
        ("hằng quý", "2021-03-31", "2021-01-01"),
        ("6 tháng một lần", "2021-06-30", "2021-01-01"),
        ("hằng năm", "2021-12-31", "2021-01-01"),
        ("quý I hằng năm", "2022-03-31", "2022-01-01"),
        ("hằng tuần", "2021-01-10", "2021-01-04"),
        ("hằng ngày", "2021-01-10", "2021-01-10"),
    ],
)
def test_the_first_day_of_a_whole_period(repeat: str, day: str, first: str) -> None:
    """Months, quarters and years of the calendar; weeks from Monday to Sunday."""
    plan = plan_of(f'[tasks.a]\ntitle = "A"\nrepeat = "{repeat}"\n')
    found = on_day(plan.recurring["a"], plan, date.fromisoformat(day))
    assert found is not None
    assert (str(found.due.first), str(found.due.last)) == (first, day)


def test_a_time_of_day_is_shown() -> None:
    """It does not change the day."""
    plan = plan_of('[tasks.a]\ntitle = "A"\nrepeat = "trước 17h00 ngày 20 hằng tháng"\n')
    found = on_day(plan.recurring["a"], plan, date(2021, 2, 20))
    assert found is not None
    assert (str(found.due.last), str(found.due.time)) == ("2021-02-20", "17:00:00")


# How they stand


def test_every_occurrence_is_an_item_of_its_own() -> None:
    """January on time, February late, March and April open: the 20th is a Saturday and the day itself, by the plan."""
    found = items(
        plan_of(MONTHLY),
        "2021-03-20",
        'on = 2021-01-20, task = "monthly@2021-01-20", kind = "done", document = "1/BC"',
        'on = 2021-02-22, task = "monthly@2021-02-20", kind = "done"',
        'on = 2021-04-20, task = "monthly@2021-04-20", kind = "started"',  # not known yet on 20/3
    )
    assert {name: (item.phase, item.timeliness, item.days) for name, item in found.items()} == {
        "monthly@2021-01-20": (Phase.DONE, Timeliness.DONE_ON_TIME, 0),
        "monthly@2021-02-20": (Phase.DONE, Timeliness.DONE_LATE, 2),
        "monthly@2021-03-20": (Phase.NOT_STARTED, Timeliness.DUE_TODAY, 0),
        "monthly@2021-04-20": (Phase.NOT_STARTED, Timeliness.ON_TRACK, -31),
        "monthly@2021-05-20": (Phase.NOT_STARTED, Timeliness.ON_TRACK, -61),
        "monthly@2021-06-20": (Phase.NOT_STARTED, Timeliness.ON_TRACK, -92),
    }
    january = found["monthly@2021-01-20"]
    assert (january.done_on, january.since) == (date(2021, 1, 20), date(2021, 1, 1))
    assert (january.forecast_finish, january.at_risk_days, january.deadline_float) == (None, None, None)


def test_each_member_delivers_each_occurrence() -> None:
    """Two agencies each month: one has delivered January, nobody February."""
    plan = plan_of('[tasks.a]\ntitle = "A"\neach = ["one", "two"]\nrepeat = "ngày 20 hằng tháng"\n')
    found = items(plan, "2021-02-25", 'on = 2021-01-19, task = "a@2021-01-20", agency = "two", kind = "done"')
    january, february = found["a@2021-01-20"], found["a@2021-02-20"]
    assert (january.delivered, january.expected, january.missing) == (1, 2, ("one",))
    assert [(member.agency, member.timeliness, member.days) for member in january.members] == [
        ("one", Timeliness.OVERDUE, 36),
        ("two", Timeliness.DONE_ON_TIME, -1),
    ]
    assert (january.timeliness, january.days) == (Timeliness.OVERDUE, 36)
    assert (february.delivered, february.days) == (0, 5)


def test_an_occurrence_that_every_member_delivered_on_time_was_on_time() -> None:
    """One of two had ten days more and used seven of them."""
    plan = plan_of('[tasks.a]\ntitle = "A"\neach = ["one", "two"]\nrepeat = "ngày 20 hằng tháng"\n')
    of = 'task = "a@2021-01-20", agency'
    january = items(
        plan,
        "2021-02-25",
        f'on = 2021-01-18, {of} = "one", kind = "extended", due = "30/01/2021"',
        f'on = 2021-01-19, {of} = "two", kind = "done"',
        f'on = 2021-01-27, {of} = "one", kind = "done"',
    )["a@2021-01-20"]
    assert (january.timeliness, january.days, january.done_on) == (Timeliness.DONE_ON_TIME, -3, date(2021, 1, 27))
    assert january.due == january.members[0].due


class Asked(dict[str, Record]):
    """Records that count how often all of them are gone through."""

    times = 0

    def __iter__(self) -> Iterator[str]:
        """Go through the names."""
        self.times += 1
        return super().__iter__()


def test_a_journal_is_searched_for_occurrences_once_however_many_tasks_come_again() -> None:
    """Those ahead of all that are told of are found all the same, each by its own task."""
    tasks = "".join(f'[tasks.t{n}]\ntitle = "T"\nrepeat = "ngày 20 hằng tháng"\n' for n in range(4))
    tasks += '[tasks.once]\ntitle = "T"\n'
    plan, day = plan_of(tasks), date(2021, 1, 25)
    record = Record(Progress(Phase.DONE, done=day))
    known = Asked({"t1@2021-12-20": record, "t3@2021-11-20": record, "t1@2021-10-20": record, "once": record})
    status = judge([forecast(plan, day, known)], day)
    ahead = [item.name for item in status.items if item.phase is Phase.DONE]
    assert ahead == ["once", "t1@2021-10-20", "t1@2021-12-20", "t3@2021-11-20"]
    assert known.times == 1


def test_what_an_occurrence_s_forecast_rests_on_is_a_code_like_any_other() -> None:
    """Outside the network nothing is guessed."""
    item = items(plan_of(MONTHLY), "2021-01-25")["monthly@2021-01-20"]
    assert item.estimated is NOTHING_GUESSED


def test_an_occurrence_is_extended_or_cancelled_alone() -> None:
    """January moves to the 31st, February is cancelled; March stands as the rule has it."""
    found = items(
        plan_of(MONTHLY),
        "2021-01-25",
        'on = 2021-01-18, task = "monthly@2021-01-20", kind = "extended", due = "31/01/2021"',
        'on = 2021-01-18, task = "monthly@2021-02-20", kind = "cancelled"',
    )
    january, february = found["monthly@2021-01-20"], found["monthly@2021-02-20"]
    assert (january.timeliness, january.days) == (Timeliness.DUE_SOON, -6)
    assert january.baseline is not None
    assert january.baseline.last == date(2021, 1, 20)
    assert (february.phase, february.timeliness, february.days) == (Phase.CANCELLED, None, None)
    assert found["monthly@2021-03-20"].phase is Phase.NOT_STARTED


def test_what_the_journal_tells_of_a_far_occurrence_is_told() -> None:
    """December's report, delivered in January, stands behind those of the horizon."""
    found = items(plan_of(MONTHLY), "2021-01-25", 'on = 2021-01-25, task = "monthly@2021-12-20", kind = "done"')
    assert list(found)[-2:] == ["monthly@2021-04-20", "monthly@2021-12-20"]
    assert found["monthly@2021-12-20"].timeliness is Timeliness.DONE_ON_TIME


def test_a_far_occurrence_can_be_judged_alone() -> None:
    """However far ahead, when somebody asks for it."""
    plan = plan_of(MONTHLY)
    item = judge_occurrence(plan, plan.recurring["monthly"], date(2022, 12, 20), date(2021, 1, 1))
    assert (item.name, item.timeliness, item.days) == ("monthly@2022-12-20", Timeliness.ON_TRACK, -718)


def test_the_network_comes_first_then_each_recurring_task() -> None:
    """And nothing of the network changes by what stands outside of it."""
    tasks = '[tasks.a]\ntitle = "A"\n[tasks.b]\ntitle = "B"\nafter = ["a"]\n'
    with_recurring = plan_of(MONTHLY + tasks)
    assert list(items(with_recurring, "2021-01-10"))[:3] == ["a", "b", "monthly@2021-01-20"]
    alone = status_of(plan_of(tasks), "2021-01-10")
    among = status_of(with_recurring, "2021-01-10")
    assert [item._replace(plan=alone.plans[0]) for item in among.items[:2]] == list(alone.items)


def test_a_plan_in_which_everything_comes_again() -> None:
    """Its network is empty: it ends when it begins."""
    status = status_of(plan_of(MONTHLY), "2021-01-10")
    assert status.forecasts[0].finish() == date(2021, 1, 1)
    assert [item.name for item in status.items][:1] == ["monthly@2021-01-20"]


def test_a_plan_that_comes_too_often_says_so() -> None:
    """Daily work of a few hundred agencies for years would be millions of deliveries."""
    many = "".join(f'[agencies.x{n}]\nname = "X"\n' for n in range(300))
    group = ", ".join(f'"x{n}"' for n in range(300))
    plan = plan_of(f'{many}[groups]\nall = [{group}]\n[tasks.a]\ntitle = "A"\neach = ["@all"]\nrepeat = "hằng ngày"\n')
    days = MOST_DELIVERIES // 300  # from 1/1/2021
    assert days == 1666
    judge([forecast(plan, date(2025, 4, 22))], date(2025, 4, 22))  # 1,573 days, and 92 ahead, make 1,665
    with pytest.raises(PlanError) as refused:
        judge([forecast(plan, date(2025, 5, 1))], date(2025, 5, 1))
    (problem,) = refused.value.problems
    assert (problem.code, problem.place and problem.place.file) == ("CDS101", "plan.toml")


# Views of the core


def test_check_judges_every_occurrence() -> None:
    """A recurring milestone that was missed twice is found twice, each at the rule of its task."""
    plan = plan_of(MONTHLY + "milestone = true\n")
    status = status_of(plan, "2021-03-05")
    found = check(status, status.items)
    assert [str(finding.message) for finding in found.findings] == [
        "“monthly@2021-01-20” is 44 days overdue: it was due on 20 Jan 2021",
        "“monthly@2021-02-20” is 13 days overdue: it was due on 20 Feb 2021",
    ]
    places = [finding.problem().place for finding in found.findings]
    assert [place and place.source for place in places] == ['repeat = "ngày 20 hằng tháng"'] * 2
    assert [(finding.task, finding.occurrence, finding.item) for finding in found.findings] == [
        ("monthly", date(2021, 1, 20), "monthly@2021-01-20"),
        ("monthly", date(2021, 2, 20), "monthly@2021-02-20"),
    ]


def test_every_rule_looks_at_a_plan_with_recurring_tasks() -> None:
    """Rules of the network leave them out; those of a task tell of them once; deadlines are told one by one."""
    title = "A title that is much longer than what any calendar on any phone could show"
    plan = plan_of(
        f'[tasks.a]\ntitle = "{title}"\nrepeat = "ngày 20 hằng tháng"\n'
        '[tasks.b]\ntitle = "B"\nowner = "one"\ndue = 2021-04-30\nduration = "2d"\nmilestone = true\n'
    )
    status = status_of(plan, "2021-02-20")
    found = check(status, status.items, Gate(select=("ALL",)))
    told = sorted((finding.rule, finding.task or "", str(finding.message)) for finding in found.findings)
    assert [each for each in told if each[1] == "a"] == [
        ("CDS202", "a", "“a@2021-01-20” is 31 days overdue: it was due on 20 Jan 2021"),
        ("CDS204", "a", "“a@2021-02-20” is due today, 20 Feb 2021"),
        ("CDS302", "a", "nobody is responsible for “a”"),
        ("CDS304", "a", "the title of “a” has 74 characters"),
    ]


def test_a_waiver_of_a_task_excuses_every_occurrence() -> None:
    """While it lasts: each of the two that are overdue."""
    plan = plan_of(MONTHLY + '[[waiver]]\nrule = "CDS202"\ntask = "II.1"\nuntil = 2021-12-31\nreason = "Storm"\n')
    status = status_of(plan, "2021-03-05")
    found = check(status, status.items).findings
    assert [(each.item, each.waiver is not None) for each in found if each.rule == "CDS202"] == [
        ("monthly@2021-01-20", True),
        ("monthly@2021-02-20", True),
    ]


def test_milestones_show_the_last_one_done_and_all_that_are_open() -> None:
    """January and February are done: February shows how the last one went; no chain leads there."""
    plan = plan_of(MONTHLY + "milestone = true\n" + '[tasks.a]\ntitle = "A"\nmilestone = true\n')
    status = status_of(
        plan,
        "2021-03-05",
        'on = 2021-01-20, task = "monthly@2021-01-20", kind = "done"',
        'on = 2021-02-20, task = "monthly@2021-02-20", kind = "done"',
    )
    found = milestones(status)
    assert [(each.item.name, each.chain, [item.name for item in each.next]) for each in found] == [
        ("a", ("a",), ["a"]),
        ("monthly@2021-02-20", (), []),
        ("monthly@2021-03-20", (), ["monthly@2021-03-20"]),
        ("monthly@2021-04-20", (), ["monthly@2021-04-20"]),
        ("monthly@2021-05-20", (), ["monthly@2021-05-20"]),
    ]


def test_milestones_of_two_plans() -> None:
    """The occurrences of one plan do not shift the items of the next."""
    day = date(2021, 1, 10)
    first = plan_of(MONTHLY + "milestone = true\n")
    second = plan_of('[tasks.a]\ntitle = "A"\nmilestone = true\n')._replace(id="q")
    status = judge([forecast(first, day), forecast(second, day)], day)
    assert [each.item.name for each in milestones(status)] == [
        "monthly@2021-01-20",
        "monthly@2021-02-20",
        "monthly@2021-03-20",
        "a",
    ]


def test_nothing_moves_what_comes_again() -> None:
    """`whatif` looks at the network alone."""
    plan = plan_of(MONTHLY + '[tasks.a]\ntitle = "A"\nowner = "two"\n')
    outcome = what_if(plan, Change("a", add_days=3), date(2021, 1, 4))
    assert [effect.after.name for effect in outcome.moved] == ["a"]
    assert outcome.agencies == ("two",)


# Names


@pytest.mark.parametrize(
    "name",
    ["monthly@2021-02-20", "II.1@2021-02-20", "monthly@20/2/2021", "p:monthly@20/02/2021", "monthly report@2021-02-20"],
)
def test_an_occurrence_is_named_by_its_day(name: str) -> None:
    """Whatever the task is called before the @, and however the day is written."""
    plan = plan_of(MONTHLY)
    assert find_item([plan], name) == (plan, plan.recurring["monthly"], date(2021, 2, 20))


def test_a_recurring_task_is_found_without_a_day() -> None:
    """As a whole."""
    plan = plan_of(MONTHLY)
    assert find_item([plan], "II.1") == (plan, plan.recurring["monthly"], None)


def test_a_day_without_an_occurrence_names_its_neighbours() -> None:
    """The last one before, and the first one after."""
    with pytest.raises(NoOccurrence) as missed:
        find_item([plan_of(MONTHLY)], "monthly@2021-02-19")
    assert missed.value.near == ("monthly@2021-01-20", "monthly@2021-02-20")


@pytest.mark.parametrize("name", ["monthly@2021-02-30", "monthly@soon", "@2021-02-20", "monthly@1/2021"])
def test_what_is_no_day_is_no_occurrence(name: str) -> None:
    """It is looked for as a name, and nothing has it."""
    with pytest.raises(Unknown):
        find_item([plan_of(MONTHLY)], name)


def test_a_task_that_happens_once_is_not_named_by_a_day() -> None:
    """The task itself is near."""
    with pytest.raises(Unknown) as unknown:
        find_item([plan_of('[tasks.a]\ntitle = "A"\n')], "a@2021-02-20")
    assert unknown.value.near == ("a",)


# What the journal names


@pytest.mark.parametrize(
    ("entry", "message", "hint"),
    [
        (
            'task = "monthly", kind = "done"',
            "“monthly” comes again, and this entry does not say which time: it counts nowhere",
            'add the day of the occurrence: "monthly@2026-03-20"',
        ),
        (
            'task = "monthly@2021-02-21", kind = "done"',
            "“monthly” does not come on 21 Feb 2021 by its rule: this entry counts nowhere",
            "nearest to it are: monthly@2021-02-20, monthly@2021-03-20",
        ),
        (
            'task = "a@2021-02-20", kind = "done"',
            "“a” happens once and has no occurrences: this entry counts nowhere",
            'write the task alone: "a"',
        ),
    ],
)
def test_entries_that_name_no_occurrence_are_kept_and_count_nowhere(entry: str, message: str, hint: str) -> None:
    """A warning at the line, with a way out."""
    plan = plan_of(MONTHLY + '[tasks.a]\ntitle = "A"\n')
    data = f"x1 = {{ at = 2021-03-01T08:00:00+07:00, on = 2021-03-01, {entry} }}\n".encode()
    journal = read_journal(data, "plan.journal.toml", plan, max_bytes=len(data))
    (problem,) = journal.vanished.values()
    assert (problem.code, str(problem.message), str(problem.hint)) == ("CDS215", message, hint)
    assert replay(plan, journal, date(2021, 3, 1)) == {}


def test_a_former_id_names_occurrences_too() -> None:
    """Entries of a renamed task count for its occurrences."""
    plan = plan_of(MONTHLY + 'formerly = ["report"]\n')
    found = items(plan, "2021-03-01", 'on = 2021-01-20, task = "report@2021-01-20", kind = "done"')
    assert found["monthly@2021-01-20"].phase is Phase.DONE


def test_links_to_what_comes_again_are_refused_all_at_once() -> None:
    """Also those by number, beside other mistakes; the rest of the network is looked at all the same."""
    first = '[tasks.a]\ntitle = "A"\nafter = ["II.1", "b"]\n'
    tasks = f'{first}[tasks.b]\ntitle = "B"\nafter = ["a"]\ndue = {{ after = "monthly", days = 3 }}\n'
    with pytest.raises(PlanError) as refused:
        plan_of(MONTHLY + tasks)
    assert [problem.code for problem in refused.value.problems] == ["CDS112", "CDS111", "CDS112"]


def test_too_many_recurring_tasks_are_refused() -> None:
    """A thousand are read; that others wait for one of more than these is not told as well."""
    tasks = "".join(f'[tasks.t{n}]\ntitle = "T"\nrepeat = "monthly"\n' for n in range(1001))
    with pytest.raises(PlanError) as refused:
        plan_of(tasks + '[tasks.a]\ntitle = "A"\nafter = ["t1"]\n')
    assert [str(problem.message) for problem in refused.value.problems] == [
        "1001 tasks come again; at most 1000 are read"
    ]
