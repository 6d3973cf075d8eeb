"""People's calendars on other servers: whose they are, which is to be read next, and when their owners are taken."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.models.busy_feed import BusyFeed, BusySpan
from tracker.models.interview import Assignment, Interview, InterviewState
from tracker.models.person import Person
from tracker.queries.visibility import NotFound
from tracker.rules.busy_times import AHEAD, Freshness, Span, Trouble, freshness, masked


@dataclass(frozen=True)
class FeedLine:
    """A calendar as its owner sees it: of the address no more than the server's name."""

    id: int
    shown: str
    freshness: Freshness
    read_at: datetime | None
    trouble: str
    is_waiting: bool


def lines(session: Session, person_id: int, now: datetime) -> list[FeedLine]:
    """Return a person's calendars in the order in which they were added."""
    rows = session.scalars(select(BusyFeed).where(BusyFeed.person_id == person_id).order_by(BusyFeed.id))
    return [
        FeedLine(
            id=row.id,
            shown=masked(row.address),
            freshness=freshness(row.read_at, now),
            read_at=row.read_at,
            trouble=Trouble(row.trouble).words if row.trouble else "",
            is_waiting=row.next_at <= now,
        )
        for row in rows
    ]


def get(session: Session, person_id: int, feed_id: int) -> BusyFeed:
    """Return one calendar of this person. Raises NotFound."""
    found = session.scalar(select(BusyFeed).where(BusyFeed.id == feed_id, BusyFeed.person_id == person_id))
    if found is None:
        raise NotFound("busy feed")
    return found


def by_address(session: Session, person_id: int, address: str) -> BusyFeed | None:
    """Return the calendar of a person at an address, as ``checked_address`` writes it."""
    return session.scalar(select(BusyFeed).where(BusyFeed.person_id == person_id, BusyFeed.address == address))


def how_many(session: Session, person_id: int) -> int:
    """Return the number of calendars of a person."""
    return session.scalar(select(func.count(BusyFeed.id)).where(BusyFeed.person_id == person_id)) or 0


def next_due(session: Session, now: datetime) -> int | None:
    """Return the calendar that waits the longest to be read; those of people who left are read no more."""
    query = (
        select(BusyFeed.id)
        .join(Person, BusyFeed.person_id == Person.id)
        .where(BusyFeed.next_at <= now, Person.is_active)
        .order_by(BusyFeed.next_at)
        .limit(1)
    )
    return session.scalar(query)


def own_uids(session: Session, person_id: int, now: datetime) -> frozenset[str]:
    """Return the UIDs of the interviews that a person was ever asked to and that may still be ahead.

    They come back in the calendars of whoever accepted an invitation, and are known here already, as they now stand.
    """
    query = (
        select(Interview.uid)
        .join(Assignment, Assignment.interview_id == Interview.id)
        .where(Assignment.person_id == person_id, Interview.ends_at > now, Interview.starts_at < now + AHEAD)
    )
    return frozenset(session.scalars(query))


def own_times(session: Session, person_id: int, now: datetime) -> list[tuple[datetime, datetime]]:
    """Return the (start, end) of the interviews that a person is invited to and that are not over.

    A calendar that tells free and busy times alone names none of them.
    """
    query = (
        select(Interview.starts_at, Interview.ends_at)
        .join(Assignment, Assignment.interview_id == Interview.id)
        .where(
            Assignment.person_id == person_id,
            Assignment.ended_at.is_(None),
            Interview.state == InterviewState.SENT,
            Interview.ends_at > now,
            Interview.starts_at < now + AHEAD,
        )
    )
    return [(starts_at, ends_at) for starts_at, ends_at in session.execute(query) if starts_at and ends_at]


def spans_of(session: Session, people: Collection[int], now: datetime) -> defaultdict[int, list[Span]]:
    """Return by person the times from now on in which his or her calendars say that he or she is taken."""
    query = select(BusySpan).where(BusySpan.person_id.in_(people), BusySpan.ends_at > now).order_by(BusySpan.starts_at)
    found: defaultdict[int, list[Span]] = defaultdict(list)
    for row in session.scalars(query):
        found[row.person_id].append(Span(row.starts_at, row.ends_at, row.is_tentative))
    return found


def stale_since(session: Session, people: Collection[int], now: datetime) -> list[tuple[str, datetime | None]]:
    """Return (name, when it was last read) of those people whose calendars are stale or were never read."""
    query = (
        select(Person.name, func.min(BusyFeed.read_at), func.count(), func.count(BusyFeed.read_at))
        .join(BusyFeed, BusyFeed.person_id == Person.id)
        .where(Person.id.in_(people))
        .group_by(Person.id, Person.name)
        .order_by(Person.name, Person.id)
    )
    found = ((name, oldest if read == count else None) for name, oldest, count, read in session.execute(query))
    return [(name, read_at) for name, read_at in found if freshness(read_at, now) is not Freshness.FRESH]
