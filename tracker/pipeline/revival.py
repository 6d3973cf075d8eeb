"""A deadline that was cancelled as its application was closed goes on as it was, where that is opened again."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.models.person import Person
from tracker.pipeline import nudges
from tracker.pipeline.record import note_change
from tracker.rules.deadlines import DeadlineKind, DeadlineState


def revive(
    session: Session,
    application: Application,
    kind: DeadlineKind,
    *,
    closed_at: datetime,
    owner: Person,
    now: datetime,
    subject: int = 0,
) -> None:
    """Let the deadline of this kind and subject run again that the closing at ``closed_at`` cancelled, if there is one.

    It is the same one, so that it counts once however often the application is closed: with the date that the candidate
    was told, the days by which it was extended, and paused where it was. What was missed is missed (section 4).
    """
    cancelled_then = (
        select(Deadline)
        .where(
            Deadline.application_id == application.id,
            Deadline.kind == kind,
            Deadline.subject == subject,
            Deadline.state == DeadlineState.CANCELLED,
            Deadline.closed_at == closed_at,
        )
        .order_by(Deadline.id.desc())
        .limit(1)
    )
    deadline = session.scalar(cancelled_then)
    if deadline is None:
        return
    # Only what is paused keeps days, and what is cancelled keeps them as it was.
    is_paused = deadline.days_kept is not None
    deadline.state = DeadlineState.PAUSED if is_paused else DeadlineState.OPEN
    deadline.paused_at, deadline.closed_at = closed_at if is_paused else None, None
    deadline.owner_id = owner.id
    deadline.revision += 1
    session.flush()
    if not is_paused:
        nudges.plan(session, deadline, now=now)
    text = f"{kind.label} goes on as it was{', paused' if is_paused else ''}"
    note_change(session, "deadline.revive", text, by=None, now=now, application=application)
