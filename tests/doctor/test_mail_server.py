"""The doctor at the mail server: what takes mail, what is none, and what must not be done in the clear."""

import smtplib
import ssl
import subprocess
from datetime import timedelta

import pytest

from config import MailServer
from tests.doctor.servers import answering, closed_port, mail_at
from tracker.doctor import mail_server

pytestmark = pytest.mark.filterwarnings(
    # The tests' own mail server says so of every server that lets people sign in without encryption.
    "ignore:Requiring AUTH while not requiring TLS",
    "ignore:auth_required:UserWarning",
)


def test_a_mail_server_that_takes_mail_is_fine() -> None:
    with mail_at() as port:
        finding = mail_server.examine(MailServer("127.0.0.1", port))
    assert finding.ok
    assert str(finding) == f"ok     mail server: 127.0.0.1:{port} answers, unencrypted"


def test_signing_in_is_tried() -> None:
    with mail_at(auth_require_tls=False) as port:
        good = mail_server.examine(MailServer("127.0.0.1", port, "none", "me", "right"))
        bad = mail_server.examine(MailServer("127.0.0.1", port, "none", "me", "hunter2"))
    assert good.ok
    assert "signed in as me" in good.text
    assert not bad.ok
    assert "refuses the user or the password" in bad.text
    assert "hunter2" not in bad.text


def test_starttls_that_is_not_offered_is_not_done_without() -> None:
    with mail_at() as port:
        finding = mail_server.examine(MailServer("127.0.0.1", port, "starttls"))
    assert not finding.ok
    assert "does not offer" in finding.text


@pytest.fixture(scope="session")
def self_signed(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    folder = tmp_path_factory.mktemp("certificate")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-subj", "/CN=127.0.0.1", "-days", "2", "-keyout", str(key), "-out", str(certificate)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed: no certificate can be made for this test")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def test_a_certificate_that_nobody_vouches_for_is_refused(self_signed: ssl.SSLContext) -> None:
    with mail_at(tls_context=self_signed) as port:
        finding = mail_server.examine(MailServer("127.0.0.1", port, "starttls"))
    assert not finding.ok
    assert "certificate is not trusted" in finding.text


@pytest.mark.parametrize(
    ("greeting", "tls", "words"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "none", "what it says is not SMTP"),
        (b"220 and no more\r\n", "none", "hangs up"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "none", "what it says is not SMTP"),
        (b"554 go away\r\n", "none", "554 go away"),
        (b"220 plain\r\n", "tls", "smtps:// is for port 465"),
        (b"", "none", "no mail server answers within"),
    ],
)
def test_what_is_no_mail_server_is_told_apart(
    greeting: bytes, tls: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_server, "WAIT", timedelta(seconds=0.5))
    with answering(greeting) as port:
        finding = mail_server.examine(MailServer("127.0.0.1", port, tls))  # type: ignore[arg-type]
    assert not finding.ok
    assert words in finding.text


def test_a_closed_port_and_an_unknown_host() -> None:
    assert "nothing listens there" in mail_server.examine(MailServer("127.0.0.1", closed_port())).text
    assert "no such host" in mail_server.examine(MailServer("mail.invalid", 25)).text


def test_a_password_is_never_sent_in_the_clear() -> None:
    finding = mail_server.examine(MailServer("mail.invalid", 25, "none", "me", "hunter2"))
    assert "unencrypted" in finding.text


def test_smtplib_still_reports_a_time_out_as_we_expect() -> None:
    with answering(b"") as port, pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        smtplib.SMTP("127.0.0.1", port, timeout=0.2)
