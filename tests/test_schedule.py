"""The planned network: dates, floats and deadlines, by hand, from the literature, and against the naive method."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from answers import agree, dates_of, rows
from hypothesis import given
from hypothesis import strategies as st
from oracle import Activity, Oracle, Project, Row, Tie
from strategies import mixed_projects, planned, projects, scheduled

from cdsplan.plan.model import ESTIMATES, INFERRED_LINKS, NOTHING_GUESSED
from cdsplan.schedule.paths import longest_path_members

if TYPE_CHECKING:
    from random import Random

    from cdsplan.schedule import Schedule


def total(schedule: Schedule, j: int) -> int:
    """Give the total float of open work."""
    days = schedule.total_float(j)
    assert days is not None
    return days


def spans(schedule: Schedule) -> dict[str, tuple[int, int, int, int, int]]:
    """Give ES, EF, LS, LF and total float as textbooks do: in working days from the start of the plan."""
    start, count = schedule.network.earliest[0], len(schedule.tasks)
    early, floats = dates_of(schedule).early, dates_of(schedule).total_float
    spans = {task.id: (early[j] - start, early[count + j] - start, floats[j]) for j, task in enumerate(schedule.tasks)}
    return {name: (first, last, first + days, last + days, days) for name, (first, last, days) in spans.items()}


def early(schedule: Schedule) -> dict[str, tuple[str, str]]:
    """Give the first and the last day of each task, as month-day."""
    return {
        task.id: (schedule.early_start(j).strftime("%m-%d"), schedule.early_finish(j).strftime("%m-%d"))
        for j, task in enumerate(schedule.tasks)
    }


def shown(schedule: Schedule, name: str) -> str:
    """Give the one day on which a point is shown, as month-day."""
    first, last = early(schedule)[name]
    assert first == last
    return first


# Against the naive method


@given(projects())
def test_every_answer_equals_that_of_the_naive_method(project: Project) -> None:
    """Dates, floats, deadlines, driving links and the longest path are those found day by day."""
    oracle = Oracle(project)
    schedule = scheduled(project)
    agree(rows(schedule), oracle.rows())
    assert schedule.finish() == oracle.finish()


@given(projects())
def test_answers_for_all_tasks_are_those_for_each(project: Project) -> None:
    """What is asked for every task at once is what each task is told alone."""
    schedule = scheduled(project)
    positions = range(len(schedule.tasks))
    assert schedule.early_finishes() == [schedule.early_finish(j) for j in positions]
    assert schedule.deadline_floats() == [schedule.deadline_float(j) for j in positions]
    assert schedule.driving_links() == [schedule.driving(j) for j in positions]


# Laws


@given(projects() | mixed_projects(), st.randoms(use_true_random=False))
def test_declaration_order_is_irrelevant(project: Project, random: Random) -> None:
    """Tasks and links in another order have the same dates, floats, driving links and longest path."""

    def answers(asked: Project) -> dict[str, tuple[Row, frozenset[Tie]]]:
        found = rows(scheduled(asked))
        # Which of two deadlines that bind alike is named may differ; driving links are told by position.
        return {
            each.name: (
                replace(found[each.name], binding=frozenset(), driving=()),
                frozenset(each.ties[at] for at in found[each.name].driving),
            )
            for each in asked.activities
        }

    activities = [replace(each, ties=tuple(random.sample(each.ties, len(each.ties)))) for each in project.activities]
    random.shuffle(activities)
    assert answers(replace(project, activities=tuple(activities))) == answers(project)


@given(projects())
def test_free_float_stays_within_the_project(project: Project) -> None:
    """Sliding a task by its free float does not end it after the project's finish."""
    schedule = scheduled(project)
    finishes = dates_of(schedule).early[len(schedule.tasks) :]
    for j, finish in enumerate(finishes):
        assert 0 <= (schedule.free_float(j) or 0) <= max(finishes) - finish


@given(projects(dues=False))
def test_free_float_is_at_most_total_float_without_deadlines(project: Project) -> None:
    """What moves no successor does not move the end either."""
    schedule = scheduled(project)
    for j in range(len(schedule.tasks)):
        assert (schedule.free_float(j) or 0) <= total(schedule, j)


