"""What must hold across a whole plan: one function per rule, in a tuple.

Each takes the tasks as read and yields what it found. To add a rule, write its function, put it into `ERRORS` or
`WARNINGS`, and give it a test plan. Errors stop the reader; warnings are looked for when somebody asks (`warnings`),
because placing them costs more than reading the plan.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from cdsplan.messages import Sentence, msg
from cdsplan.plan.model import NO_DETAILS, NO_FACTS, LinkType, Reading, Rule
from cdsplan.plan.order import Predecessors, cycles
from cdsplan.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from cdsplan.messages import Message
    from cdsplan.plan.model import Plan, Task
    from cdsplan.plan.source import Source
    from cdsplan.workdays import Workdays


class Draft(NamedTuple):
    """A plan about to be believed. `order` is shorter than `tasks` if there is a cycle."""

    tasks: Mapping[str, Task]
    recurring: Mapping[str, Task]
    waits_for: Predecessors
    order: Sequence[int]
    start: date
    workdays: Workdays
    source: Source

    def line(self, task: str) -> int:
        """Give the line on which a task is declared."""
        return self.source.place(("tasks", task), key=True).line


class Finding(NamedTuple):
    """Something that a rule found, at a path of the plan's tree."""

    code: str
    message: Message
    at: tuple[str | int, ...]
    hint: Message | None = None
    key: bool = False
    part: tuple[int, int] | None = None
    severity: Severity = Severity.ERROR


def no_cycle(draft: Draft) -> Iterator[Finding]:
    """No task waits for itself, by any way round."""
    if len(draft.order) == len(draft.tasks):
        return
    ids = list(draft.tasks)
    for ring in cycles(draft.waits_for):
        names = [ids[j] for j in (*ring, ring[0])]
        message, hint = msg("“{id}” waits for itself", id=names[0]), msg("take this link out: it could never start")
        if len(ring) > 1:
            first = msg("“{id}” (line {line})", id=names[0], line=draft.line(names[0]))
            rest = [msg("needs “{id}” (line {line})", id=name, line=draft.line(name)) for name in names[1:]]
            message = msg("these tasks wait for each other: {ring}", ring=Sentence((first, *rest)))
            hint = msg("take this link out, or another of the ring: nothing could ever start")
        predecessors = [link.predecessor for link in draft.tasks[names[0]].links]
        yield Finding(
            code="CDS111",
            message=message,
            hint=hint,
            at=("tasks", names[0], "after", predecessors.index(names[1])),
        )


def once_named(draft: Draft) -> Iterator[Finding]:
    """A former id belongs to one task, and to no present one."""
    holder: dict[str, str] = {}
    for task in (*draft.tasks.values(), *draft.recurring.values()):
        if task.details is NO_DETAILS:
            continue
        for at, former in enumerate(task.details.formerly):
            if former in draft.tasks or former in draft.recurring:
                message = msg("“{id}” is the id of a present task", id=former)
            elif holder.setdefault(former, task.id) != task.id:
                message = msg("“{id}” is a former id of “{other}” too", id=former, other=holder[former])
            else:
                continue
            yield Finding(
                code="CDS108",
                message=message,
                hint=msg("a former id leads to one task"),
                at=("tasks", task.id, "formerly", at),
            )


def due_after_predecessors(draft: Draft) -> Iterator[Finding]:
    """A successor is not due before a task that it waits for."""
    tasks = list(draft.tasks.values())
    latest: dict[str, tuple[date, str]] = {}  # by task: the nearest deadlines at it and upstream, the latest of them
    finish_start, finish_finish = LinkType.FS, LinkType.FF  # before Python 3.12 a member costs more than the comparison
    hint = msg("look at both deadlines, or at the link between them")
    found: dict[int, Finding] = {}
    for j in draft.order:
        task = tasks[j]
        before: tuple[date, str] | None = None
        for link in task.links:
            upstream = latest.get(link.predecessor)
            finishes = link.type is finish_start or link.type is finish_finish
            if upstream is not None and finishes and (before is None or upstream[0] > before[0]):
                before = upstream
        due = task.due
        last = due.last if isinstance(due, Reading) else None
        if last is not None:
            if before is not None and before[0] > last:
                found[j] = Finding(
                    code="CDS208",
                    severity=Severity.WARNING,
                    message=msg(
                        "“{task}” is due {last}, before “{predecessor}”, which it waits for and which is due {other}",
                        task=task.id,
                        last=last,
                        predecessor=before[1],
                        other=before[0],
                    ),
                    hint=hint,
                    at=("tasks", task.id, "due"),
                )
            before = (last, task.id)
        if before is not None:
            latest[task.id] = before
    for j in sorted(found):
        yield found[j]


