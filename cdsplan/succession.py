"""Who answers for what an agency has left when it ceases: its successor, from the day on which it ceased.

What is open on a day is with whoever has taken it over by then, successor after successor, each from its own day. What
was done or cancelled stays with whoever had it on the day of that. An agency that ceased without a successor keeps what
it has (CDS314 tells of it).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Container, Mapping
    from datetime import date

    from cdsplan.plan.model import Agency, Plan


class Takeover(NamedTuple):
    """Who has taken over from an agency, and since when it is this one."""

    by: str
    since: date


def takeover(agencies: Mapping[str, Agency], agency: str, on: date) -> Takeover | None:
    """Say who has taken over what an agency has left by the end of a day; None: it answers for it itself."""
    by, since = agency, None
    while True:
        ceased, successor = agencies[by].ceased, agencies[by].successor
        if ceased is None or successor is None or on < ceased:
            return None if since is None else Takeover(by, since)
        by, since = successor, ceased if since is None else max(since, ceased)


def ceased(plan: Plan, on: date) -> frozenset[str]:
    """Name the agencies of a plan that have handed over by the end of a day."""
    return frozenset(
        agency.id
        for agency in plan.agencies.values()
        if agency.ceased is not None and agency.successor is not None and agency.ceased <= on
    )


class Shares:
    """Says for whom agencies of a plan may deliver: as quickly for thousands of reports as for one."""

    def __init__(self, plan: Plan) -> None:
        self._agencies = plan.agencies
        self._leaving = tuple(
            agency.id for agency in plan.agencies.values() if agency.ceased is not None and agency.successor is not None
        )
        self._taken: dict[date, dict[str, list[str]]] = {}

    def of(self, members: Container[str], agency: str, on: date) -> tuple[str, ...]:
        """Give the members of a fan-out for whom an agency may deliver on a day, by their declared ids.

        Itself first, where it is a member, then those from whom it has taken over, in declared order.
        """
        own = (agency,) if agency in members else ()
        if not self._leaving:
            return own
        if on not in self._taken:
            taken = self._taken[on] = dict[str, list[str]]()
            for left in self._leaving:
                found = takeover(self._agencies, left, on)
                if found is not None:
                    taken.setdefault(found.by, []).append(left)
        return (*own, *(left for left in self._taken[on].get(agency, ()) if left in members))
