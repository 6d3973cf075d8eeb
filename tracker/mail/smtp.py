"""One conversation with the mail server, and what its answers mean for a mail."""

import re
import smtplib
import ssl
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

from config import MailServer
from tracker.mail.times import Times, uptime

OK = 250
SIGNED_IN = 235
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


class Trouble(Later):
    """The server does not even hear whom a mail is for: it or we are in trouble, no mail is to blame."""


class Conversation:
    """A connection that takes one mail after the other. After any break it is gone; make a new one."""

    def __init__(self, server: MailServer, name: str, times: Times) -> None:
        """Connect, greet as ``name`` (a host name), encrypt and sign in as the settings say. Raises Unreachable."""
        # How many mails the server heard of.
        self.mails = 0
        try:
            self._client = connect(server, times, name)
        except (OSError, smtplib.SMTPException, UnicodeError, ValueError) as error:
            raise Unreachable(f"{server.host}:{server.port}: {_words(error)}") from error

    def address(self, sender: str, receiver: str) -> None:
        """Say whose mail it is and to whom it goes. Raises Trouble, Refused, Later."""
        try:
            code, words = self._ask(self._client.mail, sender)
        except Later as error:
            raise Trouble(str(error)) from error
        if code != OK:
            # Whatever it is about the sender is about us: the receiver is not to blame.
            self.hang_up()
            raise Trouble(_line(code, words))
        self.mails += 1
        code, words = self._ask(self._client.rcpt, receiver)
        if code not in (OK, WILL_FORWARD):
            self._turn_down(code, words)

    def begin(self) -> None:
        """Say that the message comes, and do not wait for the answer. Raises Later.

        To be said while the facts behind the message are held fast in the database, which must not be for long.
        Whoever does not go on with ``hand_over`` has to hang up.
        """
        try:
            self._client.putcmd("DATA")
        except (OSError, smtplib.SMTPException) as error:
            raise self._broken(error) from error

    def hand_over(self, message: bytes, before: float) -> None:
        """Hand over the message (bytes with CRLF), begun ``before`` that uptime or not at all.

        Returns once the server is responsible. Raises Refused, Later, InDoubt.
        """
        code, words = self._ask(self._client.getreply)
        if code != START_INPUT:
            self._turn_down(code, words)
        if uptime() > before:
            self.hang_up()
            raise Later("it took too long until the server was ready")
        try:
            # RFC 5321, section 4.5.2: a dot at the beginning of a line is doubled. Broken off here, it was not sent:
            # the final dot, which is the last to go, never left.
            self._client.send(re.sub(rb"(?m)^\.", b"..", message).removesuffix(b"\r\n") + b"\r\n.\r\n")
        except (OSError, smtplib.SMTPException) as error:
            raise self._broken(error) from error
        try:
            code, words = self._client.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.hang_up()
            raise InDoubt(f"no answer after the whole mail was sent: {_words(error)}") from error
        if not 200 <= code <= 299:
            self._not_taken(code, words)

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
            raise self._broken(error) from error
        return code, answer

    def _broken(self, error: Exception) -> Later:
        self.hang_up()
        return Later(f"the connection broke: {_words(error)}")

    def _not_taken(self, code: int, words: bytes) -> NoReturn:
        """Say what an answer to a whole message means that is none of success."""
        if not 400 <= code <= 599:
            self.hang_up()
            raise InDoubt(f"what was answered after the whole mail was sent is not SMTP: {_line(code, words)}")
        self._turn_down(code, words)

    def _turn_down(self, code: int, words: bytes) -> NoReturn:
        if 550 <= code <= 556:
            raise Refused(_line(code, words))
        if code == CLOSING or not 400 <= code <= 599:
            self.hang_up()
        raise Later(_line(code, words))


def connect(server: MailServer, times: Times, name: str | None = None) -> smtplib.SMTP:
    """Return a connection that is encrypted and signed in as the settings say; ``name`` is what we call ourselves.

    Raises OSError, smtplib.SMTPException, UnicodeError; then nothing of it stays open.
    """
    # Made only where it is used: it reads all certificates of the machine.
    context = None if server.tls == "none" else ssl.create_default_context()
    wait = times.connect.total_seconds()
    if server.tls == "tls":
        client: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, local_hostname=name, timeout=wait, context=context
        )
    else:
        client = smtplib.SMTP(server.host, server.port, local_hostname=name, timeout=wait)
    try:
        client.ehlo_or_helo_if_needed()
        if server.tls == "starttls":
            client.starttls(context=context)
            client.ehlo_or_helo_if_needed()
        _sign_in(client, server)
        if client.sock is not None:
            client.sock.settimeout(times.answer.total_seconds())
    except BaseException:
        client.close()
        raise
    return client


def _sign_in(client: smtplib.SMTP, server: MailServer) -> None:
    user, password = server.user, server.password or ""
    if user is None:
        return
    if user.isascii() and password.isascii():
        client.login(user, password)
        return
    # The library writes ASCII alone. RFC 4616: PLAIN is UTF-8.
    code, words = client.docmd("AUTH", "PLAIN " + b64encode(f"\0{user}\0{password}".encode()).decode())
    if code != SIGNED_IN:
        raise smtplib.SMTPAuthenticationError(code, words)


def _line(code: int, words: bytes) -> str:
    return f"{code} {words.decode(errors='replace')}".strip()[:500]


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return _line(error.smtp_code, text if isinstance(text, bytes) else text.encode())
    return str(error)[:500] or type(error).__name__
