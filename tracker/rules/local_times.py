"""Local times that a person typed, into moments: what a clock on the wall never shows, or shows twice, is not guessed.

When clocks go forward an hour is skipped, when they go back one is repeated. RFC 5545 (section 3.3.5) would pick one
silently; a candidate would then wait an hour before an empty room.
"""

from datetime import UTC, date, datetime, time, timedelta

from tracker.rules.refused import Refused
from tracker.rules.zones import day_words, zone_named

FIRST, SECOND = "first", "second"
# Nobody meets outside of these years; at the calendar's very ends a moment of another zone would fall out of it.
YEARS = range(1990, 2101)


class FarTime(Refused):
    """The year is a slip of the keyboard."""


class SkippedTime(Refused):
    """Clocks are put forward over this local time: it does not exist on that day."""


class RepeatedTime(Refused):
    """Clocks are put back over this local time: it comes twice on that day, and nobody said which is meant."""


def typed_moment(on: date, at: time, zone: str, *, which: str = "") -> datetime:
    """Return the UTC moment at which clocks in ``zone`` show ``at`` on ``on``.

    ``which`` (FIRST or SECOND) chooses where they show it twice. Raises UnknownZone, FarTime, SkippedTime,
    RepeatedTime.
    """
    if on.year not in YEARS:
        raise FarTime(f"Is the year {on.year} right? Give one from {YEARS[0]} to {YEARS[-1]}.", "date")
    place = zone_named(zone)
    first = datetime.combine(on, at, place)
    second = first.replace(fold=1)
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    if first.astimezone(UTC).astimezone(place).replace(tzinfo=None) != datetime.combine(on, at):
        gap = (second.utcoffset() or timedelta()) - (first.utcoffset() or timedelta())
        raise SkippedTime(_skipped(on, at, zone, gap), "time")
    if which not in (FIRST, SECOND):
        raise RepeatedTime(_repeated(on, at, zone), "time")
    return (first if which == FIRST else second).astimezone(UTC)


def _skipped(on: date, at: time, zone: str, gap: timedelta) -> str:
    after = (datetime.combine(on, at, UTC) + gap).time()
    return (
        f"{at:%H:%M} does not exist on {day_words(on)} in {zone}: clocks are put forward over it. "
        f"Choose {after:%H:%M} or another time."
    )


def _repeated(on: date, at: time, zone: str) -> str:
    return (
        f"{at:%H:%M} comes twice on {day_words(on)} in {zone}, as clocks are put back. "
        "Say whether the first or the second is meant, or choose another time."
    )
