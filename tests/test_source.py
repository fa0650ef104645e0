"""The text layer: bytes become a document, or problems with their places."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from cdsplan.plan import limits
from cdsplan.plan.source import Source, load, peek_language
from cdsplan.problems import Place, PlanError, Problem

if TYPE_CHECKING:
    from cdsplan.plan.spans import Path

PLAN = 'a = 1\n[tasks.x]\ntitle = "Kế hoạch"\n\tafter = ["p", { task = "q" }]\nquote = """\nMột\nhai"""\n'
OUTSIDE_ESCAPES = (
    "\b",
    "\t",
    "\n",
    "\f",
    "\r",
    "\x1b",
    "\x00",
    "\x7f",
    "\x85",
    "\u200b",
    "\u202e",
    "\ufffe",
    "\U0010ffff",
)


def problems(data: bytes | str, **options: int) -> tuple[Problem, ...]:
    """What `load` refuses."""
    with pytest.raises(PlanError) as refused:
        load(data if isinstance(data, bytes) else data.encode(), "plan.toml", **options)
    return refused.value.problems


def lines(data: bytes | str, **options: int) -> list[str]:
    """What `load` refuses, one line each: place, code, message; hint."""
    shown = []
    for problem in problems(data, **options):
        place = problem.place
        assert place is not None
        assert place.file == "plan.toml"
        hint = f"; {problem.hint}" if problem.hint else ""
        shown.append(f"{place.line}:{place.column}-{place.end_column} {problem.code} {problem.message}{hint}")
    return shown


def shown(place: Place) -> str:
    """The part of its source line that a place points at."""
    return place.source[place.column - 1 : place.end_column - 1]


@pytest.mark.parametrize(
    ("path", "key", "line", "part"),
    [
        (("a",), False, 1, "1"),
        (("a",), True, 1, "a"),
        (("tasks", "x"), False, 2, "x"),
        (("tasks",), True, 2, "tasks"),
        (("tasks", "x", "title"), False, 3, '"Kế hoạch"'),
        (("tasks", "x", "title"), True, 3, "title"),
        (("tasks", "x", "after", 0), False, 4, '"p"'),
        (("tasks", "x", "after", 1), False, 4, '{ task = "q" }'),
        (("tasks", "x", "after", 1, "task"), True, 4, "task"),
        (("tasks", "x", "quote"), False, 5, '"""'),  # several lines: to the end of the first
        (("tasks", "x", "owner"), False, 2, "x"),  # not there: its table
        (("tasks", "x", "owner"), True, 2, "x"),
        (("tasks", "x", "after", 1, "lag"), False, 4, '{ task = "q" }'),
        (("plan", "id"), False, 1, "a"),  # not even the table is there: the file's beginning
    ],
)
def test_a_path_has_a_place(path: Path, key: bool, line: int, part: str) -> None:  # noqa: FBT001 - a column of the table
    """A value, a key, or the nearest parent of what is missing."""
    place = Source("plan.toml", PLAN).place(path, key=key)
    assert (place.file, place.line, shown(place)) == ("plan.toml", line, part)
    assert place.source == PLAN.split("\n")[line - 1]


@pytest.mark.parametrize(
    ("value", "part", "pointed"),
    [
        ('"bao-cao SS+5d"', (8, 5), "SS+5d"),
        ("'bao-cao\\ SS'", (9, 2), "SS"),
        ('"x"', (0, 1), "x"),
        ('"x"', (0, 2), '"x"'),  # more than there is
        ('"tab\\t SS"', (5, 2), '"tab\\t SS"'),  # escapes shift the columns
        ('"""x y"""', (2, 1), '"""x y"""'),
        ("2021", (1, 2), "2021"),  # no text
    ],
)
def test_a_part_of_a_text_has_a_place(value: str, part: tuple[int, int], pointed: str) -> None:
    """The caret stands under a part of a value where the columns are certain, else under the whole."""
    assert shown(Source("plan.toml", f"after = {value}").place(("after",), part=part)) == pointed


