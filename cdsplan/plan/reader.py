"""From the bytes of a plan file to a `Plan`, or to everything that is wrong with it.

`read` reports every problem at once, each with its place, and raises once. A `Plan` that it returns is valid; what
people should know of it all the same is found by `cdsplan.plan.rules.warnings`.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from cdsplan.daysoff import NO_HOLIDAYS
from cdsplan.messages import msg
from cdsplan.plan.calendars import calendar_name, read_calendar, workdays_of
from cdsplan.plan.fields import (
    MOST_PROBLEMS,
    Durations,
    Fault,
    Guess,
    Guesses,
    Rejected,
    a_table,
    are_ids,
    array,
    bad_id,
    day,
    identifier,
    is_id,
    one_of,
    read_table,
    rejected,
    text,
)
from cdsplan.plan.links import TaskNames
from cdsplan.plan.model import Agency, Before, CalendarSpec, DayOff, Duration, Gate, Plan, Policy, Silence
from cdsplan.plan.order import Predecessors, cycles, numbered, topological_order
from cdsplan.plan.rules import ERRORS, WARNINGS, Draft, Finding, in_file_order, placed, waits_for
from cdsplan.plan.source import MAX_BYTES, load
from cdsplan.plan.tasks import MOST_NAMED, AgencyNames, TaskReader
from cdsplan.problems import PlanError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from cdsplan.messages import Message
    from cdsplan.plan.fields import Reader
    from cdsplan.plan.model import Task
    from cdsplan.plan.source import Source
    from cdsplan.problems import Problem
    from cdsplan.workdays import Workdays

    Path = tuple[str | int, ...]

LANGUAGES = ("en", "vi")
TABLES = ("plan", "reading", "calendar", "calendars", "agencies", "groups", "tasks", "check", "waiver")
NAMED_TABLES = frozenset({"calendars", "agencies", "tasks"})

RESERVED_NAMES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
)
"""Names that Windows keeps for devices: an agency's id names its feed's file."""

FALLBACK_START = date(2000, 1, 1)
"""Stands in for a start that cannot be read, so that the rest of the plan can be looked at."""

NO_GATE, DEFAULT_WARN = Gate(), 7
"""What a check goes by where the plan says nothing of it."""

MOST_PER_RULE = 5
"""Warnings of one kind that are told beside errors, which they must not bury."""

MOST_CALENDARS = 100
MOST_RECURRING = 1000
"""Tasks of a plan that come again."""


def timezone(value: object) -> str:
    """Read a time zone's name."""
    name: str = text(64)(value)
    if name in USUAL_ZONES:
        return name
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - 3 ms that few plans need

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        hint = msg('write area and city, such as "Asia/Ho_Chi_Minh" or "Europe/Paris"')
        raise rejected("CDS106", msg("there is no time zone “{name}”", name=name), hint) from None
    return name


USUAL_ZONES = frozenset({"Asia/Ho_Chi_Minh", "UTC"})
REQUIRED = ("id", "title", "start", "timezone")
HEAD: dict[str, Reader] = {
    "id": identifier,
    "title": text(300),
    "start": day,
    "timezone": timezone,
    "language": one_of(LANGUAGES),
    "short": text(60),
    "title-en": text(300),
    "issuer": identifier,
    "revised": day,
    "default-duration": lambda value: Durations().read(value),
    "source": text(5000),
}
POLICY: dict[str, Reader] = {"before": one_of(Before), "day-off": one_of(DayOff), "silence": one_of(Silence)}


def read(data: bytes, file: str, *, max_bytes: int = MAX_BYTES) -> Plan:
    """Read a plan. `file` is its name for people.

    Raises:
        PlanError: with the problems that were found, in file order: all of them, up to `MOST_PROBLEMS`.
    """
    return _PlanReader(*load(data, file, max_bytes=max_bytes)).read()


class _EnoughError(Exception):
    """More is wrong than is told at once."""


