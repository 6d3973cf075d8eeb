"""Between moments (aware, UTC) and what a clock on the wall shows in a named zone."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from tracker.rules.refused import Refused

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LONG_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)
_MONTH = timedelta(days=30)
_HALF_A_DAY = timedelta(hours=12)


class UnknownZone(Refused):
    """There is no time zone of that name."""


class NaiveMoment(TypeError):
    """A moment without a zone was about to be used (README, "What always holds")."""


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo:
    """Return the zone of an IANA name such as "Europe/Berlin". Raises UnknownZone."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise UnknownZone(f"There is no time zone “{name[:60]}”: choose one such as Europe/Berlin.", "zone") from error


def local(moment: datetime, zone: str) -> datetime:
    """Return the moment as the clocks of a zone show it. Raises NaiveMoment, UnknownZone."""
    if moment.utcoffset() is None:
        raise NaiveMoment(f"{moment!r} has no zone: pass an aware moment")
    return moment.astimezone(zone_named(zone))


def local_date(moment: datetime, zone: str) -> date:
    """Return the date that a calendar on the wall of that zone shows at the moment."""
    return local(moment, zone).date()


def moment_of(on: date, at: time, zone: str) -> datetime:
    """Return the UTC moment at which the clocks of a zone show that date and time.

    Where they show it twice (clocks went back) the later one; where they never do (clocks went forward) the first
    moment after the gap. The rule for both is PEP 495's "fold".
    """
    wall = datetime.combine(on, at.replace(tzinfo=None), tzinfo=zone_named(zone))
    first = wall.replace(fold=0).astimezone(UTC)
    second = wall.replace(fold=1).astimezone(UTC)
    if second >= first:
        return second
    # Only in a gap is the reading with the later offset the earlier moment; the change lies between the two.
    return _change_between(second, first, zone_named(zone))


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the first whole second in (before, after] with the offset that is valid at ``after``."""
    low, high = before.replace(microsecond=0), after.replace(microsecond=0)
    offset = high.astimezone(zone).utcoffset()
    while high - low > _SECOND:
        middle = low + (high - low) // 2 // _SECOND * _SECOND
        if middle.astimezone(zone).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return high


def skipped_days(zone: str, first: date, last: date) -> frozenset[date]:
    """Return the dates that the clocks of a zone never show: those it leaves out when it crosses the date line.

    Samoa had no 30 December 2011 (Pacific/Apia); most zones never skip a day.
    """
    place, found = zone_named(zone), set()
    on = first
    while on <= last:
        # A day is left out only where the offset jumps by about a day: a month at a time is looked at, then day by day.
        beyond = min(on + _MONTH, last + _DAY)
        if abs(_offset(beyond, place) - _offset(on - _DAY, place)) > _HALF_A_DAY:
            days = ((on + _DAY * n) for n in range((beyond - on).days))
            found |= {day for day in days if local_date(moment_of(day, time(0, 0), zone), zone) != day}
        on = beyond
    return frozenset(found)


def _offset(on: date, place: ZoneInfo) -> timedelta:
    return datetime.combine(on, time(12), tzinfo=place).utcoffset() or timedelta()


def day_words(on: date) -> str:
    """Return "Fri 6 Mar 2026", in English whatever the locale."""
    return f"{WEEKDAYS[on.weekday()]} {on.day} {MONTHS[on.month - 1]} {on.year}"


def hours_words(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """Return "10:00–11:00" by the clocks of a zone; with the day before the end where that is another day."""
    start, end = local(starts_at, zone), local(ends_at, zone)
    until = f"{end:%H:%M}" if start.date() == end.date() else f"{day_words(end.date())}, {end:%H:%M}"
    return f"{start:%H:%M}–{until}"


def moment_words(moment: datetime, zone: str) -> str:
    """Return "Fri 6 Mar 2026, 23:59 (Europe/Berlin)": a moment is never shown without its zone."""
    at = local(moment, zone)
    return f"{day_words(at.date())}, {at:%H:%M} ({zone})"
