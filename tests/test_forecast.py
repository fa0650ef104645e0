"""The forecast: what has happened, what is left, and what silence means, by hand, by laws and by the naive method."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from answers import agree, dates_of, rows
from hypothesis import given
from hypothesis import strategies as st
from oracle import Project, Report
from oracle_mixed import MixedOracle
from strategies import mixed_projects, projects, reported, scheduled

from cdsplan.plan.model import ESTIMATES, NOTHING_GUESSED
from cdsplan.plan.reader import read
from cdsplan.progress import Phase
from cdsplan.schedule import Schedule, schedule

ANY = projects() | mixed_projects()


def facts_taken(project: Project) -> Project:
    """Take all facts out of a project."""
    return replace(project, activities=tuple(replace(each, report=Report()) for each in project.activities))


# Against the naive method


@given(reported(projects()))
def test_every_answer_equals_that_of_the_naive_method(case: tuple[Project, date]) -> None:
    """Forecast dates, floats, deadlines and driving links are those found day by day."""
    project, as_of = case
    oracle, forecast = MixedOracle(project, as_of), scheduled(project).forecast(as_of)
    agree(rows(forecast), oracle.rows())
    assert forecast.finish() == oracle.finish()


@given(reported(mixed_projects()))
def test_every_answer_over_several_calendars_equals_that_of_the_naive_method(case: tuple[Project, date]) -> None:
    """So they are where tasks run on several calendars."""
    project, as_of = case
    oracle, forecast = MixedOracle(project, as_of), scheduled(project).forecast(as_of)
    agree(rows(forecast), oracle.rows())
    assert forecast.finish() == oracle.finish()


@given(reported(ANY))
def test_answers_for_all_tasks_are_those_for_each(case: tuple[Project, date]) -> None:
    """What is asked for every task at once is what each task is told alone."""
    project, as_of = case
    forecast = scheduled(project).forecast(as_of)
    positions = range(len(forecast.tasks))
    assert forecast.early_finishes() == [forecast.early_finish(j) for j in positions]
    assert forecast.deadline_floats() == [forecast.deadline_float(j) for j in positions]


# Laws


@given(ANY, st.booleans(), st.integers(0, 9))
def test_without_facts_the_forecast_at_the_start_is_the_plan(project: Project, strict: bool, days: int) -> None:  # noqa: FBT001
    """As of the start of the plan, or before, nothing is known that the plan does not say."""
    planned = scheduled(replace(project, strict=strict))
    assert dates_of(planned.forecast(project.start - timedelta(days=days))) == dates_of(planned)


@given(reported(ANY))
def test_nothing_open_finishes_before_the_day_that_is_looked_at(case: tuple[Project, date]) -> None:
    """What is open at the end of a day has not finished before it."""
    project, as_of = case
    forecast = scheduled(project).forecast(as_of)
    for j, state in enumerate(forecast.known):
        assert not state.open or forecast.early_finish(j) >= as_of


@given(reported(ANY))
def test_what_is_settled_has_no_float(case: tuple[Project, date]) -> None:
    """Done work keeps its days and, as cancelled work, has no floats and no deadline; all else has floats."""
    project, as_of = case
    forecast = scheduled(project).forecast(as_of)
    for j, state in enumerate(forecast.known):
        assert (forecast.total_float(j) is None) == (forecast.free_float(j) is None) == (not state.open)
        if not state.open:
            assert forecast.deadline_float(j) is None
            assert forecast.binding_deadline(j) is None
            assert not forecast.critical(j)
        if state.done is not None:
            assert forecast.early_finish(j) == state.done
            assert state.started is None or forecast.early_start(j) == state.started
            assert forecast.driving(j) == ()


@given(reported(ANY))
def test_without_progress_nothing_starts_before_the_day_that_is_looked_at(case: tuple[Project, date]) -> None:
    """By the policy of no progress, open work has started before the day only where a report says so."""
    project, as_of = case
    forecast = scheduled(replace(project, strict=True)).forecast(as_of)
    for j, state in enumerate(forecast.known):
        if state.phase is Phase.NOT_STARTED:
            assert forecast.early_start(j) >= as_of


@given(ANY, st.booleans(), st.integers(-3, 28))
def test_without_facts_nothing_is_forecast_earlier_than_planned(project: Project, strict: bool, days: int) -> None:  # noqa: FBT001
    """Time that passes without a report makes nothing start or finish earlier."""
    planned = scheduled(replace(project, strict=strict))
    forecast = planned.forecast(project.start + timedelta(days=days))
    for then, now in zip(dates_of(planned).early, dates_of(forecast).early, strict=True):
        assert then <= now


@given(reported(ANY))
def test_no_progress_is_never_the_earlier_forecast(case: tuple[Project, date]) -> None:
    """What is taken not to have happened makes nothing finish earlier."""
    project, as_of = case
    lenient, strict = (scheduled(replace(project, strict=policy)).forecast(as_of) for policy in (False, True))
    for j in range(len(project.activities)):
        assert lenient.early_finish(j) <= strict.early_finish(j)


@given(reported(ANY))
def test_what_is_dated_later_is_not_known_yet(case: tuple[Project, date]) -> None:
    """As of a day, the forecast is that of a plan without the facts of later days."""
    project, as_of = case

    def without(report: Report) -> Report:
        if report.started is not None and report.started > as_of:
            report = replace(report, started=None, percent=None)
        if isinstance(report.done, date) and report.done > as_of:
            report = replace(report, done=None)
        if report.cancelled is not None and report.cancelled > as_of:
            report = replace(report, cancelled=None)
        return report

    known = replace(
        project, activities=tuple(replace(each, report=without(each.report)) for each in project.activities)
    )
    assert dates_of(scheduled(known).forecast(as_of)) == dates_of(scheduled(project).forecast(as_of))


@given(reported(ANY))
def test_facts_change_nothing_in_the_plan(case: tuple[Project, date]) -> None:
    """The planned network is the same with and without facts."""
    project, _ = case
    assert dates_of(scheduled(project)) == dates_of(scheduled(facts_taken(project)))


# By hand: March 2026 begins on a Sunday; 2, 9 and 16 March are Mondays


def forecast(tasks: str, day: int, head: str = "", silence: str = "on-plan") -> Schedule:
    """Read a plan that starts on Monday 2 March 2026 and forecast it as of a day of March."""
    text = f"""
