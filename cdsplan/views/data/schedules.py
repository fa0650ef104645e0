"""Dates, floats and paths as JSON: of all tasks, of chains, of milestones, and of what would change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cdsplan.plan.model import Basis
from cdsplan.plan.standing import components
from cdsplan.schedule.drag import drag
from cdsplan.schedule.paths import longest_path_members, near_critical
from cdsplan.views.data.frame import document, plan_data
from cdsplan.views.data.items import ItemWriter, Texts, reading_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdsplan.milestones import Milestone
    from cdsplan.plan.model import Plan
    from cdsplan.schedule import Schedule
    from cdsplan.schedule.paths import DrivingPaths
    from cdsplan.schedule.reasons import Reason
    from cdsplan.status import Item, Status
    from cdsplan.whatif import Outcome


def schedule_document(
    schedules: Sequence[Schedule], forecasts: Sequence[Schedule], basis: Basis = Basis.INFERRED
) -> str:
    """Write the computed dates and floats of every task, as planned and as forecast."""
    return document(
        plans=[
            plan_data(schedule.plan)
            | {"finish": schedule.finish().isoformat(), "forecast_finish": forecast.finish().isoformat()}
            | standing_data(schedule.plan, basis)
            for schedule, forecast in zip(schedules, forecasts, strict=True)
        ],
        tasks=[task for both in zip(schedules, forecasts, strict=True) for task in _tasks_data(*both)],
    )


def standing_data(plan: Plan, basis: Basis) -> dict[str, Any]:
    """Say which links count, and into which parts the tasks fall by them."""
    return {"basis": basis, "components": components(plan)}


def _tasks_data(schedule: Schedule, forecast: Schedule) -> list[dict[str, Any]]:
    both = (schedule, forecast)
    (longest, driving), (expected, pushing) = ((longest_path_members(one), one.driving_links()) for one in both)
    return [
        {
            "id": task.id,
            "plan": schedule.plan.id,
            "title": task.title,
            "duration": None if schedule.ongoing(j) else str(task.duration),
            "calendar": task.calendar,
            "estimated": task.estimated,
            "ongoing": schedule.ongoing(j),
            "planned": dates_data(schedule, j, longest, driving[j]),
            "forecast": dates_data(forecast, j, expected, pushing[j]),
        }
        for j, task in enumerate(schedule.tasks)
    ]


def dates_data(schedule: Schedule, j: int, longest: frozenset[int], driving: Sequence[int]) -> dict[str, Any]:
    """Give the dates and floats of one task; driving: positions of the links that drive it.

    Of ongoing work of no stated length only its start: the rest would be that of a duration which nobody has stated.
    What has happened has no late dates, as it has no floats.
    """
    ends = not schedule.ongoing(j)
    slips = ends and j not in schedule.settled
    return {
        "early_start": schedule.early_start(j).isoformat(),
        "early_finish": schedule.early_finish(j).isoformat() if ends else None,
        "late_start": schedule.late_start(j).isoformat() if slips else None,
        "late_finish": schedule.late_finish(j).isoformat() if slips else None,
        "total_float": schedule.total_float(j) if ends else None,
        "free_float": schedule.free_float(j) if ends else None,
        "deadline_float": schedule.deadline_float(j),
        "critical": schedule.critical(j),
        "on_longest_path": j in longest,
        "driving": list(dict.fromkeys(schedule.tasks[j].links[at].predecessor for at in driving)),
    }


def paths_document(
    found: Sequence[tuple[Schedule, DrivingPaths]],
    target: str | None,
    basis: Basis = Basis.INFERRED,
    near: int | None = None,
) -> str:
    """Write the driving chains to a target, or to the end; those of several plans one after the other in `plans`."""
    plans = [
        _paths_data(schedule, paths, target, near) | standing_data(schedule.plan, basis) for schedule, paths in found
    ]
    return document(**plans[0]) if len(plans) == 1 else document(plans=plans)


def _paths_data(schedule: Schedule, paths: DrivingPaths, target: str | None, near: int | None) -> dict[str, Any]:
    ids = [task.id for task in schedule.tasks]
    close = None if near is None else near_critical(schedule, paths, near)
    return {
        "plan": plan_data(schedule.plan),
        "as_of": schedule.as_of and schedule.as_of.isoformat(),
        "target": target,
        "finish": max((schedule.early_finish(j) for j in paths.targets), default=schedule.plan.start).isoformat(),
        "length": paths.length,
        "paths_count": paths.number,
        "paths": [[ids[j] for j in chain] for chain in paths.chains],
        "drag": {ids[j]: days for j, days in drag(schedule, sorted(paths.members)).items()} if paths.to_the_end else {},
        "near": None if close is None else [{"id": ids[j], "total_float": days} for j, days in close.items()],
    }


def reasons_document(schedule: Schedule, chain: Sequence[Reason]) -> str:
    """Write the chain of reasons for a task's dates."""
    return document(
        plan=plan_data(schedule.plan),
        as_of=schedule.as_of and schedule.as_of.isoformat(),
        task=schedule.tasks[chain[0].task].id,
        reasons=[
            {
                "id": schedule.tasks[reason.task].id,
                "early_start": schedule.early_start(reason.task).isoformat(),
                "early_finish": schedule.early_finish(reason.task).isoformat(),
                "phase": schedule.known[reason.task].phase if schedule.known else None,
                "cause": reason.cause,
                "predecessor": reason.link and reason.link.predecessor,
                "type": reason.link and reason.link.type,
                "lag": reason.link and str(reason.link.lag),
                "basis": reason.link and reason.link.basis,
                "also": reason.also,
                "days_off": reason.days_off,
                "held": reason.held,
            }
            for reason in chain
        ],
    )


