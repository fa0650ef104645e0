"""Names of files as a CI service knows them: relative to the root of the repository that it checked out."""

from __future__ import annotations

import os

ROOTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")
"""Where GitHub and GitLab say what that root is; elsewhere it is the current folder."""


def repository_path(file: str) -> str:
    """Give a file's name from the root, with slashes; a file outside of it keeps its name."""
    root = next((folder for name in ROOTS if (folder := os.environ.get(name))), ".")
    try:
        path = os.path.relpath(os.path.realpath(file), os.path.realpath(root))
    except ValueError:  # on another drive of Windows
        return file
    return file if path.startswith(os.pardir) else path.replace(os.sep, "/")
