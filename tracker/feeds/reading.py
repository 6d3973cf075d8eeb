"""From a calendar file to the times in which its owner is taken: RFC 5545, with repeated meetings spelled out."""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar
from icalendar.cal import Component

from tracker.feeds.sifting import sifted
from tracker.feeds.trouble import FeedTrouble
from tracker.rules.busy_times import Span, Trouble, merged

MOST_TIMES = 5000
# Repetitions are spelled out some weeks at a time, so that one knows early of a calendar that has too many.
_STRETCH = timedelta(weeks=2)
_FREE = ("FREE", "WORKINGELSEWHERE")


def spans_of(
    data: bytes, starts_at: datetime, ends_at: datetime, *, zone: str, email: str = "", without: Collection[str] = ()
) -> tuple[Span, ...]:
    """Return the times (UTC) between two moments in which a calendar's owner is taken, without overlaps.

    ``zone`` is the owner's, for what names none; ``email`` the owner's, whose answers count. Meetings whose UID is one
    of ``without`` are left out. Raises FeedTrouble.
    """
    text = sifted(data, starts_at.date(), ends_at.date(), email)
    try:
        calendar = Calendar.from_ical(text)
    except (ValueError, IndexError, KeyError) as error:
        raise FeedTrouble(Trouble.NO_CALENDAR) from error
    place = ZoneInfo(zone)
    found = [*_meetings(calendar, starts_at, ends_at, place, without), *_free_busy(calendar, place)]
    within = (Span(max(each.starts_at, starts_at), min(each.ends_at, ends_at), each.is_tentative) for each in found)
    return merged(span for span in within if span.starts_at < span.ends_at)


def _meetings(
    calendar: Component, starts_at: datetime, ends_at: datetime, place: ZoneInfo, without: Collection[str]
) -> Iterator[Span]:
    query = recurring_ical_events.of(calendar, components=["VEVENT"], skip_bad_series=True)
    count = 0
    # A day more at both ends: what names no zone is asked for as if it were UTC's.
    begins, last = starts_at - timedelta(days=1), ends_at + timedelta(days=1)
    while begins < last:
        for meeting in query.between(begins, min(begins + _STRETCH, last)):
            count += 1
            if count > MOST_TIMES:
                raise FeedTrouble(Trouble.TOO_MANY)
            if str(meeting.get("UID", "")) not in without and _takes_time(meeting):
                yield Span(_moment(meeting.start, place), _moment(meeting.end, place), _is_tentative(meeting))
        begins += _STRETCH


def _takes_time(meeting: Component) -> bool:
    if str(meeting.get("STATUS", "")).upper() == "CANCELLED":
        return False
    is_clear = any(str(each).upper() == "TRANSPARENT" for each in _all(meeting, "TRANSP"))
    return not is_clear and not any(each in _FREE for each in _shown_as(meeting))


def _is_tentative(meeting: Component) -> bool:
    return str(meeting.get("STATUS", "")).upper() == "TENTATIVE" or "TENTATIVE" in _shown_as(meeting)


def _shown_as(meeting: Component) -> list[str]:
    return [str(each).upper() for each in _all(meeting, "X-MICROSOFT-CDO-BUSYSTATUS")]


def _all(component: Component, name: str) -> list[Any]:
    """Return all values of a property, of which a component may hold several against the rules."""
    value = component.get(name, [])
    return list(value) if isinstance(value, list) else [value]


def _free_busy(calendar: Component, place: ZoneInfo) -> Iterator[Span]:
    """Yield what a free-busy component says (RFC 5545, section 3.6.4)."""
    for component in calendar.walk("VFREEBUSY"):
        for value in _all(component, "FREEBUSY"):
            for period in value if isinstance(value, list | tuple) else [value]:
                kind = str(getattr(period, "params", {}).get("FBTYPE", "BUSY")).upper()
                if kind == "FREE":
                    continue
                begins, ends = _moment(period.start, place), _moment(period.end, place)
                yield Span(begins, ends, kind == "BUSY-TENTATIVE")


def _moment(at: date | datetime, place: ZoneInfo) -> datetime:
    """Return the moment; a date is its first one, and what names no zone is meant by the owner's clocks."""
    if not isinstance(at, datetime):
        at = datetime.combine(at, time(0))
    return (at if at.tzinfo is not None else at.replace(tzinfo=place)).astimezone(UTC)
