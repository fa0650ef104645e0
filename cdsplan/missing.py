"""Who has not delivered: the open fan-outs of a status, and of each the members that are waited for.

Where an agency ceased, whoever has taken its share over is waited for, for each share apart.

Members stand in declared order. Where deadlines were moved for some, those who share one stand together, the earliest
first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from cdsplan.plan.model import Reading
    from cdsplan.status import Item, Member


class Waiting(NamedTuple):
    """Members that are waited for until the same day (None: no day is judged)."""

    due: Reading | None
    members: tuple[Member, ...]


class Missing(NamedTuple):
    """One fan-out and who has not delivered; `everybody` says that nobody was left out of the list."""

    item: Item
    waiting: tuple[Waiting, ...]
    everybody: bool

    @property
    def members(self) -> tuple[Member, ...]:
        """All who are listed."""
        return tuple(member for group in self.waiting for member in group.members)


def missing(items: Iterable[Item], agencies: Collection[str] = ()) -> tuple[Missing, ...]:
    """List who has not delivered, of the fan-outs among `items` that wait for anybody; with `agencies` only these."""
    found: list[Missing] = []
    for item in items:
        listed = [member for member in item.members if member.open] if item.open else []
        wanted = [member for member in listed if not agencies or member.responsible in agencies]
        if wanted:
            found.append(Missing(item, _together(wanted), len(wanted) == len(listed)))
    return tuple(found)


def begun(item: Item, as_of: date) -> bool:
    """Whether the time that an item covers has begun: nobody is missing from an occurrence that lies ahead."""
    return item.since is None or item.since <= as_of


def _together(members: Iterable[Member]) -> tuple[Waiting, ...]:
    by_day: dict[tuple[bool, date | None], list[Member]] = {}
    for member in members:
        last = None if member.due is None else member.due.last
        by_day.setdefault((last is None, last), []).append(member)
    return tuple(Waiting(by_day[day][0].due, tuple(by_day[day])) for day in sorted(by_day))
