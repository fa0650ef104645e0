"""What changed between two versions of a plan and of its journal, and what that moves.

Tasks are paired by id; a task whose `formerly` names an id that is gone was renamed. Both versions are judged as of the
same day, each by what its own journal tells up to it. A deadline *moves* when its last good day does, whatever its
words; days count from the old day, later > 0. What moves in the plan file moves silently, unless the new version's
journal names the document that moved the deadline of everybody concerned to that very day.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, assert_never

from cdsplan.plan.model import Counted, Reading
from cdsplan.progress import NOTHING_KNOWN
from cdsplan.schedule.paths import driving_paths
from cdsplan.wording import moves as decisions

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from cdsplan.plan.model import Duration, Facts, Link, Plan, Task, Waiver
    from cdsplan.progress import Extension, Phase
    from cdsplan.schedule import Schedule
    from cdsplan.status import Item
    from cdsplan.wording import Move as Decision

    Value = str | bool | int | date | tuple[str, ...] | None


class FailOn(StrEnum):
    """What a comparison can fail on."""

    MOVED = "moved-milestone"
    REMOVED = "removed-milestone"


class Version(NamedTuple):
    """One version of a plan: as planned, by its forecast, and its tasks judged, all as of the same day.

    `items` are those of the network, then one occurrence of each task that comes again, which stands for the task.
    `occurrences` are those of which the journal may tell.
    """

    planned: Schedule
    forecast: Schedule
    items: Sequence[Item]
    occurrences: Sequence[Item] = ()

    @property
    def plan(self) -> Plan:
        """The plan itself."""
        return self.planned.plan


class Move(NamedTuple):
    """Another deadline, or other words for the same day or for none (`days` 0). `extension` allows it by a document."""

    before: Reading | Counted | None
    after: Reading | Counted | None
    extension: Extension | None = None

    @property
    def days(self) -> int | None:
        """Calendar days from the old last good day to the new one; None where a side has no day by itself."""
        old, new = last_day(self.before), last_day(self.after)
        if old is not None and new is not None:
            return (new - old).days
        counted = isinstance(self.before, Counted) or isinstance(self.after, Counted)
        return None if counted or old != new else 0

    @property
    def moved(self) -> bool:
        """Whether more than the words is different."""
        return self.days != 0

    @property
    def silent(self) -> bool:
        """Whether it moved, and nothing says which document allows it."""
        return self.moved and self.extension is None


class Setting(NamedTuple):
    """A plain value that changed: of a task or of the plan, by the name of its key."""

    key: str
    before: Value
    after: Value


class Roles(NamedTuple):
    """Agencies that came to a role (`owner`, `members`, `support`, `consult`) and went from it."""

    key: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def added(self) -> tuple[str, ...]:
        """Those that came, in declared order."""
        return tuple(agency for agency in self.after if agency not in self.before)

    @property
    def removed(self) -> tuple[str, ...]:
        """Those that went, in declared order."""
        return tuple(agency for agency in self.before if agency not in self.after)


class Length(NamedTuple):
    """Another duration, or the same that is an estimate no more (or newly one)."""

    before: Duration
    after: Duration
    estimated_before: bool
    estimated_after: bool


class Links(NamedTuple):
    """Links that came and went; one whose lag or standing changed is in both. Predecessors by their new ids."""

    added: tuple[Link, ...]
    removed: tuple[Link, ...]


class Reported(NamedTuple):
    """What is known of a task as of the day; of a fan-out only how many members have delivered, of how many."""

    phase: Phase
    started: date | None = None
    percent: int | None = None
    done: date | None = None
    cancelled: date | None = None
    delivered: int | None = None
    expected: int | None = None


class TaskChange(NamedTuple):
    """One task in both versions that is not the same; what is None or empty did not change.

    `move` and `facts` are of the plan file. `decided` are the extensions that only the new version's journal tells,
    each with the deadline before it and the members whom it concerns (none: everybody); `withdrawn` those of the old
    one only. `reported` is how the task stands by both, where a journal tells of it. With `occurrence`, a nominal day,
    it is that occurrence which is not the same, by the journals; its task may be told of, too.
    """

    before: Item
    after: Item
    move: Move | None = None
    roles: tuple[Roles, ...] = ()
    length: Length | None = None
    links: Links | None = None
    settings: tuple[Setting, ...] = ()
    facts: tuple[Facts, Facts] | None = None
    decided: tuple[Decision, ...] = ()
    withdrawn: tuple[Decision, ...] = ()
    reported: tuple[Reported, Reported] | None = None
    occurrence: date | None = None

    @property
    def name(self) -> str:
        """The task's id, or TASK@YYYY-MM-DD."""
        return self.after.task.id if self.occurrence is None else self.after.name

    @property
    def renamed(self) -> bool:
        """Whether the task has another id."""
        return self.occurrence is None and self.before.task.id != self.after.task.id

    @property
    def demoted(self) -> bool:
        """Whether the task was a milestone and is none any more."""
        return self.occurrence is None and self.before.task.milestone and not self.after.task.milestone

    @property
    def promoted(self) -> bool:
        """Whether the task is a milestone and was none before."""
        return self.occurrence is None and self.after.task.milestone and not self.before.task.milestone


