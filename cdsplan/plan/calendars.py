"""The `[calendar]` and `[calendars.X]` tables, and the working-day table made of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cdsplan import daysoff
from cdsplan.messages import msg
from cdsplan.plan.fields import (
    Fault,
    Guess,
    Rejected,
    array,
    day,
    identifier,
    known_words,
    quoted,
    read_table,
    rejected,
    shown,
    text,
    unknown_word,
    wrong_type,
)
from cdsplan.plan.model import CalendarSpec, Closure

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from cdsplan.plan.fields import Reader
    from cdsplan.workdays import Workdays

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def weekday(value: object) -> int:
    """Read mon … sun as 0 … 6."""
    if type(value) is not str:
        raise wrong_type(msg("a weekday in quotes"), value, known_words(WEEKDAYS))
    if value not in WEEKDAYS:
        raise unknown_word(value, WEEKDAYS)
    return WEEKDAYS.index(value)


def closure(value: object) -> Closure:
    """Read one closed day, or { from, to, name }."""
    if not isinstance(value, dict):
        closed = day(value)
        return Closure(first=closed, last=closed)
    values, faults = read_table(value, {"from": day, "to": day, "name": text(200)}, ("from",))
    if faults:
        raise Rejected(faults)
    first = values["from"]
    last = values.get("to", first)
    if last < first:
        reversed_days = msg("these days end on {last}, before they begin on {first}", last=last, first=first)
        raise Rejected(
            [
                Fault(
                    code="CDS109",
                    message=reversed_days,
                    hint=msg("exchange “from” and “to”, or look at the years"),
                    at=("to",),
                )
            ]
        )
    return Closure(first=first, last=last, name=values.get("name"))


def country(value: object) -> str:
    """Read the code of public holidays; whether there is such a country shows when its days are looked up."""
    if type(value) is not str:
        raise wrong_type(msg("a code in quotes"), value, quoted(value))
    if value not in USUAL_CODES and not re.fullmatch("[A-Z]{2}(-[A-Z0-9]{1,4})?", value):
        raise unknown_country(value)  # VNM, which the library knows too, would pass by the shipped table
    return value


USUAL_CODES = frozenset({daysoff.NO_HOLIDAYS, daysoff.VIETNAM})


def unknown_country(code: str) -> Rejected:
    """Reject a code that no calendar has."""
    return rejected(
        "CDS106",
        msg("no country or region has the code “{code}”", code=shown(code)),
        msg("use “none”, “VN”, or a code such as “FR” or “DE-BY”"),
    )


READERS = {
    "holidays": country,
    "workweek": array(weekday, least=1, unique=True),
    "closed": array(closure),
    "open": array(day, unique=True),
}

MOST_CLOSED = 20_000
"""Days that a calendar may close, which are looked at one by one: those of half a century."""


def read_calendar(table: dict[str, Any], base: CalendarSpec) -> tuple[CalendarSpec, list[Fault]]:
    """Read one calendar table; keys it does not have come from `base`."""
    values, faults = read_table(table, READERS)
    spec = CalendarSpec(
        holidays=values.get("holidays", base.holidays),
        workweek=tuple(sorted(values.get("workweek", base.workweek))),
        closed=values.get("closed", base.closed),
        open=values.get("open", base.open),
    )
    if sum(_length(part) for part in spec.closed) > MOST_CLOSED:
        many = msg("more than {most} days are closed here", most=MOST_CLOSED)
        faults.append(Fault(code="CDS101", message=many, hint=msg("look at the years"), at=("closed",)))
        return spec._replace(closed=()), faults
    if "open" in values or "closed" in values:
        closed = {part.first.toordinal() + at for part in spec.closed for at in range(_length(part))}
        for at, opened in enumerate(spec.open):
            if opened.toordinal() in closed:
                clash = msg("{day} is both open and closed", day=opened)
                where = ("open", at) if "open" in values else ("closed",)
                faults.append(Fault(code="CDS112", message=clash, hint=msg("keep one of them"), at=where))
    return spec, faults


def _length(closure: Closure) -> int:
    return (closure.last - closure.first).days + 1


def calendar_name(calendars: Collection[str]) -> Reader:
    """Read the name of one of these calendars."""

    def read(value: object) -> str:
        name = identifier(value)
        if name not in calendars:
            hint = Guess(name, calendars, msg("declare it: [calendars.{id}]", id=name))
            raise rejected("CDS107", msg("there is no calendar “{id}”", id=name), hint)
        return name

    return read


def workdays_of(spec: CalendarSpec, start: date) -> Workdays:
    """Build the working-day table of a calendar; reject a country that cannot be had."""
    try:
        return daysoff.build(spec, start)
    except daysoff.HolidaysMissing as missing:
        problem = rejected(
            "CDS106",
            msg("the days off of “{code}” need the package “holidays”", code=missing.code),
            msg('install it: pip install "cdsplan[holidays]"; or list the days off yourself under closed'),
        )
    except daysoff.UnknownCountry as unknown:
        problem = unknown_country(unknown.code)
    raise Rejected(fault.inside("holidays") for fault in problem.faults)
