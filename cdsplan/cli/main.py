"""The program: its commands, loaded when they are asked for, and the edge at which every failure becomes an exit code.

0 on track, 1 findings, 2 wrong input or usage, 3 a defect of the program, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from io import StringIO
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

import click

from cdsplan import __version__
from cdsplan.cli.frame import HELP, SpokenOption
from cdsplan.cli.output import attach, drop_output, prepare, put_out, tell
from cdsplan.cli.plans import language_of
from cdsplan.cli.words import begin, say, spoken
from cdsplan.messages import msg
from cdsplan.problems import PlanError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

FINDINGS, WRONG, DEFECT, INTERRUPTED = 1, 2, 3, 130

COMPLETE = "_CDSPLAN_COMPLETE"
"""The variable by which a shell asks for completion."""

COMMANDS = {
    "status": msg("What needs attention, and how every task stands."),
    "show": msg("Everything known of one task."),
    "critical": msg("The chain of tasks that decides when the plan, or a task, is finished."),
    "why": msg("Why a task is planned when it is, step by step back to the start."),
    "milestones": msg("Every milestone: deadline, forecast, what drives it, who acts next."),
    "schedule": msg("The computed dates and floats of every task."),
    "gantt": msg("When each task runs, drawn as a chart."),
    "whatif": msg("What would move if a task were longer, done, or due on another day."),
    "check": msg("Fail (exit 1) when a milestone is overdue: a verdict for CI."),
    "done": msg("Record who delivered what, when, on which document."),
    "record": msg("Record many deliveries at once, from a sheet."),
    "start": msg("Record that work has begun."),
    "progress": msg("Record how many percent are done."),
    "extend": msg("Record that a deadline was moved, and by which document."),
    "cancel": msg("Record that a task, or an agency’s part of it, need not be done."),
    "reopen": msg("Record that what was done or cancelled is open again."),
    "note": msg("Record words in a task’s history."),
    "undo": msg("Take an entry of the journal back."),
    "missing": msg("Who has not delivered yet; also as names to paste into a letter."),
    "log": msg("What was recorded, as it happened."),
    "trend": msg("Week by week: what was done on time, done late, and overdue."),
    "journal": msg("Look after the journal: check it, repair a torn end."),
    "rule": msg("The rules of check: what each finds, why, and how to mend it."),
    "audit": msg("How well the schedule is made: the DCMA 14-point assessment."),
    "diff": msg("What changed between two versions of a plan, and what that moves."),
    "export": msg("Write one iCalendar feed per agency into a folder."),
    "publish": msg("Write feeds and pages for a web server, in step with what was published before."),
    "serve": msg("Serve feeds and pages over HTTP, always current."),
    "token": msg("Give agencies secret addresses, change them, end them."),
    "calendar": msg("Days off and worked Saturdays of a year, with their sources."),
    "init": msg("Begin a new plan: a small commented file that reads at once."),
    "schema": msg("Print the JSON Schema of the plan format."),
}
"""Each command lives in cdsplan/cli/NAME.py as `command`."""

ENVIRONMENT = {
    "CDSPLAN_PLAN": msg("The plan file, where none is named."),
    "CDSPLAN_LANG": msg("The language of answers, help and errors, en or vi, instead of the plan’s."),
    "CDSPLAN_AS_OF": msg("The day of judgement, instead of today."),
}
"""What of the environment every command heeds."""


class Program(click.Group):
    """The group of commands; a command's module is loaded when the command is wanted."""

    def get_help_option(self, ctx: click.Context) -> click.Option:
        """Give the option --help."""
        del ctx
        return HELP

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands, the daily ones first."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"cdsplan.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command by its name; for a slip of the pen, name the one that was meant."""
        known = not args or args[0] in COMMANDS or args[0].startswith("-")
        if not known and not ctx.resilient_parsing:  # completion says nothing of what is wrong with the line so far
            from difflib import get_close_matches  # noqa: PLC0415 - only a slip pays for it

            near = get_close_matches(args[0], COMMANDS, n=1)
            words = say(msg("there is no command “{name}”", name=args[0]))
            hint = say(msg("did you mean “{near}”?", near=near[0])) if near else say(msg("see: cdsplan --help"))
            ctx.fail(f"{words}; {hint}")
        return super().resolve_command(ctx, args)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help text in the language of the run."""
        del ctx
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(
                say(msg("Deadlines of government plans: critical paths, overdue items, calendar feeds."))
            )

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading any, and below them what of the environment they heed."""
        del ctx
        with formatter.section(say("Commands")):
            formatter.write_dl([(name, say(words)) for name, words in COMMANDS.items()])
        with formatter.section(say(msg("Environment"))):
            formatter.write_dl([(name, say(words)) for name, words in ENVIRONMENT.items()])


def _show_version(ctx: click.Context, option: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - as click calls it
    del option
    if wanted and not ctx.resilient_parsing:
        words = "%(prog)s, version %(version)s"  # click's own, which the catalogue has
        put_out((say(words) % {"prog": "cdsplan", "version": __version__},))
        ctx.exit()


VERSION = SpokenOption(
    ["--version"],
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version and exit.",  # as above
)
"""The option --version; click's own would fail as a defect of the program where the disk is full."""


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]}, params=[VERSION])
def program() -> None:
    """Hold the commands."""


