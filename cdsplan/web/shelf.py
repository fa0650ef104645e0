"""What can be fetched, by its path: a site's feeds and pages as resources, openly or each behind its secret address.

Pages are written when the first reader asks for them: a secret one cannot be written sooner, since only its readers
know the address that stands on it. What is the same bytes as on the shelf before stays the same resource, with the same
date. A site that has its calendars only, as they were kept, has pages that are missing: those paths lead somewhere, but
there is nothing to give at present.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from cdsplan.pages.addresses import INDEX, Addresses
from cdsplan.site import ROBOTS, Site
from cdsplan.web.resources import Resource

if TYPE_CHECKING:
    from datetime import datetime

    from cdsplan.tokens import Tokens

CALENDAR, HTML, TEXT = "text/calendar; charset=utf-8", "text/html; charset=utf-8", "text/plain; charset=utf-8"

PAGES = ("page", "closed")
CLOSED = {"robots.txt": ("robots", ""), INDEX: ("closed", "")}
"""What is open where addresses are secret, by kind and key."""


class Found(NamedTuple):
    """A resource (None: it is missing at present), and its path as a log may show it: without anything secret."""

    resource: Resource | None
    shown: str


class Shelf:
    """One state of what is served. `tokens` are None where addresses are open."""

    def __init__(self, site: Site, tokens: Tokens | None, moment: datetime, before: Shelf | None = None) -> None:
        """Put a site on the shelf at an instant (UTC, whole seconds); `before` is the shelf that this one replaces.

        It is dated a second after that one, where it is not later by itself: a client that sends back nothing but a
        date must not be told that other bytes of the same second are what it holds.
        """
        self._site = site
        self._tokens = tokens
        self.moment: datetime = moment if before is None else max(moment, before.moment + timedelta(seconds=1))
        self._before = before.made if before is not None else {}
        self.made: dict[tuple[str, str], Resource] = {}  # by kind and key, once somebody has asked for it
        self._open = {"robots.txt": ("robots", "")} if tokens is None else CLOSED
        if tokens is None:
            for key, names in site.names.items():
                self._open |= dict.fromkeys(names, ("feed", key))
                self._open |= dict.fromkeys(site.page_names(key), ("page", key))

    @property
    def has_pages(self) -> bool:
        """Whether there are pages; otherwise they are missing at present."""
        return self._site.has_pages

    def admit(self, tokens: Tokens) -> None:
        """Let these secret addresses open what they name from now on, and no others, nor any that were open.

        Pages that were open are missing then, as the address that stands on them has ended.
        """
        if tokens == self._tokens:
            return
        if self._tokens is None:
            self._site = Site(self._site.names, self._site.calendars, Addresses(secret=True))
        self._tokens, self._open = tokens, CLOSED
        self.made = {named: resource for named, resource in self.made.items() if named[0] not in PAGES}

    def find(self, path: str) -> Found | None:
        """Find what a path (beginning with "/") names; None: nothing."""
        name = path.removeprefix("/") or INDEX
        named = self._open.get(name)
        if named is not None:
            return Found(self._resource(*named), path)
        if self._tokens is None:
            return None
        presented, slash, rest = name.partition("/")
        key = self._tokens.owner(presented)
        if key is None or not slash or key not in self._site.names:
            return None
        if rest in self._site.names[key]:
            return Found(self._resource("feed", key), f"/[secret]/{rest}")
        if rest in {"", INDEX}:
            return Found(self._resource("page", key, presented), f"/[secret]/{rest}")
        return None

    def _resource(self, kind: str, key: str, folder: str = "") -> Resource | None:
        """Give a resource, made when it is first wanted; None: it is a page, and these are missing."""
        if kind in PAGES and not self.has_pages:
            return None
        made = self.made.get((kind, key))
        if made is None:
            made = self.made[kind, key] = self._make(kind, key, folder)
        return made

    def _make(self, kind: str, key: str, folder: str) -> Resource:
        before = self._before.get((kind, key))
        site = self._site
        name = None
        match kind:
            case "feed":
                body, content_type, name = site.calendars[key], CALENDAR, site.names[key][0]
            case "page":
                body, content_type = site.page(key, folder), HTML
            case "closed":
                body, content_type = site.closed_page(), HTML
            case _:
                body, content_type = ROBOTS, TEXT
        if before is not None and before.body == body and before.name == name:
            return before
        policy = None
        if content_type is HTML:
            from cdsplan.views.html import policy as policy_of_pages  # noqa: PLC0415 - only pages have one

            policy = policy_of_pages()
        return Resource(body, content_type, self.moment, name=name, policy=policy)
