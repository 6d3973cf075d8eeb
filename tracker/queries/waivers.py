"""Scorecards that were waived: whose, why, by whom, and what nobody evaluated for it. Nothing of their content."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.models.application import Application
from tracker.models.interview import Assignment, AssignmentCompetency, Interview
from tracker.models.person import InterviewKind
from tracker.models.scorecard import Scorecard
from tracker.queries import scorecards
from tracker.queries.in_order import AS_HELD
from tracker.rules.permissions import Viewer
from tracker.rules.scorecards import ScorecardState


@dataclass(frozen=True)
class Waiver:
    """A scorecard that was given up, why, and by whom; ``competencies`` are the names of what it was to evaluate."""

    author: str
    interview: str
    is_of_loop: bool
    reason: str
    by: str
    competencies: tuple[str, ...]


def waivers(session: Session, viewer: Viewer, application_id: int) -> tuple[Waiver, ...]:
    """Return the waivers of an application's scorecards, to those whom the blind rule does not bind there."""
    rows = session.scalars(
        select(Scorecard)
        .join(Assignment, Scorecard.assignment_id == Assignment.id)
        .join(Interview, Assignment.interview_id == Interview.id)
        .join(Application, Scorecard.application_id == Application.id)
        .where(
            Application.id == application_id,
            Scorecard.state == ScorecardState.WAIVED,
            Assignment.ended_at.is_(None),
            scorecards.unblind(viewer),
        )
        .order_by(*AS_HELD, Scorecard.id)
        .options(
            joinedload(Scorecard.author),
            joinedload(Scorecard.waived_by),
            joinedload(Scorecard.assignment).options(
                joinedload(Assignment.interview),
                selectinload(Assignment.competencies).joinedload(AssignmentCompetency.competency),
            ),
        )
    )
    return tuple(
        Waiver(
            author=row.author.name,
            interview=row.assignment.interview.name,
            is_of_loop=row.assignment.interview.kind is InterviewKind.LOOP,
            reason=row.waived_reason,
            by=row.waived_by.name,
            competencies=tuple(each.competency.name for each in row.assignment.competencies),
        )
        for row in rows
        if row.waived_by is not None
    )


def left_out(found: Sequence[Waiver], evaluated: Collection[str]) -> tuple[str, ...]:
    """Return the competencies of the loop that nobody evaluated, because a scorecard was waived."""
    names = dict.fromkeys(name for each in found if each.is_of_loop for name in each.competencies)
    return tuple(name for name in names if name not in evaluated)
