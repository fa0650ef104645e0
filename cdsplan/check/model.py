"""What rules look at and what they find."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from cdsplan.journal.model import NO_JOURNAL
from cdsplan.messages import msg
from cdsplan.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cdsplan.check.terms import Terms
    from cdsplan.journal.model import Journal
    from cdsplan.messages import Message
    from cdsplan.plan.model import Plan, Waiver
    from cdsplan.problems import Place
    from cdsplan.schedule import Schedule
    from cdsplan.status import Item
    from cdsplan.summary import Judged

    Finder = Callable[["Scope"], Iterable["Finding"]]

LATE = frozenset({"CDS201", "CDS202", "CDS203"})
"""Rules whose weight is calendar days late, of which some may be forgiven."""


class Scope(NamedTuple):
    """One plan and its journal as of a day. `items` are those that are looked at: all of the plan if it is `whole`.

    `today` is the clock's day, or `as_of` where that is later; without a clock nothing lies after it.
    """

    plan: Plan
    forecast: Schedule
    items: Sequence[Item]
    whole: bool
    as_of: date
    journal: Journal = NO_JOURNAL
    today: date = date.max

    @property
    def network(self) -> list[Item]:
        """The items that stand in the network: all but the occurrences of what comes again."""
        return [item for item in self.items if item.occurrence is None]

    @property
    def of_tasks(self) -> list[Item]:
        """One item for each task: of what comes again its first occurrence that is open."""
        first: dict[str, Item] = {}
        for item in self.items:
            if item.occurrence is not None and item.open:
                first.setdefault(item.task.id, item)
        return [*self.network, *first.values()]


class Finding(NamedTuple):
    """One thing that a rule found, at a path of the plan's tree, or at a `place` of another file.

    Rule, plan, task, occurrence, agency and `about` together are of one finding only, so that it is known again
    tomorrow. `occurrence` is the nominal day of one occurrence of a task that comes again. `weight` says how bad it is
    among others of its rule (days late). `responsible` are the agencies that could mend it: a waiver must excuse each
    of them. `graced` says that it would fail but for the days of grace.
    """

    rule: str
    message: Message
    plan: Plan
    at: tuple[str | int, ...]
    task: str | None = None
    agency: str | None = None
    about: str = ""
    hint: Message | None = None
    key: bool = False
    weight: int = 0
    responsible: tuple[str, ...] = ()
    severity: Severity = Severity.WARNING
    fails: bool = False
    graced: bool = False
    waiver: Waiver | None = None
    place: Place | None = None
    occurrence: date | None = None

    @property
    def item(self) -> str | None:
        """The name of what it is about: the task's id, or TASK@YYYY-MM-DD."""
        return self.task if self.occurrence is None else f"{self.task}@{self.occurrence.isoformat()}"

    def words(self) -> Message:
        """Say what was found, and what keeps it from failing the check."""
        if self.waiver is not None:
            waived = msg("{found}; waived until {until}", found=self.message, until=self.waiver.until)
            if self.waiver.document is None:
                return waived
            return msg("{waived} ({document})", waived=waived, document=self.waiver.document)
        if self.graced:
            return msg("{found}; within the days of grace", found=self.message)
        return self.message

    def problem(self) -> Problem:
        """Give the finding with its place, which costs more than finding it."""
        place = self.place or self.plan.source.place(self.at, key=self.key)
        return Problem(code=self.rule, message=self.words(), hint=self.hint, place=place, severity=self.severity)


class Verdict(NamedTuple):
    """What a check judged and found, the worst first.

    `terms` says for each plan what was looked for (by this check, not by the reader of plans) and what fails;
    `agencies` are those to which the check was limited.
    """

    as_of: date
    judged: Judged
    findings: tuple[Finding, ...]
    terms: tuple[tuple[Plan, Terms], ...]
    agencies: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether anything was found that the check fails on."""
        return any(finding.fails for finding in self.findings)
