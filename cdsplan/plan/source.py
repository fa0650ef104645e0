"""A plan or journal file as text: decoded, parsed, and asked where things stand.

`load` takes the bytes that someone else has read. The text is NFC, without a byte order mark, its line ends are LF;
so columns count composed characters. Everything wrong at this level is told at once where the parser allows it:

- CDS101: the file is not UTF-8 text, too large, or nested beyond the limits;
- CDS102: it is not TOML (one problem: a parser stops there); CDS109: a date that does not exist;
- CDS103: characters that have no business in a plan (all of them, up to a hundred).
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import tomli

from cdsplan.messages import msg
from cdsplan.plan import limits
from cdsplan.plan.parsing import parse
from cdsplan.problems import Place, PlanError, Problem

if TYPE_CHECKING:
    from cdsplan.messages import Message
    from cdsplan.plan.characters import Found
    from cdsplan.plan.spans import Path, Spans

MAX_BYTES = 5 * 1024 * 1024
LARGE = 100_000
"""Characters from which on a whole index is worth avoiding."""
BLOCK = 16 * 1024
"""Characters whose lines are counted at once."""
PEEKED_BYTES = 64 * 1024
"""How far a plan’s language is looked for without parsing it: behind a long comment, not through all of a large one."""

_BOM = codecs.BOM_UTF8
_SAVE = msg("plans and journals are text files: open it in a text editor and save it with the encoding UTF-8")


class Source:
    """The text of a file under the name that messages call it by. Places are found when they are asked for."""

    __slots__ = ("_asked", "_before", "_lines", "_spans", "_tasks", "document", "file", "text")

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.document: dict[str, Any] = {}  # as parsed; kept, because taking it apart costs more than holding it
        self._spans: dict[Path, Spans] | None = None
        self._tasks: dict[str, tuple[int, int]] | None = None
        self._asked: dict[str, tuple[int, dict[Path, Spans]]] = {}
        self._before: list[int] = []  # lines before each block of the text
        self._lines: dict[int, tuple[int, str]] = {}  # those that were shown: where they begin, and what they say

    def place(self, path: Path, *, key: bool = False, part: tuple[int, int] | None = None) -> Place:
        """Give the place of the value at `path`, or of its key; for a path that is not there, of the nearest parent.

        `part` = (start, length) in characters puts it under a part of a text. Where escapes or several lines make
        that doubtful, the whole value is shown.
        """
        start, end = self.span(path, key=key)
        if part is not None and self.text[start : start + 1] in ('"', "'"):
            raw = self.text[start:end]
            plain = not raw.startswith(('"""', "'''")) and (raw[0] == "'" or "\\" not in raw)
            offset, length = part
            if plain and offset + length <= len(raw) - 2:
                start += 1 + offset
                end = start + length
        return self.place_at(start, end)

    def span(self, path: Path, *, key: bool = False) -> tuple[int, int]:
        """Give the offsets of what `place` shows."""
        offset, index = self._index(path)
        place = index.get(path)
        if place is None:
            return self.span(path[:-1]) if path else (0, 0)
        start, end = place[:2] if key else place[2:]
        return offset + start, offset + end

    def _index(self, path: Path) -> tuple[int, dict[Path, Spans]]:
        """Index the whole text, or of a large plan only the table of a task, which begins at the offset given."""
        from cdsplan.plan import spans  # noqa: PLC0415 - only a file with something to show needs it

        if self._spans is None and len(path) > 1 and path[0] == "tasks" and len(self.text) > LARGE:
            if self._tasks is None:
                self._tasks = _task_tables(self.text)
            task = str(path[1])
            if task in self._asked:
                return self._asked[task]
            if table := self._tasks.get(task):
                start, end = table
                return self._asked.setdefault(task, (start, spans.index(self.text[start:end])))
        if self._spans is None:
            self._spans = spans.index(self.text)
        return 0, self._spans

    def place_at(self, offset: int, end: int | None = None) -> Place:
        """Give the place of the characters [offset, end), at least one, at most to the end of their first line."""
        line = self._line(offset)
        if line not in self._lines:
            start, stop = self.text.rfind("\n", 0, offset) + 1, self.text.find("\n", offset)
            self._lines[line] = start, _shown(self.text[start : stop if stop >= 0 else None])
        start, source = self._lines[line]
        column = offset - start + 1
        end_column = column + 1 if end is None else min(end - start, len(source)) + 1
        return Place(file=self.file, line=line, column=column, end_column=max(end_column, column + 1), source=source)

    def _line(self, offset: int) -> int:
        """Give the line of an offset, from 1. Lines are counted block by block: few of a large text are ever shown."""
        if not self._before:
            counts = (self.text.count("\n", at, at + BLOCK) for at in range(0, len(self.text), BLOCK))
            self._before = list(accumulate(counts, initial=0))
        block = offset // BLOCK
        return self._before[block] + self.text.count("\n", block * BLOCK, offset) + 1


def _task_tables(text: str) -> dict[str, tuple[int, int]]:
    """Find where each `[tasks.X]` begins and ends that is in one piece; none where a text could hold such a line."""
    if '"""' in text or "'''" in text:
        return {}
    # A heading on the very first line is not found: the whole text is indexed for its task.
    headings = [(found[1], found.start() + 1) for found in re.finditer(r"\n\[\[?tasks\.([^\]]*)", text)]
    ends = [start for _, start in headings[1:]] + [len(text)]
    parts = {name.partition(".")[0].strip() for name, _ in headings if "." in name}
    tables = {name: (start, end) for (name, start), end in zip(headings, ends, strict=True)}
    return {name: table for name, table in tables.items() if name not in parts}


