"""A difference laid out for people: listings in words, which every view that people read shares.

Signs: ✗ a milestone that is gone, → a deadline that moved silently, » one that a decision moved, + what came, − what
went, = a new name, * anything else.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cdsplan import wording
from cdsplan.difference import FailOn, Move
from cdsplan.listing import Column, Listing, Tone
from cdsplan.messages import Clauses, Message, msg, nmsg
from cdsplan.plan.model import Basis, Counted
from cdsplan.progress import Phase
from cdsplan.wording import Move as Decision

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cdsplan.difference import (
        Difference,
        Failure,
        Length,
        Milestone,
        Outlook,
        PathChange,
        Reported,
        Roles,
        Setting,
        TaskChange,
        Value,
    )
    from cdsplan.i18n import Language
    from cdsplan.plan.model import Facts, Link, Plan, Reading, Waiver
    from cdsplan.status import Item

    Words = Message | str
    Row = tuple[str, str, Words, Words, Words, Words]  # sign, task, what, before, after, days

GONE, MOVED, DECIDED, CAME, WENT, NAMED, OTHER = "✗", "→", "»", "+", "−", "=", "*"
TONES = {GONE: Tone.BAD, MOVED: Tone.CHANGED, CAME: Tone.GOOD, WENT: Tone.BAD}
ORDER = (GONE, MOVED, DECIDED, WENT, CAME, NAMED, OTHER)
NOTHING = "–"

NOTHING_DIFFERENT = msg("No deadline, milestone, task, role, length, link or setting is different.")

MOST_NAMED = 6
"""Agencies, or tasks of a path, that are named."""


def listings(made: Difference, as_of: date, names: tuple[str, str], say: Language) -> Iterator[Listing]:
    """Lay out the difference of one plan: what changed, then what that moves. `names` are those of both versions."""
    plan = (made.after or made.before).plan  # type: ignore[union-attr] # one of them exists
    titles = (
        wording.plan_title(plan, say),
        say(msg("{old} → {new}, as of {day}", old=names[0], new=names[1], day=as_of)),
    )
    if made.path is None:
        yield Listing(titles=titles, columns=(), rows=(), notes=(say(_existence(made)),))
        return
    if made.same:
        yield Listing(
            titles=titles,
            columns=(),
            rows=(),
            notes=(say(NOTHING_DIFFERENT),),
        )
        return
    rows = sorted(_rows(made, say), key=lambda row: ORDER.index(row[0]))
    yield (
        _changed(titles, rows, say)
        if rows
        else Listing(titles=titles, columns=(), rows=(), notes=(say(NOTHING_DIFFERENT),))
    )
    reported = [change for change in made.changed if change.reported is not None]
    if reported:
        yield _reported(reported, say)
    as_planned = msg("The critical path, as planned")
    if made.path.exists:
        yield _path(as_planned, made.path, say)
    else:
        yield Listing(titles=(say(as_planned),), columns=(), rows=(), notes=(say(wording.no_network(plan)),))
    if made.expected_path is not None and not made.expected_path.same and made.expected_path != made.path:
        yield _path(msg("The critical path, by the forecast"), made.expected_path, say)
    yield _milestones(made, say)


def _changed(titles: tuple[str, ...], rows: Sequence[Row], say: Language) -> Listing:
    """Show the changes of the plan, and the deadlines that decisions moved."""
    signs = {row[0] for row in rows}
    notes = [msg("◆ a milestone. Days: calendar days, later above zero.")]
    if MOVED in signs:
        notes.append(msg("→ moved silently, in the plan file: nothing says which document allows it."))
    if DECIDED in signs:
        notes.append(msg("» moved by a decision that is in the journal."))
    return Listing(
        titles=titles,
        columns=(
            Column(heading=""),
            Column(heading=say(msg("Task"))),
            Column(heading=say(msg("What"))),
            Column(heading=say(msg("Before")), wraps=True),
            Column(heading=say(msg("After")), wraps=True),
            Column(heading=say(msg("Days")), number=True),
        ),
        rows=tuple(tuple(_said(cell, say) for cell in row) for row in rows),
        tones=tuple(TONES.get(row[0]) for row in rows),
        notes=tuple(map(say, notes)),
    )


def _reported(changes: Sequence[TaskChange], say: Language) -> Listing:
    """Show how tasks stood and stand now by what was reported."""
    return Listing(
        titles=(say(msg("Reported in the journal")),),
        columns=(
            Column(heading=say(msg("Task"))),
            Column(heading=say(msg("Before")), wraps=True),
            Column(heading=say(msg("After")), wraps=True),
        ),
        rows=tuple(
            (_name(change.after, change.name), *(_said(_standing(each), say) for each in change.reported or ()))
            for change in changes
        ),
    )


def _standing(standing: Reported) -> Words:
    """Say in short how a task stands."""
    match standing.phase:
        case Phase.CANCELLED if standing.cancelled is not None:
            return msg("cancelled on {day}", day=standing.cancelled)
        case _ if standing.expected is not None:
            return f"{standing.delivered}/{standing.expected}"
        case Phase.DONE if standing.done is not None:
            return msg("done on {day}", day=standing.done)
        case Phase.IN_PROGRESS if standing.percent is not None:
            return msg("in progress, {percent}%", percent=standing.percent)
        case Phase.IN_PROGRESS if standing.started is not None:
            return msg("in progress since {day}", day=standing.started)
        case _:
            return wording.phase(standing.phase)


def conclusion(failures: Sequence[Failure], say: Language, *, asked: bool) -> Iterator[Listing]:
    """Say what the comparison fails on, where it was asked to."""
    if not asked:
        return
    notes: list[Message] = []
    for on in FailOn:
        tasks = tuple(failure.task for failure in failures if failure.on is on)
        if not tasks:
            continue
        if on is FailOn.MOVED:
            said = nmsg(
                "{n} milestone was moved silently: {tasks}",
                "{n} milestones were moved silently: {tasks}",
                len(tasks),
                tasks=tasks,
            )
        else:
            said = nmsg(
                "{n} milestone was removed: {tasks}", "{n} milestones were removed: {tasks}", len(tasks), tasks=tasks
            )
        notes.append(said)
    notes.append(msg("Failed.") if failures else msg("Passed."))
    yield Listing(titles=(), columns=(), rows=(), notes=tuple(map(say, notes)))


def _said(words: Words, say: Language) -> str:
    """Say a message; what a plan's author wrote stays as it stands."""
    return words if isinstance(words, str) else say(words)


