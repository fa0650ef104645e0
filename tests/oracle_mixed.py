"""The naive method once more, for plans of several calendars and for what has happened meanwhile.

It shares no code with the package and little with `oracle`: time is a line of midnights, and each calendar is a
predicate on days. An end of an activity is an `End`: a midnight, and whether it is the morning of a day that follows or
the evening of the day before. A start is a morning, a finish an evening. An activity without length is either, by what
put it there. Whether a link is kept is asked of two placements; early dates are found by moving what breaks a link on
by one day of its own, late dates by moving it back, round after round until nothing moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from math import ceil
from typing import TYPE_CHECKING

from oracle import ONE_DAY, Activity, Project, Report, Row, Tie, vietnamese_days

if TYPE_CHECKING:
    from collections.abc import Callable

EVERY = "every day"
PLAN = "plan"
FOREVER = date(2100, 1, 1)


@dataclass(frozen=True)
class End:
    """An end of an activity: the midnight at which `day` begins, as the morning of that day or the evening before."""

    day: date
    morning: bool


@dataclass(frozen=True)
class Job:
    """An activity as it is to be placed: the bound and the length of what is left of it, and what is known."""

    activity: Activity
    bound: date
    length: int
    ties: tuple[Tie, ...]
    not_done_before: date | None = None
    started: End | None = None
    done: date | None = None
    state: str = "open"

    @property
    def settled(self) -> bool:
        """Whether nothing is left to be done."""
        return self.state != "open"


class Days:
    """The days of one calendar."""

    def __init__(self, is_working: Callable[[date], bool]) -> None:
        self.is_working = cache(is_working)

    def morning(self, day: date) -> date:
        """The first working day from `day` on."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def before(self, day: date) -> date:
        """The last working day before `day`."""
        day -= ONE_DAY
        while not self.is_working(day):
            day -= ONE_DAY
        return day

    def walk(self, day: date, steps: int) -> date:
        """So many working days on, or back."""
        for _ in range(steps):
            day = self.morning(day + ONE_DAY)
        for _ in range(-steps):
            day = self.before(day)
        return day

    def count(self, first: date, second: date) -> int:
        """How many working days the second morning lies after the first."""
        if second < first:
            return -self.count(second, first)
        return sum(self.is_working(first + timedelta(days=day)) for day in range((second - first).days))


