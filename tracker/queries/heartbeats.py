"""Whether the worker lives: what its ticks wrote, never what a scheduler says of itself."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models.outbox import Heartbeat

# The ticks that a living worker finishes again and again.
FACTS, MAIL = "facts", "mail"
# A beat is written this seldom, so that a tick with nothing to do writes nothing.
EVERY = timedelta(seconds=30)
FRESH = timedelta(minutes=3)


def is_alive(session: Session, now: datetime) -> bool:
    """Whether every tick was finished in the last three minutes; a beat from the future (a clock set back) is none."""
    return all(is_fresh(at, now) for at in last_beats(session).values())


def is_fresh(beat: datetime | None, now: datetime) -> bool:
    """Whether a tick that was last finished then is not late."""
    return beat is not None and abs(now - beat) < FRESH


def last_beats(session: Session) -> dict[str, datetime | None]:
    """Return when each tick was last finished, None for one that never was."""
    beats = {name: at for name, at in session.execute(select(Heartbeat.name, Heartbeat.at))}
    return {name: beats.get(name) for name in (FACTS, MAIL)}


def is_beat_due(session: Session, name: str, now: datetime) -> bool:
    """Whether a tick should write that it was finished."""
    last = session.scalar(select(Heartbeat.at).where(Heartbeat.name == name))
    return last is None or abs(now - last) >= EVERY
