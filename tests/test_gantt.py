"""The Gantt chart: what each column shows, how wide it is, what stands above it and below."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invoke import NGHEAN, ROOT, Cli, in_process
from strategies import plan_file, projects

from cdsplan.gantt import (
    CRITICAL,
    DEADLINE,
    DEADLINE_IN_WORK,
    LEAST_COLUMNS,
    MARGIN,
    OPEN,
    POINT,
    POINT_AT_DEADLINE,
    Chart,
    Heading,
    Row,
    Window,
    gantt,
)
from cdsplan.i18n import language
from cdsplan.plan.reader import read
from cdsplan.schedule import schedule
from cdsplan.schedule.cpm import compute
from cdsplan.status import judge
from cdsplan.views.chart import chart_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Golden
    from oracle import Project

    from cdsplan.schedule.cpm import Dates
    from cdsplan.schedule.network import Network

ENGLISH = language("en")
NEW_YEAR = "2026-01-01"  # a Thursday

HEAD = """\
[plan]
id = "move"
title = "Move the library"
start = 2026-09-01
timezone = "Europe/London"
[calendar]
closed = [{ from = 2026-09-24, to = 2026-09-25, name = "Break" }]
[agencies]
office = { name = "The office" }
lab = { name = "The lab" }
"""

PLAN = f"""{HEAD}
[tasks.list]
title = "List the books"
owner = "office"
duration = "8d"
started = 2026-09-01
done = 2026-09-09
due = 2026-09-11
[tasks.pack]
title = "Pack the books"
section = "Đóng gói"
owner = "office"
after = ["list"]
duration = "10d"
started = 2026-09-10
percent = 40
due = 2026-09-18
milestone = true
[tasks.paint]
title = "Paint the rooms"
section = "Rooms"
owner = "lab"
duration = "20ed"
not-before = 2026-09-07
[tasks.carry]
title = "Carry the books over"
section = "Đóng gói"
owner = "office"
after = ["pack"]
duration = "~3d"
due = 2026-09-25
[tasks.dust]
title = "Dust"
section = "Rooms"
duration = "2d"
due = 2026-09-04
cancelled = 2026-09-05
[tasks.open]
title = "Opening day"
section = "Rooms"
after = ["carry", "paint"]
duration = "0d"
milestone = true
due = 2026-10-02
[tasks.key]
title = "Hand over the keys"
after = ["carry"]
duration = "0d"
[tasks.thank]
title = "Thank the helpers"
after = ["open"]
duration = "1d"
due = {{ after = "open", days = 7 }}
"""


WHOLE = Window()


def charted(*plans: str, as_of: str, width: int = 80, window: Window = WHOLE, planned: bool = False) -> Chart:
    """Lay out everything of some plans."""
    day = date.fromisoformat(as_of)
    planned_ones = [schedule(read(plan.encode(), "plan.toml")) for plan in plans]
    forecasts = [made.forecast(day) for made in planned_ones]
    items = judge(forecasts, day).items
    return gantt(planned_ones if planned else forecasts, items, day, ENGLISH, width, window=window)


def one(task: str, start: str = NEW_YEAR) -> str:
    """Declare a plan of one task, called "t"."""
    head = f'[plan]\nid = "p"\ntitle = "P"\nstart = {start}\ntimezone = "UTC"\n'
    return f'{head}[tasks.t]\ntitle = "T"\n{task}\n'


def cells(chart: Chart) -> dict[str, str]:
    """Give the columns of each task by its label."""
    return {row.label: row.cells for row in chart.rows if isinstance(row, Row)}


def days_of(chart: Chart) -> int:
    """Read from its title how many days a column of a chart stands for."""
    return int(chart.titles[-1].rpartition("a column is ")[2].split()[0])


# ----------------------------------------------------------------------------------------------- What the columns show


def test_a_forecast_is_drawn_day_by_day() -> None:
    """Done, left and critical work, deadlines, points, days off and the day itself each have a sign of their own.

    Of 10 days of packing 40 % are done by Tuesday the 15th: 6 are left, from the 16th to the 23rd. The 24th and 25th
    are closed, so carrying takes the 28th to the 30th, when the rooms open; a week later thanks are due. Painting runs
    20 calendar days from the 7th. The keys and the painting can wait, all else that is open cannot.
    """
    chart = charted(PLAN, as_of="2026-09-15")

    assert chart_text(chart, 80) == dedent("""\
        Move the library
        Forecast as of 15 Sep 2026; a column is 1 day

                                 Sep 2026                      Oct 2026
                                       7      14     21     28     5
                                               ┊ 15 Sep 2026
        no section                             ┊
        ✓ List the books         ━━━━━━━━━ |·· ┊   ··   ····     ··
          Hand over the keys         ··     ·· ┊   ··   ····  ◇  ··
        ● Thank the helpers          ··     ·· ┊   ··   ····   █ ··  |
        Đóng gói                               ┊
        ● Pack the books             ··   ━━━━━━██╂████◆····     ··
        ● Carry the books over ~     ··     ·· ┊   ··   ·|··███  ··
        Rooms                                  ┊
          Paint the rooms              ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
        ∅ Dust                       ··     ·· ┊   ··   ····     ··
        ● Opening day                ··     ·· ┊   ··   ····  ◆ |··

        ●█ critical: no float left   ▒ not critical   ✓━ done   ∅ cancelled
        ◆ milestone   ◇ point in time   |╂ deadline   · day off   ~ estimated duration""")


def test_the_plan_is_drawn_without_its_facts() -> None:
    """As planned nothing is done or cancelled, and a count from an event has no day.

    Listing takes 1 to 10 September; packing 10 days up to the 28th, over the closed 24th and 25th.
    """
    drawn = cells(charted(PLAN, as_of="2026-09-15", planned=True))

    assert drawn == {
        "List the books": "██████████|·· ┊   ··   ····     ",
        "Hand over the keys": "    ··     ·· ┊   ··   ····   ◇ ",
        "Thank the helpers": "    ··     ·· ┊   ··   ····    █",
        "Pack the books": "    ··    ███████╂█████████◆    ",
        "Carry the books over": "    ··     ·· ┊   ··   ·|·· ███ ",
        "Paint the rooms": "      ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒      ",
        "Dust": "▒▒ |··     ·· ┊   ··   ····     ",
        "Opening day": "    ··     ·· ┊   ··   ····   ◆|",
    }


@pytest.mark.parametrize(
    ("task", "row"),
    [
        ('duration = "3d"\ndone = true', Row("✓", "T", " ", " ")),
        ('duration = "~3d"\ndone = true', Row("✓", "T", " ", " ")),
        ('duration = "~3d"\ndone = 2026-01-07\ndue = 2026-01-07', Row("✓", "T", "~", "━━╂")),
        ('duration = "~3d"\nstarted = 2026-01-06\ndone = 2026-01-07', Row("✓", "T", " ", "━━")),
        ('duration = "~3d"\ncancelled = 2026-01-06\ndue = 2026-01-07', Row("∅", "T", " ", " ")),
        ('duration = "0d"\ndone = 2026-01-06\ndue = 2026-01-07', Row("✓", "T", " ", "◇|")),
        ('duration = "0d"\nnot-before = 2026-01-09\ndue = 2026-01-09', Row("●", "T", " ", "◈")),
        ('duration = "1d"\nmilestone = true\nnot-before = 2026-01-09\ndue = 2026-01-09', Row("●", "T", " ", "◈")),
        ('duration = "1d"\nnot-before = 2026-01-08\ndue = 2026-01-09', Row("●", "T", " ", "█|")),
        ('duration = "2d"\nnot-before = 2026-01-08\ndue = 2026-01-08', Row("●", "T", " ", "╂█")),
        ('duration = "1d"\nnot-before = 2026-01-08\ndue = 2026-01-06', Row("●", "T", " ", "| █")),
        ('duration = "4d"\nstarted = 2026-01-05\npercent = 50', Row("●", "T", " ", "━━━━████")),
        ('duration = "4d"\nstarted = 2026-01-05\npercent = 100', Row("●", "T", " ", "━━━━")),
        ('duration = "4d"\nstarted = 2026-01-05', Row("●", "T", " ", "████")),
    ],
)
def test_what_is_known_of_a_task_shows(task: str, row: Row) -> None:
    """As of Thursday 8 January 2026, of a plan that starts on the 5th: what has no day has its mark and no bar."""
    chart = charted(one(task, "2026-01-05"), as_of="2026-01-08")

    assert chart.rows == (row,)


def test_days_off_are_those_of_the_task_s_own_calendar() -> None:
    """From Thursday 1 to Sunday 18 January: weekends are off for work of weekdays, and not for that of all days."""
    plan = one('duration = "1d"\ndue = 2026-01-18') + '[tasks.u]\ntitle = "U"\nduration = "1ed"\n'

    drawn = cells(charted(plan, as_of="2025-12-01"))

    assert drawn == {"T": "█ ··     ··     ·|", "U": "█                 "}


def test_longer_columns_show_no_days_off() -> None:
    """Of 50 days in 24 columns, three to a column, a weekend fills none."""
    chart = charted(one('duration = "1d"\ndue = 2026-02-19'), as_of="2025-12-01", width=20)

    assert cells(chart) == {"T": "█" + " " * 15 + "|"}


def drawn_days(chart: Chart, first: date, signs: str) -> dict[str, set[date]]:
    """Give for each task the days whose column has one of these signs, in a chart that begins on `first`."""
    return {
        label: {first + timedelta(days=at) for at, sign in enumerate(line) if sign in signs}
        for label, line in cells(chart).items()
    }


WORK = CRITICAL + OPEN + POINT + DEADLINE_IN_WORK + POINT_AT_DEADLINE


@given(projects())
def test_a_bar_covers_the_days_of_its_task_and_no_others(project: Project) -> None:
    """Day by day: work and points stand from the early start to the early finish, deadlines on their last good day."""
    made = schedule(read(plan_file(project), "random.toml"))
    items = judge((made.forecast(project.start),), project.start).items

    chart = gantt((made,), items, project.start, ENGLISH, 2000, window=WHOLE)

    dues = {item.task.id: {item.due.last} if item.due and item.due.last else set[date]() for item in items}
    spans = {
        task.id: {
            made.early_start(j) + timedelta(days=n)
            for n in range((made.early_finish(j) - made.early_start(j)).days + 1)
        }
        for j, task in enumerate(made.tasks)
    }
    first = min(day for days in (*dues.values(), *spans.values()) for day in days)
    assert days_of(chart) == 1
    assert drawn_days(chart, first, WORK) == spans
    assert drawn_days(chart, first, DEADLINE + DEADLINE_IN_WORK + POINT_AT_DEADLINE) == dues


@given(projects(), st.integers(10, 200))
def test_a_longer_column_shows_what_any_of_its_days_does(project: Project, width: int) -> None:
    """Whatever the width, a column has work where one of its days has; the chart keeps to the width where it can."""
    made = schedule(read(plan_file(project), "random.toml"))
    items = judge((made.forecast(project.start),), project.start).items
    first, length = date(2024, 1, 1), 800  # from a Monday on
    window = Window(first, first + timedelta(days=length - 1))
    fine = gantt((made,), items, project.start, ENGLISH, 2000, window=window)

    chart = gantt((made,), items, project.start, ENGLISH, width, window=window)

    days = days_of(chart)
    for name, worked in drawn_days(fine, first, WORK).items():
        line = cells(chart)[name]
        assert len(line) == -(-length // days)
        assert MARGIN + len(name) + len(line) <= max(width, MARGIN + len(name) + LEAST_COLUMNS)
        assert {at for at, sign in enumerate(line) if sign in WORK} == {(day - first).days // days for day in worked}


# ------------------------------------------------------------------------------------------------- Which days are drawn


@pytest.mark.parametrize(
    ("length", "days", "columns"),
    [
        (24, 1, 24),
        (25, 2, 13),
        (100, 5, 20),
        (144, 6, 24),
        (145, 7, 22),  # weeks begin on Monday, 29 December: 3 + 145 days are 21 weeks and a day
        (166, 14, 13),  # 3 + 166 days are 24 weeks and a day
        (3650, 154, 24),  # 3 + 3650 days are 521 weeks and 6 days: 22 weeks a column
    ],
)
def test_columns_are_as_fine_as_the_width_allows(length: int, days: int, columns: int) -> None:
    """One to six days, else whole weeks from a Monday on; here there is room for 24 columns."""
    chart = charted(one(f'duration = "{length}ed"'), as_of="2025-12-31", width=MARGIN + 1 + 24)

    assert days_of(chart) == days
    assert cells(chart) == {"T": CRITICAL * columns}


THREE = """[plan]
id = "p"
title = "P"
start = 2026-01-05
timezone = "UTC"
[tasks.a]
title = "A"
duration = "4d"
milestone = true
[tasks.b]
title = "B"
after = ["a"]
duration = "3d"
[tasks.c]
title = "C"
after = ["b"]
duration = "1d"
due = 2026-01-16
"""


@pytest.mark.parametrize(
    ("first", "last", "a", "b", "c"),
    [
        (None, None, "███◆ ··     ", "    █████   ", "     ··  █ |"),
        (7, None, "←◆ ··     ", "  █████   ", "   ··  █ |"),
        (8, None, "◆ ··     ", " █████   ", "  ··  █ |"),
        (9, 14, "←··   ", "█████ ", " ··  █"),
        (10, 16, "←·     ", "←███   ", "··  █ |"),
        (None, 12, "███◆ ·· ", "    ███→", "     ··→"),
        (9, 9, "←", "→", "→"),
        (16, 16, "←", "←", "←"),
        (20, None, "←", "←", "←"),
        (None, 2, "→", "→", "→"),
    ],
)
def test_a_window_shows_its_days_and_where_the_rest_is(
    first: int | None, last: int | None, a: str, b: str, c: str
) -> None:
    """In January 2026 A takes the 5th to the 8th, B the 9th to the 13th, C the 14th: arrows say what lies outside."""
    window = Window(date(2026, 1, first) if first else None, date(2026, 1, last) if last else None)

    chart = charted(THREE, as_of="2025-12-31", window=window)

    assert cells(chart) == {"A": a, "B": b, "C": c}
    assert (("←" in a + b + c) or ("→" in a + b + c)) == any(
        words == "outside the days shown" for _, words in chart.legend
    )


def test_what_has_no_day_is_drawn_from_the_start_of_the_plan() -> None:
    """A plan of which all is cancelled has a chart of a day."""
    chart = charted(one("cancelled = 2026-01-01"), as_of=NEW_YEAR)

    assert chart.rows == (Row("∅", "T", " ", "┊"),)


# -------------------------------------------------------------------------------------------- The header and the labels


@pytest.mark.parametrize(
    ("start", "length", "header"),
    [
        # Friday 30 January on, a day a column: January is too short to be named; Mondays are 2, 9 and 16 February.
        ("2026-01-30", 20, ["  Feb 2026", "   2      9      16"]),
        # Thursday 1 January on, two days a column: 1 February is day 31 (column 15); Mondays are days 4, 11, 18 …
        ("2026-01-01", 48, ["Jan 2026       Feb 2026", "  5  12  19 26  2  9   16"]),
        # Five days a column from 10 November on: December is day 21 (column 4), January 52, February 83.
        ("2025-11-10", 100, ["2025      2026", "Nov Dec   Jan   Feb"]),
        # From 17 November on December begins in column 2: November's name would reach into it, and is left out.
        ("2025-11-17", 98, ["2025     2026", "  Dec    Jan   Feb"]),
        # Weeks from Monday 29 December 2025: January is day 3, February 34 (column 4), March 62, April 93, May 123.
        ("2026-01-01", 150, ["2026", "Jan Feb Mar  Apr May"]),
        # Two weeks a column from Monday 29 September 2025: quarters on day 2, 94 (column 6), 184 (13).
        ("2025-10-01", 250, ["2025  2026", "Q4    Q1     Q2"]),
        # Six weeks a column from Monday 30 December 2024: 2026 is day 367 (column 8), 2027 day 732 (17).
        ("2025-01-01", 1000, ["2025    2026     2027"]),
        # 210 years are 76701 days from a Monday on, 3199 a column: column 0 holds 1990 to 1998, of which the first
        # gives way to the second; 2034 is the first year of column 5, 2078 of 10, 2122 of 15, 2166 of 20.
        ("1990-01-01", 76701, ["1991 2034 2078 2122 2166"]),
    ],
)
def test_the_header_names_what_has_room(start: str, length: int, header: list[str]) -> None:
    """Months and Mondays, years and months, years and quarters, or years, in 24 columns."""
    last = date.fromisoformat(start) + timedelta(days=length - 1)

    chart = charted(one(f"due = {last}", start), as_of="1989-12-31", width=MARGIN + 1 + 24)

    assert list(chart.header) == header


@pytest.mark.parametrize(
    ("as_of", "line"),
    [
        ("2026-01-01", ["┊ 1 Jan 2026"]),
        ("2026-01-12", ["           ┊ 12 Jan 2026"]),
        ("2026-01-13", ["13 Jan 2026 ┊"]),
        ("2026-01-24", ["           24 Jan 2026 ┊"]),
        ("2026-01-25", []),
        ("2025-12-31", []),
    ],
)
def test_the_day_of_judgement_is_named_where_there_is_room(as_of: str, line: list[str]) -> None:
    """Right of its line, else left; outside the chart there is neither."""
    chart = charted(one("due = 2026-01-24"), as_of=as_of, width=MARGIN + 1 + 24, planned=True)

    assert list(chart.header[2:]) == line
    assert ("┊" in cells(chart)["T"]) == (bool(line) and as_of not in {"2026-01-01", "2026-01-24"})


def test_titles_label_the_rows_where_all_of_them_fit() -> None:
    """Five twelfths of 48 columns are 20: a title of 20 fits, with one of 21 all rows show their ids."""
    short, long = one("") + f'short = "{"s" * 20}"\n', one("") + f'short = "{"s" * 21}"\n'

    assert list(cells(charted(short, as_of=NEW_YEAR, width=48))) == ["s" * 20]
    assert list(cells(charted(long, as_of=NEW_YEAR, width=48))) == ["t"]
    assert list(cells(charted(long, as_of=NEW_YEAR, width=51))) == ["s" * 21]


def test_ids_get_half_of_the_width_at_most() -> None:
    """Of an id of 64 characters 39 remain in 80 columns, and 23 in 40; the line is then wider than the terminal."""
    plan = one("").replace("[tasks.t]", f"[tasks.{'i' * 64}]").replace('"T"', f'"{"T" * 65}"')

    for width, label in ((80, "i" * 39 + "…"), (40, "i" * 23 + "…"), (128, "i" * 64)):
        chart = charted(plan, as_of=NEW_YEAR, width=width)
        assert list(cells(chart)) == [label]
        assert chart.label_width == len(label)


# ---------------------------------------------------------------------------------------------- Sections and portfolios


def words_of(chart: Chart) -> list[str]:
    """Give the headings of a chart, and the labels of its rows after a dash."""
    return [row.words if isinstance(row, Heading) else f"- {row.label}" for row in chart.rows]


def test_tasks_stand_under_their_sections() -> None:
    """Sections come in the order in which they are first named, each once; a plan without any has no headings."""
    assert words_of(charted(PLAN, as_of="2026-09-15")) == [
        "no section",
        "- List the books",
        "- Hand over the keys",
        "- Thank the helpers",
        "Đóng gói",
        "- Pack the books",
        "- Carry the books over",
        "Rooms",
        "- Paint the rooms",
        "- Dust",
        "- Opening day",
    ]
    assert words_of(charted(THREE, as_of="2026-01-05")) == ["- A", "- B", "- C"]


def test_a_portfolio_has_the_plans_as_headings() -> None:
    """Every plan stands under its title and id; the dates are those of all of them; what is too long is cut."""
    other = THREE.replace('"p"', '"q"').replace('title = "P"', f'title = "{"Q" * 90}"')

    chart = charted(THREE, other, as_of="2025-12-31")

    assert chart.titles == ("Forecast as of 31 Dec 2025; a column is 1 day",)
    assert words_of(chart) == ["P (p)", "- A", "- B", "- C", "", "Q" * 79 + "…", "- A", "- B", "- C"]


def test_a_long_heading_takes_the_place_of_columns() -> None:
    """The line of the day shows beside a heading, and gives way to its words where they reach it."""
    heading, longer = "H" * (MARGIN + 1 + 3), "H" * (MARGIN + 1 + 4)
    for section, shown in (("H", "H         ┊"), (heading, f"{heading} ┊"), (longer, longer)):
        plan = one(f'due = 2026-01-09\nsection = "{section}"')
        text = chart_text(charted(plan, as_of="2026-01-05"), 80)
        assert text.splitlines()[6] == shown


def test_the_legend_takes_as_many_lines_as_it_needs() -> None:
    """Entries are kept whole, and stand on one line where they fit."""
    chart = charted(THREE, as_of="2025-12-31")

    assert [signs for signs, _ in chart.legend] == ["●█", "◆", "|", "·"]
    whole = "●█ critical: no float left   ◆ milestone   | deadline   · day off"
    assert chart_text(chart, len(whole)).splitlines()[-1] == whole
    assert chart_text(chart, len(whole) - 1).splitlines()[-2:] == [whole.removesuffix("   · day off"), "· day off"]
    assert chart_text(chart, 1).splitlines()[-4] == "●█ critical: no float left"


# ----------------------------------------------------------------------------------------------------- The command line


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """Run 80 columns wide in a folder where `plan.toml` is the plan above."""
    (tmp_path / "plan.toml").write_text(PLAN, "utf-8")
    with in_process(capsys, monkeypatch, tmp_path, columns=80) as made:
        yield made


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("code", ["en", "vi"])
def test_the_real_plan_reads_well(
    cli: Cli, golden: Golden, monkeypatch: pytest.MonkeyPatch, code: str, columns: int
) -> None:
    """The chart of the real plan is what was read and found good, no line wider than the terminal."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", str(columns))

    ran = cli("gantt", "-p", NGHEAN, "--as-of", "05/10/2021", "--lang", code)

    assert (ran.code, ran.err) == (0, "")
    assert max(map(len, ran.out.splitlines())) <= columns
    golden(ran.out, f"gantt.{columns}.{code}.txt")


