"""HTTP by the rules for feeds: what a request is answered, and how what is served keeps itself current."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsplan.messages import msg
from cdsplan.pages import Addresses
from cdsplan.problems import PlanError, Problem
from cdsplan.site import Site
from cdsplan.tokens import Token, Tokens, digest_of
from cdsplan.web.answers import accepts_gzip, answer, failure
from cdsplan.web.application import Application
from cdsplan.web.live import RETRY_SECONDS, Live, Seen
from cdsplan.web.resources import Resource, disposition, http_date
from cdsplan.web.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MOMENT = datetime(2026, 11, 3, 7, 5, 9, tzinfo=UTC)
BODY = b"BEGIN:VCALENDAR\r\n" + b"X:Y\r\n" * 200 + b"END:VCALENDAR\r\n"
FEED = Resource(BODY, "text/calendar; charset=utf-8", MOMENT, name="so-yt.ics")
PLAIN, GZIPPED = FEED.tags


def get(method: str = "GET", **headers: str) -> tuple[str, dict[str, str], bytes]:
    """Ask for the feed; underscores in names of headers stand for hyphens."""
    asked = {name.replace("_", "-"): value for name, value in headers.items()}
    status, said, body = answer(method, asked, FEED)
    assert len(dict(said)) == len(said)
    return status, dict(said), body


# ------------------------------------------------------------------------------------------------------------ Answers


def test_a_feed_is_sent_with_all_that_calendars_need() -> None:
    """Type with charset, strong tag, date, name, revalidation, and what it varies by."""
    status, said, body = get()

    assert (status, body) == ("200 OK", BODY)
    assert said == {
        "ETag": PLAIN,
        "Last-Modified": "Tue, 03 Nov 2026 07:05:09 GMT",
        "Cache-Control": "no-cache",
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Content-Disposition": "inline; filename=\"so-yt.ics\"; filename*=UTF-8''so-yt.ics",
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Length": str(len(BODY)),
    }
    assert PLAIN.startswith('"')


def test_gzip_is_the_same_bytes_under_a_tag_of_its_own() -> None:
    """The same every time, as a tag promises."""
    _, said, body = get(accept_encoding="gzip, deflate, br")

    assert gzip.decompress(body) == BODY
    assert (said["ETag"], said["Content-Encoding"], said["Content-Length"]) == (GZIPPED, "gzip", str(len(body)))
    assert said["Vary"] == "Accept-Encoding"
    assert Resource(BODY, "x", MOMENT).compressed == body
    assert GZIPPED != PLAIN


def test_what_is_short_is_not_compressed() -> None:
    """Nor what would not get shorter."""
    assert Resource(b"x" * 100, "x", MOMENT).compressed is None
    assert Resource(os.urandom(600), "x", MOMENT).compressed is None


@pytest.mark.parametrize("accepted", ["identity", "gzip"])
@pytest.mark.parametrize(
    "held", [PLAIN, GZIPPED, f"W/{GZIPPED}", f'"other", {PLAIN}', f"W/{PLAIN} ,\t{GZIPPED}", "*", " * "]
)
def test_who_has_the_bytes_is_told_so(held: str, accepted: str) -> None:
    """By the tag of either form, also made weak by a proxy, whichever form would be sent now."""
    for method in ("GET", "HEAD"):
        status, said, body = get(method, if_none_match=held, accept_encoding=accepted)

        assert (status, body) == ("304 Not Modified", b"")
        assert said["ETag"] in {PLAIN, GZIPPED}
        assert "Content-Length" not in said
        assert said["Cache-Control"] == "no-cache"
        assert said["Vary"] == "Accept-Encoding"


def test_a_304_repeats_the_tag_of_the_form_that_is_held() -> None:
    """A cache would else put the tag of one form on the bytes of the other."""
    assert get(if_none_match=PLAIN, accept_encoding="gzip")[1]["ETag"] == PLAIN
    assert get(if_none_match=GZIPPED)[1]["ETag"] == GZIPPED


@pytest.mark.parametrize("held", ['"other"', PLAIN.strip('"'), f'"{FEED.digest}-br"', "", '"', f"X/{PLAIN}"])
def test_who_has_other_bytes_is_sent_these(held: str) -> None:
    """Tags compare whole, and a tag wins over a date."""
    assert get(if_none_match=held, if_modified_since=FEED.last_modified)[0] == "200 OK"


def test_a_date_counts_where_no_tag_is_sent() -> None:
    """Only the very date that was told: a clock that is wrong must hide no change."""
    assert get(if_modified_since="Tue, 03 Nov 2026 07:05:09 GMT")[0] == "304 Not Modified"
    assert get(if_modified_since="Wed, 04 Nov 2026 07:05:09 GMT")[0] == "200 OK"
    assert get(if_modified_since="rubbish")[0] == "200 OK"


def test_head_says_what_get_says_and_sends_nothing() -> None:
    """In both forms."""
    for accepted in ("identity", "gzip"):
        assert get("HEAD", accept_encoding=accepted)[:2] == get("GET", accept_encoding=accepted)[:2]
        assert get("HEAD", accept_encoding=accepted)[2] == b""


@pytest.mark.parametrize("headers", [{"if_match": '"x"'}, {"if_unmodified_since": "x"}, {"range": "bytes=0-3"}])
def test_preconditions_of_writers_and_ranges_are_not_looked_at(headers: dict[str, str]) -> None:
    """Never 412, never 206: the whole."""
    assert get(**headers)[0] == "200 OK"
    assert get(**headers)[2] == BODY


@pytest.mark.parametrize(
    ("accepted", "does"),
    [
        ("", False),
        ("gzip", True),
        ("GZIP", True),
        ("x-gzip", True),
        ("br, gzip;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip;Q=0", False),
        ("gzip;q=2", False),
        ("gzip;level=9", False),
        ("gzip; q=0.000, *", False),
        ("*", True),
        ("*;q=0", False),
        ("br", False),
        ("identity;q=1, gzip ; q=1.0", True),
        ("gzipped", False),
        (";;,,=q", False),
    ],
)
def test_compression_is_sent_to_those_who_take_it(accepted: str, *, does: bool) -> None:
    """By RFC 9110: names in any case, weights, and the star."""
    assert accepts_gzip(accepted) is does


def test_a_long_header_is_read_in_one_go() -> None:
    """One that a client made long holds up nobody: in a process of its own, which is ended if it takes for ever."""
    read = "from cdsplan.web.answers import accepts_gzip as a; n = 300_000; print("
    read += "a('a' * n + ';'), a('a ' * n + ', gzip'), a(' ' * n + 'gzip' + ' ' * n + ';q' + ' ' * n), a(',;' * n))"

    ran = subprocess.run([sys.executable, "-c", read], capture_output=True, check=True, timeout=60, text=True)

    assert ran.stdout.split() == ["False", "True", "False", "False"]


@given(st.text("gzip*;q=01., \tx", max_size=40))
def test_no_header_is_too_odd(text: str) -> None:
    """Whatever a client sends, it is an answer."""
    assert isinstance(accepts_gzip(text), bool)
    assert get(accept_encoding=text, if_none_match=text, if_modified_since=text)[0] in {"200 OK", "304 Not Modified"}


def test_names_outside_ascii_are_given_twice() -> None:
    """As RFC 6266 has it; quotes cannot end the value early."""
    assert disposition('Sở "Y".ics') == "inline; filename=\"S_ _Y_.ics\"; filename*=UTF-8''S%E1%BB%9F%20%22Y%22.ics"


def test_http_dates_are_english_in_every_locale() -> None:
    """Sunday 1 March 2026; a day below ten has a nought."""
    assert http_date(datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC)) == "Sun, 01 Mar 2026 23:59:59 GMT"


def test_a_failure_is_short_plain_text_that_nobody_keeps() -> None:
    """HEAD gets its headers only."""
    got = failure("GET", "404 Not Found", "Không có gì.")
    assert got.body == "Không có gì.\n".encode()
    assert dict(got.headers)["Content-Type"] == "text/plain; charset=utf-8"
    assert dict(got.headers)["Cache-Control"] == "no-store"
    assert failure("HEAD", "404 Not Found", "Không có gì.") == got._replace(body=b"")


# -------------------------------------------------------------------------------------------------------- Application

SECRETS = {key: letter * 32 for key, letter in (("all", "a"), ("so-yt", "b"))}
TOKENS = Tokens({key: Token(digest_of(secret), date(2026, 1, 1)) for key, secret in SECRETS.items()})


def site(*, secret: bool = False, content: bytes = BODY) -> Site:
    """Make a site of two calendars without pages; so-yt was once called so-y."""
    names = {"all": ("all.ics",), "so-yt": ("so-yt.ics", "so-y.ics")}
    return Site(names, {"all": content, "so-yt": content}, Addresses(secret=secret))


class Client:
    """Asks an application as a WSGI server does, and keeps its log."""

    def __init__(self, tmp_path: Path, shelf: Callable[[], Shelf]) -> None:
        self.log: list[str] = []
        self.defects: list[Exception] = []
        self.live = Live(
            lambda: (shelf(), date(2026, 1, 1)),
            files=lambda: [tmp_path / "x"],
            day=lambda: date(2026, 1, 1),
            clock=lambda: MOMENT,
            tell=lambda _: None,
        )
        self.application = Application(self.live, str, self.log.append, self.defects.append)

    def __call__(self, path: str, method: str = "GET", **environ: str) -> tuple[str, dict[str, str], bytes]:
        """Ask."""
        said: list[Any] = []
        body = self.application(
            {"REQUEST_METHOD": method, "PATH_INFO": path, **environ},
            lambda *given: said.extend(given),  # type: ignore[arg-type]
        )
        return said[0], dict(said[1]), b"".join(body)


@pytest.fixture
def open_client(tmp_path: Path) -> Client:
    """Serve openly."""
    return Client(tmp_path, lambda: Shelf(site(), None, MOMENT))


@pytest.fixture
def secret_client(tmp_path: Path) -> Client:
    """Serve at secret addresses."""
    return Client(tmp_path, lambda: Shelf(site(secret=True), TOKENS, MOMENT))


def test_feeds_are_found_by_name_also_by_a_former_one(open_client: Client) -> None:
    """The name for keeping is the present one."""
    for path in ("/so-yt.ics", "/so-y.ics"):
        status, said, body = open_client(path, HTTP_ACCEPT_ENCODING="gzip")
        assert (status, gzip.decompress(body)) == ("200 OK", BODY)
        assert "so-yt.ics" in said["Content-Disposition"]
    assert open_client("/robots.txt")[2] == b"User-agent: *\nAllow: /\n"


@pytest.mark.parametrize(
    "path",
    ["/so-yt", "/so-tttt.html", "//so-yt.ics", "/../so-yt.ics", "/so-yt.ics/", "/SO-YT.ICS",
     "/%2e%2e/x", "/\x00", "/\udcff", "*", "/healthz/"],
)  # fmt: skip
def test_what_is_not_there_is_404_and_its_path_is_not_logged(open_client: Client, path: str) -> None:
    """No redirect, no guess."""
    status, said, _ = open_client(path)

    assert (status, said["Content-Type"]) == ("404 Not Found", "text/plain; charset=utf-8")
    assert open_client.log[-1].startswith("GET - 404 ")


@pytest.mark.parametrize("path", ["", "/", "/index.html", "/so-yt.html", "/so-y.html"])
def test_a_page_that_is_missing_at_present_is_503_and_says_when_to_come_again(open_client: Client, path: str) -> None:
    """Not 404, as it is there as soon as the plan reads again; a calendar is not concerned."""
    status, said, body = open_client(path)

    assert (status, said["Content-Type"]) == ("503 Service Unavailable", "text/plain; charset=utf-8")
    assert (said["Retry-After"], said["Cache-Control"]) == ("60", "no-store")
    assert body.startswith(b"The plan cannot be read at present, so there is no page.")
    assert open_client.log[-1].startswith(f"GET {path} 503 ")
    assert open_client(path, "PUT")[0] == "405 Method Not Allowed"
    assert open_client("/so-yt.ics")[0] == "200 OK"


def test_a_secret_page_that_is_missing_at_present_is_503_for_its_readers_only(secret_client: Client) -> None:
    """Whoever guesses learns nothing; the root is a page too."""
    for path in (f"/{SECRETS['so-yt']}/", f"/{SECRETS['so-yt']}/index.html", "/"):
        assert secret_client(path)[0] == "503 Service Unavailable"
    assert secret_client.log[0].startswith("GET /[secret]/ 503 ")
    for path in (f"/{'c' * 32}/", f"/{SECRETS['so-yt']}/so-yt.html", "/so-yt.html", f"/{SECRETS['so-yt']}"):
        assert secret_client(path)[0] == "404 Not Found"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PROPFIND", "REPORT", "OPTIONS", "MKCALENDAR", "get", ""])
def test_only_reading_is_allowed(open_client: Client, method: str) -> None:
    """405 says what is, whatever the precondition; an odd method is not repeated in the log."""
    for path in ("/so-yt.ics", "/healthz"):
        status, said, _ = open_client(path, method, HTTP_IF_MATCH='"x"')
        assert (status, said["Allow"]) == ("405 Method Not Allowed", "GET, HEAD")
        assert open_client.log[-1].startswith("- ")


def test_a_secret_address_opens_its_own_calendar_only(secret_client: Client) -> None:
    """Nothing is found without a token, with another's, or with half of one."""
    assert secret_client(f"/{SECRETS['so-yt']}/so-yt.ics")[0] == "200 OK"
    assert secret_client(f"/{SECRETS['so-yt']}/so-y.ics")[0] == "200 OK"
    for path in (
        "/so-yt.ics",
        "/all.ics",
        f"/{SECRETS['so-yt']}",
        f"/{SECRETS['so-yt']}/all.ics",
        f"/{SECRETS['all']}/so-yt.ics",
        f"/{SECRETS['so-yt'][:-1]}/so-yt.ics",
        f"/{SECRETS['so-yt'].upper()}/so-yt.ics",
        f"/{SECRETS['so-yt']}x/so-yt.ics",
        f"/{TOKENS.of['so-yt'].digest}/so-yt.ics",
        f"/{'c' * 32}/so-yt.ics",
    ):
        assert secret_client(path)[0] == "404 Not Found", path


