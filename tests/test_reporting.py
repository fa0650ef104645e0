"""The commands that report: what they write, what they say, what they refuse; nothing is half-written."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from io import BufferedReader, BytesIO, TextIOWrapper
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from invoke import ROOT, Cli, Ran, in_process

from cdsplan.messages import msg
from cdsplan.problems import PlanError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAN = """\
[plan]
id = "school"
title = "Open the school"
start = 2026-01-05
timezone = "Asia/Ho_Chi_Minh"
[agencies]
head = { name = "The head teacher", short = "Head" }
north = { name = "North school", short = "North" }
south = { name = "South school", short = "South" }
west = { name = "West school", short = "West" }
[groups]
schools = ["north", "south", "west"]
[tasks.forms]
title = "Send the forms"
number = "I.1"
each = ["@schools"]
due = 2026-01-16
[tasks.report]
title = "Report"
owner = "head"
after = "forms"
duration = "5d"
due = 2026-01-30
[tasks.party]
title = "Party"
"""
JOURNAL = Path("plan.journal.toml")
LINE = re.compile(
    r"\d{8}-\d{6}-[0-9a-hjkmnp-tv-z]{4} = \{ at = \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?\+07:00, (.*) \}"
)


TORN = "the last line is torn: whoever wrote it was cut off, and never told that it was written"


class Reporter:
    """Runs commands as of a day in a folder with the plan of a school."""

    def __init__(self, cli: Cli) -> None:
        self._cli = cli

    def __call__(self, command: str, *arguments: str, as_of: str = "2026-01-14") -> Ran:
        """Run a command as of a day."""
        return self._cli(command, *arguments, "--as-of", as_of)

    def says(self, command: str, *arguments: str, as_of: str = "2026-01-14") -> str:
        """Run a command that must succeed; give what it says."""
        ran = self(command, *arguments, as_of=as_of)
        assert (ran.code, ran.err) == (0, "")
        return ran.out.removesuffix("\n")

    def refuses(self, command: str, *arguments: str, as_of: str = "2026-01-14") -> str:
        """Run a command that must be refused and write nothing; give why."""
        before = JOURNAL.read_bytes() if JOURNAL.exists() else None
        ran = self(command, *arguments, as_of=as_of)
        assert (ran.code, ran.out) == (2, "")
        assert (JOURNAL.read_bytes() if JOURNAL.exists() else None) == before
        return ran.err.rpartition("Error: ")[2].strip()

    @property
    def written(self) -> list[str]:
        """Give what the journal holds, without ids and times of writing."""
        found = [LINE.fullmatch(line) for line in JOURNAL.read_text("utf-8").splitlines()]
        return [line[1] for line in found if line is not None]


@pytest.fixture
def report(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Reporter]:
    """Work in a folder with a plan and no journal."""
    (tmp_path / "plan.toml").write_text(dedent(PLAN), "utf-8")
    with in_process(capsys, monkeypatch, tmp_path) as cli:
        yield Reporter(cli)


def test_a_delivery_is_written_and_its_effect_said(report: Reporter) -> None:
    """One line, with the agency by any of its names, and how many have delivered before and after."""
    said = report.says(
        "done", "I.1", "--agency", "north school", "--on", "13/01/2026", "--document", "7/BC", "--by", "An"
    )
    assert said == "forms: 0/3 → 1/3 (North done on 13 Jan 2026, on time)"
    assert report.written == [
        'on = 2026-01-13, task = "forms", agency = "north", kind = "done", document = "7/BC", by = "An"'
    ]


def test_several_agencies_deliver_at_once(report: Reporter) -> None:
    """Named one by one, or as a group: then those who have not delivered yet."""
    assert report.says("done", "forms", "--agency", "north,South") == (
        "forms: 0/3 → 2/3 (North done on 14 Jan 2026, on time; South done on 14 Jan 2026, on time)"
    )
    assert report.says("done", "forms", "--group", "schools", as_of="2026-01-18") == (
        "forms: 2/3 → 3/3 (West done on 18 Jan 2026, 2 days late)"
    )
    assert report.refuses("done", "forms", "--all-agencies", as_of="2026-01-18") == (
        "nobody of these has anything left to deliver for “forms”; cdsplan log forms shows what was delivered"
    )
    assert len(report.written) == 3


def test_an_agency_whose_name_has_commas_is_named_like_any_other(report: Reporter) -> None:
    """The whole text is one name where there is such a name, else a list; two that share it must be told apart."""
    Path("plan.toml").write_text(
        PLAN.replace("The head teacher", "Culture, Sports and Tourism")
        .replace("North school", "Sở Văn hóa, Thể thao và Du lịch")
        .replace("South school", "Parks, Ponds")
        .replace("West school", "Parks, Ponds")
    )
    assert report.says("done", "forms", "--agency", "Sở Văn hóa, Thể thao và Du lịch") == (
        "forms: 0/3 → 1/3 (North done on 14 Jan 2026, on time)"
    )
    assert report.says("done", "report", "--agency", "culture, sports and tourism").startswith("report: not started →")
    assert report.refuses("done", "forms", "--agency", "parks, ponds") == (
        "“parks, ponds” fits several agencies; name one of them: south, west"
    )
    assert report.says("done", "forms", "--agency", " south , west,").startswith("forms: 1/3 → 3/3")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (
            ("done", "forms"),
            "“forms” is delivered by each of 3 agencies: say which; --agency so-yt,so-tc, --group so-nganh",
        ),
        (("done", "froms"), "there is no task “froms”; did you mean: forms?"),
        (("done", "forms", "--agency", "nroth"), "there is no agency “nroth”; did you mean: north"),
        (
            ("done", "forms", "--agency", "north,head"),
            "“forms” does not expect anything from: head; cdsplan missing forms lists who still has to deliver",
        ),
        (
            ("done", "report", "--on", "2026-01-15"),
            "15 Jan 2026 has not come yet: today is 14 Jan 2026; record it on the day, or look at --on",
        ),
        (("done", "report", "--agency", "north"), "“north” does not lead “report”; it is led by: head"),
        (
            ("done", "party", "--agency", "north"),
            "“north” does not lead “party”; leave the agency out: nobody is named as the lead",
        ),
        (("done", "report", "--document", "  "), "--document is empty"),
        (("done", "report", "--by", "x" * 301), "--by has 301 characters; at most 300 fit"),
        (("done", "report", "--by", "a\u202eb"), "--by holds characters that do not show: a\ufffdb"),
        (("start", "forms"), "“forms” is delivered by each of 3 agencies: say which; --agency"),
        (("reopen", "forms"), "“forms” is delivered by each of 3 agencies: say which; --agency"),
        (("reopen", "report"), "“report” is open; only what is done or cancelled can be reopened"),
        (("undo",), "the journal has nothing to undo; see: cdsplan log"),
        (("undo", "--entry", "x"), "there is no entry “x”; cdsplan log shows the ids"),
        (("extend", "report", "--due", "soon"), "“soon” is not a deadline in any known form"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_written(
    report: Reporter, arguments: tuple[str, ...], why: str
) -> None:
    """With a way out, and without so much as an empty file."""
    assert report.refuses(*arguments).startswith(why)
    assert not JOURNAL.exists()


def test_what_does_not_follow_is_refused(report: Reporter) -> None:
    """Each from the state in which the ones before have left the task."""
    report.says("done", "forms", "--agency", "north")
    report.says("start", "report", "--on", "2026-01-12")
    north, start = ids()
    assert report.refuses("done", "forms", "--agency", "south,north") == (
        "“forms (North)” was delivered on 14 Jan 2026 already; --again records a further delivery; if the one that is "
        f"there is wrong: cdsplan undo --entry {north}"
    )
    assert report.refuses("cancel", "forms", "--agency", "north") == (
        "“forms (North)” is done; if it is not: cdsplan reopen forms --agency north"
    )
    assert report.refuses("start", "report") == (
        f"“report” was started on 12 Jan 2026 already; if the one that is there is wrong: cdsplan undo --entry {start}"
    )
    report.says("done", "report")
    assert report.refuses("progress", "report", "40") == "“report” is done; if it is not: cdsplan reopen report"
    report.says("cancel", "party")
    assert report.refuses("cancel", "party") == "“party” is cancelled already; cdsplan log shows the decision"
    assert report.refuses("done", "party") == (
        "“party” is cancelled; if it must be done after all: cdsplan reopen party"
    )
    assert report.refuses("extend", "party", "--due", "2026-02-01").startswith("“party” is cancelled; if it must")


def ids() -> list[str]:
    """Give the ids of the entries as they stand in the journal."""
    return [line.partition(" =")[0] for line in JOURNAL.read_text("utf-8").splitlines()]


def test_a_second_delivery_names_the_entry_that_stands(report: Reporter) -> None:
    """Undoing what the hint names takes back this agency's delivery, whatever was recorded since."""
    report.says("done", "forms", "--agency", "north", "--on", "2026-01-07")
    report.says("reopen", "forms", "--agency", "north", "--on", "2026-01-08")
    report.says("cancel", "forms", "--on", "2026-01-08")
    report.says("reopen", "forms", "--on", "2026-01-08")
    report.says("done", "forms", "--agency", "north", "--on", "2026-01-09")
    report.says("done", "forms", "--agency", "north", "--again", "--on", "2026-01-12")
    report.says("done", "forms", "--agency", "south", "--on", "2026-01-12")
    stands = ids()[4]

    assert report.refuses("done", "forms", "--agency", "north").endswith(f": cdsplan undo --entry {stands}")
    assert report.says("undo", "--entry", stands).startswith("forms: 2/3 → 2/3 (North done on 12 Jan 2026")
    assert report.refuses("done", "forms", "--agency", "north").endswith(f": cdsplan undo --entry {ids()[5]}")