[plan]
id = "example"
title = "Example"
start = 2026-03-02
timezone = "UTC"
{head}
[reading]
silence = "{silence}"
[tasks]
{tasks}"""
    return schedule(read(text.encode(), "example.toml")).forecast(date(2026, 3, day))


def days(found: Schedule) -> dict[str, tuple[int, int]]:
    """Give the first and the last day of each task, as days of March (negative: of February, from its end)."""
    first_of_march = date(2026, 3, 1)
    return {
        task.id: ((found.early_start(j) - first_of_march).days + 1, (found.early_finish(j) - first_of_march).days + 1)
        for j, task in enumerate(found.tasks)
    }


def test_done_early() -> None:
    """Work of five days done on Wednesday 4 March lets its successor start on Thursday; it counts back from its end.

    Nobody said when it started: two working days that end on Friday 6 March begin on Thursday, while five that end on
    Wednesday 4 would begin on Thursday 26 February: no earlier than the plan, which starts on Monday 2.
    """
    found = forecast(
        """
a = { title = "A", duration = "5d", done = 2026-03-04 }
b = { title = "B", duration = "2d", after = "a" }
c = { title = "C", duration = "2d", done = 2026-03-06 }
""",
        6,
    )
    assert days(found) == {"a": (2, 4), "b": (5, 6), "c": (5, 6)}


def test_done_before_the_plan_starts_and_begun_nobody_knows_when() -> None:
    """Two days of work that was over on Thursday 26 February began on Wednesday: there is no plan yet to begin with."""
    assert days(forecast('a = { title = "A", duration = "2d", done = 2026-02-26 }\n', 2)) == {"a": (-3, -2)}


def test_done_late() -> None:
    """Work of two days that took from Monday 2 to Tuesday 10 March moves its successor to Wednesday."""
    found = forecast(
        """