def test_a_token_is_in_no_log_and_no_error(secret_client: Client) -> None:
    """Right or wrong, whatever the method."""
    secret = SECRETS["so-yt"]
    bodies = [
        secret_client(path, method)[2]
        for method in ("GET", "HEAD", "PUT", secret)
        for path in (f"/{secret}/so-yt.ics", f"/{secret}/x", f"/{secret}x/so-yt.ics", f"/x/{secret}")
    ]

    assert secret_client.log[0].startswith("GET /[secret]/so-yt.ics 200 ")
    assert not any(secret in line for line in secret_client.log)
    assert not any(secret.encode() in body for body in bodies)


def test_a_token_without_a_calendar_opens_nothing(tmp_path: Path) -> None:
    """Its agency has left the plan."""
    tokens = TOKENS.with_token("gone", Token(digest_of("d" * 32), date(2026, 1, 1)))
    client = Client(tmp_path, lambda: Shelf(site(secret=True), tokens, MOMENT))

    assert client(f"/{'d' * 32}/gone.ics")[0] == "404 Not Found"


def test_a_defect_is_500_without_its_path(tmp_path: Path) -> None:
    """It is told to whoever runs the server."""
    client = Client(tmp_path, lambda: Shelf(Site({"a": ("a.ics",)}, {}, Addresses()), None, MOMENT))

    status, _, body = client("/a.ics")

    assert (status, body) == ("500 Internal Server Error", b"This is a defect of the server.\n")
    assert [type(error) for error in client.defects] == [KeyError]
    assert client.log[-1].startswith("GET - 500 ")