def run(arguments: Sequence[str]) -> int:
    """Run the program with bare arguments; give its exit code and let nothing escape."""
    attach()
    for stream in (sys.stdout, sys.stderr):
        prepare(stream)
    begin(arguments, lambda: language_of(_plan_files(arguments)))
    try:
        code = program.main(args=list(arguments), prog_name="cdsplan", standalone_mode=False)
    except PlanError as error:
        _report(error, arguments)
        return WRONG
    except (click.exceptions.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except click.ClickException as error:
        _report_usage(error, arguments)
        return WRONG
    except SystemExit as leaving:
        # click leaves like this after completion, and when whoever read a help text went away (| head).
        if COMPLETE in os.environ:
            return int(leaving.code or 0)
        drop_output()
        return 0
    except Exception as error:  # noqa: BLE001 - the edge: a defect gets one line, not a traceback
        return _report_defect(error, arguments)
    return code if isinstance(code, int) else 0


def _plan_files(arguments: Sequence[str]) -> list[str]:
    """Find the plan files among bare arguments, before click has read them."""
    files: list[str] = []
    for before, argument in pairwise(("", *arguments)):
        if before in {"-p", "--plan"}:
            files.append(argument)
        elif argument.startswith("--plan="):
            files.append(argument.removeprefix("--plan="))
        elif argument.startswith("-p"):
            files += [argument[2:]] if len(argument) > 2 else []  # noqa: PLR2004 - glued to its option
        elif argument.endswith(".toml") and before not in {"-o", "--output"}:
            files.append(argument)
    return files


def _values(arguments: Sequence[str], *names: str) -> list[str]:
    """Find what bare arguments give an option, before click has read them."""
    values: list[str] = []
    for before, argument in pairwise(("", *takewhile("--".__ne__, arguments))):
        if before in names:
            values.append(argument)
            continue
        glued = (name if len(name) == len("-o") else f"{name}=" for name in names)
        values += (argument.removeprefix(start) for start in glued if argument.startswith(start) and argument != start)
    return values


def _wants_json(arguments: Sequence[str]) -> bool:
    return _values(arguments, "--format")[-1:] == ["json"]


def _file(arguments: Sequence[str]) -> str | None:
    """Find the file that the answer of --format was to go into; None is standard output."""
    files = _values(arguments, "--output", "-o")
    if "check" in arguments[:1]:
        from cdsplan.cli.answers import parted  # noqa: PLC0415 - only failures need it

        files = [file for form, file in map(parted, files) if form is None and file is not None]
    return files[-1] if files else None


def _report(error: PlanError, arguments: Sequence[str]) -> None:
    from cdsplan.views.frames import frames  # noqa: PLC0415 - only failures need it

    tell(frames((*error.problems, *_answer(error.problems, arguments)), spoken()))


def _report_usage(error: click.ClickException, arguments: Sequence[str]) -> None:
    unwritten = _answer((Problem(code="CDS100", message=msg("{words}", words=error.format_message())),), arguments)
    shown = StringIO()
    error.show(shown)
    tell(shown.getvalue())
    if unwritten:
        _report(PlanError(unwritten), ())


def _answer(problems: tuple[Problem, ...], arguments: Sequence[str]) -> tuple[Problem, ...]:
    """Write problems as the answer, where that is JSON; give what came up in writing them.

    They go into the file that was named, lest an old answer stays there and is taken for this one. What cannot be
    written there goes to standard output.
    """
    if not _wants_json(arguments):
        return ()
    from cdsplan.cli.frame import deliver  # noqa: PLC0415 - only failures need it
    from cdsplan.views.data.frame import problems_document  # noqa: PLC0415 - only failures need it

    found = list(problems)
    for file in dict.fromkeys((_file(arguments), None)):
        try:
            deliver((problems_document(found, spoken()),), file)
        except PlanError as error:
            found += (problem for problem in error.problems if problem not in found)
        else:
            break
    return tuple(found[len(problems) :])


def _report_defect(error: Exception, arguments: Sequence[str]) -> int:
    if "--debug" in arguments:
        import traceback  # noqa: PLC0415 - only a defect needs it

        tell("".join(traceback.format_exception(error)))
    what = f"{type(error).__name__}: {error}".split("\n", 1)[0]
    tell(
        say(
            msg(
                "cdsplan {version} has a defect: {what}. Please report it with the command and, if you may, the plan; "
                "--debug shows more.",
                version=__version__,
                what=what,
            )
        )
    )
    return DEFECT