class Waivers(NamedTuple):
    """What a check newly forgives, and what it forgives no more."""

    added: tuple[Waiver, ...] = ()
    removed: tuple[Waiver, ...] = ()


class Path(NamedTuple):
    """The chains that drive the end of one version: working days from their start, the last day.

    Where everything comes again there is no network: nothing is on it, and the length is 0.
    """

    length: int
    finish: date
    members: tuple[str, ...]  # in declared order


class PathChange(NamedTuple):
    """The critical path before and after; tasks that are in both versions carry their new ids."""

    before: Path
    after: Path

    @property
    def exists(self) -> bool:
        """Whether one of the versions has a network."""
        return bool(self.before.members or self.after.members)

    @property
    def same(self) -> bool:
        """Whether it is as it was."""
        return self.before == self.after

    @property
    def entering(self) -> tuple[str, ...]:
        """Tasks that are newly on it."""
        return tuple(task for task in self.after.members if task not in self.before.members)

    @property
    def leaving(self) -> tuple[str, ...]:
        """Tasks that are on it no more, or gone."""
        return tuple(task for task in self.before.members if task not in self.after.members)


class Outlook(NamedTuple):
    """When a milestone of one version is due (by the deadline in force) and expected; `slack`: its deadline float."""

    due: date | None
    planned: date
    forecast: date
    slack: int | None


class Milestone(NamedTuple):
    """A milestone of either version: by its new id where it still is a task, None where it is no milestone."""

    task: str
    before: Outlook | None
    after: Outlook | None


class Failure(NamedTuple):
    """A milestone for which a comparison fails."""

    on: FailOn
    task: str


class Difference(NamedTuple):
    """What is different between two versions of a plan. One of them may not exist; then there is no path.

    `path` is the critical path as planned, `expected_path` the one of the forecast.

    `added` and `removed` are tasks that only one version has. `milestones` are all of both versions, the new ones
    first, each in declared order.
    """

    before: Version | None
    after: Version | None
    settings: tuple[Setting, ...]
    waivers: Waivers
    added: tuple[Item, ...]
    removed: tuple[Item, ...]
    changed: tuple[TaskChange, ...]
    path: PathChange | None
    expected_path: PathChange | None
    milestones: tuple[Milestone, ...]

    @property
    def moved_milestones(self) -> tuple[str, ...]:
        """Milestones whose deadline was moved, taken away or given silently, in the plan file, by their new ids."""
        return tuple(
            change.after.task.id
            for change in self.changed
            if change.before.task.milestone and change.move is not None and change.move.silent
        )

    @property
    def extended_milestones(self) -> tuple[str, ...]:
        """Milestones whose deadline a decision in the journal newly moves, or moved and the plan file now has."""
        return tuple(
            change.name
            for change in self.changed
            if change.before.task.milestone
            and (change.decided or (change.move is not None and change.move.extension is not None))
        )

    @property
    def removed_milestones(self) -> tuple[str, ...]:
        """Milestones that are gone, or are tasks like others now, by their old ids."""
        gone = {item.task.id for item in self.removed if item.task.milestone}
        gone.update(change.before.task.id for change in self.changed if change.demoted)
        declared = self.before.plan.all_tasks if self.before is not None else ()
        return tuple(task for task in declared if task in gone)

    def failures(self, fail_on: FailOn) -> tuple[Failure, ...]:
        """Name the milestones that a comparison which fails on this fails for."""
        match fail_on:
            case FailOn.MOVED:
                tasks = self.moved_milestones
            case FailOn.REMOVED:
                tasks = self.removed_milestones
            case _:
                assert_never(fail_on)
        return tuple(Failure(fail_on, task) for task in tasks)

    @property
    def same(self) -> bool:
        """Whether nothing is different that a plan is about."""
        return not (self.settings or any(self.waivers) or self.added or self.removed or self.changed)


