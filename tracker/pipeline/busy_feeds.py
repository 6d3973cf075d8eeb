"""People's calendars on other servers: added, removed, and what a reading of one brought.

The reading itself, which can take its time, happens between ``claim`` and ``keep``, in no transaction.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import CursorResult, delete, insert, update
from sqlalchemy.orm import Session

from tracker.models.busy_feed import BusyFeed, BusySpan
from tracker.models.person import Person
from tracker.pipeline.record import note_change
from tracker.queries import busy_feeds
from tracker.rules.busy_times import (
    AHEAD,
    MOST_FEEDS,
    WORKED_OUT,
    Span,
    TooManyFeeds,
    Trouble,
    checked_address,
    masked,
    next_at,
)

# Nobody else takes up a calendar that is being read; who died while reading it held it up for so long.
_LEASE = timedelta(minutes=5)


@dataclass(frozen=True)
class Claim:
    """A calendar that this worker reads now, with all that the reading needs; no row."""

    feed_id: int
    until: datetime
    address: str = field(repr=False)
    etag: str
    last_modified: str
    login: str
    password: str = field(repr=False)
    zone: str
    email: str
    own_uids: frozenset[str]
    own_times: tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True)
class Reading:
    """What a reading brought. ``spans`` None: nothing changed since the last one."""

    etag: str
    last_modified: str
    spans: Collection[Span] | None


def add(
    session: Session, person: Person, address: str, *, now: datetime, login: str = "", password: str = ""
) -> BusyFeed:
    """Add a calendar of the person, or give a known one another password; the worker reads it next.

    With a ``login`` it is asked by CalDAV; the ``password`` comes sealed (``rules/sealing.py``). Raises BadAddress,
    TooManyFeeds.
    """
    address = checked_address(address)
    known = busy_feeds.by_address(session, person.id, address)
    if known is not None:
        known.login, known.password = login, password
        read_soon(known, now=now)
        return known
    if busy_feeds.how_many(session, person.id) >= MOST_FEEDS:
        raise TooManyFeeds(f"{MOST_FEEDS} calendars are read for one person: remove another first.", "address")
    feed = BusyFeed(person_id=person.id, address=address, login=login, password=password, added_at=now, next_at=now)
    session.add(feed)
    text = f"{person.name} lets a calendar at {masked(address)} be read for busy times"
    note_change(session, "busy_feeds.add", text, by=person, now=now)
    return feed


def remove(session: Session, person: Person, feed: BusyFeed, *, now: datetime) -> None:
    """Remove a calendar, with all that was known from it."""
    session.execute(delete(BusySpan).where(BusySpan.feed_id == feed.id))
    session.delete(feed)
    text = f"{person.name} no longer lets the calendar at {masked(feed.address)} be read"
    note_change(session, "busy_feeds.remove", text, by=person, now=now)


def follow(session: Session, person: Person, zone: str, email: str, *, now: datetime) -> None:
    """Heed a change of the person, who had this zone and e-mail address before.

    The times of whoever left are forgotten, and with them the addresses and passwords of the calendars. Another zone or
    e-mail address has everything worked out anew: the one says when a whole day is, the other whose answers count.
    """
    mine = BusyFeed.person_id == person.id
    if not person.is_active:
        session.execute(delete(BusySpan).where(BusySpan.person_id == person.id))
        session.execute(delete(BusyFeed).where(mine))
    elif (zone, email) != (person.zone, person.email):
        session.execute(update(BusyFeed).where(mine).values(worked_out_at=None, next_at=now))


def read_soon(feed: BusyFeed, *, now: datetime) -> None:
    """Let the worker read a calendar at its next tick."""
    feed.next_at = min(feed.next_at, now)


def claim(session: Session, feed_id: int, now: datetime) -> Claim | None:
    """Take a calendar that is due, so that no other worker reads it meanwhile; None where one did.

    What the server calls the state that is known is passed on only while what it stands for is still good.
    """
    until = now + _LEASE
    mine = update(BusyFeed).where(BusyFeed.id == feed_id, BusyFeed.next_at <= now).values(next_at=until)
    if cast("CursorResult[object]", session.execute(mine)).rowcount != 1:
        return None
    feed = session.get_one(BusyFeed, feed_id, populate_existing=True)
    person = session.get_one(Person, feed.person_id)
    is_good = feed.worked_out_at is not None and now - feed.worked_out_at < WORKED_OUT
    return Claim(
        feed_id=feed.id,
        until=until,
        address=feed.address,
        etag=feed.etag if is_good else "",
        last_modified=feed.last_modified if is_good else "",
        login=feed.login,
        password=feed.password,
        zone=person.zone,
        email=person.email,
        own_uids=busy_feeds.own_uids(session, person.id, now),
        own_times=tuple(busy_feeds.own_times(session, person.id, now)),
    )


def keep(session: Session, claimed: Claim, reading: Reading, *, now: datetime) -> None:
    """Keep what a reading brought, unless the calendar was removed, or read by somebody else, in the meantime."""
    feed = _still_mine(session, claimed)
    if feed is None:
        return
    feed.read_at, feed.trouble, feed.failures, feed.next_at = now, "", 0, next_at(0, now)
    if reading.spans is None:
        return
    feed.etag, feed.last_modified, feed.worked_out_at = reading.etag, reading.last_modified, now
    session.execute(delete(BusySpan).where(BusySpan.feed_id == feed.id))
    rows = [
        {
            "feed_id": feed.id,
            "person_id": feed.person_id,
            "starts_at": span.starts_at,
            "ends_at": span.ends_at,
            "is_tentative": span.is_tentative,
        }
        for span in reading.spans
    ]
    if rows:
        session.execute(insert(BusySpan), rows)


def fail(session: Session, claimed: Claim, trouble: Trouble, *, now: datetime) -> None:
    """Note why a calendar could not be read. What was known from it stays, and grows stale."""
    feed = _still_mine(session, claimed)
    if feed is not None:
        feed.trouble, feed.failures = trouble.value, feed.failures + 1
        feed.next_at = next_at(feed.failures, now)


def _still_mine(session: Session, claimed: Claim) -> BusyFeed | None:
    feed = session.get(BusyFeed, claimed.feed_id, with_for_update=True)
    return feed if feed is not None and feed.next_at == claimed.until else None


def horizon(now: datetime) -> tuple[datetime, datetime]:
    """Return from when until when busy times are worked out."""
    return now - timedelta(days=1), now + AHEAD
