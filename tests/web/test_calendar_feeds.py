"""A person's calendar by a secret address: what is in it, who reads it, and what a taken-back address opens."""

from datetime import timedelta

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.calendar_reader import components, read
from tests.conftest import Client, TestClock, browser_of
from tests.factories import MONDAY, World
from tracker.mail import calendar_feeds as words
from tracker.models.calendar_feed import CalendarFeed
from tracker.models.deadline import Deadline
from tracker.models.interview import Assignment, AssignmentRole, InterviewState
from tracker.models.person import Person
from tracker.models.record import RecordEntry
from tracker.pipeline import deadlines
from tracker.rules.deadlines import DeadlineKind

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def monday(at: TestClock) -> TestClock:
    at.set(MONDAY)
    return at


@pytest.fixture
def ian(client: Client, world: World) -> Person:
    ian = world.person("Ian Interviewer")
    client.sign_in(ian)
    return ian


@pytest.fixture
def held(app: Flask, session: Session, world: World, ian: Person) -> Assignment:
    """An interview of Ian's, with the deadline of its scorecard."""
    application = world.application(name="Ada Lovelace")
    assignment = world.interview(application, ian)
    with app.app_context():
        kind = DeadlineKind.SCORECARD
        deadlines.open_(session, application, kind, day0_at=MONDAY, owner=ian, now=MONDAY, subject=assignment.id)
    return assignment


def address(client: Client, session: Session) -> str:
    """Make an address, as a person does, and return its path."""
    assert client.post("/account/calendar", data={}).location == "/account#calendar"
    session.expire_all()
    [feed] = session.scalars(select(CalendarFeed)).all()
    with client.application.app_context():
        path = f"/calendar/{words.token_of(feed.key)}.ics"
    assert f"http://tracker.example{path}" in client.get("/account").text
    return path


def test_both_readers_find_the_interview_and_the_deadline(
    app: Flask, client: Client, session: Session, held: Assignment
) -> None:
    path = address(client, session)
    answer = browser_of(app, session).get(path)
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    interview = held.interview
    due = session.scalars(select(Deadline)).one()
    stamps = {"DTSTAMP": f"{MONDAY:%Y%m%dT%H%M%SZ}"}

    first, second = components(answer.data, "VEVENT")
    assert first == stamps | {
        "UID": interview.uid, "SEQUENCE": "0", "STATUS": "CONFIRMED", "LOCATION": "https://meet.example/room",
        "DTSTART": "20261103T090000Z", "DTEND": "20261103T100000Z",
        "SUMMARY": "phone_screen 1: Ada Lovelace (Security Engineer)",
        "URL": f"http://tracker.example/interviews/{held.id}",
    }  # fmt: skip
    assert second == stamps | {
        "UID": f"deadline-{due.id}@tracker.example", "SEQUENCE": "1", "STATUS": "CONFIRMED", "TRANSP": "TRANSPARENT",
        "DTSTART": f"{due.due_at - HOUR / 4:%Y%m%dT%H%M%SZ}", "DTEND": f"{due.due_at:%Y%m%dT%H%M%SZ}",
        "SUMMARY": "Scorecard due: Ada Lovelace (Security Engineer)",
        "URL": f"http://tracker.example/scorecards/{held.id}",
    }  # fmt: skip
    assert {name for name, _, _ in read(answer.data)}.isdisjoint({"METHOD", "ATTENDEE", "ORGANIZER"})

    calendar = Calendar.from_ical(answer.data)
    assert not calendar.errors
    found = calendar.walk("VEVENT")
    assert [each["UID"] for each in found] == [first["UID"], second["UID"]]
    assert [each.decoded("DTSTART") for each in found] == [interview.starts_at, due.due_at - HOUR / 4]
    assert calendar["REFRESH-INTERVAL"].dt == HOUR