def milestones_document(status: Status, found: Sequence[Milestone]) -> str:
    """Write the milestones, each with its chain and who acts next."""
    write = ItemWriter().text
    return document(
        as_of=status.as_of.isoformat(),
        plans=[plan_data(plan) for plan in status.plans],
        milestones=[
            {
                "item": json.loads(write(milestone.item)),
                "deadline_of": milestone.deadline_of,
                "chain": milestone.chain,
                "next": [
                    {
                        "id": item.name,
                        "owner": item.owner,
                        "missing": item.missing,
                        "forecast_finish": item.forecast_finish and item.forecast_finish.isoformat(),
                    }
                    for item in milestone.next
                ],
            }
            for milestone in found
        ],
    )


def outcome_document(outcome: Outcome) -> str:
    """Write what a change would come to."""
    change, (before, after) = outcome.change, outcome.changed
    first, last = outcome.finishes
    return document(
        as_of=outcome.after.as_of.isoformat(),
        plan=plan_data(after.plan),
        task=change.task,
        change={
            "duration": None if change.duration is None else str(change.duration),
            "estimated": None if change.duration is None else change.estimated,
            "add_days": change.add_days,
            "due": None if change.due is None else json.loads(reading_text(change.due, Texts())),
            "done": change.done and change.done.isoformat(),
        },
        finish={"before": first.isoformat(), "after": last.isoformat(), "days": (last - first).days},
        deadline_float={"before": before.deadline_float, "after": after.deadline_float},
        free_float=outcome.free_float,
        moved=[
            {
                "id": effect.after.task.id,
                "milestone": effect.after.task.milestone,
                "before": effect.finishes[0].isoformat(),
                "after": effect.finishes[1].isoformat(),
                "days": effect.days,
            }
            for effect in outcome.moved
        ],
        deadlines=[
            {
                "id": effect.after.task.id,
                "verdict": "missed" if effect.missed else "met",
                "before": _standing_data(effect.before),
                "after": _standing_data(effect.after),
            }
            for effect in outcome.turned
        ],
        agencies=outcome.agencies,
    )


def _standing_data(item: Item) -> dict[str, Any]:
    return {
        "timeliness": item.timeliness,
        "days": item.days,
        "due": None if item.due is None else json.loads(reading_text(item.due, Texts())),
        "at_risk_days": item.at_risk_days,
    }
