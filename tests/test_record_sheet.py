"""`cdsplan record`: a sheet goes into the journal whole or not at all, and a second time adds nothing."""

from __future__ import annotations

import json
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from invoke import NGHEAN, ROOT, Cli, in_process

from cdsplan.deliveries.recorded import MOST_UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Golden

PLAN = """
[plan]
id = "office"
title = "The office"
start = 2021-08-23
timezone = "Asia/Ho_Chi_Minh"
[agencies]
so-yt = { name = "Sở Y tế", short = "Sở YT" }
so-tc = { name = "Sở Tài chính", short = "Sở TC" }
so-nv = { name = "Sở Nội vụ", short = "Sở NV", formerly = ["so-noi-vu"] }
vinh = { name = "UBND thành phố Vinh" }
vinh-2 = { name = "UBND Thành phố  Vinh" }
bo = { name = "Bộ TT&TT" }
[groups]
so = ["so-yt", "so-tc"]
[tasks.khao-sat]
title = "Khảo sát hiện trạng"
number = "I.1"
each = ["@so", "so-nv", "vinh"]
due = "trước ngày 30/9/2021"
[tasks.gop-y]
title = "Góp ý"
each = ["@so"]
[tasks.hop]
title = "Họp"
owner = "so-nv"
[tasks.hop-2]
title = "HỌP"
owner = "bo"
"""
IN_FULL = "write day, month and year in full: 28/9/2021 or 2021-09-28"
NO_TIME = "mend it, or leave it out: the day is what counts"
AS_OF = ("--as-of", "2021-10-05", "--lang", "en")


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """Run in a folder that holds the plan."""
    (tmp_path / "plan.toml").write_text(PLAN, "utf-8")
    with in_process(capsys, monkeypatch, tmp_path) as made:
        yield made


def journal() -> list[str]:
    """Give the lines of the journal without their ids and instants."""
    path = Path("plan.journal.toml")
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return [line.partition(", on = ")[2].removesuffix(" }") for line in lines]


def save(text: str, name: str = "a.csv") -> str:
    """Write a sheet; give its name."""
    Path(name).write_text(text, "utf-8", newline="")
    return name


def test_a_sheet_goes_into_the_journal_row_by_row(cli: Cli) -> None:
    """Names in any form, days in any form, documents; who records it is an option or a column; the rest is named."""
    file = save(
        "STT;Đơn vị;Ngày gửi;Số, ký hiệu;Người ghi;Lý do;Ghi chú\n"
        "1;sở y tế;28/9/2021;123/BC 28/9/2021;;;x\n"
        "2;so-tc;2021-10-4;;An;ốm;\n"
        "3;SO NV;01-10-2021 16:45;\n"
    )

    ran = cli("record", "I.1", file, "--by", "Bình", *AS_OF)

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "khao-sat: 0/4 → 3/4 (Sở YT done on 28 Sep 2021, on time; Sở TC done on 4 Oct 2021, 4 days late; Sở NV done on "
        "1 Oct 2021, 1 day late)\n3 rows recorded.\nColumns that were not used: STT, Ghi chú\n"
    )
    assert journal() == [
        '2021-09-28, task = "khao-sat", agency = "so-yt", kind = "done", document = "123/BC 28/9/2021", by = "Bình"',
        '2021-10-04, task = "khao-sat", agency = "so-tc", kind = "done", reason = "ốm", by = "An"',
        '2021-10-01, task = "khao-sat", agency = "so-nv", kind = "done", by = "Bình"',
    ]


@pytest.mark.parametrize(
    "day",
    [
        "28/9/2021 8:05:03 SA",
        "28/9/2021 12:00:00 AM",
        "28/9/2021 5:30 ch",
        "2021-09-28T00:00:00.000",
        "28/09/2021 00:00:00.000",
        "28/9/2021 24:00",
    ],
)
def test_a_time_of_day_is_left_out(cli: Cli, day: str) -> None:
    """As Excel writes it in Vietnam and elsewhere, and as programs write it."""
    save(f"cơ quan;ngày\nso-yt;{day}\n")
    assert cli("record", "khao-sat", "a.csv", *AS_OF).err == ""
    assert journal() == ['2021-09-28, task = "khao-sat", agency = "so-yt", kind = "done"']


