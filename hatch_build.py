"""Compile the gettext catalogues whenever the package is built: cdsplan/locale/*/LC_MESSAGES/*.po to *.mo beside it.

The .mo files are derived, so they are not committed; a wheel holds them, and an editable install finds them in the
tree. `python hatch_build.py` compiles them in place after a translation was edited (`make messages` does it too).
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# A catalogue carries a date in its header; a fixed one lets two builds of one tree give the same bytes.
NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)


def compile_catalogues(root: Path) -> list[Path]:
    """Write a .mo beside every .po of the tree at `root`; fuzzy translations are left out. Returns the .mo files."""
    compiled = []
    for source in sorted(root.glob("cdsplan/locale/*/LC_MESSAGES/*.po")):
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3], abort_invalid=True)
        catalogue.creation_date = NO_DATE
        target = source.with_suffix(".mo")
        with NamedTemporaryFile(dir=target.parent, suffix=".tmp", delete=False) as whole:
            write_mo(whole, catalogue)
        Path(whole.name).chmod(0o644)
        Path(whole.name).replace(target)  # whole at any moment: tests in other processes read it meanwhile
        compiled.append(target)
    return compiled


class CompileCatalogues(BuildHookInterface[Any]):
    """What hatchling calls before it gathers the files of a wheel, standard or editable."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before the files are gathered."""
        del version, build_data  # every kind of wheel needs the same
        compile_catalogues(Path(self.root))


if __name__ == "__main__":
    compile_catalogues(Path(__file__).parent)
