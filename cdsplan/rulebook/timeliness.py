"""CDS2xx: what is late, what soon will be, what the words of deadlines come to, and waivers that no longer help."""

from __future__ import annotations

from cdsplan.messages import msg
from cdsplan.problems import Severity
from cdsplan.rulebook.model import HEAD, Example, Rule

_SURVEY = '[tasks.khao-sat]\ntitle = "Khảo sát"\nowner = "so-yt"\n'
_REPORT = '\n[tasks.bao-cao]\ntitle = "Báo cáo"\nowner = "so-ct"\n'
_MEMBERS = '[tasks.khao-sat]\ntitle = "Khảo sát"\neach = ["so-yt", "so-ct"]\n'
_WAIVER = '\n[[waiver]]\nrule = "CDS202"\ntask = "khao-sat"\nreason = "CV 15/UBND: chờ số liệu"\n'
_OF_VIETNAM = '[reading]\nday-off = "next-working-day"\n\n[calendar]\nholidays = "VN"\n\n'

TIMELINESS = (
    Rule(
        id="CDS201",
        name="milestone-overdue",
        severity=Severity.ERROR,
        summary=msg("A milestone is open, and its last good day has passed."),
        why=msg(
            "Milestones are what the plan promises to others. This is what a check fails on unless told otherwise."
        ),
        mend=msg(
            "If it is done, record it. If the deadline was extended, record the document that extended it. If neither, "
            "deliver; a waiver in the plan keeps the check from failing until a day that somebody answers for."
        ),
        example=Example(_SURVEY + 'due = "trước ngày 27/2/2026"\nmilestone = true\n'),
    ),
    Rule(
        id="CDS202",
        name="task-overdue",
        summary=msg("A task that is no milestone is open, and its last good day has passed."),
        why=msg("What is late here is often late in a milestone next. With --fail-on task it fails the check."),
        mend=msg("As for a milestone: record that it is done or extended, or deliver."),
        example=Example(_SURVEY + 'due = "trước ngày 27/2/2026"\n'),
    ),
    Rule(
        id="CDS203",
        name="fan-out-incomplete",
        default=False,
        summary=msg("An agency has not delivered its own part of a task by its last good day; one finding for each."),
        why=msg("The overdue task says how many are missing; this says who, for a letter to each of them."),
        mend=msg("Record each delivery with its document; waive the agencies that were given more time."),
        example=Example(_MEMBERS + 'due = "trước ngày 27/2/2026"\n'),
    ),
    Rule(
        id="CDS204",
        name="due-today",
        severity=Severity.NOTE,
        summary=msg("Today is the last good day of an open task."),
        why=msg("Tomorrow it is overdue."),
        mend=msg("Deliver today, and record it."),
        example=Example(_SURVEY + "due = 2026-03-02\n"),
    ),
    Rule(
        id="CDS205",
        name="due-soon",
        severity=Severity.NOTE,
        summary=msg(
            "The last good day of an open task is near: 7 calendar days, or what {setting} says.",
            setting="[check] warn",
        ),
        why=msg("There is still time to act, or to ask for more."),
        mend=msg("Chase it now. --warn 14 looks further ahead, --warn 0 not at all."),
        example=Example(_SURVEY + "due = 2026-03-06\n"),
    ),
    Rule(
        id="CDS206",
        name="at-risk",
        summary=msg("A task in time will be late by the forecast: what is known, and the plan for the rest."),
        why=msg("A delay shows here weeks before the deadline breaks. With --fail-on at-risk it fails the check."),
        mend=msg(
            "See why with: cdsplan why TASK --forecast. Shorten what drives it, start earlier, or have the deadline "
            "moved; put a duration right where it is only an estimate."
        ),
        example=Example(_SURVEY + 'duration = "30d"\ndue = 2026-03-31\nstarted = 2026-02-23\n'),
    ),
    Rule(
        id="CDS207",
        name="negative-float",
        default=False,
        summary=msg("A task stands, by the forecast, too late for the deadline of another task that depends on it."),
        why=msg("It names everything on the way to a deadline that will break, not just the task that has it."),
        mend=msg("Win back the days here or further down the chain; cdsplan whatif tries a change without writing it."),
        example=Example(
            _SURVEY + 'duration = "30d"\nstarted = 2026-02-23\n' + _REPORT + 'after = ["khao-sat"]\ndue = 2026-03-31\n'
        ),
    ),
    Rule(
        id="CDS208",
        name="due-before-predecessor",
        summary=msg("A task is due before another one that must be finished first."),
        why=msg("Both deadlines cannot be right, or the link is not."),
        mend=msg("Look both deadlines up in the source, and whether it really orders the two tasks."),
        example=Example(
            _SURVEY + "due = 2026-06-30\n" + _REPORT + 'after = ["khao-sat"]\ndue = 2026-05-31\n', as_of="2026-03-02"
        ),
    ),
    Rule(
        id="CDS209",
        name="deadline-rolled",
        summary=msg("A named day is a day off, and the deadline is read as the next working day."),
        why=msg("The day that is judged is not the one that people read in the document."),
        mend=msg(
            "Nothing, where this reading is meant. Else set {setting}, under which the day stays.",
            setting='[reading] day-off = "same-day"',
        ),
        example=Example(_SURVEY + 'due = "ngày 30/4/2026"\n', head=HEAD + _OF_VIETNAM),
    ),
    Rule(
        id="CDS210",
        name="days-off-unknown",
        summary=msg("A deadline lies beyond the years whose days off are known; it is said once a plan."),
        why=msg("Only weekends count as days off there, so dates may be too early by some days."),
        mend=msg("List the days off yourself under {setting}, or look again later.", setting="[calendar] closed"),
        example=Example(_SURVEY + 'due = "năm 2040"\n', head=HEAD + _OF_VIETNAM),
    ),
    Rule(
        id="CDS211",
        name="projected-calendar",
        severity=Severity.NOTE,
        summary=msg("A deadline lies in a year whose days off have not been announced yet; it is said once a year."),
        why=msg(
            "Days in lieu and swapped days are decided year by year; until then they are worked out from the law, and "
            "a deadline that rolls off a day off may move."
        ),
        mend=msg("Update cdsplan when the days off of the year are announced."),
        example=Example(_SURVEY + 'due = "ngày 30/4/2030"\n', head=HEAD + _OF_VIETNAM),
    ),
    Rule(
        id="CDS212",
        name="due-before-start",
        summary=msg("A deadline lies before the plan starts."),
        why=msg("Most often the year is wrong."),
        mend=msg("Mend the deadline, or the start of the plan."),
        example=Example(_SURVEY + "due = 2025-03-31\n"),
    ),
    Rule(
        id="CDS213",
        name="fact-of-another-year",
        summary=msg(
            "Something is said to have happened more than a year before the plan starts, or more than a year after "
            "the last day that it names."
        ),
        why=msg("Most often the year is wrong, above all in January; every forecast counts from the day."),
        mend=msg("Look the day up in the document, and mend its year. If it is right, ignore the rule in this plan."),
        example=Example(_SURVEY + "due = 2026-03-31\ndone = 2024-02-27\n"),
    ),
    Rule(
        id="CDS214",
        name="predecessor-not-recorded",
        summary=msg("A task is done, and one that had to come first is still open."),
        why=msg("Most likely somebody forgot to record it; until then every forecast counts it as work to come."),
        mend=msg("Record what was done, or take the link out if the order was not what happened."),
        example=Example(_SURVEY + _REPORT + 'after = ["khao-sat"]\ndone = 2026-02-27\n'),
    ),
    Rule(
        id="CDS215",
        name="entry-of-nothing",
        summary=msg("An entry of the journal names a task or an agency that the plan no longer has."),
        why=msg("It counts nowhere: what was delivered may look as if it were missing."),
        mend=msg(
            "If the task or the agency was renamed, say so in the plan with formerly; else leave the entry, which is "
            "history, and ignore the rule."
        ),
        example=Example(
            _SURVEY,
            journal="20260227-091200-x7k2 = { at = 2026-02-27T09:12:00+07:00, on = 2026-02-27, "
            'task = "khao-sat-cu", kind = "done" }\n',
        ),
    ),
    Rule(
        id="CDS216",
        name="waiver-expired",
        summary=msg("A waiver has run out."),
        why=msg("It excuses nothing any more, and must not look as if it did."),
        mend=msg("Take it out; or, if somebody has decided so, set a later day and name the document."),
        example=Example(_SURVEY + "due = 2026-01-30\n" + _WAIVER + "until = 2026-02-27\n"),
    ),
    Rule(
        id="CDS217",
        name="waiver-unused",
        summary=msg("A waiver excuses nothing: there is no such finding, and none can come before it runs out."),
        why=msg("Left in place, it would excuse some later delay that nobody decided about."),
        mend=msg("Take it out."),
        example=Example(_SURVEY + "due = 2026-01-30\ndone = 2026-01-29\n" + _WAIVER + "until = 2026-03-31\n"),
    ),
    Rule(
        id="CDS218",
        name="entry-ahead",
        summary=msg("An entry of the journal is of a day that had not come when it was written down, and has not yet."),
        why=msg("Until that day it counts nowhere: what was delivered looks as if it were missing."),
        mend=msg(
            "Most often the year is wrong: mend the line, or take the entry back with cdsplan undo and record it again."
        ),
        example=Example(
            _SURVEY,
            journal="20260227-091200-x7k2 = { at = 2026-02-27T09:12:00+07:00, on = 2036-02-27, "
            'task = "khao-sat", kind = "done" }\n',
        ),
    ),
    Rule(
        id="CDS219",
        name="done-before-start",
        summary=msg("By the journal something was done on a day before it was started."),
        why=msg("One of the two days is wrong. The delivery counts, in time or late, and the start is passed over."),
        mend=msg("Look at the documents: mend the wrong line, or take the entry back with cdsplan undo."),
        example=Example(
            _SURVEY,
            journal="20260227-091200-x7k2 = { at = 2026-02-27T09:12:00+07:00, on = 2026-02-27, "
            'task = "khao-sat", kind = "started" }\n'
            "20260227-091300-p3m9 = { at = 2026-02-27T09:13:00+07:00, on = 2026-02-26, "
            'task = "khao-sat", kind = "done" }\n',
        ),
    ),
)
