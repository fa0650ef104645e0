"""Characters that have no business in a plan: what cannot be seen, and what terminals and calendars act upon.

Refused everywhere: control characters (C0, DEL, C1), the controls that turn the direction of writing, line and
paragraph separators, byte order marks, zero-width characters and noncharacters. Long texts may hold line breaks, tabs
and the two joiners that some scripts and signs need. (Unpaired surrogates cannot come this far: neither UTF-8 nor
TOML's escapes have them.)
"""

from __future__ import annotations

import re
import unicodedata
from itertools import islice, repeat
from typing import TYPE_CHECKING, Any

from cdsplan.messages import Message, msg
from cdsplan.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cdsplan.plan.source import Source
    from cdsplan.plan.spans import Path

# Values of these keys may run over several lines, also as elements of an array.
LONG_TEXTS = frozenset({"quote", "note", "source", "contents", "constraints", "reason", "deliverable", "contact"})

# Where it stands, [start, end) in the text, and the character.
Found = tuple[int, int, str]

MOST = 100  # problems that are listed; a damaged file can have millions

_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(
    chr(plane | last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)
)
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_REFUSED = "\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028\u2029\u2060\ufeff" + _BIDI + _NONCHARACTERS
# Patterns stay strings: the quick answer needs none of them, and `re` keeps what it has compiled.
_LONG = f"[{_REFUSED}]"
_SHORT = f"[{_REFUSED}\t\n\u200c\u200d]"
_NO_TOML = r"[\x00-\x08\x0b-\x1f\x7f]"  # TOML itself has these nowhere, not even in comments
# What to look at in a basic string: line continuations, escapes, refused characters.
_PIECES = rf"\\[ \t]*+\n\s*+|\\(?:u([0-9A-Fa-f]{{4}})|U([0-9A-Fa-f]{{8}})|x([0-9A-Fa-f]{{2}})|(.))|{_SHORT}"


def visible(text: str) -> str:
    """Make `text` safe to show, one character for each: what acts or hides becomes a sign for it. Tabs stay."""
    return re.sub(_SHORT, _sign, text)


def _sign(match: re.Match[str]) -> str:
    """Unicode has pictures of the C0 controls and DEL; a replacement character stands for the others."""
    char = match[0]
    if char == "\t":
        return char
    if char < " ":
        return chr(0x2400 + ord(char))
    return "\u2421" if char == "\x7f" else "\ufffd"


def blank(text: str) -> tuple[str, list[Found]]:
    """Put a space for each character that TOML refuses outright; also list them, at most `MOST` + 1."""
    refused = [(*match.span(), match[0]) for match in islice(re.finditer(_NO_TOML, text), MOST + 1)]
    return (re.sub(_NO_TOML, " ", text) if refused else text), refused


def of_text(source: Source) -> tuple[Problem, ...]:
    """List the refused characters of a whole text, which may have lines and tabs."""
    return problems([(*found.span(), found[0]) for found in islice(re.finditer(_LONG, source.text), MOST + 1)], source)


def check(document: dict[str, Any], source: Source, outright: list[Found]) -> tuple[Problem, ...]:
    """List the refused characters of `document`, and those that were blanked `outright`, in file order.

    Values that escapes have composed are brought to NFC, in place; the text is NFC already.
    """
    short, long = _texts(document)
    if not (unicodedata.is_normalized("NFC", short) and unicodedata.is_normalized("NFC", long)):
        _normalise(document)
    found = outright
    if not short.isprintable() or not long.replace("\n", "").replace("\t", "").isprintable():
        found = [*outright, *islice(_walk(document, source), MOST + 1)]
    return problems(sorted(found), source)


def problems(found: list[Found], source: Source) -> tuple[Problem, ...]:
    """Say what is wrong with each of `found`, up to `MOST`."""
    listed = []
    for start, end, char in found[:MOST]:
        message, hint = _words(char)
        listed.append(Problem(code="CDS103", message=message, hint=hint, place=source.place_at(start, end)))
    if len(found) > MOST:
        more = msg("there are more such characters; the first {most} are listed", most=MOST)
        listed.append(Problem(code="CDS103", message=more, place=source.place_at(found[MOST][0])))
    return tuple(listed)


