"""A naive critical path method on dates, as a textbook tells it, to hold the real one to.

It shares no code and no representation with the package. There are no indexes, no topological order and no distances:
days are walked one by one with a predicate that says which are worked, and a date is moved by one working day as long
as something forbids it. What is worked out per chain enumerates the chains. Only small networks can be asked.

An activity is held by the *morning* on which it starts, always a working day. It ends on the morning of the working day
after its last day. An activity without length (a point) starts and ends on one morning; it is as well the evening of
the working day before, and which of the two days it is shown on follows from what put it there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property

import holidays

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Tie:
    """A link: the `kind` is FS, SS, FF or SF; the lag an amount and a unit: d, w, ed or ew."""

    before: str
    kind: str = "FS"
    lag: tuple[int, str] = (0, "d")


@dataclass(frozen=True)
class Report:
    """What a plan says has happened to a task; `done` is True where nobody knows the day."""

    started: date | None = None
    percent: int | None = None
    done: date | bool | None = None
    cancelled: date | None = None


@dataclass(frozen=True)
class Activity:
    """What a plan says of a task; `length` is an amount and a unit: d, w, ed or ew. `owners` are agencies."""

    name: str
    length: tuple[int, str]
    ties: tuple[Tie, ...] = ()
    not_before: date | None = None
    due: date | None = None
    calendar: str | None = None
    owners: tuple[str, ...] = ()
    report: Report = Report()


@dataclass(frozen=True)
class Named:
    """A named calendar: what it does not say (None) is as the plan's calendar has it."""

    workweek: tuple[int, ...] | None = None
    closed: frozenset[date] | None = None
    opened: frozenset[date] | None = None


@dataclass(frozen=True)
class Project:
    """A plan: activities in declared order and the days that are worked (Monday = 0; `opened` wins over `closed`).

    `calendars` are the named calendars, `agencies` says which of them each agency has. `strict` is the silence policy:
    what nobody reports has not happened. `revised` is the day of the reports.
    """

    start: date
    activities: tuple[Activity, ...]
    workweek: tuple[int, ...] = (0, 1, 2, 3, 4)
    closed: frozenset[date] = frozenset()
    opened: frozenset[date] = frozenset()
    vietnam: bool = False
    calendars: tuple[tuple[str, Named], ...] = ()
    agencies: tuple[tuple[str, str | None], ...] = ()
    strict: bool = False
    revised: date | None = None


@dataclass(frozen=True)
class Row:
    """What is found out about one activity. `binding` are all whose deadlines bind: there may be ties."""

    early_start: date
    early_finish: date
    late_start: date
    late_finish: date
    total_float: int
    free_float: int
    deadline_float: int | None
    binding: frozenset[str]
    critical: bool
    driving: tuple[int, ...]
    on_longest_path: bool


@cache
def vietnamese_days() -> tuple[frozenset[date], frozenset[date]]:
    """Days off and worked Saturdays in Vietnam, from the `holidays` library; it errs in January 2026 only."""
    country = holidays.country_holidays("VN", years=range(2023, 2026))
    return frozenset(country), frozenset(country.weekend_workdays)


