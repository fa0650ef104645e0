"""The command line as its users meet it: what it refuses, its help, and commands that begin or tell."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from invoke import ROOT, Cli
from school import PLAN, VIETNAMESE, at_school, started

from cdsplan import __version__
from cdsplan.cli.main import COMMANDS
from cdsplan.plan.reader import read

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """Run where the plan of the school is."""
    yield from at_school(capsys, monkeypatch, tmp_path)


# ----------------------------------------------------------------------------------------------------- Wrong usage


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("statsu",), "there is no command “statsu”; did you mean “status”?"),
        (("xyz",), "there is no command “xyz”; see: cdsplan --help"),
        (("--nope",), "No such option '--nope'"),
        (("status", "--nope"), "No such option '--nope'"),
        (("status", "--format", "xml"), "'xml' is not one of 'table', 'plain', 'json', 'csv'"),
        (("show", "clean", "--format", "csv"), "'csv' is not one of 'table', 'plain', 'json'"),
        (("show",), "Missing argument 'TASK'"),
        (("show", "clen"), "there is no task “clen”; did you mean: clean?"),
        (("show", "zzz"), "there is no task “zzz”"),
        (("status", "--agency", "twn"), "there is no agency “twn”; did you mean: town?"),
        (("status", "--agency", "zzz"), "there is no agency “zzz”"),
        (("status", "--lang", "fr"), "'fr' is not one of 'en', 'vi'"),
        (("schema", "--lang", "fr"), "'fr' is not one of 'en', 'vi'"),
        (("status", "--as-of", "31/2/2026"), "there is no such day: 31/2/2026"),
        (
            ("status", "--as-of", "9/28/2026"),
            "there is no such day: 9/28/2026; the day stands before the month: “28/9/2026”",
        ),
        (("status", "--as-of", "2026/01/02"), "“2026/01/02” is no day; write 2021-10-05 or 05/10/2021"),
        (("status", "--as-of", "01/02/26"), "“01/02/26” is no day"),
        (("status", "--as-of", "1/1/1989"), "years from 1990 to 2199 are read"),
        (("status", "--max-size", "0"), "0 is not in the range"),
        (("critical", "--paths", "0"), "0 is not in the range"),
        (("critical", "--to", "zzz"), "there is no task “zzz”"),
        (("check", "--fail-on", "milestons"), "there is no rule “milestons”; did you mean “milestone”?"),
        (("check", "--select", "CDS2,XYZ"), "there is no rule “XYZ”; cdsplan rule lists the rules"),
        (
            ("check", "--ignore", "CDS104"),
            "“CDS104” has no place here: what keeps a plan from being read always counts",
        ),
        (("check", "--warn", "-1"), "-1 is not in the range"),
        (("check", "--grace", "366"), "366 is not in the range"),
        (("check", "-o", "sarif="), "name the file: sarif=FILE"),
        (("check", "-o", "jsn=a.json"), "for a file of that name write ./jsn=a.json"),
        (("calendar", "soon"), "'soon' is not a valid integer."),
        (("check", "-o", "a.txt", "-o", "b.txt"), "of several files each needs its format: FORMAT=FILE"),
        (("check", "-o", "sarif=a", "-o", "junit=./a"), "two answers cannot go into one file"),
        (("rule", "milestone-overdu"), "there is no rule “milestone-overdu”; did you mean “CDS201”?"),
        (("rule", "zzz"), "there is no rule “zzz”; cdsplan rule lists the rules"),
        (("calendar", "1989"), "1989 is not in the range"),
        (("init", "plan.toml"), "plan.toml is there already: name another file"),
    ],
)
def test_wrong_usage_is_exit_2_and_says_what_is_right(cli: Cli, arguments: tuple[str, ...], words: str) -> None:
    """Nothing on standard output, the reason on standard error, and no traceback."""
    ran = cli(*arguments)

    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err
    assert "Traceback" not in ran.err


def test_agencies_that_fit_twice_are_named(cli: Cli) -> None:
    """An ambiguous agency lists the candidates."""
    Path("two.toml").write_text(PLAN.replace('town = { name = "The town" }', 'town = { name = "Head" }'), "utf-8")

    ran = cli("status", "two.toml", "--agency", "HEAD")

    assert ran.code == 2
    assert "“HEAD” fits several agencies; name one of them: head, town" in ran.err
    assert cli("status", "two.toml", "--agency", "head", "--as-of", "2026-01-12").code == 0  # an id wins


@pytest.mark.parametrize("day", ["2026-01-12", "2026-1-12", "12/1/2026", "12-01-2026", "12.1.2026", " 12/01/2026 "])
def test_a_day_is_understood_as_people_type_it(cli: Cli, day: str) -> None:
    """ISO, or day before month with any of the usual separators."""
    assert "\nAs of 12 Jan 2026\n" in cli("status", "--as-of", day).out


def test_without_a_day_it_is_today_in_the_plan_s_zone(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock is read in the time zone of the first plan."""
    asked: list[str] = []

    class Clock:
        @staticmethod
        def now(zone: object) -> Clock:
            asked.append(str(zone))
            return Clock()

        @staticmethod
        def date() -> date:
            return date(2026, 1, 12)

    monkeypatch.setattr("cdsplan.cli.clock.datetime", Clock)
    Path("vi.toml").write_text(PLAN.replace('"UTC"', '"Asia/Ho_Chi_Minh"').replace('"school"', '"x"'), "utf-8")

    assert "As of 12 Jan 2026" in cli("status", "vi.toml", "plan.toml").out
    assert cli("init", "new.toml").code == 0
    assert asked == ["Asia/Ho_Chi_Minh", "None"]