a = { title = "A", duration = "2d", started = 2026-03-02, done = 2026-03-10 }
b = { title = "B", duration = "2d", after = "a" }
""",
        10,
    )
    assert days(found) == {"a": (2, 10), "b": (11, 12)}


def test_done_before_the_plan_starts() -> None:
    """Done work keeps its days, also before `plan.start`; its successor starts with the plan, not before it."""
    found = forecast(
        """
a = { title = "A", duration = "2d", started = 2026-02-25, done = 2026-02-26 }
b = { title = "B", duration = "2d", after = "a" }
""",
        2,
    )
    assert days(found) == {"a": (-3, -2), "b": (2, 3)}


def test_done_on_a_sunday() -> None:
    """Work done on Sunday 8 March is shown on that day; what follows starts on Monday, also where Sundays are worked.

    Three elapsed days after its start on Saturday 7 is Tuesday 10. Three days that end no earlier than it did end that
    Sunday; three working days that end a day later end on Monday.
    """
    found = forecast(
        """
a = { title = "A", duration = "2d", started = 2026-03-07, done = 2026-03-08 }
b = { title = "B", duration = "2d", after = "a" }
c = { title = "C", duration = "2ed", after = "a" }
d = { title = "D", duration = "2ed", after = "a SS+3ed" }
e = { title = "E", duration = "3ed", after = "a FF" }
f = { title = "F", duration = "3d", after = "a FF+1d" }
""",
        8,
    )
    assert days(found) == {"a": (7, 8), "b": (9, 10), "c": (9, 10), "d": (10, 11), "e": (6, 8), "f": (5, 9)}


def test_work_done_within_days_off_still_has_a_start() -> None:
    """Work begun and done on Saturday 7 March: five days after its start, on Monday 16, is where a start puts a point.

    No working day lies between its ends, but it is no point: what its start puts in the morning of a day stands there.
    """
    found = forecast(
        """
a = { title = "A", duration = "5d", started = 2026-03-07, done = 2026-03-07 }
b = { title = "B", duration = "0d", after = "a SS+5d" }
c = { title = "C", duration = "0d", after = "a FS+5d" }
""",
        8,
    )
    assert days(found) == {"a": (7, 7), "b": (16, 16), "c": (13, 13)}


def test_a_point_done_on_a_day_off() -> None:
    """A milestone done on Saturday 7 March is shown then; elapsed work after it starts on Sunday, other on Monday."""
    found = forecast(
        """
a = { title = "A", duration = "0d", done = 2026-03-07 }
b = { title = "B", duration = "1d", after = "a" }
c = { title = "C", duration = "2ed", after = "a" }
d = { title = "D", duration = "2ed", after = "a SS" }
""",
        7,
    )
    assert days(found) == {"a": (7, 7), "b": (9, 9), "c": (8, 9), "d": (8, 9)}


def test_a_point_after_a_point_that_is_done() -> None:
    """A milestone done on Friday 6 March was done by its evening: the one that hangs on it can be reached that day."""
    found = forecast(
        """
a = { title = "A", duration = "0d", done = 2026-03-06 }
b = { title = "B", duration = "0d", after = "a" }
""",
        6,
    )
    assert days(found) == {"a": (6, 6), "b": (6, 6)}


def test_started_late() -> None:
    """Work of three days that started on Thursday 5 March ends on Monday 9, with no word of progress.

    The day that it started is shown though the plan had it on Monday 2; its successor waits.
    """
    found = forecast(
        """
