"""How every item stands as of a day: phase, timeliness, days, flags; every expected value worked by hand."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsplan.plan.model import DeadlineKind, Reading, Rule
from cdsplan.plan.reader import read
from cdsplan.progress import Phase
from cdsplan.schedule import forecast
from cdsplan.status import Item, Status, Timeliness, judge, timeliness_of

ROOT = Path(__file__).resolve().parent.parent

# The plan begins on a Monday; without holidays a week has five working days.
HEAD = """
[plan]
id = "p"
title = "The plan"
start = 2021-08-23
timezone = "Asia/Ho_Chi_Minh"
[agencies]
one = { name = "Agency one" }
two = { name = "Agency two" }
three = { name = "Agency three" }
"""


def judged(tasks: str, as_of: str, head: str = HEAD) -> dict[str, Item]:
    """Judge the tasks of a small plan; give its items by id."""
    status = judge(
        [forecast(read((dedent(head) + dedent(tasks)).encode(), "plan.toml"), date.fromisoformat(as_of))],
        date.fromisoformat(as_of),
    )
    return {item.task.id: item for item in status.items}


def only(tasks: str, as_of: str, head: str = HEAD) -> Item:
    """Judge a plan of one task."""
    (item,) = judged(tasks, as_of, head).values()
    return item


DUE = """
[tasks.a]
title = "A"
due = 2021-09-30
"""


@pytest.mark.parametrize(
    ("as_of", "timeliness", "days"),
    [
        ("2021-08-01", Timeliness.ON_TRACK, -60),  # 31 days of August less 1, and 30 of September
        ("2021-09-22", Timeliness.ON_TRACK, -8),
        ("2021-09-23", Timeliness.DUE_SOON, -7),
        ("2021-09-29", Timeliness.DUE_SOON, -1),
        ("2021-09-30", Timeliness.DUE_TODAY, 0),
        ("2021-10-01", Timeliness.OVERDUE, 1),
        ("2022-09-30", Timeliness.OVERDUE, 365),
    ],
)
def test_an_open_task_stands_to_its_last_good_day(as_of: str, timeliness: Timeliness, days: int) -> None:
    """Within seven days before the last good day a task is due soon, on it due today, after it overdue."""
    item = only(DUE, as_of)

    assert (item.timeliness, item.days) == (timeliness, days)
    assert (item.phase, item.open, item.done_on) == (Phase.NOT_STARTED, True, None)


@pytest.mark.parametrize(
    ("warn", "as_of", "timeliness"),
    [
        (0, "2021-09-29", Timeliness.ON_TRACK),
        (0, "2021-09-30", Timeliness.DUE_TODAY),
        (30, "2021-08-30", Timeliness.ON_TRACK),
        (30, "2021-08-31", Timeliness.DUE_SOON),
    ],
)
def test_a_plan_chooses_when_it_warns(warn: int, as_of: str, timeliness: Timeliness) -> None:
    """`[check] warn` is the number of calendar days before a deadline from which it is due soon."""
    assert only(f"{DUE}[check]\nwarn = {warn}\n", as_of).timeliness is timeliness


@pytest.mark.parametrize(
    ("done", "timeliness", "days"),
    [
        ("2021-09-20", Timeliness.DONE_ON_TIME, -10),
        ("2021-09-30", Timeliness.DONE_ON_TIME, 0),
        ("2021-10-01", Timeliness.DONE_LATE, 1),
    ],
)
def test_done_work_stands_by_the_day_it_was_done(done: str, timeliness: Timeliness, days: int) -> None:
    """Done on the last good day is on time, a day later is late, however long ago that was."""
    item = only(f"{DUE}done = {done}\n", "2022-01-01")

    assert (item.phase, item.timeliness, item.days) == (Phase.DONE, timeliness, days)
    assert item.done_on == item.forecast_finish == date.fromisoformat(done)
    assert not item.open


def test_facts_of_later_days_are_not_known_yet() -> None:
    """As of a day before it was done, work is open and overdue; on that day it is done."""
    tasks = f"{DUE}started = 2021-10-01\ndone = 2021-10-03\n"

    before, between, after = (only(tasks, day) for day in ("2021-09-30", "2021-10-02", "2021-10-03"))

    assert (before.phase, before.timeliness) == (Phase.NOT_STARTED, Timeliness.DUE_TODAY)
    assert (between.phase, between.timeliness, between.done_on) == (Phase.IN_PROGRESS, Timeliness.OVERDUE, None)
    assert (after.phase, after.timeliness, after.days) == (Phase.DONE, Timeliness.DONE_LATE, 3)


def test_a_cancelled_task_has_no_timeliness() -> None:
    """From the day of its cancellation a task is neither late nor in time, even if it had been started."""
    tasks = f"{DUE}started = 2021-09-01\ncancelled = 2021-10-10\n"

    before, after = only(tasks, "2021-10-09"), only(tasks, "2021-10-10")

    assert (before.phase, before.timeliness, before.days) == (Phase.IN_PROGRESS, Timeliness.OVERDUE, 9)
    assert (after.phase, after.timeliness, after.days) == (Phase.CANCELLED, None, None)
    assert (after.open, after.at_risk_days, after.deadline_float) == (False, None, None)


@pytest.mark.parametrize(
    ("facts", "phase"),
    [
        ("started = 2021-09-10", Phase.IN_PROGRESS),
        ("started = 2021-09-11", Phase.NOT_STARTED),
        ("started = 2021-09-11\npercent = 50", Phase.NOT_STARTED),
        ("percent = 1", Phase.IN_PROGRESS),
        ("percent = 0", Phase.NOT_STARTED),
    ],
)
def test_work_is_in_progress_from_its_start_or_by_its_percentage(facts: str, phase: Phase) -> None:
    """A start counts from its day; a percentage without a start has no day and counts at once."""
    assert only(f"{DUE}{facts}\n", "2021-09-10").phase is phase


def test_done_on_an_unknown_day_is_done_without_a_judgement() -> None:
    """`done = true` closes a task on whatever day, and says nothing of its being in time."""
    item = only('[tasks.a]\ntitle = "A"\ndone = true\n', "2000-01-01")

    assert (item.phase, item.timeliness, item.days, item.done_on) == (Phase.DONE, Timeliness.NO_DEADLINE, None, None)


@pytest.mark.parametrize(
    "due", ['"thường xuyên"', '"2021 và những năm tiếp theo"', "{ none = true }", '"ongoing"', None]
)
def test_what_has_no_last_day_is_never_late(due: str | None) -> None:
    """Ongoing work, open periods and declared or missing deadlines are not judged, fifty years on either."""
    item = only(f'[tasks.a]\ntitle = "A"\n{f"due = {due}" if due else ""}\n', "2071-01-01")

    assert (item.timeliness, item.days, item.at_risk_days) == (Timeliness.NO_DEADLINE, None, None)


COUNTED = """
[tasks.survey]
title = "Survey"
duration = "5d"
{survey}
[tasks.report]
title = "Report"
due = {{ after = "survey", working-days = 10 }}
"""


def test_a_counted_deadline_is_tentative_until_its_event() -> None:
    """Still open on Thursday 9 September, the survey makes the report due about 23 September; it is not judged."""
    item = judged(COUNTED.format(survey="done = 2021-09-10"), "2021-09-09")["report"]

    assert (item.timeliness, item.days, item.due, item.at_risk_days) == (Timeliness.UNDETERMINED, None, None, None)
    assert item.tentative is not None
    assert item.tentative.last == date(2021, 9, 23)  # 10, 13–17 and 20–23 September are ten working days


@pytest.mark.parametrize(
    ("as_of", "timeliness", "days"),
    [
        ("2021-09-10", Timeliness.ON_TRACK, -14),
        ("2021-09-17", Timeliness.DUE_SOON, -7),
        ("2021-09-24", Timeliness.DUE_TODAY, 0),
        ("2021-09-25", Timeliness.OVERDUE, 1),
    ],
)
def test_a_counted_deadline_is_judged_once_its_event_has_happened(
    as_of: str, timeliness: Timeliness, days: int
) -> None:
    """Done on Friday 10 September, the survey makes the report due on Friday 24: 13–17 and 20–24 are ten days."""
    item = judged(COUNTED.format(survey="done = 2021-09-10"), as_of)["report"]

    assert (item.timeliness, item.days, item.tentative) == (timeliness, days, None)
    assert item.due is not None
    assert (item.due.last, item.due.words) == (date(2021, 9, 24), "10 working-days after survey")


def test_an_event_on_an_unknown_day_leaves_the_count_undetermined() -> None:
    """What was done on a day nobody wrote down gives no day to count from."""
    item = judged(COUNTED.format(survey="done = true"), "2022-01-01")["report"]

    assert (item.timeliness, item.days, item.due, item.tentative) == (Timeliness.UNDETERMINED, None, None, None)


def test_a_count_before_an_event_is_judged_after_it() -> None:
    """Papers due 3 days before a meeting still open on 31 August: about 28 August; held on 1 September, 29 August."""
    tasks = """
    [tasks.papers]
    title = "Papers"
    due = { before = "meeting", days = 3 }
    [tasks.meeting]
    title = "Meeting"
    duration = "5d"
    done = 2021-09-01
    """

    before, after = (judged(tasks, day)["papers"] for day in ("2021-08-31", "2021-09-01"))

    assert before.timeliness is Timeliness.UNDETERMINED
    assert before.tentative is not None
    assert before.tentative.last == date(2021, 8, 28)
    assert (after.timeliness, after.days) == (Timeliness.OVERDUE, 3)


@pytest.mark.parametrize(
    ("survey", "report", "timeliness"),
    [
        ("", "done = 2021-08-25", Timeliness.UNDETERMINED),  # nothing to measure it by, yet
        ("done = true", "done = 2021-09-24", Timeliness.NO_DEADLINE),  # and here never
        ("done = 2021-09-10", "done = 2021-09-24", Timeliness.DONE_ON_TIME),
        ("done = 2021-09-10", "done = 2021-09-27", Timeliness.DONE_LATE),
        ("done = 2021-09-10", "cancelled = 2021-09-27", None),
        ("", "cancelled = 2021-09-27", None),
    ],
)
def test_closed_work_stands_to_its_counted_deadline(survey: str, report: str, timeliness: Timeliness | None) -> None:
    """Work that is done is judged by the count once there is one (24 September); cancelled work never."""
    item = judged(COUNTED.format(survey=survey) + f"{report}\n", "2021-10-01")["report"]

    assert (item.open, item.timeliness) == (False, timeliness)


def test_a_day_without_a_date_of_completion_is_not_judged() -> None:
    """Done on an unknown day before or after a deadline: nobody can say which."""
    due = Reading(words="x", kind=DeadlineKind.DAY, rules=(Rule.NAMED_DAY,), last=date(2021, 9, 30))

    assert timeliness_of(Phase.DONE, due, None, date(2021, 10, 5), 7) == (Timeliness.NO_DEADLINE, None)


def test_a_forecast_beyond_all_calendars_gives_no_tentative_day() -> None:
    """An event that is planned for the year 2200 or later gives no day to tell anyone."""
    tasks = COUNTED.format(survey="not-before = 2199-12-31")

    item = judged(tasks, "2021-09-09")["report"]

    assert (item.timeliness, item.due, item.tentative) == (Timeliness.UNDETERMINED, None, None)


FAN_OUT = """
[tasks.a]
title = "A"
owner = "three"
each = ["one", "two"]
due = 2021-09-30
"""


def test_a_fan_out_counts_who_has_delivered() -> None:
    """As long as nobody reports, every member is missing and stands as the task does."""
    item = only(FAN_OUT, "2021-10-05")

    assert (item.delivered, item.expected, item.missing) == (0, 2, ("one", "two"))
    assert [(member.agency, member.phase, member.timeliness, member.days) for member in item.members] == [
        ("one", Phase.NOT_STARTED, Timeliness.OVERDUE, 5),
        ("two", Phase.NOT_STARTED, Timeliness.OVERDUE, 5),
    ]
    assert {member.due for member in item.members} == {item.due}


def test_a_fan_out_that_is_done_misses_nobody() -> None:
    """Done as a whole means that all have delivered, on that day."""
    item = only(f"{FAN_OUT}done = 2021-09-28\n", "2021-10-05")

    assert (item.delivered, item.expected, item.missing) == (2, 2, ())
    assert {(member.timeliness, member.done_on) for member in item.members} == {
        (Timeliness.DONE_ON_TIME, date(2021, 9, 28))
    }


def test_a_cancelled_fan_out_expects_nobody() -> None:
    """Cancelled members leave the count."""
    item = only(f"{FAN_OUT}cancelled = 2021-09-28\n", "2021-10-05")

    assert (item.delivered, item.expected, item.missing) == (0, 0, ())


def test_a_task_without_members_has_nothing_to_count() -> None:
    """Only a fan-out has members."""
    item = only(DUE, "2021-10-05")

    assert (item.members, item.delivered, item.expected, item.missing) == ((), 0, 0, ())


def test_a_task_waits_for_what_its_cancelled_predecessors_waited_for() -> None:
    """Cancelled work passes the logic through: who waited for it waits for the open work behind it, each named once.

    `print` and `proof` are cancelled, `draft` and `costs` open, `survey` done; of `talks` only the start was awaited.
    """
    tasks = """
