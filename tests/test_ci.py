"""What other repositories use of this one: a pre-commit hook, a GitHub action, a GitLab component, and jobs to copy.

Each is held against the schema that its service publishes (as check-jsonschema and pre-commit carry them), and its
commands are run for real in a scratch repository.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from invoke import QUIET, ROOT
from ruamel.yaml import YAML
from test_diff import Repository
from test_difference import PLAN

SCRIPTS = Path(sys.executable).parent
GUIDE = ROOT / "docs" / "ci.md"
FENCE = re.compile(r"^```yaml\n(# (\S+)\n.*?)^```$", re.DOTALL | re.MULTILINE)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the scripts are written for a POSIX shell")


def jobs(name: str) -> list[str]:
    """Give the blocks of the guide that go into a file of this name."""
    found = [text for text, file in FENCE.findall(GUIDE.read_text("utf-8")) if file.endswith(name)]
    assert found
    return found


def loaded(text: str) -> list[Any]:
    """Read YAML, document by document."""
    return list(YAML(typ="safe").load_all(text))


def validated(text: str, schema: str, folder: Path) -> None:
    """Hold a YAML document against a schema that check-jsonschema carries."""
    file = folder / "checked.yml"
    file.write_text(text, "utf-8")
    ran = subprocess.run(
        [SCRIPTS / "check-jsonschema", "--builtin-schema", f"vendor.{schema}", file],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


# --------------------------------------------------------------------------------------------------------- Schemas


def test_the_action_is_one(tmp_path: Path) -> None:
    """GitHub's schema of actions describes it."""
    validated((ROOT / "action.yml").read_text("utf-8"), "github-actions", tmp_path)


def test_the_component_is_one(tmp_path: Path) -> None:
    """GitLab's schema describes its inputs, and its jobs."""
    inputs, configuration = re.split(
        r"^---$", (ROOT / "templates" / "check.yml").read_text("utf-8"), flags=re.MULTILINE
    )
    validated(inputs, "gitlab-ci", tmp_path)
    validated(configuration, "gitlab-ci", tmp_path)


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("workflows/plans.yml", "github-workflows"),
        ("workflows/deadlines.yml", "github-workflows"),
        (".gitlab-ci.yml", "gitlab-ci"),
    ],
)
def test_jobs_to_copy_are_valid(tmp_path: Path, name: str, schema: str) -> None:
    """What the guide shows is what the service takes."""
    for text in jobs(name):
        validated(text, schema, tmp_path)


def test_a_wrong_job_is_noticed(tmp_path: Path) -> None:
    """The schemas do look: a workflow without jobs and an action without runs are refused."""
    for text, schema in (("on: push\n", "github-workflows"), ("name: x\n", "github-actions"), ("a: 1\n", "gitlab-ci")):
        with pytest.raises(AssertionError):
            validated(text, schema, tmp_path)


