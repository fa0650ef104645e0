"""Several calendars in one network, elapsed work and elapsed lags: by hand, by laws, and against the naive method."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING
from unittest.mock import patch

from answers import agree, dates_of, rows
from hypothesis import given
from hypothesis import strategies as st
from oracle import Activity, Named, Oracle, Project
from oracle_mixed import MixedOracle
from strategies import mixed_projects, planned, projects, reported, scheduled

from cdsplan import daysoff
from cdsplan.progress import progress
from cdsplan.schedule import across, crossing, network, tables
from cdsplan.schedule.cpm import Dates, compute
from cdsplan.schedule.crossing import Across
from cdsplan.schedule.forecast import forecast_network
from cdsplan.schedule.tables import FREE, NEVER

if TYPE_CHECKING:
    from cdsplan.schedule.network import Network

ALWAYS = """
[calendars.always]
workweek = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
[tasks]
"""


@given(mixed_projects())
def test_every_answer_equals_that_of_the_naive_method(project: Project) -> None:
    """Dates, floats, deadlines and driving links over several calendars are those found day by day."""
    oracle, schedule = MixedOracle(project), scheduled(project)
    agree(rows(schedule), oracle.rows())
    assert schedule.finish() == oracle.finish()


# Laws


def forced(within: Network) -> Network:
    """Count every link of a network of one calendar as if it led from one calendar to another."""
    (calendar,) = set(within.calendars)
    ruler, links, count = within.rulers[calendar], within.links, len(within.links.sources)
    laid_across = Across([0] * count, [within.rulers.side(calendar, 0)] * count, [ruler] * count)
    laid = within._replace(distances=within.distances.copy(), across=laid_across)
    for k in range(count):
        laid.distances[k] = laid_across.put(k, laid.way(k, morning=links.leaves_start(k)))
    return laid


def answers(made: Network) -> Dates:
    """Run both passes; without what means nothing: floats of what is settled, a deadline float without a deadline."""
    dates = compute(made)
    asked = [max(bound, -NEVER) for bound in dates.asked]  # a dropped link asks for nothing
    free = {j for j, days in enumerate(dates.deadline_float) if days >= FREE or j in made.settled}
    return dates._replace(
        asked=asked,
        total_float=[0 if j in made.settled else days for j, days in enumerate(dates.total_float)],
        free_float=[0 if j in made.settled else days for j, days in enumerate(dates.free_float)],
        deadline_float=[0 if j in free else days for j, days in enumerate(dates.deadline_float)],
        deadline_task=[-1 if j in free else task for j, task in enumerate(dates.deadline_task)],
    )


@given(projects())
def test_counting_across_equal_calendars_is_counting_in_one(project: Project) -> None:
    """A network of one calendar is the same when every link of it is counted across calendars."""
    schedule = scheduled(project)
    assert answers(forced(schedule.network)) == answers(schedule.network)


@given(reported(projects()))
def test_counting_across_equal_calendars_is_counting_in_one_with_facts(case: tuple[Project, date]) -> None:
    """The same holds for the forecast."""
    project, as_of = case
    schedule = scheduled(project)
    known = [progress(schedule.tasks[j].facts, as_of) for j in schedule.plan.order]
    forecast = forecast_network(schedule.plan, forced(schedule.network), known, as_of)
    counted = forecast._replace(began={}, ended={})  # within one calendar, by its days
    assert answers(counted) == answers(schedule.forecast(as_of).network)


@given(projects(), st.data())
def test_calendars_of_another_name_give_what_one_gives(project: Project, data: st.DataObject) -> None:
    """Tasks on calendars that have other names and the same days are scheduled as on one calendar."""
    names = st.sampled_from([None, "same", "inherited"])
    mixed = replace(
        project,
        calendars=(("same", Named(project.workweek, project.closed, project.opened)), ("inherited", Named())),
        activities=tuple(replace(each, calendar=data.draw(names)) for each in project.activities),
    )
    schedule, oracle = scheduled(mixed), Oracle(project)
    agree(rows(schedule), oracle.rows())
    assert schedule.finish() == oracle.finish()


@given(projects())
def test_elapsed_days_are_the_days_of_a_calendar_without_days_off(project: Project) -> None:
    """Where every day is worked, 3ed of work or of lag is 3d, and 1ew is 1w."""
    every_day = replace(project, workweek=tuple(range(7)), closed=frozenset(), opened=frozenset(), vietnam=False)
    elapsed = replace(
        every_day,
        activities=tuple(
            replace(
                each,
                length=(each.length[0], f"e{each.length[1]}"),
                ties=tuple(replace(tie, lag=(tie.lag[0], f"e{tie.lag[1]}")) for tie in each.ties),
            )
            for each in every_day.activities
        ),
    )
    assert rows(scheduled(elapsed)) == rows(scheduled(every_day))


@given(mixed_projects())
def test_free_float_stays_within_the_project(project: Project) -> None:
    """Sliding a task by its free float, on its own calendar, does not end it after the project's finish."""
    schedule = scheduled(project)
    count = len(schedule.tasks)
    for j, calendar in enumerate(map(schedule.calendar, range(count))):
        free = schedule.free_float(j)
        assert free is not None
        assert free >= 0
        last = calendar.ordinal(dates_of(schedule).early[count + j] + free - 1)
        assert last + 1 <= schedule.computed.finish


