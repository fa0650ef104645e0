"""The command line as its users meet it: what it shows, where it looks, what it refuses, and its exit codes."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from datetime import date
from importlib import import_module
from io import BufferedReader, BytesIO, TextIOWrapper
from pathlib import Path
from runpy import run_module
from textwrap import dedent
from typing import TYPE_CHECKING, NoReturn

import click
import pytest
from invoke import NGHEAN, QUIET, ROOT, Cli, in_process

from cdsplan import __version__
from cdsplan.__main__ import Postponed
from cdsplan.cli.clock import Day
from cdsplan.cli.main import COMMANDS, run
from cdsplan.plan.reader import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Golden

ESCAPE = "\x1b"

PLAN = """\
[plan]
id = "school"
title = "Open the school"
start = 2026-01-05
timezone = "UTC"
[agencies]
head = { name = "The head teacher", short = "Head" }
town = { name = "The town" }
[tasks.clean]
title = "Clean the rooms"
owner = "town"
duration = "5d"
due = 2026-01-09
milestone = true
[tasks.open]
title = "Open the doors"
owner = "head"
duration = "~1d"
after = ["clean"]
due = 2026-01-20
"""


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """Run in a folder where `plan.toml` is the plan above."""
    (tmp_path / "plan.toml").write_text(PLAN, "utf-8")
    with in_process(capsys, monkeypatch, tmp_path) as made:
        yield made


def started(
    *arguments: str, folder: Path, given: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Start the program as a process of its own."""
    inherited = {name: value for name, value in os.environ.items() if name not in {*QUIET, "COLUMNS"}}
    return subprocess.run(
        [sys.executable, "-m", "cdsplan", *arguments],
        cwd=folder,
        env=inherited | {"PYTHONPATH": str(ROOT)} | environment,
        input=given,
        capture_output=True,
        check=False,
        timeout=60,
    )


# ---------------------------------------------------------------------------------------------- What people read

READ = {
    "status": ("status", "--all", "--as-of", "05/10/2021"),
    "status-soon": ("status", "--as-of", "29/9/2021"),
    "status-by-section": ("status", "--by", "section", "--as-of", "16/4/2022", "--format", "plain"),
    "show-khao-sat": ("show", "khao-sat", "--as-of", "05/10/2021"),
    "show-bao-cao-tinh-uy": ("show", "bao-cao-tinh-uy", "--as-of", "05/10/2021"),
    "show-bao-cao-bch": ("show", "bao-cao-bch", "--as-of", "05/10/2021", "--format", "plain"),
    "critical": ("critical",),
    "schedule": ("schedule", "--as-of", "05/10/2021"),
    "calendar-2022": ("calendar", "2022"),
}


HIDDEN_AT_100 = {
    ("critical", "en"): (
        "Not shown for want of room: “Title”, “Total float”. A terminal of 130 columns shows them, and so does "
        "--format plain.\n"
    ),
    ("critical", "vi"): (
        "Không đủ chỗ cho các cột: “Tên nhiệm vụ”, “Dự trữ toàn phần”. Mở rộng cửa sổ đến 130 cột, hoặc dùng "
        "--format plain, để xem đủ.\n"
    ),
    ("schedule", "en"): (
        "Not shown for want of room: “Title”, “Late start”, “Late finish”, “Free float”. A terminal of 149 columns "
        "shows them, and so does --format plain.\n"
    ),
    ("schedule", "vi"): (
        "Không đủ chỗ cho các cột: “Tên nhiệm vụ”, “Thời lượng”, “Bắt đầu muộn”, “Kết thúc muộn”, “Dự trữ tự do”. "
        "Mở rộng cửa sổ đến 163 cột, hoặc dùng --format plain, để xem đủ.\n"
    ),
}
"""What is said of the columns that a table of 100 leaves out."""


@pytest.mark.parametrize("code", ["en", "vi"])
@pytest.mark.parametrize("name", READ)
def test_the_real_plan_reads_well(
    cli: Cli, golden: Golden, monkeypatch: pytest.MonkeyPatch, name: str, code: str
) -> None:
    """Every command on the real plan shows at 100 columns what was read and found good."""
    monkeypatch.chdir(ROOT)

    ran = cli(*READ[name], "-p", NGHEAN, "--lang", code)

    assert ran.code == 0
    assert ran.err == HIDDEN_AT_100.get((name, code), "")
    golden(ran.out, f"{name}.{code}.txt")


@pytest.mark.parametrize("columns", [80, 140])
@pytest.mark.parametrize("name", ["status", "critical", "schedule"])
def test_narrow_and_wide_terminals_read_well(
    cli: Cli, golden: Golden, monkeypatch: pytest.MonkeyPatch, name: str, columns: int
) -> None:
    """A narrow table leaves columns out rather than cutting words; a wide one shows more."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", str(columns))

    ran = cli(*READ[name], "-p", NGHEAN, "--lang", "en")

    assert max(map(len, ran.out.splitlines())) <= columns
    golden(ran.out, f"{name}.{columns}.en.txt")


@pytest.mark.parametrize("command", ["status", "critical", "schedule", "calendar"])
def test_nothing_is_cut_on_a_very_narrow_terminal(cli: Cli, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """Where a table cannot be drawn so narrow it comes out wider: every word of it is there."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "30")
    named = ("-p", NGHEAN, "--as-of", "2021-10-05", "--lang", "en")

    ran = cli(command, *named)

    assert "…" not in ran.out.replace("… as in chain 1", "")
    if command in {"critical", "schedule"}:
        for task in read((ROOT / NGHEAN).read_bytes(), "x").tasks:
            assert task in ran.out or command == "critical"


