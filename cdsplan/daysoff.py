"""Days off and worked days: Vietnam's sourced table, other countries' from the `holidays` library, a plan's own.

All days are calendar days; spans of days and of years include both ends. `build` turns a declared calendar into look-up
tables. Vietnam's table ships with the program (data/vn.toml; docs/calendar.md tells where it comes from) and is read
through this module's own loader, so that it is found inside a zip archive too. The `holidays` library is optional, and
loaded only for a plan that names another country.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, cast

import tomli

import cdsplan
from cdsplan.workdays import Workdays

if TYPE_CHECKING:
    from importlib.abc import FileLoader

    from cdsplan.plan.model import CalendarSpec

NO_HOLIDAYS = "none"
VIETNAM = "VN"
YEARS_BEFORE_START = 1  # what of a library's calendar a plan loads: work may have begun before its start
YEARS_AFTER_START = 15

Kind: TypeAlias = Literal["holiday", "tet", "in_lieu", "swap_off", "swap_work", "closed", "open"]
Status: TypeAlias = Literal["official", "statute", "projected"]


class DayOff(NamedTuple):  # a dataclass would cost 0.4 ms more at every start
    """A day that is off, or worked (`working`), whatever its weekday.

    `name` is in the language of the country or of the plan; None means that `kind` says all there is. `source` names
    the document, None for a plan's own days. `status` says how firm the source is: announced for that very year, given
    by the law alone, or inferred; None where nobody says (a plan's own days, other countries).
    """

    date: date
    kind: Kind
    name: str | None
    source: str | None = None
    status: Status | None = None
    name_en: str | None = None

    @property
    def working(self) -> bool:
        """Say whether this is a worked day: a Saturday swapped for a day off, or a day that the plan opens."""
        return self.kind in ("swap_work", "open")


class HolidaysMissing(Exception):  # noqa: N818 - the name says what is the matter
    """A plan names a country, and the optional `holidays` library is not installed."""

    def __init__(self, code: str) -> None:
        super().__init__(f"the days off of {code} need the holidays library")
        self.code = code


class UnknownCountry(Exception):  # noqa: N818 - the name says what is the matter
    """The `holidays` library has no country, or no subdivision of it, with this code."""

    def __init__(self, code: str) -> None:
        super().__init__(f"the holidays library does not know {code}")
        self.code = code


@cache
def vietnam() -> tuple[DayOff, ...]:
    """Give the shipped table of Vietnam in the order of days, one row a day."""
    loader = cast("FileLoader", __spec__.loader)
    document = tomli.loads(loader.get_data(f"{cdsplan.__path__[0]}/data/vn.toml").decode())
    generated = document["generated"]
    source, status = generated["source"], generated["status"]
    english = document["english"] | generated["english"]
    return (
        *(DayOff(day, kind, name, by, firm, english[name]) for day, kind, name, by, firm in document["days"]),
        *(DayOff(day, kind, name, source, status, english[name]) for day, kind, name in generated["days"]),
    )


def covered_years() -> range:
    """Give the years of the shipped table of Vietnam."""
    rows = vietnam()
    return range(rows[0].date.year, rows[-1].date.year + 1)


@cache
def projected_years() -> frozenset[int]:
    """Give the years of the shipped table that rest on inference: any row of theirs is projected."""
    return frozenset(row.date.year for row in vietnam() if row.status == "projected")


@cache
def _library(code: str, first_year: int, last_year: int) -> tuple[tuple[DayOff, ...], tuple[int, int]]:
    """Ask the `holidays` library, once a process for each span: the rows, and the days for which they are complete."""
    try:
        import holidays  # noqa: PLC0415 - optional, and 60 ms
        from holidays.version import __version__  # noqa: PLC0415
    except ImportError:
        raise HolidaysMissing(code) from None
    country, _, subdivision = code.partition("-")
    if country not in holidays.list_supported_countries() or code.endswith("-"):
        raise UnknownCountry(code)
    years = range(first_year, last_year + 1)
    try:
        # The language must be named: left out, it is the machine's.
        language = holidays.country_holidays(country).default_language
        days = holidays.country_holidays(country, subdivision or None, years=years, language=language)
        english = holidays.country_holidays(country, subdivision or None, years=years, language="en_US")
    except NotImplementedError:
        raise UnknownCountry(code) from None
    source = f"PyPI holidays {__version__}"
    rows = [DayOff(day, "holiday", name, source, name_en=english[day]) for day, name in days.items()]
    rows += [DayOff(day, "swap_work", None, source) for day in days.weekend_workdays]
    # The library puts days of neighbouring years in, too (a day in lieu of 1 January, swapped working days).
    within = sorted((row for row in rows if row.date.year in years), key=lambda row: row.date)
    return tuple(within), _span(max(first_year, days.start_year), min(last_year, days.end_year))


def from_library(code: str, first_year: int, last_year: int) -> tuple[DayOff, ...]:
    """Give the days off and the swapped working days of a country ("FR") or subdivision ("DE-BY"), in order.

    Raises HolidaysMissing when the library is not installed, UnknownCountry when it does not have the code.
    """
    return _library(code, first_year, last_year)[0]


BEHIND = 384
"""So many days before its plan a calendar begins to count, as work may have begun before."""


def build(spec: CalendarSpec, start: date) -> Workdays:
    """Make the look-up table of a declared calendar, for a plan that starts on `start`.

    What the plan closes wins over holidays and swapped working days, what it opens wins over all. Sourced days off are
    known for every day when there are none, for the years of the table ("VN"), or for those of a library's years that
    lie about the start of the plan; beyond, only the weekday counts. Raises as `from_library` does.
    """
    rows, known = _holidays(spec.holidays, start.year)
    off = {row.date.toordinal() for row in rows if not row.working}
    on = {row.date.toordinal() for row in rows if row.working}
    for closure in spec.closed:
        closed = range(closure.first.toordinal(), closure.last.toordinal() + 1)
        off.update(closed)
        on.difference_update(closed)
    on.update(day.toordinal() for day in spec.open)
    return Workdays(spec.workweek, off, on, known, origin=start.toordinal() - BEHIND)


def days_in(spec: CalendarSpec, year: int) -> tuple[DayOff, ...]:
    """Give what a calendar says about single days of a year, in order: holidays first, then the plan's own days.

    A day may have several rows: `build` tells which wins. Raises as `from_library` does.
    """
    if spec.holidays == NO_HOLIDAYS:
        rows = []
    elif spec.holidays == VIETNAM:
        rows = [row for row in vietnam() if row.date.year == year]
    else:
        rows = list(from_library(spec.holidays, year, year))
    first_of_year, last_of_year = date(year, 1, 1), date(year, 12, 31)
    for closure in spec.closed:
        first = max(closure.first, first_of_year).toordinal()
        last = min(closure.last, last_of_year).toordinal()
        rows += (DayOff(date.fromordinal(day), "closed", closure.name) for day in range(first, last + 1))
    rows += (DayOff(day, "open", None) for day in spec.open if day.year == year)
    return tuple(sorted(rows, key=lambda row: row.date))


def _holidays(code: str, start_year: int) -> tuple[tuple[DayOff, ...], tuple[int, int] | None]:
    """Give the rows of a holiday code, and the days for which they are complete (None: all)."""
    if code == NO_HOLIDAYS:
        return (), None
    if code == VIETNAM:
        years = covered_years()
        return vietnam(), _span(years[0], years[-1])
    return _library(code, start_year - YEARS_BEFORE_START, start_year + YEARS_AFTER_START)


def _span(first_year: int, last_year: int) -> tuple[int, int]:
    """Give the first and the last ordinal of some years; no day lies between them when the years are none."""
    return date(first_year, 1, 1).toordinal(), date(last_year, 12, 31).toordinal()
