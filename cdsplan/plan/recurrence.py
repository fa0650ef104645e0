"""What comes again: `repeat` in words ("hằng tháng trước ngày 20", "monthly by 20") or as a rule of RFC 5545.

Words have two parts, in either order: how often, and, where they say more, on which day. Vietnamese and English, as in
`cdsplan.plan.vocabulary`, whose promises hold here too: nothing is guessed. Months, quarters, half-years and years are
those of the calendar, weeks end on Sunday; without a day a whole period is meant, any day of it up to its last.
docs/recurring.md lists the accepted forms.
"""

from __future__ import annotations

from datetime import time
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from cdsplan.messages import msg
from cdsplan.plan.clocks import WHOLE_DAY, no_such_time, read_clock
from cdsplan.plan.fields import rejected, text
from cdsplan.plan.model import DeadlineKind, Rule
from cdsplan.plan.phrases import PhraseError, parse
from cdsplan.plan.rrule import EXAMPLE, Frequency, Recurrence, rule_of
from cdsplan.plan.vocabulary import DEADLINES, ENGLISH, VIETNAMESE, in_language, language, lexicon, symbols

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from cdsplan.plan.clocks import Clock
    from cdsplan.plan.vocabulary import Symbol

NOT_UNDERSTOOD, IMPOSSIBLE = "CDS110", "CDS109"


class Repeat(NamedTuple):
    """How a task comes again: the days that the rule gives, each a deadline of its own, and how these are read.

    `kind`, `reading` and `time` are those of each deadline; `reading` is None where the plan's policy decides it
    ("trước ngày 20"). A whole period spans so many `months`, or `days`, up to its day. `until` is the last day on which
    an occurrence may fall, inclusive.
    """

    words: str
    rule: Recurrence
    kind: DeadlineKind = DeadlineKind.DAY
    reading: Rule | None = Rule.NAMED_DAY
    time: time | None = None
    months: int = 0
    days: int = 0
    until: date | None = None


_VIETNAMESE = {
    "EACH": "hang|moi|dinh ky|theo dinh ky",
    "ONCE": "lan|mot lan|1 lan|01 lan",
    "WEEK": "tuan",
    "LAST": "cuoi cung",
    "HALF-YEAR": "nua nam",
}
_ENGLISH = {
    "EACH": "every|each",
    "ONCE": "once a|once per|once every|once in",
    "DAY": "day|days",
    "WEEK": "week|weeks",
    "MONTH": "month|months",
    "QUARTER": "quarter|quarters",
    "YEAR": "year|years",
    "HALF-YEAR": "half - year|half year|half a year",
    "DAILY": "daily",
    "WEEKLY": "weekly",
    "MONTHLY": "monthly",
    "QUARTERLY": "quarterly",
    "HALF-YEARLY": "half - yearly|half yearly|semiannually|semi - annually|twice a year",
    "YEARLY": "yearly|annually",
    "LAST": "last",
    "START": "early|beginning|start|first",
}
_WEEKDAYS = (
    "thu hai|thu 2|monday|mon",
    "thu ba|thu 3|tuesday|tue|tues",
    "thu tu|thu 4|wednesday|wed",
    "thu nam|thu 5|thursday|thur|thurs",
    "thu sau|thu 6|friday|fri",
    "thu bay|thu 7|saturday|sat",
    "chu nhat|sunday|sun",
)
_NUMBERS = {"mot": 1, "hai": 2, "ba": 3, "one": 1, "two": 2, "three": 3, "six": 6, "other": 2}
_LEXICON = lexicon(
    {
        **{word: symbol for word, symbol in DEADLINES.entries.items() if symbol[0] not in {"REPEAT", "COUNT"}},
        **in_language(_VIETNAMESE, VIETNAMESE),
        **in_language(_ENGLISH, ENGLISH),
        **{word: ("WEEKDAY", day) for day, words in enumerate(_WEEKDAYS) for word in words.split("|")},
        **{word: ("N", number) for word, number in _NUMBERS.items()},
    },
    DEADLINES.fillers | {"cua"},
)

