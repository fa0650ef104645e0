"""The Nghệ An plan against the article that it is taken from: nothing lost, nothing invented."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import tomli

TESTS = Path(__file__).parent
ARTICLE = (TESTS / "data" / "article.txt").read_text(encoding="utf-8")
PLAN: dict[str, Any] = tomli.loads((TESTS.parent / "plans" / "nghean.toml").read_text(encoding="utf-8"))
TASKS: dict[str, dict[str, Any]] = PLAN["tasks"]
LINKS = [(link["task"], task, link) for task, values in TASKS.items() for link in values.get("after", [])]

STATED = {  # predecessor, successor: the article's connective
    ("khao-sat", "bao-cao-tong-hop"): "trên cơ sở báo cáo của các đơn vị",
    ("bao-cao-tong-hop", "du-thao-nghi-quyet"): "Từ đó",
    ("bao-cao-tong-hop", "du-thao-ke-hoach"): "Từ đó",
    ("hoan-thien-du-thao", "ho-so-ubnd"): "Sau khi hoàn thiện nội dung dự thảo",
    ("bao-cao-ubnd", "ho-so-tinh-uy"): "Tiếp đến",
    ("bao-cao-tinh-uy", "bao-cao-bch"): "Sau đó",
}
IMPLIED = {
    ("ho-so-ubnd", "bao-cao-ubnd"),
    ("ho-so-tinh-uy", "bao-cao-tinh-uy"),
    ("du-thao-nghi-quyet", "gop-y"),
    ("du-thao-ke-hoach", "gop-y"),
    ("du-thao-nghi-quyet", "hoan-thien-du-thao"),
    ("du-thao-ke-hoach", "hoan-thien-du-thao"),
}
INFERRED = {
    ("gop-y", "hoan-thien-du-thao"),
    ("hoi-thao", "hoan-thien-du-thao"),
    ("xin-y-kien-bo-tttt", "hoan-thien-du-thao"),
    ("ban-hanh-ke-hoach", "khao-sat"),
}


def test_the_tasks_are_the_fourteen_of_the_article_in_the_order_of_time() -> None:
    """Every task of the article is there, and no other."""
    assert list(TASKS) == [
        "ban-hanh-ke-hoach",
        "khao-sat",
        "bao-cao-tong-hop",
        "du-thao-nghi-quyet",
        "du-thao-ke-hoach",
        "gop-y",
        "hoi-thao",
        "xin-y-kien-bo-tttt",
        "hoan-thien-du-thao",
        "ho-so-ubnd",
        "bao-cao-ubnd",
        "ho-so-tinh-uy",
        "bao-cao-tinh-uy",
        "bao-cao-bch",
    ]


@pytest.mark.parametrize("task", TASKS)
def test_a_quote_is_the_articles_own_sentence(task: str) -> None:
    """Each task quotes the article, to the letter."""
    assert TASKS[task]["quote"] in ARTICLE


def test_the_deadlines_are_in_the_articles_own_words() -> None:
    """Five tasks have a deadline; their words stand in the article and in the task's own quote."""
    due = {task: values["due"] for task, values in TASKS.items() if "due" in values}
    assert due == {
        "khao-sat": "trước ngày 30/9/2021",
        "du-thao-nghi-quyet": "hoàn thành trước ngày 15/11/2021",
        "du-thao-ke-hoach": "hoàn thành trước ngày 15/11/2021",
        "bao-cao-tinh-uy": "vào giữa tháng 4/2022",
        "bao-cao-bch": "vào tháng 5/2022",
    }
    for task, words in due.items():
        assert words in ARTICLE
        assert words in TASKS[task]["quote"]


def test_the_milestones_are_the_tasks_with_a_deadline() -> None:
    """A task is a milestone if and only if the article dates it."""
    assert {task for task in TASKS if TASKS[task].get("milestone")} == {task for task in TASKS if "due" in TASKS[task]}


def test_the_links_are_sixteen_each_with_its_basis() -> None:
    """Six links are stated, six implied, four inferred: just these."""
    assert Counter(link["basis"] for _, _, link in LINKS) == {"stated": 6, "implied": 6, "inferred": 4}
    by_basis = {
        basis: {(before, task) for before, task, link in LINKS if link["basis"] == basis}
        for basis in ("stated", "implied", "inferred")
    }
    assert by_basis == {"stated": set(STATED), "implied": IMPLIED, "inferred": INFERRED}