def test_what_the_plan_s_file_says_is_not_undone(report: Reporter) -> None:
    """Undo takes back entries only: the hint leads to the file, also where a supplement stands in the journal."""
    plan = Path("plan.toml")
    facts = 'title = "Party"\nowner = "head"\nstarted = 2026-01-06\n'
    plan.write_text(PLAN.replace('title = "Party"\n', facts), "utf-8")
    assert report.refuses("start", "party") == (
        "“party” was started on 6 Jan 2026 already; the plan’s file says so; if it is wrong, change “started” there"
    )
    way_back = "--again records a further delivery; the plan’s file says so; if it is wrong, change “done” there"
    plan.write_text(plan.read_text("utf-8") + "done = 2026-01-09\n", "utf-8")
    report.says("done", "party", "--again", "--on", "2026-01-09")
    assert report.refuses("done", "party") == f"“party” was delivered on 9 Jan 2026 already; {way_back}"
    plan.write_text(PLAN.replace('title = "Party"\n', 'title = "Party"\ndone = true\n'), "utf-8")
    assert report.refuses("done", "party") == (f"“party” was delivered already, on a day that nobody knows; {way_back}")


def test_the_way_out_is_for_the_agency_that_was_named(report: Reporter) -> None:
    """What was cancelled for one agency is opened for it alone; what was cancelled for all, for all."""
    report.says("cancel", "forms", "--agency", "north")
    assert report.refuses("done", "forms", "--agency", "north") == (
        "“forms (North)” is cancelled; if it must be done after all: cdsplan reopen forms --agency north"
    )
    report.says("reopen", "forms", "--agency", "north")
    report.says("cancel", "forms")
    assert report.refuses("done", "forms", "--agency", "north") == (
        "“forms (North)” is cancelled; it is for all; if all must deliver after all: cdsplan reopen forms"
    )
    report.says("reopen", "forms")
    report.says("done", "forms", "--agency", "north")


