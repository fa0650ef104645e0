"""Links that one calendar cannot count: between tasks of two calendars, or with a lag in elapsed days.

Inside one calendar a link is a distance between two indexes. Across calendars its ends meet on the common axis of day
boundaries (ordinal b = the instant at which day b begins): the predecessor's end of the link is turned into a boundary,
the lag is counted from there, and the successor takes what its own calendar has at or after it. A start takes the first
working day that begins at or after its bound, a finish the first working day that ends at or after it.

A start stands between two days as a finish does: to bound another start it counts as the beginning of its own day, to
bound a finish as the end of the working day before, so that two equal calendars give what one gives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cdsplan.workdays import Workdays


class Crossing(NamedTuple):
    """One link into a task. `point` is the predecessor's start or finish among all points (see `cpm`).

    `source` and `target` are the calendars of predecessor and successor, `length` the successor's work. The lag is in
    working days of the successor's calendar, or in elapsed days where `elapsed`.
    """

    point: int
    source: Workdays
    target: Workdays
    from_start: bool
    to_finish: bool
    lag: int
    elapsed: bool
    length: int

    def forward(self, value: int, *, at_day_start: bool) -> int:
        """Give the least start of the successor when the predecessor's point stands at `value`.

        `at_day_start` says of a predecessor without length on which side of the night it stands.
        """
        high = at_day_start or (self.from_start and not self.to_finish)
        boundary = self.source.ordinal(value) if high else self.source.ordinal(value - 1) + 1
        if self.elapsed:
            boundary += self.lag
        elif self.lag:
            boundary = self.target.ordinal(self.target.index(boundary) + self.lag - 1) + 1
        index = self.target.index(boundary)
        if not self.to_finish:
            return index
        if self.length and self.target.ordinal(index - 1) + 1 < boundary:
            index += 1  # the working day before ended too early: the next one is the first that ends late enough
        return index - self.length

    def backward(self, start: int, *, at_day_start: bool) -> int:
        """Give the latest value of the predecessor's point that lets the successor start at `start`."""
        index = start + self.length if self.to_finish else start
        if self.lag and not self.elapsed:
            boundary = self.target.ordinal(index - self.lag)
        elif self.to_finish and self.length:
            boundary = self.target.ordinal(index - 1) + 1
        else:
            boundary = self.target.ordinal(index)
        if self.elapsed:
            boundary -= self.lag
        high = at_day_start or (self.from_start and not self.to_finish)
        return self.source.index(boundary + 1) - 1 if high else self.source.index(boundary)
