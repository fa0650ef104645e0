"""Why a text is no TOML, said to the person who wrote it: what the slip is, where it was made, what to write instead.

`explain` takes the parser's own complaint (tomli's words and offset) and asks a tuple of functions in turn, each of
which knows one family of slips. The place is where the person erred, such as the opening of a text that is never
closed, not where the parser noticed. A complaint that no function knows is passed on in the parser's words.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property
from typing import TYPE_CHECKING

from cdsplan.messages import Message, msg
from cdsplan.plan.characters import visible
from cdsplan.plan.spans import Scan, scan
from cdsplan.problems import Problem

if TYPE_CHECKING:
    from cdsplan.plan.source import Source

# The parser's complaints.
_STATEMENT = "Invalid statement"
_AFTER = "Expected newline or end of document after a statement"
_VALUE = "Invalid value"
_EQUALS = "Expected '=' after a key in a key/value pair"
_KEY = "Invalid initial character for a key part"
_TABLE_END = "Expected ']' at the end of a table declaration"
_ARRAY_END = "Expected ']]' at the end of an array declaration"
_ARRAY = "Unclosed array"
_INLINE = "Unclosed inline table"
_DATE = "Invalid date or datetime"
_TWICE = ("Cannot overwrite", "Cannot declare", "Cannot mutate", "Cannot redefine", "Duplicate inline table key")
_STRING = ("Illegal character", "Found invalid character", "Unterminated string", "Expected \"'")
_ESCAPE = "Unescaped '\\' in a string"
_HEX = "Invalid hex value"
_SCALAR = "Escaped character is not a Unicode scalar value"

_CURLY = "“”„‟‘’‚‛«»‹›″′＂＇"
_TRUE = frozenset({"true", "yes", "y", "on", "có", "đúng", "rồi", "x"})
_FALSE = frozenset({"false", "no", "n", "off", "không", "sai", "chưa"})
_HEADING = re.compile(r"[ \t]*\[\[?[ \t]*[A-Za-z][\w.-]*[ \t]*\]\]?[ \t]*(?:#|$)")
_PAIR = re.compile(r"[ \t]*[\w-]+(?:\.[\w-]+)*[ \t]*=")
_LAST_KEY = re.compile(r"([A-Za-z0-9_-]+)[ \t]*=[ \t]*$")
_ODD_KEY = re.compile(r"""([^\s=:"'\[\]{}#,][^=:"'\[\]{}#,\n]*?)[ \t]*=""")
_DAY_FIRST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})([./-])(\d{1,2})\2(\d{1,2})")
_WIDTH = 60  # characters of a text that a message repeats

# What Vietnamese words for keys mean to the format.
_ENGLISH = {
    "tiêu-đề": "title",
    "nhiệm-vụ": "title",
    "tên-nhiệm-vụ": "title",
    "tên": "name",
    "tên-tắt": "short",
    "viết-tắt": "short",
    "chủ-trì": "owner",
    "đơn-vị-chủ-trì": "owner",
    "cơ-quan-chủ-trì": "owner",
    "phối-hợp": "support",
    "đơn-vị-phối-hợp": "support",
    "cơ-quan-phối-hợp": "support",
    "xin-ý-kiến": "consult",
    "hạn": "due",
    "thời-hạn": "due",
    "thời-hạn-hoàn-thành": "due",
    "thời-gian-hoàn-thành": "due",
    "thời-lượng": "duration",
    "sản-phẩm": "deliverable",
    "kết-quả": "deliverable",
    "nội-dung": "contents",
    "ghi-chú": "note",
    "trích-dẫn": "quote",
    "căn-cứ": "source",
    "nguồn": "source",
    "mục": "section",
    "mốc": "milestone",
    "số-thứ-tự": "number",
    "hoàn-thành": "done",
    "liên-hệ": "contact",
    "ngôn-ngữ": "language",
}


