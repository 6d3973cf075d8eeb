"""Good plans of one loop that are clearly different: on other days, else with other people."""

from dataclasses import replace

import numpy as np

from tracker.planner.case import Loop
from tracker.planner.desk import Desk, Planned
from tracker.planner.grid import dates_between, local_day, wall_minute
from tracker.planner.spans import merged

MOST = 3


def alternatives(desk: Desk, loop: Loop) -> list[Planned]:
    """Return the best plan and others that share no day with it or with each other, the cheapest first.

    Where there are too few of those, further ones have none of the people of those before. None where no plan is.
    """
    best = desk.plan(loop)
    if best is None:
        return []
    found = [best]
    while len(found) < MOST and (another := _on_other_days(desk, loop, found)) is not None:
        found.append(another)
    while len(found) < MOST:
        taken = {seat.interviewer for each in found for held in each.plan.interviews for seat in held.assigned}
        others = replace(loop, conflicts=loop.conflicts | {each for each in taken if each is not None})
        another = desk.plan(others)
        if another is None:
            break
        found.append(another)
    return found


def _on_other_days(desk: Desk, loop: Loop, found: list[Planned]) -> Planned | None:
    """Return the best plan on one day that no plan before uses; one search over all such days costs least."""
    used = {local_day(held.starts_at, loop.zone) for each in found for held in each.plan.interviews}
    windows = [
        (max(start, wall_minute(on, 0, loop.zone)), min(end, wall_minute(on, 1440, loop.zone)))
        for start, end in merged(loop.windows).tolist()
        for on in dates_between(start, end - 1, loop.zone)
        if on not in used
    ]
    if not windows:
        return None
    others = replace(
        loop, windows=np.array(windows, dtype=np.int64).reshape(-1, 2), days=replace(loop.days, most=1)
    )
    return desk.plan(others)