def test_every_report_says_old_and_new(report: Reporter) -> None:
    """In the words of a status."""
    assert report.says("start", "report", "--on", "2026-01-12") == "report: not started → in progress since 12 Jan 2026"
    assert report.says("progress", "report", "40") == "report: in progress since 12 Jan 2026 → in progress, 40%"
    assert report.says("done", "report") == "report: in progress, 40% → done on 14 Jan 2026, on time"
    assert report.says("reopen", "report", "--reason", "pages missing") == (
        "report: done on 14 Jan 2026, on time → in progress, 40%"
    )
    assert report.says("note", "report", "rang  them\nup") == "report: the note is in the journal"
    assert report.says("undo") == "report: the note was taken back"
    taken_back = JOURNAL.read_text("utf-8").splitlines()[-1].partition(" =")[0]
    assert report.says("undo", "--entry", taken_back) == "report: the note is in the journal"
    assert report.says("cancel", "party") == "party: not started → cancelled"
    assert report.says("done", "forms", "--agency", "west") == ("forms: 0/3 → 1/3 (West done on 14 Jan 2026, on time)")
    assert report.says("cancel", "forms", "--agency", "south") == "forms: 1/3 → 1/2 (South cancelled)"
    assert report.says("cancel", "forms") == "forms: 1/2 → cancelled (3 agencies)"
    assert report.says("reopen", "forms") == "forms: cancelled → 1/2 (3 agencies)"
    assert report.says("done", "forms", "--agency", "west", "--again", "--document", "9/BC") == (
        "forms: 1/2 → 1/2 (West done on 14 Jan 2026, on time)"
    )
    assert report.written[4] == 'on = 2026-01-14, task = "report", kind = "note", note = "rang them up"'
    assert report.written[3] == 'on = 2026-01-14, task = "report", kind = "reopened", reason = "pages missing"'


def test_done_without_a_deadline_is_neither_on_time_nor_late(report: Reporter) -> None:
    """There is nothing to hold it against."""
    assert report.says("done", "party") == "party: not started → done on 14 Jan 2026"


