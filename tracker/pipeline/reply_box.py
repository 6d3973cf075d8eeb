"""The mailbox of replies: who reads it next, how far it was read, and what the trouble with it is."""

import hashlib
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from config import ReplyServer
from tracker.db import upsert
from tracker.models.reply import ReplyBox

EVERY = timedelta(minutes=1)
# Nobody else takes it up while it is read; who died while reading held it up for so long.
_LEASE = timedelta(minutes=2)
_LONGEST_PAUSE = timedelta(minutes=15)


def claim(session: Session, server: ReplyServer, *, now: datetime) -> bool:
    """Take the mailbox for this worker, where it is due and nobody else was faster. Another mailbox is read anew."""
    box = name_of(server)
    first = {"id": 1, "box": box, "validity": 0, "last_uid": 0, "next_at": now, "trouble": "", "failures": 0}
    session.execute(upsert(session, ReplyBox).values(first).on_conflict_do_nothing())
    session.execute(
        update(ReplyBox)
        .where(ReplyBox.id == 1, ReplyBox.box != box)
        .values(box=box, validity=0, last_uid=0, next_at=now, trouble="", failures=0, read_at=None)
    )
    taken = update(ReplyBox).where(ReplyBox.id == 1, ReplyBox.next_at <= now).values(next_at=now + _LEASE)
    return cast(CursorResult[None], session.execute(taken)).rowcount == 1


def name_of(server: ReplyServer) -> str:
    """Return what tells a mailbox from others, and nothing of it."""
    named = f"{server.user}@{server.host}:{server.port}/{server.folder}"
    return hashlib.sha256(named.encode()).hexdigest()


def begin(session: Session, validity: int) -> int:
    """Return the number up to which the mailbox was read; none where its numbers are others than they were."""
    box = session.get_one(ReplyBox, 1)
    if box.validity != validity:
        box.validity, box.last_uid = validity, 0
        session.flush()
    return box.last_uid


def advance(session: Session, uid: int) -> None:
    """Note that a message was taken in, in the transaction that took it."""
    session.execute(update(ReplyBox).where(ReplyBox.id == 1, ReplyBox.last_uid < uid).values(last_uid=uid))


def keep(session: Session, *, is_all: bool, now: datetime) -> None:
    """Note that the mailbox was read well; where there is more in it, it is read on at once."""
    box = session.get_one(ReplyBox, 1)
    box.read_at, box.trouble, box.failures = now, "", 0
    box.next_at = now + EVERY if is_all else now


def fail(session: Session, trouble: str, *, now: datetime) -> None:
    """Note what the trouble is; it is tried again after a pause that grows."""
    box = session.get_one(ReplyBox, 1)
    box.trouble, box.failures = trouble, box.failures + 1
    box.next_at = now + min(EVERY * 2 ** min(box.failures - 1, 10), _LONGEST_PAUSE)
