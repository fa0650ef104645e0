"""The order of a network and its cycles, against reachability found by walking every way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsplan.plan.order import Predecessors, cycles, numbered, topological_order
from cdsplan.plan.reader import read
from cdsplan.problems import PlanError

MANY = 100_000


@st.composite
def digraphs(draw: st.DrawFn) -> list[list[int]]:
    """Draw any directed graph, as the predecessors of each node; loops and repeated links are allowed."""
    size = draw(st.integers(0, 9))
    return [draw(st.lists(st.integers(0, size - 1), max_size=3)) for _ in range(size)]


def waits_for(predecessors: list[list[int]], node: int) -> set[int]:
    """Find all that a node waits for, near and far; itself only if it is on a cycle."""
    found: set[int] = set()
    ahead = list(predecessors[node])
    while ahead:
        step = ahead.pop()
        if step not in found:
            found.add(step)
            ahead += predecessors[step]
    return found


def knots(predecessors: list[list[int]]) -> set[frozenset[int]]:
    """Find the sets of nodes that wait for each other."""
    far = [waits_for(predecessors, node) for node in range(len(predecessors))]
    return {
        frozenset(other for other in far[node] if node in far[other])
        for node in range(len(predecessors))
        if node in far[node]
    }


@given(digraphs())
def test_predecessors_come_first(predecessors: list[list[int]]) -> None:
    """Every node of the order comes after all its predecessors, each once."""
    order = topological_order(Predecessors.of(predecessors))
    at = {node: place for place, node in enumerate(order)}
    assert len(at) == len(order)
    for node in order:
        assert all(at[before] < at[node] for before in predecessors[node])


@given(digraphs())
def test_only_what_waits_for_a_cycle_is_missing(predecessors: list[list[int]]) -> None:
    """The order leaves out the nodes on cycles and those that wait for one, and no others."""
    tied = {node for knot in knots(predecessors) for node in knot}
    missing = {node for node in range(len(predecessors)) if tied & ({node} | waits_for(predecessors, node))}
    assert set(topological_order(Predecessors.of(predecessors))) == set(range(len(predecessors))) - missing


@given(digraphs())
def test_each_knot_is_named_once(predecessors: list[list[int]]) -> None:
    """There is one cycle for each set of nodes that wait for each other, within it, first node first, in order."""
    found = cycles(Predecessors.of(predecessors))
    for ring in found:
        assert len(set(ring)) == len(ring)
        assert ring[0] == min(ring)
        assert all(needed in predecessors[node] for node, needed in zip(ring, [*ring[1:], ring[0]], strict=True))
    expected = knots(predecessors)
    named = [next(knot for knot in expected if ring[0] in knot) for ring in found]
    assert len(set(named)) == len(named) == len(expected)
    assert found == sorted(found)


@given(digraphs())
def test_rows_of_predecessors_come_back(rows: list[list[int]]) -> None:
    """Flat lists are read as the rows they were made of, one by one, in part, and all."""
    predecessors = Predecessors.of(rows)
    assert list(predecessors) == [predecessors[node] for node in range(len(predecessors))] == rows
    assert predecessors[1:] == rows[1:]
    assert predecessors == Predecessors.of(rows)
    assert predecessors != Predecessors.of([*rows, []])


@given(digraphs())
def test_numbers_say_what_positions_say(rows: list[list[int]]) -> None:
    """By their numbers, predecessors come first, and links into a node are those declared, in that order."""
    rows = [[before for before in row if before < node] for node, row in enumerate(rows)]  # without cycles
    rows = [[len(rows) - 1 - before for before in row] for row in reversed(rows)]  # successors first
    predecessors = Predecessors.of(rows)
    order, rank, declared, sources, targets, first, beyond = numbered(predecessors, topological_order(predecessors))
    assert [rank[node] for node in order] == list(range(len(rows)))
    assert all(source < target for source, target in zip(sources, targets, strict=True))
    for number, node in enumerate(order):
        links = range(first[number], beyond[number])
        assert [order[sources[k]] for k in links] == rows[node]
        assert {targets[k] for k in links} <= {number}
        assert [predecessors.sources[declared[k]] for k in links] == rows[node]


def test_what_is_tied_together_comes_close_together() -> None:
    """Two chains declared in turn, back to front (4 needs 6, 6 needs 8; 5 needs 7): each is laid out in one piece."""
    predecessors = Predecessors.of([[node + 2] if node + 2 < MANY else [] for node in range(MANY)])
    numbering = numbered(predecessors, topological_order(predecessors))
    assert {target - source for source, target in zip(numbering.sources, numbering.targets, strict=True)} == {1}


def test_declared_order_is_kept_where_it_is_one() -> None:
    """Nodes declared after what they wait for stay where they are."""
    assert topological_order(Predecessors.of([[], [], [0], [], [1, 2]])) == range(5)


def test_nothing_is_an_order_too() -> None:
    """A network without nodes has an empty order and no cycle."""
    assert topological_order(Predecessors.of([])) == range(0)
    assert cycles(Predecessors.of([])) == []


def test_a_knot_behind_another_is_named_as_well() -> None:
    """Two that wait for each other and for another such pair: both pairs are named; what follows them is not.

    0 and 1 need each other; so do 2 and 3, and both also need 0; 4 needs 2.
    """
    assert cycles(Predecessors.of([[1], [0], [0, 3], [0, 2], [2]])) == [[0, 1], [2, 3]]


def test_a_task_that_waits_for_itself_is_a_cycle() -> None:
    """A loop is a cycle of one."""
    assert cycles(Predecessors.of([[], [0, 1]])) == [[1]]


def test_a_cycle_is_told_in_the_order_of_needs() -> None:
    """[a, b, c] reads a needs b needs c needs a."""
    assert cycles(Predecessors.of([[1], [2], [0]])) == [[0, 1, 2]]


def test_a_chain_of_100_000_declared_back_to_front() -> None:
    """A long chain is ordered without recursion, whichever way round it is declared."""
    chain = Predecessors.of([*([node + 1] for node in range(MANY - 1)), []])
    assert topological_order(chain) == list(range(MANY - 1, -1, -1))


def test_a_cycle_of_100_000_with_a_tail() -> None:
    """A long cycle is found whole, and a long tail that waits for it does not hide it."""
    ring = [[(node + 1) % MANY] for node in range(MANY)]
    tail = [[node - 1] for node in range(MANY, 2 * MANY)]
    assert cycles(Predecessors.of(ring + tail)) == [list(range(MANY))]


def test_a_plan_with_a_cycle_of_1_000_tasks_names_them_all() -> None:
    """The reader names a cycle from its first declared task, each with its line: "a needs b needs … needs a"."""
    count = 1_000
    head = '[plan]\nid = "ring"\ntitle = "Ring"\nstart = 2026-03-02\ntimezone = "UTC"\n[tasks]\n'
    tasks = "\n".join(f't{k} = {{ title = "T", after = "t{(k + 1) % count}" }}' for k in range(count))
    with pytest.raises(PlanError) as caught:
        read(f"{head}{tasks}".encode(), "ring.toml")
    (problem,) = caught.value.problems
    named = "".join(f" needs “t{k % count}” (line {7 + k % count})" for k in range(1, count + 1))
    assert str(problem.message) == f"these tasks wait for each other: “t0” (line 7){named}"
