"""Waivers: which findings they excuse, and which of them have run out or excuse nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cdsplan.check.model import LATE, Finding
from cdsplan.messages import msg

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cdsplan.check.model import Scope
    from cdsplan.messages import Message
    from cdsplan.plan.model import Waiver
    from cdsplan.status import Item

    Numbered = tuple[int, Waiver]


class Excused(NamedTuple):
    """Findings with the waivers that excuse them, and the positions in the plan of all waivers that help any."""

    findings: list[Finding]
    used: frozenset[int]


def excuse(scope: Scope, findings: Iterable[Finding]) -> Excused:
    """Excuse findings by the waivers in force: those whose last day has not passed.

    The waiver of an agency excuses its own part. A finding is excused when everybody responsible is, until the first of
    them no longer is.
    """
    in_force: dict[str, list[Numbered]] = {}
    for numbered in enumerate(scope.plan.gate.waivers):
        if numbered[1].until >= scope.as_of:
            in_force.setdefault(numbered[1].rule, []).append(numbered)
    used: set[int] = set()
    excused: list[Finding] = []
    for finding in findings:
        waivers = in_force.get(finding.rule)
        excused.append(finding if waivers is None else _excused(finding, waivers, used))
    return Excused(excused, frozenset(used))


def _excused(finding: Finding, waivers: Sequence[Numbered], used: set[int]) -> Finding:
    fitting = [numbered for numbered in waivers if numbered[1].item in {None, finding.task, finding.item}]
    for_all = _longest([numbered for numbered in fitting if numbered[1].agency is None])
    helping: list[Numbered] = []
    parts = [
        _longest([numbered for numbered in (*fitting, *for_all) if numbered[1].agency in {None, agency}])
        for agency in finding.responsible
    ] or [for_all]
    for part in parts:
        helping += part
    used |= {at for at, _ in helping}
    if not all(parts):
        return finding
    return finding._replace(waiver=min((waiver for _, waiver in helping), key=lambda waiver: waiver.until))


def _longest(waivers: Sequence[Numbered]) -> list[Numbered]:
    """Give the waiver that lasts longest, the first of equals; none of none."""
    return [max(waivers, key=lambda numbered: numbered[1].until)] if waivers else []


def expired(scope: Scope) -> Iterator[Finding]:
    """CDS216: a waiver whose last day has passed."""
    for at, waiver in enumerate(scope.plan.gate.waivers):
        if waiver.until < scope.as_of and _looked_at(scope, waiver):
            message = msg("the waiver of {what} ran out on {until}", what=what(waiver), until=waiver.until)
            yield _of_waiver("CDS216", scope, at, message, "until")


def unused(scope: Scope, used: frozenset[int], rules: frozenset[str]) -> Iterator[Finding]:
    """CDS217: a waiver in force that excuses nothing, and never will; only of rules that were looked for everywhere."""
    if not scope.whole:
        return
    for at, waiver in enumerate(scope.plan.gate.waivers):
        looked_for = waiver.until >= scope.as_of and waiver.rule in rules
        if looked_for and at not in used and not _may_help(waiver, scope):
            message = msg("the waiver of {what} excuses nothing", what=what(waiver))
            yield _of_waiver("CDS217", scope, at, message)


COMING = frozenset({"CDS204", "CDS205", "CDS206", "CDS207"})


def _may_help(waiver: Waiver, scope: Scope) -> bool:
    """Say whether a waiver was given in advance: while it lasts a deadline can still pass, or come near."""
    if waiver.rule not in LATE | COMING:
        return False
    day = waiver.occurrence
    if day is not None and not any(item.name == waiver.item for item in scope.items):  # so far ahead that none tells
        return day < waiver.until or waiver.rule in COMING
    return any(
        waiver.item in {None, item.task.id, item.name}
        and waiver.agency in {None, *item.owner, *item.missing, *(each.responsible for each in item.members)}
        and _not_passed(item, waiver, scope)
        for item in scope.items
        if item.open
    )


def _not_passed(item: Item, waiver: Waiver, scope: Scope) -> bool:
    """Look at the deadline in force, and at those of the members whom it concerns: some have more time than others."""
    concerned = (each for each in item.members if waiver.agency in {None, each.agency, each.responsible})
    dues = [item.due, *(member.due for member in concerned)]
    days = [due.last for due in dues if due is not None and due.last is not None and due.last >= scope.as_of]
    return any(day < waiver.until or waiver.rule in COMING for day in days)


def _looked_at(scope: Scope, waiver: Waiver) -> bool:
    return scope.whole or any(item.task.id == waiver.task for item in scope.items)


def what(waiver: Waiver) -> Message | str:
    """Say what a waiver is for."""
    parts = tuple(f"“{name}”" for name in (waiver.item, waiver.agency) if name)
    return msg("{rule} for {names}", rule=waiver.rule, names=parts) if parts else waiver.rule


def _of_waiver(rule: str, scope: Scope, at: int, message: Message, *key: str) -> Finding:
    waiver = scope.plan.gate.waivers[at]
    return Finding(
        rule=rule, message=message, hint=msg("take it out"), plan=scope.plan, at=("waiver", at, *key), key=not key,
        task=waiver.task, agency=waiver.agency, about=waiver.rule, occurrence=waiver.occurrence,
    )  # fmt: skip
