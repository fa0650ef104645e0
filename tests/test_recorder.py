"""Many reports at once: each is checked in the knowledge of those before it, however few times the journal is read."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsplan.effects import changes, effect
from cdsplan.i18n import language
from cdsplan.journal.model import NO_JOURNAL, Entry, Journal, Kind
from cdsplan.journal.recording import Recorder, Refused, Report, entries
from cdsplan.journal.replay import FEW, record, replay, turn, with_entries
from cdsplan.messages import Message
from cdsplan.plan.reader import read

PLAN = read(
    b"""
[plan]
id = "p"
title = "P"
start = 2021-08-23
timezone = "UTC"
[agencies]
a = { name = "A" }
b = { name = "B" }
[tasks.all]
title = "All"
each = ["a", "b"]
[tasks.one]
title = "One"
owner = "a"
""",
    "plan.toml",
)
TODAY = date(2021, 10, 5)
AT = datetime(2021, 10, 5, 9, 0, tzinfo=UTC)


def recorder(journal: Journal = NO_JOURNAL, seed: int = 0) -> Recorder:
    """Make one that draws its ids from a seed."""
    return Recorder(PLAN, journal, TODAY, AT, random.Random(seed).randbytes)  # noqa: S311 - ids, not secrets


def report(kind: Kind, task: str = "all", *agencies: str, days_ago: int = 0) -> Report:
    """Report something."""
    percent = 40 if kind is Kind.PROGRESS else None
    return Report(kind=kind, task=task, on=TODAY - timedelta(days=days_ago), agencies=agencies, percent=percent)


KINDS = st.sampled_from([Kind.STARTED, Kind.PROGRESS, Kind.DONE, Kind.REOPENED, Kind.CANCELLED])
REPORTS = st.one_of(
    st.builds(report, KINDS, st.just("all"), st.sampled_from("ab")),
    st.builds(report, KINDS, st.just("all"), st.just("a"), st.just("b")),
    st.builds(report, st.sampled_from([Kind.REOPENED, Kind.CANCELLED]), st.just("all")),
    st.builds(report, KINDS, st.just("one")),
)


@given(st.lists(REPORTS, max_size=12))
def test_many_at_once_are_as_many_one_by_one(reports: list[Report]) -> None:
    """What is refused and what is made is the same as when each is recorded before the next is looked at.

    (Instants differ there, as they would: entries of one day take effect in the order in which they were written.)
    """
    together = recorder()
    journal = NO_JOURNAL
    for number, each in enumerate(reports):
        at = AT + timedelta(seconds=number)
        draw = random.Random(number).randbytes  # noqa: S311 - as above
        expected: tuple[Entry, ...] | Message
        try:
            expected = entries(PLAN, journal, each, TODAY, at, draw)
        except Refused as refused:
            expected = refused.message
        if isinstance(expected, Message):
            with pytest.raises(Refused) as also:
                together.entries(each)
            assert also.value.message == expected
            continue
        journal = with_entries(journal, expected)
        made = together.entries(each)
        assert [(entry.kind, entry.agency) for entry in made] == [(entry.kind, entry.agency) for entry in expected]


def test_ids_differ_within_a_second() -> None:
    """A draw that is taken already is drawn again."""
    draws = iter([b"\0\0\0\0", b"\0\0\0\0", b"\0\0\0\1"])
    made = Recorder(PLAN, NO_JOURNAL, TODAY, AT, lambda _: next(draws)).entries(report(Kind.DONE, "all", "a", "b"))

    assert [entry.id for entry in made] == ["20211005-090000-0000", "20211005-090000-0001"]


@pytest.mark.parametrize(("task", "agency"), [("all", "a"), ("one", "a"), ("one", None)])
def test_what_is_reported_later_takes_effect_later(task: str, agency: str | None) -> None:
    """Whatever ids are drawn; entries that bear on different members are written down at one instant."""
    agencies = () if agency is None else (agency,)
    for seed in range(20):
        maker = recorder(seed=seed)
        first = maker.entries(report(Kind.DONE, task, *agencies)._replace(document="1"))
        second = maker.entries(report(Kind.DONE, task, *agencies)._replace(document="2", again=True))
        made = first + second

        assert [entry.document for entry in with_entries(NO_JOURNAL, made).entries] == ["1", "2"]
        assert [entry.at - AT for entry in made] == [timedelta(0), timedelta(milliseconds=1)]
    apart = recorder()
    other = apart.entries(report(Kind.DONE, "all", "a")) + apart.entries(report(Kind.DONE, "all", "b"))
    assert [entry.at for entry in other] == [AT, AT]


@given(st.lists(REPORTS, max_size=12))
def test_the_journal_comes_to_what_the_recorder_knows(reports: list[Report]) -> None:
    """However the ids fall out, the entries of one day come to the same as in the order in which they were made."""
    maker = recorder()
    made: list[Entry] = []
    for each in reports:
        with suppress(Refused):
            made += maker.entries(each)

    assert {
        item: (known.progress, known.members)
        for item, known in replay(PLAN, with_entries(NO_JOURNAL, made), TODAY).items()
    } == {
        item: record(PLAN.tasks[item], [entry for entry in made if entry.item == item], TODAY)[:2]
        for item in {entry.item for entry in made}
    }


@given(st.lists(st.integers(0, 5), max_size=30), st.sampled_from([1, 3, 2 * FEW]))
def test_entries_are_added_in_their_turn(days: list[int], parts: int) -> None:
    """One by one or all at once: by day, instant, id."""
    made = [
        Entry(f"e{at:03}", AT, TODAY - timedelta(days=back), Kind.NOTE, "one", note="x")
        for at, back in enumerate(days * (5 if parts > FEW else 1))
    ]
    journal = NO_JOURNAL
    for at in range(0, len(made), parts):
        journal = with_entries(journal, made[at : at + parts])

    assert list(journal.entries) == sorted(made, key=turn)
    assert journal.written == tuple(entry.id for entry in made)


def test_the_effect_of_several_items_is_told_item_by_item() -> None:
    """Each as it was before and as it stands after all of them; what is taken back is told from the other side."""
    made = recorder().entries(report(Kind.DONE, "all", "a")) + recorder(seed=1).entries(report(Kind.DONE, "one"))
    after = with_entries(NO_JOURNAL, made)

    told = [str(effect(change, language("en"))) for change in changes(PLAN, NO_JOURNAL, after, made, TODAY)]

    assert told == [
        "all: 0/2 → 1/2 (A done on 5 Oct 2021)",
        "one: not started → done on 5 Oct 2021",
    ]
    void = Entry("v", AT, TODAY, Kind.VOID, "", of=made[0].id)
    back = list(changes(PLAN, after, with_entries(after, (void,)), (void,), TODAY))
    assert [str(effect(change, language("en"))) for change in back] == ["all: 1/2 → 0/2 (A not started)"]
