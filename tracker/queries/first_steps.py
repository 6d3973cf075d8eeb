"""What is still to be set up on a new tracker, for the admin who signs in to it first."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models.person import InterviewerQualification, Person
from tracker.models.requisition import Requisition
from tracker.rules.permissions import Viewer, may_set_up


@dataclass(frozen=True)
class FirstSteps:
    """Which of the first steps are done, as far as that can be told: regions and plan are there from the seed."""

    has_recruiter: bool
    has_qualified: bool


def of(session: Session, viewer: Viewer) -> FirstSteps | None:
    """Return them for an admin until the first requisition is opened; None for everybody else and afterwards."""
    if not may_set_up(viewer) or session.scalar(select(Requisition.id).limit(1)) is not None:
        return None
    recruiter = select(Person.id).where(Person.is_recruiter, Person.is_active).limit(1)
    return FirstSteps(
        has_recruiter=session.scalar(recruiter) is not None,
        has_qualified=session.scalar(select(InterviewerQualification.id).limit(1)) is not None,
    )
