"""Restoring a backup: into a throw-away database first, where it is checked; only then in the place of the live one."""

import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from config import Settings
from tracker import schema
from tracker.backup import postgresql
from tracker.backup import sqlite as sqlite_kind
from tracker.backup.archive import BackupRefused, Contents, Manifest, Reader, document_part, first_line, reading
from tracker.db import make_engine
from tracker.models.outbox import OutboxPause
from tracker.pipeline.documents import path_of, write

KINDS = {"sqlite": sqlite_kind, "postgresql": postgresql}


def verify(settings: Settings, path: Path) -> Manifest:
    """Restore an archive into a throw-away database, check all of it, and throw that away; the live one is not touched.

    An archive of PostgreSQL needs the server that the settings name. Raises BackupRefused where the archive is not
    sound, or this program cannot use it.
    """
    with reading(path) as reader, _checked(settings, reader):
        with open(os.devnull, "wb") as trash:
            for digest in _documents(reader):
                reader.copy(document_part(digest), trash)
        return reader.manifest


def restore(settings: Settings, path: Path, *, force: bool, now: datetime) -> Manifest:
    """Put an archive in the place of the database, and its documents beside those that are there.

    The outbox is paused until a person releases it. ``force`` replaces a database that is not empty. Until the last
    step, which is one transaction, nothing is changed but documents added. Raises BackupRefused.
    """
    with reading(path) as reader:
        kind = KINDS[_kind(settings, reader.manifest)]
        if not force and not kind.is_empty(settings.database_url):
            raise BackupRefused(
                "The database is not empty, nothing was changed: --force replaces all that is in it with the backup. "
                "Make a backup of it before."
            )
        with _checked(settings, reader) as restored:
            _pause(restored, reader.manifest, now)
            for digest in _documents(reader):
                _put_document(settings, reader, digest)
            kind.replace(restored, settings.database_url)
        return reader.manifest


def _kind(settings: Settings, manifest: Manifest) -> str:
    kind = sa.make_url(settings.database_url).get_backend_name()
    if manifest.database != kind:
        raise BackupRefused(
            f"This is a backup of {manifest.database}, and TRACKER_DATABASE_URL names {kind}: "
            f"set it to a database of {manifest.database}."
        )
    return kind


@contextmanager
def _checked(settings: Settings, reader: Reader) -> Iterator[str]:
    """Yield the address of a throw-away database with the archive's rows, at the newest schema."""
    manifest = reader.manifest
    reader.check_names()
    if manifest.revision not in schema.revisions():
        raise BackupRefused(
            f"The backup was made by version {manifest.program} of the tracker, whose schema ({manifest.revision}) "
            "this program does not know: install that version, or a later one."
        )
    kind = KINDS["sqlite" if manifest.database == "sqlite" else _kind(settings, manifest)]
    with tempfile.TemporaryDirectory(prefix="restore-", dir=settings.data_dir) as folder:
        try:
            with kind.loaded(reader, settings.database_url, Path(folder)) as (restored, contents):
                _compare(manifest, contents)
                schema.upgrade(restored)
                yield restored
        except (OSError, sqlite3.Error, psycopg.Error, SQLAlchemyError) as error:
            cause = getattr(error, "orig", None) or error
            raise BackupRefused(f"The backup cannot be restored: {first_line(cause)}.") from error


def _compare(manifest: Manifest, contents: Contents) -> None:
    """Raise BackupRefused unless the restored rows are those that the manifest tells of, with all their documents."""
    if contents.revision != manifest.revision or dict(contents.tables) != dict(manifest.tables):
        wrong = sorted(name for name, count in manifest.tables.items() if contents.tables.get(name) != count)
        raise BackupRefused(f"The archive is damaged: its rows are not those that were backed up ({', '.join(wrong)}).")
    lost = [
        digest
        for digest in contents.documents
        if document_part(digest) not in manifest.parts and digest not in manifest.missing
    ]
    if lost:
        raise BackupRefused(f"The archive is damaged: {len(lost)} documents that its rows name are not in it.")


def _documents(reader: Reader) -> Iterator[str]:
    start = document_part("")
    for name, digest in reader.manifest.parts.items():
        if name.startswith(start):
            if name != document_part(digest):
                raise BackupRefused(f"The archive is damaged: {name} is not the document of that digest.")
            yield digest


def _put_document(settings: Settings, reader: Reader, digest: str) -> None:
    target = path_of(settings.documents, digest)
    if not target.exists() or hashlib.sha256(target.read_bytes()).hexdigest() != digest:
        write(target, lambda file: reader.copy(document_part(digest), file))


def _pause(restored: str, manifest: Manifest, now: datetime) -> None:
    """Pause the outbox before anybody can see it: what waits in it may be stale, or was sent after the backup."""
    engine = make_engine(restored)
    try:
        with engine.begin() as connection:
            connection.execute(sa.delete(OutboxPause))
            connection.execute(sa.insert(OutboxPause).values(id=1, at=now, backup_at=manifest.made_at))
    finally:
        engine.dispose()
