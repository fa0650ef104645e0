"""The WSGI application: one request in, one answer out, one line in the access log.

What is logged of a path is what the shelf says may be shown. A path that leads nowhere is not logged at all: it may be
a secret address with a letter wrong. Query strings, referrers and other headers are never logged, nor are they used.
"""

from __future__ import annotations

import json
from time import monotonic
from typing import TYPE_CHECKING

from cdsplan.messages import msg
from cdsplan.web.answers import METHODS, Answer, answer, failure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

    from cdsplan.messages import Message
    from cdsplan.web.live import Live
    from cdsplan.web.shelf import Shelf

HEALTH = "/healthz"
RETRY_AFTER = "60"
"""Seconds after which it is worth asking for a missing page again: somebody must mend the plan first."""

NOWHERE = "-"


class Application:
    """Serves a shelf that keeps itself current."""

    def __init__(
        self,
        live: Live[Shelf],
        say: Callable[[Message], str],
        access: Callable[[str], None],
        defect: Callable[[Exception], None],
    ) -> None:
        """Serve `live`; tell each request to `access` as a line, and what should not happen to `defect`."""
        self._live = live
        self._say = say
        self._access = access
        self._defect = defect

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, whatever happens."""
        began = monotonic()
        method = str(environ.get("REQUEST_METHOD", ""))
        try:
            made, shown = self._answer(method, str(environ.get("PATH_INFO", "")), environ)
        except Exception as error:  # noqa: BLE001 - the edge: the server behind it would log the path
            self._defect(error)
            words = self._say(msg("This is a defect of the server."))
            made, shown = failure(method, "500 Internal Server Error", words), NOWHERE
        milliseconds = (monotonic() - began) * 1000
        known = method if method in METHODS else NOWHERE
        self._access(f"{known} {shown} {made.status[:3]} {len(made.body)} {milliseconds:.1f}ms")
        start_response(made.status, list(made.headers))
        return [made.body] if made.body else []

    def _answer(self, method: str, path: str, environ: WSGIEnvironment) -> tuple[Answer, str]:
        shelf = self._live.current()
        if path == HEALTH:
            return self._only_read(method) or self._health(method, shelf), path
        found = shelf.find(path)
        if found is None:
            return failure(method, "404 Not Found", self._say(msg("There is nothing here."))), NOWHERE
        refused = self._only_read(method)
        if refused is not None:
            return refused, found.shown
        if found.resource is None:
            words = self._say(
                msg(
                    "The plan cannot be read at present, so there is no page. The calendars are still served as they "
                    "were last. Try again in a few minutes."
                )
            )
            return failure(method, "503 Service Unavailable", words, ("Retry-After", RETRY_AFTER)), found.shown
        return answer(method, _headers(environ), found.resource), found.shown

    def _only_read(self, method: str) -> Answer | None:
        if method in METHODS:
            return None
        words = self._say(msg("This can only be read."))
        return failure(method, "405 Method Not Allowed", words, ("Allow", ", ".join(METHODS)))

    def _health(self, method: str, shelf: Shelf) -> Answer:
        """Say whether what is served is current. It is 200 in either case: the last good state is being served.

        Of that the pages may be missing, after a restart.
        """
        failed = self._live.failure
        said = {
            "status": "ok" if failed is None else "stale",
            "since": f"{self._live.since if failed is None else failed.since:%Y-%m-%dT%H:%M:%SZ}",
            "problems": 0 if failed is None else len(getattr(failed.error, "problems", ())) or 1,
            "pages": shelf.has_pages,
        }
        body = f"{json.dumps(said)}\n".encode()
        headers = (
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
        )
        return Answer("200 OK", headers, b"" if method == "HEAD" else body)


def _headers(environ: WSGIEnvironment) -> dict[str, str]:
    """Give the request's headers that an answer depends on."""
    return {
        name: str(environ[key])
        for name, key in (
            ("accept-encoding", "HTTP_ACCEPT_ENCODING"),
            ("if-none-match", "HTTP_IF_NONE_MATCH"),
            ("if-modified-since", "HTTP_IF_MODIFIED_SINCE"),
        )
        if key in environ
    }
