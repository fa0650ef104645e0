"""The program speaks Vietnamese whole: every text is translated, with the same values in it, click's texts too."""

from __future__ import annotations

import ast
import re
import string
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import messages
from cdsplan import i18n
from cdsplan.i18n import LANGUAGES, install_for_click, language
from cdsplan.messages import Message, msg, nmsg
from hatch_build import compile_catalogues

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = messages.catalogue_paths()

catalogues = pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])


def placeholders(text: str) -> set[tuple[str, str]]:
    """List what a text leaves room for: {name!r} as ("name", "r"), %(name)s as ("name", "s"); formats do not count."""
    braces = {(name, kind or "") for _, name, _, kind in string.Formatter().parse(text) if name is not None}
    return braces | set(re.findall(r"%\((\w+)\)(\w)", text))


def formatted(text: str) -> set[str]:
    """List the {names} of a text that carry a format, such as {n:02}."""
    return {name for _, name, form, _ in string.Formatter().parse(text) if name is not None and form}


def test_there_is_a_catalogue_for_every_language_but_english() -> None:
    """Each language that can be chosen has a catalogue, and each catalogue can be chosen."""
    assert {"en", *(path.parts[-3] for path in CATALOGUES)} == set(LANGUAGES)


@catalogues
def test_everything_is_translated(path: Path) -> None:
    """No text of ours, and none of click's that a user can meet, is left untranslated or fuzzy."""
    assert messages.untranslated(messages.read_catalogue(path)) == []


@catalogues
def test_nothing_obsolete_is_kept(path: Path) -> None:
    """A catalogue holds no text that the sources no longer have."""
    catalogue = messages.read_catalogue(path)
    wanted = {text.id for text in messages.our_texts() + messages.click_texts()}
    assert {message.id for message in catalogue if message.id} - wanted == set()
    assert not catalogue.obsolete


@catalogues
def test_translations_have_the_same_placeholders(path: Path) -> None:
    """A translation shows the values that the text shows; with one form for all numbers, those of the plural."""
    wrong = [
        (message.id, translation)
        for message in messages.read_catalogue(path)
        if message.id
        for original in [message.id if isinstance(message.id, str) else message.id[-1]]
        for translation in messages.translations(message)
        if translation and placeholders(translation) != placeholders(original)
    ]
    assert wrong == []


@catalogues
def test_only_the_count_carries_a_format(path: Path) -> None:
    """All values but {n} are texts when they are put in, so a format such as {n:02} suits no other."""
    wrong = [
        translation
        for message in messages.read_catalogue(path)
        if message.id
        for translation in messages.translations(message)
        if formatted(translation) - {"n"}
    ]
    assert wrong == []


def test_no_text_stands_with_and_without_a_plural() -> None:
    """One text has one entry in gettext: none stands alone here and with a plural there."""
    forms: dict[str, set[str | None]] = {}
    for text in messages.our_texts() + messages.click_texts():
        forms.setdefault(text.singular, set()).add(text.plural)
    assert {singular for singular, plurals in forms.items() if len(plurals) > 1} == set()


def test_texts_that_nobody_meets_are_in_click() -> None:
    """The list of click's texts that need no translation names only texts that click has."""
    assert set(messages.UNMET) - {text.singular for text in messages.all_click_texts()} == set()


def test_texts_are_found_by_syntax() -> None:
    """Calls of msg and nmsg are found in order, under any name they are reached by; other calls are not."""
    source = 'messages.msg("a" " b", x=1)\nnmsg("one", "many", n)\nother("c")\nf(msg("d"))\n'
    assert [(text.singular, text.plural) for text in messages.texts(source, "x.py", messages.OURS)] == [
        ("a b", None),
        ("one", "many"),
        ("d", None),
    ]


def test_a_text_that_is_not_literal_is_refused() -> None:
    """A template that cannot be found in the source is an error, with its file and line."""
    with pytest.raises(ValueError, match=r"x\.py:2: not a literal text, .*: words"):
        list(messages.texts("words = 1\nmsg(words)\n", "x.py", messages.OURS))


