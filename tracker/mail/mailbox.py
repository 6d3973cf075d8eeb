"""A mailbox of another server, read by IMAP (RFC 9051, and 3501 before it) within limits of time and size.

Nothing is ever removed from it: what was taken in is marked as read, and what could not be is flagged besides.
"""

import imaplib
import re
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from config import LOOPBACK, ReplyServer
from tracker.mail.received import MOST_BYTES

# For each answer of the server, and for the whole conversation.
WAIT_SECONDS, ALL_SECONDS = 5.0, 8.0
_HEAD = 64 * 1024
_LARGEST_UID = 2**32 - 1


class BoxTrouble(Exception):
    """The mailbox cannot be read; the message is a sentence without a secret that says what to do."""


@dataclass(frozen=True)
class Message:
    """One message of the mailbox; of one that is too large only the headers were fetched."""

    uid: int
    data: bytes
    is_too_large: bool = False


class _Timed:
    """Ends the conversation when its time is over, however slowly the server goes on."""

    sock: Any
    timer: threading.Timer | None = None

    def open(self, *where: Any, **more: Any) -> None:
        super().open(*where, **more)  # type: ignore[misc]
        self.timer = threading.Timer(ALL_SECONDS, self._cut)
        self.timer.daemon = True
        self.timer.start()

    def _cut(self) -> None:
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)

    def shutdown(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
        super().shutdown()  # type: ignore[misc]


class _Plain(_Timed, imaplib.IMAP4):
    pass


class _Encrypted(_Timed, imaplib.IMAP4_SSL):
    pass


class Mailbox:
    """An opened folder. ``validity`` changes where its numbers are given anew."""

    def __init__(self, client: imaplib.IMAP4, validity: int) -> None:
        self._client, self.validity = client, validity

    def above(self, uid: int) -> list[int]:
        """Return the numbers of the messages above one, in order."""
        if uid >= _LARGEST_UID:
            return []
        [found] = self._ask("SEARCH", "UID", f"{uid + 1}:*")[:1] or [b""]
        numbers = [int(each) for each in (found or b"").split() if each.isdigit()]
        # Where there is none above, the last one there is answers to "*".
        return sorted(each for each in set(numbers) if each > uid)

    def fetch(self, uid: int) -> Message | None:
        """Return a message without marking it; None where it is not there any more."""
        size = re.search(rb"RFC822\.SIZE (\d{1,12})", _flat(self._ask("FETCH", str(uid), "(RFC822.SIZE)")))
        if size is None:
            return None
        is_too_large = int(size[1]) > MOST_BYTES
        part = f"BODY.PEEK[HEADER]<0.{_HEAD}>" if is_too_large else "BODY.PEEK[]"
        data = _literal(self._ask("FETCH", str(uid), f"({part})"))
        return None if data is None else Message(uid, data, is_too_large)

    def mark(self, uid: int, *, is_flagged: bool) -> None:
        """Mark a message as read, and flag it where a person should look at it."""
        self._ask("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen \Flagged)" if is_flagged else r"(\Seen)")

    def _ask(self, command: str, *arguments: str) -> Sequence[Any]:
        kind, data = self._client.uid(command, *arguments)
        if kind != "OK":
            raise BoxTrouble(f"The mail server refuses to {command.lower()} in the folder.")
        return data


@contextmanager
def opened(server: ReplyServer) -> Iterator[Mailbox]:
    """Sign in and open the folder, for as long as the block lasts. Raises BoxTrouble, inside of the block too."""
    if server.tls == "none" and server.host not in LOOPBACK and server.password:
        raise BoxTrouble("The password would travel unencrypted: drop ?starttls=never from TRACKER_REPLIES_URL.")
    client = None
    try:
        client = _connected(server)
        yield _folder(client, server)
    except (OSError, imaplib.IMAP4.error, ValueError, EOFError) as error:
        raise BoxTrouble(_words(error)) from error
    finally:
        if client is not None:
            with suppress(OSError, imaplib.IMAP4.error, ValueError):
                client.logout()
            with suppress(OSError):
                client.shutdown()


def _connected(server: ReplyServer) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    if server.tls == "tls":
        return _Encrypted(server.host, server.port, ssl_context=context, timeout=WAIT_SECONDS)
    client = _Plain(server.host, server.port, timeout=WAIT_SECONDS)
    if server.tls == "starttls":
        client.starttls(context)
    return client


def _folder(client: imaplib.IMAP4, server: ReplyServer) -> Mailbox:
    try:
        client.login(server.user or "", server.password or "")
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise BoxTrouble("The mail server refuses the user or the password of TRACKER_REPLIES_URL.") from error
    kind, _ = client.select('"' + server.folder.replace("\\", "\\\\").replace('"', '\\"') + '"')
    if kind != "OK":
        raise BoxTrouble(f"There is no folder “{server.folder}” in the mailbox of TRACKER_REPLIES_URL.")
    _, found = client.response("UIDVALIDITY")
    validity = found[0] if found else None
    return Mailbox(client, int(validity) if isinstance(validity, bytes) and validity.isdigit() else 1)


def _literal(data: Sequence[Any]) -> bytes | None:
    return next((each[1] for each in data if isinstance(each, tuple) and isinstance(each[1], bytes)), None)


def _flat(data: Sequence[Any]) -> bytes:
    return b" ".join(part for each in data for part in (each if isinstance(each, tuple) else (each,)) if part)


def _words(error: Exception) -> str:
    return next((words for kind, words in _SENTENCES if isinstance(error, kind)), _SENTENCES[-1][1])


# The first that fits: errors of TLS and of name lookup are OSErrors too. None repeats a word of the server's.
_SENTENCES: tuple[tuple[type[Exception], str], ...] = (
    (ssl.SSLCertVerificationError, "The mail server's certificate is not trusted: give the name that it is for."),
    (ssl.SSLError, "No encryption comes about: imaps:// is for port 993, imap:// for 143."),
    (socket.gaierror, "No such mail server is known: correct the host in TRACKER_REPLIES_URL."),
    (ConnectionRefusedError, "Nothing listens there: correct host and port in TRACKER_REPLIES_URL."),
    (TimeoutError, "The mail server does not answer in time."),
    (imaplib.IMAP4.abort, "The connection to the mail server broke off, or took too long."),
    (imaplib.IMAP4.error, "The mail server answers what no mailbox answers."),
    (Exception, "The connection to the mail server failed."),
)
