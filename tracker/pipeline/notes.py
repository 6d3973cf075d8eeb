"""Notes of the recruiting side about an application."""

from datetime import datetime

from sqlalchemy.orm import Session

from tracker.models.application import Application, Note
from tracker.models.person import Person
from tracker.pipeline.record import note_change
from tracker.pipeline.turns import check_not_erased
from tracker.rules.refused import Refused


class EmptyNote(Refused):
    """Nothing was written."""


def add(session: Session, application: Application, text: str, *, by: Person, now: datetime) -> Note:
    """Keep a note; the record says that there is one, not what it says. Raises EmptyNote, Erased."""
    if not text.strip():
        raise EmptyNote("Write something first.", "text")
    check_not_erased(application)
    note = Note(application_id=application.id, text=text.strip(), at=now, by_id=by.id)
    session.add(note)
    note_change(session, "notes.add", "A note was added", by=by, now=now, application=application)
    session.flush()
    return note