def test_a_place_at_an_offset() -> None:
    """Lines and columns count from 1; at least one column, at most to the end of the line."""
    source = Source("plan.toml", "ab\n\ncd")
    assert source.place_at(1) == Place(file="plan.toml", line=1, column=2, end_column=3, source="ab")
    assert source.place_at(0, 6) == Place(file="plan.toml", line=1, column=1, end_column=3, source="ab")
    assert source.place_at(3) == Place(file="plan.toml", line=2, column=1, end_column=2, source="")
    assert source.place_at(5, 6) == Place(file="plan.toml", line=3, column=2, end_column=3, source="cd")
    assert source.place_at(6, 6) == Place(file="plan.toml", line=3, column=3, end_column=4, source="cd")
    assert Source("plan.toml", "").place(("plan",)) == Place(
        file="plan.toml", line=1, column=1, end_column=2, source=""
    )


def test_a_source_line_is_safe_to_show() -> None:
    """What acts on a terminal is replaced, one character for each; tabs stay."""
    source = Source("plan.toml", "\ta \x1b[31m \x7f \x9b \u202e \u200b \u2028 é")
    assert source.place_at(0).source == "\ta ␛[31m ␡ � � � � é"


def test_a_plan_is_loaded_as_the_parser_reads_it() -> None:
    """Document and text come back; nothing is refused."""
    document, source = load(PLAN.encode(), "plan.toml")
    assert document == tomli.loads(PLAN)
    assert source.text == PLAN
    assert source.file == "plan.toml"


def test_mark_line_ends_and_composition_make_no_difference() -> None:
    """A byte order mark, CRLF and decomposed letters read like the plain file, with the same places."""
    plain, source = load(PLAN.encode(), "plan.toml")
    other = unicodedata.normalize("NFD", PLAN).replace("\n", "\r\n")
    assert other != PLAN
    document, again = load(b"\xef\xbb\xbf" + other.encode(), "plan.toml")
    assert document == plain
    assert again.text == source.text


def test_escapes_cannot_bring_in_decomposed_text() -> None:
    """A value that an escape composes is NFC like all others, wherever it stands."""
    document, _ = load(
        rb"""a = "e\u0301"
b = ["e\u0301", 1, ["e\u0301"], { c = "e\u0301" }]
""",
        "plan.toml",
    )
    assert document == {"a": "é", "b": ["é", 1, ["é"], {"c": "é"}]}


def test_an_empty_file_is_an_empty_document() -> None:
    """What must be there is the reader's business."""
    assert load(b"", "plan.toml")[0] == {}


SAVE = "plans and journals are text files: open it in a text editor and save it with the encoding UTF-8"


