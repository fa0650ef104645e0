"""`cdsplan publish DIR` as people run it: what follows on what was published, and what nobody may see half done."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from invoke import NGHEAN, ROOT, Cli, in_process
from parsers import PARSERS
from subscribers import Subscribers

from cdsplan.cli import files, publication
from cdsplan.cli.files import alone_in
from cdsplan.cli.main import run

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAN = """
[plan]
id = "p"
title = "Kế hoạch"
start = 2021-08-23
timezone = "Asia/Ho_Chi_Minh"
[agencies]
lead = { name = "Sở", contact = "Bà An, 0912345678" }
two = { name = "Ban" }
[tasks.a]
title = "Việc A"
owner = "lead"
recipient = "two"
due = 2021-09-30
[tasks.b]
title = "Việc B"
owner = "lead"
support = ["two"]
due = 2021-12-31
remind = [7]
"""

posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX system")


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """Run in a folder with the plan."""
    edit(tmp_path, PLAN)
    with in_process(capsys, monkeypatch, tmp_path) as made:
        yield made


def edit(folder: Path, plan: str) -> None:
    """Write the plan."""
    (folder / "plan.toml").write_text(plan, "utf-8")


def contents(folder: str = "site") -> dict[str, bytes]:
    """Read every file of a published folder."""
    return {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}


def feeds(folder: str = "site") -> dict[str, bytes]:
    """Read the feeds of a published folder."""
    return {name: data for name, data in contents(folder).items() if name.endswith(".ics")}


def numbers(feed: bytes) -> dict[str, tuple[str, str]]:
    """Give SEQUENCE and LAST-MODIFIED of every event."""
    found = re.findall(r"UID:(\S+)\r\nDTSTAMP:(\S+)\r\nLAST-MODIFIED:(\S+)\r\nSEQUENCE:(\d+)", feed.decode())
    assert all(stamp == modified for _, stamp, modified, _ in found)
    return {uid: (sequence, stamp) for uid, stamp, _, sequence in found}


def test_publish_writes_feeds_their_record_and_leave_to_fetch_them(cli: Cli) -> None:
    """The same again touches no file; the summary is also JSON."""
    ran = cli("publish", "site", "--no-pages", "--as-of", "2021-09-01")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "site: 3 feeds with 5 events, as of 1 Sep 2021; files written: 5, unchanged: 0\n"
    assert list(contents()) == ["all.ics", "feeds.json", "lead.ics", "robots.txt", "two.ics"]
    assert contents()["robots.txt"] == b"User-agent: *\nAllow: /\n"
    assert [len(parse(contents()["lead.ics"])) for parse in PARSERS] == [2, 2, 2]

    before = {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in Path("site").iterdir()}
    ran = cli("publish", "site", "--no-pages", "--as-of", "2021-09-01", "--format", "json")
    said = json.loads(ran.out)
    assert {key: said[key] for key in ("feeds", "events", "changed", "unchanged")} == {
        "feeds": 3, "events": 5, "changed": 0, "unchanged": 5,
    }  # fmt: skip
    assert {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in Path("site").iterdir()} == before


def test_an_edit_that_nobody_dated_is_followed(cli: Cli) -> None:
    """The deadline moves without `revised`: its event is one newer, the other is the same."""
    cli("publish", "site", "--as-of", "2021-09-01")
    before = contents()
    edit(Path(), PLAN.replace("2021-09-30", "2021-10-15"))
    cli("publish", "site", "--as-of", "2021-09-01")
    after = contents()

    assert numbers(before["lead.ics"]) == {"a@p": ("0", "20210822T170000Z"), "b@p": ("0", "20210822T170000Z")}
    assert numbers(after["lead.ics"]) == {"a@p": ("1", "20210822T170001Z"), "b@p": ("0", "20210822T170000Z")}


def test_what_was_published_elsewhere_is_followed(cli: Cli) -> None:
    """A clean machine fetches the record first: a folder or a file, and writes what the old machine would have."""
    cli("publish", "site", "--as-of", "2021-09-01")
    edit(Path(), PLAN.replace("2021-09-30", "2021-10-15"))
    for name, previous in (("one", "site"), ("two", "site/feeds.json")):
        assert cli("publish", name, "--as-of", "2021-09-02", "--previous", previous).code == 0
    cli("publish", "site", "--as-of", "2021-09-02")

    assert contents("one") == contents("two") == contents("site")
    assert numbers(contents("one")["lead.ics"])["a@p"] == ("1", "20210822T170001Z")


def test_a_record_that_is_named_must_be_there(cli: Cli) -> None:
    """A slip in the name must not begin anew; `none` does so on purpose, whatever lies in the folder."""
    for previous in ("nowhere", "nowhere/feeds.json", "."):
        ran = cli("publish", "site", "--previous", previous, "--as-of", "2021-09-01")
        assert ran.code == 2
        assert (
            "there is no such file\n   = hint: --previous none publishes for the first time, or begins anew" in ran.err
        )
        assert not Path("site").exists()

    cli("publish", "site", "--as-of", "2021-09-01", "--previous", "none")
    edit(Path(), PLAN.replace("Việc A", "Việc Á"))
    cli("publish", "site", "--as-of", "2021-09-01")
    assert numbers(contents()["lead.ics"])["a@p"][0] == "1"
    cli("publish", "site", "--as-of", "2021-09-01", "--previous", "none")
    assert numbers(contents()["lead.ics"])["a@p"][0] == "0"


@pytest.mark.parametrize("where", [(), ("--previous", "site")])
def test_a_broken_record_stops_everything(cli: Cli, where: tuple[str, ...]) -> None:
    """Exit 2 with its place; the feeds stay the last good ones."""
    cli("publish", "site", "--as-of", "2021-09-01")
    Path("site/feeds.json").write_text("<html>")
    edit(Path(), PLAN.replace("Việc A", "Việc Á"))
    before = contents()

    ran = cli("publish", "site", "--as-of", "2021-09-02", *where)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("site/feeds.json:1:1: error CDS401: this is no JSON from here on\n")
    assert contents() == before


@pytest.mark.parametrize(
    ("feed", "key"),
    [
        ('"con": {"name": "X", "description": "X", "events": {}}', "con"),
        ('"x": {"name": "X", "description": "X", "ids": ["x", "com1"], "events": {}}', "ids"),
    ],
)
def test_a_record_of_a_feed_that_no_file_can_be_named_after_is_refused(cli: Cli, feed: str, key: str) -> None:
    """What was published goes on under its names, and Windows keeps these for devices."""
    cli("publish", "site", "--as-of", "2021-09-01")
    record = Path("site/feeds.json")
    record.write_text(record.read_text("utf-8").replace('"feeds": {', f'"feeds": {{{feed},'), "utf-8")
    before = contents()

    ran = cli("publish", "site", "--as-of", "2021-09-02")

    assert (ran.code, ran.out) == (2, "")
    place, _, words = ran.err.partition("\n")[0].partition(" error ")
    assert place.startswith("site/feeds.json:1:")
    assert words == f"CDS401: the value of “{key}” is missing, or not one that publish writes"
    assert contents() == before


def test_a_record_that_cannot_be_read_stops_everything(cli: Cli) -> None:
    """A folder of its name, say."""
    Path("site/feeds.json").mkdir(parents=True)

    ran = cli("publish", "site", "--as-of", "2021-09-02")

    assert ran.code == 2
    assert "site/feeds.json: this file cannot be read (Is a directory)" in ran.err


def test_a_folder_published_of_another_plan_is_left_alone(cli: Cli) -> None:
    """Its subscribers would be told that everything is off."""
    cli("publish", "site", "--as-of", "2021-09-01")
    edit(Path(), PLAN.replace('id = "p"', 'id = "q"'))
    before = contents()

    ran = cli("publish", "site", "--as-of", "2021-09-01")

    assert ran.code == 2
    assert "error CDS402: these feeds were published of other plans (p), not of q" in ran.err
    assert contents() == before


def test_a_wrong_plan_publishes_nothing(cli: Cli) -> None:
    """Not even the folder is made; what was published stays."""
    edit(Path(), PLAN.replace('owner = "lead"', 'owner = "leed"'))

    assert cli("publish", "site", "--as-of", "2021-09-01").code == 2
    assert not Path("site").exists()


def test_export_keeps_out_of_a_published_folder(cli: Cli) -> None:
    """Its events would fall behind the numbers that they have reached."""
    cli("publish", "site", "--as-of", "2021-09-01")
    before = contents()

    ran = cli("export", "site", "--as-of", "2021-10-01")

    assert ran.code == 2
    assert "site is kept by publish: publish there, or export elsewhere" in ran.err
    assert contents() == before


@pytest.mark.parametrize("command", ["publish", "export"])
@pytest.mark.parametrize(
    ("folder", "home"),
    [
        (".", "plan.toml"),
        ("..", "plan.toml"),
        ("/", "plan.toml"),
        ("link", "plan.toml"),  # to here
        ("kept/away", "plan.toml"),  # deeper than a link shows
    ],
)
def test_where_the_plan_lies_nothing_is_published(cli: Cli, command: str, folder: str, home: str) -> None:
    """Neither in its folder nor around it, however that is named; an error before anything is written."""
    Path("link").symlink_to(".")
    Path("kept").mkdir()
    Path("kept/away").symlink_to("..")
    before = sorted(Path().iterdir())

    ran = cli(command, folder, "--as-of", "2021-09-01", "--lang", "en")

    assert ran.code == 2
    told = " ".join(ran.err.split())
    assert f"{home} lies in {folder}, and must not be mixed with what is published: name a folder of its own" in told
    assert sorted(Path().iterdir()) == before


@pytest.mark.parametrize("name", ["plan.toml", "other.journal.toml", "other.tokens.json"])
def test_the_home_of_another_plan_is_no_place_either(cli: Cli, name: str) -> None:
    """It shows by its files: the journal and the secret addresses would go public with the site."""
    Path("site").mkdir()
    Path("site", name).touch()

    ran = cli("publish", "site", "-p", "plan.toml", "--as-of", "2021-09-01", "--lang", "en")

    assert ran.code == 2
    assert f"site/{name} lies in site" in " ".join(ran.err.split())
    assert [path.name for path in Path("site").iterdir()] == [name]


def test_secret_addresses_are_not_published_with_the_site(cli: Cli) -> None:
    """Wherever --tokens says that they are."""
    Path("site").mkdir()
    assert cli("token", "new", "--every", "--keep", "--tokens", "site/secret").code == 0

    ran = cli("publish", "site", "--tokens", "site/secret", "--as-of", "2021-09-01", "--lang", "en")

    assert ran.code == 2
    assert "site/secret lies in site" in " ".join(ran.err.split())


def test_a_repository_may_hold_the_site(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """The work tree of a branch that holds nothing else; and a plan from standard input lies nowhere."""
    Path("site/.git").mkdir(parents=True)

    assert cli("publish", "site", "--as-of", "2021-09-01").code == 0
    plan = Path("plan.toml").read_bytes()
    Path("plan.toml").unlink()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(plan))))
    assert cli("publish", ".", "-p", "-", "--as-of", "2021-09-01").code == 0


def test_a_folder_that_cannot_be_written_is_named(cli: Cli) -> None:
    """It is a plan file."""
    ran = cli("publish", "plan.toml/site", "--as-of", "2021-09-01")

    assert ran.code == 2
    assert "plan.toml/site: cannot be written" in ran.err


def test_what_is_private_is_not_published(cli: Cli) -> None:
    """Neither who to call, nor where the files lie on this machine."""
    cli("publish", "site", "--as-of", "2021-09-01")

    for data in contents().values():
        assert b"0912345678" not in data
        assert str(Path.cwd()).encode() not in data


def test_the_record_of_the_same_is_the_same_to_the_byte(cli: Cli) -> None:
    """So it can lie in a repository."""
    cli("publish", "one", "--as-of", "2021-09-01")
    cli("publish", "two", "--as-of", "2021-09-01")

    assert contents("one") == contents("two")


def test_roles_are_chosen(cli: Cli) -> None:
    """Support only when asked for, or all; one role alone leaves out the others."""
    for options, wanted in (
        ((), {"lead.ics": 2, "two.ics": 1}),
        (("--role", "all"), {"lead.ics": 2, "two.ics": 2}),
        (("--role", "support"), {"two.ics": 1}),
        (("--role", "support", "--role", "lead"), {"lead.ics": 2, "two.ics": 1}),
    ):
        for command in ("publish", "export"):
            folder = f"{command}-{len(options)}-{options[-1:]}"
            assert cli(command, folder, "--as-of", "2021-09-01", *options).code == 0
            found = {name: len(PARSERS[0](data)) for name, data in feeds(folder).items()}
            assert found == {"all.ics": 2, **wanted}


def test_the_horizon_leaves_out_what_is_far(cli: Cli) -> None:
    """Three months on from 30/9 are 30/12, and b is due on the 31st; three back from 31/12 are 30/9, when a was due.

    What leaves the horizon is not called off. What is open stays, however late.
    """
    done = PLAN.replace('recipient = "two"', 'recipient = "two"\ndone = 2021-09-10')
    for command in ("publish", "export"):
        for plan, day, wanted in (
            (PLAN, "2021-09-01", ["a@p"]),
            (PLAN, "2021-09-30", ["a@p"]),
            (PLAN, "2021-10-01", ["a@p", "b@p"]),
            (done, "2021-12-31", ["a@p", "b@p"]),
            (done, "2022-01-01", ["b@p"]),
            (PLAN, "2023-01-01", ["a@p", "b@p"]),
        ):
            edit(Path(), plan)
            cli(command, command, "--as-of", day, "--horizon", "3")
            found = [uid for uid, *_ in PARSERS[0](feeds(command)["lead.ics"]) if not uid.startswith("_")]
            assert found == wanted, day


def test_reminders_can_be_events(cli: Cli) -> None:
    """A week before 31/12 is 24/12."""
    for command in ("publish", "export"):
        cli(command, command, "--as-of", "2021-09-01", "--remind-events")
        (reminder,) = (seen for seen in PARSERS[0](feeds(command)["lead.ics"]) if seen[0] == "b_7@p")
        assert (reminder[1], str(reminder[2]), str(reminder[3])) == (
            "7 days left: Việc B [b]", "2021-12-24", "2021-12-24",
        )  # fmt: skip


def test_an_agency_that_is_renamed_keeps_its_subscribers(cli: Cli) -> None:
    """The address of the old id gives the new feed, to the byte; its events are the same ones."""
    cli("publish", "site", "--as-of", "2021-09-01")
    before = numbers(feeds()["two.ics"])
    renamed = PLAN.replace("two = {", 'three = { formerly = ["two"],').replace('"two"\n', '"three"\n')
    edit(Path(), renamed.replace('["two"]\ndue', '["three"]\ndue'))
    ran = cli("publish", "site", "--as-of", "2021-09-02")

    assert "3 feeds" in ran.out
    assert feeds()["three.ics"] == feeds()["two.ics"]
    assert numbers(feeds()["three.ics"]) == before


def test_every_address_that_an_agency_had_goes_on(cli: Cli) -> None:
    """Renamed, then taken out of the plan: both files tell; an earlier id that is struck out loses nothing either."""
    plan = PLAN.replace("two = {", 'two = { formerly = ["hai"],')
    edit(Path(), plan)
    cli("publish", "site", "--as-of", "2021-09-01")
    edit(Path(), PLAN.replace("Việc A", "Việc Á"))
    cli("publish", "site", "--as-of", "2021-09-02")
    assert list(feeds()) == ["all.ics", "hai.ics", "lead.ics", "two.ics"]
    assert numbers(feeds()["two.ics"])["a@p"][0] == "1"
    cli("publish", "site", "--as-of", "2021-09-02")
    assert numbers(feeds()["two.ics"])["a@p"][0] == "1"
    edit(Path(), plan)
    cli("publish", "site", "--as-of", "2021-09-02")
    assert numbers(feeds()["two.ics"])["a@p"][0] == "2"
    assert feeds()["two.ics"] == feeds()["hai.ics"]

    edit(Path(), PLAN.replace('recipient = "two"\n', "").replace('support = ["two"]\n', "").replace("two =", "new ="))
    cli("publish", "site", "--as-of", "2021-09-03")
    assert "WITHDRAWN – Việc A [a]" in feeds()["two.ics"].decode()
    assert feeds()["two.ics"] == feeds()["hai.ics"]


def test_an_agency_without_anything_left_keeps_a_calendar(cli: Cli) -> None:
    """Its part was given to another: it is told so for four weeks, then that it has nothing; a client never fails."""
    cli("publish", "site", "--as-of", "2021-09-01")
    edit(Path(), PLAN.replace('recipient = "two"\n', "").replace('support = ["two"]\n', "").replace("two =", "new ="))
    cli("publish", "site", "--as-of", "2021-09-02")
    told = feeds()["two.ics"].decode()

    assert "SUMMARY:WITHDRAWN – Việc A [a]\r\n" in told
    assert "STATUS:CANCELLED\r\n" in told
    assert "NAME:Ban – Kế hoạch\r\n" in told
    cli("publish", "site", "--as-of", "2021-09-30")
    assert "WITHDRAWN" in feeds()["two.ics"].decode()
    cli("publish", "site", "--as-of", "2021-10-01")
    (notice,) = PARSERS[0](feeds()["two.ics"])
    assert notice[:2] == ("_nothing.two@p", "No task with a deadline: Kế hoạch")


def test_the_real_plan_is_published_and_followed(cli: Cli) -> None:
    """From its first day to the last, week by week, for everyone who subscribed."""
    subscribers = Subscribers()
    for day in ("2021-08-23", "2021-09-30", "2021-10-01", "2021-10-04", "2021-11-16", "2022-04-18", "2022-06-01"):
        assert cli("publish", "site", "-p", str(ROOT / NGHEAN), "--as-of", day).code == 0
        subscribers.get(feeds())
        assert len(feeds()) == 48
    record = json.loads(contents()["feeds.json"])
    assert len(record["feeds"]) == 48


def test_a_person_is_shown_how_far_a_long_work_has_come(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """At a terminal and with many events only; the bar goes to standard error."""
    monkeypatch.setattr(publication, "MANY_EVENTS", 5)
    assert cli("publish", "one", "--as-of", "2021-09-01").err == ""

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    for command in ("publish", "export"):
        capsys.readouterr()
        ran = cli(command, command, "--as-of", "2021-09-01")
        assert "100%" in ran.err
        assert "%" not in ran.out
    monkeypatch.setattr(publication, "MANY_EVENTS", 6)
    assert cli("publish", "two", "--as-of", "2021-09-01").err == ""


@posix
def test_two_do_not_publish_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is alone in a folder has its lock, and sweeps up what one who was killed has left."""
    from fcntl import LOCK_EX, LOCK_NB, flock  # noqa: PLC0415 - POSIX only

    left = tmp_path / "site" / "sub" / ".cdsplan-0123456789abcdef.new"
    left.parent.mkdir(parents=True)
    left.touch()
    other = os.open(tmp_path / "site", os.O_RDONLY)
    try:
        with alone_in(tmp_path / "site"):
            assert not left.exists()
            with pytest.raises(BlockingIOError):
                flock(other, LOCK_EX | LOCK_NB)
        flock(other, LOCK_EX | LOCK_NB)
        monkeypatch.setattr(files, "DIRECTORY", None)  # as on Windows, where folders have no locks
        with alone_in(tmp_path / "site"):
            pass
    finally:
        os.close(other)


