"""Plans of any size, the same every time, of the shape that provinces write: agencies, deadlines in words, links.

A tenth of the tasks are fan-outs of small groups, a third wait for one or two earlier tasks, deadlines spread over two
years, one task in eight is a milestone, one in six is done. A journal beside such a plan tells of all its tasks alike,
over ten months: telephone calls, percentages, deliveries, and now and then a deadline that was moved. Deliveries are
few, so that a report of it draws almost as many rows as are ever drawn.
"""

from __future__ import annotations

import argparse
import random
from datetime import date, datetime, timedelta, timezone

AGENCIES = 40
START = date(2026, 1, 5)


def plan(tasks: int, seed: int = 7) -> str:
    """Write a plan of so many tasks."""
    chance = random.Random(seed)  # noqa: S311 - a shape, not a secret
    lines = [
        "[plan]",
        'id = "bench"',
        f'title = "Kế hoạch chuyển đổi số {tasks} nhiệm vụ"',
        f"start = {START.isoformat()}",
        'timezone = "Asia/Ho_Chi_Minh"',
        'language = "vi"',
        "[reading]",
        'day-off = "next-working-day"',
        "[calendar]",
        'holidays = "VN"',
    ]
    for n in range(AGENCIES):
        lines += [f"[agencies.co-quan-{n}]", f'name = "Sở số {n} tỉnh"', f'short = "Sở {n}"']
    lines += ["[groups]", 'nhom = ["co-quan-1", "co-quan-2", "co-quan-3"]']
    for n in range(tasks):
        lines += _task(n, chance)
    return "\n".join(lines) + "\n"


def _task(n: int, chance: random.Random) -> list[str]:
    lines = [f"[tasks.nhiem-vu-{n}]", f'title = "Nhiệm vụ số {n}: triển khai nền tảng dùng chung"']
    if n % 10 == 0:
        lines.append('each = ["@nhom"]')
    else:
        lines.append(f'owner = "co-quan-{n % AGENCIES}"')
    if n % 3 == 0 and n:
        before = sorted({max(0, n - chance.randint(1, 40)) for _ in range(chance.randint(1, 2))})
        listed = ", ".join(f'"nhiem-vu-{m}"' for m in before)
        lines.append(f"after = [{listed}]")
    if n % 4:
        due = START + timedelta(days=chance.randint(20, 730))
        form = (
            f"trước ngày {due.day}/{due.month}/{due.year}",
            f"tháng {due.month}/{due.year}",
            due.strftime("%d/%m/%Y"),
        )
        lines.append(f'due = "{form[n % 3]}"')
    lines.append(f'duration = "{chance.randint(1, 20)}d"')
    if n % 8 == 1:
        lines.append("milestone = true")
    if n % 6 == 5:  # noqa: PLR2004 - one in six
        lines.append(f"done = {(START + timedelta(days=chance.randint(10, 300))).isoformat()}")
    return lines


REPORTED = timedelta(days=300)
HANOI = timezone(timedelta(hours=7))
REPORTS = (
    'kind = "note", note = "Đã gọi điện nhắc lần {n}"',
    'kind = "progress", percent = {n}',
    'kind = "done", document = "{n}/BC-SYT ngày {on:%d/%m/%Y}", by = "Nguyễn Văn A"',
    'kind = "extended", due = "trước ngày 15/12/2026", document = "{n}/UBND-TH", reason = "chờ hướng dẫn"',
)


def journal(tasks: int, entries: int, seed: int = 7) -> str:
    """Write a journal of so many entries on the plan of so many tasks, line by line as the program does."""
    chance = random.Random(seed)  # noqa: S311 - as above
    begin = datetime(START.year, START.month, START.day, 8, tzinfo=HANOI)
    lines = []
    for k in range(entries):
        at = begin + timedelta(seconds=k * REPORTED.total_seconds() // entries)
        task = chance.randrange(tasks)
        (report,) = chance.choices(REPORTS, (73, 21, 5, 1))
        about = f'task = "nhiem-vu-{task}"' + (f', agency = "co-quan-{1 + k % 3}"' if task % 10 == 0 else "")
        said = report.format(n=k % 100, on=at)
        lines.append(f"{at:%Y%m%d-%H%M%S}-{k:04x} = {{ at = {at.isoformat()}, on = {at:%Y-%m-%d}, {about}, {said} }}\n")
    return "".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tasks", type=int)
    print(plan(parser.parse_args().tasks), end="")
