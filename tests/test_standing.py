"""A plan by the firmer of its links only, and the parts into which its network falls."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invoke import NGHEAN, ROOT, Cli, in_process
from test_data import documented

from cdsplan.plan.model import Basis
from cdsplan.plan.reader import read
from cdsplan.plan.standing import components, links_of, with_links_of
from cdsplan.schedule import schedule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Golden

HEAD = '[plan]\nid = "p"\ntitle = "P"\nstart = 2026-03-02\ntimezone = "UTC"\n'

# a waits for nothing, b for a by the source, c for b by implication, d for c by inference and for a by the source.
FOUR = f"""{HEAD}
[tasks.a]
title = "A"
[tasks.b]
title = "B"
after = ["a"]
[tasks.c]
title = "C"
after = [{{ task = "b", basis = "implied" }}]
[tasks.d]
title = "D"
after = [{{ task = "c", basis = "inferred" }}, "a"]
"""

# The six links that the article states (the words "trên cơ sở báo cáo của các đơn vị", "Từ đó" twice, "Sau khi hoàn
# thiện", "Tiếp đến", "Sau đó") join khao-sat – bao-cao-tong-hop – both drafts; hoan-thien-du-thao – ho-so-ubnd;
# bao-cao-ubnd – ho-so-tinh-uy; bao-cao-tinh-uy – bao-cao-bch. Four tasks have none of them: 4 + 4 parts.
STATED_PARTS = [
    ["ban-hanh-ke-hoach"],
    ["khao-sat", "bao-cao-tong-hop", "du-thao-nghi-quyet", "du-thao-ke-hoach"],
    ["gop-y"],
    ["hoi-thao"],
    ["xin-y-kien-bo-tttt"],
    ["hoan-thien-du-thao", "ho-so-ubnd"],
    ["bao-cao-ubnd", "ho-so-tinh-uy"],
    ["bao-cao-tinh-uy", "bao-cao-bch"],
]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """Run in an empty folder."""
    with in_process(capsys, monkeypatch, tmp_path) as made:
        yield made


@pytest.mark.parametrize(
    ("basis", "links", "parts"),
    [
        (Basis.STATED, 2, (("a", "b", "d"), ("c",))),
        (Basis.IMPLIED, 3, (("a", "b", "c", "d"),)),
        (Basis.INFERRED, 4, (("a", "b", "c", "d"),)),
    ],
)
def test_links_of_less_standing_do_not_count(basis: Basis, links: int, parts: tuple[tuple[str, ...], ...]) -> None:
    """Stated keeps the source's links, implied adds the implied ones, inferred keeps all."""
    kept = with_links_of(read(FOUR.encode(), "p.toml"), basis)

    assert links_of(kept) == links
    assert components(kept) == parts


def test_what_rests_on_left_out_links_starts_at_once() -> None:
    """By stated links c starts with the plan (Monday 2 March) and d the day after a; by all of them d comes fourth."""
    plan = read(FOUR.encode(), "p.toml")
    stated, everything = schedule(with_links_of(plan, Basis.STATED)), schedule(plan)

    assert [stated.early_start(j).day for j in range(4)] == [2, 3, 2, 3]
    assert [everything.early_start(j).day for j in range(4)] == [2, 3, 4, 5]


def test_the_real_plan_falls_into_eight_parts() -> None:
    """The article states 6 of the 16 links: 8 parts; with the 6 implied ones 4; with all of them one."""
    plan = read((ROOT / NGHEAN).read_bytes(), NGHEAN)
    stated, implied = with_links_of(plan, Basis.STATED), with_links_of(plan, Basis.IMPLIED)

    assert (links_of(stated), links_of(implied), links_of(plan)) == (6, 12, 16)
    assert components(stated) == tuple(map(tuple, STATED_PARTS))
    assert len(components(implied)) == 4
    assert components(plan) == (tuple(plan.tasks),)


