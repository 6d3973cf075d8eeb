"""The interview kit: what an interviewer needs before and during one interview, and nothing of what others found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload

from tracker.models.application import Application
from tracker.models.candidate import Document
from tracker.models.competency import Competency
from tracker.models.interview import Assignment, AssignmentCompetency, AssignmentRole, Interview, InterviewState
from tracker.models.requisition import Requisition
from tracker.models.scorecard import Scorecard
from tracker.queries.visibility import NotFound, not_own
from tracker.rules.permissions import Viewer
from tracker.rules.scorecards import ScorecardState


@dataclass(frozen=True)
class Kit:
    """One assignment with its interview, candidate and requisition.

    ``others`` are the names of the competencies that the loop's other interviews cover; ``with_me`` those who take part
    in this one; ``lead`` is the assignment whose competencies and questions these are, the own one but for who learns;
    ``scorecard_state`` None means that nothing was written yet (or that no scorecard is asked for).
    """

    assignment: Assignment
    competencies: tuple[Competency, ...]
    others: tuple[str, ...]
    with_me: tuple[tuple[str, AssignmentRole], ...]
    resumes: Sequence[Document]
    lead: Assignment | None
    scorecard_state: ScorecardState | None

    @property
    def interview(self) -> Interview:
        """The interview."""
        return self.assignment.interview

    @property
    def application(self) -> Application:
        """The application it belongs to."""
        return self.assignment.interview.application

    @property
    def is_cancelled(self) -> bool:
        """Whether the interview was called off."""
        return self.interview.state is InterviewState.CANCELLED


def kit(session: Session, viewer: Viewer, assignment_id: int) -> Kit:
    """Return the kit of the viewer's own assignment. Raises NotFound to everybody else, and once it was given away."""
    assignment = session.scalar(
        select(Assignment)
        .join(Assignment.interview)
        .join(Interview.application)
        .where(
            Assignment.id == assignment_id,
            Assignment.person_id == viewer.person_id,
            Assignment.ended_at.is_(None),
            Interview.state != InterviewState.PLANNED,
            not_own(viewer),
        )
        .options(*_whole())
    )
    if assignment is None:
        raise NotFound(f"assignment {assignment_id}")
    lead = assignment if assignment.role is AssignmentRole.LEAD else _lead(session, assignment)
    return Kit(
        assignment=assignment,
        competencies=tuple(each.competency for each in lead.competencies) if lead else (),
        others=_others(session, lead or assignment),
        with_me=_with_me(session, assignment),
        resumes=_resumes(session, assignment),
        lead=lead,
        scorecard_state=session.scalar(select(Scorecard.state).where(Scorecard.assignment_id == assignment.id)),
    )


def _whole() -> tuple[Any, ...]:
    application = contains_eager(Assignment.interview).contains_eager(Interview.application)
    requisition = application.joinedload(Application.requisition)
    competencies = selectinload(Assignment.competencies).joinedload(AssignmentCompetency.competency)
    return (
        application.joinedload(Application.candidate),
        requisition.joinedload(Requisition.region),
        requisition.joinedload(Requisition.recruiter),
        requisition.joinedload(Requisition.hiring_manager),
        competencies.selectinload(Competency.anchors),
    )


def _lead(session: Session, seat: Assignment) -> Assignment | None:
    """Return who leads the interview in which somebody learns."""
    competencies = selectinload(Assignment.competencies).joinedload(AssignmentCompetency.competency)
    return session.scalar(
        select(Assignment)
        .where(
            Assignment.interview_id == seat.interview_id,
            Assignment.role == AssignmentRole.LEAD,
            Assignment.ended_at.is_(None),
        )
        .options(joinedload(Assignment.person), competencies.selectinload(Competency.anchors))
    )


def _others(session: Session, assignment: Assignment) -> tuple[str, ...]:
    mine = {each.competency_id for each in assignment.competencies}
    if assignment.interview.loop_id is None:
        return ()
    rows = session.execute(
        select(Competency.id, Competency.name)
        .join(AssignmentCompetency, AssignmentCompetency.competency_id == Competency.id)
        .join(Assignment, AssignmentCompetency.assignment_id == Assignment.id)
        .join(Interview, Assignment.interview_id == Interview.id)
        .where(
            Interview.loop_id == assignment.interview.loop_id,
            Interview.state == InterviewState.SENT,
            Interview.id != assignment.interview_id,
            Assignment.ended_at.is_(None),
        )
        .order_by(Competency.kind.desc(), Competency.name)
    )
    return tuple(dict.fromkeys(name for key, name in rows if key not in mine))


def _with_me(session: Session, assignment: Assignment) -> tuple[tuple[str, AssignmentRole], ...]:
    other = aliased(Assignment)
    rows = session.scalars(
        select(other)
        .where(other.interview_id == assignment.interview_id, other.id != assignment.id, other.ended_at.is_(None))
        .options(joinedload(other.person))
    )
    return tuple((row.person.name, row.role) for row in rows)


def _resumes(session: Session, assignment: Assignment) -> Sequence[Document]:
    return session.scalars(
        select(Document)
        .where(Document.application_id == assignment.interview.application_id, Document.is_resume)
        .order_by(Document.id.desc())
    ).all()
