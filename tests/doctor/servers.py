"""Servers for the doctor to look at, and settings that lead to them."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from config import Settings, load
from tests.test_config import ENOUGH


def settings(**more: str) -> Settings:
    return load({**ENOUGH, **{f"TRACKER_{name}": value for name, value in more.items()}})


@contextmanager
def answering(greeting: bytes) -> Iterator[int]:
    """A server that says one thing to everybody and hangs up; silent and patient where it has nothing to say."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        held = []

        def serve() -> None:
            while True:
                try:
                    client, _ = listener.accept()
                except OSError:
                    return
                if greeting:
                    client.sendall(greeting)
                    client.close()
                held.append(client)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)
        for client in held:
            client.close()


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def let_in(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object) -> AuthResult:
    good = getattr(data, "password", b"") == b"right"
    return AuthResult(success=good, handled=False)


@contextmanager
def mail_at(**options: object) -> Iterator[int]:
    controller = Controller(Sink(), hostname="127.0.0.1", port=0, authenticator=let_in, **options)  # type: ignore[arg-type]
    controller.port = closed_port()
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()
