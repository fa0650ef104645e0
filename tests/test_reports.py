"""Reports for services: each is valid by its published form, whatever words a plan holds, and says the same."""

from __future__ import annotations

import json
import re
from csv import DictReader
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from unicodedata import normalize
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
import xmlschema
from invoke import NGHEAN, ROOT, Cli, in_process
from jsonschema import Draft4Validator, Draft7Validator
from markdown_it import MarkdownIt
from test_injection import HARMLESS, plan

from cdsplan.check.verdict import LOOKED_FOR
from cdsplan.cli.answers import FORMATS
from cdsplan.cli.repository import repository_path
from cdsplan.markup import MOST_LETTERS
from cdsplan.rulebook.selectors import DEFAULT_RULES
from cdsplan.views.markdown import MOST_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Golden

SCHEMAS = ROOT / "tests" / "schemas"
SARIF = Draft4Validator(json.loads((SCHEMAS / "sarif-2.1.0-rtm.5.json").read_text("utf-8")))
GITLAB = Draft7Validator(json.loads((SCHEMAS / "gitlab-code-quality.json").read_text("utf-8")))
JUNIT = xmlschema.XMLSchema(str(SCHEMAS / "junit-10.xsd"))

WAIVER = """
[[waiver]]
rule = "CDS201"
task = "khao-sat"
until = 2022-05-31
reason = "Chờ số liệu | của Bộ <TT&TT>"
document = "CV 123/UBND-CĐS ngày 04/10/2021"
"""

HEAD = """\
[plan]
id = "p"
title = "P"
start = 2026-01-05
timezone = "UTC"
[agencies]
one = { name = "One" }
"""


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """Run in a folder whose plans/nghean.toml is the real plan with a waiver; no service is near."""
    (tmp_path / "plans").mkdir()
    text = (ROOT / NGHEAN).read_text("utf-8")
    (tmp_path / NGHEAN).write_text(text + WAIVER, "utf-8")
    for name in ("GITHUB_WORKSPACE", "GITHUB_STEP_SUMMARY", "CI_PROJECT_DIR"):
        monkeypatch.delenv(name, raising=False)
    with in_process(capsys, monkeypatch, tmp_path) as made:
        yield made


@pytest.mark.parametrize("form", ["concise", "github", "gitlab", "junit", "sarif", "markdown", "json", "jsonl", "csv"])
@pytest.mark.parametrize("language", ["en", "vi"])
def test_each_report_of_the_real_plan(cli: Cli, golden: Golden, form: str, language: str) -> None:
    """As of 16 April 2022 three milestones fail, one is at risk and one is waived; every form tells all of it."""
    ran = cli("check", NGHEAN, "--as-of", "2022-04-16", "--format", form, "--lang", language)

    assert ran.code == 1
    golden(ran.out, f"check-{form}.{language}.txt")


# --------------------------------------------------------------------------------------------------- Published forms


def sarif(text: str) -> dict[str, Any]:
    """Parse and validate a SARIF log; give its run."""
    log: dict[str, Any] = json.loads(text)
    SARIF.validate(log)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    return run  # type: ignore[no-any-return]


def gitlab(text: str) -> list[dict[str, Any]]:
    """Parse and validate a Code Quality report, in which every fingerprint is there once."""
    issues: list[dict[str, Any]] = json.loads(text)
    GITLAB.validate(issues)
    prints = [issue["fingerprint"] for issue in issues]
    assert len(set(prints)) == len(prints)
    return issues


def junit(text: str) -> ET.Element:
    """Parse and validate a JUnit report, whose counts are right and whose cases have names of their own."""
    JUNIT.validate(text)
    root = ET.fromstring(text)  # noqa: S314 - our own
    for suite in root:
        cases = suite.findall("testcase")
        assert int(suite.attrib["tests"]) == len(cases)
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.attrib[attribute]) == sum(case.find(tag) is not None for case in cases)
        names = [case.attrib["name"] for case in cases]
        assert len(set(names)) == len(names)
    return root