@pytest.mark.parametrize(
    ("day", "why", "hint"),
    [
        ("9/28/2021", "there is no such day: 9/28/2021", "the day stands before the month: “28/9/2021”"),
        ("2021-28-9 08:00", "there is no such day: 2021-28-9", "the day stands before the month: “28/9/2021”"),
        ("30/2/2021", "there is no such day: 30/2/2021", IN_FULL),
        ("28/9/2021 25:05", "there is no such time of day: 25:05", NO_TIME),
        ("28/9/2021 24:01", "there is no such time of day: 24:01", NO_TIME),
        ("28/9/2021 8:60 SA", "there is no such time of day: 8:60", NO_TIME),
        ("28/9/2021 8:05:61", "there is no such time of day: 8:05:61", NO_TIME),
    ],
)
def test_a_day_that_does_not_exist_is_refused(cli: Cli, day: str, why: str, hint: str) -> None:
    """A time of day is left out only if there is such a time; a month before the day is seen for what it is."""
    save(f"cơ quan;ngày\nso-yt;{day}\n")
    ran = cli("record", "khao-sat", "a.csv", *AS_OF)
    assert ran.code == 2
    assert f"error CDS109: {why}\n" in ran.err
    assert f"= hint: {hint}\n" in ran.err


def test_a_register_of_incoming_mail_will_do(cli: Cli) -> None:
    """The day on which a report came in counts, not the one that it bears; its number, not that of the register."""
    save(
        "Ngày đến;Số văn bản đến;Tác giả;Số, ký hiệu văn bản;Ngày văn bản\n1/10/2021;77;Sở Y tế;123/BC-SYT;28/9/2021\n"
    )
    ran = cli("record", "khao-sat", "a.csv", *AS_OF)
    assert ran.out.endswith("Columns that were not used: Số văn bản đến, Ngày văn bản\n")
    save("Tác giả;Ngày văn bản;Số văn bản đến\nSở TC;29/9/2021;78\n")
    assert cli("record", "khao-sat", "a.csv", *AS_OF).out.endswith("1 row recorded.\n")
    assert journal() == [
        '2021-10-01, task = "khao-sat", agency = "so-yt", kind = "done", document = "123/BC-SYT"',
        '2021-09-29, task = "khao-sat", agency = "so-tc", kind = "done", document = "78"',
    ]


def test_the_task_may_be_a_column(cli: Cli) -> None:
    """By any of its names; tasks of one lead need no agency, and one that is named must lead it."""
    file = save("task,agency,on\nkhảo sát hiện trạng,so-yt,2021-09-01\nhop,,2021-09-02\nGOP Y,so-tc,2021-09-03\n")

    assert cli("record", file, *AS_OF).code == 0
    assert journal() == [
        '2021-09-01, task = "khao-sat", agency = "so-yt", kind = "done"',
        '2021-09-02, task = "hop", kind = "done"',
        '2021-09-03, task = "gop-y", agency = "so-tc", kind = "done"',
    ]


def test_a_former_id_is_a_name_too(cli: Cli) -> None:
    """A register that was begun before the rename still reads."""
    save("agency,on\nso-noi-vu,2021-09-01\n")

    assert cli("record", "khao-sat", "a.csv", *AS_OF).code == 0
    assert journal() == ['2021-09-01, task = "khao-sat", agency = "so-nv", kind = "done"']


def test_a_year_that_cannot_be_meant_is_told(cli: Cli) -> None:
    """A slip in the year is no delivery of long ago."""
    save("agency,on\nso-yt,2021-09-01\nso-tc,1/9/1021\n")

    ran = cli("record", "khao-sat", "a.csv", *AS_OF)

    assert "a.csv:3:7: error CDS109: years from 1990 to 2199 are read" in ran.err
    assert journal() == []


def test_a_second_time_adds_nothing(cli: Cli) -> None:
    """What is recorded identically is skipped and counted, also a row that the sheet has twice; new rows are added."""
    save("cơ quan,ngày,văn bản\nso-yt,1/9/2021,1/BC\nso-yt,1/9/2021,1/BC\nso-tc,2/9/2021,\n")
    first = cli("record", "khao-sat", "a.csv", *AS_OF)
    before = Path("plan.journal.toml").read_bytes()
    second = cli("record", "khao-sat", "a.csv", *AS_OF)

    assert first.out.splitlines()[1] == "2 rows recorded; 1 repeats a row above it."
    assert second.out == "0 rows recorded; 2 were recorded already; 1 repeats a row above it.\n"
    assert Path("plan.journal.toml").read_bytes() == before
    save("cơ quan,ngày,văn bản\nso-yt,1/9/2021,1/BC\nso-nv,2/9/2021,\n")
    assert cli("record", "khao-sat", "a.csv", *AS_OF).out.splitlines()[1] == "1 row recorded; 1 was recorded already."


def test_what_was_taken_back_may_be_recorded_again(cli: Cli) -> None:
    """An undone entry is none that a row repeats."""
    save("cơ quan,ngày\nso-yt,1/9/2021\n")
    cli("record", "khao-sat", "a.csv", *AS_OF)
    cli("undo", *AS_OF)

    assert cli("record", "khao-sat", "a.csv", *AS_OF).out.endswith("1 row recorded.\n")


