"""What the planner has to know of a loop: who could hold it, when they are off, and how much they did lately."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_low

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.models.interview import Assignment, AssignmentRole, Interview, InterviewState, Loop
from tracker.models.person import InterviewKind, Person
from tracker.models.region import Region
from tracker.queries import loops, trainees
from tracker.queries.calendars import calendar_of, calendars_of
from tracker.queries.candidate_windows import windows_of
from tracker.queries.loops import LoopStanding
from tracker.rules.busy_times import Span
from tracker.rules.community import eased_load
from tracker.rules.deadlines import Calendar
from tracker.rules.training import Trainee

# The window whose interviews count as somebody's recent load.
RECENT = timedelta(days=28)


@dataclass(frozen=True)
class LoopFacts:
    """A loop and those who could hold it.

    ``calendar`` is the requisition's, ``homes`` are the people's own, by id. ``loads`` counts the interviews of the
    last four weeks and those to come; who is new is eased in.
    ``screened_by`` are those who held the phone screens. ``windows`` are the times (UTC) still to come in which the
    candidate can, none where he or she gave none. ``trainees`` are those who learn to hold such interviews.
    """

    loop: Loop
    standing: LoopStanding
    calendar: Calendar
    homes: Mapping[int, Calendar]
    loads: Mapping[int, int]
    screened_by: frozenset[int]
    windows: Sequence[Span]
    trainees: Sequence[Trainee] = ()


def facts_of(session: Session, loop: Loop, *, now: datetime) -> LoopFacts:
    """Return what counts in planning a loop, in a fixed number of statements, whoever and however many they are."""
    standing = loops.standing(session, loop, now=now)
    people = list(standing.people.planned)
    calendar = calendar_of(session, loop.application.requisition.region)
    learning = trainees.trainees(session, loop.application, InterviewKind.LOOP, now=now, without_loop=loop.id)
    return LoopFacts(
        loop=loop,
        standing=standing,
        calendar=calendar,
        homes=_homes(session, [*people, *(each.person.person_id for each in learning)], calendar),
        loads=_loads(session, people, loop, now),
        screened_by=_screeners(session, loop),
        windows=windows_of(session, loop.application_id, now=now),
        trainees=learning,
    )


def _homes(session: Session, people: list[int], calendar: Calendar) -> dict[int, Calendar]:
    query = select(Person.id, Region.id, Region.calendar_token).join(Region, Person.region_id == Region.id)
    rows = [(person, region, token) for person, region, token in session.execute(query.where(Person.id.in_(people)))]
    calendars = calendars_of(session, {region: token for _, region, token in rows})
    own = {person: calendars[region] for person, region, _ in rows}
    return {person: own.get(person, calendar) for person in people}


def _loads(session: Session, people: list[int], loop: Loop, now: datetime) -> dict[int, int]:
    query = (
        select(Assignment.person_id, func.count())
        .join(Interview, Assignment.interview_id == Interview.id)
        .where(
            Assignment.person_id.in_(people),
            Assignment.ended_at.is_(None),
            Assignment.declined_at.is_(None),
            Assignment.role == AssignmentRole.LEAD,
            Interview.state.in_([InterviewState.SENT, InterviewState.PLANNED]),
            Interview.starts_at > now - RECENT,
            Interview.loop_id.is_distinct_from(loop.id),
        )
        .group_by(Assignment.person_id)
    )
    loads = Counter({person: count for person, count in session.execute(query)})
    newcomers = select(Person.id, Person.created_at).where(Person.id.in_(people), Person.created_at > now - RECENT)
    here = {person: (now - since) / RECENT for person, since in session.execute(newcomers)}
    others = [loads[person] for person in people if person not in here]
    middle = median_low(others) if others else 0
    return {person: eased_load(loads[person], middle, here.get(person, 1)) for person in people}


def _screeners(session: Session, loop: Loop) -> frozenset[int]:
    query = (
        select(Assignment.person_id)
        .join(Interview, Assignment.interview_id == Interview.id)
        .where(
            Interview.application_id == loop.application_id,
            Interview.kind == InterviewKind.PHONE_SCREEN,
            Interview.state == InterviewState.SENT,
            Assignment.ended_at.is_(None),
            Assignment.role == AssignmentRole.LEAD,
        )
    )
    return frozenset(session.scalars(query))
