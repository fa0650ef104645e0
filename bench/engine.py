"""Measure the schedule engine alone: both networks of a plan, with floats and driving links, through the Python API.

    python bench/engine.py                     every row but the largest
    python bench/engine.py --largest           1,000,000 tasks: seconds and memory
    python bench/engine.py --rounds 21         more rounds, steadier medians

One measurement goes from the plan as it was read to the planned network and the forecast, both passes of each, every
float and every driving link. Each is taken in a process of its own, once, as the program does it; the modules are
loaded and have done a small plan before. (A second measurement in the same process would find the memory that the first
has left, in better order or, of a shuffled file, in much worse.) Seconds are the processor's, so that other programs on
the machine count little; all rows take turns, round by round, so that a slow minute slows them all; what counts is the
ratio. Python's search for rings of dead objects is off, as it is in the program (`cdsplan/__main__.py`); the row
"collector on" says what it costs whoever uses the package as a library.

Beside it, on the same network in the same rounds, where installed (`pip install networkx rustworkx`, Debian package
tj3): the length of the longest path by networkx and by rustworkx, which is one forward pass without dates or floats,
and a critical path method written by hand over networkx's graph (both passes, total float, for one network). Their
answers are compared with ours before the clock runs. TaskJuggler is timed as a program, on 1,000 tasks with what its
links can say, beside `cdsplan schedule` on the same plan.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from networks import START, chain, mixed, plain, shuffled

from cdsplan.schedule import Schedule, schedule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from cdsplan.plan.model import Plan

AS_OF = date(2026, 11, 23)
SMALL, LARGE, LARGEST = 10_000, 100_000, 1_000_000
FOR_TJ3 = 1_000
TJ3_LIMIT = 60  # seconds
BUDGETS = {  # milliseconds, or a multiple of another row
    "10,000 tasks, mixed": 20.0,
    "100,000 tasks, mixed": 250.0,
    "10,000 tasks, mixed, 20 calendars": (2.0, "10,000 tasks, mixed"),
    "100,000 tasks, mixed, 20 calendars": (2.0, "100,000 tasks, mixed"),
    "100,000 tasks, a chain": (1.5, "100,000 tasks, mixed"),
    "100,000 tasks, mixed, shuffled file": (1.5, "100,000 tasks, mixed"),
}


def engine(plan: Plan) -> tuple[Schedule, Schedule]:
    """Do what is measured."""
    planned = schedule(plan)
    forecast = planned.forecast(AS_OF)
    for network in (planned, forecast):
        network.computed  # noqa: B018 - computed when first asked for
        network.driving_links()
    return planned, forecast


def main() -> None:
    """Measure, and print tables in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--largest", action="store_true", help="1,000,000 tasks, once")
    parser.add_argument("--row", help="measure one row once, and print its seconds")
    given = parser.parse_args()
    if given.largest:
        largest()
    elif given.row:
        once(given.row)
    else:
        with tempfile.TemporaryDirectory() as folder:
            alone = {name: partial(_alone, name) for name in (*OURS, *_others())}
            rows = alone | {name: partial(_timed, run) for name, run in _programs(Path(folder))}
            print(f"Python {sys.version.split()[0]}, median of {given.rounds} rounds\n")
            _print(_measure(rows, given.rounds))


OURS: dict[str, Callable[[], Plan]] = {
    f"{SMALL:,} tasks, mixed": partial(mixed, SMALL),
    f"{SMALL:,} tasks, mixed, collector on": partial(mixed, SMALL),
    f"{SMALL:,} tasks, mixed, 20 calendars": partial(mixed, SMALL, calendars=20),
    f"{LARGE:,} tasks, mixed": partial(mixed, LARGE),
    f"{LARGE:,} tasks, mixed, collector on": partial(mixed, LARGE),
    f"{LARGE:,} tasks, mixed, 20 calendars": partial(mixed, LARGE, calendars=20),
    f"{LARGE:,} tasks, mixed, shuffled file": lambda: shuffled(mixed(LARGE)),
    f"{LARGE:,} tasks, a chain": partial(chain, LARGE),
}
NETWORKX, BY_HAND, RUSTWORKX = "networkx, longest path", "networkx, by hand, both passes", "rustworkx, longest path"


