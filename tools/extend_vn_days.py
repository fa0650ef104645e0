"""Project Vietnam's days off for the years that no notice covers yet, into cdsplan/data/vn.toml.

Run by a person, from anywhere: `python tools/extend_vn_days.py 2035`. It rewrites the `[generated]` table, which ends
the file, from the year after the last one kept by hand to the year given (both included), and touches nothing else. The
same library and the same hand-kept part give the same bytes. Needs the development group (`holidays`, `tomli`).

The library settles which days are off. What each is called follows the hand-kept part: its labels for the days of Tết
are loose (it calls 28 tháng Chạp "29 Tết"), and it names the days in lieu of Tết like days of Tết.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import holidays
import tomli
from holidays.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

TABLE = Path(__file__).parent.parent / "cdsplan" / "data" / "vn.toml"
HEADING = "[generated]"
SOURCE = f"PyPI holidays {__version__} (dự kiến)"
SATURDAY = 5
DAYS_OF_TET = 5  # BLLĐ 2019 Đ112.1b
STEMS = ("Giáp", "Ất", "Bính", "Đinh", "Mậu", "Kỷ", "Canh", "Tân", "Nhâm", "Quý")  # year 4 is Giáp Tý
BRANCHES = ("Tý", "Sửu", "Dần", "Mão", "Thìn", "Tỵ", "Ngọ", "Mùi", "Thân", "Dậu", "Tuất", "Hợi")
OBSERVED = " (observed)"
NAMES = {  # what the library calls a day: what the table calls it, and the day in lieu of it
    "New Year's Day": ("Tết Dương lịch", "Nghỉ bù Tết Dương lịch"),
    "Hung Kings' Commemoration Day": ("Giỗ Tổ Hùng Vương (10/3 âm lịch)", "Nghỉ bù Giỗ Tổ"),
    "Liberation Day/Reunification Day": ("Ngày Chiến thắng", "Nghỉ bù 30/4"),
    "International Labor Day": ("Ngày Quốc tế lao động", "Nghỉ bù 1/5"),
    "National Day": ("Quốc khánh", "Nghỉ bù Quốc khánh"),
    "Vietnam Cultural Day": ("Ngày Văn hóa Việt Nam", "Nghỉ bù Ngày Văn hóa Việt Nam"),
}


class Row(NamedTuple):
    """One generated day off."""

    date: date
    kind: str
    name: str


def lunar_year(year: int) -> str:
    """Name the lunar year that begins in `year` by its stem and branch: 2027 is Đinh Mùi."""
    return f"{STEMS[(year - 4) % 10]} {BRANCHES[(year - 4) % 12]}"


def tet(year: int) -> str:
    """Name Tết of one year."""
    return f"Tết Nguyên đán {lunar_year(year)}"


def projected(year: int) -> Iterator[Row]:
    """Give the library's days off of one year in order, named as the table names them.

    Of the days of Tết the first five are Tết and the weekdays after them are in lieu; a weekend day after the fifth is
    an ordinary weekend day. A name unknown here is a KeyError: look at what the library has changed.
    """
    labels = holidays.country_holidays("VN", years=year, language="en_US")
    days_of_tet = 0
    for day in sorted(labels):
        label = labels[day]
        if "Lunar New Year" in label:
            days_of_tet += 1
            if days_of_tet <= DAYS_OF_TET:
                yield Row(day, "tet", tet(year))
            elif day.weekday() < SATURDAY:
                yield Row(day, "in_lieu", "Nghỉ bù Tết")
            continue
        name, in_lieu = NAMES[label.removesuffix(OBSERVED)]
        if label.endswith(OBSERVED):
            yield Row(day, "in_lieu", in_lieu)
        elif name == "Quốc khánh" and (day.month, day.day) != (9, 2):
            yield Row(day, "holiday", f"{name} (ngày liền kề)")
        else:
            yield Row(day, "holiday", name)


def generated(first_year: int, last_year: int) -> str:
    """Write the `[generated]` table for these years, both included."""
    years = range(first_year, last_year + 1)
    lines = [HEADING, f"source = {quoted(SOURCE)}", 'status = "projected"', "days = ["]
    for year in years:
        lines += (f"  [{row.date}, {quoted(row.kind)}, {quoted(row.name)}]," for row in projected(year))
        lines.append("")
    lines[-1:] = ["]", "", "[generated.english]"]
    lines += (f"{quoted(tet(year))} = {quoted(f'Lunar New Year ({lunar_year(year)})')}" for year in years)
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """Write a TOML string."""
    return json.dumps(text, ensure_ascii=False)


def extended(text: str, last_year: int) -> str:
    """Give the table's text with its generated part made anew."""
    kept = text.partition(f"\n{HEADING}\n")[0] + "\n"
    last_kept: date = tomli.loads(kept)["days"][-1][0]
    return kept + generated(last_kept.year + 1, last_year)


def main() -> None:
    """Rewrite the table in place."""
    if len(sys.argv) != 2 or not sys.argv[1].isdecimal():  # noqa: PLR2004 - the program's name and the year
        sys.exit("usage: python tools/extend_vn_days.py LAST_YEAR")
    text = extended(TABLE.read_text(encoding="utf-8"), int(sys.argv[1]))
    TABLE.write_text(text, encoding="utf-8", newline="\n")
    print(f"{TABLE.name}: projected to {sys.argv[1]} with {SOURCE}")


if __name__ == "__main__":
    main()
