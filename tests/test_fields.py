"""Readers of single values: what they give, and the exact words of what they refuse."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsplan.messages import msg
from cdsplan.plan import fields
from cdsplan.plan.fields import Durations, Guess, Guesses, Rejected
from cdsplan.plan.links import lag
from cdsplan.plan.model import Before, Duration, DurationUnit

if TYPE_CHECKING:
    from cdsplan.plan.fields import Reader


def faults(reader: Reader, value: object) -> list[str]:
    """Say what a reader refuses, one line each: where, code, message; hint."""
    with pytest.raises(Rejected) as refused:
        reader(value)
    settle = Guesses().hint
    return [
        f"{'.'.join(map(str, fault.at))} {fault.code} {fault.message}; {settle(fault.hint)}".strip()
        for fault in refused.value.faults
    ]


IN_QUOTES = "put it in straight quotes"
ONE_TEXT = "write one text in straight quotes"
WITHOUT_QUOTES = "write year, month and day, without quotes: 2021-09-30"
DIGITS = "write digits only, without quotes or a decimal point"
ID = "an id has small letters a–z without marks, digits and hyphens, 64 at most, such as"
WIDE = "has letters or digits of full width, as East Asian keyboards give them"
DURATIONS = 'write days or weeks of work: "10d", "3w"; calendar days or weeks: "10ed", "2ew"'
ADDRESS = "CDS106 this is no web address; it begins with https:// and has no spaces"
WORDS = "known: “inclusive”, “strict”"
BRACKETS = "write square brackets around it, even around a single one"


@pytest.mark.parametrize(
    ("reader", "value", "read"),
    [
        (fields.text(3), "abc", "abc"),
        (fields.text(3), " a ", "a"),
        (fields.text(3), "a\tb", "a\tb"),
        (fields.url, "https://example.org/a?b#c", "https://example.org/a?b#c"),
        (fields.url, "http://x", "http://x"),
        (fields.identifier, "a", "a"),
        (fields.identifier, "0-" + "a" * 62, "0-" + "a" * 62),
        (fields.day, date(1990, 1, 1), date(1990, 1, 1)),
        (fields.day, date(2199, 12, 31), date(2199, 12, 31)),
        (fields.boolean, True, True),
        (fields.boolean, False, False),
        (fields.integer(0, 100), 0, 0),
        (fields.integer(0, 100), 100, 100),
        (fields.one_of(Before), "strict", Before.STRICT),
        (fields.one_of(("en", "vi")), "vi", "vi"),
        (fields.array(fields.integer(0, 9)), [], ()),
        (fields.array(fields.integer(0, 9)), [3, 3, 1], (3, 3, 1)),
        (fields.array(fields.integer(0, 9), least=1, unique=True), [3, 1], (3, 1)),
        (Durations().read, "0d", (Duration(0, DurationUnit.DAYS), False)),
        (Durations().read, "20d", (Duration(20, DurationUnit.DAYS), False)),
        (Durations().read, "~3w", (Duration(3, DurationUnit.WEEKS), True)),
        (Durations().read, "10ed", (Duration(10, DurationUnit.ELAPSED_DAYS), False)),
        (Durations().read, "~2ew", (Duration(2, DurationUnit.ELAPSED_WEEKS), True)),
        (Durations().read, "9999d", (Duration(9999, DurationUnit.DAYS), False)),
    ],
)
def test_what_is_read(reader: Reader, value: object, read: object) -> None:
    """A value of the format becomes what the model wants."""
    assert reader(value) == read


@pytest.mark.parametrize(
    ("reader", "value", "fault"),
    [
        (fields.text(3), 5, f"CDS106 text in quotes is wanted here, not a number; {IN_QUOTES}"),
        (fields.text(3), 5.5, f"CDS106 text in quotes is wanted here, not a number with a decimal point; {IN_QUOTES}"),
        (fields.text(3), True, f"CDS106 text in quotes is wanted here, not true or false; {IN_QUOTES}"),
        (fields.text(3), date(2026, 1, 5), f"CDS106 text in quotes is wanted here, not a date; {IN_QUOTES}"),
        (fields.text(3), time(8), f"CDS106 text in quotes is wanted here, not a time of day; {IN_QUOTES}"),
        (fields.text(3), ["a"], f"CDS106 text in quotes is wanted here, not a list; {ONE_TEXT}"),
        (fields.text(3), {"a": 1}, f"CDS106 text in quotes is wanted here, not a table; {ONE_TEXT}"),
        (fields.text(3), "", "CDS106 this text is empty; write it, or leave the whole line out"),
        (fields.text(3), " \n", "CDS106 this text is empty; write it, or leave the whole line out"),
        (fields.text(3), "abcd", "CDS106 this text has 4 characters; at most 3 fit; shorten it by 1 character"),
        (fields.text(3), "abcdef", "CDS106 this text has 6 characters; at most 3 fit; shorten it by 3 characters"),
        (fields.text(3), "abc ", "CDS106 this text has 4 characters; at most 3 fit; shorten it by 1 character"),
        (fields.url, "ftp://example.org", ADDRESS),
        (fields.url, "https://", ADDRESS),
        (fields.url, "https:/example.org", ADDRESS),
        (fields.url, "HTTPS://example.org", ADDRESS),
        (fields.url, "https://example.org/a b", ADDRESS),
        (fields.url, "https://example.org/a\u00a0b", ADDRESS),
        (fields.url, " https://example.org", ADDRESS),
        (fields.url, "javascript:alert('https://')", ADDRESS),
        (fields.identifier, 5, f"CDS106 an id in quotes is wanted here, not a number; {IN_QUOTES}"),
        (fields.identifier, "", f"CDS106 “” is no id; {ID} “survey”"),
        (fields.identifier, "-a", f"CDS106 “-a” is no id; {ID} “a”"),
        (fields.identifier, "a_b", f"CDS106 “a_b” is no id; {ID} “a-b”"),
        (fields.identifier, "Sở TT&TT", f"CDS106 “Sở TT&TT” is no id; {ID} “so-tt-tt”"),
        (fields.identifier, "Đà Nẵng", f"CDS106 “Đà Nẵng” is no id; {ID} “da-nang”"),
        (fields.identifier, "…", f"CDS106 “…” is no id; {ID} “survey”"),
        (fields.identifier, "a" * 65, f"CDS106 “{'a' * 65}” is no id; {ID} “{'a' * 64}”"),
        (fields.identifier, "a" * 81, f"CDS106 “{'a' * 80}…” is no id; {ID} “{'a' * 64}”"),
        (fields.day, 2026, f"CDS106 a date is wanted here, not a number; {WITHOUT_QUOTES}"),
        (fields.day, "sau này", f"CDS106 a date is wanted here, not text; {WITHOUT_QUOTES}"),
        (fields.day, "tháng 3/2026", f"CDS106 a date is wanted here, not text; {WITHOUT_QUOTES}"),
        (
            fields.day,
            "30/9/2021",
            "CDS106 a date is wanted here, not text; write it without quotes, year first: 2021-09-30",
        ),
        (
            fields.day,
            datetime(2026, 1, 5, 8, tzinfo=UTC),
            "CDS106 a date is wanted here, not a date with a time of day; leave the time of day out: 2026-01-05",
        ),
        (fields.day, date(1989, 12, 31), "CDS109 the year 1989 cannot be meant; years from 1990 to 2199 are read"),
        (fields.day, date(2200, 1, 1), "CDS109 the year 2200 cannot be meant; years from 1990 to 2199 are read"),
        (
            fields.boolean,
            "true",
            "CDS106 true or false is wanted here, not text; write true or false, in small letters and without quotes",
        ),
        (fields.integer(0, 100), True, f"CDS106 a whole number is wanted here, not true or false; {DIGITS}"),
        (
            fields.integer(0, 100),
            5.0,
            f"CDS106 a whole number is wanted here, not a number with a decimal point; {DIGITS}",
        ),
        (fields.integer(1, 100), 0, "CDS106 this number is too small; a number from 1 to 100 fits here"),
        (fields.integer(1, 100), 101, "CDS106 this number is too large; a number from 1 to 100 fits here"),
        (fields.one_of(Before), 1, f"CDS106 a word in quotes is wanted here, not a number; {WORDS}"),
        (fields.one_of(Before), "never", f"CDS106 “never” is not known here; {WORDS}"),
        (fields.one_of(Before), "STRICT", "CDS106 “STRICT” is not known here; did you mean “strict”?"),
        (fields.array(fields.boolean), 1, f"CDS106 a list in square brackets is wanted here, not a number; {BRACKETS}"),
        (fields.array(fields.boolean, least=1), [], "CDS106 this list is empty; name at least one"),
        (Durations().read, 5, f"CDS106 a duration in quotes is wanted here, not a number; {DURATIONS}"),
        *[
            (Durations().read, words, f"CDS106 “{words}” is no duration; {DURATIONS}")
            for words in ("", "~", "5", "d", "-5d", "+5d", "5 d", "5D", "5m", "5dd", "5wd", "1.5d", "٥d")
        ],
        (Durations().read, "10000d", "CDS106 “10000d” is too long; up to 9999 days or weeks are read"),
        (Durations().read, "~10000ew", "CDS106 “~10000ew” is too long; up to 9999 days or weeks are read"),
        (lag, "-10000d", "CDS106 “-10000d” is too long; up to 9999 days or weeks are read"),
        (Durations().read, "１０d", f'CDS106 “１０d” {WIDE}; write "10d"'),
        (lag, "＋５ｄ", f'CDS106 “＋５ｄ” {WIDE}; write "+5d"'),
    ],
)  # fmt: skip
def test_what_is_refused(reader: Reader, value: object, fault: str) -> None:
    """A value that the format does not have is refused with its reason and a way out."""
    assert faults(reader, value) == [fault]


def test_every_element_of_a_list_is_told() -> None:
    """What is wrong with a list carries the position of each bad element."""
    digits = fields.array(fields.integer(0, 9), unique=True)
    assert faults(digits, [1, 10, "2", 1, 3, 1]) == [
        "1 CDS106 this number is too large; a number from 0 to 9 fits here",
        f"2 CDS106 a whole number is wanted here, not text; {DIGITS}",
        "3 CDS108 “1” stands here twice; keep one of them",
        "5 CDS108 “1” stands here twice; keep one of them",
    ]


def test_a_list_does_not_tell_without_end() -> None:
    """Beyond a thousand bad elements the rest is left."""
    assert len(faults(fields.array(fields.boolean), [1] * 2000)) == 1001


READERS: dict[str, Reader] = {"title": fields.text(9), "due": fields.day, "owner": fields.array(fields.identifier)}


def read_table(table: dict[str, Any], *required: str) -> tuple[dict[str, Any], list[str]]:
    """Read a table of three keys; give its values and what is wrong with it."""
    values, found = fields.read_table(table, READERS, required)
    settle = Guesses().hint
    return values, [f"{'.'.join(map(str, fault.at))} {fault.message}; {settle(fault.hint)}" for fault in found]


def test_a_table_is_read_by_its_keys() -> None:
    """Each key is read by its own reader; a key that is not required may be left out."""
    assert read_table({"title": "a", "owner": ["b"]}, "title") == ({"title": "a", "owner": ("b",)}, [])
    assert read_table({}) == ({}, [])


def test_a_table_tells_all_that_is_wrong_with_it() -> None:
    """What can be read is given all the same."""
    assert read_table({"titel": "x", "due": "x", "owner": ["a", "B", 1], "Lead": 1, "zzz": 1}, "title") == (
        {},
        [
            "titel unknown key “titel”; did you mean “title”?",
            f"due a date is wanted here, not text; {WITHOUT_QUOTES}",
            f"owner.1 “B” is no id; {ID} “b”",
            f"owner.2 an id in quotes is wanted here, not a number; {IN_QUOTES}",
            "Lead unknown key “Lead”; did you mean “owner”?",
            "zzz unknown key “zzz”; known keys here: title, due, owner",
            " the key “title” is missing; add it: title = …",
        ],
    )


def test_a_table_does_not_tell_without_end() -> None:
    """Beyond a thousand unknown keys the rest is left."""
    assert len(read_table({f"x{at}": 1 for at in range(2000)})[1]) == 1001


@pytest.mark.parametrize("key", sorted(fields.SYNONYMS))
def test_what_people_write_instead_leads_to_the_format(key: str) -> None:
    """A synonym is no key of its own where it is explained, and its meaning is one."""
    fault = fields.unknown_key(key, (fields.SYNONYMS[key],))
    assert str(fault.hint) == f"did you mean “{fields.SYNONYMS[key]}”?"
    assert fault.key
    assert fault.at == (key,)


@pytest.mark.parametrize(("key", "table"), [("holidays", "calendar"), ("silence", "reading"), ("fail-on", "check")])
def test_a_key_of_the_whole_plan_is_sent_to_its_table(key: str, table: str) -> None:
    """Written elsewhere, it is told where it stands."""
    assert str(fields.unknown_key(key, ("id", "title")).hint) == f"write it under [{table}]"


def test_tables_know_the_keys_that_are_sent_to_them() -> None:
    """What the hint says is true of the format's schema."""
    schema = json.loads((Path(fields.__file__).parent / "plan.schema.json").read_text("utf-8"))
    tables = schema["properties"] | {"calendar": schema["definitions"]["calendar"]}
    assert all(key in tables[table]["properties"] for key, table in fields.TABLES.items())


