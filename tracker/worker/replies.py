"""Replies to invitations, from a mailbox or from the mail server's pipe: both end in ``take_one``."""

import logging
import sys
import time
from collections.abc import Callable
from typing import BinaryIO

from flask import Flask
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

import config
from tracker import clock, logs
from tracker.db import db, reading
from tracker.mail import mailbox
from tracker.mail.mailbox import BoxTrouble, Mailbox, Message
from tracker.mail.received import MOST_BYTES, Received, received, too_large
from tracker.pipeline import replies, reply_box
from tracker.pipeline.replies import Taken
from tracker.queries import outbox
from tracker.queries import replies as queries
from tracker.worker import faults

log = logging.getLogger(__name__)

# Seconds in which no further message of a mailbox is begun; the connection itself lasts a little longer at most.
BUDGET = 6.0
# sysexits.h, which mail servers go by: done; bad data, tell the sender; try again later.
EX_OK, EX_DATAERR, EX_TEMPFAIL = 0, 65, 75


def take_one(mail: Received, uid: int | None = None) -> Taken:
    """Take one e-mail in, in one transaction; with it, that the mailbox was read up to ``uid``.

    What the tracker itself fails at is kept as an error, so that it does not come up for ever. Inside an application
    context. Raises OperationalError where the database does not answer.
    """
    now = clock.now()
    try:
        with Session(db.engine) as session:
            taken = replies.take(session, mail, now=now)
            _commit(session, uid)
    except OperationalError:
        raise
    except Exception as error:
        log.error("An e-mail could not be taken in: %s", type(error).__name__)
        faults.note("replies", error, now=now)
        with Session(db.engine) as session:
            taken = replies.failed(session, mail, now=now)
            _commit(session, uid)
    log.info("An e-mail to a reply address: %s", taken.verdict.value)
    return taken


def _commit(session: Session, uid: int | None) -> None:
    if uid is not None:
        reply_box.advance(session, uid)
    session.commit()


def read_replies(app: Flask, stopping: Callable[[], bool] = lambda: False) -> int:
    """Take in what is new in the mailbox, where one is set and due; return how many e-mails there were.

    Inside an application context. The network is used outside of any transaction, and for some seconds at most; a
    server that cannot be read is noted for who runs the tracker, and tried again later.
    """
    server = app.config["TRACKER"].replies
    if server is None or not _claim(server):
        return 0
    count, is_all, until = 0, True, time.monotonic() + BUDGET
    try:
        with mailbox.opened(server) as box:
            for uid in box.above(_begin(box.validity)):
                if stopping() or time.monotonic() > until:
                    is_all = False
                    break
                _take_message(box, uid)
                count += 1
    except BoxTrouble as trouble:
        log.warning("The mailbox of replies cannot be read: %s", trouble)
        with Session(db.engine) as session:
            reply_box.fail(session, str(trouble), now=clock.now())
            session.commit()
        return count
    with Session(db.engine) as session:
        reply_box.keep(session, is_all=is_all, now=clock.now())
        session.commit()
    return count


def _claim(server: config.ReplyServer) -> bool:
    now = clock.now()
    with reading(), Session(db.engine) as session:
        box = queries.box(session)
        if outbox.pause(session) or (box is not None and box.next_at > now and box.box == reply_box.name_of(server)):
            return False
    with Session(db.engine) as session:
        is_mine = reply_box.claim(session, server, now=now)
        session.commit()
    return is_mine


def _begin(validity: int) -> int:
    with Session(db.engine) as session:
        last = reply_box.begin(session, validity)
        session.commit()
    return last


def _take_message(box: Mailbox, uid: int) -> None:
    message = box.fetch(uid)
    if message is None:
        with Session(db.engine) as session:
            _commit(session, uid)
        return
    taken = take_one(_received(message), uid)
    box.mark(uid, is_flagged=taken.verdict.is_bad)


def _received(message: Message) -> Received:
    return too_large(message.data) if message.is_too_large else received(message.data)


def from_pipe(make: Callable[[], Flask], stream: BinaryIO | None = None) -> int:
    """Take in the e-mail that a mail server hands over on standard input; return an exit code that it understands.

    ``make`` makes the application: what is wrong with settings or database keeps the e-mail in the mail server's queue.
    """
    data = (stream or sys.stdin.buffer).read(MOST_BYTES + 1)
    try:
        app = make()
        with app.app_context():
            if app.config["TRACKER"].reply_address is None:
                raise config.BadSetting(["TRACKER_REPLY_ADDRESS is not set: no invitation asks for answers."])
            with reading(), Session(db.engine) as session:
                if outbox.pause(session):
                    raise config.BadSetting(["A backup was restored, and the outbox is not released yet."])
            taken = take_one(received(data))
    except Exception as error:
        words = str(error) if isinstance(error, config.BadSetting) else logs.describe(error)
        sys.stderr.write(f"The answer could not be taken in now, and should be tried again: {words}\n")
        return EX_TEMPFAIL
    if taken.verdict.is_bad:
        sys.stderr.write(f"Your answer was not taken in. {taken.why}\n")
        return EX_DATAERR
    return EX_OK
