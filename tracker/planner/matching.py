"""The cheapest way to give each of some assignments a different person.

Shortest augmenting paths, after Jonker and Volgenant, "A shortest augmenting path algorithm for dense and sparse linear
assignment problems" (Computing 38, 1987), in the form of Crouse, "On implementing 2D rectangular assignment algorithms"
(IEEE Transactions on Aerospace and Electronic Systems 52, 2016).
"""

import numpy as np

from tracker.planner.problem import FORBIDDEN, Costs, is_possible


def cheapest_matching(costs: Costs) -> list[int] | None:
    """Return a different column for each row, so that their costs add up to the least; None where there is no way.

    Of many columns only the cheapest few of each row matter, as many as there are rows: the other rows cannot take all.
    """
    near = np.unique(np.argsort(costs, axis=1, kind="stable")[:, : len(costs)])
    found = _Matching(costs[:, near].tolist()).columns()
    return None if found is None else [int(near[column]) for column in found]


class _Matching:
    """Rows are added one by one; prices of rows and columns keep every reduced cost from being negative."""

    def __init__(self, costs: list[list[int]]) -> None:
        self.costs = costs
        self.row_prices, self.column_prices = [0] * len(costs), [0] * len(costs[0])
        self.row_of = [-1] * len(costs[0])
        self.column_of = [-1] * len(costs)

    def columns(self) -> list[int] | None:
        return self.column_of if all(self.add(row) for row in range(len(self.costs))) else None

    def add(self, row: int) -> bool:
        """Give a row a column, along the shortest path of columns that other rows give up for another."""
        distances, via = [FORBIDDEN] * len(self.row_of), [row] * len(self.row_of)
        settled: dict[int, int] = {}
        at, distance = row, 0
        while True:
            nearest = -1
            for column, cost in enumerate(self.costs[at]):
                if column in settled:
                    continue
                through = distance + cost - self.row_prices[at] - self.column_prices[column]
                if through < distances[column]:
                    distances[column], via[column] = through, at
                if nearest < 0 or distances[column] < distances[nearest]:
                    nearest = column
            if nearest < 0 or not is_possible(distances[nearest]):
                return False
            distance = settled[nearest] = distances[nearest]
            if self.row_of[nearest] < 0:
                break
            at = self.row_of[nearest]
        self.reprice(row, distance, settled)
        self.pass_on(row, nearest, via)
        return True

    def reprice(self, row: int, distance: int, settled: dict[int, int]) -> None:
        self.row_prices[row] += distance
        for column, reached in settled.items():
            if self.row_of[column] >= 0:
                self.row_prices[self.row_of[column]] += distance - reached
            self.column_prices[column] -= distance - reached

    def pass_on(self, row: int, column: int, via: list[int]) -> None:
        while True:
            giver = via[column]
            before = self.column_of[giver]
            self.row_of[column], self.column_of[giver] = giver, column
            if giver == row:
                return
            column = before