a = { title = "A", duration = "3d", started = 2026-03-05 }
b = { title = "B", duration = "1d", after = "a" }
""",
        6,
    )
    assert days(found) == {"a": (5, 9), "b": (10, 10)}


def test_started_on_a_day_off() -> None:
    """Work that started on Saturday 7 March is shown from that day; its three working days are Monday to Wednesday."""
    found = forecast('a = { title = "A", duration = "3d", started = 2026-03-07 }', 8)
    assert days(found) == {"a": (7, 11)}


def test_started_before_its_predecessor_is_done() -> None:
    """Silence on plan lets work go on that should have waited; without progress, what is left waits ("retained logic").

    a takes until Friday 6 March. b has started on Tuesday 3 with three days: to Thursday 5. As of Tuesday 3 without
    progress, a has its five days from then, to Monday 9, and b its three after that, to Thursday 12.
    """
    text = """
a = { title = "A", duration = "5d" }
b = { title = "B", duration = "3d", after = "a", started = 2026-03-03 }
"""
    assert days(forecast(text, 3)) == {"a": (2, 6), "b": (3, 5)}
    assert days(forecast(text, 3, silence="no-progress")) == {"a": (3, 9), "b": (3, 12)}


def test_a_finish_link_binds_what_has_started() -> None:
    """Work that goes on must still not end before what its FF link names: a ends on Tuesday 10 March, and so does b.

    Its start has been, and stays where it was.
    """
    found = forecast(
        """
a = { title = "A", duration = "7d" }
b = { title = "B", duration = "2d", after = ["a FF", "a SS+4d"], started = 2026-03-03 }
""",
        4,
    )
    assert days(found) == {"a": (2, 10), "b": (3, 10)}
    assert found.driving(1) == (0,)


def test_a_percentage_counts_from_its_report() -> None:
    """Of ten days 40 percent are done: six are left after the report, or after the day that is looked at.

    As of Friday 6 March they are the days from Monday 9 to Monday 16. Reported on Wednesday 4, they begin on Thursday 5
    and end on Thursday 12. Of three days a third leaves two (2.01 days make three): rounded up.
    """
    text = 'a = { title = "A", duration = "10d", started = 2026-03-02, percent = 40 }'
    assert days(forecast(text, 6)) == {"a": (2, 16)}
    assert days(forecast(text, 6, head="revised = 2026-03-04")) == {"a": (2, 12)}
    assert days(forecast('a = { title = "A", duration = "3d", percent = 33 }', 6)) == {"a": (2, 11)}
    assert days(forecast('a = { title = "A", duration = "3d", percent = 34 }', 6)) == {"a": (2, 10)}


def test_a_report_is_not_later_than_the_day_that_is_looked_at() -> None:
    """Looked at on Friday 6 March, a plan revised on Friday 20 says of its percentages what it knew on the 6th."""
    text = 'a = { title = "A", duration = "10d", started = 2026-03-02, percent = 40 }'
    assert days(forecast(text, 6, head="revised = 2026-03-20")) == {"a": (2, 16)}


def test_a_percentage_without_a_start() -> None:
    """Work that has progress has started: as planned, at the latest on the day of the report.

    b was planned after a, from Wednesday 4 March; c from Monday 16, after the report of Friday 6. Half of two days is
    left for each, on Monday 9, whatever their predecessors do.
    """
    found = forecast(
        """
a = { title = "A", duration = "2d", done = 2026-03-03 }
b = { title = "B", duration = "2d", after = "a", percent = 50 }
c = { title = "C", duration = "2d", after = "b", not-before = 2026-03-16, percent = 50 }
""",
        6,
    )
    assert days(found) == {"a": (2, 3), "b": (4, 9), "c": (6, 9)}


def test_a_percentage_without_progress_since() -> None:
    """Strictly, what is left after the report starts on the day that is looked at, and waits for what is open before.

    Reported on Wednesday 4 March, as of Friday 6: x has half of four days left, Friday 6 and Monday 9. a has its one
    day on Friday, and b the half that is left on Monday 9 and Tuesday 10. c has not even begun.
    """
    found = forecast(
        """
