"""Typed readers of single TOML values, and of tables made of them.

A reader takes a value as tomli gives it and returns what the model wants, or raises `Rejected` with everything that is
wrong with it. Paths in faults are relative to the value; whoever holds the value puts its own key in front, so context
grows outwards and a path costs nothing until there is a fault.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, NamedTuple

from cdsplan.messages import Message, msg, nmsg
from cdsplan.plan import phrases
from cdsplan.plan.model import DeadlineKind, Duration, DurationUnit
from cdsplan.plan.refusals import SAMPLE_TASK

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    Reader = Callable[[object], Any]

FIRST_YEAR, LAST_YEAR = phrases.FIRST_YEAR, phrases.LAST_YEAR
"""Years that a plan may name: outside them a date is a slip."""

MOST_PROBLEMS = 1000
"""Problems of one file that are told at once: more than anyone mends in one go."""

LONGEST_ID = 64
_ID = "[a-z0-9][a-z0-9-]{0,63}+"


class Guess(NamedTuple):
    """A hint still to be found: “did you mean …?” if one of the names `known` is near `word`, else `otherwise`."""

    word: str
    known: Collection[str]
    otherwise: Message


class Fault(NamedTuple):
    """One thing wrong with a value. `at` leads from the value to the fault; `part` is (start, length) in a string."""

    code: str
    message: Message
    hint: Message | Guess
    at: tuple[str | int, ...] = ()
    key: bool = False
    part: tuple[int, int] | None = None

    def inside(self, step: str | int) -> Fault:
        """Give the same fault seen from one level further out."""
        return self._replace(at=(step, *self.at))


class Rejected(Exception):  # noqa: N818 - it carries faults, which are the errors
    """A value cannot be read; `faults` says why, all at once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__()
        self.faults = tuple(faults)


def rejected(code: str, message: Message, hint: Message | Guess, *, part: tuple[int, int] | None = None) -> Rejected:
    """Reject a value for one reason."""
    return Rejected((Fault(code=code, message=message, hint=hint, part=part),))


def kind_of(value: object) -> Message:
    """Name a TOML value's type for people."""
    match value:
        case bool():
            return msg("true or false")
        case str():
            return msg("text")
        case int():
            return msg("a number")
        case float():
            return msg("a number with a decimal point")
        case datetime():
            return msg("a date with a time of day")
        case date():
            return msg("a date")
        case time():
            return msg("a time of day")
        case list():
            return msg("a list")
        case _:
            return msg("a table")


def wrong_type(wanted: Message, value: object, hint: Message) -> Rejected:
    """Reject a value of another type than the format wants."""
    return rejected("CDS106", msg("{wanted} is wanted here, not {given}", wanted=wanted, given=kind_of(value)), hint)


IN_QUOTES = msg("put it in straight quotes")
ONE_TEXT = msg("write one text in straight quotes")


def quoted(value: object) -> Message:
    """Say how to make a text of a value that is none."""
    return ONE_TEXT if isinstance(value, list | dict) else IN_QUOTES


def text(limit: int) -> Reader:
    """Read text of 1 to `limit` characters; spaces around it are dropped."""

    def read(value: object) -> str:
        if type(value) is not str:
            raise wrong_type(msg("text in quotes"), value, quoted(value))
        stripped = value.strip()
        if not stripped:
            raise rejected("CDS106", msg("this text is empty"), msg("write it, or leave the whole line out"))
        if len(value) > limit:
            excess = len(value) - limit
            raise rejected(
                "CDS106",
                msg("this text has {length} characters; at most {limit} fit", length=len(value), limit=limit),
                nmsg("shorten it by {n} character", "shorten it by {n} characters", excess),
            )
        return stripped

    return read


def url(value: object) -> str:
    """Read a web address."""
    address: str = text(2000)(value)
    scheme, _, rest = address.partition("://")
    if scheme not in {"http", "https"} or not rest or address != value or any(map(str.isspace, address)):
        raise rejected("CDS106", msg("this is no web address"), msg("it begins with https:// and has no spaces"))
    return address


def is_id(value: str) -> bool:
    """Whether a text keeps the grammar of ids: `[a-z0-9][a-z0-9-]{0,63}`."""
    return re.fullmatch(_ID, value) is not None


def are_ids(values: Iterable[str]) -> bool:
    """Whether texts without line breaks are all ids: asked at once, which is several times as quick."""
    return re.fullmatch(f"(?:{_ID}\n)*+", "\n".join([*values, ""])) is not None


def identifier(value: object) -> str:
    """Read an id."""
    if type(value) is not str:
        raise wrong_type(msg("an id in quotes"), value, quoted(value))
    if not is_id(value):
        raise bad_id(value)
    return value


def bad_id(value: str) -> Rejected:
    """Reject an id that breaks the grammar."""
    return rejected(
        "CDS106",
        msg("“{id}” is no id", id=shown(value)),
        msg(
            "an id has small letters a–z without marks, digits and hyphens, 64 at most, such as “{example}”",
            example=_as_id(value) or SAMPLE_TASK,
        ),
    )


