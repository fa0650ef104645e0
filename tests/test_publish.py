"""`cdsplan publish DIR` as people run it: what follows on what was published."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from invoke import Cli, in_process
from parsers import PARSERS

if TYPE_CHECKING:
    from collections.abc import Iterator

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


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """Run in a folder with the plan."""
    (tmp_path / "plan.toml").write_text(PLAN, "utf-8")
    with in_process(capsys, monkeypatch, tmp_path) as made:
        yield made


def contents() -> dict[str, bytes]:
    """Read every file of the published folder."""
    return {path.name: path.read_bytes() for path in sorted(Path("site").iterdir())}


def numbers(feed: bytes) -> dict[str, tuple[str, str]]:
    """Give SEQUENCE and LAST-MODIFIED of every event."""
    found = re.findall(r"UID:(\S+)\r\nDTSTAMP:(\S+)\r\nLAST-MODIFIED:(\S+)\r\nSEQUENCE:(\d+)", feed.decode())
    assert all(stamp == modified for _, stamp, modified, _ in found)
    return {uid: (sequence, stamp) for uid, stamp, _, sequence in found}


def test_publish_writes_feeds_their_record_and_leave_to_fetch_them(cli: Cli) -> None:
    """The same again touches no file."""
    ran = cli("publish", "site", "--no-pages", "--as-of", "2021-09-01")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "site: 3 feeds with 5 events, as of 1 Sep 2021; files written: 5, unchanged: 0\n"
    assert list(contents()) == ["all.ics", "feeds.json", "lead.ics", "robots.txt", "two.ics"]
    assert contents()["robots.txt"] == b"User-agent: *\nAllow: /\n"
    assert [len(parse(contents()["lead.ics"])) for parse in PARSERS] == [2, 2, 2]

    ran = cli("publish", "site", "--no-pages", "--as-of", "2021-09-01", "--format", "json")
    said = json.loads(ran.out)
    assert {key: said[key] for key in ("feeds", "events", "changed", "unchanged")} == {
        "feeds": 3, "events": 5, "changed": 0, "unchanged": 5,
    }  # fmt: skip


def test_an_edit_that_nobody_dated_is_followed(cli: Cli) -> None:
    """The deadline moves without `revised`: its event is one newer, the other is the same."""
    cli("publish", "site", "--as-of", "2021-09-01")
    before = contents()
    Path("plan.toml").write_text(PLAN.replace("2021-09-30", "2021-10-15"), "utf-8")
    cli("publish", "site", "--as-of", "2021-09-01")
    after = contents()

    assert numbers(before["lead.ics"]) == {"a@p": ("0", "20210822T170000Z"), "b@p": ("0", "20210822T170000Z")}
    assert numbers(after["lead.ics"]) == {"a@p": ("1", "20210822T170001Z"), "b@p": ("0", "20210822T170000Z")}
