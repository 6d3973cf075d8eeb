"""A real mail server for the tests: it keeps what it takes, and can be told to refuse, to hang up or to stay silent."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from config import MailServer


@dataclass
class Taken:
    """One mail as the server took it."""

    sender: str
    receivers: list[str]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        return cast(EmailMessage, message_from_bytes(self.content, policy=POLICY))


@dataclass
class Post:
    """What the server says and does. ``on_data`` runs before it answers, while the sender waits."""

    taken: list[Taken] = field(default_factory=list)
    mail_answers: list[str] = field(default_factory=list)
    rcpt_answers: dict[str, list[str]] = field(default_factory=dict)
    data_answers: list[str] = field(default_factory=list)
    hang_up: list[str] = field(default_factory=list)
    on_rcpt: Callable[[], None] = lambda: None
    on_data: Callable[[], None] = lambda: None
    connections: int = 0
    port: int = 0

    @property
    def settings(self) -> MailServer:
        return MailServer(host="127.0.0.1", port=self.port)

    @property
    def subjects(self) -> list[str]:
        return [str(taken.message["Subject"]).strip() for taken in self.taken]

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.mail_answers:
            return self.mail_answers.pop(0)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await asyncio.get_running_loop().run_in_executor(None, self.on_rcpt)
        answers = self.rcpt_answers.get(address, [])
        if answers:
            return answers.pop(0)
        if self._hangs_up("rcpt", server):
            return "250 OK"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await asyncio.get_running_loop().run_in_executor(None, self.on_data)
        if self._hangs_up("before taking", server):
            return "250 OK"
        if self.data_answers:
            return self.data_answers.pop(0)
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        self.taken.append(Taken(str(envelope.mail_from), list(envelope.rcpt_tos), content))
        self._hangs_up("after taking", server)
        return "250 OK"

    def _hangs_up(self, when: str, server: SMTP) -> bool:
        if self.hang_up[:1] != [when]:
            return False
        self.hang_up.pop(0)
        cast(Any, server.transport).abort()
        return True


def free_port() -> int:
    """Return a port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running() -> Iterator[Post]:
    """Run a server at a free port of this machine."""
    post = Post(port=free_port())
    controller = Controller(post, hostname="127.0.0.1", port=post.port)
    controller.start()
    try:
        yield post
    finally:
        controller.stop()


@contextmanager
def greeting(banner: bytes) -> Iterator[MailServer]:
    """Run something that says one line to whoever connects, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        ended = threading.Event()

        def serve() -> None:
            while not ended.is_set():
                try:
                    client, _ = listening.accept()
                except TimeoutError:
                    continue
                with client:
                    client.sendall(banner)

        thread = threading.Thread(target=serve)
        thread.start()
        yield MailServer(host="127.0.0.1", port=listening.getsockname()[1])
        ended.set()
        thread.join()