@given(mixed_projects(dues=False))
def test_float_is_never_negative_without_deadlines(project: Project) -> None:
    """Only a deadline makes float negative; what ends last has none, and free float is never more than total float."""
    schedule = scheduled(project)
    floats = [schedule.total_float(j) or 0 for j in range(len(schedule.tasks))]
    assert min(floats) == 0
    for j, total in enumerate(floats):
        assert (schedule.free_float(j) or 0) <= total
        assert schedule.deadline_float(j) is None


@given(mixed_projects(kinds=("FS", "SS"), dues=False), st.data(), st.integers(1, 8))
def test_lengthening_a_task_never_shortens_the_end(project: Project, data: st.DataObject, days: int) -> None:
    """With FS and SS links only, no task starts or ends earlier because one of them takes longer.

    The last day is no earlier either, unless a point becomes work: it stood in the morning of a day, now it ends in an
    evening, and so does a point that waits for it. One day after Tuesday morning, where only Mondays are worked, is the
    morning of the second Monday from there; one day after Tuesday evening the evening of the first.
    """
    at = data.draw(st.integers(0, len(project.activities) - 1))
    activities = list(project.activities)
    amount, unit = activities[at].length
    activities[at] = replace(activities[at], length=(amount + days, unit))
    before, after = scheduled(project).computed, scheduled(replace(project, activities=tuple(activities))).computed
    assert all(then <= now for then, now in zip(before.early, after.early, strict=True))
    assert before.finish <= after.finish or not amount


ORIGINS = st.integers(-25, 5) | st.sampled_from([-100_000, 40, 140, 100_000])  # in days before the plan


@given(reported(mixed_projects()), ORIGINS, st.sampled_from([1, 2, 4, 64]), st.sampled_from([8, 32, 1 << 15]))
def test_what_lists_of_days_hold_changes_no_answer(
    case: tuple[Project, date], behind: int, near: int, farthest: int
) -> None:
    """Calendars may begin to count anywhere, and lists of days may hold all of a network, some of it or nothing."""
    project, as_of = case
    with ExitStack() as changed:
        changed.enter_context(patch.object(daysoff, "BEHIND", behind))
        changed.enter_context(patch.object(tables, "SPAN", 8))
        for module in (across, crossing, network):
            changed.enter_context(patch.object(module, "NEAR", near))
        for module in (crossing, tables):
            changed.enter_context(patch.object(module, "FARTHEST", farthest))
        schedule = scheduled(project)
        agree(rows(schedule), MixedOracle(project).rows())
        agree(rows(schedule.forecast(as_of)), MixedOracle(project, as_of).rows())


# By hand: March 2026 begins on a Sunday; 2, 9 and 16 March are Mondays


def early(text: str) -> dict[str, tuple[str, str]]:
    """Give the first and the last day of each task, as month-day."""
    schedule = planned(text)
    return {
        task.id: (schedule.early_start(j).strftime("%m-%d"), schedule.early_finish(j).strftime("%m-%d"))
        for j, task in enumerate(schedule.tasks)
    }


