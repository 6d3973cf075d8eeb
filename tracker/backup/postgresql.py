"""Backups of PostgreSQL by COPY in one snapshot: nothing is needed but the driver, and every version reads them."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy import Connection

from tracker import schema
from tracker.backup.archive import CHUNK, DIGEST, BackupRefused, Contents, Reader
from tracker.db import Base, make_engine

VERSION = "alembic_version"
LOCK_WAIT = "30s"


@dataclass(frozen=True)
class Dumped(Contents):
    """What was dumped, and what is needed to load it: the columns of each table, the last values of the sequences."""

    columns: dict[str, list[str]]
    sequences: dict[str, int]


def part_of(table: str) -> str:
    """Return the member that holds a table's rows."""
    return f"database/{table}.copy"


def dump(url: str, folder: Path, add: Callable[[str, IO[bytes]], None]) -> Dumped:
    """Add the rows of all tables as they are at one moment, and return what they are."""
    with _connected(url) as connection:
        # All statements of such a transaction see the database as the first one saw it.
        connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        revision = schema.standing(connection)
        columns = {table.name: [column.name for column in table.columns] for table in _tables(connection)}
        counts = {}
        for table, names in columns.items():
            with (folder / "rows").open("w+b") as rows:
                counts[table] = _copy_out(connection, table, names, rows)
                add(part_of(table), rows)
        return Dumped(revision or "", counts, _documents(connection), columns, _sequences(connection))


@contextmanager
def loaded(reader: Reader, url: str, folder: Path) -> Iterator[tuple[str, Contents]]:
    """Yield the address of a throw-away schema beside the tracker's own, with the archive's rows, and what it holds."""
    name = f"tracker_restore_{uuid.uuid4().hex[:12]}"
    with _connected(url) as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
        connection.commit()
    try:
        address = _within(url, name)
        yield address, _load(reader, address, name, folder)
    finally:
        with _connected(url) as connection:
            connection.exec_driver_sql(f"DROP SCHEMA {name} CASCADE")
            connection.commit()


def _load(reader: Reader, address: str, name: str, folder: Path) -> Contents:
    manifest = reader.manifest
    with _connected(address) as connection:
        if connection.exec_driver_sql("SELECT current_schema()").scalar() != name:
            raise BackupRefused(
                "A throw-away schema cannot be used here (is there a pooler before the server?): "
                "give TRACKER_DATABASE_URL the server's own address."
            )
    schema.upgrade(address, manifest.revision)
    with _connected(address) as connection:
        tables = [table.name for table in _tables(connection)]
        # A migration may have written rows of its own.
        _run(connection, "TRUNCATE {}", sql.SQL(", ").join(map(sql.Identifier, tables)))
        for table in tables:
            with (folder / "rows").open("w+b") as rows:
                reader.copy(part_of(table), rows)
                _copy_in(connection, table, manifest.columns[table], rows)
        for sequence, value in manifest.sequences.items():
            connection.execute(sa.text("SELECT setval(:sequence, :value)"), {"sequence": sequence, "value": value})
        connection.commit()
        counts = {table: _count(connection, table) for table in sorted(tables)}
        return Contents(manifest.revision, counts, _documents(connection))


def is_empty(url: str) -> bool:
    """Return whether there is nothing of the tracker's in the database."""
    with _connected(url) as connection:
        return not set(sa.inspect(connection).get_table_names()) & Base.metadata.tables.keys()


def replace(restored: str, url: str) -> None:
    """Put the restored tables in the place of those at ``url``, in one transaction."""
    with _connected(restored) as connection:
        new = sa.inspect(connection).get_table_names()
        source = sql.Identifier(str(connection.exec_driver_sql("SELECT current_schema()").scalar()))
    with _connected(url) as connection:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_WAIT}'")
        target = sql.Identifier(str(connection.exec_driver_sql("SELECT current_schema()").scalar()))
        known = {*Base.metadata.tables, *new, VERSION}
        old = [sql.Identifier(name) for name in sa.inspect(connection).get_table_names() if name in known]
        if old:
            _run(connection, "DROP TABLE {} CASCADE", sql.SQL(", ").join(old))
        for name in new:
            _run(connection, "ALTER TABLE {}.{} SET SCHEMA {}", source, sql.Identifier(name), target)
        connection.commit()


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _within(url: str, name: str) -> str:
    """Return the address of the same database, with ``name`` as the schema that everything is made in and read from."""
    address = sa.make_url(url)
    given = address.query.get("options", "")
    options = f"{given if isinstance(given, str) else ' '.join(given)} -csearch_path={name}".strip()
    return address.update_query_dict({"options": options}).render_as_string(hide_password=False)


def _tables(connection: Connection) -> list[sa.Table]:
    """Return the tables, each after those that it refers to."""
    metadata = sa.MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name != VERSION]


def _driver(connection: Connection) -> psycopg.Connection[Any]:
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError(f"{driver!r} is not a connection of psycopg")
    return driver


def _run(connection: Connection, statement: str, *names: sql.Composable) -> None:
    _driver(connection).execute(sql.SQL(statement).format(*names))


def _copy_out(connection: Connection, table: str, columns: list[str], rows: IO[bytes]) -> int:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("COPY {} ({}) TO STDOUT").format(sql.Identifier(table), names)
    with _driver(connection).cursor() as cursor:
        with cursor.copy(statement) as copy:
            for chunk in copy:
                rows.write(chunk)
        rows.flush()
        return cursor.rowcount


def _copy_in(connection: Connection, table: str, columns: list[str], rows: IO[bytes]) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    rows.seek(0)
    with _driver(connection).cursor() as cursor, cursor.copy(statement) as copy:
        while chunk := rows.read(CHUNK):
            copy.write(chunk)


def _count(connection: Connection, table: str) -> int:
    return int(connection.scalar(sa.select(sa.func.count()).select_from(sa.table(table))) or 0)


def _documents(connection: Connection) -> tuple[str, ...]:
    """Return the digests of the documents that rows name, in whichever tables of whatever release do."""
    asked = (
        "SELECT table_name FROM information_schema.columns "
        "WHERE table_schema = current_schema() AND column_name = :name"
    )
    digest, found = sa.column(DIGEST, sa.Text), set[str]()
    for table in connection.scalars(sa.text(asked), {"name": DIGEST}).all():
        found.update(connection.scalars(sa.select(digest).select_from(sa.table(table)).distinct()))
    return tuple(sorted(found))


def _sequences(connection: Connection) -> dict[str, int]:
    asked = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema()"
    return {name: value for name, value in connection.execute(sa.text(asked)) if value is not None}
