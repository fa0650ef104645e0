"""`repeat` in words: how often, on which day, how each deadline is read; and what is said where nothing is guessed."""

from __future__ import annotations

import unicodedata
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsplan.plan.fields import Rejected
from cdsplan.plan.model import DeadlineKind, Rule
from cdsplan.plan.recurrence import Repeat, repeat

DAY, BEFORE, POINT, PERIOD = DeadlineKind.DAY, DeadlineKind.BEFORE, DeadlineKind.POINT, DeadlineKind.PERIOD
NAMED, END = Rule.NAMED_DAY, Rule.PERIOD_END

TWENTIETH = ("FREQ=MONTHLY;BYMONTHDAY=20", DAY, NAMED)
BEFORE_TWENTIETH = ("FREQ=MONTHLY;BYMONTHDAY=20", BEFORE, None)
MONTH = ("FREQ=MONTHLY;BYMONTHDAY=-1", PERIOD, END)
QUARTER = ("FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1", PERIOD, END)
HALF = ("FREQ=MONTHLY;BYMONTH=6,12;BYMONTHDAY=-1", PERIOD, END)
YEAR = ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31", PERIOD, END)
WEEK = ("FREQ=WEEKLY;BYDAY=SU", PERIOD, END)
FRIDAY = ("FREQ=WEEKLY;BYDAY=FR", DAY, NAMED)
MONTH_END = ("FREQ=MONTHLY;BYMONTHDAY=-1", POINT, Rule.MONTH_END)
DECEMBER_15 = ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=15", DAY, NAMED)

WORDS = {
    "hằng tháng trước ngày 20": BEFORE_TWENTIETH,
    "hàng tháng, trước ngày 20": BEFORE_TWENTIETH,
    "trước ngày 20 hằng tháng": BEFORE_TWENTIETH,
    "Hoàn thành trước ngày 20 của tháng, hằng tháng.": BEFORE_TWENTIETH,
    "TRUOC NGAY 20 HANG THANG": BEFORE_TWENTIETH,
    "mỗi tháng trước ngày 20": BEFORE_TWENTIETH,
    "hằng tháng chậm nhất ngày 20": TWENTIETH,
    "ngày 20 hằng tháng": TWENTIETH,
    "vào ngày 20 hằng tháng": TWENTIETH,
    "monthly by 20": TWENTIETH,
    "every month by the 20th": TWENTIETH,
    "by the 20th of every month": TWENTIETH,
    "monthly before 20": BEFORE_TWENTIETH,
    "hằng tháng": MONTH,
    "định kỳ hằng tháng": MONTH,
    "định kỳ tháng": MONTH,
    "1 tháng một lần": MONTH,
    "01 lần/tháng": MONTH,
    "mỗi tháng một lần": MONTH,
    "monthly": MONTH,
    "once a month": MONTH,
    "một lần mỗi tháng": MONTH,
    "một lần mỗi 3 tháng": QUARTER,
    "cuối tháng hằng tháng": MONTH_END,
    "hằng tháng, vào ngày cuối tháng": MONTH_END,
    "end of month, monthly": MONTH_END,
    "monthly by the last day": MONTH_END,
    "giữa tháng hằng tháng": ("FREQ=MONTHLY;BYMONTHDAY=15", POINT, Rule.MONTH_MIDDLE),
    "đầu tháng, hằng tháng": ("FREQ=MONTHLY;BYMONTHDAY=1", POINT, Rule.MONTH_START),
    "hằng quý": QUARTER,
    "định kỳ quý": QUARTER,
    "3 tháng một lần": QUARTER,
    "cuối quý, hằng quý": QUARTER,
    "quarterly": QUARTER,
    "every three months": QUARTER,
    "hằng quý trước ngày 20 tháng cuối quý": ("FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=20", BEFORE, None),
    "ngày 10 của tháng đầu quý, hằng quý": ("FREQ=MONTHLY;BYMONTH=1,4,7,10;BYMONTHDAY=10", DAY, NAMED),
    "quarterly by 20 of the last month of the quarter": (
        "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=20",
        DAY,
        NAMED,
    ),
    "6 tháng một lần": HALF,
    "định kỳ 06 tháng": HALF,
    "6 tháng/lần": HALF,
    "1 lần / 6 tháng": HALF,
    "mỗi nửa năm một lần": HALF,
    "every 6 months": HALF,
    "half-yearly": HALF,
    "2 tháng một lần": ("FREQ=MONTHLY;BYMONTH=2,4,6,8,10,12;BYMONTHDAY=-1", PERIOD, END),
    "hằng năm": YEAR,
    "12 tháng một lần": YEAR,
    "yearly": YEAR,
    "hai năm một lần": ("FREQ=YEARLY;INTERVAL=2;BYMONTH=12;BYMONTHDAY=31", PERIOD, END),
    "trước ngày 15/12 hằng năm": ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=15", BEFORE, None),
    "ngày 15 tháng 12 hằng năm": DECEMBER_15,
    "yearly by 15 December": DECEMBER_15,
    "every year by December 15th": DECEMBER_15,
    "tháng 6 hằng năm": ("FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=-1", PERIOD, END),
    "June, every year": ("FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=-1", PERIOD, END),
    "đến hết tháng 6 hằng năm": ("FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=-1", PERIOD, END),
    "giữa tháng 4 hằng năm": ("FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=15", POINT, Rule.MONTH_MIDDLE),
    "quý I hằng năm": ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=-1", PERIOD, END),
    "giữa năm, hằng năm": ("FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=30", POINT, Rule.YEAR_MIDDLE),
    "hằng tuần": WEEK,
    "cuối tuần hằng tuần": WEEK,
    "weekly": WEEK,
    "thứ sáu hằng tuần": FRIDAY,
    "Thứ 6 hằng tuần": FRIDAY,
    "chậm nhất thứ sáu hằng tuần": FRIDAY,
    "mỗi thứ sáu": FRIDAY,
    "weekly by Friday": FRIDAY,
    "every Friday": FRIDAY,
    "trước thứ sáu hằng tuần": ("FREQ=WEEKLY;BYDAY=FR", BEFORE, None),
    "every other week by Monday": ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", DAY, NAMED),
    "hằng ngày": ("FREQ=DAILY", PERIOD, END),
    "daily": ("FREQ=DAILY", PERIOD, END),
}


