"""Those in training who could sit in an application's interviews, and the seats that they have, held and to come."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from tracker.db import AnyRow
from tracker.models.application import Application
from tracker.models.interview import Assignment, AssignmentRole, Interview, InterviewState
from tracker.models.person import InterviewKind, Person
from tracker.models.requisition import Requisition, RequisitionMember
from tracker.models.training import Training, TrainingCompetency, TrainingState
from tracker.queries import interviewers, visibility
from tracker.rules.permissions import Viewer
from tracker.rules.stages import ApplicationState, StageKind
from tracker.rules.training import Path, Sat, Trainee, TrainingRole


@dataclass(frozen=True)
class SeatLine:
    """One interview that somebody in training sits in, or sat in.

    ``lead`` is None where nobody leads it (any more): who did left it, or declined.
    """

    part: TrainingRole
    interview: str
    starts_at: datetime
    ends_at: datetime
    lead_id: int | None
    lead: str | None

    @property
    def sat(self) -> Sat:
        """The same, as the rules count it."""
        return Sat(self.part, self.starts_at, self.ends_at)

    def counts(self, now: datetime) -> bool:
        """Whether it counts on the path: one that is over without anybody who led it was not held."""
        return self.lead_id is not None or self.ends_at > now


def path_of(row: Training) -> Path:
    """Return what the plan, and whoever put the sign-off off, ask for."""
    return Path(row.plan.shadows, row.plan.reverse_shadows + row.more_reverse_shadows)


def trainees(
    session: Session,
    application: Application,
    kind: InterviewKind,
    *,
    now: datetime,
    without_loop: int | None = None,
    without_interview: int | None = None,
) -> list[Trainee]:
    """Return who is in training for interviews of a kind, who began first first, with what counts about each.

    Their seats in the loop, or the interview, that is looked at count for nothing.
    """
    of_kind = and_(Training.state == TrainingState.OPEN, Training.kind == kind)
    rows = rows_of(session, of_kind)
    if not rows:
        return []
    without = {"without_loop": without_loop, "without_interview": without_interview}
    ids = [row.person_id for row in rows]
    people = interviewers.these(session, application, kind, ids, now=now, **without)
    states = (InterviewState.SENT, InterviewState.PLANNED)
    sat = sat_of(session, [row.id for row in rows], states, **without)
    screened = _screened(session, application) if kind is InterviewKind.LOOP else frozenset()
    answering = (application.requisition.recruiter_id, application.requisition.hiring_manager_id)
    return [
        Trainee(
            training_id=row.id,
            person=people[row.person_id],
            competency_ids=frozenset(each.competency_id for each in row.competencies),
            path=path_of(row),
            sat=tuple(each.sat for each in sat[row.id] if each.counts(now)),
            has_screened=row.person_id in screened,
            answers_for_it=row.person_id in answering,
            is_outside=application.requisition.is_confidential and not people[row.person_id].on_hiring_team,
        )
        for row in sorted(rows, key=lambda row: (row.begun_at, row.id))
        if row.person_id in people
    ]


def is_anybody_learning(session: Session, kind: InterviewKind) -> bool:
    """Whether anybody is in training for interviews of a kind."""
    of_kind = (Training.state == TrainingState.OPEN, Training.kind == kind)
    return bool(session.scalar(select(exists().where(*of_kind))))


def learners(session: Session) -> dict[tuple[int, InterviewKind], int]:
    """Return how many active people are in training, by competency and kind."""
    found: defaultdict[tuple[int, InterviewKind], int] = defaultdict(int)
    rows = session.execute(
        select(TrainingCompetency.competency_id, Training.kind)
        .join(Training, TrainingCompetency.training_id == Training.id)
        .join(Person, Training.person_id == Person.id)
        .where(Training.state == TrainingState.OPEN, Person.is_active)
    )
    for competency_id, kind in rows:
        found[competency_id, kind] += 1
    return dict(found)


def coming_seats(session: Session, row: Training, *, now: datetime) -> Sequence[Assignment]:
    """Return the seats that somebody has in interviews of the kind that have not begun, with their interviews."""
    query = _coming(now).where(Assignment.person_id == row.person_id, Interview.kind == row.kind)
    return session.scalars(query.order_by(Assignment.id)).all()


def outside_seats(session: Session, requisition: Requisition, *, now: datetime) -> Sequence[Assignment]:
    """Return the seats in a requisition's interviews that have not begun of those who are not on its hiring team.

    Of a confidential requisition nobody else may know (section 5).
    """
    return session.scalars(_coming(now).where(*_outside(requisition)).order_by(Assignment.id)).all()


def names_outside(session: Session, viewer: Viewer, requisition: Requisition, *, now: datetime) -> Sequence[str]:
    """Return who has such seats, as far as the viewer may know of them."""
    query = _coming(now).join(Assignment.person).where(*_outside(requisition), visibility.not_own(viewer))
    return session.scalars(query.with_only_columns(Person.name).distinct().order_by(Person.name)).all()


def taking_seats(session: Session, requisition: Requisition) -> Sequence[Application]:
    """Return the applications of a requisition in whose interviews somebody could be seated now."""
    query = select(Application).where(
        Application.requisition_id == requisition.id,
        Application.state == ApplicationState.ACTIVE,
        Application.stage_kind.in_((StageKind.PHONE_SCREEN, StageKind.LOOP)),
    )
    return session.scalars(query.order_by(Application.id)).all()


def _coming(now: datetime) -> Select[Assignment]:
    return (
        select(Assignment)
        .join(Assignment.interview)
        .join(Application, Interview.application_id == Application.id)
        .where(
            Assignment.role != AssignmentRole.LEAD,
            Assignment.ended_at.is_(None),
            Interview.state != InterviewState.CANCELLED,
            or_(Interview.starts_at.is_(None), Interview.starts_at > now),
        )
    )


def _outside(requisition: Requisition) -> tuple[ColumnElement[bool], ...]:
    team = select(RequisitionMember.person_id).where(RequisitionMember.requisition_id == requisition.id)
    return (
        Application.requisition_id == requisition.id,
        Application.state == ApplicationState.ACTIVE,
        Assignment.person_id != requisition.hiring_manager_id,
        Assignment.person_id.not_in(team),
    )


def rows_of(session: Session, condition: ColumnElement[bool]) -> Sequence[Training]:
    """Return trainings with all that a page says of them, in the order of their ids."""
    query = select(Training).where(condition).order_by(Training.id)
    return session.scalars(
        query.options(
            joinedload(Training.person),
            joinedload(Training.plan),
            joinedload(Training.begun_by),
            joinedload(Training.not_yet_by),
            joinedload(Training.closed_by),
            selectinload(Training.competencies).joinedload(TrainingCompetency.competency),
        )
    ).all()


def sat_of(
    session: Session,
    ids: Collection[int],
    states: Sequence[InterviewState],
    *,
    without_loop: int | None = None,
    without_interview: int | None = None,
) -> defaultdict[int, list[SeatLine]]:
    """Return the seats of each training: of its person, in interviews of its kind, since it began and until its end."""
    lead, leader = aliased(Assignment), aliased(Person)
    leads = (lead.role == AssignmentRole.LEAD, lead.ended_at.is_(None), lead.declined_at.is_(None))
    query = (
        select(
            Training.id,
            Assignment.role,
            Interview.name,
            Interview.starts_at,
            Interview.ends_at,
            leader.id.label("lead_id"),
            leader.name.label("lead"),
        )
        .select_from(Training)
        .join(Assignment, Assignment.person_id == Training.person_id)
        .join(Interview, and_(Assignment.interview_id == Interview.id, Interview.kind == Training.kind))
        .outerjoin(lead, and_(lead.interview_id == Interview.id, *leads))
        .outerjoin(leader, lead.person_id == leader.id)
        .where(
            Training.id.in_(ids),
            Assignment.role != AssignmentRole.LEAD,
            Assignment.ended_at.is_(None),
            Assignment.declined_at.is_(None),
            Interview.state.in_(states),
            Interview.starts_at >= Training.begun_at,
            or_(Training.closed_at.is_(None), Interview.starts_at < Training.closed_at),
            *interviewers.others(without_loop, without_interview),
        )
        .order_by(Interview.starts_at, Interview.id)
    )
    found: defaultdict[int, list[SeatLine]] = defaultdict(list)
    rows: Sequence[AnyRow] = session.execute(query).all() if ids else []
    for row in rows:
        part = TrainingRole(row.role.value)
        found[row.id].append(SeatLine(part, row.name, row.starts_at, row.ends_at, row.lead_id, row.lead))
    return found


def has_sat(session: Session, row: Training, *, now: datetime) -> bool:
    """Whether somebody sat in an interview that was held and counts on the path."""
    seats = sat_of(session, [row.id], (InterviewState.SENT,))[row.id]
    return any(each.ends_at <= now and each.counts(now) for each in seats)


def _screened(session: Session, application: Application) -> frozenset[int]:
    query = (
        select(Assignment.person_id)
        .join(Interview, Assignment.interview_id == Interview.id)
        .where(
            Interview.application_id == application.id,
            Interview.kind == InterviewKind.PHONE_SCREEN,
            Interview.state == InterviewState.SENT,
            Assignment.ended_at.is_(None),
            Assignment.role == AssignmentRole.LEAD,
        )
    )
    return frozenset(session.scalars(query))
