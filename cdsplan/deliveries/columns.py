"""What the columns of a sheet of deliveries are called, in Vietnamese and English.

A heading is taken without case, diacritics, punctuation and what stands in parentheses: “Số, ký hiệu”, “SO KY HIEU”
and “Số ký hiệu (*)” are one. A column with any other heading is not used, and said to be so.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from cdsplan.messages import msg
from cdsplan.names import fold

if TYPE_CHECKING:
    from cdsplan.messages import Message


class Column(StrEnum):
    """What a column holds."""

    TASK = "task"
    OCCURRENCE = "occurrence"  # of a task that comes again: its nominal day
    AGENCY = "agency"
    ON = "on"
    DOCUMENT = "document"
    BY = "by"
    REASON = "reason"


HEADINGS = {
    Column.TASK: (
        ("nhiệm vụ", "mã nhiệm vụ", "mã", "tên nhiệm vụ", "công việc", "mã công việc"),
        ("task", "task id", "id"),
    ),
    Column.OCCURRENCE: (
        ("kỳ báo cáo", "kỳ", "ngày của kỳ", "kỳ hạn", "kỳ thực hiện"),
        ("occurrence", "period", "reporting period"),
    ),
    Column.AGENCY: (
        (
            "cơ quan", "đơn vị", "cơ quan, đơn vị", "đơn vị, cơ quan", "tên cơ quan", "tên đơn vị",
            "tên cơ quan, đơn vị", "cơ quan báo cáo", "đơn vị báo cáo", "cơ quan gửi", "đơn vị gửi",
            "cơ quan thực hiện", "đơn vị thực hiện",
        ),
        ("agency", "organisation", "organization", "unit", "department", "office"),
    ),
    Column.ON: (
        (
            "ngày", "ngày gửi", "ngày nhận", "ngày hoàn thành", "ngày nộp", "ngày báo cáo", "ngày gửi báo cáo",
            "ngày nhận báo cáo", "ngày thực hiện", "ngày đến", "ngày văn bản đến", "ngày tháng đến",
        ),
        ("date", "on", "day", "done on", "delivered on", "sent on", "received on"),
    ),
    Column.DOCUMENT: (
        (
            "văn bản", "số văn bản", "số, ký hiệu", "số và ký hiệu", "số, ký hiệu văn bản", "số hiệu",
            "số hiệu văn bản", "ký hiệu", "số", "công văn", "số công văn", "báo cáo số",
        ),
        ("document", "document number", "number", "reference"),
    ),
    Column.BY: (("người ghi", "người nhập", "người ghi nhận"), ("by", "recorded by")),
    Column.REASON: (("lý do", "lí do", "lý do chậm", "lí do chậm"), ("reason", "delay reason")),
}  # fmt: skip
"""The usual spellings, in Vietnamese and in English; the first ones are those that are recommended."""

OF_REGISTERS = {
    Column.AGENCY: ("tác giả", "nơi gửi", "cơ quan ban hành", "đơn vị ban hành"),
    Column.ON: ("ngày văn bản", "ngày tháng văn bản", "ngày, tháng văn bản", "ngày tháng", "ngày ban hành"),
    Column.DOCUMENT: ("số văn bản đến", "số công văn đến"),
}
"""Of a register of incoming mail: used where no other column holds the same. The day on which a report came in counts
rather than the one that it bears."""


def recommended(column: Column) -> tuple[str, ...]:
    """Give some headings for a column."""
    vietnamese, english = HEADINGS[column]
    return (*vietnamese[:4], *english[:2])


def column_of(heading: str) -> Column | None:
    """Say what a column with this heading holds; None when it is not used."""
    return _KNOWN.get(_bare(heading))


def yields(heading: str) -> bool:
    """Whether a column with this heading is used only where no other one holds the same."""
    return _bare(heading) in _YIELDING


def holds(column: Column) -> Message:
    """Name what a column holds."""
    return {
        Column.TASK: msg("the task"),
        Column.OCCURRENCE: msg("the occurrence"),
        Column.AGENCY: msg("the agency"),
        Column.ON: msg("the day"),
        Column.DOCUMENT: msg("the document"),
        Column.BY: msg("who recorded it"),
        Column.REASON: msg("the reason"),
    }[column]


def _bare(heading: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", fold(re.sub(r"\(.*?\)", " ", heading))))


_YIELDING = {_bare(name): column for column, names in OF_REGISTERS.items() for name in names}
_KNOWN = {_bare(name): column for column, both in HEADINGS.items() for names in both for name in names} | _YIELDING
