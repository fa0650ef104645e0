"""`cdsplan publish` and `cdsplan token` as people run them: pages, secret addresses, what is left behind."""

from __future__ import annotations

import json
import os
import re
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from invoke import Cli, Ran, in_process
from parsers import PARSERS
from test_publish import numbers

from cdsplan.cli.tokens import load, store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdsplan.tokens import Tokens

PLAN = """
[plan]
id = "p"
title = "Kế hoạch"
start = 2021-08-23
timezone = "Asia/Ho_Chi_Minh"
[agencies]
lead = { name = "Sở" }
two = { name = "Ban" }
[tasks.a]
title = "Việc A"
owner = "lead"
recipient = "two"
due = 2021-09-30
[tasks.b]
title = "Việc B"
owner = "lead"
due = 2021-12-31
"""

BASE = "https://lich.example.vn/cds"
DAY = ("--as-of", "2021-10-05", "--lang", "en")


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """Run in a folder with the plan."""
    (tmp_path / "plan.toml").write_text(PLAN, "utf-8")
    for name in ("CDSPLAN_BASE_URL", "CDSPLAN_TOKENS"):
        monkeypatch.delenv(name, raising=False)
    with in_process(capsys, monkeypatch, tmp_path) as made:
        yield made


def files(folder: str = "site") -> dict[str, bytes]:
    """Read every file of a published folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file()
    }


def tokens(cli: Cli, *arguments: str) -> dict[str, str]:
    """Run a token command; give the secret folder of each calendar that it shows."""
    ran = cli("token", *arguments, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    return {entry["calendar"]: (entry["page"] or "").rstrip("/") for entry in json.loads(ran.out)["tokens"]}


# ------------------------------------------------------------------------------------------------------------- Openly


def test_publish_writes_a_page_beside_each_feed(cli: Cli) -> None:
    """Absolute links with --base-url; the same again touches no file, another day touches the pages."""
    ran = cli("publish", "site", *DAY, "--base-url", BASE)

    assert (ran.code, ran.err) == (0, "")
    first = files()
    assert sorted(first) == [
        "all.ics", "feeds.json", "index.html", "lead.html", "lead.ics", "robots.txt", "two.html", "two.ics",
    ]  # fmt: skip
    assert f"{BASE}/lead.ics".encode() in first["lead.html"]
    assert "overdue 5 days" in first["lead.html"].decode()
    again = cli("publish", "site", *DAY, "--base-url", BASE)
    assert again.out.endswith("files written: 0, unchanged: 8\n")
    assert files() == first


def test_without_pages_nothing_of_them_is_needed(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """--no-pages writes feeds only, also where their libraries are missing."""
    monkeypatch.setitem(sys.modules, "jinja2", None)

    assert cli("publish", "site", *DAY, "--no-pages").code == 0
    assert sorted(files()) == ["all.ics", "feeds.json", "lead.ics", "robots.txt", "two.ics"]


def test_a_missing_library_is_one_line_that_says_what_to_install(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written."""
    monkeypatch.setattr("cdsplan.cli.extras.find_spec", lambda name: None if name == "segno" else name)

    ran = cli("publish", "site", *DAY)

    assert ran.code == 2
    assert 'this needs segno; install it: pip install "cdsplan[pages]"' in ran.err
    assert not Path("site").exists()


@pytest.mark.parametrize("address", ["lich.example.vn", "https://lich.example.vn/?x", "javascript:alert(1)"])
def test_a_base_that_is_no_address_is_a_usage_error(cli: Cli, address: str) -> None:
    """It says how one is written."""
    ran = cli("publish", "site", *DAY, "--base-url", address)

    assert ran.code == 2
    assert f"“{address}” is no address; write https://lich.example.vn/cds" in ran.err


def test_an_agency_renamed_keeps_the_addresses_of_its_page_and_feed(cli: Cli) -> None:
    """Under both names, and the page shows the present one."""
    cli("publish", "site", *DAY, "--base-url", BASE)
    renamed = PLAN.replace('two = { name = "Ban" }', 'second = { name = "Ban", formerly = ["two"] }')
    Path("plan.toml").write_text(renamed.replace('recipient = "two"', 'recipient = "second"'), "utf-8")

    cli("publish", "site", *DAY, "--base-url", BASE)

    after = files()
    assert after["two.html"] == after["second.html"]
    assert after["two.ics"] == after["second.ics"]
    assert f"{BASE}/second.ics".encode() in after["two.html"]


# ----------------------------------------------------------------------------------------------------------- Secretly


