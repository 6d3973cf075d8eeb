"""Opening a closed application again, with all that was called off or decided as it was closed."""

from datetime import datetime

from sqlalchemy.orm import Session

from tracker.models.application import Application
from tracker.models.person import Person
from tracker.pipeline import candidates, loop_seats, moves


def reopen(
    session: Session,
    application: Application,
    target_id: int,
    *,
    by: Person,
    now: datetime,
    reason: str,
    version: int | None = None,
) -> None:
    """Open a closed application again, where it stood or earlier; a loop that was broken off is to be completed, and
    the candidate is told.

    Raises Stale, NoNextStage, IllegalReopen.
    """
    moves.reopen(session, application, target_id, by=by, now=now, reason=reason, version=version)
    loop_seats.complete(session, application)
    candidates.tell_reopened(session, application, now=now)
