"""That somebody has a debrief open, so that the others see it."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tracker.db import INSERTS
from tracker.models.debrief import Debrief, Presence
from tracker.models.person import Person


def note_presence(session: Session, debrief: Debrief, *, by: Person, now: datetime) -> None:
    """Note that somebody is there. No business of the record: it says nothing of what was done."""
    row = {"debrief_id": debrief.id, "person_id": by.id, "seen_at": now}
    session.connection().execute(_SEEN[session.get_bind().dialect.name], row)


def _seen(insert: Any) -> Any:
    row = insert(Presence.__table__)
    later = Presence.__table__.c.seen_at < row.excluded.seen_at
    return row.on_conflict_do_update(
        index_elements=["debrief_id", "person_id"], set_={"seen_at": row.excluded.seen_at}, where=later
    )


# Built once: the page's script says every few seconds that it is open.
_SEEN = {name: _seen(insert) for name, insert in INSERTS.items()}
