"""Times of one loop to choose from: a few that can be formed now, on different days, else at clearly different hours.

What is offered is a good plan of a day, the first that is found: only its times are told, and the loop is planned
anew, as well as it can be at these times, as somebody chooses them.
"""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np

from tracker.planner.case import Loop, LoopPlan, Minute
from tracker.planner.desk import Desk
from tracker.planner.grid import dates_between, wall_minute
from tracker.planner.spans import merged
from tracker.planner.terms import PLAIN, Terms

# How many plans are looked for, and how many parts of each search: a page waits for all of them.
MOST_SEARCHES, MOST_PARTS = 16, 60
# From how much later, or earlier, another time of the same day is a choice.
CLEARLY = 120
Times = tuple[tuple[Minute, Minute], ...]


def offers(desk: Desk, loop: Loop, terms: Terms = PLAIN, *, most: int) -> list[LoopPlan]:
    """Return plans of a loop within one day each, in the order of their times, at most ``most``.

    Each day has one before a day has another. None where no plan is, or none was found within the limits.
    """
    days = [_on(loop, day) for day in _dates(loop)]
    searches, found = 0, list[tuple[Loop, LoopPlan]]()
    for each in days[:MOST_SEARCHES]:
        if len(found) == most:
            break
        searches += 1
        plan = desk.any_plan(each, terms, MOST_PARTS)
        if plan is not None:
            found.append((each, plan))
    others = list[LoopPlan]()
    for day, plan in found:
        for other in _others(day, times_of(loop, plan)):
            if len(found) + len(others) == most or searches == MOST_SEARCHES:
                break
            searches += 1
            another = desk.any_plan(other, terms, MOST_PARTS)
            if another is not None:
                others.append(another)
                break
    return sorted([*(plan for _, plan in found), *others], key=lambda each: times_of(loop, each))


def times_of(loop: Loop, plan: LoopPlan) -> Times:
    """Return from when until when a plan has interviews, in their order; those that touch are one."""
    minutes = {each.id: each.minutes for each in loop.interviews}
    spans = [(held.starts_at, held.starts_at + minutes[held.interview]) for held in plan.interviews]
    return tuple((start, end) for start, end in merged(np.array(spans, dtype=np.int64).reshape(-1, 2)).tolist())


def within(loop: Loop, times: Times) -> Loop | None:
    """Return the loop with these times alone to be held in; None where no plan of it could have exactly these.

    They have to follow each other with breaks between, within its windows, and be as long as its interviews together:
    then whatever plan is found fills them.
    """
    if any(end >= start for (_, end), (start, _) in pairwise(times)):
        return None
    if sum(end - start for start, end in times) != sum(each.minutes for each in loop.interviews):
        return None
    windows = merged(loop.windows).tolist()
    if not all(start < end and any(a <= start and end <= b for a, b in windows) for start, end in times):
        return None
    return replace(loop, windows=np.array(times, dtype=np.int64).reshape(-1, 2))


def _dates(loop: Loop) -> list[date]:
    spans = merged(loop.windows).tolist()
    return sorted({on for start, end in spans for on in dates_between(start, end - 1, loop.zone)})


def _on(loop: Loop, day: date) -> Loop:
    return _clipped(loop, wall_minute(day, 0, loop.zone), wall_minute(day, 1440, loop.zone))


def _others(day: Loop, times: Times) -> list[Loop]:
    """Return the same day without its times until clearly later, and from clearly earlier on."""
    begins, ends = times[0][0], times[-1][1]
    return [_clipped(day, begins + CLEARLY, day.windows.max()), _clipped(day, day.windows.min(), ends - CLEARLY)]


def _clipped(loop: Loop, begins: Minute, ends: Minute) -> Loop:
    inside = np.clip(merged(loop.windows), begins, max(begins, ends))
    return replace(loop, windows=inside[inside[:, 0] < inside[:, 1]])
