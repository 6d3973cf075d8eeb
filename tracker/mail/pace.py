"""The limit of mails for each minute, which all senders together keep: one after the other, evenly spread.

Kept in the database: a row that says when the next mail may be taken up.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from tracker.db import upsert
from tracker.mail.times import lease_clock
from tracker.models.outbox import MailPace

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def take_turn(session: Session, now: datetime, per_minute: int) -> float:
    """Take the next turn, if it has come, with the transaction that takes the mail up; return 0 then, else how many
    seconds are left."""
    step = timedelta(minutes=1) / per_minute
    session.execute(upsert(session, MailPace).values(id=1, next_at=LONG_AGO).on_conflict_do_nothing())
    at = lease_clock(session, now)
    # A turn further away than one step was given by a clock that was set back since, or under another limit.
    has_come = or_(MailPace.next_at <= at, MailPace.next_at > lease_clock(session, now, step))
    taken = update(MailPace).where(MailPace.id == 1, has_come).values(next_at=lease_clock(session, now, step))
    if session.execute(taken.returning(MailPace.id).execution_options(synchronize_session=False)).first():
        return 0.0
    left = session.scalars(select(MailPace.next_at)).one() - _now(session, now)
    return max(left.total_seconds(), 0.001)


def _now(session: Session, now: datetime) -> datetime:
    at = lease_clock(session, now)
    return at if isinstance(at, datetime) else session.scalars(select(at)).one()
