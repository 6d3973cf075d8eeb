"""When a candidate can come, as he or she said, and whether that is asked now."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tracker.models.application import Application
from tracker.models.candidate_window import CandidateWindow
from tracker.models.interview import Loop, LoopState
from tracker.rules.busy_times import Span
from tracker.rules.stages import ApplicationState, StageKind

ASKED_IN = (StageKind.PHONE_SCREEN, StageKind.LOOP)


def windows_of(session: Session, application_id: int, *, now: datetime) -> list[Span]:
    """Return the times (UTC) that an application's candidate gave and that are not over, in their order."""
    query = (
        select(CandidateWindow.starts_at, CandidateWindow.ends_at)
        .where(CandidateWindow.application_id == application_id, CandidateWindow.ends_at > now)
        .order_by(CandidateWindow.starts_at)
    )
    return [Span(starts_at, ends_at) for starts_at, ends_at in session.execute(query)]


def are_asked(session: Session, application: Application) -> bool:
    """Whether interviews are to be arranged: the application is active in such a stage, and its loop is not out."""
    if application.state is not ApplicationState.ACTIVE or application.stage_kind not in ASKED_IN:
        return False
    is_out = exists().where(Loop.application_id == application.id, Loop.state == LoopState.SENT)
    return not session.scalar(select(is_out))
