"""Turning a rich drawing into text, once, at a known width."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from rich.console import RenderableType


def draw(drawing: RenderableType, *, colored: bool, width: int) -> str:
    """Draw to text, with ANSI colours or without any escape; spaces at line ends go.

    Nothing is cut: what cannot be drawn so narrow comes out wider.
    """
    out = StringIO()
    console = Console(
        file=out,
        width=width,
        height=25,  # with a width and a height rich asks the environment for neither
        force_terminal=colored,
        color_system="standard" if colored else None,
        no_color=not colored,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
    )
    console.print(drawing, crop=False)
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))
