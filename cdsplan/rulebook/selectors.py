"""Choosing rules: an id (CDS201), how ids begin (CDS3), ALL, or DEFAULT (what is looked for when nobody chooses)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdsplan.rulebook import RULES
from cdsplan.rulebook.model import NEVER_IGNORED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from cdsplan.rulebook import Rule

ALL, DEFAULT = "ALL", "DEFAULT"
OF_WAIVERS = frozenset({"CDS216", "CDS217"})
CHECKED = {rule.id: rule for rule in RULES.values() if not rule.id.startswith("CDS4")}
"""The rules of plans; those of publishing are no matter of a check."""

DEFAULT_RULES = frozenset(rule.id for rule in CHECKED.values() if rule.default)


def selectors() -> tuple[str, ...]:
    """Name everything that chooses at least one rule."""
    beginnings = {rule[:length] for rule in CHECKED for length in range(len("CDS"), len(rule) + 1)}
    return (ALL, DEFAULT, *sorted(beginnings))


def ignorable() -> tuple[str, ...]:
    """Name everything that may stand after “ignore”."""
    return tuple(word for word in selectors() if not word.startswith(NEVER_IGNORED))


def waivable() -> tuple[str, ...]:
    """Name the rules that a waiver may be for."""
    return tuple(rule.id for rule in CHECKED.values() if rule.ignorable and rule.id not in OF_WAIVERS)


def matching(words: Iterable[str]) -> frozenset[str]:
    """Give the ids of the rules that any of the words chooses."""
    words = tuple(words)
    return frozenset(rule.id for rule in CHECKED.values() if _closest(rule, words))


def choose(
    before: Collection[str], select: Collection[str] | None = None, ignore: Collection[str] = ()
) -> frozenset[str]:
    """Change a choice of rules: `select` replaces it, `ignore` takes out of it; the closer word wins, then `ignore`.

    So `select = ["CDS3"], ignore = ["CDS304"]` is all of CDS3 but one, and `ignore = ["CDS3"], select = ["CDS304"]` is
    that one alone.
    """
    if select is None:
        return frozenset(before) - matching(ignore)
    return frozenset(rule.id for rule in CHECKED.values() if _closest(rule, select) > _closest(rule, ignore))


def _closest(rule: Rule, words: Iterable[str]) -> int:
    """Say how closely the words name a rule: 0 not at all, 1 among all, else the length of what fits."""
    fitting = [len(word) for word in words if rule.id.startswith(word)]
    if ALL in words or (DEFAULT in words and rule.default):
        fitting.append(1)
    return max(fitting, default=0)
