"""Finding a task or an agency by what people call it.

Its id, a former id, its number, its short or full name will do, with or without diacritics and whatever the case; in a
portfolio `PLAN:TASK` tells tasks of two plans apart. `TASK@DATE` is one occurrence of a task that comes again, by its
nominal day (2026-03-20 or 20/3/2026). Nothing is guessed: a name that fits several is `Ambiguous`, one
that fits none is `Unknown` and says what is near.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from cdsplan.messages import msg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cdsplan.messages import Message
    from cdsplan.plan.model import Agency, Plan, Task

Found = TypeVar("Found")


class Unknown(Exception):  # noqa: N818 - it says what is the matter
    """Nothing has this name; `near` are ids that look or sound alike."""

    def __init__(self, name: str, near: tuple[str, ...]) -> None:
        super().__init__(name)
        self.name = name
        self.near = near


class Ambiguous(Exception):  # noqa: N818
    """Several have this name; `candidates` are their ids."""

    def __init__(self, name: str, candidates: tuple[str, ...]) -> None:
        super().__init__(name)
        self.name = name
        self.candidates = candidates


class NoOccurrence(Exception):  # noqa: N818
    """A task does not come on this day; `near` are the names of the occurrences next to it."""

    def __init__(self, task: str, day: date, near: tuple[str, ...]) -> None:
        super().__init__(task)
        self.task = task
        self.day = day
        self.near = near


class Named(NamedTuple):
    """What somebody named: a task, or with `occurrence` (its nominal day) one occurrence of a recurring one."""

    plan: Plan
    task: Task
    occurrence: date | None = None

    @property
    def name(self) -> str:
        """The item's name: the task's id, or TASK@YYYY-MM-DD."""
        return self.task.id if self.occurrence is None else f"{self.task.id}@{self.occurrence.isoformat()}"


@lru_cache(maxsize=100_000)  # a sheet of 10,000 rows asks for thousands of names among thousands
def fold(text: str) -> str:
    """Bring a name to what is left of it without case, diacritics and extra spaces ("Sở Y tế" → "so y te")."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(bare.replace("đ", "d").split())


def find_task(plans: Sequence[Plan], name: str) -> tuple[Plan, Task]:
    """Find one task in the plans.

    Raises:
        Unknown, Ambiguous: when no task, or more than one, answers to the name.
    """
    plan_id, colon, rest = name.partition(":")
    if colon and any(plan.id == plan_id for plan in plans):
        plans, name = [plan for plan in plans if plan.id == plan_id], rest
    everything = [(plan, task) for plan in plans for task in plan.all_tasks.values()]
    several = len(plans) > 1

    def label(entry: tuple[Plan, Task]) -> str:
        return f"{entry[0].id}:{entry[1].id}" if several else entry[1].id

    exact = [(plan, plan.all_tasks[name]) for plan in plans if name in plan.all_tasks]
    former = [entry for entry in everything if name in entry[1].details.formerly]
    numbered = [entry for entry in everything if entry[1].number == name]
    wanted = fold(name)
    if not (exact or former or numbered):  # "i.1" where the plan writes "I.1"
        numbered = [entry for entry in everything if entry[1].number and fold(entry[1].number) == wanted]
    named = [
        (
            entry,
            [fold(word) for word in (entry[1].id, entry[1].short, entry[1].title, entry[1].details.title_en) if word],
        )
        for entry in ([] if exact or former or numbered else everything)
    ]
    alike = [entry for entry, words in named if wanted in words]
    return _only(name, (exact, former, numbered, alike), label, ((label(entry), words) for entry, words in named))


def find_item(plans: Sequence[Plan], name: str) -> Named:
    """Find one task, or one occurrence of a recurring one.

    Raises:
        Unknown, Ambiguous: as `find_task` does; also where a task that happens once is named with a day.
        NoOccurrence: the task does not come on that day.
    """
    stem, day = parted(name)
    plan, task = find_task(plans, stem)
    if day is None:
        return Named(plan, task)
    if task.repeat is None:
        raise Unknown(name, (task.id,))
    return occurrence(plan, task, day)


def parted(name: str) -> tuple[str, date | None]:
    """Part a name into that of the task and the day behind it, where there is one."""
    stem, _, last = name.rpartition("@")
    day = _day(last) if stem else None
    return (name, None) if day is None else (stem, day)


