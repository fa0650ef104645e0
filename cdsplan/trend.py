"""Week by week: how many items were done, on time or late, and how many stood overdue at the week's end.

Weeks are those of ISO 8601, Monday to Sunday; the last one ends on the day looked at. Every week is judged as of its
own end, from plan and journal as they are known now, so entries recorded late change the weeks that they tell of. What
was done in a week is what stands done at its end with a day in it; what is done on an unknown day counts in no week.

A task counts once, and so does each occurrence of one that comes again; also a fan-out, which is done with its last
member. Asked for agencies, their own share counts, as in the counts per agency: of a fan-out each member's own
delivery, any other item for its owners. What agencies left when they ceased counts for whoever has taken it over.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from cdsplan.status import Timeliness
from cdsplan.summary import shares

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from datetime import date

    from cdsplan.status import Item, Member, Status

    Judge = Callable[[date], Status]

MOST_WEEKS = 520


class Week(NamedTuple):
    """One week, both days inclusive. `done` counts also what had no deadline."""

    first: date
    last: date
    done_on_time: int
    done_late: int
    done: int
    overdue: int

    @property
    def name(self) -> str:
        """The week as ISO 8601 names it."""
        year, week, _ = self.first.isocalendar()
        return f"{year}-W{week:02}"


def weeks(as_of: date, number: int, since: date | None = None) -> tuple[tuple[date, date], ...]:
    """Give the first and last days of so many weeks, the last one with `as_of`; none that ends before `since`."""
    monday = as_of - timedelta(days=as_of.weekday())
    starts = [monday - timedelta(weeks=back) for back in range(number)]
    found = [(start, min(start + timedelta(days=6), as_of)) for start in reversed(starts)]
    return tuple(week for week in found if since is None or week[1] >= since)


def trend(days: Iterable[tuple[date, date]], judge: Judge, agencies: Collection[str] = ()) -> tuple[Week, ...]:
    """Count each week; `judge` gives the status as of the end of a day."""
    return tuple(_week(first, last, judge(last), agencies) for first, last in days)


def _week(first: date, last: date, status: Status, agencies: Collection[str]) -> Week:
    done = on_time = late = overdue = 0
    for part in _parts(status.items, agencies):
        if part.timeliness is Timeliness.OVERDUE:
            overdue += 1
        elif part.done_on is not None and first <= part.done_on <= last:
            done += 1
            on_time += part.timeliness is Timeliness.DONE_ON_TIME
            late += part.timeliness is Timeliness.DONE_LATE
    return Week(first, last, on_time, late, done, overdue)


def _parts(items: Iterable[Item], agencies: Collection[str]) -> Iterator[Item | Member]:
    """Give what is counted: every item, or the share of some agencies."""
    if not agencies:
        yield from items
        return
    for item in items:
        # What several of the agencies own is theirs once; told apart by identity, as hashing reads every field.
        yield from {id(share): share for agency, share in shares(item) if agency in agencies}.values()
