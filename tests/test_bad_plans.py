"""Plans with mistakes, and what is said about each: `tests/plans/bad/NAME.toml` beside `NAME.expected`.

`NAME.expected` holds the frames as a terminal shows them, in English; the warnings of plans that can be read are there
too. `pytest --golden-update` writes these files anew; read the diff before it is committed.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import tomli

from cdsplan.i18n import language
from cdsplan.plan.reader import read
from cdsplan.plan.rules import placed, warnings
from cdsplan.problems import PlanError, Problem, Severity
from cdsplan.views.frames import frames

BAD = Path(__file__).parent / "plans" / "bad"
PLANS = sorted(BAD.glob("*.toml"))


def problems(path: Path) -> tuple[Problem, ...]:
    """Give all that is wrong with a plan, or questionable."""
    try:
        plan = read(path.read_bytes(), path.name)
    except PlanError as error:
        return error.problems
    return tuple(placed(finding, plan.source) for finding in warnings(plan))


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_what_is_said_about_a_bad_plan(path: Path, request: pytest.FixtureRequest) -> None:
    """Every mistake is told with its line, a caret under the very words, and what to do."""
    expected = path.with_suffix(".expected")
    text = frames(problems(path), language("en")) + "\n"
    if request.config.getoption("--golden-update"):
        expected.write_text(text, encoding="utf-8", newline="\n")
    assert expected.exists(), f"there is no {expected.name} yet: make golden, then read it"
    assert text == expected.read_text(encoding="utf-8")


def test_every_expectation_has_its_plan() -> None:
    """No file is left over from a plan that has gone."""
    assert {path.stem for path in BAD.glob("*.expected")} == {path.stem for path in PLANS}


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_every_problem_of_a_bad_plan_has_a_place_and_a_hint(path: Path) -> None:
    """The place lies within the file, its columns within the line; nobody is left without a way out."""
    lines = path.read_text(encoding="utf-8").split("\n")
    found = problems(path)
    assert found
    for problem in found:
        assert problem.hint is not None
        place = problem.place
        assert place is not None
        assert place.file == path.name
        assert len(place.source) == len(lines[place.line - 1])
        assert 1 <= place.column < place.end_column <= max(len(place.source), 1) + 1


def test_a_plan_with_twelve_mistakes_has_twelve_problems_in_one_run() -> None:
    """Each of the twelve is told once, at its own line, in the order of the file."""
    found = problems(BAD / "twelve-mistakes.toml")
    lines = [problem.place.line for problem in found if problem.place]
    assert len(lines) == len(set(lines)) == len(found) == 12
    assert lines == sorted(lines)
    assert all(problem.severity is Severity.ERROR for problem in found)


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_a_bad_plan_says_at_once_what_is_bad_about_it(path: Path) -> None:
    """The first line is a comment; only what is no TOML, or has several mistakes, is spared the schema's judgement."""
    first, rest = path.read_text(encoding="utf-8").split("\n", 1)
    assert first.startswith("# ")
    if first.startswith("# No TOML: "):
        with pytest.raises(tomli.TOMLDecodeError):
            tomli.loads(rest)
    elif not first.startswith("# schema: "):
        assert len(problems(path)) > 1
