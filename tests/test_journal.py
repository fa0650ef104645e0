"""Journals read: every entry by one pattern or by the parser alike, every mistake placed, all of them at once."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsplan.journal import reader
from cdsplan.journal.model import Entry, Journal, Kind
from cdsplan.journal.reader import read, torn_tail
from cdsplan.journal.undoing import undone
from cdsplan.journal.writing import ALPHABET, line, new_id
from cdsplan.plan.deadlines import DeadlineReader
from cdsplan.plan.reader import read as read_plan
from cdsplan.problems import PlanError, Problem, Severity

HANOI = timezone(timedelta(hours=7))
AT = datetime(2021, 9, 28, 9, 12, tzinfo=HANOI)

PLAN = read_plan(
    dedent("""
    [plan]
    id = "p"
    title = "The plan"
    start = 2021-08-23
    timezone = "Asia/Ho_Chi_Minh"
    [agencies]
    one = { name = "Agency one" }
    two = { name = "Agency two", formerly = ["second"] }
    three = { name = "Agency three" }
    [tasks.survey]
    title = "Survey"
    each = ["one", "two"]
    due = 2021-09-30
    [tasks.draft]
    title = "Draft"
    owner = "one"
    formerly = ["old-draft"]
    """).encode(),
    "plan.toml",
)

DONE = 'e1 = { at = 2021-09-28T09:12:00+07:00, on = 2021-09-28, task = "draft", kind = "done" }'


def journal(*lines: str) -> Journal:
    """Read the journal of these lines."""
    return read("".join(f"{each}\n" for each in lines).encode(), "plan.journal.toml", PLAN, max_bytes=1 << 20)


def entry(keys: str, name: str = "e1", at: str = "2021-09-28T09:12:00+07:00", on: str = "2021-09-28") -> str:
    """Write a line."""
    return f"{name} = {{ at = {at}, on = {on}, {keys} }}"


def underlined(problem: Problem) -> str:
    """Give the text that a problem points at."""
    assert problem.place is not None
    return problem.place.source[problem.place.column - 1 : problem.place.end_column - 1]


def problems(*lines: str) -> list[tuple[int, str, str]]:
    """Give what is wrong with a journal: the line, the text pointed at, CODE message | hint."""
    with pytest.raises(PlanError) as caught:
        journal(*lines)
    return [
        (problem.place.line if problem.place else 0, underlined(problem),
         f"{problem.code} {problem.message} | {problem.hint}")
        for problem in caught.value.problems
    ]  # fmt: skip


def test_an_entry_keeps_everything_that_its_line_says() -> None:
    """Each key has its place."""
    (read_entry,) = journal(
        entry('task = "survey", agency = "one", kind = "done", document = "12/BC", reason = "late post", by = "An"')
    ).entries
    assert read_entry == Entry(
        id="e1", at=AT, on=date(2021, 9, 28), kind=Kind.DONE, task="survey", agency="one", document="12/BC",
        reason="late post", by="An",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("keys", "field", "value"),
    [
        ('task = "draft", kind = "progress", percent = 40', "percent", 40),
        ('task = "draft", kind = "note", note = "rang them up"', "note", "rang them up"),
        ('task = "draft", kind = "done", document = "a \\"b\\" \\u00e9"', "document", 'a "b" é'),
        ('kind = "done", task = "draft"', "task", "draft"),  # another order than the program's
    ],
)
def test_a_value_is_read_in_any_way_of_writing_it(keys: str, field: str, value: object) -> None:
    """The parser reads what the pattern does not know."""
    assert getattr(journal(entry(keys)).entries[0], field) == value


def test_a_moved_deadline_is_read_as_the_plan_reads_its_own() -> None:
    """Words, a date, and the author's own reading."""
    lines = [
        entry('task = "draft", kind = "extended", due = "trước ngày 15/10/2021"', "a"),
        entry('task = "draft", kind = "extended", due = 2021-10-16', "b"),
        entry('task = "draft", kind = "extended", due = { words = "sau Tết", date = 2022-02-28 }', "c"),
    ]
    dues = [each.due for each in journal(*lines).entries]
    assert [due and (due.words, due.last) for due in dues] == [
        ("trước ngày 15/10/2021", date(2021, 10, 15)),
        ("2021-10-16", date(2021, 10, 16)),
        ("sau Tết", date(2022, 2, 28)),
    ]


