"""What a check may be told to fail on, by a name instead of the ids of rules."""

from __future__ import annotations

from enum import StrEnum

from cdsplan.rulebook.selectors import ignorable


class FailOn(StrEnum):
    """What a check fails on; each includes the one before it."""

    MILESTONE = "milestone"
    TASK = "task"
    AT_RISK = "at-risk"


RULES_OF = {
    FailOn.MILESTONE: frozenset({"CDS201"}),
    FailOn.TASK: frozenset({"CDS201", "CDS202"}),
    FailOn.AT_RISK: frozenset({"CDS201", "CDS202", "CDS206"}),
}
"""The rules that each name stands for."""


def fail_on_words() -> tuple[str, ...]:
    """Name everything that a check can be told to fail on."""
    return (*map(str, FailOn), *ignorable())
