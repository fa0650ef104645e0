"""Recurrence rules: the RRULE of RFC 5545 for whole days, as text and as the days that it gives.

A rule is read from the day that anchors it (RFC 5545's DTSTART, which here is itself an occurrence only where it fits
the rule). Days are calendar days, all bounds inclusive, weekdays count from Monday = 0. What has no use for deadlines
is refused: frequencies and parts below the day, zones and dates of the rule's own, week numbers and days of the year.
Expanding never goes beyond the last day that is asked for, so that a rule which fits no day at all costs no more than
any other (docs/decisions/recurrence.md).
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from cdsplan.messages import msg
from cdsplan.plan.fields import Fault, Rejected, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cdsplan.messages import Message


class Frequency(StrEnum):
    """By what a rule steps."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAYS_OF_WEEK = 7


class Recurrence(NamedTuple):
    """The parts of a rule; an empty part does not restrict.

    `times` is COUNT: how many days the rule gives in all. `month_days` below zero count from the month's end.
    `weekdays` are (n, weekday): the n-th such day of the month or year, from its end below zero, every one at 0.
    `positions` is BYSETPOS.
    """

    frequency: Frequency
    interval: int = 1
    times: int | None = None
    months: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    weekdays: tuple[tuple[int, int], ...] = ()
    positions: tuple[int, ...] = ()
    week_start: int = 0

    def __str__(self) -> str:
        """Write the rule as RFC 5545 has it."""
        parts: dict[str, object] = {
            "FREQ": self.frequency,
            "INTERVAL": self.interval if self.interval > 1 else "",
            "COUNT": self.times or "",
            "BYMONTH": _list(self.months),
            "BYMONTHDAY": _list(self.month_days),
            "BYDAY": _list(f"{n or ''}{WEEKDAYS[day]}" for n, day in self.weekdays),
            "BYSETPOS": _list(self.positions),
            "WKST": WEEKDAYS[self.week_start] if self.week_start else "",
        }
        return ";".join(f"{name}={value}" for name, value in parts.items() if value)


def _list(values: Iterable[object]) -> str:
    return ",".join(map(str, values))


def days(rule: Recurrence, anchor: date, last: date) -> Iterator[date]:
    """Give the days of a rule from its anchor to `last`, in order."""
    first, until = anchor.toordinal(), last.toordinal()
    left = until if rule.times is None else rule.times
    for found in _sets(_completed(rule, anchor), anchor, until):
        for day in _at(rule.positions, found) if rule.positions else found:
            if day > until or not left:
                return
            if day >= first:
                left -= 1
                yield date.fromordinal(day)


def _completed(rule: Recurrence, anchor: date) -> Recurrence:
    """Take what a rule leaves open from its anchor: the month, the day of the month or of the week."""
    if rule.month_days or rule.weekdays:
        return rule
    match rule.frequency:
        case Frequency.YEARLY:
            return rule._replace(months=rule.months or (anchor.month,), month_days=(anchor.day,))
        case Frequency.MONTHLY:
            return rule._replace(month_days=(anchor.day,))
        case Frequency.WEEKLY:
            return rule._replace(weekdays=((0, anchor.weekday()),))
        case _:
            return rule


def _sets(rule: Recurrence, anchor: date, until: int) -> Iterator[list[int]]:
    """Give the days of each step of a rule, those before the anchor too, from the anchor's own step on."""
    first = anchor.toordinal()
    match rule.frequency:
        case Frequency.DAILY if rule.interval == 1 and not rule.positions:  # whole months at once are quicker
            for month in range(anchor.year * 12 + anchor.month - 1, _month_of(until) + 1):
                yield _of_month(rule, month)
        case Frequency.DAILY:
            for day in range(first, until + 1, rule.interval):
                yield _kept(rule, (day,))
        case Frequency.WEEKLY:
            begin = first - (anchor.weekday() - rule.week_start) % DAYS_OF_WEEK
            for monday in range(begin, until + 1, DAYS_OF_WEEK * rule.interval):
                yield _kept(rule, range(monday, monday + DAYS_OF_WEEK))
        case Frequency.MONTHLY:
            for month in range(anchor.year * 12 + anchor.month - 1, _month_of(until) + 1, rule.interval):
                yield _of_month(rule, month)
        case _:
            for year in range(anchor.year, date.fromordinal(until).year + 1, rule.interval):
                yield _of_year(rule, year)


