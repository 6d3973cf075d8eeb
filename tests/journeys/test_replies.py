"""From a declined invitation to the substitute's yes: by mailbox, pages and ticks alone."""

from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage

import pytest
from icalendar import Calendar

from tests.journeys.journey import CANDIDATE, Journey, Letter
from tests.mail import imap_server
from tests.mail.answers import exchange, google
from tests.mail.imap_server import Box


@pytest.fixture
def box(journey: Journey) -> Iterator[Box]:
    with imap_server.running() as box:
        journey.app.config["TRACKER"] = replace(
            journey.app.config["TRACKER"], reply_address="replies@tracker.example", replies=box.settings
        )
        yield box


def invitation(message: EmailMessage) -> dict[str, object]:
    """Return what the calendar of its receiver answers with."""
    for part in message.walk():
        if part.get_content_type() == "text/calendar":
            [event] = Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")
            return {
                "uid": str(event["UID"]),
                "sequence": int(event["SEQUENCE"]),
                "organizer": str(event["ORGANIZER"]).removeprefix("mailto:"),
            }
    raise AssertionError("no invitation")


def answer_to(journey: Journey, letter: Letter, partstat: str, kind: object = google) -> bytes:
    asked, who = invitation(letter.message), letter.receiver
    raw: bytes = kind(partstat, **asked, attendee=who, stamp=journey.clock_shows())  # type: ignore[operator]
    name = who.partition("@")[0].encode()
    raw = raw.replace(b"To: replies+a1@", b"To: " + str(asked["organizer"]).partition("@")[0].encode() + b"@")
    raw = raw.replace(b"From: Ian Interviewer <ian@", b"From: " + name + b" <" + name + b"@")
    raw = raw.replace(b'From: "Interviewer, Ian" <Ian@Tracker.example>', b"From: <" + who.upper().encode() + b">")
    return raw.replace(b"<1@mail", f"<{partstat}-{who}-{journey.clock_shows():%s}@mail".encode())


def test_who_declines_is_replaced_and_the_substitute_says_yes(journey: Journey, box: Box) -> None:
    journey.hire()
    journey.people["Otto"] = journey.world.person("Otto", email="otto@tracker.example")
    journey.reaches_loop()
    journey.sends_loop("2027-05-12")
    emils = journey.assignment("Emil")
    journey.qualify("Otto", emils.competencies[0].competency_id)
    journey.now("2027-05-03 08:00")
    before = len(journey.letters)

    [anna] = [each for each in journey.to("anna") if each.events]
    [emil] = [each for each in journey.to("emil") if each.events]
    box.put(answer_to(journey, anna, "ACCEPTED", exchange), answer_to(journey, emil, "DECLINED"))
    journey.now("2027-05-03 08:02")
    told = {each.receiver.partition("@")[0]: each for each in journey.letters[before:]}
    assert set(told) == {"emil", "otto", "rita", "cleo"}
    assert told["emil"].events == [("CANCEL", "CANCELLED", 1)]
    assert told["otto"].events == [("REQUEST", "CONFIRMED", 1)]
    assert told["rita"].subject == "Otto holds Interview 5 with Cleo Candidate instead of Emil"
    assert told["cleo"].receiver == CANDIDATE
    assert invitation(told["emil"].message)["organizer"] == invitation(emil.message)["organizer"]
    assert invitation(told["otto"].message)["organizer"] != invitation(emil.message)["organizer"]

    page = journey.reads("Rita", "loop")
    assert "1 accepted" in page
    assert "1 replaced" in page
    box.put(answer_to(journey, told["otto"], "ACCEPTED"), answer_to(journey, emil, "ACCEPTED"))
    journey.now("2027-05-03 08:04")
    page = journey.reads("Rita", "loop")
    assert "2 accepted" in page
    assert "3 invited" in page
    assert "instead of" in page
    assert len(journey.letters) == before + 4, "Emil’s second thought comes too late, and nobody is bothered with it"
    assert "Otto was put in for Emil in Interview 5 by the tracker" in journey.reads("Rita", "")
    assert box.flags.keys() == {1, 2, 3, 4}
