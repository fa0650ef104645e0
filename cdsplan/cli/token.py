"""`cdsplan token`: give agencies secret addresses, show who has one, change them, end them.

An address is shown when it is made, and not again: what is stored of it is a digest. With --keep it is stored readable,
as `publish` must know the folders that it writes; the file is then as secret as what it opens.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import click

from cdsplan.cli.clock import today
from cdsplan.cli.frame import Run, option, plan_command
from cdsplan.cli.names import AgencyName
from cdsplan.cli.output import tell
from cdsplan.cli.plans import chosen_files
from cdsplan.cli.site import base_option
from cdsplan.cli.tokens import changing, load, store, tokens_option, tokens_path
from cdsplan.cli.words import say
from cdsplan.feeds import Choice, Role, feeds
from cdsplan.i18n import language
from cdsplan.listing import Column, Listing
from cdsplan.messages import msg
from cdsplan.pages.addresses import ALL, Addresses
from cdsplan.tokens import RANDOM_BYTES, Token, Tokens, digest_of, token_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from cdsplan.feeds import Feed

ACTIONS = ("list", "new", "rotate", "revoke")


@plan_command(
    "token",
    msg(
        "Secret addresses: each agency’s calendar and page in a folder that nobody can guess. list shows who has one; "
        "new makes them and shows them, this once; rotate puts others in their place; revoke ends them. They are kept "
        "in PLAN.tokens.json, or --tokens. AGENCY is an id or a name, or “all” for the calendar of everything."
    ),
    formats=("plain", "json"),
    files=False,
)
@click.argument("action", type=click.Choice(ACTIONS), metavar="list|new|rotate|revoke")
@click.argument("agencies", nargs=-1, metavar="[AGENCY]...", type=AgencyName())
@option("--every", is_flag=True, help=msg("Everybody: with new, all who have no address yet."))
@option(
    "--keep",
    is_flag=True,
    help=msg("Store new addresses readable, so that publish can write to them; serve does not need that."),
)
@tokens_option
@base_option
def command(
    run: Run,
    *,
    action: str,
    agencies: tuple[str, ...],
    every: bool,
    keep: bool,
    tokens_file: Path | None,
    base_url: str | None,
) -> None:
    """Find whom it is about, change the file, show what there is to be shown."""
    path = tokens_path(tokens_file, chosen_files(run.files))
    calendars = {feed.key: feed for feed in feeds(run.status, language, choice=Choice(roles=frozenset(Role)))}
    named = _keys(run, agencies, calendars)
    if action == "list":
        shown = {key: token for key, token in load(path).of.items() if not named or key in named}
    else:
        if bool(named) == every:
            raise click.UsageError(say(msg("name agencies, or say --every")))
        run.need_output()  # what is not kept is shown this once
        with changing(path):
            known = Tokens() if action == "new" and not path.exists() else load(path)
            wanted = _chosen(action, known, named or calendars, every=every)
            changed, shown = _changed(action, known, wanted, today(run.plans), keep=keep)
            store(path, changed)
        if not wanted:
            none, all_ = msg("no calendar has an address"), msg("every calendar has an address already")
            tell(say(all_ if action == "new" else none))
    _emit(run, shown, calendars, Addresses(base_url, secret=True))


def _keys(run: Run, names: Iterable[str], calendars: Mapping[str, Feed]) -> tuple[str, ...]:
    """Find the calendars that a person named."""
    by_agency = {feed.agency: key for key, feed in calendars.items()}
    found: dict[str, None] = {}
    for name in names:
        if name == ALL and ALL not in run.plans[0].agencies:
            found[ALL] = None
            continue
        for agency in run.find_agencies((name,)):
            if agency not in by_agency:
                raise click.UsageError(say(msg("“{agency}” has nothing to do in the plan", agency=agency)))
            found[by_agency[agency]] = None
    return tuple(found)


def _chosen(action: str, known: Tokens, keys: Iterable[str], *, every: bool) -> list[str]:
    """Give those whose addresses are made or ended; who was named must have one, or none, as the action needs."""
    if every:
        return [key for key in keys if key not in known.of] if action == "new" else list(known.of)
    for key in keys:
        if action == "new" and key in known.of:
            raise click.UsageError(say(msg("“{agency}” has an address already; rotate gives it another", agency=key)))
        if action != "new" and key not in known.of:
            raise click.UsageError(say(msg("“{agency}” has no secret address", agency=key)))
    return list(keys)


def _changed(
    action: str, known: Tokens, keys: Sequence[str], made: date, *, keep: bool
) -> tuple[Tokens, dict[str, Token]]:
    """Give the tokens after the action, and those to show: new ones in the clear, whether they are kept so or not."""
    shown: dict[str, Token] = {}
    for key in keys:
        if action == "revoke":
            shown[key] = known.of[key]._replace(kept=None)
            known = known.without(key)
            continue
        before = known.of.get(key)
        secret = token_of(secrets.token_bytes(RANDOM_BYTES))
        shown[key] = Token(digest_of(secret), made, secret)
        kept = keep or (before is not None and before.kept is not None)
        known = known.with_token(key, shown[key] if kept else shown[key]._replace(kept=None))
    return known, shown


def _emit(run: Run, shown: Mapping[str, Token], calendars: Mapping[str, Feed], addresses: Addresses) -> None:
    """Show tokens: the address of each page, on which everything else stands."""
    entries = [
        (
            key,
            calendars[key].name if key in calendars else "",
            token.made,
            None if token.kept is None else _address(addresses, addresses.page(key, token.kept)),
            None
            if token.kept is None
            else _address(addresses, addresses.feed(calendars[key].file[:-4] if key in calendars else key, token.kept)),
        )
        for key, token in shown.items()
    ]
    if run.format == "json":
        from cdsplan.views.data.publications import tokens_document  # noqa: PLC0415 - each format loads its own view

        run.emit(tokens_document(entries))
        return
    columns = (msg("Calendar"), msg("Name"), msg("Made on"), msg("Address"))
    unknown = run.language(msg("shown when it was made"))
    rows = tuple((key, name, run.language.date(made), page or unknown) for key, name, made, page, _ in entries)
    run.emit_listings(Listing((), tuple(Column(run.language(words)) for words in columns), rows))


def _address(addresses: Addresses, path: str) -> str:
    """Give the address on the web; without a base, what follows on it."""
    return addresses.absolute(path) or path.removesuffix("index.html")