@pytest.mark.parametrize(
    ("data", "place", "message"),
    [
        (b'a = 1\r\nb = "K\xe0"\r\n', "2:7-8", "the file is not UTF-8: byte 0xE0 cannot be read"),
        ('é = "'.encode() + b"\xed\xa0\x80", "1:6-7", "the file is not UTF-8: byte 0xED cannot be read"),  # a surrogate
        ("a = 1".encode("utf-16"), "1:1-2", "the file is saved as UTF-16"),
        (b"PK\x03\x04\n\x00", "2:1-2", "the file holds NUL bytes: it is not text"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, place: str, message: str) -> None:
    """The place of the first bad byte, and how to save the file."""
    assert lines(data) == [f"{place} CDS101 {message}; {SAVE}"]


def test_the_line_of_a_bad_byte_is_shown() -> None:
    """Bytes that cannot be read show as replacement characters, without the line end."""
    (problem,) = problems(b'a = 1\r\nb = "K\xe0\x1b"\r\n')
    assert problem.place == Place(file="plan.toml", line=2, column=7, end_column=8, source='b = "K�␛"')


def test_a_file_too_large_is_refused() -> None:
    """The limit counts bytes and may be lifted."""
    hint = "if it is a plan, the option --max-size (in MiB) lifts this limit"
    assert lines(b"a = 123", max_bytes=6) == [f"1:1-2 CDS101 the file has 7 bytes; at most 6 are read; {hint}"]
    assert load(b"a = 123", "plan.toml", max_bytes=7)[0] == {"a": 123}


DEEP = "brackets nest deeper than 64 levels; close each bracket where its list or table ends"
LONG = (
    "this key is longer than 200 characters; "
    "a long text stands after =, as a value; check that no quotation mark is missing before it"
)
PARTS = "this key has 33 parts; at most 32 are read; a key in a plan has two or three parts, such as tasks.survey"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = " + "[" * 65 + "]" * 65, [f"1:69-70 CDS101 {DEEP}"]),
        ("x = " + "[ '' ,\n" * 65, [f"65:1-2 CDS101 {DEEP}"]),
        ("x = " + "{a=" * 65, [f"1:197-198 CDS101 {DEEP}"]),
        (
            "x = ['\"', # '\n" + '"""\n["""' + ', "a\'", "\\"", [' * 64,
            [f"3:{4 + 64 * 15}-{5 + 64 * 15} CDS101 {DEEP}"],
        ),
        ('x = """"a"""" + ' + "[" * 65, [f"1:81-82 CDS101 {DEEP}"]),
        ("k" * 201 + " = 1", [f"1:1-202 CDS101 {LONG}"]),
        ("a = { b." + "k" * 201 + " = 1 }", [f"1:9-210 CDS101 {LONG}"]),
        ("[a]\n[" + "k" * 201 + "]", [f"2:2-203 CDS101 {LONG}"]),
        ("['" + "k " * 101 + "']", [f"1:2-206 CDS101 {LONG}"]),
        ('a=1\n[[a."' + "k " * 101 + '"]]', [f"2:5-209 CDS101 {LONG}"]),
        ('"' + "k " * 101 + '"\t= 1', [f"1:1-205 CDS101 {LONG}"]),
        ("'" + "k " * 101 + "'.a = 1", [f"1:1-205 CDS101 {LONG}"]),
        (".".join("a" * 33) + " = 1", [f"1:1-66 CDS101 {PARTS}"]),
        ("[" + " . ".join("a" * 33) + "]", [f"1:2-131 CDS101 {PARTS}"]),
        (
            ".".join("a" * 33) + " = 1\n" + "k" * 201 + " = 1\n" + "k" * 202 + " = 1",
            [f"1:1-66 CDS101 {PARTS}", f"2:1-202 CDS101 {LONG}"],
        ),
    ],
)
def test_a_file_beyond_the_limits_is_not_parsed(text: str, expected: list[str]) -> None:
    """Nesting, keys and dotted keys have an end; each kind is told once, at its first place."""
    assert lines(text) == expected


LITERAL = "k " * 101


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "[" * 64 + "]" * 64,
        "x = " + "{ a = " * 63 + "{}" + "}" * 63,
        "x = [\n" + "[1, [2], [\n3]],\n" * 100 + "]",
        "x = '" + "[" * 100 + "'",
        "# it's " + "[" * 100 + "\nx = 1 # " + "{" * 100,
        'x = "\\"' + "[" * 100 + '"',
        'x = """' + "\n[" * 100 + '"""\ny = """\'"""',
        "x = '''" + "\n[" * 100 + "'''\nnote = '''it's\n\"'''",
        'x = """"' + "[" * 100 + '""""',
        "x = [\n" + "# it's\n[1],\n" * 100 + "]",
        "x = [\n" + "'\"', [\n'\"'],\n" * 100 + "]",
        "x = [\n" + '"\'", [\n"\'"],\n' * 100 + "]",
        "k" * 200 + " = 1",
        "x = '" + "k" * 300 + "'",
        f"x = [\n['{LITERAL}'],\n['{LITERAL}']]",
        f'x = "{LITERAL}"\n"y" = 1',
        f'x = "= {LITERAL}"',
        f'x = "a=b {LITERAL}"',
        ".".join("a" * 32) + " = 1",
        "x = '" + "." * 100 + "'",
        'x = "' + ".a" * 100 + '"',
    ],
)
def test_a_file_within_the_limits_is_parsed(text: str) -> None:
    """What only looks deep or long, in texts and comments, is nothing to refuse."""
    assert load(text.replace("x", "quote", 1).encode(), "plan.toml")[0] == tomli.loads(text.replace("x", "quote", 1))