def test_english_is_the_source() -> None:
    """English says a message's own words, dates with the month in letters."""
    english = language("en")
    assert english.code == "en"
    assert english(msg("due {day}", day=date(2021, 9, 30))) == "due 30 Sep 2021"
    assert english("Options") == "Options"
    assert english(nmsg("{n} day", "{n} days", 1)) == "1 day"
    assert english(nmsg("{n} day", "{n} days", 2)) == "2 days"


def test_english_loads_no_gettext() -> None:
    """Whoever reads English pays for no catalogue and no gettext."""
    code = "import sys; from cdsplan.i18n import language; language('en')('x'); print('gettext' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2021, 9, 30), "30/9/2021"),
        (date(2022, 8, 5), "05/8/2022"),
        (date(2023, 2, 15), "15/02/2023"),
        (date(2022, 1, 1), "01/01/2022"),
        (date(2021, 10, 10), "10/10/2021"),
        (date(2022, 3, 9), "09/3/2022"),
        (date(2021, 12, 31), "31/12/2021"),
    ],
)
def test_vietnamese_dates_follow_the_decree(day: date, written: str) -> None:
    """Days below 10 and the months 1 and 2 are padded, as Nghị định 30/2020/NĐ-CP writes them."""
    assert language("vi").date(day) == written


def test_vietnamese_comes_from_the_catalogue() -> None:
    """A text in the catalogue is said in Vietnamese, alone, as a message, inside another message, by number."""
    vietnamese = language("vi")
    assert vietnamese("Options") == "Tùy chọn"
    assert vietnamese(Message("Options")) == "Tùy chọn"
    assert vietnamese(msg("{what} – {day}", what=msg("Options"), day=date(2022, 8, 5))) == "Tùy chọn – 05/8/2022"
    one, many = "Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."
    assert (
        vietnamese.plural(one, many, 1) == vietnamese.plural(one, many, 2) == "Tùy chọn {name!r} cần {nargs} giá trị."
    )


def test_what_no_catalogue_has_stays_english() -> None:
    """A text that the catalogue does not have is said as it is; the empty text is not the catalogue's header."""
    vietnamese = language("vi")
    assert vietnamese("no such text") == "no such text"
    assert vietnamese("") == ""
    assert vietnamese.plural("{n} x", "{n} xs", 2) == "{n} xs"


def test_a_language_is_read_once() -> None:
    """The same code gives the same language."""
    assert language("vi") is language("vi")


def test_other_codes_are_refused() -> None:
    """There are no other languages than those listed."""
    with pytest.raises(ValueError, match="no such language: fr"):
        language("fr")


MODULES = ("__init__.py", "catalogue.py", "i18n.py", "messages.py")
COMPILED = "locale/vi/LC_MESSAGES/cdsplan.mo"


@pytest.mark.parametrize(
    ("packed", "said"), [((*MODULES, COMPILED), "Tùy chọn 05/8/2022"), (MODULES, "Options 05/8/2022")]
)
def test_a_zipapp_finds_its_catalogue(tmp_path: Path, packed: tuple[str, ...], said: str) -> None:
    """Inside an archive Vietnamese is Vietnamese; without a compiled catalogue the words are English."""
    archive = tmp_path / "cdsplan.pyz"
    with zipfile.ZipFile(archive, "w") as file:
        for name in packed:
            file.write(ROOT / "cdsplan" / name, f"cdsplan/{name}")
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from datetime import date\n"
        "from cdsplan.i18n import language; from cdsplan import i18n; assert sys.argv[1] in i18n.__file__\n"
        "vi = language('vi'); sys.stdout.reconfigure(encoding='utf-8')\n"
        "print(vi('Options'), vi.date(date(2022, 8, 5)))"
    )
    command = [sys.executable, "-I", "-c", code, str(archive)]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    assert ran.stdout.strip() == said


