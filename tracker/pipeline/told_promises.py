"""By which date a candidate was told that the outcome comes, so that another date is told, and only another one.

Kept with the mail that told it, as times are (see ``told_times``): one that was dropped told nobody anything.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models.deadline import Deadline
from tracker.models.outbox import MailState, OutboxMail
from tracker.rules.deadlines import DeadlineState, is_missed

SCHEDULES = ("loop_schedule", "loop_changed")
KINDS = ("promise_moved", *SCHEDULES)
_ON_ITS_WAY = (MailState.WAITING, MailState.CLAIMED)


def promising(promise: Deadline | None, now: datetime) -> dict[str, Any]:
    """Return what is added to the fact of a mail that tells the candidate of a promise as it stands.

    Of one that is paused the mail says nothing, which is right while it stands; of none, or a missed one, for ever.
    """
    if promise is None or is_missed(promise.state, promise.due_at, now):
        return {}
    if promise.state is DeadlineState.PAUSED:
        return {"promise": promise.id, "due_at": None}
    due_at = promise.due_at.isoformat()
    return {"promise": promise.id, "due_at": due_at, "until": due_at}


@dataclass(frozen=True)
class Told:
    """The last date (UTC) that reached the candidate, None where none did; and whether the one that holds is to."""

    due_at: datetime | None
    is_on_its_way: bool


def told(session: Session, promise: Deadline, *, otherwise: datetime | None) -> Told:
    """Return what the candidate knows of a promise; ``otherwise`` where no mail was ever to tell it.

    A schedule that is on its way tells the date that holds, or the one that is written in its stead does.
    """
    mails = (
        select(OutboxMail.kind, OutboxMail.fact, OutboxMail.state, OutboxMail.data_started_at)
        .where(OutboxMail.application_id == promise.application_id, OutboxMail.kind.in_(KINDS))
        .order_by(OutboxMail.id.desc())
    )
    rows = [row for row in session.execute(mails) if row.fact.get("promise") == promise.id]
    if not rows:
        return Told(otherwise, is_on_its_way=False)
    reached = [row for row in rows if row.state is MailState.SENT or row.data_started_at is not None]
    named = (row.fact["due_at"] for row in reached if row.fact["due_at"] is not None)
    last = next(named, None)
    coming = [row for row in rows if row not in reached and row.state in _ON_ITS_WAY]
    holds = promise.due_at.isoformat()
    return Told(
        due_at=None if last is None else datetime.fromisoformat(last),
        is_on_its_way=any(row.kind in SCHEDULES or row.fact["due_at"] == holds for row in coming),
    )
