"""The command `diff`: files and git revisions, what people and programs read, and what makes it fail."""

from __future__ import annotations

import os
import shutil
import subprocess
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest
from invoke import ROOT, Cli, in_process
from test_data import documented
from test_difference import PLAN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Golden

MOVED = PLAN.replace("due = 2026-03-24", "due = 2026-03-31")
UNMARKED = MOVED.replace("due = 2026-03-25, milestone = true", "due = 2026-03-25")
DAY = ("--as-of", "2026-03-02")


class Repository:
    """A scratch git repository, without anybody's own settings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "--quiet", "--initial-branch=main", ".")

    def git(self, *arguments: str) -> str:
        """Run git."""
        settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        people = {f"GIT_{who}_{what}": "t@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        ran = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env=inherited | settings | people,
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        return ran.stdout.strip()

    def commit(self, **files: str | None) -> str:
        """Commit plans by their names, `plans/NAME.toml`; None removes one. Give the commit."""
        for name, text in files.items():
            path = self.folder / "plans" / f"{name}.toml"
            path.parent.mkdir(exist_ok=True)
            if text is None:
                path.unlink()
            else:
                path.write_text(text, "utf-8")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "m")
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cli]:
    """Run in an empty folder that is in no repository."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with in_process(capsys, monkeypatch, tmp_path) as made:
        yield made


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Make three commits: the plan; a milestone's deadline moved by a week; another milestone unmarked."""
    made = Repository(tmp_path)
    for text in (PLAN, MOVED, UNMARKED):
        made.commit(hall=text)
    return made


