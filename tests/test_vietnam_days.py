"""The shipped days off of Vietnam against the facts, and calendars built from them and from the library."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import holidays
import pytest

import cdsplan
from cdsplan import daysoff
from cdsplan.plan.model import CalendarSpec, Closure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from cdsplan.workdays import Workdays

ROOT = Path(__file__).parent.parent
START = date(2021, 8, 23)
VIETNAM = CalendarSpec(holidays="VN")
WEEKEND = (5, 6)

# Weekdays off and worked Saturdays of civil servants, as the yearly notices announce them (docs/calendar.md); 2027 as
# the law and the precedent of 2024 give it.
WEEKDAYS_OFF = {
    2021: "1/1 10/2 11/2 12/2 15/2 16/2 21/4 30/4 3/5 2/9 3/9",
    2022: "3/1 31/1 1/2 2/2 3/2 4/2 11/4 2/5 3/5 1/9 2/9",
    2023: "2/1 20/1 23/1 24/1 25/1 26/1 1/5 2/5 3/5 1/9 4/9",
    2024: "1/1 8/2 9/2 12/2 13/2 14/2 18/4 29/4 30/4 1/5 2/9 3/9",
    2025: "1/1 27/1 28/1 29/1 30/1 31/1 7/4 30/4 1/5 2/5 1/9 2/9",
    2026: "1/1 2/1 16/2 17/2 18/2 19/2 20/2 27/4 30/4 1/5 31/8 1/9 2/9 24/11",
    2027: "1/1 4/2 5/2 8/2 9/2 10/2 16/4 30/4 3/5 2/9 3/9 24/11",
}
WORKED_SATURDAYS = {2024: "4/5", 2025: "26/4", 2026: "10/1 22/8"}
WORKING_DAYS = {2021: 250, 2022: 249, 2023: 249, 2024: 251, 2025: 250, 2026: 249, 2027: 249}

FIRST_DAYS_OF_TET = (  # mùng 1 by Vietnam's own lunar calendar (UTC+7): in 2030 China's is a day later
    "2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-02 "
    "2031-01-23 2032-02-11 2033-01-31 2034-02-19 2035-02-08"
)


def days(year: int, written: str) -> list[date]:
    """Read days written as 30/4."""
    return [date(year, int(month), int(day)) for day, _, month in (text.partition("/") for text in written.split())]


def every_day(first_year: int, last_year: int) -> Iterator[date]:
    """Give all the days of some years."""
    day = date(first_year, 1, 1)
    while day.year <= last_year:
        yield day
        day += timedelta(days=1)


def working(table: Workdays, day: date) -> bool:
    """Ask a table about a date."""
    return table.is_working(day.toordinal())


def extension_tool() -> ModuleType:
    """Load the script that projects the table."""
    spec = importlib.util.spec_from_file_location("extend_vn_days", ROOT / "tools" / "extend_vn_days.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    return tool


# The shipped table


@pytest.mark.parametrize("year", WEEKDAYS_OFF)
def test_weekdays_off_are_those_of_the_notices(year: int) -> None:
    """The weekdays off of a year are those of its notices, neither more nor fewer (2027: those inferred)."""
    off = [row.date for row in daysoff.vietnam() if row.date.year == year and not row.working]
    assert [day for day in off if day.weekday() not in WEEKEND] == days(year, WEEKDAYS_OFF[year])


@pytest.mark.parametrize("year", daysoff.covered_years())
def test_worked_saturdays_are_those_of_the_notices(year: int) -> None:
    """The worked days of a year are its swapped Saturdays; no projected year has one."""
    worked = [row.date for row in daysoff.vietnam() if row.date.year == year and row.working]
    assert worked == days(year, WORKED_SATURDAYS.get(year, ""))
    assert all(day.strftime("%w") == "6" for day in worked)


@pytest.mark.parametrize("year", WORKING_DAYS)
def test_working_days_of_a_year(year: int) -> None:
    """A year has as many working days as its notices leave."""
    table = daysoff.build(VIETNAM, START)
    assert table.count(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()) == WORKING_DAYS[year]


def test_rows_are_in_order_and_no_day_stands_twice() -> None:
    """Each day has one row, and the rows follow the days."""
    rows = [row.date for row in daysoff.vietnam()]
    assert rows == sorted(set(rows))


def test_the_first_day_of_tet_is_a_day_of_tet() -> None:
    """In every year mùng 1 is one of five rows of Tết."""
    tet = [row.date for row in daysoff.vietnam() if row.kind == "tet"]
    assert set(map(date.fromisoformat, FIRST_DAYS_OF_TET.split())) <= set(tet)
    assert len(tet) == 5 * len(daysoff.covered_years())


def test_days_in_lieu_and_swapped_days_off_are_weekdays() -> None:
    """Nobody is given a weekend day for another day."""
    given = [row for row in daysoff.vietnam() if row.kind in ("in_lieu", "swap_off")]
    assert given
    assert not [row for row in given if row.date.weekday() in WEEKEND]


@pytest.mark.parametrize("day", ["1/1", "30/4", "1/5", "2/9"])
def test_fixed_holidays_stand_in_every_year(day: str) -> None:
    """The four holidays of a fixed date (BLLĐ 2019 Đ112.1) are rows of every year, on a weekend too."""
    rows = {row.date for row in daysoff.vietnam() if row.kind == "holiday"}
    assert {days(year, day)[0] for year in daysoff.covered_years()} <= rows


def test_vietnam_culture_day_begins_in_2026_and_is_statute() -> None:
    """24/11 is off from 2026 on by a resolution of the National Assembly; 2026 itself was announced, thus certain."""
    rows = {row.date: row for row in daysoff.vietnam()}
    assert date(2025, 11, 24) not in rows
    assert rows[date(2026, 11, 24)] == daysoff.DayOff(
        date=date(2026, 11, 24),
        kind="holiday",
        name="Ngày Văn hóa Việt Nam",
        source="NQ 28/2026/QH16 Đ2 (hiệu lực 01/7/2026)",
        status="statute",
        name_en="Vietnam Culture Day",
    )


def test_every_row_is_named_and_sourced_in_both_languages() -> None:
    """No row lacks a name, its English, a source or a status."""
    for row in daysoff.vietnam():
        assert row.name
        assert row.name_en
        assert row.source
        assert row.status in ("official", "statute", "projected")


def test_the_table_covers_2021_to_2035_and_is_inferred_from_2027_on() -> None:
    """Years without a notice are projected, those with one are not."""
    assert daysoff.covered_years() == range(2021, 2036)
    assert daysoff.projected_years() == frozenset(range(2027, 2036))


def test_the_library_differs_on_two_days_only() -> None:
    """Day by day the `holidays` library agrees but for the swap of New Year 2026, decided on 25/12/2025.

    There is no other difference: the projected years come from that library, and what was inferred for 2027 by hand
    (five days of Tết about mùng 1 as in 2024, 3/9 beside 2/9) is what it infers.
    """
    table = daysoff.build(VIETNAM, START)
    library = holidays.country_holidays("VN", years=range(2021, 2036))
    differing = [day for day in every_day(2021, 2035) if working(table, day) is not library.is_working_day(day)]
    assert differing == [date(2026, 1, 2), date(2026, 1, 10)]


def test_extending_again_changes_nothing() -> None:
    """The generated part of the table is what the script makes of the rest, byte for byte."""
    text = (ROOT / "cdsplan" / "data" / "vn.toml").read_text(encoding="utf-8")
    assert extension_tool().extended(text, daysoff.covered_years()[-1]) == text


def test_extending_begins_after_the_last_year_kept_by_hand() -> None:
    """A table kept by hand to 2029 is extended from 2030 on, with Tết where Vietnam has it."""
    text = extension_tool().extended("days = [[2029-01-01]]\n", 2030)
    assert "2029-02-12" not in text
    assert '[2030-02-02, "tet", "Tết Nguyên đán Canh Tuất"]' in text
    assert "2031-" not in text


def test_the_table_is_found_in_a_zip_archive_and_needs_no_library(tmp_path: Path) -> None:
    """Run from a zip archive the table reads the same, and a Vietnamese calendar never loads `holidays`."""
    archive = tmp_path / "program.zip"
    with zipfile.ZipFile(archive, "w") as program:
        package = Path(cdsplan.__path__[0])
        for name in ("__init__.py", "daysoff.py", "workdays.py", "data/vn.toml"):
            program.write(package / name, f"cdsplan/{name}")
    script = "import sys; sys.path.insert(0, sys.argv[1]); from cdsplan import daysoff\n"
    script += "print(daysoff.__file__.startswith(sys.argv[1]), len(daysoff.vietnam()), 'holidays' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", script, archive], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert run.stdout.split() == ["True", str(len(daysoff.vietnam())), "False"]


# Calendars of a plan


def test_a_calendar_without_holidays_knows_weekends_only() -> None:
    """Without holidays Quốc khánh is worked, and no day is beyond what is known."""
    table = daysoff.build(CalendarSpec(), START)
    assert working(table, date(2021, 9, 2))
    assert not working(table, date(2021, 9, 4))
    assert table.known is None


def test_a_vietnamese_calendar_is_known_for_the_years_of_the_table() -> None:
    """The table covers 1/1/2021 to 31/12/2035; beyond, weekdays are worked."""
    table = daysoff.build(VIETNAM, START)
    assert table.known == (date(2021, 1, 1).toordinal(), date(2035, 12, 31).toordinal())
    assert working(table, date(2036, 1, 1))  # a Tuesday


def test_what_the_plan_closes_wins_over_a_worked_saturday() -> None:
    """Saturday 4/5/2024, worked for 29/4, is off when the plan closes it, as are all the days of the closure."""
    closure = Closure(first=date(2024, 5, 2), last=date(2024, 5, 6), name="Nghỉ mát")
    table = daysoff.build(CalendarSpec(holidays="VN", closed=(closure,)), START)
    assert working(daysoff.build(VIETNAM, START), date(2024, 5, 4))
    assert not any(working(table, date(2024, 5, day)) for day in range(1, 7))
    assert working(table, date(2024, 5, 7))


def test_what_the_plan_opens_wins_over_holidays_weekends_and_closures() -> None:
    """An open day is worked on a holiday, on a Sunday, and inside a closure (which the reader reports)."""
    opened = (date(2021, 9, 2), date(2021, 9, 5), date(2021, 9, 8))
    closure = Closure(first=date(2021, 9, 7), last=date(2021, 9, 9))
    table = daysoff.build(CalendarSpec(holidays="VN", closed=(closure,), open=opened), START)
    worked = [day for day in range(1, 11) if working(table, date(2021, 9, day))]
    assert worked == [1, 2, 5, 6, 8, 10]


def test_a_calendar_has_its_own_workweek() -> None:
    """Where Saturdays are worked, a swapped Saturday is nothing special and holidays stay off."""
    table = daysoff.build(CalendarSpec(holidays="VN", workweek=(0, 1, 2, 3, 4, 5)), START)
    assert working(table, date(2024, 5, 4))
    assert working(table, date(2024, 5, 11))
    assert not working(table, date(2024, 9, 2))


def test_rows_of_a_year_hold_holidays_and_the_plans_own_days_in_order() -> None:
    """The rows of 2021 are its holidays and, marked as such, what the plan closes and opens in that year."""
    spec = CalendarSpec(
        holidays="VN",
        closed=(
            Closure(first=date(2021, 12, 30), last=date(2022, 1, 2), name="Kiểm kê"),
            Closure(first=date(2021, 9, 2), last=date(2021, 9, 2)),
        ),
        open=(date(2021, 9, 4), date(2022, 1, 8)),
    )
    rows = daysoff.days_in(spec, 2021)
    assert [(row.date, row.kind, row.name, row.source, row.working) for row in rows if row.date > date(2021, 5, 3)] == [
        (date(2021, 9, 2), "holiday", "Quốc khánh", "BLLĐ 2019 Đ112.1đ", False),
        (date(2021, 9, 2), "closed", None, None, False),
        (date(2021, 9, 3), "holiday", "Quốc khánh (ngày liền kề)", "TB 4875/TB-LĐTBXH", False),
        (date(2021, 9, 4), "open", None, None, True),
        (date(2021, 12, 30), "closed", "Kiểm kê", None, False),
        (date(2021, 12, 31), "closed", "Kiểm kê", None, False),
    ]
    assert len(rows) == 14 + 4  # 14 rows of Vietnam in 2021, and the four of the plan


def test_rows_of_a_calendar_without_holidays_are_the_plans_own() -> None:
    """A closure that lies in other years leaves no row."""
    closure = Closure(first=date(2021, 12, 24), last=date(2021, 12, 25))
    spec = CalendarSpec(closed=(closure,))
    assert [row.date.day for row in daysoff.days_in(spec, 2021)] == [24, 25]
    assert daysoff.days_in(spec, 2022) == ()
    assert daysoff.days_in(spec, 2020) == ()


# Other countries, from the library


def test_another_country_comes_from_the_library() -> None:
    """France rests on 14 July and works on 2 September; days are known from the year before the start to 15 after."""
    table = daysoff.build(CalendarSpec(holidays="FR"), START)
    assert not working(table, date(2021, 7, 14))
    assert working(table, date(2021, 9, 2))
    assert table.known == (date(2020, 1, 1).toordinal(), date(2036, 12, 31).toordinal())


def test_a_subdivision_has_its_own_days() -> None:
    """Epiphany 2021, a Wednesday, is off in Bavaria and worked in Germany at large."""
    epiphany = date(2021, 1, 6)
    assert not working(daysoff.build(CalendarSpec(holidays="DE-BY"), START), epiphany)
    assert working(daysoff.build(CalendarSpec(holidays="DE"), START), epiphany)


def test_swapped_working_days_of_another_country_are_worked() -> None:
    """Sunday 4/2/2024 was worked in China for 15/2; its row says so."""
    rows = {row.date: row for row in daysoff.days_in(CalendarSpec(holidays="CN"), 2024)}
    assert rows[date(2024, 2, 4)].working
    assert not rows[date(2024, 2, 15)].working
    assert working(daysoff.build(CalendarSpec(holidays="CN"), START), date(2024, 2, 4))


def test_rows_from_the_library_lie_in_the_years_asked_for_in_order() -> None:
    """A swap counts in its own year although the day off lies in the next, and 31/12 for a 1 January on a Saturday."""
    vietnam = daysoff.from_library("VN", 2014, 2014)
    assert date(2014, 12, 27) in [row.date for row in vietnam if row.working]  # worked for 2/1/2015
    america = [row.date for row in daysoff.from_library("US", 2021, 2021)]
    assert america[-1] == date(2021, 12, 31)
    assert america == sorted(america)
    assert {row.date.year for row in vietnam} == {2014}


def test_names_from_the_library_do_not_depend_on_the_machines_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """A French holiday is named in French, and in English beside it, wherever the program runs."""
    monkeypatch.setenv("LANGUAGE", "en_US")
    christmas = daysoff.from_library("FR", 2030, 2030)[-1]
    assert (christmas.name, christmas.name_en) == ("Noël", "Christmas Day")
    assert christmas.source == "PyPI holidays 0.109"
    assert christmas.status is None


def test_names_of_a_country_without_translations_are_english() -> None:
    """South Africa's holidays have one name in the library, and it serves as both."""
    first = daysoff.from_library("ZA", 2024, 2024)[0]
    assert (first.name, first.name_en) == ("New Year's Day", "New Year's Day")


