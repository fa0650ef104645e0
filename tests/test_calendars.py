"""Declared calendars: key by key from the plan's own, holidays of other countries, and what is refused."""

from __future__ import annotations

import sys
from datetime import date
from typing import Any

import pytest

from cdsplan.plan.calendars import calendar_name, closure, read_calendar, workdays_of
from cdsplan.plan.fields import Guesses, Rejected
from cdsplan.plan.model import CalendarSpec, Closure

EASTER = Closure(date(2026, 4, 3), date(2026, 4, 6), "Easter")
BASE = CalendarSpec(holidays="VN", workweek=(0, 1, 2), closed=(EASTER,), open=(date(2026, 5, 23),))
START = date(2026, 1, 5)
CODES = "use “none”, “VN”, or a code such as “FR” or “DE-BY”"
EXCHANGE = "exchange “from” and “to”, or look at the years"
WEEK = "known: “mon”, “tue”, “wed”, “thu”, “fri”, “sat”, “sun”"


def day(month: int, number: int) -> date:
    """Give a day of 2026."""
    return date(2026, month, number)


def read(table: dict[str, Any], base: CalendarSpec = CalendarSpec()) -> tuple[CalendarSpec, list[str]]:  # noqa: B008 - a value
    """Read a calendar; give it and what is wrong with it."""
    spec, found = read_calendar(table, base)
    settle = Guesses().hint
    return spec, [
        f"{'.'.join(map(str, fault.at))} {fault.code} {fault.message}; {settle(fault.hint)}" for fault in found
    ]


def test_without_keys_a_calendar_has_weekends_only() -> None:
    """Nothing declared: Monday to Friday, no holidays."""
    assert read({}) == (CalendarSpec("none", (0, 1, 2, 3, 4), (), ()), [])


def test_every_key_is_read() -> None:
    """Weekdays come in the order of the week; single days and periods are closed, with or without a name."""
    closed = [
        day(3, 17),
        {"from": day(4, 3), "to": day(4, 6), "name": "Easter"},
        {"from": day(5, 4)},
    ]
    table = {"holidays": "DE-BY", "workweek": ["sun", "mon", "sat"], "closed": closed, "open": [day(5, 23)]}
    expected = (Closure(day(3, 17), day(3, 17)), EASTER, Closure(day(5, 4), day(5, 4)))
    assert read(table) == (CalendarSpec("DE-BY", (0, 5, 6), expected, (day(5, 23),)), [])


@pytest.mark.parametrize(
    ("table", "changed"),
    [
        ({}, {}),
        ({"holidays": "none"}, {"holidays": "none"}),
        ({"workweek": ["sat"]}, {"workweek": (5,)}),
        ({"closed": []}, {"closed": ()}),
        ({"open": []}, {"open": ()}),
    ],
)
def test_a_named_calendar_inherits_key_by_key(table: dict[str, Any], changed: dict[str, Any]) -> None:
    """A key that a named calendar has replaces that of the plan's own calendar as a whole; the others stay."""
    assert read(table, BASE) == (BASE._replace(**changed), [])


@pytest.mark.parametrize(
    ("table", "faults"),
    [
        (
            {"holidays": 5},
            ["holidays CDS106 a code in quotes is wanted here, not a number; put it in straight quotes"],
        ),
        *[
            ({"holidays": code}, [f"holidays CDS106 no country or region has the code “{code}”; {CODES}"])
            for code in ("", "Vietnam", "vn", "VNM", "DE_BY", "DE-", " VN", "None")
        ],
        ({"workweek": []}, ["workweek CDS106 this list is empty; name at least one"]),
        (
            {"workweek": ["Mon", 1, "thứ hai", "fri", "fri"]},
            [
                "workweek.0 CDS106 “Mon” is not known here; did you mean “mon”?",
                f"workweek.1 CDS106 a weekday in quotes is wanted here, not a number; {WEEK}",
                f"workweek.2 CDS106 “thứ hai” is not known here; {WEEK}",
                "workweek.4 CDS108 “fri” stands here twice; keep one of them",
            ],
        ),
        (
            {"closed": [{"to": day(1, 6)}, {"from": day(1, 6), "to": day(1, 5)}, {"from": day(1, 6), "name": ""}]},
            [
                "closed.0 CDS105 the key “from” is missing; add it: from = …",
                f"closed.1.to CDS109 these days end on 5 Jan 2026, before they begin on 6 Jan 2026; {EXCHANGE}",
                "closed.2.name CDS106 this text is empty; write it, or leave the whole line out",
            ],
        ),
        (
            {"open": [day(5, 23), day(5, 23)]},
            ["open.1 CDS108 “23 May 2026” stands here twice; keep one of them"],
        ),
        (
            {"open": [day(5, 9), day(5, 23)], "closed": [{"from": day(5, 20), "to": day(5, 23)}]},
            ["open.1 CDS112 23 May 2026 is both open and closed; keep one of them"],
        ),
        (
            {"holiday": "VN"},
            ["holiday CDS104 unknown key “holiday”; did you mean “holidays”?"],
        ),
    ],
)
def test_what_is_wrong_with_a_calendar(table: dict[str, Any], faults: list[str]) -> None:
    """Each slip has its place; what can be read stays."""
    assert read(table)[1] == faults


