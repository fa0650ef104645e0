"""What the linter of imports is told: every module has its place."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

OUTSIDE_THE_CORE = frozenset({
    "__init__",
    "__main__",
    "catalogue",  # finds and reads the shipped words
    "cli",
    "i18n",
    "serve",
    "site",  # makes pages, by jinja2
    "views",
    "web",
})  # fmt: skip
"""Modules that speak to the world, and may know what the core must not."""


def test_every_module_is_in_the_core_or_outside_for_a_reason() -> None:
    """A new module is held to the rules of the core until somebody names it here."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    (core,) = (contract["source_modules"] for contract in contracts if contract["id"] == "core")
    folder = ROOT / "cdsplan"
    modules = {path.stem for path in folder.glob("*.py")} | {path.parent.name for path in folder.glob("*/__init__.py")}

    assert sorted(core) == sorted(f"cdsplan.{module}" for module in modules - OUTSIDE_THE_CORE)
    assert modules >= OUTSIDE_THE_CORE
