"""Databases, the application and the people of the tests.

Rules, queries, verbs, the worker and journeys run on SQLite and PostgreSQL; pages on SQLite alone, since what differs
lies below them. Set TRACKER_TEST_DATABASE_URL to use a PostgreSQL server of your own (its databases named
``tracker_test_...`` are made and dropped).
"""

from collections.abc import Iterator
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from config import MailServer, Settings
from tests.databases import PROJECT, PostgreSQL, Sqlite, postgresql, sqlite
from tests.factories import World
from tests.versions import versioned
from tracker import clock
from tracker.app import create_app
from tracker.db import db
from tracker.models.person import Person
from tracker.web.throttle import Throttle

# What other files of tests import from here, and fixtures.
__all__ = ["PROJECT", "postgresql", "sqlite"]

BOTH = {"pipeline", "queries", "journeys", "worker", "mail", "migrations", "backup"}
OWN = {"migrations", "backup"}
HOST = "tracker.example"


def _folder(path: Path) -> str:
    """Return the folder of tests/ in which a file of tests stands."""
    return path.relative_to(PROJECT / "tests").parts[0]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        kinds = ["sqlite", "postgresql"] if _folder(metafunc.definition.path) in BOTH else ["sqlite"]
        if metafunc.definition.get_closest_marker("postgresql"):
            kinds = ["postgresql"]
        metafunc.parametrize("database", kinds, indirect=True)


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty, migrated database: that of this process, or a new one where schemas are changed."""
    kind: Sqlite | PostgreSQL = request.getfixturevalue(request.param)
    if _folder(request.path) in OWN:
        with kind.own(tmp_path) as url:
            yield url
    else:
        yield kind.emptied()


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


@pytest.fixture(scope="session")
def applications() -> dict[str, tuple[Flask, dict[str, Any]]]:
    """The applications of this process by the address of their database, each with its settings as they were."""
    return {}


@pytest.fixture
def app(database: str, tmp_path: Path, applications: dict[str, tuple[Flask, dict[str, Any]]]) -> Iterator[Flask]:
    """The application on the test's database, as if new. No context is pushed: requests make theirs."""
    settings = settings_for(database, tmp_path / "data")
    settings.data_dir.mkdir()
    if database not in applications:
        made = create_app(settings)
        applications[database] = made, made.config | {"WTF_CSRF_ENABLED": False, "PROPAGATE_EXCEPTIONS": False}
    app, config = applications[database]
    app.config.clear()
    app.config.update(config | {"TRACKER": settings, "TESTING": True})
    app.extensions.update({name: _unused(each) for name, each in app.extensions.items()})
    app.extensions.pop("organisation_name", None)
    yield app
    with app.app_context():
        db.engine.dispose()


def _unused(extension: Any) -> Any:
    """Return a brake that has counted nothing yet for each; everything else as it is."""
    if isinstance(extension, tuple):
        return tuple(_unused(each) for each in extension)
    return Throttle(extension.most, extension.window) if isinstance(extension, Throttle) else extension


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
