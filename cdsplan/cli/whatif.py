"""`cdsplan whatif TASK`: what would move if a task were longer, done on some day, or due on another."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from cdsplan import wording
from cdsplan.cli.clock import Day
from cdsplan.cli.finding import deadline_of
from cdsplan.cli.frame import MOST_ROWS, Run, option, plan_command
from cdsplan.cli.names import TaskName
from cdsplan.cli.words import say as say_now
from cdsplan.listing import Card, Column, Listing
from cdsplan.messages import Message, msg, nmsg
from cdsplan.plan.fields import DURATION_FORMS, duration_of, no_duration, shown
from cdsplan.progress import Phase
from cdsplan.summary import may_be_late
from cdsplan.whatif import Change, Impossible, what_if

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from cdsplan.i18n import Language
    from cdsplan.plan.model import Duration
    from cdsplan.status import Item
    from cdsplan.whatif import Effect, Outcome

    Parameter = click.ParamType[Any]
else:
    Parameter = click.ParamType  # not generic at run time before click 8.5

MOST_NAMED = 6
"""Agencies that are named."""

MOST_DAYS = 9999


class Length(Parameter):
    """A duration as in plan files: 10d, 2w, 10ed, ~5d; gives (length, whether it is an estimate)."""

    name = "length"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> tuple[Duration, bool]:
        """Understand a duration, or say how one is written."""
        length = duration_of(value.removeprefix("~"))
        if length is None:
            why = no_duration(value, msg("“{words}” is no duration", words=shown(value)), DURATION_FORMS)
            self.fail("; ".join(map(say_now, why)), param, ctx)
        return length, value.startswith("~")


@plan_command(
    "whatif",
    msg(
        "Show what would move if TASK were otherwise: the tasks whose forecast moves, deadlines newly missed or kept, "
        "the agencies that this touches, the end of the plan. Nothing is written. TASK is an id, a number or a name, "
        "with or without diacritics."
    ),
    formats=("table", "plain", "json"),
    files=False,
)
@click.argument("task", type=TaskName())
@option("--duration", type=Length(), metavar="LENGTH", help=msg("If it took so long: 15d, 3w, 20ed, ~10d."))
@option(
    "--add-days",
    type=click.IntRange(-MOST_DAYS, MOST_DAYS),
    metavar="DAYS",
    help=msg("If it took so many working days more (with a minus sign: fewer)."),
)
@option("--due", metavar="WORDS", help=msg("If it were due then: a day, or any words that a plan may use."))
@option("--done", type=Day(), metavar="DATE", help=msg("If it were done on this day; a later one than --as-of counts."))
def command(
    run: Run,
    *,
    task: str,
    duration: tuple[Duration, bool] | None,
    add_days: int | None,
    due: str | None,
    done: date | None,
) -> None:
    """Find, change, judge twice, describe."""
    if duration is None and add_days is None and due is None and done is None:
        raise click.UsageError(say_now(msg("say what would be otherwise: --duration, --add-days, --due or --done")))
    plan, wanted = run.find_task(task)
    length, estimated = duration or (None, False)
    change = Change(
        task=wanted.id,
        duration=length,
        estimated=estimated,
        add_days=add_days,
        due=None if due is None else deadline_of(plan, due),
        done=done,
    )
    try:
        outcome = what_if(plan, change, run.as_of, partial(run.known, plan))
    except Impossible as problem:
        raise click.UsageError(say_now(problem.message)) from None
    if run.format == "json":
        from cdsplan.views.data.schedules import outcome_document  # noqa: PLC0415 - each format loads its own view

        run.emit(outcome_document(outcome))
        return
    card, listings = described(outcome, run.as_of, run.language)
    if run.format == "plain" or sum(len(listing.rows) for listing in listings) > MOST_ROWS:
        from cdsplan.views.plain import card_text, listing_text  # noqa: PLC0415

        run.emit("\n\n".join([card_text(card), *map(listing_text, listings)]))
        return
    from cdsplan.views.tables import card_table, listing_table  # noqa: PLC0415

    drawings = [card_table(card), *(listing_table(listing, run.width) for listing in listings)]
    run.emit("\n".join(map(run.draw, drawings)))
    run.tell_hidden(*listings)


def described(outcome: Outcome, as_of: date, say: Language) -> tuple[Card, tuple[Listing, ...]]:
    """Put an outcome into words: a summary, then what moves, then the deadlines that turn."""
    item = outcome.changed.after
    mark = f" {wording.MILESTONE}" if item.task.milestone else ""
    facts = ((say(label), tuple(map(say, lines))) for label, lines in _facts(outcome, as_of, say))
    card = Card(
        heading=f"{wording.title(item.task, say, item.plan)}{mark}",
        facts=tuple((label, lines) for label, lines in facts if lines),
    )
    listings = []
    if outcome.moved:
        listings.append(_moves(outcome.moved, say))
    if outcome.turned:
        listings.append(_turns(outcome.turned, say))
    return card, tuple(listings)


def _facts(outcome: Outcome, as_of: date, say: Language) -> Iterator[tuple[Message, Iterable[Message | str]]]:
    day = outcome.after.as_of
    yield msg("Task"), [outcome.change.task]
    yield msg("What if"), _supposed(outcome)
    yield msg("As of"), [msg("{day}", day=day) if day == as_of else msg("{day}, when it would be done", day=day)]
    yield msg("Outcome"), _moved(outcome)
    yield msg("To spare"), _spare(outcome)
    yield msg("End of the plan"), [_end(*outcome.finishes)]
    yield msg("Agencies touched"), _agencies(outcome, say)


def _supposed(outcome: Outcome) -> Iterator[Message]:
    change, (before, after) = outcome.change, outcome.changed
    if change.duration is not None or change.add_days is not None:
        length, now = (wording.duration(item.task.duration) for item in (after, before))
        yield msg("it takes {length} instead of {now}", length=length, now=now)
    if change.due is not None:
        due = wording.due_day(before)
        if change.due.last is None:
            yield msg("it is due “{words}” (now {now})", words=change.due.words, now=due)
        else:
            words, last = change.due.words, change.due.last
            yield msg("it is due “{words}”, thus {last} at the latest (now {now})", words=words, last=last, now=due)
    if change.done is not None:
        yield msg("it is done on {day}", day=change.done)


def _moved(outcome: Outcome) -> Iterator[Message]:
    item = outcome.changed.after
    if not outcome.moved:
        if item.phase is Phase.CANCELLED:
            yield msg("nothing moves: it is cancelled")
        elif item.phase is Phase.DONE:
            yield msg("nothing moves: it is done")
        elif outcome.held and item.forecast_finish is not None:
            day = item.forecast_finish
            yield msg("nothing moves: it is expected on {day} still, the earliest day for what is open", day=day)
        elif item.deadline_float is None or item.deadline_float < 0:
            yield msg("nothing moves")
        else:
            yield msg("nothing moves: {spare}", spare=wording.deadline_float(item.deadline_float))
    elif [effect.after for effect in outcome.moved] == [item]:
        room = outcome.room
        if room is None:
            yield msg("only the task itself moves")
        else:
            yield nmsg(
                "only the task itself moves; another one would after {n} more working day",
                "only the task itself moves; another one would after {n} more working days",
                room,
            )
    else:
        milestones = sum(effect.after.task.milestone for effect in outcome.moved)
        yield msg(
            "{tasks}, {milestones}",
            tasks=nmsg("{n} task moves", "{n} tasks move", len(outcome.moved)),
            milestones=nmsg("{n} of them a milestone", "{n} of them milestones", milestones),
        )


def _spare(outcome: Outcome) -> Iterator[Message]:
    changed = outcome.after.forecasts[0]
    before, after = (item.deadline_float for item in outcome.changed)
    binding = changed.binding_deadline(changed.position[outcome.change.task])
    if after is None or binding is None:
        return
    task = changed.tasks[binding].id
    if after < 0:
        spare = nmsg(
            "{n} working day too late for the deadline of “{task}”",
            "{n} working days too late for the deadline of “{task}”",
            -after,
            task=task,
        )
    else:
        spare = msg("{slip} before the deadline of “{task}”", slip=wording.deadline_float(after), task=task)
    if before is None or before == after:
        yield spare
    else:
        yield msg("{spare}; now {before}", spare=spare, before=wording.deadline_float(before))


def _end(before: date, after: date) -> Message:
    days = (after - before).days
    if not days:
        return msg("{day}, as before", day=after)
    shift = (
        nmsg("{n} day later", "{n} days later", days)
        if days > 0
        else nmsg("{n} day earlier", "{n} days earlier", -days)
    )
    return msg("{before} → {after}, {shift}", before=before, after=after, shift=shift)


def _agencies(outcome: Outcome, say: Language) -> Iterator[Message]:
    plan, touched = outcome.changed.after.plan, outcome.agencies
    if touched:
        names = tuple(wording.agency_name(plan.agencies[agency], say, plan) for agency in touched)
        said = wording.first_agencies(names, MOST_NAMED)
        yield nmsg("{n} agency: {names}", "{n} agencies: {names}", len(touched), names=said)


def _moves(moved: tuple[Effect, ...], say: Language) -> Listing:
    """List what moves, milestones first."""
    return Listing(
        titles=(say(msg("What moves")),),
        columns=(
            Column(heading=""),
            Column(heading=say(msg("Task"))),
            Column(heading=say(msg("Title")), wraps=True, wide=120),
            Column(heading=say(msg("Now"))),
            Column(heading=say(msg("Then"))),
            Column(heading=say(msg("Days")), number=True),
            Column(heading=say(msg("Deadline")), wide=90),
            Column(heading=say(msg("Status then")), wraps=True),
        ),
        rows=tuple(
            (
                wording.MILESTONE if after.task.milestone else "",
                after.task.id,
                wording.short_title(after.task, say, after.plan),
                say.date(effect.finishes[0]),
                say.date(effect.finishes[1]),
                f"{effect.days:+}",
                say(wording.due_day(after)),
                say(_standing(after)),
            )
            for effect in moved
            for before, after in (effect,)
        ),
        notes=(say(msg("The forecast finish now and then, and the calendar days between.")),),
    )


def _turns(turned: tuple[Effect, ...], say: Language) -> Listing:
    """List the deadlines that would newly be missed, and those that no longer would."""
    return Listing(
        titles=(say(msg("Deadlines that turn")),),
        columns=(
            Column(heading=""),
            Column(heading=say(msg("Task"))),
            Column(heading=say(msg("Deadline"))),
            Column(heading=say(msg("Now")), wraps=True),
            Column(heading=say(msg("Then")), wraps=True),
        ),
        rows=tuple(
            (
                say(msg("newly missed") if effect.missed else msg("no longer missed")),
                effect.after.task.id,
                say(wording.due_day(effect.after)),
                *(say(_standing(item)) for item in effect),
            )
            for effect in turned
        ),
        marked=frozenset(at for at, effect in enumerate(turned) if effect.missed),
    )


def _standing(item: Item) -> Message:
    """Say how an item stands to its deadline, or that it will probably miss it."""
    if may_be_late(item):
        return wording.at_risk(item)
    return wording.timeliness(item)
