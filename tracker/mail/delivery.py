"""The steps of one delivery, in the order that keeps mails from being lost, sent twice or sent although no longer true.

1. claim (see ``sender``); 2. MAIL and RCPT; 3. in one transaction: still mine, still true, note that DATA begins, begin
it; 4. DATA until the server answers 250; 5. mark as sent, together with what follows from it (commit).

In step 3 the facts are held fast until DATA is said: who makes the mail untrue comes either before, and it does not go
out, or after.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from tracker.mail import claims, retry
from tracker.mail.claims import Claim
from tracker.mail.locks import LockLost
from tracker.mail.owner import Owner
from tracker.mail.recovery import Asks, unknown
from tracker.mail.smtp import Conversation, InDoubt, Later, Refused, Trouble
from tracker.mail.times import Times, uptime
from tracker.models.outbox import MailState, may_have_arrived

log = logging.getLogger(__name__)

Fact = dict[str, Any]
# While mails flow, their "sent" is flushed to the disk this often (seconds). The process may end at any time all the
# same; a machine that loses its power may repeat what went out since, byte for byte.
FLUSH_EVERY = 0.05


@dataclass(frozen=True)
class Hooks:
    """What the sender asks of those who know what mails are about; each in the transaction of its step.

    ``holds``: is the fact still true? Answered so that, on PostgreSQL, it stays so until the transaction ends.
    ``sent``: the server took the mail; called where something ``follows`` from that. ``dropped``: it was not sent, for
    its fact no longer holds. ``unreachable``: no conversation with the mail server came about, or it would not hear of
    any mail; in no transaction.
    """

    holds: Callable[[Session, Fact, datetime], bool]
    sent: Callable[[Session, Fact, datetime], None]
    dropped: Callable[[Session, Fact, datetime], None]
    follows: Callable[[Fact], bool] = lambda _fact: True
    unreachable: Callable[[Exception], None] = lambda _error: None


class Ended(Enum):
    """How a delivery ended. After trouble of the server, and where the owner is lost, the mail is still in hand."""

    SETTLED = auto()
    PUT_OFF = auto()
    TROUBLE = auto()
    LOST = auto()


@dataclass
class Delivery:
    """Delivers the mails that an owner has in hand. ``sender`` is the address that they come from."""

    owner: Owner
    engine: Engine
    sender: str
    hooks: Hooks
    asks: Asks
    times: Times
    clock: Callable[[], datetime]
    wait: Callable[[float], object] = time.sleep
    _flushed_at: float = 0.0

    def attempt(self, claim: Claim, talking: Conversation, *, more: bool) -> Ended:
        """Try one mail; ``more`` says that another follows at once. The conversation may be over afterwards."""
        try:
            talking.address(self.sender, claim.receiver)
            begun_at = uptime()
            if not self._begin(claim, talking):
                talking.give_up()
                return Ended.SETTLED
            talking.hand_over(claim.message, before=begun_at + self.times.lease.total_seconds() / 2)
        except (LockLost, SQLAlchemyError) as error:
            return self._failed(claim, talking, error)
        except Trouble as error:
            log.warning("No e-mail is sent, the mail server is in trouble: %s", error)
            self.hooks.unreachable(error)
            return Ended.TROUBLE
        except Refused as error:
            self._bury(claim, str(error))
            talking.give_up()
            return Ended.SETTLED
        except Later as error:
            talking.give_up()
            return self._put_off(claim, error)
        except Exception as error:
            log.exception("Mail %s could not be sent", claim.id)
            talking.hang_up()
            return self._put_off(claim, error)
        self._note_sent(claim, begun_at, flushed=not more)
        return Ended.SETTLED

    # --- Step 3.

    def _begin(self, claim: Claim, talking: Conversation) -> bool:
        """Begin DATA; return False where the mail is not to be sent any more."""
        with self.owner.transaction(flushed=self._asks(claim)) as session:
            now = self.clock()
            if not claims.start(session, claim, now, self.times):
                raise LockLost("somebody else has the mail in hand, or the outbox was paused")
            if self.hooks.holds(session, claim.fact, now):
                talking.begin()
                return True
            # An earlier copy may have arrived all the same, where a person had one sent again.
            doubt = claim.last_error if may_have_arrived(claim.last_error) else ""
            claims.settle(session, claim, state=MailState.DROPPED, data_started_at=None, ended_at=now, last_error=doubt)
            log.info("Mail %s is dropped: its fact no longer holds", claim.id)
            self.hooks.dropped(session, claim.fact, now)
            return False

    def _failed(self, claim: Claim, talking: Conversation, error: Exception) -> Ended:
        """The database failed before anything of the message left: what was begun is broken off."""
        talking.hang_up()
        if isinstance(error, LockLost) or not self.owner.is_alive():
            log.warning("The sender lets go of mail %s and what follows: %s", claim.id, error)
            return Ended.LOST
        return self._put_off(claim, error)

    # --- Step 5.

    def _note_sent(self, claim: Claim, begun_at: float, *, flushed: bool) -> None:
        """Mark a mail as sent, until the lease is nearly over: what is not noted is sent again."""

        follows = self.hooks.follows(claim.fact)

        def note(session: Session) -> None:
            now = self.clock()
            if claims.settle(session, claim, state=MailState.SENT, ended_at=now, last_error="") and follows:
                self.hooks.sent(session, claim.fact, now)

        flushed = flushed or self._asks(claim) or uptime() - self._flushed_at > FLUSH_EVERY
        until = begun_at + self.times.lease.total_seconds() * 0.9
        try:
            is_noted = self._noted(note, until, flushed=flushed, is_single=not follows)
        except Exception as error:
            log.exception("Mail %s was sent, and what follows from it failed", claim.id)
            self._bury(claim, f"sent, but what follows from it failed: {type(error).__name__}: {error}"[:500])
            return
        if flushed:
            self._flushed_at = uptime()
        if is_noted:
            log.info("Mail %s is sent", claim.id)
        else:
            log.error("Mail %s is sent, and this could not be noted", claim.id)

    def _noted(
        self, note: Callable[[Session], object], until: float, *, flushed: bool, is_single: bool = False
    ) -> bool:
        """Note what became of a mail, on new connections until that uptime if need be; return whether it was done."""
        pause, longest = self.times.lease.total_seconds() / 150, self.times.lease.total_seconds() / 30
        transaction = self.owner.transaction(flushed=flushed, is_single=is_single)
        while True:
            try:
                with transaction as session:
                    note(session)
            except (SQLAlchemyError, StaleDataError, LockLost) as error:
                if uptime() + pause >= until:
                    return False
                log.warning("What became of a mail is noted once more, for this failed: %s", error)
                self.wait(pause)
                pause = min(2 * pause, longest)
                transaction = self._new_transaction()
            else:
                return True

    @contextmanager
    def _new_transaction(self) -> Iterator[Session]:
        with Session(self.engine) as session:
            yield session
            session.commit()

    # --- What else can become of it.

    def _put_off(self, claim: Claim, error: Exception) -> Ended:
        """Try it again later, or give it up. The server may have it or not: then most mails are sent again, byte for
        byte, and of the others a person finds out."""
        words = str(error) if isinstance(error, Later) else f"{type(error).__name__}: {error}"[:500]
        now = self.clock()
        if isinstance(error, InDoubt) and self._asks(claim):
            self._bury(claim, unknown(words))
            return Ended.SETTLED
        if retry.is_spent(claim.attempts, claim.created_at, now, self.times):
            self._bury(claim, words)
            return Ended.SETTLED
        log.info("Mail %s is tried again later, after %s attempts", claim.id, claim.attempts)
        again = now + retry.pause(claim.attempts, self.times.first_pause, self.times.longest_pause)
        self._settle(claim, state=MailState.WAITING, next_try_at=again, data_started_at=None, last_error=words)
        return Ended.PUT_OFF

    def _bury(self, claim: Claim, error: str) -> None:
        # Why is in its row alone: a server's words repeat the address.
        log.warning("Mail %s is given up", claim.id)
        self._settle(claim, state=MailState.DEAD, ended_at=self.clock(), last_error=error)

    def _settle(self, claim: Claim, **values: Any) -> None:
        # Twice at the most; else the owner's end shows it to the next sender.
        until = uptime() + self.times.lease.total_seconds() / 100
        if not self._noted(lambda session: claims.settle(session, claim, **values), until, flushed=True):
            log.warning("Mail %s: its state could not be noted", claim.id)

    def _asks(self, claim: Claim) -> bool:
        return self.asks(claim.fact, claim.is_to_candidate)
