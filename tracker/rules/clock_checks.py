"""What people may do to a running clock, and when: pause it, let it run again, extend it (the process, section 4)."""

from datetime import date, datetime, timedelta

from tracker.rules.business_days import is_business_day, next_business_day
from tracker.rules.deadlines import Calendar, DeadlineState
from tracker.rules.refused import Refused
from tracker.rules.zones import day_words

LONGEST_EXTENSION = timedelta(days=366)


class IllegalPause(Refused):
    """The deadline cannot be paused or resumed now."""


class IllegalExtension(Refused):
    """The deadline cannot be extended now, or not to that day."""


def check_pause(state: DeadlineState, due_at: datetime, now: datetime, reason: str) -> None:
    """Raise IllegalPause unless an open deadline is paused in time, with a reason. A missed one never changes."""
    if state is not DeadlineState.OPEN:
        raise IllegalPause(f"This deadline is {state.label.lower()}: only an open one can be paused.")
    if now > due_at:
        raise IllegalPause("This deadline is overdue: it can no longer be paused.")
    if not reason.strip():
        raise IllegalPause("Say why the clock stands.", "reason")


def check_resume(state: DeadlineState) -> None:
    """Raise IllegalPause unless the deadline is paused."""
    if state is not DeadlineState.PAUSED:
        raise IllegalPause(f"This deadline is {state.label.lower()}: only a paused one can be resumed.")


def check_extension(
    state: DeadlineState, due_at: datetime, now: datetime, until: date, reason: str, calendar: Calendar
) -> None:
    """Raise IllegalExtension unless an open deadline is given a later business day, in time, with a reason.

    A missed one never changes (section 4): a new date does not make it kept.
    """
    if state is not DeadlineState.OPEN:
        raise IllegalExtension(f"This deadline is {state.label.lower()}: only an open one can be extended.")
    if now > due_at:
        raise IllegalExtension("This deadline is overdue: it was missed, and a new date does not change that.")
    due_on = calendar.today(due_at)
    if not due_on < until <= due_on + LONGEST_EXTENSION:
        raise IllegalExtension(f"Choose a day after {day_words(due_on)} and within a year of it.", "until")
    if not is_business_day(until, calendar.closed, calendar.weekend):
        following = day_words(next_business_day(until, calendar.closed, calendar.weekend))
        raise IllegalExtension(f"{day_words(until)} is no business day there; {following} is the next one.", "until")
    if not reason.strip():
        raise IllegalExtension("Say why it takes longer.", "reason")
