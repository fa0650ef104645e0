"""Hold the engine to the naive methods over many random networks, and count.

    python tests/compare.py 5000     # so many networks of each kind

The property tests do the same and stop at the first difference, which they make small; this says how much was compared:
every task's early and late dates, three floats, the deadline that binds, driving links, and the longest path.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

from answers import agree, rows
from hypothesis import HealthCheck, Phase, given, settings
from oracle import Oracle, Project
from oracle_mixed import MixedOracle
from strategies import mixed_projects, plan_file, projects, reported, scheduled

if TYPE_CHECKING:
    from datetime import date

KINDS = {
    "one calendar": projects(),
    "several calendars": mixed_projects(),
    "one calendar, with facts": reported(projects()),
    "several calendars, with facts": reported(mixed_projects()),
}


class Count(NamedTuple):
    """What was compared."""

    networks: int
    tasks: int
    links: int
    differences: int


def differs(project: Project, as_of: date | None) -> bool:
    """Compare one network; as of a day its forecast."""
    schedule = scheduled(project)
    if as_of is not None:
        schedule = schedule.forecast(as_of)
    mixed = as_of is not None or bool(project.calendars)
    oracle = MixedOracle(project, as_of) if mixed else Oracle(project)
    try:
        agree(rows(schedule), oracle.rows())
        assert schedule.finish() == oracle.finish()
    except AssertionError:
        sys.stderr.write(f"{plan_file(project).decode()}\n# as of {as_of}\n")
        return True
    return False


def compare(kind: str, networks: int) -> Count:
    """Compare so many networks of a kind."""
    seen: list[tuple[int, int, bool]] = []

    @settings(
        max_examples=networks,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(KINDS[kind])
    def run(drawn: Project | tuple[Project, date]) -> None:
        project, as_of = drawn if isinstance(drawn, tuple) else (drawn, None)
        links = sum(len(each.ties) for each in project.activities)
        seen.append((len(project.activities), links, differs(project, as_of)))

    run()
    return Count(len(seen), *(sum(column) for column in zip(*seen, strict=True)))


def main() -> None:
    """Compare all kinds, two at a time, and print what was compared."""
    networks = int(sys.argv[1])
    with ProcessPoolExecutor(2) as pool:
        counts = list(pool.map(compare, KINDS, [networks] * len(KINDS)))
    for kind, (drawn, tasks, links, differences) in zip(KINDS, counts, strict=True):
        what = f"{kind}: {drawn:,} networks, {tasks:,} tasks, {links:,} links"
        sys.stdout.write(f"{what}; differences: {differences}\n")
    sys.exit(any(found.differences for found in counts))


if __name__ == "__main__":
    main()
