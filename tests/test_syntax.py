"""What is said about a file that is no TOML: where the slip was made, and what to write instead."""

from __future__ import annotations

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from cdsplan.plan.source import Source, load
from cdsplan.plan.syntax import explain
from cdsplan.problems import PlanError

COMMENT = "a comment begins with #"
DELETE = "delete it"
COPIED = "it often comes along with copied text"
LOOK_UP = "look the day up in the source document"
NUMBER = "write plain digits with a decimal point, without leading zeros or units; if it is a text, put it in quotes"
NO_ENTRY = 'a comment begins with #; a text over several lines stands between """'
BACKSLASH = "for a backslash itself write \\\\, or put the text in single quotes: '…'"
DIGITS = "this escape lacks digits: \\x takes 2, \\u 4 and \\U 8, each 0–9 or A–F"
ONCE = "keep one of the two, or give one another name"
TOGETHER = "write all its keys in one place"
OPENS = "delete it, or add the bracket that opens"
OPENED = "the text that opens here is never closed"
LIST = "the list that opens here is never closed"
INLINE = "the inline table that opens here is never closed"
CURLY = "curly quotes do not enclose a text in TOML"
COMMAS = "separate the parts of a list or an inline table by commas"
KEYS = "keys are written with a–z, 0–9 and -"
IDS = "write ids with a–z, 0–9 and - only: "
NAMES = "write a name on both sides of each dot, such as [tasks.survey]"

# A text in which ⟦ ⟧ enclose what the place must point at, the message, the hint.
Case = tuple[str, str, str]

DATES: list[Case] = [
    (
        "due = ⟦30/9/2021⟧",
        "“30/9/2021” is not how TOML writes a date",
        'put it in quotes: due = "30/9/2021", or write 2021-09-30',
    ),
    (
        "due = ⟦30-9-2021⟧",
        "“30-9-2021” is not how TOML writes a date",
        'put it in quotes: due = "30-9-2021", or write 2021-09-30',
    ),
    (
        "x = { due = ⟦09.9.2021⟧ }",
        "“09.9.2021” is not how TOML writes a date",
        'put it in quotes: due = "09.9.2021", or write 2021-09-09',
    ),
    ("start = ⟦5/3/2021⟧  # ngày", "“5/3/2021” is not how TOML writes a date", "write start = 2021-03-05"),
    ("due = ⟦2021-9-30⟧", "“2021-9-30” is not how TOML writes a date", "write due = 2021-09-30"),
    ("closed = [⟦24/8/2021⟧, 2021-12-01]", "“24/8/2021” is not how TOML writes a date", "write 2021-08-24"),
    ("closed = [2021-12-01, ⟦24/8/2021⟧]", "“24/8/2021” is not how TOML writes a date", "write 2021-08-24"),
]

IMPOSSIBLE: list[Case] = [
    ("due = ⟦2021-09-31⟧", "there is no day 31 in month 9/2021: it has 30 days", LOOK_UP),
    ("due = ⟦31/9/2021⟧", "there is no day 31 in month 9/2021: it has 30 days", LOOK_UP),
    ("due = ⟦2021-09-32⟧", "there is no day 32 in month 9/2021: it has 30 days", LOOK_UP),
    ("due = ⟦2021-02-29⟧", "there is no day 29 in month 2/2021: it has 28 days", LOOK_UP),
    ("due = ⟦2024-02-30⟧", "there is no day 30 in month 2/2024: it has 29 days", LOOK_UP),
    ("due = ⟦2100-02-29⟧", "there is no day 29 in month 2/2100: it has 28 days", LOOK_UP),
    ("due = ⟦2000-02-30⟧ 07:00:00", "there is no day 30 in month 2/2000: it has 29 days", LOOK_UP),
    ("due = ⟦2021-13-01⟧", "there is no month 13", LOOK_UP),
    ("due = ⟦0000-01-01⟧", "there is no year 0", LOOK_UP),
]