FORMS = {
    VIETNAMESE: (
        "“hằng tháng trước ngày 20”",
        "“cuối tháng hằng tháng”",
        "“hằng quý”",
        "“6 tháng một lần”",
        "“trước ngày 15/12 hằng năm”",
        "“thứ sáu hằng tuần”",
    ),
    ENGLISH: (
        "“monthly by 20”",
        "“end of month, monthly”",
        "“quarterly”",
        "“every 6 months”",
        "“yearly by 15 December”",
        "“weekly by Friday”",
    ),
}

_MONTHS_OF = {"MONTH": 1, "QUARTER": 3, "HALF-YEAR": 6, "YEAR": 12}
_ADVERBS = {
    "DAILY": "DAY", "WEEKLY": "WEEK", "MONTHLY": "MONTH", "QUARTERLY": "QUARTER", "HALF-YEARLY": "HALF-YEAR",
    "YEARLY": "YEAR",
}  # fmt: skip
_UNITS = frozenset({"DAY", "WEEK", *_MONTHS_OF})
_LEADING = frozenset({"IN", "BEFORE", "BY", "THROUGH"})
_POINTS = {"START": Rule.MONTH_START, "MIDDLE": Rule.MONTH_MIDDLE, "FINISH": Rule.MONTH_END}
_DAYS_OF_POINTS = {"START": 1, "MIDDLE": 15, "FINISH": -1}
_POINTS_OF_YEARS = {
    "START": (Rule.YEAR_START, 1, 1),
    "MIDDLE": (Rule.YEAR_MIDDLE, 6, 30),
    "FINISH": (Rule.YEAR_END, 12, 31),
}
_IN_EVERY_MONTH = 28
_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_YEAR, _WEEK = 12, 7


class _Step(NamedTuple):
    """How often: every so many days or weeks, or months of the calendar (a year is twelve)."""

    unit: str
    every: int = 1

    @property
    def months(self) -> int:
        """How many months a step has."""
        return self.every * _MONTHS_OF.get(self.unit, 0)


class _Day(NamedTuple):
    """A day of a step, and how its words are read."""

    rule: Recurrence
    kind: DeadlineKind = DeadlineKind.DAY
    reading: Rule | None = Rule.NAMED_DAY
    months: int = 0
    days: int = 0


def repeat(value: object) -> Repeat:
    """Read the value of `repeat`.

    Raises:
        Rejected: CDS106 when it is no text, CDS110 for words or parts of a rule that are not understood or leave the
            day open, CDS109 for days that do not exist.
    """
    words: str = text(200)(value)
    if "=" in words:
        return Repeat(words=words, rule=rule_of(str(value)))
    try:
        return _words(words)
    except PhraseError as problem:
        hint = problem.hint or msg("a month has 28 to 31 days, a year twelve months")
        raise rejected(problem.code, problem.message, hint) from None


def readable(words: str) -> bool:
    """Say whether `repeat` takes words."""
    try:
        return _understood(words, symbols(words, _LEXICON)) is not None
    except PhraseError:
        return False


@lru_cache(maxsize=1024)
def _words(words: str) -> Repeat:
    found = symbols(words, _LEXICON)
    made = _understood(words, found)
    if made is None:
        raise _not_understood(words, found)
    return made


def _understood(words: str, found: list[Symbol]) -> Repeat | None:
    while found and found[0][0] == "DONE":
        found = found[1:]
    for at in range(len(found), -1, -1):
        for often, rest in ((found[:at], found[at:]), (found[at:], found[:at])):
            step = _step(often, rest)
            made = step and _repeat(words, step, rest, language(words, found))
            if made:
                return made
    return None


