"""In which orders the interviews of a day can follow each other, as states that lead to states.

Interviews that are alike in everything are of one kind: which of them is held first makes no difference, so that a
state counts how many of each kind were held (five alike are six states, not thirty-two).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

State = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """Holding one more interview of a kind leads from each state of ``before`` to the one beside it in ``after``."""

    kind: int
    before: NDArray[np.intp]
    after: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Orders:
    """The states by how many interviews were held on one day, from none to all of the loop.

    ``sizes[held]`` counts them, ``steps[held]`` lead from there to the next. ``splits`` part the loop between two days:
    (how many on the first, their state, the state of the others on the second).
    """

    sizes: tuple[int, ...]
    steps: tuple[tuple[Step, ...], ...]
    splits: tuple[tuple[int, int, int], ...]


@lru_cache(maxsize=1024)
def any_order(counts: tuple[int, ...]) -> Orders:
    """Return the orders of so many interviews of each kind; a state counts those that were held, by kind."""
    states = sorted(product(*(range(count + 1) for count in counts)))

    def after(state: State, kind: int) -> State:
        return tuple(held + (each == kind) for each, held in enumerate(state))

    def others(state: State) -> State:
        return tuple(count - held for count, held in zip(counts, state, strict=True))

    return _orders(states, sum, len(counts), after, others)


@lru_cache(maxsize=1024)
def one_order(count: int) -> Orders:
    """Return the orders where each interview is of its own kind and they are held as listed.

    A state (first, next) has held those from ``first`` to before ``next``.
    """
    states: list[State] = [(first, following) for first in range(count + 1) for following in range(first, count + 1)]

    def after(state: State, kind: int) -> State:
        return (state[0], kind + 1) if state[1] == kind else ()

    def others(state: State) -> State:
        return (state[1], count) if state[0] == 0 else ()

    return _orders(states, lambda state: state[1] - state[0], count, after, others)


def _orders(
    states: list[State],
    held: Callable[[State], int],
    kinds: int,
    after: Callable[[State, int], State],
    others: Callable[[State], State],
) -> Orders:
    layers = [[state for state in states if held(state) == count] for count in range(max(map(held, states)) + 1)]
    place = {state: number for layer in layers for number, state in enumerate(layer)}

    def steps(layer: list[State]) -> Iterator[Step]:
        for kind in range(kinds):
            pairs = [(place[state], place[after(state, kind)]) for state in layer if after(state, kind) in place]
            if pairs:
                before, following = np.array(pairs, dtype=np.intp).T
                yield Step(kind, before, following)

    return Orders(
        sizes=tuple(map(len, layers)),
        steps=tuple(tuple(steps(layer)) for layer in layers[:-1]),
        splits=tuple((held(each), place[each], place[others(each)]) for each in states if others(each) in place),
    )
