"""Kill `publish` again and again while somebody reads: every read must parse, and calendars must be able to follow.

    python bench/killed.py                  200 rounds
    python bench/killed.py --rounds 1000    more

In every round the plan is edited and published; the program is killed (SIGKILL) after a random time, while a reader
reads random files of the folder and parses them. After every round all feeds are held against what subscribers ever
got (`tests/subscribers.py`): whatever they see changed has a higher SEQUENCE and stamp.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import icalendar
from generate import plan

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from subscribers import Subscribers  # noqa: E402 - the tests are no package

AS_OF = "2026-11-23"


class Reader(threading.Thread):
    """Reads random files of a folder and parses them, until told to stop."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.reads = 0
        self.wrong: list[str] = []
        self.stop = threading.Event()

    def run(self) -> None:
        """Read on and on."""
        chance = random.Random(1)  # noqa: S311 - which file to read next
        while not self.stop.is_set():
            path = chance.choice([path for path in self.folder.iterdir() if not path.name.startswith(".")])
            try:
                data = path.read_bytes()
                if path.suffix == ".ics" and not icalendar.Calendar.from_ical(data).walk("VEVENT"):
                    self.wrong.append(f"{path.name}: no event")
                elif path.suffix == ".json":
                    json.loads(data)
            except Exception as error:  # noqa: BLE001 - whatever a reader may meet
                self.wrong.append(f"{path.name}: {error!r}")
            self.reads += 1


def main() -> None:
    """Publish, kill, read, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--tasks", type=int, default=300)
    given = parser.parse_args()
    chance = random.Random(7)  # noqa: S311 - when to kill
    with tempfile.TemporaryDirectory() as scratch:
        folder, file = Path(scratch) / "site", Path(scratch) / "plan.toml"
        text = plan(given.tasks)
        command = [sys.executable, "-m", "cdsplan", "publish", str(folder), "-p", str(file), "--as-of", AS_OF]

        def publish(words: str) -> subprocess.Popen[bytes]:
            file.write_text(text.replace("Nhiệm vụ", words), encoding="utf-8")
            return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        begun = time.perf_counter()
        publish("Việc").wait()
        whole = time.perf_counter() - begun
        subscribers, reader, killed = Subscribers(), Reader(folder), 0
        reader.start()
        try:
            for at in range(given.rounds):
                program = publish(f"Việc {at}")
                time.sleep(chance.uniform(0.3, 1.1) * whole)
                program.kill()
                killed += program.wait() != 0
                subscribers.get({path.name: path.read_bytes() for path in folder.glob("*.ics")}, exact=False)
        finally:
            reader.stop.set()
            reader.join()
        finished = publish("Việc cuối").wait()
        subscribers.get({path.name: path.read_bytes() for path in folder.glob("*.ics")}, exact=False)
        left = [path.name for path in folder.iterdir() if path.name.startswith(".")]
    print(f"{given.rounds} rounds, {killed} killed, {reader.reads} reads, {len(reader.wrong)} of them wrong")
    print(f"then published: exit {finished}, {len(left)} files left over")
    print("\n".join(reader.wrong[:10]), end="")
    sys.exit(bool(reader.wrong or finished or left))


if __name__ == "__main__":
    main()
