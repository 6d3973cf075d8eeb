"""One conversation with the mail server, and what its answers mean for a mail."""

import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress

from config import MailServer

CONNECT_SECONDS = 20.0
# Three answers at most are awaited after the last look at the database: less than half of a lease (see claims).
ANSWER_SECONDS = 45.0
OK = 250
WILL_FORWARD = 251
START_INPUT = 354
CLOSING = 421


class Unreachable(Exception):
    """No conversation came about: the server's or our own trouble, not that of any mail."""


class Refused(Exception):
    """The server will never take this mail (550 to 556 about its receiver or its content)."""


class Later(Exception):
    """Not now: the server asked for patience, or the conversation broke off."""


class InDoubt(Later):
    """The whole mail was handed over and no answer came: it may be on its way."""


class Conversation:
    """A connection that takes one mail after the other. After any break it is gone; make a new one."""

    def __init__(self, server: MailServer, name: str) -> None:
        """Connect, greet as ``name`` (a host name), encrypt and sign in as the settings say. Raises Unreachable."""
        self.mails = 0
        try:
            self._client = _connect(server, name)
        except (OSError, smtplib.SMTPException, UnicodeError, ValueError) as error:
            raise Unreachable(f"{server.host}:{server.port}: {_words(error)}") from error

    def address(self, sender: str, receiver: str) -> None:
        """Say whose mail it is and to whom it goes. Raises Refused, Later."""
        code, words = self._ask(self._client.mail, sender)
        if code != OK:
            # Whatever it is about the sender is about us: the receiver is not to blame.
            raise Later(_line(code, words))
        code, words = self._ask(self._client.rcpt, receiver)
        if code not in (OK, WILL_FORWARD):
            self._turn_down(code, words)

    def hand_over(self, message: bytes) -> None:
        """Hand over the message (bytes with CRLF). Returns once the server is responsible. Raises Refused, Later."""
        code, words = self._ask(self._client.docmd, "DATA")
        if code != START_INPUT:
            self._turn_down(code, words)
        try:
            # RFC 5321, section 4.5.2: a dot at the beginning of a line is doubled. Broken off here, it was not sent:
            # the final dot, which is the last to go, never left.
            self._client.send(re.sub(rb"(?m)^\.", b"..", message).removesuffix(b"\r\n") + b"\r\n.\r\n")
        except (OSError, smtplib.SMTPException) as error:
            self.hang_up()
            raise Later(f"the connection broke: {_words(error)}") from error
        try:
            code, words = self._client.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.hang_up()
            raise InDoubt(f"no answer after the whole mail was sent: {_words(error)}") from error
        if code != OK:
            self._turn_down(code, words)
        self.mails += 1

    def give_up(self) -> None:
        """Take back what ``address`` said, so that another mail can follow."""
        with suppress(Later):
            code, _ = self._ask(self._client.docmd, "RSET")
            if code != OK:
                self.hang_up()

    @property
    def is_open(self) -> bool:
        """Whether another mail can be sent."""
        return self._client.sock is not None

    def leave(self) -> None:
        """Say goodbye."""
        if self.is_open:
            with suppress(OSError, smtplib.SMTPException):
                self._client.quit()
        self.hang_up()

    def hang_up(self) -> None:
        """Close the connection: a conversation that broke must not be gone on with, its answers would be misread."""
        self._client.close()

    def _ask(self, command: Callable[..., tuple[int, bytes]], *words: str) -> tuple[int, bytes]:
        try:
            code, answer = command(*words)
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            self.hang_up()
            raise Later(f"the connection broke: {_words(error)}") from error
        return code, answer

    def _turn_down(self, code: int, words: bytes) -> None:
        if 550 <= code <= 556:
            raise Refused(_line(code, words))
        if code == CLOSING or code < 0:
            self.hang_up()
        raise Later(_line(code, words))


def _connect(server: MailServer, name: str) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.tls == "tls":
        client: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, local_hostname=name, timeout=CONNECT_SECONDS, context=context
        )
    else:
        client = smtplib.SMTP(server.host, server.port, local_hostname=name, timeout=CONNECT_SECONDS)
    try:
        client.ehlo_or_helo_if_needed()
        if server.tls == "starttls":
            client.starttls(context=context)
            client.ehlo_or_helo_if_needed()
        if server.user:
            client.login(server.user, server.password or "")
        if client.sock is not None:
            client.sock.settimeout(ANSWER_SECONDS)
    except BaseException:
        client.close()
        raise
    return client


def _line(code: int, words: bytes) -> str:
    return f"{code} {words.decode(errors='replace')}".strip()[:500]


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return _line(error.smtp_code, text if isinstance(text, bytes) else text.encode())
    return str(error)[:500] or type(error).__name__
