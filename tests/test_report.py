"""A status in words: sections, rows, notes, tallies, and the wording of each fact, as people read them in English."""

from __future__ import annotations

from datetime import date
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from cdsplan import wording
from cdsplan.cli.drawing import draw
from cdsplan.i18n import Language, language
from cdsplan.listing import Card, Column, Listing
from cdsplan.messages import Message
from cdsplan.plan.model import Basis, Counted, CountUnit, Duration, DurationUnit, Link, LinkType
from cdsplan.plan.reader import read
from cdsplan.progress import Phase
from cdsplan.report import Report, Row, Tally, report
from cdsplan.schedule import forecast
from cdsplan.status import Status, Timeliness, judge
from cdsplan.summary import Attention, Grouping
from cdsplan.views.plain import card_text, listing_text, status_text
from cdsplan.views.tables import status_table

if TYPE_CHECKING:
    from collections.abc import Sequence

ENGLISH = language("en")

HEAD = """
[plan]
id = "p"
title = "The plan"
start = 2021-08-23
timezone = "Asia/Ho_Chi_Minh"
[agencies]
lead = { name = "The lead agency", short = "Lead" }
one = { name = "Agency one" }
two = { name = "Agency two" }
"""


def judged(*plans: str, as_of: str) -> Status:
    """Judge plans as of a day."""
    found = [forecast(read(dedent(plan).encode(), "plan.toml"), date.fromisoformat(as_of)) for plan in plans]
    return judge(found, date.fromisoformat(as_of))


def laid_out(
    *plans: str, as_of: str, everything: bool = False, by: Grouping | None = None, say: Language = ENGLISH
) -> Report:
    """Lay out everything of some plans."""
    status = judged(*plans, as_of=as_of)
    return report(status, status.items, say, everything=everything, by=by)


def names(rows: Sequence[Row]) -> list[str]:
    """Name the items of some rows."""
    return [row.name for row in rows]


TASKS = """
[tasks.survey]
title = "Survey"
section = "First part"
each = ["one", "two"]
due = 2021-09-30
milestone = true
duration = "5d"
[tasks.draft]
title = "Draft"
section = "First part"
owner = "lead"
after = ["survey"]
due = 2021-10-04
duration = "5d"
[tasks.hall]
title = "Find a hall"
owner = ["one", "lead"]
due = 2021-11-30
duration = "100d"
[tasks.office]
title = "Keep the office open"
section = "Second part"
owner = "two"
due = "ongoing"
[tasks.vote]
title = "Vote"
owner = "two"
due = { after = "draft", days = 3 }
[tasks.print]
title = "Print"
owner = "lead"
due = 2021-09-01
done = 2021-09-01
"""


def test_what_presses_stands_first_most_pressing_on_top() -> None:
    """As of 1 October the survey is overdue, the draft due soon, the hall at risk; nothing else is shown."""
    found = laid_out(HEAD + TASKS, as_of="2021-10-01")

    assert found.titles == ("The plan (p)",)
    assert found.as_of == "As of 1 Oct 2021"
    assert [(section.heading, section.urgent, names(section.rows)) for section in found.sections] == [
        ("Overdue (1)", Timeliness.OVERDUE, ["survey"]),
        ("Due soon (1)", Timeliness.DUE_SOON, ["draft"]),
        ("At risk (1)", None, ["hall"]),
    ]


def test_rows_say_how_an_item_stands() -> None:
    """Each row has a symbol, words, the day, the title, who is responsible, and notes on what else must be known."""
    found = laid_out(HEAD + TASKS, as_of="2021-10-01")
    survey, draft, hall = (section.rows[0] for section in found.sections)

    assert survey == Row(
        timeliness=Timeliness.OVERDUE,
        symbol="✗",
        standing="overdue 1 day",
        due="30 Sep 2021",
        title="Survey",
        name="survey",
        milestone=True,
        who="2 agencies",
        # The draft's five days must begin on 28 September to end on 4 October; the survey ends on 1 October or later.
        notes=("received 0/2", "4 working days too late for the deadline of “draft”"),
    )
    assert (draft.symbol, draft.standing, draft.who) == ("»", "due soon, 3 days left", "Lead")
    # The survey ends on Friday, 1 October at the earliest, so the draft's five days end on 8 October.
    assert draft.notes == ("waits for survey", "may be 4 days late")
    # 100 working days from 23 August end on Friday, 7 January: 38 calendar days after 30 November.
    assert (hall.symbol, hall.standing, hall.due) == ("~", "may be 38 days late", "30 Nov 2021")
    assert (hall.who, hall.notes) == ("Agency one, Lead", ())


