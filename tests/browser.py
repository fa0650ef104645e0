"""Debian's Chromium, driven by Playwright: what a browser makes of pages."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGES_JS = Path(__file__).parent / "pages_js"


def look(pages: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Open pages, as tests/pages_js/look.mjs says, and give what it tells of each."""
    node, chromium = shutil.which("node"), shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("there is no Chromium: tools/install-test-programs.sh installs it")
    if node is None or not (PAGES_JS / "node_modules" / "playwright-core").is_dir():
        pytest.skip("Chromium is driven by node: `npm ci` in tests/pages_js")
    wanted = [{"width": 1280, "dark": False, "print": False, **page} for page in pages]
    told = subprocess.run(
        [node, PAGES_JS / "look.mjs", chromium],
        input=json.dumps({"pages": wanted}),
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )
    assert told.returncode == 0, told.stderr
    found: list[dict[str, Any]] = json.loads(told.stdout)
    return found
