"""`cdsplan audit`: the DCMA 14-point assessment. It tells, it does not fail: exit 0 whatever it finds."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, assert_never

import click

from cdsplan import wording
from cdsplan.audit import MEASURES, Bound, Judgement, Kind, audit
from cdsplan.cli.frame import Run, option, plan_command
from cdsplan.listing import Card, Column, Listing, Tone
from cdsplan.messages import Message, msg, nmsg

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdsplan.audit import Audit, Behind, Metric, Threshold
    from cdsplan.i18n import Language
    from cdsplan.plan.model import Plan

MOST_NAMED = 4
"""Tasks that a row of the table names; `--metric` names all of them."""


@plan_command(
    "audit",
    msg(
        "Assess how well the schedule is made, by the 14 points of DCMA: for each metric its value, its threshold, and "
        "the tasks behind it. Exit 0 whatever is found: the check fails on what is late, an audit makes the plan "
        "better."
    ),
    formats=("table", "plain", "json", "markdown"),
)
@option(
    "--metric",
    "number",
    type=click.IntRange(1, len(MEASURES)),
    metavar="NUMBER",
    help=msg("Show one metric: its formula, and every task behind it."),
)
def command(run: Run, *, number: int | None) -> None:
    """Judge, measure, list."""
    made: list[Audit] = []
    for planned, forecast in zip(run.schedules, run.forecasts, strict=True):
        own = [item for item in run.status.items if item.plan is planned.plan]
        made.append(audit(planned, forecast, own, run.as_of))
    if run.format == "json":
        from cdsplan.views.data.findings import audit_document  # noqa: PLC0415 - each format loads its own view

        run.emit(audit_document(made, number, run.language))
    elif number is not None:
        run.emit_cards(*(card(each, each.metrics[number - 1], run.language) for each in made))
    else:
        run.emit_listings(*(listing(each, run.language) for each in made))


SIGNS = {Judgement.PASS: "✓", Judgement.FAIL: "✗", Judgement.STATED: "·", Judgement.NOT_APPLICABLE: "–"}
TONES = {Judgement.PASS: Tone.GOOD, Judgement.FAIL: Tone.BAD}
BOUNDS = {Bound.AT_MOST: "≤", Bound.AT_LEAST: "≥"}


def listing(made: Audit, say: Language) -> Listing:
    """List the fourteen metrics of a plan."""
    counted = nmsg("{n} task", "{n} tasks", made.counted)
    between = nmsg("{n} link between them", "{n} links between them", made.links)
    return Listing(
        titles=(
            wording.plan_title(made.plan, say),
            say(
                msg(
                    "As of {day}: {tasks}, {open} open, {links}",
                    day=made.as_of,
                    tasks=counted,
                    open=made.incomplete,
                    links=between,
                )
            ),
        ),
        columns=(
            Column(heading="#", number=True),
            Column(heading=say(msg("Metric")), wraps=True),
            Column(heading=say(msg("Verdict"))),
            Column(heading=say(msg("Value")), number=True),
            Column(heading=say(msg("Threshold")), number=True),
            Column(heading=say(msg("Count")), number=True, wide=90),
            Column(heading=say(msg("Behind it")), wraps=True),
        ),
        rows=tuple(
            (
                str(metric.number),
                say(metric.measure.title),
                f"{SIGNS[metric.judgement]} {say(judgement(metric.judgement))}",
                _value(metric, say),
                _threshold(metric.threshold, metric.measure.kind, say),
                _count(metric),
                _named(metric, say),
            )
            for metric in made.metrics
        ),
        notes=tuple(map(say, _notes(made))),
        tones=tuple(TONES.get(metric.judgement) for metric in made.metrics),
    )


def _notes(made: Audit) -> Iterator[Message]:
    yield msg(
        "{passed} passed, {failed} failed, {rest} without a verdict.",
        passed=made.tally(Judgement.PASS),
        failed=made.tally(Judgement.FAIL),
        rest=made.tally(Judgement.STATED) + made.tally(Judgement.NOT_APPLICABLE),
    )
    yield msg(
        "Points in time (0d), ongoing work and cancelled tasks do not count. --metric N shows a formula, and all tasks "
        "behind it."
    )


def card(made: Audit, metric: Metric, say: Language) -> Card:
    """Tell everything of one metric."""
    facts = ((say(label), lines) for label, lines in _facts(made, metric, say))
    return Card(
        heading=f"{metric.number} {say(metric.measure.title)} – {wording.plan_title(made.plan, say)}",
        facts=tuple((label, tuple(lines)) for label, lines in facts if lines),
    )


def _facts(made: Audit, metric: Metric, say: Language) -> Iterator[tuple[Message, list[str]]]:
    found = metric.found
    yield msg("As of"), [say.date(made.as_of)]
    yield msg("Verdict"), [f"{SIGNS[metric.judgement]} {say(judgement(metric.judgement))}"]
    yield msg("Formula"), [say(metric.measure.formula)]
    yield msg("Value"), [_value(metric, say)]
    yield msg("Threshold"), [_threshold(metric.threshold, metric.measure.kind, say)]
    yield msg("Count"), [_count(metric)]
    yield msg("Note"), [] if found.note is None else [say(found.note)]
    yield msg("Behind it"), [_told(behind, metric, made.plan, say) for behind in found.behind]


def judgement(value: Judgement) -> Message:
    """Name a verdict."""
    match value:
        case Judgement.PASS:
            return msg("pass")
        case Judgement.FAIL:
            return msg("fail")
        case Judgement.STATED:
            return msg("for information")
        case Judgement.NOT_APPLICABLE:
            return msg("not applicable")
        case _:
            assert_never(value)


def _value(metric: Metric, say: Language) -> str:
    """Write a value so that rounding does not put it on the other side of its threshold."""
    value = metric.value
    if value is None:
        return "–"
    places = {Kind.SHARE: 3, Kind.INDEX: 2}.get(metric.measure.kind, 0)
    shown, threshold = round(value, places), metric.threshold
    if threshold is not None and threshold.passed(shown) is not threshold.passed(value):
        step = Fraction(1, 10**places)
        shown += step if value > shown else -step
    return _number(shown, metric.measure.kind, say)


def _threshold(threshold: Threshold | None, kind: Kind, say: Language) -> str:
    return "–" if threshold is None else f"{BOUNDS[threshold.bound]} {_number(threshold.value, kind, say)}"


def _number(value: Fraction, kind: Kind, say: Language) -> str:
    match kind:
        case Kind.SHARE:
            share = wording.decimal(value * 100, 1, say)
            return f"{share.removesuffix('.0').removesuffix(',0')}%"
        case Kind.INDEX:
            return wording.decimal(value, 2, say)
        case Kind.COUNT | Kind.DAYS:
            return str(int(value))
        case _:
            assert_never(kind)


def _count(metric: Metric) -> str:
    return f"{metric.found.amount}/{metric.found.population}"


def _named(metric: Metric, say: Language) -> str:
    """Name the first tasks behind a metric, each once; a link by both its ends."""
    behind = metric.found.behind
    names = tuple(_ends(each) for each in behind[:MOST_NAMED])
    rest = len(behind) - len(names)
    if rest:
        return say(nmsg("{names} and {n} more", "{names} and {n} more", rest, names=names))
    return ", ".join(names)


def _ends(behind: Behind) -> str:
    return behind.task if behind.link is None else f"{behind.link.predecessor} → {behind.task}"


def _told(behind: Behind, metric: Metric, plan: Plan, say: Language) -> str:
    """Tell of a task what the metric measures of it."""
    if behind.link is not None:
        return f"{_ends(behind)}: {wording.link(behind.link)}"
    title = wording.short_title(plan.tasks[behind.task], say, plan)
    named = f"{title} [{behind.task}]"
    return named if behind.days is None else f"{named}: {say(_measured(metric.measure.id, behind.days))}"


def _measured(measure: str, days: int) -> Message:
    match measure:
        case "high-duration":
            return nmsg("{n} working day left to do", "{n} working days left to do", days)
        case "invalid-dates":
            return nmsg("expected to start {n} day earlier", "expected to start {n} days earlier", days)
        case "missed":
            return nmsg("{n} day late", "{n} days late", days)
        case "critical-path":
            return nmsg("the end moves by {n} working day", "the end moves by {n} working days", days)
        case _:
            return nmsg("total float {n} working day", "total float {n} working days", days)
