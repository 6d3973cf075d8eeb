"""The ladders of nudges: who hears of a deadline, when, and what the next step is for one receiver.

Mornings are 09:00 in the receiver's own zone, on the business days of the requisition's calendar (section 4).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from tracker.rules.business_days import add_business_days, is_business_day, next_business_day, previous_business_day
from tracker.rules.deadlines import Calendar, DeadlineKind
from tracker.rules.words import Labelled
from tracker.rules.zones import NaiveMoment, local, local_date, moment_of

MORNING = time(9, 0)
# At the due moment itself a deadline is not overdue yet.
AT_ONCE = timedelta(seconds=1)


class Role(Labelled):
    """Why somebody is nudged."""

    OWNER = "owner"
    INTERVIEWER = "interviewer"
    RECRUITER = "recruiter"
    HIRING_MANAGER = "hiring_manager"
    RECRUITING_LEAD = "recruiting_lead"


@dataclass(frozen=True)
class Step:
    """A step before the deadline is missed: so many business mornings before it, or so long after the interview."""

    key: str
    roles: frozenset[Role]
    mornings_before: int | None = None
    after_interview: timedelta | None = None


@dataclass(frozen=True)
class Ladder:
    """All steps of one kind of deadline.

    ``overdue_from`` says from which overdue business morning on (1 is the first) a role is told. After morning
    ``last`` it stops, and on the next one the role ``gave_up_to`` is told so.
    """

    roles: tuple[Role, ...]
    before: tuple[Step, ...]
    overdue_from: dict[Role, int] = field(default_factory=dict)
    at_once: bool = False
    last: int | None = None
    gave_up_to: Role | None = None


@dataclass(frozen=True)
class PlannedNudge:
    """One step for one receiver and its moment (UTC)."""

    step_key: str
    at: datetime


_SCORECARD = Ladder(
    roles=(Role.INTERVIEWER, Role.RECRUITER, Role.HIRING_MANAGER),
    before=(
        Step("T+1h", frozenset({Role.INTERVIEWER}), after_interview=timedelta(hours=1)),
        Step("day", frozenset({Role.INTERVIEWER}), mornings_before=0),
    ),
    overdue_from={Role.INTERVIEWER: 1, Role.RECRUITER: 2, Role.HIRING_MANAGER: 3},
    last=10,
    gave_up_to=Role.RECRUITER,
)
_PROMISE = Ladder(
    roles=(Role.RECRUITER, Role.HIRING_MANAGER, Role.RECRUITING_LEAD),
    before=(
        Step("T-2d", frozenset({Role.RECRUITER}), mornings_before=2),
        Step("T-1d", frozenset({Role.RECRUITER, Role.HIRING_MANAGER}), mornings_before=1),
        Step("day", frozenset({Role.RECRUITER, Role.HIRING_MANAGER}), mornings_before=0),
    ),
    overdue_from={Role.RECRUITER: 1, Role.HIRING_MANAGER: 1, Role.RECRUITING_LEAD: 1},
    at_once=True,
)
_OTHERS = Ladder(
    roles=(Role.OWNER, Role.RECRUITER),
    before=(Step("day", frozenset({Role.OWNER}), mornings_before=0),),
    overdue_from={Role.OWNER: 1, Role.RECRUITER: 2},
)
LADDERS: dict[DeadlineKind, Ladder] = dict.fromkeys(DeadlineKind, _OTHERS) | {
    DeadlineKind.SCORECARD: _SCORECARD,
    DeadlineKind.PROMISE: _PROMISE,
}


def roles_for(kind: DeadlineKind) -> tuple[Role, ...]:
    """Return the roles that are ever nudged about this kind of deadline."""
    return LADDERS[kind].roles


def next_nudge(
    kind: DeadlineKind,
    role: Role,
    *,
    due_at: datetime,
    ends_at: datetime | None,
    after: datetime,
    receiver_zone: str,
    calendar: Calendar,
) -> PlannedNudge | None:
    """Return the first step strictly after ``after`` for a receiver in that role, None if there is no more.

    ``due_at`` is the deadline's moment, ``ends_at`` the end of the interview whose scorecard is due (else None).
    """
    if after.utcoffset() is None:
        raise NaiveMoment(f"{after!r} has no zone: pass an aware moment")
    mornings = _Mornings(due_at, receiver_zone, calendar)
    for planned in _before(LADDERS[kind], role, mornings, ends_at):
        if planned.at > after:
            return planned
    return _overdue(LADDERS[kind], role, mornings, after)


def latest_due(
    kind: DeadlineKind,
    role: Role,
    *,
    due_at: datetime,
    ends_at: datetime | None,
    after: datetime,
    receiver_zone: str,
    calendar: Calendar,
    now: datetime,
) -> PlannedNudge | None:
    """Return the latest step in (``after``, ``now``]: after a standstill only that one still says something true."""
    latest = None
    while True:
        planned = next_nudge(
            kind,
            role,
            due_at=due_at,
            ends_at=ends_at,
            after=latest.at if latest else after,
            receiver_zone=receiver_zone,
            calendar=calendar,
        )
        if planned is None or planned.at > now:
            return latest
        latest = planned


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
    """The business mornings around one due moment, for one receiver."""

    def __init__(self, due_at: datetime, zone: str, calendar: Calendar) -> None:
        self.due_at, self.zone, self.calendar = due_at, zone, calendar
        on = local_date(due_at, zone)
        is_before = is_business_day(on, calendar.closed, calendar.weekend) and self.at(on) < due_at
        # The morning it is due is the last one that the receiver has before the due moment, wherever he or she lives.
        self.due_on = on if is_before else previous_business_day(on, calendar.closed, calendar.weekend)
        self.first_overdue_on = next_business_day(self.due_on, calendar.closed, calendar.weekend)

    def at(self, on: date) -> datetime:
        return moment_of(on, MORNING, self.zone)

    def before_due(self, count: int) -> datetime:
        on = self.due_on
        for _ in range(count):
            on = previous_business_day(on, self.calendar.closed, self.calendar.weekend)
        return self.at(on)

    def overdue(self, number: int) -> datetime:
        """Return the moment of an overdue morning; 1 is the first."""
        calendar = self.calendar
        return self.at(add_business_days(self.first_overdue_on, number - 1, calendar.closed, calendar.weekend))

    def first_overdue_after(self, after: datetime) -> int:
        """Return the number of the first overdue morning strictly after a moment."""
        on = local_date(after, self.zone)
        passed = self.calendar.days_between(self.due_on, on) if on > self.due_on else 0
        # ``passed`` counts the mornings up to that date; the last of them may still lie ahead on that very day.
        if passed and self.overdue(passed) > after:
            return passed
        return passed + 1


def _before(ladder: Ladder, role: Role, mornings: _Mornings, ends_at: datetime | None) -> Iterator[PlannedNudge]:
    """Yield the steps before the deadline is missed, in order of time."""
    found = []
    for step in ladder.before:
        at = _moment(step, mornings, ends_at)
        # Nobody is asked for a scorecard in the morning before the interview itself.
        if role in step.roles and at is not None and (ends_at is None or at > ends_at):
            found.append(PlannedNudge(step.key, at))
    if ladder.at_once and role in ladder.overdue_from:
        found.append(PlannedNudge("overdue", mornings.due_at + AT_ONCE))
    yield from sorted(found, key=lambda planned: planned.at)


def _moment(step: Step, mornings: _Mornings, ends_at: datetime | None) -> datetime | None:
    if step.mornings_before is not None:
        return mornings.before_due(step.mornings_before)
    return ends_at + step.after_interview if ends_at is not None and step.after_interview is not None else None


def _overdue(ladder: Ladder, role: Role, mornings: _Mornings, after: datetime) -> PlannedNudge | None:
    if role not in ladder.overdue_from:
        return None
    number = max(ladder.overdue_from[role], mornings.first_overdue_after(after))
    if ladder.last is None or number <= ladder.last:
        return PlannedNudge(f"overdue+{number}", mornings.overdue(number))
    if number == ladder.last + 1 and role is ladder.gave_up_to:
        return PlannedNudge("gave_up", mornings.overdue(number))
    return None
