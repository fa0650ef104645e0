"""The DCMA 14-point assessment of a plan as of a day: can its schedule be steered by?

Counted are tasks that take time: no 0d points, nothing cancelled, no ongoing work of no stated length, and nothing that
comes again, which stands outside the network. *Incomplete* is what is open on the data date, by plan file and journal.
Links are those between two incomplete tasks. What lies ahead is taken from the forecast, with the deadlines in force,
and measured in working days of the plan's calendar. The *baseline finish* of a task is the last good day of its
deadline in the plan file, whatever was decided since, else its finish in the schedule as planned; it has passed on the
day after, as everywhere in this program.

Source: DCMA-EA PAM 200.1, Earned Value Management System Program Analysis Pamphlet (October 2012), section 4. What was
chosen where sources disagree stands in docs/audit.md.
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, assert_never

from cdsplan.messages import Message, msg
from cdsplan.plan.model import LinkType
from cdsplan.progress import Phase
from cdsplan.schedule.cpm import last_boundary
from cdsplan.schedule.drag import MOST_TASKS
from cdsplan.schedule.network import with_more_work
from cdsplan.schedule.paths import driving_paths

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from cdsplan.plan.model import Link, Plan
    from cdsplan.schedule import Schedule
    from cdsplan.status import Item

LONG = 44
"""Working days, two months of them, beyond which a float or a duration counts as high."""

DELAY = 600
"""Working days by which the critical path test delays a task."""


class Judgement(StrEnum):
    """What a metric comes to. What has no threshold is only stated; what has nothing to measure is not applicable."""

    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    STATED = "stated"
    NOT_APPLICABLE = "not-applicable"


class Kind(StrEnum):
    """What the value of a metric is."""

    SHARE = "share"  # amount / population, from 0 to 1
    COUNT = "count"
    DAYS = "days"  # working days
    INDEX = "index"  # amount / population, 1 = as planned


class Bound(StrEnum):
    """On which side of its threshold a value passes."""

    AT_MOST = "at-most"
    AT_LEAST = "at-least"


class Threshold(NamedTuple):
    """The worst value that passes."""

    bound: Bound
    value: Fraction

    def passed(self, value: Fraction) -> bool:
        """Compare exactly, before any rounding."""
        match self.bound:
            case Bound.AT_MOST:
                return value <= self.value
            case Bound.AT_LEAST:
                return value >= self.value
            case _:
                assert_never(self.bound)


class Behind(NamedTuple):
    """A task behind a metric, or with `link` a link to it. `days` is what the metric measures of it."""

    task: str
    days: int | None = None
    link: Link | None = None


class Found(NamedTuple):
    """What a formula found. `value` is given where it is neither the amount nor amount / population."""

    amount: int
    population: int
    behind: tuple[Behind, ...] = ()
    value: int | None = None
    note: Message | None = None


class Measure(NamedTuple):
    """A metric before it is applied: its formula in words, and as a function."""

    id: str
    title: Message
    formula: Message
    kind: Kind
    threshold: Threshold | None
    find: Callable[[_Case], Found]


class Metric(NamedTuple):
    """A metric applied to a plan. `number` is DCMA's; `value` is None where there is nothing to measure."""

    number: int
    measure: Measure
    found: Found
    threshold: Threshold | None
    value: Fraction | None
    judgement: Judgement


class Audit(NamedTuple):
    """The assessment of one plan. `counted`, `incomplete` and `links` say how much there was to look at."""

    plan: Plan
    as_of: date
    counted: int
    incomplete: int
    links: int
    metrics: tuple[Metric, ...]

    def tally(self, judgement: Judgement) -> int:
        """Count the metrics that come to this."""
        return sum(metric.judgement is judgement for metric in self.metrics)


def audit(planned: Schedule, forecast: Schedule, items: Sequence[Item], as_of: date) -> Audit:
    """Assess a plan: as planned, by its forecast as of the day, and by how each of its items was judged on it."""
    in_network = [item for item in items if item.occurrence is None]
    case = _Case(planned, forecast, in_network, as_of)
    return Audit(
        plan=planned.plan,
        as_of=as_of,
        counted=len(case.counted),
        incomplete=len(case.incomplete),
        links=len(case.links),
        metrics=tuple(_applied(number, measure, case) for number, measure in enumerate(MEASURES, 1)),
    )


