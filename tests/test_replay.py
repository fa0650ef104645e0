"""What a journal comes to as of a day: the plan's facts first, then every entry that counts by then."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsplan.journal.reader import read as read_journal
from cdsplan.journal.replay import record, replay, told, with_entries
from cdsplan.plan.reader import read
from cdsplan.progress import NOTHING_KNOWN, Phase, Progress
from cdsplan.schedule import forecast
from cdsplan.status import Timeliness, judge

if TYPE_CHECKING:
    from random import Random

    from cdsplan.journal.model import Journal
    from cdsplan.plan.model import Plan, Reading
    from cdsplan.progress import Record
    from cdsplan.status import Item

HANOI = timezone(timedelta(hours=7))

# The plan begins on a Monday; without holidays a week has five working days.
HEAD = """
[plan]
id = "p"
title = "The plan"
start = 2021-08-23
timezone = "Asia/Ho_Chi_Minh"
[agencies]
one = { name = "Agency one" }
two = { name = "Agency two" }
three = { name = "Agency three" }
"""
SURVEY = """
[tasks.survey]
title = "Survey"
each = ["one", "two", "three"]
due = 2021-09-30
"""
DRAFT = """
[tasks.draft]
title = "Draft"
owner = "one"
due = 2021-09-30
duration = "10d"
"""


def plan(tasks: str) -> Plan:
    """Read a small plan."""
    return read((dedent(HEAD) + dedent(tasks)).encode(), "plan.toml")


def lines(*entries: str) -> bytes:
    """Write a journal of `DAY KEYS` lines, written down one hour after the other."""
    written = []
    for at, each in enumerate(entries):
        day, keys = each.split(" ", 1)
        instant = datetime(2021, 9, 1, tzinfo=HANOI) + timedelta(hours=at)
        written.append(f"e{at} = {{ at = {instant.isoformat()}, on = 2021-{day}, {keys} }}\n")
    return "".join(written).encode()


def known(tasks: str, as_of: str, *entries: str) -> dict[str, Record]:
    """Replay a journal as of a day of 2021."""
    small = plan(tasks)
    return replay(small, read_journal(lines(*entries), "j", small, max_bytes=9999), date.fromisoformat(f"2021-{as_of}"))


def item(tasks: str, as_of: str, *entries: str) -> Item:
    """Judge the last task of a plan with its journal."""
    small, day = plan(tasks), date.fromisoformat(f"2021-{as_of}")
    return judge([forecast(small, day, known(tasks, as_of, *entries))], day).items[-1]


def on(month: int, day: int) -> date:
    """Give a day of 2021."""
    return date(2021, month, day)


# One task

DRAFTED = 'task = "draft"'


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([f'09-01 {DRAFTED}, kind = "note", note = "rang"'], NOTHING_KNOWN),
        ([f'09-01 {DRAFTED}, kind = "started"'], Progress(Phase.IN_PROGRESS, on(9, 1))),
        (
            [f'09-01 {DRAFTED}, kind = "started"', f'09-03 {DRAFTED}, kind = "progress", percent = 40'],
            Progress(Phase.IN_PROGRESS, on(9, 1), None, 40, on(9, 3)),
        ),
        ([f'09-03 {DRAFTED}, kind = "progress", percent = 0'], Progress(percent=0, reported=on(9, 3))),
        ([f'09-05 {DRAFTED}, kind = "done", document = "7"'], Progress(Phase.DONE, None, on(9, 5), document="7")),
        (  # a supplement: the first delivery is judged, the newest document kept
            [f'09-05 {DRAFTED}, kind = "done", document = "7"', f'09-08 {DRAFTED}, kind = "done", document = "8"'],
            Progress(Phase.DONE, None, on(9, 5), document="8"),
        ),
        (
            [f'09-05 {DRAFTED}, kind = "done", document = "7"', f'09-08 {DRAFTED}, kind = "done"'],
            Progress(Phase.DONE, None, on(9, 5), document="7"),
        ),
        (  # a start that was reported late is a fact all the same; one after the end is none
            [f'09-05 {DRAFTED}, kind = "done"', f'09-02 {DRAFTED}, kind = "started"'],
            Progress(Phase.DONE, on(9, 2), on(9, 5)),
        ),
        (
            [f'09-05 {DRAFTED}, kind = "done"', f'09-06 {DRAFTED}, kind = "started"'],
            Progress(Phase.DONE, None, on(9, 5)),
        ),
        (
            [f'09-05 {DRAFTED}, kind = "done"', f'09-06 {DRAFTED}, kind = "progress", percent = 50'],
            Progress(Phase.DONE, None, on(9, 5)),
        ),
        (
            [f'09-05 {DRAFTED}, kind = "done"', f'09-06 {DRAFTED}, kind = "reopened"'],
            Progress(Phase.IN_PROGRESS, reported=on(9, 5)),
        ),
        ([f'09-06 {DRAFTED}, kind = "reopened"'], NOTHING_KNOWN),
        ([f'09-06 {DRAFTED}, kind = "cancelled"'], Progress(Phase.CANCELLED, cancelled=on(9, 6))),
        (
            [f'09-06 {DRAFTED}, kind = "cancelled"', f'09-07 {DRAFTED}, kind = "reopened"'],
            NOTHING_KNOWN,
        ),
        (
            [f'09-06 {DRAFTED}, kind = "cancelled"', f'09-07 {DRAFTED}, kind = "started"'],
            Progress(Phase.CANCELLED, cancelled=on(9, 6)),
        ),
        (  # the latest word holds
            [f'09-06 {DRAFTED}, kind = "cancelled"', f'09-07 {DRAFTED}, kind = "done"'],
            Progress(Phase.DONE, None, on(9, 7)),
        ),
        ([f'09-06 {DRAFTED}, kind = "done"', '09-06 kind = "void", of = "e0"'], NOTHING_KNOWN),
        ([f'09-06 {DRAFTED}, agency = "one", kind = "done"'], Progress(Phase.DONE, None, on(9, 6))),
    ],
)
def test_what_entries_do_to_a_task(entries: list[str], expected: Progress) -> None:
    """Each row is worked from the rules in the module's head."""
    assert known(DRAFT, "12-31", *entries)["draft"].progress == expected


