"""Names of tasks and agencies on the command line, with completion from the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cdsplan.cli.plans import chosen_files, read_plans
from cdsplan.problems import PlanError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from click.shell_completion import CompletionItem

    from cdsplan.plan.model import Plan, Task

    Parameter = click.ParamType[Any]
else:
    Parameter = click.ParamType  # not generic at run time before click 8.5


class TaskName(Parameter):
    """A task's id, number, or name."""

    name = "task"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Offer task ids."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415 - only a completing shell needs it

        del param
        return [
            CompletionItem(name, help=task.short or task.title)
            for plan in _plans(ctx)
            for task in plan.all_tasks.values()
            for name in _names(plan, task, incomplete, ctx.params.get("as_of"))
            if name.startswith(incomplete)
        ]


class AgencyName(Parameter):
    """An agency's id or name, or a @group."""

    name = "agency"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Offer agency ids and groups."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415 - as above

        del param
        agencies = {agency.id: agency.label for plan in _plans(ctx) for agency in plan.agencies.values()}
        groups = [f"@{group}" for plan in _plans(ctx) for group in plan.groups]
        offered = [CompletionItem(name, help=label) for name, label in agencies.items() if name.startswith(incomplete)]
        return offered + [CompletionItem(group) for group in groups if group.startswith(incomplete)]


MOST_OFFERED = 12
"""Occurrences of a task that are offered: the newest, and the next one."""


def _names(plan: Plan, task: Task, incomplete: str, as_of: date | None) -> list[str]:
    """Give a task's id; once that is written with an @ behind it, its occurrences as of that day (None: today)."""
    if task.repeat is None or not incomplete.startswith(f"{task.id}@"):
        return [task.id]
    from cdsplan.cli.clock import today  # noqa: PLC0415 - few plans have recurring tasks
    from cdsplan.plan.occurrences import around, nominal_days  # noqa: PLC0415 - as above

    day = as_of or today((plan,))
    days = dict.fromkeys((*nominal_days(task, plan.start, day), *around(task, plan.start, day)))
    return [f"{task.id}@{found.isoformat()}" for found in list(days)[-MOST_OFFERED:][::-1]]


def _plans(ctx: click.Context) -> Sequence[Plan]:
    """Read the plans for completion; one that cannot be read offers nothing."""
    named = (*ctx.params.get("plan_files", ()), *ctx.params.get("more_files", ()))
    try:
        return read_plans(chosen_files(named))
    except (PlanError, click.ClickException):
        return ()