@given(projects(dues=False))
def test_float_is_never_negative_without_deadlines(project: Project) -> None:
    """Only a deadline makes float negative, and without one there is no deadline float."""
    schedule = scheduled(project)
    assert min(total(schedule, j) for j in range(len(schedule.tasks))) == 0
    assert all(schedule.deadline_float(j) is None for j in range(len(schedule.tasks)))
    assert all(schedule.binding_deadline(j) is None for j in range(len(schedule.tasks)))


@given(projects(kinds=("FS", "SS")), st.data(), st.integers(1, 8))
def test_lengthening_a_task_never_shortens_the_end(project: Project, data: st.DataObject, days: int) -> None:
    """With FS and SS links only, a longer task never lets the plan finish earlier."""
    longer = data.draw(st.sampled_from(project.activities))
    week = len(project.workweek)
    amount, unit = longer.length
    length = (amount * (week if unit == "w" else 1) + days, "d")
    changed = tuple(replace(each, length=length) if each is longer else each for each in project.activities)
    assert scheduled(replace(project, activities=changed)).finish() >= scheduled(project).finish()


def with_dues(project: Project, days: int | None) -> Project:
    """Move every deadline by so many days, or take them away."""

    def changed(activity: Activity) -> Activity:
        if activity.due is None or days is None:
            return replace(activity, due=None)
        return replace(activity, due=activity.due + timedelta(days=days))

    return replace(project, activities=tuple(changed(activity) for activity in project.activities))


@given(projects())
def test_deadlines_never_move_early_dates(project: Project) -> None:
    """Early dates are the same with and without deadlines."""
    assert early(scheduled(project)) == early(scheduled(with_dues(project, None)))


@given(projects())
def test_a_deadline_adds_no_float(project: Project) -> None:
    """Total float with deadlines is at most that without; with all deadlines far off it is the same."""
    free, capped, far = (scheduled(with_dues(project, days)) for days in (None, 0, 10_000))
    for j in range(len(project.activities)):
        assert total(capped, j) <= total(free, j)
        assert total(far, j) == total(free, j)


@given(projects(), st.integers(0, 30))
def test_later_deadlines_never_lower_deadline_float(project: Project, days: int) -> None:
    """Moving every deadline later leaves each task as much room before them, or more."""
    before, after = scheduled(project), scheduled(with_dues(project, days))
    for j in range(len(project.activities)):
        old, new = before.deadline_float(j), after.deadline_float(j)
        assert (old is None) == (new is None)
        assert old is None or new is None or old <= new


# From the literature

RELIABLE = """
[tasks]
a = { title = "Excavate", duration = "2d" }
b = { title = "Lay the foundation", duration = "4d", after = "a" }
c = { title = "Put up the rough wall", duration = "10d", after = "b" }
d = { title = "Put up the roof", duration = "6d", after = "c" }
e = { title = "Install the exterior plumbing", duration = "4d", after = "c" }
f = { title = "Install the interior plumbing", duration = "5d", after = "e" }
g = { title = "Put up the exterior siding", duration = "7d", after = "d" }
h = { title = "Do the exterior painting", duration = "9d", after = ["e", "g"] }
i = { title = "Do the electrical work", duration = "7d", after = "c" }
j = { title = "Put up the wallboard", duration = "8d", after = ["f", "i"] }
k = { title = "Install the flooring", duration = "4d", after = "j" }
l = { title = "Do the interior painting", duration = "5d", after = "j" }
m = { title = "Install the exterior fixtures", duration = "2d", after = "h" }
n = { title = "Install the interior fixtures", duration = "6d", after = ["k", "l"] }
finish = { title = "Finish", duration = "0d", after = ["m", "n"]DUE }
"""
RELIABLE_SLACK = dict.fromkeys("abcefjln", 0) | {"d": 4, "g": 4, "h": 4, "i": 2, "k": 1, "m": 4, "finish": 0}


