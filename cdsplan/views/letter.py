"""Names to paste into a letter that urges agencies to deliver (công văn đôn đốc): full names, numbered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdsplan import wording
from cdsplan.messages import msg, nmsg
from cdsplan.status import Timeliness

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from cdsplan.i18n import Language
    from cdsplan.messages import Message
    from cdsplan.missing import Missing, Waiting
    from cdsplan.plan.model import Reading


def missing_text(found: Iterable[Missing], as_of: date, say: Language) -> str:
    """Write who has not delivered: task by task, deadline by deadline."""
    return "\n\n".join("\n".join(_task(each, as_of, say)) for each in found)


def _task(each: Missing, as_of: date, say: Language) -> Iterator[str]:
    plan = each.item.plan
    yield say(msg("Task: {title}", title=wording.title(each.item.task, say, plan)))
    for waiting in each.waiting:
        if waiting.due is not None:
            yield say(_deadline(each, waiting.due))
        yield say(_waited_for(each, waiting, as_of))
        for at, member in enumerate(waiting.members, 1):
            yield f"{at}. {wording.full_deliverer(member, say, plan)}"


def _deadline(each: Missing, due: Reading) -> Message:
    words = wording.deadline_in_letters(due)
    moved = [extension for extension in each.item.extensions if extension.due == due]
    if moved and moved[-1].document is not None:
        return msg("Deadline: {deadline}, as moved by {document}", deadline=words, document=moved[-1].document)
    if moved:
        return msg("Deadline: {deadline}, as moved on {day}", deadline=words, day=moved[-1].on)
    return msg("Deadline: {deadline}", deadline=words)


def _waited_for(each: Missing, waiting: Waiting, as_of: date) -> Message:
    number, first = len(waiting.members), waiting.members[0]
    if each.everybody:
        who = nmsg("{n} agency has not delivered", "{n} agencies have not delivered", number)
    else:
        who = nmsg(
            "{n} agency of those asked for has not delivered",
            "{n} agencies of those asked for have not delivered",
            number,
        )
    if first.timeliness is Timeliness.OVERDUE:
        late = wording.timeliness(first)
        return msg("As of {day}, {who} ({late}):", day=as_of, who=who, late=late)
    return msg("As of {day}, {who}:", day=as_of, who=who)