def occurrence(plan: Plan, task: Task, day: date) -> Named:
    """Give the occurrence of a recurring task on its nominal day.

    Raises:
        NoOccurrence: the task does not come on that day.
    """
    from cdsplan.plan.occurrences import around, on_day  # noqa: PLC0415 - few plans have recurring tasks

    if on_day(task, plan, day) is None:
        near = tuple(f"{task.id}@{found.isoformat()}" for found in around(task, plan.start, day))
        raise NoOccurrence(task.id, day, near)
    return Named(plan, task, day)


def _day(words: str) -> date | None:
    """Read the day of an occurrence."""
    iso = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", words)
    usual = re.fullmatch(r"(\d\d?)/(\d\d?)/(\d{4})", words)
    parts = iso.groups() if iso else usual.groups()[::-1] if usual else ()
    try:
        return date(*map(int, parts)) if parts else None
    except ValueError:
        return None


def find_agencies(plans: Sequence[Plan], name: str) -> tuple[str, ...]:
    """Find one agency, or the members of the `@group` of this name in all of the plans; gives ids in declared order.

    Raises:
        Unknown, Ambiguous: when nothing, or more than one agency, answers to the name; behind an @ near are groups.
    """
    agencies: dict[str, Agency] = {}
    for plan in plans:
        agencies |= {agency.id: agencies.get(agency.id, agency) for agency in plan.agencies.values()}
    group = name.removeprefix("@")
    if name.startswith("@") or name not in agencies:
        grouped = dict.fromkeys(member for plan in plans for member in plan.groups.get(group, ()))
        if grouped:
            return tuple(grouped)
    groups = dict.fromkeys(group for plan in plans for group in plan.groups)
    if name.startswith("@"):
        near = _near(fold(group), ((f"@{each}", [each]) for each in groups))
        raise Unknown(name, (group, *near) if group in agencies else near)
    exact = [agencies[name]] if name in agencies else []
    former = [agency for agency in agencies.values() if name in agency.formerly]
    wanted = fold(name)
    named = [
        (agency, [fold(word) for word in (agency.id, agency.short, agency.name, agency.name_en) if word])
        for agency in agencies.values()
    ]
    alike = [agency for agency, words in named if wanted in words]
    known = [(agency.id, words) for agency, words in named] + [(f"@{each}", [each]) for each in groups]
    return (_only(name, (exact, former, alike), lambda agency: agency.id, known).id,)


def no_agency(name: str) -> Message:
    """Say that there is no agency, or no group, of a name."""
    if name.startswith("@"):
        return msg("there is no group “{id}”", id=name)
    return msg("there is no agency “{name}”", name=name)


def unmistakable(named: Iterable[tuple[str, Iterable[str | None]]], taken: Iterable[str]) -> dict[str, str]:
    """Give ids by the names, folded, that nothing else can be meant by: for those who look up thousands of names.

    `named` are ids with the words that name each; `taken` is what means something else before any of these words do.
    """
    found: dict[str, str] = {}
    several = set(map(fold, taken))
    for id_, words in named:
        for word in {fold(word) for word in words if word}:
            if found.setdefault(word, id_) != id_:
                several.add(word)
    return {word: id_ for word, id_ in found.items() if word not in several}


def _only(
    name: str,
    tiers: Iterable[list[Found]],
    label: Callable[[Found], str],
    named: Iterable[tuple[str, list[str]]],
) -> Found:
    """Take the single entry of the first tier that has any."""
    for tier in tiers:
        if len(tier) == 1:
            return tier[0]
        if tier:
            raise Ambiguous(name, tuple(label(entry) for entry in tier))
    raise Unknown(name, _near(fold(name), named))


def _near(wanted: str, named: Iterable[tuple[str, list[str]]]) -> tuple[str, ...]:
    from difflib import get_close_matches  # noqa: PLC0415 - only a slip pays for it

    by_word: dict[str, str] = {}
    inside: list[str] = []
    around: dict[str, int] = {}  # what the words name in full, with the length of that name: the longest is the nearest
    for label, words in named:
        by_word |= {word: by_word.get(word, label) for word in words}
        if len(wanted) > 1 and any(wanted in word for word in words):
            inside.append(label)
        full = [len(word) for word in words if " " in word and f" {word} " in f" {wanted} "]
        if full:
            around[label] = max(full)
    if around:
        return tuple(sorted(around, key=lambda label: -around[label]))[:5]
    close = [by_word[word] for word in get_close_matches(wanted, by_word, n=3)]
    return tuple(dict.fromkeys([*inside[:5], *close]))[:5]
