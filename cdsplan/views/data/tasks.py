"""One task as JSON, and all that comes again of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cdsplan.plan.deadlines import explain
from cdsplan.schedule.paths import longest_path_members
from cdsplan.summary import counts
from cdsplan.views.data.frame import document, plan_data
from cdsplan.views.data.items import ItemWriter
from cdsplan.views.data.schedules import dates_data

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdsplan.i18n import Language
    from cdsplan.plan.model import Plan, Task
    from cdsplan.schedule import Schedule
    from cdsplan.status import Item


def task_document(item: Item, schedule: Schedule, forecast: Schedule, language: Language) -> str:
    """Write everything known of one task."""
    j = schedule.position.get(item.task.id)
    details = item.task.details
    return document(
        item=json.loads(ItemWriter().text(item)),
        read_as=None if item.due is None else [language(explain(rule, item.due)) for rule in item.due.rules],
        repeat=repeat_data(item.task, item.plan),
        duration=None if j is not None and schedule.ongoing(j) else str(item.task.duration),
        estimated=item.task.estimated,
        ongoing=j is not None and schedule.ongoing(j),
        planned=None if j is None else dates_data(schedule, j, longest_path_members(schedule), schedule.driving(j)),
        forecast=None if j is None else dates_data(forecast, j, longest_path_members(forecast), forecast.driving(j)),
        predecessors=[
            {
                "id": link.predecessor,
                "type": link.type,
                "lag": str(link.lag),
                "basis": link.basis,
                "quote": link.quote,
            }
            for link in item.task.links
        ],
        successors=[task.id for task in schedule.tasks if any(link.predecessor == item.task.id for link in task.links)],
        contents=details.contents,
        constraints=details.constraints,
        quote=details.quote,
        note=details.note,
        url=details.url,
        tags=details.tags,
    )


def repeat_data(task: Task, plan: Plan) -> dict[str, Any] | None:
    """Give how a task comes again: its words, the rule of RFC 5545 that they were read as, from and until when."""
    if task.repeat is None:
        return None
    until = task.repeat.until
    first = task.not_before or plan.start
    return {
        "words": task.repeat.words,
        "rule": str(task.repeat.rule),
        "from": first.isoformat(),
        "until": until and until.isoformat(),
    }


def recurring_document(plan: Plan, items: Sequence[Item]) -> str:
    """Write a task that comes again, with every occurrence that is told of."""
    task = items[0].task
    write = ItemWriter().text
    return document(
        plan=plan_data(plan),
        task=task.id,
        title=task.title,
        repeat=repeat_data(task, plan),
        counts={kind.replace("-", "_"): count for kind, count in counts(items).items()},
        occurrences=[json.loads(write(item)) for item in items],
        contents=task.details.contents,
        constraints=task.details.constraints,
        quote=task.details.quote,
        note=task.details.note,
        url=task.details.url,
        tags=task.details.tags,
    )
