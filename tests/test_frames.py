"""Problems as frames: the place, the source line, carets under the span, the hint; and how many are shown."""

from __future__ import annotations

from datetime import date
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsplan.check import check
from cdsplan.i18n import language
from cdsplan.messages import msg
from cdsplan.plan.reader import read
from cdsplan.problems import Place, Problem, Severity
from cdsplan.schedule import forecast
from cdsplan.status import judge
from cdsplan.views.frames import MOST_FRAMES, WIDEST_LINE, frame, frames, verdict_text

ENGLISH = language("en")


def problem(
    source: str = 'owner = "so-ttt"',
    span: tuple[int, int] = (9, 17),
    *,
    code: str = "CDS107",
    hint: str | None = None,
    severity: Severity = Severity.ERROR,
) -> Problem:
    """Make a problem on line 12."""
    return Problem(
        code=code,
        message=msg("there is no agency “so-ttt”"),
        hint=None if hint is None else msg("{hint}", hint=hint),
        severity=severity,
        place=Place(file="plan.toml", line=12, column=span[0], end_column=span[1], source=source),
    )


def shown(framed: str) -> tuple[str, str]:
    """Give the source line and the carets of a frame, without their margins."""
    lines = framed.split("\n")
    return lines[2].partition("| ")[2], lines[3].partition("| ")[2]


def marked(framed: str) -> str:
    """Give what stands above the carets, where every character takes one cell."""
    source, carets = shown(framed)
    return source[carets.index("^") : len(carets)]


def test_a_frame_shows_where_what_and_the_way_out() -> None:
    """The place as editors read it, the message, the line with its number, carets, and the hint."""
    assert frame(problem(hint="did you mean “so-tttt”?"), ENGLISH) == dedent("""\
        plan.toml:12:9: error CDS107: there is no agency “so-ttt”
           |
        12 | owner = "so-ttt"
           |         ^^^^^^^^
           = hint: did you mean “so-tttt”?""")


def test_a_warning_says_so_and_needs_no_hint() -> None:
    """Severity is a word of its own; without a hint the frame ends at the carets."""
    lines = frame(problem(severity=Severity.WARNING), ENGLISH).split("\n")

    assert lines[0] == "plan.toml:12:9: warning CDS107: there is no agency “so-ttt”"
    assert len(lines) == 4


def test_a_problem_without_a_place_is_a_line() -> None:
    """A file that is not there has no line to show; a hint still follows."""
    lost = Problem(code="CDS101", message=msg("there is no such file"), hint=msg("look again"))

    assert frame(lost, ENGLISH) == "error CDS101: there is no such file\n   = hint: look again"


@pytest.mark.parametrize(
    ("source", "span", "carets"),
    [
        ('\ttitle = ""', (10, 12), "         ^^"),  # a tab shows as one blank
        ("due = 2021-02-31", (7, 17), "      ^^^^^^^^^^"),
        ("x", (2, 3), " ^"),  # behind the end of a line
        ("", (1, 2), "^"),
        ('a = "中文"', (5, 9), "    ^^^^^^"),  # two cells each
        ('a = "é"', (5, 9), "    ^^^"),  # a combining accent takes none
    ],
)
def test_carets_stand_under_the_span(source: str, span: tuple[int, int], carets: str) -> None:
    """Carets count cells of a terminal: wide characters take two, combining ones none; there is at least one."""
    assert shown(frame(problem(source, span), ENGLISH))[1] == carets


@pytest.mark.parametrize("before", [0, 10, 39, 40, 41, 500, 990])
def test_a_long_line_is_cut_around_its_span(before: int) -> None:
    """Whatever stands before and behind, the span and its carets are shown, and dots where something was left out."""
    source = "a" * before + "SPAN" + "b" * (1000 - before)
    framed = frame(problem(source, (before + 1, before + 5)), ENGLISH)
    line, _ = shown(framed)

    assert marked(framed) == "SPAN"
    assert len(line.strip("…")) <= WIDEST_LINE
    assert line.startswith("…") == (before > 40)
    assert line.endswith("…") == (before < 990)


def test_a_span_longer_than_the_cut_is_marked_to_its_end() -> None:
    """Carets do not run beyond what is shown."""
    line, carets = shown(frame(problem("x" * 1000, (1, 1001)), ENGLISH))

    assert line == "x" * WIDEST_LINE + "…"
    assert carets == "^" * (WIDEST_LINE + 1)


@given(st.text("abc\té中", max_size=400), st.integers(1, 400), st.integers(1, 400))
def test_every_span_can_be_shown(source: str, start: int, length: int) -> None:
    """Any span of any line gives four lines, of which the last has carets only."""
    column = min(start, len(source) + 1)
    end = min(column + length, len(source) + 1)
    framed = frame(problem(source, (column, max(end, column + 1))), ENGLISH).split("\n")

    assert len(framed) == 4
    assert set(framed[3].partition("| ")[2].strip(" ")) == {"^"}


def test_problems_are_counted_by_severity() -> None:
    """Errors and warnings are counted apart, each only where there are any."""
    error, warning = problem(), problem(severity=Severity.WARNING)

    assert frames([error], ENGLISH).split("\n")[-1] == "1 error"
    assert frames([error, error, warning], ENGLISH).split("\n")[-1] == "2 errors, 1 warning"
    assert frames([warning, warning], ENGLISH).split("\n")[-1] == "2 warnings"


def test_more_than_anyone_mends_in_one_go_is_counted() -> None:
    """A hundred frames, then how many more there are; the count is of all."""
    lines = frames([problem()] * (MOST_FRAMES + 2), ENGLISH).split("\n")

    assert sum("CDS107" in line for line in lines) == MOST_FRAMES
    assert lines[-2:] == ["… and 2 more problems", "102 errors"]


def test_the_frames_of_a_verdict_are_limited() -> None:
    """A hundred findings that fail and ten others of each rule are shown; what is left out is counted."""
    overdue = "".join(
        f'[tasks.t{n}]\ntitle = "T"\nmilestone = true\ndue = 2021-09-01\n' for n in range(MOST_FRAMES + 1)
    )
    early = "".join(f'[tasks.e{n}]\ntitle = "E"\ndue = 2020-01-03\ndone = 2020-01-03\n' for n in range(11))
    rolled = '[tasks.r]\ntitle = "R"\ndue = 2021-12-25\n'
    plan = read((HEAD + overdue + early + rolled).encode(), "plan.toml")
    status = judge([forecast(plan, date(2021, 10, 1))], date(2021, 10, 1))

    written = verdict_text(check(status, status.items), ENGLISH)

    def starts(code: str) -> int:
        return sum(f" {code}: " in text for text in written)

    assert (starts("CDS201"), starts("CDS212"), starts("CDS209")) == (MOST_FRAMES, 10, 1)
    assert written[MOST_FRAMES] == "… and 1 more finding"
    assert "… and 1 more of CDS212" in written


HEAD = """
[plan]
id = "p"
title = "P"
start = 2021-08-23
timezone = "UTC"
[reading]
day-off = "next-working-day"
"""


def test_frames_speak_vietnamese() -> None:
    """Severity, hint and count are said in the reader's language."""
    text = frames([problem(hint="x")], language("vi"))

    assert "error" not in text
    assert "hint" not in text
