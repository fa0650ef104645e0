"""What changed between two versions of a plan: each kind of change by hand, and laws that hold for any two plans."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from mixed import DAYS, MixedPlan, mixed_plans

from cdsplan.difference import Difference, FailOn, Outlook, PathChange, Setting, TaskChange, Version, Waivers, compare
from cdsplan.plan.model import Basis, Duration, Facts, Link, LinkType
from cdsplan.plan.reader import read
from cdsplan.schedule import Schedule, schedule
from cdsplan.status import judge

MONDAY = date(2026, 3, 2)

# From Monday 2 March 2026, without holidays: prep 2–6, build 9–20, paint 9–11, open on 23 March.
PLAN = """\
[plan]
id = "hall"
title = "Open the hall"
start = 2026-03-02
timezone = "UTC"
[agencies]
office = { name = "Office" }
town = { name = "Town" }
art = { name = "Art" }
science = { name = "Science" }
[tasks]
prep = { title = "Prepare", owner = "office", duration = "5d" }
build = { title = "Build", owner = "town", duration = "10d", after = "prep", due = 2026-03-25, milestone = true }
paint = { title = "Paint", each = ["art", "science"], duration = "3d", after = "prep" }
open = { title = "Open", owner = "office", duration = "1d", after = ["build", "paint"], due = 2026-03-24, MARK }
""".replace("MARK", "milestone = true")


def version(planned: Schedule, as_of: date = MONDAY) -> Version:
    """Judge one version as of a day."""
    forecast = planned.forecast(as_of)
    return Version(planned, forecast, judge((forecast,), as_of).items)


def changed(*replaced: tuple[str, str], plan: str = PLAN, as_of: date = MONDAY) -> Difference:
    """Compare a plan with what it becomes when texts are replaced."""
    text = plan
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new)
    versions = [version(schedule(read(each.encode(), "plan.toml")), as_of) for each in (plan, text)]
    return compare(*versions)


def only(made: Difference) -> TaskChange:
    """Give the one task that changed, where nothing came or went."""
    assert not made.added
    assert not made.removed
    (change,) = made.changed
    return change


def ids(made: Difference) -> list[str]:
    """Name the tasks that changed."""
    return [change.after.task.id for change in made.changed]


# ------------------------------------------------------------------------------------------------------- Deadlines


def test_a_deadline_that_moves() -> None:
    """By three days; as it is that of a milestone, the milestone was moved. Only its slack changes: from 1 day to 3."""
    made = changed(("due = 2026-03-24", "due = 2026-03-27"))
    change = only(made)
    assert change.move is not None
    assert (change.after.task.id, change.move.days, change.move.moved) == ("open", 3, True)
    assert (made.moved_milestones, made.removed_milestones) == (("open",), ())
    (open_,) = [milestone for milestone in made.milestones if milestone.task == "open"]
    assert (open_.before, open_.after) == (
        Outlook(date(2026, 3, 24), date(2026, 3, 23), date(2026, 3, 23), 1),
        Outlook(date(2026, 3, 27), date(2026, 3, 23), date(2026, 3, 23), 4),
    )


@pytest.mark.parametrize(
    ("words", "days", "moved"),
    [
        ('"by 20/3/2026"', -4, True),  # earlier is a move too
        ('"by 24/3/2026"', 0, False),  # the same day in other words
        ('"ongoing"', None, True),
        ("{ none = true }", None, True),
        ('{ after = "build", working-days = 2 }', None, True),
    ],
)
def test_words_and_days(words: str, days: int | None, moved: bool) -> None:  # noqa: FBT001 - an expected value
    """A deadline moves when its last good day does, or when it has one no more; other words alone are no move."""
    made = changed(("due = 2026-03-24", f"due = {words}"))
    change = only(made)
    assert change.move is not None
    assert (change.move.days, change.move.moved) == (days, moved)
    assert made.moved_milestones == (("open",) if moved else ())


def test_a_deadline_that_comes_or_goes() -> None:
    """Taken from a milestone, it was moved; given to a task that is none, no milestone was."""
    taken = changed((", due = 2026-03-24", ""))
    assert taken.moved_milestones == ("open",)
    given_ = changed(('duration = "3d", after', 'duration = "3d", due = 2026-03-30, after'))
    assert (ids(given_), given_.moved_milestones) == (["paint"], ())


def test_two_deadlines_without_a_day() -> None:
    """From ongoing to none at all no day moves; the words changed."""
    plan = PLAN.replace("due = 2026-03-24", 'due = "ongoing"')
    change = only(changed(('due = "ongoing"', "due = { none = true }"), plan=plan))
    assert change.move is not None
    assert (change.move.days, change.move.moved) == (0, False)


def test_no_deadline_and_ongoing_are_the_same_day_none() -> None:
    """Saying that a task without a deadline is ongoing moves nothing."""
    change = only(changed(('duration = "3d", after', 'duration = "3d", due = "ongoing", after')))
    assert change.move is not None
    assert (change.move.days, change.move.moved) == (0, False)


def test_counted_deadlines() -> None:
    """Another count is another deadline, whose days nobody knows before its event."""
    plan = PLAN.replace("due = 2026-03-24", 'due = { after = "build", working-days = 2 }')
    made = changed(("working-days = 2", "working-days = 3"), plan=plan)
    change = only(made)
    assert change.move is not None
    assert (change.move.days, change.move.moved) == (None, True)


def test_another_reading_of_the_same_words_moves_every_deadline_that_it_reads() -> None:
    """“before 24/3/2026” is the 24th, or strictly the 23rd: nobody touched the task, and its deadline moved."""
    plan = PLAN.replace("due = 2026-03-24", 'due = "before 24/3/2026"') + '[reading]\nbefore = "inclusive"\n'
    made = changed(('before = "inclusive"', 'before = "strict"'), plan=plan)
    assert made.settings == (Setting("reading.before", "inclusive", "strict"),)
    assert made.moved_milestones == ("open",)
    assert only(made).move is not None


def test_a_day_off_that_moves_a_deadline() -> None:
    """Closing the 24th rolls a deadline of that day to the 25th."""
    plan = PLAN + '[reading]\nday-off = "next-working-day"\n[calendar]\nclosed = []\n'
    made = changed(("closed = []", "closed = [2026-03-24]"), plan=plan)
    assert made.settings == (Setting("calendar", None, None),)
    assert made.moved_milestones == ("open",)


# ------------------------------------------------------------------------------------------------------ Milestones


def test_a_milestone_that_is_removed() -> None:
    """Whether the task is gone or only its mark: it is no milestone any more."""
    unmarked = changed(("due = 2026-03-24, milestone = true", "due = 2026-03-24"))
    assert unmarked.removed_milestones == ("open",)
    assert only(unmarked).demoted
    gone = changed((PLAN.splitlines(keepends=True)[-1], ""))
    assert ([item.task.id for item in gone.removed], gone.removed_milestones) == (["open"], ("open",))
    for made in (unmarked, gone):
        assert {milestone.task: milestone.after is None for milestone in made.milestones} == {
            "build": False,
            "open": True,
        }
        assert made.moved_milestones == ()


def test_a_milestone_that_is_new() -> None:
    """A new milestone is neither moved nor removed; it has an outlook on the new side only."""
    made = changed(('paint = { title = "Paint"', 'paint = { title = "Paint", milestone = true'))
    assert (made.moved_milestones, made.removed_milestones) == ((), ())
    (paint,) = [milestone for milestone in made.milestones if milestone.task == "paint"]
    assert paint.before is None
    assert paint.after == Outlook(None, date(2026, 3, 11), date(2026, 3, 11), 8)


def test_what_a_comparison_fails_on() -> None:
    """Moved and removed milestones are told apart, each by its own name."""
    made = changed(("due = 2026-03-25, milestone = true", "due = 2026-03-25"), ("due = 2026-03-24", "due = 2026-03-31"))
    assert [(failure.on, failure.task) for on in FailOn for failure in made.failures(on)] == [
        (FailOn.MOVED, "open"),
        (FailOn.REMOVED, "build"),
    ]


# ------------------------------------------------------------------------------------------------------------ Tasks


def test_tasks_that_come_and_go() -> None:
    """Another id without `formerly` is one task gone and one come."""
    made = changed(("paint", "colour"))
    assert ([item.task.id for item in made.added], [item.task.id for item in made.removed]) == (["colour"], ["paint"])
    links = made.changed[0].links
    assert links is not None
    assert (made.changed[0].after.task.id, links.added, links.removed) == (
        "open",
        (Link("colour"),),
        (Link("paint"),),
    )


def test_a_task_that_is_renamed() -> None:
    """With `formerly` it is the same task: its links, also those to it, did not change, nor did the critical path."""
    made = changed(
        ('build = { title = "Build"', 'erect = { title = "Build", formerly = ["build"]'), ('["build",', '["erect",')
    )
    change = only(made)
    assert (change.renamed, change.before.task.id, change.after.task.id) == (True, "build", "erect")
    assert change == TaskChange(change.before, change.after)
    assert (made.moved_milestones, made.removed_milestones) == ((), ())
    assert made.path is not None
    assert made.path.before == made.path.after
    assert [milestone for milestone in made.milestones if milestone.before != milestone.after] == []


def test_a_former_id_that_another_task_holds_is_no_rename() -> None:
    """When the old id is still there, or was taken already, the task is new."""
    plan = PLAN.replace('prep = { title = "Prepare"', 'prep = { title = "Prepare", formerly = ["build-old", "x"]')
    assert changed(("Prepare", "Make ready"), plan=plan).added == ()
    two = changed(
        ('paint = { title = "Paint"', 'color = { title = "P", formerly = ["none", "paint", "gone"]'),
        ('"paint"]', '"color"]'),
    )
    assert [change.before.task.id for change in two.changed if change.renamed] == ["paint"]


def test_a_moved_milestone_goes_by_its_new_name() -> None:
    """Renamed and moved at once: the new id was moved, and removing it names the old one."""
    made = changed(("open = { title", 'start = { formerly = ["open"], title'), ("due = 2026-03-24", "due = 2026-03-31"))
    assert made.moved_milestones == ("start",)
    gone = changed(("open = { title", 'start = { formerly = ["open"], title'), ("24, milestone = true", "24"))
    assert gone.removed_milestones == ("open",)


def test_owners_and_members() -> None:
    """Who came and who went, role by role; another order of the same names is a change without either."""
    made = changed(
        ('each = ["art", "science"]', 'each = ["art", "town"]'), ('owner = "town"', 'owner = ["office", "town"]')
    )
    assert [
        (change.after.task.id, role.key, role.removed, role.added) for change in made.changed for role in change.roles
    ] == [
        ("build", "owner", (), ("office",)),
        ("paint", "members", ("science",), ("town",)),
    ]
    (turned,) = only(changed(('each = ["art", "science"]', 'each = ["science", "art"]'))).roles
    assert (turned.key, turned.added, turned.removed) == ("members", (), ())


def test_lengths() -> None:
    """Another length, and the same that somebody now stands for."""
    longer = only(changed(('duration = "10d"', 'duration = "12d"'))).length
    assert longer is not None
    assert (longer.before, longer.after) == (Duration(10), Duration(12))
    sure = only(changed(('duration = "~3d"', 'duration = "3d"'), plan=PLAN.replace('"3d"', '"~3d"'))).length
    assert sure is not None
    assert (sure.estimated_before, sure.estimated_after) == (True, False)


def test_links() -> None:
    """A link with another lag or standing went and came; a quote alone changes nothing."""
    made = changed(('after = ["build", "paint"]', 'after = ["build FS+1d", { task = "paint", quote = "then" }]'))
    links = only(made).links
    assert links is not None
    assert links.removed == (Link("build"),)
    assert links.added == (Link("build", LinkType.FS, Duration(1)),)
    firm = changed(
        ('duration = "10d", after = "prep"', 'duration = "10d", after = [{ task = "prep", basis = "inferred" }]')
    )
    links = only(firm).links
    assert links is not None
    assert links.added == (Link("prep", basis=Basis.INFERRED),)


@pytest.mark.parametrize(
    ("key", "before", "after", "values"),
    [
        ("title", 'title = "Paint"', 'title = "Colour"', ("Paint", "Colour")),
        ("section", 'title = "Paint"', 'title = "Paint", section = "S"', (None, "S")),
        ("recipient", 'title = "Paint"', 'title = "Paint", recipient = "art"', (None, "art")),
        ("not-before", 'title = "Paint"', 'title = "Paint", not-before = 2026-03-10', (None, date(2026, 3, 10))),
        ("contents", 'title = "Paint"', 'title = "Paint", contents = ["a", "b"]', ((), ("a", "b"))),
    ],
)
def test_other_keys_of_a_task(key: str, before: str, after: str, values: tuple[object, object]) -> None:
    """What the plan format holds besides is told by its key."""
    (setting,) = only(changed((before, after))).settings
    assert (setting.key, setting.before, setting.after) == (key, *values)


def test_what_happened() -> None:
    """Facts in the plan file are compared whole, whatever the day of judgement."""
    change = only(changed(('title = "Paint"', 'title = "Paint", started = 2026-03-09, percent = 50')))
    assert change.facts == (Facts(), Facts(started=date(2026, 3, 9), percent=50))


def test_the_head_of_the_plan() -> None:
    """Another start is a setting of the plan, and moves everything by as much."""
    made = changed(("start = 2026-03-02", "start = 2026-03-09"))
    assert made.settings == (Setting("start", MONDAY, date(2026, 3, 9)),)
    assert made.path is not None
    assert (made.path.before.finish, made.path.after.finish) == (date(2026, 3, 23), date(2026, 3, 30))
    assert not made.same


WAIVER = """[[waiver]]
rule = "CDS201"
task = "open"
until = 2026-04-30
reason = "The roof"
"""


def test_what_a_check_forgives() -> None:
    """A waiver that comes is told, and one that goes; nothing else is different. A renamed task keeps its own."""
    came, gone = changed(("[tasks]", f"{WAIVER}[tasks]")), changed((WAIVER, ""), plan=PLAN + WAIVER)
    (waiver,) = came.waivers.added
    assert (waiver.rule, waiver.task, came.waivers.removed) == ("CDS201", "open", ())
    assert gone.waivers == Waivers(removed=(waiver,))
    assert not came.same
    renamed = changed(
        ("open = { title", 'start = { formerly = ["open"], title'),
        ('task = "open"', 'task = "start"'),
        plan=PLAN + WAIVER,
    )
    assert renamed.waivers == Waivers()


def test_what_a_check_looks_for() -> None:
    """The settings of the gate are settings of the plan."""
    made = changed(("[tasks]", '[check]\ngrace = 3\nignore = ["CDS301"]\n[tasks]'))
    assert made.settings == (Setting("check.ignore", (), ("CDS301",)), Setting("check.grace", None, 3))


def test_what_does_not_matter() -> None:
    """Quotes, notes and comments make no difference."""
    made = changed(('title = "Paint"', 'title = "Paint", quote = "q", note = "n"'), ("[agencies]", "# who\n[agencies]"))
    assert made.same


# ----------------------------------------------------------------------------------------------------- What it moves


def test_the_critical_path() -> None:
    """Paint takes 12 days instead of 3: it replaces build on the path, which is two days longer."""
    path = changed(('duration = "3d"', 'duration = "12d"')).path
    assert path is not None
    assert (path.before.length, path.after.length) == (16, 18)
    assert (path.before.members, path.after.members) == (("prep", "build", "open"), ("prep", "paint", "open"))
    assert (path.entering, path.leaving) == (("paint",), ("build",))


def test_one_version_only() -> None:
    """A plan that is new has nothing but tasks that came; one that is gone lost its milestones."""
    made = version(schedule(read(PLAN.encode(), "plan.toml")))
    new, gone = compare(None, made), compare(made, None)
    assert [item.task.id for item in new.added] == ["prep", "build", "paint", "open"]
    assert (new.path, new.removed_milestones, new.moved_milestones) == (None, (), ())
    assert [item.task.id for item in gone.removed] == ["prep", "build", "paint", "open"]
    assert (gone.path, gone.removed_milestones) == (None, ("build", "open"))
    assert all(milestone.after is None for milestone in gone.milestones)


# ------------------------------------------------------------------------------------------------------------- Laws


@given(mixed_plans(facts=True), DAYS)
def test_a_plan_is_the_same_as_itself(drawn: MixedPlan, as_of: date) -> None:
    """Read twice, nothing is different."""
    made = compare(version(drawn.schedule(), as_of), version(drawn.schedule(), as_of))
    assert made.same
    assert made.path is not None
    assert made.path.before == made.path.after
    assert all(milestone.before == milestone.after for milestone in made.milestones)


@given(mixed_plans(facts=True), mixed_plans(facts=True), DAYS)
def test_the_other_way_round_everything_is_the_other_way_round(one: MixedPlan, other: MixedPlan, as_of: date) -> None:
    """What came went, what moved moves back, and each side of the path is where the other was."""
    first, second = version(one.schedule(), as_of), version(other.schedule(), as_of)
    there, back = compare(first, second), compare(second, first)
    assert [item.task.id for item in there.added] == [item.task.id for item in back.removed]
    assert sorted(ids(there)) == sorted(ids(back))
    returned = {change.after.task.id: change for change in back.changed}
    for change in there.changed:
        opposite = returned[change.before.task.id]
        if change.move is None:
            assert opposite.move is None
        else:
            assert opposite.move is not None
            days = change.move.days
            assert opposite.move.days == (None if days is None else -days)
        if change.links is not None:
            assert opposite.links is not None
            assert (change.links.added, change.links.removed) == (opposite.links.removed, opposite.links.added)
    assert there.path is not None
    assert back.path == PathChange(there.path.after, there.path.before)
