"""The text of a stored e-mail, for the recruiting side to read."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from tracker.models.outbox import OutboxMail

# Whoever has such a link is taken for the candidate: it is the candidate's alone.
# All of the key: a signed one has parts with dots between them.
_PRIVATE = re.compile(r"(/(?:my|set-password)/)[^\s<>\"]+")


def readable_text(mail: OutboxMail) -> str:
    """Return the plain text of a mail, without the keys of personal links."""
    message = message_from_bytes(mail.message, _class=EmailMessage, policy=default)
    body = message.get_body(preferencelist=("plain",))
    text = body.get_content() if body is not None else ""
    return without_keys(str(text))


def without_keys(text: str) -> str:
    """Return the text with the keys of personal links left out."""
    return _PRIVATE.sub(r"\1…", text)
