"""The value of `due`: words, a date, a count from an event, or the author's own reading."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from cdsplan.messages import msg
from cdsplan.plan.deadlines import DeadlineReader
from cdsplan.plan.fields import Rejected, boolean, day, integer, read_table, rejected, text, wrong_type
from cdsplan.plan.model import Counted, CountUnit, Reading
from cdsplan.plan.phrases import PhraseError
from cdsplan.plan.refusals import COUNT

if TYPE_CHECKING:
    from cdsplan.plan.fields import Reader
    from cdsplan.plan.model import Policy
    from cdsplan.workdays import Workdays

DUE_FORMS = msg('write a date without quotes, 2021-09-30, or words in quotes: "before 30/9/2021"')
COUNT_FORMS = msg(
    "write one event and one number: {example}; “before” instead of “after” will do, and “days” or “months”",
    example=COUNT,
)
WORDS_FORMS = msg('write { words = "…", date = 2025-06-30 }, or { words = "…", none = true } without a deadline')
LOOK_UP = msg("look it up in the source document")


class Dues:
    """Reads the deadlines of one plan; `task` reads the id of a task that a deadline counts from."""

    def __init__(self, policy: Policy, workdays: Workdays, task: Reader) -> None:
        self._deadlines = DeadlineReader(policy, workdays)
        self._task = task

    def read(self, value: object) -> Reading | Counted:
        """Read a deadline as the plan has it: words, a date, or a table that says more."""
        try:
            if type(value) is str:
                return self._deadlines.words(value)
            if isinstance(value, dict):
                return self._table(value)
            if not isinstance(value, date):
                raise wrong_type(msg("a deadline"), value, DUE_FORMS)
            return self._deadlines.date(day(value))
        except PhraseError as problem:
            raise rejected(problem.code, problem.message, problem.hint or LOOK_UP) from None

    def _table(self, table: dict[str, Any]) -> Reading | Counted:
        values, faults = read_table(table, self._fields())
        if faults:
            raise Rejected(faults)
        shape = set(values)
        anchors, units = shape & {"after", "before"}, shape & {unit.value for unit in CountUnit}
        if anchors or units:
            if len(anchors) != 1 or len(units) != 1 or shape != anchors | units:
                raise rejected("CDS112", msg("this is no count of days from an event"), COUNT_FORMS)
            return self._count(values, anchors.pop(), CountUnit(units.pop()))
        if shape in ({"none"}, {"none", "words"}):
            return self._deadlines.declared(values.get("words"), None)
        if shape != {"words", "date"}:
            raise rejected("CDS112", msg("this is no deadline"), WORDS_FORMS)
        return self._deadlines.declared(values["words"], values["date"])

    def _count(self, values: dict[str, Any], anchor: str, unit: CountUnit) -> Reading | Counted:
        event, amount, before = values[anchor], values[unit.value], anchor == "before"
        if type(event) is str:
            return Counted(event=event, amount=amount, unit=unit, before=before)
        return self._deadlines.counted(amount, unit, event, before=before)

    def _fields(self) -> dict[str, Reader]:
        count = integer(1, 9999)
        return {
            "after": self._event, "before": self._event, "working-days": count, "days": count,
            "months": integer(1, 1200), "words": text(200), "date": day, "none": _none,
        }  # fmt: skip

    def _event(self, value: object) -> object:
        """Read what a deadline counts from: a task, or a day."""
        return day(value) if isinstance(value, date) else self._task(value)


def _none(value: object) -> bool:
    """Read that there is no deadline."""
    if not boolean(value):
        hint = msg("leave “due” out altogether, or write { none = true } to say that there is no deadline")
        raise rejected("CDS106", msg("“none” is true, or not there at all"), hint)
    return True