def test_a_plan_in_english_reads_well(cli: Cli, golden: Golden) -> None:
    """Forecast and plan of the library's move are what was read and found good."""
    golden(cli("gantt", "--as-of", "2026-09-15").out, "gantt-library.80.en.txt")
    golden(cli("gantt", "--as-of", "2026-09-15", "--planned").out, "gantt-library-planned.80.en.txt")


def test_colour_never_says_anything_alone(cli: Cli) -> None:
    """Without its escapes the coloured chart is the plain one, also where nothing is left to draw."""
    for arguments in ((), ("--section", "rooms", "--agency", "office")):
        command = ("gantt", "--as-of", "2026-09-15", *arguments)
        colored, plain = cli(*command, "--color", "always").out, cli(*command, "--format", "plain").out
        assert "\x1b[" in colored
        assert [line.rstrip() for line in click.unstyle(colored).splitlines()] == plain.splitlines()


def test_every_kind_of_work_has_its_colour(cli: Cli) -> None:
    """Done is green, critical red, other work blue, a deadline magenta."""
    colored = cli("gantt", "--as-of", "2026-09-15", "--color", "always").out

    for code, signs in (("32", "━━━━━━"), ("31", "██"), ("34", "▒" * 20), ("1;35", "╂")):
        assert f"\x1b[{code}m{signs}\x1b[0m" in colored


