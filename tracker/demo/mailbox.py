"""The demo's mail server: takes every e-mail over SMTP and keeps it as a file, whoever it is for."""

import os
import re
import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

NAME = re.compile(r"^[0-9]{20}-[0-9a-f]{8}$")
SUFFIX = ".eml"


@dataclass(frozen=True)
class Letter:
    """One received e-mail. ``name`` identifies it in the mailbox."""

    name: str
    message: EmailMessage

    @property
    def receiver(self) -> str:
        """The receiver's bare address."""
        return parseaddr(str(self.message["To"]))[1]

    @property
    def receiver_name(self) -> str:
        """The receiver as the mail addresses him or her."""
        return parseaddr(str(self.message["To"]))[0] or self.receiver

    @property
    def subject(self) -> str:
        """The subject."""
        return str(self.message["Subject"])

    @property
    def at(self) -> datetime:
        """The moment in its Date header, UTC."""
        return parsedate_to_datetime(str(self.message["Date"])).astimezone(UTC)

    def part(self, kind: str) -> str | None:
        """Return the text of the first part of a media type such as "text/html", None where there is none."""
        for part in self.message.walk():
            if part.get_content_type() == kind:
                return str(part.get_content())
        return None


class Mailbox:
    """A folder of letters, the newest last."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, content: bytes) -> None:
        """Keep one letter; it is on the disk before this returns, since a 250 promises that."""
        name = f"{len(list(self.folder.glob('*' + SUFFIX))):020}-{os.urandom(4).hex()}"
        part = self.folder / f"{name}.part"
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.rename(self.folder / (name + SUFFIX))

    def letters(self) -> list[Letter]:
        """Return all letters, the newest first."""
        found = [self._read(path) for path in sorted(self.folder.glob("*" + SUFFIX), reverse=True)]
        return sorted(found, key=lambda letter: letter.at, reverse=True)

    def letter(self, name: str) -> Letter | None:
        """Return one letter by its name."""
        path = self.folder / (name + SUFFIX)
        return self._read(path) if NAME.match(name) and path.exists() else None

    def _read(self, path: Path) -> Letter:
        message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
        return Letter(path.name.removesuffix(SUFFIX), message)


class _Handler:
    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a mail: aiosmtpd calls this by its name."""
        content = envelope.content or b""
        self.mailbox.keep(content if isinstance(content, bytes) else content.encode())
        return "250 Kept"


def serve(mailbox: Mailbox) -> tuple[Controller, int]:
    """Start the mail server on a free port of this machine; return it and the port."""
    # The library cannot be asked which port it got, so that one is looked for first.
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    controller = Controller(_Handler(mailbox), hostname="127.0.0.1", port=port)
    controller.start()
    return controller, port
