"""Driving paths: which chains put the end of a plan, or a task, where it is."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from answers import dates_of
from hypothesis import given
from hypothesis import strategies as st
from oracle import Oracle, Project
from strategies import planned, projects, scheduled

from cdsplan.plan.model import LinkType
from cdsplan.schedule.paths import MOST_PATHS, driving_paths, longest_path_members

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cdsplan.schedule import Schedule

ALL = 1_000_000  # chains to list: more than there are


def names(schedule: Schedule, chains: Iterable[tuple[int, ...]]) -> list[tuple[str, ...]]:
    """Name the tasks of some chains."""
    return [tuple(schedule.tasks[j].id for j in chain) for chain in chains]


def to_the_end(text: str) -> list[str]:
    """Give the chains to the end of a plan, each as its tasks in a row."""
    schedule = planned(text)
    return ["".join(chain) for chain in names(schedule, driving_paths(schedule).chains)]


# Against the naive method, and laws


@given(projects())
def test_the_longest_paths_are_those_found_by_enumeration(project: Project) -> None:
    """Chains to the end, their number and their tasks are those of an enumeration of every driving tie."""
    oracle, schedule = Oracle(project), scheduled(project)
    paths = driving_paths(schedule, limit=ALL)
    assert sorted(names(schedule, paths.chains)) == sorted(oracle.chains)
    assert paths.number == len(oracle.chains)
    members = {name for chain in oracle.chains for name in chain}
    assert {schedule.tasks[j].id for j in paths.members} == members
    assert longest_path_members(schedule) == paths.members


@given(projects(), st.data())
def test_the_paths_to_a_task_are_those_found_by_enumeration(project: Project, data: st.DataObject) -> None:
    """Chains to any task are those of an enumeration, also where the task does not drive the end."""
    oracle, schedule = Oracle(project), scheduled(project)
    target = data.draw(st.sampled_from([activity.name for activity in project.activities]))
    paths = driving_paths(schedule, schedule.position[target], limit=ALL)
    assert sorted(names(schedule, paths.chains)) == sorted(oracle.chains_to(target))
    assert paths.number == len(paths.chains)
    assert paths.targets == (schedule.position[target],)


@given(projects())
def test_every_listed_path_really_drives(project: Project) -> None:
    """Along a chain each link is without slack; nothing drives its first task; its last one ends the plan.

    The length is counted from the first day of any task on a chain (with a lead that need not be the chain's first).
    """
    schedule = scheduled(project)
    paths = driving_paths(schedule, limit=ALL)
    early, count = dates_of(schedule).early, len(schedule.tasks)
    for chain in paths.chains:
        assert schedule.driving(chain[0]) == ()
        assert chain[-1] in paths.targets
        for before, after in pairwise(chain):
            links = schedule.tasks[after].links
            assert before in {schedule.position[links[at].predecessor] for at in schedule.driving(after)}
    assert set(paths.targets) <= set(schedule.last_tasks())
    assert paths.length == max(early[count:]) - min(early[j] for chain in paths.chains for j in chain)


@given(projects(), st.integers(0, 4))
def test_as_many_paths_are_listed_as_asked_for(project: Project, limit: int) -> None:
    """The limit cuts the list, from its end, and not the number."""
    schedule = scheduled(project)
    every, some = driving_paths(schedule, limit=ALL), driving_paths(schedule, limit=limit)
    assert some.chains == every.chains[:limit]
    assert len(some.chains) == min(limit, every.number)
    assert some._replace(chains=every.chains) == every


@given(projects())
def test_no_path_is_the_beginning_of_another(project: Project) -> None:
    """A chain that another one continues from its finish is not listed beside it."""
    schedule = scheduled(project)
    chains = driving_paths(schedule, limit=ALL).chains
    for chain in chains:
        for other in chains:
            if other != chain and other[: len(chain)] == chain:
                following = other[len(chain)]
                links = schedule.tasks[following].links
                last = schedule.tasks[chain[-1]].id
                kinds = {links[at].type for at in schedule.driving(following) if links[at].predecessor == last}
                assert kinds <= {LinkType.SS, LinkType.SF}


# By hand


def test_the_path_to_the_end_is_the_longest() -> None:
    """a-c-d takes 2 + 3 + 1 days, a-b-d only 2 + 1 + 1."""
    text = """
[tasks]
a = { title = "A", duration = "2d" }
b = { title = "B", duration = "1d", after = "a" }
c = { title = "C", duration = "3d", after = "a" }
d = { title = "D", duration = "1d", after = ["b", "c"] }
"""
    schedule = planned(text)
    paths = driving_paths(schedule)
    assert names(schedule, paths.chains) == [("a", "c", "d")]
    assert (paths.number, paths.length, paths.targets) == (1, 6, (3,))


def test_the_path_to_a_task_is_its_own() -> None:
    """To b, which is not on the longest path, leads a-b, of three days."""
    schedule = planned("""
[tasks]
a = { title = "A", duration = "2d" }
b = { title = "B", duration = "1d", after = "a" }
c = { title = "C", duration = "3d", after = "a" }
""")
    paths = driving_paths(schedule, 1)
    assert names(schedule, paths.chains) == [("a", "b")]
    assert (paths.number, paths.length, paths.targets) == (1, 3, (1,))


def test_a_path_begins_where_a_bound_stops_it() -> None:
    """B waits for a but is held by its own `not-before`: the path to the end begins with b."""
    assert to_the_end("""
[tasks]
a = { title = "A", duration = "2d" }
b = { title = "B", duration = "1d", after = "a", not-before = 2026-03-09 }
""") == ["b"]


def test_a_closing_point_ends_the_path_alone() -> None:
    """Where the last task drives a closing milestone, there is one path, not one to each of the two."""
    assert to_the_end("""
[tasks]
a = { title = "A", duration = "2d" }
b = { title = "B", duration = "3d", after = "a" }
end = { title = "End", duration = "0d", after = "b" }
""") == ["abend"]


def test_what_ends_with_another_task_is_on_its_path() -> None:
    """B ends when a does, by FF: the path goes on from a's finish to b. A point goes on by SS as well."""
    assert to_the_end("""
[tasks]
a = { title = "A", duration = "3d" }
b = { title = "B", duration = "1d", after = "a FF" }
c = { title = "C", duration = "0d", after = "b FF" }
d = { title = "D", duration = "0d", after = "c SS" }
""") == ["abcd"]


def test_a_task_that_ends_last_by_itself_has_a_path_of_its_own() -> None:
    """B and c both end last, and c starts with b: one path takes b's whole length, the other only its start."""
    assert to_the_end("""
[tasks]
a = { title = "A", duration = "1d" }
b = { title = "B", duration = "5d", after = "a" }
c = { title = "C", duration = "5d", after = "b SS" }
""") == ["ab", "abc"]


def test_two_driving_links_between_two_tasks_are_one_step() -> None:
    """SS+2d and FF both drive b (each 2 days long after a's 4): one path."""
    assert to_the_end("""
[tasks]
a = { title = "A", duration = "4d" }
b = { title = "B", duration = "2d", after = ["a SS+2d", "a FF"] }
""") == ["ab"]


def test_ties_are_listed_in_declared_order() -> None:
    """Four equal ways through two stages are listed by the tasks as declared, the last stage first."""
    assert to_the_end("""
[tasks]
a = { title = "A" }
b = { title = "B" }
c = { title = "C", after = ["b", "a"] }
d = { title = "D", after = ["a", "b"] }
e = { title = "E", after = ["d", "c"] }
""") == ["ace", "bce", "ade", "bde"]


def test_ties_are_listed_in_declared_order_however_many_tasks_stand_between() -> None:
    """The second and the ninth of nine equal tasks drive the end, named the other way round: the second comes first."""
    nine = "\n".join(f't{k} = {{ title = "T" }}' for k in range(9))
    assert to_the_end(f"""
[tasks]
{nine}
end = {{ title = "End", after = ["t8", "t1"] }}
""") == ["t1end", "t8end"]


def test_ties_are_counted_without_being_enumerated() -> None:
    """Stages of two tasks, each after both of the stage before, have 2 to the power of their number of paths.

    19 stages have 524,288; 20 have 1,048,576, and 2,000 have more than atoms: from 1,000,000 on the number stands.
    """
    for stages, number in ((19, 524_288), (20, MOST_PATHS), (2_000, MOST_PATHS)):
        lines = ["[tasks]", 'a0 = { title = "A" }', 'b0 = { title = "B" }']
        for k in range(1, stages):
            lines += (f'{name}{k} = {{ title = "T", after = ["a{k - 1}", "b{k - 1}"] }}' for name in "ab")
        schedule = planned("\n".join(lines))
        paths = driving_paths(schedule, limit=3)
        assert (paths.number, len(paths.chains), len(paths.members)) == (number, 3, 2 * stages)
        assert [len(chain) for chain in paths.chains] == [stages] * 3


def test_a_path_through_100_000_tasks() -> None:
    """A long chain is followed without recursion."""
    count = 100_000
    tasks = "\n".join(f't{k} = {{ title = "T", after = "t{k - 1}" }}' for k in range(1, count))
    schedule = planned(f'[tasks]\nt0 = {{ title = "T" }}\n{tasks}')
    paths = driving_paths(schedule)
    assert paths.chains == (tuple(range(count)),)
    assert (paths.number, paths.length) == (1, count)