def test_work_goes_on_where_the_next_calendar_has_its_first_day() -> None:
    """What follows Friday's end starts on Saturday where Saturdays are worked, and what follows Saturday's on Monday.

    a 2-6 March (Monday to Friday); b takes Saturday 7; c, on the plan's calendar again, waits until Monday 9.
    """
    found = early(f"""{ALWAYS}
a = {{ title = "A", duration = "5d" }}
b = {{ title = "B", duration = "1d", after = "a", calendar = "always" }}
c = {{ title = "C", duration = "2d", after = "b" }}
""")
    assert found == {"a": ("03-02", "03-06"), "b": ("03-07", "03-07"), "c": ("03-09", "03-10")}


def test_a_task_has_its_own_calendar_else_its_only_owners_else_the_plans() -> None:
    """Saturday 7 March is worked by the field office: alone, not with another, and not where the task says otherwise.

    The named calendar inherits the closed Monday 9 March: two days from Saturday are Saturday and Tuesday, as its
    workweek has no Sunday.
    """
    found = early("""
[calendar]
closed = [2026-03-09]
[calendars.office]
[calendars.six]
workweek = ["mon", "tue", "wed", "thu", "fri", "sat"]
[agencies]
field = { name = "Field office", calendar = "six" }
board = { name = "Board" }
[tasks]
alone = { title = "A", duration = "2d", not-before = 2026-03-07, owner = "field" }
joint = { title = "B", duration = "2d", not-before = 2026-03-07, owner = ["field", "board"] }
own = { title = "C", duration = "2d", not-before = 2026-03-07, owner = "field", calendar = "office" }
other = { title = "D", duration = "2d", not-before = 2026-03-07, owner = "board" }
""")
    assert found["alone"] == ("03-07", "03-10")
    assert found["joint"] == found["own"] == found["other"] == ("03-10", "03-11")


def test_elapsed_work_runs_on_every_day() -> None:
    """Ten elapsed days from Saturday 7 March end on Monday 16, one elapsed week on Friday 13; days off do not count.

    What follows starts on the next working day: Tuesday 17, and after the Friday on Monday 16.
    """
    found = early("""
[calendar]
closed = [2026-03-11]
[tasks]
notice = { title = "Notice", duration = "10ed", not-before = 2026-03-07 }
week = { title = "Week", duration = "1ew", not-before = 2026-03-07 }
a = { title = "A", duration = "1d", after = "notice" }
b = { title = "B", duration = "1d", after = "week" }
""")
    assert found["notice"] == ("03-07", "03-16")
    assert found["week"] == ("03-07", "03-13")
    assert (found["a"][0], found["b"][0]) == ("03-17", "03-16")


def test_an_elapsed_lag_counts_every_day() -> None:
    """After Friday 6 March, two elapsed days are the weekend, three take Monday too, a week ends on Friday 13."""
    found = early("""
[tasks]
a = { title = "A", duration = "5d" }
none = { title = "B", duration = "1d", after = "a FS+0ed" }
two = { title = "B", duration = "1d", after = "a FS+2ed" }
three = { title = "C", duration = "1d", after = "a FS+3ed" }
week = { title = "D", duration = "1d", after = "a FS+1ew" }
lead = { title = "E", duration = "1d", after = "a FS-2ed" }
""")
    assert [found[name][0] for name in ("none", "two", "three", "week", "lead")] == [
        "03-09", "03-09", "03-10", "03-16", "03-05",
    ]  # fmt: skip


def test_a_long_elapsed_lag_counts_every_day() -> None:
    """From Saturday 7 March 63 days lead to Saturday 9 May, 64 to that Sunday, 100 to Monday 15 June.

    And 100 days back from Saturday 5 September lies Thursday 28 May.
    """
    found = early("""
[tasks]
a = { title = "A", duration = "5d" }
nine-weeks = { title = "B", duration = "1d", after = "a FS+63ed" }
a-day-more = { title = "C", duration = "1d", after = "a FS+64ed" }
hundred = { title = "D", duration = "1d", after = "a FS+100ed" }
autumn = { title = "E", duration = "5d", not-before = 2026-08-31 }
lead = { title = "F", duration = "1d", after = "autumn FS-100ed" }
""")
    assert [found[name][0] for name in ("nine-weeks", "a-day-more", "hundred", "lead")] == [
        "05-11", "05-11", "06-15", "05-28",
    ]  # fmt: skip


