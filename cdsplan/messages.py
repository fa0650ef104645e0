"""Words as values: what the core has to say, in no language yet.

The core never knows the reader's language. It returns a `Message`: an English template (the gettext msgid) and the
values to put into it. `str(message)` is the English text; `cdsplan.i18n.Language` gives any other. Values may be
strings, numbers, dates, other messages, or tuples of these (shown joined by commas).
"""

from __future__ import annotations

from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Sentence(tuple[object, ...]):
    """Parts that are read one after the other, without commas."""

    __slots__ = ()


class Clauses(tuple[object, ...]):
    """Parts that hold commas themselves: semicolons part them."""

    __slots__ = ()


NO_VALUES: Mapping[str, object] = MappingProxyType({})


class Message(NamedTuple):
    """One thing to say. `plural` and `number` are set together, for texts that depend on a number."""

    template: str
    values: Mapping[str, object] = NO_VALUES
    plural: str | None = None
    number: int = 0

    def __str__(self) -> str:
        """Say it in English."""
        return self.render(lambda template: template, english_plural, english_date)

    def render(
        self,
        gettext: Callable[[str], str],
        ngettext: Callable[[str, str, int], str],
        show_date: Callable[[date], str],
    ) -> str:
        """Say it with a catalogue: `gettext` and `ngettext` translate, `show_date` writes a day."""
        template = gettext(self.template) if self.plural is None else ngettext(self.template, self.plural, self.number)
        if not self.values and self.plural is None:
            return template
        shown: dict[str, object] = {"n": self.number}
        for name, value in self.values.items():
            shown[name] = value if type(value) is str else _shown(value, gettext, ngettext, show_date)
        return template.format_map(shown)


def _shown(
    value: object,
    gettext: Callable[[str], str],
    ngettext: Callable[[str, str, int], str],
    show_date: Callable[[date], str],
) -> str:
    """Say one value of a message."""
    if isinstance(value, Message):
        return value.render(gettext, ngettext, show_date)
    if isinstance(value, date):
        return show_date(value)
    if isinstance(value, tuple):
        between = " " if isinstance(value, Sentence) else "; " if isinstance(value, Clauses) else ", "
        return between.join([_shown(part, gettext, ngettext, show_date) for part in value])
    return str(value)


def msg(template: str, /, **values: object) -> Message:
    """Say `template` with `values`: `msg("unknown key “{key}”", key=key)`. Braces in a template without values stay."""
    return Message(template, values)


def nmsg(singular: str, plural: str, count: int, /, **values: object) -> Message:
    """Say one of two templates by `count`, which both may show as `{n}`."""
    return Message(singular, values, plural, count)


def english_plural(singular: str, plural: str, count: int) -> str:
    """Choose as English does."""
    return singular if count == 1 else plural


ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def english_date(day: date) -> str:
    """Write a day with its month in letters (30 Sep 2021), which no reader takes for another day."""
    return f"{day.day} {ENGLISH_MONTHS[day.month - 1]} {day.year}"
