"""`cdsplan serve` as a process, and the application in another server's hands."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo
from threading import Thread
from typing import TYPE_CHECKING, Any
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import icalendar
import pytest
from invoke import Cli, in_process
from servers import PATIENCE, Served, fetch, free_port, serving
from test_publish import numbers
from test_publish_site import PLAN

from cdsplan import serve
from cdsplan.cli.frame import Run
from cdsplan.cli.serve import command
from cdsplan.cli.serving import Serving
from cdsplan.problems import PlanError
from cdsplan.web.server import _connections

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")

DAY = ("--as-of", "2021-10-05", "--lang", "en")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with a plan."""
    (tmp_path / "plan.toml").write_text(PLAN, "utf-8")
    return tmp_path


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[Cli]:
    """Run commands in that folder."""
    for name in ("CDSPLAN_BASE_URL", "CDSPLAN_TOKENS", "CDSPLAN_STATE"):
        monkeypatch.delenv(name, raising=False)
    with in_process(capsys, monkeypatch, folder) as made:
        yield made


def edit(folder: Path, text: str) -> None:
    """Save the plan as an editor does: another file takes its name."""
    beside = folder / "plan.new"
    beside.write_text(text, "utf-8")
    beside.replace(folder / "plan.toml")


def day_of(served: Served, uid: str) -> str:
    """Give the day of an event that is served."""
    return start_of(fetch(served.port, "/lead.ics").body, uid)


def start_of(feed: bytes, uid: str) -> str:
    """Give the day of an event of a feed."""
    calendar = icalendar.Calendar.from_ical(feed)
    (event,) = (event for event in calendar.walk("VEVENT") if event["uid"] == uid)
    return str(event.decoded("dtstart"))


def test_feeds_and_pages_are_served_with_links_to_where_they_are(folder: Path) -> None:
    """Over a real connection; the page's links lead to what is served, and the policy is also a header."""
    with serving(folder, *DAY) as served:
        feed = fetch(served.port, "/lead.ics", accept_encoding="gzip")
        page = fetch(served.port, "/lead.html")

        assert (feed.status, feed.headers["content-encoding"]) == (200, "gzip")
        assert feed.headers["content-type"] == "text/calendar; charset=utf-8"
        assert f"http://127.0.0.1:{served.port}/lead.ics".encode() in page.body
        assert page.headers["content-security-policy"].endswith("frame-ancestors 'none'")
        assert fetch(served.port, "/").body == fetch(served.port, "/index.html").body
        held = fetch(served.port, "/lead.ics", accept_encoding="gzip", if_none_match=feed.headers["etag"])
        assert (held.status, held.body) == (304, b"")
        head = fetch(served.port, "/lead.ics", "HEAD")
        assert (head.status, head.body, int(head.headers["content-length"])) == (
            200, b"", len(fetch(served.port, "/lead.ics").body),
        )  # fmt: skip
        assert fetch(served.port, "/lead.ics", "PUT", if_match='"x"').status == 405
        assert fetch(served.port, "/nothing.ics").status == 404
        assert served.stop() == 0
    assert "GET /lead.ics 200" in served.log
    assert "nothing.ics" not in served.log


def test_an_edit_is_served_at_once_and_newer(folder: Path) -> None:
    """Also an item that is recorded elsewhere beside: SEQUENCE goes on, also after a restart."""
    with serving(folder, *DAY) as served:
        assert day_of(served, "b@p") == "2021-12-31"
        edit(folder, PLAN.replace("2021-12-31", "2021-12-30"))
        assert day_of(served, "b@p") == "2021-12-30"
        assert numbers(fetch(served.port, "/lead.ics").body)["b@p"][0] == "1"
        served.stop()
    edit(folder, PLAN.replace("2021-12-31", "2021-12-29"))
    with serving(folder, *DAY) as served:
        assert day_of(served, "b@p") == "2021-12-29"
        assert numbers(fetch(served.port, "/lead.ics").body)["b@p"][0] == "2"


def test_what_is_recorded_is_served_at_once(cli: Cli, folder: Path) -> None:
    """A journal that appears beside the plan, and grows; the event is newer each time."""
    with serving(folder, *DAY) as served:
        assert b"Done" not in fetch(served.port, "/lead.ics").body
        assert cli("done", "b", "--on", "2021-10-04").code == 0
        assert "Done – Việc B [b]".encode() in fetch(served.port, "/lead.ics").body
        first = numbers(fetch(served.port, "/lead.ics").body)["b@p"]
        assert cli("reopen", "b", "--on", "2021-10-05").code == 0
        assert b"Done" not in fetch(served.port, "/lead.ics").body
        assert int(numbers(fetch(served.port, "/lead.ics").body)["b@p"][0]) > int(first[0])
        assert b"done on time" not in fetch(served.port, "/lead.html").body


