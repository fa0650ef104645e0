"""What `export` and `publish` have in common: what one may choose, the feeds as files, and what to say of it."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from cdsplan.cli.frame import Run, option
from cdsplan.cli.journals import journal_file
from cdsplan.cli.plans import JOURNAL, STANDARD_INPUT, chosen_files
from cdsplan.cli.tokens import TOKENS, secret_path, without_secrets
from cdsplan.cli.words import say
from cdsplan.feeds import DEFAULT_CHOICE, NOTHING_PUBLISHED, SERVED, Choice, Role, feeds
from cdsplan.i18n import language
from cdsplan.messages import msg, nmsg
from cdsplan.problems import PlanError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from cdsplan.feeds import Feed, State
    from cdsplan.status import Status

    Contents = Iterable[Iterable[bytes]]

RECORD = "feeds.json"
LARGEST_RECORD = 256 * 1024 * 1024
EVERY_ROLE = "all"
MANY_EVENTS = 20_000
"""From here on a person waits, and is shown how far the work has come."""


def feed_options(body: Callable[..., Any]) -> Callable[..., Any]:
    """Declare the options that choose what feeds hold; `chosen` takes them."""
    for declare in reversed(
        (
            option(
                "--role", "roles", multiple=True, type=click.Choice([*map(str, Role), EVERY_ROLE]),
                help=msg(
                    "Publish an item for those with this role only; may be given more than once. Otherwise for all but "
                    "support."
                ),
            ),
            option(
                "--horizon", type=click.IntRange(1, 1200), metavar="MONTHS",
                help=msg(
                    "Leave out what is due later than in so many months, and what was over so many months ago; what is "
                    "overdue and open stays."
                ),
            ),
            option(
                "--remind-events", is_flag=True,
                help=msg("Also write reminders as events of their own, for calendars that ignore alarms."),
            ),
        )
    ):  # fmt: skip
        body = declare(body)
    return body


def chosen(roles: Sequence[str], horizon: int | None, *, remind_events: bool) -> Choice:
    """Take the options as a choice.

    Subscribers get the plan's language whatever the environment of whoever runs this says: --lang alone changes it.
    """
    return Choice(
        code=click.get_current_context().params["lang"],
        roles=frozenset(Role) if EVERY_ROLE in roles else frozenset(map(Role, roles)) or SERVED,
        horizon=horizon,
        remind_events=remind_events,
    )


def refuse_home_of_plan(run: Run, folder: Path, tokens_file: Path | None = None) -> None:
    """Refuse to write a site where a plan is at home: in a folder that holds one, or around it.

    Plan and site would be mixed there, and once the folder is served, the journal and secret addresses with them.
    Another plan than the run's counts where it shows by a name that only a plan's files have. A repository is no home:
    people publish into the work tree of a branch that holds nothing but the site.
    """
    files = [file for file in chosen_files(run.files) if file != STANDARD_INPUT]
    homes = [Path(name) for file in files for name in (file, journal_file(file)) if name is not None]
    secret = secret_path(tokens_file, chosen_files(run.files))
    homes += [] if secret is None else [secret]
    homes += [folder / "plan.toml", *folder.glob(f"*{JOURNAL}"), *folder.glob(f"*{TOKENS}")]
    around = folder.resolve()
    for home in homes:
        if home.exists() and home.resolve().is_relative_to(around):
            words = msg(
                "{file} lies in {folder}, and must not be mixed with what is published: name a folder of its own, such "
                "as {other}",
                file=home,
                folder=folder,
                other="site",
            )
            raise click.UsageError(say(words))


class Publication(NamedTuple):
    """Feeds that are to be published, the content of their events, and what will be published once they are."""

    feeds: tuple[Feed, ...]
    contents: Contents
    state: State


def follow(status: Status, choice: Choice = DEFAULT_CHOICE, previous: State = NOTHING_PUBLISHED) -> Publication:
    """Make the feeds of a status so that they follow on what was published: this depends on nothing else."""
    from cdsplan.feeds.keeping import keep  # noqa: PLC0415 - `export` does without
    from cdsplan.views.ical import ContentWriter  # noqa: PLC0415 - after the plan has proved readable

    made, write = feeds(status, language, choice=choice, previous=previous), ContentWriter()
    followed, state = keep(made, previous, status.as_of, [plan.id for plan in status.plans], write)
    return Publication(followed, [[write(event) for event in feed.events] for feed in made], state)


def read_record(run: Run, path: Path) -> State | None:
    """Read the record of what was published; None where there is none.

    Raises:
        PlanError: it cannot be read, or belongs to other plans.
    """
    from cdsplan.feeds.record import read_state  # noqa: PLC0415 - after the plan has proved readable

    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_RECORD)
    except FileNotFoundError:
        return None
    except OSError as error:
        from cdsplan.cli.reasons import reason  # noqa: PLC0415 - only failures need it

        shown = without_secrets(path)
        message = msg("{file}: this file cannot be read ({reason})", file=shown, reason=reason(error))
        raise PlanError((Problem(code="CDS101", message=message),)) from None
    return read_state(data, str(without_secrets(path)), [plan.id for plan in run.plans])


def as_files(
    made: Sequence[Feed], contents: Contents | None = None, done: Callable[[], object] = lambda: None
) -> dict[str, bytes]:
    """Write feeds under all names that their files have; `done` is called after each."""
    from cdsplan.views.ical import ContentWriter, render  # noqa: PLC0415 - after the plan has proved readable

    if contents is None:
        write = ContentWriter()
        contents = (map(write, feed.events) for feed in made)
    files: dict[str, bytes] = {}
    for feed, written in zip(made, contents, strict=True):
        files.update(dict.fromkeys(feed.files, render(feed, written)))
        done()
    return files


@contextmanager
def progress(made: Sequence[Feed], *, steps: int) -> Iterator[Callable[[], object]]:
    """Show a person how far a long piece of work on feeds has come; nobody else is shown anything."""
    if not sys.stderr.isatty() or sum(len(feed.events) for feed in made) < MANY_EVENTS:
        yield lambda: None
        return
    # The first feed is the longest by far: what it says of the rest of the time is wrong.
    with click.progressbar(length=steps, file=sys.stderr, show_eta=False) as bar:
        yield lambda: bar.update(1)


def emit_summary(run: Run, folder: Path, made: Sequence[Feed], *, changed: int, unchanged: int) -> None:
    """Say what was written."""
    events = sum(len(feed.events) for feed in made)
    if run.format == "json":
        from cdsplan.views.data.publications import publication_document  # noqa: PLC0415 - each format loads its own view

        run.emit(
            publication_document(
                run.status, str(folder), feeds=len(made), events=events, changed=changed, unchanged=unchanged
            )
        )
        return
    run.emit(
        run.language(
            msg(
                "{folder}: {feeds} with {events}, as of {day}; files written: {changed}, unchanged: {unchanged}",
                folder=folder,
                feeds=nmsg("{n} feed", "{n} feeds", len(made)),
                events=nmsg("{n} event", "{n} events", events),
                day=run.as_of,
                changed=changed,
                unchanged=unchanged,
            )
        )
    )
