"""Days off as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdsplan.views.data.frame import document

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cdsplan.daysoff import DayOff
    from cdsplan.plan.model import CalendarSpec


def calendar_document(spec: CalendarSpec, year: int, days: Iterable[DayOff], working_days: int) -> str:
    """Write the days of a year that are off or worked against their weekday."""
    return document(
        year=year,
        holidays=spec.holidays,
        working_days=working_days,
        days=[
            {
                "date": row.date.isoformat(),
                "kind": row.kind,
                "working": row.working,
                "name": row.name,
                "name_en": row.name_en,
                "source": row.source,
                "status": row.status,
            }
            for row in days
        ],
    )
