"""The blind rule, once: the only place from which the contents of scorecards are read (the process, section 5).

Whatever shows a scorecard, a rating, a recommendation, evidence, a version or a vote, or counts them, asks here.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, contains_eager, joinedload, selectinload

from tracker.models.application import Application
from tracker.models.competency import Competency
from tracker.models.debrief import Decision
from tracker.models.interview import Assignment, AssignmentCompetency, AssignmentRole, Interview, InterviewState
from tracker.models.interview_plan import InterviewPlan
from tracker.models.person import InterviewKind
from tracker.models.requisition import Requisition
from tracker.models.scorecard import Evidence, Rating, Scorecard, ScorecardVersion
from tracker.queries import visibility
from tracker.queries.in_order import AS_HELD
from tracker.queries.own_interviews import learning_in, owing, own_leads
from tracker.queries.visibility import NotFound, Right
from tracker.rules.permissions import Viewer
from tracker.rules.scorecards import ScorecardState
from tracker.rules.stages import ApplicationState, DecisionKind


@lru_cache(maxsize=1024)
def unblind(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on Application: those of which the viewer may read all that was written, voted and decided.

    The recruiting side, and the loop's interviewers, once their own are all in; never one's own application (section
    5). Who held a phone screen alone has no part in the loop. Of an erased candidate nobody reads anything: nobody
    knows any more whose own application that is.
    """
    return and_(
        Application.erased_at.is_(None),
        _not_bound(viewer),
        or_(visibility.applications(viewer), Application.id.in_(own_leads(viewer, kind=InterviewKind.LOOP))),
    )


def settled(viewer: Viewer, since: datetime, until: datetime) -> ColumnElement[bool]:
    """Condition on Application: those closed in a period, for numbers over many scorecards that name none.

    What is still open counts nowhere, nor what the viewer is blind of, or applied for.
    """
    is_closed = and_(Application.state != ApplicationState.ACTIVE, Application.closed_at.between(since, until))
    return and_(is_closed, _not_bound(viewer))


def _not_bound(viewer: Viewer) -> ColumnElement[bool]:
    return and_(visibility.not_own(viewer), Application.id.not_in(owing(viewer)))