class MixedOracle:
    """One project, as planned, or with `as_of` as forecast on that day."""

    def __init__(self, project: Project, as_of: date | None = None) -> None:
        self.project = project
        self.as_of = as_of
        self.activities = {activity.name: activity for activity in project.activities}
        self.calendars = {EVERY: Days(lambda _: True), PLAN: Days(self._predicate(PLAN))}
        self.calendars |= {name: Days(self._predicate(name)) for name, _ in project.calendars}
        self.planned = None if as_of is None else MixedOracle(project)
        self.jobs = {name: self._job(activity) for name, activity in self.activities.items()}
        self.unknown = {name for name, job in self.jobs.items() if job.state == "done" and job.done is None}
        self.early = {name: self.days(name).morning(job.bound) for name, job in self.jobs.items()}
        self.side: dict[str, bool] = {}
        self._place_early()
        self.close = self._close()
        self.late = self._place_late()

    # Calendars

    def _predicate(self, name: str) -> Callable[[date], bool]:
        """Which days are worked in a named calendar or the plan's own."""
        project = self.project
        named = dict(project.calendars).get(name)
        workweek, closed, opened = project.workweek, project.closed, project.opened
        if named is not None:
            workweek = named.workweek if named.workweek is not None else workweek
            closed = named.closed if named.closed is not None else closed
            opened = named.opened if named.opened is not None else opened

        def is_working(day: date) -> bool:
            if day in opened or day in closed:
                return day in opened
            if project.vietnam:
                off, worked = vietnamese_days()
                if day in off or day in worked:
                    return day in worked
            return day.weekday() in workweek

        return is_working

    def own(self, name: str) -> str:
        """The calendar that an activity has: its own, its only owner's, or the plan's."""
        activity = self.activities[name]
        if activity.calendar is not None:
            return activity.calendar
        if len(activity.owners) == 1:
            return dict(self.project.agencies)[activity.owners[0]] or PLAN
        return PLAN

    def runs_on(self, name: str) -> str:
        """The calendar on which its work goes on."""
        return EVERY if self.activities[name].length[1] in {"ed", "ew"} else self.own(name)

    def days(self, name: str) -> Days:
        """The days on which an activity goes on."""
        return self.calendars[self.runs_on(name)]

    def amount(self, length: tuple[int, str], calendar: str) -> int:
        """A length or a lag in days: working days of the calendar, or calendar days."""
        named = dict(self.project.calendars).get(calendar)
        workweek = self.project.workweek if named is None or named.workweek is None else named.workweek
        return length[0] * {"d": 1, "w": len(workweek), "ed": 1, "ew": 7}[length[1]]

    # What is to be placed

    def _job(self, activity: Activity) -> Job:
        project, name = self.project, activity.name
        length = self.amount(activity.length, self.own(name))
        bound = max(project.start, activity.not_before or project.start)
        job = Job(activity, bound, length, activity.ties)
        if self.as_of is None or self.planned is None:
            return job
        as_of, known = self.as_of, self._known(activity.report)
        if known.cancelled is not None:
            return Job(activity, project.start, 0, activity.ties, state="cancelled")
        if known.done is True:
            return Job(activity, known.started or min(bound, as_of), 0, (), state="done")
        if isinstance(known.done, date):
            return self._done(job, known.done, known.started)
        if not length:
            return Job(activity, max(bound, as_of), 0, activity.ties)
        if known.started is None and known.percent is None:
            return Job(activity, max(bound, as_of) if project.strict else bound, length, activity.ties, as_of)
        reported = min(project.revised or as_of, as_of)
        rest = ceil(length * (100 - (known.percent or 0)) / 100)
        if project.strict:
            bound = max(bound, as_of) if known.started is None else as_of
        elif known.started is not None:
            bound = known.started
        elif known.percent is not None:
            bound = date.min
        if known.percent is not None:
            bound = max(bound, reported + ONE_DAY)
        started = known.started or min(self.planned.early[name], self.days(name).morning(reported))
        ties = activity.ties if project.strict else tuple(self._freed(tie) for tie in activity.ties)
        return Job(activity, bound, rest, ties, as_of, End(started, morning=True))

    def _known(self, report: Report) -> Report:
        """What of a report is known on the day."""
        assert self.as_of is not None
        as_of = self.as_of
        cancelled = report.cancelled if report.cancelled is not None and report.cancelled <= as_of else None
        done = report.done if report.done is True or (report.done and report.done <= as_of) else None
        started = report.started if report.started is not None and report.started <= as_of else None
        if report.started is not None and started is None:
            return Report(None, None, done, cancelled)
        return Report(started, report.percent if started or report.percent else None, done, cancelled)

    def _done(self, job: Job, done: date, started: date | None) -> Job:
        days = self.days(job.activity.name)
        after = days.morning(done + ONE_DAY)
        if started is None or not job.length:
            begun, first = days.walk(after, -job.length), days.morning(self.project.start)
            if job.length and begun < first < after:
                begun = first
        else:
            begun = min(days.morning(started), after)
        start = None if started is None or not job.length else End(started, morning=True)
        return Job(job.activity, begun, days.count(begun, after), (), None, start, done, "done")

    @staticmethod
    def _freed(tie: Tie) -> Tie:
        """A link to the start of work that goes on no longer binds; its place in the list is kept."""
        return tie if tie.kind[1] == "F" else Tie(tie.before, "none", tie.lag)

    # Placements

    def rest_end(self, name: str, morning: date) -> date:
        """The morning on which nothing is left of an activity whose rest starts on `morning`."""
        job, days = self.jobs[name], self.days(name)
        end = days.walk(morning, job.length)
        if job.not_done_before is not None:
            end = max(end, days.walk(days.morning(job.not_done_before), 1))
        return end

    def begin(self, name: str, morning: date) -> End:
        """The start of an activity whose rest starts on `morning`."""
        job = self.jobs[name]
        if job.started is not None:
            return job.started
        if self.rest_end(name, morning) > morning:
            return End(morning, morning=True)
        return self.finish_end(name, morning)

    def finish_end(self, name: str, morning: date) -> End:
        """The finish of an activity whose rest starts on `morning`."""
        job, end = self.jobs[name], self.rest_end(name, morning)
        if job.done is not None:
            return End(job.done + ONE_DAY, morning=False)
        if end == morning and self.side.get(name):
            return End(morning, morning=True)
        return End(self.days(name).before(end) + ONE_DAY, morning=False)

    def bound(self, tie: Tie, end: End, name: str) -> End | date:
        """What a link asks of the end it binds: a place on the line of midnights, or at least a morning of its own."""
        calendar, days = self.own(name), self.days(name)
        unit = tie.lag[1]
        elapsed = unit in {"ed", "ew"}
        lag = self.amount(tie.lag, calendar)
        same = self.runs_on(tie.before) == self.runs_on(name)
        if not elapsed and calendar == self.runs_on(name) and (lag or same):
            return days.walk(days.morning(end.day), lag)
        if not lag:
            return end
        if elapsed:
            return End(end.day + timedelta(days=lag), morning=end.morning and lag < 0)
        mornings = self.calendars[calendar]
        first = mornings.morning(end.day)
        if lag > 0:
            return End(mornings.walk(first, lag - 1) + ONE_DAY, morning=False)
        return End(mornings.walk(first, lag), morning=end.morning)

    def predecessor_end(self, tie: Tie, morning: date) -> End:
        """The end of the predecessor that counts, when its rest starts on `morning`."""
        return self.begin(tie.before, morning) if tie.kind[0] == "S" else self.finish_end(tie.before, morning)

    def keeps(self, tie: Tie, before: date, name: str, morning: date) -> bool:
        """Whether the rest of an activity may start on `morning` when that of its predecessor starts on `before`."""
        if tie.kind == "none" or tie.before in self.unknown:
            return True
        days, length = self.days(name), self.jobs[name].length
        bound = self.bound(tie, self.predecessor_end(tie, before), name)
        bound_end = tie.kind[1] == "F"
        following = days.walk(morning, length) if bound_end else morning
        if not isinstance(bound, End):
            return bound <= following
        if not bound.morning and bound_end and length:
            return bound.day <= days.before(following) + ONE_DAY
        return bound.day <= following

    # Early

    def _place_early(self) -> None:
        """Place all from scratch by the round before, until a round changes nothing."""
        while True:
            before = dict(self.early), dict(self.side)
            placed, sides = {}, {}
            for name, job in self.jobs.items():
                days = self.days(name)
                morning = days.morning(job.bound)
                while not all(self.keeps(tie, self.early[tie.before], name, morning) for tie in job.ties):
                    morning = days.walk(morning, 1)
                placed[name] = morning
                sides[name] = self._side(name, morning)
            self.early, self.side = placed, sides
            if before == (placed, sides):
                return

    def _side(self, name: str, morning: date) -> bool:
        """Whether an activity without length that is placed here stands in the morning."""
        job, days = self.jobs[name], self.days(name)
        if job.length or job.done is not None or job.started is not None:
            return False
        if days.morning(job.bound) == morning:
            return True
        for tie in job.ties:
            if not self.keeps(tie, self.early[tie.before], name, days.before(morning)):
                end = self.predecessor_end(tie, self.early[tie.before])
                place = self.bound(tie, end, name)
                point = self.is_point(tie.before)
                real_start = tie.kind[0] == "S" and not point
                if real_start or (point and self.side.get(tie.before)):
                    return True
                if isinstance(place, End) and place.day > days.before(morning) + ONE_DAY:
                    return True
        return False

    def midnight(self, name: str) -> date:
        """The midnight at which an activity ends on its own calendar."""
        end = self.rest_end(name, self.early[name])
        if end == self.early[name] and self.side[name]:
            return end
        return self.days(name).before(end) + ONE_DAY

    def _close(self) -> date:
        """The midnight at which all have ended.

        With one calendar all midnights between two of its days are one.
        """
        if len({self.runs_on(name) for name in self.jobs}) == 1:
            return max(
                self.days(name).before(self.rest_end(name, morning)) + ONE_DAY for name, morning in self.early.items()
            )
        return max(self.midnight(name) for name in self.jobs)

    # Late

    def total_end(self, name: str, morning: date) -> date:
        """The morning on which an activity has ended that slips so that its rest starts on `morning`."""
        days = self.days(name)
        slip = days.count(self.early[name], morning)
        return days.walk(self.rest_end(name, self.early[name]), slip)

    def last(self, name: str, morning: date) -> date:
        """The last day of an activity that slips so that its rest starts on `morning`."""
        return self.days(name).before(self.total_end(name, morning))

    def due(self, name: str) -> date | None:
        """The deadline of work that is not cancelled."""
        return None if self.jobs[name].state == "cancelled" else self.activities[name].due

    def slipped(self, tie: Tie, morning: date) -> End | None:
        """The end of the predecessor that counts when it slips; None where it is a fact, which cannot slip."""
        name, job = tie.before, self.jobs[tie.before]
        if job.done is not None or (job.started is not None and tie.kind[0] == "S"):
            return None
        if self.is_point(name):
            return self.finish_end(name, morning)
        if tie.kind[0] == "S":
            return End(morning, morning=True)
        return End(self.last(name, morning) + ONE_DAY, morning=False)

    def allows(self, tie: Tie, before: date, name: str, morning: date, *, by_evening: bool = False) -> bool:
        """Whether the predecessor may slip to `before` when the rest of the activity may start on `morning`.

        `by_evening`: an activity without length must be reached on a day of its own, not in the days off after it.
        """
        if tie.kind == "none" or tie.before in self.unknown:
            return True
        end = self.slipped(tie, before)
        if end is None:
            return True
        days, length = self.days(name), self.jobs[name].length
        bound = self.bound(tie, end, name)
        bound_end = tie.kind[1] == "F"
        following = days.walk(morning, length) if bound_end else morning
        if not isinstance(bound, End):
            return bound <= following
        if not bound.morning and ((bound_end and length) or (by_evening and self.is_point(name))):
            return bound.day <= days.before(following) + ONE_DAY
        return bound.day <= following

    def ties_from(self, name: str) -> list[tuple[str, Tie]]:
        """The successors of an activity with the ties that lead to them."""
        return [(after, tie) for after, job in self.jobs.items() for tie in job.ties if tie.before == name]

    def latest(self, name: str, allowed: Callable[[date], bool], upper: date) -> date:
        """The latest morning up to `upper` that is allowed; what is allowed on a day is so on all days before."""
        days = self.days(name)
        good = bad = days.before(upper + ONE_DAY)
        if allowed(good):
            return good
        step = 1
        while not allowed(good):  # ever further back
            bad, good, step = good, days.before(good - timedelta(days=step)), 2 * step
        while (middle := days.before(good + (bad - good) / 2 + ONE_DAY)) > good or (middle := days.walk(good, 1)) < bad:
            good, bad = (middle, bad) if allowed(middle) else (good, middle)
        return good

    def _place_late(self) -> dict[str, date]:
        """Move all back from the end until nothing moves."""
        late = {
            name: self.latest(
                name,
                lambda morning, name=name: self.last(name, morning) + ONE_DAY <= self.close,  # type: ignore[misc]
                self.close + timedelta(days=90),
            )
            for name in self.jobs
        }
        moved = True
        while moved:
            moved = False
            for name, morning in late.items():
                new = self.latest(name, lambda there, name=name: self._may_slip(name, there, late), morning)  # type: ignore[misc]
                if new != morning:
                    late[name], moved = new, True
        return late

    def is_point(self, name: str) -> bool:
        """Whether an activity takes no time at its early dates."""
        return self.jobs[name].started is None and self.rest_end(name, self.early[name]) == self.early[name]

    def _may_slip(self, name: str, morning: date, late: dict[str, date]) -> bool:
        due = self.due(name)
        if due is not None and self.last(name, morning) > due:
            return False
        return all(
            self.allows(tie, morning, after, late[after], by_evening=self._held(after, late[after]))
            for after, tie in self.ties_from(name)
        )

    def _held(self, name: str, late: date) -> bool:
        """Whether its own deadline is what forbids an activity to slip on."""
        due = self.due(name)
        return due is not None and self.last(name, self.days(name).walk(late, 1)) > due

    # Floats

    def free_float(self, name: str) -> int:
        """How far an activity slides alone while everything else stays at its early dates."""
        days, slide = self.days(name), 0
        while True:
            morning = days.walk(self.early[name], slide + 1)
            if self.last(name, morning) + ONE_DAY > self.close:
                return slide
            if not all(self.allows(tie, morning, after, self.early[after]) for after, tie in self.ties_from(name)):
                return slide
            slide += 1

    def deadlines(self, name: str) -> list[tuple[date, str]]:
        """The latest morning that each deadline downstream leaves an activity, along each chain that leads to it."""
        days, due = self.days(name), self.due(name)
        found = []
        if due is not None:
            upper = self.early[name] if due < self.early[name] else days.morning(due + timedelta(days=90))
            found.append((self.latest(name, lambda morning: self.last(name, morning) <= due, upper), name))
        for after, tie in self.ties_from(name):
            if tie.kind == "none" or self.slipped(tie, self.early[name]) is None or name in self.unknown:
                continue
            for latest, binding in self.deadlines(after):
                held = binding == after
                upper = days.morning(max(latest, self.early[name]) + timedelta(days=250))
                found.append(
                    (
                        self.latest(
                            name,
                            lambda morning, tie=tie, after=after, latest=latest, held=held: self.allows(  # type: ignore[misc]
                                tie, morning, after, latest, by_evening=held
                            ),
                            upper,
                        ),
                        binding,
                    )
                )
        return found

    # Paths

    def is_held(self, name: str) -> bool:
        """Whether an open activity would have ended sooner, had it not to be done on the day that is looked at."""
        morning = self.early[name]
        return self.rest_end(name, morning) > self.days(name).walk(morning, self.jobs[name].length)

    def chains_to(self, name: str, end: str = "F") -> list[tuple[str, ...]]:
        """Every chain of driving ties to the start (S) or the finish (F) of an activity, as far back as one drives it.

        A start that has been, and a finish that the day holds, are where they are whatever comes before.
        """
        rests = self.jobs[name].started is not None if end == "S" else self.is_held(name)
        ties = [] if rests else [self.jobs[name].ties[at] for at in self.driving(name)]
        before = {(tie.before, tie.kind[0]) for tie in ties}
        return [(*chain, name) for first, kind in before for chain in self.chains_to(first, kind)] or [(name,)]

    @cached_property
    def longest(self) -> set[str]:
        """All on any chain to what ends last."""
        return {each for name in self.jobs if self._is_last(name) for chain in self.chains_to(name) for each in chain}

    # What is shown

    def driving(self, name: str) -> tuple[int, ...]:
        """Which ties would break if the rest of the activity alone started one working day earlier."""
        earlier, ties = self.days(name).before(self.early[name]), self.jobs[name].ties
        return tuple(at for at, tie in enumerate(ties) if not self.keeps(tie, self.early[tie.before], name, earlier))

    def shown(self, name: str) -> tuple[date, date]:
        """The first and the last day of an activity at its early dates."""
        job, morning = self.jobs[name], self.early[name]
        end = self.rest_end(name, morning)
        last = self.days(name).before(end)
        if job.done is not None:
            return self._real_start(name) or (morning if end > morning else job.done), job.done
        if job.started is not None:
            return job.started.day, last
        if end == morning:
            return (morning, morning) if self.side[name] else (last, last)
        return morning, last

    def shown_late(self, name: str) -> tuple[date, date]:
        """The first and the last day of an activity at its late dates."""
        job, days, early, late = self.jobs[name], self.days(name), self.early[name], self.late[name]
        last = self.last(name, late)
        if job.started is None and self.rest_end(name, early) == early:
            return self.shown(name) if late == early else (last, last)
        begun = days.morning(job.started.day) if job.started is not None else early
        return days.walk(begun, days.count(early, late)), last

    def _real_start(self, name: str) -> date | None:
        """The day on which work is reported to have started."""
        if self.as_of is None:
            return None
        job = self.jobs[name]
        known = self._known(self.activities[name].report).started
        return known if job.state == "done" else None

    def finish(self) -> date:
        """The last day on which anything is shown that ends last."""
        closing = [name for name in self.jobs if self._is_last(name)]
        return max(self.shown(name)[1] for name in closing)

    def _is_last(self, name: str) -> bool:
        end, days = self.rest_end(name, self.early[name]), self.days(name)
        if end != days.morning(self.close):
            return False
        if len({self.runs_on(each) for each in self.jobs}) == 1:
            return True
        in_morning = any(
            self.side[each] and self.rest_end(each, self.early[each]) == self.early[each] == self.close
            for each in self.jobs
        )
        return in_morning or self.midnight(name) == self.close

    def rows(self) -> dict[str, Row]:
        """Everything about every activity; settled work has no floats."""
        return {name: self._row(name) for name in self.jobs}

    def _row(self, name: str) -> Row:
        first, last = self.shown(name)
        if self.jobs[name].settled:
            return Row(
                early_start=first,
                early_finish=last,
                late_start=first,
                late_finish=last,
                total_float=0,
                free_float=0,
                deadline_float=None,
                binding=frozenset(),
                critical=False,
                driving=self.driving(name),
                on_longest_path=name in self.longest,
            )
        deadlines = self.deadlines(name)
        latest = min((morning for morning, _ in deadlines), default=None)
        days, early = self.days(name), self.early[name]
        total = days.count(early, self.late[name])
        late_first, late_last = self.shown_late(name)
        return Row(
            early_start=first,
            early_finish=last,
            late_start=late_first,
            late_finish=late_last,
            total_float=total,
            free_float=self.free_float(name),
            deadline_float=None if latest is None else days.count(early, latest),
            binding=frozenset(each for morning, each in deadlines if morning == latest),
            critical=total <= 0,
            driving=self.driving(name),
            on_longest_path=name in self.longest,
        )