def test_everything_else_follows_on_request() -> None:
    """With everything, what does not press comes last, in declared order."""
    found = laid_out(HEAD + TASKS, as_of="2021-10-01", everything=True)

    assert (found.sections[-1].heading, names(found.sections[-1].rows)) == (
        "Everything else",
        ["office", "vote", "print"],
    )
    standing = {row.name: (row.symbol, row.standing, row.due) for row in found.sections[-1].rows}
    # The draft, five days after a survey that is open on 1 October, makes the vote due one working day after 8 October.
    assert standing == {
        "office": ("–", "ongoing", "–"),
        "vote": ("?", "undetermined", "about 11 Oct 2021"),
        "print": ("✓", "done on time", "1 Sep 2021"),
    }


def test_everything_else_is_no_heading_over_nothing() -> None:
    """Where all that there is presses, there is nothing else."""
    tasks = '[tasks.a]\ntitle = "A"\ndue = 2021-09-30\n'

    assert len(laid_out(HEAD + tasks, as_of="2021-10-01", everything=True).sections) == 1


@pytest.mark.parametrize(("warn", "days"), [(1, "1 day"), (10, "10 days")])
def test_a_quiet_plan_says_so(warn: int, days: str) -> None:
    """Where nothing presses, one sentence says what was looked for."""
    found = laid_out(f"{HEAD}[check]\nwarn = {warn}\n[tasks.a]\ntitle = 'A'\n", as_of="2021-10-01")

    assert found.sections == ()
    assert found.nothing == f"Nothing is overdue, due within {days}, or at risk."


def test_a_quiet_portfolio_says_what_is_true_of_every_plan() -> None:
    """One plan warns five days ahead and another two, so an item due in eight days may be there unsaid."""
    plans = [
        HEAD.replace('id = "p"', f'id = "p{warn}"')
        + f"[check]\nwarn = {warn}\n[tasks.a]\ntitle = 'A'\ndue = 2021-10-{day}\n"
        for warn, day in ((5, 30), (2, "09"))
    ]
    found = laid_out(*plans, as_of="2021-10-01")

    assert found.sections == ()
    assert found.nothing == "Nothing is overdue, due within 2 days, or at risk."


def test_grouped_by_section_everything_is_shown() -> None:
    """Sections come in the order in which they first occur; tasks without one under a heading of their own."""
    found = laid_out(HEAD + TASKS, as_of="2021-10-01", by=Grouping.SECTION)

    assert [(section.heading, names(section.rows)) for section in found.sections] == [
        ("First part", ["survey", "draft"]),
        ("no section", ["hall", "vote", "print"]),
        ("Second part", ["office"]),
    ]


def test_grouped_by_deadline_the_earliest_comes_first() -> None:
    """Days in order, what has no day last."""
    found = laid_out(HEAD + TASKS, as_of="2021-10-01", by=Grouping.DUE)

    assert [(section.heading, names(section.rows)) for section in found.sections] == [
        ("1 Sep 2021", ["print"]),
        ("30 Sep 2021", ["survey"]),
        ("4 Oct 2021", ["draft"]),
        ("30 Nov 2021", ["hall"]),
        ("no deadline", ["office", "vote"]),
    ]


def test_grouped_by_agency_everyone_sees_what_they_must_deliver() -> None:
    """Agencies in declared order; a member sees its own delivery, joint owners both see the task."""
    found = laid_out(HEAD + TASKS, as_of="2021-10-01", by=Grouping.AGENCY)

    assert [(section.heading, names(section.rows)) for section in found.sections] == [
        ("Lead", ["draft", "hall", "print"]),
        ("Agency one", ["survey", "hall"]),
        ("Agency two", ["survey", "office", "vote"]),
    ]
    delivery = found.sections[1].rows[0]
    assert (delivery.standing, delivery.notes) == ("overdue 1 day", ())


