"""The interviews that a loop has by its plan: put in as it is begun, and put back where a part of it was called off."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models.application import Application
from tracker.models.interview import Loop
from tracker.models.interview_plan import PlanInterview
from tracker.models.person import InterviewKind
from tracker.pipeline.interviews import new_interview
from tracker.queries import loops


def fill(session: Session, loop: Loop) -> None:
    """Add the plan's interviews that the loop lacks, without times and people."""
    there = {each.position for each in loops.interviews_of(loop)}
    plan = PlanInterview.plan_id == loop.application.requisition.plan_id
    for each in session.scalars(select(PlanInterview).where(plan).order_by(PlanInterview.position)):
        if each.position not in there:
            loop.interviews.append(
                new_interview(loop.application, InterviewKind.LOOP, each.position, each.name, each.minutes)
            )
    session.flush()


def complete(session: Session, application: Application) -> None:
    """Let a loop of which a part was called off, as the application was closed, be completed: what it lacks is back."""
    loop = loops.current_loop(session, application)
    if loop is not None and any(loops.is_held(each) for each in loops.interviews_of(loop)):
        fill(session, loop)
