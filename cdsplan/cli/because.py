"""The words for a reason: what binds a task, said of the task."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from cdsplan import wording
from cdsplan.messages import Message, msg, nmsg
from cdsplan.plan.model import Duration, LinkType
from cdsplan.progress import NOTHING_KNOWN, Phase
from cdsplan.schedule.reasons import Cause

if TYPE_CHECKING:
    from cdsplan.plan.model import Link
    from cdsplan.schedule import Schedule
    from cdsplan.schedule.reasons import Reason

MOST_NAMED = 5
"""Predecessors named that bind a task as much as the first."""


def because(schedule: Schedule, reason: Reason) -> Message:
    """Say one reason."""
    state = schedule.known[reason.task] if schedule.known else NOTHING_KNOWN
    words = _cause(schedule, reason)
    if reason.days_off:
        off = nmsg("{n} day off between", "{n} days off between", reason.days_off)
        words = msg("{words}; {off}", words=words, off=off)
    if reason.also:
        named = (*reason.also[:MOST_NAMED], *(("…",) if len(reason.also) > MOST_NAMED else ()))
        words = msg("{words}; equally bound by {tasks}", words=words, tasks=named)
    if state.phase is Phase.CANCELLED:
        words = msg("cancelled, takes no time; {words}", words=words)
    if reason.held and reason.cause is not Cause.DATA_DATE:
        words = msg("{words}; still open on {day}, so it cannot finish earlier", words=words, day=schedule.as_of)
    return words


def _cause(schedule: Schedule, reason: Reason) -> Message:
    match reason.cause:
        case Cause.LINK:
            return _link(schedule, reason)
        case Cause.NOT_BEFORE:
            return msg("may not start before {day}", day=schedule.tasks[reason.task].not_before)
        case Cause.PLAN_START:
            return msg("the plan starts on {day}", day=schedule.plan.start)
        case Cause.DATA_DATE if reason.held:
            return msg("still open on {day}, so it cannot finish earlier", day=schedule.as_of)
        case Cause.DATA_DATE:
            return msg("not begun by {day}, so it cannot start earlier", day=schedule.as_of)
        case Cause.STARTED:
            return _begun_and_left(schedule, reason.task)
        case Cause.DONE:
            done = schedule.known[reason.task].done
            return msg("done, on a day not noted") if done is None else msg("done on {day}", day=done)
        case _:
            assert_never(reason.cause)


def _begun(schedule: Schedule, j: int) -> Message:
    """Say since when work is in progress, and how far it is."""
    state = schedule.known[j]
    if state.started is None and state.percent is None:
        return msg("in progress")
    if state.started is None:
        return msg("in progress, {percent} % done", percent=state.percent)
    if state.percent is None:
        return msg("started on {day}", day=state.started)
    return msg("started on {day}, {percent} % done", day=state.started, percent=state.percent)


def _begun_and_left(schedule: Schedule, j: int) -> Message:
    begun = _begun(schedule, j)
    left = schedule.rest_starts(j)
    if left is None or schedule.bound_start(j) == schedule.span(j)[0] or not schedule.work(j):
        return begun
    return msg("{begun}; what is left begins on {day}", begun=begun, day=left)


def _link(schedule: Schedule, reason: Reason) -> Message:
    link = reason.link
    if link is None:
        raise ValueError("a link without a link")
    words = msg(
        "{binding} ({link}, {basis})",
        binding=_binding(link),
        link=wording.link(link),
        basis=wording.basis(link.basis),
    )
    if schedule.known and schedule.known[reason.task].phase is Phase.IN_PROGRESS:
        return msg("{begun}; what is left {words}", begun=_begun(schedule, reason.task), words=words)
    return words


def _binding(link: Link) -> Message:
    """Say what a link without slack does: it binds to the day."""
    values = {"id": link.predecessor, "lag": wording.duration(Duration(abs(link.lag.amount), link.lag.unit))}
    match link.type, (link.lag.amount > 0) - (link.lag.amount < 0):
        case LinkType.FS, 0:
            return msg("starts once “{id}” is finished", **values)
        case LinkType.FS, 1:
            return msg("starts {lag} after “{id}” is finished", **values)
        case LinkType.FS, _:
            return msg("starts {lag} before “{id}” is finished", **values)
        case LinkType.SS, 0:
            return msg("starts together with “{id}”", **values)
        case LinkType.SS, 1:
            return msg("starts {lag} after “{id}” starts", **values)
        case LinkType.SS, _:
            return msg("starts {lag} before “{id}” starts", **values)
        case LinkType.FF, 0:
            return msg("finishes together with “{id}”", **values)
        case LinkType.FF, 1:
            return msg("finishes {lag} after “{id}” is finished", **values)
        case LinkType.FF, _:
            return msg("finishes {lag} before “{id}” is finished", **values)
        case LinkType.SF, 0:
            return msg("finishes when “{id}” starts", **values)
        case LinkType.SF, 1:
            return msg("finishes {lag} after “{id}” starts", **values)
        case _:
            return msg("finishes {lag} before “{id}” starts", **values)