def test_secret_addresses_hold_everything_and_the_root_tells_nothing(cli: Cli) -> None:
    """Feeds, pages and the record lie in folders that no file outside names."""
    folders = tokens(cli, "new", "--every", "--keep")
    ran = cli("publish", "site", *DAY, "--base-url", BASE)

    assert (ran.code, ran.err) == (0, "")
    found = files()
    assert set(folders) == {"all", "lead", "two"}
    assert set(found) == {
        "index.html", "robots.txt", f"{folders['all']}/feeds.json",
        *(f"{folder}/{name}" for key, folder in folders.items() for name in (f"{key}.ics", "index.html")),
    }  # fmt: skip
    for name, data in found.items():
        for key, folder in folders.items():
            if not name.startswith(folder):
                assert folder.encode() not in data, (name, key)
    assert f"{BASE}/{folders['two']}/two.ics".encode() in found[f"{folders['two']}/index.html"]
    assert not any(folder in ran.out for folder in folders.values())
    assert [title for _, title, _, _ in PARSERS[0](found[f"{folders['two']}/two.ics"])]


def test_the_file_of_tokens_is_its_owners_alone(cli: Cli) -> None:
    """Also after it has been written again."""
    if os.name != "posix":
        pytest.skip("modes are POSIX")
    for action in ("new", "rotate"):
        tokens(cli, action, "--every")
        assert stat.S_IMODE(Path("plan.tokens.json").stat().st_mode) == 0o600
    Path("plan.tokens.json").chmod(0o644)
    ran = cli("token", "list", "--lang", "en")
    assert ran.err == "plan.tokens.json: others can read these secrets; chmod 600 plan.tokens.json\n"


def test_an_address_is_shown_once_unless_it_is_kept(cli: Cli) -> None:
    """What is stored otherwise is a digest."""
    made = tokens(cli, "new", "two") | tokens(cli, "new", "lead", "--keep")

    stored = Path("plan.tokens.json").read_text("utf-8")
    assert made["two"] not in stored
    assert made["lead"] in stored
    assert tokens(cli, "list") == {"two": "", "lead": made["lead"]}
    listed = cli("token", "list", "--lang", "en", "--base-url", BASE).out.splitlines()
    assert [re.split(r"\s{2,}", line)[-1] for line in listed] == [
        "Address", f"{BASE}/{made['lead']}/", "shown when it was made",
    ]  # fmt: skip


def test_an_address_that_is_not_kept_cannot_be_published_to(cli: Cli) -> None:
    """The error names the calendar and the way out, and nothing is written."""
    tokens(cli, "new", "all", "--keep")
    tokens(cli, "new", "two")

    ran = cli("publish", "site", *DAY)

    assert ran.code == 2
    assert "CDS412: plan.tokens.json: the address of “two” is not in it, so nothing can be published there" in ran.err
    assert "cdsplan token rotate two --keep" in ran.err
    assert not Path("site").exists()


def test_publishing_secretly_needs_an_address_of_everything(cli: Cli) -> None:
    """The record lies there."""
    tokens(cli, "new", "two", "--keep")

    ran = cli("publish", "site", *DAY)

    assert ran.code == 2
    assert "cdsplan token new all --keep" in ran.err


def test_who_has_no_address_is_not_published_and_counted(cli: Cli) -> None:
    """On the standard error, with the way out."""
    folders = tokens(cli, "new", "all", "two", "--keep")

    ran = cli("publish", "site", *DAY)

    assert ran.code == 0
    assert "1 calendar has no secret address, so it was not published" in ran.err
    assert {name.partition("/")[0] for name in files()} == {"index.html", "robots.txt", *folders.values()}


def test_a_rotated_address_ends_the_old_one(cli: Cli) -> None:
    """Its folder is gone; a revoked one's too; the other stays to the byte."""
    before = tokens(cli, "new", "--every", "--keep")
    cli("publish", "site", *DAY)
    kept = files()

    after = tokens(cli, "rotate", "lead")
    assert tokens(cli, "revoke", "two") == {"two": ""}
    cli("publish", "site", *DAY)

    assert {path.name for path in Path("site").iterdir()} == {
        "index.html", "robots.txt", before["all"], after["lead"],
    }  # fmt: skip
    assert after["lead"] != before["lead"]
    assert files()[f"{after['lead']}/lead.ics"] == kept[f"{before['lead']}/lead.ics"]


