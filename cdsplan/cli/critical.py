"""`cdsplan critical`: the chains of tasks that decide when the plan, or a task, is finished."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cdsplan import wording
from cdsplan.cli.basis import basis_option, keep_links, with_notes
from cdsplan.cli.because import because
from cdsplan.cli.clock import Parameter
from cdsplan.cli.frame import Run, option, plan_command
from cdsplan.cli.names import TaskName
from cdsplan.cli.words import say as say_now
from cdsplan.listing import Column, Listing
from cdsplan.messages import msg, nmsg
from cdsplan.plan.model import FROM_FINISH, Basis, LinkType
from cdsplan.schedule.drag import drag
from cdsplan.schedule.paths import MOST_PATHS, driving_paths, near_critical
from cdsplan.schedule.reasons import Cause, reason

if TYPE_CHECKING:
    from cdsplan.i18n import Language
    from cdsplan.plan.model import Link
    from cdsplan.schedule import Schedule
    from cdsplan.schedule.paths import DrivingPaths


class WorkingDays(Parameter):
    """A number of working days, as planners write it: 5 or 5d."""

    name = "days"

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read it."""
        if isinstance(value, int):
            return value
        digits = value.removesuffix("d")
        if not (digits.isdecimal() and digits.isascii() and len(digits) <= 4):  # noqa: PLR2004 - to 9999
            self.fail(say_now(msg("“{value}” is no number of working days; write 5 or 5d", value=value)), param, ctx)
        return int(digits)


@plan_command(
    "critical",
    msg(
        "Show the chain of tasks that decides when the plan is finished (or one task, with --to), link by link. Where "
        "several chains tie, each is shown, and how many there are."
    ),
)
@option("--to", "target", type=TaskName(), metavar="TASK", help=msg("The chain to this task, instead of to the end."))
@option(
    "--paths",
    "limit",
    type=click.IntRange(1, 1000),
    metavar="N",
    default=3,
    show_default=True,
    help=msg("Show at most so many chains."),
)
@option(
    "--near",
    type=WorkingDays(),
    metavar="DAYS",
    help=msg("List also the tasks off the chains that have no more total float than so many working days (5 or 5d)."),
)
@option("--forecast", "expected", is_flag=True, help=msg("By what is known as of the day, instead of as planned."))
@basis_option
def command(run: Run, *, target: str | None, limit: int, near: int | None, expected: bool, basis: str) -> None:
    """Schedule, follow the driving links back, list."""
    notes = keep_links(run, Basis(basis))
    schedules = run.forecasts if expected else run.schedules
    position: int | None = None
    if target is not None:
        plan, task = run.find_task(target)
        schedules = tuple(schedule for schedule in schedules if schedule.plan is plan)
        position = schedules[0].position[task.id]
    found = [(schedule, driving_paths(schedule, position, limit=limit)) for schedule in schedules]
    if run.format == "json":
        from cdsplan.views.data.schedules import paths_document  # noqa: PLC0415 - each format loads its own view

        run.emit(
            paths_document(found, None if position is None else schedules[0].tasks[position].id, Basis(basis), near)
        )
    elif run.format == "csv":
        from cdsplan.views.sheet import paths_sheet  # noqa: PLC0415

        run.emit(paths_sheet(found))
    else:
        listings = [
            with_notes(listing(schedule, paths, run.language), notes[schedule.plan.id]) for schedule, paths in found
        ]
        if near is not None:
            listings += (near_listing(schedule, paths, near, run.language) for schedule, paths in found)
        run.emit_listings(*listings)


def listing(schedule: Schedule, paths: DrivingPaths, say: Language) -> Listing:
    """List the chains one after the other, each task with the link that leads to it."""
    if not schedule.tasks:
        return Listing(titles=(say(wording.no_network(schedule.plan)),), columns=(), rows=())
    rows: list[tuple[str, ...]] = []
    dragged = drag(schedule, sorted(paths.members)) if paths.to_the_end else {}
    to_the_end = paths.to_the_end
    for at, chain in enumerate(paths.chains):
        before: int | None = None
        common = frozenset(paths.chains[0]) if at else frozenset[int]()
        for j in chain:
            if j in common:
                if before not in common:
                    number = str(at + 1) if before is None else ""
                    rejoins = _link(schedule, before, j, say)
                    rows.append((number, say(msg("… as in chain 1")), "", rejoins, *[""] * (6 if to_the_end else 5)))
                before = j
                continue
            task = schedule.tasks[j]
            slip = schedule.deadline_float(j)
            rows.append(
                (
                    str(at + 1) if before is None else "",
                    task.id,
                    wording.short_title(task, say, schedule.plan),
                    _link(schedule, before, j, say),
                    f"{'~' if task.estimated else ''}{task.duration}",
                    say.date(schedule.early_start(j)),
                    say.date(schedule.early_finish(j)),
                    _number(schedule.total_float(j)),
                    *((_number(dragged.get(j)),) if to_the_end else ()),
                    _number(slip),
                )
            )
            before = j
    ends = tuple(schedule.tasks[j].id for j in paths.targets)
    finish = max((schedule.early_finish(j) for j in paths.targets), default=schedule.plan.start)
    estimated = any(schedule.tasks[j].estimated for j in paths.members)
    title = say(
        nmsg(
            "To {ends}: finishes on {finish}, after {n} working day",
            "To {ends}: finishes on {finish}, after {n} working days",
            paths.length,
            ends=ends,
            finish=finish,
        )
    )
    drag_note = say(msg("Drag: working days by which the end comes earlier when the task takes no time."))
    return Listing(
        titles=(
            wording.plan_title(schedule.plan, say),
            *_known(schedule, say),
            title,
            *_begins(schedule, paths, say),
            *_tie(schedule, paths, say),
        ),
        columns=(
            Column(heading="#"),
            Column(heading=say(msg("Task"))),
            Column(heading=say(msg("Title")), wraps=True, wide=110),
            Column(heading=say(msg("Link")), wraps=True),
            Column(heading=say(msg("Length")), number=True),
            Column(heading=say(msg("Start"))),
            Column(heading=say(msg("Finish"))),
            Column(heading=say(msg("Total float")), number=True, wide=130),
            *((Column(heading=say(msg("Drag")), number=True, wide=100, note=drag_note),) if to_the_end else ()),
            Column(
                heading=say(msg("To deadline")),
                number=True,
                note=say(msg("To deadline: working days to spare before a deadline breaks.")),
            ),
        ),
        rows=tuple(rows),
        notes=(*((say(msg("~ marks an estimated duration.")),) if estimated else ()),),
    )


