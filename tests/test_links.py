"""The `after` key: types, lags and leads, numbers as names, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsplan.plan.fields import Guesses, Rejected
from cdsplan.plan.links import TaskNames, after, lag
from cdsplan.plan.model import Basis, Duration, DurationUnit, Link, LinkType

if TYPE_CHECKING:
    from collections.abc import Callable

TASKS: dict[str, Any] = {
    "khao-sat": {"number": "I.1"},
    "bao-cao": {"number": " I.2 "},
    "bao-cao-2": {"number": "Mục 3"},
    "hop": {"number": "II"},
    "hop-2": {"number": "II"},
    "gop-y": {"number": 4},
    "in-an": "no table",
}

FORMS = 'write the task alone, or with a link type (FS, SS, FF, SF) and a lag: "survey", "survey SS+5d"'
LAGS = 'write days or weeks with a sign: "+5d", "-2d", "+1w", "+10ed"'
HEADING = "every task is declared under its own heading: [tasks.ID]"
KNOWN_KEYS = "known keys here: task, type, lag, basis, quote"

DAYS, WEEKS, ELAPSED = DurationUnit.DAYS, DurationUnit.WEEKS, DurationUnit.ELAPSED_DAYS


def links(value: object) -> tuple[Link, ...]:
    """Read an `after`."""
    return after(TaskNames(TASKS))(value)


def faults(read: Callable[[object], object], value: object) -> list[str]:
    """Say what is refused: where, which part of a text, code, message; hint."""
    with pytest.raises(Rejected) as refused:
        read(value)
    settle = Guesses().hint
    return [
        " ".join(
            str(part)
            for part in (*fault.at, fault.part, fault.code, f"{fault.message}; {settle(fault.hint)}")
            if part is not None
        )
        for fault in refused.value.faults
    ]


@pytest.mark.parametrize(
    ("words", "link"),
    [
        ("khao-sat", Link("khao-sat")),
        ("khao-sat FS", Link("khao-sat")),
        ("khao-sat SS", Link("khao-sat", LinkType.SS)),
        ("khao-sat FF", Link("khao-sat", LinkType.FF)),
        ("khao-sat SF", Link("khao-sat", LinkType.SF)),
        ("khao-sat FS+3d", Link("khao-sat", LinkType.FS, Duration(3, DAYS))),
        ("khao-sat SS+1w", Link("khao-sat", LinkType.SS, Duration(1, WEEKS))),
        ("khao-sat FF-2d", Link("khao-sat", LinkType.FF, Duration(-2, DAYS))),
        ("khao-sat FF−2d", Link("khao-sat", LinkType.FF, Duration(-2, DAYS))),
        ("khao-sat SF+10ed", Link("khao-sat", LinkType.SF, Duration(10, ELAPSED))),
        ("khao-sat FS-0d", Link("khao-sat", LinkType.FS, Duration(0, DAYS))),
        ("I.1", Link("khao-sat")),
        ("I.1 SS+5d", Link("khao-sat", LinkType.SS, Duration(5, DAYS))),
        ("I.2", Link("bao-cao")),
        ("bao-cao-2", Link("bao-cao-2")),
    ],
)
def test_a_link_in_words(words: str, link: Link) -> None:
    """A string names the predecessor by id or number, the type, and a lag with its sign; alone or in a list."""
    assert links(words) == (link,)
    assert links([words]) == (link,)
    assert links(["gop-y", words]) == (Link("gop-y"), link)


@pytest.mark.parametrize(
    ("table", "link"),
    [
        ({"task": "khao-sat"}, Link("khao-sat")),
        ({"task": "I.1"}, Link("khao-sat")),
        ({"task": "Mục 3"}, Link("bao-cao-2")),
        ({"task": "hop", "type": "FF", "lag": "5d"}, Link("hop", LinkType.FF, Duration(5, DAYS))),
        ({"task": "hop", "lag": "-2w"}, Link("hop", LinkType.FS, Duration(-2, WEEKS))),
        (
            {"task": "hop", "basis": "inferred", "quote": " …góp ý… "},
            Link("hop", basis=Basis.INFERRED, quote="…góp ý…"),
        ),
        ({"task": "hop", "basis": "implied", "type": "SS"}, Link("hop", LinkType.SS, basis=Basis.IMPLIED)),
    ],
)
def test_a_link_as_a_table(table: dict[str, Any], link: Link) -> None:
    """A table says more: how firm the link is, and the source's own words."""
    assert links([table]) == (link,)


