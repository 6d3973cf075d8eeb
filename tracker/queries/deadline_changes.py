"""Open deadlines that would move, because a holiday, a region or a plan's limit changed since they were worked out."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from tracker.db import AnySelect
from tracker.models.application import Application
from tracker.models.candidate import Candidate
from tracker.models.deadline import Deadline
from tracker.models.interview_plan import InterviewPlan, PlanLimit
from tracker.models.region import Region
from tracker.models.requisition import Requisition
from tracker.queries import visibility
from tracker.queries.calendars import calendars_of
from tracker.rules.deadlines import Calendar, DeadlineKind, DeadlineState, due_at
from tracker.rules.permissions import Viewer
from tracker.rules.zones import moment_of

# Day 0 begins with it, whatever the hour of what happened on that day.
FIRST_MOMENT = time(0, 0)


@dataclass(frozen=True)
class Change:
    """One deadline with its due moment as it stands and as it would be. Moments are UTC, ``zone`` is the new one."""

    id: int
    version: int
    kind: DeadlineKind
    application_id: int
    candidate: str
    requisition: str
    zone: str
    business_days: int
    old_due_at: datetime
    new_due_at: datetime


def pending(session: Session, viewer: Viewer) -> list[Change]:
    """Return the running deadlines of the viewer's side that would move, the soonest new moment first.

    Paused ones are worked out when they are resumed; met and missed ones never change (the process, section 4).
    """
    rows = session.execute(_running(viewer)).all()
    calendars = calendars_of(session, {row.region_id: row.calendar_token for row in rows})
    changes = (_change(row, calendars[row.region_id]) for row in rows)
    moved = [change for change in changes if change.new_due_at != change.old_due_at]
    return sorted(moved, key=lambda change: (change.new_due_at, change.id))


def _running(viewer: Viewer) -> AnySelect:
    return (
        select(
            Deadline.id,
            Deadline.version,
            Deadline.kind,
            Deadline.application_id,
            Deadline.day0_on,
            Deadline.business_days,
            Deadline.is_resumed,
            Deadline.due_at,
            PlanLimit.business_days.label("limit"),
            InterviewPlan.due_time,
            Candidate.name,
            Requisition.title,
            Region.id.label("region_id"),
            Region.calendar_token,
        )
        .join(Application, Deadline.application_id == Application.id)
        .join(Candidate, Application.candidate_id == Candidate.id)
        .join(Requisition, Deadline.requisition_id == Requisition.id)
        .join(Region, Requisition.region_id == Region.id)
        .join(InterviewPlan, Requisition.plan_id == InterviewPlan.id)
        .outerjoin(PlanLimit, and_(PlanLimit.plan_id == InterviewPlan.id, PlanLimit.kind == Deadline.kind))
        .where(Deadline.state == DeadlineState.OPEN, visibility.applications(viewer))
    )


def _change(row: Any, calendar: Calendar) -> Change:
    # What was resumed has the days that were kept, whatever the plan's limit is.
    days = row.business_days if row.is_resumed or row.limit is None else row.limit
    return Change(
        id=row.id,
        version=row.version,
        kind=row.kind,
        application_id=row.application_id,
        candidate=row.name,
        requisition=row.title,
        zone=calendar.zone,
        business_days=days,
        old_due_at=row.due_at,
        new_due_at=due_at(moment_of(row.day0_on, FIRST_MOMENT, calendar.zone), days, calendar, row.due_time),
    )
