"""Who gets what: one feed for every agency with something to lead, collect, deliver or comment on, and one with all.

An agency gets one event per item. Whoever leads or collects a fan-out sees the whole of it (n/N delivered); whoever
only delivers sees its own delivery and no twins, and those of agencies from which it has taken over. The feed of
everybody has one event per item.

A feed with overdue items also has a banner on the days of this week, because calendars open at today and never show a
past day: from Monday, or the first overdue day when that is later, to Friday; over the weekend after an item fell due
on a Friday, on the first overdue day alone.

Where it is known what was last published, an item that a feed no longer holds is not simply left out: for four weeks an
event says so, as for what the plan cancels. Nor is a feed left out that nothing is for any more.
"""

from __future__ import annotations

from binascii import crc32
from collections import Counter
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

from cdsplan.feeds.choice import DEFAULT_CHOICE
from cdsplan.feeds.items import ONE_DAY, PlanEvents, reminder_events, task_of
from cdsplan.feeds.model import Event, EventKind, Feed, Role, stem
from cdsplan.feeds.state import NOTHING_PUBLISHED
from cdsplan.feeds.words import cancelled_on
from cdsplan.messages import msg, nmsg
from cdsplan.plan.reader import RESERVED_NAMES
from cdsplan.progress import Phase
from cdsplan.status import Timeliness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from cdsplan.feeds.choice import Choice
    from cdsplan.feeds.state import PublishedFeed, State
    from cdsplan.i18n import Language
    from cdsplan.plan.model import Plan
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
CANCELLED_STAYS = timedelta(weeks=4)  # after the day on which subscribers could first see it
CLOSED_STAYS = timedelta(days=366)  # an occurrence that is over, after its last good day: feeds must not grow for ever
TO_FRIDAY = timedelta(days=4)  # from Monday
NAMED_IN_TITLE = 3  # names of overdue tasks; the description lists all that is overdue
WHOLE = frozenset({Role.LEAD, Role.RECIPIENT})  # these see a fan-out as one thing


def feeds(
    status: Status,
    speak: Callable[[str], Language],
    *,
    choice: Choice = DEFAULT_CHOICE,
    previous: State = NOTHING_PUBLISHED,
) -> tuple[Feed, ...]:
    """Give the feed of all, then one per agency with an item in one of the chosen roles, in declared order.

    `speak` turns a code into a Language: the chosen one, or each plan's own. What stands for several plans at once is
    said in the first one's. `previous` is what was last published. Stamps and numbers are those of feeds that nothing
    is known to precede: `keep` makes them follow on it.
    """
    items: dict[str, list[Item]] = {plan.id: [] for plan in status.plans}
    for item in status.items:
        items[item.plan.id].append(item)
    writers = [
        PlanEvents(plan, items[plan.id], status.as_of, speak(choice.code or plan.language)) for plan in status.plans
    ]
    everyone = _Entries(None, (), status.as_of, choice, previous)
    by_agency: dict[str, _Entries] = {}
    formerly = _earlier_ids(status.plans)
    for writer in writers:
        subscribers = {
            agency: by_agency.get(agency) or _Entries(agency, formerly.get(agency, ()), status.as_of, choice, previous)
            for agency in writer.plan.agencies
        }
        everyone.writers.append(writer)
        for item in items[writer.plan.id]:
            everyone.add(writer, item, item, writer.event(item, item))
            _serve(writer, item, subscribers, choice)
        _serve_successors(writer, subscribers)
        by_agency.update((agency, entries) for agency, entries in subscribers.items() if entries.writers)
    entries = [everyone, *by_agency.values()]
    # What was published goes on, though the plans have nothing for it any more; but no file is written twice.
    known = {each.key for each in entries}
    named = {stem(name) for each in entries for name in (*each.formerly, each.agency)}
    for key, left in previous.feeds.items():
        ids = left.ids or ("all" if key == "all_" else key,)
        free = [agency for agency in ids if stem(agency) not in named]
        if key not in known and free:
            entries.append(_Entries(free[0], tuple(free[1:]), status.as_of, choice, previous))
            entries[-1].writers.append(writers[0])
    return tuple(each.feed(writers) for each in entries)


def _earlier_ids(plans: Iterable[Plan]) -> dict[str, tuple[str, ...]]:
    """Give the earlier ids of agencies, but for those that another agency has in another plan, or no file can have."""
    agencies = [agency for plan in plans for agency in plan.agencies.values()]
    present = {agency.id for agency in agencies}.union(RESERVED_NAMES)
    found: dict[str, tuple[str, ...]] = {}
    for agency in agencies:
        free = tuple(former for former in agency.formerly if former not in present)
        if free and agency.id not in found:
            found[agency.id] = free
            present.update(free)
    return found


