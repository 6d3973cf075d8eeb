"""The moments of nudges: when each step of a deadline's ladder reaches one receiver, and what the next one is.

Steps are counted in business mornings of the requisition's calendar, each 09:00 in the receiver's own zone (section 4):
roles begin to be told, and the chase ends, on the same count for everybody. They reach a receiver on business mornings
of his or her own calendar, which is that of the own region, or the requisition's where none is set:

* The morning it is due is the receiver's last own business morning before the due moment.
* An earlier warning that falls on no own business morning comes on the last one before it.
* What is overdue comes on the next own business morning, which then says the latest of what has come together.
* A step at an hour of its own (after the interview, at once) waits for the next own business morning where it falls on
  a holiday of the receiver. A weekend is no holiday: an interview held on a Saturday is asked about on that Saturday.

So nobody gets two steps of one deadline in one moment: the later one counts.
"""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tracker.rules.business_days import (
    is_business_day,
    next_business_day,
    previous_business_day,
    subtract_business_days,
)
from tracker.rules.deadlines import Calendar
from tracker.rules.ladders import Ladder, Role
from tracker.rules.zones import NaiveMoment, local, local_date, moment_of

MORNING = time(9, 0)
# At the due moment itself a deadline is not overdue yet.
AT_ONCE = timedelta(seconds=1)
GAVE_UP = "gave_up"
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Case:
    """One deadline as its nudges see it.

    ``due_at`` is its moment, ``ends_at`` the end of the interview whose scorecard is due (else None), both UTC;
    ``calendar`` is the requisition's.
    """

    ladder: Ladder
    due_at: datetime
    ends_at: datetime | None
    calendar: Calendar


@dataclass(frozen=True)
class Receiver:
    """One person: all roles in this deadline, the zone of the mornings, and the calendar that says which are any."""

    roles: tuple[Role, ...]
    zone: str
    calendar: Calendar


@dataclass(frozen=True)
class PlannedNudge:
    """One step for one receiver, its moment (UTC), and the first of the receiver's roles that hears of it."""

    step_key: str
    at: datetime
    role: Role


def next_nudge(case: Case, receiver: Receiver, *, after: datetime, done: Set[str] = frozenset()) -> PlannedNudge | None:
    """Return the first step strictly after ``after`` that is not among ``done``, the keys of steps that were raised.

    None if there is no more.
    """
    return next(_climb(case, receiver, after, done), None)


def latest_due(
    case: Case, receiver: Receiver, *, after: datetime, now: datetime, done: Set[str] = frozenset()
) -> PlannedNudge | None:
    """Return the latest step in (``after``, ``now``]: after a standstill only that one still says something true."""
    latest = None
    for planned in _climb(case, receiver, after, done):
        if planned.at > now:
            break
        latest = planned
    return latest


def reminders(starts_at: datetime, sent_at: datetime, receiver_zone: str) -> list[tuple[str, datetime]]:
    """Return the reminders of an interview as (key, UTC moment): the day before at the same hour, and 1 hour before.

    "The same hour" is the receiver's; on most days that is 24 hours before. Those that would lie before ``sent_at``,
    when the invitation went out, are left out.
    """
    start = local(starts_at, receiver_zone)
    day_before = moment_of(start.date() - timedelta(days=1), start.time(), receiver_zone)
    planned = [("day-before", day_before), ("hour-before", starts_at - timedelta(hours=1))]
    return [(key, at) for key, at in planned if at > sent_at]


class _Mornings:
    """The mornings around one due moment, for one receiver."""

    def __init__(self, case: Case, receiver: Receiver) -> None:
        self.case, self.zone, self.own = case, receiver.zone, receiver.calendar
        due_on = local_date(case.due_at, self.zone)
        nine = self.at(due_on)
        # The last dates whose morning comes before the due moment, and not after it.
        self.before_due = due_on if nine < case.due_at else due_on - _DAY
        self.until_due = due_on if nine <= case.due_at else due_on - _DAY

    def at(self, on: date) -> datetime:
        return moment_of(on, MORNING, self.zone)

    def warning(self, count: int) -> datetime:
        """Return the moment of a warning so many business mornings before the one on which it is due."""
        if count == 0:
            return self.at(_on_or_before(self.before_due, self.own))
        calendar = self.case.calendar
        due_on = _on_or_before(self.before_due, calendar)
        laid_on = subtract_business_days(due_on, count, calendar.closed, calendar.weekend)
        return self.at(_on_or_before(laid_on, self.own))

    def off_holiday(self, at: datetime) -> datetime:
        """Return the moment itself, or the next own business morning where it falls on a holiday of the receiver."""
        on = local_date(at, self.zone)
        return self.at(self.next_after(on)) if on in self.own.closed else at

    def next_after(self, on: date) -> date:
        return next_business_day(on, self.own.closed, self.own.weekend)

    def overdue_by(self, on: date) -> int:
        """Return how many overdue business mornings of the requisition there are up to and with a date."""
        return max(0, self.case.calendar.days_between(self.until_due, on))


