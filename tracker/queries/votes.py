"""How the votes of a debrief stand to a decision."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.models.debrief import Debrief, Vote
from tracker.rules.stages import DecisionKind


def against(session: Session, debrief: Debrief, kind: DecisionKind) -> tuple[str, ...]:
    """Return who voted otherwise than is decided; the second vote counts, and the first where there is no second."""
    rows = session.scalars(
        select(Vote)
        .where(Vote.debrief_id == debrief.id)
        # "first" before "second".
        .order_by(Vote.phase, Vote.id)
        .options(joinedload(Vote.person))
    )
    last = {vote.person: vote.recommendation for vote in rows}
    is_hire = kind is DecisionKind.HIRE
    return tuple(sorted(person.name for person, voted in last.items() if voted.is_for_hire != is_hire))