def test_health_says_whether_what_is_served_is_current(open_client: Client) -> None:
    """200 in either case, as the last good state is served; whether its pages are there."""
    status, _, body = open_client("/healthz")
    assert status == "200 OK"
    assert json.loads(body) == {"status": "ok", "since": "2026-11-03T07:05:09Z", "problems": 0, "pages": False}
    assert open_client("/healthz", "HEAD")[2] == b""

    problems = (Problem(code="CDS102", message=msg("x")), Problem(code="CDS103", message=msg("y")))
    open_client.live._fail(PlanError(problems))  # noqa: SLF001 - how it comes to that is tested below
    assert json.loads(open_client("/healthz")[2])["status"] == "stale"
    assert json.loads(open_client("/healthz")[2])["problems"] == 2


def test_the_same_bytes_keep_their_date_on_the_next_shelf() -> None:
    """Other bytes get a new one."""
    first = Shelf(site(), None, MOMENT)
    before = first.find("/so-yt.ics")
    assert before is not None
    second = Shelf(site(), None, MOMENT + timedelta(hours=1), first)
    third = Shelf(site(content=b"other"), None, MOMENT + timedelta(hours=2), second)

    same, other, new = second.find("/so-yt.ics"), third.find("/so-yt.ics"), second.find("/all.ics")

    assert same is not None
    assert other is not None
    assert new is not None
    assert other.resource is not None
    assert new.resource is not None
    assert same.resource is before.resource
    assert other.resource.modified == MOMENT + timedelta(hours=2)
    assert new.resource.modified == MOMENT + timedelta(hours=1)  # nobody had asked for it before