def test_reliable_construction() -> None:
    """A classic network of finish-to-start links has the dates and the slack that its source gives.

    Hillier & Lieberman, Introduction to Operations Research (7th ed. 2001, chapter 10: Reliable Construction Co.), its
    weeks taken as working days. By hand: A 0-2, B 2-6, C 6-16, D 16-22, E 16-20, F 20-25, G 22-29, H max(20, 29)=29-38,
    I 16-23, J max(25, 23)=25-33, K 33-37, L 33-38, M 38-40, N max(37, 38)=38-44, the end max(40, 44)=44. Back from 44:
    N 38, M 42, H 33, G 26, D 20, L 33, K 34, J 25, F 20, I 18, E min(20, 33)-4=16, C min(20, 16, 18)-10=6.
    """
    schedule = planned(RELIABLE.replace("DUE", ""))
    assert {name: span[:3:2] for name, span in spans(schedule).items()} == {
        "a": (0, 0), "b": (2, 2), "c": (6, 6), "d": (16, 20), "e": (16, 16), "f": (20, 20), "g": (22, 26),
        "h": (29, 33), "i": (16, 18), "j": (25, 25), "k": (33, 34), "l": (33, 33), "m": (38, 42), "n": (38, 38),
        "finish": (44, 44),
    }  # fmt: skip
    assert {name: span[4] for name, span in spans(schedule).items()} == RELIABLE_SLACK
    assert schedule.finish() == date(2026, 4, 30)  # the 44th day: eight weeks and four days, a Thursday


def test_a_deadline_that_cannot_be_kept_gives_negative_float() -> None:
    """The same network against its bonus date: 40 days, of which the longest path takes 44.

    The contract of the source pays a bonus for completion within 40 weeks. Day 40 is Friday 24/4/2026 (8 weeks). Every
    slack falls by 44 - 40 = 4, so the longest path has -4, K 1 - 4 = -3, I -2, and D, G, H and M none left. Early dates
    stay as they were, and the deadline float is the same: every task leads to the one deadline.
    """
    free, schedule = planned(RELIABLE.replace("DUE", "")), planned(RELIABLE.replace("DUE", ", due = 2026-04-24"))
    assert early(schedule) == early(free)
    assert {name: span[4] for name, span in spans(schedule).items()} == {
        name: slack - 4 for name, slack in RELIABLE_SLACK.items()
    }
    for j, task in enumerate(schedule.tasks):
        assert schedule.deadline_float(j) == RELIABLE_SLACK[task.id] - 4
        assert schedule.binding_deadline(j) == schedule.position["finish"]
        assert schedule.critical(j)


def test_the_penalty_date_leaves_float() -> None:
    """Against its penalty date, 47 days, the same network keeps its float, and three days more before the deadline.

    Day 47 is Tuesday 5/5/2026: nine weeks and two days. A later deadline adds no total float.
    """
    schedule = planned(RELIABLE.replace("DUE", ", due = 2026-05-05"))
    for j, task in enumerate(schedule.tasks):
        assert total(schedule, j) == RELIABLE_SLACK[task.id]
        assert schedule.deadline_float(j) == RELIABLE_SLACK[task.id] + 3


def test_a_published_table() -> None:
    """Early and late dates and slack are those of the published solution.

    Taylor, Introduction to Management Science, chapter 8 (Project Management), problem 5, as in the solutions manual:
    the activities are arrows between the events 1 to 6, and the critical path is 1-3-4-5-6.
    """
    schedule = planned("""
[tasks]
1-2 = { title = "1-2", duration = "7d" }
1-3 = { title = "1-3", duration = "10d" }
2-4 = { title = "2-4", duration = "6d", after = "1-2" }
3-4 = { title = "3-4", duration = "5d", after = "1-3" }
3-5 = { title = "3-5", duration = "4d", after = "1-3" }
4-5 = { title = "4-5", duration = "3d", after = ["2-4", "3-4"] }
5-6 = { title = "5-6", duration = "2d", after = ["3-5", "4-5"] }
""")
    assert spans(schedule) == {
        "1-2": (0, 7, 2, 9, 2),
        "1-3": (0, 10, 0, 10, 0),
        "2-4": (7, 13, 9, 15, 2),
        "3-4": (10, 15, 10, 15, 0),
        "3-5": (10, 14, 14, 18, 4),
        "4-5": (15, 18, 15, 18, 0),
        "5-6": (18, 20, 18, 20, 0),
    }
    assert longest_path_members(schedule) == {schedule.position[name] for name in ("1-3", "3-4", "4-5", "5-6")}


