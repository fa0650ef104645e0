"""What a task waits for: the `after` key, as short strings or tables.

A string is `ID [FS|SS|FF|SF][±LAG]`; the link type may be left out only without a lag. ID may be the annex's own number
of a task; one with spaces can be named in a table only. A table has `task` and any of `type`, `lag`, `basis`, `quote`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cdsplan.messages import msg
from cdsplan.plan.fields import (
    Fault,
    Guess,
    Rejected,
    array,
    duration_of,
    no_duration,
    one_of,
    quoted,
    read_table,
    rejected,
    shown,
    text,
    wrong_type,
)
from cdsplan.plan.model import NO_LAG, Basis, Duration, Link, LinkType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cdsplan.messages import Message
    from cdsplan.plan.fields import Reader

LINK_FORMS = msg('write the task alone, or with a link type (FS, SS, FF, SF) and a lag: "survey", "survey SS+5d"')
LAG_FORMS = msg('write days or weeks with a sign: "+5d", "-2d", "+1w", "+10ed"')


class TaskNames:
    """Every name by which a plan's own file may call a task: its id, or its number where only one task has it."""

    def __init__(self, tasks: Mapping[str, Any]) -> None:
        self.ids = tasks.keys()
        self._tasks = tasks
        self._numbers: dict[str, list[str]] | None = None

    def find(self, name: str) -> str:
        """Give the task's id, or reject the name."""
        if name in self.ids:
            return name
        if self._numbers is None:  # most plans link by id only
            self._numbers = {}
            for task, table in self._tasks.items():
                number = table.get("number") if isinstance(table, dict) else None
                if isinstance(number, str):
                    self._numbers.setdefault(number.strip(), []).append(task)
        holders = self._numbers.get(name, [])
        if len(holders) == 1:
            return holders[0]
        if holders:
            raise rejected(
                "CDS108",
                msg("several tasks have the number “{number}”", number=name),
                msg("name one of them by its id: {ids}", ids=tuple(holders[:MOST_HOLDERS])),
            )
        raise rejected("CDS107", msg("there is no task “{id}”", id=shown(name)), self._hint(name))

    def repeats(self, task: str) -> bool:
        """Say whether a task is declared as one that comes again."""
        table = self._tasks[task]
        return isinstance(table, dict) and "repeat" in table

    def read(self, value: object) -> str:
        """Read a task's name that must be text."""
        if type(value) is not str:
            raise wrong_type(msg("a task’s id in quotes"), value, quoted(value))
        return self.find(value)

    def _hint(self, name: str) -> Message | Guess:
        at = max(map(name.rfind, _SIGNS))
        if name[: max(at, 0)] in self.ids and duration_of(name[at + 1 :]):
            return msg('a lag needs its link type: "{id} FS{lag}"', id=name[:at], lag=name[at:])
        return Guess(name, self.ids, msg("every task is declared under its own heading: [tasks.ID]"))


MOST_HOLDERS = 10


def after(names: TaskNames) -> Callable[[object], tuple[Link, ...]]:
    """Read the whole `after` key: one string, or a list of strings and tables."""
    known = {task: task for task in names.ids}
    readers: dict[str, Reader] = {
        "task": names.read,
        "type": one_of(LinkType),
        "lag": lag,
        "basis": one_of(Basis),
        "quote": text(5000),
    }

    def link(value: object) -> Link:
        if type(value) is str:
            return Link(value) if value in known else link_of(value, names)
        if not isinstance(value, dict):
            raise wrong_type(msg("a task’s id in quotes or a table"), value, LINK_FORMS)
        values, faults = read_table(value, readers, ("task",))
        if faults:
            raise Rejected(faults)
        return Link(
            values["task"],
            values.get("type", LinkType.FS),
            values.get("lag", NO_LAG),
            values.get("basis", Basis.STATED),
            values.get("quote"),
        )

    links = array(link)

    def read(value: object) -> tuple[Link, ...]:
        if type(value) is str:
            return (link(value),)
        if type(value) is not list:
            raise wrong_type(msg("a task’s id in quotes or a list of links"), value, LINK_FORMS)
        try:  # nearly every list names tasks, each once, and says no more
            found = tuple([Link(known[each]) for each in value])
            once = len(set(value)) == len(value)
        except (KeyError, TypeError):
            found, once = links(value), False
        if not once:
            _refuse_twice(found)
        return found

    return read


def link_of(words: str, names: TaskNames) -> Link:
    """Read `ID [FS|SS|FF|SF][±LAG]`."""
    name, space, rest = words.partition(" ")
    if not space:
        return Link(names.find(name))
    kind, length = rest[:2], rest[2:]
    if kind not in LinkType.__members__ or (length and length[0] not in _SIGNS):
        part = (len(name) + 1, len(rest))
        raise rejected("CDS106", msg("“{words}” is no link", words=shown(words)), LINK_FORMS, part=part)
    part = (0, len(name))
    try:
        predecessor = names.find(name)
        part = (len(words) - len(length), len(length))
        return Link(predecessor, LinkType(kind), lag(length) if length else NO_LAG)
    except Rejected as problem:
        raise Rejected(fault._replace(part=part) for fault in problem.faults) from None


def lag(value: object) -> Duration:
    """Read a lag (`+5d`, `-2d`, `3w`); the minus sign of typography will do."""
    if type(value) is not str:
        raise wrong_type(msg("a lag in quotes"), value, LAG_FORMS)
    signed = value[:1] in _SIGNS
    length = duration_of(value[1:] if signed else value)
    if length is None:
        raise rejected("CDS106", *no_duration(value, msg("“{words}” is no lag", words=shown(value)), LAG_FORMS))
    return Duration(-length.amount, length.unit) if signed and value[0] != "+" else length


_SIGNS = frozenset("+-−")


def _refuse_twice(links: tuple[Link, ...]) -> None:
    """Refuse a second link of one type to one task."""
    if len({link[:2] for link in links}) == len(links):
        return
    seen: set[tuple[str, LinkType]] = set()
    faults: list[Fault] = []
    for at, link in enumerate(links):
        kind = (link.predecessor, link.type)
        if kind in seen:
            twice = msg("the link {type} from “{id}” stands here twice", type=str(link.type), id=link.predecessor)
            faults.append(Fault(code="CDS108", message=twice, hint=msg("keep one of them"), at=(at,)))
        seen.add(kind)
    raise Rejected(faults)
