"""The `[check]` table and the `[[waiver]]` tables: what a check looks for, what it fails on, and what it forgives."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from cdsplan.messages import msg
from cdsplan.plan.fields import (
    Fault,
    Guess,
    Rejected,
    a_table,
    array,
    day,
    integer,
    known_words,
    quoted,
    read_table,
    rejected,
    shown,
    text,
    wrong_type,
)
from cdsplan.plan.model import Gate, Waiver
from cdsplan.rulebook import selectors
from cdsplan.rulebook.fail_on import fail_on_words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from cdsplan.plan.fields import Reader
    from cdsplan.plan.links import TaskNames
    from cdsplan.plan.model import Task
    from cdsplan.plan.occurrences import NominalDays

MOST_DAYS = 365
WARN = integer(0, MOST_DAYS)


def read_gate(table: dict[str, Any]) -> tuple[Gate, int | None, list[Fault]]:
    """Read the `[check]` table: what it says of rules, its `warn`, and what is wrong with it."""
    values, faults = read_table(table, READERS)
    gate = Gate(
        select=values.get("select"),
        ignore=values.get("ignore", ()),
        fail_on=values.get("fail-on"),
        grace=values.get("grace"),
    )
    return gate, values.get("warn"), faults


def read_waivers(value: object, item: Reader, agency: Reader) -> tuple[tuple[Waiver, ...], list[Fault]]:
    """Read the waivers; `item` finds a task, and the nominal day of its occurrence or None, `agency` an agency."""
    if isinstance(value, dict):
        raise wrong_type(msg("a list of tables"), value, msg("write the heading with double brackets: [[waiver]]"))
    readers: dict[str, Reader] = {
        "rule": waivable_rule,
        "task": item,
        "agency": agency,
        "until": day,
        "reason": text(2000),
        "document": text(300),
    }

    def waiver(table: object) -> Waiver | None:
        values, faults = read_table(
            a_table(table, msg("write [[waiver]], and its keys on the lines below")), readers, REQUIRED
        )
        if faults:
            raise Rejected(faults)
        if "task" in values:
            values["task"], values["occurrence"] = values["task"]
        return Waiver(**values)

    try:
        return array(waiver)(value), []
    except Rejected as problem:
        return (), list(problem.faults)


REQUIRED = ("rule", "until", "reason")


def item_reader(names: TaskNames, recurring: Mapping[str, Task], start: date | None) -> Reader:
    """Read the name of a task, or of one occurrence of a task that comes again: the name, @ and its nominal day.

    Without the `start` of the plan, from which rules run, any day will do: that it is missing is told already.
    """
    days: NominalDays | None = None
    if recurring and start is not None:
        from cdsplan.plan.occurrences import NominalDays  # noqa: PLC0415 - few plans have recurring tasks

        days = NominalDays(start)

    def read(value: object) -> tuple[str, date | None]:
        if type(value) is not str or "@" not in value:
            return names.read(value), None
        name, _, words = value.rpartition("@")
        task_id = names.find(name)
        if not names.repeats(task_id):
            once = msg("“{id}” happens once and has no occurrences", id=task_id)
            raise rejected("CDS107", once, msg('write the task alone: "{id}"', id=task_id))
        try:
            nominal = day(date.fromisoformat(words))
        except ValueError:
            hint = msg("an occurrence of a recurring task is named by its day: {task}@2021-10-20", task=task_id)
            raise rejected("CDS109", msg("“{day}” is no day", day=shown(words)), hint) from None
        task = recurring.get(task_id)
        if task is not None and start is not None and days is not None and not days.has(task, nominal):
            from cdsplan.plan.occurrences import around  # noqa: PLC0415 - as above

            never = msg("“{id}” does not come on {day} by its rule", id=task_id, day=nominal)
            near = tuple(f"{task_id}@{found.isoformat()}" for found in around(task, start, nominal))
            raise rejected("CDS107", never, msg("nearest to it are: {names}", names=near))
        return task_id, nominal

    return read


def selector(known: Callable[[], Collection[str]]) -> Reader:
    """Read a word that chooses rules, one of `known()`."""

    def read(value: object) -> str:
        if type(value) is not str:
            raise wrong_type(msg("the id of a rule in quotes"), value, quoted(value))
        words = known()
        if value not in words:
            if value in selectors.selectors():
                raise rejected(
                    "CDS106",
                    msg("“{rule}” has no place here: what keeps a plan from being read always counts", rule=value),
                    msg("take it out"),
                )
            raise unknown_rule(value, words)
        return value

    return read


def unknown_rule(word: str, known: Collection[str]) -> Rejected:
    """Reject what names no rule."""
    hint = msg('write the id of a rule such as "CDS201", or how ids begin: "CDS3"; cdsplan rule lists them')
    return rejected("CDS106", msg("there is no rule “{rule}”", rule=shown(word)), Guess(word, known, hint))


def waivable_rule(value: object) -> str:
    """Read the id of one rule that can be waived."""
    word: str = selector(selectors.ignorable)(value)
    rules = selectors.waivable()
    if word not in rules:
        raise rejected(
            "CDS106",
            msg("a waiver is for one rule, and “{rule}” names several", rule=word),
            known_words(tuple(rule for rule in rules if rule.startswith(word)) or rules),
        )
    return word


def fail_on(value: object) -> tuple[str, ...]:
    """Read one word or a list of them: what a check fails on."""
    return tuple(_fail_on_list(value if isinstance(value, list) else [value]))


_fail_on_list = array(selector(fail_on_words), least=1)
_selectors = array(selector(selectors.selectors), least=1)

READERS: dict[str, Reader] = {
    "warn": WARN,
    "grace": integer(0, MOST_DAYS),
    "fail-on": fail_on,
    "select": _selectors,
    "ignore": array(selector(selectors.ignorable)),
}