def test_overlapping_work_in_a_ladder() -> None:
    """Work that follows other work in sections, with SS and FF lags, the case that precedence diagrams were made for.

    The trench of a pipeline is dug (10 days), the pipe laid (6), the trench filled (8): each begins two days after the
    one before has begun, and ends three days after it has ended (the form is that of Moder, Phillips & Davis, Project
    Management with CPM, PERT and Precedence Diagramming, 3rd ed. 1983; the numbers are ours). By hand:

    dig 0-10. lay: start max(0 + 2, 10 + 3 - 6 = 7) = 7, so 7-13: the FF link drives, as work has no breaks.
    fill: start max(7 + 2 = 9, 13 + 3 - 8 = 8) = 9, so 9-17: the SS link drives. Back from 17: fill 9-17,
    lay: start min(9 - 2 = 7, 17 - 3 - 6 = 8) = 7, dig: min(7 - 2 = 5, 13 - 3 - 10 = 0) = 0. The longest path
    takes dig whole, leads to the end of lay, back to its start and on to fill: 10 + 3 - 6 + 2 + 8 = 17.
    """
    schedule = planned("""
[tasks]
dig = { title = "Dig", duration = "10d" }
lay = { title = "Lay", duration = "6d", after = ["dig SS+2d", "dig FF+3d"] }
fill = { title = "Fill", duration = "8d", after = ["lay SS+2d", "lay FF+3d"] }
""")
    assert spans(schedule) == {"dig": (0, 10, 0, 10, 0), "lay": (7, 13, 7, 13, 0), "fill": (9, 17, 9, 17, 0)}
    assert [schedule.driving(j) for j in range(3)] == [(), (1,), (0,)]


def test_a_longer_task_can_shorten_the_end_of_a_plan() -> None:
    """A path that enters a task at its end and leaves it at its start is shorter when the task is longer.

    Wiest, Precedence diagramming method: some unusual characteristics and their implications for project managers,
    Journal of Operations Management 1 (1981), calls such a task reverse critical; the numbers are ours. By hand: a 0-6;
    b of 2 days must not end before a does: 4-6; c starts with b: 4-9. With b of 5 days: 1-6, and c 1-6.
    """
    text = """
[tasks]
a = { title = "A", duration = "6d" }
b = { title = "B", duration = "LENGTH", after = "a FF" }
c = { title = "C", duration = "5d", after = "b SS" }
"""
    short, long = planned(text.replace("LENGTH", "2d")), planned(text.replace("LENGTH", "5d"))
    assert (spans(short)["c"][1], spans(long)["c"][1]) == (9, 6)


def test_a_precedence_network_with_start_links() -> None:
    """A network of FS and SS links, as taught, has the dates worked by hand.

    The activity list of a course module ("Network Construction: Precedence Diagram Method"): B starts with A, J with G
    and K with I. By hand: A 0-2, B 0-10, C 2-15, D 2-14, E 10-22, F 10-17, G 14-24, H 14-30, I 17-23,
    J max(15, 14)=15-27, K 17-22, L max(22, 23, 22)=23-31, M 30-35, N max(24, 27, 31, 35)=35-38. Back from 38: N 35,
    M 30, L 27, K 22, J 23, I min(27 - 6, 22) = 21, H 14, G min(35 - 10, 23) = 23, F 14, E 15, D min(14, 23) - 12 = 2,
    C 23 - 13 = 10, B min(15, 14) - 10 = 4, A min(4, 10 - 2, 2 - 2) = 0: B binds the start of A, C and D its end.
    """
    schedule = planned("""
[tasks]
a = { title = "A", duration = "2d" }
b = { title = "B", duration = "10d", after = "a SS" }
c = { title = "C", duration = "13d", after = "a" }
d = { title = "D", duration = "12d", after = "a" }
e = { title = "E", duration = "12d", after = "b" }
f = { title = "F", duration = "7d", after = "b" }
g = { title = "G", duration = "10d", after = "d" }
h = { title = "H", duration = "16d", after = "d" }
i = { title = "I", duration = "6d", after = "f" }
j = { title = "J", duration = "12d", after = ["c", "g SS"] }
k = { title = "K", duration = "5d", after = "i SS" }
l = { title = "L", duration = "8d", after = ["e", "i", "k"] }
m = { title = "M", duration = "5d", after = "h" }
n = { title = "N", duration = "3d", after = ["g", "j", "l", "m"] }
""")
    assert {name: (span[0], span[2]) for name, span in spans(schedule).items()} == {
        "a": (0, 0), "b": (0, 4), "c": (2, 10), "d": (2, 2), "e": (10, 15), "f": (10, 14), "g": (14, 23),
        "h": (14, 14), "i": (17, 21), "j": (15, 23), "k": (17, 22), "l": (23, 27), "m": (30, 30), "n": (35, 35),
    }  # fmt: skip


