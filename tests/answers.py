"""What a schedule says of every task, in the form in which the naive methods answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from oracle import Row

from cdsplan.schedule.paths import longest_path_members

if TYPE_CHECKING:
    from cdsplan.schedule import Schedule


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