class Oracle:
    """One project, worked out by hand, so to speak."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.activities = {activity.name: activity for activity in project.activities}
        self._next: dict[date, date] = {}
        self._previous: dict[date, date] = {}
        self.early = self._early()
        self.end = max((self.after(name, morning) for name, morning in self.early.items()), default=None)
        self.late = self._late()

    # Days

    def is_working(self, day: date) -> bool:
        """Whether a day is worked."""
        if day in self.project.opened:
            return True
        if day in self.project.closed:
            return False
        if self.project.vietnam:
            off, worked = vietnamese_days()
            if day in off or day in worked:
                return day in worked
        return day.weekday() in self.project.workweek

    def morning(self, day: date) -> date:
        """The first working day from `day` on."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def walk(self, day: date, steps: int) -> date:
        """So many working days on, or back."""
        for _ in range(steps):
            if day not in self._next:
                self._next[day] = self.morning(day + ONE_DAY)
            day = self._next[day]
        for _ in range(-steps):
            if day not in self._previous:
                back = day - ONE_DAY
                while not self.is_working(back):
                    back -= ONE_DAY
                self._previous[day] = back
            day = self._previous[day]
        return day

    def days(self, length: tuple[int, str]) -> int:
        """A length in working days; a week has as many as the workweek names."""
        amount, unit = length
        return amount * {"d": 1, "w": len(self.project.workweek)}[unit]

    def count(self, first: date, second: date) -> int:
        """How many working days the second morning lies after the first."""
        if second < first:
            return -self.count(second, first)
        steps = 0
        while first < second:
            first = self.walk(first, 1)
            steps += 1
        return steps

    def after(self, name: str, morning: date) -> date:
        """The morning on which an activity has ended that starts on `morning`."""
        return self.walk(morning, self.days(self.activities[name].length))

    # Dates

    def keeps(self, tie: Tie, before: date, name: str, morning: date) -> bool:
        """Whether an activity may start on `morning` when its predecessor starts on `before`."""
        bound = self.after(tie.before, before) if tie.kind[0] == "F" else before
        bound = self.walk(bound, self.days(tie.lag))
        return bound <= (self.after(name, morning) if tie.kind[1] == "F" else morning)

    def bound(self, name: str) -> date:
        """The first morning that the activity's own dates allow."""
        not_before = self.activities[name].not_before
        return self.morning(max(self.project.start, not_before or self.project.start))

    def _early(self) -> dict[str, date]:
        early = {name: self.bound(name) for name in self.activities}
        moved = True
        while moved:
            moved = False
            for name, activity in self.activities.items():
                while not all(self.keeps(tie, early[tie.before], name, early[name]) for tie in activity.ties):
                    early[name] = self.walk(early[name], 1)
                    moved = True
        return early

    def ties_from(self, name: str) -> list[tuple[str, Tie]]:
        """The successors of an activity with the ties that lead to them."""
        return [(after, tie) for after in self.activities for tie in self.activities[after].ties if tie.before == name]

    def evening(self, name: str, morning: date) -> date:
        """The last working day of an activity; that of a point is the day before its morning."""
        return self.walk(self.after(name, morning), -1)

    def _late(self) -> dict[str, date]:
        if self.end is None:
            return {}
        late = dict.fromkeys(self.activities, self.end)
        moved = True
        while moved:
            moved = False
            for name, activity in self.activities.items():
                while (
                    self.after(name, late[name]) > self.end
                    or (activity.due is not None and self.evening(name, late[name]) > activity.due)
                    or not all(self.keeps(tie, late[name], after, late[after]) for after, tie in self.ties_from(name))
                ):
                    late[name] = self.walk(late[name], -1)
                    moved = True
        return late

    # Floats

    def free_float(self, name: str) -> int:
        """How far an activity slides alone while everything else stays at its early dates."""
        slide = 0
        while True:
            morning = self.walk(self.early[name], slide + 1)
            if self.end is None or self.after(name, morning) > self.end:
                return slide
            if not all(self.keeps(tie, morning, after, self.early[after]) for after, tie in self.ties_from(name)):
                return slide
            slide += 1

    def deadlines(self, name: str) -> list[tuple[date, str]]:
        """The latest morning that each deadline downstream leaves an activity, along each chain that leads to it."""
        found = []
        activity = self.activities[name]
        length = self.days(activity.length)
        if activity.due is not None:
            last = activity.due
            while not self.is_working(last):
                last -= ONE_DAY
            found.append((self.walk(last, 1 - length), name))
        for after, tie in self.ties_from(name):
            for latest, binding in self.deadlines(after):
                bound = self.after(after, latest) if tie.kind[1] == "F" else latest
                bound = self.walk(bound, -self.days(tie.lag))
                found.append((self.walk(bound, -length) if tie.kind[0] == "F" else bound, binding))
        return found

    # Paths

    def driving(self, name: str) -> tuple[int, ...]:
        """Which ties would break if the activity alone started one working day earlier."""
        earlier = self.walk(self.early[name], -1)
        ties = self.activities[name].ties
        return tuple(at for at, tie in enumerate(ties) if not self.keeps(tie, self.early[tie.before], name, earlier))

    def chains_to(self, name: str) -> list[tuple[str, ...]]:
        """Every chain of driving ties to an activity, as far back as one drives."""
        before = {self.activities[name].ties[at].before for at in self.driving(name)}
        return [(*chain, name) for first in before for chain in self.chains_to(first)] or [(name,)]

    @cached_property
    def chains(self) -> list[tuple[str, ...]]:
        """Every longest path: what goes on from the finish of its last activity is no path of its own."""
        last = [name for name, morning in self.early.items() if self.after(name, morning) == self.end]
        chains = [chain for name in last for chain in self.chains_to(name)]
        return [chain for chain in chains if not any(self._begins(chain, other) for other in chains)]

    def _begins(self, chain: tuple[str, ...], other: tuple[str, ...]) -> bool:
        if len(other) <= len(chain) or other[: len(chain)] != chain:
            return False
        following = other[len(chain)]
        ties = [self.activities[following].ties[at] for at in self.driving(following)]
        point = self.days(self.activities[chain[-1]].length) == 0
        return any(tie.before == chain[-1] and (tie.kind[0] == "F" or point) for tie in ties)

    # What is shown

    def shown(self, name: str) -> tuple[date, date]:
        """The first and the last day of an activity at its early dates."""
        morning = self.early[name]
        if self.days(self.activities[name].length):
            return morning, self.evening(name, morning)
        days = [self.walk(morning, -1)]
        if self.bound(name) == morning:
            days.append(morning)
        for at in self.driving(name):
            tie = self.activities[name].ties[at]
            if not self.days(self.activities[tie.before].length):
                side = self.shown(tie.before)[0] == self.early[tie.before]
            else:
                side = tie.kind[0] == "S"
            if side:
                days.append(morning)
        return max(days), max(days)

    def shown_late(self, name: str) -> tuple[date, date]:
        """The first and the last day of an activity at its late dates."""
        if self.late[name] == self.early[name]:
            return self.shown(name)
        last = self.evening(name, self.late[name])
        return (self.late[name] if self.days(self.activities[name].length) else last), last

    def finish(self) -> date:
        """The last day on which anything is shown."""
        return max((self.shown(name)[1] for name in self.activities), default=self.project.start)

    def rows(self) -> dict[str, Row]:
        """Everything about every activity."""
        members = {name for chain in self.chains for name in chain}
        return {name: self._row(name, on_longest_path=name in members) for name in self.activities}

    def _row(self, name: str, *, on_longest_path: bool) -> Row:
        deadlines = self.deadlines(name)
        latest = min((morning for morning, _ in deadlines), default=None)
        total = self.count(self.early[name], self.late[name])
        return Row(
            early_start=self.shown(name)[0],
            early_finish=self.shown(name)[1],
            late_start=self.shown_late(name)[0],
            late_finish=self.shown_late(name)[1],
            total_float=total,
            free_float=self.free_float(name),
            deadline_float=None if latest is None else self.count(self.early[name], latest),
            binding=frozenset(binding for morning, binding in deadlines if morning == latest),
            critical=total <= 0,
            driving=self.driving(name),
            on_longest_path=on_longest_path,
        )
