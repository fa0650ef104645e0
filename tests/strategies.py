"""Random projects for property tests, and the plan files that declare them.

The networks are small and dense: few tasks, short lengths, deadlines and days off close together, so that links tie,
floats go negative, points meet, and bounds fall on days off.
"""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from typing import TYPE_CHECKING

from hypothesis import strategies as st
from oracle import Activity, Named, Project, Report, Tie

from cdsplan.plan.reader import read
from cdsplan.schedule import schedule

if TYPE_CHECKING:
    from cdsplan.schedule import Schedule

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONDAY_TO_FRIDAY = (0, 1, 2, 3, 4)
KINDS = ("FS", "SS", "FF", "SF")
MOST_TASKS = 8
SPRING_2024 = date(2024, 4, 15)  # near Vietnam's holidays of 30 April and 1 May, with a day swapped for a Saturday
NO_LAG = (0, "d")


def planned(text: str) -> Schedule:
    """Read a plan and schedule it. `text` are its tasks; the plan starts on Monday 2 March 2026, without holidays."""
    head = '[plan]\nid = "example"\ntitle = "Example"\nstart = 2026-03-02\ntimezone = "UTC"\n'
    return schedule(read(f"{head}{text}".encode(), "example.toml"))


def scheduled(project: Project) -> Schedule:
    """Schedule a project by way of its plan file."""
    return schedule(read(plan_file(project), "random.toml"))


def plan_file(project: Project) -> bytes:
    """Declare a project as a plan file does."""
    lines = [
        "[plan]",
        'id = "random"',
        'title = "Random"',
        f"start = {project.start}",
        'timezone = "UTC"',
        *([f"revised = {project.revised}"] if project.revised else []),
        "[reading]",
        f'silence = "{"no-progress" if project.strict else "on-plan"}"',
        "[calendar]",
        f'holidays = "{"VN" if project.vietnam else "none"}"',
        *_days(project.workweek, project.closed, project.opened),
    ]
    for name, calendar in project.calendars:
        lines += [f"[calendars.{name}]", *_days(calendar.workweek, calendar.closed, calendar.opened)]
    for agency, own in project.agencies:
        lines += [f"[agencies.{agency}]", f'name = "{agency}"', *([f'calendar = "{own}"'] if own else [])]
    for activity in project.activities:
        amount, unit = activity.length
        lines += [f"[tasks.{activity.name}]", f'title = "{activity.name}"', f'duration = "{amount}{unit}"']
        if activity.ties:
            lines.append(f"after = [{', '.join(_link(tie) for tie in activity.ties)}]")
        if activity.not_before is not None:
            lines.append(f"not-before = {activity.not_before}")
        if activity.due is not None:
            lines.append(f"due = {activity.due}")
        if activity.calendar is not None:
            lines.append(f'calendar = "{activity.calendar}"')
        if activity.owners:
            lines.append(f"owner = [{', '.join(map(repr, activity.owners))}]")
        lines += [
            f"{key} = {str(value).lower()}"
            for key, value in dataclasses.asdict(activity.report).items()
            if value is not None
        ]
    return "\n".join(lines).encode()


def _days(
    workweek: tuple[int, ...] | None, closed: frozenset[date] | None, opened: frozenset[date] | None
) -> list[str]:
    return [
        *([f"workweek = [{', '.join(repr(WEEKDAYS[day]) for day in workweek)}]"] if workweek is not None else []),
        *([f"closed = [{', '.join(map(str, sorted(closed)))}]"] if closed is not None else []),
        *([f"open = [{', '.join(map(str, sorted(opened)))}]"] if opened is not None else []),
    ]


def _link(tie: Tie) -> str:
    if tie.lag == NO_LAG:
        return f'"{tie.before}"' if tie.kind == "FS" else f'"{tie.before} {tie.kind}"'
    return f'"{tie.before} {tie.kind}{tie.lag[0]:+}{tie.lag[1]}"'


LENGTHS = st.one_of(
    st.tuples(st.integers(0, 4), st.just("d")),
    st.tuples(st.integers(0, 2), st.just("w")),
)
LAGS = st.one_of(
    st.just(NO_LAG),
    st.tuples(st.integers(-3, 5), st.just("d")),
    st.tuples(st.integers(-3, 5), st.just("w")),
)


