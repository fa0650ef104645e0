"""A compiled gettext catalogue (.mo), asked for one text at a time.

gettext's own reader takes the whole catalogue apart at every start, which costs more than a short run has to say. The
texts of the file are sorted (both msgfmt and babel write it so), so one is found by bisection, and is decoded when it
is said for the first time.

Source: "The Format of GNU MO Files", GNU gettext manual, section 10.3.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING

from cdsplan.messages import english_plural

if TYPE_CHECKING:
    from collections.abc import Callable

LITTLE_ENDIAN = bytes.fromhex("de120495")
"""The first bytes of a file whose numbers begin with their lowest byte."""


class Catalogue:
    """The translations of one language; `text` and `plural` give back what they were given where there is none."""

    def __init__(self, data: bytes) -> None:
        """Hold the bytes of a .mo file."""
        self._data = data
        self._little = data.startswith(LITTLE_ENDIAN)
        self._count, self._originals, self._translations = (self._number(at) for at in (8, 12, 16))
        self._said: dict[str, tuple[str, ...]] = {}

    def text(self, words: str) -> str:
        """Translate a text."""
        forms = self._forms(words)
        return forms[0] if forms else words

    def plural(self, singular: str, plural: str, number: int) -> str:
        """Translate a text that depends on a number; the number is not put in."""
        forms = self._forms(f"{singular}\0{plural}")
        if not forms:
            return english_plural(singular, plural, number)
        return forms[0] if len(forms) == 1 else forms[self._choose(number)]

    @cached_property
    def _choose(self) -> Callable[[int], int]:
        """The rule by which a number chooses among the forms of a plural."""
        from gettext import c2py  # noqa: PLC0415 - a language with one form for all numbers needs no rule

        header = self._find(b"") or ""  # lines "Name: value"
        (rule,) = (line for line in header.splitlines() if line.startswith("Plural-Forms:"))
        choose: Callable[[int], int] = c2py(rule.partition("plural=")[2].rstrip("; "))
        return choose

    def _forms(self, original: str) -> tuple[str, ...]:
        """Give the translation in all its forms, none where there is none."""
        forms = self._said.get(original)
        if forms is None:
            found = self._find(original.encode()) if original else None  # the empty text is the key of the header
            forms = self._said[original] = tuple(found.split("\0")) if found else ()
        return forms

    def _find(self, original: bytes) -> str | None:
        at = bisect_left(range(self._count), original, key=lambda at: self._entry(self._originals, at))
        if at == self._count or self._entry(self._originals, at) != original:
            return None
        return self._entry(self._translations, at).decode()

    def _entry(self, table: int, at: int) -> bytes:
        """Give the bytes of one entry of a table, whose rows are length and offset."""
        row = table + 8 * at
        start = self._number(row + 4)
        return self._data[start : start + self._number(row)]

    def _number(self, at: int) -> int:
        return int.from_bytes(self._data[at : at + 4], "little" if self._little else "big")
