"""Measure the commands against the budgets of docs/performance.md: medians, and ratios to `python -c pass` in one run.

    python bench/run.py                  every row
    python bench/run.py --tasks 1000     one size
    python bench/run.py --rounds 21      more rounds, steadier medians

Machines are shared and noisy: what is measured is processor time (user and system) of the process, which others who
run at the same time take little part in; the rounds of all rows are interleaved, so that a slow minute slows them all;
and what counts is the ratio. Byte code is compiled once, before anything is measured, as an installed program has it.
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

from generate import plan

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
BUDGETS = {  # ratio to `python -c pass`; words: seconds
    "status --format plain": {10: 6, 1_000: 8, 10_000: 25, 100_000: "2.5 s"},
    "status --format json": {10: 6, 1_000: 8, 10_000: 25, 100_000: "2.5 s"},
    "status (table)": {10: 9, 1_000: 12, 10_000: 30},
    "check": {10: 9, 1_000: 12, 10_000: 30},
    "export": {10: 14, 1_000: 35, 10_000: "2.0 s"},
    "publish": {10: 14, 1_000: 35, 10_000: "2.0 s"},
}


def main() -> None:
    """Measure, and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--tasks", type=int, action="append", choices=SIZES)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = _rows(Path(folder), given.tasks or list(SIZES))
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": f"{folder}/bytecode", "PYTHONDONTWRITEBYTECODE": ""}
        bare = [sys.executable, "-c", "pass"]
        bare_times: list[float] = []
        times: dict[tuple[str, int], list[float]] = {row: [] for row in rows}
        peaks: dict[tuple[str, int], int] = {}
        for command in rows.values():
            _run(command, environment)
        for at in range(given.rounds):
            bare_times += (_run(bare, environment)[0] for _ in range(3))
            for row, command in rows.items():
                if row[1] < SIZES[-1] or at % 4 == 0:
                    seconds, peak = _run(command, environment)
                    times[row].append(seconds)
                    peaks[row] = peak
        _print(statistics.median(bare_times), times, peaks)


def _rows(folder: Path, sizes: list[int]) -> dict[tuple[str, int], list[str]]:
    rows: dict[tuple[str, int], list[str]] = {}
    for size in sizes:
        file = folder / f"plan-{size}.toml"
        file.write_text(plan(size), encoding="utf-8")
        for name, words in COMMANDS.items():
            if size in BUDGETS[name]:
                command = [
                    *PROGRAM,
                    *words,
                    "-p",
                    str(file),
                    "--as-of",
                    AS_OF,
                    "--max-size",
                    "99",
                ]
                into = [str(folder / f"{name}-{size}")] if name in {"export", "publish"} else []
                rows[name, size] = [*command, *into]
    return rows


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


def _print(bare: float, times: dict[tuple[str, int], list[float]], peaks: dict[tuple[str, int], int]) -> None:
    print(f"`python -c pass`: {bare * 1000:.1f} ms (Python {sys.version.split()[0]})\n")
    print("| command | tasks | median | ratio | budget | of it |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for (name, size), measured in times.items():
        median = statistics.median(measured)
        budget = BUDGETS[name][size]
        limit = budget if isinstance(budget, str) else f"{budget}×"
        share = median / bare / budget if isinstance(budget, int) else median / float(budget.split()[0])
        memory = f", {peaks[name, size]} MiB" if size == SIZES[-1] else ""
        print(
            f"| `{name}` | {size:,} | {median * 1000:.0f} ms{memory} | {median / bare:.1f}× | ≤ {limit} | {share:.0%} |"
        )


if __name__ == "__main__":
    main()
