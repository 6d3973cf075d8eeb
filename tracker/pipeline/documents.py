"""Documents of an application: the file is safe on the disk, under its digest, before the row that names it."""

import hashlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy.orm import Session

from tracker.models.application import Application
from tracker.models.candidate import Document
from tracker.models.person import Person
from tracker.pipeline.record import note_change
from tracker.pipeline.turns import check_not_erased
from tracker.rules import documents as rules


@dataclass(frozen=True)
class Upload:
    """A file that was checked and is on the disk already, under its digest. ``size`` in bytes."""

    name: str
    media_type: str
    size: int
    sha256: str


def path_of(root: Path, sha256: str) -> Path:
    """Return where the file with this digest lies under the folder of documents."""
    return root / sha256[:2] / sha256[2:]


def keep(
    root: Path,
    name: str,
    content: bytes,
    *,
    most: int,
    field: str | None = "resume",
    kinds: rules.Kinds | None = None,
) -> Upload:
    """Check a file and put it on the disk under ``root``; return what a row needs to name it.

    The file is written whole and flushed before it gets its name, so that a row never names half a file. A row that is
    then not written leaves a file that nothing names, which harms nobody. Raises WrongKind, EmptyFile, TooLarge.
    """
    kind = rules.check(name, content, most=most, field=field, kinds=kinds)
    digest = hashlib.sha256(content).hexdigest()
    target = path_of(root, digest)
    try:
        # It is asked for anew: who removes files that nobody names lets it be for a while.
        os.utime(target)
    except FileNotFoundError:
        write(target, lambda file: file.write(content))
    return Upload(rules.clean_name(name), kind.media_type, len(content), digest)


def add(
    session: Session,
    application: Application,
    upload: Upload,
    *,
    is_resume: bool,
    by: Person | None,
    now: datetime,
) -> Document:
    """Add a kept file to an application; ``by`` None is the candidate. Raises Erased."""
    check_not_erased(application)
    document = Document(
        application_id=application.id,
        name=upload.name,
        media_type=upload.media_type,
        size=upload.size,
        sha256=upload.sha256,
        is_resume=is_resume,
        added_at=now,
        added_by_id=by.id if by else None,
    )
    session.add(document)
    session.flush()
    what = "resume" if is_resume else "document"
    text = f"The {what} “{upload.name}” was added{'' if by else ' by the candidate'}"
    note_change(session, "documents.add", text, by=by, now=now, application=application)
    return document


def write(target: Path, fill: Callable[[IO[bytes]], object]) -> None:
    """Have ``fill`` write a file that gets its name when it is whole and on the disk; after an error there is none."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as out:
            fill(out)
            out.flush()
            os.fsync(out.fileno())
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Have the disk keep the names in a folder: a new one survives a power loss only then."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