def test_a_lag_in_working_days_runs_on_the_calendar_of_the_successor() -> None:
    """FS+1d after Friday's end passes on Saturday where the successor works on Saturdays, and on Monday where not."""
    found = early(f"""{ALWAYS}
a = {{ title = "A", duration = "5d" }}
b = {{ title = "B", duration = "1d", after = "a FS+1d", calendar = "always" }}
c = {{ title = "C", duration = "1d", after = "a FS+1d" }}
""")
    assert (found["b"][0], found["c"][0]) == ("03-08", "03-10")


def test_a_lag_in_working_days_before_elapsed_work_counts_working_days() -> None:
    """The unit of the lag says what it counts, also where the work that follows runs on every day.

    a ends on Thursday 5 March. Two working days later, Friday and Monday, the elapsed work starts on Tuesday 10; one
    working day later on Saturday 7. A lead of a day takes it to Thursday 5 itself, and 1w is five working days.
    """
    found = early("""
[tasks]
a = { title = "A", duration = "4d" }
one = { title = "B", duration = "3ed", after = "a FS+1d" }
two = { title = "C", duration = "3ed", after = "a FS+2d" }
lead = { title = "D", duration = "3ed", after = "a FS-1d" }
week = { title = "E", duration = "3ed", after = "a FS+1w" }
b = { title = "F", duration = "1d", after = "a FS+2d" }
back = { title = "G", duration = "3ed", after = "b FS-1d" }
friday = { title = "H", duration = "1ed", after = ["a", "b FS-2d"] }
""")
    assert [found[name][0] for name in ("one", "two", "lead", "week")] == ["03-07", "03-10", "03-05", "03-13"]
    assert found["b"] == ("03-10", "03-10")
    assert (found["back"][0], found["friday"][0]) == ("03-10", "03-09")


def test_a_finish_waits_for_a_finish_on_the_weekend() -> None:
    """Work that must not end before Saturday's does ends on Monday: Friday's end is too early.

    saturday runs 2-7 March. With FF the three days are Thursday 5, Friday 6 and Monday 9. An elapsed day later
    is the end of Sunday, which no working day but Monday covers either; two are the end of Monday, three of Tuesday. A
    lead of a day is the end of Friday.
    """
    found = early(f"""{ALWAYS}
saturday = {{ title = "A", duration = "6d", calendar = "always" }}
b = {{ title = "B", duration = "3d", after = "saturday FF" }}
c = {{ title = "C", duration = "3d", after = "saturday FF+1ed" }}
d = {{ title = "D", duration = "3d", after = "saturday FF+2ed" }}
e = {{ title = "E", duration = "3d", after = "saturday FF+3ed" }}
f = {{ title = "F", duration = "3d", after = "saturday FF-1ed" }}
""")
    assert [found[name] for name in "bcdef"] == [
        ("03-05", "03-09"), ("03-05", "03-09"), ("03-05", "03-09"), ("03-06", "03-10"), ("03-04", "03-06"),
    ]  # fmt: skip


def test_a_finish_waits_for_a_start_until_the_last_day_before_it() -> None:
    """Old rules stay in force until the new ones begin: to the last day before, in the calendar of the old rules.

    new begins on Monday 9 March. On the plan's calendar the last day before is Friday 6, on every day Sunday 8. Three
    elapsed days later is the end of Wednesday 11. saturday begins on Saturday 7: Friday again.
    """
    found = early(f"""{ALWAYS}
new = {{ title = "New", duration = "5d", not-before = 2026-03-09 }}
saturday = {{ title = "New", duration = "5d", not-before = 2026-03-07, calendar = "always" }}
a = {{ title = "A", duration = "2d", after = "new SF" }}
b = {{ title = "B", duration = "2d", after = "new SF", calendar = "always" }}
c = {{ title = "C", duration = "2d", after = "new SF+3ed" }}
d = {{ title = "D", duration = "2d", after = "saturday SF" }}
""")
    assert [found[name][1] for name in "abcd"] == ["03-06", "03-08", "03-11", "03-06"]