def _on_or_before(on: date, calendar: Calendar) -> date:
    is_open = is_business_day(on, calendar.closed, calendar.weekend)
    return on if is_open else previous_business_day(on, calendar.closed, calendar.weekend)


def _climb(case: Case, receiver: Receiver, after: datetime, done: Set[str]) -> Iterator[PlannedNudge]:
    """Yield the steps strictly after a moment in order of time, without those that are done."""
    if after.utcoffset() is None:
        raise NaiveMoment(f"{after!r} has no zone: pass an aware moment")
    mornings = _Mornings(case, receiver)
    overdue = _overdue(case, receiver, mornings, after, done)
    first = next(overdue, None)
    # By their moment, so that the later one of two takes the place of the other.
    steps = {step.at: step for step in _until_due(case, receiver, mornings)}
    if first is not None:
        steps[first.at] = first
    for planned in sorted(steps.values(), key=lambda step: step.at):
        if planned.at > after and planned.step_key not in done:
            yield planned
    yield from (planned for planned in overdue if planned.step_key not in done)


def _until_due(case: Case, receiver: Receiver, mornings: _Mornings) -> Iterator[PlannedNudge]:
    """Yield the steps that have no overdue morning, in the order of the ladder."""
    ladder, ends_at = case.ladder, case.ends_at
    role = _first_role(receiver, ladder.after)
    if role and ends_at is not None:
        yield PlannedNudge("after", mornings.off_holiday(ends_at + timedelta(hours=ladder.hours_after)), role)
    for count in sorted(ladder.before, reverse=True):
        role, at = _first_role(receiver, ladder.before[count]), mornings.warning(count)
        # Nobody is asked for a scorecard in the morning before the interview itself.
        if role and (ends_at is None or at > ends_at):
            yield PlannedNudge(f"T-{count}d" if count else "day", at, role)
    role = _first_role(receiver, ladder.at_once)
    if role:
        yield PlannedNudge("overdue", mornings.off_holiday(case.due_at + AT_ONCE), role)


def _overdue(
    case: Case, receiver: Receiver, mornings: _Mornings, after: datetime, done: Set[str]
) -> Iterator[PlannedNudge]:
    """Yield the steps of overdue mornings after a moment; without an end where the ladder has none."""
    ladder = case.ladder
    from_ = {role: ladder.overdue_from[role] for role in receiver.roles if role in ladder.overdue_from}
    is_told_of_end = ladder.gave_up_to in receiver.roles and not _gave_up_by(done, ladder)
    if not from_ and not is_told_of_end:
        return
    on = max(mornings.until_due, local_date(after, mornings.zone) - _DAY)
    said = mornings.overdue_by(_on_or_before(on, mornings.own))
    while True:
        on = mornings.next_after(on)
        number = mornings.overdue_by(on)
        if mornings.at(on) > after:
            planned = _morning(ladder, from_, number, said, is_told_of_end)
            if planned is not None:
                yield PlannedNudge(planned[0], mornings.at(on), planned[1])
            if ladder.last is not None and number > ladder.last:
                return
        said = number


def _morning(
    ladder: Ladder, from_: dict[Role, int], number: int, said: int, is_told_of_end: bool
) -> tuple[str, Role] | None:
    """Return what an own morning says when ``number`` overdue mornings passed, and ``said`` by the own one before."""
    if ladder.last is not None and number > ladder.last and is_told_of_end and ladder.gave_up_to:
        return f"{GAVE_UP}+{ladder.last}", ladder.gave_up_to
    number = number if ladder.last is None else min(number, ladder.last)
    told = [role for role, first in from_.items() if first <= number]
    return (f"overdue+{number}", told[0]) if told and number > said else None


def _gave_up_by(done: Set[str], ladder: Ladder) -> bool:
    """Whether its end was told already; of an end that was put off since, it will be told once more."""
    ends = [int(key.partition("+")[2]) for key in done if key.startswith(GAVE_UP)]
    return ladder.last is None or any(end >= ladder.last for end in ends)


def _first_role(receiver: Receiver, roles: frozenset[Role]) -> Role | None:
    return next((role for role in receiver.roles if role in roles), None)
