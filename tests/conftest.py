"""What all tests share: compiled translations, golden files, how long hypothesis looks.

`pytest --golden-update` writes the golden files and the outputs in the documents anew, instead of comparing; read the
diff before it is committed.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from hatch_build import compile_catalogues

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden"

# No deadlines: no test depends on how fast a machine is.
settings.register_profile("dev", deadline=None, max_examples=50)
settings.register_profile("ci", deadline=None, max_examples=100, derandomize=True, print_blob=True, database=None)
settings.register_profile(
    "deep",
    deadline=None,
    max_examples=int(os.environ.get("HYPOTHESIS_MAX_EXAMPLES", "20000")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


class Golden:
    """Compares with the files in tests/golden/, to the byte; with `update` it writes them instead."""

    def __init__(self, *, update: bool) -> None:
        self.update = update

    def __call__(self, actual: str | bytes, name: str) -> None:
        """Fail unless `actual` is what the file `name` holds; a text is taken as UTF-8, its line ends as they are."""
        __tracebackhide__ = True
        path = GOLDEN / name
        data = actual.encode() if isinstance(actual, str) else actual
        if self.update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        elif not path.exists():
            pytest.fail(f"there is no tests/golden/{name} yet: make golden, then read it")
        elif isinstance(actual, str):
            assert actual == path.read_bytes().decode()
        else:
            assert actual == path.read_bytes()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Know --golden-update."""
    parser.addoption("--golden-update", action="store_true", help="write golden files and documents anew")


def pytest_sessionstart() -> None:
    """Compile the translations, so that Vietnamese words in tests are those of the catalogue as it stands."""
    compile_catalogues(ROOT)


@pytest.fixture(scope="session")
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare a text or bytes with a golden file: `golden(text, "status.txt")`."""
    return Golden(update=request.config.getoption("--golden-update"))
