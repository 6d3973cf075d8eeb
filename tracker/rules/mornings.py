"""The mornings of one receiver around a deadline: which step of the ladder comes on which of them.

A morning is 09:00 in the receiver's own zone. Steps are laid on the business days of the requisition's calendar, and
moved to business mornings of the receiver's own one; ``rules/nudges.py`` says how and why.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tracker.rules.business_days import (
    add_business_days,
    first_business_day,
    is_business_day,
    next_business_day,
    previous_business_day,
    subtract_business_days,
)
from tracker.rules.deadlines import Calendar
from tracker.rules.ladders import Ladder, Role
from tracker.rules.zones import local, local_date, moment_of

MORNING = time(9, 0)
# What a morning should have said, and a standstill kept back, is said until this hour of the day, not in the evening.
EVENING = time(18, 0)
# At the due moment itself a deadline is not overdue yet.
AT_ONCE = timedelta(seconds=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Absence:
    """Somebody is away from one date through another, in his or her own zone. ``key`` tells it from others."""

    key: int
    first_on: date
    last_on: date


@dataclass(frozen=True)
class Receiver:
    """One person: all roles in a deadline, the zone of the mornings, the calendar that says which are any, absences."""

    roles: tuple[Role, ...]
    zone: str
    calendar: Calendar
    absences: tuple[Absence, ...] = ()

    def away(self, on: date) -> Absence | None:
        """Return the absence that covers a date, None if the person is here."""
        return next((each for each in self.absences if each.first_on <= on <= each.last_on), None)

    def is_off(self, on: date) -> bool:
        """Whether nothing may be sent on a date: a holiday of the receiver, or one on which he or she is away."""
        return on in self.calendar.closed or self.away(on) is not None

    def is_morning(self, at: datetime) -> bool:
        """Whether a step at this moment is one of a business morning, not of an hour of its own."""
        return local(at, self.zone).time() == MORNING and self.is_at_work(at)

    def is_at_work(self, at: datetime) -> bool:
        """Whether a moment is on a business day of the receiver, between its morning and its evening."""
        here = local(at, self.zone)
        is_open = is_business_day(here.date(), self.calendar.closed, self.calendar.weekend)
        return is_open and MORNING <= here.time() < EVENING


@dataclass(frozen=True)
class Case:
    """One deadline as its nudges see it.

    ``due_at`` is its moment, ``ends_at`` the end of the interview whose scorecard is due (else None), both UTC;
    ``calendar`` is the requisition's; ``receivers`` are all who have a role in it, by person.
    """

    ladder: Ladder
    due_at: datetime
    ends_at: datetime | None
    calendar: Calendar
    receivers: Mapping[int, Receiver]


@dataclass(frozen=True)
class Step:
    """One step of a ladder: its key, and the number of its morning: before it is due (0 or less), or overdue (1...).

    Steps at an hour of their own have none.
    """

    key: str
    morning: int | None = None


AFTER, OVERDUE = Step("after"), Step("overdue")


class Mornings:
    """When the steps of a case come to one receiver, whether he or she is away or not."""

    def __init__(self, case: Case, receiver: Receiver) -> None:
        self.case, self.receiver = case, receiver
        self.zone, self.own = receiver.zone, receiver.calendar
        due_on = local_date(case.due_at, self.zone)
        nine = self.at(due_on)
        # The last dates whose morning comes before the due moment, and not after it.
        self.before_due = due_on if nine < case.due_at else due_on - _DAY
        self.until_due = due_on if nine <= case.due_at else due_on - _DAY

    def at(self, on: date) -> datetime:
        """Return the morning of a date as a moment (UTC)."""
        return moment_of(on, MORNING, self.zone)

    def date_of(self, at: datetime) -> date:
        """Return the receiver's date at a moment."""
        return local_date(at, self.zone)

    def moment(self, step: Step) -> datetime | None:
        """Return when a step comes to the receiver, None where it has no place (no interview, or before it ended)."""
        ends_at = self.case.ends_at
        if step == AFTER:
            return self._off_holiday(ends_at + timedelta(hours=self.case.ladder.hours_after)) if ends_at else None
        if step.morning is None:
            return self._off_holiday(self.case.due_at + AT_ONCE)
        if step.morning > 0:
            calendar = self.case.calendar
            laid_on = add_business_days(self.until_due, step.morning, calendar.closed, calendar.weekend)
            return self.at(first_business_day(laid_on, self.own.closed, self.own.weekend))
        at = self._warning(-step.morning)
        # Nobody is asked for a scorecard in the morning before the interview itself.
        return at if ends_at is None or at > ends_at else None

    def next_on(self, on: date, *, present: bool = True) -> date:
        """Return the next own business day after a date, by default one on which the receiver is not away."""
        on = next_business_day(on, self.own.closed, self.own.weekend)
        while present and (absence := self.receiver.away(on)):
            on = next_business_day(absence.last_on, self.own.closed, self.own.weekend)
        return on

    def last_on(self, on: date, *, present: bool = True) -> date:
        """Return the last own business day up to a date, by default one on which the receiver was not away."""
        on = _on_or_before(on, self.own)
        while present and (absence := self.receiver.away(on)):
            on = _on_or_before(absence.first_on - _DAY, self.own)
        return on

    def overdue_by(self, on: date) -> int:
        """Return how many overdue business mornings of the requisition there are up to and with a date."""
        return max(0, self.case.calendar.days_between(self.until_due, on))

    def _warning(self, count: int) -> datetime:
        """Return a morning so many business mornings before the one on which it is due."""
        if count == 0:
            return self.at(_on_or_before(self.before_due, self.own))
        calendar = self.case.calendar
        due_on = _on_or_before(self.before_due, calendar)
        laid_on = subtract_business_days(due_on, count, calendar.closed, calendar.weekend)
        return self.at(_on_or_before(laid_on, self.own))

    def _off_holiday(self, at: datetime) -> datetime:
        """Return the moment itself, or the next own business morning where it falls on a holiday of the receiver."""
        on = self.date_of(at)
        return self.at(self.next_on(on, present=False)) if on in self.own.closed else at


def _on_or_before(on: date, calendar: Calendar) -> date:
    is_open = is_business_day(on, calendar.closed, calendar.weekend)
    return on if is_open else previous_business_day(on, calendar.closed, calendar.weekend)
