"""Journals that tell of days that cannot be, or that are no files: told, never silent, never waited for."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime, timedelta
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from invoke import Cli, in_process

from cdsplan.journal.ahead import ahead, how_many, not_come
from cdsplan.journal.order import disordered
from cdsplan.journal.reader import read as read_journal
from cdsplan.plan.reader import read
from cdsplan.plan.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cdsplan.journal.model import Journal

posix = pytest.mark.skipif(os.name != "posix", reason="links and pipes as POSIX has them")

PLAN = """
[plan]
id = "survey"
title = "Survey"
start = 2021-08-23
timezone = "Asia/Ho_Chi_Minh"
language = "en"
[agencies]
a = { name = "Agency A" }
b = { name = "Agency B" }
c = { name = "Agency C" }
[tasks.survey]
title = "The survey"
each = ["a", "b", "c"]
due = 2021-09-30
[tasks.summary]
title = "The summary"
owner = "a"
"""
AS_OF = ("--as-of", "2021-10-18")
JOURNAL = Path("plan.journal.toml")
NOW = datetime(2021, 10, 18, 2, 0, tzinfo=UTC)


def entry(name: str, at: str, on: str, rest: str = 'task = "survey", agency = "a", kind = "done"') -> str:
    """Write a line of a journal."""
    return f"{name} = {{ at = {at}T09:00:00+07:00, on = {on}, {rest} }}\n"


EARLY = entry("early", "2021-09-29", "2031-09-28")
FUTURE = entry("future", "2199-12-31", "2021-09-28")


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """Run in a folder that holds the plan, at nine in the morning of 18 October 2021."""
    (tmp_path / "plan.toml").write_text(PLAN, "utf-8")
    monkeypatch.setattr("cdsplan.cli.frame.today", lambda _plans: NOW.date())
    monkeypatch.setattr("cdsplan.cli.reporting.now", lambda _plan: NOW)
    monkeypatch.setattr("cdsplan.cli.undo.now", lambda _plan: NOW)
    with in_process(capsys, monkeypatch, tmp_path) as made:
        yield made


def journal(*lines: str) -> Journal:
    """Read a journal of these lines."""
    return read_journal("".join(lines).encode(), "j", read(PLAN.encode(), "p"), max_bytes=99_999)


# ------------------------------------------------------------------------------------------ days that have not come


@pytest.mark.parametrize(
    ("line", "as_of", "found"),
    [
        (EARLY, "2021-10-18", ["early"]),
        (EARLY, "2031-09-27", ["early"]),
        (EARLY, "2031-09-28", []),  # it has come
        (entry("e", "2022-03-01", "2022-03-01"), "2021-10-18", []),  # a look back
        (entry("e", "2022-03-01", "2022-03-02"), "2021-10-18", ["e"]),
        (EARLY + entry("v", "2021-09-30", "2031-09-28", 'kind = "void", of = "early"'), "2021-10-18", []),
        (entry("e", "2021-09-29", "2031-09-28", 'task = "gone", kind = "done"'), "2021-10-18", []),  # told by CDS215
    ],
)
def test_what_had_not_come_when_it_was_written_down_is_ahead(line: str, as_of: str, found: list[str]) -> None:
    """A look back makes no entry one of these, and what was taken back is settled."""
    assert [each.id for each in not_come(journal(line), date.fromisoformat(as_of))] == found


@pytest.mark.parametrize(("days", "found"), [(0, {"e"}), (1, set()), (2, set())])
def test_a_clock_may_differ_by_a_day(days: int, found: set[str]) -> None:
    """Written down in two days it was not; tomorrow it may be elsewhere."""
    read_ = journal(entry("e", "2021-10-20", "2021-10-18"))
    assert set(ahead(read_, NOW.date(), NOW.date() + timedelta(days))) == found


def test_without_a_clock_nothing_is_written_ahead() -> None:
    """`date.max` stands for a day that nobody knows."""
    assert ahead(journal(FUTURE), NOW.date(), date.max) == {}


def test_entries_ahead_have_their_places(cli: Cli) -> None:
    """Line, column and value, among comments and ids in quotes; an id in escapes has none."""
    JOURNAL.write_text("# one\n\n" + EARLY.replace("early", '"early"') + FUTURE + EARLY.replace("early", '"\\u0065"'))
    found = json.loads(cli("journal", "check", *AS_OF, "--format", "json").out)["journals"][0]["ahead"]
    assert [(each["rule"], each["line"], each["column"], each["message"]) for each in found] == [
        ("CDS218", 3, 50, "“survey”: 28 Sep 2031 has not come, so this entry counts nowhere yet"),
        ("CDS218", 4, 17, "this entry says that it was written down on 31 Dec 2199, which has not come"),
        ("CDS218", None, None, "“survey”: 28 Sep 2031 has not come, so this entry counts nowhere yet"),
    ]


class CountedReads(Source):
    """The text of a file that counts how often it is gone to."""

    reads = 0

    def __getattribute__(self, name: str) -> object:
        """Count what is asked for by the name of the text."""
        if name == "text":
            CountedReads.reads += 1
        return super().__getattribute__(name)


def reads(read_: Journal, look: Callable[[Journal, date, date], object]) -> int:
    """Count how often a look at what is ahead goes to the text of a journal."""
    source = read_.source
    assert source is not None
    read_ = read_._replace(source=CountedReads(source.file, source.text))
    CountedReads.reads = 0
    look(read_, NOW.date(), NOW.date())
    return CountedReads.reads


def test_a_wrong_clock_costs_one_pass_over_the_file() -> None:
    """Every entry may be ahead: were each looked for from the top, a thousand would be half a million lines."""
    few, many = (journal(*(FUTURE.replace("future", f"f{at}") for at in range(number))) for number in (2, 60))
    assert len(ahead(many, NOW.date(), NOW.date())) == 60
    assert reads(few, ahead) == reads(many, ahead) > 0


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ((), 0),
        ((EARLY,), 1),
        ((EARLY, FUTURE), 2),
        ((entry("both", "2031-09-01", "2031-09-28"),), 1),  # of a day that has not come, and written down on one
        ((FUTURE, entry("v", "2021-09-30", "2021-09-30", 'kind = "void", of = "future"')), 0),
    ],
)
def test_they_are_counted_without_a_look_at_the_file(lines: tuple[str, ...], found: int) -> None:
    """Each once, whatever is wrong with it; a report that is recorded says no more than how many there are."""
    read_ = journal(*lines)
    assert how_many(read_, NOW.date(), NOW.date()) == len(ahead(read_, NOW.date(), NOW.date())) == found
    assert reads(read_, how_many) == 0


def test_journal_check_names_them_and_counts_them(cli: Cli) -> None:
    """Nothing is wrong with the file, so it reads."""
    JOURNAL.write_text(EARLY + FUTURE)
    ran = cli("journal", "check", *AS_OF)
    assert ran.code == 0
    assert "plan.journal.toml:1:48: warning CDS218" in ran.out
    assert "= hint: mend “on” in its line, or take it back: cdsplan undo --entry early" in ran.out
    assert ran.out.endswith("plan.journal.toml: reads; 2 entries, 2 of days that have not come\n")


def test_check_warns_of_them(cli: Cli) -> None:
    """It does not fail on them."""
    JOURNAL.write_text(EARLY + FUTURE)
    ran = cli("check", *AS_OF, "--select", "CDS218", "--format", "concise")
    assert ran.code == 0
    assert ran.out.count("warning CDS218") == 2


def test_a_check_of_one_agency_leaves_them_out(cli: Cli) -> None:
    """They are about the journal, which is nobody's own."""
    JOURNAL.write_text(EARLY)
    assert "CDS218" not in cli("check", *AS_OF, "--select", "CDS218", "--agency", "b", "--format", "concise").out


