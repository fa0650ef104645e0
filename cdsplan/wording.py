"""The words for what a status says: one place for every view, so that all of them say the same.

Everything here turns facts into `Message` values and computes nothing. Vietnamese wording follows the glossary in
docs/glossary.md.
"""

from __future__ import annotations

from datetime import date
from itertools import groupby, islice
from typing import TYPE_CHECKING, NamedTuple, assert_never

from cdsplan.messages import Clauses, Message, Sentence, msg, nmsg
from cdsplan.plan.deadlines import explain
from cdsplan.plan.model import (
    ESTIMATES,
    INFERRED_LINKS,
    Basis,
    Counted,
    CountUnit,
    DeadlineKind,
    DurationUnit,
    Reading,
    Rule,
)
from cdsplan.progress import InForce, Phase
from cdsplan.status import Timeliness
from cdsplan.succession import takeover
from cdsplan.summary import Attention

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from fractions import Fraction

    from cdsplan.i18n import Language
    from cdsplan.plan.model import Agency, Duration, Link, Plan, Task
    from cdsplan.progress import Extension
    from cdsplan.status import Item, Member
    from cdsplan.succession import Takeover

SYMBOLS = {
    Timeliness.OVERDUE: "✗",
    Timeliness.DUE_TODAY: "!",
    Timeliness.DUE_SOON: "»",
    Timeliness.ON_TRACK: "·",
    Timeliness.UNDETERMINED: "?",
    Timeliness.NO_DEADLINE: "–",
    Timeliness.DONE_LATE: "✓",
    Timeliness.DONE_ON_TIME: "✓",
    None: "∅",
}
"""One character beside the words, so that colour is never needed; None stands for cancelled."""

SYMBOL_AT_RISK = "~"

# Looked up once: before Python 3.12, naming a member of an enumeration costs as much as a step of a row's making.
_AT_RISK = Attention.AT_RISK

MILESTONE = "◆"


def symbol(judged: Item | Member, pressing: Attention | None) -> str:
    """Give the sign of how an item, or one delivery of it, stands; `pressing` says why it needs attention."""
    return SYMBOL_AT_RISK if pressing is _AT_RISK else SYMBOLS[judged.timeliness]


def standing(item: Item, pressing: Attention | None, judged: Item | Member | None = None) -> Message:
    """Say how an item, or the delivery of it that is judged, stands: as its sign has it."""
    return at_risk(item) if pressing is _AT_RISK else timeliness(judged or item)


def timeliness(item: Item | Member) -> Message:
    """Say how an item stands to its deadline."""
    days = abs(item.days or 0)
    match item.timeliness:
        case Timeliness.OVERDUE:
            return nmsg("overdue {n} day", "overdue {n} days", days)
        case Timeliness.DUE_TODAY:
            return msg("due today")
        case Timeliness.DUE_SOON:
            return nmsg("due soon, {n} day left", "due soon, {n} days left", days)
        case Timeliness.ON_TRACK:
            return nmsg("on track, {n} day left", "on track, {n} days left", days)
        case Timeliness.UNDETERMINED:
            return msg("undetermined")
        case Timeliness.NO_DEADLINE:
            return msg("done") if item.phase is Phase.DONE else _without_deadline(item.due)
        case Timeliness.DONE_LATE:
            return nmsg("done {n} day late", "done {n} days late", days)
        case Timeliness.DONE_ON_TIME:
            return msg("done on time")
        case None:
            return msg("cancelled")
        case _:
            assert_never(item.timeliness)


def _without_deadline(due: Reading | None) -> Message:
    if due is not None and due.kind is DeadlineKind.ONGOING:
        return msg("ongoing")
    return msg("no deadline")


def timeliness_kind(kind: str) -> Message:
    """Name a kind of timeliness, without its days, as a heading of counts."""
    return {
        "overdue": msg("overdue"),
        "due-today": msg("due today"),
        "due-soon": msg("due soon"),
        "on-track": msg("on track"),
        "undetermined": msg("undetermined"),
        "no-deadline": msg("no deadline"),
        "done-late": msg("done late"),
        "done-on-time": msg("done on time"),
        "cancelled": msg("cancelled"),
    }[kind]


