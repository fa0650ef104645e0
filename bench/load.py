"""Load on `cdsplan serve` and, on the same bytes in the same run, on nginx; and faults under load. Loopback only.

    python bench/load.py                 all of it, about three minutes
    python bench/load.py --seconds 5     shorter

It needs wrk and nginx (Debian: wrk, nginx-light) and what the tests need.

- Requests per second and the 99th percentile of one feed, plain, compressed, and 304, for both servers in turn.
- The same for `serve` while 1,000 connections stay idle, 50 clients send a letter a second, and 50 read a byte.
- Plan and journal rewritten every second while readers fetch every feed and parse every body.
- Secret addresses, right and wrong ones, and then a search for them in every file that was written.
- What is no feed, what does not parse, and every refused connection is counted; any of these exits 1.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import icalendar

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from servers import Served, fetch, nginx, serving  # noqa: E402 - the tests are no package

DAY = "2021-10-05"
FEED = "/so-tttt.ics"
ROUNDS = 3
IDLE, SLOW = 1000, 50


def wrk(port: int, seconds: int, *headers: str, path: str = FEED) -> tuple[float, float, int]:
    """Load a server with 16 connections: requests per second, the 99th percentile in milliseconds, errors."""
    asked = [argument for header in headers for argument in ("-H", header)]
    told = subprocess.run(
        ["wrk", "-t1", "-c16", f"-d{seconds}s", "--latency", *asked, f"http://127.0.0.1:{port}{path}"],
        check=True,
        capture_output=True,
        encoding="utf-8",
    ).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    slowest = re.search(r"99%\s+([\d.]+)(us|ms|s)", told)
    if rate is None or slowest is None:
        raise SystemExit(told)
    errors = sum(map(int, re.findall(r"(?:connect|read|write|timeout) (\d+)", told)))
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", told)
    errors += int(refused[1]) if refused else 0
    milliseconds = float(slowest[1]) * {"us": 0.001, "ms": 1, "s": 1000}[slowest[2]]
    return float(rate[1]), milliseconds, errors


def measure(ports: dict[str, int], seconds: int) -> int:
    """Print a row for each server and kind of request; the servers take turns. Give the errors."""
    errors = 0
    kinds: dict[str, dict[str, tuple[str, ...]]] = {
        "plain": dict.fromkeys(ports, ()),
        "gzip": dict.fromkeys(ports, ("Accept-Encoding: gzip",)),
        "304": {name: (f"If-None-Match: {fetch(port, FEED).headers['etag']}",) for name, port in ports.items()},
    }
    for kind, headers in kinds.items():
        rows: dict[str, list[tuple[float, float, int]]] = {name: [] for name in ports}
        for _ in range(ROUNDS):
            for name, port in ports.items():
                rows[name].append(wrk(port, seconds, *headers[name]))
        for name, found in rows.items():
            rate, slowest = (statistics.median(row[at] for row in found) for at in (0, 1))
            failed = sum(row[2] for row in found)
            errors += failed
            print(f"| {name} | {kind} | {rate:,.0f} | {slowest:.1f} ms | {failed} |", flush=True)
    return errors


class Crowd:
    """Clients that take their time: idle ones, some that send a letter a second, some that read a byte a second."""

    def __init__(self, port: int) -> None:
        self.idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(IDLE)]
        self.senders = [socket.create_connection(("127.0.0.1", port)) for _ in range(SLOW)]
        self.readers = []
        for _ in range(SLOW):
            reader = socket.socket()
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
            reader.connect(("127.0.0.1", port))
            reader.sendall(b"GET /all.ics HTTP/1.1\r\nHost: x\r\n\r\n" * 20)
            self.readers.append(reader)
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._go)
        self.thread.start()

    def _go(self) -> None:
        words = b"GET /all.ics HTTP/1.1\r\nHost: x\r\nX-Slow: " + b"x" * 600
        for letter in words:
            for sender, reader in zip(self.senders, self.readers, strict=True):
                sender.sendall(bytes([letter]))
                reader.recv(1)
            if self.stop.wait(1):
                break

    def leave(self) -> None:
        """Go."""
        self.stop.set()
        self.thread.join()
        for one in (*self.idle, *self.senders, *self.readers):
            one.close()


class Reader(threading.Thread):
    """Fetches random feeds over one connection after another and parses every body, until told to stop."""

    def __init__(self, port: int, names: list[str], until: float) -> None:
        super().__init__()
        self.port, self.names, self.until = port, names, until
        self.fetched = self.same = 0
        self.versions: set[tuple[str, str]] = set()
        self.wrong: list[str] = []

    def run(self) -> None:
        """Read on and on."""
        chance = random.Random(id(self))  # noqa: S311 - which feed next
        tags: dict[str, str] = {}
        while time.monotonic() < self.until:
            connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
            try:
                for _ in range(20):
                    name = chance.choice(self.names)
                    held = {"If-None-Match": tags[name]} if name in tags and chance.random() < 0.5 else {}  # noqa: PLR2004
                    connection.request("GET", name, headers=held)
                    got = connection.getresponse()
                    body = got.read()
                    if got.status == 304:  # noqa: PLR2004
                        self.same += 1
                        continue
                    tags[name] = got.headers["ETag"]
                    self.versions.add((name, tags[name]))
                    if got.status != 200 or not icalendar.Calendar.from_ical(body).walk("VEVENT"):  # noqa: PLR2004
                        self.wrong.append(f"{name}: {got.status}")
                    self.fetched += 1
            except (OSError, HTTPException, ValueError) as error:
                self.wrong.append(repr(error))
            finally:
                connection.close()


def rewrite(folder: Path, until: float) -> int:
    """Rewrite plan and journal every second as people and programs do, also in ways that do not read; count it."""
    plan = (folder / "plan.toml").read_text("utf-8")
    journal = folder / "plan.journal.toml"
    times = 0
    while time.monotonic() < until:
        day = 15 + times % 14
        text = plan.replace("trước ngày 15/11/2021", f"trước ngày {day}/11/2021")
        if times % 5 == 3:  # noqa: PLR2004 - now and then somebody saves half a sentence
            text += "\nx = "
        if times % 2:  # an editor replaces the file, a program writes into it
            (folder / "plan.toml").write_text(text, "utf-8")
        else:
            (folder / "plan.new").write_text(text, "utf-8")
            (folder / "plan.new").replace(folder / "plan.toml")
        clock = f"{8 + times // 3600:02}:{times // 60 % 60:02}:{times % 60:02}"
        with journal.open("a", encoding="utf-8") as file:
            file.write(
                f"20211001-{clock.replace(':', '')}-load = {{ at = 2021-10-01T{clock}+07:00, on = 2021-10-01, "
                f'task = "du-thao-nghi-quyet", kind = "{("done", "reopened")[times % 2]}" }}\n'
            )
        times += 1
        time.sleep(1)
    (folder / "plan.toml").write_text(plan, "utf-8")
    return times


def health_in_the_end(served: Served) -> str:
    """Ask whether what is served is current; the last change may still be being read."""
    health = ""
    for _ in range(50):
        health = str(json.loads(fetch(served.port, "/healthz").body)["status"])
        if health == "ok":
            break
        time.sleep(0.2)
    return health


def under_changes(served: Served, folder: Path, seconds: int) -> int:
    """Fetch and parse while plan and journal change; give the errors."""
    names = [f"/{path.name}" for path in (folder / "site").glob("*.ics")]
    until = time.monotonic() + seconds
    readers = [Reader(served.port, names, until) for _ in range(4)]
    for reader in readers:
        reader.start()
    loaded: list[tuple[float, float, int]] = []
    load = threading.Thread(target=lambda: loaded.append(wrk(served.port, seconds)))
    load.start()
    times = rewrite(folder, until)
    for thread in (*readers, load):
        thread.join()
    wrong = [each for reader in readers for each in reader.wrong]
    rate, slowest, failed = loaded[0]
    seen = {version for reader in readers for version in reader.versions}
    versions = max(sum(name == each for each, _ in seen) for name in names)
    health = health_in_the_end(served)
    fetched, same = (sum(getattr(reader, count) for reader in readers) for count in ("fetched", "same"))
    print(
        f"{seconds} s, plan and journal rewritten {times} times: {fetched:,} bodies fetched and parsed, {same:,} times "
        f"304, {len(wrong)} wrong, up to {versions} versions of a feed seen, in the end {health}; beside them wrk "
        f"with {rate:,.0f} requests/s, 99 % within {slowest:.1f} ms, {failed} errors",
        flush=True,
    )
    for each in wrong[:10]:
        print(f"  {each}")
    return len(wrong) + failed + (versions < times // 2) + (health != "ok")


def secretly(folder: Path, seconds: int) -> int:
    """Load a server at secret addresses, right and wrong, and look for them in all that it wrote; give the leaks."""
    folder.mkdir()
    shutil.copy(ROOT / "plans" / "nghean.toml", folder / "plan.toml")
    made = subprocess.run(
        [sys.executable, "-m", "cdsplan", "token", "new", "so-tttt", "-p", "plan.toml", "--format", "json"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        encoding="utf-8",
    ).stdout
    (token,) = json.loads(made)["tokens"]
    secret, wrong = token["page"].rstrip("/"), token["page"].rstrip("/")[:-1] + "7"
    with serving(folder, "--as-of", DAY) as served:
        _, _, errors = wrk(served.port, seconds, path=f"/{secret}/so-tttt.ics")
        wrk(served.port, seconds, path=f"/{wrong}/so-tttt.ics")
        fetch(served.port, f"/{secret}/")
        served.stop()
    written = [path for path in folder.rglob("*") if path.is_file()]
    leaks = [path.name for path in written if secret[:-1] in path.read_text("utf-8")]
    lines = served.log.count("\n")
    print(
        f"at a secret address: {lines:,} lines of log, {errors} errors; the address, or all but its last letter, is "
        f"in {len(leaks)} of the {len(written)} files that there are: {', '.join(leaks) or 'none'}"
    )
    return errors + len(leaks)


def main() -> None:
    """Measure, print, say by the exit code whether anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=5, help="for each measurement")
    parser.add_argument("--changes", type=int, default=60, help="seconds of load while the plan changes")
    given = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("there is no wrk (Debian: apt-get install wrk)")
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        folder.chmod(0o755)
        shutil.copy(ROOT / "plans" / "nghean.toml", folder / "plan.toml")
        subprocess.run(
            [sys.executable, "-m", "cdsplan", "publish", "site", "-p", "plan.toml", "--as-of", DAY],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            check=True,
            stdout=subprocess.DEVNULL,
        )
        with nginx(folder / "site", folder) as other, serving(folder, "--as-of", DAY, "--no-access-log") as served:
            same = fetch(other, FEED).body == fetch(served.port, FEED).body
            print(f"the same bytes from both: {'yes' if same else 'no'}, {len(fetch(other, FEED).body):,} of them\n")
            print("| server | request | requests/s | 99 % within | errors |\n| --- | --- | ---: | ---: | ---: |")
            errors = measure({"serve": served.port, "nginx": other}, given.seconds)
            crowd = Crowd(served.port)
            errors += measure({f"serve, beside {IDLE:,} idle and {2 * SLOW} slow clients": served.port}, given.seconds)
            crowd.leave()
            print()
            errors += under_changes(served, folder, given.changes)
            served.stop()
        errors += secretly(folder / "secretly", given.seconds)
    sys.exit(1 if errors or not same else 0)


if __name__ == "__main__":
    main()
