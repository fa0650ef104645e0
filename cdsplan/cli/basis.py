"""The option `--basis`: which links count, and the words about what the network comes to by these alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cdsplan.cli.frame import option
from cdsplan.messages import Message, msg, nmsg
from cdsplan.plan.model import Basis
from cdsplan.plan.standing import FIRMEST_FIRST, components, links_of, with_links_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdsplan.cli.frame import Run
    from cdsplan.listing import Listing
    from cdsplan.plan.model import Plan

MOST_NAMED = 6
"""Tasks that are named of one part, and of those that stand alone."""

MOST_PARTS = 10
"""Parts that are told one by one."""

basis_option = option(
    "--basis",
    type=click.Choice([str(basis) for basis in FIRMEST_FIRST]),
    default=str(Basis.INFERRED),
    show_default=True,
    help=msg(
        "Count only links of at least this standing: stated in the source; also implied by it; also inferred, which "
        "is all. Says into how many parts the tasks fall then."
    ),
)


def keep_links(run: Run, basis: Basis) -> dict[str, tuple[str, ...]]:
    """Let the run know of links of at least this standing only; give what to say of that, by plan id."""
    if basis is Basis.INFERRED:
        return {plan.id: () for plan in run.plans}
    declared = run.plans
    run.plans = tuple(with_links_of(plan, basis) for plan in declared)
    return {
        plan.id: tuple(map(run.language, _parts(plan, kept, basis)))
        for plan, kept in zip(declared, run.plans, strict=True)
    }


def with_notes(listing: Listing, notes: tuple[str, ...]) -> Listing:
    """Put notes before those of a listing."""
    return listing._replace(notes=(*notes, *listing.notes))


def _parts(declared: Plan, kept: Plan, basis: Basis) -> Iterator[Message]:
    """Say which links count, and name the parts: those of several tasks one by one, lone tasks together."""
    values = {"plan": declared.id, "kept": links_of(kept), "all": links_of(declared)}
    if basis is Basis.STATED:
        yield msg("Of “{plan}” only stated links count, {kept} of {all}.", **values)
    else:
        yield msg("Of “{plan}” only stated and implied links count, {kept} of {all}.", **values)
    parts = components(kept)
    alone = tuple(part[0] for part in parts if len(part) == 1)
    joined = [part for part in parts if len(part) > 1]
    yield nmsg("Its network is {n} part:", "Its network falls into {n} parts:", len(parts))
    for part in joined[:MOST_PARTS]:
        yield nmsg("– {n} task: {tasks}", "– {n} tasks: {tasks}", len(part), tasks=_named(part))
    if rest := joined[MOST_PARTS:]:
        yield nmsg("– {n} more part of several tasks", "– {n} more parts of several tasks", len(rest))
    if alone:
        yield nmsg("– {n} task alone: {tasks}", "– {n} tasks each alone: {tasks}", len(alone), tasks=_named(alone))


def _named(tasks: tuple[str, ...]) -> Message | tuple[str, ...]:
    """Name the first few."""
    if len(tasks) <= MOST_NAMED:
        return tasks
    return nmsg("{names} and {n} more", "{names} and {n} more", len(tasks) - MOST_NAMED, names=tasks[:MOST_NAMED])
