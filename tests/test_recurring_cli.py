"""What comes again, on the command line: recording, showing, listing, publishing; and a plan of nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from invoke import Cli, in_process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GOOD = Path(__file__).parent / "plans" / "good" / "recurring.toml"

ONLY = """
[plan]
id = "only"
title = "Only what comes again"
start = 2025-01-01
timezone = "Asia/Ho_Chi_Minh"
[agencies.vp]
name = "Office"
[tasks.weekly]
title = "Weekly meeting"
owner = "vp"
repeat = "every Monday"
milestone = true
"""


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """Run in a folder with the plan of reports."""
    (tmp_path / "plan.toml").write_bytes(GOOD.read_bytes())
    with in_process(capsys, monkeypatch, tmp_path) as cli:
        yield cli


@pytest.fixture
def only(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """Run in a folder with a plan in which everything comes again."""
    (tmp_path / "plan.toml").write_text(ONLY, encoding="utf-8")
    with in_process(capsys, monkeypatch, tmp_path) as cli:
        yield cli


def report(cli: Cli) -> None:
    """Report what was delivered up to April 2025: Sở TT&TT merged into Sở KH&CN on 1/3/2025."""
    for what, on, *who in (
        ("bao-cao-thang@2025-01-20", "17/01/2025", "--all-agencies"),
        ("bao-cao-thang@2025-02-20", "21/02/2025", "--agency", "so-yt,so-tttt"),
        ("1@20/3/2025", "19/3/2025", "--agency", "so-khcn"),
        ("báo cáo quý@2025-03-31", "31/3/2025"),
    ):
        ran = cli("done", what, *who, "--on", on, "--as-of", "10/4/2025")
        assert (ran.code, ran.err) == (0, "")


def test_an_occurrence_is_recorded_by_its_name(here: Cli) -> None:
    """One line per delivery in the journal, with the nominal day in the name of the task."""
    ran = here("done", "bao-cao-thang@2025-01-20", "--agency", "so-yt", "--on", "20/01/2025", "--as-of", "21/01/2025")
    assert ran.out.startswith("bao-cao-thang@2025-01-20: 0/3 → 1/3 (Sở Y tế")
    (line,) = Path("plan.journal.toml").read_text(encoding="utf-8").splitlines()
    assert 'task = "bao-cao-thang@2025-01-20", agency = "so-yt", kind = "done"' in line


def test_a_delivery_says_for_whom_it_was_taken_over(here: Cli) -> None:
    """Sở KH&CN has delivered its own part; the next is that of Sở TT&TT, which merged into it on 1/3/2025."""
    told = [
        here("done", "bao-cao-thang@2025-03-20", "--agency", "so-khcn", "--on", day, "--as-of", "20/3/2025").out
        for day in ("18/3/2025", "19/3/2025")
    ]
    assert told == [
        "bao-cao-thang@2025-03-20: 0/3 → 1/3 (Sở KH&CN hoàn thành ngày 18/3/2025, đúng hạn)\n",
        (
            "bao-cao-thang@2025-03-20: 1/3 → 2/3 "
            "(Sở KH&CN (tiếp nhận từ Sở TT&TT) hoàn thành ngày 19/3/2025, đúng hạn)\n"
        ),
    ]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "bao-cao-thang",
            (
                "“bao-cao-thang” comes again: say which time; did you mean: bao-cao-thang@2025-03-20, "
                "bao-cao-thang@2025-04-20?"
            ),
        ),
        (
            "bao-cao-thang@2025-03-21",
            (
                "“bao-cao-thang” does not come on 21 Mar 2025; did you mean: bao-cao-thang@2025-03-20, "
                "bao-cao-thang@2025-04-20?"
            ),
        ),
        ("so-ket@2025-03-21", "there is no task “so-ket@2025-03-21”; did you mean: so-ket?"),
    ],
)
def test_what_cannot_be_meant_is_refused(here: Cli, name: str, message: str) -> None:
    """Nothing is written, and the nearest occurrences are offered."""
    ran = here("done", name, "--all-agencies", "--as-of", "2025-04-01", "--lang", "en")
    assert ran.code == 2
    assert message in ran.err
    assert not Path("plan.journal.toml").exists()


def test_who_answers_for_an_agency_that_has_ceased_is_named(here: Cli) -> None:
    """Of a task that asks the successor itself, or is led by it; before that day, and of others, nothing is known."""
    plan = Path("plan.toml")
    more = '[tasks.one]\ntitle = "One"\nowner = "so-khcn"\n[tasks.both]\ntitle = "Both"\neach = ["so-khcn", "so-yt"]\n'
    plan.write_text(plan.read_text("utf-8") + more, "utf-8")
    instead = "Sở TT&TT ceased on 1 Mar 2025; record it for Sở KH&CN: so-khcn\n"
    for task, on, hint in (
        ("both", "3/3/2025", instead),
        ("one", "3/3/2025", instead),
        ("both", "28/2/2025", "cdsplan missing both lists who still has to deliver\n"),
        ("one", "28/2/2025", "it is led by: so-khcn\n"),
        ("so-ket", "3/3/2025", "it is led by: vp-ubnd\n"),
    ):
        ran = here("done", task, "--agency", "so-tttt", "--on", on, "--as-of", "10/4/2025", "--lang", "en")
        assert ran.code == 2
        assert ran.err.endswith(f"; {hint}")


def test_a_way_out_names_the_occurrence(here: Cli) -> None:
    """Whoever copies the command that a refusal offers means the same time of the task, and the same agency."""
    report(here)
    for arguments, words in (
        (
            ("start", "bao-cao-thang@2025-01-20", "--agency", "so-yt"),
            (
                "“bao-cao-thang@2025-01-20 (Sở Y tế)” is done; if it is not: cdsplan reopen bao-cao-thang@2025-01-20 "
                "--agency so-yt"
            ),
        ),
        (
            ("done", "bao-cao-thang@2025-02-20"),
            "“bao-cao-thang@2025-02-20” is delivered by each of",
        ),
        (
            ("done", "bao-cao-thang@2025-02-20", "--agency", "vp-ubnd,so-yt"),
            (
                "“bao-cao-thang@2025-02-20” does not expect anything from: vp-ubnd; cdsplan missing "
                "bao-cao-thang@2025-02-20 lists"
            ),
        ),
        (
            ("done", "bao-cao-thang@2025-01-20", "--all-agencies"),
            (
                "nobody of these has anything left to deliver for “bao-cao-thang@2025-01-20”; cdsplan log "
                "bao-cao-thang@2025-01-20 shows"
            ),
        ),
    ):
        ran = here(*arguments, "--as-of", "10/4/2025", "--lang", "en")
        assert ran.code == 2
        assert words in ran.err
    assert here("reopen", "bao-cao-thang@2025-01-20", "--agency", "so-yt", "--as-of", "10/4/2025").code == 0


@pytest.mark.parametrize("command", ["why", "whatif", "critical"])
def test_the_network_knows_nothing_of_what_comes_again(here: Cli, command: str) -> None:
    """The commands of the network say where to look."""
    options = {"why": ["giao-ban"], "whatif": ["giao-ban", "--add-days", "1"], "critical": ["--to", "giao-ban"]}
    ran = here(command, *options[command], "--lang", "en")
    assert ran.code == 2
    assert "“giao-ban” comes again and stands outside the network; see: cdsplan show giao-ban" in ran.err


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_recurring_task_as_a_whole(here: Cli, golden: Callable[[str, str], None], lang: str) -> None:
    """Its rule, the next occurrence, how the last ones went, and who owes what now."""
    report(here)
    ran = here("show", "bao-cao-thang", "--as-of", "2025-04-10", "--lang", lang)
    assert ran.code == 0
    golden(ran.out, f"show-bao-cao-thang.{lang}.txt")


def test_one_occurrence(here: Cli, golden: Callable[[str, str], None]) -> None:
    """How it stands, which days it covers, who has taken over; nothing of a network."""
    report(here)
    golden(here("show", "1@20/3/2025", "--as-of", "2025-04-10").out, "show-bao-cao-thang-2025-03-20.vi.txt")


def test_an_occurrence_far_ahead_can_be_shown(here: Cli) -> None:
    """Beyond the horizon of the status."""
    ran = here("show", "bao-cao-quy@2035-12-31", "--as-of", "2025-04-10", "--lang", "en", "--format", "plain")
    assert "on track, 3917 days left (not started)" in ran.out
    assert "Sở KH&CN: taken over from Sở TT&TT" in ran.out


def test_a_rule_without_an_end_and_a_rule_that_is_over(here: Cli) -> None:
    """The card says from when on; once nothing is ahead there is no next one."""
    assert (
        "FREQ=WEEKLY;BYDAY=MO, from 1 Jan 2025 on"
        in here("show", "giao-ban", "--lang", "en", "--as-of", "2025-01-01").out
    )
    over = here("show", "bao-cao-thang", "--lang", "en", "--as-of", "2027-06-30").out
    assert "Next" not in over
    assert "24 occurrences: 24 overdue" in over


def test_the_document_of_a_recurring_task(here: Cli) -> None:
    """Its rule, and every occurrence as `status` has it."""
    report(here)
    items = json.loads(here("status", "--as-of", "2025-04-10", "--format", "json").out)["items"]
    shown = json.loads(here("show", "bao-cao-thang", "--as-of", "2025-04-10", "--format", "json").out)
    assert shown["repeat"] == {
        "words": "hằng tháng trước ngày 20",
        "rule": "FREQ=MONTHLY;BYMONTHDAY=20",
        "from": "2025-01-01",
        "until": "2026-12-31",
    }
    assert shown["occurrences"] == [item for item in items if item["task"] == "bao-cao-thang"]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_old_occurrences_do_not_drown_the_status(here: Cli, golden: Callable[[str, str], None], lang: str) -> None:
    """Of one task the newest three that stand alike; the rest, done or overdue, is one row. Counts are of all."""
    report(here)
    ran = here("status", "--all", "--as-of", "2025-12-31", "--lang", lang)
    golden(ran.out, f"status-recurring.{lang}.txt")


def test_whoever_has_taken_over_is_found_by_agency(here: Cli) -> None:
    """On 10/4/2025 nothing open is left with Sở TT&TT; its deliveries are."""
    report(here)
    rows = here("status", "--agency", "so-tttt", "--as-of", "2025-04-10", "--format", "csv").out.splitlines()[1:]
    assert [row.split(",")[1] for row in rows] == ["bao-cao-thang@2025-01-20", "bao-cao-thang@2025-02-20"]


# Feeds


def test_each_occurrence_is_an_event_of_its_own(only: Cli) -> None:
    """Its nominal day is in the name of the event; 1/1/2025 was a Wednesday."""
    assert only("export", "feeds", "--as-of", "2025-01-10").code == 0
    lines = Path("feeds/vp.ics").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("UID:weekly")][:3] == [
        "UID:weekly@2025-01-06@only",
        "UID:weekly@2025-01-13@only",
        "UID:weekly@2025-01-20@only",
    ]
    assert "SUMMARY:OVERDUE – Weekly meeting [weekly@2025-01-06]" in lines
    assert not [line for line in lines if line.startswith("RRULE")]


def test_closed_occurrences_leave_the_feed_after_a_year(only: Cli) -> None:
    """366 days after their last good day; open ones stay."""
    only("done", "weekly@2025-01-06", "--on", "2025-01-06", "--as-of", "2025-01-07")
    uids = {}
    for day in ("2026-01-07", "2026-01-08"):
        only("export", day, "--as-of", day)
        text = Path(day, "vp.ics").read_text(encoding="utf-8")
        uids[day] = [line for line in text.splitlines() if line.startswith("UID:weekly")][:2]
    assert uids == {
        "2026-01-07": ["UID:weekly@2025-01-06@only", "UID:weekly@2025-01-13@only"],
        "2026-01-08": ["UID:weekly@2025-01-13@only", "UID:weekly@2025-01-20@only"],
    }


# A plan in which everything comes again


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("schedule",), "Everything in “only” comes again and stands outside the network: see cdsplan status"),
        (("critical",), "Everything in “only” comes again and stands outside the network: see cdsplan status"),
        (("critical", "--near", "5", "--format", "plain"), "Everything in “only” comes again"),
        (("critical", "--format", "csv"), "plan,path,id"),
        (("gantt",), "Everything in “only” comes again and stands outside the network: see cdsplan status"),
        (("gantt", "--format", "plain", "--planned"), "Everything in “only” comes again"),
        (("milestones",), "✗ Weekly meeting [weekly@2025-01-06]"),
        (("status", "--by", "due"), "Weekly meeting ◆ [weekly@2025-01-06]"),
    ],
)
def test_every_view_of_it(only: Cli, arguments: tuple[str, ...], words: str) -> None:
    """None of them needs a network."""
    ran = only(*arguments, "--as-of", "2025-01-10")
    assert (ran.code, ran.err) == (0, "")
    assert words in ran.out


def test_its_documents(only: Cli) -> None:
    """No tasks in the schedule, no paths; it ends when it begins."""
    schedule = json.loads(only("schedule", "--format", "json").out)
    assert (schedule["tasks"], schedule["plans"][0]["finish"]) == ([], "2025-01-01")
    critical = json.loads(only("critical", "--format", "json").out)
    assert (critical["paths"], critical["length"]) == ([], 0)


@pytest.mark.parametrize("start", ["2025-01-01", "2025-01-02"])
def test_a_comparison_says_that_there_is_no_critical_path(only: Cli, start: str) -> None:
    """A path of no days to the day on which the plan starts is none, also where that day changed."""
    Path("new.toml").write_text(
        ONLY.replace("every Monday", "every Friday").replace("start = 2025-01-01", f"start = {start}"), encoding="utf-8"
    )

    lines = only("diff", "plan.toml", "new.toml", "--as-of", "2025-01-10", "--format", "plain").out.splitlines()

    at = lines.index("The critical path, as planned")
    assert lines[at + 1] == "Everything in “only” comes again and stands outside the network: see cdsplan status"
    assert not any("working day" in line or "length" in line for line in lines)


def test_a_comparison_with_a_plan_that_has_a_network_compares_with_none(only: Cli) -> None:
    """A task of three days from Wednesday, 1 January, ends on Friday: before there was no length, and no last day."""
    Path("new.toml").write_text(ONLY + '[tasks.once]\ntitle = "Once"\nduration = "3d"\n', encoding="utf-8")

    lines = only("diff", "plan.toml", "new.toml", "--as-of", "2025-01-01", "--format", "plain").out.splitlines()

    at = lines.index("The critical path, as planned")
    assert [line.split()[-2:] for line in lines[at:] if "length" in line] == [["–", "3"]]
    assert [line.split()[-4:] for line in lines[at:] if "last day" in line] == [["–", "3", "Jan", "2025"]]


def test_a_comparison_tells_of_rules_that_changed(only: Cli) -> None:
    """Another rule, another end; a task that comes again no more; what the journal tells of occurrences is not one."""
    Path("new.toml").write_text(
        ONLY.replace('"every Monday"', '"every Friday"\nuntil = 2025-12-31')
        + '[tasks.yearly]\ntitle = "Yearly report"\nrepeat = "yearly"\n',
        encoding="utf-8",
    )
    only("done", "weekly@2025-01-06", "--on", "2025-01-06", "--as-of", "2025-01-07")
    ran = only("diff", "plan.toml", "new.toml", "--as-of", "2025-01-10", "--format", "json")
    assert ran.code == 0
    (plan,) = json.loads(ran.out)["plans"]
    assert [(task["id"], task["due"]) for task in plan["added"]] == [("yearly", None)]
    (change,) = plan["changed"]
    assert change["settings"] == [
        {"key": "repeat", "before": "every Monday", "after": "every Friday"},
        {"key": "until", "before": None, "after": "2025-12-31"},
    ]
    assert change["progress"] is None
    assert plan["milestones"] == []
    once = ONLY.replace('repeat = "every Monday"', "due = 2025-03-03")
    Path("new.toml").write_text(once, encoding="utf-8")
    (plan,) = json.loads(only("diff", "plan.toml", "new.toml", "--as-of", "2025-01-10", "--format", "json").out)[
        "plans"
    ]
    (change,) = plan["changed"]
    assert (change["due"]["before"], change["due"]["after"]["last"]) == (None, "2025-03-03")


def test_a_task_that_comes_to_repeat_is_not_compared_with_one_of_its_times(only: Cli) -> None:
    """It was reported and moved as one task; the decision that held for it is gone, and its times are its own."""
    Path("old.toml").write_text(ONLY.replace('repeat = "every Monday"', "due = 2025-01-13"), encoding="utf-8")
    only("start", "weekly", "-p", "old.toml", "--on", "2025-01-06", "--as-of", "2025-01-07")
    only(
        "extend", "weekly", "-p", "old.toml", "--due", "2025-01-20", "--document", "1/UB", "--on", "2025-01-06",
        "--as-of", "2025-01-07",
    )  # fmt: skip
    for versions, gone, decided in (
        (("old.toml", "plan.toml"), ["1/UB"], []),
        (("plan.toml", "old.toml"), [], ["1/UB"]),
    ):
        ran = only("diff", *versions, "--as-of", "2025-01-10", "--format", "json")
        (change,) = json.loads(ran.out)["plans"][0]["changed"]
        assert [each["document"] for each in change["extensions"]["removed"]] == gone
        assert [each["document"] for each in change["extensions"]["added"]] == decided
        assert change["progress"] is None


def test_an_audit_measures_the_network_alone(only: Cli) -> None:
    """Of a plan in which everything comes again there is nothing to measure."""
    ran = only("audit", "--as-of", "2025-01-10", "--format", "json")
    assert (ran.code, json.loads(ran.out)["plans"][0]["tasks"]) == (0, 0)


@pytest.mark.parametrize("command", ["status", "missing", "trend", "check"])
def test_what_is_limited_to_agencies_says_which_of_them_have_ceased(here: Cli, command: str) -> None:
    """From the day on which Sở TT&TT ceased; a day before nothing of it is said."""

    def told(as_of: str, *agencies: str) -> str:
        named = [word for agency in agencies for word in ("--agency", agency)]
        return here(command, *named, "--as-of", as_of).out

    who = "“so-tttt”" if command == "check" else "Sở TT&TT"
    by = "“so-khcn”" if command == "check" else "Sở KH&CN"
    gone = f"{who} đã kết thúc hoạt động từ ngày 01/3/2025; {by} tiếp nhận những việc chưa xong.\n"
    assert gone in told("2025-03-01", "so-tttt")
    assert gone in told("2025-03-01", "so-yt", "so-tttt")
    for silent in (told("2025-02-28", "so-tttt"), told("2025-03-01", "so-khcn"), told("2025-03-01")):
        assert "kết thúc hoạt động" not in silent


def test_what_is_limited_to_many_agencies_names_some_of_them(here: Cli) -> None:
    """Six are named, seven are counted; whoever ceased without a successor is named as such."""
    more = "".join(f'[agencies.a{n}]\nname = "A{n}"\n{"ceased = 2025-02-01" if n == 3 else ""}\n' for n in range(1, 8))
    Path("plan.toml").write_text(GOOD.read_text("utf-8") + more, "utf-8")

    def told(number: int) -> list[str]:
        named = [word for n in range(1, number + 1) for word in ("--agency", f"a{n}")]
        return here("status", *named, "--as-of", "2025-03-01", "--lang", "en", "--format", "plain").out.split("\n")

    assert told(6)[2:4] == [
        "Only of: A1, A2, A3, A4, A5, A6",
        "A3 ceased on 1 Feb 2025, and nobody is named as its successor.",
    ]
    assert told(7)[2] == "Only of 7 agencies"
