"""What no plan of many loops together costs less than: each loop alone, its people at prices that their load sets.

Two loops that share nothing but people's load are bound by it alone: an interviewer's n-th interview costs more than
the one before. The square of a load is at least any of its tangents, so that each loop can be planned for itself at
the tangents' prices, and the sum, less what the tangents overrate, is a bound whatever the prices are (Geoffrion,
"Lagrangean relaxation for integer programming", Mathematical Programming Study 2, 1974). That people cannot be in two
places, and that caps count together, is left out. Good prices are looked for by subgradients (Polyak, 1969).
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tracker.planner.case import Case, Loop, LoopPlan, Role
from tracker.planner.desk import Desk

# Prices are parts of a point: everything is counted in elevenths. Odd, so that a load can stand for any even price.
PARTS = 11
ROUNDS, MOST_SEARCHED, PATIENCE = 60, 6, 6
MOST_INTERVIEWS = 12

Whole = NDArray[np.int64]


def lower_bound(case: Case, cost: int) -> int:
    """Return a bound for a batch of which a plan is known that costs so much."""
    prices = _Prices(case)
    best, step, since = 0, 1.0, 0
    price = kept = np.zeros(len(case.interviewers))
    for _ in range(ROUNDS):
        bound, uphill = prices.bound(price)
        since = 0 if bound > best else since + 1
        best, kept = (bound, price) if bound > best else (best, kept)
        if since == PATIENCE:
            step, since, price = step / 2, 0, kept
        length = max(1.0, float((uphill**2).sum()))
        price = np.maximum(0, price + step * max(PARTS, PARTS * cost - bound) / length * uphill)
    return -(-best // PARTS)


class _Prices:
    """The loops of a batch, each planned alone with its people at some prices."""

    def __init__(self, case: Case) -> None:
        weights = case.weights
        parts = {
            name: PARTS * getattr(weights, name)
            for name in ("wait_day", "split", "idle_quarter", "shadow", "tentative")
        }
        self.case = replace(case, weights=replace(weights, **parts, load=1))
        self.unit, self.unplanned = PARTS * weights.load, PARTS * weights.unplanned
        self.desk = Desk(self.case)
        self.load: Whole = self.desk.calendars.load.astype(np.int64)

    def bound(self, price: NDArray[np.float64]) -> tuple[int, NDArray[np.float64]]:
        """Return the bound in parts of a point, and in which direction prices lift it."""
        paid = 2 * (price // 2).astype(np.int64)
        # The planner adds twice the load and one: a load that stands for the tangent's slope.
        self.desk.calendars.load[:] = (self.unit * (2 * self.load + 1) + paid - 1) // 2
        used, total = np.zeros(len(self.load)), 0
        for loop in self.case.loops:
            found = self.desk.plan(loop, most_parts=MOST_SEARCHED)
            total += self.unplanned if found is None else min(found.bound, self.unplanned)
            for name in _leads(loop, found.plan) if found else ():
                used[self.desk.calendars.community.rows[name]] += 1
        number = np.arange(MOST_INTERVIEWS + 1)
        overrated = ((self.unit + paid)[:, np.newaxis] * number - self.unit * number**2).max(axis=1)
        uphill = used - np.round((self.unit + paid) / (2 * self.unit))
        uphill[(paid == 0) & (uphill < 0)] = 0
        return total - int(overrated.sum()), uphill


def _leads(loop: Loop, plan: LoopPlan) -> list[str]:
    roles = {(each.id, seat.id): seat.role for each in loop.interviews for seat in each.assignments}
    seats = ((held.interview, seat) for held in plan.interviews for seat in held.assigned)
    return [seat.interviewer or "" for interview, seat in seats if roles[interview, seat.assignment] is Role.LEAD]
