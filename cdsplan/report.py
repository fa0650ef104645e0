"""A status laid out for people: headings, rows and counts as words, which a table and plain text share.

Everything is said in one language here, so that the views below only place it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cdsplan import wording
from cdsplan.messages import msg, nmsg
from cdsplan.status import Member, Timeliness
from cdsplan.summary import (
    CANCELLED,
    Attention,
    Grouping,
    attention,
    by_deadline,
    counts,
    counts_by_agency,
    may_be_late,
    needing_attention,
    shares,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cdsplan.i18n import Language
    from cdsplan.messages import Message
    from cdsplan.plan.model import Plan
    from cdsplan.status import Item, Status


class Row(NamedTuple):
    """One item in words. `standing` is its timeliness; `notes` are what else must be known, each a line."""

    timeliness: Timeliness | None
    symbol: str
    standing: str
    due: str
    title: str
    name: str  # the id, with the plan's before it in a portfolio
    milestone: bool
    who: str
    notes: tuple[str, ...]


class Section(NamedTuple):
    """Rows under one heading; `urgent` headings are what needs attention."""

    heading: str
    rows: tuple[Row, ...]
    urgent: Timeliness | None = None


class Tally(NamedTuple):
    """How many items stand how, for everything (`who` empty) or one agency: (kind, words, count), no zeros."""

    who: str
    total: int
    parts: tuple[tuple[str, str, int], ...]


class Report(NamedTuple):
    """A whole status report."""

    titles: tuple[str, ...]
    as_of: str
    only: tuple[str, ...]  # to which agencies it is limited, which of them have ceased, and what does not count
    sections: tuple[Section, ...]
    nothing: str  # what to say when there are no sections
    total: Tally
    agencies: tuple[Tally, ...]


def report(
    status: Status,
    items: Sequence[Item],
    language: Language,
    *,
    everything: bool = False,
    by: Grouping | None = None,
    agencies: Sequence[str] = (),
    notes: Sequence[Message] = (),
) -> Report:
    """Lay out the items of a status: what needs attention, or everything by some grouping.

    `agencies` are those to which the items were limited; `notes` say what else must be known of it.
    """
    only = (*wording.looked_at(status.plans, agencies, status.as_of, language), *notes)
    writer = _Writer(status, language)
    if by is not None:
        sections = writer.grouped(items, by)
    else:
        sections = writer.pressing(items)
        if everything:
            rest = [item for item in items if attention(item) is None]
            heading = language(msg("Everything else"))
            sections += writer.section(heading, rest) if rest else ()
    return Report(
        titles=tuple(f"{wording.plan_title(plan, language)} ({plan.id})" for plan in status.plans),
        as_of=language(msg("As of {day}", day=status.as_of)),
        only=tuple(map(language, only)),
        sections=sections,
        nothing=language(
            nmsg(
                "Nothing is overdue, due within {n} day, or at risk.",
                "Nothing is overdue, due within {n} days, or at risk.",
                min(plan.warn for plan in status.plans),  # so far it is true of all of them
            )
        ),
        total=writer.total(items),
        agencies=writer.agencies(items),
    )


# Looked up once: before Python 3.12, naming a member of an enumeration costs as much as a step of a row's making.
_AT_RISK = Attention.AT_RISK

NOBODY = ""

MOST_ALIKE = 3
"""Occurrences of one task under one heading that are told one by one where they stand alike: those next to today."""

AHEAD = frozenset({Timeliness.DUE_SOON, Timeliness.ON_TRACK})

MOST_AGENCIES = 12
"""Rows of the count per agency before equal ones are drawn together."""


class _Writer:
    """Says items in one language."""

    def __init__(self, status: Status, language: Language) -> None:
        self.status = status
        self.say = language
        self.several = len(status.plans) > 1
        self.recurring = any(plan.recurring for plan in status.plans)
        self._said: dict[object, str] = {}

    def _keep(self, key: object, words: Message | str) -> str:
        """Say what many rows have in common (a deadline, an owner), and keep it for them."""
        said = self._said[key] = words if isinstance(words, str) else self.say(words)  # a name is not translated
        return said

    def pressing(self, items: Iterable[Item]) -> tuple[Section, ...]:
        """One section for each kind of attention, most pressing first."""
        return tuple(
            section
            for kind, found in needing_attention(items).items()
            for section in self.section(f"{self.say(wording.attention(kind))} ({len(found)})", found, urgent=kind)
        )

    def grouped(self, items: Sequence[Item], by: Grouping) -> tuple[Section, ...]:
        """Everything, under headings of one kind."""
        if by is Grouping.AGENCY:
            return self._by_agency(items)
        groups: dict[str, list[Item]] = {}
        for item in by_deadline(items) if by is Grouping.DUE else items:
            if by is Grouping.DUE:
                heading = (
                    self.say(wording.due_day(item)) if item.due and item.due.last else self.say(msg("no deadline"))
                )
            else:
                heading = item.task.section or self.say(msg("no section"))
            groups.setdefault(heading, []).append(item)
        return tuple(part for heading, found in groups.items() for part in self.section(heading, found))

    def _by_agency(self, items: Sequence[Item]) -> tuple[Section, ...]:
        rows: dict[str, list[Row]] = {}
        for item in items:
            for agency, share in tuple(shares(item)) or ((NOBODY, item),):
                rows.setdefault(agency, []).append(self.row(item, share if isinstance(share, Member) else None))
        orphans = rows.pop(NOBODY, [])
        sections = tuple(
            Section(heading=wording.agency_name(agency, self.say, plan), rows=tuple(rows.pop(agency.id)))
            for plan in self.status.plans
            for agency in plan.agencies.values()
            if agency.id in rows
        )
        nobody = self.say(msg("nobody named"))
        return (*sections, Section(heading=nobody, rows=tuple(orphans))) if orphans else sections

    def section(self, heading: str, items: Iterable[Item], urgent: Attention | None = None) -> tuple[Section, ...]:
        """Put items under a heading."""
        kind = None if urgent in {None, Attention.AT_RISK} else Timeliness(str(urgent))
        return (Section(heading=heading, rows=tuple(self._rows(items)), urgent=kind),)

    def _rows(self, items: Iterable[Item]) -> Iterator[Row]:
        """Say items one by one; of occurrences of a task that stand alike those next to today, the rest in one row."""
        if not self.recurring:
            yield from map(self.row, items)
            return
        alike: dict[object, list[Item]] = {}
        for item in items:
            key = id(item) if item.occurrence is None else (item.plan.id, item.task.id, item.timeliness)
            alike.setdefault(key, []).append(item)
        for found in alike.values():
            if len(found) <= MOST_ALIKE + 1:
                yield from map(self.row, found)
            elif found[0].timeliness in AHEAD:
                yield from map(self.row, found[:MOST_ALIKE])
                yield self._others(found[MOST_ALIKE:])
            else:
                yield self._others(found[:-MOST_ALIKE])
                yield from map(self.row, found[-MOST_ALIKE:])

    def _others(self, items: Sequence[Item]) -> Row:
        """Say many occurrences in one row."""
        first, last = items[0], items[-1]
        days = msg("{first} to {last}", first=first.occurrence, last=last.occurrence)
        more = nmsg("{n} more occurrence, {days}", "{n} more occurrences, {days}", len(items), days=days)
        return self.row(first)._replace(
            standing=self.say(wording.timeliness_kind(str(first.timeliness or CANCELLED))),
            due="",
            name=self._name(first, first.task.id),
            notes=(self.say(more),),
        )

    def _name(self, item: Item, name: str) -> str:
        return f"{item.plan.id}:{name}" if self.several else name

    def row(self, item: Item, member: Member | None = None) -> Row:
        """Say one item, or one member's own delivery of it."""
        judged = item if member is None else member
        pressing = attention(item) if member is None else None
        task, plan, due, said = item.task, item.plan, item.due, self._said
        key: object
        if pressing is _AT_RISK:
            key = (item.at_risk_days, item.estimated)
        else:
            key = (judged.timeliness, judged.days, judged.phase, judged.due and judged.due.kind)
        standing = said.get(key) or self._keep(key, wording.standing(item, pressing, judged))
        day = due.last if due is not None and due.last is not None else (id(due), id(item.tentative))
        who = (id(plan), item.owner, len(item.members))
        return Row(
            timeliness=judged.timeliness,
            symbol=wording.symbol(judged, pressing),
            standing=standing,
            due=said.get(day) or self._keep(day, wording.due_day(item)),
            title=wording.short_title(task, self.say, plan),
            name=self._name(item, item.name),
            milestone=task.milestone,
            who=said.get(who) or self._keep(who, wording.responsible(item, self.say)),
            notes=tuple(self._notes(item, pressing) if member is None else self._taken_over(member, plan)),
        )

    def _notes(self, item: Item, pressing: Attention | None) -> list[str]:
        notes: list[Message] = []
        if item.members:
            notes.append(wording.delivered(item))
            if pressing is not None and item.missing and item.delivered:
                notes.append(wording.missing(item, self.say, wording.MOST_MISSING))
        if item.record is not None:
            notes += [wording.moved(move, item, self.say) for move in wording.moves(item)]
        if pressing is not None:
            slip, binding = item.deadline_float, item.deadline_task
            # That a task misses its own deadline its standing says already.
            if slip is not None and binding and (slip >= 0 or binding != item.task.id):
                notes.append(wording.slip(slip, binding))
            if item.blocked_by and item.open:
                notes.append(msg("waits for {tasks}", tasks=item.blocked_by))
        if may_be_late(item) and pressing is not _AT_RISK:
            notes.append(wording.at_risk(item))
        if item.taken_over or (item.members and any(member.taken_over for member in item.members)):
            notes += wording.taken_over(item, self.say, wording.MOST_MISSING)
        return [self.say(note) for note in notes]

    def _taken_over(self, member: Member, plan: Plan) -> Iterable[str]:
        if member.taken_over is not None:
            former = wording.agency_name(plan.agencies[member.agency], self.say, plan)
            yield self.say(msg("taken over from {former}", former=former))

    def total(self, items: Sequence[Item]) -> Tally:
        """Count everything once."""
        return self._tally("", counts(items))

    def agencies(self, items: Sequence[Item]) -> tuple[Tally, ...]:
        """Count per agency; agencies that stand alike are drawn together where there are many."""
        named = {agency.id: (agency, plan) for plan in reversed(self.status.plans) for agency in plan.agencies.values()}
        alike: dict[tuple[tuple[str, int], ...], list[str]] = {}
        tallies = counts_by_agency(self.status, items)
        for tally in tallies:
            key = tuple(sorted(tally.counts.items())) if len(tallies) > MOST_AGENCIES else ((tally.agency, 0),)
            alike.setdefault(key, []).append(tally.agency)
        found = {tally.agency: tally.counts for tally in tallies}
        result: list[Tally] = []
        for agencies in alike.values():
            agency, plan = named[agencies[0]]
            who = wording.agency_name(agency, self.say, plan)
            if len(agencies) > 1:
                who = self.say(
                    nmsg("{who} and {n} other alike", "{who} and {n} others alike", len(agencies) - 1, who=who)
                )
            result.append(self._tally(who, found[agencies[0]]))
        return tuple(result)

    def _tally(self, who: str, counted: dict[str, int]) -> Tally:
        kinds = [*map(str, Timeliness), CANCELLED]
        return Tally(
            who=who,
            total=sum(counted.values()),
            parts=tuple(
                (kind, self.say(wording.timeliness_kind(kind)), counted[kind]) for kind in kinds if counted.get(kind)
            ),
        )
