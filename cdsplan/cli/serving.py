"""A plan as a web application that keeps itself current, for `cdsplan serve` and for any other WSGI server.

What was last served is kept in a folder of state, which only its owner can read: the record by which changed events
become newer, also after a restart, the calendars themselves, so that a server that starts while the plan is broken goes
on with the last good ones, and whether addresses were secret.
"""

from __future__ import annotations

import json
import logging
import os
from errno import EINVAL
from hashlib import sha256
from pathlib import Path
from traceback import format_tb
from typing import TYPE_CHECKING, Any

import click

from cdsplan.cli.clock import today, utc_now
from cdsplan.cli.files import alone_in, is_plain, write_folder
from cdsplan.cli.frame import Run, cannot_write, option
from cdsplan.cli.journals import journal_file
from cdsplan.cli.plans import STANDARD_INPUT, chosen_files, shown, why_unreadable
from cdsplan.cli.publication import RECORD, as_files, chosen, feed_options, follow, read_record
from cdsplan.cli.site import base_option, site_of
from cdsplan.cli.tokens import load, open_option, refuse_to_open, secret_path, tokens_option, tokens_path
from cdsplan.cli.words import say, spoken
from cdsplan.feeds import NOTHING_PUBLISHED
from cdsplan.feeds.record import write_state
from cdsplan.messages import msg
from cdsplan.pages.addresses import Addresses
from cdsplan.problems import PlanError, Problem
from cdsplan.site import Site
from cdsplan.tokens import Tokens
from cdsplan.web.application import Application
from cdsplan.web.live import Live
from cdsplan.web.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from cdsplan.plan.model import Plan

LAST_GOOD = "calendars.json"
ARE_SECRET = "secret"  # noqa: S105 - the name of a file
"""An empty file, where addresses are: their own file may be missing at the next start, and that opens nothing."""

ACCESS = logging.getLogger("cdsplan.access")
LOG = logging.getLogger("cdsplan.serve")


def serving_options(body: Callable[..., Any]) -> Callable[..., Any]:
    """Declare the options of whatever serves; `Serving` takes them."""
    for declare in (
        feed_options,
        option(
            "--state",
            "state_folder",
            type=click.Path(file_okay=False, path_type=Path),
            envvar="CDSPLAN_STATE",
            metavar="DIR",
            help=msg(
                "Where to keep what was last served, so that it goes on after a restart. Otherwise the folder for "
                "state of whoever runs this (STATE_DIRECTORY, or ~/.local/state/cdsplan), by plan."
            ),
        ),
        open_option,
        tokens_option,
        base_option,
    ):
        body = declare(body)
    return body


class Serving:
    """What is served, and made anew whenever plans, journals, secret addresses or the day change.

    Which files are the plans is settled at the start: were they looked for again, a plan that vanishes for a moment,
    as when it is replaced, would be one that has ended, or another in a folder above would take its place.
    """

    def __init__(
        self,
        run: Run,
        *,
        base_url: str | None,
        tokens_file: Path | None,
        openly: bool,
        state_folder: Path | None,
        **wanted: Any,  # noqa: ANN401 - what `feed_options` declares
    ) -> None:
        """Make it a first time.

        Raises:
            PlanError: the plan cannot be read, and there is nothing good from before; or addresses were secret before,
                and the file in which they are kept is missing.
        """
        plan_files = chosen_files(run.files)
        if STANDARD_INPUT in plan_files:
            raise click.UsageError(say(msg("a plan from standard input cannot be read again: name a file")))
        self._run, self._choice = run, chosen(**wanted)
        self._plans: tuple[Plan, ...] = ()
        self._plan_files, self._tokens_file, self._base_url = plan_files, tokens_file, base_url
        self._tokens_path: Path | None = None  # once there are secret addresses
        self.state_folder = state_folder or _state_folder(plan_files)
        if openly:
            (self.state_folder / ARE_SECRET).unlink(missing_ok=True)
        if secret_path(tokens_file, plan_files) is None and (self.state_folder / ARE_SECRET).exists():
            refuse_to_open(self.state_folder, tokens_file, plan_files)
        self._shelf: Shelf | None = None
        self._shelf = self._last_good()
        self.live = Live(
            self._make,
            files=self._files,
            day=self._day,
            clock=utc_now,
            tell=_tell,
            instead=self._shelf,
        )

    def application(self) -> Application:
        """Give the WSGI application."""
        return Application(self.live, say, ACCESS.info, _tell_defect)

    def _files(self) -> list[Path]:
        """Name the files that count at present: a plan that is a link has its journal where it leads."""
        journals = [journal for file in self._plan_files if (journal := journal_file(file)) is not None]
        return [*map(Path, (*self._plan_files, *journals)), tokens_path(self._tokens_file, self._plan_files)]

    def _day(self) -> date:
        """Give the day in the time zone of the plans, so far as they are known."""
        return self._run.as_of if self._run.day_given else today(self._plans)

    def _make(self) -> tuple[Shelf, date]:
        """Read, judge, make the feeds follow on what was last served, keep that, put it on a shelf; give its day."""
        run = self._run.afresh(self._plan_files)
        tokens = self._tokens()  # first: these count also while the plan is broken
        _refuse_pipes(self._plan_files)
        status = run.status
        try:
            self.state_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with alone_in(self.state_folder):
                made = follow(status, self._choice, read_record(run, self.state_folder / RECORD) or NOTHING_PUBLISHED)
                files = as_files(made.feeds, made.contents)
                site = site_of(status, made.feeds, files, self._choice, self._addresses())
                # The record first: what nobody has been served yet may be numbered anew, what somebody has may not.
                kept = {RECORD: write_state(made.state), LAST_GOOD: _written(site)}
                write_folder(self.state_folder, kept if tokens is None else {ARE_SECRET: b""} | kept)
        except OSError as error:
            raise cannot_write(Path(error.filename or self.state_folder), error) from None
        self._plans = run.plans
        self._shelf = Shelf(site, tokens, utc_now(), self._shelf)
        return self._shelf, status.as_of

    def _tokens(self) -> Tokens | None:
        """Read the secret addresses, and let what is being served go by them at once; None: addresses are open.

        Once there have been secret ones none is open again, also when their file is damaged or has vanished.
        """
        if self._tokens_path is None:
            self._tokens_path = secret_path(self._tokens_file, self._plan_files)
            if self._tokens_path is None:
                return None
            self._admit(Tokens())
        tokens = load(self._tokens_path)
        self._admit(tokens)
        return tokens

    def _admit(self, tokens: Tokens) -> None:
        if self._shelf is not None:
            self._shelf.admit(tokens)

    def _addresses(self) -> Addresses:
        return Addresses(self._base_url, secret=self._tokens_path is not None)

    def _last_good(self) -> Shelf | None:
        """Give the calendars that were last served, for a start while the plan is broken; None: there are none."""
        try:
            tokens = self._tokens()
            site = _read_site((self.state_folder / LAST_GOOD).read_bytes(), self._addresses())
            return Shelf(site, tokens, utc_now())
        except (OSError, ValueError, PlanError):
            return None


