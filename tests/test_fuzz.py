"""Every input ends in a plan or in placed problems: bytes of good plans, changed at random.

`make fuzz` runs this for long (`HYPOTHESIS_MAX_EXAMPLES=1000000 make fuzz`: for longer).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from cdsplan.i18n import language
from cdsplan.plan.reader import read
from cdsplan.plan.rules import placed, warnings
from cdsplan.problems import PlanError
from cdsplan.views.frames import frames

if TYPE_CHECKING:
    from cdsplan.problems import Problem

PLANS = Path(__file__).parent / "plans"
GOOD = [path.read_bytes() for path in sorted((PLANS / "good").glob("*.toml"))]

# What a plan is made of, and what does not belong there.
PIECES = [
    *(b"\n", b"\r\n", b"\r", b"\t", b" ", b"=", b".", b",", b"#", b'"', b"'", b'"""', b"'''"),
    *(b"[", b"]", b"[[", b"]]", b"{", b"}"),
    *(b"\\", b"\\u0000", b"\\U0010FFFF", b"\x00", b"\x1b", b"\x7f", b"\xff", b"\xef\xbb\xbf"),
    *(b"\xe2\x80\x8b", b"\xcc\x81"),
    *(b"true", b"1", b"-1", b"1.5", b"nan", b"2026-02-30", b"2026-01-05T08:00:00Z", b"08:00:00", b"0x1F"),
    *(b"[tasks.x]\n", b"[plan]\n", b"[[tasks.x.after]]\n", b"[groups]\n", b"[tasks.x.y]\n"),
    *(b'title = "X"\n', b"each = []\n"),
    *(b'due = "31/9/2026"\n', b'owner = "@x"\n', b"30/9/2021", b"\xe2\x80\x9cx\xe2\x80\x9d", b"SS+5d"),
    *(b"~5d", b"@", b"x" * 300, b"9999-12-31"),
]  # fmt: skip


# What a terminal would act upon.
UNSAFE = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """Draw a good plan with some pieces put in, taken out, doubled, moved or replaced."""
    data = draw(st.sampled_from(GOOD))
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(data)))
        end = min(len(data), at + draw(st.integers(0, 40)))
        piece = draw(st.sampled_from(PIECES) | st.binary(max_size=4) | st.just(data[at:end] * 2) | st.just(b""))
        to = draw(st.sampled_from((at, end)) | st.integers(0, len(data)))
        data = data[:at] + piece + data[end:] if to in {at, end} else data[:to] + data[at:end] + data[to:]
    return data


def problems(data: bytes) -> tuple[Problem, ...]:
    """Give what is wrong with a file, or questionable in it."""
    try:
        plan = read(data, "plan.toml")
    except PlanError as error:
        return error.problems
    return tuple(placed(finding, plan.source) for finding in warnings(plan))


def assert_told(data: bytes) -> None:
    """Read a file; whatever is said of it must be placed, and can be shown."""
    found = problems(data)
    for problem in found:
        place = problem.place
        assert place is not None
        assert 1 <= place.line <= data.count(b"\n") + data.count(b"\r") + 1
        assert 1 <= place.column < place.end_column
        assert not UNSAFE.search(place.source)
    assert not UNSAFE.search(frames(found, language("vi")).replace("\n", ""))


@given(mutated())
def test_a_changed_plan_is_a_plan_or_is_told(data: bytes) -> None:
    """No change of a good plan's bytes leads anywhere else."""
    assert_told(data)


@given(
    st.binary(max_size=200) | st.text(max_size=100).map(str.encode) | st.lists(st.sampled_from(PIECES)).map(b"".join)
)
def test_any_bytes_are_told(data: bytes) -> None:
    """No bytes lead anywhere else."""
    assert_told(data)


@given(mutated())
def test_reading_twice_says_the_same(data: bytes) -> None:
    """What is said of a file depends on the file alone."""
    assert problems(data) == problems(data)
