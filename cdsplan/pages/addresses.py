"""Where feeds and pages are found: their files, and their addresses on the web.

Everything that belongs to one feed is named by its stem (`cdsplan.feeds.model.stem`): an agency's id, or `all`. Openly
published, all files lie in one folder: `so-tttt.ics`, `so-tttt.html`. With secret addresses each feed has a folder of
its own, whose name nobody can guess: `TOKEN/so-tttt.ics`, `TOKEN/index.html`. The file of the feed keeps its meaningful
name in both, because Thunderbird names the calendar by it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

INDEX = "index.html"
ALL = "all"  # the stem of the feed with everything

BASE = re.compile(
    r"https?://(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?"
    r"(?:/(?:[A-Za-z0-9._~-]|%[0-9A-Fa-f]{2})+)*/?"
)


def is_base(address: str) -> bool:
    """Whether an address can stand before the names of files: http or https, a host, a path; nothing else."""
    return BASE.fullmatch(address) is not None


class Addresses(NamedTuple):
    """How the addresses of one site are made.

    `base` is what stands before all names (`is_base`; with or without a slash at its end); None where nobody said it:
    then nothing absolute can be written. `secret` says that each stem has a folder of its own.
    """

    base: str | None = None
    secret: bool = False

    def feed(self, name: str, folder: str = "") -> str:
        """Give the path of a feed from the root of the site; `folder` is the secret one."""
        return f"{folder}/{name}.ics" if self.secret else f"{name}.ics"

    def page(self, name: str, folder: str = "") -> str:
        """Give the path of a page's file from the root of the site."""
        if self.secret:
            return f"{folder}/{INDEX}"
        if name == ALL:
            return INDEX
        return "index_.html" if name == "index" else f"{name}.html"  # no id has an underscore

    def absolute(self, path: str) -> str | None:
        """Give the address of a path on the web; None where the base is not known."""
        if self.base is None:
            return None
        whole = path.removesuffix(INDEX) if path.endswith(f"/{INDEX}") or path == INDEX else path
        return f"{self.base.removesuffix('/')}/{whole}"


def webcal(address: str) -> str:
    """Give an address in the scheme that a phone or a computer hands to its calendar."""
    return f"webcal://{address.partition('://')[2]}"
