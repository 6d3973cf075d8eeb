"""The worker's errors, kept for the person who runs the tracker: each kind once, the old ones swept away."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from tracker import logs
from tracker.db import db, upsert
from tracker.models.tick_fault import TickFault

log = logging.getLogger(__name__)

KEPT, MOST = timedelta(days=30), 100


def note(tick: str, error: BaseException, *, now: datetime, item: int | None = None) -> None:
    """Keep an error in a transaction of its own. Where the database does not take it, the log alone has it."""
    values = {"tick": tick, "what": logs.describe(error), "item": item, "first_at": now, "last_at": now, "times": 1}
    try:
        with Session(db.engine) as session:
            again = {"item": item, "last_at": now, "times": TickFault.times + 1}
            row = upsert(session, TickFault).values(values)
            session.execute(row.on_conflict_do_update(index_elements=["tick", "what"], set_=again))
            session.commit()
    except SQLAlchemyError as trouble:
        log.warning("An error of %s could not be kept: %s", tick, trouble)


def sweep(session: Session, now: datetime) -> None:
    """Remove what did not come again for a month, and all but the latest hundred."""
    latest = select(TickFault.id).order_by(TickFault.last_at.desc()).limit(MOST)
    session.execute(delete(TickFault).where((TickFault.last_at < now - KEPT) | TickFault.id.not_in(latest)))
