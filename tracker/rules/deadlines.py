"""Due moments: how they are worked out, and how one stands in words a person understands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tracker.rules.business_days import (
    SATURDAY_AND_SUNDAY,
    add_business_days,
    business_days_between,
    first_business_day,
    next_business_day,
)
from tracker.rules.words import Labelled, counted
from tracker.rules.zones import LONG_WEEKDAYS, day_words, local, local_date, moment_of, skipped_days

END_OF_DAY = time(23, 59, 59)
_MINUTE = timedelta(minutes=1)


class DeadlineKind(Labelled):
    """What is due."""

    APPLICATION_REVIEW = "application_review"
    PHONE_SCREEN_OUTCOME = "phone_screen_outcome"
    LOOP_INVITED = "loop_invited"
    SCORECARD = "scorecard"
    DEBRIEF = "debrief"
    DECISION = "decision"
    PROMISE = "promise"


# Business days, where the plan says nothing else (the process, section 4).
DEFAULT_LIMITS: dict[DeadlineKind, int] = {
    DeadlineKind.APPLICATION_REVIEW: 5,
    DeadlineKind.PHONE_SCREEN_OUTCOME: 2,
    DeadlineKind.LOOP_INVITED: 5,
    DeadlineKind.SCORECARD: 1,
    DeadlineKind.DEBRIEF: 2,
    DeadlineKind.DECISION: 3,
    DeadlineKind.PROMISE: 5,
}
# Its day 0 is the day on which its own interview ends.
HANGS_ON_INTERVIEW = frozenset({DeadlineKind.SCORECARD})


class DeadlineState(Labelled):
    """What is stored of a deadline; how it stands today is worked out by ``standing``."""

    OPEN = "open"
    PAUSED = "paused"
    MET = "met"
    MET_LATE = "met_late"
    CANCELLED = "cancelled"


class StandingState(Labelled):
    """How a deadline stands at a moment."""

    ON_TRACK = "on_track"
    DUE_SOON = "due_soon"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    PAUSED = "paused"
    MET = "met"
    MET_LATE = "met_late"
    CANCELLED = "cancelled"


# The most urgent first.
_URGENCY = (
    StandingState.OVERDUE,
    StandingState.DUE_TODAY,
    StandingState.DUE_SOON,
    StandingState.ON_TRACK,
    StandingState.PAUSED,
    StandingState.MET_LATE,
    StandingState.MET,
    StandingState.CANCELLED,
)


@dataclass(frozen=True)
class Calendar:
    """The business days of a region, and the zone whose midnight parts them.

    ``years`` are those whose public holidays are entered; None: that is not asked.
    """

    zone: str
    closed: frozenset[date] = frozenset()
    weekend: frozenset[int] = SATURDAY_AND_SUNDAY
    years: frozenset[int] | None = None

    def today(self, now: datetime) -> date:
        """Return the date of a moment in the calendar's zone."""
        return local_date(now, self.zone)

    def days_between(self, start: date, end: date) -> int:
        """Return the business days after ``start`` up to and with ``end``; negative if ``end`` is earlier."""
        return business_days_between(start, end, self.closed, self.weekend)

    def doubt_about(self, due_at: datetime) -> str:
        """Return why a due moment may be too early, as a sentence; empty where its year's holidays are known."""
        year = self.today(due_at).year
        if self.years is None or year in self.years:
            return ""
        return f"The public holidays of {year} are not entered for this region."


def business_calendar(
    zone: str,
    days: Iterable[date],
    weekend: frozenset[int] = SATURDAY_AND_SUNDAY,
    years: Iterable[int] | None = None,
) -> Calendar:
    """Return the calendar in which these days are closed, and those that the zone itself leaves out (Samoa's in 2011).

    Raises UnknownZone.
    """
    closed = frozenset(days)
    if closed:
        closed |= skipped_days(zone, min(closed), max(closed))
    return Calendar(zone, closed, weekend, None if years is None else frozenset(years))


@dataclass(frozen=True)
class Standing:
    """How a deadline stands. ``business_days_left`` is negative when overdue; ``due_at`` is UTC, ``zone`` its home.

    ``doubt`` says why the due moment of a running one may be too early; mostly it is empty.
    """

    state: StandingState
    words: str
    business_days_left: int
    due_at: datetime
    zone: str
    doubt: str = ""

    @property
    def is_running(self) -> bool:
        """Whether it is still to be met, its clock standing or not."""
        return self.state not in (StandingState.MET, StandingState.MET_LATE, StandingState.CANCELLED)

    @property
    def is_due_now(self) -> bool:
        """Whether it is due today or overdue: its owner may be reminded by hand."""
        return self.state in (StandingState.DUE_TODAY, StandingState.OVERDUE)


def due_at(day0_at: datetime, business_days: int, calendar: Calendar, due_time: time = END_OF_DAY) -> datetime:
    """Return the UTC moment due so many business days after day 0, the local date of ``day0_at`` (section 4).

    Due on the day itself (0 days) means on the next business day where that day is none, or the hour has passed.
    """
    return _due_after(day0_at, business_days, calendar, due_time)


