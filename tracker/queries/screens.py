"""The phone screens of an application: which there are, what they evaluate, who could hold one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.models.application import Application, ScreenOutcome
from tracker.models.competency import Competency
from tracker.models.interview import Assignment, AssignmentCompetency, AssignmentRole, Interview, InterviewState
from tracker.models.interview_plan import PlanCompetency
from tracker.models.person import InterviewKind, Person
from tracker.models.scorecard import Scorecard
from tracker.queries.interviewers import Community, community
from tracker.queries.scorecards import unblind
from tracker.queries.visibility import NotFound
from tracker.rules.coverage import PlanNeed, Seat
from tracker.rules.permissions import Viewer
from tracker.rules.scorecards import ScorecardState
from tracker.rules.screen_seats import Choice, ranked
from tracker.rules.stages import ScreenChoice


def needs_of(session: Session, application: Application) -> list[PlanNeed]:
    """Return what the plan's phone screens evaluate."""
    rows = session.execute(
        select(Competency.id, Competency.name)
        .join(PlanCompetency, PlanCompetency.competency_id == Competency.id)
        .where(PlanCompetency.plan_id == application.requisition.plan_id, PlanCompetency.in_phone_screen)
        .order_by(PlanCompetency.id)
    )
    return [PlanNeed(competency_id, name, 1) for competency_id, name in rows]


def screens_of(session: Session, application: Application) -> Sequence[Interview]:
    """Return the phone screens of an application, also cancelled ones, with their people, the first first."""
    return session.scalars(
        select(Interview)
        .where(Interview.application_id == application.id, Interview.kind == InterviewKind.PHONE_SCREEN)
        .order_by(Interview.position, Interview.id)
        .options(
            selectinload(Interview.assignments).options(
                joinedload(Assignment.person),
                selectinload(Assignment.competencies).joinedload(AssignmentCompetency.competency),
            )
        )
    ).all()


def is_awaited(session: Session, application: Application) -> bool:
    """Whether a phone screen is arranged or held whose scorecard is still waited for: neither submitted nor waived."""
    given = exists().where(Scorecard.assignment_id == Assignment.id, Scorecard.state != ScorecardState.DRAFT)
    awaited = (
        select(Interview.id)
        .join(Assignment, Assignment.interview_id == Interview.id)
        .where(
            Interview.application_id == application.id,
            Interview.kind == InterviewKind.PHONE_SCREEN,
            Interview.state == InterviewState.SENT,
            Assignment.ended_at.is_(None),
            Assignment.role == AssignmentRole.LEAD,
            ~given,
        )
    )
    return session.scalar(awaited.limit(1)) is not None


def get_screen(session: Session, application: Application, interview_id: int) -> Interview:
    """Return one phone screen of the application that went out. Raises NotFound."""
    for screen in screens_of(session, application):
        if screen.id == interview_id and screen.state is InterviewState.SENT:
            return screen
    raise NotFound(f"phone screen {interview_id}")


@dataclass(frozen=True)
class OutcomeLine:
    """What was decided after a phone screen; ``reason`` is None to whom the blind rule binds."""

    screen: int
    choice: ScreenChoice
    reason: str | None
    at: datetime
    by: str


def outcomes_of(session: Session, viewer: Viewer, application: Application) -> Sequence[OutcomeLine]:
    """Return what was decided after each phone screen, and by whom; why, to those who may read its scorecard.

    The next screener judges for himself or herself (the process, section 5).
    """
    rows = session.execute(
        select(ScreenOutcome, Person.name, unblind(viewer))
        .join(Application, ScreenOutcome.application_id == Application.id)
        .join(Person, ScreenOutcome.by_id == Person.id)
        .where(ScreenOutcome.application_id == application.id)
        .order_by(ScreenOutcome.screen)
    )
    return [
        OutcomeLine(row.screen, row.choice, row.reason if may_read else None, row.at, by) for row, by, may_read in rows
    ]


def screeners(
    session: Session,
    application: Application,
    needs: Sequence[PlanNeed],
    *,
    now: datetime,
    screen: Interview | None = None,
) -> Community:
    """Return who may come into question for a phone screen, as if ``screen`` itself were not there."""
    return community(
        session,
        application,
        InterviewKind.PHONE_SCREEN,
        [need.competency_id for need in needs],
        now=now,
        without_interview=screen.id if screen else None,
    )


def choices(
    people: Community, needs: Sequence[PlanNeed], starts_at: datetime | None, ends_at: datetime | None
) -> list[Choice]:
    """Return those who might hold a screen at that time, ranked, with reasons."""
    seat = Seat(0, "the phone screen", starts_at, ends_at, competency_ids=tuple(need.competency_id for need in needs))
    return ranked(people.planned, people.senior_leaders, needs, seat)
