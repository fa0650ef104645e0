"""Deadline words, dates and counts: what they are read as, and that docs/deadlines.md says so."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import example, given
from hypothesis import strategies as st

from cdsplan.plan.deadlines import LARGEST_COUNT, DeadlineReader, explain
from cdsplan.plan.model import Before, Counted, CountUnit, DayOff, DeadlineKind, Policy, Reading, Rule
from cdsplan.plan.phrases import PhraseError, parse
from cdsplan.plan.recurrence import FORMS as REPEAT_FORMS
from cdsplan.plan.recurrence import repeat
from cdsplan.plan.refusals import FORMS
from cdsplan.plan.vocabulary import ENGLISH, VIETNAMESE
from cdsplan.workdays import Workdays

DOCUMENT = Path(__file__).parent.parent / "docs" / "deadlines.md"
DAYS_OFF = [date(2022, 1, 31) + timedelta(day) for day in range(5)] + [date(2022, 5, 2), date(2022, 5, 3)]
WORKDAYS = Workdays((0, 1, 2, 3, 4), off=[day.toordinal() for day in DAYS_OFF])
PLAIN = Policy()
STRICT = Policy(before=Before.STRICT)
ROLLING = Policy(day_off=DayOff.NEXT_WORKING_DAY)


def read(words: str, policy: Policy = PLAIN) -> Reading:
    """Read words with the days off of this file."""
    return DeadlineReader(policy, WORKDAYS).words(words)


def refusal(words: str) -> PhraseError:
    """Give the error that the words must raise."""
    with pytest.raises(PhraseError) as caught:
        parse(words)
    return caught.value


# phrase, kind, first, last (ISO days, "" for none), rule; with "trước ngày D" inclusive and nothing rolling
DAY_30 = ("day", "", "2021-09-30", "named-day")
BEFORE_30 = ("before", "", "2021-09-30", "before-inclusive")
BEFORE_20H = ("before", "", "2025-05-25", "before-time")
MID_APRIL = ("point", "", "2022-04-15", "month-middle")
MAY = ("period", "2022-05-01", "2022-05-31", "period-end")
QUARTER = ("period", "2025-04-01", "2025-06-30", "period-end")
YEAR = ("period", "2025-01-01", "2025-12-31", "period-end")
FIRST_HALF = ("period", "2025-01-01", "2025-06-30", "period-end")
RANGE = ("period", "2021-10-01", "2021-11-15", "range-end")
YEARS = ("period", "2025-01-01", "2026-12-31", "range-end")
OPEN = ("open-period", "2025-01-01", "", "open-period")
ONGOING = ("ongoing", "", "", "ongoing")
READINGS = {
    # a named day
    "chậm nhất đến ngày 30/9/2021": DAY_30,
    "chậm nhất là ngày 30/9/2021": DAY_30,
    "chậm nhất ngày 30/9/2021": DAY_30,
    "chậm nhất là đến hết ngày 30/9/2021": DAY_30,
    "chậm nhất vào ngày 30/9/2021": DAY_30,
    "không muộn hơn ngày 30/9/2021": DAY_30,
    "đến hết ngày 30/9/2021": DAY_30,
    "đến ngày 30/9/2021": DAY_30,
    "tới ngày 30/9/2021": DAY_30,
    "cuối ngày 30/9/2021": DAY_30,
    "trong ngày 30/9/2021": DAY_30,
    "ngày 30/9/2021": DAY_30,
    "30/9/2021": DAY_30,
    "30/09/2021": DAY_30,
    "30 / 9 / 2021": DAY_30,
    "30-9-2021": DAY_30,
    "30–9–2021": DAY_30,
    "30.9.2021": DAY_30,
    "30/9 năm 2021": DAY_30,
    "ngày 30 tháng 9 năm 2021": DAY_30,
    "ngày 30 tháng 9, năm 2021": DAY_30,
    "30 tháng 9/2021": DAY_30,
    "2021-09-30": DAY_30,
    "hoàn thành xong ngày 30/9/2021.": DAY_30,
    "Phải xong chậm nhất 30/9/2021;": DAY_30,
    "by 30/9/2021": DAY_30,
    "on 30/9/2021": DAY_30,
    "until 30 September 2021": DAY_30,
    "on or before 30/9/2021": DAY_30,
    "no later than 30/9/2021": DAY_30,
    "by end of 30/9/2021": DAY_30,
    "due by 30 Sept. 2021": DAY_30,
    "September 30, 2021": DAY_30,
    "Sep 30th 2021": DAY_30,
    "the 30th of September 2021": DAY_30,
    "05/3/2026": ("day", "", "2026-03-05", "named-day"),  # the day before the month
    "29/2/2024": ("day", "", "2024-02-29", "named-day"),
    # beside its weekday: 30/9/2021 is a Thursday, 27/9/2021 a Monday, 03/10/2021 a Sunday
    "thứ Năm ngày 30/9/2021": DAY_30,
    "Thứ năm, ngày 30 tháng 9 năm 2021": DAY_30,
    "thứ 5 ngày 30/9/2021": DAY_30,
    "thứ 5, 30/9/2021": DAY_30,
    "chậm nhất thứ Năm ngày 30/9/2021": DAY_30,
    "ngày 30/9/2021 (thứ Năm)": DAY_30,
    "ngày 30/9/2021, thứ Năm": DAY_30,
    "ngày 30/9/2021 (thứ 5)": DAY_30,
    "thu nam, ngay 30/9/2021": DAY_30,
    "Thu 30/9/2021": DAY_30,
    "Thu. 30 Sep 2021": DAY_30,
    "by Thursday 30 September 2021": DAY_30,
    "Thursday, September 30, 2021": DAY_30,
    "Thurs 2021-09-30": DAY_30,
    "trước thứ Năm, ngày 30/9/2021": BEFORE_30,
    "before Thursday 30/9/2021": BEFORE_30,
    "Thu 2/9/2021": ("day", "", "2021-09-02", "named-day"),  # no Monday: the number belongs to the date
    "Thu 2 September 2021": ("day", "", "2021-09-02", "named-day"),
    "thứ 2, 27/9/2021": ("day", "", "2021-09-27", "named-day"),
    "thứ tư ngày 29/9/2021": ("day", "", "2021-09-29", "named-day"),
    "Chủ nhật, 03/10/2021": ("day", "", "2021-10-03", "named-day"),
    "from Friday 1 October 2021 to Monday 15 November 2021": RANGE,
    "before 20:00 on Sunday 25/5/2025": BEFORE_20H,
    # before a day, a time, a period
    "trước ngày 30/9/2021": BEFORE_30,
    "trước 30/9/2021": BEFORE_30,
    "hoàn thành trước ngày 30/9/2021": BEFORE_30,
    "xong trước ngày 30 tháng 9 năm 2021": BEFORE_30,
    "truoc ngay 30-9-2021": BEFORE_30,
    "before 30/9/2021": BEFORE_30,
    "Before Sep 30, 2021": BEFORE_30,
    "prior to 30/9/2021": BEFORE_30,
    "hoàn thành trước ngày 15/11/2021": ("before", "", "2021-11-15", "before-inclusive"),
    "trước 20h00 ngày 25 tháng 5 năm 2025": BEFORE_20H,
    "trước 20h ngày 25/5/2025": BEFORE_20H,
    "trước 20h 25/5/2025": BEFORE_20H,
    "trước 20 giờ ngày 25/5/2025": BEFORE_20H,
    "trước 20:00 ngày 25/5/2025": BEFORE_20H,
    "trước lúc 20h00, ngày 25/5/2025": BEFORE_20H,
    "before 20:00 on 25/5/2025": BEFORE_20H,
    "by 20:00 on 25 May 2025": BEFORE_20H,
    "chậm nhất 20h00 ngày 25/5/2025": BEFORE_20H,
    "trước 24h00 ngày 25/5/2025": BEFORE_20H,
    "trước 0h00 ngày 26/5/2025": BEFORE_20H,
    "trước tháng 5/2022": ("before", "", "2022-04-30", "before-period"),
    "trước quý 2/2025": ("before", "", "2025-03-31", "before-period"),
    "trước quý I năm 2025": ("before", "", "2024-12-31", "before-period"),
    "trước năm 2026": ("before", "", "2025-12-31", "before-period"),
    "before March 2024": ("before", "", "2024-02-29", "before-period"),
    # points
    "vào giữa tháng 4/2022": MID_APRIL,
    "giữa tháng 4/2022": MID_APRIL,
    "giữa tháng 4 năm 2022": MID_APRIL,
    "đến giữa tháng 4/2022": MID_APRIL,
    "mid April 2022": MID_APRIL,
    "mid-April 2022": MID_APRIL,
    "the middle of April 2022": MID_APRIL,
    "đầu tháng 4/2022": ("point", "", "2022-04-01", "month-start"),
    "early April 2022": ("point", "", "2022-04-01", "month-start"),
    "start of April 2022": ("point", "", "2022-04-01", "month-start"),
    "cuối tháng 2/2024": ("point", "", "2024-02-29", "month-end"),
    "end of May 2026": ("point", "", "2026-05-31", "month-end"),
    "by end of May 2026": ("point", "", "2026-05-31", "month-end"),
    "by the end of May 2026": ("point", "", "2026-05-31", "month-end"),
    "late May 2026": ("point", "", "2026-05-31", "month-end"),
    "by late-May 2026": ("point", "", "2026-05-31", "month-end"),
    "late 2026": ("point", "", "2026-12-31", "year-end"),
    "đầu năm 2025": ("point", "", "2025-01-01", "year-start"),
    "giữa năm 2025": ("point", "", "2025-06-30", "year-middle"),
    "cuối năm 2025": ("point", "", "2025-12-31", "year-end"),
    "end of 2026": ("point", "", "2026-12-31", "year-end"),
    # periods
    "tháng 5/2022": MAY,
    "vào tháng 5/2022": MAY,
    "Tháng 05/2022": MAY,
    "trong tháng 05 năm 2022": MAY,
    "đến hết tháng 5/2022": MAY,
    "chậm nhất trong tháng 5/2022": MAY,
    "T5/2022": MAY,
    "5/2022": MAY,
    "05/2022": MAY,
    "5-2022": MAY,
    "2022-05": MAY,
    "May 2022": MAY,
    "in May 2022": MAY,
    "tháng 12/2025": ("period", "2025-12-01", "2025-12-31", "period-end"),
    "6/2025": ("period", "2025-06-01", "2025-06-30", "period-end"),
    "Quý II/2025": QUARTER,
    "quý 2/2025": QUARTER,
    "quý II-2025": QUARTER,
    "quý 2 năm 2025": QUARTER,
    "QII/2025": QUARTER,
    "Q2/2025": QUARTER,
    "Q2 2025": QUARTER,
    "2025-Q2": QUARTER,
    "trong quý II năm 2025": QUARTER,
    "hết quý II/2025": QUARTER,
    "by the end of Q2 2025": QUARTER,
    "quý IV/2025": ("period", "2025-10-01", "2025-12-31", "period-end"),
    "6 tháng đầu năm 2025": FIRST_HALF,
    "06 tháng đầu năm 2025": FIRST_HALF,
    "H1 2025": FIRST_HALF,
    "2025-H1": FIRST_HALF,
    "the first half of 2025": FIRST_HALF,
    "6 tháng cuối năm 2025": ("period", "2025-07-01", "2025-12-31", "period-end"),
    "2025": YEAR,
    "năm 2025": YEAR,
    "hoàn thành trong năm 2025": YEAR,
    "hết năm 2025": YEAR,
    # ranges, and work without an end
    "từ ngày 01/10/2021 đến hết ngày 15/11/2021": RANGE,
    "từ 1/10/2021 đến 15/11/2021": RANGE,
    "1/10/2021 - 15/11/2021": RANGE,
    "1-10-2021 - 15-11-2021": RANGE,
    "from 1 October 2021 to 15 November 2021": RANGE,
    "từ ngày 1/10/2021 đến hết tháng 12/2021": ("period", "2021-10-01", "2021-12-31", "range-end"),
    "từ tháng 1/2025 đến tháng 6/2025": ("period", "2025-01-01", "2025-06-30", "range-end"),
    "2025 - 2026": YEARS,
    "2025–2026": YEARS,
    "giai đoạn 2025-2026": YEARS,
    "2025 và những năm tiếp theo": OPEN,
    "Năm 2025 và các năm tiếp theo": OPEN,
    "từ năm 2025 trở đi": OPEN,
    "2025 - 2026 và những năm tiếp theo": OPEN,
    "2025 and following years": OPEN,
    "Thường xuyên": ONGOING,
    "Nhiệm vụ thường xuyên": ONGOING,
    "ongoing": ONGOING,
}
PHRASES = st.sampled_from(sorted(READINGS))


@pytest.mark.parametrize(("words", "expected"), READINGS.items())
def test_words_are_read_as_the_law_and_practice_have_them(words: str, expected: tuple[str, ...]) -> None:
    """Each phrase has its kind, first day, last day and rule; without a policy the last good day is the named one."""
    reading = read(words)
    first, last = (day.isoformat() if day else "" for day in (reading.first, reading.last))
    assert (reading.kind, first, last, *reading.rules) == expected
    assert reading.named_last == reading.last
    assert reading.words == words


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("trước 20h00 ngày 25/5/2025", time(20)),
        ("trước 20 giờ 30 ngày 25/5/2025", time(20, 30)),
        ("trước 20 giờ 30 phút ngày 25/5/2025", time(20, 30)),
        ("trước 8h05 25/5/2025", time(8, 5)),
        ("trước 8 h 5 ngày 25/5/2025", time(8, 5)),
        ("trước 8h 25/5/2025", time(8)),
        ("trước 8 giờ ngày 25 tháng 5 năm 2025", time(8)),
        ("before 20:15 on 25/5/2025", time(20, 15)),
        ("trước 24h ngày 25/5/2025", None),
        ("trước 0:00 ngày 25/5/2025", None),
        ("trước ngày 25/5/2025", None),
    ],
)
def test_a_time_of_day_is_kept(words: str, at: time | None) -> None:
    """The time is kept, but for midnight, which is the end of a whole day."""
    assert read(words).time == at


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("31/9/2021", "September 2021 has 30 days"),
        ("31/4/2021", "April 2021 has 30 days"),
        ("31/6/2021", "June 2021 has 30 days"),
        ("31/11/2021", "November 2021 has 30 days"),
        ("29/2/2022", "February 2022 has 28 days"),
        ("30/2/2024", "February 2024 has 29 days"),
        ("32/1/2021", "no month has a day 32"),
        ("0/9/2021", "no month has a day 0"),
        ("tháng 13/2021", "there is no month 13"),
        ("2021-00", "there is no month 0"),
        ("quý V/2025", "there is no quarter 5: a year has quarters 1 to 4"),
        ("2025-Q0", "there is no quarter 0: a year has quarters 1 to 4"),
        ("H3 2026", "there is no half 3: a year has halves 1 and 2"),
        ("1989", "the year 1989 is outside 1990 to 2199"),
        ("30/9/2200", "the year 2200 is outside 1990 to 2199"),
        ("từ 15/11/2021 đến 01/10/2021", "the deadline ends before it begins"),
        ("trước 25:00 ngày 30/9/2021", "25:00 is not a time of day"),
        ("trước 24h01 ngày 30/9/2021", "24:01 is not a time of day"),
        ("trước 8h60 ngày 30/9/2021", "8:60 is not a time of day"),
    ],
)
def test_impossible_days_are_refused(words: str, message: str) -> None:
    """A day, month, quarter, half, year or time that does not exist is CDS109 and says what there is."""
    error = refusal(words)
    assert (error.code, str(error.message), error.hint, str(error)) == ("CDS109", message, None, message)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("thứ Sáu ngày 30/9/2021", "30 Sep 2021 is a Thursday, not a Friday"),
        ("thứ 6, 30/9/2021", "30 Sep 2021 is a Thursday, not a Friday"),
        ("Thu 1/10/2021", "1 Oct 2021 is a Friday, not a Thursday"),
        ("by Monday 3 October 2021", "3 Oct 2021 is a Sunday, not a Monday"),
        ("trước ngày 28/9/2021 (thứ Tư)", "28 Sep 2021 is a Tuesday, not a Wednesday"),
        ("ngày 02/10/2021 (thứ 2)", "2 Oct 2021 is a Saturday, not a Monday"),
    ],
)
def test_a_wrong_weekday_is_refused_with_the_right_one(words: str, message: str) -> None:
    """A weekday that is not the date's shows a slip in one of the two; which one, only the source knows."""
    error = refusal(words)
    assert (error.code, str(error.message)) == ("CDS109", message)
    assert str(error.hint) == "one of the two is wrong: look both up in the source document"


