"""The database handle, the typed base of all rows, column types, and the settings of SQLite and PostgreSQL."""

import enum
import math
import select
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.pool import ConnectionPoolEntry, Pool

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

BUSY_TIMEOUT_MS = 30_000
# Seconds that a connection to PostgreSQL may be idle before it is asked whether it still answers.
ASKED_AFTER = 10.0

# Keys of what is noted of a connection: no transaction was begun on it; since when nobody uses it.
_UNBEGUN, _IDLE_SINCE = "tracker_unbegun", "tracker_idle_since"
_LOCKING = (" FOR UPDATE", " FOR SHARE", " FOR NO KEY UPDATE", " FOR KEY SHARE", "pg_advisory", "pg_try_advisory")


class NaiveMoment(TypeError):
    """A moment without a zone was about to be stored or compared."""


class UtcMoment(sa.types.TypeDecorator[datetime]):
    """A moment: aware on the Python side, UTC in the database; a naive one is refused."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        return dialect.type_descriptor(sa.DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise NaiveMoment(f"{value!r} has no zone: pass an aware moment")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _enum_values(members: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in members]


class Base(DeclarativeBase):
    """The base of all rows: names of constraints and the types that annotations stand for."""

    registry = registry(
        metadata=sa.MetaData(naming_convention=NAMING),
        type_annotation_map={
            str: sa.Text(),
            datetime: UtcMoment(),
            date: sa.Date(),
            bytes: sa.LargeBinary(),
            dict[str, Any]: sa.JSON(),
            list[str]: sa.JSON(),
            # Plain text in the column, the enum in Python: adding a member needs no table rebuilt.
            enum.StrEnum: sa.Enum(
                enum.StrEnum, native_enum=False, create_constraint=False, length=40, values_callable=_enum_values
            ),
        },
    )


# Statements and rows of any columns.
AnySelect = sa.Select[*tuple[Any, ...]]
AnyRow = sa.Row[*tuple[Any, ...]]

# Text that is compared byte by byte on both databases, so that a prefix is a range of its index.
Folded = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def unique_where(name: str, *columns: str, where: str) -> sa.Index:
    """Return a unique index over the rows that fulfil a condition: "at most one that stands" as a fact."""
    return index_where(name, *columns, where=where, unique=True)


def index_where(name: str, *columns: str, where: str, unique: bool = False) -> sa.Index:
    """Return an index over the rows that fulfil a condition alone; statements use it where they repeat its words."""
    return sa.Index(name, *columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


# The insert that knows ON CONFLICT, of which each database has its own.
INSERTS: dict[str, Callable[..., Any]] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def upsert(session: Session, of: type[Base]) -> Any:
    """Return an insert statement that knows ON CONFLICT."""
    return INSERTS[session.get_bind().dialect.name](of)


db = SQLAlchemy(metadata=Base.metadata)

_reading: ContextVar[bool] = ContextVar("tracker_reading", default=False)
_single: ContextVar[bool] = ContextVar("tracker_single", default=False)


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside are reads: on SQLite they do not ask for the write lock.

    Everywhere else a transaction takes the write lock as it begins, because one that reads first and
    upgrades later is refused by SQLite ("database is locked") whatever the busy timeout.

    On PostgreSQL reads do without BEGIN and ROLLBACK, two walks to the server and back: there each statement sees what
    was committed before it either way. What writes or locks after all begins a transaction (see ``_begin_after_all``).
    """
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


@contextmanager
def one_statement() -> Iterator[None]:
    """Transactions begun inside are of one statement, which PostgreSQL commits by itself: one walk, not three.

    For statements whose effect is not to be taken back afterwards.
    """
    token = _single.set(True)
    try:
        yield
    finally:
        _single.reset(token)


def set_reading(value: bool) -> None:
    """Say for the rest of this request whether its transactions are reads (see ``reading``)."""
    _reading.set(value)


def engine_options(url: str) -> dict[str, Any]:
    """Return the engine's options for a database URL, the same for the pages, the worker and migrations."""
    if sa.make_url(url).get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False}}
    return {
        "pool_size": 10,
        "max_overflow": 20,
        "connect_args": {"connect_timeout": 5, "application_name": "tracker"},
    }


