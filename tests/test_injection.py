"""What a plan's author writes is shown as it stands: no terminal, markup, spreadsheet or CI log acts upon it.

Characters that act are refused when the plan is read, in every field; everything else goes through every command and
every format, in every field at once.
"""

from __future__ import annotations

import csv
import json
import re
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invoke import Cli, in_process

from cdsplan.cli.output import defuse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIELDS = (
    "plan.title", "plan.title-en", "plan.short", "plan.source", "closed.name", "agency.name", "agency.short",
    "agency.name-en", "agency.contact", "task.title", "task.title-en", "task.short", "task.number", "task.section",
    "task.due", "task.deliverable", "task.contents", "task.constraints", "task.quote", "task.note", "task.tags",
    "link.quote",
)  # fmt: skip

LONG = {"plan.source", "agency.contact", "task.deliverable", "task.contents", "task.constraints", "task.quote",
        "task.note", "link.quote"}  # fmt: skip

PLAIN = "Words"


def plan(payload: str, *only: str) -> str:
    """Write a plan with a payload (a TOML basic string's inside) in every text field, or in some of them."""

    def text(field: str, most: int = 200) -> str:
        return f'"{payload[:most] if not only or field in only else PLAIN}"'

    due = f"{{ words = {text('task.due')}, date = 2026-01-09 }}"
    return f"""\
[plan]
id = "p"
title = {text("plan.title")}
title-en = {text("plan.title-en")}
short = {text("plan.short", 60)}
source = {text("plan.source")}
start = 2026-01-05
timezone = "UTC"
[calendar]
closed = [{{ from = 2026-12-24, to = 2026-12-24, name = {text("closed.name")} }}]
[agencies.one]
name = {text("agency.name")}
short = {text("agency.short", 60)}
name-en = {text("agency.name-en")}
contact = {text("agency.contact")}
[agencies.two]
name = "Two"
[tasks.first]
title = {text("task.title")}
title-en = {text("task.title-en")}
short = {text("task.short", 60)}
number = {text("task.number", 20)}
section = {text("task.section")}
owner = ["one"]
each = ["two", "one"]
support = "one"
consult = "one"
recipient = "one"
assigned-by = "one"
due = {due}
milestone = true
deliverable = {text("task.deliverable")}
contents = [{text("task.contents")}]
constraints = [{text("task.constraints")}]
quote = {text("task.quote")}
note = {text("task.note")}
tags = [{text("task.tags")}]
[tasks.second]
title = {text("task.title")}
after = [{{ task = "first", quote = {text("link.quote")} }}]
"""


# ----------------------------------------------------------------------------------------------- Refused at the door

ACTING = {
    "escape": r"\u001b[31mred",
    "title of the window": r"\u001b]0;owned\u0007",
    "bell": r"\u0007",
    "backspace": r"a\bb",
    "carriage return": r"a\rb",
    "form feed": r"a\fb",
    "delete": r"\u007f",
    "C1 escape": "\u009b31mred",
    "C1 by escape": r"\u009b31mred",
    "right-to-left override": "\u202etxt.exe",
    "right-to-left isolate": r"\u2067x\u2069",
    "zero-width space": "a\u200bb",
    "line separator": r"a\u2028b",
    "byte order mark": "a\ufeffb",
}

OBEYED = re.compile(r"(?m)^\s*::|##\[|##vso\[")
"""What a CI log takes for a command, on whichever stream."""

LINES = {"line feed": r"a\nb", "tab": r"a\tb"}


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """Run in an empty folder."""
    with in_process(capsys, monkeypatch, tmp_path) as made:
        yield made


def acting(text: str) -> set[str]:
    """Give the characters of an output that a terminal acts upon; line ends may be."""
    return {char for char in text if char != "\n" and not char.isprintable()}


@pytest.mark.parametrize("field", FIELDS)
def test_characters_that_act_are_refused_in_every_field(cli: Cli, tmp_path: Path, field: str) -> None:
    """Exit 2, the field's place, and nothing of the character in any output."""
    for name, payload in (ACTING | ({} if field in LONG else LINES)).items():
        (tmp_path / "plan.toml").write_text(plan(payload, field), "utf-8")
        for form in ("table", "json"):
            ran = cli("status", "--format", form)
            assert ran.code == 2, name
            assert "CDS103" in ran.out + ran.err, name
            assert not acting(ran.out + ran.err), name


