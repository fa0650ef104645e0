"""The critical path method: early and late dates, floats, and the deadline behind each task.

Forward, every task starts as soon as its links and its own bound allow and runs without a break. Backward, every task
must finish by the project's finish, by its own deadline's cap and by what its successors need; a cap that the forward
pass overruns gives negative float and moves no date. A second backward quantity, seeded by deadlines alone, says how
far a task may slip before some deadline downstream breaks, and which one.

Source: Kelley & Walker (1959), extended to precedence networks (Fondahl 1961; IBM PMS 1964); deadline caps as in
Microsoft Project's "Deadline". Boundaries and floats are in days of each task's calendar (see `network`).
"""

from __future__ import annotations

from itertools import compress, repeat
from operator import add, not_, sub
from typing import TYPE_CHECKING, NamedTuple

from cdsplan.schedule.across import backward_across, courses_of, forward_across
from cdsplan.schedule.sides import Sides
from cdsplan.schedule.tables import NEVER

if TYPE_CHECKING:
    from cdsplan.schedule.across import Courses
    from cdsplan.schedule.network import Network


class Dates(NamedTuple):
    """What both passes give of n tasks, by the numbers that they have in the network.

    `early` are 2n boundaries, the early starts, then the early finishes; `asked` the start that each link asks for, by
    its number. `work_start` differs from the early start only where work that has begun goes on later (it is what links
    bound). `mornings` are the tasks without time that stand in the morning of a day.

    Floats are in days of each task; those of what is settled mean nothing. `total_float` keeps every deadline and the
    project's finish; `deadline_float` the deadlines only, of which that of `deadline_task` binds (from FREE on there is
    none, and neither means anything); `free_float` moves no other task. `finish` is the boundary (an ordinal) after the
    last day of all.
    """

    early: list[int]
    asked: list[int]
    work_start: dict[int, int]
    mornings: set[int]
    total_float: list[int]
    free_float: list[int]
    deadline_float: list[int]
    deadline_task: list[int]
    finish: int


class Early(NamedTuple):
    """What the forward pass gives.

    `starts` are those of the work that links bind, `finishes` the boundaries after it. Each link leaves from its
    source's entry of one of them, or of the starts that have been (`ends`; `from_been` are the numbers of these), and
    has `asked` for a start. `courses` is None where one calendar counts all.
    """

    starts: list[int]
    finishes: list[int]
    ends: list[list[int]]
    from_been: list[int]
    asked: list[int]
    sides: Sides
    courses: Courses | None


class Floats(NamedTuple):
    """What the backward pass collects, by task: see `Dates`."""

    total: list[int]
    free: list[int]
    deadline: list[int]
    binding: list[int]


def compute(network: Network) -> Dates:
    """Run both passes. A network without tasks is over before everything."""
    if not network.work:
        return Dates([], [], {}, set(), [], [], [], [], 0)
    early = _forward(network)
    finish, floats = _backward(network, early)
    starts, work_start = early.starts, {}
    if network.started:
        starts = starts.copy()
        for j, begun in network.started.items():
            work_start[j], starts[j] = starts[j], begun
    return Dates(
        early=starts + early.finishes,
        asked=early.asked,
        work_start=work_start,
        mornings=early.sides.mornings,
        total_float=floats.total,
        free_float=floats.free,
        deadline_float=floats.deadline,
        deadline_task=floats.binding,
        finish=finish,
    )


def early_starts(network: Network) -> list[int]:
    """Give the boundary at which each task starts at the earliest, by a forward pass alone."""
    return _forward(network).starts


def early_finishes(network: Network) -> list[int]:
    """Give the boundary after each task's last day at the earliest, by a forward pass alone."""
    return _forward(network).finishes


def last_boundary(network: Network) -> int:
    """Give the boundary after the last day of a network, as an ordinal, by a forward pass alone."""
    return _finish(network, _forward(network))[0]