# ------------------------------------------------------------------------------------------------------------- Help


def test_the_program_introduces_itself(cli: Cli) -> None:
    """--help lists every command with a line; nothing at all does the same on standard error, with exit 2."""
    helped, bare, version = cli("--help"), cli(), cli("--version")

    assert helped.code == 0
    for name in COMMANDS:
        assert f"\n  {name} " in helped.out
    assert (bare.code, bare.out) == (2, "")
    assert bare.err.strip() == helped.out.strip()
    assert version.out == f"cdsplan, version {__version__}\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(cli: Cli, name: str) -> None:
    """-h and --help work everywhere and begin with how the command is used."""
    ran = cli(name, "-h")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == cli(name, "--help").out
    assert ran.out.startswith(f"Usage: cdsplan {name} ")


@pytest.mark.parametrize("arguments", [("--help",), ("check", "--help")])
def test_help_speaks_the_reader_s_language(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """No English sentence is left in Vietnamese help: neither ours nor click's."""
    (tmp_path / "plan.toml").write_text(VIETNAMESE, "utf-8")

    ran = started(*arguments, folder=tmp_path)

    assert (ran.returncode, ran.stderr) == (0, b"")
    for english in ("Usage", "Options", "Show", "Fail", "default:", " the "):
        assert english not in ran.stdout.decode()


@pytest.mark.parametrize(("code", "words"), [("en", "[env var: CDSPLAN_AS_OF]"), ("vi", "[biến môi trường:")])
def test_help_names_the_variables_of_the_environment(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, code: str, words: str
) -> None:
    """That of the language and that of the day stand beside their options, and both in the help of the program."""
    monkeypatch.setenv("CDSPLAN_LANG", code)
    status, begin, program = (" ".join(cli(*command, "--help").out.split()) for command in (("status",), ("init",), ()))

    for text in (status, begin):
        assert words in text
        assert "CDSPLAN_AS_OF]" in text
        assert "CDSPLAN_LANG" in text
    assert all(f" {name} " in program for name in ("CDSPLAN_PLAN", "CDSPLAN_LANG", "CDSPLAN_AS_OF"))


def test_help_shows_a_command_s_own_options_first(cli: Cli) -> None:
    """What a command alone has stands before what all share."""
    out = cli("check", "--help").out

    assert out.index("--fail-on") < out.index("--agency") < out.index("--plan") < out.index("--help")


# --------------------------------------------------------------------------------------------------------- Language

COMMENTS = {
    "a screen": "# Nothing to see.\n" * 30,  # 540 bytes
    "more than a buffer": "# Nothing to see.\n" * 500,  # 9 KB
    "more than is looked through": "# Nothing to see.\n" * 4000,  # 72 KB
}


@pytest.mark.parametrize("comments", COMMENTS)
def test_a_plan_s_language_stands_behind_comments_of_any_length(cli: Cli, comments: str) -> None:
    """Whichever command reads the plan, and however it gets at it, the answer is in the plan's own language."""
    Path("plan.toml").write_text(COMMENTS[comments] + VIETNAMESE, "utf-8")
    day = ("--as-of", "2026-04-01")

    assert "01/4/2026" in cli("status", *day).out
    assert "quá hạn 82 ngày" in cli("check", *day).out
    assert "Tính đến ngày 01/4/2026" in cli("check", *day, "--format", "gitlab").err
    assert "01/4/2026" in cli("diff", "plan.toml", "plan.toml", *day).out
    assert "không có nhiệm vụ “zzz”" in cli("show", "zzz").err


@pytest.mark.parametrize("comments", ["a screen", "more than a buffer"])
def test_a_broken_plan_s_language_stands_behind_comments(cli: Cli, comments: str) -> None:
    """What cannot be read is looked through for its language, far enough for any preface."""
    Path("plan.toml").write_text(COMMENTS[comments] + VIETNAMESE + "[plan\n", "utf-8")

    ran = cli("status")

    assert ran.code == 2
    assert "lỗi CDS102" in ran.err


def test_a_language_that_was_asked_for_holds(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the command line or in the environment; the plan's own changes nothing then."""
    Path("plan.toml").write_text(VIETNAMESE, "utf-8")

    assert "As of 1 Apr 2026" in cli("status", "--as-of", "2026-04-01", "--lang", "en").out
    monkeypatch.setenv("CDSPLAN_LANG", "en")
    assert "As of 1 Apr 2026" in cli("status", "--as-of", "2026-04-01").out


def test_words_of_a_plan_are_not_its_language(cli: Cli) -> None:
    """A line of a long text that looks like the plan's language is none."""
    Path("plan.toml").write_text(PLAN.replace("start =", 'source = """\nlanguage = "vi"\n"""\nstart ='), "utf-8")

    assert "As of 1 Apr 2026" in cli("status", "--as-of", "2026-04-01").out


# --------------------------------------------------------------------------------------- Commands that begin or tell


@pytest.mark.parametrize("code", ["en", "vi"])
def test_init_begins_a_plan_that_shows_something_at_once(cli: Cli, tmp_path: Path, code: str) -> None:
    """The new plan reads, with its schema beside it; status and check pass on its first day."""
    ran = cli("init", "new/plan.toml", "--lang", code, "--as-of", "2026-03-02")

    assert (ran.code, ran.err) == (0, "")
    assert "new/plan.toml" in ran.out
    assert (tmp_path / "new" / "plan.schema.json").read_bytes() == schema_bytes()
    plan = read((tmp_path / "new" / "plan.toml").read_bytes(), "plan.toml")
    assert (plan.start, plan.language) == (date(2026, 3, 2), code)
    for command in ("status", "check"):
        assert cli(command, "new/plan.toml", "--as-of", "2026-03-02").code == 0


def schema_bytes() -> bytes:
    """Give the shipped schema of plans."""
    return (ROOT / "cdsplan" / "plan" / "plan.schema.json").read_bytes()


UNION = b"*.journal.toml merge=union"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, UNION + b"\n"),
        (b"", UNION + b"\n"),
        (b"*.ics -text\n", b"*.ics -text\n" + UNION + b"\n"),
        (b"*.ics -text", b"*.ics -text\n" + UNION + b"\n"),
        (b"*.ics -text\r\n", b"*.ics -text\r\n" + UNION + b"\r\n"),
        (b"*.journal.toml text\n", b"*.journal.toml text\n" + UNION + b"\n"),
        (UNION + b"\n*.ics -text\n", UNION + b"\n*.ics -text\n"),
        (b"*.journal.toml  text merge=ours\n", b"*.journal.toml  text merge=ours\n"),
        (b"*.journal.toml -merge\n", b"*.journal.toml -merge\n"),
        (b"# \xff, no UTF-8\n", b"# \xff, no UTF-8\n" + UNION + b"\n"),
    ],
)
def test_init_lets_git_merge_journals(cli: Cli, tmp_path: Path, before: bytes | None, after: bytes) -> None:
    """The line is added to what stands there; whoever has said how journals merge is left alone."""
    attributes = tmp_path / ".gitattributes"
    if before is not None:
        attributes.write_bytes(before)
    assert cli("init", "begun.toml").code == 0
    assert attributes.read_bytes() == after


