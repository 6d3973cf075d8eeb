"""Who may enter a scorecard for the interviewer who dictates it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models.application import Application
from tracker.models.interview import Assignment
from tracker.queries import scorecards, visibility
from tracker.queries.own_interviews import own_leads
from tracker.queries.visibility import NotFound, Right
from tracker.rules.permissions import Viewer


def dictated_assignment(session: Session, viewer: Viewer, assignment_id: int) -> Assignment:
    """Return a lead's assignment whose scorecard the viewer may enter, as its interviewer dictates it.

    Who manages the application does, if he or she interviews nowhere in it: nobody sees another's evidence before the
    own is in, nor has a hand in two. Raises NotFound.
    """
    row = scorecards.managed_assignment(session, viewer, assignment_id)
    if not may_enter(session, viewer, row.interview.application_id):
        raise NotFound(f"assignment {assignment_id}")
    return row


def may_enter(session: Session, viewer: Viewer, application_id: int) -> bool:
    """Whether the viewer may enter scorecards of an application for those who dictate them."""
    theirs = Application.id.in_(own_leads(viewer))
    holds = select(Application.id).where(Application.id == application_id, theirs)
    return visibility.may(session, viewer, application_id, Right.MANAGE) and session.scalar(holds) is None
