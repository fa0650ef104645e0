"""`cdsplan rule [ID]`: the rules of `check`, and what each is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cdsplan.check.example import found_in_example
from cdsplan.cli.frame import Run, plan_command
from cdsplan.cli.words import say
from cdsplan.messages import msg
from cdsplan.rulebook import RULES

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from cdsplan.rulebook import Rule
    from cdsplan.views.rules import Page

    Parameter = click.ParamType[Any]
else:
    Parameter = click.ParamType  # not generic at run time before click 8.5


class RuleName(Parameter):
    """The id of a rule or its name."""

    name = "rule"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Rule:
        """Find the rule, whatever the case."""
        by_name = {rule.id.casefold(): rule for rule in RULES.values()} | {rule.name: rule for rule in RULES.values()}
        found = by_name.get(value.casefold())
        if found is None:
            from difflib import get_close_matches  # noqa: PLC0415 - only a slip pays for it

            near = get_close_matches(value.casefold(), by_name, n=1)
            hint = (
                msg("did you mean “{near}”?", near=by_name[near[0]].id) if near else msg("cdsplan rule lists the rules")
            )
            self.fail(f"{say(msg('there is no rule “{rule}”', rule=value))}; {say(hint)}", param, ctx)
        return found

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Offer ids."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415 - only a completing shell needs it

        del ctx, param
        return [CompletionItem(rule, help=RULES[rule].name) for rule in RULES if rule.startswith(incomplete.upper())]


@plan_command(
    "rule",
    msg("List the rules of check; explain one: what it finds, why, how to mend it, with an example."),
    formats=("table", "plain", "json", "markdown"),
    files=False,
    plan=False,
)
@click.argument("rule", type=RuleName(), required=False, metavar="[ID]")
def command(run: Run, *, rule: Rule | None) -> None:
    """Look up, explain."""
    rules = list(RULES.values()) if rule is None else [rule]
    if run.format == "json":
        from cdsplan.views.data.findings import rules_document  # noqa: PLC0415 - each format loads its own view

        run.emit(rules_document([(each, found_in_example(each)) for each in rules], run.language))
        return
    from cdsplan.views.rules import page_markdown, page_text, pages_markdown, rules_listing  # noqa: PLC0415

    if run.format == "markdown":
        pages = [_page(each, run) for each in rules]
        run.emit(pages_markdown(pages, run.language) if rule is None else page_markdown(pages[0], run.language))
    elif rule is None:
        run.emit_listings(rules_listing(rules, run.language))
    else:
        run.emit(page_text(_page(rule, run), run.language, run.width))


def _page(rule: Rule, run: Run) -> Page:
    from cdsplan.views.frames import frame  # noqa: PLC0415 - as above
    from cdsplan.views.rules import Page  # noqa: PLC0415

    return Page(rule, tuple(frame(problem, run.language) for problem in found_in_example(rule)))
