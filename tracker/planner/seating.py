"""The cheapest different people for a loop whose times are fixed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count

import numpy as np

from tracker.planner.branching import Allowed, Chosen, one_brings_more, one_raises, shortage
from tracker.planner.matching import cheapest_matching
from tracker.planner.problem import FORBIDDEN, NOBODY, Costs, Problem

# So many parts are looked at; nearly always it is the first one.
MOST_PARTS = 40


@dataclass(frozen=True, slots=True)
class Seating:
    """Which option takes each assignment, in the order of the loop, and what they cost, without the times."""

    cost: int
    chosen: Chosen


def cheapest_seating(problem: Problem, starts: Sequence[int], allowed: Allowed) -> Seating | None:
    """Return the cheapest people who keep all rules where each interview begins at the given one of its starts.

    None where there are none, or none were found. The best part first (Land and Doig, "An automatic method of solving
    discrete programming problems", Econometrica 28, 1960), each bounded by a matching.
    """
    costs = [options.costs[:, starts[interview]] for interview, options in problem.assignments]
    waiting: list[tuple[int, int, Allowed, Chosen]] = []
    parts, serial = iter([allowed]), count()
    for _ in range(MOST_PARTS):
        for part in parts:
            seating = _matched(problem, costs, part)
            if seating is not None:
                heappush(waiting, (seating.cost, next(serial), part, seating.chosen))
        if not waiting:
            return None
        cost, _number, part, chosen = heappop(waiting)
        broken = _parted(problem, part, chosen)
        if broken is None:
            return Seating(cost, chosen)
        parts = broken
    return None


def cost_of(problem: Problem, starts: Sequence[int], chosen: Chosen) -> int:
    """Return what the chosen cost where each interview begins at the given one of its starts."""
    pairs = zip(problem.assignments, chosen, strict=True)
    return sum(int(options.costs[option, starts[interview]]) for (interview, options), option in pairs)


def _matched(problem: Problem, costs: Sequence[Costs], allowed: Allowed) -> Seating | None:
    """Return the cheapest different people, whatever else they break; nobody can be there any number of times."""
    table = np.full((len(costs), problem.people + len(costs)), FORBIDDEN, dtype=np.int32)
    option_of = np.zeros(table.shape, dtype=np.intp)
    for number, ((_, options), cost) in enumerate(zip(problem.assignments, costs, strict=True)):
        columns = np.where(options.rows == NOBODY, problem.people + number, options.rows)
        table[number, columns] = np.where(allowed[number], cost, np.int32(FORBIDDEN))
        option_of[number, columns] = np.arange(len(columns))
    matched = cheapest_matching(table)
    if matched is None:
        return None
    pairs = list(enumerate(matched))
    return Seating(sum(int(table[pair]) for pair in pairs), tuple(int(option_of[pair]) for pair in pairs))


def _parted(problem: Problem, allowed: Allowed, chosen: Chosen) -> Iterator[Allowed] | None:
    """Return the parts to look at instead where the chosen break a rule."""
    if problem.loop.bar_raiser.is_required and not any(
        options.raises[option] for (_, options), option in zip(problem.assignments, chosen, strict=True)
    ):
        return one_raises(problem, allowed)
    short = shortage(problem, chosen)
    return one_brings_more(problem, allowed, chosen, short) if short else None