a = { title = "A", duration = "1d" }
x = { title = "X", duration = "4d", started = 2026-03-02, percent = 50 }
b = { title = "B", duration = "4d", after = "a", started = 2026-03-03, percent = 50 }
c = { title = "C", duration = "1d" }
""",
        6,
        head="revised = 2026-03-04",
        silence="no-progress",
    )
    assert days(found) == {"a": (6, 6), "x": (2, 9), "b": (3, 10), "c": (6, 6)}


def test_a_hundred_percent_is_not_done() -> None:
    """Work of which nothing is left ends on the day that is looked at, until somebody says that it is done."""
    text = """
a = { title = "A", duration = "3d", started = 2026-03-02, percent = 100 }
b = { title = "B", duration = "1d", after = "a" }
"""
    for silence in ("on-plan", "no-progress"):
        found = forecast(text, 10, head="revised = 2026-03-04", silence=silence)
        assert days(found) == {"a": (2, 10), "b": (11, 11)}
        assert found.known[0].open


def test_cancelled_in_the_middle_of_a_chain() -> None:
    """What follows cancelled work follows what came before it, with the lags of both links.

    a ends on Wednesday 4 March; b, of nine days and not before April, is cancelled; its links ask for a day each, so
    c starts after Thursday 5 and Friday 6, on Monday 9. Its deadline binds nobody any more.
    """
    found = forecast(
        """
a = { title = "A", duration = "3d" }
b = { title = "B", duration = "9d", after = "a FS+1d", not-before = 2026-04-01, due = 2026-03-05, cancelled = DAY }
c = { title = "C", duration = "1d", after = "b FS+1d" }
""".replace("DAY", "2026-03-03"),
        3,
    )
    assert {name: span for name, span in days(found).items() if name != "b"} == {"a": (2, 4), "c": (9, 9)}
    assert [found.total_float(j) for j in range(3)] == [0, None, 0]
    assert [found.deadline_float(j) for j in range(3)] == [None, None, None]
    assert found.driving(2) == (0,)


def test_cancelled_work_with_finish_links() -> None:
    """A cancelled task ends when its FF link lets it, and takes no days before that: a ends on Friday 6 March."""
    found = forecast(
        """
a = { title = "A", duration = "5d" }
b = { title = "B", duration = "3d", after = "a FF", started = 2026-03-02, cancelled = 2026-03-03 }
c = { title = "C", duration = "1d", after = "b" }
""",
        3,
    )
    assert days(found)["c"] == (9, 9)
    assert days(found)["b"] == (6, 6)


def test_done_work_waits_for_nothing() -> None:
    """A done task stands where it was done, though what it should have waited for is open and late.

    a, of five days, has started on Thursday 5 March only: it ends on Wednesday 11. b was done on Friday 6, and c
    goes on from Monday 9: the open predecessor drives nothing through it, and may slip as far as the plan's end.
    """
    found = forecast(
        """
a = { title = "A", duration = "5d", started = 2026-03-05 }
b = { title = "B", duration = "2d", after = "a", done = 2026-03-06 }
c = { title = "C", duration = "5d", after = "b", due = 2026-03-10 }
""",
        6,
    )
    assert days(found) == {"a": (5, 11), "b": (5, 6), "c": (9, 13)}
    assert [found.total_float(j) for j in range(3)] == [2, None, -3]
    assert [found.deadline_float(j) for j in range(3)] == [None, None, -3]


def test_done_on_an_unknown_day_drives_nothing() -> None:
    """`done = true` holds no successor back, by no link and no lag, and makes nothing late.

    Without it, b would start with the plan, on Monday 2 March. a is shown on its own first day, at the latest today.
    """
    found = forecast(
        """