def test_the_plans_own_facts_come_first() -> None:
    """An entry goes on from what the file says."""
    started = DRAFT + "started = 2021-09-01\n"
    assert known(started, "12-31", f'09-05 {DRAFTED}, kind = "done"')["draft"].progress == Progress(
        Phase.DONE, on(9, 1), on(9, 5)
    )


def test_a_look_back_shows_what_had_happened_by_then() -> None:
    """An entry counts from the end of its own day; whatever came later is not known yet, except that it was undone."""
    history = [
        f'09-02 {DRAFTED}, kind = "started"',
        f'09-06 {DRAFTED}, kind = "done"',
        '09-20 kind = "void", of = "e1"',
    ]
    phases = {
        day: known(DRAFT, day, *history).get("draft", None) for day in ("09-01", "09-02", "09-05", "09-06", "09-21")
    }
    assert phases["09-01"] is None
    assert [found and found.progress.phase for found in list(phases.values())[1:]] == [Phase.IN_PROGRESS] * 4


def test_the_newest_entry_is_known_also_when_it_was_undone() -> None:
    """What subscribers see changes once more when an entry is undone, so its stamp must grow."""
    record = known(
        SURVEY, "12-31", '09-06 task = "survey", agency = "one", kind = "done"', '09-06 kind = "void", of = "e0"',
        '09-07 kind = "void", of = "e1"', '09-08 task = "survey", kind = "note", note = "x"',
    )["survey"]  # fmt: skip
    assert record.written == {"one": datetime(2021, 9, 1, 2, tzinfo=HANOI)}  # no note


# Fan-outs


def member(agency: str, kind: str, day: str, more: str = "") -> str:
    """Write an entry of one member."""
    return f'{day} task = "survey", agency = "{agency}", kind = "{kind}"{more}'