class Shown(HTMLParser):
    """What a browser would show of a page: its elements, and the text of each cell of its table."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.cells: list[str] = []
        self.feed(MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(markdown))

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Note an element; a cell begins a text of its own."""
        del attrs
        self.elements.add(tag)
        if tag == "td":
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        """Add to the text of the cell."""
        if self.cells:
            self.cells[-1] += data

    @property
    def rows(self) -> list[list[str]]:
        """The rows of the table."""
        return [[cell.strip() for cell in self.cells[at : at + 5]] for at in range(0, len(self.cells), 5)]


COMMAND = re.compile(r"::(error|warning|notice) ((?:[a-zA-Z]+=[^,:\r\n]*)(?:,[a-zA-Z]+=[^,:\r\n]*)*)::([^\r\n]*)")


def github(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Read workflow commands as the runner does: kind, properties, message; all stand before the plain lines."""
    lines = text.split("\n")
    commands = [line for line in lines if line.startswith("::")]
    assert lines[: len(commands)] == commands
    found = []
    for line in commands:
        match = COMMAND.fullmatch(line)
        assert match, line
        properties = dict(part.split("=", 1) for part in match[2].split(","))
        found.append((match[1], {key: unescaped(value) for key, value in properties.items()}, unescaped(match[3])))
    return found


def unescaped(value: str) -> str:
    """Undo the escapes of a command, as the runner does."""
    for code, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        value = value.replace(code, character)
    return value


@pytest.mark.parametrize("path", sorted((ROOT / "tests" / "plans" / "good").glob("*.toml")), ids=lambda path: path.stem)
def test_every_report_of_every_good_plan_is_valid(cli: Cli, path: Path) -> None:
    """Whatever a plan has, with every rule there is: the forms hold, and all tell of the same findings."""

    def told(form: str) -> str:
        return cli("check", str(path), "--as-of", "2026-06-30", "--select", "ALL", "--format", form).out

    findings = json.loads(told("json"))["findings"]
    codes = [finding["rule"] for finding in findings]
    assert [result["ruleId"] for result in sarif(told("sarif"))["results"]] == codes
    assert [issue["check_name"] for issue in json.loads(told("gitlab"))] == codes
    cases = [case.attrib["name"].split()[0] for case in junit(told("junit")).iter("testcase") if len(case)]
    assert sorted(cases) == sorted(codes)
    assert [row[1] for row in Shown(told("markdown")).rows] == codes[:MOST_ROWS]
    assert [json.loads(line)["rule"] for line in told("jsonl").splitlines()[1:]] == codes
    assert len(told("csv").splitlines()) == len(codes) + 1


@pytest.mark.parametrize("name", HARMLESS)
def test_hostile_words_stay_words(cli: Cli, tmp_path: Path, name: str) -> None:
    """Words that one of the forms could obey come out as they stand, in every form."""
    words = HARMLESS[name]
    meant = " ".join(normalize("NFC", json.loads(f'"{words}"')).split())
    waiver = (
        f'[[waiver]]\nrule = "CDS201"\ntask = "first"\nuntil = 2026-12-31\nreason = "{words}"\ndocument = "{words}"\n'
    )
    (tmp_path / "plan.toml").write_text(plan(words) + waiver, "utf-8")

    def told(form: str, *more: str) -> str:
        return cli("check", "plan.toml", "--as-of", "2026-01-12", "--format", form, *more).out

    (finding,) = (each for each in json.loads(told("json"))["findings"] if each["rule"] == "CDS201")
    assert finding["message"].endswith(f"({meant})")
    message = finding["message"]
    (result,) = (each for each in sarif(told("sarif"))["results"] if each["ruleId"] == "CDS201")
    assert result["message"]["text"] == message
    assert result["suppressions"][0]["justification"] == f"{meant} ({meant})"
    assert message in {issue["description"].removeprefix("CDS201: ") for issue in gitlab(told("gitlab"))}
    (skipped,) = junit(told("junit")).iter("skipped")
    assert (skipped.attrib["message"], skipped.text) == (message, meant)
    assert ("notice", message) in {(kind, text) for kind, _, text in github(told("github"))}
    shown = Shown(told("markdown"))
    assert shown.elements <= {"h3", "p", "table", "thead", "tbody", "tr", "th", "td"}
    cut = message if len(message) <= MOST_LETTERS else message[: MOST_LETTERS - 1] + "…"
    assert cut in {row[3] for row in shown.rows}
    for form in ("concise", "github", "text"):
        plain = [line for line in told(form).split("\n") if not COMMAND.fullmatch(line)]
        assert not any(re.search(r"^\s*::|##\[|##vso\[", line) for line in plain)


# -------------------------------------------------------------------------------------------------------- Fingerprints


def test_fingerprints_do_not_move_with_lines(cli: Cli, tmp_path: Path) -> None:
    """Lines added above, another day, another language: an old finding stays the old one."""
    before = gitlab(cli("check", NGHEAN, "--as-of", "2022-04-16", "--format", "gitlab").out)
    text = (tmp_path / NGHEAN).read_text("utf-8")
    (tmp_path / NGHEAN).write_text("# one\n# two\n" + text, "utf-8")

    after = gitlab(cli("check", NGHEAN, "--as-of", "2022-04-17", "--format", "gitlab", "--lang", "en").out)

    assert [issue["fingerprint"] for issue in after] == [issue["fingerprint"] for issue in before]
    lines = [issue["location"]["lines"]["begin"] for issue in before]
    assert [issue["location"]["lines"]["begin"] for issue in after] == [line + 2 for line in lines]


def test_findings_of_one_rule_and_task_are_told_apart(cli: Cli, tmp_path: Path) -> None:
    """Two leads of one task, the parts of a fan-out, and two plans: no fingerprint is there twice."""
    tasks = """\
[tasks.a]
title = "A"
each = ["one", "two"]
due = 2026-01-06
[tasks.b]
title = "B"
owner = "one"
after = ["a FS-1d", "c FS-1d"]
[tasks.c]
title = "C"
owner = "one"
[[waiver]]
rule = "CDS206"
until = 2026-01-31
reason = "r"
[[waiver]]
rule = "CDS206"
until = 2026-01-31
reason = "r"
"""
    head = HEAD + 'two = { name = "Two" }\n'
    for name in ("p", "q"):
        (tmp_path / f"{name}.toml").write_text(head.replace('id = "p"', f'id = "{name}"') + tasks, "utf-8")

    told = cli("check", "p.toml", "q.toml", "--as-of", "2026-01-12", "--format", "gitlab", "--select", "ALL").out

    codes = [issue["check_name"] for issue in gitlab(told)]
    assert {code: codes.count(code) for code in ("CDS203", "CDS307", "CDS217")} == {
        "CDS203": 4,
        "CDS307": 4,
        "CDS217": 4,
    }


def test_every_form_tells_occurrences_apart(cli: Cli, tmp_path: Path) -> None:
    """Two weekly reports of two agencies are late: each form names which one, by what the status calls it."""
    tasks = """\
two = { name = "Two" }
[tasks.report]
title = "R"
each = ["one", "two"]
repeat = "weekly by Friday"
[tasks.once]
title = "O"
owner = "one"
due = 2026-01-09
"""
    (tmp_path / "plan.toml").write_text(HEAD + tasks, "utf-8")

    def told(form: str) -> str:
        return cli(
            "check", "plan.toml", "--as-of", "2026-01-19", "--select", "CDS202,CDS203", "--format", form, "--lang", "en"
        ).out

    first, second = "report@2026-01-09", "report@2026-01-16"
    expected = [
        ("CDS202", "once", None), ("CDS202", first, None), ("CDS202", second, None),
        ("CDS203", first, "one"), ("CDS203", first, "two"), ("CDS203", second, "one"), ("CDS203", second, "two"),
    ]  # fmt: skip
    named = [f"{rule} {item}{f' {agency}' if agency else ''}" for rule, item, agency in expected]
    days = [("once", None) if item == "once" else tuple(item.split("@")) for _, item, _ in expected]

    found = json.loads(told("json"))["findings"]
    assert [(each["task"], each["occurrence"]) for each in found] == days
    assert [json.loads(line) for line in told("jsonl").splitlines()[1:]] == found
    status = json.loads(cli("status", "plan.toml", "--as-of", "2026-01-19", "--format", "json").out)["items"]
    assert set(days) <= {(each["task"], each["occurrence"]) for each in status}
    results = sarif(told("sarif"))["results"]
    assert [(each["ruleId"], each["properties"]["task"], each["properties"].get("occurrence")) for each in results] == [
        (rule, *day) for (rule, _, _), day in zip(expected, days, strict=True)
    ]
    assert len({each["partialFingerprints"]["cdsplan/v1"] for each in results}) == len(expected)
    assert len(gitlab(told("gitlab"))) == len(expected)
    assert [case.attrib["name"] for case in junit(told("junit")).iter("testcase")] == named
    assert [properties["title"] for _, properties, _ in github(told("github"))] == [
        f"{rule} {item}" for rule, item, _ in expected
    ]
    assert [row[2] for row in Shown(told("markdown")).rows] == [item for _, item, _ in expected]
    rows = [row.split(",") for row in told("csv").splitlines()]
    assert rows[0][-1] == "occurrence"
    assert [(row[3], row[-1] or None) for row in rows[1:]] == days


def test_a_fingerprint_follows_its_occurrence(cli: Cli, tmp_path: Path) -> None:
    """A week later the finding of an occurrence is the old one, though another has come before or behind it."""
    task = '[tasks.report]\ntitle = "R"\nowner = "one"\nrepeat = "weekly by Friday"\n'
    (tmp_path / "plan.toml").write_text(HEAD + task, "utf-8")

    def prints(day: str) -> list[str]:
        out = cli("check", "plan.toml", "--as-of", day, "--select", "CDS202", "--format", "gitlab").out
        return [issue["fingerprint"] for issue in gitlab(out)]

    before, after = prints("2026-01-19"), prints("2026-01-26")

    assert len(before) == 2
    assert after[:2] == before
    assert len(set(after)) == 3


# ------------------------------------------------------------------------------------------------------------- GitHub


def test_github_gets_no_more_than_it_shows(cli: Cli, tmp_path: Path) -> None:
    """Ten of each kind, the worst; the others stand in the log, and the summary counts what it leaves out."""
    tasks = [
        f'[tasks.t{n}]\ntitle = "T"\nowner = "one"\nmilestone = true\ndue = 2026-01-{n:02}\n' for n in range(1, 12)
    ]
    tasks += [f'[tasks.u{n}]\ntitle = "T"\nowner = "one"\ndue = 2026-01-05\n' for n in range(120)]
    (tmp_path / "plan.toml").write_text(HEAD + "".join(tasks), "utf-8")
    arguments = ("check", "plan.toml", "--as-of", "2026-02-02")

    out = cli(*arguments, "--format", "github").out
    commands = github(out)

    assert [kind for kind, _, _ in commands] == ["error"] * 10 + ["warning"] * 10
    assert [properties["title"] for _, properties, _ in commands[:3]] == ["CDS201 t1", "CDS201 t2", "CDS201 t3"]
    rest = out.split("\n")[len(commands) :]
    assert rest[0] == "plan.toml:62:7: error CDS201: “t11” is 22 days overdue: it was due on 11 Jan 2026"
    assert sum(": warning CDS202: " in line for line in rest) == 110
    markdown = cli(*arguments, "--format", "markdown").out
    assert len(Shown(markdown).rows) == MOST_ROWS
    assert markdown.endswith("\n… and 35 more findings\n")  # 11 + 120, and CDS212 of four deadlines before the start


@pytest.mark.parametrize("variable", ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"])
def test_paths_are_those_of_the_repository(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """From whatever folder it runs, a file is named from the root that the service says; else from here."""
    monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.chdir(tmp_path / "plans")

    for name in ("nghean.toml", "../plans/nghean.toml", str(tmp_path / NGHEAN)):
        arguments = ("check", name, "--as-of", "2022-04-16")
        for _, properties, _ in github(cli(*arguments, "--format", "github").out):
            assert properties["file"] == NGHEAN
        assert {issue["location"]["path"] for issue in gitlab(cli(*arguments, "--format", "gitlab").out)} == {NGHEAN}
        for result in sarif(cli(*arguments, "--format", "sarif").out)["results"]:
            assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == NGHEAN


def test_a_file_outside_the_repository_keeps_its_name(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies elsewhere is named as it was given."""
    (tmp_path / "đây và kia").mkdir()
    monkeypatch.chdir(tmp_path / "đây và kia")
    (tmp_path / "đây và kia" / "kế hoạch.toml").write_text((tmp_path / NGHEAN).read_text("utf-8"), "utf-8")

    outside = cli("check", str(tmp_path / NGHEAN), "--as-of", "2022-04-16", "--format", "sarif").out
    inside = cli("check", "kế hoạch.toml", "--as-of", "2022-04-16", "--format", "sarif").out

    artifacts = [
        sarif(told)["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"] for told in (outside, inside)
    ]
    assert artifacts[0] == {"uri": f"file://{tmp_path / NGHEAN}"}
    assert unquote(artifacts[1]["uri"]) == "kế hoạch.toml"
    assert " " not in artifacts[1]["uri"]
    assert artifacts[1]["uri"].isascii()


def test_a_file_s_name_cannot_end_a_command(cli: Cli, tmp_path: Path) -> None:
    """Signs that part the properties of a command are escaped in a name."""
    name = "a,line=1::b%0A:c.toml"
    (tmp_path / name).write_text((tmp_path / NGHEAN).read_text("utf-8"), "utf-8")

    commands = github(cli("check", name, "--as-of", "2022-04-16", "--format", "github").out)

    assert [properties["file"] for _, properties, _ in commands] == [name] * 5
    assert commands[0][1]["line"] == "156"


def test_a_file_on_another_drive_keeps_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows nothing leads from one drive to another."""

    def no_way(path: str, start: str) -> str:
        raise ValueError(f"{path} is on another drive than {start}")

    monkeypatch.setattr("os.path.relpath", no_way)

    assert repository_path("D:/plan.toml") == "D:/plan.toml"


def test_a_report_of_nothing_is_valid(cli: Cli, tmp_path: Path) -> None:
    """A green check has its words, and no empty table."""
    task = '[tasks.a]\ntitle = "A"\nowner = "one"\nmilestone = true\ndue = 2026-06-30\n'
    (tmp_path / "plan.toml").write_text(HEAD + task, "utf-8")

    def told(form: str) -> str:
        ran = cli("check", "plan.toml", "--as-of", "2026-01-12", "--format", form)
        assert ran.code == 0
        return ran.out

    assert sarif(told("sarif"))["results"] == []
    assert gitlab(told("gitlab")) == []
    assert len(list(junit(told("junit")).iter("testcase"))) == len(DEFAULT_RULES & LOOKED_FOR)
    assert github(told("github")) == []
    assert told("markdown").startswith("### cdsplan: Passed.\n\nAs of 12 Jan 2026 ")
    assert "|" not in told("markdown")
    assert told("concise").splitlines()[-1] == "Passed."


def test_the_summary_of_a_step_is_added_to(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With GITHUB_STEP_SUMMARY the Markdown is appended to that file; what stood there stays."""
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", "utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    arguments = ("check", NGHEAN, "--as-of", "2022-04-16")
    markdown = cli(*arguments, "--format", "markdown").out

    assert summary.read_text("utf-8") == "before\n"
    cli(*arguments, "--format", "github")
    assert summary.read_text("utf-8") == f"before\n{markdown}\n"
    cli(*arguments, "-o", f"github={tmp_path / 'log.txt'}")
    assert summary.read_text("utf-8") == f"before\n{markdown}\n{markdown}\n"


def test_a_summary_that_cannot_be_written_is_said(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 2 and the file's name: nobody would miss what is not there."""
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "none" / "summary.md"))

    ran = cli("check", NGHEAN, "--as-of", "2021-09-29", "--format", "github", "--lang", "en")

    assert ran.code == 2
    assert "summary.md: cannot be written" in ran.err