def compare(before: Version | None, after: Version | None) -> Difference:
    """Compare two versions, of which one exists at least."""
    old_items = () if before is None else before.items
    new_items = () if after is None else after.items
    names = _pairs([item.task for item in old_items], [item.task for item in new_items])
    old_by_name = {names.get(item.task.id): item for item in old_items}
    settings: tuple[Setting, ...] = ()
    waivers = Waivers()
    path: PathChange | None = None
    expected_path: PathChange | None = None
    changes: list[TaskChange | None] = []
    if before is not None and after is not None:
        settings = tuple(_settings(before.plan, after.plan))
        waivers = _waivers(before.plan.gate.waivers, after.plan.gate.waivers, names)
        path = PathChange(_path(before.planned, names), _path(after.planned, {}))
        expected_path = PathChange(_path(before.forecast, names), _path(after.forecast, {}))
        pairing = _Pairing(before, after, names)
        both = ((old_by_name.get(item.task.id), item) for item in new_items)
        changes = [pairing.change(old, new) for old, new in both if old is not None]
        changes += pairing.occurrences()
    return Difference(
        before=before,
        after=after,
        settings=settings,
        waivers=waivers,
        added=tuple(item for item in new_items if item.task.id not in old_by_name),
        removed=tuple(item for item in old_items if item.task.id not in names),
        changed=tuple(change for change in changes if change is not None),
        path=path,
        expected_path=expected_path,
        milestones=tuple(_milestones(before, after, names)),
    )


def last_day(due: Reading | Counted | None) -> date | None:
    """Give the last good day of a deadline that has one by itself."""
    return due.last if isinstance(due, Reading) else None


def _pairs(old: Sequence[Task], new: Sequence[Task]) -> dict[str, str]:
    """Map the old ids of tasks that are still there to their new ones."""
    present, former = {task.id for task in new}, {task.id for task in old}
    names = {task: task for task in former & present}
    for task in new:
        if task.id not in former:
            for name in task.details.formerly:
                if name in former and name not in names:
                    names[name] = task.id
                    break
    return names


