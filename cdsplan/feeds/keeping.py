"""Feeds made to follow what was last published: an event that has changed is newer than it was, any other is the same.

A calendar believes a change when SEQUENCE, DTSTAMP and LAST-MODIFIED have grown, and loses one where they have not;
what has not changed keeps all three, to the byte. What an event shows decides, not the plan: edits by hand that no
`revised` tells of are followed too. The numbers of what a feed no longer holds are kept for good: it may come back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING

from cdsplan.feeds.model import stem
from cdsplan.feeds.state import Published, PublishedFeed, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from cdsplan.feeds.model import Event, Feed

ONE_SECOND = timedelta(seconds=1)
DIGEST_BYTES = 16


def keep(
    feeds: Sequence[Feed], previous: State, as_of: date, plans: Iterable[str], content: Callable[[Event], bytes]
) -> tuple[tuple[Feed, ...], State]:
    """Give the feeds with the stamps and numbers that follow on the previous state, and the state after them.

    `content` writes what subscribers see of an event: everything but its UID, SEQUENCE and stamps. `feeds` were made
    with the same previous state as of `as_of`, from the plans with the ids `plans`; what comes back has the same events
    in the same order.
    """
    digests: dict[int, str] = {}  # by identity: many feeds hold the very same event

    def digest(event: Event) -> str:
        found = digests.get(id(event))
        if found is None:
            found = digests[id(event)] = blake2b(content(event), digest_size=DIGEST_BYTES).hexdigest()
        return found

    followed = []
    state: dict[str, PublishedFeed] = {}
    for feed in feeds:
        before = previous.events(feed.key)
        pairs = [_follow(event, digest(event), before.get(event.uid), as_of) for event in feed.events]
        followed.append(replace(feed, events=tuple(event for event, _ in pairs)))
        events = {event.uid: published for event, published in pairs}
        events.update(_gone(before, events))
        several = feed.formerly or feed.key != stem(feed.agency)
        ids = (feed.agency, *feed.formerly) if feed.agency is not None and several else ()
        state[feed.key] = PublishedFeed(feed.name, feed.description, events, ids)
    return tuple(followed), State(tuple(plans), state)


def _follow(event: Event, content: str, before: Published | None, as_of: date) -> tuple[Event, Published]:
    """Give an event its numbers, and what to remember of it."""
    sequence, stamp = event.sequence, event.stamp
    if before is not None:
        if content == before.content:
            sequence, stamp = before.sequence, before.stamp
        else:
            sequence, stamp = max(before.sequence + 1, sequence), max(before.stamp + ONE_SECOND, stamp)
        if (sequence, stamp) != (event.sequence, event.stamp):
            event = replace(event, sequence=sequence, stamp=stamp)
    cancelled = None
    if event.cancelled:
        cancelled = as_of if before is None or before.cancelled is None else before.cancelled
    item = event.name is not None
    return event, Published(
        sequence=sequence,
        stamp=stamp,
        content=content,
        name=event.name,
        day=event.last if item else None,
        time=event.time if item else None,
        cancelled=cancelled,
    )


def _gone(before: Mapping[str, Published], now: Mapping[str, Published]) -> dict[str, Published]:
    """Remember the numbers of events that a feed held once."""
    return {
        uid: Published(event.sequence, event.stamp, cancelled=event.cancelled)
        for uid, event in sorted(before.items())
        if uid not in now
    }
