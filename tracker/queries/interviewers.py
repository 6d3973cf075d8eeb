"""Who may interview, and what counts about each: qualified, busy, how much he or she does already.

A fixed number of statements, whoever and however many they are.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from tracker.models.application import Application
from tracker.models.candidate import Candidate
from tracker.models.interview import Assignment, AssignmentRole, Interview, InterviewState
from tracker.models.person import InterviewerQualification, InterviewKind, Person
from tracker.models.requisition import RequisitionMember
from tracker.models.scorecard import Scorecard
from tracker.queries import busy_feeds, leaves
from tracker.queries.readings import who_read
from tracker.queries.visibility import themselves
from tracker.rules.interviewers import PersonFacts, week_of
from tracker.rules.permissions import RequisitionFacts, Viewer, may_see_requisition
from tracker.rules.scorecards import ScorecardState
from tracker.rules.working_hours import hours_of
from tracker.rules.zones import local_date

# The loads of the week that is running count its interviews that are over already.
LOOK_BACK = timedelta(days=8)
Times = list[tuple[datetime, datetime, str]]


@dataclass(frozen=True)
class Community:
    """Those who may hold interviews of one kind in one application, by id.

    In ``sent`` they are busy with the interviews that went out; in ``planned`` also with those that others plan.
    ``candidate_busy`` are the (start, end) of the other interviews that the candidate was invited to.
    """

    sent: dict[int, PersonFacts]
    planned: dict[int, PersonFacts]
    senior_leaders: frozenset[int]
    candidate_busy: tuple[tuple[datetime, datetime], ...] = ()


def community(
    session: Session,
    application: Application,
    kind: InterviewKind,
    competency_ids: Collection[int],
    *,
    now: datetime,
    also: Collection[int] = (),
    without_loop: int | None = None,
    without_interview: int | None = None,
) -> Community:
    """Return who is active and qualified for any of the competencies, or is active and one of ``also`` (ids).

    Where no competency is named, being qualified for any at all is enough.

    The interviews of the loop (or the one interview) that is being looked at count neither as busy nor as load.
    """
    people = _people(session, kind, competency_ids, also)
    return _with_facts(session, application, kind, people, now, without_loop, without_interview)


def these(
    session: Session,
    application: Application,
    kind: InterviewKind,
    ids: Collection[int],
    *,
    now: datetime,
    without_loop: int | None = None,
    without_interview: int | None = None,
) -> dict[int, PersonFacts]:
    """Return what counts about these people alone, those who are active, qualified or not; as ``community`` does.

    They are busy with the interviews that others plan, too.
    """
    wanted = select(Person).where(Person.is_active, Person.id.in_(ids)).order_by(Person.name, Person.id)
    people = list(session.scalars(wanted.execution_options(populate_existing=True)))
    return _with_facts(session, application, kind, people, now, without_loop, without_interview).planned


def _with_facts(
    session: Session,
    application: Application,
    kind: InterviewKind,
    people: list[Person],
    now: datetime,
    without_loop: int | None,
    without_interview: int | None,
) -> Community:
    ids = [person.id for person in people]
    qualified = _qualified(session, kind, ids)
    team = _hiring_team(session, application)
    own = {person_id for _, person_id in themselves(session, [application.id])}
    readers = _readers(session, application, kind, people, team)
    sat_in = _sat_in(session, application, kind, now)
    held = list(_interviews(session, ids, now, without_loop, without_interview))
    away = leaves.times_away(session, people, now)
    meetings = busy_feeds.spans_of(session, ids, now)

    def facts(states: set[InterviewState]) -> dict[int, PersonFacts]:
        times = _times(row for row in held if row[3] in states)
        return {
            person.id: replace(
                _facts(person, times[person.id], away[person.id]),
                qualified=qualified[person.id],
                on_hiring_team=person.id in team,
                is_candidate=person.id in own,
                meetings=tuple(meetings[person.id]),
                reads_others=person.id in readers,
                has_sat_in=person.id in sat_in,
            )
            for person in people
        }

    return Community(
        sent=facts({InterviewState.SENT}),
        planned=facts({InterviewState.SENT, InterviewState.PLANNED}),
        senior_leaders=frozenset(person.id for person in people if person.is_senior_leader),
        candidate_busy=_candidate_busy(session, application, now, without_loop, without_interview),
    )


def lock_people(session: Session, candidate: Candidate, ids: Collection[int]) -> None:
    """Hold the rows of a candidate, wherever he or she applies, and of people until the transaction ends, so that two
    loops cannot book one of them at once.

    SQLite has locked all writing since the transaction began; there this is a plain read.
    """
    session.execute(_everywhere(candidate).order_by(Candidate.id).with_for_update(key_share=True)).all()
    wanted = select(Person.id).where(Person.id.in_(ids)).order_by(Person.id)
    session.execute(wanted.with_for_update(key_share=True)).all()


def _people(
    session: Session, kind: InterviewKind, competency_ids: Collection[int], also: Collection[int]
) -> list[Person]:
    qualified = select(InterviewerQualification.person_id).where(InterviewerQualification.kind == kind)
    if competency_ids:
        qualified = qualified.where(InterviewerQualification.competency_id.in_(competency_ids))
    return list(
        session.scalars(
            select(Person)
            .where(Person.is_active, or_(Person.id.in_(qualified), Person.id.in_(also)))
            .order_by(Person.name, Person.id)
            # Whoever was read before the lock (see lock_people) may have been changed while we waited for it.
            .execution_options(populate_existing=True)
        )
    )


def _qualified(session: Session, kind: InterviewKind, ids: list[int]) -> dict[int, frozenset[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    rows = session.execute(
        select(InterviewerQualification.person_id, InterviewerQualification.competency_id).where(
            InterviewerQualification.kind == kind, InterviewerQualification.person_id.in_(ids)
        )
    )
    for person_id, competency_id in rows:
        found[person_id].add(competency_id)
    return {person_id: frozenset(found[person_id]) for person_id in ids}


def _hiring_team(session: Session, application: Application) -> frozenset[int]:
    members = session.scalars(
        select(RequisitionMember.person_id).where(RequisitionMember.requisition_id == application.requisition_id)
    )
    return frozenset(members) | {application.requisition.hiring_manager_id}


def _interviews(
    session: Session, ids: list[int], now: datetime, without_loop: int | None, without_interview: int | None
) -> Iterable[tuple[int, datetime, datetime, InterviewState]]:
    query = (
        select(Assignment.person_id, Interview.starts_at, Interview.ends_at, Interview.state)
        .join(Interview, Assignment.interview_id == Interview.id)
        .where(
            Assignment.person_id.in_(ids),
            Assignment.ended_at.is_(None),
            Assignment.declined_at.is_(None),
            Interview.state.in_([InterviewState.SENT, InterviewState.PLANNED]),
            Interview.starts_at > now - LOOK_BACK,
        )
    )
    for person_id, starts_at, ends_at, state in session.execute(query.where(*others(without_loop, without_interview))):
        if starts_at is not None and ends_at is not None:
            yield person_id, starts_at, ends_at, state


def _candidate_busy(
    session: Session, application: Application, now: datetime, without_loop: int | None, without_interview: int | None
) -> tuple[tuple[datetime, datetime], ...]:
    """Return when the candidate is in interviews that went out, of this application and of all his or her others."""
    query = (
        select(Interview.starts_at, Interview.ends_at)
        .join(Application, Interview.application_id == Application.id)
        .where(
            Application.candidate_id.in_(_everywhere(application.candidate)),
            Interview.state == InterviewState.SENT,
            Interview.ends_at > now,
            *others(without_loop, without_interview),
        )
    )
    return tuple((starts_at, ends_at) for starts_at, ends_at in session.execute(query) if starts_at and ends_at)


def _everywhere(candidate: Candidate) -> Select[int]:
    """The ids of all rows of the one person: a confidential requisition knows him or her by a row of its own."""
    return select(Candidate.id).where(Candidate.email == candidate.email)


def others(without_loop: int | None, without_interview: int | None) -> Iterable[ColumnElement[bool]]:
    """Conditions on Interview: not the loop, nor the one interview, that is being looked at."""
    if without_loop is not None:
        yield or_(Interview.loop_id.is_(None), Interview.loop_id != without_loop)
    if without_interview is not None:
        yield Interview.id != without_interview


def _times(rows: Iterable[tuple[int, datetime, datetime, InterviewState]]) -> defaultdict[int, Times]:
    times: defaultdict[int, Times] = defaultdict(list)
    for person_id, starts_at, ends_at, state in rows:
        # Whom it is about is nobody's business here: the other requisition may be confidential.
        what = "another interview" if state is InterviewState.SENT else "an interview that is being planned"
        times[person_id].append((starts_at, ends_at, what))
    return times


def _readers(
    session: Session, application: Application, kind: InterviewKind, people: Iterable[Person], team: frozenset[int]
) -> frozenset[int]:
    """Return who may have read what others wrote, and holds none of the application's interviews of this kind.

    That is whoever may read by now what was written about interviews of this kind; and whoever did read anything that
    was written about the application, whatever he or she may read by now, but for phone screens' scorecards where the
    plan opens those to the loop. Whoever hands the own interview to somebody else to read is one of them from then on:
    no way leads back.
    """
    is_open = kind is InterviewKind.LOOP and application.requisition.plan.screens_open
    have_read = who_read(session, application.id, (kind,) if is_open else tuple(InterviewKind))
    of_kind = (Interview.application_id == application.id, Interview.kind == kind)
    written = select(Scorecard.author_id).join(Assignment, Scorecard.assignment_id == Assignment.id).join(Interview)
    authors = set(session.scalars(written.where(*of_kind, Scorecard.state == ScorecardState.SUBMITTED)))
    if not authors and not have_read:
        return frozenset()
    seated = select(Assignment.person_id).join(Interview).where(*of_kind, Interview.state == InterviewState.SENT)
    holding = set(session.scalars(seated.where(Assignment.ended_at.is_(None))))
    side = RequisitionFacts(
        is_confidential=application.requisition.is_confidential,
        hiring_manager_id=application.requisition.hiring_manager_id,
        recruiter_id=application.requisition.recruiter_id,
        member_ids=team,
    )
    may_read = {person.id for person in people if authors - {person.id} and may_see_requisition(_viewer(person), side)}
    return (have_read | may_read) - holding


def _sat_in(session: Session, application: Application, kind: InterviewKind, now: datetime) -> frozenset[int]:
    """Return who sits to learn in an interview of this kind that has begun; a seat to come can still be left."""
    begun = (
        select(Assignment.person_id)
        .join(Interview)
        .where(
            Interview.application_id == application.id,
            Interview.kind == kind,
            Interview.state == InterviewState.SENT,
            Interview.starts_at <= now,
            Assignment.role != AssignmentRole.LEAD,
            Assignment.ended_at.is_(None),
        )
    )
    return frozenset(session.scalars(begun))


def _viewer(person: Person) -> Viewer:
    return Viewer(person.id, is_recruiter=person.is_recruiter, is_recruiting_lead=person.is_recruiting_lead)


def _facts(person: Person, times: Times, away: Times) -> PersonFacts:
    days = [local_date(starts_at, person.zone) for starts_at, _, _ in times]
    return PersonFacts(
        person_id=person.id,
        name=person.name,
        is_bar_raiser=person.is_bar_raiser,
        busy=tuple(sorted([*times, *away])),
        week_load=Counter(week_of(day) for day in days),
        day_load=Counter(days),
        weekly_cap=person.weekly_cap,
        daily_cap=person.daily_cap,
        zone=person.zone,
        hours=hours_of(person.hours),
    )
