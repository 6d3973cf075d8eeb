"""The blind rule, once: the only place from which the contents of scorecards are read (the process, section 5).

Whatever shows a scorecard, a rating, a recommendation, evidence, a version or a vote, or counts them, asks here.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload

from tracker.models.application import Application
from tracker.models.competency import Competency
from tracker.models.deadline import Deadline
from tracker.models.interview import Assignment, AssignmentCompetency, AssignmentRole, Interview, InterviewState
from tracker.models.person import InterviewKind, Person
from tracker.models.requisition import Requisition
from tracker.models.scorecard import Evidence, Rating, Scorecard, ScorecardRead, ScorecardVersion
from tracker.queries import visibility
from tracker.queries.calendars import calendar_of
from tracker.queries.visibility import NotFound, Right
from tracker.rules.deadlines import DeadlineKind, Standing, standing
from tracker.rules.permissions import Viewer
from tracker.rules.scorecards import Recommendation, ScorecardState


@dataclass(frozen=True)
class ScorecardLine:
    """One scorecard of an application as a list shows it.

    ``recommendation`` and ``url`` are None where the viewer may not read it; ``due`` is None where no deadline ran.
    ``state`` is waiting, submitted or waived.
    """

    assignment_id: int
    interviewer: str
    interview_id: int
    interview_name: str
    kind: InterviewKind
    state: str
    due: Standing | None
    submitted_at: datetime | None
    recommendation: Recommendation | None
    url: str | None
    may_waive: bool


def _own_leads(viewer: Viewer, *, unsubmitted: bool = False) -> Select[int]:
    """The applications in which the viewer leads an interview that was not cancelled.

    Of aliases, so that it means the same inside a statement that reads interviews itself.
    """
    assignment, interview, own = aliased(Assignment), aliased(Interview), aliased(Scorecard)
    leads = (
        select(interview.application_id)
        .join(assignment, assignment.interview_id == interview.id)
        .where(
            assignment.person_id == viewer.person_id,
            assignment.ended_at.is_(None),
            assignment.role == AssignmentRole.LEAD,
            interview.state != InterviewState.CANCELLED,
        )
    )
    if not unsubmitted:
        return leads
    missing = or_(own.id.is_(None), own.state != ScorecardState.SUBMITTED)
    return leads.outerjoin(own, own.assignment_id == assignment.id).where(missing)


def owing(viewer: Viewer) -> Select[int]:
    """The ids of the applications in which a scorecard of the viewer's own is not submitted: there he or she is blind.

    A waived one was not submitted either. A loop that is still being put together binds too.
    """
    return _own_leads(viewer, unsubmitted=True)


@lru_cache(maxsize=1024)
def unblind(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on Application: those whose submitted scorecards and votes the viewer may read.

    The recruiting side, and interviewers whose own are all in; never one's own application (section 5).
    """
    return and_(
        visibility.not_own(viewer),
        Application.id.not_in(owing(viewer)),
        or_(visibility.applications(viewer), Application.id.in_(_own_leads(viewer))),
    )