def test_the_hooks_are_hooks(tmp_path: Path) -> None:
    """pre-commit takes the manifest, and the guide's configuration names hooks that there are."""
    (text,) = jobs(".pre-commit-config.yaml")
    (tmp_path / "config.yaml").write_text(text, "utf-8")
    for command, file in (
        ("validate-manifest", ROOT / ".pre-commit-hooks.yaml"),
        ("validate-config", tmp_path / "config.yaml"),
    ):
        subprocess.run([SCRIPTS / "pre-commit", command, file], check=True, capture_output=True)
    (manifest,) = loaded((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    (configuration,) = loaded(text)
    used = {hook["id"] for repository in configuration["repos"] for hook in repository["hooks"]}
    assert used == {hook["id"] for hook in manifest}


@pytest.mark.parametrize(
    ("file", "ids"),
    [
        ("plan.toml", {"cdsplan-check", "cdsplan-diff"}),
        ("plans/a.toml", {"cdsplan-check", "cdsplan-diff"}),
        ("province/plans/a.toml", {"cdsplan-check", "cdsplan-diff"}),
        ("a.journal.toml", {"cdsplan-check"}),
        ("pyproject.toml", set()),
        ("myplan.toml", set()),
        ("plans/notes/a.toml", set()),
        ("plans/a.md", set()),
    ],
)
def test_which_files_wake_the_hooks(file: str, ids: set[str]) -> None:
    """Plans and journals where cdsplan looks for them, and nothing else."""
    (manifest,) = loaded((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert {hook["id"] for hook in manifest if re.search(hook["files"], file)} == ids


# -------------------------------------------------------------------------------------------------------- For real

OVERDUE = PLAN  # its milestones were due in March 2026: long ago, whatever the day is
BROKEN = PLAN.replace('owner = "town"', 'owner = "twon"')
MOVED = PLAN.replace("due = 2026-03-24", "due = 2026-03-31")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Make a repository with a plan whose milestones are long overdue."""
    folder = tmp_path / "repository"
    folder.mkdir()
    made = Repository(folder)
    made.commit(hall=OVERDUE)
    return made


def environment(**more: str) -> dict[str, str]:
    """Give an environment in which cdsplan is installed, outside of any CI."""
    assert shutil.which("cdsplan", path=SCRIPTS), "the package is not installed here: make test installs it"
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name not in QUIET and not name.startswith(("GIT_", "GITHUB_", "CI_"))
    }
    return inherited | {"PATH": os.pathsep.join([str(SCRIPTS), os.environ["PATH"]]), "PYTHONPATH": str(ROOT)} | more


def shell(script: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a script as CI services do."""
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=environment(**more),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def component(job: str, **inputs: str) -> str:
    """Give the script of a job of the component, with its inputs put in as GitLab does."""
    header, configuration = loaded((ROOT / "templates" / "check.yml").read_text("utf-8"))
    values = {name: spec.get("default") for name, spec in header["spec"]["inputs"].items()} | inputs
    script = "\n".join(configuration[job]["script"])
    return re.sub(r"\$\[\[ inputs\.([a-z-]+) \]\]", lambda found: str(values[found[1]]), script)


def test_the_component_on_a_merge_request(repository: Repository) -> None:
    """A date that has passed blocks nobody; a plan that does not read does, and a moved milestone where asked for."""
    base = repository.git("rev-parse", "HEAD")
    repository.commit(hall=MOVED)
    review = component("cdsplan-review")
    given = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": base}

    passed = shell(review, repository.folder, **given)
    assert passed.returncode == 0, passed.stderr
    assert "1 milestone" not in passed.stdout
    assert "31 Mar 2026" in passed.stdout
    assert (repository.folder / "gl-code-quality-report.json").read_text("utf-8").strip() == "[]"

    strict = component("cdsplan-review", **{"diff-arguments": "--fail-on moved-milestone"})
    assert shell(strict, repository.folder, **given).returncode == 1
    merged = given | {"CI_MERGE_REQUEST_TARGET_BRANCH_SHA": repository.git("rev-parse", "HEAD")}
    assert shell(strict, repository.folder, **merged).returncode == 0

    repository.commit(hall=BROKEN)
    broken = shell(review, repository.folder, **given)
    assert broken.returncode == 2
    assert "CDS107" in (repository.folder / "gl-code-quality-report.json").read_text("utf-8")


def test_the_component_in_a_scheduled_pipeline(repository: Repository) -> None:
    """There what is overdue fails, and both reports are written."""
    ran = shell(component("cdsplan-deadlines"), repository.folder)
    assert ran.returncode == 1
    assert "CDS201" in (repository.folder / "gl-code-quality-report.json").read_text("utf-8")
    assert "<testsuite" in (repository.folder / "cdsplan-junit.xml").read_text("utf-8")


def action(name: str) -> dict[str, Any]:
    """Give a step of the action."""
    (whole,) = loaded((ROOT / "action.yml").read_text("utf-8"))
    (step,) = [step for step in whole["runs"]["steps"] if step.get("name") == name]
    return dict(step)


@pytest.mark.parametrize(
    ("arguments", "plans", "code"),
    [
        ("check --select CDS1 --format github", "", 0),
        ("check --format github", "", 1),
        ("check --format github", "plans/hall.toml\n", 1),
        ("check --format github", "a b.toml\nplans/hall.toml", 1),
        ("check --select CDS1", "nowhere.toml", 2),
        ("diff HEAD HEAD", "", 0),
        ("check --select CDS1 ; echo owned", "", 2),
        ("check $(touch owned) --select CDS1", "", 2),
        ("check --select CDS1 *", "", 2),
    ],
)
def test_the_action_runs_its_arguments(repository: Repository, arguments: str, plans: str, code: int) -> None:
    """Arguments are words, never a script; plans may have spaces in their names."""
    (repository.folder / "a b.toml").write_text(PLAN.replace('"hall"', '"fair"'), "utf-8")
    step = action("Run cdsplan")
    assert not re.search(r"\$\{\{", step["run"])  # nothing of an input is in the script itself
    ran = shell(step["run"], repository.folder, ARGUMENTS=arguments, PLANS=plans)
    assert ran.returncode == code, ran.stdout + ran.stderr
    assert not (repository.folder / "owned").exists()
    assert "\nowned" not in ran.stdout


def test_the_action_uses_its_inputs_only(tmp_path: Path) -> None:
    """Every input that a step asks for is declared, and every one that is declared is used."""
    del tmp_path
    text = (ROOT / "action.yml").read_text("utf-8")
    (whole,) = loaded(text)
    assert set(re.findall(r"inputs\.([a-z-]+)", text)) == set(whole["inputs"])


def test_the_jobs_to_copy_on_github(repository: Repository) -> None:
    """On a pull request what changes goes into the summary; the nightly job fails for what is overdue."""
    repository.commit(hall=MOVED)
    (workflow,) = loaded(jobs("workflows/plans.yml")[0])
    *_, check, diff = workflow["jobs"]["review"]["steps"]
    summary = repository.folder / "summary.md"
    assert shell(f"cdsplan {check['with']['arguments']}", repository.folder).returncode == 0
    assert shell(diff["run"], repository.folder, GITHUB_STEP_SUMMARY=str(summary)).returncode == 0
    assert "| → | open ◆ | deadline | 24 Mar 2026 | 31 Mar 2026 | \\+7 |" in summary.read_text("utf-8")

    (nightly,) = loaded(jobs("workflows/deadlines.yml")[0])
    *_, check = nightly["jobs"]["deadlines"]["steps"]
    assert shell(f"cdsplan {check['with']['arguments']}", repository.folder).returncode == 1
    assert nightly["jobs"]["stay-enabled"]["steps"][0]["run"].endswith('/workflows/deadlines.yml/enable"')


def test_the_job_to_copy_on_gitlab(repository: Repository) -> None:
    """The job without the component passes for an overdue plan and writes what changes into a file."""
    base = repository.git("rev-parse", "HEAD")
    repository.commit(hall=MOVED)
    (configuration,) = loaded(jobs(".gitlab-ci.yml")[-1])
    install, *script = configuration["plans"]["script"]
    assert install.startswith("pip install")
    ran = shell("\n".join(script), repository.folder, CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert ran.returncode == 0, ran.stderr
    assert "open ◆" in (repository.folder / "diff.md").read_text("utf-8")


SOURCES = ("cdsplan", "pyproject.toml", "hatch_build.py", "README.md", "LICENSE", ".pre-commit-hooks.yaml")
"""What an installation needs."""

NO_INDEX = ("No matching distribution found", "Failed to establish a new connection", "Temporary failure in name")
"""What pip says where there is no index to install from."""


def test_the_hooks_run_for_real(repository: Repository, tmp_path: Path) -> None:
    """pre-commit installs this repository: a plan that reads passes, though overdue; a moved milestone is stopped.

    A plan that does not read fails both hooks, with its place.
    """
    source = tmp_path / "source"
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *SOURCES]
    files = subprocess.run(listed, cwd=ROOT, capture_output=True, encoding="utf-8", check=False).stdout.split("\0")
    if not any(files):
        pytest.skip("this is no git repository: pre-commit installs from one")
    for file in filter(None, files):
        (source / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, source / file)
    hooks = Repository(source)
    hooks.git("add", "--all")
    hooks.git("commit", "--quiet", "--message", "m")

    def tried(hook: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [SCRIPTS / "pre-commit", "try-repo", source, hook, "--all-files", "--verbose"],
            cwd=repository.folder,
            env=environment(PRE_COMMIT_HOME=str(tmp_path / "home"), GIT_CONFIG_GLOBAL=os.devnull, PYTHONPATH=""),
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=600,
        )

    ran = tried("cdsplan-check")
    if ran.returncode and any(words in ran.stdout + ran.stderr for words in NO_INDEX):
        pytest.skip("there is no package index here, and pre-commit installs from one")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Passed" in ran.stdout

    (repository.folder / "plans" / "hall.toml").write_text(MOVED, "utf-8")
    assert "1 milestone was moved: open" in tried("cdsplan-diff").stdout

    (repository.folder / "plans" / "hall.toml").write_text(BROKEN, "utf-8")
    broken = tried("cdsplan-check")
    assert broken.returncode == 1
    assert "plans/hall.toml:13:36: error CDS107" in broken.stdout