def spell(text: str, way: str) -> str:
    """Write a line that holds `text` in one of the ways that TOML has."""
    escaped = text.replace("\\", "\\\\")
    if way == "comment":
        return "# " + text.replace("\n", " ")
    if way == "literal" and not set(text) & {"'", "\n"}:
        return f"'{text}'"
    if way == "long literal" and "'''" not in text and not text.endswith("'"):
        return f"'''{text}'''"
    if way == "long" and '"""' not in text and not text.endswith('"'):
        return f'"""{escaped}"""'
    return '"' + escaped.replace('"', '\\"').replace("\n", "\\n") + '"'


LINES = st.lists(
    st.tuples(
        st.text(st.sampled_from("\"'\\[]{}#\n,=a"), max_size=8),
        st.sampled_from(("basic", "literal", "long", "long literal", "comment")),
    ),
    max_size=6,
)


@given(LINES, st.integers(60, 70))
def test_nesting_is_counted_among_all_kinds_of_text(texts: list[tuple[str, str]], depth: int) -> None:
    """Brackets in texts and comments never count, real ones always do, and the quick look clears no deep file."""
    lines = [spell(text, way) for text, way in texts]
    text = "\n".join(line if line[0] == "#" else f"a{number} = {line}" for number, line in enumerate(lines))
    text += "\nb = [" + ",".join(line for line in lines if line[0] != "#") + "]\nc = " + "[" * depth + "]" * depth
    tomli.loads(text)
    assert bool(limits.exceeded(Source("plan.toml", text))) == (depth > 64)
    assert limits.may_exceed(text.encode()) or depth <= 64


