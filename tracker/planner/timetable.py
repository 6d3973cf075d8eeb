"""The cheapest times for the interviews of a loop, by dynamic programming over the candidate's days.

What each interview costs at each start is given; here lie the rules about times: order, gaps, breaks, lunch, days
(H3 to H6), and that a bar raiser is among those who lead (H11). A day is read from left to right. A state is: which
interviews were held, how many of them in a row, whether there was time for lunch, whether a bar raiser was seen, and
when the last one ended; only its cheapest past matters (Bellman, Dynamic Programming, 1957). All days and all states
of as many interviews are one array, and a step is a few operations on the whole of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tracker.planner.day_rules import DayRules
from tracker.planner.orders import Orders, Step
from tracker.planner.problem import FORBIDDEN, Costs

# Arrays have the axes (state, run, lunch, raised, day, column); a run counts interviews in a row, from one.
RUN = 1


@dataclass(frozen=True, slots=True)
class KindCosts:
    """What an interview of one kind costs at each start, shape (days, columns), and how many columns it lasts.

    ``raising``: the same, with a bar raiser among those who lead it.
    """

    length: int
    plain: Costs
    raising: Costs


@dataclass(frozen=True, slots=True)
class Slot:
    """An interview of some kind at a day and column; ``raising`` where it is to have the bar raiser."""

    kind: int
    day: int
    column: int
    raising: bool


class Timetables:
    """What is cheapest on each day for every part of a loop.

    ``arrived[n]``: the cost of being about to start at a column after n interviews; ``held[n]``: of having ended the
    n-th there.
    """

    def __init__(self, rules: DayRules, orders: Orders, kinds: Sequence[KindCosts]) -> None:
        self.rules, self.orders, self.kinds = rules, orders, kinds
        self._evenings: dict[int, Costs] = {}
        self.arrived = [self._morning()]
        self.held: list[Costs] = [self.arrived[0]]
        for steps, size in zip(orders.steps, orders.sizes[1:], strict=True):
            self.held.append(self._hold(self.arrived[-1], steps, size))
            self.arrived.append(self._wait(self.held[-1]))

    def _empty(self, states: int, columns: int) -> Costs:
        rules = self.rules
        shape = (states, rules.runs, 1 + rules.needs_lunch, 1 + rules.needs_bar_raiser, len(rules.waits), columns)
        return np.full(shape, FORBIDDEN, dtype=np.int32)

    def _morning(self) -> Costs:
        """Return the cost of starting the day's first interview at each column: nothing."""
        arrived = self._empty(self.orders.sizes[0], self.rules.columns)
        arrived[:, 0, 0, 0] = 0
        arrived[:, 0, -1, 0, self.rules.morning] = 0
        return arrived

    def _hold(self, arrived: Costs, steps: Sequence[Step], states: int) -> Costs:
        """Return the cost of having held one interview more."""
        held = self._empty(states, self.rules.columns + 1)
        for step in steps:
            costs = self.kinds[step.kind]
            starts = self.rules.columns + 1 - costs.length
            came = arrived[step.before, ..., :starts]
            then = came + costs.plain[:, :starts]
            if self.rules.needs_bar_raiser:
                seen = then[:, :, :, 1]
                np.minimum(seen, came[:, :, :, 0] + costs.raising[:, :starts], out=seen)
            held[step.after, ..., costs.length :] = np.minimum(held[step.after, ..., costs.length :], then)
        return held

    def _wait(self, held: Costs) -> Costs:
        """Return the cost of being about to start the next interview, after the best of all gaps."""
        arrived = self._empty(len(held), self.rules.columns)
        rested = held.min(axis=RUN, keepdims=True)
        for gap in self.rules.gaps:
            ended = slice(0, self.rules.columns - gap.columns)
            if gap.is_break:
                before, after = rested[..., ended], arrived[:, :1, ..., gap.columns :]
            else:
                before, after = held[:, :-1, ..., ended], arrived[:, 1:, ..., gap.columns :]
            then = before + np.int32(gap.cost)
            np.minimum(after, then, out=after)
            if gap.lunch is not None:
                fed = after[:, :, 1]
                np.minimum(fed, then[:, :, 0] + gap.lunch[:, gap.columns :], out=fed)
        return arrived

    def evenings(self, count: int) -> Costs:
        """Return the cost of ending a day after so many interviews, shape (states, raised, days)."""
        if count not in self._evenings:
            held = self.held[count].min(axis=RUN)
            fed = held[:, -1].min(axis=-1)
            if self.rules.needs_lunch:
                late = np.where(self.rules.evening, held[:, 0], np.int32(FORBIDDEN)).min(axis=-1)
                fed = np.minimum(fed, late)
            self._evenings[count] = fed
        return self._evenings[count]
