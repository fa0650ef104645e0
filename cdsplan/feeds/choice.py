"""What whoever publishes chooses: the language, whom to serve, how far ahead and back, which extra events."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from cdsplan.feeds.model import Role
from cdsplan.plan.deadlines import add_months

SERVED = frozenset({Role.LEAD, Role.RECIPIENT, Role.MEMBER, Role.CONSULTED})  # support only by choice


class Choice(NamedTuple):
    """How feeds are made.

    `code` is the language of all words; None: each plan's own. `horizon` counts months, ahead and back: within it lies
    what is published, but that what is open and overdue always is; None: everything. `remind_events` adds an event for
    each day on which a task asks to be reminded.
    """

    code: str | None = None
    roles: frozenset[Role] = SERVED
    horizon: int | None = None
    remind_events: bool = False

    def days(self, as_of: date) -> tuple[date, date]:
        """Give the first and the last day of the horizon, as of a day."""
        if self.horizon is None:
            return date.min, date.max
        return add_months(as_of, -self.horizon), add_months(as_of, self.horizon)


DEFAULT_CHOICE = Choice()
