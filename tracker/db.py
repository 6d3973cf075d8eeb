"""The database handle, the typed base of all rows, column types, and the settings of SQLite and PostgreSQL."""

import enum
from collections.abc import Callable, Iterator, Mapping
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
from sqlalchemy.pool import ConnectionPoolEntry

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

BUSY_TIMEOUT_MS = 30_000


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


def rows(session: Session, statement: AnySelect, given: Mapping[str, Any]) -> sa.CursorResult[*tuple[Any, ...]]:
    """Return the rows of a statement that reads columns alone, and no objects.

    It costs half of ``session.execute``, which looks for the mapper's objects in every answer. As there, what the
    session has not written yet is written first.
    """
    session.flush()
    return session.connection().execute(statement, given)


db = SQLAlchemy(metadata=Base.metadata)

_reading: ContextVar[bool] = ContextVar("tracker_reading", default=False)


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside are reads: on SQLite they do not ask for the write lock.

    Everywhere else a transaction takes the write lock as it begins, because one that reads first and
    upgrades later is refused by SQLite ("database is locked") whatever the busy timeout.
    """
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


def set_reading(value: bool) -> None:
    """Say for the rest of this request whether its transactions are reads (see ``reading``)."""
    _reading.set(value)


def engine_options(url: str) -> dict[str, Any]:
    """Return the engine's options for a database URL, the same for the pages, the worker and migrations."""
    if sa.make_url(url).get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False}}
    return {
        "pool_pre_ping": True,
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
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN" if _reading.get() else "BEGIN IMMEDIATE")


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
