"""From a judged plan and its feeds to the pages: what is overdue, due, done, in the words of the status.

An agency's page lists what its feed has, and what it has to do with that has no day: the same roles, its own delivery
of a fan-out unless it leads or collects it. The page of everything lists what needs attention, and counts per agency;
its longest lists are cut, as each agency's page has all of its own. No contact is on any page.

What is counted is what the status counts (`cdsplan.summary`): each task once for all, and for an agency what it leads
or must deliver itself, on its own page as in the table of all. A list may have more: what the agency collects or
comments on, where the entry says its role.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdsplan import wording
from cdsplan.feeds.model import Role, stem
from cdsplan.feeds.subscribers import shares
from cdsplan.feeds.words import PlanWords
from cdsplan.messages import Message, msg, nmsg
from cdsplan.pages.model import Entry, Group, Page, Row
from cdsplan.progress import Phase
from cdsplan.status import Item, Timeliness
from cdsplan.summary import CANCELLED, Attention, attention, counts, counts_by_agency, needing_attention

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from cdsplan.feeds import Choice, Feed
    from cdsplan.i18n import Language
    from cdsplan.plan.model import Plan
    from cdsplan.status import Member, Status

OWN = frozenset({Role.LEAD, Role.MEMBER})
"""The roles in which an agency is who must deliver."""

LONGEST = 200
"""Entries under one heading of the page of everything."""

GROUPS: Mapping[str, Message] = {
    "overdue": msg("Overdue"),
    "due-today": msg("Due today"),
    "due-soon": msg("Due soon"),
    "later": msg("Later"),
    "no-deadline": msg("No deadline"),
    "done": msg("Done"),
    "cancelled": msg("Cancelled"),
}
"""The headings of an agency's page, in order."""

GROUP_OF: Mapping[str, str] = {
    Timeliness.ON_TRACK: "later",
    Timeliness.UNDETERMINED: "later",
    Timeliness.DONE_ON_TIME: "done",
    Timeliness.DONE_LATE: "done",
}
"""Under which heading a timeliness stands, where that is not its own."""

KINDS = (*Timeliness, CANCELLED)
"""All that is counted, in order."""

Visible = tuple[Item, "Item | Member", "tuple[Role, ...]"]


def pages(
    status: Status,
    feeds: Sequence[Feed],
    speak: Callable[[str], Language],
    choice: Choice,
) -> tuple[Page, ...]:
    """Give one page for each feed, in the feeds' order; `feeds` were made by the same choice.

    `speak` turns a code into a Language: that of the choice, else the first plan's own.
    """
    language = speak(choice.code or status.plans[0].language)
    writer = _Writer(status, language)
    seen: dict[str, list[Visible]] = {feed.agency: [] for feed in feeds if feed.agency is not None}
    for item in status.items:
        for agency, its_roles, state in shares(item):
            if agency in seen and not choice.roles.isdisjoint(its_roles):
                seen[agency].append((item, state, its_roles))
    return tuple(
        writer.of_everything(feed, feeds)
        if feed.agency is None
        else writer.of_agency(feed, feed.agency, seen[feed.agency])
        for feed in feeds
    )


def group_of(state: Item | Member) -> str:
    """Say under which heading something stands: one of GROUPS."""
    if state.phase is Phase.DONE:
        return "done"
    kind = state.timeliness or CANCELLED
    return GROUP_OF.get(kind, str(kind))