def test_an_american_date_is_turned_around() -> None:
    """A month that can only be a day gets a hint with the date the right way round; an ISO date does not."""
    assert str(refusal("9/30/2021").hint) == "the day stands before the month: “30/9/2021”"
    assert refusal("2021-30-09").hint is None


@pytest.mark.parametrize(
    "words",
    [
        *(
            "30/9",
            "trước ngày 30/9",
            "30-9",
            "30.9",
            "ngày 30 tháng 9",
            "30/9/21",
            "30/9/20211",
            "từ 1/10 đến 15/11/2021",
            "thứ Năm ngày 30/9",
            "Thu 30/9",
        ),
        *("tháng 9", "tháng 9/21", "đến tháng 9", "quý II", "trước quý 2", "6 tháng đầu năm", "cuối năm", "trong năm"),
        *("30 September", "by September 30", "May", "mid May", "Q2", "H1", "trước 20h ngày 30/9", "21-09-30"),
    ],
)
def test_a_deadline_needs_its_year(words: str) -> None:
    """A year that is left out or cut short is asked for, never supplied."""
    error = refusal(words)
    assert error.code == "CDS110"
    assert str(error.message) == "the deadline does not give its year in full"
    assert str(error.hint) == "write the year with four digits, as in “30/9/2026”, “9/2026”"


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("đến tháng 5/2022", "write “đến hết tháng 5/2022” or “trước tháng 5/2022”"),
        ("đến tháng 12/2025", "write “đến hết tháng 12/2025” or “trước tháng 12/2025”"),
        ("chậm nhất quý II/2025", "write “đến hết quý II/2025” or “trước quý II/2025”"),
        ("đến quý 4 năm 2025", "write “đến hết quý IV/2025” or “trước quý IV/2025”"),
        ("đến 6 tháng đầu năm 2025", "write “đến hết 6 tháng đầu năm 2025” or “trước 6 tháng đầu năm 2025”"),
        ("đến 6 tháng cuối năm 2025", "write “đến hết 6 tháng cuối năm 2025” or “trước 6 tháng cuối năm 2025”"),
        ("đến năm 2025", "write “đến hết năm 2025” or “trước năm 2025”"),
        ("by May 2026", "write “by end of May 2026” or “before May 2026”"),
        ("until 12/2026", "write “by end of Dec 2026” or “before Dec 2026”"),
        ("by Q3 2026", "write “by end of Q3 2026” or “before Q3 2026”"),
        ("by H2 2026", "write “by end of H2 2026” or “before H2 2026”"),
        ("by 2026", "write “by end of 2026” or “before 2026”"),
    ],
)
def test_words_that_leave_open_which_end_is_meant_are_refused(words: str, hint: str) -> None:
    """The hint offers both readings in the language of the words, and both can be read."""
    error = refusal(words)
    assert error.code == "CDS110"
    assert str(error.message) == "the words leave open whether the beginning or the end of the period is meant"
    assert str(error.hint) == hint
    period = parse(words.split(maxsplit=1)[1].removeprefix("nhất "))
    through, before = (parse(offer) for offer in re.findall("“([^”]*)”", hint))
    assert through.last == period.last
    assert before.last is not None
    assert before.last + timedelta(1) == period.first


