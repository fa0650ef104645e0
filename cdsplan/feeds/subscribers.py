"""Who gets what: one feed for every agency with something to lead, collect, deliver or comment on, and one with all.

An agency gets one event per item. Whoever leads or collects a fan-out sees the whole of it (n/N delivered); whoever
only delivers sees its own delivery and no twins. The feed of everybody has one event per item.

A feed with overdue items also has a banner on the days of this week, because calendars open at today and never show a
past day: from Monday, or the first overdue day when that is later, to Friday; over the weekend after an item fell due
on a Friday, on the first overdue day alone.
"""

from __future__ import annotations

from binascii import crc32
from datetime import timedelta
from typing import TYPE_CHECKING

from cdsplan.feeds.items import ONE_DAY, PlanEvents
from cdsplan.feeds.model import SERVED, Event, EventKind, Feed, Role
from cdsplan.messages import msg, nmsg
from cdsplan.status import Timeliness

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from cdsplan.i18n import Language
    from cdsplan.plan.model import Task
    from cdsplan.status import Item, Member, Status

COLORS = (  # CSS3 names, dark enough for white text
    "crimson",
    "darkcyan",
    "darkgreen",
    "darkmagenta",
    "darkorange",
    "darkslateblue",
    "firebrick",
    "forestgreen",
    "indigo",
    "maroon",
    "mediumblue",
    "midnightblue",
    "olive",
    "purple",
    "rebeccapurple",
    "royalblue",
    "saddlebrown",
    "seagreen",
    "sienna",
    "steelblue",
    "teal",
)
COLOR_OF_ALL = "navy"
TO_FRIDAY = timedelta(days=4)  # from Monday
NAMED_IN_TITLE = 3  # overdue tasks; the description lists all of them
WHOLE = frozenset({Role.LEAD, Role.RECIPIENT})  # these see a fan-out as one thing


def feeds(
    status: Status, speak: Callable[[str], Language], *, code: str | None = None, roles: frozenset[Role] = SERVED
) -> tuple[Feed, ...]:
    """Give the feed of all, then one per agency with an item in one of `roles`, in declared order.

    `speak` turns a code into a Language: `code`, or None for each plan in its own. What stands for several plans
    at once is said in the first one's.
    """
    items: dict[str, list[Item]] = {plan.id: [] for plan in status.plans}
    for item in status.items:
        items[item.plan.id].append(item)
    everyone = _Entries(None)
    by_agency: dict[str, _Entries] = {}
    for plan in status.plans:
        writer = PlanEvents(plan, items[plan.id], status.as_of, speak(code or plan.language))
        subscribers = {agency: by_agency.get(agency) or _Entries(agency) for agency in plan.agencies}
        everyone.writers.append(writer)
        for item in items[plan.id]:
            everyone.add(writer, item, item, writer.event(item, item))
            _serve(writer, item, subscribers, roles)
        by_agency.update((agency, entries) for agency, entries in subscribers.items() if entries.writers)
    return tuple(entries.feed(status.as_of) for entries in (everyone, *by_agency.values()))


def _serve(writer: PlanEvents, item: Item, subscribers: Mapping[str, _Entries], roles: frozenset[Role]) -> None:
    """Give an item to everyone who has to do with it."""
    shared: dict[tuple[Role, ...], Event | None] = {}  # many agencies see the very same event
    members = {member.agency: member for member in item.members}
    for agency, its_roles in _audience(item.task).items():
        if roles.isdisjoint(its_roles):
            continue
        entries = subscribers[agency]
        entries.take(writer)
        member = members.get(agency)
        if member is None:
            if its_roles not in shared:
                shared[its_roles] = writer.event(item, item, its_roles)
            entries.add(writer, item, item, shared[its_roles])
        else:
            state = item if WHOLE.intersection(its_roles) else member
            entries.add(writer, item, state, writer.event(item, state, its_roles, agency))


def _audience(task: Task) -> dict[str, tuple[Role, ...]]:
    """Map every agency that a task names to its roles, heaviest first."""
    audience: dict[str, tuple[Role, ...]] = dict.fromkeys(task.owner, (Role.LEAD,))
    if task.recipient:
        audience[task.recipient] = (*audience.get(task.recipient, ()), Role.RECIPIENT)
    for role, agencies in ((Role.MEMBER, task.members), (Role.CONSULTED, task.consult), (Role.SUPPORT, task.support)):
        for agency in agencies:
            audience[agency] = (*audience.get(agency, ()), role)
    return audience