def near_listing(schedule: Schedule, paths: DrivingPaths, near: int, say: Language) -> Listing:
    """List the tasks off the chains that have little float, the tightest first."""
    close = near_critical(schedule, paths, near)
    return Listing(
        titles=(
            wording.plan_title(schedule.plan, say),
            say(
                nmsg(
                    "Near-critical: total float of {n} working day at most",
                    "Near-critical: total float of {n} working days at most",
                    near,
                )
            ),
        ),
        columns=(
            Column(heading=say(msg("Task"))),
            Column(heading=say(msg("Title")), wraps=True, wide=110),
            Column(heading=say(msg("Start"))),
            Column(heading=say(msg("Finish"))),
            Column(heading=say(msg("Total float")), number=True),
        ),
        rows=tuple(
            (
                schedule.tasks[j].id,
                wording.short_title(schedule.tasks[j], say, schedule.plan),
                say.date(schedule.early_start(j)),
                say.date(schedule.early_finish(j)),
                _number(days),
            )
            for j, days in close.items()
        ),
        notes=() if close else (say(msg("No task off the chains has so little.")),),
    )


def _number(days: int | None) -> str:
    return "–" if days is None else str(days)


def _known(schedule: Schedule, say: Language) -> tuple[str, ...]:
    """Say that facts count, and up to which day."""
    return () if schedule.as_of is None else (say(msg("By what is known on {day}:", day=schedule.as_of)),)


def _begins(schedule: Schedule, paths: DrivingPaths, say: Language) -> tuple[str, ...]:
    """Say what holds the first task of the first chain, unless it is the start of the plan."""
    first, *rest = paths.chains[0]
    leaves = {link.type for link in _driving_links(schedule, first, rest[0])} if rest else FROM_FINISH
    step = reason(schedule, first, LinkType.FS if leaves & FROM_FINISH else LinkType.SS)
    if step.cause is Cause.PLAN_START:
        return ()
    task = schedule.tasks[first].id
    words = msg("The chain begins with “{task}”: {because}.", task=task, because=because(schedule, step))
    return (say(words),)


def _link(schedule: Schedule, before: int | None, j: int, say: Language) -> str:
    """Write the links that drive j from the task before it, with their basis unless that is firm."""
    if before is None:
        return ""
    return ", ".join(
        wording.link(link) if link.basis is Basis.STATED else f"{wording.link(link)} ({say(wording.basis(link.basis))})"
        for link in _driving_links(schedule, before, j)
    )


def _driving_links(schedule: Schedule, i: int, j: int) -> list[Link]:
    links = (schedule.tasks[j].links[at] for at in schedule.driving(j))
    return [link for link in links if schedule.position[link.predecessor] == i]


MOST_COMPARED = 1000
"""Chains looked at to tell where they part."""

MOST_NAMED = 10
"""Tasks named in which they part."""


def _tie(schedule: Schedule, paths: DrivingPaths, say: Language) -> tuple[str, ...]:
    """Say that chains tie, how many there are, and in which tasks they differ."""
    if paths.number == 1:
        return ()
    shown = len(paths.chains)
    target = None if len(paths.targets) > 1 else paths.targets[0]
    every = driving_paths(schedule, target, limit=MOST_COMPARED).chains
    common = frozenset.intersection(*map(frozenset, every))
    apart = tuple(schedule.tasks[j].id for j in sorted(paths.members - common))
    named = (*apart[:MOST_NAMED], *(("…",) if len(apart) > MOST_NAMED else ()))
    count = f"≥ {paths.number}" if paths.number >= MOST_PATHS else str(paths.number)
    return (
        say(msg("{count} chains tie; they part in: {tasks}", count=count, tasks=named)),
        *((say(nmsg("the first is shown", "the first {n} are shown", shown)),) if shown < paths.number else ()),
    )