def _applied(number: int, measure: Measure, case: _Case) -> Metric:
    found, threshold = measure.find(case), measure.threshold
    if measure.kind is Kind.DAYS and threshold is not None and case.several_calendars:
        threshold = threshold._replace(value=threshold.value * (1 - TOLERANCE))
    value: Fraction | None = None
    if found.population:
        match measure.kind:
            case Kind.SHARE | Kind.INDEX:
                value = Fraction(found.amount, found.population)
            case Kind.COUNT:
                value = Fraction(found.amount)
            case Kind.DAYS:
                value = Fraction(found.value or 0)
            case _:
                assert_never(measure.kind)
    if value is None:
        judgement = Judgement.NOT_APPLICABLE
    elif threshold is None:
        judgement = Judgement.STATED
    else:
        judgement = Judgement.PASS if threshold.passed(value) else Judgement.FAIL
    return Metric(number, measure, found, threshold, value, judgement)


class _Case:
    """One plan on its data date, and what several metrics ask of it."""

    def __init__(self, planned: Schedule, forecast: Schedule, items: Sequence[Item], as_of: date) -> None:
        self.planned = planned
        self.forecast = forecast
        self.items = items
        self.as_of = as_of
        self.plan = planned.plan
        self.counted = [
            j
            for j, item in enumerate(items)
            if item.task.duration.amount and item.phase is not Phase.CANCELLED and not planned.ongoing(j)
        ]
        self.incomplete = [j for j in self.counted if items[j].open]
        among = {items[j].task.id for j in self.incomplete}
        self.links = [
            (items[j].task.id, link)
            for j in self.incomplete
            for link in items[j].task.links
            if link.predecessor in among
        ]
        self.several_calendars = forecast.several_calendars

    def id(self, j: int) -> str:
        """Name a task by its position."""
        return self.items[j].task.id

    def behind(self, positions: Iterable[int]) -> tuple[Behind, ...]:
        """Give tasks by their positions."""
        return tuple(Behind(self.id(j)) for j in positions)

    def total_float(self, j: int) -> int:
        """Give the total float of open work: how far its start can slip."""
        forecast, own = self.forecast, self.plan.workdays
        if forecast.calendar(j) is own:
            return forecast.total_float(j) or 0
        early, late = forecast.early_start(j), forecast.late_start(j)
        return own.index(late.toordinal()) - own.index(early.toordinal())

    def remaining(self, j: int) -> int:
        """Give what is left to do of open work, up to its forecast finish."""
        own, calendar, work = self.plan.workdays, self.forecast.calendar(j), self.forecast.work(j)
        if calendar is own:
            return work
        end = self.forecast.early_finish(j).toordinal() + 1
        return own.index(end) - own.index(calendar.ordinal(calendar.index(end) - work))

    def end_moves(self, j: int) -> int:
        """Finish a task DELAY days later than the forecast has it; count the days by which the end of all moves.

        Days of the task's own calendar. Open work that the data date holds takes up what it lags behind, too.
        """
        forecast = self.forecast
        network, calendar = forecast.network, forecast.calendar(j)
        more = forecast.span(j)[1] - forecast.bound_start(j) - forecast.work(j) + DELAY
        later = last_boundary(with_more_work(network, network.links.rank[j], more))
        return calendar.index(later) - calendar.index(forecast.computed.finish)

    def baseline_finish(self, j: int) -> date:
        """Give the day by which a task was to be done by the plan itself, whatever the journal extended."""
        item = self.items[j]
        reading = item.baseline if item.extensions else item.due
        if reading is not None and reading.last is not None:
            return reading.last
        return self.planned.early_finish(j)


def _logic(case: _Case) -> Found:
    """1. Links from and to anything count here, also to what is done and to points."""
    followed = {link.predecessor for item in case.items for link in item.task.links}
    loose = [j for j in case.incomplete if not case.items[j].task.links or case.id(j) not in followed]
    return Found(len(loose), len(case.incomplete), case.behind(loose))


def _links(case: _Case, wanted: Callable[[Link], bool]) -> tuple[Behind, ...]:
    """Give the links of one sort."""
    return tuple(Behind(task, link=link) for task, link in case.links if wanted(link))