class _Pairing:
    """Two versions whose tasks are compared one by one."""

    def __init__(self, before: Version, after: Version, names: Mapping[str, str]) -> None:
        self.before = before
        self.after = after
        self.names = names
        self.agencies = {former: agency.id for agency in after.plan.agencies.values() for former in agency.formerly}

    def change(self, old: Item, new: Item) -> TaskChange | None:
        """Compare a task with itself; None where nothing changed."""
        change = _change(old, new, self.names)
        if old.record is not None or new.record is not None:
            change = change._replace(**self._by_journals(old, new))
        return change if change != TaskChange(old, new) or change.renamed else None

    def occurrences(self) -> Iterator[TaskChange]:
        """Compare what the journals tell of the occurrences that both versions have."""
        known = {(self.names.get(item.task.id), item.occurrence): item for item in self.before.occurrences}
        for new in self.after.occurrences:
            old = known.get((new.task.id, new.occurrence))
            if old is not None and (old.record is not None or new.record is not None):
                same = TaskChange(old, new, occurrence=new.occurrence)
                change = same._replace(**self._by_journals(old, new))
                if change != same:
                    yield change

    def _by_journals(self, old: Item, new: Item) -> dict[str, Any]:
        """Compare what the journals tell of a task."""
        mine, now = list(decisions(old)), list(decisions(new))
        known = {key for decision in mine for key in self._keys(decision)}
        still = {key for decision in now for key in self._keys(decision)}
        reported = None
        if (old.occurrence is None) is (new.occurrence is None):  # what came to repeat is reported time by time
            was, stands = _standing(old, self.before.forecast), _standing(new, self.after.forecast)
            reported = None if was == stands else (was, stands)
        return {
            "decided": tuple(self._without(known, now)),
            "withdrawn": tuple(self._without(still, mine)),
            "reported": reported,
        }

    def _keys(self, decision: Decision) -> dict[tuple[object, ...], str | None]:
        """Tell a decision from others, for each member whom it concerns: by its day, the new deadline, the document."""
        made = decision.extension
        agencies = decision.agencies or (None,)
        return {
            (made.on, made.due.last, made.due.time, made.document, self.agencies.get(agency or "", agency)): agency
            for agency in agencies
        }

    def _without(self, known: Container[object], found: Iterable[Decision]) -> Iterator[Decision]:
        """Give the decisions that are not known, or are not for some of the members."""
        for decision in found:
            left = [agency for key, agency in self._keys(decision).items() if key not in known]
            if left:
                yield decision._replace(agencies=tuple(agency for agency in left if agency is not None))


def _standing(item: Item, forecast: Schedule) -> Reported:
    """Say how a task stands by the journal and the plan file."""
    if item.record is not None:
        known = item.record.progress
    else:
        known = NOTHING_KNOWN if item.occurrence is not None else forecast.known[forecast.position[item.task.id]]
    if item.members:
        return Reported(item.phase, cancelled=known.cancelled, delivered=item.delivered, expected=item.expected)
    percent = known.percent if known.open else None
    return Reported(item.phase, known.started, percent, known.done, known.cancelled)


def _move(before: Item, after: Item) -> Move | None:
    """Compare the deadlines of the plan files; the newest extension of everybody to the new day allows it."""
    old, new = before.task.due, after.task.due
    if _same_deadline(old, new):
        return None
    move, day = Move(old, new), last_day(new)
    if not move.moved or day is None or not after.extensions:
        return move
    everybody = {member.agency for member in after.members}
    allowing = [
        decision.extension
        for decision in decisions(after)
        if decision.extension.due.last == day
        and decision.extension.document is not None
        and (not decision.agencies or everybody <= set(decision.agencies))
    ]
    return move._replace(extension=allowing[-1]) if allowing else move


def _change(before: Item, after: Item, names: Mapping[str, str]) -> TaskChange:
    """Compare a task with itself, by the plan files."""
    old, new = before.task, after.task
    return TaskChange(
        before=before,
        after=after,
        move=_move(before, after),
        roles=tuple(
            Roles(key, mine, now)
            for key, mine, now in (
                ("owner", old.owner, new.owner),
                ("members", old.members, new.members),
                ("support", old.support, new.support),
                ("consult", old.consult, new.consult),
            )
            if mine != now
        ),
        length=(
            None
            if (old.duration, old.estimated) == (new.duration, new.estimated)
            else Length(old.duration, new.duration, old.estimated, new.estimated)
        ),
        links=_links(old, new, names),
        settings=tuple(_task_settings(old, new)),
        facts=None if old.facts == new.facts else (old.facts, new.facts),
    )


def _same_deadline(old: Reading | Counted | None, new: Reading | Counted | None) -> bool:
    """Whether words and day are the same; by which rules the words were read does not matter."""
    if isinstance(old, Reading) and isinstance(new, Reading):
        return (old.words, old.last, old.time) == (new.words, new.last, new.time)
    return old == new


def _links(old: Task, new: Task, names: Mapping[str, str]) -> Links | None:
    """Find the links that came and went. Where a task was only renamed, nothing did; quotes do not matter."""
    mine = [link._replace(predecessor=names.get(link.predecessor, link.predecessor), quote=None) for link in old.links]
    now = [link._replace(quote=None) for link in new.links]
    links = Links(
        added=tuple(link for link in now if link not in mine), removed=tuple(link for link in mine if link not in now)
    )
    return links if links != Links((), ()) else None


