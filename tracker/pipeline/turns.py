"""Verbs that count what others write at the same moment take turns on the application."""

from sqlalchemy.orm import Session

from tracker.models.application import Application


def take_turn(session: Session, application: Application) -> None:
    """Wait until nobody else is changing the application, and read it anew; held until the transaction ends.

    Without it two interviewers who submit the last two scorecards at once would each find the other's missing, and the
    debrief would never open. SQLite has one writer at a time anyway and ignores the lock.
    """
    # Of the application alone: PostgreSQL locks nothing of an outer join, and pages read the candidate by one.
    session.refresh(application, with_for_update={"of": Application})
