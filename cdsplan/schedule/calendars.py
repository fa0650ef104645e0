"""The calendar on which each task runs, and lengths in its days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdsplan.plan.model import DurationUnit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cdsplan.plan.model import Duration, Plan, Task
    from cdsplan.workdays import Workdays

WORKING = (DurationUnit.DAYS, DurationUnit.WEEKS)
DAYS_IN = {DurationUnit.DAYS: 1, DurationUnit.ELAPSED_DAYS: 1, DurationUnit.ELAPSED_WEEKS: 7}
"""Days in each unit; a working week has as many as the calendar says."""


class OwnCalendars:
    """Which calendar a task has: its own, else its sole owner's, else the plan's."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan.workdays
        self._named = plan.named_workdays
        self._of_agency = {
            agency.id: plan.named_workdays[agency.calendar] for agency in plan.agencies.values() if agency.calendar
        }

    def of(self, names: Iterable[str | None], owners: Iterable[Sequence[str]]) -> list[Workdays]:
        """Give the calendars of tasks by the names that they have and by their owners.

        Also where their work is elapsed, as lags are counted in them all the same.
        """
        plan, named, of_agency = self._plan, self._named, self._of_agency
        return [
            named[name] if name is not None else (of_agency.get(owner[0], plan) if len(owner) == 1 else plan)
            for name, owner in zip(names, owners, strict=True)
        ]


def own_calendar(plan: Plan, task: Task) -> Workdays:
    """Give the calendar in whose days the work of a task is counted, unless it is elapsed, and lags before it."""
    (own,) = OwnCalendars(plan).of((task.calendar,), (task.owner,))
    return own


def days_of(length: Duration, calendar: Workdays) -> int:
    """Express a length in days of a calendar; elapsed ones in calendar days."""
    amount, unit = length
    return amount * (DAYS_IN.get(unit) or calendar.days_per_week)