def test_a_synonym_of_another_table_is_not_offered() -> None:
    """“lead” means “owner” in a task, and nothing in a table that has no owner."""
    fault = fields.unknown_key("lead", ("name", "short"))
    assert str(Guesses().hint(fault.hint)) == "known keys here: name, short"


OTHERWISE = msg("declare it")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("khao-sta", "khao-sat"),
        ("Khao-Sat", "khao-sat"),
        ("khao_sat", "khao-sat"),
        ("bao-cao-tong-hopp", "bao-cao-tong-hop"),
        ("xyz", None),
        ("", None),
        ("k" * 63, "k" * 64),
        ("k" * 65, None),
    ],
)
def test_a_name_that_is_near_is_offered(word: str, meant: str | None) -> None:
    """Case and underscores do not count; what is too far off, or too long for a name, gets the other hint."""
    hint = Guesses().hint(Guess(word, ("khao-sat", "bao-cao-tong-hop", "k" * 64), OTHERWISE))
    assert str(hint) == (f"did you mean “{meant}”?" if meant else "declare it")


def test_guessing_ends() -> None:
    """After 400,000 characters of names compared, slips get no guess any more."""
    guesses = Guesses()
    known = [f"task-{at:05}" for at in range(10_000)]
    hints = [str(guesses.hint(Guess("task-0000x", known, OTHERWISE))) for _ in range(5)]
    assert [hint.startswith("did you mean “task-0") for hint in hints] == [True, True, True, True, False]
    assert str(guesses.hint(OTHERWISE)) == "declare it"


@given(st.lists(st.sampled_from(("a", "0-", "khao-sat", "a" * 64, "a" * 65, "-a", "A", "", "á", "a.b", "a b"))))
def test_ids_are_judged_together_as_one_by_one(values: list[str]) -> None:
    """All are ids when each is."""
    assert fields.are_ids(values) == all(fields.is_id(value) for value in values)