def test_no_line_of_the_log_is_a_command_of_a_pipeline(folder: Path) -> None:
    """A job that serves for a while writes the frames of a plan that broke meanwhile; their words are defused."""
    with serving(folder, *DAY) as served:
        edit(folder, PLAN + 'x = "##vso[task.complete]"\n')
        fetch(served.port, "/")
        served.wait_for("x = ")
        served.stop()
    assert "# #vso[task.complete]" in served.log
    assert "##" not in served.log


def test_a_plan_that_is_a_link_is_followed_with_its_journal(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a ConfigMap is mounted: the plan's bytes stay the same, and only the journal beside them is another."""
    monkeypatch.setenv("CDSPLAN_STATE", str(folder / "state"))
    monkeypatch.setenv("CDSPLAN_AS_OF", "2021-10-05")
    for day in (1, 2, 3):
        release = folder / f"release-{day}"
        release.mkdir()
        (release / "plan.toml").write_text(PLAN, "utf-8")
        extended = ("b", "--due", f"2022-01-0{day}", "--on", "2021-10-01", "--document", "1/CV")
        assert cli("extend", *extended, "-p", f"{release.name}/plan.toml").code == 0
    (folder / "plan.toml").unlink()
    (folder / "plan.toml").symlink_to("data/plan.toml")
    served = []
    application = None
    for day in (1, 2, 3):
        (folder / "new").symlink_to(f"release-{day}")
        (folder / "new").replace(folder / "data")
        application = application or serve.application()
        served.append(start_of(ask(application, "/lead.ics")[2], "b@p"))

    assert served == ["2022-01-01", "2022-01-02", "2022-01-03"]


def test_a_broken_plan_leaves_the_last_good_feeds_and_says_so(folder: Path) -> None:
    """In the log with its place, and in /healthz; also after a restart, then pages are missing, which no 404 says."""
    with serving(folder, *DAY) as served:
        good = fetch(served.port, "/lead.ics")
        edit(folder, PLAN + "x = \n")
        for _ in range(3):
            assert fetch(served.port, "/lead.ics").body == good.body
        assert json.loads(fetch(served.port, "/healthz").body)["status"] == "stale"
        assert served.log.count("plan.toml:19:1: error CDS102") == 1
        served.stop()
    with serving(folder, *DAY) as served:
        assert fetch(served.port, "/lead.ics").body == good.body
        for path in ("/", "/lead.html", "/two.html"):
            missing = fetch(served.port, path)
            assert (missing.status, missing.headers["retry-after"]) == (503, "60")
            assert missing.headers["content-type"] == "text/plain; charset=utf-8"
            assert missing.body.startswith(b"The plan cannot be read at present, so there is no page. The calendars")
        assert (fetch(served.port, "/", "HEAD").status, fetch(served.port, "/", "POST").status) == (503, 405)
        assert fetch(served.port, "/nothing.html").status == 404
        health = json.loads(fetch(served.port, "/healthz").body)
        assert (health["status"], health["problems"], health["pages"]) == ("stale", 1, False)
        edit(folder, PLAN)
        assert fetch(served.port, "/lead.html").status == 200
        health = json.loads(fetch(served.port, "/healthz").body)
        assert (health["status"], health["problems"], health["pages"]) == ("ok", 0, True)
        assert "what is served is current again" in served.log
    assert "GET /two.html 503" in served.log


def test_a_plan_that_never_was_good_is_an_error_at_the_start(cli: Cli, folder: Path) -> None:
    """Exit 2 with its problems: nothing is served rather than something empty."""
    edit(folder, PLAN + "x = \n")

    ran = cli("serve", "--port", "0", "--state", "state", *DAY)

    assert ran.code == 2
    assert "plan.toml:19:1: error CDS102" in ran.err


def test_secret_addresses_are_followed_while_serving_and_logged_nowhere(cli: Cli, folder: Path) -> None:
    """A token that is rotated ends with the next request; neither it nor a wrong one is in the log or in the state."""
    before = json.loads(cli("token", "new", "--every", "--format", "json").out)["tokens"]
    old = {entry["calendar"]: entry["page"].rstrip("/") for entry in before}
    with serving(folder, *DAY) as served:
        assert fetch(served.port, f"/{old['lead']}/lead.ics").status == 200
        page = fetch(served.port, f"/{old['lead']}/")
        assert f"http://127.0.0.1:{served.port}/{old['lead']}/lead.ics".encode() in page.body
        root = fetch(served.port, "/")
        assert root.status == 200
        assert not any(secret.encode() in root.body for secret in old.values())
        assert fetch(served.port, "/lead.ics").status == 404
        (rotated,) = json.loads(cli("token", "rotate", "lead", "--format", "json").out)["tokens"]
        assert fetch(served.port, f"/{old['lead']}/lead.ics").status == 404
        assert fetch(served.port, f"/{rotated['feed']}").status == 200
        assert fetch(served.port, f"/{rotated['page']}").body.count(old["lead"].encode()) == 0
        served.stop()
    written = served.log + "".join(path.read_text("utf-8") for path in (folder / "state").iterdir())
    for secret in (*old.values(), rotated["page"].rstrip("/")):
        assert secret not in written
        assert secret not in (folder / "plan.tokens.json").read_text("utf-8")
    assert "/[secret]/lead.ics 200" in served.log
    assert stat.S_IMODE((folder / "state").stat().st_mode) == 0o700


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_stop_lets_an_answer_finish(folder: Path, number: signal.Signals, code: int) -> None:
    """A reader who takes its time gets all bytes; idle connections do not hold the stop up; nobody new is let in."""
    many = "".join(
        f'[tasks.t{n}]\ntitle = "{"Việc dài " * 20}"\nowner = "lead"\ndue = 2021-12-01\n' for n in range(5000)
    )
    (folder / "plan.toml").write_text(PLAN + many, "utf-8")
    with serving(folder, *DAY) as served:
        whole = fetch(served.port, "/lead.ics")
        assert len(whole.body) > 2_000_000
        idle = socket.create_connection(("127.0.0.1", served.port))
        with socket.socket() as slow:
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            slow.connect(("127.0.0.1", served.port))
            slow.sendall(b"GET /lead.ics HTTP/1.1\r\nHost: x\r\n\r\n")
            received = slow.recv(1000)
            served.process.send_signal(number)
            while b"\r\n\r\n" not in received or len(received.partition(b"\r\n\r\n")[2]) < len(whole.body):
                more = slow.recv(1 << 16)
                assert more
                received += more
        assert received.partition(b"\r\n\r\n")[2] == whole.body
        assert served.process.wait(PATIENCE) == code
        idle.close()
        with pytest.raises(OSError):  # noqa: PT011 - which one is the system's choice
            fetch(served.port, "/lead.ics")
    assert served.log.endswith("stopped\n")


def test_slow_and_idle_clients_stop_nobody(folder: Path) -> None:
    """More of them than there are threads: half a request, a letter at a time, an answer that nobody reads."""
    with serving(folder, *DAY) as served:
        others = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(60)]
        for at, other in enumerate(others):
            other.sendall((b"GET /all.ics HTTP/1.1\r\nHo", b"G", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 50)[at % 3])
        for _ in range(5):
            assert fetch(served.port, "/lead.ics").status == 200
            others[1].sendall(b"E")
        for other in others:
            other.close()
        assert served.stop() == 0


