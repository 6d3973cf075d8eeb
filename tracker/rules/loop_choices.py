"""Whether a candidate may choose when the loop is held, or move it: what the plan sets, and how things stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from tracker.rules.business_days import subtract_business_days
from tracker.rules.busy_times import Span
from tracker.rules.deadlines import Calendar
from tracker.rules.words import Labelled, counted
from tracker.rules.zones import day_words, hours_words, local, local_date, moment_of

# How often a plan may let candidates move a loop, and how many business days before it begins that may end.
MOST_MOVES, MOST_NOTICE = 5, 10


class Choosing(Labelled):
    """What a candidate can do about the times of the loop now."""

    OFFERED = "offered"
    MOVABLE = "movable"
    OFF = "off"
    CLOSED = "closed"
    NOT_LET = "not_let"
    ON_HOLD = "on_hold"
    ARRANGED = "arranged"
    MOVED_ENOUGH = "moved_enough"
    TOO_LATE = "too_late"


@dataclass(frozen=True)
class ChoiceFacts:
    """What decides it.

    ``is_let``: the plan lets candidates choose. ``is_here``: the application is active in its loop's stage.
    ``is_on_hold``: somebody let the clock stand. ``is_offered``: the recruiter lets the candidate choose, and did not
    take that back. ``is_sent``: the loop went out; ``is_booked``: by the candidate. ``moves`` of ``most_moves`` were
    made; ``until`` is the last moment for another.
    """

    is_let: bool
    is_here: bool
    is_on_hold: bool
    is_offered: bool
    is_sent: bool
    is_booked: bool
    moves: int
    most_moves: int
    until: datetime | None


def choosing(facts: ChoiceFacts, now: datetime) -> Choosing:
    """Return what the candidate can do: OFFERED and MOVABLE let choose, all else says why not."""
    if not facts.is_here:
        return Choosing.CLOSED
    if not facts.is_offered:
        return Choosing.ARRANGED if facts.is_sent else Choosing.OFF
    if not facts.is_let and (facts.is_booked or not facts.is_sent):
        return Choosing.NOT_LET
    if facts.is_on_hold:
        return Choosing.ON_HOLD
    if not facts.is_sent:
        return Choosing.OFFERED
    if not facts.is_booked:
        return Choosing.ARRANGED
    if facts.until is None or now > facts.until:
        return Choosing.TOO_LATE
    return Choosing.MOVABLE if facts.moves < facts.most_moves else Choosing.MOVED_ENOUGH


def movable_until(starts_at: datetime, business_days: int, calendar: Calendar) -> datetime:
    """Return the last moment (UTC) at which a loop may be moved by its candidate.

    That is at the hour at which it begins, so many business days earlier; with none, its beginning.
    """
    if business_days == 0:
        return starts_at
    on = subtract_business_days(local_date(starts_at, calendar.zone), business_days, calendar.closed, calendar.weekend)
    return moment_of(on, local(starts_at, calendar.zone).time(), calendar.zone)


def limits_words(moves: int, business_days: int) -> str:
    """Return in a sentence how often, and until when, a candidate may move the loop."""
    if not moves:
        return "Once booked, it cannot be moved on the candidate’s own page."
    until = f"until {counted(business_days, 'business day')} before it begins" if business_days else "until it begins"
    return f"Once booked, it can be moved {'once' if moves == 1 else f'{moves} times'}, {until}."


def why_not(choosing: Choosing) -> str:
    """Return in a sentence for the candidate why no times can be chosen; empty where they can."""
    return _WHY_NOT.get(choosing, "")


_WHY_NOT = {
    Choosing.OFF: "There are no times to choose from at the moment.",
    Choosing.CLOSED: "Nothing is to be arranged for this application at the moment.",
    Choosing.NOT_LET: "Times are no longer chosen or changed here: they are arranged with you in person.",
    Choosing.ON_HOLD: "Your application is on hold: no times can be chosen until it goes on.",
    Choosing.ARRANGED: "Your interviews are arranged, and cannot be moved here.",
    Choosing.MOVED_ENOUGH: "You have moved your interviews as often as can be done here.",
    Choosing.TOO_LATE: "Your interviews begin too soon to be moved here.",
}


@dataclass(frozen=True)
class DayTimes:
    """When a loop is held on one day, by the clocks of a zone: the first beginning, the last end, and the breaks."""

    day: str
    hours: str
    breaks: tuple[str, ...]

    @property
    def words(self) -> str:
        """The day with its hours, such as "Tue 10 Nov 2026, 09:00–14:45"."""
        return f"{self.day}, {self.hours}"


def days_of(spans: Sequence[Span], zone: str) -> list[DayTimes]:
    """Return the times (UTC), in their order, day by day; what ends after midnight counts for the day of its start."""
    days: dict[date, list[Span]] = {}
    for each in spans:
        days.setdefault(local_date(each.starts_at, zone), []).append(each)
    return [_day(on, held, zone) for on, held in days.items()]


def times_words(spans: Sequence[Span], zone: str) -> str:
    """Return "Tue 10 Nov 2026, 09:00–14:45 (Europe/Berlin)": when a loop begins and ends, on each of its days."""
    return f"{'; '.join(day.words for day in days_of(spans, zone))} ({zone})"


def _day(on: date, held: Sequence[Span], zone: str) -> DayTimes:
    pauses = tuple(hours_words(one.ends_at, two.starts_at, zone) for one, two in pairwise(held))
    return DayTimes(day_words(on), hours_words(held[0].starts_at, held[-1].ends_at, zone), pauses)
