"""What interviewers declined, told to those who have to find another way; why, as far as the blind rule lets them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, bindparam, case, exists, select
from sqlalchemy.orm import Session

from tracker.db import AnyRow, AnySelect, UtcMoment
from tracker.models.application import Application
from tracker.models.candidate import Candidate
from tracker.models.interview import Assignment, AssignmentRole, Interview, InterviewState, Loop
from tracker.models.person import InterviewKind, Person
from tracker.models.reply import SubstituteSearch
from tracker.models.requisition import Requisition
from tracker.models.scorecard import Scorecard
from tracker.queries import outbox, visibility
from tracker.queries.own_interviews import owing
from tracker.rules.answers import Search, search_now
from tracker.rules.permissions import Viewer
from tracker.rules.scorecards import ScorecardState
from tracker.rules.stages import ApplicationState
from tracker.statements import rows


@dataclass(frozen=True)
class Declined:
    """An interviewer declined to hold an interview, or to write its scorecard (``is_scorecard``).

    ``reason`` is None where the blind rule binds the viewer, for it may tell what was found.
    """

    name: str
    at: datetime
    reason: str | None
    is_scorecard: bool


def of_application(session: Session, viewer: Viewer, application_id: int) -> Mapping[int, Declined]:
    """Return what stands declined in an application that the viewer may know of, by the id of the interview."""
    may_know = Interview.application_id.not_in(owing(viewer))
    found = session.execute(
        select(
            Interview.id,
            Person.name,
            Assignment.declined_at,
            Scorecard.declined_at.label("card_declined_at"),
            case((may_know, Assignment.declined_reason)).label("reason"),
            case((may_know, Scorecard.declined_reason)).label("card_reason"),
        )
        .select_from(Assignment)
        .join(Interview, Assignment.interview_id == Interview.id)
        .join(Person, Assignment.person_id == Person.id)
        .outerjoin(Scorecard, Scorecard.assignment_id == Assignment.id)
        .where(
            Interview.application_id == application_id,
            Interview.state == InterviewState.SENT,
            Assignment.role == AssignmentRole.LEAD,
            Assignment.ended_at.is_(None),
            (Scorecard.state.is_(None)) | (Scorecard.state == ScorecardState.DRAFT),
            (Assignment.declined_at.is_not(None)) | (Scorecard.declined_at.is_not(None)),
        )
    )
    return {
        row.id: Declined(row.name, row.card_declined_at, row.card_reason, is_scorecard=True)
        if row.card_declined_at
        else Declined(row.name, row.declined_at, row.reason, is_scorecard=False)
        for row in found
    }


@dataclass(frozen=True)
class Empty:
    """A seat in an interview to come that its interviewer declined, and nobody else has taken yet.

    ``search``: whether the tracker itself looks for a substitute.
    """

    application_id: int
    interview_id: int
    kind: InterviewKind
    interviewer: str
    interview: str
    starts_at: datetime
    candidate: str
    requisition: str
    search: Search


def empty_seats(session: Session, viewer: Viewer, now: datetime, most: int) -> Sequence[Empty]:
    """Return the seats for which somebody else is to be found, to the recruiter of each; the next one first."""
    found = rows(session, _empty_seats(viewer, most), {"now": now}).all()
    is_paused = any(row.is_asked for row in found) and outbox.pause(session) is not None
    return [_empty(row, is_paused, now) for row in found]


def _empty(row: AnyRow, is_paused: bool, now: datetime) -> Empty:
    *facts, is_asked, is_confidential = row
    search = search_now(row.starts_at, is_asked=is_asked, is_confidential=is_confidential, is_paused=is_paused, now=now)
    return Empty(*(*facts, search))


@lru_cache(maxsize=1024)
def _empty_seats(viewer: Viewer, most: int) -> AnySelect:
    return (
        select(
            Interview.application_id,
            Interview.id,
            Interview.kind,
            Person.name.label("interviewer"),
            Interview.name.label("interview"),
            Interview.starts_at,
            Candidate.name.label("candidate"),
            Requisition.title,
            _is_asked().label("is_asked"),
            Requisition.is_confidential,
        )
        .select_from(Assignment)
        .join(Interview, Assignment.interview_id == Interview.id)
        .join(Person, Assignment.person_id == Person.id)
        .join(Application, Interview.application_id == Application.id)
        .join(Candidate, Application.candidate_id == Candidate.id)
        .join(Requisition, Application.requisition_id == Requisition.id)
        .where(
            Assignment.declined_at.is_not(None),
            Assignment.ended_at.is_(None),
            Assignment.role == AssignmentRole.LEAD,
            Interview.state == InterviewState.SENT,
            Interview.starts_at > bindparam("now", type_=UtcMoment()),
            Application.state == ApplicationState.ACTIVE,
            Requisition.recruiter_id == viewer.person_id,
            visibility.applications(viewer),
        )
        .order_by(Interview.starts_at, Interview.id)
        .limit(most)
    )


def _is_asked() -> ColumnElement[bool]:
    return exists().where(SubstituteSearch.assignment_id == Assignment.id, SubstituteSearch.ended_at.is_(None))


def who_declined(session: Session, interview: Interview) -> Sequence[int]:
    """Return the ids of all who ever declined an interview at its present time, whoever holds it now."""
    return session.scalars(
        select(Assignment.person_id).where(Assignment.interview_id == interview.id, Assignment.declined_at.is_not(None))
    ).all()


def who_declined_any(session: Session, loop: Loop) -> Sequence[int]:
    """Return the ids of all who ever declined an interview of a loop, whoever holds it now."""
    return session.scalars(
        select(Assignment.person_id)
        .join(Interview, Assignment.interview_id == Interview.id)
        .where(Interview.loop_id == loop.id, Assignment.declined_at.is_not(None))
        .distinct()
    ).all()
