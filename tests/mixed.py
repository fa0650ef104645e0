"""Random plans with several calendars, elapsed lengths and lags, and facts, as plan files.

They are for laws that compare the program with itself on another plan; `strategies` has those that an oracle can solve.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from hypothesis import strategies as st

from cdsplan.plan.reader import read
from cdsplan.schedule import Schedule, schedule

START = date(2026, 2, 9)  # the Monday before Tết
CALENDARS = ("six", "all", "few")
KINDS = ("FS", "SS", "FF", "SF")
UNITS = ("d", "w", "ed", "ew")
MOST_TASKS = 7


class MixedTask(NamedTuple):
    """A task: its length as (amount, unit), and the other lines of its table."""

    name: str
    length: tuple[int, str]
    lines: tuple[str, ...]


class MixedPlan(NamedTuple):
    """A plan file in parts."""

    silence: str
    tasks: tuple[MixedTask, ...]

    def schedule(self, *, without: str | None = None, as_of: date | None = None) -> Schedule:
        """Read and schedule it, with one task of no length; as of a day its forecast.

        Of work that has begun by then nothing is left instead.
        """
        head = f"""
[plan]
id = "mixed"
title = "Mixed"
start = {START}
timezone = "UTC"
[reading]
silence = "{self.silence}"
[calendar]
holidays = "VN"
[calendars.six]
workweek = ["mon", "tue", "wed", "thu", "fri", "sat"]
[calendars.all]
holidays = "none"
workweek = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
[calendars.few]
holidays = "none"
workweek = ["tue", "sun"]
closed = [2026-02-15]
"""
        parts = [head]
        for name, (amount, unit), lines in self.tasks:
            begun = name == without and as_of is not None and has_begun(lines, as_of) and amount
            length = f'duration = "{0 if name == without and not begun else amount}{unit}"'
            kept = [line for line in lines if not (begun and line.startswith("percent"))]
            left = ["percent = 100"] if begun else []
            parts.append("\n".join((f"[tasks.{name}]", f'title = "{name}"', length, *kept, *left)))
        planned = schedule(read("\n".join(parts).encode(), "mixed.toml"))
        return planned if as_of is None else planned.forecast(as_of)


def has_begun(lines: tuple[str, ...], as_of: date) -> bool:
    """Say whether the lines of a task tell that it has begun by a day."""
    told = dict(line.split(" = ", 1) for line in lines)
    return told.get("started", str(as_of)) <= str(as_of) and ("started" in told or "percent" in told)


DAYS = st.integers(-4, 25).map(lambda offset: START + timedelta(days=offset))


@st.composite
def mixed_plans(draw: st.DrawFn, *, facts: bool) -> MixedPlan:
    """Draw a plan; with facts, some of its work is begun, done or cancelled."""
    tasks: list[MixedTask] = []
    for at in range(draw(st.integers(1, MOST_TASKS))):
        lines: list[str] = []
        if tasks:
            names = st.sampled_from([task.name for task in tasks])
            pairs = draw(st.lists(st.tuples(names, st.sampled_from(KINDS)), max_size=3, unique=True))
            lags = [
                draw(st.just("") | st.builds("{:+}{}".format, st.integers(-3, 5), st.sampled_from(UNITS)))
                for _ in pairs
            ]
            links = (
                f'"{name} {kind}{"" if lag.startswith(("+0", "-0")) else lag}"'
                for (name, kind), lag in zip(pairs, lags, strict=True)
            )
            lines.append(f"after = [{', '.join(links)}]")
        if draw(st.booleans()):
            lines.append(f"not-before = {draw(DAYS)}")
        if draw(st.booleans()):
            lines.append(f'calendar = "{draw(st.sampled_from(CALENDARS))}"')
        if facts:
            lines += draw(FACTS)
        length = (draw(st.integers(0, 4)), draw(st.sampled_from(UNITS)))
        tasks.append(MixedTask(f"t{at}", length, tuple(lines)))
    return MixedPlan(draw(st.sampled_from(["on-plan", "no-progress"])), tuple(draw(st.permutations(tasks))))


FACTS = st.one_of(
    st.just([]),
    DAYS.map(lambda day: [f"started = {day}"]),
    st.builds(lambda day, percent: [f"started = {day}", f"percent = {percent}"], DAYS, st.integers(1, 99)),
    st.integers(1, 99).map(lambda percent: [f"percent = {percent}"]),
    DAYS.map(lambda day: [f"done = {day}"]),
    st.just(["done = true"]),
    DAYS.map(lambda day: [f"cancelled = {day}"]),
)
