"""`cdsplan publish DIR`: feeds and pages as a folder for any web server, in step with what was published before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cdsplan.cli.extras import require
from cdsplan.cli.frame import Run, cannot_write, option, plan_command
from cdsplan.cli.output import tell
from cdsplan.cli.plans import chosen_files
from cdsplan.cli.publication import (
    RECORD,
    as_files,
    chosen,
    emit_summary,
    feed_options,
    follow,
    progress,
    read_record,
    refuse_home_of_plan,
)
from cdsplan.cli.site import base_option, site_of
from cdsplan.cli.tokens import open_option, refuse_to_open, secret_folders, tokens_option, without_secrets
from cdsplan.cli.words import say
from cdsplan.feeds import NOTHING_PUBLISHED
from cdsplan.messages import msg, nmsg
from cdsplan.pages.addresses import ALL, INDEX, Addresses
from cdsplan.problems import PlanError, Problem
from cdsplan.tokens import SHAPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cdsplan.feeds import Feed, State

ANEW = "none"


@plan_command(
    "publish",
    msg(
        "Write feeds and pages into a folder for a web server, with feeds.json, by which the next publishing knows "
        "what has changed: events that have are newer, all others stay the same to the byte."
    ),
    formats=("plain", "json"),
    files=False,
)
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@base_option
@tokens_option
@open_option
@option("--no-pages", "only_feeds", is_flag=True, help=msg("Write feeds only."))
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
    run: Run,
    *,
    folder: Path,
    base_url: str | None,
    tokens_file: Path | None,
    openly: bool,
    only_feeds: bool,
    previous: Path | None,
    **wanted: Any,  # noqa: ANN401 - what `feed_options` declares
) -> None:
    """Judge, make the feeds, let them follow on what was published, write all of it, say what was written."""
    from cdsplan.cli.files import alone_in, write_folder  # noqa: PLC0415 - after the plan has proved readable
    from cdsplan.feeds.record import write_state  # noqa: PLC0415

    if not only_feeds:
        require("pages")
    refuse_home_of_plan(run, folder, tokens_file)
    choice, status = chosen(**wanted), run.status
    folders = secret_folders(tokens_file, chosen_files(run.files))
    addresses = Addresses(base_url, secret=folders is not None)
    record = RECORD if folders is None else f"{folders[ALL]}/{RECORD}"
    given = None if previous is None else _given(run, previous)
    try:
        with alone_in(folder):
            secret = _secret_folders_in(folder)
            if folders is None and not openly and any((folder / name / RECORD).exists() for name in secret):
                refuse_to_open(folder, tokens_file, chosen_files(run.files))
            made = follow(status, choice, _kept(run, folder, record, secret) if given is None else given)
            with progress(made.feeds, steps=2 * len(made.feeds)) as done:
                calendars = as_files(made.feeds, made.contents, done)
                site = site_of(status, made.feeds, calendars, choice, addresses, with_pages=not only_feeds)
                # The record first: should nothing after it be written, the next publishing still goes on from there.
                files = {record: write_state(made.state), **site.files(folders or {})}
                former = [f"{name}/{path.name}" for name in secret for path in _ours(folder / name)]
                former += [] if folders is None else [RECORD, *site.open_files()]
                changed = len(write_folder(folder, files, former=former, wrote=done))
            _remove_empty(folder)
    except OSError as error:
        raise cannot_write(without_secrets(Path(error.filename or folder)), error) from None
    emit_summary(run, folder, made.feeds, changed=changed, unchanged=len(files) - changed)
    if folders is not None:
        _tell_who_has_none(made.feeds, folders)


def _secret_folders_in(folder: Path) -> list[str]:
    """Name the secret folders that are there: what is in them beyond what is published now is of ended addresses."""
    return [
        path.name for path in folder.iterdir() if SHAPE.fullmatch(path.name) and path.is_dir() and not path.is_symlink()
    ]


def _ours(folder: Path) -> list[Path]:
    """Give what publishing writes into a secret folder; whatever else lies in a folder of such a name is somebody's."""
    return [
        path
        for path in folder.iterdir()
        if (path.suffix == ".ics" or path.name in {INDEX, RECORD}) and (path.is_symlink() or path.is_file())
    ]


def _remove_empty(folder: Path) -> None:
    """Remove the folders of ended addresses, now empty."""
    for name in _secret_folders_in(folder):
        if not any((folder / name).iterdir()):
            (folder / name).rmdir()


def _tell_who_has_none(made: tuple[Feed, ...], folders: Mapping[str, str]) -> None:
    without = [feed.key for feed in made if feed.key not in folders]
    if without:
        tell(
            say(
                nmsg(
                    "{n} calendar has no secret address, so it was not published: cdsplan token new --every --keep",
                    "{n} calendars have no secret address, so they were not published: cdsplan token new --every "
                    "--keep",
                    len(without),
                )
            )
        )


def _given(run: Run, previous: Path) -> State:
    """Read the record that somebody named; that it is not there is an error then."""
    if str(previous) == ANEW:
        return NOTHING_PUBLISHED
    found = read_record(run, previous / RECORD if previous.is_dir() else previous)
    if found is None:
        message = msg("{file}: there is no such file", file=previous)
        hint = msg("--previous none publishes for the first time, or begins anew")
        raise PlanError((Problem(code="CDS101", message=message, hint=hint),))
    return found


def _kept(run: Run, folder: Path, record: str, secret: Iterable[str]) -> State:
    """Read the record in the folder itself; there is none the first time.

    It lies elsewhere when the secret address of everything has been changed since, or addresses were open before.
    """
    for name in (record, RECORD, *(f"{ended}/{RECORD}" for ended in secret)):
        found = read_record(run, folder / name)
        if found is not None:
            return found
    return NOTHING_PUBLISHED