# Days and lags


def test_weekends_and_days_off_are_stepped_over() -> None:
    """Three days from Thursday 5/3 with Monday 9/3 closed end on Tuesday 10/3; a lag of a day then starts on 12/3."""
    schedule = planned("""
[calendar]
closed = [2026-03-09]
[tasks]
a = { title = "A", duration = "3d", not-before = 2026-03-05 }
b = { title = "B", duration = "1d", after = "a FS+1d" }
""")
    assert early(schedule) == {"a": ("03-05", "03-10"), "b": ("03-12", "03-12")}


def test_a_week_is_as_many_days_as_the_workweek_names() -> None:
    """With a workweek of three days, 1w of work from Monday ends on Wednesday, and FS+1w skips the next three."""
    schedule = planned("""
[calendar]
workweek = ["mon", "tue", "wed"]
[tasks]
a = { title = "A", duration = "1w" }
b = { title = "B", duration = "1d", after = "a FS+1w" }
""")
    assert early(schedule) == {"a": ("03-02", "03-04"), "b": ("03-16", "03-16")}


def test_the_days_off_of_vietnam_are_stepped_over() -> None:
    """In 2024, 29/4 (swapped), 30/4 and 1/5 were off and Saturday 4/5 worked: four days from Friday 26/4 end on it."""
    schedule = scheduled(Project(date(2024, 4, 26), (Activity("a", (4, "d")),), vietnam=True))
    assert (schedule.early_start(0), schedule.early_finish(0)) == (date(2024, 4, 26), date(2024, 5, 4))


def test_a_lead_overlaps() -> None:
    """FS-2d lets the successor start two working days before the predecessor has finished."""
    schedule = planned("""
[tasks]
a = { title = "A", duration = "5d" }
b = { title = "B", duration = "3d", after = "a FS-2d" }
""")
    assert early(schedule) == {"a": ("03-02", "03-06"), "b": ("03-05", "03-09")}


def test_nothing_starts_before_the_plan() -> None:
    """A lead, an FF, an SF link and a `not-before` that reach back before the plan's start are held at it.

    The slack that this leaves is free float: by hand 3 days to b, 9 - 1 to c, 2 to d, so a has 2; no link drives.
    """
    schedule = planned("""
[tasks]
a = { title = "A", duration = "1d" }
b = { title = "B", duration = "1d", after = "a SS-3d" }
c = { title = "C", duration = "9d", after = "a FF" }
d = { title = "D", duration = "2d", after = "a SF" }
e = { title = "E", duration = "2d", not-before = 2026-01-05 }
""")
    assert {first for first, _ in early(schedule).values()} == {"03-02"}
    assert schedule.free_float(0) == 2
    assert all(schedule.driving(j) == () for j in range(5))


def test_a_plan_that_starts_on_a_day_off_starts_on_the_next_working_day() -> None:
    """Saturday 7/3/2026 is no working day: work begins on Monday 9/3."""
    schedule = scheduled(Project(date(2026, 3, 7), (Activity("a", (1, "d")),)))
    assert (schedule.early_start(0), schedule.finish()) == (date(2026, 3, 9), date(2026, 3, 9))


def test_an_sf_link_holds_the_end_after_a_start() -> None:
    """SF+2d: the night shift (3d) ends no earlier than two days after the day shift has begun on Monday 9/3."""
    schedule = planned("""
[tasks]
day = { title = "Day shift", duration = "5d", not-before = 2026-03-09 }
night = { title = "Night shift", duration = "3d", after = "day SF+2d" }
""")
    assert early(schedule)["night"] == ("03-06", "03-10")


def test_free_float_is_what_moves_no_successor() -> None:
    """What finishes before its successor can start has the days between as free float, the last task has none.

    By hand: a 0-5, b 0-3, c 5-6 after both; d, alone, 0-4, ends two days before the plan does.
    """
    schedule = planned("""
[tasks]
a = { title = "A", duration = "5d" }
b = { title = "B", duration = "3d" }
c = { title = "C", duration = "1d", after = ["a", "b"] }
d = { title = "D", duration = "4d" }
""")
    assert [schedule.free_float(j) for j in range(4)] == [0, 2, 0, 2]