def attention(kind: Attention) -> Message:
    """Head a list of items that need attention."""
    match kind:
        case Attention.OVERDUE:
            return msg("Overdue")
        case Attention.DUE_TODAY:
            return msg("Due today")
        case Attention.DUE_SOON:
            return msg("Due soon")
        case Attention.AT_RISK:
            return msg("At risk")
        case _:
            assert_never(kind)


def phase(value: Phase) -> Message:
    """Name how far the work is."""
    match value:
        case Phase.NOT_STARTED:
            return msg("not started")
        case Phase.IN_PROGRESS:
            return msg("in progress")
        case Phase.DONE:
            return msg("done")
        case Phase.CANCELLED:
            return msg("cancelled")
        case _:
            assert_never(value)


def basis(value: Basis) -> Message:
    """Name how firmly the source orders two tasks."""
    match value:
        case Basis.STATED:
            return msg("stated")
        case Basis.IMPLIED:
            return msg("implied")
        case Basis.INFERRED:
            return msg("inferred")
        case _:
            assert_never(value)


def at_risk(item: Item) -> Message:
    """Say by how much an item will probably miss its deadline, and what that rests on."""
    return resting(nmsg("may be {n} day late", "may be {n} days late", item.at_risk_days or 0), item)


def resting(forecast: Message, item: Item) -> Message:
    """Add to what the forecast of an item comes to that it rests on guesses, where it does."""
    if item.estimated == ESTIMATES:
        return msg("{forecast} (rests on estimates)", forecast=forecast)
    if item.estimated == INFERRED_LINKS:
        return msg("{forecast} (rests on inferred links)", forecast=forecast)
    return forecast


def deadline_float(days: int) -> Message:
    """Say how far a task may slip before some deadline breaks."""
    if days < 0:
        return nmsg("{n} working day too late for it", "{n} working days too late for it", -days)
    if not days:
        return msg("no day to spare")
    return nmsg("{n} working day to spare", "{n} working days to spare", days)


def slip(days: int, task: str) -> Message:
    """Say how far a task may slip before the deadline that binds it breaks, and whose deadline that is."""
    if days < 0:
        return nmsg(
            "{n} working day too late for the deadline of “{task}”",
            "{n} working days too late for the deadline of “{task}”",
            -days,
            task=task,
        )
    if not days:
        return msg("cannot slip a day without breaking the deadline of “{task}”", task=task)
    return nmsg(
        "can slip {n} working day before the deadline of “{task}” breaks",
        "can slip {n} working days before the deadline of “{task}” breaks",
        days,
        task=task,
    )


def delivered(item: Item) -> Message:
    """Say how many members of a fan-out have delivered."""
    return msg("received {delivered}/{expected}", delivered=item.delivered, expected=item.expected)


MOST_MISSING = 6
"""Agencies that a list names as missing before the rest is counted; cdsplan missing names all."""


def missing(item: Item, language: Language, most: int) -> Message:
    """Name who has not delivered, in declared order; beyond `most` they are counted."""
    names = [deliverer(member, language, item.plan) for member in item.members if member.open]
    if len(names) > most:
        rest = nmsg("{n} other", "{n} others", len(names) - most + 1)
        return msg("missing: {agencies} and {rest}", agencies=tuple(names[: most - 1]), rest=rest)
    return msg("missing: {agencies}", agencies=tuple(names))


class Move(NamedTuple):
    """A deadline that was moved by one decision, for all (`agencies` empty) or for some members."""

    extension: Extension
    before: Reading | None
    agencies: tuple[str, ...]


def moves(item: Item) -> Iterator[Move]:
    """Give every move of an item's deadline, in the order in which they were decided; one decision is told once."""
    in_force, turn = InForce(item.baseline), {member.agency: at for at, member in enumerate(item.members)}
    for _, together in groupby(item.extensions, key=lambda each: each._replace(agency=None)):
        decision = list(together)
        agencies = tuple(sorted(turn.keys() & {each.agency for each in decision}, key=turn.__getitem__))
        yield Move(decision[0], in_force.of(agencies[0] if agencies else None), agencies)
        for each in decision:
            in_force.take(each.due, each.agency)


def moves_of(item: Item, agency: str) -> Iterator[Move]:
    """Give every move of the deadline of one member, from the day before to the one in force since."""
    if item.record is None:
        return
    before = item.baseline
    for extension, due in item.record.decisions(item.baseline, agency):
        yield Move(extension._replace(due=due), before, (agency,) if extension.agency else ())
        before = due