BARE: list[Case] = [
    ("owner = ⟦so-tttt⟧", "the text “so-tttt” stands without quotes", 'put it in quotes: owner = "so-tttt"'),
    (
        "due = ⟦trước ngày 30/9/2021⟧ # x",
        "the text “trước ngày 30/9/2021” stands without quotes",
        'put it in quotes: due = "trước ngày 30/9/2021"',
    ),
    ("duration = ⟦20d⟧", "the text “20d” stands without quotes", 'put it in quotes: duration = "20d"'),
    ("duration = ⟦5 ngày⟧", "the text “5 ngày” stands without quotes", 'put it in quotes: duration = "5 ngày"'),
    ("a = ['b', ⟦khao-sat⟧]", "the text “khao-sat” stands without quotes", 'put it in quotes: "khao-sat"'),
    ("a = [⟦1d⟧, 2d]", "the text “1d” stands without quotes", 'put it in quotes: "1d"'),
    ('title = ⟦Sở "A"⟧', 'the text “Sở "A"” stands without quotes', "put it in quotes: title = 'Sở \"A'"),
    ("title = ⟦a \"b\" 'c' d⟧", "the text “a \"b\" 'c' d” stands without quotes", 'put it in quotes: title = "…"'),
    ("title = ⟦C#5⟧ # x", "the text “C#5” stands without quotes", 'put it in quotes: title = "C#5"'),
    (
        "title = ⟦" + "k" * 100 + "⟧",
        "the text “" + "k" * 59 + "…” stands without quotes",
        'put it in quotes: title = "' + "k" * 59 + '…"',
    ),
    ("milestone = ⟦True⟧", "“True” is neither true nor false to TOML", "write milestone = true"),
    ("milestone = ⟦có⟧", "“có” is neither true nor false to TOML", "write milestone = true"),
    ("m = { milestone = ⟦yes⟧ }", "“yes” is neither true nor false to TOML", "write milestone = true"),
    ("milestone = ⟦không⟧", "“không” is neither true nor false to TOML", "write milestone = false"),
    ("percent = ⟦50%⟧", "“50%” is not how TOML writes a number", NUMBER),
    ("percent = ⟦07⟧", "“07” is not how TOML writes a number", NUMBER),
    ("percent = ⟦1,5⟧", "“1,5” is not how TOML writes a number", NUMBER),
    ("percent = ⟦.5⟧", "“.5” is not how TOML writes a number", NUMBER),
    ("⟦title =⟧", "“title” has no value", "write a value after =, or delete the line"),
    ("⟦title =⟧ # x", "“title” has no value", "write a value after =, or delete the line"),
    ("a = { ⟦title =⟧ }", "“title” has no value", "write a value after =, or delete the line"),
    ("a = [1,⟦,⟧2]", "a value is missing here", "write the value, or delete the comma"),
    ("title =⟦=⟧ 1", "one sign too many after the key", "write one = between key and value"),
    ("title =⟦:⟧ 1", "one sign too many after the key", "write one = between key and value"),
]

QUOTES: list[Case] = [
    ("title = ⟦“Kế hoạch”⟧", CURLY, 'use straight quotes: title = "Kế hoạch"'),
    ("title = ⟦‘a⟧", CURLY, 'use straight quotes: title = "a"'),
    ("tags = [⟦«a»⟧, 1]", CURLY, 'use straight quotes: "a"'),
    ("⟦“title”⟧ = 1", CURLY, 'use straight quotes: "title"'),
    ("[tasks.⟦“a”⟧]", CURLY, 'use straight quotes: "a"'),
    (
        'title = ⟦"abc⟧\nb = 1',
        OPENED,
        'write " at its end; a text over several lines stands between """',
    ),
    ("a = ['x', ⟦'abc⟧\n]", OPENED, "write ' at its end; a text over several lines stands between '''"),
    ("a = ⟦'abc⟧", OPENED, "write ' at its end; a text over several lines stands between '''"),
    ('"key" = ⟦"abc⟧', OPENED, 'write " at its end; a text over several lines stands between """'),
    ('⟦"key = 1⟧', OPENED, 'write " at its end; a text over several lines stands between """'),
    ('title = ⟦"Kế hoạch”⟧  ', OPENED, 'close it with a straight quote ", not a curly one'),
    ('title = ⟦"""abc⟧  \nb\n', OPENED, 'write """ where it ends'),
    ("title = ⟦'''abc⟧\nb = 1", OPENED, "write ''' where it ends"),
    ('[⟦"abc⟧\n]', OPENED, 'write " at its end; a text over several lines stands between """'),
    (
        'title = "Đề án ⟦"⟧A" x"',
        "a quotation mark inside the text ends it here",
        'inside a text write \\" or curly quotes “…”',
    ),
    (
        "a = ['it⟦'⟧s', 'b']",
        "a quotation mark inside the text ends it here",
        'inside a text write \\" or curly quotes “…”',
    ),
    ('a = "C:\\new⟦\\d⟧ir"', "a backslash here stands for nothing known", BACKSLASH),
    ('a = """x ⟦\\ ⟧y"""', "a backslash here stands for nothing known", BACKSLASH),
    ('a = "C:⟦\\U⟧sers"', DIGITS, BACKSLASH),
    ('a = "⟦\\u⟧12"', DIGITS, BACKSLASH),
    ('a = "⟦\\ud800⟧"', "this escape is no character", BACKSLASH),
]

