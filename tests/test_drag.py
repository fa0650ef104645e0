"""Drag: by how many working days the end comes earlier when a task takes no time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st
from mixed import DAYS, MixedPlan, mixed_plans
from oracle import Oracle, Project
from strategies import planned, projects, scheduled

from cdsplan.schedule.drag import MOST_TASKS, drag
from cdsplan.schedule.paths import longest_path_members

if TYPE_CHECKING:
    from datetime import date

    from cdsplan.schedule import Schedule


def by_name(schedule: Schedule) -> dict[str, int]:
    """Give the drag of every task."""
    return {schedule.tasks[j].id: days for j, days in drag(schedule, range(len(schedule.tasks))).items()}


def last_boundary(schedule: Schedule) -> int:
    """Count the working days of the plan's calendar up to the end."""
    return schedule.plan.workdays.index(schedule.computed.finish)


# Laws


@given(projects())
def test_drag_is_what_a_plan_without_the_task_s_work_gains(project: Project) -> None:
    """Each task's drag is the difference of two ends by the naive method, with its length and with none; signed."""
    expected = {}
    whole = Oracle(project)
    for at, activity in enumerate(project.activities):
        rest = list(project.activities)
        rest[at] = replace(activity, length=(0, "d"))
        shortened = Oracle(replace(project, activities=tuple(rest)))
        assert whole.end is not None
        assert shortened.end is not None
        expected[activity.name] = whole.count(shortened.end, whole.end)

    assert by_name(scheduled(project)) == expected


@given(mixed_plans(facts=False))
def test_drag_over_several_calendars(plan: MixedPlan) -> None:
    """Each task's drag is the difference to the plan file in which its duration is nought, of the same unit."""
    whole = plan.schedule()

    assert by_name(whole) == {
        task.name: last_boundary(whole) - last_boundary(plan.schedule(without=task.name)) for task in plan.tasks
    }


@given(mixed_plans(facts=True), DAYS)
def test_drag_in_a_forecast(plan: MixedPlan, as_of: date) -> None:
    """The same holds of the forecast; what is done or cancelled has no drag."""
    whole = plan.schedule(as_of=as_of)

    assert by_name(whole) == {
        task.name: last_boundary(whole) - last_boundary(plan.schedule(without=task.name, as_of=as_of))
        for task in plan.tasks
        if whole.position[task.name] not in whole.settled
    }


@given(projects(kinds=("FS", "SS"), dues=False))
def test_only_the_longest_path_has_drag(project: Project) -> None:
    """With FS and SS alone drag is from 0 to the task's work, and there is none off the longest path."""
    schedule = scheduled(project)
    members = longest_path_members(schedule)
    for j, days in drag(schedule, range(len(schedule.tasks))).items():
        assert 0 <= days <= schedule.length(j)
        assert j in members or not days


@given(projects(), st.data())
def test_drag_is_given_for_the_tasks_asked_for(project: Project, data: st.DataObject) -> None:
    """Asking for some tasks gives what asking for all gives of them, in the order asked for."""
    schedule = scheduled(project)
    every = drag(schedule, range(len(schedule.tasks)))
    some = data.draw(st.lists(st.sampled_from(list(every)), unique=True))
    assert list(drag(schedule, some).items()) == [(j, every[j]) for j in some]


# By hand


def test_drag_is_limited_by_the_parallel_path() -> None:
    """Devaux: a and then b (10 days) or c (7 days) and then d. B's drag is 3, as c takes over; c's is nought."""
    assert by_name(
        planned("""
[tasks]
a = { title = "A", duration = "4d" }
b = { title = "B", duration = "10d", after = "a" }
c = { title = "C", duration = "7d", after = "a" }
d = { title = "D", duration = "2d", after = ["b", "c"] }
""")
    ) == {"a": 4, "b": 3, "c": 0, "d": 2}


def test_tasks_that_tie_have_no_drag() -> None:
    """While b and c take three days each, nothing is gained by doing one of them in none."""
    assert by_name(
        planned("""
[tasks]
b = { title = "B", duration = "3d" }
c = { title = "C", duration = "3d" }
d = { title = "D", duration = "1d", after = ["b", "c"] }
""")
    ) == {"b": 0, "c": 0, "d": 1}


def test_a_reverse_critical_task_has_negative_drag() -> None:
    """Wiest (1981): b must finish with a (5 days), and c may start when b starts.

    B takes 3 days, so it starts after 2, and c (4 days) ends after 6. If b took none, it would start after 5 and c end
    after 9: shorter work ends the plan three days later. Without a, b starts at once and c ends after 4.
    """
    assert by_name(
        planned("""
[tasks]
a = { title = "A", duration = "5d" }
b = { title = "B", duration = "3d", after = "a FF" }
c = { title = "C", duration = "4d", after = "b SS" }
""")
    ) == {"a": 2, "b": -3, "c": 1}


def test_a_path_by_sf_is_reverse_critical_too() -> None:
    """B finishes when a starts, 4 days after the plan; c starts with b.

    B (2 days) starts after 2, c (5 days) ends after 7. A point b would start after 4 and c end after 9: drag −2. A
    (1 day) drives by its start only: drag 0. Without c's work all ends with a, after 5.
    """
    assert by_name(
        planned("""
[tasks]
a = { title = "A", duration = "1d", not-before = 2026-03-06 }
b = { title = "B", duration = "2d", after = "a SF" }
c = { title = "C", duration = "5d", after = "b SS" }
""")
    ) == {"a": 0, "b": -2, "c": 2}


def test_drag_counts_working_days_of_the_plan() -> None:
    """Elapsed work of 7 days runs from Monday to Sunday, and 2 days of work after it to Tuesday.

    Without the wait the work ends on the Tuesday before, 5 working days earlier; without the work, 2.
    """
    assert by_name(
        planned("""
[tasks]
wait = { title = "Wait", duration = "7ed" }
act = { title = "Act", duration = "2d", after = "wait" }
""")
    ) == {"wait": 5, "act": 2}


def test_no_more_than_200_tasks_are_asked() -> None:
    """Of a chain of 205 tasks the first 200 have their drag."""
    tasks = "\n".join(f't{k} = {{ title = "T", duration = "1d", after = "t{k - 1}" }}' for k in range(1, 205))
    schedule = planned(f'[tasks]\nt0 = {{ title = "T", duration = "1d" }}\n{tasks}')
    assert MOST_TASKS == 200
    assert drag(schedule, range(205)) == dict.fromkeys(range(200), 1)