def test_an_item_at_risk_that_is_due_soon_says_both() -> None:
    """What is due soon says beside it how late it may be."""
    tasks = '[tasks.a]\ntitle = "A"\ndue = 2021-10-04\nduration = "~32d"\n'
    found = laid_out(HEAD + tasks, as_of="2021-10-01")

    # 32 working days from 23 August end on Tuesday, 5 October.
    assert found.sections[0].rows[0].notes == ("may be 1 day late (rests on estimates)",)


def test_a_risk_that_rests_on_inferred_links_says_so() -> None:
    """No length is an estimate here, but the source does not know that `b` waits for `a`."""
    tasks = """
[tasks.a]
title = "A"
duration = "31d"
[tasks.b]
title = "B"
due = 2021-10-04
duration = "1d"
after = [{ task = "a", basis = "inferred" }]
"""
    found = laid_out(HEAD + tasks, as_of="2021-10-01")

    assert "may be 1 day late (rests on inferred links)" in found.sections[0].rows[0].notes


def test_totals_and_agencies_are_counted_without_zeros() -> None:
    """A task counts once in the total; agencies count their own deliveries."""
    found = laid_out(HEAD + TASKS, as_of="2021-10-01")

    assert (found.total.who, found.total.total) == ("", 6)
    assert found.total.parts == (
        ("overdue", "overdue", 1),
        ("due-soon", "due soon", 1),
        ("on-track", "on track", 1),
        ("undetermined", "undetermined", 1),
        ("no-deadline", "no deadline", 1),
        ("done-on-time", "done on time", 1),
    )
    assert [(tally.who, tally.total) for tally in found.agencies] == [("Lead", 3), ("Agency one", 2), ("Agency two", 3)]


def test_many_agencies_that_stand_alike_are_drawn_together() -> None:
    """Thirteen agencies: twelve have the same to deliver and share a line, the odd one out has its own."""
    agencies = "".join(f'a{n} = {{ name = "Agency {n}" }}\n' for n in range(1, 13))
    head = HEAD + agencies + '[groups]\nall = ["lead", ' + ", ".join(f'"a{n}"' for n in range(1, 13)) + "]\n"
    tasks = '[tasks.a]\ntitle = "A"\neach = "@all"\ndue = 2021-09-30\n[tasks.b]\ntitle = "B"\nowner = "a1"\n'

    found = laid_out(head + tasks, as_of="2021-10-01")

    assert [(tally.who, tally.total) for tally in found.agencies] == [
        ("Lead and 11 others alike", 1),
        ("Agency 1", 2),
    ]


def test_twelve_agencies_have_a_line_each() -> None:
    """A dozen lines can still be read."""
    agencies = "".join(f'a{n} = {{ name = "Agency {n}" }}\n' for n in range(1, 13))
    tasks = "".join(f'[tasks.t{n}]\ntitle = "T"\nowner = "a{n}"\n' for n in range(1, 13))

    assert len(laid_out(HEAD + agencies + tasks, as_of="2021-10-01").agencies) == 12


def test_a_portfolio_names_the_plan_of_each_item() -> None:
    """With several plans every item carries its plan's id, and every plan its title."""
    tasks = '[tasks.a]\ntitle = "A"\nowner = "one"\ndue = 2021-09-30\n'
    other = HEAD.replace('id = "p"', 'id = "q"').replace("The plan", "Another plan").replace("Agency one", "First")

    found = laid_out(HEAD + tasks, other + tasks, as_of="2021-10-01")
    grouped = laid_out(HEAD + tasks, other + tasks, as_of="2021-10-01", by=Grouping.AGENCY)

    assert found.titles == ("The plan (p)", "Another plan (q)")
    assert names(found.sections[0].rows) == ["p:a", "q:a"]
    assert [tally.who for tally in found.agencies] == ["Agency one"]
    assert [(section.heading, names(section.rows)) for section in grouped.sections] == [("Agency one", ["p:a", "q:a"])]