@given(
    st.integers(1, 8).flatmap(
        lambda n: st.tuples(st.just(n), st.sets(st.sampled_from([*combinations(range(n), 2)] or [(0, 0)])))
    )
)
def test_parts_are_what_links_reach(network: tuple[int, set[tuple[int, int]]]) -> None:
    """Two tasks are in one part when a walk along links, either way, leads from one to the other (by closure)."""
    count, links = network
    links = {(i, j) for i, j in links if i != j}
    tasks = "".join(
        f'[tasks.t{j}]\ntitle = "T"\nafter = {[f"t{i}" for i, successor in sorted(links) if successor == j]}\n'
        for j in range(count)
    )
    joined = {(i, i) for i in range(count)} | links | {(j, i) for i, j in links}
    for middle in range(count):
        joined |= {(i, j) for i in range(count) for j in range(count) if {(i, middle), (middle, j)} <= joined}
    expected = {tuple(f"t{j}" for j in range(count) if (i, j) in joined) for i in range(count)}

    found = components(read((HEAD + tasks).encode(), "p.toml"))

    assert set(found) == expected
    assert len(found) == len(expected)
    assert [part[0] for part in found] == sorted(part[0] for part in found)


@pytest.mark.parametrize("command", ["schedule", "critical"])
def test_a_weaker_network_reads_well(cli: Cli, golden: Golden, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """The real plan by its stated links says which links count and names the parts, on a terminal and as data."""
    monkeypatch.chdir(ROOT)
    named = (command, "--basis", "stated", "-p", NGHEAN, "--as-of", "2021-10-05", "--lang", "en")

    table, plain, data = cli(*named), cli(*named, "--format", "plain"), documented(cli(*named, "--format", "json").out)

    golden(table.out, f"{command}-stated.en.txt")
    assert (
        "\nOf “nghean-nq-cds” only stated links count, 6 of 16.\nIts network falls into 8 parts:\n– 4 tasks: "
        in plain.out
    )
    plan = data["plans"][0] if command == "schedule" else data
    assert (plan["basis"], plan["components"]) == ("stated", STATED_PARTS)


def test_all_links_count_unless_somebody_says_otherwise(cli: Cli) -> None:
    """Without --basis nothing is said of parts, and the data has them all the same."""
    Path("plan.toml").write_text(FOUR, "utf-8")

    assert "links count" not in cli("schedule").out
    (plan,) = documented(cli("schedule", "--format", "json").out)["plans"]
    assert (plan["basis"], plan["components"]) == ("inferred", [["a", "b", "c", "d"]])


def test_implied_links_may_hold_the_plan_together(cli: Cli) -> None:
    """One part of four tasks, none alone; d waits for a only, so the chain to it takes two days instead of four."""
    Path("plan.toml").write_text(FOUR, "utf-8")
    named = ("critical", "--basis", "implied", "--to", "d", "--format")

    out, data = cli(*named, "plain").out, documented(cli(*named, "json").out)

    assert "Of “p” only stated and implied links count, 3 of 4.\nIts network is 1 part:\n– 4 tasks: a, b, c, d\n" in out
    assert (data["paths"], data["length"], data["finish"]) == ([["a", "d"]], 2, "2026-03-03")


def test_of_many_parts_the_first_are_named(cli: Cli) -> None:
    """Ten parts of several tasks are told one by one, six tasks of each; the rest is counted."""
    pairs = "".join(
        f'[tasks.a{n}]\ntitle = "A"\n[tasks.b{n}]\ntitle = "B"\nafter = ["a{n}"]\n[tasks.c{n}]\ntitle = "C"\n'
        for n in range(12)
    )
    Path("plan.toml").write_text(HEAD + pairs, "utf-8")

    ran = cli("schedule", "--basis", "stated", "--format", "plain")

    assert "Its network falls into 24 parts:\n– 2 tasks: a0, b0\n" in ran.out
    assert (
        "– 2 tasks: a9, b9\n– 2 more parts of several tasks\n– 12 tasks each alone: c0, c1, c2, c3, c4, c5 and 6 more\n"
        in ran.out
    )
    assert "a10, b10" not in ran.out


def test_each_plan_of_a_portfolio_has_its_own_parts(cli: Cli) -> None:
    """Every plan says its own, in the list and in its own chain."""
    Path("p.toml").write_text(FOUR, "utf-8")
    Path("q.toml").write_text(FOUR.replace('id = "p"', 'id = "q"'), "utf-8")

    said = "only stated links count, 2 of 4.\nIts network falls into 2 parts:\n– 3 tasks: a, b, d\n– 1 task alone: c\n"
    named = ("--basis", "stated", "p.toml", "q.toml", "--format")
    for command in ("schedule", "critical"):
        assert cli(command, *named, "plain").out.count(said) == 2
        assert [plan["basis"] for plan in documented(cli(command, *named, "json").out)["plans"]] == ["stated", "stated"]
