"""How deadlines become days: words, dates and counts under a plan's reading policy and working calendar.

A `Reading` keeps its words, the day that they name, the last good day, and the rules that led there. Only a day that
the words name, and a count of days or months, moves off a day off, and only where the plan says so; "trước ngày D",
times of day, periods and points never do. The articles are those of the Civil Code 2015 (Bộ luật Dân sự,
91/2015/QH13). It governs agreements between parties: for an administrative plan it is applied by analogy, a convention
that the plan's readers can see, not an obligation.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, assert_never

from cdsplan.messages import Message, msg
from cdsplan.plan.model import Before, Counted, CountUnit, DayOff, DeadlineKind, Reading, Rule
from cdsplan.plan.phrases import PhraseError, check_year, parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from cdsplan.plan.model import Plan, Policy, Task
    from cdsplan.plan.recurrence import Repeat
    from cdsplan.workdays import Workdays

__all__ = ["LARGEST_COUNT", "DeadlineReader", "PhraseError", "baseline", "count_from", "explain"]

LARGEST_COUNT = 10_000  # of working days, days or months: with any more a count could leave the calendar


Day = date  # the reader has a method of that name


def baseline(plan: Plan, task: Task, occurrence: Day | None, done: Callable[[str], Day | None]) -> Reading | None:
    """Give the plan's own deadline of a task, or of the occurrence on a nominal day; None: none that can be told.

    `done` says on which day a task, of this id, was done: a deadline that counts from it cannot be told before.
    """
    if occurrence is None:
        if not isinstance(task.due, Counted):
            return task.due
        event = done(task.due.task)
        return None if event is None else count_from(event, task.due, plan)
    from cdsplan.plan.occurrences import on_day  # noqa: PLC0415 - few plans have recurring tasks

    found = on_day(task, plan, occurrence)
    return None if found is None else found.due


def count_from(event: Day, counted: Counted, plan: Plan) -> Reading:
    """Give the deadline that is counted from an event, which happened, or is expected, on a day."""
    reader = DeadlineReader(plan.policy, plan.workdays)
    return reader.counted(counted.amount, counted.unit, event, before=counted.before, task=counted.task)


class DeadlineReader:
    """Reads the deadlines of one plan; what it has read it keeps, as plans repeat their words."""

    def __init__(self, policy: Policy, workdays: Workdays) -> None:
        """Read by `policy`; days off are those of `workdays`."""
        self._strict = policy.before is Before.STRICT
        self._rolls = policy.day_off is DayOff.NEXT_WORKING_DAY
        self._workdays = workdays
        self._by_words: dict[str, Reading] = {}
        self._by_date: dict[Day, Reading] = {}

    def words(self, words: str) -> Reading:
        """Read deadline words.

        Raises:
            PhraseError: as `cdsplan.plan.phrases.parse` does.
        """
        reading = self._by_words.get(words)
        if reading is None:
            reading = self._by_words[words] = self._phrase(words)
        return reading

    def date(self, day: Day) -> Reading:
        """Read a TOML date, which is a day named in ISO words.

        Raises:
            PhraseError: CDS109 when its year lies outside 1990–2199.
        """
        reading = self._by_date.get(day)
        if reading is None:
            check_year(day.year)
            reading = self._by_date[day] = self._named(
                day.isoformat(), DeadlineKind.DAY, Rule.NAMED_DAY, first=None, named=day
            )
        return reading

    def declared(self, words: str | None, day: Day | None) -> Reading:
        """Take the author's own reading, which no policy touches; without a `day` there is no deadline.

        Raises:
            PhraseError: CDS109 when the year of the day lies outside 1990–2199.
        """
        if day is None:
            return Reading(words=words or "", kind=DeadlineKind.NONE, rules=(Rule.DECLARED_NONE,))
        check_year(day.year)
        shown = day.isoformat() if words is None else words
        return Reading(words=shown, kind=DeadlineKind.DECLARED, rules=(Rule.DECLARED,), named_last=day, last=day)

    def counted(self, amount: int, unit: CountUnit, event: Day, *, before: bool, task: str | None = None) -> Reading:
        """Count `amount` (1 to `LARGEST_COUNT`) units after the day of an event, or before it; that day is not counted.

        The n-th working day or calendar day after it (Art. 147.2 and 147.3); for months the corresponding day of the
        month, else the last day of that month (Art. 148.3). A last day that is a day off moves by the policy to the
        next working day (Art. 148.5), or when counted backwards to the previous one: later would be nearer to the
        event than the words allow. `task` is the id of the task whose end is the event; without one it is a day.
        """
        steps = -amount if before else amount
        rule = Rule.COUNTED_BEFORE if before else Rule.COUNTED_AFTER
        match unit:
            case CountUnit.WORKING_DAYS:
                last = date.fromordinal(self._workdays.add(event.toordinal(), steps))
            case CountUnit.DAYS:
                last = event + timedelta(steps)
            case CountUnit.MONTHS:
                last = add_months(event, steps)
            case _:
                assert_never(unit)
        counted = Counted(task or event, amount, unit, before)
        return self._named(str(counted), DeadlineKind.COUNTED, rule, first=None, named=last)._replace(counted=counted)

    def occurrence(self, repeat: Repeat, day: Day) -> Reading:
        """Read one of the days of a recurring task: as its words would be read if they named that day."""
        kind, rule = repeat.kind, repeat.reading
        if rule is None:
            return self._before(repeat.words, kind, day)
        if kind is DeadlineKind.DAY:
            return self._named(repeat.words, kind, rule, first=None, named=day)
        first = day - timedelta(repeat.days - 1) if repeat.days else None
        if repeat.months:
            first = add_months(day.replace(day=1), 1 - repeat.months)
        return Reading(
            words=repeat.words, kind=kind, rules=(rule,), first=first, named_last=day, last=day, time=repeat.time
        )

    def _phrase(self, words: str) -> Reading:
        phrase = parse(words)
        if phrase.rule is None:  # trước ngày D
            return self._before(words, phrase.kind, phrase.last)
        if phrase.rolls and phrase.last:
            return self._named(words, phrase.kind, phrase.rule, first=phrase.first, named=phrase.last)
        return Reading(
            words=words,
            kind=phrase.kind,
            rules=(phrase.rule,),
            first=phrase.first,
            named_last=phrase.last,
            last=phrase.last,
            time=phrase.time,
        )

    def _before(self, words: str, kind: DeadlineKind, named: Day | None) -> Reading:
        """Make the reading of a day before which something is due, as the policy takes "before"."""
        last = named - timedelta(1) if self._strict and named else named
        return Reading(words, kind, _STRICTLY if self._strict else _INCLUSIVE, None, named, last)

    def _named(self, words: str, kind: DeadlineKind, rule: Rule, *, first: Day | None, named: Day) -> Reading:
        """Make the reading of a named or counted day, which moves off a day off where the policy says so."""
        rules: tuple[Rule, ...] = (rule,)
        last = named
        if self._rolls:
            day = named.toordinal()
            if not self._workdays.is_working(day):
                backwards = rule is Rule.COUNTED_BEFORE
                last = date.fromordinal(self._workdays.add(day, -1) if backwards else self._workdays.next_working(day))
                rules = (rule, Rule.ROLLED)
        return Reading(words, kind, rules, first, named, last)


_STRICTLY, _INCLUSIVE = (Rule.BEFORE_STRICT,), (Rule.BEFORE_INCLUSIVE,)


def explain(rule: Rule, reading: Reading) -> Message:
    """Say a rule of a reading in words, with the article behind it, as the end of "last good day 15 Apr 2022: …"."""
    match rule:
        case Rule.BEFORE_INCLUSIVE:
            return msg(
                'before a day is read as up to and including that day, {last} ([reading] before = "inclusive")',
                last=reading.last,
            )
        case Rule.BEFORE_STRICT:
            return msg(
                'before {named_last} is read as the day before it at the latest ([reading] before = "strict")',
                named_last=reading.named_last,
            )
        case Rule.ROLLED if Rule.COUNTED_BEFORE in reading.rules:
            return msg(
                "{named_last} is a day off; counted backwards, the deadline moves to the working day before it, {last}"
                ' ([reading] day-off = "next-working-day")',
                named_last=reading.named_last,
                last=reading.last,
            )
        case Rule.ROLLED:
            return msg(
                "{named_last} is a day off, so the deadline moves to the next working day, {last}"
                " (Vietnam’s Civil Code 2015, Art. 148.5, applied by analogy)",
                named_last=reading.named_last,
                last=reading.last,
            )
        case _:
            return _EXPLANATIONS[rule]


def add_months(day: date, months: int) -> date:
    """Give the corresponding day so many months on, else the last day of that month (Art. 148.3)."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    after_month = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(day.day - 1), after_month - timedelta(1))


