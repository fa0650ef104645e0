"""A plan lives by what agencies report: recorded by the commands, published with and without kept state.

`test_life.py` tells of edits by hand. The law that both hold stands in `subscribers.py`.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from invoke import Cli, in_process
from subscribers import A_DAY, Subscribers
from test_life import DRAFT, HEAD, SURVEY, revised

from cdsplan.cli import reporting, undo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subscribers import Seen

WHOLE = HEAD + SURVEY + DRAFT
RENAMED = WHOLE.replace("[tasks.khao-sat]", '[tasks.dieu-tra]\nformerly = ["khao-sat"]').replace(
    '["khao-sat"]\ndue', '["dieu-tra"]\ndue'
)
NINE = 9 * 3600
"""The seconds from midnight to when people report."""

REMOVED = HEAD + DRAFT.replace('after = ["khao-sat"]\n', "")

Step = tuple[str, str, tuple[tuple[str, ...], ...], str]
LIFE: tuple[Step, ...] = (
    ("it begins", "2021-09-01", (), WHOLE),
    ("one delivers", "2021-09-08", (("done", "khao-sat", "--agency", "one", "--document", "7/BC"),), WHOLE),
    ("that is undone", "2021-09-09", (("undo",),), WHOLE),
    ("a note", "2021-09-13", (("note", "khao-sat", "rang"),), WHOLE),
    ("it is extended", "2021-09-20", (("extend", "khao-sat", "--due", "15/10/2021", "--document", "12/UBND"),), WHOLE),
    ("both deliver", "2021-09-28", tuple(("done", "khao-sat", "--agency", each) for each in ("one", "two")), WHOLE),
    ("one of them not", "2021-09-29", (("reopen", "khao-sat", "--agency", "two"),), WHOLE),
    ("it falls overdue", "2021-10-16", (), WHOLE),
    ("it is cancelled", "2021-10-18", (("cancel", "khao-sat"),), WHOLE),
    ("it is reopened", "2021-10-19", (("reopen", "khao-sat"),), WHOLE),
    ("it is extended again", "2021-10-20", (("extend", "khao-sat", "--due", "30/10/2021"),), WHOLE),
    ("days pass", "2021-11-01", (), WHOLE),
    ("it had been done in time", "2021-11-20", (("done", "khao-sat", "--agency", "two", "--on", "2021-10-29"),), WHOLE),
    ("it is renamed", "2021-11-22", (), revised(RENAMED, "2021-11-22")),
    ("it is removed", "2021-11-23", (), revised(REMOVED, "2021-11-23")),
    ("it is restored", "2021-11-24", (), revised(RENAMED, "2021-11-24")),
)


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """Run in an empty folder."""
    with in_process(capsys, monkeypatch, tmp_path) as made:
        yield made


def live(cli: Cli, monkeypatch: pytest.MonkeyPatch, *, kept: bool) -> Iterator[tuple[str, dict[str, dict[str, Seen]]]]:
    """Report and publish step by step, hold the law; give the events of each feed.

    What is reported on a day is written down at nine in Hanoi (02:00 UTC) and each minute after that. Without kept
    state, numbers may also grow for a task that waits for what is reported on.
    """
    subscribers = Subscribers()
    for step, day, commands, plan in LIFE:
        Path("plan.toml").write_text(plan, "utf-8")
        for minute, command in enumerate(commands):
            moment = datetime.fromisoformat(f"{day}T09:{minute:02}:00+07:00")
            for module in (reporting, undo):
                monkeypatch.setattr(module, "now", lambda _, moment=moment: moment)
            assert cli(*command, "--as-of", day).code == 0
        for _ in range(2):  # a second time changes nothing
            ran = cli("publish" if kept else "export", "site", "--as-of", day, *(["--no-pages"] if kept else []))
            assert ran.code == 0
            files = {path.name: path.read_bytes() for path in Path("site").glob("*.ics")}
            subscribers.get(files, exact=kept, returns_count=kept)
        yield step, subscribers.last


NAME, NEW_NAME = "Khảo sát [khao-sat]", "Khảo sát [dieu-tra]"

# What the lead sees: title, status, SEQUENCE and stamp, worked by hand. The stamp is that of the newest entry, else the
# midnight (17:00 UTC of the day before) after which it is overdue, or on which the plan was revised; of what is over
# after its last day, a second later. SEQUENCE is the seconds from 23/8 to the stamp.
SEEN = {
    "it begins": (NAME, "CONFIRMED", 0, "20210822T170000Z"),
    "one delivers": (NAME, "CONFIRMED", 16 * A_DAY + NINE, "20210908T020000Z"),
    "that is undone": (NAME, "CONFIRMED", 17 * A_DAY + NINE, "20210909T020000Z"),
    "a note": (NAME, "CONFIRMED", 17 * A_DAY + NINE, "20210909T020000Z"),
    "it is extended": (NAME, "CONFIRMED", 28 * A_DAY + NINE, "20210920T020000Z"),
    "both deliver": (f"Hoàn thành – {NAME}", "CONFIRMED", 36 * A_DAY + NINE + 60, "20210928T020100Z"),
    "one of them not": (NAME, "CONFIRMED", 37 * A_DAY + NINE, "20210929T020000Z"),
    "it falls overdue": (f"QUÁ HẠN – {NAME}", "CONFIRMED", 54 * A_DAY, "20211015T170000Z"),
    "it is cancelled": (f"ĐÃ HỦY – {NAME}", "CANCELLED", 56 * A_DAY + NINE, "20211018T020000Z"),
    "it is reopened": (f"QUÁ HẠN – {NAME}", "CONFIRMED", 57 * A_DAY + NINE, "20211019T020000Z"),
    "it is extended again": (NAME, "CONFIRMED", 58 * A_DAY + NINE, "20211020T020000Z"),
    "days pass": (f"QUÁ HẠN – {NAME}", "CONFIRMED", 69 * A_DAY, "20211030T170000Z"),
    "it had been done in time": (f"Hoàn thành – {NAME}", "CONFIRMED", 89 * A_DAY + NINE, "20211120T020000Z"),
    "it is renamed": (f"Hoàn thành – {NEW_NAME}", "CONFIRMED", 91 * A_DAY + 1, "20211121T170001Z"),
    "it is removed": None,
    "it is restored": (f"Hoàn thành – {NEW_NAME}", "CONFIRMED", 93 * A_DAY + 1, "20211123T170001Z"),
}
REMOVED_SEEN = (f"ĐÃ HỦY – {NEW_NAME}", "CANCELLED", 92 * A_DAY, "20211122T170000Z")
"""With kept state."""


@pytest.mark.parametrize("kept", [False, True], ids=["export", "publish"])
def test_the_life_as_its_lead_sees_it(cli: Cli, monkeypatch: pytest.MonkeyPatch, *, kept: bool) -> None:
    """At every step, and nothing else changes the numbers."""
    told = {}
    for step, feeds in live(cli, monkeypatch, kept=kept):
        event = feeds["lead.ics"].get("khao-sat@p")
        told[step] = event and (event.title, event.status, event.sequence, event.stamp)

    assert told == (SEEN | {"it is removed": REMOVED_SEEN} if kept else SEEN)


def test_what_another_delivers_renews_no_delivery_of_ones_own(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two’s own event changes with what concerns two: the decisions for all, its own reports, the day."""
    numbers = {}
    for step, feeds in live(cli, monkeypatch, kept=True):
        event = feeds["two.ics"].get("khao-sat.two@p")
        assert event is not None
        numbers[step] = (event.sequence, event.stamp)

    assert numbers["it begins"] == numbers["one delivers"] == numbers["that is undone"] == numbers["a note"]
    changed = [step for before, step in zip(list(numbers), list(numbers)[1:], strict=False)
               if numbers[step] != numbers[before]]  # fmt: skip
    assert changed == [step for step, *_ in LIFE[4:]]
