"""What the commands that report share: their options, writing to the journal, and saying what it changed."""

from __future__ import annotations

import os
import unicodedata
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from cdsplan.cli.clock import Day, now
from cdsplan.cli.frame import Run, option, plan_command
from cdsplan.cli.names import AgencyName, TaskName
from cdsplan.cli.words import say
from cdsplan.journal.model import LONGEST_TEXT
from cdsplan.messages import Message, msg, nmsg
from cdsplan.problems import PlanError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from cdsplan.effects import ItemChange
    from cdsplan.journal.model import Entry, Journal, Kind
    from cdsplan.journal.recording import Report
    from cdsplan.plan.model import Plan, Task

    Body = Callable[..., int | None]

FORMATS = ("plain", "json")

MOST_IDS = 3
"""Entries named by their ids where a whole sheet may have been recorded."""


class Reporting(NamedTuple):
    """What somebody reports of a task, as the shared options say it."""

    run: Run
    plan: Plan
    task: Task
    occurrence: date | None
    agencies: tuple[str, ...]
    owing: bool
    on: date
    document: str | None
    by: str | None
    dry_run: bool

    def record(self, kind: Kind, **more: Any) -> None:  # noqa: ANN401 - the fields of a report
        """Put it into the journal, and say what that changed."""
        from cdsplan.journal.recording import Report  # noqa: PLC0415 - only commands that write need it

        report = Report(
            kind=kind, task=self.task.id, occurrence=self.occurrence, on=self.on, agencies=self.agencies,
            owing=self.owing, document=self.document, by=self.by, **more,
        )  # fmt: skip
        record(
            self.run,
            self.plan,
            lambda journal: entries_of(self.run, self.plan, journal, (report,)),
            dry_run=self.dry_run,
        )


def report_command(
    name: str,
    help: Message,  # noqa: A002 - as click has it
    *,
    owing: bool = False,
) -> Callable[[Body], click.Command]:
    """Declare a command that reports something of one task; with `owing` a group means who still has to deliver."""

    def declare(body: Body) -> click.Command:
        @wraps(body)
        def invoke(run: Run, **given: Any) -> int | None:  # noqa: ANN401 - click gives whatever was declared
            reporting = _reporting(run, given, owing=owing)
            return body(reporting, **given)

        declared: Any = invoke
        for decorate in reversed(_shared()):
            declared = decorate(declared)
        return plan_command(name, help, formats=FORMATS, files=False)(declared)

    return declare


def _reporting(run: Run, given: dict[str, Any], *, owing: bool) -> Reporting:
    """Take the shared options out of what click gives."""
    plan, task, occurrence = run.find_occurrence(given.pop("task"))
    named = run.find_listed_agencies(given.pop("agencies"))
    grouped = run.find_agencies(tuple(f"@{group.removeprefix('@')}" for group in given.pop("groups")))
    everyone = task.members if given.pop("all_agencies") else ()
    return Reporting(
        run=run,
        plan=plan,
        task=task,
        occurrence=occurrence,
        agencies=tuple(dict.fromkeys((*named, *grouped, *everyone))),
        owing=owing and not named and bool(grouped or everyone),
        on=given.pop("on") or run.as_of,
        document=text_of(given.pop("document"), "--document"),
        by=text_of(given.pop("by"), "--by"),
        dry_run=given.pop("dry_run"),
    )


def _shared() -> list[Callable[[Any], Any]]:
    return [
        click.argument("task", type=TaskName()),
        option(
            "--agency", "agencies", multiple=True, type=AgencyName(), metavar="A,B…",
            help=msg("The agency that it is about, or several of them."),
        ),
        option("--group", "groups", multiple=True, metavar="GROUP", help=msg("The members of a group of the plan.")),
        option("--all-agencies", is_flag=True, help=msg("All who have to deliver.")),
        option("--on", type=Day(), metavar="DATE", help=msg("The day on which it happened; today if not said.")),
        option(
            "--document", metavar="WORDS", help=msg("The document: number and date, as “123/BC-SYT ngày 28/9/2021”.")
        ),
        option("--by", envvar="CDSPLAN_BY", metavar="NAME", help=msg("Who records it.")),
        option("--dry-run", is_flag=True, help=msg("Say what would change, and write nothing.")),
    ]  # fmt: skip


def text_of(words: str | None, name: str, longest: int = LONGEST_TEXT) -> str | None:
    """Take a text from the command line: one line, without characters that have no business there."""
    if words is None:
        return None
    bare = " ".join(words.split())
    if not bare:
        raise click.UsageError(say(msg("{option} is empty", option=name)))
    if len(bare) > longest:
        long = msg(
            "{option} has {length} characters; at most {limit} fit", option=name, length=len(bare), limit=longest
        )
        raise click.UsageError(say(long))
    if not bare.isprintable():
        from cdsplan.plan.characters import visible  # noqa: PLC0415 - only odd characters need it

        odd = msg("{option} holds characters that do not show: {words}", option=name, words=visible(bare))
        raise click.UsageError(say(odd))
    return unicodedata.normalize("NFC", bare)


