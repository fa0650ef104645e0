"""`cdsplan init [FILE]`: begin a new plan."""

from __future__ import annotations

import pkgutil
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cdsplan.cli.clock import Day, today
from cdsplan.cli.frame import SpokenCommand, create_file, option
from cdsplan.cli.output import put_out
from cdsplan.cli.words import say, spoken
from cdsplan.i18n import LANGUAGES, language
from cdsplan.messages import msg

if TYPE_CHECKING:
    from datetime import date

HELP = msg(
    "Begin a new plan: write a small commented plan into FILE (plan.toml by default), which reads and shows something "
    "at once, and its schema beside it for editors. A file that is there is never overwritten."
)

SCHEMA = "plan.schema.json"


@click.command("init", cls=SpokenCommand, help=HELP.template)
@click.argument("file", type=click.Path(path_type=Path), default=Path("plan.toml"), required=False)
@option("--lang", "lang", type=click.Choice(LANGUAGES), help=msg("The language of the plan and of its comments."))
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
    """Write the plan and its schema, whole or not at all."""
    code = lang or spoken().code
    if file.exists():
        raise click.UsageError(say(msg("{file} is there already: name another file", file=file)))
    template = (pkgutil.get_data("cdsplan", f"data/start/{code}.toml") or b"").decode()
    create_file(file, fill(template, as_of or today(()), code).encode())
    schema = file.with_name(SCHEMA)
    if not schema.exists():
        create_file(schema, pkgutil.get_data("cdsplan.plan", SCHEMA) or b"")
    put_out((say(msg("{file} is written; look at it with: cdsplan status -p {file}", file=file)),))


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