class _Slip:
    """One complaint of the parser, and what stands around it."""

    def __init__(self, reason: str, position: int, source: Source) -> None:
        self.reason = reason
        self.position = position
        self.source = source
        self.text = text = source.text
        self.line_start = text.rfind("\n", 0, position) + 1
        end = text.find("\n", position)
        self.line_end = len(text) if end < 0 else end
        self.line = text[self.line_start : self.line_end]
        self.rest = text[position : self.line_end]

    @cached_property
    def before(self) -> Scan:
        """What stands before the complaint."""
        return scan(self.text[: self.position])

    @cached_property
    def bare(self) -> tuple[int, str]:
        """Where a value without quotes begins, and its text; the text is empty when the slip is another."""
        start = self.position
        if self.reason in (_AFTER, _ARRAY, _INLINE):
            _, place = self.before.last
            start = place.value_start
            touching = place.value_end == self.position and self.rest[:1] != ";"
            apart = self.reason == _AFTER and self.rest[:1].isalnum() and not _PAIR.match(self.rest)
            if start == place.key_start and not self.before.open:
                return self.position, ""  # a heading
            if self.text[start] in "\"'[{" or not (touching or apart) or "\n" in self.text[start : self.position]:
                return self.position, ""
        elif self.reason != _VALUE:
            return self.position, ""
        words = re.compile(r"[^,\]}#\n]*" if self.before.open else r"(?:[^#\n]|(?<!\s)#)*").match(self.text, start)
        bare = words[0].rstrip(" \t,;") if words else ""
        return start, "" if start + len(bare) <= self.position and self.reason != _VALUE else bare

    def example(self, value: str, start: int) -> str:
        """Write `value` as it should stand at `start`: with its key where it has one."""
        key = _LAST_KEY.search(self.text[self.line_start : start])
        return f"{key[1]} = {value}" if key else value

    def problem(
        self, message: Message, hint: Message, start: int, end: int | None = None, *, code: str = "CDS102"
    ) -> Problem:
        """Place what was found."""
        return Problem(code=code, message=message, hint=hint, place=self.source.place_at(start, end))


def explain(reason: str, position: int, source: Source) -> Problem:
    """Turn the parser's complaint `reason` at the offset `position` into a problem with a way out."""
    slip = _Slip(reason, position, source)
    for look in _LOOKS:
        if problem := look(slip):
            return problem
    return slip.problem(
        msg("this is not TOML: {reason}", reason=_short(reason)),
        msg("compare the line with a neighbour that is right: key = value, or a [heading]"),
        position,
    )


def _short(text: str) -> str:
    """Make a piece of the text fit for a message."""
    return visible(text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…")


def _quoted(text: str) -> str:
    """Write `text` as TOML would."""
    text = _short(text.strip(" \t\"'" + _CURLY))
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return f"'{text}'" if "'" not in text else '"…"'


def _impossible_date(slip: _Slip) -> Problem | None:
    date = _YEAR_FIRST.match(slip.rest) if slip.reason == _DATE else None
    if date is None:
        return None
    return _impossible(slip, slip.position, date[0], int(date[1]), int(date[3]), int(date[4]))


def _impossible(slip: _Slip, start: int, words: str, year: int, month: int, day: int) -> Problem | None:
    """Say that a date does not exist; None for one that does."""
    hint = msg("look the day up in the source document")
    if not year:
        message = msg("there is no year 0")
    elif not 1 <= month <= 12:  # noqa: PLR2004 - months of a year
        message = msg("there is no month {month}", month=month)
    else:
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        days = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]
        if 1 <= day <= days:
            return None
        message = msg(
            "there is no day {day} in month {month}/{year}: it has {days} days",
            day=day,
            month=month,
            year=str(year),
            days=days,
        )
    return slip.problem(message, hint, start, start + len(words), code="CDS109")


def _unclosed_text(slip: _Slip) -> Problem | None:
    quote = re.compile(r"\"\"\"|'''|[\"']")
    opened = quote.search(slip.text, slip.before.stop) if slip.reason.startswith(_STRING) else None
    if opened is None:
        return None
    start = opened.start()
    end = slip.text.find("\n", start)
    line = slip.text[start : end if end >= 0 else len(slip.text)].rstrip()
    message = msg("the text that opens here is never closed")
    if len(opened[0]) > 1:
        hint = msg("write {quotes} where it ends", quotes=opened[0])
    elif line[-1] in _CURLY:
        hint = msg("close it with a straight quote {quote}, not a curly one", quote=opened[0])
    else:
        hint = msg(
            "write {quote} at its end; a text over several lines stands between {quotes}",
            quote=opened[0],
            quotes=opened[0] * 3,
        )
    return slip.problem(message, hint, start, start + len(line))


def _escape(slip: _Slip) -> Problem | None:
    message = {
        _ESCAPE: msg("a backslash here stands for nothing known"),
        _HEX: msg("this escape lacks digits: \\x takes 2, \\u 4 and \\U 8, each 0–9 or A–F"),
        _SCALAR: msg("this escape is no character"),
    }.get(slip.reason)
    if message is None:
        return None
    start = slip.text.rfind("\\", 0, slip.position)
    hint = msg("for a backslash itself write \\\\, or put the text in single quotes: '…'")
    return slip.problem(message, hint, start, max(slip.position, start + 2))


