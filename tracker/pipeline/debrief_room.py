"""That somebody has a debrief open, so that the others see it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models.debrief import Debrief, Presence
from tracker.models.person import Person


def note_presence(session: Session, debrief: Debrief, *, by: Person, now: datetime) -> None:
    """Note that somebody is there. No business of the record: it says nothing of what was done."""
    mine = Presence.debrief_id == debrief.id, Presence.person_id == by.id
    row = session.scalar(select(Presence).where(*mine))
    if row is None:
        session.add(Presence(debrief_id=debrief.id, person_id=by.id, seen_at=now))
    else:
        row.seen_at = max(now, row.seen_at)
    session.flush()
