"""The deadlines of one application as its page lists them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from tracker.db import AnySelect
from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.models.person import Person
from tracker.queries.calendars import calendar_of
from tracker.rules.deadlines import DeadlineKind, DeadlineState, Standing, sort_key, standing
from tracker.statements import rows


@dataclass(frozen=True)
class DeadlineLine:
    """A deadline and how it stands; ``subject`` is the assignment of a scorecard's."""

    id: int
    kind: DeadlineKind
    subject: int
    owner_id: int
    owner: str
    standing: Standing
    pause_reason: str
    is_paused: bool


def deadlines_of(session: Session, application: Application, now: datetime) -> list[DeadlineLine]:
    """Return the deadlines of an application but those that were cancelled, the most urgent first."""
    calendar = calendar_of(session, application.requisition.region)
    lines = [
        DeadlineLine(
            id=row.id,
            kind=row.kind,
            subject=row.subject,
            owner_id=row.owner_id,
            owner=row.owner,
            standing=standing(row.state, row.due_at, now, calendar, row.closed_at, kept=row.days_kept),
            pause_reason=row.pause_reason,
            is_paused=row.state is DeadlineState.PAUSED,
        )
        for row in rows(session, _DEADLINES, {"application": application.id})
    ]
    return sorted(lines, key=lambda line: sort_key(line.standing))


_DEADLINES: AnySelect = (
    select(
        Deadline.id,
        Deadline.kind,
        Deadline.subject,
        Deadline.owner_id,
        Deadline.state,
        Deadline.due_at,
        Deadline.closed_at,
        Deadline.days_kept,
        Deadline.pause_reason,
        Person.name.label("owner"),
    )
    .join(Person, Deadline.owner_id == Person.id)
    .where(
        Deadline.application_id == bindparam("application", type_=Application.id.type),
        Deadline.state != DeadlineState.CANCELLED,
    )
    .order_by(Deadline.id.desc())
)