@pytest.mark.parametrize(
    ("arguments", "labels"),
    [
        (("--section", "DONG   goi"), ["Pack the books", "Carry the books over"]),
        (("--section", "rooms", "--agency", "The lab"), ["Paint the rooms"]),
        (
            ("--section", "rooms", "--section", "Đóng gói", "--agency", "office"),
            ["Pack the books", "Carry the books over"],
        ),
        (("--agency", "lab"), ["Paint the rooms"]),
        (("--section", "rooms", "--agency", "office"), []),
    ],
)
def test_sections_and_agencies_choose_tasks(cli: Cli, arguments: tuple[str, ...], labels: list[str]) -> None:
    """A section is found without diacritics and whatever the case; several add up, an agency takes away."""
    ran = cli("gantt", "--as-of", "2026-09-15", *arguments)

    titles = (
        "List the books",
        "Hand over",
        "Thank",
        "Pack the books",
        "Carry the books over",
        "Paint the rooms",
        "Dust",
    )
    assert [title for title in titles if title in ran.out] == labels
    assert ("No task fits what was asked for." in ran.out) == (not labels)
    assert (ran.code, ran.err) == (0, "")


def test_a_chart_says_to_which_agencies_it_is_limited(cli: Cli) -> None:
    """Below what it draws, as the status does; a chart of all says nothing of the kind."""
    limited, whole = cli("gantt", "--as-of", "2026-09-15", "--agency", "lab"), cli("gantt", "--as-of", "2026-09-15")

    assert [line for line in limited.out.splitlines() if line.startswith("Only of")] == ["Only of: The lab"]
    assert "Only of" not in whole.out


