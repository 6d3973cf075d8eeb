"""The scorecards of an application as a list shows them. What may be read of one, ``scorecards.readable`` says."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, or_, select
from sqlalchemy.orm import Session

from tracker.db import AnySelect, UtcMoment
from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.models.interview import Assignment, AssignmentRole, Interview, InterviewState
from tracker.models.person import InterviewKind, Person
from tracker.models.scorecard import Scorecard
from tracker.queries import visibility
from tracker.queries.calendars import calendar_of
from tracker.queries.in_order import AS_HELD
from tracker.queries.readings import SAME_READING, to_note
from tracker.queries.scorecards import readable
from tracker.queries.visibility import Right
from tracker.rules.deadlines import DeadlineKind, Standing, standing
from tracker.rules.permissions import Viewer
from tracker.rules.scorecards import Recommendation, ScorecardState
from tracker.statements import rows


@dataclass(frozen=True)
class ScorecardLine:
    """One scorecard of an application as a list shows it.

    ``recommendation`` and ``url`` are None where the viewer may not read it; ``due`` is None where no deadline ran.
    ``state`` is waiting, submitted or waived; ``is_declined``: it waits, though its interviewer said no to
    it, or to the interview. ``to_note`` is the scorecard's id where it is to be noted that the viewer is shown what it
    recommends.
    """

    assignment_id: int
    interviewer: str
    interview_id: int
    interview_name: str
    kind: InterviewKind
    state: str
    due: Standing | None
    submitted_at: datetime | None
    recommendation: Recommendation | None
    url: str | None
    may_waive: bool
    is_declined: bool = False
    to_note: int | None = None


def for_application(
    session: Session,
    viewer: Viewer,
    application: Application,
    *,
    now: datetime,
    rights: Collection[Right] | None = None,
    due: Mapping[int, Standing] | None = None,
) -> tuple[ScorecardLine, ...]:
    """Return a line for every scorecard that the application's interviews ask for, in the order of the interviews.

    The caller has seen to it that the viewer may know of the application. A fixed number of statements; fewer where
    the caller knows the viewer's ``rights`` and how the scorecards' deadlines stand (``due``, by assignment).
    """
    found = rows(session, _lines_query(viewer), {"application": application.id, "since": now - SAME_READING}).all()
    rights = visibility.rights(session, viewer, application.id) if rights is None else rights
    due = _due(session, application, now) if due is None else due
    may_waive = Right.JUDGE in rights
    return tuple(_line(row, due.get(row.assignment_id), viewer, may_waive=may_waive) for row in found)


@lru_cache(maxsize=1024)
def _lines_query(viewer: Viewer) -> AnySelect:
    """The statement behind ``for_application``, built once for a viewer."""
    may_read = readable(viewer)
    is_to_note = to_note(viewer.person_id, bindparam("since", type_=UtcMoment()))
    return (
        select(
            Assignment.id.label("assignment_id"),
            Assignment.person_id,
            Person.name.label("interviewer"),
            Interview.id.label("interview_id"),
            Interview.name.label("interview_name"),
            Interview.kind,
            Scorecard.state,
            Scorecard.submitted_at,
            or_(Assignment.declined_at.is_not(None), Scorecard.declined_at.is_not(None)).label("is_declined"),
            may_read.label("may_read"),
            case((may_read, Scorecard.recommendation)).label("recommendation"),
            case((and_(may_read, is_to_note), Scorecard.id)).label("to_note"),
        )
        .select_from(Assignment)
        .join(Interview, Assignment.interview_id == Interview.id)
        .join(Person, Assignment.person_id == Person.id)
        .outerjoin(Scorecard, Scorecard.assignment_id == Assignment.id)
        .where(Interview.application_id == bindparam("application"), *_asked_for())
        .order_by(*AS_HELD, Assignment.id)
    )


def _asked_for() -> tuple[ColumnElement[bool], ...]:
    """Conditions on an assignment: its scorecard is asked for, or was submitted before all changed."""
    stands = and_(Interview.state == InterviewState.SENT, Assignment.ended_at.is_(None))
    return (Assignment.role == AssignmentRole.LEAD, or_(stands, Scorecard.state == ScorecardState.SUBMITTED))


def _line(row: Any, due: Standing | None, viewer: Viewer, *, may_waive: bool) -> ScorecardLine:
    state = row.state or ScorecardState.DRAFT
    opens = row.person_id == viewer.person_id or row.may_read
    return ScorecardLine(
        assignment_id=row.assignment_id,
        interviewer=row.interviewer,
        interview_id=row.interview_id,
        interview_name=row.interview_name,
        kind=row.kind,
        state="waiting" if state is ScorecardState.DRAFT else state.value,
        due=due,
        submitted_at=row.submitted_at,
        # What a draft recommends may still change: it is shown in the form alone.
        recommendation=row.recommendation if state is ScorecardState.SUBMITTED else None,
        url=f"/scorecards/{row.assignment_id}" if opens else None,
        may_waive=may_waive and state is ScorecardState.DRAFT,
        is_declined=state is ScorecardState.DRAFT and bool(row.is_declined),
        to_note=row.to_note if state is ScorecardState.SUBMITTED else None,
    )


def _due(session: Session, application: Application, now: datetime) -> dict[int, Standing]:
    calendar = calendar_of(session, application.requisition.region)
    rows = session.scalars(
        select(Deadline)
        .where(Deadline.application_id == application.id, Deadline.kind == DeadlineKind.SCORECARD)
        .order_by(Deadline.id)
    )
    return {
        row.subject: standing(row.state, row.due_at, now, calendar, row.closed_at, kept=row.days_kept) for row in rows
    }
