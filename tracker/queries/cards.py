"""What lists show beside each application: its clocks, next interview, scorecards; for many at once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, case, func, select
from sqlalchemy.orm import Session

from tracker.db import UtcMoment
from tracker.models.deadline import Deadline
from tracker.models.interview import Assignment, Interview, InterviewState
from tracker.models.person import InterviewKind
from tracker.models.scorecard import Scorecard
from tracker.rules.deadlines import Calendar, DeadlineKind, Standing, sort_key, standing
from tracker.rules.scorecards import ScorecardState
from tracker.statements import rows

# Built once: pages ask these for every list they show.
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_RUNNING = select(Deadline.application_id, Deadline.kind, Deadline.state, Deadline.due_at, Deadline.days_kept).where(
    Deadline.application_id.in_(_IDS), Deadline.closed_at.is_(None)
)
_NEXT = (
    select(Interview.application_id, func.min(Interview.starts_at))
    .where(
        Interview.application_id.in_(_IDS),
        Interview.starts_at > bindparam("now", type_=UtcMoment()),
        Interview.state == InterviewState.SENT,
    )
    .group_by(Interview.application_id)
)
_COUNTED = (
    select(
        Scorecard.application_id,
        Interview.kind,
        func.sum(case((Scorecard.state != ScorecardState.DRAFT, 1), else_=0)),
        func.count(),
    )
    .join(Assignment, Scorecard.assignment_id == Assignment.id)
    .join(Interview, Assignment.interview_id == Interview.id)
    .where(Scorecard.application_id.in_(_IDS), Assignment.ended_at.is_(None), Interview.state == InterviewState.SENT)
    .group_by(Scorecard.application_id, Interview.kind)
)


@dataclass(frozen=True)
class Due:
    """One deadline that runs, with how it stands."""

    kind: DeadlineKind
    standing: Standing


@dataclass(frozen=True)
class Clocks:
    """The most urgent running deadline of an application, and its promise where that runs."""

    due: Due
    promise: Standing | None


def clocks(session: Session, calendars: Mapping[int, Calendar], now: datetime) -> dict[int, Clocks]:
    """Return the clocks that run, by application; ``calendars`` maps application ids to their calendars."""
    found: dict[int, Clocks] = {}
    for application_id, kind, state, due_at, kept in rows(session, _RUNNING, {"ids": list(calendars)}):
        due = Due(kind, standing(state, due_at, now, calendars[application_id], kept=kept))
        before = found.get(application_id)
        promise = due.standing if kind is DeadlineKind.PROMISE else before.promise if before else None
        is_first = before is None or sort_key(due.standing) < sort_key(before.due.standing)
        found[application_id] = Clocks(due if is_first or before is None else before.due, promise)
    return found


def next_interviews(session: Session, ids: Collection[int], now: datetime) -> dict[int, datetime]:
    """Return the start of the next interview that went out, by application id."""
    found = rows(session, _NEXT, {"ids": list(ids), "now": now})
    return {application_id: starts_at for application_id, starts_at in found if starts_at is not None}


def scorecards_in(session: Session, ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Return (in, wanted) of the latest kind of interview, by application id. Counts only: nothing of their content."""
    found: dict[int, tuple[int, int]] = {}
    for application_id, kind, done, total in rows(session, _COUNTED, {"ids": list(ids)}):
        # A loop comes after the phone screens: where there is one, it is what people wait for.
        if kind is InterviewKind.LOOP or application_id not in found:
            found[application_id] = (int(done), total)
    return found
