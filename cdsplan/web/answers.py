"""From a request to its answer: methods, conditions, compression. Pure: no clock, no files, no sockets.

Only GET and HEAD are served. A precondition that only writing clients send (If-Match, If-Unmodified-Since) is not
looked at, so nothing is ever 412; a Range is not looked at either, and the whole is sent, as RFC 9110 allows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cdsplan.web.resources import Resource

METHODS = ("GET", "HEAD")

WEIGHT = re.compile(r"\s*(?:[Qq]\s*=\s*([01](?:\.[0-9]{0,3})?)\s*)?")
"""What may follow a coding; matched against one coding's rest alone, in time that grows with its length only."""


class Answer(NamedTuple):
    """What goes back: the status, the headers, the body (empty for HEAD, whose headers are those of GET)."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


def answer(method: str, headers: Mapping[str, str], resource: Resource) -> Answer:
    """Answer GET or HEAD of a resource; `headers` are the request's, their names in lower case."""
    compressed = resource.compressed if accepts_gzip(headers.get("accept-encoding", "")) else None
    plain_tag, gzip_tag = resource.tags
    tag = plain_tag if compressed is None else gzip_tag
    held = _held(headers, resource, tag)
    if held is not None:
        return Answer("304 Not Modified", (("ETag", held), *resource.headers), b"")
    said = (("ETag", tag), *resource.headers)
    body = resource.body if compressed is None else compressed
    said += (("Content-Type", resource.content_type), ("Content-Length", str(len(body))))
    if compressed is not None:
        said += (("Content-Encoding", "gzip"),)
    return Answer("200 OK", said, b"" if method == "HEAD" else body)


def failure(method: str, status: str, words: str, *more: tuple[str, str]) -> Answer:
    """Answer that there is nothing to give, in plain words, which no calendar takes for a feed."""
    body = f"{words}\n".encode()
    said = (
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        *more,
    )
    return Answer(status, said, b"" if method == "HEAD" else body)


def accepts_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding allows gzip; a coding with q=0 is refused."""
    weights: dict[str, float] = {}
    for coding in accepted.split(","):
        name, _, rest = coding.partition(";")
        weight = WEIGHT.fullmatch(rest)
        if weight is not None:
            weights[name.strip().lower()] = float(weight[1] or 1)
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", 0))) > 0


def _held(headers: Mapping[str, str], resource: Resource, tag: str) -> str | None:
    """Give the tag of the form that the client has already; where it names none, by the date that it was told.

    `tag` is that of the form that it would be sent.
    """
    named = headers.get("if-none-match")
    if named is None:
        return tag if headers.get("if-modified-since") == resource.last_modified else None
    if named.strip() == "*":
        return tag
    tags = {each.strip().removeprefix("W/") for each in named.split(",")}
    return next((each for each in (tag, *resource.tags) if each in tags), None)
