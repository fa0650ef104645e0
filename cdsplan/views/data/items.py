"""Items of a status as JSON, written text by text: thousands of dictionaries cost more than their bytes."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

from cdsplan.plan.model import Rule
from cdsplan.summary import counts
from cdsplan.views.data.frame import document, plan_data

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cdsplan.plan.model import Reading
    from cdsplan.progress import Extension, Phase
    from cdsplan.status import Item, Status, Timeliness
    from cdsplan.succession import Takeover

    Roles = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], str | None, str | None, str | None]
    Standing = tuple[Phase, Timeliness | None, int | None, int, int, date | None, int]
    Delivery = tuple[Phase, Timeliness | None, int | None, int, date | None, str | None]


def status_document(status: Status, items: Sequence[Item]) -> Iterator[str]:
    """Write a status, part by part: every item of it, whatever a table would leave out."""
    head = document(
        as_of=status.as_of.isoformat(),
        plans=[plan_data(plan) for plan in status.plans],
        counts={kind.replace("-", "_"): count for kind, count in counts(items).items()},
    )
    yield f'{head[:-1]}, "items": ['
    write = ItemWriter().text
    for at in range(0, len(items), ITEMS_AT_ONCE):
        yield (", " if at else "") + ", ".join(map(write, items[at : at + ITEMS_AT_ONCE]))
    yield "]}"


ITEMS_AT_ONCE = 100
"""Items of one part: 100,000 items in one text would need half a gigabyte, and a small part stays in the caches."""


class ItemWriter:
    """Writes items as JSON text.

    A plan of 10,000 tasks has few different deadlines, roles and days: each is turned into text once, and an item is
    put together from these texts, three times as fast as from a dict for each item and one `json.dumps` over all.
    """

    def __init__(self) -> None:
        self._known = Texts()
        self._readings: dict[int, str] = {id(None): "null"}
        self._roles: dict[Roles, str] = {}
        self._standings: dict[Standing, str] = {}
        self._deliveries: dict[Delivery, str] = {}

    def text(self, item: Item) -> str:
        """Write one item."""
        # Taken apart at once: asking a named tuple twenty times for a field costs as much as writing it.
        (
            plan, task, phase, timeliness, days, due, done_on, finish,
            risk, estimated, slip, blocked_by, members, tentative, deadline_task, record, _, occurrence, _, taken,
        ) = item  # fmt: skip
        task_id, title, _, number, section, milestone, owner, support, consult, recipient = task[:10]
        known = self._known
        moved = () if record is None else record.extensions
        standing = (phase, timeliness, days, id(due), id(tentative), done_on, id(moved))
        roles = (owner, support, consult, recipient, section, task.details.deliverable)
        name = task_id
        if taken:
            roles = (item.owner, item.support, item.consult, item.recipient, *roles[4:])
        if occurrence is not None:
            name = item.name
        deadline = "null" if deadline_task is None else f'"{deadline_task}"'
        return (
            f'{{"id": "{name}", "plan": "{plan.id}", '
            f'"number": {"null" if number is None else _quoted(number)}, "title": {_quoted(title)}, '
            f'"milestone": {"true" if milestone else "false"}, '
            f"{self._roles.get(roles) or self._say_roles(roles)}, "
            f"{self._standings.get(standing) or self._say_standing(standing, item)}, "
            f'"forecast_finish": {known[finish]}, "at_risk_days": {"null" if risk is None else risk}, '
            f'"estimated": {"true" if estimated else "false"}, "deadline_float": {"null" if slip is None else slip}, '
            f'"deadline_task": {deadline}, "blocked_by": {_ids(blocked_by) if blocked_by else "[]"}, '
            f'{self._fan_out(item) if members else NO_FAN_OUT}, "task": "{task_id}", '
            f"{NO_OCCURRENCE if occurrence is None else self._of_occurrence(item)}, "
            f"{self._taken(taken) if taken else NOTHING_TAKEN}}}"
        )

    def _of_occurrence(self, item: Item) -> str:
        known = self._known
        return f'"occurrence": {known[item.occurrence]}, "since": {known[item.since]}'

    def _taken(self, taken: Mapping[str, Takeover]) -> str:
        pairs = ", ".join(
            f'{{"from": "{agency}", "by": "{over.by}", "since": {self._known[over.since]}}}'
            for agency, over in taken.items()
        )
        return f'"taken_over": [{pairs}]'

    def _fan_out(self, item: Item) -> str:
        deliveries, members = self._deliveries, []
        for agency, phase, timeliness, days, due, done_on, delivered_with, taken in item.members:
            key = (phase, timeliness, days, id(due), done_on, delivered_with)
            delivery = deliveries.get(key) or self._say_delivery(key, due)
            responsible = agency if taken is None else taken.by
            members.append(f'{{"agency": "{agency}", "responsible": "{responsible}", {delivery}}}')
        return (
            f'"delivered": {item.delivered}, "expected": {item.expected}, "missing": {_ids(item.missing)}, '
            f'"members": [{", ".join(members)}]'
        )

    def _say_delivery(self, delivery: Delivery, due: Reading | None) -> str:
        """Write how a member's delivery stands; the members of one fan-out often stand alike."""
        phase, timeliness, days, _, done_on, delivered_with = delivery
        known = self._known
        text = self._deliveries[delivery] = (
            f'"phase": {known[phase]}, "timeliness": {known[timeliness]}, '
            f'"days": {"null" if days is None else days}, "due": {self._reading(due)}, '
            f'"done_on": {known[done_on]}, "document": {known[delivered_with]}'
        )
        return text

    def _say_roles(self, roles: Roles) -> str:
        names = ("owner", "support", "consult", "recipient", "section", "deliverable")
        data = dict(zip(names, roles, strict=True))
        text = self._roles[roles] = json.dumps(data, ensure_ascii=False)[1:-1]
        return text

    def _say_standing(self, standing: Standing, item: Item) -> str:
        phase, timeliness, days, _, _, done_on, _ = standing
        known, extensions = self._known, ", ".join(map(self._extension, item.extensions))
        text = self._standings[standing] = (
            f'"phase": {known[phase]}, "timeliness": {known[timeliness]}, "days": {"null" if days is None else days}, '
            f'"due": {self._reading(item.due)}, "tentative_due": {self._reading(item.tentative)}, '
            f'"baseline_due": {self._reading(item.baseline if item.extensions else item.due)}, '
            f'"extensions": [{extensions}], "done_on": {known[done_on]}'
        )
        return text

    def _extension(self, extension: Extension) -> str:
        known = self._known
        return (
            f'{{"on": {known[extension.on]}, "due": {self._reading(extension.due)}, '
            f'"document": {known[extension.document]}, "reason": {known[extension.reason]}, '
            f'"agency": {known[extension.agency]}}}'
        )

    def _reading(self, reading: Reading | None) -> str:
        return self._readings.get(id(reading)) or self._say_reading(reading)

    def _say_reading(self, reading: Reading | None) -> str:
        text = self._readings[id(reading)] = "null" if reading is None else reading_text(reading, self._known)
        return text  # kept by id: the items keep their readings alive