# Deadlines


def test_a_deadline_on_a_day_off_is_kept_by_the_working_day_before() -> None:
    """Work due on Sunday 8/3 has until Friday 6/3: a task of three days has two days of float."""
    schedule = planned("""
[tasks]
a = { title = "A", duration = "3d", due = 2026-03-08 }
b = { title = "B", duration = "10d" }
""")
    assert (schedule.late_finish(0), schedule.total_float(0), schedule.deadline_float(0)) == (date(2026, 3, 6), 2, 2)


def test_a_missed_deadline_shows_up_the_chain_and_moves_nothing() -> None:
    """Five days of work due after three: both tasks have -2, and late dates before the plan's start; c has float.

    a 0-3, b 3-5, due on Wednesday 4/3 (3 days). c runs 0-1 beside them and leads nowhere: it may end with the plan.
    """
    schedule = planned("""
[tasks]
a = { title = "A", duration = "3d" }
b = { title = "B", duration = "2d", after = "a", due = 2026-03-04 }
c = { title = "C", duration = "1d" }
""")
    assert early(schedule) == {"a": ("03-02", "03-04"), "b": ("03-05", "03-06"), "c": ("03-02", "03-02")}
    assert spans(schedule) == {"a": (0, 3, -2, 1, -2), "b": (3, 5, 1, 3, -2), "c": (0, 1, 4, 5, 4)}
    assert schedule.late_start(0) == date(2026, 2, 26)
    assert schedule.deadline_float(2) is None


def test_the_nearest_deadline_downstream_binds() -> None:
    """Of two deadlines that a task leads to, the one that breaks first counts and is named.

    By hand: a 0-1, b 1-2 and c 1-3 due after day 4 (Thursday 5/3): b may slip by 2 days, c by 1, and so a by 1, for c.
    """
    schedule = planned("""
[tasks]
a = { title = "A", duration = "1d" }
b = { title = "B", duration = "1d", after = "a", due = 2026-03-05 }
c = { title = "C", duration = "2d", after = "a", due = 2026-03-05 }
""")
    assert [schedule.deadline_float(j) for j in range(3)] == [1, 2, 1]
    assert [schedule.binding_deadline(j) for j in range(3)] == [2, 1, 2]


def test_of_two_deadlines_that_bind_alike_a_task_is_told_its_own() -> None:
    """A task that may slip by one day before its own deadline and before its successor's is told its own."""
    schedule = planned("""
[tasks]
a = { title = "A", duration = "1d", due = 2026-03-03 }
b = { title = "B", duration = "1d", after = "a", due = 2026-03-04 }
""")
    assert (schedule.deadline_float(0), schedule.binding_deadline(0)) == (1, 0)


def test_a_period_caps_at_its_last_day_and_ongoing_work_never() -> None:
    """A task due in March may end on Tuesday 31/3 (22 days); ongoing, counted or no deadlines cap nothing."""
    schedule = planned("""
[tasks]
a = { title = "A", duration = "2d", due = "tháng 3/2026" }
b = { title = "B", duration = "1d", due = "thường xuyên" }
c = { title = "C", duration = "1d", due = { none = true } }
d = { title = "D", duration = "1d", due = { after = "a", working-days = 1 } }
""")
    assert [schedule.deadline_float(j) for j in range(4)] == [20, None, None, None]
    assert [total(schedule, j) for j in range(4)] == [0, 1, 1, 1]


# Points (0d)


def test_a_point_is_shown_on_its_predecessors_last_day() -> None:
    """A closing milestone stands on the day on which the work ends, and so do points that follow it."""
    schedule = planned("""
[tasks]
a = { title = "A", duration = "5d" }
b = { title = "B", duration = "0d", after = "a" }
c = { title = "C", duration = "0d", after = "b" }
d = { title = "D", duration = "0w", after = "c SS" }
e = { title = "E", duration = "1d", after = "d" }
""")
    assert [shown(schedule, name) for name in "bcd"] == ["03-06"] * 3
    assert early(schedule)["e"] == ("03-09", "03-09")


