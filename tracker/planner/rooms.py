"""Rooms of sites: whether one is free, and which one is taken (H16)."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from tracker.planner.case import Room
from tracker.planner.grid import Grid
from tracker.planner.spans import mark, run_lengths


class Rooms:
    """The rooms of a case in the order of their ids; ``run`` counts the free atoms from each atom on."""

    def __init__(self, rooms: Iterable[Room], grid: Grid) -> None:
        self._longest = grid.longest
        self.rooms = sorted(rooms, key=lambda room: room.id)
        self.rows = {room.id: row for row, room in enumerate(self.rooms)}
        self._sites = np.array([room.site for room in self.rooms])
        self._busy = mark(len(self.rooms), [(self.rows[room.id], room.busy) for room in self.rooms], grid, grid.outward)
        self.run = run_lengths(~self._busy, grid.longest)

    def any_free(self, site: str, atoms: NDArray[np.int64], length: int) -> NDArray[np.bool_]:
        """Return at which atoms some room of the site is free for that long."""
        found: NDArray[np.bool_] = (self.run[self._sites == site][:, atoms] >= length).any(axis=0)
        return found

    def take(self, site: str, atom: int, length: int, liked: str | None) -> str:
        """Return a room of the site that is free then: the one that is liked, if it is, else the first."""
        free = (self.run[:, atom] >= length) & (self._sites == site)
        row = self.rows.get(liked or "", -1)
        return self.rooms[row if row >= 0 and free[row] else int(free.argmax())].id

    def book(self, room: str, atom: int, length: int) -> None:
        """Note that a room is taken."""
        self._change(room, atom, length, taken=True)

    def release(self, room: str, atom: int, length: int) -> None:
        """Give a room that was booked here back."""
        self._change(room, atom, length, taken=False)

    def _change(self, room: str, atom: int, length: int, *, taken: bool) -> None:
        row = self.rows[room]
        self._busy[row, atom : atom + length] = taken
        self.run[row] = run_lengths(~self._busy[row : row + 1], self._longest)
