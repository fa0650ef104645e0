"""What was last published, as a value: what a feed held, and the numbers that its events must go on from."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cdsplan.feeds.model import stem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime, time


class Published(NamedTuple):
    """An event as it was last published.

    `content` identifies what subscribers saw of it; None: the feed no longer holds it, and only its numbers are kept,
    in case it comes back. `name`, `day` and `time` are an item's, to say when it is gone. `cancelled` is the day on
    which subscribers were first told that it is off.
    """

    sequence: int
    stamp: datetime
    content: str | None = None
    name: str | None = None
    day: date | None = None
    time: time | None = None
    cancelled: date | None = None


class PublishedFeed(NamedTuple):
    """A feed as it was last published: its words, and its events by UID, those that it no longer holds last.

    `ids` are those of an agency that has had several, the present one first.
    """

    name: str
    description: str
    events: Mapping[str, Published]
    ids: tuple[str, ...] = ()


class State(NamedTuple):
    """All feeds as they were last published, by `Feed.key`; `plans` are the ids of the plans that they were made of."""

    plans: tuple[str, ...] = ()
    feeds: Mapping[str, PublishedFeed] = {}

    def key(self, names: Sequence[str]) -> str:
        """Give the key of the feed that was published under one of these names (`stem`); else the first of them."""
        for name in names:
            if name in self.feeds:
                return name
        for key, feed in self.feeds.items():
            if feed.ids and not {*map(stem, feed.ids)}.isdisjoint(names):
                return key
        return names[0]

    def events(self, key: str) -> Mapping[str, Published]:
        """Give the events of a feed; none where it has never been published."""
        feed = self.feeds.get(key)
        return {} if feed is None else feed.events


NOTHING_PUBLISHED = State()
