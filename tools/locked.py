"""Print the versions that uv.lock fixes, as constraints for pip: `python tools/locked.py > constraints.txt`.

So a plain `pip install --constraint constraints.txt …`, with whatever index and certificates pip is set up for, gets
the tested versions. What the lock file holds in several versions (for different Pythons) is left to pip. It stops when
pyproject.toml names a dependency that uv.lock does not know: then `make lock` is due.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Print the constraints."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    packages = [package for package in lock["package"] if "registry" in package["source"]]
    times = Counter(package["name"] for package in packages)
    project = pyproject["project"]
    groups = [
        project["dependencies"],
        *project["optional-dependencies"].values(),
        *pyproject["dependency-groups"].values(),
    ]
    for requirement in (requirement for group in groups for requirement in group):
        name = re.split(r"[^A-Za-z0-9._-]", requirement)[0].lower()
        if name not in times and name != project["name"]:  # an extra may hold another one
            print(f"uv.lock does not know {name}: run “make lock”.", file=sys.stderr)
            return 1
    for package in packages:
        if times[package["name"]] == 1:
            print(f"{package['name']}=={package['version']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
