"""Spans of time as arrays: merged, and marked on the atoms of a grid."""

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from tracker.planner.case import Minute, Spans
from tracker.planner.grid import Grid

Runs = NDArray[np.uint8 | np.uint16]
# Beyond it, the next doubling would not fit.
MOST_IN_A_BYTE = 128


def merged(spans: Spans) -> Spans:
    """Return the spans in order, those that touch as one."""
    found: list[list[Minute]] = []
    for start, end in sorted(spans.tolist()):
        if found and start <= found[-1][1]:
            found[-1][1] = max(found[-1][1], end)
        else:
            found.append([start, end])
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def mark(
    rows: int, spans: Iterable[tuple[int, Spans]], grid: Grid, rounded: Callable[[Spans], Spans]
) -> NDArray[np.bool_]:
    """Return, for each row and atom, whether one of the spans given for that row, rounded to atoms, holds it."""
    given = list(spans)
    changes = np.zeros(rows * (grid.atoms + 1), dtype=np.int16)
    if given:
        begins = np.repeat([row * (grid.atoms + 1) for row, _ in given], [len(each) for _, each in given])
        edges = rounded(np.concatenate([each for _, each in given]))
        lasting = edges[:, 0] < edges[:, 1]
        np.add.at(changes, (edges[:, 0] + begins)[lasting], 1)
        np.add.at(changes, (edges[:, 1] + begins)[lasting], -1)
    marked: NDArray[np.bool_] = (np.cumsum(changes, dtype=np.int16) > 0).reshape(rows, grid.atoms + 1)[:, :-1]
    return marked


def run_lengths(free: NDArray[np.bool_], longest: int) -> Runs:
    """Return, for each row and atom, how many atoms in a row are free from there on, counted to ``longest`` or more.

    Runs of up to 2, 4, 8, ... atoms are put together from two of half the length.
    """
    runs: Runs = free.astype(np.uint8 if longest <= MOST_IN_A_BYTE else np.uint16)
    size = 1
    while size < min(longest, free.shape[1]):
        runs[:, :-size] += (runs[:, :-size] == size) * runs[:, size:]
        size *= 2
    return runs
