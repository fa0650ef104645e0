"""A plan as declared: immutable facts, no computed dates.

A `Plan` that exists is valid: `cdsplan.plan.reader` has checked it, and nobody downstream checks again. Days are
calendar days; "first" and "last" are inclusive; durations and lags carry their unit. Ids are ASCII
`[a-z0-9][a-z0-9-]{0,63}`; a task's id is unique in its plan.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, time

    from cdsplan.plan.order import Numbering, Predecessors
    from cdsplan.plan.recurrence import Repeat
    from cdsplan.plan.source import Source
    from cdsplan.workdays import Workdays


class Before(StrEnum):
    """How "trước ngày D" and "before D" are read: is D itself still in time?"""

    INCLUSIVE = "inclusive"
    STRICT = "strict"


class DayOff(StrEnum):
    """What becomes of a named last day that is a day off."""

    NEXT_WORKING_DAY = "next-working-day"
    SAME_DAY = "same-day"


class Silence(StrEnum):
    """What is taken to happen where nobody reports."""

    ON_PLAN = "on-plan"
    NO_PROGRESS = "no-progress"


class Policy(NamedTuple):
    """The `[reading]` table: how words become dates, because the words alone do not decide it."""

    before: Before = Before.INCLUSIVE
    day_off: DayOff = DayOff.SAME_DAY
    silence: Silence = Silence.ON_PLAN


class DeadlineKind(StrEnum):
    """What sort of deadline the words name."""

    DAY = "day"  # ngày D, chậm nhất D, đến D, an ISO date: the day itself
    BEFORE = "before"  # trước ngày D, trước tháng M
    POINT = "point"  # đầu | giữa | cuối tháng, năm: a day that the law gives
    PERIOD = "period"  # tháng, quý, năm, từ … đến …: any day of it
    OPEN_PERIOD = "open-period"  # Y và những năm tiếp theo: no last day
    ONGOING = "ongoing"  # thường xuyên: no last day
    DECLARED = "declared"  # { words, date }: the author's own reading
    NONE = "none"  # { none = true }: the author says that there is none
    COUNTED = "counted"  # so many days after or before an event


class Rule(StrEnum):
    """What turned words into a day. `cdsplan.plan.deadlines.explain` says each in words."""

    NAMED_DAY = "named-day"
    BEFORE_INCLUSIVE = "before-inclusive"
    BEFORE_STRICT = "before-strict"
    BEFORE_PERIOD = "before-period"
    BEFORE_TIME = "before-time"
    MONTH_START = "month-start"
    MONTH_MIDDLE = "month-middle"
    MONTH_END = "month-end"
    YEAR_START = "year-start"
    YEAR_MIDDLE = "year-middle"
    YEAR_END = "year-end"
    PERIOD_END = "period-end"
    RANGE_END = "range-end"
    OPEN_PERIOD = "open-period"
    ONGOING = "ongoing"
    DECLARED = "declared"
    DECLARED_NONE = "declared-none"
    COUNTED_AFTER = "counted-after"
    COUNTED_BEFORE = "counted-before"
    ROLLED = "rolled"  # beside another rule: the named day was a day off


class Reading(NamedTuple):
    """A deadline's words and what they were taken to mean.

    `named_last` is the last day as the words name it, `last` the last good day after the reading policy; `last` is the
    only day that is judged, capped and published (None: never late). `first` is the first day of a period. `time` is
    shown and published; status is by day. Of a count the words are the plan's notation, `counted` its parts.
    """

    words: str
    kind: DeadlineKind
    rules: tuple[Rule, ...]
    first: date | None = None
    named_last: date | None = None
    last: date | None = None
    time: time | None = None
    counted: Counted | None = None


class CountUnit(StrEnum):
    """What a counted deadline counts."""

    WORKING_DAYS = "working-days"
    DAYS = "days"
    MONTHS = "months"


class Counted(NamedTuple):
    """A deadline counted from an event: `amount` units after (or before) a task is done, that day not counted."""

    event: str | date  # a task id; a count from a date is read at once into a Reading, which keeps it
    amount: int
    unit: CountUnit
    before: bool = False

    @property
    def task(self) -> str:
        """The id of the task from which it counts."""
        return str(self.event)

    def __str__(self) -> str:
        """Write the count in the plan's own words: its keys."""
        return f"{self.amount} {self.unit} {'before' if self.before else 'after'} {self.event}"


class DurationUnit(StrEnum):
    """The field's notation: working days, working weeks, elapsed (calendar) days, elapsed weeks."""

    DAYS = "d"
    WEEKS = "w"
    ELAPSED_DAYS = "ed"
    ELAPSED_WEEKS = "ew"


class Duration(NamedTuple):
    """A length of work, or a lag (which may be negative: a lead)."""

    amount: int
    unit: DurationUnit = DurationUnit.DAYS

    def __str__(self) -> str:
        """Write it as the plan file does."""
        return f"{self.amount}{self.unit}"


class LinkType(StrEnum):
    """What a successor waits for: its [first letter] of the predecessor binds its own [second letter]."""

    FS = "FS"
    SS = "SS"
    FF = "FF"
    SF = "SF"


FROM_FINISH = frozenset({LinkType.FS, LinkType.FF})
"""Links that wait for the predecessor's finish."""


class Basis(StrEnum):
    """How firmly the source orders two tasks."""

    STATED = "stated"
    IMPLIED = "implied"
    INFERRED = "inferred"


NOTHING_GUESSED, INFERRED_LINKS, ESTIMATES = 0, 1, 2
"""What computed dates rest on: neither, links that the source does not know, or lengths that nobody stated (and maybe
both)."""