def _serve(writer: PlanEvents, item: Item, subscribers: Mapping[str, _Entries], choice: Choice) -> None:
    """Give an item to everyone who has to do with it."""
    shared: dict[tuple[Role, ...], Event | None] = {}  # many agencies see the very same event
    members = {member.responsible for member in item.members}
    for agency, its_roles, state in shares(item):
        if choice.roles.isdisjoint(its_roles):
            continue
        entries = subscribers[agency]
        entries.take(writer)
        if agency not in members:
            if its_roles not in shared:
                shared[its_roles] = writer.event(item, item, its_roles)
            entries.add(writer, item, item, shared[its_roles])
        else:
            entries.add(writer, item, state, writer.event(item, state, its_roles, agency))


def _serve_successors(writer: PlanEvents, subscribers: Mapping[str, _Entries]) -> None:
    """Give those who will take over from an agency with a feed one of their own: people subscribe before that day."""
    agencies = writer.plan.agencies
    waiting = [agency.successor for agency in agencies.values() if subscribers[agency.id].writers]
    for successor in waiting:  # grows while it is read
        if successor is not None and writer not in subscribers[successor].writers:
            subscribers[successor].take(writer)
            waiting.append(agencies[successor].successor)


def shares(item: Item) -> Iterator[tuple[str, tuple[Role, ...], Item | Member]]:
    """Give every agency that has a part in an item, its roles, and what it sees: the whole, or deliveries it owes."""
    members: dict[str, list[Member]] = {}
    for member in item.members:
        members.setdefault(member.responsible, []).append(member)
    for agency, its_roles in _audience(item, tuple(members)).items():
        whole = WHOLE.intersection(its_roles) or agency not in members
        for state in (item,) if whole else members[agency]:
            yield agency, its_roles, state


def _audience(item: Item, members: tuple[str, ...]) -> dict[str, tuple[Role, ...]]:
    """Map every agency that has a part in an item, or has taken one over, to its roles, heaviest first."""
    audience: dict[str, tuple[Role, ...]] = dict.fromkeys(item.owner, (Role.LEAD,))
    recipient = item.recipient
    if recipient:
        audience[recipient] = (*audience.get(recipient, ()), Role.RECIPIENT)
    for role, agencies in ((Role.MEMBER, members), (Role.CONSULTED, item.consult), (Role.SUPPORT, item.support)):
        for agency in agencies:
            audience[agency] = (*audience.get(agency, ()), role)
    return audience