VIETNAMESE = """
[plan]
id = "p"
title = "Kế hoạch"
title-en = "The plan"
start = 2021-08-23
timezone = "Asia/Ho_Chi_Minh"
language = "vi"
[agencies]
so = { name = "Sở Y tế", short = "Sở YT", name-en = "Department of Health" }
[tasks.a]
title = "Khảo sát hiện trạng"
short = "Khảo sát"
title-en = "Survey the state"
owner = "so"
due = "trước ngày 30/9/2021"
[tasks.b]
title = "Góp ý"
owner = "so"
due = "trước ngày 30/9/2021"
"""


def test_an_english_reader_gets_english_names_where_there_are_any() -> None:
    """English titles and names take the place of Vietnamese ones; what has none keeps its own."""
    found = laid_out(VIETNAMESE, as_of="2021-10-05")

    assert found.titles == ("The plan (p)",)
    assert [(row.title, row.who) for row in found.sections[0].rows] == [
        ("Survey the state", "Department of Health"),
        ("Góp ý", "Department of Health"),
    ]


def test_a_vietnamese_reader_gets_the_plan_s_own_names() -> None:
    """In the plan's own language short names stand, and days as Vietnamese documents have them."""
    found = laid_out(VIETNAMESE, as_of="2021-10-05", say=language("vi"))

    assert found.titles == ("Kế hoạch (p)",)
    assert [(row.title, row.due, row.who) for row in found.sections[0].rows] == [
        ("Khảo sát", "30/9/2021", "Sở YT"),
        ("Góp ý", "30/9/2021", "Sở YT"),
    ]


@pytest.mark.parametrize(
    ("facts", "as_of", "words"),
    [
        ("due = 2021-09-30", "2021-10-01", "overdue 1 day"),
        ("due = 2021-09-30", "2021-10-05", "overdue 5 days"),
        ("due = 2021-09-30", "2021-09-30", "due today"),
        ("due = 2021-09-30", "2021-09-29", "due soon, 1 day left"),
        ("due = 2021-09-30", "2021-09-28", "due soon, 2 days left"),
        ("due = 2021-09-30", "2021-09-20", "on track, 10 days left"),
        ("due = 2021-09-30\ndone = 2021-10-01", "2021-10-05", "done 1 day late"),
        ("due = 2021-09-30\ndone = 2021-10-02", "2021-10-05", "done 2 days late"),
        ("due = 2021-09-30\ndone = 2021-09-02", "2021-10-05", "done on time"),
        ("cancelled = 2021-09-02", "2021-10-05", "cancelled"),
        ("done = true", "2021-10-05", "done"),
        ('due = "ongoing"', "2021-10-05", "ongoing"),
        ("due = { none = true }", "2021-10-05", "no deadline"),
        ("", "2021-10-05", "no deadline"),
    ],
)
def test_every_timeliness_has_its_words(facts: str, as_of: str, words: str) -> None:
    """How an item stands is said with the number of days, in the singular where it is one."""
    (item,) = judged(f"{HEAD}[tasks.a]\ntitle = 'A'\n{facts}\n", as_of=as_of).items

    assert str(wording.timeliness(item)) == words


def test_kinds_of_timeliness_have_names_of_their_own() -> None:
    """Each timeliness, and being cancelled, heads a count with another word, and each has a symbol."""
    kinds = [*map(str, Timeliness), "cancelled"]

    assert len({str(wording.timeliness_kind(kind)) for kind in kinds}) == len(kinds)
    assert set(wording.SYMBOLS) == {*Timeliness, None}


@pytest.mark.parametrize(
    ("kind", "words"),
    list(zip(Attention, ["Overdue", "Due today", "Due soon", "At risk"], strict=True)),
)
def test_attention_heads_its_list(kind: Attention, words: str) -> None:
    """Each kind of attention has a heading."""
    assert str(wording.attention(kind)) == words


@pytest.mark.parametrize(
    ("phase", "words"), list(zip(Phase, ["not started", "in progress", "done", "cancelled"], strict=True))
)
def test_phases_have_words(phase: Phase, words: str) -> None:
    """Each phase is said."""
    assert str(wording.phase(phase)) == words


