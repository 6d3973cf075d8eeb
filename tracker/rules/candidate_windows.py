"""When a candidate says that he or she can come: days with two times each, by the clocks of his or her own zone."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tracker.rules.business_days import add_business_days
from tracker.rules.busy_times import Span, merged
from tracker.rules.deadlines import Calendar
from tracker.rules.local_times import FIRST, RepeatedTime, typed_moment
from tracker.rules.refused import Refused
from tracker.rules.zones import day_words, local

# The business days that are offered, and those before the first of them: everybody has to arrange it.
OFFERED_DAYS, NOTICE_DAYS = 10, 2
MOST_WINDOWS = 50
# Nobody arranges interviews later than that.
AHEAD = timedelta(days=60)
_DAY = timedelta(days=1)


class BadWindow(Refused):
    """Nobody can come in such a time."""


@dataclass(frozen=True)
class Typed:
    """One line as it was typed; ``number`` is its place in the form. Midnight at the end is the end of the day."""

    number: int
    on: date
    begins: time | None
    ends: time | None


def what_for(*, of_loop: bool, screen_to_come: bool, screen_held: bool) -> str:
    """Return for which interviews a candidate is asked when he or she can come, as the own page says it."""
    if of_loop:
        return "This is for your interviews with the team, which are not arranged yet."
    if screen_to_come:
        return "This is for the interviews that come after your phone screen, whose time stands above, if we go on."
    if screen_held:
        return "This is for the interviews that come after your phone screen, if we go on."
    return "This is for your phone screen, which is not arranged yet."


def days_offered(calendar: Calendar, now: datetime) -> list[date]:
    """Return the business days, by the requisition's calendar, for which a candidate is asked."""
    today = calendar.today(now)
    counts = range(NOTICE_DAYS + 1, NOTICE_DAYS + OFFERED_DAYS + 1)
    return [add_business_days(today, count, calendar.closed, calendar.weekend) for count in counts]


def checked_windows(lines: Sequence[Typed], zone: str, now: datetime) -> tuple[Span, ...]:
    """Return the times (UTC) in their order; those that overlap or touch are one.

    Of a time that clocks show twice the first is taken. Raises BadWindow, about the line's field "from_N" or "until_N",
    where a time is missing, does not exist on that day, is over, far ahead or ends before it begins.
    """
    if len(lines) > MOST_WINDOWS:
        raise BadWindow(f"That is too much for us: {MOST_WINDOWS} times at most.")
    return merged(_window(line, zone, now) for line in lines)


def repeated_times(lines: Iterable[Typed], zone: str) -> list[str]:
    """Return a sentence for each time that clocks show twice on its day: the first was taken."""
    ends = ((line.on, at) for line in lines for at in (line.begins, line.ends) if at is not None)
    return [
        f"{at:%H:%M} comes twice on {day_words(on)}, as clocks are put back: we took the first."
        for on, at in ends
        if _is_repeated(on, at, zone)
    ]


def lines_of(windows: Iterable[Span], zone: str) -> Iterator[tuple[date, time, time]]:
    """Yield the times by the clocks of a zone, each within one day; midnight at the end is the end of the day."""
    for window in windows:
        begins, ends = local(window.starts_at, zone), local(window.ends_at, zone)
        on, first = begins.date(), begins.time()
        while on < ends.date():
            yield on, first, time(0)
            on, first = on + _DAY, time(0)
        if first < ends.time():
            yield on, first, ends.time()


def is_outside(windows: Sequence[Span], starts_at: datetime, ends_at: datetime) -> bool:
    """Whether a part of the time lies outside of what the candidate gave; never where he or she gave none."""
    return bool(windows) and not any(each.starts_at <= starts_at and ends_at <= each.ends_at for each in windows)


def outside_words(name: str) -> str:
    """Return the caution about an interview that lies outside of what the candidate gave."""
    return f"{name} is outside the times that the candidate gave."


def _window(line: Typed, zone: str, now: datetime) -> Span:
    day = day_words(line.on)
    if line.begins is None or line.ends is None:
        field = "from" if line.begins is None else "until"
        raise BadWindow(f"{day} needs both times.", f"{field}_{line.number}")
    last = line.on + _DAY if line.ends == time(0) else line.on
    starts_at = _moment(line.on, line.begins, zone, f"from_{line.number}")
    ends_at = _moment(last, line.ends, zone, f"until_{line.number}")
    if ends_at <= starts_at:
        raise BadWindow(f"{day} ends before it begins.", f"until_{line.number}")
    if starts_at <= now:
        raise BadWindow(f"{day}, {line.begins:%H:%M} is over already.", f"from_{line.number}")
    if ends_at > now + AHEAD:
        raise BadWindow(f"{day} is too far ahead: {AHEAD.days} days at most.", f"from_{line.number}")
    return Span(starts_at, ends_at)


def _moment(on: date, at: time, zone: str, field: str) -> datetime:
    try:
        return typed_moment(on, at, zone, which=FIRST)
    except Refused as error:
        raise BadWindow(error.message, field) from error


def _is_repeated(on: date, at: time, zone: str) -> bool:
    try:
        typed_moment(on, at, zone)
    except RepeatedTime:
        return True
    except Refused:
        return False
    return False
