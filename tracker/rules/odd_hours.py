"""What nobody forbids and few want: interviews at night, on a day off, or nowhere. A caution, never a refusal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from types import MappingProxyType

from tracker.rules.business_days import is_business_day
from tracker.rules.deadlines import Calendar
from tracker.rules.words import listed
from tracker.rules.working_hours import Hours, is_outside
from tracker.rules.zones import LONG_WEEKDAYS, local

NONE_OF_OWN: Hours = MappingProxyType({})
FROM, UNTIL = time(7, 30), time(19, 30)
NOTICE = timedelta(hours=24)


@dataclass(frozen=True)
class Meeting:
    """An interview with a time (UTC), where it is held, and the people in it by their zones.

    ``hours`` are the own working hours of those people who named some.
    """

    name: str
    starts_at: datetime
    ends_at: datetime
    place: str
    zones: Sequence[tuple[str, str]]
    hours: Mapping[str, Hours] = field(default_factory=dict)


def cautions(meetings: Sequence[Meeting], calendar: Calendar) -> list[str]:
    """Return one sentence for each odd hour of a person, each day off in the region, and for the missing places."""
    found = [words for meeting in meetings for words in _odd_hours(meeting)]
    found += [words for meeting in meetings for words in _day_off(meeting, calendar)]
    nowhere = [meeting.name for meeting in meetings if not meeting.place]
    if nowhere:
        have = "has" if len(nowhere) == 1 else "have"
        found.append(f"Nobody is told where to meet: {listed(nowhere)} {have} no place.")
    return found


def short_notice(meetings: Sequence[Meeting], now: datetime) -> list[str]:
    """Return one sentence where interviews begin before anybody can be expected to have read of them."""
    soon = [meeting.name for meeting in meetings if meeting.starts_at < now + NOTICE]
    if not soon:
        return []
    begin = "begins" if len(soon) == 1 else "begin"
    return [f"Short notice: {listed(soon)} {begin} within a day. Ask the candidate first."]


def is_odd(starts_at: datetime, ends_at: datetime, zone: str, hours: Hours = NONE_OF_OWN) -> bool:
    """Whether a part of the time (UTC) is not within the usual day of somebody in that zone, or within his or her own
    working hours where there are any."""
    if hours:
        return is_outside(hours, starts_at, ends_at, zone)
    start, end = local(starts_at, zone), local(ends_at, zone)
    return start.time() < FROM or end.time() > UNTIL or end.date() != start.date()


def _odd_hours(meeting: Meeting) -> list[str]:
    found = []
    for who, zone in meeting.zones:
        own = meeting.hours.get(who, NONE_OF_OWN)
        if is_odd(meeting.starts_at, meeting.ends_at, zone, own):
            start, end = local(meeting.starts_at, zone), local(meeting.ends_at, zone)
            why = ", outside of the own working hours" if own else ""
            found.append(f"{meeting.name} is at {start:%H:%M}–{end:%H:%M} for {who} ({zone}){why}.")
    return found


def _day_off(meeting: Meeting, calendar: Calendar) -> list[str]:
    on = calendar.today(meeting.starts_at)
    if is_business_day(on, calendar.closed, calendar.weekend):
        return []
    return [f"{meeting.name} is on a {LONG_WEEKDAYS[on.weekday()]} that is no business day of the requisition."]
