"""What the doctor asks of the database: is it reached, may it be written, is its schema the program's."""

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from tracker import clock
from tracker.db import make_engine, reading
from tracker.doctor.finding import Finding, fine, wrong
from tracker.doctor.machine import network_file_system, sqlite_file
from tracker.queries import heartbeats, outbox, people
from tracker.schema import SchemaRefused, check_head

ABOUT = "database"
SQLITE_WAIT_SECONDS = 3.0


def examine(url: str) -> Iterator[Finding]:
    """Yield how the database is; its schema only where it is reached."""
    path = sqlite_file(url)
    reached = _sqlite(path) if path else _postgresql(url)
    yield reached
    if reached.ok:
        found = _schema(url)
        yield found
        if found.ok:
            yield from _life(url)


def _sqlite(path: Path) -> Finding:
    if kind := network_file_system(path.parent):
        return wrong(
            ABOUT,
            f"{path} lies on a network file system ({kind}), where SQLite loses data: "
            "set TRACKER_DATA_DIR to a local disk, or TRACKER_DATABASE_URL to a PostgreSQL.",
        )
    if not os.path.exists(path):
        return wrong(ABOUT, f"there is none at {path} yet: run python3 -m tracker migrate.")
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", timeout=SQLITE_WAIT_SECONDS, uri=True)
        try:
            connection.isolation_level = None
            connection.execute("BEGIN IMMEDIATE")
            # A file that may only be read is found out by a write, not by the lock.
            connection.execute("PRAGMA user_version = 0")
            connection.execute("ROLLBACK")
        finally:
            connection.close()
    except sqlite3.Error as error:
        return wrong(ABOUT, f"{path} cannot be used: {error}. {_sqlite_way(str(error))}")
    return fine(ABOUT, f"SQLite at {path} can be written")


def _sqlite_way(error: str) -> str:
    if "locked" in error:
        return f"Another program has held it for {SQLITE_WAIT_SECONDS:.0f} seconds: end that program, then ask again."
    if "not a database" in error or "malformed" in error:
        return "Move that file away and restore a backup."
    return "Let the tracker's user read and write that file and its folder (chown, chmod)."


def _postgresql(url: str) -> Finding:
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            version = connection.scalar(sa.text("SHOW server_version"))
            may_create = connection.scalar(sa.text("SELECT has_schema_privilege(current_schema(), 'CREATE')"))
        pooled = _behind_a_pooler(engine)
    except (SQLAlchemyError, UnicodeError) as error:
        return wrong(ABOUT, f"{_where(engine)} cannot be used: {_first_line(error)}. {_WAYS}")
    finally:
        engine.dispose()
    if not may_create:
        return wrong(ABOUT, f"user {engine.url.username} may not make tables in {_where(engine)}: grant it CREATE.")
    if pooled:
        return wrong(
            ABOUT,
            f"{_where(engine)} is a pooler that lends a connection for one transaction, and the sender's locks need "
            "one of their own: give TRACKER_DATABASE_URL the server's own address, or set the pooler to session mode.",
        )
    return fine(ABOUT, f"PostgreSQL {version} at {_where(engine)}")


def _behind_a_pooler(engine: sa.Engine) -> bool:
    # A pooler in transaction mode hands the connection that one client has just left to the next who asks.
    backend = sa.text("SELECT pg_backend_pid()")
    with engine.connect() as first, engine.connect() as second:
        before = first.scalar(backend)
        first.commit()
        between = second.scalar(backend)
        return bool(before == between or first.scalar(backend) != before)


_WAYS = (
    "Is the server running, may this machine reach it, and are TRACKER_DATABASE_URL's user, password and name right?"
)


def _where(engine: sa.Engine) -> str:
    url = engine.url
    return f"{url.host or 'the local socket'}{f':{url.port}' if url.port else ''}/{url.database}"


def _first_line(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    lines = str(cause).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(cause).__name__


def _schema(url: str) -> Finding:
    engine = make_engine(url)
    try:
        check_head(engine)
    except (SchemaRefused, SQLAlchemyError) as error:
        return wrong("schema", str(error) if isinstance(error, SchemaRefused) else _first_line(error))
    finally:
        engine.dispose()
    return fine("schema", "the newest")


def _life(url: str) -> Iterator[Finding]:
    """Yield whether anybody may set the tracker up, whether the worker works, and what holds the mail back."""
    engine = make_engine(url)
    with reading(), Session(engine) as session:
        if not people.has_admin(session):
            yield wrong("people", "nobody may set the tracker up yet: run python3 -m tracker create-admin.")
        yield _worker(session)
        row = outbox.pause(session)
    engine.dispose()
    if row is not None:
        yield wrong(
            "outbox",
            f"nothing goes out, because the backup of {row.backup_at:%Y-%m-%d %H:%M} UTC was restored: "
            "an admin looks at what waits and releases it, in Settings, Outbox.",
        )


def _worker(session: Session) -> Finding:
    beats = heartbeats.last_beats(session)
    done = [at for at in beats.values() if at is not None]
    if heartbeats.is_alive(session, clock.now()):
        return fine("worker", "its ticks are finished in time")
    if len(done) < len(beats):
        return wrong("worker", "it has never done its round here: keep python3 -m tracker worker running.")
    last = min(done)
    return wrong("worker", f"its last round was at {last:%Y-%m-%d %H:%M} UTC: start python3 -m tracker worker.")
