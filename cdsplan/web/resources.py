"""One thing that can be fetched: its bytes, plain and compressed, and what HTTP says about them.

The entity tag is strong, a digest of the bytes; the compressed form has its own, as RFC 9110 demands of two different
byte strings. A tag that a client holds is recognised in either form, and also where a proxy that compresses has made it
weak: a client that once got the compressed feed must not fetch it anew for ever.
"""

from __future__ import annotations

import gzip
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from datetime import datetime

SMALLEST = 512
"""Bytes below which compressing gains nothing."""

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Resource:
    """A body with its type. `modified` is an instant in UTC, in whole seconds: since when it has been these bytes.

    `policy` is the content security policy of a page; `name` the file name under which a client may keep it.
    """

    def __init__(
        self, body: bytes, content_type: str, modified: datetime, *, name: str | None = None, policy: str | None = None
    ) -> None:
        """Take the bytes; everything else follows when first asked for."""
        self.body = body
        self.content_type = content_type
        self.modified = modified
        self.name = name
        self.policy = policy

    @cached_property
    def digest(self) -> str:
        """What tells these bytes from any other."""
        return sha256(self.body).hexdigest()[:32]

    @cached_property
    def compressed(self) -> bytes | None:
        """The bytes as gzip, the same every time; None where that would not be shorter."""
        if len(self.body) < SMALLEST:
            return None
        data = gzip.compress(self.body, compresslevel=6, mtime=0)
        return data if len(data) < len(self.body) else None

    @property
    def tags(self) -> tuple[str, str]:
        """The entity tags of the plain and of the compressed form."""
        return f'"{self.digest}"', f'"{self.digest}-gzip"'

    @cached_property
    def last_modified(self) -> str:
        """The instant as HTTP writes it."""
        return http_date(self.modified)

    @cached_property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """What is said of it whatever the request: of both forms, and of 304."""
        found = [
            ("Last-Modified", self.last_modified),
            ("Cache-Control", "no-cache"),
            ("Vary", "Accept-Encoding"),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
        ]
        if self.name is not None:
            found.append(("Content-Disposition", disposition(self.name)))
        if self.policy is not None:
            found.append(("Content-Security-Policy", f"{self.policy}; frame-ancestors 'none'"))
        return tuple(found)


def disposition(name: str) -> str:
    """Name a file for clients: shown where it is, kept under its name, whatever letters that has."""
    plain = "".join(character if character.isascii() and character not in '"\\' else "_" for character in name)
    return f"inline; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def http_date(moment: datetime) -> str:
    """Write an instant in UTC as HTTP does, whatever the locale."""
    return f"{WEEKDAYS[moment.weekday()]}, {moment:%d} {MONTHS[moment.month - 1]} {moment:%Y %H:%M:%S} GMT"