def test_a_point_without_predecessors_is_shown_at_the_plans_start() -> None:
    """An opening milestone stands on the plan's first working day, and so do points that follow it."""
    schedule = planned("""
[tasks]
a = { title = "A", duration = "0d" }
b = { title = "B", duration = "0d", after = "a" }
c = { title = "C", duration = "0d", after = "b FF" }
d = { title = "D", duration = "2d", after = "b" }
""")
    assert [shown(schedule, name) for name in "abc"] == ["03-02"] * 3
    assert schedule.finish() == date(2026, 3, 3)


def test_a_point_held_by_its_own_date_is_shown_on_it() -> None:
    """`not-before` on Wednesday 11/3 shows the point on that day, not on the evening before."""
    schedule = planned("""
[tasks]
a = { title = "A", duration = "5d" }
b = { title = "B", duration = "0d", after = "a", not-before = 2026-03-11 }
""")
    assert shown(schedule, "b") == "03-11"
    assert schedule.finish() == date(2026, 3, 11)


def test_a_point_held_by_a_day_off_moves_to_the_next_working_day() -> None:
    """`not-before` on Saturday 14/3 shows the point on Monday 16/3."""
    schedule = planned("""
[tasks]
a = { title = "A", duration = "0d", not-before = 2026-03-14 }
""")
    assert shown(schedule, "a") == "03-16"


def test_a_point_that_two_things_put_there_is_shown_on_the_later_day() -> None:
    """Work ends on Friday 6/3 and `not-before` says Monday 9/3: the same boundary, shown on Monday.

    The same with Saturday 7/3, which moves on to Monday, and for the point after it.
    """
    for day in ("09", "07"):
        schedule = planned(f"""
[tasks]
a = {{ title = "A", duration = "5d" }}
b = {{ title = "B", duration = "0d", after = "a", not-before = 2026-03-{day} }}
c = {{ title = "C", duration = "0d", after = ["a", "b"] }}
""")
        assert [shown(schedule, name) for name in "bc"] == ["03-09"] * 2


def test_a_point_after_a_start_is_shown_on_the_first_day() -> None:
    """SS puts a point on the predecessor's first day, and SS+2d on its third; SF is the same for a point."""
    schedule = planned("""
[tasks]
a = { title = "A", duration = "5d", not-before = 2026-03-04 }
b = { title = "B", duration = "0d", after = "a SS" }
c = { title = "C", duration = "0d", after = "a SS+2d" }
d = { title = "D", duration = "0d", after = "a SF" }
""")
    assert [shown(schedule, name) for name in "bcd"] == ["03-04", "03-06", "03-04"]


def test_a_lag_counts_from_the_day_on_which_a_point_is_shown() -> None:
    """Two days after an opening point on Monday is Wednesday; two days after a closing point on Friday is Tuesday."""
    schedule = planned("""
[tasks]
opening = { title = "Opening", duration = "0d" }
a = { title = "A", duration = "5d" }
closing = { title = "Closing", duration = "0d", after = "a" }
b = { title = "B", duration = "0d", after = "opening FS+2d" }
c = { title = "C", duration = "0d", after = "closing FS+2d" }
""")
    assert [shown(schedule, name) for name in "bc"] == ["03-04", "03-10"]


def test_a_point_is_due_by_the_end_of_its_day() -> None:
    """A closing point due on the day on which the work ends has no float; its late day is its deadline."""
    schedule = planned("""
[tasks]
a = { title = "A", duration = "5d" }
b = { title = "B", duration = "0d", after = "a", due = 2026-03-06 }
c = { title = "C", duration = "0d", after = "a", due = 2026-03-05 }
d = { title = "D", duration = "10d" }
""")
    assert [total(schedule, j) for j in range(3)] == [-1, 0, -1]
    assert [schedule.late_finish(j) for j in (1, 2)] == [date(2026, 3, 6), date(2026, 3, 5)]


def test_a_point_at_the_start_of_a_day_has_that_day_as_float() -> None:
    """Floats count between boundaries: a point held by Monday 9/3 and due on it may slip to the end of that day."""
    schedule = planned("""
[tasks]
a = { title = "A", duration = "0d", not-before = 2026-03-09, due = 2026-03-09 }
b = { title = "B", duration = "10d" }
""")
    assert (schedule.early_finish(0), schedule.late_finish(0), schedule.total_float(0)) == (
        date(2026, 3, 9),
        date(2026, 3, 9),
        1,
    )


