"""Who of the staff may still be told: asked as an e-mail is written, and in the moment before it goes out.

Asked for each mail, so the statements are made once: to build one takes longer than the database takes to answer.
"""

from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from tracker.db import AnySelect
from tracker.models.application import Application
from tracker.models.deadline import Deadline, Nudge
from tracker.models.interview import Assignment, Interview, InterviewState
from tracker.models.outbox import Reminder
from tracker.models.person import Person
from tracker.models.requisition import Requisition, RequisitionMember
from tracker.queries.visibility import is_themselves
from tracker.rules.deadlines import DeadlineState
from tracker.rules.stages import ApplicationState


def held(query: AnySelect) -> AnySelect:
    """Return the query with a share of its rows held until the transaction ends; see ``truth``."""
    return query.with_for_update(read=True)


def stands() -> tuple[ColumnElement[bool], ...]:
    """Conditions on Interview: it went out, and its application goes on."""
    active = select(Application.id).where(
        Application.id == Interview.application_id, Application.state == ApplicationState.ACTIVE
    )
    return Interview.state == InterviewState.SENT, held(active).exists()


def true_nudges(session: Session, ids: list[int], *, hold: bool = False) -> list[int]:
    """Return those of the nudges whose deadline is open in the nudge's revision and whose receiver may still be told.

    Who is a receiver, ``receivers`` says. ``hold``: they stay so until the transaction ends.
    """
    if hold and _holds_rows(session):
        # Before the deadlines, as the verbs do it: else a sender and a verb could wait for each other.
        _ask(session, _APPLICATIONS_OF_NUDGES, ids=ids)
    return _ask(session, _TRUE_NUDGES_HELD if hold else _TRUE_NUDGES, ids=ids)


def true_reminders(session: Session, ids: list[int]) -> list[int]:
    """Return those of the reminders whose interview stands as it was, their receiver still in it and still here.

    They stay so until the transaction ends.
    """
    return _ask(session, _TRUE_REMINDERS, ids=ids)


def may_be_told(session: Session, person_id: int, about: int | None) -> bool:
    """Whether a member of staff may be told of an application (or of none), held until the transaction ends.

    Who left learns no more of candidates, nobody learns of an application of his or her own what colleagues learn of
    it, and of a confidential requisition only who is on it, or was asked to interview there.
    """
    if about is None:
        return bool(_ask(session, _IS_HERE, person=person_id))
    if _holds_rows(session):
        _ask(session, _APPLICATION, about=about)
    return bool(_ask(session, _MAY_BE_TOLD, person=person_id, about=about))


def _ask(session: Session, question: AnySelect, **values: Any) -> list[int]:
    """Return the keys that a statement of columns alone finds. Past the session, which takes three times as long."""
    session.flush()
    return list(session.connection().scalars(question, values))


def _holds_rows(session: Session) -> bool:
    """Whether rows are held one by one: on SQLite who writes holds everything."""
    return session.get_bind().dialect.name == "postgresql"


def _answers_for() -> ColumnElement[bool]:
    """Condition on Requisition and Person."""
    return or_(Requisition.recruiter_id == Person.id, Requisition.hiring_manager_id == Person.id)


def _may_know() -> ColumnElement[bool]:
    """Condition on Requisition and Person, who recruits: a confidential one is for those who are on it."""
    member = select(RequisitionMember.id).where(
        RequisitionMember.requisition_id == Requisition.id, RequisitionMember.person_id == Person.id
    )
    return or_(Requisition.is_confidential.is_(False), held(member).exists())


def _may_be_told() -> ColumnElement[bool]:
    """Condition on Application, its Requisition and Person; see ``may_be_told``."""
    interviewed = (
        select(Assignment.id)
        .join(Interview, Assignment.interview_id == Interview.id)
        .where(Interview.application_id == Application.id, Assignment.person_id == Person.id)
    )
    recruits = and_(or_(Person.is_recruiter, Person.is_recruiting_lead), _may_know())
    return and_(Person.is_active, or_(_answers_for(), recruits, interviewed.exists()), ~is_themselves())


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_TRUE_NUDGES = (
    select(Nudge.id)
    .join(Deadline, Nudge.deadline_id == Deadline.id)
    .join(Application, Deadline.application_id == Application.id)
    .join(Requisition, Deadline.requisition_id == Requisition.id)
    .join(Person, Nudge.person_id == Person.id)
    .where(
        Nudge.id.in_(_IDS),
        Deadline.state == DeadlineState.OPEN,
        Deadline.revision == Nudge.revision,
        or_(Deadline.owner_id == Person.id, _answers_for(), and_(Person.is_recruiting_lead, _may_know())),
        _may_be_told(),
    )
    .order_by(Nudge.id)
)
# Its application and its requisition are held before (see ``true_nudges``).
_TRUE_NUDGES_HELD = _TRUE_NUDGES.with_for_update(read=True, of=(Nudge, Deadline, Person))
_theirs = select(Deadline.application_id).join(Nudge, Nudge.deadline_id == Deadline.id).where(Nudge.id.in_(_IDS))
_with_requisition = select(Application.id, Requisition.id).join(
    Requisition, Application.requisition_id == Requisition.id
)
_APPLICATIONS_OF_NUDGES = held(_with_requisition.where(Application.id.in_(_theirs)).order_by(Application.id))
_TRUE_REMINDERS = held(
    select(Reminder.id)
    .join(Interview, Reminder.interview_id == Interview.id)
    .where(
        Reminder.id.in_(_IDS),
        *stands(),
        Interview.sequence == Reminder.sequence,
        or_(
            Reminder.person_id.is_(None),
            held(
                select(Assignment.id)
                .join(Person, Assignment.person_id == Person.id)
                .where(
                    Assignment.interview_id == Interview.id,
                    Assignment.person_id == Reminder.person_id,
                    Assignment.ended_at.is_(None),
                    Assignment.declined_at.is_(None),
                    Person.is_active,
                )
            ).exists(),
        ),
    )
    .order_by(Reminder.id)
)
_IS_HERE = held(select(Person.id).where(Person.id == bindparam("person"), Person.is_active))
_APPLICATION = held(_with_requisition.where(Application.id == bindparam("about")))
_MAY_BE_TOLD = held(
    select(Person.id).where(
        Person.id == bindparam("person"),
        Application.id == bindparam("about"),
        Application.requisition_id == Requisition.id,
        _may_be_told(),
    )
)