def _twice(slip: _Slip) -> Problem | None:
    if not slip.reason.startswith(_TWICE):
        return None
    path, place = slip.before.last
    spans = slip.before.spans
    this_line = slip.source.place_at(place.key_start).line
    first = spans.get(path, place)
    if first.key_start < place.key_start:
        line = slip.source.place_at(first.key_start).line
        message = msg("“{name}” is written twice; the first stands in line {line}", name=_name(path), line=line)
        hint = msg("keep one of the two, or give one another name")
        return slip.problem(message, hint, place.key_start, place.key_end)
    parents = [path[:length] for length in range(len(path) - 1, 0, -1) if path[:length] in spans]
    lines = {parent: slip.source.place_at(spans[parent].key_start).line for parent in parents}
    complete = [each for each in parents if spans[each].value_start != spans[each].key_start or lines[each] < this_line]
    message = msg(
        "“{name}” is already complete in line {line}: nothing can be added to it here",
        name=_name((complete or [path])[0]),
        line=lines.get((complete or [path])[0], this_line),
    )
    return slip.problem(message, msg("write all its keys in one place"), place.key_start, place.key_end)


def _name(path: tuple[str | int, ...]) -> str:
    return _short(".".join(part for part in path if isinstance(part, str)))


def _invisible(slip: _Slip) -> Problem | None:
    char = slip.rest[:1]
    if not char or char == "\t" or char.isprintable():
        return None
    message = msg("invisible character U+{code} stands here, outside quotes", code=f"{ord(char):04X}")
    if char == "\ufeff":
        hint = msg("delete it: it is the mark that begins a file, left over where two files were joined")
    elif char.isspace():
        hint = msg("replace it by an ordinary space; it often comes along with copied text")
    else:
        hint = msg("delete it; it often comes along with copied text")
    return slip.problem(message, hint, slip.position)


def _unclosed_bracket(slip: _Slip) -> Problem | None:
    if not slip.before.open:
        return None
    start = slip.before.open[-1]
    add = None
    if not slip.text[slip.position :].strip():
        add = msg("write {bracket} where it ends", bracket=_closing(slip.text[start]))
    elif not slip.text[slip.line_start : slip.position].strip(" \t["):
        start = (scan(slip.text[: slip.line_start]).open or (start,))[-1]
        first_line = slip.text[start + 1 :].split("\n", 1)[0].split("#", 1)[0].strip()
        runs_on = slip.text[start] == "[" or first_line  # a { that ends its line begins a table of several lines
        if _HEADING.match(slip.line) or (_PAIR.match(slip.line) and runs_on):
            line = slip.source.place_at(slip.position).line
            bracket = _closing(slip.text[start])
            add = msg("write {bracket} where it ends, before line {line}", bracket=bracket, line=line)
    if add is None:
        return None
    if slip.text[start] == "[":
        return slip.problem(msg("the list that opens here is never closed"), add, start)
    return slip.problem(msg("the inline table that opens here is never closed"), add, start)


def _closing(bracket: str) -> str:
    return "]" if bracket == "[" else "}"


def _curly(slip: _Slip) -> Problem | None:
    if slip.rest[:1] not in tuple(_CURLY):
        return None
    words = re.match(rf"[{_CURLY}]+([^\n{_CURLY}]*)[{_CURLY}]*", slip.rest)
    length, text = (words.end(), words[1]) if words else (1, "")
    hint = msg("use straight quotes: {example}", example=slip.example(_quoted(text), slip.position))
    message = msg("curly quotes do not enclose a text in TOML")
    return slip.problem(message, hint, slip.position, slip.position + length)


def _bare_date(slip: _Slip) -> Problem | None:
    start, bare = slip.bare
    if date := _DAY_FIRST.fullmatch(bare):
        year, month, day = int(date[4]), int(date[3]), int(date[1])
    elif date := _YEAR_FIRST.fullmatch(bare):
        year, month, day = int(date[1]), int(date[3]), int(date[4])
    else:
        return None
    if problem := _impossible(slip, start, bare, year, month, day):
        return problem
    iso = f"{year:04}-{month:02}-{day:02}"
    quoted = slip.example(_quoted(bare), start)
    message = msg("“{words}” is not how TOML writes a date", words=bare)
    if bare[:4] != iso[:4] and quoted.startswith("due = "):
        hint = msg("put it in quotes: {quoted}, or write {iso}", quoted=quoted, iso=iso)
    else:
        hint = msg("write {example}", example=slip.example(iso, start))
    return slip.problem(message, hint, start, start + len(bare))


