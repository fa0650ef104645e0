"""Pages as HTML: one file each, without scripts, with nothing from elsewhere, under a policy that forbids both.

The style stands in the page, allowed by its hash, so that a page also works when it is saved, or opened as a file.
Everything is escaped by the template engine (autoescape is on, and attributes are quoted); what is not escaped is our
own style and the drawing of the QR code, which holds nothing but numbers.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from itertools import groupby
from types import SimpleNamespace
from typing import TYPE_CHECKING, NamedTuple, cast

import segno
from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

import cdsplan
from cdsplan.messages import msg
from cdsplan.pages.addresses import ALL, webcal
from cdsplan.pages.instructions import INSTRUCTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from importlib.abc import FileLoader

    from jinja2 import Template

    from cdsplan.i18n import Language
    from cdsplan.pages import Addresses, Page


class _Subscription(NamedTuple):
    """Where the calendar of a page is: beside the page, and on the web where that is known."""

    feed: str
    https: str | None
    webcal: str | None


def policy() -> str:
    """Give the content security policy of every page: its own style, its own drawings, nothing else from anywhere."""
    digest = b64encode(sha256(_shipped("style.css").encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"


def render(page: Page, addresses: Addresses, folder: str = "") -> bytes:
    """Write a page. `folder` is the secret one that it lies in, where addresses are secret.

    No page tells another one's secret address: with these, the page of everything names the agencies without links.
    """
    language = page.language
    own = addresses.absolute(addresses.page(page.stem, folder))
    https = addresses.absolute(addresses.feed(page.stem, folder))
    text = _template("page.html").render(
        page=page,
        policy=policy(),
        style=Markup(_shipped("style.css")),  # noqa: S704 - our own file
        secret=addresses.secret,
        home=None if addresses.secret or page.stem == ALL else addresses.page(ALL),
        rows=[
            {
                "name": row.name,
                "href": None if addresses.secret else addresses.page(row.stem),
                "cells": list(zip(page.columns, row.counts, strict=True)),
            }
            for row in page.agencies
        ],
        subscription=_Subscription(f"{page.stem}.ics", https, webcal(https) if https else None),
        qr=_qr_code(own, language(msg("QR code of this page’s address"))) if own else None,
        ways=[
            {"heading": language(way.heading), "steps": [language(step) for step in way.steps]} for way in INSTRUCTIONS
        ],
        words=SimpleNamespace(**_words(language)),
    )
    return text.encode()


def render_closed(titles: tuple[str, ...], language: Language) -> bytes:
    """Write the page that stands at the root where addresses are secret: it says that, and names nothing but plans."""
    text = _template("closed.html").render(
        language=language.code,
        policy=policy(),
        style=Markup(_shipped("style.css")),  # noqa: S704 - our own file
        titles=titles,
        heading=language(msg("Calendars of deadlines")),
        words=language(
            msg(
                "Each agency has an address of its own, which only it knows. If yours is lost, ask whoever sent it to "
                "you."
            )
        ),
    )
    return text.encode()


def _words(language: Language) -> dict[str, str]:
    """Say what every page has."""
    return {
        key: language(words)
        for key, words in {
            "pages": msg("Pages"),
            "all": msg("All agencies"),
            "milestone": msg("milestone"),
            "more": msg("More"),
            "agencies": msg("By agency"),
            "agency": msg("Agency"),
            "subscribe": msg("Subscribe to this calendar"),
            "what": msg("Subscribe once; from then on your calendar follows the plan by itself."),
            "copy": msg("The address to copy:"),
            "open": msg("Open in the calendar program"),
            "relative": msg("The address of this link is the calendar’s; copy it:"),
            "secret": msg(
                "This address is a secret of your agency: whoever knows it can read the calendar. Do not pass it on."
            ),
            "scan": msg("Scan it with the phone’s camera to open this page there."),
            "ways": msg("How to add it"),
            "made": msg("Made by cdsplan. The plan decides, not this page."),
        }.items()
    }


def _qr_code(address: str, label: str) -> Markup:
    """Draw a QR code as SVG, dark on light whatever the page's colours, with the quiet zone that scanners need."""
    code = segno.make(address, error="m", micro=False)
    side, _ = code.symbol_size(scale=1, border=QUIET)
    path = "".join(
        f"M{x + QUIET} {y + QUIET}h{length}v1h-{length}z"
        for y, row in enumerate(code.matrix)
        for x, length in _dark_runs(row)
    )
    return Markup(
        '<svg class="qr" role="img" aria-label="{}" viewBox="0 0 {} {}" shape-rendering="crispEdges">'
        '<path fill="#fff" d="M0 0h{}v{}H0z"/><path fill="#000" d="{}"/></svg>'
    ).format(label, side, side, side, side, path)


def _dark_runs(row: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Give where each run of dark modules begins, and how long it is."""
    at = 0
    for dark, run in groupby(row):
        length = len(list(run))
        if dark:
            yield at, length
        at += length


QUIET = 4
"""Light modules around a QR code (ISO/IEC 18004)."""


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=FunctionLoader(_shipped), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    return environment.get_template(name)


@cache
def _shipped(name: str) -> str:
    """Read a file of ours through the package's loader, which also reads a zipapp."""
    loader = cast("FileLoader", __spec__.loader)
    return loader.get_data(f"{cdsplan.__path__[0]}/data/pages/{name}").decode()
