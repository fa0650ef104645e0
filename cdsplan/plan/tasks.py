"""The `[tasks.X]` tables: one row here for every key of the format.

This is the reader's hottest part (a plan holds up to 100,000 tasks), so the readers of a plan are made once, and what
they read goes straight to its place in the row that becomes a `Task`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cdsplan.messages import msg
from cdsplan.plan.calendars import calendar_name
from cdsplan.plan.dues import Dues
from cdsplan.plan.fields import (
    Durations,
    Fault,
    Guess,
    Rejected,
    array,
    boolean,
    day,
    identifier,
    integer,
    missing_key,
    rejected,
    shown,
    text,
    unknown_key,
    url,
    wrong_type,
)
from cdsplan.plan.links import TaskNames, after
from cdsplan.plan.model import (
    Details,
    Duration,
    Facts,
    Policy,
    Task,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from datetime import date

    from cdsplan.messages import Message
    from cdsplan.plan.fields import Reader
    from cdsplan.plan.recurrence import Repeat
    from cdsplan.workdays import Workdays

AGENCY_FORMS = msg('write an id or a list of them: "finance", ["finance", "@departments"]')
MOST_NAMED = 2_000_000
"""Agencies that the lists of a plan may name in all, groups expanded: a small file can hold a great many."""


class AgencyNames:
    """The agencies and groups of a plan, and how lists of them are read: ids and `@groups`, expanded, each once."""

    def __init__(self, agencies: Collection[str], groups: Mapping[str, tuple[str, ...]]) -> None:
        self.agencies = agencies
        self.groups = groups
        self._alone = {agency: (agency,) for agency in agencies}
        self._members = array(self.member)
        self._named = 0

    def one(self, value: object) -> str:
        """Read one agency's id."""
        if type(value) is not str:
            raise wrong_type(msg("an agency’s id in quotes"), value, msg("name one agency, in straight quotes"))
        if value not in self.agencies:
            raise self._unknown(value)
        return value

    def member(self, value: object) -> tuple[str, ...]:
        """Read one element of a list of agencies: an id, or a @group."""
        if type(value) is not str:
            raise wrong_type(msg("an agency’s id or “@group” in quotes"), value, AGENCY_FORMS)
        if not value.startswith("@"):
            if value not in self.agencies:
                raise self._unknown(value)
            return self._alone[value]
        group = value[1:]
        if group not in self.groups:
            hint: Message | Guess = Guess(
                group, self.groups, msg('declare it below [groups]: {id} = ["…"]', id=shown(group))
            )
            if group in self.agencies:
                hint = msg('it is an agency: write "{id}"', id=group)
            raise rejected("CDS107", msg("there is no group “{id}”", id=shown(value)), hint)
        self._named += len(self.groups[group])
        if self._named > MOST_NAMED:
            raise rejected(
                "CDS101",
                msg("the groups of this plan stand for more than {most} names in all", most=MOST_NAMED),
                msg("use smaller groups, or fewer of them"),
            )
        return self.groups[group]

    def many(self, value: object) -> tuple[str, ...]:
        """Read an agency, a @group, or a list of them, as ids in the order written."""
        if type(value) is str:
            return self._alone.get(value) or self.member(value)
        if type(value) is not list:
            raise wrong_type(msg("an agency’s id in quotes or a list of ids"), value, AGENCY_FORMS)
        parts: tuple[tuple[str, ...], ...] = self._members(value)
        return parts[0] if len(parts) == 1 else tuple(dict.fromkeys(agency for part in parts for agency in part))

    def _unknown(self, value: str) -> Rejected:
        if value in self.groups:
            hint: Message | Guess = msg('it is a group: write "@{id}"', id=value)
        else:
            hint = Guess(value, self.agencies, msg("declare it: [agencies.{id}] with its name", id=shown(value)))
        return rejected("CDS107", msg("there is no agency “{id}”", id=shown(value)), hint)


IN_FACTS = frozenset({"started", "percent", "done", "cancelled"})
IN_DETAILS = {
    "title-en": "title_en",
    **{
        key: key
        for key in ("deliverable", "contents", "constraints", "quote", "note", "url", "tags", "remind", "formerly")
    },
}
"""Keys whose values go into a task's `Facts` and `Details`, by their names there."""


