"""The calendars of the interviewer community in memory: from when on who is free, and for how long."""

from collections.abc import Callable, Collection, Iterable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tracker.planner.case import Case, Interviewer, Spans
from tracker.planner.community import Community
from tracker.planner.dates import Dates, WorkingTime, dates_of, stretched
from tracker.planner.grid import Grid, grid_of, local_day
from tracker.planner.spans import Runs, mark, run_lengths

# What keeps a qualified person from an interview, and may be disregarded to see what a loop lacks.
Bar = Literal["busy", "hours", "caps"]
# Who works until five can be asked to stay until seven, but not until midnight.
STRETCH_MINUTES = 120


class Calendars:
    """From each atom on, who is free: within working hours, beside what is busy, below the caps (H13 to H15).

    ``run[row, atom]`` counts the atoms; it is 0 where one more interview on that date or in that week would be beyond
    a cap. ``calm[row, atom]`` counts the atoms before the next tentative event. ``load`` is each person's recent
    load with what was booked here. ``date_of`` numbers the date of each atom in a zone; ``held`` counts the interviews
    of each person on each date, and ``caps`` has two columns, of a day and of a week. Rows are those of the community.
    """

    def __init__(self, case: Case, grid: Grid | None = None) -> None:
        self.grid = grid or grid_of(case)
        self.community = Community(case.interviewers)
        people, dates = self.community.people, dates_of(self.grid)
        self.load = np.array([person.recent_load for person in people], dtype=np.int32)
        self.caps = np.array([(person.daily_cap, person.weekly_cap) for person in people]).reshape(-1, 2)
        self.date_of = {zone: dates.of_atoms(zone, self.grid) for zone in {person.zone for person in people}}
        self.held = self._booked(dates)
        working = WorkingTime(self.grid)
        self._hours = self._mark(((each, working.of(each)) for each in people), self.grid.inward)
        self._busy = self._mark(((each, [each.busy]) for each in people), self.grid.outward)
        self.calm = self._runs(~self._mark(((each, [each.tentative]) for each in people), self.grid.outward))
        self.run = self.run_without(())

    def _mark(
        self, spans: Iterable[tuple[Interviewer, list[Spans]]], rounded: Callable[[Spans], Spans]
    ) -> NDArray[np.bool_]:
        rows = self.community.rows
        given = ((rows[person.id], each) for person, lists in spans for each in lists)
        return mark(len(rows), given, self.grid, rounded)

    def _runs(self, free: NDArray[np.bool_]) -> Runs:
        return run_lengths(free, self.grid.longest)

    def run_without(self, bars: Collection[Bar]) -> Runs:
        """Return ``run`` as it would be without these bars; working hours are stretched, not lifted."""
        hours = stretched(self._hours, STRETCH_MINUTES // self.grid.minutes) if "hours" in bars else self._hours
        run = self._runs(hours if "busy" in bars else hours & ~self._busy)
        if "caps" not in bars:
            full = self._full_dates(slice(None))
            for row in np.flatnonzero(full.any(axis=1)).tolist():
                run[row, self._full_atoms(row, full[row])] = 0
        return run

    def bars(self, row: int, atom: int, atoms: int) -> list[Bar]:
        """Return what keeps a person from an interview at that atom, of that many atoms."""
        span, bars = slice(atom, atom + atoms), list[Bar]()
        if self._busy[row, span].any():
            bars.append("busy")
        if not self._hours[row, span].all():
            bars.append("hours")
        if self._full_atoms(row, self._full_dates(slice(row, row + 1))[0])[atom]:
            bars.append("caps")
        return bars

    def book(self, row: int, atom: int, atoms: int, *, leads: bool) -> None:
        """Note an interview: it is busy time and counts for the caps; who leads it has more load (O4)."""
        self._change(row, atom, atoms, leads, 1)

    def release(self, row: int, atom: int, atoms: int, *, leads: bool) -> None:
        """Take an interview that was booked here out again."""
        self._change(row, atom, atoms, leads, -1)

    def _change(self, row: int, atom: int, atoms: int, leads: bool, more: int) -> None:
        self.load[row] += more * leads
        self._busy[row, atom : atom + atoms] = more > 0
        self.held[row, self.date_of[self.community.people[row].zone][atom]] += more
        self.run[row] = self._runs(self._hours[row : row + 1] & ~self._busy[row])
        self.run[row, self._full_atoms(row, self._full_dates(slice(row, row + 1))[0])] = 0

    def _booked(self, dates: Dates) -> NDArray[np.int16]:
        """Return how many interviews are in each person's calendar on each of these dates."""
        held = np.zeros((len(self.community), dates.count), dtype=np.int16)
        for row, person in enumerate(self.community.people):
            for minute in person.booked:
                number = dates.number(local_day(minute, person.zone))
                if number is not None:
                    held[row, number] += 1
        return held

    def _full_dates(self, rows: slice) -> NDArray[np.bool_]:
        """Return on which dates one interview more would be beyond a cap, shape (rows, dates)."""
        held, caps = self.held[rows], self.caps[rows]
        weeks = held.reshape(len(held), held.shape[1] // 7, 7).sum(axis=2)
        full: NDArray[np.bool_] = (held >= caps[:, :1]) | np.repeat(weeks >= caps[:, 1:], 7, axis=1)
        return full

    def _full_atoms(self, row: int, full_dates: NDArray[np.bool_]) -> NDArray[np.bool_]:
        full: NDArray[np.bool_] = full_dates[self.date_of[self.community.people[row].zone]]
        return full
