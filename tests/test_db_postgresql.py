"""Connections to PostgreSQL: reads begin no transaction, writes do, and a server that was restarted is found again."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import ProgrammingError

from tracker import db as settings
from tracker.db import make_engine, one_statement, reading

pytestmark = pytest.mark.postgresql

PID = text("SELECT pg_backend_pid()")


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    found = make_engine(database)
    yield found
    found.dispose()


@pytest.fixture
def other(database: str) -> Iterator[Connection]:
    """Somebody else's connection, which commits each statement."""
    found = make_engine(database)
    with found.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection
    found.dispose()


def state_of(other: Connection, pid: int) -> str:
    return str(other.scalar(text("SELECT state FROM pg_stat_activity WHERE pid = :pid"), {"pid": pid}))


def end(other: Connection, pid: int) -> None:
    """Have the server end a connection, and wait until it did: it says so at once, and does it a little later."""
    other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})


def test_reads_begin_no_transaction(engine: Engine, other: Connection) -> None:
    with reading(), engine.connect() as connection:
        assert state_of(other, connection.scalar(PID)) == "idle"
    with engine.connect() as connection:
        assert state_of(other, connection.scalar(PID)) == "idle in transaction", "the next one to use it does"


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO former_address (person_id, email) SELECT id, 'x' FROM person",
        "WITH gone AS (DELETE FROM person RETURNING id) SELECT count(*) FROM gone",
        "SELECT id FROM person FOR UPDATE",
        "SELECT id FROM person FOR NO KEY UPDATE",
        "SELECT id FROM person FOR SHARE",
        "SELECT id FROM person FOR KEY SHARE SKIP LOCKED",
        "SELECT pg_advisory_xact_lock(1)",
        "CREATE TABLE surplus (id int)",
        "SET LOCAL work_mem = '8MB'",
    ],
)
def test_what_writes_or_locks_after_all_begins_one(engine: Engine, other: Connection, statement: str) -> None:
    with reading(), engine.connect() as connection:
        pid = connection.scalar(PID)
        connection.execute(text(statement))
        assert state_of(other, pid) == "idle in transaction"
        connection.rollback()
        assert state_of(other, pid) == "idle"
        connection.scalar(PID)
        assert state_of(other, pid) == "idle", "after that it reads again"


def test_what_is_written_after_all_can_be_taken_back(engine: Engine) -> None:
    with reading(), engine.connect() as connection:
        connection.execute(text("CREATE TABLE surplus (id int)"))
        connection.rollback()
        with pytest.raises(ProgrammingError, match="does not exist"):
            connection.execute(text("SELECT * FROM surplus"))


def test_one_statement_commits_itself(engine: Engine, other: Connection) -> None:
    with one_statement(), engine.connect() as connection:
        connection.execute(text("UPDATE organisation SET name = 'x'"))
        assert state_of(other, connection.connection.dbapi_connection.info.backend_pid) == "idle"  # type: ignore[union-attr]
        connection.commit()
    with engine.connect() as connection:
        assert state_of(other, connection.scalar(PID)) == "idle in transaction"


def test_a_snapshot_that_is_asked_for_is_kept(engine: Engine, other: Connection) -> None:
    with reading(), engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        assert state_of(other, connection.scalar(PID)) == "idle in transaction"


def test_a_connection_that_the_server_ended_is_replaced(engine: Engine, other: Connection) -> None:
    with engine.connect() as first, engine.connect() as second:
        pids = [first.scalar(PID), second.scalar(PID)]
    for pid in pids:
        end(other, pid)
    with engine.connect() as first, engine.connect() as second:
        assert not {first.scalar(PID), second.scalar(PID)} & set(pids)


def test_one_that_went_away_without_a_word_is_replaced(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ASKED_AFTER", 0.0)
    asked: list[str] = []
    with engine.connect() as connection:
        pid = connection.scalar(PID)
    with engine.connect() as connection:
        assert connection.scalar(PID) == pid, "it answers"
    monkeypatch.setattr(settings, "_answers", lambda _driver: False)
    event.listen(engine, "connect", lambda *_: asked.append("a new one"))
    monkeypatch.setattr(settings, "ASKED_AFTER", 60.0)
    with engine.connect() as connection:
        assert connection.scalar(PID) == pid, "used a moment ago, it is not asked"
    assert not asked


@pytest.mark.parametrize("commits_each", [True, False])
def test_who_is_asked_stays_as_it_was(engine: Engine, commits_each: bool) -> None:
    with engine.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        driver.autocommit = commits_each
        assert settings._answers(driver)
        assert driver.autocommit is commits_each
        driver.autocommit = False


def test_a_dead_one_does_not_answer(engine: Engine, other: Connection) -> None:
    with engine.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        assert settings._answers(driver)
        assert not settings._has_news(driver.pgconn.socket)
        end(other, driver.info.backend_pid)
        assert settings._has_news(driver.pgconn.socket)
        assert not settings._answers(driver)
        connection.invalidate()