_EXPLANATIONS = {
    Rule.NAMED_DAY: msg("the day that the words name"),
    Rule.BEFORE_PERIOD: msg("before a month, a quarter or a year: the day before it begins is the last"),
    Rule.BEFORE_TIME: msg("a time of day: it does not move, and status goes by the day"),
    Rule.MONTH_START: msg(
        "the beginning of a month is its first day (Vietnam’s Civil Code 2015, Art. 146.2.a, applied by analogy)"
    ),
    Rule.MONTH_MIDDLE: msg(
        "the middle of a month is its 15th day (Vietnam’s Civil Code 2015, Art. 146.2.b, applied by analogy)"
    ),
    Rule.MONTH_END: msg(
        "the end of a month is its last day (Vietnam’s Civil Code 2015, Art. 146.2.c, applied by analogy)"
    ),
    Rule.YEAR_START: msg(
        "the beginning of a year is 1 January (Vietnam’s Civil Code 2015, Art. 146.3.a, applied by analogy)"
    ),
    Rule.YEAR_MIDDLE: msg(
        "the middle of a year is 30 June (Vietnam’s Civil Code 2015, Art. 146.3.b, applied by analogy)"
    ),
    Rule.YEAR_END: msg(
        "the end of a year is 31 December (Vietnam’s Civil Code 2015, Art. 146.3.c, applied by analogy)"
    ),
    Rule.PERIOD_END: msg("a whole period: any of its days is in time, up to its last"),
    Rule.RANGE_END: msg("a range: any of its days is in time, up to its last"),
    Rule.OPEN_PERIOD: msg("an open period: it has a first day and no last one"),
    Rule.ONGOING: msg("ongoing work: it has no last day"),
    Rule.DECLARED: msg("declared by the author of the plan"),
    Rule.DECLARED_NONE: msg("declared by the author of the plan: no deadline"),
    Rule.COUNTED_AFTER: msg(
        "counted from the day after the event, whose own day does not count"
        " (Vietnam’s Civil Code 2015, Art. 147.2 and 147.3, applied by analogy)"
    ),
    Rule.COUNTED_BEFORE: msg("counted backwards from the day before the event, whose own day does not count"),
}