NO_LAG = Duration(0)


class Link(NamedTuple):
    """One predecessor of a task, as declared in its `after`."""

    predecessor: str
    type: LinkType = LinkType.FS
    lag: Duration = NO_LAG
    basis: Basis = Basis.STATED
    quote: str | None = None


class Closure(NamedTuple):
    """Days that a plan closes: [first, last], both included, with an optional name."""

    first: date
    last: date
    name: str | None = None


class CalendarSpec(NamedTuple):
    """A working calendar as declared. `workweek` holds weekdays, Monday = 0; `open` and `closed` win over holidays."""

    holidays: str = "none"
    workweek: tuple[int, ...] = (0, 1, 2, 3, 4)
    closed: tuple[Closure, ...] = ()
    open: tuple[date, ...] = ()


class Agency(NamedTuple):
    """A body that leads, coordinates, delivers or is consulted."""

    id: str
    name: str
    short: str | None = None
    name_en: str | None = None
    ceased: date | None = None
    successor: str | None = None
    formerly: tuple[str, ...] = ()
    contact: str | None = None
    calendar: str | None = None

    @property
    def label(self) -> str:
        """The name for narrow places."""
        return self.short or self.name


class Facts(NamedTuple):
    """What the plan file itself says has happened. `done_unknown` is `done = true`: on a day nobody wrote down."""

    started: date | None = None
    percent: int | None = None
    done: date | None = None
    done_unknown: bool = False
    cancelled: date | None = None


NO_FACTS = Facts()


class Details(NamedTuple):
    """What a task says beyond the network: shown by `show`, reports and feeds, used by no computation."""

    title_en: str | None = None
    deliverable: str | None = None
    contents: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    quote: str | None = None
    note: str | None = None
    url: str | None = None
    tags: tuple[str, ...] = ()
    remind: tuple[int, ...] = ()
    each: tuple[str, ...] = ()  # as written, "@group" or an agency id
    formerly: tuple[str, ...] = ()


NO_DETAILS = Details()


class Task(NamedTuple):
    """A task as declared. Agencies are ids in declared order, groups already expanded.

    `members` are those that must each deliver (a fan-out; empty otherwise). `duration` is the declared one, or the
    plan's default; `estimated` says that nobody stated it. A task with a `repeat` comes again: it has neither `due` nor
    links nor facts of its own, every occurrence has.
    """

    id: str
    title: str
    short: str | None = None
    number: str | None = None
    section: str | None = None
    milestone: bool = False
    owner: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    consult: tuple[str, ...] = ()
    recipient: str | None = None
    assigned_by: str | None = None
    members: tuple[str, ...] = ()
    due: Reading | Counted | None = None
    duration: Duration = Duration(1)
    estimated: bool = False
    links: tuple[Link, ...] = ()
    not_before: date | None = None
    calendar: str | None = None
    facts: Facts = NO_FACTS
    details: Details = NO_DETAILS
    repeat: Repeat | None = None


class Waiver(NamedTuple):
    """What a check forgives until the end of a day, and who says so: a `[[waiver]]`.

    Without `task` it is for every finding of the rule, without `agency` for whoever is responsible; the waiver of an
    agency excuses that agency's own part. With `occurrence`, a nominal day, it is for that one occurrence of a task
    that comes again, else for all of them.
    """

    rule: str
    until: date
    reason: str
    task: str | None = None
    agency: str | None = None
    document: str | None = None
    occurrence: date | None = None

    @property
    def item(self) -> str | None:
        """The name of what it is for: the task's id, or TASK@YYYY-MM-DD."""
        return self.task if self.occurrence is None else f"{self.task}@{self.occurrence.isoformat()}"


class Gate(NamedTuple):
    """What a check looks for and fails on: the `[check]` table (but for `warn`) and the waivers.

    Rules are named as `cdsplan.rulebook.selectors` has it; None leaves the choice to the program. `grace` is how many
    calendar days late are forgiven.
    """

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    fail_on: tuple[str, ...] | None = None
    grace: int | None = None
    waivers: tuple[Waiver, ...] = ()


class Plan(NamedTuple):
    """A whole plan: what the file declares, its own calendar as look-up tables, and where each thing stands.

    `tasks` are those of the network, `recurring` those that come again and stand outside it; no id is in both.
    """

    id: str
    title: str
    start: date
    timezone: str
    agencies: Mapping[str, Agency]
    groups: Mapping[str, tuple[str, ...]]
    calendars: Mapping[str, CalendarSpec]
    workdays: Workdays
    named_workdays: Mapping[str, Workdays]  # of `calendars`
    tasks: Mapping[str, Task]
    recurring: Mapping[str, Task]
    waits_for: Predecessors  # of each task, in the order of its links
    numbering: Numbering  # of tasks and links, predecessors before successors
    source: Source
    language: str = "en"
    short: str | None = None
    title_en: str | None = None
    issuer: str | None = None
    revised: date | None = None
    citation: str | None = None
    policy: Policy = Policy()
    warn: int = 7  # [check] warn: calendar days before a deadline from which it is "due soon"
    calendar: CalendarSpec = CalendarSpec()
    gate: Gate = Gate()

    @property
    def label(self) -> str:
        """The title for narrow places."""
        return self.short or self.title

    @property
    def order(self) -> Sequence[int]:
        """Positions of tasks, predecessors before successors."""
        return self.numbering.order

    @property
    def all_tasks(self) -> Mapping[str, Task]:
        """Every task by its id: those of the network, then those that come again."""
        return {**self.tasks, **self.recurring} if self.recurring else self.tasks