def test_a_window_is_given_in_days_as_people_type_them(cli: Cli) -> None:
    """--from and --to name the first and the last day."""
    out = cli("gantt", "--as-of", "2026-09-15", "--from", "14/9/2026", "--to", "2026-09-25", "--format", "plain").out

    assert "\n● Pack the books         ←━██╂████◆··\n" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--section", "roms"), "there is no section “roms”; there are: “Đóng gói”, “Rooms”"),
        (("--from", "2026-09-15", "--to", "2026-09-14"), "--to 14 Sep 2026 lies before --from 15 Sep 2026"),
        (("--format", "csv"), "'csv' is not one of 'table', 'plain'"),
    ],
)
def test_wrong_usage_is_exit_2_and_says_what_is_right(cli: Cli, arguments: tuple[str, ...], words: str) -> None:
    """A section that is none, days in the wrong order, a form that a chart does not have."""
    ran = cli("gantt", "--as-of", "2026-09-15", *arguments)

    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err


def test_a_plan_without_sections_has_none_to_name(cli: Cli) -> None:
    """Nothing is offered instead."""
    Path("plain.toml").write_text(THREE, "utf-8")

    ran = cli("gantt", "plain.toml", "--section", "rooms", "--as-of", "2026-01-05")

    assert ran.code == 2
    assert ran.err.endswith("there is no section “rooms”\n")


def test_hundreds_of_rows_are_plain_text(cli: Cli) -> None:
    """A chart of more than 200 lines is written without colour, whatever was asked for."""
    tasks = "".join(f'[tasks.t{n}]\ntitle = "T"\n' for n in range(200))
    Path("many.toml").write_text(THREE + tasks, "utf-8")

    many = cli("gantt", "many.toml", "--as-of", "2026-01-05", "--color", "always")

    assert many.out == cli("gantt", "many.toml", "--as-of", "2026-01-05", "--format", "plain").out
    assert many.out.count("T ~ ▒") == 200


@pytest.mark.parametrize(("arguments", "networks"), [((), 1), (("--planned",), 2)])
def test_no_network_is_computed_twice(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], networks: int
) -> None:
    """The forecast is judged and drawn from one pass; the planned network takes one more."""
    computed: list[Network] = []

    def count(network: Network) -> Dates:
        computed.append(network)
        return compute(network)

    monkeypatch.setattr("cdsplan.schedule.model.compute", count)

    assert cli("gantt", "--as-of", "2026-09-15", *arguments).code == 0
    assert len(computed) == networks
