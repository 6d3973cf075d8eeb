"""The facts that decide which moves an application may make."""

from datetime import datetime

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import Session

from tracker.db import AnySelect
from tracker.models.application import Application, QualificationJudgement, ScreenOutcome
from tracker.models.debrief import Decision
from tracker.models.interview import Assignment, AssignmentRole, Interview, InterviewState, Loop, LoopState
from tracker.models.interview_plan import PlanStage
from tracker.models.outcome import Outcome
from tracker.models.person import InterviewKind
from tracker.models.requisition import Qualification
from tracker.models.scorecard import Scorecard
from tracker.rules.qualifications import QualificationKind, Verdict
from tracker.rules.scorecards import ScorecardState
from tracker.rules.stages import MoveFacts, StageView
from tracker.statements import rows


def stages_of(session: Session, application: Application) -> tuple[StageView, ...]:
    """Return the stages of the application's plan, in their order."""
    found = rows(session, _stages, {"plan": application.requisition.plan_id})
    return tuple(StageView(id=row.id, position=row.position, kind=row.kind, name=row.name) for row in found)


def basic_verdicts(session: Session, application: Application) -> dict[int, Verdict | None]:
    """Return the verdict on each basic qualification in force, None where it was not judged yet."""
    asked = {"application": application.id, "requisition": application.requisition_id}
    return {qualification_id: verdict for qualification_id, verdict in rows(session, _basic_verdicts, asked)}


def loop_ends_at(session: Session, application: Application) -> datetime | None:
    """Return the end of the last interview of the loop that went out; None where none did."""
    return session.scalar(select(_loop_ends_at).where(Application.id == application.id))


def screens_submitted(session: Session, application: Application) -> int:
    """Return how many phone screens of the application have their lead's scorecard; a waived one is no evidence."""
    return session.scalar(select(_screens_submitted).where(Application.id == application.id)) or 0


def facts(session: Session, application: Application, now: datetime) -> MoveFacts:
    """Gather the facts of one application, in three statements."""
    asked = {"application": application.id}
    ends_at, screens, choice, decision, delivered = rows(session, _facts, asked).one()
    stages = stages_of(session, application)
    return MoveFacts(
        state=application.state,
        current=next(stage for stage in stages if stage.id == application.stage_id),
        stages=stages,
        basic_judged=tuple(basic_verdicts(session, application).values()),
        screens_submitted=screens,
        screen_outcome=choice,
        screens_mode=application.requisition.plan.screens_mode,
        loop_sent=ends_at is not None,
        loop_held=ends_at is not None and ends_at <= now,
        decision=decision,
        outcome_delivered=delivered,
    )


_loop_ends_at = (
    select(func.max(Interview.ends_at))
    .join(Loop, Interview.loop_id == Loop.id)
    .where(
        Loop.application_id == Application.id,
        Loop.state == LoopState.SENT,
        Interview.state == InterviewState.SENT,
    )
    .correlate(Application)
    .scalar_subquery()
)
_screens_submitted = (
    select(func.count(func.distinct(Interview.id)))
    .join(Assignment, Assignment.interview_id == Interview.id)
    .join(Scorecard, Scorecard.assignment_id == Assignment.id)
    .where(
        Interview.application_id == Application.id,
        Interview.kind == InterviewKind.PHONE_SCREEN,
        Interview.state == InterviewState.SENT,
        Assignment.ended_at.is_(None),
        Assignment.role == AssignmentRole.LEAD,
        Scorecard.state == ScorecardState.SUBMITTED,
    )
    .correlate(Application)
    .scalar_subquery()
)
_latest_choice = (
    select(ScreenOutcome.choice)
    .where(ScreenOutcome.application_id == Application.id)
    .order_by(ScreenOutcome.screen.desc())
    .limit(1)
    .correlate(Application)
    .scalar_subquery()
)
_facts: AnySelect = (
    select(
        _loop_ends_at,
        _screens_submitted,
        _latest_choice,
        Decision.kind,
        exists().where(Outcome.decision_id == Decision.id, Outcome.delivered_at.is_not(None)).correlate(Decision),
    )
    .select_from(Application)
    .outerjoin(Decision, (Decision.application_id == Application.id) & Decision.superseded_at.is_(None))
    .where(Application.id == bindparam("application"))
)
_stages: AnySelect = (
    select(PlanStage.id, PlanStage.position, PlanStage.kind, PlanStage.name)
    .where(PlanStage.plan_id == bindparam("plan"))
    .order_by(PlanStage.position)
)
_basic_verdicts: AnySelect = (
    select(Qualification.id, QualificationJudgement.verdict)
    .outerjoin(
        QualificationJudgement,
        (QualificationJudgement.qualification_id == Qualification.id)
        & (QualificationJudgement.application_id == bindparam("application")),
    )
    .where(
        Qualification.requisition_id == bindparam("requisition"),
        Qualification.kind == QualificationKind.BASIC,
        Qualification.is_active,
    )
)