CONTROL = "control character {} is not allowed; delete it: it cannot be seen, but terminals and calendars act on it"
BIDI = (
    "character {} is not allowed: it turns the direction of writing; "
    "delete it: with it a text can show other words than it holds"
)
UNSEEN = (
    "invisible character {} is not allowed; "
    "delete it: two words that look the same would differ; it often comes along with copied text"
)
NONE = "{} is not a character; delete it; if the text looks damaged, copy it again from its source"
RETURN = (
    "control character U+000D (carriage return) is not allowed; "
    "write line breaks as \\n; if the whole file has old Macintosh line ends, save it with LF or CRLF"
)
LONG_TEXTS = "constraints, contact, contents, deliverable, note, quote, reason, source"
ONE_LINE = f"write it on one line; only {LONG_TEXTS} may have several"
BREAK = f"a line break is not allowed in this text; {ONE_LINE}"
TAB = f"a tab is not allowed in this text; {ONE_LINE}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('title = "a\x1b[31m"', ["1:11-12 CDS103 " + CONTROL.format("U+001B")]),
        (
            "a = 1 # \x07\nb = '\x7f'",
            ["1:9-10 CDS103 " + CONTROL.format("U+0007"), "2:6-7 CDS103 " + CONTROL.format("U+007F")],
        ),
        ('title = "a\\u001bb"', ["1:11-17 CDS103 " + CONTROL.format("U+001B")]),
        (
            'title = "\\e\\x07\\U0000007f"',
            [
                "1:10-12 CDS103 " + CONTROL.format("U+001B"),
                "1:12-16 CDS103 " + CONTROL.format("U+0007"),
                "1:16-26 CDS103 " + CONTROL.format("U+007F"),
            ],
        ),
        ('title = "a\u0085b"', ["1:11-12 CDS103 " + CONTROL.format("U+0085")]),
        ('title = "a\u202eb"', ["1:11-12 CDS103 " + BIDI.format("U+202E")]),
        (
            "quote = '\u2066\u2069\u061c\u200e\u200f'",
            [
                f"1:{10 + n}-{11 + n} CDS103 " + BIDI.format(code)
                for n, code in enumerate(("U+2066", "U+2069", "U+061C", "U+200E", "U+200F"))
            ],
        ),
        ('title = "a\u200bb"', ["1:11-12 CDS103 " + UNSEEN.format("U+200B")]),
        (
            'title = "\u200c\u200d\u2060\ufeff\u2028\u2029"',
            [
                f"1:{10 + n}-{11 + n} CDS103 " + UNSEEN.format(code)
                for n, code in enumerate(("U+200C", "U+200D", "U+2060", "U+FEFF", "U+2028", "U+2029"))
            ],
        ),
        (
            'title = "\ufdd0\\U0001fffe"',
            ["1:10-11 CDS103 " + NONE.format("U+FDD0"), "1:11-21 CDS103 " + NONE.format("U+1FFFE")],
        ),
        ('title = "a\\nb"', ["1:11-13 CDS103 " + BREAK]),
        ('title = """\na\nb"""', ["2:2-3 CDS103 " + BREAK]),
        ("title = '''\na\tb'''", ["2:2-3 CDS103 " + TAB]),
        ('title = "a\tb"', ["1:11-12 CDS103 " + TAB]),
        ('quote = "a\\rb"', ["1:11-13 CDS103 " + RETURN]),
        ('"a\\tb" = 1', ["1:3-5 CDS103 " + TAB]),
        ("[tasks.'a\u200bb']\nx = 1", ["1:10-11 CDS103 " + UNSEEN.format("U+200B")]),
        ('contents = ["a\\nb", { title = "c\\nd" }]', ["1:33-35 CDS103 " + BREAK]),
        ('tags = ["a", ["b\\n"]]', ["1:17-19 CDS103 " + BREAK]),
        (
            'b = "\u200b"\na = { c = ["\u200b"] }\n',
            ["1:6-7 CDS103 " + UNSEEN.format("U+200B"), "2:13-14 CDS103 " + UNSEEN.format("U+200B")],
        ),
        (
            'a = "\x01"\nb = "\u200b"',
            ["1:6-7 CDS103 " + CONTROL.format("U+0001"), "2:6-7 CDS103 " + UNSEEN.format("U+200B")],
        ),
    ],
)
def test_refused_characters_are_all_told(text: str, expected: list[str]) -> None:
    """Raw or escaped, in values or keys, each with its place and its number."""
    assert lines(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        'quote = """\nMột\n\thai \u200c\u200d"""',
        'contents = ["a\\nb", ["c\\td"]]',
        'title = "a \\"b\\" \\\\ C:\\\\new"',
        'title = """\na \\\n   b"""',
        "title\t=\t'a'\t# \u202e in a comment nobody sees",
        'title = "a\u00a0b\u00ad\U0001f600"',
    ],
)
def test_harmless_characters_stay(text: str) -> None:
    """Long texts have lines and tabs; escapes of what can be seen, indents and comments are free."""
    assert load(text.encode(), "plan.toml")[0] == tomli.loads(text)


def test_a_refused_character_without_a_certain_place_is_still_refused() -> None:
    """Where a control character outside quotes hides what follows, the nearest known place is named."""
    assert lines('[a]\nb =\x0c"x\u200b"') == [
        "1:2-3 CDS103 " + UNSEEN.format("U+200B"),
        "2:4-5 CDS103 " + CONTROL.format("U+000C"),
    ]


def test_a_damaged_file_does_not_flood() -> None:
    """A hundred refused characters are listed, then it is said that there are more."""
    for damage in ("\u200b", "\\u200b", "\x01"):
        found = lines('a = "' + damage * 150 + '"')
        assert len(found) == 101
        width = len(damage)
        assert (
            found[-1]
            == f"1:{6 + 100 * width}-{7 + 100 * width} CDS103 there are more such characters; the first 100 are listed"
        )


