"""The sender: takes what is due from the outbox, one mail at a time, and hands it to the mail server.

The order of its steps is what keeps mails from being lost, sent twice or sent although no longer true:

1. lock and claim (commit); 2. MAIL and RCPT; 3. still true, still mine, note that DATA begins (commit);
4. DATA until the server answers 250; 5. mark as sent, together with what follows from it (commit).
"""

import logging
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from config import Settings
from tracker.db import reading
from tracker.mail import claims, retry
from tracker.mail.claims import Claim
from tracker.mail.locks import LockLost, Locks, locks_for
from tracker.mail.smtp import Conversation, InDoubt, Later, Refused, Unreachable
from tracker.models.outbox import MailState

log = logging.getLogger(__name__)

MAILS_PER_CONVERSATION = 50
BREAKS_PER_ROUND = 3
LEAST_FREE_BYTES = 20 * 1024 * 1024
# What is left of a lease when noting "sent" is given up: enough not to meet the next owner.
MARGIN = timedelta(seconds=20)

Fact = dict[str, Any]


@dataclass(frozen=True)
class Hooks:
    """What the sender asks of those who know what mails are about; each in the transaction of its step.

    ``holds``: is the fact still true? ``sent``: the server took the mail. ``dropped``: it was not sent, for its fact
    no longer holds. ``unreachable``: no conversation with the mail server came about; in no transaction.
    """

    holds: Callable[[Session, Fact, datetime], bool]
    sent: Callable[[Session, Fact, datetime], None]
    dropped: Callable[[Session, Fact, datetime], None]
    unreachable: Callable[[Unreachable], None] = lambda _error: None