def test_blocks_of_lines_are_read_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one block holds that cannot be meant leaves the others alone."""
    monkeypatch.setattr(reader, "BLOCK", 0)
    lines = [entry('task = "draft", kind = "note", note = "x"', name) for name in "abc"]
    assert journal(*lines).written == ("a", "b", "c")
    odd = entry('task = "draft", kind = "note", note = "x"', "d", on="2021-02-30")
    assert [line for line, *_ in problems(lines[0], odd, *lines[1:])] == [2]


def test_ids_are_known_in_the_order_of_the_file() -> None:
    """Also where lines are not as the program writes them, or say something that only the parser can read."""
    lines = [
        entry('kind = "done", task = "draft"', "c"),
        entry('task = "draft", kind = "done"', "b"),
        entry('task = "draft", kind = "note", note = "a \\" b"', "'d'"),
        entry('task = "draft", kind = "done"', "a"),
    ]
    assert journal(*lines).written == ("c", "b", "d", "a")


@pytest.mark.parametrize("name", ['"e1"', "'e1'", '"\\u0065\\u0031"'])
def test_an_id_in_quotes_is_an_id(name: str) -> None:
    """Where its line stands is known too: a vanished name is placed, and so is another entry of that id."""
    assert journal(entry('task = "gone", kind = "done"', name)).vanished["e1"].place
    assert [line for line, *_ in problems(DONE, "", entry('task = "survey", kind = "note", note = "x"', name))] == [3]


def test_a_line_that_is_looked_at_again_is_told_once() -> None:
    """An id that stands on two lines, of which one needs the parser and the other one has a day that is none."""
    lines = entry('kind = "dnoe", task = "draft"'), entry('task = "draft", kind = "done"', on="2021-02-30")
    assert [line for line, *_ in problems(*lines)] == [1, 2]


def test_entries_take_effect_by_day_then_by_when_they_were_written_then_by_id() -> None:
    """An hour is compared across time zones: 02:00Z is 09:00+07:00, before 09:12+07:00."""
    lines = [
        entry('task = "draft", kind = "started"', "d", on="2021-09-29"),
        entry('task = "draft", kind = "started"', "c"),
        entry('task = "draft", kind = "started"', "b"),
        entry('task = "draft", kind = "started"', "a", at="2021-09-28T02:00:00Z"),
    ]
    read_journal = journal(*lines)
    assert [each.id for each in read_journal.entries] == ["a", "b", "c", "d"]
    assert set(read_journal.written) == set("abcd")


def test_comments_blank_lines_and_a_line_that_stands_there_twice_do_no_harm() -> None:
    """A merge may keep a line of both branches; it is one entry."""
    assert len(journal("# the journal", "", DONE, "  ", DONE, "# end").entries) == 1


@pytest.mark.parametrize("ends", ["\r\n", "\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_a_byte_order_mark_do_no_harm(ends: str, mark: bytes) -> None:
    """Windows editors write both."""
    data = mark + ends.join([DONE, entry('task = "draft", kind = "note", note = "đã gọi"', "e2"), ""]).encode()
    assert [each.id for each in read(data, "j", PLAN, max_bytes=999).entries] == ["e1", "e2"]


def test_a_last_line_without_its_end_is_an_entry_when_it_is_whole() -> None:
    """People's editors leave it out."""
    assert len(read(DONE.encode(), "j", PLAN, max_bytes=999).entries) == 1


# Mistakes


WHOLE = ""  # the whole entry is pointed at


