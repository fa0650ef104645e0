"""What would move if one task were otherwise: longer, shorter, done on some day, or due on another.

The plan is changed in memory only; the plan as it is and the changed one are judged as of the same day. Differences are
in calendar days, later > 0; lengths that are added are working days of the task's own calendar.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from cdsplan.messages import msg
from cdsplan.plan.model import Duration, Facts
from cdsplan.progress import NO_RECORDS, Phase, Progress
from cdsplan.schedule import forecast
from cdsplan.schedule.calendars import WORKING, days_of, own_calendar
from cdsplan.status import Timeliness, judge

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from cdsplan.messages import Message
    from cdsplan.plan.model import Plan, Reading, Task
    from cdsplan.progress import Record
    from cdsplan.status import Item, Status


class Change(NamedTuple):
    """What would be otherwise with one task; None stands for what stays as it is.

    `estimated` belongs to `duration`. `add_days` lengthens the work (negative: shortens it) by working days, after
    `duration`; where part of the work is reported as done, what is left grows by as much.
    """

    task: str
    duration: Duration | None = None
    estimated: bool = False
    add_days: int | None = None
    due: Reading | None = None
    done: date | None = None


class Impossible(Exception):  # noqa: N818 - it says what is the matter
    """A change that the task does not allow; `message` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class Effect(NamedTuple):
    """One item as it is, and as it would be."""

    before: Item
    after: Item

    @property
    def days(self) -> int:
        """Calendar days by which its forecast finish moves: 0 for what has none, as work that goes on without end."""
        before, after = self.before.forecast_finish, self.after.forecast_finish
        return 0 if before is None or after is None else (after - before).days

    @property
    def finishes(self) -> tuple[date, date]:
        """The forecast finish, as it is and as it would be, of what moves."""
        return cast("date", self.before.forecast_finish), cast("date", self.after.forecast_finish)

    @property
    def missed(self) -> bool:
        """Whether the deadline would be missed."""
        return _missed(self.after)


class Outcome(NamedTuple):
    """What a change comes to.

    `changed` is the task itself. `moved` are the items whose forecast finish moves, milestones first, otherwise in
    declared order; cancelled ones have none. `turned` are those whose deadline would newly be missed, or no longer.
    `agencies` own or deliver what is open and moves, in declared order.
    """

    change: Change
    before: Status
    after: Status
    changed: Effect
    moved: tuple[Effect, ...]
    turned: tuple[Effect, ...]
    agencies: tuple[str, ...]

    @property
    def finishes(self) -> tuple[date, date]:
        """The last day of the whole plan by the forecast, before and after."""
        return self.before.forecasts[0].finish(), self.after.forecasts[0].finish()

    @property
    def held(self) -> bool:
        """Whether another length does not show because what is open cannot finish before the day of judgement."""
        if self.change.duration is None and self.change.add_days is None:
            return False
        changed = self.after.forecasts[0]
        j = changed.position[self.change.task]
        return self.changed.after.open and changed.finishes_on_the_data_date(j)

    @property
    def free_float(self) -> int | None:
        """Working days by which the changed task could slip further before another one moves; None: it is closed."""
        changed = self.after.forecasts[0]
        return changed.free_float(changed.position[self.change.task])

    @property
    def room(self) -> int | None:
        """Working days of the changed task's own after which one more would move another task; None: it would not."""
        days, changed = self.free_float, self.after.forecasts[0]
        if days is None or not changed.moves_another(changed.position[self.change.task], days + 1):
            return None
        return days


def what_if(
    plan: Plan, change: Change, as_of: date, known: Callable[[date], Mapping[str, Record]] = lambda _: NO_RECORDS
) -> Outcome:
    """Find what a change moves, as of a day, or of the later day on which the task would be done.

    `known` gives what the plan's journal tells as of a day.

    Raises:
        Impossible: the task cannot be so short, or done before it was started, or its length is in calendar days.
    """
    day = as_of if change.done is None else max(as_of, change.done)
    records = known(day)
    task, record = _changed(plan, change, records.get(change.task))
    changed = plan._replace(tasks={**plan.tasks, task.id: task})
    told = records if record is None else {**records, task.id: record}
    before, after = judge((forecast(plan, day, records),), day), judge((forecast(changed, day, told),), day)
    pairs = zip(before.items, after.items, strict=True)
    effects = [Effect(*both) for both in pairs if both[0].occurrence is None]  # what comes again is moved by nothing
    moved = [effect for effect in effects if effect.days and effect.after.phase is not Phase.CANCELLED]
    touched = {
        agency
        for _, item in moved
        if item.open
        for agency in (*item.owner, *(member.responsible for member in item.members))
    }
    return Outcome(
        change=change,
        before=before,
        after=after,
        changed=next(effect for effect in effects if effect.after.task.id == change.task),
        moved=tuple(sorted(moved, key=lambda effect: not effect.after.task.milestone)),
        turned=tuple(effect for effect in effects if effect.missed is not _missed(effect.before)),
        agencies=tuple(agency for agency in plan.agencies if agency in touched),
    )


def _missed(item: Item) -> bool:
    """Whether a deadline is missed, or will be as things stand."""
    return item.timeliness in {Timeliness.OVERDUE, Timeliness.DONE_LATE} or item.at_risk_days is not None


def _changed(plan: Plan, change: Change, record: Record | None) -> tuple[Task, Record | None]:
    """Give the task and what its journal tells as they would be."""
    task = plan.tasks[change.task]
    if change.duration is not None:
        task = task._replace(duration=change.duration, estimated=change.estimated)
    if change.add_days is not None:
        task, record = _lengthened(plan, task, change.add_days, record)
    if change.due is not None:
        task = task._replace(due=change.due)
        record = None if record is None else record._replace(extensions=())
    if change.done is not None:
        started = task.facts.started if record is None else record.progress.started
        if started is not None and started > change.done:
            raise Impossible(msg("“{task}” was started on {day}, thus not done before", task=task.id, day=started))
        task = task._replace(facts=Facts(started=started, done=change.done))
        record = None if record is None else _finished(record, Progress(Phase.DONE, started, change.done))
    return task, record


def _finished(record: Record, done: Progress) -> Record:
    """Let the task be done, in a fan-out by whoever has not delivered yet."""
    members = {agency: done if state.open else state for agency, state in record.members.items()}
    return record._replace(progress=done, members=members)


def _lengthened(plan: Plan, task: Task, days: int, record: Record | None) -> tuple[Task, Record | None]:
    if task.duration.unit not in WORKING:
        raise Impossible(
            msg("“{task}” takes calendar days: give its new length as a whole, with --duration", task=task.id)
        )
    work = days_of(task.duration, own_calendar(plan, task))
    length = work + days
    if length < 0:
        raise Impossible(
            msg("“{task}” takes {work} working days: it cannot be shortened more", task=task.id, work=work)
        )
    percent = task.facts.percent if record is None else record.progress.percent
    if percent and length:
        # What is left must grow by `days`. Rounding down makes the network, which rounds up, come to just that (of
        # more than 100 days' work, to within 1 % of it); 0 % would say that nothing has begun.
        left = max(0, -(-work * (100 - percent) // 100) + days)
        percent = max(1, 100 - 100 * left // length)
    if record is not None:
        record = record._replace(progress=record.progress._replace(percent=percent))
        return task._replace(duration=Duration(length)), record
    return task._replace(duration=Duration(length), facts=task.facts._replace(percent=percent)), None
