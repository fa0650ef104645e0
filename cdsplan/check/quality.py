"""CDS3xx: how well a plan is made. What is done or cancelled is past mending, and is not looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdsplan import wording
from cdsplan.check.model import Finding
from cdsplan.messages import msg, nmsg
from cdsplan.plan.model import FROM_FINISH, Basis, DurationUnit, LinkType, Reading
from cdsplan.progress import Phase
from cdsplan.rulebook.quality import MOST_DURATION, MOST_ELAPSED_LAG, MOST_FLOAT, MOST_LAG, MOST_TITLE
from cdsplan.schedule import schedule
from cdsplan.schedule.calendars import WORKING, days_of
from cdsplan.schedule.paths import longest_path_members

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cdsplan.check.model import Scope
    from cdsplan.messages import Message
    from cdsplan.plan.model import Link, Task
    from cdsplan.status import Item

DAYS_PER_WEEK, WORKDAYS_PER_WEEK = 7, 5


def _of_task(item: Item, rule: str, message: Message, *at: str | int, weight: int = 0, about: str = "") -> Finding:
    """Make the finding of a task, at a key of it or at its heading."""
    task = item.task.id
    return Finding(
        rule=rule, message=message, plan=item.plan, at=("tasks", task, *at), key=not at, task=task, weight=weight,
        about=about, responsible=item.missing or item.owner,
    )  # fmt: skip


def no_deadline(scope: Scope) -> Iterator[Finding]:
    """CDS301: no `due`, not even one that says there is none, and none that was decided since."""
    for item in scope.network:
        if item.task.due is None and item.due is None and item.open:
            yield _of_task(item, "CDS301", msg("“{task}” has no deadline", task=item.task.id))


def no_owner(scope: Scope) -> Iterator[Finding]:
    """CDS302: nobody leads, and nobody must deliver."""
    for item in scope.of_tasks:
        if not item.task.owner and not item.members and item.open:
            yield _of_task(item, "CDS302", msg("nobody is responsible for “{task}”", task=item.task.id))


def no_duration(scope: Scope) -> Iterator[Finding]:
    """CDS303: the task's table has no `duration`."""
    tables = scope.plan.source.document["tasks"]
    for item in scope.network:
        if item.task.estimated and item.open and "duration" not in tables[item.task.id]:
            counted = wording.duration(item.task.duration)
            message = msg("“{task}” has no duration; {default} is counted", task=item.task.id, default=counted)
            yield _of_task(item, "CDS303", message)


def long_title(scope: Scope) -> Iterator[Finding]:
    """CDS304: too long for a calendar, and no short one."""
    for item in scope.of_tasks:
        length = len(item.task.title)
        if length > MOST_TITLE and item.task.short is None and item.open:
            message = msg("the title of “{task}” has {length} characters", task=item.task.id, length=length)
            yield _of_task(item, "CDS304", message, "title", weight=length)


TO_START = frozenset({LinkType.FS, LinkType.SS})


def dangling_start(scope: Scope) -> Iterator[Finding]:
    """CDS305: links, but none to its start, and no `not-before`."""
    for item in scope.network:
        task = item.task
        if (
            task.links
            and task.not_before is None
            and item.open
            and not any(link.type in TO_START for link in task.links)
        ):
            yield _of_task(item, "CDS305", msg("no link decides when “{task}” starts", task=task.id), "after")


def dangling_finish(scope: Scope) -> Iterator[Finding]:
    """CDS306: successors, but none that waits for its finish."""
    waited_for: dict[str, bool] = {}
    for task in scope.plan.tasks.values():
        for link in task.links:
            waited_for[link.predecessor] = waited_for.get(link.predecessor, False) or link.type in FROM_FINISH
    for item in scope.network:
        if item.open and waited_for.get(item.task.id) is False:
            yield _of_task(item, "CDS306", msg("no link waits for “{task}” to finish", task=item.task.id))


def leads(scope: Scope) -> Iterator[Finding]:
    """CDS307: a link with a negative lag."""
    return _links(
        scope,
        "CDS307",
        lambda link: link.lag.amount < 0,
        lambda task, link: msg(
            "“{task}” is linked to “{predecessor}” with a lead of {lag}",
            task=task.id,
            predecessor=link.predecessor,
            lag=wording.duration(link.lag._replace(amount=-link.lag.amount)),
        ),
    )


def long_lags(scope: Scope) -> Iterator[Finding]:
    """CDS308: a link with a lag of more than four weeks."""
    return _links(
        scope,
        "CDS308",
        _is_long,
        lambda task, link: msg(
            "“{task}” waits {lag} after “{predecessor}”",
            task=task.id,
            predecessor=link.predecessor,
            lag=wording.duration(link.lag),
        ),
    )


def _is_long(link: Link) -> bool:
    match link.lag.unit:
        case DurationUnit.DAYS:
            return link.lag.amount > MOST_LAG
        case DurationUnit.WEEKS:
            return link.lag.amount * WORKDAYS_PER_WEEK > MOST_LAG
        case DurationUnit.ELAPSED_DAYS:
            return link.lag.amount > MOST_ELAPSED_LAG
        case _:
            return link.lag.amount * DAYS_PER_WEEK > MOST_ELAPSED_LAG