@pytest.mark.parametrize("code", ["en", "vi"])
def test_as_wide_as_it_says_a_table_hides_nothing(cli: Cli, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """In as many columns as the note names all are shown, in one less one is not; plain text says nothing of room."""
    monkeypatch.chdir(ROOT)
    for command in ("schedule", "critical"):
        monkeypatch.setenv("COLUMNS", "100")
        (width,) = (int(word) for word in cli(command, "-p", NGHEAN, "--lang", code).err.split() if word.isdecimal())
        monkeypatch.setenv("COLUMNS", str(width))
        assert cli(command, "-p", NGHEAN, "--lang", code).err == ""
        monkeypatch.setenv("COLUMNS", str(width - 1))
        assert cli(command, "-p", NGHEAN, "--lang", code).err != ""
        assert cli(command, "-p", NGHEAN, "--lang", code, "--format", "plain").err == ""


def test_words_longer_than_a_column_are_parted_not_lost(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """A title without blanks and the longest id come out whole, over several lines."""
    task = "a" * 64
    Path("long.toml").write_text(PLAN + f'[tasks.{task}]\ntitle = "{"x" * 300}"\ndue = 2026-01-12\n', "utf-8")
    monkeypatch.setenv("COLUMNS", "80")

    status = cli("status", "long.toml", "--as-of", "2026-01-05").out

    assert status.count("x") == 300
    assert f"[{task}]" in "".join(line.strip() for line in status.splitlines())
    assert cli("schedule", "long.toml").out.count(task) == 1


def test_hundreds_of_rows_are_plain_text(cli: Cli) -> None:
    """A table of more than 200 rows is written as plain text, whatever the format says."""
    tasks = "".join(f'[tasks.t{n}]\ntitle = "T"\ndue = 2026-01-01\n' for n in range(201))
    Path("many.toml").write_text(PLAN + tasks, "utf-8")

    for command in (("status",), ("schedule",)):
        table = cli(*command, "many.toml", "--as-of", "2026-02-01")
        plain = cli(*command, "many.toml", "--as-of", "2026-02-01", "--format", "plain")
        assert table.out == plain.out


def test_status_shows_what_presses(cli: Cli) -> None:
    """As of Monday the 12th the rooms are overdue and the doors due in eight days, thus not yet soon."""
    ran = cli("status", "--as-of", "12.1.2026")

    assert ran.out == dedent("""\
        Open the school (school)
        As of 12 Jan 2026

        Overdue (1)
          ✗  overdue 3 days  9 Jan 2026  Clean the rooms ◆ [clean]  The town

        Total 2: 1 overdue · 1 on track

        Agency            overdue  on track
        Head                              1
        The town                1
        """)


def test_status_of_a_quiet_plan(cli: Cli) -> None:
    """Nothing pressing is said in a sentence; where nobody is responsible nobody is counted."""
    Path("plan.toml").write_text(PLAN.partition("[tasks")[0] + '[tasks.a]\ntitle = "A"\n', "utf-8")

    ran = cli("status", "--as-of", "2026-01-01")

    assert ran.out == dedent("""\
        Open the school (school)
        As of 1 Jan 2026

        Nothing is overdue, due within 7 days, or at risk.

        Total 1: 1 no deadline
        """)


@pytest.mark.parametrize(
    ("arguments", "tasks"),
    [
        (("--all",), ["clean", "open"]),
        (("--by", "due"), ["clean", "open"]),
        (("--by", "agency"), ["clean", "open"]),
        (("--by", "section", "--agency", "Head"), ["open"]),
        (("--all", "--agency", "head", "--agency", "TOWN"), ["clean", "open"]),
    ],
)
def test_status_can_show_more_or_less(cli: Cli, arguments: tuple[str, ...], tasks: list[str]) -> None:
    """Everything, grouped, or what some agencies have a role in."""
    for form in ("table", "plain"):
        out = cli("status", "--as-of", "2026-01-12", "--format", form, *arguments).out
        assert [task for task in ("clean", "open") if f"[{task}]" in out] == tasks


def test_show_says_everything_known_of_a_task(cli: Cli) -> None:
    """Roles, words, reading, dates, floats, links both ways, contents: all that the plan says, and nothing empty."""
    Path("full.toml").write_text(
        PLAN
        + dedent("""
        [tasks.full]
        title = "Everything"
        number = "I.1"
        section = "Part"
        owner = "head"
        each = ["town"]
        support = ["head", "town"]
        consult = ["town"]
        recipient = "head"
        assigned-by = "town"
        due = "trước 16h30 ngày 22/1/2026"
        duration = "2d"
        after = ["open FF+1d", { task = "clean", basis = "inferred", quote = "and then" }, "idle"]
        deliverable = "A report"
        contents = ["one", "two"]
        constraints = ["three"]
        quote = "The words."
        note = "A note.\\nIts second line."
        url = "https://example.org/"
        tags = ["x", "y"]
        [tasks.next]
        title = "Next"
        after = ["full SS"]
        [tasks.idle]
        title = "Idle"
        """),
        "utf-8",
    )

    ran = cli("show", "Everything", "-p", "full.toml", "--as-of", "2026-01-12", "--format", "plain")

    assert ran.out == dedent("""\
        Everything
          Task               full
          Number             I.1
          Section            Part
          Status             on track, 10 days left (not started)
                             received 0/1
                             waits for clean, idle
          Deadline           “trước 16h30 ngày 22/1/2026”
          Read as            22 Jan 2026, 16:30: a time of day: it does not move, and status goes by the day
          Lead               Head
          Must each deliver  town: The town
          Coordinating       The town
          Consulted          The town
          Recipient          Head
          Assigned by        The town
          Duration           2 working days
          Planned            at the earliest 12 Jan 2026 to 13 Jan 2026
                             at the latest 12 Jan 2026 to 13 Jan 2026
          Forecast           13 Jan 2026 to 14 Jan 2026, by what is known
          To spare           can slip 6 working days before the deadline of “full” breaks
                             as planned: total float 0, free float 0 (working days)
          Waits for          open FF+1d (stated) – drives its dates
                             clean FS (inferred) – drives its dates “and then”
                             idle FS (stated)
          Who waits for it   next SS
          Deliverable        A report
          Required contents  – one
                             – two
          Constraints        – three
          Quote              “The words.”
          Note               A note.
                             Its second line.
          Link               https://example.org/
          Tags               x, y
        """)


@pytest.mark.parametrize(
    ("task", "as_of", "words"),
    [
        (
            "due = 2026-01-20",
            "2026-01-12",
            ["“2026-01-20”", "can slip 6 working days before the deadline of “one” breaks"],
        ),
        ("", "2026-01-12", ["\n  Deadline   none\n"]),
        (
            'due = { after = "clean", days = 3 }',
            "2026-01-08",
            ["3 days after “clean”", "not yet known; about 12 Jan 2026 by the forecast"],
        ),
        ('due = "ongoing"', "2026-01-12", ["ongoing work: it has no last day"]),
        (
            "due = 2026-01-05\nduration = '5d'",
            "2026-01-05",
            ["may be 4 days late", "4 working days too late for the deadline of “one”"],
        ),
        ("done = 2026-01-09\ndue = 2026-01-20", "2026-01-12", ["done on time\n", "done on 9 Jan 2026"]),
    ],
)
def test_show_reads_a_deadline(cli: Cli, task: str, as_of: str, words: list[str]) -> None:
    """Whatever the deadline, its words and what they come to are shown."""
    Path("one.toml").write_text(f'{PLAN}[tasks.one]\ntitle = "One"\nafter = ["clean SS"]\n{task}\n', "utf-8")

    out = cli("show", "one", "-p", "one.toml", "--as-of", as_of, "--format", "plain").out

    for expected in words:
        assert expected in out


def test_show_tells_when_it_reminds(cli: Cli) -> None:
    """Each reminder stands with its day, the first to ring first; done work reminds of nothing."""
    task = '[tasks.one]\ntitle = "One"\nremind = [0, 2]\n'
    for due, reminders in (
        (
            "due = 2026-01-20\n",
            "18 Jan 2026, 2 days before the deadline|20 Jan 2026, on the day of the deadline",
        ),
        (
            'due = { after = "clean", days = 3 }\n',
            "2 days before the deadline|on the day of the deadline",
        ),
        ("due = 2026-01-20\ndone = 2026-01-08\n", ""),
    ):
        Path("one.toml").write_text(f"{PLAN}{task}{due}", "utf-8")
        out = cli("show", "one", "-p", "one.toml", "--as-of", "2026-01-08", "--format", "plain").out
        told = [line.removeprefix("  Reminders").strip() for line in out.splitlines() if line.endswith("the deadline")]
        assert "|".join(told) == reminders
        assert bool(reminders) == ("\n  Reminders " in out)


ONGOING = """\
[tasks.watch]
title = "Watch"
due = "ongoing"
[tasks.guard]
title = "Guard"
due = "ongoing"
duration = "3d"
[tasks.train]
title = "Train"
due = "ongoing"
[tasks.after-train]
title = "After it"
after = ["train"]
"""


def test_ongoing_work_has_no_invented_length(cli: Cli) -> None:
    """Work without an end shows where it starts; a stated length, and one that others wait for, are told as counted."""
    Path("one.toml").write_text(PLAN + ONGOING, "utf-8")

    rows = {line.split()[0]: line for line in cli("schedule", "one.toml", "--format", "plain").out.splitlines()}
    assert rows["watch"].split() == ["watch", "Watch", "ongoing", "5", "Jan", "2026", *"–––––––"]
    assert "3d" in rows["guard"]
    assert "~1d" in rows["train"]
    assert "ongoing" not in rows["guard"] + rows["train"]

    watch = cli("show", "watch", "-p", "one.toml", "--as-of", "2026-01-08", "--format", "plain").out
    assert "  Duration  ongoing\n  Planned   from 5 Jan 2026 on\n" in watch
    assert "float" not in watch
    assert "Forecast" not in watch
    assert "1 working day" in cli("show", "train", "-p", "one.toml", "--format", "plain").out


def test_nothing_is_to_spare_of_what_is_done(cli: Cli) -> None:
    """Done work has no float, whatever the planned dates would promise."""
    Path("one.toml").write_text(f'{PLAN}[tasks.one]\ntitle = "One"\ndue = 2026-01-20\ndone = 2026-01-09\n', "utf-8")

    assert "the deadline of" not in cli("show", "one", "-p", "one.toml", "--as-of", "2026-01-12").out


def test_what_is_late_says_by_how_much(cli: Cli) -> None:
    """Open on Wednesday, the day after its deadline, it is one working day too late."""
    Path("one.toml").write_text(f'{PLAN}[tasks.one]\ntitle = "One"\ndue = 2026-01-20\n', "utf-8")

    out = cli("show", "one", "-p", "one.toml", "--as-of", "2026-01-21", "--format", "plain").out
    assert "1 working day too late for the deadline of “one”" in out


def test_show_without_a_tentative_day(cli: Cli) -> None:
    """A count from an event planned beyond all calendars has no day, not even a tentative one."""
    late = '[tasks.late]\ntitle = "L"\nduration = "5d"\nnot-before = 2199-12-31\n'
    Path("one.toml").write_text(
        f'{PLAN}{late}[tasks.one]\ntitle = "O"\ndue = {{ after = "late", days = 3 }}\n', "utf-8"
    )

    assert "Read as" not in cli("show", "one", "-p", "one.toml", "--as-of", "2026-01-12").out


def test_critical_shows_the_chain_to_the_end_and_to_a_task(cli: Cli) -> None:
    """The chain with its links and dates; to a task, only what leads there."""
    ran = cli("critical", "--format", "plain")

    assert ran.out == dedent("""\
        Open the school
        To open: finishes on 12 Jan 2026, after 6 working days
        #  Task   Title            Link  Length  Start        Finish       Total float  Drag  To deadline
        1  clean  Clean the rooms        5d      5 Jan 2026   9 Jan 2026   0            5     0
           open   Open the doors   FS    ~1d     12 Jan 2026  12 Jan 2026  0            1     6
        Drag: working days by which the end comes earlier when the task takes no time.
        To deadline: working days to spare before a deadline breaks.
        ~ marks an estimated duration.
        """)
    assert "To clean: finishes on 9 Jan 2026, after 5 working days" in cli("critical", "--to", "Clean the rooms").out


@pytest.mark.parametrize(
    ("limit", "rows", "words"),
    [
        ("1", 2, ["3 chains tie", "the first is shown"]),
        ("3", 6, ["3 chains tie; they part in: a, b, c"]),
    ],
)
def test_critical_counts_chains_that_tie(cli: Cli, limit: str, rows: int, words: list[str]) -> None:
    """Three tasks of a day before the end: three chains, of which so many are shown as asked."""
    tasks = "".join(f'[tasks.{name}]\ntitle = "T"\nduration = "1d"\n' for name in "abc")
    head = PLAN.partition("[tasks")[0]
    Path("tie.toml").write_text(
        f'{head}{tasks}[tasks.end]\ntitle = "E"\nduration = "1d"\nafter = ["a", "b", "c"]\n', "utf-8"
    )

    out = cli("critical", "tie.toml", "--paths", limit, "--format", "plain").out

    lines = out.splitlines()
    table = next(at for at, line in enumerate(lines) if line.startswith("#"))
    assert next(at for at, line in enumerate(lines) if line.startswith("Drag:")) - table - 1 == rows
    for expected in words:
        assert expected in out


def test_critical_gives_up_counting_in_the_end(cli: Cli) -> None:
    """Twenty-one pairs in a row tie in 2²¹ chains: at least a million."""
    tasks = []
    for n in range(21):
        after = f'after = ["a{n - 1}", "b{n - 1}"]\n' if n else ""
        tasks += [f'[tasks.{side}{n}]\ntitle = "T"\nduration = "1d"\n{after}' for side in "ab"]
    Path("many.toml").write_text(PLAN.partition("[tasks")[0] + "".join(tasks), "utf-8")

    assert "≥ 1000000 chains tie" in cli("critical", "many.toml").out


def test_several_plans_stand_in_one_answer(cli: Cli, tmp_path: Path) -> None:
    """A portfolio gives one schedule and one list of chains, also in a file; PLAN:TASK picks a task."""
    Path("other.toml").write_text(
        PLAN.replace('id = "school"', 'id = "other"').replace("Open the school", "Again"), "utf-8"
    )
    both = ("-p", "plan.toml", "-p", "other.toml")

    assert "school:clean" in cli("schedule", *both).out
    for form in ("table", "plain"):
        assert cli("critical", *both, "--format", form, "-o", "chains.txt").code == 0
        written = (tmp_path / "chains.txt").read_text("utf-8")
        assert [line for line in written.splitlines() if line in {"Open the school", "Again"}] == [
            "Open the school",
            "Again",
        ]
    assert cli("critical", *both, "--to", "other:clean", "--format", "csv").out.count("other,1,clean") == 1
    assert "fits several tasks; name one of them: school:clean, other:clean" in cli("show", "clean", *both).err
    assert cli("show", "school:clean", *both, "--as-of", "2026-01-05").code == 0


# ---------------------------------------------------------------------------------------------------- The calendar


def test_the_calendar_of_a_plan_shows_its_own_days(cli: Cli) -> None:
    """Closed and opened days stand among the holidays; opened ones are worked."""
    own = '[calendar]\nclosed = [{ from = 2026-03-02, to = 2026-03-03, name = "Flood" }]\nopen = [2026-03-07]\n'
    Path("own.toml").write_text(PLAN.replace("[agencies]", f"{own}[agencies]"), "utf-8")

    ran = cli("calendar", "2026", "-p", "own.toml", "--format", "plain")

    # 2026 has 261 weekdays; two are closed, a Saturday is opened.
    assert ran.out == dedent("""\
        Calendar 2026 (no public holidays)
        Day         Weekday  Kind                Name   Source  Standing
        2 Mar 2026  Mon      closed by the plan  Flood
        3 Mar 2026  Tue      closed by the plan  Flood
        7 Mar 2026  Sat      opened by the plan
        260 working days in the year.
        """)


def test_a_closed_weekend_is_no_day_off_gained(cli: Cli) -> None:
    """Of nine closed days, Friday to Saturday week, two weekends and a holiday are off anyway; data keeps all nine."""
    own = (
        '[calendar]\nholidays = "VN"\nopen = [2026-05-03]\n'
        'closed = [{ from = 2026-04-24, to = 2026-05-02, name = "Survey" }]\n'
    )
    Path("own.toml").write_text(PLAN.replace("[agencies]", f"{own}[agencies]"), "utf-8")

    out = cli("calendar", "2026", "-p", "own.toml", "--format", "plain").out

    listed = [line.split()[0] for line in out.splitlines() if "closed by the plan" in line]
    # 25, 26/4 and 2/5 are weekend, 27/4 is a day in lieu (Giỗ Tổ on Sunday 26/4), 30/4 and 1/5 holidays.
    assert listed == ["24", "28", "29"]
    assert "6 days that the plan closes are off anyway and are not listed." in out
    assert cli("calendar", "2026", "-p", "own.toml", "--format", "csv").out.count(",closed,") == 9


def test_without_a_plan_the_calendar_is_vietnam_s(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder without a plan, the days off of civil servants; --as-of gives the year."""
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    (tmp_path / "plan.toml").unlink()

    out = cli("calendar", "--as-of", "2022-05-01", "--format", "plain").out

    assert out.startswith("Calendar 2022 (Vietnam, civil servants)\n")
    assert "2 Sep 2022   Fri      public holiday" in out


@pytest.mark.parametrize(
    ("year", "words"),
    [
        ("2035", "are projected: not announced yet, they may change."),
        ("2060", "Public holidays of 2060 are not known here: only weekends count as days off."),
        ("2024", "worked day, swapped"),
        ("2027", "by law"),
    ],
)
def test_the_calendar_says_how_firm_it_is(cli: Cli, monkeypatch: pytest.MonkeyPatch, year: str, words: str) -> None:
    """Projected days, years beyond the table and worked Saturdays are named as such."""
    monkeypatch.chdir(ROOT)

    assert words in cli("calendar", year, "-p", NGHEAN, "--lang", "en").out


def test_the_calendar_of_another_country(cli: Cli) -> None:
    """A country of the holidays library is named by its code."""
    pytest.importorskip("holidays")
    Path("fr.toml").write_text(PLAN.replace("[agencies]", '[calendar]\nholidays = "FR"\n[agencies]'), "utf-8")

    out = cli("calendar", "2026", "-p", "fr.toml", "--format", "plain").out

    assert out.startswith("Calendar 2026 (holidays of FR)\n")
    assert "14 Jul 2026" in out


# --------------------------------------------------------------------------------------- Where it looks for the plan


def test_the_plan_is_looked_for_upwards(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a sub-folder the nearest parent's plan is found, and shown by its path."""
    deep = tmp_path / "a" / "b"
    (deep / "plans").mkdir(parents=True)  # a folder of plans that holds none does not count
    monkeypatch.chdir(deep)

    assert cli("status", "--as-of", "2026-01-12").out.startswith("Open the school (school)")
    assert f"{tmp_path / 'plan.toml'}:13:7: error CDS201" in cli("check", "--as-of", "2026-01-12").out


def test_a_folder_of_plans_is_a_portfolio(cli: Cli, tmp_path: Path) -> None:
    """plans/*.toml in the order of names, journals aside; plan.toml comes before them."""
    folder = tmp_path / "plans"
    folder.mkdir()
    (folder / "b.toml").write_text(PLAN.replace('id = "school"', 'id = "b"'), "utf-8")
    (folder / "a.toml").write_text(PLAN.replace('id = "school"', 'id = "a"'), "utf-8")
    (folder / "a.journal.toml").write_text("", "utf-8")
    assert cli("status", "--as-of", "2026-01-12").out.startswith("Open the school (school)")
    (tmp_path / "plan.toml").unlink()

    assert cli("status", "--as-of", "2026-01-12").out.startswith("Open the school (a)\nOpen the school (b)\nAs of")


def test_no_plan_says_what_to_do(cli: Cli) -> None:
    """Exit 2, and how to name or begin one."""
    Path("plan.toml").unlink()

    ran = cli("status")

    assert (ran.code, ran.out) == (2, "")
    assert "there is no plan here: name one with -p FILE, or begin one with: cdsplan init plan.toml" in ran.err


def test_the_environment_may_name_plans(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CDSPLAN_PLAN goes before the folder, -p before both; several are separated as paths are."""
    for name in ("one", "two"):
        Path(f"{name}.toml").write_text(PLAN.replace('id = "school"', f'id = "{name}"'), "utf-8")
    monkeypatch.setenv("CDSPLAN_PLAN", os.pathsep.join([str(tmp_path / "one.toml"), "two.toml"]))
    monkeypatch.setenv("CDSPLAN_AS_OF", "2026-01-12")

    assert cli("status").out.startswith("Open the school (one)\nOpen the school (two)\nAs of 12 Jan 2026")
    assert cli("status", "-p", "plan.toml").out.startswith("Open the school (school)\nAs of")


def test_equal_plan_ids_are_refused(cli: Cli) -> None:
    """An id names one plan for good."""
    Path("copy.toml").write_text(PLAN, "utf-8")

    ran = cli("status", "plan.toml", "copy.toml")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("copy.toml:2:6: error CDS108: two plans have the id “school”: plan.toml has it too\n")


def test_the_problems_of_all_plans_are_told_together(cli: Cli) -> None:
    """Two broken plans and a missing one: all of it in one run."""
    Path("one.toml").write_text(PLAN + "x = 1\n", "utf-8")

    ran = cli("status", "one.toml", "missing.toml", "plan.toml")

    assert ran.code == 2
    assert "one.toml:21:1: error CDS104: unknown key “x”" in ran.err
    assert "missing.toml: there is no such file" in ran.err
    assert ran.err.endswith("2 errors\n")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(13, "no"), "x.toml: this file may not be read"),
        (OSError(5, "Input/output error"), "x.toml: this file cannot be read (Input/output error)"),
    ],
)
def test_files_that_cannot_be_read(cli: Cli, monkeypatch: pytest.MonkeyPatch, error: OSError, words: str) -> None:
    """Each reason has its words; exit 2."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise error

    monkeypatch.setattr("builtins.open", refuse)

    ran = cli("status", "x.toml")

    assert ran.code == 2
    assert words in ran.err


def test_a_folder_is_no_plan(cli: Cli, tmp_path: Path) -> None:
    """A folder named as a plan is told so."""
    (tmp_path / "folder").mkdir()

    assert "folder: this is a folder, not a file" in cli("status", "-p", "folder").err


def test_large_plans_need_leave(cli: Cli) -> None:
    """More than --max-size MiB is refused without being read; more may be allowed."""
    Path("large.toml").write_text(PLAN + "# " + "x" * 1_100_000 + "\n", "utf-8")

    refused = cli("status", "large.toml", "--max-size", "1", "--as-of", "2026-01-05")

    assert refused.code == 2
    assert "--max-size" in refused.err
    assert cli("status", "large.toml", "--max-size", "2", "--as-of", "2026-01-05").code == 0


def standard_input(data: bytes) -> TextIOWrapper:
    """Make a stand-in for standard input."""
    return TextIOWrapper(BufferedReader(BytesIO(data)), "utf-8")


def test_a_plan_comes_through_standard_input(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """`-p -` reads it, in its own language, and calls it "-"."""
    vietnamese = PLAN.replace('timezone = "UTC"', 'timezone = "UTC"\nlanguage = "vi"')
    monkeypatch.setattr(sys, "stdin", standard_input(vietnamese.encode()))

    ran = cli("check", "-p", "-", "--as-of", "2026-01-12")

    assert ran.code == 1
    assert ran.out.startswith("-:14:7: ")
    assert "12/01/2026" in ran.out


# -------------------------------------------------------------------------------------------------------- Language


VIETNAMESE = PLAN.replace('timezone = "UTC"', 'timezone = "UTC"\nlanguage = "vi"')


@pytest.mark.parametrize(
    ("arguments", "environment", "spoken"),
    [
        (("plan.toml",), {}, "en"),
        (("vi.toml",), {}, "vi"),
        (("-p", "vi"), {}, "vi"),
        (("-pvi.toml",), {}, "vi"),
        (("--plan=vi.toml",), {}, "vi"),
        (("--plan", "vi.toml"), {}, "vi"),
        (("plan.toml", "-o", "vi.toml"), {}, "en"),
        (("vi.toml", "--lang", "en"), {}, "en"),
        (("vi.toml", "--lang=en"), {"CDSPLAN_LANG": "vi"}, "en"),
        (("plan.toml",), {"CDSPLAN_LANG": "vi"}, "vi"),
        (("vi.toml",), {"CDSPLAN_LANG": "en"}, "en"),
        (("vi.toml",), {"CDSPLAN_LANG": "fr"}, "vi"),
        (("vi.toml", "--lang"), {}, "vi"),
        (("missing.toml",), {}, "en"),
    ],
)
def test_the_language_is_the_reader_s_else_the_plan_s(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], environment: dict[str, str], spoken: str
) -> None:
    """--lang, else CDSPLAN_LANG, else the plan's own, else English; usage errors speak it too."""
    Path("vi.toml").write_text(VIETNAMESE, "utf-8")
    Path("vi").write_text(VIETNAMESE, "utf-8")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    ran = cli("status", *arguments, "--as-of", "nonsense")

    assert ran.code == 2
    assert ("is no day" in ran.err) == (spoken == "en")


def test_a_plan_in_a_language_that_is_not_spoken_is_told_so(cli: Cli) -> None:
    """In English, as any other mistake."""
    Path("french.toml").write_text(PLAN.replace('timezone = "UTC"', 'timezone = "UTC"\nlanguage = "fr"'), "utf-8")
    ran = cli("status", "-p", "french.toml")
    assert ran.code == 2
    assert "error CDS106: “fr” is not known here" in ran.err


@pytest.mark.skipif(os.name == "nt", reason="a pipe with a name")
def test_a_plan_is_read_from_a_pipe_whole(cli: Cli) -> None:
    """As from `-p <(make-plan)`: nothing of it is used up before it is read."""
    os.mkfifo("pipe.toml")
    writer = threading.Thread(target=lambda: Path("pipe.toml").write_text(PLAN, "utf-8"))
    writer.start()
    ran = cli("status", "-p", "pipe.toml")
    writer.join()
    assert (ran.code, ran.err) == (0, "")


def test_a_plan_that_does_not_parse_still_speaks_its_language(cli: Cli) -> None:
    """The language is found even where the file is broken."""
    Path("broken.toml").write_text('[plan]\nlanguage = "vi"\nid = \n', "utf-8")

    ran = cli("status", "broken.toml")

    assert ran.code == 2
    assert "error" not in ran.err


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


def test_help_shows_a_command_s_own_options_first(cli: Cli) -> None:
    """What a command alone has stands before what all share."""
    out = cli("check", "--help").out

    assert out.index("--fail-on") < out.index("--agency") < out.index("--plan") < out.index("--help")


# ------------------------------------------------------------------------------------------------ Output and colour


def test_an_answer_goes_into_a_file_whole(cli: Cli, tmp_path: Path) -> None:
    """-o writes what would have been shown, and nothing to standard output; the file is replaced."""
    shown = cli("status", "--as-of", "2026-01-12").out
    target = tmp_path / "answer.txt"
    target.write_text("old", "utf-8")

    ran = cli("status", "--as-of", "2026-01-12", "-o", "answer.txt")

    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert target.read_text("utf-8") == shown
    assert cli("status", "--as-of", "2026-01-12", "--format", "json", "--output", "answer.txt").code == 0
    assert target.read_text("utf-8").endswith("}\n")


@pytest.mark.parametrize("command", [("status", "-o"), ("schema", "-o"), ("init",)])
def test_an_answer_that_cannot_be_written_is_exit_2(cli: Cli, tmp_path: Path, command: tuple[str, ...]) -> None:
    """A place that cannot be written to is told; nothing is left behind."""
    (tmp_path / "file").write_text("", "utf-8")

    ran = cli(*command, "file/answer.toml")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error CDS101: file/answer.toml: cannot be written (")
    assert {path.name for path in tmp_path.iterdir()} == {"plan.toml", "file"}


@pytest.mark.parametrize("form", ["table", "json"])
def test_an_answer_never_overwrites_the_plan(cli: Cli, tmp_path: Path, form: str) -> None:
    """-o where -p was meant leaves the plan as it is."""
    ran = cli("status", "--as-of", "2026-01-12", "--format", form, "-o", "../" + tmp_path.name + "/plan.toml")

    assert ran.code == 2
    assert "is there already: name another file" in ran.err
    assert (tmp_path / "plan.toml").read_text("utf-8") == PLAN


def test_an_answer_on_standard_input_goes_into_any_file(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """What came through a pipe is no file that could be overwritten."""
    monkeypatch.setattr(sys, "stdin", standard_input(PLAN.replace('"school"', '"x"').encode()))
    Path("answer.txt").write_text("", "utf-8")

    assert cli("status", "-p", "-", "-o", "answer.txt", "--as-of", "2026-01-12").code == 0


@pytest.mark.parametrize(
    ("color", "terminal", "environment", "colored"),
    [
        ("auto", False, {}, False),
        ("auto", False, {"FORCE_COLOR": "1"}, False),
        ("auto", True, {}, True),
        ("auto", True, {"NO_COLOR": "1"}, False),
        ("auto", True, {"NO_COLOR": ""}, True),
        ("auto", True, {"TERM": "dumb"}, False),
        ("always", False, {}, True),
        ("always", False, {"NO_COLOR": "1"}, True),
        ("never", True, {}, False),
        ("never", True, {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_is_for_terminals_unless_somebody_says_otherwise(
    cli: Cli,
    monkeypatch: pytest.MonkeyPatch,
    color: str,
    terminal: bool,  # noqa: FBT001
    environment: dict[str, str],
    colored: bool,  # noqa: FBT001
) -> None:
    """By itself it colours on a terminal, obeys NO_COLOR and dumb terminals; always and never mean what they say."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)

    ran = cli("status", "--as-of", "2026-01-12", "--color", color)

    assert (ESCAPE in ran.out) == colored


def test_colour_never_says_anything_alone(cli: Cli) -> None:
    """Without its escapes the coloured answer is the plain one."""
    for command in (("status", "--all"), ("schedule",), ("critical",), ("show", "clean"), ("calendar", "2026")):
        colored = cli(*command, "--as-of", "2026-01-12", "--color", "always").out
        lines = [line.rstrip() for line in click.unstyle(colored).splitlines()]
        assert lines == cli(*command, "--as-of", "2026-01-12", "--color", "never").out.splitlines()


def test_a_file_is_coloured_only_on_request(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes into a file is not for the terminal that it was asked from."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    for color, colored in (("auto", False), ("always", True)):
        assert cli("status", "--as-of", "2026-01-12", "-o", "x.txt", "--color", color).code == 0
        assert (ESCAPE in (tmp_path / "x.txt").read_text("utf-8")) == colored


@pytest.mark.parametrize("columns", ["", "0", "-5", "wide", "²"])
def test_nonsense_widths_are_ignored(cli: Cli, monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    """COLUMNS that is no width means 100."""
    expected = cli("schedule").out
    monkeypatch.setenv("COLUMNS", columns)

    assert cli("schedule").out == expected


def test_a_terminal_gives_the_width(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal its own width counts."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr("cdsplan.cli.frame.click_width", lambda: 60)

    assert max(map(len, cli("status", "--as-of", "2026-01-12", "--color", "never").out.splitlines())) <= 60


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


# -------------------------------------------------------------------------------------------------- Failures and ends


def test_a_broken_plan_is_exit_2_with_every_problem_placed(cli: Cli) -> None:
    """Each problem stands with its frame on standard error."""
    Path("plan.toml").write_text(
        PLAN.replace('owner = "town"', 'owner = "twon"').replace("2026-01-20", "soon"), "utf-8"
    )

    ran = cli("status")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith("\n1 error\n")


def broken(*_: object) -> NoReturn:
    """Fail as only a defect does."""
    raise RuntimeError("first line\nsecond line")


def test_a_defect_is_exit_3_and_one_line(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody foresaw says where to report it, without a traceback; --debug shows that too."""
    monkeypatch.setattr("cdsplan.schedule.schedule", broken)

    ran, debugged = cli("status"), cli("status", "--debug")

    assert (ran.code, ran.out) == (3, "")
    assert ran.err == (
        f"cdsplan {__version__} has a defect: RuntimeError: first line. "
        "Please report it with the command and, if you may, the plan; --debug shows more.\n"
    )
    assert debugged.code == 3
    assert "Traceback (most recent call last):" in debugged.err
    assert debugged.err.endswith(ran.err)


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, click.exceptions.Abort])
def test_an_interruption_is_exit_130(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, interruption: type[BaseException]
) -> None:
    """Ctrl-C ends quietly."""

    def interrupt(*_: object) -> NoReturn:
        raise interruption

    monkeypatch.setattr("cdsplan.schedule.schedule", interrupt)

    ran = cli("status")

    assert (ran.code, ran.out, ran.err.strip()) == (130, "", "")


def test_a_failing_check_stays_failing_when_nobody_reads_on(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader who goes away (| head) is no reason to pass, and none to fail."""
    dropped: list[object] = []

    def gone(*_: object, **__: object) -> NoReturn:
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(click, "echo", gone)
    monkeypatch.setattr("cdsplan.cli.output.drop_output", lambda: dropped.append(1))

    assert cli("check", "--as-of", "2026-01-12").code == 1
    assert cli("check", "--as-of", "2026-01-05").code == 0
    assert len(dropped) == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has it")
@pytest.mark.parametrize("command", ["status", "status --format json", "check", "schema"])
def test_an_answer_that_does_not_fit_on_the_disk_is_exit_2(tmp_path: Path, command: str) -> None:
    """It is no defect of the program, and no finding of a check."""
    (tmp_path / "plan.toml").write_text(PLAN, "utf-8")
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "cdsplan", *command.split()],
            cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, check=False,
            env=os.environ | {"PYTHONPATH": str(ROOT), "CDSPLAN_LANG": "vi"},
        )  # fmt: skip

    assert ran.returncode == 2
    if "json" not in command:
        assert ran.stderr.decode().startswith("lỗi CDS101: không ghi được kết quả ra đầu ra chuẩn (đĩa đã đầy)")


@pytest.mark.skipif(os.name == "nt", reason="a shell of its own")
@pytest.mark.parametrize(
    ("command", "code"),
    [("--help", 0), ("status --as-of 2026-01-12", 0), ("check --as-of 2026-01-12", 1), ("status -p nowhere.toml", 2)],
)
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams_change_no_exit_code(tmp_path: Path, command: str, code: int, closed: str) -> None:
    """Whoever closes standard output wants no answer; exit 1 would mean findings."""
    (tmp_path / "plan.toml").write_text(PLAN, "utf-8")
    ran = subprocess.run(
        ["/bin/sh", "-c", f"'{sys.executable}' -m cdsplan {command} {closed}"],
        cwd=tmp_path, capture_output=True, check=False, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip

    assert ran.returncode == code
    assert b"Traceback" not in ran.stderr


@pytest.mark.skipif(os.name == "nt", reason="pipes end otherwise on Windows")
@pytest.mark.parametrize(
    ("command", "code"),
    [("--help", 0), ("status --as-of 2026-01-12", 0), ("check --as-of 2026-01-12", 1), ("schema", 0)],
)
def test_a_closed_pipe_is_silent(tmp_path: Path, command: str, code: int) -> None:
    """With its reader gone the program ends with its own exit code and no word."""
    (tmp_path / "plan.toml").write_text(PLAN, "utf-8")
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        ran = subprocess.run(
            [sys.executable, "-m", "cdsplan", *command.split()],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )

    assert (ran.returncode, ran.stderr) == (code, b"")


@pytest.mark.parametrize("encoding", ["cp1258", "ascii", "latin-1"])
def test_pipes_get_utf_8_whatever_the_locale(encoding: str) -> None:
    """Vietnamese comes through a pipe whole, where the environment names an encoding that cannot hold it."""
    ran = started("status", NGHEAN, "--as-of", "2021-10-05", "--lang", "vi", folder=ROOT, PYTHONIOENCODING=encoding)

    assert (ran.returncode, ran.stderr) == (0, b"")
    assert "Khảo sát hiện trạng CNTT" in ran.stdout.decode("utf-8")


def test_the_program_starts_as_a_module(tmp_path: Path) -> None:
    """`python -m cdsplan` has the exit codes of the table, and reads a plan through a pipe."""
    ran = started("check", "-p", "-", "--as-of", "2026-01-12", folder=tmp_path, given=PLAN.encode())

    assert (ran.returncode, ran.stderr) == (1, b"")
    assert b"CDS201" in ran.stdout
    assert started("status", "--as-of", "2026-01-12", "--format", "json", folder=tmp_path).returncode == 2


@pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals on Windows")
@pytest.mark.parametrize("encoding", ["latin-1", "utf-8"])
def test_a_terminal_shows_what_it_can(encoding: str) -> None:
    """On a terminal with a narrow encoding letters become question marks, never a defect; colour is on."""
    import pty  # noqa: PLC0415 - POSIX only

    ours, theirs = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if name not in QUIET}
    with os.fdopen(theirs, "wb") as terminal:
        process = subprocess.Popen(
            [sys.executable, "-m", "cdsplan", "status", NGHEAN, "--as-of", "2021-10-05", "--lang", "vi"],
            cwd=ROOT,
            env=environment | {"PYTHONIOENCODING": encoding, "TERM": "xterm"},
            stdout=terminal,
        )
    shown = b""
    try:
        while part := os.read(ours, 65536):
            shown += part
    except OSError:  # Linux says so when the last writer has gone
        pass
    os.close(ours)

    assert process.wait(60) == 0
    assert b"\x1b[" in shown
    assert ("Khảo sát".encode() in shown) == (encoding == "utf-8")
    assert (b"Kh?o s\xe1t" in shown) == (encoding == "latin-1")


def test_the_module_leaves_with_the_exit_code(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `python -m cdsplan` runs ends the process with the code of the run."""
    del cli
    monkeypatch.setattr(sys, "argv", ["cdsplan", "check", "--as-of", "2026-01-12"])
    monkeypatch.setattr("gc.disable", lambda: None)
    monkeypatch.setattr("os._exit", sys.exit)
    monkeypatch.delitem(sys.modules, "cdsplan.__main__", raising=False)
    with pytest.raises(SystemExit) as left:
        run_module("cdsplan", run_name="__main__")

    assert left.value.code == 1


def test_a_postponed_module_is_loaded_when_something_is_asked_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Importing it gives the stand-in and loads nothing; the first thing asked for loads it for good."""
    stand_in = Postponed("colorsys")
    monkeypatch.setitem(sys.modules, "colorsys", stand_in)
    assert import_module("colorsys") is stand_in
    assert "hsv_to_rgb" not in vars(stand_in)
    assert stand_in.hsv_to_rgb(0.0, 0.0, 0.5) == (0.5, 0.5, 0.5)
    assert vars(stand_in)["hsv_to_rgb"] is import_module("colorsys").hsv_to_rgb
    with pytest.raises(AttributeError):
        _ = Postponed("colorsys").no_such_thing


@pytest.mark.parametrize(
    ("form", "view", "unused"),
    [
        ("plain", "cdsplan.views.plain", {"json"}),
        ("json", "cdsplan.views.data.items", {"cdsplan.wording", "cdsplan.report"}),
    ],
)
def test_status_loads_nothing_that_it_does_not_use(tmp_path: Path, form: str, view: str, unused: set[str]) -> None:
    """Neither rich nor icalendar nor a journal’s modules, and not inspect (what that imports itself would show)."""
    (tmp_path / "plan.toml").write_text(PLAN, "utf-8")
    command = [sys.executable, "-X", "importtime", "-m", "cdsplan", "status", "--format", form]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    loaded = {line.rpartition("|")[2].strip() for line in ran.stderr.splitlines()}
    assert view in loaded
    assert loaded & ({"rich", "icalendar", "dateutil", "ast", "tokenize", "cdsplan.journal"} | unused) == set()


def test_importing_the_module_runs_nothing(cli: Cli, capsys: pytest.CaptureFixture[str]) -> None:
    """Only its start as a program runs the program; installed scripts call its `main`."""
    del cli

    module = import_module("cdsplan.__main__")

    assert callable(module.main)
    assert capsys.readouterr() == ("", "")


def test_help_whose_reader_has_gone_is_no_failure(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Click leaves with 1 then, which would mean findings."""
    dropped: list[tuple[int, int]] = []

    def gone(*_: object, **__: object) -> NoReturn:
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(os, "dup2", lambda new, old: dropped.append((new, old)))
    with monkeypatch.context() as closed:
        closed.setattr(sys.stdout, "write", gone)
        closed.setattr(sys.stdout, "fileno", lambda: 1)
        code = run(["--help"])

    assert code == 0
    assert [old for _, old in dropped] == [1]
    os.close(dropped[0][0])
    del cli


def test_a_day_that_is_one_already_stays(cli: Cli) -> None:
    """What click hands on twice is understood once."""
    del cli
    assert Day().convert(date(2026, 1, 12), None, None) == date(2026, 1, 12)


def test_a_stream_without_an_encoding_is_left_alone(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stands in for standard output need not be a text file."""

    class Collected:
        """A stream that can only be written to."""

        def __init__(self) -> None:
            self.text = ""

        def write(self, text: str) -> int:
            self.text += text
            return len(text)

        def flush(self) -> None:
            pass

        def isatty(self) -> bool:
            return False

    del cli
    collected = Collected()
    monkeypatch.setattr(sys, "stdout", collected)

    assert run(["status", "--as-of", "2026-01-12"]) == 0
    assert collected.text.startswith("Open the school")


def test_written_files_can_be_read_by_those_who_should(cli: Cli, tmp_path: Path) -> None:
    """A new answer gets the permissions that the umask gives."""
    mask = os.umask(0o022)
    try:
        cli("status", "--as-of", "2026-01-12", "-o", "x.txt")
    finally:
        os.umask(mask)

    assert os.name == "nt" or stat.S_IMODE((tmp_path / "x.txt").stat().st_mode) == 0o644