def _existence(made: Difference) -> Message:
    """Say that there is one version only."""
    items = made.added or made.removed
    tasks = nmsg("{n} task", "{n} tasks", len(items))
    milestones = nmsg("{n} milestone", "{n} milestones", sum(item.task.milestone for item in items))
    if made.before is None:
        return msg("The plan is new: {tasks}, {milestones}.", tasks=tasks, milestones=milestones)
    return msg("The plan is gone: {tasks}, {milestones}.", tasks=tasks, milestones=milestones)


def _rows(made: Difference, say: Language) -> Iterator[Row]:
    """Say every change in its own row."""
    whole = say(msg("the plan"))
    for setting in made.settings:
        yield OTHER, whole, key(setting.key), _value(setting.before), _value(setting.after), ""
    for waiver in made.waivers.removed:
        yield WENT, whole, msg("waiver removed"), _waiver(waiver), NOTHING, ""
    for waiver in made.waivers.added:
        yield CAME, whole, msg("waiver added"), NOTHING, _waiver(waiver), ""
    for item in made.removed:
        sign, what = (GONE, msg("milestone removed")) if item.task.milestone else (WENT, msg("task removed"))
        yield sign, _name(item), what, _deadline(item.task.due), NOTHING, ""
    for item in made.added:
        what = msg("milestone added") if item.task.milestone else msg("task added")
        yield CAME, _name(item), what, NOTHING, _deadline(item.task.due), ""
    for change in made.changed:
        yield from _changes(change, say)