def met_state(due_at: datetime, met_at: datetime) -> DeadlineState:
    """Return MET or MET_LATE."""
    return DeadlineState.MET if met_at <= due_at else DeadlineState.MET_LATE


def is_missed(state: DeadlineState, due_at: datetime, now: datetime) -> bool:
    """Whether an open deadline's due moment is over. Such a one never moves any more (section 4)."""
    return state is DeadlineState.OPEN and now > due_at


def days_kept(now: datetime, due_at: datetime, calendar: Calendar) -> int:
    """Return the business days left when a deadline is paused: 0 on the day it is due."""
    return max(0, calendar.days_between(calendar.today(now), calendar.today(due_at)))


def resumed_due_at(resumed_at: datetime, days_kept: int, calendar: Calendar, due_time: time = END_OF_DAY) -> datetime:
    """Return the new due moment (UTC): the kept business days, counted from the day it is resumed."""
    return _due_after(resumed_at, days_kept, calendar, due_time)


def standing(
    state: DeadlineState,
    due_at: datetime,
    now: datetime,
    calendar: Calendar,
    closed_at: datetime | None = None,
    *,
    kept: int | None = None,
) -> Standing:
    """Return how a deadline stands at ``now``.

    ``closed_at`` is when it was met or cancelled, ``kept`` the stored business days of a paused one (worked out from
    ``now`` if not given). Overdue begins after the due moment, not at it.
    """
    left = calendar.days_between(calendar.today(closed_at or now), calendar.today(due_at))
    doubt = calendar.doubt_about(due_at) if closed_at is None else ""
    if state is DeadlineState.PAUSED:
        left = max(0, left) if kept is None else kept
        return Standing(StandingState.PAUSED, f"paused: {_days(left)} kept", left, due_at, calendar.zone, doubt)
    if state is not DeadlineState.OPEN:
        return Standing(StandingState(state.value), _closed_words(state, left), left, due_at, calendar.zone)
    found, words = _open_standing(due_at, now, calendar, left)
    return Standing(found, words, left, due_at, calendar.zone, doubt)


def sort_key(standing: Standing) -> tuple[int, datetime]:
    """Return a key that sorts the most urgent first: overdue longest, then due soonest; closed ones last."""
    return (_URGENCY.index(standing.state), standing.due_at)


def urgency(kind: DeadlineKind, due_at: datetime, *, is_overdue: bool, is_due_today: bool) -> tuple[int, datetime]:
    """Return a key that sorts what waits for somebody, the most urgent first.

    A candidate's promise that is broken, or that only today can still be kept, comes before whatever else is overdue
    (section 4: the promise is what the other deadlines are for); the rest follows by due moment.
    """
    if kind is DeadlineKind.PROMISE and (is_overdue or is_due_today):
        return (0, due_at)
    return (1 if is_overdue else 2, due_at)


def _due_after(start_at: datetime, days: int, calendar: Calendar, due_time: time) -> datetime:
    start_on = calendar.today(start_at)
    on = add_business_days(start_on, days, calendar.closed, calendar.weekend)
    on = first_business_day(on, calendar.closed, calendar.weekend)
    found = moment_of(on, due_time, calendar.zone)
    if found <= start_at:
        found = moment_of(next_business_day(on, calendar.closed, calendar.weekend), due_time, calendar.zone)
    return found


def _days(count: int) -> str:
    return counted(count, "business day")


def _closed_words(state: DeadlineState, left: int) -> str:
    if state is DeadlineState.MET and left > 0:
        return f"met with {_days(left)} left"
    if state is DeadlineState.MET_LATE and left < 0:
        return f"met late by {_days(-left)}"
    return state.label.lower()


def _open_standing(due_at: datetime, now: datetime, calendar: Calendar, left: int) -> tuple[StandingState, str]:
    today, due_on = calendar.today(now), calendar.today(due_at)
    if now > due_at:
        return StandingState.OVERDUE, _overdue_words(due_at, today, calendar, left)
    if due_on == today:
        return StandingState.DUE_TODAY, _hours_words(due_at - now)
    if left <= 1:
        return StandingState.DUE_SOON, _soon_words(today, due_on)
    return StandingState.ON_TRACK, f"{_days(left)} left"


def _overdue_words(due_at: datetime, today: date, calendar: Calendar, left: int) -> str:
    if left < 0:
        return f"overdue by {_days(-left)}"
    since = local(due_at, calendar.zone)
    if since.date() == today:
        return f"overdue since {since:%H:%M} today"
    return f"overdue since {since:%H:%M} on {day_words(since.date())}"


def _hours_words(left: timedelta) -> str:
    # Rounded up to the minute, so that 23:59:59 seen at 19:00 is 5 h and the last second is still 1 min.
    minutes = max(1, -(-left // _MINUTE))
    return f"{minutes // 60} h left today" if minutes >= 60 else f"{minutes} min left"


def _soon_words(today: date, due_on: date) -> str:
    away = (due_on - today).days
    if away == 1:
        return "due tomorrow"
    return f"due on {LONG_WEEKDAYS[due_on.weekday()]}" if away < 7 else f"due on {day_words(due_on)}"
