"""What a status comes to: attention, counts, and what was judged; every expected value worked by hand."""

from __future__ import annotations

from datetime import date
from textwrap import dedent

import pytest

from cdsplan.plan.reader import read
from cdsplan.schedule import forecast
from cdsplan.status import Status, judge
from cdsplan.summary import (
    Attention,
    Judged,
    attention,
    by_deadline,
    counts,
    counts_by_agency,
    judged,
    needing_attention,
    of_agencies,
    roles_of,
)
from cdsplan.trend import trend

# As of 30 September: one task of every timeliness, one cancelled, one at risk.
PLAN = """
[plan]
id = "p"
title = "The plan"
start = 2021-08-23
timezone = "Asia/Ho_Chi_Minh"
[agencies]
lead = { name = "Lead" }
one = { name = "One" }
two = { name = "Two" }
idle = { name = "Idle" }
[tasks.on-track]
title = "On track"
owner = "lead"
due = 2021-12-31
milestone = true
[tasks.at-risk]
title = "At risk"
owner = ["one", "lead"]
due = 2021-12-30
duration = "200d"
[tasks.due-soon]
title = "Due soon"
owner = "lead"
support = ["one"]
due = 2021-10-01
[tasks.due-today]
title = "Due today"
owner = "one"
due = 2021-09-30
[tasks.overdue-later]
title = "Overdue since the 29th"
owner = "lead"
each = ["one", "two", "lead"]
recipient = "two"
consult = ["idle"]
due = 2021-09-29
milestone = true
[tasks.overdue]
title = "Overdue since the 1st"
owner = "one"
due = 2021-09-01
[tasks.undetermined]
title = "Undetermined"
owner = "two"
due = { after = "on-track", days = 3 }
[tasks.no-deadline]
title = "No deadline"
owner = "two"
[tasks.late]
title = "Late"
owner = "two"
due = 2021-09-01
done = 2021-09-02
[tasks.on-time]
title = "On time"
owner = "two"
due = 2021-09-01
done = 2021-09-01
milestone = true
[tasks.cancelled]
title = "Cancelled"
each = ["two"]
owner = "lead"
due = 2021-09-01
cancelled = 2021-09-02
milestone = true
"""


def status(*plans: str) -> Status:
    """Judge plans as of 30 September 2021."""
    return judge(
        [forecast(read(dedent(plan).encode(), "plan.toml"), date(2021, 9, 30)) for plan in plans],
        date(2021, 9, 30),
    )


def test_attention_sorts_by_urgency_then_deadline() -> None:
    """Overdue, due today, due soon, at risk; the earliest deadline first; what is in time or closed does not stand."""
    found = needing_attention(status(PLAN).items)

    assert [(kind, [item.task.id for item in items]) for kind, items in found.items()] == [
        (Attention.OVERDUE, ["overdue", "overdue-later"]),
        (Attention.DUE_TODAY, ["due-today"]),
        (Attention.DUE_SOON, ["due-soon"]),
        (Attention.AT_RISK, ["at-risk"]),
    ]


@pytest.mark.parametrize(
    ("task", "kind"),
    [
        ("overdue", Attention.OVERDUE),
        ("at-risk", Attention.AT_RISK),
        ("on-track", None),
        ("undetermined", None),
        ("no-deadline", None),
        ("late", None),
        ("cancelled", None),
    ],
)
def test_each_item_has_one_reason_for_attention(task: str, kind: Attention | None) -> None:
    """An item needs attention for its timeliness, else for being at risk, else not."""
    (item,) = [item for item in status(PLAN).items if item.task.id == task]

    assert attention(item) is kind


def test_nothing_pressing_gives_no_kinds() -> None:
    """A kind of attention that nothing has is left out."""
    assert needing_attention([]) == {}


def test_items_sort_by_deadline_undated_last() -> None:
    """Equal deadlines and undated items keep the declared order."""
    assert [item.task.id for item in by_deadline(status(PLAN).items)] == [
        "overdue", "late", "on-time", "cancelled", "overdue-later", "due-today", "due-soon", "at-risk", "on-track",
        "undetermined", "no-deadline",
    ]  # fmt: skip


