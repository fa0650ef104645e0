"""What a journal tells people: `log`, `missing` and `trend`, on the real plan with the survey of September 2021."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invoke import NGHEAN, ROOT, Cli, in_process

from cdsplan.trend import weeks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Golden

AS_OF = ("--as-of", "2021-10-18")


def entry(name: str, on: str, rest: str, at: str = "") -> str:
    """Write a line of a journal."""
    return f'{name} = {{ at = {at or on}T09:00:00+07:00, on = {on}, task = "khao-sat", {rest} }}\n'


def survey() -> str:
    """Write the survey: 41 agencies, of whom 36 delivered in time, 3 late, 2 not; one deadline was moved."""
    plan = (ROOT / NGHEAN).read_text("utf-8").partition("[groups]")[2].partition("# ---")[0]
    agencies = [word.strip(' "\n,[]') for word in plan.replace("cap-huyen", "").split('"')[1::2]]
    assert len(agencies) == 41
    text = ""
    for at, agency in enumerate(agencies):
        if agency in {"ky-son", "tuong-duong"}:
            continue
        late = {"so-yt": "2021-10-01", "vinh": "2021-10-11", "que-phong": "2021-10-04"}.get(agency)
        on = late or (date(2021, 9, 6) + timedelta(days=at * 24 // 41)).isoformat()
        text += entry(
            f"e{at:02}", on, f'agency = "{agency}", kind = "done", document = "{at + 1}/BC ngày {on}"', "2021-10-12"
        )
    text += entry(
        "x1", "2021-09-29", 'agency = "tuong-duong", kind = "extended", due = "trước ngày 20/10/2021", '
        'document = "CV 6789/UBND-CNTT ngày 29/9/2021", reason = "Mưa lũ", by = "Lan"'
    )  # fmt: skip
    text += entry("w1", "2021-10-05", 'agency = "ky-son", kind = "done", document = "nhầm"')
    text += 'w2 = { at = 2021-10-06T09:00:00+07:00, on = 2021-10-06, kind = "void", of = "w1" }\n'
    text += entry("n1", "2021-10-07", 'agency = "ky-son", kind = "note", note = "Đã gọi điện đôn đốc"')
    text += entry("s1", "2021-10-07", 'agency = "ky-son", kind = "started"')
    text += entry("p1", "2021-10-08", 'agency = "ky-son", kind = "progress", percent = 40')
    return text


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """Run in a folder that holds the real plan and the journal of its survey."""
    (tmp_path / "plan.toml").write_bytes((ROOT / NGHEAN).read_bytes())
    (tmp_path / "plan.journal.toml").write_text(survey(), "utf-8")
    with in_process(capsys, monkeypatch, tmp_path) as made:
        yield made


def add(*lines: str) -> None:
    """Add lines to the journal."""
    with Path("plan.journal.toml").open("a", encoding="utf-8") as journal:
        journal.writelines(lines)


# -------------------------------------------------------------------------------------------------------------- log


@pytest.mark.parametrize(("language", "columns"), [("vi", 80), ("en", 130)])
def test_the_history_is_told_as_it_happened(
    cli: Cli, golden: Golden, monkeypatch: pytest.MonkeyPatch, language: str, columns: int
) -> None:
    """Deliveries with documents, a moved deadline old → new, what was taken back, in order of the days."""
    monkeypatch.setenv("COLUMNS", str(columns))
    ran = cli("log", "khao-sat", "--since", "29/9/2021", "--lang", language, *AS_OF)

    assert ran.code == 0
    assert ("Thời điểm ghi" in ran.err) == (columns < 120)  # said where there is no room for when it was written
    golden(ran.out, f"log.{columns}.{language}.txt")


def events(cli: Cli, *arguments: str) -> list[dict[str, object]]:
    """Give the events of a log."""
    found: list[dict[str, object]] = json.loads(cli("log", *arguments, *AS_OF, "--format", "json").out)["events"]
    return found


def test_a_history_is_cut_by_days_task_and_agency(cli: Cli) -> None:
    """--since and --as-of are inclusive; an agency has what names it and what is about a whole task of its own."""
    add(entry("h1", "2021-10-02", 'kind = "note", note = "x"').replace("khao-sat", "ban-hanh-ke-hoach"))
    add(entry("whole", "2021-10-03", 'kind = "extended", due = 2021-10-10'))

    assert len(events(cli)) == 39 + 8
    assert [event["id"] for event in events(cli, "--since", "2021-10-07")] == ["n1", "s1", "p1", "e20"]
    assert [event["id"] for event in events(cli, "ban-hanh-ke-hoach")] == ["h1"]
    assert [event["id"] for event in events(cli, "--agency", "ky-son")] == ["whole", "w1", "w2", "n1", "s1", "p1"]
    assert [event["id"] for event in events(cli, "--agency", "ubnd-tinh")] == ["h1"]
    assert events(cli, "khao-sat", "--agency", "bo-tttt") == []
    early = json.loads(cli("log", "--as-of", "2021-10-05", "--since", "5/10/2021", "--format", "json").out)
    assert [event["id"] for event in early["events"]] == ["w1"]


def test_a_history_that_begins_after_its_last_entry_says_so(cli: Cli) -> None:
    """Entries before the day that was asked for are not denied."""
    said = cli("log", "--since", "17/10/2021", *AS_OF, "--lang", "en").out
    assert said.endswith("\nNothing is recorded from 17 Oct 2021 on.\n")


def test_what_is_taken_back_stays_with_whoever_had_it_that_day(cli: Cli) -> None:
    """Old handed over to new on 1/3/2025, new to newest on 1/7/2025; each undoing came after such a day.

    Who answered is decided by the day of what was reported (docs/decisions/succession.md), and a void is about the
    entry that it undoes (docs/journal.md). So what old reported in February is old's, and so is its undoing in March,
    when new answered already; what was reported of old's share in March is new's, and so is its undoing in July.
    """
    Path("plan.toml").write_text(
        '[plan]\nid = "p"\ntitle = "P"\nstart = 2025-01-01\ntimezone = "UTC"\n[agencies]\n'
        'old = { name = "Old", ceased = 2025-03-01, successor = "new" }\n'
        'new = { name = "New", ceased = 2025-07-01, successor = "newest" }\n'
        'newest = { name = "Newest" }\nother = { name = "Other" }\n'
        '[tasks.khao-sat]\ntitle = "K"\neach = ["old", "other"]\n'
    )
    void = '{name} = {{ at = {day}T09:00:00Z, on = {day}, kind = "void", of = "{of}" }}\n'
    Path("plan.journal.toml").write_text(
        entry("o1", "2025-02-20", 'agency = "old", kind = "done"')
        + void.format(name="o2", day="2025-03-10", of="o1")
        + entry("n1", "2025-03-20", 'agency = "old", kind = "done"')
        + void.format(name="n2", day="2025-07-10", of="n1")
    )

    def about(agency: str) -> list[str]:
        told = cli("log", "--agency", agency, "--as-of", "2025-12-31", "--format", "json").out
        return [event["id"] for event in json.loads(told)["events"]]

    assert about("new") == ["n1", "n2"]
    assert about("newest") == []
    assert about("old") == ["o1", "o2", "n1", "n2"]  # which all name it
    assert about("other") == []
    lines = cli("log", "--as-of", "2025-12-31", "--format", "plain", "--lang", "en").out.splitlines()
    told = [line.split("  ")[2] for line in lines if line.startswith(("20 ", "10 "))]
    assert told == [
        "TAKEN BACK; Old: done",
        "Old: o1 is taken back",
        "TAKEN BACK; New (taken over from Old): done",
        "New (taken over from Old): n1 is taken back",
    ]


def test_an_extension_says_what_it_moved(cli: Cli) -> None:
    """The deadline in force before it: for one member its own, else the last one for all; undone ones move nothing."""
    add(entry("x2", "2021-10-01", 'kind = "extended", due = 2021-10-08'))
    add(entry("x3", "2021-10-02", 'kind = "extended", due = 2021-10-12'))
    add('x4 = { at = 2021-10-03T09:00:00+07:00, on = 2021-10-03, kind = "void", of = "x3" }\n')
    add(entry("x5", "2021-10-04", 'kind = "extended", due = 2021-10-14'))
    add(entry("x6", "2021-10-05", 'agency = "tuong-duong", kind = "extended", due = 2021-10-22'))

    moved = {event["id"]: (event["due_before"], event["due"], event["undone"]) for event in events(cli) if event["due"]}

    days = {
        name: (before["last"], due["last"], undone)  # type: ignore[index] # both are readings
        for name, (before, due, undone) in moved.items()
    }
    assert days == {
        "x1": ("2021-09-30", "2021-10-20", False),
        "x2": ("2021-09-30", "2021-10-08", False),
        "x3": ("2021-10-08", "2021-10-12", True),
        "x5": ("2021-10-08", "2021-10-14", False),
        "x6": ("2021-10-20", "2021-10-22", False),
    }


def test_a_count_from_what_has_not_happened_has_no_day_before(cli: Cli) -> None:
    """There is a deadline, which nobody can tell yet; once its event has happened, its day is the old one.

    Five days after 30/9 are 5/10.
    """
    Path("plan.toml").write_text(
        '[plan]\nid = "p"\ntitle = "P"\nstart = 2021-08-23\ntimezone = "UTC"\n[tasks.a]\ntitle = "A"\n'
        '[tasks.khao-sat]\ntitle = "K"\ndue = { after = "a", days = 5 }\n'
    )
    Path("plan.journal.toml").write_text(entry("x", "2021-10-01", 'kind = "extended", due = 2021-10-10'))

    for command in (("log",), ("show", "khao-sat")):
        assert "deadline moved undetermined → 10 Oct 2021" in cli(*command, "--lang", "en", *AS_OF).out

    add(entry("d", "2021-09-30", 'kind = "done"').replace("khao-sat", "a"))
    for command in (("log",), ("show", "khao-sat")):
        assert "deadline moved 5 Oct 2021 → 10 Oct 2021" in cli(*command, "--lang", "en", *AS_OF).out
    assert events(cli)[1]["due_before"]["last"] == "2021-10-05"  # type: ignore[index] # a reading
    header, _, row = cli("log", *AS_OF, "--format", "csv").out.splitlines()
    assert dict(zip(header.split(","), row.split(","), strict=True))["due_before"] == "2021-10-05"


def test_entries_of_what_the_plan_no_longer_has_are_shown_as_such(cli: Cli) -> None:
    """A task or an agency that is gone: the entry is listed under its own words, and so is its undoing."""
    add(entry("g1", "2021-10-12", 'agency = "so-cu", kind = "done"'))
    add('g2 = { at = 2021-10-13T09:00:00+07:00, on = 2021-10-13, task = "bo-di", kind = "cancelled" }\n')
    add('g3 = { at = 2021-10-14T09:00:00+07:00, on = 2021-10-14, task = "bo-di", kind = "reopened" }\n')

    out = cli("log", "--since", "12/10/2021", "--lang", "en", "--format", "plain", *AS_OF).out

    assert "12 Oct 2021  khao-sat  COUNTS NOWHERE (no longer in the plan); so-cu: done" in out
    assert "13 Oct 2021  bo-di     COUNTS NOWHERE (no longer in the plan); cancelled" in out
    assert "14 Oct 2021  bo-di     COUNTS NOWHERE (no longer in the plan); reopened" in out
    undone = cli("undo", "--entry", "g1", "--lang", "en", *AS_OF)
    assert undone.out == "khao-sat: nothing changes: the plan no longer has what the entry names\n"
    assert "g1 is taken back" in cli("log", "--since", "12/10/2021", "--lang", "en", "--format", "plain", *AS_OF).out


def test_the_ids_are_those_that_undo_takes(cli: Cli) -> None:
    """Undoing an entry by its id shows it as taken back; undoing that brings it back."""
    assert cli("undo", "--entry", "e00", *AS_OF).code == 0
    (void,) = [str(event["id"]) for event in events(cli) if event["of"] == "e00"]
    assert [event["undone"] for event in events(cli) if event["id"] == "e00"] == [True]
    assert cli("undo", "--entry", void, *AS_OF).code == 0
    assert [event["undone"] for event in events(cli) if event["id"] == "e00"] == [False]


def test_a_log_for_spreadsheets_has_a_row_for_each_entry(cli: Cli) -> None:
    """The same facts as in JSON."""
    rows = list(csv.DictReader(StringIO(cli("log", "--format", "csv", *AS_OF).out.removeprefix("\ufeff"))))

    assert [row["id"] for row in rows] == [event["id"] for event in events(cli)]
    (moved,) = [row for row in rows if row["kind"] == "extended"]
    assert (moved["due_before"], moved["due"], moved["agency"]) == ("2021-09-30", "2021-10-20", "tuong-duong")


def test_without_a_journal_nothing_is_recorded(cli: Cli) -> None:
    """An empty history is no error; in a portfolio tasks are told apart by plan."""
    Path("plan.journal.toml").unlink()
    assert "Nothing is recorded." in cli("log", "--lang", "en", *AS_OF).out
    Path("other.toml").write_text(
        '[plan]\nid = "q"\ntitle = "Q"\nstart = 2021-08-23\ntimezone = "UTC"\n[tasks.a]\ntitle = "A"\n'
    )
    cli("note", "a", "words", "-p", "other.toml", *AS_OF)
    both = cli("log", "-p", "plan.toml", "-p", "other.toml", "--lang", "en", "--format", "plain", *AS_OF)
    assert "18 Oct 2021  q:a   note: words" in both.out


# ---------------------------------------------------------------------------------------------------------- missing


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize("form", ["table", "text"])
def test_who_has_not_delivered_is_named(cli: Cli, golden: Golden, language: str, form: str) -> None:
    """In declared order, those with a day of their own apart; the text is for a letter: full names, numbered."""
    ran = cli("missing", "khao-sat", "--lang", language, "--format", form, *AS_OF)

    assert (ran.code, ran.err) == (0, "")
    golden(ran.out, f"missing-{form}.{language}.txt")


def missing(cli: Cli, *arguments: str) -> dict[str, list[str]]:
    """Name who is missing, by task."""
    tasks = json.loads(cli("missing", *arguments, "--format", "json").out)["tasks"]
    return {task["id"]: [member["agency"] for member in task["missing"]] for task in tasks}


def test_without_a_task_every_open_fan_out_is_listed(cli: Cli) -> None:
    """Also of several plans; a task that has all, or is cancelled, or has one lead, is not there."""
    found = missing(cli, *AS_OF)
    assert {task: len(agencies) for task, agencies in found.items()} == {"khao-sat": 2, "gop-y": 41}
    assert found["khao-sat"] == ["ky-son", "tuong-duong"]
    cli("cancel", "gop-y", *AS_OF)
    assert list(missing(cli, *AS_OF)) == ["khao-sat"]
    cli("done", "khao-sat", "--all-agencies", *AS_OF)
    assert missing(cli, *AS_OF) == {}
    for form in ("table", "plain", "text"):
        out = cli("missing", "khao-sat", "--format", form, "--lang", "en", *AS_OF).out
        assert out == "As of 18 Oct 2021, nobody is missing.\n"


def test_what_an_agency_owes(cli: Cli) -> None:
    """--agency keeps it and those of a group; the list says that others are missing too."""
    assert missing(cli, "--agency", "ky-son", *AS_OF) == {"khao-sat": ["ky-son"], "gop-y": ["ky-son"]}
    assert missing(cli, "khao-sat", "--agency", "@so-nganh", *AS_OF) == {}
    out = cli("missing", "khao-sat", "--agency", "ky-son", "--lang", "en", *AS_OF).out
    assert "As of 18 Oct 2021: received 39/41, 2 missing\n" in out
    assert out.endswith("Only 1 of them is listed.\n")
    letter = cli("missing", "khao-sat", "--agency", "ky-son", "--format", "text", "--lang", "en", *AS_OF).out
    assert "\nAs of 18 Oct 2021, 1 agency of those asked for has not delivered (overdue 18 days):\n1. " in letter


def test_a_task_of_one_lead_has_no_list(cli: Cli) -> None:
    """It is a usage error with the command that shows it."""
    ran = cli("missing", "bao-cao-tong-hop", "--lang", "en", *AS_OF)

    assert ran.code == 2
    assert "is not delivered by several agencies; see: cdsplan show bao-cao-tong-hop" in ran.err


def test_a_list_for_spreadsheets_has_a_row_for_each_agency(cli: Cli) -> None:
    """Ids, full names, the day in force and how late."""
    rows = list(csv.reader(StringIO(cli("missing", "khao-sat", "--format", "csv", *AS_OF).out.removeprefix("\ufeff"))))

    assert [row[3:] for row in rows[1:]] == [
        ["ky-son", "ky-son", "UBND huyện Kỳ Sơn", "2021-09-30", "overdue", "18"],
        ["tuong-duong", "tuong-duong", "UBND huyện Tương Dương", "2021-10-20", "due-soon", "-2"],
    ]


LETTER = """
[plan]
id = "p"
title = "P"
start = 2026-03-02
timezone = "UTC"
language = "en"
[agencies]
a = { name = "School A" }
b = { name = "School B" }
[tasks.dated]
title = "Dated"
each = ["a", "b"]
due = 2026-03-31
[tasks.phrase]
title = "Phrase"
each = ["a", "b"]
due = "end of 2026"
[tasks.free]
title = "Free"
each = ["a", "b"]
"""


def test_a_letter_names_the_day_where_the_words_do_not(cli: Cli, tmp_path: Path) -> None:
    """A date is written as the language writes it, a phrase with its day, and nothing where there is no deadline."""
    (tmp_path / "letter.toml").write_text(LETTER)
    cli("done", "dated", "--agency", "a", "-p", "letter.toml", "--as-of", "2026-04-01")

    out = cli("missing", "--format", "text", "-p", "letter.toml", "--as-of", "2026-04-02").out

    assert out == (
        "Task: Dated\nDeadline: 31 Mar 2026\n"
        "As of 2 Apr 2026, 1 agency has not delivered (overdue 2 days):\n1. School B\n\n"
        "Task: Phrase\nDeadline: end of 2026 (31 Dec 2026)\nAs of 2 Apr 2026, 2 agencies have not delivered:\n"
        "1. School A\n2. School B\n\n"
        "Task: Free\nAs of 2 Apr 2026, 2 agencies have not delivered:\n1. School A\n2. School B\n"
    )


COUNTED = """
[plan]
id = "p"
title = "P"
start = 2026-01-05
timezone = "Asia/Ho_Chi_Minh"
language = "vi"
[agencies]
a = { name = "Sở A" }
[tasks.k]
title = "K"
each = ["a"]
milestone = true
due = { after = 2026-01-30, months = 1 }
"""


def test_a_count_from_a_day_is_written_out_wherever_people_read_it(cli: Cli, tmp_path: Path) -> None:
    """On the terminal, in the letter, in calendars and on pages; programs read the notation of the plan."""
    (tmp_path / "counted.toml").write_text(COUNTED)
    given = ("-p", "counted.toml", "--as-of", "2026-01-06")
    words = "01 tháng kể từ ngày 30/01/2026"

    assert f" {words}\n" in cli("show", "k", *given).out
    assert f"Thời hạn: {words} (28/02/2026)\n" in cli("missing", "k", *given).out
    assert f"Thời hạn: {words} (28/02/2026)\n" in cli("missing", "--format", "text", *given).out
    assert f"{words} (28/02/2026)" in cli("milestones", *given).out
    assert cli("publish", "out", *given).code == 0
    published = {path.name: path.read_bytes().decode().replace("\r\n ", "") for path in Path("out").iterdir()}
    assert [f"{words} → 28/02/2026" in published[name] for name in ("a.ics", "all.ics", "a.html")] == [True] * 3
    assert not [name for name, text in published.items() if "months after" in text]

    (item,) = json.loads(cli("status", *given, "--format", "json").out)["items"]
    assert item["due"]["words"] == "1 months after 2026-01-30"


ROLLED = """
[plan]
id = "p"
title = "P"
start = 2021-08-23
timezone = "Asia/Ho_Chi_Minh"
language = "vi"
[reading]
day-off = "next-working-day"
[agencies]
a = { name = "Sở A" }
b = { name = "Sở B" }
c = { name = "Sở C" }
d = { name = "Sở D" }
[tasks.report]
title = "Báo cáo"
each = ["a", "b", "c", "d"]
due = 2021-10-16
"""


def test_a_letter_says_why_the_day_is_another_and_that_it_was_moved(cli: Cli, tmp_path: Path) -> None:
    """16 and 30 October 2021 are Saturdays; a decision may have no document."""
    (tmp_path / "letter.toml").write_text(ROLLED, "utf-8")
    for agency, *words in (
        ("a", "30/10/2021", "--document", "CV 1"),
        ("b", "cuối tháng 10/2021"),
        ("c", "2021-12-31", "--document", "CV 2"),
    ):
        ran = cli("extend", "report", "--agency", agency, "--due", *words, "--on", "1/10/2021", "-p", "letter.toml")
        assert ran.code == 0

    out = cli("missing", "--format", "text", "-p", "letter.toml", *AS_OF).out

    assert [line for line in out.splitlines() if line.startswith("Thời hạn")] == [
        "Thời hạn: 16/10/2021 (ngày nghỉ, tính đến hết ngày 18/10/2021)",
        "Thời hạn: cuối tháng 10/2021 (31/10/2021), điều chỉnh ngày 01/10/2021",
        "Thời hạn: 30/10/2021 (ngày nghỉ, tính đến hết ngày 01/11/2021), điều chỉnh theo CV 1",
        "Thời hạn: 31/12/2021, điều chỉnh theo CV 2",
    ]
    due = "ngày 30 tháng 10 năm 2021"
    cli("extend", "report", "--agency", "a", "--due", due, "--on", "2/10/2021", "-p", "letter.toml")
    rolled = f"{due} (ngày 30/10/2021 là ngày nghỉ, tính đến hết ngày 01/11/2021)"
    assert (
        f"\nThời hạn: {rolled}, điều chỉnh ngày 02/10/2021\n"
        in cli("missing", "--format", "text", "-p", "letter.toml", *AS_OF).out
    )


# ------------------------------------------------------------------------------------------------------------ trend


@pytest.mark.parametrize(("language", "columns"), [("vi", 80), ("en", 120)])
def test_the_trend_is_drawn_week_by_week(
    cli: Cli, golden: Golden, monkeypatch: pytest.MonkeyPatch, language: str, columns: int
) -> None:
    """Numbers, and bars of signs that need no colour, within the width of the terminal."""
    monkeypatch.setenv("COLUMNS", str(columns))
    ran = cli("trend", "--agency", "@so-nganh", "--agency", "@cap-huyen", "--lang", language, *AS_OF)

    assert (ran.code, ran.err) == (0, "")
    assert max(map(len, ran.out.splitlines())) <= columns
    golden(ran.out, f"trend.{columns}.{language}.txt")


def counted(cli: Cli, *arguments: str) -> dict[str, tuple[int, int, int, int]]:
    """Give for each week what was done on time, late, in all, and what was overdue."""
    found = json.loads(cli("trend", *arguments, "--format", "json").out)["weeks"]
    return {
        week["week"]: (week["done_on_time"], week["done_late"], week["done"], week["overdue"])
        for week in found
        if any((week["done"], week["overdue"]))
    }


def test_a_fan_out_counts_once_and_for_an_agency_its_own_delivery(cli: Cli) -> None:
    """The survey stands overdue from the week of 1 October on, and is done late with its last; its members one by one.

    By hand: 36 deliver until 29 September; 1 October is a Friday, 4 and 11 October Mondays. Tương Dương has until
    20 October.
    """
    assert counted(cli, *AS_OF) == {
        "2021-W39": (0, 0, 0, 1),
        "2021-W40": (0, 0, 0, 1),
        "2021-W41": (0, 0, 0, 1),
        "2021-W42": (0, 0, 0, 1),
    }
    late = (
        "--agency",
        "so-yt",
        "--agency",
        "vinh",
        "--agency",
        "que-phong",
        "--agency",
        "ky-son",
        "--agency",
        "tuong-duong",
    )
    assert counted(cli, *late, *AS_OF) == {
        "2021-W39": (0, 1, 1, 3),  # 3 October: so-yt late; vinh, que-phong and ky-son are overdue
        "2021-W40": (0, 1, 1, 2),
        "2021-W41": (0, 1, 1, 1),
        "2021-W42": (0, 0, 0, 1),
    }
    cli("done", "khao-sat", "--all-agencies", "--on", "2021-10-18", *AS_OF)
    assert counted(cli, *AS_OF)["2021-W42"] == (0, 1, 1, 0)
    assert counted(cli, *late, *AS_OF)["2021-W42"] == (1, 1, 2, 0)


def test_what_has_one_lead_counts_for_its_lead(cli: Cli) -> None:
    """Done on time, done without a deadline; for who leads it, and for nobody else."""
    cli("done", "du-thao-nghi-quyet", "--on", "2021-10-12", *AS_OF)
    cli("done", "bao-cao-tong-hop", "--on", "2021-10-13", *AS_OF)

    assert counted(cli, *AS_OF)["2021-W41"] == (1, 0, 2, 1)
    assert counted(cli, "--agency", "so-tttt", *AS_OF)["2021-W41"] == (1, 0, 2, 0)
    assert counted(cli, "--agency", "bo-tttt", *AS_OF) == {}


def test_what_was_reopened_was_done_until_then(cli: Cli) -> None:
    """Looking back shows each week as it stood at its end."""
    Path("plan.journal.toml").write_text("")
    cli("done", "du-thao-nghi-quyet", "--on", "2021-10-05", *AS_OF)
    cli("reopen", "du-thao-nghi-quyet", "--on", "2021-10-12", *AS_OF)
    cli("done", "du-thao-nghi-quyet", "--on", "2021-10-18", *AS_OF)

    done = {week: numbers[2] for week, numbers in counted(cli, "--agency", "so-tttt", *AS_OF).items()}
    assert {week: number for week, number in done.items() if number} == {"2021-W40": 1, "2021-W42": 1}


def test_how_many_weeks(cli: Cli) -> None:
    """A quarter, but not before the plan began; so many as asked for; from the week of a day on."""

    def names(*arguments: str) -> list[str]:
        document = json.loads(cli("trend", *arguments, "--format", "json").out)
        return [week["week"] for week in document["weeks"]]

    assert names(*AS_OF) == [f"2021-W{week}" for week in range(34, 43)]
    assert names("--as-of", "2022-02-01") == [
        *(f"2021-W{week}" for week in range(46, 53)),
        *(f"2022-W0{w}" for w in range(1, 6)),
    ]
    assert names("--weeks", "2", *AS_OF) == ["2021-W41", "2021-W42"]
    assert names("--weeks", "60", *AS_OF)[0] == "2020-W36"
    assert names("--since", "10/10/2021", *AS_OF) == ["2021-W40", "2021-W41", "2021-W42"]
    assert names("--as-of", "2021-08-01") == []
    assert "The plan had not begun." in cli("trend", "--as-of", "2021-08-01", "--lang", "en").out


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--since", "1/9/2021", "--weeks", "3"), "name one of the two: --weeks or --since"),
        (("--since", "19/10/2021"), "--since: 19 Oct 2021 is after 18 Oct 2021"),
    ],
)
def test_weeks_that_cannot_be_meant_are_refused(cli: Cli, arguments: tuple[str, ...], why: str) -> None:
    """Two beginnings, or one that lies ahead: nothing is left out in silence."""
    ran = cli("trend", *arguments, *AS_OF, "--lang", "en")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith(f"Error: {why}\n")


def test_a_trend_for_spreadsheets_has_a_row_for_each_week(cli: Cli) -> None:
    """The last week ends with the day looked at."""
    rows = list(csv.reader(StringIO(cli("trend", "--format", "csv", *AS_OF).out.removeprefix("\ufeff"))))

    assert rows[0] == ["week", "first", "last", "done_on_time", "done_late", "done", "overdue"]
    assert rows[-1] == ["2021-W42", "2021-10-18", "2021-10-18", "0", "0", "0", "1"]


def test_a_bar_shows_every_count_however_small(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where not all have room, bars are to scale, and one of a thousand is still seen."""
    members = ", ".join(f'"a{n}"' for n in range(500))
    agencies = "".join(f'a{n} = {{ name = "Agency {n}" }}\n' for n in range(500))
    Path("plan.toml").write_text(
        '[plan]\nid = "p"\ntitle = "P"\nstart = 2021-10-04\ntimezone = "UTC"\n'
        f"[agencies]\n{agencies}[groups]\nall = [{members}]\n"
        '[tasks.t]\ntitle = "T"\neach = ["@all"]\ndue = 2021-10-05\n'
    )
    Path("plan.journal.toml").write_text("")
    cli("done", "t", "--agency", "a0", "--on", "2021-10-05", *AS_OF)
    cli("done", "t", "--agency", "a1", "--on", "2021-10-06", *AS_OF)
    monkeypatch.setenv("COLUMNS", "80")

    out = cli("trend", "--agency", "@all", "--lang", "en", *AS_OF).out

    (first,) = [line for line in out.splitlines() if line.startswith("2021-W40")]
    assert first.split()[-1].startswith("█▒××")
    assert max(map(len, out.splitlines())) <= 80


