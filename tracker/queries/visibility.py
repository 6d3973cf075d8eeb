"""Who may see what (the process, section 5): conditions on rows, and the one way to fetch a row for somebody.

Looking a row up and being allowed to see it are one step: what one may not see answers as if it did not exist. A
test holds the conditions to the rules as ``rules/permissions`` words them.
"""

from collections.abc import Callable, Collection, Sequence
from enum import Enum
from functools import lru_cache

from sqlalchemy import ColumnElement, and_, bindparam, exists, false, or_, select, true, union_all
from sqlalchemy.orm import Session, aliased, joinedload

from tracker.db import AnyRow, AnySelect
from tracker.models.application import Application
from tracker.models.candidate import Candidate
from tracker.models.interview import Assignment, Interview, InterviewState
from tracker.models.person import FormerAddress, Person
from tracker.models.requisition import Requisition, RequisitionMember
from tracker.rules.permissions import Viewer
from tracker.statements import objects, rows


class NotFound(LookupError):
    """No such row, or none that the viewer may see; the two are not told apart."""


class Right(Enum):
    """What somebody wants to do with an application."""

    READ_KIT = "read_kit"  # what an interviewer needs: assigned interviewers, and all who may READ
    READ = "read"  # the recruiting side: recruiters, the hiring manager
    MANAGE = "manage"  # recruiters
    DECIDE = "decide"  # the hiring manager
    JUDGE = "judge"  # who may MANAGE or DECIDE


# Whoever has, or had, a candidate's address is that candidate. Each join reads one index.
_present, _former = aliased(Candidate), aliased(Candidate)
_with_own = (
    select(Person, _present.id, _former.id)
    .outerjoin(_present, _present.email == Person.email)
    .outerjoin(FormerAddress, FormerAddress.person_id == Person.id)
    .outerjoin(_former, _former.email == FormerAddress.email)
    .where(Person.id == bindparam("person"))
)
_SIGNED_IN = _with_own.where(Person.is_active)


_applications = (
    select(Application.id)
    .join(Candidate, Application.candidate_id == Candidate.id)
    .where(Application.id.in_(bindparam("applications", expanding=True)))
)
_THEMSELVES = union_all(
    _applications.add_columns(Person.id).join(Person, Person.email == Candidate.email),
    _applications.add_columns(FormerAddress.person_id).join(FormerAddress, FormerAddress.email == Candidate.email),
)


def signed_in(session: Session, person_id: int) -> tuple[Person, Viewer] | None:
    """Return an active person, and how the rules see him or her, in one statement; None where there is none."""
    found = objects(session, _SIGNED_IN, {"person": person_id}).all()
    return (found[0][0], _viewer(found)) if found else None


def viewer_of(session: Session, person: Person) -> Viewer:
    """Return a person as the rules see him or her, with the candidates that he or she is."""
    return _viewer(session.execute(_with_own, {"person": person.id}).all())


def _viewer(found: Sequence[AnyRow]) -> Viewer:
    person: Person = found[0][0]
    return Viewer(
        person_id=person.id,
        is_admin=person.is_admin,
        is_recruiter=person.is_recruiter,
        is_recruiting_lead=person.is_recruiting_lead,
        own_candidate_ids=frozenset(each for _, *own in found for each in own if each is not None),
    )


def themselves(session: Session, application_ids: Collection[int]) -> set[tuple[int, int]]:
    """Return (application, person) for everybody who is the candidate of one of these applications."""
    found = session.execute(_THEMSELVES, {"applications": list(application_ids)})
    return {(application_id, person_id) for application_id, person_id in found}


def is_themselves() -> ColumnElement[bool]:
    """Condition on Application and Person: the person is the candidate."""
    former = select(FormerAddress.email).where(FormerAddress.person_id == Person.id)
    is_theirs = or_(Candidate.email == Person.email, Candidate.email.in_(former))
    return exists().where(Candidate.id == Application.candidate_id, is_theirs).correlate(Application, Person)


def _on(viewer: Viewer) -> ColumnElement[bool]:
    """The requisitions a person is on by name."""
    member = exists().where(
        RequisitionMember.requisition_id == Requisition.id, RequisitionMember.person_id == viewer.person_id
    )
    return or_(Requisition.recruiter_id == viewer.person_id, Requisition.hiring_manager_id == viewer.person_id, member)


# Building a condition takes longer than asking the database: each is built once for a viewer, and used again.
_kept = lru_cache(maxsize=1024)


