"""The one place where the clock is read, and where a day that somebody typed is understood."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import click

from cdsplan.cli.words import say
from cdsplan.plan.typed import NoDay, typed_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdsplan.plan.model import Plan

    Parameter = click.ParamType[Any]
else:
    Parameter = click.ParamType  # not generic at run time before click 8.5


class Day(Parameter):
    """A day as people type it: 2021-10-05, 05/10/2021, 5.10.2021 (day before month)."""

    name = "date"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Understand a day, or say how one is written."""
        if isinstance(value, date):
            return value
        try:
            return typed_day(value.strip())
        except NoDay as problem:
            said = [problem.message] if problem.hint is None else [problem.message, problem.hint]
            self.fail("; ".join(map(say, said)), param, ctx)


def now(plan: Plan) -> datetime:
    """Read the clock: this second, in the time zone of a plan."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - only commands that record need it

    return datetime.now(ZoneInfo(plan.timezone)).replace(microsecond=0)  # noqa: TID251 - this is the clock


def today(plans: Sequence[Plan]) -> date:
    """Read the clock: today in the time zone of the first plan (here, where there is no plan)."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - a run with --as-of does not need it

    zone = ZoneInfo(plans[0].timezone) if plans else None
    return datetime.now(zone).date()  # noqa: TID251 - this is the clock


def utc_now() -> datetime:
    """Read the clock: the present second, in UTC."""
    return datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - this is the clock
