"""The words of deadlines: `symbols("trước ngày 30/9/2021")` turns text into the symbols that the grammar reads.

Vietnamese and English stand side by side. Case, spacing, the Unicode form and the marks of Vietnamese letters do not
matter ("truoc ngay" is "trước ngày"); any other mark does. An unknown word becomes UNKNOWN: nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

Symbol = tuple[str, int]  # what a word or number becomes; the value of a number, the language of a word

NEUTRAL, VIETNAMESE, ENGLISH = 0, 1, 2
UNKNOWN: Symbol = ("?", NEUTRAL)

# Without diacritics, by symbol. Where several entries fit, the one with the most words counts.
_VIETNAMESE = {
    "DONE": "hoan thanh|xong|phai",  # opens a phrase and says nothing about its day
    "BEFORE": "truoc",
    "BY": "den|toi|cham nhat|cham nhat la|cham nhat den|cham nhat la den|muon nhat|muon nhat la|"
    "khong muon hon|khong cham hon",
    "THROUGH": "het|den het|toi het",
    "IN": "trong|vao",
    "FROM": "tu|giai doan",
    "START": "dau",
    "MIDDLE": "giua",
    "FINISH": "cuoi",
    "DAY": "ngay",
    "MONTH": "thang|t",
    "QUARTER": "quy",
    "YEAR": "nam",
    "ONWARDS": "va nhung nam tiep theo|va cac nam tiep theo|va nhung nam sau|va cac nam sau|tro di",
    "ONGOING": "thuong xuyen|nhiem vu thuong xuyen|cong viec thuong xuyen",
    "REPEAT": "hang ngay|hang tuan|hang thang|hang quy|hang nam|moi ngay|moi tuan|moi thang|moi quy|moi nam|"
    "dinh ky|mot lan|1 lan|ky bao cao",
    "COUNT": "ngay lam viec|ke tu",
    "HOUR": "gio",
    "MINUTE": "phut",
}
_ENGLISH = {
    "DONE": "done|completed|finished|due",
    "BEFORE": "before|prior to",
    "BY": "by|until|no later than|not later than|on or before",
    "IN": "in|on|at|during|within",
    "FROM": "from",
    "TO": "to|through",
    "START": "early|beginning|start",
    "MIDDLE": "mid|mid -|middle",
    "FINISH": "end|end -",
    "LATE": "late|late -",
    "QUARTER": "q|quarter",
    "YEAR": "year",
    "ONWARDS": "and following years|and subsequent years|onwards|onward",
    "ONGOING": "ongoing|ongoing task",
    "REPEAT": "daily|weekly|monthly|quarterly|yearly|annually|every",
    "AM-PM": "am|pm|a . m|p . m",
    "COUNT": "working day|working days|days after",
    "TH": "st|nd|rd|th",
}
_HALVES = (
    "6 thang dau nam|06 thang dau nam|nua dau nam|first half",
    "6 thang cuoi nam|06 thang cuoi nam|nua cuoi nam|second half",
)
_MONTHS = (
    "january|jan",
    "february|feb",
    "march|mar",
    "april|apr",
    "may",
    "june|jun",
    "july|jul",
    "august|aug",
    "september|sep|sept",
    "october|oct",
    "november|nov",
    "december|dec",
)
_WEEKDAYS = (
    "monday|mon|thu hai",
    "tuesday|tue|tues|thu ba",
    "wednesday|wed|thu tu",
    "thursday|thur|thurs|thu nam",
    "friday|fri|thu sau",
    "saturday|sat|thu bay",
    "sunday|sun|chu nhat|cn",
)
_ROMANS = ("i", "ii", "iii", "iv", "v", "vi")  # of quarters: the last two only to be refused by name


class Lexicon(NamedTuple):
    """What words become: entries of one or more words; how many words the longest entry with a first word has.

    `fillers` say nothing.
    """

    entries: Mapping[str, Symbol]
    widths: Mapping[str, int]
    fillers: frozenset[str]


def lexicon(entries: Mapping[str, Symbol], fillers: frozenset[str]) -> Lexicon:
    """Make a lexicon of entries."""
    widths: dict[str, int] = {}
    for entry in entries:
        first, *others = entry.split()
        widths[first] = max(widths.get(first, 0), 1 + len(others))
    return Lexicon(entries, widths, fillers)


def in_language(words_by_symbol: Mapping[str, str], code: int) -> dict[str, Symbol]:
    """Give the entries of one language, whose words are listed by symbol and parted by bars."""
    return {word: (symbol, code) for symbol, words in words_by_symbol.items() for word in words.split("|")}


DEADLINES = lexicon(
    {
        **in_language(_VIETNAMESE, VIETNAMESE),
        **in_language(_ENGLISH, ENGLISH),
        **{word: ("HALF", half) for half, words in enumerate(_HALVES, 1) for word in words.split("|")},
        **{word: ("NAME", month) for month, words in enumerate(_MONTHS, 1) for word in words.split("|")},
        **{word: ("ROMAN", number) for number, word in enumerate(_ROMANS, 1)},
        **{word: ("WEEKDAY", weekday) for weekday, words in enumerate(_WEEKDAYS) for word in words.split("|")},
        "thu": ("THU", NEUTRAL),  # Thursday cut short, or the word before a weekday's number: "thứ 6" is Friday
        **{mark: (mark, NEUTRAL) for mark in "/-.()"},
        "h": ("H", NEUTRAL),  # the hour of "20h00", the half of "H1 2026"
    },
    frozenset({",", "of", "the", "luc"}),
)
_CUT_SHORT = frozenset({"NAME", "WEEKDAY", "THU"})  # what a dot may follow: "Sept.", "Fri."
_NUMBER_SYMBOLS = {1: "N", 2: "N", 4: "Y"}  # by the count of digits
NUMBERS = frozenset({"N", "Y", "NAME", "ROMAN", "HALF"})  # the symbols of dates whose value is a number
_NO_LANGUAGE = NUMBERS | {"WEEKDAY"}

_TOKEN = re.compile(r"[0-9]{1,2}[h:][0-9]{2}(?![0-9])|[0-9]+|q(?=i)|[a-z]+|\S")  # "20h00" is one, "QII" are two
_MARKS = "\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323"  # of Vietnamese letters, as NFD splits them off
FULL_WIDTH = 0xFEE0  # how far the letters and digits of East Asian keyboards are from those of ASCII
_PLAIN = str.maketrans(
    {
        **dict.fromkeys(_MARKS, ""),
        **dict.fromkeys("đð", "d"),  # the second is Icelandic: some keyboards give its capital for Đ
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
        **{chr(ord(character) + FULL_WIDTH): character for character in "0123456789/-.:()"},
    }
)


def symbols(words: str, known: Lexicon = DEADLINES) -> list[Symbol]:
    """Turn words into symbols of a vocabulary; N and Y are numbers of one or two and of four digits.

    CLOCK is a time of day written as one, with a value of hours × 100 + minutes.
    """
    plain = unicodedata.normalize("NFD", words.casefold()).translate(_PLAIN)
    tokens = [token for token in _TOKEN.findall(plain) if token not in known.fillers]
    while tokens and tokens[-1] in {".", ";"}:
        tokens.pop()
    entries, widths = known.entries, known.widths
    found: list[Symbol] = []
    start = 0
    while start < len(tokens):
        token = tokens[start]
        width = widths.get(token, 1)
        symbol = entries.get(token if width == 1 else " ".join(tokens[start : start + width]))
        while symbol is None and width > 1:
            width -= 1
            symbol = entries.get(" ".join(tokens[start : start + width]))
        if symbol is None:
            symbol = _number(token)
        if not (symbol[0] == "." and found and found[-1][0] in _CUT_SHORT):
            found.append(symbol)
        start += width
    return found


def language(words: str, found: list[Symbol]) -> int:
    """Tell the language of words from their symbols and letters; NEUTRAL when they are only numbers."""
    letters = "".join(character for character in words if character.isalpha())
    if not letters.isascii() or any(code == VIETNAMESE and symbol not in _NO_LANGUAGE for symbol, code in found):
        return VIETNAMESE
    return ENGLISH if letters else NEUTRAL


def _number(token: str) -> Symbol:
    """Classify a token outside the vocabulary by its digits."""
    if not (token[0].isascii() and token[0].isdigit()):
        return UNKNOWN
    if not token.isdigit():
        return "CLOCK", int(token[:-3]) * 100 + int(token[-2:])
    symbol = _NUMBER_SYMBOLS.get(len(token))
    return (symbol, int(token)) if symbol else ("DIGITS", NEUTRAL)