def load(data: bytes, file: str, *, max_bytes: int = MAX_BYTES) -> tuple[dict[str, Any], Source]:
    """Parse the bytes of a file; `file` is the name that messages call it by.

    Raises:
        PlanError: with the problems of this level, all placed.
    """
    body = data.removeprefix(_BOM)
    source = Source(file, decode(body, file, max_bytes))
    most = limits.max_weight(max_bytes)
    if limits.may_exceed(body, most) and (exceeded := limits.exceeded(source, most)):
        raise PlanError(tuple(exceeded))
    text = source.text
    outright: list[Found] = []
    seen = _all_seen(body, text)
    if not seen:
        from cdsplan.plan import characters  # noqa: PLC0415 - most files have nothing that it looks for

        text, outright = characters.blank(text)
    try:
        document = parse(text) if seen else tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        raise PlanError(_unparsed(error, outright, source)) from error
    except (ValueError, RecursionError, OverflowError) as error:
        raise PlanError((_unreadable(error, source),)) from error
    if not seen or _has_escapes(body):
        from cdsplan.plan import characters  # noqa: PLC0415 - as above

        if problems := characters.check(document, source, outright):
            raise PlanError(problems)
    source.document = document
    return document, source


def peek_language(data: bytes) -> str | None:
    """Find the language that a plan names, even if it does not parse: in `[plan]`, else the first one anywhere."""
    start = data[:PEEKED_BYTES]
    encoding = "utf-16" if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    text = start.decode(encoding, errors="replace").replace("\r", "\n")
    named = r"""^[ \t]*(?:plan\.)?language[ \t]*=[ \t]*["'“”‘’]?([a-z]{2,3})\b"""
    table = re.search(r"^[ \t]*\[[ \t]*plan[ \t]*\](.*?)(?=^[ \t]*\[|\Z)", text, re.MULTILINE | re.DOTALL)
    language = (table and re.search(named, table[1], re.MULTILINE)) or re.search(named, text, re.MULTILINE)
    return language[1] if language else None


def decode(body: bytes, file: str, max_bytes: int) -> str:
    """Give the text as `Source` promises it.

    Raises:
        PlanError: CDS101 when it is too large or no text.
    """
    size = len(body)
    if size > max_bytes:
        message = msg("the file has {size} bytes; at most {most} are read", size=size, most=max_bytes)
        raise refusal(file, message, msg("if it is a plan, the option --max-size (in MiB) lifts this limit"))
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise refusal(file, msg("the file is saved as UTF-16"), _SAVE)
    if (zero := body.find(b"\0")) >= 0:
        raise refusal(file, msg("the file holds NUL bytes: it is not text"), _SAVE, body, zero)
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        message = msg("the file is not UTF-8: byte 0x{byte} cannot be read", byte=f"{body[error.start]:02X}")
        raise refusal(file, message, _SAVE, body, error.start) from error
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def refusal(file: str, message: Message, hint: Message, body: bytes = b"", offset: int = 0) -> PlanError:
    """Refuse (CDS101) a file whose text is not known; bytes that are no text show as a replacement character."""
    line_start = body.rfind(b"\n", 0, offset) + 1
    column = len(body[line_start:offset].decode(errors="replace"))
    source = body[line_start:].split(b"\n", 1)[0].rstrip(b"\r").decode(errors="replace")
    place = Place(
        file=file,
        line=body.count(b"\n", 0, offset) + 1,
        column=column + 1,
        end_column=column + 2,
        source=_shown(source),
    )
    return PlanError((Problem(code="CDS101", message=message, hint=hint, place=place),))


_PLAIN = bytes(range(0x20, 0x7F)) + b"\n\r"


def _all_seen(body: bytes, text: str) -> bool:
    """Whether every character shows; the plain ones of ASCII are dropped first, which are most of a plan."""
    return body.translate(None, _PLAIN).decode().isprintable() and "\r" not in text


def _has_escapes(body: bytes) -> bool:
    """Whether a value may hold what the text does not show as one visible character."""
    if b"\t" in body or b'"""' in body or (b"'" in body and b"'''" in body):
        return True
    return b"\\" in body and b"\\" in body.replace(b"\\\\", b"").replace(b'\\"', b"")


def _unparsed(error: tomli.TOMLDecodeError, outright: list[Found], source: Source) -> tuple[Problem, ...]:
    """Say why the text is no TOML, beside the characters that were refused outright."""
    from cdsplan.plan import characters, syntax  # noqa: PLC0415 - only a broken file needs them

    problem = syntax.explain(error.msg, error.pos, source)
    listed = characters.problems(outright, source)
    lines = {refused.place.line for refused in listed if refused.place}
    if problem.place is not None and problem.place.line in lines:
        return listed  # what was refused has most likely caused it
    return tuple(
        sorted((*listed, problem), key=lambda each: (each.place.line, each.place.column) if each.place else (0, 0))
    )


def _unreadable(error: Exception, source: Source) -> Problem:
    """Say that the parser could not take what is TOML; nothing known leads here."""
    message = msg("the parser cannot read this file: {reason}", reason=str(error))
    return Problem(code="CDS102", message=message, place=source.place_at(0))


def _shown(line: str) -> str:
    """Make a line safe to show, keeping its columns."""
    if line.replace("\t", "").isprintable():
        return line
    from cdsplan.plan import characters  # noqa: PLC0415 - most lines have nothing to hide

    return characters.visible(line)
