"""Agencies that cease: who answers for what they left, from which day, in counts, filters, reports and feeds."""

from __future__ import annotations

from datetime import date
from itertools import count
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from subscribers import A_DAY
from test_occurrences import items, status_of

from cdsplan.check import check
from cdsplan.feeds import feeds
from cdsplan.i18n import language
from cdsplan.journal.model import NO_JOURNAL, Kind
from cdsplan.journal.reader import read as read_journal
from cdsplan.journal.recording import Refused, Report, entries
from cdsplan.journal.replay import replay, with_entries
from cdsplan.plan.model import Gate
from cdsplan.plan.reader import read
from cdsplan.progress import Phase
from cdsplan.report import report
from cdsplan.schedule import forecast
from cdsplan.status import judge
from cdsplan.succession import Shares, Takeover, ceased, takeover
from cdsplan.summary import Grouping, counts_by_agency, of_agencies

if TYPE_CHECKING:
    from datetime import datetime

    from cdsplan.feeds import Event
    from cdsplan.plan.model import Plan
    from cdsplan.status import Status

# old merged into new on 1/3/2025, new into newest on 1/7/2025; gone ceased without anybody.
HEAD = """
[plan]
id = "p"
title = "The plan"
start = 2025-01-01
timezone = "Asia/Ho_Chi_Minh"
[agencies.old]
name = "The old department"
short = "Old"
ceased = 2025-03-01
successor = "new"
[agencies.new]
name = "The new department"
short = "New"
ceased = 2025-07-01
successor = "newest"
[agencies.newest]
name = "The newest department"
short = "Newest"
[agencies.gone]
name = "Gone"
ceased = 2025-03-01
[agencies.other]
name = "Other"
"""

LED = """
[tasks.led]
title = "Led"
owner = "old"
support = ["old", "other"]
consult = ["other"]
recipient = "old"
due = 2025-05-30
"""

FAN_OUT = """
[tasks.all]
title = "All"
each = ["old", "new", "other"]
recipient = "other"
due = 2025-05-30
"""


def plan_of(tasks: str) -> Plan:
    """Read a small plan."""
    return read((dedent(HEAD) + dedent(tasks)).encode(), "plan.toml")


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2025-02-28", None),
        ("2025-03-01", Takeover("new", date(2025, 3, 1))),
        ("2025-06-30", Takeover("new", date(2025, 3, 1))),
        ("2025-07-01", Takeover("newest", date(2025, 7, 1))),
    ],
)
def test_a_chain_is_followed_each_link_from_its_own_day(on: str, expected: Takeover | None) -> None:
    """From the very day on which an agency ceased."""
    assert takeover(plan_of(LED).agencies, "old", date.fromisoformat(on)) == expected


def test_a_successor_that_ceased_first_is_passed_over() -> None:
    """From the day on which the first one ceased, as the second was gone by then."""
    head = HEAD.replace("ceased = 2025-07-01", "ceased = 2025-01-15")
    plan = read((dedent(head) + dedent(LED)).encode(), "plan.toml")
    assert takeover(plan.agencies, "old", date(2025, 2, 28)) is None
    assert takeover(plan.agencies, "old", date(2025, 3, 1)) == Takeover("newest", date(2025, 3, 1))


def test_without_a_successor_nobody_takes_over() -> None:
    """Its work stays with it (CDS314 tells of it)."""
    plan = plan_of(LED.replace('"other"', '"gone"'))
    assert takeover(plan.agencies, "gone", date(2025, 12, 31)) is None
    assert ceased(plan, date(2025, 3, 1)) == {"old"}


def test_open_work_passes_on_and_the_declared_agency_is_kept() -> None:
    """Every role: before the day nothing changes."""
    plan = plan_of(LED)
    before, after = items(plan, "2025-02-28")["led"], items(plan, "2025-03-01")["led"]
    assert (before.owner, before.support, before.consult, before.recipient) == (
        ("old",),
        ("old", "other"),
        ("other",),
        "old",
    )
    assert before.taken_over == {}
    assert (after.owner, after.support, after.consult, after.recipient) == (
        ("new",),
        ("new", "other"),
        ("other",),
        "new",
    )
    assert after.taken_over == {"old": Takeover("new", date(2025, 3, 1))}
    assert after.task.owner == ("old",)