@pytest.mark.parametrize("raw", ["\x1b[31m", "\x07", "\x00", "\x9b", "\x7f", "\u202e", "\r"])
def test_raw_control_characters_never_reach_the_terminal(cli: Cli, tmp_path: Path, raw: str) -> None:
    """Not even in the frame that shows the line they stand on; comments and keys included."""
    for text in (f"# {raw}\n", f"x{raw} = 1\n", f'note = "{raw}"\n', f"note = '''{raw}\n'''\n"):
        (tmp_path / "plan.toml").write_text(plan(PLAIN) + text, "utf-8", newline="")
        ran = cli("status", "--as-of", "2026-01-12")
        assert ran.code in {0, 2}
        assert not acting(ran.out + ran.err)


@pytest.mark.parametrize("name", ["\x1b[31mred.toml", "\x9b31m.toml", "\u202etxt.toml", "a\nb.toml"])
def test_names_of_files_are_shown_safely(cli: Cli, tmp_path: Path, name: str) -> None:
    """What stands in a folder has names that others chose."""
    missing = cli("status", f"no-{name}")
    (tmp_path / name).write_text(plan(PLAIN), "utf-8")
    (tmp_path / f"broken-{name}").write_text("[plan", "utf-8")

    for ran, code in (
        (missing, 2),
        (cli("check", name, "--as-of", "2026-01-12"), 1),
        (cli("status", name, "--as-of", "2026-01-12", "--format", "json"), 0),
        (cli("status", f"broken-{name}"), 2),
        (cli("status", f"broken-{name}", "--format", "json"), 2),
    ):
        assert ran.code == code
        assert not acting(ran.out + ran.err)


# ------------------------------------------------------------------------------------------------ Shown as it stands

HARMLESS = {
    "closing markup": "[/]",
    "markup": "[red]x[/red]",
    "link": "[link=https://example.org]x[/link]",
    "emoji code": ":smile:",
    "formula": "=HYPERLINK(0)",
    "plus": "+1+1",
    "minus": "-1+1",
    "at": "@SUM(A1)",
    "GitHub command": "::error::owned",
    "indented GitHub command": "  ::set-output name=x::y",
    "old GitHub command": "##[error]owned",
    "Azure command": "x ##vso[task.setvariable]y",
    "HTML": "<script>alert(1)</script>&amp;",
    "quotes": r"\"'`$(id)`;|&",
    "number of a format": "{0} {n}",
    "name of a format": "{task} {x!r:>10}",
    "percent": "%s %(n)s %n",
    "lonely brace": "} { }} {{",
    "backslashes": r"\\n \\x1b \\u001b",
    "English of ours": "Overdue",
    "very long word": "w" * 190,
    "wide": "中" * 40,
    "combining": "e" + "\u0301\u0323" * 20,
}

COMMANDS = (
    ("status", ("table", "plain", "json", "csv"), ("--all",)),
    ("status", ("table", "plain"), ("--by", "section")),
    ("status", ("table", "plain"), ("--by", "agency")),
    ("show", ("table", "plain", "json"), ("first",)),
    ("show", ("table", "plain", "json"), ("second",)),
    ("critical", ("table", "plain", "json", "csv"), ()),
    ("schedule", ("table", "plain", "json", "csv"), ()),
    ("check", ("text", "concise", "json", "jsonl", "github", "gitlab", "junit", "sarif", "markdown", "csv"), ()),
    ("calendar", ("table", "plain", "json", "csv"), ("2026",)),
    ("log", ("table", "plain", "json", "csv"), ()),
    ("missing", ("table", "plain", "text", "json", "csv"), ()),
    ("trend", ("table", "plain", "json", "csv"), ()),
    ("audit", ("table", "plain", "json", "markdown"), ()),
    ("audit", ("table", "plain", "json", "markdown"), ("--metric", "11")),
    ("diff", ("table", "plain", "json", "markdown"), ("before.toml", "plan.toml")),
)