def test_a_large_body_is_refused(folder: Path) -> None:
    """Nothing that is served takes one: it is neither kept nor waited for."""
    with serving(folder, *DAY) as served, socket.create_connection(("127.0.0.1", served.port)) as client:
        client.sendall(b"PUT /lead.ics HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n" + b"x" * 100_000)
        assert client.recv(100).startswith(b"HTTP/1.1 413 ")


def test_without_an_access_log_nothing_of_requests_is_written(folder: Path) -> None:
    """The rest is."""
    with serving(folder, "--no-access-log", *DAY) as served:
        fetch(served.port, "/lead.ics")
        served.stop()
    assert "GET" not in served.log
    assert "stopped" in served.log


def test_it_serves_todays_state_and_says_where_its_own_is_kept(folder: Path) -> None:
    """Without --as-of the clock gives the day: the deadline of 2021 has long been overdue."""
    with serving(folder, "--lang", "en") as served:
        assert b"OVERDUE" in fetch(served.port, "/lead.ics").body
        assert "state kept in state" in served.log


def test_a_port_that_is_taken_is_a_usage_error(cli: Cli) -> None:
    """It names the address."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ran = cli("serve", "--port", port, *DAY)

    assert ran.code == 2
    assert f"127.0.0.1:{port} cannot be listened on" in ran.err


@pytest.mark.parametrize("name", ["-o", "--format", "--color"])
def test_serve_offers_nothing_that_does_nothing(cli: Cli, name: str) -> None:
    """It writes no answer, so there is nothing to say about how."""
    ran = cli("serve", name, "plain")

    assert ran.code == 2
    assert f"No such option '{name}'" in ran.err or f"No such option: {name}" in ran.err


def test_a_plan_from_standard_input_cannot_be_served(cli: Cli) -> None:
    """It could not be read again."""
    ran = cli("serve", "-p", "-", "--port", "0", *DAY)

    assert ran.code == 2
    assert "a plan from standard input cannot be read again: name a file" in ran.err


def test_a_state_folder_that_cannot_be_made_is_named(cli: Cli) -> None:
    """A file is in its place."""
    ran = cli("serve", "--port", "0", "--state", "plan.toml/state", *DAY)

    assert ran.code == 2
    assert "plan.toml/state: cannot be written" in ran.err


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_the_command_serves_until_a_signal(cli: Cli, number: signal.Signals, code: int) -> None:
    """In this process; afterwards signals do what they did before. Links go to where it was said to be found."""
    port, before, seen = free_port(), signal.getsignal(number), list[bool]()

    def visit() -> None:
        while not seen:
            with suppress(OSError):
                seen.append(b"https://lich.example.vn/lead.ics" in fetch(port, "/lead.html").body)
        os.kill(os.getpid(), number)

    visitor = Thread(target=visit)
    visitor.start()
    ran = cli("serve", "--port", str(port), "--state", "state", "--base-url", "https://lich.example.vn", *DAY)
    visitor.join()

    assert (ran.code, seen) == (code, [True])
    assert ran.err.endswith("stopped\n")
    assert signal.getsignal(number) is before


@pytest.mark.parametrize(
    ("soft", "hard", "connections", "raised"),
    [
        (1024, 4096, 4096 - 64, [(4096, 4096)]),
        (1024, 1 << 20, 65_536 - 64, [(65_536, 1 << 20)]),
        (1024, -1, 65_536 - 64, [(65_536, -1)]),
        (-1, -1, 65_536 - 64, []),
        (128, 128, 100, []),
    ],
)
def test_it_takes_as_many_connections_as_the_system_allows(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, connections: int, raised: list[tuple[int, int]]
) -> None:
    """The limit of descriptors is raised as far as that goes; some are left for files."""
    given: list[tuple[int, int]] = []
    monkeypatch.setattr("resource.getrlimit", lambda _: (soft, hard))
    monkeypatch.setattr("resource.setrlimit", lambda _, limits: given.append(limits))

    assert _connections() == connections
    assert given == raised


def test_where_nothing_is_known_of_limits_it_takes_a_few_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows."""
    monkeypatch.setitem(sys.modules, "resource", None)

    assert _connections() == 100


