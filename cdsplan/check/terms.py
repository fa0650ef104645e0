"""What a check looks for in a plan, and what of it fails: the program's choice, the plan's, the command line's.

Each may leave everything to the one before it. `select` replaces the rules that are looked for, `ignore` takes some
away, `fail-on` replaces what fails; rules that are named there by their ids are also looked for, unless the same place
selects rules itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cdsplan.rulebook.fail_on import RULES_OF, FailOn
from cdsplan.rulebook.selectors import DEFAULT_RULES, choose, matching

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cdsplan.plan.model import Gate


class Terms(NamedTuple):
    """The ids of rules that are looked for, those whose findings fail the check, and the days late that are forgiven.

    `fail_on` keeps the words that were given for the latter.
    """

    rules: frozenset[str] = DEFAULT_RULES
    fails: frozenset[str] = RULES_OF[FailOn.MILESTONE]
    grace: int = 0
    fail_on: tuple[str, ...] = (FailOn.MILESTONE,)


def terms(*choices: Gate) -> Terms:
    """Put choices on top of each other, the last one above all."""
    rules, fails, grace, fail_on = Terms()
    for choice in choices:
        named: frozenset[str] = frozenset()
        if choice.fail_on is not None:
            fail_on = choice.fail_on
            fails, named = _failing(fail_on)
        if choice.select is not None:
            rules = choose(rules, choice.select, choice.ignore)
        else:
            rules = choose(rules | named, None, choice.ignore)
        if choice.grace is not None:
            grace = choice.grace
    return Terms(rules=rules, fails=fails & rules, grace=grace, fail_on=fail_on)


def _failing(words: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Give the rules that words make fail, and those of them that are named by their ids."""
    names = set(map(str, FailOn))
    by_name = [RULES_OF[FailOn(word)] for word in words if word in names]
    by_id = matching(word for word in words if word not in names)
    return by_id.union(*by_name), by_id