# --------------------------------------------------------------------------------------------------- Several at once


def test_one_run_writes_several_reports(cli: Cli, tmp_path: Path) -> None:
    """Each file holds what --format would have shown; standard output has the answer for people."""
    forms = ("gitlab", "junit", "sarif", "markdown")
    arguments = ("check", NGHEAN, "--as-of", "2022-04-16")
    outputs = [part for form in forms for part in ("--output", f"{form}={tmp_path / form}")]

    ran = cli(*arguments, *outputs)

    assert (ran.code, ran.err) == (1, "")
    assert ran.out == cli(*arguments).out
    for form in forms:
        assert (tmp_path / form).read_text("utf-8") == cli(*arguments, "--format", form).out


def test_a_file_alone_takes_the_format(cli: Cli, tmp_path: Path) -> None:
    """-o FILE is the answer of --format, whatever its name; nothing is left for standard output."""
    arguments = ("check", NGHEAN, "--as-of", "2022-04-16", "--format", "concise")
    shown = cli(*arguments).out

    ran = cli(*arguments, "-o", "./a=b.txt", "-o", "JSON=verdict.json")

    assert (ran.code, ran.out, ran.err) == (1, "", "")
    assert (tmp_path / "a=b.txt").read_text("utf-8") == shown
    assert json.loads((tmp_path / "verdict.json").read_text("utf-8"))["failed"]


