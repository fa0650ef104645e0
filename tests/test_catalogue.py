"""A compiled catalogue gives what gettext's own reader gives, without being taken apart."""

from __future__ import annotations

from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from hypothesis import given
from hypothesis import strategies as st

import messages
from cdsplan.catalogue import LITTLE_ENDIAN, Catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent.parent


def compiled(entries: Mapping[str, str] | Mapping[tuple[str, str], tuple[str, ...]], locale: str = "vi") -> bytes:
    """Compile a catalogue as the package's own are compiled."""
    catalog = Catalog(locale=locale)
    for original, translation in entries.items():
        catalog.add(original, translation)
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def other_endian(data: bytes) -> bytes:
    """Turn round the bytes of every number of a .mo file: seven, then two tables of pairs."""
    count = int.from_bytes(data[8:12], "little")
    end = 28 + 16 * count
    numbers = b"".join(data[at : at + 4][::-1] for at in range(0, end, 4))
    return numbers + data[end:]


def test_it_gives_what_gettext_gives() -> None:
    """Every text of ours and of click comes out as from gettext's own reader, alone or by number."""
    data = (ROOT / "cdsplan/locale/vi/LC_MESSAGES/cdsplan.mo").read_bytes()
    ours, gettexts = Catalogue(data), GNUTranslations(BytesIO(data))
    for text in messages.our_texts() + messages.all_click_texts():
        if text.plural is None:
            assert ours.text(text.singular) == gettexts.gettext(text.singular)
        else:
            for number in (0, 1, 2):
                expected = gettexts.ngettext(text.singular, text.plural, number)
                assert ours.plural(text.singular, text.plural, number) == expected


words = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)


@given(st.dictionaries(words, words), words)
def test_it_finds_what_is_there_and_nothing_else(entries: dict[str, str], other: str) -> None:
    """Whatever the texts, each is found by its own words, and what has no translation stays as it is."""
    catalogue = Catalogue(compiled(entries))
    for original, translation in entries.items():
        assert catalogue.text(original) == translation
    assert catalogue.text(other) == entries.get(other, other)


def test_the_header_is_no_text() -> None:
    """The empty text, under which a catalogue keeps its header, says nothing."""
    assert Catalogue(compiled({"a": "b"})).text("") == ""


def test_a_number_chooses_by_the_rule_of_the_language() -> None:
    """Polish has three forms: 1, 2 to 4, 5 and more; English chooses where there is no translation."""
    catalogue = Catalogue(compiled({("{n} day", "{n} days"): ("{n} dzień", "{n} dni", "{n} dnia")}, "pl"))
    said = [catalogue.plural("{n} day", "{n} days", number) for number in (1, 2, 5, 22)]
    assert said == ["{n} dzień", "{n} dni", "{n} dnia", "{n} dni"]
    assert [catalogue.plural("one", "many", number) for number in (1, 2)] == ["one", "many"]


@pytest.mark.parametrize("turn", [bytes, other_endian])
def test_both_orders_of_bytes_are_read(turn: type[bytes]) -> None:
    """A catalogue that was compiled on a machine with the other order of bytes says the same."""
    data = turn(compiled({"a": "á", "c": "ç"}))
    assert data.startswith(LITTLE_ENDIAN) == (turn is bytes)
    assert [Catalogue(data).text(word) for word in "abc"] == ["á", "b", "ç"]
