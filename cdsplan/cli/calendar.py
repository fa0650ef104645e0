"""`cdsplan calendar [YEAR]`: days off and worked days, with their sources."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, assert_never

import click

from cdsplan import daysoff
from cdsplan.cli.frame import Run, plan_command
from cdsplan.listing import Column, Listing
from cdsplan.messages import Message, msg, nmsg
from cdsplan.plan.fields import FIRST_YEAR, LAST_YEAR
from cdsplan.plan.model import CalendarSpec

if TYPE_CHECKING:
    from cdsplan.daysoff import DayOff, Kind, Status
    from cdsplan.i18n import Language

VIETNAM = CalendarSpec(holidays="VN")


@plan_command(
    "calendar",
    msg(
        "Show the days off and the worked Saturdays of a year, each with its source, and which of them are only "
        "projected. It is the plan’s calendar; without a plan, Vietnam’s."
    ),
    files=False,
)
@click.argument("year", type=click.IntRange(FIRST_YEAR, LAST_YEAR), required=False)
def command(run: Run, *, year: int | None) -> None:
    """Look up, list."""
    spec = run.plans[0].calendar if run.has_plan else VIETNAM
    wanted = year or run.as_of.year
    days = daysoff.days_in(spec, wanted)
    if run.format == "json":
        from cdsplan.views.data.calendars import calendar_document  # noqa: PLC0415 - each format loads its own view

        run.emit(calendar_document(spec, wanted, days, _working_days(spec, wanted)))
        return
    if run.format == "csv":
        from cdsplan.views.sheet import calendar_sheet  # noqa: PLC0415

        run.emit(calendar_sheet(days))
        return
    run.emit_listings(listing(spec, wanted, days, run.language))


def _working_days(spec: CalendarSpec, year: int) -> int:
    first, last = date(year, 1, 1), date(year, 12, 31)
    return daysoff.build(spec, first).count(first.toordinal(), last.toordinal())


def listing(spec: CalendarSpec, year: int, days: tuple[DayOff, ...], say: Language) -> Listing:
    """List the days of a year; worked days stand out. Days that the plan closes are listed where they change anything.

    A week of closure has a weekend that is off all the same, and nobody gains a day by it.
    """
    without = daysoff.build(spec._replace(closed=(), open=()), date(year, 1, 1))
    declared = len(days)
    days = tuple(row for row in days if row.kind != "closed" or without.is_working(row.date.toordinal()))
    rows = tuple(
        (
            say.date(row.date),
            say(WEEKDAYS[row.date.weekday()]),
            say(kind(row.kind)),
            (row.name_en if say.code == "en" and row.name_en else row.name) or "",
            row.source or "",
            say(firmness(row.status)) if row.status else "",
        )
        for row in days
    )
    title = msg("Calendar {year} ({holidays})", year=year, holidays=say(holidays_name(spec.holidays)))
    return Listing(
        titles=(say(title),),
        columns=tuple(
            Column(heading=say(heading), wraps=at in {2, 3, 4})
            for at, heading in enumerate(
                (msg("Day"), msg("Weekday"), msg("Kind"), msg("Name"), msg("Source"), msg("Standing"))
            )
        ),
        rows=rows,
        marked=frozenset(at for at, row in enumerate(days) if row.working),
        notes=tuple(say(note) for note in _notes(spec, year, days, declared - len(days))),
    )


def _notes(spec: CalendarSpec, year: int, days: tuple[DayOff, ...], in_vain: int) -> list[Message]:
    notes = [nmsg("{n} working day in the year.", "{n} working days in the year.", _working_days(spec, year))]
    if in_vain:
        notes.append(
            nmsg(
                "{n} day that the plan closes is off anyway and is not listed.",
                "{n} days that the plan closes are off anyway and are not listed.",
                in_vain,
            )
        )
    projected = sum(row.status == "projected" for row in days)
    if projected:
        notes.append(
            nmsg(
                "{n} day is projected: not announced yet, it may change.",
                "{n} days are projected: not announced yet, they may change.",
                projected,
            )
        )
    if spec.holidays == "VN" and year not in daysoff.covered_years():
        notes.append(msg("Public holidays of {year} are not known here: only weekends count as days off.", year=year))
    return notes


WEEKDAYS = (msg("Mon"), msg("Tue"), msg("Wed"), msg("Thu"), msg("Fri"), msg("Sat"), msg("Sun"))


def kind(value: Kind) -> Message:
    """Name what sort of day it is."""
    match value:
        case "holiday":
            return msg("public holiday")
        case "tet":
            return msg("Lunar New Year")
        case "in_lieu":
            return msg("day in lieu")
        case "swap_off":
            return msg("day off, swapped")
        case "swap_work":
            return msg("worked day, swapped")
        case "closed":
            return msg("closed by the plan")
        case "open":
            return msg("opened by the plan")
        case _:
            assert_never(value)


def firmness(value: Status) -> Message:
    """Say how firm the source of a day is."""
    match value:
        case "official":
            return msg("official")
        case "statute":
            return msg("by law")
        case "projected":
            return msg("projected")
        case _:
            assert_never(value)


def holidays_name(code: str) -> Message:
    """Name a table of days off."""
    if code == "VN":
        return msg("Vietnam, civil servants")
    return msg("no public holidays") if code == "none" else msg("holidays of {code}", code=code)