class TaskReader:
    """Reads the tasks of one plan. What is wrong with them goes to `reject`, as seen from the table of tasks."""

    def __init__(
        self,
        *,
        tasks: Mapping[str, Any],
        agencies: AgencyNames,
        calendars: Collection[str],
        policy: Policy,
        workdays: Workdays,
        default_duration: Duration,
        reject: Callable[[Iterable[Fault]], None],
    ) -> None:
        self._reject = reject
        self._names = TaskNames(tasks)
        self.recurring: list[str] = []
        """The ids of tasks that were read and come again, whether their rule could be read or not."""
        self._blank: list[Any] = list(Task(id="", title=""))
        self._blank[DURATION] = (default_duration, True)
        position = Task._fields.index
        short_text, long_text = text(200), text(5000)
        self._fields: dict[str, tuple[int | None, Reader]] = {
            "title": (position("title"), text(300)),
            "short": (position("short"), text(60)),
            "number": (position("number"), text(20)),
            "section": (position("section"), short_text),
            "milestone": (position("milestone"), boolean),
            "owner": (position("owner"), agencies.many),
            "support": (position("support"), agencies.many),
            "consult": (position("consult"), agencies.many),
            "recipient": (position("recipient"), agencies.one),
            "assigned-by": (position("assigned_by"), agencies.one),
            "due": (position("due"), Dues(policy, workdays, self._names.read).read),
            "duration": (DURATION, Durations().read),
            "after": (position("links"), after(self._names)),
            "not-before": (position("not_before"), day),
            "calendar": (position("calendar"), calendar_name(calendars)),
            "each": (None, agencies.many),
            "except": (None, agencies.many),
            "started": (None, day),
            "percent": (None, integer(0, 100)),
            "done": (None, _done),
            "cancelled": (None, day),
            "title-en": (None, text(300)),
            "deliverable": (None, long_text),
            "contents": (None, array(long_text)),
            "constraints": (None, array(long_text)),
            "quote": (None, long_text),
            "note": (None, long_text),
            "url": (None, url),
            "tags": (None, array(short_text)),
            "remind": (None, array(integer(0, 90), unique=True)),
            "formerly": (None, array(identifier)),
            "repeat": (None, _repeat),
            "until": (None, day),
        }
        """Each key's place in the row of a `Task`, or None, and how it is read."""

    def read(self, task: str, table: object) -> Task:
        """Read one task; what cannot be read stays at its default."""
        row = self._blank.copy()
        row[0] = row[1] = task  # a title is missed below
        if not isinstance(table, dict):
            hint = msg("write [tasks.{id}], and what belongs to it on the lines below", id=task)
            self._fault(task, wrong_type(msg("a table"), table, hint))
            return Task(task, task)
        rest: dict[str, Any] = {}
        fields = self._fields
        for key, value in table.items():
            try:
                place, read = fields[key]
            except KeyError:
                self._fault(task, self._unknown(task, key, value))
                continue
            try:
                if place is None:
                    rest[key] = read(value)
                else:
                    row[place] = read(value)
            except Rejected as problem:
                self._fault(task, Rejected(fault.inside(key) for fault in problem.faults))
        if "title" not in table and not (table and table.keys().isdisjoint(fields)):  # of [tasks.1.2] enough is said
            self._fault(task, Rejected([missing_key("title")]))
        if rest or "repeat" in table:
            self._complete(task, row, rest, table)
        row[DURATION], row[ESTIMATED] = row[DURATION]
        return tuple.__new__(Task, row)  # what `Task._make` does but for counting the fields, which costs as much again

    def _fault(self, task: str, problem: Rejected) -> None:
        self._reject(fault.inside(task) for fault in problem.faults)

    def _complete(self, task: str, row: list[Any], rest: dict[str, Any], table: dict[str, Any]) -> None:
        """Make what takes several keys: the members of a fan-out, the facts, the details."""
        comes_again = "repeat" in table or "until" in table
        only_facts = rest.keys() <= IN_FACTS and not comes_again
        facts = rest if only_facts else {key: rest.pop(key) for key in IN_FACTS & rest.keys()}
        try:
            if facts:
                row[FACTS] = _facts(facts, table)
        except Rejected as problem:
            self._fault(task, problem)
        if only_facts:
            return
        try:
            if "each" in rest or "except" in rest:
                row[MEMBERS] = _members(rest, table)
        except Rejected as problem:
            self._fault(task, problem)
        if comes_again:
            if "repeat" in table:
                self.recurring.append(task)
            row[REPEAT] = rest.get("repeat")
            try:
                _check_repeat(rest, table)
            except Rejected as problem:
                self._fault(task, problem)
            else:
                row[REPEAT] = row[REPEAT] and row[REPEAT]._replace(until=rest.get("until"))
        if rest:
            details = {IN_DETAILS[key]: value for key, value in rest.items() if key in IN_DETAILS}
            if "each" in rest:
                written = table["each"]
                details["each"] = (written,) if type(written) is str else tuple(written)
            row[DETAILS] = Details(**details)

    def _unknown(self, task: str, key: str, value: object) -> Rejected:
        fault = unknown_key(key, self._fields)
        if isinstance(value, dict):
            hint = msg(
                "TOML reads [tasks.{task}.{key}] as “{key}” inside “{task}”; an id has no dots: [tasks.{task}-{key}]",
                task=task,
                key=key,
            )
            fault = fault._replace(hint=hint)
        return Rejected([fault])


