"""What people read: status, show, critical and the calendar, wide and narrow, in both languages."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from invoke import NGHEAN, ROOT, Cli
from school import PLAN, at_school

from cdsplan.plan.reader import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Golden


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """Run where the plan of the school is."""
    yield from at_school(capsys, monkeypatch, tmp_path)


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
