"""Running the application on waitress: many idle or slow clients, and a stop that lets answers finish.

waitress reads requests and sends answers in one thread, however slow a client is, and hands whole requests to a few
others; so a client that takes its time costs a file descriptor and nobody else's time. It is told to use poll, which
knows no limit of 1,024 descriptors, and to take as many connections as the system allows.
"""

from __future__ import annotations

import logging
import signal
import socket
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.server import create_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from cdsplan.web.application import Application

THREADS = 4
MOST_DESCRIPTORS = 65_536
RESERVED_DESCRIPTORS = 64
FEWEST_CONNECTIONS = 100
LARGEST_BODY = 64 * 1024  # nothing that is served takes a body
LARGEST_HEADER = 32 * 1024
DRAIN_SECONDS = 10.0
"""How long a stop waits for answers that are being sent."""


def listen(host: str, port: int) -> socket.socket:
    """Take a port (0: any that is free) of an address of this machine.

    Raises:
        OSError: it cannot be had.
    """
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    return socket.create_server(address[:2], family=family, backlog=1024)


def run(application: Application, listening: socket.socket) -> int:
    """Serve until SIGTERM or SIGINT; give the signal's number."""
    dispatchers: dict[int, Any] = {}
    logging.getLogger("waitress").setLevel(logging.ERROR)  # below that it would log paths of clients that went away
    server = create_server(
        application,
        map=dispatchers,
        sockets=[listening],
        threads=THREADS,
        asyncore_use_poll=True,
        connection_limit=_connections(),
        max_request_body_size=LARGEST_BODY,
        max_request_header_size=LARGEST_HEADER,
        clear_untrusted_proxy_headers=True,
        ident="cdsplan",
    )
    with _stopped_by_signals(server) as stopped:
        while not stopped:
            wasyncore.loop(timeout=1, use_poll=True, map=dispatchers, count=1)
        _drain(server, dispatchers)
    return stopped[0]


@contextmanager
def _stopped_by_signals(server: Any) -> Iterator[list[int]]:  # noqa: ANN401 - waitress has no types
    """Give a list to which a signal to stop adds itself, and wake the server then."""
    stopped: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        del frame
        stopped.append(number)
        server.pull_trigger()

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _drain(server: Any, dispatchers: dict[int, Any]) -> None:  # noqa: ANN401 - as above
    """Take no more connections, let answers finish that somebody is waiting for, end."""
    wasyncore.dispatcher.close(server)
    until = monotonic() + DRAIN_SECONDS
    while monotonic() < until and any(map(_busy, list(dispatchers.values()))):
        wasyncore.loop(timeout=0.05, use_poll=True, map=dispatchers, count=1)
    server.task_dispatcher.shutdown(timeout=1)
    wasyncore.close_all(dispatchers, ignore_all=True)


def _busy(dispatcher: Any) -> bool:  # noqa: ANN401 - as above
    """Whether a connection has a request that is being answered, or an answer that is being sent."""
    return bool(getattr(dispatcher, "requests", None) or getattr(dispatcher, "total_outbufs_len", 0))


def _connections() -> int:
    """Raise the limit of file descriptors as far as that is allowed; give how many connections it leaves room for."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return FEWEST_CONNECTIONS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed, most = (MOST_DESCRIPTORS if limit == resource.RLIM_INFINITY else limit for limit in (soft, hard))
    most = min(most, MOST_DESCRIPTORS)
    if allowed < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return max(FEWEST_CONNECTIONS, most - RESERVED_DESCRIPTORS)