def _as_id(words: str) -> str:
    """Make an id of words as a person would: “Nghệ An” becomes “nghe-an”."""
    bare = unicodedata.normalize("NFD", words.lower().replace("đ", "d"))
    ascii_only = "".join(character for character in bare if not unicodedata.combining(character))
    return re.sub("[^a-z0-9]+", "-", ascii_only)[:LONGEST_ID].strip("-")


MOST_SHOWN = 80


def shown(words: str) -> str:
    """Cut a text to what a message can repeat of it."""
    return words if len(words) <= MOST_SHOWN else words[:MOST_SHOWN] + "…"


def day(value: object) -> date:
    """Read a date between the years 1990 and 2199; a date with a time of day is refused."""
    if type(value) is not date:
        raise wrong_type(msg("a date"), value, _as_date(value))
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise rejected(
            "CDS109",
            msg("the year {year} cannot be meant", year=value.year),
            msg("years from {first} to {last} are read", first=FIRST_YEAR, last=LAST_YEAR),
        )
    return value


def _as_date(value: object) -> Message:
    """Say how a date is written: the one that was meant, where it shows."""
    if isinstance(value, datetime):
        return msg("leave the time of day out: {date}", date=value.date().isoformat())
    if type(value) is str:
        try:
            phrase = phrases.parse(value)
        except phrases.PhraseError:
            pass
        else:
            if phrase.kind is DeadlineKind.DAY and phrase.last is not None:
                return msg("write it without quotes, year first: {date}", date=phrase.last.isoformat())
    return msg("write year, month and day, without quotes: 2021-09-30")


def boolean(value: object) -> bool:
    """Read true or false."""
    if type(value) is not bool:
        raise wrong_type(msg("true or false"), value, msg("write true or false, in small letters and without quotes"))
    return value


def integer(lowest: int, highest: int) -> Reader:
    """Read a whole number between two bounds, both included."""

    def read(value: object) -> int:
        if type(value) is not int:
            hint = msg("write digits only, without quotes or a decimal point")
            raise wrong_type(msg("a whole number"), value, hint)
        if not lowest <= value <= highest:
            raise rejected(
                "CDS106",
                msg("this number is too small") if value < lowest else msg("this number is too large"),
                msg("a number from {lowest} to {highest} fits here", lowest=lowest, highest=highest),
            )
        return value

    return read


def one_of(words: Iterable[str]) -> Reader:
    """Read one word of a closed set, such as a StrEnum: gives its member."""
    by_word = {str(word): word for word in words}

    def read(value: object) -> str:
        if type(value) is not str:
            raise wrong_type(msg("a word in quotes"), value, known_words(by_word))
        if value not in by_word:
            raise unknown_word(value, by_word)
        return by_word[value]

    return read


def known_words(words: Iterable[str]) -> Message:
    """List a closed set of words."""
    return msg("known: {words}", words=tuple(f"“{word}”" for word in words))


def unknown_word(value: str, known: Collection[str]) -> Rejected:
    """Reject a word outside a closed set, naming the set."""
    return rejected(
        "CDS106", msg("“{word}” is not known here", word=shown(value)), Guess(value, known, known_words(known))
    )


MOST_COMPARED = 400_000
"""Characters of names that the slips of one file are compared with: more slips than that get no guess."""


class Guesses:
    """Finds the names that were meant, for the problems of one file."""

    def __init__(self) -> None:
        self._left = MOST_COMPARED

    def hint(self, hint: Message | Guess) -> Message:
        """Settle a hint."""
        if isinstance(hint, Message):
            return hint
        word, known, otherwise = hint
        self._left -= len(word) * len(known)
        if len(word) > LONGEST_ID or self._left < 0:
            return otherwise
        from difflib import get_close_matches  # noqa: PLC0415 - only a plan with a slip pays for it

        near = get_close_matches(word.casefold().replace("_", "-"), known, n=1, cutoff=0.6)
        return msg("did you mean “{near}”?", near=near[0]) if near else otherwise


ONE_IN_LIST = msg("write square brackets around it, even around a single one")


def array(item: Reader, *, least: int = 0, unique: bool = False) -> Reader:
    """Read a list, each element with `item`; every bad element is reported, up to `MOST_PROBLEMS`."""

    def read(value: object) -> tuple[Any, ...]:
        if type(value) is not list:
            raise wrong_type(msg("a list in square brackets"), value, ONE_IN_LIST)
        if len(value) < least:
            raise rejected("CDS106", msg("this list is empty"), msg("name at least one"))
        result: list[Any] = []
        seen: set[Any] = set()
        faults: list[Fault] = []
        for at, element in enumerate(value):
            try:
                read_element = item(element)
            except Rejected as problem:
                faults += (fault.inside(at) for fault in problem.faults)
                if len(faults) > MOST_PROBLEMS:
                    break
                continue
            if unique:
                if read_element in seen:
                    twice = msg("“{value}” stands here twice", value=element)
                    faults.append(Fault(code="CDS108", message=twice, hint=msg("keep one of them"), at=(at,)))
                seen.add(read_element)
            result.append(read_element)
        if faults:
            raise Rejected(faults)
        return tuple(result)

    return read


