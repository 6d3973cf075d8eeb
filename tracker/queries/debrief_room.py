"""Who sits in a debrief, and who has read what there: names and moments, nothing of what was written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, aliased

from tracker.db import AnySelect
from tracker.models.debrief import Debrief, Presence
from tracker.models.person import Person
from tracker.models.scorecard import Scorecard, ScorecardRead
from tracker.queries import debriefs, scorecards
from tracker.rules.permissions import Viewer

# The page's script says every 15 seconds that it is open; one that was silent for three times that has been closed.
SILENT = timedelta(seconds=45)


@dataclass(frozen=True)
class Room:
    """Who is there besides the viewer, who has not voted again, and whether there is more to see than before.

    ``stage`` is a word that changes when second votes come to be shown or the debrief was held.
    """

    present: tuple[str, ...]
    still_to_vote: tuple[str, ...]
    stage: str


@dataclass(frozen=True)
class Reading:
    """Somebody read somebody's scorecard: how often, the first time and the last."""

    reader: str
    author: str
    times: int
    first_at: datetime
    last_at: datetime


def room(
    session: Session, viewer: Viewer, debrief: Debrief, now: datetime, voters: Sequence[Person] | None = None
) -> Room:
    """Return the room as it is now; ``voters`` are those of the debrief's standing, where that was asked for."""
    present = session.scalars(
        select(Person.name)
        .join(Presence, Presence.person_id == Person.id)
        .where(
            Presence.debrief_id == debrief.id,
            Presence.seen_at > now - SILENT,
            Presence.person_id != viewer.person_id,
        )
        .order_by(Person.name)
    )
    waiting = debriefs.still_to_vote(session, debrief, voters)
    stage = "held" if debrief.held_at else "open" if waiting else "voted"
    return Room(tuple(present), waiting, stage)


def readings(session: Session, viewer: Viewer, application_id: int) -> tuple[Reading, ...]:
    """Return who read which scorecard of an application, of those that the viewer may read (section 5)."""
    return tuple(Reading(*row) for row in session.execute(_readings(viewer), {"application": application_id}))


@lru_cache(maxsize=1024)
def _readings(viewer: Viewer) -> AnySelect:
    author = aliased(Person)
    return (
        select(Person.name, author.name, func.count(), func.min(ScorecardRead.at), func.max(ScorecardRead.at))
        .join(ScorecardRead, ScorecardRead.person_id == Person.id)
        .join(Scorecard, ScorecardRead.scorecard_id == Scorecard.id)
        .join(author, Scorecard.author_id == author.id)
        .where(Scorecard.application_id == bindparam("application"), scorecards.readable(viewer))
        .group_by(Person.id, Person.name, Scorecard.id, author.name)
        .order_by(Person.name, author.name, Scorecard.id)
    )