@pytest.mark.parametrize(
    ("done", "owner"), [("2025-02-28", ("old",)), ("2025-03-01", ("new",)), ("2025-07-01", ("newest",))]
)
def test_done_work_stays_with_whoever_had_it_on_that_day(done: str, owner: tuple[str, ...]) -> None:
    """Looked at long after."""
    item = items(plan_of(LED), "2025-12-31", f'on = {done}, task = "led", kind = "done"')["led"]
    assert item.owner == owner


def test_cancelled_work_stays_too() -> None:
    """With whoever had it when it was cancelled: by the plan's own fact, or by the journal."""
    by_plan = items(plan_of(LED + "cancelled = 2025-02-01\n"), "2025-12-31")["led"]
    by_journal = items(plan_of(LED), "2025-12-31", 'on = 2025-03-02, task = "led", kind = "cancelled"')["led"]
    assert (by_plan.owner, by_journal.owner) == (("old",), ("new",))


def test_work_done_on_an_unknown_day_stays_with_the_declared_agency() -> None:
    """Nobody can say who had it."""
    tasks = LED.replace("due = 2025-05-30", "done = true")
    assert items(plan_of(tasks), "2025-12-31")["led"].owner == ("old",)


def test_a_successor_in_the_fan_out_owes_both_shares() -> None:
    """Its own and the taken-over one are two deliveries; what old delivered before stays its own."""
    plan = plan_of(FAN_OUT)
    found = items(plan, "2025-04-01")["all"]
    assert [(member.agency, member.responsible) for member in found.members] == [
        ("old", "new"),
        ("new", "new"),
        ("other", "other"),
    ]
    assert (found.delivered, found.expected, found.missing) == (0, 3, ("old", "new", "other"))
    delivered = items(plan, "2025-04-01", 'on = 2025-02-20, task = "all", agency = "old", kind = "done"')["all"]
    assert [member.responsible for member in delivered.members] == ["old", "new", "other"]
    by_plan = items(plan_of(FAN_OUT + "cancelled = 2025-03-02\n"), "2025-04-01")["all"]
    assert by_plan.members[0].responsible == "new"
    cancelled = items(plan, "2025-04-01", 'on = 2025-02-20, task = "all", agency = "old", kind = "cancelled"')["all"]
    assert cancelled.members[0].responsible == "old"


def test_later_occurrences_are_the_successors() -> None:
    """January was delivered by old; February, still open, and all that follow are new's."""
    plan = plan_of('[tasks.a]\ntitle = "A"\nowner = "old"\nrepeat = "ngày 20 hằng tháng"\n')
    found = items(plan, "2025-03-25", 'on = 2025-01-20, task = "a@2025-01-20", kind = "done"')
    assert {name: item.owner for name, item in found.items()} == {
        "a@2025-01-20": ("old",),
        "a@2025-02-20": ("new",),
        "a@2025-03-20": ("new",),
        "a@2025-04-20": ("new",),
        "a@2025-05-20": ("new",),
        "a@2025-06-20": ("new",),
    }


# Counts and filters


def counted(status: Status) -> dict[str, dict[str, int]]:
    """Give the counts per agency."""
    return {each.agency: each.counts for each in counts_by_agency(status, status.items)}


def test_counts_follow() -> None:
    """New has old's task, old's share and its own share; nothing is left with old."""
    plan = plan_of(LED + FAN_OUT)
    assert counted(status_of(plan, "2025-02-28")) == {
        "old": {"on-track": 2},
        "new": {"on-track": 1},
        "other": {"on-track": 1},
    }
    assert counted(status_of(plan, "2025-04-01")) == {"new": {"on-track": 3}, "other": {"on-track": 1}}


