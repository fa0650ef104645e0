"""What a status comes to: which items need attention first, and the counts, per plan and per agency.

A task counts once in the totals. In the counts per agency a fan-out counts for each member by the member's own
delivery, any other item for its owners; what an agency left when it ceased counts for whoever has taken it over.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from cdsplan.progress import Phase
from cdsplan.status import Timeliness

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import date

    from cdsplan.status import Item, Member, Status


class Grouping(StrEnum):
    """What the rows of a whole report are grouped by."""

    AGENCY = "agency"
    SECTION = "section"
    DUE = "due"


class Attention(StrEnum):
    """Why an item stands at the top of a report, most pressing first."""

    OVERDUE = "overdue"
    DUE_TODAY = "due-today"
    DUE_SOON = "due-soon"
    AT_RISK = "at-risk"


URGENT: dict[Timeliness | None, Attention] = {
    Timeliness.OVERDUE: Attention.OVERDUE,
    Timeliness.DUE_TODAY: Attention.DUE_TODAY,
    Timeliness.DUE_SOON: Attention.DUE_SOON,
}


def attention(item: Item) -> Attention | None:
    """Say why an item needs attention now; None when it does not."""
    return URGENT.get(item.timeliness) or (Attention.AT_RISK if item.at_risk_days else None)


def may_be_late(item: Item) -> bool:
    """Whether the forecast breaks the deadline, where that is not broken yet: what is overdue is late anyway."""
    return bool(item.at_risk_days) and item.timeliness is not Timeliness.OVERDUE


def needing_attention(items: Iterable[Item]) -> dict[Attention, list[Item]]:
    """Sort out the items that need attention: most pressing kind first, the earliest deadline first within a kind."""
    found: dict[Attention, list[Item]] = {kind: [] for kind in Attention}
    for item in items:
        kind = attention(item)
        if kind is not None:
            found[kind].append(item)
    return {kind: sorted(pressing, key=_deadline) for kind, pressing in found.items() if pressing}


def _deadline(item: Item) -> tuple[bool, date | None]:
    last = item.due.last if item.due else None
    return (last is None, last)


def by_deadline(items: Iterable[Item]) -> list[Item]:
    """Sort items by their last good day, those without one last, in declared order where equal."""
    dated = [item for item in items if item.due and item.due.last]
    undated = [item for item in items if not (item.due and item.due.last)]
    return [*sorted(dated, key=_deadline), *undated]


def roles_of(item: Item) -> tuple[str, ...]:
    """Name every agency that has a role in an item, each once: owners, members, support, consulted, recipient.

    Where an agency ceased, whoever has taken over stands in its place.
    """
    last = item.recipient
    members = [member.responsible for member in item.members]
    return tuple(dict.fromkeys((*item.owner, *members, *item.support, *item.consult, *((last,) if last else ()))))


def of_agencies(items: Iterable[Item], agencies: Collection[str]) -> list[Item]:
    """Keep the items in which one of the agencies has a role."""
    wanted = frozenset(agencies)
    return [item for item in items if not wanted.isdisjoint(roles_of(item))]


CANCELLED = "cancelled"


def counts(items: Iterable[Item | Member]) -> dict[str, int]:
    """Count items by timeliness, cancelled ones apart; every kind is there, also with 0."""
    result = dict.fromkeys([*map(str, Timeliness), CANCELLED], 0)
    for item in items:
        result[item.timeliness or CANCELLED] += 1
    return result


def shares(item: Item) -> Iterator[tuple[str, Item | Member]]:
    """Give what each agency must deliver of an item: a member its own delivery, an owner who is no member the item."""
    members = item.members
    for member in members:
        yield member.responsible, member
    delivering = {member.responsible for member in members} if members else ()
    for owner in item.owner:
        if owner not in delivering:
            yield owner, item


class AgencyCount(NamedTuple):
    """What one agency must deliver, by timeliness."""

    agency: str
    counts: dict[str, int]


def counts_by_agency(status: Status, items: Iterable[Item]) -> list[AgencyCount]:
    """Count what each agency must deliver, in declared order; agencies with nothing to deliver are left out."""
    declared = dict.fromkeys(agency for plan in status.plans for agency in plan.agencies)
    tallies: dict[str, dict[str, int]] = {agency: {} for agency in declared}
    for item in items:
        for agency, share in shares(item):
            counted = tallies[agency]
            kind = share.timeliness or CANCELLED
            counted[kind] = counted.get(kind, 0) + 1
    return [AgencyCount(agency=agency, counts=counted) for agency, counted in tallies.items() if counted]


class Judged(NamedTuple):
    """What a verdict looked at: dated milestones, and dated tasks that are none."""

    milestones: int
    tasks: int


def judged(items: Iterable[Item]) -> Judged:
    """Count the items with a day that can be missed."""
    cancelled = Phase.CANCELLED
    dated = [item for item in items if item.due and item.due.last and item.phase is not cancelled]
    milestones = sum(item.task.milestone for item in dated)
    return Judged(milestones=milestones, tasks=len(dated) - milestones)
