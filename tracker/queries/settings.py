"""What the settings show: how many there are of each, and the lists of regions, competencies and plans."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from tracker.models.competency import Competency
from tracker.models.interview_plan import InterviewPlan, PlanCompetency
from tracker.models.person import Person
from tracker.models.record import Organisation
from tracker.models.region import ClosedDay, Region
from tracker.models.requisition import Requisition, RequisitionState
from tracker.queries.visibility import NotFound
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.ladders import DEFAULT_LADDERS, Ladder, describe, from_data


@dataclass(frozen=True)
class Counts:
    """How many active ones there are of each."""

    regions: int
    competencies: int
    plans: int
    people: int


@dataclass(frozen=True)
class ListedRegion:
    """One line of the list of regions."""

    region: Region
    closed_days: int
    open_requisitions: int


@dataclass(frozen=True)
class ListedPlan:
    """One line of the list of plans."""

    plan: InterviewPlan
    open_requisitions: int


def organisation(session: Session) -> Organisation | None:
    """Return the organisation, None before it was set up."""
    return session.get(Organisation, 1)


def counts(session: Session) -> Counts:
    """Count what the settings lead to."""
    found = [
        session.scalar(select(func.count()).where(model.is_active)) or 0
        for model in (Region, Competency, InterviewPlan, Person)
    ]
    return Counts(*found)


def regions(session: Session) -> list[ListedRegion]:
    """Return all regions, those in use first."""
    days = select(func.count()).where(ClosedDay.region_id == Region.id).scalar_subquery()
    is_open = Requisition.state == RequisitionState.OPEN
    uses = select(func.count()).where(Requisition.region_id == Region.id, is_open).scalar_subquery()
    query = select(Region, days, uses).options(selectinload(Region.years))
    rows = session.execute(query.order_by(Region.is_active.desc(), Region.name))
    return [ListedRegion(*row) for row in rows]


def regions_to_choose(session: Session, present_id: int | None) -> list[tuple[int, str]]:
    """Return (id, name) of the regions in use, and of the one that a row has already."""
    rows = select(Region.id, Region.name).where(or_(Region.is_active, Region.id == present_id))
    return [(row.id, row.name) for row in session.execute(rows.order_by(Region.name))]


def region(session: Session, region_id: int) -> Region:
    """Return a region with its closed days. Raises NotFound."""
    parts = [selectinload(Region.closed_days), selectinload(Region.years)]
    found = session.get(Region, region_id, options=parts)
    if found is None:
        raise NotFound("region")
    return found


def competencies(session: Session) -> Sequence[Competency]:
    """Return all competencies, those in use first, by kind and name."""
    order = (Competency.is_active.desc(), Competency.kind.desc(), Competency.name)
    return session.scalars(select(Competency).order_by(*order)).all()


def competency(session: Session, competency_id: int) -> Competency:
    """Return a competency with its anchors. Raises NotFound."""
    found = session.get(Competency, competency_id, options=[selectinload(Competency.anchors)])
    if found is None:
        raise NotFound("competency")
    return found


def plans(session: Session) -> list[ListedPlan]:
    """Return all plans with their stages and interviews, those in use first."""
    is_open = Requisition.state == RequisitionState.OPEN
    uses = select(func.count()).where(Requisition.plan_id == InterviewPlan.id, is_open).scalar_subquery()
    rows = session.execute(
        select(InterviewPlan, uses)
        .options(selectinload(InterviewPlan.stages), selectinload(InterviewPlan.interviews))
        .order_by(InterviewPlan.is_active.desc(), InterviewPlan.name)
    )
    return [ListedPlan(*row) for row in rows]


def plan(session: Session, plan_id: int) -> InterviewPlan:
    """Return a plan with all its parts. Raises NotFound."""
    parts = [
        selectinload(InterviewPlan.stages),
        selectinload(InterviewPlan.interviews),
        selectinload(InterviewPlan.competencies).joinedload(PlanCompetency.competency),
        selectinload(InterviewPlan.limits),
        selectinload(InterviewPlan.ladders),
    ]
    found = session.get(InterviewPlan, plan_id, options=parts)
    if found is None:
        raise NotFound("plan")
    return found


def ladder(plan: InterviewPlan, kind: DeadlineKind) -> Ladder:
    """Return the plan's ladder of a kind of deadline: its own, or the default."""
    own = next((row for row in plan.ladders if row.kind is kind), None)
    return DEFAULT_LADDERS[kind] if own is None else from_data(own.steps)


@dataclass(frozen=True)
class LadderWords:
    """One kind of deadline's reminders as the plan's page shows them: a sentence for each step."""

    kind: DeadlineKind
    said: list[str]
    is_default: bool


def ladders(plan: InterviewPlan) -> list[LadderWords]:
    """Return the reminders of all kinds of deadlines in words."""
    found = [(kind, ladder(plan, kind)) for kind in DeadlineKind]
    return [LadderWords(kind, describe(kind, each), each == DEFAULT_LADDERS[kind]) for kind, each in found]
