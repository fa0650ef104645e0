"""From the rows of a sheet to the entries of a journal: all of them, or everything that is wrong with them.

Each row is one delivery (`done`). A row that says what a standing entry of the journal, or a row above it, says already
(the item, the agency, the day and the document are the same) adds nothing and is counted.

- CDS105: a cell is missing; CDS106: a text is too long, a group, or another task; CDS107: no such task or agency;
  CDS109: no such day, or one that has not come; CDS116: what the row reports does not follow from how things stand.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

from cdsplan.deliveries.columns import Column
from cdsplan.deliveries.sheet import MOST_PROBLEMS
from cdsplan.journal.model import LONGEST_TEXT, Kind
from cdsplan.journal.recording import Recorder, Refused, Report
from cdsplan.messages import Message, msg, nmsg
from cdsplan.names import Ambiguous, Unknown, find_agencies, find_task, fold, unmistakable
from cdsplan.plan.typed import NoDay, typed_day
from cdsplan.problems import PlanError, Problem

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

HOUR = re.compile(r"(?<=\d)[ T]\d{1,2}:\d\d(?::\d\d)?$")
"""The time of day that some spreadsheets write behind a day."""


class Given(NamedTuple):
    """What holds for every row: the task (None: a column names it), the day of rows without one, who records them."""

    task: Task | None = None
    on: date | None = None
    by: str | None = None
    again: bool = False


class Recorded(NamedTuple):
    """The entries to add, and how many rows said what was recorded already."""

    entries: tuple[Entry, ...]
    known: int


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
        self.unknown = 0
        self.seen: dict[tuple[Column, str], object] = {}
        tasks, agencies = plan.tasks.values(), plan.agencies.values()
        self.tasks = unmistakable(
            ((task.id, (task.short, task.title, task.details.title_en)) for task in tasks),
            (*plan.tasks, *(name for task in tasks for name in (task.number or "", *task.details.formerly))),
        )
        self.agencies = unmistakable(
            ((agency.id, (agency.short, agency.name, agency.name_en)) for agency in agencies),
            (*plan.agencies, *plan.groups, *(name for agency in agencies for name in agency.formerly)),
        )
        self.recorded: set[Key] = {
            (entry.item, entry.agency, entry.on, entry.document)
            for entry in journal.entries
            if entry.kind is Kind.DONE and entry.id not in journal.undone and entry.id not in journal.lost
        }

    def read(self, rows: Iterable[Row]) -> Recorded:
        made: list[Entry] = []
        known = 0
        for row in rows:
            entries = self._row(row)
            made += entries or ()
            known += entries is None
            if len(self.problems) >= MOST_PROBLEMS or self.unknown >= MOST_UNKNOWN:
                more = msg("the rows after this one have not been looked at: too much is wrong before them")
                cell = row[0]
                place = self.sheet.source.place_at(cell.start, cell.end)
                self.problems.append(Problem(code="CDS101", message=more, hint=MEND, place=place))
                break
        if self.problems:
            raise PlanError(tuple(self.problems))
        return Recorded(tuple(made), known)

    def _row(self, row: Row) -> tuple[Entry, ...] | None:
        """Make the entries of a row; None where it is recorded already. What is wrong with it goes to `problems`."""
        faults: list[_Fault] = []
        task = self._looked_up(row, Column.TASK, self._task, faults)
        agency = self._looked_up(row, Column.AGENCY, self._agency, faults)
        on = self._looked_up(row, Column.ON, self._day, faults)
        document, by, reason = (
            self._looked_up(row, column, _words, faults) for column in (Column.DOCUMENT, Column.BY, Column.REASON)
        )
        if task is not None and task.members and not self.sheet.cell(row, Column.AGENCY).text:
            faults.append(_Fault(self.sheet.cell(row, Column.AGENCY), "CDS105", *_no_agency(task)))
        if task is not None and on is not None and not faults:
            key = (task.id, agency, on, document)
            if key in self.recorded:
                return None
            self.recorded.add(key)
            report = Report(
                kind=Kind.DONE, task=task.id, on=on, agencies=() if agency is None else (agency,),
                again=self.given.again, document=document, reason=reason, by=by or self.given.by,
            )  # fmt: skip
            try:
                return self.recorder.entries(report)
            except Refused as refused:
                cell = self.sheet.cell(row, Column.AGENCY if agency else Column.TASK)
                faults.append(_Fault(cell, "CDS116", refused.message, refused.hint))
        self.problems += self._placed(faults)
        return ()

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

    def _task(self, name: str) -> Task:
        if not name:
            if self.given.task is not None:
                return self.given.task
            raise _Wrong("CDS105", msg("the task is missing"), msg("name it in every row"))
        quick = name if name in self.plan.tasks else self.tasks.get(fold(name))
        try:
            task = find_task([self.plan], name)[1] if quick is None else self.plan.tasks[quick]
        except Unknown as unknown:
            raise self._no_such(msg("there is no task “{name}”", name=name), unknown) from None
        except Ambiguous as several:
            raise _several(msg("“{name}” fits several tasks", name=name), several) from None
        if self.given.task not in {None, task}:
            other = msg("this row is about “{task}”, not about “{given}”", task=task.id, given=self.given.task.id)
            raise _Wrong("CDS106", other, msg("to record rows of several tasks, leave TASK out of the command"))
        return task

    def _agency(self, name: str) -> str | None:
        if not name:
            return None
        quick = name if name in self.plan.agencies else self.agencies.get(fold(name))
        if quick is not None:
            return quick
        try:
            found = find_agencies([self.plan], name)
        except Unknown as unknown:
            raise self._no_such(msg("there is no agency “{name}”", name=name), unknown) from None
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
        try:
            day = typed_day(HOUR.sub("", words))
        except NoDay as problem:
            hint = msg("write day, month and year in full: 28/9/2021 or 2021-09-28")
            raise _Wrong("CDS109", problem.message, hint) from None
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