def _waiver(waiver: Waiver) -> Message:
    """Say what is forgiven, until when, and why."""
    of = tuple(each for each in (waiver.rule, waiver.item, waiver.agency) if each is not None)
    if waiver.document is None:
        return msg("{of} until {day}: {reason}", of=of, day=waiver.until, reason=waiver.reason)
    return msg(
        "{of} until {day}: {reason} ({document})",
        of=of,
        day=waiver.until,
        reason=waiver.reason,
        document=waiver.document,
    )


def _changes(change: TaskChange, say: Language) -> Iterator[Row]:
    """Say everything that changed with one task."""
    name, old, new = _name(change.after, change.name), change.before, change.after
    if change.renamed:
        yield NAMED, name, msg("renamed"), old.task.id, new.task.id, ""
    if change.demoted:
        yield GONE, name, msg("milestone no more"), wording.MILESTONE, NOTHING, ""
    elif change.promoted:
        yield CAME, name, msg("milestone now"), NOTHING, wording.MILESTONE, ""
    yield from _deadlines(name, change, say)
    for roles in change.roles:
        yield _roles(name, change, roles, say)
    if change.length is not None:
        yield OTHER, name, msg("length"), *_lengths(change.length), ""
    if change.links is not None:
        yield from _links(name, change.links.removed, change.links.added)
    for setting in change.settings:
        if setting.key != "milestone":
            yield _setting(name, setting, (old.plan, new.plan), say)
    if change.facts is not None:
        yield OTHER, name, msg("what happened"), _facts(change.facts[0], say), _facts(change.facts[1], say), ""


def _deadlines(name: str, change: TaskChange, say: Language) -> Iterator[Row]:
    """Say how the plan file moved the deadline, and what was decided besides."""
    allowing = None
    if change.move is not None:
        allowing = change.move.extension
        yield _move(name, change, change.move, say)
    for decision in change.decided:
        if decision.extension is not allowing:
            yield _decision(name, decision, change.after, say)
    for decision in change.withdrawn:
        gone = _decided(decision, change.before.plan, say)
        yield WENT, name, msg("decision on the deadline withdrawn"), gone, NOTHING, ""


def _move(name: str, change: TaskChange, move: Move, say: Language) -> Row:
    old, new = change.before.task, change.after.task
    if not move.moved:
        words = wording.deadline_words
        return OTHER, name, msg("words of the deadline"), words(old), words(new), ""
    if move.extension is not None:
        decided = _decided(Decision(move.extension, None, ()), change.after.plan, say)
        return DECIDED, name, msg("deadline, also in the plan"), _deadline(old.due), decided, _days(move)
    return MOVED, name, msg("deadline"), _deadline(old.due), _deadline(new.due), _days(move)


def _days(move: Move) -> str:
    return f"{move.days:+}" if move.days else ""


def _decision(name: str, decision: Decision, item: Item, say: Language) -> Row:
    """Say a deadline that is newly in force, while the plan file keeps its own."""
    days = _days(Move(decision.before, decision.extension.due))
    before = wording.last_day_of(item.task, decision.before)
    return DECIDED, name, msg("deadline in force"), before, _decided(decision, item.plan, say), days


def _decided(decision: Decision, plan: Plan, say: Language) -> Message:
    """Say what was decided, when, by which document, and for whom."""
    made = decision.extension
    by: list[Message] = [
        msg("decided on {day}, no document", day=made.on)
        if made.document is None
        else msg("{document}, decided on {day}", document=made.document, day=made.on)
    ]
    if decision.agencies:
        names = tuple(wording.agency_name(plan.agencies[agency], say, plan) for agency in decision.agencies)
        by.append(msg("only for {agencies}", agencies=wording.first_agencies(names, MOST_NAMED)))
    return msg("{words} ({details})", words=wording.last_day(made.due), details=Clauses(by))


def _roles(name: str, change: TaskChange, roles: Roles, say: Language) -> Row:
    """Name who went and who came; where only the order changed, everybody."""
    went, came = roles.removed, roles.added
    if not went and not came:
        went, came = roles.before, roles.after
    return OTHER, name, key(roles.key), _agencies(went, change.before, say), _agencies(came, change.after, say), ""


