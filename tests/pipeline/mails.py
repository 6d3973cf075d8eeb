"""Reading the e-mails that verbs wrote: their text, and the calendar that comes with them."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from icalendar import Calendar
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker.models.outbox import MailState, OutboxMail


def of_kind(session: Session, kind: str) -> list[OutboxMail]:
    """Return the mails of a kind, the first first."""
    return list(session.scalars(select(OutboxMail).where(OutboxMail.kind == kind).order_by(OutboxMail.id)))


def delivered(session: Session) -> None:
    """Let all that waits have gone out."""
    session.execute(update(OutboxMail).where(OutboxMail.state == MailState.WAITING).values(state=MailState.SENT))
    session.commit()


def parsed(mail: OutboxMail) -> EmailMessage:
    """Return the message that would be sent."""
    message = message_from_bytes(mail.message, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(mail: OutboxMail) -> str:
    """Return what its receiver reads."""
    body = parsed(mail).get_body(preferencelist=("plain",))
    assert body is not None
    return str(body.get_content())


def calendar_of(mail: OutboxMail) -> Calendar:
    """Return the calendar that its receiver's program reads."""
    for part in parsed(mail).walk():
        if part.get_content_type() == "text/calendar":
            found = Calendar.from_ical(part.get_payload(decode=True))
            assert isinstance(found, Calendar)
            return found
    raise AssertionError(f"{mail.kind} brings no calendar")


def events_of(mail: OutboxMail) -> list[tuple[str, int]]:
    """Return (status, sequence) of each event in the mail's calendar."""
    return [(str(each["STATUS"]), int(each["SEQUENCE"])) for each in calendar_of(mail).walk("VEVENT")]


def method_of(mail: OutboxMail) -> str:
    """Return what the calendar asks for."""
    return str(calendar_of(mail)["METHOD"])
