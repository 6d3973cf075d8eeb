"""The sender: takes what is due from the outbox, a handful of mails at a time, and delivers one after the other."""

import logging
import shutil
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime
from email.utils import parseaddr
from urllib.parse import urlsplit

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from config import Settings
from tracker.db import reading
from tracker.mail import claims, pace, recovery, retry
from tracker.mail.claims import Claim
from tracker.mail.delivery import Delivery, Ended, Fact, Hooks
from tracker.mail.locks import LockLost
from tracker.mail.owner import Owner
from tracker.mail.smtp import Conversation, Unreachable
from tracker.mail.times import USUAL, Times, uptime

log = logging.getLogger(__name__)

MAILS_PER_CONVERSATION = 50
# So many are taken in hand at once while they go quickly (seconds), since each taking is flushed to the disk.
MOST_AT_ONCE = 50
QUICK = 1.0
# So many mails put off one after the other are the server's fault, not theirs.
MOST_PUT_OFF = 5
# Seconds: whether to stop is asked in between.
LONGEST_WAIT = 1.0
LEAST_FREE_BYTES = 20 * 1024 * 1024


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
        times: Times = USUAL,
    ) -> None:
        self._engine, self._settings, self._hooks = engine, settings, hooks
        self._clock, self._wait, self._times = clock, wait, times
        self._in_hand: deque[Claim] = deque()
        self._at_once, self._taken_at = 1, 0.0
        self._conversation: Conversation | None = None
        # Mails put off, and troubles of the server, since one was settled.
        self._put_off = self._troubles = 0
        self._paused_until: datetime | None = None

    def send_due(self, stopping: Callable[[], bool] = lambda: False, handled: Callable[[], None] = lambda: None) -> int:
        """Send all that is due; return how many mails were dealt with.

        ``stopping`` is asked between two mails: the one in hand is finished, no other is begun. ``handled`` is called
        after each.
        """
        now = self._clock()
        with reading(), Session(self._engine) as session:
            if not claims.is_anything_to_do(session, now):
                return 0
        if self._is_paused(now) or not self._has_space():
            return 0
        try:
            with Owner(self._engine, self._settings.data_dir) as owner:
                recovery.take_up(owner, now, self._asks)
                return self._round(owner, stopping, handled)
        except LockLost as error:
            log.warning("The round of the sender ends: %s", error)
            return 0
        finally:
            self._leave()

    def _round(self, owner: Owner, stopping: Callable[[], bool], handled: Callable[[], None]) -> int:
        sender = parseaddr(self._settings.mail_from)[1]
        delivery = Delivery(owner, self._engine, sender, self._hooks, self._asks, self._times, self._clock, self._wait)
        done, goes_on = 0, True
        try:
            while goes_on and not stopping() and self._has_claims(owner, stopping) and self._reaches_server():
                claim = self._in_hand.popleft()
                talking = self._talking()
                ended = delivery.attempt(claim, talking, more=bool(self._in_hand))
                goes_on = self._goes_on(claim, ended, talking)
                done += ended in (Ended.SETTLED, Ended.PUT_OFF)
                handled()
        finally:
            self._give_back()
        return done

    # --- What is in hand.

    def _has_claims(self, owner: Owner, stopping: Callable[[], bool]) -> bool:
        """Have a mail in hand, after waiting for its turn where there is a limit; False where none is due."""
        while not self._in_hand:
            turn = self._claim(owner)
            if turn is None or stopping():
                return False
            if turn:
                self._wait(min(turn, LONGEST_WAIT))
        return True

    def _claim(self, owner: Owner) -> float | None:
        """Take mails in hand; return the seconds until the next turn, 0 where it was taken, None where none is due."""
        is_quick = uptime() - self._taken_at < QUICK
        self._at_once = min(2 * self._at_once, MOST_AT_ONCE) if is_quick else max(self._at_once // 2, 1)
        self._taken_at = uptime()
        per_minute = self._settings.mail_per_minute
        now = self._clock()
        with owner.transaction(flushed=True) as session:
            turn = pace.take_turn(session, now, per_minute) if per_minute else 0.0
            if turn:
                return turn
            limit = 1 if per_minute else self._at_once
            self._in_hand.extend(claims.claim(session, owner.token, now, limit=limit, times=self._times))
            if not self._in_hand:
                session.rollback()
                return None
        return 0.0

    def _give_back(self) -> None:
        given, self._in_hand = list(self._in_hand), deque()
        if not given:
            return
        try:
            with Session(self._engine) as session:
                claims.give_back(session, given)
                session.commit()
        except SQLAlchemyError as error:
            # The next sender finds their owner gone, and takes them up.
            log.warning("Mails in hand could not be given back: %s", error)

    def _goes_on(self, claim: Claim, ended: Ended, talking: Conversation) -> bool:
        """Draw the conclusions for the round; return whether it goes on."""
        if ended is Ended.SETTLED:
            self._put_off = self._troubles = 0
            return True
        if ended is Ended.PUT_OFF:
            self._put_off += 1
            if self._put_off < MOST_PUT_OFF:
                return True
            self._pause()
            return False
        # It is in hand still, and the server has got nothing of it.
        self._in_hand.appendleft(claim)
        self._leave()
        if ended is Ended.TROUBLE and talking.mails:
            # A server may close a conversation between two mails: another one is begun for this mail.
            return True
        if ended is Ended.TROUBLE:
            self._pause()
        return False

    def _asks(self, fact: Fact, is_to_candidate: bool) -> bool:
        """Whether a second copy would be worse than asking a person: an outcome, and what the operator chose."""
        return "outcome" in fact or (is_to_candidate and self._settings.mail_in_doubt == "ask")

    # --- The server, and the disk.

    def _reaches_server(self) -> bool:
        """Have a conversation open. A server that is away costs no mail an attempt; it is asked less and less often."""
        talking = self._conversation
        if talking is not None and talking.is_open and talking.mails < MAILS_PER_CONVERSATION:
            return True
        self._leave()
        name = urlsplit(self._settings.base_url).hostname or "localhost"
        try:
            self._conversation = Conversation(self._settings.mail, name, self._times)
        except Unreachable as error:
            log.warning("No e-mail is sent, the mail server cannot be reached: %s", error)
            self._hooks.unreachable(error)
            self._pause()
            return False
        return True

    def _talking(self) -> Conversation:
        if self._conversation is None:
            raise RuntimeError("there is no conversation")
        return self._conversation

    def _pause(self) -> None:
        self._troubles += 1
        first, longest = self._times.first_server_pause, self._times.longest_server_pause
        self._paused_until = self._clock() + retry.pause(self._troubles, first, longest)

    def _is_paused(self, now: datetime) -> bool:
        return self._paused_until is not None and now < self._paused_until

    def _leave(self) -> None:
        conversation, self._conversation = self._conversation, None
        if conversation is not None:
            conversation.leave()

    def _has_space(self) -> bool:
        """Whether "sent" can be noted afterwards: on a full disk nothing is sent that could not be."""
        folder = self._settings.data_dir
        if self._engine.dialect.name != "sqlite" or shutil.disk_usage(folder).free > LEAST_FREE_BYTES:
            return True
        log.error("No e-mail is sent: the disk of %s is full", folder)
        return False
