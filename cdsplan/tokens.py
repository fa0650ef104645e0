"""Secret addresses: who has one, and whose a presented one is.

A secret address is a folder whose name is a token of 160 random bits, written in 32 letters and digits of base32 in
lower case: a plain name on every file system, also one that takes upper and lower case for the same. Each feed has at
most one, known by `Feed.key`. The file that keeps them has each token's digest; the token itself only where it was
made to be kept, because `publish` must know the folders that it writes. A digest without salt is enough: nobody can try
2^160 tokens.
"""

from __future__ import annotations

import json
import re
from base64 import b32encode
from datetime import date
from hashlib import sha256
from hmac import compare_digest
from typing import TYPE_CHECKING, NamedTuple

from cdsplan.messages import msg
from cdsplan.plan.fields import is_id
from cdsplan.problems import PlanError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cdsplan.messages import Message

RANDOM_BYTES = 20
SHAPE = re.compile(r"[a-z2-7]{32}")
DIGEST = re.compile(r"[0-9a-f]{64}")
FORMAT, VERSION = "cdsplan-tokens", 1
LARGEST = 1 << 20  # bytes of a file of tokens


class Token(NamedTuple):
    """One secret address: its digest, the day it was made, and the token itself where it is kept."""

    digest: str
    made: date
    kept: str | None = None


class Tokens(NamedTuple):
    """All secret addresses, by the key of the feed."""

    of: Mapping[str, Token] = {}

    def owner(self, presented: str) -> str | None:
        """Give the key of the feed that a token opens, or None. How long this takes says nothing of any token."""
        digest = digest_of(presented)
        found = None
        for key, token in self.of.items():
            if compare_digest(token.digest, digest):
                found = key
        return found

    def folders(self) -> dict[str, str]:
        """Give the folders that can be written: those of kept tokens, by the key of the feed."""
        return {key: token.kept for key, token in self.of.items() if token.kept is not None}

    def with_token(self, key: str, token: Token) -> Tokens:
        """Give a feed a token, in place of any that it has."""
        return Tokens({**self.of, key: token})

    def without(self, key: str) -> Tokens:
        """Take a feed's token away."""
        return Tokens({other: token for other, token in self.of.items() if other != key})


def token_of(random: bytes) -> str:
    """Write random bytes as a token."""
    if len(random) != RANDOM_BYTES:
        raise ValueError(f"a token is made of {RANDOM_BYTES} random bytes")
    return b32encode(random).decode().lower()


def digest_of(token: str) -> str:
    """Give what is kept of a token that is only checked. Any text will do, also what no token can be."""
    return sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def write_tokens(tokens: Tokens) -> bytes:
    """Write the file of tokens."""
    entries = ",\n".join(
        f"  {json.dumps(key)}: "
        + json.dumps(
            {"sha256": token.digest, "made": token.made.isoformat()} | ({"token": token.kept} if token.kept else {})
        )
        for key, token in sorted(tokens.of.items())
    )
    body = f"{{\n{entries}\n}}" if entries else "{}"
    return f'{{"format": "{FORMAT}", "version": {VERSION}, "tokens": {body}}}\n'.encode()


def read_tokens(data: bytes, file: str) -> Tokens:
    """Read a file of tokens.

    Raises:
        PlanError: it is none. What stands in it is not repeated in any message.
    """
    try:
        document = json.loads(data.decode()) if len(data) <= LARGEST else None
    except (ValueError, RecursionError):
        raise _unusable(msg("{file}: this is no file of secret addresses", file=file)) from None
    if not isinstance(document, dict) or (document.get("format"), document.get("version")) != (FORMAT, VERSION):
        raise _unusable(msg("{file}: this is no file of secret addresses", file=file))
    entries = document.get("tokens")
    if not isinstance(entries, dict):
        raise _unusable(msg("{file}: “tokens” is missing", file=file))
    found = {}
    for key, entry in entries.items():
        token = _entry(entry)
        if token is None or not is_id(key.removesuffix("_")):
            raise _unusable(msg("{file}: the entry “{key}” is no secret address", file=file, key=_shown(key)))
        found[key] = token
    if len({token.digest for token in found.values()}) < len(found):
        raise _unusable(msg("{file}: two agencies have the same secret address", file=file))
    return Tokens(found)


def _entry(entry: object) -> Token | None:
    """Read one entry; None where it is no token."""
    match entry:
        case {"sha256": str(digest), "made": str(made), **rest} if DIGEST.fullmatch(digest) and rest.keys() <= {
            "token"
        }:
            kept = rest.get("token")
            if kept is not None and not (isinstance(kept, str) and SHAPE.fullmatch(kept) and digest_of(kept) == digest):
                return None
            try:
                return Token(digest, date.fromisoformat(made), kept)
            except ValueError:
                return None
        case _:
            return None


def _shown(key: str) -> str:
    return key if key.isprintable() and len(key) <= 64 else "…"  # noqa: PLR2004 - no id is longer


def _unusable(message: Message) -> PlanError:
    hint = msg("`cdsplan token new` writes it; every one of its addresses is lost with it")
    return PlanError((Problem(code="CDS411", message=message, hint=hint),))
