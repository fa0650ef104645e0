"""Early dates against those of TaskJuggler, an engine that others wrote (https://taskjuggler.org, Debian package tj3).

TaskJuggler plans forward from a start (`depends`) or backward from an end (`precedes`), so that a link binds the start
of a task that is planned forward, never its end. What it has no word for is said with tasks of its own:

- a lead is a task of its length that ends where the predecessor's end of the link lies; the link starts from its start;
- FF and SF: a copy of the task that ends there, and the task starts no earlier than its copy;
- two links to one predecessor lead over milestones, for it may be named only once;
- `not-before` and the start of the plan are milestones with a date, for a task's own `start` ignores its `depends`.

All days are whole ones, from midnight to midnight, and days off are where TaskJuggler's instants may lie as well: they
are read as boundaries between working days.
"""

from __future__ import annotations

import csv
import random
import shutil
import subprocess
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from answers import dates_of
from oracle import Activity, Oracle, Project, Tie
from strategies import KINDS, MONDAY_TO_FRIDAY, SPRING_2024, WEEKDAYS, scheduled

if TYPE_CHECKING:
    from pathlib import Path

TJ3 = shutil.which("tj3")
pytestmark = pytest.mark.skipif(
    TJ3 is None, reason="TaskJuggler (tj3) is not installed: see tools/install-test-programs.sh"
)

NETWORKS = 12  # of each calendar
FIRST_DAY, LAST_DAY = date(2023, 7, 1), date(2025, 12, 31)  # of TaskJuggler's calendar: leads may reach back far


@dataclass(frozen=True)
class Dates:
    """What one network's tasks come to: the boundaries, told by the working day that follows, at start and end."""

    start: date
    end: date


def project_file(projects: list[Project]) -> str:
    """Write networks that share a calendar as one TaskJuggler project."""
    days = Oracle(replace(projects[0], activities=()))
    opened = {day.weekday() for day in _all_days() if days.is_working(day)}
    lines = [
        f'project p "p" {FIRST_DAY} - {LAST_DAY} {{',
        '  timezone "UTC"',
        "  timingresolution 60 min",
        "  dailyworkinghours 24",
        '  timeformat "%Y-%m-%d"',
        *(f"  workinghours {WEEKDAYS[day]} {'0:00 - 24:00' if day in opened else 'off'}" for day in range(7)),
        "}",
        *(
            f'leaves holiday "{day}" {day}'
            for day in _all_days()
            if day.weekday() in opened and not days.is_working(day)
        ),
    ]
    for at, project in enumerate(projects):
        lines.append(f'task n{at}_plan "plan" {{ start {project.start} }}')
        for activity in project.activities:
            lines += _task(f"n{at}_", activity, days)
    lines.append('taskreport dates "dates" { formats csv columns id, start, end }')
    return "\n".join(lines)


def _all_days() -> list[date]:
    return [FIRST_DAY + timedelta(days=at) for at in range((LAST_DAY - FIRST_DAY).days)]


def _task(network: str, activity: Activity, days: Oracle) -> list[str]:
    """Write an activity, and before it the tasks that say what its links cannot."""
    own = f"{network}{activity.name}"
    lines = []
    depends = [f"{network}plan"]
    if activity.not_before is not None:
        name = f"{own}_not_before"
        lines.append(f'task {name} "not before" {{ start {activity.not_before} }}')
        depends.append(name)
    length = days.days(activity.length)
    for at, tie in enumerate(activity.ties):
        lag = days.days(tie.lag)
        side = "onstart" if tie.kind[0] == "S" else "onend"
        name = f"{own}_{at}"
        bound = f"{network}{tie.before} {{ {side}{f' gaplength {lag}d' if lag > 0 else ''} }}"
        if lag < 0:
            lines.append(f'task {name}_lead "lead" {{ length {-lag}d precedes {network}{tie.before} {{ {side} }} }}')
            bound = f"{name}_lead {{ onstart }}"
        lines.append(f'task {name} "bound" {{ milestone depends {bound} }}')
        if tie.kind[1] == "F" and length:
            lines.append(f'task {name}_copy "copy" {{ length {length}d precedes {name} }}')
            depends.append(f"{name}_copy {{ onstart }}")
        else:
            depends.append(name)
    lines.append(
        f'task {own} "own" {{ {f"length {length}d" if length else "milestone"} depends {", ".join(depends)} }}'
    )
    return lines


