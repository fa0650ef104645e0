"""Hostile input: every file ends in a plan or in placed problems, with bounded work and memory.

There are no timed tests: work that grew with the square of a file would keep these tests from ever ending.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from cdsplan.plan import limits
from cdsplan.plan.fields import MOST_PROBLEMS
from cdsplan.plan.reader import read
from cdsplan.plan.source import MAX_BYTES, Source
from cdsplan.plan.tasks import MOST_NAMED
from cdsplan.problems import PlanError, Problem

if TYPE_CHECKING:
    from pathlib import Path

HEAD = '[plan]\nid = "p"\ntitle = "P"\nstart = 2026-01-05\ntimezone = "UTC"\n'
TASK = '[tasks.x]\ntitle = "X"\n'
TOO_MANY = "the file holds too many keys and values: more than about 655360"
LIFT = "if it is a plan, the option --max-size (in MiB) lifts this limit"


def problems(text: str, **options: int) -> tuple[Problem, ...]:
    """Read what is no plan; every problem must be placed."""
    with pytest.raises(PlanError) as refused:
        read(text.encode(), "plan.toml", **options)
    assert all(problem.place is not None for problem in refused.value.problems)
    return refused.value.problems


def first(text: str, **options: int) -> str:
    """Say what is wrong first."""
    return str(problems(text, **options)[0].message)


def filled(line: str) -> str:
    """Repeat a line up to the size limit."""
    return line * (MAX_BYTES // len(line))


@pytest.mark.parametrize(
    "line",
    [
        "[[a]]\n",
        "[a]\n",
        f"{'a.' * 31}a = 1\n",
        f"[{'a.' * 31}a]\n",
        "a.b.c.d.e.f.g.h = 1\n",
        "a = [[], [], [], {}]\n",
        "a={b={c={d={e=1}}}}\n",
    ],
)
def test_what_would_fill_memory_is_not_parsed(line: str) -> None:
    """5 MiB of tables within tables are refused before they are parsed, at the first mark that is too many."""
    (problem,) = problems(filled(line))
    assert (problem.code, str(problem.message), str(problem.hint)) == ("CDS101", TOO_MANY, LIFT)
    assert problem.place is not None
    weights = [limits.WEIGHTS.get(character, 0) for character in line]
    lines, rest = divmod(limits.MAX_WEIGHT, sum(weights))
    passed = next(at for at in range(len(line)) if sum(weights[: at + 1]) > rest)
    assert (problem.place.line, problem.place.column) == (lines + 1, passed + 1)


@pytest.mark.parametrize(("most", "refused"), [(15, False), (14, True)])
def test_the_weight_of_a_file(most: int, refused: bool) -> None:  # noqa: FBT001 - a column of the table
    """A value weighs 1, a step of a dotted key and an inline table 2, a heading or list 3, wherever the marks stand."""
    text = "a.b = 1 # , = \n[c]\nd = [1, {}]\n"
    assert sum((2, 1, 1, 1, 3, 1, 3, 1, 2)) == 15  # . = , = [ = [ , {
    assert limits.may_exceed(text.encode(), most) is refused
    assert bool(limits.exceeded(Source("plan.toml", text), most)) is refused


def test_a_larger_file_may_hold_more() -> None:
    """The option that lifts the size limit lifts this one too; small limits still let a plan through."""
    assert limits.max_weight(MAX_BYTES) == limits.MAX_WEIGHT == 655_360
    assert limits.max_weight(2 * MAX_BYTES) == 2 * limits.MAX_WEIGHT
    assert limits.max_weight(100) == 1000
    text = HEAD + TASK + "tags = [" + '"t",' * limits.MAX_WEIGHT + "]\n"
    assert first(text) == TOO_MANY
    assert len(read(text.encode(), "plan.toml", max_bytes=2 * MAX_BYTES).tasks["x"].details.tags) == limits.MAX_WEIGHT


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = " + "[" * 100_000, "brackets nest deeper than 64 levels"),
        ("a = " + "{a = " * 100_000, "brackets nest deeper than 64 levels"),
        ("a = " + "[" * 65 + "]" * 65, "brackets nest deeper than 64 levels"),
        (".".join("a" * 33) + " = 1", "this key has 33 parts; at most 32 are read"),
        ("a" * 1_000_000 + " = 1", "this key is longer than 200 characters"),
        ('"' + "á" * 1_000_000 + '" = 1', "this key is longer than 200 characters"),
        ("a = " + "9" * 4_000_000, "this number is too long"),
        ("a = -" + "9" * 5_000, "this number is too long"),
        ("a = { b = +" + "9" * 5_000 + " }", "this number is too long"),
        ("a = [1_" + "0" * 4_000 + "]", "this number is too long"),
    ],
)
def test_what_a_parser_could_not_take(text: str, message: str) -> None:
    """Deep nesting, huge keys and huge numbers are refused before the parser sees them."""
    assert [str(problem.message) for problem in problems(text)] == [message]


def test_a_long_text_of_digits_is_no_number() -> None:
    """In quotes they are as long as the format allows."""
    assert len(read(f'{HEAD}{TASK}note = "{"9" * 5000}"\n'.encode(), "plan.toml").tasks["x"].details.note or "") == 5000


@pytest.mark.parametrize("count", [2, 1000, 20_000])
def test_a_long_cycle_is_named_whole(count: int) -> None:
    """Every task of a ring is named with its line, whatever its length."""
    tasks = "".join(f'[tasks.t{at}]\ntitle = "T"\nafter = "t{(at + 1) % count}"\n' for at in range(count))
    (problem,) = problems(HEAD + tasks)
    needs = " needs ".join(f"“t{at % count}” (line {6 + 3 * (at % count)})" for at in range(count + 1))
    assert str(problem.message) == f"these tasks wait for each other: {needs}"


@pytest.mark.parametrize(("year", "fits"), [(1989, False), (1990, True), (2199, True), (2200, False)])
@pytest.mark.parametrize(
    "keys", ["due = {}-03-10", 'due = "10/3/{}"', "not-before = {}-03-10", "done = {}-03-10", 'due = "quý I/{}"']
)
def test_years(year: int, fits: bool, keys: str) -> None:  # noqa: FBT001 - a column of the table
    """The years 1990 to 2199 may be named, no others."""
    text = f"{HEAD}{TASK}{keys.format(year)}\n"
    if fits:
        assert read(text.encode(), "plan.toml").tasks["x"].id == "x"
    else:
        assert [problem.code for problem in problems(text)] == ["CDS109"]


def test_counts_reach_beyond_the_years_and_no_further() -> None:
    """The longest count from the last year that may be named has a day."""
    due = "due = {{ after = 2199-12-31, {} }}\n"
    for count in ("working-days = 9999", "days = 9999", "months = 1200"):
        assert read(f"{HEAD}{TASK}{due.format(count)}".encode(), "plan.toml").tasks["x"].due is not None


NAMES = "".join(f'[agencies.nhiem-vu-{at}]\nname = "N"\n' for at in range(2000))


@pytest.mark.parametrize(
    "text",
    [
        HEAD + NAMES + "".join(f'[tasks.t{at}]\ntitle = "T"\nowner = "nhiem-vu-{at}x"\n' for at in range(10_000)),
        HEAD + "".join(f'[tasks.t{at}]\ntitle = "T"\nafter = ["t{at}x"]\n' for at in range(10_000)),
        HEAD + "".join(f"[tasks.T{at}]\n" for at in range(10_000)),
        HEAD + TASK + "".join(f"title{at} = 1\n" for at in range(10_000)),
        HEAD + TASK + "owner = [" + ",".join(f'"t{at}"' for at in range(10_000)) + "]\n",
        HEAD + "".join(f'[tasks.t{at}]\ntitle = "T"\nafter = ["t{at}"]\n' for at in range(10_000)),
        "".join(f"[titles{at}]\n" for at in range(10_000)),
        "".join(f"title{at} = 1\n" for at in range(10_000)),
    ],
    ids=["agencies", "tasks", "ids", "keys", "list", "cycles", "tables", "top"],
)
def test_ten_thousand_problems_end_quickly(text: str) -> None:
    """A thousand of them are told, and that there are more; guesses what was meant end before."""
    found = problems(text)
    assert len(found) == MOST_PROBLEMS + 1
    assert str(found[-1].message) == "there are more problems; the first 1000 that were found are listed"


def test_groups_do_not_multiply() -> None:
    """Many tasks that name a large group, and groups that contain each other, are refused before memory is filled."""
    agencies = "".join(f'[agencies.a{at}]\nname = "A"\n' for at in range(10_000))
    group = "[groups]\ng0 = [" + ",".join(f'"a{at}"' for at in range(10_000)) + "]\n"
    tasks = "".join(f'[tasks.t{at}]\ntitle = "T"\neach = ["@g0", "a1"]\n' for at in range(201))
    assert MOST_NAMED == 200 * 10_000
    assert first(HEAD + agencies + group + tasks) == "the groups of this plan stand for more than 2000000 names in all"
    groups = "".join(f'g{at + 1} = ["@g{at}"]\n' for at in range(1000))
    assert [str(problem.message) for problem in problems(HEAD + agencies + group + groups + TASK)] == [
        "the groups of this plan have more than 2000000 members in all"
    ]


def test_a_chain_of_successors_is_followed_once() -> None:
    """Twenty thousand agencies that succeed each other in a chain are no problem, and in a ring one."""
    chain = "".join(f'[agencies.a{at}]\nname = "A"\nsuccessor = "a{at + 1}"\n' for at in range(20_000))
    assert len(read(f'{HEAD}{TASK}{chain}[agencies.a20000]\nname = "A"\n'.encode(), "plan.toml").agencies) == 20_001
    (problem,) = problems(f'{HEAD}{TASK}{chain}[agencies.a20000]\nname = "A"\nsuccessor = "a0"\n')
    assert str(problem.message).startswith("these agencies succeed each other: a0, a1, a2, ")


@pytest.mark.parametrize(
    "keys",
    [
        'owner = "{}"', 'owner = "@{}"', 'recipient = "{}"', 'after = "{}"', 'after = "{} SS+1d"',
        'after = "y {}"', 'calendar = "{}"', 'url = "{}"', 'milestone = "{}"',
        'after = "y SS+{}"', 'due = "{}"', 'due = {{ words = "{}" }}', 'duration = "{}"',
        'not-before = "{}"', 'title = "{}"', 'formerly = ["{}"]', 'each = ["@{}"]', 'due = {{ "{}" = 1 }}',
    ],
)  # fmt: skip
def test_no_message_repeats_a_long_text(keys: str) -> None:
    """What is wrong with a text of 200,000 characters is told in few, and without going through it as many times."""
    for filling in ("x-" * 100_000, "1/9/2026 " * 22_000, "á" * 200_000, "9" * 200_000):
        for problem in problems(f"{HEAD}{TASK}{keys.format(filling)}\n[tasks.y]\ntitle = 'Y'\n"):
            assert len(str(problem.message)) + len(str(problem.hint)) < 2000


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much memory was used")
@pytest.mark.parametrize(
    "text",
    [
        HEAD + TASK + "".join(f"k{at:06}=1\n" for at in range(524_000)),
        "".join(f"[k{at:011}]\n" for at in range(218_000)),
    ],
    ids=["keys", "tables"],
)
def test_memory_stays_within_bounds(text: str, tmp_path: Path) -> None:
    """What the limits only just let through takes no more than 300 MB."""
    file = tmp_path / "plan.toml"
    file.write_text(text, encoding="utf-8")
    assert file.stat().st_size <= MAX_BYTES
    code = (
        "import gc, sys; gc.disable()\n"
        "from cdsplan.plan.reader import read; from cdsplan.problems import PlanError\n"
        "try: read(open(sys.argv[1], 'rb').read(), 'plan.toml')\n"
        "except PlanError as error: told = error.problems\n"
        "print(len(told), *(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    told, kibibytes = subprocess.check_output([sys.executable, "-c", code, file], text=True).split()
    assert int(told) > 1
    assert int(kibibytes) * 1024 < 300_000_000
