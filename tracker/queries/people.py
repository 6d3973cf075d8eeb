"""What the pages of people show: the list, one person, and what hangs on him or her."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, selectinload

from tracker.models.application import Application
from tracker.models.candidate import Candidate
from tracker.models.competency import Competency
from tracker.models.interview import Assignment, Interview, InterviewState
from tracker.models.person import InterviewerQualification, Person
from tracker.models.requisition import Requisition, RequisitionState
from tracker.queries.visibility import NotFound
from tracker.rules.stages import ApplicationState
from tracker.rules.words import sort_name


@dataclass(frozen=True)
class ListedPerson:
    """One line of the list; ``qualifications`` counts competencies."""

    person: Person
    qualifications: int


@dataclass(frozen=True)
class Duties:
    """What a person is still expected to do."""

    requisitions: int
    interviews: int


def listed(session: Session) -> list[ListedPerson]:
    """Return all people, active ones first, by name."""
    qualified = func.count(InterviewerQualification.competency_id.distinct())
    count = select(qualified).where(InterviewerQualification.person_id == Person.id).scalar_subquery()
    rows = [ListedPerson(*row) for row in session.execute(select(Person, count))]
    return sorted(rows, key=lambda row: (not row.person.is_active, sort_name(row.person.name), row.person.id))


def has_admin(session: Session) -> bool:
    """Whether anybody may set the tracker up."""
    return bool(session.scalar(select(exists().where(Person.is_admin, Person.is_active))))


def get(session: Session, person_id: int) -> Person:
    """Return a person with his or her qualifications. Raises NotFound."""
    found = session.get(Person, person_id, options=[selectinload(Person.interviewer_qualifications)])
    if found is None:
        raise NotFound("person")
    return found


def zones(session: Session, emails: Collection[str]) -> dict[str, str]:
    """Return the zones of those whom these addresses (lower case) belong to: people first, then candidates."""
    found: dict[str, str] = {}
    for kind in (Candidate, Person):
        rows = session.execute(select(kind.email, kind.zone).where(kind.email.in_(emails)))
        found |= {email: zone for email, zone in rows}
    return found


def competencies(session: Session) -> Sequence[Competency]:
    """Return the competencies that people can be qualified for: those in use, technical ones first."""
    return session.scalars(
        select(Competency).where(Competency.is_active).order_by(Competency.kind.desc(), Competency.name)
    ).all()


def recruits_for(session: Session, person_id: int) -> Sequence[Requisition]:
    """Return the requisitions that name a person as their recruiter and go on: open, or with applications that are."""
    goes_on = exists().where(Application.requisition_id == Requisition.id, Application.state == ApplicationState.ACTIVE)
    return session.scalars(
        select(Requisition)
        .where(Requisition.recruiter_id == person_id, or_(Requisition.state == RequisitionState.OPEN, goes_on))
        .order_by(Requisition.title, Requisition.id)
    ).all()


def duties(session: Session, person_id: int, now: datetime) -> Duties:
    """Count the open requisitions of a person and the interviews that he or she is still to hold."""
    owns = or_(Requisition.recruiter_id == person_id, Requisition.hiring_manager_id == person_id)
    is_open = Requisition.state == RequisitionState.OPEN
    is_his = exists().where(Assignment.interview_id == Interview.id, Assignment.person_id == person_id)
    coming = (Interview.state == InterviewState.SENT, Interview.ends_at > now)
    return Duties(
        requisitions=session.scalar(select(func.count(Requisition.id)).where(owns, is_open)) or 0,
        interviews=session.scalar(select(func.count(Interview.id)).where(is_his, *coming)) or 0,
    )
