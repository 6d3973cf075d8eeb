"""The doctor, before real patients: closed ports, servers that are none, locked files, folders that refuse."""

import os
import smtplib
import socket
import sqlite3
import ssl
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from sqlalchemy import orm

from config import MailServer, Settings, load
from tests.conftest import TestClock
from tests.databases import PostgreSQL
from tests.factories import MONDAY, World
from tests.test_config import ENOUGH
from tracker import doctor, schema
from tracker.db import make_engine
from tracker.doctor import database, machine, mail_server, manners
from tracker.models.outbox import Heartbeat
from tracker.queries import heartbeats

pytestmark = pytest.mark.filterwarnings(
    # The tests' own mail server says so of every server that lets people sign in without encryption.
    "ignore:Requiring AUTH while not requiring TLS",
    "ignore:auth_required:UserWarning",
)


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


# --- Mail


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


# --- The database


def test_a_migrated_sqlite_is_fine_and_an_empty_one_is_sent_to_migrate(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/tracker.db"
    [missing] = database.examine(url)
    assert "run python3 -m tracker migrate" in missing.text
    sqlite3.connect(tmp_path / "tracker.db").close()
    empty = list(database.examine(url))
    assert [finding.ok for finding in empty] == [True, False]
    assert "no tables of the tracker yet: run python3 -m tracker migrate" in empty[1].text
    schema.upgrade(url)
    reached, newest, *lifeless = database.examine(url)
    assert reached.ok
    assert newest.ok
    assert [finding.about for finding in lifeless if not finding.ok] == ["people", "worker"]


def test_who_works_with_it_is_asked(tmp_path: Path, at: TestClock) -> None:
    now = at.set(MONDAY)
    url = f"sqlite:///{tmp_path}/tracker.db"
    schema.upgrade(url)
    engine = make_engine(url)
    with orm.Session(engine) as session:
        World(session).admin()
        session.add_all(Heartbeat(name=name, at=now) for name in (heartbeats.FACTS, heartbeats.MAIL))
        session.commit()
    engine.dispose()
    assert all(finding.ok for finding in database.examine(url))
    at.set(now + timedelta(hours=2))
    [late] = [finding for finding in database.examine(url) if not finding.ok]
    assert f"its last round was at {now:%Y-%m-%d %H:%M} UTC: start python3 -m tracker worker" in late.text


def test_a_database_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/tracker.db"
    schema.upgrade(url)
    with closing(sqlite3.connect(tmp_path / "tracker.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    engine = make_engine(url)
    with pytest.raises(schema.SchemaRefused, match="newer version of the tracker"):
        schema.check_head(engine)
    engine.dispose()


def test_a_locked_sqlite_is_told_from_a_broken_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "SQLITE_WAIT_SECONDS", 0.1)
    path = tmp_path / "tracker.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        [locked] = database.examine(f"sqlite:///{path}")
    assert "Another program has held it" in locked.text
    path.write_bytes(b"no database" * 1000)
    [broken] = database.examine(f"sqlite:///{path}")
    assert "restore a backup" in broken.text


def test_a_postgresql_that_is_there_is_reached_and_taken_for_no_pooler(postgresql: PostgreSQL) -> None:
    reached, schema_of_it = database.examine(postgresql.server)
    assert reached.ok
    assert reached.text.startswith("PostgreSQL ")
    assert "run python3 -m tracker migrate" in schema_of_it.text


def test_a_database_that_the_server_does_not_have(postgresql: PostgreSQL) -> None:
    url = sa.make_url(postgresql.server).set(database="nowhere").render_as_string(hide_password=False)
    [finding] = database.examine(url)
    assert 'database "nowhere" does not exist' in finding.text


@pytest.fixture
def closed_folder() -> Iterator[Path]:
    """A folder that everybody may read and nobody may write, while we are nobody (root may write anywhere)."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sqlite3.connect(folder / "tracker.db").close()
        (folder / "shut").mkdir()
        (folder / "shut").chmod(0)
        (folder / "tracker.db").chmod(0o444)
        folder.chmod(0o555)
        root = os.geteuid() == 0
        if root:
            os.seteuid(65534)
        yield folder
        if root:
            os.seteuid(0)
        folder.chmod(0o755)
        (folder / "shut").chmod(0o755)


def test_what_may_only_be_read(closed_folder: Path) -> None:
    [finding] = database.examine(f"sqlite:///{closed_folder}/tracker.db")
    assert "readonly database. Let the tracker's user read and write" in finding.text
    for folder in (closed_folder, closed_folder / "new", closed_folder / "shut" / "deep"):
        [first, *_] = machine.examine(settings(DATA_DIR=str(folder)))
        assert "nothing can be written in" in first.text


def test_an_unreachable_postgresql() -> None:
    port = closed_port()
    [finding] = database.examine(f"postgresql+psycopg://me:hunter2@127.0.0.1:{port}/tracker")
    assert not finding.ok
    assert f"127.0.0.1:{port}/tracker cannot be used" in finding.text
    assert "hunter2" not in finding.text


# --- The machine


def test_a_folder_that_is_not_there_will_be_made(tmp_path: Path) -> None:
    found = list(machine.examine(settings(DATA_DIR=str(tmp_path / "a" / "b"))))
    assert all(finding.ok for finding in found)
    assert not (tmp_path / "a").exists()


def test_folders_that_refuse(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    [a_file, *_] = machine.examine(settings(DATA_DIR=str(tmp_path / "file")))
    assert "is a file: set TRACKER_DATA_DIR" in a_file.text
    if Path("/proc/self").exists():
        [refusing, *_] = machine.examine(settings(DATA_DIR="/proc/tracker"))
        assert "nothing can be written in /proc" in refusing.text


MOUNTS = """21 1 254:0 / / rw,relatime - ext4 /dev/vda rw
22 21 0:50 / /srv/shared\\040files rw - nfs4 server:/x rw
23 21 0:51 / /srv/shared\\040files/local rw - ext4 /dev/vdb rw
24 21 0:52 / /home rw - fuse.sshfs me@host: rw
25 21 0:53 / /home rw - tmpfs tmpfs rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/tracker.db", None),
        ("/srv/shared files/tracker.db", "nfs4"),
        ("/srv/shared files/local/tracker.db", None),
        ("/srv/shared files local/tracker.db", None),
        ("/home/tracker.db", None),
    ],
)
def test_the_file_system_of_a_path(path: str, kind: str | None) -> None:
    assert machine.network_file_system(Path(path), MOUNTS) == kind


