"""What the pages of requisitions show: the list, one requisition, and the choices of its form."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from tracker.models.application import Application
from tracker.models.interview_plan import InterviewPlan, PlanCompetency
from tracker.models.person import Person
from tracker.models.record import RecordEntry
from tracker.models.region import Region
from tracker.models.requisition import Qualification, Requisition, RequisitionMember, RequisitionState
from tracker.queries import visibility
from tracker.queries.visibility import Right
from tracker.rules.permissions import Viewer
from tracker.rules.qualifications import QualificationKind
from tracker.rules.stages import ApplicationState

PAGE = 50
HISTORY = 30


@dataclass(frozen=True)
class Listed:
    """One line of the list."""

    id: int
    title: str
    team: str
    location: str
    is_confidential: bool
    state: RequisitionState
    openings: int
    opened_at: datetime
    closed_at: datetime | None
    recruiter: str
    hiring_manager: str
    active: int = 0
    hired: int = 0


@dataclass(frozen=True)
class Page:
    """Some lines of the list, and whether there are more."""

    rows: Sequence[Listed]
    number: int
    has_more: bool


def listed(session: Session, viewer: Viewer, state: RequisitionState, *, mine: bool = False, number: int = 1) -> Page:
    """Return one page of the requisitions that the viewer may see, by title, with counts of their applications."""
    recruiter, manager = aliased(Person), aliased(Person)
    query = (
        select(Requisition, recruiter.name, manager.name)
        .join(recruiter, Requisition.recruiter_id == recruiter.id)
        .join(manager, Requisition.hiring_manager_id == manager.id)
        .where(Requisition.state == state, visibility.requisitions(viewer))
        .order_by(Requisition.title, Requisition.id)
        .offset((number - 1) * PAGE)
        .limit(PAGE + 1)
    )
    if mine:
        query = query.where(_mine(viewer))
    rows = session.execute(query).all()
    counts = _counts(session, viewer, [row.id for row, _, _ in rows])
    lines = [_line(row, recruits, manages, counts.get(row.id, {})) for row, recruits, manages in rows[:PAGE]]
    return Page(lines, number, len(rows) > PAGE)


def _mine(viewer: Viewer) -> ColumnElement[bool]:
    member = select(RequisitionMember.requisition_id).where(RequisitionMember.person_id == viewer.person_id)
    return or_(
        Requisition.recruiter_id == viewer.person_id,
        Requisition.hiring_manager_id == viewer.person_id,
        Requisition.id.in_(member),
    )


def _line(row: Requisition, recruiter: str, manager: str, counts: dict[ApplicationState, int]) -> Listed:
    return Listed(
        id=row.id,
        title=row.title,
        team=row.team,
        location=row.location,
        is_confidential=row.is_confidential,
        state=row.state,
        openings=row.openings,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        recruiter=recruiter,
        hiring_manager=manager,
        active=counts.get(ApplicationState.ACTIVE, 0),
        hired=counts.get(ApplicationState.HIRED, 0),
    )


def _counts(session: Session, viewer: Viewer, requisition_ids: list[int]) -> dict[int, dict[ApplicationState, int]]:
    """Count all but the viewer's own application: a number that falls would tell how it ended."""
    if not requisition_ids:
        return {}
    rows = session.execute(
        select(Application.requisition_id, Application.state, func.count())
        .where(
            Application.requisition_id.in_(requisition_ids),
            Application.state.in_([ApplicationState.ACTIVE, ApplicationState.HIRED]),
            visibility.not_own(viewer),
        )
        .group_by(Application.requisition_id, Application.state)
    )
    found: dict[int, dict[ApplicationState, int]] = {}
    for requisition_id, state, count in rows:
        found.setdefault(requisition_id, {})[state] = count
    return found


@dataclass(frozen=True)
class Overview:
    """Everything the page of one requisition shows."""

    requisition: Requisition
    members: Sequence[Person]
    basic: Sequence[Qualification]
    preferred: Sequence[Qualification]
    active: int
    hired: int
    history: Sequence[RecordEntry]
    may_manage: bool


