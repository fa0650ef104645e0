"""Real calendars subscribe: vdirsyncer and khal over HTTP, from our server and from nginx; libical reads every feed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from invoke import NGHEAN, ROOT, Cli, in_process
from parsers import ICAL_JS, PARSERS, Seen, with_ical_js, with_libical
from servers import Reply, fetch, nginx, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DAY = "2021-10-05"

TRAINING = """
[tasks.tap-huan]
title = "Tập huấn kỹ năng số"
owner = "so-tttt"
due = 2021-12-10
"""

PLAN = (ROOT / NGHEAN).read_text("utf-8") + TRAINING
MOVED = ("hoàn thành trước ngày 15/11/2021", "hoàn thành trước ngày 22/11/2021")


def edited(*changes: tuple[str, str]) -> str:
    """Change the plan: words for other words."""
    text = PLAN
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return text


class Subscriber:
    """A calendar kept by vdirsyncer and shown by khal, as their manuals have it."""

    def __init__(self, folder: Path, address: str) -> None:
        folder.mkdir()
        self.folder = folder
        (folder / "vdirsyncer.conf").write_text(
            f"""\
[general]
status_path = "{folder}/status"
[pair lich]
a = "server"
b = "here"
collections = null
conflict_resolution = "a wins"
partial_sync = "ignore"
[storage server]
type = "http"
url = "{address}"
[storage here]
type = "filesystem"
path = "{folder}/calendar"
fileext = ".ics"
""",
            "utf-8",
        )
        (folder / "khal.conf").write_text(
            f"""\
