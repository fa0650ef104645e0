"""How much work a call is, in lines of the package that it runs: the same on every machine, under any load."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import cdsplan

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from _typeshed import TraceFunction

PACKAGE = str(Path(cdsplan.__file__).parent)


def steps(call: Callable[[], object]) -> int:
    """Count the lines that a call runs; one that a loop runs again counts again."""
    lines = 0

    def count(frame: FrameType, event: str, _argument: object) -> TraceFunction | None:
        nonlocal lines
        if not frame.f_code.co_filename.startswith(PACKAGE):
            return None
        lines += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        call()
    finally:
        sys.settrace(before)
    return lines
