"""Who sits in a debrief, and who has read what there: names and moments, nothing of what was written."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, aliased

from tracker.db import AnySelect, UtcMoment
from tracker.models.application import Application
from tracker.models.debrief import Debrief, Presence
from tracker.models.person import Person
from tracker.models.scorecard import Scorecard, ScorecardRead
from tracker.queries import debrief_votes, scorecards
from tracker.rules.permissions import Viewer
from tracker.statements import rows

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
    session: Session, viewer: Viewer, debrief: Debrief, now: datetime, waiting: tuple[str, ...] | None = None
) -> Room:
    """Return the room as it is now; ``waiting`` are those who have not voted again, where that was asked already."""
    of = {"debrief": debrief.id, "since": now - SILENT, "viewer": viewer.person_id}
    present = tuple(name for (name,) in rows(session, _PRESENT, of))
    waiting = debrief_votes.still_to_vote(session, debrief) if waiting is None else waiting
    return Room(present, waiting, "held" if debrief.held_at else "open" if waiting else "voted")


_PRESENT = (
    select(Person.name)
    .join(Presence, Presence.person_id == Person.id)
    .where(
        Presence.debrief_id == bindparam("debrief"),
        Presence.seen_at > bindparam("since", type_=UtcMoment()),
        Presence.person_id != bindparam("viewer"),
    )
    .order_by(Person.name)
)


def readings(session: Session, viewer: Viewer, application_id: int) -> tuple[Reading, ...]:
    """Return who read which scorecard of an application (section 5), to those who may read all of them."""
    return tuple(Reading(*row) for row in rows(session, _readings(viewer), {"application": application_id}))


@lru_cache(maxsize=1024)
def _readings(viewer: Viewer) -> AnySelect:
    author = aliased(Person)
    return (
        select(Person.name, author.name, func.count(), func.min(ScorecardRead.at), func.max(ScorecardRead.at))
        .join(ScorecardRead, ScorecardRead.person_id == Person.id)
        .join(Scorecard, ScorecardRead.scorecard_id == Scorecard.id)
        .join(author, Scorecard.author_id == author.id)
        .join(Application, Scorecard.application_id == Application.id)
        .where(Application.id == bindparam("application"), scorecards.unblind(viewer))
        .group_by(Person.id, Person.name, Scorecard.id, author.name)
        .order_by(Person.name, author.name, Scorecard.id)
    )