def test_numbers_go_on_when_addresses_become_secret_open_again_or_change(cli: Cli) -> None:
    """The record is found wherever it was last; what addresses are secret for does not stay openly."""
    cli("publish", "site", *DAY)
    edited = PLAN.replace("due = 2021-12-31", "due = 2021-12-30")
    Path("plan.toml").write_text(edited, "utf-8")

    folders = tokens(cli, "new", "--every", "--keep")
    cli("publish", "site", *DAY)
    assert {path.name for path in Path("site").iterdir()} == {"index.html", "robots.txt", *folders.values()}
    first = numbers(files()[f"{folders['lead']}/lead.ics"])["b@p"]
    assert first[0] == "1"

    everything = tokens(cli, "rotate", "all")["all"]
    Path("plan.toml").write_text(PLAN, "utf-8")
    cli("publish", "site", *DAY)
    assert numbers(files()[f"{everything}/all.ics"])["b@p"][0] == "2"

    Path("plan.tokens.json").unlink()
    Path("plan.toml").write_text(edited, "utf-8")
    cli("publish", "site", "--open", *DAY)
    assert sorted(files()) == [
        "all.ics", "feeds.json", "index.html", "lead.html", "lead.ics", "robots.txt", "two.html", "two.ics",
    ]  # fmt: skip
    assert not any(path.is_dir() for path in Path("site").iterdir())
    assert numbers(files()["lead.ics"])["b@p"][0] == "3"


def test_a_tokens_file_that_is_missing_opens_nothing(cli: Cli) -> None:
    """CI that was not given the secret file must not publish everything openly: nothing is written."""
    tokens(cli, "new", "--every", "--keep")
    cli("publish", "site", *DAY)
    before = files()
    Path("plan.tokens.json").rename("kept.json")

    ran = cli("publish", "site", *DAY)

    assert (ran.code, ran.out, files()) == (2, "", before)
    assert "error CDS413: site: addresses were secret here, and plan.tokens.json, in which they are kept," in ran.err
    assert "--tokens FILE" in ran.err
    assert cli("publish", "site", "--tokens", "kept.json", *DAY).code == 0
    assert files() == before


def test_what_is_not_ours_in_a_folder_with_the_name_of_an_address_stays(cli: Cli) -> None:
    """Of an ended address only what publishing writes goes; a folder in which nothing is left goes with it."""
    stranger = Path("site", "b" * 32, "notes.txt")
    stranger.parent.mkdir(parents=True)
    stranger.write_bytes(b"mine")
    before = tokens(cli, "new", "--every", "--keep")
    cli("publish", "site", *DAY)
    noted = Path("site", before["lead"], "notes.txt")
    noted.write_bytes(b"mine")

    after = tokens(cli, "rotate", "lead")
    tokens(cli, "rotate", "two")
    cli("publish", "site", *DAY)

    assert stranger.read_bytes() == noted.read_bytes() == b"mine"
    assert [path.name for path in noted.parent.iterdir()] == ["notes.txt"]
    assert Path("site", after["lead"], "lead.ics").exists()
    assert not Path("site", before["two"]).exists()


def test_a_file_that_looks_like_a_secret_folder_is_left_alone(cli: Cli) -> None:
    """Somebody else's file in the site, named like an address; openly, and where addresses are secret."""
    Path("site").mkdir()
    other = Path("site", "a" * 32)
    other.write_bytes(b"other")

    ran = [cli("publish", "site", *DAY)]
    tokens(cli, "new", "--every", "--keep")
    ran.append(cli("publish", "site", *DAY))

    assert [(each.code, each.err) for each in ran] == [(0, "")] * 2
    assert other.read_bytes() == b"other"


