"""What nobody forbids and few want: interviews at night, on a day off, far apart, or nowhere. Cautions, no refusals."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import pairwise
from types import MappingProxyType

from tracker.rules.business_days import is_business_day
from tracker.rules.deadlines import Calendar
from tracker.rules.words import listed
from tracker.rules.working_hours import Hours, is_outside
from tracker.rules.zones import LONG_WEEKDAYS, local, local_date

NONE_OF_OWN: Hours = MappingProxyType({})
# The hours of whoever named none, see ``working_hours``; days off are a caution of their own.
NINE_TO_FIVE: Hours = MappingProxyType({weekday: (9 * 60, 17 * 60) for weekday in range(7)})
FROM, UNTIL = time(7, 30), time(19, 30)
LONGEST_GAP, LONGEST_LUNCH, SHORTEST_LUNCH = timedelta(minutes=60), timedelta(minutes=90), timedelta(minutes=45)
LUNCH_FROM, LUNCH_UNTIL = time(11, 30), time(14)
NOTICE = timedelta(hours=24)


@dataclass(frozen=True)
class Meeting:
    """An interview with a time (UTC), where it is held, and the people in it by their zones.

    ``hours`` are the own working hours of those people who named some; ``interviewers`` are those in ``zones`` who
    work from nine to five where they named none.
    """

    name: str
    starts_at: datetime
    ends_at: datetime
    place: str
    zones: Sequence[tuple[str, str]]
    hours: Mapping[str, Hours] = field(default_factory=dict)
    interviewers: Collection[str] = ()


def cautions(meetings: Sequence[Meeting], calendar: Calendar) -> list[str]:
    """Return one sentence for each odd hour of a person, each long gap in a day, each day off in the region, and for
    the missing places."""
    found = [words for meeting in meetings for words in _odd_hours(meeting)]
    found += _gaps(meetings, calendar.zone)
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


def is_long_gap(starts_at: datetime, ends_at: datetime, zone: str) -> bool:
    """Whether the time (UTC) between two interviews of a day is long, and no lunch by the clocks of that zone."""
    if ends_at - starts_at <= LONGEST_GAP:
        return False
    start, end = local(starts_at, zone).time(), local(ends_at, zone).time()
    first, last = max(start, LUNCH_FROM), min(end, LUNCH_UNTIL)
    eaten = timedelta(hours=last.hour - first.hour, minutes=last.minute - first.minute)
    return ends_at - starts_at > LONGEST_LUNCH or eaten < SHORTEST_LUNCH


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
        usual = NINE_TO_FIVE if not own and who in meeting.interviewers else own
        if is_odd(meeting.starts_at, meeting.ends_at, zone, usual):
            start, end = local(meeting.starts_at, zone), local(meeting.ends_at, zone)
            why = ", outside of the own working hours" if own else ", outside of nine to five" if usual else ""
            found.append(f"{meeting.name} is at {start:%H:%M}–{end:%H:%M} for {who} ({zone}){why}.")
    return found


def _gaps(meetings: Sequence[Meeting], zone: str) -> Iterator[str]:
    for one, two in pairwise(sorted(meetings, key=lambda each: each.starts_at)):
        is_one_day = local_date(one.ends_at, zone) == local_date(two.starts_at, zone)
        if is_one_day and is_long_gap(one.ends_at, two.starts_at, zone):
            minutes = (two.starts_at - one.ends_at) // timedelta(minutes=1)
            yield f"There is a gap of {minutes} minutes between {one.name} and {two.name}."


def _day_off(meeting: Meeting, calendar: Calendar) -> list[str]:
    on = calendar.today(meeting.starts_at)
    if is_business_day(on, calendar.closed, calendar.weekend):
        return []
    return [f"{meeting.name} is on a {LONG_WEEKDAYS[on.weekday()]} that is no business day of the requisition."]