@pytest.mark.parametrize("word", ["xml", "code-quality", "sarf", "jsn1", "báo-cáo", "a"])
def test_what_looks_like_a_format_must_be_one(cli: Cli, tmp_path: Path, word: str) -> None:
    """A report in a file that nobody looks for would be as good as none; what to write for such a file is said."""
    ran = cli("check", NGHEAN, "--as-of", "2022-04-16", "--lang", "en", "-o", f"{word}=x.out")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith(
        f"there is no format “{word}”, only text, concise, json, jsonl, github, gitlab, junit, sarif, markdown, csv; "
        f"for a file of that name write ./{word}=x.out\n"
    )
    assert not list(tmp_path.glob("*x.out"))


@pytest.mark.parametrize("name", ["./xml=x.out", "sub/xml=x.out", "report_1=x.out", "2026=x.out", "=x.out"])
def test_a_file_s_name_may_hold_what_parts_a_format_from_its_file(cli: Cli, tmp_path: Path, name: str) -> None:
    """What stands before “=” is a part of the name where no format could stand."""
    (tmp_path / "sub").mkdir()

    assert cli("check", NGHEAN, "--as-of", "2022-04-16", "-o", name).code == 1
    assert (tmp_path / name).is_file()


def test_a_report_never_replaces_a_plan(cli: Cli, tmp_path: Path) -> None:
    """A slip for -p does no harm: what is a plan stays one, and nothing is written at all."""
    before = (tmp_path / NGHEAN).read_bytes()

    ran = cli("check", NGHEAN, "--as-of", "2022-04-16", "-o", NGHEAN, "--lang", "en")

    assert (ran.code, ran.out) == (2, "")
    assert "is there already: name another file" in ran.err
    assert (tmp_path / NGHEAN).read_bytes() == before