@pytest.mark.parametrize(("basis", "words"), list(zip(Basis, ["stated", "implied", "inferred"], strict=True)))
def test_bases_have_words(basis: Basis, words: str) -> None:
    """Each basis of a link is said."""
    assert str(wording.basis(basis)) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-2, "2 working days too late for it"),
        (-1, "1 working day too late for it"),
        (0, "no day to spare"),
        (1, "1 working day to spare"),
        (2, "2 working days to spare"),
    ],
)
def test_deadline_float_is_said_in_days(days: int, words: str) -> None:
    """Too late, none, or so many days to spare."""
    assert str(wording.deadline_float(days)) == words


@pytest.mark.parametrize(
    ("amount", "unit", "before", "words"),
    [
        (1, CountUnit.WORKING_DAYS, False, "1 working day after “a”"),
        (10, CountUnit.WORKING_DAYS, False, "10 working days after “a”"),
        (1, CountUnit.DAYS, False, "1 day after “a”"),
        (6, CountUnit.MONTHS, False, "6 months after “a”"),
        (3, CountUnit.WORKING_DAYS, True, "3 working days before “a”"),
        (2, CountUnit.DAYS, True, "2 days before “a”"),
        (1, CountUnit.MONTHS, True, "1 month before “a”"),
    ],
)
def test_counted_deadlines_have_words(amount: int, unit: CountUnit, before: bool, words: str) -> None:  # noqa: FBT001
    """So many units after or before an event."""
    assert str(wording.counted(Counted(event="a", amount=amount, unit=unit, before=before))) == words


@pytest.mark.parametrize(
    ("due", "words"),
    [
        ('due = "trước ngày 30/9/2021"', "trước ngày 30/9/2021"),
        ('due = { after = "b", days = 3 }', "3 days after “b”"),
        ("", "–"),
    ],
)
def test_deadlines_keep_the_words_of_the_plan(due: str, words: str) -> None:
    """A deadline is shown as the plan words it; a counted one as a sentence."""
    items = judged(f"{HEAD}[tasks.a]\ntitle = 'A'\n{due}\n[tasks.b]\ntitle = 'B'\n", as_of="2021-10-05").items

    assert str(wording.deadline_words(items[0].task)) == words


@pytest.mark.parametrize(
    ("count", "english", "vietnamese"),
    [
        ("after = 2026-01-30, months = 1", "1 month after 30 Jan 2026", "01 tháng kể từ ngày 30/01/2026"),
        ("after = 2026-03-31, months = 6", "6 months after 31 Mar 2026", "06 tháng kể từ ngày 31/3/2026"),
        ("after = 2026-03-31, days = 1", "1 day after 31 Mar 2026", "01 ngày kể từ ngày 31/3/2026"),
        (
            "after = 2026-03-31, working-days = 10",
            "10 working days after 31 Mar 2026", "10 ngày làm việc kể từ ngày 31/3/2026",
        ),
        (
            "before = 2026-03-31, working-days = 1",
            "1 working day before 31 Mar 2026", "01 ngày làm việc trước ngày 31/3/2026",
        ),
        ("before = 2026-03-31, days = 10", "10 days before 31 Mar 2026", "10 ngày trước ngày 31/3/2026"),
        ("before = 2026-03-31, months = 2", "2 months before 31 Mar 2026", "02 tháng trước ngày 31/3/2026"),
    ],
)  # fmt: skip
def test_a_count_from_a_day_is_said_in_the_words_of_its_reader(count: str, english: str, vietnamese: str) -> None:
    """Its notation is for programs; people read a sentence, with the day as their language writes it."""
    (item,) = judged(f"{HEAD}[tasks.a]\ntitle = 'A'\ndue = {{ {count} }}\n", as_of="2026-01-05").items
    words = wording.deadline_words(item.task)

    assert isinstance(words, Message)
    assert (language("en")(words), language("vi")(words)) == (english, vietnamese)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (Duration(1), "1 working day"),
        (Duration(20), "20 working days"),
        (Duration(2, DurationUnit.WEEKS), "2 working weeks"),
        (Duration(3, DurationUnit.ELAPSED_DAYS), "3 calendar days"),
        (Duration(1, DurationUnit.ELAPSED_WEEKS), "1 calendar week"),
    ],
)
def test_durations_say_what_they_count(length: Duration, words: str) -> None:
    """Working or calendar, days or weeks."""
    assert str(wording.duration(length)) == words


