"""Machine-readable answers: JSON documents, version 1 (docs/json.md and cdsplan/views/data.schema.json).

One object, UTF-8, keys in snake_case, dates ISO, absent = null, stable order.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from cdsplan.effects import effect
from cdsplan.plan.deadlines import explain
from cdsplan.plan.model import Basis, Rule
from cdsplan.plan.standing import components
from cdsplan.schedule.drag import drag
from cdsplan.schedule.paths import longest_path_members, near_critical
from cdsplan.summary import counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cdsplan.check import Verdict
    from cdsplan.daysoff import DayOff
    from cdsplan.effects import Change
    from cdsplan.history import Event
    from cdsplan.i18n import Language
    from cdsplan.journal.model import Entry, Journal
    from cdsplan.milestones import Milestone
    from cdsplan.missing import Missing
    from cdsplan.plan.model import CalendarSpec, Plan, Reading
    from cdsplan.problems import Problem
    from cdsplan.progress import Extension, Phase
    from cdsplan.schedule import Schedule
    from cdsplan.schedule.paths import DrivingPaths
    from cdsplan.schedule.reasons import Reason
    from cdsplan.status import Item, Member, Status, Timeliness
    from cdsplan.trend import Week
    from cdsplan.whatif import Outcome

    Roles = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], str | None, str | None, str | None]
    Standing = tuple[Phase, Timeliness | None, int | None, int, int, date | None, int]

VERSION = 1


def document(**content: Any) -> str:  # noqa: ANN401 - JSON holds anything
    """Write one JSON document."""
    return json.dumps({"version": VERSION, **content}, ensure_ascii=False)


def problems_document(problems: Iterable[Problem], language: Language) -> str:
    """Write problems as a document."""
    return document(problems=[problem_data(problem, language) for problem in problems])


def problem_data(problem: Problem, language: Language) -> dict[str, Any]:
    """Give one problem as data."""
    place = problem.place
    return {
        "rule": problem.code,
        "severity": str(problem.severity),
        "message": language(problem.message),
        "hint": None if problem.hint is None else language(problem.hint),
        "file": place and place.file,
        "line": place and place.line,
        "column": place and place.column,
        "end_column": place and place.end_column,
    }


def plan_data(plan: Plan) -> dict[str, Any]:
    """Name a plan."""
    return {"id": plan.id, "title": plan.title, "path": plan.source.file}


def status_document(status: Status, items: Sequence[Item]) -> Iterator[str]:
    """Write a status, part by part: every item of it, whatever a table would leave out."""
    head = document(
        as_of=status.as_of.isoformat(),
        plans=[plan_data(plan) for plan in status.plans],
        counts={kind.replace("-", "_"): count for kind, count in counts(items).items()},
    )
    yield f'{head[:-1]}, "items": ['
    write = ItemWriter().text
    for at in range(0, len(items), ITEMS_AT_ONCE):
        yield (", " if at else "") + ", ".join(map(write, items[at : at + ITEMS_AT_ONCE]))
    yield "]}"


ITEMS_AT_ONCE = 500
"""Items of one part: 100,000 items in one text would need half a gigabyte."""


class ItemWriter:
    """Writes items as JSON text.

    A plan of 10,000 tasks has few different deadlines, roles and days: each is turned into text once, and an item is
    put together from these texts, three times as fast as from a dict for each item and one `json.dumps` over all.
    """

    def __init__(self) -> None:
        self._known = _Texts({None: "null"})
        self._readings: dict[int, str] = {id(None): "null"}
        self._roles: dict[Roles, str] = {}
        self._standings: dict[Standing, str] = {}

    def text(self, item: Item) -> str:
        """Write one item."""
        # Taken apart at once: asking a named tuple twenty times for a field costs as much as writing it.
        (
            plan, task, phase, timeliness, days, due, done_on, finish,
            risk, estimated, slip, blocked_by, members, tentative, deadline_task, record, _,
        ) = item  # fmt: skip
        known = self._known
        moved = () if record is None else record.extensions
        standing = (phase, timeliness, days, id(due), id(tentative), done_on, id(moved))
        roles = (task.owner, task.support, task.consult, task.recipient, task.section, task.details.deliverable)
        return (
            f'{{"id": "{task.id}", "plan": "{plan.id}", '
            f'"number": {"null" if task.number is None else _quoted(task.number)}, "title": {_quoted(task.title)}, '
            f'"milestone": {"true" if task.milestone else "false"}, '
            f"{self._roles.get(roles) or self._say_roles(roles)}, "
            f"{self._standings.get(standing) or self._say_standing(standing, item)}, "
            f'"forecast_finish": {known[finish]}, "at_risk_days": {"null" if risk is None else risk}, '
            f'"estimated": {"true" if estimated else "false"}, "deadline_float": {"null" if slip is None else slip}, '
            f'"deadline_task": {"null" if deadline_task is None else _ids((deadline_task,))}, '
            f'"blocked_by": [{_ids(blocked_by) if blocked_by else ""}], '
            f"{self._fan_out(item) if members else NO_FAN_OUT}}}"
        )

    def _fan_out(self, item: Item) -> str:
        members = ", ".join(map(self._member, item.members))
        return (
            f'"delivered": {item.delivered}, "expected": {item.expected}, "missing": {self._known[item.missing]}, '
            f'"members": [{members}]'
        )

    def _member(self, member: Member) -> str:
        known = self._known
        due = self._reading(member.due)
        return (
            f'{{"agency": {known[member.agency]}, "phase": {known[member.phase]}, '
            f'"timeliness": {known[member.timeliness]}, "days": {"null" if member.days is None else member.days}, '
            f'"due": {due}, "done_on": {known[member.done_on]}, '
            f'"document": {known[member.document]}}}'
        )

    def _say_roles(self, roles: Roles) -> str:
        names = ("owner", "support", "consult", "recipient", "section", "deliverable")
        data = dict(zip(names, roles, strict=True))
        text = self._roles[roles] = json.dumps(data, ensure_ascii=False)[1:-1]
        return text

    def _say_standing(self, standing: Standing, item: Item) -> str:
        phase, timeliness, days, _, _, done_on, _ = standing
        known, extensions = self._known, ", ".join(map(self._extension, item.extensions))
        text = self._standings[standing] = (
            f'"phase": "{phase}", "timeliness": {known[timeliness]}, "days": {"null" if days is None else days}, '
            f'"due": {self._reading(item.due)}, "tentative_due": {self._reading(item.tentative)}, '
            f'"baseline_due": {self._reading(item.baseline if item.extensions else item.due)}, '
            f'"extensions": [{extensions}], "done_on": {known[done_on]}'
        )
        return text

    def _extension(self, extension: Extension) -> str:
        known = self._known
        return (
            f'{{"on": {known[extension.on]}, "due": {self._reading(extension.due)}, '
            f'"document": {known[extension.document]}, "reason": {known[extension.reason]}, '
            f'"agency": {known[extension.agency]}}}'
        )

    def _reading(self, reading: Reading | None) -> str:
        return self._readings.get(id(reading)) or self._say_reading(reading)

    def _say_reading(self, reading: Reading | None) -> str:
        text = self._readings[id(reading)] = "null" if reading is None else reading_text(reading)
        return text  # kept by id: the items keep their readings alive


def _ids(ids: tuple[str, ...]) -> str:
    """Write ids, which their grammar keeps free of anything to escape; most are written once only."""
    return ", ".join([f'"{each}"' for each in ids])


NO_FAN_OUT = '"delivered": null, "expected": null, "missing": null, "members": null'


class _Texts(dict["str | date | tuple[str, ...] | None", str]):
    """Small values as JSON text, each written once."""

    def __missing__(self, value: str | date | tuple[str, ...]) -> str:
        if isinstance(value, date):
            text = f'"{value.isoformat()}"'
        elif isinstance(value, tuple):
            text = f"[{', '.join(map(_quoted, value))}]"
        else:
            text = _quoted(value)
        self[value] = text
        return text


_quoted = json.encoder.encode_basestring


def reading_text(reading: Reading) -> str:
    """Write a deadline's words and reading; `rule` names what made it, `rolled` says that it moved off a day off."""
    time = "null" if reading.time is None else f'"{reading.time:%H:%M}"'
    return (
        f'{{"words": {_quoted(reading.words)}, "kind": "{reading.kind}", "first": {_day(reading.first)}, '
        f'"named_last": {_day(reading.named_last)}, "last": {_day(reading.last)}, "time": {time}, '
        f'"rule": "{reading.rules[0]}", "rolled": {"true" if Rule.ROLLED in reading.rules else "false"}}}'
    )


