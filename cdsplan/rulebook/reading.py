"""CDS1xx: the plan or the command line cannot be read. These rules stop everything (exit 2)."""

from __future__ import annotations

from cdsplan.messages import msg
from cdsplan.problems import Severity
from cdsplan.rulebook.model import Example, Rule

_TASK = '[tasks.khao-sat]\ntitle = "Khảo sát"\nowner = "so-yt"\n'

READING = (
    Rule(
        id="CDS100",
        name="usage",
        severity=Severity.ERROR,
        summary=msg("The command line is not one that the program understands."),
        why=msg("An answer to another question than the one that was meant would be worse than none."),
        mend=msg("Read the message, and the help: cdsplan COMMAND --help."),
        example=None,
    ),
    Rule(
        id="CDS101",
        name="unreadable-file",
        severity=Severity.ERROR,
        summary=msg("A file cannot be read at all, or holds more than a plan can have."),
        why=msg("It is missing, it is no UTF-8 text, or it goes beyond a limit that no real plan reaches."),
        mend=msg("Save it as a text file with the encoding UTF-8; look at what the message says of its size."),
        example=Example("[calendar]\nclosed = [{ from = 1990-01-01, to = 2190-12-31 }]\n\n" + _TASK),
    ),
    Rule(
        id="CDS102",
        name="not-toml",
        severity=Severity.ERROR,
        summary=msg("The text is not TOML, the language of plan files."),
        why=msg("A file that can be read in two ways is not read in either."),
        mend=msg("Mend the place that is shown; most often quotes or a bracket are missing."),
        example=Example(_TASK + "due = 30/9/2026\n"),
    ),
    Rule(
        id="CDS103",
        name="forbidden-character",
        severity=Severity.ERROR,
        summary=msg("A character that does not show, or that acts on a terminal or a calendar."),
        why=msg(
            "Two texts that look alike would not be alike, and what acts on a screen can hide what a plan really says."
        ),
        mend=msg("Delete it; it often comes along when text is copied from a web page or a Word file."),
        example=Example('[tasks.khao-sat]\ntitle = "Khảo sát\\u200b"\nowner = "so-yt"\n'),
    ),
    Rule(
        id="CDS104",
        name="unknown-key",
        severity=Severity.ERROR,
        summary=msg("A key or a table that the plan format does not have."),
        why=msg("A slip in a key would otherwise make a deadline disappear without a word."),
        mend=msg("Take the key that the hint names, or put the words into “note”."),
        example=Example(_TASK + "deadline = 2026-03-31\n"),
    ),
    Rule(
        id="CDS105",
        name="missing-key",
        severity=Severity.ERROR,
        summary=msg("A key that must be there is missing."),
        why=msg("Without it nothing can be computed, or nobody could tell what a report is about."),
        mend=msg("Add it where the message says."),
        example=Example('[tasks.khao-sat]\nowner = "so-yt"\n'),
    ),
    Rule(
        id="CDS106",
        name="wrong-value",
        severity=Severity.ERROR,
        summary=msg("A value of another kind or form than the key takes."),
        why=msg("What is not understood is never guessed."),
        mend=msg("Write it as the hint shows."),
        example=Example(_TASK + 'duration = "5 ngày"\n'),
    ),
    Rule(
        id="CDS107",
        name="unknown-name",
        severity=Severity.ERROR,
        summary=msg("A name of a task, an agency, a group or a calendar that the plan does not declare."),
        why=msg("A link to nothing orders nothing, and a task of an unknown agency reaches nobody."),
        mend=msg("Mend the name, or declare what it names."),
        example=Example('[tasks.khao-sat]\ntitle = "Khảo sát"\nowner = "so-ytt"\n'),
    ),
    Rule(
        id="CDS108",
        name="used-twice",
        severity=Severity.ERROR,
        summary=msg("An id, a former id or an entry of a list that is there twice."),
        why=msg("An id names one thing for good: calendars and records find it by its id."),
        mend=msg("Keep one of them, or give one another id."),
        example=Example(_TASK + '\n[tasks.bao-cao]\ntitle = "Báo cáo"\nowner = "so-yt"\nformerly = ["khao-sat"]\n'),
    ),
    Rule(
        id="CDS109",
        name="impossible-date",
        severity=Severity.ERROR,
        summary=msg("A day that does not exist, or that cannot be meant."),
        why=msg("A slip of a digit moves a deadline by years."),
        mend=msg("Look the day up in the source. Days are written day/month/year, or year-month-day."),
        example=Example(_TASK + 'due = "31/4/2026"\n'),
    ),
    Rule(
        id="CDS110",
        name="unknown-deadline-words",
        severity=Severity.ERROR,
        summary=msg("Deadline words that are not among those that are understood."),
        why=msg("A deadline that was guessed would be enforced all the same."),
        mend=msg("Write one of the forms shown, or keep the words and give the day: {form}.", form="{ words, date }"),
        example=Example(_TASK + 'due = "sớm nhất có thể"\n'),
    ),
    Rule(
        id="CDS111",
        name="ring",
        severity=Severity.ERROR,
        summary=msg("Tasks that wait for each other, or groups and successors that lead back to themselves."),
        why=msg("None of them could ever begin."),
        mend=msg("Take one link of the ring out: the one that the source does not state."),
        example=Example(
            _TASK + 'after = ["bao-cao"]\n\n[tasks.bao-cao]\ntitle = "Báo cáo"\nowner = "so-yt"\nafter = ["khao-sat"]\n'
        ),
    ),
    Rule(
        id="CDS112",
        name="contradiction",
        severity=Severity.ERROR,
        summary=msg("Values that exclude each other."),
        why=msg("Whichever were taken, somebody would read the plan the other way."),
        mend=msg("Keep one of them."),
        example=Example("[calendar]\nclosed = [2026-03-07]\nopen = [2026-03-07]\n\n" + _TASK),
    ),
    Rule(
        id="CDS114",
        name="torn-journal",
        severity=Severity.ERROR,
        summary=msg("The last line of a journal is torn: only its beginning is there."),
        why=msg(
            "The program that wrote it was cut off, and nobody was told that it was written. Another line behind it "
            "would make both unreadable."
        ),
        mend=msg(
            "Put it aside with cdsplan journal repair, which deletes nothing, and record again what it was about."
        ),
        example=Example(
            '[tasks.khao-sat]\ntitle = "Khảo sát"\nowner = "so-yt"\n',
            journal='20260227-091200-x7k2 = { at = 2026-02-27T09:12:00+07:00, on = 2026-02-27, task = "khao',
        ),
    ),
    Rule(
        id="CDS116",
        name="contradictory-row",
        severity=Severity.ERROR,
        summary=msg("A row of a sheet of deliveries does not follow from what is recorded."),
        why=msg(
            "It tells, for example, of a second delivery, or of one for a task that was cancelled. Nothing of the "
            "sheet is recorded then: it is all or nothing."
        ),
        mend=msg(
            "Correct the row or take it out. What is wrong in the journal is taken back with cdsplan undo; a "
            "supplement is recorded with --again."
        ),
        example=None,
    ),
)