def test_the_disk_of_this_machine_can_be_told() -> None:
    assert machine.network_file_system(Path("/x"), MOUNTS.replace("ext4", "fuse.sshfs", 1)) == "fuse.sshfs"


# --- Settings


def test_keys_that_can_be_guessed() -> None:
    for key in ("ab" * 20, "change-me-change-me-change-me-please"):
        [finding, _] = manners.examine(settings(SECRET_KEY=key))
        assert "can be guessed" in finding.text
        assert key not in finding.text
    [finding, _] = manners.examine(settings())
    assert finding.ok


@pytest.mark.parametrize(("token", "ok"), [("ab" * 20, False), ("8c1f0b7de29a4653", True)])
def test_tokens_that_can_be_guessed(token: str, ok: bool) -> None:
    [_, finding, _] = manners.examine(settings(METRICS_TOKEN=f"{token}{token}"))
    assert finding.ok is ok
    assert token not in finding.text


@pytest.mark.parametrize(
    ("address", "proxies", "ok"),
    [
        ("http://localhost:8000", "0", True),
        ("http://hiring.example.org", "0", False),
        ("https://hiring.example.org", "0", False),
        ("https://hiring.example.org", "1", True),
    ],
)
def test_addresses(address: str, proxies: str, ok: bool) -> None:
    [_, finding] = manners.examine(settings(BASE_URL=address, PROXIES=proxies))
    assert finding.ok is ok


def test_settings_that_cannot_be_read_end_the_visit_with_all_of_them_named() -> None:
    found = list(doctor.examine({**ENOUGH, "TRACKER_PORT": "no", "TRACKER_PROXIES": "no", "TRACKER_PROT": "1"}))
    assert [finding.text.split()[0] for finding in found] == ["TRACKER_PROT", "TRACKER_PROXIES", "TRACKER_PORT"]
    assert not any(finding.ok for finding in found)


def test_the_whole_visit_in_order(tmp_path: Path) -> None:
    with mail_at() as port:
        more = {"TRACKER_MAIL_URL": f"smtp://127.0.0.1:{port}", "TRACKER_DATA_DIR": str(tmp_path)}
        schema.upgrade(f"sqlite:///{tmp_path}/tracker.db")
        found = list(doctor.examine({**ENOUGH, **more, "TRACKER_BASE_URL": "http://localhost:8000"}))
    assert [finding.about for finding in found if not finding.ok] == ["people", "worker"], "nobody is there yet"
    assert [finding.about for finding in found][-7:-3] == ["database", "schema", "people", "worker"]
    assert [finding.about for finding in found][-3:] == ["mail server", "sending", "replies"]


def test_smtplib_still_reports_a_time_out_as_we_expect() -> None:
    with answering(b"") as port, pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        smtplib.SMTP("127.0.0.1", port, timeout=0.2)
