"""Opening a closed application again, with all that was called off or decided as it was closed."""

from datetime import datetime

from sqlalchemy.orm import Session

from tracker.models.application import Application
from tracker.models.person import Person
from tracker.pipeline import candidates, loop_seats, moves, promise_mails
from tracker.queries import loops


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

    A promise that was running goes on as it was told. Of a new one, because another outcome is owed, the date is told.

    Raises Stale, NoNextStage, IllegalReopen.
    """
    moves.reopen(session, application, target_id, by=by, now=now, reason=reason, version=version)
    loop_seats.complete(session, application)
    candidates.tell_reopened(session, application, now=now)
    promise = loops.promise_of(session, application)
    if promise is not None:
        is_new = promise.opened_at == now
        promise_mails.tell(session, application, promise, due_before=None if is_new else promise.due_at, now=now)