def test_a_stated_link_quotes_its_connective() -> None:
    """The words that order two tasks stand in the article; a link that is ours quotes nothing."""
    quotes = {(before, task): link["quote"] for before, task, link in LINKS if "quote" in link}
    assert quotes == STATED
    assert all(words in ARTICLE for words in quotes.values())


def test_the_two_fan_outs_go_to_forty_one_agencies() -> None:
    """Twenty departments and twenty-one districts survey and comment, each once."""
    groups = PLAN["groups"]
    assert (len(groups["so-nganh"]), len(groups["cap-huyen"])) == (20, 21)
    assert len({*groups["so-nganh"], *groups["cap-huyen"]}) == 41
    fan_outs = {task: values["each"] for task, values in TASKS.items() if "each" in values}
    assert fan_outs == {"khao-sat": ["@so-nganh", "@cap-huyen"], "gop-y": ["@so-nganh", "@cap-huyen"]}


def test_the_report_must_have_the_four_contents_of_the_article() -> None:
    """The synthesis report's contents are the article's words, and no other task has any."""
    assert {task for task in TASKS if "contents" in TASKS[task]} == {"bao-cao-tong-hop"}
    contents = TASKS["bao-cao-tong-hop"]["contents"]
    assert len(contents) == 4
    assert all(words in TASKS["bao-cao-tong-hop"]["quote"] for words in contents)


def test_the_workshop_keeps_the_two_constraints_of_the_article() -> None:
    """The Covid-19 rules are one of the workshop's two constraints, and no other task has any."""
    assert {task for task in TASKS if "constraints" in TASKS[task]} == {"hoi-thao"}
    assert TASKS["hoi-thao"]["constraints"] == [
        "phù hợp với tình hình thực tiễn",
        "bảo đảm các quy định trong công tác phòng chống dịch Covid-19",
    ]
    assert all(words in ARTICLE for words in TASKS["hoi-thao"]["constraints"])


def test_every_duration_is_marked_as_an_estimate() -> None:
    """The article states no duration, so none stands without the mark."""
    assert all(values["duration"].startswith("~") for values in TASKS.values())


def test_only_the_issue_of_the_plan_is_done() -> None:
    """The article reports one fact, on a day that it does not name."""
    facts = ("started", "percent", "done", "cancelled")
    assert [(task, key, values[key]) for task, values in TASKS.items() for key in facts if key in values] == [
        ("ban-hanh-ke-hoach", "done", True)
    ]


def test_the_bodies_that_decide_are_consulted() -> None:
    """Whoever the article reports to or asks is named as consulted."""
    assert {task: values["consult"] for task, values in TASKS.items() if "consult" in values} == {
        "xin-y-kien-bo-tttt": ["bo-tttt"],
        "bao-cao-ubnd": ["ubnd-tinh", "bcs-ubnd"],
        "bao-cao-tinh-uy": ["tt-tinh-uy", "btv-tinh-uy"],
        "bao-cao-bch": ["bch-db-tinh"],
    }


def test_the_agencies_are_those_that_have_a_part() -> None:
    """Each of the 47 agencies has a name of its own for narrow places, and none is declared idly."""
    agencies = PLAN["agencies"]
    assert len({agency["short"] for agency in agencies.values()}) == len(agencies) == 47
    named = {member for members in PLAN["groups"].values() for member in members}
    for values in TASKS.values():
        roles = (values.get("owner"), values.get("recipient"), values.get("assigned-by"))
        listed = [*values.get("support", []), *values.get("consult", [])]
        named |= {agency for agency in (*roles, *listed) if agency and not agency.startswith("@")}
    assert named == set(agencies)


def test_the_source_names_the_article() -> None:
    """The citation gives the article's title, authors and address."""
    title, authors = ARTICLE.splitlines()[0], "Văn Cương – Hoàng Lan"
    assert authors in ARTICLE.splitlines()
    assert all(part in PLAN["plan"]["source"] for part in (title, authors, "https://doanhnghiephoinhap.vn/nghe-an-"))


def test_a_long_title_has_a_short_form() -> None:
    """A phone can show what each task is called."""
    assert all(len(values.get("short", values["title"])) <= 35 for values in TASKS.values())
