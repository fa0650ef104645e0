"""A Gantt chart as plain values: a line for each task, in which every column stands for so many calendar days.

The columns are as fine as the width allows: 1 to 6 days, else whole weeks that begin on a Monday. A column shows what
any of its days has; where several things meet, a milestone or point is drawn over the deadline's sign (as one sign for
both), that over the work, that over the line of the day of judgement, that over days off. Days off are those of each
task's own calendar. Every sign is one character, and each has another shape, so that colour is never needed.

Everything is said in one language here, so that the views only place it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from cdsplan import wording
from cdsplan.messages import Message, msg, nmsg
from cdsplan.plan.model import Reading
from cdsplan.progress import Phase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from cdsplan.i18n import Language
    from cdsplan.plan.model import Task
    from cdsplan.schedule import Schedule
    from cdsplan.status import Item
    from cdsplan.workdays import Workdays

# What a column of a task's line shows.
EMPTY = " "
DAY_OFF = "·"
TODAY = "┊"
CRITICAL = "█"
OPEN = "▒"
DONE = "━"
DEADLINE = "|"
DEADLINE_IN_WORK = "╂"
MILESTONE = wording.MILESTONE
POINT = "◇"
POINT_AT_DEADLINE = "◈"
EARLIER = "←"
LATER = "→"

# What stands before and after a task's label.
IS_CRITICAL = "●"
IS_DONE = "✓"
IS_CANCELLED = "∅"
ESTIMATED = "~"

MARGIN = 5
"""Columns beside the label: a mark and a blank before it; a blank, the sign of an estimate and a blank after it."""

LEAST_COLUMNS = 24
"""A chart is not drawn narrower: on a terminal of less than about 50 columns it is wider than the terminal."""

WEEK = 7


class Window(NamedTuple):
    """The first and the last day that were asked for; None: as the work and its deadlines have it."""

    first: date | None = None
    last: date | None = None


class Row(NamedTuple):
    """One line of a chart: a mark (or nothing), the label, the sign of an estimate (or nothing), one sign a column."""

    mark: str
    label: str
    estimated: str
    cells: str


class Heading(NamedTuple):
    """A line above rows. `cells` are the signs below its words, which may be longer than a label."""

    words: str
    cells: str


class Chart(NamedTuple):
    """A whole chart.

    The lines of `header` stand above the columns; labels have `label_width` characters at most. `legend` explains the
    signs that occur, each with its words. Where there are no rows `nothing` says so.
    """

    titles: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[Row | Heading, ...]
    legend: tuple[tuple[str, str], ...]
    nothing: str
    label_width: int


def gantt(
    schedules: Sequence[Schedule],
    items: Sequence[Item],
    as_of: date,
    language: Language,
    width: int,
    *,
    window: Window,
    agencies: Sequence[str] = (),
) -> Chart:
    """Lay out the items on the dates of these schedules: forecasts, or planned networks.

    `agencies` are those to which the items were limited.

    A forecast shows the deadlines in force (a counted one where the forecast puts it); a planned network those that the
    plan declares, and no counted ones, whose event has not happened.
    """
    titles = [wording.plan_title(schedules[0].plan, language)] if len(schedules) == 1 else []
    items = [item for item in items if item.occurrence is None]  # what comes again stands outside the network
    if not items:
        return Chart(tuple(titles), (), (), (), "\n".join(map(language, _nothing(schedules))), 0)
    lines = [line for schedule in schedules for line in _lines(schedule, items, language)]
    labels = _labels(lines, width)
    label_width = max(map(len, labels))
    room = max(width - label_width - MARGIN, LEAST_COLUMNS)
    scale = _scale(lines, window, room)
    titles.append(language(_meaning(scale.days, as_of if lines[0].schedule.known else None)))
    titles += map(language, wording.looked_at([each.plan for each in schedules], agencies, as_of, language))
    writer = _Writer(scale, as_of, language, label_width + MARGIN + room)
    rows = tuple(writer.rows(schedules, lines, labels))
    return Chart(
        titles=tuple(titles),
        header=_header(scale, as_of, language, room),
        rows=rows,
        legend=_legend(rows, language),
        nothing="",
        label_width=label_width,
    )


def _nothing(schedules: Iterable[Schedule]) -> Iterator[Message]:
    """Say why nothing is drawn: there is no network, or nothing in it was asked for."""
    if any(schedule.tasks for schedule in schedules):
        yield msg("No task fits what was asked for.")
    else:
        yield from (wording.no_network(schedule.plan) for schedule in schedules)


def _meaning(days: int, as_of: date | None) -> Message:
    """Say what is drawn, the forecast of a day or the plan, and how many days a column stands for."""
    if as_of is None:
        return nmsg("As planned; a column is {n} day", "As planned; a column is {n} days", days)
    return nmsg(
        "Forecast as of {day}; a column is {n} day", "Forecast as of {day}; a column is {n} days", days, day=as_of
    )


# ------------------------------------------------------------------------------------------------- What is to be drawn


class _Line(NamedTuple):
    """One task on its way to a row. Days are ordinals.

    `begun` is the first day of work that is left, where part of it has been reported done. `work` is the sign of its
    bar, `end` that of its last day (a milestone or point).
    """

    schedule: Schedule
    task: Task
    title: str
    calendar: Workdays
    mark: str
    estimated: str
    work: str
    end: str
    first: int | None
    last: int | None
    begun: int | None
    due: int | None


def _lines(schedule: Schedule, items: Iterable[Item], language: Language) -> Iterator[_Line]:
    """Say of each item of a plan when it runs and what it is."""
    plan, known = schedule.plan, schedule.known
    for item in items:
        if item.plan.id != plan.id:
            continue
        task, j = item.task, schedule.position[item.task.id]
        phase = known[j].phase if known else Phase.NOT_STARTED
        cancelled = phase is Phase.CANCELLED
        dated = not cancelled and (phase is not Phase.DONE or j in schedule.done)
        first = last = due = None
        if dated:
            first, last = schedule.early_start(j).toordinal(), schedule.early_finish(j).toordinal()
        if not cancelled:
            due = _deadline(item, planned=not known)
        happened = phase is Phase.DONE and (not dated or j in schedule.started)
        yield _Line(
            schedule=schedule,
            task=task,
            title=wording.short_title(task, language, plan),
            calendar=schedule.calendar(j),
            mark=_mark(phase, critical=schedule.critical(j)),
            estimated=ESTIMATED if task.estimated and not happened and not cancelled else EMPTY,
            work=DONE if phase is Phase.DONE else CRITICAL if schedule.critical(j) else OPEN,
            end=MILESTONE if task.milestone else EMPTY if task.duration.amount else POINT,
            first=first,
            last=last,
            begun=_begun(schedule, j) if known and known[j].percent and known[j].open else None,
            due=due,
        )


def _mark(phase: Phase, *, critical: bool) -> str:
    if phase is Phase.DONE:
        return IS_DONE
    if phase is Phase.CANCELLED:
        return IS_CANCELLED
    return IS_CRITICAL if critical else EMPTY


def _deadline(item: Item, *, planned: bool) -> int | None:
    """Give the last good day: as declared; or in force, and of a count from an event to come by the forecast."""
    declared = item.task.due if isinstance(item.task.due, Reading) else None
    reading = declared if planned else item.due or item.tentative
    return reading.last.toordinal() if reading is not None and reading.last is not None else None


def _begun(schedule: Schedule, j: int) -> int | None:
    """Give the day on which the work that is left begins."""
    day = schedule.rest_starts(j)
    return None if day is None else day.toordinal()


# --------------------------------------------------------------------------------------------------------- The columns


def _labels(lines: Sequence[_Line], width: int) -> list[str]:
    """Choose what the tasks are called: by titles where all of them fit into five twelfths of the width, else by ids.

    Ids get half of the width at most.
    """
    titles = [line.title for line in lines]
    if max(map(len, titles)) <= width * 5 // 12:
        return titles
    most = max(width // 2, LEAST_COLUMNS)
    return [_cut(line.task.id, most) for line in lines]


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


class _Scale(NamedTuple):
    """What the columns mean: `columns` of `days` calendar days, of which the first begins on `first` (an ordinal).

    `last` is the last day that the chart is about; the last column may reach beyond it.
    """

    first: int
    last: int
    days: int
    columns: int

    def column(self, day: int) -> int:
        """Give the column of a day; outside the chart it is negative, or `columns` and more."""
        return (day - self.first) // self.days


def _scale(lines: Sequence[_Line], window: Window, room: int) -> _Scale:
    """Choose the columns so that they fit into `room`."""
    known = [day for line in lines for day in (line.first, line.last, line.due) if day is not None]
    if not known:  # nothing of what is shown has a day
        known = [line.schedule.plan.start.toordinal() for line in lines]
    first = min(known) if window.first is None else window.first.toordinal()
    last = max(known) if window.last is None else window.last.toordinal()
    if window.first is None:
        first = min(first, last)
    last = max(first, last)
    for days in range(1, WEEK):
        columns = -(-(last - first + 1) // days)
        if columns <= room:
            return _Scale(first, last, days, columns)
    monday = first - (first - 1) % WEEK  # ordinal 1 was a Monday
    weeks = -(-(last - monday + 1) // WEEK)
    days = WEEK * -(-weeks // room)
    return _Scale(monday, last, days, -(-(last - monday + 1) // days))


class _Writer:
    """Writes lines on one scale; headings have `width` characters at most."""

    def __init__(self, scale: _Scale, as_of: date, language: Language, width: int) -> None:
        self.scale = scale
        self.today = scale.column(as_of.toordinal())
        self.say = language
        self.width = width
        self._grounds: dict[Workdays | None, list[str]] = {}

    def rows(
        self, schedules: Sequence[Schedule], lines: Sequence[_Line], labels: Sequence[str]
    ) -> Iterator[Row | Heading]:
        """Write every task under its section, and in a portfolio under its plan; sections in declared order."""
        plans: dict[str, dict[str | None, list[tuple[_Line, str]]]] = {}
        for line, label in zip(lines, labels, strict=True):
            plans.setdefault(line.schedule.plan.id, {}).setdefault(line.task.section, []).append((line, label))
        for at, sections in enumerate(plans.values()):
            if len(schedules) > 1:
                plan = next(iter(sections.values()))[0][0].schedule.plan
                if at:
                    yield self.heading("")
                yield self.heading(f"{wording.plan_title(plan, self.say)} ({plan.id})")
            for section, members in sections.items():
                if section is not None or len(sections) > 1:
                    yield self.heading(section or self.say(msg("no section")))
                for line, label in members:
                    yield Row(line.mark, label, line.estimated, self.cells(line))

    def heading(self, words: str) -> Heading:
        """Write words over a line without work."""
        return Heading(_cut(words, self.width), "".join(self._ground(None)))

    def cells(self, line: _Line) -> str:
        """Draw one task."""
        cells = self._ground(line.calendar).copy()
        if line.first is not None and line.last is not None:
            self._work(cells, line, self.scale.column(line.first), self.scale.column(line.last))
        if line.due is not None:
            self._deadline(cells, self.scale.column(line.due))
        return "".join(cells)

    def _ground(self, calendar: Workdays | None) -> list[str]:
        """Give the signs below everything: days off where a column is a day, and the line of the day of judgement."""
        cells = self._grounds.get(calendar)
        if cells is None:
            scale = self.scale
            cells = [EMPTY] * scale.columns
            if calendar is not None and scale.days == 1:
                days = range(scale.first, scale.first + scale.columns)
                cells = [EMPTY if calendar.is_working(day) else DAY_OFF for day in days]
            if 0 <= self.today < scale.columns:
                cells[self.today] = TODAY
            self._grounds[calendar] = cells
        return cells

    def _work(self, cells: list[str], line: _Line, first: int, last: int) -> None:
        """Draw a task that runs from one column to another."""
        count = len(cells)
        if last < 0:
            cells[0] = EARLIER
            return
        if first >= count:
            cells[-1] = LATER
            return
        begun = first if line.begun is None else self.scale.column(line.begun)
        for at in range(max(first, 0), min(last + 1, count)):
            cells[at] = DONE if at < begun else line.work
        if first < 0 < last:
            cells[0] = EARLIER
        if last >= count:
            cells[-1] = LATER
        elif line.end != EMPTY:
            cells[last] = line.end

    @staticmethod
    def _deadline(cells: list[str], at: int) -> None:
        """Draw a deadline over what is in its column, which must stay visible."""
        if not 0 <= at < len(cells):
            return
        below = cells[at]
        if below in {MILESTONE, POINT}:
            cells[at] = POINT_AT_DEADLINE
        elif below in {CRITICAL, OPEN, DONE}:
            cells[at] = DEADLINE_IN_WORK
        elif below not in {EARLIER, LATER}:
            cells[at] = DEADLINE


# ----------------------------------------------------------------------------------------------- The header and legend


MONTHS = (
    msg("Jan"), msg("Feb"), msg("Mar"), msg("Apr"), msg("May"), msg("Jun"),
    msg("Jul"), msg("Aug"), msg("Sep"), msg("Oct"), msg("Nov"), msg("Dec"),
)  # fmt: skip

MOST_DAYS_FOR_DATES = 2  # of a column, so that a Monday's two digits and a blank have room in a week
MOST_DAYS_FOR_MONTHS = 7
MOST_DAYS_FOR_QUARTERS = 28


def _header(scale: _Scale, as_of: date, language: Language, room: int) -> tuple[str, ...]:
    """Name what the columns stand for: years, months, quarters or the days of Mondays; and the day of judgement."""
    lines: list[Iterator[tuple[int, str]]]
    if scale.days <= MOST_DAYS_FOR_DATES:
        lines = [_months(scale, lambda day: _month_of_year(day, language)), _mondays(scale)]
    elif scale.days <= MOST_DAYS_FOR_MONTHS:
        lines = [_years(scale), _months(scale, lambda day: language(MONTHS[day.month - 1]))]
    elif scale.days <= MOST_DAYS_FOR_QUARTERS:
        lines = [_years(scale), _months(scale, lambda day: _quarter(day, language), every=3)]
    else:
        lines = [_years(scale)]
    header = [_ruler(list(line)) for line in lines]
    today = scale.column(as_of.toordinal())
    if 0 <= today < scale.columns:
        header.append(_day_line(today, language.date(as_of), room))
    return tuple(header)


def _month_of_year(day: date, language: Language) -> str:
    return language(msg("{month} {year}", month=MONTHS[day.month - 1], year=day.year))


def _quarter(day: date, language: Language) -> str:
    return language(msg("Q{quarter}", quarter=(day.month + 2) // 3))


def _years(scale: _Scale) -> Iterator[tuple[int, str]]:
    """Give where each year begins, and its number."""
    first, last = date.fromordinal(scale.first), date.fromordinal(scale.last)
    yield 0, str(first.year)
    for year in range(first.year + 1, last.year + 1):
        yield scale.column(date(year, 1, 1).toordinal()), str(year)


def _months(scale: _Scale, name: Callable[[date], str], every: int = 1) -> Iterator[tuple[int, str]]:
    """Give where each month (or each `every` months of the year) begins, and its name."""
    first, last = date.fromordinal(scale.first), date.fromordinal(scale.last)
    yield 0, name(first)
    for month in range(first.year * 12 + first.month, last.year * 12 + last.month):
        day = date(month // 12, month % 12 + 1, 1)
        if not month % 12 % every:
            yield scale.column(day.toordinal()), name(day)


def _mondays(scale: _Scale) -> Iterator[tuple[int, str]]:
    """Give where each Monday falls, and its day of the month."""
    for day in range(scale.first + -(scale.first - 1) % WEEK, scale.last + 1, WEEK):
        yield scale.column(day), str(date.fromordinal(day).day)


def _ruler(names: Sequence[tuple[int, str]]) -> str:
    """Write names at their columns, as many as have room; what began before the chart gives way to the next."""
    line = ""
    if len(names) > 1 and names[0][0] == 0 and len(names[0][1]) >= names[1][0]:
        names = names[1:]
    for column, name in names:
        if not line or column > len(line):
            line = line.ljust(column) + name
    return line


def _day_line(column: int, day: str, room: int) -> str:
    """Write the day of judgement beside its line, on the side that has room."""
    if column + 2 + len(day) <= room:
        return f"{' ' * column}{TODAY} {day}"
    return f"{day.rjust(column - 1)} {TODAY}" if len(day) < column else f"{' ' * column}{TODAY}"


LEGEND: tuple[tuple[str, Message], ...] = (
    (IS_CRITICAL + CRITICAL, msg("critical: no float left")),
    (OPEN, msg("not critical")),
    (IS_DONE + DONE, msg("done")),
    (IS_CANCELLED, msg("cancelled")),
    (MILESTONE, msg("milestone")),
    (POINT, msg("point in time")),
    (DEADLINE + DEADLINE_IN_WORK, msg("deadline")),
    (POINT_AT_DEADLINE, msg("milestone or point, and its deadline")),
    (DAY_OFF, msg("day off")),
    (EARLIER + LATER, msg("outside the days shown")),
    (ESTIMATED, msg("estimated duration")),
)
"""Signs and their words, in the order of the legend. The day of judgement is named in the header."""


def _legend(rows: Iterable[Row | Heading], language: Language) -> tuple[tuple[str, str], ...]:
    used: set[str] = set()
    for row in rows:
        if isinstance(row, Row):
            used.update(row.mark, row.estimated, row.cells)
    found = (("".join(sign for sign in signs if sign in used), words) for signs, words in LEGEND)
    return tuple((signs, language(words)) for signs, words in found if signs)
