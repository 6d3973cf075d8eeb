"""By when something is wanted, in words for the one who is asked for it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.zones import moment_words

NO_DATE = "as soon as you can"


def by_when(session: Session, application: Application, kind: DeadlineKind, zone: str, *, now: datetime) -> str:
    """Return "by ..." with the due moment in a zone; other words where its clock stands, or it is overdue already."""
    due_at = session.scalar(
        select(Deadline.due_at).where(
            Deadline.application_id == application.id,
            Deadline.kind == kind,
            Deadline.state == DeadlineState.OPEN,
            Deadline.due_at > now,
        )
    )
    return f"by {moment_words(due_at, zone)}" if due_at else NO_DATE