def _bare_words(slip: _Slip) -> Problem | None:
    """A missing value, a truth value in other words, a number in another notation, or a text without quotes."""
    start, bare = slip.bare
    if slip.reason == _VALUE and (not bare or bare[0] in "=:]}),;#"):
        return _no_value(slip)
    if not bare:
        return None
    words = _short(bare)
    if bare.lower() in _TRUE | _FALSE:
        value = "true" if bare.lower() in _TRUE else "false"
        message = msg("“{words}” is neither true nor false to TOML", words=words)
        hint = msg("write {example}", example=slip.example(value, start))
    elif re.fullmatch(r"[+-]?[\d.,_]+%?", bare):
        message = msg("“{words}” is not how TOML writes a number", words=words)
        hint = msg(
            "write plain digits with a decimal point, without leading zeros or units; if it is a text, put it in quotes"
        )
    else:
        message = msg("the text “{words}” stands without quotes", words=words)
        hint = msg("put it in quotes: {quoted}", quoted=slip.example(_quoted(bare), start))
    return slip.problem(message, hint, start, start + len(bare))


def _no_value(slip: _Slip) -> Problem:
    key = _LAST_KEY.search(slip.text[slip.line_start : slip.position])
    char = slip.rest[:1]
    if char in ("=", ":"):
        return slip.problem(
            msg("one sign too many after the key"), msg("write one = between key and value"), slip.position
        )
    if key is None:
        return slip.problem(msg("a value is missing here"), msg("write the value, or delete the comma"), slip.position)
    message = msg("“{key}” has no value", key=_short(key[1]))
    hint = msg("write a value after =, or delete the line")
    start = slip.line_start + key.start()
    return slip.problem(message, hint, start, start + len(key[0].rstrip()))


def _heading(slip: _Slip) -> Problem | None:
    ends = slip.reason in (_TABLE_END, _ARRAY_END)
    if not ends and (slip.reason != _KEY or slip.before.open or not slip.line.lstrip().startswith("[")):
        return None
    start = slip.line_start + len(slip.line) - len(slip.line.lstrip())
    line = slip.line.strip()
    brackets = "]]" if line.startswith("[[") else "]"
    name, closed, _ = line.lstrip("[").partition("]")
    name = name.strip()
    example = _heading_example(name, brackets)
    if not closed or brackets not in line:
        message = msg("this heading is not closed")
        hint = msg("write {brackets} at its end", brackets=brackets)
    elif not all(part.strip() for part in name.split(".")):
        message = msg("a name is missing in this heading")
        hint = msg("write a name on both sides of each dot, such as [tasks.survey]")
    else:
        message = msg("“{name}” has characters that an id cannot have", name=_short(name))
        hint = msg("write ids with a–z, 0–9 and - only: {example}", example=example)
    return slip.problem(message, hint, start, start + len(line))


def _heading_example(name: str, brackets: str) -> str:
    """Write the heading that was probably meant, in ASCII."""
    plain = "".join(
        char for char in unicodedata.normalize("NFD", name.lower().replace("đ", "d")) if not unicodedata.combining(char)
    )
    parts = [re.sub(r"[^a-z0-9]+", "-", part).strip("-") for part in plain.split(".")]
    return brackets.replace("]", "[") + _short(".".join(parts)) + brackets


