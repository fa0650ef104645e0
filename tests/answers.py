"""What a schedule says of every task, in the form in which the naive methods answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from oracle import Row

from cdsplan.schedule.links import pick
from cdsplan.schedule.paths import longest_path_members

if TYPE_CHECKING:
    from cdsplan.schedule import Schedule
    from cdsplan.schedule.cpm import Dates


def rows(schedule: Schedule) -> dict[str, Row]:
    """Ask everything about every task; settled work has no floats."""
    longest = longest_path_members(schedule)
    found = {}
    for j, task in enumerate(schedule.tasks):
        first, last = schedule.early_start(j), schedule.early_finish(j)
        binding = schedule.binding_deadline(j)
        total, free = schedule.total_float(j), schedule.free_float(j)
        settled = total is None
        assert settled == (free is None)
        found[task.id] = Row(
            early_start=first,
            early_finish=last,
            late_start=first if settled else schedule.late_start(j),
            late_finish=last if settled else schedule.late_finish(j),
            total_float=total or 0,
            free_float=free or 0,
            deadline_float=schedule.deadline_float(j),
            binding=frozenset() if binding is None else frozenset({schedule.tasks[binding].id}),
            critical=schedule.critical(j),
            driving=tuple(schedule.driving(j)),
            on_longest_path=j in longest,
        )
    return found


def agree(found: dict[str, Row], expected: dict[str, Row]) -> None:
    """Fail unless both say the same; of deadlines that bind alike only one is named."""
    for name, row in found.items():
        assert row.binding <= expected[name].binding
        assert bool(row.binding) == bool(expected[name].binding)
    assert {name: replace(row, binding=expected[name].binding) for name, row in found.items()} == expected


def dates_of(schedule: Schedule) -> Dates:
    """Give the dates of a schedule by the positions of tasks in their plan; those that links ask for as declared."""
    dates, links = schedule.computed, schedule.network.links
    order, rank, count = links.order, links.rank, len(links.order)
    return dates._replace(
        early=pick(dates.early[:count], rank) + pick(dates.early[count:], rank),
        asked=[dates.asked[k] for number in rank for k in links.into(number)],
        work_start={order[number]: start for number, start in dates.work_start.items()},
        mornings={order[number] for number in dates.mornings},
        total_float=pick(dates.total_float, rank),
        free_float=pick(dates.free_float, rank),
        deadline_float=pick(dates.deadline_float, rank),
        deadline_task=pick(order, pick(dates.deadline_task, rank)),
    )
