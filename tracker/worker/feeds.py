"""The tick that reads people's calendars: claim one, fetch and read it in no transaction, keep what it brought."""

import logging
from collections.abc import Callable
from datetime import datetime

from flask import Flask
from sqlalchemy.orm import Session

from config import Settings
from tracker import clock
from tracker.db import db, reading
from tracker.feeds import apart, caldav, fetching
from tracker.feeds.fetching import PLAIN, Known, Login, Question
from tracker.feeds.trouble import FeedTrouble
from tracker.pipeline import busy_feeds
from tracker.pipeline.busy_feeds import Claim, Reading
from tracker.queries import busy_feeds as queries
from tracker.rules.busy_times import Trouble, without_times
from tracker.rules.sealing import opened
from tracker.worker import faults

log = logging.getLogger(__name__)


def read_feeds(app: Flask, stopping: Callable[[], bool] = lambda: False) -> int:
    """Read all calendars that are due, one after the other; return how many were dealt with.

    Inside an application context. One that fails keeps none waiting for longer than the limits of a reading.
    """
    count = 0
    while not stopping() and (claimed := _claim_one()) is not None:
        _read_one(claimed, app.config["TRACKER"])
        count += 1
    return count


def _claim_one() -> Claim | None:
    now = clock.now()
    with reading(), Session(db.engine) as session:
        feed_id = queries.next_due(session, now)
    if feed_id is None:
        return None
    with Session(db.engine) as session:
        claimed = busy_feeds.claim(session, feed_id, now)
        session.commit()
    return claimed


def _read_one(claimed: Claim, settings: Settings) -> None:
    found: Reading | Trouble
    try:
        found = _reading(claimed, settings)
    except FeedTrouble as error:
        found = error.trouble
    except Exception as error:
        # The words of an error may hold the address: its kind alone is told.
        log.error("Calendar %s could not be read: %s", claimed.feed_id, type(error).__name__)
        faults.note("feeds", error, now=clock.now(), item=claimed.feed_id)
        found = Trouble.FAILED
    now = clock.now()
    with Session(db.engine) as session:
        if isinstance(found, Trouble):
            busy_feeds.fail(session, claimed, found, now=now)
        else:
            busy_feeds.keep(session, claimed, found, now=now)
        session.commit()
    log.info("Calendar %s: %s", claimed.feed_id, found.value if isinstance(found, Trouble) else "read")


def _reading(claimed: Claim, settings: Settings) -> Reading:
    starts_at, ends_at = busy_feeds.horizon(clock.now())
    answer = fetching.fetch(
        claimed.address,
        Known(claimed.etag, claimed.last_modified),
        allow_private=settings.private_feeds,
        question=_question(claimed, starts_at, ends_at, settings.secret_key),
    )
    if answer.body is None:
        return Reading(claimed.etag, claimed.last_modified, None)
    spans = apart.read(
        answer.body, starts_at, ends_at, zone=claimed.zone, email=claimed.email, without=claimed.own_uids
    )
    if claimed.login:
        spans = without_times(spans, claimed.own_times)
    return Reading(answer.known.etag, answer.known.last_modified, spans)


def _question(claimed: Claim, starts_at: datetime, ends_at: datetime, key: str) -> Question:
    if not claimed.login:
        return PLAIN
    password = opened(claimed.password, key)
    if password is None:
        # The secret key of the settings is another than it was.
        raise FeedTrouble(Trouble.FORBIDDEN)
    return caldav.free_busy(starts_at, ends_at, Login(claimed.login, password))
