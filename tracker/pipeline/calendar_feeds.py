"""The secret address of a person's calendar: made, made anew, taken back; and what programs found there."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from tracker.models.calendar_feed import CalendarFeed
from tracker.models.person import Person
from tracker.pipeline.record import note_change
from tracker.queries import calendar_feeds

# How old the note of the last visit may be, so that not every visit writes.
_NOTED = timedelta(hours=1)


def make(session: Session, person: Person, *, now: datetime) -> CalendarFeed:
    """Give the person's calendar an address; one that it had before opens nothing from now on."""
    feed = calendar_feeds.of_person(session, person.id)
    said = "made an address for" if feed is None else "made a new address for"
    if feed is None:
        feed = CalendarFeed(person_id=person.id)
        session.add(feed)
    feed.key, feed.made_at, feed.changed_at = secrets.token_urlsafe(24), now, now
    feed.digest, feed.fetched_at = "", None
    note_change(session, "calendar_feeds.make", f"{person.name} {said} the own calendar", by=person, now=now)
    return feed


def take_back(session: Session, person: Person, *, by: Person, now: datetime) -> None:
    """Let the address of the person's calendar, if there is one, open nothing any more."""
    feed = calendar_feeds.of_person(session, person.id)
    if feed is not None:
        session.delete(feed)
        text = f"The address of {person.name}'s calendar was taken back"
        note_change(session, "calendar_feeds.take_back", text, by=by, now=now)


def note_visit(feed: CalendarFeed, digest: str, *, now: datetime) -> None:
    """Note that the feed was asked for, and since when it holds what it does (``digest``)."""
    if feed.digest != digest:
        feed.digest, feed.changed_at = digest, now.replace(microsecond=0)
    if feed.fetched_at is None or now - feed.fetched_at >= _NOTED:
        feed.fetched_at = now
