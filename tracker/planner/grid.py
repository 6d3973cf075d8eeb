"""Time cut into atoms, so short that every interview of a case begins and ends on the edge of one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from math import gcd

import numpy as np
from numpy.typing import NDArray

from tracker.planner.case import Case, Minute, Spans
from tracker.planner.instants import EPOCH
from tracker.rules.zones import zone_named

A_MINUTE = timedelta(minutes=1)
A_DAY = timedelta(days=1)


def moment(minute: Minute) -> datetime:
    """Return the moment (UTC) of a minute."""
    return EPOCH + minute * A_MINUTE


def local_day(minute: Minute, zone: str) -> date:
    """Return the date that a calendar on the wall of that zone shows."""
    return moment(minute).astimezone(zone_named(zone)).date()


@lru_cache(maxsize=1 << 16)
def wall_minute(on: date, clock: int, zone: str) -> Minute:
    """Return the minute at which the clocks of a zone show ``clock``, minutes after midnight; 1440 is the next one.

    A time that clocks skip or show twice is read with the offset before the change (PEP 495, ``fold=0``).
    """
    on, clock = on + clock // 1440 * A_DAY, clock % 1440
    wall = datetime(on.year, on.month, on.day, clock // 60, clock % 60, tzinfo=zone_named(zone))
    return (wall.astimezone(UTC) - EPOCH) // A_MINUTE


def dates_between(starts_at: Minute, ends_at: Minute, zone: str) -> Iterator[date]:
    """Yield the dates of a zone from that of the start to that of the end."""
    on, last = local_day(starts_at, zone), local_day(ends_at, zone)
    while on <= last:
        yield on
        on += A_DAY


@dataclass(frozen=True, slots=True)
class Grid:
    """The atoms of a case: ``minutes`` long each, ``atoms`` of them, the first one ``first`` atoms after 1970.

    The longest interview lasts ``longest`` atoms.
    """

    minutes: int
    first: int
    atoms: int
    longest: int

    def outward(self, spans: Spans) -> Spans:
        """Return the atoms that the spans touch, as (first, before which)."""
        return self._inside(spans[:, 0] // self.minutes, -(-spans[:, 1] // self.minutes))

    def inward(self, spans: Spans) -> Spans:
        """Return the atoms that lie inside of the spans, as (first, before which); not after each other where none."""
        return self._inside(-(-spans[:, 0] // self.minutes), spans[:, 1] // self.minutes)

    def _inside(self, first: NDArray[np.int64], last: NDArray[np.int64]) -> Spans:
        return np.clip(np.column_stack([first, last]) - self.first, 0, self.atoms)

    def atom_of(self, minute: Minute) -> int:
        """Return the atom that the minute lies in."""
        return minute // self.minutes - self.first

    def minute_of(self, atom: int) -> Minute:
        """Return the first minute of an atom."""
        return (self.first + atom) * self.minutes


def grid_of(case: Case) -> Grid:
    """Return the coarsest atoms on which every start (on the grid of a candidate's wall clock) and end falls."""
    lengths = {interview.minutes for loop in case.loops for interview in loop.interviews}
    offsets = {abs(each) for zone in {loop.zone for loop in case.loops} for each in _offsets(case, zone)}
    minutes = gcd(case.grid_minutes, *lengths, *offsets)
    first = case.starts_at // minutes
    return Grid(minutes, first, -(-case.ends_at // minutes) - first, max(lengths, default=minutes) // minutes)


def _offsets(case: Case, zone: str) -> Iterator[int]:
    """Yield the minutes that the zone is off UTC at the midnights of the horizon, before and after each."""
    for on in dates_between(case.starts_at - 1440, case.ends_at + 1440, zone):
        yield wall_minute(on, 0, zone) - (on - EPOCH.date()).days * 1440
