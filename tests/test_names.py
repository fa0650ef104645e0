"""Finding tasks and agencies by what people call them."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsplan.names import Ambiguous, Unknown, find_agencies, find_task, fold, unmistakable
from cdsplan.plan.reader import read

if TYPE_CHECKING:
    from cdsplan.plan.model import Plan


def plan(text: str, plan_id: str = "p") -> Plan:
    """Read a plan."""
    head = (
        f'[plan]\nid = "{plan_id}"\ntitle = "P"\nstart = 2021-08-23\ntimezone = "Asia/Ho_Chi_Minh"\nlanguage = "vi"\n'
    )
    return read((head + dedent(text)).encode(), "plan.toml")


PLAN = plan("""
[agencies.so-yt]
name = "Sở Y tế"
short = "Sở YT"
name-en = "Department of Health"
formerly = ["so-y-te"]
[agencies.so-nv]
name = "Sở Nội vụ"
short = "Sở NV"
[agencies.so-ngv]
name = "Sở Ngoại vụ"
short = "Sở NV "
[agencies.ubnd]
name = "UBND tỉnh"
[agencies.so]
name = "An agency that has a group's name"
[groups]
so = ["so-yt", "so-nv"]
huyen = ["ubnd"]
[tasks.khao-sat]
title = "Khảo sát hiện trạng"
short = "Khảo sát"
title-en = "Survey the present state"
number = "I.1"
formerly = ["dieu-tra"]
[tasks.bao-cao]
title = "Báo cáo tổng hợp"
number = "I.2"
[tasks.bao-cao-2]
title = "Báo cáo  Tổng hợp"
[tasks.gop-y]
title = "Góp ý vào đề án"
number = "khao-sat"
""")

OTHER = plan(
    """
[agencies.so-yt]
name = "Sở Y tế"
[agencies.so-tc]
name = "Sở Tài chính"
[groups]
tinh = ["so-tc", "so-yt"]
[tasks.khao-sat]
title = "Khảo sát"
[tasks.hop]
title = "Họp"
number = "I.1"
""",
    "q",
)


@pytest.mark.parametrize(
    ("name", "task"),
    [
        ("khao-sat", "khao-sat"),  # an id wins over another task's number
        ("dieu-tra", "khao-sat"),
        ("I.1", "khao-sat"),
        ("Khảo sát", "khao-sat"),
        ("khao sat", "khao-sat"),
        ("KHẢO   SÁT HIỆN TRẠNG", "khao-sat"),
        ("Survey the present state", "khao-sat"),
        ("Khảo sát hiện trạng", "khao-sat"),  # the same in NFD
        ("gop y vao de an", "gop-y"),
    ],
)
def test_a_task_answers_to_all_its_names(name: str, task: str) -> None:
    """Id, former id, number, short, full and English title; case, diacritics and spacing do not matter."""
    assert find_task([PLAN], name)[1].id == task


def test_a_name_that_fits_several_tasks_is_not_guessed() -> None:
    """Two titles that differ in case and spaces only are told apart by id."""
    with pytest.raises(Ambiguous) as several:
        find_task([PLAN], "bao cao tong hop")

    assert several.value.candidates == ("bao-cao", "bao-cao-2")


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("khao-sta", ("khao-sat",)),
        ("hiện trạng", ("khao-sat",)),
        ("đề án", ("gop-y",)),
        ("xyz", ()),
        ("q", ()),
    ],
)
def test_an_unknown_task_says_what_is_near(name: str, near: tuple[str, ...]) -> None:
    """Near is what contains the words, and what is spelt alike."""
    with pytest.raises(Unknown) as unknown:
        find_task([PLAN], name)

    assert unknown.value.near == near


def test_a_portfolio_tells_tasks_apart_by_plan() -> None:
    """PLAN:TASK names a task of one plan; alone, an id of two plans is ambiguous, one of a single plan is not."""
    assert find_task([PLAN, OTHER], "q:khao-sat") == (OTHER, OTHER.tasks["khao-sat"])
    assert find_task([PLAN, OTHER], "p:Khảo sát") == (PLAN, PLAN.tasks["khao-sat"])
    assert find_task([PLAN, OTHER], "hop") == (OTHER, OTHER.tasks["hop"])
    for name, candidates in (
        ("khao-sat", ("p:khao-sat", "q:khao-sat")),
        ("I.1", ("p:khao-sat", "q:hop")),
    ):
        with pytest.raises(Ambiguous) as several:
            find_task([PLAN, OTHER], name)
        assert several.value.candidates == candidates


def test_a_colon_may_belong_to_a_title() -> None:
    """What stands before a colon is a plan's id only if a plan has it."""
    titled = plan('[tasks.a]\ntitle = "Note: read this"\n')

    assert find_task([titled], "note: READ this")[1].id == "a"
    with pytest.raises(Unknown):
        find_task([titled], "r:a")


