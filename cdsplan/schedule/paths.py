"""Driving paths: the chains of tasks that put the end of a plan, or any task, where it is.

A link drives when it has no slack in the early dates. In a forecast a chain begins where a fact stops it: with work
that is done, with the start of work that has begun, with the finish of open work that the data date holds.

Chains are counted without being enumerated (ties multiply), and listed in declared order up to a limit. A chain that
only is the beginning of another one is not counted: where the last task drives a closing point, the chain ends in the
point.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cdsplan.plan.model import FROM_FINISH

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cdsplan.schedule.model import Schedule

MOST_PATHS = 1_000_000  # the count says "at least this many" beyond


class DrivingPaths(NamedTuple):
    """Chains to `targets`, each from its first task to its target (positions).

    `number` is how many there are, and saturates at MOST_PATHS; `chains` are those that were asked for.
    `members` are all tasks on any of the chains; `length` is working days from the earliest start of a chain to the
    target's finish.
    """

    targets: tuple[int, ...]
    to_the_end: bool
    number: int
    chains: tuple[tuple[int, ...], ...]
    members: frozenset[int]
    length: int


def driving_paths(schedule: Schedule, target: int | None = None, *, limit: int = 5) -> DrivingPaths:
    """Find the chains that drive `target`, or the end of the plan; list at most `limit` of them."""
    targets = schedule.last_tasks() if target is None else (target,)
    before = _driving_predecessors(schedule, targets)
    if len(targets) > 1:
        led_on = _led_on(schedule, before)
        targets = tuple(j for j in targets if j not in led_on)
    count: dict[int, int] = {}
    for j in schedule.plan.order:
        if j in before:
            count[j] = min(MOST_PATHS, sum(count[i] for i in before[j]) or 1)
    return DrivingPaths(
        targets=targets,
        to_the_end=target is None,
        number=min(MOST_PATHS, sum(count[j] for j in targets)),
        chains=_list(before, targets, limit),
        members=frozenset(before),
        length=_length(schedule, targets, before),
    )


def near_critical(schedule: Schedule, paths: DrivingPaths, most: int) -> dict[int, int]:
    """Find the tasks off the chains with a total float of `most` at most; map them to it, the tightest first."""
    floats = {j: schedule.total_float(j) for j in range(len(schedule.tasks)) if j not in paths.members}
    close = sorted((days, j) for j, days in floats.items() if days is not None and days <= most)
    return {j: days for days, j in close}


def longest_path_members(schedule: Schedule) -> frozenset[int]:
    """Every task on a chain that drives the end of the plan."""
    return frozenset(_driving_predecessors(schedule, schedule.last_tasks()))


def _driving_predecessors(schedule: Schedule, targets: tuple[int, ...]) -> dict[int, list[int]]:
    """Map every task on a chain to its driving predecessors, in declared order and each once."""
    started = {j for j in range(len(schedule.tasks)) if schedule.rest_starts(j) is not None}
    before: dict[int, list[int]] = {}
    goes_on = {target: not schedule.held(target) for target in targets}  # whether links put the end there that matters
    for j in reversed(schedule.plan.order):
        if j not in goes_on:
            continue
        found: set[int] = set()
        for link in (schedule.tasks[j].links[at] for at in schedule.driving(j) if goes_on[j]):
            i = schedule.position[link.predecessor]
            found.add(i)
            moves = not schedule.held(i) if link.type in FROM_FINISH else i not in started
            goes_on[i] = moves or goes_on.get(i, False)
        before[j] = sorted(found)
    return before


def _led_on(schedule: Schedule, members: Iterable[int]) -> set[int]:
    """Find the tasks whose finish drives a member: every chain that ends in one of them goes on."""
    found: set[int] = set()
    for j in members:
        for link in (schedule.tasks[j].links[at] for at in schedule.driving(j)):
            i = schedule.position[link.predecessor]
            if link.type in FROM_FINISH or not schedule.length(i):  # a point starts when it finishes
                found.add(i)
    return found


def _length(schedule: Schedule, targets: tuple[int, ...], members: Iterable[int]) -> int:
    """Count the plan's working days from the first day of any member to the last of the targets."""
    if not targets:
        return 0
    index = schedule.plan.workdays.index
    first = min(index(schedule.calendar(j).ordinal(schedule.span(j)[0])) for j in members)
    return max(index(schedule.calendar(j).ordinal(schedule.span(j)[1] - 1) + 1) for j in targets) - first


def _list(before: dict[int, list[int]], targets: tuple[int, ...], limit: int) -> tuple[tuple[int, ...], ...]:
    """Walk back from each target, depth first, until `limit` chains are whole."""
    chains: list[tuple[int, ...]] = []
    for target in targets:
        path = [target]
        choices = [iter(before[target])]
        while choices and len(chains) < limit:
            if not before[path[-1]]:
                chains.append(tuple(reversed(path)))
            step = next(choices[-1], None)
            if step is None:
                choices.pop()
                path.pop()
            else:
                path.append(step)
                choices.append(iter(before[step]))
    return tuple(chains)
