"""Journals that say much of one item: an answer takes work by how much they say, never by the square of it.

A journal may have 16 MiB, a hundred thousand entries. Work is counted in lines that run, so that no test is timed.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from steps import steps

from cdsplan import wording
from cdsplan.effects import changes, doubts
from cdsplan.history import history
from cdsplan.i18n import language
from cdsplan.journal.reader import read as read_journal
from cdsplan.journal.replay import replay, with_entries
from cdsplan.plan.reader import read
from cdsplan.schedule import forecast
from cdsplan.status import judge

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cdsplan.journal.model import Journal
    from cdsplan.plan.model import Plan
    from cdsplan.status import Item

    Decision = tuple[date, int | None]

AS_OF = date(2021, 12, 31)
START = date(2021, 9, 1)
BASELINE = date(2021, 9, 30)
english = language("en")


def plan(members: int = 3) -> Plan:
    """Read a plan of one fan-out."""
    agencies = [f"a{at}" for at in range(members)]
    declared = "".join(f'{agency} = {{ name = "{agency}" }}\n' for agency in agencies)
    text = (
        '[plan]\nid = "p"\ntitle = "P"\nstart = 2021-08-23\ntimezone = "UTC"\n'
        f'[agencies]\n{declared}[tasks.survey]\ntitle = "Survey"\neach = {agencies}\ndue = {BASELINE}\n'
    )
    return read(text.encode(), "plan.toml")


def journal(of: Plan, *entries: str, first: int = 0) -> Journal:
    """Read a journal of one entry a second, all of the first day; an entry is what stands behind its dates."""
    data = "".join(
        f"e{at} = {{ at = 2021-09-01T{at // 3600:02}:{at // 60 % 60:02}:{at % 60:02}Z, on = {START}, {keys} }}\n"
        for at, keys in enumerate(entries, first)
    ).encode()
    return read_journal(data, "j", of, max_bytes=len(data))


def judged(of: Plan, told: Journal) -> Item:
    """Judge the survey."""
    (item,) = judge([forecast(of, AS_OF, replay(of, told, AS_OF))], AS_OF).items
    return item


def extended(due: date, agency: str | None = None) -> str:
    """Write what moves the deadline."""
    whom = "" if agency is None else f', agency = "{agency}"'
    return f'task = "survey"{whom}, kind = "extended", due = {due}, document = "CV {due}"'


def for_all(at: int) -> str:
    """Move the deadline for all, always to another day."""
    return extended(BASELINE + timedelta(at + 1))


def for_one(at: int) -> str:
    """Move the deadline of one member after the other."""
    return extended(BASELINE + timedelta(at + 1), f"a{at % 3}")


# ------------------------------------------------------------------------------------------------------ how much work


def listed(of: Plan, told: Journal) -> Callable[[], object]:
    """List what was recorded."""
    return lambda: history([(of, told)], AS_OF)


def moved(of: Plan, told: Journal) -> Callable[[], object]:
    """Tell how the deadline was moved."""
    item = judged(of, told)
    return lambda: list(wording.moves(item))


@pytest.mark.parametrize("entry", [for_all, for_one])
@pytest.mark.parametrize("look", [listed, moved])
def test_each_decision_is_gone_to_once(
    look: Callable[[Plan, Journal], Callable[[], object]], entry: Callable[[int], str]
) -> None:
    """Eight times as many are eight times the work: by the square it were sixty-four times."""
    of = plan()
    few, many = (steps(look(of, journal(of, *map(entry, range(number))))) for number in (50, 400))
    assert few > 50
    assert many < 10 * few


def test_a_chain_of_undone_undoings_is_gone_along_once() -> None:
    """Each void undoes the one before it, and all are about the first entry."""
    of = plan()

    def chain(length: int) -> Journal:
        return journal(of, for_all(0), *(f'kind = "void", of = "e{at}"' for at in range(length)))

    assert {event.about.id for event in history([(of, chain(50))], AS_OF)} == {"e0"}
    assert steps(listed(of, chain(400))) < 10 * steps(listed(of, chain(50)))


def test_the_deadlines_of_all_members_are_found_in_one_walk() -> None:
    """Decisions for single members, one for each: eight times as many members are eight times the work."""

    def work(members: int) -> int:
        of = plan(members)
        told = journal(of, *(extended(BASELINE + timedelta(at), f"a{at}") for at in range(members)))
        (record,) = replay(of, told, AS_OF).values()
        return steps(lambda: record.dues(None, dict.fromkeys(record.members, AS_OF)))

    assert work(160) < 10 * work(20)


@pytest.mark.parametrize(
    ("granted_first", "doubt"),
    [
        (True, "what is reported of 1 Sep 2021 changes nothing, as a later report counts: deadline moved, 1 Sep 2021"),
        (False, "the new deadline, 1 Oct 2021, is {n} days earlier than the one before it, {before}"),
    ],
)
def test_what_is_granted_to_all_is_held_against_the_decisions_once(granted_first: bool, doubt: str) -> None:  # noqa: FBT001 - a column of the table
    """So many members are granted something, before or after so many decisions for all: it takes the sum of both."""

    def work(number: int) -> int:
        of, (granted, decided) = plan(number), (0, number) if granted_first else (number, 0)
        before = journal(of, *map(for_all, range(number)), first=decided)
        grants = (extended(BASELINE + timedelta(1), f"a{at}") for at in range(number))
        added = journal(of, *grants, first=granted).entries
        (change,) = changes(of, before, with_entries(before, added), added, AS_OF)
        told = [english(each) for each in doubts(change, english)]
        words = doubt.format(n=number - 1, before=english.date(BASELINE + timedelta(number)))
        assert told == [f"{words} ({number} agencies)"]
        return steps(lambda: list(doubts(change, english)))

    assert work(160) < 10 * work(20)


# ----------------------------------------------------------------------------------------------------- the same answer


def in_force(granted: Sequence[Decision], member: int | None) -> date:
    """Say what docs/journal.md says: the newest holds; what was granted outlasts a decision for all that gives less."""
    mine = [(at, due) for at, (due, whom) in enumerate(granted) if whom == member and whom is not None]
    all_ = [(at, due) for at, (due, whom) in enumerate(granted) if whom is None]
    own_at, own = mine[-1] if mine else (-1, date.min)
    all_at, whole = all_[-1] if all_ else (-1, BASELINE)
    return own if own_at > all_at else max(own, whole)


DECISIONS = st.lists(
    st.tuples(st.integers(1, 9).map(lambda day: date(2021, 10, day)), st.sampled_from([None, 0, 1, 2])), min_size=1
)


def told_of(granted: Sequence[Decision]) -> tuple[Plan, Journal]:
    """Write down decisions, each a new deadline for all or for one member."""
    of = plan()
    return of, journal(of, *(extended(due, None if whom is None else f"a{whom}") for due, whom in granted))


@given(DECISIONS)
def test_whatever_was_decided_for_all_and_for_some_is_in_force(granted: list[Decision]) -> None:
    """For each member its own; for the survey, as all are open, the first of them."""
    item = judged(*told_of(granted))
    expected = [in_force(granted, at) for at in range(3)]
    assert [member.due and member.due.last for member in item.members] == expected
    assert item.due is not None
    assert item.due.last == min(expected)


@given(DECISIONS)
def test_every_entry_is_told_with_the_deadline_that_it_moved(granted: list[Decision]) -> None:
    """That of those for whom it decided."""
    events = history([told_of(granted)], AS_OF)
    assert [event.before and event.before.last for event in events] == [
        in_force(granted[:at], whom) for at, (_, whom) in enumerate(granted)
    ]


@given(DECISIONS)
def test_every_decision_is_told_once_with_the_deadline_that_it_moved(granted: list[Decision]) -> None:
    """Entries that follow each other with one day and document are one decision; the first member stands for all."""
    expected, before = [], 0
    for due, entries in groupby(granted, key=itemgetter(0)):
        whom = [each for _, each in entries]
        members = sorted({each for each in whom if each is not None})
        old = in_force(granted[:before], members[0] if members else None)
        expected.append((old, due, tuple(f"a{at}" for at in members)))
        before += len(whom)
    moves = wording.moves(judged(*told_of(granted)))
    assert [(move.before and move.before.last, move.extension.due.last, move.agencies) for move in moves] == expected