@given(st.dates(date(1990, 1, 1), date(2199, 12, 31)), st.integers(1, 30))
def test_weeks_follow_one_another(as_of: date, number: int) -> None:
    """So many, Monday to Sunday without a gap, the last one up to the day."""
    found = weeks(as_of, number)

    assert len(found) == number
    assert all(first.weekday() == 0 for first, _ in found)
    assert all((last - first).days == 6 for first, last in found[:-1])
    assert all(last + timedelta(days=1) == first for (_, last), (first, _) in pairwise(found))
    assert found[-1][1] == as_of


def test_missing_heads_with_the_deadline_in_force(cli: Cli) -> None:
    """Where it was moved for all, that is the decision's; its rows say the same."""
    add(entry("x2", "2021-09-30", 'kind = "extended", due = "trước ngày 5/10/2021", document = "CV 7000"'))
    out = cli("missing", "khao-sat", "--agency", "ky-son", "--as-of", "2021-10-03", "--lang", "vi").out
    assert "Thời hạn: trước ngày 5/10/2021\n" in out
    assert "UBND huyện Kỳ Sơn  05/10/2021" in out


def test_missing_writes_a_day_of_the_plan_as_its_readers_do(cli: Cli) -> None:
    """A plan has 2021-09-30, a letter 30/9/2021; what is counted from an event keeps its words."""
    plan = Path("plan.toml").read_text("utf-8")
    Path("plan.toml").write_text(plan.replace('due = "trước ngày 30/9/2021"', "due = 2021-09-30"), "utf-8")
    assert "Thời hạn: 30/9/2021\n" in cli("missing", "khao-sat", *AS_OF, "--lang", "vi").out
    counted = '{ after = "bao-cao-tong-hop", days = 5 }'
    Path("plan.toml").write_text(plan.replace('"trước ngày 30/9/2021"\nduration', f"{counted}\nduration"), "utf-8")
    assert "Deadline: 5 days after" in cli("missing", "khao-sat", *AS_OF, "--lang", "en").out


@pytest.mark.parametrize("columns", [40, 45, 60])
def test_the_survey_fits_a_narrow_terminal(cli: Cli, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """No line is cut or wrapped by the terminal, and no deadline is lost."""
    monkeypatch.setenv("COLUMNS", str(columns))
    for command in ("status", "log", "trend", "missing"):
        out = cli(command, *AS_OF, "--lang", "vi").out
        assert [line for line in out.splitlines() if len(line) > columns] == []
        assert "30/9/2021" in out or command == "trend"


def test_a_terminal_without_room_for_ids_says_so(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are what undo takes."""
    monkeypatch.setenv("COLUMNS", "40")
    assert "“Entry”" in cli("log", *AS_OF, "--lang", "en").err
    monkeypatch.setenv("COLUMNS", "60")
    assert "“Entry”" not in cli("log", *AS_OF, "--lang", "en").err