def _step(often: Sequence[Symbol], rest: Sequence[Symbol]) -> _Step | None:
    """Read how often; `rest` are the words about the day."""
    names = [name for name, _ in often]
    each = 0
    while names[each:] and names[each] == "EACH":
        each += 1
    if each == len(names):  # "mỗi thứ sáu", "every Friday"
        return _Step("WEEK") if each and rest and rest[0][0] == "WEEKDAY" else None
    number = next((value for name, value in often if name == "N"), 1)
    match names[each:]:
        case [adverb] if adverb in _ADVERBS:
            unit = _ADVERBS[adverb]
        case [unit] | ["N", unit] if each:
            pass
        case [unit, "ONCE"] | ["N", unit, "ONCE"] | [unit, "/", "ONCE"] | ["N", unit, "/", "ONCE"]:
            pass
        case ["ONCE", unit] | ["ONCE", "N", unit] | ["ONCE", "/", unit] | ["ONCE", "/", "N", unit]:
            pass
        case ["ONCE", "EACH", unit] | ["ONCE", "EACH", "N", unit]:
            pass
        case _:
            return None
    return _Step(unit, number) if unit in _UNITS and number else None


def _repeat(words: str, step: _Step, rest: Sequence[Symbol], code: int) -> Repeat | None:
    """Read on which day of a step; None when the words are of no known form."""
    width = next((at for at, (name, _) in enumerate(rest) if name not in _LEADING), len(rest))
    leading, rest = tuple(name for name, _ in rest[:width]), rest[width:]
    if leading not in {(), ("IN",), ("BEFORE",), ("BY",), ("THROUGH",), ("BY", "THROUGH"), ("BY", "IN")}:
        return None
    clock, rest = _clock(rest) if leading in {("BEFORE",), ("BY",)} else (None, rest)
    day = _day(step, rest, words, code)
    if day is None or (not rest and (leading or clock)):
        return None
    if day.kind is not DeadlineKind.DAY:
        if clock or leading == ("BEFORE",) or (day.kind is DeadlineKind.PERIOD and leading == ("BY",)):
            return None
    elif clock:
        day = day._replace(kind=DeadlineKind.BEFORE, reading=Rule.BEFORE_TIME)
        at = None if clock.since_midnight == WHOLE_DAY else time(*clock)
        return Repeat(words, day.rule, day.kind, day.reading, at)
    elif leading == ("BEFORE",):
        day = day._replace(kind=DeadlineKind.BEFORE, reading=None)
    return Repeat(words, day.rule, day.kind, day.reading, None, day.months, day.days)


def _clock(found: Sequence[Symbol]) -> tuple[Clock | None, Sequence[Symbol]]:
    """Read a time of day that stands before a day. Not 0:00: the day before may lie in another month."""
    clock, rest = read_clock(found) or (None, found)
    if clock is not None and not (clock.since_midnight and clock.exists):
        example = "“trước 17h00 ngày 20 hằng tháng”"
        raise no_such_time(clock, msg("write hours and minutes of the day, as in {example}", example=example))
    return clock, rest