# Estimates


def test_an_estimate_upstream_is_told_only_where_it_drives() -> None:
    """A date rests on an estimate when its own length or what drives it does, and likewise on an inferred link.

    a is estimated (5d); b 1d is not. c waits for both, and a drives it; d waits for b only; e follows b by inference,
    and f follows both a and e by inference: a drives it. g follows e.
    """
    schedule = planned("""
[tasks]
a = { title = "A", duration = "~5d" }
b = { title = "B", duration = "1d" }
c = { title = "C", duration = "1d", after = ["b", "a"] }
d = { title = "D", duration = "1d", after = "b" }
e = { title = "E", duration = "1d", after = [{ task = "b", basis = "inferred" }] }
f = { title = "F", duration = "1d", after = [{ task = "a", basis = "inferred" }, "e"] }
g = { title = "G", duration = "1d", after = "e" }
""")
    assert schedule.rests_on() == [
        ESTIMATES, NOTHING_GUESSED, ESTIMATES, NOTHING_GUESSED, INFERRED_LINKS, ESTIMATES, INFERRED_LINKS
    ]  # fmt: skip


# Limits


def test_a_chain_of_100_000_tasks() -> None:
    """A chain of 100,000 tasks of one day, declared back to front, is scheduled whole and critical throughout."""
    count = 100_000
    chain = "\n".join(f't{k} = {{ title = "T", after = "t{k - 1}" }}' for k in range(count - 1, 0, -1))
    schedule = planned(f'[tasks]\n{chain}\nt0 = {{ title = "T" }}')
    first = schedule.network.earliest[0]
    assert dates_of(schedule).early[:count] == list(range(first + count - 1, first - 1, -1))
    assert dates_of(schedule).total_float == [0] * count
    assert len(longest_path_members(schedule)) == count


def test_dates_beyond_the_calendar_are_held_at_its_ends() -> None:
    """Work of 2,000 years that is due now would have to start before year 1, and ends after year 3900; neither fails.

    Beyond both ends the nearest date stands in; the floats are exact.
    """
    weeks = 9_999
    chain = "\n".join(f't{k} = {{ title = "T", duration = "{weeks}w", after = "t{k - 1}" }}' for k in range(1, 50))
    schedule = planned(f"""
[tasks]
t0 = {{ title = "T", duration = "{weeks}w" }}
{chain}
end = {{ title = "End", duration = "0d", after = "t49", due = 2026-03-06 }}
""")
    assert schedule.finish() == date.max
    assert schedule.late_start(0) == date.min
    assert schedule.total_float(0) == 5 - 50 * weeks * 5


def test_the_link_that_drives_is_told_also_across_calendars() -> None:
    """Of two links into a task of another calendar the one that binds drives; a task without links has none.

    `a` works on Saturdays too: it ends on Saturday 7 March and `b` on Friday 6, so that only `a` drives `c`, which
    starts on Sunday 8 in a calendar of its own in which every day is worked.
    """
    schedule = planned(
        """
[calendars.six]
workweek = ["mon", "tue", "wed", "thu", "fri", "sat"]
[calendars.seven]
workweek = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
[tasks.a]
title = "A"
duration = "6d"
calendar = "six"
[tasks.b]
title = "B"
duration = "5d"
[tasks.c]
title = "C"
after = ["b", "a"]
calendar = "seven"
"""
    )
    assert schedule.driving_links() == [schedule.driving(j) for j in range(3)] == [(), (), (1,)]
    assert str(schedule.early_start(2)) == "2026-03-08"


def test_driving_links_of_work_that_goes_on_are_those_of_what_is_left() -> None:
    """`b` began on Monday 2 March and is half done: what binds the rest is the finish of `a`, by its FF link."""
    schedule = planned(
        """
[tasks.a]
title = "A"
duration = "10d"
[tasks.b]
title = "B"
duration = "3d"
after = ["a FF+0d"]
started = 2026-03-02
percent = 50
"""
    ).forecast(date(2026, 3, 4))
    assert schedule.network.started
    assert schedule.driving_links() == [schedule.driving(j) for j in (0, 1)] == [(), (0,)]
