"""The MIME of a mail, made once: what is stored is what goes out, byte for byte, however often it is tried."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from tracker.mail.clean import many_lines, one_line
from tracker.mail.messages import Address, Mail

LINE_LENGTH = 76


class _Policy(EmailPolicy):
    """Folds subjects so that they arrive as they were written: the library's own way adds and drops blanks at folds.

    A header of plain ASCII that fits on its line goes out as it stands. Nearly all do, and to have the library parse
    and fold them takes as long as all else that is done for a mail.
    """

    # The library makes a class anew each time it is asked.
    header_max_count = lru_cache(EmailPolicy.header_max_count)

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        text = str(value)
        return (name, text) if _is_plain(name, text) else super().header_store_parse(name, value)

    def header_fetch_parse(self, name: str, value: str) -> Any:
        return value

    def fold_binary(self, name: str, value: str) -> bytes:
        if _is_plain(name, value):
            return f"{name}: {value}{self.linesep}".encode("ascii")
        if name != "Subject":
            return super().fold_binary(name, value)
        charset = None if value.isascii() else "utf-8"
        folded = Header(str(value), charset, maxlinelen=LINE_LENGTH, header_name=name).encode(linesep=self.linesep)
        return f"{name}: {folded}{self.linesep}".encode("ascii")


def _is_plain(name: str, value: str) -> bool:
    return len(name) + len(value) < LINE_LENGTH - 1 and value.isascii() and value.isprintable()


# ASCII alone, so that no server on the way need know 8BITMIME or SMTPUTF8.
POLICY = _Policy(linesep="\r\n", cte_type="7bit")
# No line of a quoted-printable or base64 text has "=_" (RFC 2045, section 6.7), so that none can be taken for these.
BOUNDARIES = {"multipart/alternative": "=_alternative=_", "multipart/mixed": "=_mixed=_"}


@dataclass(frozen=True)
class Envelope:
    """The bytes of a message (CRLF) and its Message-ID with its brackets."""

    message: bytes
    message_id: str


def seal(mail: Mail, *, sender: str, base_url: str, dedupe_key: str, now: datetime) -> Envelope:
    """Return the message of a mail.

    ``sender`` is a From like "Hiring <hiring@example.org>"; ``now`` is its Date. The Message-ID follows from the dedupe
    key, so that a second copy is known as one (RFC 5322, section 3.6.4).
    """
    message = EmailMessage(policy=POLICY)
    message["From"] = _mailbox(*parseaddr(sender))
    message["To"] = receiver_of(mail.receiver)
    if mail.reply_to is not None:
        message["Reply-To"] = receiver_of(mail.reply_to)
    message["Subject"] = one_line(mail.subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id = _message_id(dedupe_key, base_url)
    # RFC 3834: no answering machine shall answer.
    message["Auto-Submitted"] = "auto-generated"
    _fill(message, mail)
    for part in message.walk():
        if part.is_multipart():
            part.set_boundary(BOUNDARIES[part.get_content_type()])
    return Envelope(message.as_bytes(), message_id)


def receiver_of(address: Address) -> Mailbox:
    """Return the receiver as a header takes it: exactly one mailbox."""
    return _mailbox(address.name, address.email)


def _mailbox(name: str, email: str) -> Mailbox:
    return Mailbox(display_name=one_line(name), addr_spec=email)


def _message_id(dedupe_key: str, base_url: str) -> str:
    digest = hashlib.sha256(dedupe_key.encode()).hexdigest()[:40]
    return f"<{digest}@{urlsplit(base_url).hostname}>"


def _fill(message: EmailMessage, mail: Mail) -> None:
    message.set_content(many_lines(mail.text), cte="quoted-printable")
    message.add_alternative(many_lines(mail.html), subtype="html", cte="quoted-printable")
    if mail.calendar is None:
        return
    # RFC 6047: the alternative is what calendars act on; the attachment is for people whose mail program does not.
    params = {"method": mail.method or "PUBLISH", "charset": "utf-8"}
    message.add_alternative(mail.calendar, maintype="text", subtype="calendar", cte="base64", params=params)
    message.add_attachment(mail.calendar, maintype="application", subtype="ics", filename="interview.ics")