def test_roles_name_everybody_once() -> None:
    """Owners, members, support, consulted and recipient, in this order."""
    (item,) = [item for item in status(PLAN).items if item.task.id == "overdue-later"]

    assert roles_of(item) == ("lead", "one", "two", "idle")


@pytest.mark.parametrize(
    ("agencies", "tasks"),
    [
        (("idle",), ["overdue-later"]),
        (("one",), ["at-risk", "due-soon", "due-today", "overdue-later", "overdue"]),
        (("idle", "lead"), ["on-track", "at-risk", "due-soon", "overdue-later", "cancelled"]),
        ((), []),
    ],
)
def test_agencies_have_the_items_in_which_they_have_any_role(agencies: tuple[str, ...], tasks: list[str]) -> None:
    """Leading, delivering, coordinating, being consulted and receiving all count."""
    assert [item.task.id for item in of_agencies(status(PLAN).items, agencies)] == tasks


def test_a_task_counts_once_in_the_totals() -> None:
    """Every kind is there, also with 0; a fan-out is one task."""
    assert counts(status(PLAN).items) == {
        "overdue": 2, "due-today": 1, "due-soon": 1, "on-track": 2, "undetermined": 1, "no-deadline": 1,
        "done-late": 1, "done-on-time": 1, "cancelled": 1,
    }  # fmt: skip
    assert set(counts([]).values()) == {0}


def test_agencies_count_what_they_must_deliver() -> None:
    """Members count their own delivery, owners the task; an owner who is also a member counts it once; the idle not."""
    judgement = status(PLAN)

    assert [(tally.agency, tally.counts) for tally in counts_by_agency(judgement, judgement.items)] == [
        ("lead", {"on-track": 2, "due-soon": 1, "overdue": 1, "cancelled": 1}),
        ("one", {"on-track": 1, "due-today": 1, "overdue": 2}),
        ("two", {"overdue": 1, "undetermined": 1, "no-deadline": 1, "done-late": 1, "done-on-time": 1, "cancelled": 1}),
    ]


def test_a_trend_counts_the_same_shares() -> None:
    """An owner who also delivers is overdue once, with its own delivery; what two agencies own together is so once."""
    plan = """
    [plan]
    id = "p"
    title = "The plan"
    start = 2021-08-23
    timezone = "UTC"
    [agencies]
    lead = { name = "Lead" }
    one = { name = "One" }
    [tasks.survey]
    title = "Led by one who also delivers"
    owner = "lead"
    each = ["one", "lead"]
    due = 2021-09-29
    [tasks.report]
    title = "Owned together"
    owner = ["one", "lead"]
    due = 2021-09-29
    """
    week = (date(2021, 9, 27), date(2021, 9, 30))

    overdue = {
        agencies: trend([week], lambda _: status(plan), agencies)[0].overdue
        for agencies in [("lead",), ("one",), ("lead", "one"), ()]
    }

    assert overdue == {("lead",): 2, ("one",): 2, ("lead", "one"): 3, (): 2}


def test_agencies_of_several_plans_are_counted_together() -> None:
    """In a portfolio an agency id is one agency; agencies stand in the order of the first plan that declares them."""
    other = """
    [plan]
    id = "q"
    title = "Another plan"
    start = 2021-08-23
    timezone = "Asia/Ho_Chi_Minh"
    [agencies]
    new = { name = "New" }
    one = { name = "One" }
    [tasks.overdue]
    title = "Overdue"
    owner = ["new", "one"]
    due = 2021-09-01
    """
    judgement = status(PLAN, other)

    tallies = {tally.agency: tally.counts for tally in counts_by_agency(judgement, judgement.items)}

    assert list(tallies) == ["lead", "one", "two", "new"]
    assert (tallies["one"]["overdue"], tallies["new"]) == (3, {"overdue": 1})


def test_judged_are_dated_items_that_are_not_cancelled() -> None:
    """Milestones: on track, overdue and on time. Others: at risk, soon, today, overdue, late. The rest has no day."""
    assert judged(status(PLAN).items) == Judged(milestones=3, tasks=5)
    assert judged([]) == Judged(milestones=0, tasks=0)