class _Writer:
    """Says items in one language; keeps each plan's words."""

    def __init__(self, status: Status, language: Language) -> None:
        self.status = status
        self.say = language
        self.words = {plan.id: PlanWords(plan, language, status.as_of) for plan in status.plans}
        self.several = len(status.plans) > 1
        self.owed = {row.agency: row.counts for row in counts_by_agency(status, status.items)}

    def of_agency(self, feed: Feed, agency: str, seen: Sequence[Visible]) -> Page:
        """Write an agency's page."""
        found: dict[str, list[Visible]] = {key: [] for key in GROUPS}
        # What has no day keeps its declared order: None is never compared with None, as equal keys are not taken apart.
        for visible in sorted(seen, key=_deadline):
            found[group_of(visible[1])].append(visible)
        groups = tuple(
            Group(
                key,
                self.say(GROUPS[key]),
                len(entries),
                tuple(self.entry(*visible, reader=agency) for visible in entries),
            )
            for key, entries in found.items()
            if entries
        )
        return self._page(
            feed,
            self._agency(agency, feed),
            groups,
            self.owed.get(agency, {}),
            msg("Counted: what this agency leads or must deliver itself."),
        )

    def of_everything(self, feed: Feed, feeds: Sequence[Feed]) -> Page:
        """Write the page of all plans and agencies."""
        groups = tuple(
            Group(
                str(kind),
                self.say(wording.attention(kind)),
                len(items),
                tuple(self.entry(item, item, pressing=kind) for item in items[:LONGEST]),
                self.say(nmsg("… and {n} more", "… and {n} more", len(items) - LONGEST))
                if len(items) > LONGEST
                else "",
            )
            for kind, items in needing_attention(self.status.items).items()
        )
        page = self._page(
            feed, self.say(msg("All deadlines")), groups, counts(self.status.items), msg("Counted: every task once.")
        )
        return page._replace(
            counted_by_agency=self.say(
                msg(
                    "Counted: what each agency leads or must deliver itself. A task given to several agencies counts "
                    "for each of them, so the columns may add up to more than the numbers at the top."
                )
            ),
            columns=tuple(self.say(words) for words in GROUPS.values()),
            agencies=tuple(
                Row(stem(other.agency), self._agency(other.agency, other), _grouped(self.owed.get(other.agency, {})))
                for other in feeds
                if other.agency is not None
            ),
        )

    def _page(
        self, feed: Feed, heading: str, groups: tuple[Group, ...], counted: Mapping[str, int], what: Message
    ) -> Page:
        """Write what every page has; `what` says of what there are so many of each kind."""
        return Page(
            stem=stem(feed.agency),
            language=self.say,
            heading=heading,
            plans=tuple(wording.plan_title(plan, self.say) for plan in self._plans(feed)),
            day=self.status.as_of,
            as_of=self.say(msg("As of {day}", day=self.status.as_of)),
            counts=tuple(
                (kind, self.say(wording.timeliness_kind(kind)), counted[kind]) for kind in KINDS if counted.get(kind)
            ),
            counted=self.say(what),
            groups=groups,
            nothing=self.say(msg("Nothing is overdue or due soon.")),
            calendar=feed.name,
        )

    def entry(
        self,
        item: Item,
        state: Item | Member,
        roles: tuple[Role, ...] = (),
        *,
        reader: str | None = None,
        pressing: Attention | None = None,
    ) -> Entry:
        """Say one item, or the reader's own delivery of it."""
        task, plan, words = item.task, item.plan, self.words[item.plan.id]
        title = wording.title(task, self.say, plan)
        last = state.due.last if state.due is not None else None
        deadline = words.deadline(state.due, last) if state.due is not None and last is not None else ""
        lines = words.description(item, state, deadline or self._undated(item), roles, reader).split("\n")
        notes = (
            *self._role(words, roles),
            *self._deliveries(item, state),
            *words.moves(item, state),
            *self._prospects(item, state, pressing),
        )
        said = {title, task.details.url, *notes}
        return Entry(
            timeliness=state.timeliness,
            symbol=wording.symbol(state, pressing),
            standing=self.say(wording.standing(item, pressing, state)),
            day=last,
            due=self.say.date(last) if last is not None else self._said(wording.due_day(item)),
            title=title,
            name=f"{plan.id}:{item.name}" if self.several else item.name,
            milestone=task.milestone,
            who=wording.responsible(item, self.say) if reader is None else "",
            notes=notes,
            lines=tuple(line for line in lines if line not in said),
            url=task.details.url,
        )

    def _role(self, words: PlanWords, roles: tuple[Role, ...]) -> Iterable[str]:
        """Say what a reader who need not deliver has to do with it."""
        return () if not roles or not OWN.isdisjoint(roles) else (words.role(roles),)

    def _deliveries(self, item: Item, state: Item | Member) -> Iterable[str]:
        """Say how many have delivered, and who has not where that presses."""
        if isinstance(state, Item) and item.members:
            yield self.say(wording.delivered(item))
            if attention(item) is not None and item.missing and item.delivered:
                yield self.say(wording.missing(item, self.say, wording.MOST_MISSING))

    def _prospects(self, item: Item, state: Item | Member, pressing: Attention | None) -> Iterable[str]:
        """Say what an open task waits for, and whether it may be late."""
        if not isinstance(state, Item):
            return
        if item.open and item.blocked_by:
            names = tuple(self.words[item.plan.id].name(item.plan.tasks[task]) for task in item.blocked_by)
            yield self.say(msg("waits for {tasks}", tasks=names))
        if item.open and pressing is not Attention.AT_RISK and attention(item) is Attention.AT_RISK:
            yield self.say(wording.at_risk(item))

    def _undated(self, item: Item) -> str:
        words = wording.words_in_force(item)
        return "" if words == "–" else self._said(words)

    def _said(self, words: Message | str) -> str:
        """Say our words; those of a plan are not translated."""
        return words if isinstance(words, str) else self.say(words)

    def _agency(self, agency: str, feed: Feed) -> str:
        """Name an agency in full, as the first plan that declares it does; one that none has left its feed's name."""
        for plan in self.status.plans:
            if agency in plan.agencies:
                return wording.agency_full_name(plan.agencies[agency], self.say, plan)
        return feed.name

    def _plans(self, feed: Feed) -> Iterable[Plan]:
        """Give the plans that know the reader of a feed."""
        return [plan for plan in self.status.plans if feed.agency is None or feed.agency in plan.agencies]


def _grouped(counted: Mapping[str, int]) -> tuple[int, ...]:
    """Add up what is counted by timeliness under each heading."""
    found = dict.fromkeys(GROUPS, 0)
    for kind, number in counted.items():
        found[GROUP_OF.get(kind, str(kind))] += number
    return tuple(found.values())


def _deadline(visible: Visible) -> tuple[bool, date | None]:
    """Sort by the last good day, what has none last."""
    due = visible[1].due
    last = due.last if due is not None else None
    return (last is None, last)
