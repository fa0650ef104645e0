"""A day as people type it outside a plan: 2021-10-05, 05/10/2021, 5.10.2021, 5-10-2021 (day before month)."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from cdsplan.messages import msg
from cdsplan.plan.phrases import FIRST_YEAR, LAST_YEAR

if TYPE_CHECKING:
    from cdsplan.messages import Message

ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


class NoDay(Exception):  # noqa: N818 - it says what is the matter
    """Words that name no day; `message` says why, and `hint`, where there is one, what was probably meant."""

    def __init__(self, message: Message, hint: Message | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.hint = hint


def typed_day(words: str) -> date:
    """Understand a day.

    Raises:
        NoDay: it is written in another way, or there is no such day.
    """
    if iso := ISO.fullmatch(words):
        year, month, day = map(int, iso.groups())
    elif first := DAY_FIRST.fullmatch(words):
        day, month, year = map(int, first.groups())
    else:
        raise NoDay(msg("“{words}” is no day; write 2021-10-05 or 05/10/2021", words=words))
    try:
        found = date(year, month, day)
    except ValueError:
        raise NoDay(msg("there is no such day: {words}", words=words), _swapped(year, day, month)) from None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NoDay(msg("years from {first} to {last} are read", first=FIRST_YEAR, last=LAST_YEAR))
    return found


def _swapped(year: int, month: int, day: int) -> Message | None:
    """Say what the day would be where the month was written first; None: that is no day either."""
    try:
        date(year, month, day)
    except ValueError:
        return None
    return msg("the day stands before the month: {example}", example=f"“{day}/{month}/{year}”")
