"""Verbs that rest on what others may write at the same moment take turns on the application."""

from sqlalchemy.orm import Session

from tracker.models.application import Application
from tracker.rules.refused import Refused


class Erased(Refused):
    """The candidate's data was erased: nothing of it comes back."""


def take_turn(session: Session, application: Application) -> None:
    """Wait until nobody else is changing the application, and read everything anew; held until the transaction ends.

    Without it two interviewers who submit the last two scorecards at once would each find the other's missing, and the
    debrief would never open; and a phone screen would be arranged for somebody who withdrew while we waited: so nothing
    that was read before counts, neither the application nor what hangs on it. A verb calls it before it asks anything.
    SQLite has one writer at a time anyway and ignores the lock.

    Raises Erased.
    """
    session.flush()
    session.expire_all()
    # Of the application alone: PostgreSQL locks nothing of an outer join, and pages read the candidate by one. Its key
    # does not change: who only writes rows that refer to it (the sender, the ticks) need not wait.
    session.refresh(application, with_for_update={"of": Application, "key_share": True})
    check_not_erased(application)


def check_not_erased(application: Application) -> None:
    """Raise Erased where the candidate was erased: for verbs that rest on nothing, and so take no turn."""
    if application.erased_at is not None:
        raise Erased(
            f"This candidate’s data was erased on {application.erased_at:%d %b %Y}: nothing can be added or changed."
        )
