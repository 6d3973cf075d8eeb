"""Good plans of one loop that are clearly different: on another day at other hours, with other people."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from tracker.planner.case import Loop, Minute
from tracker.planner.desk import Desk, Planned
from tracker.planner.grid import local_day, wall_minute
from tracker.planner.offers import CLEARLY, dates_of, times_of
from tracker.planner.spans import merged

MOST = 3
# How many parts a search has: of the best plan it is worth seconds to prove that none is better, of the others not.
BEST_PARTS, OTHER_PARTS = 1000, 60
A_DAY = 24 * 60


def alternatives(desk: Desk, loop: Loop) -> list[Planned]:
    """Return the best plan and others, the cheapest first, each of which shares no day or no person with each other.

    The second is on another day and at clearly other hours, the third has none of the best plan's people; where that
    cannot be, it is on yet another day. Of the others none better need be proven (``Planned.is_proven``). None where no
    plan is.
    """
    best = desk.plan(loop, most_parts=BEST_PARTS)
    if best is None:
        return []
    found = [best]
    while len(found) < MOST:
        plans = (desk.plan(each, most_parts=OTHER_PARTS) for each in _wanted(loop, found) if each.windows.size)
        another = next((each for each in plans if each is not None), None)
        if another is None:
            break
        found.append(another)
    return sorted(found, key=lambda each: each.cost)


def _wanted(loop: Loop, found: Sequence[Planned]) -> Iterator[Loop]:
    """Yield what is asked of the next plan, what is wanted most first."""
    best, *others = found
    day = replace(loop, days=replace(loop.days, most=1))
    unused = _without_days(day, _days(loop, found))
    if not others:
        begins, ends = _hours(loop, best)
        yield _within_hours(unused, begins + CLEARLY, A_DAY)
        yield _within_hours(unused, 0, ends - CLEARLY)
    else:
        yield _without_days(_without_people(loop, [best]), _days(loop, others))
    # One search over all days that no plan before uses costs least.
    yield unused
    yield _without_people(loop, found)


def _days(loop: Loop, plans: Sequence[Planned]) -> set[date]:
    return {local_day(held.starts_at, loop.zone) for each in plans for held in each.plan.interviews}


def _hours(loop: Loop, planned: Planned) -> tuple[int, int]:
    """Return when the first day of a plan begins and ends, in minutes of the day."""
    times = times_of(loop, planned.plan)
    day = local_day(times[0][0], loop.zone)
    midnight = wall_minute(day, 0, loop.zone)
    ends = [end for start, end in times if local_day(start, loop.zone) == day]
    return times[0][0] - midnight, ends[-1] - midnight


def _without_people(loop: Loop, plans: Sequence[Planned]) -> Loop:
    taken = {seat.interviewer for each in plans for held in each.plan.interviews for seat in held.assigned}
    return replace(loop, conflicts=loop.conflicts | {each for each in taken if each is not None})


def _without_days(loop: Loop, days: Collection[date]) -> Loop:
    return _clipped(loop, [(on, 0, A_DAY) for on in dates_of(loop) if on not in days])


def _within_hours(loop: Loop, begins: int, ends: int) -> Loop:
    return _clipped(loop, [(on, begins, ends) for on in dates_of(loop) if begins < ends])


def _clipped(loop: Loop, hours: Sequence[tuple[date, int, int]]) -> Loop:
    """Return the loop with what lies of its windows within hours of days, from and until minutes of the day."""
    spans = merged(loop.windows).tolist()
    inside = list[tuple[Minute, Minute]]()
    for on, begins, ends in hours:
        first, last = wall_minute(on, begins, loop.zone), wall_minute(on, ends, loop.zone)
        inside += [(max(start, first), min(end, last)) for start, end in spans if max(start, first) < min(end, last)]
    return replace(loop, windows=np.array(inside, dtype=np.int64).reshape(-1, 2))