def compared(cli: Cli, *arguments: str) -> dict[str, Any]:
    """Compare, and give the one plan's difference."""
    ran = cli("diff", *arguments, *DAY, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    (plan,) = documented(ran.out)["plans"]
    return dict(plan)


# ---------------------------------------------------------------------------------------------------- What is compared


def test_two_files(cli: Cli, tmp_path: Path) -> None:
    """Files are compared as they are, without any repository."""
    (tmp_path / "old.toml").write_text(PLAN, "utf-8")
    (tmp_path / "new.toml").write_text(MOVED, "utf-8")
    made = compared(cli, "old.toml", "new.toml")
    assert (made["before"]["path"], made["after"]["path"]) == ("old.toml", "new.toml")
    assert made["moved_milestones"] == ["open"]


@pytest.mark.parametrize(
    ("arguments", "names", "moved", "removed"),
    [
        (["HEAD~2", "HEAD"], ("HEAD~2", "HEAD"), ["open"], ["build"]),
        (["HEAD~2.."], ("HEAD~2", "HEAD"), ["open"], ["build"]),
        (["HEAD~2..HEAD~1"], ("HEAD~2", "HEAD~1"), ["open"], []),
        (["..HEAD~1"], ("HEAD", "HEAD~1"), [], []),
        (["main~1", "main"], ("main~1", "main"), [], ["build"]),
        (["HEAD~1", "HEAD", "-p", "plans/hall.toml"], ("HEAD~1", "HEAD"), [], ["build"]),
    ],
)
def test_revisions(
    cli: Cli, repository: Repository, arguments: list[str], names: tuple[str, str], moved: list[str], removed: list[str]
) -> None:
    """Two revisions, or a range as git writes it; the plans are found, or named with -p."""
    del repository
    made = compared(cli, *arguments)
    assert [made[side]["path"] for side in ("before", "after")] == [f"{name}:plans/hall.toml" for name in names]
    assert (made["moved_milestones"], made["removed_milestones"]) == (moved, removed)


def test_three_dots_begin_where_the_branch_left(cli: Cli, repository: Repository) -> None:
    """What main did meanwhile is no change of the branch."""
    repository.git("checkout", "--quiet", "-b", "branch", "HEAD~1")
    repository.commit(hall=MOVED.replace('"3d"', '"4d"'))
    made = compared(cli, "main...branch")
    assert made["before"]["path"] == f"{repository.git('rev-parse', 'HEAD~1')[:12]}:plans/hall.toml"
    assert [change["id"] for change in made["changed"]] == ["paint"]
    assert [change["id"] for change in compared(cli, "main...")["changed"]] == ["paint"]


def test_a_revision_alone_is_compared_with_the_files(cli: Cli, repository: Repository, tmp_path: Path) -> None:
    """What is not committed counts."""
    (tmp_path / "plans" / "hall.toml").write_text(PLAN, "utf-8")
    made = compared(cli, "HEAD")
    assert (made["before"]["path"], made["after"]["path"]) == ("HEAD:plans/hall.toml", "plans/hall.toml")
    assert [(change["id"], change["milestone"]) for change in made["changed"]] == [("build", True), ("open", True)]
    del repository


@pytest.mark.parametrize(
    ("arguments", "paths"),
    [
        (["HEAD~1", "plans/hall.toml"], ("HEAD~1:plans/hall.toml", "plans/hall.toml")),
        (["plans/hall.toml", "HEAD~1"], ("plans/hall.toml", "HEAD~1:plans/hall.toml")),
        (["HEAD~1:plans/hall.toml", "plans/hall.toml"], ("HEAD~1:plans/hall.toml", "plans/hall.toml")),
        (["HEAD~1:plans/hall.toml", "HEAD:plans/hall.toml"], ("HEAD~1:plans/hall.toml", "HEAD:plans/hall.toml")),
        (["HEAD~1:plans/hall.toml", "HEAD"], ("HEAD~1:plans/hall.toml", "HEAD:plans/hall.toml")),
    ],
)
def test_a_file_and_a_revision(cli: Cli, repository: Repository, arguments: list[str], paths: tuple[str, str]) -> None:
    """Where one side is a file, the other one is the same file; both may be REV:PATH."""
    del repository
    made = compared(cli, *arguments)
    assert (made["before"]["path"], made["after"]["path"]) == paths
    assert [change["id"] for change in made["changed"]] == ["build"]


def test_from_a_folder_inside(
    cli: Cli, repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path counts from here, as it is shown; REV:PATH counts from the top, REV:./PATH from here."""
    del repository
    (tmp_path / "docs").mkdir()
    monkeypatch.chdir(tmp_path / "docs")
    plan = tmp_path / "plans" / "hall.toml"
    for arguments in (["HEAD~1.."], ["HEAD~1..", "-p", "../plans/hall.toml"], ["HEAD~1..", "-p", str(plan)]):
        assert compared(cli, *arguments)["removed_milestones"] == ["build"]
    monkeypatch.chdir(tmp_path / "plans")
    for old in ("HEAD~1:plans/hall.toml", "HEAD~1:./hall.toml"):
        assert compared(cli, old, "hall.toml")["removed_milestones"] == ["build"]


def test_a_hook_s_repository_is_not_asked(
    cli: Cli, repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What git tells its hooks of another repository does not lead astray."""
    del repository
    other = tmp_path / "other"
    other.mkdir()
    Repository(other)
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git" / "index"))
    assert compared(cli, "HEAD~1..")["removed_milestones"] == ["build"]


def test_plans_that_come_and_go(cli: Cli, repository: Repository) -> None:
    """Of several plans one is new and one is gone: neither is an error, and what is gone lost its milestones."""
    other = PLAN.replace('"hall"', '"fair"')
    repository.commit(fair=other)
    repository.commit(fair=None, club=PLAN.replace('"hall"', '"club"'))
    ran = cli("diff", "HEAD~1..", *DAY, "--format", "json", "--fail-on", "removed-milestone")
    document = documented(ran.out)
    assert (ran.code, document["failed"]) == (1, True)
    assert {
        (each["before"] and each["before"]["id"], each["after"] and each["after"]["id"]): each["removed_milestones"]
        for each in document["plans"]
    } == {("hall", "hall"): [], (None, "club"): [], ("fair", None): ["build", "open"]}
    text = cli("diff", "HEAD~1..", *DAY, "--format", "plain").out
    assert "The plan is new: 4 tasks, 2 milestones." in text
    assert "The plan is gone: 4 tasks, 2 milestones." in text


def test_all_plans_gone_from_disk(cli: Cli, repository: Repository, tmp_path: Path) -> None:
    """Where no plan is left, those of the revision are found."""
    del repository
    shutil.rmtree(tmp_path / "plans")
    made = compared(cli, "HEAD")
    assert (made["before"]["path"], made["after"]) == ("HEAD:plans/hall.toml", None)
    named = compared(cli, "HEAD~1", "HEAD", "-p", "plans/hall.toml")
    assert named["removed_milestones"] == ["build"]


def test_journals_are_no_plans(cli: Cli, repository: Repository) -> None:
    """A journal beside a plan is not compared as one."""
    repository.commit(**{"hall.journal": "# nothing yet\n"})
    assert compared(cli, "HEAD~1..")["before"]["id"] == "hall"


def test_the_environment_names_the_plan(
    cli: Cli, repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CDSPLAN_PLAN counts, as everywhere."""
    repository.commit(fair=PLAN.replace('"hall"', '"fair"'))
    monkeypatch.setenv("CDSPLAN_PLAN", str(tmp_path / "plans" / "hall.toml"))
    assert compared(cli, "HEAD~3..")["before"]["id"] == "hall"


# ------------------------------------------------------------------------------------------------------------- Refusals


def test_no_repository(cli: Cli, tmp_path: Path) -> None:
    """Outside a repository there are no revisions; two files are the way out."""
    (tmp_path / "plan.toml").write_text(PLAN, "utf-8")
    ran = cli("diff", "HEAD~1..")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == dedent(f"""\
        error CDS101: {tmp_path}: this is no git repository
           = hint: name two files: cdsplan diff OLD.toml NEW.toml
        1 error
        """)


def test_a_repository_of_another_user(
    cli: Cli, repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Containers of CI services often run as somebody else than checked out: git refuses, and there is a way."""
    del repository
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    ran = cli("diff", "HEAD~1..")
    assert ran.code == 2
    assert f"{tmp_path}: git does not read a repository that belongs to another user" in ran.err
    assert f"git config --global --add safe.directory {tmp_path}" in ran.err


@pytest.mark.parametrize("words", ["nowhere", "x" * 5000, "HEAD~9", "--upload-pack=x", "HEAD:", "x\x1b[31my"])
def test_an_unknown_revision(cli: Cli, repository: Repository, words: str) -> None:
    """It is named, on either side; nothing that begins with a hyphen reaches git."""
    del repository
    for arguments in ([words, "HEAD"], ["HEAD", words]):
        ran = cli("diff", "-p", "plans/hall.toml", "--", *arguments)
        assert ran.code == 2
        assert "git knows no revision “" in ran.err
        assert "\x1b" not in ran.err


def test_a_shallow_clone_says_so(
    cli: Cli, repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In CI the usual reason is that only the last commit was fetched."""
    repository.git("clone", "--quiet", "--depth=1", tmp_path.as_uri(), "shallow")
    monkeypatch.chdir(tmp_path / "shallow")
    ran = cli("diff", "HEAD~1..")
    assert (ran.code, "fetch-depth: 0 on GitHub" in ran.err) == (2, True)


def test_histories_without_a_common_commit(cli: Cli, repository: Repository) -> None:
    """Three dots need one."""
    repository.git("checkout", "--quiet", "--orphan", "other")
    repository.commit(hall=UNMARKED)
    ran = cli("diff", "main...other")
    assert (ran.code, "main and other have no common history" in ran.err) == (2, True)


def test_a_file_that_a_revision_lacks(cli: Cli, repository: Repository) -> None:
    """Who names a plan wants that plan: where a side lacks it, that is an error."""
    repository.commit(fair=PLAN.replace('"hall"', '"fair"'))
    ran = cli("diff", "HEAD~1", "HEAD", "-p", "plans/fair.toml")
    assert (ran.code, ran.out) == (2, "")
    assert "HEAD~1:plans/fair.toml: that revision has no such file" in ran.err
    ran = cli("diff", "HEAD", "-p", "plans/none.toml")
    assert "HEAD:plans/none.toml: that revision has no such file" in ran.err
    assert "plans/none.toml: there is no such file" in ran.err
    assert "HEAD:plans: that revision has no such file" in cli("diff", "HEAD:plans", "HEAD").err


def test_a_file_that_is_not_there(cli: Cli, tmp_path: Path) -> None:
    """What ends like a plan is a file that is missing, not a revision."""
    (tmp_path / "new.toml").write_text(PLAN, "utf-8")
    ran = cli("diff", "old.toml", "new.toml")
    assert (ran.code, "old.toml: there is no such file" in ran.err) == (2, True)


def test_versions_that_do_not_read(cli: Cli, repository: Repository, tmp_path: Path) -> None:
    """The problems of both sides are told at once, each at its place in its version."""
    broken = PLAN.replace('owner = "town"', 'owner = "twon"')
    repository.commit(hall=broken)
    (tmp_path / "plans" / "hall.toml").write_text(PLAN.replace('"10d"', '"10x"'), "utf-8")
    ran = cli("diff", "HEAD")
    assert ran.code == 2
    assert "HEAD:plans/hall.toml:13:36: error CDS107: there is no agency “twon”" in ran.err
    assert "\nplans/hall.toml:13:" in ran.err
    assert ran.err.rstrip().endswith("2 errors, 2 warnings")
    problems = documented(cli("diff", "HEAD", "--format", "json").out)["problems"]
    assert [(problem["file"], problem["line"]) for problem in problems if problem["severity"] == "error"] == [
        ("HEAD:plans/hall.toml", 13),
        ("plans/hall.toml", 13),
    ]


def test_a_version_that_is_too_large(cli: Cli, repository: Repository) -> None:
    """The limit holds for revisions too, and not more than it is read."""
    repository.commit(hall=PLAN + "#" * 3 * 1024 * 1024)
    ran = cli("diff", "HEAD~1..", "--max-size", "1")
    assert (ran.code, "HEAD:plans/hall.toml" in ran.err, "CDS101" in ran.err) == (2, True, True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Missing argument 'OLD'"),
        (["plan.toml"], "name two versions"),
        (["plan.toml", "plan.toml", "-p", "plan.toml"], "a file is named already"),
        (["plan.toml", "plan.toml", "--fail-on", "anything"], "'anything' is not one of"),
    ],
)
def test_wrong_usage(cli: Cli, tmp_path: Path, arguments: list[str], words: str) -> None:
    """It says what is missing."""
    (tmp_path / "plan.toml").write_text(PLAN, "utf-8")
    ran = cli("diff", *arguments)
    assert (ran.code, words in ran.err) == (2, True)


def test_without_git(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files can be compared all the same; a revision cannot."""
    (tmp_path / "plan.toml").write_text(PLAN, "utf-8")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert cli("diff", "plan.toml", "plan.toml", *DAY).code == 0
    ran = cli("diff", "HEAD")
    assert (ran.code, "git is not installed here" in ran.err) == (2, True)


def test_no_plan_at_all(cli: Cli, tmp_path: Path) -> None:
    """A repository without plans says how to begin one."""
    made = Repository(tmp_path)
    made.git("commit", "--quiet", "--allow-empty", "--message", "m")
    ran = cli("diff", "HEAD")
    assert (ran.code, "there is no plan here" in ran.err) == (2, True)


# ------------------------------------------------------------------------------------------------------------- Failing


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 0, []),
        (["--fail-on", "moved-milestone"], 1, ["1 milestone was moved silently: open", "Failed."]),
        (["--fail-on", "removed-milestone"], 1, ["1 milestone was removed: build", "Failed."]),
        (
            ["--fail-on", "moved-milestone", "--fail-on", "removed-milestone"],
            1,
            ["1 milestone was moved silently: open", "1 milestone was removed: build", "Failed."],
        ),
    ],
)
def test_what_it_fails_on(cli: Cli, repository: Repository, arguments: list[str], code: int, said: list[str]) -> None:
    """Exit 1 only where it was asked to, with the milestones that are the reason."""
    del repository
    ran = cli("diff", "HEAD~2..", *DAY, *arguments, "--format", "plain")
    assert ran.code == code
    assert ran.out.splitlines()[-len(said) :] == said or not said


def test_passed(cli: Cli, repository: Repository) -> None:
    """Where it was asked to fail and has no reason to, it says so."""
    del repository
    ran = cli("diff", "HEAD..", *DAY, "--fail-on", "moved-milestone")
    assert (ran.code, ran.out.splitlines()[-1]) == (0, "Passed.")


# --------------------------------------------------------------------------------------------------------- The journal

HALL = PLAN.replace('"3d", after', '"3d", due = 2026-03-20, after')
EXTENDED = (
    'x1 = { at = 2026-03-03T08:00:00+00:00, on = 2026-03-03, task = "open", kind = "extended", due = "2026-03-31", '
    'document = "12/UBND" }\n'
)
REPORTED = """\
r1 = { at = 2026-03-06T08:00:00+00:00, on = 2026-03-06, task = "prep", kind = "done" }
r2 = { at = 2026-03-10T08:00:00+00:00, on = 2026-03-09, task = "paint", agency = "art", kind = "done" }
r3 = { at = 2026-03-10T08:00:00+00:00, on = 2026-03-10, task = "build", kind = "progress", percent = 20 }
r4 = { at = 2026-03-10T08:00:01+00:00, on = 2026-03-10, task = "paint", agency = "science", kind = "extended", \
due = "2026-03-27", reason = "The roof" }
"""
ADOPTED = HALL.replace("due = 2026-03-24", "due = 2026-03-31").replace("due = 2026-03-25", "due = 2026-03-30")
LATER = ("--as-of", "2026-03-10")


@pytest.fixture
def journaled(tmp_path: Path) -> Repository:
    """Make three commits: the plan; decisions and reports in its journal; a plan that has one decision, and one not."""
    made = Repository(tmp_path)
    made.commit(hall=HALL)
    made.commit(**{"hall.journal": EXTENDED + REPORTED})
    made.commit(hall=ADOPTED)
    return made


@pytest.mark.parametrize(
    ("revisions", "moved", "extended", "code"),
    [
        ("HEAD~2..HEAD~1", [], ["open"], 0),  # the decision alone
        ("HEAD~1..HEAD", ["build"], ["open"], 1),  # known already, and now in the plan
        ("HEAD~2..HEAD", ["build"], ["open"], 1),
        ("HEAD..HEAD~2", ["build", "open"], [], 1),  # back to the old day, which no decision names
    ],
)
def test_each_version_is_judged_with_its_own_journal(
    cli: Cli, journaled: Repository, revisions: str, moved: list[str], extended: list[str], code: int
) -> None:
    """The gate is for what moves silently; a decision with its document passes it, in whichever commit it is."""
    del journaled
    ran = cli("diff", revisions, *LATER, "--format", "json", "--fail-on", "moved-milestone")
    (plan,) = documented(ran.out)["plans"]
    assert (ran.code, plan["moved_milestones"], plan["extended_milestones"]) == (code, moved, extended)


def test_who_allowed_it(cli: Cli, journaled: Repository) -> None:
    """Document and day of the decision stand beside the new deadline; a decision in force names whom it concerns."""
    del journaled
    ran = cli("diff", "HEAD~2..", *LATER, "--format", "json")
    changed = {change["id"]: change for change in documented(ran.out)["plans"][0]["changed"]}
    allowed = changed["open"]["due"]["extension"]
    assert (allowed["on"], allowed["due"]["last"], allowed["document"]) == ("2026-03-03", "2026-03-31", "12/UBND")
    assert changed["build"]["due"]["extension"] is changed["build"]["extensions"] is None
    (granted,) = changed["paint"]["extensions"]["added"]
    days = granted["on"], granted["before"]["last"], granted["due"]["last"]
    assert days == ("2026-03-10", "2026-03-20", "2026-03-27")
    assert (granted["document"], granted["reason"], granted["agency"]) == (None, "The roof", "science")
    progress = {task: change["progress"] and change["progress"]["after"] for task, change in changed.items()}
    assert (progress["prep"]["done_on"], progress["build"]["percent"], progress["open"]) == ("2026-03-06", 20, None)
    assert (progress["paint"]["delivered"], progress["paint"]["expected"]) == (1, 2)


@pytest.mark.parametrize("code", ["en", "vi"])
@pytest.mark.parametrize("form", ["table", "plain", "markdown"])
def test_three_commits_with_a_journal(cli: Cli, golden: Golden, journaled: Repository, form: str, code: str) -> None:
    """What was decided and reported, what moved silently, and the way back, as they were read and found good."""
    del journaled
    shown = [
        cli("diff", each, *LATER, "--lang", code, "--format", form, "--fail-on", "moved-milestone").out
        for each in ("HEAD~2..HEAD~1", "HEAD~1..HEAD", "HEAD~1..HEAD~2")
    ]
    golden("\n".join(shown), f"diff.journal.{form}.{code}.txt")


def test_a_decision_is_told_once(cli: Cli, journaled: Repository) -> None:
    """Where plan and journal both are new, one row tells of the deadline, with its document."""
    del journaled
    out = cli("diff", "HEAD~2..", *LATER, "--format", "plain").out
    (row,) = [line for line in out.splitlines() if line.startswith(("»  open", "→  open"))]
    assert "deadline, also in the plan" in row
    assert "31 Mar 2026 (12/UBND, decided on 3 Mar 2026)" in row


def test_journals_beside_files(cli: Cli, tmp_path: Path) -> None:
    """Of two files each has the journal beside it, or none."""
    for name, text in (("old.toml", HALL), ("new.toml", ADOPTED), ("new.journal.toml", EXTENDED)):
        (tmp_path / name).write_text(text, "utf-8")
    assert compared(cli, "old.toml", "new.toml")["moved_milestones"] == ["build", "open"]  # decided a day later
    ran = cli("diff", "old.toml", "new.toml", *LATER, "--format", "json")
    assert documented(ran.out)["plans"][0]["moved_milestones"] == ["build"]


def test_a_journal_that_is_not_committed(cli: Cli, journaled: Repository, tmp_path: Path) -> None:
    """The files as they are, are compared with the journal as it is; REV:PATH takes the journal of that revision."""
    (tmp_path / "plans" / "hall.journal.toml").unlink()
    for old in ("HEAD", "HEAD:plans/hall.toml"):
        new = () if old == "HEAD" else ("plans/hall.toml",)
        ran = cli("diff", old, *new, *LATER, "--format", "json")
        changed = documented(ran.out)["plans"][0]["changed"]
        removed = {change["id"]: change["extensions"] and len(change["extensions"]["removed"]) for change in changed}
        assert removed == {"prep": None, "build": None, "paint": 1, "open": 1}
    del journaled


def test_a_decision_that_names_no_day(cli: Cli, tmp_path: Path) -> None:
    """Work that a decision makes ongoing has no deadline any more; no days are counted."""
    words = EXTENDED.replace('"2026-03-31", document = "12/UBND"', '"ongoing"')
    for name, text in (("old.toml", HALL), ("new.toml", HALL), ("new.journal.toml", words)):
        (tmp_path / name).write_text(text, "utf-8")
    out = cli("diff", "old.toml", "new.toml", *LATER, "--format", "plain").out
    rows = [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in out.splitlines()]
    after = "ongoing (decided on 3 Mar 2026, no document)"
    assert ["»", "open ◆", "deadline in force", "24 Mar 2026", after] in rows


def test_journals_that_do_not_read(cli: Cli, journaled: Repository, tmp_path: Path) -> None:
    """The problems of both are told at once, each in its version; nothing is compared."""
    journaled.commit(**{"hall.journal": EXTENDED + 'y = { kind = "done" }\n'})
    (tmp_path / "plans" / "hall.journal.toml").write_text(EXTENDED.replace("12/UBND", ""), "utf-8")
    ran = cli("diff", "HEAD", *LATER)
    assert (ran.code, ran.out) == (2, "")
    assert "HEAD:plans/hall.journal.toml:2:5: error CDS105" in ran.err
    assert "\nplans/hall.journal.toml:1:" in ran.err
    ran = cli("diff", "HEAD~1..", *LATER, "--format", "json")
    assert {problem["file"] for problem in documented(ran.out)["problems"]} == {"HEAD:plans/hall.journal.toml"}
    (tmp_path / "plans" / "hall.journal.toml").unlink()
    (tmp_path / "plans" / "hall.journal.toml").mkdir()
    ran = cli("diff", "HEAD~1", *LATER)
    assert (ran.code, "plans/hall.journal.toml: this is a folder" in ran.err) == (2, True)


@pytest.mark.parametrize(
    ("task", "keys", "row"),
    [
        ("prep", 'kind = "started"', ["prep", "not started", "in progress since 2 Mar 2026"]),
        ("prep", 'kind = "cancelled"', ["prep", "not started", "cancelled on 2 Mar 2026"]),
        ("paint", 'kind = "cancelled"', ["paint", "0/2", "cancelled on 2 Mar 2026"]),
        ("paint", 'agency = "art", kind = "cancelled"', ["paint", "0/2", "0/1"]),
        ("build", 'kind = "done"', ["build ◆", "not started", "done on 2 Mar 2026"]),
    ],
)
def test_reports_in_short(cli: Cli, tmp_path: Path, task: str, keys: str, row: list[str]) -> None:
    """One row says how a task stood and stands; where nothing else is different, that is said."""
    (tmp_path / "old.toml").write_text(HALL, "utf-8")
    (tmp_path / "new.toml").write_text(HALL, "utf-8")
    entry = f'e1 = {{ at = 2026-03-02T08:00:00+00:00, on = 2026-03-02, task = "{task}", {keys} }}\n'
    (tmp_path / "new.journal.toml").write_text(entry, "utf-8")
    out = cli("diff", "old.toml", "new.toml", *DAY, "--format", "plain").out
    lines = out.splitlines()
    assert lines[2] == "No deadline, milestone, task, role, length, link or setting is different."
    assert row in [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in lines]


# ------------------------------------------------------------------------------------------------------ What is shown

RICH = (
    MOVED.replace('build = { title = "Build"', 'erect = { title = "Build", formerly = ["build"]')
    .replace('after = ["build", "paint"]', 'after = ["erect FS+1d", { task = "prep", basis = "inferred" }]')
    .replace('each = ["art", "science"]', 'each = ["art"], section = "Walls", assigned-by = "town"')
    .replace('duration = "3d"', 'duration = "~30d", due = "ongoing"')
    .replace('prep = { title = "Prepare"', 'prep = { title = "Prepare", done = 2026-03-05, number = "1"')
    .replace("milestone = true }\nopen", "started = 2026-03-09, percent = 20 }\nopen")
    .replace("start = 2026-03-02", "start = 2026-03-03")
    .replace(
        "paint = {",
        'clean = { title = "Clean", milestone = true, due = { after = "prep", working-days = 5 } }\npaint = {',
    )
)


@pytest.mark.parametrize("code", ["en", "vi"])
@pytest.mark.parametrize("form", ["table", "plain", "markdown"])
def test_a_rich_difference_reads_well(cli: Cli, golden: Golden, tmp_path: Path, form: str, code: str) -> None:
    """Every sort of change, at 100 columns, as it was read and found good."""
    (tmp_path / "old.toml").write_text(PLAN, "utf-8")
    (tmp_path / "new.toml").write_text(RICH, "utf-8")
    ran = cli("diff", "old.toml", "new.toml", "--as-of", "2026-03-10", "--lang", code, "--format", form)
    assert (ran.code, ran.err) == (0, "")
    golden(ran.out, f"diff.{form}.{code}.txt")
    back = cli("diff", "new.toml", "old.toml", "--as-of", "2026-03-10", "--lang", code, "--format", form)
    golden(back.out, f"diff.back.{form}.{code}.txt")


def test_a_rich_difference_as_data(cli: Cli, golden: Golden, tmp_path: Path) -> None:
    """The schema describes all of it."""
    (tmp_path / "old.toml").write_text(PLAN, "utf-8")
    (tmp_path / "new.toml").write_text(RICH, "utf-8")
    ran = cli("diff", "old.toml", "new.toml", "--as-of", "2026-03-10", "--format", "json")
    document = documented(ran.out)
    golden(_lines(document), "diff.json.txt")
    documented(cli("diff", "new.toml", "old.toml", "--as-of", "2026-03-10", "--format", "json").out)


def _lines(document: dict[str, Any]) -> str:
    import json  # noqa: PLC0415 - only to be read

    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


@pytest.mark.parametrize(
    ("old", "new", "row"),
    [
        ('title = "Paint"', 'title = "Paint", milestone = true', ["+", "paint ◆", "milestone now", "–", "◆"]),
        ('["art", "science"]', '["science", "art"]', ["*", "paint", "who delivers", "Art, Science", "Science, Art"]),
        ('title = "Paint"', 'title = "Paint", contents = ["a", "b"]', ["*", "paint", "contents", "–", "a; b"]),
        (
            'title = "Paint"',
            'title = "Paint", not-before = 2026-03-10',
            ["*", "paint", "not before", "–", "10 Mar 2026"],
        ),
        ('title = "Paint"', 'title = "Paint", done = true', ["*", "paint", "what happened", "–", "done"]),
        (
            'title = "Paint"',
            'title = "Paint", started = 2026-03-09, percent = 20, cancelled = 2026-03-10',
            ["*", "paint", "what happened", "–", "started on 9 Mar 2026, 20% done, cancelled on 10 Mar 2026"],
        ),
        (
            "due = 2026-03-24",
            'due = "by 24/3/2026"',
            ["*", "open ◆", "words of the deadline", "2026-03-24", "by 24/3/2026"],
        ),
        (", due = 2026-03-24", "", ["→", "open ◆", "deadline", "24 Mar 2026", "–"]),
        (
            'title = "Paint", each = ["art", "science"]',
            'title = "Paint", each = ["art", "science"], consult = ["a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8"]',
            ["*", "paint", "consulted", "–", "A1, A2, A3, A4, A5, A6 and 2 others"],
        ),
        ('[plan]\nid = "hall"', '[plan]\nid = "hull"', ["*", "the plan", "id", "hall", "hull"]),
        (
            "[tasks]",
            '[[waiver]]\nrule = "CDS201"\ntask = "open"\nuntil = 2026-04-30\nreason = "The roof"\n[tasks]',
            ["+", "the plan", "waiver added", "–", "CDS201, open until 30 Apr 2026: The roof"],
        ),
        ("[tasks]", "[check]\ngrace = 3\n[tasks]", ["*", "the plan", "check.grace", "–", "3"]),
        ('title = "Open the hall"', 'title = "Open it"', ["*", "the plan", "title", "Open the hall", "Open it"]),
    ],
)
def test_rows(cli: Cli, tmp_path: Path, old: str, new: str, row: list[str]) -> None:
    """Each sort of change has its words."""
    more = "".join(f'a{n} = {{ name = "A{n}" }}\n' for n in range(1, 9))
    text = PLAN.replace("[tasks]\n", f"{more}[tasks]\n")
    assert old in text
    (tmp_path / "old.toml").write_text(text, "utf-8")
    (tmp_path / "new.toml").write_text(text.replace(old, new), "utf-8")
    out = cli("diff", "old.toml", "new.toml", *DAY, "--format", "plain").out
    assert row in [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in out.splitlines()]


def test_a_waiver_that_goes(cli: Cli, tmp_path: Path) -> None:
    """It is told with the document that allowed it."""
    waiver = '[[waiver]]\nrule = "CDS201"\nuntil = 2026-04-30\nreason = "R"\ndocument = "12/UBND"\n'
    (tmp_path / "old.toml").write_text(PLAN + waiver, "utf-8")
    (tmp_path / "new.toml").write_text(PLAN, "utf-8")
    assert "waiver removed  CDS201 until 30 Apr 2026: R (12/UBND)  –" in cli("diff", "old.toml", "new.toml", *DAY).out
    (waived,) = compared(cli, "old.toml", "new.toml")["waivers"]["removed"]
    assert waived == {
        "rule": "CDS201", "until": "2026-04-30", "reason": "R", "task": None, "occurrence": None, "agency": None,
        "document": "12/UBND",
    }  # fmt: skip


def test_nothing_to_tell(cli: Cli, tmp_path: Path) -> None:
    """The same plan says so in one line; without milestones a difference says that there are none."""
    (tmp_path / "old.toml").write_text(PLAN, "utf-8")
    bare = PLAN.replace(", milestone = true", "")
    (tmp_path / "bare.toml").write_text(bare, "utf-8")
    (tmp_path / "other.toml").write_text(bare.replace('"3d"', '"4d"'), "utf-8")
    same = cli("diff", "old.toml", "old.toml", *DAY).out
    assert same.splitlines()[-1] == "No deadline, milestone, task, role, length, link or setting is different."
    other = cli("diff", "bare.toml", "other.toml", *DAY).out
    assert other.splitlines()[-1] == "No task is marked as a milestone (milestone = true)."
    assert "16 working days to 23 Mar 2026, as before." in other


def test_words_of_a_plan_are_not_translated(cli: Cli, tmp_path: Path) -> None:
    """A title or an agency that is called as something of ours keeps its name."""
    (tmp_path / "old.toml").write_text(PLAN, "utf-8")
    (tmp_path / "new.toml").write_text(
        PLAN.replace('title = "Paint"', 'title = "Overdue", section = "Milestones", consult = "town"').replace(
            'name = "Town"', 'name = "What"'
        ),
        "utf-8",
    )
    for form in ("table", "plain", "markdown"):
        out = cli("diff", "old.toml", "new.toml", *DAY, "--lang", "vi", "--format", form).out
        for words in ("Overdue", "Milestones", "What"):
            assert words in out


@pytest.mark.parametrize("columns", [80, 120])
def test_three_commits_of_the_real_plan(
    cli: Cli, golden: Golden, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    """The real plan, a deadline moved in the second commit, a milestone unmarked and work made longer in the third."""
    made = Repository(tmp_path)
    text = (ROOT / "plans" / "nghean.toml").read_text("utf-8")
    made.commit(nghean=text)
    text = text.replace("hoàn thành trước ngày 15/11/2021", "hoàn thành trước ngày 30/11/2021")
    made.commit(nghean=text)
    text = text.replace(
        'due = "vào giữa tháng 4/2022"\nduration = "~1d"\nmilestone = true',
        'due = "vào giữa tháng 4/2022"\nduration = "~15d"',
    )
    made.commit(nghean=text)
    monkeypatch.setenv("COLUMNS", str(columns))
    shown = [cli("diff", each, "--as-of", "05/10/2021").out for each in ("HEAD~2..HEAD~1", "HEAD~1..", "HEAD~2..")]
    assert max(len(line) for out in shown for line in out.splitlines()) <= columns
    golden("\n".join(shown), f"diff.nghean.{columns}.txt")


def test_on_a_terminal_rows_are_coloured_too(cli: Cli, repository: Repository) -> None:
    """A removed milestone is red, a moved one magenta; the signs say the same without colour."""
    del repository
    plain = cli("diff", "HEAD~2..", *DAY).out
    coloured = cli("diff", "HEAD~2..", *DAY, "--color", "always").out
    assert "\x1b" not in plain
    lines = {line.split()[0]: line for line in plain.splitlines()[3:5]}
    assert set(lines) == {"✗", "→"}
    assert "\x1b[31m✗" in coloured
    assert "\x1b[35m→" in coloured


# ----------------------------------------------------------------------------------------------------- What comes again

MONTHLY = """\
[plan]
id = "p"
title = "P"
start = 2026-01-05
timezone = "UTC"
[agencies]
one = { name = "One" }
two = { name = "Two" }
[tasks.report]
title = "Report"
each = ["one", "two"]
repeat = "monthly by 20"
milestone = true
"""
TOLD = """\
e1 = { at = 2026-01-20T08:00:00+00:00, on = 2026-01-20, task = "report@2026-01-20", agency = "one", kind = "done" }
e2 = { at = 2026-01-21T08:00:00Z, on = 2026-01-20, task = "report@2026-02-20", kind = "extended", due = "27/2/2026" }
e3 = { at = 2026-01-21T08:00:01+00:00, on = 2026-01-21, task = "report@2026-02-20", kind = "note", note = "N" }
e4 = { at = 2026-01-21T08:00:02+00:00, on = 2026-01-21, task = "report@2026-03-20", kind = "note", note = "N" }
"""


def of_two(
    tmp_path: Path, *, plans: tuple[str, str] = (MONTHLY, MONTHLY), journals: tuple[str, str] = ("", TOLD)
) -> None:
    """Write an old and a new version of a plan, each with its journal."""
    for name, plan, journal in zip(("old", "new"), plans, journals, strict=True):
        (tmp_path / f"{name}.toml").write_text(plan, "utf-8")
        (tmp_path / f"{name}.journal.toml").write_text(journal, "utf-8")


def test_each_occurrence_is_told_of_by_its_own_name(cli: Cli, tmp_path: Path) -> None:
    """One is newly delivered by one of two, the deadline of another was moved; a note makes no difference."""
    of_two(tmp_path)

    lines = cli("diff", "old.toml", "new.toml", *DAY).out.splitlines()

    (moved,) = (line for line in lines if line.startswith("»  "))
    assert moved.split("  ")[1] == "report@2026-02-20 ◆"
    assert moved.endswith("+7")
    assert [line.split() for line in lines if line.startswith("report@")] == [["report@2026-01-20", "◆", "0/2", "1/2"]]
    assert lines[-1] == "Only work that comes again is marked as a milestone; it stands outside the network."
    made = compared(cli, "old.toml", "new.toml")
    assert [(each["id"], each["was"], each["task"], each["occurrence"]) for each in made["changed"]] == [
        ("report@2026-01-20", "report@2026-01-20", "report", "2026-01-20"),
        ("report@2026-02-20", "report@2026-02-20", "report", "2026-02-20"),
    ]
    assert made["extended_milestones"] == ["report@2026-02-20"]
    assert made["moved_milestones"] == made["removed_milestones"] == []
    (extension,) = made["changed"][1]["extensions"]["added"]
    assert (extension["due"]["last"], made["changed"][1]["progress"]) == ("2026-02-27", None)


def test_what_both_journals_tell_of_occurrences_is_no_difference(cli: Cli, tmp_path: Path) -> None:
    """Nor is it when the plan renames its task, which is told once; undone it is."""
    renamed = MONTHLY.replace("[tasks.report]", '[tasks.bericht]\nformerly = ["report"]').replace(
        "milestone = true", ""
    )
    of_two(tmp_path, plans=(MONTHLY, renamed), journals=(TOLD, TOLD))
    made = compared(cli, "old.toml", "new.toml")
    assert [(each["id"], each["was"]) for each in made["changed"]] == [("bericht", "report")]
    assert made["removed_milestones"] == ["report"]

    of_two(tmp_path, plans=(MONTHLY, renamed), journals=(TOLD, ""))
    made = compared(cli, "old.toml", "new.toml")
    assert [(each["id"], each["was"]) for each in made["changed"]] == [
        ("bericht", "report"),
        ("bericht@2026-01-20", "report@2026-01-20"),
        ("bericht@2026-02-20", "report@2026-02-20"),
    ]
    words = cli("diff", "old.toml", "new.toml", *DAY).out
    assert words.count("renamed") == words.count("milestone no more") == 1


def test_a_milestone_that_comes_again_can_be_removed(cli: Cli, tmp_path: Path) -> None:
    """With its task, or by a mark that is gone: the gate sees it as it sees any other."""
    other = '[tasks.other]\ntitle = "Other"\nowner = "one"\n'
    without = MONTHLY[: MONTHLY.index("[tasks.report]")]
    for new in (without, MONTHLY.replace("milestone = true\n", "")):
        of_two(tmp_path, plans=(MONTHLY + other, new + other), journals=("", ""))
        ran = cli("diff", "old.toml", "new.toml", *DAY, "--fail-on", "removed-milestone")
        assert (ran.code, ran.out.splitlines()[-2:]) == (1, ["1 milestone was removed: report", "Failed."])


def test_occurrences_of_another_rule_are_not_compared(cli: Cli, tmp_path: Path) -> None:
    """That the rule changed is told; what was reported of days that it no longer gives is told by no row."""
    of_two(tmp_path, plans=(MONTHLY, MONTHLY.replace("by 20", "by 25")), journals=(TOLD, ""))
    made = compared(cli, "old.toml", "new.toml")
    assert [(each["id"], [setting["key"] for setting in each["settings"]]) for each in made["changed"]] == [
        ("report", ["repeat"])
    ]
