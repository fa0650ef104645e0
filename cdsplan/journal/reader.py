"""From the bytes of a journal to a `Journal`, or to everything that is wrong with it.

A line is blank, a comment, or one entry: `ID = { at = …, on = …, task = "…", kind = "…" }`, which is TOML on its own.
So every bad line is told at once, and two branches that both appended merge by keeping the lines of both; a line that
stands there twice, letter for letter, counts once. Lines as the program writes them are read by one pattern, which is
several times as quick as a TOML parser; any other line goes through the parser. Both ways meet the same rules.

- CDS101–CDS103, CDS109: as for plans; CDS104–CDS108, CDS111, CDS112: an entry that cannot be meant;
- CDS114: the last line is torn: whoever wrote it was cut off;
- CDS215 (a warning): the entry names a task or an agency that the plan no longer has, or a fan-out without a member.
"""

from __future__ import annotations

import codecs
import re
from bisect import insort
from contextlib import suppress
from datetime import date, datetime, time, tzinfo
from functools import cached_property
from itertools import chain, compress, repeat
from operator import attrgetter
from typing import TYPE_CHECKING, Any, cast

import tomli

from cdsplan.journal.model import LONGEST_NOTE, LONGEST_TEXT, PER_MEMBER, Entry, Journal, Kind
from cdsplan.journal.undoing import undone
from cdsplan.messages import msg
from cdsplan.plan.dues import Dues
from cdsplan.plan.fields import (
    FIRST_YEAR,
    LAST_YEAR,
    MOST_PROBLEMS,
    Fault,
    Guess,
    Guesses,
    Rejected,
    bad_id,
    day,
    identifier,
    integer,
    is_id,
    one_of,
    read_table,
    rejected,
    shown,
    text,
    wrong_type,
)
from cdsplan.plan.rules import in_file_order
from cdsplan.plan.source import Source, decode, load
from cdsplan.problems import PlanError, Problem, Severity
from cdsplan.succession import Shares

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from cdsplan.plan.fields import Reader
    from cdsplan.plan.model import Plan, Reading, Task
    from cdsplan.plan.occurrences import NominalDays

_ID = "[a-z0-9][a-z0-9-]{0,63}"
_WORDS = r'"(?! )([^"\\\n]{1,%d})(?<! )"'
_SHORT, _LONG = _WORDS % LONGEST_TEXT, _WORDS % LONGEST_NOTE
_LINE = re.compile(
    rf"^({_ID}) = \{{ at = (\d{{4}}-\d\d-\d\d)T((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{{3}})?)"
    r"([+-](?:[01]\d|2[0-3]):[0-5]\d), on = (\d{4}-\d\d-\d\d)"
    rf'(?:, task = "([a-z0-9@-]+)")?(?:, agency = "({_ID})")?, kind = "({"|".join(Kind)})"'
    rf'(?:, percent = (100|[1-9]?\d))?(?:, due = {_SHORT})?(?:, of = "({_ID})")?(?:, document = {_SHORT})?'
    rf"(?:, reason = {_SHORT})?(?:, note = {_LONG})?(?:, by = {_SHORT})? \}}$",
    re.MULTILINE | re.ASCII,
)
"""A line as `cdsplan.journal.writing` writes it, unless a text of it has escapes or a due is a date."""

ENTRY = msg("write one entry a line: {form}", form="ID = { at = 2021-09-28T09:12:00+07:00, on = 2021-09-28, … }")

TAKE_OUT = msg("take this line out")

COMMON = ("at", "on", "kind", "task", "agency", "document", "reason", "by")
OWN = {Kind.PROGRESS: ("percent",), Kind.EXTENDED: ("due",), Kind.NOTE: ("note",), Kind.VOID: ("of",)}
"""The keys of all entries, and those that entries of one kind must have besides."""


def read(data: bytes, file: str, plan: Plan, *, max_bytes: int) -> Journal:
    """Read the journal of a plan. `file` is its name for people.

    Raises:
        PlanError: with everything that is wrong, in the order of the lines.
    """
    return _JournalReader(file, plan).read(data, max_bytes)


