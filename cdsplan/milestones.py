"""The milestones of a status: the open chain that drives each, and the tasks at its head, where somebody must act."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cdsplan.plan.model import LinkType
from cdsplan.progress import Phase
from cdsplan.schedule.paths import driving_paths

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cdsplan.schedule import Schedule
    from cdsplan.status import Item, Status


class Milestone(NamedTuple):
    """One milestone. `chain` holds the ids of the first driving chain to it, open tasks only, itself last.

    `deadline_of` is the id of the task whose deadline breaks first when the milestone slips.

    `next` are the open tasks on its driving chains that can be worked on now. Where a chain begins with a task that
    waits (a day holds it for longer than its predecessors do), these are what it waits for.
    """

    item: Item
    chain: tuple[str, ...]
    next: tuple[Item, ...]
    deadline_of: str | None = None


def milestones(status: Status) -> tuple[Milestone, ...]:
    """Find every milestone, in declared order; of a recurring one the last occurrence closed, and those open."""
    found: list[Milestone] = []
    first = 0
    for forecast in status.forecasts:
        items = status.items[first : first + len(forecast.tasks)]
        first += len(items)
        found += (_milestone(j, items, forecast) for j, item in enumerate(items) if item.task.milestone)
        last = first
        while last < len(status.items) and status.items[last].occurrence is not None:
            last += 1
        found += _recurring(status.items[first:last])
        first = last
    return tuple(found)


def _recurring(items: Iterable[Item]) -> Iterator[Milestone]:
    """Choose of each recurring milestone the occurrences to look at: the last one closed, and all that are open."""
    of_tasks: dict[str, list[Item]] = {}
    for item in items:
        if item.task.milestone:
            of_tasks.setdefault(item.task.id, []).append(item)
    for occurrences in of_tasks.values():
        closed = [item for item in occurrences if not item.open]
        for item in occurrences:
            if item.open:
                yield Milestone(item, (), (item,))
            elif item is closed[-1]:
                yield Milestone(item, (), ())


def _milestone(at: int, items: tuple[Item, ...], forecast: Schedule) -> Milestone:
    if not items[at].open:
        return Milestone(items[at], (), ())
    paths = driving_paths(forecast, at, limit=1)
    ahead = {j for j in paths.members if items[j].open}
    acting: list[int] = []
    waiting = sorted(ahead)
    while waiting:
        j = waiting.pop()
        needed = _waits_for(j, items, forecast)
        if not needed:
            acting.append(j)
        elif not needed & ahead:  # nothing on a chain stands before it
            ahead |= needed
            waiting += needed
    binding = forecast.binding_deadline(at)
    return Milestone(
        item=items[at],
        chain=tuple(items[j].task.id for j in paths.chains[0] if items[j].open),
        next=tuple(items[j] for j in sorted(acting)),
        deadline_of=None if binding is None else items[binding].task.id,
    )


def _waits_for(j: int, items: tuple[Item, ...], forecast: Schedule) -> set[int]:
    """Find the open tasks that must move before j can begin, also those behind cancelled ones.

    To finish: predecessors by FS, of a point also by FF. To start: those by SS, of a point also by SF.
    """
    found: set[int] = set()
    if items[j].phase is not Phase.NOT_STARTED:
        return found
    looked: set[int] = set()
    behind = [j]
    while behind:
        k = behind.pop()
        task = items[k].task
        point = not task.duration.amount or k != j
        for link in task.links:
            i = forecast.position[link.predecessor]
            phase = items[i].phase
            if not point and link.type not in {LinkType.FS, LinkType.SS}:
                continue
            if phase is Phase.CANCELLED and i not in looked:
                looked.add(i)
                behind.append(i)
            elif phase is Phase.NOT_STARTED or (phase is Phase.IN_PROGRESS and link.type in {LinkType.FS, LinkType.FF}):
                found.add(i)
    return found
