"""The tick that reads calendars: what it keeps, what trouble does, that two never read one, what is never logged."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import TestClock
from tests.factories import MONDAY, World
from tests.feeds import server
from tests.feeds.files import NINE, calendar, meeting
from tests.feeds.server import Site
from tracker.models.busy_feed import BusyFeed, BusySpan
from tracker.models.person import Person
from tracker.models.tick_fault import TickFault
from tracker.pipeline import busy_feeds
from tracker.pipeline.busy_feeds import Reading
from tracker.queries import busy_feeds as queries
from tracker.rules.busy_times import Freshness, Span, TooManyFeeds, Trouble
from tracker.rules.sealing import sealed
from tracker.worker import feeds, tasks

HOUR = timedelta(hours=1)
SECRET = "/private-0f3a77/basic.ics?key=sesame"
TUESDAY_NINE = Span(MONDAY + timedelta(days=1), MONDAY + timedelta(days=1, hours=1))


@pytest.fixture(scope="module")
def running() -> Iterator[Site]:
    with server.running() as site:
        yield site


@pytest.fixture
def site(running: Site, in_app: Flask, at: TestClock) -> Site:
    """A site of our own network, which this tracker may ask."""
    at.set(MONDAY)
    in_app.config["TRACKER"] = replace(in_app.config["TRACKER"], private_feeds=True)
    running.pages, running.asked = {SECRET: server.serving(ETag='"1"')}, []
    return running


@pytest.fixture
def ian(world: World) -> Person:
    return world.person("Ian Interviewer")


def added(session: Session, person: Person, address: str) -> BusyFeed:
    feed = busy_feeds.add(session, person, address, now=MONDAY)
    session.commit()
    return feed


def spans(session: Session) -> list[Span]:
    session.expire_all()
    rows = session.scalars(select(BusySpan).order_by(BusySpan.starts_at))
    found = [Span(row.starts_at, row.ends_at, row.is_tentative) for row in rows]
    session.commit()
    return found


def test_a_calendar_is_read_and_read_again(
    in_app: Flask, session: Session, site: Site, ian: Person, at: TestClock
) -> None:
    feed = added(session, ian, site.url + SECRET)
    assert tasks.run_once(in_app) == 1
    assert spans(session) == [TUESDAY_NINE]
    [line] = queries.lines(session, ian.id, MONDAY)
    assert (line.shown, line.freshness, line.trouble) == ("127.0.0.1/…", Freshness.FRESH, "")
    session.commit()
    assert feeds.read_feeds(in_app) == 0

    # Unchanged: what is known stays, and is fresh again.
    later = at.set(MONDAY + 2 * HOUR)
    assert feeds.read_feeds(in_app) == 1
    assert site.asked[-1][1]["if-none-match"] == '"1"'
    session.refresh(feed)
    assert (feed.read_at, feed.worked_out_at) == (later, MONDAY)
    assert spans(session) == [TUESDAY_NINE]

    # A week later the weeks ahead are others, whatever the server says.
    at.set(MONDAY + timedelta(days=7))
    assert feeds.read_feeds(in_app) == 1
    assert "if-none-match" not in site.asked[-1][1]
    assert spans(session) == []


def test_what_changed_takes_the_place_of_what_was(
    in_app: Flask, session: Session, site: Site, ian: Person, at: TestClock
) -> None:
    added(session, ian, site.url + SECRET)
    feeds.read_feeds(in_app)
    site.pages[SECRET] = server.serving(calendar(meeting(f"{NINE}\r\nSTATUS:TENTATIVE")), ETag='"2"')
    at.set(MONDAY + HOUR)
    feeds.read_feeds(in_app)
    assert spans(session) == [replace(TUESDAY_NINE, is_tentative=True)]


def test_trouble_is_kept_and_what_was_known_grows_stale(
    in_app: Flask, session: Session, site: Site, ian: Person, at: TestClock
) -> None:
    feed = added(session, ian, site.url + SECRET)
    feeds.read_feeds(in_app)
    site.pages = {}
    now = MONDAY
    for failures, minutes in ((1, 5), (2, 15), (3, 45)):
        now = at.set(max(feed.next_at, now + HOUR))
        session.commit()
        assert feeds.read_feeds(in_app) == 1
        session.refresh(feed)
        assert (feed.failures, feed.next_at - now) == (failures, timedelta(minutes=minutes))
    assert spans(session) == [TUESDAY_NINE]
    [line] = queries.lines(session, ian.id, MONDAY + 7 * HOUR)
    assert (line.freshness, line.trouble) == (Freshness.STALE, Trouble.GONE.words)
    site.pages[SECRET] = server.serving()
    at.set(MONDAY + 8 * HOUR)
    session.commit()
    feeds.read_feeds(in_app)
    session.refresh(feed)
    assert (feed.trouble, feed.failures) == ("", 0)


def test_one_that_breaks_keeps_no_other_waiting_and_its_address_is_nowhere(
    in_app: Flask,
    session: Session,
    site: Site,
    ian: Person,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fetch = feeds.fetching.fetch

    def break_for_some(address: str, *given: object, **more: bool) -> object:
        if "first" in address:
            raise RuntimeError(f"no luck with {address}")
        return fetch(address, *given, **more)

    monkeypatch.setattr(feeds.fetching, "fetch", break_for_some)
    first = added(session, ian, f"{site.url}/first?key=sesame")
    added(session, ian, site.url + SECRET)
    with caplog.at_level(logging.DEBUG):
        assert feeds.read_feeds(in_app) == 2
    assert spans(session) == [TUESDAY_NINE]
    session.refresh(first)
    assert first.trouble == Trouble.FAILED
    assert "sesame" not in caplog.text
    assert "private-0f3a77" not in caplog.text
    [fault] = session.scalars(select(TickFault))
    assert "sesame" not in fault.what


def test_the_own_interviews_come_back_as_nothing_new(
    in_app: Flask, session: Session, world: World, site: Site, ian: Person
) -> None:
    """Who accepted an invitation has it in the calendar: it is known here, and may be moved or called off here."""
    interview = world.interview(world.application(), ian).interview
    interview.uid = "1"
    added(session, ian, site.url + SECRET)
    feeds.read_feeds(in_app)
    assert spans(session) == []


def test_a_calendar_with_a_password_is_asked_for_times_alone(
    in_app: Flask, session: Session, world: World, site: Site, ian: Person
) -> None:
    """Such a calendar names no meeting, so that the own interviews are known by their times."""
    world.interview(world.application(), ian, starts_at=TUESDAY_NINE.starts_at + HOUR / 4)
    said = "FREEBUSY:20261103T090000Z/PT3H"
    site.pages["/dav/"] = server.serving(calendar(f"BEGIN:VFREEBUSY\r\n{said}\r\nEND:VFREEBUSY\r\n"))
    kept = sealed("sesame", in_app.config["TRACKER"].secret_key, bytes(16))
    feed = busy_feeds.add(session, ian, f"{site.url}/dav/", login="ian", password=kept, now=MONDAY)
    session.commit()
    feeds.read_feeds(in_app)
    begins = TUESDAY_NINE.starts_at
    assert spans(session) == [Span(begins, begins + HOUR / 4), Span(begins + HOUR * 5 / 4, begins + 3 * HOUR)]
    assert site.asked[0][1]["authorization"] == "Basic aWFuOnNlc2FtZQ=="

    # The secret key of the settings was changed.
    busy_feeds.add(session, ian, feed.address, login="ian", password=kept, now=MONDAY)
    session.commit()
    in_app.config["TRACKER"] = replace(in_app.config["TRACKER"], secret_key="another key, of 32 characters too")
    feeds.read_feeds(in_app)
    session.refresh(feed)
    assert feed.trouble == Trouble.FORBIDDEN
    assert len(site.asked) == 1


def test_nobody_reads_what_another_reads(session: Session, site: Site, ian: Person) -> None:
    feed = added(session, ian, site.url + SECRET)
    mine = busy_feeds.claim(session, feed.id, MONDAY)
    session.commit()
    assert mine is not None
    assert busy_feeds.claim(session, feed.id, MONDAY) is None
    # The first one died, and comes back from the dead when another has begun.
    theirs = busy_feeds.claim(session, feed.id, MONDAY + HOUR)
    session.commit()
    assert theirs is not None
    busy_feeds.keep(session, mine, Reading("", "", [TUESDAY_NINE]), now=MONDAY + HOUR)
    busy_feeds.fail(session, mine, Trouble.GONE, now=MONDAY + HOUR)
    session.commit()
    assert spans(session) == []
    busy_feeds.keep(session, theirs, Reading("", "", [TUESDAY_NINE]), now=MONDAY + HOUR)
    session.commit()
    assert spans(session) == [TUESDAY_NINE]


def test_what_was_removed_meanwhile_stays_removed(session: Session, site: Site, ian: Person) -> None:
    feed = added(session, ian, site.url + SECRET)
    claimed = busy_feeds.claim(session, feed.id, MONDAY)
    assert claimed is not None
    busy_feeds.keep(session, claimed, Reading("", "", [TUESDAY_NINE]), now=MONDAY)
    busy_feeds.remove(session, ian, feed, now=MONDAY)
    session.commit()
    assert spans(session) == []
    busy_feeds.keep(session, claimed, Reading("", "", [TUESDAY_NINE]), now=MONDAY)
    session.commit()
    assert spans(session) == []


def test_who_left_is_not_asked_after(in_app: Flask, session: Session, site: Site, ian: Person) -> None:
    added(session, ian, site.url + SECRET)
    ian.is_active = False
    session.commit()
    assert feeds.read_feeds(in_app) == 0


def test_five_calendars_are_enough(session: Session, ian: Person) -> None:
    for number in range(5):
        added(session, ian, f"https://calendar.example/{number}")
    again = added(session, ian, "webcal://CALENDAR.example/3")
    assert again.address == "https://calendar.example/3"
    with pytest.raises(TooManyFeeds):
        busy_feeds.add(session, ian, "https://calendar.example/6", now=MONDAY)