def test_filters_follow() -> None:
    """Whoever asks for new sees what it has taken over; old has only what it did itself."""
    status = status_of(plan_of(LED + FAN_OUT), "2025-04-01", 'on = 2025-02-20, task = "led", kind = "done"')
    assert [item.name for item in of_agencies(status.items, ["new"])] == ["all"]
    assert [item.name for item in of_agencies(status.items, ["old"])] == ["led"]


# The gate


def test_findings_name_who_owes_what_now() -> None:
    """Late shares are two findings of the successor, told apart by whose they were; the lead of a task is it too."""
    status = status_of(plan_of(LED + FAN_OUT), "2025-06-02")
    found = check(status, status.items, Gate(select=("CDS202", "CDS203"))).findings
    assert [(each.rule, each.task, each.agency, each.about, each.responsible) for each in found] == [
        ("CDS202", "led", None, "", ("new",)),
        ("CDS202", "all", None, "", ("new", "new", "other")),
        ("CDS203", "all", "new", "old", ("new",)),
        ("CDS203", "all", "new", "", ("new",)),
        ("CDS203", "all", "other", "", ("other",)),
    ]


def test_findings_name_who_is_missing_now() -> None:
    """Once anybody has delivered: whoever owes the share of another beside its own is named once."""
    status = status_of(plan_of(FAN_OUT), "2025-06-02", 'on = 2025-05-02, task = "all", agency = "other", kind = "done"')
    (found,) = check(status, status.items, Gate(select=("CDS202",))).findings
    assert str(found.message).endswith("received 1/3; missing: new")


def test_a_waiver_of_a_successor_given_in_advance_can_still_help() -> None:
    """Old has until the 20th of June; when the day of all has passed, what new owes for it is late no sooner."""
    each = '[tasks.all]\ntitle = "All"\neach = ["old", "other"]\ndue = 2025-05-30\n'
    waived = '[[waiver]]\nrule = "CDS203"\nagency = "new"\nuntil = 2025-06-30\nreason = "R"\n'
    more = 'on = 2025-02-03, task = "all", agency = "old", kind = "extended", due = 2025-06-20, document = "1/UB"'
    done = 'on = 2025-05-02, task = "all", agency = "new", kind = "done"'
    for day, lines, found in (("2025-06-02", (more,), []), ("2025-06-23", (more, done), ["CDS217"])):
        status = status_of(plan_of(each + waived), day, *lines)
        findings = check(status, status.items, Gate(select=("CDS203", "CDS217"))).findings
        assert [finding.rule for finding in findings if finding.agency == "new" and not finding.waiver] == found


def test_work_of_an_agency_without_a_successor_is_found() -> None:
    """CDS314, also where the work comes again."""
    plan = plan_of('[tasks.a]\ntitle = "A"\nowner = "gone"\nrepeat = "ngày 20 hằng tháng"\nuntil = 2025-04-30\n')
    status = status_of(plan, "2025-02-25")
    (found,) = check(status, status.items, Gate(select=("CDS314",))).findings
    assert str(found.message) == (
        "“gone” ceases on 1 Mar 2025, names no successor and has 2 open tasks: a@2025-03-20, a@2025-04-20"
    )


# Reports


@pytest.mark.parametrize(
    ("number", "last"),
    [(6, "New: taken over from Old 6"), (7, "and taken over from 2 others"), (13, "and taken over from 8 others")],
)
def test_reports_count_what_was_taken_over_from_many(number: int, last: str) -> None:
    """Five are told, as of those who are missing; six are, as a line that counts one says no less."""
    old = [f"o{at}" for at in range(1, number + 1)]
    text = HEAD.partition("[agencies.old]")[0] + '[agencies]\nnew = { name = "New" }\n'
    text += "".join(f'{id_} = {{ name = "Old {id_[1:]}", ceased = 2025-03-01, successor = "new" }}\n' for id_ in old)
    text += f'[tasks.all]\ntitle = "All"\neach = {old}\n'
    status = status_of(read(text.encode(), "p.toml"), "2025-04-01")
    ((row,),) = [section.rows for section in report(status, status.items, language("en"), everything=True).sections]
    assert len(row.notes) == 1 + 6
    assert row.notes[-1] == last