def test_a_syntax_error_is_told_beside_refused_characters() -> None:
    """Both are told, in file order, unless the character may well have caused the error."""
    control = CONTROL.format("U+0001")
    slip = "CDS102 “a” has no value; write a value after =, or delete the line"
    assert lines("a =\nb = '\x01'") == [f"1:1-4 {slip}", f"2:6-7 CDS103 {control}"]
    assert lines("b = '\x01'\na =") == [f"1:6-7 CDS103 {control}", f"2:1-4 {slip}"]
    assert lines("b\x01b = 1") == [f"1:2-3 CDS103 {control}"]


def test_old_macintosh_line_ends_are_named() -> None:
    """A file of bare carriage returns is told so, once for each."""
    assert lines("a = 1\rb = 2") == ["1:6-7 CDS103 " + RETURN]


def test_a_number_of_thousands_of_digits_is_refused() -> None:
    """The parser's ValueError has no place; the number has."""
    assert lines("a = 1\nb = " + "9" * 5000) == [
        "2:5-5005 CDS102 this number is too long; if it is meant as text, put it in quotes"
    ]


@pytest.mark.parametrize("error", [RecursionError("too deep"), OverflowError("too far"), ValueError("too odd")])
def test_whatever_the_parser_cannot_take_is_a_problem(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """No parser error leaves as anything but a problem."""

    def fail(_text: str) -> None:
        raise error

    monkeypatch.setattr(tomli, "loads", fail)
    assert lines("a = 1") == [f"1:1-2 CDS102 the parser cannot read this file: {error}"]


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_end_in_a_document_or_in_placed_problems(data: bytes) -> None:
    """Nothing but `PlanError` is raised, and every problem has a place inside its line."""
    refused: tuple[Problem, ...] = ()
    try:
        document, _ = load(data, "plan.toml")
    except PlanError as error:
        refused = error.problems
    else:
        assert isinstance(document, dict)
        return
    assert refused
    for problem in refused:
        assert problem.place is not None
        assert 1 <= problem.place.column <= len(problem.place.source) + 1


TEXTS = st.text(st.sampled_from(OUTSIDE_ESCAPES) | st.characters(exclude_categories=["Cs"]), max_size=6)


@given(TEXTS)
def test_no_accepted_value_holds_a_control_character(text: str) -> None:
    """Written with escapes, a text is either refused or holds nothing that acts on a terminal."""
    written = 'title = "' + "".join(f"\\U{ord(char):08x}" for char in text) + '"'
    try:
        document, _ = load(written.encode(), "plan.toml")
    except PlanError:
        assert any(unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp", "Cn") for char in text)
    else:
        assert document["title"] == unicodedata.normalize("NFC", text)
        assert not any(unicodedata.category(char) == "Cc" or char in "\u200b\u202e\ufffe" for char in text)


@pytest.mark.parametrize(
    ("data", "language"),
    [
        (b'[plan]\nid = "x"\nlanguage = "vi"\n', "vi"),
        (b'\xef\xbb\xbf[ plan ] # x\r\n  language="vi"\r\n', "vi"),
        (b"[other]\nlanguage = \"en\"\n[plan]\nlanguage = 'vi'\n", "vi"),
        (b'[other]\nlanguage = "en"\n[plan]\nid = 1\n', "en"),
        ('[plan]\ntitle = “x"\nlanguage = “vi”\n'.encode(), "vi"),
        (b'plan.language = "vi"\n', "vi"),
        (b'[plan]\nlanguage = "vi"\x00\xff', "vi"),
        ('[plan]\nlanguage = "vi"\n'.encode("utf-16"), "vi"),
        (b'[plan]\n# language = "vi"\n', None),
        (b'[plan]\nlanguage = "vietnamese"', None),
        (b"", None),
    ],
)
def test_the_language_is_found_even_in_a_broken_plan(data: bytes, language: str | None) -> None:
    """Problems are told in the plan's own language."""
    assert peek_language(data) == language
