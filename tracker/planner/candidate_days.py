"""The candidate's days: on which dates, and when on them, the interviews of a loop may begin (H1, H2, H4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tracker.planner.case import Case, Loop, Minute
from tracker.planner.grid import Grid, dates_between, local_day, moment, wall_minute
from tracker.planner.spans import merged
from tracker.rules.zones import zone_named


@dataclass(frozen=True, slots=True)
class CandidateDays:
    """The dates on which the candidate has time, as rows of atoms between the earliest and the latest such time.

    ``first[day]`` is the minute of a day's column 0. ``room[day, column]``: the minutes that are left from there of
    the window, the date and the horizon. ``on_grid`` says which columns lie on the grid of the candidate's clock.
    ``waits``: how many days after the first date of the horizon each is.
    """

    dates: tuple[date, ...]
    first: NDArray[np.int64]
    room: NDArray[np.int64]
    on_grid: NDArray[np.bool_]
    waits: NDArray[np.int32]

    @property
    def shape(self) -> tuple[int, int]:
        """How many days and columns there are."""
        days, columns = self.room.shape
        return days, columns

    def starts(self, minutes: int) -> NDArray[np.intp]:
        """Return where interviews of that length may begin: positions in an array of this shape, laid flat."""
        return np.flatnonzero((self.room >= minutes) & self.on_grid)

    def minutes(self, positions: NDArray[np.intp], grid: Grid) -> NDArray[np.int64]:
        """Return the minutes at such positions."""
        day, column = np.divmod(positions, self.shape[1])
        found: NDArray[np.int64] = self.first[day] + column * grid.minutes
        return found


def candidate_days(case: Case, loop: Loop, grid: Grid) -> CandidateDays:
    """Return the candidate's days of a loop; none where no window lies within the horizon."""
    windows = _within(case, loop)
    dates = sorted({on for start, end in windows for on in dates_between(start, end - 1, loop.zone)})
    days = [_Day(on, loop.zone, grid.minutes, windows) for on in dates]
    columns = max((day.end for day in days), default=0)
    skipped = min((day.begin for day in days), default=0)
    # A column even where there is no day: the least of no costs at all is none.
    shape, horizon_begins = (len(days), max(1, columns - skipped)), local_day(case.starts_at, loop.zone)
    return CandidateDays(
        dates=tuple(dates),
        first=np.array([day.midnight + skipped * grid.minutes for day in days], dtype=np.int64),
        room=np.array([day.room(skipped, columns) for day in days], dtype=np.int64).reshape(shape),
        on_grid=np.array([day.on_grid(skipped, columns, case.grid_minutes) for day in days], dtype=np.bool_).reshape(
            shape
        ),
        waits=np.array([(on - horizon_begins).days for on in dates], dtype=np.int32),
    )


def _within(case: Case, loop: Loop) -> Sequence[tuple[Minute, Minute]]:
    inside = np.clip(merged(loop.windows), case.starts_at, case.ends_at)
    return [(start, end) for start, end in inside.tolist() if start < end]


class _Day:
    """One date of the candidate while the columns of all dates are being found out."""

    def __init__(self, on: date, zone: str, atom: int, windows: Sequence[tuple[Minute, Minute]]) -> None:
        self.on, self.zone, self.atom = on, zone, atom
        self.midnight, self.next_midnight = wall_minute(on, 0, zone), wall_minute(on, 1440, zone)
        self.windows = [
            (max(start, self.midnight), min(end, self.next_midnight))
            for start, end in windows
            if start < self.next_midnight and end > self.midnight
        ]
        self.begin = (self.windows[0][0] - self.midnight) // atom
        self.end = -(-(self.windows[-1][1] - self.midnight) // atom)

    def minutes(self, begin: int, end: int) -> NDArray[np.int64]:
        return self.midnight + np.arange(begin, end) * self.atom

    def room(self, begin: int, end: int) -> NDArray[np.int64]:
        at = self.minutes(begin, end)
        room = np.zeros(len(at), dtype=np.int64)
        for start, last in self.windows:
            room = np.where((at >= start) & (at < last), last - at, room)
        return room

    def on_grid(self, begin: int, end: int, grid_minutes: int) -> NDArray[np.bool_]:
        at = self.minutes(begin, end)
        if self.next_midnight - self.midnight == 1440:
            shown = at - self.midnight
        else:
            # Clocks change on this date: what they show is asked for moment by moment.
            clocks = [moment(minute).astimezone(zone_named(self.zone)) for minute in at.tolist()]
            shown = np.array([clock.hour * 60 + clock.minute for clock in clocks], dtype=np.int64)
        on_grid: NDArray[np.bool_] = shown % grid_minutes == 0
        return on_grid
