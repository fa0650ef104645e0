"""Finding what a person named on the command line; nothing found, or several, is a usage error with a way out."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import click

from cdsplan.cli.words import say
from cdsplan.messages import msg
from cdsplan.names import Ambiguous, NoOccurrence, Unknown, find_agencies, find_item, no_agency
from cdsplan.plan.deadlines import DeadlineReader, PhraseError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from cdsplan.messages import Message
    from cdsplan.names import Named
    from cdsplan.plan.model import Plan, Reading, Task


def item_named(plans: Sequence[Plan], name: str) -> Named:
    """Find one task and its plan, or one occurrence of a task that comes again."""
    try:
        return find_item(plans, name)
    except NoOccurrence as missed:
        message = msg("“{task}” does not come on {day}", task=missed.task, day=missed.day)
        raise _unknown(message, Unknown(name, missed.near)) from None
    except Unknown as unknown:
        raise _unknown(msg("there is no task “{name}”", name=name), unknown) from None
    except Ambiguous as several:
        raise _ambiguous(msg("“{name}” fits several tasks", name=name), several) from None


def task_named(plans: Sequence[Plan], name: str) -> tuple[Plan, Task]:
    """Find one task of the network and its plan."""
    plan, task, _ = item_named(plans, name)
    if task.repeat is not None:
        outside = msg("“{task}” comes again and stands outside the network; see: cdsplan show {task}", task=task.id)
        raise click.UsageError(say(outside))
    return plan, task


def occurrence_named(plans: Sequence[Plan], name: str, as_of: date) -> Named:
    """Find a task that happens once, or an occurrence of another; where none is named, offer the nearest."""
    found = item_named(plans, name)
    if found.task.repeat is None or found.occurrence is not None:
        return found
    from cdsplan.plan.occurrences import around  # noqa: PLC0415 - few plans have recurring tasks

    near = tuple(f"{found.task.id}@{day.isoformat()}" for day in around(found.task, found.plan.start, as_of))
    raise _unknown(msg("“{task}” comes again: say which time", task=found.task.id), Unknown(name, near))


def agencies_named(plans: Sequence[Plan], names: Sequence[str]) -> tuple[str, ...]:
    """Find the ids of agencies, each once; a group stands for its members."""
    found: dict[str, None] = {}
    for name in names:
        try:
            found |= dict.fromkeys(find_agencies(plans, name))
        except Unknown as unknown:
            raise _unknown(no_agency(name), unknown) from None
        except Ambiguous as several:
            raise _ambiguous(msg("“{name}” fits several agencies", name=name), several) from None
    return tuple(found)


def names_in(plans: Sequence[Plan], words: str) -> list[str]:
    """Part a list of agencies, “A,B”, into their names; a name that has commas of its own is one."""
    names = [part for part in map(str.strip, words.split(",")) if part]
    if len(names) < 2:  # noqa: PLR2004 - a list
        return names
    with suppress(Ambiguous):  # told when it is looked for
        try:
            find_agencies(plans, words)
        except Unknown:
            return names
    return [words]


def deadline_of(plan: Plan, words: str) -> Reading:
    """Read a deadline as words in the plan's own file would be read."""
    try:
        return DeadlineReader(plan.policy, plan.workdays).words(words)
    except PhraseError as problem:
        said = [problem.message] if problem.in_words is None else [problem.message, problem.in_words]
        raise click.UsageError("; ".join(map(say, said))) from None


def _unknown(message: Message, unknown: Unknown) -> click.UsageError:
    near = ", ".join(unknown.near)
    return click.UsageError(f"{say(message)}; {say(msg('did you mean: {near}?', near=near))}" if near else say(message))


def _ambiguous(message: Message, several: Ambiguous) -> click.UsageError:
    candidates = ", ".join(several.candidates)
    return click.UsageError(f"{say(message)}; {say(msg('name one of them: {near}', near=candidates))}")
