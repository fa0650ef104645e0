"""Every rule, by its id: what it finds, why that matters, how to mend it, and an example.

This is the one source of rule ids, names and severities: the reader of plans, `check`, `cdsplan rule`, docs/rules.md
and the reports for CI all take them from here. What finds a rule's findings stands elsewhere: of CDS1xx in
`cdsplan.plan`, of the others in `cdsplan.check`.

- CDS1xx: the plan or its journal does not read (exit 2); they cannot be left out.
- CDS2xx: timeliness, and what the words of deadlines come to.
- CDS3xx: how well a plan is made. Most are looked for only when they are asked for.
- CDS4xx: what publishing keeps cannot be used (exit 2); no check looks for them.
"""

from __future__ import annotations

from cdsplan.rulebook.model import Example, Rule
from cdsplan.rulebook.publishing import PUBLISHING
from cdsplan.rulebook.quality import QUALITY
from cdsplan.rulebook.reading import READING
from cdsplan.rulebook.timeliness import TIMELINESS

__all__ = ["RULES", "Example", "Rule"]

RULES = {rule.id: rule for rule in (*READING, *TIMELINESS, *QUALITY, *PUBLISHING)}
"""Every rule by its id, in the order of ids."""
