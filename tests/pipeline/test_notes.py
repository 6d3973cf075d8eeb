"""Notes are kept as they were written, and the record does not repeat them."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tracker.models.application import Note
from tracker.models.record import RecordEntry
from tracker.pipeline import notes
from tracker.pipeline.notes import EmptyNote


def test_a_note_is_kept(session: Session, world: World) -> None:
    application = world.application()
    by = application.requisition.recruiter
    notes.add(session, application, "  Likes **Rust** 🦉  ", by=by, now=MONDAY)
    session.commit()
    note = session.scalars(select(Note)).one()
    assert (note.text, note.by_id, note.at) == ("Likes **Rust** 🦉", by.id, MONDAY)
    entry = session.scalars(select(RecordEntry).where(RecordEntry.verb == "notes.add")).one()
    assert "Rust" not in entry.text


def test_an_empty_one_is_refused(session: Session, world: World) -> None:
    application = world.application()
    with pytest.raises(EmptyNote):
        notes.add(session, application, " \n ", by=application.requisition.recruiter, now=MONDAY)