def _leads(case: _Case) -> Found:
    """2. Negative lags."""
    found = _links(case, lambda link: link.lag.amount < 0)
    return Found(len(found), len(case.links), found)


def _lags(case: _Case) -> Found:
    """3. Positive lags, of any length."""
    found = _links(case, lambda link: link.lag.amount > 0)
    return Found(len(found), len(case.links), found)


def _link_types(case: _Case) -> Found:
    """4. Those behind it are the other ones."""
    others = _links(case, lambda link: link.type is not LinkType.FS)
    return Found(len(case.links) - len(others), len(case.links), others)


def _hard_constraints(case: _Case) -> Found:
    """5. There is no way to write one: `not-before` only delays, and a deadline moves no date."""
    note = msg("A plan cannot declare one: not-before only delays a start, and a deadline moves no date.")
    return Found(0, len(case.incomplete), note=note)


def _high_float(case: _Case) -> Found:
    """6. Beyond LONG."""
    found = tuple(Behind(case.id(j), days) for j in case.incomplete if (days := case.total_float(j)) > LONG)
    return Found(len(found), len(case.incomplete), found)


def _negative_float(case: _Case) -> Found:
    """7. The forecast breaks a deadline downstream."""
    found = tuple(Behind(case.id(j), days) for j in case.incomplete if (days := case.total_float(j)) < 0)
    return Found(len(found), len(case.incomplete), found)


def _high_duration(case: _Case) -> Found:
    """8. What is left to do, beyond LONG."""
    found = tuple(Behind(case.id(j), days) for j in case.incomplete if (days := case.remaining(j)) > LONG)
    return Found(len(found), len(case.incomplete), found)


def _wrong_side(case: _Case) -> Found:
    """9. What is dated after the data date is not known on it; so only what is expected before it can be wrong.

    Progress, or the delivery of one member, is a report that work has begun, also where nobody says on which day.
    """
    found = [
        j
        for j in case.incomplete
        if case.items[j].phase is Phase.NOT_STARTED and case.forecast.early_start(j) < case.as_of
    ]
    days = ((case.as_of - case.forecast.early_start(j)).days for j in found)
    behind = tuple(Behind(case.id(j), each) for j, each in zip(found, days, strict=True))
    return Found(len(found), len(case.incomplete), behind)


def _no_owner(case: _Case) -> Found:
    """10. Neither an owner nor members that deliver."""
    found = [j for j in case.incomplete if not case.items[j].task.owner and not case.items[j].task.members]
    return Found(len(found), len(case.incomplete), case.behind(found))


def _due(case: _Case) -> list[tuple[int, date]]:
    """Find what should be done by now."""
    baselines = ((j, case.baseline_finish(j)) for j in case.counted)
    return [(j, day) for j, day in baselines if day < case.as_of]


def _missed(case: _Case) -> Found:
    """11. Done on a day that nobody wrote down is not known to be late."""
    due = _due(case)
    behind: list[Behind] = []
    for j, day in due:
        item = case.items[j]
        done = case.as_of if item.open else item.done_on
        if done is not None and done > day:
            behind.append(Behind(item.task.id, (done - day).days))
    return Found(len(behind), len(due), tuple(behind))


def _critical_path(case: _Case) -> Found:
    """12. Every incomplete task of the driving chains is tried, up to MOST_TASKS."""
    members = driving_paths(case.forecast, limit=0).members
    tried = [j for j in case.incomplete if j in members][:MOST_TASKS]
    moves = [(j, case.end_moves(j)) for j in tried]
    behind = tuple(Behind(case.id(j), days) for j, days in moves if days < DELAY)
    return Found(len(behind), len(tried), behind, min((days for _, days in moves), default=None))


