"""What strangers may read: requisitions that are open and not confidential."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.models.interview_plan import InterviewPlan
from tracker.models.record import Organisation
from tracker.models.requisition import Qualification, Requisition, RequisitionState
from tracker.queries.requisitions import qualifications, with_plan
from tracker.queries.visibility import NotFound
from tracker.rules.qualifications import QualificationKind


@dataclass(frozen=True)
class Team:
    """The openings of one team."""

    name: str
    openings: list[Requisition]


def teams(session: Session) -> list[Team]:
    """Return all openings, grouped by team in alphabetical order."""
    rows = session.scalars(
        select(Requisition)
        .where(Requisition.state == RequisitionState.OPEN, Requisition.is_confidential.is_(False))
        .order_by(Requisition.title, Requisition.id)
    )
    found: dict[str, list[Requisition]] = {}
    for row in rows:
        found.setdefault(row.team, []).append(row)
    return [Team(name, found[name]) for name in sorted(found, key=str.casefold)]


def careers_text(session: Session) -> str:
    """Return what the organisation says above its openings (Markdown)."""
    row = session.get(Organisation, 1)
    return row.careers_text if row else ""


@dataclass(frozen=True)
class Opening:
    """One requisition as strangers see it; closed ones only say that they are."""

    requisition: Requisition
    plan: InterviewPlan
    basic: Sequence[Qualification]
    preferred: Sequence[Qualification]

    @property
    def is_open(self) -> bool:
        """Whether one can apply."""
        return self.requisition.state is RequisitionState.OPEN


def opening(session: Session, requisition_id: int) -> Opening:
    """Return a requisition that is not confidential. Raises NotFound for any other, whether it exists or not."""
    requisition = session.scalar(
        select(Requisition)
        .where(Requisition.id == requisition_id, Requisition.is_confidential.is_(False))
        .options(joinedload(Requisition.region), joinedload(Requisition.recruiter), joinedload(Requisition.plan))
    )
    if requisition is None:
        raise NotFound(f"opening {requisition_id}")
    return Opening(
        requisition=requisition,
        plan=with_plan(session, requisition),
        basic=qualifications(session, requisition, QualificationKind.BASIC),
        preferred=qualifications(session, requisition, QualificationKind.PREFERRED),
    )
