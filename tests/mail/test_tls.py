"""The sender against a real mail server with encryption and sign-in, by the words of ``TRACKER_MAIL_URL``."""

import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from aiosmtpd.smtp import Session as Dialogue
from flask import Flask

import config
from tests.mail import server
from tests.mail.conftest import Hand, Listener, Put, look, make
from tests.mail.server import Post
from tests.test_config import ENOUGH
from tracker.mail.sender import Sender
from tracker.models.outbox import MailState

USER, PASSWORD = "hiring@tracker.example", "p@ss/w#rd: ü"
WRITTEN = "hiring%40tracker.example:p%40ss%2Fw%23rd%3A%20%C3%BC"


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for localhost that vouches for itself, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    key, made = folder / "key.pem", folder / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"]
    try:
        subprocess.run([*command, "-keyout", str(key), "-out", str(made)], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed: no certificate can be made for this test")
    return made, key


@pytest.fixture
def trusted(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """As if an authority that this machine trusts had signed it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))


class Doorman:
    """Lets one user in, by one password."""

    def __call__(
        self, _server: SMTP, session: Dialogue, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        is_known = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=is_known, handled=False)


@contextmanager
def encrypted(certificate: tuple[Path, Path], *, from_the_start: bool) -> Iterator[Post]:
    """Run a server that takes mail only from who encrypts and signs in."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    post = Post()

    class Strict(Controller):
        def factory(self) -> SMTP:
            return SMTP(
                post,
                authenticator=Doorman(),
                auth_required=True,
                auth_require_tls=not from_the_start,
                require_starttls=not from_the_start,
                tls_context=None if from_the_start else context,
            )

    post.port = server.free_port()
    controller = Strict(post, hostname="localhost", port=post.port, ssl_context=context if from_the_start else None)
    controller.start()
    try:
        yield post
    finally:
        controller.stop()


def sender_to(app: Flask, url: str) -> Sender:
    settings = config.load({**ENOUGH, "TRACKER_MAIL_URL": url})
    return make(app, Listener(), Hand(), mail=settings.mail)


pytestmark = pytest.mark.filterwarnings(
    # The server says so where its encryption is that of the whole connection, of which it does not know.
    "ignore:Requiring AUTH while not requiring TLS",
    "ignore:auth_required:UserWarning",
)


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_mail_is_handed_over_encrypted_and_signed_in(
    in_app: Flask, trusted: None, certificate: tuple[Path, Path], put: Put, scheme: str
) -> None:
    mails = [put("One"), put("Two", "ian@tracker.example")]
    with encrypted(certificate, from_the_start=scheme == "smtps") as post:
        more = "?starttls=required" if scheme == "smtp" else ""
        assert sender_to(in_app, f"{scheme}://{WRITTEN}@localhost:{post.port}{more}").send_due() == 2
    assert post.subjects == ["One", "Two"]
    assert {look(mail).state for mail in mails} == {MailState.SENT}


@pytest.mark.parametrize(
    ("user", "vouched", "encryption"),
    [
        ("hiring%40tracker.example:wrong", True, "?starttls=required"),
        (WRITTEN, False, "?starttls=required"),
        (WRITTEN, True, "?starttls=never"),
    ],
    ids=["wrong password", "certificate of nobody", "unencrypted"],
)
def test_what_is_wrong_with_the_server_costs_no_mail_an_attempt(
    in_app: Flask,
    certificate: tuple[Path, Path],
    put: Put,
    monkeypatch: pytest.MonkeyPatch,
    user: str,
    vouched: bool,
    encryption: str,
) -> None:
    if vouched:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    mail = put()
    with encrypted(certificate, from_the_start=False) as post:
        assert sender_to(in_app, f"smtp://{user}@localhost:{post.port}{encryption}").send_due() == 0
    assert post.taken == []
    assert (look(mail).state, look(mail).attempts) == (MailState.WAITING, 0)