UNSEEN: list[Case] = [
    (
        'due =⟦\xa0⟧"x"',
        "invisible character U+00A0 stands here, outside quotes",
        f"replace it by an ordinary space; {COPIED}",
    ),
    ("du⟦\u200b⟧e = 1", "invisible character U+200B stands here, outside quotes", f"delete it; {COPIED}"),
    ("[tasks.a⟦\u200b⟧]", "invisible character U+200B stands here, outside quotes", f"delete it; {COPIED}"),
    ("a = 1⟦\u2060⟧", "invisible character U+2060 stands here, outside quotes", f"delete it; {COPIED}"),
    (
        "\ufeff⟦\ufeff⟧a = 1",
        "invisible character U+FEFF stands here, outside quotes",
        "delete it: it is the mark that begins a file, left over where two files were joined",
    ),
]

BRACKETS: list[Case] = [
    ('a = ⟦[⟧"x",\nb = 1', LIST, "write ] where it ends, before line 2"),
    ('a = ⟦[⟧"x"\nb = 1', LIST, "write ] where it ends, before line 2"),
    ('a = ⟦[⟧\n  "x",\n\n[[tasks.b]] # x\n', LIST, "write ] where it ends, before line 4"),
    ("a = [1, ⟦[⟧2\n[b]", LIST, "write ] where it ends, before line 2"),
    ("a = ⟦[⟧1, 2", LIST, "write ] where it ends"),
    ("a = ⟦[⟧ # x\n", LIST, "write ] where it ends"),
    ("a = ⟦{⟧ b = 1\nc = 2", INLINE, "write } where it ends, before line 2"),
    ("a = ⟦{⟧ b = 1,\n c = 2\n[d]", INLINE, "write } where it ends, before line 3"),
    ("a = ⟦{⟧ b", INLINE, "write } where it ends"),
    ("a = ⟦{⟧ b =", INLINE, "write } where it ends"),
    ("a = ⟦{⟧", INLINE, "write } where it ends"),
    ("a = {\n b = 1\n ⟦c⟧ = 2\n}", "a comma is missing before this", COMMAS),
    ("a = [1\n ⟦2⟧]", "a comma is missing before this", COMMAS),
    ("a = [1 ⟦2⟧]", "a comma is missing before this", COMMAS),
    ("a = { b = 2021-12-24 ⟦c⟧ = 1 }", "a comma is missing before this", COMMAS),
    ("a = [1⟦;⟧ 2]", "“;” separates nothing in TOML", "write a comma instead"),
    ("a = [1, 2⟦}⟧", "} stands where ] is needed", "close the inner bracket first"),
    ("a = { b = 1 ⟦]⟧", "] stands where } is needed", "close the inner bracket first"),
    ("a = { b = 1,⟦,⟧ c = 2 }", "one comma too many", DELETE),
    ("⟦]⟧", "nothing is open that ] could close", OPENS),
    ("a = 1 ⟦}⟧", "nothing is open that } could close", OPENS),
    ("[a]⟦]⟧", "nothing is open that ] could close", OPENS),
]