def torn_tail(data: bytes) -> int | None:
    """Find where the last line begins when it is torn: without its line end, and neither blank nor closed.

    A line is written in one go, so a writer that was cut off left the beginning of one, or (some file systems) zeros.
    """
    start = data.rfind(b"\n") + 1
    tail = data[start:]
    if not start:
        tail = tail.removeprefix(codecs.BOM_UTF8)
    bare = tail.strip()
    if not bare or bare.startswith(b"#"):
        return None
    return None if bare.endswith(b"}") and b"\0" not in bare and not _cut_in_text(bare) else start


def _cut_in_text(line: bytes) -> bool:
    """Whether a line that ends in a brace was cut off within a text that holds one: its last quote is open."""
    try:
        tomli.loads(line.decode(errors="replace"))
    except (ValueError, RecursionError, OverflowError):  # as `load` meets them
        return bool(re.sub(rb"\\.", b"", line).count(b'"') % 2)
    return False


class _EnoughError(Exception):
    """More is wrong than is told at once."""


class _JournalReader:
    """One reading of one file."""

    def __init__(self, file: str, plan: Plan) -> None:
        self.file = file
        self.plan = plan
        self.problems: list[Problem] = []
        self.guesses = Guesses()
        self.source = Source(file, "")
        self.tasks = {former: task for task in plan.all_tasks.values() for former in task.details.formerly}
        self.tasks |= plan.all_tasks
        self.agencies = {former: agency.id for agency in plan.agencies.values() for former in agency.formerly}
        self.agencies |= dict(zip(plan.agencies, plan.agencies, strict=True))
        self.dues = Dues(plan.policy, plan.workdays, _no_event)
        self._nominal_days: NominalDays | None = None
        self._odd: set[str] = set()  # what lines that the pattern fits say that cannot be meant
        self._days = _Known(_day, self._odd)
        self._zones = _Known(_zone, self._odd)
        self._items = _Known(lambda item: (item, None) if not item or item in self.tasks else _item(item), self._odd)
        self._dues = _Known(lambda due: self._due(due) if due else None, self._odd)

    def read(self, data: bytes, max_bytes: int) -> Journal:
        torn = torn_tail(data)
        sound = data if torn is None else data[:torn]
        self.source = Source(self.file, decode(sound.removeprefix(codecs.BOM_UTF8), self.file, max_bytes))
        entries: dict[str, Entry] = {}
        voided: frozenset[str] = frozenset()
        with suppress(_EnoughError):
            self._read_lines(entries)
            voided = self._undone(entries)
            if torn is not None:
                self._torn(data[torn:])
        if self.problems:
            raise PlanError(tuple(in_file_order(self.problems)))
        return self._journal(entries, voided)

    def _journal(self, entries: Mapping[str, Entry], voided: frozenset[str]) -> Journal:
        """Say the entries with the plan's present names, in the order in which they take effect."""
        vanished: dict[str, Problem] = {}
        named = [*map(_NAMES, entries.values())]
        same = {names for names in set(named) if self._stay(*names)}
        known = [
            entry if names in same else self._with_present_names(entry, vanished)
            for names, entry in zip(named, entries.values(), strict=True)
        ]
        known.sort(key=_TURN)
        return Journal(tuple(known), tuple(entries), voided, vanished, self.source)

    def _stay(self, task: str, occurrence: date | None, agency: str | None, kind: Kind) -> bool:
        """Whether the names of an entry are the plan's present ones."""
        once = occurrence is None and task not in self.plan.recurring
        return once and self._present(task, agency, kind) == (task, agency)

    def _with_present_names(self, entry: Entry, vanished: dict[str, Problem]) -> Entry:
        """Give an entry with the plan's present names; those that name what the plan no longer has go to `vanished`."""
        present = self._present(entry.task, entry.agency, entry.kind) or self._taken_over(entry)
        if (
            present is not None
            and (entry.occurrence is not None or present[0] in self.plan.recurring)
            and self._no_occurrence(entry, self.tasks[entry.task]) is not None
        ):
            present = None
        if present is None:
            vanished[entry.id] = self._placed(self._numbers[entry.id][-1], self._gone(entry), Severity.WARNING)
            return entry
        changed = present != (entry.task, entry.agency)
        return entry._replace(task=present[0], agency=present[1]) if changed else entry

    # Lines

    def _read_lines(self, entries: dict[str, Entry]) -> None:
        """Read every line; what is wrong with them goes to `problems`."""
        lines = self.source.text
        quick = 0
        odd: list[str] = []
        for start, end in _blocks(lines):
            found = _LINE.findall(lines, start, end)
            quick += len(found)
            odd += self._quick(found, entries) if found else ()
        rest: dict[int, str] = {}
        if quick < lines.count("\n") + (not lines.endswith("\n")):
            rest = dict(enumerate(_LINE.sub("", lines).split("\n"), 1))
        rest |= {number: self._texts[number - 1] for name in odd for number in self._numbers[name]}
        if self._parse_lines(rest.items(), entries):
            in_their_order = sorted(entries.items(), key=lambda entry: self._numbers[entry[0]][0])
            entries.clear()
            entries.update(in_their_order)

    def _quick(self, found: Sequence[tuple[str, ...]], entries: dict[str, Entry]) -> list[str]:
        """Make the entries of lines that are as the program writes them; give the ids of those that are not.

        Column by column: a step of a loop for each of ten thousand lines costs more than what it does.
        """
        (
            names, dates, times, zones, days, items, agencies, kinds,
            percents, dues, targets, documents, reasons, notes, authors,
        ) = zip(*found, strict=True)  # fmt: skip
        odd, told = self._odd, (items, percents, dues, targets, notes)
        dated, happened = [*map(self._days.__getitem__, dates)], [*map(self._days.__getitem__, days)]
        named, moved = [*map(self._items.__getitem__, items)], [*map(self._dues.__getitem__, dues)]
        words = "\n".join(chain(dues, documents, reasons, notes, authors))
        if not words.replace("\n", "").isprintable():
            odd |= {written for written in words.split("\n") if not written.isprintable()}
        if odd or not SHAPES.issuperset(_shapes(kinds, *told)):
            shapes = _shapes(kinds, *told)
            fits = [odd.isdisjoint(line) and shape in SHAPES for line, shape in zip(found, shapes, strict=True)]
            if not all(fits):
                if any(fits):
                    self._quick([*compress(found, fits)], entries)
                return [name for name, fit in zip(names, fits, strict=True) if not fit]
        instants = map(datetime.combine, dated, map(time.fromisoformat, times), map(self._zones.__getitem__, zones))
        tasks, occurrences = zip(*named, strict=True)
        made = map(tuple.__new__, repeat(Entry), zip(
            names, instants, happened, map(KINDS.__getitem__, kinds), tasks, occurrences, _said(agencies),
            map(PERCENTS.__getitem__, percents), moved, _said(targets), _said(documents), _said(reasons),
            _said(notes), _said(authors), strict=True,
        ))  # fmt: skip
        for name, entry in zip(names, made, strict=True):
            if entries.setdefault(name, entry) is not entry and entries[name] != entry:
                self._twice(name)
        return []

    def _parse_lines(self, lines: Iterable[tuple[int, str]], entries: dict[str, Entry]) -> bool:
        """Read numbered lines as TOML, each on its own; say whether any is an entry."""
        found = False
        for number, line in lines:
            bare = line.strip()
            if bare and not bare.startswith("#"):
                entry = self._parsed(number, line)
                if entry is None:
                    continue
                found = True
                if not _ID_OF.match(line):  # an id in quotes
                    insort(self._numbers.setdefault(entry.id, []), number)
                if entries.setdefault(entry.id, entry) != entry:
                    self._twice(entry.id)
        return found

    def _twice(self, name: str) -> None:
        """Tell of an id that stands for two different entries."""
        first, last = self._numbers[name][0], self._numbers[name][-1]
        twice = msg("another entry has the id “{id}” too, on line {line}", id=name, line=first)
        self._add(last, Fault("CDS108", twice, msg("change a character of one of the two ids"), (name,), key=True))

    @cached_property
    def _numbers(self) -> dict[str, list[int]]:
        """The numbers of the lines on which each id stands; looked for only where there is something to tell."""
        numbers: dict[str, list[int]] = {}
        for number, line in enumerate(self.source.text.split("\n"), 1):
            if found := _ID_OF.match(line):
                numbers.setdefault(found[1], []).append(number)
        return numbers

    @cached_property
    def _texts(self) -> list[str]:
        return self.source.text.split("\n")

    def _parsed(self, number: int, line: str) -> Entry | None:
        """Read a line as TOML."""
        try:
            tree, _ = load(line.encode(), self.file)
        except PlanError as error:
            for problem in error.problems:
                self._tell(problem._replace(place=problem.place and problem.place._replace(line=number)))
            return None
        faults: list[Fault] = []
        entry: Entry | None = None
        for name, value in tree.items():
            if not isinstance(value, dict) or len(tree) > 1 or line.lstrip().startswith("["):
                faults.append(Fault("CDS106", msg("this is no entry"), ENTRY, (name,), key=True))
                break
            if not is_id(name):
                faults += (fault._replace(at=(name,), key=True) for fault in bad_id(name).faults)
            try:
                entry = self._entry(name, value)
            except Rejected as problem:
                faults += (fault.inside(name) for fault in problem.faults)
        for fault in faults:
            self._add(number, fault)
        return None if faults else entry

    def _entry(self, name: str, table: dict[str, Any]) -> Entry:
        kind = Kind(_KIND(table["kind"])) if isinstance(table.get("kind"), str) and table["kind"] in KINDS else None
        own = OWN.get(kind, ()) if kind is not None else tuple(key for keys in OWN.values() for key in keys)
        readers: dict[str, Reader] = {key: self._readers[key] for key in (*COMMON, *own)}
        required = ["at", "on", "kind", *(own if kind is not None else ())]
        if kind is not Kind.VOID:
            required.append("task")
        values, faults = read_table(table, readers, required)
        if faults or kind is None:
            raise Rejected(faults)
        task, occurrence = values.pop("task", ("", None))
        return Entry(**values, id=name, task=task, occurrence=occurrence)

    @property
    def _readers(self) -> dict[str, Reader]:
        words = text(LONGEST_TEXT)
        return {
            "at": _instant, "on": day, "kind": _KIND, "task": _item, "agency": identifier, "percent": _percent,
            "due": self._due, "of": identifier, "document": words, "reason": words, "note": _note, "by": words,
        }  # fmt: skip

    def _due(self, value: object) -> Reading:
        return cast("Reading", self.dues.read(value))  # a count from a task, the only other thing, is refused

    # What entries name

    def _present(self, name: str, agency: str | None, kind: Kind) -> tuple[str, str | None] | None:
        """Give the present ids of a task and an agency; None where an entry that names them counts nowhere."""
        if kind is Kind.VOID:
            return name, agency
        task = self.tasks.get(name)
        if task is None:
            return None
        if agency is None:
            return None if task.members and kind in PER_MEMBER else (task.id, None)
        found = self.agencies.get(agency)
        return None if found is None or (task.members and found not in task.members) else (task.id, found)

    def _taken_over(self, entry: Entry) -> tuple[str, str | None] | None:
        """Give the present ids where an agency stands for a member that it has taken over from, the only one."""
        task, agency = self.tasks.get(entry.task), self.agencies.get(entry.agency or "")
        if task is None or agency is None:
            return None
        taken = self._shares.of(task.members, agency, entry.on)
        return (task.id, taken[0]) if len(taken) == 1 else None

    @cached_property
    def _shares(self) -> Shares:
        return Shares(self.plan)

    def _gone(self, entry: Entry) -> Fault:
        """Say why an entry counts nowhere."""
        task, item, agency = self.tasks.get(entry.task), entry.item, entry.agency
        if task is None:
            gone = msg("the plan has no task “{id}” any more: this entry counts nowhere", id=item)
            hint = msg('if the task was renamed, write at the task: formerly = ["{id}"]', id=entry.task)
        elif (absent := self._no_occurrence(entry, task)) is not None:
            return absent
        elif agency is None:
            gone = msg(
                "“{id}” is delivered by each of {count} agencies, and this entry names none: it counts nowhere",
                id=item,
                count=len(task.members),
            )
            hint = msg('add the agency: agency = "…"')
        else:
            gone = msg("“{agency}” need not deliver “{id}” any more: this entry counts nowhere", agency=agency, id=item)
            hint = msg(
                'look at “each” of the task; if the agency was renamed, write at the agency: formerly = ["{id}"]',
                id=agency,
            )
        return Fault("CDS215", gone, hint, (entry.id, "task" if task is None or agency is None else "agency"))

    def _no_occurrence(self, entry: Entry, task: Task) -> Fault | None:
        """Say why an entry names no occurrence of its task, or one of a task that happens once; None: it does not."""
        at = (entry.id, "task")
        if task.repeat is None and entry.occurrence is None:
            return None
        if task.repeat is None:
            once = msg("“{id}” happens once and has no occurrences: this entry counts nowhere", id=task.id)
            return Fault("CDS215", once, msg('write the task alone: "{id}"', id=task.id), at)
        day_ = entry.occurrence
        if day_ is None:
            which = msg("“{id}” comes again, and this entry does not say which time: it counts nowhere", id=task.id)
            return Fault("CDS215", which, msg('add the day of the occurrence: "{id}@2026-03-20"', id=task.id), at)
        from cdsplan.plan.occurrences import NominalDays, around  # noqa: PLC0415 - few plans have recurring tasks

        if self._nominal_days is None:
            self._nominal_days = NominalDays(self.plan.start)
        if self._nominal_days.has(task, day_):
            return None
        gone = msg("“{id}” does not come on {day} by its rule: this entry counts nowhere", id=task.id, day=day_)
        near = tuple(f"{task.id}@{found.isoformat()}" for found in around(task, self.plan.start, day_))
        return Fault("CDS215", gone, msg("nearest to it are: {names}", names=near), at)

    def _undone(self, entries: Mapping[str, Entry]) -> frozenset[str]:
        """Find the entries that are undone; what a `void` undoes must be there."""
        void = Kind.VOID
        voids = [entry for entry in entries.values() if entry.kind is void]
        for entry in voids:
            if entry.of not in entries:
                unknown = msg("there is no entry “{id}”", id=shown(entry.of or ""))
                hint = Guess(entry.of or "", tuple(entries), TAKE_OUT)
                self._add(self._numbers[entry.id][-1], Fault("CDS107", unknown, hint, (entry.id, "of")))
        found, rings = undone(voids)
        for name in rings:
            ring = msg("this entry undoes itself, by some way round")
            self._add(self._numbers[name][-1], Fault("CDS111", ring, TAKE_OUT, (name, "of")))
        return found

    # Telling

    def _torn(self, tail: bytes) -> None:
        """Tell of the beginning of a line."""
        line = tail.removeprefix(codecs.BOM_UTF8).replace(b"\0", b"").decode(errors="replace")
        number = self.source.text.count("\n") + 1
        place = Source(self.file, line).place_at(0, len(line))._replace(line=number)
        message = msg("the last line is torn: whoever wrote it was cut off, and never told that it was written")
        hint = msg("put it aside with: cdsplan journal repair; then record again what it was about")
        self._tell(Problem(code="CDS114", message=message, hint=hint, place=place))

    def _add(self, number: int, fault: Fault) -> None:
        self._tell(self._placed(number, fault))

    def _placed(self, number: int, fault: Fault, severity: Severity = Severity.ERROR) -> Problem:
        line = Source(self.file, self._texts[number - 1])
        place = line.place(fault.at, key=fault.key, part=fault.part)._replace(line=number)
        hint = self.guesses.hint(fault.hint)
        return Problem(code=fault.code, message=fault.message, hint=hint, place=place, severity=severity)

    def _tell(self, problem: Problem) -> None:
        if len(self.problems) >= MOST_PROBLEMS:
            more = msg("there are more problems; the first {most} that were found are listed", most=MOST_PROBLEMS)
            self.problems.append(problem._replace(code="CDS101", message=more, hint=msg("mend these first")))
            raise _EnoughError
        self.problems.append(problem)


