"""Files of candidates who were erased: they go from the disk after the commit, tried again until they are gone."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from tracker.models.candidate import Document
from tracker.models.erasure import FileRemoval
from tracker.models.scorecard import ScorecardFile
from tracker.pipeline.documents import path_of, sync_folder

# Somebody may be about to name a file that was sent so lately: it is looked at again.
QUIET = timedelta(minutes=10)
# What nobody has named for so long was sent with a form that was given up.
GIVEN_UP = timedelta(days=1)
MOST_AT_ONCE = 500


def remove(session: Session, removal: FileRemoval, root: Path, *, now: datetime) -> None:
    """Remove a file below ``root``, the folder of documents, unless a row names it; if it is gone already, well."""
    path = path_of(root, removal.sha256)
    if not named(session, [removal.sha256]):
        age = _age(path, now)
        if age is not None and age < QUIET:
            removal.due_at = now + QUIET
            return
        _unlink(path)
    session.delete(removal)
    session.flush()


def remove_unnamed(session: Session, root: Path, *, now: datetime) -> int:
    """Remove the files below ``root`` that no row has named for a day; return how many there were."""
    old = [path for path in _files(root) if (_age(path, now) or timedelta()) > GIVEN_UP]
    count = 0
    for start in range(0, len(old), MOST_AT_ONCE):
        some = old[start : start + MOST_AT_ONCE]
        known = named(session, [path.parent.name + path.name for path in some])
        for path in some:
            if path.parent.name + path.name not in known:
                _unlink(path)
                count += 1
    return count


def named(session: Session, digests: Collection[str]) -> set[str]:
    """Return those of the digests that a row names."""
    asked = [select(each).where(each.in_(digests)) for each in (Document.sha256, ScorecardFile.sha256)]
    return set(session.scalars(union(*asked)))


def due(session: Session, now: datetime, without: Collection[int]) -> list[int]:
    """Return the id of the removal that has been due the longest, empty where none is."""
    query = select(FileRemoval.id).where(FileRemoval.due_at <= now, FileRemoval.id.not_in(without))
    return list(session.scalars(query.order_by(FileRemoval.due_at, FileRemoval.id).limit(1)))


def _files(root: Path) -> Iterator[Path]:
    return (path for folder in root.glob("??") for path in folder.iterdir() if path.is_file())


def _age(path: Path, now: datetime) -> timedelta | None:
    try:
        return timedelta(seconds=now.timestamp() - path.stat().st_mtime)
    except FileNotFoundError:
        return None


def _unlink(path: Path) -> None:
    path.unlink(missing_ok=True)
    if path.parent.is_dir():
        sync_folder(path.parent)
