"""The address of a person's calendar, and the interviews in it. The deadlines in it are those of ``deadlines.mine``."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.db import AnyRow
from tracker.models.application import Application
from tracker.models.calendar_feed import CalendarFeed
from tracker.models.candidate import Candidate
from tracker.models.interview import Assignment, Interview, InterviewState
from tracker.models.requisition import Requisition
from tracker.queries import visibility
from tracker.rules.permissions import Viewer

# What was held stays in the calendar for so long.
BACK = timedelta(days=30)
MOST = 500


def of_person(session: Session, person_id: int) -> CalendarFeed | None:
    """Return the feed of a person, who may have none."""
    return session.scalar(select(CalendarFeed).where(CalendarFeed.person_id == person_id))


def by_key(session: Session, key: str) -> CalendarFeed | None:
    """Return the feed that a key opens."""
    return session.scalar(select(CalendarFeed).where(CalendarFeed.key == key))


def interviews(session: Session, viewer: Viewer, now: datetime) -> Sequence[AnyRow]:
    """Return the interviews that went out in which the viewer takes part, of the last month and all to come."""
    query = (
        select(
            Assignment.id,
            Assignment.role,
            Interview.uid,
            Interview.sequence,
            Interview.name,
            Interview.starts_at,
            Interview.ends_at,
            Interview.place,
            Candidate.name.label("candidate"),
            Requisition.title,
        )
        .join(Interview, Assignment.interview_id == Interview.id)
        .join(Application, Interview.application_id == Application.id)
        .join(Candidate, Application.candidate_id == Candidate.id)
        .join(Requisition, Application.requisition_id == Requisition.id)
        .where(
            Assignment.person_id == viewer.person_id,
            Assignment.ended_at.is_(None),
            Interview.state == InterviewState.SENT,
            Interview.starts_at > now - BACK,
            visibility.not_own(viewer),
        )
    )
    return session.execute(query.order_by(Interview.starts_at, Interview.id).limit(MOST)).all()