[calendars]
[[lich]]
path = {folder}/calendar
type = calendar
[locale]
local_timezone = Asia/Ho_Chi_Minh
default_timezone = Asia/Ho_Chi_Minh
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
timeformat = %H:%M
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {folder}/khal.db
""",
            "utf-8",
        )
        self._run("vdirsyncer", "-c", f"{folder}/vdirsyncer.conf", "discover", given="y\n" * 9)

    def sync(self) -> set[tuple[str, str, str]]:
        """Fetch the feed; give what khal shows: title, first and last day."""
        self._run("vdirsyncer", "-c", f"{self.folder}/vdirsyncer.conf", "sync")
        shown = self._run(
            "khal", "-c", f"{self.folder}/khal.conf", "list", "--once", "--day-format", "",
            "--format", "{title}\t{start-date}\t{end-date}", "2021-08-01", "700d",
        )  # fmt: skip
        lines = [line for line in shown.splitlines() if line]
        found = [line.split("\t") for line in lines]
        assert len(found) == len(lines)
        return {(title, first, last) for title, first, last in found}

    def _run(self, program: str, *arguments: str, given: str = "") -> str:
        path = Path(sys.executable).with_name(program)
        if not path.exists():
            pytest.skip(f"there is no {program}: it is one of the dev dependencies")
        ran = subprocess.run(
            [path, *arguments],
            input=given,
            check=False,
            capture_output=True,
            encoding="utf-8",
            env={**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(self.folder), "COLUMNS": "400"},
            timeout=120,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout


@contextmanager
def our_server(folder: Path, cli: Cli) -> Iterator[tuple[int, Callable[[str], None]]]:
    """Serve a plan; it is published by being saved."""
    del cli
    (folder / "plan.toml").write_text(PLAN, "utf-8")
    with serving(folder, "--as-of", DAY) as server:
        yield server.port, lambda text: _save(folder, text)


@contextmanager
def published(folder: Path, cli: Cli) -> Iterator[tuple[int, Callable[[str], None]]]:
    """Publish a plan into a folder that nginx serves."""

    def publish(text: str) -> None:
        _save(folder, text)
        assert cli("publish", "site", "-p", "plan.toml", "--as-of", DAY).code == 0

    publish(PLAN)
    with nginx(folder / "site", folder) as port:
        yield port, publish


def _save(folder: Path, text: str) -> None:
    (folder / "plan.new").write_text(text, "utf-8")
    (folder / "plan.new").replace(folder / "plan.toml")


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """Run commands in an empty folder."""
    with in_process(capsys, monkeypatch, tmp_path) as made:
        yield made


DRAFT = ("Xây dựng dự thảo Nghị quyết [du-thao-nghi-quyet]", "2021-11-15", "2021-11-15")
PLAN_DRAFT = ("Dự thảo Kế hoạch triển khai NQ [du-thao-ke-hoach]", "2021-11-15", "2021-11-15")
SURVEY = ("QUÁ HẠN – Khảo sát hiện trạng CNTT [khao-sat]", "2021-09-30", "2021-09-30")
TRAINED = ("Tập huấn kỹ năng số [tap-huan]", "2021-12-10", "2021-12-10")
BANNER = ("QUÁ HẠN 01 nhiệm vụ: Khảo sát hiện trạng CNTT", "2021-10-04", "2021-10-08")


@pytest.mark.parametrize("server", [our_server, published])
def test_a_calendar_follows_what_happens_to_the_plan(server: Callable[..., object], cli: Cli, tmp_path: Path) -> None:
    """Vietnamese titles on the right days; a deadline moves, an item is done, another is removed."""
    with server(tmp_path, cli) as (port, publish):  # type: ignore[attr-defined]
        subscriber = Subscriber(tmp_path / "subscriber", f"http://127.0.0.1:{port}/so-tttt.ics")
        first = subscriber.sync()
        assert first == {SURVEY, BANNER, DRAFT, PLAN_DRAFT, TRAINED}
        assert subscriber.sync() == first

        publish(edited(MOVED))
        moved = [(title, "2021-11-22", "2021-11-22") for title, _, _ in (DRAFT, PLAN_DRAFT)]
        assert subscriber.sync() == {SURVEY, BANNER, TRAINED, *moved}

        done = ("[tasks.khao-sat]", "[tasks.khao-sat]\ndone = 2021-09-29")
        publish(edited(MOVED, done))
        finished = (SURVEY[0].replace("QUÁ HẠN", "Hoàn thành"), *SURVEY[1:])
        assert subscriber.sync() == {finished, TRAINED, *moved}

        publish(edited(MOVED, done, (TRAINING, "")))
        gone = (f"ĐÃ HỦY – {TRAINED[0]}", *TRAINED[1:])
        assert subscriber.sync() == {finished, gone, *moved}


@pytest.mark.parametrize("server", [our_server, published])
def test_a_calendar_follows_what_is_recorded(server: Callable[..., object], cli: Cli, tmp_path: Path) -> None:
    """A deadline moved by a document, a delivery, its undoing, a cancellation and its end, by the commands."""
    title, first, last = TRAINED
    others = {SURVEY, BANNER, DRAFT, PLAN_DRAFT}
    with server(tmp_path, cli) as (port, publish):  # type: ignore[attr-defined]
        subscriber = Subscriber(tmp_path / "subscriber", f"http://127.0.0.1:{port}/so-tttt.ics")
        assert subscriber.sync() == {*others, (title, first, last)}
        for command, prefix in (
            (("extend", "tap-huan", "--due", "17/12/2021", "--document", "456/UBND"), ""),
            (("done", "tap-huan", "--on", DAY), "Hoàn thành – "),
            (("undo",), ""),
            (("cancel", "tap-huan"), "ĐÃ HỦY – "),
            (("reopen", "tap-huan"), ""),
        ):
            assert cli(*command, "--as-of", DAY).code == 0
            publish(PLAN)
            assert subscriber.sync() == {*others, (f"{prefix}{title}", "2021-12-17", "2021-12-17")}, command


def test_nginx_answers_by_the_rules_for_feeds(cli: Cli, tmp_path: Path) -> None:
    """As docs/publishing.md configures it: types, tags, 304 of either form, compression, methods, silent logs."""
    with published(tmp_path, cli) as (port, publish):

        def get(path: str, method: str = "GET", **headers: str) -> Reply:
            return fetch(port, path, method, **headers)

        feed = get("/so-tttt.ics")
        assert feed.status == 200
        assert feed.headers["content-type"] == "text/calendar; charset=utf-8"
        assert feed.headers["content-disposition"] == "inline; filename=\"so-tttt.ics\"; filename*=UTF-8''so-tttt.ics"
        assert feed.headers["cache-control"] == "no-cache"
        assert "last-modified" in feed.headers
        compressed = get("/so-tttt.ics", accept_encoding="gzip")
        assert compressed.headers["content-encoding"] == "gzip"
        assert "accept-encoding" in compressed.headers["vary"].lower()
        for tag in (feed.headers["etag"], compressed.headers["etag"]):
            for accepted in ("identity", "gzip"):
                held = get("/so-tttt.ics", if_none_match=tag, accept_encoding=accepted)
                assert (held.status, held.body) == (304, b"")
        head = get("/so-tttt.ics", "HEAD")
        assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(len(feed.body)))
        assert {get("/so-tttt.ics", method, if_match='"x"').status for method in ("PUT", "POST", "DELETE")} == {405}
        assert get("/nothing.ics").status == 404
        assert get("/.cdsplan-1.new").status == 404
        for path in ("/", "/so-tttt.html"):
            assert get(path).headers["content-type"] == "text/html; charset=utf-8"
            assert "content-disposition" not in get(path).headers

        publish(edited(MOVED))
        assert get("/so-tttt.ics", if_none_match=feed.headers["etag"]).status == 200

        ran = cli("token", "new", "so-yt", "all", "--keep", "-p", "plan.toml", "--format", "json")
        assert ran.code == 0
        publish(PLAN)
        secrets = [path.name for path in (tmp_path / "site").iterdir() if path.is_dir()]
        assert len(secrets) == 2
        answers = {get(f"/{secret}/{name}").status for secret in secrets for name in ("so-yt.ics", "index.html", "")}
        assert answers == {200, 404}
        assert get(f"/{secrets[0]}x/so-yt.ics").status == 404
        assert get("/so-tttt.ics").status == 404
    logged = (tmp_path / "access.log").read_text("utf-8")
    assert "GET /so-tttt.ics 200" in logged
    assert "/[secret]/so-yt.ics 200" in logged
    assert not any(secret in logged + (tmp_path / "error.log").read_text("utf-8") for secret in secrets)


def test_five_parsers_read_every_feed_of_the_real_plan_to_the_same_events(cli: Cli, tmp_path: Path) -> None:
    """Libical, ical.js, icalendar, vobject and ics: the same titles on the same days, in all 48 feeds."""
    shutil.copy(ROOT / NGHEAN, tmp_path / "plan.toml")
    assert cli("publish", "site", "--as-of", DAY, "--no-pages").code == 0
    files = sorted((tmp_path / "site").glob("*.ics"))
    assert len(files) == 48

    expected = [sorted(PARSERS[0](path.read_bytes())) for path in files]

    assert sum(map(len, expected)) == 98
    for parse in PARSERS[1:]:
        assert [sorted(parse(path.read_bytes())) for path in files] == expected
    others: list[list[list[Seen]]] = [with_libical(files)]
    if (ICAL_JS / "node_modules" / "ical.js").is_dir():
        others.append(with_ical_js(files))
    for found in others:
        assert [sorted(events) for events in found] == expected
