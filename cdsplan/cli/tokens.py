"""The file of secret addresses: where it is, reading it, and writing it so that nobody else can read it."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from cdsplan.cli.files import write_whole
from cdsplan.cli.frame import cannot_write, option
from cdsplan.cli.output import tell
from cdsplan.cli.plans import STANDARD_INPUT
from cdsplan.cli.words import say
from cdsplan.messages import msg
from cdsplan.pages.addresses import ALL
from cdsplan.problems import PlanError, Problem
from cdsplan.tokens import LARGEST, SHAPE, Tokens, read_tokens, write_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PRIVATE = 0o600
TOKENS = ".tokens.json"

tokens_option = option(
    "--tokens",
    "tokens_file",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="CDSPLAN_TOKENS",
    metavar="FILE",
    help=msg(
        "The file of secret addresses (cdsplan token). Otherwise PLAN.tokens.json beside the plan, where there is one; "
        "without any, addresses are open."
    ),
)

open_option = option(
    "--open",
    "openly",
    is_flag=True,
    help=msg("Let everybody read what had secret addresses, now that their file is gone."),
)


def tokens_path(named: Path | None, plan_files: Sequence[str]) -> Path:
    """Say where secret addresses are kept: the file that was named, else the one beside the first plan."""
    if named is not None:
        return named
    if plan_files[0] == STANDARD_INPUT:
        raise click.UsageError(
            say(msg("a plan from standard input has no file beside it: name one with --tokens FILE"))
        )
    return beside(plan_files[0])


def beside(plan_file: str) -> Path:
    """Give the name of the file of secret addresses beside a plan."""
    return Path(f"{plan_file.removesuffix('.toml')}{TOKENS}")


def secret_path(named: Path | None, plan_files: Sequence[str]) -> Path | None:
    """Say where secret addresses are kept; None where addresses are open."""
    if named is None and (plan_files[0] == STANDARD_INPUT or not beside(plan_files[0]).exists()):
        return None
    return tokens_path(named, plan_files)


def refuse_to_open(where: Path, named: Path | None, plan_files: Sequence[str]) -> NoReturn:
    """Refuse to let everybody read what has had secret addresses `where` it was published: their file is missing.

    Raises:
        PlanError: always.
    """
    message = msg(
        "{folder}: addresses were secret here, and {file}, in which they are kept, is missing",
        folder=where,
        file=tokens_path(named, plan_files),
    )
    hint = msg("name it with --tokens FILE; --open lets everybody read everything")
    raise PlanError((Problem(code="CDS413", message=message, hint=hint),))


def secret_folders(tokens_file: Path | None, plan_files: Sequence[str]) -> dict[str, str] | None:
    """Give the folder of each calendar that is to be published; None where addresses are open.

    Raises:
        PlanError: one cannot be known, or there is none for everything, where the record of publishing lies.
    """
    path = secret_path(tokens_file, plan_files)
    if path is None:
        return None
    tokens = load(path)
    folders = tokens.folders()
    for key in (ALL, *tokens.of):
        if key not in folders:
            action = "rotate" if key in tokens.of else "new"
            message = msg(
                "{file}: the address of “{calendar}” is not in it, so nothing can be published there",
                file=path,
                calendar=key,
            )
            hint = msg("cdsplan token {action} {calendar} --keep", action=action, calendar=key)
            raise PlanError((Problem(code="CDS412", message=message, hint=hint),))
    return folders


def without_secrets(path: Path) -> Path:
    """Give a path that may be shown or logged: a folder that may be a secret one is not named in it."""
    return Path(*("[secret]" if SHAPE.fullmatch(part) else part for part in path.parts))


def load(path: Path) -> Tokens:
    """Read the file; warn when others than its owner may read it.

    Raises:
        PlanError: there is none, or it is no such file.
    """
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            data = file.read(LARGEST + 1)
    except OSError as error:
        from cdsplan.cli.reasons import reason  # noqa: PLC0415 - only failures need it

        message = msg("{file}: this file cannot be read ({reason})", file=path, reason=reason(error))
        hint = msg("make secret addresses with: cdsplan token new --every")
        raise PlanError((Problem(code="CDS101", message=message, hint=hint),)) from None
    if os.name == "posix" and mode & 0o077:
        tell(say(msg("{file}: others can read these secrets; chmod 600 {file}", file=path)))
    return read_tokens(data, str(path))


@contextmanager
def changing(path: Path) -> Iterator[None]:
    """Keep everyone else who would change the file waiting, from its reading to its writing.

    Raises:
        PlanError: somebody else is at it for too long, or nothing can be written there.
    """
    from cdsplan.cli.locking import alone_with  # noqa: PLC0415 - whoever only reads does without

    try:
        with alone_with(str(path)):
            yield
    except OSError as error:
        raise cannot_write(path, error) from None


def store(path: Path, tokens: Tokens) -> None:
    """Write the file, whole or not at all, within `changing`; only its owner may read it.

    Raises:
        OSError: it cannot be written.
    """
    with suppress(FileExistsError):  # a file that is there keeps its mode when it is replaced
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))
    write_whole(path, write_tokens(tokens))
