"""The occurrences of a task that comes again: the days of its rule, and the deadline that each of them is.

An occurrence is named by its nominal day, as the rule gives it, whatever becomes of that day under the plan's reading
policy: TASK@YYYY-MM-DD. It covers the days since the one before it, the first one those since the rule's anchor: the
task's `not-before`, else the plan's start.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from cdsplan.messages import msg
from cdsplan.plan.deadlines import DeadlineReader
from cdsplan.plan.fields import LAST_YEAR
from cdsplan.plan.model import Counted
from cdsplan.plan.rrule import days
from cdsplan.plan.rules import Finding

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from cdsplan.plan.model import Plan, Reading, Task

ONE_DAY = timedelta(1)

AHEAD = timedelta(92)
"""So far ahead every occurrence is told of; beyond, only the next one."""

YEARS_AHEAD = 40
"""So far ahead the next occurrence is looked for."""


class Occurrence(NamedTuple):
    """One occurrence: its nominal day, the first day that it covers, and its deadline."""

    day: date
    first: date
    due: Reading


def nominal_days(task: Task, start: date, last: date) -> Iterator[date]:
    """Give the nominal days of a recurring task from its anchor to `last`, inclusive; `start` is that of the plan."""
    rule = task.repeat
    if rule is None:
        return
    end = last if rule.until is None else min(last, rule.until)
    yield from days(rule.rule, anchor(task, start), end)


def anchor(task: Task, start: date) -> date:
    """Give the day from which a rule runs."""
    return task.not_before or start


def occurrences(task: Task, plan: Plan, as_of: date) -> Iterator[Occurrence]:
    """Give the occurrences to tell of on a day: all that have been, and ahead those up to `AHEAD`, at least one."""
    rule = task.repeat
    if rule is None:
        return
    reader = DeadlineReader(plan.policy, plan.workdays)
    first, ahead, one_ahead = anchor(task, plan.start), as_of + AHEAD, False
    for day in nominal_days(task, plan.start, _farthest(max(as_of, first))):
        if day > ahead and one_ahead:
            return
        yield Occurrence(day, first, reader.occurrence(rule, day))
        first, one_ahead = day + ONE_DAY, day > as_of


class NominalDays:
    """The nominal days of tasks that come again, for those who ask of many days: a rule is run once for each year."""

    def __init__(self, start: date) -> None:
        self._start = start
        self._known: dict[tuple[str, int], frozenset[date]] = {}

    def has(self, task: Task, day: date) -> bool:
        """Say whether a task comes on a day, by its rule."""
        known = self._known.get((task.id, day.year))
        if known is None:
            known = frozenset(nominal_days(task, self._start, date(day.year, 12, 31)))
            self._known[task.id, day.year] = known
        return day in known


def on_day(task: Task, plan: Plan, day: date) -> Occurrence | None:
    """Give the occurrence whose nominal day this is."""
    rule = task.repeat
    first = anchor(task, plan.start)
    for found in nominal_days(task, plan.start, day):
        if found == day and rule is not None:
            return Occurrence(day, first, DeadlineReader(plan.policy, plan.workdays).occurrence(rule, day))
        first = found + ONE_DAY
    return None


def around(task: Task, start: date, day: date) -> tuple[date, ...]:
    """Give the nominal days next to a day: the last one before it, and the first one after it; `start` as above."""
    before, after = None, None
    for found in nominal_days(task, start, _farthest(max(day, anchor(task, start)))):
        if found > day:
            after = found
            break
        before = found
    return tuple(found for found in (before, after) if found is not None)


def never(tasks: Iterable[Task], start: date) -> Iterator[Finding]:
    """Find the rules that give no day at all."""
    for task in tasks:
        if task.repeat is None:
            continue
        first = anchor(task, start)
        if next(nominal_days(task, start, _farthest(first)), None) is None:
            last = task.repeat.until or _farthest(first)
            yield Finding(
                code="CDS112",
                message=msg("no day from {first} to {last} fits this rule", first=first, last=last),
                hint=msg("look at the rule, at “not-before” and at “until”"),
                at=("tasks", task.id, "repeat"),
            )


def waiting_for(tasks: Iterable[Task], recurring: Container[str]) -> Iterator[Finding]:
    """Find links and counted deadlines that name a task which comes again: which occurrence would be meant?"""
    for task in tasks:
        for at, link in enumerate(task.links):
            if link.predecessor in recurring:
                yield _no_predecessor(link.predecessor, ("tasks", task.id, "after", at))
        if isinstance(task.due, Counted) and task.due.task in recurring:
            yield _no_predecessor(task.due.task, ("tasks", task.id, "due"))


def _no_predecessor(task: str, at: tuple[str | int, ...]) -> Finding:
    return Finding(
        code="CDS112",
        message=msg("“{id}” comes again and stands outside the network: nothing can wait for it", id=task),
        hint=msg("name a task that happens once, or give the day: not-before = 2026-03-20"),
        at=at,
    )


def _farthest(day: date) -> date:
    """Give the last day on which to look for an occurrence after a day."""
    return date(min(day.year + YEARS_AHEAD, LAST_YEAR), 12, 31)