@pytest.mark.parametrize("operator", ["đến", "by"])
@pytest.mark.parametrize(
    "period", [*(f"{month}/2025" for month in range(1, 13)), *(f"Q{n} 2025" for n in range(1, 5)), "H1 2025", "H2 2025"]
)
def test_every_period_has_its_two_offers(operator: str, period: str) -> None:
    """For every month, quarter and half the offers end with its last day and on the day before its first."""
    offers = re.findall("“([^”]*)”", str(refusal(f"{operator} {period}").hint))
    through, before = (parse(offer) for offer in offers)
    assert through.last == parse(period).last
    assert before.last
    assert before.last + timedelta(1) == parse(period).first


@pytest.mark.parametrize(
    "words",
    [
        "hằng tháng trước ngày 20",
        "trước ngày 20 hàng tháng",
        "Hằng năm",
        "6 tháng một lần",
        "trước 31/12 hằng năm",
        "Trước ngày 15/12 hằng năm.",
        "monthly by 20",
    ],
)
def test_recurring_words_belong_under_repeat(words: str) -> None:
    """Words that recur are sent to `repeat` as they are, which takes them."""
    error = refusal(words)
    assert error.code == "CDS110"
    assert str(error.message) == f"“{words}” recurs, and “due” is for a single deadline"
    assert str(error.hint) == f'write it under “repeat” instead: repeat = "{words}"'
    assert repeat(words).words == words