NO_OCCURRENCE = '"occurrence": null, "since": null'
NOTHING_TAKEN = '"taken_over": []'


def _ids(ids: Sequence[str]) -> str:
    """Write ids, which their grammar keeps free of anything to escape; most are written once only."""
    return '["' + '", "'.join(ids) + '"]' if ids else "[]"


NO_FAN_OUT = '"delivered": null, "expected": null, "missing": null, "members": null'


class Texts(dict["str | date | None", str]):
    """Small values as JSON text, each written once."""

    def __missing__(self, value: str | date | None) -> str:
        if value is None:
            text = "null"
        elif isinstance(value, date):
            text = f'"{value.isoformat()}"'
        else:
            text = _quoted(value)
        self[value] = text
        return text


_quoted = json.encoder.encode_basestring


def reading_text(reading: Reading, known: Texts) -> str:
    """Write a deadline's words and reading; `rule` names what made it, `rolled` says that it moved off a day off."""
    words, kind, rules, first, named_last, last, time, _ = reading
    at = "null" if time is None else f'"{time:%H:%M}"'
    return (
        f'{{"words": {_quoted(words)}, "kind": {known[kind]}, "first": {known[first]}, '
        f'"named_last": {known[named_last]}, "last": {known[last]}, "time": {at}, '
        f'"rule": {known[rules[0]]}, "rolled": {"true" if ROLLED in rules else "false"}}}'
    )


ROLLED = Rule.ROLLED