def _others() -> Iterator[str]:
    """Name what else is measured, on the planned network of mixed shape."""
    for tasks in (SMALL, LARGE):
        if find_spec("networkx"):
            yield f"{tasks:,}: {NETWORKX}"
            yield f"{tasks:,}: {BY_HAND}"
        if find_spec("rustworkx"):
            yield f"{tasks:,}: {RUSTWORKX}"


def once(row: str) -> None:
    """Prepare a row, run it, and print the seconds that the run took."""
    collecting = row.endswith("collector on")
    if row in OURS:
        plan = OURS[row]()
        engine(mixed(50))
        run: Callable[[], object] = partial(engine, plan)
    else:
        tasks, name = row.split(": ")
        run = _other(mixed(int(tasks.replace(",", ""))), name)
    gc.collect()
    if not collecting:
        gc.disable()
    print(_timed(run))


def _other(plan: Plan, name: str) -> Callable[[], object]:
    """Prepare another library's way to the length of a plan, once it agrees with ours."""
    edges = _edges(plan)
    expected = max(schedule(plan).computed.early) - plan.workdays.index(START.toordinal())
    if name == RUSTWORKX:
        rustworkx: Any = importlib.import_module("rustworkx")
        nodes = rustworkx.PyDiGraph()
        nodes.extend_from_weighted_edge_list(edges)
        longest = partial(rustworkx.dag_weighted_longest_path_length, nodes, _weight)
        _same(longest(), expected)
        return longest
    networkx: Any = importlib.import_module("networkx")
    graph = networkx.DiGraph()
    for before, after, weight in edges:  # two links between two tasks: the one that binds
        if not graph.has_edge(before, after) or graph[before][after]["weight"] < weight:
            graph.add_edge(before, after, weight=weight)
    if name == NETWORKX:
        _same(networkx.dag_longest_path_length(graph), expected)
        return partial(networkx.dag_longest_path_length, graph)
    _same(_critical_path_method(networkx, graph)[0], expected)
    return partial(_critical_path_method, networkx, graph)


def _edges(plan: Plan) -> list[tuple[int, int, int]]:
    """Write the planned network as edges from start to start, with a source (the plan's start) and a sink (its end)."""
    network = schedule(plan).network
    count, begin = len(network.work), plan.workdays.index(START.toordinal())
    edges = [(count, j, earliest - begin) for j, earliest in enumerate(network.earliest)]
    edges += [(j, count + 1, work) for j, work in enumerate(network.work)]
    links = network.links
    for k, (i, j, distance) in enumerate(zip(links.sources, links.targets, network.distances, strict=True)):
        edges.append((i, j, distance + (0 if links.leaves_start(k) else network.work[i])))
    return edges


def _weight(_before: int, _after: int, weight: int) -> float:
    return float(weight)  # rustworkx takes whole numbers without a sign; leads have one


def _critical_path_method(networkx: Any, graph: Any) -> tuple[int, dict[int, int]]:  # noqa: ANN401 - untyped library
    """Both passes as one writes them over such a graph; gives the end, and every total float."""
    order = list(networkx.topological_sort(graph))
    early = dict.fromkeys(order, 0)
    for node in order:
        for after, edge in graph.succ[node].items():
            early[after] = max(early[after], early[node] + edge["weight"])
    end = max(early.values())
    late = dict.fromkeys(order, end)
    for node in reversed(order):
        for after, edge in graph.succ[node].items():
            late[node] = min(late[node], late[after] - edge["weight"])
    return end, {node: late[node] - early[node] for node in order}


def _same(found: int, expected: int) -> None:
    if found != expected:
        sys.exit(f"another library finds {found} days where we find {expected}")


