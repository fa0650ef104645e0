"""What was recorded as JSON: entries, history, who is missing, the trend, and whether journals read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cdsplan.views.data.frame import document, plan_data, problem_data
from cdsplan.views.data.items import Texts, reading_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from cdsplan.effects import ItemChange
    from cdsplan.history import Event
    from cdsplan.i18n import Language
    from cdsplan.journal.model import Entry, Journal
    from cdsplan.missing import Missing
    from cdsplan.plan.model import Plan
    from cdsplan.problems import Problem
    from cdsplan.status import Status
    from cdsplan.trend import Week


def recorded_document(
    plan: Plan,
    added: Sequence[Entry],
    changes: Sequence[ItemChange],
    language: Language,
    *,
    dry_run: bool,
    **more: object,
) -> str:
    """Write what was added to a journal, and what it changed, in words."""
    from cdsplan.effects import doubts, effect  # noqa: PLC0415 - a status in JSON has no words, and replays no journal

    return document(
        plan=plan_data(plan),
        dry_run=dry_run,
        **more,
        entries=[entry_data(entry) for entry in added],
        effects=[language(effect(change, language)) for change in changes],
        doubts=[language(doubt) for change in changes for doubt in doubts(change, language)],
    )


def entry_data(entry: Entry) -> dict[str, Any]:
    """Give one entry of a journal as data."""
    return {
        "id": entry.id,
        "at": entry.at.isoformat(timespec="seconds"),
        "on": entry.on.isoformat(),
        "kind": entry.kind,
        "task": entry.item or None,
        "agency": entry.agency,
        "percent": entry.percent,
        "due": None if entry.due is None else json.loads(reading_text(entry.due, Texts())),
        "of": entry.of,
        "document": entry.document,
        "reason": entry.reason,
        "note": entry.note,
        "by": entry.by,
    }


def log_document(plans: Iterable[Plan], events: Iterable[Event], as_of: date) -> str:
    """Write the history of plans, entry by entry; `task` and `agency` of a void are those of what it undoes."""
    return document(
        as_of=as_of.isoformat(),
        plans=[plan_data(plan) for plan in plans],
        events=[
            entry_data(event.entry)
            | {
                "task": event.about.item,
                "agency": event.about.agency,
                "plan": event.plan.id,
                "undone": event.undone,
                "lost": event.lost,
                "due_before": None if event.before is None else json.loads(reading_text(event.before, Texts())),
            }
            for event in events
        ],
    )


def missing_document(status: Status, found: Iterable[Missing]) -> str:
    """Write who has not delivered."""
    return document(
        as_of=status.as_of.isoformat(),
        plans=[plan_data(plan) for plan in status.plans],
        tasks=[
            {
                "id": each.item.name,
                "plan": each.item.plan.id,
                "title": each.item.task.title,
                "delivered": each.item.delivered,
                "expected": each.item.expected,
                "missing": [
                    {
                        "agency": member.agency,
                        "responsible": member.responsible,
                        "name": each.item.plan.agencies[member.responsible].name,
                        "phase": member.phase,
                        "timeliness": member.timeliness,
                        "days": member.days,
                        "due": None if member.due is None else json.loads(reading_text(member.due, Texts())),
                    }
                    for member in each.members
                ],
            }
            for each in found
        ],
    )


def trend_document(plans: Iterable[Plan], weeks: Iterable[Week], as_of: date, agencies: Sequence[str]) -> str:
    """Write the numbers of every week."""
    return document(
        as_of=as_of.isoformat(),
        plans=[plan_data(plan) for plan in plans],
        agencies=agencies,
        weeks=[
            {
                "week": week.name,
                "first": week.first.isoformat(),
                "last": week.last.isoformat(),
                "done_on_time": week.done_on_time,
                "done_late": week.done_late,
                "done": week.done,
                "overdue": week.overdue,
            }
            for week in weeks
        ],
    )


def journals_document(
    checked: Iterable[tuple[Plan, str, Journal | None]],
    ahead: Iterable[Mapping[str, Problem]],
    disordered: Iterable[Mapping[str, Problem]],
    without_plan: Mapping[str, Sequence[str]],
    language: Language,
) -> str:
    """Write what journals hold; `without_plan` gives, by the path of one that is not there, others that lie there."""
    return document(
        journals=[
            {
                "plan": plan.id,
                "path": path,
                "entries": None if journal is None else len(journal.entries),
                "undone": None if journal is None else len(journal.undone),
                "vanished": []
                if journal is None
                else [problem_data(problem, language) for problem in journal.vanished.values()],
                "ahead": [problem_data(problem, language) for problem in early.values()],
                "done_before_start": [problem_data(problem, language) for problem in odd.values()],
                "without_plan": [*without_plan.get(path, ())],
            }
            for (plan, path, journal), early, odd in zip(checked, ahead, disordered, strict=True)
        ],
    )
