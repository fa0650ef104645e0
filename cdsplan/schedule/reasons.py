"""Why a task stands where it does: one reason for it, one for what that reason rests on, back to the start.

Each step names what binds the early start (or, for work whose finish is bound, the start that follows from it): a link
without slack, of several that of the predecessor declared first, as in the paths; else the task's own `not-before`, a
fact, the data date, or the start of the plan. What is left of work that has begun is bound in the same way.

A step that another one waits for by its finish is explained by what binds the finish: work that should be done and is
still open ends the chain. Done work does so too; cancelled work passes the reason on.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from cdsplan.progress import NOTHING_KNOWN, Phase
from cdsplan.schedule.calendars import WORKING, days_of
from cdsplan.schedule.links import FROM_START, TO_FINISH

if TYPE_CHECKING:
    from datetime import date

    from cdsplan.plan.model import Link, LinkType
    from cdsplan.schedule.model import Schedule


class Cause(StrEnum):
    """What binds a task."""

    LINK = "link"
    NOT_BEFORE = "not-before"
    PLAN_START = "plan-start"
    DATA_DATE = "data-date"
    STARTED = "started"
    DONE = "done"


class Reason(NamedTuple):
    """One step of a chain: the task and what binds it.

    `also` are the other predecessors that bind it as much. `days_off` counts the days off of the task's calendar
    between the day that binds and the day that is bound. `held`: whatever binds its start, its finish is bound by the
    data date, because the work should be done and is still open.
    """

    task: int
    cause: Cause
    link: Link | None = None
    also: tuple[str, ...] = ()
    days_off: int = 0
    held: bool = False


def reasons(schedule: Schedule, task: int) -> list[Reason]:
    """Follow the reasons for a task's dates back to where they begin."""
    found: list[Reason] = []
    reached: LinkType | None = None
    while True:
        step = reason(schedule, task, reached)
        found.append(step)
        if step.link is None:
            return found
        reached = step.link.type
        task = schedule.position[step.link.predecessor]


def reason(schedule: Schedule, j: int, reached: LinkType | None) -> Reason:
    """Find what binds j; `reached` is the type of the link that led to it, None for the task asked for."""
    state = schedule.known[j] if schedule.known else NOTHING_KNOWN
    if state.phase is Phase.DONE:
        return Reason(j, Cause.DONE)
    if state.phase is Phase.IN_PROGRESS and reached in FROM_START:
        return Reason(j, Cause.STARTED)
    held = schedule.held(j)
    if held and reached is not None and reached not in FROM_START:
        return Reason(j, Cause.DATA_DATE, held=True)
    links = schedule.tasks[j].links
    driving = sorted((schedule.position[links[at].predecessor], at) for at in schedule.driving(j))
    if driving:
        link = links[driving[0][1]]
        also = dict.fromkeys(schedule.tasks[i].id for i, _ in driving if i != driving[0][0])
        return Reason(j, Cause.LINK, link, tuple(also), _days_off_of_link(schedule, j, link), held)
    if state.phase is Phase.IN_PROGRESS:
        return Reason(j, Cause.STARTED, held=held)
    cause, day = _own_bound(schedule, j)
    return Reason(j, cause, days_off=_days_off(schedule, j, day.toordinal(), _bound_start(schedule, j)), held=held)


def _own_bound(schedule: Schedule, j: int) -> tuple[Cause, date]:
    """Find what binds a task that no link binds, and the day that it names."""
    plan, not_before = schedule.plan, schedule.tasks[j].not_before
    index, early = schedule.calendar(j).index, schedule.span(j)[0]
    if not_before is not None and not_before > plan.start and index(not_before.toordinal()) == early:
        return Cause.NOT_BEFORE, not_before
    if schedule.as_of is None or index(plan.start.toordinal()) == early:
        return Cause.PLAN_START, plan.start
    return Cause.DATA_DATE, schedule.as_of


def _bound_start(schedule: Schedule, j: int) -> int:
    """Give the day on which the work starts that links bind, as an ordinal."""
    return (schedule.rest_starts(j) or schedule.early_start(j)).toordinal()


def _days_off_of_link(schedule: Schedule, j: int, link: Link) -> int:
    """Count the days off between the two days that a link ties; those that an elapsed lag runs over do not count."""
    i = schedule.position[link.predecessor]
    source = schedule.early_start(i) if link.type in FROM_START else schedule.early_finish(i)
    lag = link.lag
    first = source.toordinal() + 1 + (0 if lag.unit in WORKING else days_of(lag, schedule.calendar(j)))
    target = schedule.early_finish(j).toordinal() if link.type in TO_FINISH else _bound_start(schedule, j)
    return _days_off(schedule, j, first, target)


def _days_off(schedule: Schedule, j: int, first: int, end: int) -> int:
    """Count the days off in a task's calendar from the day `first` up to the day before `end`."""
    return max(0, end - first) - schedule.calendar(j).count(first, end - 1)
