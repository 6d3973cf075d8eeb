"""Answers to invitations as they come in: what calendars of Google, Microsoft and Apple send, and what else does."""

import base64
import quopri
from datetime import UTC, datetime

STAMP = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
IAN = "ian@tracker.example"
TO = "replies+a1@tracker.example"


def stamped(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def ics(
    partstat: str = "ACCEPTED",
    *,
    uid: str = "uid-1",
    sequence: int | None = 0,
    stamp: datetime = STAMP,
    attendee: str = IAN,
    organizer: str = TO,
    method: str = "REPLY",
    more: str = "",
    comment: str = "",
    start: str = "DTSTART:20261110T090000Z\r\nDTEND:20261110T100000Z",
) -> str:
    """A plain calendar part, as RFC 5546 has it."""
    lines = [
        "BEGIN:VCALENDAR",
        "PRODID:-//Example//Calendar//EN",
        "VERSION:2.0",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{stamped(stamp)}",
        start,
        f"ORGANIZER;CN=Rita Recruiter:mailto:{organizer}",
        f"ATTENDEE;PARTSTAT={partstat};CN=Ian Interviewer:mailto:{attendee}",
        *([f"SEQUENCE:{sequence}"] if sequence is not None else []),
        *([f"COMMENT:{comment}"] if comment else []),
        *([more] if more else []),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "\r\n".join(lines) + "\r\n"


def folded(text: str) -> str:
    """The lines folded as Exchange does it, at 75 octets, in the middle of whatever stands there."""
    return "\r\n".join(
        "\r\n ".join(line[at : at + 74] for at in range(0, len(line), 74)) for line in text.split("\r\n")
    )


def mail(
    *parts: bytes,
    sender: str = f"Ian Interviewer <{IAN}>",
    to: str = TO,
    headers: str = "",
    subject: str = "Accepted: Interview 1",
    kind: str = "multipart/alternative",
    message_id: str = "<1@mail.example>",
) -> bytes:
    head = f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\n"
    head += f"Message-ID: {message_id}\r\n" if message_id else ""
    head += f"{headers}MIME-Version: 1.0\r\n"
    if len(parts) == 1:
        return head.encode() + parts[0]
    body = b"".join(b"--=_cut\r\n" + part + b"\r\n" for part in parts) + b"--=_cut--\r\n"
    return f'{head}Content-Type: {kind}; boundary="=_cut"\r\n\r\n'.encode() + body


def plain(text: str = "Ian Interviewer has accepted this invitation.") -> bytes:
    return b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + text.encode()


def calendar(text: str, *, coding: str = "7bit", kind: str = "text/calendar", charset: str = "utf-8") -> bytes:
    data = text.encode(charset)
    if coding == "base64":
        data = base64.encodebytes(data)
    elif coding == "quoted-printable":
        data = quopri.encodestring(data)
    head = f"Content-Type: {kind}; method=REPLY; charset={charset}\r\nContent-Transfer-Encoding: {coding}\r\n\r\n"
    return head.encode() + data


def google(answer: str = "ACCEPTED", *, note: str = "", **event: object) -> bytes:
    """Google Calendar: an alternative with text, HTML and calendar, and the calendar once more as a file."""
    text = ics(answer, **event)  # type: ignore[arg-type]
    text = text.replace("CN=Ian Interviewer", 'CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;X-NUM-GUESTS=0;CN="Ian, I."')
    if note:
        text = text.replace("X-NUM-GUESTS=0", f'X-NUM-GUESTS=0;X-RESPONSE-COMMENT="{note}"')
    text = text.replace("PRODID:-//Example//Calendar//EN", "PRODID:-//Google Inc//Google Calendar 70.9054//EN")
    text = text.replace(
        "END:VEVENT", "LAST-MODIFIED:20261102T100000Z\r\nSTATUS:CONFIRMED\r\nTRANSP:OPAQUE\r\nEND:VEVENT"
    )
    inner = mail(
        plain(),
        b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>ja</p>",
        calendar(folded(text), coding="7bit"),
    ).split(b"MIME-Version: 1.0\r\n")[1]
    return mail(
        inner.replace(b"=_cut", b"=_in"),
        calendar(folded(text), coding="base64", kind="application/ics"),
        kind="multipart/mixed",
        headers="Sender: Google Calendar <calendar-notification@google.com>\r\nAuto-Submitted: auto-generated\r\n",
    )


def exchange(answer: str = "ACCEPTED", *, coding: str = "base64", **event: object) -> bytes:
    """Outlook with Exchange: the whole event again, properties of its own, an alarm, a zone with a name of its own."""
    start = "DTSTART;TZID=W. Europe Standard Time:20261110T100000\r\nDTEND;TZID=W. Europe Standard Time:20261110T110000"
    more = (
        "SUMMARY;LANGUAGE=de-DE:Zugesagt: Interview 1\r\nCLASS:PUBLIC\r\nPRIORITY:5\r\nTRANSP:OPAQUE\r\n"
        "STATUS:CONFIRMED\r\nLOCATION;LANGUAGE=de-DE:Größter Saal\r\nX-MICROSOFT-CDO-APPT-SEQUENCE:0\r\n"
        "X-MICROSOFT-CDO-OWNERAPPTID:0\r\nX-MICROSOFT-CDO-BUSYSTATUS:BUSY\r\nX-MICROSOFT-CDO-INSTTYPE:0\r\n"
        "X-MICROSOFT-DONOTFORWARDMEETING:FALSE\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:REMINDER\r\n"
        "TRIGGER;RELATED=START:-PT15M\r\nUID:another-one\r\nEND:VALARM"
    )
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:W. Europe Standard Time\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\n"
        "TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nRRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\r\n"
        "END:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT"
    )
    given: dict[str, object] = {"start": start, "more": more} | event
    text = ics(answer, **given).replace("BEGIN:VEVENT", zone)  # type: ignore[arg-type]
    text = text.replace("mailto:ian", "mailto:Ian").replace("mailto:", "MAILTO:")
    return mail(
        plain(""),
        calendar(folded(text), coding=coding),
        sender='"Interviewer, Ian" <Ian@Tracker.example>',
        subject="=?utf-8?Q?Zugesagt=3A_Interview_1?=",
        headers="X-MS-Has-Attach: \r\nX-MS-Exchange-Calendar-Originator-Id: x\r\nThread-Topic: Interview 1\r\n",
    )


def apple(answer: str = "ACCEPTED", **event: object) -> bytes:
    """Apple Calendar: text and one calendar part as an attachment, quoted-printable, the address percent-free."""
    given: dict[str, object] = {
        "start": "DTSTART;TZID=Europe/Berlin:20261110T100000\r\nDURATION:PT1H",
        "more": "X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC\r\nLAST-MODIFIED:20261102T100000Z",
    } | event
    part = calendar(ics(answer, **given), coding="quoted-printable")  # type: ignore[arg-type]
    part = part.replace(b"MIME-Version", b"X").replace(
        b"Content-Transfer-Encoding", b"Content-Disposition: attachment; filename=iCal.ics\r\nContent-Transfer-Encoding"
    )
    return mail(plain("Ian hat zugesagt"), part, kind="multipart/mixed", headers="X-Mailer: Apple Mail\r\n")


def out_of_office(sender: str = IAN) -> bytes:
    return mail(
        plain("I am away until Monday."),
        sender=sender,
        subject="Automatic reply: Interview 1",
        headers="Auto-Submitted: auto-replied\r\nX-Auto-Response-Suppress: All\r\n",
    )


def bounce() -> bytes:
    """A report of a mail server, with the invitation that it could not deliver."""
    inside = b"Content-Type: message/rfc822\r\n\r\n" + mail(plain(), calendar(ics(method="REQUEST"))).replace(
        b"=_cut", b"=_in"
    )
    return mail(
        plain("It could not be delivered."),
        inside,
        sender="MAILER-DAEMON <mailer-daemon@mail.example>",
        kind="multipart/report; report-type=delivery-status",
        headers="Return-Path: <>\r\n",
    )
