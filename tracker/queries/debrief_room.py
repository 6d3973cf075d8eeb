"""Who sits in a debrief, and who has read what there: names and moments, nothing of what was written."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

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


def room(session: Session, viewer: Viewer, debrief: Debrief, now: datetime) -> Room:
    """Return the room as it is now."""
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
    shown = debriefs.second_votes_are_shown(session, debrief)
    stage = "held" if debrief.held_at else "voted" if shown else "open"
    return Room(tuple(present), debriefs.still_to_vote(session, debrief), stage)


def readings(session: Session, viewer: Viewer, application_id: int) -> tuple[Reading, ...]:
    """Return who read which scorecard of an application, of those that the viewer may read (section 5)."""
    author = aliased(Person)
    rows = session.execute(
        select(Person.name, author.name, func.count(), func.min(ScorecardRead.at), func.max(ScorecardRead.at))
        .join(ScorecardRead, ScorecardRead.person_id == Person.id)
        .join(Scorecard, ScorecardRead.scorecard_id == Scorecard.id)
        .join(author, Scorecard.author_id == author.id)
        .where(Scorecard.application_id == application_id, scorecards.readable(viewer))
        .group_by(Person.id, Person.name, Scorecard.id, author.name)
        .order_by(Person.name, author.name, Scorecard.id)
    )
    return tuple(Reading(*row) for row in rows)