def test_other_bytes_of_the_same_second_have_another_date() -> None:
    """Also of a state that nobody had asked for, and where the clock was put back: a date alone tells them apart."""
    shelf = Shelf(site(content=b"0"), None, MOMENT)
    dates = []
    for content, moment in ((b"1", MOMENT), (b"2", MOMENT), (b"3", MOMENT - timedelta(hours=1))):
        shelf = Shelf(site(content=content), None, moment, shelf)
        if content != b"2":
            found = shelf.find("/so-yt.ics")
            assert found is not None
            assert found.resource is not None
            dates.append(found.resource.modified - MOMENT)

    assert dates == [timedelta(seconds=1), timedelta(seconds=3)]


# --------------------------------------------------------------------------------------------------------------- Live


class Watched:
    """A file, a clock and a day that a test moves, and what was made of them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.day = date(2026, 1, 1)
        self.made = 0
        self.told: list[str | None] = []
        self.broken: Exception | None = None
        self.now = datetime.now(UTC) + timedelta(hours=1)  # noqa: TID251 - beside the time stamps of real files
        path.write_text("one", "utf-8")

    def make(self) -> tuple[str, date]:
        """Make a value of the file."""
        self.made += 1
        if self.broken is not None:
            raise self.broken
        return f"{self.path.read_text('utf-8')} {self.day.day}", self.day

    def live(self, instead: str | None = None) -> Live[str]:
        """Begin."""
        return Live(
            self.make,
            files=lambda: [self.path, self.path.with_name("missing")],
            day=lambda: self.day,
            clock=lambda: self.now,
            tell=lambda error: self.told.append(None if error is None else str(error)),
            instead=instead,
        )


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    """Give a file."""
    return Watched(tmp_path / "plan.toml")


def test_it_is_made_anew_when_a_file_changes_and_not_otherwise(watched: Watched) -> None:
    """Not for a new time stamp on the same bytes; also for a file that appears."""
    live = watched.live()
    assert [live.current() for _ in range(3)] == ["one 1"] * 3
    assert watched.made == 1

    watched.path.write_text("two", "utf-8")
    assert [live.current() for _ in range(3)] == ["two 1"] * 3
    assert watched.made == 2

    os.utime(watched.path, (1, 1))
    assert live.current() == "two 1"
    watched.path.with_name("missing").write_text("journal", "utf-8")
    live.current()
    assert watched.made == 3


def test_it_is_made_anew_when_the_day_turns(watched: Watched) -> None:
    """Once."""
    live = watched.live()
    watched.day = date(2026, 1, 2)

    assert [live.current(), live.current()] == ["one 2", "one 2"]
    assert watched.made == 2


def test_the_day_of_what_is_made_counts_not_the_one_it_was_asked_for(watched: Watched) -> None:
    """In the plan's time zone it may be another, and while it is made the day may turn."""

    def make() -> tuple[str, date]:
        watched.day = date(2025, 12, 31)  # the plan, once it is read, says that it is still yesterday
        return watched.make()

    live = Live(
        make, files=lambda: [watched.path], day=lambda: watched.day, clock=lambda: watched.now, tell=lambda _: None
    )
    live._make = watched.make
    watched.day = date(2026, 1, 1)

    assert (live.current(), watched.made) == ("one 1", 2)


