"""The dates and working hours of a zone's people, on the atoms of a grid."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tracker.planner.case import Interviewer, Spans
from tracker.planner.grid import A_DAY, Grid, moment, wall_minute
from tracker.planner.spans import merged


@dataclass(frozen=True, slots=True)
class Dates:
    """The whole ISO weeks that a grid touches in any zone: the first Monday, and how many dates from there on."""

    first: date
    count: int

    def number(self, on: date) -> int | None:
        """Return how many dates after the first one it is; None outside of these weeks."""
        number = (on - self.first).days
        return number if 0 <= number < self.count else None

    def of_atoms(self, zone: str, grid: Grid) -> NDArray[np.int64]:
        """Return the number of the date that the zone's calendars show at the beginning of each atom."""
        midnights = [wall_minute(self.first + number * A_DAY, 0, zone) for number in range(self.count)]
        atoms = (grid.first + np.arange(grid.atoms)) * grid.minutes
        return np.searchsorted(np.array(midnights), atoms, side="right") - 1


def dates_of(grid: Grid) -> Dates:
    """Return the dates of a grid; clocks differ from UTC by less than a day."""
    first = moment(grid.minute_of(0)).date() - A_DAY
    last = moment(grid.minute_of(grid.atoms)).date() + A_DAY
    monday = first - first.weekday() * A_DAY
    sunday = last + (6 - last.weekday()) * A_DAY
    return Dates(monday, (sunday - monday + A_DAY) // A_DAY)


class WorkingTime:
    """When people work within a grid, by the clocks of their own zones."""

    def __init__(self, grid: Grid) -> None:
        self._atom = grid.minutes
        first, last = moment(grid.minute_of(0)).date() - 2 * A_DAY, moment(grid.minute_of(grid.atoms)).date() + A_DAY
        dates = [first + number * A_DAY for number in range((last - first) // A_DAY + 1)]
        self._dates = [[on for on in dates if on.weekday() == weekday] for weekday in range(7)]
        self._known: dict[tuple[str, int, int, int], tuple[Spans, bool]] = {}

    def of(self, person: Interviewer) -> list[Spans]:
        """Return the spans in which the person works; two that touch within an atom are one."""
        weeks = [
            self._each_week(person.zone, weekday, first, last)
            for weekday, hours in person.working_hours.items()
            for first, last in hours
        ]
        if all(is_aligned for _, is_aligned in weeks):
            return [spans for spans, _ in weeks]
        return [merged(np.concatenate([spans for spans, _ in weeks]))]

    def _each_week(self, zone: str, weekday: int, first: int, last: int) -> tuple[Spans, bool]:
        """Return these hours on each such weekday, and whether all begin and end on the edges of atoms."""
        key = (zone, weekday, first, last)
        if key not in self._known:
            hours = [(wall_minute(on, first, zone), wall_minute(on, last, zone)) for on in self._dates[weekday]]
            spans = np.array(hours, dtype=np.int64).reshape(-1, 2)
            self._known[key] = spans, not (spans % self._atom).any()
        return self._known[key]


def stretched(hours: NDArray[np.bool_], atoms: int) -> NDArray[np.bool_]:
    """Return the working hours with so many atoms more before and after each."""
    wider = hours.copy()
    for shift in range(1, atoms + 1):
        wider[:, shift:] |= hours[:, :-shift]
        wider[:, :-shift] |= hours[:, shift:]
    return wider