def test_a_dry_run_writes_nothing(cli: Cli) -> None:
    """It says what would change; problems are told as ever."""
    save("cơ quan,ngày\nso-yt,1/9/2021\n")
    ran = cli("record", "khao-sat", "a.csv", "--dry-run", *AS_OF)

    assert ran.code == 0
    assert ran.out.splitlines()[1] == "1 row would be recorded; nothing was written (--dry-run)."
    said = cli("record", "khao-sat", "a.csv", "--dry-run", *AS_OF[:2], "--lang", "vi").out
    assert said.splitlines()[1] == "Sẽ ghi nhận 1 dòng; chưa ghi gì (--dry-run)."
    assert journal() == []
    save("cơ quan,ngày\nso,1/9/2021\n")
    assert cli("record", "khao-sat", "a.csv", "--dry-run", *AS_OF).code == 2


def test_a_supplement_is_asked_for(cli: Cli) -> None:
    """Another delivery of the same agency, recorded or in the sheet, needs --again; the first one is judged."""
    save("cơ quan,ngày,số\nso-yt,1/9/2021,1\nso-yt,2/9/2021,2\n")
    refused = cli("record", "khao-sat", "a.csv", *AS_OF)

    assert refused.code == 2
    assert "a.csv:3:1: error CDS116: “khao-sat (Sở YT)” was delivered on 1 Sep 2021 already" in refused.err
    assert journal() == []
    ran = cli("record", "khao-sat", "a.csv", "--again", *AS_OF)
    assert ran.out.startswith("khao-sat: 0/4 → 1/4 (Sở YT done on 1 Sep 2021, on time")
    assert len(journal()) == 2
    assert cli("record", "khao-sat", "a.csv", "--again", *AS_OF).out.startswith("0 rows recorded; 2")


def test_a_day_for_rows_without_one_may_be_given(cli: Cli) -> None:
    """--on fills them, and then the sheet needs no such column."""
    save("cơ quan\nso-yt\nso-tc\n")
    assert cli("record", "khao-sat", "a.csv", "--on", "3/9/2021", *AS_OF).code == 0
    save("cơ quan;ngày\nso-nv;\nvinh;4/9/2021\n")
    cli("record", "khao-sat", "a.csv", "--on", "5/9/2021", *AS_OF)
    assert [line[:10] for line in journal()] == ["2021-09-03", "2021-09-03", "2021-09-05", "2021-09-04"]


BAD = """\
nhiệm vụ;cơ quan;ngày;số văn bản;lý do
khao-sat;Sở Y;28/9/2021;;
khao-sat;so-yt;31/9/2021;;
khao-sat;so-tc;44467;;
khao-sat;so-tc;6/10/2021;;
khao-sat;so-tc;;;
;so-tc;1/9/2021;;
khảo sát;so-tc;1/9/2021;;
Họp;;1/9/2021;;
hop;so-yt;1/9/2021;;
khao-sat;;1/9/2021;;
khao-sat;@so;1/9/2021;;
khao-sat;so;1/9/2021;;
khao-sat;ubnd thanh pho vinh;1/9/2021;;
khao-sat;bo;1/9/2021;;
khao-sat;@phong;1/9/21;;
khao-sat;so-yt;1/9/2021;1;ok
khao-sat;so-yt;2/9/2021;2;zu spät
"""


@pytest.mark.parametrize("language", ["en", "vi"])
def test_everything_that_is_wrong_is_told_at_once(cli: Cli, golden: Golden, language: str) -> None:
    """Each bad cell with its place and a way out, exit 2, and nothing is recorded, not even the good rows."""
    save(BAD + f"khao-sat;so-nv;1/9/2021;;{'w' * 301}\n")

    ran = cli("record", "a.csv", "--as-of", "2021-10-05", "--lang", language)

    assert (ran.code, ran.out) == (2, "")
    golden(ran.err, f"record-bad.{language}.txt")
    assert journal() == []


def test_a_row_of_another_task_than_the_command_s_is_refused(cli: Cli) -> None:
    """A column beside TASK is held against it; rows that leave it empty are about TASK."""
    save("task,agency,on\n,so-yt,2021-09-01\nkhao-sat,so-tc,2021-09-01\ngop-y,so-tc,2021-09-01\n")

    ran = cli("record", "khao-sat", "a.csv", *AS_OF)

    assert ran.code == 2
    assert "a.csv:4:1: error CDS106: this row is about “gop-y”, not about “khao-sat”" in ran.err
    assert "1 error" in ran.err


