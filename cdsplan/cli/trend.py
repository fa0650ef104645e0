"""`cdsplan trend`: week by week, what was done on time, done late, and overdue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cdsplan import wording
from cdsplan.cli.clock import Day
from cdsplan.cli.frame import Run, option, plan_command
from cdsplan.cli.names import AgencyName
from cdsplan.listing import Column, Listing
from cdsplan.messages import msg
from cdsplan.status import judge
from cdsplan.trend import MOST_WEEKS, trend, weeks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from cdsplan.i18n import Language
    from cdsplan.status import Status
    from cdsplan.trend import Week

USUAL = 12
"""Weeks that are shown unless somebody asks for more: a quarter."""

ON_TIME, LATE, OVERDUE = "█", "▒", "×"
"""What one item looks like in a bar."""

NUMBERS = 61
"""Columns that stand before the bars."""

SHORTEST = 10


@plan_command(
    "trend",
    msg(
        "Show week by week, Monday to Sunday, how many tasks were done on time and late, and how many stood overdue at "
        "the week’s end. With --agency its own share counts: of a task that several must each deliver its own delivery."
    ),
)
@option(
    "--weeks", "number", type=click.IntRange(1, MOST_WEEKS), metavar="N",
    help=msg("How many weeks, the last one up to the day; 12 unless the plan began later."),
)  # fmt: skip
@option("--since", type=Day(), metavar="DATE", help=msg("Begin with the week of this day."))
@option(
    "--agency", "agencies", multiple=True, type=AgencyName(),
    help=msg("Only what this agency or @group leads or delivers."),
)  # fmt: skip
def command(run: Run, *, number: int | None, since: date | None, agencies: tuple[str, ...]) -> None:
    """Judge week by week, count, draw."""
    wanted = run.find_agencies(agencies)
    if number is not None and since is not None:
        raise click.UsageError(run.language(msg("name one of the two: --weeks or --since")))
    if since is not None and since > run.as_of:
        raise click.UsageError(run.language(msg("--since: {since} is after {day}", since=since, day=run.as_of)))
    if number is None and since is None:
        since = min(plan.start for plan in run.plans)
        number = USUAL
    days = weeks(run.as_of, number or MOST_WEEKS, since)

    def judged(day: date) -> Status:
        return judge((each.forecast(day, run.known(each.plan, day)) for each in run.schedules), day)

    found = trend(days, judged, wanted)
    if run.format == "json":
        from cdsplan.views.data.journals import trend_document  # noqa: PLC0415 - each format loads its own view

        run.emit(trend_document(run.plans, found, run.as_of, wanted))
    elif run.format == "csv":
        from cdsplan.views.sheet import trend_sheet  # noqa: PLC0415

        run.emit(trend_sheet(found))
    else:
        run.emit_listings(listing(found, run, wanted))


def listing(found: tuple[Week, ...], run: Run, agencies: tuple[str, ...] = ()) -> Listing:
    """List the weeks, each with a bar."""
    say = run.language
    titles = [wording.plan_title(plan, say) for plan in run.plans]
    titles.append(say(msg("As of {day}", day=run.as_of)))
    titles += map(say, wording.looked_at(run.plans, agencies, run.as_of, say))
    if not found:
        return Listing((*titles, say(msg("The plan had not begun."))), (), ())
    bars = tuple(_bars(found, max(run.width - NUMBERS, SHORTEST)))
    return Listing(
        titles=tuple(titles),
        columns=(
            Column(say(msg("Week"))),
            Column(say(msg("Up to"))),
            Column(say(msg("On time")), number=True),
            Column(say(msg("Done late")), number=True),
            Column(say(msg("Still overdue")), number=True),
            Column(""),
        ),
        rows=tuple(_row(week, bar, say) for week, bar in zip(found, bars, strict=True)),
        notes=tuple(_notes(say)),
    )


def _row(week: Week, bar: str, say: Language) -> tuple[str, ...]:
    return week.name, say.date(week.last), str(week.done_on_time), str(week.done_late), str(week.overdue), bar


def _bars(found: tuple[Week, ...], room: int) -> Iterator[str]:
    """Draw each week to one scale: a sign for each item where all have room, at least one for any."""
    longest = max(week.done_on_time + week.done_late + week.overdue for week in found)
    each = min(1.0, (room - 2) / longest) if longest else 1.0  # the two others may be rounded up
    for week in found:
        counts = ((ON_TIME, week.done_on_time), (LATE, week.done_late), (OVERDUE, week.overdue))
        yield "".join(sign * max(int(count * each), 1 if count else 0) for sign, count in counts)


def _notes(say: Language) -> Iterator[str]:
    yield say(
        msg(
            "{on_time} done on time in the week  {late} done late in the week  {overdue} overdue at its end",
            on_time=ON_TIME,
            late=LATE,
            overdue=OVERDUE,
        )
    )