KEYS_AND_LINES: list[Case] = [
    ("⟦tiêu-đề⟧ = 'x'", f"“tiêu-đề” cannot be a key: {KEYS}", "did you mean “title”?"),
    ("⟦Đơn vị chủ trì⟧ = 'x'", f"“Đơn vị chủ trì” cannot be a key: {KEYS}", "did you mean “owner”?"),
    ("a = { ⟦hạn⟧ = 'x' }", f"“hạn” cannot be a key: {KEYS}", "did you mean “due”?"),
    (
        "⟦a.lạ⟧ = 1",
        f"“a.lạ” cannot be a key: {KEYS}",
        'use the English key (title, owner, due …); a name of your own in other letters needs quotes: "a.lạ"',
    ),
    ("⟦Not before⟧ = 1", f"“Not before” cannot be a key: {KEYS}", "write it as one word: not-before"),
    ('title ⟦"⟧x"', "= is missing after “title”", "write title = …"),
    ("a = { b ⟦}⟧", "= is missing after “b”", "write b = …"),
    ("title⟦⟧", "= is missing after “title”", "write title = …"),
    ('title⟦:⟧ "x"', "“:” stands where “=” is needed", "write title = …"),
    ("a = { b⟦:⟧ 1 }", "“:” stands where “=” is needed", "write b = …"),
    ("⟦just words here⟧", "this is neither “key = value” nor a [heading]", NO_ENTRY),
    ("⟦• mục⟧", "this is neither “key = value” nor a [heading]", NO_ENTRY),
    ("⟦=⟧ 1", "a key is missing before =", "write key = value"),
    ("a⟦.⟧ = 1", "a name is missing beside this dot", "write the name, or delete the dot"),
    ("⟦// x⟧", "this line is no entry", COMMENT),
    ("  ⟦; x⟧", "this line is no entry", COMMENT),
    ("⟦-- x⟧", "this line is no entry", COMMENT),
    ("a = 1 ⟦// x⟧", "this is no comment", COMMENT),
    ("a = 1⟦;⟧ b = 2", "“;” separates nothing in TOML", "delete it: every entry has a line of its own"),
    ("a = 1⟦,⟧", "no comma follows an entry", DELETE),
    ("a = 1 ⟦b = 2⟧", "a second entry stands on this line", "give it a line of its own"),
    ("[a] ⟦b = 1⟧", "a second entry stands on this line", "give it a line of its own"),
    ("[a] ⟦b⟧", "nothing but a comment may follow here", f"{COMMENT}; every entry has a line of its own"),
    ('a = "b" ⟦c⟧', "nothing but a comment may follow here", f"{COMMENT}; every entry has a line of its own"),
    ("a = [1] ⟦(x)⟧", "nothing but a comment may follow here", f"{COMMENT}; every entry has a line of its own"),
]

HEADINGS: list[Case] = [
    (
        "⟦[tasks.khảo-sát]⟧",
        "“tasks.khảo-sát” has characters that an id cannot have",
        f"{IDS}[tasks.khao-sat]",
    ),
    (
        "  ⟦[[Tasks. Đề án 06 ]]⟧",
        "“Tasks. Đề án 06” has characters that an id cannot have",
        f"{IDS}[[tasks.de-an-06]]",
    ),
    ("⟦[tasks.a⟧  ", "this heading is not closed", "write ] at its end"),
    ("⟦[[waiver]⟧", "this heading is not closed", "write ]] at its end"),
    ("⟦[]⟧", "a name is missing in this heading", NAMES),
    ("⟦[tasks.]⟧", "a name is missing in this heading", NAMES),
    ("⟦[.a]⟧", "a name is missing in this heading", NAMES),
]

TWICE: list[Case] = [
    ("a = 1\n⟦a⟧ = 2", "“a” is written twice; the first stands in line 1", ONCE),
    ("[tasks.a]\n[tasks.b]\n[tasks.⟦a⟧]\nx = 1", "“tasks.a” is written twice; the first stands in line 1", ONCE),
    ("[a]\nb = 1\nc = { d = 1, ⟦d⟧ = 2 }", "“a.c.d” is written twice; the first stands in line 3", ONCE),
    ("[[a]]\n[⟦a⟧]", "“a” is written twice; the first stands in line 1", ONCE),
    ("a.b = 1\n[⟦a⟧]", "“a” is written twice; the first stands in line 1", ONCE),
    ("a = 1\n[a.⟦b⟧]", "“a” is already complete in line 1: nothing can be added to it here", TOGETHER),
    ("a = {}\na.⟦b⟧ = 1", "“a” is already complete in line 1: nothing can be added to it here", TOGETHER),
    ("[a]\n[[⟦a⟧]]", "“a” is already complete in line 1: nothing can be added to it here", TOGETHER),
    ("a = []\n[[⟦a⟧]]", "“a” is already complete in line 1: nothing can be added to it here", TOGETHER),
    (
        "[a.b]\n[a]\nb.c.⟦d⟧ = 1",
        "“a.b” is already complete in line 1: nothing can be added to it here",
        TOGETHER,
    ),
    (
        "a = { b = { c = 1 }, b.⟦d⟧ = 2 }",
        "“a.b” is already complete in line 1: nothing can be added to it here",
        TOGETHER,
    ),
]