def test_log_says_what_it_does_not_list(cli: Cli) -> None:
    """By the same choice of task and agency."""
    JOURNAL.write_text(EARLY + entry("b", "2021-09-29", "2022-01-01", 'task = "survey", agency = "b", kind = "done"'))
    assert cli("log", *AS_OF).out.endswith("Nothing is recorded.\n2 entries of later days are not listed.\n")
    assert cli("log", *AS_OF, "--agency", "a").out.endswith("1 entry of a later day is not listed.\n")
    assert "not listed" not in cli("log", *AS_OF, "--agency", "c").out


@pytest.mark.parametrize("form", ["table", "plain"])
def test_status_says_how_many_entries_do_not_count(cli: Cli, form: str) -> None:
    """Those that the plan no longer has, and those of days that have not come."""
    words = "1 entry of the journal does not count; see why: cdsplan journal check"
    JOURNAL.write_text(EARLY)
    assert words in cli("status", *AS_OF, "--format", form).out
    JOURNAL.write_text(EARLY + EARLY.replace("survey", "gone").replace("early", "gone"))
    assert "2 entries of the journal do not count" in cli("status", *AS_OF, "--format", form).out
    JOURNAL.write_text(FUTURE)
    assert "the journal" not in cli("status", *AS_OF, "--format", form).out