def test_a_deadline_is_moved_for_all_or_for_some(report: Reporter) -> None:
    """The reading of the new words is said; who is meant stands beside the task."""
    assert report.says("extend", "report", "--due", "trước ngày 15/02/2026", "--document", "12/UBND") == (
        "report: deadline 30 Jan 2026 → 15 Feb 2026 – 15 Feb 2026: before a day is read as up to and including that "
        'day, 15 Feb 2026 ([reading] before = "inclusive")'
    )
    assert report.says("extend", "forms", "--due", "2026-01-23", "--agency", "south,west", "--reason", "floods") == (
        "forms (South, West): deadline 16 Jan 2026 → 23 Jan 2026 – 23 Jan 2026: the day that the words name"
    )
    assert report.written[0] == (
        'on = 2026-01-14, task = "report", kind = "extended", due = "trước ngày 15/02/2026", document = "12/UBND"'
    )
    assert [line.partition(", kind")[0] for line in report.written[1:]] == [
        'on = 2026-01-14, task = "forms", agency = "south"',
        'on = 2026-01-14, task = "forms", agency = "west"',
    ]


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (
            ("report", "--due", "2025-02-15"),
            (
                (
                    "Please check: the new deadline, 15 Feb 2025, is before the plan starts on 5 Jan 2026 (is it the "
                    "right year?)"
                ),
                "If it is not meant so, take it back: cdsplan undo",
            ),
        ),
        (("report", "--due", "2026-01-05"), (  # the first day of the plan: earlier, and over when it is decided
            "Please check: the new deadline, 5 Jan 2026, is before the day of the decision, 14 Jan 2026",
            "Please check: the new deadline, 5 Jan 2026, is 25 days earlier than the one before it, 30 Jan 2026",
            "If it is not meant so, take it back: cdsplan undo",
        )),
        (
            ("report", "--due", "2026-01-29", "--dry-run"),
            (
                "Please check: the new deadline, 29 Jan 2026, is 1 day earlier than the one before it, 30 Jan 2026",
                "Nothing was written (--dry-run).",
            ),
        ),
        (("report", "--due", "2026-01-30"), (
            "Please check: the deadline is 30 Jan 2026 as before",
            "If it is not meant so, take it back: cdsplan undo",
        )),
        (("report", "--due", "2026-01-31"), ()),
        (("report", "--due", "ongoing"), ()),
        (("party", "--due", "2026-01-30"), ()),
    ],
)  # fmt: skip
def test_a_deadline_that_is_moved_to_an_earlier_day_is_doubted(
    report: Reporter, arguments: tuple[str, ...], lines: tuple[str, ...]
) -> None:
    """It is recorded (deadlines are shortened, too), and whoever slipped in the year or the day sees it at once."""
    said = report.says("extend", *arguments).split("\n")

    assert tuple(said[1:]) == lines
    assert JOURNAL.exists() is ("--dry-run" not in arguments)


def test_a_doubt_names_the_members_whom_it_concerns(report: Reporter) -> None:
    """South had more time by an earlier decision, west keeps the plan's day; north is not asked about."""
    report.says("extend", "forms", "--due", "2026-01-23", "--agency", "south")

    said = report.says("extend", "forms", "--due", "2026-01-20", "--agency", "south,west").split("\n")

    assert said[1:] == [
        "Please check: the new deadline, 20 Jan 2026, is 3 days earlier than the one before it, 23 Jan 2026 (South)",
        "If it is not meant so, take it back: cdsplan undo --entry ID (cdsplan log shows the ids)",
    ]
    assert "Please check" not in report.says("undo")  # west has the plan's day again
    found = json.loads(report.says("extend", "forms", "--due", "2026-01-19", "--agency", "south", "--format", "json"))
    assert found["doubts"] == [
        "the new deadline, 19 Jan 2026, is 1 day earlier than the one before it, 20 Jan 2026 (South)"
    ]


def test_undo_takes_back_the_entry_that_was_written_last(report: Reporter) -> None:
    """Also of several that were written in one second; undoing the undo brings it back."""
    report.says("done", "forms", "--agency", "north,south")
    assert report.says("undo", "--by", "An") == "forms: 2/3 → 1/3 (South not started)"
    assert report.says("undo") == "forms: 1/3 → 0/3 (North not started)"
    assert report.refuses("undo") == "the journal has nothing to undo; see: cdsplan log"
    first, _, void, _ = (line.split(" ")[0] for line in JOURNAL.read_text("utf-8").splitlines())
    assert report.refuses("undo", "--entry", first) == (
        f"“{first}” is undone already; to bring it back, undo the entry that undid it"
    )
    assert report.says("undo", "--entry", void) == "forms: 0/3 → 1/3 (South done on 14 Jan 2026, on time)"


