"""Feeds and their events as frozen values, all words already said in the feed's language.

Days are calendar days of the plan's time zone, `first` and `last` both inclusive. A stamp is an instant in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime, time


class Role(StrEnum):
    """What an agency has to do with a task, in order of weight."""

    LEAD = "lead"  # chủ trì: `owner`
    RECIPIENT = "recipient"  # nơi nhận: whoever collects
    MEMBER = "member"  # must deliver its own: `each`
    CONSULTED = "consulted"  # cho ý kiến: `consult`
    SUPPORT = "support"  # phối hợp


class EventKind(StrEnum):
    """What an event stands for."""

    ITEM = "item"  # a task's deadline
    DELIVERY = "delivery"  # one agency's own part of a fan-out
    OVERDUE = "overdue"  # the banner of this week: everything overdue in the feed
    REMINDER = "reminder"  # so many days before an item's deadline, for calendars that drop alarms
    NOTICE = "notice"  # says that the feed has nothing else, because a feed without events is invalid
    GONE = "gone"  # what was in the feed when it was last published, and is in it no more


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """An alarm that rings at 09:00 so many calendar days before the event's day (0: on that day), and what it says."""

    days: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One entry of a calendar.

    All-day from `first` to `last`, unless `time` is set: then the event is that instant of `first` in the zone
    `timezone`. `uid` is unique in its feed and the same for ever; `stamp` and `sequence` only grow while the facts do.
    `name` is an item's own, as its title has it after what is said first; None where the event is no item's.
    """

    uid: str
    kind: EventKind
    name: str | None = None
    first: date
    last: date
    time: time | None = None
    timezone: str
    title: str
    description: str
    categories: tuple[str, ...] = ()
    url: str | None = None
    stamp: datetime
    sequence: int
    cancelled: bool = False
    reminders: tuple[Reminder, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One agency's calendar, or everybody's (`agency` None). It has at least one event. `color` is a CSS3 name.

    `formerly` are the agency's earlier ids, the oldest first: who subscribed under one of them keeps the feed. `key` is
    what it is known by from one publishing to the next.
    """

    agency: str | None
    formerly: tuple[str, ...] = ()
    key: str
    name: str
    description: str
    color: str
    events: tuple[Event, ...]

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{stem(self.agency)}.ics"

    @property
    def files(self) -> tuple[str, ...]:
        """The names that its file has: the present one, then those of earlier ids."""
        return (self.file, *(f"{stem(former)}.ics" for former in self.formerly))


def stem(agency: str | None) -> str:
    """Name the feed of an agency, or of everybody: no id has an underscore, so an agency “all” takes nobody's name."""
    if agency is None:
        return "all"
    return "all_" if agency == "all" else agency
