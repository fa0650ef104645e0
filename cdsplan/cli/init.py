"""`cdsplan init [FILE]`: begin a new plan."""

from __future__ import annotations

import pkgutil
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cdsplan.cli.clock import Day, today
from cdsplan.cli.frame import SpokenCommand, cannot_write, create_file, option, write_file
from cdsplan.cli.output import put_out
from cdsplan.cli.words import say, spoken
from cdsplan.i18n import LANGUAGES, language
from cdsplan.messages import msg

if TYPE_CHECKING:
    from datetime import date

HELP = msg(
    "Begin a new plan: write a small commented plan into FILE (plan.toml by default), which reads and shows something "
    "at once, its schema beside it for editors, and the line of .gitattributes by which git merges journals. A file "
    "that is there is never overwritten."
)

LANGUAGE = msg("The language of the plan and of its comments. Otherwise CDSPLAN_LANG.")

SCHEMA = "plan.schema.json"
UNION = b"*.journal.toml merge=union"


@click.command("init", cls=SpokenCommand, help=HELP.template)
@click.argument("file", type=click.Path(path_type=Path), default=Path("plan.toml"), required=False)
@option("--lang", "lang", type=click.Choice(LANGUAGES), help=LANGUAGE)
@option(
    "--as-of",
    "as_of",
    type=Day(),
    envvar="CDSPLAN_AS_OF",
    metavar="DATE",
    help=msg("Begin the plan on this day instead of today."),
)
@option("--debug", is_flag=True, expose_value=False, help=msg("Show where in the program a defect came up."))
def command(file: Path, lang: str | None, as_of: date | None) -> None:
    """Write the plan, its schema and the attributes for git, each whole or not at all."""
    code = lang or spoken().code
    if file.exists():
        raise click.UsageError(say(msg("{file} is there already: name another file", file=file)))
    template = (pkgutil.get_data("cdsplan", f"data/start/{code}.toml") or b"").decode()
    create_file(file, fill(template, as_of or today(()), code).encode())
    schema = file.with_name(SCHEMA)
    if not schema.exists():
        create_file(schema, pkgutil.get_data("cdsplan.plan", SCHEMA) or b"")
    attributes = file.with_name(".gitattributes")
    try:
        kept = attributes.read_bytes()
    except FileNotFoundError:
        kept = b""
    except OSError as error:
        raise cannot_write(attributes, error) from None
    completed = with_union(kept)
    if completed != kept:
        write_file(attributes, completed)
    put_out((say(msg("{file} is written; look at it with: cdsplan status -p {file}", file=file)),))


def with_union(attributes: bytes) -> bytes:
    """Complete a .gitattributes so that git merges journals by keeping the lines of both sides.

    What stands in it stays as it is; whoever has said already how journals merge is left alone.
    """
    for line in attributes.split(b"\n"):
        pattern, *given = line.split() or [b""]
        if pattern == UNION.split()[0] and any(word.lstrip(b"-!").partition(b"=")[0] == b"merge" for word in given):
            return attributes
    end = b"\r\n" if attributes.count(b"\r\n") * 2 > attributes.count(b"\n") else b"\n"
    between = b"" if not attributes or attributes.endswith(b"\n") else end
    return attributes + between + UNION + end


def fill(template: str, start: date, code: str) -> str:
    """Put dates that make sense from `start` on into a template."""
    collect, launch = start + timedelta(days=28), start + timedelta(days=70)
    words = language(code).date
    values = {
        "{start}": start.isoformat(),
        "{collect}": words(collect) if code == "vi" else f"before {collect.day}/{collect.month}/{collect.year}",
        "{launch}": words(launch) if code == "vi" else launch.isoformat(),
        "{done}": launch.isoformat(),
    }
    for name, value in values.items():
        template = template.replace(name, value)
    return template