@pytest.mark.parametrize(
    "command",
    [
        ("done", "forms", "--agency", "north"),
        ("note", "forms", "Called them"),
        ("undo",),
        ("record", "sheet.csv"),
        ("done", "forms", "--agency", "north", "--format", "json"),
    ],
)
@pytest.mark.parametrize("file", ["none/x", ".", "plan.toml"])
def test_nothing_is_recorded_where_the_answer_has_no_place(
    report: Reporter, tmp_path: Path, command: tuple[str, ...], file: str
) -> None:
    """Whoever reads that it failed repeats it: so nothing has been done, and nothing is left behind."""
    report.says("done", "forms", "--agency", "south")
    Path("sheet.csv").write_text("task,agency,day\nforms,north,14/01/2026\n", "utf-8")
    before, files = JOURNAL.read_bytes(), set(tmp_path.iterdir())

    ran = report(*command, "-o", file)

    assert ran.code == 2
    assert ran.err.startswith(f"error CDS101: {file}")
    assert (JOURNAL.read_bytes(), set(tmp_path.iterdir())) == (before, files)


@pytest.mark.parametrize("form", ["plain", "json"])
def test_an_answer_that_is_lost_says_that_it_is_recorded(
    report: Reporter, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """A full disk is found out too late: the entries are named, so that nobody records them again."""
    Path("sheet.csv").write_text("task,agency,day\nforms,north,14/01/2026\nforms,west,14/01/2026\n", "utf-8")

    def full(*_: object) -> None:
        raise PlanError((Problem(code="CDS101", message=msg("the disk is full")),))

    with monkeypatch.context() as lost:
        lost.setattr("cdsplan.cli.frame.Run.emit", full)
        one = report("done", "forms", "--agency", "south", "--format", form)
        two = report("record", "sheet.csv", "--format", form)
        again = report("record", "sheet.csv", "--format", form)
        dry = report("note", "forms", "x", "--dry-run", "--format", form)

    first, second, third = (line.split(" = ")[0] for line in JOURNAL.read_text("utf-8").splitlines())
    hint = "   = hint: do not repeat the command; cdsplan log shows what is recorded\n1 error\n"
    assert (one.code, two.code, again.code, dry.code) == (2, 2, 2, 2)
    assert one.err == (
        f"error CDS101: the disk is full; 1 entry is recorded all the same ({first}), "
        f"only the answer is missing\n{hint}"
    )
    assert two.err == (
        f"error CDS101: the disk is full; 2 entries are recorded all the same ({second}, {third}), "
        f"only the answer is missing\n{hint}"
    )
    assert again.err == dry.err == "error CDS101: the disk is full\n1 error\n"


def test_of_a_long_sheet_the_first_entries_are_named(report: Reporter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three ids are enough to find them by."""

    def full(*_: object) -> None:
        raise PlanError((Problem(code="CDS101", message=msg("the disk is full")),))

    rows = "".join(f"forms,{agency},1{day}/01/2026\n" for agency in ("north", "south") for day in (2, 3))
    Path("sheet.csv").write_text(f"task,agency,day\n{rows}", "utf-8")
    monkeypatch.setattr("cdsplan.cli.frame.Run.emit", full)

    told = report("record", "sheet.csv", "--again").err

    ids = [line.split(" = ")[0] for line in JOURNAL.read_text("utf-8").splitlines()]
    assert f"; 4 entries are recorded all the same ({', '.join(ids[:3])}, …), only the answer is missing\n" in told


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has it")
def test_a_full_disk_says_what_is_recorded(report: Reporter, tmp_path: Path) -> None:
    """The same from a program of its own, whose standard output cannot be written."""
    del report
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "cdsplan", "done", "party", "--lang", "en"],
            cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, check=False, env=os.environ | {"PYTHONPATH": str(ROOT)},
        )  # fmt: skip

    entry = JOURNAL.read_text("utf-8").split(" = ")[0]
    assert ran.returncode == 2
    assert ran.stderr.decode().startswith(
        "error CDS101: standard output cannot be written (No space left on device); "
        f"1 entry is recorded all the same ({entry}), only the answer is missing\n"
    )


def test_a_dry_run_says_the_same_and_writes_nothing(report: Reporter) -> None:
    """So that one can look before one writes."""
    assert report.says("done", "forms", "--agency", "north", "--dry-run") == (
        "forms: 0/3 → 1/3 (North done on 14 Jan 2026, on time)\nNothing was written (--dry-run)."
    )
    assert not JOURNAL.exists()


def test_what_was_recorded_is_given_as_data(report: Reporter) -> None:
    """With the ids that undo needs."""
    found = json.loads(report.says("done", "forms", "--agency", "north", "--format", "json"))
    (entry,) = found["entries"]
    assert entry.pop("id") == JOURNAL.read_text("utf-8").split(" ")[0]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00", entry.pop("at"))
    assert {key: value for key, value in entry.items() if value is not None} == {
        "on": "2026-01-14", "kind": "done", "task": "forms", "agency": "north",
    }  # fmt: skip
    assert found["effects"] == ["forms: 0/3 → 1/3 (North done on 14 Jan 2026, on time)"]
    assert found["dry_run"] is False


def test_a_plan_from_standard_input_has_no_journal(report: Reporter, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no folder to put it into."""
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BufferedReader(BytesIO(PLAN.encode()))))
    ran = report("done", "party", "-p", "-")
    assert ran.code == 2
    assert ran.err.startswith(
        "error CDS100: a plan from standard input has no journal\n   = hint: name the plan’s file"
    )