@lru_cache(maxsize=1024)
def readable(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on Scorecard: those whose contents the viewer may read. Drafts are their author's alone.

    Who held a phone screen reads the other phone screens' too, once the own is in. Where the plan says so, the loop's
    interviewers read them beforehand.
    """
    screener = and_(
        _not_bound(viewer), Application.id.in_(own_leads(viewer, kind=InterviewKind.PHONE_SCREEN)), _of_screen()
    )
    opened = and_(_opened_to(viewer), _of_screen())
    reader = and_(Application.erased_at.is_(None), or_(unblind(viewer), screener, opened))
    submitted = and_(Scorecard.state == ScorecardState.SUBMITTED, _of_application(reader))
    mine = and_(Scorecard.author_id == viewer.person_id, _of_application(visibility.not_own(viewer)))
    return or_(mine, submitted)


def _opened_to(viewer: Viewer) -> ColumnElement[bool]:
    """A condition on the application: its plan opens the phone screens' scorecards to its loop's interviewers, of whom
    the viewer is one, and he or she owes none of a phone screen."""
    plans = select(Requisition.id).join(InterviewPlan).where(InterviewPlan.screens_open)
    return and_(
        visibility.not_own(viewer),
        Application.id.not_in(learning_in(viewer)),
        Application.requisition_id.in_(plans),
        Application.id.in_(own_leads(viewer, kind=InterviewKind.LOOP, sent=True)),
        Application.id.not_in(own_leads(viewer, kind=InterviewKind.PHONE_SCREEN, unsubmitted=True)),
    )


def _of_screen() -> ColumnElement[bool]:
    """A condition on the scorecard: it is a phone screen's."""
    assignment, interview = aliased(Assignment), aliased(Interview)
    of = (
        select(assignment.id)
        .join(interview, assignment.interview_id == interview.id)
        .where(assignment.id == Scorecard.assignment_id, interview.kind == InterviewKind.PHONE_SCREEN)
    )
    return of.correlate(Scorecard).exists()


def _of_application(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """A condition on the scorecard's application, whatever else the statement around it reads."""
    of = select(Application.id).where(Application.id == Scorecard.application_id, condition)
    return of.correlate(Scorecard).exists()


def may_read_votes(session: Session, viewer: Viewer, application_id: int) -> bool:
    """Whether the viewer may read what others wrote and voted about an application."""
    return session.scalar(_may_read(viewer), {"application": application_id}) is not None


@lru_cache(maxsize=1024)
def _may_read(viewer: Viewer) -> Select[int]:
    return select(Application.id).where(Application.id == bindparam("application"), unblind(viewer))


def is_bound(session: Session, viewer: Viewer, application_id: int) -> bool:
    """Whether the blind rule binds the viewer: a scorecard of his or her own is not in."""
    owes = select(Application.id).where(Application.id == application_id, Application.id.in_(owing(viewer)))
    return session.scalar(owes) is not None


def own_assignment(session: Session, viewer: Viewer, assignment_id: int) -> Assignment:
    """Return an assignment of the viewer's own, with all that its scorecard's form shows.

    Ended ones and those of cancelled interviews are there too, as what he or she wrote is kept. Raises NotFound.
    """
    row = session.scalar(_own_assignment(viewer), {"assignment": assignment_id})
    if row is None:
        raise NotFound(f"assignment {assignment_id}")
    return row


@lru_cache(maxsize=1024)
def _own_assignment(viewer: Viewer) -> Select[Assignment]:
    return (
        select(Assignment)
        .join(Assignment.interview)
        .join(Interview.application)
        .where(
            Assignment.id == bindparam("assignment"),
            Assignment.person_id == viewer.person_id,
            Assignment.role == AssignmentRole.LEAD,
            Interview.state != InterviewState.PLANNED,
            visibility.not_own(viewer),
        )
        .options(*_with_interview())
    )


def managed_assignment(session: Session, viewer: Viewer, assignment_id: int) -> Assignment:
    """Return a lead's assignment in an application that the viewer manages or decides. Raises NotFound."""
    row = session.scalar(
        select(Assignment)
        .join(Assignment.interview)
        .where(Assignment.id == assignment_id, Assignment.role == AssignmentRole.LEAD)
        .options(*_with_interview())
    )
    rights = (Right.MANAGE, Right.DECIDE)
    if row is None or not any(visibility.may(session, viewer, row.interview.application_id, each) for each in rights):
        raise NotFound(f"assignment {assignment_id}")
    return row


def _with_interview() -> tuple[Any, ...]:
    application = contains_eager(Assignment.interview).joinedload(Interview.application)
    requisition = application.joinedload(Application.requisition)
    competencies = selectinload(Assignment.competencies).joinedload(AssignmentCompetency.competency)
    return (
        application.joinedload(Application.candidate),
        requisition.joinedload(Requisition.region),
        joinedload(Assignment.person),
        competencies.selectinload(Competency.anchors),
    )


def own_scorecard(session: Session, viewer: Viewer, assignment_id: int) -> Scorecard | None:
    """Return the viewer's own scorecard of an assignment, in whatever state; None where there is none yet."""
    return session.scalar(
        select(Scorecard)
        .where(Scorecard.assignment_id == assignment_id, Scorecard.author_id == viewer.person_id, readable(viewer))
        .options(*_with_contents())
    )


def read(session: Session, viewer: Viewer, assignment_id: int) -> Scorecard:
    """Return a submitted scorecard that the viewer may read, with its contents. Raises NotFound."""
    found = session.scalar(_read(viewer, Scorecard.assignment_id), {"that": assignment_id})
    if found is None:
        raise NotFound(f"scorecard of assignment {assignment_id}")
    return found


def submitted_of(session: Session, viewer: Viewer, application_id: int) -> Sequence[Scorecard]:
    """Return the submitted scorecards of an application that the viewer may read, in the order of the interviews."""
    return session.scalars(_read(viewer, Scorecard.application_id), {"that": application_id}).all()


@lru_cache(maxsize=1024)
def _read(viewer: Viewer, by: InstrumentedAttribute[int]) -> Select[Scorecard]:
    """Return the statement that reads the submitted scorecards of which a column is "that"."""
    interview = contains_eager(Scorecard.assignment).contains_eager(Assignment.interview)
    application = interview.joinedload(Interview.application)
    return (
        select(Scorecard)
        .join(Scorecard.assignment)
        .join(Assignment.interview)
        .where(by == bindparam("that"), Scorecard.state == ScorecardState.SUBMITTED, readable(viewer))
        .order_by(*AS_HELD, Scorecard.id)
        .options(
            application.joinedload(Application.candidate),
            application.joinedload(Application.requisition).joinedload(Requisition.region),
            contains_eager(Scorecard.assignment)
            .selectinload(Assignment.competencies)
            .joinedload(AssignmentCompetency.competency),
            joinedload(Scorecard.author),
            *_with_contents(),
        )
    )


def _with_contents() -> tuple[Any, ...]:
    return (
        selectinload(Scorecard.ratings).joinedload(Rating.competency),
        selectinload(Scorecard.evidence).joinedload(Evidence.competency),
        joinedload(Scorecard.waived_by),
        joinedload(Scorecard.typed_by),
    )


def versions(session: Session, viewer: Viewer, scorecard: Scorecard) -> Sequence[ScorecardVersion]:
    """Return every version of a scorecard that the viewer may read, the latest first."""
    return session.scalars(
        select(ScorecardVersion)
        .join(Scorecard, ScorecardVersion.scorecard_id == Scorecard.id)
        .where(Scorecard.id == scorecard.id, readable(viewer))
        .order_by(ScorecardVersion.number.desc())
    ).all()


def ratings_by_decision(
    session: Session, viewer: Viewer, assignments: Select[int], competency_id: int
) -> Sequence[tuple[bool, int, int]]:
    """Return (decided hire, rating, how many) of a competency in the submitted scorecards of some assignments.

    Counts for figures that hold small numbers back; where the viewer is bound, or applied, nothing counts.
    """
    rows = session.execute(
        select(Decision.kind, Rating.rating, func.count())
        .join(Scorecard, Rating.scorecard_id == Scorecard.id)
        .join(Application, Scorecard.application_id == Application.id)
        .join(Decision, Decision.application_id == Application.id)
        .where(
            Rating.competency_id == competency_id,
            Scorecard.assignment_id.in_(assignments),
            Scorecard.state == ScorecardState.SUBMITTED,
            Decision.superseded_at.is_(None),
            _not_bound(viewer),
        )
        .group_by(Decision.kind, Rating.rating)
    )
    return [(kind is DecisionKind.HIRE, rating, count) for kind, rating, count in rows]
