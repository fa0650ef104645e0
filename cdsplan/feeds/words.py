"""The words of events: titles, descriptions, reminders, in one plan's language.

What is said depends on facts, never on how many days are left: an event's words change only when a fact does, or when
its day has passed. A description has one line per thing, as several calendars show nothing else of an event.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdsplan import wording
from cdsplan.feeds.model import Reminder, Role
from cdsplan.messages import msg, nmsg
from cdsplan.plan.deadlines import explain
from cdsplan.progress import Phase
from cdsplan.status import Item, Member, Timeliness
from cdsplan.succession import takeover

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from cdsplan.i18n import Language
    from cdsplan.messages import Message
    from cdsplan.plan.model import Plan, Reading, Task

ROLES = {
    Role.LEAD: msg("lead"),
    Role.RECIPIENT: msg("recipient"),
    Role.MEMBER: msg("delivers its own part"),
    Role.CONSULTED: msg("consulted"),
    Role.SUPPORT: msg("support"),
}


class PlanWords:
    """Says the things of one plan in one language. It keeps what many events share."""

    def __init__(self, plan: Plan, language: Language, as_of: date) -> None:
        """Speak of `plan` in `language`; English names are used where that is not the plan's own language.

        Agencies that have ceased by `as_of` are named with their successors.
        """
        self.say = language
        self._plan = plan
        self._as_of = as_of
        in_english = wording.plan_title(plan, language)
        self.label = plan.label if in_english == plan.title else in_english
        self._ceased = {
            agency.id: agency.ceased
            for agency in plan.agencies.values()
            if agency.ceased is not None and agency.ceased <= as_of
        }
        self._names: dict[tuple[str, ...], str] = {}
        self._deadlines: dict[Reading, str] = {}
        # Said once: a plan has thousands of descriptions.
        self._roles = {role: language(words) for role, words in ROLES.items()}
        self._parties = {role: words[:1].upper() + words[1:] for role, words in self._roles.items()}
        self._role = language(msg("Role"))
        self._due = language(msg("Deadline"))
        self._done = language(msg("Done"))
        self._cancelled = language(msg("Cancelled"))
        self._received = language(msg("Received"))
        self._missing = language(msg("Not yet delivered"))
        self._own_part = language(msg("Own part"))
        self._waiting_for = language(msg("Waiting for"))
        self._deliverable = language(msg("Deliverable"))
        self._source = language(msg("Source"))
        self._of_plan = language(msg("Plan"))
        self._number = language(msg("No."))
        self._milestone = language(msg("milestone"))

    def name(self, task: Task) -> str:
        """Name a task in a narrow place."""
        return wording.short_title(task, self.say, self._plan)

    def tag(self, task: Task, name: str | None = None) -> str:
        """Name a task, or by its own `name` one of its occurrences, so that near-twins stay apart."""
        return f"{self.name(task)} [{name or task.id}]"

    def agency(self, agency: str) -> str:
        """Name an agency."""
        return wording.agency_name(self._plan.agencies[agency], self.say, self._plan)

    def agency_today(self, agency: str) -> str:
        """Name an agency; if it has ceased, with the one that has taken its place, or without a successor as such."""
        if agency not in self._ceased:
            return self.agency(agency)
        taken = takeover(self._plan.agencies, agency, self._as_of)
        if taken is None:
            return self.say(msg("{agency} (ceased)", agency=self.agency(agency)))
        return self.say(msg("{agency} (now {successor})", agency=self.agency(agency), successor=self.agency(taken.by)))

    def moved_calendar(self, agency: str | None, since: date) -> Message | None:
        """Say to whose calendar goes, since a day, what an agency had; None: it has not handed over by then."""
        if agency is None or agency not in self._ceased:
            return None
        taken = takeover(self._plan.agencies, agency, self._as_of)
        if taken is None or taken.since > since:
            return None
        return msg(
            "{successor} has taken over from {agency}: subscribe to the calendar of {successor}.",
            successor=self.agency(taken.by),
            agency=self.agency(agency),
        )

    def ceased(self, task: Task, state: Item | Member) -> Iterator[date]:
        """Give the days on which agencies have ceased that a description names."""
        if self._ceased:
            missing = state.missing if isinstance(state, Item) else ()
            for agency in (*task.owner, *task.support, *task.consult, *missing, task.recipient):
                if agency in self._ceased:
                    yield self._ceased[agency]

    def own_tag(self, item: Item, state: Item | Member) -> str:
        """Name what an event is about: a part that was taken over, with whose it had been."""
        tag = self.tag(item.task, item.name)
        if isinstance(state, Member) and state.taken_over is not None:
            return self.say(msg("{title} (taken over from {former})", title=tag, former=self.agency(state.agency)))
        return tag

    def title(self, item: Item, state: Item | Member) -> str:
        """Write an event's title: what the reader must see first stands first."""
        tag = self.own_tag(item, state)
        if state.phase is Phase.CANCELLED:
            return self.say(msg("CANCELLED – {title}", title=tag))
        if state.phase is Phase.DONE:
            return self.say(msg("Done – {title}", title=tag))
        if state.timeliness is Timeliness.OVERDUE:
            return self.say(msg("OVERDUE – {title}", title=tag))
        return tag

    def role(self, roles: tuple[Role, ...]) -> str:
        """Say what somebody has to do with a task; nothing where that is nobody in particular."""
        return f"{self._role}: {', '.join([self._roles[role] for role in roles])}" if roles else ""

    def categories(self, task: Task) -> tuple[str, ...]:
        """List the plan, the section and the tags of a task, and whether it is a milestone."""
        section = (task.section,) if task.section else ()
        milestone = (self._milestone,) if task.milestone else ()
        return tuple(dict.fromkeys((self.label, *section, *milestone, *task.details.tags)))

    def reminders(self, item: Item) -> tuple[Reminder, ...]:
        """Say each reminder of a task."""
        tag = self.tag(item.task, item.name)
        return tuple(Reminder(days=days, words=self._reminder(days, tag)) for days in item.task.details.remind)

    def _reminder(self, days: int, tag: str) -> str:
        if not days:
            return self.say(msg("Due today: {title}", title=tag))
        return self.say(nmsg("{n} day left: {title}", "{n} days left: {title}", days, title=tag))

    def description(
        self, item: Item, state: Item | Member, deadline: str, roles: tuple[Role, ...], reader: str | None
    ) -> str:
        """Write a description: one line per thing, for `reader` (an agency; None: anyone with these roles).

        `deadline` is what `deadline` below says of it.
        """
        task, details = item.task, item.task.details
        title = wording.title(task, self.say, self._plan)
        waiting = [self.tag(self._plan.tasks[before]) for before in item.blocked_by]
        lines = (
            ("", title if title != self.name(task) else None),
            ("", self.role(roles)),
            (self._due, deadline),
            *(("", moved) for moved in self.moves(item, state)),
            *self._end(item, state),
            (self._parties[Role.LEAD], self._agencies(item.owner)),
            (self._parties[Role.RECIPIENT], self._agencies((item.recipient,)) if item.recipient else None),
            (self._parties[Role.SUPPORT], self._agencies(item.support)),
            (self._parties[Role.CONSULTED], self._agencies(item.consult)),
            *(("", self.say(words)) for words in self._taken_over(item, state)),
            *(self._deliveries(item, reader) if item.members and isinstance(state, Item) else ()),
            (self._waiting_for, "; ".join(waiting)),
            (self._deliverable, details.deliverable),
            (self._source, f"“{details.quote}”" if details.quote else None),
            ("", details.url),
            (self._of_plan, f"{self.label} · {self._number} {task.number}" if task.number else self.label),
        )
        return "\n".join([f"{label}: {words}" if label else words for label, words in lines if words])

    def deadline(self, reading: Reading, last: date) -> str:
        """Say a deadline: its words, the day that they were taken to mean, and why."""
        words = self._deadlines.get(reading)
        if words is None:
            day = self.say.date(last)
            if reading.time is not None:
                day = f"{reading.time:%H:%M} {day}"
            reasons = "; ".join([self.say(explain(rule, reading)) for rule in reading.rules])
            said = f"“{reading.words}”" if reading.counted is None else self.say(wording.counted(reading.counted))
            words = self._deadlines[reading] = f"{said} → {day}: {reasons}"
        return words

    def _taken_over(self, item: Item, state: Item | Member) -> tuple[Message, ...]:
        """Say whose parts others have taken over: of a delivery its own only."""
        if isinstance(state, Member):
            item = item._replace(members=(state,))
        return wording.taken_over(item, self.say)

    def moves(self, item: Item, state: Item | Member) -> Iterator[str]:
        """Say how the deadline was moved: of a delivery, by what binds it, thus by nothing decided after it came in."""
        own = state if isinstance(state, Member) else None
        moves = wording.moves(item) if own is None else wording.moves_of(item, own.agency)
        for move in moves if item.extensions else ():
            if own is None or own.done_on is None or move.extension.on <= own.done_on:
                yield self.say(wording.moved(move, item, self.say))

    def _end(self, item: Item, state: Item | Member) -> Iterator[tuple[str, str]]:
        """Say that it is over, and since when and by which document where that is known."""
        if state.phase is Phase.CANCELLED:
            yield self._over(self._cancelled, cancelled_on(item, state))
        elif state.phase is Phase.DONE:
            how, day = self._over(self._done, state.done_on)
            document = state.document if isinstance(state, Member) else item.document
            yield how, f"{day} ({document})" if document else day

    def _over(self, how: str, day: date | None) -> tuple[str, str]:
        return (how, self.say.date(day)) if day is not None else ("", how)

    def _deliveries(self, item: Item, reader: str | None) -> Iterator[tuple[str, str]]:
        """Say what has come in, who is missing, and what the reader's own part is."""
        yield self._received, f"{item.delivered}/{item.expected}"
        for member in item.members:
            if member.responsible == reader:
                part = self._part(member)
                if member.taken_over is not None:  # beside a share of its own
                    former = self.agency(member.agency)
                    part = self.say(msg("{title} (taken over from {former})", title=part, former=former))
                yield self._own_part, part
        yield self._missing, ", ".join([self._deliverer(member) for member in item.members if member.open])

    def _deliverer(self, member: Member) -> str:
        """Name who owes a delivery."""
        if member.taken_over is None:
            return self.agency_today(member.agency)
        return wording.deliverer(member, self.say, self._plan)

    def _part(self, member: Member) -> str:
        if member.phase is Phase.CANCELLED:
            return self._cancelled
        if member.phase is not Phase.DONE:
            return self._missing
        return " ".join((self._done, self.say.date(member.done_on))) if member.done_on is not None else self._done

    def _agencies(self, ids: tuple[str, ...]) -> str:
        names = self._names.get(ids)
        if names is None:
            names = self._names[ids] = ", ".join([self.agency_today(agency) for agency in ids])
        return names


def cancelled_on(item: Item, state: Item | Member) -> date | None:
    """Give the day on which an item, or one member's part of it, was cancelled."""
    if item.record is None:
        return item.task.facts.cancelled
    if isinstance(state, Member):
        return item.record.members[state.agency].cancelled
    return item.record.progress.cancelled