def _kept(rule: Recurrence, candidates: Iterable[int]) -> list[int]:
    """Keep the days that a daily or weekly rule does not restrict away."""
    wanted = {weekday for _, weekday in rule.weekdays}
    kept = [day for day in candidates if not wanted or (day - 1) % DAYS_OF_WEEK in wanted]  # 1/1/0001 was a Monday
    if not kept or not (rule.months or rule.month_days):
        return kept
    return [day for day in kept if _fits(rule, date.fromordinal(day))]


def _fits(rule: Recurrence, day: date) -> bool:
    if rule.months and day.month not in rule.months:
        return False
    if not rule.month_days:
        return True
    _, length = _month(day.year * 12 + day.month - 1)
    return day.day in rule.month_days or day.day - length - 1 in rule.month_days


def _of_year(rule: Recurrence, year: int) -> list[int]:
    """Give the days of a year. Counted weekdays are counted in the year, or in each month where months are named."""
    numbers = sorted(rule.months) if rule.months else range(1, 13)
    if not rule.months and any(n for n, _ in rule.weekdays):
        first = date(year, 1, 1).toordinal()
        named = _weekdays(rule, first, date(year, 12, 31).toordinal() - first + 1)
        alone = rule._replace(weekdays=())
        return [day for number in numbers for day in _of_month(alone, year * 12 + number - 1) if day in named]
    return [day for number in numbers for day in _of_month(rule, year * 12 + number - 1)]


def _of_month(rule: Recurrence, month: int) -> list[int]:
    """Give the days of a month, which is counted from the year 0."""
    if rule.months and month % 12 + 1 not in rule.months:
        return []
    first, length = _month(month)
    if rule.month_days:
        numbers = {number if number > 0 else length + 1 + number for number in rule.month_days}
        found: Iterable[int] = sorted(first + number - 1 for number in numbers if 1 <= number <= length)
    else:
        found = range(first, first + length)
    if not rule.weekdays:
        return list(found)
    named = _weekdays(rule, first, length)
    return [day for day in found if day in named]


def _weekdays(rule: Recurrence, first: int, length: int) -> set[int]:
    """Give the days of a month or year that BYDAY names."""
    found: set[int] = set()
    for n, weekday in rule.weekdays:
        begin = first + (weekday - (first - 1)) % DAYS_OF_WEEK
        every = range(begin, first + length, DAYS_OF_WEEK)
        if not n:
            found.update(every)
        elif -len(every) <= n <= len(every):
            found.add(every[n - 1 if n > 0 else n])
    return found