def test_who_records_is_told_of_them(cli: Cli) -> None:
    """What was recorded stands all the same."""
    JOURNAL.write_text(EARLY)
    ran = cli("done", "survey", "--agency", "b", "--on", "1/10/2021", *AS_OF)
    assert ran.code == 0
    assert ran.out.endswith(
        "Please check: 1 entry of the journal is of a day that has not come; see: cdsplan journal check\n"
    )


def test_a_time_of_writing_that_cannot_be_meant_does_not_spread(cli: Cli) -> None:
    """What is recorded after it is written down now, and reads; the last one recorded is the one that is undone."""
    JOURNAL.write_text(FUTURE)
    assert cli("done", "survey", "--agency", "b", "--on", "30/9/2021", *AS_OF).code == 0
    assert cli("done", "survey", "--agency", "c", "--on", "30/9/2021", *AS_OF).code == 0
    written = JOURNAL.read_text().splitlines()
    assert [line.split("at = ")[1].split(",")[0] for line in written[1:]] == [
        "2021-10-18T02:00:00+00:00",
        "2021-10-18T02:00:00.001+00:00",
    ]
    assert cli("journal", "check", *AS_OF).out.endswith("reads; 3 entries, 1 of a day that has not come\n")
    assert cli("undo", *AS_OF).code == 0
    assert f'of = "{written[2].split()[0]}"' in JOURNAL.read_text().splitlines()[3]


# ------------------------------------------------------------------------------------------ done before it was started

BEGUN = 'task = "summary", kind = "started"'
DONE = 'task = "summary", kind = "done"'
OF_A = 'task = "survey", agency = "a", kind = '
STARTED = entry("s", "2021-10-08", "2021-10-08", BEGUN)
DELIVERED = entry("d", "2021-10-09", "2021-10-07", DONE)
AGAIN = entry("d2", "2021-10-10", "2021-10-10", DONE)