@pytest.mark.parametrize(
    ("line_", "pointed", "told"),
    [
        (entry('task = "draft", kind = "don"'), '"don"', "CDS106 “don” is not known here | did you mean “done”?"),
        (entry('task = "draft"'), WHOLE, "CDS105 the key “kind” is missing | add it: kind = …"),
        (entry('kind = "done"'), WHOLE, "CDS105 the key “task” is missing | add it: task = …"),
        (entry('task = "draft", kind = "progress"'), WHOLE, "CDS105 the key “percent” is missing | add it: percent"),
        (
            entry('task = "draft", kind = "progress", percent = 101'),
            "101",
            "CDS106 this number is too large | a number from 0 to 100 fits here",
        ),
        (
            entry('task = "draft", kind = "done", percent = 40'),
            "percent",
            "CDS104 unknown key “percent” | known keys here: at, on, kind, task, agency, document, reason, by",
        ),
        (entry('task = "draft", kind = "done", on = 2021-09-29'), "on", "CDS102 “e1.on” is written twice"),
        (entry('task = "draft", kind = "done"', on="2021-09-31"), "2021-09-31", "CDS109 there is no day 31 in month"),
        (
            entry('task = "draft", kind = "done"', at="2021-09-28T09:12:00"),
            "2021-09-28T09:12:00",
            "CDS106 the time zone is missing | write day, time and time zone, without quotes: 2021-09-28T09:12:00+07",
        ),
        (
            entry('task = "draft", kind = "done"', at="2021-09-28"),
            "2021-09-28",
            "CDS106 a date with a time of day is wanted here, not a date | write day, time and time zone",
        ),
        (
            entry('task = "draft", kind = "done"', at="1066-09-28T09:12:00+07:00"),
            "1066-09-28T09:12:00+07:00",
            "CDS109 the year 1066 cannot be meant | write day, time and time zone",
        ),
        (entry('task = 3, kind = "done"'), "3", "CDS106 an id in quotes is wanted here, not a number | write the id"),
        (
            entry('task = "draft@2021-13-01", kind = "done"'),
            '"draft@2021-13-01"',
            "CDS109 “2021-13-01” is no day | an occurrence of a recurring task is named by its day: draft@2021-10-20",
        ),
        (
            entry('task = "draft", kind = "extended", due = "soon"'),
            '"soon"',
            "CDS110 “soon” is not a deadline in any known form | write for example “before 30/9/2026”",
        ),
        (
            entry('task = "draft", kind = "extended", due = { after = "survey", days = 3 }'),
            '"survey"',
            "CDS112 a deadline that is moved is not counted from a task | write the day that was decided",
        ),
        (entry('kind = "void", of = "nope"'), '"nope"', "CDS107 there is no entry “nope” | take this line out"),
        (entry('kind = "void", of = "e1"'), '"e1"', "CDS111 this entry undoes itself, by some way round | take this"),
        ("e1 = 3", "e1", "CDS106 this is no entry | write one entry a line: ID = { at = 2021-09-28T09:12:00+07:00"),
        ("[e1]", "e1", "CDS106 this is no entry | write one entry a line"),
        ("E1 " + DONE[3:], "E1", "CDS106 “E1” is no id | an id has small letters"),
        ('e1 = { at = "x }', '"x }', "CDS102 "),
        (entry('task = "draft", kind = "done", by = "a\u202eb"'), "", "CDS103 character U+202E is not allowed"),
        (
            entry(f'task = "draft", kind = "done", by = "{"x" * 301}"'),
            f'"{"x" * 301}"',
            "CDS106 this text has 301 characters; at most 300 fit | shorten it by 1 character",
        ),
        (
            entry(f'task = "draft", kind = "note", note = "{"x" * 5001}"'),
            f'"{"x" * 5001}"',
            "CDS106 this text has 5001 characters; at most 5000 fit",
        ),
        (entry('task = "draft", kind = "note", note = " "'), '" "', "CDS106 this text is empty"),
        (entry('task = "draft", kind = "done", document = " "'), '" "', "CDS106 this text is empty"),
        (entry('task = "draft", kind = "done", reason = ""'), '""', "CDS106 this text is empty"),
    ],
)
def test_a_mistake_has_its_place_and_a_way_out(line_: str, pointed: str, told: str) -> None:
    """Hand-edited journals are held to rules like plans."""
    ((number, found, words),) = problems(line_)
    assert number == 1
    assert found == pointed or (not pointed and found)
    assert words.startswith(told)


def test_everything_wrong_is_told_at_once_in_the_order_of_the_lines() -> None:
    """A parser that stops at the first slip would tell one of three."""
    lines = [
        entry('task = "draft", kind = "don"', "a"),
        DONE,
        "x = ",
        entry('task = "draft", kind = "done", percent = 3', "b"),
    ]
    told = problems(*lines)
    assert [(number, words[:6]) for number, _, words in told] == [(1, "CDS106"), (3, "CDS102"), (4, "CDS104")]


@pytest.mark.parametrize("other", [DONE.replace("done", "started"), f"{DONE[:-2]}, by = 'An' }}"])
def test_an_id_that_stands_for_two_entries_is_told(other: str) -> None:
    """Nobody could say which of them is meant."""
    assert problems(DONE, other) == [
        (2, "e1", "CDS108 another entry has the id “e1” too, on line 1 | change a character of one of the two ids")
    ]