def test_a_fan_out_is_done_with_its_last_member_and_in_progress_before() -> None:
    """Two of three are not all; a first delivery does not say when work began."""
    two = [member("one", "done", "09-10"), member("two", "done", "09-20")]
    assert known(SURVEY, "12-31", *two)["survey"].progress == Progress(
        Phase.IN_PROGRESS, reported=on(9, 10), waits=True
    )
    all_three = [*two, member("three", "done", "10-02")]
    assert known(SURVEY, "12-31", *all_three)["survey"].progress == Progress(Phase.DONE, None, on(10, 2))
    late = item(SURVEY, "10-05", *all_three)
    assert (late.timeliness, late.days, late.delivered, late.expected) == (Timeliness.DONE_LATE, 2, 3, 3)
    assert [each.timeliness for each in late.members] == [
        Timeliness.DONE_ON_TIME,
        Timeliness.DONE_ON_TIME,
        Timeliness.DONE_LATE,
    ]


def test_a_fan_out_is_overdue_while_one_member_is() -> None:
    """One open member past its day makes the task overdue; who is missing is named."""
    found = item(SURVEY, "10-01", member("one", "done", "09-10"), member("three", "started", "09-11"))
    assert (found.timeliness, found.days, found.phase) == (Timeliness.OVERDUE, 1, Phase.IN_PROGRESS)
    assert (found.delivered, found.expected, found.missing) == (1, 3, ("two", "three"))
    assert [each.phase for each in found.members] == [Phase.DONE, Phase.NOT_STARTED, Phase.IN_PROGRESS]


def test_a_cancelled_member_leaves_the_count() -> None:
    """The fan-out is done when everybody else has delivered; when all are cancelled, so is the task."""
    cancelled = [member("two", "cancelled", "09-15"), member("three", "cancelled", "09-16")]
    done = item(SURVEY, "10-01", member("one", "done", "09-10"), *cancelled)
    assert (done.phase, done.delivered, done.expected, done.missing) == (Phase.DONE, 1, 1, ())
    nobody = item(SURVEY, "10-01", member("one", "cancelled", "09-10"), *cancelled)
    assert (nobody.phase, nobody.timeliness, nobody.expected) == (Phase.CANCELLED, None, 0)


def test_a_whole_fan_out_may_be_cancelled_and_reopened() -> None:
    """What was delivered stays delivered through both."""
    called_off = [member("one", "done", "09-10"), '09-12 task = "survey", kind = "cancelled"']
    off = known(SURVEY, "12-31", *called_off)["survey"]
    assert off.progress == Progress(Phase.CANCELLED, cancelled=on(9, 12))
    assert [state.phase for state in off.members.values()] == [Phase.DONE, Phase.CANCELLED, Phase.CANCELLED]
    again = known(SURVEY, "12-31", *called_off, '09-13 task = "survey", kind = "reopened"')["survey"]
    assert [state.phase for state in again.members.values()] == [Phase.DONE, Phase.NOT_STARTED, Phase.NOT_STARTED]
    undelivered = known(SURVEY, "12-31", member("one", "done", "09-10"), '09-13 task = "survey", kind = "reopened"')
    assert undelivered["survey"].members["one"] == Progress(Phase.IN_PROGRESS, reported=on(9, 10))


# Deadlines that are moved


def moved(day: str, due: str, agency: str | None = None) -> str:
    """Write an entry that moves the deadline."""
    whom = "" if agency is None else f', agency = "{agency}"'
    return f'{day} task = "survey"{whom}, kind = "extended", due = {due}, document = "12/UBND"'


def last(reading: Reading | None) -> date | None:
    """Give the last good day of a deadline."""
    return reading and reading.last


def test_a_moved_deadline_is_judged_by_and_the_baseline_stays() -> None:
    """From the day of the decision the new one is in force."""
    moves = [moved("09-29", "2021-10-15"), moved("10-10", "2021-10-20")]
    before = item(SURVEY, "09-28", *moves)
    assert (last(before.due), before.baseline, before.extensions) == (on(9, 30), None, ())
    between = item(SURVEY, "10-05", *moves)
    assert (last(between.due), last(between.baseline), between.days) == (on(10, 15), on(9, 30), -10)
    after = item(SURVEY, "10-21", *moves)
    assert (last(after.due), after.timeliness, after.days) == (on(10, 20), Timeliness.OVERDUE, 1)
    assert [(each.on, last(each.due), each.document) for each in after.extensions] == [
        (on(9, 29), on(10, 15), "12/UBND"),
        (on(10, 10), on(10, 20), "12/UBND"),
    ]