class _PlanReader:
    """One reading of one file: what is wrong so far, and the steps in their order."""

    def __init__(self, tree: dict[str, Any], source: Source) -> None:
        self.tree = tree
        self.source = source
        self.found: list[Finding] = []
        self.guesses = Guesses()

    def read(self) -> Plan:
        with suppress(_EnoughError):
            return self._read()
        for table in self.tree.values():  # such a file may be a large one: make room for the index of its text
            if isinstance(table, dict):
                table.clear()
        raise PlanError(self._problems())

    def _read(self) -> Plan:
        self._top_level()
        head, policy, default_duration = self._head(), self._policy(), Duration(1)
        if "default_duration" in head:
            default_duration, _ = head.pop("default_duration")
        start: date = head.get("start") or FALLBACK_START
        base, workdays = self._calendar(start)
        calendars, named_workdays = self._calendars(base, start)
        agencies = self._agencies(calendars)
        names = AgencyNames(agencies, self._groups(agencies))
        if "issuer" in head:
            self._take(("plan", "issuer"), names.one, head["issuer"])
        reader = TaskReader(
            tasks=self._table("tasks"),
            agencies=names,
            calendars=calendars,
            policy=policy,
            workdays=workdays,
            default_duration=default_duration,
            reject=partial(self._reject, ("tasks",)),
        )
        tasks = {task: reader.read(task, table) for task, table in self._named("tasks")}
        recurring = {task: tasks.pop(task) for task in reader.recurring}
        if recurring:
            self._recurring(tasks, recurring, start)
        gate, warn = self._gate(names, recurring, head.get("start"))
        waiting = waits_for(tasks)
        order = topological_order(waiting)
        draft = Draft(
            tasks=tasks, recurring=recurring, waits_for=waiting, order=order, start=start, workdays=workdays,
            source=self.source,
        )  # fmt: skip
        for rule in ERRORS:
            for finding in rule(draft):
                self._find(finding)
        if self.found:
            warned = (finding for rule in WARNINGS for finding in islice(rule(draft), MOST_PER_RULE))
            raise PlanError(self._problems(*warned))
        return Plan(
            **head, policy=policy, calendar=base, calendars=calendars, agencies=agencies, groups=names.groups,
            workdays=workdays, named_workdays=named_workdays, tasks=tasks, recurring=recurring,
            waits_for=waiting, numbering=numbered(waiting, order), warn=warn, gate=gate, source=self.source,
        )  # fmt: skip

    def _recurring(self, tasks: dict[str, Task], recurring: Mapping[str, Task], start: date) -> None:
        """Check what comes again: that it comes at all, and that nothing in the network waits for it."""
        from cdsplan.plan.occurrences import never, waiting_for  # noqa: PLC0415 - few plans have recurring tasks

        if len(recurring) > MOST_RECURRING:
            many = msg("{count} tasks come again; at most {most} are read", count=len(recurring), most=MOST_RECURRING)
            self._add(("tasks",), "CDS101", many, msg("let one task stand for several: each = […]"))
        else:
            for finding in (*never(recurring.values(), start), *waiting_for(tasks.values(), recurring)):
                self._find(finding)
        for task in tasks.values():
            if any(link.predecessor in recurring for link in task.links):
                tasks[task.id] = task._replace(
                    links=tuple(link for link in task.links if link.predecessor not in recurring)
                )

    def _problems(self, *warned: Finding) -> tuple[Problem, ...]:
        """Place what was found, and warnings beside it; say that there is more than is told."""
        told, rest = self.found[:MOST_PROBLEMS], self.found[MOST_PROBLEMS:]
        problems = in_file_order(placed(finding, self.source) for finding in (*told, *warned))
        for finding in rest:
            more = msg("there are more problems; the first {most} that were found are listed", most=MOST_PROBLEMS)
            last = finding._replace(code="CDS101", message=more, hint=msg("mend these first"))
            problems.append(placed(last, self.source))
        return tuple(problems)

    def _top_level(self) -> None:
        for key, value in self.tree.items():
            if key not in TABLES:
                self._reject((), [_unknown_table(key, value)])
        if not self._table("tasks") and not self.found:
            self._add(
                ("tasks",) if "tasks" in self.tree else (),
                "CDS105",
                msg("the plan has no tasks"),
                msg('declare one: [tasks.survey] with title = "…"'),
            )

    def _head(self) -> dict[str, Any]:
        if "plan" not in self.tree:
            hint = msg("it needs: {keys}", keys=REQUIRED)
            self._add((), "CDS105", msg("the table [plan] is missing"), hint)
        values = self._values("plan", HEAD, REQUIRED)
        renamed = {"title-en": "title_en", "source": "citation", "default-duration": "default_duration"}
        return {renamed.get(key, key): value for key, value in values.items()}

    def _policy(self) -> Policy:
        return Policy(**{key.replace("-", "_"): value for key, value in self._values("reading", POLICY).items()})

    def _gate(self, names: AgencyNames, recurring: Mapping[str, Task], start: date | None) -> tuple[Gate, int]:
        """Read what a check looks for, and from when on a task is due soon."""
        if "check" not in self.tree and "waiver" not in self.tree:
            return NO_GATE, DEFAULT_WARN
        from cdsplan.plan.gate import item_reader, read_gate, read_waivers  # noqa: PLC0415 - most plans leave it to the program

        gate, warn, faults = read_gate(self._table("check"))
        self._reject(("check",), faults)
        if "waiver" in self.tree:
            try:
                item = item_reader(TaskNames(self._table("tasks")), recurring, start)
                waivers, faults = read_waivers(self.tree["waiver"], item, names.one)
            except Rejected as problem:
                waivers, faults = (), list(problem.faults)
            self._reject(("waiver",), faults)
            gate = gate._replace(waivers=waivers)
        return gate, DEFAULT_WARN if warn is None else warn

    def _values(self, key: str, readers: Mapping[str, Reader], required: Sequence[str] = ()) -> dict[str, Any]:
        """Read one of the tables that stand alone; one that is missing or none at all lacks nothing more."""
        table = self._table(key)
        values, faults = read_table(table, readers, required if key in self.tree else ())
        self._reject((key,), faults)
        return values

    def _calendar(self, start: date) -> tuple[CalendarSpec, Workdays]:
        spec, faults = read_calendar(self._table("calendar"), CalendarSpec())
        self._reject(("calendar",), faults)
        return self._built(spec, ("calendar",), start)

    def _calendars(self, base: CalendarSpec, start: date) -> tuple[dict[str, CalendarSpec], dict[str, Workdays]]:
        declared = list(self._named("calendars"))
        if len(declared) > MOST_CALENDARS:
            many = msg("there are {count} calendars; at most {most} are read", count=len(declared), most=MOST_CALENDARS)
            self._add(("calendars",), "CDS101", many, msg("let agencies and tasks share calendars"))
        calendars: dict[str, CalendarSpec] = {}
        tables: dict[str, Workdays] = {}
        for name, value in declared[:MOST_CALENDARS]:
            spec = base
            try:
                spec, faults = read_calendar(_named_table("calendars", name, value), base)
            except Rejected as problem:
                faults = list(problem.faults)
            self._reject(("calendars", name), faults)
            calendars[name], tables[name] = self._built(spec, ("calendars", name), start)
        return calendars, tables

    def _built(self, spec: CalendarSpec, at: Path, start: date) -> tuple[CalendarSpec, Workdays]:
        """Make the table of a calendar; where its country cannot be had, it has no holidays, nor have its heirs."""
        try:
            return spec, workdays_of(spec, start)
        except Rejected as problem:
            self._reject(at, problem.faults)
            spec = spec._replace(holidays=NO_HOLIDAYS)
            return spec, workdays_of(spec, start)

    def _agencies(self, calendars: Collection[str]) -> dict[str, Agency]:
        readers = _agency_readers(self._table("agencies"), calendars)
        found: dict[str, Agency] = {}
        for agency, value in self._named("agencies"):
            if agency in RESERVED_NAMES:
                reserved = msg("Windows keeps the name “{id}” for itself", id=agency)
                hint = msg("choose another id: it names the agency’s feed")
                self._add(("agencies", agency), "CDS106", reserved, hint, key=True)
            values: dict[str, Any] = {}
            try:
                values, faults = read_table(_named_table("agencies", agency, value), readers, ("name",))
            except Rejected as problem:
                faults = list(problem.faults)
            self._reject(("agencies", agency), faults)
            if "name-en" in values:
                values["name_en"] = values.pop("name-en")
            found[agency] = Agency(id=agency, **{"name": agency, **values})
        self._check_agencies(found)
        return found

    def _check_agencies(self, agencies: Mapping[str, Agency]) -> None:
        """Refuse former ids that are taken, and successors that lead back to where they began."""
        holder: dict[str, str] = {}
        for agency in agencies.values():
            for at, former in enumerate(agency.formerly):
                if former in agencies or holder.setdefault(former, agency.id) != agency.id:
                    taken = msg("“{id}” names another agency", id=former)
                    hint = msg("a former id leads to one agency")
                    self._add(("agencies", agency.id, "formerly", at), "CDS108", taken, hint)
        for ring in _rings(
            {agency.id: (agency.successor,) if agency.successor else () for agency in agencies.values()}
        ):
            message = msg("these agencies succeed each other: {ids}", ids=ring)
            if len(ring) == ITSELF:
                message = msg("“{id}” is named as its own successor", id=ring[0])
            self._add(("agencies", ring[0], "successor"), "CDS111", message, msg("the last one has no successor"))

    def _groups(self, agencies: Mapping[str, Agency]) -> dict[str, tuple[str, ...]]:
        """Expand the groups; a group may name other groups, but not itself by any way round."""
        declared = dict(self._named("groups"))
        members = array(AgencyNames(agencies, dict.fromkeys(declared, ())).member)
        names: dict[str, list[str]] = {}
        for group, listed in declared.items():
            self._take(("groups", group), members, listed)
            names[group] = [name for name in listed if isinstance(name, str)] if isinstance(listed, list) else []
        inside = {group: [name[1:] for name in listed if name[:1] == "@"] for group, listed in names.items()}
        for ring in _rings(inside):
            message = msg("these groups contain each other: {ids}", ids=tuple(f"@{group}" for group in ring))
            if len(ring) == ITSELF:
                message = msg("the group “@{id}” contains itself", id=ring[0])
            at = ("groups", ring[0], declared[ring[0]].index(f"@{ring[1]}"))
            self._add(at, "CDS111", message, msg("take this name out of the list"))
        return self._expanded(names, inside, agencies)

    def _expanded(
        self, names: Mapping[str, list[str]], inside: Mapping[str, list[str]], agencies: Mapping[str, Agency]
    ) -> dict[str, tuple[str, ...]]:
        """Give the agencies of each group, inner groups first; one in a ring has any, so that no more is said of it."""
        expanded = dict.fromkeys(names, tuple(islice(agencies, 1)))
        groups, total = list(names), 0
        for at in topological_order(_positions(inside)):
            found: dict[str, None] = {}
            for name in names[groups[at]]:
                if name[:1] == "@":
                    found |= dict.fromkeys(expanded.get(name[1:], ()))
                elif name in agencies:
                    found[name] = None
            total += len(found)
            if total > MOST_NAMED:
                many = msg("the groups of this plan have more than {most} members in all", most=MOST_NAMED)
                self._add(("groups", groups[at]), "CDS101", many, msg("let fewer groups contain others"), key=True)
                break
            expanded[groups[at]] = tuple(found)
        return expanded

    def _table(self, key: str) -> dict[str, Any]:
        """Give a table of the top level, empty where there is none; what is no table is told once."""
        hint = msg("write it as a heading with single brackets: [{key}]", key=key)
        if key in NAMED_TABLES:
            hint = msg("give each its own heading: [{key}.ID]", key=key)
        try:
            return a_table(self.tree.get(key, {}), hint)
        except Rejected as problem:
            del self.tree[key]
            self._reject((key,), problem.faults)
            return {}

    def _named(self, key: str) -> Iterable[tuple[str, Any]]:
        """Give what a table of named things holds; a name that is no id is reported, and stays all the same."""
        table = self._table(key)
        if not are_ids(table):
            for name in table:
                if not is_id(name):
                    self._reject((key, name), [fault._replace(key=True) for fault in bad_id(name).faults])
        return table.items()

    def _take(self, at: Path, reader: Reader, value: object) -> None:
        try:
            reader(value)
        except Rejected as problem:
            self._reject(at, problem.faults)

    def _reject(self, at: Path, faults: Iterable[Fault]) -> None:
        for code, message, hint, inside, key, part in faults:
            self._add((*at, *inside), code, message, hint, key=key, part=part)

    def _add(
        self, at: Path, code: str, message: Message, hint: Message | Guess, *, key: bool = False,
        part: tuple[int, int] | None = None,
    ) -> None:  # fmt: skip
        settled = self.guesses.hint(hint)
        self._find(Finding(code=code, message=message, hint=settled, at=at, key=key, part=part))

    def _find(self, finding: Finding) -> None:
        self.found.append(finding)
        if len(self.found) > MOST_PROBLEMS:
            raise _EnoughError


