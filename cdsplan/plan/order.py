"""The order of a network: predecessors before successors, or the cycle that makes it impossible.

Nodes are positions 0..n-1. Everything is iterative (a chain of 100,000 tasks is a plan) and O(nodes + links).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, chain, repeat
from operator import lt, sub
from typing import TYPE_CHECKING, NamedTuple, overload

if TYPE_CHECKING:
    from collections.abc import Iterator


class Predecessors(Sequence[list[int]]):
    """What each node waits for, as flat lists: link k leads from `sources[k]` to `targets[k]`.

    The links into node j, as declared, have the numbers from `first[j]` up to `beyond[j]`. As a sequence it gives the
    sources of each node's links.
    """

    __slots__ = ("beyond", "first", "sources", "targets")

    def __init__(self, sources: list[int], links: Sequence[Sequence[object]]) -> None:
        """Take the sources of all links, node by node, and what stands for the links of each node."""
        self.sources = sources
        self.targets = [j for j, each in enumerate(links) for _ in each]
        self.beyond = list(accumulate(map(len, links)))
        self.first = [0, *self.beyond][:-1]

    @classmethod
    def of(cls, rows: Sequence[Sequence[int]]) -> Predecessors:
        """Take the predecessors of each node."""
        return cls([i for row in rows for i in row], rows)

    def __len__(self) -> int:
        """Count the nodes."""
        return len(self.first)

    @overload
    def __getitem__(self, node: int) -> list[int]: ...
    @overload
    def __getitem__(self, node: slice) -> list[list[int]]: ...
    def __getitem__(self, node: int | slice) -> list[int] | list[list[int]]:
        """Give the sources of the links of a node, or of some."""
        if isinstance(node, slice):
            return list(map(self.__getitem__, range(*node.indices(len(self)))))
        return self.sources[self.first[node] : self.beyond[node]]

    def __iter__(self) -> Iterator[list[int]]:
        """Give the sources of the links of each node."""
        return map(self.sources.__getitem__, map(slice, self.first, self.beyond))

    def __eq__(self, other: object) -> bool:
        """Compare what waits for what."""
        return isinstance(other, Predecessors) and self.sources == other.sources and self.beyond == other.beyond

    __hash__ = None  # type: ignore[assignment]

    def in_order(self) -> bool:
        """Say whether every predecessor comes before its successors."""
        return all(map(lt, self.sources, self.targets))


class Numbering(NamedTuple):
    """Nodes, and their links, numbered so that predecessors come before successors, each node's links as declared.

    `order` gives the position of each node by its number, `rank` the number by position, `declared` the place of each
    link among all in declared order; all three are ranges where the nodes are declared in such an order. The rest is as
    in `Predecessors`, by numbers. Whoever goes through the network finds all of it in the order in which it lies: in
    another order each step would wait for memory, and cost several times as much.
    """

    order: Sequence[int]
    rank: Sequence[int]
    declared: Sequence[int]
    sources: list[int]
    targets: list[int]
    first: list[int]
    beyond: list[int]


def numbered(waits_for: Predecessors, order: Sequence[int]) -> Numbering:
    """Number nodes in an order that has all of them."""
    if isinstance(order, range):
        links = range(len(waits_for.sources))
        return Numbering(order, order, links, waits_for.sources, waits_for.targets, waits_for.first, waits_for.beyond)
    rank = [0] * len(order)
    for number, node in enumerate(order):
        rank[node] = number
    begins, ends, sources = waits_for.first, waits_for.beyond, waits_for.sources
    first, beyond = [begins[node] for node in order], [ends[node] for node in order]
    declared = list(chain.from_iterable(map(range, first, beyond)))
    counts = list(map(sub, beyond, first))
    beyond = list(accumulate(counts))
    return Numbering(
        order=order,
        rank=rank,
        declared=declared,
        sources=[rank[sources[k]] for k in declared],
        targets=list(chain.from_iterable(map(repeat, range(len(order)), counts))),
        first=[0, *beyond][:-1],
        beyond=beyond,
    )


def topological_order(predecessors: Predecessors) -> Sequence[int]:
    """Positions with every predecessor before its successors; shorter than the input when there is a cycle.

    Declared order is kept wherever it already is an order, which most plan files are: it is a range then. Else what is
    tied together comes close together: each node right after what it waits for, then what waits for these.
    """
    if predecessors.in_order():
        return range(len(predecessors))
    count, sources = len(predecessors), predecessors.sources
    successors: list[list[int]] = [[] for _ in range(count)]
    for i, j in zip(sources, predecessors.targets, strict=True):
        successors[i].append(j)
    first, beyond = predecessors.first, predecessors.beyond
    order: list[int] = []
    placed, met = bytearray(count), bytearray(count)
    for root in range(count):
        if placed[root]:
            continue
        near = [root]
        for each in near:  # it grows as it is gone through
            stack = [each]
            while stack:
                node = stack.pop()
                if placed[node]:
                    continue
                missing = [i for i in sources[first[node] : beyond[node]] if not placed[i]]
                if not missing:
                    placed[node] = True
                    order.append(node)
                    near += successors[node]
                elif not met[node]:  # met again, it still misses some: it is on a cycle, or waits for one
                    met[node] = True
                    stack.append(node)
                    stack += missing
    return order


def cycles(predecessors: Predecessors) -> list[list[int]]:
    """One cycle of each knot, as [a, b, c] for "a needs b needs c needs a", starting at its first declared task.

    A knot is a set of nodes that all wait for each other: until it is cut, none of them can start.
    """
    found: list[list[int]] = []
    for knot in _knots(predecessors):
        met: dict[int, int] = {}  # the nodes of a walk back within the knot, and when each was met
        node = min(knot)
        while node not in met:
            met[node] = len(met)
            node = next(i for i in predecessors[node] if i in knot)
        ring = list(met)[met[node] :]
        at = ring.index(min(ring))
        found.append(ring[at:] + ring[:at])
    return sorted(found)


def _knots(predecessors: Predecessors) -> list[set[int]]:
    """Find the sets of nodes that can be reached from each other, those with a cycle only (Kosaraju 1978)."""
    left = set(range(len(predecessors))).difference(topological_order(predecessors))
    successors: dict[int, list[int]] = {node: [] for node in left}
    for j in left:
        for i in predecessors[j]:
            if i in left:
                successors[i].append(j)
    knots: list[set[int]] = []
    for root in reversed(_postorder(predecessors, sorted(left))):
        knot: set[int] = set()
        stack = [root]
        while stack:
            node = stack.pop()
            if node in left:
                left.remove(node)
                knot.add(node)
                stack += successors[node]
        if len(knot) > 1 or (knot and root in predecessors[root]):
            knots.append(knot)
    return knots


def _postorder(predecessors: Predecessors, nodes: Sequence[int]) -> list[int]:
    """Order some nodes, by when a depth-first walk back within them leaves each."""
    order: list[int] = []
    unseen = set(nodes)
    stack = [(node, False) for node in reversed(nodes)]
    while stack:
        node, left = stack.pop()
        if left:
            order.append(node)
        elif node in unseen:
            unseen.remove(node)
            stack.append((node, True))
            stack += ((i, False) for i in predecessors[node])
    return order
