"""What lists show beside each application: most urgent deadline, next interview, scorecards; for many at once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from tracker.models.deadline import Deadline
from tracker.models.interview import Assignment, Interview, InterviewState
from tracker.models.person import InterviewKind
from tracker.models.scorecard import Scorecard
from tracker.rules.deadlines import Calendar, DeadlineKind, Standing, sort_key, standing
from tracker.rules.scorecards import ScorecardState


@dataclass(frozen=True)
class Due:
    """One deadline that runs, with how it stands."""

    kind: DeadlineKind
    standing: Standing


def most_urgent(session: Session, calendars: Mapping[int, Calendar], now: datetime) -> dict[int, Due]:
    """Return the most urgent running deadline of each application; ``calendars`` maps application ids to calendars."""
    found: dict[int, Due] = {}
    rows = session.execute(
        select(Deadline.application_id, Deadline.kind, Deadline.state, Deadline.due_at, Deadline.days_kept).where(
            Deadline.application_id.in_(calendars), Deadline.closed_at.is_(None)
        )
    )
    for application_id, kind, state, due_at, kept in rows:
        stands = standing(state, due_at, now, calendars[application_id], kept=kept)
        best = found.get(application_id)
        if best is None or sort_key(stands) < sort_key(best.standing):
            found[application_id] = Due(kind, stands)
    return found


def next_interviews(session: Session, ids: Collection[int], now: datetime) -> dict[int, datetime]:
    """Return the start of the next interview that went out, by application id."""
    rows = session.execute(
        select(Interview.application_id, func.min(Interview.starts_at))
        .where(Interview.application_id.in_(ids), Interview.starts_at > now, Interview.state == InterviewState.SENT)
        .group_by(Interview.application_id)
    )
    return {application_id: starts_at for application_id, starts_at in rows if starts_at is not None}


def scorecards_in(session: Session, ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Return (in, wanted) of the latest kind of interview, by application id. Counts only: nothing of their content."""
    rows = session.execute(
        select(
            Scorecard.application_id,
            Interview.kind,
            func.sum(case((Scorecard.state != ScorecardState.DRAFT, 1), else_=0)),
            func.count(),
        )
        .join(Assignment, Scorecard.assignment_id == Assignment.id)
        .join(Interview, Assignment.interview_id == Interview.id)
        .where(
            Scorecard.application_id.in_(ids),
            Assignment.ended_at.is_(None),
            Interview.state == InterviewState.SENT,
        )
        .group_by(Scorecard.application_id, Interview.kind)
    )
    found: dict[int, tuple[int, int]] = {}
    for application_id, kind, done, total in rows:
        # A loop comes after the phone screens: where there is one, it is what people wait for.
        if kind is InterviewKind.LOOP or application_id not in found:
            found[application_id] = (int(done), total)
    return found