def _setting(name: str, setting: Setting, plans: tuple[Plan, Plan], say: Language) -> Row:
    if setting.key in {"recipient", "assigned-by"}:
        before, after = (
            NOTHING if value is None else wording.agency_name(plan.agencies[str(value)], say, plan)
            for plan, value in zip(plans, (setting.before, setting.after), strict=True)
        )
        return OTHER, name, key(setting.key), before, after, ""
    return OTHER, name, key(setting.key), _value(setting.before), _value(setting.after), ""


def _name(item: Item, name: str | None = None) -> str:
    name = name or item.task.id
    return f"{name} {wording.MILESTONE}" if item.task.milestone else name


def key(name: str) -> Words:
    """Name a key of the plan format; those of its settings are named as the file spells them."""
    known = {
        "title": msg("title"),
        "owner": msg("lead"),
        "members": msg("who delivers"),
        "support": msg("support"),
        "consult": msg("consulted"),
        "recipient": msg("recipient"),
        "assigned-by": msg("assigned by"),
        "not-before": msg("not before"),
        "calendar": msg("working calendar"),
        "number": msg("number"),
        "section": msg("section"),
        "deliverable": msg("deliverable"),
        "contents": msg("contents"),
        "constraints": msg("constraints"),
        "start": msg("start"),
        "timezone": msg("time zone"),
    }
    return known.get(name) or name


def _value(value: Value) -> Words:
    match value:
        case None:
            return NOTHING
        case date():
            return msg("{day}", day=value)
        case tuple():
            return "; ".join(value) or NOTHING
        case _:
            return str(value)


def _deadline(due: Reading | Counted | None) -> Words:
    """Give the last good day, or the words where they do not name one."""
    if due is None:
        return NOTHING
    if isinstance(due, Counted):
        return wording.counted(due)
    return due.words if due.last is None else msg("{day}", day=due.last)


def _agencies(agencies: tuple[str, ...], item: Item, say: Language) -> str:
    plan = item.plan
    names = tuple(wording.agency_name(plan.agencies[agency], say, plan) for agency in agencies)
    return say(msg("{names}", names=wording.first_agencies(names, MOST_NAMED))) if names else NOTHING


def _some(names: tuple[str, ...], say: Language) -> str:
    """Name the first few."""
    rest = len(names) - MOST_NAMED
    if rest > 0:
        return say(nmsg("{names} and {n} more", "{names} and {n} more", rest, names=names[:MOST_NAMED]))
    return ", ".join(names) or NOTHING


def _lengths(length: Length) -> tuple[str, str]:
    return (
        f"{'~' if length.estimated_before else ''}{length.before}",
        f"{'~' if length.estimated_after else ''}{length.after}",
    )


def _links(name: str, removed: tuple[Link, ...], added: tuple[Link, ...]) -> Iterator[Row]:
    """Say links one by one; where the link to a predecessor became another one, both stand side by side."""
    left = list(added)
    for link in removed:
        instead = next((new for new in left if new.predecessor == link.predecessor), None)
        if instead is None:
            yield OTHER, name, msg("waits no more for"), _link(link), NOTHING, ""
        else:
            left.remove(instead)
            yield OTHER, name, msg("waits for"), _link(link), _link(instead), ""
    for link in left:
        yield OTHER, name, msg("waits also for"), NOTHING, _link(link), ""


def _link(link: Link) -> Message:
    if link.basis is Basis.STATED:
        return msg("{task} {link}", task=link.predecessor, link=wording.link(link))
    return msg(
        "{task} {link} ({basis})", task=link.predecessor, link=wording.link(link), basis=wording.basis(link.basis)
    )


def _facts(facts: Facts, say: Language) -> str:
    """Say what a plan file says has happened."""
    said: list[Message] = []
    if facts.started is not None:
        said.append(msg("started on {day}", day=facts.started))
    if facts.percent is not None:
        said.append(msg("{percent}% done", percent=facts.percent))
    if facts.done is not None:
        said.append(msg("done on {day}", day=facts.done))
    if facts.done_unknown:
        said.append(msg("done"))
    if facts.cancelled is not None:
        said.append(msg("cancelled on {day}", day=facts.cancelled))
    return ", ".join(map(say, said)) or NOTHING