def test_a_thousand_problems_are_enough() -> None:
    """The rest is summed up."""
    told = problems(*(f"e{at} = 1" for at in range(1100)))
    assert len(told) == 1001
    assert told[-1][2].startswith("CDS101 there are more problems; the first 1000")


def test_a_journal_has_its_own_limit_of_size() -> None:
    """It grows for years, and is read whole."""
    with pytest.raises(PlanError, match="at most 50 are read"):
        read(DONE.encode(), "j", PLAN, max_bytes=50)


# Torn tails


@pytest.mark.parametrize("keep", range(1, len(DONE)))
def test_every_beginning_of_a_line_is_a_torn_tail(keep: int) -> None:
    """Wherever the writer was cut off, its line is named, and the rest still counts once it is put aside."""
    data = f"{DONE}\n".encode() + DONE.replace("e1", "e2").encode()[:keep]
    assert torn_tail(data) == len(DONE) + 1
    with pytest.raises(PlanError) as caught:
        read(data, "j", PLAN, max_bytes=999)
    (problem,) = caught.value.problems
    assert (problem.code, problem.place and problem.place.line) == ("CDS114", 2)


@pytest.mark.parametrize(
    ("data", "start"),
    [
        (b"", None),
        (b"\xef\xbb\xbf", None),
        (b"# only a comment", None),
        (b"  ", None),
        (DONE.encode() + b" ", None),
        (DONE.encode() + b"\0\0\0", 0),  # what some file systems leave after a crash
        (b"\n\0\0", 1),
        (b'e1 = { by = "\xe1\xba', 0),  # cut within a character
        (b"\xef\xbb\xbfe1 = {", 0),
        (b'e1 = { document = "x {y}', 0),  # cut within a text that holds a brace
        (b'e1 = { document = "x \\"{y}', 0),
        (b'e1 = { document = "x {y}" }', None),
        (b"e1 = { document = 'half \" an inch' }", None),  # by hand, and whole
        (b'e1 = { on = 30/9/2021, document = "x" }', None),  # by hand, and a mistake of its own
        (b"e1 = { a = " + b"[" * 10_000 + b"}", None),
    ],
)
def test_a_tail_is_torn_when_it_is_neither_blank_nor_closed(data: bytes, start: int | None) -> None:
    """A missing line end alone is no harm."""
    assert torn_tail(data) == start


# What entries name


def test_former_names_lead_to_the_present_ones() -> None:
    """A journal outlives its plan's ids."""
    lines = [
        entry('task = "old-draft", kind = "started"', "a"),
        entry('task = "survey", agency = "second", kind = "done"', "b"),
    ]
    assert [(each.task, each.agency) for each in journal(*lines).entries] == [("draft", None), ("survey", "two")]


@pytest.mark.parametrize(
    ("keys", "pointed", "told"),
    [
        (
            'task = "gone", kind = "done"',
            '"gone"',
            "the plan has no task “gone” any more: this entry counts nowhere | if the task was renamed, write at the",
        ),
        (
            'task = "survey", agency = "three", kind = "done"',
            '"three"',
            "“three” need not deliver “survey” any more: this entry counts nowhere | look at “each” of the task",
        ),
        (
            'task = "draft", agency = "four", kind = "done"',
            '"four"',
            "“four” need not deliver “draft” any more: this entry counts nowhere | look at “each” of the task",
        ),
        (
            'task = "survey", kind = "done"',
            '"survey"',
            "“survey” is delivered by each of 2 agencies, and this entry names none: it counts nowhere | add the",
        ),
    ],
)
def test_an_entry_of_something_that_is_gone_is_kept_and_named(keys: str, pointed: str, told: str) -> None:
    """A plan changes under its journal; nothing is lost, and nothing stops."""
    read_journal = journal(entry(keys), DONE.replace("e1", "e2"))
    ((lost, problem),) = read_journal.vanished.items()
    assert (problem.code, problem.severity) == ("CDS215", Severity.WARNING)
    assert underlined(problem) == pointed
    assert f"{problem.message} | {problem.hint}".startswith(told)
    assert lost == "e1"
    assert len(read_journal.entries) == 2


# Undoing


def void(name: str, of: str) -> Entry:
    """Make an entry that undoes another."""
    return Entry(id=name, at=AT, on=AT.date(), kind=Kind.VOID, task="", of=of)


