"""What new entries of a journal change, in words: how an item stood before, and how it stands now."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from cdsplan import wording
from cdsplan.journal.model import Kind
from cdsplan.journal.order import done_before_start
from cdsplan.journal.replay import STEPS, done_on, in_turn, record, told, turn
from cdsplan.journal.undoing import undone_in_the_end
from cdsplan.messages import Clauses, Message, Sentence, msg, nmsg
from cdsplan.plan.deadlines import baseline
from cdsplan.plan.model import Counted
from cdsplan.progress import NOTHING_KNOWN, Phase, Record
from cdsplan.status import Timeliness, timeliness_of
from cdsplan.succession import takeover

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence
    from datetime import date

    from cdsplan.i18n import Language
    from cdsplan.journal.model import Entry, Journal
    from cdsplan.plan.model import Plan, Reading
    from cdsplan.progress import Progress

MOST_NAMED = 3
"""Agencies that are named one by one."""

UNKNOWN = Record(NOTHING_KNOWN)


class ItemChange(NamedTuple):
    """One item before and after entries were added: `entries` are those about it; for a `void` what it has `undone`.

    `lost`: the plan no longer has what they name, so they count nowhere and change nothing. `counted` are all entries
    of the item that count now, in the order in which they take effect. `baseline` is the plan's own deadline, as far as
    it can be told now.
    """

    plan: Plan
    item: str
    entries: tuple[Entry, ...]
    before: Record
    after: Record
    today: date
    undone: bool = False
    lost: bool = False
    counted: Sequence[Entry] = ()
    baseline: Reading | None = None


def changes(plan: Plan, before: Journal, after: Journal, added: Sequence[Entry], today: date) -> Iterator[ItemChange]:
    """Give what the added entries change as of today, item by item."""
    voids = any(entry.kind is Kind.VOID for entry in added)
    undoing = undone_in_the_end(after.entries) if voids else {}
    by_item: dict[str, list[Entry]] = {}
    for entry in added:
        about = undoing.get(entry.id, entry)
        if about.id in after.vanished:
            yield ItemChange(plan, about.item, (about,), UNKNOWN, UNKNOWN, today, lost=True)
        else:
            by_item.setdefault(about.item, []).append(about)
    tasks = plan.all_tasks
    about_tasks = {entry.task for mine in by_item.values() for entry in mine}
    about_tasks |= {due.task for task in about_tasks if isinstance(due := tasks[task].due, Counted)}
    was = told(before, today, about_tasks)
    if voids:
        is_ = told(after, today, about_tasks)
    else:
        is_ = was | {item: in_turn(was.get(item, ()), mine) for item, mine in by_item.items()}
    done = done_on(plan, is_, today)
    for item, mine in by_item.items():
        task = tasks[item.partition("@")[0]]
        known = [record(task, counted.get(item, ()), today) for counted in (was, is_)]
        undone, counted = mine[0].id in after.undone, is_.get(item, ())
        yield ItemChange(
            plan, item, tuple(mine), known[0], known[1], today, undone=undone, counted=counted,
            baseline=baseline(plan, task, mine[0].occurrence, done),
        )  # fmt: skip


def effect(change: ItemChange, language: Language) -> Message:
    """Say a change in a line: old → new, and the reading of a new deadline; agencies by their names in a language."""
    kind, item = change.entries[0].kind, change.item
    if change.lost:
        return msg("{item}: nothing changes: the plan no longer has what the entry names", item=item)
    if kind is Kind.NOTE and change.undone:
        return msg("{item}: the note was taken back", item=item)
    if kind is Kind.NOTE:
        return msg("{item}: the note is in the journal", item=item)
    if kind is Kind.EXTENDED:
        return _moved(change, language)
    if not change.after.members:
        before, after = (_standing(change, record.progress, None) for record in (change.before, change.after))
        return msg("{item}: {before} → {after}", item=item, before=before, after=after)
    return msg(
        "{item}: {before} → {after} ({who})",
        item=item, before=_received(change.before), after=_received(change.after), who=_who(change, language),
    )  # fmt: skip


def _moved(change: ItemChange, language: Language) -> Message:
    agency = change.entries[0].agency
    member = agency if agency in change.after.members else None
    before, after = (record.due(change.baseline, change.today, member) for record in (change.before, change.after))
    item: Message | str = change.item
    if member is not None:
        item = msg("{item} ({who})", item=change.item, who=_names(change, language))
    task = change.plan.all_tasks[change.entries[0].task]
    days = {"before": wording.last_day_of(task, before), "after": wording.last_day_of(task, after)}
    if after is None:
        return msg("{item}: deadline {before} → {after}", item=item, **days)
    return msg("{item}: deadline {before} → {after} – {reading}", item=item, reading=wording.read_as(after), **days)


def doubts(change: ItemChange, language: Language) -> Iterator[Message]:
    """Say what of a change is rarely meant, in a line each: days too early, odd deadlines, what changes nothing.

    It may be right all the same (deadlines are shortened, too), so nothing is refused.
    """
    if change.entries[0].kind is Kind.NOTE or change.undone or change.lost:
        return
    start = change.plan.start
    if early := [entry.on for entry in change.entries if entry.on < start]:
        yield nmsg(
            "the day reported, {day}, is before the plan starts on {start} (is it the right year?)",
            "{n} of the days reported, the first of them {day}, are before the plan starts on {start} (is it the right "
            "year?)",
            len(early), day=min(early), start=start,
        )  # fmt: skip
    yield from _disordered(change, language)
    counting: list[Entry] = []
    outweighed: dict[tuple[date, Kind, date], list[Entry]] = {}
    for entry, later in _outweighed(change):
        if later is None:
            counting.append(entry)
        else:
            outweighed.setdefault((entry.on, later.kind, later.on), []).append(entry)
    for (day, kind, newer), entries in outweighed.items():
        nothing = msg(
            "what is reported of {day} changes nothing, as a later report counts: {what}, {newer}",
            day=day, what=HAPPENED[kind], newer=newer,
        )  # fmt: skip
        yield _of_members(change, entries, nothing, language)
    if counting and counting[0].due is not None:
        yield from _odd_deadline(change, counting, counting[0].due.last, language)


def _disordered(change: ItemChange, language: Language) -> Iterator[Message]:
    """Say which of the entries tell that something was done before it was started."""
    found: dict[str, Message] = {}
    if any(entry.kind is Kind.DONE for entry in change.entries):
        for delivery, words in done_before_start(change.plan.all_tasks[change.entries[0].task], change.counted):
            found.setdefault(delivery.id, words)
    alike: dict[str, list[Entry]] = {}
    for entry in change.entries:
        if entry.id in found:
            alike.setdefault(str(found[entry.id]), []).append(entry)
    for entries in alike.values():
        yield _of_members(change, entries, found[entries[0].id], language)


HAPPENED = {
    Kind.STARTED: msg("started"),
    Kind.PROGRESS: msg("in progress"),
    Kind.DONE: msg("done"),
    Kind.REOPENED: msg("reopened"),
    Kind.CANCELLED: msg("cancelled"),
    Kind.EXTENDED: msg("deadline moved"),
}


def _outweighed(change: ItemChange) -> Iterator[tuple[Entry, Entry | None]]:
    """Give each entry with the later one on account of which it changes nothing; None: it does, or only repeats."""
    members = change.after.members
    mine: dict[str | None, list[Entry]] = {}  # of a member, and of all
    for entry in change.counted:
        mine.setdefault(entry.agency if entry.agency in members else None, []).append(entry)
    whole = change.before._replace(extensions=()) == change.after._replace(extensions=())
    dues = _dues(change, change.after)
    bearing: dict[tuple[str | None, Container[Kind]], list[Entry]] = {}  # of these those of some kinds
    for entry in change.entries:
        agency = entry.agency if entry.agency in members else None
        if entry.kind is Kind.EXTENDED:
            same = dues[agency] is not entry.due
        else:
            same = whole if agency is None else change.before.members.get(agency) == members[agency]
        later: list[Entry] = []
        for whom in {None, agency} if same else ():
            kinds = {Kind.EXTENDED: MOVING, Kind.REOPENED: CLOSING}.get(entry.kind, ANY_STEP)
            if (whom, kinds) not in bearing:
                bearing[whom, kinds] = [other for other in mine.get(whom, ()) if other.kind in kinds]
            others = bearing[whom, kinds]
            at = bisect_right(others, entry.turn, key=turn)
            later += others[at : at + 1]
        yield entry, min(later, key=turn, default=None)


def _dues(change: ItemChange, record: Record) -> dict[str | None, Reading | None]:
    """Give the deadlines in force, by the record before or after, for those whom the entries are about."""
    whom = (entry.agency if entry.agency in change.after.members else None for entry in change.entries)
    return record.dues(change.baseline, dict.fromkeys(whom, change.today))


MOVING, CLOSING = frozenset({Kind.EXTENDED}), frozenset({Kind.DONE, Kind.CANCELLED})
ANY_STEP = frozenset(STEPS)


def _odd_deadline(
    change: ItemChange, entries: Sequence[Entry], last: date | None, language: Language
) -> Iterator[Message]:
    """Say what is odd about a new deadline; all entries have the same one."""
    start, decided = change.plan.start, min(entry.on for entry in entries)
    if last is None:
        return
    if last < start:
        yield msg(
            "the new deadline, {day}, is before the plan starts on {start} (is it the right year?)",
            day=last, start=start,
        )  # fmt: skip
        return
    if last < decided:
        yield msg("the new deadline, {day}, is before the day of the decision, {decided}", day=last, decided=decided)
    earlier: dict[date, list[Entry]] = {}
    dues = _dues(change, change.before)
    for entry in entries:
        before = dues[entry.agency if entry.agency in change.after.members else None]
        if before is not None and before.last is not None and last <= before.last:
            earlier.setdefault(before.last, []).append(entry)
    for day, sooner in earlier.items():
        if day == last:
            doubt = msg("the deadline is {day} as before", day=day)
        else:
            doubt = nmsg(
                "the new deadline, {day}, is {n} day earlier than the one before it, {before}",
                "the new deadline, {day}, is {n} days earlier than the one before it, {before}",
                (day - last).days, day=last, before=day,
            )  # fmt: skip
        yield _of_members(change, sooner, doubt, language)


def _of_members(change: ItemChange, entries: Sequence[Entry], doubt: Message, language: Language) -> Message:
    """Name the members whom a doubt is about, if entries are about some."""
    if not any(entry.agency in change.after.members for entry in entries):
        return doubt
    return msg("{doubt} ({who})", doubt=doubt, who=_names(change._replace(entries=tuple(entries)), language))


def _received(record: Record) -> Message | str:
    states = record.members.values()
    if record.progress.phase is Phase.CANCELLED:
        return msg("cancelled")
    expected = sum(state.phase is not Phase.CANCELLED for state in states)
    return f"{sum(state.phase is Phase.DONE for state in states)}/{expected}"


def _who(change: ItemChange, language: Language) -> Message:
    """Name whom the entries are about, with how each stands now; many are counted."""
    agencies = dict.fromkeys(entry.agency for entry in change.entries if entry.agency is not None)
    if not agencies:
        return nmsg("{n} agency", "{n} agencies", len(change.after.members))
    if len(agencies) > MOST_NAMED:
        return nmsg("{n} agency", "{n} agencies", len(agencies))
    states = change.after.members
    said = (
        Sentence((_name(change, agency, language), _standing(change, states[agency], agency))) for agency in agencies
    )
    return msg("{parts}", parts=Clauses(said))


def _names(change: ItemChange, language: Language) -> Message:
    agencies = [entry.agency for entry in change.entries if entry.agency is not None]
    if len(agencies) > MOST_NAMED:
        return nmsg("{n} agency", "{n} agencies", len(agencies))
    return msg("{parts}", parts=tuple(_name(change, agency, language) for agency in agencies))


def _name(change: ItemChange, agency: str, language: Language) -> str:
    """Name who answers for a part: of one that is delivered whoever did on that day."""
    state = change.after.members.get(agency)
    taken = takeover(change.plan.agencies, agency, (state and state.done) or change.today)
    return wording.answering(agency, taken, language, change.plan)


def _standing(change: ItemChange, state: Progress, agency: str | None) -> Message:
    """Say how a task, or one member of a fan-out, stands."""
    match state.phase:
        case Phase.DONE if state.done is not None:
            due = change.after.due(change.baseline, state.done, agency)
            kind, days = timeliness_of(state.phase, due, state.done, change.today, 0)
            if kind is Timeliness.DONE_LATE:
                return nmsg("done on {day}, {n} day late", "done on {day}, {n} days late", days or 0, day=state.done)
            if kind is Timeliness.DONE_ON_TIME:
                return msg("done on {day}, on time", day=state.done)
            return msg("done on {day}", day=state.done)
        case Phase.IN_PROGRESS if state.percent is not None:
            return msg("in progress, {percent}%", percent=state.percent)
        case Phase.IN_PROGRESS if state.started is not None:
            return msg("in progress since {day}", day=state.started)
        case _:
            return wording.phase(state.phase)