@_kept
def requisitions(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on Requisition: those the viewer may see."""
    if viewer.is_recruiting:
        return or_(Requisition.is_confidential.is_(False), _on(viewer))
    return Requisition.hiring_manager_id == viewer.person_id


def _managed(viewer: Viewer) -> ColumnElement[bool]:
    return requisitions(viewer) if viewer.is_recruiting else false()


def _decided(viewer: Viewer) -> ColumnElement[bool]:
    return Requisition.hiring_manager_id == viewer.person_id


def _judged(viewer: Viewer) -> ColumnElement[bool]:
    return or_(_managed(viewer), _decided(viewer))


ON_REQUISITION: dict[Right, Callable[[Viewer], ColumnElement[bool]]] = {
    Right.READ: requisitions,
    Right.MANAGE: _managed,
    Right.DECIDE: _decided,
    Right.JUDGE: _judged,
}


def not_own(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on Application: not the viewer's own."""
    own = viewer.own_candidate_ids
    return Application.candidate_id.not_in(own) if own else true()


@_kept
def applications(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on Application: those the viewer sees as the recruiting side."""
    if viewer.is_recruiting:
        # Few requisitions are hidden from a recruiter: leaving them out keeps every index of the list usable.
        hidden = select(Requisition.id).where(Requisition.is_confidential, ~_on(viewer))
        return and_(Application.requisition_id.not_in(hidden), not_own(viewer))
    visible = select(Requisition.id).where(requisitions(viewer))
    return and_(Application.requisition_id.in_(visible), not_own(viewer))


@_kept
def assigned(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on Application: those in which the viewer has an assignment of an interview that went out, and did not
    decline it."""
    held = (
        select(Interview.application_id)
        .join(Assignment, Assignment.interview_id == Interview.id)
        .where(
            Assignment.person_id == viewer.person_id,
            Assignment.ended_at.is_(None),
            Assignment.declined_at.is_(None),
            Interview.state == InterviewState.SENT,
        )
    )
    return and_(Application.id.in_(held), not_own(viewer))


@_kept
def _with(viewer: Viewer, right: Right) -> ColumnElement[bool]:
    if right is Right.READ:
        return applications(viewer)
    if right is Right.READ_KIT:
        return or_(applications(viewer), assigned(viewer))
    on = select(Requisition.id).where(ON_REQUISITION[right](viewer))
    return and_(Application.requisition_id.in_(on), not_own(viewer))


@_kept
def rights_columns(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """Return columns for a statement that reads Application, from which ``rights_in`` tells the viewer's rights."""
    return tuple(_with(viewer, right) for right in Right)


def rights_in(values: Sequence[bool]) -> frozenset[Right]:
    """Return the rights that the values of ``rights_columns`` stand for."""
    return frozenset(right for right, has in zip(Right, values, strict=True) if has)


@_kept
def _rights_query(viewer: Viewer) -> AnySelect:
    return select(*rights_columns(viewer)).where(Application.id == bindparam("application"))


def rights(session: Session, viewer: Viewer, application_id: int) -> frozenset[Right]:
    """Return all that the viewer may do with an application, in one statement; nothing where there is none."""
    row = rows(session, _rights_query(viewer), {"application": application_id}).one_or_none()
    return rights_in(row) if row is not None else frozenset()


def may(session: Session, viewer: Viewer, application_id: int, right: Right) -> bool:
    """Whether the viewer has a right over an application."""
    return right in rights(session, viewer, application_id)


def get_application(session: Session, viewer: Viewer, application_id: int, right: Right) -> Application:
    """Return the application with its candidate, stage, requisition and the requisition's region and people.

    Raises NotFound where there is none, or none for this viewer and right.
    """
    row: Application | None = objects(
        session, _application_query(viewer, right), {"application": application_id}
    ).scalar()
    if row is None:
        raise NotFound(f"application {application_id}")
    return row


@_kept
def _application_query(viewer: Viewer, right: Right) -> AnySelect:
    return (
        select(Application)
        .where(Application.id == bindparam("application"), _with(viewer, right))
        .options(
            joinedload(Application.candidate),
            joinedload(Application.stage),
            joinedload(Application.requisition).options(
                joinedload(Requisition.region),
                joinedload(Requisition.plan),
                joinedload(Requisition.hiring_manager),
                joinedload(Requisition.recruiter),
            ),
        )
    )


def get_requisition(session: Session, viewer: Viewer, requisition_id: int, right: Right = Right.READ) -> Requisition:
    """Return the requisition with its plan, region and people. Raises NotFound as ``get_application`` does."""
    row: Requisition | None = objects(
        session, _requisition_query(viewer, right), {"requisition": requisition_id}
    ).scalar()
    if row is None:
        raise NotFound(f"requisition {requisition_id}")
    return row


@_kept
def _requisition_query(viewer: Viewer, right: Right) -> AnySelect:
    return (
        select(Requisition)
        .where(Requisition.id == bindparam("requisition"), ON_REQUISITION[right](viewer))
        .options(
            joinedload(Requisition.plan),
            joinedload(Requisition.region),
            joinedload(Requisition.hiring_manager),
            joinedload(Requisition.recruiter),
        )
    )
