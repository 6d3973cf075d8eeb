"""Who read which scorecards, and of which that is still to be noted (the process, section 5)."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session

from tracker.models.interview import Assignment, Interview
from tracker.models.person import InterviewKind, Person
from tracker.models.scorecard import Scorecard, ScorecardRead
from tracker.queries.scorecards import readable
from tracker.rules.permissions import Viewer
from tracker.rules.scorecards import ScorecardState

# Reading the same page again within this time is one reading.
SAME_READING = timedelta(hours=1)


def to_note(person_id: int, since: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """Condition on Scorecard: somebody else's, of which it was not noted since then that this person read it so.

    ``since`` is now less SAME_READING; an amended one is read anew.
    """
    noted = exists().where(
        ScorecardRead.scorecard_id == Scorecard.id,
        ScorecardRead.person_id == person_id,
        ScorecardRead.at > since,
        ScorecardRead.at >= func.coalesce(Scorecard.saved_at, Scorecard.submitted_at),
    )
    return and_(Scorecard.author_id != person_id, ~noted)


def to_note_of_loop(session: Session, viewer: Viewer, application_id: int, *, now: datetime) -> Sequence[int]:
    """Return the ids of the loop's submitted scorecards that the viewer may read, where that is to be noted."""
    query = (
        select(Scorecard.id)
        .join(Scorecard.assignment)
        .join(Assignment.interview)
        .where(
            Scorecard.application_id == application_id,
            Scorecard.state == ScorecardState.SUBMITTED,
            Interview.kind == InterviewKind.LOOP,
            readable(viewer),
            to_note(viewer.person_id, now - SAME_READING),
        )
    )
    return session.scalars(query).all()


def who_read(session: Session, application_id: int, kinds: Collection[InterviewKind]) -> frozenset[int]:
    """Return the people who read somebody else's scorecard of these kinds of interview of the application.

    Who saw what it recommends has read it too.
    """
    read = (
        select(ScorecardRead.person_id)
        .join(Scorecard, ScorecardRead.scorecard_id == Scorecard.id)
        .join(Assignment, Scorecard.assignment_id == Assignment.id)
        .join(Interview, Assignment.interview_id == Interview.id)
        .where(Scorecard.application_id == application_id, Interview.kind.in_(kinds))
    )
    return frozenset(session.scalars(read))


def readers(session: Session, viewer: Viewer, scorecard: Scorecard) -> Sequence[tuple[str, datetime]]:
    """Return who read a scorecard and when, the latest first, to those who may read it."""
    rows = session.execute(
        select(Person.name, ScorecardRead.at)
        .join(ScorecardRead, ScorecardRead.person_id == Person.id)
        .join(Scorecard, ScorecardRead.scorecard_id == Scorecard.id)
        .where(Scorecard.id == scorecard.id, readable(viewer))
        .order_by(ScorecardRead.at.desc())
        .limit(50)
    )
    return [(name, at) for name, at in rows]
