"""The organisation itself: its name, and what its careers page says."""

import zlib
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.models.person import Person
from tracker.models.record import Organisation
from tracker.pipeline.record import note_change
from tracker.rules.refused import Stale

LARGEST = 2**31 - 1


def version_of(row: Organisation | None) -> int:
    """Return a number that changes with the row's words: the row has no version of its own."""
    said = f"{row.name}\n{row.careers_text}" if row else ""
    return zlib.crc32(said.encode()) & LARGEST


def save(
    session: Session, *, name: str, careers_text: str, by: Person, now: datetime, version: int | None = None
) -> None:
    """Set the organisation's name and the text (Markdown) of its careers page. Raises Stale."""
    row = session.get(Organisation, 1)
    if version is not None and version != version_of(row):
        raise Stale()
    if row is None:
        row = Organisation(id=1)
        session.add(row)
    row.name, row.careers_text = name, careers_text
    session.flush()
    note_change(session, "organisation.save", "The organisation's name or careers text was changed", by=by, now=now)