def test_a_change_within_the_grain_of_the_time_stamp_is_seen(watched: Watched) -> None:
    """Same size, same time, other bytes: a file that was changed just now is compared byte by byte."""
    stamp = watched.path.stat().st_mtime_ns
    watched.now = datetime.fromtimestamp(stamp // 10**9, UTC)
    live = watched.live()

    watched.path.write_text("two", "utf-8")
    os.utime(watched.path, ns=(stamp, stamp))

    assert live.current() == "two 1"


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps no time of the last change of a file's properties")
def test_a_change_that_keeps_the_time_stamp_is_seen(watched: Watched) -> None:
    """As copying programs make it: same size, same old time, other bytes, in the same file."""
    os.utime(watched.path, (1, 1))
    live = watched.live()
    assert live.current() == "one 1"
    changed = watched.path.stat().st_ctime_ns
    while watched.path.stat().st_ctime_ns == changed:  # until the clock of the file system has moved
        watched.path.write_text("two", "utf-8")
        os.utime(watched.path, (1, 1))

    assert live.current() == "two 1"


def test_what_cannot_be_read_is_not_like_nothing(watched: Watched) -> None:
    """A folder in a journal's place is a failure, and gone again it is none."""
    live = watched.live()
    watched.broken = IsADirectoryError("a folder")
    watched.path.with_name("missing").mkdir()
    assert (live.current(), watched.told) == ("one 1", ["a folder"])

    watched.broken = None
    watched.path.with_name("missing").rmdir()
    assert (live.current(), watched.told) == ("one 1", ["a folder", None])


@pytest.mark.skipif(os.name != "posix", reason="pipes in folders are POSIX")
def test_a_pipe_is_not_waited_for(watched: Watched) -> None:
    """Whoever put it in a journal's place may never write: in a thread, which would hang for ever."""
    os.mkfifo(watched.path.with_name("missing"))
    values: list[str] = []
    thread = Thread(target=lambda: values.append(watched.live().current()), daemon=True)
    thread.start()
    thread.join(10)

    assert values == ["one 1"]


def test_a_time_stamp_beyond_the_calendar_is_followed_by_the_bytes(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clock that was wrong gave the file the year 11476, which no date can have: it is compared each time."""
    live = watched.live()
    monkeypatch.setattr("cdsplan.web.live._stat", lambda _file: Seen(300_000_000_000 * 10**9, 3, 1, 1))

    assert live.current() == "one 1"
    watched.path.write_text("two", "utf-8")
    assert live.current() == "two 1"
    assert (watched.made, live.failure) == (2, None)


def test_while_it_cannot_be_made_the_last_good_value_stays(watched: Watched) -> None:
    """The failure is told once; that all is well again, too."""
    live = watched.live()
    watched.broken = ValueError("broken")
    watched.path.write_text("bad", "utf-8")

    assert [live.current() for _ in range(3)] == ["one 1"] * 3
    assert (watched.made, watched.told) == (2, ["broken"])
    assert live.failure is not None
    assert live.failure.since == watched.now

    watched.broken = None
    watched.path.write_text("good", "utf-8")
    assert live.current() == "good 1"
    assert watched.told == ["broken", None]
    assert live.failure is None


def test_what_failed_is_tried_again_after_a_while(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though no file has changed: it may have been the disk. The same failure is no news."""
    seconds = [1000.0]
    monkeypatch.setattr("cdsplan.web.live.monotonic", lambda: seconds[0])
    live = watched.live()
    watched.broken = OSError("full")
    watched.day = date(2026, 1, 2)
    assert [live.current(), live.current()] == ["one 1", "one 1"]
    assert watched.made == 2

    seconds[0] += RETRY_SECONDS
    assert live.current() == "one 1"
    watched.broken = None
    seconds[0] += RETRY_SECONDS
    assert live.current() == "one 2"
    assert watched.told == ["full", None]


def test_it_is_stale_since_the_first_of_several_failures(watched: Watched) -> None:
    """The same again, or another: what is served is as old as before. Once it is current, the count begins anew."""
    live = watched.live()
    first = watched.now
    for words in ("bad", "bad still", "worse"):
        watched.broken = ValueError(words[:3])
        watched.path.write_text(words, "utf-8")
        live.current()
        assert live.failure is not None
        assert (str(live.failure.error), live.failure.since) == (words[:3], first)
        watched.now += timedelta(minutes=1)
    assert (watched.made, watched.told) == (4, ["bad", "wor"])

    watched.broken = None
    watched.path.write_text("good", "utf-8")
    live.current()
    assert (live.failure, live.since) == (None, watched.now)
    watched.now += timedelta(minutes=1)
    watched.broken = ValueError("bad")
    watched.path.write_text("bad", "utf-8")
    live.current()
    assert live.failure is not None
    assert live.failure.since == watched.now


def test_one_thread_makes_it_while_others_get_what_there_is(watched: Watched) -> None:
    """Seen by asking while it is being made."""
    seen: list[str] = []
    live = watched.live()
    inner = watched.make

    def make() -> tuple[str, date]:
        seen.append(live.current())
        return inner()

    live._make = make  # a stand-in for a second thread
    watched.path.write_text("two", "utf-8")

    assert (live.current(), seen) == ("two 1", ["one 1"])


def test_without_a_first_value_the_failure_is_raised(watched: Watched) -> None:
    """With something good from before, that is served."""
    watched.broken = ValueError("broken")
    with pytest.raises(ValueError, match="broken"):
        watched.live()

    live = watched.live(instead="kept")
    assert (live.current(), watched.told) == ("kept", ["broken"])
