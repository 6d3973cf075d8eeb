"""Who sits in an interview beside whom: for lists of somebody's own interviews, in one statement."""

from collections.abc import Collection

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from tracker.models.interview import Assignment, AssignmentRole
from tracker.models.person import Person
from tracker.rules.training import TrainingRole, short_words


def words_of(session: Session, assignment_ids: Collection[int]) -> dict[int, str]:
    """Return in a few words beside whom each of these assignments is, where anybody learns there."""
    own, other = aliased(Assignment), aliased(Assignment)
    is_beside = and_(other.interview_id == own.interview_id, other.id != own.id, other.ended_at.is_(None))
    rows = session.execute(
        select(own.id, own.role, other.role.label("other_role"), Person.name)
        .outerjoin(other, is_beside)
        .outerjoin(Person, other.person_id == Person.id)
        .where(own.id.in_(assignment_ids))
        .order_by(own.id, other.id)
    )
    found: dict[int, str] = {}
    for assignment_id, role, other_role, name in rows:
        if role is not AssignmentRole.LEAD:
            found.setdefault(assignment_id, short_words(TrainingRole(role.value), ""))
            if other_role is AssignmentRole.LEAD:
                found[assignment_id] = short_words(TrainingRole(role.value), name)
        elif other_role is not None and other_role is not AssignmentRole.LEAD:
            found[assignment_id] = short_words(TrainingRole(other_role.value), name, is_lead=True)
    return found