@pytest.mark.parametrize(
    ("line", "as_of", "words"),
    [
        (STARTED + DELIVERED, "2021-10-18", "“summary” is done on 7 Oct 2021, before it was started on 8 Oct 2021"),
        (STARTED + DELIVERED + AGAIN, "2021-10-18", "“summary” is done on 7 Oct 2021, before it was started on"),
        (STARTED + DELIVERED, "2021-10-07", None),  # the start lies ahead
        (STARTED + AGAIN, "2021-10-18", None),
        (STARTED + entry("d", "2021-10-08", "2021-10-08", DONE), "2021-10-18", None),  # on one day
        (STARTED + DELIVERED + entry("v", "2021-10-10", "2021-10-10", 'kind = "void", of = "s"'), "2021-10-18", None),
        (DELIVERED + entry("r", "2021-10-07", "2021-10-07", 'task = "summary", kind = "reopened"'), "2021-10-18", None),
        (
            entry("d", "2021-10-04", "2021-10-04", DONE)
            + entry("r", "2021-10-05", "2021-10-05", 'task = "summary", kind = "reopened"')
            + STARTED,
            "2021-10-18",
            None,
        ),
        (
            entry("p", "2021-10-08", "2021-10-08", 'task = "summary", kind = "progress", percent = 40') + DELIVERED,
            "2021-10-18",
            "“summary” is done on 7 Oct 2021, before 40% of it were done on 8 Oct 2021",
        ),
        (
            entry("p", "2021-10-08", "2021-10-08", 'task = "summary", kind = "progress", percent = 100') + DELIVERED,
            "2021-10-18",
            None,
        ),
        (
            entry("d", "2021-10-01", "2021-10-01", f'{OF_A}"done"')
            + entry("s", "2021-10-02", "2021-10-02", f'{OF_A}"started"'),
            "2021-10-18",
            "“survey (Agency A)” is done on 1 Oct 2021, before it was started on 2 Oct 2021",
        ),
        (
            entry("d", "2021-10-01", "2021-10-01", f'{OF_A}"done"')
            + entry("s", "2021-10-02", "2021-10-02", 'task = "survey", agency = "b", kind = "started"'),
            "2021-10-18",
            None,
        ),
        (
            entry("d", "2021-10-01", "2021-10-01", f'{OF_A}"done"')
            + entry("r", "2021-10-02", "2021-10-02", 'task = "survey", kind = "reopened"')
            + entry("s", "2021-10-03", "2021-10-03", f'{OF_A}"started"'),
            "2021-10-18",
            None,
        ),
        (  # called off and on again, the delivery stands
            entry("d", "2021-10-01", "2021-10-01", f'{OF_A}"done"')
            + entry("c", "2021-10-02", "2021-10-02", 'task = "survey", kind = "cancelled"')
            + entry("r", "2021-10-03", "2021-10-03", 'task = "survey", kind = "reopened"')
            + entry("s", "2021-10-04", "2021-10-04", f'{OF_A}"started"'),
            "2021-10-18",
            "“survey (Agency A)” is done on 1 Oct 2021, before it was started on 4 Oct 2021",
        ),
    ],
)
def test_what_is_done_before_its_own_start_is_named(line: str, as_of: str, words: str | None) -> None:
    """By the entries that count on the day, of the delivery that stands; each agency for itself."""
    plan = read(PLAN.encode(), "p")
    found = disordered(plan, journal(line), date.fromisoformat(as_of))
    assert [str(problem.message).startswith(words or "?") for problem in found.values()] == ([True] if words else [])


def test_a_start_of_the_plan_s_file_counts_too() -> None:
    """The file says that it began on the 8th, the journal that it was done on the 7th."""
    plan = read(f"{PLAN}started = 2021-10-08\n".encode(), "p")
    (problem,) = disordered(plan, journal(DELIVERED), NOW.date()).values()
    assert str(problem.message) == "“summary” is done on 7 Oct 2021, before it was started on 8 Oct 2021"


def test_journal_check_and_check_tell_of_it(cli: Cli) -> None:
    """Both have its place and a way out, and neither fails."""
    JOURNAL.write_text(STARTED + DELIVERED)
    ran, checked = cli("journal", "check", *AS_OF), cli("check", *AS_OF, "--select", "CDS219", "--format", "concise")
    data = json.loads(cli("journal", "check", *AS_OF, "--format", "json").out)["journals"][0]
    assert (ran.code, checked.code) == (0, 0)
    assert "plan.journal.toml:2:44: warning CDS219: “summary” is done on 7 Oct 2021" in ran.out
    assert "or take this entry back: cdsplan undo --entry d\n" in ran.out
    assert ran.out.endswith("plan.journal.toml: reads; 2 entries, 1 done before its start\n")
    assert checked.out.count("warning CDS219") == 1
    assert [each["rule"] for each in data["done_before_start"]] == ["CDS219"]
    assert "CDS219" not in cli("check", *AS_OF, "--select", "CDS219", "--agency", "b", "--format", "concise").out


# ------------------------------------------------------------------------------------------------- what is no file


