"""The ways to publish that docs/publishing.md shows: valid for their service, and run for real, night after night.

What a service does itself is done here in its place: a fresh clone for every run, and a server on the loopback
interface that gives out what was handed to it. Only the installation is left out.
"""

from __future__ import annotations

import os
import re
import shutil
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, NamedTuple

import icalendar
import pytest
from invoke import ROOT
from test_ci import FENCE, loaded, shell, validated
from test_diff import Repository
from test_publish import PLAN, numbers

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="the scripts are written for a POSIX shell"),
    pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl: tools/install-test-programs.sh has it"),
]

GUIDE = (ROOT / "docs" / "publishing.md").read_text("utf-8")
BLOCKS = {file: text for text, file in FENCE.findall(GUIDE)}
GITLAB, GITHUB = BLOCKS[".gitlab-ci.yml"], BLOCKS[".github/workflows/calendars.yml"]


class Recipe(NamedTuple):
    """What a service runs, where the result is picked up, and the variable with the address that it will have."""

    script: str
    folder: str
    address: str


def on_gitlab() -> Recipe:
    """Take the job apart as GitLab does: the lines of a script are one."""
    (configuration,) = loaded(GITLAB)
    job = configuration["pages"]
    install, *script = job["script"]
    assert install == "pip install 'cdsplan[pages]'"
    (folder,) = job["artifacts"]["paths"]
    return Recipe("\n".join(script), folder, "CI_PAGES_URL")


def on_github() -> Recipe:
    """Take the steps of the job apart: those with `run` are the scripts, one of the others picks up the folder."""
    (workflow,) = loaded(GITHUB)
    steps = workflow["jobs"]["publish"]["steps"]
    install, publish = [step for step in steps if "run" in step]
    assert install["run"] == "pip install 'cdsplan[pages]'"
    assert publish["env"] == {"URL": "${{ steps.pages.outputs.base_url }}"}
    assert [step["uses"] for step in steps if step.get("id") == "pages"] == ["actions/configure-pages@v5"]
    (upload,) = [step for step in steps if step.get("uses", "").startswith("actions/upload-pages-artifact@")]
    return Recipe(publish["run"], upload["with"]["path"], "URL")


def by_hand() -> Recipe:
    """Take the lines for any machine that begins with an empty folder."""
    (script,) = re.findall(r"^```sh\n(code=.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
    assert "https://example.org/lich/feeds.json" in script
    return Recipe(script.replace("https://example.org/lich", "$URL"), "site", "URL")


class Host:
    """A web server that gives out the folder that was handed over last; `answer` is what it says in its place."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.answer: tuple[int, bytes] | None = None
        self.asked: list[str] = []
        host = self

        class Handler(SimpleHTTPRequestHandler):
            def do_GET(self) -> None:
                host.asked.append(self.path)
                if host.answer is None:
                    super().do_GET()
                    return
                status, body = host.answer
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def take(self, handed_over: Path) -> None:
        """Publish a folder in place of what was there."""
        shutil.rmtree(self.folder)
        shutil.copytree(handed_over, self.folder)


@contextmanager
def hosting(folder: Path) -> Iterator[Host]:
    """Serve a folder that is empty at first."""
    folder.mkdir()
    host = Host(folder)
    thread = Thread(target=host.server.serve_forever)
    thread.start()
    try:
        yield host
    finally:
        host.server.shutdown()
        host.server.server_close()
        thread.join()


def test_the_recipes_are_what_their_services_take(tmp_path: Path) -> None:
    """By the schemas that these publish."""
    validated(GITLAB, "gitlab-ci", tmp_path)
    validated(GITHUB, "github-workflows", tmp_path)
    assert "/workflows/calendars.yml/enable" in GITHUB


@pytest.mark.parametrize("recipe", [on_gitlab(), on_github(), by_hand()], ids=["gitlab", "github", "by hand"])
def test_night_after_night_a_recipe_goes_on_from_what_is_published(recipe: Recipe, tmp_path: Path) -> None:
    """The first night there is nothing yet; then edits are newer; what cannot be fetched or read publishes nothing."""
    origin = tmp_path / "origin"
    origin.mkdir()
    repository = Repository(origin)
    repository.commit(nghean=PLAN)
    with hosting(tmp_path / "host") as host:

        def night(name: str) -> tuple[subprocess.CompletedProcess[str], Path]:
            work = tmp_path / name
            repository.git("clone", "--quiet", ".", str(work))
            ran = shell(recipe.script, work, **{recipe.address: host.address, "NO_PROXY": "*", "no_proxy": "*"})
            return ran, work / recipe.folder

        first, site = night("first")
        assert (first.returncode, host.asked) == (0, ["/feeds.json"]), first.stderr
        host.take(site)
        before = numbers((site / "lead.ics").read_bytes())["b@p"]

        same, site = night("same")
        assert same.returncode == 0, same.stderr
        assert numbers((site / "lead.ics").read_bytes())["b@p"] == before

        repository.commit(nghean=PLAN.replace("2021-12-31", "2021-12-30"))
        edited, site = night("edited")
        assert edited.returncode == 0, edited.stderr
        sequence, stamp = numbers((site / "lead.ics").read_bytes())["b@p"]
        assert int(sequence) == int(before[0]) + 1
        assert stamp > before[1]
        calendar = icalendar.Calendar.from_ical((site / "lead.ics").read_bytes())
        (event,) = (event for event in calendar.walk("VEVENT") if event["uid"] == "b@p")
        assert str(event.decoded("dtstart")) == "2021-12-30"
        if recipe.script.count("--base-url"):
            assert f"{host.address}/lead.ics" in (site / "lead.html").read_text("utf-8")

        for status, body in ((500, b""), (403, b"no"), (200, b"<html>log in</html>"), (200, b"")):
            host.answer = (status, body)
            failed, site = night(f"failed-{status}-{len(body)}")
            assert failed.returncode != 0
            assert not site.exists()
    gone, site = night("gone")
    assert gone.returncode != 0
    assert not site.exists()
