"""The frame that every command shares: its options, its words in the reader's language, and one run's state.

A command body gets a `Run`, which reads, schedules and judges on demand and emits what a view made.
"""

from __future__ import annotations

import os
import sys
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any

import click

from cdsplan.cli.clock import Day, today
from cdsplan.cli.journals import known, read_journals
from cdsplan.cli.output import defuse, put_out, tell
from cdsplan.cli.plans import chosen_files, discover, read_plans
from cdsplan.cli.words import say, spoken
from cdsplan.i18n import LANGUAGES
from cdsplan.messages import Message, msg
from cdsplan.problems import PlanError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from click.core import ParameterSource
    from rich.console import RenderableType

    from cdsplan.i18n import Language
    from cdsplan.journal.model import Journal
    from cdsplan.listing import Card, Listing
    from cdsplan.names import Named
    from cdsplan.plan.model import Plan, Task
    from cdsplan.progress import Record
    from cdsplan.schedule import Schedule
    from cdsplan.status import Item, Status

    Body = Callable[..., int | None]

MEBIBYTE = 1024 * 1024
JOURNAL_BYTES = 16 * MEBIBYTE
"""The largest journal that is read unless --max-size lifts it: some 80,000 entries."""

WIDTH_ELSEWHERE = 100
"""Columns of a table that goes to no terminal."""

MOST_ROWS = 200
"""Rows of a drawn table: rich takes half a millisecond for each."""

FORMATS = ("table", "plain", "json", "csv")


class SpokenOption(click.Option):
    """An option whose help speaks the language of the run, and names the variable of the environment that sets it.

    click does not see the help when an option is made: it would tidy it with `inspect`, which takes a tenth of a short
    run to load (see cdsplan.__main__).
    """

    def __init__(self, *given: Any, help: str = "", **settings: Any) -> None:  # noqa: A002, ANN401 - as click has it
        """Make it as click does, and keep the help."""
        super().__init__(*given, **settings)
        self.help = help
        self.show_envvar = True

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Give the option's line of the help in the language of the run."""
        kept = self.help
        self.help = say(kept or "")
        record = super().get_help_record(ctx)
        self.help = kept
        return record