def moved(move: Move, item: Item, language: Language) -> Message:
    """Say a move: old → new, by which document, for whom."""
    extension, plan = move.extension, item.plan
    words = msg(
        "deadline moved {before} → {after}", before=last_day_of(item.task, move.before), after=last_day(extension.due)
    )
    details: list[Message | str] = [] if extension.document is None else [extension.document]
    if move.agencies:
        names = tuple(agency_name(plan.agencies[agency], language, plan) for agency in move.agencies)
        details.append(msg("only for {agencies}", agencies=names))
    return msg("{words} ({details})", words=words, details=Clauses(details)) if details else words


def last_day(due: Reading | None) -> Message:
    """Give the last good day of a deadline, or that there is none, or never one."""
    if due is not None and due.kind is DeadlineKind.ONGOING:
        return msg("ongoing")
    return msg("none") if due is None or due.last is None else msg("{day}", day=due.last)


def last_day_of(task: Task, due: Reading | None) -> Message:
    """Give the last good day of a task's deadline; one that counts from what has not happened yet is undetermined."""
    return msg("undetermined") if due is None and isinstance(task.due, Counted) else last_day(due)


def due_day(item: Item) -> Message | str:
    """Give the last good day in force, or what stands in its place."""
    if item.due is not None and item.due.last is not None:
        return msg("{day}", day=item.due.last)
    if item.tentative is not None and item.tentative.last is not None:
        return msg("about {day}", day=item.tentative.last)
    return "–"


def deadline_words(task: Task) -> Message | str:
    """Give the deadline as the plan words it: of a recurring task how it comes again."""
    if task.repeat is not None:
        return task.repeat.words
    if isinstance(task.due, Counted):
        return counted(task.due)
    return words_of(task.due) if task.due is not None else "–"


def words_in_force(item: Item) -> Message | str:
    """Give the words of the deadline in force: of one that was moved those of the decision, else those of the plan."""
    return words_of(item.due) if item.extensions and item.due is not None else deadline_words(item.task)


def words_of(due: Reading) -> Message | str:
    """Give the words of a deadline; the notation of a count is said in words."""
    return due.words if due.counted is None else counted(due.counted)


def counted(due: Counted) -> Message:
    """Say a counted deadline."""
    event = due.event
    if isinstance(event, date):
        return _counted_from(event, due)
    match due.unit, due.before:
        case CountUnit.WORKING_DAYS, False:
            return nmsg("{n} working day after “{event}”", "{n} working days after “{event}”", due.amount, event=event)
        case CountUnit.DAYS, False:
            return nmsg("{n} day after “{event}”", "{n} days after “{event}”", due.amount, event=event)
        case CountUnit.MONTHS, False:
            return nmsg("{n} month after “{event}”", "{n} months after “{event}”", due.amount, event=event)
        case CountUnit.WORKING_DAYS, _:
            return nmsg(
                "{n} working day before “{event}”", "{n} working days before “{event}”", due.amount, event=event
            )
        case CountUnit.DAYS, _:
            return nmsg("{n} day before “{event}”", "{n} days before “{event}”", due.amount, event=event)
        case _:
            return nmsg("{n} month before “{event}”", "{n} months before “{event}”", due.amount, event=event)


def _counted_from(day: date, due: Counted) -> Message:
    """Say a deadline that is counted from a day."""
    match due.unit, due.before:
        case CountUnit.WORKING_DAYS, False:
            return nmsg("{n} working day after {day}", "{n} working days after {day}", due.amount, day=day)
        case CountUnit.DAYS, False:
            return nmsg("{n} day after {day}", "{n} days after {day}", due.amount, day=day)
        case CountUnit.MONTHS, False:
            return nmsg("{n} month after {day}", "{n} months after {day}", due.amount, day=day)
        case CountUnit.WORKING_DAYS, _:
            return nmsg("{n} working day before {day}", "{n} working days before {day}", due.amount, day=day)
        case CountUnit.DAYS, _:
            return nmsg("{n} day before {day}", "{n} days before {day}", due.amount, day=day)
        case _:
            return nmsg("{n} month before {day}", "{n} months before {day}", due.amount, day=day)