def test_several_plans_have_several_journals(report: Reporter) -> None:
    """A task tells which; an undo must be told."""
    Path("other.toml").write_text(PLAN.replace('"school"', '"other"').replace("tasks.party", "tasks.fair"), "utf-8")
    both = ("-p", "plan.toml", "-p", "other.toml")
    report.says("done", "fair", *both)
    assert [path.name for path in Path().glob("*.journal.toml")] == ["other.journal.toml"]
    assert report.refuses("undo", *both) == "there are several plans here: name one with -p FILE"


def test_a_broken_journal_stops_everything_that_reads_it(report: Reporter) -> None:
    """All problems at once, exit 2, and nothing is added behind them."""
    JOURNAL.write_text('x = 1\ny = { at = 3 }\nz = { at = "', "utf-8")
    for command in (("status",), ("done", "party"), ("undo", "--dry-run")):
        ran = report(*command)
        assert ran.code == 2
        assert [line for line in ran.err.splitlines() if line.startswith("plan.journal.toml:")] == [
            "plan.journal.toml:1:1: error CDS106: this is no entry",
            "plan.journal.toml:2:5: error CDS105: the key “on” is missing",
            "plan.journal.toml:2:5: error CDS105: the key “kind” is missing",
            "plan.journal.toml:2:5: error CDS105: the key “task” is missing",
            "plan.journal.toml:2:12: error CDS106: a date with a time of day is wanted here, not a number",
            f"plan.journal.toml:3:1: error CDS114: {TORN}",
        ]
    assert JOURNAL.read_text("utf-8") == 'x = 1\ny = { at = 3 }\nz = { at = "'


def test_what_if_knows_the_journal(report: Reporter) -> None:
    """The forms are in since Friday 9 January, so five days' work end on Friday the 16th, and done it ends today."""
    for agency in ("north", "south", "west"):
        report.says("done", "forms", "--agency", agency, "--on", "2026-01-09")
    found = json.loads(report.says("whatif", "report", "--add-days", "1", "--format", "json"))
    assert found["finish"] == {"before": "2026-01-16", "after": "2026-01-19", "days": 3}
    report.says("progress", "report", "40")
    longer = json.loads(report.says("whatif", "report", "--add-days", "2", "--format", "json"))
    assert longer["finish"] == {"before": "2026-01-19", "after": "2026-01-21", "days": 2}
    report.says("extend", "report", "--due", "2026-01-15")
    later = json.loads(report.says("whatif", "report", "--due", "2026-02-20", "--format", "json"))
    assert [deadline["id"] for deadline in later["deadlines"]] == ["report"]
    done = json.loads(report.says("whatif", "report", "--done", "2026-01-14", "--format", "json"))
    assert done["finish"] == {"before": "2026-01-19", "after": "2026-01-14", "days": -5}


def test_a_deadline_that_was_moved_has_the_words_of_the_decision(report: Reporter) -> None:
    """The card of the task and its milestone show what the last good day was read from; the plan's words stand beside.

    Of what had no deadline, there was none before.
    """
    report.says("extend", "report", "--due", "chậm nhất ngày 15/02/2026", "--document", "12/UBND")
    shown = report("show", "report").out.splitlines()
    deadline = next(at for at, line in enumerate(shown) if line.startswith("Deadline"))
    assert shown[deadline].split(maxsplit=1)[1] == "“chậm nhất ngày 15/02/2026”"
    assert shown[deadline + 1].strip() == "in the plan: “2026-01-30”"
    assert report.says("extend", "party", "--due", "2026-02-02").startswith("party: deadline none → 2 Feb 2026 – ")
    shown = report("show", "party").out.splitlines()
    assert next(line.split(maxsplit=1)[1] for line in shown if line.startswith("Deadline")) == "“2026-02-02”"
    assert "in the plan: none" in "\n".join(shown)