PERCENTS = {"": None, **{str(percent): percent for percent in range(101)}}
_NAMES = attrgetter("task", "occurrence", "agency", "kind")
_TURN = attrgetter("on", "at", "id")
"""`Entry.turn`, for instants of which most have one time zone in common: compared thirty times as quickly as others."""
_ID_OF = re.compile(r"[ \t]*([a-z0-9-]+)[ \t]*=")
KINDS: dict[str, Kind] = {str(kind): kind for kind in Kind}
SHAPES = frozenset(
    (str(kind), kind is not Kind.VOID, *(key in OWN.get(kind, ()) for key in ("percent", "due", "of", "note")))
    for kind in Kind
)
"""For each kind, whether its entries have a task, and each of the keys that only some kinds have."""
_KIND = one_of(Kind)
_percent = integer(0, 100)
_note = text(LONGEST_NOTE)


INSTANT = msg("write day, time and time zone, without quotes: 2021-09-28T09:12:00+07:00")


def _instant(value: object) -> datetime:
    """Read when an entry was written down."""
    if not isinstance(value, datetime):
        raise wrong_type(msg("a date with a time of day"), value, INSTANT)
    if value.tzinfo is None:
        raise rejected("CDS106", msg("the time zone is missing"), INSTANT)
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise rejected("CDS109", msg("the year {year} cannot be meant", year=value.year), INSTANT)
    return value


