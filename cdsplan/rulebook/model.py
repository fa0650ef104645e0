"""What a page about a rule holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cdsplan.problems import Severity

if TYPE_CHECKING:
    from cdsplan.messages import Message

HEAD = """\
[plan]
id = "vi-du"
title = "Ví dụ"
start = 2026-01-05
timezone = "Asia/Ho_Chi_Minh"

[agencies]
so-yt = { name = "Sở Y tế" }
so-ct = { name = "Sở Công Thương" }

"""
"""How the plans of most examples begin."""


class Example(NamedTuple):
    """A small plan that breaks a rule, alone or by its journal, and the day on which it is looked at (an ISO date)."""

    body: str
    as_of: str = "2026-03-02"
    head: str = HEAD
    journal: str = ""

    @property
    def plan(self) -> str:
        """The whole plan file."""
        return self.head + self.body


class Rule(NamedTuple):
    """One rule.

    `severity` is that of its findings where they do not fail the check. `default` says whether it is looked for when
    nobody chooses. `summary` is one sentence of what it finds; `example` is None where no plan can show it.
    """

    id: str
    name: str
    summary: Message
    why: Message
    mend: Message
    example: Example | None
    severity: Severity = Severity.WARNING
    default: bool = True

    @property
    def ignorable(self) -> bool:
        """Whether it can be left out or waived: what keeps a plan from being read cannot."""
        return not self.id.startswith(NEVER_IGNORED)


NEVER_IGNORED = ("CDS1", "CDS4")
