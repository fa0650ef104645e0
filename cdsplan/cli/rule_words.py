"""Rules on the command line: ids, how ids begin, and names of what a check fails on, parted by commas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cdsplan.cli.words import say
from cdsplan.messages import msg

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.shell_completion import CompletionItem

    Parameter = click.ParamType[Any]
else:
    Parameter = click.ParamType  # not generic at run time before click 8.5


class RuleWords(Parameter):
    """Words that choose rules, such as CDS201,CDS3."""

    name = "rules"

    def __init__(self, known: Callable[[], tuple[str, ...]]) -> None:
        """Take words out of `known()`."""
        self._known = known

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """Part the words and look each up, whatever its case."""
        by_fold = {word.casefold(): word for word in self._known()}
        words = [word.strip() for word in value.split(",")]
        for word in words:
            if word.casefold() not in by_fold:
                self.fail(self._unknown(word, by_fold), param, ctx)
        return tuple(by_fold[word.casefold()] for word in words)

    def _unknown(self, word: str, by_fold: dict[str, str]) -> str:
        from difflib import get_close_matches  # noqa: PLC0415 - only a slip pays for it

        from cdsplan.rulebook.selectors import selectors  # noqa: PLC0415 - as above

        if word.upper() in selectors():
            return say(msg("“{rule}” has no place here: what keeps a plan from being read always counts", rule=word))
        near = get_close_matches(word.casefold(), by_fold, n=1)
        hint = msg("did you mean “{near}”?", near=by_fold[near[0]]) if near else msg("cdsplan rule lists the rules")
        return f"{say(msg('there is no rule “{rule}”', rule=word))}; {say(hint)}"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Offer what the last of the words may become."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415 - only a completing shell needs it

        del ctx, param
        before, comma, last = incomplete.rpartition(",")
        wanted = last.casefold()
        return [
            CompletionItem(f"{before}{comma}{word}") for word in self._known() if word.casefold().startswith(wanted)
        ]
