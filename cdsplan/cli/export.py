"""`cdsplan export DIR`: one calendar feed per agency, as files that follow from the plan alone."""

from __future__ import annotations

from pathlib import Path

import click

from cdsplan.cli.frame import Run, cannot_write, plan_command
from cdsplan.cli.publication import (
    RECORD,
    as_files,
    chosen,
    emit_summary,
    feed_options,
    progress,
    refuse_home_of_plan,
)
from cdsplan.cli.words import say
from cdsplan.feeds import feeds
from cdsplan.i18n import language
from cdsplan.messages import msg


@plan_command(
    "export",
    msg(
        "Write one iCalendar feed per agency into a folder, and all.ics with every deadline, in the plan’s language "
        "(--lang chooses another). Files that would not change stay untouched."
    ),
    formats=("plain", "json"),
    files=False,
)
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@feed_options
def command(run: Run, *, folder: Path, roles: tuple[str, ...], horizon: int | None, remind_events: bool) -> None:
    """Judge, make the feeds, write them, say what was written."""
    from cdsplan.cli.files import write_folder  # noqa: PLC0415 - after the plan has proved readable

    refuse_home_of_plan(run, folder)
    # Without the record in hand, events would lose the numbers that they have reached.
    if any(folder.glob(RECORD)) or any(folder.glob(f"*/{RECORD}")):
        raise click.UsageError(
            say(msg("{folder} is kept by publish: publish there, or export elsewhere", folder=folder))
        )
    made = feeds(run.status, language, choice=chosen(roles, horizon, remind_events=remind_events))
    try:
        with progress(made, steps=2 * len(made)) as done:
            files = as_files(made, done=done)
            changed = len(write_folder(folder, files, wrote=done))
    except OSError as error:
        raise cannot_write(Path(error.filename or folder), error) from None
    emit_summary(run, folder, made, changed=changed, unchanged=len(files) - changed)