def test_reports_say_from_whom() -> None:
    """In the row of the task, and of a share under the heading of whoever owes it."""
    status = status_of(plan_of(LED + FAN_OUT), "2025-04-01")
    everything = report(status, status.items, language("en"), everything=True)
    rows = {row.name: row for section in everything.sections for row in section.rows}
    assert (rows["led"].who, rows["led"].notes) == ("New", ("New: taken over from Old",))
    assert rows["all"].notes == ("received 0/3", "New: taken over from Old")
    by_agency = report(status, status.items, language("vi"), by=Grouping.AGENCY)
    assert [(section.heading, [(row.name, row.notes) for row in section.rows]) for section in by_agency.sections] == [
        ("New", [("led", ("New: tiếp nhận từ Old",)), ("all", ("tiếp nhận từ Old",)), ("all", ())]),
        ("Other", [("all", ())]),
    ]


# Feeds


def events(plan: Plan, as_of: str, *told: str) -> dict[str, dict[str, Event]]:
    """Give the events of every feed by UID."""
    made = feeds(status_of(plan, as_of, *told), language)
    return {feed.agency or "all": {event.uid: event for event in feed.events} for feed in made}


def test_feeds_follow_and_uids_stay() -> None:
    """The event of a share moves from one feed to the other under the name that it had."""
    before, after = events(plan_of(FAN_OUT), "2025-02-28"), events(plan_of(FAN_OUT), "2025-04-01")
    assert {agency: list(found) for agency, found in before.items()} == {
        "all": ["all@p"],
        "old": ["all.old@p"],
        "new": ["all.new@p"],
        "newest": ["_nothing.newest@p"],  # it will take over in turn, and can be subscribed to
        "other": ["all@p"],
    }
    assert {agency: list(found) for agency, found in after.items()} == {
        "all": ["all@p"],
        "new": ["all.old@p", "all.new@p"],
        "newest": ["_nothing.newest@p"],
        "other": ["all@p"],
    }
    taken = after["new"]["all.old@p"]
    assert taken.title == "All [all] (taken over from Old)"
    assert "New: taken over from Old" in taken.description.splitlines()
    assert after["new"]["all.new@p"].title == "All [all]"
    assert "taken over" not in after["new"]["all.new@p"].description
    # The event changed on the day of the takeover, 59 days after the plan's start (SEQUENCE counts seconds).
    assert (before["old"]["all.old@p"].sequence, taken.sequence, after["new"]["all.new@p"].sequence) == (
        0,
        59 * A_DAY,
        0,
    )
    assert after["all"]["all@p"].sequence == 59 * A_DAY


def test_what_was_delivered_stays_in_the_old_feed() -> None:
    """And only what is open is with the successor."""
    found = events(plan_of(FAN_OUT), "2025-04-01", 'on = 2025-02-20, task = "all", agency = "old", kind = "done"')
    assert (list(found["old"]), list(found["new"])) == (["all.old@p"], ["all.new@p"])
    assert found["old"]["all.old@p"].title == "Done – All [all]"


def test_a_whole_task_passes_with_its_lead() -> None:
    """In the feed of the successor, as its lead, with the note."""
    found = events(plan_of(LED), "2025-04-01")
    assert list(found) == ["all", "new", "newest", "other"]
    (event,) = found["new"].values()
    lines = event.description.splitlines()
    assert "Role: lead, recipient, support" in lines
    assert "Lead: New" in lines
    assert "New: taken over from Old" in lines


def test_the_recipient_sees_who_owes_what() -> None:
    """Whoever has not delivered is named as the one to ask, with the share that it is about."""
    (event,) = events(plan_of(FAN_OUT), "2025-04-01")["other"].values()
    assert "Not yet delivered: New (taken over from Old), New, Other" in event.description.splitlines()


def test_a_recipient_that_owes_two_shares_sees_which_is_which() -> None:
    """Its own one, and the one that it has taken over."""
    (event,) = events(plan_of(FAN_OUT.replace('recipient = "other"', 'recipient = "new"')), "2025-04-01")[
        "new"
    ].values()
    assert [line for line in event.description.splitlines() if line.startswith("Own part")] == [
        "Own part: Not yet delivered (taken over from Old)",
        "Own part: Not yet delivered",
    ]