def test_a_missing_catalogue_leaves_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a tree that was never built the words are English."""

    class Loader:
        def get_data(self, path: str) -> bytes:
            raise FileNotFoundError(path)

    monkeypatch.setattr(i18n.__spec__, "loader", Loader())
    unbuilt = language.__wrapped__("vi")
    assert unbuilt("Options") == "Options"
    assert unbuilt(nmsg("{n} day", "{n} days", 2)) == "2 days"
    assert unbuilt.date(date(2022, 8, 5)) == "05/8/2022"


def test_compiling_is_reproducible(tmp_path: Path) -> None:
    """Compiling writes a .mo beside each .po, the same bytes for the same catalogue."""
    for path in CATALOGUES:
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True)
        copy.write_bytes(path.read_bytes())
    compiled = compile_catalogues(tmp_path)
    assert [path.relative_to(tmp_path) for path in compiled] == [
        path.relative_to(ROOT).with_suffix(".mo") for path in CATALOGUES
    ]
    first = [path.read_bytes() for path in compiled]
    before = [path.stat().st_ino for path in compiled]
    assert [path.read_bytes() for path in compile_catalogues(tmp_path)] == first
    assert not {path.stat().st_ino for path in compiled} & set(before)  # replaced whole: a reader meets no half of one
    assert {path.suffix for folder in compiled for path in folder.parent.iterdir()} == {".po", ".mo"}


def test_the_sources_import_no_other_gettext() -> None:
    """All words go through one door: no module but that of catalogues imports gettext."""
    importing = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.glob("cdsplan/**/*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if (isinstance(node, ast.ImportFrom) and node.module == "gettext")
        or (isinstance(node, ast.Import) and any(alias.name == "gettext" for alias in node.names))
    }
    assert importing == {"cdsplan/catalogue.py"}


def spoken(arguments: list[str]) -> str:
    """Declare a small command anew, run it, and give what click says."""

    @click.command()
    @click.option("--count", type=int, required=True, help="…")
    @click.option("--into", type=click.Path(file_okay=False))
    @click.option("--from", "source", type=click.Path(exists=True))
    @click.argument("task", metavar="TASK")
    def command(count: int, task: str, into: str, source: str) -> None: ...

    return CliRunner().invoke(command, arguments, prog_name="p").output


def test_click_speaks_the_language() -> None:
    """Once told, click says help and usage errors in Vietnamese; told again, in English."""
    try:
        install_for_click(language("vi"))
        help_page = spoken(["--help"])
        assert "Cách dùng: p " in help_page
        assert "Tùy chọn:" in help_page
        assert "[bắt buộc]" in help_page
        assert "Hiển thị hướng dẫn này rồi thoát." in help_page
        assert "Lỗi: Thiếu tham số 'TASK'." in spoken(["--count", "1"])
        assert "Lỗi: Không có tùy chọn '--coun'" in spoken(["--coun", "1"])
        assert "Lỗi: Giá trị của '--count' không hợp lệ: 'x'" in spoken(["--count", "x", "t"])
        assert "không hợp lệ: đường dẫn 'not/there' không tồn tại." in spoken(["--from", "not/there"])
        assert f"không hợp lệ: thư mục {__file__!r} là một tệp." in spoken(["--into", __file__])
    finally:
        install_for_click(language("en"))
    assert "Usage: p " in spoken(["--help"])
    assert "Error: Missing argument 'TASK'." in spoken(["--count", "1"])
    assert ": Path 'not/there' does not exist." in spoken(["--from", "not/there"])


@pytest.mark.parametrize("path", [path for path in CATALOGUES if path.parts[-3] == "vi"])
def test_an_entry_of_a_journal_has_one_name(path: Path) -> None:
    """“Lần ghi”, as the log has it: “mục” is a part of anything, and of nothing that people record."""
    told = ("cdsplan/journal/", "cdsplan/cli/undo.py", "cdsplan/cli/log.py", "cdsplan/cli/reporting.py")
    for message in messages.read_catalogue(path):
        if any(file.startswith(told) for file, _ in message.locations):
            for words in messages.translations(message):
                assert not re.search(r"(?<!thư )(?<!danh )\bmục\b", words), words
