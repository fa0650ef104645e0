"""A verdict, or the problems of a plan that does not read, as CI services take it: placed, in words, known again.

A fingerprint is made of rule, plan, task or occurrence, and agency (and of what else tells two findings of these
apart), never of a line: whoever adds a line above does not make an old finding new.
"""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from cdsplan.check.conclusion import counted
from cdsplan.messages import msg
from cdsplan.problems import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from cdsplan.check.model import Verdict
    from cdsplan.i18n import Language
    from cdsplan.messages import Message
    from cdsplan.plan.model import Waiver
    from cdsplan.problems import Problem


class Annotation(NamedTuple):
    """One finding with its place. `path` is its file as the service calls it; None where there is no place.

    `item` names what it is about: its `task`, or of a task that comes again the one `occurrence`, TASK@YYYY-MM-DD.
    """

    problem: Problem
    path: str | None
    fingerprint: str
    plan: str | None = None
    task: str | None = None
    occurrence: date | None = None
    item: str | None = None
    agency: str | None = None
    about: str = ""
    fails: bool = True
    waiver: Waiver | None = None

    def line(self, language: Language) -> str:
        """Write it in one line: where, how bad, which rule, what."""
        kind = language(SEVERITIES[self.problem.severity])
        words = f"{kind} {self.problem.code}: {language(self.problem.message)}"
        place = self.problem.place
        return words if place is None else f"{self.path}:{place.line}:{place.column}: {words}"


class Report(NamedTuple):
    """All annotations, worst first, and what is said in the end. `verdict` is None where the plan does not read."""

    annotations: tuple[Annotation, ...]
    conclusion: tuple[Message, ...]
    failed: bool
    verdict: Verdict | None = None


def report(verdict: Verdict, conclusion: Sequence[Message], path_of: Callable[[str], str] = str) -> Report:
    """Place every finding of a verdict; `path_of` turns the name of a file into that which the service knows."""
    numbered = _Numbered()
    annotations = []
    for finding in verdict.findings:
        problem = finding.problem()
        print_ = numbered.fingerprint(finding.rule, finding.plan.id, finding.item, finding.agency, finding.about)
        annotations.append(
            Annotation(
                problem=problem,
                path=problem.place and path_of(problem.place.file),
                fingerprint=print_,
                plan=finding.plan.id,
                task=finding.task,
                occurrence=finding.occurrence,
                item=finding.item,
                agency=finding.agency,
                about=finding.about,
                fails=finding.fails,
                waiver=finding.waiver,
            )
        )
    return Report(tuple(annotations), tuple(conclusion), verdict.failed, verdict)


def unread(problems: Iterable[Problem], path_of: Callable[[str], str] = str) -> Report:
    """Make a report of what keeps a plan from being read."""
    numbered = _Numbered()
    annotations = [
        Annotation(
            problem=problem,
            path=problem.place and path_of(problem.place.file),
            fingerprint=numbered.fingerprint(
                problem.code, problem.place and path_of(problem.place.file), str(problem.message)
            ),
        )
        for problem in problems
    ]
    found = tuple(counted([annotation.problem.severity for annotation in annotations]))
    return Report(tuple(annotations), (msg("The plan cannot be read: {found}.", found=found),), failed=True)


class _Numbered:
    """Makes fingerprints; equal ones are numbered in the order of their findings, so that each is there once."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def fingerprint(self, *parts: str | None) -> str:
        text = "\0".join(part or "" for part in parts)
        self._seen[text] += 1
        if self._seen[text] > 1:
            text = f"{text}\0{self._seen[text]}"
        return sha256(text.encode()).hexdigest()[:32]
