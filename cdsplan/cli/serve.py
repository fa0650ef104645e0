"""`cdsplan serve`: feeds and pages over HTTP, always current with the plan."""

from __future__ import annotations

import logging
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from cdsplan.cli.extras import require
from cdsplan.cli.frame import Run, option, plan_command
from cdsplan.cli.output import defuse
from cdsplan.cli.serving import ACCESS, LOG, Serving, serving_options
from cdsplan.cli.words import say
from cdsplan.messages import msg

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

INTERRUPTED = 130
EVERYWHERE = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - named here because it is no address to link to


@plan_command(
    "serve",
    msg(
        "Serve feeds and pages over HTTP. They are always current with the plan, its journal and the day; while the "
        "plan is broken the last good ones are served. Stop it with Ctrl+C."
    ),
    formats=(),
    files=False,
)
@option(
    "--host",
    metavar="HOST",
    default="127.0.0.1",
    show_default=True,
    help=msg("The address of this machine to listen on."),
)
@option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="PORT",
    default=8080,
    show_default=True,
    help=msg("The port to listen on; 0 takes any that is free."),
)
@option("--no-access-log", is_flag=True, help=msg("Do not log requests."))
@serving_options
def command(run: Run, *, host: str, port: int, no_access_log: bool, **wanted: Any) -> int:  # noqa: ANN401 - the options of Serving
    """Listen, read, serve until told to stop."""
    require("serve")
    from cdsplan.web.server import listen  # noqa: PLC0415 - waitress is an extra
    from cdsplan.web.server import run as serve_on  # noqa: PLC0415

    try:
        listening = listen(host, port)
    except OSError as error:
        from cdsplan.cli.reasons import reason  # noqa: PLC0415 - only failures need it

        raise click.UsageError(
            say(msg("{host}:{port} cannot be listened on ({reason})", host=host, port=port, reason=reason(error)))
        ) from None
    with listening, _log_to_standard_error(access=not no_access_log):
        here = _address(listening)
        if wanted["base_url"] is None and host not in EVERYWHERE:
            wanted["base_url"] = here
        serving = Serving(run, **wanted)
        LOG.info("%s", say(msg("{address} – state kept in {folder}", address=here, folder=serving.state_folder)))
        stopped_by = serve_on(serving.application(), listening)
        LOG.info("%s", say(msg("stopped")))
    return INTERRUPTED if stopped_by == signal.SIGINT else 0


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Harmless(logging.Formatter):
    """Writes what a CI log does not obey, whatever a plan says."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record."""
        return defuse(super().format(record))


@contextmanager
def _log_to_standard_error(*, access: bool) -> Iterator[None]:
    """Write what happens, with the time, to where talk goes."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Harmless("%(asctime)s %(message)s"))
    loggers = (LOG, ACCESS) if access else (LOG,)
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
            logger.setLevel(logging.NOTSET)