a = { title = "A", duration = "5d", not-before = 2026-04-01, done = true }
s = { title = "S", duration = "5d", started = 2026-03-03, done = true }
b = { title = "B", duration = "5d", after = ["a FS+5d", "s"] }
c = { title = "C", duration = "5d", after = "a FS+5ed" }
d = { title = "D", duration = "5d", after = "b" }
""",
        4,
    )
    assert days(found) == {"a": (4, 4), "s": (3, 3), "b": (2, 6), "c": (2, 6), "d": (9, 13)}
    assert [found.driving(j) for j in range(5)] == [(), (), (), (), (0,)]
    assert [found.total_float(j) for j in range(2)] == [None, None]


def test_a_point_that_is_late() -> None:
    """A milestone that was due to happen on Monday 2 March and has not stands on the day that is looked at.

    What follows it starts no earlier. On a Sunday it stands on the Monday after. A percentage means nothing for it.
    """
    text = """
a = { title = "A", duration = "0d", percent = 50 }
b = { title = "B", duration = "1d", after = "a" }
"""
    for silence in ("on-plan", "no-progress"):
        assert days(forecast(text, 5, silence=silence)) == {"a": (5, 5), "b": (5, 5)}
        assert days(forecast(text, 8, silence=silence)) == {"a": (9, 9), "b": (9, 9)}


def test_unreported_work_is_stretched_to_the_day_that_is_looked_at() -> None:
    """Silence on plan: a of two days should be done since Tuesday 3 March; as nobody says so, it ends today, Friday 6.

    Without progress it starts today. In both, b waits for it.
    """
    text = """
a = { title = "A", duration = "2d" }
b = { title = "B", duration = "1d", after = "a" }
"""
    assert days(forecast(text, 6)) == {"a": (2, 6), "b": (9, 9)}
    assert days(forecast(text, 6, silence="no-progress")) == {"a": (6, 9), "b": (10, 10)}


def test_a_start_that_has_been_cannot_slip() -> None:
    """What hangs on a start that has been leaves the work itself its float: it may still end with the plan.

    b has to start with a, which started on Monday 2 March, and takes ten days, to Friday 13. Planned, a has no float,
    as its slip would move b. Started, it ends on Tuesday 3 and may take eight days more; b keeps its deadline itself.
    """
    text = """
a = { title = "A", duration = "2d", started = 2026-03-02 }
b = { title = "B", duration = "10d", after = "a SS", due = 2026-03-13 }
c = { title = "C", duration = "1ed", after = "a SS+2ed" }
"""
    found = forecast(text, 2)
    planned = schedule(found.plan)
    assert [planned.total_float(j) for j in range(2)] == [0, 0]
    assert [planned.free_float(j) for j in range(2)] == [0, 0]
    assert [found.total_float(j) for j in range(2)] == [8, 0]
    assert [found.free_float(j) for j in range(2)] == [8, 0]
    assert [found.deadline_float(j) for j in range(2)] == [None, 0]


def test_facts_of_later_days_are_not_known_yet() -> None:
    """As of Tuesday 3 March nothing is known of the 4th: a is open, b not cancelled, c not started whatever percent."""
    found = forecast(
        """
a = { title = "A", duration = "1d", done = 2026-03-04 }
b = { title = "B", duration = "1d", after = "a", cancelled = 2026-03-04 }
c = { title = "C", duration = "4d", started = 2026-03-04, percent = 75 }
""",
        3,
    )
    assert [state.phase for state in found.known] == [Phase.NOT_STARTED] * 3
    assert days(found) == {"a": (2, 3), "b": (4, 4), "c": (2, 5)}


def test_what_has_happened_rests_on_no_estimate() -> None:
    """An estimated duration counts until the work is done."""
    text = """
a = { title = "A", duration = "~2d", done = 2026-03-03 }
b = { title = "B", duration = "1d", after = "a" }
"""
    assert schedule(forecast(text, 2).plan).rests_on() == [ESTIMATES, ESTIMATES]
    assert forecast(text, 3).rests_on() == [NOTHING_GUESSED, NOTHING_GUESSED]
