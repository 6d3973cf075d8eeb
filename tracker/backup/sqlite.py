"""Backups of SQLite: a copy of the file that SQLite itself makes, and puts back, in one transaction."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

from sqlalchemy import make_url

from tracker.backup.archive import DIGEST, BackupRefused, Contents, Reader
from tracker.db import BUSY_TIMEOUT_MS, Base

PART = "database/tracker.sqlite"


def dump(url: str, folder: Path, add: Callable[[str, IO[bytes]], None]) -> Contents:
    """Add a copy of the database as it is at one moment, and return what it holds.

    The copy holds no page that is free in the original: what was erased is not in it.
    """
    copy = folder / "tracker.sqlite"
    with closing(_connect(_file(url))) as live:
        live.execute("VACUUM INTO ?", (str(copy),))
    contents = _contents(copy)
    with copy.open("rb") as content:
        add(PART, content)
    copy.unlink()
    return contents


@contextmanager
def loaded(reader: Reader, url: str, folder: Path) -> Iterator[tuple[str, Contents]]:
    """Yield the address of a throw-away database with the archive's rows, and what it holds; ``url`` is not used."""
    path = folder / "restored.sqlite"
    with path.open("xb") as target:
        reader.copy(PART, target)
    yield f"sqlite:///{path}", _contents(path)


def is_empty(url: str) -> bool:
    """Return whether there is nothing of the tracker's in the database."""
    path = _file(url)
    if not path.exists():
        return True
    with _told(path), closing(_connect(path)) as live:
        return not _table_names(live) & Base.metadata.tables.keys()


def replace(restored: str, url: str) -> None:
    """Put the restored database in the place of the one at ``url``, in one transaction of SQLite's own.

    Programs that have it open see the old rows before and the new ones after.
    """
    path = _file(url)
    with _told(path), closing(_connect(_file(restored))) as source, closing(_connect(path)) as target:
        target.execute("PRAGMA journal_mode = WAL")
        target.execute("PRAGMA synchronous = FULL")
        source.backup(target)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Say what to do where the live database is no database any more, which may be why a backup is restored."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise BackupRefused(
            f"{path} cannot be used: {error}. Move it away, together with {path.name}-wal and {path.name}-shm where "
            "they are, then give the same command again."
        ) from error


def _file(url: str) -> Path:
    return Path(make_url(url).database or "")


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None)


def _contents(path: Path) -> Contents:
    """Return what a file holds that nobody writes. Raises BackupRefused where it is not sound."""
    with closing(_connect(path)) as connection:
        [found] = connection.execute("PRAGMA integrity_check(1)").fetchone()
        broken = connection.execute("PRAGMA foreign_key_check").fetchone()
        if found != "ok" or broken:
            raise BackupRefused(f"The database is damaged: {found if found != 'ok' else f'reference {broken}'}.")
        names = _table_names(connection) - {"alembic_version"}
        # Their names are the schema's own.
        counts = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in sorted(names)}  # noqa: S608
        [revision] = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        digests = {digest for name in sorted(names) for digest in _digests(connection, name)}
    return Contents(revision, counts, tuple(sorted(digests)))


def _digests(connection: sqlite3.Connection, table: str) -> list[str]:
    """Return the digests of the documents that the rows of a table name, of whatever release the schema is."""
    columns = connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
    if DIGEST not in {name for [name] in columns}:
        return []
    found = connection.execute(f"SELECT DISTINCT {DIGEST} FROM {table}")  # noqa: S608
    return [digest for [digest] in found]


def _table_names(connection: sqlite3.Connection) -> set[str]:
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return {name for [name] in tables}