KILLED = """
import os, signal, sys
from cdsplan.cli.main import run

at, *command = sys.argv[1:]
left = int(at)

def dying(call):
    def called(*arguments, **named):
        global left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*arguments, **named)
    return called

for name in ("open", "fsync", "replace", "unlink"):
    setattr(os, name, dying(getattr(os, name)))
sys.exit(run(command))
"""


@posix
def test_whoever_is_killed_leaves_every_feed_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At any step: each file is the old or the new one, and the next publishing goes on from what was seen."""
    monkeypatch.chdir(tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    def publish(at: int) -> int:
        """Publish until the step with this number."""
        command = ["publish", "site", "-p", "plan.toml", "--as-of", "2021-10-05"]
        return subprocess.run(
            [sys.executable, "-c", KILLED, str(at), *command], env=environment, check=False, capture_output=True
        ).returncode

    subscribers = Subscribers()
    killed, at = 0, 1
    while True:
        edit(tmp_path, PLAN.replace("Việc", f"Việc {at}"))
        code = publish(at)
        if Path("site").exists():
            subscribers.get(feeds(), exact=False)  # a kill may fall between the record and the feeds
        edit(tmp_path, PLAN.replace("Việc", f"Việc {at} nữa"))
        assert run(["publish", "site", "-p", "plan.toml", "--as-of", "2021-10-05"]) == 0
        subscribers.get(feeds(), exact=False)
        assert not [name for name in contents() if name.startswith(".")]
        if code == 0:
            break
        assert code == -9
        killed, at = killed + 1, at + 1
    assert killed > 15  # five files: each is opened, synchronised, named


@posix
def test_readers_never_see_half_a_feed() -> None:
    """Programs are killed at random moments while one reads on and on; `bench/killed.py` does so for longer."""
    ran = subprocess.run(
        [sys.executable, ROOT / "bench" / "killed.py", "--rounds", "6", "--tasks", "60"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
        capture_output=True,
        encoding="utf-8",
    )

    assert (ran.returncode, ran.stderr) == (0, "")
    assert " reads, 0 of them wrong\nthen published: exit 0, 0 files left over\n" in ran.stdout
