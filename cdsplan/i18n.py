"""The words of each language: English is the source, every other language a gettext catalogue of the package.

`language(code)` gives a `Language`, which says a text or a `Message` and writes dates as its readers do. English needs
no catalogue and loads nothing. A catalogue is read through the package's loader, so it is also found inside a zipapp,
where gettext's own search of folders finds nothing; one that was never compiled (a source tree that nobody built)
leaves the words English.

click speaks through `gettext.gettext` in the global domain, whose catalogues must be files in a folder: nothing that a
zipapp has, and the reader's choice would have to be written into the environment. `install_for_click` therefore gives
click's modules the language's own functions in place of the two that they import from gettext.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from cdsplan.messages import Message, english_date, english_plural, msg

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from importlib.abc import FileLoader

LANGUAGES = ("en", "vi")


class Language:
    """One language. Calling it translates; `plural` chooses by a number; `date` writes a day.

    `text` and `plural` give back what they were given where the catalogue has nothing. `plural` chooses and translates
    but does not put the number in.
    """

    __slots__ = ("code", "date", "plural", "text")

    def __init__(
        self,
        code: str,
        text: Callable[[str], str],
        plural: Callable[[str, str, int], str],
        date: Callable[[date], str],
    ) -> None:
        self.code = code
        self.text = text
        self.plural = plural
        self.date = date

    def __call__(self, words: str | Message) -> str:
        """Say `words` in this language: a text as it stands, or a message with its values put in."""
        if isinstance(words, Message):
            return words.render(self.text, self.plural, self.date)
        return self.text(words)


@cache
def language(code: str) -> Language:
    """Get the language with this code, one of LANGUAGES; its catalogue is read once. ValueError for any other code."""
    match code:
        case "en":
            return Language("en", str, english_plural, english_date)
        case "vi":
            return _translated("vi", vietnamese_date)
        case _:
            raise ValueError(f"no such language: {code}")


def vietnamese_date(day: date) -> str:
    """Write a day as Nghị định 30/2020/NĐ-CP has it, days below 10 and months 1 and 2 padded: 05/8/2022, 15/02/2023."""
    month = f"{day.month:02}" if day.month <= 2 else str(day.month)  # noqa: PLR2004 - February, the last padded month
    return f"{day.day:02}/{month}/{day.year}"


def _translated(code: str, date: Callable[[date], str]) -> Language:
    """Read the catalogue of `code`; English words where there is none."""
    from cdsplan.catalogue import Catalogue  # noqa: PLC0415 - only a language other than English needs it

    # The module's own loader, not pkgutil or importlib.resources, which cost more than the catalogue.
    loader = cast("FileLoader", __spec__.loader)
    try:
        data = loader.get_data(f"{__file__.removesuffix('i18n.py')}locale/{code}/LC_MESSAGES/cdsplan.mo")
    except OSError:
        return Language(code, str, english_plural, date)
    catalogue = Catalogue(data)
    return Language(code, catalogue.text, catalogue.plural, date)


class _Phrase(str):
    """Words that stay as they are in the middle of a sentence, where click asks for a title: “đường dẫn”."""

    __slots__ = ()

    def title(self) -> str:
        """Stay as it is."""
        return str(self)


def install_for_click(language: Language) -> None:
    """Make click speak `language` in this process, until told otherwise.

    Every module of click that is loaded binds gettext's functions to the names `_` and `ngettext`; these are bound
    anew, for English too: gettext would look for a catalogue in folders at every text. What click said before (help
    texts of options made when a command was declared) stays as it was said.
    """
    names = {"_": language.text, "ngettext": language.plural}
    for name, module in tuple(sys.modules.items()):
        if name.startswith("click."):
            spoken = vars(module)
            spoken.update({known: function for known, function in names.items() if known in spoken})
    types: Any = sys.modules.get("click.types")
    if types is not None:
        if language.code != "en":  # which alone begins every word of such a name with a capital
            types._ = lambda text: _Phrase(language.text(text))
        types.IntRange.name = language(msg("integer"))  # else “integer range”, in English, of words in its place