@pytest.mark.parametrize(
    ("table", "where"),
    [({"open": [day(4, 4)]}, "open.0"), ({"closed": [day(5, 23)]}, "closed")],
)
def test_a_named_calendar_does_not_contradict_what_it_inherits(table: dict[str, Any], where: str) -> None:
    """It may not open what the plan closes, nor close what the plan opens, without taking the other key over too."""
    spec, faults = read(table, BASE)
    assert [fault.split(" ", 2)[:2] for fault in faults] == [[where, "CDS112"]]
    assert spec == BASE._replace(**{key: getattr(read(table)[0], key) for key in table})


@pytest.mark.parametrize(("last", "faults"), [(date(2080, 10, 3), 0), (date(2080, 10, 4), 1)])
def test_half_a_century_may_be_closed(last: date, faults: int) -> None:
    """20,000 days may be, more are refused: 54 years with 13 leap days are 19,723, and 277 more end on 3 October."""
    spec, found = read({"closed": [{"from": date(2026, 1, 1), "to": last}]})
    assert found == ["closed CDS101 more than 20000 days are closed here; look at the years"] * faults
    assert len(spec.closed) == 1 - faults


def test_a_closure_is_one_day_or_a_period() -> None:
    """Both ends are included."""
    assert closure(day(1, 6)) == Closure(day(1, 6), day(1, 6), None)
    assert closure({"from": day(1, 6), "to": day(1, 8)}) == Closure(day(1, 6), day(1, 8), None)


def test_the_table_is_made_of_the_calendar() -> None:
    """Closed days are off, open ones worked, the weekdays as declared; Vietnam's days come from the shipped table."""
    workdays = workdays_of(BASE, START)
    worked = [day(4, number) for number in range(1, 9) if workdays.is_working(day(4, number).toordinal())]
    assert worked == [day(4, 1), day(4, 7), day(4, 8)]  # Wednesday; Monday the 6th is closed; Tuesday, Wednesday
    assert workdays.is_working(day(5, 23).toordinal())  # a Saturday
    assert not workdays.is_working(day(2, 17).toordinal())  # Tuesday, the first day of Tết


@pytest.mark.parametrize(
    ("code", "off", "worked"),
    [
        ("FR", date(2026, 7, 14), date(2026, 6, 4)),
        ("DE-BY", date(2026, 6, 4), date(2026, 7, 14)),  # Corpus Christi, in Bavaria; the French day is worked there
    ],
)
def test_days_off_of_other_countries(code: str, off: date, worked: date) -> None:
    """Countries and their regions have the days off of the holidays library."""
    workdays = workdays_of(CalendarSpec(holidays=code), START)
    assert not workdays.is_working(off.toordinal())
    assert workdays.is_working(worked.toordinal())


@pytest.mark.parametrize("code", ["ZZ", "FR-QQ"])
def test_a_country_that_does_not_exist(code: str) -> None:
    """The library knows no such country, or no such region of it."""
    with pytest.raises(Rejected) as refused:
        workdays_of(CalendarSpec(holidays=code), START)
    (fault,) = refused.value.faults
    assert (fault.code, fault.at) == ("CDS106", ("holidays",))
    assert f"{fault.message}; {fault.hint}" == f"no country or region has the code “{code}”; {CODES}"


def test_without_the_library_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the optional package is missing, the plan says how to get it."""
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(Rejected) as refused:
        workdays_of(CalendarSpec(holidays="SE"), START)
    (fault,) = refused.value.faults
    assert (fault.code, fault.at) == ("CDS106", ("holidays",))
    assert str(fault.message) == "the days off of “SE” need the package “holidays”"
    assert str(fault.hint) == 'install it: pip install "cdsplan[holidays]"; or list the days off yourself under closed'


def test_the_name_of_a_calendar() -> None:
    """It is one that is declared."""
    read_name = calendar_name({"lien-tuc": 1, "sau-ngay": 2})
    assert read_name("lien-tuc") == "lien-tuc"
    for value, expected in (
        ("lien-tucc", "there is no calendar “lien-tucc”; did you mean “lien-tuc”?"),
        ("xyz", "there is no calendar “xyz”; declare it: [calendars.xyz]"),
    ):
        with pytest.raises(Rejected) as refused:
            read_name(value)
        (fault,) = refused.value.faults
        assert fault.code == "CDS107"
        assert f"{fault.message}; {Guesses().hint(fault.hint)}" == expected