DURATION, ESTIMATED, MEMBERS, FACTS, DETAILS, REPEAT = map(
    Task._fields.index, ("duration", "estimated", "members", "facts", "details", "repeat")
)


def _repeat(value: object) -> Repeat:
    """Read how a task comes again."""
    from cdsplan.plan.recurrence import repeat  # noqa: PLC0415 - few plans have recurring tasks

    return repeat(value)


def _check_repeat(rest: dict[str, Any], table: dict[str, Any]) -> None:
    """Refuse what contradicts a rule: a deadline, links or facts of the task as a whole, and two ends."""
    if "repeat" not in table:
        hint = msg("“until” ends a rule: add “repeat”, or take “until” out")
        raise Rejected([Fault("CDS112", msg("“until” needs “repeat”"), hint, ("until",), key=True)])
    faults: list[Fault] = []
    for key in ("due", "after"):
        if key in table:
            both = msg("a task that comes again stands outside the network and has no “{key}”", key=key)
            hint = msg("take “{key}” out: “repeat” gives every occurrence its own deadline", key=key)
            faults.append(Fault("CDS112", both, hint, (key,), key=True))
    for key in sorted(IN_FACTS & table.keys()):
        fact = msg("“{key}” does not say of which occurrence", key=key)
        hint = msg("take it out and record the occurrence: cdsplan done TASK@2026-03-20; “until” ends the rule")
        faults.append(Fault("CDS112", fact, hint, (key,), key=True))
    rule = rest.get("repeat")
    if rule is not None and rule.rule.times is not None and "until" in table:
        twice = msg("the rule ends twice: by COUNT and by “until”")
        faults.append(Fault("CDS112", twice, msg("keep one of them"), ("until",), key=True))
    if faults:
        raise Rejected(faults)


def _done(value: object) -> date | bool:
    """Read when a task was done: a day, or true."""
    if value is False:
        raise rejected("CDS106", msg("“done” is a date, or true"), msg("leave the line out while the work is open"))
    return True if value is True else day(value)


def _members(rest: dict[str, Any], table: dict[str, Any]) -> tuple[str, ...]:
    """Give those who must each deliver; an `each` that could not be read has been told already."""
    members: tuple[str, ...] = rest.get("each", ())
    if left_out := frozenset(rest.get("except", ())):
        members = tuple(agency for agency in members if agency not in left_out)
    if "each" not in table:
        hint = msg("“except” leaves agencies out of a fan-out: add “each”, or take “except” out")
        raise Rejected([Fault("CDS112", msg("“except” needs “each”"), hint, ("except",), key=True)])
    if "each" in rest and not members:
        hint = msg("look at “each” and “except”")
        raise Rejected([Fault("CDS112", msg("nobody is left to deliver this"), hint, ("each",))])
    return members


def _facts(facts: dict[str, Any], table: dict[str, Any]) -> Facts:
    """Put together what has happened."""
    done, started = facts.get("done"), facts.get("started")
    if done is None:
        return Facts(**facts)
    faults: list[Fault] = []
    if done is True:
        facts["done_unknown"] = facts.pop("done")
        if "due" in table:
            message = msg("a task with a deadline needs the day on which it was done")
            hint = msg("write done = 2021-09-28; true is for work without a deadline, done on an unknown day")
            faults.append(Fault("CDS112", message, hint, ("done",)))
    elif started is not None and done < started:
        message = msg("done on {done}, before it was started on {started}", done=done, started=started)
        faults.append(Fault("CDS112", message, msg("look at “started” and “done”"), ("done",)))
    if "cancelled" in facts:
        message = msg("a task is done or cancelled, not both")
        faults.append(Fault("CDS112", message, msg("keep one of them"), ("cancelled",)))
    if faults:
        raise Rejected(faults)
    return Facts(**facts)
