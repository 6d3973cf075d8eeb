"""Which mails a sender takes in hand, and what it notes about them: rows are claimed by the sender's token.

A mail goes out only after those that come before it:

* mails of one ``order_key`` to one receiver (an interview's invitation, its changes, its cancellation) strictly in
  order: a later one waits until the earlier is sent, dropped or dead;
* all mails to one receiver in the order in which they were written, unless an earlier one fails: it holds back the
  later ones for ten minutes after it was written, no longer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    Interval,
    Update,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session, aliased

from tracker.db import AnySelect, UtcMoment
from tracker.mail.times import Times, lease_clock
from tracker.models.outbox import MailState, OutboxMail, OutboxPause

UNSETTLED = (MailState.WAITING, MailState.CLAIMED)


@dataclass(frozen=True)
class Claim:
    """A mail in hand."""

    id: int
    token: str
    receiver: str
    is_to_candidate: bool
    message: bytes
    fact: dict[str, Any]
    attempts: int
    created_at: datetime
    # What was noted of the attempt before.
    last_error: str = ""


def is_anything_to_do(session: Session, now: datetime) -> bool:
    """Whether a mail is due, or in the hand of somebody who may be dead. Reads an index, however much was sent."""
    due = select(OutboxMail.id).where(OutboxMail.state == MailState.WAITING, OutboxMail.next_try_at <= now)
    in_hand = select(OutboxMail.id).where(OutboxMail.state == MailState.CLAIMED)
    # In the order of the index on state and next_try_at, which keeps every planner from reading what was sent.
    first = [each.order_by(OutboxMail.next_try_at).limit(1).subquery() for each in (due, in_hand)]
    anything = union_all(*(select(each.c.id).where(~_is_paused()) for each in first))
    return session.scalar(anything.limit(1)) is not None


def claim(session: Session, token: str, now: datetime, *, limit: int, times: Times) -> list[Claim]:
    """Take up to ``limit`` mails in hand, those due the longest first, at most one for each receiver."""
    asked = {"now": now, "young_since": now - times.holding_back, "most": limit}
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    ids = list(session.scalars(_FREE_BY_ITS_CLOCK if is_postgresql else _FREE, asked))
    if not ids:
        return []
    claimed = session.execute(
        update(OutboxMail)
        .where(OutboxMail.id.in_(ids))
        .values(
            state=MailState.CLAIMED,
            token=token,
            leased_until=lease_clock(session, now, times.lease),
            attempts=OutboxMail.attempts + 1,
        )
        .returning(
            OutboxMail.id,
            OutboxMail.receiver,
            OutboxMail.person_id,
            OutboxMail.message,
            OutboxMail.fact,
            OutboxMail.attempts,
            OutboxMail.created_at,
            OutboxMail.last_error,
        )
        .execution_options(synchronize_session=False)
    )
    found = {
        row.id: Claim(
            row.id,
            token,
            row.receiver,
            row.person_id is None,
            row.message,
            row.fact,
            row.attempts,
            row.created_at,
            row.last_error,
        )
        for row in claimed
    }
    return [found[each] for each in ids]


def start(session: Session, claim: Claim, now: datetime, times: Times) -> bool:
    """Note that DATA begins; return whether the mail is still ours, and nothing is paused."""
    if session.get_bind().dialect.name == "postgresql":
        return _changes(session, claim, _STARTED_BY_ITS_CLOCK, {"started_at": now, "lease": times.lease})
    return _changes(session, claim, _STARTED, {"started_at": now, "until": now + times.lease})


def settle(session: Session, claim: Claim, **values: Any) -> bool:
    """Change the claimed row; return whether the claim still stood. A state other than claimed ends the claim."""
    if values.get("state", MailState.CLAIMED) is not MailState.CLAIMED:
        values |= {"token": None, "leased_until": None}
    return _changes(session, claim, _settled(*sorted(values)), {f"new_{name}": values[name] for name in values})


def give_back(session: Session, claims: Sequence[Claim]) -> None:
    """Let go of mails of which the server has got nothing; taking them in hand was no attempt."""
    session.execute(
        update(OutboxMail)
        .where(OutboxMail.id.in_([each.id for each in claims]), _is_of(claims[0].token))
        .values(
            state=MailState.WAITING,
            token=None,
            leased_until=None,
            data_started_at=None,
            attempts=OutboxMail.attempts - 1,
        )
        .execution_options(synchronize_session=False)
    )


def _changes(session: Session, claim: Claim, change: Update, values: dict[str, Any]) -> bool:
    """Change the row while it is in our hand; return whether it was.

    On the session's connection, which knows nothing of rows that are loaded: none is here, and it takes a fourth of the
    time. For the same reason the statements are made once.
    """
    mine = {"mail": claim.id, "its_token": claim.token}
    return session.connection().execute(change, mine | values).one_or_none() is not None


def _is_paused() -> ColumnElement[bool]:
    return exists().where(OutboxPause.id.is_not(None))


def _is_of(token: str) -> ColumnElement[bool]:
    return and_(OutboxMail.state == MailState.CLAIMED, OutboxMail.token == token)


def _free(clock: ColumnElement[datetime]) -> AnySelect:
    """Return the statement that finds mails to be taken in hand; ``clock`` is what senders go by together."""
    free = select(OutboxMail.id).where(_is_due(OutboxMail), ~_follows(OutboxMail), ~_is_held_back(clock), ~_is_paused())
    most = bindparam("most", type_=Integer())
    due = free.order_by(OutboxMail.next_try_at, OutboxMail.id).limit(most)
    return due.with_for_update(skip_locked=True, of=OutboxMail)


def _is_due(mail: Any) -> ColumnElement[bool]:
    return and_(mail.state == MailState.WAITING, mail.next_try_at <= _NOW)


def _follows(mail: Any) -> ColumnElement[bool]:
    """Whether an earlier mail of the same order to the same receiver is not settled yet."""
    earlier = aliased(OutboxMail)
    return (
        exists()
        .where(
            earlier.order_key == mail.order_key,
            earlier.receiver == mail.receiver,
            earlier.id < mail.id,
            earlier.state.in_(UNSETTLED),
        )
        .correlate(mail)
    )


def _is_held_back(clock: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether an earlier mail to the same receiver goes first: one that is in hand, that is next, or that was written
    so lately that it is waited for although it fails."""
    earlier = aliased(OutboxMail)
    is_in_hand = and_(earlier.state == MailState.CLAIMED, earlier.leased_until > clock)
    is_young = earlier.created_at > bindparam("young_since", type_=UtcMoment())
    is_next = and_(_is_due(earlier), ~_follows(earlier))
    return (
        exists()
        .where(
            earlier.receiver == OutboxMail.receiver,
            earlier.id < OutboxMail.id,
            earlier.state.in_(UNSETTLED),
            or_(is_in_hand, is_young, is_next),
        )
        .correlate(OutboxMail)
    )


_NOW = bindparam("now", type_=UtcMoment())
_ITS_CLOCK = func.clock_timestamp(type_=DateTime(timezone=True))
_FREE, _FREE_BY_ITS_CLOCK = _free(_NOW), _free(_ITS_CLOCK)
_MINE = (
    update(OutboxMail)
    .where(
        OutboxMail.id == bindparam("mail"),
        OutboxMail.state == MailState.CLAIMED,
        OutboxMail.token == bindparam("its_token"),
    )
    .returning(OutboxMail.id)
)
_STARTED = _MINE.where(~_is_paused()).values(data_started_at=bindparam("started_at"), leased_until=bindparam("until"))
_STARTED_BY_ITS_CLOCK = _STARTED.values(leased_until=_ITS_CLOCK + bindparam("lease", type_=Interval()))


@cache
def _settled(*names: str) -> Update:
    return _MINE.values({name: bindparam(f"new_{name}") for name in names})
