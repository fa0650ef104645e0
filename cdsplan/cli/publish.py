"""`cdsplan publish DIR`: the feeds as a folder for any web server, each time in step with what was published before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cdsplan.cli.frame import Run, cannot_write, option, plan_command
from cdsplan.cli.publication import RECORD, as_files, chosen, emit_summary, feed_options, follow, progress
from cdsplan.feeds import NOTHING_PUBLISHED
from cdsplan.messages import msg
from cdsplan.problems import PlanError, Problem

if TYPE_CHECKING:
    from cdsplan.feeds import State

ANEW = "none"
LARGEST_RECORD = 256 * 1024 * 1024
ROBOTS = b"User-agent: *\nAllow: /\n"  # Google fetches no feed that it may not


@plan_command(
    "publish",
    msg(
        "Write the feeds into a folder for a web server, with feeds.json, by which the next publishing knows what has "
        "changed: events that have are newer, all others stay the same to the byte."
    ),
    formats=("plain", "json"),
    files=False,
)
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@option(
    "--previous",
    type=click.Path(path_type=Path),
    metavar="DIR|FILE",
    help=msg(
        "What was last published, where that is not in DIR: a folder with feeds.json, or such a file; “none” begins "
        "anew."
    ),
)
@feed_options
def command(
    run: Run, *, folder: Path, previous: Path | None, roles: tuple[str, ...], horizon: int | None, remind_events: bool
) -> None:
    """Judge, make the feeds, let them follow on what was published, write all of it, say what was written."""
    from cdsplan.cli.files import alone_in, write_folder  # noqa: PLC0415 - after the plan has proved readable
    from cdsplan.feeds.record import write_state  # noqa: PLC0415

    choice, status = chosen(roles, horizon, remind_events=remind_events), run.status
    given = None if previous is None else _given(run, previous)
    try:
        with alone_in(folder):
            made, contents, state = follow(status, choice, _kept(run, folder) if given is None else given)
            with progress(made, steps=2 * len(made)) as done:
                # The record first: should nothing after it be written, the next publishing still goes on from there.
                files = {RECORD: write_state(state), "robots.txt": ROBOTS, **as_files(made, contents, done)}
                changed = len(write_folder(folder, files, wrote=done))
    except OSError as error:
        raise cannot_write(Path(error.filename or folder), error) from None
    emit_summary(run, folder, made, changed=changed, unchanged=len(files) - changed)


def _given(run: Run, previous: Path) -> State:
    """Read the record that somebody named; that it is not there is an error then."""
    if str(previous) == ANEW:
        return NOTHING_PUBLISHED
    found = _read(run, previous / RECORD if previous.is_dir() else previous)
    if found is None:
        message = msg("{file}: there is no such file", file=previous)
        hint = msg("--previous none publishes for the first time, or begins anew")
        raise PlanError((Problem(code="CDS101", message=message, hint=hint),))
    return found


def _kept(run: Run, folder: Path) -> State:
    """Read the record in the folder itself; there is none the first time."""
    return _read(run, folder / RECORD) or NOTHING_PUBLISHED


def _read(run: Run, path: Path) -> State | None:
    from cdsplan.feeds.record import read_state  # noqa: PLC0415 - after the plan has proved readable

    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_RECORD)
    except FileNotFoundError:
        return None
    except OSError as error:
        message = msg("{file}: this file cannot be read ({reason})", file=path, reason=error.strerror or error)
        raise PlanError((Problem(code="CDS101", message=message),)) from None
    return read_state(data, str(path), [plan.id for plan in run.plans])