@pytest.mark.parametrize(
    ("name", "agencies"),
    [
        ("so-yt", ("so-yt",)),
        ("so-y-te", ("so-yt",)),
        ("so y te", ("so-yt",)),
        ("SỞ YT", ("so-yt",)),
        ("department of health", ("so-yt",)),
        ("Sở Nội vụ", ("so-nv",)),
        ("@so", ("so-yt", "so-nv")),
        ("so", ("so",)),  # an agency's id wins over a group's name without @
        ("huyen", ("ubnd",)),
    ],
)
def test_an_agency_or_group_answers_to_all_its_names(name: str, agencies: tuple[str, ...]) -> None:
    """Id, former id, short, full and English name; a group stands for its members."""
    assert find_agencies([PLAN], name) == agencies


def test_agencies_that_share_a_short_name_are_not_guessed() -> None:
    """Sở NV is the Department of Home Affairs and that of Foreign Affairs here: name one."""
    with pytest.raises(Ambiguous) as several:
        find_agencies([PLAN], "Sở NV")

    assert several.value.candidates == ("so-nv", "so-ngv")


def test_an_unknown_agency_says_what_is_near() -> None:
    """Near is what contains the words first, then what is spelt alike; at most five."""
    with pytest.raises(Unknown) as unknown:
        find_agencies([PLAN], "ngoai vu")

    assert unknown.value.near[0] == "so-ngv"


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("Sở Y Tế tỉnh Nghệ An", ("so-yt",)),  # more than its name, but all of it
        ("Văn phòng Sở Nội vụ tỉnh", ("so-nv",)),
        ("Sở Y tế và Sở Ngoại vụ", ("so-ngv", "so-yt")),  # the longer name first
        ("@huyenn", ("@huyen",)),
        ("@huy-en", ("@huyen",)),
        ("huyenn", ("@huyen",)),
        ("@ubnd", ("ubnd",)),  # an agency
        ("@zzz", ()),
    ],
)
def test_what_is_near_is_what_is_meant(name: str, near: tuple[str, ...]) -> None:
    """Who is named in full within the words; behind an @ a group, which is written with it."""
    with pytest.raises(Unknown) as unknown:
        find_agencies([PLAN], name)

    assert unknown.value.near == near


def test_a_number_is_found_in_any_case() -> None:
    """“i.1” is I.1, but where the plan has both, each answers to its own."""
    assert find_task([PLAN], "i.1")[1].id == "khao-sat"
    both = plan('[tasks.x]\ntitle = "X"\nnumber = "A"\n[tasks.y]\ntitle = "Y"\nnumber = "a"\n[tasks.z]\ntitle = "A"\n')
    assert [find_task([both], name)[1].id for name in ("A", "a")] == ["x", "y"]
    accented = plan('[tasks.x]\ntitle = "X"\nnumber = "Á"\n[tasks.y]\ntitle = "Y"\nnumber = "á"\n')
    with pytest.raises(Ambiguous):
        find_task([accented], "A")


def test_a_group_of_a_portfolio_is_that_of_all_plans() -> None:
    """@so means the members in every plan that has such a group, each once; a plan without it adds nobody."""
    other = plan(
        """
        [agencies]
        so-nv = { name = "Sở Nội vụ" }
        so-kh = { name = "Sở Khoa học" }
        [groups]
        so = ["so-kh", "so-nv"]
        [tasks.x]
        title = "X"
        """,
        "q",
    )
    assert find_agencies([PLAN, other, OTHER], "@so") == ("so-yt", "so-nv", "so-kh")


def test_agencies_of_a_portfolio_are_one_per_id() -> None:
    """An id that two plans declare is one agency; groups of any plan are found."""
    assert find_agencies([PLAN, OTHER], "Sở Y tế") == ("so-yt",)
    assert find_agencies([PLAN, OTHER], "so tai chinh") == ("so-tc",)
    assert find_agencies([PLAN, OTHER], "@tinh") == ("so-tc", "so-yt")


@pytest.mark.parametrize(
    ("text", "folded"), [("Sở Y tế", "so y te"), ("  ĐỀ   ÁN ", "de an"), ("Straße", "strasse"), ("", "")]
)
def test_folding_leaves_the_letters(text: str, folded: str) -> None:
    """Case, diacritics and extra spaces go; đ becomes d, though Unicode does not take it apart."""
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    """A folded name is its own folded form."""
    assert fold(fold(text)) == fold(text)


def test_unmistakable_names_are_those_that_mean_one_thing() -> None:
    """Folded; what two have, or what is taken, is left out; a thing may have the same word twice."""
    named = [("a", ("Sở Y tế", "SO Y TE", None)), ("b", ("Sở Nội vụ", "Sở")), ("c", ("so", "Ban", "taken"))]

    assert unmistakable(named, ["Taken"]) == {"so y te": "a", "so noi vu": "b", "ban": "c"}
