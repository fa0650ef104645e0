"""`cdsplan journal check|repair`: whether journals read, and a torn end put aside."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from cdsplan.cli.frame import Run, plan_command
from cdsplan.cli.journals import ANY_SIZE, need_journal_file, read_journal, without_plan
from cdsplan.cli.plans import chosen_files, shown
from cdsplan.cli.words import say
from cdsplan.journal.ahead import ahead
from cdsplan.journal.order import disordered
from cdsplan.messages import Message, msg, nmsg
from cdsplan.plan.rules import in_file_order
from cdsplan.problems import PlanError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdsplan.journal.model import Journal
    from cdsplan.plan.model import Plan

TORN = "CDS114"

HELP = msg("Look after the journals beside the plans: every report stands in them, one line each.")


class Commands(click.Group):
    """The commands on journals, in the language of the run."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help text in the language of the run."""
        kept = self.help
        self.help = say(kept or "")
        super().format_help_text(ctx, formatter)
        self.help = kept

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands in the language of the run."""
        with formatter.section(say("Commands")):
            formatter.write_dl([(name, say(self.commands[name].help or "")) for name in self.list_commands(ctx)])


@click.group("journal", cls=Commands, help=HELP.template)
def command() -> None:
    """Hold the commands."""


@plan_command(
    "check",
    msg(
        "Say whether each journal reads, how many entries it holds, and which of them need a look: what the plan no "
        "longer knows, days that have not come, and what is done before it was started."
    ),
    formats=("plain", "json"),
)
def check(run: Run) -> None:
    """Read, count."""
    checked = [
        (plan, shown(need_journal_file(file)), journal)
        for plan, file, journal in zip(run.plans, chosen_files(run.files), run.journals, strict=True)
    ]
    orphans = {
        path: [*map(shown, without_plan(file))]
        for file, (_, path, journal) in zip(chosen_files(run.files), checked, strict=True)
        if journal is None
    }
    ahead_of_them = [{} if journal is None else ahead(journal, run.as_of, run.today) for *_, journal in checked]
    disordered_in_them = [{} if each is None else disordered(plan, each, run.as_of) for plan, _, each in checked]
    if run.format == "json":
        from cdsplan.views.data.journals import journals_document  # noqa: PLC0415 - each format loads its own view

        run.emit(journals_document(checked, ahead_of_them, disordered_in_them, orphans, run.language))
        return
    from cdsplan.views.frames import frame  # noqa: PLC0415 - as above

    lines = [
        frame(problem, run.language)
        for (*_, journal), *doubted in zip(checked, ahead_of_them, disordered_in_them, strict=True)
        if journal is not None
        for problem in in_file_order(
            (*journal.vanished.values(), *(each for found in doubted for each in found.values()))
        )
    ]
    lines += [
        run.language(_counted(path, journal, len(early), len(odd)))
        for (_, path, journal), early, odd in zip(checked, ahead_of_them, disordered_in_them, strict=True)
    ]
    renamed = (
        msg("{orphan}: no plan lies beside it; if its plan was renamed, rename it to {file}", orphan=orphan, file=path)
        for path, found in orphans.items()
        for orphan in found
    )
    run.emit("\n".join([*lines, *map(run.language, renamed)]))


def _counted(path: str, journal: Journal | None, ahead_of_it: int, disordered_in_it: int) -> Message:
    if journal is None:
        return msg("{file}: nothing is recorded yet", file=path)
    entries = nmsg("{n} entry", "{n} entries", len(journal.entries))
    counts = [entries]
    if journal.undone:
        counts.append(nmsg("{n} taken back", "{n} taken back", len(journal.undone)))
    if journal.vanished:
        counts.append(
            nmsg("{n} counts nowhere (no longer in the plan)", "{n} count nowhere (no longer in the plan)",
                 len(journal.vanished))
        )  # fmt: skip
    if ahead_of_it:
        counts.append(nmsg("{n} of a day that has not come", "{n} of days that have not come", ahead_of_it))
    if disordered_in_it:
        counts.append(nmsg("{n} done before its start", "{n} done before their start", disordered_in_it))
    return msg("{file}: reads; {counts}", file=path, counts=tuple(counts))


@plan_command(
    "repair",
    msg(
        "Put the torn end of a journal aside, into a file beside it: what a writer that was cut off left. Nothing else "
        "changes, and nothing is deleted. A journal with other mistakes is left alone, and they are shown."
    ),
    formats=("plain", "json"),
)
def repair(run: Run) -> None:
    """Find what is torn, put it aside, say what to do."""
    from cdsplan.cli.appending import put_aside, why  # noqa: PLC0415 - only this command writes

    files = chosen_files(run.files)
    torn = [_torn(plan, file) for plan, file in zip(run.plans, files, strict=True)]
    run.need_output()
    done: list[tuple[str, str, bytes] | None] = []
    for file, is_torn in zip(files, torn, strict=True):
        try:
            aside = put_aside(file) if is_torn else None
        except OSError as error:
            raise PlanError((Problem(code="CDS101", message=why(need_journal_file(file), error)),)) from None
        done.append(None if aside is None else (need_journal_file(file), *aside))
    if run.format == "json":
        from cdsplan.views.data.frame import document  # noqa: PLC0415 - each format loads its own view

        run.emit(document(journals=[_data(file, aside) for file, aside in zip(files, done, strict=True)]))
        return
    said = (line for file, aside in zip(files, done, strict=True) for line in _said(file, aside))
    run.emit("\n".join(said))


def _torn(plan: Plan, file: str) -> bool:
    """Say whether a journal is torn, and nothing else is the matter with it.

    Raises:
        PlanError: something else is wrong, and it is left alone; or there can be none.
    """
    need_journal_file(file)
    try:
        read_journal(plan, file, max_bytes=ANY_SIZE)
    except PlanError as error:
        if any(problem.code != TORN for problem in error.problems):
            raise
        return True
    return False


def _said(file: str, aside: tuple[str, str, bytes] | None) -> Iterator[str]:
    if aside is None:
        yield say(msg("{file}: nothing is torn", file=shown(need_journal_file(file))))
        return
    journal, kept, data = aside
    yield say(
        nmsg(
            "{file}: {n} byte of a torn line stands in {kept} now:",
            "{file}: {n} bytes of a torn line stand in {kept} now:",
            len(data),
            file=shown(journal),
            kept=shown(kept),
        )
    )
    words = _visible(data)
    yield f"  {words}"
    again = _again(words)
    if again is None:
        nothing = msg(
            "Whoever wrote it was never told that it was recorded, and it does not show what it was about: see in "
            "cdsplan log whether the last reports are there."
        )
        yield say(nothing)
        return
    yield say(msg("Whoever wrote it was never told that it was recorded. If it is to count, record it again:"))
    yield f"  {again}"


def _data(file: str, aside: tuple[str, str, bytes] | None) -> dict[str, Any]:
    return {
        "path": shown(need_journal_file(file)),
        "torn": aside is not None,
        "kept_in": None if aside is None else shown(aside[1]),
        "bytes": None if aside is None else len(aside[2]),
        "text": None if aside is None else _visible(aside[2]),
    }


def _visible(data: bytes) -> str:
    from cdsplan.plan.characters import visible  # noqa: PLC0415 - only what is torn needs it

    return visible(data.replace(b"\0", b"").decode("utf-8-sig", errors="replace").strip())


def _again(words: str) -> str | None:
    """Make the command that records a torn line, as far as the line tells; None where it does not tell of a task."""
    found = dict(re.findall(r'\b(task|agency|kind) = "([a-z0-9@-]+)"', words))
    if "task" not in found:
        return None
    on = re.search(r"\bon = (\d{4}-\d\d-\d\d)\b", words)
    name = {"started": "start", "extended": "extend", "cancelled": "cancel", "reopened": "reopen", "void": "undo"}
    kind = found.get("kind", "done")
    parts = ["cdsplan", name.get(kind, kind), found["task"]]
    parts += ["--agency", found["agency"]] if "agency" in found else []
    parts += ["--on", on[1]] if on else []
    return " ".join([*parts, "…"])


command.add_command(check)
command.add_command(repair)