@st.composite
def projects(draw: st.DrawFn, kinds: tuple[str, ...] = KINDS, *, dues: bool = True) -> Project:
    """Draw a network with links of these kinds, in any declared order, over any calendar."""
    vietnam = draw(st.booleans())
    start = draw(st.dates(SPRING_2024, SPRING_2024 + timedelta(days=21)))

    def days(first: int, last: int) -> st.SearchStrategy[date]:
        return st.integers(first, last).map(lambda offset: start + timedelta(days=offset))

    activities: list[Activity] = []
    for at in range(draw(st.integers(1, MOST_TASKS))):
        pairs: list[tuple[str, str]] = []
        if activities:
            names = st.sampled_from([activity.name for activity in activities])
            pairs = draw(st.lists(st.tuples(names, st.sampled_from(kinds)), max_size=3, unique=True))
        activities.append(
            Activity(
                f"t{at}",
                draw(LENGTHS),
                tuple(Tie(before, kind, draw(LAGS)) for before, kind in pairs),
                draw(st.none() | days(-5, 20)),
                draw(st.none() | days(-10, 40)) if dues else None,
            )
        )
    opened = draw(st.frozensets(days(-5, 20), max_size=3))
    return Project(
        start,
        tuple(draw(st.permutations(activities))),
        MONDAY_TO_FRIDAY if vietnam else tuple(sorted(draw(st.sets(st.integers(0, 6), min_size=1)))),
        draw(st.frozensets(days(-10, 40), max_size=8)) - opened,
        opened,
        vietnam,
    )


# Several calendars, and facts

MIXED_LENGTHS = LENGTHS | st.tuples(st.integers(0, 9), st.just("ed")) | st.tuples(st.integers(0, 2), st.just("ew"))
MIXED_LAGS = LAGS | st.tuples(st.integers(-4, 6), st.just("ed")) | st.tuples(st.integers(-1, 1), st.just("ew"))
OWNERS = ((), ("office",), ("field",), ("office", "field"))
WORKWEEKS = st.sampled_from([MONDAY_TO_FRIDAY, tuple(range(7)), (0, 1, 2, 3, 4, 5), (1, 3), (6,)])


@st.composite
def mixed_projects(draw: st.DrawFn, kinds: tuple[str, ...] = KINDS, *, dues: bool = True) -> Project:
    """Draw a network whose tasks run on several calendars or on every day, with elapsed lags among the others."""
    project = draw(projects(kinds, dues=dues))
    opened = draw(st.frozensets(st.integers(-5, 20), max_size=2))
    closed = draw(st.frozensets(st.integers(-5, 30), max_size=5)) - opened
    own = Named(
        draw(st.none() | WORKWEEKS),
        frozenset(project.start + timedelta(days=day) for day in closed),
        frozenset(project.start + timedelta(days=day) for day in opened),
    )
    names = st.sampled_from([None, "always", "own"])
    return dataclasses.replace(
        project,
        calendars=(("always", Named(tuple(range(7)), frozenset(), frozenset())), ("own", own)),
        agencies=(("office", None), ("field", draw(names))),
        activities=tuple(
            dataclasses.replace(
                each,
                length=draw(MIXED_LENGTHS),
                ties=tuple(dataclasses.replace(tie, lag=draw(MIXED_LAGS)) for tie in each.ties),
                calendar=draw(names),
                owners=draw(st.sampled_from(OWNERS)),
            )
            for each in project.activities
        ),
    )


@st.composite
def reported(draw: st.DrawFn, drawn: st.SearchStrategy[Project]) -> tuple[Project, date]:
    """Draw a network with facts about some of its tasks, and a day to look at it."""
    project = draw(drawn)

    def days(first: int, last: int) -> st.SearchStrategy[date]:
        return st.integers(first, last).map(lambda offset: project.start + timedelta(days=offset))

    def report(activity: Activity) -> Report:
        started = draw(st.none() | days(-5, 25))
        percent = draw(st.none() | st.sampled_from([0, 1, 33, 50, 99, 100]))
        done: date | bool | None = draw(
            st.none() | days(-5, 25) | (st.just(value=True) if not activity.due else st.none())
        )
        if started is not None and isinstance(done, date):
            started, done = min(started, done), max(started, done)
        return Report(started, percent, done, draw(st.none() | days(-5, 25)) if done is None else None)

    project = dataclasses.replace(
        project,
        strict=draw(st.booleans()),
        revised=draw(st.none() | days(-5, 25)),
        activities=tuple(
            dataclasses.replace(each, report=report(each)) if draw(st.booleans()) else each
            for each in project.activities
        ),
    )
    return project, draw(days(-3, 28))
