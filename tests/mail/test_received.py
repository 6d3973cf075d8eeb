"""E-mails that came in: what is read of what calendars really send, and that nothing hostile is more than a verdict."""

import os
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mail import answers
from tests.mail.answers import IAN, STAMP, TO, calendar, ics, mail, plain
from tracker.mail.calendar_lines import said_in
from tracker.mail.received import MOST_BYTES, TEXT_LENGTH, received, too_large
from tracker.rules.replies import Said

NINE = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)
TEN = datetime(2026, 11, 10, 10, 0, tzinfo=UTC)
SAID = Said("REPLY", "uid-1", 0, STAMP, ((IAN, "ACCEPTED"),), "", NINE, TEN)

REAL = {
    "as the standard has it": (mail(plain(), calendar(ics())), SAID),
    "Google": (answers.google(), SAID),
    "Google, with a note": (answers.google("DECLINED", note="no, sorry"), None),
    "Exchange, base64": (answers.exchange(), SAID),
    "Exchange, quoted-printable": (answers.exchange("TENTATIVE", coding="quoted-printable"), None),
    "Apple": (answers.apple(), SAID),
    "the calendar alone": (mail(calendar(ics())), SAID),
    "a name for the file alone": (
        mail(plain(), b"Content-Type: application/octet-stream; name=invite.ics\r\n\r\n" + ics().encode()),
        SAID,
    ),
    "no sequence": (mail(calendar(ics(sequence=None))), SAID),
    "a comment": (
        mail(calendar(ics("DECLINED", comment=r"Ill\, alas\;\nback on Monday"))),
        replace(SAID, attendees=((IAN, "DECLINED"),), comment="Ill, alas;\nback on Monday"),
    ),
    "lines that end with LF alone": (mail(calendar(ics().replace("\r\n", "\n"))), SAID),
    "another character set": (
        mail(calendar(ics(comment="Grüße"), charset="iso-8859-1", coding="base64")),
        replace(SAID, comment="Grüße"),
    ),
    "a character set that nobody knows": (mail(calendar(ics()).replace(b"charset=utf-8", b"charset=x-klingon")), SAID),
    "a cut base64": (mail(calendar(ics(more="X-LONG:" + "x" * 80), coding="base64").rstrip()[:-8]), SAID),
}


@pytest.mark.parametrize("name", REAL)
def test_what_calendars_send(name: str) -> None:
    raw, said = REAL[name]
    found = received(raw)
    assert found.said is not None
    assert (found.said.method, found.said.uid, found.said.stamp) == ("REPLY", "uid-1", STAMP)
    assert found.said.attendees[0][0] == IAN
    assert (found.sender, found.trouble) == (IAN, "")
    assert TO in found.addressed
    if said is not None:
        assert found.said == said


def test_a_note_of_google_is_a_comment() -> None:
    found = received(REAL["Google, with a note"][0]).said
    assert found is not None
    assert (found.attendees, found.comment) == (((IAN, "DECLINED"),), "no, sorry")


@pytest.mark.parametrize(
    ("start", "at"),
    [
        ("DTSTART:20261110T090000Z", NINE),
        ("DTSTART:00010101T000000Z", None),
        ("DTSTART;TZID=Europe/Berlin:20261110T100000", NINE),
        ('DTSTART;TZID="Romance Standard Time":20261110T100000', NINE),
        ("DTSTART;TZID=Tokyo Standard Time:20261110T180000", NINE),
        ("DTSTART;VALUE=DATE:20261110", None),
        ("DTSTART:20261110T090000", None),
        ("DTSTART;TZID=Nowhere/Land:20261110T090000", None),
        ("DTSTART;TZID=../../etc/passwd:20261110T090000", None),
        ("DTSTART:20261399T990000Z", None),
        ("DTSTART:99991231T235959Z", None),
        ("DTSTART;TZID=Asia/Tokyo:00010101T000000", None),
        ("X-NOTHING:1", None),
    ],
)
def test_a_proposed_time(start: str, at: datetime | None) -> None:
    said = said_in(ics(method="COUNTER", start=start))
    assert said is not None
    assert (said.method, said.starts_at) == ("COUNTER", at)


def test_what_machines_write_is_known_as_that() -> None:
    assert received(answers.out_of_office()).is_automatic
    found = received(answers.bounce())
    assert (found.is_automatic, found.said) == (True, None), "the invitation inside is no answer"
    for header in ("Precedence: bulk", "X-Autoreply: yes", "Return-Path: <>", "Auto-Submitted: auto-replied; x=y"):
        assert received(mail(plain(), headers=f"{header}\r\n")).is_automatic
    assert not received(mail(plain(), headers="Auto-Submitted: no\r\n")).is_automatic


