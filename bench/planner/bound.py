"""What no plan of many loops together costs less than: each loop alone, its people at prices that all loops set.

What loops have in common is given up and paid for instead (Geoffrion, "Lagrangean relaxation for integer programming",
Mathematical Programming Study 2, 1974). Of a person's load: an interviewer's n-th interview costs more than the one
before, the square of a load is at least any of its tangents, and each loop can be planned for itself at the tangents'
prices. Of a person's time: nobody is in two places, or has more interviews on a date than the cap of a day lets, so
that each hour and each date has a price, which is got back once for each that there is. Whatever the prices are, the
sum is a bound; good ones are looked for by subgradients (Polyak, 1969). That caps of a week count together is left out.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tracker.planner.case import Case, Loop, Role
from tracker.planner.desk import Desk
from tracker.planner.problem import NOBODY, InterviewOptions, Problem
from tracker.planner.search import Search
from tracker.planner.setting_up import set_up

# Prices are parts of a point: everything is counted in elevenths. Odd, so that a load can stand for any even price.
PARTS = 11
ROUNDS, MOST_SEARCHED, PATIENCE = 120, 6, 8
MOST_INTERVIEWS = 12

Whole = NDArray[np.int64]
Real = NDArray[np.float64]


@dataclass(frozen=True)
class Prices:
    """What is paid for a person's load, shape (people,), time (people, atoms) and dates (people, dates); none below 0.

    Of the same shapes: the direction in which they lift a bound.
    """

    load: Real
    time: Real
    dates: Real

    def moved(self, uphill: "Prices", length: float) -> "Prices":
        """Return the prices after a step."""
        return Prices(
            np.maximum(0, self.load + length * uphill.load),
            np.maximum(0, self.time + length * uphill.time),
            np.maximum(0, self.dates + length * uphill.dates),
        )

    def length(self) -> float:
        """Return the square of the length."""
        return max(1.0, float((self.load**2).sum() + (self.time**2).sum() + (self.dates**2).sum()))


def lower_bound(case: Case, cost: int, rounds: int = ROUNDS) -> int:
    """Return a bound for a batch of which a plan is known that costs so much."""
    relaxed = _Relaxed(case)
    best, step, since = 0, 1.0, 0
    price = kept = relaxed.nothing()
    for _ in range(rounds):
        bound, uphill = relaxed.bound(price)
        since = 0 if bound > best else since + 1
        best, kept = (bound, price) if bound > best else (best, kept)
        if since == PATIENCE:
            step, since, price = step / 2, 0, kept
        price = price.moved(uphill, step * max(PARTS, PARTS * cost - bound) / uphill.length())
    return -(-best // PARTS)


class _Relaxed:
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
        calendars = self.desk.calendars
        self.load: Whole = calendars.load.astype(np.int64)
        self.date_of = np.array([calendars.date_of[person.zone] for person in calendars.community.people])
        self.room: Whole = np.maximum(0, calendars.caps[:, :1] - calendars.held).astype(np.int64)

    def nothing(self) -> Prices:
        """Return prices of nothing."""
        return Prices(np.zeros(len(self.load)), np.zeros(self.date_of.shape), np.zeros(self.room.shape))

    def bound(self, price: Prices) -> tuple[int, Prices]:
        """Return the bound in parts of a point, and in which direction prices lift it."""
        paid = 2 * (price.load // 2).astype(np.int64)
        time, dates = price.time.astype(np.int64), price.dates.astype(np.int64)
        # The planner adds twice the load and one: a load that stands for the tangent's slope.
        self.desk.calendars.load[:] = (self.unit * (2 * self.load + 1) + paid - 1) // 2
        self._until = np.hstack([np.zeros((len(time), 1), dtype=np.int64), time.cumsum(axis=1)])
        self._dates, self._used = dates, self.nothing()
        self._priced = np.flatnonzero(time.any(axis=1) | dates.any(axis=1))
        total = sum(self._alone(loop) for loop in self.case.loops)
        number = np.arange(MOST_INTERVIEWS + 1)
        overrated = ((self.unit + paid)[:, np.newaxis] * number - self.unit * number**2).max(axis=1)
        tangent = np.round((self.unit + paid) / (2 * self.unit))
        given_back = int(overrated.sum()) + int(time.sum()) + int((dates * self.room).sum())
        return total - given_back, Prices(
            _uphill(price.load, self._used.load - tangent),
            # An hour has several atoms, which are wanted together.
            _uphill(price.time, self._used.time - 1) / 4,
            _uphill(price.dates, self._used.dates - self.room),
        )

    def _alone(self, loop: Loop) -> int:
        """Return the bound of a loop alone, and count whom its best plan uses, and when."""
        problem = set_up(self.case, loop, self.desk.calendars, self.desk.rooms)
        for interview in problem.interviews:
            self._pay(interview, self._atoms(problem, interview))
        answer = Search(problem, self.case.weights, MOST_SEARCHED).run()
        if answer.found is None or answer.bound is None:
            return self.unplanned
        chosen = iter(answer.found.chosen)
        for interview, start in zip(problem.interviews, answer.found.starts, strict=True):
            atom = int(self._atoms(problem, interview)[start])
            self._count(interview, atom, [next(chosen) for _ in interview.options])
        return min(answer.bound, self.unplanned)

    def _atoms(self, problem: Problem, interview: InterviewOptions) -> Whole:
        grid = self.desk.grid
        atoms: Whole = problem.days.minutes(interview.starts, grid) // grid.minutes - grid.first
        return atoms

    def _pay(self, interview: InterviewOptions, atoms: Whole) -> None:
        """Add the prices of time and dates to what it costs that a person is there, for those who have any."""
        until, dates = self._until[self._priced], self._dates[self._priced]
        price = until[:, atoms + interview.atoms] - until[:, atoms]
        price += np.take_along_axis(dates, self.date_of[self._priced][:, atoms], axis=1)
        for options in interview.options:
            is_priced = (options.rows != NOBODY) & np.isin(options.rows, self._priced)
            options.costs[is_priced] += price[np.searchsorted(self._priced, options.rows[is_priced])].astype(np.int32)

    def _count(self, interview: InterviewOptions, atom: int, chosen: list[int]) -> None:
        for options, option in zip(interview.options, chosen, strict=True):
            row = int(options.rows[option])
            if row != NOBODY:
                self._used.load[row] += options.assignment.role is Role.LEAD
                self._used.time[row, atom : atom + interview.atoms] += 1
                self._used.dates[row, self.date_of[row, atom]] += 1


def _uphill(price: Real, direction: Real) -> Real:
    """Return the direction without what would lead below nothing."""
    return np.where((price <= 0) & (direction < 0), 0, direction)
