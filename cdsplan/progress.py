"""What is known of each task's progress as of a day: the facts that the plan file itself states.

A fact dated later than the day is not known yet, so looking at an earlier day shows what was known then.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from cdsplan.plan.model import Facts


class Phase(StrEnum):
    """How far the work is."""

    NOT_STARTED = "not-started"
    IN_PROGRESS = "in-progress"
    DONE = "done"
    CANCELLED = "cancelled"


class Progress(NamedTuple):
    """How far a task is. `done` is None where nobody wrote down the day; `percent` is what has been reported."""

    phase: Phase = Phase.NOT_STARTED
    started: date | None = None
    done: date | None = None
    percent: int | None = None

    @property
    def open(self) -> bool:
        """Whether work remains."""
        return self.phase is Phase.NOT_STARTED or self.phase is Phase.IN_PROGRESS


NOTHING_KNOWN = Progress()


def progress(facts: Facts, as_of: date) -> Progress:
    """Say how far a task is as of the end of a day."""
    reported, percent, done, done_unknown, cancelled = facts
    started = reported if reported is not None and reported <= as_of else None
    if cancelled is not None and cancelled <= as_of:
        return Progress(Phase.CANCELLED, started)
    if done_unknown or (done is not None and done <= as_of):
        return Progress(Phase.DONE, started, done)
    if started is not None or (reported is None and percent):
        return Progress(Phase.IN_PROGRESS, started, None, percent)
    return NOTHING_KNOWN
