"""Prices that lift the bound of a loop: on people who are wanted twice, and rewards on competencies that are short."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.planner.branching import Broken
from tracker.planner.problem import Options, Problem

Whole = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Prices:
    """``people[row]`` is paid whenever the person takes an assignment, ``rewards[floating]`` are got by who brings it.

    Both are whole and not negative. The last of ``people`` is nobody's, who is free.
    """

    people: Whole
    rewards: Whole

    def of(self, options: Options) -> Whole:
        """Return what these prices add to the cost of each option."""
        paid: Whole = self.people[options.rows]
        if options.spare and self.rewards.any():
            got = np.where(options.brings, self.rewards, np.int32(0))
            paid = paid - np.sort(got, axis=1)[:, -options.spare :].sum(axis=1, dtype=np.int32)
        return paid

    def constant(self, problem: Problem) -> int:
        """Return what has to be added to the cost of a relaxed plan, for it to be a bound."""
        wanted = sum(int(reward) * times for reward, times in zip(self.rewards, problem.floating.values(), strict=True))
        return wanted - int(self.people.sum())

    def changed(self, step: int, used: Collection[int], broken: Broken) -> "Prices":
        """Return the prices after a relaxed plan that used these people, some of them twice, and brought too little.

        A step of the subgradient: who is wanted twice and what is short go up; who is no longer wanted goes down.
        """
        people, rewards = self.people.copy(), self.rewards.copy()
        unused = np.flatnonzero(people)
        unused = unused[~np.isin(unused, list(used))]
        people[unused] = np.maximum(people[unused] - step, 0)
        people[list(broken.twice)] += step
        rewards[list(broken.short)] += step
        return Prices(people, rewards)


def no_prices(problem: Problem) -> Prices:
    """Return prices at which nothing is paid or got."""
    return Prices(np.zeros(problem.people + 1, dtype=np.int32), np.zeros(len(problem.floating), dtype=np.int32))