def test_the_wrong_sheet_is_given_up(cli: Cli) -> None:
    """After a hundred names that nobody has, the rest is not looked at."""
    save("agency,on\n" + "".join(f"somebody {n},2021-09-01\n" for n in range(MOST_UNKNOWN + 50)))

    problems = json.loads(cli("record", "khao-sat", "a.csv", "--format", "json", *AS_OF).out)["problems"]

    assert [problem["rule"] for problem in problems] == ["CDS107"] * MOST_UNKNOWN + ["CDS101"]
    assert problems[-1]["line"] == MOST_UNKNOWN + 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("a", "b", "c.csv"), "name one task at most, then one file"),
        (("khao-sat", "nowhere.csv"), "nowhere.csv: there is no such file"),
        (("khao-sat", "."), ".: this is a folder, not a file"),
        (("nobody", "a.csv"), "there is no task “nobody”"),
        (("khao-sat", "a.csv", "--by", " "), "--by is empty"),
        (("khao-sat", "a.csv", "-p", "-"), "a plan from standard input has no journal"),
        (("a.csv", "-p", "plan.toml", "-p", NGHEAN), "there are several plans here: name one with -p FILE"),
        ((), "Missing argument"),
    ],
)
def test_a_wrong_command_is_told(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    """Too many names, no such file or task, several plans; exit 2."""
    save("cơ quan,ngày\nso-yt,1/9/2021\n")
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(PLAN.encode())))
    arguments = tuple(str(ROOT / NGHEAN) if argument == NGHEAN else argument for argument in arguments)

    ran = cli("record", *arguments, *AS_OF)

    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err


def test_standard_input_will_do(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """- reads it, as the tab-separated UTF-16 that spreadsheets call Unicode text, too."""
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO("Cơ quan\tNgày\r\nSở Y tế\t1/9/2021\r\n".encode("utf-16"))))

    assert cli("record", "khao-sat", "-", *AS_OF).code == 0
    assert journal() == ['2021-09-01, task = "khao-sat", agency = "so-yt", kind = "done"']


def test_a_sheet_without_rows_records_nothing(cli: Cli) -> None:
    """Exit 0, and it says so; no journal is begun."""
    save("cơ quan,ngày\n,\n")

    assert cli("record", "khao-sat", "a.csv", *AS_OF).out == "0 rows recorded.\n"
    assert not Path("plan.journal.toml").exists()


def test_the_answer_for_programs_counts_rows(cli: Cli) -> None:
    """What was added and changed, how many rows were there already or say a row anew, which columns were not used."""
    save("STT,cơ quan,ngày\n1,so-yt,1/9/2021\n")
    cli("record", "khao-sat", "a.csv", *AS_OF)
    save("STT,cơ quan,ngày\n1,so-yt,1/9/2021\n2,so-tc,1/9/2021\n3,so-tc,1/9/2021\n")

    document = json.loads(cli("record", "khao-sat", "a.csv", "--format", "json", *AS_OF).out)

    assert document["rows"] == {"recorded": 1, "known": 1, "repeated": 1, "unused_columns": ["STT"]}
    assert [(entry["task"], entry["agency"], entry["kind"]) for entry in document["entries"]] == [
        ("khao-sat", "so-tc", "done")
    ]
    assert document["effects"] == ["khao-sat: 1/4 → 2/4 (Sở TC done on 1 Sep 2021, on time)"]


class Terminal(TextIOWrapper):
    """A standard error that is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def test_a_long_sheet_shows_its_progress_on_a_terminal_only(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bar goes to standard error and away again; what is recorded is the same."""
    members = ", ".join(f'"a{n}"' for n in range(2000))
    agencies = "".join(f'a{n} = {{ name = "Agency {n}" }}\n' for n in range(2000))
    Path("plan.toml").write_text(
        '[plan]\nid = "p"\ntitle = "P"\nstart = 2021-08-23\ntimezone = "UTC"\n'
        f'[agencies]\n{agencies}[tasks.t]\ntitle = "T"\neach = [{members}]\n'
    )
    save("agency,on\n" + "".join(f"a{n},2021-09-01\n" for n in range(2000)))
    quiet = cli("record", "t", "a.csv", "--dry-run", *AS_OF)
    terminal = Terminal(BytesIO(), encoding="utf-8")
    monkeypatch.setattr("sys.stderr", terminal)

    ran = cli("record", "t", "a.csv", *AS_OF)

    terminal.flush()
    drawn = terminal.buffer.getvalue().decode()  # type: ignore[attr-defined] # it is a BytesIO
    assert quiet.err == ""
    assert ran.out == "t: 0/2000 → 2000/2000 (2000 agencies)\n2000 rows recorded.\n"
    assert "Rows" in drawn
    assert len(journal()) == 2000