class _Known(dict[str, Any]):
    """What is written on many lines, each text read once; None for one that is `odd`, as its parser will tell."""

    def __init__(self, read: Callable[[str], object], odd: set[str]) -> None:
        self._read = read
        self._odd = odd

    def __missing__(self, written: str) -> object:
        try:
            value = self[written] = self._read(written)
        except (ValueError, Rejected):
            value = self[written] = None
            self._odd.add(written)
        return value


def _day(written: str) -> date:
    return day(date.fromisoformat(written))


def _zone(written: str) -> tzinfo | None:
    return datetime.fromisoformat(f"2000-01-01T00:00:00{written}").tzinfo


def _shapes(kinds: Iterable[str], *columns: Iterable[str]) -> Iterator[tuple[object, ...]]:
    """Give for each line its kind, and which of the columns it has."""
    return zip(kinds, *(map(bool, column) for column in columns), strict=True)


BLOCK = 64 * 1024
"""Characters of lines that are read at once: what is made on the way fits into the processor's caches."""


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Part a text into blocks of whole lines: where each begins and ends."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + BLOCK) + 1 or len(text)
        yield start, end
        start = end


def _said(column: Iterable[str]) -> list[str | None]:
    """Give the values of a column, None where nothing is said."""
    return [written or None for written in column]


def _item(value: object) -> tuple[str, date | None]:
    """Read the name of an item: a task's id, or TASK@YYYY-MM-DD."""
    if type(value) is not str:
        raise wrong_type(msg("an id in quotes"), value, msg("write the id of a task, in straight quotes"))
    task, at, nominal = value.partition("@")
    task = identifier(task)
    if not at:
        return task, None
    try:
        return task, day(date.fromisoformat(nominal))
    except ValueError:
        hint = msg("an occurrence of a recurring task is named by its day: {task}@2021-10-20", task=task)
        raise rejected("CDS109", msg("“{day}” is no day", day=shown(nominal)), hint) from None


def _no_event(_value: object) -> str:
    """Refuse to count a deadline from a task: what was decided is a day."""
    hint = msg('write the day that was decided, in words or as a date: "trước ngày 15/10/2021", 2021-10-15')
    raise rejected("CDS112", msg("a deadline that is moved is not counted from a task"), hint)