[tasks.survey]
title = "Survey"
done = 2021-08-24
[tasks.draft]
title = "Draft"
[tasks.costs]
title = "Costs"
[tasks.talks]
title = "Talks"
not-before = 2021-09-20
[tasks.print]
title = "Print"
after = ["draft", "survey", "costs FF", "talks SS"]
cancelled = 2021-08-25
[tasks.proof]
title = "Proof"
after = ["print"]
cancelled = 2021-08-25
[tasks.session]
title = "Session"
after = ["proof", "draft"]
"""
    found = judged(tasks, "2021-08-30")
    assert found["session"].blocked_by == ("draft", "costs")
    assert found["proof"].blocked_by == ()


def test_a_task_waits_for_open_predecessors_that_must_finish_first() -> None:
    """Done and cancelled predecessors, and those that only must have started, hold nothing up; order as declared."""
    tasks = """
    [tasks.done]
    title = "Done"
    done = 2021-08-30
    [tasks.cancelled]
    title = "Cancelled"
    cancelled = 2021-08-30
    [tasks.begun]
    title = "Begun"
    started = 2021-08-30
    [tasks.open]
    title = "Open"
    [tasks.beside]
    title = "Beside"
    [tasks.waiting]
    title = "Waiting"
    after = ["open", "done", "cancelled", "beside SS", "begun"]
    [tasks.under-way]
    title = "Under way"
    after = ["open"]
    started = 2021-08-30
    """

    found = judged(tasks, "2021-08-30")

    assert found["waiting"].blocked_by == ("open", "begun")
    assert found["under-way"].blocked_by == ()
    assert found["open"].blocked_by == ()
    assert judged(tasks, "2021-08-29")["waiting"].blocked_by == ("open", "done", "cancelled", "begun")


@pytest.mark.parametrize(("due", "days"), [("2021-09-01", 2), ("2021-09-02", 1), ("2021-09-03", None)])
def test_a_task_is_at_risk_when_the_forecast_is_late(due: str, days: int | None) -> None:
    """Ten working days from Monday 23 August end on Friday 3 September; days are calendar days after the deadline."""
    item = only(f'[tasks.a]\ntitle = "A"\nduration = "10d"\ndue = {due}\n', "2021-08-23")

    assert item.forecast_finish == date(2021, 9, 3)
    assert item.at_risk_days == days


def test_done_work_is_not_at_risk() -> None:
    """What is done late is late, not at risk."""
    item = only('[tasks.a]\ntitle = "A"\nduration = "10d"\ndue = 2021-09-01\ndone = 2021-09-03\n', "2021-10-01")

    assert (item.timeliness, item.at_risk_days) == (Timeliness.DONE_LATE, None)


def test_a_forecast_says_when_it_rests_on_estimates() -> None:
    """An estimated duration or an inferred link upstream taints what it drives, and nothing else."""
    tasks = """
    [tasks.stated]
    title = "Stated"
    duration = "5d"
    [tasks.marked]
    title = "Marked"
    duration = "~5d"
    [tasks.undeclared]
    title = "Undeclared"
    [tasks.driven]
    title = "Driven by the marked one"
    duration = "1d"
    after = ["marked"]
    [tasks.free]
    title = "Driven by the stated one"
    duration = "1d"
    after = ["stated", "undeclared"]
    [tasks.inferred]
    title = "Inferred"
    duration = "1d"
    after = [{ task = "stated", basis = "inferred" }]
    [tasks.implied]
    title = "Implied"
    duration = "1d"
    after = [{ task = "stated", basis = "implied" }]
    """

    estimated = {name for name, item in judged(tasks, "2021-08-23").items() if item.estimated}

    assert estimated == {"marked", "undeclared", "driven", "inferred"}


def test_deadline_float_counts_working_days_and_ends_with_the_work() -> None:
    """Planned to Friday 27 August and due a week later, a task can slip five working days; done, there is no float."""
    task = '[tasks.a]\ntitle = "A"\nduration = "5d"\ndue = 2021-09-03\n'

    assert only(task, "2021-08-23").deadline_float == 5
    assert only(f"{task}done = 2021-08-27\n", "2021-08-30").deadline_float is None
    assert only('[tasks.a]\ntitle = "A"\n', "2021-08-23").deadline_float is None


def test_several_plans_are_judged_together_in_order() -> None:
    """A portfolio keeps the order of plans and, within each, of tasks; each warns by its own setting."""
    other = HEAD.replace('id = "p"', 'id = "q"')
    plans = [
        read(f"{HEAD}{DUE}[check]\nwarn = 1\n".encode(), "one.toml"),
        read(f"{other}{DUE}[tasks.b]\ntitle = 'B'\n".encode(), "two.toml"),
    ]

    status = judge([forecast(plan, date(2021, 9, 28)) for plan in plans], date(2021, 9, 28))

    assert status.plans == tuple(plans)
    assert [(item.plan.id, item.task.id, item.timeliness) for item in status.items] == [
        ("p", "a", Timeliness.ON_TRACK),
        ("q", "a", Timeliness.DUE_SOON),
        ("q", "b", Timeliness.NO_DEADLINE),
    ]


DAYS = st.dates(date(1990, 1, 1), date(2199, 12, 31))


@given(last=DAYS, as_of=DAYS, warn=st.integers(0, 365))
def test_every_open_day_has_one_timeliness(last: date, as_of: date, warn: int) -> None:
    """Overdue, due today, due soon and on track part the days among them, by the count of calendar days."""
    due = Reading(words="x", kind=DeadlineKind.DAY, rules=(Rule.NAMED_DAY,), named_last=last, last=last)

    timeliness, days = timeliness_of(Phase.NOT_STARTED, due, None, as_of, warn)

    assert days is not None
    assert last + timedelta(days) == as_of
    assert {
        Timeliness.OVERDUE: as_of > last,
        Timeliness.DUE_TODAY: as_of == last,
        Timeliness.DUE_SOON: as_of < last <= as_of + timedelta(warn),
        Timeliness.ON_TRACK: last > as_of + timedelta(warn),
    }[timeliness]


def real(as_of: str, before: str = "inclusive") -> Status:
    """Judge the real plan, with "trước ngày" read as said."""
    text = (ROOT / "plans" / "nghean.toml").read_text("utf-8")
    assert 'before = "inclusive"' in text
    plan = read(text.replace('before = "inclusive"', f'before = "{before}"').encode(), "nghean.toml")
    return judge([forecast(plan, date.fromisoformat(as_of))], date.fromisoformat(as_of))


@pytest.mark.parametrize(
    ("as_of", "task", "timeliness", "days"),
    [
        ("2021-09-29", "khao-sat", Timeliness.DUE_SOON, -1),
        ("2021-09-30", "khao-sat", Timeliness.DUE_TODAY, 0),
        ("2021-10-01", "khao-sat", Timeliness.OVERDUE, 1),
        ("2021-10-05", "khao-sat", Timeliness.OVERDUE, 5),
        ("2021-11-15", "du-thao-nghi-quyet", Timeliness.DUE_TODAY, 0),
        ("2021-11-16", "du-thao-ke-hoach", Timeliness.OVERDUE, 1),
        ("2022-04-15", "bao-cao-tinh-uy", Timeliness.DUE_TODAY, 0),
        ("2022-04-16", "bao-cao-tinh-uy", Timeliness.OVERDUE, 1),
        ("2022-05-31", "bao-cao-bch", Timeliness.DUE_TODAY, 0),
        ("2022-06-01", "bao-cao-bch", Timeliness.OVERDUE, 1),
        ("2022-06-01", "gop-y", Timeliness.NO_DEADLINE, None),
    ],
)
def test_the_real_plan_stands_as_worked_by_hand(
    as_of: str, task: str, timeliness: Timeliness, days: int | None
) -> None:
    """The five dated tasks of the Nghệ An plan turn on 30/9 and 15/11/2021, 15/4 and 31/5/2022."""
    (item,) = [item for item in real(as_of).items if item.task.id == task]

    assert (item.timeliness, item.days) == (timeliness, days)


def test_the_survey_expects_forty_one_reports() -> None:
    """20 departments and 21 districts must report; nobody has."""
    (survey,) = [item for item in real("2021-10-05").items if item.task.id == "khao-sat"]

    assert (survey.delivered, survey.expected, len(survey.missing)) == (0, 41, 41)
    assert (survey.missing[0], survey.missing[-1]) == ("vp-ubnd", "hoang-mai")


@pytest.mark.parametrize(
    ("as_of", "timeliness"),
    [("2021-09-28", Timeliness.DUE_SOON), ("2021-09-29", Timeliness.DUE_TODAY), ("2021-09-30", Timeliness.OVERDUE)],
)
def test_a_strict_reading_takes_the_day_itself_away(as_of: str, timeliness: Timeliness) -> None:
    """With `before = "strict"` the survey is due on 29/9/2021 at the latest."""
    (survey,) = [item for item in real(as_of, before="strict").items if item.task.id == "khao-sat"]

    assert survey.timeliness is timeliness