@pytest.mark.parametrize(
    ("link", "words"),
    [
        (Link("a"), "FS"),
        (Link("a", LinkType.SS, Duration(5)), "SS+5d"),
        (Link("a", LinkType.FF, Duration(-2, DurationUnit.WEEKS)), "FF−2w"),
        (Link("a", LinkType.SF, Duration(0, DurationUnit.WEEKS)), "SF"),
    ],
)
def test_links_are_written_as_planners_do(link: Link, words: str) -> None:
    """The type, and the lag or lead with its sign where there is one."""
    assert wording.link(link) == words


def test_nobody_responsible_is_said() -> None:
    """A task without owner and members shows a dash."""
    (item,) = judged(f"{HEAD}[tasks.a]\ntitle = 'A'\n", as_of="2021-10-05").items

    assert wording.responsible(item, ENGLISH) == "–"


def test_plain_text_says_what_the_table_says() -> None:
    """Titles, sections with aligned rows and their notes, the total, and a line per agency."""
    tasks = """
    [tasks.survey]
    title = "Survey"
    each = ["one", "two"]
    due = 2021-09-30
    milestone = true
    [tasks.draft]
    title = "Draft"
    owner = "lead"
    due = 2021-10-04
    """

    assert status_text(laid_out(HEAD + dedent(tasks), as_of="2021-10-05"), ENGLISH) == dedent("""\
        The plan (p)
        As of 5 Oct 2021

        Overdue (2)
          ✗  overdue 5 days  30 Sep 2021  Survey ◆ [survey]  2 agencies
               received 0/2
          ✗  overdue 1 day   4 Oct 2021   Draft [draft]      Lead

        Total 2: 2 overdue

        By agency
          Lead        1 overdue
          Agency one  1 overdue
          Agency two  1 overdue""")


def test_plain_text_of_a_quiet_plan() -> None:
    """Nothing pressing and nobody to count: the sentence, and the total."""
    text = status_text(laid_out(f"{HEAD}[tasks.a]\ntitle = 'A'\n", as_of="2021-10-05"), ENGLISH)

    assert text.splitlines()[2:] == [
        "",
        "Nothing is overdue, due within 7 days, or at risk.",
        "",
        "Total 1: 1 no deadline",
    ]


def test_a_listing_in_plain_text_is_aligned() -> None:
    """Headings, rows and notes, each column as wide as its widest cell; nothing is cut and no blanks trail."""
    listing = Listing(
        titles=("Title",),
        columns=(Column(heading="Task"), Column(heading="Days", number=True, wide=200), Column(heading="Note")),
        rows=(("a", "1", "long"), ("longer", "10", "")),
        notes=("A note.",),
    )

    assert listing_text(listing) == "Title\nTask    Days  Note\na       1     long\nlonger  10\nA note."


def test_a_card_in_plain_text_is_aligned() -> None:
    """Labels stand once, further lines of a fact under its first."""
    card = Card(heading="Task", facts=(("Lead", ("one",)), ("Waits for", ("a", "b"))))

    assert card_text(card) == "Task\n  Lead       one\n  Waits for  a\n             b"
    assert card_text(Card(heading="Task")) == "Task"


@pytest.mark.parametrize("width", [80, 100, 120])
def test_the_table_of_agencies_is_no_wider_than_the_terminal(width: int) -> None:
    """With every kind of timeliness at once its headings take further lines, the longest first, and no word is cut."""
    kinds = [str(kind) for kind in Timeliness]
    words = ["quá hạn", "đến hạn hôm nay", "sắp đến hạn", "trong hạn", "chưa xác định", "không có thời hạn"]
    words += ["hoàn thành quá hạn", "hoàn thành đúng hạn"]
    tally = Tally("Sở KH&CN", 8, tuple((kind, said, 1) for kind, said in zip(kinds, words, strict=True)))
    made = Report(titles=(), as_of="", only=(), sections=(), nothing="", total=Tally("", 0, ()), agencies=(tally,))
    drawn = draw(status_table(made, language("vi"), width), colored=False, width=width)
    assert max(map(len, drawn.split("\n"))) <= width
    assert set(" ".join(words).split()) <= set(drawn.split())