def _key_or_line(slip: _Slip) -> Problem | None:
    """What stands where a key should, or between a key and its value."""
    if slip.reason not in (_STATEMENT, _EQUALS, _KEY):
        return None
    char = slip.rest[:1]
    start = slip.before.stop
    line = slip.text[start : slip.line_end].rstrip()
    key = _short(slip.text[start : slip.position].strip())
    if line.startswith(("//", ";", "--", "/*", "%", "<!--")):
        return slip.problem(msg("this line is no entry"), msg("a comment begins with #"), start, start + len(line))
    if line.startswith(("<<<<<<<", "=======", ">>>>>>>", "|||||||")):
        hint = msg("keep what holds of both sides, and delete the lines <<<<<<<, ======= and >>>>>>>")
        return slip.problem(msg("git could not merge two versions of this file"), hint, start, start + len(line))
    if slip.reason == _EQUALS and char == ":":
        hint = msg("write {example}", example=f"{key} = …")
        return slip.problem(msg("“:” stands where “=” is needed"), hint, slip.position)
    if slip.reason == _STATEMENT and char == "=":
        return slip.problem(msg("a key is missing before ="), msg("write key = value"), slip.position)
    if slip.reason == _STATEMENT and char in "]})":
        return _surplus(slip, char)
    if slip.reason == _KEY and key.endswith(".") and not char.isalpha():
        return slip.problem(
            msg("a name is missing beside this dot"),
            msg("write the name, or delete the dot"),
            slip.text.rindex(".", start, slip.position),
        )
    if slip.reason == _KEY and char == ",":
        return slip.problem(msg("one comma too many"), msg("delete it"), slip.position)
    if odd := _ODD_KEY.match(line):
        return _odd_key(slip, start, odd[1])
    if slip.reason == _EQUALS and key and (not char or char in "\"'[{0123456789},]"):
        hint = msg("write {example}", example=f"{key} = …")
        return slip.problem(msg("= is missing after “{key}”", key=key), hint, slip.position)
    message = msg("this is neither “key = value” nor a [heading]")
    hint = msg('a comment begins with #; a text over several lines stands between """')
    return slip.problem(message, hint, start, start + len(line))


def _odd_key(slip: _Slip, start: int, key: str) -> Problem:
    """A key with letters or spaces that keys do not have."""
    hyphened = re.sub(r"[\s_]+", "-", key.lower())
    english = _ENGLISH.get(hyphened)
    message = msg("“{key}” cannot be a key: keys are written with a–z, 0–9 and -", key=_short(key))
    if english is not None:
        hint = msg("did you mean “{key}”?", key=english)
    elif re.fullmatch(r"[a-z0-9.-]+", hyphened):
        hint = msg("write it as one word: {key}", key=_short(hyphened))
    else:
        hint = msg(
            "use the English key (title, owner, due …); a name of your own in other letters needs quotes: {quoted}",
            quoted=_quoted(key),
        )
    return slip.problem(message, hint, start, start + len(key))


def _surplus(slip: _Slip, bracket: str) -> Problem:
    message = msg("nothing is open that {bracket} could close", bracket=bracket)
    return slip.problem(message, msg("delete it, or add the bracket that opens"), slip.position)


def _after_value(slip: _Slip) -> Problem | None:
    """What follows a value or a heading, and should not."""
    if slip.reason not in (_AFTER, _ARRAY, _INLINE):
        return None
    char = slip.rest[:1]
    inside = slip.reason != _AFTER
    _, place = slip.before.last
    if (
        place.value_end == slip.position
        and slip.text[slip.position - 1] in "\"'"
        and slip.text[slip.position - 1] in slip.rest
    ):
        message = msg("a quotation mark inside the text ends it here")
        hint = msg('inside a text write \\" or curly quotes “…”')
        return slip.problem(message, hint, slip.position - 1)
    if char == ";":
        hint = msg("write a comma instead") if inside else msg("delete it: every entry has a line of its own")
        return slip.problem(msg("“;” separates nothing in TOML"), hint, slip.position)
    if inside and char in ("]", "}"):
        message = msg("{bracket} stands where {other} is needed", bracket=char, other="]" if char == "}" else "}")
        return slip.problem(message, msg("close the inner bracket first"), slip.position)
    if inside:
        message = msg("a comma is missing before this")
        return slip.problem(message, msg("separate the parts of a list or an inline table by commas"), slip.position)
    if char in ("]", "}"):
        return _surplus(slip, char)
    if char == ",":
        return slip.problem(msg("no comma follows an entry"), msg("delete it"), slip.position)
    if slip.rest.startswith("//"):
        return slip.problem(msg("this is no comment"), msg("a comment begins with #"), slip.position, slip.line_end)
    if _PAIR.match(slip.rest):
        message = msg("a second entry stands on this line")
        return slip.problem(message, msg("give it a line of its own"), slip.position, slip.line_end)
    message = msg("nothing but a comment may follow here")
    hint = msg("a comment begins with #; every entry has a line of its own")
    return slip.problem(message, hint, slip.position, slip.line_end)


_LOOKS = (
    _impossible_date,
    _unclosed_text,
    _escape,
    _twice,
    _invisible,
    _unclosed_bracket,
    _curly,
    _bare_date,
    _bare_words,
    _heading,
    _key_or_line,
    _after_value,
)
