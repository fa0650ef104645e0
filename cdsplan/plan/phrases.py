"""The grammar of deadline words: `parse("trước ngày 30/9/2021")` gives a `Phrase`, before any policy or calendar.

Vietnamese and English, whatever the case, the spacing, the Unicode form, with or without diacritics. The day always
stands before the month. Days are calendar days, "first" and "last" are inclusive, years run from 1990 to 2199. Words
are never guessed: what has no single reading is a `PhraseError`, which says how to write it. docs/deadlines.md lists
the accepted forms; where the law fixes a day, its article stands beside the rule in `cdsplan.plan.deadlines`.
"""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Literal, NamedTuple

from cdsplan.messages import msg
from cdsplan.plan.clocks import WHOLE_DAY, no_such_time, read_clock
from cdsplan.plan.model import DeadlineKind, Rule
from cdsplan.plan.refusals import PhraseError, ambiguous, impossible, not_understood, recurring, year_missing
from cdsplan.plan.vocabulary import ENGLISH, NUMBERS, VIETNAMESE, symbols

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdsplan.plan.vocabulary import Symbol

__all__ = ["FIRST_YEAR", "LAST_YEAR", "Phrase", "PhraseError", "check_year", "parse"]

FIRST_YEAR, LAST_YEAR = 1990, 2199
_LONGEST = 200  # characters: more is a paragraph, not a deadline

# Every way to write a day, month, quarter, half or year, in the symbols of the vocabulary; the letters say which number
# is the day, month, quarter, half and year.
_AND_YEAR = ("/ Y", "- Y", ". Y", "YEAR Y", "Y")
_SHAPES = {
    **{f"N {mark} N {mark} Y": "dmy" for mark in "/-."},
    **{f"N {mark} N YEAR Y": "dmy" for mark in "/-."},
    **{f"N MONTH N {year}": "dmy" for year in _AND_YEAR},
    **{f"{day} NAME Y": "dmy" for day in ("N", "N TH")},
    **{f"NAME {day} Y": "mdy" for day in ("N", "N TH")},
    "Y - N - N": "ymd",
}
_SHAPES |= {f"DAY {shape}": roles for shape, roles in _SHAPES.items()}
_SHAPES |= {
    **{f"MONTH N {year}": "my" for year in _AND_YEAR},
    **{f"N {mark} Y": "my" for mark in "/-."},
    "NAME Y": "my",
    "Y - N": "ym",
    **{f"QUARTER {number} {year}": "qy" for number, year in product(("N", "ROMAN"), _AND_YEAR)},
    **{f"{year} QUARTER N": "yq" for year in ("Y -", "Y")},
    **{f"H N {year}": "hy" for year in _AND_YEAR},
    **{f"{year} H N": "yh" for year in ("Y -", "Y")},
    "HALF Y": "hy",
    "Y": "y",
    "YEAR Y": "y",
}
# The same with the year left out or cut short: "30/9", "tháng 9", "30/9/21".
_YEARLESS = {
    short
    for shape in _SHAPES
    if shape.endswith("Y")
    for stem in (shape.removesuffix("Y").rstrip(" /-."),)
    for short in (shape[:-1] + "N", shape[:-1] + "DIGITS", stem, stem.removesuffix(" YEAR"))
}
_YEARLESS -= {"", "N", "DIGITS", *_SHAPES}

# Which leading words may stand together, and which of them decides.
_OPERATORS = {
    (): "IN",
    ("IN",): "IN",
    ("BEFORE",): "BEFORE",
    ("BY",): "BY",
    ("THROUGH",): "THROUGH",
    ("BY", "THROUGH"): "THROUGH",
    ("BY", "IN"): "IN",
}
_LEADING = frozenset({"IN", "BEFORE", "BY", "THROUGH"})
_POINTS = frozenset({"START", "MIDDLE", "FINISH", "LATE"})

Unit = Literal["day", "month", "quarter", "half", "year"]
_PARTS: dict[str, tuple[Unit, int]] = {"q": ("quarter", 4), "h": ("half", 2), "m": ("month", 12)}  # so many a year


class Phrase(NamedTuple):
    """What deadline words say, before any policy. `first` and `last` are inclusive, None where there is none.

    `rule` is None where only the reading policy can decide: "trước ngày D", whose `last` is D. `rolls` marks a last
    day that the words name as a day, so that it may move off a day off.
    """

    kind: DeadlineKind
    rule: Rule | None
    first: date | None = None
    last: date | None = None
    rolls: bool = False
    time: time | None = None


class _Span(NamedTuple):
    """A day, month, quarter, half or year of the calendar, [first, last]."""

    unit: Unit
    first: date
    last: date


@lru_cache(maxsize=16_384)
def parse(words: str) -> Phrase:
    """Read deadline words by grammar alone.

    Raises:
        PhraseError: CDS110 when the words are not understood or leave the day open, CDS109 for a day, month, quarter,
            year or time that does not exist, and for a range that ends before it begins.
    """
    if usual := _USUAL.fullmatch(words):
        return _usual(usual)
    if len(words) > _LONGEST:
        raise not_understood(words, [])
    found = symbols(words)
    if ("REPEAT", VIETNAMESE) in found or ("REPEAT", ENGLISH) in found:
        raise recurring(words, found)
    phrase = _phrase(found)
    if phrase is None:
        raise not_understood(words, found)
    return phrase