def _task_settings(old: Task, new: Task) -> Iterator[Setting]:
    """Compare what is neither deadline, role, length, link nor fact, by the keys of the plan format."""
    before, after = old.details, new.details
    yield from _different(
        ("title", old.title, new.title),
        ("milestone", old.milestone, new.milestone),
        ("recipient", old.recipient, new.recipient),
        ("assigned-by", old.assigned_by, new.assigned_by),
        ("not-before", old.not_before, new.not_before),
        ("repeat", old.repeat and old.repeat.words, new.repeat and new.repeat.words),
        ("until", old.repeat and old.repeat.until, new.repeat and new.repeat.until),
        ("calendar", old.calendar, new.calendar),
        ("number", old.number, new.number),
        ("section", old.section, new.section),
        ("deliverable", before.deliverable, after.deliverable),
        ("contents", before.contents, after.contents),
        ("constraints", before.constraints, after.constraints),
    )


def _settings(old: Plan, new: Plan) -> Iterator[Setting]:
    """Compare the heads of two plans. Of a calendar only that it changed is told: its days show in what moves."""
    yield from _different(
        ("id", old.id, new.id),
        ("title", old.title, new.title),
        ("start", old.start, new.start),
        ("timezone", old.timezone, new.timezone),
        ("reading.before", str(old.policy.before), str(new.policy.before)),
        ("reading.day-off", str(old.policy.day_off), str(new.policy.day_off)),
        ("reading.silence", str(old.policy.silence), str(new.policy.silence)),
        ("check.warn", old.warn, new.warn),
        ("check.select", old.gate.select, new.gate.select),
        ("check.ignore", old.gate.ignore, new.gate.ignore),
        ("check.fail-on", old.gate.fail_on, new.gate.fail_on),
        ("check.grace", old.gate.grace, new.gate.grace),
    )
    for agency in new.agencies.values():  # with these, open work passes to somebody else
        was = old.agencies.get(agency.id, agency)
        yield from _different(
            (f"agencies.{agency.id}.ceased", was.ceased, agency.ceased),
            (f"agencies.{agency.id}.successor", was.successor, agency.successor),
        )
    if (old.calendar, old.calendars) != (new.calendar, new.calendars):
        yield Setting("calendar", None, None)


def _waivers(old: tuple[Waiver, ...], new: tuple[Waiver, ...], names: Mapping[str, str]) -> Waivers:
    """Compare what is forgiven. That of a task which was renamed is the same."""
    mine = [waiver._replace(task=names.get(waiver.task, waiver.task) if waiver.task else None) for waiver in old]
    return Waivers(
        added=tuple(waiver for waiver in new if waiver not in mine),
        removed=tuple(waiver for waiver in mine if waiver not in new),
    )


def _different(*values: tuple[str, Value, Value]) -> Iterator[Setting]:
    return (Setting(*each) for each in values if each[1] != each[2])


def _path(schedule: Schedule, names: Mapping[str, str]) -> Path:
    found = driving_paths(schedule, limit=0)
    ids = (schedule.tasks[j].id for j in sorted(found.members))
    return Path(found.length, schedule.finish(), tuple(names.get(task, task) for task in ids))


def _milestones(before: Version | None, after: Version | None, names: Mapping[str, str]) -> Iterator[Milestone]:
    old = {} if before is None else {names.get(task, task): outlook for task, outlook in _outlooks(before)}
    new = {} if after is None else dict(_outlooks(after))
    for task, outlook in new.items():
        yield Milestone(task, old.get(task), outlook)
    for task, outlook in old.items():
        if task not in new:
            yield Milestone(task, outlook, None)


def _outlooks(version: Version) -> Iterator[tuple[str, Outlook]]:
    for j, item in enumerate(version.items):
        if item.task.milestone and item.occurrence is None:
            due = None if item.due is None else item.due.last
            finish = version.forecast.early_finish(j)
            yield item.task.id, Outlook(due, version.planned.early_finish(j), finish, item.deadline_float)