def _show_help(ctx: click.Context, option: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - as click calls it
    del option
    if wanted and not ctx.resilient_parsing:
        put_out((ctx.get_help(),))
        ctx.exit()


HELP = SpokenOption(
    ["-h", "--help"],
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_help,
    help="Show this message and exit.",  # click's own words, which the catalogue has
)
"""The option --help of every command; click's own would be no `SpokenOption`."""


class SpokenCommand(click.Command):
    """A command whose help speaks the language of the run."""

    def get_help_option(self, ctx: click.Context) -> click.Option:
        """Give the option --help."""
        del ctx
        return HELP

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help text in the language of the run."""
        kept = self.help
        self.help = say(kept or "")
        super().format_help_text(ctx, formatter)
        self.help = kept


def option(*names: str, help: Message, **settings: Any) -> Callable[[Body], Body]:  # noqa: A002, ANN401 - as click has it
    """Declare an option with its help as a message."""
    return click.option(*names, cls=SpokenOption, help=help.template, **settings)


def plan_command(
    name: str,
    help: Message,  # noqa: A002 - as click has it
    *,
    formats: tuple[str, ...] = FORMATS,
    files: bool = True,
    output: bool = True,
    plan: bool = True,
) -> Callable[[Body], click.Command]:
    """Declare a command with the shared options; `files` lets it take plan files as arguments too.

    Without `output` it has no `-o`, and declares its own; without `formats` it writes no answer at all, so nothing says
    how; without `plan` nothing of it is about plans.
    """

    def declare(body: Body) -> click.Command:
        @wraps(body)
        def invoke(**given: Any) -> int | None:  # noqa: ANN401 - click gives whatever was declared
            return body(Run(given), **given)

        declared: Any = invoke
        shared = _shared(formats, files=files and plan, output=output, plan=plan)
        for decorate in reversed(shared):
            declared = decorate(declared)
        made = click.command(name, cls=SpokenCommand, help=help.template)(declared)
        made.params = [*made.params[len(shared) :], *made.params[: len(shared)]]  # help shows its own options first
        return made

    return declare


ANY_PATH = click.Path(readable=False)
"""What cannot be read or written is told by whoever tries: with the file's name, and the same words everywhere."""

OUTPUT = option("-o", "--output", type=ANY_PATH, metavar="FILE", help=msg("Write the answer into a file."))


SPEAK = msg("Speak this language. Otherwise CDSPLAN_LANG, else the plan’s.")


def _shared(formats: tuple[str, ...], *, files: bool, output: bool, plan: bool) -> list[Callable[[Any], Any]]:
    which_plan = [
        option(
            "-p", "--plan", "plan_files", multiple=True, metavar="FILE", type=ANY_PATH,
            help=msg("A plan file; may be given more than once. Otherwise CDSPLAN_PLAN, plan.toml or plans/*.toml."),
        ),
        option(
            "--as-of", type=Day(), envvar="CDSPLAN_AS_OF", metavar="DATE",
            help=msg("Judge as of this day (2021-10-05 or 05/10/2021) instead of today."),
        ),
    ]  # fmt: skip
    how_large = option(
        "--max-size", type=click.IntRange(1, 2048), default=5, show_default=True, metavar="MIB",
        help=msg("Refuse plan files larger than this many MiB."),
    )  # fmt: skip
    form = [
        option(
            "--format", "format_", type=click.Choice(formats), default=formats[0], show_default=True,
            help=msg("How to write the answer."),
        ),
        *([OUTPUT] if output else []),
    ] if formats else []  # fmt: skip
    color = option(
        "--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True,
        help=msg("Colour the answer; auto colours on a terminal, and NO_COLOR is obeyed."),
    )  # fmt: skip
    shared = [
        *(which_plan if plan else []),
        *form,
        option("--lang", type=click.Choice(LANGUAGES), help=SPEAK),
        *([color] if formats else []),
        *([how_large] if plan else []),
        option("--debug", is_flag=True, help=msg("Show where in the program a defect came up.")),
    ]  # fmt: skip
    if files:
        shared.insert(0, click.argument("more_files", nargs=-1, type=ANY_PATH, metavar="[PLAN.toml]..."))
    return shared


class Run:
    """One run of a command: what was asked for, and what it needs, made when first wanted."""

    def __init__(self, given: dict[str, Any]) -> None:
        """Take the shared options out of what click gives."""
        self._given = dict(given)
        self.files: tuple[str, ...] = given.pop("plan_files", ()) + given.pop("more_files", ())
        self._as_of: date | None = given.pop("as_of", None)
        self.format: str = given.pop("format_", "plain")
        self.output: str | None = given.pop("output", None)
        self.color: str = given.pop("color", "never")
        self.max_bytes: int = given.pop("max_size", 1) * MEBIBYTE
        given.pop("lang")
        given.pop("debug")

    def afresh(self, plan_files: Sequence[str]) -> Run:
        """Give a run of the same options, but on these files, that has read nothing yet."""
        return Run({**self._given, "plan_files": tuple(plan_files), "more_files": ()})

    @property
    def language(self) -> Language:
        """The language of the answer."""
        return spoken()

    @cached_property
    def plans(self) -> tuple[Plan, ...]:
        """The plans that the run works on."""
        return read_plans(chosen_files(self.files), max_bytes=self.max_bytes)

    def known(self, plan: Plan, day: date) -> Mapping[str, Record]:
        """Say what the journal of a plan of the run tells as of a day."""
        return known(plan, self.journals[self.plans.index(plan)], day)

    def file_of(self, plan: Plan) -> str:
        """Name the file of a plan of the run, as it is opened."""
        return chosen_files(self.files)[self.plans.index(plan)]

    @cached_property
    def journals(self) -> tuple[Journal | None, ...]:
        """The journal of each plan, where there is one."""
        return read_journals(self.plans, chosen_files(self.files), max_bytes=self.journal_bytes)

    @property
    def journal_bytes(self) -> int:
        """The largest journal that is read."""
        return max(self.max_bytes, JOURNAL_BYTES)

    @cached_property
    def has_plan(self) -> bool:
        """Whether a plan was named, or is found here."""
        return bool(self.files or os.environ.get("CDSPLAN_PLAN") or discover())

    @cached_property
    def as_of(self) -> date:
        """The day of judgement."""
        return self._as_of or today(self.plans if self.has_plan else ())

    @cached_property
    def today(self) -> date:
        """The clock's day, or the day of judgement where that is later: nothing up to it lies ahead."""
        return max(self.as_of, today(self.plans))

    @property
    def day_given(self) -> bool:
        """Whether somebody chose the day; otherwise the clock gave it."""
        return self._as_of is not None

    @property
    def day_source(self) -> ParameterSource | None:
        """Who chose the day: the command line or the environment; None when the clock gave it."""
        return None if self._as_of is None else click.get_current_context().get_parameter_source("as_of")

    @cached_property
    def schedules(self) -> tuple[Schedule, ...]:
        """The schedule of each plan."""
        from cdsplan.schedule import schedule  # noqa: PLC0415 - not every command schedules

        return tuple(schedule(plan) for plan in self.plans)

    @cached_property
    def forecasts(self) -> tuple[Schedule, ...]:
        """The forecast of each plan as of the day."""
        return tuple(
            schedule.forecast(self.as_of, self.known(schedule.plan, self.as_of)) for schedule in self.schedules
        )

    @cached_property
    def status(self) -> Status:
        """The status of every item."""
        from cdsplan.status import judge  # noqa: PLC0415 - not every command judges

        return judge(self.forecasts, self.as_of)

    def find_task(self, name: str) -> tuple[Plan, Task]:
        """Find the task of the network that a person named, or say what is near."""
        from cdsplan.cli.finding import task_named  # noqa: PLC0415 - not every command is given a name

        return task_named(self.plans, name)

    def find_item(self, name: str) -> Named:
        """Find the task, or the occurrence of a recurring one, that a person named."""
        from cdsplan.cli.finding import item_named  # noqa: PLC0415 - as above

        return item_named(self.plans, name)

    def find_occurrence(self, name: str) -> Named:
        """Find what a person can report on: a task that happens once, or one occurrence of another."""
        from cdsplan.cli.finding import occurrence_named  # noqa: PLC0415 - as above

        return occurrence_named(self.plans, name, self.as_of)

    def occurrence(self, items: Sequence[Item], day: date) -> tuple[Item, ...]:
        """Choose one occurrence of a task among its items; one that lies far ahead is not judged with the others."""
        found = tuple(item for item in items if item.occurrence == day)
        if found:
            return found
        from cdsplan.status import judge_occurrence  # noqa: PLC0415 - hardly anybody looks so far ahead

        return (judge_occurrence(items[0].plan, items[0].task, day, self.as_of),)

    def find_agencies(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Find the agencies that a person named; a group stands for its members."""
        if not names:
            return ()
        from cdsplan.cli.finding import agencies_named  # noqa: PLC0415 - as above

        return agencies_named(self.plans, names)

    def find_listed_agencies(self, lists: tuple[str, ...]) -> tuple[str, ...]:
        """Find the agencies of lists, “A,B”, as `find_agencies` does."""
        if not lists:
            return ()
        from cdsplan.cli.finding import agencies_named, names_in  # noqa: PLC0415 - as above

        return agencies_named(self.plans, [name for words in lists for name in names_in(self.plans, words)])

    @property
    def colored(self) -> bool:
        """Whether the answer is coloured."""
        if self.color != "auto" or self.output is not None:
            return self.color == "always"
        return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    def draw(self, drawing: RenderableType) -> str:
        """Turn a drawing into text, as wide as the terminal."""
        from cdsplan.cli.drawing import draw  # noqa: PLC0415 - only tables pay for rich

        return draw(drawing, colored=self.colored, width=self.width)

    def emit_listings(self, *listings: Listing) -> None:
        """Write listings as the tables or the text that was asked for; long tables are always plain."""
        if self.format == "markdown":
            from cdsplan.views.markdown_tables import listing_markdown  # noqa: PLC0415 - each format loads its own view

            self.emit("\n\n".join(listing_markdown(listing, self.language) for listing in listings))
            return
        if self.format == "plain" or sum(len(listing.rows) for listing in listings) > MOST_ROWS:
            from cdsplan.views.plain import listing_text  # noqa: PLC0415 - each format loads its own view

            self.emit("\n\n".join(map(listing_text, listings)))
            return
        from cdsplan.views.tables import listing_table  # noqa: PLC0415

        self.emit("\n".join(self.draw(listing_table(listing, self.width)) for listing in listings))
        self.tell_hidden(*listings)

    def tell_hidden(self, *listings: Listing) -> None:
        """Say which columns of drawn listings are hidden for want of room, and how to see them."""
        from cdsplan.views.tables import full_width, hidden_columns  # noqa: PLC0415 - only tables hide anything

        drawn = [listing for listing in listings if listing.rows]
        hidden = dict.fromkeys(heading for each in drawn for heading in hidden_columns(each, self.width))
        if hidden:
            words = msg(
                "Not shown for want of room: {columns}. A terminal of {width} columns shows them, and so does "
                "--format plain.",
                columns=tuple(f"“{heading}”" for heading in hidden),
                width=max(map(full_width, listings)),
            )
            tell(say(words))

    def emit_cards(self, *cards: Card) -> None:
        """Write cards as the drawing or the text that was asked for."""
        if self.format == "markdown":
            from cdsplan.views.markdown_tables import card_markdown  # noqa: PLC0415 - each format loads its own view

            self.emit("\n\n".join(map(card_markdown, cards)))
            return
        if self.format == "plain":
            from cdsplan.views.plain import card_text  # noqa: PLC0415

            self.emit("\n\n".join(map(card_text, cards)))
            return
        from cdsplan.views.tables import card_table  # noqa: PLC0415

        self.emit("\n\n".join(self.draw(card_table(card)).rstrip("\n") for card in cards))

    @property
    def width(self) -> int:
        """Columns to write into."""
        if self.output is None and sys.stdout.isatty():
            return click_width()
        return _columns() or WIDTH_ELSEWHERE

    def emit(self, *parts: str) -> None:
        """Write the answer: to the file that was asked for, whole or not at all, or to standard output."""
        self.emit_parts(map(defuse, parts) if self.format in {"table", "plain", "text"} else parts)

    def emit_parts(self, parts: Iterable[str]) -> None:
        """Write an answer that is too long for one text; what goes to standard output goes part by part."""
        deliver(parts, self.output)

    def need_output(self) -> None:
        """Refuse a file that the answer cannot go into, before what it shall tell of is done.

        Raises:
            PlanError: it cannot be written.
        """
        if self.output is None:
            return
        from cdsplan.cli.files import try_whole  # noqa: PLC0415 - only commands that write need it

        path = _place_of_answer(self.output)
        try:
            try_whole(path)
        except OSError as error:
            raise cannot_write(path, error) from None


def deliver(parts: Iterable[str], file: str | None) -> None:
    """Write an answer into a file, or where there is none, to standard output."""
    if file is None:
        put_out(parts)
    else:
        write_answer(file, "".join(parts))


def write_answer(file: str, text: str) -> None:
    """Write an answer into a file, whole or not at all, ending its last line."""
    write_file(_place_of_answer(file), (text if text.endswith("\n") else text + "\n").encode())


def _place_of_answer(file: str) -> Path:
    """Give the path of an answer; what looks like a plan is none."""
    from pathlib import Path  # noqa: PLC0415 - only -o needs it

    path = Path(file)
    if path.exists() and path.suffix == ".toml":  # a slip for -p: nobody wants a report where a plan was
        message = msg("{file} is there already: name another file", file=path)
        raise PlanError((Problem(code="CDS101", message=message),))
    return path


def write_file(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; say why when it cannot be."""
    from cdsplan.cli.files import write_whole  # noqa: PLC0415 - only commands that write need it

    try:
        write_whole(path, data)
    except OSError as error:
        raise cannot_write(path, error) from None


def create_file(path: Path, data: bytes) -> None:
    """Write a new file, and the folder it lies in where that is missing."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(path, error) from None
    write_file(path, data)


def cannot_write(path: Path, error: OSError) -> PlanError:
    """Say that a file could not be written, and why."""
    from cdsplan.cli.reasons import reason  # noqa: PLC0415 - only failures need it

    return PlanError(
        (Problem(code="CDS101", message=msg("{file}: cannot be written ({reason})", file=path, reason=reason(error))),)
    )


def click_width() -> int:
    """Columns of the terminal."""
    from shutil import get_terminal_size  # noqa: PLC0415 - only terminals have one

    return get_terminal_size().columns


def _columns() -> int | None:
    columns = os.environ.get("COLUMNS", "")
    return int(columns) if columns.isdecimal() and int(columns) > 0 else None
