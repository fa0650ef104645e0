"""`cdsplan export DIR`: one calendar feed per agency, as files."""

from __future__ import annotations

from pathlib import Path

import click

from cdsplan.cli.files import write_folder
from cdsplan.cli.frame import Run, cannot_write, plan_command
from cdsplan.feeds import Event, feeds
from cdsplan.i18n import language
from cdsplan.messages import msg, nmsg


@plan_command(
    "export",
    msg(
        "Write one iCalendar feed per agency into a folder, and all.ics with every deadline, in the plan’s language "
        "(--lang chooses another). Files that would not change stay untouched."
    ),
    formats=("plain",),
    files=False,
)
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def command(run: Run, *, folder: Path) -> None:
    """Judge, make the feeds, write them, say what was written."""
    from cdsplan.views.ical import render  # noqa: PLC0415 - after the plan has proved readable

    # Subscribers get the plan's language whatever the environment of whoever runs this says: --lang alone changes it.
    made = feeds(run.status, language, code=click.get_current_context().params["lang"])
    written: dict[Event, bytes] = {}
    try:
        changed = write_folder(folder, {feed.file: render(feed, written) for feed in made})
    except OSError as error:
        raise cannot_write(Path(error.filename or folder), error) from None
    run.emit(
        run.language(
            msg(
                "{folder}: {feeds} with {events}, as of {day}; files written: {changed}, unchanged: {unchanged}",
                folder=folder,
                feeds=nmsg("{n} feed", "{n} feeds", len(made)),
                events=nmsg("{n} event", "{n} events", sum(len(feed.events) for feed in made)),
                day=run.as_of,
                changed=len(changed),
                unchanged=len(made) - len(changed),
            )
        )
    )
