"""Which tasks the links of a plan tie: parallel lists, by numbers of their own.

Lists are never asked from the end: Python takes a slower way to such an element.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from cdsplan.plan.model import LinkType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdsplan.plan.model import Link

FROM_START = (LinkType.SS, LinkType.SF)  # tuples: before Python 3.12 a member is slow to hash
TO_FINISH = (LinkType.FF, LinkType.SF)
LEAVES_START, BINDS_FINISH = 1, 2

Item = TypeVar("Item")


class Links(NamedTuple):
    """The links of a network: those into task j have the numbers from `first[j]` up to `beyond[j]`, as declared.

    Tasks and links have the numbers of the plan's numbering; `order` and `rank` translate between them and positions.
    `kinds` says of each whether it LEAVES_START, not the finish, of its source, and whether it BINDS_FINISH, not the
    start, of its target; the first are also listed in `from_start`. `declared` are the links of the plan, and `places`
    where each one stands among them.
    """

    order: Sequence[int]
    rank: Sequence[int]
    sources: list[int]
    targets: list[int]
    first: list[int]
    beyond: list[int]
    kinds: bytearray
    from_start: list[int]
    declared: list[Link]
    places: Sequence[int]

    def into(self, j: int) -> range:
        """Give the numbers of the links into a task, in declared order."""
        return range(self.first[j], self.beyond[j])

    def link(self, k: int) -> Link:
        """Give a link as the plan has it."""
        return self.declared[self.places[k]]

    def leaves_start(self, k: int) -> bool:
        """Say whether a link leaves the start of its source."""
        return self.kinds[k] & LEAVES_START != 0

    def binds_finish(self, k: int) -> bool:
        """Say whether a link binds the finish of its target."""
        return self.kinds[k] & BINDS_FINISH != 0


def pick(items: Sequence[Item], places: Sequence[int]) -> list[Item]:
    """Give the items at some places."""
    return [items[place] for place in places]
