"""Who is away when, and what of the process falls into it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.models.interview import Assignment, AssignmentRole, Interview, InterviewState
from tracker.models.leave import Leave
from tracker.models.person import Person
from tracker.queries.visibility import NotFound
from tracker.rules.deadlines import DeadlineState
from tracker.rules.zones import day_words, local_date, moment_of

Times = list[tuple[datetime, datetime, str]]
_DAY = timedelta(days=1)


def coming(session: Session, person_id: int, today: date) -> list[Leave]:
    """Return the stretches that are not over, the nearest first."""
    rows = select(Leave).where(Leave.person_id == person_id, Leave.last_on >= today)
    return list(session.scalars(rows.order_by(Leave.first_on)))


def get(session: Session, person_id: int, leave_id: int) -> Leave:
    """Return one stretch of this person. Raises NotFound."""
    found = session.scalar(select(Leave).where(Leave.id == leave_id, Leave.person_id == person_id))
    if found is None:
        raise NotFound("leave")
    return found


def is_away(session: Session, person: Person, *moments: datetime) -> bool:
    """Whether somebody is away on the day of any of these moments, by his or her own clocks."""
    days = [local_date(moment, person.zone) for moment in moments]
    covers = or_(*(and_(Leave.first_on <= on, Leave.last_on >= on) for on in days))
    return bool(session.scalar(select(exists().where(Leave.person_id == person.id, covers))))


def times_away(session: Session, people: Collection[Person], now: datetime) -> defaultdict[int, Times]:
    """Return by person the times from now on in which he or she is away, as (start, end, words)."""
    zones = {person.id: person.zone for person in people}
    # Wherever somebody lives, it is at most a day later there than in UTC.
    rows = select(Leave).where(Leave.person_id.in_(zones), Leave.last_on >= (now - _DAY).date())
    found: defaultdict[int, Times] = defaultdict(list)
    for leave in session.scalars(rows):
        begins, ends = _bounds(zones[leave.person_id], leave)
        found[leave.person_id].append((begins, ends, f"away until {day_words(leave.last_on)}"))
    return found


@dataclass(frozen=True)
class Duties:
    """What falls into somebody's leave: interviews to hold, and deadlines of the person's own that are due."""

    interviews: int
    deadlines: int


def duties(session: Session, person: Person, leave: Leave) -> Duties:
    """Count what somebody else would have to take over."""
    begins, ends = _bounds(person.zone, leave)
    due = select(func.count()).where(
        Deadline.owner_id == person.id,
        Deadline.state == DeadlineState.OPEN,
        Deadline.due_at >= begins,
        Deadline.due_at < ends,
    )
    return Duties(len(held(session, person, leave)), session.scalar(due) or 0)


def held(session: Session, person: Person, leave: Leave) -> list[Assignment]:
    """Return what a person is to hold or to sit in while away, the soonest first."""
    begins, ends = _bounds(person.zone, leave)
    query = (
        select(Assignment)
        .join(Interview, Assignment.interview_id == Interview.id)
        .where(
            Assignment.person_id == person.id,
            Assignment.ended_at.is_(None),
            Assignment.role == AssignmentRole.LEAD,
            Interview.state == InterviewState.SENT,
            Interview.starts_at >= begins,
            Interview.starts_at < ends,
        )
    )
    parts = joinedload(Assignment.interview).joinedload(Interview.application).joinedload(Application.requisition)
    return list(session.scalars(query.options(parts).order_by(Interview.starts_at, Interview.id)))


def _bounds(zone: str, leave: Leave) -> tuple[datetime, datetime]:
    midnight = time(0, 0)
    return moment_of(leave.first_on, midnight, zone), moment_of(leave.last_on + _DAY, midnight, zone)
