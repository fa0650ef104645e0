"""The words to translate: found in the sources by their syntax, kept in cdsplan/locale/LANGUAGE/LC_MESSAGES/cdsplan.po.

    python tools/messages.py update     bring every catalogue up to date (`make messages`); translations stay
    python tools/messages.py missing    list what is not translated yet; exit 1 when anything is

Two sources: our own `msg("…")` and `nmsg("…", "…", n)`, and click's `_("…")` and `ngettext("…", "…", n)`, so that a
Vietnamese reader meets no English usage error. Templates must be literal: anything else cannot be found, and is an
error here. There is no template file (.pot): it would be derived, and every catalogue is brought up to date from the
sources themselves.
"""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parent.parent

# How many leading arguments of a call are texts.
OURS = {"msg": 1, "nmsg": 2}
CLICKS = {"_": 1, "ngettext": 2}

# Where click computes the text to translate: the code, and the only text it can give.
COMPUTED_BY_CLICK = {"extra['required']": "required"}

DECLARATION = "raised while a command is declared: only its author sees it"
FLAG_DAY = "said of commands and options marked deprecated, of which there are none"
REPRESENTATION = "a representation for debugging"
NOT_USED = "belongs to a part of click that no command uses"
BEFORE_A_LANGUAGE = "said while a shell loads its completion, before any language is known"

# What click can say but no user of this program meets, each with the reason.
UNMET = {
    "Arguments take exactly one parameter declaration, got {length}: {decls}.": DECLARATION,
    "Boolean option {decl!r} cannot use the same flag for true/false.": DECLARATION,
    "Choice({choices})": REPRESENTATION,
    "Confirm the action without prompting.": NOT_USED,  # confirmation_option
    "Could not determine name for option with declarations {decls!r}": DECLARATION,
    "Couldn't detect Bash version, shell completion is not supported.": BEFORE_A_LANGUAGE,
    "DeprecationWarning: The command {name!r} is deprecated.{extra_message}": FLAG_DAY,
    "DeprecationWarning: The {param_type} {name!r} is deprecated.{extra_message}": FLAG_DAY,
    "Invalid start character for option ({option})": DECLARATION,
    "Missing {param_type}": DECLARATION,  # of a kind of parameter that is neither an option nor an argument
    "Name '{name}' defined twice": DECLARATION,
    "No options defined but a name was passed ({name}). Did you mean to declare an argument instead? "
    "Did you mean to pass '--{name}'?": DECLARATION,
    "Press any key to continue...": NOT_USED,  # pause
    "Repeat for confirmation": NOT_USED,  # password_option
    "Error: The two entered values do not match.": NOT_USED,  # password_option
    "Shell completion is not supported for Bash versions older than 4.4.": BEFORE_A_LANGUAGE,
    "Unknown color {colour!r}": DECLARATION,  # a colour that the program asks for
    "Unknown standard stream '{name}'": DECLARATION,  # a stream that the program asks for
    "Value must be an iterable.": DECLARATION,  # a default that the program gives
    "Windows error: {error}": NOT_USED,  # writing to a console that Windows took away
    "d": NOT_USED,  # the days of a progress bar
    "deprecated": FLAG_DAY,
    "{editor}: Editing failed": NOT_USED,  # edit
    "{editor}: Editing failed: {e}": NOT_USED,  # edit
    "{value!r} is not a valid UUID.": NOT_USED,  # the UUID type
}

HEADER = """\
# The words of cdsplan in the language named below. The lines "msgid" come from the sources: `make messages` writes them
# anew and keeps the translations. A count may be padded: {{n:02}}.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms};\\n"

"""


@dataclass(frozen=True, order=True)
class Text:
    """One text to translate, its plural if it depends on a number, and the file that says it."""

    file: str
    singular: str
    plural: str | None = None

    @property
    def id(self) -> str | tuple[str, str]:
        """The key as babel has it."""
        return self.singular if self.plural is None else (self.singular, self.plural)