def _day(day: date | None) -> str:
    return "null" if day is None else f'"{day.isoformat()}"'


def check_document(status: Status, verdict: Verdict, language: Language) -> str:
    """Write a verdict."""
    found = [
        {
            **problem_data(finding.problem(), language),
            "plan": finding.plan.id,
            "task": finding.item and finding.item.task.id,
            "agency": None,
            "waived_until": None,
        }
        for finding in verdict.findings
    ]
    return document(
        as_of=status.as_of.isoformat(),
        judged={"milestones": verdict.judged.milestones, "tasks": verdict.judged.tasks},
        failed=verdict.failed,
        findings=found,
        notes=[problem_data(note.problem(), language) for note in verdict.notes],
    )


def recorded_document(
    plan: Plan, added: Sequence[Entry], changes: Sequence[Change], language: Language, *, dry_run: bool, **more: object
) -> str:
    """Write what was added to a journal, and what it changed, in words."""
    return document(
        plan=plan_data(plan),
        dry_run=dry_run,
        **more,
        entries=[entry_data(entry) for entry in added],
        effects=[language(effect(change)) for change in changes],
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
        "due": None if entry.due is None else json.loads(reading_text(entry.due)),
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
                "due_before": None if event.before is None else json.loads(reading_text(event.before)),
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
                "id": each.item.task.id,
                "plan": each.item.plan.id,
                "title": each.item.task.title,
                "delivered": each.item.delivered,
                "expected": each.item.expected,
                "missing": [
                    {
                        "agency": member.agency,
                        "name": each.item.plan.agencies[member.agency].name,
                        "phase": member.phase,
                        "timeliness": member.timeliness,
                        "days": member.days,
                        "due": None if member.due is None else json.loads(reading_text(member.due)),
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


def journals_document(checked: Iterable[tuple[Plan, str, Journal | None]], language: Language) -> str:
    """Write what journals hold."""
    return document(
        journals=[
            {
                "plan": plan.id,
                "path": path,
                "entries": None if journal is None else len(journal.entries),
                "undone": None if journal is None else len(journal.undone),
                "vanished": []
                if journal is None
                else [problem_data(problem, language) for problem in journal.vanished],
            }
            for plan, path, journal in checked
        ],
    )


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
    longest, expected = longest_path_members(schedule), longest_path_members(forecast)
    return [
        {
            "id": task.id,
            "plan": schedule.plan.id,
            "title": task.title,
            "duration": str(task.duration),
            "calendar": task.calendar,
            "estimated": task.estimated,
            "planned": dates_data(schedule, j, longest),
            "forecast": dates_data(forecast, j, expected),
        }
        for j, task in enumerate(schedule.tasks)
    ]


def dates_data(schedule: Schedule, j: int, longest: frozenset[int]) -> dict[str, Any]:
    """Give the dates and floats of one task."""
    return {
        "early_start": schedule.early_start(j).isoformat(),
        "early_finish": schedule.early_finish(j).isoformat(),
        "late_start": schedule.late_start(j).isoformat(),
        "late_finish": schedule.late_finish(j).isoformat(),
        "total_float": schedule.total_float(j),
        "free_float": schedule.free_float(j),
        "deadline_float": schedule.deadline_float(j),
        "critical": schedule.critical(j),
        "on_longest_path": j in longest,
        "driving": list(dict.fromkeys(schedule.tasks[j].links[at].predecessor for at in schedule.driving(j))),
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
                        "id": item.task.id,
                        "owner": item.task.owner,
                        "missing": item.missing,
                        "forecast_finish": item.forecast_finish.isoformat(),
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
            "due": None if change.due is None else json.loads(reading_text(change.due)),
            "done": change.done and change.done.isoformat(),
        },
        finish={"before": first.isoformat(), "after": last.isoformat(), "days": (last - first).days},
        deadline_float={"before": before.deadline_float, "after": after.deadline_float},
        free_float=outcome.free_float,
        moved=[
            {
                "id": effect.after.task.id,
                "milestone": effect.after.task.milestone,
                "before": effect.before.forecast_finish.isoformat(),
                "after": effect.after.forecast_finish.isoformat(),
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
        "due": None if item.due is None else json.loads(reading_text(item.due)),
        "at_risk_days": item.at_risk_days,
    }


def task_document(item: Item, schedule: Schedule, forecast: Schedule, language: Language) -> str:
    """Write everything known of one task."""
    j = schedule.position[item.task.id]
    details = item.task.details
    return document(
        item=json.loads(ItemWriter().text(item)),
        read_as=None if item.due is None else [language(explain(rule, item.due)) for rule in item.due.rules],
        duration=str(item.task.duration),
        estimated=item.task.estimated,
        planned=dates_data(schedule, j, longest_path_members(schedule)),
        forecast=dates_data(forecast, j, longest_path_members(forecast)),
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


def calendar_document(spec: CalendarSpec, year: int, days: Iterable[DayOff], working_days: int) -> str:
    """Write the days of a year that are off or worked against their weekday."""
    return document(
        year=year,
        holidays=spec.holidays,
        working_days=working_days,
        days=[
            {
                "date": row.date.isoformat(),
                "kind": row.kind,
                "working": row.working,
                "name": row.name,
                "name_en": row.name_en,
                "source": row.source,
                "status": row.status,
            }
            for row in days
        ],
    )