def entries_of(run: Run, plan: Plan, journal: Journal, reports: Sequence[Report]) -> tuple[Entry, ...]:
    """Make the entries of reports, all or none."""
    from cdsplan.journal.recording import entries  # noqa: PLC0415 - only commands that write need it

    at = now(plan)
    return tuple(entry for report in reports for entry in entries(plan, journal, report, run.as_of, at, os.urandom))


def record(run: Run, plan: Plan, decide: Callable[[Journal], tuple[Entry, ...]], *, dry_run: bool) -> None:
    """Add what is decided in the knowledge of the journal, and say what it changed."""
    added, found, journal = put(run, plan, decide, dry_run=dry_run)
    if run.format == "json":
        from cdsplan.views.data.journals import recorded_document  # noqa: PLC0415 - each format loads its own view

        answer = recorded_document(plan, added, found, run.language, dry_run=dry_run)
    else:
        lines = confirmation(run, added, found, journal, dry_run=dry_run)
        if dry_run:
            lines.append(run.language(msg("Nothing was written (--dry-run).")))
        answer = "\n".join(lines)
    confirm(run, answer, () if dry_run else added)


def confirm(run: Run, answer: str, added: Sequence[Entry]) -> None:
    """Write the answer; where that fails, say that what it tells of stands in the journal all the same.

    Raises:
        PlanError: it cannot be written.
    """
    try:
        run.emit(answer)
    except PlanError as error:
        if not added:
            raise
        ids = (*(entry.id for entry in added[:MOST_IDS]), *(["…"] if len(added) > MOST_IDS else []))
        hint = msg("do not repeat the command; cdsplan log shows what is recorded")
        raise PlanError(
            tuple(
                problem._replace(
                    message=nmsg(
                        "{why}; {n} entry is recorded all the same ({ids}), only the answer is missing",
                        "{why}; {n} entries are recorded all the same ({ids}), only the answer is missing",
                        len(added),
                        why=problem.message,
                        ids=ids,
                    ),
                    hint=hint,
                )
                for problem in error.problems
            )
        ) from None


def confirmation(
    run: Run, added: Sequence[Entry], found: Sequence[ItemChange], journal: Journal, *, dry_run: bool
) -> list[str]:
    """Say what was changed, a line for each item, and below what of it, or of the journal, is rarely meant."""
    from cdsplan.effects import doubts, effect  # noqa: PLC0415 - as above
    from cdsplan.journal.ahead import how_many  # noqa: PLC0415

    lines = [run.language(effect(change, run.language)) for change in found]
    doubted = [msg("Please check: {doubt}", doubt=doubt) for change in found for doubt in doubts(change, run.language)]
    lines += map(run.language, doubted)
    if doubted and not dry_run:
        one = msg("If it is not meant so, take it back: cdsplan undo")
        several = msg("If it is not meant so, take it back: cdsplan undo --entry ID (cdsplan log shows the ids)")
        lines.append(run.language(one if len(added) == 1 else several))
    if early := how_many(journal, run.as_of, run.today):
        coming = nmsg(
            "Please check: {n} entry of the journal is of a day that has not come; see: cdsplan journal check",
            "Please check: {n} entries of the journal are of days that have not come; see: cdsplan journal check",
            early,
        )
        lines.append(run.language(coming))
    return lines


def put(
    run: Run, plan: Plan, decide: Callable[[Journal], tuple[Entry, ...]], *, dry_run: bool
) -> tuple[tuple[Entry, ...], list[ItemChange], Journal]:
    """Add what is decided in the knowledge of the journal; give it, what it changed, and the journal after it."""
    from cdsplan.cli.appending import add, look  # noqa: PLC0415 - as above
    from cdsplan.effects import changes  # noqa: PLC0415
    from cdsplan.journal.recording import Refused  # noqa: PLC0415
    from cdsplan.journal.replay import with_entries  # noqa: PLC0415

    if not dry_run:
        run.need_output()
    before: list[Journal] = []

    def decided(journal: Journal) -> tuple[Entry, ...]:
        before.append(journal)
        return decide(journal)

    try:
        added = (look if dry_run else add)(plan, run.file_of(plan), decided, max_bytes=run.journal_bytes)
    except Refused as refused:
        raise click.UsageError(f"{say(refused.message)}; {say(refused.hint)}") from None
    after = with_entries(before[-1], added)
    today = max([run.as_of, *(entry.on for entry in added)])  # what is undone may lie behind the day that is looked at
    return added, list(changes(plan, before[-1], after, added, today)), after