@lru_cache(maxsize=1024)
def readable(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on Scorecard: those whose contents the viewer may read. Drafts are their author's alone."""
    not_about_self = _of_application(visibility.not_own(viewer))
    submitted = and_(Scorecard.state == ScorecardState.SUBMITTED, _of_application(unblind(viewer)))
    return or_(and_(Scorecard.author_id == viewer.person_id, not_about_self), submitted)


def _of_application(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """A condition on the scorecard's application, whatever else the statement around it reads."""
    of = select(Application.id).where(Application.id == Scorecard.application_id, condition)
    return of.correlate(Scorecard).exists()


def may_read_votes(session: Session, viewer: Viewer, application_id: int) -> bool:
    """Whether the viewer may read what others wrote and voted about an application."""
    return session.scalar(select(Application.id).where(Application.id == application_id, unblind(viewer))) is not None


def own_assignment(session: Session, viewer: Viewer, assignment_id: int) -> Assignment:
    """Return an assignment of the viewer's own, with all that its scorecard's form shows.

    Ended ones and those of cancelled interviews are there too, as what he or she wrote is kept. Raises NotFound.
    """
    row = session.scalar(
        select(Assignment)
        .join(Assignment.interview)
        .join(Interview.application)
        .where(
            Assignment.id == assignment_id,
            Assignment.person_id == viewer.person_id,
            Assignment.role == AssignmentRole.LEAD,
            Interview.state != InterviewState.PLANNED,
            visibility.not_own(viewer),
        )
        .options(*_with_interview())
    )
    if row is None:
        raise NotFound(f"assignment {assignment_id}")
    return row


def managed_assignment(session: Session, viewer: Viewer, assignment_id: int) -> Assignment:
    """Return a lead's assignment in an application that the viewer manages or decides. Raises NotFound."""
    row = session.scalar(
        select(Assignment)
        .join(Assignment.interview)
        .where(Assignment.id == assignment_id, Assignment.role == AssignmentRole.LEAD)
        .options(*_with_interview())
    )
    rights = (Right.MANAGE, Right.DECIDE)
    if row is None or not any(visibility.may(session, viewer, row.interview.application_id, each) for each in rights):
        raise NotFound(f"assignment {assignment_id}")
    return row


def _with_interview() -> tuple[Any, ...]:
    application = contains_eager(Assignment.interview).joinedload(Interview.application)
    requisition = application.joinedload(Application.requisition)
    competencies = selectinload(Assignment.competencies).joinedload(AssignmentCompetency.competency)
    return (
        application.joinedload(Application.candidate),
        requisition.joinedload(Requisition.region),
        joinedload(Assignment.person),
        competencies.selectinload(Competency.anchors),
    )


def own_scorecard(session: Session, viewer: Viewer, assignment_id: int) -> Scorecard | None:
    """Return the viewer's own scorecard of an assignment, in whatever state; None where there is none yet."""
    return session.scalar(
        select(Scorecard)
        .where(Scorecard.assignment_id == assignment_id, Scorecard.author_id == viewer.person_id, readable(viewer))
        .options(*_with_contents())
    )


def read(session: Session, viewer: Viewer, assignment_id: int) -> Scorecard:
    """Return a submitted scorecard that the viewer may read, with its contents. Raises NotFound."""
    this = Scorecard.assignment_id == assignment_id
    found = _read(session, viewer, and_(this, Scorecard.state == ScorecardState.SUBMITTED))
    if not found:
        raise NotFound(f"scorecard of assignment {assignment_id}")
    return found[0]


def submitted_of(session: Session, viewer: Viewer, application_id: int) -> Sequence[Scorecard]:
    """Return the submitted scorecards of an application that the viewer may read, in the order of the interviews."""
    mine = Scorecard.application_id == application_id
    return _read(session, viewer, and_(mine, Scorecard.state == ScorecardState.SUBMITTED))


def _read(session: Session, viewer: Viewer, condition: ColumnElement[bool]) -> Sequence[Scorecard]:
    interview = contains_eager(Scorecard.assignment).contains_eager(Assignment.interview)
    application = interview.joinedload(Interview.application)
    return session.scalars(
        select(Scorecard)
        .join(Scorecard.assignment)
        .join(Assignment.interview)
        .where(condition, readable(viewer))
        .order_by(Interview.kind.desc(), Interview.position, Scorecard.id)
        .options(
            application.joinedload(Application.candidate),
            application.joinedload(Application.requisition).joinedload(Requisition.region),
            contains_eager(Scorecard.assignment)
            .selectinload(Assignment.competencies)
            .joinedload(AssignmentCompetency.competency),
            joinedload(Scorecard.author),
            *_with_contents(),
        )
    ).all()


def _with_contents() -> tuple[Any, ...]:
    return (
        selectinload(Scorecard.ratings).joinedload(Rating.competency),
        selectinload(Scorecard.evidence).joinedload(Evidence.competency),
        joinedload(Scorecard.waived_by),
    )


def versions(session: Session, viewer: Viewer, scorecard: Scorecard) -> Sequence[ScorecardVersion]:
    """Return every version of a scorecard that the viewer may read, the latest first."""
    return session.scalars(
        select(ScorecardVersion)
        .join(Scorecard, ScorecardVersion.scorecard_id == Scorecard.id)
        .where(Scorecard.id == scorecard.id, readable(viewer))
        .order_by(ScorecardVersion.number.desc())
    ).all()


def readers(session: Session, viewer: Viewer, scorecard: Scorecard) -> Sequence[tuple[str, datetime]]:
    """Return who read a scorecard and when, the latest first, to those who may read it."""
    rows = session.execute(
        select(Person.name, ScorecardRead.at)
        .join(ScorecardRead, ScorecardRead.person_id == Person.id)
        .join(Scorecard, ScorecardRead.scorecard_id == Scorecard.id)
        .where(Scorecard.id == scorecard.id, readable(viewer))
        .order_by(ScorecardRead.at.desc())
        .limit(50)
    )
    return [(name, at) for name, at in rows]


def for_application(
    session: Session,
    viewer: Viewer,
    application: Application,
    *,
    now: datetime,
    rights: Collection[Right] | None = None,
    due: Mapping[int, Standing] | None = None,
) -> tuple[ScorecardLine, ...]:
    """Return a line for every scorecard that the application's interviews ask for, in the order of the interviews.

    The caller has seen to it that the viewer may know of the application. A fixed number of statements; fewer where
    the caller knows the viewer's ``rights`` and how the scorecards' deadlines stand (``due``, by assignment).
    """
    may_read = readable(viewer)
    rows = session.execute(
        select(Assignment, Interview, Person, Scorecard.state, Scorecard.submitted_at, may_read.label("may_read"))
        .add_columns(case((may_read, Scorecard.recommendation)).label("recommendation"))
        .join(Interview, Assignment.interview_id == Interview.id)
        .join(Person, Assignment.person_id == Person.id)
        .outerjoin(Scorecard, Scorecard.assignment_id == Assignment.id)
        .where(Interview.application_id == application.id, *_asked_for())
        .order_by(Interview.kind.desc(), Interview.position, Assignment.id)
    ).all()
    rights = visibility.rights(session, viewer, application.id) if rights is None else rights
    due = _due(session, application, now) if due is None else due
    may_waive = Right.JUDGE in rights
    return tuple(_line(row, due.get(row.Assignment.id), viewer, may_waive=may_waive) for row in rows)


def _asked_for() -> tuple[ColumnElement[bool], ...]:
    """Conditions on an assignment: its scorecard is asked for, or was submitted before all changed."""
    stands = and_(Interview.state == InterviewState.SENT, Assignment.ended_at.is_(None))
    return (Assignment.role == AssignmentRole.LEAD, or_(stands, Scorecard.state == ScorecardState.SUBMITTED))


def _line(row: Any, due: Standing | None, viewer: Viewer, *, may_waive: bool) -> ScorecardLine:
    state = row.state or ScorecardState.DRAFT
    opens = row.Person.id == viewer.person_id or row.may_read
    return ScorecardLine(
        assignment_id=row.Assignment.id,
        interviewer=row.Person.name,
        interview_id=row.Interview.id,
        interview_name=row.Interview.name,
        kind=row.Interview.kind,
        state="waiting" if state is ScorecardState.DRAFT else state.value,
        due=due,
        submitted_at=row.submitted_at,
        # What a draft recommends may still change: it is shown in the form alone.
        recommendation=row.recommendation if state is ScorecardState.SUBMITTED else None,
        url=f"/scorecards/{row.Assignment.id}" if opens else None,
        may_waive=may_waive and state is ScorecardState.DRAFT,
    )


def _due(session: Session, application: Application, now: datetime) -> dict[int, Standing]:
    calendar = calendar_of(session, application.requisition.region)
    rows = session.scalars(
        select(Deadline)
        .where(Deadline.application_id == application.id, Deadline.kind == DeadlineKind.SCORECARD)
        .order_by(Deadline.id)
    )
    return {
        row.subject: standing(row.state, row.due_at, now, calendar, row.closed_at, kept=row.days_kept) for row in rows
    }
