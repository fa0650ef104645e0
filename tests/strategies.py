"""Random projects for property tests, and the plan files that declare them.

The networks are small and dense: few tasks, short lengths, deadlines and days off close together, so that links tie,
floats go negative, points meet, and bounds fall on days off.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from hypothesis import strategies as st
from oracle import Activity, Project, Tie

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
        "[calendar]",
        f'holidays = "{"VN" if project.vietnam else "none"}"',
        f"workweek = [{', '.join(repr(WEEKDAYS[day]) for day in project.workweek)}]",
        f"closed = [{', '.join(map(str, sorted(project.closed)))}]",
        f"open = [{', '.join(map(str, sorted(project.opened)))}]",
    ]
    for activity in project.activities:
        amount, unit = activity.length
        lines += [f"[tasks.{activity.name}]", f'title = "{activity.name}"', f'duration = "{amount}{unit}"']
        if activity.ties:
            lines.append(f"after = [{', '.join(_link(tie) for tie in activity.ties)}]")
        if activity.not_before is not None:
            lines.append(f"not-before = {activity.not_before}")
        if activity.due is not None:
            lines.append(f"due = {activity.due}")
    return "\n".join(lines).encode()


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