def taskjuggler(projects: list[Project], folder: Path) -> list[dict[str, Dates]]:
    """Let TaskJuggler plan networks that share a calendar."""
    (folder / "project.tjp").write_text(project_file(projects), encoding="ascii")
    done = subprocess.run(
        [TJ3 or "", "--silent", "--no-color", "project.tjp"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    days = Oracle(replace(projects[0], activities=()))
    found: list[dict[str, Dates]] = [{} for _ in projects]
    with (folder / "dates.csv").open(encoding="ascii", newline="") as report:
        for row in csv.DictReader(report, delimiter=";"):
            network, _, name = row["Id"].partition("_")
            found[int(network[1:])][name] = Dates(
                days.morning(date.fromisoformat(row["Start"])), days.morning(date.fromisoformat(row["End"]))
            )
    return [
        {activity.name: dates[activity.name] for activity in project.activities}
        for project, dates in zip(projects, found, strict=True)
    ]


def ours(project: Project) -> dict[str, Dates]:
    """Say in boundaries what the schedule shows in days: the last day of work lies before its end.

    A point is shown on one of the two days beside its boundary; which one, TaskJuggler does not tell.
    """
    schedule = scheduled(project)
    count = len(schedule.tasks)
    workdays, early = schedule.plan.workdays, dates_of(schedule).early
    found = {}
    for j, task in enumerate(schedule.tasks):
        first, last = schedule.early_start(j), schedule.early_finish(j)
        start, end = (date.fromordinal(workdays.ordinal(early[at])) for at in (j, count + j))
        if start != end:
            assert (first, last) == (start, date.fromordinal(workdays.add(end.toordinal(), -1)))
        else:
            assert first == last
            assert first in {start, date.fromordinal(workdays.add(start.toordinal(), -1))}
        found[task.id] = Dates(start, end)
    return found


CALENDARS = {
    "Monday to Friday": Project(SPRING_2024, ()),
    "Vietnam": Project(SPRING_2024, (), vietnam=True),
    "every day": Project(SPRING_2024, (), workweek=(0, 1, 2, 3, 4, 5, 6)),
    "two days a week, some closed": Project(
        SPRING_2024, (), workweek=(1, 5), closed=frozenset(SPRING_2024 + timedelta(days=at) for at in range(5, 90, 9))
    ),
    "Monday to Saturday, closed weeks and opened Sundays": Project(
        SPRING_2024,
        (),
        workweek=(0, 1, 2, 3, 4, 5),
        closed=frozenset(SPRING_2024 + timedelta(days=at) for at in (*range(7, 13), *range(30, 41))),
        opened=frozenset(SPRING_2024 + timedelta(days=at) for at in (6, 20, 41)),
    ),
}


def network(calendar: Project, chance: random.Random) -> Project:
    """Draw a network of 5 to 30 tasks: a task waits for up to three of the ten before it."""
    start = calendar.start + timedelta(days=chance.randint(0, 21))
    activities: list[Activity] = []
    for at in range(chance.randint(5, 30)):
        near = [activity.name for activity in activities[-10:]]
        pairs = {(chance.choice(near), chance.choice(KINDS)) for _ in range(chance.randint(0, 3)) if near}
        activities.append(
            Activity(
                f"t{at}",
                chance.choice([(chance.randint(0, 8), "d"), (chance.randint(0, 8), "d"), (chance.randint(0, 2), "w")]),
                tuple(Tie(before, kind, _lag(chance)) for before, kind in sorted(pairs)),
                start + timedelta(days=chance.randint(-5, 40)) if chance.random() < 0.2 else None,
            )
        )
    chance.shuffle(activities)
    return replace(calendar, start=start, activities=tuple(activities))


def _lag(chance: random.Random) -> tuple[int, str]:
    return chance.choice([(0, "d"), (chance.randint(-3, 5), "d"), (chance.randint(-1, 2), "w")])


@pytest.mark.parametrize("name", CALENDARS)
def test_early_dates_are_those_of_taskjuggler(name: str, tmp_path: Path) -> None:
    """Every task of random networks starts and ends at the boundaries at which TaskJuggler starts and ends it."""
    chance = random.Random(name)  # noqa: S311 - a shape, not a secret
    projects = [network(CALENDARS[name], chance) for _ in range(NETWORKS)]
    assert [ours(project) for project in projects] == taskjuggler(projects, tmp_path)


def test_the_networks_hold_what_is_to_be_compared() -> None:
    """They have 5 to 30 tasks each; among them are all types of links with lags and leads, points, and own bounds."""
    activities: list[Activity] = []
    for name, calendar in CALENDARS.items():
        chance = random.Random(name)  # noqa: S311 - a shape, not a secret
        for _ in range(NETWORKS):
            project = network(calendar, chance)
            assert 5 <= len(project.activities) <= 30
            activities += project.activities
    ties = [tie for activity in activities for tie in activity.ties]
    assert len(activities) > 1000
    assert len(ties) > 1500
    assert {(tie.kind, (tie.lag[0] > 0) - (tie.lag[0] < 0)) for tie in ties} == {
        (kind, sign) for kind in KINDS for sign in (-1, 0, 1)
    }
    assert any(activity.length[0] == 0 and activity.ties for activity in activities)
    assert any(activity.not_before is not None and activity.ties for activity in activities)


def test_taskjuggler_is_told_what_links_and_leads_mean(tmp_path: Path) -> None:
    """By hand: a draft from Wednesday 6 to Tuesday 12 March 2024, and two days of work tied to it in each way.

    FS: 13 to 14; SS: 6 to 7; FF: 11 to 12 (it ends with the draft); SF: 4 to 5 (it ends when the draft starts);
    FS-2d: the draft's last two days, 11 and 12; FF+1d: it ends on the 13th, so 12 to 13; FF-2d: it ends on the 8th,
    so 7 to 8. Boundaries are told by the day that follows; 9 and 10 are a weekend.
    """
    two_days = (2, "d")
    ways = {
        "fs": Tie("draft"),
        "ss": Tie("draft", "SS"),
        "ff": Tie("draft", "FF"),
        "sf": Tie("draft", "SF"),
        "lead": Tie("draft", "FS", (-2, "d")),
        "ff-lag": Tie("draft", "FF", (1, "d")),
        "ff-lead": Tie("draft", "FF", (-2, "d")),
    }
    project = Project(
        date(2024, 3, 4),
        (
            Activity("draft", (5, "d"), not_before=date(2024, 3, 6)),
            *(Activity(name.replace("-", "_"), two_days, (tie,)) for name, tie in ways.items()),
        ),
        MONDAY_TO_FRIDAY,
    )
    (found,) = taskjuggler([project], tmp_path)
    assert {name: (dates.start.day, dates.end.day) for name, dates in found.items()} == {
        "draft": (6, 13),
        "fs": (13, 15),
        "ss": (6, 8),
        "ff": (11, 13),
        "sf": (4, 6),
        "lead": (11, 13),
        "ff_lag": (12, 14),
        "ff_lead": (7, 11),
    }
