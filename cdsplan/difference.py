"""What changed between two versions of a plan, and what that moves.

Tasks are paired by id; a task whose `formerly` names an id that is gone was renamed. Both versions are judged as of the
same day. A deadline *moves* when its last good day does, whatever its words; days count from the old day, later > 0.
What moves in the plan file itself moves silently: nothing says who allowed it. An extension in the journal leaves the
plan's own deadline as it is, and names its document.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, assert_never

from cdsplan.plan.model import Counted, Reading
from cdsplan.schedule.paths import driving_paths

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from cdsplan.plan.model import Duration, Facts, Link, Plan, Task, Waiver
    from cdsplan.progress import Extension, Phase
    from cdsplan.schedule import Schedule
    from cdsplan.status import Item

    Value = str | bool | int | date | tuple[str, ...] | None


class FailOn(StrEnum):
    """What a comparison can fail on."""

    MOVED = "moved-milestone"
    REMOVED = "removed-milestone"


class Version(NamedTuple):
    """One version of a plan: as planned, by its forecast, and its tasks judged, as of the same day.

    `items` are those of the network, then one occurrence of each task that comes again.
    """

    planned: Schedule
    forecast: Schedule
    items: Sequence[Item]

    @property
    def plan(self) -> Plan:
        """The plan itself."""
        return self.planned.plan


class Move(NamedTuple):
    """Another deadline, or other words for the same day or for none (`days` 0)."""

    before: Reading | Counted | None
    after: Reading | Counted | None

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


class Extensions(NamedTuple):
    """Extensions of a deadline that the journal newly has, and those that it has no more (undone, or taken out)."""

    added: tuple[Extension, ...]
    removed: tuple[Extension, ...]


class TaskChange(NamedTuple):
    """One task in both versions that is not the same; what is None or empty did not change."""

    before: Item
    after: Item
    move: Move | None = None
    roles: tuple[Roles, ...] = ()
    length: Length | None = None
    links: Links | None = None
    settings: tuple[Setting, ...] = ()
    facts: tuple[Facts, Facts] | None = None
    extensions: Extensions | None = None
    reported: bool = False  # whether the journal tells other progress as of the day

    @property
    def renamed(self) -> bool:
        """Whether it has another id."""
        return self.before.task.id != self.after.task.id

    @property
    def demoted(self) -> bool:
        """Whether it was a milestone and is none any more."""
        return self.before.task.milestone and not self.after.task.milestone


class Waivers(NamedTuple):
    """What a check newly forgives, and what it forgives no more."""

    added: tuple[Waiver, ...] = ()
    removed: tuple[Waiver, ...] = ()


class Path(NamedTuple):
    """The chains that drive the end of one version as planned: working days from their start, the last day."""

    length: int
    finish: date
    members: tuple[str, ...]  # in declared order


class PathChange(NamedTuple):
    """The critical path before and after; tasks that are in both versions carry their new ids."""

    before: Path
    after: Path

    @property
    def entering(self) -> tuple[str, ...]:
        """Tasks that are newly on it."""
        return tuple(task for task in self.after.members if task not in self.before.members)

    @property
    def leaving(self) -> tuple[str, ...]:
        """Tasks that are on it no more, or gone."""
        return tuple(task for task in self.before.members if task not in self.after.members)


class Outlook(NamedTuple):
    """When a milestone of one version is due and expected. `slack` is its deadline float by the forecast."""

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
    """What is different between two versions of a plan. One of them may not exist; then there is no `path`.

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
    milestones: tuple[Milestone, ...]

    @property
    def moved_milestones(self) -> tuple[str, ...]:
        """Milestones whose deadline was moved, taken away or given in the plan file, by their new ids."""
        return tuple(
            change.after.task.id
            for change in self.changed
            if change.before.task.milestone and change.move is not None and change.move.moved
        )

    @property
    def removed_milestones(self) -> tuple[str, ...]:
        """Milestones that are gone, or are tasks like others now, by their old ids."""
        gone = {item.task.id for item in self.removed if item.task.milestone}
        gone.update(change.before.task.id for change in self.changed if change.demoted)
        declared = self.before.plan.tasks if self.before is not None else ()
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
    if before is not None and after is not None:
        settings = tuple(_settings(before.plan, after.plan))
        waivers = _waivers(before.plan.gate.waivers, after.plan.gate.waivers, names)
        path = PathChange(_path(before.planned, names), _path(after.planned, {}))
    both = ((old_by_name.get(item.task.id), item) for item in new_items)
    changes = (_change(old, new, names) for old, new in both if old is not None)
    return Difference(
        before=before,
        after=after,
        settings=settings,
        waivers=waivers,
        added=tuple(item for item in new_items if item.task.id not in old_by_name),
        removed=tuple(item for item in old_items if item.task.id not in names),
        changed=tuple(change for change in changes if change is not None),
        path=path,
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


def _change(before: Item, after: Item, names: Mapping[str, str]) -> TaskChange | None:
    """Compare a task with itself; None where nothing changed."""
    old, new = before.task, after.task
    change = TaskChange(
        before=before,
        after=after,
        move=None if _same_deadline(old.due, new.due) else Move(old.due, new.due),
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
        extensions=_extensions(before.extensions, after.extensions),
        reported=old.facts == new.facts and _progress(before) != _progress(after),
    )
    return change if change != TaskChange(before, after) or change.renamed else None


def _progress(item: Item) -> tuple[Phase, date | None, int]:
    return item.phase, item.done_on, item.delivered


def _extensions(old: tuple[Extension, ...], new: tuple[Extension, ...]) -> Extensions | None:
    extensions = Extensions(
        added=tuple(extension for extension in new if extension not in old),
        removed=tuple(extension for extension in old if extension not in new),
    )
    return extensions if any(extensions) else None


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


def _path(planned: Schedule, names: Mapping[str, str]) -> Path:
    found = driving_paths(planned, limit=0)
    ids = (planned.tasks[j].id for j in sorted(found.members))
    return Path(found.length, planned.finish(), tuple(names.get(task, task) for task in ids))


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
