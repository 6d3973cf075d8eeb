"""Senders that are wrong on purpose, in the ways that senders usually are: the harness must find each of them out."""

import signal
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask
from sqlalchemy import false, select, update
from sqlalchemy.orm import Session

from bench.crash.campaign import Counts
from bench.crash.lives import Blows
from tracker.mail import claims, locks, smtp
from tracker.mail.delivery import Delivery
from tracker.mail.sender import Sender
from tracker.mail.times import USUAL, Times
from tracker.models.outbox import MailState, OutboxMail
from tracker.worker import tasks, timetable

NONE = Counts(kills=0, freezes=0, terms=0, cuts=0, ahead=0)


def nothing() -> None:
    """Leave the sender as it is."""


@dataclass(frozen=True)
class Wrong:
    """One wrong sender: what makes it wrong, under which blows, and as which fault it must be found out."""

    spoil: Callable[[], None]
    counts: Counts
    faults: tuple[str, ...]
    needs_both: bool = False
    blows: Blows = Blows()


def _lease_without_lock() -> None:
    """Whose lease is over is taken for dead."""
    for kind in (locks.FileLocks, locks.AdvisoryLocks):
        kind.take = lambda self, token: True  # type: ignore[method-assign]
        kind.check = lambda self, token: None  # type: ignore[method-assign]
        kind.release = lambda self, token: None  # type: ignore[method-assign]


def _mark_first() -> None:
    """Noted as sent before it is."""
    real = claims.start

    def start(session: Session, claim: claims.Claim, now: Any, times: Any) -> bool:
        is_mine = real(session, claim, now, times)
        session.execute(update(OutboxMail).where(OutboxMail.id == claim.id).values(state=MailState.SENT, token=None))
        return is_mine

    claims.start = start


def _no_claim() -> None:
    """What waits is sent by whoever sees it."""

    def claim(session: Session, token: str, now: Any, *, limit: int, times: Any) -> list[claims.Claim]:
        due = select(OutboxMail).where(OutboxMail.state == MailState.WAITING, OutboxMail.next_try_at <= now)
        rows = session.scalars(due.order_by(OutboxMail.id).limit(limit)).all()
        return [
            claims.Claim(
                row.id, token, row.receiver, row.person_id is None, row.message, row.fact, row.attempts, row.created_at
            )
            for row in rows
        ]

    def settle(session: Session, claim: claims.Claim, **values: Any) -> bool:
        session.execute(update(OutboxMail).where(OutboxMail.id == claim.id).values(**values))
        return True

    claims.claim, claims.settle = claim, settle
    claims.start = lambda session, claim, now, times: True


def _no_recheck() -> None:
    """What was true when it was written is taken for true."""
    real = tasks.make_sender

    def make_sender(app: Flask, times: Times = USUAL) -> Sender:
        sender = real(app, times)
        sender._hooks = replace(sender._hooks, holds=lambda session, fact, now: True)
        return sender

    tasks.make_sender = make_sender


def _recheck_lets_go() -> None:
    """Asked before DATA, in a transaction that is over when DATA is said."""
    begin = Delivery._begin

    def begin_later(self: Delivery, claim: claims.Claim, talking: smtp.Conversation) -> bool:
        say, talking.begin = talking.begin, lambda: None  # type: ignore[method-assign]
        try:
            is_true = begin(self, claim, talking)
        finally:
            talking.begin = say  # type: ignore[method-assign]
        if is_true:
            talking.begin()
        return is_true

    Delivery._begin = begin_later  # type: ignore[method-assign]


def _no_handler() -> None:
    """Ends at once when asked to."""
    real = timetable.run

    def run(app: Flask, times: Times = USUAL) -> None:
        signal.signal = lambda number, handler: None  # type: ignore[assignment]
        real(app, times)

    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    timetable.run = run


def _new_bytes() -> None:
    """Writes each copy anew."""
    real = smtp.Conversation.hand_over
    count = [0]

    def hand_over(self: smtp.Conversation, message: bytes, before: float) -> None:
        count[0] += 1
        real(self, b"X-Attempt: %d\r\n" % count[0] + message, before)

    smtp.Conversation.hand_over = hand_over  # type: ignore[method-assign]


def _no_order() -> None:
    """Sends what is due, whatever came before."""
    claims._is_held_back = lambda clock: false()
    claims._follows = lambda mail: false()
    # The statements were made of these already.
    claims._FREE, claims._FREE_BY_ITS_CLOCK = claims._free(claims._NOW), claims._free(claims._ITS_CLOCK)


def _every_refusal_is_final() -> None:
    """Takes "not now" for "never"."""

    def turn_down(self: smtp.Conversation, code: int, words: bytes) -> None:
        raise smtp.Refused(str(code))

    smtp.Conversation._turn_down = turn_down  # type: ignore[method-assign, assignment]


# Frozen between its question and DATA, and thawed while it still may go on: later the lease forbids it.
BETWEEN = Blows(points=("before DATA",), frozen=(0.3, 0.7))
SENDERS = {
    "lease without lock": Wrong(_lease_without_lock, replace(NONE, freezes=40), ("twice",), needs_both=True),
    "mark first, then send": Wrong(_mark_first, replace(NONE, kills=80), ("lost",)),
    "no claim": Wrong(_no_claim, replace(NONE, kills=40), ("twice",)),
    "no re-check": Wrong(_no_recheck, replace(NONE, kills=40), ("stale",)),
    "re-check that lets go": Wrong(_recheck_lets_go, replace(NONE, freezes=120), ("stale",), True, BETWEEN),
    "no SIGTERM handler": Wrong(_no_handler, replace(NONE, terms=60), ("twice", "not ended well")),
    "other bytes each time": Wrong(_new_bytes, replace(NONE, kills=20), ("other bytes",)),
    "no order": Wrong(_no_order, replace(NONE, kills=60), ("out of order",)),
    "every refusal is final": Wrong(_every_refusal_is_final, replace(NONE, kills=40), ("lost",)),
}