# ------------------------------------------------------------------------------------------- Under another WSGI server


def ask(application: Any, path: str) -> tuple[str, dict[str, str], bytes]:  # noqa: ANN401 - what PEP 3333 describes
    """Ask an application, with a checker of PEP 3333 between."""
    environ: dict[str, Any] = {"SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": ""}
    setup_testing_defaults(environ)
    said: list[Any] = []
    body = validator(application)(environ, lambda *given: said.extend(given[:2]))  # type: ignore[arg-type]
    try:
        return said[0], dict(said[1]), b"".join(body)
    finally:
        body.close()  # type: ignore[attr-defined]


def test_the_factory_takes_everything_from_the_environment(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As gunicorn "cdsplan.serve:application()" makes it; what it answers keeps PEP 3333."""
    del cli
    monkeypatch.setenv("CDSPLAN_PLAN", str(folder / "plan.toml"))
    monkeypatch.setenv("CDSPLAN_BASE_URL", "https://lich.example.vn")
    monkeypatch.setenv("CDSPLAN_STATE", str(folder / "state"))

    application = serve.application()

    for path, status in (("/lead.ics", "200"), ("/lead.html", "200"), ("/healthz", "200"), ("/x", "404")):
        assert ask(application, path)[0].startswith(status)
    assert b"https://lich.example.vn/lead.ics" in ask(application, "/lead.html")[2]
    assert (folder / "state" / "feeds.json").is_file()


def test_the_factory_raises_where_there_is_nothing_to_serve(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that the server does not start."""
    del cli
    edit(folder, "x")
    monkeypatch.setenv("CDSPLAN_PLAN", str(folder / "plan.toml"))
    monkeypatch.setenv("CDSPLAN_STATE", str(folder / "state"))
    with pytest.raises(PlanError):
        serve.application()


@pytest.mark.parametrize(
    ("environment", "where"),
    [
        ({"STATE_DIRECTORY": "systemd"}, "systemd"),
        ({"XDG_STATE_HOME": "xdg"}, "xdg/cdsplan"),
        ({"HOME": "home"}, "home/.local/state/cdsplan"),
    ],
)
def test_state_is_kept_where_the_system_says(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], where: str
) -> None:
    """One folder for each plan file."""
    del cli
    for name in ("STATE_DIRECTORY", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, str(folder / value))

    serve.application()

    (kept,) = (folder / where).iterdir()
    assert kept.name.startswith("plan-")
    assert sorted(path.name for path in kept.iterdir()) == ["calendars.json", "feeds.json"]