def _normalise(document: dict[str, Any]) -> None:
    containers: list[Any] = [document]
    for container in containers:
        for key, value in container.items() if isinstance(container, dict) else enumerate(container):
            if isinstance(value, str):
                container[key] = unicodedata.normalize("NFC", value)
            elif isinstance(value, (dict, list)):
                containers.append(value)


def _texts(document: dict[str, Any]) -> tuple[str, str]:
    """All keys and short texts in one, all long texts in another: asked once, they answer for the whole document."""
    short: list[str] = []
    long: list[str] = []
    containers: list[Any] = [document]
    long_lists: set[int] = set()  # by identity: a tuple for each container would cost more than all the rest
    for container in containers:
        items: Iterable[tuple[str | None, Any]]
        if type(container) is dict:
            short += container
            items = container.items()
        else:
            items = zip(repeat("quote" if id(container) in long_lists else None), container, strict=False)
        for key, value in items:
            kind = type(value)
            if kind is str:
                (long if key in LONG_TEXTS else short).append(value)
            elif kind is dict or kind is list:
                containers.append(value)
                if key in LONG_TEXTS:
                    long_lists.add(id(value))
    return "".join(short), "".join(long)


def _walk(document: dict[str, Any], source: Source) -> Iterator[Found]:
    """Yield every refused character of keys and values."""
    stack: list[tuple[Path, Any, bool]] = [((), document, False)]
    while stack:
        path, value, long = stack.pop()
        if isinstance(value, str):
            yield from _pieces(value, source, source.span(path), _LONG if long else _SHORT)
        elif isinstance(value, dict):
            for key, inner in reversed(value.items()):
                stack.append(((*path, key), inner, key in LONG_TEXTS))
                yield from _pieces(key, source, source.span((*path, key), key=True), _SHORT)
        elif isinstance(value, list):
            stack.extend(((*path, number), inner, long) for number, inner in reversed(list(enumerate(value))))


def _pieces(text: str, source: Source, span: tuple[int, int], refused: str) -> Iterator[Found]:
    """Find the refused characters of one string where they are written, raw or as escapes."""
    from cdsplan.plan.spans import unescape  # noqa: PLC0415 - not needed by the files that have nothing to refuse

    first = re.search(refused, text)
    if first is None:
        return
    raw = source.text[slice(*span)]
    quote = next((quote for quote in ('"""', "'''", '"', "'") if raw.startswith(quote)), "")
    start = len(quote)
    if len(quote) > 1 and raw.startswith("\n", start):
        start += 1  # a line break right after triple quotes is no part of the text
    seen = False
    for piece in re.compile(_PIECES if quote[:1] == '"' else refused, re.DOTALL).finditer(raw, start):
        char = unescape(piece) if piece.lastindex else piece[0]
        if re.fullmatch(refused, char):
            seen = True
            yield span[0] + piece.start(), span[0] + piece.end(), char
    if not seen:  # its place is not known to the letter: never let it through
        yield *span, first[0]


def _words(char: str) -> tuple[Message, Message]:
    """Say what is wrong with `char`, and what to do."""
    code = f"U+{ord(char):04X}"
    if char == "\n":
        return msg("a line break is not allowed in this text"), _where_long()
    if char == "\t":
        return msg("a tab is not allowed in this text"), _where_long()
    if char == "\r":
        return (
            msg("control character {code} (carriage return) is not allowed", code=code),
            msg("write line breaks as \\n; if the whole file has old Macintosh line ends, save it with LF or CRLF"),
        )
    if char < " " or "\x7f" <= char <= "\x9f":
        return (
            msg("control character {code} is not allowed", code=code),
            msg("delete it: it cannot be seen, but terminals and calendars act on it"),
        )
    if re.match(f"[{_BIDI}]", char):
        return (
            msg("character {code} is not allowed: it turns the direction of writing", code=code),
            msg("delete it: with it a text can show other words than it holds"),
        )
    if re.match(f"[{_NONCHARACTERS}]", char):
        return (
            msg("{code} is not a character", code=code),
            msg("delete it; if the text looks damaged, copy it again from its source"),
        )
    return (
        msg("invisible character {code} is not allowed", code=code),
        msg("delete it: two words that look the same would differ; it often comes along with copied text"),
    )


def _where_long() -> Message:
    return msg("write it on one line; only {keys} may have several", keys=tuple(sorted(LONG_TEXTS)))
