"""The best plan of one loop, with a proof: branch and bound over the days, and over who may take which assignment.

The bound of a part is a timetable whose interviews cost their cheapest people, who need not be different and need not
bring what floats: a relaxation that is nearly always tight. Where it is not, a price is put on whoever is wanted twice
and a reward on what is short, which keeps the bound and lifts it (Held and Karp, "The traveling-salesman problem and
minimum spanning trees: part II", Mathematical Programming 1, 1971; Geoffrion, "Lagrangean relaxation for integer
programming", Mathematical Programming Study 2, 1974). Where that is not enough, the part is parted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count

from tracker.planner.branching import Allowed, Broken, Chosen, everybody, parts_of, what_breaks
from tracker.planner.case import Weights
from tracker.planner.prices import Prices, no_prices
from tracker.planner.problem import Problem, is_possible
from tracker.planner.relaxation import Relaxation, Relaxed
from tracker.planner.seating import Seating, cheapest_seating, cost_of

# Limits are counted in parts and never in seconds: the same question has the same answer on every machine.
MOST_PARTS = 400
# How often prices are changed before a part is parted, and by how much while no plan is known.
MOST_PRICINGS, FIRST_STEP = 5, 4


@dataclass(frozen=True, slots=True)
class Found:
    """Times and people: for each interview the number of one of its starts, for each assignment an option."""

    cost: int
    starts: tuple[int, ...]
    chosen: Chosen


@dataclass(frozen=True, slots=True)
class Answer:
    """The best plan that was found, if any, and what no plan costs less than; no bound: there is no plan."""

    found: Found | None
    bound: int | None

    @property
    def is_proven(self) -> bool:
        """Whether no plan is better, or there is none."""
        return self.bound == (self.found.cost if self.found else None)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the question: some days, some people, at the prices of the part that it was parted from."""

    days: slice
    allowed: Allowed
    prices: Prices


class Search:
    """The search for the best plan of one loop."""

    def __init__(self, problem: Problem, weights: Weights, most_parts: int = MOST_PARTS) -> None:
        self.problem, self.most_parts = problem, most_parts
        self.everybody = everybody(problem)
        self.relaxation = Relaxation(problem, weights)
        self.best: Found | None = None
        self._waiting: list[tuple[int, int, Part]] = []
        self._serial = count()
        self._seated: set[tuple[int, ...]] = set()

    def run(self, *, any_will_do: bool = False) -> Answer:
        """Return the best plan and a bound, which is its cost unless the limit came first.

        Where any plan will do, the first one is returned, and the bound says only that there may be better ones.
        """
        for bound, part in self._first_parts():
            self._push(bound, part)
        for _ in range(self.most_parts):
            if not self._waits() or (any_will_do and self.best is not None):
                break
            bound, _number, part = heappop(self._waiting)
            for more, smaller in self._look_at(bound, part):
                self._push(more, smaller)
        if self._waits():
            return Answer(self.best, self._waiting[0][0])
        return Answer(self.best, self.best.cost if self.best else None)

    def _first_parts(self) -> Iterator[tuple[int, Part]]:
        prices = no_prices(self.problem)
        least = self.relaxation.least_by_day(self.everybody, prices)
        if self.problem.loop.days.most > 1 and len(least):
            yield 0, Part(slice(0, len(least)), self.everybody, prices)
            return
        for day, bound in enumerate(least):
            if is_possible(bound):
                yield bound, Part(slice(day, day + 1), self.everybody, prices)

    def _waits(self) -> bool:
        return bool(self._waiting) and self._is_better(self._waiting[0][0])

    def _is_better(self, cost: int) -> bool:
        return self.best is None or cost < self.best.cost

    def _push(self, bound: int, part: Part) -> None:
        if self._is_better(bound):
            heappush(self._waiting, (bound, next(self._serial), part))

    def _look_at(self, bound: int, part: Part) -> Iterator[tuple[int, Part]]:
        """Note the plans that a part leads to; yield what it is parted into where it may hold a better one."""
        prices, best_prices = part.prices, part.prices
        tried = self._try(part, prices)
        for _ in range(MOST_PRICINGS):
            if tried is None:
                return
            relaxed, broken = tried
            if relaxed.bound > bound:
                bound, best_prices = relaxed.bound, prices
            if not self._is_better(bound):
                return
            prices = prices.changed(self._step(bound, broken), self._rows(relaxed), broken)
            tried = self._try(part, prices)
        if tried is not None and not tried[1]:
            # The prices alone keep this plan from being proven: without them it is, or breaks something.
            tried = self._try(part, no_prices(self.problem))
        if tried is not None:
            for allowed in parts_of(self.problem, part.allowed, tried[0].chosen, tried[1]):
                yield bound, Part(part.days, allowed, best_prices)

    def _try(self, part: Part, prices: Prices) -> tuple[Relaxed, Broken] | None:
        """Relax a part at some prices, note what plan that leads to, and return it with what it breaks."""
        relaxed = self.relaxation.solve(part.days, part.allowed, prices)
        if relaxed is None:
            return None
        broken = what_breaks(self.problem, relaxed.chosen)
        self._note(relaxed, broken)
        return relaxed, broken

    def _note(self, relaxed: Relaxed, broken: Broken) -> None:
        """Keep the best plan at the times of a relaxed one, if it is the best so far."""
        if not broken:
            self._keep(relaxed, Seating(cost_of(self.problem, relaxed.starts, relaxed.chosen), relaxed.chosen))
        elif relaxed.starts not in self._seated:
            self._seated.add(relaxed.starts)
            seating = cheapest_seating(self.problem, relaxed.starts, self.everybody)
            if seating is not None:
                self._keep(relaxed, seating)

    def _keep(self, relaxed: Relaxed, seating: Seating) -> None:
        if self._is_better(relaxed.times + seating.cost):
            self.best = Found(relaxed.times + seating.cost, relaxed.starts, seating.chosen)

    def _step(self, bound: int, broken: Broken) -> int:
        """Return by how much prices change: the distance to the best plan, over how much is broken (Polyak, 1969)."""
        if self.best is None:
            return FIRST_STEP
        wanted = sum(len(numbers) - 1 for numbers in broken.twice.values()) + len(broken.short)
        return max(1, (self.best.cost - bound) // (2 * max(1, wanted)))

    def _rows(self, relaxed: Relaxed) -> list[int]:
        pairs = zip(self.problem.assignments, relaxed.chosen, strict=True)
        return [int(options.rows[option]) for (_, options), option in pairs]