def _refuse_pipes(plan_files: Sequence[str]) -> None:
    """Refuse plans of which the first reading waits for whoever writes, and the second finds nothing.

    Raises:
        PlanError: there are such.
    """
    pipes = [shown(file) for file in plan_files if Path(file).is_fifo()]
    if pipes:
        error = OSError(EINVAL, say(msg("something that is no file has this name")))
        raise PlanError(tuple(Problem(code="CDS101", message=why_unreadable(file, error)) for file in pipes))


def _written(site: Site) -> bytes:
    """Write the calendars of a site, to be read again after a restart."""
    calendars = {key: {"files": names, "content": site.calendars[key].decode()} for key, names in site.names.items()}
    return json.dumps({"version": 1, "calendars": calendars}, ensure_ascii=False).encode()


def _read_site(data: bytes, addresses: Addresses) -> Site:
    """Read the calendars of a site, which has no pages then.

    Raises:
        ValueError: this is something else.
    """
    match json.loads(data):
        case {"version": 1, "calendars": dict(calendars)}:
            names, contents = {}, {}
            for key, calendar in calendars.items():
                match calendar:
                    case {"files": [str(), *_] as files, "content": str(content)} if all(map(is_plain, files)):
                        names[key], contents[key] = tuple(files), content.encode()
                    case _:
                        raise ValueError(key)
            return Site(names, contents, addresses)
        case _:
            raise ValueError("no calendars")


def _state_folder(plan_files: Sequence[str]) -> Path:
    """Choose a folder of whoever runs this, by the plan: what systemd gives a service, else what XDG says.

    Plans count by the names they go by, not by where links lead: that changes with each release of a plan.
    """
    given = os.environ.get("STATE_DIRECTORY", "").partition(os.pathsep)[0]
    home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    folder = Path(given) if given else Path(home) / "cdsplan"
    where = "\0".join(map(os.path.abspath, plan_files))
    return folder / f"{Path(plan_files[0]).stem}-{sha256(where.encode()).hexdigest()[:8]}"


def _tell(error: Exception | None) -> None:
    """Log why what is served is no longer current, or that it is again."""
    if error is None:
        LOG.info("%s", say(msg("what is served is current again")))
    elif isinstance(error, PlanError):
        from cdsplan.views.frames import frames  # noqa: PLC0415 - only failures need it

        LOG.error("%s\n%s", say(msg("the last good state is being served, because:")), frames(error.problems, spoken()))
    else:
        _tell_defect(error)


def _tell_defect(error: Exception) -> None:
    """Log a defect: what kind and where, but not its words, in which an address may stand."""
    LOG.error("%s\n%s", type(error).__name__, "".join(format_tb(error.__traceback__)))