def _path(heading: Message, path: PathChange, say: Language) -> Listing:
    """Say what became of the chains that drive the end."""
    title = (say(heading),)
    if path.same:
        same = nmsg(
            "{n} working day to {day}, as before.",
            "{n} working days to {day}, as before.",
            path.after.length,
            day=path.after.finish,
        )
        return Listing(titles=title, columns=(), rows=(), notes=(say(same),))
    both = (path.before, path.after)
    rows: list[tuple[Words, ...]] = [
        ("", msg("length in working days"), *(str(each.length) if each.members else NOTHING for each in both)),
        ("", msg("last day"), *(msg("{day}", day=each.finish) if each.members else NOTHING for each in both)),
    ]
    if path.entering:
        rows.append((CAME, msg("newly on it"), "", _some(path.entering, say)))
    if path.leaving:
        rows.append((WENT, msg("no more on it"), _some(path.leaving, say), ""))
    return Listing(
        titles=title,
        columns=(
            Column(heading=""),
            Column(heading=""),
            Column(heading=say(msg("Before")), wraps=True),
            Column(heading=say(msg("After")), wraps=True),
        ),
        rows=tuple(tuple(_said(cell, say) for cell in row) for row in rows),
    )


def _milestones(made: Difference, say: Language) -> Listing:
    """Say what becomes of each milestone: its deadline, when it is planned and expected, what is left to spare."""
    differ = [milestone for milestone in made.milestones if milestone.before != milestone.after]
    rest = len(made.milestones) - len(differ)
    notes = [nmsg("{n} milestone stays as it is.", "{n} milestones stay as they are.", rest)] if rest else []
    title = (say(msg("Milestones")),)
    if not differ:
        if not made.milestones:
            sides = [side.items for side in (made.before, made.after) if side is not None]
            notes = [
                msg("Only work that comes again is marked as a milestone; it stands outside the network.")
                if any(item.task.milestone for items in sides for item in items)
                else msg("No task is marked as a milestone (milestone = true).")
            ]
        return Listing(titles=title, columns=(), rows=(), notes=tuple(map(say, notes)))
    notes.append(msg("To spare: working days before a deadline breaks, by the forecast."))
    return Listing(
        titles=title,
        columns=(
            Column(heading=""),
            Column(heading=say(msg("Milestone"))),
            Column(heading=say(msg("Deadline")), wraps=True),
            Column(heading=say(msg("Planned")), wraps=True),
            Column(heading=say(msg("Forecast")), wraps=True),
            Column(heading=say(msg("To spare")), wraps=True),
        ),
        rows=tuple(tuple(_said(cell, say) for cell in _outlooks(milestone)) for milestone in differ),
        tones=tuple(_tone(milestone) for milestone in differ),
        notes=tuple(map(say, notes)),
    )


def _outlooks(milestone: Milestone) -> tuple[Words, ...]:
    """Say a milestone's row: each thing once where it stayed, else as it was and as it is."""
    before, after = milestone.before, milestone.after
    sign = GONE if after is None else CAME if before is None else wording.MILESTONE
    olds, news = (None if outlook is None else _outlook(outlook) for outlook in (before, after))
    if olds is None or news is None:
        return sign, milestone.task, *(news or olds or ())
    turns = (
        new if old == new else msg("{before} → {after}", before=old, after=new)
        for old, new in zip(olds, news, strict=True)
    )
    return sign, milestone.task, *turns


def _outlook(outlook: Outlook) -> tuple[Words, ...]:
    days = (NOTHING if day is None else msg("{day}", day=day) for day in outlook[:3])
    return *days, NOTHING if outlook.slack is None else str(outlook.slack)


def _tone(milestone: Milestone) -> Tone | None:
    """Mark what is gone, and what newly breaks a deadline."""
    before, after = milestone.before, milestone.after
    if after is None or (_breaks(after) and before is not None and not _breaks(before)):
        return Tone.BAD
    return Tone.GOOD if before is None else None


def _breaks(outlook: Outlook) -> bool:
    return outlook.slack is not None and outlook.slack < 0
