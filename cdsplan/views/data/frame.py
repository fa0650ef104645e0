"""What every JSON document has: its version, the plans it speaks of, and problems."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cdsplan.i18n import Language
    from cdsplan.plan.model import Plan
    from cdsplan.problems import Problem

VERSION = 1


def document(**content: Any) -> str:  # noqa: ANN401 - JSON holds anything
    """Write one JSON document."""
    return json.dumps({"version": VERSION, **content}, ensure_ascii=False)


def problems_document(problems: Iterable[Problem], language: Language) -> str:
    """Write problems as a document."""
    return document(problems=[problem_data(problem, language) for problem in problems])


def problem_data(problem: Problem, language: Language) -> dict[str, Any]:
    """Give one problem as data."""
    place = problem.place
    return {
        "rule": problem.code,
        "severity": str(problem.severity),
        "message": language(problem.message),
        "hint": None if problem.hint is None else language(problem.hint),
        "file": place and place.file,
        "line": place and place.line,
        "column": place and place.column,
        "end_column": place and place.end_column,
    }


def plan_data(plan: Plan) -> dict[str, Any]:
    """Name a plan."""
    return {"id": plan.id, "title": plan.title, "path": plan.source.file}
