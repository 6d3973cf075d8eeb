"""Taking up what senders had in hand that are gone: killed, or cut off from the database.

A mail whose DATA had not begun goes to the next sender at once: its owner cannot begin it any more, since it would have
to ask on the connection, or with the file, that the lock died with. One whose DATA had begun waits for its lease, for a
sender that lost its connection alone still finishes it; then it is sent again, or a person is asked.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker.db import reading
from tracker.mail.owner import Owner
from tracker.mail.times import lease_clock
from tracker.models.outbox import UNKNOWN, MailState, OutboxMail

LOST = "its sender was lost while handing it over"

# Whether a person is asked before a second copy goes out: told the fact, and whether a candidate is the receiver.
Asks = Callable[[dict[str, Any], bool], bool]


def unknown(error: str) -> str:
    """Return what is noted of a mail that may have arrived, and of which a person must find out whether it did."""
    return f"{UNKNOWN} {error}; it may have arrived"


def take_up(owner: Owner, now: datetime, asks: Asks) -> None:
    """Let the mails that dead senders had in hand wait again, or show them to a person."""
    in_hand = select(OutboxMail.token).where(OutboxMail.state == MailState.CLAIMED, OutboxMail.token != owner.token)
    with reading(), owner.transaction(flushed=False) as session:
        tokens = [token for token in session.scalars(in_hand.distinct()) if token]
    for token in tokens:
        if owner.locks.take(token):
            try:
                with owner.transaction(flushed=True) as session:
                    _take_up_from(session, token, now, asks)
            finally:
                owner.locks.release(token)
    owner.locks.tidy()


def _take_up_from(session: Session, token: str, now: datetime, asks: Asks) -> None:
    in_hand = (OutboxMail.state == MailState.CLAIMED, OutboxMail.token == token)
    again: dict[str, Any] = {"state": MailState.WAITING, "token": None, "leased_until": None, "data_started_at": None}
    change = update(OutboxMail).where(*in_hand).execution_options(synchronize_session=False)
    unstarted = change.where(OutboxMail.data_started_at.is_(None))
    session.execute(unstarted.values(**again, attempts=OutboxMail.attempts - 1))
    over = select(OutboxMail.id, OutboxMail.fact, OutboxMail.person_id).where(
        *in_hand, OutboxMail.leased_until < lease_clock(session, now)
    )
    for row in session.execute(over).all():
        values = {**again, "last_error": LOST}
        if asks(row.fact, row.person_id is None):
            values |= {"state": MailState.DEAD, "ended_at": now, "last_error": unknown(LOST)}
        session.execute(change.where(OutboxMail.id == row.id).values(**values))