def test_two_links_of_two_types_to_one_task() -> None:
    """Start and finish may be tied to the same task; an empty list ties nothing."""
    both = (Link("hop", LinkType.SS), Link("hop", LinkType.FF))
    assert links(["hop SS", "hop FF"]) == both
    assert links([]) == ()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (5, [f"CDS106 a task’s id in quotes or a list of links is wanted here, not a number; {FORMS}"]),
        ({"task": "hop"}, [f"CDS106 a task’s id in quotes or a list of links is wanted here, not a table; {FORMS}"]),
        ([5], [f"0 CDS106 a task’s id in quotes or a table is wanted here, not a number; {FORMS}"]),
        ("khao-sta", ["CDS107 there is no task “khao-sta”; did you mean “khao-sat”?"]),
        ("viec", [f"CDS107 there is no task “viec”; {HEADING}"]),
        ("khao-sat+5d", ['CDS107 there is no task “khao-sat+5d”; a lag needs its link type: "khao-sat FS+5d"']),
        ("gop-y-2d", ['CDS107 there is no task “gop-y-2d”; a lag needs its link type: "gop-y FS-2d"']),
        ("bao-cao-2-2d", ['CDS107 there is no task “bao-cao-2-2d”; a lag needs its link type: "bao-cao-2 FS-2d"']),
        ("+5d", [f"CDS107 there is no task “+5d”; {HEADING}"]),
        (["hop", "I.9 SS+5d"], [f"1 (0, 3) CDS107 there is no task “I.9”; {HEADING}"]),
        ("", [f"CDS107 there is no task “”; {HEADING}"]),
        (" SS", [f"(0, 0) CDS107 there is no task “”; {HEADING}"]),
        ("II", ["CDS108 several tasks have the number “II”; name one of them by its id: hop, hop-2"]),
        ("4", [f"CDS107 there is no task “4”; {HEADING}"]),
        ("x" * 90, [f"CDS107 there is no task “{'x' * 80}…”; {HEADING}"]),
        ("Mục 3", [f"(4, 1) CDS106 “Mục 3” is no link; {FORMS}"]),
        ("hop ", [f"(4, 0) CDS106 “hop ” is no link; {FORMS}"]),
        ("hop ss", [f"(4, 2) CDS106 “hop ss” is no link; {FORMS}"]),
        ("hop  SS", [f"(4, 3) CDS106 “hop  SS” is no link; {FORMS}"]),
        ("hop +5d", [f"(4, 3) CDS106 “hop +5d” is no link; {FORMS}"]),
        ("hop SS5d", [f"(4, 4) CDS106 “hop SS5d” is no link; {FORMS}"]),
        ("hop SS +5d", [f"(4, 6) CDS106 “hop SS +5d” is no link; {FORMS}"]),
        ("hop SS+5", [f"(6, 2) CDS106 “+5” is no lag; {LAGS}"]),
        ("hop SS+~5d", [f"(6, 4) CDS106 “+~5d” is no lag; {LAGS}"]),
        (["hop", "hop"], ["1 CDS108 the link FS from “hop” stands here twice; keep one of them"]),
        (
            ["I.1 SS", "hop", "khao-sat SS+5d", {"task": "hop", "lag": "1d"}],
            [
                "2 CDS108 the link SS from “khao-sat” stands here twice; keep one of them",
                "3 CDS108 the link FS from “hop” stands here twice; keep one of them",
            ],
        ),
        (
            [{"type": "XX", "lag": "5", "basis": "guess", "quote": "", "wait": 1}],
            [
                "0 type CDS106 “XX” is not known here; known: “FS”, “SS”, “FF”, “SF”",
                f"0 lag CDS106 “5” is no lag; {LAGS}",
                "0 basis CDS106 “guess” is not known here; known: “stated”, “implied”, “inferred”",
                "0 quote CDS106 this text is empty; write it, or leave the whole line out",
                f"0 wait CDS104 unknown key “wait”; {KNOWN_KEYS}",
                "0 CDS105 the key “task” is missing; add it: task = …",
            ],
        ),
        (
            [{"task": " hop", "lag": 5}, {"task": ["hop"]}],
            [
                "0 task CDS107 there is no task “ hop”; did you mean “hop”?",
                f"0 lag CDS106 a lag in quotes is wanted here, not a number; {LAGS}",
                "1 task CDS106 a task’s id in quotes is wanted here, not a list; write one text in straight quotes",
            ],
        ),
    ],
)
def test_what_is_no_link(value: object, expected: list[str]) -> None:
    """Each slip is told with its part of the text, and how a link is written."""
    assert faults(links, value) == expected


def test_a_number_of_many_tasks_names_ten_of_them() -> None:
    """A number that every task has does not fill the screen."""
    names = TaskNames({f"t{at}": {"number": "1"} for at in range(50)})
    assert faults(names.read, "1") == [
        "CDS108 several tasks have the number “1”; name one of them by its id: t0, t1, t2, t3, t4, t5, t6, t7, t8, t9"
    ]


def test_an_id_comes_before_a_number() -> None:
    """A task whose id is another's number answers to it."""
    assert TaskNames({"1": {}, "2": {"number": "1"}}).find("1") == "1"


SIGNS = st.sampled_from(("", "+", "-", "−"))


@given(SIGNS, st.integers(0, 9999), st.sampled_from(DurationUnit))
def test_every_lag_is_read(sign: str, amount: int, unit: DurationUnit) -> None:
    """A lag is its sign, up to four digits and a unit."""
    assert lag(f"{sign}{amount}{unit}") == Duration(-amount if sign in {"-", "−"} else amount, unit)


@given(st.text(alphabet="+-−0159dew ~", max_size=7))
def test_nothing_else_is_a_lag(words: str) -> None:
    """What is read as a lag says the same when it is written out again, but for its plus and leading zeros."""
    try:
        length = lag(words)
    except Rejected:
        return
    digits = words.lstrip("+-−").rstrip("dew")
    assert abs(length.amount) == int(digits)
    assert words.replace("−", "-").removeprefix("+").replace(digits, str(int(digits)), 1) in {str(length), f"-{length}"}
