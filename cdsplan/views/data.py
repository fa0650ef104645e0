"""Machine-readable answers: JSON documents, version 1 (docs/json.md and cdsplan/views/data.schema.json).

One object, UTF-8, keys in snake_case, dates ISO, absent = null, stable order.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from cdsplan.plan.deadlines import explain
from cdsplan.plan.model import Basis, Counted, DeadlineKind, Rule
from cdsplan.plan.standing import components
from cdsplan.schedule.drag import drag
from cdsplan.schedule.paths import longest_path_members, near_critical
from cdsplan.summary import counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cdsplan import rulebook
    from cdsplan.audit import Audit, Metric
    from cdsplan.check import Finding, Verdict
    from cdsplan.check.conclusion import DaySource
    from cdsplan.daysoff import DayOff
    from cdsplan.difference import Difference, Outlook, Path, PathChange, Reported, Setting, TaskChange
    from cdsplan.effects import ItemChange
    from cdsplan.history import Event
    from cdsplan.i18n import Language
    from cdsplan.journal.model import Entry, Journal
    from cdsplan.milestones import Milestone
    from cdsplan.missing import Missing
    from cdsplan.plan.model import CalendarSpec, Facts, Link, Plan, Reading, Task, Waiver
    from cdsplan.problems import Problem
    from cdsplan.progress import Extension, Phase
    from cdsplan.schedule import Schedule
    from cdsplan.schedule.paths import DrivingPaths
    from cdsplan.schedule.reasons import Reason
    from cdsplan.status import Item, Status, Timeliness
    from cdsplan.succession import Takeover
    from cdsplan.trend import Week
    from cdsplan.whatif import Outcome
    from cdsplan.wording import Move as Decision

    Roles = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], str | None, str | None, str | None]
    Standing = tuple[Phase, Timeliness | None, int | None, int, int, date | None, int]
    Delivery = tuple[Phase, Timeliness | None, int | None, int, date | None, str | None]

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


ITEMS_AT_ONCE = 100
"""Items of one part: 100,000 items in one text would need half a gigabyte, and a small part stays in the caches."""


class ItemWriter:
    """Writes items as JSON text.

    A plan of 10,000 tasks has few different deadlines, roles and days: each is turned into text once, and an item is
    put together from these texts, three times as fast as from a dict for each item and one `json.dumps` over all.
    """

    def __init__(self) -> None:
        self._known = Texts()
        self._readings: dict[int, str] = {id(None): "null"}
        self._roles: dict[Roles, str] = {}
        self._standings: dict[Standing, str] = {}
        self._deliveries: dict[Delivery, str] = {}

    def text(self, item: Item) -> str:
        """Write one item."""
        # Taken apart at once: asking a named tuple twenty times for a field costs as much as writing it.
        (
            plan, task, phase, timeliness, days, due, done_on, finish,
            risk, estimated, slip, blocked_by, members, tentative, deadline_task, record, _, occurrence, _, taken,
        ) = item  # fmt: skip
        task_id, title, _, number, section, milestone, owner, support, consult, recipient = task[:10]
        known = self._known
        moved = () if record is None else record.extensions
        standing = (phase, timeliness, days, id(due), id(tentative), done_on, id(moved))
        roles = (owner, support, consult, recipient, section, task.details.deliverable)
        name = task_id
        if taken:
            roles = (item.owner, item.support, item.consult, item.recipient, *roles[4:])
        if occurrence is not None:
            name = item.name
        deadline = "null" if deadline_task is None else f'"{deadline_task}"'
        return (
            f'{{"id": "{name}", "plan": "{plan.id}", '
            f'"number": {"null" if number is None else _quoted(number)}, "title": {_quoted(title)}, '
            f'"milestone": {"true" if milestone else "false"}, '
            f"{self._roles.get(roles) or self._say_roles(roles)}, "
            f"{self._standings.get(standing) or self._say_standing(standing, item)}, "
            f'"forecast_finish": {known[finish]}, "at_risk_days": {"null" if risk is None else risk}, '
            f'"estimated": {"true" if estimated else "false"}, "deadline_float": {"null" if slip is None else slip}, '
            f'"deadline_task": {deadline}, "blocked_by": {_ids(blocked_by) if blocked_by else "[]"}, '
            f'{self._fan_out(item) if members else NO_FAN_OUT}, "task": "{task_id}", '
            f"{NO_OCCURRENCE if occurrence is None else self._of_occurrence(item)}, "
            f"{self._taken(taken) if taken else NOTHING_TAKEN}}}"
        )

    def _of_occurrence(self, item: Item) -> str:
        known = self._known
        return f'"occurrence": {known[item.occurrence]}, "since": {known[item.since]}'

    def _taken(self, taken: Mapping[str, Takeover]) -> str:
        pairs = ", ".join(
            f'{{"from": "{agency}", "by": "{over.by}", "since": {self._known[over.since]}}}'
            for agency, over in taken.items()
        )
        return f'"taken_over": [{pairs}]'

    def _fan_out(self, item: Item) -> str:
        deliveries, members = self._deliveries, []
        for agency, phase, timeliness, days, due, done_on, delivered_with, taken in item.members:
            key = (phase, timeliness, days, id(due), done_on, delivered_with)
            delivery = deliveries.get(key) or self._say_delivery(key, due)
            responsible = agency if taken is None else taken.by
            members.append(f'{{"agency": "{agency}", "responsible": "{responsible}", {delivery}}}')
        return (
            f'"delivered": {item.delivered}, "expected": {item.expected}, "missing": {_ids(item.missing)}, '
            f'"members": [{", ".join(members)}]'
        )

    def _say_delivery(self, delivery: Delivery, due: Reading | None) -> str:
        """Write how a member's delivery stands; the members of one fan-out often stand alike."""
        phase, timeliness, days, _, done_on, delivered_with = delivery
        known = self._known
        text = self._deliveries[delivery] = (
            f'"phase": {known[phase]}, "timeliness": {known[timeliness]}, '
            f'"days": {"null" if days is None else days}, "due": {self._reading(due)}, '
            f'"done_on": {known[done_on]}, "document": {known[delivered_with]}'
        )
        return text

    def _say_roles(self, roles: Roles) -> str:
        names = ("owner", "support", "consult", "recipient", "section", "deliverable")
        data = dict(zip(names, roles, strict=True))
        text = self._roles[roles] = json.dumps(data, ensure_ascii=False)[1:-1]
        return text

    def _say_standing(self, standing: Standing, item: Item) -> str:
        phase, timeliness, days, _, _, done_on, _ = standing
        known, extensions = self._known, ", ".join(map(self._extension, item.extensions))
        text = self._standings[standing] = (
            f'"phase": {known[phase]}, "timeliness": {known[timeliness]}, "days": {"null" if days is None else days}, '
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
        text = self._readings[id(reading)] = "null" if reading is None else reading_text(reading, self._known)
        return text  # kept by id: the items keep their readings alive


NO_OCCURRENCE = '"occurrence": null, "since": null'
NOTHING_TAKEN = '"taken_over": []'


def _ids(ids: Sequence[str]) -> str:
    """Write ids, which their grammar keeps free of anything to escape; most are written once only."""
    return '["' + '", "'.join(ids) + '"]' if ids else "[]"


NO_FAN_OUT = '"delivered": null, "expected": null, "missing": null, "members": null'


class Texts(dict["str | date | None", str]):
    """Small values as JSON text, each written once."""

    def __missing__(self, value: str | date | None) -> str:
        if value is None:
            text = "null"
        elif isinstance(value, date):
            text = f'"{value.isoformat()}"'
        else:
            text = _quoted(value)
        self[value] = text
        return text


_quoted = json.encoder.encode_basestring


def reading_text(reading: Reading, known: Texts) -> str:
    """Write a deadline's words and reading; `rule` names what made it, `rolled` says that it moved off a day off."""
    words, kind, rules, first, named_last, last, time = reading
    at = "null" if time is None else f'"{time:%H:%M}"'
    return (
        f'{{"words": {_quoted(words)}, "kind": {known[kind]}, "first": {known[first]}, '
        f'"named_last": {known[named_last]}, "last": {known[last]}, "time": {at}, '
        f'"rule": {known[rules[0]]}, "rolled": {"true" if ROLLED in rules else "false"}}}'
    )


ROLLED = Rule.ROLLED


def check_document(verdict: Verdict, source: DaySource, language: Language) -> str:
    """Write a verdict."""
    return document(
        **verdict_data(verdict, source), findings=[finding_data(each, language) for each in verdict.findings]
    )


def check_lines(verdict: Verdict, source: DaySource, language: Language) -> Iterator[str]:
    """Write a verdict as lines of JSON: the verdict, then each finding."""
    yield document(**verdict_data(verdict, source)) + "\n"
    for finding in verdict.findings:
        yield json.dumps(finding_data(finding, language), ensure_ascii=False) + "\n"


def verdict_data(verdict: Verdict, source: DaySource) -> dict[str, Any]:
    """Say what was judged, by which rules, and whether it failed."""
    rules = {rule for _, terms in verdict.terms for rule in terms.rules}
    fails = {rule for _, terms in verdict.terms for rule in terms.fails}
    return {
        "as_of": verdict.as_of.isoformat(),
        "as_of_from": source,
        "judged": {"milestones": verdict.judged.milestones, "tasks": verdict.judged.tasks},
        "agencies": verdict.agencies or None,
        "rules": sorted(rules),
        "fails_on": sorted(fails & rules),
        "failed": verdict.failed,
    }


def finding_data(finding: Finding, language: Language) -> dict[str, Any]:
    """Give one finding as data."""
    return {
        **problem_data(finding.problem(), language),
        "plan": finding.plan.id,
        "task": finding.task,
        "occurrence": finding.occurrence and finding.occurrence.isoformat(),
        "agency": finding.agency,
        "fails": finding.fails,
        "waived_until": finding.waiver and finding.waiver.until.isoformat(),
    }


def rules_document(rules: Iterable[tuple[rulebook.Rule, Sequence[Problem]]], language: Language) -> str:
    """Write rules, each with what its example prints."""
    return document(
        rules=[
            {
                "id": rule.id,
                "name": rule.name,
                "severity": rule.severity,
                "default": rule.default,
                "ignorable": rule.ignorable,
                "summary": language(rule.summary),
                "why": language(rule.why),
                "mend": language(rule.mend),
                "example": rule.example
                and {
                    "as_of": rule.example.as_of,
                    "plan": rule.example.plan,
                    "journal": rule.example.journal or None,
                    "findings": [problem_data(problem, language) for problem in problems],
                },
            }
            for rule, problems in rules
        ]
    )


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
                "without_plan": [*without_plan.get(path, ())],
            }
            for (plan, path, journal), early in zip(checked, ahead, strict=True)
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
    """
    ends = not schedule.ongoing(j)
    return {
        "early_start": schedule.early_start(j).isoformat(),
        "early_finish": schedule.early_finish(j).isoformat() if ends else None,
        "late_start": schedule.late_start(j).isoformat() if ends else None,
        "late_finish": schedule.late_finish(j).isoformat() if ends else None,
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


def audit_document(audits: Iterable[Audit], number: int | None, language: Language) -> str:
    """Write assessments, of all metrics or of one."""
    return document(
        plans=[
            {
                **plan_data(made.plan),
                "as_of": made.as_of.isoformat(),
                "tasks": made.counted,
                "incomplete": made.incomplete,
                "links": made.links,
                "metrics": [
                    _metric_data(metric, language)
                    for metric in made.metrics
                    if number is None or metric.number == number
                ],
            }
            for made in audits
        ]
    )


def _metric_data(metric: Metric, language: Language) -> dict[str, Any]:
    measure, found, threshold = metric.measure, metric.found, metric.threshold
    return {
        "number": metric.number,
        "id": measure.id,
        "title": language(measure.title),
        "formula": language(measure.formula),
        "kind": measure.kind,
        "count": found.amount,
        "population": found.population,
        "value": None if metric.value is None else float(metric.value),
        "threshold": threshold and {"bound": threshold.bound, "value": float(threshold.value)},
        "verdict": metric.judgement,
        "note": None if found.note is None else language(found.note),
        "behind": [
            {
                "id": behind.task,
                "days": behind.days,
                "predecessor": behind.link and behind.link.predecessor,
                "type": behind.link and behind.link.type,
                "lag": behind.link and str(behind.link.lag),
            }
            for behind in found.behind
        ],
    }


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


def publication_document(status: Status, folder: str, *, feeds: int, events: int, changed: int, unchanged: int) -> str:
    """Write what an export or a publishing came to; `changed` and `unchanged` count files."""
    return document(
        as_of=status.as_of.isoformat(),
        plans=[plan_data(plan) for plan in status.plans],
        folder=folder,
        feeds=feeds,
        events=events,
        changed=changed,
        unchanged=unchanged,
    )


def tokens_document(entries: Iterable[tuple[str, str, date, str | None, str | None]]) -> str:
    """Write secret addresses: of each the calendar, its name, the day it was made, its page and its feed."""
    return document(
        tokens=[
            {"calendar": key, "name": name, "made": made.isoformat(), "page": page, "feed": feed}
            for key, name, made, page, feed in entries
        ]
    )


def task_document(item: Item, schedule: Schedule, forecast: Schedule, language: Language) -> str:
    """Write everything known of one task."""
    j = schedule.position.get(item.task.id)
    details = item.task.details
    return document(
        item=json.loads(ItemWriter().text(item)),
        read_as=None if item.due is None else [language(explain(rule, item.due)) for rule in item.due.rules],
        repeat=repeat_data(item.task, item.plan),
        duration=None if j is not None and schedule.ongoing(j) else str(item.task.duration),
        estimated=item.task.estimated,
        ongoing=j is not None and schedule.ongoing(j),
        planned=None if j is None else dates_data(schedule, j, longest_path_members(schedule), schedule.driving(j)),
        forecast=None if j is None else dates_data(forecast, j, longest_path_members(forecast), forecast.driving(j)),
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


def repeat_data(task: Task, plan: Plan) -> dict[str, Any] | None:
    """Give how a task comes again: its words, the rule of RFC 5545 that they were read as, from and until when."""
    if task.repeat is None:
        return None
    until = task.repeat.until
    first = task.not_before or plan.start
    return {
        "words": task.repeat.words,
        "rule": str(task.repeat.rule),
        "from": first.isoformat(),
        "until": until and until.isoformat(),
    }


def recurring_document(plan: Plan, items: Sequence[Item]) -> str:
    """Write a task that comes again, with every occurrence that is told of."""
    task = items[0].task
    write = ItemWriter().text
    return document(
        plan=plan_data(plan),
        task=task.id,
        title=task.title,
        repeat=repeat_data(task, plan),
        counts={kind.replace("-", "_"): count for kind, count in counts(items).items()},
        occurrences=[json.loads(write(item)) for item in items],
        contents=task.details.contents,
        constraints=task.details.constraints,
        quote=task.details.quote,
        note=task.details.note,
        url=task.details.url,
        tags=task.details.tags,
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
