"""Calendar files, read by the library that did not write the test and by a reader of a few lines."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from tests.calendar_reader import read
from tests.mail.test_golden import words
from tracker.mail import invitations
from tracker.mail.invitations import Event
from tracker.mail.messages import Address, Mail

__all__ = ["words"]
NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
MAIL = Mail("test", Address("Ada Lovelace", "ada@candidates.example"), "Hello", "Text", "<p>Text</p>")


def event(summary: str = "Interview", description: str = "", place: str = "", **facts: object) -> Event:
    given = {
        "uid": "a-uid",
        "sequence": 2,
        "starts_at": datetime(2026, 11, 27, 9, 0, tzinfo=UTC),
        "ends_at": datetime(2026, 11, 27, 10, 0, tzinfo=UTC),
    }
    return Event(summary=summary, description=description, place=place, **(given | facts))  # type: ignore[arg-type]


def test_a_request(words: Flask) -> None:
    with words.app_context():
        mail = invitations.request(MAIL, event(place="Room 1, 2nd floor; left"), organizer="Rita, Recruiter", now=NOW)
    assert mail.method == "REQUEST"
    found = read(mail.calendar or b"")
    values = {name: value for name, _, value in found}
    assert values["METHOD"] == "REQUEST"
    assert (values["UID"], values["SEQUENCE"]) == ("a-uid", "2")
    assert (values["DTSTART"], values["DTEND"]) == ("20261127T090000Z", "20261127T100000Z")
    assert values["DTSTAMP"] == "20261120T080000Z"
    assert values["LOCATION"] == "Room 1\\, 2nd floor\\; left"
    assert "VTIMEZONE" not in (mail.calendar or b"").decode()
    [organizer] = [(params, value) for name, params, value in found if name == "ORGANIZER"]
    assert organizer == ({"CN": '"Rita, Recruiter"'}, "mailto:hiring@tracker.example")
    [attendee] = [(params, value) for name, params, value in found if name == "ATTENDEE"]
    assert attendee[1] == "mailto:ada@candidates.example"
    assert attendee[0]["RSVP"] == "TRUE"


def test_a_cancellation(words: Flask) -> None:
    with words.app_context():
        mail = invitations.cancel(MAIL, event(), organizer="Rita", now=NOW)
    values = {name: value for name, _, value in read(mail.calendar or b"")}
    assert (mail.method, values["METHOD"], values["STATUS"]) == ("CANCEL", "CANCEL", "CANCELLED")
    assert (values["UID"], values["SEQUENCE"]) == ("a-uid", "2")
    assert values["ATTENDEE"] == "mailto:ada@candidates.example"


def test_a_schedule_names_no_attendee(words: Flask) -> None:
    with words.app_context():
        mail = invitations.publish(MAIL, [event(uid="1"), event(uid="2", is_cancelled=True)], organizer="Rita", now=NOW)
    found = read(mail.calendar or b"")
    assert [value for name, _, value in found if name == "UID"] == ["1", "2"]
    assert [value for name, _, value in found if name == "STATUS"] == ["CONFIRMED", "CANCELLED"]
    assert "ATTENDEE" not in {name for name, _, _ in found}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200), st.text(max_size=200))
def test_no_text_makes_a_line_of_its_own(words: Flask, summary: str, description: str) -> None:
    with words.app_context():
        mail = invitations.request(
            MAIL, event(summary, description, summary, url=summary), organizer=description, now=NOW
        )
    data = mail.calendar or b""
    names = [name for name, _, _ in read(data)]
    assert names.count("SUMMARY") == names.count("ATTENDEE") == names.count("BEGIN") - 1 == 1
    assert set(names) <= {
        "BEGIN", "VERSION", "PRODID", "CALSCALE", "METHOD", "UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "STATUS",
        "SUMMARY", "DESCRIPTION", "LOCATION", "URL", "ORGANIZER", "ATTENDEE", "END",
    }  # fmt: skip
    [component] = Calendar.from_ical(data).walk("VEVENT")
    assert component["UID"] == "a-uid"


@pytest.mark.parametrize("hidden", ["\u2028", "\u2029", "\x85", "\r", "\x0b", "\x0c", "\x00"])
def test_hidden_line_ends_are_gone(words: Flask, hidden: str) -> None:
    with words.app_context():
        nasty = f"One{hidden}ATTENDEE:mailto:evil@example.org"
        mail = invitations.request(MAIL, event(nasty, nasty, nasty, url=f"http://x/{hidden}"), organizer=nasty, now=NOW)
    assert hidden not in (mail.calendar or b"").decode().replace("\r\n", "")
