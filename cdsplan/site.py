"""Everything that is published of a plan, file by file: feeds, pages, and what crawlers are told.

Openly, all lies in one folder. With secret addresses each feed has a folder of its own with its page, and the root only
says so. Who subscribed under an agency's earlier id, or kept the address of its page, finds both under that name too.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from cdsplan.pages.addresses import INDEX, Addresses

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cdsplan.pages import Page

ROBOTS = b"User-agent: *\nAllow: /\n"
"""Google fetches a calendar only where this lets it."""


NO_FOLDERS: Mapping[str, str] = {}


class Site:
    """What is published: calendars as bytes, pages written when they are asked for, each by `Feed.key`.

    `names` are the file names of each feed, the present one first. Paths are from the root of the site, parted by "/".
    """

    def __init__(
        self,
        names: Mapping[str, tuple[str, ...]],
        calendars: Mapping[str, bytes],
        addresses: Addresses,
        pages: Callable[[], Mapping[str, Page]] | None = None,
    ) -> None:
        """Publish calendars; `pages` gives the pages beside them when they are wanted, None: there are none."""
        self.names = names
        self.calendars = calendars
        self.addresses = addresses
        self.has_pages = pages is not None
        self._make_pages = pages

    @cached_property
    def pages(self) -> Mapping[str, Page]:
        """The pages as values."""
        return {} if self._make_pages is None else self._make_pages()

    def page(self, key: str, folder: str = "") -> bytes:
        """Write the page of a feed, which lies in `folder` where addresses are secret."""
        from cdsplan.views.html import render  # noqa: PLC0415 - an extra, and 60 ms, that only pages need

        return render(self.pages[key], self.addresses, folder)

    def closed_page(self) -> bytes:
        """Write what stands at the root where addresses are secret."""
        from cdsplan.views.html import render_closed  # noqa: PLC0415 - as above

        everything = next(iter(self.pages.values()))
        return render_closed(everything.plans, everything.language)

    def page_names(self, key: str) -> tuple[str, ...]:
        """Give the paths of a page where addresses are open, the present one first."""
        return tuple(Addresses().page(name.removesuffix(".ics")) for name in self.names[key])

    def open_files(self) -> list[str]:
        """Name the files of feeds and pages where addresses are open."""
        return [name for key in self.names for name in (*self.names[key], *self.page_names(key))]

    def files(self, folders: Mapping[str, str] = NO_FOLDERS) -> dict[str, bytes]:
        """Write everything: the content of every file by its path.

        `folders` map the key of a feed to its secret folder; where addresses are secret, what has none is left out.
        """
        found = {"robots.txt": ROBOTS}
        secret = self.addresses.secret
        if secret and self.has_pages:
            found[INDEX] = self.closed_page()
        for key in self.names:
            if secret and key not in folders:
                continue
            folder = folders.get(key, "")
            prefix = f"{folder}/" if secret else ""
            found |= dict.fromkeys((f"{prefix}{name}" for name in self.names[key]), self.calendars[key])
            if self.has_pages:
                names = (f"{prefix}{INDEX}",) if secret else self.page_names(key)
                found |= dict.fromkeys(names, self.page(key, folder))
        return found