@pytest.mark.parametrize(
    ("words", "forms"),
    [
        ("từ 1/3 đến 31/3 hằng năm", REPEAT_FORMS[VIETNAMESE]),
        ("trước ngày 31/13 hằng năm", REPEAT_FORMS[VIETNAMESE]),
        ("yearly when the budget is known", REPEAT_FORMS[ENGLISH]),
    ],
)
def test_recurring_words_that_repeat_does_not_take_get_its_forms(words: str, forms: tuple[str, ...]) -> None:
    """Of another period than theirs, an example would mislead: months, quarters and years are all among the forms."""
    assert str(refusal(words).hint) == f"write under “repeat” how often and by when, for example {', '.join(forms)}"


FORM_HINT = 'write for example {forms}; or keep your own words and give their day: {{ words = "…", date = 2025-06-30 }}'
VIETNAMESE_HINT = FORM_HINT.format(
    forms="“trước ngày 30/9/2026”, “chậm nhất ngày 30/9/2026”, “giữa tháng 4/2026”, “tháng 5/2026”, “quý II/2026”, "
    "“năm 2026”, “từ ngày 01/10/2026 đến ngày 15/11/2026”, “thường xuyên”"
)
ENGLISH_HINT = FORM_HINT.format(
    forms="“before 30/9/2026”, “by 30 September 2026”, “mid April 2026”, “May 2026”, “Q2 2026”, “2026”, "
    "“from 01/10/2026 to 15/11/2026”, “ongoing”"
)
NUMBER_HINT = FORM_HINT.format(forms="“30/9/2026”, “2026-09-30”, “5/2026”, “2026”, “2026 - 2027”")
INVISIBLE_HINT = "an invisible character stands between the letters: delete the words and type them anew"
COUNT_HINT = 'write a count from an event or a day as { after = "survey", working-days = 10 }'
POINT_HINT = "the law names a day for the beginning and the middle of a month or a year only: name the month"


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("Theo tiến độ của Bộ", VIETNAMESE_HINT),
        ("theo Bộ", VIETNAMESE_HINT),
        ("truoc khi hop", VIETNAMESE_HINT),
        ("trước cuối tháng 5/2022", VIETNAMESE_HINT),
        ("trước", VIETNAMESE_HINT),
        ("sau tháng đầu năm 2025", VIETNAMESE_HINT),  # "after", which without diacritics is "six"
        ("quý tư/2025", VIETNAMESE_HINT),
        ("hoàn thành", VIETNAMESE_HINT),
        ("đầu ngày 30/9/2021", VIETNAMESE_HINT),
        ("chậm nhất 17h30 tháng 5/2022", VIETNAMESE_HINT),
        ("17h30 ngày 30/9/2021", VIETNAMESE_HINT),
        ("trước 17h", VIETNAMESE_HINT),
        ("trước 17 giờ 30 tháng 5/2022", VIETNAMESE_HINT),  # the 30th, or half past?
        ("trước 17h30/5/2022", VIETNAMESE_HINT),
        ("giữa", VIETNAMESE_HINT),
        ("trở đi", VIETNAMESE_HINT),
        ("3̶0̶/9/2021 thôi", VIETNAMESE_HINT),
        ("as agreed", ENGLISH_HINT),
        ("2025 to", ENGLISH_HINT),
        ("by the end of", ENGLISH_HINT),
        ("", NUMBER_HINT),
        ("30", NUMBER_HINT),
        ("20211", NUMBER_HINT),
        ("30-9/2021", NUMBER_HINT),
        ("2021/9/30", NUMBER_HINT),
        ("3̶0/9/2021", NUMBER_HINT),  # struck out
        ("2025 - 30/9/2026", NUMBER_HINT),
        ("trước ngày 30/9/2021\u200b", INVISIBLE_HINT),
        ("before 8 pm on 30/9/2026", "write the time of day in 24 hours: “before 20:00 on 30/9/2026”"),
        ("ngày 5/3/2026 am lịch", VIETNAMESE_HINT),
        ("10 ngày làm việc kể từ ngày họp", COUNT_HINT),
        ("within 10 working days", COUNT_HINT),
        ("giữa quý II/2025", POINT_HINT),
        ("early Q2 2026", POINT_HINT),
        ("late Q2 2026", POINT_HINT),
        ("late 30/9/2021", ENGLISH_HINT),
        ("by Friday", ENGLISH_HINT),
        ("Friday June 2026", ENGLISH_HINT),
        ("thứ Sáu tuần sau", VIETNAMESE_HINT),
        ("thứ 8 ngày 30/9/2021", VIETNAMESE_HINT),
        ("ngày 30/9/2021 (thứ 8)", VIETNAMESE_HINT),
        ("(30/9/2021)", NUMBER_HINT),
        ("đầu 6 tháng đầu năm 2025", POINT_HINT),
    ],
)
def test_other_words_are_never_guessed(words: str, hint: str) -> None:
    """What no form fits is refused with the hint that helps most, in the language of the words."""
    error = refusal(words)
    assert (error.code, str(error.message)) == ("CDS110", f"“{words}” is not a deadline in any known form")
    assert str(error.hint) == hint


