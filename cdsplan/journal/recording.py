"""What somebody reports, checked against the plan and its journal, as the entries to add; or why it is refused.

Nothing is half-recorded: either every agency that is named gets its entry, or none does.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from cdsplan.journal.model import CLOCKS_DIFFER, PER_MEMBER, Entry, Kind
from cdsplan.journal.replay import STEPS, record, told, turn
from cdsplan.journal.writing import new_id
from cdsplan.messages import Message, msg, nmsg
from cdsplan.progress import Phase, of_members, progress
from cdsplan.succession import Shares, takeover

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping
    from datetime import datetime

    from cdsplan.journal.model import Journal
    from cdsplan.plan.model import Plan, Reading, Task
    from cdsplan.progress import Progress

    Draw = Callable[[int], bytes]


class Report(NamedTuple):
    """What is reported of one task.

    `agencies` are the members of a fan-out that it is about; with `owing` those of them that have delivered or are
    cancelled are passed over. `again` lets a delivery follow another.
    """

    kind: Kind
    task: str
    on: date
    occurrence: date | None = None
    agencies: tuple[str, ...] = ()
    owing: bool = False
    again: bool = False
    percent: int | None = None
    due: Reading | None = None
    document: str | None = None
    reason: str | None = None
    note: str | None = None
    by: str | None = None


class Refused(Exception):  # noqa: N818 - it says what becomes of the report
    """A report cannot be recorded; `hint` says what to do."""

    def __init__(self, message: Message, hint: Message) -> None:
        super().__init__(str(message))
        self.message = message
        self.hint = hint


def entries(plan: Plan, journal: Journal, report: Report, today: date, at: datetime, draw: Draw) -> tuple[Entry, ...]:
    """Make the entries of a report that is written down at `at`; `draw(n)` gives n random bytes.

    Raises:
        Refused: it cannot be meant.
    """
    return Recorder(plan, journal, today, at, draw, only=report.task).entries(report)


class Recorder:
    """Makes the entries of one report after another, each in the knowledge of those before it.

    However many they are, the journal is gone through once; for those about one task `only`, for its entries. What
    stands in it counts also where it happened after `today`: a look back must not record a second time.
    """

    def __init__(
        self, plan: Plan, journal: Journal, today: date, at: datetime, draw: Draw, *, only: str | None = None
    ) -> None:
        self._plan = plan
        self._tasks = plan.all_tasks
        self._shares = Shares(plan)
        self._today = today
        self._at = _after(journal, at)
        self._draw = draw
        self._written = journal.written
        self._taken = set(journal.written)
        self._told = told(journal, date.max, None if only is None else {only})
        self._items: dict[str, Progress] = {}
        self._members: dict[str, dict[str, Progress]] = {}
        self._bearing: dict[tuple[str, date], set[str | None]] = {}  # whom the entries made so far bear on

    def entries(self, report: Report) -> tuple[Entry, ...]:
        """Make the entries of a report.

        Raises:
            Refused: it cannot be meant; those before it stand.
        """
        task = self._tasks[report.task]
        if report.on > self._today:
            raise Refused(
                msg("{day} has not come yet: today is {today}", day=report.on, today=self._today),
                msg("record it on the day, or look at --on"),
            )
        item = Entry("", self._at, report.on, report.kind, task.id, report.occurrence).item
        members = self._known(item, task)
        agencies = tuple(_whom(self._plan, task, report, item, members, self._shares))
        if report.kind is Kind.REOPENED and report.agencies and members and self._called_off(item, members):
            raise Refused(
                msg("“{task}” is cancelled for all", task=item),
                msg("reopen it for all, then cancel it for whom it need not be done: cdsplan reopen {task}", task=item),
            )
        for agency in agencies:
            self._allow(
                report, task, item, agency, members[agency] if agency in members else self._whole(item, members)
            )
        self._tick(item, report.on, set(agencies) if members else {None})
        made = tuple(self._entry(report, agency) for agency in agencies)
        self._told.setdefault(item, []).extend(made)
        self._step(item, members, made)
        return made

    def _known(self, item: str, task: Task) -> dict[str, Progress]:
        """Give how the members of an item stand; none where it is no fan-out."""
        if item not in self._members:
            known = record(task, self._told.get(item, ()), date.max)
            self._items[item], self._members[item] = known.progress, dict(known.members)
        return self._members[item]

    def _called_off(self, item: str, members: Container[str]) -> bool:
        """Whether a fan-out is cancelled as a whole: its members cannot be reopened one by one."""
        told_ = self._told.get(item, ())
        whole = [entry.kind for entry in told_ if entry.agency not in members and entry.kind in STEPS]
        return whole[-1:] == [Kind.CANCELLED]

    def _whole(self, item: str, members: Mapping[str, Progress]) -> Progress:
        """Give how an item stands as a whole."""
        if item not in self._items:
            self._items[item] = of_members(members)
        return self._items[item]

    def _step(self, item: str, members: dict[str, Progress], made: Iterable[Entry]) -> None:
        """Know what has been made, as though it took effect last."""
        if members and any(entry.agency is None and entry.kind in STEPS for entry in self._told[item]):
            del self._members[item]  # of a whole fan-out was told, which bears on each member: looked at anew
            self._told[item].sort(key=turn)
            return
        for entry in made:
            step = STEPS.get(entry.kind)
            if step is not None and entry.agency is not None and members:
                members[entry.agency] = step(members[entry.agency], entry)
                self._items.pop(item, None)
            elif step is not None:
                self._items[item] = step(self._items[item], entry)

    def _tick(self, item: str, on: date, about: set[str | None]) -> None:
        """Let the clock go on where an entry of the same instant would bear on the same: ids are in order by chance."""
        before = self._bearing.setdefault((item, on), set())
        if before and (None in before or None in about or before & about):
            self._at += MOMENT
        before |= about

    def _allow(self, report: Report, task: Task, item: str, agency: str | None, state: Progress) -> None:
        """Refuse what does not follow from how things stand."""
        what = item if agency is None else f"{item} ({self._plan.agencies[agency].label})"
        member = agency if agency in task.members else None
        named = item if member is None else f"{item} --agency {member}"
        match report.kind, state.phase:
            case Kind.DONE, Phase.DONE if not report.again:
                message = msg("“{what}” was delivered on {day} already", what=what, day=state.done)
                if state.done is None:
                    message = msg("“{what}” was delivered already, on a day that nobody knows", what=what)
                way_back = self._way_back(Kind.DONE, task, item, member)
                hint = msg("--again records a further delivery; {way_back}", way_back=way_back)
            case ((Kind.DONE | Kind.STARTED | Kind.PROGRESS | Kind.EXTENDED), Phase.CANCELLED):
                message = msg("“{what}” is cancelled", what=what)
                hint = msg("if it must be done after all: cdsplan reopen {task}", task=named)
                if member is not None and self._called_off(item, task.members):
                    hint = msg("it is for all; if all must deliver after all: cdsplan reopen {task}", task=item)
            case ((Kind.STARTED | Kind.PROGRESS | Kind.CANCELLED), Phase.DONE):
                message = msg("“{what}” is done", what=what)
                hint = msg("if it is not: cdsplan reopen {task}", task=named)
            case Kind.STARTED, Phase.IN_PROGRESS if state.started is not None:
                message = msg("“{what}” was started on {day} already", what=what, day=state.started)
                hint = self._way_back(Kind.STARTED, task, item, member)
            case Kind.CANCELLED, Phase.CANCELLED:
                message, hint = msg("“{what}” is cancelled already", what=what), msg("cdsplan log shows the decision")
            case Kind.REOPENED, Phase.NOT_STARTED | Phase.IN_PROGRESS:
                message, hint = (
                    msg("“{what}” is open", what=what),
                    msg("only what is done or cancelled can be reopened"),
                )
            case _:
                return
        raise Refused(message, hint)

    def _way_back(self, kind: Kind, task: Task, item: str, member: str | None) -> Message:
        """Say how the report that stands is taken back, if it is the wrong one."""
        entry = _standing(kind, task, self._told.get(item, ()), self._today, member)
        if entry is None:
            key = "done" if kind is Kind.DONE else "started"
            return msg("the plan’s file says so; if it is wrong, change “{key}” there", key=key)
        if entry.id not in self._written:
            return msg("else leave out one of the two")
        return msg("if the one that is there is wrong: cdsplan undo --entry {id}", id=entry.id)

    def _entry(self, report: Report, agency: str | None) -> Entry:
        name = new_id(self._at, self._taken, self._draw)
        self._taken.add(name)
        return Entry(
            id=name, at=self._at, on=report.on, kind=report.kind, task=report.task, occurrence=report.occurrence,
            agency=agency, percent=report.percent, due=report.due, document=report.document,
            reason=report.reason, note=report.note, by=report.by,
        )  # fmt: skip


def undoing(journal: Journal, name: str | None, on: date, at: datetime, draw: Draw, by: str | None) -> Entry:
    """Make the entry that undoes another: the one of that id, or the one written down last.

    Raises:
        Refused: there is none, or it is undone already.
    """
    standing = [entry for entry in journal.entries if entry.id not in journal.undone]
    if name is None:
        place = {id_: line for line, id_ in enumerate(journal.written)}
        reports = (entry for entry in standing if entry.kind is not Kind.VOID)
        target = max(reports, key=lambda entry: (_meant(entry, at), entry.at, place[entry.id]), default=None)
        if target is None:
            raise Refused(msg("the journal has nothing to undo"), msg("see: cdsplan log"))
    else:
        target = next((entry for entry in journal.entries if entry.id == name), None)
        if target is None:
            raise Refused(msg("there is no entry “{id}”", id=name), msg("cdsplan log shows the ids"))
        if name in journal.undone:
            raise Refused(
                msg("“{id}” is undone already", id=name), msg("to bring it back, undo the entry that undid it")
            )
    at, taken = _after(journal, at), set(journal.written)
    return Entry(id=new_id(at, taken, draw), at=at, on=max(on, target.on), kind=Kind.VOID, task="", of=target.id, by=by)


def _after(journal: Journal, at: datetime) -> datetime:
    """Give an instant after every entry that is there, so that what is written later also takes effect later.

    Two reports in one second, or a clock that runs behind another's, would else be put in order by chance. An instant
    that cannot be meant is not followed: it would spread to every later entry.
    """
    newest = max([entry.at for entry in journal.entries], default=None)
    if newest is None or newest < at:
        return at
    if newest > at + CLOCKS_DIFFER:
        return _after(journal._replace(entries=tuple(entry for entry in journal.entries if _meant(entry, at))), at)
    return newest.astimezone(at.tzinfo) + MOMENT


MOMENT = timedelta(milliseconds=1)


def _meant(entry: Entry, now: datetime) -> bool:
    """Whether an entry can have been written down when it says."""
    return entry.at <= now + CLOCKS_DIFFER


def _share(report: Report, agency: str, members: Mapping[str, Progress], shares: Shares) -> str:
    """Say whose share an agency means: its own while that is open, else one that it has taken over."""
    owed = shares.of(members, agency, report.on)
    open_ = [member for member in owed if members[member].open]
    if report.kind in PER_MEMBER and not report.again and open_:
        return open_[0]
    return owed[0] if len(owed) == 1 else agency


def _leads(plan: Plan, task: Task, agency: str, on: date) -> bool:
    """Whether an agency leads a task, or has taken that over by a day."""
    successors = (takeover(plan.agencies, owner, on) for owner in task.owner)
    return agency in task.owner or any(found is not None and found.by == agency for found in successors)


def _instead(plan: Plan, agency: str, asked: Container[str], on: date) -> Message | None:
    """Say who answers in the place of an agency that has ceased by a day, if that is one of those who are asked."""
    found, ceased = takeover(plan.agencies, agency, on), plan.agencies[agency].ceased
    if found is None or found.by not in asked:
        return None
    names = {"agency": plan.agencies[agency].label, "successor": plan.agencies[found.by].label}
    return msg("{agency} ceased on {day}; record it for {successor}: {id}", **names, day=ceased, id=found.by)


def _whom(
    plan: Plan, task: Task, report: Report, item: str, members: Mapping[str, Progress], shares: Shares
) -> Iterator[str | None]:
    """Give whom the report is about, each once; None for the whole task."""
    if not task.members:
        for agency in report.agencies:
            if not _leads(plan, task, agency, report.on):
                raise Refused(
                    msg("“{agency}” does not lead “{task}”", agency=agency, task=task.id),
                    _instead(plan, agency, task.owner, report.on)
                    or (
                        msg("it is led by: {agencies}", agencies=task.owner)
                        if task.owner
                        else msg("leave the agency out: nobody is named as the lead")
                    ),
                )
        yield report.agencies[0] if len(report.agencies) == 1 else None
        return
    if not report.agencies:
        if report.kind in PER_MEMBER or (report.kind is Kind.REOPENED and not _cancelled(members)):
            raise Refused(
                nmsg(
                    "“{task}” is delivered by {n} agency: say which",
                    "“{task}” is delivered by each of {n} agencies: say which",
                    len(task.members),
                    task=item,
                ),
                msg("--agency so-yt,so-tc, --group so-nganh or --all-agencies"),
            )
        yield None
        return
    named = report.agencies
    if not report.owing and len(named) == 1:  # a group means its members themselves
        named = (_share(report, named[0], members, shares),)
    strangers = tuple(agency for agency in named if agency not in members)
    if strangers and not report.owing:
        raise Refused(
            msg("“{task}” does not expect anything from: {agencies}", task=item, agencies=strangers),
            _instead(plan, strangers[0], members, report.on)
            or msg("cdsplan missing {task} lists who still has to deliver", task=item),
        )
    chosen = [agency for agency in named if agency in members]
    if report.owing:
        chosen = [agency for agency in chosen if members[agency].open]
        if not chosen:
            raise Refused(
                msg("nobody of these has anything left to deliver for “{task}”", task=item),
                msg("cdsplan log {task} shows what was delivered", task=item),
            )
    yield from chosen


def _cancelled(members: Mapping[str, Progress]) -> bool:
    return all(not state.open for state in members.values()) and any(
        state.phase is Phase.CANCELLED for state in members.values()
    )


def _standing(kind: Kind, task: Task, entries: Iterable[Entry], today: date, member: str | None) -> Entry | None:
    """Find the entry that says when a task, or a member's part of it, was done or started; None: the plan says it."""
    state, found, called_off = progress(task.facts, today), None, False
    for entry in entries:
        step = STEPS.get(entry.kind)
        whole = bool(task.members) and entry.agency is None
        if step is None or (task.members and not whole and entry.agency != member):
            continue
        if whole and (called_off or entry.kind is Kind.CANCELLED):
            called_off = entry.kind is Kind.CANCELLED
            continue
        after = step(state, entry)
        if entry.kind is kind and (after.phase, after.started) != (state.phase, state.started):
            found = entry
        state = after
    return found