def test_what_is_not_ones_own_is_not_in_it(
    client: Client, session: Session, world: World, ian: Person, held: Assignment
) -> None:
    """Nor what is planned, called off, given away, long over, or about oneself."""
    other, elsewhere = world.person("Olga Other"), world.application(name="Somebody Else")
    world.interview(elsewhere, other)
    for state in (InterviewState.PLANNED, InterviewState.CANCELLED):
        world.interview(elsewhere, ian, state=state)
    world.interview(elsewhere, ian).ended_at = MONDAY
    world.interview(elsewhere, ian, starts_at=MONDAY - timedelta(days=31))
    about_ian = world.application(candidate=world.candidate("Ian Himself", email=ian.email))
    world.interview(about_ian, ian)
    shadowed = world.interview(world.application(name="Sarah Shadowed"), ian)
    shadowed.role = AssignmentRole.SHADOW
    text = client.get(address(client, session)).text.replace("\r\n ", "")
    assert text.count("BEGIN:VEVENT") == 3
    assert "Sarah Shadowed (Security Engineer)\\, you shadow" in text
    assert "Somebody" not in text
    assert "Himself" not in text


def test_a_new_address_makes_the_old_one_void(client: Client, session: Session, ian: Person) -> None:
    old = address(client, session)
    assert client.get(old).status_code == 200
    new = address(client, session)
    assert new != old
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200
    assert client.post("/account/calendar/end", data={}).location == "/account#calendar"
    assert client.get(new).status_code == 404
    assert client.post("/account/calendar/end", data={}).status_code == 303
    assert "Make an address" in client.get("/account").text
    said = [each.text for each in session.scalars(select(RecordEntry).order_by(RecordEntry.id))]
    assert len(said) == 3
    assert not [text for text in said if new.split("/")[-1] in text or old.split("/")[-1] in text]


def test_a_second_click_makes_no_second_address(client: Client, session: Session, ian: Person) -> None:
    for _ in range(2):
        client.post("/account/calendar", data={"once": "k"})
    assert len(session.scalars(select(RecordEntry)).all()) == 1


@pytest.mark.parametrize("token", ["x", "a.b", "%00", "%F0%9F%A6%89", "Im5vbmUi." + "A" * 27, "A" * 4000])
def test_what_is_no_address_opens_nothing(client: Client, token: str) -> None:
    answer = client.get(f"/calendar/{token}.ics")
    assert answer.status_code == 404


def test_a_key_without_our_signature_opens_nothing(client: Client, session: Session, ian: Person) -> None:
    """Who reads the table, or a backup of it, has no address."""
    address(client, session)
    key = session.scalars(select(CalendarFeed.key)).one()
    assert client.get(f"/calendar/{key}.ics").status_code == 404


def test_who_left_has_no_calendar(client: Client, session: Session, ian: Person) -> None:
    path = address(client, session)
    ian.is_active = False
    assert client.get(path).status_code == 404


def test_it_is_sent_again_only_when_something_in_it_changed(
    client: Client, session: Session, world: World, at: TestClock, ian: Person, held: Assignment
) -> None:
    path = address(client, session)
    first = client.get(path)
    tag, since = first.headers["ETag"], first.headers["Last-Modified"]
    assert first.headers["Cache-Control"] == "private, no-cache"
    at.set(MONDAY + HOUR)
    # What others do leaves no trace in it.
    world.interview(held.interview.application, world.person("Olga Other"))
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert client.get(path, headers={"If-Modified-Since": since}).status_code == 304
    again = client.get(path)
    assert (again.data, again.headers["Last-Modified"]) == (first.data, since)
    page = client.get("/account").text
    assert "A calendar last asked for it on" in page
    assert 'datetime="2026-11-02T10:00:00+00:00"' in page

    held.interview.starts_at, held.interview.sequence = MONDAY + timedelta(hours=20), 1
    changed = client.get(path, headers={"If-None-Match": tag, "If-Modified-Since": since})
    assert changed.status_code == 200
    assert changed.headers["Last-Modified"] == "Mon, 02 Nov 2026 10:00:00 GMT"
    assert "SEQUENCE:1\r\n" in changed.text


@pytest.mark.parametrize("hidden", ["\r\nBEGIN:VALARM", "\u2028X:1", "\x85Y:2", "\x00", "\u202e"])
def test_names_make_no_lines(
    client: Client, session: Session, world: World, ian: Person, held: Assignment, hidden: str
) -> None:
    held.interview.place = f"Room{hidden}"
    held.interview.application.candidate.name = f"Ada, {hidden}; L" + "ö" * 80
    first, _ = components(client.get(address(client, session)).data, "VEVENT")
    assert first["SUMMARY"].startswith("phone_screen 1: Ada\\, ")
    assert "VALARM" not in first
