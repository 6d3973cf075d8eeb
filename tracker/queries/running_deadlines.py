"""Which deadlines of an application run, and what their due moments are worked out from."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.models.interview import Assignment, AssignmentRole, Interview, InterviewState
from tracker.models.interview_plan import PlanLimit
from tracker.models.scorecard import Scorecard
from tracker.rules.deadlines import DEFAULT_LIMITS, DeadlineKind, DeadlineState
from tracker.rules.scorecards import ScorecardState


def running(
    session: Session, application: Application, kinds: Iterable[DeadlineKind], subject: int | None
) -> list[Deadline]:
    """Return the open and paused deadlines of these kinds; ``subject`` None means whatever theirs is."""
    query = select(Deadline).where(
        Deadline.application_id == application.id,
        Deadline.kind.in_(tuple(kinds)),
        Deadline.closed_at.is_(None),
    )
    if subject is not None:
        query = query.where(Deadline.subject == subject)
    return list(session.scalars(query))


def limit_of(session: Session, application: Application, kind: DeadlineKind) -> int:
    """Return the business days that the plan gives to a kind of deadline."""
    days = session.scalar(
        select(PlanLimit.business_days).where(
            PlanLimit.plan_id == application.requisition.plan_id, PlanLimit.kind == kind
        )
    )
    return DEFAULT_LIMITS[kind] if days is None else days


def scorecards_owed(session: Session, application: Application) -> Iterable[Assignment]:
    """Return the lead assignments of interviews that went out whose scorecard is neither submitted nor waived."""
    return session.scalars(
        select(Assignment)
        .join(Interview, Assignment.interview_id == Interview.id)
        .outerjoin(Scorecard, Scorecard.assignment_id == Assignment.id)
        .where(
            Interview.application_id == application.id,
            Interview.state == InterviewState.SENT,
            Assignment.ended_at.is_(None),
            Assignment.role == AssignmentRole.LEAD,
            (Scorecard.id.is_(None)) | (Scorecard.state == ScorecardState.DRAFT),
        )
        .options(joinedload(Assignment.interview), joinedload(Assignment.person))
    )


def kinds_ended(session: Session, application: Application, kinds: Iterable[DeadlineKind]) -> set[DeadlineKind]:
    """Return those of the kinds that were met, in time or late."""
    ended = select(Deadline.kind).where(
        Deadline.application_id == application.id,
        Deadline.kind.in_(tuple(kinds)),
        Deadline.state.in_([DeadlineState.MET, DeadlineState.MET_LATE]),
    )
    return set(session.scalars(ended))


def met_at(session: Session, application: Application, kind: DeadlineKind, moment: datetime) -> Deadline | None:
    """Return the deadline of this kind that was met at exactly this moment."""
    return session.scalar(
        select(Deadline).where(
            Deadline.application_id == application.id,
            Deadline.kind == kind,
            Deadline.closed_at == moment,
            Deadline.state != DeadlineState.CANCELLED,
        )
    )