ITSELF = 2
"""The length of a ring of one: it is named at both ends."""


def _rings(graph: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """Find the rings of names that lead to each other: (a, b, a), one of each knot."""
    names = list(graph)
    return [tuple(names[at] for at in (*ring, ring[0])) for ring in cycles(_positions(graph))]


def _positions(graph: Mapping[str, Sequence[str]]) -> Predecessors:
    """Turn names into positions; what leads out of the graph is left out."""
    position = {name: at for at, name in enumerate(graph)}
    return Predecessors.of([[position[name] for name in names if name in position] for names in graph.values()])


def _unknown_table(key: str, value: object) -> Fault:
    """Report what the top level does not have: a table, or a key above the first heading."""
    if isinstance(value, dict | list):
        known = msg("known tables: {keys}", keys=tuple(f"[{table}]" for table in TABLES))
        return Fault("CDS104", msg("unknown table [{key}]", key=key), Guess(key, TABLES, known), (key,), key=True)
    hint = msg("write it below the heading that it belongs to, such as [plan]")
    return Fault("CDS104", msg("“{key}” stands above the first heading", key=key), hint, (key,), key=True)


def _named_table(key: str, name: str, value: object) -> dict[str, Any]:
    return a_table(value, msg("write [{key}.{id}], and what belongs to it on the lines below", key=key, id=name))


def _agency_readers(declared: Collection[str], calendars: Collection[str]) -> dict[str, Reader]:
    return {
        "name": text(200),
        "short": text(60),
        "name-en": text(200),
        "ceased": day,
        "successor": AgencyNames(declared, {}).one,
        "formerly": array(identifier),
        "contact": text(5000),
        "calendar": calendar_name(calendars),
    }
