"""What a decision rested on, for paper: all decisions of an application, and the scorecards with their versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from tracker.models.application import Application
from tracker.models.debrief import Decision
from tracker.models.scorecard import Scorecard, ScorecardVersion
from tracker.queries import scorecards
from tracker.rules.permissions import Viewer


@dataclass(frozen=True)
class Written:
    """One scorecard that the record names: how many versions it has, and the last one's moment.

    ``is_later``: the last version came after the decision, which rested on an earlier one.
    """

    assignment_id: int
    author: str
    versions: int
    last_at: datetime
    is_later: bool


def decisions(session: Session, viewer: Viewer, application_id: int) -> Sequence[Decision]:
    """Return every decision of an application, the latest first; none to those who may not read what was written."""
    return session.scalars(
        select(Decision)
        .join(Application, Decision.application_id == Application.id)
        .where(Application.id == application_id, scorecards.unblind(viewer))
        .order_by(Decision.decided_at.desc(), Decision.id.desc())
        .options(joinedload(Decision.owner))
    ).all()


def written(session: Session, viewer: Viewer, cards: Sequence[Scorecard], decided_at: datetime) -> tuple[Written, ...]:
    """Return how often each of these scorecards was written, and whether after the decision."""
    rows = session.execute(
        select(ScorecardVersion.scorecard_id, func.max(ScorecardVersion.number), func.max(ScorecardVersion.at))
        .join(Scorecard, ScorecardVersion.scorecard_id == Scorecard.id)
        .where(Scorecard.id.in_([each.id for each in cards]), scorecards.readable(viewer))
        .group_by(ScorecardVersion.scorecard_id)
    )
    found = {key: (number, at) for key, number, at in rows}
    return tuple(
        Written(each.assignment_id, each.author.name, *found[each.id], found[each.id][1] > decided_at)
        for each in cards
        if each.id in found
    )
