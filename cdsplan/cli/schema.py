"""`cdsplan schema`: the JSON Schema of the plan format, for editors."""

from __future__ import annotations

import pkgutil

import click

from cdsplan.cli.frame import ANY_PATH, SPEAK, SpokenCommand, option, write_file
from cdsplan.cli.output import put_out
from cdsplan.i18n import LANGUAGES
from cdsplan.messages import msg

HELP = msg("Print the JSON Schema (draft-07) of the plan format, which editors use to complete and check a plan.")


@click.command("schema", cls=SpokenCommand, help=HELP.template)
@option("-o", "--output", type=ANY_PATH, metavar="FILE", help=msg("Write the answer into a file."))
@option("--lang", type=click.Choice(LANGUAGES), expose_value=False, help=SPEAK)
def command(output: str | None) -> None:
    """Print the shipped schema."""
    data = pkgutil.get_data("cdsplan.plan", "plan.schema.json") or b""
    if output is None:
        put_out((data.decode(),))
        return
    from pathlib import Path  # noqa: PLC0415 - only -o needs it

    write_file(Path(output), data)