def overview(session: Session, viewer: Viewer, requisition_id: int) -> Overview:
    """Return one requisition for its page. Raises NotFound where there is none for this viewer."""
    requisition = visibility.get_requisition(session, viewer, requisition_id)
    with_plan(session, requisition)
    counts = _counts(session, viewer, [requisition.id]).get(requisition.id, {})
    return Overview(
        requisition=requisition,
        members=members(session, requisition),
        basic=qualifications(session, requisition, QualificationKind.BASIC),
        preferred=qualifications(session, requisition, QualificationKind.PREFERRED),
        active=counts.get(ApplicationState.ACTIVE, 0),
        hired=counts.get(ApplicationState.HIRED, 0),
        history=_history(session, requisition),
        may_manage=may_manage(session, viewer, requisition_id),
    )


def may_manage(session: Session, viewer: Viewer, requisition_id: int) -> bool:
    """Whether the viewer may change a requisition."""
    try:
        visibility.get_requisition(session, viewer, requisition_id, Right.MANAGE)
    except visibility.NotFound:
        return False
    return True


def with_plan(session: Session, requisition: Requisition) -> InterviewPlan:
    """Return the requisition's plan with its stages, interviews and competencies read."""
    return session.scalars(
        select(InterviewPlan)
        .where(InterviewPlan.id == requisition.plan_id)
        .options(
            selectinload(InterviewPlan.stages),
            selectinload(InterviewPlan.interviews),
            selectinload(InterviewPlan.competencies).joinedload(PlanCompetency.competency),
        )
    ).one()


def members(session: Session, requisition: Requisition) -> Sequence[Person]:
    """Return the hiring team by name."""
    return session.scalars(
        select(Person)
        .join(RequisitionMember, RequisitionMember.person_id == Person.id)
        .where(RequisitionMember.requisition_id == requisition.id)
        .order_by(Person.name, Person.id)
    ).all()


def qualifications(session: Session, requisition: Requisition, kind: QualificationKind) -> Sequence[Qualification]:
    """Return the qualifications of one kind that are in force, in their order."""
    return session.scalars(
        select(Qualification)
        .where(Qualification.requisition_id == requisition.id, Qualification.kind == kind, Qualification.is_active)
        .order_by(Qualification.position)
    ).all()


def _history(session: Session, requisition: Requisition) -> Sequence[RecordEntry]:
    """What happened to the requisition itself; its applications have histories of their own."""
    return session.scalars(
        select(RecordEntry)
        .where(
            RecordEntry.requisition_id == requisition.id,
            RecordEntry.application_id.is_(None),
        )
        .options(joinedload(RecordEntry.by))
        .order_by(RecordEntry.id.desc())
        .limit(HISTORY)
    ).all()


@dataclass(frozen=True)
class Choices:
    """What the form of a requisition offers: (id, words) each."""

    plans: list[tuple[int, str]]
    regions: list[tuple[int, str]]
    recruiters: list[tuple[int, str]]
    people: list[tuple[int, str]]


def choices(session: Session, requisition: Requisition | None = None) -> Choices:
    """Return the choices: what is in use, and what the requisition has already."""
    region_id, recruiter_id, manager_id, team = _present(session, requisition)
    people = session.execute(
        select(Person.id, Person.name, Person.team, Person.is_recruiter | Person.is_recruiting_lead)
        .where(Person.is_active | Person.id.in_([recruiter_id, manager_id, *team]))
        .order_by(Person.name, Person.id)
    ).all()
    named = [(person_id, f"{name} · {team}" if team else name, recruits) for person_id, name, team, recruits in people]
    regions = session.scalars(select(Region).where(Region.is_active | (Region.id == region_id)).order_by(Region.name))
    plans = select(InterviewPlan.id, InterviewPlan.name).where(InterviewPlan.is_active).order_by(InterviewPlan.name)
    return Choices(
        plans=[(plan_id, name) for plan_id, name in session.execute(plans)],
        regions=[(region.id, f"{region.name} ({region.zone})") for region in regions],
        recruiters=[(key, words) for key, words, recruits in named if recruits or key == recruiter_id],
        people=[(key, words) for key, words, _ in named],
    )


def _present(session: Session, requisition: Requisition | None) -> tuple[int, int, int, list[int]]:
    if requisition is None:
        return 0, 0, 0, []
    team = session.scalars(
        select(RequisitionMember.person_id).where(RequisitionMember.requisition_id == requisition.id)
    )
    return requisition.region_id, requisition.recruiter_id, requisition.hiring_manager_id, list(team)