def journal(words: str) -> str:
    """Write a journal whose every text is these words."""
    told = f'document = "{words}", reason = "{words}", by = "{words}"'
    at = "at = 2026-01-10T09:00:00+07:00, on = 2026-01-10"
    return (
        f'n = {{ {at}, task = "second", kind = "note", note = "{words}", {told} }}\n'
        f'd = {{ {at}, task = "first", agency = "two", kind = "done", {told} }}\n'
        f'x = {{ {at}, task = "first", agency = "one", kind = "extended", due = 2026-01-11, {told} }}\n'
    )


def texts(value: object) -> Iterator[str]:
    """Give every text of a JSON document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)


@pytest.mark.parametrize(("language", "columns"), [("en", 140), ("vi", 60)])
@pytest.mark.parametrize("name", HARMLESS)
def test_words_go_through_every_command_and_format(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, language: str, columns: int
) -> None:
    """No traceback, the right exit code, no control character, no formula, no line that a CI log would obey."""
    monkeypatch.setenv("COLUMNS", str(columns))
    (tmp_path / "plan.toml").write_text(plan(HARMLESS[name]), "utf-8")
    (tmp_path / "plan.journal.toml").write_text(journal(HARMLESS[name]), "utf-8")
    (tmp_path / "before.toml").write_text(plan(PLAIN), "utf-8")
    for command, forms, arguments in COMMANDS:
        for form in forms:
            ran = cli(command, *arguments, "--as-of", "2026-01-12", "--format", form, "--lang", language)
            assert ran.code == (1 if command == "check" else 0), (command, form)
            if command == "check" and form in {"gitlab", "csv"}:
                assert ran.err, form
            else:  # all that a good run says beside its answer: what a narrow table hides
                note = "Không đủ chỗ cho các cột: "
                assert not ran.err or (form == "table" and ran.err.startswith(note)), (command, form)
            out = ran.out
            if form == "csv":
                for row in csv.reader(StringIO(out.removeprefix("\ufeff"), newline="")):
                    assert not any(re.match(r"[=+@\t\r]|-(?!\d+$)", cell) for cell in row)
                out = out.removeprefix("\ufeff").replace("\r\n", "\n")
            assert not acting(out), (command, form)
            assert not OBEYED.search(ran.err), (command, form)
            if form in {"table", "plain", "text", "concise", "markdown"}:
                assert not OBEYED.search(out), (command, form)


@pytest.mark.parametrize("name", [name for name in HARMLESS if "command" not in name])
def test_words_come_out_as_they_went_in(cli: Cli, tmp_path: Path, name: str) -> None:
    """The title and the quote stand in the data and in the plain text letter by letter: nothing ate a bracket."""
    (tmp_path / "plan.toml").write_text(plan(HARMLESS[name]), "utf-8")
    meant = json.loads(f'"{HARMLESS[name]}"')

    shown = cli("show", "first", "--as-of", "2026-01-12", "--format", "plain").out
    drawn = cli("show", "first", "--as-of", "2026-01-12", "--color", "never").out
    document = json.loads(cli("show", "first", "--as-of", "2026-01-12", "--format", "json").out)

    title = document["item"]["title"]
    assert title.split() == _composed(meant).split()
    assert {document["quote"], document["note"]} == {title}
    assert f"“{title}”" in shown
    assert "".join(title.split()) in "".join(drawn.split())


def test_words_of_a_plan_are_never_translated(cli: Cli, tmp_path: Path) -> None:
    """An agency, a section or a task that is called as something of ours keeps its name in Vietnamese."""
    (tmp_path / "plan.toml").write_text(plan("Overdue"), "utf-8")

    for command in (("status", "--by", "section"), ("status", "--by", "agency"), ("show", "first")):
        for form in ("table", "plain"):
            ran = cli(*command, "--as-of", "2026-01-05", "--lang", "vi", "--format", form)
            assert "Quá hạn" not in ran.out
            assert "Overdue" in ran.out


def _composed(text: str) -> str:
    """Bring a text to the form that plans are kept in."""
    import unicodedata  # noqa: PLC0415 - one helper's need

    return unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("name", HARMLESS)
def test_error_frames_show_words_as_they_stand(cli: Cli, tmp_path: Path, name: str) -> None:
    """A problem on a line with odd words is framed without acting on them, nor telling a CI log to."""
    broken = plan(HARMLESS[name]) + f'owner = "{HARMLESS[name][:60]}"\n"{HARMLESS[name][:60]}" = 1\n'
    (tmp_path / "plan.toml").write_text(broken, "utf-8")

    for language in ("en", "vi"):
        ran = cli("status", "--lang", language)
        assert ran.code == 2
        assert "CDS107" in ran.err
        assert not acting(ran.err)
        assert not OBEYED.search(ran.err)


@pytest.mark.parametrize("name", [name for name in HARMLESS if "command" in name])
def test_frames_of_journals_command_no_log(cli: Cli, tmp_path: Path, name: str) -> None:
    """A journal is written by many hands: its words are defused where its problems are shown."""
    (tmp_path / "plan.toml").write_text(plan(PLAIN), "utf-8")
    words = HARMLESS[name]
    (tmp_path / "plan.journal.toml").write_text(journal(words).replace('kind = "done"', f'kind = "{words}"'), "utf-8")

    ran = cli("status")

    assert ran.code == 2
    assert "CDS106" in ran.err
    assert not OBEYED.search(ran.err)


def test_the_words_of_a_deadline_set_no_variable_of_a_pipeline(cli: Cli, tmp_path: Path) -> None:
    """The line of the plan is shown, its sign parted."""
    words = "##vso[task.setvariable variable=x]evil"
    (tmp_path / "plan.toml").write_text(plan(PLAIN) + f'due = "{words}"\n', "utf-8")

    err = cli("status").err

    assert words not in err
    assert 'due = "# #vso[task.setvariable variable=x]evil"' in err


def test_what_was_typed_commands_no_log(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrong usage repeats what a job was given, a defect what the program was about; neither is a command."""
    (tmp_path / "plan.toml").write_text(plan(PLAIN), "utf-8")
    for typed in (("show", "##[error]x"), ("##vso[x]y",), ("status", "--as-of", "\n::error::x")):
        ran = cli(*typed)
        assert ran.code == 2
        assert not OBEYED.search(ran.err), typed

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("##[error]owned")

    monkeypatch.setattr("cdsplan.cli.frame.read_plans", fail)
    for debug in ((), ("--debug",)):
        ran = cli("status", *debug)
        assert ran.code == 3
        assert "# #[error]owned" in ran.err
        assert not OBEYED.search(ran.err)