def test_what_people_write_is_kept() -> None:
    found = received(mail(plain("I would rather\r\ncome on Tuesday.\x00\x1b[31m"), subject="Re: Interview"))
    assert (found.said, found.text) == (None, "Re: Interview\n\nI would rather\ncome on Tuesday.[31m")
    rich = b"Content-Type: text/html; charset=utf-8\r\n\r\n<html><head><title>no</title></head><style>p {}</style>"
    found = received(mail(rich + b"<p>Tuesday &amp;<br>Wednesday</p><script>alert(1)</script>", subject="Re"))
    assert found.text == "Re\n\nTuesday &\nWednesday"
    assert len(received(mail(plain("x" * 100_000))).text) == TEXT_LENGTH
    for charset, word in (("iso-8859-1", "Grüßé"), ("windows-1252", "„so“"), ("koi8-r", "завтра"), ("utf-8", "明日é")):
        part = f"Content-Type: text/plain; charset={charset}\r\n\r\n".encode() + word.encode(charset)
        assert received(mail(part, subject="Re")).text == f"Re\n\n{word}"


def test_two_copies_are_one_and_two_answers_are_two() -> None:
    first = mail(plain(), calendar(ics()))
    copy = b"Received: from elsewhere\r\nDelivered-To: somebody@tracker.example\r\n" + first
    assert received(copy).key == received(first).key
    for other in (
        mail(plain(), calendar(ics()), message_id="<2@mail.example>"),
        mail(plain(), calendar(ics("DECLINED", sequence=1))),
        mail(plain(), calendar(ics()), sender="eve@elsewhere.example"),
        mail(plain("one"), message_id=""),
        mail(plain("two"), message_id=""),
    ):
        assert received(other).key != received(first).key


def nested(depth: int) -> bytes:
    text = b"Content-Type: text/plain\r\n\r\nx"
    for n in range(depth):
        text = b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n%b\r\n--b%d--\r\n" % (n, n, text, n)
    return text


HOSTILE = {
    "nothing": b"",
    "no e-mail": os.urandom(5000),
    "huge": mail(plain("x" * MOST_BYTES)),
    "deep": mail(nested(2000)),
    "deep e-mails": mail(b"Content-Type: message/rfc822\r\n\r\n" * 5000),
    "parts without end": mail(*[plain("x")] * 20_000),
    "many headers": mail(plain(), headers="X-A: b\r\n" * 50_000),
    "many addresses": mail(plain(), to=", ".join(f"a{n}@x.example" for n in range(50_000))),
    "comments in an address": mail(plain(), sender="(" * 50_000 + "ian@tracker.example"),
    "quotes in an address": mail(plain(), sender='"' * 50_001 + "ian@tracker.example"),
    "tags without end": mail(b"Content-Type: text/html\r\n\r\n" + b"<head" * 100_000),
    "only less than": mail(b"Content-Type: text/html\r\n\r\n" + b"<" * 500_000),
    "a character set that takes for ever": mail(
        b"Content-Type: text/plain; charset=punycode\r\n\r\n\xff" + b"abc-" * 200_000
    ),
    "not base64": mail(
        plain(), b"Content-Type: text/calendar\r\nContent-Transfer-Encoding: base64\r\n\r\n\xff\xfe" * 9
    ),
    "uuencoded": mail(
        b"Content-Type: text/calendar\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 x\r\n~~~"
    ),
    "a calendar of zeros": mail(calendar("\0" * 100_000)),
    "a huge calendar": mail(calendar(ics(more="X-A:b\r\n" * 90_000))),
    "a folded line without end": mail(calendar(ics(more="X-A:b" + "\r\n b" * 40_000))),
    "parameters without end": mail(calendar(ics(more="X-A" + ";B=c" * 40_000))),
    "components without end": mail(calendar("BEGIN:VCALENDAR\r\n" + "BEGIN:VEVENT\r\n" * 10_000)),
    "numbers without end": mail(calendar(ics(more="SEQUENCE:" + "9" * 100_000))),
    "a bad subject": mail(plain(), subject="=?utf-8?B?=?= =?x-none?Q?a?= =?utf-8?Q?=FF?="),
    "a bad name of a file": mail(b"Content-Type: application/x; name*=x'y'%FF%FE\r\n\r\nx"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_hostile_is_more_than_a_verdict(name: str) -> None:
    began = time.process_time()
    found = received(HOSTILE[name])
    assert found.said is None or not found.said.attendees or found.said.uid == "uid-1"
    assert len(found.text) <= TEXT_LENGTH
    assert time.process_time() - began < 2


@pytest.mark.parametrize("name", ["huge", "deep", "a huge calendar"])
def test_what_is_too_much_says_so_and_for_whom_it_was(name: str) -> None:
    found = received(HOSTILE[name])
    assert found.trouble
    assert (found.sender, found.said) == (IAN, None)
    assert TO in found.addressed


def test_of_what_is_not_fetched_the_headers_tell() -> None:
    found = too_large(mail(plain()))
    assert (found.sender, found.addressed, found.trouble) == (IAN, (TO,), "It is larger than 1024 KB.")


@given(st.binary(max_size=2000))
@settings(max_examples=200, deadline=None)
def test_no_bytes_are_an_error(data: bytes) -> None:
    received(data)
    received(mail(calendar(ics())).replace(b"UID", data[:50]))


@given(st.text(max_size=500))
@settings(max_examples=200, deadline=None)
def test_no_calendar_text_is_an_error(text: str) -> None:
    said_in(text)
    said_in(ics(more=text))
