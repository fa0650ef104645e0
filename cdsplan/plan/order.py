"""The order of a network: predecessors before successors, or the cycle that makes it impossible.

Nodes are positions 0..n-1; `predecessors[j]` lists what j waits for. Everything is iterative (a chain of 100,000 tasks
is a plan) and O(nodes + links).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def topological_order(predecessors: Sequence[Sequence[int]]) -> list[int]:
    """Positions with every predecessor before its successors; shorter than the input when there is a cycle.

    Declared order is kept wherever it already is an order, which most plan files are.
    """
    if all(i < j for j, before in enumerate(predecessors) for i in before):
        return list(range(len(predecessors)))
    successors: list[list[int]] = [[] for _ in predecessors]
    waiting = [len(before) for before in predecessors]
    for j, before in enumerate(predecessors):
        for i in before:
            successors[i].append(j)
    ready = [j for j, count in enumerate(waiting) if not count]
    order: list[int] = []
    while ready:  # Kahn's algorithm; the newest first, so that what is tied together stays close together
        j = ready.pop()
        order.append(j)
        for k in successors[j]:
            waiting[k] -= 1
            if not waiting[k]:
                ready.append(k)
    return order


def cycles(predecessors: Sequence[Sequence[int]]) -> list[list[int]]:
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


def _knots(predecessors: Sequence[Sequence[int]]) -> list[set[int]]:
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


def _postorder(predecessors: Sequence[Sequence[int]], nodes: Sequence[int]) -> list[int]:
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