def test_what_is_done_is_judged_by_the_deadline_in_force_on_its_day() -> None:
    """A decision that comes after the delivery does not make it timely; one before, written down late, does."""
    all_done = [member(agency, "done", "10-02") for agency in ("one", "two", "three")]
    assert item(SURVEY, "10-30", *all_done, moved("10-05", "2021-10-15")).timeliness is Timeliness.DONE_LATE
    assert item(SURVEY, "10-30", *all_done, moved("10-01", "2021-10-15")).timeliness is Timeliness.DONE_ON_TIME


def test_one_member_may_get_a_deadline_of_its_own() -> None:
    """The task stands by the open member that is due first."""
    own = [moved("09-29", "2021-10-15", "one")]
    found = item(SURVEY, "10-01", *own)
    assert [last(each.due) for each in found.members] == [on(10, 15), on(9, 30), on(9, 30)]
    assert (last(found.due), found.timeliness, found.days) == (on(9, 30), Timeliness.OVERDUE, 1)
    rest_done = [member("two", "done", "09-20"), member("three", "done", "09-20")]
    waiting = item(SURVEY, "10-01", *own, *rest_done)
    assert (last(waiting.due), waiting.timeliness, waiting.days) == (on(10, 15), Timeliness.ON_TRACK, -14)


def test_a_fan_out_whose_members_were_all_on_time_was_on_time() -> None:
    """One had until 15/10 and delivered on 10/10, five days before; the others by their own day, earlier.

    The whole was done on 10/10, so it is 15/10 by which that was on time.
    """
    rest = [member("two", "done", "09-20"), member("three", "done", "09-28")]
    found = item(SURVEY, "10-30", moved("09-29", "2021-10-15", "one"), *rest, member("one", "done", "10-10"))
    assert [(each.timeliness, each.days) for each in found.members] == [
        (Timeliness.DONE_ON_TIME, -5),
        (Timeliness.DONE_ON_TIME, -10),
        (Timeliness.DONE_ON_TIME, -2),
    ]
    assert (found.timeliness, found.days) == (Timeliness.DONE_ON_TIME, -5)
    assert (last(found.due), last(found.baseline), found.done_on) == (on(10, 15), on(9, 30), on(10, 10))


def test_a_fan_out_was_as_late_as_its_latest_member() -> None:
    """One delivers last and in time; another was two days late, a third is cancelled and counts no more."""
    found = item(
        SURVEY, "10-30", moved("09-29", "2021-10-15", "one"), member("two", "done", "10-02"),
        member("three", "cancelled", "10-20"), member("one", "done", "10-10"),
    )  # fmt: skip
    assert (found.timeliness, found.days, last(found.due)) == (Timeliness.DONE_LATE, 2, on(9, 30))


@pytest.mark.parametrize(
    ("two", "timeliness", "days"),
    [("09-30", Timeliness.NO_DEADLINE, None), ("10-03", Timeliness.DONE_LATE, 3)],
)
def test_a_fan_out_is_not_said_to_be_on_time_when_nobody_knows(
    two: str, timeliness: Timeliness, days: int | None
) -> None:
    """Two of three delivered on days that nobody wrote down; that the other was late is known all the same."""
    unknown = SURVEY.replace("due = 2021-09-30", "done = true")
    again = [member("two", "reopened", "09-25"), moved("09-25", "2021-09-30", "two")]
    found = item(unknown, "10-30", *again, member("two", "done", two))
    assert (found.phase, found.done_on) == (Phase.DONE, None)
    assert (found.timeliness, found.days) == (timeliness, days)