@pytest.mark.parametrize("form", ["gitlab", "csv"])
def test_forms_without_room_say_the_verdict_beside(cli: Cli, form: str) -> None:
    """As of when and what was judged goes to standard error where the form has no place for it."""
    ran = cli("check", NGHEAN, "--as-of", "2022-04-16", "--format", form)

    assert ran.err.split("\n")[0] == (
        "Tính đến ngày 16/4/2022 (theo --as-of). Đã xét: 5 mốc và 0 nhiệm vụ khác có thời hạn."
    )


# ------------------------------------------------------------------------------------------- Plans that do not read

BROKEN = HEAD + '[tasks.x]\ntitle = "X"\nowner = "onee"\ndue = "30/2/2026"\n'


def test_a_plan_that_does_not_read_is_reported_where_services_look(cli: Cli, tmp_path: Path) -> None:
    """Exit 2, frames for people, and the same problems in every form, each valid."""
    (tmp_path / "plan.toml").write_text(BROKEN, "utf-8")

    def told(form: str) -> str:
        ran = cli("check", "plan.toml", "--format", form)
        assert ran.code == 2
        assert ran.err.startswith("plan.toml:10:9: error CDS107")
        return ran.out

    assert [(result["ruleId"], result["level"]) for result in sarif(told("sarif"))["results"]] == [
        ("CDS107", "error"),
        ("CDS109", "error"),
    ]
    assert not sarif(told("sarif"))["invocations"][0]["executionSuccessful"]
    assert [issue["check_name"] for issue in gitlab(told("gitlab"))] == ["CDS107", "CDS109"]
    assert [case.attrib["type"] for case in junit(told("junit")).iter("error")] == ["CDS107", "CDS109"]
    assert [properties["line"] for _, properties, _ in github(told("github"))] == ["10", "11"]
    assert [row[1] for row in Shown(told("markdown")).rows] == ["CDS107", "CDS109"]
    assert told("concise").split("\n")[:1] == ["plan.toml:10:9: error CDS107: there is no agency “onee”"]
    assert [problem["rule"] for problem in json.loads(told("jsonl"))["problems"]] == ["CDS107", "CDS109"]
    assert [problem["rule"] for problem in json.loads(told("json"))["problems"]] == ["CDS107", "CDS109"]
    assert [
        (row["rule"], row["line"], row["fails"], row["plan"])
        for row in DictReader(told("csv").removeprefix("\ufeff").splitlines())
    ] == [
        ("CDS107", "10", "true", ""),
        ("CDS109", "11", "true", ""),
    ]
    assert told("text") == ""