def read_as(due: Reading) -> Message:
    """Say which day a deadline is read as, and by which rules."""
    why = Sentence(msg("{why};", why=explain(rule, due)) for rule in due.rules[:-1])
    words = Sentence((*why, explain(due.rules[-1], due)))
    if due.last is None:
        return msg("{why}", why=words)
    if due.time is not None:
        return msg("{day}, {time}: {why}", day=due.last, time=due.time.strftime("%H:%M"), why=words)
    return msg("{day}: {why}", day=due.last, why=words)


def duration(length: Duration) -> Message:
    """Say a length of work."""
    match length.unit:
        case DurationUnit.DAYS:
            return nmsg("{n} working day", "{n} working days", length.amount)
        case DurationUnit.WEEKS:
            return nmsg("{n} working week", "{n} working weeks", length.amount)
        case DurationUnit.ELAPSED_DAYS:
            return nmsg("{n} calendar day", "{n} calendar days", length.amount)
        case DurationUnit.ELAPSED_WEEKS:
            return nmsg("{n} calendar week", "{n} calendar weeks", length.amount)
        case _:
            assert_never(length.unit)


def link(declared: Link) -> str:
    """Write a link's type and lag as planners do: FS, SS+5d."""
    lag = declared.lag
    sign = "" if not lag.amount else f"{'+' if lag.amount > 0 else '−'}{abs(lag.amount)}{lag.unit}"
    return f"{declared.type}{sign}"


def no_network(plan: Plan) -> Message:
    """Say that a plan has no computed dates, because everything in it comes again."""
    return msg("Everything in “{plan}” comes again and stands outside the network: see cdsplan status", plan=plan.id)


def title(task: Task, language: Language, plan: Plan) -> str:
    """Give a task's full title, in English where that is wanted and declared."""
    if language.code == "en" and plan.language != "en" and task.details.title_en:
        return task.details.title_en
    return task.title


def short_title(task: Task, language: Language, plan: Plan) -> str:
    """Give a task's title for narrow places."""
    full = title(task, language, plan)
    return task.short or full if full == task.title else full


def plan_title(plan: Plan, language: Language) -> str:
    """Give a plan's title, in English where that is wanted and declared."""
    return plan.title_en if language.code == "en" and plan.language != "en" and plan.title_en else plan.title


def agency_name(agency: Agency, language: Language, plan: Plan) -> str:
    """Give an agency's name for narrow places, in English where that is wanted and declared."""
    return _english_name(agency, language, plan) or agency.label


def agency_full_name(agency: Agency, language: Language, plan: Plan) -> str:
    """Give an agency's full name, in English where that is wanted and declared."""
    return _english_name(agency, language, plan) or agency.name


def _english_name(agency: Agency, language: Language, plan: Plan) -> str | None:
    return agency.name_en if language.code == "en" and plan.language != "en" else None


def deadline_in_letters(due: Reading) -> Message:
    """Give a deadline's own words, with its last good day where they do not name it, and why that is another one."""
    last, named = due.last, due.named_last
    words = msg("{words}", words=words_of(due))
    if named is not None and due.words == named.isoformat():
        words = msg("{day}", day=named)
    said = named is not None and (words.template == "{day}" or _names(due.words, named))
    if last is not None and named is not None and Rule.ROLLED in due.rules:
        if said:
            return msg("{words} (a day off: through {day})", words=words, day=last)
        return msg("{words} ({named} is a day off: through {day})", words=words, named=named, day=last)
    if last is None or (said and last == named) or _names(due.words, last):
        return words
    return msg("{words} ({day})", words=words, day=last)


def _names(words: str, day: date) -> bool:
    """Whether words name a day in figures."""
    return f"{day.day}/{day.month}/{day.year}" in words.replace("/0", "/")


def deadline_of_all(item: Item, as_of: date) -> Message | str:
    """Give the deadline in force for all as letters word it, whatever was granted to some of them.

    What comes again, or is counted from an event, keeps the plan's words, unless it was moved.
    """
    due = item.task.due if item.record is None or not item.extensions else item.record.due(item.baseline, as_of)
    return deadline_in_letters(due) if isinstance(due, Reading) else deadline_words(item.task)


