"""Times of day before the day that they belong to, in deadlines and in what comes again: "20h00 ngày 25", "17 giờ 30".

Hours and minutes are those of the plan's time zone; 24:00 is the end of the day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cdsplan.messages import msg
from cdsplan.plan.refusals import PhraseError, impossible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdsplan.messages import Message
    from cdsplan.plan.vocabulary import Symbol

WHOLE_DAY = 24 * 60
"""Minutes of a day."""


class Clock(NamedTuple):
    """Hours and minutes as they were written, which need not exist."""

    hour: int
    minute: int

    @property
    def since_midnight(self) -> int:
        """Minutes since the day began."""
        return self.hour * 60 + self.minute

    @property
    def exists(self) -> bool:
        """Whether a day has this time."""
        return self.minute in range(60) and self.since_midnight <= WHOLE_DAY


def read_clock(found: Sequence[Symbol]) -> tuple[Clock, Sequence[Symbol]] | None:
    """Read the time of day that symbols begin with; give it, and the symbols of the day that follow.

    None where they begin otherwise, or where a number may be minutes or a day: "17 giờ 30 tháng 5".
    """
    match [symbol for symbol, _ in found]:
        case ["CLOCK", *_]:
            clock, width = Clock(*divmod(found[0][1], 100)), 1
        case ["N", "H" | "HOUR", "N", "MINUTE", *_]:
            clock, width = Clock(found[0][1], found[2][1]), 4
        case ["N", "H" | "HOUR", "N", "DAY" | "IN", *_]:
            clock, width = Clock(found[0][1], found[2][1]), 3
        case ["N", "H" | "HOUR", "N", "MONTH", *_]:
            return None
        case ["N", "H" | "HOUR", *_]:
            clock, width = Clock(found[0][1], 0), 2
        case _:
            return None
    rest = found[width:]
    return clock, rest[1:] if rest and rest[0][0] == "IN" else rest


def no_such_time(clock: Clock, hint: Message | None = None) -> PhraseError:
    """Refuse 25:00 and the like."""
    return impossible(msg("{hour}:{minute} is not a time of day", hour=clock.hour, minute=f"{clock.minute:02}"), hint)
