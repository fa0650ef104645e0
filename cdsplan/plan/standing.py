"""A plan by the firmer of its links only, and the parts into which its network falls then.

`stated` is the firmest standing: the source orders the two tasks. `implied` and `inferred` links rest on a reading of
it, the last on no word of it at all. Tasks, their order and everything else of a plan stay as they are: what precedes
by fewer links precedes by all of them too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdsplan.plan.model import Basis
from cdsplan.plan.order import numbered
from cdsplan.plan.rules import waits_for

if TYPE_CHECKING:
    from cdsplan.plan.model import Plan

FIRMEST_FIRST = (Basis.STATED, Basis.IMPLIED, Basis.INFERRED)


def with_links_of(plan: Plan, basis: Basis) -> Plan:
    """Give the plan with links of at least this standing only; by INFERRED links it is the plan itself."""
    if basis is Basis.INFERRED:
        return plan
    kept = frozenset(FIRMEST_FIRST[: FIRMEST_FIRST.index(basis) + 1])
    tasks = {
        task.id: task
        if all(link.basis in kept for link in task.links)
        else task._replace(links=tuple(link for link in task.links if link.basis in kept))
        for task in plan.tasks.values()
    }
    waiting = waits_for(tasks)
    return plan._replace(tasks=tasks, waits_for=waiting, numbering=numbered(waiting, plan.order))


def links_of(plan: Plan) -> int:
    """Count the links of a plan."""
    return sum(len(task.links) for task in plan.tasks.values())


def components(plan: Plan) -> tuple[tuple[str, ...], ...]:
    """Give the parts of the network that no link joins, each as its tasks; both in declared order."""
    neighbours: dict[str, list[str]] = {task: [] for task in plan.tasks}
    for successor in plan.tasks.values():
        for link in successor.links:
            neighbours[successor.id].append(link.predecessor)
            neighbours[link.predecessor].append(successor.id)
    part: dict[str, int] = {}
    count = 0
    for task in neighbours:
        if task in part:
            continue
        part[task] = count
        stack = [task]
        while stack:
            for near in neighbours[stack.pop()]:
                if near not in part:
                    part[near] = count
                    stack.append(near)
        count += 1
    parts: list[list[str]] = [[] for _ in range(count)]
    for task in neighbours:
        parts[part[task]].append(task)
    return tuple(map(tuple, parts))
