"""Servers that tests start on the loopback interface: ours, and Debian's nginx."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0
"""Seconds after which a server that does not answer has failed: no test depends on how fast it is."""


class Reply(NamedTuple):
    """An answer as it came over the wire."""

    status: int
    headers: dict[str, str]
    body: bytes


def fetch(port: int, path: str, method: str = "GET", **headers: str) -> Reply:
    """Ask a server on the loopback interface; underscores in names of headers stand for hyphens."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        got = connection.getresponse()
        return Reply(got.status, {name.lower(): value for name, value in got.getheaders()}, got.read())
    finally:
        connection.close()


class Served:
    """`cdsplan serve` as a process: its port, and what it has logged."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process = process
        self._log = log
        self.port = int(self.wait_for(r"http://127\.0\.0\.1:(\d+) – ")[1])

    @property
    def log(self) -> str:
        """All that it has logged so far."""
        return self._log.read_text("utf-8")

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Wait until this is logged."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            found = re.search(pattern, self.log)
            if found is not None:
                return found
            if self.process.poll() is not None:
                break
            time.sleep(0.01)
        raise AssertionError(f"never logged: {pattern}\n{self.log}")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal; give the exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@contextmanager
def serving(folder: Path, *arguments: str) -> Iterator[Served]:
    """Run `cdsplan serve` on plan.toml of a folder, on any free port."""
    log = folder / "serve.log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CDSPLAN_")}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "cdsplan",
                "serve",
                "-p",
                "plan.toml",
                "--port",
                "0",
                "--state",
                "state",
                *arguments,
            ],
            cwd=folder,
            env=environment | {"PYTHONPATH": str(ROOT)},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Served(process, log)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def free_port() -> int:
    """Give a port that nobody uses at present."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


@contextmanager
def nginx(site: Path, folder: Path) -> Iterator[int]:
    """Run Debian's nginx on a published folder, configured as docs/publishing.md says; give its port."""
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        pytest.skip("there is no nginx: tools/install-test-programs.sh installs it")
    port = free_port()
    shown = re.search(r"```nginx\n(.*?)```", (ROOT / "docs" / "publishing.md").read_text("utf-8"), re.DOTALL)
    assert shown is not None
    server = shown[1]
    for documented, here in (
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("root /srv/lich;", f"root {site};"),
        ("/var/log/nginx/lich.log", f"{folder}/access.log"),
    ):
        assert documented in server
        server = server.replace(documented, here)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}daemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\n{temporary}{server}}}\n",
        "utf-8",
    )
    process = subprocess.Popen([program, "-p", str(folder), "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"])
    try:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                fetch(port, "/robots.txt")
                break
            except ConnectionRefusedError:
                assert process.poll() is None
                assert time.monotonic() < until
                time.sleep(0.01)
        yield port
    finally:
        process.terminate()
        process.wait()