def doubts(report: Reporter, command: str, *arguments: str) -> list[str]:
    """Run a command that must succeed; give what it asks to check."""
    lines = report.says(command, *arguments).split("\n")
    return [line.removeprefix("Please check: ") for line in lines if line.startswith("Please check: ")]


def changes_nothing(day: str, later: str) -> str:
    """Say that a report of a day changes nothing."""
    return f"what is reported of {day} changes nothing, as a later report counts: {later}"


def test_who_reports_back_in_time_sees_what_outweighs_it(report: Reporter) -> None:
    """A later report holds: it is named; what changes something, or only repeats, is not doubted."""
    assert doubts(report, "done", "report", "--on", "2026-01-12") == []
    assert doubts(report, "reopen", "report", "--on", "2026-01-08") == [
        changes_nothing("8 Jan 2026", "done, 12 Jan 2026")
    ]
    assert doubts(report, "done", "report", "--again", "--on", "2026-01-12") == []
    assert doubts(report, "reopen", "report", "--on", "2026-01-13") == []
    assert doubts(report, "done", "report", "--on", "2026-01-12") == [
        changes_nothing("12 Jan 2026", "reopened, 13 Jan 2026")
    ]


def test_a_share_that_others_outweigh_is_told_with_its_agency(report: Reporter) -> None:
    """What is recorded of several agencies counts for some of them only."""
    report("progress", "forms", "40", "--agency", "north", "--on", "2026-01-12")
    assert doubts(report, "progress", "forms", "30", "--agency", "north,south", "--on", "2026-01-09") == [
        changes_nothing("9 Jan 2026", "in progress, 12 Jan 2026") + " (North)"
    ]
    assert doubts(report, "cancel", "forms", "--on", "2026-01-13") == []
    report("reopen", "forms", "--on", "2026-01-14")
    assert doubts(report, "cancel", "forms", "--on", "2026-01-13") == [
        changes_nothing("13 Jan 2026", "reopened, 14 Jan 2026")
    ]


def test_an_older_decision_on_a_deadline_is_told_not_to_count(report: Reporter) -> None:
    """The newest one holds: for all, and for an agency its own."""
    assert doubts(report, "extend", "forms", "--due", "2026-01-20", "--on", "2026-01-12") == []
    older = changes_nothing("9 Jan 2026", "deadline moved, 12 Jan 2026")
    assert doubts(report, "extend", "forms", "--due", "2026-01-18", "--on", "2026-01-09") == [older]
    assert doubts(report, "extend", "forms", "--due", "2026-01-19", "--on", "2026-01-09", "--agency", "west") == [
        f"{older} (West)"
    ]
    assert doubts(report, "extend", "forms", "--due", "2026-01-20", "--agency", "west") == [
        "the deadline is 20 Jan 2026 as before (West)"
    ]


def test_days_before_the_plan_are_doubted(report: Reporter) -> None:
    """Most are slips of the year; work may have been done before the plan all the same. The start itself is none."""
    assert doubts(report, "done", "report", "--on", "2025-01-12") == [
        "the day reported, 12 Jan 2025, is before the plan starts on 5 Jan 2026 (is it the right year?)"
    ]
    assert doubts(report, "done", "forms", "--agency", "north,south", "--on", "2025-01-12") == [
        (
            "2 of the days reported, the first of them 12 Jan 2025, are before the plan starts on 5 Jan 2026 "
            "(is it the right year?)"
        )
    ]
    assert doubts(report, "done", "party", "--on", "2026-01-05") == []
    assert doubts(report, "note", "party", "rang", "--on", "2025-01-05") == []


def test_what_is_done_before_its_own_start_is_doubted(report: Reporter) -> None:
    """One of the two is a slip; on the day of the start it may be done."""
    report.says("start", "report", "--on", "2026-01-08")
    assert doubts(report, "done", "report", "--on", "2026-01-07") == [
        "done on 7 Jan 2026, before it was started on 8 Jan 2026"
    ]
    report.says("undo")
    assert doubts(report, "done", "report", "--on", "2026-01-08") == []
    report.says("start", "forms", "--agency", "north,south", "--on", "2026-01-08")
    assert doubts(report, "done", "forms", "--agency", "north,south,west", "--on", "2026-01-07") == [
        "done on 7 Jan 2026, before it was started on 8 Jan 2026 (North, South)"
    ]


def test_of_a_sheet_days_before_the_plan_are_doubted(report: Reporter) -> None:
    """A sheet is recorded, and the slip shows at once."""
    Path("sheet.csv").write_text("agency,on\nnorth,2025-01-12\nsouth,2026-01-12\n", "utf-8")
    assert report.says("record", "forms", "sheet.csv").split("\n")[1:] == [
        "Please check: the day reported, 12 Jan 2025, is before the plan starts on 5 Jan 2026 (is it the right year?)",
        "If it is not meant so, take it back: cdsplan undo --entry ID (cdsplan log shows the ids)",
        "2 rows recorded.",
    ]


