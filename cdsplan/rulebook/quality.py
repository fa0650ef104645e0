"""CDS3xx: how well a plan is made. Most rules are looked for only when they are asked for (`--select CDS3`)."""

from __future__ import annotations

from cdsplan.messages import msg
from cdsplan.problems import Severity
from cdsplan.rulebook.model import HEAD, Example, Rule

MOST_TITLE = 40
"""Characters of a title that still fit into a calendar on a phone, with some to spare (feeds show about 35)."""

MOST_FLOAT = 44
"""Working days of total float: two months, as in check 6 of the DCMA 14-point assessment."""

MOST_DURATION = 44
"""Working days of one task: two months, as in check 8 of the DCMA 14-point assessment."""

MOST_LAG = 20
"""Working days of a lag (28 calendar days of an elapsed one): beyond four weeks waiting is most likely unnamed work."""

MOST_ELAPSED_LAG = 28

_SURVEY = '[tasks.khao-sat]\ntitle = "Khảo sát"\nowner = "so-yt"\n'
_REPORT = '\n[tasks.bao-cao]\ntitle = "Báo cáo"\nowner = "so-ct"\n'

QUALITY = (
    Rule(
        id="CDS301",
        name="no-deadline",
        default=False,
        summary=msg("An open task has no deadline, and its author does not say that it needs none."),
        why=msg("What has no deadline is never late, and so is never chased."),
        mend=msg("Give it one, or declare that there is none: {form}.", form="due = { none = true }"),
        example=Example(_SURVEY),
    ),
    Rule(
        id="CDS302",
        name="no-owner",
        severity=Severity.NOTE,
        summary=msg("An open task has neither a lead agency nor agencies that must each deliver."),
        why=msg("Nobody's calendar shows it, and nobody can be asked."),
        mend=msg("Name who leads ({owner}), or who must each deliver ({each}).", owner="owner", each="each"),
        example=Example('[tasks.khao-sat]\ntitle = "Khảo sát"\n'),
    ),
    Rule(
        id="CDS303",
        name="no-duration",
        default=False,
        summary=msg("An open task has no duration of its own: the plan's default is counted."),
        why=msg("Every forecast downstream rests on a number that nobody chose for this task."),
        mend=msg("Write how long the work takes; “~10d” says that it is an estimate."),
        example=Example(_SURVEY),
    ),
    Rule(
        id="CDS304",
        name="long-title",
        default=False,
        summary=msg("A title has more than {most} characters, and there is no short one.", most=MOST_TITLE),
        why=msg("A calendar on a phone shows about 35: of several tasks that begin alike none can be told."),
        mend=msg("Add {key} with the words that tell it from the others.", key="short"),
        example=Example(
            '[tasks.khao-sat]\ntitle = "Khảo sát hiện trạng ứng dụng công nghệ thông tin"\nowner = "so-yt"\n'
        ),
    ),
    Rule(
        id="CDS305",
        name="dangling-start",
        default=False,
        summary=msg("A task has predecessors, and none of them decides when it starts (all links are FF or SF)."),
        why=msg("Its start floats: a delay before it does not reach it until its finish is already late."),
        mend=msg("Add the FS or SS link that really lets it begin, or a {key}.", key="not-before"),
        example=Example(_SURVEY + _REPORT + 'after = ["khao-sat FF"]\n'),
    ),
    Rule(
        id="CDS306",
        name="dangling-finish",
        default=False,
        summary=msg("A task has successors, and none of them waits for its finish (all links are SS or SF)."),
        why=msg("However long it takes, nothing downstream moves, so its delay is not seen."),
        mend=msg("Add the FS or FF link of whoever needs its result."),
        example=Example(_SURVEY + _REPORT + 'after = ["khao-sat SS"]\n'),
    ),
    Rule(
        id="CDS307",
        name="lead",
        default=False,
        summary=msg("A link has a negative lag: the successor begins before the predecessor allows."),
        why=msg("Nobody can know that something will be finished in five days; check 2 of DCMA's 14 allows none."),
        mend=msg("Split the predecessor at the result that is really waited for, or use an SS link with a lag."),
        example=Example(_SURVEY + _REPORT + 'after = ["khao-sat FS-2d"]\n'),
    ),
    Rule(
        id="CDS308",
        name="long-lag",
        default=False,
        summary=msg(
            "A link has a lag of more than {most} working days, or {elapsed} calendar days.",
            most=MOST_LAG,
            elapsed=MOST_ELAPSED_LAG,
        ),
        why=msg("Four weeks of waiting are most likely somebody's work, which has no owner and cannot be reported on."),
        mend=msg("Make it a task with an owner, or a deadline counted from the event."),
        example=Example(_SURVEY + _REPORT + 'after = ["khao-sat FS+30d"]\n'),
    ),
    Rule(
        id="CDS309",
        name="high-float",
        default=False,
        summary=msg("An open task has more than {most} working days of total float.", most=MOST_FLOAT),
        why=msg("Most often a link is missing: somebody needs its result and does not say so."),
        mend=msg("Ask who uses the result, and link them."),
        example=Example(_SURVEY + _REPORT + 'duration = "60d"\n', as_of="2026-01-05"),
    ),
    Rule(
        id="CDS310",
        name="long-task",
        default=False,
        summary=msg("An open task takes more than {most} working days.", most=MOST_DURATION),
        why=msg("For two months nobody can say whether it is on track."),
        mend=msg("Split it at its first results."),
        example=Example(_SURVEY + 'duration = "60d"\n'),
    ),
    Rule(
        id="CDS311",
        name="unreachable-milestone",
        default=False,
        summary=msg("A milestone cannot be reached by its deadline, even when everything goes as planned."),
        why=msg("The plan promises what it does not provide for; nobody's work can make it true."),
        mend=msg("See why with: cdsplan why TASK. Shorten, overlap, start earlier, or have the deadline moved."),
        example=Example(_SURVEY + 'duration = "60d"\ndue = 2026-02-27\nmilestone = true\n', as_of="2026-01-05"),
    ),
    Rule(
        id="CDS312",
        name="no-dated-milestone",
        summary=msg("No milestone of the plan has a deadline."),
        why=msg("A check that fails on overdue milestones then has nothing to judge, and is green for ever."),
        mend=msg(
            "Write {key} at the tasks that must not slip; or judge every task: --fail-on task.", key="milestone = true"
        ),
        example=Example(_SURVEY + "due = 2026-03-31\n"),
    ),
    Rule(
        id="CDS313",
        name="inferred-critical-link",
        default=False,
        summary=msg("A link that the source does not state drives the end of the plan: its basis is “inferred”."),
        why=msg("The date on which everything ends rests on an order that somebody assumed."),
        mend=msg("Have it confirmed and write the basis and the sentence, or take the link out."),
        example=Example(_SURVEY + _REPORT + 'after = [{ task = "khao-sat", basis = "inferred" }]\n'),
    ),
    Rule(
        id="CDS314",
        name="agency-ceased",
        summary=msg("An agency ceases while it still has open work, and no successor is named."),
        why=msg("From that day on its tasks belong to nobody, and its calendar reaches nobody."),
        mend=msg("Name who takes over: {key}.", key='successor = "…"'),
        example=Example(
            _SURVEY + "due = 2026-03-31\n",
            head=HEAD.replace('name = "Sở Y tế"', 'name = "Sở Y tế", ceased = 2026-03-01'),
        ),
    ),
)
