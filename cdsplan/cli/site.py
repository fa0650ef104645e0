"""What `publish` and `serve` have in common: where the site is found on the web, its pages, its secret addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cdsplan.cli.frame import option
from cdsplan.cli.words import say
from cdsplan.i18n import language
from cdsplan.messages import msg
from cdsplan.pages import is_base, pages
from cdsplan.site import Site

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cdsplan.feeds import Choice, Feed
    from cdsplan.pages import Addresses, Page
    from cdsplan.status import Status

    Parameter = click.ParamType[Any]
else:
    Parameter = click.ParamType  # not generic at run time before click 8.5


class Base(Parameter):
    """An address that stands before all names: https://lich.example.vn/cds."""

    name = "url"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Take the address, or say how one is written."""
        if not is_base(value):
            self.fail(say(msg("“{words}” is no address; write https://lich.example.vn/cds", words=value)), param, ctx)
        return value


base_option = option(
    "--base-url",
    type=Base(),
    envvar="CDSPLAN_BASE_URL",
    metavar="URL",
    help=msg("Where all this is found on the web; the pages then show addresses to copy, and QR codes."),
)


def site_of(
    status: Status,
    feeds: Sequence[Feed],
    files: Mapping[str, bytes],
    choice: Choice,
    addresses: Addresses,
    *,
    with_pages: bool = True,
) -> Site:
    """Make the site of a status: its feeds, whose content is in `files`, and their pages."""

    def make_pages() -> dict[str, Page]:
        made = pages(status, feeds, language, choice=choice)
        return {feed.key: page for feed, page in zip(feeds, made, strict=True)}

    names = {feed.key: feed.files for feed in feeds}
    calendars = {feed.key: files[feed.file] for feed in feeds}
    return Site(names, calendars, addresses, make_pages if with_pages else None)