def _path_length(case: _Case) -> Found:
    """13. The required finish is the last deadline of the open milestones, else of the open tasks.

    The path to it begins on the data date (that day counts: work can be done on it), or when the plan starts.
    """
    dated = [(item.due.last, j) for j, item in enumerate(case.items) if item.open and item.due and item.due.last]
    among = [(last, j) for last, j in dated if case.items[j].task.milestone] or dated
    if not among:
        return Found(0, 0, note=msg("No open task has a deadline."))
    finish = case.forecast.early_finish
    required, target = max(among, key=lambda each: (each[0], finish(each[1])))
    own, first, last = case.plan.workdays, max(case.as_of, case.plan.start), finish(target)
    length = max(0, own.count(first.toordinal(), last.toordinal()))
    spare = own.index(required.toordinal() + 1) - own.index(last.toordinal() + 1)
    note = msg(
        "Required: “{task}” by {required}. The forecast is {finish}: the path is {length} working days long, its total "
        "float is {spare}.",
        task=case.id(target),
        required=required,
        finish=last,
        length=length,
        spare=spare,
    )
    return Found(length + spare, length, (Behind(case.id(target), spare),), note=note)


def _execution(case: _Case) -> Found:
    """14. Whatever is done counts, also what was not due yet; those behind it are due and not done."""
    due = _due(case)
    done = sum(not case.items[j].open for j in case.counted)
    return Found(done, len(due), case.behind(j for j, _ in due if case.items[j].open))


def _at_most(value: str) -> Threshold:
    return Threshold(Bound.AT_MOST, Fraction(value))


def _at_least(value: str) -> Threshold:
    return Threshold(Bound.AT_LEAST, Fraction(value))


TOLERANCE = Fraction(1, 20)
"""Of the critical path test where several calendars, or lags in calendar days, meet: they differ in their days off."""

MEASURES = (
    Measure(
        "logic", msg("Logic"),
        msg("incomplete tasks without predecessor, without successor, or both ÷ incomplete tasks"),
        Kind.SHARE, _at_most("0.05"), _logic,
    ),
    Measure(
        "leads", msg("Leads"), msg("links with a negative lag, of the links between incomplete tasks"),
        Kind.COUNT, _at_most("0"), _leads,
    ),
    Measure(
        "lags", msg("Lags"), msg("links with a positive lag ÷ links between incomplete tasks"),
        Kind.SHARE, _at_most("0.05"), _lags,
    ),
    Measure(
        "link-types", msg("FS links"), msg("finish-to-start links ÷ links between incomplete tasks"),
        Kind.SHARE, _at_least("0.9"), _link_types,
    ),
    Measure(
        "hard-constraints", msg("Hard constraints"),
        msg("incomplete tasks pinned to a date against the logic ÷ incomplete tasks"),
        Kind.SHARE, _at_most("0.05"), _hard_constraints,
    ),
    Measure(
        "high-float", msg("High float"),
        msg("incomplete tasks with a total float above 44 working days ÷ incomplete tasks"),
        Kind.SHARE, _at_most("0.05"), _high_float,
    ),
    Measure(
        "negative-float", msg("Negative float"), msg("incomplete tasks with a total float below 0"),
        Kind.COUNT, _at_most("0"), _negative_float,
    ),
    Measure(
        "high-duration", msg("High duration"),
        msg("incomplete tasks with more than 44 working days left to do ÷ incomplete tasks"),
        Kind.SHARE, _at_most("0.05"), _high_duration,
    ),
    Measure(
        "invalid-dates", msg("Invalid dates"),
        msg("incomplete tasks expected to start before the data date, of which nothing is reported"),
        Kind.COUNT, _at_most("0"), _wrong_side,
    ),
    Measure(
        "no-owner", msg("No owner"), msg("incomplete tasks that nobody leads or delivers ÷ incomplete tasks"),
        Kind.SHARE, None, _no_owner,
    ),
    Measure(
        "missed", msg("Missed tasks"),
        msg("tasks not done by their baseline finish ÷ tasks whose baseline finish has passed"),
        Kind.SHARE, _at_most("0.05"), _missed,
    ),
    Measure(
        "critical-path", msg("Critical path test"),
        msg("working days by which the end moves when a task that drives it finishes 600 later: the least of all"),
        Kind.DAYS, _at_least(str(DELAY)), _critical_path,
    ),
    Measure(
        "cpli", msg("CPLI"), msg("(critical path length + total float to the required finish) ÷ critical path length"),
        Kind.INDEX, _at_least("0.95"), _path_length,
    ),
    Measure(
        "bei", msg("BEI"), msg("tasks done ÷ tasks whose baseline finish has passed"),
        Kind.INDEX, _at_least("0.95"), _execution,
    ),
)  # fmt: skip
"""The fourteen, in DCMA's order: number n stands at n - 1."""
