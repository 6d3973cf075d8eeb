"""How one deadline is counted, and what else is due of its application: the page of a deadline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models.deadline import Deadline
from tracker.models.region import ClosedDay
from tracker.models.requisition import Requisition
from tracker.queries import visibility
from tracker.queries.deadline_lines import DeadlineLine, deadlines_of
from tracker.queries.visibility import Right
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.permissions import Viewer
from tracker.rules.zones import local_date


@dataclass(frozen=True)
class Counting:
    """From which day so many business days are counted, and the days named as closed that are left out on the way.

    ``extra_days`` of the business days are those of an extension.
    """

    counts_from: date
    is_resumed: bool
    business_days: int
    extra_days: int
    extension_reason: str
    left_out: Sequence[ClosedDay]


def counting(session: Session, deadline_id: int) -> Counting:
    """Return how a deadline, which the viewer was let in to, is counted."""
    deadline = session.get_one(Deadline, deadline_id)
    first, last = (local_date(at, deadline.zone) for at in (deadline.counts_from, deadline.due_at))
    closed = session.scalars(
        select(ClosedDay)
        .join(Requisition, Requisition.region_id == ClosedDay.region_id)
        .where(Requisition.id == deadline.requisition_id, ClosedDay.on > first, ClosedDay.on < last)
        .order_by(ClosedDay.on)
    )
    return Counting(
        counts_from=first,
        is_resumed=deadline.resumed_at is not None,
        business_days=deadline.business_days,
        extra_days=deadline.extra_days,
        extension_reason=deadline.extension_reason,
        left_out=closed.all(),
    )


def break_down(session: Session, viewer: Viewer, application_id: int, now: datetime) -> list[DeadlineLine]:
    """Return all deadlines of an application but those that were cancelled, in the order in which they are due.

    Empty for whoever may not read the application.
    """
    try:
        application = visibility.get_application(session, viewer, application_id, Right.READ)
    except visibility.NotFound:
        return []
    order = list(DeadlineKind)
    lines = deadlines_of(session, application, now)
    return sorted(lines, key=lambda line: (line.standing.due_at, order.index(line.kind), line.id))
