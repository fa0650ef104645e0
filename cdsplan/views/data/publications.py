"""Published folders and secret addresses as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdsplan.views.data.frame import document, plan_data

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from cdsplan.status import Status


def publication_document(status: Status, folder: str, *, feeds: int, events: int, changed: int, unchanged: int) -> str:
    """Write what an export or a publishing came to; `changed` and `unchanged` count files."""
    return document(
        as_of=status.as_of.isoformat(),
        plans=[plan_data(plan) for plan in status.plans],
        folder=folder,
        feeds=feeds,
        events=events,
        changed=changed,
        unchanged=unchanged,
    )


def tokens_document(entries: Iterable[tuple[str, str, date, str | None, str | None]]) -> str:
    """Write secret addresses: of each the calendar, its name, the day it was made, its page and its feed."""
    return document(
        tokens=[
            {"calendar": key, "name": name, "made": made.isoformat(), "page": page, "feed": feed}
            for key, name, made, page, feed in entries
        ]
    )
