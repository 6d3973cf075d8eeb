"""A plan of one loop in which nothing keeps a person from being chosen twice: its cost is a bound for all others."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.planner.branching import Allowed, Chosen
from tracker.planner.case import Weights
from tracker.planner.day_rules import day_rules
from tracker.planner.itinerary import cheapest
from tracker.planner.orders import Orders, any_order, one_order
from tracker.planner.prices import Prices
from tracker.planner.problem import FORBIDDEN, Costs, InterviewOptions, Options, Problem
from tracker.planner.timetable import KindCosts, Slot, Timetables


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The cheapest times and people at some prices.

    ``bound`` is what no plan costs less than; ``times`` what these times cost without people. ``starts``: for each
    interview, the number of one of its starts.
    """

    bound: int
    times: int
    starts: tuple[int, ...]
    chosen: Chosen


class Relaxation:
    """The relaxed problem of one loop, which is solved many times: on other days, for other people and prices."""

    def __init__(self, problem: Problem, weights: Weights) -> None:
        self.problem = problem
        self.rules = day_rules(problem, weights)

    def solve(self, days: slice, allowed: Allowed, prices: Prices) -> Relaxed | None:
        """Return the cheapest relaxed plan on these of the candidate's days; None where there is none."""
        offers = self._offers(days, allowed, prices)
        kinds = self._kinds(allowed)
        tables = Timetables(self.rules.on(days), self._orders(kinds), [offers[kind[0]].costs() for kind in kinds])
        found = cheapest(tables)
        if found is None:
            return None
        cost, slots = found
        slot_of = _by_interview(kinds, slots)
        chosen = [option for number, offer in enumerate(offers) for option in offer.chosen(slot_of[number])]
        starts = tuple(offer.start(slot_of[number]) for number, offer in enumerate(offers))
        people = sum(offer.people(slot_of[number]) for number, offer in enumerate(offers))
        return Relaxed(cost + prices.constant(self.problem), cost - people, starts, tuple(chosen))

    def least_by_day(self, allowed: Allowed, prices: Prices) -> list[int]:
        """Return for each day what a plan of that day alone costs at least: each interview at its cheapest start."""
        days = slice(0, len(self.rules.waits))
        least = [offer.costs().plain.min(axis=1) for offer in self._offers(days, allowed, prices)]
        found: list[int] = (np.sum(least, axis=0) + self.rules.waits).tolist()
        return found

    def _offers(self, days: slice, allowed: Allowed, prices: Prices) -> list["_Offer"]:
        given = iter(allowed)
        return [
            _Offer(self.problem, interview, days, [_Taken(each, next(given), prices) for each in interview.options])
            for interview in self.problem.interviews
        ]

    def _kinds(self, allowed: Allowed) -> list[list[int]]:
        """Return the numbers of the interviews that are alike in everything, together."""
        kinds: dict[object, list[int]] = {}
        given = iter(allowed)
        for number, interview in enumerate(self.problem.interviews):
            people = tuple((options.likeness, next(given).tobytes()) for options in interview.options)
            alike = (interview.atoms, people, interview.start_costs.tobytes())
            kinds.setdefault(number if self.problem.loop.in_order else alike, []).append(number)
        return list(kinds.values())

    def _orders(self, kinds: Sequence[Sequence[int]]) -> Orders:
        return one_order(len(kinds)) if self.problem.loop.in_order else any_order(tuple(map(len, kinds)))


def _by_interview(kinds: Sequence[Sequence[int]], slots: Sequence[Slot]) -> dict[int, Slot]:
    """Return the slot of each interview; those of one kind take their slots in the order of the loop."""
    left = [list(kind) for kind in kinds]
    return {left[slot.kind].pop(0): slot for slot in slots}


class _Taken:
    """Who takes one assignment while prices are asked."""

    def __init__(self, options: Options, allowed: NDArray[np.bool_], prices: Prices) -> None:
        self.options, self.allowed = options, allowed
        self.extra = np.where(allowed, prices.of(options), np.int32(FORBIDDEN))[:, np.newaxis]

    def cheapest(self, starts: slice) -> Costs:
        costs: Costs = (self.options.costs[:, starts] + self.extra).min(axis=0, initial=FORBIDDEN)
        return costs

    def cheapest_raising(self, starts: slice) -> Costs:
        raises = self.options.raises
        costs: Costs = (self.options.costs[raises, starts] + self.extra[raises]).min(axis=0, initial=FORBIDDEN)
        return costs

    def option(self, start: int, raising: bool) -> int:
        costs = self.options.costs[:, start] + self.extra[:, 0]
        return int((np.where(self.options.raises, costs, np.int32(FORBIDDEN)) if raising else costs).argmin())


class _Offer:
    """What one interview costs at its starts on some days, with the cheapest people."""

    def __init__(self, problem: Problem, interview: InterviewOptions, days: slice, taken: Sequence[_Taken]) -> None:
        self.interview, self.days, self.taken = interview, days, taken
        self.shape = (days.stop - days.start, problem.days.shape[1])
        first, last = np.searchsorted(interview.starts, [days.start * self.shape[1], days.stop * self.shape[1]])
        self.starts = slice(int(first), int(last))
        self.plain = [each.cheapest(self.starts) for each in taken]
        self.more = [each.cheapest_raising(self.starts) - plain for each, plain in zip(taken, self.plain, strict=True)]

    def costs(self) -> KindCosts:
        plain = self.interview.start_costs[self.starts] + sum(self.plain)
        raising = plain + np.minimum.reduce(self.more)
        return KindCosts(self.interview.atoms, self._laid_out(plain), self._laid_out(raising))

    def _laid_out(self, costs: Costs) -> Costs:
        table = np.full(self.shape, FORBIDDEN, dtype=np.int32)
        positions = self.interview.starts[self.starts] - self.days.start * self.shape[1]
        table.reshape(-1)[positions] = np.minimum(costs, FORBIDDEN)
        return table

    def start(self, slot: Slot) -> int:
        position = (self.days.start + slot.day) * self.shape[1] + slot.column
        return int(np.searchsorted(self.interview.starts, position))

    def people(self, slot: Slot) -> int:
        """Return what the chosen cost there, prices included."""
        number = self.start(slot) - self.starts.start
        fewest = min(int(more[number]) for more in self.more) if slot.raising else 0
        return sum(int(plain[number]) for plain in self.plain) + fewest

    def chosen(self, slot: Slot) -> list[int]:
        start = self.start(slot)
        raiser = -1
        if slot.raising:
            raiser = int(np.argmin([more[start - self.starts.start] for more in self.more]))
        return [each.option(start, number == raiser) for number, each in enumerate(self.taken)]
