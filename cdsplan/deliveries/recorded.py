"""From the rows of a sheet to the entries of a journal: all of them, or everything that is wrong with them.

Each row is one delivery (`done`). A row that says what a standing entry of the journal, or a row above it, says already
(the item, the agency, the day and the document are the same) adds nothing and is counted. What an agency delivers for
one from whom it has taken over stands in the journal with the share's declared agency: each entry answers for one row.

- CDS105: a cell is missing; CDS106: a text is too long, a group, or another task; CDS107: no such task, occurrence or
  agency; CDS109: no such day, or one that has not come; CDS116: what the row reports does not follow from how things
  stand.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

from cdsplan.deliveries.columns import Column
from cdsplan.deliveries.sheet import MOST_PROBLEMS
from cdsplan.journal.model import LONGEST_TEXT, Kind
from cdsplan.journal.recording import Recorder, Refused, Report
from cdsplan.messages import Message, msg, nmsg
from cdsplan.names import (
    Ambiguous,
    Named,
    NoOccurrence,
    Unknown,
    find_agencies,
    find_task,
    fold,
    no_agency,
    occurrence,
    parted,
    unmistakable,
)
from cdsplan.plan.typed import NoDay, typed_day
from cdsplan.problems import PlanError, Problem
from cdsplan.succession import Shares

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from cdsplan.deliveries.sheet import Cell, Row, Sheet
    from cdsplan.journal.model import Entry, Journal
    from cdsplan.plan.model import Plan, Task

    Key = tuple[str, str | None, date, str | None]

MEND = msg("mend these first")

MOST_UNKNOWN = 100
"""Different names that nothing has: more, and it is the wrong sheet. (Looking for what is near takes its time.)"""

HOUR = re.compile(r"(?<=\d)[ T](\d{1,2}:(\d\d)(?::(\d\d)(?:\.\d+)?)?)(?: ?(?:AM|PM|SA|CH))?$", re.IGNORECASE)
"""The time of day that some spreadsheets write behind a day; SA and CH are AM and PM of a Vietnamese Windows."""

MOST_HOURS, MOST_MINUTES = 24, 59


class Given(NamedTuple):
    """What holds for every row: the task or occurrence, the day of rows without one, who records them.

    Without an item a column names it.
    """

    item: Named | None = None
    on: date | None = None
    by: str | None = None
    again: bool = False


class Recorded(NamedTuple):
    """The entries to add, how many rows said what was recorded already, and how many what a row above them says."""

    entries: tuple[Entry, ...]
    known: int
    repeated: int = 0


def record_sheet(
    sheet: Sheet, rows: Iterable[Row], plan: Plan, journal: Journal, recorder: Recorder, given: Given, today: date
) -> Recorded:
    """Make the entries of rows of a sheet, which are its own rows.

    Raises:
        PlanError: with everything that is wrong, in the order of the rows.
    """
    return _Reader(sheet, plan, journal, recorder, given, today).read(rows)


Found = TypeVar("Found")


class _Fault(NamedTuple):
    """One thing wrong with a cell."""

    cell: Cell
    code: str
    message: Message
    hint: Message


class _Wrong(Exception):  # noqa: N818 - it carries what is wrong
    """A cell cannot be used."""

    def __init__(self, code: str, message: Message, hint: Message) -> None:
        super().__init__(str(message))
        self.code = code
        self.message = message
        self.hint = hint


class _Reader:
    """One reading of one sheet: every name and day is looked up once, however many rows have it."""

    def __init__(
        self, sheet: Sheet, plan: Plan, journal: Journal, recorder: Recorder, given: Given, today: date
    ) -> None:
        self.sheet = sheet
        self.plan = plan
        self.recorder = recorder
        self.given = given
        self.today = today
        self.problems: list[Problem] = []
        self.known = self.repeated = self.unknown = 0
        self.seen: dict[tuple[Column, str], object] = {}
        self.items: dict[tuple[str, str], Named | _Wrong] = {}
        self.shares = Shares(plan)
        self.by_id = plan.all_tasks
        tasks, agencies = self.by_id.values(), plan.agencies.values()
        self.tasks = unmistakable(
            ((task.id, (task.short, task.title, task.details.title_en)) for task in tasks),
            (*self.by_id, *(name for task in tasks for name in (task.number or "", *task.details.formerly))),
        )
        self.agencies = unmistakable(
            ((agency.id, (agency.short, agency.name, agency.name_en)) for agency in agencies),
            (*plan.agencies, *plan.groups, *(name for agency in agencies for name in agency.formerly)),
        )
        self.recorded: set[Key] = {
            (entry.item, entry.agency, entry.on, entry.document)
            for entry in journal.entries
            if entry.kind is Kind.DONE and entry.id not in journal.undone and entry.id not in journal.vanished
        }
        self.stated: set[Key] = set()  # by the rows so far, as they name the agency
        self.answered: set[Key] = set()  # of `recorded`, by rows so far

    def read(self, rows: Iterable[Row]) -> Recorded:
        made: list[Entry] = []
        for row in rows:
            made += self._row(row)
            if len(self.problems) >= MOST_PROBLEMS or self.unknown >= MOST_UNKNOWN:
                more = msg("the rows after this one have not been looked at: too much is wrong before them")
                cell = row[0]
                place = self.sheet.source.place_at(cell.start, cell.end)
                self.problems.append(Problem(code="CDS101", message=more, hint=MEND, place=place))
                break
        if self.problems:
            raise PlanError(tuple(self.problems))
        return Recorded(tuple(made), self.known, self.repeated)

    def _row(self, row: Row) -> tuple[Entry, ...]:
        """Make the entries of a row: none where they are there already. What is wrong with it goes to `problems`."""
        faults: list[_Fault] = []
        item = self._item(row, faults)
        agency = self._looked_up(row, Column.AGENCY, self._agency, faults)
        on = self._looked_up(row, Column.ON, self._day, faults)
        document, by, reason = (
            self._looked_up(row, column, _words, faults) for column in (Column.DOCUMENT, Column.BY, Column.REASON)
        )
        if item is not None and item.task.members and not self.sheet.cell(row, Column.AGENCY).text:
            faults.append(_Fault(self.sheet.cell(row, Column.AGENCY), "CDS105", *_no_agency(item.task)))
        if item is not None and on is not None and not faults:
            key = (item.name, agency, on, document)
            if key in self.stated:
                self.repeated += 1
                return ()
            self.stated.add(key)
            if self._is_recorded(key, item.task):
                self.known += 1
                return ()
            report = Report(
                kind=Kind.DONE, task=item.task.id, occurrence=item.occurrence, on=on,
                agencies=() if agency is None else (agency,), again=self.given.again, document=document,
                reason=reason, by=by or self.given.by,
            )  # fmt: skip
            try:
                return self.recorder.entries(report)
            except Refused as refused:
                cell = self.sheet.cell(row, Column.AGENCY if agency else Column.TASK)
                faults.append(_Fault(cell, "CDS116", refused.message, refused.hint))
        self.problems += self._placed(faults)
        return ()

    def _is_recorded(self, key: Key, task: Task) -> bool:
        """Whether an entry says the same that stands for no other row."""
        item, agency, on, document = key
        if key in self.recorded:
            self.answered.add(key)
            return True
        for share in () if agency is None else self.shares.of(task.members, agency, on):
            taken = (item, share, on, document)
            if taken in self.recorded and taken not in self.answered:
                self.answered.add(taken)
                return True
        return False

    def _item(self, row: Row, faults: list[_Fault]) -> Named | None:
        """Say which item a row is about: a task, or the occurrence that its cells, or the command, name."""
        named = self._looked_up(row, Column.TASK, self._task, faults)
        if named is None:
            return None
        given = self.given.item
        if named.occurrence is None and given is not None:
            named = given
        cell = self.sheet.cell(row, Column.OCCURRENCE)
        key = (named.name, cell.text)
        if key not in self.items:
            try:
                self.items[key] = self._occurrence(named, cell.text)
            except _Wrong as wrong:
                self.items[key] = wrong
        found = self.items[key]
        if isinstance(found, _Wrong):
            faults.append(_Fault(cell, found.code, found.message, found.hint))
            return None
        return found

    def _occurrence(self, named: Named, words: str) -> Named:
        """Take the day of an occurrence from a cell of its own."""
        task = named.task
        if not words:
            if task.repeat is None or named.occurrence is not None:
                return named
            missing = msg("“{task}” comes again: say which time", task=task.id)
            raise _Wrong("CDS105", missing, msg("name one of them: {near}", near=self._near(task, self.today)))
        day = _day(words)
        if task.repeat is None:
            once = msg("“{id}” happens once and has no occurrences", id=task.id)
            raise _Wrong("CDS106", once, msg("leave this cell empty"))
        if named.occurrence not in {None, day}:
            other = msg("this row is about “{task}”, not about “{given}”", task=f"{task.id}@{day}", given=named.name)
            raise _Wrong("CDS106", other, msg("name one of the two"))
        try:
            return occurrence(self.plan, task, day)
        except NoOccurrence as missed:
            raise self._no_such(_does_not_come(missed), Unknown(words, missed.near)) from None

    def _near(self, task: Task, day: date) -> tuple[str, ...]:
        from cdsplan.plan.occurrences import around  # noqa: PLC0415 - few plans have recurring tasks

        return tuple(f"{task.id}@{found.isoformat()}" for found in around(task, self.plan.start, day))

    def _looked_up(self, row: Row, column: Column, read: Callable[[str], Found], faults: list[_Fault]) -> Found | None:
        """Read a cell, each text once; what is wrong with it goes to `faults`."""
        cell = self.sheet.cell(row, column)
        key = (column, cell.text)
        if key not in self.seen:
            try:
                self.seen[key] = read(cell.text)
            except _Wrong as wrong:
                self.seen[key] = wrong
        found = self.seen[key]
        if isinstance(found, _Wrong):
            faults.append(_Fault(cell, found.code, found.message, found.hint))
            return None
        return cast("Found", found)

    def _task(self, name: str) -> Named:
        given = self.given.item
        if not name:
            if given is not None:
                return given
            raise _Wrong("CDS105", msg("the task is missing"), msg("name it in every row"))
        try:
            named = self._named(name)
        except NoOccurrence as missed:
            raise self._no_such(_does_not_come(missed), Unknown(name, missed.near)) from None
        except Unknown as unknown:
            raise self._no_such(msg("there is no task “{name}”", name=name), unknown) from None
        except Ambiguous as several:
            raise _several(msg("“{name}” fits several tasks", name=name), several) from None
        if given is not None and not _within(named, given):
            other = msg("this row is about “{task}”, not about “{given}”", task=named.name, given=given.name)
            raise _Wrong("CDS106", other, msg("to record rows of several tasks, leave TASK out of the command"))
        return named

    def _named(self, name: str) -> Named:
        stem, day = parted(name)
        quick = stem if stem in self.by_id else self.tasks.get(fold(stem))
        task = find_task([self.plan], stem)[1] if quick is None else self.by_id[quick]
        if day is None:
            return Named(self.plan, task)
        if task.repeat is None:
            raise Unknown(name, (task.id,))
        return occurrence(self.plan, task, day)

    def _agency(self, name: str) -> str | None:
        if not name:
            return None
        quick = name if name in self.plan.agencies else self.agencies.get(fold(name))
        if quick is not None:
            return quick
        try:
            found = find_agencies([self.plan], name)
        except Unknown as unknown:
            raise self._no_such(no_agency(name), unknown) from None
        except Ambiguous as several:
            raise _several(msg("“{name}” fits several agencies", name=name), several) from None
        if name.removeprefix("@") in self.plan.groups:
            group = msg("“{name}” is a group: a row tells of one agency", name=name)
            raise _Wrong(
                "CDS106", group, msg("for all of them: cdsplan done TASK --group {name}", name=name.strip("@"))
            )
        return found[0]

    def _day(self, words: str) -> date:
        if not words:
            if self.given.on is not None:
                return self.given.on
            raise _Wrong(
                "CDS105", msg("the day is missing"), msg("write it as 28/9/2021, or for all such rows: --on DATE")
            )
        day = _day(words)
        if day > self.today:
            early = msg("{day} has not come yet: today is {today}", day=day, today=self.today)
            raise _Wrong("CDS109", early, msg("day before month? else record it when it has happened"))
        return day

    def _no_such(self, message: Message, unknown: Unknown) -> _Wrong:
        self.unknown += 1
        hint = msg("did you mean: {near}?", near=unknown.near) if unknown.near else msg("look at the names in the plan")
        return _Wrong("CDS107", message, hint)

    def _placed(self, faults: Iterable[_Fault]) -> Iterator[Problem]:
        for fault in sorted(faults, key=lambda fault: fault.cell.start):
            place = self.sheet.source.place_at(fault.cell.start, fault.cell.end)
            yield Problem(code=fault.code, message=fault.message, hint=fault.hint, place=place)


def _day(words: str) -> date:
    if (found := HOUR.search(words)) is not None:
        hour, *rest = (int(part) for part in (found[1].partition(":")[0], found[2], found[3] or "0"))
        if hour > MOST_HOURS or max(rest) > MOST_MINUTES or (hour == MOST_HOURS and any(rest)):
            hint = msg("mend it, or leave it out: the day is what counts")
            raise _Wrong("CDS109", msg("there is no such time of day: {words}", words=found[1]), hint)
        words = words[: found.start()]
    try:
        return typed_day(words)
    except NoDay as problem:
        in_full = msg("write day, month and year in full: 28/9/2021 or 2021-09-28")
        raise _Wrong("CDS109", problem.message, problem.hint or in_full) from None


def _within(named: Named, given: Named) -> bool:
    """Whether what a row names is what the command names, or an occurrence of it, or leaves the occurrence open."""
    days = {named.occurrence, given.occurrence} - {None}
    return named.task is given.task and len(days) <= 1


def _does_not_come(missed: NoOccurrence) -> Message:
    return msg("“{task}” does not come on {day}", task=missed.task, day=missed.day)


def _words(words: str) -> str | None:
    if len(words) > LONGEST_TEXT:
        long = msg("this text has {length} characters; at most {limit} fit", length=len(words), limit=LONGEST_TEXT)
        excess = len(words) - LONGEST_TEXT
        raise _Wrong("CDS106", long, nmsg("shorten it by {n} character", "shorten it by {n} characters", excess))
    return words or None


def _several(message: Message, several: Ambiguous) -> _Wrong:
    return _Wrong("CDS107", message, msg("name one of them: {near}", near=several.candidates))


def _no_agency(task: Task) -> tuple[Message, Message]:
    hint = nmsg(
        "“{task}” is delivered by {n} agency: name it in every row",
        "“{task}” is delivered by each of {n} agencies: name one in every row",
        len(task.members),
        task=task.id,
    )
    return msg("the agency is missing"), hint