def _day(step: _Step, rest: Sequence[Symbol], words: str, code: int) -> _Day | None:
    """Read the day of a step."""
    found = rest[1:] if rest and rest[0][0] == "DAY" and len(rest) > 1 else rest
    if not rest:
        return _whole(step)
    if step.unit == "DAY":
        return None
    if step.unit == "WEEK":
        return _of_week(step, found)
    if step.months % _YEAR == 0:
        return _of_year(step.months // _YEAR, found, code)
    return _of_months(step, found, words, code)


def _whole(step: _Step) -> _Day:
    """Read a step without a day: a whole period."""
    days, months = 0, step.months
    if step.unit == "DAY":
        rule, days = Recurrence(Frequency.DAILY, step.every), step.every
    elif step.unit == "WEEK":
        rule, days = Recurrence(Frequency.WEEKLY, step.every, weekdays=((0, _WEEK - 1),)), _WEEK * step.every
    elif months % _YEAR == 0:
        rule = _yearly(months // _YEAR, 12, 31)
    else:
        rule = _monthly(months, -1)
    return _Day(rule, DeadlineKind.PERIOD, Rule.PERIOD_END, months, days)


def _of_week(step: _Step, found: Sequence[Symbol]) -> _Day | None:
    match found:
        case [("WEEKDAY", day)]:
            return _Day(Recurrence(Frequency.WEEKLY, step.every, weekdays=((0, day),)))
        case [("FINISH", _), ("WEEK", _)]:
            return _whole(step)
    return None


def _of_months(step: _Step, found: Sequence[Symbol], words: str, code: int) -> _Day | None:
    """Read a day of one month, or of the months that a quarter or half-year has."""
    months = step.months
    found = [symbol for symbol in found if symbol[0] != "TH"]
    match [name for name, _ in found]:
        case ["N"] | ["N", "MONTH"]:
            if months > 1:
                raise _which_month(words, months, found[0][1], code)
            return _Day(_monthly(1, _month_day(found[0][1], code)))
        case ["N", "MONTH", "FINISH" | "LAST", "QUARTER"] | ["N", "FINISH" | "LAST", "MONTH", "QUARTER"] if months == 3:  # noqa: PLR2004
            return _Day(_monthly(3, _month_day(found[0][1], code)))
        case ["N", "MONTH", "START", "QUARTER"] | ["N", "START", "MONTH", "QUARTER"] if months == 3:  # noqa: PLR2004
            rule = _monthly(3, _month_day(found[0][1], code))
            return _Day(rule._replace(months=tuple(month - 2 for month in rule.months)))
        case ["FINISH", unit] if _MONTHS_OF.get(unit) == months > 1:
            return _whole(step)
        case ["FINISH" | "LAST"] | ["FINISH" | "LAST", "DAY"] | ["FINISH", "MONTH"] | ["LAST", "DAY", "MONTH"] if (
            months == 1
        ):
            return _Day(_monthly(1, -1), DeadlineKind.POINT, Rule.MONTH_END)
        case ["START" | "MIDDLE" as point] | ["START" | "MIDDLE" as point, "MONTH"] if months == 1:
            return _Day(_monthly(1, _DAYS_OF_POINTS[point]), DeadlineKind.POINT, _POINTS[point])
    return None


def _of_year(every: int, found: Sequence[Symbol], code: int) -> _Day | None:
    """Read a day, month or quarter of a year."""
    found = [symbol for symbol in found if symbol[0] != "TH"]
    numbers = [value for name, value in found if name in {"N", "NAME", "ROMAN"}]
    match [name for name, _ in found]:
        case ["N", "/" | "-" | "." | "MONTH", "N"] | ["N", "NAME"]:
            return _Day(_on(every, numbers[1], numbers[0], code))
        case ["NAME", "N"]:
            return _Day(_on(every, numbers[0], numbers[1], code))
        case ["MONTH", "N"] | ["NAME"] | ["THROUGH", "MONTH", "N"]:
            _check_month(numbers[0])
            return _Day(_yearly(every, numbers[0], -1), DeadlineKind.PERIOD, Rule.PERIOD_END, months=1)
        case [("START" | "MIDDLE" | "FINISH") as point, "MONTH", "N"] | [
            ("START" | "MIDDLE" | "FINISH") as point,
            "NAME",
        ]:
            _check_month(numbers[0])
            return _Day(_yearly(every, numbers[0], _DAYS_OF_POINTS[point]), DeadlineKind.POINT, _POINTS[point])
        case ["QUARTER", "N" | "ROMAN"]:
            if not 1 <= numbers[0] <= 4:  # noqa: PLR2004 - quarters of a year
                raise PhraseError(
                    msg("there is no quarter {number}: a year has quarters 1 to 4", number=numbers[0]), None, IMPOSSIBLE
                )
            return _Day(_yearly(every, numbers[0] * 3, -1), DeadlineKind.PERIOD, Rule.PERIOD_END, months=3)
        case ["START" | "MIDDLE" | "FINISH" as point, "YEAR"]:
            reading, month, day = _POINTS_OF_YEARS[point]
            return _Day(_yearly(every, month, day), DeadlineKind.POINT, reading)
    return None


def _monthly(months: int, day: int) -> Recurrence:
    """Make the rule of a day in the last of every so many months of a year; -1 is the last day."""
    named = tuple(range(months, _YEAR + 1, months)) if months > 1 else ()
    if months > 1 and _YEAR % months:
        raise PhraseError(
            msg("the calendar does not say where a period of {months} months begins", months=months),
            msg(
                'write a rule, which runs from “not-before” or the start of the plan: repeat = "{rule}"',
                rule=str(Recurrence(Frequency.MONTHLY, months, month_days=(day,))),
            ),
            NOT_UNDERSTOOD,
        )
    return Recurrence(Frequency.MONTHLY, months=named, month_days=(day,))


def _yearly(every: int, month: int, day: int) -> Recurrence:
    return Recurrence(Frequency.YEARLY, every, months=(month,), month_days=(day,))


def _on(every: int, month: int, day: int, code: int) -> Recurrence:
    """Make the rule of a day that every year has."""
    _check_month(month)
    if not 1 <= day <= _LENGTHS[month - 1]:
        raise PhraseError(msg("no year has a day {day}/{month}", day=day, month=month), None, IMPOSSIBLE)
    if (day, month) == (29, 2):
        raise _not_in_every(day, code, Recurrence(Frequency.YEARLY, months=(2,), month_days=(29,)))
    return _yearly(every, month, day)


def _check_month(month: int) -> None:
    if not 1 <= month <= _YEAR:
        raise PhraseError(msg("there is no month {number}", number=month), None, IMPOSSIBLE)


def _month_day(day: int, code: int) -> int:
    """Check a day that every month has."""
    if not 1 <= day <= max(_LENGTHS):
        raise PhraseError(msg("no month has a day {number}", number=day), None, IMPOSSIBLE)
    if day > _IN_EVERY_MONTH:
        raise _not_in_every(day, code, Recurrence(Frequency.MONTHLY, month_days=(day,)))
    return day


def _not_in_every(day: int, code: int, rule: Recurrence) -> PhraseError:
    """Refuse the 31st of every month: its last day, or only where there is one?"""
    end = "“cuối tháng hằng tháng”" if code == VIETNAMESE else "“end of month, monthly”"
    return PhraseError(
        msg("not every month or year has this day: {day}", day=day),
        msg(
            'write {end} for the last day; or leave out where there is none: repeat = "{rule}"', end=end, rule=str(rule)
        ),
        NOT_UNDERSTOOD,
    )


def _which_month(words: str, months: int, day: int, code: int) -> PhraseError:
    """Refuse the 20th of a quarter: of which of its months?"""
    example = Recurrence(Frequency.MONTHLY, months=tuple(range(months, _YEAR + 1, months)), month_days=(day,))
    quarter = f"hằng quý trước ngày {day} tháng cuối quý"
    if code != VIETNAMESE:
        quarter = f"quarterly by {day} of the last month of the quarter"
    if months != 3:  # noqa: PLR2004 - of a quarter
        return PhraseError(
            msg("“{words}” leaves open the day of which month is meant", words=words),
            msg('name the months in a rule: repeat = "{rule}"', rule=str(example)),
            NOT_UNDERSTOOD,
        )
    return PhraseError(
        msg("“{words}” leaves open the day of which month is meant", words=words),
        msg('write “{words}”, or name the months in a rule: repeat = "{rule}"', words=quarter, rule=str(example)),
        NOT_UNDERSTOOD,
    )


def _not_understood(words: str, found: list[Symbol]) -> PhraseError:
    try:
        parse(words)
    except PhraseError:
        hint = msg(
            "write for example {forms}; or a rule of RFC 5545: {rule}",
            forms=FORMS.get(language(words, found), FORMS[ENGLISH]),
            rule=EXAMPLE,
        )
    else:
        hint = msg("a single deadline stands under “due”")
    return PhraseError(msg("“{words}” does not say in any known form how often", words=words), hint, NOT_UNDERSTOOD)