def test_days_are_known_only_as_far_as_the_library_reaches() -> None:
    """The library ends in 2100: of a plan that starts in 2095 the last years are unknown, of a later one all."""
    table = daysoff.build(CalendarSpec(holidays="FR"), date(2095, 1, 1))
    assert table.known == (date(2094, 1, 1).toordinal(), date(2100, 12, 31).toordinal())
    late = daysoff.build(CalendarSpec(holidays="FR"), date(2150, 1, 1))
    assert not any(late.covers(date(year, 7, 14).toordinal()) for year in (2099, 2100, 2101, 2150))


@pytest.mark.parametrize("code", ["XX", "fr", "FR-QQ", "DE-", "HolidayBase", ""])
def test_an_unknown_country_is_named(code: str) -> None:
    """A code that the library does not have is refused by name, as are other names of its modules."""
    with pytest.raises(daysoff.UnknownCountry, match=rf"^the holidays library does not know {code}$") as unknown:
        daysoff.from_library(code, 2021, 2021)
    assert unknown.value.code == code


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the library another country's calendar is refused, and Vietnam's is not."""
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(daysoff.HolidaysMissing, match=r"^the days off of SE need the holidays library$") as missing:
        daysoff.build(CalendarSpec(holidays="SE"), START)
    assert missing.value.code == "SE"
    assert not working(daysoff.build(VIETNAM, START), date(2021, 9, 2))
