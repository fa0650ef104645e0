"""The calendar on which each task runs, and lengths in its days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdsplan.plan.model import DurationUnit
from cdsplan.workdays import EVERY_DAY

if TYPE_CHECKING:
    from collections.abc import Iterable

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

    def of(self, tasks: Iterable[Task]) -> list[Workdays]:
        """Give the calendars of tasks; also where their work is elapsed, as lags are counted in them all the same."""
        plan, named, of_agency = self._plan, self._named, self._of_agency
        return [
            named[name]
            if (name := task.calendar) is not None
            else (of_agency.get(owner[0], plan) if len(owner := task.owner) == 1 else plan)
            for task in tasks
        ]


def task_calendar(plan: Plan, task: Task) -> Workdays:
    """Give the calendar on which a task runs: its own; elapsed work knows no days off."""
    (own,) = OwnCalendars(plan).of((task,))
    return own if task.duration.unit in WORKING else EVERY_DAY


def days_of(length: Duration, calendar: Workdays) -> int:
    """Express a length in days of a calendar; elapsed ones in calendar days."""
    amount, unit = length
    return amount * (DAYS_IN.get(unit) or calendar.days_per_week)
