"""Working hours by hand: from when until when somebody works, on which days of the week, by his or her own clocks.

Without any of one's own, nine to five counts on the working days of the person's region.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from tracker.rules.refused import Refused
from tracker.rules.words import listed
from tracker.rules.zones import LONG_WEEKDAYS, WEEKDAYS, local

# Weekday (Monday is 0) to the minutes of the day between which somebody works. Empty: none of the person's own.
Hours = Mapping[int, tuple[int, int]]
_DAY = timedelta(days=1)


class BadHours(Refused):
    """These hours cannot be worked."""


def checked_hours(days: Mapping[int, tuple[time | None, time | None]]) -> dict[int, tuple[int, int]]:
    """Return the hours of the days that have some; midnight at the end is the end of the day.

    Raises BadHours where a day has one end alone, or ends before it begins. The field is that of the day's end.
    """
    found = {}
    for weekday, (begins, ends) in days.items():
        if begins is None and ends is None:
            continue
        name = LONG_WEEKDAYS[weekday]
        if begins is None or ends is None:
            raise BadHours(f"{name} needs both times, or none where you do not work then.", f"until_{weekday}")
        first, last = _minute(begins), _minute(ends) or 24 * 60
        if first >= last:
            raise BadHours(f"{name} ends before it begins.", f"until_{weekday}")
        found[weekday] = (first, last)
    return found


def stored(hours: Hours) -> dict[str, list[int]]:
    """Return the hours as a row keeps them; JSON's keys are texts."""
    return {str(weekday): [*both] for weekday, both in sorted(hours.items())}


def hours_of(kept: Mapping[str, list[int]]) -> Hours:
    """Return the hours that a row keeps."""
    return {int(weekday): (both[0], both[1]) for weekday, both in kept.items()}


def is_outside(hours: Hours, starts_at: datetime, ends_at: datetime, zone: str) -> bool:
    """Whether a part of the time lies outside of somebody's own hours; never where he or she named none."""
    if not hours:
        return False
    start, end = local(starts_at, zone), local(ends_at, zone)
    first, last = hours.get(start.weekday(), (0, 0))
    # What ends at midnight ends on the day on which it began.
    ends = 24 * 60 if end.time() == time(0) and end.date() == start.date() + _DAY else _minute(end.time())
    return _minute(start.time()) < first or ends > last or (end - timedelta(microseconds=1)).date() != start.date()


def hours_words(hours: Hours) -> str:
    """Say when somebody works: "Mon 09:00–17:00 and Tue 09:00–12:00, on no other day"; "" where nothing was said."""
    days = [f"{WEEKDAYS[day]} {clock_words(hours[day][0])}–{clock_words(hours[day][1])}" for day in sorted(hours)]
    return f"{listed(days)}, on no other day" if 0 < len(days) < len(WEEKDAYS) else listed(days)


def clock_words(minute: int) -> str:
    """Return a minute of the day as a time field shows it; the end of the day as midnight."""
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
