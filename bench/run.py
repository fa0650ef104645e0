"""Measure the commands against the budgets of docs/performance.md: medians, and ratios to `python -c pass` in one run.

    python bench/run.py                  every row
    python bench/run.py --tasks 1000     one size
    python bench/run.py --rounds 21      more rounds, steadier medians

Machines are shared and noisy: what is measured is processor time (user and system) of the process, which others who
run at the same time take little part in; the rounds of all rows are interleaved, so that a slow minute slows them all;
and what counts is the ratio. Byte code is compiled once, before anything is measured, as an installed program has it.
What is recorded goes into a journal of the same length every time.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from generate import journal, plan

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = [sys.executable, "-c", "from cdsplan.__main__ import main; main()"]  # what the installed command does
AS_OF = "2026-11-23"
SIZES = (10, 1_000, 10_000, 100_000)
COMMANDS = {
    "status --format plain": ["status", "--format", "plain"],
    "status --format json": ["status", "--format", "json"],
    "status (table)": ["status"],
    "check": ["check"],
    "export": ["export"],
    "publish": ["publish"],
}
BUDGETS: dict[str, dict[int, int | str]] = {  # ratio to `python -c pass`; words: seconds
    "status --format plain": {10: 6, 1_000: 8, 10_000: 25, 100_000: "2.5 s"},
    "status --format json": {10: 6, 1_000: 8, 10_000: 25, 100_000: "2.5 s"},
    "status (table)": {10: 9, 1_000: 12, 10_000: 30},
    "check": {10: 9, 1_000: 12, 10_000: 30},
    "export": {10: 14, 1_000: 35, 10_000: "2.0 s"},
    "publish": {10: 14, 1_000: 35, 10_000: "2.0 s"},
}
ENTRIES, REPORTED = 10_000, 1_000
"""The length of the journal, and the tasks of the plan, on which these commands are measured too."""
WITH_JOURNAL = {
    "note TASK": (["note", "nhiem-vu-999", "Đã gọi điện"], 12),
    "done TASK --agency A": (["done", "nhiem-vu-990", "--agency", "co-quan-1", "--again"], 12),
    "status --format plain": (["status", "--format", "plain"], 20),
    "status --format json": (["status", "--format", "json"], 20),
    "status (table)": (["status"], 20),
}
"""Commands with their budgets, as ratios."""
RECORDING = "TASK"
"""Stands in the names of commands that add to the journal."""


class Row(NamedTuple):
    """What is measured: a command on a plan of so many tasks, with a journal of so many entries.

    The budget is a ratio to `python -c pass`, or seconds in words. `renew` is written into the file of that name before
    each run.
    """

    name: str
    tasks: int
    entries: int
    command: list[str]
    budget: int | str
    renew: tuple[Path, str] | None = None


def main() -> None:
    """Measure, and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--tasks", type=int, action="append", choices=SIZES)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = [*_rows(Path(folder), given.tasks or list(SIZES))]
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": f"{folder}/bytecode", "PYTHONDONTWRITEBYTECODE": ""}
        bare = [sys.executable, "-c", "pass"]
        bare_times: list[float] = []
        times: list[list[float]] = [[] for _ in rows]
        peaks = [0 for _ in rows]
        for row in rows:
            _run(row.command, environment)
        for at in range(given.rounds):
            bare_times += (_run(bare, environment)[0] for _ in range(3))
            for number, row in enumerate(rows):
                if row.tasks < SIZES[-1] or at % 4 == 0:
                    if row.renew is not None:
                        row.renew[0].write_text(row.renew[1], encoding="utf-8")
                    seconds, peaks[number] = _run(row.command, environment)
                    times[number].append(seconds)
        _print(statistics.median(bare_times), rows, times, peaks)


def _rows(folder: Path, sizes: list[int]) -> Iterator[Row]:
    for size in sizes:
        file = folder / f"plan-{size}.toml"
        file.write_text(plan(size), encoding="utf-8")
        for name, words in COMMANDS.items():
            if size in BUDGETS[name]:
                into = [str(folder / f"{name}-{size}")] if name in {"export", "publish"} else []
                yield Row(name, size, 0, [*_command(words, file), *into], BUDGETS[name][size])
        if size == REPORTED:
            told = journal(REPORTED, ENTRIES)
            for at, (name, (words, budget)) in enumerate(WITH_JOURNAL.items()):
                file = folder / f"reported-{at}.toml"
                file.write_text(plan(REPORTED), encoding="utf-8")
                kept = file.with_suffix(".journal.toml")
                kept.write_text(told, encoding="utf-8")
                renew = (kept, told) if RECORDING in name else None
                yield Row(name, REPORTED, ENTRIES, _command(words, file), budget, renew)


def _command(words: list[str], file: Path) -> list[str]:
    return [*PROGRAM, *words, "-p", str(file), "--as-of", AS_OF, "--max-size", "99"]


def _run(command: list[str], environment: dict[str, str]) -> tuple[float, int]:
    """Run once; give the processor seconds, and the peak memory in MiB (of the largest child so far: rows grow)."""
    start = _spent()
    done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    seconds = _spent() - start
    if done.returncode not in {0, 1}:
        sys.exit(f"{' '.join(command)}: exit {done.returncode}: {done.stderr.decode()}")
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


def _spent() -> float:
    """Give the processor seconds of the programs that have ended."""
    programs = resource.getrusage(resource.RUSAGE_CHILDREN)
    return programs.ru_utime + programs.ru_stime


def _print(bare: float, rows: list[Row], times: list[list[float]], peaks: list[int]) -> None:
    print(f"`python -c pass`: {bare * 1000:.1f} ms (Python {sys.version.split()[0]})\n")
    print("| command | tasks | entries | median | ratio | budget | of it |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for row, measured, peak in zip(rows, times, peaks, strict=True):
        median, budget = statistics.median(measured), row.budget
        limit = budget if isinstance(budget, str) else f"{budget}×"
        share = median / bare / budget if isinstance(budget, int) else median / float(budget.split()[0])
        memory = f", {peak} MiB" if row.tasks == SIZES[-1] else ""
        entries = f"{row.entries:,}" if row.entries else ""
        print(
            f"| `{row.name}` | {row.tasks:,} | {entries} | {median * 1000:.0f} ms{memory} | {median / bare:.1f}× "
            f"| ≤ {limit} | {share:.0%} |"
        )


if __name__ == "__main__":
    main()