def test_a_fan_out_without_end_for_all_of_its_members_has_no_deadline() -> None:
    """Each has been told to go on; what ends all the same is neither on time nor late."""
    each = [moved("09-29", '"thường xuyên"', agency) for agency in ("one", "two", "three")]
    done = [member(agency, "done", "10-10") for agency in ("one", "two", "three")]
    found = item(SURVEY, "10-30", *each, *done)
    assert (found.timeliness, found.days, last(found.due)) == (Timeliness.NO_DEADLINE, None, None)
    some = item(SURVEY, "10-30", each[0], *(member(agency, "done", "09-29") for agency in ("one", "two", "three")))
    assert (some.timeliness, some.days) == (Timeliness.DONE_ON_TIME, -1)


@pytest.mark.parametrize(
    ("moves", "one", "two"),
    [
        ([("10-15", "one"), ("10-10", None)], 15, 10),  # the member's own is later: it stays
        ([("10-15", "one"), ("10-20", None)], 20, 20),
        ([("10-15", None), ("10-10", "one")], 10, 15),  # the newer decision about the member
    ],
)
def test_a_members_own_deadline_outlasts_an_earlier_one_for_all(
    moves: list[tuple[str, str | None]], one: int, two: int
) -> None:
    """Nobody loses by a decision for all what was granted to them."""
    entries = [moved(f"09-{at + 20}", f"2021-{due}", agency) for at, (due, agency) in enumerate(moves)]
    found = item(SURVEY, "10-01", *entries)
    assert [last(each.due) for each in found.members] == [on(10, one), on(10, two), on(10, two)]


def test_what_was_granted_outlasts_any_number_of_decisions_for_all() -> None:
    """The first decision for all gives more time and holds for one, too; the second takes back no more than that."""
    entries = [moved("09-11", "2021-10-04", "one"), moved("09-24", "2021-10-13"), moved("09-26", "2021-09-22")]
    for day, one, two in (
        ("09-11", on(10, 4), on(9, 30)),
        ("09-24", on(10, 13), on(10, 13)),
        ("09-26", on(10, 4), on(9, 22)),
    ):
        found = item(SURVEY, day, *entries)
        assert [last(each.due) for each in found.members] == [one, two, two]
    delivered = item(SURVEY, "09-27", *entries, member("one", "done", "09-27"))
    assert delivered.members[0].timeliness is Timeliness.DONE_ON_TIME


def test_the_forecast_is_held_against_the_deadline_in_force() -> None:
    """Ten working days from Monday 23/8 end on Friday 3/9; due 30/9 that leaves 19 working days, due 7/9 two."""
    assert item(DRAFT, "08-23").deadline_float == 19
    earlier = item(DRAFT, "08-23", f'08-23 {DRAFTED}, kind = "extended", due = 2021-09-07')
    assert earlier.deadline_float == 2
    same = item(DRAFT, "08-23", f'08-23 {DRAFTED}, kind = "extended", due = 2021-09-30')
    assert same.deadline_float == 19
    lifted = item(DRAFT, "08-23", f'08-23 {DRAFTED}, kind = "extended", due = "thường xuyên"')
    assert (lifted.deadline_float, lifted.timeliness) == (None, Timeliness.NO_DEADLINE)


def test_a_percentage_counts_from_its_own_day() -> None:
    """40 % of ten days reported on Wednesday 1/9: six days remain, from 2/9 to Thursday 9/9, whatever day it is now."""
    reported = f'09-01 {DRAFTED}, kind = "progress", percent = 40'
    assert [item(DRAFT, day, reported).forecast_finish for day in ("09-01", "09-06")] == [on(9, 9), on(9, 9)]


def test_an_event_that_was_reported_starts_a_count() -> None:
    """Three days after the survey, which ended on 10/9."""
    counted = (
        SURVEY.replace("due = 2021-09-30", "")
        + """
[tasks.report]
title = "Report"
due = { after = "survey", days = 3 }
"""
    )
    everyone = [member(agency, "done", "09-10") for agency in ("one", "two", "three")]
    assert last(item(counted, "09-11", *everyone).due) == on(9, 13)
    assert item(counted, "09-11", *everyone[:2]).timeliness is Timeliness.UNDETERMINED
    fixed = item(counted, "09-11", '09-10 task = "report", kind = "extended", due = 2021-09-20')
    assert (last(fixed.due), fixed.timeliness, fixed.baseline) == (on(9, 20), Timeliness.ON_TRACK, None)


