"""The journal beside a plan: what it is called, and reading it.

A plan without a journal pays for none of this but one look at the folder.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from cdsplan.cli.files import require_file
from cdsplan.cli.plans import JOURNAL, STANDARD_INPUT, shown, why_unreadable
from cdsplan.messages import msg
from cdsplan.problems import PlanError, Problem
from cdsplan.progress import NO_RECORDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from cdsplan.journal.model import Journal
    from cdsplan.messages import Message
    from cdsplan.plan.model import Plan
    from cdsplan.progress import Record


NO_WAITING = getattr(os, "O_NONBLOCK", 0)

ANY_SIZE = 1 << 40
"""Who adds to a journal reads it whole: the limit is for those who only look."""


def journal_file(plan_file: str) -> str | None:
    """Name the journal of a plan file: `x.journal.toml` beside `x.toml`; None for a plan from standard input.

    Where the plan is a symbolic link, it lies beside the file itself: a plan has one journal, by whatever name it is
    opened.
    """
    if plan_file == STANDARD_INPUT:
        return None
    home = os.path.realpath(plan_file) if os.path.islink(plan_file) else plan_file
    return f"{home.removesuffix('.toml')}{JOURNAL}"


def need_journal_file(plan_file: str) -> str:
    """Name the journal of a plan file.

    Raises:
        PlanError: the plan comes from standard input, beside which nothing lies.
    """
    path = journal_file(plan_file)
    if path is None:
        hint = msg("name the plan’s file with -p FILE")
        raise PlanError((Problem(code="CDS100", message=msg("a plan from standard input has no journal"), hint=hint),))
    return path


def without_plan(plan_file: str) -> list[str]:
    """Find the journals in the folder of a plan file whose plans are not there: most likely they were renamed."""
    folder = os.path.dirname(need_journal_file(plan_file))
    with suppress(OSError):
        names = set(os.listdir(folder or "."))
        stems = sorted(name.removesuffix(JOURNAL) for name in names if name.endswith(JOURNAL))
        return [os.path.join(folder, stem + JOURNAL) for stem in stems if f"{stem}.toml" not in names]
    return []


def _open_file(path: str, flags: int) -> int:
    """Open a file and nothing else: of a pipe one would wait for whoever writes into it, and a device may never end."""
    descriptor = os.open(path, flags | NO_WAITING)
    try:
        require_file(descriptor)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _dangling(path: str) -> Message:
    return msg("{file}: this symbolic link leads to nothing", file=shown(path))


def read_journal(plan: Plan, plan_file: str, *, max_bytes: int) -> Journal | None:
    """Read the journal of a plan; None where there is none.

    Raises:
        PlanError: it cannot be read.
    """
    path = journal_file(plan_file)
    if path is None:
        return None
    try:
        with open(path, "rb", opener=_open_file) as file:
            data = file.read(max_bytes + 1 if max_bytes < ANY_SIZE else -1)
    except FileNotFoundError as error:
        if not os.path.islink(path):
            return None
        raise PlanError((Problem(code="CDS101", message=_dangling(path)),)) from error
    except OSError as error:
        raise PlanError((Problem(code="CDS101", message=why_unreadable(path, error)),)) from None
    from cdsplan.journal.reader import read  # noqa: PLC0415 - only a plan with a journal pays for it

    return read(data, shown(path), plan, max_bytes=max_bytes)


def read_journals(plans: Sequence[Plan], plan_files: Sequence[str], *, max_bytes: int) -> tuple[Journal | None, ...]:
    """Read the journal of every plan; the problems of all of them are raised together.

    Raises:
        PlanError: when any of them cannot be read.
    """
    journals: list[Journal | None] = []
    problems: list[Problem] = []
    for plan, file in zip(plans, plan_files, strict=True):
        try:
            journals.append(read_journal(plan, file, max_bytes=max_bytes))
        except PlanError as error:
            problems += error.problems
    if problems:
        raise PlanError(tuple(problems))
    return tuple(journals)


def known(plan: Plan, journal: Journal | None, as_of: date) -> Mapping[str, Record]:
    """Say what a journal, if there is one, tells as of a day."""
    if journal is None:
        return NO_RECORDS
    from cdsplan.journal.replay import replay  # noqa: PLC0415 - as above

    return replay(plan, journal, as_of)


def uncounted(journals: Sequence[Journal | None], as_of: date) -> int:
    """Count the entries of journals that count nowhere, though nobody took them back."""
    found = [journal for journal in journals if journal is not None]
    if not found:
        return 0
    from cdsplan.journal.ahead import not_come  # noqa: PLC0415 - as above

    return sum(len(not_come(journal, as_of)) + len(journal.vanished) for journal in found)