def test_a_paragraph_is_refused_and_shortened() -> None:
    """More than 200 characters are not a deadline; the message shows the first 80."""
    assert str(refusal("a" * 201).message) == f"“{'a' * 80}…” is not a deadline in any known form"


@pytest.mark.parametrize("form", [form for forms in FORMS.values() for form in forms])
def test_the_forms_that_hints_show_are_accepted(form: str) -> None:
    """Whoever copies a form from a hint has a deadline."""
    assert parse(form.strip("“”")).kind in DeadlineKind


@pytest.mark.parametrize(
    ("words", "policy", "named", "last", "rules"),
    [
        ("trước ngày 01/3/2022", STRICT, date(2022, 3, 1), date(2022, 2, 28), (Rule.BEFORE_STRICT,)),
        ("trước tháng 3/2022", STRICT, date(2022, 2, 28), date(2022, 2, 28), (Rule.BEFORE_PERIOD,)),
        ("trước 8h ngày 01/3/2022", STRICT, date(2022, 3, 1), date(2022, 3, 1), (Rule.BEFORE_TIME,)),
        # 1/2/2022 is mùng 1 Tết; the office opens again on Monday 7/2
        ("đến ngày 01/02/2022", ROLLING, date(2022, 2, 1), date(2022, 2, 7), (Rule.NAMED_DAY, Rule.ROLLED)),
        ("by 29 Jan 2022", ROLLING, date(2022, 1, 29), date(2022, 2, 7), (Rule.NAMED_DAY, Rule.ROLLED)),
        ("đến ngày 28/01/2022", ROLLING, date(2022, 1, 28), date(2022, 1, 28), (Rule.NAMED_DAY,)),
        ("từ 1/1/2022 đến 4/2/2022", ROLLING, date(2022, 2, 4), date(2022, 2, 7), (Rule.RANGE_END, Rule.ROLLED)),
        ("từ 1/2022 đến 4/2022", ROLLING, date(2022, 4, 30), date(2022, 4, 30), (Rule.RANGE_END,)),
        ("trước ngày 01/02/2022", ROLLING, date(2022, 2, 1), date(2022, 2, 1), (Rule.BEFORE_INCLUSIVE,)),
        ("trước 17h ngày 01/02/2022", ROLLING, date(2022, 2, 1), date(2022, 2, 1), (Rule.BEFORE_TIME,)),
        ("đầu tháng 2/2022", ROLLING, date(2022, 2, 1), date(2022, 2, 1), (Rule.MONTH_START,)),
        ("tháng 4/2022", ROLLING, date(2022, 4, 30), date(2022, 4, 30), (Rule.PERIOD_END,)),
    ],
)
def test_the_reading_policy_decides_what_words_leave_open(
    words: str, policy: Policy, named: date, last: date, rules: tuple[Rule, ...]
) -> None:
    """Strictness touches "trước ngày D" only, rolling only days that the words name."""
    reading = read(words, policy)
    assert (reading.named_last, reading.last, reading.rules) == (named, last, rules)