def _programs(folder: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    """Name the programs that are measured on one plan of 1,000 tasks: from file to file."""
    plan = plain(FOR_TJ3)
    (folder / "plan.toml").write_text(_toml(plan), encoding="ascii")
    (folder / "plan.tjp").write_text(_tjp(plan), encoding="ascii")
    ours = [sys.executable, "-m", "cdsplan", "schedule", "--format", "csv", "-o", "schedule.csv", "plan.toml"]
    yield f"{FOR_TJ3:,}: cdsplan schedule, the program", partial(_run, ours, folder)
    if tj3 := shutil.which("tj3"):
        theirs = [tj3, "--silent", "--no-color", "plan.tjp"]
        _run(theirs, folder)
        last = max(line.split('"')[-2] for line in (folder / "dates.csv").read_text().splitlines()[1:])
        shown = date.fromisoformat(last) - timedelta(days=1)  # the instant after the last day
        if schedule(plan).finish() != shown:
            sys.exit(f"tj3 ends on {shown}, we on {schedule(plan).finish()}")
        yield f"{FOR_TJ3:,}: tj3, the program", partial(_run, theirs, folder)


def _run(command: list[str], folder: Path) -> None:
    try:
        subprocess.run(command, cwd=folder, check=True, timeout=TJ3_LIMIT)
    except subprocess.TimeoutExpired:
        print(f"{command[0]}: stopped after {TJ3_LIMIT} s", file=sys.stderr)


def _toml(plan: Plan) -> str:
    """Write a plain plan as our file."""
    lines = ["[plan]", 'id = "bench"', 'title = "Bench"', f"start = {START}", 'timezone = "UTC"']
    for task in plan.tasks.values():
        after = ", ".join(f'"{link.predecessor} {link.type}+{link.lag}"' for link in task.links)
        lines += [
            f"[tasks.{task.id}]",
            f'title = "{task.title}"',
            f'duration = "{task.duration}"',
            f"after = [{after}]",
        ]
    return "\n".join(lines)


def _tjp(plan: Plan) -> str:
    """Write a plain plan as TaskJuggler's."""
    lines = [
        f'project bench "Bench" {START} +15y {{ timezone "UTC" timingresolution 60 min dailyworkinghours 24',
        'workinghours mon - fri 0:00 - 24:00 workinghours sat, sun off timeformat "%Y-%m-%d" }',
        f'task begin "begin" {{ start {START} }}',
    ]
    for task in plan.tasks.values():
        depends = ", ".join(
            f"{link.predecessor} {{ {'onstart' if link.type == 'SS' else 'onend'} gaplength {link.lag} }}"
            if link.lag.amount
            else f"{link.predecessor} {{ {'onstart' if link.type == 'SS' else 'onend'} }}"
            for link in task.links
        )
        lines.append(f'task {task.id} "{task.title}" {{ length {task.duration} depends {depends or "begin"} }}')
    lines.append('taskreport dates "dates" { formats csv columns id, start, end }')
    return "\n".join(lines)


def _measure(rows: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """Give the median milliseconds of each row."""
    times: dict[str, list[float]] = {name: [] for name in rows}
    for _ in range(rounds):
        for name, run in rows.items():
            times[name].append(run() * 1000)
    return {name: statistics.median(measured) for name, measured in times.items()}


def _alone(row: str) -> float:
    """Measure a row in a process of its own."""
    command = [sys.executable, __file__, "--row", row]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _timed(run: Callable[[], object]) -> float:
    start = _spent()
    kept = run()
    seconds = _spent() - start
    del kept  # taking the answer apart again is not what is measured
    return seconds


def _spent() -> float:
    """Give the processor seconds spent so far, those of programs that have ended included."""
    programs = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + programs.ru_utime + programs.ru_stime


def _print(medians: dict[str, float]) -> None:
    print("| what | median | ratio | budget |")
    print("| --- | ---: | ---: | ---: |")
    for name, median in medians.items():
        base = next(own for own in medians if own.split()[0].strip(":") == name.split()[0].strip(":"))
        budget = BUDGETS.get(name, "")
        if isinstance(budget, tuple):
            budget = f"≤ {budget[0]:g}×"
        elif budget:
            budget = f"≤ {budget:g} ms"
        print(f"| {name} | {median:.1f} ms | {median / medians[base]:.2f}× | {budget} |")


def largest() -> None:
    """Print seconds and memory of the largest plan, once."""
    gc.disable()
    plan = mixed(LARGEST)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = _spent()
    planned, _ = engine(plan)
    seconds = _spent() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    memory = f"the plan {before // 1024} MiB, with both networks {peak // 1024} MiB"
    print(f"{len(planned.tasks):,} tasks: {seconds:.1f} s; {memory}")


if __name__ == "__main__":
    main()
