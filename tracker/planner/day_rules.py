"""The rules about times of one loop, on the columns of the candidate's days: gaps, breaks, lunch, how many days."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tracker.planner.case import Lunch, Weights
from tracker.planner.grid import wall_minute
from tracker.planner.problem import FORBIDDEN, Costs, Problem

A_QUARTER = 15


@dataclass(frozen=True, slots=True)
class Gap:
    """Time between two interviews of a day: its columns, what it costs, whether it is a break.

    ``lunch[day, column]`` costs nothing where a gap that ends at that column leaves time for lunch, else FORBIDDEN;
    it is None where none does.
    """

    columns: int
    cost: int
    is_break: bool
    lunch: Costs | None


@dataclass(frozen=True, slots=True)
class DayRules:
    """The rules on some of the candidate's days; the first axis of all arrays is the day.

    ``runs``: how many interviews in a row are told apart. ``morning[day, column]``: there is time for lunch before a
    first interview that starts there; ``evening[day, column]``: after a last one that ended there. ``waits`` is what
    it costs to end on a day. ``splits[day, other]`` is what it costs to use both.
    """

    columns: int
    runs: int
    needs_lunch: bool
    needs_bar_raiser: bool
    gaps: tuple[Gap, ...]
    morning: NDArray[np.bool_]
    evening: NDArray[np.bool_]
    waits: Costs
    splits: Costs | None
    fewest: int

    def on(self, days: slice) -> "DayRules":
        """Return the rules on some of these days."""
        return replace(
            self,
            gaps=tuple(replace(gap, lunch=None if gap.lunch is None else gap.lunch[days]) for gap in self.gaps),
            morning=self.morning[days],
            evening=self.evening[days],
            waits=self.waits[days],
            splits=None if self.splits is None else self.splits[days, days],
        )


def day_rules(problem: Problem, weights: Weights) -> DayRules:
    """Return the rules of a loop on all of the candidate's days."""
    loop, days = problem.loop, problem.days
    count, columns = days.shape
    lunch = _Lunch(problem, loop.lunch) if loop.lunch is not None and loop.lunch.minutes else None
    everything = np.ones((count, columns + 1), dtype=np.bool_)
    in_a_row = loop.breaks.most_in_a_row
    return DayRules(
        columns=columns,
        runs=in_a_row if in_a_row < len(loop.interviews) else 1,
        needs_lunch=lunch is not None,
        needs_bar_raiser=loop.bar_raiser.is_required,
        gaps=_gaps(problem, weights, lunch),
        morning=lunch.before_first() if lunch else everything[:, :-1],
        evening=lunch.after_last() if lunch else everything,
        waits=days.waits * np.int32(weights.wait_day),
        splits=_splits(problem, weights),
        fewest=loop.days.fewest_interviews,
    )


def _gaps(problem: Problem, weights: Weights, lunch: "_Lunch | None") -> tuple[Gap, ...]:
    breaks, atom = problem.loop.breaks, problem.atom
    unlimited = breaks.most_in_a_row >= len(problem.loop.interviews)
    return tuple(
        Gap(
            columns=minutes // atom,
            cost=weights.idle_quarter * (minutes // A_QUARTER),
            is_break=unlimited or minutes >= breaks.minutes,
            lunch=lunch.within(minutes) if lunch else None,
        )
        for minutes in range(0, min(breaks.longest_gap, problem.days.shape[1] * atom) + 1, atom)
    )


def _splits(problem: Problem, weights: Weights) -> Costs | None:
    """Return what it costs to use two days, the first one first, shape (days, days); None where one is all."""
    rule, dates = problem.loop.days, problem.days.waits
    if rule.most == 1:
        return None
    apart = dates[np.newaxis, :] - dates[:, np.newaxis]
    allowed = (apart > 0) & (apart <= rule.most_apart)
    return np.where(allowed, np.int32(weights.split), np.int32(FORBIDDEN))


class _Lunch:
    """Where the loop's lunch can be had (H6)."""

    def __init__(self, problem: Problem, lunch: Lunch) -> None:
        days = problem.days
        self.needed = lunch.minutes
        count, columns = days.shape
        self.at = days.first[:, np.newaxis] + np.arange(columns + 1) * problem.atom
        self.opens, self.closes = (
            np.array([wall_minute(on, clock, problem.loop.zone) for on in days.dates]).reshape(count, 1)
            for clock in (lunch.earliest, lunch.latest)
        )

    def before_first(self) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = np.minimum(self.at, self.closes)[:, :-1] - self.opens >= self.needed
        return found

    def after_last(self) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = self.closes - np.maximum(self.at, self.opens) >= self.needed
        return found

    def within(self, minutes: int) -> Costs | None:
        """Return the costs of lunch within a gap of that many minutes, by the column that it ends at."""
        if minutes < self.needed:
            return None
        ends = self.at[:, :-1]
        time = np.minimum(ends, self.closes) - np.maximum(ends - minutes, self.opens)
        return np.where(time >= self.needed, np.int32(0), np.int32(FORBIDDEN))
