"""Business days and due moments by people who walk: the oracles that `bench.calendar` holds the rules against.

Nothing here is shared with `tracker/rules/`: holidays come straight from the package, dates are counted by numpy or one
by one, and a due moment is found by looking at the clock every quarter of an hour.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

DAY = timedelta(days=1)
QUARTER = timedelta(minutes=15)
MINUTE = timedelta(minutes=1)
WEEK = range(7)
Dates = NDArray[np.datetime64]
Numbers = NDArray[np.int64]


def numpy_calendar(closed: frozenset[date], weekend: frozenset[int]) -> np.busdaycalendar:
    """Return numpy's own calendar of these closed days."""
    return np.busdaycalendar(weekmask=[day not in weekend for day in WEEK], holidays=sorted(closed))


def added(starts: Dates, days: Numbers, calendar: np.busdaycalendar) -> Dates:
    """Return the days-th business day after each start; the start itself, business day or not, for 0 days."""
    # Rolled back first, so that numpy too takes the first business day after a closed start as day 1.
    found = np.busday_offset(starts, days, roll="backward", busdaycal=calendar)
    return np.where(days == 0, starts, found)


def subtracted(starts: Dates, days: Numbers, calendar: np.busdaycalendar) -> Dates:
    """Return the days-th business day before each start; otherwise as ``added``."""
    found = np.busday_offset(starts, -days, roll="forward", busdaycal=calendar)
    return np.where(days == 0, starts, found)


def counted(starts: Dates, ends: Dates, calendar: np.busdaycalendar) -> Numbers:
    """Return the business days in (start, end], negative where the end is earlier."""
    one = np.timedelta64(1, "D")
    forward = np.busday_count(starts + one, ends + one, busdaycal=calendar)
    backward = np.busday_count(ends + one, starts + one, busdaycal=calendar)
    return np.where(ends >= starts, forward, -backward)


def due(
    day0_at: datetime, days: int, zone: str, closed: frozenset[date], weekend: frozenset[int], due_time: time
) -> datetime:
    """Return the due moment by walking: hour by hour through the dates that the zone's clocks really show.

    The rule in words: the end of the days-th business day after day 0; where that is no business day (0 days) or its
    hour has passed, of the next one.
    """
    place = ZoneInfo(zone)
    shown_on = day0_at.astimezone(place).date()
    found, left, moment = None, days, day0_at
    if left == 0 and _is_open(shown_on, closed, weekend):
        found = _last_moment(shown_on, due_time, place)
    left = max(left, 1)
    while found is None or found <= day0_at:
        moment += timedelta(hours=1)
        on = moment.astimezone(place).date()
        if on <= shown_on:
            continue
        shown_on = on
        left -= _is_open(on, closed, weekend)
        if left <= 0 and _is_open(on, closed, weekend):
            found = _last_moment(on, due_time, place)
    return found


def _is_open(on: date, closed: frozenset[date], weekend: frozenset[int]) -> bool:
    return on.weekday() not in weekend and on not in closed


def _last_moment(on: date, at: time, place: ZoneInfo) -> datetime:
    """Return the last moment at which the clocks show that date and time, else the first at which they show more."""
    wall = datetime.combine(on, at)
    moment = datetime.combine(on, at, tzinfo=UTC) - timedelta(hours=16)
    matches, beyond = [], None
    for _ in range(32 * 4):
        shown = moment.astimezone(place).replace(tzinfo=None)
        if shown == wall:
            matches.append(moment)
        elif shown > wall and beyond is None:
            beyond = moment
        moment += QUARTER
    if matches:
        return matches[-1]
    assert beyond is not None
    # The gap ends within the quarter before: at a whole minute, since no zone has done otherwise for decades.
    first = beyond.replace(second=0, microsecond=0) - QUARTER
    minutes = (first + MINUTE * number for number in range(31))
    return next(moment for moment in minutes if moment.astimezone(place).replace(tzinfo=None) > wall)