# The journal


def test_shares() -> None:
    """Its own first, then those it has taken over by that day."""
    plan = plan_of(FAN_OUT)
    task, shares = plan.tasks["all"], Shares(plan)
    assert shares.of(task.members, "new", date(2025, 2, 28)) == ("new",)
    assert shares.of(task.members, "new", date(2025, 3, 1)) == ("new", "old")
    assert shares.of(task.members, "new", date(2025, 7, 1)) == ("new",)
    assert shares.of(task.members, "newest", date(2025, 7, 1)) == ("old", "new")
    assert shares.of(task.members, "gone", date(2025, 7, 1)) == ()


def recorded(plan: Plan, agency: str, on: str, kind: Kind = Kind.DONE, *told: str) -> str | None:
    """Report a delivery; give the agency that its entry names."""
    day = date.fromisoformat(on)
    journal = NO_JOURNAL
    for name in told:
        report_ = Report(Kind.DONE, "all", day, agencies=(name,))
        journal = with_entries(journal, entries(plan, journal, report_, day, moment(on), numbers))
    report_ = Report(kind, next(iter(plan.tasks)), day, agencies=(agency,))
    (entry,) = entries(plan, journal, report_, day, moment(on), numbers)
    return entry.agency


def moment(on: str) -> datetime:
    """Give an instant of a day."""
    from datetime import datetime, timedelta, timezone  # noqa: PLC0415 - here alone

    return datetime.fromisoformat(f"{on}T08:00:00").replace(tzinfo=timezone(timedelta(hours=7)))


NUMBERS = count()


def numbers(length: int) -> bytes:
    """Give bytes that are no chance, and always others."""
    return next(NUMBERS).to_bytes(length, "little")


def test_the_successor_delivers_for_its_predecessor() -> None:
    """First its own share, then the one taken over; who is no member delivers the one share that it has."""
    plan = plan_of(FAN_OUT)
    assert recorded(plan, "new", "2025-04-01") == "new"
    assert recorded(plan, "new", "2025-04-01", Kind.DONE, "new") == "old"
    assert recorded(plan, "old", "2025-04-01") == "old"
    alone = plan_of(FAN_OUT.replace('"new", ', ""))
    assert recorded(alone, "new", "2025-04-01") == "old"
    assert recorded(alone, "new", "2025-04-01", Kind.CANCELLED) == "old"
    with pytest.raises(Refused, match="does not expect anything from"):
        recorded(alone, "new", "2025-02-28")
    with pytest.raises(Refused, match="was delivered on"):
        recorded(plan, "new", "2025-04-01", Kind.DONE, "new", "old")


def test_the_successor_reports_on_what_it_leads_now() -> None:
    """Before it took over it did not lead the task."""
    plan = plan_of(LED)
    assert recorded(plan, "new", "2025-04-01") == "new"
    with pytest.raises(Refused, match="does not lead"):
        recorded(plan, "new", "2025-02-28")


def test_an_entry_may_name_the_successor() -> None:
    """Written by hand, where only one share can be meant; two are told apart by the declared member."""
    data = b'x1 = { at = 2025-04-01T08:00:00+07:00, on = 2025-04-01, task = "all", agency = "new", kind = "done" }\n'
    alone = plan_of(FAN_OUT.replace('"new", ', ""))
    journal = read_journal(data, "plan.journal.toml", alone, max_bytes=len(data))
    day = date(2025, 4, 1)
    (item,) = judge([forecast(alone, day, replay(alone, journal, day))], day).items
    assert [(member.agency, member.responsible, member.phase) for member in item.members] == [
        ("old", "new", Phase.DONE),
        ("other", "other", Phase.NOT_STARTED),
    ]
    late = data.replace(b'"new"', b'"newest"').replace(b"2025-04-01", b"2025-08-01")
    (problem,) = read_journal(late, "plan.journal.toml", plan_of(FAN_OUT), max_bytes=len(late)).vanished.values()
    assert problem.code == "CDS215"