def test_a_toml_date_is_a_named_day() -> None:
    """A date keeps its ISO text as words, rolls as named days do, and must lie in 1990–2199."""
    reader = DeadlineReader(ROLLING, WORKDAYS)
    assert reader.date(date(2022, 4, 30)) == Reading(
        words="2022-04-30",
        kind=DeadlineKind.DAY,
        rules=(Rule.NAMED_DAY, Rule.ROLLED),
        named_last=date(2022, 4, 30),
        last=date(2022, 5, 4),
    )
    with pytest.raises(PhraseError, match=r"^the year 1989 is outside 1990 to 2199$"):
        reader.date(date(1989, 12, 31))


def test_repeated_words_and_dates_are_read_once() -> None:
    """The reader gives the same reading again for the same words and for the same date."""
    reader = DeadlineReader(PLAIN, WORKDAYS)
    assert reader.words("quý II/2025") is reader.words("quý II/2025")
    assert reader.date(date(2022, 4, 30)) is reader.date(date(2022, 4, 30))


def test_a_declared_day_stands_as_it_is() -> None:
    """The author's own day keeps its words and never moves; its year is checked like any other."""
    reader = DeadlineReader(ROLLING, WORKDAYS)
    declared = reader.declared("Theo tiến độ của Bộ", date(2022, 4, 30))
    assert declared == Reading(
        words="Theo tiến độ của Bộ",
        kind=DeadlineKind.DECLARED,
        rules=(Rule.DECLARED,),
        named_last=date(2022, 4, 30),
        last=date(2022, 4, 30),
    )
    assert reader.declared(None, date(2022, 4, 30)).words == "2022-04-30"
    with pytest.raises(PhraseError):
        reader.declared("…", date(2200, 1, 1))


def test_an_author_may_declare_that_there_is_no_deadline() -> None:
    """Without a day there is nothing to be late for; the words are kept when there are any."""
    reader = DeadlineReader(PLAIN, WORKDAYS)
    none = Reading(words="", kind=DeadlineKind.NONE, rules=(Rule.DECLARED_NONE,))
    assert reader.declared(None, None) == none
    assert reader.declared("Theo yêu cầu", None).words == "Theo yêu cầu"


@pytest.mark.parametrize(
    ("amount", "unit", "event", "before", "last"),
    [
        (10, CountUnit.WORKING_DAYS, date(2021, 9, 30), False, date(2021, 10, 14)),
        (5, CountUnit.WORKING_DAYS, date(2022, 1, 28), False, date(2022, 2, 11)),  # Tết between
        (1, CountUnit.WORKING_DAYS, date(2022, 2, 1), False, date(2022, 2, 7)),
        (3, CountUnit.WORKING_DAYS, date(2022, 2, 8), True, date(2022, 1, 27)),
        (10, CountUnit.DAYS, date(2021, 9, 29), False, date(2021, 10, 9)),
        (3, CountUnit.DAYS, date(2021, 10, 12), True, date(2021, 10, 9)),
        (1, CountUnit.MONTHS, date(2022, 1, 31), False, date(2022, 2, 28)),  # no corresponding day
        (1, CountUnit.MONTHS, date(2022, 2, 28), False, date(2022, 3, 28)),  # the corresponding day, not the last
        (1, CountUnit.MONTHS, date(2021, 12, 15), False, date(2022, 1, 15)),
        (12, CountUnit.MONTHS, date(2023, 12, 31), False, date(2024, 12, 31)),
        (1, CountUnit.MONTHS, date(2024, 3, 31), True, date(2024, 2, 29)),
        (3, CountUnit.MONTHS, date(2022, 1, 31), True, date(2021, 10, 31)),
    ],
)
def test_counts_leave_out_the_day_of_the_event(
    amount: int,
    unit: CountUnit,
    event: date,
    last: date,
    *,
    before: bool,
) -> None:
    """Working days, days and months are counted from the day after the event, or backwards from the day before."""
    reading = DeadlineReader(PLAIN, WORKDAYS).counted(amount, unit, event, before=before, task="a")
    rule = Rule.COUNTED_BEFORE if before else Rule.COUNTED_AFTER
    counted = Counted("a", amount, unit, before=before)
    assert reading == Reading(
        words=str(counted), kind=DeadlineKind.COUNTED, rules=(rule,), named_last=last, last=last, counted=counted
    )


