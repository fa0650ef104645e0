"""Comma-separated values: UTF-8 with a byte order mark, one header, no cell that a spreadsheet would run.

A cell that begins with `= + - @`, a tab or a carriage return gets an apostrophe in front, unless it is a number
(OWASP, "CSV Injection").
"""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

from cdsplan.schedule.paths import longest_path_members

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cdsplan.check import Finding, Verdict
    from cdsplan.daysoff import DayOff
    from cdsplan.history import Event
    from cdsplan.i18n import Language
    from cdsplan.milestones import Milestone
    from cdsplan.missing import Missing
    from cdsplan.problems import Problem
    from cdsplan.schedule import Schedule
    from cdsplan.schedule.paths import DrivingPaths
    from cdsplan.status import Item
    from cdsplan.trend import Week

BYTE_ORDER_MARK = "\ufeff"
RUNS = ("=", "+", "-", "@", "\t", "\r")


def sheet(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a sheet; None is an empty cell, lists are joined by spaces."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return BYTE_ORDER_MARK + out.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    text = " ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return f"'{text}" if text.startswith(RUNS) else text


STATUS_HEADER = (
    "plan", "id", "number", "title", "section", "milestone", "owner", "support", "consult", "recipient", "phase",
    "timeliness", "days", "due_words", "due_last", "done_on", "forecast_finish", "at_risk_days", "delivered",
    "expected", "missing",
)  # fmt: skip


def status_sheet(items: Iterable[Item]) -> str:
    """Write one row per item."""
    return sheet(STATUS_HEADER, map(_status_row, items))


MILESTONES_HEADER = (*STATUS_HEADER, "deadline_float", "deadline_of", "chain", "next", "next_agencies")


def milestones_sheet(found: Iterable[Milestone]) -> str:
    """Write one row per milestone: as in the status, then what it has to spare, what drives it, and who acts next."""
    return sheet(MILESTONES_HEADER, map(_milestone_row, found))


def _milestone_row(milestone: Milestone) -> tuple[object, ...]:
    acting = dict.fromkeys(agency for item in milestone.next for agency in (*item.owner, *item.missing))
    return (
        *_status_row(milestone.item), milestone.item.deadline_float, milestone.deadline_of, milestone.chain,
        tuple(item.name for item in milestone.next), tuple(acting),
    )  # fmt: skip


CHECK_HEADER = (
    "rule", "severity", "plan", "task", "message", "file", "line", "column", "agency", "fails", "waived_until",
    "occurrence",
)  # fmt: skip


def check_sheet(verdict: Verdict, language: Language) -> str:
    """Write one row per finding."""
    return sheet(CHECK_HEADER, (_finding_row(finding, language) for finding in verdict.findings))


def problems_sheet(problems: Iterable[Problem], language: Language) -> str:
    """Write one row per problem that keeps a plan from being read, under the header of findings."""
    return sheet(CHECK_HEADER, (_problem_row(problem, language) for problem in problems))


def _problem_row(problem: Problem, language: Language) -> tuple[object, ...]:
    place = problem.place
    return (
        problem.code, problem.severity, None, None, language(problem.message), place and place.file,
        place and place.line, place and place.column, None, True, None, None,
    )  # fmt: skip


def _finding_row(finding: Finding, language: Language) -> tuple[object, ...]:
    problem = finding.problem()
    place = problem.place
    return (
        problem.code, problem.severity, finding.plan.id, finding.task, language(problem.message), place and place.file,
        place and place.line, place and place.column, finding.agency, finding.fails,
        finding.waiver and finding.waiver.until, finding.occurrence,
    )  # fmt: skip


def calendar_sheet(days: Iterable[DayOff]) -> str:
    """Write one row per day."""
    rows = ((row.date, row.kind, row.working, row.name, row.name_en, row.source, row.status) for row in days)
    return sheet(("date", "kind", "working", "name", "name_en", "source", "status"), rows)


LOG_HEADER = (
    "plan", "on", "kind", "task", "agency", "percent", "due_before", "due", "document", "reason", "note", "of",
    "undone", "lost", "at", "by", "id",
)  # fmt: skip


def log_sheet(events: Iterable[Event]) -> str:
    """Write one row per entry."""
    return sheet(LOG_HEADER, map(_event_row, events))


def _event_row(event: Event) -> tuple[object, ...]:
    entry, before, due = event.entry, event.before, event.entry.due
    return (
        event.plan.id, entry.on, entry.kind, event.about.item, event.about.agency, entry.percent,
        before and before.last, due and due.last, entry.document, entry.reason, entry.note, entry.of, event.undone,
        event.lost, entry.at.isoformat(timespec="seconds"), entry.by, entry.id,
    )  # fmt: skip


def missing_sheet(found: Iterable[Missing]) -> str:
    """Write one row per agency that has not delivered."""
    rows = (
        (
            each.item.plan.id, each.item.name, each.item.task.title, member.agency, member.responsible,
            each.item.plan.agencies[member.responsible].name, member.due and member.due.last, member.timeliness,
            member.days,
        )
        for each in found
        for member in each.members
    )  # fmt: skip
    return sheet(("plan", "task", "title", "agency", "responsible", "name", "due_last", "timeliness", "days"), rows)


def trend_sheet(weeks: Iterable[Week]) -> str:
    """Write one row per week."""
    header = ("week", "first", "last", "done_on_time", "done_late", "done", "overdue")
    return sheet(header, ((week.name, *week) for week in weeks))


SCHEDULE_HEADER = (
    "plan", "id", "title", "duration", "estimated", "early_start", "early_finish", "late_start", "late_finish",
    "total_float", "free_float", "deadline_float", "critical", "on_longest_path", "driving", "forecast_start",
    "forecast_finish", "ongoing",
)  # fmt: skip


def schedule_sheet(schedules: Iterable[Schedule], forecasts: Iterable[Schedule]) -> str:
    """Write the planned dates and floats of every task, and its dates in the forecast."""
    both = zip(schedules, forecasts, strict=True)
    return sheet(SCHEDULE_HEADER, (row for pair in both for row in _schedule_rows(*pair)))


def _schedule_rows(schedule: Schedule, forecast: Schedule) -> Iterable[tuple[object, ...]]:
    longest, driving = longest_path_members(schedule), schedule.driving_links()
    for j, task in enumerate(schedule.tasks):
        ongoing = schedule.ongoing(j)
        ends: tuple[object, ...] = (None, None, None, None, None)
        if not ongoing:  # of work without end only its start is anybody's word
            ends = (
                schedule.early_finish(j), schedule.late_start(j), schedule.late_finish(j), schedule.total_float(j),
                schedule.free_float(j),
            )  # fmt: skip
        yield (
            schedule.plan.id, task.id, task.title, None if ongoing else str(task.duration), task.estimated,
            schedule.early_start(j), *ends, schedule.deadline_float(j), schedule.critical(j),
            j in longest, tuple(task.links[at].predecessor for at in driving[j]),
            forecast.early_start(j), None if forecast.ongoing(j) else forecast.early_finish(j), ongoing,
        )  # fmt: skip


def paths_sheet(found: Iterable[tuple[Schedule, DrivingPaths]]) -> str:
    """Write the driving chains of plans, one row per task of a chain."""
    header = ("plan", "path", "id", "title", "early_start", "early_finish", "total_float", "deadline_float")
    return sheet(
        header,
        (
            (
                schedule.plan.id, at + 1, schedule.tasks[j].id, schedule.tasks[j].title, schedule.early_start(j),
                schedule.early_finish(j), schedule.total_float(j), schedule.deadline_float(j),
            )
            for schedule, paths in found
            for at, chain in enumerate(paths.chains)
            for j in chain
        ),
    )  # fmt: skip


def _status_row(item: Item) -> tuple[object, ...]:
    task, due = item.task, item.due
    fan_out = bool(item.members)
    return (
        item.plan.id, item.name, task.number, task.title, task.section, task.milestone, item.owner, item.support,
        item.consult, item.recipient, item.phase, item.timeliness, item.days, due and due.words, due and due.last,
        item.done_on, item.forecast_finish, item.at_risk_days, item.delivered if fan_out else None,
        item.expected if fan_out else None, item.missing if fan_out else None,
    )  # fmt: skip