# One item alone, and laws


def one_item(plan: Plan, journal: Journal, name: str) -> Record:
    """Say what is known of one item, as a command that reports on it does."""
    return record(plan.all_tasks[name], told(journal, on(12, 31)).get(name, ()), on(12, 31))


def test_one_item_is_known_as_it_is_among_all() -> None:
    """What a command asks of one item is what a status says of all."""
    small = plan(SURVEY + DRAFT)
    entries = [member("one", "done", "09-10"), f'09-11 {DRAFTED}, kind = "started"', '09-12 kind = "void", of = "e0"']
    journal = read_journal(lines(*entries), "j", small, max_bytes=9999)
    everything = replay(small, journal, on(12, 31))
    for name in ("survey", "draft"):
        assert one_item(small, journal, name) == everything[name]._replace(written={})


def test_what_is_told_ends_with_a_day_and_may_be_of_some_tasks() -> None:
    """An entry of a later day is not known yet."""
    small = plan(SURVEY + DRAFT)
    entries = [f'09-09 {DRAFTED}, kind = "started"', member("one", "done", "09-10"), f'09-12 {DRAFTED}, kind = "done"']
    journal = read_journal(lines(*entries), "j", small, max_bytes=9999)
    by_item = {item: [entry.id for entry in entries] for item, entries in told(journal, on(9, 11)).items()}
    assert by_item == {"draft": ["e0"], "survey": ["e1"]}
    assert [*told(journal, on(9, 11), {"survey"})] == ["survey"]


ENTRY = st.tuples(
    st.sampled_from(["one", "two", "three"]),
    st.sampled_from(["started", "done", "reopened", "cancelled"]),
    st.integers(1, 28),
)


