"""Files of a scorecard: its author's alone until they are handed in, and kept with every version that had them."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models.interview import Assignment
from tracker.models.person import Person
from tracker.models.scorecard import Scorecard, ScorecardFile
from tracker.pipeline.documents import Upload
from tracker.pipeline.scorecards import NotWritable, ensure, why_not_writable
from tracker.pipeline.turns import take_turn
from tracker.rules.evidence_files import check_count
from tracker.rules.scorecards import ScorecardState


def add(session: Session, assignment: Assignment, upload: Upload, *, by: Person, now: datetime) -> ScorecardFile:
    """Add a kept file to the draft, or to the amendment that its author is about to write.

    The same file sent again is the one that is there. Raises NotWritable, TooManyFiles.
    """
    card = _own(session, assignment, by)
    there = _standing(session, card)
    for each in there:
        if (each.sha256, each.name) == (upload.sha256, upload.name):
            return each
    check_count(len(there), 1)
    facts = {"name": upload.name, "media_type": upload.media_type, "size": upload.size, "sha256": upload.sha256}
    row = ScorecardFile(scorecard_id=card.id, added_at=now, **facts)
    session.add(row)
    session.flush()
    return row


def drop(session: Session, assignment: Assignment, ids: Collection[int], *, by: Person) -> None:
    """Take files out that were not handed in yet; those that were leave by an amendment alone (see ``amend``).

    Raises NotWritable.
    """
    for each in _standing(session, _own(session, assignment, by)) if ids else ():
        if each.id in ids and each.since is None:
            session.delete(each)
    session.flush()


def _own(session: Session, assignment: Assignment, by: Person) -> Scorecard:
    take_turn(session, assignment.interview.application)
    if assignment.person_id != by.id:
        raise NotWritable("Only the interviewer adds files to his or her own scorecard.")
    card = ensure(session, assignment)
    reason = why_not_writable(assignment, card)
    if reason is not None and card.state is not ScorecardState.SUBMITTED:
        raise NotWritable(reason)
    return card


def _standing(session: Session, card: Scorecard) -> list[ScorecardFile]:
    of = select(ScorecardFile).where(ScorecardFile.scorecard_id == card.id, ScorecardFile.until.is_(None))
    return list(session.scalars(of.order_by(ScorecardFile.id)))