class _Entries:
    """One feed while it grows: its events, whose plans they are from, and what of them is overdue."""

    __slots__ = ("agency", "events", "overdue", "writers")

    def __init__(self, agency: str | None) -> None:
        self.agency = agency
        self.events: list[Event] = []
        self.overdue: list[tuple[date, str, str]] = []  # last good day, the task's name, its name with its id
        self.writers: list[PlanEvents] = []  # of plans in which there is anything for this feed

    def take(self, writer: PlanEvents) -> None:
        """Note that a plan has something for this feed, dated or not."""
        if not self.writers or self.writers[-1] is not writer:
            self.writers.append(writer)

    def add(self, writer: PlanEvents, item: Item, state: Item | Member, event: Event | None) -> None:
        """Add what has a day."""
        if event is not None:
            self.events.append(event)
            if state.timeliness is Timeliness.OVERDUE:
                self.overdue.append((event.last, writer.words.name(item.task), writer.words.tag(item.task)))

    def feed(self, as_of: date) -> Feed:
        """Finish the feed as of a day."""
        if self.overdue:
            self.events.append(self._banner(as_of))
        if not self.events:
            self.events.append(self._notice())
        name, description = self._names()
        color = COLOR_OF_ALL if self.agency is None else COLORS[crc32(self.agency.encode()) % len(COLORS)]
        return Feed(agency=self.agency, name=name, description=description, color=color, events=tuple(self.events))

    def _names(self) -> tuple[str, str]:
        first = self.writers[0]
        plans = ", ".join([writer.words.label for writer in self.writers])
        if self.agency is None:
            return plans, first.words.say(msg("Every deadline of the plan: {plans}", plans=plans))
        agency = first.words.agency(self.agency)
        name = f"{agency} – {plans}" if len(self.writers) == 1 else agency
        return name, first.words.say(msg("Deadlines of {agency} in the plan: {plans}", agency=agency, plans=plans))

    def _uid(self, name: str) -> str:
        """Name an event that is not a task's: no id has an underscore."""
        whose = "" if self.agency is None else f".{self.agency}"
        return f"_{name}{whose}@{self.writers[0].plan.id}"

    def _banner(self, as_of: date) -> Event:
        """Say what is overdue on the days of this week.

        It changes when an event of the feed does and when a week begins: its stamp is the newest of these.
        """
        first = self.writers[0]
        overdue = sorted(self.overdue, key=lambda entry: entry[0])  # stable: declared order within a day
        monday = as_of - timedelta(days=as_of.weekday())
        begin = max(monday, overdue[0][0] + ONE_DAY)
        named = "; ".join([name for _, name, _ in overdue[:NAMED_IN_TITLE]])
        if len(overdue) > NAMED_IN_TITLE:
            named += "; …"
        stamp = max(first.stamp(max(monday, first.plan.start)), *(event.stamp for event in self.events))
        return Event(
            uid=self._uid("overdue"),
            kind=EventKind.OVERDUE,
            first=begin,
            last=max(begin, monday + TO_FRIDAY),
            timezone=first.plan.timezone,
            title=first.words.say(
                nmsg("OVERDUE, {n} task: {titles}", "OVERDUE, {n} tasks: {titles}", len(overdue), titles=named)
            ),
            description="\n".join([f"{first.words.say.date(last)}: {tag}" for last, _, tag in overdue]),
            categories=(first.words.label,),
            stamp=stamp,
            sequence=first.sequence(stamp.astimezone(first.zone).date()),
        )

    def _notice(self) -> Event:
        """Say that nothing here has a day, on the day that the plan was last changed: it stays put until then."""
        first = self.writers[0]
        words = first.words.say(msg("No task with a deadline: {plan}", plan=first.words.label))
        return Event(
            uid=self._uid("nothing"),
            kind=EventKind.NOTICE,
            first=first.base,
            last=first.base,
            timezone=first.plan.timezone,
            title=words,
            description=words,
            stamp=first.stamp(first.base),
            sequence=first.sequence(first.base),
        )
