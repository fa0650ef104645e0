"""On which side of the days off a task without time stands: in the morning of its day, or in the evening of the last.

Its index is the same on either side. So within one calendar only what is shown depends on it; across calendars, so does
where its successors may start.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cdsplan.schedule.crossing import Way
    from cdsplan.schedule.network import Network


class Sides:
    """The sides of tasks in a forward pass, each decided once all links into its task have asked for a start.

    `untimed` are the tasks without time, in the order of the network, `mornings` those of them that stand in the
    morning. The rest is that of the pass (see `cpm.Early`).
    """

    def __init__(
        self, network: Network, untimed: list[int], starts: list[int], ends: list[list[int]], asked: list[int]
    ) -> None:
        """Decide nothing yet."""
        self._network = network
        self._undecided = deque(untimed)
        self._starts = starts
        self._ends = ends
        self._asked = asked
        self.untimed = frozenset(untimed)
        self.mornings: set[int] = set()

    def in_the_morning(self, k: int) -> bool:
        """Say whether a link leaves a morning: a start, or what takes no time and stands there."""
        i = self._network.links.sources[k]
        if i not in self.untimed:
            return self._network.links.leaves_start(k)
        while self._undecided and self._undecided[0] <= i:
            self._decide(self._undecided.popleft())
        return i in self.mornings

    def decide_all(self) -> None:
        """Decide what is left."""
        while self._undecided:
            self._decide(self._undecided.popleft())

    def way(self, k: int, *, on_a_day: bool = False) -> Way:
        """Give the way of a link from the side on which its source stands; as `Network.way`."""
        return self._network.way(k, morning=self.in_the_morning(k), on_a_day=on_a_day)

    def _decide(self, j: int) -> None:
        if j not in self._network.done and self._stands_in_the_morning(j):  # done work stands in the evening
            self.mornings.add(j)

    def _stands_in_the_morning(self, j: int) -> bool:
        """Say whether its own bound, a start, another morning, or days off of its calendar put it in the morning."""
        network, start = self._network, self._starts[j]
        if network.earliest[j] == start:
            return True
        return any(self._asked[k] == start and self._puts_in_the_morning(k, start) for k in network.links.into(j))

    def _puts_in_the_morning(self, k: int, start: int) -> bool:
        if self.in_the_morning(k):
            return True
        network, across = self._network, self._network.across
        if across is None or across.lags[k] is None:
            return False
        known = network.on_days_off(k)
        end = self._ends[k][network.links.sources[k]] if known is None else network.rulers.every_day.index(known)
        return self.way(k, on_a_day=True).bound(end, across.into[k]) > start