def responsible(item: Item, language: Language) -> str:
    """Name who must deliver an item: its owners, and of a fan-out how many members."""
    agencies = item.plan.agencies
    parts = [agency_name(agencies[owner], language, item.plan) for owner in item.owner]
    if item.members:
        parts.append(language(nmsg("{n} agency", "{n} agencies", len(item.members))))
    return ", ".join(parts) or "–"


def taken_over(item: Item, language: Language, most: int | None = None) -> tuple[Message, ...]:
    """Say whose part of an item others have taken over: of its roles, and of the open deliveries of a fan-out.

    Beyond `most`, where there is such a number, they are counted.
    """
    plan = item.plan
    pairs = dict.fromkeys(
        (
            *((agency, taken.by) for agency, taken in item.taken_over.items()),
            *((member.agency, member.responsible) for member in item.members if member.taken_over is not None),
        )
    )
    told = len(pairs) if most is None or len(pairs) <= most else most - 1
    lines = tuple(
        msg(
            "{agency}: taken over from {former}",
            agency=agency_name(plan.agencies[by], language, plan),
            former=agency_name(plan.agencies[agency], language, plan),
        )
        for agency, by in islice(pairs, told)
    )
    if told == len(pairs):
        return lines
    rest = nmsg("and taken over from {n} other", "and taken over from {n} others", len(pairs) - told)
    return (*lines, rest)


def deliverer(member: Member, language: Language, plan: Plan) -> str:
    """Name who answers for a delivery, and from whom it was taken over."""
    return answering(member.agency, member.taken_over, language, plan)


def full_deliverer(member: Member, language: Language, plan: Plan) -> str:
    """Name the same in full, as letters do."""
    return answering(member.agency, member.taken_over, language, plan, agency_full_name)


def answering(
    agency: str,
    taken: Takeover | None,
    language: Language,
    plan: Plan,
    named: Callable[[Agency, Language, Plan], str] = agency_name,
) -> str:
    """Name an agency, or who has taken over from it."""
    name = named(plan.agencies[agency], language, plan)
    if taken is None:
        return name
    successor = named(plan.agencies[taken.by], language, plan)
    return language(msg("{agency} (taken over from {former})", agency=successor, former=name))


def first_agencies(names: tuple[str, ...], most: int) -> Message | tuple[str, ...]:
    """Give the names of the first `most` agencies, and how many others there are."""
    others = len(names) - most
    if others <= 0:
        return names
    return nmsg("{names} and {n} other", "{names} and {n} others", others, names=names[:most])


MOST_LOOKED_AT = 6
"""Agencies that a heading names."""


def looked_at(plans: Iterable[Plan], agencies: Sequence[str], as_of: date, language: Language) -> Iterator[Message]:
    """Say to which agencies a report was limited, and of each that has ceased by the day, who answers in its place."""
    if not agencies:
        return
    known: dict[str, Plan] = {}
    for plan in plans:
        known |= {agency: known.get(agency, plan) for agency in plan.agencies}
    names = tuple(agency_name(known[agency].agencies[agency], language, known[agency]) for agency in agencies)
    if len(names) > MOST_LOOKED_AT:
        yield nmsg("Only of {n} agency", "Only of {n} agencies", len(names))
    else:
        yield msg("Only of: {agencies}", agencies=names)
    for agency, plan in ((agency, known[agency]) for agency in agencies):
        called = {one: agency_name(each, language, plan) for one, each in plan.agencies.items()}
        yield from ceased(plan, agency, as_of, called.__getitem__)


def ceased(plan: Plan, agency: str, as_of: date, name: Callable[[str], str]) -> Iterator[Message]:
    """Say that an agency has ceased by the day, and who answers in its place; `name` gives what an id is called."""
    day = plan.agencies[agency].ceased
    if day is None or as_of < day:
        return
    taken = takeover(plan.agencies, agency, as_of)
    if taken is None:
        yield msg("{agency} ceased on {day}, and nobody is named as its successor.", agency=name(agency), day=day)
    else:
        yield msg(
            "{agency} ceased on {day}: what it had open is with {successor} now.",
            agency=name(agency), day=day, successor=name(taken.by),
        )  # fmt: skip


def decimal(value: Fraction, places: int, language: Language) -> str:
    """Write a number with so many places, rounded half to even; Vietnamese has a comma where English has a point."""
    written = f"{float(round(value, places)):.{places}f}"
    return written.replace(".", ",") if language.code == "vi" else written