@posix
@pytest.mark.parametrize("command", [("status",), ("journal", "check"), ("journal", "repair"), ("undo",)])
def test_a_pipe_in_place_of_a_journal_is_refused(cli: Cli, command: tuple[str, ...]) -> None:
    """Nobody waits for whoever might write into it."""
    os.mkfifo(JOURNAL)
    ran = cli(*command)
    assert (ran.code, "something that is no file has this name" in ran.err) == (2, True)


def test_a_folder_in_place_of_a_journal_is_refused(cli: Cli) -> None:
    """As one in place of a plan is."""
    JOURNAL.mkdir()
    ran = cli("status")
    assert (ran.code, "plan.journal.toml: this is a folder" in ran.err) == (2, True)


@posix
def test_a_link_that_leads_to_nothing_is_no_missing_journal(cli: Cli) -> None:
    """What was recorded lies elsewhere, and would look as if it had never been."""
    JOURNAL.symlink_to("elsewhere.toml")
    ran = cli("status")
    assert (ran.code, "this symbolic link leads to nothing" in ran.err) == (2, True)


@posix
def test_a_plan_has_one_journal_by_whatever_name_it_is_opened(cli: Cli) -> None:
    """A link to the plan, in another folder and of another name, leads to the journal beside the file."""
    Path("link").mkdir()
    Path("link", "p.toml").symlink_to(Path("..", "plan.toml"))
    assert cli("done", "survey", "--agency", "b", "--on", "30/9/2021", *AS_OF, "-p", "link/p.toml").code == 0
    assert [path.name for path in Path("link").iterdir()] == ["p.toml"]
    assert cli("status", *AS_OF, "link/p.toml").out == cli("status", *AS_OF, "plan.toml").out
    assert "received 1/3" in cli("status", *AS_OF).out


@pytest.mark.parametrize("command", [("journal", "check"), ("journal", "repair"), ("undo",)])
def test_a_plan_from_standard_input_has_no_journal(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """So there is nothing to look after, which is no success."""
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(PLAN.encode())))
    ran = cli(*command, "-p", "-", "--lang", "en")
    assert (ran.code, ran.out) == (2, "")
    assert "a plan from standard input has no journal" in ran.err


def test_garbage_at_the_end_is_no_delivery(cli: Cli) -> None:
    """Nobody is told to record what does not show."""
    JOURNAL.write_bytes(FUTURE.encode() + b"\0\0\0")
    out = cli("journal", "repair").out
    assert "it does not show what it was about: see in cdsplan log" in out
    assert "cdsplan done" not in out


# --------------------------------------------------------------------------------------------------- plans renamed


def test_the_journal_that_a_renamed_plan_left_behind_is_named(cli: Cli) -> None:
    """Only where the plan has none, and only those whose plans are not there."""
    JOURNAL.write_text(EARLY)
    Path("plan.toml").rename("new.toml")
    Path("other.toml").write_text(PLAN.replace("survey", "other"), "utf-8")
    Path("other.journal.toml").write_text("", "utf-8")
    left = "plan.journal.toml: no plan lies beside it; if its plan was renamed, rename it to new.journal.toml"
    assert cli("journal", "check", "new.toml").out == f"new.journal.toml: nothing is recorded yet\n{left}\n"
    assert left not in cli("journal", "check", "other.toml").out
    ran = cli("journal", "check", "new.toml", "other.toml", "--format", "json")
    assert [each["without_plan"] for each in json.loads(ran.out)["journals"]] == [["plan.journal.toml"], []]
    seen = (
        "plan.journal.toml has no plan beside it and does not count; was the plan renamed? See: cdsplan journal check"
    )
    assert seen in " ".join(cli("status", "new.toml", *AS_OF).out.split())
    assert "journal" not in cli("status", "other.toml", *AS_OF).out


def test_a_folder_that_may_not_be_listed_tells_of_no_other_journals(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its plan may be read all the same."""

    def refuse(_folder: str) -> list[str]:
        raise PermissionError

    monkeypatch.setattr("cdsplan.cli.journals.os.listdir", refuse)
    assert cli("journal", "check", "plan.toml").out == "plan.journal.toml: nothing is recorded yet\n"