def test_a_count_moves_off_a_day_off_away_from_its_event() -> None:
    """Forwards to the next working day, backwards to the previous one, and never without the policy."""
    rolling = DeadlineReader(ROLLING, WORKDAYS)
    after = rolling.counted(10, CountUnit.DAYS, date(2021, 9, 30), before=False)  # Sunday 10/10
    assert (after.named_last, after.last) == (date(2021, 10, 10), date(2021, 10, 11))
    assert after.rules == (Rule.COUNTED_AFTER, Rule.ROLLED)
    before = rolling.counted(1, CountUnit.MONTHS, date(2022, 3, 4), before=True)  # Friday 4/2, the last day of Tết
    assert (before.named_last, before.last) == (date(2022, 2, 4), date(2022, 1, 28))
    assert before.rules == (Rule.COUNTED_BEFORE, Rule.ROLLED)
    assert DeadlineReader(PLAIN, WORKDAYS).counted(10, CountUnit.DAYS, date(2021, 9, 30), before=False).last == date(
        2021, 10, 10
    )


def test_a_count_from_a_day_takes_the_words_of_the_plan_file() -> None:
    """The words of a count say what the plan declares."""
    reader = DeadlineReader(PLAIN, WORKDAYS)
    event = date(2021, 9, 30)
    assert reader.counted(10, CountUnit.WORKING_DAYS, event, before=False).words == "10 working-days after 2021-09-30"
    assert reader.counted(2, CountUnit.MONTHS, event, before=True).words == "2 months before 2021-09-30"


LAW = "(Vietnam’s Civil Code 2015, Art. {}, applied by analogy)"


@pytest.mark.parametrize(
    ("words", "policy", "explanations"),
    [
        ("ngày 30/9/2021", PLAIN, ["the day that the words name"]),
        (
            "trước ngày 30/9/2021",
            PLAIN,
            ['before a day is read as up to and including that day, 30 Sep 2021 ([reading] before = "inclusive")'],
        ),
        (
            "trước ngày 30/9/2021",
            STRICT,
            ['before 30 Sep 2021 is read as the day before it at the latest ([reading] before = "strict")'],
        ),
        (
            "trước quý II/2025",
            PLAIN,
            ["before a month, a quarter or a year: the day before it begins is the last"],
        ),
        ("trước 17h ngày 30/9/2021", PLAIN, ["a time of day: it does not move, and status goes by the day"]),
        ("đầu tháng 4/2022", PLAIN, ["the beginning of a month is its first day " + LAW.format("146.2.a")]),
        ("giữa tháng 4/2022", PLAIN, ["the middle of a month is its 15th day " + LAW.format("146.2.b")]),
        ("cuối tháng 4/2022", PLAIN, ["the end of a month is its last day " + LAW.format("146.2.c")]),
        ("đầu năm 2025", PLAIN, ["the beginning of a year is 1 January " + LAW.format("146.3.a")]),
        ("giữa năm 2025", PLAIN, ["the middle of a year is 30 June " + LAW.format("146.3.b")]),
        ("cuối năm 2025", PLAIN, ["the end of a year is 31 December " + LAW.format("146.3.c")]),
        ("tháng 5/2022", PLAIN, ["a whole period: any of its days is in time, up to its last"]),
        ("2025 - 2026", PLAIN, ["a range: any of its days is in time, up to its last"]),
        ("từ năm 2025 trở đi", PLAIN, ["an open period: it has a first day and no last one"]),
        ("thường xuyên", PLAIN, ["ongoing work: it has no last day"]),
        (
            "đến ngày 01/02/2022",
            ROLLING,
            [
                "the day that the words name",
                "1 Feb 2022 is a day off, so the deadline moves to the next working day, 7 Feb 2022 "
                + LAW.format("148.5"),
            ],
        ),
    ],
)
def test_every_rule_of_words_is_explained(words: str, policy: Policy, explanations: list[str]) -> None:
    """Each rule is said in words, with the article or the policy behind it."""
    reading = read(words, policy)
    assert [str(explain(rule, reading)) for rule in reading.rules] == explanations


def test_declared_and_counted_rules_are_explained() -> None:
    """What the author declared says so; counts name the articles, and why a backward one moves to an earlier day."""
    reader = DeadlineReader(ROLLING, WORKDAYS)
    said = {
        rule: str(explain(rule, reading))
        for reading in (
            reader.declared("…", date(2022, 4, 30)),
            reader.declared(None, None),
            reader.counted(1, CountUnit.DAYS, date(2021, 9, 29), before=False),
            reader.counted(3, CountUnit.DAYS, date(2021, 10, 12), before=True),
        )
        for rule in reading.rules
    }
    assert said == {
        Rule.DECLARED: "declared by the author of the plan",
        Rule.DECLARED_NONE: "declared by the author of the plan: no deadline",
        Rule.COUNTED_AFTER: "counted from the day after the event, whose own day does not count "
        + LAW.format("147.2 and 147.3"),
        Rule.COUNTED_BEFORE: "counted backwards from the day before the event, whose own day does not count",
        Rule.ROLLED: "9 Oct 2021 is a day off; counted backwards, the deadline moves to the working day before it, "
        '8 Oct 2021 ([reading] day-off = "next-working-day")',
    }


# Laws

VOCABULARY = st.sampled_from(
    re.findall(
        r"\S+",
        "trước đến hết chậm nhất trong vào từ đầu giữa cuối ngày tháng quý năm 6 30 9 24 2021 2199 1990 / - . : , h "
        "giờ phút II và những tiếp theo trở đi thường xuyên hằng hoàn thành by before until end of mid May Sept Q H 1 "
        "th to",
    )
)
DAYS = st.dates(date(1990, 1, 1), date(2199, 12, 31))
POLICIES = st.builds(Policy, before=st.sampled_from(Before), day_off=st.sampled_from(DayOff))


