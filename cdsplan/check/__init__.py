"""The verdict on a status: findings, each from one rule, and whether any of them fails the check.

A rule's words stand in `cdsplan.rulebook`; what finds its findings is a function of this package that looks at a scope
(one plan as of a day) and yields findings. To add one: a `Rule` there, a function here, its place in `FINDERS`, a test.
"""

from __future__ import annotations

from cdsplan.check.model import Finding, Scope, Verdict
from cdsplan.check.terms import Terms, terms
from cdsplan.check.verdict import FINDERS, check

__all__ = ["FINDERS", "Finding", "Scope", "Terms", "Verdict", "check", "terms"]