@pytest.mark.parametrize(("words", "expected"), WORDS.items(), ids=list(WORDS))
def test_what_words_say(words: str, expected: tuple[str, DeadlineKind, Rule | None]) -> None:
    """The rule, the kind of each deadline, and what makes its day (None: the reading policy does)."""
    found = repeat(words)
    assert (str(found.rule), found.kind, found.reading, found.words) == (*expected, words)


@given(st.sampled_from(list(WORDS)), st.sampled_from(("NFC", "NFD")), st.booleans(), st.booleans())
def test_case_spacing_and_the_unicode_form_do_not_matter(words: str, form: str, big: bool, wide: bool) -> None:  # noqa: FBT001 - drawn
    """However the same words are typed, they say the same."""
    typed = unicodedata.normalize(form, words.upper() if big else words)  # type: ignore[arg-type] # one of two forms
    if wide:
        typed = f"  {typed.replace(' ', '  ')} "
    assert repeat(typed)._replace(words="") == repeat(words)._replace(words="")


@pytest.mark.parametrize(
    ("words", "months", "days"),
    [
        ("hằng tháng", 1, 0),
        ("hằng quý", 3, 0),
        ("6 tháng một lần", 6, 0),
        ("hằng năm", 12, 0),
        ("2 năm một lần", 24, 0),
        ("tháng 6 hằng năm", 1, 0),
        ("quý I hằng năm", 3, 0),
        ("2 tuần một lần", 0, 14),
        ("hằng ngày", 0, 1),
        ("ngày 20 hằng tháng", 0, 0),
    ],
)
def test_how_long_a_whole_period_is(words: str, months: int, days: int) -> None:
    """Months of the calendar, or days; a named day has no period of its own."""
    found = repeat(words)
    assert (found.months, found.days) == (months, days)


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("trước 17h00 ngày 25 hằng tháng", time(17)),
        ("hằng tháng trước 17 giờ 30 phút ngày 25", time(17, 30)),
        ("hằng tháng trước 17 giờ 30 ngày 25", time(17, 30)),
        ("trước 17 giờ 30, ngày 25 hằng tháng", time(17, 30)),
        ("monthly before 17 h 30 on 25", time(17, 30)),
        ("chậm nhất 9 giờ ngày 25 hằng tháng", time(9)),
        ("monthly before 17:00 on 25", time(17)),
        ("trước 24h00 ngày 25 hằng tháng", None),
    ],
)
def test_a_time_of_day_is_kept(words: str, at: time | None) -> None:
    """As a single deadline keeps it; 24h00 is the whole day."""
    found = repeat(words)
    assert (str(found.rule), found.kind, found.reading, found.time) == (
        "FREQ=MONTHLY;BYMONTHDAY=25",
        BEFORE,
        Rule.BEFORE_TIME,
        at,
    )


def test_a_rule_of_rfc_5545_names_days() -> None:
    """Its days are read as named days are."""
    found = repeat("FREQ=MONTHLY;BYMONTHDAY=20")
    assert found == Repeat("FREQ=MONTHLY;BYMONTHDAY=20", repeat("ngày 20 hằng tháng").rule)


FORMS_VI = (
    "write for example “hằng tháng trước ngày 20”, “cuối tháng hằng tháng”, “hằng quý”, “6 tháng một lần”, "
    "“trước ngày 15/12 hằng năm”, “thứ sáu hằng tuần”; or a rule of RFC 5545: FREQ=MONTHLY;BYMONTHDAY=20"
)
FORMS_EN = (
    "write for example “monthly by 20”, “end of month, monthly”, “quarterly”, “every 6 months”, "
    "“yearly by 15 December”, “weekly by Friday”; or a rule of RFC 5545: FREQ=MONTHLY;BYMONTHDAY=20"
)
ONLY_HALVES = "a month has 28 to 31 days, a year twelve months"