def test_names_on_the_command_line_are_shown_as_they_stand(cli: Cli, tmp_path: Path) -> None:
    """Braces and brackets in what somebody typed are no format and no markup."""
    (tmp_path / "plan.toml").write_text(plan(PLAIN), "utf-8")

    for typed in ("{0}", "{x}", "[/]", "%s", "}"):
        assert f"there is no task “{typed}”" in cli("show", typed).err
        assert f"there is no agency “{typed}”" in cli("status", "--agency", typed).err
        assert f"“{typed}” is no day" in cli("status", "--as-of", typed).err
        assert f"there is no command “{typed}”" in cli(typed).err


@pytest.mark.parametrize(
    ("text", "defused"),
    [
        ("::error::x", ": :error::x"),
        ("a\n  ::error::x", "a\n  : :error::x"),
        ("a ::error::x", "a ::error::x"),
        (":::x", ": ::x"),
        ("##[group]x", "# #[group]x"),
        ("x##vso[y", "x# #vso[y"),
        ("## x ###", "## x ###"),
        (":", ":"),
    ],
)
def test_commands_of_ci_logs_are_parted(text: str, defused: str) -> None:
    """A blank parts the signs at which a log begins to obey; everything else stays."""
    assert defuse(text) == defused


@given(st.text(":# \n[vso\tx", max_size=30))
def test_no_text_is_a_command_afterwards(text: str) -> None:
    """Whatever the text, nothing is left that a log obeys, and only blanks were added."""
    safe = defuse(text)

    assert not re.search(r"(?m)^\s*::|##\[|##vso\[", safe)
    assert safe.replace(" ", "") == text.replace(" ", "")