DURATION_FORMS = msg('write days or weeks of work: "10d", "3w"; calendar days or weeks: "10ed", "2ew"')


def duration_of(words: str) -> Duration | None:
    """Read `10d`, `3w`, `10ed` or `2ew` without a sign; None when it is none of these, or has more than four digits."""
    digits = words.rstrip("dew")
    unit = words[len(digits) :]
    if not (digits.isascii() and digits.isdigit()) or unit not in {"d", "w", "ed", "ew"} or len(digits) > len("9999"):
        return None
    return Duration(int(digits), DurationUnit(unit))


def no_duration(words: str, message: Message, forms: Message) -> tuple[Message, Message]:
    """Say why words are no duration, or no lag: `message` and `forms`, unless what is odd about them can be told."""
    plain = unicodedata.normalize("NFKC", words)
    bare = plain.lstrip("~+-−")
    if plain != words and duration_of(bare):
        wide = msg(
            "“{words}” has letters or digits of full width, as East Asian keyboards give them", words=shown(words)
        )
        return wide, msg('write "{plain}"', plain=plain)
    if _TOO_LONG.fullmatch(bare):
        return msg("“{words}” is too long", words=shown(words)), msg("up to 9999 days or weeks are read")
    return message, forms


_TOO_LONG = re.compile("[0-9]{5,}e?[dw]")


class Durations(dict[str, "tuple[Duration, bool]"]):
    """Durations by their words, each read once: (length, whether a leading “~” marks it as an estimate)."""

    def read(self, value: object) -> tuple[Duration, bool]:
        """Read a duration."""
        if type(value) is not str:
            raise wrong_type(msg("a duration in quotes"), value, DURATION_FORMS)
        return self[value]

    def __missing__(self, words: str) -> tuple[Duration, bool]:
        length = duration_of(words.removeprefix("~"))
        if length is None:
            raise rejected(
                "CDS106", *no_duration(words, msg("“{words}” is no duration", words=shown(words)), DURATION_FORMS)
            )
        result = self[words] = (length, words.startswith("~"))
        return result


def a_table(value: object, hint: Message) -> dict[str, Any]:
    """Take a table, or reject what is none."""
    if not isinstance(value, dict):
        raise wrong_type(msg("a table"), value, hint)
    return value


def read_table(
    table: Mapping[str, Any], readers: Mapping[str, Reader], required: Iterable[str] = ()
) -> tuple[dict[str, Any], list[Fault]]:
    """Read a table by its keys; give what could be read, and what is wrong (unknown and missing keys among it)."""
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for key, value in table.items():
        reader = readers.get(key)
        if reader is None:
            faults.append(unknown_key(key, readers))
            if len(faults) > MOST_PROBLEMS:
                break
            continue
        try:
            values[key] = reader(value)
        except Rejected as problem:
            faults += (fault.inside(key) for fault in problem.faults)
    faults += (missing_key(key) for key in required if key not in table)
    return values, faults


SYNONYMS = {
    "name": "title", "ten": "title", "tieu-de": "title", "summary": "title", "nhiem-vu": "title",
    "lead": "owner", "chu-tri": "owner", "responsible": "owner", "assignee": "owner",
    "coordinate": "support", "phoi-hop": "support", "supports": "support",
    "consults": "consult", "xin-y-kien": "consult",
    "deadline": "due", "dead-line": "due", "han": "due", "thoi-han": "due", "due-date": "due", "end": "due",
    "needs": "after", "depends": "after", "depends-on": "after", "predecessors": "after", "predecessor": "after",
    "length": "duration", "thoi-gian": "duration", "status": "done", "completed": "done", "finished": "done",
    "tz": "timezone", "abbr": "short", "abbreviation": "short", "viet-tat": "short", "content": "contents",
    "fan-out": "each", "members": "each", "san-pham": "deliverable", "output": "deliverable", "lang": "language",
    "delay": "lag", "lead-time": "lag",
}  # fmt: skip
"""What people write instead of the format's keys."""

TABLES = {
    **dict.fromkeys(("holidays", "workweek", "closed", "open"), "calendar"),
    **dict.fromkeys(("before", "day-off", "silence"), "reading"),
    **dict.fromkeys(("warn", "grace", "fail-on", "select", "ignore"), "check"),
}
"""Where keys of the whole plan stand, which people write under [plan] or under a task."""


def unknown_key(key: str, known: Collection[str]) -> Fault:
    """Report a key that the format does not have, with the key that was probably meant."""
    hint: Message | Guess = Guess(key, known, msg("known keys here: {keys}", keys=tuple(known)))
    meant = SYNONYMS.get(key.casefold().replace("_", "-"))
    if meant in known:
        hint = msg("did you mean “{near}”?", near=meant)
    elif key in TABLES:
        hint = msg("write it under [{table}]", table=TABLES[key])
    return Fault(code="CDS104", message=msg("unknown key “{key}”", key=key), hint=hint, at=(key,), key=True)


def missing_key(key: str) -> Fault:
    """Report a key that must be there."""
    return Fault(
        code="CDS105", message=msg("the key “{key}” is missing", key=key), hint=msg("add it: {key} = …", key=key)
    )