def texts(
    source: str, file: str, calls: Mapping[str, int], computed: Mapping[str, str] | None = None
) -> Iterator[Text]:
    """Find the texts that `source` passes to the functions in `calls`, in order of place.

    ValueError, with file and line, for a text that is neither a literal nor among the `computed`.
    """
    found = [node for node in ast.walk(ast.parse(source, file)) if isinstance(node, ast.Call)]
    for node in sorted(found, key=lambda node: (node.lineno, node.col_offset)):
        match node.func:
            case ast.Name(id=name) | ast.Attribute(attr=name) if name in calls:
                yield Text(file, *(literal(argument, file, computed or {}) for argument in node.args[: calls[name]]))


def literal(argument: ast.expr, file: str, computed: Mapping[str, str]) -> str:
    """Get the text that an argument holds."""
    match argument:
        case ast.Constant(value=str(value)):
            return value
        case _ if (code := ast.unparse(argument)) in computed:
            return computed[code]
        case _:
            raise ValueError(f"{file}:{argument.lineno}: not a literal text, so it cannot be translated: {code}")


def our_texts() -> list[Text]:
    """All texts of the package, in file order."""
    return [
        text
        for path in sorted(ROOT.glob("cdsplan/**/*.py"))
        for text in texts(path.read_text("utf-8"), path.relative_to(ROOT).as_posix(), OURS)
    ]


def all_click_texts() -> list[Text]:
    """All texts of the installed click, in file order."""
    click = find_spec("click")
    if click is None or click.origin is None:
        raise RuntimeError("click is not installed")
    return [
        text
        for path in sorted(Path(click.origin).parent.glob("*.py"))
        for text in texts(path.read_text("utf-8"), f"click/{path.name}", CLICKS, COMPUTED_BY_CLICK)
    ]


def click_texts() -> list[Text]:
    """Those texts of click that a user can meet."""
    return [text for text in all_click_texts() if text.singular not in UNMET]


def catalogue_paths() -> list[Path]:
    """Every catalogue of the tree."""
    return sorted(ROOT.glob("cdsplan/locale/*/LC_MESSAGES/*.po"))


def read_catalogue(path: Path) -> Catalog:
    """Read one catalogue as it stands."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3], abort_invalid=True)


def update(path: Path) -> Catalog:
    """Bring the catalogue at `path` up to date with the sources and write it; `obsolete` of the result was dropped."""
    template = Catalog()
    for text in our_texts() + click_texts():
        template.add(text.id, locations=[(text.file, 0)])
    catalogue = read_catalogue(path)
    catalogue.update(template, no_fuzzy_matching=True)
    with path.open("wb") as file:
        file.write(HEADER.format(language=catalogue.locale, plural_forms=catalogue.plural_forms.rstrip(";")).encode())
        write_po(file, catalogue, width=120, omit_header=True, ignore_obsolete=True, include_lineno=False)
    return catalogue


def translations(message: Message) -> tuple[str, ...]:
    """List what a message is translated to: one text, or one for each plural form of the language."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def untranslated(catalogue: Catalog) -> list[str]:
    """List the texts of the sources that have no translation, or one marked as a guess (fuzzy), with their files."""
    missing = {}
    for text in our_texts() + click_texts():
        message = catalogue.get(text.singular)
        if message is None or message.fuzzy or not all(translations(message)):
            missing[text.id] = f"{text.file}: {text.id}"
    return list(missing.values())


def main(arguments: list[str]) -> int:
    """Run one of the two commands."""
    match arguments:
        case ["update"]:
            for path in catalogue_paths():
                catalogue = update(path)
                for message in catalogue.obsolete.values():
                    if any(translations(message)):
                        print(f"{path.relative_to(ROOT)}: dropped {message.id!r}, which was {message.string!r}")
            return 0
        case ["missing"]:
            missing = [
                f"{path.parts[-3]}: {text}" for path in catalogue_paths() for text in untranslated(read_catalogue(path))
            ]
            print("\n".join(missing) or "Everything is translated.")
            return 1 if missing else 0
        case _:
            print(__doc__)
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