class Sender:
    """Sends what is due. One for each process; ``clock`` returns the present moment (UTC)."""

    def __init__(
        self,
        engine: Engine,
        settings: Settings,
        hooks: Hooks,
        *,
        clock: Callable[[], datetime],
        wait: Callable[[float], object] = time.sleep,
    ) -> None:
        self._engine, self._settings, self._hooks = engine, settings, hooks
        self._clock, self._wait = clock, wait
        self._from = parseaddr(settings.mail_from)[1]
        self._locks: Locks = locks_for(engine, settings.data_dir)
        self._conversation: Conversation | None = None
        self._failures = 0
        self._paused_until: datetime | None = None

    def send_due(self, stopping: Callable[[], bool] = lambda: False, handled: Callable[[], None] = lambda: None) -> int:
        """Send all that is due; return how many mails were dealt with.

        ``stopping`` is asked between two mails: the one in hand is finished, no other is taken. ``handled`` is called
        after each.
        """
        done, breaks = 0, 0
        try:
            while breaks < BREAKS_PER_ROUND and not stopping():
                claim = self._next()
                if claim is None:
                    break
                breaks = 0 if self._deal_with(claim) else breaks + 1
                done += 1
                handled()
        finally:
            self._leave()
            self._locks.close()
        return done

    # --- Step 1: lock and claim.

    def _next(self) -> Claim | None:
        """Return a claimed mail, its lock taken and the server reached; None where there is none or no way to send."""
        now = self._clock()
        with reading(), Session(self._engine) as session:
            found = claims.claimable(session, now)
        if not found or not self._has_space() or not self._reach_server(now):
            return None
        for mail_id in found:
            if self._locks.take(mail_id):
                claim = self._claim(mail_id)
                if claim is not None:
                    return claim
                self._locks.release(mail_id)
        return None

    def _claim(self, mail_id: int) -> Claim | None:
        try:
            with Session(self._engine) as session:
                claim = claims.claim(session, mail_id, self._clock())
                session.commit()
                return claim
        except BaseException:
            self._locks.release(mail_id)
            raise

    def _has_space(self) -> bool:
        """Whether "sent" can be noted afterwards: on a full disk nothing is sent that could not be."""
        folder: Path = self._settings.data_dir
        if self._engine.dialect.name != "sqlite" or shutil.disk_usage(folder).free > LEAST_FREE_BYTES:
            return True
        log.error("No e-mail is sent: the disk of %s is full", folder)
        return False

    def _reach_server(self, now: datetime) -> bool:
        """Have a conversation open. A server that is away costs no mail an attempt; it is asked less and less often."""
        talking = self._conversation
        if talking is not None and talking.is_open and talking.mails < MAILS_PER_CONVERSATION:
            return True
        self._leave()
        if self._paused_until is not None and now < self._paused_until:
            return False
        name = urlsplit(self._settings.base_url).hostname or "localhost"
        try:
            self._conversation = Conversation(self._settings.mail, name)
        except Unreachable as error:
            self._failures += 1
            self._paused_until = now + retry.pause(self._failures, timedelta(seconds=5), timedelta(minutes=5))
            log.warning("No e-mail is sent, the mail server cannot be reached: %s", error)
            self._hooks.unreachable(error)
            return False
        self._failures, self._paused_until = 0, None
        return True

    # --- Steps 2 to 5.

    def _deal_with(self, claim: Claim) -> bool:
        """Try one mail; return False where the conversation broke."""
        give_up_at = time.monotonic() + (claims.LEASE - MARGIN).total_seconds()
        try:
            if claim.was_started and _must_not_repeat(claim):
                self._bury(claim, "fate unknown: a sender was lost while handing it over; it may have arrived")
                return True
            if self._hand_over(claim):
                self._note_sent(claim, give_up_at)
        except Refused as error:
            self._bury(claim, str(error))
            self._rewind()
        except InDoubt as error:
            self._doubt(claim, str(error))
        except Later as error:
            self._postpone(claim, str(error))
            self._rewind()
        except LockLost as error:
            log.warning("Mail %s is left to whoever has it: %s", claim.id, error)
            self._leave()
        except Exception as error:
            log.exception("Mail %s could not be sent", claim.id)
            self._leave()
            self._postpone(claim, f"{type(error).__name__}: {error}"[:500])
        finally:
            self._locks.release(claim.id)
        return self._conversation is not None and self._conversation.is_open

    def _hand_over(self, claim: Claim) -> bool:
        """Steps 2 to 4. Returns False where the mail is not to be sent any more."""
        talking = self._talking()
        talking.address(self._from, claim.receiver)
        if not self._is_true_and_mine(claim):
            talking.give_up()
            return False
        self._locks.check(claim.id)
        talking.hand_over(claim.message)
        return True

    def _is_true_and_mine(self, claim: Claim) -> bool:
        with Session(self._engine) as session:
            now = self._clock()
            if not claims.is_safely_mine(session, claim, now):
                log.warning("Mail %s took too long and is left for the next round", claim.id)
                return False
            true = self._hooks.holds(session, claim.fact, now)
            if true:
                claims.settle(session, claim, data_started_at=now)
            else:
                claims.settle(session, claim, state=MailState.DROPPED, ended_at=now, last_error="")
                log.info("Mail %s is dropped: its fact no longer holds", claim.id)
                self._hooks.dropped(session, claim.fact, now)
            session.commit()
            return true

    def _note_sent(self, claim: Claim, give_up_at: float) -> None:
        """Step 5, tried on new connections until the lease is nearly over: what is not noted is sent again."""
        failures = 0
        while True:
            try:
                self._mark_sent(claim)
                log.info("Mail %s is sent", claim.id)
                return
            except (SQLAlchemyError, StaleDataError) as error:
                failures += 1
                pause = min(2.0 ** min(failures, 4), 10.0)
                if time.monotonic() + pause >= give_up_at:
                    log.error("Mail %s was sent, and this could not be noted: %s", claim.id, error)  # noqa: TRY400
                    return
                log.warning("Mail %s was sent; noting it is tried again: %s", claim.id, error)
                self._wait(pause)
            except Exception as error:
                log.exception("Mail %s was sent, and what follows from it failed", claim.id)
                self._bury(claim, f"sent, but what follows from it failed: {type(error).__name__}: {error}"[:500])
                return

    def _mark_sent(self, claim: Claim) -> None:
        with Session(self._engine) as session:
            now = self._clock()
            if claims.settle(session, claim, state=MailState.SENT, ended_at=now, last_error=""):
                self._hooks.sent(session, claim.fact, now)
            session.commit()

    # --- What else can become of it.

    def _doubt(self, claim: Claim, error: str) -> None:
        """The server may have it or not. Most mails are sent again, byte for byte; an outcome is for a person."""
        if _must_not_repeat(claim):
            self._bury(claim, f"fate unknown: {error}; it may have arrived")
        else:
            self._postpone(claim, error)

    def _postpone(self, claim: Claim, error: str) -> None:
        now = self._clock()
        if retry.is_spent(claim.attempts, claim.created_at, now):
            self._bury(claim, error)
            return
        again = now + retry.pause(claim.attempts)
        log.info("Mail %s is tried again later, after %s attempts", claim.id, claim.attempts)
        self._settle(claim, state=MailState.WAITING, next_try_at=again, data_started_at=None, last_error=error)

    def _bury(self, claim: Claim, error: str) -> None:
        # Why is in its row alone: a server's words repeat the address.
        log.warning("Mail %s is given up", claim.id)
        self._settle(claim, state=MailState.DEAD, ended_at=self._clock(), last_error=error)

    def _settle(self, claim: Claim, **values: Any) -> None:
        try:
            with Session(self._engine) as session:
                claims.settle(session, claim, **values)
                session.commit()
        except SQLAlchemyError as error:
            # The lease runs out and the mail is taken up again.
            log.warning("Mail %s: its state could not be noted: %s", claim.id, error)

    def _talking(self) -> Conversation:
        if self._conversation is None:
            raise Later("there is no conversation")
        return self._conversation

    def _rewind(self) -> None:
        if self._conversation is not None and self._conversation.is_open:
            self._conversation.give_up()

    def _leave(self) -> None:
        conversation, self._conversation = self._conversation, None
        if conversation is not None:
            conversation.leave()


def _must_not_repeat(claim: Claim) -> bool:
    """Whether a second copy would be worse than asking a person: the outcome, and nothing else."""
    return "outcome" in claim.fact
