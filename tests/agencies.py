"""A plan of five agencies, tasks for them, and the feeds that they get of it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from textwrap import dedent

from cdsplan.feeds import SERVED, Choice, Event, EventKind, Feed, Role, feeds
from cdsplan.i18n import language
from cdsplan.plan.reader import read
from cdsplan.schedule import forecast
from cdsplan.status import judge

HEAD = """
[plan]
id = "p"
title = "The plan"
short = "Plan"
start = 2021-08-23
timezone = "Asia/Ho_Chi_Minh"
[agencies]
lead = { name = "The lead agency", short = "Lead" }
one = { name = "Agency one", formerly = ["uno", "eins"] }
two = { name = "Agency two" }
three = { name = "Agency three" }
all = { name = "Agency called all" }
"""

FAN_OUT = (
    HEAD
    + """
[tasks.survey]
title = "Survey the present state"
short = "Survey"
number = "I.1"
section = "Part 1"
owner = "lead"
each = ["one", "two"]
recipient = "two"
support = ["three"]
consult = ["three"]
due = "trước ngày 30/9/2021"
deliverable = "A report"
quote = "Each reports."
url = "https://example.org/1"
tags = ["ict", "Part 1"]
milestone = true
formerly = ["old-survey", "older"]
"""
)

SUPPORT = (
    HEAD
    + """
[tasks.a]
title = "A"
owner = "lead"
support = ["one"]
due = 2021-09-30
"""
)

SECOND = (
    HEAD.replace('id = "p"', 'id = "q"')
    .replace('short = "Plan"', 'short = "Second"')
    .replace("2021-08-23", "2021-09-01")
)


def blocked(facts: str = "") -> str:
    """Give a plan of two tasks, one after the other, with facts of the first."""
    return f"""{HEAD}
[tasks.first]
title = "First"
owner = "lead"
due = 2021-09-10
{facts}
[tasks.second]
title = "Second"
owner = "lead"
after = ["first"]
due = 2021-09-30
"""


def made(*plans: str, as_of: str, code: str | None = None, roles: frozenset[Role] = SERVED) -> dict[str | None, Feed]:
    """Give the feeds of plans by agency."""
    forecasts = [forecast(read(dedent(plan).encode(), "plan.toml"), date.fromisoformat(as_of)) for plan in plans]
    found = feeds(
        judge(forecasts, date.fromisoformat(as_of)),
        language,
        choice=Choice(code=code, roles=roles),
    )
    return {feed.agency: feed for feed in found}


def only(feed: Feed, kind: EventKind = EventKind.ITEM) -> Event:
    """Give the one event of a kind."""
    (event,) = [event for event in feed.events if event.kind is kind]
    return event


def utc(text: str) -> datetime:
    """Read an instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
