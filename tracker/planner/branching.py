"""How a question that has no simple answer is parted: by narrowing who may take which assignment.

Between them the parts hold every loop that keeps the rules, and none holds the one that broke a rule.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.planner.dealing import Hand, deal
from tracker.planner.problem import NOBODY, Problem

# For each assignment of a loop, in their order, which of its options may be taken.
Allowed = tuple[NDArray[np.bool_], ...]
# For each assignment of a loop, in their order, the option that takes it.
Chosen = Sequence[int]


@dataclass(frozen=True, slots=True)
class Broken:
    """What a choice of people breaks: who was chosen for several assignments, and what cannot be dealt to them."""

    twice: Mapping[int, list[int]]
    short: frozenset[int]

    def __bool__(self) -> bool:
        return bool(self.twice or self.short)


def everybody(problem: Problem) -> Allowed:
    """Return that every option may be taken."""
    return tuple(np.ones(len(options.rows), dtype=np.bool_) for _, options in problem.assignments)


def narrowed(allowed: Allowed, number: int, options: NDArray[np.bool_]) -> Allowed:
    """Return the same with fewer options for one assignment."""
    return (*allowed[:number], allowed[number] & options, *allowed[number + 1 :])


def hands_of(problem: Problem, chosen: Chosen) -> list[Hand]:
    """Return what each of the chosen could be dealt."""
    pairs = zip(problem.assignments, chosen, strict=True)
    return [Hand(frozenset(np.flatnonzero(each.brings[option]).tolist()), each.spare) for (_, each), option in pairs]


def what_breaks(problem: Problem, chosen: Chosen) -> Broken:
    """Return what the chosen break; that a bar raiser leads is not looked at."""
    seats: dict[int, list[int]] = {}
    for number, ((_, options), option) in enumerate(zip(problem.assignments, chosen, strict=True)):
        seats.setdefault(int(options.rows[option]), []).append(number)
    twice = {row: numbers for row, numbers in seats.items() if len(numbers) > 1 and row != NOBODY}
    return Broken(twice, shortage(problem, chosen))


def parts_of(problem: Problem, allowed: Allowed, chosen: Chosen, broken: Broken) -> Iterator[Allowed]:
    """Yield the parts of a question whose simple answer breaks something."""
    if broken.twice:
        row, numbers = next(iter(broken.twice.items()))
        yield from keep_or_leave(problem, allowed, row, numbers[0])
    else:
        yield from one_brings_more(problem, allowed, chosen, broken.short)


def keep_or_leave(problem: Problem, allowed: Allowed, row: int, number: int) -> Iterator[Allowed]:
    """Yield: the person takes this assignment, if any; the person does not take it."""
    kept = allowed
    for other, (_, options) in enumerate(problem.assignments):
        if other != number:
            kept = narrowed(kept, other, options.rows != row)
    yield kept
    yield narrowed(allowed, number, problem.assignments[number][1].rows != row)


def one_raises(problem: Problem, allowed: Allowed) -> Iterator[Allowed]:
    """Yield, for each assignment: it is the first one that is taken by a bar raiser."""
    for number, (_, options) in enumerate(problem.assignments):
        if (options.raises & allowed[number]).any():
            yield narrowed(allowed, number, options.raises)
            allowed = narrowed(allowed, number, ~options.raises)


def shortage(problem: Problem, chosen: Chosen) -> frozenset[int]:
    """Return the floating competencies of which the chosen cannot take enough together; none where all can be dealt."""
    return deal(list(problem.floating.values()), hands_of(problem, chosen)) if problem.floating else frozenset()


def one_brings_more(problem: Problem, allowed: Allowed, chosen: Chosen, short: frozenset[int]) -> Iterator[Allowed]:
    """Yield, for each assignment: it is the first one whose person can take more of what is short than the chosen."""
    columns = sorted(short)
    for number, (_, options) in enumerate(problem.assignments):
        takes = np.minimum(options.brings[:, columns].sum(axis=1), options.spare)
        more = takes > takes[chosen[number]]
        if (more & allowed[number]).any():
            yield narrowed(allowed, number, more)
            allowed = narrowed(allowed, number, ~more)
