"""Words of a plan inside Markdown, taken as they stand.

Nothing becomes markup, and nothing that GitHub or GitLab would make a mention or a reference of (@name, #12, !12,
~label, %title, $snippet, &epic) becomes one: the sign is parted from what follows by an empty comment, because both
look for these after the escapes are gone.
"""

from __future__ import annotations

import re

MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~&^$]|!(?=\[)|:(?=//|[\w+-]+:)|(?<=www)\.|^[-+=]", re.IGNORECASE)
NUMBERED = re.compile(r"^(\d+)([.)])(?=\s|$)")
REFERENCE = re.compile(r"(\\?[@#!~&%$])(?=[\w\"'])")


MOST_LETTERS = 400
"""Letters of one cell of a table."""


def cell(text: str) -> str:
    """Give words for a cell of a table: escaped, and cut where they are very long."""
    return escaped(text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 1] + "…")


def escaped(text: str) -> str:
    """Give words that read the same when they are taken for Markdown, in one line."""
    line = " ".join(text.split())
    line = NUMBERED.sub(r"\1\\\2", MARKUP.sub(r"\\\g<0>", line))
    return REFERENCE.sub(r"\1<!-- -->", line)
