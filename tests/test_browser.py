"""The pages in a real browser: nothing on the console, nothing from elsewhere, readable on a phone, accessible."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from browser import look
from invoke import NGHEAN, ROOT, Cli, in_process
from servers import Served, fetch, serving
from test_injection import HARMLESS
from test_injection import plan as plan_with

if TYPE_CHECKING:
    from collections.abc import Iterator

PHONE, DESK, PAPER = 360, 1280, 794  # pixels; the last is A4 at 96 to the inch

WAYS = (
    {"width": PHONE},
    {"width": PHONE, "dark": True},
    {"width": DESK},
    {"width": DESK, "dark": True},
    {"width": PAPER, "print": True},
)

JOURNAL = (
    'a = { at = 2021-09-28T09:12:00+07:00, on = 2021-09-28, task = "khao-sat", agency = "so-nv", kind = "done", '
    'document = "7/BC-SNV" }\n'
    'b = { at = 2021-09-29T16:30:00+07:00, on = 2021-09-29, task = "khao-sat", kind = "extended", due = 2021-10-04, '
    'document = "123/UBND-KGVX" }\n'
)

NAMES = ("", "so-tttt.html", "so-yt.html")
"""Of everything; of whoever leads; of whoever only delivers."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve the real plan as it stood on 5/10/2021, with a delivery and a deadline that was moved."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copy(ROOT / NGHEAN, folder / "plan.toml")
    (folder / "plan.journal.toml").write_text(JOURNAL, "utf-8")
    with serving(folder, "--as-of", "2021-10-05") as server:
        yield server


@pytest.fixture(scope="module")
def seen(served: Served) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Look at every page in every way, in one run of the browser: what was asked for, and what was seen."""
    wanted = [{"address": f"http://127.0.0.1:{served.port}/{name}", **way} for name in NAMES for way in WAYS]
    return list(zip(wanted, look(wanted), strict=True))


def test_the_console_stays_silent_and_nothing_else_is_fetched(
    seen: list[tuple[dict[str, Any], dict[str, Any]]],
) -> None:
    """No error, no refused style, no request but for the page itself."""
    for asked, page in seen:
        assert page["status"] == 200
        assert (page["said"], page["requests"]) == ([], [asked["address"]])
        assert "script" not in page["elements"]


def test_no_page_is_wider_than_its_screen(seen: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    """A phone of 360 pixels, a desk of 1280, a sheet of A4."""
    for asked, page in seen:
        assert page["width"] <= asked["width"], asked


def test_axe_finds_nothing(seen: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    """Neither serious nor slight, light or dark."""
    for asked, page in seen:
        assert page["findings"] == [], asked


def test_the_qr_code_says_where_the_page_is(seen: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    """Read back from the screen by jsQR, also where the page is dark."""
    for asked, page in seen:
        assert page["qr"] == asked["address"]


def test_every_link_leads_somewhere(served: Served, seen: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    """Those of the site are served; webcal and https are one address."""
    links = {link.partition("#")[0] for _, page in seen for link in page["links"]} - {"data:,"}
    schemes = {urlsplit(link).scheme for link in links}
    assert schemes == {"http", "webcal"}
    for link in sorted(links):
        assert urlsplit(link).netloc == f"127.0.0.1:{served.port}"
        got = fetch(served.port, urlsplit(link).path)
        assert got.status == 200, link
        if link.startswith("webcal:"):
            assert got.headers["content-type"] == "text/calendar; charset=utf-8"


def test_a_page_speaks_vietnamese_and_says_so(seen: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    """The plan’s language is the page’s; what presses and how to subscribe stand on it."""
    for _, page in seen:
        assert page["language"] == "vi"
        assert "Quá hạn (1)" in page["text"]
        assert "điều chỉnh thời hạn 30/9/2021 → 04/10/2021 (123/UBND-KGVX)" in page["text"]
        assert "Google Lịch, trên máy tính" in page["text"]
        assert "Zalo" in page["text"]


def test_hostile_words_run_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """From a file, as somebody saves it: the same elements as with plain words, nothing on the console."""
    payloads = ("Words", r"<script>alert(1)</script>\"'><img src=x onerror=alert(1)><style>*{display:none}</style>")
    wanted = []
    with in_process(capsys, monkeypatch, tmp_path) as cli:
        for at, payload in enumerate((*payloads, *(HARMLESS[name] for name in ("HTML", "quotes", "wide")))):
            _publish(cli, at, payload)
            wanted += [{"address": (tmp_path / f"site{at}" / name).as_uri()} for name in ("index.html", "one.html")]

    found = look(wanted)

    for at, page in enumerate(found):
        assert page["said"] == []
        assert page["requests"] == [wanted[at]["address"]]
        assert page["elements"] == found[at % 2]["elements"]


def _publish(cli: Cli, at: int, payload: str) -> None:
    Path("plan.toml").write_text(plan_with(payload), "utf-8")
    ran = cli("publish", f"site{at}", "--as-of", "2026-01-12", "--base-url", "https://lich.example.vn")
    assert ran.code == 0


def test_a_secret_page_shows_its_own_address(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In its QR code, too; the root has none."""
    shutil.copy(ROOT / NGHEAN, tmp_path / "plan.toml")
    with in_process(capsys, monkeypatch, tmp_path) as cli:
        (token,) = json.loads(cli("token", "new", "so-yt", "--format", "json").out)["tokens"]
    with serving(tmp_path, "--as-of", "2021-10-05") as server:
        root = f"http://127.0.0.1:{server.port}"
        own, closed = look([{"address": f"{root}/{token['page']}", "width": PHONE}, {"address": f"{root}/"}])

    assert own["qr"] == f"{root}/{token['page']}"
    assert f"{root}/{token['feed']}" in own["text"]
    assert (own["said"], own["findings"], closed["said"], closed["findings"]) == ([], [], [], [])
    assert closed["qr"] is None


def test_the_browser_tells_of_what_is_wrong(tmp_path: Path) -> None:
    """A page with faults of each kind: so the silence above means something."""
    (tmp_path / "bad.html").write_text(
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title></title><style>p { color: #ddd; width: 900px }</style>'
        '</head><body><img src="missing.png"><p>pale</p><script>throw new Error("x")</script></body></html>',
        "utf-8",
    )

    (page,) = look([{"address": (tmp_path / "bad.html").as_uri(), "width": PHONE}])

    assert any("x" in line for line in page["said"])
    assert len(page["requests"]) == 2
    assert page["width"] > PHONE
    assert {"image-alt", "color-contrast", "html-has-lang"} <= {finding["id"] for finding in page["findings"]}
