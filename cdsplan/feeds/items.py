"""From a judged item to its event: its name, its day, its stamp.

An event's day is the last good day; what has none (no deadline, ongoing, counted from an event still to come) is no
event.

Without kept state a stamp can only be computed: it is 00:00, in the plan's time zone, of the newest of: the plan's
start, its `revised`, the days of the facts that the event shows (its own, its members', its direct predecessors'), and
for an overdue item the day after its last good day; a second later for what is over after its last day, which may have
been shown as overdue on the same day. When that is later, it is the second in which the journal's newest entry about
any of these was written down. SEQUENCE is the seconds from the plan's start to the stamp, so that neither ever grows
without the other. Two machines thus write the same, and both only grow while people date their edits.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, timezone
from functools import cached_property
from typing import TYPE_CHECKING

from cdsplan.feeds.model import Event, EventKind
from cdsplan.feeds.words import PlanWords
from cdsplan.messages import msg
from cdsplan.plan.model import NO_FACTS
from cdsplan.progress import Phase
from cdsplan.status import OPEN, Item, Member, Timeliness

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, tzinfo

    from cdsplan.feeds.model import Role
    from cdsplan.feeds.state import Published
    from cdsplan.i18n import Language
    from cdsplan.plan.model import Facts, Plan, Task
    from cdsplan.succession import Takeover

ONE_DAY = timedelta(days=1)
ONE_SECOND = timedelta(seconds=1)
LARGEST_COMPUTED = 2_000_000_000
"""What SEQUENCE is at most, 63 years on: it must be below 2^31, with room for what kept state adds."""

FIXED_ZONES = {"UTC": UTC, "Asia/Ho_Chi_Minh": timezone(timedelta(hours=7))}  # since 1975; need no database


class PlanEvents:
    """Writes the events of one plan in one language, as of a day."""

    def __init__(self, plan: Plan, items: Iterable[Item], as_of: date, language: Language) -> None:
        """Write events for `items`, which are all of `plan`."""
        self.plan = plan
        self.words = PlanWords(plan, language, as_of)
        self.as_of = as_of
        self.zone = FIXED_ZONES.get(plan.timezone) or _zone(plan.timezone)
        self.base = plan.start if plan.revised is None else max(plan.start, plan.revised)
        by_name = {item.name: item for item in items}
        self._facts = {name: day for name, item in by_name.items() if (day := _newest_fact(item, as_of)) is not None}
        self._records = {name: item.record for name, item in by_name.items() if item.record is not None}
        self._cancelled = frozenset(name for name, item in by_name.items() if item.phase is Phase.CANCELLED)
        self._midnights: dict[date, tuple[datetime, int]] = {}
        self._begun = datetime.combine(plan.start, time.min, self.zone).astimezone(UTC)

    @cached_property
    def _names(self) -> frozenset[str]:
        """What the UIDs of the plan's tasks begin and end with."""
        return frozenset(f"{_first_id(task)}@{self.plan.id}" for task in self.plan.all_tasks.values())

    def event(
        self, item: Item, state: Item | Member, roles: tuple[Role, ...] = (), reader: str | None = None
    ) -> Event | None:
        """Write the event of a task (`state` is the item), or of one agency's own delivery (`state` is the member).

        `roles` are named in it; `reader` is the agency that it is for, where that changes the words. None: no event.
        """
        due, task = state.due, item.task
        if due is None or due.last is None:
            return None
        cancelled = state.phase is Phase.CANCELLED
        member = state.agency if isinstance(state, Member) else None
        changed = self._changed(item, state)
        # What ends after its last day may have been shown as overdue on the very day on which it ended.
        again = 1 if changed > due.last and state.phase not in OPEN else 0
        stamp, sequence = self._later(item, member, *self.numbers(changed, again))
        return Event(
            uid=self._uid(item, member),
            kind=EventKind.ITEM if member is None else EventKind.DELIVERY,
            name=self.words.tag(task, item.name),
            first=due.last,
            last=due.last,
            time=due.time,
            timezone=self.plan.timezone,
            title=self.words.title(item, state),
            description=self.words.description(item, state, self.words.deadline(due, due.last), roles, reader),
            categories=self.words.categories(task),
            url=task.details.url,
            stamp=stamp,
            sequence=sequence,
            cancelled=cancelled,
            reminders=() if cancelled or state.phase is Phase.DONE else self.words.reminders(item),
        )

    def gone(self, uid: str, before: Published, since: date, reader: str | None) -> Event:
        """Write the event of what the feed of `reader` held when it was last published, and holds no more since a day.

        What the plan no longer has is cancelled for the reader; what it still has, without a day or for others, is not.
        """
        say, name = self.words.say, before.name or uid
        removed = task_of(uid) not in self._names
        title = msg("CANCELLED – {title}", title=name) if removed else msg("WITHDRAWN – {title}", title=name)
        if removed:
            why = msg("It is no longer in the plan.")
        elif (moved := self.words.moved_calendar(reader, since)) is not None:
            why = moved
        else:
            why = msg(
                "It is still in the plan, but no longer in this calendar: its deadline or its roles have changed."
            )
        stamp, sequence = self.numbers(max(since, self.plan.start))
        return Event(
            uid=uid,
            kind=EventKind.GONE,
            name=name,
            first=before.day or since,
            last=before.day or since,
            time=before.time,
            timezone=self.plan.timezone,
            title=say(title),
            description=say(why),
            categories=(self.words.label,),
            stamp=stamp,
            sequence=sequence,
            cancelled=True,
        )

    def numbers(self, changed: date, again: int = 0) -> tuple[datetime, int]:
        """Give the stamp and the SEQUENCE of what changed on a day; `again`: 1 if for the second time on it."""
        known = self._midnights.get(changed)
        if known is None:
            midnight = datetime.combine(changed, time.min, self.zone).astimezone(UTC)
            known = self._midnights[changed] = self.numbers_of(midnight)
        return self.numbers_of(known[0] + again * ONE_SECOND) if again else known

    def numbers_of(self, stamp: datetime) -> tuple[datetime, int]:
        """Give a stamp, in UTC, with the SEQUENCE that goes with it in this plan."""
        return stamp, min((stamp - self._begun) // ONE_SECOND, LARGEST_COMPUTED)

    def _later(self, item: Item, member: str | None, stamp: datetime, sequence: int) -> tuple[datetime, int]:
        """Raise a stamp and its SEQUENCE by what the journal tells of an item or one member, and of those before."""
        if not self._records:
            return stamp, sequence
        told: list[datetime] = []
        if item.record is not None:
            written = item.record.written
            told += written.values() if member is None else [written[a] for a in (None, member) if a in written]
        for predecessor in self._before(item.task):
            if predecessor in self._records:
                told += self._records[predecessor].written.values()
        newest = max(told, default=stamp).astimezone(UTC).replace(microsecond=0)
        return self.numbers_of(newest) if newest > stamp else (stamp, sequence)

    def _before(self, task: Task) -> list[str]:
        """Give the predecessors whose facts an event shows: a cancelled one stands for those before it."""
        before = [link.predecessor for link in task.links]
        for predecessor in before:  # grows while it is read
            if predecessor in self._cancelled:
                behind = self.plan.tasks[predecessor]
                before += [link.predecessor for link in behind.links if link.predecessor not in before]
        return before

    def _uid(self, item: Item, member: str | None) -> str:
        """Name an event for ever: by the first ids of the task and of the declared agency, and its occurrence."""
        name = _first_id(item.task)
        if item.occurrence is not None:
            name = f"{name}@{item.occurrence.isoformat()}"
        if member is not None:
            formerly = self.plan.agencies[member].formerly
            name = f"{name}.{formerly[0] if formerly else member}"
        return f"{name}@{self.plan.id}"

    def _changed(self, item: Item, state: Item | Member) -> date:
        """Give the day on which the event last changed."""
        facts = self._facts
        # A delivery shows what happened to the task and to itself, not what the other members did.
        if isinstance(state, Member):
            own = _own_fact(item.task.facts, self.as_of, state.done_on)
        else:
            own = facts.get(item.name)
        changed = self.base if own is None else max(self.base, own)
        if facts:
            for predecessor in self._before(item.task):
                fact = facts.get(predecessor)
                if fact is not None and fact > changed:
                    changed = fact
        for day in self.words.ceased(item.task, state):
            changed = max(changed, day)
        if state.timeliness is Timeliness.OVERDUE and state.due is not None and state.due.last is not None:
            changed = max(changed, state.due.last + ONE_DAY)
        for taken in _takeovers(item, state):
            changed = max(changed, taken.since)
        return changed


def _takeovers(item: Item, state: Item | Member) -> Iterator[Takeover]:
    """Give what an event says of parts that others have taken over."""
    yield from item.taken_over.values()
    for member in item.members if state is item else (state,):
        if isinstance(member, Member) and member.taken_over is not None:
            yield member.taken_over


def reminder_events(event: Event) -> Iterator[Event]:
    """Give an event of its own for each day before an item's on which it is to be remembered."""
    name, _, plan = event.uid.rpartition("@")
    for reminder in event.reminders:
        if reminder.days:
            day = event.last - timedelta(days=reminder.days)
            yield Event(
                uid=f"{name}_{reminder.days}@{plan}",  # no id has an underscore
                kind=EventKind.REMINDER,
                first=day,
                last=day,
                timezone=event.timezone,
                title=reminder.words,
                description=event.description,
                categories=event.categories,
                url=event.url,
                stamp=event.stamp,
                sequence=event.sequence,
            )


def _first_id(task: Task) -> str:
    return task.details.formerly[0] if task.details.formerly else task.id


def task_of(uid: str) -> str:
    """Give the part of a UID that names the task, for all its occurrences and deliveries: TASK@PLAN."""
    name, _, plan = uid.rpartition("@")
    return f"{name.partition('.')[0].partition('@')[0]}@{plan}"


def _zone(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - few plans need it

    return ZoneInfo(name)


def _newest_fact(item: Item, as_of: date) -> date | None:
    """Give the day of the newest fact that a task's own event shows: its own and its members'."""
    newest = _own_fact(item.task.facts, as_of, item.done_on)
    for member in item.members:
        if member.done_on is not None and (newest is None or member.done_on > newest):
            newest = member.done_on
    return newest


def _own_fact(facts: Facts, as_of: date, done_on: date | None) -> date | None:
    """Give the day of the newest fact known as of a day."""
    if facts is NO_FACTS:
        return done_on
    known = [day for day in (facts.started, facts.done, facts.cancelled, done_on) if day is not None and day <= as_of]
    return max(known, default=None)
