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

# Looked up once: before Python 3.12 naming a member of an enumeration costs as much as all else that is done to a task.
_IN_PROGRESS, _DONE, _CANCELLED = Phase.IN_PROGRESS, Phase.DONE, Phase.CANCELLED


def progress(facts: Facts, as_of: date) -> Progress:
    """Say how far a task is as of the end of a day."""
    started, percent, done, done_unknown, cancelled = facts
    begun = started if started is not None and started <= as_of else None
    if cancelled is not None and cancelled <= as_of:
        return Progress(_CANCELLED, begun)
    if done_unknown or (done is not None and done <= as_of):
        return Progress(_DONE, begun, done)
    if begun is not None or (started is None and percent):
        return Progress(_IN_PROGRESS, begun, None, percent)
    return NOTHING_KNOWN
