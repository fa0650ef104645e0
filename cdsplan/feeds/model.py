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


SERVED = frozenset({Role.LEAD, Role.RECIPIENT, Role.MEMBER, Role.CONSULTED})  # support only by choice


class EventKind(StrEnum):
    """What an event stands for."""

    ITEM = "item"  # a task's deadline
    DELIVERY = "delivery"  # one agency's own part of a fan-out
    OVERDUE = "overdue"  # the banner of this week: everything overdue in the feed
    NOTICE = "notice"  # says that the feed has nothing else, because a feed without events is invalid


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
    """

    uid: str
    kind: EventKind
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
    """One agency's calendar, or everybody's (`agency` None). It has at least one event. `color` is a CSS3 name."""

    agency: str | None
    name: str
    description: str
    color: str
    events: tuple[Event, ...]

    @property
    def file(self) -> str:
        """The name of its file. No id has an underscore, so an agency called “all” takes nobody's name."""
        if self.agency is None:
            return "all.ics"
        return "all_.ics" if self.agency == "all" else f"{self.agency}.ics"