def check(case: Case, code: str) -> None:
    """The file has one problem: this code, message and hint, at the marks."""
    marked, message, hint = case
    before, _, rest = marked.partition("⟦")
    part, _, after = rest.partition("⟧")
    with pytest.raises(PlanError) as refused:
        load((before + part + after).encode(), "plan.toml")
    (problem,) = refused.value.problems
    assert (problem.code, str(problem.message), str(problem.hint)) == (code, message, hint)
    place = problem.place
    assert place is not None
    column = len(before.removeprefix("\ufeff").rpartition("\n")[2]) + 1
    assert (place.line, place.column) == (before.count("\n") + 1, column)
    assert place.end_column == column + max(len(part), 1)


@pytest.mark.parametrize("case", DATES)
def test_a_date_without_quotes(case: Case) -> None:
    """The usual ways to write a date are met with the same date as TOML has it."""
    check(case, "CDS102")


@pytest.mark.parametrize("case", IMPOSSIBLE)
def test_a_date_that_does_not_exist(case: Case) -> None:
    """The number of days of that month is told."""
    check(case, "CDS109")


@pytest.mark.parametrize("case", BARE)
def test_a_value_without_quotes(case: Case) -> None:
    """Words, truth values and numbers as people write them."""
    check(case, "CDS102")


@pytest.mark.parametrize("case", QUOTES)
def test_quotation_marks(case: Case) -> None:
    """Curly ones, those that never close, those inside a text, and backslashes: where the text opens or breaks."""
    check(case, "CDS102")


@pytest.mark.parametrize("case", UNSEEN)
def test_invisible_characters_outside_quotes(case: Case) -> None:
    """What cannot be seen is named and pointed at."""
    check(case, "CDS102")


@pytest.mark.parametrize("case", BRACKETS)
def test_lists_and_inline_tables(case: Case) -> None:
    """What is never closed is told where it opens; commas and brackets where they are missing or too many."""
    check(case, "CDS102")


@pytest.mark.parametrize("case", KEYS_AND_LINES)
def test_keys_and_lines(case: Case) -> None:
    """What stands where a key, an = or the end of the line should."""
    check(case, "CDS102")


@pytest.mark.parametrize("case", HEADINGS)
def test_headings(case: Case) -> None:
    """Names that are missing or cannot be, brackets that do not close."""
    check(case, "CDS102")


@pytest.mark.parametrize("case", TWICE)
def test_what_is_written_twice(case: Case) -> None:
    """The second place is pointed at, the first one is told."""
    check(case, "CDS102")


def test_an_unknown_complaint_is_passed_on() -> None:
    """A parser that learns new words is quoted; its text is cut and made safe."""
    problem = explain("Something new" + "!" * 60 + "\x1b", 2, Source("plan.toml", "a = 1"))
    assert problem.code == "CDS102"
    assert str(problem.message) == "this is not TOML: Something new" + "!" * 46 + "…"
    assert str(problem.hint) == "compare the line with a neighbour that is right: key = value, or a [heading]"
    assert problem.place == Source("plan.toml", "a = 1").place_at(2)


SOUND = (
    '[plan]\nid = "x"\n[tasks.a]\ntitle = \'b\'\nafter = ["c", { task = "d", lag = 1 }]\ndue = 2021-09-30\n'
    'quote = """\nx \\n y"""\ndone = true # e\n[[waiver]]\na.b = [1.5, 07:32:00]\n'
)
MARKS = "\"'[]{}=.,:;#\n \\aé“”0-T/\u00a0\u200b"
SLIPS = st.sampled_from((*MARKS, '"""', "'''", "\\u", "true", "//", "[[", "2021-02-30"))


@given(st.lists(st.tuples(st.integers(0, len(SOUND)), st.integers(0, 3), SLIPS), min_size=1, max_size=4))
def test_every_slip_is_explained_in_our_words(slips: list[tuple[int, int, str]]) -> None:
    """Whatever is cut from a sound plan or put into it, the parser's words are not needed; the place is in its line."""
    text = SOUND
    for start, cut, insert in slips:
        text = text[:start] + insert + text[start + cut :]
    try:
        tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        problem = explain(error.msg, error.pos, Source("plan.toml", text))
        assert problem.message.template != "this is not TOML: {reason}"
        assert problem.place is not None
        assert 1 <= problem.place.column <= len(problem.place.source) + 1
