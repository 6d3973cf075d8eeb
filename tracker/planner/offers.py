"""Times of one loop to choose from: a few that can be formed now, on different days, else at clearly different hours.

What is offered is a good plan of a day, the first that is found: only its times are told, and the loop is planned
anew, as well as it can be at these times, as somebody chooses them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import numpy as np

from tracker.planner.case import Loop, LoopPlan, Minute
from tracker.planner.desk import Desk
from tracker.planner.grid import dates_between, local_day, wall_minute
from tracker.planner.spans import merged
from tracker.planner.terms import PLAIN, Terms

# How many plans are looked for, and how many parts of each search: a page waits for all of them.
MOST_SEARCHES, MOST_PARTS = 24, 60
# From how much later, or earlier, another time of the same day is a choice.
CLEARLY = 120
Times = tuple[tuple[Minute, Minute], ...]


def offers(desk: Desk, loop: Loop, terms: Terms = PLAIN, *, most: int) -> list[LoopPlan]:
    """Return plans of a loop within one day each, in the order of their times, at most ``most``.

    Each day has one before a day has another. Every second one begins, or ends, at another hour than the one before,
    where it can: who is never free in the morning shall have a choice. None where no plan is, or none was found within
    the limits.
    """
    search, found = _Search(desk, terms), list[tuple[Loop, LoopPlan]]()
    for day in [_on(loop, each) for each in dates_of(loop)]:
        varied = _others(day, _moved(loop, found[-1][1], day)) if len(found) % 2 else []
        if len(found) < most and (plan := search.first([*varied, day])):
            found.append((day, plan))
    others = list[LoopPlan]()
    for day, plan in found:
        if len(found) + len(others) < most and (another := search.first(_others(day, times_of(loop, plan)))):
            others.append(another)
    return sorted([*(plan for _, plan in found), *others], key=lambda each: times_of(loop, each))


@dataclass
class _Search:
    """Looks for plans, so many times at most."""

    desk: Desk
    terms: Terms
    left: int = MOST_SEARCHES

    def first(self, wanted: Iterable[Loop]) -> LoopPlan | None:
        """Return the first plan that is found; there is none in no time."""
        for each in wanted:
            if self.left and each.windows.size:
                self.left -= 1
                plan = self.desk.any_plan(each, self.terms, MOST_PARTS)
                if plan is not None:
                    return plan
        return None


def times_of(loop: Loop, plan: LoopPlan) -> Times:
    """Return from when until when a plan has interviews, in their order; those that touch are one."""
    minutes = {each.id: each.minutes for each in loop.interviews}
    spans = [(held.starts_at, held.starts_at + minutes[held.interview]) for held in plan.interviews]
    return tuple((start, end) for start, end in merged(np.array(spans, dtype=np.int64).reshape(-1, 2)).tolist())


def dates_of(loop: Loop) -> list[date]:
    """Return the dates of the candidate on which a loop could be held."""
    spans = merged(loop.windows).tolist()
    return sorted({on for start, end in spans for on in dates_between(start, end - 1, loop.zone)})


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


def _on(loop: Loop, day: date) -> Loop:
    return _clipped(loop, wall_minute(day, 0, loop.zone), wall_minute(day, 1440, loop.zone))


def _moved(loop: Loop, plan: LoopPlan, day: Loop) -> Times:
    """Return the times of a plan as they would be on another day."""
    times = times_of(loop, plan)
    of, on = (local_day(each, loop.zone) for each in (times[0][0], int(day.windows.min())))
    later = wall_minute(on, 0, loop.zone) - wall_minute(of, 0, loop.zone)
    return tuple((start + later, end + later) for start, end in times)


def _others(day: Loop, times: Times) -> list[Loop]:
    """Return a day from clearly later than those times on, and until clearly earlier."""
    begins, ends = times[0][0], times[-1][1]
    return [_clipped(day, begins + CLEARLY, day.windows.max()), _clipped(day, day.windows.min(), ends - CLEARLY)]


def _clipped(loop: Loop, begins: Minute, ends: Minute) -> Loop:
    inside = np.clip(merged(loop.windows), begins, max(begins, ends))
    return replace(loop, windows=inside[inside[:, 0] < inside[:, 1]])
