"""Plans for the engine alone, made as facts without a file, the same every time.

Mixed shape: a third of the tasks wait for nothing, a third for one task, a third for two, each among the 40 before it;
of the links 70 % are FS, 10 % SS, 15 % FF, 5 % SF, and a quarter has a lag of -2 to 5 working days. Three tasks in four
have a deadline, one in eight a `not-before`; one in six is done, one in twelve under way, one in fifty a point.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

from cdsplan import daysoff
from cdsplan.plan.model import (
    NO_FACTS,
    NO_LAG,
    CalendarSpec,
    Closure,
    DeadlineKind,
    Duration,
    Facts,
    Link,
    LinkType,
    Plan,
    Reading,
    Rule,
    Task,
)
from cdsplan.plan.order import numbered, topological_order
from cdsplan.plan.rules import waits_for
from cdsplan.plan.source import Source

START = date(2026, 1, 5)
NEAR = 40


def mixed(tasks: int, calendars: int = 1, seed: int = 7) -> Plan:
    """Build a plan of mixed shape; with several calendars every task has one of them, whatever its neighbours have."""
    chance = random.Random(seed)  # noqa: S311 - a shape, not a secret
    return _plan([_task(n, chance, calendars) for n in range(tasks)], calendars)


def shuffled(plan: Plan, seed: int = 7) -> Plan:
    """Declare the same tasks in any order; they are made anew, as reading such a file would make them."""
    tasks = list(plan.tasks.values())
    random.Random(seed).shuffle(tasks)  # noqa: S311 - a shape, not a secret
    return _plan([_made_anew(task) for task in tasks], len(plan.calendars) or 1)


def _made_anew(task: Task) -> Task:
    links = tuple(link._replace(predecessor=_copied(link.predecessor)) for link in task.links)
    due = task.due._replace() if isinstance(task.due, Reading) else None
    return task._replace(id=_copied(task.id), links=links, due=due, duration=Duration(*task.duration))


def _copied(word: str) -> str:
    return word[:1] + word[1:]


def chain(tasks: int) -> Plan:
    """Let each task wait for the one before it."""
    return _plan([Task(f"t{n}", f"Task {n}", links=(Link(f"t{n - 1}"),) if n else ()) for n in range(tasks)])


def plain(tasks: int, seed: int = 7) -> Plan:
    """Build a plan with what TaskJuggler's links say in a line: FS and SS, no leads, one link to one task, no facts."""
    chance = random.Random(seed)  # noqa: S311 - a shape, not a secret
    return _plan(
        [
            Task(
                f"t{n}",
                f"Task {n}",
                duration=Duration(chance.randint(1, 20)),
                links=tuple(
                    Link(f"t{m}", chance.choice((LinkType.FS, LinkType.SS)), Duration(chance.randint(0, 5)))
                    for m in _before(n, chance)
                ),
            )
            for n in range(tasks)
        ],
        holidays="none",
    )


def _task(n: int, chance: random.Random, calendars: int) -> Task:
    due, soon = START + timedelta(days=chance.randint(20, 1500)), START + timedelta(days=chance.randint(0, 700))
    reading = Reading("", DeadlineKind.DAY, (Rule.NAMED_DAY,), named_last=due, last=due)
    facts = NO_FACTS
    if n % 6 == 5:  # noqa: PLR2004 - one in six
        facts = Facts(done=START + timedelta(days=chance.randint(10, 300)))
    elif n % 12 == 3:  # noqa: PLR2004 - one in twelve
        facts = Facts(started=START + timedelta(days=chance.randint(10, 300)), percent=50)
    return Task(
        id=f"t{n}",
        title=f"Task {n}",
        due=reading if n % 4 else None,
        duration=Duration(0 if n % 50 == 0 else chance.randint(1, 20)),
        links=tuple(_link(f"t{m}", chance) for m in _before(n, chance)),
        not_before=soon if n % 8 == 1 else None,
        calendar=f"c{chance.randrange(calendars)}" if calendars > 1 else None,
        facts=facts,
    )


def _before(n: int, chance: random.Random) -> list[int]:
    return sorted({chance.randint(max(0, n - NEAR), n - 1) for _ in range(chance.randint(0, 2))}) if n else []


def _link(predecessor: str, chance: random.Random) -> Link:
    (kind,) = chance.choices(tuple(LinkType), (70, 10, 15, 5))
    return Link(predecessor, kind, NO_LAG if chance.randrange(4) else Duration(chance.randint(-2, 5)))


def _plan(tasks: list[Task], calendars: int = 1, holidays: str = "VN") -> Plan:
    by_id = {task.id: task for task in tasks}
    waiting = waits_for(by_id)
    own = CalendarSpec(holidays)
    named = {f"c{n}": own._replace(closed=_closed(n)) for n in range(calendars)} if calendars > 1 else {}
    return Plan(
        id="bench",
        title="Bench",
        start=START,
        timezone="Asia/Ho_Chi_Minh",
        agencies={},
        groups={},
        calendars=named,
        workdays=daysoff.build(own, START),
        named_workdays={name: daysoff.build(spec, START) for name, spec in named.items()},
        tasks=by_id,
        recurring={},
        waits_for=waiting,
        numbering=numbered(waiting, topological_order(waiting)),
        source=Source("bench.toml", ""),
    )


def _closed(n: int) -> tuple[Closure, ...]:
    """Close one day of each month, another one in each calendar."""
    days = [date(2026 + month // 12, month % 12 + 1, n + 1) for month in range(60)]
    return tuple(Closure(day, day) for day in days)