def test_files_are_written_for_a_plan_that_does_not_read(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job that uploads its reports finds them; the summary says that the plan cannot be read."""
    (tmp_path / "plan.toml").write_text(BROKEN, "utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))

    ran = cli("check", "plan.toml", "-o", "gitlab=g.json", "-o", "json=v.json", "-o", "github=log.txt")

    assert (ran.code, ran.out) == (2, "")
    assert len(gitlab((tmp_path / "g.json").read_text("utf-8"))) == 2
    assert len(json.loads((tmp_path / "v.json").read_text("utf-8"))["problems"]) == 2
    assert (tmp_path / "summary.md").read_text("utf-8").startswith("### cdsplan: The plan cannot be read: 2 errors.\n")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("named", [True, False])
def test_no_old_verdict_stays_for_a_plan_that_does_not_read(
    cli: Cli,
    tmp_path: Path,
    form: str,
    named: bool,  # noqa: FBT001
) -> None:
    """Whichever way a file is asked for, it holds the problems afterwards; nothing is left for standard output."""
    (tmp_path / "plan.toml").write_text(BROKEN, "utf-8")
    (tmp_path / "verdict").write_text("of yesterday", "utf-8")

    ran = cli("check", "plan.toml", *(("-o", f"{form}=verdict") if named else ("--format", form, "-o", "verdict")))

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == cli("check", "plan.toml").err
    written = (tmp_path / "verdict").read_text("utf-8")
    assert "there is no agency “onee”" in written
    assert "of yesterday" not in written
    if form == "text":
        assert written == ran.err


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        (("status", "-o", "v.json"), "CDS107"),
        (("status", "-ov.json"), "CDS107"),
        (("check", "--output=v.json", "-o", "sarif=s.json"), "CDS107"),
        (("check", "-o", "v.json", "--select", "CDS999"), "CDS100"),
        (("check", "-o", "v.json", "-o", "sarif=none/s.json", "-p", NGHEAN), "CDS101"),
    ],
)
def test_no_old_answer_in_json_stays(cli: Cli, tmp_path: Path, arguments: tuple[str, ...], rule: str) -> None:
    """Every command that ends with exit 2 puts the problems where its answer in JSON was to go."""
    (tmp_path / "plan.toml").write_text(BROKEN, "utf-8")
    (tmp_path / "v.json").write_text("of yesterday", "utf-8")

    ran = cli(*arguments, "--format", "json")

    assert (ran.code, ran.out) == (2, "")
    assert json.loads((tmp_path / "v.json").read_text("utf-8"))["problems"][0]["rule"] == rule
    assert ran.err


def test_problems_go_to_standard_output_where_their_file_cannot_be_written(cli: Cli, tmp_path: Path) -> None:
    """Both are told, once: what was wrong before, and the file."""
    (tmp_path / "plan.toml").write_text(BROKEN, "utf-8")

    unread = cli("status", "--format", "json", "-o", "none/v.json")
    unwritten = cli("status", "--format", "json", "-o", "none/v.json", "-p", NGHEAN, "--lang", "en")

    assert [each["rule"] for each in json.loads(unread.out)["problems"]] == ["CDS107", "CDS109", "CDS101"]
    assert unread.err.count("none/v.json: cannot be written") == 1
    assert [each["rule"] for each in json.loads(unwritten.out)["problems"]] == ["CDS101"]
    assert unwritten.err == "error CDS101: none/v.json: cannot be written (No such file or directory)\n1 error\n"


def test_one_file_that_cannot_be_written_keeps_no_other_from_being_written(cli: Cli, tmp_path: Path) -> None:
    """A job finds the other reports; what is wrong with the plan is told beside what is wrong with the file."""
    (tmp_path / "plan.toml").write_text(BROKEN, "utf-8")
    files = ("-o", "sarif=none/s.json", "-o", "json=v.json")

    unread = cli("check", "plan.toml", *files)
    assert json.loads((tmp_path / "v.json").read_text("utf-8"))["problems"]
    assert "CDS107" in unread.err
    assert "none/s.json: cannot be written" in unread.err

    judged = cli("check", NGHEAN, "--as-of", "2022-04-16", *files)
    assert (unread.code, judged.code) == (2, 2)
    assert json.loads((tmp_path / "v.json").read_text("utf-8"))["failed"]


def test_a_problem_without_a_place_is_reported(cli: Cli) -> None:
    """A file that is not there has no line; the forms that want one get the first of nothing."""
    arguments = ("check", "none.toml", "--format")

    assert "locations" not in sarif(cli(*arguments, "sarif").out)["results"][0]
    assert gitlab(cli(*arguments, "gitlab").out)[0]["location"] == {"path": ".", "lines": {"begin": 1}}
    assert junit(cli(*arguments, "junit").out).find("testsuite/testcase").attrib["name"] == "CDS101"  # type: ignore[union-attr]
    assert github(cli(*arguments, "github").out) == [("error", {"title": "CDS101"}, "none.toml: there is no such file")]
    assert Shown(cli(*arguments, "markdown").out).rows == [
        ["error", "CDS101", "", "none.toml: there is no such file", ""]
    ]