def _links(
    scope: Scope, rule: str, wrong: Callable[[Link], bool], say: Callable[[Task, Link], Message]
) -> Iterator[Finding]:
    for item in scope.network:
        if not item.open:
            continue
        for at, link in enumerate(item.task.links):
            if wrong(link):
                yield _of_task(item, rule, say(item.task, link), "after", at, about=link.predecessor)


def high_float(scope: Scope) -> Iterator[Finding]:
    """CDS309: more than two months of total float in the forecast."""
    forecast = scope.forecast
    for item in scope.network:
        spare = forecast.total_float(forecast.position[item.task.id]) if item.open else None
        if spare is not None and spare > MOST_FLOAT:
            message = nmsg(
                "“{task}” has {n} working day of total float",
                "“{task}” has {n} working days of total float",
                spare,
                task=item.task.id,
            )
            yield _of_task(item, "CDS309", message, weight=spare)


MOST_ELAPSED = MOST_DURATION * DAYS_PER_WEEK // WORKDAYS_PER_WEEK
"""Calendar days that a task may last which is measured in these."""


def long_task(scope: Scope) -> Iterator[Finding]:
    """CDS310: more than two months of work in one task."""
    forecast = scope.forecast
    for item in scope.network:
        length = item.task.duration
        days = days_of(length, forecast.calendar(forecast.position[item.task.id]))
        if days > (MOST_DURATION if length.unit in WORKING else MOST_ELAPSED) and item.open:
            message = msg("“{task}” takes {duration}", task=item.task.id, duration=wording.duration(length))
            yield _of_task(item, "CDS310", message, "duration", weight=days)


def unreachable_milestone(scope: Scope) -> Iterator[Finding]:
    """CDS311: as planned, without any facts, a milestone finishes after its last good day in force."""
    dated = [
        item
        for item in scope.network
        if item.task.milestone and item.open and (isinstance(item.task.due, Reading) or item.extensions)
    ]
    if not dated:
        return
    planned = schedule(scope.plan)
    finishes = planned.early_finishes()
    for item in dated:
        due, finish = item.due, finishes[planned.position[item.task.id]]
        if due is not None and due.last is not None and finish > due.last:
            message = msg(
                "“{task}” is planned to finish on {finish}, after its deadline {last}",
                task=item.task.id,
                finish=finish,
                last=due.last,
            )
            yield _of_task(item, "CDS311", message, "due", weight=(finish - due.last).days)


def no_dated_milestone(scope: Scope) -> Iterator[Finding]:
    """CDS312: a plan in which no milestone has a day gives a check nothing to judge."""
    if scope.whole and not any(map(_is_dated_milestone, scope.items)):  # a part of a plan may well have none
        yield Finding(
            rule="CDS312",
            message=msg("no milestone of “{plan}” has a deadline that could be missed", plan=scope.plan.id),
            hint=msg("write milestone = true at the tasks that must not slip; --fail-on task judges every task"),
            plan=scope.plan,
            at=("plan", "id"),
        )


def _is_dated_milestone(item: Item) -> bool:
    has_day = item.due is not None and item.due.last is not None
    return item.task.milestone and has_day and item.phase is not Phase.CANCELLED


def inferred_critical_link(scope: Scope) -> Iterator[Finding]:
    """CDS313: an inferred link drives the end of the plan."""
    forecast, inferred = scope.forecast, Basis.INFERRED
    members, items = longest_path_members(forecast), {item.task.id: item for item in scope.network}
    for j in sorted(members):
        item = items.get(forecast.tasks[j].id)
        if item is None or not item.open:
            continue
        for at in forecast.driving(j):
            link = item.task.links[at]
            if link.basis is inferred and forecast.position[link.predecessor] in members:
                message = msg(
                    "the end of the plan rests on an inferred link: “{task}” after “{predecessor}”",
                    task=item.task.id,
                    predecessor=link.predecessor,
                )
                yield _of_task(item, "CDS313", message, "after", at, about=link.predecessor)


def agency_ceased(scope: Scope) -> Iterator[Finding]:
    """CDS314: an agency without a successor ceases before its open work is finished."""
    ceasing = {
        agency.id: agency.ceased
        for agency in scope.plan.agencies.values()
        if agency.ceased is not None and agency.successor is None
    }
    if not ceasing:
        return
    open_work: dict[str, list[str]] = {}
    for item in scope.items:
        if item.open:
            finish = item.forecast_finish or item.occurrence
            owing = (member.responsible for member in item.members if member.open)
            for agency in dict.fromkeys((*item.owner, *owing)):
                if agency in ceasing and (finish is None or finish >= ceasing[agency]):  # None: work without end
                    open_work.setdefault(agency, []).append(item.name)
    for agency, tasks in open_work.items():
        yield Finding(
            rule="CDS314",
            message=nmsg(
                "“{agency}” ceases on {day}, names no successor and has {n} open task: {tasks}",
                "“{agency}” ceases on {day}, names no successor and has {n} open tasks: {tasks}",
                len(tasks),
                agency=agency,
                day=ceasing[agency],
                tasks=tuple(tasks[:MOST_NAMED]) if len(tasks) <= MOST_NAMED else (*tasks[:MOST_NAMED], "…"),
            ),
            hint=msg('name who takes over: successor = "…"'),
            plan=scope.plan,
            at=("agencies", agency, "ceased"),
            agency=agency,
            weight=len(tasks),
            responsible=(agency,),
        )


MOST_NAMED = 5
"""Tasks that a message names."""
