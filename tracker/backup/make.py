"""Making a backup while the tracker is in use."""

import hashlib
import os
import sqlite3
import tempfile
from contextlib import closing
from datetime import datetime
from pathlib import Path

import psycopg
import sqlalchemy as sa

from config import Settings
from tracker.backup import postgresql, sqlite
from tracker.backup.archive import BackupRefused, Manifest, Writer, document_part, first_line
from tracker.backup.postgresql import Dumped
from tracker.db import make_engine
from tracker.models.candidate import Document
from tracker.models.scorecard import ScorecardFile
from tracker.pipeline.documents import path_of, sync_folder
from tracker.version import version


def make(settings: Settings, target: Path | str, *, now: datetime) -> tuple[Path, Manifest]:
    """Write a backup to ``target``, a new file, or a new file in the folder ``target``; return it and what it holds.

    What ends with a slash has to be a folder that is there: no file takes its place. The file gets its name when the
    disk has all of it. Raises BackupRefused. Documents that rows name and that are not on the disk are in the manifest
    as missing: what is there is backed up all the same.
    """
    path = Path(target)
    if path.is_dir():
        path /= f"tracker-{now:%Y%m%dT%H%M%SZ}.tar"
    elif str(target).endswith("/"):
        raise BackupRefused(f"There is no folder {path}: make it first.")
    if path.exists():
        raise BackupRefused(f"{path} exists: give --to the name of a new file, or a folder.")
    try:
        # Beside the target, so that the finished file only needs its name.
        with tempfile.TemporaryDirectory(prefix=".tracker-backup-", dir=path.parent) as folder:
            unnamed = Path(folder) / "archive.tar"
            with closing(Writer(unnamed)) as writer:
                manifest = _write(settings, writer, Path(folder), now)
            os.rename(unnamed, path)
        sync_folder(path.parent)
    except (OSError, sqlite3.Error, psycopg.Error) as error:
        raise BackupRefused(f"No backup was made in {path.parent}: {first_line(error)}.") from error
    return path, manifest


def _write(settings: Settings, writer: Writer, folder: Path, now: datetime) -> Manifest:
    kind = sa.make_url(settings.database_url).get_backend_name()
    dump = postgresql.dump if kind == "postgresql" else sqlite.dump
    contents = dump(settings.database_url, folder, writer.add)
    missing = [digest for digest in contents.documents if not _add_document(settings, writer, digest)]
    return writer.finish(
        Manifest(
            made_at=now,
            program=version(),
            database=kind,
            revision=contents.revision,
            tables=contents.tables,
            columns=contents.columns if isinstance(contents, Dumped) else {},
            sequences=contents.sequences if isinstance(contents, Dumped) else {},
            missing=missing,
            parts={},
        )
    )


def _add_document(settings: Settings, writer: Writer, digest: str) -> bool:
    """Add a document; return False where it is not on the disk, or is not what it was."""
    try:
        with path_of(settings.documents, digest).open("rb") as content:
            if hashlib.file_digest(content, "sha256").hexdigest() != digest:
                return False
            writer.add(document_part(digest), content)
            return True
    except FileNotFoundError:
        return False


def still_named(settings: Settings, digests: list[str]) -> list[str]:
    """Return those of the missing documents that rows name even now: the others were erased during the backup."""
    engine = make_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            asked = [sa.select(each).where(each.in_(digests)) for each in (Document.sha256, ScorecardFile.sha256)]
            return list(connection.scalars(sa.union(*asked)))
    finally:
        engine.dispose()
