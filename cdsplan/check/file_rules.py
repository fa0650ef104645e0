"""The rules that `cdsplan.plan.rules` finds in the plan's file, whatever the day (CDS208 and others)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdsplan.check.model import Finding
from cdsplan.plan import rules

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from cdsplan.check.model import Scope

FILE_RULES: dict[str, Callable[[rules.Draft], Iterator[rules.Finding]]] = {
    "CDS208": rules.due_after_predecessors,
    "CDS209": rules.said_when_rolled,
    "CDS210": rules.within_calendar,
    "CDS212": rules.due_after_start,
    "CDS213": rules.facts_in_their_year,
}
"""The warnings of `cdsplan.plan.rules`, by the rule that each finds."""


def find(scope: Scope, chosen: Collection[str]) -> Iterator[Finding]:
    """Find what the chosen ones of these rules find."""
    rules_ = [rule for rule in FILE_RULES if rule in chosen]
    if not rules_:
        return
    draft = rules.draft_of(scope.plan)
    looked_at = None if scope.whole else {item.task.id for item in scope.items}
    for rule in rules_:
        for found in FILE_RULES[rule](draft):
            task = str(found.at[1]) if found.at[0] == "tasks" else None
            if looked_at is None or task in looked_at:
                yield Finding(
                    rule=rule, message=found.message, plan=scope.plan, at=found.at, task=task, hint=found.hint,
                    key=found.key, responsible=scope.plan.all_tasks[task].owner if task else (),
                )  # fmt: skip
