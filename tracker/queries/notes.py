"""Notes of the recruiting side, read apart from the page of their application."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models.application import Note
from tracker.models.person import Person


@dataclass(frozen=True)
class NoteLine:
    """A note in Markdown, who wrote it, and when (UTC)."""

    text: str
    author: str
    at: datetime


def latest(session: Session, application_id: int, most: int = 3) -> Sequence[NoteLine]:
    """Return the latest notes of an application, the newest first. For whoever may read the application."""
    rows = session.execute(
        select(Note.text, Person.name, Note.at)
        .join(Person, Note.by_id == Person.id)
        .where(Note.application_id == application_id)
        .order_by(Note.id.desc())
        .limit(most)
    )
    return [NoteLine(text, author, at) for text, author, at in rows]
