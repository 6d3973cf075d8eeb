"""Open deadlines that would move, because a holiday, a region or a plan's limit changed since they were worked out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from tracker.db import AnySelect, UtcMoment
from tracker.models.application import Application
from tracker.models.candidate import Candidate
from tracker.models.deadline import Deadline
from tracker.models.interview_plan import InterviewPlan
from tracker.models.region import Region
from tracker.models.requisition import Requisition
from tracker.queries import visibility
from tracker.queries.calendars import calendars_of
from tracker.queries.running_deadlines import limits_of
from tracker.rules.deadlines import Calendar, DeadlineKind, DeadlineState, due_at, is_missed
from tracker.rules.limits import Limit, limit_on
from tracker.rules.permissions import Viewer
from tracker.statements import rows

Limits = dict[tuple[int, DeadlineKind], list[Limit]]


@dataclass(frozen=True)
class Change:
    """One deadline with its due moment as it stands and as it would be. Moments are UTC, ``zone`` is the new one.

    ``is_over``: the new moment is past. Nobody can still keep it, so that the deadline stays as it is.
    """

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
    is_over: bool

    @property
    def shown(self) -> str:
        """What names this very change in a form: nobody accepts another moment than the one that he or she saw."""
        return f"{self.version}.{int(self.new_due_at.timestamp())}"


def pending(session: Session, viewer: Viewer, now: datetime, among: Collection[int] | None = None) -> list[Change]:
    """Return those that ``worked_out`` finds and that can be accepted: their new moment is still to come."""
    return [change for change in worked_out(session, viewer, now, among) if not change.is_over]


def worked_out(session: Session, viewer: Viewer, now: datetime, among: Collection[int] | None = None) -> list[Change]:
    """Return the running deadlines of the viewer's side that would move, the soonest new moment first.

    ``among`` are the ids of those to look at, all where it is None. Paused ones are worked out when they are resumed;
    met and missed ones never change (the process, section 4).
    """
    if among is None:
        found = rows(session, _running(viewer), {"now": now}).all()
    else:
        found = rows(session, _among(viewer), {"now": now, "ids": list(among)}).all()
    calendars = calendars_of(session, {row.region_id: row.calendar_token for row in found})
    limits = limits_of(session, {row.plan_id for row in found})
    changes = (_change(row, calendars[row.region_id], limits, now) for row in found)
    moved = [change for change in changes if change.new_due_at != change.old_due_at]
    return sorted(moved, key=lambda change: (change.new_due_at, change.id))


@lru_cache(maxsize=1024)
def _among(viewer: Viewer) -> AnySelect:
    return _running(viewer).where(Deadline.id.in_(bindparam("ids", expanding=True)))


@lru_cache(maxsize=1024)
def _running(viewer: Viewer) -> AnySelect:
    return (
        select(
            Deadline.id,
            Deadline.version,
            Deadline.kind,
            Deadline.application_id,
            Deadline.day0_at,
            Deadline.resumed_at,
            Deadline.business_days,
            Deadline.extra_days,
            Deadline.due_at,
            InterviewPlan.due_time,
            InterviewPlan.id.label("plan_id"),
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
        .where(
            Deadline.state == DeadlineState.OPEN,
            Deadline.due_at >= bindparam("now", type_=UtcMoment()),
            visibility.applications(viewer),
        )
    )


def _change(row: Any, calendar: Calendar, limits: Limits, now: datetime) -> Change:
    days = _business_days(row, calendar, limits)
    moment = due_at(row.resumed_at or row.day0_at, days, calendar, row.due_time)
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
        new_due_at=moment,
        is_over=is_missed(DeadlineState.OPEN, moment, now),
    )


def _business_days(row: Any, calendar: Calendar, limits: Limits) -> int:
    if row.resumed_at is not None:
        # What was resumed has the days that were kept, whatever the plan's limit is.
        return int(row.business_days)
    limit = limit_on(limits.get((row.plan_id, row.kind), ()), row.kind, calendar.today(row.day0_at))
    return limit + int(row.extra_days)
