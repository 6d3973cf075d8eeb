"""The files of a scorecard: read by whom the blind rule lets read it (``scorecards.readable``), and by nobody else."""

from collections.abc import Sequence

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from tracker.models.scorecard import Scorecard, ScorecardFile
from tracker.queries.scorecards import readable
from tracker.queries.visibility import NotFound
from tracker.rules.permissions import Viewer


def files(session: Session, viewer: Viewer, scorecard: Scorecard) -> Sequence[ScorecardFile]:
    """Return the files of a scorecard as it stands, those that its author has not handed in yet to the author alone."""
    standing = (ScorecardFile.scorecard_id == scorecard.id, ScorecardFile.until.is_(None))
    return session.scalars(_files(viewer).where(*standing).order_by(ScorecardFile.id)).all()


def file(session: Session, viewer: Viewer, file_id: int) -> ScorecardFile:
    """Return a file of whatever version of a scorecard that the viewer may read. Raises NotFound."""
    row = session.scalar(_files(viewer).where(ScorecardFile.id == file_id))
    if row is None:
        raise NotFound(f"scorecard file {file_id}")
    return row


def _files(viewer: Viewer) -> Select[ScorecardFile]:
    seen = or_(ScorecardFile.since.is_not(None), Scorecard.author_id == viewer.person_id)
    of = select(ScorecardFile).join(Scorecard, ScorecardFile.scorecard_id == Scorecard.id)
    return of.where(readable(viewer), seen)
