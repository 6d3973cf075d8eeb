"""Good plans of one loop that are clearly different: on other days, else with other people."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from tracker.planner.case import Loop
from tracker.planner.desk import Desk, Planned
from tracker.planner.grid import dates_between, local_day, wall_minute
from tracker.planner.spans import merged
from tracker.planner.terms import PLAIN, Terms


def alternatives(desk: Desk, loop: Loop, terms: Terms = PLAIN, most: int = 3) -> list[Planned]:
    """Return the best plan and others that share no day with it or with each other, the cheapest first.

    Where there are too few of those, further ones have none of the people of those before. None where no plan is.
    """
    best = desk.plan(loop, terms)
    if best is None:
        return []
    found = [best]
    elsewhere = sorted(_other_days(desk, loop, terms, best), key=lambda each: (each.cost, _first(each)))
    found += elsewhere[: most - 1]
    while len(found) < most:
        taken = {seat.interviewer for each in found for held in each.plan.interviews for seat in held.assigned}
        others = replace(loop, conflicts=loop.conflicts | {each for each in taken if each is not None})
        another = desk.plan(others, terms)
        if another is None:
            break
        found.append(another)
    return found


def _other_days(desk: Desk, loop: Loop, terms: Terms, best: Planned) -> Iterator[Planned]:
    """Yield the best plan of each day of the candidate that the best of all does not use."""
    used = {local_day(held.starts_at, loop.zone) for held in best.plan.interviews}
    spans = merged(loop.windows).tolist()
    days = {on for start, end in spans for on in dates_between(start, end - 1, loop.zone)} - used
    for on in sorted(days):
        bounds = np.clip(loop.windows, wall_minute(on, 0, loop.zone), wall_minute(on, 1440, loop.zone))
        windows = bounds[bounds[:, 0] < bounds[:, 1]]
        planned = desk.plan(replace(loop, windows=windows), terms) if len(windows) else None
        if planned is not None:
            yield planned


def _first(planned: Planned) -> int:
    return min(held.starts_at for held in planned.plan.interviews)
