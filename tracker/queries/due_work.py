"""Whether anything is due of what the worker raises: asked at each tick, so in one statement."""

from datetime import datetime

from sqlalchemy import bindparam, exists, select, union_all
from sqlalchemy.orm import Session

from tracker.db import UtcMoment
from tracker.models.deadline import Nudge, NudgeState
from tracker.models.interview import Loop
from tracker.models.outbox import OutboxPause, Reminder
from tracker.statements import rows


def is_any_due(session: Session, now: datetime) -> bool:
    """Whether a loop is over, or a nudge or reminder is due, while the outbox is not paused.

    Reads the first entry of three indexes, however much waits for its day.
    """
    return rows(session, _ANY, {"now": now}).first() is not None


_AT = bindparam("now", type_=UtcMoment())
_FIRST = (
    select(Loop.id).where(Loop.awaited_at <= _AT).order_by(Loop.awaited_at).limit(1),
    select(Nudge.id).where(Nudge.state == NudgeState.WAITING, Nudge.at <= _AT).order_by(Nudge.at).limit(1),
    select(Reminder.id).where(Reminder.done_at.is_(None), Reminder.at <= _AT).order_by(Reminder.at).limit(1),
)
_IS_PAUSED = exists().where(OutboxPause.id.is_not(None))
_ANY = union_all(*(select(each.subquery().c.id).where(~_IS_PAUSED) for each in _FIRST)).limit(1)
