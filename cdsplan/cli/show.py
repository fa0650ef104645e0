"""`cdsplan show TASK`: everything known of one task."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import click

from cdsplan import wording
from cdsplan.cli.frame import Run, plan_command
from cdsplan.cli.names import TaskName
from cdsplan.listing import Card
from cdsplan.messages import Clauses, Message, Sentence, msg, nmsg
from cdsplan.plan.occurrences import anchor
from cdsplan.status import Timeliness
from cdsplan.summary import counts, may_be_late

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from cdsplan.i18n import Language
    from cdsplan.schedule import Schedule
    from cdsplan.status import Item

    Fact = tuple[Message, Iterable[Message | str]]


@plan_command(
    "show",
    msg(
        "Show everything known of one task: its deadline in the plan’s words and how they are read, who has which "
        "role, what it waits for and who waits for it, its dates and floats, contents, constraints and source. TASK "
        "is an id, a number or a name, with or without diacritics; TASK@DATE is one occurrence of a task that comes "
        "again."
    ),
    formats=("table", "plain", "json"),
    files=False,
)
@click.argument("task", type=TaskName())
def command(run: Run, *, task: str) -> None:
    """Find, judge, describe."""
    plan, wanted, occurrence = run.find_item(task)
    schedule, forecast = next(
        (schedule, forecast)
        for schedule, forecast in zip(run.schedules, run.forecasts, strict=True)
        if schedule.plan is plan
    )
    items = tuple(item for item in run.status.items if item.task is wanted)
    overview = wanted.repeat is not None and occurrence is None
    if occurrence is not None:
        items = run.occurrence(items, occurrence)
    if run.format == "json":
        from cdsplan.views.data.tasks import recurring_document, task_document  # noqa: PLC0415 - each format its own view

        run.emit(
            recurring_document(plan, items) if overview else task_document(items[0], schedule, forecast, run.language)
        )
        return
    described = (
        _card(_Recurring(items, schedule, forecast, run.language, run.as_of), run.language)
        if overview
        else card(items[0], schedule, forecast, run.language)
    )
    if run.format == "plain":
        from cdsplan.views.plain import card_text  # noqa: PLC0415

        run.emit(card_text(described))
        return
    from cdsplan.views.tables import card_table  # noqa: PLC0415

    run.emit(run.draw(card_table(described)))


def card(item: Item, schedule: Schedule, forecast: Schedule, say: Language) -> Card:
    """Put everything known of an item into words; what is not known is left out."""
    return _card(_Writer(item, schedule, forecast, say), say)


def _card(writer: _Writer, say: Language) -> Card:
    item = writer.item
    facts: list[tuple[str, tuple[str, ...]]] = []
    for label, lines in writer.facts():
        said = tuple(say(line) if isinstance(line, Message) else line for line in lines)
        if said:
            facts.append((say(label), said))
    mark = f" {wording.MILESTONE}" if item.task.milestone else ""
    return Card(heading=f"{wording.title(item.task, say, item.plan)}{mark}", facts=tuple(facts))


class _Writer:
    """Says one item, fact by fact."""

    def __init__(self, item: Item, schedule: Schedule, forecast: Schedule, language: Language) -> None:
        self.item = item
        self.task = item.task
        self.schedule = schedule
        self.forecast = forecast
        self.position = schedule.position.get(item.task.id, -1)
        self.say = language
        self.ongoing = item.task.repeat is None and schedule.ongoing(self.position)

    def facts(self) -> Iterator[Fact]:
        """Give label and lines, in the order in which people ask."""
        item, task, details = self.item, self.task, self.task.details
        yield msg("Task"), [msg("{id}, a milestone", id=self.name) if task.milestone else self.name]
        yield msg("Number"), _some(task.number)
        yield msg("Section"), _some(task.section)
        yield from self._state()
        yield msg("Lead"), self._agencies(item.owner)
        yield msg("Must each deliver"), self._members()
        yield msg("Coordinating"), self._agencies(tuple(agency for agency in item.support if agency not in item.owner))
        yield msg("Consulted"), self._agencies(item.consult)
        yield msg("Recipient"), self._agencies(_some(item.recipient))
        yield msg("Assigned by"), self._agencies(_some(task.assigned_by))
        yield msg("Taken over"), wording.taken_over(item, self.say)
        yield msg("Duration"), [] if task.repeat is not None and task.estimated else [self._duration()]
        if task.repeat is None:
            yield msg("Planned"), self._planned()
            yield msg("Forecast"), self._expected()
            yield msg("To spare"), self._floats()
            yield msg("Waits for"), self._predecessors()
            yield msg("Who waits for it"), self._successors()
        yield msg("Deliverable"), _some(details.deliverable)
        yield msg("Required contents"), [f"– {content}" for content in details.contents]
        yield msg("Constraints"), [f"– {constraint}" for constraint in details.constraints]
        yield msg("Quote"), [f"“{details.quote}”"] if details.quote else []
        yield msg("Note"), details.note.splitlines() if details.note else []
        yield msg("Link"), _some(details.url)
        yield msg("Tags"), [", ".join(details.tags)] if details.tags else []

    @property
    def name(self) -> str:
        """What the card is about."""
        return self.item.name

    def _state(self) -> Iterator[Fact]:
        """Say how it stands to its deadline."""
        item = self.item
        yield msg("Status"), self._standing()
        yield msg("Delivered"), self._deliveries()
        yield msg("Deadline"), self._deadline()
        yield msg("Read as"), self._reading()
        yield msg("Reminders"), self._reminders()
        yield msg("Moved"), self._moves()
        if item.occurrence is not None:
            yield msg("Since the last one"), [msg("{first} to {last}", first=item.since, last=item.occurrence)]

    def _standing(self) -> Iterator[Message]:
        item = self.item
        standing = wording.timeliness(item)
        phase = wording.phase(item.phase)
        yield msg("{timeliness} ({phase})", timeliness=standing, phase=phase) if item.open else standing
        if item.done_on is not None:
            yield msg("done on {day}", day=item.done_on)
        if item.document is not None:
            yield msg("document: {document}", document=item.document)
        if item.members:
            yield wording.delivered(item)
            if item.missing and item.delivered:
                yield wording.missing(item, self.say, len(item.members))
            excused = [wording.deliverer(each, self.say, item.plan) for each in item.members if each.excused]
            if excused and item.open:
                yield msg("need not deliver any more: {agencies}", agencies=tuple(excused))
        if item.blocked_by:
            yield msg("waits for {tasks}", tasks=item.blocked_by)
        if may_be_late(item):
            yield wording.at_risk(item)

    def _deliveries(self) -> Iterator[Message]:
        """Say who delivered when, with which document, the newest first; beyond `MOST_DELIVERIES` they are counted."""
        if self.item.record is None:  # by the plan file all of it is done, or nothing
            return
        told = [(member.done_on, member) for member in self.item.members if member.done_on is not None]
        told.sort(key=lambda each: each[0], reverse=True)
        shown = len(told) if len(told) <= MOST_DELIVERIES else MOST_DELIVERIES - 1
        for day, member in told[:shown]:
            parts: list[Message | str] = [msg("{day}", day=day)]
            parts += _some(member.document)
            if member.timeliness is Timeliness.DONE_LATE:
                parts.append(wording.timeliness(member))
            who = wording.deliverer(member, self.say, self.item.plan)
            yield msg("{name}: {parts}", name=who, parts=Clauses(parts))
        rest = len(told) - shown
        if rest:
            yield nmsg(
                "and {n} earlier one; all are listed by: cdsplan log {item}",
                "and {n} earlier ones; all are listed by: cdsplan log {item}",
                rest,
                item=self.item.name,
            )

    def _deadline(self) -> Iterator[Message | str]:
        """Say the words of the deadline in force; of one that was moved also those of the plan."""
        planned = _quoted(wording.deadline_words(self.task))
        in_force = _quoted(wording.words_in_force(self.item)) if self.item.extensions else planned
        yield in_force
        if in_force != planned:  # what was decided for some members may leave the task's own where it was
            yield msg("in the plan: {words}", words=planned)

    def _reading(self) -> list[Message]:
        item = self.item
        if item.due is not None:
            return [wording.read_as(item.due)]
        if item.tentative is not None and item.tentative.last is not None:
            return [msg("not yet known; about {day} by the forecast", day=item.tentative.last)]
        return []

    def _reminders(self) -> Iterator[Message]:
        """Say when the feeds ring: so many days before the last good day in force, while the work is open."""
        last = self.item.due.last if self.item.due else None
        for days in sorted(self.task.details.remind, reverse=True) if self.item.open else ():
            before = nmsg("{n} day before the deadline", "{n} days before the deadline", days)
            if not days:
                before = msg("on the day of the deadline")
            yield before if last is None else msg("{day}, {before}", day=last - timedelta(days), before=before)

    def _moves(self) -> Iterator[Message]:
        for move in wording.moves(self.item):
            words = wording.moved(move, self.item, self.say)
            decided = msg("decided on {day}", day=move.extension.on)
            yield msg("{parts}", parts=Clauses(filter(None, (words, decided, move.extension.reason))))

    def _agencies(self, agencies: Iterable[str]) -> list[str]:
        declared = self.item.plan.agencies
        names = [wording.agency_name(declared[agency], self.say, self.item.plan) for agency in agencies]
        return [", ".join(names)] if names else []

    def _members(self) -> list[str]:
        written = ", ".join(self.task.details.each)
        return [f"{written}: {line}" for line in self._agencies(self.task.members)]

    def _duration(self) -> Message:
        length = wording.duration(self.task.duration)
        if self.ongoing:
            return msg("ongoing")
        return msg("{length} (an estimate)", length=length) if self.task.estimated else length

    def _planned(self) -> list[Message]:
        schedule, j = self.schedule, self.position
        if self.ongoing:
            return [msg("from {first} on", first=schedule.early_start(j))]
        return [
            msg("at the earliest {first} to {last}", first=schedule.early_start(j), last=schedule.early_finish(j)),
            msg("at the latest {first} to {last}", first=schedule.late_start(j), last=schedule.late_finish(j)),
        ]

    def _expected(self) -> Iterator[Message]:
        if self.item.open and not self.ongoing:
            first, last = self.forecast.early_start(self.position), self.forecast.early_finish(self.position)
            yield msg("{first} to {last}, by what is known", first=first, last=last)

    def _floats(self) -> Iterator[Message]:
        schedule, j = self.schedule, self.position
        slip, binding = self.forecast.deadline_float(j), self.forecast.binding_deadline(j)
        if slip is not None and binding is not None:
            task = schedule.tasks[binding].id
            yield wording.slip(slip, task)
        if not self.ongoing:
            yield msg(
                "as planned: total float {total}, free float {free} (working days)",
                total=schedule.total_float(j),
                free=schedule.free_float(j),
            )

    def _predecessors(self) -> Iterator[Message]:
        driving = self.schedule.driving(self.position)
        for at, link in enumerate(self.task.links):
            parts: list[Message | str] = [f"{link.predecessor} {wording.link(link)}"]
            parts.append(msg("({basis})", basis=wording.basis(link.basis)))
            if at in driving:
                parts.append(msg("– drives its dates"))
            if link.quote:
                parts.append(f"“{link.quote}”")
            yield msg("{parts}", parts=Sentence(parts))

    def _successors(self) -> list[str]:
        return [
            f"{task.id} {wording.link(link)}"
            for task in self.schedule.tasks
            for link in task.links
            if link.predecessor == self.task.id
        ]


MOST_DELIVERIES = 12
"""Deliveries of a fan-out that a card lists."""

MOST_OCCURRENCES = 6
"""Past occurrences that an overview names."""


class _Recurring(_Writer):
    """Says a task that comes again as a whole: its rule, the next occurrence, and how the last ones went."""

    def __init__(
        self, items: Sequence[Item], schedule: Schedule, forecast: Schedule, language: Language, as_of: date
    ) -> None:
        ahead = [item for item in items if item.occurrence and item.occurrence > as_of]
        super().__init__(ahead[0] if ahead else items[-1], schedule, forecast, language)
        self.ahead = ahead
        self.past = items[: len(items) - len(ahead)]

    @property
    def name(self) -> str:
        """What the card is about."""
        return self.task.id

    def _state(self) -> Iterator[Fact]:
        yield msg("Comes again"), self._rule()
        yield msg("Next"), map(self._one, self.ahead[:1])
        yield msg("So far"), self._so_far()

    def _rule(self) -> Iterator[Message]:
        rule = self.task.repeat
        if rule is None:
            return
        yield msg("“{words}”", words=rule.words)
        first = anchor(self.task, self.item.plan.start)
        if rule.until is None:
            yield msg("{rule}, from {first} on", rule=str(rule.rule), first=first)
        else:
            yield msg("{rule}, from {first} to {last}", rule=str(rule.rule), first=first, last=rule.until)

    def _so_far(self) -> Iterator[Message]:
        counted = counts(self.past)
        if self.past:
            parts = [
                msg("{count} {words}", count=number, words=wording.timeliness_kind(kind))
                for kind, number in counted.items()
                if number
            ]
            yield nmsg("{n} occurrence: {parts}", "{n} occurrences: {parts}", len(self.past), parts=Clauses(parts))
        yield from map(self._one, self.past[-MOST_OCCURRENCES:][::-1])

    def _one(self, item: Item) -> Message:
        """Say one occurrence in a line."""
        words: list[Message] = [wording.timeliness(item)]
        if item.done_on is not None:
            words.append(msg("done on {day}", day=item.done_on))
        if item.members:
            words.append(wording.delivered(item))
        if item.due is not None and item.due.last != item.occurrence:
            words.append(msg("last good day {day}", day=wording.last_day(item.due)))
        return msg("{name}: {parts}", name=item.name, parts=Clauses(words))


def _quoted(words: Message | str) -> Message:
    """Put words of a plan in quotes; what we say ourselves of a counted deadline, or of none, stands without."""
    if isinstance(words, Message):
        return words
    return msg("none") if words == "–" else msg("“{words}”", words=words)


def _some(value: str | None) -> list[str]:
    return [value] if value else []