def make_engine(url: str) -> Engine:
    """Return an engine with the tracker's settings, outside Flask: for migrations, backups and the doctor."""
    return sa.create_engine(url, **engine_options(url))


@event.listens_for(Engine, "connect")
def _settle_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    if not type(connection).__module__.startswith("sqlite3"):
        return
    # The driver shall not begin transactions by itself; `_begin_sqlite` does, with the right lock.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    # FULL: with NORMAL a power loss takes back commits that a person was already told of.
    cursor.execute("PRAGMA synchronous = FULL")
    # What is erased is overwritten: else its bytes would stay in the file until something else needs the room.
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN" if _reading.get() else "BEGIN IMMEDIATE")
    elif _reading.get() or _single.get():
        driver: Any = connection.connection.dbapi_connection
        # A level that somebody asked for (a backup's snapshot) is there for the whole of a transaction.
        if driver.isolation_level is None and not driver.autocommit:
            driver.autocommit = connection.info[_UNBEGUN] = True


@event.listens_for(Engine, "before_cursor_execute")
def _begin_after_all(connection: Connection, _cursor: Any, statement: str, *_more: Any) -> None:
    if _UNBEGUN in connection.info and not _single.get() and not _is_plain_read(statement):
        _begin_from_now_on(connection)


@event.listens_for(Engine, "commit")
@event.listens_for(Engine, "rollback")
def _begin_from_now_on(connection: Connection) -> None:
    if not connection.invalidated and connection.info.pop(_UNBEGUN, False):
        driver: Any = connection.connection.dbapi_connection
        driver.autocommit = False


def _is_plain_read(statement: str) -> bool:
    return statement.startswith("SELECT") and not any(word in statement for word in _LOCKING)


@event.listens_for(Pool, "checkin")
def _put_away(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    record.info[_IDLE_SINCE] = time.monotonic()


@event.listens_for(Pool, "checkout")
def _take_out(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: Any) -> None:
    """Have a connection that ended replaced. To ask the server each time would be a walk there and back.

    A server that ends a connection, as on a restart, says so, and then there is something to be read where nothing was
    asked. One that went away without a word is asked for when the connection was idle for long.
    """
    driver: Any = connection
    if not hasattr(driver, "pgconn"):
        return
    is_long_idle = time.monotonic() - record.info.get(_IDLE_SINCE, math.inf) > ASKED_AFTER
    if driver.closed or _has_news(driver.pgconn.socket) or (is_long_idle and not _answers(driver)):
        raise sa.exc.DisconnectionError("the connection to the database ended while it was idle")


def _has_news(descriptor: int) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))


def _answers(driver: Any) -> bool:
    before = driver.autocommit
    try:
        driver.autocommit = True
        driver.execute("SELECT 1")
        driver.autocommit = before
    except driver.OperationalError:
        return False
    return True


def spare_flushes(connection: Connection) -> None:
    """From now on commits on this connection do not wait for the disk, but for those of ``flushed_session``.

    They survive the end of the process, not that of the machine's power; the next flushed one makes them safe too.
    """
    if connection.dialect.name == "sqlite":
        _set_synchronous(connection, "NORMAL")
    else:
        with connection.begin():
            connection.exec_driver_sql("SET synchronous_commit = off")


@contextmanager
def flushed_session(connection: Connection) -> Iterator[Session]:
    """Yield a session on a connection that else spares flushes; its commit waits until it is on the disk."""
    if connection.dialect.name == "sqlite":
        _set_synchronous(connection, "FULL")
        try:
            with Session(connection) as session:
                yield session
        finally:
            _set_synchronous(connection, "NORMAL")
    else:
        with Session(connection) as session:
            session.execute(sa.text("SET LOCAL synchronous_commit TO DEFAULT"))
            yield session


def _set_synchronous(connection: Connection, mode: str) -> None:
    # Past SQLAlchemy, which would begin a transaction first; within one the mode cannot be changed.
    driver: Any = connection.connection.dbapi_connection
    driver.execute(f"PRAGMA synchronous = {mode}")
