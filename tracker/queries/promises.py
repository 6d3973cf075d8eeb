"""The promise of an application as every page about it shows it, and how the promises of requisitions stand."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import BindParameter, bindparam, case, func, select
from sqlalchemy.orm import Session

from tracker.db import AnyRow, AnySelect, UtcMoment
from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.models.region import Region
from tracker.models.requisition import Requisition
from tracker.queries import visibility
from tracker.queries.calendars import calendars_of
from tracker.rules.deadlines import Calendar, DeadlineKind, DeadlineState, Standing, standing
from tracker.rules.permissions import Viewer
from tracker.statements import rows

_IDS: BindParameter[list[int]] = bindparam("ids", expanding=True)
_RUNNING = (
    select(Deadline.state, Deadline.due_at, Deadline.days_kept, Region.id.label("region_id"), Region.calendar_token)
    .join(Requisition, Deadline.requisition_id == Requisition.id)
    .join(Region, Requisition.region_id == Region.id)
    .where(
        Deadline.application_id == bindparam("application"),
        Deadline.kind == DeadlineKind.PROMISE,
        Deadline.closed_at.is_(None),
    )
)


@dataclass(frozen=True)
class Promises:
    """The open promises of one requisition: how many, how many of them are overdue, and the most urgent one."""

    count: int
    overdue: int
    most_urgent: Standing


def running(session: Session, application_id: int, now: datetime) -> Standing | None:
    """Return how the running promise of an application stands, None where none runs.

    Whoever may open a page about the application may know it: interviewers too can help to keep it. What was kept or
    missed already is not theirs to know from here.
    """
    row = rows(session, _RUNNING, {"application": application_id}).one_or_none()
    if row is None:
        return None
    calendars = calendars_of(session, {row.region_id: row.calendar_token})
    return standing(row.state, row.due_at, now, calendars[row.region_id], kept=row.days_kept)


def of_requisitions(session: Session, viewer: Viewer, ids: Collection[int], now: datetime) -> dict[int, Promises]:
    """Return how the open promises of requisitions that the viewer may see stand; those without any are left out."""
    found = rows(session, _of_requisitions(viewer), {"ids": list(ids), "now": now}).all()
    calendars = calendars_of(session, {row.region_id: row.calendar_token for row in found})
    return {row.id: _promises(row, calendars[row.region_id], now) for row in found}


def _promises(row: AnyRow, calendar: Calendar, now: datetime) -> Promises:
    return Promises(row.running, row.overdue, standing(DeadlineState.OPEN, row.due_at, now, calendar))


@lru_cache(maxsize=256)
def _of_requisitions(viewer: Viewer) -> AnySelect:
    is_overdue = Deadline.due_at < bindparam("now", type_=UtcMoment())
    return (
        select(
            Requisition.id,
            Requisition.region_id,
            Region.calendar_token,
            func.count().label("running"),
            func.sum(case((is_overdue, 1), else_=0)).label("overdue"),
            func.min(Deadline.due_at).label("due_at"),
        )
        .join(Deadline, Deadline.requisition_id == Requisition.id)
        .join(Region, Requisition.region_id == Region.id)
        .join(Application, Deadline.application_id == Application.id)
        .where(
            Requisition.id.in_(_IDS),
            Deadline.kind == DeadlineKind.PROMISE,
            Deadline.state == DeadlineState.OPEN,
            visibility.not_own(viewer),
        )
        .group_by(Requisition.id, Requisition.region_id, Region.calendar_token)
    )