@pytest.mark.parametrize(
    ("voids", "expected"),
    [
        ([("v", "e")], {"e"}),
        ([("v", "e"), ("w", "v")], {"v"}),
        ([("v", "e"), ("w", "v"), ("x", "w")], {"w", "e"}),
        ([("v", "e"), ("u", "e"), ("w", "v")], {"v", "e"}),  # undone twice, brought back once
    ],
)
def test_undoing_an_undo_brings_back_what_it_undid(voids: list[tuple[str, str]], expected: set[str]) -> None:
    """As often as one likes."""
    found, rings = undone(void(*each) for each in voids)
    assert (set(found), rings) == (expected, ())


@given(st.permutations([("v", "e"), ("w", "v"), ("x", "w"), ("y", "e"), ("z", "y"), ("u", "z")]))
def test_the_order_of_lines_is_irrelevant_to_what_is_undone(voids: list[tuple[str, str]]) -> None:
    """Branches merge in any order; u undoes z, so y stands, so e is undone; x undoes w, so v stands."""
    found, rings = undone(void(*each) for each in voids)
    assert (set(found), rings) == ({"e", "w", "z"}, ())


def test_entries_that_undo_each_other_are_a_ring() -> None:
    """Only by hand can they be written."""
    assert undone([void("v", "w"), void("w", "v")]) == (frozenset(), ("v", "w"))


# Writing

WORDS = st.text(st.characters(exclude_categories=("C", "Z")) | st.just(" "), min_size=1, max_size=40).filter(
    lambda words: words == " ".join(words.split()) and words.isprintable()
)
ENTRIES = st.builds(
    Entry,
    id=st.just("20210928-091200-x7k2"),
    at=st.integers(0, 6_000_000_000).map(lambda seconds: AT + timedelta(seconds=seconds - 900_000_000)),
    on=st.dates(date(1990, 1, 1), date(2199, 1, 1)),
    kind=st.sampled_from([Kind.STARTED, Kind.DONE, Kind.REOPENED, Kind.CANCELLED]),
    task=st.just("draft"),
    agency=st.none() | st.just("one"),
    document=st.none() | WORDS,
    reason=st.none() | WORDS,
    by=st.none() | WORDS,
)


@given(
    st.one_of(
        ENTRIES,
        ENTRIES.flatmap(
            lambda each: st.integers(0, 100).map(lambda percent: each._replace(kind=Kind.PROGRESS, percent=percent))
        ),
        ENTRIES.flatmap(lambda each: WORDS.map(lambda note: each._replace(kind=Kind.NOTE, note=note))),
        ENTRIES.map(
            lambda each: each._replace(
                kind=Kind.EXTENDED, due=DeadlineReader(PLAN.policy, PLAN.workdays).words("trước ngày 15/10/2021")
            )
        ),
    )
)
def test_what_is_written_is_read_again(written: Entry) -> None:
    """Whatever the texts hold, in one line."""
    text = line(written)
    assert "\n" not in text
    (read_entry,) = journal(text).entries
    normal = {
        key: unicodedata.normalize("NFC", value) if isinstance(value, str) else value
        for key, value in written._asdict().items()
    }
    assert read_entry._asdict() == normal


def test_a_line_has_its_keys_in_one_order() -> None:
    """People compare lines, and so does git."""
    written = Entry(
        id="e1", at=AT, on=AT.date(), kind=Kind.DONE, task="survey", agency="one", document='12/BC "khẩn"', by="An"
    )
    assert line(written) == (
        'e1 = { at = 2021-09-28T09:12:00+07:00, on = 2021-09-28, task = "survey", agency = "one", kind = "done", '
        'document = "12/BC \\"khẩn\\"", by = "An" }'
    )
    assert line(void("v", "e1")) == (
        'v = { at = 2021-09-28T09:12:00+07:00, on = 2021-09-28, kind = "void", of = "e1" }'
    )
    occurrence = written._replace(task="survey", occurrence=date(2021, 10, 20), document=None, by=None)
    assert 'task = "survey@2021-10-20"' in line(occurrence)


def test_an_id_tells_when_it_was_made_and_is_drawn_again_when_taken() -> None:
    """Byte n stands for letter n of the alphabet, modulo 32."""
    drawn = iter([bytes([0, 0, 0, 0]), bytes([1, 33, 31, 255])])
    taken = {f"20210928-091200-{ALPHABET[0] * 4}"}
    assert new_id(AT, taken, lambda _: next(drawn)) == "20210928-091200-11zz"
    assert new_id(datetime(2021, 9, 28, 2, tzinfo=UTC), set(), bytes) == "20210928-020000-0000"
