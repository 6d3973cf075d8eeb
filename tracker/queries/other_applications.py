"""What else a candidate applied for, as far as the viewer may see it."""

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from tracker.db import AnySelect
from tracker.models.application import Application
from tracker.models.candidate import Candidate
from tracker.models.interview_plan import PlanStage
from tracker.models.requisition import Requisition
from tracker.queries import visibility
from tracker.rules.permissions import Viewer
from tracker.rules.stages import ApplicationState
from tracker.statements import rows

MOST_OTHERS = 20


@dataclass(frozen=True)
class OtherLine:
    """Another application of the same candidate."""

    id: int
    requisition: str
    stage: str
    state: ApplicationState


def others_of(session: Session, viewer: Viewer, application: Application) -> tuple[OtherLine, ...]:
    """Return the other applications of the same person that the viewer may see, the newest first."""
    asked = {"email": application.candidate.email, "application": application.id}
    return tuple(OtherLine(*row) for row in rows(session, _others(viewer), asked))


@lru_cache(maxsize=1024)
def _others(viewer: Viewer) -> AnySelect:
    return (
        select(Application.id, Requisition.title, PlanStage.name, Application.state)
        .join(Requisition, Application.requisition_id == Requisition.id)
        .join(PlanStage, Application.stage_id == PlanStage.id)
        .where(
            Application.candidate_id.in_(select(Candidate.id).where(Candidate.email == bindparam("email"))),
            Application.id != bindparam("application"),
            visibility.applications(viewer),
        )
        .order_by(Application.id.desc())
        .limit(MOST_OTHERS)
    )