@given(words=st.text() | st.lists(VOCABULARY).map(" ".join) | st.lists(VOCABULARY).map("".join), policy=POLICIES)
@example(words="²/²/2021", policy=PLAIN)
@example(words="9" * 5000, policy=PLAIN)
def test_any_text_is_read_or_refused(words: str, policy: Policy) -> None:
    """No text raises anything but a PhraseError with words to show, and no reading ends before it begins."""
    reading, refused = None, None
    try:
        reading = read(words, policy)
    except PhraseError as error:
        refused = error
    if reading is None:
        assert refused
        assert refused.code in {"CDS109", "CDS110"}
        assert str(refused.message)
    else:
        assert reading.first is None or reading.last is None or reading.first <= reading.last
        assert (reading.named_last == reading.last) or {Rule.ROLLED, Rule.BEFORE_STRICT} & {*reading.rules}


def without_marks(words: str) -> str:
    """Type words as one does without a Vietnamese keyboard."""
    apart = unicodedata.normalize("NFD", words.replace("đ", "d").replace("Đ", "D"))
    return "".join(character for character in apart if not unicodedata.combining(character))


@given(PHRASES)
def test_typing_does_not_change_the_reading(words: str) -> None:
    """Case, Unicode form, spaces, diacritics, full-width digits and a full stop at the end do not matter."""
    spaced = "  " + words.replace(" ", " \u00a0\t ") + " "
    for typed in (
        unicodedata.normalize("NFD", words),
        unicodedata.normalize("NFC", words),
        words.upper(),
        words.lower(),
        spaced,
        words.translate({ord(narrow): chr(ord(narrow) + 0xFEE0) for narrow in "0123456789/.()"}),
        without_marks(words),
        words + ".",
        "Hoàn thành " + words,
    ):
        assert parse(typed) == parse(words)


@given(DAYS)
def test_every_way_to_write_a_day_reads_the_same(day: date) -> None:
    """Every day of the calendar can be written in every form, and all name that day."""
    d, m, y = day.day, day.month, day.year
    month = day.strftime("%B")
    for words in (
        *(f"{d}/{m}/{y}", f"{d:02}/{m:02}/{y}", f"{d}-{m}-{y}", f"{d}.{m}.{y}", day.isoformat()),
        *(f"ngày {d} tháng {m} năm {y}", f"{d} {month} {y}", f"{month} {d}, {y}", f"{d} {month[:3]} {y}"),
    ):
        assert parse(words).last == day


@given(day=DAYS, months=st.integers(1, 2000), before=st.booleans())
def test_months_are_counted_as_an_independent_library_counts_them(day: date, months: int, *, before: bool) -> None:
    """Months end on the corresponding day, else on the last of the month, as dateutil's relativedelta does."""
    reading = DeadlineReader(PLAIN, WORKDAYS).counted(months, CountUnit.MONTHS, day, before=before)
    assert reading.last == day + relativedelta(months=-months if before else months)


@given(day=DAYS, unit=st.sampled_from(CountUnit), before=st.booleans(), policy=POLICIES)
def test_the_largest_count_stays_inside_the_calendar(
    day: date, unit: CountUnit, policy: Policy, *, before: bool
) -> None:
    """The largest count from any day that a plan can hold has a reading on the right side of its event."""
    last = DeadlineReader(policy, WORKDAYS).counted(LARGEST_COUNT, unit, day, before=before).last
    assert last is not None
    assert last < day if before else last > day


@given(words=PHRASES, policy=POLICIES)
def test_rolling_only_moves_days_off_to_working_days(words: str, policy: Policy) -> None:
    """A rolled deadline was named on a day off, and its last good day is the first working day after it."""
    reading = read(words, policy)
    if Rule.ROLLED in reading.rules:
        assert reading.named_last is not None
        day = reading.named_last
        while day.weekday() > 4 or day in DAYS_OFF:
            day += timedelta(1)
        assert reading.last == day != reading.named_last


# The document


def table_rows(columns: int, heading: str) -> list[tuple[str, ...]]:
    """Give the rows of the tables with this first heading and so many columns, one for each phrase of a row."""
    rows = []
    inside = False
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith(heading):
            inside = True
        elif not line.startswith("|"):
            inside = False
        elif inside and len(cells) == columns and "---" not in line:
            rows += [(words, *cells[1:]) for words in re.findall("`([^`]*)`", cells[0])]
    return rows


@pytest.mark.parametrize("row", table_rows(5, "| words | kind |"), ids=lambda row: row[0])
def test_the_document_shows_how_words_are_read(row: tuple[str, ...]) -> None:
    """Every accepted form in docs/deadlines.md is read as its row says."""
    words, kind, first, last, rule = row
    reading = read(words)
    shown = tuple(day.isoformat() if day else "" for day in (reading.first, reading.last))
    assert (reading.kind, *shown, *reading.rules) == (kind, first, last, rule)


@pytest.mark.parametrize("row", table_rows(5, "| words | before |"), ids=lambda row: " ".join(row[:3]))
def test_the_document_shows_what_the_policy_changes(row: tuple[str, ...]) -> None:
    """Every row of the policy table in docs/deadlines.md holds."""
    words, before, day_off, named, last = row
    reading = read(words, Policy(before=Before(before), day_off=DayOff(day_off)))
    assert (str(reading.named_last), str(reading.last)) == (named, last)


@pytest.mark.parametrize("row", table_rows(3, "| words | code |"), ids=lambda row: row[0])
def test_the_document_shows_what_is_refused(row: tuple[str, ...]) -> None:
    """Every refused form in docs/deadlines.md is refused with the code of its row."""
    words, code, _ = row
    assert refusal(words).code == code


def test_the_document_has_its_tables() -> None:
    """The three kinds of tables are found, so that the tests above have rows."""
    assert len(table_rows(5, "| words | kind |")) > 80
    assert len(table_rows(5, "| words | before |")) == 11
    assert len(table_rows(3, "| words | code |")) > 20