def _month(month: int) -> tuple[int, int]:
    """Give the first day of a month and how many days it has."""
    first = date(month // 12, month % 12 + 1, 1).toordinal()
    return first, date((month + 1) // 12, (month + 1) % 12 + 1, 1).toordinal() - first


def _month_of(day: int) -> int:
    at = date.fromordinal(day)
    return at.year * 12 + at.month - 1


def _at(positions: Iterable[int], found: list[int]) -> list[int]:
    """Keep the days at some positions of a step: 1 is its first, -1 its last."""
    length = len(found)
    return sorted({found[n - 1 if n > 0 else n] for n in positions if -length <= n <= length})


# ---- reading ---------------------------------------------------------------------------------------------------------

EXAMPLE = "FREQ=MONTHLY;BYMONTHDAY=20"
PARTS = ("FREQ", "INTERVAL", "COUNT", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS", "WKST")
BELOW_A_DAY = frozenset({"SECONDLY", "MINUTELY", "HOURLY", "BYSECOND", "BYMINUTE", "BYHOUR"})
OF_THE_EVENT = frozenset({"DTSTART", "TZID", "RDATE", "EXDATE"})
SELDOM = frozenset({"BYWEEKNO", "BYYEARDAY", "BYEASTER"})

_MOST_STEPS = 1000  # of INTERVAL
_MOST_TIMES = 10_000  # of COUNT
_MOST_IN_A_SET = 366  # of BYSETPOS


def rule_of(words: str) -> Recurrence:
    """Read a rule; small letters, spaces around its parts, and a leading "RRULE:" will do.

    Raises:
        Rejected: with the parts that are wrong, each by its place in `words`.
    """
    values: dict[str, tuple[str, int]] = {}
    faults: list[Fault] = []
    offset = len(words) - len(re.sub(r"^\s*RRULE\s*:", "", words, flags=re.IGNORECASE))
    for piece in words[offset:].rstrip().removesuffix(";").split(";"):
        name, equals, value = (part.strip() for part in piece.upper().partition("="))
        start = offset + len(piece) - len(piece.lstrip())
        part = (start, len(piece.strip()))
        offset += len(piece) + 1
        fault = _wrong_part(name, value, equals, piece.strip())
        if fault is None and name in values:
            fault = msg("“{part}” stands here twice", part=name), msg("keep one of them")
        if fault:
            faults.append(Fault("CDS110", *fault, part=part if part[1] else None))
        else:
            values[name] = value, start
    if faults:
        raise Rejected(faults)
    return _Parts(words, values).rule()


def _wrong_part(name: str, value: str, equals: str, piece: str) -> tuple[Message, Message] | None:
    """Say what is wrong with a part before its value is read."""
    if name in BELOW_A_DAY or (name == "FREQ" and value in BELOW_A_DAY):
        what = shown(value if name == "FREQ" else name)
        return (
            msg("“{part}” divides the day: occurrences go by days", part=what),
            msg(
                "write DAILY, WEEKLY, MONTHLY or YEARLY; a time of day goes into words: {example}",
                example="“hằng tháng trước 17h00 ngày 20”",
            ),
        )
    if name == "UNTIL":
        day = re.match(r"(\d{4})-?(\d{2})-?(\d{2})", value)
        example = "-".join(day.groups()) if day else "2026-12-31"
        return (
            msg("the last day of a rule has a key of its own"),
            msg("take this part out and write on a line of its own: until = {day}", day=example),
        )
    if name.partition(";")[0].partition(":")[0] in OF_THE_EVENT:
        return (
            msg("“{part}” is no part of a rule", part=shown(name)),
            msg("take it out: the rule runs from “not-before”, else from the start of the plan"),
        )
    if name in SELDOM:
        return (
            msg("“{part}” is not read", part=name),
            msg("say it by month and day: {example}", example="FREQ=YEARLY;BYMONTH=6,12;BYMONTHDAY=-1"),
        )
    if name not in PARTS or not equals or not value:
        known = msg("a rule has the parts {parts}, as in {example}", parts=PARTS, example=EXAMPLE)
        return msg("“{part}” is no part of a rule", part=shown(piece)), known
    return None


class _Parts:
    """The parts of a rule by name, each with its place in the words."""

    def __init__(self, words: str, values: dict[str, tuple[str, int]]) -> None:
        self.words = words
        self.values = values
        self.faults: list[Fault] = []

    def rule(self) -> Recurrence:
        """Read each part, then what they come to together."""
        frequency = self._frequency()
        rule = Recurrence(
            frequency=frequency or Frequency.MONTHLY,
            interval=self._numbers("INTERVAL", 1, _MOST_STEPS, several=False)[0] if "INTERVAL" in self.values else 1,
            times=self._numbers("COUNT", 1, _MOST_TIMES, several=False)[0] if "COUNT" in self.values else None,
            months=self._numbers("BYMONTH", 1, 12),
            month_days=self._numbers("BYMONTHDAY", -31, 31),
            weekdays=self._weekdays(counted=frequency in {Frequency.MONTHLY, Frequency.YEARLY}),
            positions=self._numbers("BYSETPOS", -_MOST_IN_A_SET, _MOST_IN_A_SET),
            week_start=self._week_start(),
        )
        if rule.month_days and frequency is Frequency.WEEKLY:
            self._fault("BYMONTHDAY", msg("weeks have no days of the month"), msg("write FREQ=MONTHLY, or take it out"))
        if rule.positions and not (rule.months or rule.month_days or rule.weekdays):
            hint = msg("name the days with BYDAY, BYMONTHDAY or BYMONTH first")
            self._fault("BYSETPOS", msg("there is nothing yet of which BYSETPOS could choose"), hint)
        if self.faults:
            raise Rejected(self.faults)
        return rule

    def _frequency(self) -> Frequency | None:
        known = msg("write one of: {words}", words=tuple(map(str, Frequency)))
        if "FREQ" not in self.values:
            self.faults.append(Fault("CDS110", msg("the rule does not say how often: FREQ is missing"), known))
            return None
        value, _ = self.values["FREQ"]
        if value not in Frequency.__members__:
            self._fault("FREQ", msg("“{word}” is no frequency", word=shown(value)), known)
            return None
        return Frequency(value)

    def _numbers(self, name: str, lowest: int, highest: int, *, several: bool = True) -> tuple[int, ...]:
        value, _ = self.values.get(name, ("", 0))
        found: list[int] = []
        for word in value.split(",") if value else ():
            number = int(word) if re.fullmatch(r"\s*[+-]?[0-9]{1,5}\s*", word) else 0
            if not lowest <= number <= highest or not number or (found and not several):
                what = msg("whole numbers from {lowest} to {highest}, but 0", lowest=lowest, highest=highest)
                if lowest > 0:
                    what = msg("whole numbers from {lowest} to {highest}", lowest=lowest, highest=highest)
                if not several:
                    what = msg("one whole number from {lowest} to {highest}", lowest=lowest, highest=highest)
                self._fault(name, msg("“{value}” does not fit “{part}”", value=shown(value), part=name), what)
                return (1,)
            found.append(number)
        return tuple(dict.fromkeys(found))

    def _weekdays(self, *, counted: bool) -> tuple[tuple[int, int], ...]:
        value, _ = self.values.get("BYDAY", ("", 0))
        found: list[tuple[int, int]] = []
        for word in value.split(",") if value else ():
            day = re.fullmatch(r"\s*([+-]?[1-9][0-9]?)?\s*([A-Z]{2})\s*", word)
            if day is None or day[2] not in WEEKDAYS or abs(int(day[1] or 0)) > 53:  # noqa: PLR2004 - weeks of a year
                hint = msg("weekdays are {days}, with a number for the n-th of the month: 1MO, -1FR", days=WEEKDAYS)
                self._fault("BYDAY", msg("“{value}” names no weekday", value=shown(word.strip())), hint)
                return ()
            if day[1] and not counted:
                hint = msg("write the weekday alone, or FREQ=MONTHLY")
                self._fault("BYDAY", msg("“{value}” counts weekdays of a month", value=shown(word.strip())), hint)
                return ()
            found.append((int(day[1] or 0), WEEKDAYS.index(day[2])))
        return tuple(dict.fromkeys(found))

    def _week_start(self) -> int:
        value, _ = self.values.get("WKST", ("MO", 0))
        if value not in WEEKDAYS:
            hint = msg("write one of: {words}", words=WEEKDAYS)
            self._fault("WKST", msg("“{value}” names no weekday", value=shown(value)), hint)
            return 0
        return WEEKDAYS.index(value)

    def _fault(self, name: str, message: Message, hint: Message) -> None:
        """Note what is wrong with a part, by its place."""
        _, start = self.values[name]
        end = self.words.find(";", start)
        length = len(self.words[start : end if end >= 0 else None].rstrip())
        self.faults.append(Fault("CDS110", message, hint, part=(start, length)))
