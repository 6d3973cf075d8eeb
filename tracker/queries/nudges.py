"""Who is nudged about a deadline, and what such a nudge says."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from tracker.models.application import Application
from tracker.models.candidate import Candidate
from tracker.models.deadline import Deadline, Nudge
from tracker.models.interview import Assignment, Interview
from tracker.models.person import Person
from tracker.models.requisition import Requisition, RequisitionMember
from tracker.queries.calendars import calendar_of
from tracker.rules.deadlines import Calendar, DeadlineKind
from tracker.rules.nudges import Role, roles_for


@dataclass(frozen=True)
class NudgeFacts:
    """What the moments of a deadline's nudges are worked out from; ``ends_at`` is that of a scorecard's interview."""

    calendar: Calendar
    ends_at: datetime | None


def receivers(session: Session, deadline: Deadline) -> list[tuple[Role, Person]]:
    """Return who may be nudged, each once in the first of his or her roles; never the candidate, if he works here."""
    requisition = session.get_one(Requisition, deadline.requisition_id)
    candidate_email = session.scalar(
        select(Candidate.email)
        .join(Application, Application.candidate_id == Candidate.id)
        .where(Application.id == deadline.application_id)
    )
    found: dict[int, tuple[Role, Person]] = {}
    for role in roles_for(deadline.kind):
        for person in _in_role(session, role, deadline, requisition):
            if person.is_active and person.email != candidate_email:
                found.setdefault(person.id, (role, person))
    return list(found.values())


def newcomers(session: Session, deadline: Deadline) -> list[tuple[Role, Person]]:
    """Return the receivers for whom nothing was planned in this revision: they got their role afterwards."""
    known = set(
        session.scalars(
            select(Nudge.person_id).where(Nudge.deadline_id == deadline.id, Nudge.revision == deadline.revision)
        )
    )
    return [(role, person) for role, person in receivers(session, deadline) if person.id not in known]


def _in_role(session: Session, role: Role, deadline: Deadline, requisition: Requisition) -> list[Person]:
    if role is Role.RECRUITER:
        return [requisition.recruiter]
    if role is Role.HIRING_MANAGER:
        return [requisition.hiring_manager]
    if role is Role.RECRUITING_LEAD:
        return _leads(session, requisition)
    return [session.get_one(Person, deadline.owner_id)]


def _leads(session: Session, requisition: Requisition) -> list[Person]:
    """The recruiting leads who may know of the requisition."""
    query = select(Person).where(Person.is_recruiting_lead, Person.is_active).order_by(Person.id)
    if requisition.is_confidential:
        member = exists().where(
            RequisitionMember.requisition_id == requisition.id, RequisitionMember.person_id == Person.id
        )
        on_it = (requisition.recruiter_id, requisition.hiring_manager_id)
        query = query.where(or_(member, Person.id.in_(on_it)))
    return list(session.scalars(query))


def facts(session: Session, deadline: Deadline) -> NudgeFacts:
    """Return the calendar of the deadline's requisition, and the end of the interview whose scorecard is due."""
    requisition = session.get_one(Requisition, deadline.requisition_id)
    ends_at = None
    if deadline.kind is DeadlineKind.SCORECARD:
        ends_at = session.scalar(
            select(Interview.ends_at)
            .join(Assignment, Assignment.interview_id == Interview.id)
            .where(Assignment.id == deadline.subject)
        )
    return NudgeFacts(calendar_of(session, requisition.region), ends_at)