def test_init_says_when_the_attributes_cannot_be_read(cli: Cli, tmp_path: Path) -> None:
    """Something that is no file has their name; the plan is there all the same."""
    (tmp_path / ".gitattributes").mkdir()
    ran = cli("init", "begun.toml")
    assert (ran.code, (tmp_path / "begun.toml").exists()) == (2, True)
    assert ".gitattributes: cannot be written" in ran.err


def test_init_keeps_what_is_there(cli: Cli, tmp_path: Path) -> None:
    """Neither a plan nor a schema that is there is overwritten."""
    (tmp_path / "plan.schema.json").write_text("mine", "utf-8")

    assert cli("init").code == 2
    assert (tmp_path / "plan.toml").read_text("utf-8") == PLAN
    assert cli("init", "other.toml", "--as-of", "2026-03-02").code == 0
    assert (tmp_path / "plan.schema.json").read_text("utf-8") == "mine"


def test_the_schema_of_plans_is_printed_or_written(cli: Cli, tmp_path: Path) -> None:
    """To standard output or into a file, to the byte."""
    assert cli("schema").out.encode() == schema_bytes()
    assert cli("schema", "-o", "x.json", "--lang", "vi").out == ""
    assert (tmp_path / "x.json").read_bytes() == schema_bytes()
