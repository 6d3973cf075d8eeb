"""The debriefs in which somebody's second vote is wanted."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tracker.db import AnySelect
from tracker.models.application import Application
from tracker.models.candidate import Candidate
from tracker.models.debrief import Debrief, Vote, VotePhase
from tracker.models.interview import Assignment, AssignmentRole, Interview, InterviewState
from tracker.models.requisition import Requisition
from tracker.models.scorecard import Scorecard
from tracker.queries import visibility
from tracker.rules.permissions import Viewer
from tracker.rules.scorecards import ScorecardState
from tracker.rules.stages import ApplicationState
from tracker.statements import rows

MOST = 100


@dataclass(frozen=True)
class OpenDebrief:
    """A debrief in which the viewer's second vote is wanted."""

    application_id: int
    candidate: str
    requisition: str
    since: datetime


def open_debriefs(session: Session, viewer: Viewer) -> tuple[OpenDebrief, ...]:
    """Return the debriefs in which the viewer's second vote is wanted, the one open for longest first."""
    return tuple(OpenDebrief(*row) for row in rows(session, _open(viewer), {}))


@lru_cache(maxsize=1024)
def _open(viewer: Viewer) -> AnySelect:
    voted = exists().where(
        Vote.debrief_id == Debrief.id, Vote.person_id == viewer.person_id, Vote.phase == VotePhase.SECOND
    )
    # A list of loops, not a condition on each debrief: the database then begins with the viewer's own assignments.
    own_loops = select(Interview.loop_id).where(
        Interview.state == InterviewState.SENT,
        Assignment.interview_id == Interview.id,
        Assignment.person_id == viewer.person_id,
        Assignment.ended_at.is_(None),
        Assignment.role == AssignmentRole.LEAD,
        Scorecard.assignment_id == Assignment.id,
        Scorecard.state == ScorecardState.SUBMITTED,
    )
    return (
        select(Application.id, Candidate.name, Requisition.title, Debrief.opened_at)
        .join(Debrief, Debrief.application_id == Application.id)
        .join(Candidate, Application.candidate_id == Candidate.id)
        .join(Requisition, Application.requisition_id == Requisition.id)
        .where(
            Debrief.held_at.is_(None),
            Application.state == ApplicationState.ACTIVE,
            Debrief.loop_id.in_(own_loops),
            ~voted,
            visibility.not_own(viewer),
        )
        .order_by(Debrief.opened_at, Debrief.id)
        .limit(MOST)
    )
