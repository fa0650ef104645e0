"""What differs between two versions of a plan, as JSON."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from cdsplan.plan.model import Counted, DeadlineKind
from cdsplan.views.data.frame import document, plan_data
from cdsplan.views.data.items import Texts, reading_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cdsplan.difference import Difference, Outlook, Path, PathChange, Reported, Setting, TaskChange
    from cdsplan.plan.model import Facts, Link, Reading, Waiver
    from cdsplan.progress import Extension
    from cdsplan.status import Item
    from cdsplan.wording import Move as Decision


def differences_document(differences: Iterable[Difference], as_of: date, *, failed: bool) -> str:
    """Write what changed between two versions of plans."""
    return document(
        as_of=as_of.isoformat(), failed=failed, plans=[_difference_data(difference) for difference in differences]
    )


def _difference_data(difference: Difference) -> dict[str, Any]:
    before, after, path, expected = difference.before, difference.after, difference.path, difference.expected_path
    return {
        "before": before and plan_data(before.plan),
        "after": after and plan_data(after.plan),
        "settings": [_setting_data(setting) for setting in difference.settings],
        "waivers": {
            "added": list(map(_waiver_data, difference.waivers.added)),
            "removed": list(map(_waiver_data, difference.waivers.removed)),
        },
        "added": [_task_data(item) for item in difference.added],
        "removed": [_task_data(item) for item in difference.removed],
        "changed": [_change_data(change) for change in difference.changed],
        "moved_milestones": difference.moved_milestones,
        "extended_milestones": difference.extended_milestones,
        "removed_milestones": difference.removed_milestones,
        "critical_path": path and _path_change_data(path),
        "forecast_critical_path": expected and _path_change_data(expected),
        "milestones": [
            {
                "id": milestone.task,
                "before": milestone.before and _outlook_data(milestone.before),
                "after": milestone.after and _outlook_data(milestone.after),
            }
            for milestone in difference.milestones
        ],
    }


def _task_data(item: Item) -> dict[str, Any]:
    return {
        "id": item.task.id,
        "title": item.task.title,
        "milestone": item.task.milestone,
        "due": _due_data(item.task.due),
    }


def _change_data(change: TaskChange) -> dict[str, Any]:
    move, length, links = change.move, change.length, change.links
    return {
        "id": change.name,
        "was": change.before.task.id if change.occurrence is None else change.before.name,
        "task": change.after.task.id,
        "occurrence": change.occurrence and change.occurrence.isoformat(),
        "milestone": change.after.task.milestone,
        "due": move
        and {
            "before": _due_data(move.before),
            "after": _due_data(move.after),
            "moved": move.moved,
            "days": move.days,
            "extension": move.extension and _extension_data(move.extension),
        },
        "roles": [{"role": role.key, "added": role.added, "removed": role.removed} for role in change.roles],
        "duration": length
        and {
            "before": str(length.before),
            "after": str(length.after),
            "estimated_before": length.estimated_before,
            "estimated_after": length.estimated_after,
        },
        "links": links
        and {"added": list(map(_link_data, links.added)), "removed": list(map(_link_data, links.removed))},
        "settings": [_setting_data(setting) for setting in change.settings],
        "facts": change.facts and {"before": _facts_data(change.facts[0]), "after": _facts_data(change.facts[1])},
        "extensions": {
            "added": [each for decision in change.decided for each in _decision_data(decision)],
            "removed": [each for decision in change.withdrawn for each in _decision_data(decision)],
        }
        if change.decided or change.withdrawn
        else None,
        "progress": change.reported
        and {"before": _reported_data(change.reported[0]), "after": _reported_data(change.reported[1])},
    }


def _decision_data(decision: Decision) -> Iterator[dict[str, Any]]:
    """Give a decision for each member whom it concerns, or once for all, with the deadline before it."""
    before = None if decision.before is None else json.loads(reading_text(decision.before, Texts()))
    for agency in decision.agencies or (None,):
        yield {**_extension_data(decision.extension._replace(agency=agency)), "before": before}


def _extension_data(extension: Extension) -> dict[str, Any]:
    return {
        "on": extension.on.isoformat(),
        "due": json.loads(reading_text(extension.due, Texts())),
        "document": extension.document,
        "reason": extension.reason,
        "agency": extension.agency,
    }


def _reported_data(reported: Reported) -> dict[str, Any]:
    return {
        "phase": reported.phase,
        "started": reported.started and reported.started.isoformat(),
        "percent": reported.percent,
        "done_on": reported.done and reported.done.isoformat(),
        "cancelled_on": reported.cancelled and reported.cancelled.isoformat(),
        "delivered": reported.delivered,
        "expected": reported.expected,
    }


def _due_data(due: Reading | Counted | None) -> dict[str, Any] | None:
    """Give a deadline of the plan file: one that is counted from an event has words only."""
    if due is None:
        return None
    if isinstance(due, Counted):
        return {"words": str(due), "kind": DeadlineKind.COUNTED, "last": None}
    return {"words": due.words, "kind": due.kind, "last": due.last and due.last.isoformat()}


def _setting_data(setting: Setting) -> dict[str, Any]:
    before, after = (value.isoformat() if isinstance(value, date) else value for value in setting[1:])
    return {"key": setting.key, "before": before, "after": after}


def _waiver_data(waiver: Waiver) -> dict[str, Any]:
    days = {"until": waiver.until.isoformat(), "occurrence": waiver.occurrence and waiver.occurrence.isoformat()}
    return waiver._asdict() | days


def _link_data(link: Link) -> dict[str, Any]:
    return {"id": link.predecessor, "type": link.type, "lag": str(link.lag), "basis": link.basis}


def _facts_data(facts: Facts) -> dict[str, Any]:
    return {
        "started": facts.started and facts.started.isoformat(),
        "percent": facts.percent,
        "done": True if facts.done_unknown else facts.done and facts.done.isoformat(),
        "cancelled": facts.cancelled and facts.cancelled.isoformat(),
    }


def _path_change_data(path: PathChange) -> dict[str, Any]:
    return {
        "before": _path_data(path.before),
        "after": _path_data(path.after),
        "entering": path.entering,
        "leaving": path.leaving,
    }


def _path_data(path: Path) -> dict[str, Any]:
    return {"length": path.length, "finish": path.finish.isoformat(), "tasks": path.members}


def _outlook_data(outlook: Outlook) -> dict[str, Any]:
    return {
        "due": outlook.due and outlook.due.isoformat(),
        "planned_finish": outlook.planned.isoformat(),
        "forecast_finish": outlook.forecast.isoformat(),
        "deadline_float": outlook.slack,
    }
