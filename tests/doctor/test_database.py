"""The doctor at the database: empty, newer, locked, out of reach, read only."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from tests.conftest import TestClock
from tests.databases import PostgreSQL
from tests.doctor.servers import closed_port, settings
from tests.factories import MONDAY, World
from tracker import schema
from tracker.db import make_engine
from tracker.doctor import database, machine
from tracker.models.outbox import Heartbeat
from tracker.queries import heartbeats


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