class _Entries:
    """One feed while it grows: its events, whose plans they are from, and what of them is overdue."""

    __slots__ = (
        "_as_of", "_first", "_last", "_previous", "_remind_events", "_withheld",
        "agency", "events", "formerly", "key", "overdue", "writers",
    )  # fmt: skip

    def __init__(
        self, agency: str | None, formerly: tuple[str, ...], as_of: date, choice: Choice, previous: State
    ) -> None:
        self.agency = agency
        self.formerly = formerly
        self.key = previous.key([stem(name) for name in (*formerly, agency)])
        self.events: list[Event] = []
        self.overdue: list[tuple[date, str, str]] = []  # last good day, the task's name, what its event says it is
        self.writers: list[PlanEvents] = []  # of plans in which there is anything for this feed
        self._as_of = as_of
        self._first, self._last = choice.days(as_of)
        self._remind_events = choice.remind_events
        self._previous = previous.feeds.get(self.key)
        self._withheld: set[str] = set()

    @property
    def _first_id(self) -> str:
        return self.formerly[0] if self.formerly else self.agency or ""

    def take(self, writer: PlanEvents) -> None:
        """Note that a plan has something for this feed, dated or not."""
        if not self.writers or self.writers[-1] is not writer:
            self.writers.append(writer)

    def add(self, writer: PlanEvents, item: Item, state: Item | Member, event: Event | None) -> None:
        """Add what has a day within the horizon; what is cancelled, until subscribers have had four weeks to see it."""
        if event is None:
            return
        over = state.phase is Phase.DONE or event.cancelled
        if (
            event.last > self._last
            or (over and event.last < self._first)
            or (over and item.occurrence is not None and event.last < self._as_of - CLOSED_STAYS)
            or (event.cancelled and self._as_of > self._told(event.uid, cancelled_on(item, state)) + CANCELLED_STAYS)
        ):
            self._withheld.add(event.uid)
            return
        self.events.append(event)
        if state.timeliness is Timeliness.OVERDUE:
            self.overdue.append((event.last, writer.words.name(item.task), writer.words.own_tag(item, state)))
        elif self._remind_events:
            self.events += reminder_events(event)

    def _told(self, uid: str, cancelled: date | None) -> date:
        """Give the day on which subscribers are first told that something is off."""
        before = None if self._previous is None else self._previous.events.get(uid)
        if before is None:
            return cancelled or self._as_of
        told = before.cancelled or self._as_of
        return told if cancelled is None else max(told, cancelled)

    def feed(self, writers: Sequence[PlanEvents]) -> Feed:
        """Finish the feed."""
        if self._previous is not None:
            self.events += self._gone(self._previous, {writer.plan.id: writer for writer in writers})
        if self.overdue:
            self.events.append(self._banner(self._as_of))
        if not self.events:
            self.events.append(self._notice())
        name, description = self._names()
        return Feed(
            agency=self.agency,
            formerly=self.formerly,
            key=self.key,
            name=name,
            description=description,
            color=COLOR_OF_ALL if self.agency is None else COLORS[crc32(self._first_id.encode()) % len(COLORS)],
            events=tuple(self.events),
        )

    def _gone(self, previous: PublishedFeed, writers: Mapping[str, PlanEvents]) -> list[Event]:
        """Say for four weeks what the feed held when it was last published, and holds no more."""
        held = {event.uid for event in self.events} | self._withheld
        gone = [(uid, before) for uid, before in previous.events.items() if before.name and uid not in held]
        if not gone:
            return []
        tasks = {task_of(uid) for uid in held}  # one that is here under another UID has not gone
        events = []
        for uid, before in gone:
            since = before.cancelled or self._as_of
            if self._as_of <= since + CANCELLED_STAYS and task_of(uid) not in tasks:
                writer = writers.get(uid.rpartition("@")[2], self.writers[0])
                events.append(writer.gone(uid, before, since, self.agency))
        return events

    def _names(self) -> tuple[str, str]:
        first = self.writers[0]
        plans = ", ".join([writer.words.label for writer in self.writers])
        if self.agency is None:
            return plans, first.words.say(msg("Every deadline of the plan: {plans}", plans=plans))
        if self.agency not in first.plan.agencies and self._previous is not None:
            return self._previous.name, self._previous.description
        agency, today = first.words.agency(self.agency), first.words.agency_today(self.agency)
        name = f"{agency} – {plans}" if len(self.writers) == 1 else agency
        return name, first.words.say(msg("Deadlines of {agency} in the plan: {plans}", agency=today, plans=plans))

    def _uid(self, name: str) -> str:
        """Name an event that is not a task's: no id has an underscore."""
        whose = "" if self.agency is None else f".{self._first_id}"
        return f"_{name}{whose}@{self.writers[0].plan.id}"

    def _banner(self, as_of: date) -> Event:
        """Say what is overdue on the days of this week.

        It changes when an event of the feed does and when a week begins: its stamp is the newest of these.
        """
        first = self.writers[0]
        overdue = sorted(self.overdue, key=lambda entry: entry[0])  # stable: declared order within a day
        monday = as_of - timedelta(days=as_of.weekday())
        begin = max(monday, overdue[0][0] + ONE_DAY)
        times = Counter(name for _, name, _ in overdue)  # one name stands for all occurrences of a task
        named = "; ".join([f"{name} ({n})" if n > 1 else name for name, n in islice(times.items(), NAMED_IN_TITLE)])
        if len(times) > NAMED_IN_TITLE:
            named += "; …"
        week, _ = first.numbers(max(monday, first.plan.start))
        stamp, sequence = first.numbers_of(max(week, *(event.stamp for event in self.events)))
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
            sequence=sequence,
        )

    def _notice(self) -> Event:
        """Say that nothing here has a day, on the day that the plan was last changed: it stays put until then."""
        first = self.writers[0]
        words = first.words.say(msg("No task with a deadline: {plan}", plan=first.words.label))
        stamp, sequence = first.numbers(first.base)
        return Event(
            uid=self._uid("nothing"),
            kind=EventKind.NOTICE,
            first=first.base,
            last=first.base,
            timezone=first.plan.timezone,
            title=words,
            description=words,
            stamp=stamp,
            sequence=sequence,
        )