def test_a_point_in_days_off_is_shown_on_the_next_working_day() -> None:
    """A milestone of the plan's calendar after Saturday's work stands on Monday, and what follows it starts there.

    The same without days off between: after Friday's work it stands on Friday.
    """
    found = early(f"""{ALWAYS}
saturday = {{ title = "A", duration = "6d", calendar = "always" }}
friday = {{ title = "B", duration = "5d", calendar = "always" }}
a = {{ title = "A", duration = "0d", after = "saturday" }}
b = {{ title = "B", duration = "0d", after = "friday" }}
c = {{ title = "C", duration = "1d", after = "a", calendar = "always" }}
d = {{ title = "D", duration = "1d", after = "b", calendar = "always" }}
e = {{ title = "E", duration = "1d", after = "a" }}
""")
    assert (found["a"], found["b"]) == (("03-09", "03-09"), ("03-06", "03-06"))
    assert [found[name][0] for name in "cde"] == ["03-09", "03-07", "03-09"]


def test_a_milestone_due_on_friday_is_missed_by_work_that_ends_on_saturday() -> None:
    """Its predecessor has to end on Friday: it is a day late, and one that ends on Friday is not."""
    schedule = planned(f"""{ALWAYS}
saturday = {{ title = "A", duration = "6d", calendar = "always" }}
a = {{ title = "A", duration = "0d", after = "saturday", due = 2026-03-06 }}
friday = {{ title = "B", duration = "5d", calendar = "always" }}
b = {{ title = "B", duration = "0d", after = "friday", due = 2026-03-06 }}
""")
    assert [schedule.deadline_float(schedule.position[name]) for name in ("saturday", "friday")] == [-1, 0]
    assert [schedule.total_float(schedule.position[name]) for name in ("saturday", "friday")] == [-1, 0]
    assert schedule.early_finish(schedule.position["a"]) == date(2026, 3, 9)


def test_a_link_can_drive_and_leave_float() -> None:
    """Work that ends on Saturday holds what starts on Monday, and may slip through Sunday all the same.

    It drives: a day earlier, on Friday, the successor would start without it. Floats are in days of its own calendar.
    """
    schedule = planned(f"""{ALWAYS}
a = {{ title = "A", duration = "6d", calendar = "always" }}
b = {{ title = "B", duration = "2d", after = "a" }}
""")
    assert schedule.driving(1) == (0,)
    assert (schedule.total_float(0), schedule.free_float(0), schedule.total_float(1)) == (1, 1, 0)
    assert (schedule.late_start(0), schedule.late_finish(0)) == (date(2026, 3, 3), date(2026, 3, 8))


def test_the_end_of_the_plan_is_counted_on_each_calendar() -> None:
    """A plan that ends on Sunday leaves work that ended on Friday no working day of its own, and elapsed work three.

    a ends on Friday 6 March, b on Sunday 8, c on Thursday 5. Only b ends last.
    """
    schedule = planned(f"""{ALWAYS}
a = {{ title = "A", duration = "5d" }}
b = {{ title = "B", duration = "7d", calendar = "always" }}
c = {{ title = "C", duration = "4ed" }}
""")
    assert [schedule.total_float(j) for j in range(3)] == [0, 0, 3]
    assert (schedule.last_tasks(), schedule.finish()) == ((1,), date(2026, 3, 8))


def test_a_plan_of_several_calendars_can_end_with_a_point() -> None:
    """A point on Monday morning ends the plan: on Sunday one may still work, and Friday's end is no earlier."""
    schedule = planned(f"""{ALWAYS}
a = {{ title = "A", duration = "5d" }}
b = {{ title = "B", duration = "6d", calendar = "always" }}
c = {{ title = "C", duration = "0d", not-before = 2026-03-09 }}
""")
    assert [schedule.total_float(j) for j in range(3)] == [0, 1, 0]
    assert (schedule.last_tasks(), schedule.finish()) == ((0, 2), date(2026, 3, 9))


def test_a_day_that_one_calendar_closes_is_worked_in_another() -> None:
    """Tuesday 3 March is closed for the plan and open for the field: its work goes on there."""
    schedule = scheduled(
        Project(
            date(2026, 3, 2),
            (Activity("a", (2, "d")), Activity("b", (2, "d"), calendar="field")),
            closed=frozenset({date(2026, 3, 3)}),
            calendars=(("field", Named(closed=frozenset())),),
        )
    )
    assert [schedule.early_finish(j) for j in (0, 1)] == [date(2026, 3, 4), date(2026, 3, 3)]