def test_a_look_back_records_nothing_twice(report: Reporter) -> None:
    """What was delivered later than the day that is looked at has been delivered all the same, and can be undone."""
    report("done", "forms", "--agency", "north", as_of="2026-01-14")
    again = ("done", "forms", "--agency", "north", "--on", "2026-01-12")
    assert report.refuses(*again, as_of="2026-01-13").startswith("“forms (North)” was delivered on 14 Jan 2026 already")
    assert report.says("undo", as_of="2026-01-07") == "forms: 1/3 → 0/3 (North not started)"


def test_members_of_what_is_cancelled_as_a_whole_are_not_reopened_one_by_one(report: Reporter) -> None:
    """It would change nothing; afterwards one that is cancelled alone, or has delivered, can be reopened."""
    report("done", "forms", "--agency", "north")
    report("cancel", "forms", "--agency", "west")
    report("cancel", "forms")
    assert report.refuses("reopen", "forms", "--agency", "south") == (
        "“forms” is cancelled for all; reopen it for all, then cancel it for whom it need not be done: "
        "cdsplan reopen forms"
    )
    assert report.says("reopen", "forms") == "forms: cancelled → 1/2 (3 agencies)"
    assert report.says("reopen", "forms", "--agency", "west") == "forms: 1/2 → 1/3 (West not started)"
    assert report.says("reopen", "forms", "--agency", "north") == "forms: 1/3 → 0/3 (North in progress)"


def test_the_start_of_what_is_open_again_is_nobodys_word(report: Reporter) -> None:
    """Why it stands where it does names no day and no percentage that was never reported."""
    report("done", "report", "--on", "2026-01-13")
    report("reopen", "report")
    said = report.says("why", "report", "--forecast", "--format", "plain")
    assert "in progress; what is left starts once" in " ".join(said.split())
    assert "None" not in said


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("none", "“none” is not a deadline in any known form; write for example “before 30/9/2026”, "),
        ("", "“” is not a deadline in any known form; write for example “30/9/2026”, “2026-09-30”, "),
        ('{ words = "Theo Bộ", date = 2026-06-30 }', "write for example “trước ngày 30/9/2026”, "),
        ("10 working days after the forms", "; here it cannot be counted: look up the day, and write it"),
        ("monthly by 20", "“monthly by 20” recurs, and “due” is for a single deadline; write for example “before 30/"),
    ],
)
def test_an_option_is_not_told_to_hold_a_table(report: Reporter, words: str, why: str) -> None:
    """`extend` and `whatif` take a deadline in words: what they advise must be what they take."""
    for command in ("extend", "whatif"):
        said = report.refuses(command, "report", "--due", words)
        assert why in said
        assert not re.search(r"(words|date|after|repeat) =", said.replace(words, ""))


@pytest.mark.parametrize("name", ["schoools", "@school-s", "@Schools"])
def test_a_group_that_is_misspelt_is_offered(report: Reporter, name: str) -> None:
    """It is a group that is missing, and groups are what is near."""
    said = report.refuses("done", "forms", "--group", name)
    assert said == f"there is no group “@{name.removeprefix('@')}”; did you mean: @schools?"


def test_a_counted_deadline_that_is_moved_was_one(report: Reporter) -> None:
    """Ten working days after Friday 9 January are Friday 23 January; without the event nobody can tell the day."""
    Path("plan.toml").write_text(
        dedent(PLAN) + '\n[tasks.act]\ntitle = "Act"\ndue = { after = "meet", working-days = 10 }\n'
        '[tasks.meet]\ntitle = "Meet"\n',
        "utf-8",
    )
    move = ("extend", "act", "--due", "12/1/2026", "--document", "1/QD", "--on", "12/1/2026")
    assert report.says(*move, "--dry-run").startswith("act: deadline undetermined → 12 Jan 2026 – ")
    report.says("done", "meet", "--on", "9/1/2026")

    said = report.says(*move)
    assert said.startswith("act: deadline 23 Jan 2026 → 12 Jan 2026 – 12 Jan 2026: the day that the words name\n")
    assert "the new deadline, 12 Jan 2026, is 11 days earlier than the one before it, 23 Jan 2026" in said
    assert report.says("undo").startswith("act: deadline 12 Jan 2026 → 23 Jan 2026 – ")
    assert report.says("done", "act", "--on", "26/1/2026", as_of="2026-01-26") == (
        "act: not started → done on 26 Jan 2026, 3 days late"
    )