def _forward(network: Network) -> Early:
    """Put every task as early as it can be."""
    work, started, across, links = network.work, network.started, network.across, network.links
    starts = network.earliest.copy()
    finishes = list(map(add, starts, work))
    if network.floor.count(-NEVER) < len(work):
        finishes = [least if least > end else end for end, least in zip(finishes, network.floor, strict=True)]
    ends, from_been = [finishes] * len(links.sources), []
    for k in links.from_start:
        ends[k] = starts
    if started:  # links bind what is left of its work; those from its start leave from where that has been
        been = starts.copy()
        for j, begun in started.items():
            been[j] = begun
        from_been = [k for k in links.from_start if links.sources[k] in started]
        for k in from_been:
            ends[k] = been
    on_days_off = network.done_on_days_off
    untimed = [j for j in compress(range(len(work)), map(not_, work)) if j not in started and j not in on_days_off]
    asked: list[int] = []
    sides = Sides(network, untimed, starts, ends, asked)
    if across is None:
        early = Early(starts, finishes, ends, from_been, asked, sides, None)
        _forward_within(network, early)
    else:
        courses = courses_of(network, across, sides, ends, from_been)
        early = Early(starts, finishes, ends, from_been, asked, sides, courses)
        forward_across(network, early, courses)
    sides.decide_all()
    return early


def _forward_within(network: Network, early: Early) -> None:
    """Follow the links within one calendar."""
    starts, finishes, work, links, ask = early.starts, early.finishes, network.work, network.links, early.asked.append
    for end, i, j, distance in zip(early.ends, links.sources, links.targets, network.distances, strict=True):
        bound = end[i] + distance
        ask(bound)
        if bound > starts[j]:
            starts[j] = bound
            bound += work[j]
            if bound > finishes[j]:
                finishes[j] = bound


def _backward(network: Network, early: Early) -> tuple[int, Floats]:
    """Floats, in one sweep from the end. A task slips as a whole, so its float is that of either of its points.

    A link leaves the predecessor the float of the successor and its own slack. In one calendar they add up; across
    calendars the slip is counted over in days. A start that has been cannot slip: what hangs on it binds nobody.
    """
    cap = network.cap
    finish, free = _finish(network, early)
    deadline = list(map(sub, cap, early.finishes))
    total = [own if own < left else left for own, left in zip(deadline, free, strict=True)]
    floats = Floats(total, free, deadline, binding=list(range(len(cap))))
    if early.courses is None:
        _backward_within(network, early, floats)
    else:
        backward_across(network, early, early.courses, floats)
    return finish, floats


def _backward_within(network: Network, early: Early, floats: Floats) -> None:
    """Pass floats on over links within one calendar."""
    total, free, deadline, binding = floats
    starts, asked, links = early.starts, early.asked, network.links
    if early.from_been:
        asked = asked.copy()
        for k in early.from_been:
            asked[k] = -NEVER
    for i, j, bound in zip(reversed(links.sources), reversed(links.targets), reversed(asked), strict=True):
        slack, left, left_to_deadline = starts[j] - bound, total[j], deadline[j]
        if slack:
            if slack < free[i]:
                free[i] = slack
            left += slack
            left_to_deadline += slack
        else:  # the link drives, as most do
            free[i] = 0
        if left < total[i]:
            total[i] = left
        if left_to_deadline < deadline[i]:
            deadline[i] = left_to_deadline
            binding[i] = binding[j]


def _finish(network: Network, early: Early) -> tuple[int, list[int]]:
    """Give the boundary after the last day of all, as an ordinal, and how far each task ends before it."""
    calendars, rulers, finishes = network.calendars, network.rulers, early.finishes
    if network.across is None or calendars.count(calendars[0]) == len(calendars):
        last = max(finishes)
        return calendars[0].ordinal(last - 1) + 1, list(map(sub, repeat(last), finishes))
    latest = dict.fromkeys(calendars, -NEVER)
    for calendar, end in zip(calendars, finishes, strict=True):
        if end > latest[calendar]:
            latest[calendar] = end
    finish = max(calendar.ordinal(end - 1) + 1 for calendar, end in latest.items())
    for j in early.sides.mornings:  # a point may stand in the morning, after days off in which another calendar works
        finish = max(finish, calendars[j].ordinal(finishes[j]))
    limits = {calendar: rulers[calendar].index_from(finish) for calendar in latest}
    return finish, list(map(sub, map(limits.__getitem__, calendars), finishes))