class Clock(datetime):
    """A clock that a test sets; it is read as the real one is, in any time zone."""

    instant = datetime(2021, 10, 1, tzinfo=UTC)

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override] # an instant of the standard class
        """Read it."""
        return cls.instant.astimezone(tz or UTC)


def test_the_day_turns_at_midnight_where_the_plan_is(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not where the server is: behind it, ahead of it, or, after an edit, somewhere else than before."""
    del cli
    monkeypatch.setattr("cdsplan.cli.clock.datetime", Clock)
    monkeypatch.delenv("CDSPLAN_AS_OF", raising=False)
    vietnam = 'timezone = "Asia/Ho_Chi_Minh"'
    for state, (first, then, midnight) in enumerate((
        ("Asia/Ho_Chi_Minh", "Asia/Ho_Chi_Minh", datetime(2021, 9, 30, 17, tzinfo=UTC)),
        ("America/New_York", "America/New_York", datetime(2021, 10, 1, 4, tzinfo=UTC)),
        ("Pacific/Auckland", "America/New_York", datetime(2021, 10, 1, 4, tzinfo=UTC)),
    )):  # fmt: skip
        monkeypatch.setenv("CDSPLAN_STATE", str(folder / f"state-{state}"))
        monkeypatch.setattr(Clock, "instant", midnight - timedelta(hours=2))
        edit(folder, PLAN.replace(vietnam, f'timezone = "{first}"'))
        application = serve.application()
        edit(folder, PLAN.replace(vietnam, f'timezone = "{then}"'))
        if first != then:
            assert b"OVERDUE" not in ask(application, "/lead.ics")[2]

        monkeypatch.setattr(Clock, "instant", midnight)
        assert b"OVERDUE" in ask(application, "/lead.ics")[2], (first, then)


def test_which_plans_are_served_is_settled_at_the_start(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of plans that were found, one that vanishes is an error: it has not ended, nor does one above replace it."""
    del cli
    for name in ("CDSPLAN_PLAN", "CDSPLAN_AS_OF"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CDSPLAN_STATE", str(folder / "state"))
    plans = folder / "below" / "plans"
    plans.mkdir(parents=True)
    (plans / "a.toml").write_text(PLAN, "utf-8")
    (plans / "b.toml").write_text(PLAN.replace('id = "p"', 'id = "q"'), "utf-8")
    monkeypatch.chdir(plans.parent)
    application = serve.application()
    before = ask(application, "/lead.ics")[2]
    assert (b"UID:b@p" in before, b"UID:b@q" in before) == (True, True)

    for name in ("b.toml", "a.toml"):
        (plans / name).unlink()
        assert ask(application, "/lead.ics")[2] == before
        assert json.loads(ask(application, "/healthz")[2])["status"] == "stale"


def test_a_pipe_in_place_of_a_plan_is_an_error(cli: Cli, folder: Path) -> None:
    """Nobody waits for what may never come: while it is served, in a process that would hang, and at the start."""
    with serving(folder, *DAY) as served:
        good = fetch(served.port, "/lead.ics").body
        os.mkfifo(folder / "pipe")
        (folder / "pipe").replace(folder / "plan.toml")
        assert fetch(served.port, "/lead.ics").body == good
        assert json.loads(fetch(served.port, "/healthz").body)["status"] == "stale"
        assert served.stop() == 0
    ran = cli("serve", "-p", "plan.toml", "--port", "0", "--state", "other", *DAY)

    assert ran.code == 2
    assert "plan.toml: this file cannot be read (something that is no file has this name)" in ran.err


def test_a_linked_plan_has_one_state_wherever_the_link_leads(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What changes while the server is down is newer for subscribers, though the plan comes in another release."""
    del cli
    monkeypatch.setenv("STATE_DIRECTORY", str(folder / "systemd"))
    monkeypatch.setenv("CDSPLAN_PLAN", str(folder / "current" / "plan.toml"))
    monkeypatch.setenv("CDSPLAN_AS_OF", "2021-10-05")
    sequences = []
    for day in ("30", "29"):
        release = folder / f"release-{day}"
        release.mkdir()
        (release / "plan.toml").write_text(PLAN.replace("2021-12-31", f"2021-12-{day}"), "utf-8")
        (folder / "new").symlink_to(release.name)
        (folder / "new").replace(folder / "current")
        sequences.append(numbers(ask(serve.application(), "/lead.ics")[2])["b@p"][0])

    assert sequences == ["0", "1"]


@pytest.mark.parametrize(
    "kept",
    ["", "[]", '{"version": 2}', '{"version": 1, "calendars": {"a": {"files": ["../x"], "content": ""}}}',
     '{"version": 1, "calendars": {"a": {"files": [], "content": ""}}}'],
)  # fmt: skip
def test_calendars_that_nobody_kept_so_are_not_served(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch, kept: str
) -> None:
    """A state that something else wrote is as good as none."""
    del cli
    edit(folder, "x")
    (folder / "state").mkdir()
    (folder / "state" / "calendars.json").write_text(kept, "utf-8")
    monkeypatch.setenv("CDSPLAN_STATE", str(folder / "state"))
    with pytest.raises(PlanError):
        serve.application()


def test_calendars_that_were_kept_go_on_while_the_plan_is_broken(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """After a restart; the reason is logged, and the next good plan takes over."""
    del cli
    monkeypatch.setenv("CDSPLAN_STATE", str(folder / "state"))
    before = ask(serve.application(), "/lead.ics")[2]
    edit(folder, PLAN + "x = \n")

    again = serve.application()

    assert ask(again, "/lead.ics")[2] == before
    assert "CDS102" in caplog.text
    edit(folder, PLAN)
    assert ask(again, "/lead.html")[0].startswith("200")


def test_a_defect_is_logged_by_its_kind_and_place(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Not by its words, in which an address may stand; the last good state goes on."""
    del cli
    monkeypatch.setenv("CDSPLAN_STATE", str(folder / "state"))
    application = serve.application()

    secret = "a secret " + "address"

    def fail(*_: object) -> None:
        raise RuntimeError(secret)

    monkeypatch.setattr("cdsplan.cli.serving.follow", fail)
    edit(folder, PLAN.replace("Việc B", "Việc C"))

    assert ask(application, "/lead.ics")[0].startswith("200")
    assert "RuntimeError" in caplog.text
    assert secret not in caplog.text


def test_a_tokens_file_that_vanishes_opens_nothing(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last good state is secret, too."""
    monkeypatch.setenv("CDSPLAN_STATE", str(folder / "state"))
    tokens = json.loads(cli("token", "new", "--every", "--format", "json").out)["tokens"]
    application = serve.application()
    assert ask(application, f"/{tokens[1]['page']}")[0].startswith("200")
    assert b"lead" not in ask(application, "/")[2]
    (folder / "plan.tokens.json").unlink()

    assert ask(application, "/lead.ics")[0].startswith("404")
    assert ask(application, f"/{tokens[1]['feed']}")[0].startswith("200")


def test_a_tokens_file_that_is_missing_at_the_start_opens_nothing(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a restart, too, what was secret is not served to everybody, unless somebody says so."""
    monkeypatch.setenv("CDSPLAN_STATE", str(folder / "state"))
    cli("token", "new", "--every")
    assert statuses(serve.application(), "/lead.ics") == ["404"]
    (folder / "plan.tokens.json").unlink()

    with pytest.raises(PlanError) as caught:
        serve.application()
    assert [problem.code for problem in caught.value.problems] == ["CDS413"]

    with command.make_context("serve", ["--open"]) as context:
        wanted = {name: value for name, value in context.params.items() if name not in serve.OF_THE_COMMAND}
        assert statuses(Serving(Run(wanted), **wanted).application(), "/lead.ics") == ["200"]
    assert statuses(serve.application(), "/lead.ics") == ["200"]


def statuses(application: Any, *paths: str) -> list[str]:  # noqa: ANN401 - as above
    """Ask for several paths; give the number of each answer."""
    return [ask(application, path)[0][:3] for path in paths]


def test_secret_addresses_made_while_serving_end_the_open_ones(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the next request; and what was secret once is not opened by a file that vanishes."""
    monkeypatch.setenv("CDSPLAN_STATE", str(folder / "state"))
    application = serve.application()
    assert statuses(application, "/lead.ics", "/lead.html", "/all.ics") == ["200"] * 3

    made = json.loads(cli("token", "new", "--every", "--format", "json").out)["tokens"]
    secret = [f"/{entry[which]}" for entry in made for which in ("feed", "page")]

    assert statuses(application, "/lead.ics", "/lead.html", "/all.ics") == ["404"] * 3
    assert statuses(application, *secret) == ["200"] * 6
    assert b"lead" not in ask(application, "/")[2]
    edit(folder, PLAN.replace("Việc B", "Việc C"))
    assert statuses(application, "/lead.ics", *secret) == ["404", *["200"] * 6]
    (folder / "plan.tokens.json").unlink()
    assert statuses(application, "/lead.ics", *secret) == ["404", *["200"] * 6]


def test_secret_addresses_count_while_the_plan_is_broken(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Open ones end, secret ones open the last good calendars, and end when they are changed; pages are missing."""
    monkeypatch.setenv("CDSPLAN_STATE", str(folder / "state"))
    elsewhere = ("--tokens", str(folder / "t.json"), "--format", "json")
    entries = json.loads(cli("token", "new", "--every", *elsewhere).out)["tokens"]
    first = {entry["calendar"]: entry["page"] for entry in entries}
    made = (folder / "t.json").read_bytes()
    (again,) = json.loads(cli("token", "rotate", "lead", *elsewhere).out)["tokens"]
    monkeypatch.setenv("CDSPLAN_BASE_URL", "https://lich.example.vn")
    application = serve.application()
    before = ask(application, "/lead.ics")[2]
    edit(folder, PLAN + "x = \n")

    (folder / "plan.tokens.json").write_bytes(made)
    assert statuses(application, "/lead.ics", "/lead.html", "/", f"/{first['lead']}") == ["404", "404", "503", "503"]
    assert ask(application, f"/{first['lead']}lead.ics")[2] == before

    edit(folder, PLAN)
    assert b"/lead.ics" not in ask(application, "/")[2]
    assert first["lead"].encode() in ask(application, f"/{first['lead']}")[2]

    edit(folder, PLAN + "x = \n")
    (folder / "t.json").replace(folder / "plan.tokens.json")
    assert statuses(application, f"/{first['lead']}lead.ics", f"/{first['lead']}", f"/{again['feed']}") == [
        "404", "404", "200",
    ]  # fmt: skip
    page = ask(application, f"/{again['page']}")
    assert page[0].startswith("200")
    assert first["lead"].encode() not in page[2]
    assert again["page"].encode() in page[2]


def test_a_damaged_file_of_secret_addresses_opens_nothing(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Until it is mended; it says that addresses are meant to be secret, and not which."""
    monkeypatch.setenv("CDSPLAN_STATE", str(folder / "state"))
    elsewhere = ("--tokens", str(folder / "t.json"), "--format", "json")
    made = json.loads(cli("token", "new", "--every", *elsewhere).out)["tokens"]
    application = serve.application()
    assert statuses(application, "/lead.ics") == ["200"]

    (folder / "plan.tokens.json").write_text("damaged", "utf-8")
    assert statuses(application, "/lead.ics", "/all.ics", f"/{made[0]['feed']}") == ["404"] * 3
    assert "CDS411" in caplog.text
    (folder / "t.json").replace(folder / "plan.tokens.json")
    assert statuses(application, "/lead.ics", f"/{made[0]['feed']}") == ["404", "200"]
