"""Which times a candidate was told last, so that the e-mail about a change can tell the old one beside the new.

Kept with the mail that told it, since one that waited too long was dropped and told nobody anything.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.models.interview import Interview
from tracker.models.outbox import MailState, OutboxMail

KINDS = ("screen_invitation", "screen_changed", "loop_schedule", "loop_changed")
Told = dict[int, tuple[datetime, datetime]]


def telling(interviews: Iterable[Interview]) -> dict[str, Any]:
    """Return what is added to the fact of a mail that tells a candidate these times."""
    timed = ((each.id, each.starts_at, each.ends_at) for each in interviews)
    return {"told": {str(key): [start.isoformat(), end.isoformat()] for key, start, end in timed if start and end}}


def told_before(session: Session, order_key: str) -> Told:
    """Return start and end (UTC), by interview, as the last mail in that order that reached the candidate told them."""
    reached = or_(OutboxMail.state == MailState.SENT, OutboxMail.data_started_at.is_not(None))
    last = (
        select(OutboxMail.fact)
        .where(OutboxMail.order_key == order_key, OutboxMail.kind.in_(KINDS), reached)
        .order_by(OutboxMail.id.desc())
        .limit(1)
    )
    told = (session.scalar(last) or {}).get("told", {})
    at = datetime.fromisoformat
    return {int(key): (at(start), at(end)) for key, (start, end) in told.items()}
