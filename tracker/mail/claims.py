"""Who has which mail in hand: claims with a lease, in the database.

A claim is an update that must hit the row in its old state, so two senders cannot both make it. PostgreSQL's leases go
by the database's clock: two machines with clocks an hour apart then still agree.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Interval, and_, exists, func, literal, or_, select, union_all, update
from sqlalchemy.orm import Session, aliased

from tracker.models.outbox import MailState, OutboxMail, OutboxPause

LEASE = timedelta(minutes=5)
NONE = timedelta()
# Enough to find one that no other sender has in hand.
GLANCE = 20


@dataclass(frozen=True)
class Claim:
    """A mail in hand. ``was_started``: an earlier sender began to hand it over and was never heard of again."""

    id: int
    token: str
    receiver: str
    message: bytes
    fact: dict[str, Any]
    attempts: int
    created_at: datetime
    was_started: bool


def _lease_clock(session: Session, now: datetime, later: timedelta = NONE) -> Any:
    """Return the moment that leases go by: PostgreSQL's own; on SQLite, whose processes share a machine, ``now``."""
    if session.get_bind().dialect.name != "postgresql":
        return now + later
    return func.clock_timestamp(type_=DateTime(timezone=True)) + literal(later, Interval())


def claimable(session: Session, now: datetime, limit: int = GLANCE) -> list[int]:
    """Return the ids of mails that may be claimed: abandoned ones first, then those due the longest."""
    abandoned = select(OutboxMail.id).where(_is_abandoned(_lease_clock(session, now)))
    due = select(OutboxMail.id).where(_is_due(now), ~_follows_another())
    # Both in the order of the index on state and next_try_at, which keeps every planner from reading what was sent.
    ordered = [
        each.order_by(OutboxMail.next_try_at, OutboxMail.id).limit(limit).subquery() for each in (abandoned, due)
    ]
    return list(session.scalars(union_all(*(select(each.c.id) for each in ordered)).limit(limit)))


def claim(session: Session, mail_id: int, now: datetime) -> Claim | None:
    """Claim a mail whose lock was taken; None if it is no longer to be claimed. The caller commits."""
    token = uuid.uuid4().hex
    free = or_(_is_abandoned(_lease_clock(session, now)), and_(_is_due(now), ~_follows_another()))
    row = session.execute(
        update(OutboxMail)
        .where(OutboxMail.id == mail_id, free)
        .values(
            state=MailState.CLAIMED,
            token=token,
            leased_until=_lease_clock(session, now, LEASE),
            attempts=OutboxMail.attempts + 1,
        )
        .returning(
            OutboxMail.receiver,
            OutboxMail.message,
            OutboxMail.fact,
            OutboxMail.attempts,
            OutboxMail.created_at,
            OutboxMail.data_started_at,
        )
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is None:
        return None
    return Claim(
        id=mail_id,
        token=token,
        receiver=row.receiver,
        message=row.message,
        fact=row.fact,
        attempts=row.attempts,
        created_at=row.created_at,
        was_started=row.data_started_at is not None,
    )


def is_safely_mine(session: Session, claim: Claim, now: datetime) -> bool:
    """Whether the claim stands with more than half of its lease left; on PostgreSQL the row is then locked."""
    half = _lease_clock(session, now, LEASE / 2)
    row = select(OutboxMail.id).where(_is(claim), OutboxMail.leased_until > half, ~_is_paused()).with_for_update()
    return session.scalar(row) is not None


def settle(session: Session, claim: Claim, **values: Any) -> bool:
    """Change the claimed row; return whether the claim still stood. A state other than claimed ends the claim."""
    if values.get("state", MailState.CLAIMED) is not MailState.CLAIMED:
        values |= {"token": None, "leased_until": None}
    changed = session.execute(
        update(OutboxMail)
        .where(_is(claim))
        .values(**values)
        .returning(OutboxMail.id)
        .execution_options(synchronize_session=False)
    )
    return changed.one_or_none() is not None


def _is(claim: Claim) -> ColumnElement[bool]:
    return and_(OutboxMail.id == claim.id, OutboxMail.state == MailState.CLAIMED, OutboxMail.token == claim.token)


def _is_due(now: datetime) -> ColumnElement[bool]:
    return and_(OutboxMail.state == MailState.WAITING, OutboxMail.next_try_at <= now, ~_is_paused())


def _is_abandoned(at: Any) -> ColumnElement[bool]:
    return and_(OutboxMail.state == MailState.CLAIMED, OutboxMail.leased_until < at, ~_is_paused())


def _is_paused() -> ColumnElement[bool]:
    return exists().where(OutboxPause.id.is_not(None))


def _follows_another() -> ColumnElement[bool]:
    """Whether an earlier mail of the same order to the same receiver is not settled yet.

    A cancellation must not overtake its invitation; one receiver's slow server does not hold up the others.
    """
    earlier = aliased(OutboxMail)
    return (
        exists()
        .where(
            earlier.order_key == OutboxMail.order_key,
            earlier.receiver == OutboxMail.receiver,
            earlier.id < OutboxMail.id,
            earlier.state.in_([MailState.WAITING, MailState.CLAIMED]),
        )
        .correlate(OutboxMail)
    )
