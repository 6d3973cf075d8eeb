"""The MIME of a mail: one receiver, no header but ours, the same bytes for the same mail."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.headerregistry import AddressHeader
from email.message import EmailMessage
from email.policy import SMTP
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.mail.clean import one_line
from tracker.mail.envelope import Envelope, seal
from tracker.mail.messages import Address, Mail

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]


def sealed(mail: Mail, key: str = "key") -> Envelope:
    return seal(
        mail,
        sender="Hiring <hiring@works.example>",
        base_url="https://jobs.works.example:8443",
        dedupe_key=key,
        now=NOW,
    )


def mail(name: str = "Ada", subject: str = "Hello", text: str = "Text", calendar: bytes | None = None) -> Mail:
    method = "REQUEST" if calendar else None
    return Mail("test", Address(name, "ada@candidates.example"), subject, text, f"<p>{text}</p>", calendar, method)  # type: ignore[arg-type]


def parsed(envelope: Envelope) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(envelope.message, policy=SMTP))


@given(name=st.text(max_size=300), subject=st.text(max_size=300))
def test_no_name_or_subject_makes_another_header_or_receiver(name: str, subject: str) -> None:
    envelope = sealed(mail(name, subject))
    message = parsed(envelope)
    assert sorted(message.keys()) == sorted(HEADERS)
    to = cast(AddressHeader, message["To"]).addresses
    assert [each.addr_spec for each in to] == ["ada@candidates.example"]
    assert [each.addr_spec for each in cast(AddressHeader, message["From"]).addresses] == ["hiring@works.example"]
    envelope.message.decode("ascii")
    assert all(len(line) <= 998 for line in envelope.message.split(b"\r\n"))
    assert b"\n" not in envelope.message.replace(b"\r\n", b"")


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=120))
def test_subjects_arrive_as_they_were_written(subject: str) -> None:
    found = parsed(sealed(mail(subject=subject)))["Subject"]
    assert str(found) == one_line(subject)


@pytest.mark.parametrize(
    "subject",
    [
        "Reminder: Interview 5 with Arjun Mehta, Wed 25 Nov 2026, 15:00–16:00 (Europe/Berlin)",
        "Overdue promise: Zofia Kowalska has not been told the outcome by Rosa Marchetti",
        "2 deadlines, 1 overdue. First: Overdue: " + "w" * 80,
    ],
    ids=["dash", "long", "long-word"],
)
def test_no_blank_is_added_where_a_subject_is_folded(subject: str) -> None:
    assert str(parsed(sealed(mail(subject=subject)))["Subject"]) == subject


def test_names_beyond_ascii_arrive() -> None:
    for name in ("Zoë Müller", "李小龍", "مريم", 'Ana, the "Great" <x@y.example>', "🦊"):
        [to] = cast(AddressHeader, parsed(sealed(mail(name)))["To"]).addresses
        assert to.display_name == name


def test_no_text_ends_a_part() -> None:
    hostile = "One\n--=_alternative=_\n\n--=_alternative=_--\n--=_mixed=_--\nTwo"
    for calendar in (None, b"BEGIN:VCALENDAR\r\n--=_mixed=_--\r\n"):
        message = parsed(sealed(mail(text=hostile, calendar=calendar)))
        plain = message.get_body(("plain",))
        assert plain is not None
        assert plain.get_content().splitlines() == hostile.splitlines()
        assert len([part for part in message.walk() if not part.is_multipart()]) == (4 if calendar else 2)


def test_the_same_mail_is_the_same_bytes_and_its_id_names_the_fact() -> None:
    one, two, other = sealed(mail()), sealed(mail()), sealed(mail(), key="another")
    assert one.message == two.message
    assert one.message_id == two.message_id != other.message_id
    assert one.message_id.endswith("@jobs.works.example>")
    message = parsed(one)
    assert message["Date"].datetime == NOW
    assert message["Auto-Submitted"] == "auto-generated"


def test_text_and_html_are_alternatives() -> None:
    message = parsed(sealed(mail(text="Zeile\nÄ " + "x" * 2000 + "\n.\n")))
    assert message.get_content_type() == "multipart/alternative"
    plain, html = message.iter_parts()
    assert plain.get_content_type() == "text/plain"
    assert plain.get_content().replace("\r\n", "\n") == "Zeile\nÄ " + "x" * 2000 + "\n.\n"
    assert html.get_content_type() == "text/html"


def test_a_calendar_is_an_alternative_and_an_attachment() -> None:
    ics = "BEGIN:VCALENDAR\r\nSUMMARY:Ä\r\nEND:VCALENDAR\r\n".encode()
    message = parsed(sealed(mail(calendar=ics)))
    assert message.get_content_type() == "multipart/mixed"
    body, attached = message.iter_parts()
    *_, calendar = body.iter_parts()  # type: ignore[attr-defined]
    assert calendar.get_content_type() == "text/calendar"
    assert calendar.get_param("method") == "REQUEST"
    assert calendar.get_payload(decode=True) == ics
    assert attached.get_filename() == "interview.ics"
    assert attached.get_payload(decode=True) == ics
