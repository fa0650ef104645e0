"""Drag: by how many days the end of a plan moves when one task takes no time.

The end is computed anew without the task's work, so the sign is right also where shorter work ends a plan later (with
FF and SF links, Wiest 1981). Days are working days of the plan's calendar; positive = the end comes earlier.

Source: Stephen A. Devaux, "Total Project Control" (1999).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdsplan.schedule.cpm import last_boundary
from cdsplan.schedule.network import without_work

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cdsplan.schedule.model import Schedule

MOST_TASKS = 200
"""Each task costs a pass over the whole network."""


def drag(schedule: Schedule, tasks: Iterable[int]) -> dict[int, int]:
    """Give the drag of the first MOST_TASKS of these tasks, by position; done and cancelled work has none."""
    index = schedule.plan.workdays.index
    network, rank = schedule.network, schedule.network.links.rank
    end = index(schedule.computed.finish)
    candidates = [j for j in tasks if j not in schedule.settled][:MOST_TASKS]
    return {j: end - index(last_boundary(without_work(network, rank[j]))) for j in candidates}