# What most deadlines look like. The grammar below reads them all the same (a test holds the two together); this only
# saves it the work, which a plan of 10,000 deadlines feels.
_USUAL = re.compile("(?:(trước )|)(?:ngày |)([1-9]|0[1-9]|1[0-9]|2[0-8])/([1-9]|0[1-9]|1[0-2])/(20[0-9][0-9])")


_BEFORE, _DAY, _NAMED_DAY = DeadlineKind.BEFORE, DeadlineKind.DAY, Rule.NAMED_DAY  # 0.1 µs each before Python 3.12


def _usual(found: re.Match[str]) -> Phrase:
    before, day, month, year = found.groups()
    last = date(int(year), int(month), int(day))
    return Phrase(_BEFORE, None, None, last) if before else Phrase(_DAY, _NAMED_DAY, None, last, rolls=True)


def check_year(year: int) -> None:
    """Refuse a year outside 1990–2199 with a `PhraseError`: calendars and feeds end somewhere."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise impossible(
            msg("the year {year} is outside {first} to {last}", year=year, first=FIRST_YEAR, last=LAST_YEAR)
        )


def _phrase(found: Sequence[Symbol]) -> Phrase | None:
    """Read a whole phrase, or None."""
    while found and found[0][0] == "DONE":
        found = found[1:]
    if not found:
        return None
    if [symbol for symbol, _ in found] == ["ONGOING"]:
        return Phrase(DeadlineKind.ONGOING, Rule.ONGOING)
    if found[-1][0] == "ONWARDS":
        body = found[1:-1] if found[0][0] in {"FROM", "IN"} else found[:-1]
        since = _span(body) or _range(body)
        return since and Phrase(DeadlineKind.OPEN_PERIOD, Rule.OPEN_PERIOD, since.first)
    return _single(found) or _range(found)


def _single(found: Sequence[Symbol]) -> Phrase | None:
    """Read one span or point of time with the word that leads it."""
    width = next((at for at, (symbol, _) in enumerate(found) if symbol not in _LEADING), len(found))
    operator = _OPERATORS.get(tuple(symbol for symbol, _ in found[:width]))
    rest = found[width:]
    if operator is None or not rest:
        return None
    if operator in {"IN", "BY"} and rest[0][0] in _POINTS:
        return _point(rest[0][0], _span(rest[1:]))
    moment = _moment(rest) if operator in {"BEFORE", "BY"} else None
    span = _span(rest) if moment is None else None
    if span is None:
        return moment
    match operator, span.unit:
        case "BEFORE", unit:
            rule, last = (None, span.last) if unit == "day" else (Rule.BEFORE_PERIOD, span.first - timedelta(1))
            return Phrase(DeadlineKind.BEFORE, rule, last=last)
        case _, "day":
            return Phrase(DeadlineKind.DAY, Rule.NAMED_DAY, last=span.last, rolls=True)
        case "BY", _:
            raise ambiguous(span.unit, span.first, found[0][1])
    return Phrase(DeadlineKind.PERIOD, Rule.PERIOD_END, span.first, span.last)


def _point(point: str, span: _Span | None) -> Phrase | None:
    """Read the start, middle or end of a month or a year as the day that the law gives."""
    if span is None:
        return None
    match point, span.unit:
        case "START", "month":
            rule, last = Rule.MONTH_START, span.first
        case "MIDDLE", "month":
            rule, last = Rule.MONTH_MIDDLE, span.first.replace(day=15)
        case "FINISH" | "LATE", "month":
            rule, last = Rule.MONTH_END, span.last
        case "START", "year":
            rule, last = Rule.YEAR_START, span.first
        case "MIDDLE", "year":
            rule, last = Rule.YEAR_MIDDLE, span.first.replace(month=6, day=30)
        case "FINISH" | "LATE", "year":
            rule, last = Rule.YEAR_END, span.last
        case "FINISH", "day":
            return Phrase(DeadlineKind.DAY, Rule.NAMED_DAY, last=span.last, rolls=True)
        case "FINISH", _:
            return Phrase(DeadlineKind.PERIOD, Rule.PERIOD_END, span.first, span.last)
        case _:
            return None
    return Phrase(DeadlineKind.POINT, rule, last=last)


def _moment(found: Sequence[Symbol]) -> Phrase | None:
    """Read a time of day with its day: "20h00 ngày 25/5/2025". 24h00 is the whole day, 0h00 the whole day before."""
    read = read_clock(found)
    if read is None:
        return None
    clock, rest = read
    span = _span(rest)
    if span is None or span.unit != "day":
        return None
    if not clock.exists:
        raise no_such_time(clock)
    at = clock.since_midnight
    if at in {0, WHOLE_DAY}:
        return Phrase(DeadlineKind.BEFORE, Rule.BEFORE_TIME, last=span.last if at else span.last - timedelta(1))
    return Phrase(DeadlineKind.BEFORE, Rule.BEFORE_TIME, last=span.last, time=time(*clock))


def _range(found: Sequence[Symbol]) -> Phrase | None:
    """Read "từ D1 đến D2", "2025 - 2026". A dash, which also stands inside dates, joins two of one form only."""
    while found and found[0][0] in {"IN", "FROM"}:
        found = found[1:]
    for at, (symbol, _) in enumerate(found):
        if symbol not in {"BY", "THROUGH", "TO"} and not (symbol == "-" and at == len(found) // 2):
            continue
        first = _span(found[:at])
        last = _span(found[at + 1 :]) if first else None
        if first and last and (symbol != "-" or first.unit == last.unit):
            if last.last < first.first:
                raise impossible(msg("the deadline ends before it begins"))
            return Phrase(DeadlineKind.PERIOD, Rule.RANGE_END, first.first, last.last, rolls=last.unit == "day")
    return None


def _span(found: Sequence[Symbol]) -> _Span | None:
    """Read a day, month, quarter, half or year; None when it is none of these."""
    shape = " ".join(symbol for symbol, _ in found)
    roles = _SHAPES.get(shape)
    if roles is None:
        if shape in _YEARLESS:
            raise year_missing()
        return _day_of_week(found)
    values = dict(zip(roles, (value for symbol, value in found if symbol in NUMBERS), strict=True))
    year = values["y"]
    check_year(year)
    for role, (unit, count) in _PARTS.items():
        number = values.get(role)
        if number is None:
            continue
        if not 1 <= number <= count:
            raise _no_such_part(unit, number, roles, values)
        part = _months(unit, year, (number - 1) * (12 // count) + 1, 12 // count)
        return part if "d" not in values else _day(part, values["d"])
    return _months("year", year, 1, 12)


def _day_of_week(found: Sequence[Symbol]) -> _Span | None:
    """Read a day beside the name of its weekday, which must be the right one: "thứ Sáu ngày 26/6/2026"."""
    match found:
        case [("THU", _), ("N", number), ("DAY" | "N", _), *_] if 2 <= number <= DAYS_OF_WEEK:  # noqa: PLR2004
            weekday, rest = number - 2, found[2:]  # Vietnamese counts from Sunday: thứ 2 is Monday
        case [("THU", _), *_]:
            weekday, rest = THURSDAY, found[1:]
        case [("WEEKDAY", weekday), *_]:
            rest = found[1:]
        case [*_, ("WEEKDAY", weekday)]:
            rest = found[:-1]
        case [*_, ("(", _), ("WEEKDAY", weekday), (")", _)]:
            rest = found[:-3]
        case [*_, ("(", _), ("THU", _), ("N", number), (")", _)] if 2 <= number <= DAYS_OF_WEEK:  # noqa: PLR2004
            weekday, rest = number - 2, found[:-4]
        case _:
            return None
    span = _span(rest)
    if span is None or span.unit != "day":
        return None
    if span.last.weekday() != weekday:
        raise impossible(
            msg(
                "{day} is a {right}, not a {named}",
                day=span.last,
                right=WEEKDAYS[span.last.weekday()],
                named=WEEKDAYS[weekday],
            ),
            msg("one of the two is wrong: look both up in the source document"),
        )
    return span


DAYS_OF_WEEK = 7
THURSDAY = 3
WEEKDAYS = (
    msg("Monday"),
    msg("Tuesday"),
    msg("Wednesday"),
    msg("Thursday"),
    msg("Friday"),
    msg("Saturday"),
    msg("Sunday"),
)


def _months(unit: Unit, year: int, month: int, count: int) -> _Span:
    """Give the span of `count` months from the first of `month`."""
    years, before = divmod(month + count - 1, 12)
    return _Span(unit, date(year, month, 1), date(year + years, before + 1, 1) - timedelta(1))


def _day(month: _Span, number: int) -> _Span:
    """Give the day of that number in a month."""
    if 1 <= number <= month.last.day:
        day = month.first.replace(day=number)
        return _Span("day", day, day)
    names = {2: msg("February"), 4: msg("April"), 6: msg("June"), 9: msg("September"), 11: msg("November")}
    name = names.get(month.last.month)
    if name is None or number == 0:
        raise impossible(msg("no month has a day {number}", number=number))
    raise impossible(
        msg("{month} {year} has {days} days", month=name, year=month.last.year, days=month.last.day),
    )


def _no_such_part(unit: Unit, number: int, roles: str, values: dict[str, int]) -> PhraseError:
    """Refuse month 13 and the like; a month that would be a day is an American date."""
    if unit == "quarter":
        return impossible(msg("there is no quarter {number}: a year has quarters 1 to 4", number=number))
    if unit == "half":
        return impossible(msg("there is no half {number}: a year has halves 1 and 2", number=number))
    day = values["d"] if roles == "dmy" else 0
    swapped = day in range(1, 13) and number in range(13, 32)
    example = f"“{number}/{day}/{values['y']}”"
    return impossible(
        msg("there is no month {number}", number=number),
        msg("the day stands before the month: {example}", example=example) if swapped else None,
    )