def test_an_error_names_no_secret_folder(cli: Cli) -> None:
    """Neither a file that cannot be written nor a record that cannot be read: a log of CI is no place for either."""
    if os.name != "posix":
        pytest.skip("symbolic links need rights on Windows")
    folders = tokens(cli, "new", "--every", "--keep")
    cli("publish", "site", *DAY)
    page = Path("site", folders["lead"], "index.html")
    page.unlink()
    page.symlink_to("/dev/null")
    unwritten = cli("publish", "site", *DAY)
    record = Path("site", folders["all"], "feeds.json")
    record.write_text("broken", "utf-8")
    unread = cli("publish", "site", *DAY)
    record.unlink()
    record.mkdir()
    no_file = cli("publish", "site", *DAY)

    for ran, told in (
        (unwritten, "site/[secret]/index.html: cannot be written (it is a symbolic link"),
        (unread, "site/[secret]/feeds.json:1:1: error CDS401"),
        (no_file, "site/[secret]/feeds.json: this file cannot be read"),
    ):
        assert ran.code == 2
        assert told in ran.err
        assert not any(folder in ran.out + ran.err for folder in folders.values())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("new",), "name agencies, or say --every"),
        (("new", "two", "--every"), "name agencies, or say --every"),
        (("new", "lead"), "“lead” has an address already; rotate gives it another"),
        (("rotate", "two"), "“two” has no secret address"),
        (("revoke", "all"), "“all” has no secret address"),
        (("new", "nobody"), "there is no agency “nobody”"),
        (("new", "idle"), "“idle” has nothing to do in the plan"),
        (("list", "--tokens", "missing.json"), "missing.json: this file cannot be read"),
        (("show",), "'show' is not one of"),
        (("rotate", "lead", "-o", "none/x"), "none/x: cannot be written"),
    ],
)
def test_what_cannot_be_done_with_tokens_is_said(cli: Cli, arguments: tuple[str, ...], told: str) -> None:
    """Exit 2, and the file stays as it was."""
    Path("plan.toml").write_text(PLAN.replace("[tasks.a]", 'idle = { name = "Ban rỗi" }\n[tasks.a]'), "utf-8")
    tokens(cli, "new", "lead")
    before = Path("plan.tokens.json").read_bytes()

    ran = cli("token", *arguments, "--lang", "en")

    assert ran.code == 2
    assert told in ran.err
    assert Path("plan.tokens.json").read_bytes() == before


def test_a_plan_from_standard_input_has_no_tokens_beside_it(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file must be named."""
    import io  # noqa: PLC0415 - for this stand-in only

    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(PLAN.encode())))

    ran = cli("token", "list", "-p", "-", "--lang", "en")

    assert ran.code == 2
    assert "name one with --tokens FILE" in ran.err


def test_tokens_may_lie_elsewhere(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a secret of CI does."""
    monkeypatch.setenv("CDSPLAN_TOKENS", "elsewhere.json")
    folders = tokens(cli, "new", "--every", "--keep")

    cli("publish", "site", *DAY)

    assert f"{folders['lead']}/lead.ics" in files()
    assert not Path("plan.tokens.json").exists()


def test_a_token_file_that_cannot_be_written_is_an_error(cli: Cli) -> None:
    """Its folder is missing, or a link has its name; no address is shown, and nothing is left behind."""
    if os.name != "posix":
        pytest.skip("symbolic links need rights on Windows")
    Path("link.json").symlink_to("elsewhere.json")
    for file in ("missing/t.json", "link.json"):
        ran = cli("token", "new", "--every", "--tokens", file, "--lang", "en")

        assert (ran.code, ran.out) == (2, "")
        assert f"{file}: cannot be written" in ran.err
    assert {path.name for path in Path().iterdir()} == {"plan.toml", "link.json"}


@pytest.mark.skipif(os.name != "posix", reason="its locks are asked for within one process")
@pytest.mark.parametrize("action", ["new", "rotate", "revoke"])
def test_whoever_makes_addresses_at_the_same_time_waits(cli: Cli, monkeypatch: pytest.MonkeyPatch, action: str) -> None:
    """Between the reading of the file and its writing nobody else gets in: each address that was shown works."""
    elsewhere = ("--tokens", "t.json", "--lang", "en")
    if action != "new":
        cli("token", "new", "lead", *elsewhere)
    monkeypatch.setattr("cdsplan.cli.locking.PATIENCE", 0.02)
    others: list[Ran] = []

    def meanwhile(path: Path, tokens: Tokens) -> None:
        monkeypatch.setattr("cdsplan.cli.token.store", store)
        others.append(cli("token", "new", "two", *elsewhere))
        store(path, tokens)

    monkeypatch.setattr("cdsplan.cli.token.store", meanwhile)
    assert cli("token", action, "lead", *elsewhere).code == 0

    (other,) = others
    assert (other.code, other.out) == (2, "")
    assert "t.json: cannot be written (another program has been writing to it for too long" in other.err
    assert cli("token", "new", "two", *elsewhere).code == 0
    assert set(load(Path("t.json")).of) == ({"two"} if action == "revoke" else {"lead", "two"})
    assert {path.name for path in Path().iterdir()} == {"plan.toml", "t.json"}


def test_when_there_is_no_address_to_make_or_to_end_that_is_said(cli: Cli) -> None:
    """On standard error, and nothing changes."""
    cli("token", "new", "--every", "--lang", "en")
    again = cli("token", "new", "--every", "--lang", "en")
    assert (again.code, again.err) == (0, "every calendar has an address already\n")
    cli("token", "revoke", "--every", "--lang", "en")
    assert cli("token", "rotate", "--every", "--lang", "en").err == "no calendar has an address\n"