@pytest.mark.parametrize(
    ("words", "code", "hint"),
    [
        ("khi cần", "CDS110", FORMS_VI),
        ("now and then", "CDS110", FORMS_EN),
        ("trước ngày 20", "CDS110", FORMS_VI),
        ("trước ngày 20 của kỳ báo cáo", "CDS110", FORMS_VI),
        ("định kỳ", "CDS110", FORMS_VI),
        ("hằng ngày 20", "CDS110", FORMS_VI),
        ("hằng tháng trước", "CDS110", FORMS_VI),
        ("hằng tháng trước cuối tháng", "CDS110", FORMS_VI),
        ("hằng năm chậm nhất tháng 6", "CDS110", FORMS_VI),
        ("hằng tháng trước vào ngày 20", "CDS110", FORMS_VI),
        ("hằng năm trước 17h00 tháng 6", "CDS110", FORMS_VI),
        ("hằng năm trước 17 giờ 30 tháng 6", "CDS110", FORMS_VI),  # the 30th, or half past?
        ("thứ sáu hằng tháng", "CDS110", FORMS_VI),
        ("hằng tuần ngày 20", "CDS110", FORMS_VI),
        ("hằng năm cuối quý", "CDS110", FORMS_VI),
        ("0 tháng một lần", "CDS109", ONLY_HALVES),
        ("mỗi lần", "CDS110", FORMS_VI),
        ("tháng 5/2022", "CDS110", "a single deadline stands under “due”"),
        (
            "hằng quý trước ngày 20",
            "CDS110",
            (
                "write “hằng quý trước ngày 20 tháng cuối quý”, or name the months in a rule: "
                'repeat = "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=20"'
            ),
        ),
        (
            "quarterly by 20",
            "CDS110",
            (
                "write “quarterly by 20 of the last month of the quarter”, or name the months in a rule: "
                'repeat = "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=20"'
            ),
        ),
        (
            "6 tháng một lần trước ngày 14",
            "CDS110",
            'name the months in a rule: repeat = "FREQ=MONTHLY;BYMONTH=6,12;BYMONTHDAY=14"',
        ),
        (
            "hằng tháng ngày 31",
            "CDS110",
            (
                "write “cuối tháng hằng tháng” for the last day; or leave out where there is none: "
                'repeat = "FREQ=MONTHLY;BYMONTHDAY=31"'
            ),
        ),
        (
            "monthly by 30",
            "CDS110",
            (
                "write “end of month, monthly” for the last day; or leave out where there is none: "
                'repeat = "FREQ=MONTHLY;BYMONTHDAY=30"'
            ),
        ),
        (
            "29/2 hằng năm",
            "CDS110",
            (
                "write “cuối tháng hằng tháng” for the last day; or leave out where there is none: "
                'repeat = "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"'
            ),
        ),
        (
            "5 tháng một lần",
            "CDS110",
            (
                "write a rule, which runs from “not-before” or the start of the plan: "
                'repeat = "FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=-1"'
            ),
        ),
        ("ngày 32 hằng tháng", "CDS109", ONLY_HALVES),
        ("31/4 hằng năm", "CDS109", ONLY_HALVES),
        ("15/13 hằng năm", "CDS109", ONLY_HALVES),
        ("tháng 13 hằng năm", "CDS109", ONLY_HALVES),
        ("quý V hằng năm", "CDS109", ONLY_HALVES),
        (
            "trước 25h00 ngày 20 hằng tháng",
            "CDS109",
            "write hours and minutes of the day, as in “trước 17h00 ngày 20 hằng tháng”",
        ),
        (
            "hằng tháng trước 17 giờ 60 ngày 20",
            "CDS109",
            "write hours and minutes of the day, as in “trước 17h00 ngày 20 hằng tháng”",
        ),
        (
            "trước 0h00 ngày 20 hằng tháng",
            "CDS109",
            "write hours and minutes of the day, as in “trước 17h00 ngày 20 hằng tháng”",
        ),
    ],
)
def test_words_are_never_guessed(words: str, code: str, hint: str) -> None:
    """What has no single reading is refused, with the ways to write it."""
    with pytest.raises(Rejected) as refused:
        repeat(words)
    (fault,) = refused.value.faults
    assert (fault.code, str(fault.hint)) == (code, hint)


def documented() -> list[tuple[str, str, str]]:
    """Give the words of docs/recurring.md, each with its rule and kind."""
    text = (Path(__file__).parent.parent / "docs" / "recurring.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("| `")]
    return [(words.strip(" `"), rule, kind) for cells, rule, kind in rows for words in cells.split(" · ")]


@pytest.mark.parametrize(("words", "rule", "kind"), documented())
def test_the_documented_words_say_what_is_documented(words: str, rule: str, kind: str) -> None:
    """Every line of the table is true."""
    found = repeat(words)
    assert (str(found.rule), str(found.kind)) == (rule, kind)