@given(st.lists(ENTRY, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_the_lines_is_irrelevant(entries: list[tuple[str, str, int]], random: Random) -> None:
    """A merge of two branches may shuffle them."""
    small = plan(SURVEY)
    written = lines(*(member(agency, kind, f"09-{day:02}") for agency, kind, day in entries)).splitlines(keepends=True)
    shuffled = list(written)
    random.shuffle(shuffled)
    both = [
        replay(small, read_journal(b"".join(each), "j", small, max_bytes=9999), on(12, 31))
        for each in (written, shuffled)
    ]
    assert both[0] == both[1]


@given(st.lists(ENTRY, min_size=1, max_size=8), st.integers(0, 7))
def test_undoing_an_entry_leaves_what_there_was_without_it(entries: list[tuple[str, str, int]], at: int) -> None:
    """As if the line had never been written, but for when the item was last changed."""
    small = plan(SURVEY)
    at %= len(entries)
    written = lines(*(member(agency, kind, f"09-{day:02}") for agency, kind, day in entries))
    all_lines = written.splitlines(keepends=True)
    without = read_journal(b"".join(all_lines[:at] + all_lines[at + 1 :]), "j", small, max_bytes=9999)
    full = read_journal(written, "j", small, max_bytes=9999)
    target = next(entry for entry in full.entries if entry.id == f"e{at}")
    voided = with_entries(full, [target._replace(id="v", kind=target.kind.VOID, task="", agency=None, of=target.id)])
    assert one_item(small, voided, "survey") == one_item(small, without, "survey")


# What a journal does to the forecast

CHAIN = """
[tasks.first]
title = "First"
owner = "one"
duration = "5d"
[tasks.survey]
title = "Survey"
each = ["one", "two", "three"]
after = "first"
duration = "5d"
[tasks.draft]
title = "Draft"
owner = "one"
after = "survey"
duration = "5d"
"""
"""Planned: 23 to 27 August, 30 August to 3 September, 6 to 10 September. As of Friday 1 October, with nothing reported,
the first ends on that day at the earliest, the survey takes 4 to 8 October and the draft 11 to 15 October."""

LATE = [(on(10, 4), on(10, 8)), (on(10, 11), on(10, 15))]


def dates(silence: str, *entries: str) -> list[tuple[date, date]]:
    """Forecast the survey and the draft as of 1 October."""
    small = plan(f'{CHAIN}\n[reading]\nsilence = "{silence}"')
    records = replay(small, read_journal(lines(*entries), "j", small, max_bytes=9999), on(10, 1))
    schedule = forecast(small, on(10, 1), records)
    return [(schedule.early_start(j), schedule.early_finish(j)) for j in (1, 2)]


@pytest.mark.parametrize(
    ("entries", "survey", "draft"),
    [
        ((), *LATE),
        # not begun: as though nothing had been reported
        ((f'09-06 {DRAFTED}, kind = "cancelled"', f'09-07 {DRAFTED}, kind = "reopened"'), *LATE),
        ((f'09-03 {DRAFTED}, kind = "progress", percent = 0',), *LATE),
        # reopened: in progress, begun as planned or by the day on which it was delivered; what is left waits
        (
            (f'09-07 {DRAFTED}, kind = "done"', f'09-08 {DRAFTED}, kind = "reopened"'),
            LATE[0],
            (on(9, 6), on(10, 15)),
        ),
        (
            (f'08-26 {DRAFTED}, kind = "done"', f'09-08 {DRAFTED}, kind = "reopened"'),
            LATE[0],
            (on(8, 26), on(10, 15)),
        ),
        # one of three delivered early, has begun, or is half done: the others wait for what comes before them
        ((member("one", "done", "08-25"),), (on(8, 25), on(10, 8)), LATE[1]),
        ((member("one", "started", "08-25"),), (on(8, 25), on(10, 8)), LATE[1]),
        ((member("one", "progress", "08-25", ", percent = 50"),), (on(8, 25), on(10, 8)), LATE[1]),
        # all who are open have begun: what started goes on, five days from the first start, at the latest today
        (
            (member("one", "done", "09-20"), member("two", "started", "09-28"), member("three", "started", "09-29")),
            (on(9, 28), on(10, 4)),
            (on(10, 5), on(10, 11)),
        ),
    ],
)
def test_what_nobody_says_has_begun_waits(
    entries: tuple[str, ...], survey: tuple[date, date], draft: tuple[date, date]
) -> None:
    """A reopened task, and the rest of a fan-out, stand where the logic has them."""
    assert dates("on-plan", *entries) == [survey, draft]


@pytest.mark.parametrize(
    "entries",
    [
        (f'09-06 {DRAFTED}, kind = "cancelled"', f'09-07 {DRAFTED}, kind = "reopened"'),
        (f'09-03 {DRAFTED}, kind = "progress", percent = 0',),
    ],
)
def test_what_has_not_begun_is_not_taken_to_run_under_no_progress(entries: tuple[str, ...]) -> None:
    """Strictly, the first takes 1 to 7 October, so the survey 8 to 14 and the draft 15 to 21 October."""
    assert dates("no-progress", *entries) == [(on(10, 8), on(10, 14)), (on(10, 15), on(10, 21))]


@pytest.mark.parametrize("kind", ["cancelled", "done"])
def test_what_is_reopened_is_as_far_as_it_was(kind: str) -> None:
    """A percentage counts again, from its own day; one of the plan file too, but not where the work began later."""
    back = (f'09-05 {DRAFTED}, kind = "{kind}"', f'09-10 {DRAFTED}, kind = "reopened"')
    sixty = f'09-01 {DRAFTED}, kind = "progress", percent = 60'
    assert known(DRAFT, "12-31", sixty, *back)["draft"].progress == Progress(
        Phase.IN_PROGRESS, percent=60, reported=on(9, 1)
    )
    closed = f"percent = 60\n{kind} = 2021-09-05\n"
    reopened = f'09-10 {DRAFTED}, kind = "reopened"'
    assert known(DRAFT + closed, "12-31", reopened)["draft"].progress == Progress(Phase.IN_PROGRESS, percent=60)
    if kind == "cancelled":
        later = f"started = 2021-12-01\n{closed}"
        assert known(DRAFT + later, "09-30", reopened)["draft"].progress == NOTHING_KNOWN
