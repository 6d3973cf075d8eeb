"""Competencies: what is evaluated, and what each rating of it looks like."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from tracker.models.competency import Competency, CompetencyKind, RatingAnchor
from tracker.models.interview_plan import InterviewPlan, PlanCompetency
from tracker.models.person import Person
from tracker.pipeline.names import check_name_free
from tracker.pipeline.record import note_change
from tracker.pipeline.versions import expect
from tracker.rules.refused import Refused
from tracker.rules.words import listed


class StillAsked(Refused):
    """A plan in use asks for the competency."""


@dataclass(frozen=True)
class CompetencyFacts:
    """What a form says about a competency; ``anchors`` are the words of the ratings 1 to 4."""

    name: str
    kind: CompetencyKind
    description: str
    anchors: tuple[str, str, str, str]
    is_active: bool = True


def add(session: Session, facts: CompetencyFacts, *, by: Person, now: datetime) -> Competency:
    """Add a competency. Raises NameTaken."""
    check_name_free(session, Competency.name, Competency.id, facts.name, None)
    row = Competency()
    _assign(row, facts)
    session.add(row)
    session.flush()
    note_change(session, "competencies.add", f"The competency {row.name} was added", by=by, now=now)
    return row


def edit(
    session: Session, row: Competency, facts: CompetencyFacts, *, by: Person, now: datetime, version: int | None = None
) -> None:
    """Change or retire a competency; scorecards that name it stay. Raises Stale, NameTaken, StillAsked."""
    expect(row, version)
    check_name_free(session, Competency.name, Competency.id, facts.name, row.id)
    if row.is_active and not facts.is_active:
        _check_not_asked(session, row)
    _assign(row, facts)
    # Anchors are rows beside it: the version rises all the same, so that an older form is told.
    flag_modified(row, "name")
    session.flush()
    note_change(session, "competencies.edit", f"The competency {row.name} was changed", by=by, now=now)


def _check_not_asked(session: Session, row: Competency) -> None:
    asking = session.scalars(
        select(InterviewPlan.name)
        .join(PlanCompetency, PlanCompetency.plan_id == InterviewPlan.id)
        .where(PlanCompetency.competency_id == row.id, InterviewPlan.is_active)
        .order_by(InterviewPlan.name)
    ).all()
    if asking:
        names = listed([f"“{name}”" for name in asking])
        raise StillAsked(f"It is part of {names}: take it out of the plan before you retire it.", "is_active")


def _assign(row: Competency, facts: CompetencyFacts) -> None:
    row.name, row.kind, row.description = facts.name, facts.kind, facts.description
    row.is_active = facts.is_active
    there = {anchor.rating: anchor for anchor in row.anchors}
    for rating, text in enumerate(facts.anchors, 1):
        if rating in there:
            there[rating].text = text
        else:
            row.anchors.append(RatingAnchor(rating=rating, text=text))
