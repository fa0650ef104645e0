"""Parts of the program that are installed only by those who want them."""

from __future__ import annotations

from importlib.util import find_spec

import click

from cdsplan.cli.words import say
from cdsplan.messages import msg

LIBRARIES = {"pages": ("jinja2", "segno"), "serve": ("jinja2", "segno", "waitress")}


def require(extra: str) -> None:
    """Say in one line what to install where the libraries of an extra are missing."""
    missing = tuple(name for name in LIBRARIES[extra] if find_spec(name) is None)
    if missing:
        raise click.UsageError(
            say(
                msg(
                    'this needs {libraries}; install it: pip install "cdsplan[{extra}]"',
                    libraries=missing,
                    extra=extra,
                )
            )
        )