def said_when_rolled(draft: Draft) -> Iterator[Finding]:
    """A deadline that moved off a day off says so."""
    for task in draft.tasks.values():
        due = task.due
        if isinstance(due, Reading) and Rule.ROLLED in due.rules and due.named_last and due.last:
            yield Finding(
                code="CDS209",
                severity=Severity.WARNING,
                message=msg(
                    "“{task}” is due on {named}, a day off: the deadline is read as {last}",
                    task=task.id,
                    named=due.named_last,
                    last=due.last,
                ),
                hint=msg('[reading] day-off = "same-day" would keep the day'),
                at=("tasks", task.id, "due"),
            )


def due_after_start(draft: Draft) -> Iterator[Finding]:
    """A deadline does not lie before the plan begins."""
    for task in draft.tasks.values():
        due = task.due
        if isinstance(due, Reading) and due.last is not None and due.last < draft.start:
            yield Finding(
                code="CDS212",
                severity=Severity.WARNING,
                message=msg(
                    "“{task}” is due {last}, before the plan starts on {start}",
                    task=task.id,
                    last=due.last,
                    start=draft.start,
                ),
                hint=msg("is the year right?"),
                at=("tasks", task.id, "due"),
            )


FACT_LEEWAY = timedelta(days=366)
"""How far a fact may lie outside the plan's days before its year is doubted.

Work may well be done before a plan begins, and long after its last deadline. A slip of the year is off by a whole year
at least, and most slips put last year for this one in January: a plan that starts on 05/01/2026 doubts a fact of
04/01/2025, and no fact of 2025 after it.
"""


def facts_in_their_year(draft: Draft) -> Iterator[Finding]:
    """What has happened lies no more than a year before the plan begins, and none after all that it names."""
    lasts = (task.due.last for task in draft.tasks.values() if isinstance(task.due, Reading) and task.due.last)
    first, last = draft.start, max((draft.start, *lasts))
    for task in draft.tasks.values():
        if task.facts is NO_FACTS:
            continue
        for key, day in (
            ("started", task.facts.started),
            ("done", task.facts.done),
            ("cancelled", task.facts.cancelled),
        ):
            if day is None or first - day <= FACT_LEEWAY >= day - last:
                continue
            if day < first:
                message = msg(
                    "“{key}” of “{task}” is {day}, more than a year before the plan starts on {start}",
                    key=key,
                    task=task.id,
                    day=day,
                    start=first,
                )
            else:
                message = msg(
                    "“{key}” of “{task}” is {day}, more than a year after the last day that the plan names, {last}",
                    key=key,
                    task=task.id,
                    day=day,
                    last=last,
                )
            yield Finding(
                code="CDS213",
                severity=Severity.WARNING,
                message=message,
                hint=msg("is the year right?"),
                at=("tasks", task.id, key),
            )


def within_calendar(draft: Draft) -> Iterator[Finding]:
    """Deadlines lie within the years whose days off are known; beyond them only weekends count (said once)."""
    for task in draft.tasks.values():
        due = task.due
        if isinstance(due, Reading) and due.last is not None and not draft.workdays.covers(due.last.toordinal()):
            yield Finding(
                code="CDS210",
                severity=Severity.WARNING,
                message=msg(
                    "public holidays are not known for {year}: only weekends count as days off", year=due.last.year
                ),
                hint=msg("list the days off yourself under [calendar] closed"),
                at=("tasks", task.id, "due"),
            )
            return


ERRORS = (no_cycle, once_named)
WARNINGS = (due_after_predecessors, said_when_rolled, due_after_start, facts_in_their_year, within_calendar)


def waits_for(tasks: Mapping[str, Task]) -> Predecessors:
    """Give the positions of each task's predecessors, in the order of its links."""
    position = dict(zip(tasks, range(len(tasks)), strict=True))
    links = [task.links for task in tasks.values()]
    return Predecessors([position[link.predecessor] for each in links for link in each], links)


def draft_of(plan: Plan) -> Draft:
    """Take a valid plan for a draft again, to look at it by rules."""
    return Draft(
        tasks=plan.tasks,
        recurring=plan.recurring,
        waits_for=plan.waits_for,
        order=plan.order,
        start=plan.start,
        workdays=plan.workdays,
        source=plan.source,
    )


def warnings(plan: Plan) -> list[Finding]:
    """Say what people should know of a valid plan, rule by rule, in declared order; `placed` finds the lines."""
    draft = draft_of(plan)
    return [finding for rule in WARNINGS for finding in rule(draft)]


def placed(finding: Finding, source: Source) -> Problem:
    """Turn a path of the plan's tree into a place of its file."""
    return Problem(
        code=finding.code,
        message=finding.message,
        hint=finding.hint,
        place=source.place(finding.at, key=finding.key, part=finding.part),
        severity=finding.severity,
    )


def in_file_order(problems: Iterable[Problem]) -> list[Problem]:
    """Sort problems as they stand in the file."""
    return sorted(problems, key=lambda problem: (problem.place.line, problem.place.column) if problem.place else (0, 0))
